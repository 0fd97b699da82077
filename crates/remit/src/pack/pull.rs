//! `remit pack pull`: the packs that `remit.yaml` names are fetched, judged, tried together, and only then put in force, all at once.

use std::io::Write;

use remit_core::packs::settings::{Locked, Published};

use crate::Environment;
use crate::arguments::PullArguments;
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::pack::archive;
use crate::pack::http::Client;
use crate::pack::installed::{Project, agrees, named};
use crate::pack::place::{Parcel, Shelf};
use crate::pack::say;
use crate::pack::trust::Believed;
use crate::packs::{PackFailure, load_with, tell_invalid};
use crate::project::Place;

/// A pack that is about to be put in force.
struct Pulled {
    locked: Locked,
    believed: Believed,
    /// What was fetched; `None` where the copy that is there serves.
    parcel: Option<Parcel>,
}

/// Runs the command.
pub(crate) fn run(
    arguments: &PullArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let place = Place::given(&environment.folder, arguments.path.as_deref().unwrap_or(".".as_ref()));
    let config = Configs::new(&environment.folder).nearest(&place.folder())?;
    let Some(project) = Project::of(&config, &environment.into()) else {
        return Err(Failure::usage(format!("there is no `remit.yaml` in `{}`, nor above it", place.shown))
            .help("write one that names the packs to pull under `packs`, with `name`, `version` and `from`"));
    };
    let lock = project.lock()?;
    let client = Client::new(environment)?;
    let mut pulled = Vec::new();
    for published in config.published() {
        let locked = lock.packs.iter().find(|locked| locked.name == published.name && locked.version == published.version);
        pulled.push(pull(published, locked, &project, &client, environment)?);
    }
    let packs: Vec<_> = pulled.iter().map(|pulled| pulled.believed.archive.pack.clone()).collect();
    let loaded = match load_with(&config, &packs) {
        Ok(packs) => packs,
        Err(PackFailure::Unreadable(failure)) => return Err(failure),
        Err(PackFailure::Invalid(errors)) => return tell_invalid(&errors, err, environment),
    };
    for pulled in &pulled {
        agrees(&pulled.believed.archive.manifest, &loaded.infos)?;
    }
    for Pulled { locked, parcel, .. } in &pulled {
        if let Some(parcel) = parcel {
            project.keep(&locked.name, &locked.version, parcel)?;
        }
    }
    let in_force: Vec<Locked> = pulled.iter().map(|pulled| pulled.locked.clone()).collect();
    project.write_lock(&in_force)?;
    for Pulled { locked, believed, parcel } in &pulled {
        let word = if parcel.is_some() { "pulled" } else { "unchanged" };
        let Locked { name, version, digest, key, .. } = locked;
        let until = believed.until.map(|until| format!(", trusted until {until}")).unwrap_or_default();
        say(
            out,
            &format!(
                "{word:<9}  {name} {version}\n           {digest}\n           signed by {}, key {key}{until}\n",
                believed.archive.manifest.publisher
            ),
        )?;
    }
    if pulled.is_empty() {
        say(out, &format!("`{}` names no published pack: there is nothing to pull.\n", project.file.shown))?;
    }
    Ok(Outcome::Clean)
}

/// One pack: the copy that is there if it is still to be believed, else what its place sends.
fn pull(
    published: &Published,
    locked: Option<&Locked>,
    project: &Project,
    client: &Client,
    environment: &Environment<'_>,
) -> Result<Pulled, Failure> {
    let Published { name, version, from, .. } = published;
    if let Some(locked) = locked
        && let Ok(Some(believed)) = project.copy(locked)
    {
        return Ok(Pulled { locked: Locked { from: from.clone(), ..locked.clone() }, believed, parcel: None });
    }
    let folder = project.file.real.parent().unwrap_or(&environment.folder);
    let shelf = Shelf::parse(from, &environment.folder, folder).map_err(|failure| Failure {
        message: format!("`{}`, line {}: {}", project.file.shown, published.line, failure.message),
        ..failure
    })?;
    let shown = shelf.shown(name, version);
    let Some(parcel) = shelf.fetch(client, name, version)? else {
        let place = format!("`{}`, line {}", project.file.shown, published.line);
        return Err(Failure::usage(format!("{place}: there is no `{shown}`")).help("look at the version, and at the place after `from`"));
    };
    let digest = archive::digest(&parcel.archive);
    if let Some(locked) = locked
        && locked.digest != digest
    {
        let line = project.lock_line(locked);
        return Err(Failure::pack(format!("`{shown}` is not what was pulled before: it is {digest}, and {line}, says {}", locked.digest))
            .help("a version that is published never changes: ask the publisher before you trust it"));
    }
    let believed = project.trust.judge(&shown, &parcel.archive, parcel.signature.as_deref())?;
    named(&shown, &believed.archive.manifest, name, version)?;
    let (name, version, from) = (name.clone(), version.clone(), from.clone());
    let locked = Locked { name, version, from, digest, key: believed.key.clone(), line: 0 };
    Ok(Pulled { locked, believed, parcel: Some(parcel) })
}
