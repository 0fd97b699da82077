//! What a rule says of one subject, before waivers.

use std::sync::Arc;

use crate::model::bodies::BodyId;
use crate::problem::{Fix, Label, Severity, Verdict, shift_all};
use crate::source::{Shift, Span};

/// What a rule says of one subject.
#[derive(Debug, Clone)]
pub(crate) struct Judgement {
    /// The place of the rule in the packs.
    pub(crate) rule: usize,
    /// `organisation U02739`.
    pub(crate) subject: String,
    /// The names by which a waiver may name the subject.
    pub(crate) names: Vec<Arc<str>>,
    /// What tells it from others of the same rule and subject: a year, a body.
    pub(crate) distinct: String,
    /// Pass, fail or undetermined; waivers come later.
    pub(crate) verdict: Verdict,
    /// How bad, if it fails.
    pub(crate) severity: Severity,
    /// The fact; empty for a pass.
    pub(crate) message: String,
    /// The words it is about.
    pub(crate) span: Span,
    /// What those words are.
    pub(crate) label: String,
    /// Other places.
    pub(crate) labels: Vec<Label>,
    /// What to do.
    pub(crate) help: Option<String>,
    /// Changes that would put it right.
    pub(crate) fixes: Vec<Fix>,
    /// How far from passing.
    pub(crate) slack: Option<String>,
    /// The body of the register that the plan leaves out, when it is about one.
    pub(crate) left_out: Option<BodyId>,
}

impl Judgement {
    /// A subject of which the rule holds.
    pub(crate) fn pass(rule: usize, subject: String, span: Span) -> Self {
        Self {
            rule,
            subject,
            names: Vec::new(),
            distinct: String::new(),
            verdict: Verdict::Pass,
            severity: Severity::Note,
            message: String::new(),
            span,
            label: String::new(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
            slack: None,
            left_out: None,
        }
    }

    /// A subject of which it does not.
    pub(crate) fn fail(rule: usize, subject: String, span: Span, severity: Severity, message: String) -> Self {
        Self { verdict: Verdict::Fail, severity, message: crate::problem::cut(message), ..Self::pass(rule, subject, span) }
    }

    /// Moves every place, after a text has changed before them.
    pub(crate) fn shift(&mut self, shift: Shift) {
        shift.span(&mut self.span);
        shift_all(&mut self.labels, &mut self.fixes, shift);
    }

    /// Points at another place.
    pub(crate) fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }
}
