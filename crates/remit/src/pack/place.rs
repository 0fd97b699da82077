//! Where packs are published: a folder, an HTTP server or an OCI registry.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use ureq::http::Method;

use crate::exit::Failure;
use crate::pack::archive::{self, LARGEST};
use crate::pack::http::{Client, Question, host};
use crate::pack::registry::{Repository, refused};
use crate::pack::signature;
use crate::project::Place;

/// An archive with its signature, as they come or go: nothing is known of them yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// The archive.
    pub(crate) archive: Vec<u8>,
    /// Its signature, if it has one.
    pub(crate) signature: Option<String>,
}

/// A place for any number of packs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// A folder of archives.
    Folder(Place),
    /// `https://server/path`, without a `/` at its end.
    Server(String),
    /// A registry and the path before the pack's name.
    Registry {
        /// `https://server:port`
        server: String,
        /// `people/packs`; may be empty.
        path: String,
    },
}

impl Shelf {
    /// Reads a place as it is written. A folder is looked for below `folder`.
    pub(crate) fn parse(text: &str, run_in: &Path, folder: &Path) -> Result<Self, Failure> {
        let wrong = || {
            Failure::usage(format!("`{text}` is no place where packs are published"))
                .help("write a folder, `https://server/path` or `oci://registry/path`")
        };
        let network = |scheme: &str, rest: &str| {
            let rest = rest.trim_end_matches('/');
            let (server, path) = rest.split_once('/').unwrap_or((rest, ""));
            let plain = |text: &str| {
                text.bytes().all(|byte| {
                    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/' | b':' | b'[' | b']' | b'~' | b'%')
                })
            };
            let fits = !server.is_empty() && plain(server) && plain(path) && !path.split('/').any(|part| part == "..");
            fits.then(|| (format!("{scheme}://{server}"), path.to_owned())).ok_or_else(wrong)
        };
        match text.split_once("://") {
            Some(("oci", rest)) => network("https", rest).map(|(server, path)| Self::Registry { server, path }),
            Some(("oci+http", rest)) => network("http", rest).map(|(server, path)| Self::Registry { server, path }),
            Some((scheme @ ("https" | "http"), rest)) => {
                network(scheme, rest).map(|(server, path)| Self::Server(format!("{server}/{path}").trim_end_matches('/').to_owned()))
            }
            Some(_) => Err(wrong()),
            None if text.is_empty() => Err(wrong()),
            None => Ok(Self::Folder(Place::given(run_in, &folder.join(text)))),
        }
    }

    /// Fetches a version of a pack; `None` where there is none. The client is made when it is needed.
    pub(crate) fn fetch(&self, client: &Client, name: &str, version: &str) -> Result<Option<Parcel>, Failure> {
        let (file, signature_file) = (archive::file_name(name, version), archive::signature_name(name, version));
        match self {
            Self::Folder(folder) => {
                if !folder.real.is_dir() {
                    return Err(crate::project::not_there(folder));
                }
                let Some(archive) = read_bounded(&folder.child(file.as_ref()), LARGEST)? else { return Ok(None) };
                let signature = read_bounded(&folder.child(signature_file.as_ref()), signature::LARGEST)?;
                Ok(Some(Parcel { archive, signature: signature.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()) }))
            }
            Self::Server(base) => {
                let get = |file: &str, largest: u64| {
                    let mut question = Question { largest, ..Question::get(format!("{base}/{file}")) };
                    question.headers.extend(client.credentials.basic(base).map(|value| ("authorization", value)));
                    let answer = client.ask(&question)?;
                    match answer.status {
                        200 => Ok(Some(answer.body)),
                        404 | 410 => Ok(None),
                        status => Err(refused(base, status, &format!("does not give `{file}`"))),
                    }
                };
                let Some(archive) = get(&file, LARGEST)? else { return Ok(None) };
                let signature = get(&signature_file, signature::LARGEST)?;
                Ok(Some(Parcel { archive, signature: signature.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()) }))
            }
            Self::Registry { server, path } => repository(client, server, path, name).fetch(version),
        }
    }

    /// Puts a version of a pack there.
    pub(crate) fn store(&self, client: &Client, name: &str, version: &str, parcel: &Parcel) -> Result<(), Failure> {
        let (file, signature_file) = (archive::file_name(name, version), archive::signature_name(name, version));
        match self {
            Self::Folder(folder) => {
                fs::create_dir_all(&folder.real).map_err(|error| Failure::writing(&folder.shown, &error))?;
                if let Some(signature) = &parcel.signature {
                    write_beside(&folder.child(signature_file.as_ref()), signature.as_bytes())?;
                }
                write_beside(&folder.child(file.as_ref()), &parcel.archive)
            }
            Self::Server(base) => {
                let put = |file: &str, bytes: &[u8]| {
                    let mut question = Question::send(Method::PUT, format!("{base}/{file}"), "application/octet-stream", bytes);
                    question.headers.extend(client.credentials.basic(base).map(|value| ("authorization", value)));
                    match client.ask(&question)?.status {
                        200 | 201 | 204 => Ok(()),
                        status => Err(refused(base, status, &format!("does not keep `{file}`"))),
                    }
                };
                put(&signature_file, parcel.signature.as_deref().unwrap_or_default().as_bytes())?;
                put(&file, &parcel.archive)
            }
            Self::Registry { server, path } => repository(client, server, path, name).store(version, parcel),
        }
    }

    /// The place of a version of a pack, for people.
    pub(crate) fn shown(&self, name: &str, version: &str) -> String {
        let file = archive::file_name(name, version);
        match self {
            Self::Folder(folder) => folder.child(file.as_ref()).shown,
            Self::Server(base) => format!("{base}/{file}"),
            Self::Registry { server, path } => format!("{}/{}:{version}", host(server), joined(path, name)),
        }
    }
}

fn repository<'c>(client: &'c Client, server: &str, path: &str, name: &str) -> Repository<'c> {
    Repository { client, server: server.to_owned(), path: joined(path, name) }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}/{name}") }
}

/// Reads a file that is not larger than it may be; `None` where there is none.
pub(crate) fn read_bounded(place: &Place, largest: u64) -> Result<Option<Vec<u8>>, Failure> {
    let failed = |error: io::Error| Failure::reading(&place.shown, &error);
    let file = match fs::metadata(&place.real) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
        Ok(metadata) if !metadata.is_file() => return Err(Failure::usage(format!("`{}` is no file", place.shown))),
        Ok(_) => fs::File::open(&place.real).map_err(failed)?,
    };
    let mut bytes = Vec::new();
    file.take(largest + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > largest {
        return Err(Failure::pack(format!("`{}` is larger than the {largest} bytes that belong there", place.shown)));
    }
    Ok(Some(bytes))
}

/// Writes a file beside where it belongs, and moves it there when it is whole.
pub(crate) fn write_beside(place: &Place, bytes: &[u8]) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::writing(&place.shown, &error);
    let name = place.real.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = place.real.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = fs::File::create(&beside).and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()));
    let moved = written.and_then(|()| fs::rename(&beside, &place.real));
    if moved.is_err() {
        let _ = fs::remove_file(&beside);
    }
    moved.map_err(failed)
}
