//! Makes a plan of statements: declares its bodies and names first, then reads every field by its type.

mod finish;
pub(super) mod table;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::model::bodies::{Bodies, Body, Register};
use crate::model::build::finish::{finish_bodies, read_header};
pub(crate) use crate::model::build::finish::{mentions_of, same_assessments};
use crate::model::build::table::Table;
use crate::model::clock::Clock;
use crate::model::looks::{Looks, Shortlists, Watch};
use crate::model::read::{Cells, Slot, TYPE};
use crate::model::rebuild::{Facts, Record, Records};
use crate::model::value::{Datum, Value};
use crate::model::{ACTUAL, Entity, Field, Plan, Read, Reading, facts};
use crate::problem::{Problem, did_you_mean};
use crate::source::{FileId, Span};
use crate::syntax::MOST_PROBLEMS;
use crate::syntax::literal::{self, Literal};
use crate::syntax::tree::{Cell, Element, Statement};
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{ClauseDef, FieldDef, Kind, KindId, Title};

pub(super) const DUPLICATE: &str = "remit/duplicate";
pub(super) const MISSING: &str = "remit/missing";
const UNKNOWN_FIELD: &str = "remit/unknown-field";
const UNKNOWN_STATEMENT: &str = "remit/unknown-statement";

/// A statement whose kind is known, before its fields are read.
pub(super) struct Found<'t, 'v> {
    statement: Statement<'t>,
    id: KindId,
    kind: &'v Kind,
    /// What names it; several for `organisation RTD, RTF`.
    names: Vec<(Arc<str>, Span)>,
}

/// Reads a plan from its trees.
pub(crate) fn build(reading: Reading<'_>, register: &Arc<Register>) -> Read {
    let mut records = Records::default();
    let plan = build_and_record(reading, register, &mut records);
    let mut problems = records.into_problems();
    same_assessments(reading, &plan.entities, &mut problems);
    (plan, problems)
}

/// Reads a plan as [`build`] does, and keeps what came of each statement.
pub(crate) fn build_and_record(reading: Reading<'_>, register: &Arc<Register>, records: &mut Records) -> Plan {
    let mut fenced = HashSet::new();
    let mut all_fenced = false;
    let mut found: Vec<Option<Found<'_, '_>>> = Vec::new();
    let mut said = 0;
    for (file, tree) in reading.files {
        all_fenced |= tree.is_fenced() && tree.statements().all(|statement| !statement.is_broken());
        for statement in tree.statements() {
            let (one, record) = find_one(reading, register, *file, statement, said);
            said += record.problems.len();
            fenced.extend(record.fenced.iter().copied());
            all_fenced |= record.all_fenced;
            found.push(one);
            records.of.push(record);
        }
    }
    let mut bodies = Bodies::new(register.clone());
    let mut names = HashMap::new();
    declare(reading, &found, &mut bodies, &mut names, &mut records.declared);
    let mut cells =
        Cells { reading, bodies: &bodies, names: &names, problems: Vec::new(), said, unit: None, facts: None, fact_uses: Vec::new() };
    for one in found.iter().flatten().filter(|one| &*one.kind.name == "fact") {
        let value = facts::value(&mut cells, one.statement);
        for (name, _) in &one.names {
            records.facts.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    let mut entities = Vec::new();
    for (one, record) in found.iter().zip(&mut records.of) {
        let Some(one) = one else { continue };
        let before = record.problems.len();
        cells.problems = std::mem::take(&mut record.problems);
        cells.said -= before;
        let made = with_facts(&mut cells, &mut records.facts, one);
        record.entities = made.len();
        record.problems = std::mem::take(&mut cells.problems);
        cells.said += record.problems.len();
        entities.extend(made);
    }
    let mut fact_uses = cells.fact_uses;
    fact_uses.sort_by_key(|(_, place)| *place);
    let mut plan = Plan {
        entities,
        bodies,
        mentions: Vec::new(),
        fact_uses,
        header: None,
        body: None,
        horizon: None,
        submitted: None,
        as_of: reading.as_of,
        clock: Clock::new(reading.as_of),
        fenced,
        all_fenced,
        by_name: names,
        looks: Looks::default(),
        shortlists: Shortlists::default(),
        watch: Watch::default(),
    };
    read_header(reading, &mut plan);
    finish_bodies(reading, &mut plan);
    plan.mentions = mentions_of(&plan, 0..plan.entities.len());
    plan
}

/// The entities of a statement, in which facts may stand for figures.
pub(super) fn with_facts(cells: &mut Cells<'_>, facts: &mut Facts, one: &Found<'_, '_>) -> Vec<Entity> {
    // A fact is a figure, and never another fact.
    cells.facts = (&*one.kind.name != "fact").then(|| std::mem::take(facts));
    let made = entity(cells, one);
    if let Some(known) = cells.facts.take() {
        *facts = known;
    }
    made
}

/// What a statement at top level is, and what is wrong with that; `said` is how much is wrong with those before it.
pub(super) fn find_one<'t, 'v>(
    reading: Reading<'v>,
    register: &Register,
    file: FileId,
    statement: Statement<'t>,
    said: usize,
) -> (Option<Found<'t, 'v>>, Record) {
    let mut record = Record { file: Some(file), ..Record::default() };
    let mut fenced = HashSet::new();
    let found = find(reading, register, statement, said, &mut fenced, &mut record.all_fenced, &mut record.problems);
    record.fenced = fenced.into_iter().collect();
    (found, record)
}

fn find<'t, 'v>(
    reading: Reading<'v>,
    register: &Register,
    statement: Statement<'t>,
    said: usize,
    fenced: &mut HashSet<KindId>,
    all_fenced: &mut bool,
    problems: &mut Vec<Problem>,
) -> Option<Found<'t, 'v>> {
    let vocabulary = reading.vocabulary;
    let head = reading.sources.words(statement.head());
    let written = |id: &KindId| vocabulary.kind_def(*id).is_some_and(|kind| kind.written);
    let Some(id) = vocabulary.kind(head).filter(written) else {
        let known = vocabulary.kinds().iter().filter(|kind| kind.written).map(|kind| &*kind.name);
        // A file that is no plan has a fault at every word: beyond the cap nobody reads what was meant.
        let near = if said + problems.len() < MOST_PROBLEMS { did_you_mean(head, known) } else { None };
        match near.and_then(|near| vocabulary.kind(near)) {
            Some(kind) => {
                fenced.insert(kind);
            }
            None => *all_fenced = true,
        }
        if !statement.is_broken() {
            let mut problem = Problem::error(UNKNOWN_STATEMENT, statement.head(), format!("there is no statement `{head}`"));
            let owner = vocabulary.kinds().iter().find(|kind| kind.written && (kind.field(head).is_some() || kind.row(head).is_some()));
            problem = match (near, owner) {
                (_, Some(owner)) if near.is_none_or(|near| near != head) => {
                    problem.help(format!("`{head}` belongs in the block of a `{}`: a `}}` above may close it too early", owner.name))
                }
                (Some(near), _) => problem.meant(near),
                _ => problem.help("a plan is made of statements such as `organisation`, `responsibility` and `workforce`"),
            };
            problems.push(problem);
        }
        return None;
    };
    let kind = vocabulary.kind_def(id)?;
    if statement.is_broken() {
        fenced.insert(id);
        return None;
    }
    let mut names = Vec::new();
    if let Some(named) = &kind.named {
        let elements = statement.cells().next().map_or(&[][..], Cell::elements);
        for element in elements {
            match element.one().map(|word| (word.literal, word.span)) {
                Some((Literal::Bad, _)) => {
                    fenced.insert(id);
                }
                Some((Literal::Name | Literal::Text, span))
                    if is_unknown_code(reading, register, statement, &kind.name, span, problems) =>
                {
                    fenced.insert(id);
                }
                Some((Literal::Name | Literal::Text, span)) => names.push((Arc::from(&*literal::text(reading.sources.words(span))), span)),
                _ => {
                    fenced.insert(id);
                    problems.push(
                        Problem::error(TYPE, element.span(), format!("`{}` is followed by {}", kind.name, vocabulary.describe(&named.ty)))
                            .help(kind.doc.clone()),
                    );
                }
            }
        }
        if elements.is_empty() {
            fenced.insert(id);
        }
        // Where a clause stands in the name's place, that is what is wrong.
        if elements.is_empty() && statement.clauses().all(|part| kind.clause(part.word()).is_some()) {
            problems.push(
                Problem::error(MISSING, statement.head(), format!("this `{}` has no name", kind.name))
                    .help(format!("write {} after it", vocabulary.describe(&named.ty))),
            );
        }
    } else {
        names.push((kind.name.clone(), statement.head()));
    }
    Some(Found { statement, id, kind, names })
}

/// Whether an organisation is named by what looks like an ODS code, and neither the register nor the plan says more of it.
fn is_unknown_code(
    reading: Reading<'_>,
    register: &Register,
    statement: Statement<'_>,
    kind: &str,
    place: Span,
    problems: &mut Vec<Problem>,
) -> bool {
    let name = literal::text(reading.sources.words(place));
    let described = statement.cells().nth(1).is_some() || statement.children().any(|child| reading.sources.words(child.head()) == "kind");
    let upper = name.to_uppercase();
    let meant = (*name != upper && register.find(&upper).is_some()).then_some(upper);
    let is_code = name.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit());
    if kind != "organisation" || described || register.find(&name).is_some() || !(is_code || meant.is_some()) {
        return false;
    }
    let problem = Problem::error("remit/unknown-body", place, format!("`{name}` is not in the bodies register"));
    problems.push(match meant {
        Some(meant) => problem.meant(&meant),
        None => problem.help(format!(
            "check the ODS code; an organisation that the register does not hold is declared with its name and `kind`, as in `organisation {name} \"…\" {{ kind acute-trust }}`"
        )),
    });
    true
}

/// Declares what the plan names, so that order never matters.
fn declare(
    reading: Reading<'_>,
    found: &[Option<Found<'_, '_>>],
    bodies: &mut Bodies,
    names: &mut HashMap<(KindId, Arc<str>), usize>,
    problems: &mut Vec<Problem>,
) {
    let vocabulary = reading.vocabulary;
    let mut places: HashMap<(KindId, Arc<str>), Span> = HashMap::new();
    let mut declared: HashMap<Arc<str>, (KindId, Span)> = HashMap::new();
    let mut at = 0;
    for one in found.iter().flatten() {
        let declares = matches!(one.kind.named.as_ref().map(|named| &named.ty), Some(Type::Body));
        for (name, place) in &one.names {
            if let Some((kind, first)) = declared.get(name).filter(|(kind, _)| declares && *kind != one.id) {
                // Which of the two is at fault must not depend on their order.
                let (place, other) = if *kind < one.id { (*place, *first) } else { (*first, *place) };
                problems.push(
                    Problem::error(DUPLICATE, place, format!("`{name}` names two bodies"))
                        .also(other, "the other is here")
                        .help("give one of them another name"),
                );
            }
            if declares && bodies.find(name).is_none() {
                declared.insert(name.clone(), (one.id, *place));
                let tier = vocabulary.scale("tier").and_then(|scale| vocabulary.level(scale, &one.kind.name)).unwrap_or(0);
                let title = one.statement.cells().nth(1).and_then(|cell| cell.span());
                let shown = title.map_or_else(|| name.clone(), |title| Arc::from(&*literal::text(reading.sources.words(title))));
                bodies.declare(Body {
                    code: name.clone(),
                    alias: None,
                    name: shown,
                    kind: None,
                    tier,
                    opened: None,
                    closed: None,
                    memberships: Vec::new(),
                    successions: Vec::new(),
                    declared: Some(*place),
                });
            }
            let name = entity_name(reading, one, name);
            if !one.kind.many {
                if let Some(first) = places.get(&(one.id, name.clone())) {
                    let what = if one.kind.named.is_some() {
                        format!("`{} {name}` stands twice", one.kind.name)
                    } else {
                        format!("there are two `{}` statements", one.kind.name)
                    };
                    if one.kind.named.is_some() || &*one.kind.name == "plan" {
                        problems.push(
                            Problem::error(DUPLICATE, *place, what)
                                .also(*first, "the first is here")
                                .help("keep one, or give this one a name of its own"),
                        );
                    }
                } else {
                    places.insert((one.id, name.clone()), *place);
                }
            }
            names.entry((one.id, name)).or_insert(at);
            at += 1;
        }
    }
}

/// What the entities of a statement are known by, in order.
pub(super) fn keys(reading: Reading<'_>, one: &Found<'_, '_>) -> Vec<(KindId, Arc<str>)> {
    one.names.iter().map(|(name, _)| (one.id, entity_name(reading, one, name))).collect()
}

/// Whether statements of a kind declare bodies.
pub(super) fn declares_bodies(reading: Reading<'_>, kind: KindId) -> bool {
    let kind = reading.vocabulary.kind_def(kind);
    matches!(kind.and_then(|kind| kind.named.as_ref()).map(|named| &named.ty), Some(Type::Body))
}

/// The name by which a statement is known: a table by its group and body.
fn entity_name(reading: Reading<'_>, one: &Found<'_, '_>, name: &Arc<str>) -> Arc<str> {
    if !one.kind.columns {
        return name.clone();
    }
    let mut whole = name.to_string();
    for clause in one.statement.clauses() {
        if let Some(span) = clause.cells().next().and_then(Cell::span) {
            whole.push_str(&format!(" {} {}", clause.word().word(), reading.sources.words(span)));
        }
    }
    Arc::from(whole)
}

fn entity(cells: &mut Cells<'_>, one: &Found<'_, '_>) -> Vec<Entity> {
    let sources = cells.reading.sources;
    let Found { statement, id, kind, names } = one;
    let statement = *statement;
    let mut fields = Vec::new();
    let mut rest = statement.cells();
    let mut named: Vec<Datum> = Vec::new();
    if let Some(ty) = &kind.named
        && let Some(cell) = rest.next()
    {
        if let ([_, second, ..], false) = (cell.elements(), ty.list) {
            let span = cell.span().unwrap_or(second.span());
            cells.problems.push(Problem::error(TYPE, span, format!("`{}` takes one value, not a list", kind.name)).help(kind.doc.clone()));
        }
        if ty.ty == Type::Name {
            named = names.iter().map(|(name, place)| Datum { value: Some(Value::Name(name.clone())), place: *place }).collect();
        } else {
            let slot = Slot { name: &kind.name, doc: &kind.doc };
            // What names nothing has been said already.
            let known = cell.elements().iter().filter(|element| names.iter().any(|(_, place)| *place == element.span()));
            named = known.filter_map(|element| cells.element(element, &ty.ty, slot)).collect();
        }
    }
    for def in &kind.cells {
        if let (Some(cell), Some(ty)) = (rest.next(), def.cells.first()) {
            let values = cells.cell(cell, ty, Slot { name: &def.name, doc: &def.doc });
            fields.push(Field { name: def.name.clone(), place: statement.head(), line: statement.span(), values, clauses: Vec::new() });
        } else {
            cells.problems.push(
                Problem::error(MISSING, statement.head(), format!("this `{}` needs its {}", kind.name, def.name)).help(def.doc.clone()),
            );
        }
    }
    let mut title = None;
    match (kind.title, rest.next()) {
        (Title::Optional | Title::Required, Some(cell)) => {
            title = cells
                .cell(cell, &CellType::one(Type::Text), Slot { name: &kind.name, doc: "the title is text in quotes" })
                .into_iter()
                .next();
        }
        (Title::Required, None) => {
            cells.problems.push(
                Problem::error(MISSING, statement.head(), format!("this `{}` has no title", kind.name))
                    .help("write one in quotes after it"),
            );
        }
        (Title::None, Some(cell)) => too_many(cells, statement, kind, &kind.name, cell),
        (_, None) => {}
    }
    if let Some(cell) = rest.next() {
        too_many(cells, statement, kind, &kind.name, cell);
    }
    for (alias, values, place) in clauses(cells, statement, &kind.clauses, &kind.name, None) {
        fields.push(Field { name: alias, place, line: statement.span(), values, clauses: Vec::new() });
    }
    cells.unit = kind.unit_field.as_ref().and_then(|unit| table::unit(cells, statement, unit));
    let mut table = Table::default();
    table.read_columns(cells, statement, kind);
    let by = fields.iter().find(|field| &*field.name == "breakdown" && kind.columns);
    let by = by.and_then(|field| Some((field.values.first()?.place, field.place)));
    let by = by.map(|(word, place)| table::breakdown(cells, statement, kind, sources.words(word), place.to(word)));
    let mut fenced = statement.is_fenced();
    let mut seen: HashMap<Arc<str>, Span> = HashMap::new();
    for child in statement.children() {
        if child.is_broken() {
            continue;
        }
        let word = sources.words(child.head());
        if table::header_word(kind, word).is_some() {
            continue;
        }
        let Some(def) = kind.field(word) else {
            let is_table = kind.columns && (by.is_some() || kind.row(word).is_some() || word == ACTUAL);
            if !is_table || !table.read_row(cells, child, kind, by) {
                unknown_field(cells, child, kind);
                fenced = true;
            } else {
                no_block(cells, child, word, &kind.doc);
            }
            continue;
        };
        no_block(cells, child, word, &def.doc);
        if let Some(first) = seen.get(&def.name).filter(|_| !def.repeats) {
            cells.problems.push(
                Problem::error(DUPLICATE, child.head(), format!("`{word}` stands twice"))
                    .also(*first, "the first is here")
                    .help("keep one"),
            );
            continue;
        }
        seen.insert(def.name.clone(), child.head());
        let field = field(cells, child, def, kind);
        // `-`: written, and not given.
        if !field.values.is_empty() || !field.clauses.is_empty() {
            fields.push(field);
        }
    }
    if kind.columns {
        table.finish(cells, names.first().map_or(statement.head(), |(_, place)| *place));
        fenced |= table.fenced;
    }
    cells.unit = None;
    names
        .iter()
        .map(|(name, place)| {
            let mut fields = fields.clone();
            let value = named.iter().find(|datum| datum.place == *place).cloned();
            if kind.named.is_some() {
                fields.push(Field {
                    name: kind.alias.clone(),
                    place: *place,
                    line: statement.span(),
                    values: value.into_iter().collect(),
                    clauses: Vec::new(),
                });
            }
            Entity {
                kind: *id,
                name: entity_name(cells.reading, one, name),
                place: *place,
                whole: statement.whole(),
                line: statement.span(),
                title: title.clone(),
                fields,
                columns: table.columns.clone(),
                rows: table.rows.clone(),
                parts: table.parts.clone(),
                fenced,
            }
        })
        .collect()
}

fn no_block(cells: &mut Cells<'_>, child: Statement<'_>, word: &str, doc: &str) {
    if let Some(block) = child.block() {
        let brace = Span { end: block.start + 1, ..block };
        cells.problems.push(Problem::error(UNKNOWN_FIELD, brace, format!("`{word}` takes no block")).help(doc));
    }
}

fn field(cells: &mut Cells<'_>, child: Statement<'_>, def: &FieldDef, kind: &Kind) -> Field {
    let slot = Slot { name: &def.name, doc: &def.doc };
    let mut given = child.cells();
    let mut values = Vec::new();
    let mut further = Vec::new();
    for (at, ty) in def.cells.iter().enumerate() {
        match given.next() {
            Some(cell) => {
                let read = cells.cell(cell, ty, slot);
                // Rules ask for it by its name, as they do for a clause.
                further.extend(ty.alias.clone().map(|alias| (alias, read.clone())));
                values.extend(read);
            }
            None if ty.optional => {}
            // The value stands behind a clause, which says so.
            None if child.clauses().any(|part| part.cells().len() > 1) => values.push(Datum { value: None, place: child.head() }),
            None => {
                let expected = cells.reading.vocabulary.describe(&ty.ty);
                let message = if at == 0 { format!("`{}` has no value", def.name) } else { format!("`{}` needs one value more", def.name) };
                cells.problems.push(Problem::error(MISSING, child.head(), message).help(format!("it takes {expected}: {}", def.doc)));
                values.push(Datum { value: None, place: child.head() });
            }
        }
    }
    if let Some(cell) = given.next() {
        too_many(cells, child, kind, &def.name, cell);
    }
    let found = clauses(cells, child, &def.clauses, &def.name, Some(kind));
    Field {
        name: def.name.clone(),
        place: child.head(),
        line: child.span(),
        values,
        clauses: found.into_iter().map(|(alias, values, _)| (alias, values)).chain(further).collect(),
    }
}

fn clauses(
    cells: &mut Cells<'_>,
    statement: Statement<'_>,
    defs: &[ClauseDef],
    name: &str,
    siblings: Option<&Kind>,
) -> Vec<(Arc<str>, Vec<Datum>, Span)> {
    let mut found: Vec<(Arc<str>, Vec<Datum>, Span)> = Vec::new();
    // Two fields on one line: the clause belongs to the second, once they are parted.
    let last = cells.problems.last();
    let crowded =
        last.is_some_and(|problem| statement.span().contains(problem.span) && problem.message.ends_with("takes no further value here"));
    for part in statement.clauses() {
        let word = part.word().word();
        if crowded && !defs.iter().any(|def| def.clause == part.word()) {
            continue;
        }
        let Some(def) = defs.iter().find(|def| def.clause == part.word()) else {
            let takes: Vec<String> = defs.iter().map(|def| format!("`{}`", def.clause.word())).collect();
            let help = if takes.is_empty() {
                format!("`{name}` takes no clause; a name that is itself `{word}` is put in quotes")
            } else {
                format!("it takes {}", takes.join(", "))
            };
            let problem = Problem::error(TYPE, part.span(), format!("`{name}` takes no `{word}` here"));
            cells.problems.push(match siblings.and_then(|kind| kind.field(word)) {
                Some(_) => problem.help("two fields on one line are parted by `;`").fix(
                    "part them with `;`",
                    Span { end: part.span().start, ..part.span() },
                    "; ",
                ),
                None => problem.help(help),
            });
            continue;
        };
        let mut given: Vec<Cell<'_>> = part.cells().collect();
        let mut of_kind = None;
        if def.cell.ty == Type::Subject {
            // `for organisation RTD`: the kind comes first where two share a name.
            let kind = given.first().and_then(|cell| cell.span()).map(|span| cells.reading.sources.words(span));
            if given.len() == 2 && kind.is_some_and(|kind| cells.reading.vocabulary.kind(kind).is_some()) {
                given.remove(0);
                of_kind = kind;
            }
        }
        let slot = Slot { name: word, doc: &def.doc };
        let mut values = Vec::new();
        for (at, cell) in given.iter().enumerate() {
            if at == 0 {
                values = cells.cell(*cell, &def.cell, slot);
                if let (Some(kind), Some(Datum { value: Some(Value::Name(name)), .. })) = (of_kind, values.first_mut()) {
                    *name = Arc::from(format!("{kind} {name}"));
                }
            } else if let Some(span) = cell.span() {
                let words = cells.reading.sources.words(span);
                cells.problems.push(
                    Problem::error(TYPE, span, format!("`{word}` takes one value, and `{words}` is one more"))
                        .help("join several with commas, or write what belongs to the field before its clauses"),
                );
                break;
            }
        }
        if let Some((_, _, first)) = found.iter().find(|(alias, _, _)| *alias == def.alias) {
            cells.problems.push(
                Problem::error(DUPLICATE, part.span(), format!("`{word}` stands twice")).also(*first, "the first is here").help("keep one"),
            );
            continue;
        }
        found.push((def.alias.clone(), values, part.span()));
    }
    for def in defs.iter().filter(|def| def.required) {
        if !found.iter().any(|(alias, _, _)| *alias == def.alias) {
            cells.problems.push(
                Problem::error(MISSING, statement.head(), format!("this `{name}` needs `{}`", def.clause.word())).help(format!(
                    "write `{} …` after it: {}",
                    def.clause.word(),
                    def.doc
                )),
            );
        }
    }
    found
}

fn too_many(cells: &mut Cells<'_>, statement: Statement<'_>, kind: &Kind, name: &str, cell: Cell<'_>) {
    let Some(span) = cell.span() else { return };
    // What could not be read, or has been reported in this statement, may be why the rest stands where it does.
    let is_bad = |element: &Element| element.one().is_some_and(|word| word.literal == Literal::Bad);
    let reported = cells.problems.last().is_some_and(|problem| problem.rule == TYPE && statement.span().contains(problem.span));
    if reported || statement.cells().flat_map(Cell::elements).any(is_bad) {
        return;
    }
    let words = cells.reading.sources.words(span);
    let mut problem = Problem::error(TYPE, span, format!("`{name}` takes no further value here"));
    problem = if kind.field(words).is_some() && statement.head() != span {
        problem.help("two fields on one line are parted by `;`").fix("part them with `;`", Span { end: span.start, ..span }, "; ")
    } else if kind.field(name).is_some_and(|def| def.cells.iter().any(|cell| cell.list)) {
        problem.help("join several values with commas")
    } else {
        problem.help("it takes one value; text of several words is put in quotes")
    };
    cells.problems.push(problem);
}

fn unknown_field(cells: &mut Cells<'_>, child: Statement<'_>, kind: &Kind) {
    let vocabulary = cells.reading.vocabulary;
    let word = cells.reading.sources.words(child.head());
    let known = kind.fields.iter().chain(&kind.rows).map(|field| &*field.name);
    let near = did_you_mean(word, known.clone());
    let mut problem = Problem::error(UNKNOWN_FIELD, child.head(), format!("`{}` has no field `{word}`", kind.name));
    problem = match near {
        Some(near) => problem.meant(near),
        None if vocabulary.kind(word).is_some() && child.block().is_some() => {
            problem.help(format!("`{word}` is a statement of its own: a `}}` may be missing before it"))
        }
        None => {
            let mut fields: Vec<String> = known.map(|name| format!("`{name}`")).collect();
            fields.truncate(12);
            problem.help(format!("it may have {}", fields.join(", ")))
        }
    };
    cells.problems.push(problem);
}
