//! `remit pack diff`: how two versions of a pack differ, each change with a plan that one refuses and the other does not.

use std::io::{self, Write};

use anstyle::Style;
use remit_core::reason::{self, RuleDifference, Way};
use serde::Serialize;

use crate::Environment;
use crate::arguments::{PackDiffArguments, Tell};
use crate::exit::{Failure, Outcome};
use crate::pack::review::{WitnessJson, write_plan};
use crate::pack::sets::Set;
use crate::packs::tell_invalid;
use crate::project::Place;
use crate::render::Look;
use crate::render::json::{self, CONTRACT};
use crate::render::text::{clean, counted, listed};

/// Runs the command.
pub(crate) fn run(
    arguments: &PackDiffArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let mut sets = Vec::new();
    for path in [&arguments.old, &arguments.new] {
        match Set::of(&Place::given(&environment.folder, path), environment)? {
            Ok(set) => sets.push(set),
            Err(errors) => return tell_invalid(&errors, err, environment),
        }
    }
    let [old, new] = sets.as_slice() else { return Ok(Outcome::Usage) };
    let mut differences = reason::differences(&old.packs, &new.packs);
    differences.retain(|difference| old.owns(&difference.rule) || new.owns(&difference.rule));
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80) };
    let written = match arguments.format {
        Tell::Human | Tell::Plain => write_text(&differences, look, out),
        Tell::Json => write_json(&differences, out),
    };
    written.map_err(|error| Failure::writing("standard output", &error))?;
    Ok(Outcome::Clean)
}

fn write_text(differences: &[RuleDifference], look: Look, out: &mut dyn Write) -> io::Result<()> {
    for difference in differences {
        for change in &difference.changes {
            let word = look.paint(Style::new().bold(), change.way.word());
            writeln!(out, "{word}  {}", clean(&difference.rule))?;
            writeln!(out, "  {}", clean(&change.what))?;
            if let Some(witness) = &change.witness {
                let which = if change.way == Way::Loosened { "only the old one refuses" } else { "only the new one refuses" };
                writeln!(out, "  This plan {which}, as of {}:\n", witness.as_of)?;
                write_plan(out, witness)?;
            }
            writeln!(out)?;
        }
    }
    let ways = [Way::Added, Way::Removed, Way::Tightened, Way::Loosened, Way::Undecided, Way::Reworded];
    let counts: Vec<String> = ways
        .into_iter()
        .filter_map(|way| {
            let rules = differences.iter().filter(|difference| difference.changes.iter().any(|change| change.way == way)).count();
            (rules > 0).then(|| format!("{} {}", counted(rules, "rule", "rules"), way.word()))
        })
        .collect();
    if counts.is_empty() { writeln!(out, "No rule differs.") } else { writeln!(out, "{}.", listed(&counts)) }
}

#[derive(Serialize)]
struct Document<'r> {
    remit: u32,
    rules: Vec<RuleJson<'r>>,
}

#[derive(Serialize)]
struct RuleJson<'r> {
    rule: &'r str,
    changes: Vec<ChangeJson<'r>>,
}

#[derive(Serialize)]
struct ChangeJson<'r> {
    way: &'static str,
    what: &'r str,
    witness: Option<WitnessJson<'r>>,
}

fn write_json(differences: &[RuleDifference], out: &mut dyn Write) -> io::Result<()> {
    let rules = differences
        .iter()
        .map(|difference| RuleJson {
            rule: &difference.rule,
            changes: difference
                .changes
                .iter()
                .map(|change| ChangeJson {
                    way: change.way.word(),
                    what: &change.what,
                    witness: change.witness.as_ref().map(|witness| WitnessJson::of(witness, change.way.word())),
                })
                .collect(),
        })
        .collect();
    json::write(out, &Document { remit: CONTRACT, rules })
}
