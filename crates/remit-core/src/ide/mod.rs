//! What editors ask of a plan and of a pack: byte offsets in, plain data out. No protocol, and no second analysis.

pub mod accountability;
pub mod actions;
pub mod complete;
mod cursor;
mod figures;
pub mod hints;
pub mod hover;
mod index;
pub mod layout;
pub mod lens;
pub mod links;
pub mod navigate;
pub mod outline;
pub mod pack;
mod parts;
pub mod ranges;
pub mod signature;
pub mod tokens;
mod why;
mod words;

use std::sync::OnceLock;

use crate::check::{Check, Opened};
use crate::ide::index::Index;
use crate::model::Plan;
use crate::packs::Packs;
use crate::problem::{Finding, Verdict};
use crate::rules::gate::{self, state::State};
use crate::rules::{Form, Rule};
use crate::source::{FileId, Sources, Span};
use crate::syntax::tree::Tree;
use crate::vocabulary::Vocabulary;

/// What is worked out once for a snapshot of a plan, when somebody first asks. Empty to begin with.
#[derive(Debug, Default)]
pub struct Memory {
    index: OnceLock<Index>,
    gates: OnceLock<Vec<Gate>>,
}

/// A plan as it was last checked, and the packs that it was checked with.
#[derive(Debug, Clone, Copy)]
pub struct View<'v> {
    opened: &'v Opened,
    packs: &'v Packs,
    memory: &'v Memory,
}

/// Whether a body may take on a function, on the day on which the plan says that it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gate {
    /// The words that name the body.
    pub place: Span,
    /// Pass: the gate is open; fail: it is shut; undetermined: nobody can tell.
    pub verdict: Verdict,
    /// The state it is in; `None` where the body or the day could not be read.
    pub state: Option<State>,
    /// The day, or why the gate is shut.
    pub says: String,
    /// `pack/rule`.
    pub rule: String,
}

impl Gate {
    /// What it is, in a few words: `gate open`.
    pub fn label(&self) -> String {
        match self.state {
            Some(State::CannotTell) | None => "gate: cannot tell".to_owned(),
            Some(state) => format!("gate {}", state.says()),
        }
    }
}

impl<'v> View<'v> {
    /// A view of a plan. The memory belongs to this plan as it was checked here: another check needs a new one.
    pub fn new(opened: &'v Opened, packs: &'v Packs, memory: &'v Memory) -> Self {
        Self { opened, packs, memory }
    }

    /// The file of a path, as it was given to the check.
    pub fn file(self, path: &str) -> Option<FileId> {
        self.files().map(|(file, _)| file).find(|file| self.sources().get(*file).is_some_and(|source| source.path() == path))
    }

    /// The plan's files.
    pub fn files(self) -> impl Iterator<Item = (FileId, &'v Tree)> {
        self.opened.trees.iter().map(|(file, tree)| (*file, tree))
    }

    /// The texts of the packs and of the plan.
    pub fn sources(self) -> &'v Sources {
        &self.opened.analysis.sources
    }

    pub(crate) fn tree(self, file: FileId) -> Option<&'v Tree> {
        self.files().find(|(known, _)| *known == file).map(|(_, tree)| tree)
    }

    pub(crate) fn text(self, file: FileId) -> &'v str {
        self.sources().get(file).map_or("", |source| source.text())
    }

    pub(crate) fn words(self, span: Span) -> &'v str {
        self.sources().words(span)
    }

    pub(crate) fn plan(self) -> &'v Plan {
        &self.opened.plan
    }

    pub(crate) fn packs(self) -> &'v Packs {
        self.packs
    }

    pub(crate) fn vocabulary(self) -> &'v Vocabulary {
        &self.packs.vocabulary
    }

    /// The rules that are asked of the plan: those that stand in its edition.
    pub(crate) fn rules(self) -> impl Iterator<Item = &'v Rule> {
        let check = self.check();
        self.packs.rules.iter().filter(move |rule| check.stands(rule))
    }

    pub(crate) fn findings(self) -> &'v [Finding] {
        &self.opened.analysis.findings
    }

    pub(crate) fn check(self) -> Check<'v> {
        self.opened.check(self.packs)
    }

    pub(crate) fn index(self) -> &'v Index {
        self.memory.index.get_or_init(|| Index::of(self))
    }

    /// The state of every gate of the plan, as the checker judges it.
    pub fn gates(self) -> &'v [Gate] {
        self.memory.gates.get_or_init(|| {
            let check = self.check();
            let mut gates = Vec::new();
            for (at, rule) in self.packs.rules.iter().enumerate() {
                let (Form::Gate(form), true) = (&rule.form, check.stands(rule)) else { continue };
                gates.extend(gate::judged(&check, at, rule, form).into_iter().map(|(judgement, state)| Gate {
                    place: judgement.span,
                    verdict: judgement.verdict,
                    state,
                    says: if judgement.verdict == Verdict::Pass { judgement.label } else { judgement.message },
                    rule: rule.id.to_string(),
                }));
            }
            gates.sort_by_key(|gate| gate.place);
            gates
        })
    }
}
