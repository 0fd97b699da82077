//! The arguments of `remit roster`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use remit_core::time::{Date, day};

/// `remit roster`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit roster plans                       which systems have sent a plan, and how each stands
  remit roster plans --format markdown     a table for a paper
  remit roster plans --notes notes         and a note to each that is missing or failing

Whose plans are expected, and by when, stands in `remit.yaml`: `roster: { expected:
[north-east-and-yorkshire], due: 2026-03-31 }`. A region stands for all its systems on the day. Where
nothing is said, every system of England on the day is expected.")]
pub(crate) struct RosterArguments {
    /// Plans: a `.remit` file, or a folder that holds `.remit` files or further folders with them [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Show things as they stood on this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: RosterFormat,

    /// Write a note, ready to send, to each whose plan is missing or failing: a file of Markdown each, in this folder
    #[arg(long, value_name = "FOLDER")]
    pub(crate) notes: Option<PathBuf>,
}

/// How the roster is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RosterFormat {
    /// Text to read
    Human,
    /// Full sentences, for screen readers
    Plain,
    /// For programs
    Json,
    /// A table, for a paper
    Markdown,
}
