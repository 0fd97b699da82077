//! Which archives are believed: signed by a key that is trusted today, and that may publish a pack of this name.
//!
//! There is no way to ask for less. What decides is that the pack is published, never whether a signature, a key or a list is there.

use remit_core::packs::settings::TrustedKey;
use remit_core::time::Date;

use crate::exit::Failure;
use crate::pack::archive::{self, Archive};
use crate::pack::signature;

/// The keys that count, and where they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trust {
    /// The file of settings, as it is shown.
    pub(crate) file: String,
    /// The keys.
    pub(crate) keys: Vec<TrustedKey>,
    /// Today, whatever the day as of which plans are checked: a key that has ended does not come back for old plans, since whoever
    /// steals it can write any day into a signature.
    pub(crate) today: Date,
}

/// An archive that is believed, and why.
#[derive(Debug)]
pub(crate) struct Believed {
    /// What it holds.
    pub(crate) archive: Archive,
    /// The number of the key.
    pub(crate) key: String,
    /// The last day of the key.
    pub(crate) until: Option<Date>,
}

impl Trust {
    /// Reads an archive if it is to be believed. Nothing of it is looked at before its signature.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence about `shown`.
    pub(crate) fn judge(&self, shown: &str, bytes: &[u8], signature: Option<&str>) -> Result<Believed, Failure> {
        let file = &self.file;
        let (number, in_time) = self.in_time(shown, bytes, signature)?;
        let archive = read(shown, bytes)?;
        let manifest = &archive.manifest;
        let named: Vec<&TrustedKey> = in_time.iter().copied().filter(|key| key.may_publish(&manifest.name)).collect();
        let lines = |keys: &[&TrustedKey]| keys.iter().map(|key| key.line.to_string()).collect::<Vec<_>>().join(", ");
        if named.is_empty() {
            let line = lines(&in_time);
            return Err(Failure::pack(format!("the key {number} may not publish `{}`: `{file}`, line {line}", manifest.name))
                .help("add the name to the key's `packs` only if this publisher may define what the pack defines"));
        }
        let Some(key) = named.iter().find(|key| key.publisher == manifest.publisher) else {
            let (line, publisher) = (lines(&named), &manifest.publisher);
            return Err(Failure::pack(format!(
                "`{shown}` says that `{publisher}` publishes it, and its key is not theirs: `{file}`, line {line}"
            )));
        };
        Ok(Believed { until: key.until, key: number, archive })
    }

    /// By whom bytes are vouched for that are no pack, such as the record of a check: the key's number, and whose it is. Any key counts that is
    /// trusted today, whatever packs it may publish.
    ///
    /// # Errors
    /// What is wrong with it, as a sentence about `shown`.
    pub(crate) fn vouched(&self, shown: &str, bytes: &[u8], signature: Option<&str>) -> Result<(String, String), Failure> {
        let (number, keys) = self.in_time(shown, bytes, signature)?;
        Ok((number, keys.first().map(|key| key.publisher.clone()).unwrap_or_default()))
    }

    /// The keys that are trusted today and signed these very bytes, and their number.
    fn in_time(&self, shown: &str, bytes: &[u8], signature: Option<&str>) -> Result<(String, Vec<&TrustedKey>), Failure> {
        let file = &self.file;
        let number = number_of(shown, signature)?;
        let signature = signature.unwrap_or_default();
        let of_number = |key: &&TrustedKey| signature::key_number(&key.key).as_ref() == Some(&number);
        let known: Vec<&TrustedKey> = self.keys.iter().filter(of_number).collect();
        if known.is_empty() {
            return Err(Failure::pack(format!("`{shown}` is signed by the key {number}, which `{file}` does not trust"))
                .help("ask the publisher for the public key by another way, and add it under `trusted-keys`"));
        }
        let signed: Vec<&TrustedKey> = known.into_iter().filter(|key| signature::is_of(&key.key, bytes, signature)).collect();
        let Some(first) = signed.first() else { return Err(changed(shown)) };
        let in_time: Vec<&TrustedKey> = signed.iter().copied().filter(|key| key.until.is_none_or(|until| self.today <= until)).collect();
        if in_time.is_empty() {
            let (line, until) = (first.line, first.until.unwrap_or(self.today));
            return Err(Failure::pack(format!(
                "`{shown}` is signed by the key {number}, which `{file}`, line {line}, trusts until {until}"
            ))
            .help("ask the publisher for a version signed by a newer key"));
        }
        Ok((number, in_time))
    }
}

/// Reads an archive if it was signed with one key, whatever it publishes: for whoever holds the key in hand.
///
/// # Errors
/// What is wrong with it, as a sentence about `shown`.
pub(crate) fn believe(shown: &str, bytes: &[u8], signature: Option<&str>, key: &str) -> Result<Believed, Failure> {
    let number = signed_with(shown, bytes, signature, key)?;
    let archive = read(shown, bytes)?;
    Ok(Believed { until: None, key: number, archive })
}

/// Holds bytes to one key, whose number is the answer.
///
/// # Errors
/// What is wrong with the signature, as a sentence about `shown`.
pub(crate) fn signed_with(shown: &str, bytes: &[u8], signature: Option<&str>, key: &str) -> Result<String, Failure> {
    let signed = number_of(shown, signature)?;
    let number = signature::key_number(key).unwrap_or_default();
    if signed != number {
        return Err(Failure::pack(format!("`{shown}` is signed by the key {signed}, not by {number}")));
    }
    if !signature::is_of(key, bytes, signature.unwrap_or_default()) {
        return Err(changed(shown));
    }
    Ok(number)
}

/// The number of the key that a signature says it was made with.
fn number_of(shown: &str, signature: Option<&str>) -> Result<String, Failure> {
    let Some(signature) = signature else {
        return Err(Failure::pack(format!("`{shown}` has no signature")).help("published packs are always signed; ask its publisher"));
    };
    signature::signed_by(signature).ok_or_else(|| Failure::pack(format!("the signature of `{shown}` is none in the form of minisign")))
}

fn changed(shown: &str) -> Failure {
    Failure::pack(format!("the signature of `{shown}` does not belong to these bytes"))
        .help("the archive or its signature was changed on its way; pull it again, and tell the publisher if that does not help")
}

fn read(shown: &str, bytes: &[u8]) -> Result<Archive, Failure> {
    archive::read(bytes).map_err(|what| Failure::pack(format!("the archive `{shown}` {what}")))
}
