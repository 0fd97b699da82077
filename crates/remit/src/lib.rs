//! The command line: what the words after `remit` ask for, done, and told in the format asked for.
//!
//! Nothing here reads the clock, the terminal or the process's own folder: [`Environment`] says all that, so tests can too.

mod arguments;
mod assume;
mod baseline;
mod before;
mod calendar;
mod check;
mod config;
mod exit;
mod explain;
mod fmt;
mod git;
mod in_order;
mod init;
mod jobs;
mod known;
mod lsp;
mod one;
mod outcomes;
mod output;
mod pack;
mod packs;
mod plans;
mod progress;
mod project;
mod ready;
mod record;
mod render;
mod replay;
mod report;
mod roster;
mod schema;
mod since;
mod site;
mod waivers;
mod why;

use std::ffi::OsString;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{CommandFactory, Parser};
use remit_core::time::Date;

use crate::arguments::{Arguments, Verb};
use crate::exit::{Failure, Outcome};
pub use crate::lsp::Disk;
use crate::output::Forgiving;

/// Everything that the program would otherwise ask the machine.
pub struct Environment<'e> {
    /// The folder in which the command runs.
    pub folder: PathBuf,
    /// Today, where no date is given.
    pub today: Date,
    /// Whether what is written may have colours.
    pub color: bool,
    /// Whether what is written about failures may have colours.
    pub color_of_errors: bool,
    /// How many columns there are; `None` where no terminal watches.
    pub width: Option<usize>,
    /// Whether somebody watches what is written about failures, and may be told how far long work has come.
    pub watched: bool,
    /// What an environment variable says; `None` where it is not set, or no text.
    pub variable: &'e dyn Fn(&str) -> Option<String>,
    /// Asks whoever sits there for a password, which is not shown.
    pub password: &'e dyn Fn(&str) -> io::Result<String>,
    /// Reads all of the standard input.
    pub input: &'e dyn Fn() -> io::Result<Vec<u8>>,
}

/// Runs one command and says with which code the program ends. The first argument is the program's name.
pub fn run(arguments: impl IntoIterator<Item = OsString>, out: &mut dyn Write, err: &mut dyn Write, environment: &Environment<'_>) -> u8 {
    let mut out = BufWriter::with_capacity(1 << 16, Forgiving::new(out));
    let outcome = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => verb(arguments.verb, &mut out, err, environment),
        Err(error) => usage(&error, &mut out, err, environment),
    };
    let outcome = outcome.and_then(|outcome| match out.flush() {
        Ok(()) => Ok(outcome),
        Err(error) => Err(Failure::writing("standard output", &error)),
    });
    let outcome = outcome.unwrap_or_else(|failure| {
        failure.tell(err);
        failure.outcome
    });
    outcome.code()
}

fn verb(verb: Verb, out: &mut dyn Write, err: &mut dyn Write, environment: &Environment<'_>) -> Result<Outcome, Failure> {
    match verb {
        Verb::Check(arguments) => check::run(&arguments, out, err, environment),
        Verb::Baseline(arguments) => baseline::run(&arguments, out, err, environment),
        Verb::Calendar(arguments) => calendar::run(&arguments, out, err, environment),
        Verb::Replay(arguments) => replay::run(&arguments, out, err, environment),
        Verb::Ready(arguments) => ready::run(&arguments, out, err, environment),
        Verb::Report(arguments) => report::run(&arguments, out, err, environment),
        Verb::Roster(arguments) => roster::run(&arguments, out, err, environment),
        Verb::Waivers(arguments) => waivers::run(&arguments, out, err, environment),
        Verb::Explain(arguments) => explain::run(&arguments, out, err, environment),
        Verb::Outcomes(arguments) => outcomes::run(&arguments, out, err, environment),
        Verb::Why(arguments) => why::run(&arguments, out, err, environment),
        Verb::Fmt(arguments) => fmt::run(&arguments, out, err, environment),
        Verb::Init(arguments) => init::run(&arguments, out, err, environment),
        Verb::Pack(verb) => pack::run(&verb, out, err, environment),
        Verb::Schema(arguments) => schema::run(&arguments, out),
        Verb::Lsp(arguments) => lsp::run(&arguments, environment),
        Verb::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "remit", &mut script);
            out.write_all(&script).map_err(|error| Failure::writing("standard output", &error))?;
            Ok(Outcome::Clean)
        }
    }
}

/// What clap has to say: the help and the version are no failure, everything else is a wrong use.
fn usage(error: &clap::Error, out: &mut dyn Write, err: &mut dyn Write, environment: &Environment<'_>) -> Result<Outcome, Failure> {
    let text = error.render();
    let told = if error.use_stderr() {
        if environment.color_of_errors { write!(err, "{}", text.ansi()) } else { write!(err, "{text}") }
    } else if environment.color {
        write!(out, "{}", text.ansi())
    } else {
        write!(out, "{text}")
    };
    told.map_err(|error| Failure::writing("standard output", &error))?;
    Ok(if error.use_stderr() { Outcome::Usage } else { Outcome::Clean })
}
