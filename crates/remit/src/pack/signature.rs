//! Signatures in the form of minisign: made, and checked. Nothing else knows its libraries.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minisign::{KeyPair, PublicKey, SecretKey, SecretKeyBox, SignatureBox};

use crate::exit::Failure;

/// The largest signature, and the largest file of a key, in bytes: four lines.
pub(crate) const LARGEST: u64 = 8 * 1024;

/// A key pair as it is written into files.
pub(crate) struct Pair {
    /// The secret key's file.
    pub(crate) secret: String,
    /// The public key's file.
    pub(crate) public: String,
    /// The public key alone, in base 64.
    pub(crate) key: String,
}

/// Makes a key pair; without a password, whoever has the file can sign.
pub(crate) fn generate(password: Option<String>) -> Result<Pair, Failure> {
    let failed = |error| Failure::usage(format!("no key could be made: {error}"));
    let KeyPair { pk, sk } = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password)),
        None => KeyPair::generate_unencrypted_keypair(),
    }
    .map_err(failed)?;
    let secret = sk.to_box(Some("secret key with which rule packs are signed")).map_err(failed)?.into_string();
    Ok(Pair { secret, public: pk.to_box().map_err(failed)?.into_string(), key: pk.to_base64() })
}

/// A secret key that is ready to sign.
pub(crate) struct Signer {
    secret: SecretKey,
    public: PublicKey,
}

impl Signer {
    /// Reads a secret key's file, and asks for the password where it has one.
    pub(crate) fn read(shown: &str, text: &str, password: impl FnOnce() -> Result<String, Failure>) -> Result<Self, Failure> {
        let wrong = |error: minisign::PError| {
            let error = error.to_string();
            match error.as_str() {
                "Wrong password for that key" => Failure::usage(format!("the password does not open the key `{shown}`")),
                _ => Failure::usage(format!("`{shown}` is no secret key in the form of minisign")),
            }
        };
        let secret = SecretKeyBox::from_string(text).map_err(wrong)?;
        let secret = match SecretKeyBox::from_string(text).and_then(SecretKeyBox::into_unencrypted_secret_key) {
            Ok(secret) => secret,
            Err(error) if error.to_string() == "Key might be encrypted" => secret.into_secret_key(Some(password()?)).map_err(wrong)?,
            // The program `minisign` writes no checksum into a key without a password.
            Err(error) => without_checksum(text).ok_or_else(|| wrong(error))?,
        };
        let public = PublicKey::from_secret_key(&secret).map_err(wrong)?;
        Ok(Self { secret, public })
    }

    /// Signs bytes that are a `rule pack` or something else; the comment is signed with them.
    pub(crate) fn sign(&self, bytes: &[u8], what: &str, comment: &str) -> Result<String, Failure> {
        let untrusted = format!("signature of a {what} by key {}", self.number());
        let signed = minisign::sign(Some(&self.public), &self.secret, bytes, Some(comment), Some(&untrusted));
        signed.map(SignatureBox::into_string).map_err(|error| Failure::usage(format!("the {what} could not be signed: {error}")))
    }

    /// The key's number.
    pub(crate) fn number(&self) -> String {
        number(self.public.keynum())
    }
}

/// A secret key without a password and without a checksum; `None` where it is none.
fn without_checksum(text: &str) -> Option<SecretKey> {
    let bytes = STANDARD.decode(text.lines().nth(1)?).ok()?;
    let is_one = bytes.len() == 158 && bytes.starts_with(b"Ed\0\0B2") && bytes.iter().rev().take(32).all(|byte| *byte == 0);
    if is_one { SecretKey::from_bytes(&bytes).ok() } else { None }
}

/// The number of a public key in base 64; `None` where it is none.
pub(crate) fn key_number(key: &str) -> Option<String> {
    PublicKey::from_base64(key).ok().map(|key| number(key.keynum()))
}

/// The number of the key that a signature says it was made with; `None` where it is no signature. It proves nothing.
pub(crate) fn signed_by(signature: &str) -> Option<String> {
    SignatureBox::from_string(signature).ok().map(|signature| number(signature.keynum()))
}

/// The public key in base 64 of a `.pub` file, or of a text that is the key itself.
pub(crate) fn public_key(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| line.starts_with("RW"))?;
    key_number(line).map(|_| line.to_owned())
}

/// Whether a signature was made of these very bytes with this key. Only signatures of the digest count, not those of old versions.
pub(crate) fn is_of(key: &str, bytes: &[u8], signature: &str) -> bool {
    let key = minisign_verify::PublicKey::from_base64(key);
    let signature = minisign_verify::Signature::decode(signature);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(bytes, &signature, false).is_ok())
}

/// As minisign shows it: eight bytes, the last first.
fn number(bytes: &[u8]) -> String {
    bytes.iter().rev().map(|byte| format!("{byte:02X}")).collect()
}
