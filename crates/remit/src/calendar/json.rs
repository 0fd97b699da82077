//! A calendar for programs, described by `docs/schema/calendar.schema.json`.

use std::io::{self, Write};

use remit_core::model::clock::{Cause, Turn};
use remit_core::outlook::calendar::{Calendar, Change, State};
use remit_core::problem::Finding;
use serde::Serialize;

use crate::render::json::{self, CONTRACT, LocationJson, location};

#[derive(Serialize)]
struct Document {
    remit: u32,
    calendars: Vec<CalendarJson>,
}

#[derive(Serialize)]
struct CalendarJson {
    plan: String,
    title: Option<String>,
    path: String,
    from: String,
    until: String,
    checks: usize,
    at_first: Vec<FindingJson>,
    changes: Vec<ChangeJson>,
    dates: Vec<DatedJson>,
}

#[derive(Serialize)]
struct DatedJson {
    day: String,
    subject: String,
    title: Option<String>,
    what: String,
    location: LocationJson,
}

#[derive(Serialize)]
struct FindingJson {
    id: String,
    rule: String,
    subject: String,
    verdict: &'static str,
    severity: &'static str,
    message: String,
    location: LocationJson,
}

#[derive(Serialize)]
struct ChangeJson {
    day: String,
    before: Option<StateJson>,
    after: Option<StateJson>,
    finding: FindingJson,
    because: Vec<BecauseJson>,
}

#[derive(Serialize)]
struct StateJson {
    verdict: &'static str,
    severity: &'static str,
}

#[derive(Serialize)]
struct BecauseJson {
    cause: &'static str,
    says: Option<String>,
    location: Option<LocationJson>,
}

/// Writes calendars.
pub(super) fn write(calendars: &[Calendar], out: &mut dyn Write) -> io::Result<()> {
    json::write(out, &Document { remit: CONTRACT, calendars: calendars.iter().map(one).collect() })
}

fn one(calendar: &Calendar) -> CalendarJson {
    let changes = calendar.turns.iter().flat_map(|turning| turning.changes.iter().map(|change| (turning.day, change)));
    CalendarJson {
        plan: calendar.plan.id.clone(),
        title: calendar.plan.title.clone(),
        path: calendar.plan.path.clone(),
        from: calendar.days.first.to_string(),
        until: calendar.days.last.to_string(),
        checks: calendar.checks,
        at_first: calendar.at_first.iter().map(|finding| finding_json(calendar, finding)).collect(),
        changes: changes.map(|(day, change)| change_json(calendar, day.to_string(), change)).collect(),
        dates: calendar
            .dates
            .iter()
            .map(|dated| DatedJson {
                day: dated.day.to_string(),
                subject: dated.subject.clone(),
                title: dated.title.clone(),
                what: dated.what.clone(),
                location: location(&calendar.sources, dated.place),
            })
            .collect(),
    }
}

fn change_json(calendar: &Calendar, day: String, change: &Change) -> ChangeJson {
    let state = |state: State| StateJson { verdict: state.verdict.word(), severity: state.severity.word() };
    let because = |turn: &Turn| BecauseJson {
        cause: cause(turn.cause),
        says: turn.says.clone(),
        location: turn.place.map(|place| location(&calendar.sources, place)),
    };
    ChangeJson {
        day,
        before: change.before.map(state),
        after: change.after.map(state),
        finding: finding_json(calendar, &change.finding),
        because: change.because.iter().map(because).collect(),
    }
}

fn finding_json(calendar: &Calendar, finding: &Finding) -> FindingJson {
    FindingJson {
        id: finding.id.clone(),
        rule: finding.problem.rule.clone(),
        subject: finding.subject.clone(),
        verdict: finding.verdict.word(),
        severity: finding.problem.severity.word(),
        message: finding.problem.message.clone(),
        location: location(&calendar.sources, finding.problem.span),
    }
}

/// The word of the contract for a cause.
fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::RuleInForce => "rule-in-force",
        Cause::EditionInForce => "edition-in-force",
        Cause::WaiverBegins => "waiver-begins",
        Cause::WaiverEnded => "waiver-ended",
        Cause::Assessed => "assessment-known",
        Cause::EvidenceKnown => "evidence-known",
        Cause::PeriodOver => "period-over",
        Cause::Register => "register",
        Cause::Asked => "asked",
    }
}
