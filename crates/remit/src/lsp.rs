//! `remit lsp`: the language server on the standard input and output, reading the disk as the other commands do.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use remit_core::packs::PackFiles;
use remit_core::time::Date;
use remit_lsp::host::{Fault, Host, Settings};

use crate::Environment;
use crate::arguments::LspArguments;
use crate::config::{Configs, PackSource};
use crate::exit::{Failure, Outcome};
use crate::pack::installed::{Around, Project};
use crate::packs;
use crate::project::{self, Place};

/// How many answers may be worked on at once; listening and speaking take two of them.
const MOST_THREADS: usize = 16;

/// Serves one editor on the standard input and output.
pub(crate) fn run(arguments: &LspArguments, environment: &Environment<'_>) -> Result<Outcome, Failure> {
    let log = match &arguments.log {
        Some(path) => {
            let place = Place::given(&environment.folder, path);
            let file = fs::OpenOptions::new().create(true).append(true).open(&place.real);
            Some(Mutex::new(file.map_err(|error| Failure::writing(&place.shown, &error))?))
        }
        None => None,
    };
    let disk = Disk { log, ..Disk::new(environment.folder.clone(), environment.today) };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).max_blocking_threads(MOST_THREADS).enable_all().build();
    let runtime = runtime.map_err(|error| Failure::usage(format!("the server cannot start: {error}")))?;
    let left = runtime.block_on(remit_lsp::serve(tokio::io::stdin(), tokio::io::stdout(), Arc::new(disk)));
    // An editor that is gone may have left a read behind that never ends.
    runtime.shutdown_background();
    Ok(if left { Outcome::Clean } else { Outcome::Findings })
}

/// The real disk.
pub struct Disk {
    folder: PathBuf,
    today: Date,
    log: Option<Mutex<fs::File>>,
    started: Instant,
}

impl Disk {
    /// The disk as seen from a folder, on a day.
    pub fn new(folder: PathBuf, today: Date) -> Self {
        Self { folder, today, log: None, started: Instant::now() }
    }

    fn place(&self, path: &Path) -> Place {
        Place::given(&self.folder, path)
    }

    /// The published pack that is in force under a name of settings.
    fn published(&self, settings: &Path, name: &Path) -> Result<PackFiles, Fault> {
        let config = Configs::new(&self.folder).nearest(settings.parent().unwrap_or(settings)).map_err(fault)?;
        let around = Around { folder: &self.folder, today: self.today, copies: std::env::var("REMIT_CACHE").ok() };
        let published = config.published().find(|published| name.ends_with(&published.name));
        match (Project::of(&config, &around), published) {
            (Some(project), Some(published)) => Ok(project.installed(published).map_err(fault)?.pack),
            _ => Err(format!("`{}` does not name a published pack", settings.display())),
        }
    }
}

fn fault(failure: Failure) -> Fault {
    match failure.help {
        Some(help) => format!("{}; {help}", failure.message),
        None => failure.message,
    }
}

impl Host for Disk {
    fn today(&self) -> Date {
        self.today
    }

    fn plan_folders(&self, folder: &Path) -> Vec<PathBuf> {
        let plans = project::plans_at(&self.place(folder)).unwrap_or_default();
        plans.into_iter().map(|plan| plan.place.real).collect()
    }

    fn plan_files(&self, folder: &Path) -> Vec<PathBuf> {
        project::plan_files(&self.place(folder)).unwrap_or_default().into_iter().map(|place| place.real).collect()
    }

    fn pack_folders(&self, folder: &Path) -> Vec<PathBuf> {
        packs::folders_at(&self.place(folder)).into_iter().map(|place| place.real).collect()
    }

    fn read(&self, file: &Path) -> Result<Vec<u8>, Fault> {
        let place = self.place(file);
        project::read_bounded(&place.real).map_err(|error| fault(Failure::reading(&place.shown, &error)))
    }

    fn settings(&self, folder: &Path) -> Result<Settings, Fault> {
        let config = Configs::new(&self.folder).nearest(folder).map_err(fault)?;
        let packs = config.packs.iter().filter_map(|source| match source {
            PackSource::Folder(place) => Some(place.real.clone()),
            // A published pack is known by its name below the settings that ask for it, where no folder can be.
            PackSource::Published(published) => Some(config.file.as_ref()?.real.join(&published.name)),
        });
        Ok(Settings { as_of: config.as_of, fail_on: config.fail_on, packs: packs.collect() })
    }

    fn packs(&self, folders: &[PathBuf]) -> Result<Vec<(PackFiles, Option<PathBuf>)>, Fault> {
        let own = folders.iter().map(|folder| match folder.parent().filter(|settings| settings.is_file()) {
            Some(settings) => Ok((self.published(settings, folder)?, None)),
            None => Ok((packs::read_folder(&self.place(folder)).map_err(fault)?, Some(folder.clone()))),
        });
        Ok(packs::with_embedded(own.collect::<Result<_, Fault>>()?))
    }

    fn provide(&self, name: &str, text: &str) -> Option<PathBuf> {
        let path = cache()?.join(name);
        if fs::read_to_string(&path).is_ok_and(|known| known == text) {
            return Some(path);
        }
        fs::create_dir_all(path.parent()?).ok()?;
        // Written beside and moved, so that a second editor never reads half of it.
        let half = path.with_extension(format!("{}.part", std::process::id()));
        fs::write(&half, text).ok()?;
        fs::rename(&half, &path).ok()?;
        Some(path)
    }

    fn log(&self, line: &str) {
        if let Some(log) = &self.log {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writeln!(log, "{:10.3} {line}", self.started.elapsed().as_secs_f64());
        }
    }
}

/// Where the program's own texts are put for editors to open: the user's cache, by version.
fn cache() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        set("LOCALAPPDATA")?
    } else if cfg!(target_os = "macos") {
        set("HOME")?.join("Library/Caches")
    } else {
        set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache"))).unwrap_or_else(std::env::temp_dir)
    };
    Some(base.join("remit").join(env!("CARGO_PKG_VERSION")))
}
