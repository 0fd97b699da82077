//! Rules: what a pack asks, compiled once, and judged on every plan.

pub(crate) mod cover;
pub mod coverage;
pub(crate) mod each;
pub(crate) mod evaluate;
pub mod expression;
pub mod gate;
pub(crate) mod holders;
pub(crate) mod judgement;
pub mod over;
pub mod reference;
pub(crate) mod reserve;
pub mod resolve;
pub(crate) mod template;
pub mod trace;
pub mod waiver;

use std::sync::Arc;

use crate::model::bodies::BodyId;
use crate::packs::edition::{InForce, Standing};
use crate::packs::provenance::Status;
use crate::problem::{Citation, Severity, Tightened};
use crate::rules::expression::Expr;
use crate::rules::template::Template;
use crate::source::Span;
use crate::time::Duration;
use crate::vocabulary::{KindId, ScaleId, TermId};

/// A rule of a pack, ready to be asked.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `pack/rule`.
    pub id: Arc<str>,
    /// For people: the first heading of its page.
    pub title: String,
    /// The rule of a higher pack that it tightens.
    pub tightens: Option<Tightened>,
    /// Whether it asks again what a tightened rule asks, beside another part of the same name that asks for more: it is shown with that one.
    pub is_beside: bool,
    /// Whether its pack is put to consultation: what it finds is shown, and counts for nothing.
    pub is_consulted: bool,
    /// How bad a failure is.
    pub severity: Severity,
    /// Where it comes from.
    pub source: Citation,
    /// How sure that is, where the pack says.
    pub status: Option<Status>,
    /// The lowest tier that may waive it; `None`: nobody may.
    pub waivable_by: Option<u8>,
    /// How long one waiver of it may last from its approval; `None`: as long as it says.
    pub max_term: Option<Duration>,
    /// How often a waiver of it may be renewed for the same thing; `None`: any number of times.
    pub renewals: Option<u32>,
    /// The editions in which it stands; `None`: it belongs to no framework with editions, and is always asked.
    pub editions: Option<Standing>,
    /// From when the rule itself is in force; until then a failure is no more than a warning.
    pub in_force: Option<InForce>,
    /// The fact, when it fails.
    pub(crate) message: Template,
    /// What to do, when it fails.
    pub(crate) help: Option<Template>,
    /// What stands in the place of the words, when a fix is certain.
    pub(crate) fix: Option<(Template, Template)>,
    /// The field whose words a failure is about.
    pub(crate) at: Option<Arc<str>>,
    /// What it asks.
    pub form: Form,
    /// Its page in Markdown, without the first heading.
    pub page: String,
    /// Where the rule stands in its pack.
    pub place: Span,
    /// The words of its `expect`, or what else decides.
    pub(crate) decides: Span,
}

impl Rule {
    /// Where the parts of its `where` and `expect` stand, in order; none for a rule of another form.
    pub fn parts(&self) -> &[Span] {
        match &self.form {
            Form::Each(each) => &each.parts.all,
            _ => &[],
        }
    }

    /// Whether it speaks of the organisations that a plan leaves out.
    pub fn asks_of_those_left_out(&self) -> bool {
        matches!(&self.form, Form::Each(each) if each.omission.is_some())
    }

    /// The id without its pack.
    pub fn short(&self) -> &str {
        self.id.split_once('/').map_or(&self.id, |(_, short)| short)
    }
}

/// What a rule asks.
#[derive(Debug, Clone)]
pub enum Form {
    /// Functions that stay at a tier.
    Reserve(Reserve),
    /// Functions that a body takes on only when it is ready.
    Gate(Gate),
    /// A function has exactly one holder on every day.
    Cover(Cover),
    /// Something holds for each of a kind.
    Each(Box<Each>),
    /// Something holds for many plans together.
    Over(Box<Over>),
}

impl Form {
    /// The key that says which form it is.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Reserve(_) => "reserve",
            Self::Gate(_) => "gate",
            Self::Cover(_) => "cover",
            Self::Each(_) => "each",
            Self::Over(_) => "over",
        }
    }
}

/// Something holds for many plans together.
#[derive(Debug, Clone)]
pub struct Over {
    /// Whose plans: every region's, each by itself, or the nation's.
    pub level: Level,
    /// What holds, of sums and counts over all of them, or over those that belong together.
    pub expect: Expr,
    /// Which statements belong together; without it, the plans as a whole.
    pub among: Option<Among>,
    /// The words of `expect`.
    pub(crate) words: Arc<str>,
}

/// The words of an expression, into which its parts' bytes lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Words {
    /// As a rule writes them.
    Written(Arc<str>),
    /// Those of a rule, or those that a rule of a lower pack adds: each side of the `or` that joins them has its own.
    Either(Box<Words>, Box<Words>),
}

/// Which statements of many plans belong together.
#[derive(Debug, Clone)]
pub struct Among {
    /// The kind of statement.
    pub kind: KindId,
    /// Which of that kind.
    pub condition: Option<Expr>,
    /// Those that agree in all of these belong together. A statement that does not give one of them belongs to none.
    pub same: Vec<Expr>,
    /// The bodies whose plans have to agree: what belongs together is judged when each of these systems has sent a plan. Empty: at once.
    pub between: Vec<Expr>,
}

/// Whose plans come together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Those of each region.
    Region,
    /// Those of the whole nation.
    Nation,
}

/// Functions that stay at a tier.
#[derive(Debug, Clone)]
pub struct Reserve {
    /// Which functions.
    pub functions: Vec<TermId>,
    /// The tier at which they stay.
    pub to: u8,
    /// Who, within that tier; empty: any body of it.
    pub holders: Vec<BodyId>,
    /// The effects that lower bodies may still have on it.
    pub below: Vec<TermId>,
}

/// Functions that a body takes on only when it is ready.
#[derive(Debug, Clone)]
pub struct Gate {
    /// Which functions.
    pub functions: Vec<TermId>,
    /// The tier that may take them on.
    pub opens_at: u8,
    /// The scale and the least level.
    pub needs: (ScaleId, u8),
    /// How old evidence may be.
    pub within: Option<Duration>,
    /// The lowest tier that may assess.
    pub assessed_by: u8,
}

/// A function has exactly one holder on every day.
#[derive(Debug, Clone)]
pub struct Cover {
    /// The kind of statement.
    pub kind: KindId,
    /// The field that names the holder, with `from` and `until`.
    pub field: Arc<str>,
    /// How bad a day without a holder is.
    pub gap: Severity,
}

/// Something holds for each of a kind.
#[derive(Debug, Clone)]
pub struct Each {
    /// The kind.
    pub kind: KindId,
    /// Which of them.
    pub condition: Option<Expr>,
    /// What holds for them.
    pub expect: Expr,
    /// The fact for the bodies that the plan leaves out.
    pub(crate) omission: Option<Template>,
    /// Where the parts of its `where` and `expect` stand.
    pub(crate) parts: Parts,
    /// The words of its `where`, where there is one.
    pub(crate) condition_words: Option<Words>,
    /// The words of its `expect`.
    pub(crate) words: Arc<str>,
}

/// Where the parts of a rule's `where` and `expect` stand, which `and` or `or` join.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts {
    pub(crate) condition: Vec<Span>,
    pub(crate) expect: Vec<Span>,
    /// All parts, however deep: of `where`, then of `expect`.
    pub(crate) all: Vec<Span>,
}
