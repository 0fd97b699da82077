//! Where a word is declared, what sort of thing it is, where else it is named, and how to give it another name.

use std::sync::Arc;

use crate::ide::View;
use crate::ide::index::{Occurrence, Symbol};
use crate::ide::pack;
use crate::ide::parts::Is;
use crate::problem::Edit;
use crate::source::{FileId, Span};
use crate::syntax::literal;
use crate::syntax::tree::Clause;
use crate::vocabulary::{Word, types::Type};

/// A place to go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The word from which one goes.
    pub from: Span,
    /// The whole of what is there.
    pub whole: Span,
    /// The words that name it.
    pub name: Span,
}

/// A place at which something is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reference {
    /// The words.
    pub place: Span,
    /// What they do there.
    pub does: Does,
}

/// What the words at a place do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// They declare it, or begin the statement that describes it.
    Declare,
    /// They name it.
    Name,
}

/// What can be given another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamable {
    /// The words.
    pub place: Span,
    /// The name that it has.
    pub name: String,
}

/// Where the word at a byte is declared.
pub fn definition(view: View<'_>, file: FileId, byte: u32) -> Vec<Target> {
    let Some((around, part)) = view.part_at(file, view.boundary(file, byte)) else { return Vec::new() };
    let word = |word: Word| view.vocabulary().place(&word).into_iter().map(|place| target(part.span, place, place)).collect();
    match part.is {
        Is::Field(kind, def) | Is::Row(kind, def) => return word(Word::Field(kind, def.name.clone())),
        Is::Kind(kind, _) | Is::KindWord(kind) => return word(Word::Kind(kind)),
        _ => {}
    }
    let Some(symbol) = view.symbol(around.statement, &part) else { return Vec::new() };
    view.declarations(&symbol, part.span)
}

/// Where the sort of thing that the word at a byte names is declared: the kind of a body or a statement, the page of a rule.
pub fn type_definition(view: View<'_>, file: FileId, byte: u32) -> Vec<Target> {
    let Some((around, part)) = view.part_at(file, view.boundary(file, byte)) else { return Vec::new() };
    let Some(symbol) = view.symbol(around.statement, &part) else { return Vec::new() };
    let place = match symbol {
        Symbol::Body(body) => {
            view.plan().bodies.get(body).and_then(|body| body.kind).and_then(|kind| view.vocabulary().place(&Word::Term(kind)))
        }
        Symbol::Statement(kind, _) | Symbol::Kind(kind) => view.vocabulary().place(&Word::Kind(kind)),
        Symbol::Rule(at) => view.page_of(at),
        Symbol::Term(term) => {
            let whole = view.vocabulary().term_def(term).and_then(|term| term.part_of);
            whole.and_then(|whole| view.vocabulary().place(&Word::Term(whole)))
        }
        Symbol::Level(..) | Symbol::Unit(_) => None,
    };
    place.into_iter().map(|place| target(part.span, place, place)).collect()
}

/// Every place at which what the word at a byte names is named.
pub fn references(view: View<'_>, file: FileId, byte: u32) -> Vec<Reference> {
    let Some((around, part)) = view.part_at(file, view.boundary(file, byte)) else { return Vec::new() };
    let Some(symbol) = view.symbol(around.statement, &part) else { return Vec::new() };
    view.index().all(&symbol).map(reference).collect()
}

/// The places of one file at which what the word at a byte names is named.
pub fn highlights(view: View<'_>, file: FileId, byte: u32) -> Vec<Reference> {
    references(view, file, byte).into_iter().filter(|reference| reference.place.file == file).collect()
}

/// What would be given another name at a byte.
///
/// # Errors
/// Why it has a name that nobody here can change.
pub fn prepare_rename(view: View<'_>, file: FileId, byte: u32) -> Result<Renamable, String> {
    view.renamable(file, byte).map(|(renamable, _)| renamable)
}

/// The changes that give what is named at a byte another name, in every file of the plan.
///
/// # Errors
/// Why it cannot be called so.
pub fn rename(view: View<'_>, file: FileId, byte: u32, name: &str) -> Result<Vec<Edit>, String> {
    let (_, symbol) = view.renamable(file, byte)?;
    let name = name.trim();
    if name.is_empty() || name.contains(['"', '\n', '\r', '\\']) {
        return Err("a name is written with letters, digits and hyphens".to_owned());
    }
    let taken = match &symbol {
        Symbol::Statement(kind, _) => view.plan().find(*kind, name).is_some(),
        _ => view.plan().bodies.find(name).is_some(),
    };
    if taken {
        return Err(format!("there is a `{name}` already"));
    }
    let bare = literal::is_name(name) && !name.contains('/') && name != "to" && Clause::from_word(name).is_none();
    let text = if bare { name.to_owned() } else { format!("\"{name}\"") };
    Ok(view.index().all(&symbol).map(|occurrence| Edit { span: occurrence.place, text: text.clone() }).collect())
}

fn reference(occurrence: &Occurrence) -> Reference {
    Reference { place: occurrence.place, does: if occurrence.declares { Does::Declare } else { Does::Name } }
}

fn target(from: Span, whole: Span, name: Span) -> Target {
    Target { from, whole, name }
}

impl View<'_> {
    /// Where something is declared: in the plan, else in a pack.
    fn declarations(self, symbol: &Symbol, from: Span) -> Vec<Target> {
        let declared: Vec<Target> = self
            .index()
            .all(symbol)
            .filter(|occurrence| occurrence.declares)
            .map(|occurrence| {
                let whole = self.entity_at(occurrence.place).map_or(occurrence.place, |entity| entity.whole);
                target(from, whole, occurrence.place)
            })
            .collect();
        if !declared.is_empty() {
            return declared;
        }
        let place = match symbol {
            Symbol::Term(term) => self.vocabulary().place(&Word::Term(*term)),
            Symbol::Rule(at) => self.packs().rules.get(*at).map(|rule| rule.place),
            Symbol::Kind(kind) => self.vocabulary().place(&Word::Kind(*kind)),
            _ => None,
        };
        place.into_iter().map(|place| target(from, place, place)).collect()
    }

    /// The page of a rule.
    pub(crate) fn page_of(self, rule: usize) -> Option<Span> {
        self.packs().rules.get(rule).and_then(|rule| pack::page(self.packs(), rule))
    }

    fn renamable(self, file: FileId, byte: u32) -> Result<(Renamable, Symbol), String> {
        let nothing = || "there is no name here".to_owned();
        let (around, part) = self.part_at(file, self.boundary(file, byte)).ok_or_else(nothing)?;
        let symbol = self.symbol(around.statement, &part).ok_or_else(nothing)?;
        let name: Arc<str> = match &symbol {
            Symbol::Body(body) => {
                let body = self.plan().bodies.get(*body).ok_or_else(nothing)?;
                if body.declared.is_none() {
                    return Err(format!("`{}` is how the bodies register calls {}", body.alias.as_ref().unwrap_or(&body.code), body.name));
                }
                body.code.clone()
            }
            Symbol::Statement(_, name) => name.clone(),
            Symbol::Rule(_) => return Err("a rule is named in its pack".to_owned()),
            Symbol::Term(_) | Symbol::Level(..) | Symbol::Unit(_) | Symbol::Kind(_) => {
                return Err(format!("`{}` is a word of the vocabulary", self.words(part.span)));
            }
        };
        let is_name = matches!(part.is, Is::Value(slot, _) if slot.ty.is_some_and(|ty| !matches!(ty, Type::Text)));
        if !is_name {
            return Err(nothing());
        }
        Ok((Renamable { place: part.span, name: name.to_string() }, symbol))
    }
}
