//! Byte offsets as lines and characters in the encoding that an editor chose, and back. Nothing else knows UTF-16.

use remit_core::source::{Source, Span, offset as narrow};
use tower_lsp::ls_types::{Position, Range};

/// How an editor counts characters within a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// Units of two bytes: what editors use that say nothing.
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    fn width(self, letter: char) -> u32 {
        let width = match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
            Self::Utf32 => 1,
        };
        narrow(width)
    }
}

/// Where a byte is. A byte past the end is the end; one within a character is that character's start.
pub fn position(source: &Source, byte: u32, encoding: Encoding) -> Position {
    let (line, before) = source.line_of(byte);
    let before = source.slice(before);
    let character = if before.is_ascii() { narrow(before.len()) } else { before.chars().map(|letter| encoding.width(letter)).sum() };
    Position { line: narrow(line), character }
}

/// Where a run of bytes is.
pub fn range(source: &Source, span: Span, encoding: Encoding) -> Range {
    Range { start: position(source, span.start, encoding), end: position(source, span.end, encoding) }
}

/// Which byte is at a place. A character past its line's end is the line's end, as the protocol asks; so is a half of a pair.
pub fn offset(source: &Source, position: Position, encoding: Encoding) -> usize {
    let Some(line) = source.line(position.line as usize) else { return source.text().len() };
    let start = line.start;
    let line = source.slice(line);
    let line = line.strip_suffix('\n').unwrap_or(line).trim_end_matches('\r');
    let mut left = position.character;
    let mut at = start;
    for letter in line.chars() {
        let width = encoding.width(letter);
        if left < width {
            break;
        }
        left -= width;
        at += letter.len_utf8();
    }
    at
}

#[cfg(test)]
mod tests {
    use remit_core::source::Source;
    use tower_lsp::ls_types::Position;

    use super::{Encoding, offset, position};

    const TEXT: &str = "plan \"Ça va 👩‍⚕️\" for QHM {\r\n  sro \"é𝔸\"\n}";

    fn source() -> Source {
        Source::new("plan.remit", TEXT)
    }

    #[test]
    fn every_place_goes_there_and_back_in_every_encoding() {
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (byte, letter) in TEXT.char_indices().filter(|(_, letter)| !matches!(letter, '\r' | '\n')) {
                let place = position(&source(), byte as u32, encoding);
                assert_eq!(offset(&source(), place, encoding), byte, "{letter:?} {place:?} {encoding:?}");
            }
        }
    }

    #[test]
    fn characters_are_counted_as_the_encoding_does() {
        let closing = TEXT.rfind('"').unwrap() as u32;
        let character = |encoding| position(&source(), closing, encoding).character;
        assert_eq!([Encoding::Utf8, Encoding::Utf16, Encoding::Utf32].map(character), [13, 10, 9]);
    }

    #[test]
    fn what_lies_outside_is_the_nearest_place() {
        let place = |line, character| Position { line, character };
        assert_eq!(offset(&source(), place(9, 0), Encoding::Utf16), TEXT.len());
        assert_eq!(offset(&source(), place(0, 999), Encoding::Utf16), TEXT.find('\r').unwrap());
        assert_eq!(offset(&source(), place(1, 9), Encoding::Utf16), TEXT.find('𝔸').unwrap());
        assert_eq!(position(&source(), 9_999, Encoding::Utf8), place(2, 1));
        assert_eq!(position(&source(), TEXT.find('Ç').unwrap() as u32 + 1, Encoding::Utf32), place(0, 6));
        assert_eq!(offset(&Source::new("", "a\n"), place(1, 0), Encoding::Utf16), 2);
        assert_eq!(offset(&Source::new("", ""), place(0, 3), Encoding::Utf16), 0);
    }
}
