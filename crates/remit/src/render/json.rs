//! For programs: the public contract `"remit": 1`, described by `docs/schema/check.schema.json`. Fields are added, never changed.

use std::cell::RefCell;
use std::io::{self, BufRead, Write};

use remit_core::problem::{Citation, Finding, Fix, Label, Severity, Tightened, WaiverUse};
use remit_core::rules::over::{Part, Rollup, Rollups};
use remit_core::source::{Position, Sources, Span};
use serde::Serialize;
use serde::ser::{Error, SerializeSeq};
use serde_json::Serializer;
use serde_json::ser::Formatter;
use serde_json::value::RawValue;

use crate::render::spool::Spool;
use crate::render::{Checked, Renderer, Tally};

/// The version of the contract.
pub(crate) const CONTRACT: u32 = 1;

/// The format `json`. Of a plan only its findings are kept, and they wait in their final words.
pub(crate) struct Json<W> {
    out: W,
    findings: Lined,
    together: Vec<RollupJson>,
}

impl<W: Write> Json<W> {
    /// Writes to `out`.
    pub(crate) fn new(out: W) -> Self {
        Self { out, findings: Lined(RefCell::new(Spool::new())), together: Vec::new() }
    }
}

impl<W: Write> Renderer for Json<W> {
    fn plan(&mut self, checked: &Checked<'_>) -> io::Result<()> {
        let analysis = checked.analysis;
        analysis.findings.iter().try_for_each(|finding| self.findings.add(&finding_json(&analysis.sources, finding)))
    }

    fn together(&mut self, rollups: &Rollups, _: Severity) -> io::Result<()> {
        rollups.findings.iter().try_for_each(|finding| self.findings.add(&finding_json(&rollups.sources, finding)))?;
        self.together.extend(rollups.judged.iter().map(|rollup| rollup_json(&rollups.sources, rollup)));
        Ok(())
    }

    fn finish(&mut self, tally: &Tally) -> io::Result<()> {
        let document = Document {
            remit: CONTRACT,
            as_of: tally.as_of().map(|date| date.to_string()),
            packs: tally
                .packs
                .iter()
                .map(|(pack, edition)| PackJson {
                    name: &pack.name,
                    edition: (!edition.is_empty()).then_some(edition.as_str()),
                    version: &pack.version,
                    digest: &pack.digest,
                    consultation: pack.is_consulted,
                })
                .collect(),
            plans: tally
                .plans
                .iter()
                .map(|(plan, as_of)| PlanJson { id: &plan.id, title: plan.title.as_deref(), path: &plan.path, as_of: as_of.to_string() })
                .collect(),
            findings: &self.findings,
            together: &self.together,
            rules: tally
                .rules
                .iter()
                .map(|count| RuleJson {
                    rule: &count.rule,
                    matched: count.matched,
                    passed: count.passed,
                    failed: count.failed,
                    undetermined: count.undetermined,
                    waived: count.waived,
                    not_in_edition: count.not_in_edition,
                })
                .collect(),
            summary: SummaryJson {
                errors: tally.errors,
                warnings: tally.warnings,
                notes: tally.notes,
                undetermined: tally.undetermined,
                waived: tally.waived,
                consultation: tally.consulted,
                known: tally.known,
                no_longer_found: tally.no_longer_found,
            },
        };
        write(&mut self.out, &document)
    }
}

/// Values that were written already, each on a line of its own.
struct Lined(RefCell<Spool>);

impl Lined {
    fn add(&mut self, value: &impl Serialize) -> io::Result<()> {
        let spool = self.0.get_mut();
        // As within a list of the document.
        value.serialize(&mut Serializer::with_formatter(&mut *spool, Lines { depth: 2, broken: false }))?;
        spool.write_all(b"\n")
    }
}

impl Serialize for Lined {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut spool = self.0.borrow_mut();
        let mut list = serializer.serialize_seq(None)?;
        for line in spool.again().map_err(S::Error::custom)?.lines() {
            let line = line.map_err(S::Error::custom)?;
            list.serialize_element(&RawValue::from_string(line).map_err(S::Error::custom)?)?;
        }
        list.end()
    }
}

/// Writes a document of a contract, and a last line's end.
pub(crate) fn write(out: &mut dyn Write, document: &impl Serialize) -> io::Result<()> {
    document.serialize(&mut Serializer::with_formatter(&mut *out, Lines { depth: 0, broken: false }))?;
    writeln!(out)?;
    out.flush()
}

/// Each finding, plan and rule on a line of its own, so that lines can be compared and searched.
struct Lines {
    depth: usize,
    /// Whether the list being written has its elements on lines of their own.
    broken: bool,
}

impl Lines {
    fn between<W: ?Sized + Write>(&self, out: &mut W, first: bool, broken: bool) -> io::Result<()> {
        match (broken, first) {
            (true, true) => write!(out, "\n{:1$}", "", self.depth * 2),
            (true, false) => write!(out, ",\n{:1$}", "", self.depth * 2),
            (false, true) => Ok(()),
            (false, false) => out.write_all(b", "),
        }
    }
}

impl Formatter for Lines {
    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        out.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.between(out, first, self.depth == 1)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth -= 1;
        out.write_all(if self.depth == 0 { b"\n}" } else { b"}" })
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth += 1;
        out.write_all(b"[")
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.broken |= self.depth == 2;
        self.between(out, first, self.depth == 2)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.depth -= 1;
        if self.depth == 1 && std::mem::take(&mut self.broken) {
            out.write_all(b"\n  ")?;
        }
        out.write_all(b"]")
    }
}

#[derive(Serialize)]
struct Document<'t> {
    remit: u32,
    as_of: Option<String>,
    packs: Vec<PackJson<'t>>,
    plans: Vec<PlanJson<'t>>,
    findings: &'t Lined,
    together: &'t [RollupJson],
    rules: Vec<RuleJson<'t>>,
    summary: SummaryJson,
}

#[derive(Serialize)]
struct PackJson<'t> {
    name: &'t str,
    edition: Option<&'t str>,
    version: &'t str,
    digest: &'t str,
    consultation: bool,
}

#[derive(Serialize)]
struct PlanJson<'t> {
    id: &'t str,
    title: Option<&'t str>,
    path: &'t str,
    as_of: String,
}

#[derive(Serialize)]
struct RuleJson<'t> {
    rule: &'t str,
    matched: u32,
    passed: u32,
    failed: u32,
    undetermined: u32,
    waived: u32,
    not_in_edition: u32,
}

#[derive(Serialize)]
struct SummaryJson {
    errors: usize,
    warnings: usize,
    notes: usize,
    undetermined: usize,
    waived: usize,
    consultation: usize,
    known: usize,
    no_longer_found: usize,
}

#[derive(Serialize)]
struct RollupJson {
    rule: String,
    body: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    verdict: &'static str,
    day: String,
    members: usize,
    absent: Vec<String>,
    found: Option<String>,
    expected: Option<String>,
    parts: Vec<PartJson>,
}

#[derive(Serialize)]
struct PartJson {
    system: String,
    name: String,
    plan: String,
    amounts: Vec<Option<String>>,
    missing: Vec<String>,
    figures: Vec<LabelJson>,
}

/// A finding in the contract's form.
#[derive(Serialize)]
pub(crate) struct FindingJson {
    id: String,
    rule: String,
    subject: String,
    severity: &'static str,
    verdict: &'static str,
    plan: String,
    message: String,
    label: Option<String>,
    help: Option<String>,
    source: Option<CitationJson>,
    location: LocationJson,
    labels: Vec<LabelJson>,
    rule_location: Option<LocationJson>,
    tightens: Option<TightensJson>,
    consultation: bool,
    known: bool,
    fixes: Vec<FixJson>,
    slack: Option<String>,
    waiver: Option<WaiverJson>,
}

/// Where a rule comes from.
#[derive(Serialize)]
pub(crate) struct CitationJson {
    document: String,
    title: Option<String>,
    paragraph: Option<String>,
}

/// A rule of a higher pack that a lower one tightens.
#[derive(Serialize)]
pub(crate) struct TightensJson {
    rule: String,
    source: CitationJson,
    location: LocationJson,
}

/// A place in a text.
#[derive(Serialize)]
pub(crate) struct LocationJson {
    file: String,
    start: PositionJson,
    end: PositionJson,
}

#[derive(Serialize)]
struct PositionJson {
    line: usize,
    column: usize,
    offset: usize,
}

#[derive(Serialize)]
struct LabelJson {
    message: String,
    location: LocationJson,
}

#[derive(Serialize)]
struct FixJson {
    title: String,
    edits: Vec<EditJson>,
}

#[derive(Serialize)]
struct EditJson {
    location: LocationJson,
    text: String,
}

#[derive(Serialize)]
struct WaiverJson {
    until: Option<String>,
    because: Option<String>,
    approved_by: Option<String>,
    location: LocationJson,
}

/// A finding in the contract's form.
pub(crate) fn finding_json(sources: &Sources, finding: &Finding) -> FindingJson {
    let problem = &finding.problem;
    FindingJson {
        id: finding.id.clone(),
        rule: problem.rule.clone(),
        subject: finding.subject.clone(),
        severity: problem.severity.word(),
        verdict: finding.verdict.word(),
        plan: finding.plan.clone(),
        message: problem.message.clone(),
        label: (!problem.label.is_empty()).then(|| problem.label.clone()),
        help: problem.help.clone(),
        source: finding.source.as_ref().map(citation),
        location: location(sources, problem.span),
        labels: problem.labels.iter().map(|label| label_json(sources, label)).collect(),
        rule_location: finding.rule_place.map(|place| location(sources, place)),
        tightens: finding.tightens.as_ref().map(|tightened| tightens(sources, tightened)),
        consultation: finding.is_consulted,
        known: finding.is_known,
        fixes: problem.fixes.iter().map(|fix| fix_json(sources, fix)).collect(),
        slack: finding.slack.clone(),
        waiver: finding.waiver.as_ref().map(|waiver| waiver_json(sources, waiver)),
    }
}

fn rollup_json(sources: &Sources, rollup: &Rollup) -> RollupJson {
    let part = |part: &Part| PartJson {
        system: part.system.clone(),
        name: part.name.clone(),
        plan: part.plan.clone(),
        amounts: part.amounts.clone(),
        missing: part.missing.clone(),
        figures: part.figures.iter().map(|label| label_json(sources, label)).collect(),
    };
    RollupJson {
        rule: rollup.rule.clone(),
        body: rollup.body.clone(),
        name: rollup.name.clone(),
        subject: rollup.subject.clone(),
        verdict: rollup.verdict.word(),
        day: rollup.day.to_string(),
        members: rollup.members,
        absent: rollup.absent.clone(),
        found: rollup.found.clone(),
        expected: rollup.expected.clone(),
        parts: rollup.parts.iter().map(part).collect(),
    }
}

fn label_json(sources: &Sources, label: &Label) -> LabelJson {
    LabelJson { message: label.message.clone(), location: location(sources, label.span) }
}

fn fix_json(sources: &Sources, fix: &Fix) -> FixJson {
    let edit = |edit: &remit_core::problem::Edit| EditJson { location: location(sources, edit.span), text: edit.text.clone() };
    FixJson { title: fix.title.clone(), edits: fix.edits.iter().map(edit).collect() }
}

fn waiver_json(sources: &Sources, waiver: &WaiverUse) -> WaiverJson {
    WaiverJson {
        until: waiver.until.clone(),
        because: waiver.because.clone(),
        approved_by: waiver.approved_by.clone(),
        location: location(sources, waiver.span),
    }
}

/// A citation in the contract's form.
pub(crate) fn citation(citation: &Citation) -> CitationJson {
    CitationJson { document: citation.document.clone(), title: citation.title.clone(), paragraph: citation.paragraph.clone() }
}

/// A tightened rule in the contract's form.
pub(crate) fn tightens(sources: &Sources, tightened: &Tightened) -> TightensJson {
    let place = location(sources, tightened.place);
    TightensJson { rule: tightened.rule.to_string(), source: citation(&tightened.source), location: place }
}

/// A place in the contract's form.
pub(crate) fn location(sources: &Sources, span: Span) -> LocationJson {
    let position = |byte: u32| {
        let at = sources.get(span.file).map_or(Position { line: 1, column: 1, offset: 0 }, |source| source.position(byte));
        PositionJson { line: at.line, column: at.column, offset: at.offset }
    };
    LocationJson { file: sources.path(span).to_owned(), start: position(span.start), end: position(span.end) }
}
