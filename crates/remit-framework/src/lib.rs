//! The national packs, embedded: YAML, Markdown and CSV, in the order in which they build on one another.

use remit_core::packs::PackFiles;

/// Each pack's name, and its files by their path within it.
const PACKS: &[(&str, &[(&str, &str)])] = &include!(concat!(env!("OUT_DIR"), "/packs.rs"));

/// The files of every embedded pack.
pub fn packs() -> Vec<PackFiles> {
    PACKS
        .iter()
        .map(|(name, files)| PackFiles {
            path: (*name).to_owned(),
            files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
        })
        .collect()
}
