//! `remit pack verify`: whether the packs in force, or an archive, are to be believed, and why. It needs no network.

use std::io::Write;

use remit_core::time::Date;

use crate::Environment;
use crate::arguments::VerifyArguments;
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::pack::archive::{self, LARGEST, Manifest};
use crate::pack::installed::Project;
use crate::pack::place::read_bounded;
use crate::pack::trust::believe;
use crate::pack::{key, say, signature};
use crate::packs::Library;
use crate::packs::PackFailure;
use crate::project::Place;

/// How many days before its end a key is spoken of.
const SOON: i32 = 30;

/// Runs the command.
pub(crate) fn run(arguments: &VerifyArguments, out: &mut dyn Write, environment: &Environment<'_>) -> Result<Outcome, Failure> {
    let here = Place::given(&environment.folder, ".".as_ref());
    let config = Configs::new(&environment.folder).nearest(&here.folder())?;
    let project = Project::of(&config, &environment.into());
    if arguments.archives.is_empty() {
        let Some(project) = project else {
            return Err(Failure::usage("there is no `remit.yaml` here or above, so no published pack is in force")
                .help("name an archive, or go to the folder of a plan"));
        };
        let mut none = true;
        for published in config.published() {
            none = false;
            let installed = project.installed(published)?;
            if let Some(note) = installed.note {
                return Err(Failure::pack(note));
            }
            let (key, until) = installed.believed_by;
            tell(out, &installed.manifest, &key, until, environment.today)?;
        }
        match Library::default().load(&config, environment) {
            Ok(_) => {}
            Err(PackFailure::Unreadable(failure)) => return Err(failure),
            Err(PackFailure::Invalid(_)) => {
                return Err(Failure::pack("the packs are as they were published, and are invalid together").help("`remit check` says why"));
            }
        }
        if none {
            say(out, &format!("`{}` names no published pack.\n", project.file.shown))?;
        }
        return Ok(Outcome::Clean);
    }
    let given = arguments.key.as_deref().map(|text| key::read_public(text, environment)).transpose()?;
    for path in &arguments.archives {
        let place = Place::given(&environment.folder, path);
        let Some(bytes) = read_bounded(&place, LARGEST)? else { return Err(crate::project::not_there(&place)) };
        let beside = place.with(".minisig");
        let signature = read_bounded(&beside, signature::LARGEST)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let believed = match (&given, &project) {
            (Some(key), _) => believe(&place.shown, &bytes, signature.as_deref(), key)?,
            (None, Some(project)) => project.trust.judge(&place.shown, &bytes, signature.as_deref())?,
            (None, None) => {
                return Err(
                    Failure::usage("there is no `remit.yaml` here or above, so no key is trusted").help("name the public key with `--key`")
                );
            }
        };
        tell(out, &believed.archive.manifest, &believed.key, believed.until, environment.today)?;
        say(out, &format!("           {}\n", archive::digest(&bytes)))?;
    }
    Ok(Outcome::Clean)
}

/// What an archive is, and why it is believed.
fn tell(out: &mut dyn Write, manifest: &Manifest, key: &str, until: Option<Date>, today: Date) -> Result<(), Failure> {
    let Manifest { name, version, publisher, .. } = manifest;
    let until = until.map_or_else(String::new, |until| {
        let days = today.until(until).map_or(0, |span| span.get_days());
        let soon = if days <= SOON { format!(": {days} days from today") } else { String::new() };
        format!(", trusted until {until}{soon}")
    });
    say(out, &format!("good       {name} {version}\n           signed by {publisher}, key {key}{until}\n"))
}
