//! A plan as it stood when a request came: its texts, packs and day, unchanging, and the one analysis of them.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use remit_core::check::{Analysis, Checker, Opened, PlanText};
use remit_core::ide::Memory;
use remit_core::packs::Packs;
use remit_core::problem::Severity;
use remit_core::source::{FileId, Source, Span};
use remit_core::time::Date;
use tower_lsp::ls_types::{Location, Position, Range, Uri};

use crate::packs::PackSet;
use crate::positions::{self, Encoding};

/// One file of a plan, as the editor or the disk has it.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) uri: Uri,
    /// The editor's version, where the editor has it open.
    pub(crate) version: Option<i32>,
    pub(crate) text: PlanText,
}

/// A plan as it stood when a request came. Nothing in it changes; what is worked out is kept.
#[derive(Debug)]
pub struct Snapshot {
    /// How findings call the plan where it has no plan statement.
    pub(crate) shown: String,
    pub(crate) documents: Vec<Document>,
    pub(crate) pack_set: Arc<PackSet>,
    pub(crate) encoding: Encoding,
    pub(crate) fail_on: Severity,
    /// What is wrong with the settings.
    pub(crate) fault: Option<String>,
    as_of: Date,
    checker: Arc<Mutex<Checker>>,
    opened: OnceLock<Arc<Opened>>,
    /// What features work out once.
    pub(crate) memory: Memory,
}

/// What decides how a plan is checked.
pub(crate) struct Terms {
    pub(crate) pack_set: Arc<PackSet>,
    pub(crate) as_of: Date,
    pub(crate) fail_on: Severity,
    pub(crate) fault: Option<String>,
    /// What checks this plan again and again.
    pub(crate) checker: Arc<Mutex<Checker>>,
}

impl Snapshot {
    pub(crate) fn new(shown: String, documents: Vec<Document>, terms: Terms, encoding: Encoding) -> Self {
        let Terms { pack_set, as_of, fail_on, fault, checker } = terms;
        Self { shown, documents, pack_set, encoding, fail_on, fault, as_of, checker, opened: OnceLock::new(), memory: Memory::default() }
    }

    /// The packs in force.
    pub fn packs(&self) -> &Packs {
        &self.pack_set.packs
    }

    /// The day as of which the plan is read.
    pub fn as_of(&self) -> Date {
        self.as_of
    }

    /// What was found.
    pub fn analysis(&self) -> &Analysis {
        &self.opened().analysis
    }

    /// The plan as it was read, and what was found: worked out by whoever asks first.
    pub fn opened(&self) -> &Opened {
        self.opened.get_or_init(|| {
            let texts: Vec<PlanText> = self.documents.iter().map(|document| document.text.clone()).collect();
            let mut checker = self.checker.lock().unwrap_or_else(PoisonError::into_inner);
            checker.check(&self.shown, &texts, &self.pack_set.packs, self.as_of)
        })
    }

    /// The file that an editor calls so: of the plan, or of its packs.
    pub fn file(&self, uri: &Uri) -> Option<FileId> {
        let first = self.packs().sources.len();
        let own = self.documents.iter().position(|document| document.uri == *uri);
        own.map(|at| FileId((first + at) as u32)).or_else(|| self.pack_set.file(uri))
    }

    /// What editors call a file.
    pub fn uri(&self, file: FileId) -> Option<&Uri> {
        match (file.0 as usize).checked_sub(self.packs().sources.len()) {
            Some(at) => self.documents.get(at).map(|document| &document.uri),
            None => self.pack_set.uri(file),
        }
    }

    /// A file's text.
    pub fn source(&self, file: FileId) -> Option<&Source> {
        match (file.0 as usize).checked_sub(self.packs().sources.len()) {
            Some(at) => self.documents.get(at).map(|document| document.text.source.as_ref()),
            None => self.packs().sources.get(file),
        }
    }

    /// Where a run of bytes is, as the editor counts.
    pub fn range(&self, span: Span) -> Range {
        self.source(span.file).map_or_else(Range::default, |source| positions::range(source, span, self.encoding))
    }

    /// Where a run of bytes is, and in which file; `None` in a file that no editor can open.
    pub fn location(&self, span: Span) -> Option<Location> {
        Some(Location { uri: self.uri(span.file)?.clone(), range: self.range(span) })
    }

    /// Which byte of a file is at a place.
    pub fn offset(&self, file: FileId, position: Position) -> u32 {
        let offset = self.source(file).map_or(0, |source| positions::offset(source, position, self.encoding));
        remit_core::source::offset(offset)
    }

    /// The bytes of a file between two places.
    pub fn span(&self, file: FileId, range: Range) -> Span {
        Span { file, start: self.offset(file, range.start), end: self.offset(file, range.end) }
    }
}

/// One file of a snapshot: what a request about a document is answered with.
#[derive(Debug, Clone)]
pub struct Here {
    /// The plan.
    pub snapshot: Arc<Snapshot>,
    /// The file.
    pub file: FileId,
    /// What the editor calls it.
    pub uri: Uri,
}
