//! Every test that needs more than one crate, as one binary.

mod case;
mod cli;
mod colouring;
mod coverage;
mod docs;
mod editions;
mod examples;
mod expressions;
mod hostile;
mod ide;
mod lsp;
mod mutants;
mod mutator;
mod nation;
mod over;
mod pack_verbs;
mod packs;
mod reason;
mod registry;
mod schemas;
mod suite;
mod tidy;
mod tree_sitter;
mod trust;
mod typing;
mod unnoticed;
