//! Reasons about rules themselves, before any plan is written: which can never fail, never hold, or never both hold, each with a plan that shows it.
//!
//! A claim that nothing can be so is made only where nothing fulfils a formula that asks for less than the rule does; a plan is shown only when
//! checking it comes out as claimed. What is neither is said to be undecided. Figures are taken as single values, not as estimates.

mod difference;
mod faults;
mod formula;
mod linear;
mod solve;
mod witness;

use std::sync::Arc;

use crate::packs::Packs;
use crate::problem::Problem;
use crate::reason::formula::{Formula, Translator, Want};
use crate::reason::solve::Answer;
use crate::rules::{Each, Rule};
use crate::vocabulary::KindId;

pub use crate::reason::difference::{Change, RuleDifference, Way, differences};
pub use crate::reason::witness::Witness;

/// What is wrong with rules.
#[derive(Debug, Clone)]
pub struct RuleFault {
    /// Which sort of fault.
    pub sort: FaultSort,
    /// The rules it is about, the first in the first place.
    pub rules: Vec<Arc<str>>,
    /// What to show: a warning at the rule's words.
    pub problem: Problem,
    /// A plan that shows it, and what it shows; `None` where no plan can be written that does.
    pub witness: Option<(Witness, String)>,
}

/// The sorts of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FaultSort {
    /// No statement matches the rule.
    NeverMatches,
    /// No statement that matches the rule can hold it.
    Impossible,
    /// No statement that matches the rule can fail it.
    CannotFail,
    /// No statement that matches both of two rules can hold both.
    Contradictory,
    /// Whatever fails the rule fails another as well.
    Shadowed,
    /// Two rules fail for the very same statements.
    Redundant,
    /// A part of a condition changes nothing.
    IdlePart,
    /// A function stays at a tier, and a gate opens for it below.
    ReservedAndGated,
}

impl FaultSort {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::NeverMatches,
        Self::Impossible,
        Self::CannotFail,
        Self::Contradictory,
        Self::Shadowed,
        Self::Redundant,
        Self::IdlePart,
        Self::ReservedAndGated,
    ];

    /// As `remit pack check` names it.
    pub fn word(self) -> &'static str {
        match self {
            Self::NeverMatches => "pack/never-matches",
            Self::Impossible => "pack/impossible",
            Self::CannotFail => "pack/cannot-fail",
            Self::Contradictory => "pack/contradictory",
            Self::Shadowed => "pack/shadowed",
            Self::Redundant => "pack/redundant",
            Self::IdlePart => "pack/idle-part",
            Self::ReservedAndGated => "pack/reserved-and-gated",
        }
    }
}

/// What a look at the rules gave.
#[derive(Debug, Clone, Default)]
pub struct Review {
    /// What is wrong, in the order of the rules.
    pub faults: Vec<RuleFault>,
    /// How many questions were asked, and how many of them could not be decided.
    pub asked: usize,
    /// The questions that could not be decided, in words.
    pub undecided: Vec<String>,
}

/// Looks for faults in the rules of packs.
pub fn review(packs: &Packs) -> Review {
    faults::review(packs)
}

/// Whether a plan can tell that one version of a rule refuses what the other lets pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// There is no such plan.
    No,
    /// This plan does.
    Shown(Witness),
    /// There may be one.
    Undecided,
}

/// How two versions of a rule differ in what they refuse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Whether the new one refuses what the old one let pass.
    pub tightened: Told,
    /// Whether the new one lets pass what the old one refused.
    pub loosened: Told,
}

/// Compares what two versions of an `each` rule refuse. `None` when one of them is of another form, or about another kind of statement.
pub fn compare(old: (&Packs, &Rule), new: (&Packs, &Rule)) -> Option<Difference> {
    faults::compare(old, new)
}

/// A rule that is about each statement of a kind, with what it takes to fail or to hold.
struct Asked<'r> {
    kind: KindId,
    each: &'r Each,
}

impl Asked<'_> {
    fn matches(&self, pool: &mut Translator<'_>, want: Want) -> Formula {
        match &self.each.condition {
            Some(condition) => pool.formula(self.kind, condition, want, 0),
            None if matches!(want, Want::True | Want::NotFalse) => Formula::yes(),
            None => Formula::no(),
        }
    }

    fn holds(&self, pool: &mut Translator<'_>, look: usize) -> Formula {
        Formula::All(vec![self.matches(pool, Want::True), pool.formula(self.kind, &self.each.expect, Want::True, look)])
    }

    fn fails(&self, pool: &mut Translator<'_>, look: usize) -> Formula {
        Formula::All(vec![self.matches(pool, Want::True), pool.formula(self.kind, &self.each.expect, Want::False, look)])
    }

    /// Everything but a failure: it does not match, cannot be told, or holds.
    fn fails_not(&self, pool: &mut Translator<'_>, look: usize) -> Formula {
        Formula::Any(vec![self.matches(pool, Want::NotTrue), pool.formula(self.kind, &self.each.expect, Want::NotFalse, look)])
    }
}

/// Whether formulas can hold together.
fn possible(pool: &Translator<'_>, formulas: &[Formula]) -> Answer {
    solve::solve(pool, formulas)
}
