//! Byte offsets as lines and characters in the encoding that an editor chose, and back. Nothing else knows UTF-16.

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

/// A place as an editor counts: both from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 0.
    pub line: u32,
    /// The character within it, from 0, in units of the encoding.
    pub character: u32,
}

impl Encoding {
    fn width(self, letter: char) -> u32 {
        let width = match self {
            Self::Utf8 => letter.len_utf8(),
            Self::Utf16 => letter.len_utf16(),
            Self::Utf32 => 1,
        };
        u32::try_from(width).unwrap_or(4)
    }
}

/// Where a byte is. A byte past the end is the end; one within a character is that character's start.
pub fn position(text: &str, byte: usize, encoding: Encoding) -> Position {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let before = text.get(..byte).unwrap_or("");
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let in_line = before.get(start..).unwrap_or("");
    Position { line: u32::try_from(line).unwrap_or(u32::MAX), character: in_line.chars().map(|letter| encoding.width(letter)).sum() }
}

/// Which byte is at a place. A character past its line's end is the line's end, as the protocol asks; so is a half of a pair.
pub fn offset(text: &str, position: Position, encoding: Encoding) -> usize {
    let mut start = 0;
    for _ in 0..position.line {
        match text.get(start..).and_then(|rest| rest.find('\n')) {
            Some(at) => start += at + 1,
            None => return text.len(),
        }
    }
    let line = text.get(start..).unwrap_or("");
    let line = line.split('\n').next().unwrap_or("").trim_end_matches('\r');
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
    use super::{Encoding, Position, offset, position};

    const TEXT: &str = "plan \"Ça va 👩‍⚕️\" for QHM {\r\n  sro \"é𝔸\"\n}";

    #[test]
    fn every_place_goes_there_and_back_in_every_encoding() {
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (byte, letter) in TEXT.char_indices().filter(|(_, letter)| !matches!(letter, '\r' | '\n')) {
                let place = position(TEXT, byte, encoding);
                assert_eq!(offset(TEXT, place, encoding), byte, "{letter:?} {place:?} {encoding:?}");
            }
        }
    }

    #[test]
    fn characters_are_counted_as_the_encoding_does() {
        let closing = TEXT.rfind('"').unwrap();
        let character = |encoding| position(TEXT, closing, encoding).character;
        assert_eq!([Encoding::Utf8, Encoding::Utf16, Encoding::Utf32].map(character), [13, 10, 9]);
    }

    #[test]
    fn what_lies_outside_is_the_nearest_place() {
        let place = |line, character| Position { line, character };
        assert_eq!(offset(TEXT, place(9, 0), Encoding::Utf16), TEXT.len());
        assert_eq!(offset(TEXT, place(0, 999), Encoding::Utf16), TEXT.find('\r').unwrap());
        assert_eq!(offset(TEXT, place(1, 9), Encoding::Utf16), TEXT.find('𝔸').unwrap());
        assert_eq!(position(TEXT, 9_999, Encoding::Utf8), place(2, 1));
        assert_eq!(position(TEXT, TEXT.find('Ç').unwrap() + 1, Encoding::Utf32), place(0, 6));
    }
}
