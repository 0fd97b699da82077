//! Following the text of a scalar back to its source: which bytes each piece of it was written as.

use std::ops::Range;

use granit_parser::ScalarStyle;

use super::Run;
use super::mend::length_through_break;

/// The places of a scalar's text, by reading its source again; none if that does not give the same text.
pub(super) fn runs_of(source: &str, range: Range<usize>, indent: Option<usize>, style: ScalarStyle, text: &str) -> Option<Vec<Run>> {
    let mut trace = Trace::default();
    match style {
        ScalarStyle::Plain => trace.flow(source, range, style)?,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            trace.flow(source, range.start + 1..range.end.saturating_sub(1), style)?;
        }
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let last_breaks = trace.block(source, range, indent?, style)?;
            let rest = text.get(trace.text.len()..)?;
            if rest.trim_matches('\n').is_empty() {
                trace.push(rest, last_breaks);
            }
        }
    }
    (trace.text == text).then_some(trace.runs)
}

#[derive(Default)]
struct Trace {
    text: String,
    runs: Vec<Run>,
}

impl Trace {
    fn push(&mut self, piece: &str, source: Range<usize>) {
        if piece.is_empty() {
            return;
        }
        let text = self.text.len();
        self.text.push_str(piece);
        if let Some(last) = self.runs.last_mut() {
            let goes_on = last.source.end == source.start && text - last.text == last.source.len();
            if goes_on && piece.len() == source.len() {
                last.source.end = source.end;
                return;
            }
        }
        self.runs.push(Run { text, source });
    }

    /// Text between quotes, or without any, whose line breaks are folded.
    fn flow(&mut self, source: &str, inner: Range<usize>, style: ScalarStyle) -> Option<()> {
        let mut at = inner.start;
        while at < inner.end {
            let rest = source.get(at..inner.end)?;
            let is_backslash = style == ScalarStyle::DoubleQuoted && rest.starts_with('\\');
            let after = if is_backslash { rest.get(1..)? } else { rest };
            let is_break = after.starts_with(['\n', '\r']);
            if !is_backslash || is_break {
                let blank = after.get(..after.len() - after.trim_start_matches([' ', '\t', '\n', '\r']).len())?;
                let breaks = count_breaks(blank);
                let length = rest.len() - after.len() + blank.len();
                if length > 0 {
                    match breaks {
                        0 => self.push(blank, at..at + length),
                        1 if !is_backslash => self.push(" ", at..at + length),
                        _ => self.push(&"\n".repeat(breaks - 1), at..at + length),
                    }
                    at += length;
                    continue;
                }
            }
            let character = rest.chars().next()?;
            let (meant, length) = match style {
                ScalarStyle::DoubleQuoted if is_backslash => read_escape(rest)?,
                ScalarStyle::SingleQuoted if rest.starts_with("''") => ('\'', 2),
                _ => (character, character.len_utf8()),
            };
            self.push(meant.encode_utf8(&mut [0; 4]), at..at + length);
            at += length;
        }
        Some(())
    }

    /// The lines of a block, without its last line breaks, whose number the header decides; returns where those are.
    fn block(&mut self, source: &str, range: Range<usize>, indent: usize, style: ScalarStyle) -> Option<Range<usize>> {
        // The parser's range starts at the first words; the blank lines between these and the header are text too.
        let header_end = source.get(..range.start)?.trim_end_matches([' ', '\t', '\n', '\r']).len();
        let mut at = header_end + length_through_break(source.get(header_end..)?)?;
        let mut breaks = 0;
        let mut gap = at..at;
        let mut previous_starts_blank = None;
        while at < range.end {
            let rest = source.get(at..range.end)?;
            let length = length_through_break(rest).unwrap_or(rest.len());
            let line = rest.get(..length)?;
            let words = line.trim_end_matches(['\n', '\r']);
            let strip = words.bytes().take(indent).take_while(|byte| *byte == b' ').count();
            let content = words.get(strip..)?;
            if !content.is_empty() {
                let starts_blank = content.starts_with([' ', '\t']);
                let is_folded = style == ScalarStyle::Folded && !starts_blank && previous_starts_blank == Some(false);
                match breaks {
                    1 if is_folded => self.push(" ", gap),
                    _ if is_folded => self.push(&"\n".repeat(breaks - 1), gap),
                    _ => self.push(&"\n".repeat(breaks), gap),
                }
                previous_starts_blank = Some(starts_blank);
                self.push(content, at + strip..at + words.len());
                gap = at + words.len()..at + words.len();
                breaks = 0;
            }
            at += length;
            if words.len() < line.len() {
                breaks += 1;
                gap.end = at;
            }
        }
        Some(gap)
    }
}

fn count_breaks(blank: &str) -> usize {
    blank.matches(['\n', '\r']).count() - blank.matches("\r\n").count()
}

/// What an escape means, and its length with the backslash. An escaped line break is none.
pub(super) fn read_escape(rest: &str) -> Option<(char, usize)> {
    let hexadecimal = |start: usize, length: usize| {
        let digits = rest.get(start..start + length)?;
        digits.chars().try_fold(0_u32, |value, digit| Some((value << 4) | digit.to_digit(16)?))
    };
    let meant = match rest.chars().nth(1)? {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        same @ (' ' | '"' | '/' | '\\') => same,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return Some((char::from_u32(hexadecimal(2, 2)?)?, 4)),
        'U' => return Some((char::from_u32(hexadecimal(2, 8)?)?, 10)),
        'u' => {
            let high = hexadecimal(2, 4)?;
            if !(0xd800..0xdc00).contains(&high) {
                return Some((char::from_u32(high)?, 6));
            }
            let low = hexadecimal(8, 4).filter(|low| (0xdc00..0xe000).contains(low) && rest.get(6..8) == Some("\\u"))?;
            return Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, 12));
        }
        _ => return None,
    };
    Some((meant, 2))
}
