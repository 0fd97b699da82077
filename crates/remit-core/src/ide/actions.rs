//! What can be done about what stands at a place: the fixes of findings, and the changes people make most often.

mod propose;

use crate::ide::View;
use crate::problem::{Edit, Finding};
use crate::source::{FileId, Span};

/// A change that is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What it does, imperative.
    pub title: String,
    /// What sort of change it is.
    pub sort: Sort,
    /// The finding that it is about, by its place among the findings.
    pub finding: Option<usize>,
    /// The replacements, which do not overlap.
    pub edits: Vec<Edit>,
    /// A file that is made, by its name beside the plan's file, with its text.
    pub makes: Option<(String, String)>,
}

/// What sort of change an action is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// It certainly puts a finding right.
    Fix,
    /// It answers a finding, and leaves something to write.
    Answer,
    /// It moves text about, and changes nothing that is meant.
    Move,
    /// It applies every fix that is certain.
    FixAll,
}

/// What can be done about what stands within a span.
pub fn actions(view: View<'_>, within: Span) -> Vec<Action> {
    let mut actions = Vec::new();
    for (at, finding) in here(view, within) {
        for fix in &finding.problem.fixes {
            actions.push(Action { title: fix.title.clone(), sort: Sort::Fix, finding: Some(at), edits: fix.edits.clone(), makes: None });
        }
        actions.extend(propose::answers(view, at, finding));
    }
    actions.extend(fix_all(view, within.file));
    actions.extend(propose::extract(view, within));
    actions
}

/// The findings about what stands within a span.
fn here(view: View<'_>, within: Span) -> impl Iterator<Item = (usize, &Finding)> {
    view.findings().iter().enumerate().filter(move |(_, finding)| {
        let place = finding.problem.span;
        place.file == within.file && place.start <= within.end && within.start <= place.end
    })
}

/// Every fix of a file of which there is only one for its finding, and which no other touches.
pub fn fix_all(view: View<'_>, file: FileId) -> Option<Action> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut count = 0;
    for finding in view.findings() {
        let [fix] = finding.problem.fixes.as_slice() else { continue };
        let apart = |edit: &Edit| {
            edit.span.file == file && edits.iter().all(|other| edit.span.end < other.span.start || other.span.end < edit.span.start)
        };
        if !fix.edits.is_empty() && fix.edits.iter().all(apart) {
            edits.extend(fix.edits.iter().cloned());
            count += 1;
        }
    }
    edits.sort_by_key(|edit| edit.span.start);
    let title = if count == 1 {
        "apply the one certain fix of this file".to_owned()
    } else {
        format!("apply all {count} certain fixes of this file")
    };
    (count > 0).then_some(Action { title, sort: Sort::FixAll, finding: None, edits, makes: None })
}
