//! The language's own rules: what `remit explain remit/syntax` and the like show.

use crate::packs::RuleInfo;
use crate::problem::Severity;

const PAGES: &str = include_str!("language.md");

/// The page of each of the language's own rules.
pub(crate) fn pages<'p>() -> impl Iterator<Item = RuleInfo<'p>> {
    PAGES.split("\n## ").skip(1).filter_map(|section| {
        let (heading, rest) = section.split_once('\n')?;
        let (id, title) = heading.split_once(": ")?;
        let severity = if matches!(
            id,
            "remit/framework" | "remit/left-out" | "remit/register-differs" | "remit/waiver-expired" | "remit/waiver-unused"
        ) {
            Severity::Warning
        } else {
            Severity::Error
        };
        Some(RuleInfo {
            id: id.to_owned(),
            title: title.to_owned(),
            severity,
            source: None,
            waivable_by: None,
            page: rest.trim(),
            place: None,
            editions: Vec::new(),
            in_force: None,
            tightens: None,
            is_consulted: false,
        })
    })
}
