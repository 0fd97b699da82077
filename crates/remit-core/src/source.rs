//! The texts that an analysis reads, and places in them: bytes inside, lines and columns only on demand.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use line_index::{LineIndex, TextSize};

/// The largest file that is read, in bytes. A larger one is one finding and is not read further.
pub const LARGEST_FILE: usize = 64 * 1024 * 1024;

/// One text of an analysis, by its place in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// A run of bytes in one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span of `range` in `file`.
    pub fn new(file: FileId, range: Range<usize>) -> Self {
        Self { file, start: offset(range.start), end: offset(range.end) }
    }

    /// The smallest span that holds both; `self` when the two are in different files.
    pub fn to(self, other: Self) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// An empty span at the end of this one.
    pub fn after(self) -> Self {
        Self { start: self.end, ..self }
    }

    /// Whether the other span lies within this one.
    pub fn contains(self, other: Self) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// How places move when a text changes before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shift {
    /// The text.
    pub(crate) file: FileId,
    /// The first byte that moves, as it was.
    pub(crate) from: u32,
    /// By how much.
    pub(crate) by: i64,
}

impl Shift {
    /// Moves a place.
    pub(crate) fn span(self, span: &mut Span) {
        if span.file != self.file {
            return;
        }
        for byte in [&mut span.start, &mut span.end] {
            if *byte >= self.from {
                *byte = u32::try_from(i64::from(*byte) + self.by).unwrap_or(0);
            }
        }
    }
}

/// A byte offset as it is kept: files are bounded far below 4 GiB, so nothing is ever cut.
pub fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// A place as people count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// From 1.
    pub line: usize,
    /// From 1, in Unicode scalar values.
    pub column: usize,
    /// From 0, in bytes.
    pub offset: usize,
}

/// One text with the path under which people know it.
#[derive(Debug)]
pub struct Source {
    path: String,
    text: String,
    lines: OnceLock<LineIndex>,
    /// Where the text begins, if it is cut out of a longer one.
    begins: Position,
}

impl Source {
    /// A text under the path that findings show.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::cut_out(path, text, Position { line: 1, column: 1, offset: 0 })
    }

    /// A part of a longer text, which begins at a place of it: what is in the part is counted as in the whole.
    pub fn cut_out(path: impl Into<String>, text: impl Into<String>, begins: Position) -> Self {
        Self { path: path.into(), text: text.into(), lines: OnceLock::new(), begins }
    }

    /// The path that findings show.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a range of bytes; what lies outside, or cuts a character, is the empty text.
    pub fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or("")
    }

    /// This text with a run of bytes replaced; what lies outside the text, or cuts a character, is brought in.
    #[must_use]
    pub fn edited(&self, range: Range<usize>, with: &str) -> Self {
        let floor = |mut byte: usize| {
            byte = byte.min(self.text.len());
            while !self.text.is_char_boundary(byte) {
                byte -= 1;
            }
            byte
        };
        let (start, end) = (floor(range.start), floor(range.end.max(range.start)));
        let text = [self.slice(0..start), with, self.slice(end..self.text.len())].concat();
        Self::new(self.path.clone(), text)
    }

    /// Where a byte offset is, as people count.
    pub fn position(&self, byte: u32) -> Position {
        let (line, within) = self.line_of(byte);
        let before = if line == 0 { self.begins.column } else { 1 };
        Position {
            line: line + self.begins.line,
            column: self.slice(within.clone()).chars().count() + before,
            offset: within.end + self.begins.offset,
        }
    }

    /// The line, from 0, on which a byte is, and the bytes of it that come before. A byte past the end is the end; one within a
    /// character is that character's start.
    pub fn line_of(&self, byte: u32) -> (usize, Range<usize>) {
        let mut byte = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(byte) {
            byte -= 1;
        }
        let at = self.lines().try_line_col(TextSize::new(offset(byte)));
        let (line, in_line) = at.map_or((0, 0), |at| (at.line as usize, at.col as usize));
        (line, byte - in_line.min(byte)..byte)
    }

    /// The bytes of a line, from 0, with its end; `None` where there is no such line.
    pub fn line(&self, line: usize) -> Option<Range<usize>> {
        let range = self.lines().line(u32::try_from(line).ok()?)?;
        Some(range.start().into()..range.end().into())
    }

    fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }
}

/// All texts of an analysis: a pack's files first, then the plan's. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    files: Vec<Arc<Source>>,
}

impl Sources {
    /// Adds a text and says how to name it.
    pub fn add(&mut self, source: impl Into<Arc<Source>>) -> FileId {
        let file = FileId(offset(self.files.len()));
        self.files.push(source.into());
        file
    }

    /// Adds a text that others hold as well.
    pub fn share(&mut self, source: Arc<Source>) -> FileId {
        let file = FileId(offset(self.files.len()));
        self.files.push(source);
        file
    }

    /// The text of a file; `None` for a name from another set.
    pub fn get(&self, file: FileId) -> Option<&Source> {
        self.files.get(file.0 as usize).map(AsRef::as_ref)
    }

    /// The words of a span.
    pub fn words(&self, span: Span) -> &str {
        self.get(span.file).map_or("", |source| source.slice(span.range()))
    }

    /// The path of the file in which a span lies.
    pub fn path(&self, span: Span) -> &str {
        self.get(span.file).map_or("", Source::path)
    }

    /// Every text, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.files.iter().map(AsRef::as_ref)
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Reads the bytes of a file as text, whatever they are; the second part says what was wrong with them.
///
/// UTF-16 with a byte order mark (what Notepad calls "Unicode") is read. Any other bytes that are not UTF-8
/// become `U+FFFD`, so that the rest of the file is still checked.
pub fn decode(bytes: Vec<u8>) -> (String, Option<EncodingFault>) {
    let utf_16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes.chunks_exact(2).map(|pair| unit([pair.first().copied().unwrap_or(0), pair.get(1).copied().unwrap_or(0)])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => return (utf_16(rest, u16::from_le_bytes), Some(EncodingFault::Utf16)),
        [0xFE, 0xFF, rest @ ..] => return (utf_16(rest, u16::from_be_bytes), Some(EncodingFault::Utf16)),
        _ => {}
    }
    match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let byte = error.as_bytes().get(valid).copied().unwrap_or(0);
            (String::from_utf8_lossy(error.as_bytes()).into_owned(), Some(EncodingFault::NotUtf8 { offset: valid, byte }))
        }
    }
}

/// What was wrong with a file's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncodingFault {
    /// It was UTF-16, and was read as that.
    Utf16,
    /// A byte that is not UTF-8: where it is, and what it is.
    NotUtf8 {
        /// Where in the file, in bytes.
        offset: usize,
        /// The byte.
        byte: u8,
    },
}
