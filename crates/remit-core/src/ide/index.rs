//! What the words of a plan name, and every place at which each of it is named.

use std::collections::HashMap;
use std::sync::Arc;

use crate::ide::View;
use crate::ide::parts::{Around, Is, Part};
use crate::model::bodies::BodyId;
use crate::source::Span;
use crate::syntax::literal;
use crate::syntax::tree::{Element, Statement};
use crate::vocabulary::types::Type;
use crate::vocabulary::{KindId, ScaleId, TermId, UnitId};

/// What a word names.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Symbol {
    /// A body of the register or of the plan.
    Body(BodyId),
    /// A statement of the plan, by its kind and name.
    Statement(KindId, Arc<str>),
    /// A term.
    Term(TermId),
    /// A level of a scale.
    Level(ScaleId, u8),
    /// A unit.
    Unit(UnitId),
    /// A rule, by its place in the packs.
    Rule(usize),
    /// A kind of statement.
    Kind(KindId),
}

/// A place at which something is named.
#[derive(Debug, Clone)]
pub(crate) struct Occurrence {
    pub(crate) place: Span,
    pub(crate) symbol: Symbol,
    /// Whether the statement there is about it: declares it, or describes a body of the register.
    pub(crate) declares: bool,
}

/// Every place at which something is named.
#[derive(Debug, Default)]
pub(crate) struct Index {
    occurrences: Vec<Occurrence>,
    by_symbol: HashMap<Symbol, Vec<u32>>,
}

impl Index {
    pub(crate) fn of(view: View<'_>) -> Self {
        let mut index = Self::default();
        let mut parts = Vec::new();
        for (_, tree) in view.files() {
            for statement in tree.statements() {
                let within = view.kind_of(statement).map(|(id, _)| id);
                index.statement(view, Around { statement, within: None }, &mut parts);
                for child in statement.children() {
                    index.statement(view, Around { statement: child, within }, &mut parts);
                }
            }
        }
        for (at, occurrence) in index.occurrences.iter().enumerate() {
            index.by_symbol.entry(occurrence.symbol.clone()).or_default().push(at as u32);
        }
        index
    }

    fn statement<'v>(&mut self, view: View<'v>, around: Around<'v>, parts: &mut Vec<Part<'v>>) {
        parts.clear();
        view.parts(around, parts);
        for part in parts.iter() {
            let Some(symbol) = view.symbol(around.statement, part) else { continue };
            let declares = matches!(part.is, Is::Value(slot, _) if slot.names) && !matches!(symbol, Symbol::Rule(_) | Symbol::Term(_));
            self.occurrences.push(Occurrence { place: part.span, symbol, declares });
        }
    }

    /// Every place at which something is named, in the order of the files.
    pub(crate) fn all(&self, symbol: &Symbol) -> impl Iterator<Item = &Occurrence> {
        self.by_symbol.get(symbol).into_iter().flatten().filter_map(|at| self.occurrences.get(*at as usize))
    }
}

impl<'v> View<'v> {
    /// What a part of a statement names.
    pub(crate) fn symbol(self, statement: Statement<'v>, part: &Part<'v>) -> Option<Symbol> {
        match part.is {
            Is::Kind(id, _) | Is::KindWord(id) => Some(Symbol::Kind(id)),
            Is::Whose => self.whose(statement, part.span),
            Is::Value(slot, element) => {
                let ty = slot.ty?;
                if slot.names && *ty == Type::Name {
                    let (id, _) = self.kind_of(statement)?;
                    let Element::One(value) = element else { return None };
                    return Some(Symbol::Statement(id, Arc::from(&*literal::text(self.words(value.span)))));
                }
                self.named(ty, element)
            }
            _ => None,
        }
    }

    /// The body or the sector whose row of a table a word begins.
    fn whose(self, statement: Statement<'v>, place: Span) -> Option<Symbol> {
        let name = literal::text(self.words(place));
        match self.breakdown(statement.outer()?)? {
            "sector" => self.symbol_of(&Type::Term(self.vocabulary().set("sector")?), &name),
            _ => self.symbol_of(&Type::Body, &name),
        }
    }

    /// What a value of a type names.
    fn named(self, ty: &Type, element: &Element) -> Option<Symbol> {
        let Element::One(value) = element else { return None };
        if !matches!(value.literal, literal::Literal::Name | literal::Literal::Text) {
            return None;
        }
        let name = literal::text(self.words(value.span));
        self.symbol_of(ty, &name)
    }

    /// What a name means where a type is expected.
    pub(crate) fn symbol_of(self, ty: &Type, name: &str) -> Option<Symbol> {
        let vocabulary = self.vocabulary();
        match ty {
            Type::Body => self.plan().bodies.find(name).map(Symbol::Body),
            Type::Term(set) => vocabulary.term(*set, name).map(Symbol::Term),
            Type::Level(scale) => vocabulary.level(*scale, name).map(|level| Symbol::Level(*scale, level)),
            Type::Unit(_) => vocabulary.unit(name).map(Symbol::Unit),
            Type::Reference(kind) => self.plan().find(*kind, name).map(|_| Symbol::Statement(*kind, Arc::from(name))),
            Type::Rule => self.rule_named(name).map(Symbol::Rule),
            Type::Subject | Type::Name => self.anything(name),
            // A fact, named where a figure is asked for.
            Type::Number | Type::Quantity | Type::Rate | Type::Change | Type::Amount | Type::Money | Type::Value => {
                let fact = vocabulary.kind("fact")?;
                self.plan().find(fact, name).map(|_| Symbol::Statement(fact, Arc::from(name)))
            }
            _ => None,
        }
    }

    /// The rule of a name, by its place in the packs: the one that is asked, where several stand in different editions.
    fn rule_named(self, name: &str) -> Option<usize> {
        let check = self.check();
        let named = || self.packs().rules.iter().enumerate().filter(|(_, rule)| &*rule.id == name || rule.short() == name);
        named().find(|(_, rule)| check.stands(rule)).or_else(|| named().next()).map(|(at, _)| at)
    }

    /// A body, or the one statement of a name, of whatever kind.
    fn anything(self, name: &str) -> Option<Symbol> {
        let vocabulary = self.vocabulary();
        if let Some(body) = self.plan().bodies.find(name) {
            return Some(Symbol::Body(body));
        }
        let kinds = (0..vocabulary.kinds().len()).map(|at| KindId(at as u16));
        kinds.filter(|kind| vocabulary.kind_def(*kind).is_some_and(|kind| !kind.many && !kind.columns)).find_map(|kind| {
            let entity = self.plan().find(kind, name)?;
            match vocabulary.kind_def(kind)?.named.as_ref()?.ty {
                Type::Name => Some(Symbol::Statement(kind, entity.name.clone())),
                _ => self.symbol_of(&vocabulary.kind_def(kind)?.named.as_ref()?.ty, name),
            }
        })
    }
}
