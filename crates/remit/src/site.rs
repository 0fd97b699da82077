//! Pages that are made as a folder: never over anything else, and never half.

use std::fs;
use std::io;

use crate::exit::Failure;
use crate::project::Place;

/// A folder that is new, empty, or was made by the command whose mark its first page has.
pub(crate) fn may_be_made(target: &Place, mark: &str) -> Result<(), Failure> {
    let entries = match fs::read_dir(&target.real) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::reading(&target.shown, &error)),
        Ok(entries) => entries.count(),
    };
    let made_here = fs::read_to_string(target.real.join("index.html")).is_ok_and(|text| text.contains(mark));
    if entries == 0 || made_here {
        return Ok(());
    }
    Err(Failure::usage(format!("`{}` holds something else, which would be lost", target.shown)).help("name a new folder with `--output`"))
}

/// Writes all files beside the folder, and puts them in its place when they are whole.
pub(crate) fn write_all(target: &Place, pages: &[(String, String)]) -> Result<(), Failure> {
    let failed = |error: io::Error| Failure::writing(&target.shown, &error);
    let beside = target.with(&format!(".{}.part", std::process::id()));
    let written = pages.iter().try_for_each(|(path, text)| {
        let path = beside.real.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&beside.real))?;
        fs::write(path, text)
    });
    let moved = written.and_then(|()| {
        if target.real.exists() {
            fs::remove_dir_all(&target.real)?;
        }
        fs::rename(&beside.real, &target.real)
    });
    if moved.is_err() {
        let _ = fs::remove_dir_all(&beside.real);
    }
    moved.map_err(failed)
}
