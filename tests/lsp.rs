//! The language server, asked by an editor that is not there.

pub(crate) mod agreement;
mod behaviour;
pub(crate) mod editor;
mod features;
pub(crate) mod typing;
