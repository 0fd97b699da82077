//! Where results go, and in which formats: any number in one run, one of them to the standard output.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use remit_core::problem::did_you_mean;

use crate::exit::Failure;
use crate::project::Place;

/// A way to tell findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Snippets of the plan with the words underlined.
    Human,
    /// Full sentences, for screen readers.
    Plain,
    /// The public contract for programs.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// JUnit's XML, for build servers.
    Junit,
    /// The log of a GitHub action, which marks lines of a pull request.
    GitHub,
    /// GitLab's report of code quality.
    GitLab,
    /// A table for a pull request.
    Markdown,
}

impl Format {
    const ALL: [(&'static str, Self); 8] = [
        ("human", Self::Human),
        ("plain", Self::Plain),
        ("json", Self::Json),
        ("sarif", Self::Sarif),
        ("junit", Self::Junit),
        ("github", Self::GitHub),
        ("gitlab", Self::GitLab),
        ("markdown", Self::Markdown),
    ];
}

/// One `--format`: a name, and a file where it is to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FormatRequest {
    /// The format.
    pub(crate) format: Format,
    /// The file; `None`: `--output`, else the standard output.
    pub(crate) file: Option<PathBuf>,
}

impl FormatRequest {
    /// Reads `NAME` or `NAME=FILE`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(file)));
        let Some((_, format)) = Format::ALL.into_iter().find(|(word, _)| *word == name) else {
            let words = Format::ALL.map(|(word, _)| word);
            return Err(match did_you_mean(name, words) {
                Some(near) => format!("there is no format `{name}`; did you mean `{near}`?"),
                None => format!("there is no format `{name}`; there are {}", words.join(", ")),
            });
        };
        if file == Some("") {
            return Err(format!("a file's name belongs after `{name}=`"));
        }
        Ok(Self { format, file: file.map(PathBuf::from) })
    }
}

/// Which format goes where; `None` is the standard output.
pub(crate) fn targets(requests: &[FormatRequest], output: Option<&Path>, folder: &Path) -> Result<Vec<(Format, Option<Place>)>, Failure> {
    let human = [FormatRequest { format: Format::Human, file: None }];
    let requests = if requests.is_empty() { &human[..] } else { requests };
    let mut targets: Vec<(Format, Option<Place>)> = Vec::new();
    for request in requests {
        let place = request.file.as_deref().or(output).map(|file| Place::given(folder, file));
        if targets.iter().any(|(_, other)| other.as_ref().map(|other| &other.real) == place.as_ref().map(|place| &place.real)) {
            let what = place.map_or("the terminal".to_owned(), |place| format!("`{}`", place.shown));
            return Err(Failure::usage(format!("two formats cannot both go to {what}"))
                .help("name a file for one of them, such as `--format json=findings.json`"));
        }
        if let Some(place) = place.as_ref().filter(|place| place.is_plan_file()) {
            return Err(Failure::usage(format!("`{}` would be written over: findings do not go into a plan's file", place.shown)));
        }
        targets.push((request.format, place));
    }
    if output.is_some() && requests.iter().all(|request| request.file.is_some()) {
        return Err(Failure::usage("`--output` has nothing to write: every `--format` names a file of its own"));
    }
    Ok(targets)
}

/// Begins a file.
pub(crate) fn create(place: &Place) -> Result<BufWriter<File>, Failure> {
    File::create(&place.real).map(BufWriter::new).map_err(|error| Failure::writing(&place.shown, &error))
}

/// A stream whose reader may go away: that is no failure, and what is still written is let go.
pub(crate) struct Forgiving<W> {
    inner: W,
    closed: bool,
}

impl<W: Write> Forgiving<W> {
    /// Wraps a stream.
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, closed: false }
    }
}

impl<W: Write> Write for Forgiving<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.closed {
            return Ok(bytes.len());
        }
        match self.inner.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(bytes.len())
            }
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match if self.closed { Ok(()) } else { self.inner.flush() } {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed = true;
                Ok(())
            }
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_may_name_its_file() {
        assert_eq!(FormatRequest::parse("json=a=b"), Ok(FormatRequest { format: Format::Json, file: Some("a=b".into()) }));
        assert_eq!(FormatRequest::parse("jsn"), Err("there is no format `jsn`; did you mean `json`?".to_owned()));
        let all = "human, plain, json, sarif, junit, github, gitlab, markdown";
        assert_eq!(FormatRequest::parse("xml"), Err(format!("there is no format `xml`; there are {all}")));
        assert!(FormatRequest::parse("json=").is_err());
    }

    #[test]
    fn one_format_to_a_place() {
        let folder = Path::new("/work");
        let parse = |words: &[&str]| words.iter().filter_map(|word| FormatRequest::parse(word).ok()).collect::<Vec<_>>();
        assert!(targets(&parse(&["human", "json=x"]), None, folder).is_ok());
        assert!(targets(&parse(&["human", "json"]), None, folder).is_err());
        assert!(targets(&parse(&["human=x", "json"]), Some(Path::new("x")), folder).is_err());
        assert!(targets(&parse(&["json=x"]), Some(Path::new("y")), folder).is_err());
        assert!(targets(&parse(&["json=plan.remit"]), None, folder).is_err());
    }
}
