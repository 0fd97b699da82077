//! Notes to those whose plan is missing or failing, ready to send: a file of Markdown each.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use crate::exit::Failure;
use crate::project::Place;
use crate::render::text::{counted, escaped_markdown, sentence};
use crate::roster::{Entry, Roster, Sent, State};

/// How many findings a note tells one by one.
const MOST_TOLD: usize = 20;

/// Writes the notes into a folder, which is made where it is not there. Other files of it stay as they are.
pub(crate) fn write(roster: &Roster, folder: &Place) -> Result<(), Failure> {
    fs::create_dir_all(&folder.real).map_err(|error| Failure::writing(&folder.shown, &error))?;
    let mut names = BTreeSet::new();
    for entry in &roster.systems {
        let text = match (entry.state, &entry.plan) {
            (State::Missing, _) => missing(roster, entry),
            (State::Failing, Some(plan)) => failing(roster, entry, plan),
            _ => continue,
        };
        let place = folder.child(name(entry, &mut names).as_ref());
        fs::write(&place.real, text).map_err(|error| Failure::writing(&place.shown, &error))?;
    }
    Ok(())
}

/// The name of a note: letters and digits of the code, and a number where that is taken.
fn name(entry: &Entry, names: &mut BTreeSet<String>) -> String {
    let plain: String = entry.code.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    let mut name = format!("{plain}.md");
    let mut number = 2;
    while !names.insert(name.clone()) {
        name = format!("{plain}-{number}.md");
        number += 1;
    }
    name
}

fn missing(roster: &Roster, entry: &Entry) -> String {
    let due = roster.due.as_ref().map(|due| format!(" It was due on {due}.")).unwrap_or_default();
    format!(
        "# The people plan of {shown}\n\nTo {shown}\n\nAs of {day} we have no people plan of yours.{due} Please send it, or tell us when it will come.\n\n\
         `remit init {code}` begins one: what the register and the framework know is filled in, and each gap says what belongs there.\n",
        shown = escaped_markdown(&entry.shown()),
        day = roster.as_of,
        code = entry.code
    )
}

fn failing(roster: &Roster, entry: &Entry, plan: &Sent) -> String {
    let shown = escaped_markdown(&entry.shown());
    let title = plan.title.as_ref().map_or("Your people plan".to_owned(), |title| format!("Your plan “{}”", escaped_markdown(title)));
    let count = plan.wrong.len();
    let mut text = format!(
        "# The people plan of {shown}\n\nTo {shown}\n\n{title} was checked as of {}. {} to be put right:\n\n",
        roster.as_of,
        if count == 1 { "One thing has".to_owned() } else { format!("{count} things have") }
    );
    for one in plan.wrong.iter().take(MOST_TOLD) {
        let help = one.help.as_ref().map(|help| format!(" {}", escaped_markdown(&sentence(help)))).unwrap_or_default();
        let (said, place, rule) = (escaped_markdown(&sentence(&one.message)), escaped_markdown(&one.place), escaped_markdown(&one.rule));
        let _ = writeln!(text, "- {said}{help} ({place}; {rule})");
    }
    if count > MOST_TOLD {
        let _ = writeln!(text, "- … and {} more.", count - MOST_TOLD);
    }
    let late = if plan.is_late { "\nThe plan came after the day on which it was due.\n" } else { "" };
    let rest = counted(count, "finding", "findings");
    let _ = write!(
        text,
        "{late}\n`remit check` shows {rest} at your own words, and `remit explain` with a rule's name says what it asks, and why.\n"
    );
    text
}
