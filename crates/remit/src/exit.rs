//! Exit codes and which of several wins; failures as sentences.

use std::io::{self, Write};

use remit_core::problem::{Severity, Verdict};

/// How a command ended. The order is the precedence: of several, the greatest is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Nothing at or above the level at which to fail.
    Clean,
    /// With `--strict`: nothing failed, but a rule of level error cannot be told.
    Undetermined,
    /// Findings, or files that `fmt --check` would change.
    Findings,
    /// A pack is invalid.
    Packs,
    /// A wrong use, or an input that cannot be read.
    Usage,
}

impl Outcome {
    /// The program's exit code.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Packs => 3,
            Self::Undetermined => 4,
        }
    }

    /// What findings come to. The format plays no part.
    pub(crate) fn of(findings: &[remit_core::problem::Finding], fail_on: Severity, strict: bool) -> Self {
        let one = |finding: &remit_core::problem::Finding| match finding.verdict {
            _ if remit_core::check::counts_against(finding, fail_on) => Self::Findings,
            _ if finding.is_consulted || finding.is_known => Self::Clean,
            Verdict::Undetermined if strict && finding.problem.severity == Severity::Error => Self::Undetermined,
            _ => Self::Clean,
        };
        findings.iter().map(one).max().unwrap_or(Self::Clean)
    }
}

/// Why something could not be done, as a sentence without its final stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// How the command ends for it.
    pub(crate) outcome: Outcome,
    /// The sentence.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) help: Option<String>,
}

impl Failure {
    /// A wrong use, or an input that cannot be read.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { outcome: Outcome::Usage, message: message.into(), help: None }
    }

    /// A pack that cannot be used.
    pub(crate) fn pack(message: impl Into<String>) -> Self {
        Self { outcome: Outcome::Packs, ..Self::usage(message) }
    }

    /// A file or folder that cannot be read.
    pub(crate) fn reading(shown: &str, error: &io::Error) -> Self {
        Self::usage(format!("`{shown}` cannot be read: {}", reason(error)))
    }

    /// A file or stream that cannot be written.
    pub(crate) fn writing(shown: &str, error: &io::Error) -> Self {
        Self::usage(format!("{} cannot be written: {}", quoted(shown), reason(error)))
    }

    /// Says what to do next.
    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Tells it. Where even that cannot be written there is nobody to tell.
    pub(crate) fn tell(&self, err: &mut dyn Write) {
        let _ = writeln!(err, "remit: {}", crate::render::text::clean(&self.message));
        if let Some(help) = &self.help {
            let _ = writeln!(err, "  help: {}", crate::render::text::clean(help));
        }
    }
}

fn quoted(shown: &str) -> String {
    if shown.starts_with("standard ") { shown.to_owned() } else { format!("`{shown}`") }
}

/// The system's reason, without its error number.
pub(crate) fn reason(error: &io::Error) -> String {
    let whole = error.to_string();
    match whole.rfind(" (os error ") {
        Some(at) => whole[..at].to_lowercase(),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::sample::Sample;

    #[test]
    fn precedence_is_2_3_1_4_0() {
        let mut all = [Outcome::Clean, Outcome::Findings, Outcome::Usage, Outcome::Packs, Outcome::Undetermined];
        all.sort();
        all.reverse();
        assert_eq!(all.map(Outcome::code), [2, 3, 1, 4, 0]);
    }

    #[test]
    fn only_what_failed_counts() {
        let each_kind = Sample::of_each_kind();
        let of = |keep: &dyn Fn(Verdict, Severity) -> bool, fail_on, strict| {
            let analysis = each_kind.only(keep);
            Outcome::of(&analysis.findings, fail_on, strict).code()
        };
        assert_eq!(of(&|_, _| true, Severity::Error, true), 1, "1 goes before 4");
        assert_eq!(of(&|_, severity| severity < Severity::Error, Severity::Error, true), 0);
        assert_eq!(of(&|_, severity| severity < Severity::Error, Severity::Warning, true), 1);
        assert_eq!(of(&|verdict, _| verdict != Verdict::Fail, Severity::Note, false), 0);
        assert_eq!(of(&|verdict, _| verdict != Verdict::Fail, Severity::Note, true), 4);
        assert_eq!(of(&|verdict, _| verdict == Verdict::Waived, Severity::Note, true), 0);
        assert_eq!(of(&|_, _| false, Severity::Note, true), 0);
    }

    #[test]
    fn a_reason_has_no_number() {
        assert_eq!(reason(&io::Error::from_raw_os_error(13)), "permission denied");
    }
}
