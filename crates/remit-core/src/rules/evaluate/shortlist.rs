//! Which statements of a kind may yet decide a `some`: what does not speak of the subject asked about is asked once, not for each subject.
//!
//! `some commitment satisfies on = staff-experience and covers includes organisation.code`, asked of each organisation, is then asked
//! only of the commitments on staff experience.

use crate::model::Plan;
use crate::rules::evaluate::{Evaluation, Subject};
use crate::rules::expression::{Expr, Node, Over, Quantifier, Range};

impl<'e> Evaluation<'e> {
    /// Those of a range that may yet decide, and whether what was ruled out was presumed; `None` where all have to be asked.
    pub(super) fn shortlist(&self, quantifier: Quantifier, range: &Range, body: &Expr) -> Option<(Vec<Subject<'e>>, bool)> {
        // Whoever wants to know why asks of all.
        let (Over::Kind(kind), None, None, None) = (&range.over, &range.condition, self.period, self.trace) else { return None };
        let Node::And(parts) = &body.node else { return None };
        let first = parts.iter().take_while(|part| speaks_of_itself(part)).count();
        if quantifier == Quantifier::Every || first == 0 || first == parts.len() {
            return None;
        }
        let plan: &'e Plan = self.plan;
        plan.look_at(*kind);
        // INVARIANT: rules do not move while a plan is checked, and no two expressions stand in one place.
        let key = std::ptr::from_ref(body) as usize;
        let shortlist = plan.shortlists.of(key, || {
            let mut left = Vec::new();
            let mut presumed = false;
            for (at, entity) in plan.of_kind(*kind) {
                let inner = Evaluation { subject: Subject::Entity(entity), outer: None, ..*self };
                let against = parts.iter().take(first).map(|part| inner.truth(part)).find(|one| one.holds == Some(false));
                match against {
                    Some(one) => presumed |= one.presumed,
                    None => left.push(at as u32),
                }
            }
            (left, presumed)
        });
        let (left, presumed) = &*shortlist;
        Some((left.iter().filter_map(|at| plan.entities.get(*at as usize)).map(Subject::Entity).collect(), *presumed))
    }
}

/// Whether an expression asks of nothing but the subject's own fields, the plan's and the day.
fn speaks_of_itself(expr: &Expr) -> bool {
    let is_plain = |expr: &Expr| matches!(expr.node, Node::Field(..) | Node::Literal(_) | Node::PlanField(_) | Node::AsOf);
    match &expr.node {
        Node::Given(inner, _) => is_plain(inner),
        Node::Compare(_, left, right) => is_plain(left) && is_plain(right),
        Node::In(left, members) => is_plain(left) && members.iter().all(is_plain),
        _ => false,
    }
}
