//! `--assume "Spending Review 2019"=yes`: what money waits for is taken to arrive, or not to.

use remit_core::check::{PlanText, open_texts};
use remit_core::model::streams::{Assumption, streams};
use remit_core::packs::Packs;
use remit_core::problem::did_you_mean;
use remit_core::time::Date;

use crate::exit::Failure;
use crate::render::text::listed;

/// Reads `NAME=yes` or `NAME=no`.
pub(crate) fn parse(text: &str) -> Result<Assumption, String> {
    let assumption = |name: &str, arrives| Ok(Assumption { stream: name.trim().to_owned(), arrives });
    match text.rsplit_once('=') {
        Some((name, "yes")) if !name.trim().is_empty() => assumption(name, true),
        Some((name, "no")) if !name.trim().is_empty() => assumption(name, false),
        _ => Err("write what the money waits for, and whether it arrives, such as \"Spending Review 2019\"=yes, or =no".to_owned()),
    }
}

/// What the money of a plan waits for.
pub(crate) fn waited_for(shown: &str, texts: &[PlanText], packs: &Packs, as_of: Date) -> Vec<String> {
    let opened = open_texts(shown, texts, packs, as_of);
    streams(&opened.plan, &packs.vocabulary).iter().map(|stream| stream.name.to_string()).collect()
}

/// That each assumption is about something that the money of some plan waits for, once.
pub(crate) fn known(assumptions: &[Assumption], mut names: Vec<String>) -> Result<(), Failure> {
    names.sort();
    names.dedup();
    for (at, assumption) in assumptions.iter().enumerate() {
        if assumptions.iter().take(at).any(|other| other.stream == assumption.stream && other.arrives != assumption.arrives) {
            return Err(Failure::usage(format!("`{}` is assumed both to arrive and not to", assumption.stream)));
        }
        if names.contains(&assumption.stream) {
            continue;
        }
        let failure = Failure::usage(format!("no money waits for `{}`", assumption.stream));
        return Err(match did_you_mean(&assumption.stream, names.iter().map(String::as_str)) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None if names.is_empty() => failure.help("a plan says so in a `funding`, with `status subject-to \"…\"`"),
            None => failure.help(format!("it waits for {}", listed(&names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>()))),
        });
    }
    Ok(())
}
