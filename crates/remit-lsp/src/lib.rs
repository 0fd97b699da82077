//! The language server: what an editor says becomes texts and questions, and answers become what an editor understands.
//!
//! Nothing here knows the language: every answer comes from the core, of one snapshot of the texts. Nothing else knows the protocol.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

mod diagnostics;
pub mod features;
pub mod host;
mod layer;
mod packs;
pub mod positions;
mod publish;
mod server;
pub mod snapshot;
mod world;

pub use crate::server::{Backend, serve, service};
