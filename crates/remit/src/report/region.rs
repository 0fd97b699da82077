//! What the page of many plans says: who is ready for what, what is found where, and what the plans come to together.

use std::sync::Arc;

use remit_core::packs::Packs;
use remit_core::problem::Verdict;
use remit_core::rules::over::{Rollup, Rollups};
use serde::Serialize;

use crate::render::Tally;
use crate::render::text::{clean, counted, listed, sentence};
use crate::report::page::{FindingPart, LadderRow, Page, together};

/// The page of many plans.
#[derive(Debug, Serialize)]
pub(super) struct Region {
    pub(super) title: String,
    verdict: String,
    notes: Vec<String>,
    functions: Vec<(String, String)>,
    plans: Vec<PlanRow>,
    rollups: Vec<RollupPart>,
    findings: Vec<FindingPart>,
}

/// A plan's row, before all functions are known.
pub(super) struct Row {
    file: String,
    body: String,
    title: String,
    plan: String,
    as_of: String,
    verdict: String,
    first: Option<String>,
    ladder: Vec<(String, String, Cell)>,
}

#[derive(Debug, Serialize)]
struct PlanRow {
    file: String,
    body: String,
    title: String,
    plan: String,
    as_of: String,
    verdict: String,
    first: Option<String>,
    cells: Vec<Option<Cell>>,
}

#[derive(Debug, Clone, Serialize)]
struct Cell {
    word: &'static str,
    class: &'static str,
    mark: &'static str,
    is_held: bool,
}

#[derive(Debug, Serialize)]
struct RollupPart {
    rule: String,
    title: String,
    about: String,
    word: &'static str,
    class: &'static str,
    text: String,
    sums: usize,
    parts: Vec<(String, Vec<String>)>,
}

impl Row {
    /// What the page of all plans says of one.
    pub(super) fn of(page: &Page, file: String) -> Self {
        let cell = |row: &LadderRow| Cell { word: row.word, class: row.class, mark: row.mark, is_held: row.is_held };
        let own = page.ladder.iter().filter(|row| row.own);
        Self {
            file,
            body: page.body.clone(),
            title: page.title.clone(),
            plan: page.plan.clone(),
            as_of: page.as_of.clone(),
            verdict: page.verdict.clone(),
            first: page.findings.first().map(|finding| finding.message.clone()),
            ladder: own.map(|row| (row.function.clone(), row.title.clone(), cell(row))).collect(),
        }
    }
}

/// Tells many plans.
pub(super) fn region(tally: &Tally, rows: Vec<Row>, rollups: &[(Rollups, Arc<Packs>)]) -> Region {
    let mut functions: Vec<(String, String)> = Vec::new();
    for (name, title, _) in rows.iter().flat_map(|row| &row.ladder) {
        if !functions.iter().any(|(known, _)| known == name) {
            functions.push((name.clone(), title.clone()));
        }
    }
    let plan = |row: Row| PlanRow {
        cells: functions.iter().map(|(name, _)| row.ladder.iter().find(|(own, ..)| own == name).map(|(.., cell)| cell.clone())).collect(),
        file: row.file,
        body: row.body,
        title: row.title,
        plan: row.plan,
        as_of: row.as_of,
        verdict: row.verdict,
        first: row.first,
    };
    let title = format!("{}, side by side", counted(rows.len(), "people plan", "people plans"));
    let judged = rollups.iter().flat_map(|(rollups, packs)| rollups.judged.iter().map(move |one| (one, packs)));
    Region {
        title,
        verdict: sentence(&tally.sentence()),
        notes: [Some(tally.effort()), tally.waiting(), tally.awaited()].into_iter().flatten().map(|note| sentence(&note)).collect(),
        plans: rows.into_iter().map(plan).collect(),
        rollups: judged.filter(|(one, _)| one.subject.is_none()).map(|(one, packs)| rollup(one, packs)).collect(),
        findings: rollups.iter().flat_map(|(rollups, packs)| together(rollups, packs)).collect(),
        functions,
    }
}

fn rollup(one: &Rollup, packs: &Packs) -> RollupPart {
    let rule = packs.rules.iter().find(|rule| *rule.id == *one.rule);
    let (word, class) = match one.verdict {
        Verdict::Pass => ("holds", "good"),
        Verdict::Fail => ("does not hold", "error"),
        Verdict::Undetermined => ("cannot be told", "other"),
        Verdict::Waived => ("waived", "other"),
        Verdict::NotApplicable => ("waits", "other"),
    };
    let here = one.members - one.absent.len();
    let text = match (&one.found, &one.expected) {
        _ if one.verdict == Verdict::NotApplicable => {
            format!("plans from {here} of {} systems are here; without a plan: {}", one.members, listed(&one.absent))
        }
        (Some(found), Some(expected)) => format!("the plans come to {found}, and are to come to {expected}"),
        (Some(found), None) => format!("the plans come to {found}"),
        (None, _) => "what the plans come to cannot be told".to_owned(),
    };
    let parts: Vec<(String, Vec<String>)> = one
        .parts
        .iter()
        .map(|part| {
            (
                clean(&part.name).into_owned(),
                part.amounts.iter().map(|amount| amount.clone().unwrap_or_else(|| "not known".to_owned())).collect(),
            )
        })
        .collect();
    RollupPart {
        rule: clean(&one.rule).into_owned(),
        title: rule.map(|rule| clean(&rule.title).into_owned()).unwrap_or_default(),
        about: clean(&one.name).into_owned(),
        word,
        class,
        text: sentence(&text),
        sums: parts.iter().map(|(_, amounts)| amounts.len()).max().unwrap_or(0),
        parts,
    }
}
