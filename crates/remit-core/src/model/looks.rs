//! Which kinds of statement are looked at while a rule is asked: what it said holds for as long as none of those change.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::source::Span;
use crate::vocabulary::KindId;

/// Some kinds of statement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Kinds([u64; 4]);

impl Kinds {
    /// Whether a kind is one of them.
    pub(crate) fn holds(self, kind: KindId) -> bool {
        let (word, bit) = place(kind);
        self.0.get(word).is_none_or(|word| word & bit != 0)
    }

    /// Adds one.
    pub(crate) fn add(&mut self, kind: KindId) {
        let (word, bit) = place(kind);
        match self.0.get_mut(word) {
            Some(word) => *word |= bit,
            // More kinds than anyone has: then it is every one of them.
            None => self.0 = [u64::MAX; 4],
        }
    }
}

fn place(kind: KindId) -> (usize, u64) {
    (usize::from(kind.0) / 64, 1 << (kind.0 % 64))
}

/// The kinds that were looked at. Only what asks rules one after another reads it.
#[derive(Debug, Default)]
pub(super) struct Looks([AtomicU64; 4]);

impl Looks {
    pub(super) fn note(&self, kind: KindId) {
        let (word, bit) = place(kind);
        match self.0.get(word) {
            Some(word) => {
                word.fetch_or(bit, Ordering::Relaxed);
            }
            None => self.note_all(),
        }
    }

    pub(super) fn note_all(&self) {
        self.0.iter().for_each(|word| word.store(u64::MAX, Ordering::Relaxed));
    }

    pub(super) fn forget(&self) {
        self.0.iter().for_each(|word| word.store(0, Ordering::Relaxed));
    }

    pub(super) fn kinds(&self) -> Kinds {
        Kinds([0, 1, 2, 3].map(|at: usize| self.0.get(at).map_or(0, |word| word.load(Ordering::Relaxed))))
    }
}

impl Clone for Looks {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// The statements whose field of one name was looked into, by the words that name them. Nothing is noted where nobody asks for it.
#[derive(Debug, Default)]
pub(crate) struct Watch(Mutex<Option<HashSet<Span>>>);

impl Watch {
    fn known(&self) -> std::sync::MutexGuard<'_, Option<HashSet<Span>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins anew.
    pub(crate) fn begin(&self) {
        *self.known() = Some(HashSet::new());
    }

    pub(super) fn note(&self, statement: Span) {
        if let Some(seen) = &mut *self.known() {
            seen.insert(statement);
        }
    }

    /// Whether a statement was looked into since it began.
    pub(crate) fn saw(&self, statement: Span) -> bool {
        self.known().as_ref().is_some_and(|seen| seen.contains(&statement))
    }
}

impl Clone for Watch {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// The statements that a rule has left to ask of, and whether what was ruled out rests on what is only presumed.
pub(crate) type Shortlist = Arc<(Vec<u32>, bool)>;

/// The shortlists of one check, by the expression they are of.
#[derive(Debug, Default)]
pub(crate) struct Shortlists(Mutex<HashMap<usize, Shortlist>>);

impl Shortlists {
    /// The shortlist of an expression, worked out where it is not known.
    pub(crate) fn of(&self, expression: usize, work_out: impl FnOnce() -> (Vec<u32>, bool)) -> Shortlist {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(shortlist) = known().get(&expression) {
            return shortlist.clone();
        }
        let shortlist = Arc::new(work_out());
        known().insert(expression, shortlist.clone());
        shortlist
    }

    /// Forgets them, since the plan is another.
    pub(crate) fn forget(&mut self) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

impl Clone for Shortlists {
    fn clone(&self) -> Self {
        Self::default()
    }
}
