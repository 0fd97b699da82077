//! What people read about a word: kinds, fields, terms, bodies, rules and levels, as Markdown.

use std::fmt::Write as _;

use crate::ide::View;
use crate::ide::cursor::{cells, of};
use crate::model::bodies::{Body, BodyId, Known};
use crate::problem::Citation;
use crate::rules::{Form, Reserve, Rule};
use crate::time::Date;
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{ClauseDef, FieldDef, Kind, ScaleId, TermId, UnitId, Vocabulary};

/// How long a rule's summary may grow before it is cut.
const LONGEST_SUMMARY: usize = 700;

impl<'v> View<'v> {
    /// A term, with the rules that bear on it where it is a function.
    pub(crate) fn about_term(self, term: TermId) -> String {
        let vocabulary = self.vocabulary();
        let Some(def) = vocabulary.term_def(term) else { return String::new() };
        let mut text = format!("**{}**", def.title);
        if !def.doc.is_empty() {
            let _ = write!(text, "\n\n{}", sentence(&def.doc));
        }
        if let Some(whole) = def.part_of.and_then(|whole| vocabulary.term_def(whole)) {
            let _ = write!(text, "\n\nPart of `{}`: {}.", whole.name, whole.title);
        }
        let parts: Vec<String> =
            vocabulary.terms(def.set).filter(|part| part.part_of == Some(term)).map(|part| format!("`{}`", part.name)).collect();
        if !parts.is_empty() {
            let _ = write!(text, "\n\nIts parts: {}.", parts.join(", "));
        }
        if let Some(tier) = def.tier.and_then(|tier| Some((vocabulary.scale("tier")?, tier))) {
            let _ = write!(text, "\n\nStands at the {}.", vocabulary.level_name(tier.0, tier.1));
        }
        for rule in self.rules_on(term) {
            let _ = write!(text, "\n\n---\n\n{}", self.about_rule(rule));
        }
        text
    }

    /// The rules whose form names a function.
    pub(crate) fn rules_on(self, term: TermId) -> impl Iterator<Item = &'v Rule> {
        self.rules().filter(move |rule| match &rule.form {
            Form::Reserve(reserve) => reserve.functions.contains(&term),
            Form::Gate(gate) => gate.functions.contains(&term),
            _ => false,
        })
    }

    /// The reserve that keeps a function at a tier.
    pub(crate) fn reserve_of(self, term: TermId) -> Option<(&'v Rule, &'v Reserve)> {
        self.rules().find_map(|rule| match &rule.form {
            Form::Reserve(reserve) if reserve.functions.contains(&term) => Some((rule, reserve)),
            _ => None,
        })
    }

    /// A rule: its title, the beginning of its page, what it needs, and where it comes from.
    pub(crate) fn about_rule(self, rule: &Rule) -> String {
        let mut text = format!("**{}**\n\n{}", rule.title, summary(&rule.page));
        let tier = |level| self.vocabulary().scale("tier").map_or("", |scale| self.vocabulary().level_name(scale, level)).to_owned();
        match &rule.form {
            Form::Reserve(reserve) => {
                let _ = write!(text, "\n\nStays with the {}", tier(reserve.to));
                let holders: Vec<String> =
                    reserve.holders.iter().map(|holder| format!("`{}`", self.plan().bodies.written(*holder))).collect();
                if !holders.is_empty() {
                    let _ = write!(text, ": {}", holders.join(" or "));
                }
                let below: Vec<String> = reserve
                    .below
                    .iter()
                    .filter_map(|effect| self.vocabulary().term_def(*effect))
                    .map(|effect| format!("`{}`", effect.name))
                    .collect();
                if !below.is_empty() {
                    let _ = write!(text, ". Lower bodies may {} it", below.join(", "));
                }
                text.push('.');
            }
            Form::Gate(gate) => {
                let _ = write!(
                    text,
                    "\n\nOpens at the {}, for a body assessed as `{}` or better by a body of the {} or above",
                    tier(gate.opens_at),
                    self.vocabulary().level_name(gate.needs.0, gate.needs.1),
                    tier(gate.assessed_by)
                );
                if let Some(within) = gate.within {
                    let _ = write!(text, ", on evidence no older than {within}");
                }
                text.push('.');
            }
            _ => {}
        }
        let _ = write!(text, "\n\n`{}` · {}", rule.short(), rule.severity.word());
        match rule.waivable_by {
            Some(by) => {
                let _ = write!(text, " · may be waived by the {}", tier(by));
            }
            None => text.push_str(" · never waived"),
        }
        let _ = write!(text, "\n\n*{}*", cited(&rule.source));
        text
    }

    /// What the register, or the plan, knows of a body on a day.
    pub(crate) fn about_body(self, id: BodyId, day: Date) -> String {
        let bodies = &self.plan().bodies;
        let Some(body) = bodies.get(id) else { return String::new() };
        let mut text = format!("**{}**", body.name);
        if body.name != body.code {
            let _ = write!(text, " `{}`", bodies.written(id));
        }
        let vocabulary = self.vocabulary();
        let tier = vocabulary.scale("tier").map_or("", |scale| vocabulary.level_name(scale, body.tier));
        match body.kind.and_then(|kind| vocabulary.term_def(kind)) {
            Some(kind) => {
                let _ = write!(text, "\n\n{} (tier: {tier}).", kind.title);
            }
            None => {
                let _ = write!(text, "\n\nTier: {tier}.");
            }
        }
        match body.parent_on(day) {
            Known::Evidence(parent) => {
                let _ = write!(text, "\n\nOn {day} in {}.", bodies.shown(parent));
            }
            Known::Presumed(parent) => {
                let _ = write!(text, "\n\nIn {}, as the register shows on other days; it has no evidence for {day}.", bodies.shown(parent));
            }
            Known::Nothing => {}
        }
        text.push_str(&self.lifetime(body, day));
        for succession in &body.successions {
            let _ = write!(text, "\n\nFrom {}, {} took over ({}).", succession.from, bodies.shown(succession.successor), succession.kind);
        }
        text.push_str(if body.declared.is_some() { "\n\n*Declared in this plan.*" } else { "\n\n*From the bodies register.*" });
        text
    }

    fn lifetime(self, body: &Body, day: Date) -> String {
        let mut text = match (body.opened, body.closed) {
            (Some(opened), Some(closed)) => format!("\n\nExisted from {opened} to {closed}."),
            (Some(opened), None) => format!("\n\nExists since {opened}."),
            (None, Some(closed)) => format!("\n\nExisted until {closed}."),
            (None, None) => String::new(),
        };
        if !body.existed_on(day) {
            let _ = write!(text, " **It did not exist on {day}.**");
        }
        text
    }

    /// A level, among the others of its scale.
    pub(crate) fn about_level(self, scale: ScaleId, level: u8) -> String {
        let vocabulary = self.vocabulary();
        let name = vocabulary.scale_def(scale).map_or("", |scale| &*scale.name);
        about_level(vocabulary, name, vocabulary.level_name(scale, level)).unwrap_or_default()
    }

    /// A unit.
    pub(crate) fn about_unit(self, unit: UnitId) -> String {
        let Some(def) = self.vocabulary().unit_def(unit) else { return String::new() };
        let also: Vec<String> = def.also.iter().map(|also| format!("`{also}`")).collect();
        let also = if also.is_empty() { String::new() } else { format!(" Also written {}.", also.join(", ")) };
        format!("**{}**: {}{also}", def.name, sentence(&def.doc))
    }
}

/// A kind, with the form of its statement.
pub(crate) fn about_kind(vocabulary: &Vocabulary, kind: &Kind) -> String {
    format!("{}\n\n{}", code(&kind_form(vocabulary, kind)), sentence(&kind.doc))
}

/// A field or a row, with its form.
pub(crate) fn about_field(vocabulary: &Vocabulary, kind: &Kind, def: &FieldDef) -> String {
    let mut text = format!("{}\n\n{}", code(&field_form(vocabulary, def)), sentence(&def.doc));
    if let Some(cell) = def.cells.first() {
        let _ = write!(text, "\n\nTakes {}.", vocabulary.describe(&cell.ty));
    }
    let _ = write!(text, " A {} of `{}`", if kind.row(&def.name).is_some() { "row" } else { "field" }, kind.name);
    text.push_str(if def.repeats { ", which may stand several times." } else { "." });
    for clause in &def.clauses {
        let _ = write!(text, "\n- `{}`: {}", clause.clause.word(), clause.doc);
    }
    text
}

/// A clause.
pub(crate) fn about_clause(vocabulary: &Vocabulary, def: &ClauseDef) -> String {
    let form = format!("{} {}", def.clause.word(), placeholder(vocabulary, &def.cell, def.clause.word()));
    format!("{}\n\n{}\n\nTakes {}.", code(&form), sentence(&def.doc), vocabulary.describe(&def.cell.ty))
}

/// A level of a scale by their names, among the others.
pub(crate) fn about_level(vocabulary: &Vocabulary, scale: &str, level: &str) -> Option<String> {
    let def = vocabulary.scale(scale).and_then(|scale| vocabulary.scale_def(scale))?;
    let at = def.levels.iter().position(|known| **known == *level)?;
    let shown = |(place, name): (usize, &std::sync::Arc<str>)| if place == at { format!("**{name}**") } else { name.to_string() };
    let levels: Vec<String> = def.levels.iter().enumerate().map(shown).collect();
    Some(format!("{}\n\n{}", levels.join(" → "), sentence(&def.doc)))
}

/// A text as one that ends with its stop.
pub(crate) fn sentence(text: &str) -> String {
    if text.is_empty() || text.ends_with(['.', '?', '!', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// Where something comes from, as people cite it.
pub(crate) fn cited(source: &Citation) -> String {
    let title = source.title.as_deref().unwrap_or(&source.document);
    source.paragraph.as_ref().map_or_else(|| title.to_owned(), |paragraph| format!("{title}, {paragraph}"))
}

/// A block of code.
pub(crate) fn code(text: &str) -> String {
    format!("```remit\n{text}\n```")
}

/// The paragraphs of a page before its first heading, as many as are read at a glance.
pub(crate) fn summary(page: &str) -> String {
    let before = page.split("\n## ").next().unwrap_or(page).trim();
    let mut text = String::new();
    for paragraph in before.split("\n\n") {
        if !text.is_empty() && text.len() + paragraph.len() > LONGEST_SUMMARY {
            break;
        }
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        text.push_str(&paragraph.replace('\n', " "));
    }
    text
}

/// How a statement of a kind is written: `responsibility FUNCTION { … }`.
pub(crate) fn kind_form(vocabulary: &Vocabulary, kind: &Kind) -> String {
    let mut form = kind.name.to_string();
    for cell in cells(kind) {
        let shown = placeholder(vocabulary, &CellType { ty: cell.ty.clone(), list: cell.list, optional: false, alias: None }, cell.name);
        let _ = if cell.name == "title" && kind.title == crate::vocabulary::Title::Optional {
            write!(form, " [{shown}]")
        } else {
            write!(form, " {shown}")
        };
    }
    for clause in &kind.clauses {
        let _ = write!(form, " {}", clause_form(vocabulary, clause));
    }
    if !kind.fields.is_empty() || !kind.rows.is_empty() {
        form.push_str(" { … }");
    }
    form
}

/// How a field is written: `accountable BODY, … [from DATE] [until DATE]`.
pub(crate) fn field_form(vocabulary: &Vocabulary, def: &FieldDef) -> String {
    let mut form = def.name.to_string();
    for cell in &def.cells {
        let shown = placeholder(vocabulary, cell, &def.name);
        let _ = if cell.optional { write!(form, " [{shown}]") } else { write!(form, " {shown}") };
    }
    for clause in &def.clauses {
        let _ = write!(form, " {}", clause_form(vocabulary, clause));
    }
    form
}

/// How a clause is written, in brackets where it may be left out.
pub(crate) fn clause_form(vocabulary: &Vocabulary, def: &ClauseDef) -> String {
    let form = format!("{} {}", def.clause.word(), placeholder(vocabulary, &def.cell, def.clause.word()));
    if def.required { form } else { format!("[{form}]") }
}

/// What stands for a value in a form: `DATE`, `BODY, …`.
pub(crate) fn placeholder(vocabulary: &Vocabulary, cell: &CellType, name: &str) -> String {
    let cell = of(cell, name, "");
    let word = match cell.ty {
        Type::Text | Type::Narrative => return "\"…\"".to_owned(),
        Type::YesNo => return "yes|no".to_owned(),
        Type::Years => return "YEAR to YEAR".to_owned(),
        Type::Days => return "DATE to DATE".to_owned(),
        Type::Term(set) => vocabulary.set_def(*set).map_or_else(|| "term".to_owned(), |set| set.name.to_string()),
        Type::Level(_) => "level".to_owned(),
        Type::Reference(kind) => vocabulary.kind_def(*kind).map_or_else(|| "name".to_owned(), |kind| kind.name.to_string()),
        Type::Unit(_) => "unit".to_owned(),
        Type::Name => "name".to_owned(),
        Type::Row => "row".to_owned(),
        Type::Number => "number".to_owned(),
        Type::Quantity => "number".to_owned(),
        Type::Rate => "rate".to_owned(),
        Type::Change => "change".to_owned(),
        Type::Amount => "number unit".to_owned(),
        Type::Money => "money".to_owned(),
        Type::Date => "date".to_owned(),
        Type::Year => "year".to_owned(),
        Type::Quarter => "quarter".to_owned(),
        Type::Month => "month".to_owned(),
        Type::Duration => "duration".to_owned(),
        Type::Body => "body".to_owned(),
        Type::Value => "value".to_owned(),
        Type::Rule => "rule".to_owned(),
        Type::Subject => "name".to_owned(),
        Type::Series(inner) => {
            let inner = placeholder(vocabulary, &CellType::one((**inner).clone()), name);
            return format!("{inner} {inner} …");
        }
    };
    let word = word.to_uppercase();
    if cell.list { format!("{word}, …") } else { word }
}
