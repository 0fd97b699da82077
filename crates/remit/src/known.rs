//! What is known already: findings as they are kept in a baseline, and known again wherever their lines and files have gone.

use std::collections::{BTreeSet, HashMap};

use remit_core::check::PlanInfo;
use remit_core::problem::{Finding, Verdict};
use remit_core::source::Sources;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::exit::Failure;
use crate::pack::place::{read_bounded, write_beside};
use crate::project::{Place, not_there};
use crate::render::json::{self, CONTRACT};
use crate::render::text::standing;

/// The largest baseline, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// A finding as it is kept. Two of them are the same where `id` and `words` are; the rest is for people.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// The body that the plan is for; empty where the plan does not say.
    pub(crate) plan: String,
    /// The rule.
    pub(crate) rule: String,
    /// What the rule looked at; empty where that is no more than a file.
    pub(crate) subject: String,
    /// The finding's own id, which holds no line; for what belongs to a file only, one that holds no name of a file either.
    id: String,
    /// The digest of how the finding stands, and of the plan's words that it is about.
    words: String,
    /// How it stood.
    level: String,
    /// What it said.
    pub(crate) message: String,
}

impl Entry {
    /// A finding as it is kept; `None` for what is waived or put to consultation, since it fails nothing anyway. `plan` is that of the finding; `None` where it
    /// is about many.
    pub(crate) fn of(sources: &Sources, plan: Option<&PlanInfo>, finding: &Finding) -> Option<Self> {
        if finding.is_consulted || !matches!(finding.verdict, Verdict::Fail | Verdict::Undetermined) {
            return None;
        }
        let problem = &finding.problem;
        let file = sources.path(problem.span).rsplit('/').next().unwrap_or("");
        // Without a `plan` statement a plan is named by its path, and what lies in no statement by its file: both may be renamed.
        let is_unnamed = plan.is_some_and(|plan| plan.id == plan.path);
        let is_of_a_file = finding.subject == file;
        let id = if is_unnamed || is_of_a_file { short(&["by no name", &problem.rule]) } else { finding.id.clone() };
        let words: Vec<&str> = sources.words(problem.span).split_whitespace().collect();
        // Of bodies that are left out, the words are those of the whole plan: which they are is in the label.
        let which = if finding.subject.ends_with(" left out") { problem.label.as_str() } else { "" };
        let standing_before = [finding.verdict.word(), problem.severity.word(), &words.join(" "), which];
        Some(Self {
            plan: if is_unnamed { String::new() } else { finding.plan.clone() },
            rule: problem.rule.clone(),
            subject: if is_of_a_file { String::new() } else { finding.subject.clone() },
            id,
            words: short(&standing_before),
            level: standing(finding).to_owned(),
            message: problem.message.clone(),
        })
    }

    fn key(&self) -> Key {
        (self.id.clone(), self.words.clone())
    }
}

type Key = (String, String);

/// A digest that is long enough to tell findings apart.
fn short(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Findings that are known. Each is known once: of two that are equal where one is known, the second is new.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    entries: Vec<Entry>,
    left: HashMap<Key, usize>,
}

impl Known {
    /// These are known.
    pub(crate) fn new(mut entries: Vec<Entry>) -> Self {
        entries.sort();
        let mut known = Self::default();
        entries.into_iter().for_each(|entry| known.learn(Some(entry)));
        known
    }

    /// Knows one more.
    pub(crate) fn learn(&mut self, entry: Option<Entry>) {
        if let Some(entry) = entry {
            *self.left.entry(entry.key()).or_insert(0) += 1;
            self.entries.push(entry);
        }
    }

    /// Whether a finding is known; from now on it is so once less.
    pub(crate) fn take(&mut self, entry: &Entry) -> bool {
        match self.left.get_mut(&entry.key()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }

    /// Parts what was taken from what is left.
    pub(crate) fn parted(self) -> (Vec<Entry>, Vec<Entry>) {
        let mut left = self.left;
        // Of equal ones, it makes no difference which are left.
        let (rest, taken) = self.entries.into_iter().partition(|entry| match left.get_mut(&entry.key()) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        });
        (taken, rest)
    }
}

/// Whether an entry is of one of these plans. What belongs to many, or to a plan that does not say whose it is, is of any.
pub(crate) fn is_of(entry: &Entry, plans: &BTreeSet<String>) -> bool {
    entry.plan.is_empty() || plans.contains(&entry.plan)
}

#[derive(Serialize, Deserialize)]
struct Document {
    remit: u32,
    known: Vec<Entry>,
}

/// Reads a baseline; `None` where there is no such file.
pub(crate) fn read(place: &Place) -> Result<Option<Known>, Failure> {
    let Some(bytes) = read_bounded(place, LARGEST)? else { return Ok(None) };
    let document: Document = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::usage(format!("`{}` is no baseline: {error}", place.shown)).help("`remit baseline --output FILE` writes one")
    })?;
    if document.remit != CONTRACT {
        return Err(Failure::usage(format!("`{}` is of version {}, which this Remit does not know", place.shown, document.remit)));
    }
    Ok(Some(Known::new(document.known)))
}

/// Reads a baseline that has to be there.
pub(crate) fn read_present(place: &Place) -> Result<Known, Failure> {
    read(place)?.ok_or_else(|| not_there(place))
}

/// Writes a baseline: the same findings give the same bytes, a line for each, so that versions are compared line by line.
pub(crate) fn write(place: &Place, mut entries: Vec<Entry>) -> Result<(), Failure> {
    entries.sort();
    let mut bytes = Vec::new();
    json::write(&mut bytes, &Document { remit: CONTRACT, known: entries }).map_err(|error| Failure::writing(&place.shown, &error))?;
    write_beside(place, &bytes)
}
