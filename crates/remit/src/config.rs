//! `remit.yaml`: the settings of a plan's folder and all below it.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use remit_core::problem::Severity;
use remit_core::time::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::exit::Failure;
use crate::project::Place;

const NAME: &str = "remit.yaml";
/// The largest that is read; settings are a few lines.
const LARGEST: usize = 1 << 20;

/// What `remit.yaml` says; without one, nothing.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The date as of which plans are checked.
    pub(crate) as_of: Option<Date>,
    /// The least severity at which a finding fails the run.
    pub(crate) fail_on: Option<Severity>,
    /// Folders of further rule packs, in order.
    pub(crate) packs: Vec<Place>,
    /// Where the plans are, for the folder that holds the file.
    pub(crate) plans: Vec<Place>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    #[serde(default, deserialize_with = "day")]
    as_of: Option<Date>,
    #[serde(default, deserialize_with = "level")]
    fail_on: Option<Severity>,
    #[serde(default)]
    packs: Folders,
    #[serde(default)]
    plans: Folders,
}

/// Folders, or one.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "a list of folders belongs here, such as [packs/ours]")]
enum Folders {
    One(PathBuf),
    Many(Vec<PathBuf>),
}

impl Default for Folders {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Folders {
    fn paths(self) -> Vec<PathBuf> {
        match self {
            Self::One(path) => vec![path],
            Self::Many(paths) => paths,
        }
    }
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    let text = String::deserialize(deserializer)?;
    remit_core::time::day(&text).map(Some).map_err(D::Error::custom)
}

fn level<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Severity>, D::Error> {
    let word = String::deserialize(deserializer)?;
    let unknown = || D::Error::custom(format!("there is no level `{word}`; there are error, warning and note"));
    Severity::from_word(&word).map(Some).ok_or_else(unknown)
}

/// The settings read so far, each file once, so that what is wrong with one is told once.
#[derive(Debug)]
pub(crate) struct Configs {
    folder: PathBuf,
    read: Vec<(PathBuf, Result<Rc<Config>, Failure>)>,
    none: Rc<Config>,
}

impl Configs {
    /// For a command that runs in `folder`.
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), read: Vec::new(), none: Rc::default() }
    }

    /// The settings for what lies in a folder: the nearest file in it or above it.
    pub(crate) fn nearest(&mut self, folder: &Path) -> Result<Rc<Config>, Failure> {
        match folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file()) {
            Some(path) => self.at(path),
            None => Ok(Rc::clone(&self.none)),
        }
    }

    /// The settings that a folder itself holds.
    pub(crate) fn held_by(&mut self, folder: &Path) -> Result<Rc<Config>, Failure> {
        let path = folder.join(NAME);
        if path.is_file() { self.at(path) } else { Ok(Rc::clone(&self.none)) }
    }

    fn at(&mut self, path: PathBuf) -> Result<Rc<Config>, Failure> {
        if let Some((_, config)) = self.read.iter().find(|(read, _)| *read == path) {
            return config.clone();
        }
        let config = read(&path, &self.folder).map(Rc::new);
        self.read.push((path, config.clone()));
        config
    }
}

fn read(path: &Path, run_in: &Path) -> Result<Config, Failure> {
    let place = Place::given(run_in, path);
    let text = fs::read_to_string(path).map_err(|error| Failure::reading(&place.shown, &error))?;
    if text.len() > LARGEST {
        return Err(Failure::usage(format!("`{}` is too large to be settings", place.shown)));
    }
    let written = parse(&text).map_err(|(line, message)| match line {
        Some(line) => Failure::usage(format!("`{}`, line {line}: {message}", place.shown)),
        None => Failure::usage(format!("`{}`: {message}", place.shown)),
    })?;
    let folder = path.parent().unwrap_or(run_in);
    let places = |folders: Folders| folders.paths().into_iter().map(|path| Place::given(run_in, &folder.join(path))).collect();
    Ok(Config { as_of: written.as_of, fail_on: written.fail_on, packs: places(written.packs), plans: places(written.plans) })
}

/// Reads the text; on failure the line and what is wrong there. A file of nothing but comments sets nothing.
fn parse(text: &str) -> Result<Written, (Option<usize>, String)> {
    let written: Result<Option<Written>, _> = yaml_serde::from_str(text);
    match written {
        Ok(written) => Ok(written.unwrap_or(Written { as_of: None, fail_on: None, packs: Folders::default(), plans: Folders::default() })),
        Err(error) => {
            let whole = error.to_string();
            let message = whole.rfind(" at line ").map_or(whole.as_str(), |at| &whole[..at]);
            Err((error.location().map(|location| location.line()), message.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        parse(text).map(|_| ()).map_err(|(line, message)| format!("{line:?} {message}")).expect_err(text)
    }

    #[test]
    fn settings_are_read() {
        let written = parse("# of ours\nas-of: 2019-10-01\nfail-on: warning\npacks: [packs/regional]\nplans:\n  - plans\n").expect("valid");
        assert_eq!(written.as_of, Some(Date::constant(2019, 10, 1)));
        assert_eq!(written.fail_on, Some(Severity::Warning));
        assert_eq!((written.packs.paths().len(), written.plans.paths().len()), (1, 1));
        assert!(parse("# nothing\n").is_ok());
        assert!(parse("").is_ok());
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let all: Vec<String> = ["as-of: 2019-10-01\nasof: 1\n", "\nas-of: 2019-13-01\n", "fail-on: never\n", "packs: {a: 1}\n", "a: [\n"]
            .iter()
            .map(|text| wrong(text))
            .collect();
        insta::assert_snapshot!(all.join("\n"), @r##"
        Some(2) unknown field `asof`, expected one of `as-of`, `fail-on`, `packs`, `plans`
        Some(2) there is no day 2019-13-01
        Some(1) there is no level `never`; there are error, warning and note
        Some(1) a list of folders belongs here, such as [packs/ours]
        Some(1) unknown field `a`, expected one of `as-of`, `fail-on`, `packs`, `plans`
        "##);
    }
}
