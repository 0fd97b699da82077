//! What rules said of each statement, kept for as long as nothing changes that they looked at.

use std::collections::HashMap;
use std::ops::ControlFlow;

use crate::check::Check;
use crate::model::Mention;
use crate::model::looks::Kinds;
use crate::model::rebuild::Touched;
use crate::problem::Verdict;
use crate::rules::judgement::Judgement;
use crate::rules::{Each, Rule, each};
use crate::source::Shift;

/// What one rule said of one subject.
#[derive(Debug)]
struct Slot {
    rule: usize,
    /// How often it holds.
    passed: u32,
    /// What does not hold, or cannot be told.
    rest: Vec<Judgement>,
    /// The kinds of statement that it looked at beside its own.
    looked_at: Kinds,
}

/// What rules said.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// By entity.
    entities: Vec<Vec<Slot>>,
    /// What is said of those that the plan leaves out, by rule.
    left_out: HashMap<usize, Slot>,
}

impl Memo {
    /// Forgets what an edit may have changed, and moves the rest. `false` where the plan is not the one that is remembered.
    pub(super) fn edit(&mut self, touched: &Touched, shift: Shift) {
        let kept = |slot: &Slot| !touched.kinds.iter().any(|kind| slot.looked_at.holds(*kind));
        if self.entities.get(touched.old.clone()).is_none() {
            *self = Self::default();
            return;
        }
        self.entities.splice(touched.old.clone(), (0..touched.now).map(|_| Vec::new()));
        for at in touched.anew.iter().cloned().flatten() {
            if let Some(slots) = self.entities.get_mut(at) {
                slots.clear();
            }
        }
        for slots in &mut self.entities {
            slots.retain(kept);
            slots.iter_mut().flat_map(|slot| &mut slot.rest).for_each(|judgement| judgement.shift(shift));
        }
        self.left_out.retain(|_, slot| kept(slot));
        self.left_out.values_mut().flat_map(|slot| &mut slot.rest).for_each(|judgement| judgement.shift(shift));
    }

    /// What a rule says: how often it holds, and whatever else there is to say, in the order of the plan; as far as it came before it was stopped.
    pub(super) fn each(
        &mut self,
        cx: &Check<'_>,
        (at, rule, each): (usize, &Rule, &Each),
        judgements: &mut Vec<Judgement>,
        passed: &mut u32,
        stop: &dyn Fn() -> bool,
    ) -> ControlFlow<()> {
        self.entities.resize_with(cx.plan.entities.len(), Vec::new);
        let go_on = || if stop() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        match each::subjects(cx, each) {
            each::Subjects::Mentions => {
                let mut rest: &[Mention] = &cx.plan.mentions;
                while let Some(first) = rest.first() {
                    go_on()?;
                    let count = rest.iter().take_while(|mention| mention.entity == first.entity).count();
                    let (mentions, others) = rest.split_at(count);
                    rest = others;
                    let judge = |found: &mut Vec<Judgement>| {
                        mentions.iter().for_each(|mention| each::judge_mention(cx, at, rule, each, mention, found));
                    };
                    // The same statement may be mentioned of in two places of the list: then it is asked again.
                    *passed += remembered(cx, self.entities.get_mut(first.entity), at, judgements, judge);
                }
            }
            each::Subjects::Rows => {
                for (index, entity) in cx.plan.entities.iter().enumerate().filter(|(_, entity)| !entity.parts.is_empty()) {
                    go_on()?;
                    let judge = |found: &mut Vec<Judgement>| each::judge_rows(cx, at, rule, each, entity, found);
                    *passed += remembered(cx, self.entities.get_mut(index), at, judgements, judge);
                }
            }
            each::Subjects::Statements { and_left_out } => {
                for (index, entity) in cx.plan.of_kind(each.kind) {
                    go_on()?;
                    let judge = |found: &mut Vec<Judgement>| each::judge_entity(cx, at, rule, each, entity, found);
                    *passed += remembered(cx, self.entities.get_mut(index), at, judgements, judge);
                }
                if and_left_out {
                    let organisation = cx.vocabulary.kind("organisation");
                    let slot = self.left_out.entry(at).or_insert_with(|| {
                        let mut slot = asked(cx, at, |found| each::judge_left_out(cx, at, rule, each, found));
                        organisation.into_iter().for_each(|kind| slot.looked_at.add(kind));
                        slot
                    });
                    *passed += slot.passed;
                    judgements.extend(slot.rest.iter().cloned());
                }
            }
        }
        ControlFlow::Continue(())
    }
}

/// What a rule says of one subject: as remembered, or asked now.
fn remembered(
    cx: &Check<'_>,
    slots: Option<&mut Vec<Slot>>,
    rule: usize,
    judgements: &mut Vec<Judgement>,
    judge: impl FnOnce(&mut Vec<Judgement>),
) -> u32 {
    let Some(slots) = slots else {
        let slot = asked(cx, rule, judge);
        judgements.extend(slot.rest);
        return slot.passed;
    };
    let at = match slots.iter().position(|slot| slot.rule == rule) {
        Some(at) => at,
        None => {
            slots.push(asked(cx, rule, judge));
            slots.len() - 1
        }
    };
    let Some(slot) = slots.get(at) else { return 0 };
    judgements.extend(slot.rest.iter().cloned());
    slot.passed
}

fn asked(cx: &Check<'_>, rule: usize, judge: impl FnOnce(&mut Vec<Judgement>)) -> Slot {
    cx.plan.forget_looks();
    let mut found = Vec::new();
    judge(&mut found);
    let all = found.len();
    found.retain(|judgement| judgement.verdict != Verdict::Pass);
    found.shrink_to_fit();
    Slot { rule, passed: (all - found.len()) as u32, rest: found, looked_at: cx.plan.looks() }
}
