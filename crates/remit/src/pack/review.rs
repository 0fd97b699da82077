//! `remit pack check`: the rules of packs looked at by themselves, each fault with a plan that shows it.

use std::io::{self, Write};

use remit_core::packs::Packs;
use remit_core::reason::{self, Review, RuleFault, Witness};
use serde::Serialize;

use crate::Environment;
use crate::arguments::{Level, PackCheckArguments, Tell};
use crate::exit::{Failure, Outcome};
use crate::pack::sets::Set;
use crate::project::Place;
use crate::render::json::{self, CONTRACT, LocationJson};
use crate::render::text::{counted, sentence};
use crate::render::{Look, problem};

/// Runs the command.
pub(crate) fn run(
    arguments: &PackCheckArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let place = Place::given(&environment.folder, arguments.pack.as_deref().unwrap_or(".".as_ref()));
    let set = match Set::of(&place, environment)? {
        Ok(set) => set,
        Err(errors) => return crate::packs::tell_invalid(&errors, err, environment),
    };
    let mut review = reason::review(&set.packs);
    // What is asked of a pack is what its own rules do, alone and beside those they build on.
    review.faults.retain(|fault| fault.rules.iter().any(|rule| set.owns(rule)));
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80) };
    let written = match arguments.format {
        Tell::Human | Tell::Plain => write_text(&set.packs, &review, arguments.format, look, out),
        Tell::Json => write_json(&set.packs, &review, out),
    };
    written.map_err(|error| Failure::writing("standard output", &error))?;
    let counts = review.faults.iter().any(|fault| fault.problem.severity >= arguments.fail_on.unwrap_or(Level::Error).severity());
    Ok(if counts { Outcome::Findings } else { Outcome::Clean })
}

fn write_text(packs: &Packs, review: &Review, format: Tell, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for fault in &review.faults {
        problem(format == Tell::Plain, &packs.sources, &fault.problem, out, look)?;
        if let Some((witness, shows)) = &fault.witness {
            writeln!(out, "{}\n", sentence(&format!("this plan shows it, as of {}: {shows}", witness.as_of)))?;
            write_plan(out, witness)?;
        }
        writeln!(out)?;
    }
    let faults = if review.faults.is_empty() { "no fault".to_owned() } else { counted(review.faults.len(), "fault", "faults") };
    writeln!(out, "{faults} in the rules, {} asked of them.", counted(review.asked, "question", "questions"))?;
    if !review.undecided.is_empty() {
        writeln!(out, "Of these, {} could not be decided:", review.undecided.len())?;
        for question in &review.undecided {
            writeln!(out, "  {question}")?;
        }
    }
    Ok(())
}

/// A plan, set off from what is said of it.
pub(crate) fn write_plan(out: &mut dyn Write, witness: &Witness) -> io::Result<()> {
    for line in witness.text.lines() {
        writeln!(out, "{}", format!("    {line}").trim_end())?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Document<'r> {
    remit: u32,
    faults: Vec<FaultJson<'r>>,
    asked: usize,
    undecided: &'r [String],
}

#[derive(Serialize)]
struct FaultJson<'r> {
    fault: &'static str,
    rules: Vec<&'r str>,
    message: &'r str,
    help: Option<&'r str>,
    location: LocationJson,
    witness: Option<WitnessJson<'r>>,
}

/// A plan that shows something.
#[derive(Serialize)]
pub(crate) struct WitnessJson<'r> {
    plan: &'r str,
    as_of: String,
    shows: &'r str,
}

impl<'r> WitnessJson<'r> {
    /// In the form for programs.
    pub(crate) fn of(witness: &'r Witness, shows: &'r str) -> Self {
        Self { plan: &witness.text, as_of: witness.as_of.to_string(), shows }
    }
}

fn write_json(packs: &Packs, review: &Review, out: &mut dyn Write) -> io::Result<()> {
    fn one<'r>(packs: &Packs, fault: &'r RuleFault) -> FaultJson<'r> {
        FaultJson {
            fault: fault.sort.word(),
            rules: fault.rules.iter().map(AsRef::as_ref).collect(),
            message: &fault.problem.message,
            help: fault.problem.help.as_deref(),
            location: json::location(&packs.sources, fault.problem.span),
            witness: fault.witness.as_ref().map(|(witness, shows)| WitnessJson::of(witness, shows)),
        }
    }
    let faults = review.faults.iter().map(|fault| one(packs, fault)).collect();
    json::write(out, &Document { remit: CONTRACT, faults, asked: review.asked, undecided: &review.undecided })
}
