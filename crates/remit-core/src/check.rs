//! The one door for every window: texts, packs and a date in; findings and counts out.

use crate::packs::Packs;
use crate::problem::Finding;
use crate::source::{Source, Sources};
use crate::time::Date;

/// One file of a plan, as it was read.
#[derive(Debug, Clone)]
pub struct PlanFile {
    /// The path that findings show.
    pub path: String,
    /// The bytes, whatever they are.
    pub bytes: Vec<u8>,
}

/// What a check found.
#[derive(Debug)]
pub struct Analysis {
    /// The packs' texts and the plan's, for the words and the places of findings.
    pub sources: Sources,
    /// The day as of which everything was read.
    pub as_of: Date,
    /// Which plan it is.
    pub plan: PlanInfo,
    /// Everything found, in the order of the plan's text, each file by itself.
    pub findings: Vec<Finding>,
    /// How often each rule of the packs was asked, in the order of the packs.
    pub rules: Vec<RuleCount>,
}

/// Which plan was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanInfo {
    /// The body that the plan is for, as written; the path where no plan statement could be read.
    pub id: String,
    /// The plan's title.
    pub title: Option<String>,
    /// The file or folder.
    pub path: String,
}

/// How often a rule was asked, and what came of it: `matched` is the sum of the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleCount {
    /// `pack/rule`.
    pub rule: String,
    /// How many subjects the rule applies to.
    pub matched: u32,
    /// Of those, how many hold.
    pub passed: u32,
    /// Of those, how many do not.
    pub failed: u32,
    /// Of those, how many cannot be told.
    pub undetermined: u32,
    /// Of those, how many do not hold and are waived.
    pub waived: u32,
}

/// Checks one plan: all its files together. `path` names the plan where it has no plan statement.
///
/// The packs were checked when they were loaded, so no rule can fail to run.
pub fn analyze(path: &str, files: Vec<PlanFile>, packs: &Packs, as_of: Date) -> Analysis {
    let mut sources = packs.sources.clone();
    for file in files {
        let (text, _) = crate::source::decode(file.bytes);
        sources.add(Source::new(file.path, text));
    }
    Analysis {
        sources,
        as_of,
        plan: PlanInfo { id: path.to_owned(), title: None, path: path.to_owned() },
        findings: Vec::new(),
        rules: Vec::new(),
    }
}
