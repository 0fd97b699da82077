//! Which parts of a rule's `where` and `expect` a plan shows to hold, and which not to hold: what a rule's examples have to show of each.

use crate::check::Check;
use crate::rules::evaluate::{Evaluation, Outcome};
use crate::rules::expression::{Expr, Node};
use crate::rules::{Each, each};

/// What has been seen of one part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seen {
    /// That it holds.
    pub held: bool,
    /// That it does not.
    pub failed: bool,
}

impl Seen {
    /// Whether both have been seen.
    pub fn whole(self) -> bool {
        self.held && self.failed
    }
}

/// The parts of an expression that `and`, `or` and `not` join, within `every year of` as well, in the order in which they stand.
pub(crate) fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.node {
        Node::Or(inner) | Node::And(inner) => inner.iter().flat_map(parts).collect(),
        Node::Not(inner) => parts(inner),
        Node::Every(.., body) => parts(body),
        _ => vec![expr],
    }
}

/// Notes what a plan shows of every part of a rule: of its `where` first, then of its `expect`.
pub(crate) fn note(cx: &Check<'_>, each: &Each, seen: &mut Vec<Seen>) {
    let conditions = each.condition.as_ref().map_or(0, |condition| parts(condition).len());
    seen.resize(conditions + parts(&each.expect).len(), Seen::default());
    for evaluation in each::evaluations(cx, each) {
        if let Some(condition) = &each.condition {
            walk(&evaluation, condition, &mut seen.iter_mut());
            if evaluation.truth(condition).holds != Some(true) {
                continue;
            }
        }
        walk(&evaluation, &each.expect, &mut seen.iter_mut().skip(conditions));
    }
}

fn walk(evaluation: &Evaluation<'_>, expr: &Expr, seen: &mut dyn Iterator<Item = &mut Seen>) {
    match &expr.node {
        Node::Or(inner) | Node::And(inner) => inner.iter().for_each(|part| walk(evaluation, part, seen)),
        Node::Not(inner) => walk(evaluation, inner, seen),
        Node::Every(grain, only_given, series, body) => {
            let mut within: Vec<&mut Seen> = seen.take(parts(body).len()).collect();
            let periods = evaluation.periods(*grain, *only_given, series, &mut Outcome::default());
            for period in periods.into_iter().flatten() {
                let evaluation = Evaluation { period: Some(period), ..*evaluation };
                walk(&evaluation, body, &mut within.iter_mut().map(|seen| &mut **seen));
            }
        }
        _ => {
            let holds = evaluation.truth(expr).holds;
            if let Some(seen) = seen.next() {
                seen.held |= holds == Some(true);
                seen.failed |= holds == Some(false);
            }
        }
    }
}
