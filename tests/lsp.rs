//! The language server, asked by an editor that is not there.

mod behaviour;
pub(crate) mod editor;
