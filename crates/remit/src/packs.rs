//! The rule packs of a run: the embedded ones, then those that `remit.yaml` names.

use std::fs;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;

use remit_core::packs::{PackErrors, PackFiles, Packs};

use crate::Environment;
use crate::config::{Config, PackSource};
use crate::exit::{Failure, Outcome};
use crate::output::Format;
use crate::pack::installed::{Installed, Project, agrees};
use crate::project::{Place, entries, is_searched};
use crate::render::{Look, pack_errors};

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

type Loaded = Result<Arc<Packs>, Rc<PackErrors>>;

/// What decides which packs are loaded: the settings' packs and, where somebody publishes one, the project.
type Wanted = (Vec<PackSource>, Option<Place>);

/// The sets of packs loaded so far: plans with the same settings share one.
#[derive(Default)]
pub(crate) struct Library {
    loaded: Vec<(Wanted, Loaded)>,
    /// What people should know of the packs, though it is no failure.
    notes: Vec<String>,
}

impl Library {
    /// The embedded packs and those of the settings.
    pub(crate) fn load(&mut self, config: &Config, environment: &Environment<'_>) -> Result<Arc<Packs>, PackFailure> {
        let wanted = (config.packs.clone(), config.file.clone().filter(|_| config.published().next().is_some()));
        if let Some((_, packs)) = self.loaded.iter().find(|(loaded, _)| *loaded == wanted) {
            return packs.clone().map_err(PackFailure::Invalid);
        }
        let mut manifests = Vec::new();
        let mut published = Vec::new();
        for installed in self.installed(config, environment)? {
            manifests.push(installed.manifest);
            published.push(installed.pack);
        }
        let loaded = load_with(config, &published);
        let packs = match loaded {
            Ok(packs) => Ok(Arc::new(packs)),
            Err(PackFailure::Invalid(errors)) => Err(errors),
            Err(unreadable) => return Err(unreadable),
        };
        if let Ok(packs) = &packs {
            for manifest in &manifests {
                agrees(manifest, &packs.infos).map_err(PackFailure::Unreadable)?;
            }
        }
        self.loaded.push((wanted, packs.clone()));
        packs.map_err(PackFailure::Invalid)
    }

    /// The published packs in force, in the order of the settings.
    fn installed(&mut self, config: &Config, environment: &Environment<'_>) -> Result<Vec<Installed>, PackFailure> {
        let Some(project) = Project::of(config, &environment.into()) else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for published in config.published() {
            let mut installed = project.installed(published).map_err(PackFailure::Unreadable)?;
            self.notes.extend(installed.note.take());
            all.push(installed);
        }
        Ok(all)
    }

    /// The published packs in force, as files.
    pub(crate) fn published(&mut self, config: &Config, environment: &Environment<'_>) -> Result<Vec<PackFiles>, PackFailure> {
        Ok(self.installed(config, environment)?.into_iter().map(|installed| installed.pack).collect())
    }

    /// Tells what people should know of the packs, once. Where it cannot be written there is nobody to tell.
    pub(crate) fn tell_notes(&mut self, err: &mut dyn Write) {
        for note in self.notes.drain(..) {
            let _ = writeln!(err, "remit: {}", crate::render::text::clean(&note));
        }
    }
}

/// The embedded packs and those of the settings, the published ones as given, in their order.
pub(crate) fn load_with(config: &Config, published: &[PackFiles]) -> Result<Packs, PackFailure> {
    Packs::load(&files_with(config, published)?).map_err(|errors| PackFailure::Invalid(Rc::new(errors)))
}

/// The same, not loaded yet.
pub(crate) fn files_with(config: &Config, published: &[PackFiles]) -> Result<Vec<PackFiles>, PackFailure> {
    let mut published = published.iter();
    let mut own = Vec::new();
    for source in &config.packs {
        match source {
            PackSource::Folder(folder) => own.push((read_folder(folder).map_err(PackFailure::Unreadable)?, None::<Place>)),
            PackSource::Published(_) => own.extend(published.next().cloned().map(|pack| (pack, None))),
        }
    }
    Ok(with_embedded(own).into_iter().map(|(pack, _)| pack).collect())
}

/// The embedded packs and those of one's own, each with the place it came from. A pack named like an embedded one takes its place;
/// two others of one name are an error, which is found when they are loaded.
pub(crate) fn with_embedded<P>(own: Vec<(PackFiles, Option<P>)>) -> Vec<(PackFiles, Option<P>)> {
    let mut files: Vec<(PackFiles, Option<P>)> = embedded_packs().into_iter().map(|pack| (pack, None)).collect();
    let embedded = files.len();
    for pack in own {
        match files.iter_mut().take(embedded).find(|(other, _)| name(&other.path) == name(&pack.0.path)) {
            Some(other) => *other = pack,
            None => files.push(pack),
        }
    }
    files
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

/// Shows what is wrong with packs, on its own and not on the way to findings.
pub(crate) fn tell_invalid(errors: &PackErrors, err: &mut dyn Write, environment: &Environment<'_>) -> Result<Outcome, Failure> {
    let look = Look { color: environment.color_of_errors, width: environment.width.unwrap_or(80) };
    pack_errors(Format::Human, errors, err, look).map_err(|error| Failure::writing("standard error", &error))?;
    Ok(Outcome::Packs)
}

/// The last part of a path: the pack's name, by the custom that its folder has it.
pub(crate) fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The files of a pack's folder.
pub(crate) fn read_folder(folder: &Place) -> Result<PackFiles, Failure> {
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
