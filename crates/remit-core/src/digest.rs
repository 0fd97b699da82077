//! SHA-256 of several texts, in hexadecimal: what packs are known by, and what findings are named by.

use sha2::{Digest, Sha256};

/// The digest of parts in order, each with its length, so that no two lists of parts have one digest by joining alike.
pub(crate) fn of_parts<'p>(parts: impl IntoIterator<Item = &'p str>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hexadecimal(&hash.finalize())
}

/// The digest of bytes as they stand.
pub(crate) fn of_bytes(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
