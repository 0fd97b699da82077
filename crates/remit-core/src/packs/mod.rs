//! Rule packs: folders of YAML, Markdown and CSV become one checked whole, or every error in them.

use crate::problem::{Citation, Problem, Severity};
use crate::source::{Source, Sources, Span};

/// The files of one pack's folder.
#[derive(Debug, Clone, Default)]
pub struct PackFiles {
    /// How messages name the folder, such as `nhs-people-framework`.
    pub path: String,
    /// Path within the folder, with `/`, and text; in any order.
    pub files: Vec<(String, String)>,
}

/// Every pack that is in force, checked and ready.
#[derive(Debug)]
pub struct Packs {
    /// The packs' texts, so that findings can point at a rule.
    pub sources: Sources,
    /// What each pack is, in the order given.
    pub infos: Vec<PackInfo>,
}

/// What a pack says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackInfo {
    /// Kebab-case, such as `nhs-people-framework`.
    pub name: String,
    /// For people.
    pub title: String,
    /// Such as `2019.1.0`.
    pub version: String,
    /// The newest edition that the pack holds and that is in force on the day asked; see [`Packs::edition`].
    pub edition: String,
    /// `sha256:` and the digest of all its files, in hexadecimal.
    pub digest: String,
}

/// What there is to read about a rule: for `remit explain`, hover and documentation.
#[derive(Debug, Clone)]
pub struct RuleInfo<'p> {
    /// `pack/rule`, or `remit/…` for the language's own.
    pub id: String,
    /// For people.
    pub title: String,
    /// How bad a failure is.
    pub severity: Severity,
    /// Where it comes from.
    pub source: Option<Citation>,
    /// Who may waive it; `None`: nobody.
    pub waivable_by: Option<&'p str>,
    /// The page in Markdown, without its first heading.
    pub page: &'p str,
    /// Where the rule stands in its pack.
    pub place: Option<Span>,
}

/// Why packs cannot be used: all that is wrong with them, with the texts in which it is.
#[derive(Debug)]
pub struct PackErrors {
    /// The packs' texts.
    pub sources: Sources,
    /// Every problem of every pack, in order.
    pub problems: Vec<Problem>,
}

impl Packs {
    /// Reads and checks packs. A pack that extends another comes after it.
    ///
    /// # Errors
    /// Every problem of every pack, each at its place; warnings alone are no error.
    pub fn load(packs: &[PackFiles]) -> Result<Self, PackErrors> {
        let mut sources = Sources::default();
        for pack in packs {
            for (path, text) in &pack.files {
                sources.add(Source::new(format!("{}/{path}", pack.path), text.clone()));
            }
        }
        Ok(Self { sources, infos: Vec::new() })
    }

    /// The rule that a name means: `rule`, or `pack/rule`.
    ///
    /// # Errors
    /// The name of the rule that was most likely meant, when one is near.
    pub fn rule(&self, name: &str) -> Result<RuleInfo<'_>, Option<String>> {
        let _ = name;
        Err(None)
    }

    /// Every rule, in order, the language's own last.
    pub fn rules(&self) -> Vec<RuleInfo<'_>> {
        Vec::new()
    }
}
