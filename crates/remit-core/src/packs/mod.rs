//! Rule packs: folders of YAML, Markdown and CSV become one checked whole, or every error in them.

pub mod edition;
pub mod example;
pub mod forms;
mod load;
pub mod provenance;
pub(crate) mod reader;
mod register;
mod rule;
pub mod settings;
mod tighten;
mod vocabulary;
pub(crate) mod yaml;

use std::sync::Arc;

use crate::model::bodies::Register;
use crate::packs::edition::{Edition, InForce};
use crate::problem::{Citation, Problem, Severity, Tightened, did_you_mean};
use crate::rules::Rule;
use crate::source::{Sources, Span};
use crate::vocabulary::Vocabulary;

/// The files of one pack's folder.
#[derive(Debug, Clone, Default)]
pub struct PackFiles {
    /// How messages name the folder, such as `nhs-people-framework`.
    pub path: String,
    /// Path within the folder, with `/`, and text; in any order.
    pub files: Vec<(String, String)>,
}

impl PackFiles {
    /// `sha256:` and the digest of the files, by path: the same files in any order give the same.
    pub fn digest(&self) -> String {
        let mut files: Vec<&(String, String)> = self.files.iter().collect();
        files.sort();
        let parts = files.into_iter().flat_map(|(path, text)| [path.as_str(), text.as_str()]);
        format!("sha256:{}", crate::digest::of_parts(parts))
    }
}

/// Every pack that is in force, checked and ready.
#[derive(Debug, Default)]
pub struct Packs {
    /// The packs' texts, so that findings can point at a rule.
    pub sources: Sources,
    /// What each pack is, in the order given.
    pub infos: Vec<PackInfo>,
    /// Every rule, in the order of the packs.
    pub rules: Vec<Rule>,
    /// Every paragraph that the packs hold, in the order of the packs, with the rules that check it.
    pub paragraphs: Vec<provenance::Paragraph>,
    /// What words mean.
    pub vocabulary: Vocabulary,
    /// The bodies that the packs bring.
    pub register: Arc<Register>,
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
    /// Who publishes it, where it says.
    pub publisher: Option<String>,
    /// Where the site of its rules is published, where it says.
    pub pages: Option<String>,
    /// The editions of the framework that the pack holds, oldest first: each extends the one before.
    pub editions: Vec<Edition>,
    /// `sha256:` and the digest of all its files, in hexadecimal.
    pub digest: String,
    /// Whether it is put to consultation: what it finds is shown, and counts for nothing.
    pub is_consulted: bool,
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
    /// The editions in which it stands; none where its framework has no editions.
    pub editions: Vec<&'p Edition>,
    /// From when the rule itself is in force; `None`: as soon as its edition is.
    pub in_force: Option<InForce>,
    /// The rule of a higher pack that it tightens.
    pub tightens: Option<&'p Tightened>,
    /// Whether it is put to consultation only.
    pub is_consulted: bool,
}

/// Why packs cannot be used: all that is wrong with them, with the texts in which it is.
#[derive(Debug)]
pub struct PackErrors {
    /// The packs' texts.
    pub sources: Sources,
    /// Every problem of every pack, in order.
    pub problems: Vec<Problem>,
}

/// The types of fields that are one word: as a vocabulary writes them, and what they are.
pub(crate) fn plain_types() -> impl Iterator<Item = (&'static str, crate::vocabulary::types::Type)> {
    vocabulary::PLAIN.into_iter()
}

impl Packs {
    /// Reads and checks packs. A pack that extends another comes after it.
    ///
    /// # Errors
    /// Every problem of every pack, each at its place; warnings alone are no error.
    pub fn load(packs: &[PackFiles]) -> Result<Self, PackErrors> {
        load::load(packs)
    }

    /// The rules that a name means, `rule` or `pack/rule`: several where editions have different ones, oldest first.
    ///
    /// # Errors
    /// The name of the rule that was most likely meant, when one is near.
    pub fn rules_named(&self, name: &str) -> Result<Vec<RuleInfo<'_>>, Option<String>> {
        let all = self.rules();
        let short = |rule: &RuleInfo<'_>| rule.id.split_once('/').map_or(rule.id.clone(), |(_, short)| short.to_owned());
        let near = did_you_mean(name, all.iter().map(|rule| rule.id.as_str())).map(str::to_owned).or_else(|| {
            let shorts: Vec<String> = all.iter().map(short).collect();
            did_you_mean(name, shorts.iter().map(String::as_str)).map(str::to_owned)
        });
        let first = all.iter().find(|rule| rule.id == name || short(rule) == name).map(|rule| rule.id.clone()).ok_or(near)?;
        Ok(all.into_iter().filter(|rule| rule.id == first).collect())
    }

    /// The newest rule that a name means.
    ///
    /// # Errors
    /// As [`Packs::rules_named`].
    pub fn rule(&self, name: &str) -> Result<RuleInfo<'_>, Option<String>> {
        self.rules_named(name)?.pop().ok_or(None)
    }

    /// The editions in which a rule stands.
    fn editions(&self, rule: &Rule) -> Vec<&Edition> {
        let Some(standing) = rule.editions else { return Vec::new() };
        let all = self.infos.get(standing.pack).map_or(&[][..], |info| &info.editions);
        all.iter().enumerate().filter(|(at, _)| standing.holds(*at)).map(|(_, edition)| edition).collect()
    }

    /// Every rule, in order, the language's own last.
    pub fn rules(&self) -> Vec<RuleInfo<'_>> {
        let tier = self.vocabulary.scale("tier");
        let packs = self.rules.iter().filter(|rule| !rule.is_beside).map(|rule| RuleInfo {
            id: rule.id.to_string(),
            title: rule.title.clone(),
            severity: rule.severity,
            source: Some(rule.source.clone()),
            waivable_by: rule.waivable_by.and_then(|level| tier.map(|tier| self.vocabulary.level_name(tier, level))),
            page: &rule.page,
            place: Some(rule.place),
            editions: self.editions(rule),
            in_force: rule.in_force,
            tightens: rule.tightens.as_ref(),
            is_consulted: rule.is_consulted,
        });
        packs.chain(crate::language::pages()).collect()
    }
}
