//! `remit fmt`: plans in the one agreed layout; a file is replaced whole or not at all.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use remit_core::syntax::format::format;
use similar::TextDiff;

use crate::Environment;
use crate::arguments::FmtArguments;
use crate::exit::{Failure, Outcome};
use crate::project::{Place, files_at};
use crate::render::text::{clean, counted};

/// Runs the command.
pub(crate) fn run(
    arguments: &FmtArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    let mut worst = Outcome::Clean;
    let mut changed = 0;
    let mut places = BTreeSet::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let bytes = (environment.input)().map_err(|error| Failure::reading("standard input", &error))?;
            let text = String::from_utf8(bytes).map_err(|_| Failure::usage("the standard input is not UTF-8 text"))?;
            let laid_out = format(&text);
            changed += usize::from(laid_out != text);
            let written = match (arguments.diff, arguments.check) {
                (true, _) => write_diff("standard input", &text, &laid_out, out),
                (false, true) => Ok(()),
                (false, false) => out.write_all(laid_out.as_bytes()),
            };
            written.map_err(|error| Failure::writing("standard output", &error))?;
            continue;
        }
        match files_at(&Place::given(&environment.folder, path)) {
            Ok(files) => places.extend(files),
            Err(failure) => {
                worst = worst.max(failure.outcome);
                failure.tell(err);
            }
        }
    }
    let files = places.len();
    let mut changed_files = 0;
    for place in &places {
        match one(place, arguments, out) {
            Ok(differs) => changed_files += usize::from(differs),
            Err(failure) => {
                worst = worst.max(failure.outcome);
                failure.tell(err);
            }
        }
    }
    if files > 0 && !arguments.diff {
        let verb = if arguments.check { "would change" } else { "changed" };
        let of = counted(files, "file", "files");
        writeln!(out, "{changed_files} of {of} {verb}.").map_err(|error| Failure::writing("standard output", &error))?;
    }
    if arguments.check && changed + changed_files > 0 {
        worst = worst.max(Outcome::Findings);
    }
    Ok(worst)
}

/// Lays out one file, and says whether that changes it.
fn one(place: &Place, arguments: &FmtArguments, out: &mut dyn Write) -> Result<bool, Failure> {
    let bytes = fs::read(&place.real).map_err(|error| Failure::reading(&place.shown, &error))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage(format!("`{}` is not UTF-8 text, and was left as it is", place.shown)).help("save it as UTF-8"))?;
    let laid_out = format(&text);
    if laid_out == text {
        return Ok(false);
    }
    let told = |result: io::Result<()>| result.map_err(|error| Failure::writing("standard output", &error));
    if arguments.diff {
        told(write_diff(&place.shown, &text, &laid_out, out))?;
    } else if arguments.check {
        told(writeln!(out, "would change {}", clean(&place.shown)))?;
    } else {
        replace(&place.real, laid_out.as_bytes()).map_err(|error| Failure::writing(&place.shown, &error))?;
        told(writeln!(out, "changed {}", clean(&place.shown)))?;
    }
    Ok(true)
}

fn write_diff(shown: &str, text: &str, laid_out: &str, out: &mut dyn Write) -> io::Result<()> {
    let diff = TextDiff::from_lines(text, laid_out);
    write!(out, "{}", diff.unified_diff().context_radius(2).header(shown, &format!("{shown} (laid out)")))
}

/// Writes a file beside, then puts it in the place of the other: whoever reads sees the old text or the new one. A link stays
/// a link, permissions stay, and a file that may not be written is not replaced.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = path.canonicalize()?;
    let permissions = fs::metadata(&path)?.permissions();
    if permissions.readonly() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written =
        write_new(&beside, bytes).and_then(|()| fs::set_permissions(&beside, permissions)).and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        // The old file stands as it was; what could not be finished is taken away where that is possible.
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
