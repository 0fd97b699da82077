//! `remit pack publish`: a pack is checked whole, put into its archive, signed, and brought to where others pull it from.

use std::io::Write;

use remit_core::packs::Packs;

use crate::Environment;
use crate::arguments::PublishArguments;
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::pack::archive::{self, LARGEST};
use crate::pack::http::Client;
use crate::pack::place::{Parcel, Shelf, read_bounded};
use crate::pack::signature::{self, Signer};
use crate::pack::{key, say};
use crate::packs::{Library, PackFailure, files_with, name, read_folder, tell_invalid};
use crate::project::Place;

/// What is signed, as its signature calls it.
const RULE_PACK: &str = "rule pack";

/// A pack on its way.
struct Ready {
    name: String,
    version: String,
    archive: Vec<u8>,
    signature: Option<String>,
}

/// Runs the command.
pub(crate) fn run(
    arguments: &PublishArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let place = Place::given(&environment.folder, &arguments.pack);
    let shelf = Shelf::parse(&arguments.to, &environment.folder, &environment.folder)?;
    if arguments.unsigned && !matches!(shelf, Shelf::Folder(_)) {
        return Err(Failure::usage("without a signature a pack goes into a folder only")
            .help("sign it there with `minisign`, and publish the archive from there"));
    }
    let ready = match if place.real.is_dir() {
        from_folder(&place, arguments, environment)
    } else {
        from_archive(&place, arguments, environment)
    } {
        Ok(ready) => ready,
        Err(PackFailure::Unreadable(failure)) => return Err(failure),
        Err(PackFailure::Invalid(errors)) => return tell_invalid(&errors, err, environment),
    };
    let Ready { name, version, archive, signature } = ready;
    let client = Client::new(environment)?;
    let shown = shelf.shown(&name, &version);
    let digest = archive::digest(&archive);
    let there = shelf.fetch(&client, &name, &version);
    let there = match (&shelf, there) {
        // A folder that is not there is made.
        (Shelf::Folder(folder), Err(_)) if !folder.real.exists() => None,
        (_, there) => there?,
    };
    let signed_by = signature.as_deref().and_then(signature::signed_by);
    let word = match &there {
        Some(there) if there.archive != archive => {
            return Err(Failure::usage(format!("`{shown}` is published already, and it is not this"))
                .help("a version that is published never changes: raise `version` in pack.yaml"));
        }
        Some(there)
            if there.signature.is_some()
                && (signature.is_none() || there.signature.as_deref().and_then(signature::signed_by) == signed_by) =>
        {
            "is there already"
        }
        _ => {
            shelf.store(&client, &name, &version, &Parcel { archive, signature: signature.clone() })?;
            "published"
        }
    };
    let signed = signed_by.map_or_else(|| "not signed".to_owned(), |number| format!("signed by key {number}"));
    say(out, &format!("{word}  {shown}\n           {digest}\n           {signed}\n"))?;
    Ok(Outcome::Clean)
}

/// Checks the pack with everything that it builds on, and makes its archive.
fn from_folder(place: &Place, arguments: &PublishArguments, environment: &Environment<'_>) -> Result<Ready, PackFailure> {
    let pack = read_folder(place).map_err(PackFailure::Unreadable)?;
    let config = Configs::new(&environment.folder).nearest(&place.folder()).map_err(PackFailure::Unreadable)?;
    let mut library = Library::default();
    let published = library.published(&config, environment)?;
    let mut files = files_with(&config, &published)?;
    // The pack as it stands in its folder is what is published, whatever `remit.yaml` says of one of its name.
    files.retain(|other| name(&other.path) != name(&pack.path) && other.digest() != pack.digest());
    files.push(pack.clone());
    let packs = Packs::load(&files).map_err(|errors| PackFailure::Invalid(errors.into()))?;
    let unreadable = PackFailure::Unreadable;
    let info = packs.infos.iter().find(|info| info.digest == pack.digest());
    let info = info.ok_or_else(|| unreadable(Failure::pack(format!("`{}` could not be read as a pack", place.shown))))?;
    let Some(publisher) = &info.publisher else {
        return Err(unreadable(
            Failure::pack(format!("`{}/pack.yaml` does not say who publishes the pack", place.shown)).help("add `publisher`"),
        ));
    };
    let archive = archive::write(&pack, info, publisher)
        .map_err(|what| unreadable(Failure::pack(format!("the archive of `{}` {what}", place.shown))))?;
    let signature = match (&arguments.key, arguments.unsigned) {
        (_, true) => None,
        (None, false) => {
            return Err(unreadable(
                Failure::usage("a pack is published with a signature, and no key is given")
                    .help("name the secret key with `--key FILE`; `remit pack key new FILE` makes one"),
            ));
        }
        (Some(file), false) => {
            let signer: Signer = key::read_secret(file, environment).map_err(unreadable)?;
            let comment = format!("timestamp:{}\tfile:{}\thashed", seconds(environment), archive::file_name(&info.name, &info.version));
            Some(signer.sign(&archive, RULE_PACK, &comment).map_err(unreadable)?)
        }
    };
    Ok(Ready { name: info.name.clone(), version: info.version.clone(), archive, signature })
}

/// The first second of today: minisign writes the time of signing into the comment, and nobody relies on it.
fn seconds(environment: &Environment<'_>) -> i64 {
    let days = environment.today.since(remit_core::time::Date::constant(1970, 1, 1)).map_or(0, |span| i64::from(span.get_days()));
    days * 86_400
}

/// An archive that was made before, with the signature that lies beside it.
fn from_archive(place: &Place, arguments: &PublishArguments, environment: &Environment<'_>) -> Result<Ready, PackFailure> {
    let ready = || {
        let Some(archive) = read_bounded(place, LARGEST)? else { return Err(crate::project::not_there(place)) };
        let read = archive::read(&archive).map_err(|what| Failure::pack(format!("the archive `{}` {what}", place.shown)))?;
        let beside = place.with(".minisig");
        let signature = match &arguments.key {
            Some(file) => {
                let comment = format!(
                    "timestamp:{}\tfile:{}\thashed",
                    seconds(environment),
                    archive::file_name(&read.manifest.name, &read.manifest.version)
                );
                Some(key::read_secret(file, environment)?.sign(&archive, RULE_PACK, &comment)?)
            }
            None => read_bounded(&beside, signature::LARGEST)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()),
        };
        if signature.as_deref().and_then(signature::signed_by).is_none() && !arguments.unsigned {
            return Err(Failure::usage(format!("`{}` is not signed: there is no signature in `{}`", place.shown, beside.shown))
                .help("sign it with `minisign -S -m`, or name a secret key with `--key FILE`"));
        }
        Ok(Ready { name: read.manifest.name, version: read.manifest.version, archive, signature })
    };
    ready().map_err(PackFailure::Unreadable)
}
