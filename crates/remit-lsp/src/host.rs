//! What the server asks of the machine. The program answers from the disk, as `remit check` does; tests from memory.

use std::path::{Path, PathBuf};

use remit_core::packs::PackFiles;
use remit_core::problem::Severity;
use remit_core::time::Date;

/// Why something could not be had, as a sentence without its final stop.
pub type Fault = String;

/// What the settings of a plan's folder say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The date as of which plans are checked.
    pub as_of: Option<Date>,
    /// The least severity at which a finding fails a check.
    pub fail_on: Option<Severity>,
    /// Folders of further rule packs, in order.
    pub packs: Vec<PathBuf>,
}

/// The machine.
pub trait Host: Send + Sync + 'static {
    /// Today, where no date is given.
    fn today(&self) -> Date;

    /// The folders at or below one that hold a plan, in order.
    fn plan_folders(&self, folder: &Path) -> Vec<PathBuf>;

    /// The files of the plan in a folder, in order; none where there is no plan.
    fn plan_files(&self, folder: &Path) -> Vec<PathBuf>;

    /// The folders at or below one that are rule packs, in order.
    fn pack_folders(&self, folder: &Path) -> Vec<PathBuf>;

    /// The bytes of a file.
    ///
    /// # Errors
    /// It is not there, or cannot be read.
    fn read(&self, file: &Path) -> Result<Vec<u8>, Fault>;

    /// The settings for what lies in a folder: of the nearest `remit.yaml`.
    ///
    /// # Errors
    /// The file is there and cannot be understood.
    fn settings(&self, folder: &Path) -> Result<Settings, Fault>;

    /// The packs in force with the folders of further ones, in order, each with its folder where it has one.
    ///
    /// # Errors
    /// A folder is no pack, or cannot be read.
    fn packs(&self, folders: &[PathBuf]) -> Result<Vec<(PackFiles, Option<PathBuf>)>, Fault>;

    /// Puts a text of the program's own, such as a rule's page, where any editor can open it. `None` where that cannot be.
    fn provide(&self, name: &str, text: &str) -> Option<PathBuf>;

    /// Where to write what happens; nothing where nobody asked for it.
    fn log(&self, _line: &str) {}
}
