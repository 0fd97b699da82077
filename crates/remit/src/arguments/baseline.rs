//! The arguments of `remit baseline`.

use std::path::PathBuf;

use clap::Args;
use remit_core::time::{Date, day};

/// `remit baseline`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit baseline                            write down what is found in the plans of this folder
  remit check --baseline remit-baseline.json
  remit baseline --shrink                   take out what is no longer found, after something was put right

A finding that is known stays known wherever its lines and its file go. It is new again when the plan's words that it
is about change, when it stands worse than before, or when there is a second one like it. What is waived or put to
consultation is not written down: it fails nothing.

A file that is there already only ever shrinks. What is new has to be put right, or taken in with `--grow`.

The command ends with
  0  the file is written
  1  it would have to learn something
  2  a wrong use, or a file that cannot be read
  3  a rule pack is invalid or not trusted")]
pub(crate) struct BaselineArguments {
    /// Plans: a `.remit` file, or a folder that holds `.remit` files or further folders with them [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// The file
    #[arg(long, short, value_name = "FILE", default_value = "remit-baseline.json")]
    pub(crate) output: PathBuf,

    /// Check as things stood on this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,

    /// Only take out what is no longer found
    #[arg(long, conflicts_with = "grow")]
    pub(crate) shrink: bool,

    /// Take in what is new as well
    #[arg(long)]
    pub(crate) grow: bool,
}
