//! The rule packs of a plan, loaded, with what editors call their files and where each rule's page can be opened.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use remit_core::packs::{PackErrors, PackFiles, Packs};
use remit_core::source::{FileId, Source, Sources};
use tower_lsp::ls_types::Uri;

use crate::host::Host;

/// A set of packs, and everything known of it.
#[derive(Debug)]
pub(crate) struct PackSet {
    /// The packs in force; where those asked for are wrong, the last that were right.
    pub(crate) packs: Arc<Packs>,
    /// What is wrong with those asked for.
    pub(crate) errors: Option<Arc<PackErrors>>,
    /// Why those asked for cannot be read at all.
    pub(crate) fault: Option<String>,
    /// What editors call each file of the packs in force.
    uris: Vec<Option<Uri>>,
    /// What editors call each file of packs that are wrong.
    error_uris: Vec<Option<Uri>>,
    /// Where each rule's page can be opened.
    pages: HashMap<String, Uri>,
}

impl PackSet {
    /// Loads packs. `open` is what the editor has open, which counts before the disk; `last` is what to go on with where they are wrong.
    pub(crate) fn load(host: &dyn Host, folders: &[PathBuf], open: &[(PathBuf, &str)], last: Option<&Arc<Self>>) -> Self {
        let found = host.packs(folders);
        let (mut files, fault) = match found {
            Ok(files) => (files, None),
            Err(fault) => (host.packs(&[]).unwrap_or_default(), Some(fault)),
        };
        for (pack, folder) in &mut files {
            let Some(folder) = folder else { continue };
            for (path, newer) in open {
                let Ok(within) = path.strip_prefix(&*folder) else { continue };
                let within = within.to_string_lossy().replace('\\', "/");
                match pack.files.iter_mut().find(|(path, _)| *path == within) {
                    Some((_, text)) => (*newer).clone_into(text),
                    None => pack.files.push((within, (*newer).to_owned())),
                }
            }
        }
        let only: Vec<PackFiles> = files.iter().map(|(pack, _)| pack.clone()).collect();
        match Packs::load(&only) {
            Ok(packs) => {
                let uris = uris(host, &packs.sources, &files);
                let pages = pages(host, &packs, &uris);
                Self { packs: Arc::new(packs), errors: None, fault, uris, error_uris: Vec::new(), pages }
            }
            Err(errors) => {
                let error_uris = uris(host, &errors.sources, &files);
                let base = match last {
                    Some(last) => Some((last.packs.clone(), last.uris.clone(), last.pages.clone())),
                    None => host.packs(&[]).ok().and_then(|files| {
                        let only: Vec<PackFiles> = files.iter().map(|(pack, _)| pack.clone()).collect();
                        let packs = Packs::load(&only).ok()?;
                        let uris = uris(host, &packs.sources, &files);
                        let pages = pages(host, &packs, &uris);
                        Some((Arc::new(packs), uris, pages))
                    }),
                };
                let (packs, uris, pages) = base.unwrap_or_else(|| (Arc::new(Packs::default()), Vec::new(), HashMap::new()));
                Self { packs, errors: Some(Arc::new(errors)), fault, uris, error_uris, pages }
            }
        }
    }

    /// What editors call a file of the packs.
    pub(crate) fn uri(&self, file: FileId) -> Option<&Uri> {
        self.uris.get(file.0 as usize)?.as_ref()
    }

    /// What editors call a file of packs that are wrong.
    pub(crate) fn error_uri(&self, file: FileId) -> Option<&Uri> {
        self.error_uris.get(file.0 as usize)?.as_ref()
    }

    /// The file of the packs that editors call so.
    pub(crate) fn file(&self, uri: &Uri) -> Option<FileId> {
        self.uris.iter().position(|known| known.as_ref() == Some(uri)).map(|at| FileId(at as u32))
    }

    /// The text of a file as it was last read, whether the packs are right or wrong.
    pub(crate) fn current(&self, uri: &Uri) -> Option<&Source> {
        let place = |uris: &[Option<Uri>]| uris.iter().position(|known| known.as_ref() == Some(uri)).map(|at| FileId(at as u32));
        match &self.errors {
            Some(errors) => errors.sources.get(place(&self.error_uris)?),
            None => self.packs.sources.get(place(&self.uris)?),
        }
    }

    /// Where the page of a rule can be opened.
    pub(crate) fn page(&self, rule: &str) -> Option<&Uri> {
        self.pages.get(rule)
    }
}

fn uris(host: &dyn Host, sources: &Sources, packs: &[(PackFiles, Option<PathBuf>)]) -> Vec<Option<Uri>> {
    let uri = |at: usize| {
        let source = sources.get(FileId(at as u32))?;
        let of_pack = packs.iter().find_map(|(pack, folder)| {
            let within = source.path().strip_prefix(&pack.path)?.strip_prefix('/')?;
            pack.files.iter().any(|(path, _)| path == within).then_some((folder, within))
        });
        let path = match of_pack {
            Some((Some(folder), within)) => folder.join(within),
            // What is embedded is written where editors can open it; registers are not for reading.
            _ if source.path().ends_with(".csv") => return None,
            _ => host.provide(source.path(), source.text())?,
        };
        Uri::from_file_path(path)
    };
    (0..sources.len()).map(uri).collect()
}

fn pages(host: &dyn Host, packs: &Packs, uris: &[Option<Uri>]) -> HashMap<String, Uri> {
    let mut pages = HashMap::new();
    for rule in packs.rules() {
        let uri = match rule.place {
            Some(place) => {
                let Some(short) = rule.id.split_once('/').map(|(_, short)| short) else { continue };
                let ending = format!("/rules/{short}.md");
                let folder = packs.sources.path(place).rsplit_once("/rules/").map_or("", |(folder, _)| folder);
                let page = (0..packs.sources.len())
                    .find(|at| packs.sources.get(FileId(*at as u32)).is_some_and(|source| source.path() == format!("{folder}{ending}")));
                page.and_then(|at| uris.get(at).cloned().flatten())
            }
            None => {
                let text = format!("# {}\n\n{}\n", rule.title, rule.page);
                host.provide(&format!("{}.md", rule.id), &text).and_then(Uri::from_file_path)
            }
        };
        if let Some(uri) = uri {
            pages.insert(rule.id, uri);
        }
    }
    pages
}
