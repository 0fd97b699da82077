//! Completion in a pack's YAML: keys by the tables that the loader reads by, and the vocabulary's words inside expressions and messages.

use std::ops::Range;

use crate::ide::pack::expression::{Name, WORDS};
use crate::ide::pack::{PackView, Spot, spot};
use crate::ide::words;
use crate::packs::forms::{Holds, Key};
use crate::rules::{cover, each, gate, over, reserve};
use crate::vocabulary::types::Type;
use crate::vocabulary::{FieldDef, Kind};

/// How many bodies are listed at once.
const MOST_BODIES: usize = 100;

/// One thing that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What people see, and what is written.
    pub label: String,
    /// What sort of thing it is.
    pub sort: Sort,
    /// What it is, in one line.
    pub detail: String,
    /// What there is to read about it, as Markdown.
    pub documentation: String,
    /// The bytes that are replaced.
    pub replace: Range<usize>,
    /// What stands there afterwards.
    pub text: String,
}

/// What sort of thing a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A key.
    Key,
    /// A word of a closed list.
    Word,
    /// A kind of statement.
    Kind,
    /// A field, a row, or what the compiler works out.
    Field,
    /// A term or a level.
    Term,
    /// A body.
    Body,
    /// A word of expressions.
    Keyword,
    /// The name of a document or a pack.
    Name,
}

/// What can be written at a byte.
pub fn complete(view: PackView<'_>, byte: usize) -> Vec<Completion> {
    let Some(spot) = spot(view.text, byte) else { return Vec::new() };
    let mut list = List { view, spot, items: Vec::new() };
    list.fill();
    list.items
}

struct List<'v> {
    view: PackView<'v>,
    spot: Spot<'v>,
    items: Vec<Completion>,
}

impl<'v> List<'v> {
    fn push(&mut self, sort: Sort, label: &str, detail: &str, documentation: String) {
        self.written(sort, label, detail, documentation, label.to_owned());
    }

    fn written(&mut self, sort: Sort, label: &str, detail: &str, documentation: String, text: String) {
        if self.items.iter().any(|item| item.label == label) {
            return;
        }
        let replace = self.spot.word.clone();
        self.items.push(Completion { label: label.to_owned(), sort, detail: detail.to_owned(), documentation, replace, text });
    }

    fn fill(&mut self) {
        if self.spot.is_key {
            self.keys();
            return;
        }
        let Some(last) = self.spot.keys.last().copied() else { return };
        let vocabulary = self.view.vocabulary();
        match last {
            _ if !self.view.is_rule() => self.by_key(),
            "where" | "expect" | "same" | "between" => self.expression(),
            "message" | "help" | "omission" | "title" | "write" => self.message(last),
            "each" | "of" | "among" => {
                for kind in vocabulary.kinds() {
                    self.push(Sort::Kind, &kind.name, &kind.doc, words::about_kind(vocabulary, kind));
                }
            }
            "cover" | "at" => {
                if let Some((_, kind)) = self.view.kind(&self.spot.clone()) {
                    self.fields(kind);
                }
            }
            "tightens" => self.rules(),
            "reserve" | "gate" => self.terms("function"),
            "below" => self.terms("effect"),
            "holder" => self.bodies(),
            "document" => {
                let documents: Vec<_> = self.view.packs.rules.iter().map(|rule| &rule.source).collect();
                for source in documents {
                    self.push(Sort::Name, &source.document, source.title.as_deref().unwrap_or(""), String::new());
                }
            }
            _ => self.by_key(),
        }
    }

    fn keys(&mut self) {
        let of: Vec<&str> = self.spot.keys.clone();
        let spot = self.spot.clone();
        for key in self.view.keys_at(&spot, &of) {
            if of.is_empty() && self.view.value_of(&spot, key.name).is_some() {
                continue;
            }
            let needed = if key.needed { "needed" } else { "" };
            self.written(Sort::Key, key.name, needed, words::sentence(key.doc), format!("{}: ", key.name));
        }
    }

    /// The words that a key may hold, by its table.
    fn by_key(&mut self) {
        let spot = self.spot.clone();
        let Some(Key { holds, doc, .. }) = self.view.key(&spot) else { return };
        match holds {
            Holds::Word(known) => known.iter().for_each(|word| self.push(Sort::Word, word, doc, String::new())),
            Holds::Flag => ["yes", "no"].iter().for_each(|word| self.push(Sort::Word, word, doc, String::new())),
            Holds::Level(scale) => {
                let vocabulary = self.view.vocabulary();
                let levels = vocabulary.scale(scale).and_then(|scale| vocabulary.scale_def(scale)).map(|scale| scale.levels.clone());
                for level in levels.unwrap_or_default() {
                    self.push(Sort::Term, &level, doc, words::about_level(vocabulary, scale, &level).unwrap_or_default());
                }
            }
            _ if spot.keys.last() == Some(&"extends") => {
                for info in &self.view.packs.infos {
                    self.push(Sort::Name, &info.name, &info.title, String::new());
                }
            }
            _ => {}
        }
    }

    /// The rules that may be tightened: those of other packs.
    fn rules(&mut self) {
        let packs = self.view.packs;
        let own = self.view.rule(&self.spot.clone()).and_then(|rule| rule.id.split_once('/').map(|(pack, _)| format!("{pack}/")));
        for rule in packs.rules.iter().filter(|rule| own.as_ref().is_none_or(|own| !rule.id.starts_with(own))) {
            let about = format!("{}\n\nFrom {}", words::summary(&rule.page), rule.source);
            self.push(Sort::Name, &rule.id, &rule.title, about);
        }
    }

    fn terms(&mut self, set: &str) {
        let vocabulary = self.view.vocabulary();
        let Some(id) = vocabulary.set(set) else { return };
        for term in vocabulary.terms(id) {
            self.push(Sort::Term, &term.name, &term.title, self.view.about_term(set, &term.name).unwrap_or_default());
        }
    }

    fn bodies(&mut self) {
        let typed = self.view.text.get(self.spot.word.clone()).unwrap_or("").to_lowercase();
        let register = &self.view.packs.register;
        let bodies = (0..register.len() as u32).filter_map(|at| register.get(crate::model::bodies::BodyId(at)));
        let fits = |body: &&crate::model::bodies::Body| {
            let above = body.alias.is_some() || body.code.contains(char::is_lowercase);
            if typed.is_empty() { above } else { body.code.to_lowercase().starts_with(&typed) || body.name.to_lowercase().contains(&typed) }
        };
        let found: Vec<_> = bodies.filter(fits).take(MOST_BODIES).collect();
        for body in found {
            let written = body.alias.as_ref().unwrap_or(&body.code);
            self.push(Sort::Body, written, &body.name, String::new());
        }
    }

    fn fields(&mut self, kind: &'v Kind) {
        let vocabulary = self.view.vocabulary();
        let fields = kind.fields.iter().chain(&kind.rows).chain(&kind.cells).chain(&kind.derived);
        for def in fields {
            self.push(Sort::Field, &def.name, &def.doc, words::about_field(vocabulary, kind, def));
        }
        if kind.named.is_some() {
            self.push(Sort::Field, &kind.alias, &kind.doc, String::new());
        }
        for clause in &kind.clauses {
            self.push(Sort::Field, &clause.alias, &clause.doc, words::about_clause(vocabulary, clause));
        }
    }

    fn expression(&mut self) {
        let spot = self.spot.clone();
        let vocabulary = self.view.vocabulary();
        // `funding.` and `plan.`: what stands behind the point.
        let word = self.view.text.get(spot.word.clone()).unwrap_or("");
        if let Some((first, _)) = word.split_once('.') {
            self.behind(first);
            return;
        }
        let before = spot.before.trim_end();
        let last = before.split_whitespace().last().unwrap_or("");
        // What a word is compared with says what it may be.
        if let Some(def) = compared(before).and_then(|name| self.view.name(&spot, name)) {
            self.compared_with(&def);
        }
        if matches!(last, "some" | "every" | "over" | "no") || before.ends_with("count of") {
            for kind in vocabulary.kinds().iter().filter(|kind| kind.written) {
                self.push(Sort::Kind, &kind.name, &kind.doc, words::about_kind(vocabulary, kind));
            }
        }
        if let Some((_, kind)) = self.view.scope(&spot) {
            self.fields(kind);
        }
        for (word, doc) in WORDS {
            self.push(Sort::Keyword, word, doc, String::new());
        }
        if let Some(plan) = vocabulary.kind("plan").and_then(|plan| vocabulary.kind_def(plan)) {
            for def in &plan.fields {
                self.push(Sort::Field, &format!("plan.{}", def.name), &def.doc, words::about_field(vocabulary, plan, def));
            }
        }
    }

    /// The clauses of a field, or the fields of the plan.
    fn behind(&mut self, first: &str) {
        let spot = self.spot.clone();
        let vocabulary = self.view.vocabulary();
        if let ("plan", Some(plan)) = (first, vocabulary.kind("plan").and_then(|plan| vocabulary.kind_def(plan))) {
            for def in &plan.fields {
                self.push(Sort::Field, &format!("plan.{}", def.name), &def.doc, words::about_field(vocabulary, plan, def));
            }
            return;
        }
        if let Some(Name::Field(_, _, def)) = self.view.name(&spot, first) {
            for clause in &def.clauses {
                self.push(Sort::Field, &format!("{first}.{}", clause.alias), &clause.doc, words::about_clause(vocabulary, clause));
            }
        }
    }

    /// The terms, levels, units or answers that a name may be compared with.
    fn compared_with(&mut self, name: &Name<'v>) {
        let vocabulary = self.view.vocabulary();
        let ty = match name {
            Name::Field(_, _, def) => field_type(def),
            Name::Alias(_, kind) => kind.named.as_ref().map(|named| &named.ty),
        };
        match ty {
            Some(Type::Term(set)) => {
                if let Some(set) = vocabulary.set_def(*set) {
                    self.terms(&set.name);
                }
            }
            Some(Type::Level(scale)) => {
                let Some(def) = vocabulary.scale_def(*scale) else { return };
                for level in &def.levels {
                    self.push(Sort::Term, level, &def.doc, words::about_level(vocabulary, &def.name, level).unwrap_or_default());
                }
            }
            Some(Type::Unit(of)) => {
                let units: Vec<_> = vocabulary.units().iter().filter(|unit| unit.of == *of).collect();
                units.into_iter().for_each(|unit| self.push(Sort::Term, &unit.name, &unit.doc, String::new()));
            }
            Some(Type::YesNo) => ["yes", "no"].iter().for_each(|word| self.push(Sort::Word, word, "", String::new())),
            Some(Type::Body) => self.bodies(),
            _ => {}
        }
    }

    /// What stands between `{` and `}` in a message.
    fn message(&mut self, key: &str) {
        let spot = self.spot.clone();
        let open = spot.before.rfind('{').is_some_and(|open| !spot.before.get(open..).unwrap_or("").contains('}'));
        if !open {
            return;
        }
        let view = self.view;
        let form = |name: &str| view.value_of(&spot, name).is_some();
        let names: &[&str] = match () {
            () if form("reserve") => &reserve::NAMES,
            () if form("gate") => &gate::NAMES,
            () if form("cover") => &cover::NAMES,
            () if form("among") => &over::NAMES_AMONG,
            () if form("over") => &over::NAMES,
            () if key == "omission" => &["count", "system", "day"],
            () => &each::NAMES,
        };
        for name in names {
            self.push(Sort::Keyword, name, "filled in for each finding", String::new());
        }
        if let Some((_, kind)) = view.kind(&spot).filter(|_| form("each") && key != "omission") {
            self.fields(kind);
        }
    }
}

fn field_type(def: &FieldDef) -> Option<&Type> {
    match def.ty() {
        Some(Type::Series(inner)) => Some(inner),
        other => other,
    }
}

/// The name on the left of the comparison that is being written.
fn compared(before: &str) -> Option<&str> {
    let before = match before.rfind('[') {
        Some(open) if !before.get(open..)?.contains(']') => before.get(..open)?.trim_end(),
        _ => before,
    };
    let mut words = before.split_whitespace().rev();
    let sign = words.next()?;
    if !matches!(sign, "=" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "includes") {
        return None;
    }
    words.next().map(|name| name.trim_start_matches('('))
}
