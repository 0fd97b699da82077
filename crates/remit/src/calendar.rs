//! `remit calendar`: the days on which verdicts change, and why; as text, for programs, for calendar programs, and as a picture.

mod ics;
mod json;
mod svg;
mod text;

use std::io::Write;

use remit_core::check::PlanText;
use remit_core::model::clock::{Cause, Turn};
use remit_core::outlook::calendar::{Calendar, Change, State, calendar, days_of};
use remit_core::problem::{Finding, Severity, Verdict};
use remit_core::time::{Days, day_before};

use crate::Environment;
use crate::arguments::{CalendarArguments, CalendarFormat};
use crate::exit::{Failure, Outcome};
use crate::jobs::{Asked, Failures, Job, jobs};
use crate::output::{Format, create};
use crate::project::Place;
use crate::render::Look;
use crate::render::text::{at, counted};

/// The widest that a calendar is set.
const WIDEST: usize = 100;

/// Runs the command.
pub(crate) fn run(
    arguments: &CalendarArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let mut failures = Failures::new(err);
    let asked = Asked { paths: &arguments.paths, as_of: None, fail_on: None, format: Format::Human };
    let mut calendars = Vec::new();
    for job in jobs(&asked, &mut failures, environment)? {
        match one(&job, arguments) {
            Ok(calendar) => calendars.push(calendar),
            Err(failure) => failures.tell(failure),
        }
    }
    let worst = failures.worst;
    if calendars.is_empty() {
        return Ok(worst);
    }
    let look = Look { color: environment.color && arguments.output.is_none(), width: environment.width.unwrap_or(80).min(WIDEST) };
    let mut bytes = Vec::new();
    let written = match arguments.format {
        CalendarFormat::Human => text::human(&calendars, look, &mut bytes),
        CalendarFormat::Plain => text::plain(&calendars, &mut bytes),
        CalendarFormat::Markdown => text::markdown(&calendars, &mut bytes),
        CalendarFormat::Json => json::write(&calendars, &mut bytes),
        CalendarFormat::Ics => ics::write(&calendars, &mut bytes),
        CalendarFormat::Svg => svg::write(&calendars, &mut bytes),
    };
    let place = arguments.output.as_deref().map(|file| Place::given(&environment.folder, file));
    let shown = place.as_ref().map_or("standard output", |place| &place.shown);
    let failed = |error| Failure::writing(shown, &error);
    written.map_err(failed)?;
    match &place {
        Some(place) if place.is_plan_file() => {
            let message = format!("`{}` would be written over: a calendar does not go into a plan's file", place.shown);
            return Err(Failure::usage(message));
        }
        Some(place) => {
            let mut file = create(place)?;
            file.write_all(&bytes).and_then(|()| file.flush()).map_err(failed)?;
        }
        None => out.write_all(&bytes).map_err(failed)?,
    }
    Ok(worst)
}

fn one(job: &Job, arguments: &CalendarArguments) -> Result<Calendar, Failure> {
    let texts: Vec<PlanText> = job.plan.read()?.into_iter().map(PlanText::from).collect();
    let path = &job.plan.place.shown;
    let days = match (arguments.from, arguments.until) {
        (Some(first), Some(last)) => Days { first, last },
        (from, until) => {
            let Some(days) = days_of(path, &texts, &job.packs, job.as_of) else {
                return Err(Failure::usage(format!("the horizon of `{path}` is not known, so there are no days to look at"))
                    .help("write `horizon` in the plan statement, or give both `--from` and `--until`"));
            };
            Days { first: from.unwrap_or(days.first), last: until.unwrap_or(days.last) }
        }
    };
    if days.last < days.first {
        return Err(Failure::usage(format!("the calendar of `{path}` would end on {} before it begins on {}", days.last, days.first))
            .help("give an earlier `--from` or a later `--until`"));
    }
    calendar(path, &texts, &job.packs, days).ok_or_else(|| Failure::usage(format!("the calendar of `{path}` cannot be told")))
}

/// Which plan it is, and which days.
pub(crate) fn heading(calendar: &Calendar) -> String {
    let plan = &calendar.plan;
    let name = plan.title.as_ref().map_or_else(|| plan.id.clone(), |title| format!("{title} ({})", plan.id));
    format!("{name}: when verdicts change, {}", calendar.days)
}

/// What is found on the first day.
pub(crate) fn opening(calendar: &Calendar) -> String {
    format!("on {}: {}", calendar.days.first, tally(&calendar.at_first))
}

/// What is found from the last change on, to the end.
pub(crate) fn ending(calendar: &Calendar) -> String {
    let count = calendar.turns.len();
    match calendar.turns.last() {
        None => format!("nothing changes to {}", calendar.days.last),
        Some(last) => format!(
            "verdicts change on {}; after {} nothing changes to {}, with {}",
            counted(count, "day", "days"),
            last.day,
            calendar.days.last,
            tally(&calendar.at_last)
        ),
    }
}

/// How many checks it took.
fn effort(calendar: &Calendar) -> String {
    let days = usize::try_from(calendar.days.count()).unwrap_or(0);
    format!("{} told of {}", counted(calendar.checks, "check", "checks"), counted(days, "day", "days"))
}

/// What a finding is, in a word; where there is none, that nothing is found.
pub(crate) fn word(state: Option<State>) -> &'static str {
    match state {
        None => "clear",
        Some(State { verdict: Verdict::Undetermined, .. }) => "undetermined",
        Some(State { verdict: Verdict::Waived, .. }) => "waived",
        Some(State { severity: Severity::Error, .. }) => "fails",
        Some(State { severity, .. }) => severity.word(),
    }
}

/// Why something changes, as a clause; with the place in the plan where it rests on one.
fn why(calendar: &Calendar, turn: &Turn) -> String {
    let eve = day_before(turn.day).unwrap_or(turn.day);
    let why = match turn.cause {
        Cause::RuleInForce => "the rule comes into force".to_owned(),
        Cause::EditionInForce => "another edition comes into force".to_owned(),
        Cause::WaiverBegins => "its waiver is approved".to_owned(),
        Cause::WaiverEnded => format!("its waiver ended on {eve}"),
        Cause::Assessed => "the assessment of that day is known".to_owned(),
        Cause::EvidenceKnown => "the evidence of that day is known".to_owned(),
        Cause::PeriodOver => format!("what was reached by {} is known", turn.day),
        Cause::Register => "the register shows other bodies".to_owned(),
        Cause::Asked => match &turn.says {
            Some(says) => format!("the rule looks at the day, and {says}"),
            None => "the rule looks at the day".to_owned(),
        },
    };
    match turn.place {
        Some(place) => format!("{why} ({})", at(&calendar.sources, place)),
        None => why,
    }
}

/// Every reason of a change, each once.
pub(crate) fn reasons(calendar: &Calendar, change: &Change) -> Vec<String> {
    let mut reasons: Vec<String> = Vec::new();
    for reason in change.because.iter().map(|turn| why(calendar, turn)) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    reasons
}

/// How many findings there are of each sort: `2 failures, 1 warning`.
fn tally(findings: &[Finding]) -> String {
    let count = |wanted: &str| findings.iter().filter(|finding| word(Some(State::of(finding))) == wanted).count();
    let sorts = [
        ("fails", "failure", "failures"),
        ("warning", "warning", "warnings"),
        ("note", "note", "notes"),
        ("undetermined", "undetermined", "undetermined"),
        ("waived", "waived", "waived"),
    ];
    let parts: Vec<String> = sorts
        .iter()
        .map(|(sort, one, many)| (count(sort), one, many))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    if parts.is_empty() { "nothing to put right".to_owned() } else { parts.join(", ") }
}
