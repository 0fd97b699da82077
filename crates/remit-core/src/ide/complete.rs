//! Completion: what may legally be written at a place, with what the vocabulary says of it, on text that is half typed.

mod values;

use std::collections::HashSet;
use std::sync::Arc;

use crate::ide::View;
use crate::ide::cursor::{Place, Rest, Within, cells};
use crate::ide::{parts, words};
use crate::source::{FileId, Span};
use crate::syntax::tree::{Cell, Statement};
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{ClauseDef, FieldDef, Kind, KindId, ScaleId, TermId, Title, UnitId};

/// What can be written at a place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Completions {
    /// What can be written, best first.
    pub items: Vec<Completion>,
    /// There is more: ask again when more is typed.
    pub more: More,
}

/// Whether everything that can be written is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum More {
    /// All of it.
    #[default]
    No,
    /// Only what fits what is typed so far.
    Yes,
}

/// One thing that can be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What people see.
    pub label: String,
    /// What sort of thing it is.
    pub sort: Sort,
    /// Beside the label, in few words.
    pub detail: String,
    /// What there is to read about it: see [`documentation`].
    pub about: About,
    /// The word that is replaced.
    pub replace: Span,
    /// What stands there afterwards.
    pub text: Text,
    /// What the typed word is compared with.
    pub filter: String,
    /// What should give people pause.
    pub mark: Mark,
}

/// What a completion is about. What there is to read is worked out when somebody looks at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A kind of statement.
    Kind(KindId),
    /// A field or a row of a kind.
    Field(KindId, Arc<str>),
    /// A statement of the plan.
    Statement(KindId, Arc<str>),
    /// A body, by its code.
    Body(Arc<str>),
    /// A term.
    Term(TermId),
    /// A level of a scale.
    Level(ScaleId, u8),
    /// A unit.
    Unit(UnitId),
    /// A rule, by its place in the packs.
    Rule(usize),
    /// Just these words, which may be none.
    Words(String),
}

/// What is inserted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// Just these words.
    Plain(String),
    /// Words with places to fill in: `${1:name}`, and `$0` for the cursor.
    Snippet(String),
}

/// What should give people pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Nothing.
    None,
    /// It stays at a higher tier.
    Reserved,
    /// It did not exist on the day.
    Gone,
}

/// What sort of thing a completion is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A kind of statement.
    Kind,
    /// A field.
    Field,
    /// A row of a table.
    Row,
    /// A clause's word.
    Clause,
    /// A body.
    Body,
    /// A function, a staff group, a status.
    Term,
    /// A level of a scale.
    Level,
    /// A statement of the plan.
    Name,
    /// A unit.
    Unit,
    /// A day, a year or a figure.
    Value,
    /// A rule.
    Rule,
}

/// What can be written at a byte of a file.
pub fn complete(view: View<'_>, file: FileId, byte: u32) -> Completions {
    let Some(cursor) = view.cursor(file, byte) else { return Completions::default() };
    let mut list = List { view, word: cursor.word, typed: cursor.typed, items: Vec::new(), more: More::No };
    match cursor.place {
        Place::Comment | Place::Block(None, _) => {}
        Place::Margin => list.kinds(),
        Place::Block(Some(kind), statement) => list.fields(kind, statement),
        Place::Rest(rest) => list.rest(&rest),
    }
    Completions { items: list.items, more: list.more }
}

/// What there is to read about a completion, as Markdown; empty where there is nothing.
pub fn documentation(view: View<'_>, about: &About) -> String {
    let vocabulary = view.vocabulary();
    match about {
        About::Kind(kind) => vocabulary.kind_def(*kind).map_or_else(String::new, |kind| words::about_kind(vocabulary, kind)),
        About::Field(kind, name) => {
            let def = vocabulary.kind_def(*kind).and_then(|kind| Some((kind, kind.field(name).or(kind.row(name))?)));
            def.map_or_else(String::new, |(kind, def)| words::about_field(vocabulary, kind, def))
        }
        About::Statement(kind, name) => {
            view.plan().find(*kind, name).map_or_else(String::new, |entity| words::code(view.words(entity.whole).trim()))
        }
        About::Body(code) => view.plan().bodies.find(code).map_or_else(String::new, |body| view.about_body(body, view.plan().day())),
        About::Term(term) => view.about_term(*term),
        About::Level(scale, level) => view.about_level(*scale, *level),
        About::Unit(unit) => view.about_unit(*unit),
        About::Rule(at) => view.packs().rules.get(*at).map_or_else(String::new, |rule| view.about_rule(rule)),
        About::Words(words) => words.clone(),
    }
}

/// What has been found so far.
struct List<'v> {
    view: View<'v>,
    word: Span,
    typed: &'v str,
    items: Vec<Completion>,
    more: More,
}

impl<'v> List<'v> {
    fn push(&mut self, sort: Sort, label: &str, detail: impl Into<String>, text: Text) -> &mut Completion {
        self.items.push(Completion {
            label: label.to_owned(),
            sort,
            detail: detail.into(),
            about: About::Words(String::new()),
            replace: self.word,
            text,
            filter: label.to_owned(),
            mark: Mark::None,
        });
        let last = self.items.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "one was pushed on the line above")]
        &mut self.items[last]
    }

    fn kinds(&mut self) {
        let view = self.view;
        let header = view.vocabulary().kind("plan");
        for (at, kind) in view.vocabulary().kinds().iter().enumerate().filter(|(_, kind)| kind.written) {
            // One plan has one `plan` statement.
            if Some(KindId(at as u16)) == header && view.plan().header().is_some_and(|header| header.place != self.word) {
                continue;
            }
            let text = if self.is_followed() { Text::Plain(kind.name.to_string()) } else { Text::Snippet(kind_snippet(view, kind)) };
            self.push(Sort::Kind, &kind.name, kind.doc.clone(), text).about = About::Kind(KindId(at as u16));
        }
    }

    /// Whether something follows the word on its line: then a snippet would say it twice.
    fn is_followed(&self) -> bool {
        let rest = self.view.text(self.word.file).get(self.word.end as usize..).unwrap_or("");
        rest.split(['\n', '\r', '}', ';', '#']).next().is_some_and(|rest| !rest.trim().is_empty())
    }

    fn fields(&mut self, (id, kind): (KindId, &'v Kind), statement: Statement<'v>) {
        let view = self.view;
        let written: HashSet<&str> =
            statement.children().filter(|child| child.head() != self.word).map(|child| view.words(child.head())).collect();
        let header = statement.children().find(|child| parts::header(kind, view.words(child.head())).is_some());
        if kind.columns && header.is_none_or(|header| header.head() == self.word) {
            self.headers();
        }
        if kind.actuals && header.is_some() {
            let about = "What was reached, beside what was planned.";
            let text = if self.is_followed() { "actual" } else { "actual " };
            self.push(Sort::Row, "actual", about, Text::Plain(text.to_owned())).about = About::Words(about.to_owned());
        }
        if let Some(by) = view.breakdown(statement) {
            self.whose(by, &written);
        }
        let count = header.map_or(0, |row| row.cells().flat_map(Cell::elements).count());
        let rows = kind.rows.iter().filter(|_| view.breakdown(statement).is_none()).map(|def| (Sort::Row, def));
        for (sort, def) in kind.fields.iter().map(|def| (Sort::Field, def)).chain(rows) {
            if written.contains(&*def.name) && !def.repeats {
                continue;
            }
            let snippet = match sort {
                Sort::Row if kind.columns && count > 0 => row_snippet(def, count),
                _ => field_snippet(def),
            };
            let text = if self.is_followed() { Text::Plain(def.name.to_string()) } else { Text::Snippet(snippet) };
            self.push(sort, &def.name, def.doc.clone(), text).about = About::Field(id, def.name.clone());
        }
    }

    /// The rows that give a table its columns.
    fn headers(&mut self) {
        let years = years_of(self.view).map_or_else(|| "${1:2019/20}".to_owned(), |years| years.join("  "));
        for (word, snippet, about) in [
            ("year", format!("year  {years}$0"), "The financial years of the columns, one for each figure below."),
            ("quarter", "quarter  $0".to_owned(), "The quarters of the columns, as in `2024/25 Q1`, one for each figure below."),
            ("month", "month  $0".to_owned(), "The months of the columns, as in `2024-04`, one for each figure below."),
        ] {
            let text = if self.is_followed() { Text::Plain(word.to_owned()) } else { Text::Snippet(snippet) };
            self.push(Sort::Row, word, about, text).about = About::Words(about.to_owned());
        }
    }

    /// The bodies or the sectors that may have a row of a table, and have none yet.
    fn whose(&mut self, by: &str, written: &HashSet<&str>) {
        let view = self.view;
        let vocabulary = view.vocabulary();
        if by == "sector" {
            let terms = vocabulary.set("sector").into_iter().flat_map(|set| vocabulary.terms(set).map(move |term| (set, term)));
            for (set, term) in terms.filter(|(_, term)| !written.contains(&*term.name)) {
                let about = vocabulary.term(set, &term.name).map_or(About::Words(String::new()), About::Term);
                self.push(Sort::Term, &term.name, term.title.clone(), Text::Plain(term.name.to_string())).about = about;
            }
            return;
        }
        let plan = view.plan();
        let tier = vocabulary.scale("tier").and_then(|scale| vocabulary.level(scale, by));
        let own = plan.bodies.own_names().filter_map(|name| plan.bodies.find(name));
        let described = plan.entities.iter().flat_map(|entity| entity.bodies("code")).map(|(body, _)| body);
        let mut seen = HashSet::new();
        for id in own.chain(described).filter(|id| tier.is_none_or(|tier| plan.bodies.tier(*id) == tier)) {
            let Some(body) = plan.bodies.get(id).filter(|body| !written.contains(&*body.code)) else { continue };
            if seen.insert(id) {
                let code = plan.bodies.written(id);
                self.push(Sort::Body, &code, body.name.to_string(), Text::Plain(code.clone())).about = About::Body(body.code.clone());
            }
        }
    }

    fn rest(&mut self, rest: &Rest<'v>) {
        if let Some(expected) = rest.expected() {
            self.values(rest, expected);
        }
        if rest.progress.after_number && !rest.progress.joined {
            self.units_after_number(rest);
        }
        if rest.may_end() && !rest.quoted {
            for def in rest.clauses().iter().filter(|def| !rest.progress.clauses.contains(&def.clause)) {
                self.clause(def);
            }
        }
    }

    fn clause(&mut self, def: &'v ClauseDef) {
        let word = def.clause.word();
        let text = match hole(&def.cell.ty) {
            Some(hole) if !self.is_followed() => Text::Snippet(format!("{word} {hole}")),
            _ => Text::Plain(word.to_owned()),
        };
        self.push(Sort::Clause, word, def.doc.clone(), text).about = About::Words(words::about_clause(self.view.vocabulary(), def));
    }
}

/// The years that a table of the plan has: its baseline, and those of its horizon.
pub(crate) fn years_of(view: View<'_>) -> Option<Vec<String>> {
    use crate::model::value::Value;
    let plan = view.plan();
    let (first, last) = plan.horizon.filter(|(first, last)| last.0 - first.0 < 20)?;
    let baseline = match plan.header()?.value("baseline") {
        Some(Value::Year(year)) if *year < first => Some(*year),
        _ => None,
    };
    let years = (first.0..=last.0).map(crate::time::FinancialYear);
    Some(baseline.into_iter().chain(years).map(|year| year.to_string()).collect())
}

/// A place to fill in where only the author knows the words; `None` where a list of what is possible opens by itself.
fn hole(ty: &Type) -> Option<&'static str> {
    match ty {
        Type::Text | Type::Narrative => Some("\"$1\""),
        _ => None,
    }
}

fn kind_snippet(view: View<'_>, kind: &Kind) -> String {
    let mut snippet = kind.name.to_string();
    let mut at = 0;
    for cell in cells(kind) {
        at += 1;
        let quoted = matches!(cell.ty, Type::Text | Type::Narrative);
        if cell.name == "title" && kind.title == Title::Optional && matches!(kind.named.as_ref().map(|named| &named.ty), Some(Type::Body)) {
            // What the register knows need not be written.
            continue;
        }
        let shown = words::placeholder(view.vocabulary(), &CellType::one(cell.ty.clone()), cell.name).to_lowercase();
        snippet.push_str(&if quoted { format!(" \"${{{at}:{}}}\"", cell.name) } else { format!(" ${{{at}:{shown}}}") });
    }
    for clause in kind.clauses.iter().filter(|clause| clause.required) {
        at += 1;
        let shown = words::placeholder(view.vocabulary(), &CellType::one(clause.cell.ty.clone()), clause.clause.word()).to_lowercase();
        snippet.push_str(&format!(" {} ${{{at}:{shown}}}", clause.clause.word()));
    }
    if !kind.fields.is_empty() || !kind.rows.is_empty() {
        snippet.push_str(" {\n  $0\n}");
    }
    snippet
}

fn field_snippet(def: &FieldDef) -> String {
    match def.ty() {
        Some(Type::Text | Type::Narrative) => format!("{}  \"$1\"", def.name),
        _ => format!("{}  $0", def.name),
    }
}

fn row_snippet(def: &FieldDef, count: usize) -> String {
    let holes: Vec<String> = (1..=count.min(40)).map(|at| format!("${{{at}:-}}")).collect();
    format!("{}  {}", def.name, holes.join("  "))
}

impl Within<'_> {
    /// Whether the statement is the header of a kind.
    fn is_kind(self) -> bool {
        matches!(self, Self::Kind)
    }
}
