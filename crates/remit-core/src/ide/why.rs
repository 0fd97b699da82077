//! Beneath what there is to read about words: why something is found there, and what depends on money that waits for something.

use std::fmt::Write as _;

use crate::check::PlanText;
use crate::ide::View;
use crate::ide::words::sentence;
use crate::model::streams::{STATUS, streams};
use crate::outlook::outcomes::{Sometimes, outcomes};
use crate::problem::Verdict;
use crate::source::Span;
use crate::why;
use crate::why::drawing::draw;

/// How many findings at one place are explained.
const MOST_EXPLAINED: usize = 2;
/// How many changes that would pass are named.
const MOST_CHANGES: usize = 3;
/// How many findings that depend on money are named.
const MOST_NAMED: usize = 12;
/// How wide a drawing is.
const WIDTH: usize = 76;

impl View<'_> {
    /// Why something is found at these words, as Markdown; empty where nothing is, or where no expression decides.
    pub(super) fn why(self, place: Span) -> String {
        let mut text = String::new();
        let here = self.findings().iter().filter(|finding| finding.rule_place.is_some() && finding.problem.span == place);
        for finding in here.take(MOST_EXPLAINED) {
            let why = why::finding(self.opened, self.packs, finding);
            let Some(part) = why.asked.iter().find(|part| part.key == "expect").or(why.asked.first()) else { continue };
            let said = match finding.verdict {
                Verdict::Fail | Verdict::Waived => "does not hold",
                _ => "cannot be told",
            };
            let rule = finding.problem.rule.split_once('/').map_or(finding.problem.rule.as_str(), |(_, rule)| rule);
            let line = |place: Span| {
                self.sources().get(place.file).map_or(String::new(), |source| format!("line {}", source.position(place.start).line))
            };
            let _ = write!(
                text,
                "\n\n---\n\n**Why** `{rule}` {said}:\n\n```text\n{}\n```",
                draw(part, WIDTH, &line).join("\n").replace("```", "'''")
            );
            let changes: Vec<String> = why.changes.iter().take(MOST_CHANGES).map(|change| sentence(&change.told())).collect();
            if !changes.is_empty() {
                let _ = write!(text, "\n\nWhat would pass:\n- {}", changes.join("\n- "));
            }
        }
        text
    }

    /// What depends on the money of a `status subject-to`, as Markdown; empty elsewhere.
    pub(super) fn waits(self, place: Span) -> String {
        let Some(field) = self.entity_at(place).and_then(|entity| entity.all(STATUS).find(|field| field.line.contains(place))) else {
            return String::new();
        };
        let is_here = |places: &[Span]| places.iter().any(|known| field.line.contains(*known));
        let all = streams(self.plan(), self.vocabulary());
        let Some((at, stream)) = all.iter().enumerate().find(|(_, stream)| is_here(&stream.places)) else { return String::new() };
        let texts: Vec<PlanText> = self
            .files()
            .filter_map(|(file, _)| self.sources().get(file))
            .map(|source| PlanText::new(source.path(), source.text()))
            .collect();
        let found = outcomes(&self.opened.analysis.plan.path, &texts, self.packs, self.plan().as_of);
        let of_it = |one: &&Sometimes| one.when.iter().flatten().any(|(stream, _)| *stream == at);
        let depends: Vec<&Sometimes> = found.sometimes.iter().filter(of_it).collect();
        let mut text = format!("\n\n---\n\n**What depends on** `{}`:", stream.name.replace('`', "'"));
        if depends.is_empty() {
            text.push_str(" nothing that is found.");
        }
        for one in depends.iter().take(MOST_NAMED) {
            let ways = |arrives: bool| one.when.iter().flatten().any(|case| *case == (at, arrives));
            let when = match (ways(true), ways(false)) {
                (true, false) => "found only if it arrives",
                (false, true) => "found only if it does not arrive",
                _ => "found in some cases",
            };
            let with_others = one.when.iter().flatten().any(|(stream, _)| *stream != at);
            let also = if with_others { ", with other money" } else { "" };
            let _ = write!(text, "\n- {when}{also}: {}", sentence(&one.finding.problem.message));
        }
        if depends.len() > MOST_NAMED {
            let _ = write!(text, "\n- and {} more", depends.len() - MOST_NAMED);
        }
        if found.undecided.iter().any(|one| one.streams.contains(&at)) {
            text.push_str("\n- too much money meets in one verdict: not everything was decided");
        }
        text
    }
}
