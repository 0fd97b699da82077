//! The published packs of a project: what `remit.lock` says is in force, and the copies that are kept beside it.
//!
//! Nothing is ever unpacked. A copy is read into memory for each run, and its digest, its signature and the key are judged anew, so
//! that a changed byte or a key that is no longer trusted is noticed whenever it happens.

use std::fs;
use std::io;
use std::path::Path;

use remit_core::packs::settings::{self, Lock, Locked, Published};
use remit_core::packs::{PackFiles, PackInfo};
use remit_core::time::Date;

use crate::Environment;
use crate::config::{Config, mistaken, text_of};
use crate::exit::Failure;
use crate::pack::archive::{self, LARGEST, Manifest};
use crate::pack::place::{Parcel, read_bounded, write_beside};
use crate::pack::signature;
use crate::pack::trust::{Believed, Trust};
use crate::project::Place;

/// A project that may have published packs: the folder with its `remit.yaml`.
pub(crate) struct Project {
    /// The settings, as they are shown.
    pub(crate) file: Place,
    /// Where the lock is.
    lock_file: Place,
    /// Where copies are kept.
    copies: Place,
    /// Which signatures count.
    pub(crate) trust: Trust,
}

/// A pack that is in force.
pub(crate) struct Installed {
    /// Its files.
    pub(crate) pack: PackFiles,
    /// What its archive says of it.
    pub(crate) manifest: Manifest,
    /// The key that signed it, and its last day.
    pub(crate) believed_by: (String, Option<Date>),
    /// What people should know, though it is no failure.
    pub(crate) note: Option<String>,
}

/// What a project asks of the machine.
pub(crate) struct Around<'a> {
    /// The folder in which the command runs.
    pub(crate) folder: &'a Path,
    /// Today.
    pub(crate) today: Date,
    /// Where copies are kept, where it is not the usual place.
    pub(crate) copies: Option<String>,
}

impl<'a> From<&'a Environment<'_>> for Around<'a> {
    fn from(environment: &'a Environment<'_>) -> Self {
        Self { folder: &environment.folder, today: environment.today, copies: (environment.variable)("REMIT_CACHE") }
    }
}

impl Project {
    /// The project of settings; `None` where there is no `remit.yaml`.
    pub(crate) fn of(config: &Config, around: &Around<'_>) -> Option<Self> {
        let file = config.file.clone()?;
        let folder = Place { shown: folder_of(&file.shown), real: file.real.parent().map(Path::to_owned)? };
        let copies = match around.copies.as_deref().filter(|path| !path.is_empty()) {
            Some(path) => Place::given(around.folder, path.as_ref()),
            None => folder.child(".remit".as_ref()).child("packs".as_ref()),
        };
        let trust = Trust { file: file.shown.clone(), keys: config.trusted_keys.clone(), today: around.today };
        Some(Self { lock_file: folder.child("remit.lock".as_ref()), file, copies, trust })
    }

    /// What the lock says; nothing where there is none.
    pub(crate) fn lock(&self) -> Result<Lock, Failure> {
        match fs::metadata(&self.lock_file.real) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Lock::default()),
            _ => settings::lock(&text_of(&self.lock_file)?).map_err(|mistakes| {
                let failure = mistaken(&self.lock_file, &mistakes, Failure::pack);
                if failure.help.is_some() {
                    failure
                } else {
                    failure.help("take it from version control, or remove it and run `remit pack pull`")
                }
            }),
        }
    }

    /// Replaces the lock, whole.
    pub(crate) fn write_lock(&self, packs: &[Locked]) -> Result<(), Failure> {
        let text = settings::write_lock(packs);
        match fs::read_to_string(&self.lock_file.real) {
            Ok(same) if same == text => Ok(()),
            _ => write_beside(&self.lock_file, text.as_bytes()),
        }
    }

    /// A line of the lock, for messages.
    pub(crate) fn lock_line(&self, locked: &Locked) -> String {
        format!("`{}`, line {}", self.lock_file.shown, locked.line)
    }

    /// The pack that is in force under a name of `remit.yaml`.
    pub(crate) fn installed(&self, published: &Published) -> Result<Installed, Failure> {
        let lock = self.lock()?;
        let Some(locked) = lock.packs.iter().find(|locked| locked.name == published.name) else {
            let message = format!("`{}`, line {}: the pack `{}` has not been pulled", self.file.shown, published.line, published.name);
            return Err(Failure::usage(message).help("run `remit pack pull`"));
        };
        let Some(believed) = self.copy(locked)? else {
            let (line, copies) = (self.lock_line(locked), &self.copies.shown);
            let message = format!("{line}: the pack `{}` {} is not among the copies in `{copies}`", locked.name, locked.version);
            return Err(Failure::usage(message).help("run `remit pack pull`"));
        };
        let other = published.version != locked.version;
        let note = other.then(|| {
            format!(
                "`{}`, line {}, asks for `{}` {}; {} stays in force until `remit pack pull` has brought it",
                self.file.shown, published.line, published.name, published.version, locked.version
            )
        });
        Ok(Installed {
            pack: believed.archive.pack,
            manifest: believed.archive.manifest,
            believed_by: (believed.key, believed.until),
            note,
        })
    }

    /// The copy of a locked pack, judged; `None` where there is none.
    pub(crate) fn copy(&self, locked: &Locked) -> Result<Option<Believed>, Failure> {
        let folder = self.copy_folder(&locked.digest);
        let file = folder.child(archive::file_name(&locked.name, &locked.version).as_ref());
        let Some(bytes) = read_bounded(&file, LARGEST)? else { return Ok(None) };
        if archive::digest(&bytes) != locked.digest {
            let line = self.lock_line(locked);
            return Err(Failure::pack(format!("`{}` was changed: it has not the digest in {line}", file.shown))
                .help("remove the file and run `remit pack pull`"));
        }
        let signature_file = folder.child(archive::signature_name(&locked.name, &locked.version).as_ref());
        let signature = read_bounded(&signature_file, signature::LARGEST)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let believed = self.trust.judge(&file.shown, &bytes, signature.as_deref())?;
        named(&file.shown, &believed.archive.manifest, &locked.name, &locked.version)?;
        Ok(Some(believed))
    }

    /// Keeps a copy: both files at once, or neither.
    pub(crate) fn keep(&self, name: &str, version: &str, parcel: &Parcel) -> Result<(), Failure> {
        let folder = self.copy_folder(&archive::digest(&parcel.archive));
        let failed = |error: io::Error| Failure::writing(&folder.shown, &error);
        let beside = folder.real.with_extension(format!("{}.part", std::process::id()));
        fs::create_dir_all(&beside).map_err(failed)?;
        let part = Place { shown: folder.shown.clone(), real: beside.clone() };
        let signature = parcel.signature.as_deref().unwrap_or_default();
        let written = write_beside(&part.child(archive::file_name(name, version).as_ref()), &parcel.archive)
            .and_then(|()| write_beside(&part.child(archive::signature_name(name, version).as_ref()), signature.as_bytes()));
        let moved = written.and_then(|()| {
            if folder.real.exists() {
                fs::remove_dir_all(&folder.real).map_err(failed)?;
            }
            fs::rename(&beside, &folder.real).map_err(failed)
        });
        if moved.is_err() {
            let _ = fs::remove_dir_all(&beside);
        }
        moved
    }

    fn copy_folder(&self, digest: &str) -> Place {
        self.copies.child(digest.replace(':', "-").as_ref())
    }
}

/// Holds an archive to the name and version under which it was asked for.
pub(crate) fn named(shown: &str, manifest: &Manifest, name: &str, version: &str) -> Result<(), Failure> {
    if manifest.name == name && manifest.version == version {
        return Ok(());
    }
    Err(Failure::pack(format!("`{shown}` is `{}` {}, where `{name}` {version} was asked for", manifest.name, manifest.version))
        .help("tell the publisher: what is signed for one version is no other"))
}

/// Holds a pack to what its archive says of it.
pub(crate) fn agrees(manifest: &Manifest, infos: &[PackInfo]) -> Result<(), Failure> {
    let agrees = |info: &&PackInfo| {
        info.name == manifest.name && info.version == manifest.version && info.publisher.as_ref() == Some(&manifest.publisher)
    };
    match infos.iter().find(agrees) {
        Some(_) => Ok(()),
        None => Err(Failure::pack(format!(
            "the pack `{}` {} says otherwise in its `pack.yaml` than in its manifest",
            manifest.name, manifest.version
        ))),
    }
}

fn folder_of(shown: &str) -> String {
    shown.rsplit_once('/').map_or_else(|| ".".to_owned(), |(folder, _)| if folder.is_empty() { "/".to_owned() } else { folder.to_owned() })
}
