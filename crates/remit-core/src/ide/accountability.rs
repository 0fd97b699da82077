//! The line of accountability for a function, walked like a call hierarchy: whom a body answers to, and who answers to it.

use crate::ide::View;
use crate::ide::index::Symbol;
use crate::ide::parts::{Around, Is};
use crate::model::Entity;
use crate::model::bodies::BodyId;
use crate::model::value::Value;
use crate::source::{FileId, Span};
use crate::syntax::literal;
use crate::vocabulary::TermId;

/// A body in the line of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The function.
    pub function: TermId,
    /// The body.
    pub body: BodyId,
    /// What people call the body.
    pub name: String,
    /// What it does for which function.
    pub detail: String,
    /// The statement that says so, or in which the line is followed.
    pub whole: Span,
    /// The words that name the body there; the function's where nothing does.
    pub place: Span,
}

/// One step along the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Who is there.
    pub to: Place,
    /// The words that say so.
    pub says: Vec<Span>,
}

/// The roles of those who do the work under an accountable body.
const UNDER: [&str; 2] = ["responsible", "supported-by"];

/// The places in lines of accountability that the word at a byte stands for.
pub fn prepare(view: View<'_>, file: FileId, byte: u32) -> Vec<Place> {
    let Some((around, part)) = view.part_at(file, view.boundary(file, byte)) else { return Vec::new() };
    let symbol = view.symbol(around.statement, &part);
    let entity = view.entity_at(part.span);
    let function = entity.and_then(|entity| view.function_of(entity));
    match (symbol, entity, function) {
        (Some(Symbol::Body(body)), Some(entity), Some(function)) => vec![view.stand(function, body, Some((entity, part.span)))],
        (Some(Symbol::Body(body)), ..) => view.lines_of(body),
        (_, Some(_), Some(function)) if starts_line(view, around, part.is) => {
            view.accountable(function).into_iter().map(|(body, entity, place)| view.stand(function, body, Some((entity, place)))).collect()
        }
        _ => Vec::new(),
    }
}

fn starts_line<'v>(view: View<'v>, around: Around<'v>, is: Is<'v>) -> bool {
    matches!(is, Is::Kind(..) | Is::Field(..))
        || matches!(is, Is::Value(slot, _) if slot.names)
        || around.statement.outer().is_none() && view.kind_of(around.statement).is_some()
}

/// Whom a body answers to for a function: the accountable body, those who coordinate, its region, the nation.
pub fn above(view: View<'_>, function: TermId, body: BodyId) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let accountable = view.accountable(function);
    let is_accountable = accountable.iter().any(|(found, ..)| *found == body);
    for entity in view.responsibilities(function) {
        let says: Vec<Span> =
            UNDER.iter().flat_map(|role| entity.bodies(role)).filter(|(found, _)| *found == body).map(|(_, place)| place).collect();
        if !says.is_empty() {
            for (holder, place) in entity.bodies("accountable").filter(|(holder, _)| *holder != body) {
                add(&mut steps, view.stand(function, holder, Some((entity, place))), says.clone());
            }
        }
        for (coordinator, place) in entity.bodies("coordinated-by").filter(|(found, _)| is_accountable && *found != body) {
            add(&mut steps, view.stand(function, coordinator, Some((entity, place))), vec![place]);
        }
    }
    if let Some(parent) = view.parent(body) {
        let says: Vec<Span> = accountable.iter().filter(|(found, ..)| *found == body).map(|(_, _, place)| *place).collect();
        if is_accountable || steps.is_empty() {
            add(&mut steps, view.stand(function, parent, None), says);
        }
    }
    steps
}

/// Who answers to a body for a function: those who are responsible under it, and the accountable bodies of its own.
pub fn below(view: View<'_>, function: TermId, body: BodyId) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for entity in view.responsibilities(function) {
        let holds = entity.bodies("accountable").any(|(found, _)| found == body);
        for role in UNDER.into_iter().filter(|_| holds) {
            for (under, place) in entity.bodies(role).filter(|(under, _)| *under != body) {
                add(&mut steps, view.stand(function, under, Some((entity, place))), vec![place]);
            }
        }
        for (holder, place) in entity.bodies("accountable") {
            let coordinates = entity.bodies("coordinated-by").any(|(found, _)| found == body);
            if holder != body && (coordinates || view.parent(holder) == Some(body)) {
                add(&mut steps, view.stand(function, holder, Some((entity, place))), vec![place]);
            }
        }
    }
    steps
}

fn add(steps: &mut Vec<Step>, to: Place, says: Vec<Span>) {
    match steps.iter_mut().find(|step| step.to.body == to.body) {
        Some(step) => step.says.extend(says.into_iter().filter(|place| !to.whole.contains(*place) || *place != to.place)),
        None => steps.push(Step { to, says }),
    }
}

impl<'v> View<'v> {
    fn function_of(self, entity: &Entity) -> Option<TermId> {
        match entity.value("function").or(entity.value("on")) {
            Some(Value::Term(function)) => Some(*function),
            _ => None,
        }
    }

    fn responsibilities(self, function: TermId) -> impl Iterator<Item = &'v Entity> {
        let kind = self.vocabulary().kind("responsibility");
        self.plan()
            .entities
            .iter()
            .filter(move |entity| Some(entity.kind) == kind && entity.value("function") == Some(&Value::Term(function)))
    }

    fn accountable(self, function: TermId) -> Vec<(BodyId, &'v Entity, Span)> {
        self.responsibilities(function)
            .flat_map(|entity| entity.bodies("accountable").map(move |(body, place)| (body, entity, place)))
            .collect()
    }

    /// The places of a body in the lines of every function for which it is named.
    fn lines_of(self, body: BodyId) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for occurrence in self.index().all(&Symbol::Body(body)) {
            let Some(entity) = self.entity_at(occurrence.place) else { continue };
            let Some(function) = self.function_of(entity).filter(|_| Some(entity.kind) == self.vocabulary().kind("responsibility")) else {
                continue;
            };
            if !places.iter().any(|place| place.function == function) {
                places.push(self.stand(function, body, Some((entity, occurrence.place))));
            }
        }
        places
    }

    /// What a body answers to by what it belongs to: what the plan says, else the register, and above a region the nation.
    pub(crate) fn parent(self, body: BodyId) -> Option<BodyId> {
        let plan = self.plan();
        let tier = |name: &str| self.vocabulary().scale("tier").and_then(|scale| self.vocabulary().level(scale, name));
        let described = self.index().all(&Symbol::Body(body)).filter(|occurrence| occurrence.declares).find_map(|occurrence| {
            let entity = self.entity_at(occurrence.place)?;
            let parent = ["region", "system", "place", "parent"].into_iter().find_map(|field| entity.bodies(field).next())?;
            (parent.0 != body).then_some(parent.0)
        });
        let registered = plan.bodies.get(body)?.parent_on(plan.day()).value();
        let nation = plan.bodies.find("nation").filter(|nation| *nation != body && Some(plan.bodies.tier(body)) == tier("region"));
        described.or(registered).or(nation)
    }

    /// A body's place in the line of a function: where it is named for it, else where the function is.
    fn stand(self, function: TermId, body: BodyId, named: Option<(&'v Entity, Span)>) -> Place {
        let bodies = &self.plan().bodies;
        let role = named.and_then(|(entity, place)| {
            let role = entity.fields.iter().find(|field| field.values.iter().any(|datum| datum.place == place))?;
            Some(role.name.replace('-', " "))
        });
        let title = self.vocabulary().title(function);
        let found = named.map(|(entity, place)| (entity.whole, place)).or_else(|| {
            let declared = self.index().all(&Symbol::Body(body)).find(|occurrence| occurrence.declares)?;
            Some((self.entity_at(declared.place)?.whole, declared.place))
        });
        let (whole, place) = found
            .or_else(|| self.responsibilities(function).next().map(|entity| (entity.whole, entity.place)))
            .unwrap_or((Span::new(FileId(0), 0..0), Span::new(FileId(0), 0..0)));
        let detail = match role.as_deref() {
            Some(role @ ("accountable" | "responsible")) => format!("{role} for {title}"),
            Some("coordinated by") => format!("coordinates {title}"),
            Some("supported by") => format!("supports {title}"),
            Some(role @ ("consulted" | "informed")) => format!("{role} on {title}"),
            _ => format!("the {} above, for {title}", self.tier_word(body)),
        };
        Place { function, body, name: bodies.shown(body), detail, whole, place }
    }

    fn tier_word(self, body: BodyId) -> String {
        let tier = self.vocabulary().scale("tier").map_or("", |scale| self.vocabulary().level_name(scale, self.plan().bodies.tier(body)));
        tier.to_owned()
    }

    /// The function and the body that a word names, as an editor keeps them between two questions.
    pub fn line(self, function: &str, body: &str) -> Option<(TermId, BodyId)> {
        let set = self.vocabulary().set("function")?;
        Some((self.vocabulary().term(set, function)?, self.plan().bodies.find(&literal::text(body))?))
    }

    /// The names under which an editor keeps a place of a line.
    pub fn line_names(self, place: &Place) -> (String, String) {
        let function = self.vocabulary().term_def(place.function).map_or_else(String::new, |term| term.name.to_string());
        (function, self.plan().bodies.get(place.body).map_or_else(String::new, |body| body.code.to_string()))
    }
}
