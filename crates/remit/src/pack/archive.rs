//! The archive of a published pack: one plain tar, whose bytes follow from the pack's files and from nothing else.
//!
//! It is not compressed, so no small file can become a large one, and its bytes do not hang on the version of a compressor. What is
//! read is written again and compared: an archive that differs by a byte from what `publish` makes of the same files is refused,
//! whatever it is that differs. So there are no links, no second file of a name, no odd modes, nothing after the end.

use std::collections::BTreeSet;
use std::io::Read;

use remit_core::packs::{PackFiles, PackInfo};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The largest archive, in bytes. The national framework with all its registers is a hundredth of it.
pub(crate) const LARGEST: u64 = 64 * 1024 * 1024;
/// The most files in one.
const MOST_FILES: usize = 10_000;
/// The deepest folder in one.
const DEEPEST: usize = 8;
/// The first file of each: what the others are.
const MANIFEST: &str = "manifest.json";
/// How an archive's name ends.
pub(crate) const ENDING: &str = "remitpack";
/// How the name of its signature ends.
pub(crate) const SIGNATURE_ENDING: &str = "remitpack.minisig";

/// What an archive says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Manifest {
    /// The version of this form.
    remit_pack: u32,
    /// The pack's name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// Who publishes it.
    pub(crate) publisher: String,
    /// The digest of its files, as `remit check --format json` gives it.
    pub(crate) digest: String,
    /// Its files, in the order of their paths.
    files: Vec<Entry>,
}

/// A file of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    size: usize,
    sha256: String,
}

/// An archive that was read, with all that it holds.
#[derive(Debug)]
pub(crate) struct Archive {
    /// What it says of itself.
    pub(crate) manifest: Manifest,
    /// The pack.
    pub(crate) pack: PackFiles,
}

/// `sha256:` and the digest of bytes.
pub(crate) fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", sha256(bytes))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The name of a pack's archive.
pub(crate) fn file_name(name: &str, version: &str) -> String {
    format!("{name}-{version}.{ENDING}")
}

/// The name of its signature.
pub(crate) fn signature_name(name: &str, version: &str) -> String {
    format!("{name}-{version}.{SIGNATURE_ENDING}")
}

/// Makes the archive of a pack that has been checked.
///
/// # Errors
/// Why the files cannot be published, as a sentence.
pub(crate) fn write(pack: &PackFiles, info: &PackInfo, publisher: &str) -> Result<Vec<u8>, String> {
    let mut files: Vec<&(String, String)> = pack.files.iter().collect();
    files.sort();
    let mut names = Names::default();
    for (path, _) in &files {
        names.take(path)?;
    }
    let entry = |(path, text): &&(String, String)| Entry { path: path.clone(), size: text.len(), sha256: sha256(text.as_bytes()) };
    let manifest = Manifest {
        remit_pack: 1,
        name: info.name.clone(),
        version: info.version.clone(),
        publisher: publisher.to_owned(),
        digest: info.digest.clone(),
        files: files.iter().map(entry).collect(),
    };
    let bytes = assemble(&manifest, &files)?;
    if bytes.len() as u64 > LARGEST {
        return Err(format!("the pack is larger than {} MB", LARGEST >> 20));
    }
    Ok(bytes)
}

fn assemble(manifest: &Manifest, files: &[&(String, String)]) -> Result<Vec<u8>, String> {
    let mut json = serde_json::to_string_pretty(manifest).map_err(|error| error.to_string())?;
    json.push('\n');
    let mut archive = tar::Builder::new(Vec::new());
    let all = [(MANIFEST, json.as_str())].into_iter().chain(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    for (path, text) in all {
        let mut header = tar::Header::new_ustar();
        header.set_entry_type(tar::EntryType::Regular);
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(0);
        let added = archive.append_data(&mut header, path, text.as_bytes());
        added.map_err(|error| format!("`{path}` cannot be put into an archive: {error}"))?;
    }
    archive.into_inner().map_err(|error| error.to_string())
}

/// Reads an archive: all of it, or nothing.
///
/// # Errors
/// What is wrong with it, as words that go on from "the archive …".
pub(crate) fn read(bytes: &[u8]) -> Result<Archive, String> {
    if bytes.len() as u64 > LARGEST {
        return Err(format!("is larger than {} MB", LARGEST >> 20));
    }
    if bytes.starts_with(&[0x1f, 0x8b])
        || bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
        || bytes.starts_with(b"BZh")
        || bytes.starts_with(b"\xfd7zXZ")
    {
        return Err("is compressed, which a published pack never is".to_owned());
    }
    let mut files = entries(bytes)?.into_iter();
    let manifest = match files.next() {
        Some((path, text)) if path == MANIFEST => manifest(&text)?,
        _ => return Err(format!("does not begin with `{MANIFEST}`")),
    };
    let files: Vec<(String, String)> = files.collect();
    for (path, text) in &files {
        match manifest.files.iter().find(|entry| entry.path == *path) {
            None => return Err(format!("holds `{path}`, which its manifest does not name")),
            Some(entry) if entry.size != text.len() || entry.sha256 != sha256(text.as_bytes()) => {
                return Err(format!("holds a `{path}` that differs from what its manifest says"));
            }
            Some(_) => {}
        }
    }
    if let Some(missing) = manifest.files.iter().find(|entry| !files.iter().any(|(path, _)| *path == entry.path)) {
        return Err(format!("lacks `{}`, which its manifest names", missing.path));
    }
    let sorted: Vec<&(String, String)> = files.iter().collect();
    if assemble(&manifest, &sorted)? != bytes || !sorted.is_sorted() {
        return Err("is not the archive that `remit pack publish` makes of these files".to_owned());
    }
    let pack = PackFiles { path: manifest.name.clone(), files };
    if pack.digest() != manifest.digest {
        return Err("has a digest of its files that differs from what its manifest says".to_owned());
    }
    Ok(Archive { manifest, pack })
}

fn manifest(text: &str) -> Result<Manifest, String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Version {
        remit_pack: u32,
    }
    let wrong = |_| format!("has a `{MANIFEST}` that cannot be read");
    let version: Version = serde_json::from_str(text).map_err(wrong)?;
    if version.remit_pack != 1 {
        return Err(format!("is of version {}, which this Remit does not know", version.remit_pack));
    }
    serde_json::from_str(text).map_err(wrong)
}

/// The files of a tar in their order. Only what an archive of ours may hold is let through.
fn entries(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
    let mut names = Names::default();
    let mut files = Vec::new();
    let broken = |_| "is no archive, or is cut off".to_owned();
    let mut archive = tar::Archive::new(bytes);
    // Raw: names and sizes that an extension would give to the next entry are entries of their own, which are refused.
    for entry in archive.entries().map_err(broken)?.raw(true) {
        let mut entry = entry.map_err(broken)?;
        let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| "holds a file whose name is no text".to_owned())?;
        match entry.header().entry_type() {
            tar::EntryType::Regular => {}
            tar::EntryType::Symlink | tar::EntryType::Link => return Err(format!("holds `{path}`, which is a link")),
            tar::EntryType::Directory => return Err(format!("holds the folder `{path}`, where only files belong")),
            _ => return Err(format!("holds `{path}`, which is no ordinary file")),
        }
        let size = entry.header().size().map_err(broken)?;
        if size > bytes.len() as u64 {
            return Err(format!("is cut off within `{path}`"));
        }
        if path != MANIFEST || !files.is_empty() {
            names.take(&path)?;
        }
        let mut content = Vec::new();
        entry.by_ref().take(size).read_to_end(&mut content).map_err(|_| format!("is cut off within `{path}`"))?;
        if content.len() as u64 != size {
            return Err(format!("is cut off within `{path}`"));
        }
        files.push((path.clone(), String::from_utf8(content).map_err(|_| format!("holds `{path}`, which is not UTF-8 text"))?));
    }
    Ok(files)
}

/// The names of an archive's files so far: each may stand there once, on any machine.
#[derive(Default)]
struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// Lets a name through, or says what is wrong with it as words that go on from "the archive …".
    fn take(&mut self, path: &str) -> Result<(), String> {
        let shown: String = path.chars().take(100).collect();
        if path.starts_with('/') || path.split('/').any(|part| part == "..") || path.contains('\\') || path.contains(':') {
            return Err(format!("holds `{shown}`, which lies outside the pack's folder"));
        }
        if path.len() > 100 || path.split('/').count() > DEEPEST || !path.split('/').all(is_plain) {
            return Err(format!("holds `{shown}`, a name that not every machine can have"));
        }
        if ![".yaml", ".md", ".csv"].iter().any(|ending| path.ends_with(ending)) {
            return Err(format!("holds `{shown}`, which is neither YAML nor Markdown nor CSV"));
        }
        // Some disks hold `A.md` and `a.md` for the same file.
        if !self.taken.insert(path.to_ascii_lowercase()) {
            return Err(format!("holds `{shown}` twice"));
        }
        if self.taken.len() > MOST_FILES {
            return Err(format!("holds more than {MOST_FILES} files"));
        }
        Ok(())
    }
}

/// Whether a part of a path is a name on every machine.
fn is_plain(part: &str) -> bool {
    const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];
    let known = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    let stem = part.split('.').next().unwrap_or("").to_ascii_lowercase();
    let stem = stem.strip_suffix(|digit: char| digit.is_ascii_digit()).unwrap_or(&stem);
    known && !part.is_empty() && !part.starts_with(['.', '-']) && !part.ends_with('.') && !DEVICES.contains(&stem)
}
