//! What a ladder says, in words that every format shares.

use remit_core::ready::{Ladder, Next, Rests, Step};
use remit_core::rules::gate::state::{Sort, State};
use remit_core::time::Date;

use crate::render::text::{clean, listed};

/// The step of the ladder, in one or two words: the cell of a table.
pub(crate) fn cell(state: State) -> &'static str {
    match state {
        State::NotAssessed => "not assessed",
        State::Assessed => "shut",
        State::Conditional => "conditional",
        State::Open => "open",
        State::Lapsing(_) => "lapsing",
        State::Lapsed(_) => "lapsed",
        State::Reverted(_) => "reverted",
        State::CannotTell => "cannot tell",
    }
}

/// A mark for each step, so that colour is never the only sign.
pub(crate) fn mark(state: State) -> &'static str {
    match state {
        State::Open => "●",
        State::Lapsing(_) => "◕",
        State::Conditional => "◑",
        State::Assessed => "◔",
        State::NotAssessed => "○",
        State::Lapsed(_) | State::Reverted(_) => "◌",
        State::CannotTell => "?",
    }
}

/// The state as part of a sentence that begins with "the gate is".
pub(crate) fn state(step: &Step) -> String {
    match step.state {
        State::NotAssessed => "shut: not assessed".to_owned(),
        State::Assessed => "shut".to_owned(),
        State::Conditional => "shut until its condition is met".to_owned(),
        State::Open => "open".to_owned(),
        State::Lapsing(last) => format!("open, and lapses after {last}"),
        State::Lapsed(last) => format!("lapsed after {last}"),
        State::Reverted(day) => format!("shut again from {day}"),
        State::CannotTell => "one of which nobody can tell".to_owned(),
    }
}

/// The name of the plan, with its body.
pub(crate) fn plan(ladder: &Ladder) -> String {
    let body = ladder.body.as_ref().map_or(ladder.plan.id.clone(), |body| body.name.clone());
    clean(&body).into_owned()
}

/// Who holds the function on the day of the ladder, until when, and who follows.
pub(crate) fn held(step: &Step) -> String {
    let Some(holder) = step.holder() else {
        return match step.holders.first() {
            Some(first) => format!("nobody on this day; {} {}", first.body.name, first.days),
            None => "nobody: the plan does not say who holds it".to_owned(),
        };
    };
    let mut said = format!("{} to {}", holder.body.name, holder.days.last);
    if let Some(before) = &holder.follows {
        said = format!("{said}, in the place of {}", before.name);
    }
    if let Some(after) = step.holder_after() {
        said = format!("{said}; {} from {}", after.body.name, after.days.first);
        if let Some(before) = &after.follows {
            said = format!("{said}, in the place of {}", before.name);
        }
    }
    clean(&said).into_owned()
}

/// The parts of the function that are held for a place.
pub(crate) fn for_places(step: &Step) -> Option<String> {
    let parts: Vec<String> = step
        .holders
        .iter()
        .filter_map(|holder| {
            let place = holder.place.as_ref()?;
            Some(format!("{} for {} {}", holder.body.name, place.name, holder.days))
        })
        .collect();
    (!parts.is_empty()).then(|| clean(&listed(&parts)).into_owned())
}

/// Who supports whoever holds it.
pub(crate) fn supported(step: &Step) -> Option<String> {
    let names: Vec<String> = step.supported_by.iter().map(|body| body.name.clone()).collect();
    (!names.is_empty()).then(|| clean(&listed(&names)).into_owned())
}

/// What the state rests on.
pub(crate) fn rests(rests: &Rests) -> String {
    let level = rests.level.as_deref().unwrap_or("no level");
    let by = rests.by.as_ref().map_or(String::new(), |by| format!(" by {}", by.name));
    let mut said = rests.assessed.map_or(level.to_owned(), |day| format!("{level}, found on {day}{by}"));
    let evidence: Vec<String> = rests
        .evidence
        .iter()
        .map(|piece| {
            let last = piece.last.map_or(String::new(), |last| format!(", valid to {last}"));
            format!("`{}` of {}{last}", piece.name, piece.dated)
        })
        .collect();
    if !evidence.is_empty() {
        said = format!("{said}; {}", evidence.join("; "));
    }
    clean(&said).into_owned()
}

/// What is missing, each as a part of a sentence.
pub(crate) fn missing(step: &Step) -> Vec<String> {
    let conditions = step.rests_on.iter().flat_map(|rests| &rests.conditions);
    let conditions = conditions.map(|condition| format!("word that this condition is met: {condition}"));
    let lacks = step.missing.iter().filter(|lack| lack.sort != Sort::Condition).map(|lack| lack.why.clone());
    lacks.chain(conditions).map(|why| clean(&why).into_owned()).collect()
}

/// When the gate could open, and how long that then holds.
pub(crate) fn opens(step: &Step, as_of: Date) -> String {
    let lasts = step.lasts.map_or(String::new(), |last| format!(", and stays open to {last} unless it is renewed"));
    match step.opens {
        Some(day) if day == as_of => format!("now{lasts}"),
        Some(day) => format!("{day}{lasts}"),
        None => "nothing in the plan opens it yet".to_owned(),
    }
}

/// Where the plan makes the body accountable, with the state of the gate on that day.
pub(crate) fn passages(step: &Step) -> Vec<String> {
    let passage = |pass: &remit_core::ready::Pass| {
        let place = pass.place.as_ref().map_or(String::new(), |place| format!(" for {}", place.name));
        let gate = match pass.state {
            State::Open => "and the gate is open then".to_owned(),
            State::Lapsing(last) => format!("and the gate is open then, and lapses after {last}"),
            other => format!("and the gate is not open then: {}", cell(other)),
        };
        clean(&format!("to {}{place} on {}, {gate}", step.body.name, pass.from)).into_owned()
    };
    step.passages.iter().map(passage).collect()
}

/// What the framework would next let go, as a sentence without its stop.
pub(crate) fn next(ladder: &Ladder) -> String {
    match &ladder.next {
        None => "on what is in the plan, the framework lets go of nothing more".to_owned(),
        Some(Next { from, functions }) => {
            let functions = listed(functions);
            if *from == ladder.as_of {
                format!("the framework would let go of {functions} now")
            } else {
                format!("the framework would next let go of {functions}, from {from}")
            }
        }
    }
}
