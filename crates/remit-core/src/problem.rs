//! Diagnostics as plain data: what every part of the core reports, and what every window renders.

use std::sync::Arc;

use crate::source::{Shift, Span};

/// How bad a finding is, least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// For information.
    Note,
    /// To be looked at.
    Warning,
    /// To be put right.
    Error,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// The word in packs and in every machine format.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }

    /// The severity that a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

/// What a rule says of one subject. Fail, undetermined and waived make findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not hold.
    Fail,
    /// What the rule asks about is not given, or not known on the date.
    Undetermined,
    /// It does not hold, and a waiver in force says that it need not.
    Waived,
    /// The rule cannot be asked yet: of many plans, not all are there.
    NotApplicable,
}

impl Verdict {
    /// The word in every machine format.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Undetermined => "undetermined",
            Self::Waived => "waived",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// A place with what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What the place is; empty when the headline says it.
    pub message: String,
}

/// One replacement of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
}

/// A change that would put the finding right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, imperative.
    pub title: String,
    /// The replacements, which do not overlap.
    pub edits: Vec<Edit>,
}

impl Fix {
    /// Replaces the text of one place.
    pub fn replace(title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        Self { title: title.into(), edits: vec![Edit { span, text: text.into() }] }
    }
}

/// Moves the places of labels and fixes.
pub(crate) fn shift_all(labels: &mut [Label], fixes: &mut [Fix], shift: Shift) {
    labels.iter_mut().for_each(|label| shift.span(&mut label.span));
    fixes.iter_mut().flat_map(|fix| &mut fix.edits).for_each(|edit| shift.span(&mut edit.span));
}

/// Where a rule comes from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Citation {
    /// The document's name in the pack.
    pub document: String,
    /// The document's title, when the pack gives one.
    pub title: Option<String>,
    /// The paragraph or chapter.
    pub paragraph: Option<String>,
}

impl std::fmt::Display for Citation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.title.as_ref().unwrap_or(&self.document))?;
        self.paragraph.iter().try_for_each(|paragraph| write!(f, ", {paragraph}"))
    }
}

/// A rule of a higher pack that a lower one tightens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tightened {
    /// `pack/rule`.
    pub rule: Arc<str>,
    /// Where it comes from.
    pub source: Citation,
    /// Where it stands in its pack.
    pub place: Span,
}

/// How a waiver that was applied stands in the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaiverUse {
    /// The waiver statement.
    pub span: Span,
    /// The last day on which it holds, as written.
    pub until: Option<String>,
    /// Its reason.
    pub because: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
}

/// What is wrong at one place of a text, before it is known to which plan it belongs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// `remit/syntax`, `remit/type`, … or `pack/rule`.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// The fact: one line, lowercase, no final stop, sensible alone.
    pub message: String,
    /// The words it is about.
    pub span: Span,
    /// What those words are; often empty.
    pub label: String,
    /// Other places that matter.
    pub labels: Vec<Label>,
    /// The next action, imperative.
    pub help: Option<String>,
    /// Changes that would put it right; only what is certain.
    pub fixes: Vec<Fix>,
}

impl Problem {
    /// An error of `rule` at `span`.
    pub fn error(rule: &str, span: Span, message: impl Into<String>) -> Self {
        Self {
            rule: rule.to_owned(),
            severity: Severity::Error,
            message: cut(message.into()),
            span,
            label: String::new(),
            labels: Vec::new(),
            help: None,
            fixes: Vec::new(),
        }
    }

    /// A warning of `rule` at `span`.
    pub fn warning(rule: &str, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, span, message) }
    }

    /// Says what the place is.
    #[must_use]
    pub fn label(mut self, message: impl Into<String>) -> Self {
        self.label = message.into();
        self
    }

    /// Points at another place.
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { span, message: message.into() });
        self
    }

    /// Says what to do next.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(cut(help.into()));
        self
    }

    /// Offers to replace the text of `span`.
    #[must_use]
    pub fn fix(mut self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fixes.push(Fix::replace(title, span, text));
        self
    }

    /// Moves every place, after a text has changed before them.
    pub(crate) fn shift(&mut self, shift: Shift) {
        shift.span(&mut self.span);
        shift_all(&mut self.labels, &mut self.fixes, shift);
    }

    /// Says which word was most likely meant, and offers to write it in the place of this one.
    #[must_use]
    pub fn meant(self, near: &str) -> Self {
        let span = self.span;
        self.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near)
    }
}

/// One result of a check: what every format shows, one and the same set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Stable under edits elsewhere: made from rule, plan and subject, never from a line.
    pub id: String,
    /// The plan's identity: the body it is for.
    pub plan: String,
    /// What the rule looked at: `organisation U02739`.
    pub subject: String,
    /// Fail, undetermined or waived.
    pub verdict: Verdict,
    /// The fact, the places, the help and the fixes.
    pub problem: Problem,
    /// Where the rule comes from; `None` for the language's own rules.
    pub source: Option<Citation>,
    /// The place in the pack at which the rule stands.
    pub rule_place: Option<Span>,
    /// The rule of a higher pack that the rule tightens.
    pub tightens: Option<Tightened>,
    /// Whether the rule is put to consultation only: the finding is shown, and counts for nothing.
    pub is_consulted: bool,
    /// Whether it was known before, by whoever asks: it is shown, and counts for nothing. A check itself knows nothing before.
    pub is_known: bool,
    /// How far from passing, and the smallest change that would; as people read it.
    pub slack: Option<String>,
    /// The waiver that applies, when the verdict is waived.
    pub waiver: Option<WaiverUse>,
}

/// How long a message, a help or a name in it may be, in characters. What a hostile plan quotes is no longer than that.
const LONGEST_MESSAGE: usize = 600;

/// A text for people, cut where it is longer than anyone reads.
pub fn cut(text: String) -> String {
    match text.char_indices().nth(LONGEST_MESSAGE) {
        None => text,
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
    }
}

/// The word in `words` that someone who wrote `word` most likely meant; `None` when none is near.
pub fn did_you_mean<'a>(word: &str, words: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    // Nobody means a word of the vocabulary by one that is so long.
    if word.len() > 100 {
        return None;
    }
    let word = word.to_lowercase();
    let mut best: Option<(f64, &'a str)> = None;
    for candidate in words {
        let lowered = candidate.to_lowercase();
        let mut score = strsim::normalized_damerau_levenshtein(&word, &lowered);
        if word.len() >= 4 && (lowered.starts_with(&word) || word.starts_with(&lowered)) {
            score = score.max(0.75);
        }
        // Of equally near words the first of the alphabet, in whatever order they come.
        if score >= 0.6 && best.is_none_or(|(top, near)| score > top || (score == top && candidate < near)) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
