//! The language server, asked by an editor that is not there.

mod agreement;
mod behaviour;
pub(crate) mod editor;
pub(crate) mod typing;
