//! The rule packs of a run: the embedded ones, then the folders that `remit.yaml` names.

use std::fs;
use std::rc::Rc;

use remit_core::packs::{PackErrors, PackFiles, Packs};

use crate::exit::Failure;
use crate::project::{Place, entries, is_searched};

/// How deep a pack's folder is read, and how large a pack's file may be.
const DEEPEST_FOLDER: usize = 8;
const LARGEST_FILE: u64 = 64 * 1024 * 1024;

/// The national packs that come with the program.
pub(crate) fn embedded_packs() -> Vec<PackFiles> {
    remit_framework::packs()
}

/// Why packs cannot be used.
pub(crate) enum PackFailure {
    /// They cannot be read.
    Unreadable(Failure),
    /// They were read, and are wrong.
    Invalid(Rc<PackErrors>),
}

type Loaded = Result<Rc<Packs>, Rc<PackErrors>>;

/// The sets of packs loaded so far: plans with the same settings share one.
#[derive(Default)]
pub(crate) struct Library {
    loaded: Vec<(Vec<Place>, Loaded)>,
}

impl Library {
    /// The packs of [`files`], loaded.
    pub(crate) fn load(&mut self, folders: &[Place]) -> Result<Rc<Packs>, PackFailure> {
        if let Some((_, packs)) = self.loaded.iter().find(|(loaded, _)| loaded == folders) {
            return packs.clone().map_err(PackFailure::Invalid);
        }
        let files: Vec<PackFiles> = files(folders).map_err(PackFailure::Unreadable)?.into_iter().map(|(pack, _)| pack).collect();
        let packs = Packs::load(&files).map(Rc::new).map_err(Rc::new);
        self.loaded.push((folders.to_vec(), packs.clone()));
        packs.map_err(PackFailure::Invalid)
    }
}

/// The embedded packs and those of the folders, each with the folder it came from. A folder named like an embedded pack takes its place.
pub(crate) fn files(folders: &[Place]) -> Result<Vec<(PackFiles, Option<Place>)>, Failure> {
    let mut files: Vec<(PackFiles, Option<Place>)> = embedded_packs().into_iter().map(|pack| (pack, None)).collect();
    for folder in folders {
        let pack = (read(folder)?, Some(folder.clone()));
        match files.iter_mut().find(|(other, _)| name(&other.path) == name(&pack.0.path)) {
            Some(other) => *other = pack,
            None => files.push(pack),
        }
    }
    Ok(files)
}

/// The folders that are rule packs, at a place and below it.
pub(crate) fn folders_at(place: &Place) -> Vec<Place> {
    fn below(folder: &Place, depth: usize, found: &mut Vec<Place>) {
        if folder.real.join("pack.yaml").is_file() {
            found.push(folder.clone());
            return;
        }
        let folders = entries(folder).unwrap_or_default().into_iter().filter(|(place, kind)| kind.is_dir() && is_searched(place, depth));
        folders.for_each(|(place, _)| below(&place, depth + 1, found));
    }
    let mut found = Vec::new();
    below(place, 0, &mut found);
    found
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The files of a pack's folder.
fn read(folder: &Place) -> Result<PackFiles, Failure> {
    if !folder.real.is_dir() {
        let failure = Failure::usage(format!("there is no folder `{}`, which `remit.yaml` names as a rule pack", folder.shown));
        return Err(Failure { help: crate::project::not_there(folder).help, ..failure });
    }
    if !folder.real.join("pack.yaml").is_file() {
        return Err(Failure::pack(format!("`{}` is no rule pack: it has no `pack.yaml`", folder.shown)));
    }
    let mut pack = PackFiles { path: folder.shown.clone(), files: Vec::new() };
    read_below(folder, "", 0, &mut pack)?;
    Ok(pack)
}

fn read_below(folder: &Place, prefix: &str, depth: usize, pack: &mut PackFiles) -> Result<(), Failure> {
    for (place, kind) in entries(folder)? {
        let name = place.real.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let path = format!("{prefix}{name}");
        if kind.is_dir() {
            if depth < DEEPEST_FOLDER {
                read_below(&place, &format!("{path}/"), depth + 1, pack)?;
            }
            continue;
        }
        if !["yaml", "md", "csv"].iter().any(|known| place.real.extension().is_some_and(|extension| extension == *known)) {
            continue;
        }
        let failed = |error| Failure::reading(&place.shown, &error);
        if fs::metadata(&place.real).map_err(failed)?.len() > LARGEST_FILE {
            return Err(Failure::pack(format!("the pack's file `{}` is larger than 64 MB", place.shown)));
        }
        let text = String::from_utf8(fs::read(&place.real).map_err(failed)?);
        let text = text.map_err(|_| Failure::pack(format!("the pack's file `{}` is not UTF-8 text", place.shown)))?;
        pack.files.push((path, text));
    }
    Ok(())
}
