//! The language: text in, a tree and problems out. Knows nothing of vocabularies, packs or rules.

mod build;
pub mod format;
pub mod literal;
mod shape;
pub(crate) mod splice;
pub mod tree;
pub mod typed;

use crate::problem::Problem;
use crate::source::{FileId, Sources};
use crate::syntax::tree::Tree;

/// The rule under which faults of form are reported.
pub const SYNTAX: &str = "remit/syntax";
/// How deep blocks may stand in one another.
pub const DEEPEST: usize = 32;
/// How many problems of form are reported for one file; what is more is said in one last problem.
pub const MOST_PROBLEMS: usize = 1_000;

/// One file, read.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) tree: Tree,
    pub(crate) problems: Vec<Problem>,
    /// Whether every brace and text is closed, and nothing had to be mended: then it can be read in parts.
    pub(crate) is_closed: bool,
    /// Whether its last statement ends where it does, whatever follows.
    pub(crate) ends_itself: bool,
}

/// Reads one file as [`parse`] does, and says whether it can be read in parts.
pub(crate) fn parse_whole(sources: &Sources, file: FileId) -> Parsed {
    build::build(file, sources.get(file).map_or("", |source| source.text()))
}

/// Reads one file. Never fails: what is broken is fenced off and reported, and the rest is in the tree.
pub fn parse(sources: &Sources, file: FileId) -> (Tree, Vec<Problem>) {
    let parsed = parse_whole(sources, file);
    (parsed.tree, parsed.problems)
}
