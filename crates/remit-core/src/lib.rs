//! Text in, analysis out: the Remit language, its packs and its rules. No files, no clock, no network, no printing.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod check;
mod digest;
pub mod draft;
pub mod ide;
mod language;
pub mod model;
pub mod outlook;
pub mod overview;
pub mod packs;
pub mod problem;
pub mod ready;
pub mod reason;
pub mod rules;
pub mod source;
pub mod syntax;
pub mod time;
pub mod vocabulary;
pub mod why;
