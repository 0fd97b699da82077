//! Every test that needs more than one crate, as one binary.

mod case;
mod cli;
mod coverage;
mod editions;
mod examples;
mod expressions;
mod hostile;
mod lsp;
mod packs;
mod reason;
mod schemas;
mod suite;
mod tidy;
