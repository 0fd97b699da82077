//! The arguments of `remit ready` and `remit waivers`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use remit_core::time::{Date, day};

/// `remit ready`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit ready                                      the ladder of the plan in this folder, today
  remit ready --as-of 2026-03-31                   as things stood on that day
  remit ready plans                                a table of every system below `plans`
  remit ready --format svg --output ladder.svg     a picture for a board paper

A gate is open when the level found is high enough, the assessment was made by the right body, and
its evidence is dated and still valid. What is dated later than the day is not yet known on it; for
the earliest day on which a gate could open, every fact of the plan counts from its own day on.")]
pub(crate) struct ReadyArguments {
    /// Plans: a `.remit` file, or a folder that holds `.remit` files or further folders with them [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Show things as they stood on this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: ReadyFormat,

    /// Write to this file instead of the terminal
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// How the ladder is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReadyFormat {
    /// Text to read
    Human,
    /// Full sentences, for screen readers
    Plain,
    /// For programs
    Json,
    /// A table and a list, for a paper
    Markdown,
    /// A picture, for a paper
    Svg,
}

/// `remit waivers`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit waivers                            those of the plan in this folder, today
  remit waivers plans --as-of 2026-03-31   those of every plan below `plans`, on that day
  remit waivers --format markdown          a table for a paper

Expiring is what ends within 90 days of that day.")]
pub(crate) struct WaiversArguments {
    /// Plans: a `.remit` file, or a folder that holds `.remit` files or further folders with them [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Show things as they stood on this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,

    /// How to tell it
    #[arg(long, value_name = "NAME", value_enum, default_value = "human")]
    pub(crate) format: WaiversFormat,
}

/// How the register of waivers is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WaiversFormat {
    /// Text to read
    Human,
    /// Full sentences, for screen readers
    Plain,
    /// For programs
    Json,
    /// A table, for a paper
    Markdown,
}
