//! A plan as it stood when a request came: its texts, packs and day, unchanging, and the one analysis of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use remit_core::check::{Analysis, Checker, Opened, PlanText};
use remit_core::ide::Memory;
use remit_core::packs::Packs;
use remit_core::problem::Severity;
use remit_core::source::{FileId, Source, Span};
use remit_core::time::Date;
use tower_lsp::ls_types::{Location, Position, Range, Uri};

use crate::host::Host;
use crate::packs::PackSet;
use crate::positions::{self, Encoding};
use crate::server::Stop;

/// One file of a plan, as the editor or the disk has it.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) uri: Uri,
    /// The editor's version, where the editor has it open.
    pub(crate) version: Option<i32>,
    pub(crate) text: PlanText,
}

/// A plan as it stood when a request came. Nothing in it changes; what is worked out is kept.
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
    /// Whether there is a newer one.
    is_outdated: AtomicBool,
    host: Arc<dyn Host>,
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
    /// Who writes down what happens.
    pub(crate) host: Arc<dyn Host>,
}

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Snapshot").field("shown", &self.shown).finish_non_exhaustive()
    }
}

impl Snapshot {
    pub(crate) fn new(shown: String, documents: Vec<Document>, terms: Terms, encoding: Encoding) -> Self {
        let Terms { pack_set, as_of, fail_on, fault, checker, host } = terms;
        Self {
            shown,
            documents,
            pack_set,
            encoding,
            fail_on,
            fault,
            as_of,
            checker,
            opened: OnceLock::new(),
            is_outdated: AtomicBool::new(false),
            host,
            memory: Memory::default(),
        }
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
        loop {
            if let Some(opened) = self.opened_unless(&|| false) {
                return opened;
            }
        }
    }

    /// The same, unless it is told to stop, for which it asks again and again.
    pub(crate) fn opened_unless(&self, stop: &dyn Fn() -> bool) -> Option<&Opened> {
        if self.opened.get().is_none() {
            let mut checker = self.checker.lock().unwrap_or_else(PoisonError::into_inner);
            // Somebody else may have checked it meanwhile.
            if self.opened.get().is_none() {
                self.host.log(&format!("checking {}", self.shown));
                let texts: Vec<PlanText> = self.documents.iter().map(|document| document.text.clone()).collect();
                match checker.check_unless(&self.shown, &texts, &self.pack_set.packs, self.as_of, stop) {
                    Some(opened) => drop(self.opened.set(opened)),
                    None => {
                        self.host.log(&format!("stopped checking {}", self.shown));
                        return None;
                    }
                }
            }
        }
        self.opened.get().map(AsRef::as_ref)
    }

    /// Checks the plan, if there is one, and says whether it came to the end.
    pub(crate) fn is_checked(&self, stop: &dyn Fn() -> bool) -> bool {
        self.documents.is_empty() || self.opened_unless(stop).is_some()
    }

    /// Whether there is a newer one.
    pub(crate) fn is_outdated(&self) -> bool {
        self.is_outdated.load(Ordering::Relaxed)
    }

    /// Says that there is a newer one.
    pub(crate) fn outdate(&self) {
        self.is_outdated.store(true, Ordering::Relaxed);
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

impl Here {
    /// Checks the plan that the file belongs to, and says whether somebody still waits for it then.
    pub(crate) fn is_checked(&self, stop: &Stop) -> bool {
        self.snapshot.is_checked(&|| stop.is_asked()) && !stop.is_asked()
    }
}
