//! The one place that knows pest: a text becomes a flat run of shapes.

use pest::Parser;
use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "../../../grammar/remit.pest"]
struct Grammar;

/// A run of bytes.
pub(super) type Bytes = (u32, u32);

/// What a run of bytes is, by its shape alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// Begins a statement; its items follow.
    Statement,
    /// A run without white space: a name, a number, a clause word, or nothing that we know.
    Word,
    /// `,`
    Comma,
    /// `,` that stands in no statement.
    Stray,
    /// `~`
    Tilde,
    /// `"…"`
    Text,
    /// `"…` to the line's end.
    OpenText,
    /// `"""…"""`
    LongText,
    /// `"""…` to the line's end.
    OpenLong,
    /// `“…”`
    Curly,
    /// `{`
    Open,
    /// `}`
    Close,
}

/// The shapes of a text, in order. Every text has some: the grammar leaves nothing out.
pub(super) fn shapes(text: &str, mut each: impl FnMut(Shape, Bytes)) -> Result<(), usize> {
    let pairs = match Grammar::parse(Rule::file, text) {
        Ok(pairs) => pairs,
        Err(error) => {
            return Err(match error.location {
                pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
            });
        }
    };
    for token in pairs.flatten() {
        let shape = match token.as_rule() {
            Rule::statement => Shape::Statement,
            Rule::word => Shape::Word,
            Rule::comma => Shape::Comma,
            Rule::stray => Shape::Stray,
            Rule::tilde => Shape::Tilde,
            Rule::text => Shape::Text,
            Rule::open_text => Shape::OpenText,
            Rule::long_text => Shape::LongText,
            Rule::open_long => Shape::OpenLong,
            Rule::curly => Shape::Curly,
            Rule::open => Shape::Open,
            Rule::close => Shape::Close,
            _ => continue,
        };
        let span = token.as_span();
        each(shape, (crate::source::offset(span.start()), crate::source::offset(span.end())));
    }
    Ok(())
}
