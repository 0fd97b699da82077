//! What the tests make for themselves, where benches and the command line's trials can have it too.

pub mod england;
