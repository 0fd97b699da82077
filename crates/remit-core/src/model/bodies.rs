//! Bodies and what they were on a day: the register that packs bring, and the bodies that a plan declares itself.

use std::collections::HashMap;
use std::sync::Arc;

use crate::source::{Shift, Span};
use crate::time::Date;
use crate::vocabulary::TermId;

/// A body: of the register, or, after those, of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BodyId(pub u32);

/// One body.
#[derive(Debug, Clone)]
pub struct Body {
    /// The ODS code, or the name by which it was declared.
    pub code: Arc<str>,
    /// Another name by which plans may call it.
    pub alias: Option<Arc<str>>,
    /// For people.
    pub name: Arc<str>,
    /// What sort of body it is; `None` when nobody says.
    pub kind: Option<TermId>,
    /// The level of the scale `tier`.
    pub tier: u8,
    /// The first day; `None` when it is not known.
    pub opened: Option<Date>,
    /// The last day; `None` when it goes on, or it is not known.
    pub closed: Option<Date>,
    /// What it belonged to, and when that is known.
    pub memberships: Vec<Membership>,
    /// What took over from it.
    pub successions: Vec<Succession>,
    /// Where the plan declares it; `None` for the register's own.
    pub declared: Option<Span>,
}

/// Evidence that a body belonged to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The other.
    pub parent: BodyId,
    /// The first day for which there is evidence.
    pub first: Date,
    /// The last day for which there is; `None`: still so in the newest register.
    pub last: Option<Date>,
}

/// A body that took over from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// Which one.
    pub successor: BodyId,
    /// From which day.
    pub from: Date,
    /// `merger`, `split` or `acquisition`.
    pub kind: Arc<str>,
}

/// The register's answer for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<T> {
    /// There is evidence for that very day.
    Evidence(T),
    /// The nearest evidence says so; for that day there is none.
    Presumed(T),
    /// Nothing is known.
    Nothing,
}

impl<T> Known<T> {
    /// What is known or presumed.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Evidence(value) | Self::Presumed(value) => Some(value),
            Self::Nothing => None,
        }
    }
}

impl Body {
    /// Whether it existed on a day, as far as its dates are known.
    pub fn existed_on(&self, day: Date) -> bool {
        self.opened.is_none_or(|opened| opened <= day) && self.closed.is_none_or(|closed| day <= closed)
    }

    /// What it belonged to on a day.
    pub fn parent_on(&self, day: Date) -> Known<BodyId> {
        let holds = |membership: &&Membership| membership.first <= day && membership.last.is_none_or(|last| day <= last);
        if let Some(membership) = self.memberships.iter().find(holds) {
            return Known::Evidence(membership.parent);
        }
        let after = self.memberships.iter().filter(|membership| membership.first > day).min_by_key(|membership| membership.first);
        let before = self
            .memberships
            .iter()
            .filter(|membership| membership.last.is_some_and(|last| last < day))
            .max_by_key(|membership| membership.last);
        match (before, after) {
            (None, Some(one)) | (Some(one), None) => Known::Presumed(one.parent),
            (Some(one), Some(other)) if one.parent == other.parent => Known::Presumed(one.parent),
            _ => Known::Nothing,
        }
    }
}

/// The bodies that packs bring.
#[derive(Debug, Clone, Default)]
pub struct Register {
    bodies: Vec<Body>,
    names: HashMap<Arc<str>, BodyId>,
    members: HashMap<BodyId, Vec<BodyId>>,
}

impl Register {
    /// Adds a body; `None` when its code or alias is taken.
    pub(crate) fn add(&mut self, body: Body) -> Option<BodyId> {
        let id = BodyId(self.bodies.len() as u32);
        if self.names.contains_key(&body.code) || body.alias.as_ref().is_some_and(|alias| self.names.contains_key(alias)) {
            return None;
        }
        self.names.insert(body.code.clone(), id);
        if let Some(alias) = &body.alias {
            self.names.insert(alias.clone(), id);
        }
        self.bodies.push(body);
        Some(id)
    }

    /// Records that a body belonged to another.
    pub(crate) fn add_membership(&mut self, body: BodyId, membership: Membership) {
        if let Some(body) = self.bodies.get_mut(body.0 as usize) {
            body.memberships.push(membership);
        }
        let members = self.members.entry(membership.parent).or_default();
        if !members.contains(&body) {
            members.push(body);
        }
    }

    /// Records what took over from a body.
    pub(crate) fn add_succession(&mut self, body: BodyId, succession: Succession) {
        if let Some(body) = self.bodies.get_mut(body.0 as usize) {
            body.successions.push(succession);
        }
    }

    /// The body of a code or an alias.
    pub fn find(&self, name: &str) -> Option<BodyId> {
        self.names.get(name).copied()
    }

    /// Every code and alias.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(AsRef::as_ref)
    }

    /// What a body is.
    pub fn get(&self, body: BodyId) -> Option<&Body> {
        self.bodies.get(body.0 as usize)
    }

    /// Every body, in order.
    pub fn all(&self) -> impl Iterator<Item = (BodyId, &Body)> {
        self.bodies.iter().enumerate().map(|(at, body)| (BodyId(at as u32), body))
    }

    /// How many bodies there are.
    pub fn len(&self) -> usize {
        self.bodies.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.bodies.is_empty()
    }

    /// The bodies that belonged to another on a day and existed then, in the order of the register.
    pub fn members_on(&self, parent: BodyId, day: Date) -> Vec<(BodyId, Known<BodyId>)> {
        let mut members: Vec<(BodyId, Known<BodyId>)> = Vec::new();
        for &member in self.members.get(&parent).map_or(&[][..], Vec::as_slice) {
            let Some(body) = self.get(member) else { continue };
            let known = body.parent_on(day);
            if body.existed_on(day) && known.value() == Some(parent) {
                members.push((member, known));
            }
        }
        members.sort_by_key(|(member, _)| *member);
        members
    }
}

/// The register and the plan's own bodies, by one name each.
#[derive(Debug, Clone)]
pub struct Bodies {
    register: Arc<Register>,
    own: Vec<Body>,
    names: HashMap<Arc<str>, BodyId>,
}

impl Bodies {
    /// The register alone.
    pub fn new(register: Arc<Register>) -> Self {
        Self { register, own: Vec::new(), names: HashMap::new() }
    }

    /// The register.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Adds a body of the plan; one of the same name must not be there.
    pub(crate) fn declare(&mut self, body: Body) -> BodyId {
        let id = BodyId((self.register.len() + self.own.len()) as u32);
        self.names.insert(body.code.clone(), id);
        self.own.push(body);
        id
    }

    /// Moves the places at which the plan declares its bodies.
    pub(crate) fn shift(&mut self, shift: Shift) {
        self.own.iter_mut().filter_map(|body| body.declared.as_mut()).for_each(|span| shift.span(span));
    }

    /// Changes what is known of a body of the plan.
    pub(crate) fn own_mut(&mut self, body: BodyId) -> Option<&mut Body> {
        (body.0 as usize).checked_sub(self.register.len()).and_then(|at| self.own.get_mut(at))
    }

    /// The body of a code, an alias or a declared name.
    pub fn find(&self, name: &str) -> Option<BodyId> {
        self.names.get(name).copied().or_else(|| self.register.find(name))
    }

    /// What a body is.
    pub fn get(&self, body: BodyId) -> Option<&Body> {
        match (body.0 as usize).checked_sub(self.register.len()) {
            Some(at) => self.own.get(at),
            None => self.register.get(body),
        }
    }

    /// The names that the plan declares.
    pub fn own_names(&self) -> impl Iterator<Item = &str> {
        self.own.iter().map(|body| &*body.code)
    }

    /// A body's tier; the lowest for one that nobody knows.
    pub fn tier(&self, body: BodyId) -> u8 {
        self.get(body).map_or(0, |body| body.tier)
    }

    /// How a plan writes a body: the alias of a region, else its code.
    pub fn written(&self, body: BodyId) -> String {
        self.get(body).map_or_else(String::new, |body| body.alias.as_ref().unwrap_or(&body.code).to_string())
    }

    /// How people call a body: its name, with its code where that is another word.
    pub fn shown(&self, body: BodyId) -> String {
        match self.get(body) {
            None => String::new(),
            Some(body) if body.name == body.code => body.code.to_string(),
            // A body that the plan itself names needs no code beside its name; nor does one that has no ODS code, or a region.
            Some(body)
                if body.alias.is_some() || body.declared.is_some() || body.code.contains(|letter: char| letter.is_ascii_lowercase()) =>
            {
                body.name.to_string()
            }
            Some(body) => format!("{} ({})", body.name, body.code),
        }
    }
}
