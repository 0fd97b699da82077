//! Every test that needs more than one crate, as one binary.

mod case;
mod suite;
