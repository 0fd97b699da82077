//! Everything the server knows: open buffers over files on disk, plans as folders of them, settings and packs.
//!
//! INVARIANT: it is changed under one lock, in the order in which the editor spoke; what is worked out is worked out on snapshots.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use remit_core::check::{Checker, PlanFile, PlanText};
use remit_core::problem::Severity;
use remit_core::source::{FileId, Source};
use remit_core::time::Date;
use tower_lsp::ls_types::{TextDocumentContentChangeEvent, Uri};

use crate::host::{Fault, Host, Settings};
use crate::packs::PackSet;
use crate::positions::{self, Encoding};
use crate::snapshot::{Document, Here, Snapshot, Terms};

/// What the editor's own settings say; they win over `remit.yaml`, as the words of a command line do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    pub(crate) as_of: Option<Date>,
    pub(crate) fail_on: Option<Severity>,
    pub(crate) packs: Vec<PathBuf>,
}

/// A text that the editor has open.
#[derive(Debug, Clone)]
struct Buffer {
    version: i32,
    text: PlanText,
}

/// A folder that holds a plan, or a rule pack, or both.
#[derive(Debug, Default)]
struct Project {
    /// What the disk holds, by path; read once, and again when it is said to have changed.
    disk: BTreeMap<PathBuf, PlanText>,
    /// Whether the folder is a rule pack's.
    is_pack: bool,
    checker: Arc<Mutex<Checker>>,
    snapshot: Option<Arc<Snapshot>>,
}

impl Project {
    /// What it was is not what it is.
    fn outdate(&mut self) {
        if let Some(snapshot) = self.snapshot.take() {
            snapshot.outdate();
        }
    }
}

/// Everything the server knows.
pub(crate) struct World {
    host: Arc<dyn Host>,
    pub(crate) encoding: Encoding,
    roots: Vec<PathBuf>,
    open: HashMap<Uri, Buffer>,
    projects: BTreeMap<PathBuf, Project>,
    packs: Vec<(Vec<PathBuf>, Arc<PackSet>)>,
    /// Sets of packs of which a file has changed.
    stale: BTreeSet<Vec<PathBuf>>,
    /// What `remit.yaml` says for each folder that was asked about.
    settings: HashMap<PathBuf, Result<Settings, Fault>>,
    wishes: Wishes,
    /// Projects whose findings may have changed since they were last told.
    changed: BTreeSet<PathBuf>,
}

impl World {
    pub(crate) fn new(host: Arc<dyn Host>) -> Self {
        Self {
            host,
            encoding: Encoding::Utf16,
            roots: Vec::new(),
            open: HashMap::new(),
            projects: BTreeMap::new(),
            packs: Vec::new(),
            stale: BTreeSet::new(),
            settings: HashMap::new(),
            wishes: Wishes::default(),
            changed: BTreeSet::new(),
        }
    }

    /// The machine.
    pub(crate) fn host(&self) -> Arc<dyn Host> {
        self.host.clone()
    }

    /// The folders that the editor has open.
    pub(crate) fn roots(&self) -> &[PathBuf] {
        &self.roots
    }

    /// Takes other folders; what lay only in those that are gone, and is not open, is forgotten.
    pub(crate) fn set_roots(&mut self, roots: Vec<PathBuf>) {
        let gone: Vec<PathBuf> = self.roots.iter().filter(|root| !roots.contains(root)).cloned().collect();
        self.roots = roots;
        let kept =
            |folder: &Path| !gone.iter().any(|root| folder.starts_with(root)) || self.roots.iter().any(|root| folder.starts_with(root));
        let forgotten: Vec<PathBuf> = self.projects.keys().filter(|folder| !kept(folder) && !self.has_open(folder)).cloned().collect();
        for folder in forgotten {
            self.projects.remove(&folder);
            self.changed.insert(folder);
        }
    }

    /// Takes other settings of the editor.
    pub(crate) fn set_wishes(&mut self, wishes: Wishes) {
        if self.wishes != wishes {
            self.wishes = wishes;
            self.all_changed();
        }
    }

    pub(crate) fn opened(&mut self, uri: Uri, version: i32, text: String) {
        let text = PlanText::new(self.shown(&uri), text);
        self.open.insert(uri.clone(), Buffer { version, text });
        self.touched(&uri);
    }

    /// Applies changes in their order, each to what the one before it left.
    pub(crate) fn edited(&mut self, uri: &Uri, version: i32, changes: Vec<TextDocumentContentChangeEvent>) {
        let encoding = self.encoding;
        let Some(buffer) = self.open.get_mut(uri) else { return };
        buffer.version = version;
        for change in changes {
            let source = &buffer.text.source;
            let edited = match change.range {
                None => Source::new(source.path(), change.text),
                Some(range) => {
                    let start = positions::offset(source, range.start, encoding);
                    let end = positions::offset(source, range.end, encoding).max(start);
                    source.edited(start..end, &change.text)
                }
            };
            buffer.text = PlanText::from(edited);
        }
        self.touched(uri);
    }

    pub(crate) fn closed(&mut self, uri: &Uri) {
        if self.open.remove(uri).is_none() {
            return;
        }
        // The disk may have moved on while the buffer stood over it.
        if let Some(path) = uri.to_file_path() {
            self.disk_changed(&path);
        }
        self.touched(uri);
        let folder = self.folder_of(uri);
        let nothing = |project: &Project| project.disk.is_empty() && !project.is_pack;
        if self.projects.get(&folder).is_some_and(nothing) && !self.has_open(&folder) {
            self.projects.remove(&folder);
        }
    }

    /// What the disk holds at a path may be another thing now.
    pub(crate) fn disk_changed(&mut self, path: &Path) {
        if path.file_name().is_some_and(|name| name == "remit.yaml") {
            self.all_changed();
            return;
        }
        let below: Vec<PathBuf> = self.projects.keys().filter(|folder| folder.starts_with(path)).cloned().collect();
        for folder in below.into_iter().chain(path.parent().map(Path::to_owned)) {
            if self.projects.contains_key(&folder) || is_plan(path) {
                self.reload(&folder);
            }
        }
        self.packs_changed(path);
    }

    /// Looks at a folder for a plan or a pack, where that has not been done.
    pub(crate) fn discover(&mut self, folder: &Path, is_pack: bool) {
        if !self.projects.contains_key(folder) {
            self.reload(folder);
        }
        if is_pack && let Some(project) = self.projects.get_mut(folder) {
            project.is_pack = true;
            project.outdate();
        }
    }

    /// The projects whose findings may have changed, once.
    pub(crate) fn take_changed(&mut self) -> BTreeSet<PathBuf> {
        std::mem::take(&mut self.changed)
    }

    /// Every project.
    pub(crate) fn projects(&self) -> Vec<PathBuf> {
        self.projects.keys().cloned().collect()
    }

    /// A document as it stands, in its plan; `None` for one that is neither a plan's nor a pack's.
    pub(crate) fn here(&mut self, uri: &Uri) -> Option<Here> {
        let folder = self.folder_of(uri);
        if !self.projects.contains_key(&folder) && uri.to_file_path().is_some_and(|path| is_plan(&path)) {
            self.reload(&folder);
        }
        let snapshot = self.snapshot(&folder)?;
        // A file of packs that were never right has no place among those in force.
        let file = snapshot.file(uri).or_else(|| snapshot.pack_set.current(uri).map(|_| FileId(0)))?;
        Some(Here { snapshot, file, uri: uri.clone() })
    }

    /// A project as it stands.
    pub(crate) fn snapshot(&mut self, folder: &Path) -> Option<Arc<Snapshot>> {
        let project = self.projects.get(folder)?;
        if let Some(snapshot) = &project.snapshot {
            return Some(snapshot.clone());
        }
        let terms = self.terms(folder);
        let snapshot = Arc::new(Snapshot::new(self.shown_path(folder), self.documents(folder), terms, self.encoding));
        if let Some(project) = self.projects.get_mut(folder) {
            project.snapshot = Some(snapshot.clone());
        }
        Some(snapshot)
    }

    /// The files of a plan in the order of their names: those that are open as the editor has them, the others as the disk has.
    fn documents(&self, folder: &Path) -> Vec<Document> {
        let mut documents: BTreeMap<String, Document> = BTreeMap::new();
        for (path, text) in self.projects.get(folder).into_iter().flat_map(|project| &project.disk) {
            if let Some(uri) = Uri::from_file_path(path) {
                documents.insert(path.to_string_lossy().into_owned(), Document { uri, version: None, text: text.clone() });
            }
        }
        for (uri, buffer) in self.open.iter().filter(|(uri, _)| is_plan_uri(uri) && self.folder_of(uri) == folder) {
            let name = uri.to_file_path().map_or_else(|| uri.to_string(), |path| path.to_string_lossy().into_owned());
            documents.insert(name, Document { uri: uri.clone(), version: Some(buffer.version), text: buffer.text.clone() });
        }
        documents.into_values().collect()
    }

    fn terms(&mut self, folder: &Path) -> Terms {
        let host = &self.host;
        let (settings, fault) = match self.settings.entry(folder.to_owned()).or_insert_with(|| host.settings(folder)).clone() {
            Ok(settings) => (settings, None),
            Err(fault) => (Settings::default(), Some(fault)),
        };
        let mut folders = settings.packs;
        folders.extend(self.wishes.packs.iter().cloned());
        if self.projects.get(folder).is_some_and(|project| project.is_pack) && !folders.iter().any(|known| known == folder) {
            folders.push(folder.to_owned());
        }
        let pack_set = self.pack_set(folders);
        Terms {
            fault: fault.or_else(|| pack_set.fault.clone()),
            pack_set,
            checker: self.projects.get(folder).map(|project| project.checker.clone()).unwrap_or_default(),
            as_of: self.wishes.as_of.or(settings.as_of).unwrap_or_else(|| self.host.today()),
            fail_on: self.wishes.fail_on.or(settings.fail_on).unwrap_or(Severity::Error),
            host: self.host.clone(),
        }
    }

    fn pack_set(&mut self, folders: Vec<PathBuf>) -> Arc<PackSet> {
        let known = self.packs.iter().find(|(known, _)| *known == folders).map(|(_, set)| set.clone());
        let is_stale = self.stale.remove(&folders);
        if let (Some(set), false) = (&known, is_stale) {
            return set.clone();
        }
        let of_pack = |uri: &Uri| [".yaml", ".md", ".csv"].iter().any(|ending| uri.path().as_str().ends_with(ending));
        let open = self.open.iter().filter(|(uri, _)| of_pack(uri));
        let open: Vec<(PathBuf, &str)> =
            open.filter_map(|(uri, buffer)| Some((uri.to_file_path()?.into_owned(), buffer.text.source.text()))).collect();
        let set = Arc::new(PackSet::load(&*self.host, &folders, &open, known.as_ref()));
        self.packs.retain(|(known, _)| *known != folders);
        self.packs.push((folders, set.clone()));
        set
    }

    fn touched(&mut self, uri: &Uri) {
        let folder = self.folder_of(uri);
        if is_plan_uri(uri) {
            if !self.projects.contains_key(&folder) {
                self.reload(&folder);
            }
            if let Some(project) = self.projects.get_mut(&folder) {
                project.outdate();
            }
            self.changed.insert(folder);
        } else if let Some(path) = uri.to_file_path() {
            self.find_pack(&path);
            self.packs_changed(&path);
        }
    }

    /// The pack in whose folder a file lies becomes a project, so that its faults are shown though no plan names it.
    fn find_pack(&mut self, path: &Path) {
        let is_pack = |folder: &&Path| {
            let head = folder.join("pack.yaml");
            Uri::from_file_path(&head).is_some_and(|uri| self.open.contains_key(&uri)) || self.host.read(&head).is_ok()
        };
        if let Some(folder) = path.ancestors().skip(1).take(3).find(is_pack).map(Path::to_owned) {
            self.discover(&folder, true);
        }
    }

    fn packs_changed(&mut self, path: &Path) {
        let touched: Vec<Vec<PathBuf>> = self
            .packs
            .iter()
            .filter(|(folders, _)| folders.iter().any(|folder| path.starts_with(folder)))
            .map(|(folders, _)| folders.clone())
            .collect();
        if touched.is_empty() {
            return;
        }
        for (folder, project) in &mut self.projects {
            let set = project.snapshot.as_ref().map(|snapshot| Arc::as_ptr(&snapshot.pack_set));
            let is_touched = |(folders, known): &(Vec<PathBuf>, Arc<PackSet>)| set == Some(Arc::as_ptr(known)) && touched.contains(folders);
            if set.is_none() || self.packs.iter().any(is_touched) {
                project.outdate();
                self.changed.insert(folder.clone());
            }
        }
        self.stale.extend(touched);
    }

    fn all_changed(&mut self) {
        self.settings.clear();
        for (folder, project) in &mut self.projects {
            project.outdate();
            self.changed.insert(folder.clone());
        }
    }

    fn reload(&mut self, folder: &Path) {
        let mut disk = BTreeMap::new();
        for path in self.host.plan_files(folder) {
            if let Ok(bytes) = self.host.read(&path) {
                disk.insert(path.clone(), PlanText::from(PlanFile { path: self.shown_path(&path), bytes }));
            }
        }
        let project = self.projects.entry(folder.to_owned()).or_default();
        project.disk = disk;
        project.outdate();
        self.changed.insert(folder.to_owned());
    }

    /// Whether the editor has a document of a project open.
    pub(crate) fn has_open(&self, folder: &Path) -> bool {
        self.open.keys().any(|uri| self.folder_of(uri) == folder)
    }

    /// The folder whose plan a document belongs to; a document without a file is a plan by itself.
    fn folder_of(&self, uri: &Uri) -> PathBuf {
        match uri.to_file_path().filter(|_| uri.scheme().as_str() == "file") {
            None => PathBuf::from(uri.as_str()),
            Some(path) if is_plan(&path) => path.parent().unwrap_or(&path).to_owned(),
            // Of a pack, the nearest folder that is known.
            Some(path) => {
                let known = path.ancestors().skip(1).find(|folder| self.projects.get(*folder).is_some_and(|project| project.is_pack));
                known.unwrap_or(&path).to_owned()
            }
        }
    }

    fn shown(&self, uri: &Uri) -> String {
        uri.to_file_path().map_or_else(|| uri.to_string(), |path| self.shown_path(&path))
    }

    /// A path as findings name it: from the folder that the editor has open.
    fn shown_path(&self, path: &Path) -> String {
        let root = self.roots.iter().filter_map(|root| path.strip_prefix(root).ok()).min_by_key(|path| path.as_os_str().len());
        let shown = root.unwrap_or(path).to_string_lossy().replace('\\', "/");
        if shown.is_empty() { ".".to_owned() } else { shown }
    }
}

/// Whether a path is that of a plan's file, as `remit check` sees it.
fn is_plan(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "remit")
}

fn is_plan_uri(uri: &Uri) -> bool {
    match uri.to_file_path().filter(|_| uri.scheme().as_str() == "file") {
        Some(path) => is_plan(&path),
        None => true,
    }
}
