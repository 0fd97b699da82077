//! A first plan for a body: what the register and the packs already know is written, and every gap says what belongs in it and which rule asks.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::model::bodies::{Bodies, Body, BodyId};
use crate::packs::edition::Edition;
use crate::packs::{PackInfo, Packs};
use crate::rules::{Form, Gate, Rule};
use crate::syntax::format::format;
use crate::time::{Date, FinancialYear};
use crate::vocabulary::{Kind, Term, TermId};

/// How many financial years a people plan looks ahead.
const YEARS: i16 = 5;

/// A first plan, ready to be written to a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Each file's name and text, laid out.
    pub files: Vec<(String, String)>,
    /// How many values are left to fill in.
    pub gaps: usize,
    /// How many organisations of the body are in it.
    pub organisations: usize,
}

/// Everything that the draft is made from.
struct Cx<'p> {
    packs: &'p Packs,
    bodies: Bodies,
    body: BodyId,
    day: Date,
    /// The framework that the plan names, with the place of its edition.
    framework: Option<(usize, &'p PackInfo, usize)>,
}

/// A first plan of a body of the register, as at a day, to the framework's edition then in force.
pub fn draft(packs: &Packs, body: BodyId, day: Date) -> Draft {
    let framework = packs.infos.iter().enumerate().find_map(|(at, info)| Some((at, info, info.edition_on(day)?)));
    let cx = Cx { packs, bodies: Bodies::new(packs.register.clone()), body, day, framework };
    let members = packs.register.members_on(body, day);
    let files = [
        ("plan.remit", plan(&cx)),
        ("organisations.remit", organisations(&cx, &members.iter().map(|(member, _)| *member).collect::<Vec<_>>())),
        ("responsibilities.remit", responsibilities(&cx)),
        ("workforce.remit", workforce(&cx)),
    ];
    let files: Vec<(String, String)> =
        files.into_iter().filter(|(_, text)| !text.is_empty()).map(|(name, text)| (name.to_owned(), format(&text))).collect();
    let gaps = files.iter().flat_map(|(_, text)| text.lines()).map(gaps_of).sum();
    Draft { files, gaps, organisations: members.len() }
}

/// How often a line says that something is not given yet.
fn gaps_of(line: &str) -> usize {
    let said = line.split(" #").next().unwrap_or(line);
    said.split_whitespace().filter(|word| *word == "-").count()
}

/// Whether a word stands in an expression.
fn says(text: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    text.split(|letter| !is_part(letter)).any(|said| said == word)
}

impl<'p> Cx<'p> {
    /// The rules that are asked of a plan to this edition.
    fn rules(&self) -> impl Iterator<Item = &'p Rule> {
        let framework = self.framework;
        self.packs.rules.iter().filter(move |rule| {
            let Some(standing) = rule.editions else { return true };
            framework.is_none_or(|(pack, _, edition)| pack != standing.pack || standing.holds(edition))
        })
    }

    fn edition(&self) -> Option<&'p Edition> {
        self.framework.and_then(|(_, info, edition)| info.editions.get(edition))
    }

    /// The rules for each of a kind that speak of a field, by their short names.
    fn asked_of(&self, kind: &str, field: &str) -> Vec<&'p str> {
        let kind = self.packs.vocabulary.kind(kind);
        // What follows `satisfies` or `over` is said of other statements.
        let own = |text: &'p str| [" satisfies ", " over "].iter().fold(text, |text, word| text.split(word).next().unwrap_or(text));
        let speaks = |rule: &Rule| rule.parts().iter().any(|part| says(own(self.packs.sources.words(*part)), field));
        let asks = |rule: &&Rule| matches!(&rule.form, Form::Each(each) if Some(each.kind) == kind) && speaks(rule);
        let mut asking: Vec<&str> = self.rules().filter(asks).map(Rule::short).collect();
        asking.dedup();
        asking
    }

    /// Whether a word stands in the `where` or `expect` of a rule.
    fn speaks_of(&self, rule: &Rule, word: &str) -> bool {
        rule.parts().iter().any(|part| says(self.packs.sources.words(*part), word))
    }

    /// The body above one of at least a tier, as at the day.
    fn above(&self, tier: u8) -> Option<BodyId> {
        let mut body = self.body;
        // No body stands under more than a few others.
        for _ in 0..8 {
            if self.bodies.tier(body) >= tier {
                return Some(body);
            }
            body = self.packs.register.get(body)?.parent_on(self.day).value()?;
        }
        None
    }

    fn tier(&self, name: &str) -> Option<u8> {
        self.packs.vocabulary.level(self.packs.vocabulary.scale("tier")?, name)
    }

    fn body(&self) -> Option<&'p Body> {
        self.packs.register.get(self.body)
    }

    fn terms(&self, set: &str) -> Vec<(TermId, &'p Term)> {
        let vocabulary = &self.packs.vocabulary;
        let Some(set) = vocabulary.set(set) else { return Vec::new() };
        vocabulary.terms(set).filter_map(|term| Some((vocabulary.term(set, &term.name)?, term))).collect()
    }
}

fn plan(cx: &Cx<'_>) -> String {
    let Some(body) = cx.body() else { return String::new() };
    let (code, name) = (cx.bodies.written(cx.body), quoted(&body.name));
    let mut text = format!(
        "# A first plan of {}, begun from the bodies register as at {}.\n\
         # A `-` stands for what is not given yet: write the value in its place. The words after a `#` say what belongs there, and which rules ask for it.\n\
         # `remit check` says what is still missing; `remit explain` and the name of a rule says why it is asked.\n\n\
         plan \"People plan of {name}\" for {code} {{\n",
        cx.bodies.shown(cx.body),
        cx.day,
    );
    let first = FinancialYear::of(cx.day);
    let ahead = |years: i16| FinancialYear(first.0.saturating_add(years));
    if let (Some((_, info, _)), Some(edition)) = (cx.framework, cx.edition()) {
        line(&mut text, &format!("framework {} {}", info.name, edition.name), &format!("in force on {}: {}", cx.day, edition.title));
    }
    line(
        &mut text,
        &format!("horizon {} to {}", ahead(1), ahead(YEARS)),
        &why("financial years, the last one included", &cx.asked_of("plan", "horizon")),
    );
    line(&mut text, &format!("baseline {first}"), "the year that the plan starts from");
    gap(&mut text, cx, "plan", "submitted");
    let written = ["framework", "horizon", "baseline", "submitted"];
    for field in asked_fields(cx, "plan").into_iter().filter(|field| !written.contains(&&**field)) {
        gap(&mut text, cx, "plan", &field);
    }
    text.push_str("}\n");
    let region = body.parent_on(cx.day).value();
    if cx.tier("system") == Some(body.tier)
        && let Some(region) = region
    {
        let _ = write!(text, "\nsystem {code} in {}  # its name and dates are in the register\n", cx.bodies.written(region));
    }
    text
}

/// The fields of a kind, in the vocabulary's order, of which a rule speaks.
fn asked_fields(cx: &Cx<'_>, kind: &str) -> Vec<Arc<str>> {
    let fields = kind_of(cx, kind).map_or(&[][..], |kind| &kind.fields);
    fields.iter().filter(|field| !cx.asked_of(kind, &field.name).is_empty()).map(|field| field.name.clone()).collect()
}

fn kind_of<'p>(cx: &Cx<'p>, kind: &str) -> Option<&'p Kind> {
    cx.packs.vocabulary.kind(kind).and_then(|kind| cx.packs.vocabulary.kind_def(kind))
}

/// A field that is not given yet, with what belongs there and who asks.
fn gap(text: &mut String, cx: &Cx<'_>, kind: &str, field: &str) {
    let doc = kind_of(cx, kind).and_then(|kind| kind.field(field)).map_or("", |field| field.doc.as_str());
    line(text, &format!("{field} -"), &why(doc, &cx.asked_of(kind, field)));
}

fn line(text: &mut String, statement: &str, comment: &str) {
    let _ = writeln!(text, "{statement}  # {comment}");
}

/// What belongs somewhere, and which rules ask.
fn why(doc: &str, rules: &[&str]) -> String {
    if rules.is_empty() { doc.to_owned() } else { format!("{doc} (asked by {})", rules.join(", ")) }
}

fn organisations(cx: &Cx<'_>, members: &[BodyId]) -> String {
    if members.is_empty() {
        return String::new();
    }
    let fields = asked_fields(cx, "organisation");
    // What the register knows need not be written.
    let known = ["kind", "system", "from", "until", "status"];
    let fields: Vec<&Arc<str>> = fields.iter().filter(|field| !known.contains(&&***field)).collect();
    let mut text = format!("# Who is in the system on {}, as the register shows it: name, kind and dates need not be written.\n", cx.day);
    if !fields.is_empty() {
        text.push_str("# For each of them:\n");
    }
    for field in &fields {
        let doc = kind_of(cx, "organisation").and_then(|kind| kind.field(field)).map_or("", |field| field.doc.as_str());
        let _ = writeln!(text, "#   {field}: {}", why(doc, &cx.asked_of("organisation", field)));
    }
    let mut kinds: Vec<Option<TermId>> = Vec::new();
    let kind_of = |member: &BodyId| cx.packs.register.get(*member).and_then(|body| body.kind);
    for kind in members.iter().map(kind_of) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    for kind in kinds {
        let title = kind.and_then(|kind| cx.packs.vocabulary.term_def(kind)).map_or("Others", |term| term.title.as_str());
        let _ = write!(text, "\n# {title}\n");
        for body in members.iter().filter(|member| kind_of(member) == kind).filter_map(|member| cx.packs.register.get(*member)) {
            let block: Vec<String> = fields.iter().map(|field| format!("{field} -")).collect();
            let block = if block.is_empty() { String::new() } else { format!(" {{ {} }}", block.join("; ")) };
            let _ = writeln!(text, "organisation {}{block}  # {}", body.code, body.name);
        }
    }
    text
}

fn responsibilities(cx: &Cx<'_>) -> String {
    let mut text = String::from("# Who answers for each function: exactly one body on every day. `until` and `from` hand it over, as in\n");
    let region = cx.tier("region").and_then(|tier| cx.above(tier));
    let code = cx.bodies.written(cx.body);
    let above = region.map_or_else(|| "nhs-england".to_owned(), |region| cx.bodies.written(region));
    let handed = FinancialYear(FinancialYear::of(cx.day).0.saturating_add(2)).first_day();
    let ends = crate::time::day_before(handed).unwrap_or(handed);
    let _ = write!(text, "#   accountable {above} until {ends}\n#   accountable {code} from {handed}\n");
    let mut gated = String::new();
    let mut reserved = String::new();
    let mut others = String::new();
    for (id, term) in cx.terms("function") {
        let title = format!("{}{}", term.title, if term.doc.is_empty() { String::new() } else { format!(": {}", term.doc) });
        let mut said = format!("\nresponsibility {} {{  # {title}\n", term.name);
        if let Some((rule, holders)) = reserve_of(cx, id) {
            let holder = holders.first().map_or_else(|| "nation".to_owned(), |holder| cx.bodies.written(*holder));
            let rest: Vec<String> = holders.iter().skip(1).map(|holder| cx.bodies.written(*holder)).collect();
            let rest = if rest.is_empty() { String::new() } else { format!("; also {}", rest.join(", ")) };
            line(&mut said, &format!("accountable {holder}"), &format!("stays national ({}){rest}", rule.short()));
            said.push_str("}\n");
            reserved.push_str(&said);
        } else if let Some((rule, gate)) = gate_of(cx, id) {
            let holder = cx.above(gate.assessed_by).map_or_else(|| "-".to_owned(), |body| cx.bodies.written(body));
            let needs = cx.packs.vocabulary.level_name(gate.needs.0, gate.needs.1);
            line(&mut said, &format!("accountable {holder}"), &format!("until {code} is assessed as {needs} or above ({})", rule.short()));
            said.push_str("}\n");
            gated.push_str(&said);
        } else {
            line(&mut said, "accountable -", "the body that answers for it");
            said.push_str("}\n");
            others.push_str(&said);
        }
    }
    for (heading, part) in [
        (
            "What a system takes on when it is ready: each stays where it is until a dated assessment of the region, with evidence, opens it",
            gated,
        ),
        ("What stays national: record the system's own part as `consulted`, or as a commitment with `effect apply`", reserved),
        ("The other functions of the framework", others),
    ] {
        if !part.is_empty() {
            let _ = write!(text, "\n# {heading}\n{part}");
        }
    }
    text
}

fn reserve_of<'p>(cx: &Cx<'p>, function: TermId) -> Option<(&'p Rule, &'p [BodyId])> {
    cx.rules().find_map(|rule| match &rule.form {
        Form::Reserve(reserve) if reserve.functions.contains(&function) => Some((rule, reserve.holders.as_slice())),
        _ => None,
    })
}

fn gate_of<'p>(cx: &Cx<'p>, function: TermId) -> Option<(&'p Rule, &'p Gate)> {
    cx.rules().find_map(|rule| match &rule.form {
        Form::Gate(gate) if gate.functions.contains(&function) => Some((rule, gate)),
        _ => None,
    })
}

fn workforce(cx: &Cx<'_>) -> String {
    let first = FinancialYear::of(cx.day);
    let years: Vec<String> = (0..=YEARS).map(|ahead| FinancialYear(first.0.saturating_add(ahead)).to_string()).collect();
    let row_of = |row: &str| kind_of(cx, "workforce").and_then(|kind| kind.row(row)).map_or("", |row| row.doc.as_str());
    let mut text =
        String::from("# The workforce, year by year. Figures are whole-time equivalents; write 20_139, not 20,139. Each table:\n");
    let rows = ["establishment", "in-post", "joiners", "leavers"];
    for row in rows {
        let _ = writeln!(text, "#   {row}: {}", row_of(row));
    }
    for (id, term) in cx.terms("staff-group") {
        let is_asked = |rule: &&Rule| cx.speaks_of(rule, &term.name);
        let asking: BTreeSet<&str> = cx.rules().filter(is_asked).map(Rule::short).collect();
        let is_whole = term.part_of.is_none() && cx.terms("staff-group").iter().any(|(_, part)| part.part_of == Some(id));
        if asking.is_empty() && !is_whole {
            continue;
        }
        let asking: Vec<&str> = asking.into_iter().collect();
        let _ = write!(text, "\nworkforce {} {{  # {}\nunit wte\nyear {}\n", term.name, why(&term.title, &asking), years.join(" "));
        for row in rows {
            let _ = writeln!(text, "{row}{}", " -".repeat(years.len()));
        }
        text.push_str("}\n");
    }
    text
}

/// A name inside a text's quotes.
fn quoted(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"")
}
