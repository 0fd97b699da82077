//! What the program `git` knows of a folder: its earlier states. Nothing is written, and no program of the repository's is run.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};

use remit_core::source::LARGEST_FILE;

use crate::exit::{Failure, reason};

/// A repository.
pub(crate) struct Repository {
    /// The folder that holds all of it.
    pub(crate) top: PathBuf,
}

/// A file as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blob {
    /// Its path within the repository.
    pub(crate) path: String,
    /// By which git knows its bytes.
    pub(crate) name: String,
}

impl Repository {
    /// The repository in which a folder lies.
    ///
    /// # Errors
    /// There is no program `git`, or the folder lies in no repository.
    pub(crate) fn of(folder: &Path) -> Result<Self, Failure> {
        let output = git(folder, &["rev-parse", "--show-toplevel"])?;
        if !output.status.success() {
            return Err(Failure::usage(format!("the folder lies in no repository of git: {}", said(&output)))
                .help("run the command within the repository that holds the plans"));
        }
        let top = String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).to_owned();
        Ok(Self { top: PathBuf::from(top) })
    }

    /// The commit that a name means, such as `main`, `HEAD~3` or `v2019`.
    pub(crate) fn commit(&self, revision: &str) -> Result<String, Failure> {
        let meant = format!("{revision}^{{commit}}");
        let output = git(&self.top, &["rev-parse", "--verify", "--quiet", "--end-of-options", &meant])?;
        if !output.status.success() {
            return Err(Failure::usage(format!("git knows no `{revision}` here")).help(
                "name a branch, a tag or a commit; a build server may have to fetch the whole history first, not the newest commit alone",
            ));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Every file of a commit.
    pub(crate) fn files(&self, commit: &str) -> Result<Vec<Blob>, Failure> {
        let output = git(&self.top, &["ls-tree", "-r", "-z", "--full-tree", commit])?;
        if !output.status.success() {
            return Err(Failure::usage(format!("git does not tell the files of `{commit}`: {}", said(&output))));
        }
        // `100644 blob NAME<tab>PATH`; links and other repositories within this one are no files.
        let file = |entry: &[u8]| {
            let entry = String::from_utf8_lossy(entry);
            let (about, path) = entry.split_once('\t')?;
            let mut about = about.split(' ');
            let is_file = about.next()?.starts_with("100") && about.next()? == "blob";
            is_file.then(|| Some(Blob { path: path.to_owned(), name: about.next()?.to_owned() })).flatten()
        };
        Ok(output.stdout.split(|byte| *byte == 0).filter_map(file).collect())
    }

    /// The day of the last commit that changed one of these files; `None` where git knows none.
    pub(crate) fn changed<'p>(&self, files: impl Iterator<Item = &'p PathBuf>) -> Option<String> {
        let files: Vec<PathBuf> = files.map(|file| file.canonicalize().unwrap_or_else(|_| file.clone())).collect();
        let mut asked = command(&self.top, &["log", "-1", "--format=%cs", "HEAD", "--"]);
        let output = asked.args(files).output().ok().filter(|output| output.status.success())?;
        let day = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (!day.is_empty()).then_some(day)
    }

    /// A reader of files as they were.
    pub(crate) fn reader(&self) -> Result<Reader, Failure> {
        let mut command = command(&self.top, &["cat-file", "--batch"]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(|error| no_git(&error))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(asked), Some(answers)) => Ok(Reader { child, asked: Some(asked), answers: BufReader::new(answers) }),
            _ => Err(Failure::usage("git cannot be spoken to")),
        }
    }
}

/// One program `git` that is asked for one file after another.
pub(crate) struct Reader {
    child: Child,
    asked: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Reader {
    /// The bytes of a file; of one that is too large only so many as show that it is.
    pub(crate) fn read(&mut self, blob: &Blob) -> Result<Vec<u8>, Failure> {
        self.ask(&blob.name).map_err(|error| Failure::reading(&blob.path, &error))
    }

    fn ask(&mut self, name: &str) -> std::io::Result<Vec<u8>> {
        let broken = || std::io::Error::other("git does not answer");
        let asked = self.asked.as_mut().ok_or_else(broken)?;
        writeln!(asked, "{name}")?;
        asked.flush()?;
        // `NAME blob SIZE`, the bytes, and a line's end.
        let mut about = String::new();
        self.answers.read_line(&mut about)?;
        let size = about.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok()).ok_or_else(broken)?;
        let mut bytes = Vec::new();
        (&mut self.answers).take(size.min(LARGEST_FILE as u64 + 1)).read_to_end(&mut bytes)?;
        let rest = size + 1 - bytes.len() as u64;
        std::io::copy(&mut (&mut self.answers).take(rest), &mut std::io::sink())?;
        Ok(bytes)
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // With nothing more to be asked, it ends.
        self.asked = None;
        let _ = self.child.wait();
    }
}

fn command(folder: &Path, words: &[&str]) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["--no-optional-locks", "--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false"])
        .args(words);
    command.stdin(Stdio::null());
    command
}

fn git(folder: &Path, words: &[&str]) -> Result<Output, Failure> {
    command(folder, words).output().map_err(|error| no_git(&error))
}

fn no_git(error: &std::io::Error) -> Failure {
    Failure::usage(format!("the program `git` cannot be run: {}", reason(error)))
        .help("install git, or compare with a baseline instead: `--baseline FILE`")
}

fn said(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr);
    said.lines().next().unwrap_or("it does not say why").trim_start_matches("fatal: ").to_owned()
}
