//! `remit pack key`: key pairs made and shown. The secret half stays with its publisher; the public half goes into `remit.yaml`.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::Environment;
use crate::arguments::{KeyArguments, KeyVerb};
use crate::exit::{Failure, Outcome};
use crate::pack::place::read_bounded;
use crate::pack::say;
use crate::pack::signature::{self, LARGEST, Pair, Signer};
use crate::project::Place;

/// Runs one of the commands.
pub(crate) fn run(arguments: &KeyArguments, out: &mut dyn Write, environment: &Environment<'_>) -> Result<Outcome, Failure> {
    let key = match &arguments.verb {
        KeyVerb::New { file, no_password } => make(file, *no_password, out, environment)?,
        KeyVerb::Show { key } => read_public(key, environment)?,
    };
    let number = signature::key_number(&key).unwrap_or_default();
    say(
        out,
        &format!("key {number}\n\nWhoever trusts it writes into `remit.yaml`, with your name and the packs that you may publish:\n\n"),
    )?;
    say(out, &format!("trusted-keys:\n  - publisher: \n    key: {key}\n    packs: []\n"))?;
    Ok(Outcome::Clean)
}

fn make(file: &Path, no_password: bool, out: &mut dyn Write, environment: &Environment<'_>) -> Result<String, Failure> {
    let secret = Place::given(&environment.folder, file);
    let public = secret.with(".pub");
    for place in [&secret, &public] {
        if fs::symlink_metadata(&place.real).is_ok() {
            return Err(
                Failure::usage(format!("`{}` is there already, and a key is never written over", place.shown)).help("name another file")
            );
        }
    }
    let password = if no_password { None } else { Some(new_password(environment)?) };
    let Pair { secret: secret_text, public: public_text, key } = signature::generate(password)?;
    write_secret(&secret.real, secret_text.as_bytes()).map_err(|error| Failure::writing(&secret.shown, &error))?;
    fs::write(&public.real, public_text).map_err(|error| Failure::writing(&public.shown, &error))?;
    let warning = if no_password { "; whoever has it can sign as you, since it has no password" } else { "" };
    say(
        out,
        &format!("`{}` is the secret key: keep it, and give it to nobody{warning}\n`{}` is the public key\n\n", secret.shown, public.shown),
    )?;
    Ok(key)
}

fn new_password(environment: &Environment<'_>) -> Result<String, Failure> {
    let password = password("Password of the new key: ", environment)?;
    if password.is_empty() {
        return Err(Failure::usage("no password was given").help("a key without one is made by `--no-password`"));
    }
    Ok(password)
}

/// The password: from the environment, as machines need it, else from whoever sits there.
fn password(prompt: &str, environment: &Environment<'_>) -> Result<String, Failure> {
    match (environment.variable)("REMIT_KEY_PASSWORD") {
        Some(password) => Ok(password),
        None => (environment.password)(prompt).map_err(|error| {
            Failure::usage(format!("the password cannot be asked for: {}", crate::exit::reason(&error)))
                .help("give it in `REMIT_KEY_PASSWORD`")
        }),
    }
}

/// A new file that only its owner can read.
fn write_secret(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The secret key of a file, ready to sign.
pub(crate) fn read_secret(file: &Path, environment: &Environment<'_>) -> Result<Signer, Failure> {
    let place = Place::given(&environment.folder, file);
    let bytes = read_bounded(&place, LARGEST)?.ok_or_else(|| crate::project::not_there(&place))?;
    Signer::read(&place.shown, &String::from_utf8_lossy(&bytes), || password(&format!("Password of `{}`: ", place.shown), environment))
}

/// A public key: the text itself, or the file in which it stands.
pub(crate) fn read_public(text: &str, environment: &Environment<'_>) -> Result<String, Failure> {
    if let Some(key) = signature::public_key(text) {
        return Ok(key);
    }
    let place = Place::given(&environment.folder, text.as_ref());
    let bytes = read_bounded(&place, LARGEST)?.ok_or_else(|| crate::project::not_there(&place))?;
    signature::public_key(&String::from_utf8_lossy(&bytes)).ok_or_else(|| {
        Failure::usage(format!("`{}` holds no public key in the form of minisign", place.shown))
            .help("it is the file whose name ends in `.pub`")
    })
}
