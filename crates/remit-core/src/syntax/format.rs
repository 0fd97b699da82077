//! `remit fmt`: one way to lay out a plan.

/// Lays out a plan's text.
pub fn format(text: &str) -> String {
    text.to_owned()
}
