//! What a check leaves behind for whoever asks later: which texts, which packs, which day, which program, and every verdict.

use std::collections::BTreeMap;
use std::path::Path;

use remit_core::check::{Analysis, PlanFile};
use remit_core::packs::PackInfo;
use remit_core::problem::Finding;
use remit_core::rules::over::Rollups;
use serde::{Deserialize, Serialize};

use crate::Environment;
use crate::exit::Failure;
use crate::pack::archive::digest;
use crate::pack::key;
use crate::pack::place::write_beside;
use crate::project::Place;
use crate::render::json::{self, CONTRACT};

/// A record of a check, described by `docs/schema/record.schema.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    pub(crate) remit: u32,
    pub(crate) version: String,
    pub(crate) plans: Vec<Planned>,
    pub(crate) together: Vec<Verdict>,
}

/// One plan of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Planned {
    pub(crate) id: String,
    pub(crate) title: Option<String>,
    pub(crate) path: String,
    pub(crate) as_of: String,
    pub(crate) digest: String,
    pub(crate) files: Vec<Digested>,
    pub(crate) packs: Vec<Pack>,
    pub(crate) verdicts: Vec<Verdict>,
    pub(crate) rules: Vec<Count>,
}

/// A file, and what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Digested {
    pub(crate) path: String,
    pub(crate) digest: String,
}

/// A pack, and what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Pack {
    pub(crate) name: String,
    pub(crate) edition: Option<String>,
    pub(crate) version: String,
    pub(crate) digest: String,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verdict {
    pub(crate) id: String,
    pub(crate) rule: String,
    pub(crate) subject: String,
    pub(crate) verdict: String,
    pub(crate) severity: String,
    pub(crate) message: String,
}

/// How often a rule was asked, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Count {
    pub(crate) rule: String,
    pub(crate) matched: u32,
    pub(crate) passed: u32,
    pub(crate) failed: u32,
    pub(crate) undetermined: u32,
    pub(crate) waived: u32,
    pub(crate) not_in_edition: u32,
}

impl Record {
    /// A record of nothing yet.
    pub(crate) fn new() -> Self {
        Self { remit: CONTRACT, version: env!("CARGO_PKG_VERSION").to_owned(), plans: Vec::new(), together: Vec::new() }
    }

    /// Adds a plan that was checked.
    pub(crate) fn add(&mut self, files: &[PlanFile], analysis: &Analysis, packs: &[PackInfo]) {
        let plan = &analysis.plan;
        let within = format!("{}/", plan.path.trim_end_matches('/'));
        let files: Vec<Digested> = files
            .iter()
            .map(|file| {
                // A plan may be moved as a whole: its files are known by their place within it.
                let below = file.path.strip_prefix(&within).or_else(|| (file.path == plan.path).then_some(""));
                let name = match below {
                    Some("") => file.path.rsplit('/').next().unwrap_or(&file.path),
                    Some(below) => below,
                    None => &file.path,
                };
                Digested { path: name.to_owned(), digest: digest(&file.bytes) }
            })
            .collect();
        let all: String = files.iter().map(|file| format!("{} {}\n", file.digest, file.path)).collect();
        let editions: BTreeMap<&str, &str> = analysis.editions.iter().map(|(pack, edition)| (pack.as_str(), edition.as_str())).collect();
        self.plans.push(Planned {
            id: plan.id.clone(),
            title: plan.title.clone(),
            path: plan.path.clone(),
            as_of: analysis.as_of.to_string(),
            digest: digest(all.as_bytes()),
            files,
            packs: packs
                .iter()
                .map(|pack| Pack {
                    name: pack.name.clone(),
                    edition: editions.get(pack.name.as_str()).map(|edition| (*edition).to_owned()),
                    version: pack.version.clone(),
                    digest: pack.digest.clone(),
                })
                .collect(),
            verdicts: analysis.findings.iter().map(Verdict::of).collect(),
            rules: analysis
                .rules
                .iter()
                .map(|count| Count {
                    rule: count.rule.clone(),
                    matched: count.matched,
                    passed: count.passed,
                    failed: count.failed,
                    undetermined: count.undetermined,
                    waived: count.waived,
                    not_in_edition: count.not_in_edition,
                })
                .collect(),
        });
    }

    /// Adds what many plans come to together.
    pub(crate) fn add_together(&mut self, rollups: &Rollups) {
        self.together.extend(rollups.findings.iter().map(Verdict::of));
    }

    /// The record as it is written: the same check gives the same bytes.
    pub(crate) fn bytes(&self) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        json::write(&mut bytes, self).map_err(|error| Failure::writing("the record", &error))?;
        Ok(bytes)
    }

    /// Writes the record, and its signature where a key is given. Each is written beside, and put in its place when it is whole.
    pub(crate) fn write(&self, place: &Place, secret: Option<&Path>, environment: &Environment<'_>) -> Result<(), Failure> {
        let bytes = self.bytes()?;
        let signer = secret.map(|file| key::read_secret(file, environment)).transpose()?;
        write_beside(place, &bytes)?;
        if let Some(signer) = signer {
            let name = place.shown.rsplit('/').next().unwrap_or(&place.shown);
            let signature = signer.sign(&bytes, "record", &format!("file:{name}\thashed"))?;
            write_beside(&place.with(".minisig"), signature.as_bytes())?;
        }
        Ok(())
    }
}

impl Verdict {
    fn of(finding: &Finding) -> Self {
        Self {
            id: finding.id.clone(),
            rule: finding.problem.rule.clone(),
            subject: finding.subject.clone(),
            verdict: finding.verdict.word().to_owned(),
            severity: finding.problem.severity.word().to_owned(),
            message: finding.problem.message.clone(),
        }
    }
}
