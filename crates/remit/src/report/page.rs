//! What a page says of one plan, as plain data for its template; every sentence is one that the other commands say too.

use remit_core::check::{Opened, PlanText};
use remit_core::outlook::calendar::{Calendar, calendar, days_of};
use remit_core::outlook::outcomes::{Outcomes, outcomes};
use remit_core::overview::{Aim, Function, Overview, Part, Scope, Table, What, overview};
use remit_core::packs::Packs;
use remit_core::problem::{Finding, Severity, Verdict};
use remit_core::ready::{Ladder, Step, ladder};
use remit_core::rules::Form;
use remit_core::source::{Sources, Span};
use remit_core::time::in_words;
use serde::Serialize;

use crate::calendar as days;
use crate::one::file_and_line;
use crate::outcomes as funding;
use crate::ready::words;
use crate::render::Tally;
use crate::render::text::{capital, clean, counted, fixed, listed, sentence, standing, waived, words as quoted};
use crate::report::charts::{Chart, Line, Waterfall, bars, chart, waterfall};
use crate::waivers;

/// How many bodies with the same part in a function are named at once; whoever wants to know opens the rest.
const MOST_NAMES: usize = 4;

/// What a page is made of.
pub(super) struct Told<'t> {
    pub(super) opened: &'t Opened,
    pub(super) texts: &'t [PlanText],
    pub(super) packs: &'t Packs,
    pub(super) tally: &'t Tally,
    pub(super) path: &'t str,
    /// The page of all plans, where there is one.
    pub(super) index: Option<&'t str>,
}

/// A page.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) title: String,
    pub(super) plan: String,
    pub(super) body: String,
    pub(super) as_of: String,
    as_of_words: String,
    submitted: Option<String>,
    index: Option<String>,
    packs: Vec<String>,
    pub(super) verdict: String,
    effort: String,
    glance: Vec<Glance>,
    tiers: Vec<String>,
    functions: Vec<FunctionRow>,
    pub(super) ladder: Vec<LadderRow>,
    pub(super) next: String,
    calendar: Option<CalendarPart>,
    tables: Vec<TablePart>,
    further: Vec<AimPart>,
    pub(super) findings: Vec<FindingPart>,
    pub(super) counts: Vec<(String, usize)>,
    waivers: Vec<WaiverPart>,
    outcomes: OutcomesPart,
}

/// One line of what matters most, with the part of the page that tells more.
#[derive(Debug, Serialize)]
struct Glance {
    label: &'static str,
    text: String,
    leads_to: &'static str,
}

#[derive(Debug, Serialize)]
struct FunctionRow {
    title: String,
    scope: &'static str,
    scope_text: String,
    cells: Vec<Vec<PartText>>,
}

#[derive(Debug, Serialize)]
struct PartText {
    what: &'static str,
    mark: &'static str,
    names: Vec<NameText>,
    /// How many of the names are shown at once.
    shown: usize,
}

#[derive(Debug, Serialize)]
struct NameText {
    name: String,
    note: String,
}

/// A step of the ladder.
#[derive(Debug, Serialize)]
pub(super) struct LadderRow {
    pub(super) function: String,
    pub(super) title: String,
    pub(super) own: bool,
    pub(super) word: &'static str,
    pub(super) class: &'static str,
    pub(super) mark: &'static str,
    pub(super) is_held: bool,
    body: String,
    state: String,
    held: String,
    for_places: Option<String>,
    supported: Option<String>,
    needs: String,
    rests: Option<String>,
    missing: Vec<String>,
    passages: Vec<String>,
    opens: String,
    source: String,
    bars: Option<Line>,
}

#[derive(Debug, Serialize)]
struct CalendarPart {
    opening: String,
    ending: String,
    turns: Vec<TurnPart>,
}

#[derive(Debug, Serialize)]
struct TurnPart {
    day: String,
    words: String,
    past: bool,
    changes: Vec<ChangePart>,
}

#[derive(Debug, Serialize)]
struct ChangePart {
    before: &'static str,
    after: &'static str,
    subject: String,
    message: String,
    rule: String,
    reasons: Vec<String>,
}

#[derive(Debug, Serialize)]
struct TablePart {
    title: String,
    body: Option<String>,
    unit: String,
    place: String,
    source: Option<String>,
    periods: Vec<String>,
    rows: Vec<RowPart>,
    bridge: Option<BridgePart>,
    aims: Vec<AimPart>,
    chart: Option<Chart>,
    rates: Option<Chart>,
}

#[derive(Debug, Serialize)]
struct RowPart {
    name: String,
    cells: Vec<Option<String>>,
}

#[derive(Debug, Serialize)]
struct BridgePart {
    text: String,
    off: Option<String>,
    drawn: Waterfall,
}

#[derive(Debug, Serialize)]
struct AimPart {
    title: String,
    text: String,
    /// `met`, `off` where the table says something else, or empty where nobody can tell.
    class: &'static str,
}

/// A finding.
#[derive(Debug, Serialize)]
pub(super) struct FindingPart {
    pub(super) word: &'static str,
    pub(super) class: &'static str,
    pub(super) message: String,
    pub(super) subject: String,
    pub(super) rule: String,
    pub(super) place: String,
    rule_title: String,
    quote: String,
    label: String,
    places: Vec<PlaceText>,
    help: Option<String>,
    fixes: Vec<String>,
    slack: Option<String>,
    source: Option<String>,
    tightens: Option<String>,
    waiver: Option<String>,
}

#[derive(Debug, Serialize)]
struct PlaceText {
    place: String,
    quote: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct WaiverPart {
    word: &'static str,
    subject: String,
    parts: Vec<(&'static str, String)>,
    place: String,
}

#[derive(Debug, Serialize)]
struct OutcomesPart {
    streams: Vec<(String, String)>,
    needs: Vec<String>,
    sometimes: Vec<SometimesPart>,
    always: String,
    never: Vec<String>,
    undecided: Vec<String>,
}

#[derive(Debug, Serialize)]
struct SometimesPart {
    word: &'static str,
    message: String,
    rule: String,
    when: String,
    place: String,
}

/// Tells a plan.
pub(super) fn page(told: &Told<'_>) -> Page {
    let Opened { analysis, .. } = told.opened;
    let sources = &analysis.sources;
    let overview = overview(told.opened, told.packs);
    let ladder = ladder(told.opened, told.packs);
    let calendar =
        days_of(told.path, told.texts, told.packs, analysis.as_of).and_then(|days| calendar(told.path, told.texts, told.packs, days));
    let outcomes = outcomes(told.path, told.texts, told.packs, analysis.as_of);
    let findings = in_order(&analysis.findings, told.packs);
    let plan = &analysis.plan;
    let body = overview.body.as_ref().map_or_else(|| plan.id.clone(), |body| body.name.clone());
    Page {
        title: clean(plan.title.as_deref().unwrap_or(&plan.id)).into_owned(),
        plan: clean(&plan.id).into_owned(),
        body: clean(&body).into_owned(),
        as_of: analysis.as_of.to_string(),
        as_of_words: in_words(analysis.as_of),
        submitted: plan.submitted.map(|day| day.to_string()),
        index: told.index.map(str::to_owned),
        packs: packs(told.tally),
        verdict: sentence(&found(told.tally)),
        effort: sentence(&told.tally.effort()),
        glance: glance(&findings, &overview, &ladder, calendar.as_ref(), &outcomes),
        tiers: overview.tiers.iter().map(|tier| capital(&tier.replace('-', " "))).collect(),
        functions: overview.functions.iter().map(function).collect(),
        ladder: ladder.steps.iter().map(|step| rung(&ladder, step)).collect(),
        next: sentence(&words::next(&ladder)),
        calendar: calendar.as_ref().map(|calendar| calendar_part(calendar, analysis.as_of)),
        tables: overview.tables.iter().map(|table| table_part(sources, table)).collect(),
        further: overview.further.iter().map(aim).collect(),
        counts: counts(&findings),
        findings: findings.iter().map(|finding| finding_part(sources, told.packs, finding)).collect(),
        waivers: waivers_part(sources, analysis),
        outcomes: outcomes_part(&outcomes),
    }
}

fn packs(tally: &Tally) -> Vec<String> {
    let pack = |(pack, edition): &(remit_core::packs::PackInfo, String)| {
        let edition = if edition.is_empty() { String::new() } else { format!(", edition {edition}") };
        clean(&format!("{} {}{edition}", pack.name, pack.version)).into_owned()
    };
    tally.packs.iter().map(pack).collect()
}

/// What was found, in numbers.
fn found(tally: &Tally) -> String {
    let found = [
        (tally.errors, "error", "errors"),
        (tally.warnings, "warning", "warnings"),
        (tally.notes, "note", "notes"),
        (tally.undetermined, "undetermined", "undetermined"),
        (tally.waived, "waived", "waived"),
        (tally.consulted, "in consultation", "in consultation"),
    ];
    let found: Vec<String> =
        found.into_iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| counted(count, one, many)).collect();
    if found.is_empty() { "nothing to put right".to_owned() } else { listed(&found) }
}

/// The findings, what matters most first: what fails before what cannot be told and what is waived; of what is as bad, what a function's holder may
/// not do before what is missing; else as they stand in the plan.
fn in_order<'f>(findings: &'f [Finding], packs: &Packs) -> Vec<&'f Finding> {
    let of_form = |finding: &Finding| {
        let rule = packs.rules.iter().find(|rule| *rule.id == *finding.problem.rule);
        match rule.map(|rule| &rule.form) {
            None => 0,
            Some(Form::Reserve(_)) => 1,
            Some(Form::Gate(_)) => 2,
            Some(Form::Cover(_)) => 3,
            Some(Form::Each(_) | Form::Over(_)) => 4,
        }
    };
    let of_verdict = |finding: &Finding| match finding.verdict {
        Verdict::Waived => 2,
        _ if finding.is_consulted || finding.is_known => 3,
        Verdict::Undetermined => 1,
        _ => 0,
    };
    let mut order: Vec<&Finding> = findings.iter().collect();
    order.sort_by_key(|finding| {
        let verdict = of_verdict(finding);
        let severity = std::cmp::Reverse(finding.problem.severity);
        // What cannot be told comes after the failures of its own level.
        (verdict >= 2, severity, verdict, of_form(finding))
    });
    order
}

/// How many findings there are of each sort, by the word for it.
fn counts(findings: &[&Finding]) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    for finding in findings {
        let word = standing(finding);
        match counts.iter_mut().find(|(known, _)| known == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((word.to_owned(), 1)),
        }
    }
    counts
        .into_iter()
        .map(|(word, count)| {
            let many = matches!(word.as_str(), "error" | "warning" | "note") && count != 1;
            (if many { format!("{word}s") } else { word }, count)
        })
        .collect()
}

fn glance(findings: &[&Finding], overview: &Overview, ladder: &Ladder, calendar: Option<&Calendar>, outcomes: &Outcomes) -> Vec<Glance> {
    let mut glance = Vec::new();
    let mut say = |label, text: String, leads_to| glance.push(Glance { label, text: sentence(&text), leads_to });
    match findings.first() {
        Some(first) => say("What matters most", first.problem.message.clone(), "#findings"),
        None => say("What matters most", "nothing is to be put right".to_owned(), "#findings"),
    }
    let stays: Vec<String> = overview
        .functions
        .iter()
        .filter(|function| matches!(function.scope, Scope::Reserved { .. }))
        .map(|function| function.title.clone())
        .collect();
    if !stays.is_empty() {
        say("What stays where it is", listed(&stays), "#accountable");
    }
    if !ladder.steps.is_empty() {
        let held: Vec<String> = ladder
            .steps
            .iter()
            .filter(|step| step.is_held() && ladder.body.as_ref() == Some(&step.body))
            .map(|step| step.title.clone())
            .collect();
        let held = if held.is_empty() { String::new() } else { format!("held now: {}. ", listed(&held)) };
        say("What is let go", format!("{held}{}", sentence(&words::next(ladder))), "#ready");
    }
    let aims: Vec<&Aim> = overview.tables.iter().flat_map(|table| &table.aims).chain(&overview.further).collect();
    if !aims.is_empty() {
        let missed: Vec<String> = aims
            .iter()
            .filter_map(|aim| Some(format!("{}, by {}", aim.title, aim.at.as_ref()?.off.as_ref()?.rsplit_once(' ')?.0)))
            .collect();
        let text = if missed.is_empty() {
            format!(
                "the tables reach {}",
                if aims.len() == 1 {
                    "the one aim that the plan sets"
                } else {
                    "what the plan sets out to reach, where they can be compared"
                }
            )
        } else {
            format!("the tables say something else than the plan aims at: {}", listed(&missed))
        };
        say("What it aims at", text, "#figures");
    }
    if let Some(calendar) = calendar {
        let next = calendar.turns.iter().find(|turn| turn.day > overview.as_of);
        let text = next.map_or_else(
            || format!("nothing changes to {}", calendar.days.last),
            |turn| {
                let change = turn.changes.first();
                let first = change.map_or_else(String::new, |change| {
                    format!(
                        ": {} of {} goes from {} to {}",
                        rule_name(&change.finding.problem.rule),
                        change.finding.subject,
                        days::word(change.before),
                        days::word(change.after)
                    )
                });
                let more = if turn.changes.len() > 1 { format!(", and {} more", turn.changes.len() - 1) } else { String::new() };
                format!("on {}{first}{more}", in_words(turn.day))
            },
        );
        say("What changes next", text, "#calendar");
    }
    if !outcomes.streams.is_empty() {
        let needs: Vec<String> = outcomes.groups.iter().map(|group| funding::need(outcomes, &group.needs)).collect();
        let depends = if needs.is_empty() { "no finding depends on whether it arrives".to_owned() } else { needs.join("; ") };
        let waits: Vec<String> = outcomes.streams.iter().map(|stream| format!("\"{}\"", stream.name)).collect();
        say("What depends on money that may not come", format!("money waits for {}: {depends}", listed(&waits)), "#funding");
    }
    glance
}

/// A rule without its pack.
fn rule_name(rule: &str) -> &str {
    rule.split_once('/').map_or(rule, |(_, name)| name)
}

fn function(function: &Function) -> FunctionRow {
    let (scope, scope_text) = match &function.scope {
        Scope::Reserved { tier, holders, .. } => {
            let holders = if holders.is_empty() { String::new() } else { format!(", with {}", listed(holders)) };
            ("reserved", format!("stays at the {tier}{holders}"))
        }
        Scope::Devolvable { tier, .. } => ("devolvable", format!("may go to a {tier} that is ready")),
        Scope::Open => ("open", String::new()),
    };
    FunctionRow {
        title: clean(&capital(&function.title)).into_owned(),
        scope,
        scope_text: clean(&scope_text).into_owned(),
        cells: function.cells.iter().map(|cell| parts(cell)).collect(),
    }
}

/// Who takes part in a function at one tier: those with the same part together.
fn parts(parts: &[Part]) -> Vec<PartText> {
    let mut told: Vec<PartText> = Vec::new();
    for part in parts {
        let (what, mark) = match part.what {
            What::Accountable => ("accountable", "A"),
            What::Next => ("accountable later", "A"),
            What::Coordinates => ("coordinates", "Co"),
            What::Responsible => ("responsible", "R"),
            What::Consulted => ("consulted", "C"),
            What::Informed => ("informed", "I"),
        };
        let notes = [
            part.place.as_ref().map(|place| format!("for {}", place.name)),
            part.from.map(|from| format!("from {from}")),
            part.until.map(|until| format!("to {until}")),
        ];
        let notes: Vec<String> = notes.into_iter().flatten().collect();
        let name = NameText { name: clean(&part.body.name).into_owned(), note: clean(&notes.join(" ")).into_owned() };
        match told.iter_mut().find(|known| known.what == what) {
            Some(known) => known.names.push(name),
            None => told.push(PartText { what, mark, names: vec![name], shown: 0 }),
        }
    }
    for part in &mut told {
        let count = part.names.len();
        part.shown = if count <= MOST_NAMES || part.mark == "A" { count } else { MOST_NAMES - 1 };
    }
    told
}

fn rung(ladder: &Ladder, step: &Step) -> LadderRow {
    LadderRow {
        function: step.function.clone(),
        title: clean(&capital(&step.title)).into_owned(),
        own: ladder.body.as_ref() == Some(&step.body),
        word: words::cell(step.state),
        class: step.state.word(),
        mark: words::mark(step.state),
        is_held: step.is_held(),
        body: clean(&step.body.name).into_owned(),
        state: sentence(&format!("the gate is {}", words::state(step))),
        held: sentence(&words::held(step)),
        for_places: words::for_places(step),
        supported: words::supported(step),
        needs: step.needs.clone(),
        rests: step.rests_on.as_ref().map(|rests| sentence(&words::rests(rests))),
        missing: words::missing(step).iter().map(|why| sentence(why)).collect(),
        passages: words::passages(step).iter().map(|passage| sentence(passage)).collect(),
        opens: sentence(&words::opens(step, ladder.as_of)),
        source: clean(&step.source.to_string()).into_owned(),
        bars: bars(step, ladder.as_of),
    }
}

fn calendar_part(calendar: &Calendar, as_of: remit_core::time::Date) -> CalendarPart {
    let change = |change: &remit_core::outlook::calendar::Change| ChangePart {
        before: days::word(change.before),
        after: days::word(change.after),
        subject: clean(&change.finding.subject).into_owned(),
        message: if change.after.is_some() { sentence(&change.finding.problem.message) } else { String::new() },
        rule: clean(&change.finding.problem.rule).into_owned(),
        reasons: days::reasons(calendar, change),
    };
    let turn = |turn: &remit_core::outlook::calendar::Turning| TurnPart {
        day: turn.day.to_string(),
        words: in_words(turn.day),
        past: turn.day <= as_of,
        changes: turn.changes.iter().map(change).collect(),
    };
    CalendarPart {
        opening: sentence(&days::opening(calendar)),
        ending: sentence(&days::ending(calendar)),
        turns: calendar.turns.iter().map(turn).collect(),
    }
}

fn table_part(sources: &Sources, table: &Table) -> TablePart {
    let bridge = table.bridge.as_ref().map(|bridge| {
        let steps: Vec<String> = bridge.steps.iter().map(|step| format!("{} {}", step.shown, step.row)).collect();
        let text = format!(
            "{} in post in {}, {} come to {}; the plan has {} in {}",
            bridge.first.1,
            bridge.first.0,
            steps.join(", "),
            bridge.comes_to,
            bridge.last.1,
            bridge.last.0
        );
        BridgePart { text: sentence(&text), off: bridge.off.clone(), drawn: waterfall(bridge) }
    });
    TablePart {
        title: clean(&table.title).into_owned(),
        body: table.body.as_ref().map(|body| clean(&body.name).into_owned()),
        unit: clean(&table.unit).into_owned(),
        place: file_and_line(sources, table.span),
        source: table.source.as_ref().map(|source| clean(source).into_owned()),
        periods: table.periods.clone(),
        rows: table
            .rows
            .iter()
            .map(|row| RowPart {
                name: clean(&row.name).into_owned(),
                cells: row.cells.iter().map(|cell| cell.as_ref().map(|figure| clean(&figure.shown).into_owned())).collect(),
            })
            .collect(),
        bridge,
        aims: table.aims.iter().map(aim).collect(),
        chart: chart(table, false),
        rates: chart(table, true),
    }
}

fn aim(aim: &Aim) -> AimPart {
    let by = if aim.by.is_empty() { String::new() } else { format!(" by {}", aim.by) };
    let measure = if aim.measure.is_empty() { String::new() } else { format!("{} ", aim.measure) };
    let (compared, class) = match &aim.at {
        None => (String::new(), ""),
        Some(at) => match &at.off {
            None => (format!("; the table reaches {}", at.planned), "met"),
            Some(off) => (format!("; the table has {}, {off} it", at.planned), "off"),
        },
    };
    AimPart { title: clean(&aim.title).into_owned(), text: sentence(&format!("{measure}{}{by}{compared}", aim.to)), class }
}

fn finding_part(sources: &Sources, packs: &Packs, finding: &Finding) -> FindingPart {
    let problem = &finding.problem;
    let rule = packs.rules.iter().find(|rule| *rule.id == *problem.rule);
    let word = standing(finding);
    let place =
        |span: Span| if span.start == span.end && sources.get(span.file).is_none() { String::new() } else { file_and_line(sources, span) };
    FindingPart {
        word,
        class: match (finding.verdict, problem.severity) {
            (Verdict::Fail, Severity::Error) => "error",
            (Verdict::Fail, Severity::Warning) => "warning",
            (Verdict::Fail, Severity::Note) => "note",
            _ => "other",
        },
        message: sentence(&problem.message),
        subject: clean(&finding.subject).into_owned(),
        rule: clean(&problem.rule).into_owned(),
        place: place(problem.span),
        rule_title: rule.map(|rule| clean(&rule.title).into_owned()).unwrap_or_default(),
        quote: quoted(sources, problem.span),
        label: sentence(&problem.label),
        places: problem
            .labels
            .iter()
            .map(|label| PlaceText { place: place(label.span), quote: quoted(sources, label.span), message: sentence(&label.message) })
            .collect(),
        help: problem.help.as_ref().map(|help| sentence(help)),
        fixes: problem.fixes.iter().map(|fix| sentence(&fixed(fix))).collect(),
        slack: finding.slack.as_ref().map(|slack| sentence(slack)),
        source: finding.source.as_ref().map(|source| clean(&source.to_string()).into_owned()),
        tightens: finding.tightens.as_ref().map(|tightened| clean(&format!("{}, from {}", tightened.rule, tightened.source)).into_owned()),
        waiver: (finding.verdict == Verdict::Waived).then(|| sentence(&waived(finding.waiver.as_ref()))),
    }
}

/// The findings of rules over many plans.
pub(super) fn together(rollups: &remit_core::rules::over::Rollups, packs: &Packs) -> Vec<FindingPart> {
    in_order(&rollups.findings, packs).into_iter().map(|finding| finding_part(&rollups.sources, packs, finding)).collect()
}

fn waivers_part(sources: &Sources, analysis: &remit_core::check::Analysis) -> Vec<WaiverPart> {
    let waiver = |(entry, word): (&remit_core::rules::waiver::Entry, &'static str)| WaiverPart {
        word,
        subject: waivers::subject(entry),
        parts: waivers::parts(entry),
        place: file_and_line(sources, entry.span),
    };
    waivers::in_order(analysis).into_iter().map(waiver).collect()
}

fn outcomes_part(found: &Outcomes) -> OutcomesPart {
    let places = |stream: &remit_core::model::streams::Stream| {
        let places: Vec<String> = stream.places.iter().map(|place| file_and_line(&found.sources, *place)).collect();
        (clean(&stream.name).into_owned(), listed(&places))
    };
    OutcomesPart {
        streams: found.streams.iter().map(places).collect(),
        needs: found.groups.iter().map(|group| sentence(&funding::need(found, &group.needs))).collect(),
        sometimes: found
            .sometimes
            .iter()
            .map(|one| SometimesPart {
                word: funding::word(&one.finding),
                message: sentence(&one.finding.problem.message),
                rule: clean(&one.finding.problem.rule).into_owned(),
                when: sentence(&funding::when(found, &one.when)),
                place: file_and_line(&found.sources, one.finding.problem.span),
            })
            .collect(),
        always: sentence(&funding::sum(&found.always)),
        never: found.never.iter().map(|finding| sentence(&finding.problem.message)).collect(),
        undecided: funding::undecided(found).iter().map(|one| sentence(one)).collect(),
    }
}
