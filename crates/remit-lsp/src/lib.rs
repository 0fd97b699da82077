//! The protocol's own business: positions as editors count them. The language server itself comes with its own issue.

pub mod positions;
