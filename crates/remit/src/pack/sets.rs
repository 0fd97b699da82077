//! The packs that a pack verb looks at: one pack's folder with all that it builds on, or one that comes with the program.

use std::rc::Rc;
use std::sync::Arc;

use remit_core::packs::{PackErrors, Packs};

use crate::Environment;
use crate::config::{Config, Configs, PackSource};
use crate::exit::Failure;
use crate::packs::{Library, PackFailure};
use crate::project::Place;

/// Packs in force together, and which of them is meant.
pub(crate) struct Set {
    pub(crate) packs: Arc<Packs>,
    /// The names of the packs that are meant; empty: all.
    pub(crate) meant: Vec<String>,
}

impl Set {
    /// The packs with the one of a folder among them; for a folder without `pack.yaml`, those in force there; for the name of a pack
    /// that comes with the program, that one.
    pub(crate) fn of(place: &Place, environment: &Environment<'_>) -> Result<Result<Self, Rc<PackErrors>>, Failure> {
        let embedded = crate::packs::embedded_packs().iter().any(|pack| pack.path == place.shown);
        let is_pack = place.real.join("pack.yaml").is_file();
        if !embedded && !place.real.is_dir() {
            return Err(crate::project::not_there(place));
        }
        let here = if embedded { Place::given(&environment.folder, ".".as_ref()) } else { place.clone() };
        let config = Configs::new(&environment.folder).nearest(&here.folder())?;
        let mut config = Config::clone(&config);
        let named = |source: &PackSource| matches!(source, PackSource::Folder(folder) if folder.real == place.real);
        if is_pack && !config.packs.iter().any(named) {
            config.packs.push(PackSource::Folder(place.clone()));
        }
        let packs = match Library::default().load(&config, environment) {
            Ok(packs) => packs,
            Err(PackFailure::Unreadable(failure)) => return Err(failure),
            Err(PackFailure::Invalid(errors)) => return Ok(Err(errors)),
        };
        let prefix = format!("{}/", place.shown);
        let mut meant: Vec<String> = Vec::new();
        for rule in packs.rules.iter().filter(|_| embedded || is_pack) {
            let name = rule.id.split_once('/').map_or("", |(pack, _)| pack);
            if packs.sources.path(rule.place).starts_with(&prefix) && !meant.iter().any(|known| known == name) {
                meant.push(name.to_owned());
            }
        }
        Ok(Ok(Self { packs, meant }))
    }

    /// Whether a rule belongs to what is meant.
    pub(crate) fn owns(&self, rule: &str) -> bool {
        self.meant.is_empty() || rule.split_once('/').is_some_and(|(pack, _)| self.meant.iter().any(|meant| meant == pack))
    }
}
