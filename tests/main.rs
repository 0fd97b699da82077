//! Every test that needs more than one crate, as one binary.

mod case;
mod cli;
mod examples;
mod hostile;
mod packs;
mod schemas;
mod reason;
mod suite;
mod tidy;
