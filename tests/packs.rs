//! Packs in error.
