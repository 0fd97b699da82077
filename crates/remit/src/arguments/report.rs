//! The arguments of `remit report`.

use std::path::PathBuf;

use clap::Args;
use remit_core::time::{Date, day};

/// `remit report`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  remit report                                     the plan in this folder, to `report.html`
  remit report --output board.html                 to a file of that name
  remit report plans --output pages                a page of each plan below `plans`, and one of all of them
  remit report --as-of 2026-03-31                  as things stood on that day

A page is one file that loads nothing: it opens from a mail or a memory stick, prints on A4, and works
with a keyboard and a screen reader. One plan makes one file, several make a folder with `index.html`.")]
pub(crate) struct ReportArguments {
    /// Plans: a `.remit` file, or a folder that holds `.remit` files or further folders with them [default: this folder]
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// Show things as they stood on this day, such as 2026-03-31 [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub(crate) as_of: Option<Date>,

    /// The file of one plan, or the folder of several [default: `report.html`, or the folder `report`]
    #[arg(long, short, value_name = "PATH")]
    pub(crate) output: Option<PathBuf>,
}
