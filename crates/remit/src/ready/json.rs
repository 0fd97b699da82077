//! The ladder for programs, described by `docs/schema/ready.schema.json`. Fields are added, never changed.

use std::io::{self, Write};

use remit_core::ready::{Evidence, Holder, Lack, Next, Party, Pass, Rests, Step};
use remit_core::rules::gate::state::State;
use remit_core::source::Sources;
use remit_core::time::Date;
use serde::Serialize;

use crate::ready::Climbed;
use crate::render::json::{self, CONTRACT, CitationJson, LocationJson};

#[derive(Serialize)]
struct Document<'l> {
    remit: u32,
    ladders: Vec<LadderJson<'l>>,
}

#[derive(Serialize)]
struct LadderJson<'l> {
    id: &'l str,
    title: Option<&'l str>,
    path: &'l str,
    as_of: String,
    body: Option<PartyJson<'l>>,
    functions: Vec<StepJson<'l>>,
    next: Option<NextJson<'l>>,
}

#[derive(Serialize)]
struct PartyJson<'l> {
    code: &'l str,
    name: &'l str,
}

#[derive(Serialize)]
struct StepJson<'l> {
    function: &'l str,
    title: &'l str,
    body: PartyJson<'l>,
    holders: Vec<HolderJson<'l>>,
    now: Option<usize>,
    supported_by: Vec<PartyJson<'l>>,
    rule: &'l str,
    source: CitationJson,
    needs: &'l str,
    state: &'static str,
    since: Option<String>,
    last: Option<String>,
    rests_on: Option<RestsJson<'l>>,
    missing: Vec<LackJson<'l>>,
    opens: Option<String>,
    lasts: Option<String>,
    passages: Vec<PassJson<'l>>,
}

#[derive(Serialize)]
struct HolderJson<'l> {
    body: PartyJson<'l>,
    from: String,
    until: String,
    place: Option<PartyJson<'l>>,
    follows: Option<PartyJson<'l>>,
    location: LocationJson,
}

#[derive(Serialize)]
struct RestsJson<'l> {
    assessed: Option<String>,
    by: Option<PartyJson<'l>>,
    level: Option<&'l str>,
    conditions: &'l [String],
    evidence: Vec<EvidenceJson<'l>>,
    location: LocationJson,
}

#[derive(Serialize)]
struct EvidenceJson<'l> {
    name: &'l str,
    dated: String,
    last: Option<String>,
}

#[derive(Serialize)]
struct LackJson<'l> {
    what: &'static str,
    why: &'l str,
    locations: Vec<LocationJson>,
}

#[derive(Serialize)]
struct PassJson<'l> {
    from: String,
    state: &'static str,
    place: Option<PartyJson<'l>>,
    location: LocationJson,
}

#[derive(Serialize)]
struct NextJson<'l> {
    from: String,
    functions: &'l [String],
}

/// Writes the ladders.
pub(super) fn write(climbed: &[Climbed], out: &mut dyn Write) -> io::Result<()> {
    let ladders = climbed.iter().map(|Climbed { ladder, sources }| LadderJson {
        id: &ladder.plan.id,
        title: ladder.plan.title.as_deref(),
        path: &ladder.plan.path,
        as_of: ladder.as_of.to_string(),
        body: ladder.body.as_ref().map(party),
        functions: ladder.steps.iter().map(|step| step_json(sources, step)).collect(),
        next: ladder.next.as_ref().map(|Next { from, functions }| NextJson { from: from.to_string(), functions }),
    });
    json::write(out, &Document { remit: CONTRACT, ladders: ladders.collect() })
}

fn party(party: &Party) -> PartyJson<'_> {
    PartyJson { code: &party.code, name: &party.name }
}

fn day(day: Option<Date>) -> Option<String> {
    day.map(|day| day.to_string())
}

fn step_json<'l>(sources: &Sources, step: &'l Step) -> StepJson<'l> {
    let holder = |holder: &'l Holder| HolderJson {
        body: party(&holder.body),
        from: holder.days.first.to_string(),
        until: holder.days.last.to_string(),
        place: holder.place.as_ref().map(party),
        follows: holder.follows.as_ref().map(party),
        location: json::location(sources, holder.span),
    };
    let evidence = |piece: &'l Evidence| EvidenceJson { name: &piece.name, dated: piece.dated.to_string(), last: day(piece.last) };
    let rests = |rests: &'l Rests| RestsJson {
        assessed: day(rests.assessed),
        by: rests.by.as_ref().map(party),
        level: rests.level.as_deref(),
        conditions: &rests.conditions,
        evidence: rests.evidence.iter().map(evidence).collect(),
        location: json::location(sources, rests.span),
    };
    let lack = |lack: &'l Lack| LackJson {
        what: lack.sort.word(),
        why: &lack.why,
        locations: lack.places.iter().map(|place| json::location(sources, *place)).collect(),
    };
    let pass = |pass: &'l Pass| PassJson {
        from: pass.from.to_string(),
        state: pass.state.word(),
        place: pass.place.as_ref().map(party),
        location: json::location(sources, pass.span),
    };
    let (since, last) = match step.state {
        State::Reverted(since) => (Some(since), None),
        State::Lapsing(last) | State::Lapsed(last) => (None, Some(last)),
        _ => (None, None),
    };
    StepJson {
        function: &step.function,
        title: &step.title,
        body: party(&step.body),
        holders: step.holders.iter().map(holder).collect(),
        now: step.now,
        supported_by: step.supported_by.iter().map(party).collect(),
        rule: &step.rule,
        source: json::citation(&step.source),
        needs: &step.needs,
        state: step.state.word(),
        since: day(since),
        last: day(last),
        rests_on: step.rests_on.as_ref().map(rests),
        missing: step.missing.iter().map(lack).collect(),
        opens: day(step.opens),
        lasts: day(step.lasts),
        passages: step.passages.iter().map(pass).collect(),
    }
}
