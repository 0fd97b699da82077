//! An explanation for programs, in the form of `docs/schema/why.schema.json`.

use std::io::{self, Write};

use remit_core::problem::Verdict;
use remit_core::rules::trace::{Found, Sort, Step};
use remit_core::why::{Absent, Change, Condition, Part};
use serde::Serialize;

use crate::render::json::{self, CONTRACT, FindingJson, LocationJson, finding_json};
use crate::why::Told;

#[derive(Serialize)]
struct Document<'w> {
    remit: u32,
    as_of: String,
    plan: &'w str,
    rule: &'w str,
    form: Option<&'w str>,
    subject: &'w str,
    verdict: &'static str,
    location: LocationJson,
    finding: Option<FindingJson>,
    asked: Vec<PartJson<'w>>,
    conditions: Vec<ConditionJson<'w>>,
    absent: Vec<AbsentJson<'w>>,
    changes: Vec<ChangeJson<'w>>,
    estimates: Option<EstimatesJson>,
    opens: Option<OpensJson>,
    waivers: Vec<WaiverJson<'w>>,
}

#[derive(Serialize)]
struct PartJson<'w> {
    key: &'static str,
    further: bool,
    words: &'w str,
    step: StepJson<'w>,
}

#[derive(Serialize)]
struct StepJson<'w> {
    words: &'w str,
    sort: &'static str,
    holds: Option<&'static str>,
    value: Option<&'w str>,
    of: Option<&'w str>,
    figure: Option<FigureJson<'w>>,
    missing: &'w [String],
    parts: Vec<StepJson<'w>>,
}

#[derive(Serialize)]
struct FigureJson<'w> {
    name: &'w str,
    value: Option<&'w str>,
    location: Option<LocationJson>,
}

#[derive(Serialize)]
struct ConditionJson<'w> {
    asked: &'w str,
    found: &'w str,
    holds: Option<bool>,
    passes: Option<&'w str>,
    locations: Vec<LocationJson>,
}

#[derive(Serialize)]
struct AbsentJson<'w> {
    what: &'w str,
    location: Option<LocationJson>,
}

#[derive(Serialize)]
struct ChangeJson<'w> {
    name: &'w str,
    from: &'w str,
    to: &'w str,
    bound: &'static str,
    by: Option<&'w str>,
    text: String,
    location: Option<LocationJson>,
}

#[derive(Serialize)]
struct EstimatesJson {
    low: Option<&'static str>,
    central: Option<&'static str>,
    high: Option<&'static str>,
}

#[derive(Serialize)]
struct OpensJson {
    on: Option<String>,
}

#[derive(Serialize)]
struct WaiverJson<'w> {
    state: &'static str,
    why: Option<&'w str>,
    until: Option<String>,
    approved: Option<String>,
    approved_by: Option<&'w str>,
    because: Option<&'w str>,
    location: LocationJson,
}

impl Told<'_> {
    fn location(&self, span: remit_core::source::Span) -> LocationJson {
        json::location(self.sources, span)
    }

    fn part<'w>(&self, part: &'w Part) -> PartJson<'w> {
        PartJson { key: part.key, further: part.is_further, words: &part.words, step: self.step(&part.words, &part.step) }
    }

    fn step<'w>(&self, words: &'w str, step: &'w Step) -> StepJson<'w> {
        let (holds, value) = match &step.found {
            Found::Holds => (Some("true"), None),
            Found::Fails => (Some("false"), None),
            Found::AtRisk => (Some("at-risk"), None),
            Found::Unknown => (Some("unknown"), None),
            Found::Value(shown) => (None, Some(shown.as_str())),
        };
        let sort = match step.sort {
            Sort::Joins => "joins",
            Sort::Ranges => "ranges",
            Sort::Compares(_) => "compares",
            Sort::Gives(_) => "given",
            Sort::Among => "among",
            Sort::Written => "written",
            Sort::Reads => "reads",
            Sort::Other => "other",
        };
        StepJson {
            words: words.get(step.range.clone()).unwrap_or(""),
            sort,
            holds,
            value,
            of: step.about.as_ref().map(|about| about.shown.as_str()),
            figure: step.figure.as_ref().map(|figure| FigureJson {
                name: &figure.name,
                value: figure.shown.as_deref(),
                location: figure.place.map(|place| self.location(place)),
            }),
            missing: &step.missing,
            parts: step.parts.iter().map(|part| self.step(words, part)).collect(),
        }
    }

    fn condition<'w>(&self, condition: &'w Condition) -> ConditionJson<'w> {
        ConditionJson {
            asked: &condition.asked,
            found: &condition.found,
            holds: condition.holds,
            passes: condition.passes.as_deref(),
            locations: condition.places.iter().map(|(place, _)| self.location(*place)).collect(),
        }
    }

    fn absent<'w>(&self, absent: &'w Absent) -> AbsentJson<'w> {
        AbsentJson { what: &absent.what, location: absent.place.map(|place| self.location(place)) }
    }

    fn change<'w>(&self, change: &'w Change) -> ChangeJson<'w> {
        ChangeJson {
            name: &change.name,
            from: &change.from,
            to: &change.to,
            bound: change.bound.word(),
            by: change.by.as_deref(),
            text: change.told(),
            location: change.place.map(|place| self.location(place)),
        }
    }
}

pub(super) fn write(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let why = &told.why;
    let waivers = why.waivers.iter().map(|entry| WaiverJson {
        state: entry.held.word(),
        why: entry.why.as_deref(),
        until: entry.until.map(|day| day.to_string()),
        approved: entry.approved.map(|day| day.to_string()),
        approved_by: entry.approved_by.as_deref(),
        because: entry.because.as_deref(),
        location: told.location(entry.span),
    });
    let document = Document {
        remit: CONTRACT,
        as_of: told.as_of.to_string(),
        plan: &told.plan,
        rule: &why.rule,
        form: why.form,
        subject: &why.subject,
        verdict: why.verdict.map_or("not-asked", Verdict::word),
        location: told.location(why.place),
        finding: why.finding.as_ref().map(|finding| finding_json(told.sources, finding)),
        asked: why.asked.iter().map(|part| told.part(part)).collect(),
        conditions: why.conditions.iter().map(|condition| told.condition(condition)).collect(),
        absent: why.absent.iter().map(|absent| told.absent(absent)).collect(),
        changes: why.changes.iter().map(|change| told.change(change)).collect(),
        estimates: why.estimates.map(|[low, central, high]| EstimatesJson {
            low: low.map(Verdict::word),
            central: central.map(Verdict::word),
            high: high.map(Verdict::word),
        }),
        opens: why.opens.map(|day| OpensJson { on: day.map(|day| day.to_string()) }),
        waivers: waivers.collect(),
    };
    json::write(out, &document)
}
