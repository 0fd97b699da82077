//! Which files make up which plan: from the paths of the command line to plans, in the order of their paths.

use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use remit_core::check::PlanFile;
use remit_core::problem::did_you_mean;
use remit_core::source::LARGEST_FILE;

use crate::exit::Failure;

/// How deep folders are searched for plans.
const DEEPEST_FOLDER: usize = 64;
/// Folders in which programs keep what they make.
const NOT_SEARCHED: [&str; 2] = ["target", "node_modules"];
/// How many neighbours are looked at for a name that was meant.
const MOST_SIBLINGS: usize = 2_000;

/// A file or folder: where it is, and how people are told of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    /// Relative to where the command ran, with `/`; absolute where it lies elsewhere. Comes first, so that places sort by it.
    pub(crate) shown: String,
    /// The path to open.
    pub(crate) real: PathBuf,
}

impl Place {
    /// A path as it was written, in the folder where the command runs.
    pub(crate) fn given(folder: &Path, path: &Path) -> Self {
        let real = folder.join(path);
        let within = if path.is_absolute() {
            let canonical = folder.canonicalize();
            let below = path.strip_prefix(folder).or_else(|_| path.strip_prefix(canonical.as_deref().unwrap_or(folder)));
            below.unwrap_or(path)
        } else {
            path
        };
        Self { shown: show(within), real }
    }

    /// What lies in this folder under a name.
    pub(crate) fn child(&self, name: &std::ffi::OsStr) -> Self {
        let name_shown = name.to_string_lossy();
        let shown = match self.shown.as_str() {
            "." => name_shown.into_owned(),
            folder => format!("{}/{name_shown}", folder.trim_end_matches('/')),
        };
        Self { shown, real: self.real.join(name) }
    }

    /// The file beside this one whose name has something more at its end.
    pub(crate) fn with(&self, ending: &str) -> Self {
        let mut real = self.real.clone().into_os_string();
        real.push(ending);
        Self { shown: format!("{}{ending}", self.shown), real: real.into() }
    }

    /// The folder that holds this file, or this folder itself.
    pub(crate) fn folder(&self) -> PathBuf {
        let folder = if self.real.is_dir() { &self.real } else { self.real.parent().unwrap_or(&self.real) };
        folder.canonicalize().unwrap_or_else(|_| folder.to_owned())
    }

    /// Whether the name is that of a plan's file.
    pub(crate) fn is_plan_file(&self) -> bool {
        self.real.extension().is_some_and(|extension| extension == "remit")
    }
}

fn show(path: &Path) -> String {
    let mut shown = String::new();
    for component in path.components().filter(|component| *component != Component::CurDir) {
        let text = component.as_os_str().to_string_lossy();
        if matches!(component, Component::RootDir) {
            shown.push('/');
            continue;
        }
        if !shown.is_empty() && !shown.ends_with('/') {
            shown.push('/');
        }
        shown.push_str(&text);
    }
    if shown.is_empty() { ".".to_owned() } else { shown }
}

/// The files of one plan.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Plan {
    /// The file or folder.
    pub(crate) place: Place,
    /// Its files, in the order of their names.
    pub(crate) files: Vec<Place>,
}

impl Plan {
    /// Reads every file; one that is too large is read only so far as to show that it is.
    pub(crate) fn read(&self) -> Result<Vec<PlanFile>, Failure> {
        let read = |place: &Place| {
            let bytes = read_bounded(&place.real).map_err(|error| Failure::reading(&place.shown, &error))?;
            Ok(PlanFile { path: place.shown.clone(), bytes })
        };
        self.files.iter().map(read).collect()
    }
}

/// The bytes of a file; of one that is too large only so many as show that it is.
pub(crate) fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The plans at a place: the file, or the folder and the folders below it.
pub(crate) fn plans_at(place: &Place) -> Result<Vec<Plan>, Failure> {
    if is_folder(place)? {
        let mut plans = Vec::new();
        plans_below(place, 0, &mut plans)?;
        if plans.is_empty() {
            return Err(Failure::usage(format!("there is no plan in `{}`", place.shown))
                .help("a plan is a file whose name ends in `.remit`; none was found there, nor in the folders below"));
        }
        plans.sort();
        return Ok(plans);
    }
    if !place.is_plan_file() {
        return Err(Failure::usage(format!("`{}` is no plan: a plan's file has a name that ends in `.remit`", place.shown)));
    }
    Ok(vec![Plan { place: place.clone(), files: vec![place.clone()] }])
}

/// Every `.remit` file at a place, at whatever depth.
pub(crate) fn files_at(place: &Place) -> Result<Vec<Place>, Failure> {
    Ok(plans_at(place)?.into_iter().flat_map(|plan| plan.files).collect())
}

/// Whether a place is a folder.
///
/// # Errors
/// Neither a file nor a folder is there, or what is there is neither, such as a pipe.
fn is_folder(place: &Place) -> Result<bool, Failure> {
    match fs::metadata(&place.real) {
        Ok(metadata) if metadata.is_dir() => Ok(true),
        Ok(metadata) if metadata.is_file() => Ok(false),
        Ok(_) => Err(Failure::usage(format!("`{}` is neither a file nor a folder", place.shown))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(not_there(place)),
        Err(error) => Err(Failure::reading(&place.shown, &error)),
    }
}

/// Says that nothing is there, and which neighbour may have been meant.
pub(crate) fn not_there(place: &Place) -> Failure {
    let failure = Failure::usage(format!("there is no file or folder `{}`", place.shown));
    let Some((parent, name)) = place.real.parent().zip(place.real.file_name()) else { return failure };
    let siblings = fs::read_dir(parent).into_iter().flatten().take(MOST_SIBLINGS).flatten();
    let mut names: Vec<String> = siblings.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    match did_you_mean(&name.to_string_lossy(), names.iter().map(String::as_str)) {
        Some(near) => {
            let folder = place.shown.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
            failure.help(format!("did you mean `{folder}{near}`?"))
        }
        None => failure,
    }
}

/// What lies in a folder, sorted by name, without what is hidden.
pub(crate) fn entries(folder: &Place) -> Result<Vec<(Place, fs::FileType)>, Failure> {
    let failed = |error: io::Error| Failure::reading(&folder.shown, &error);
    let mut entries = Vec::new();
    for entry in fs::read_dir(&folder.real).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            entries.push((folder.child(&entry.file_name()), entry.file_type().map_err(failed)?));
        }
    }
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(entries)
}

/// The files of the plan in a folder itself, in the order of their names; none where it holds no plan.
pub(crate) fn plan_files(folder: &Place) -> Result<Vec<Place>, Failure> {
    Ok(entries(folder)?.into_iter().filter(|(place, kind)| !kind.is_dir() && is_plan(place)).map(|(place, _)| place).collect())
}

/// A link to nothing counts, so that reading it says so; a pipe or a device does not.
fn is_plan(place: &Place) -> bool {
    place.is_plan_file() && fs::metadata(&place.real).map_or(true, |metadata| metadata.is_file())
}

/// Whether a path below a folder that is searched, with `/`, is a plan's file that the search finds.
pub(crate) fn is_in_sight(path: &str) -> bool {
    let mut names: Vec<&str> = path.split('/').collect();
    let file = names.pop().unwrap_or("");
    let is_searched = |name: &&str| !name.starts_with('.') && !NOT_SEARCHED.contains(name);
    file.ends_with(".remit") && !file.starts_with('.') && names.len() <= DEEPEST_FOLDER && names.iter().all(is_searched)
}

/// Whether a folder may hold plans or packs of people's own.
pub(crate) fn is_searched(folder: &Place, depth: usize) -> bool {
    depth < DEEPEST_FOLDER && !folder.real.file_name().is_some_and(|name| NOT_SEARCHED.iter().any(|other| name == *other))
}

fn plans_below(folder: &Place, depth: usize, plans: &mut Vec<Plan>) -> Result<(), Failure> {
    let mut files = Vec::new();
    for (place, kind) in entries(folder)? {
        // A link to a folder is not followed: it may lead back here.
        if kind.is_dir() {
            if is_searched(&place, depth) {
                plans_below(&place, depth + 1, plans)?;
            }
        } else if is_plan(&place) {
            files.push(place);
        }
    }
    if !files.is_empty() {
        plans.push(Plan { place: folder.clone(), files });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_shown_from_where_the_command_ran() {
        let shown = |path: &str| Place::given(Path::new("/home/plans/region"), Path::new(path)).shown;
        assert_eq!(shown("."), ".");
        assert_eq!(shown("./a/./b.remit"), "a/b.remit");
        assert_eq!(shown("../a/"), "../a");
        assert_eq!(shown("/home/plans/region/a"), "a");
        assert_eq!(shown("/home/plans/region"), ".");
        assert_eq!(shown("/elsewhere/a"), "/elsewhere/a");
        let folder = Place::given(Path::new("/home/plans/region"), Path::new("."));
        assert_eq!(folder.child("a".as_ref()).shown, "a");
        assert_eq!(folder.child("a".as_ref()).child("b".as_ref()).shown, "a/b");
    }
}
