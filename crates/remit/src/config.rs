//! `remit.yaml`: the settings of a plan's folder and all below it.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use remit_core::packs::settings::{self, Mistake, PackEntry, Published, Roster, TrustedKey};
use remit_core::problem::Severity;
use remit_core::time::Date;

use crate::exit::Failure;
use crate::project::Place;

const NAME: &str = "remit.yaml";

/// What `remit.yaml` says; without one, nothing.
#[derive(Debug, Clone, Default)]
pub(crate) struct Config {
    /// The file; `None` where there is none.
    pub(crate) file: Option<Place>,
    /// The date as of which plans are checked.
    pub(crate) as_of: Option<Date>,
    /// The least severity at which a finding fails the run.
    pub(crate) fail_on: Option<Severity>,
    /// Further rule packs, in order.
    pub(crate) packs: Vec<PackSource>,
    /// Where the plans are, for the folder that holds the file.
    pub(crate) plans: Vec<Place>,
    /// Whose plans are expected, and by when.
    pub(crate) roster: Roster,
    /// Whose signatures count.
    pub(crate) trusted_keys: Vec<TrustedKey>,
}

/// Where a rule pack comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PackSource {
    /// A folder of one's own.
    Folder(Place),
    /// Somebody publishes it.
    Published(Published),
}

impl Config {
    /// The packs that somebody publishes.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Published> {
        self.packs.iter().filter_map(|pack| match pack {
            PackSource::Published(published) => Some(published),
            PackSource::Folder(_) => None,
        })
    }
}

/// The settings read so far, each file once, so that what is wrong with one is told once.
#[derive(Debug)]
pub(crate) struct Configs {
    folder: PathBuf,
    read: Vec<(PathBuf, Result<Rc<Config>, Failure>)>,
    none: Rc<Config>,
}

impl Configs {
    /// For a command that runs in `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), read: Vec::new(), none: Rc::default() }
    }

    /// The settings for what lies in a folder: the nearest file in it or above it.
    pub(crate) fn nearest(&mut self, folder: &Path) -> Result<Rc<Config>, Failure> {
        match folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file()) {
            Some(path) => self.at(path),
            None => Ok(Rc::clone(&self.none)),
        }
    }

    /// The settings that a folder itself holds.
    pub(crate) fn held_by(&mut self, folder: &Path) -> Result<Rc<Config>, Failure> {
        let path = folder.join(NAME);
        if path.is_file() { self.at(path) } else { Ok(Rc::clone(&self.none)) }
    }

    fn at(&mut self, path: PathBuf) -> Result<Rc<Config>, Failure> {
        if let Some((_, config)) = self.read.iter().find(|(read, _)| *read == path) {
            return config.clone();
        }
        let config = read(&path, &self.folder).map(Rc::new);
        self.read.push((path, config.clone()));
        config
    }
}

fn read(path: &Path, run_in: &Path) -> Result<Config, Failure> {
    let file = Place::given(run_in, path);
    let written = settings::settings(&text_of(&file)?).map_err(|mistakes| mistaken(&file, &mistakes, Failure::usage))?;
    let folder = path.parent().unwrap_or(run_in);
    let place = |path: String| Place::given(run_in, &folder.join(path));
    let source = |entry: PackEntry| match entry {
        PackEntry::Folder(path) => PackSource::Folder(place(path)),
        PackEntry::Published(published) => PackSource::Published(published),
    };
    Ok(Config {
        as_of: written.as_of,
        fail_on: written.fail_on,
        packs: written.packs.into_iter().map(source).collect(),
        plans: written.plans.into_iter().map(place).collect(),
        roster: written.roster,
        trusted_keys: written.trusted_keys,
        file: Some(file),
    })
}

/// The text of a file of settings.
pub(crate) fn text_of(file: &Place) -> Result<String, Failure> {
    let size = fs::metadata(&file.real).map_err(|error| Failure::reading(&file.shown, &error))?.len();
    if size > settings::LARGEST as u64 {
        return Err(Failure::usage(format!("`{}` is too large to be settings", file.shown)));
    }
    fs::read_to_string(&file.real).map_err(|error| Failure::reading(&file.shown, &error))
}

/// The first mistake in a file of settings, at its line.
pub(crate) fn mistaken(file: &Place, mistakes: &[Mistake], failure: impl Fn(String) -> Failure) -> Failure {
    match mistakes.first() {
        None => failure(format!("`{}` cannot be read", file.shown)),
        Some(first) => {
            let failure = failure(format!("`{}`, line {}: {}", file.shown, first.line, first.message));
            Failure { help: first.help.clone(), ..failure }
        }
    }
}
