//! Reads a vocabulary file, and adds what it declares to what is there. Nothing can be taken away or redefined.

use std::sync::Arc;

use crate::packs::forms;
use crate::packs::reader::{PACK, Reader};
use crate::packs::yaml::{Entry, Yaml};
use crate::problem::{Problem, did_you_mean};
use crate::source::Span;
use crate::syntax::tree::Clause;
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{ClauseDef, FieldDef, Kind, KindId, Scale, SetId, Term, TermId, TermSet, Title, Unit, Vocabulary, Word};

/// Terms, scales and units of one file: read for all packs before any kind is, since kinds name them.
pub(crate) fn read_words(vocabulary: &mut Vocabulary, reader: &mut Reader<'_>, yaml: &Yaml) {
    for entry in reader.form(yaml, &forms::VOCABULARY) {
        match entry.key.as_text() {
            Some("scales") => {
                for (name, span, value) in named(reader, &entry.value, "scales") {
                    scale(vocabulary, reader, name, span, value);
                }
            }
            Some("units") => {
                for (name, span, value) in named(reader, &entry.value, "units") {
                    unit(vocabulary, reader, name, span, value);
                }
            }
            Some("kinds") => {
                for (name, _, _) in named(reader, &entry.value, "kinds") {
                    if vocabulary.kind(name).is_none() {
                        let id = KindId(vocabulary.kinds.len() as u16);
                        vocabulary.kinds.push(empty_kind(name));
                        vocabulary.kind_names.insert(Arc::from(name), id);
                    }
                }
            }
            _ => {}
        }
    }
    // Terms come last: those of kinds of body carry a level of the scale `tier`.
    if let Some(terms) = yaml.get("terms") {
        for (name, _, value) in named(reader, terms, "terms") {
            set(vocabulary, reader, name, value);
        }
    }
}

/// Kinds of one file, once every word is known.
pub(crate) fn read_kinds(vocabulary: &mut Vocabulary, reader: &mut Reader<'_>, yaml: &Yaml, core: bool) {
    let Some(kinds) = yaml.get("kinds") else { return };
    for (name, span, value) in named(reader, kinds, "kinds") {
        kind(vocabulary, reader, (name, span), value, core);
    }
}

fn named<'y>(reader: &mut Reader<'_>, yaml: &'y Yaml, what: &str) -> Vec<(&'y str, Span, &'y Yaml)> {
    let mut found = Vec::new();
    for Entry { key, value } in reader.entries(yaml, what) {
        let span = reader.span(key);
        let name = key.as_text().unwrap_or("");
        if crate::syntax::literal::is_name(name) && !name.contains('/') {
            found.push((name, span, value));
        } else {
            reader.error(span, format!("`{name}` is not a name: letters, digits and hyphens after a letter"));
        }
    }
    found
}

fn doc(reader: &mut Reader<'_>, yaml: &Yaml) -> String {
    reader.scalar_at(yaml, "doc").map_or_else(String::new, |scalar| scalar.text.trim().to_owned())
}

fn scale(vocabulary: &mut Vocabulary, reader: &mut Reader<'_>, name: &str, span: Span, yaml: &Yaml) {
    reader.form(yaml, &forms::SCALE);
    if vocabulary.scale(name).is_some() {
        reader.error(span, format!("there is a scale `{name}` already"));
        return;
    }
    let levels: Vec<Arc<str>> = yaml
        .get("levels")
        .map(|levels| reader.list(levels, "levels"))
        .unwrap_or_default()
        .into_iter()
        .map(|(level, _)| Arc::from(level))
        .collect();
    if levels.len() < 2 || levels.len() > 200 {
        reader.error(span, format!("the scale `{name}` needs at least two `levels`, lowest first"));
    }
    let doc = doc(reader, yaml);
    vocabulary.scales.push(Scale { name: Arc::from(name), doc, levels });
}

fn unit(vocabulary: &mut Vocabulary, reader: &mut Reader<'_>, name: &str, span: Span, yaml: &Yaml) {
    reader.form(yaml, &forms::UNIT);
    if vocabulary.unit(name).is_some() {
        reader.error(span, format!("there is a unit `{name}` already"));
        return;
    }
    let taken = |word: &str| vocabulary.units.iter().any(|unit| *unit.name == *word || unit.also.iter().any(|also| **also == *word));
    for (also, place) in yaml.get("also").map(|also| reader.list(also, "also")).unwrap_or_default() {
        if taken(also) {
            reader.error(place, format!("there is a unit `{also}` already"));
        }
    }
    let of = reader.needed(yaml, "a unit", "of").map_or("", |scalar| scalar.text.as_str());
    let also =
        yaml.get("also").map(|also| reader.list(also, "also")).unwrap_or_default().into_iter().map(|(also, _)| Arc::from(also)).collect();
    let doc = doc(reader, yaml);
    vocabulary.units.push(Unit { name: Arc::from(name), also, of: Arc::from(of), doc });
}

fn set(vocabulary: &mut Vocabulary, reader: &mut Reader<'_>, name: &str, yaml: &Yaml) {
    reader.form(yaml, &forms::TERMS);
    let id = vocabulary.set(name).unwrap_or_else(|| {
        vocabulary.sets.push(TermSet { name: Arc::from(name), doc: String::new() });
        SetId((vocabulary.sets.len() - 1) as u16)
    });
    let doc_text = doc(reader, yaml);
    if let Some(set) = vocabulary.sets.get_mut(usize::from(id.0))
        && set.doc.is_empty()
    {
        set.doc = doc_text;
    }
    let Some(terms) = yaml.get("terms") else { return };
    for (term, span, value) in named(reader, terms, "terms") {
        if vocabulary.term(id, term).is_some() {
            let first = vocabulary.term(id, term).and_then(|term| vocabulary.place(&Word::Term(term)));
            let problem = Problem::error(PACK, span, format!("there is a {name} `{term}` already"));
            reader.problems.push(first.into_iter().fold(problem, |problem, first| problem.also(first, "the first is here")));
            continue;
        }
        reader.form(value, &forms::TERM);
        let title = reader.scalar_at(value, "title").map_or_else(|| term.replace('-', " "), |title| title.text.clone());
        let part_of = value.get("part-of").and_then(|whole| {
            let text = whole.as_text().unwrap_or("");
            let found = vocabulary.term(id, text);
            if found.is_none() {
                let near = did_you_mean(text, vocabulary.terms(id).map(|term| &*term.name)).map(|near| format!("did you mean `{near}`?"));
                let place = reader.span(whole);
                reader.error(place, format!("there is no {name} `{text}` above this one")).help =
                    near.or_else(|| Some("write the whole before its parts".to_owned()));
            }
            found
        });
        let tier = value.get("tier").and_then(|tier| {
            let text = tier.as_text().unwrap_or("");
            let level = vocabulary.scale("tier").and_then(|scale| vocabulary.level(scale, text));
            if level.is_none() {
                let place = reader.span(tier);
                reader.error(place, format!("there is no tier `{text}`"));
            }
            level
        });
        let doc = doc(reader, value);
        let term_id = TermId(vocabulary.terms.len() as u32);
        vocabulary.terms.push(Term { set: id, name: Arc::from(term), title, doc, part_of, tier });
        vocabulary.term_names.insert((id, Arc::from(term)), term_id);
        vocabulary.places.insert(Word::Term(term_id), span);
    }
}

fn empty_kind(name: &str) -> Kind {
    Kind {
        name: Arc::from(name),
        doc: String::new(),
        written: true,
        named: None,
        alias: Arc::from("name"),
        title: Title::None,
        many: false,
        cells: Vec::new(),
        clauses: Vec::new(),
        columns: false,
        actuals: false,
        unit_field: None,
        fields: Vec::new(),
        rows: Vec::new(),
        derived: Vec::new(),
    }
}

fn kind(vocabulary: &mut Vocabulary, reader: &mut Reader<'_>, (name, span): (&str, Span), yaml: &Yaml, core: bool) {
    let Some(id) = vocabulary.kind(name) else { return };
    reader.form(yaml, &forms::KIND);
    let known = vocabulary.kind_def(id).is_some_and(|kind| !kind.doc.is_empty());
    if known && !core {
        for key in forms::KIND.names().into_iter().filter(|key| !matches!(*key, "doc" | "fields" | "rows")) {
            if let Some(value) = yaml.get(key) {
                let place = reader.span(value);
                reader.error(place, format!("`{name}` is declared already: a pack may add fields and rows to it, and change nothing"));
            }
        }
    } else if Clause::from_word(name).is_some() || name == "to" {
        reader.error(span, format!("`{name}` is a clause word and cannot begin a statement of its own"));
    }
    let fields = field_list(vocabulary, reader, yaml, "fields");
    let rows = field_list(vocabulary, reader, yaml, "rows");
    let derived = field_list(vocabulary, reader, yaml, "derived");
    let cells = field_list(vocabulary, reader, yaml, "cells");
    let clauses = yaml.get("clauses").map(|clauses| clause_list(vocabulary, reader, clauses)).unwrap_or_default();
    let named = reader.scalar_at(yaml, "named").map(|scalar| (scalar.text.clone(), scalar.source_span(0..scalar.text.len())));
    let named = named.and_then(|(text, range)| cell_type(vocabulary, reader, &text, Span::new(reader.file, range)));
    let title = match reader.scalar_at(yaml, "title").map(|scalar| scalar.text.as_str()) {
        None => Title::None,
        Some("optional") => Title::Optional,
        Some("required") => Title::Required,
        Some(other) => {
            let message = format!("`title` is `optional` or `required`, not `{other}`");
            reader.error(span, message);
            Title::None
        }
    };
    let alias = reader.scalar_at(yaml, "as").map(|scalar| Arc::from(scalar.text.as_str()));
    let unit_field = reader.scalar_at(yaml, "unit-field").map(|scalar| Arc::from(scalar.text.as_str()));
    let columns = yaml.get("columns").is_some();
    let actuals = reader.flag(yaml, "actuals");
    let many = reader.flag(yaml, "many");
    let written = yaml.get("written").is_none() || reader.flag(yaml, "written");
    let doc_text = doc(reader, yaml);
    if !known && doc_text.is_empty() {
        reader.error(span, format!("the kind `{name}` needs a `doc`: one line that says what it is for"));
    }
    vocabulary.places.entry(Word::Kind(id)).or_insert(span);
    let Some(kind) = vocabulary.kinds.get_mut(usize::from(id.0)) else { return };
    for (field, place) in fields {
        if kind.field(&field.name).is_some() || kind.row(&field.name).is_some() {
            reader.error(place, format!("`{name}` has a `{}` already", field.name));
        } else {
            vocabulary.places.insert(Word::Field(id, field.name.clone()), place);
            kind.fields.push(field);
        }
    }
    for (row, place) in rows {
        if kind.field(&row.name).is_some() || kind.row(&row.name).is_some() {
            reader.error(place, format!("`{name}` has a `{}` already", row.name));
        } else {
            vocabulary.places.insert(Word::Field(id, row.name.clone()), place);
            kind.rows.push(row);
        }
    }
    if known {
        return;
    }
    kind.doc = doc_text;
    kind.written = written;
    kind.named = named;
    kind.title = title;
    kind.many = many;
    kind.cells = cells.into_iter().map(|(cell, _)| cell).collect();
    kind.clauses = clauses;
    kind.columns = columns;
    kind.actuals = actuals;
    kind.unit_field = unit_field;
    kind.derived = derived.into_iter().map(|(field, _)| field).collect();
    if let Some(alias) = alias {
        kind.alias = alias;
    }
}

fn field_list(vocabulary: &Vocabulary, reader: &mut Reader<'_>, yaml: &Yaml, key: &str) -> Vec<(FieldDef, Span)> {
    let Some(fields) = yaml.get(key) else { return Vec::new() };
    let mut found = Vec::new();
    for (name, span, value) in named(reader, fields, key) {
        reader.form(value, &forms::FIELD);
        let doc = doc(reader, value);
        if doc.is_empty() {
            reader.error(span, format!("`{name}` needs a `doc`: it is what people read when they get the field wrong"));
        }
        let mut cells = Vec::new();
        if let Some(scalar) = reader.needed(value, "a field", "type") {
            let mut at = 0;
            for part in scalar.text.split(" | ") {
                let place = Span::new(reader.file, scalar.source_span(at..at + part.len()));
                cells.extend(cell_type(vocabulary, reader, part, place));
                at += part.len() + 3;
            }
        }
        let clauses = value.get("clauses").map(|clauses| clause_list(vocabulary, reader, clauses)).unwrap_or_default();
        let repeats = reader.flag(value, "repeats");
        found.push((FieldDef { name: Arc::from(name), doc, cells, repeats, clauses }, span));
    }
    found
}

fn clause_list(vocabulary: &Vocabulary, reader: &mut Reader<'_>, yaml: &Yaml) -> Vec<ClauseDef> {
    let mut found = Vec::new();
    for Entry { key, value } in reader.entries(yaml, "clauses") {
        let word = key.as_text().unwrap_or("");
        let span = reader.span(key);
        let Some(clause) = Clause::from_word(word) else {
            let words = Clause::ALL.map(Clause::word).join("`, `");
            reader.error(span, format!("`{word}` is not a clause word")).help = Some(format!("the list is closed: `{words}`"));
            continue;
        };
        reader.form(value, &forms::CLAUSE);
        let alias = reader.scalar_at(value, "as").map_or(word, |scalar| scalar.text.as_str());
        let Some(ty) = reader.needed(value, "a clause", "type") else { continue };
        let place = Span::new(reader.file, ty.source_span(0..ty.text.len()));
        let Some(cell) = cell_type(vocabulary, reader, &ty.text, place) else { continue };
        let doc = doc(reader, value);
        let required = reader.flag(value, "required");
        found.push(ClauseDef { clause, alias: Arc::from(alias), cell, required, doc });
    }
    found
}

/// A type as it is written: `date`, `body*`, `text?`, `term function*`, `text? as waits-for`.
fn cell_type(vocabulary: &Vocabulary, reader: &mut Reader<'_>, text: &str, span: Span) -> Option<CellType> {
    let (text, alias) =
        text.trim().split_once(" as ").map_or((text.trim(), None), |(text, alias)| (text.trim(), Some(Arc::from(alias.trim()))));
    let (text, optional) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
    let (text, list) = text.strip_suffix('*').map_or((text, false), |text| (text, true));
    let ty = plain_type(vocabulary, reader, text, span)?;
    Some(CellType { ty, list, optional, alias })
}

/// The types that are one word.
pub(crate) const PLAIN: [(&str, Type); 22] = [
    ("text", Type::Text),
    ("name", Type::Name),
    ("number", Type::Number),
    ("quantity", Type::Quantity),
    ("rate", Type::Rate),
    ("change", Type::Change),
    ("amount", Type::Amount),
    ("money", Type::Money),
    ("date", Type::Date),
    ("year", Type::Year),
    ("quarter", Type::Quarter),
    ("month", Type::Month),
    ("narrative", Type::Narrative),
    ("years", Type::Years),
    ("days", Type::Days),
    ("duration", Type::Duration),
    ("yes-no", Type::YesNo),
    ("body", Type::Body),
    ("value", Type::Value),
    ("row", Type::Row),
    ("rule", Type::Rule),
    ("subject", Type::Subject),
];

fn plain_type(vocabulary: &Vocabulary, reader: &mut Reader<'_>, text: &str, span: Span) -> Option<Type> {
    if let Some((_, ty)) = PLAIN.iter().find(|(name, _)| *name == text) {
        return Some(ty.clone());
    }
    let found = match text.split_once(' ') {
        Some(("term", set)) => vocabulary.set(set).map(Type::Term),
        Some(("scale", scale)) => vocabulary.scale(scale).map(Type::Level),
        Some(("reference", kind)) => vocabulary.kind(kind).map(Type::Reference),
        Some(("unit", of)) => vocabulary.units.iter().any(|unit| &*unit.of == of).then(|| Type::Unit(Arc::from(of))),
        Some(("series", inner)) => plain_type(vocabulary, reader, inner, span).map(|inner| Type::Series(Box::new(inner))),
        _ => None,
    };
    if found.is_none() {
        let near = did_you_mean(text, PLAIN.iter().map(|(name, _)| *name)).map(|near| format!("did you mean `{near}`?"));
        reader.error(span, format!("`{text}` is not a type")).help = near.or_else(|| {
            Some("write one of the plain types, or `term SET`, `scale SCALE`, `reference KIND`, `unit OF`, `series TYPE`".to_owned())
        });
    }
    found
}
