//! Explaining what the parser stopped at: each of its syntax faults in plain words, at the place that people would look for it.

use std::ops::Range;

use granit_parser::{ErrorKind as Kind, ScanError, StructureStyle};

use super::mend::{content_of, dash_of, indent_of};
use super::places::read_escape;
use super::{Content, FEWER_LEVELS, Fault, Key, Reader, Recovery, too_deep};

const KNOWN_ESCAPES: &str = "write `\\\\` for a backslash, or use single quotes";
const LINE_UP: &str = "line it up with the lines it belongs to; indent with spaces";
const QUOTE_TEXT: &str = "put quotes around the value if it is one text";

impl Reader<'_> {
    pub(super) fn explain(&self, error: &ScanError) -> Fault {
        let marker = error.marker().byte_offset().unwrap_or_default().min(self.text.len());
        let marker_line = self.lines.index_of(marker);
        let search_to = match error.kind() {
            Kind::UnclosedFlowCollection { .. } | Kind::UnclosedQuotedScalar => self.text.len(),
            _ => marker,
        };
        let is_tab = matches!(error.kind(), Kind::TabNotAllowed | Kind::TabInBlockIndentation | Kind::TabInIndentation);
        if let Some(place) = self.find_unclosed(search_to).filter(|_| !is_tab) {
            return unclosed(self.text, place);
        }
        let rest = self.text.get(marker..).unwrap_or_default();
        let first = rest.chars().next().unwrap_or(' ');
        match error.kind() {
            Kind::UnclosedFlowCollection { .. } | Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => {
                unclosed(self.text, marker)
            }
            Kind::RecursionLimitExceeded => {
                let deepest = self.problems.iter().find(|problem| problem.message == too_deep());
                let fault = fault(self.text, marker, &too_deep(), FEWER_LEVELS);
                Fault { span: deepest.map_or(fault.span, |problem| problem.span.clone()), recovery: Recovery::Stop, ..fault }
            }
            Kind::TabAtBlockScalarStart | Kind::TabInPlainScalar => self.explain_tab(marker, self.lines.starts.len()),
            _ if is_tab => self.explain_tab(marker, marker_line),
            Kind::InvalidBlockEntryWhitespace | Kind::InvalidMappingValueWhitespace => self.explain_tab(marker, marker_line),
            Kind::MappingValueNotAllowed => self.explain_colon(marker),
            // A key on a line below its start can only be the next line of the map around a list that was not closed.
            Kind::InvalidColonPlacement => match self.open.iter().rfind(|open| open.style == StructureStyle::Flow) {
                Some(open) => unclosed(self.text, open.start),
                None => fault(self.text, marker, "a `:` cannot stand here", QUOTE_TEXT),
            },
            Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => no_key(self.text, marker),
            Kind::UnexpectedCharacter { character } => {
                let place = marker + rest.find(*character).unwrap_or_default();
                fault(self.text, place, &format!("a text without quotes cannot start with `{character}`"), QUOTE_TEXT)
            }
            Kind::InvalidBlockScalarHeader | Kind::ZeroBlockScalarIndent => {
                let message = format!("`{first}` starts a text on the lines below, so no text can follow it here");
                fault(self.text, marker, &message, "put quotes around the value if it starts with this sign")
            }
            Kind::MismatchedFlowCollectionEnd { open, close } => {
                fault(self.text, marker, &format!("this `{open}` is closed by `{close}`"), QUOTE_TEXT)
            }
            Kind::ExpectedBlockSequenceEntry => {
                let message = "this does not fit the list above: it has no `-`, or not its indentation";
                Fault { recovery: Recovery::BlankMisfit, ..fault(self.text, marker, message, LINE_UP) }
            }
            kind => match plain_words(kind) {
                Some((message, help)) if help == KNOWN_ESCAPES => fault(self.text, first_bad_escape(self.text, marker), message, help),
                Some((message, help)) => fault(self.text, marker, message, help),
                None if self.starts_its_line(marker) => {
                    let place = self.lines.start(marker_line) + indent_of(self.lines.text(self.text, marker_line));
                    let message = "this line does not fit the lines above: look at its indentation";
                    Fault { recovery: Recovery::BlankMisfit, ..fault(self.text, place, message, LINE_UP) }
                }
                None if matches!(first, ',' | ']' | '}' | ':') => {
                    fault(self.text, marker, &format!("something is missing before this `{first}`"), QUOTE_TEXT)
                }
                None => fault(self.text, marker, "this is not expected here", QUOTE_TEXT),
            },
        }
    }

    /// The parser names the line before the tab for some notations.
    fn explain_tab(&self, marker: usize, last: usize) -> Fault {
        let tab = (self.lines.index_of(marker)..=last).find_map(|index| {
            let line = self.lines.text(self.text, index);
            let blank = line.get(..indent_of(line)).unwrap_or_default();
            blank.find('\t').filter(|_| blank.len() < line.len()).map(|tab| self.lines.start(index) + tab)
        });
        let Some(tab) = tab else { return fault(self.text, marker, "a tab cannot stand here", "write spaces") };
        let fault = fault(self.text, tab, "a tab cannot indent a line", "indent with spaces");
        Fault { span: tab..tab + 1, recovery: Recovery::TabsToSpaces, ..fault }
    }

    /// A `:` that can follow nothing: a second one on its line, or one on a line that was read as part of the text above it.
    fn explain_colon(&self, marker: usize) -> Fault {
        let index = self.lines.index_of(marker);
        let line_start = self.lines.start(index);
        let before = self.text.get(line_start..marker).unwrap_or_default();
        let is_first = !before.contains(": ");
        // The text that swallowed this line is the last one read, and ends where the colon stands.
        let swallowing = self.last_scalar().filter(|scalar| is_first && scalar.end == marker && scalar.start < line_start);
        match swallowing {
            Some(scalar) if self.starts_its_line(scalar.start) => no_key(self.text, scalar.start),
            Some(_) => {
                let message = "this line is indented under a text, so it is read as part of that text";
                let help = "line it up with the keys above, or put quotes around a text of several lines";
                Fault { recovery: Recovery::BlankBlock, ..fault(self.text, line_start + indent_of(before), message, help) }
            }
            None if is_first => fault(self.text, marker, "a `:` cannot stand here", "put quotes around a text that contains `: `"),
            None => fault(self.text, marker, "a second `:` cannot stand on this line", "put quotes around a text that contains `: `"),
        }
    }

    fn last_scalar(&self) -> Option<Range<usize>> {
        match self.open.last().map(|open| &open.content) {
            None => self.documents.last().map(|yaml| yaml.span.clone()),
            Some(Content::List(items)) => items.last().map(|yaml| yaml.span.clone()),
            Some(Content::Map { key: Key::Read(key), .. }) => Some(key.span.clone()),
            Some(Content::Map { entries, .. }) => entries.last().map(|entry| entry.value.span.clone()),
        }
    }

    fn starts_its_line(&self, offset: usize) -> bool {
        let start = self.lines.start(self.lines.index_of(offset));
        let before = self.text.get(start..offset).unwrap_or_default();
        before.chars().all(|character| matches!(character, ' ' | '\t' | '-'))
    }

    /// The bracket or quote that was forgotten to close, if the lines up to `until` show one: a line that is not
    /// under the line of the opening is no part of it. The parser itself reads on and stops somewhere far below.
    fn find_unclosed(&self, until: usize) -> Option<usize> {
        let flow = self.open.iter().find(|open| open.style == StructureStyle::Flow).map(|open| open.start);
        let from = flow.unwrap_or(self.read_to);
        let mut brackets: Vec<usize> = Vec::new();
        let mut quote: Option<(usize, char)> = None;
        let mut last = ':';
        let mut previous = ' ';
        let mut in_comment = false;
        let mut characters = self.text.get(from..until.max(from))?.char_indices().peekable();
        while let Some((index, character)) = characters.next() {
            let place = from + index;
            if matches!(character, '\n' | '\r') {
                in_comment = false;
                if let Some(open) = quote.map(|(open, _)| open).or(brackets.last().copied()) {
                    let next = self.lines.index_of(place) + 1;
                    if self.lines.start(next) <= until && self.is_outside(next, open) {
                        return Some(open);
                    }
                }
                if quote.is_none() {
                    last = '\n';
                }
            } else if let Some((_, sign)) = quote {
                if character == '\\' && sign == '"' {
                    characters.next_if(|(_, next)| !matches!(next, '\n' | '\r'));
                } else if character == sign && (sign == '"' || characters.next_if(|(_, next)| *next == sign).is_none()) {
                    quote = None;
                    last = character;
                }
            } else if !in_comment {
                let starts_token = matches!(last, ':' | '-' | '?' | '\n') || (!brackets.is_empty() && matches!(last, ',' | '[' | '{'));
                match character {
                    '#' if previous.is_whitespace() => in_comment = true,
                    '"' | '\'' if starts_token => quote = Some((place, character)),
                    '[' | '{' if starts_token || !brackets.is_empty() => brackets.push(place),
                    ']' | '}' => drop(brackets.pop()),
                    _ => {}
                }
                if !character.is_whitespace() {
                    last = character;
                }
            }
            previous = character;
        }
        None
    }

    /// Whether a quoted text goes on over a line that is not under it. YAML forbids this, the parser lets it pass, and
    /// it is nearly always a forgotten quote that ends at the next one.
    pub(super) fn quote_swallows_lines(&self, range: &Range<usize>) -> bool {
        let first = self.lines.index_of(range.start);
        let last = self.lines.index_of(range.end);
        !self.open.is_empty() && (first + 1..=last).any(|index| self.is_outside(index, range.start))
    }

    /// Whether the line, by its indentation, is no part of what opens at `open`.
    fn is_outside(&self, index: usize, open: usize) -> bool {
        let line = self.lines.text(self.text, index);
        let opening_index = self.lines.index_of(open);
        let opening_line = self.lines.text(self.text, opening_index);
        let content = content_of(opening_line);
        let starts_line = open == self.lines.start(opening_index) + content;
        // What starts its line is under the dash before it, or, without one, under the key on a line above.
        let limit = match dash_of(opening_line) {
            Some(dash) if starts_line => dash,
            None if starts_line => content.saturating_sub(1),
            _ => content,
        };
        let is_closing = matches!(line.trim_start().chars().next(), None | Some(']' | '}'));
        !is_closing && indent_of(line) <= limit
    }
}

/// The faults whose words need nothing from the file.
fn plain_words(kind: &Kind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        Kind::InvalidTrailingSingleQuotedScalar => {
            ("this is not expected after the closing quote", "write a quote inside the text as `''`, or put the whole value in quotes")
        }
        Kind::InvalidTrailingDoubleQuotedScalar => {
            ("this is not expected after the closing quote", "write a quote inside the text as `\\\"`, or put the whole value in quotes")
        }
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => ("this `\\` does not start a known sign", KNOWN_ESCAPES),
        Kind::MisplacedFlowCollectionEnd => ("this bracket closes nothing", "remove it, or put quotes around the text"),
        Kind::ExpectedFlowMappingSeparator => ("a `,` or a `}` is missing before this", QUOTE_TEXT),
        Kind::ExpectedFlowSequenceSeparator => ("a `,` or a `]` is missing before this", QUOTE_TEXT),
        Kind::BlockSequenceEntryNotAllowed | Kind::BlockEntryInFlowCollection => {
            ("a list item cannot start here", "start the list on the next line, or put quotes around `-`")
        }
        Kind::PlainScalarStartsWithDashFlowIndicator => ("`-` cannot stand alone here", "put quotes around `-`"),
        Kind::CommentInterceptedScalar => {
            ("a comment ends this text, but the next line goes on with it", "move the comment, or put quotes around the text")
        }
        Kind::CommentNotSeparated => ("there is no space before this `#`", "write a space before a comment, or put quotes around the text"),
        Kind::DirectiveDisallowed => ("a line that starts with `%` is not allowed", "remove it"),
        Kind::BomInsideDocument => ("a byte order mark can only stand at the start of a file", "remove it"),
        Kind::ExpectedTagBang
        | Kind::UndeclaredTagHandle
        | Kind::InvalidTagTerminator
        | Kind::InvalidGlobalTagCharacter
        | Kind::MissingTagUri
        | Kind::UnclosedVerbatimTag => ("a tag is not allowed here", "remove it, or put quotes around a text that starts with `!`"),
        Kind::MissingAnchorOrAliasName => ("a text without quotes cannot start with this sign", QUOTE_TEXT),
        _ => return None,
    })
}

fn fault(text: &str, place: usize, message: &str, help: &str) -> Fault {
    Fault { span: word_at(text, place), message: message.to_owned(), help: Some(help.to_owned()), recovery: Recovery::BlankLine }
}

fn unclosed(text: &str, place: usize) -> Fault {
    match text.get(place..).and_then(|rest| rest.chars().next()) {
        Some(bracket @ ('[' | '{')) => fault(
            text,
            place,
            &format!("this `{bracket}` is not closed"),
            "close it, or put quotes around a text that starts with a bracket",
        ),
        _ => fault(text, place, "this quote is not closed", "close it on this line, or indent the lines that go on under it"),
    }
}

fn no_key(text: &str, place: usize) -> Fault {
    fault(text, place, "there is no `key: ` on this line", "write `key: value`, with a space after the colon")
}

fn first_bad_escape(text: &str, quote: usize) -> usize {
    let mut at = quote + 1;
    while let Some(rest) = text.get(at..) {
        let Some(backslash) = rest.find('\\') else { return quote };
        at += backslash;
        let after = text.get(at..).unwrap_or_default();
        match read_escape(after) {
            Some((_, length)) => at += length,
            None if after.get(1..).is_some_and(|next| next.starts_with(['\n', '\r'])) => at += 2,
            None => return at,
        }
    }
    quote
}

/// The word at `place`; a sign alone where one stands there; the end of the text before where there is nothing.
pub(super) fn word_at(text: &str, place: usize) -> Range<usize> {
    let rest = text.get(place..).unwrap_or_default();
    match rest.chars().next() {
        Some(sign @ (':' | ',' | '[' | ']' | '{' | '}' | '"' | '\'' | '`' | '@' | '%' | '|' | '>')) => place..place + sign.len_utf8(),
        Some('\\') => place..place + 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
        Some(character) if !character.is_whitespace() => {
            place..place + rest.find(|next: char| next.is_whitespace() || ":,[]{}".contains(next)).unwrap_or(rest.len())
        }
        _ => {
            let end = text.get(..place).unwrap_or(text).trim_end().len();
            end..end
        }
    }
}
