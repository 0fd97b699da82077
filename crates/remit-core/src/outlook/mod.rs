//! What can be said of days to come, and of why a verdict is what it is.

pub mod calendar;
pub mod outcomes;
