//! A rule's page, written in Markdown, as text to read at a terminal: wrapped, code indented, no marks that say nothing.

use std::io::{self, Write};

use anstyle::Style;

use crate::render::Look;
use crate::render::text::{safe, wrap};

/// What the lines gathered so far are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gathered {
    Nothing,
    Paragraph,
    /// An item of a list: the columns before its text, and its mark.
    Item(usize),
}

/// Writes a page.
pub(crate) fn write(page: &str, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = page.lines();
    let mut writer = Writer { out, look, gathered: Gathered::Nothing, mark: String::new(), text: String::new(), blank: true };
    while let Some(line) = lines.next() {
        let trimmed = line.trim_start();
        if let Some(fence) = fence(trimmed) {
            writer.end()?;
            writer.space()?;
            for code in lines.by_ref().take_while(|code| !code.trim_start().starts_with(fence)) {
                writer.line(&format!("    {code}"), Style::new())?;
            }
            writer.space()?;
        } else if trimmed.is_empty() {
            writer.end()?;
            writer.space()?;
        } else if let Some(heading) = heading(trimmed) {
            writer.end()?;
            writer.space()?;
            writer.line(&inline(heading), Style::new().bold())?;
            writer.space()?;
        } else if trimmed.starts_with('|') {
            writer.end()?;
            writer.line(trimmed, Style::new())?;
        } else if trimmed.starts_with("<!--") {
            writer.end()?;
        } else if let Some((mark, text)) = item(trimmed) {
            writer.end()?;
            let indent = (line.len() - trimmed.len()).min(8);
            writer.mark = format!("{}{mark} ", " ".repeat(indent));
            writer.gathered = Gathered::Item(writer.mark.chars().count());
            writer.text.push_str(text);
        } else {
            if writer.gathered == Gathered::Nothing {
                writer.gathered = Gathered::Paragraph;
            }
            let quoted = trimmed.strip_prefix("> ").unwrap_or(trimmed);
            writer.text.push(' ');
            writer.text.push_str(quoted);
        }
    }
    writer.end()
}

struct Writer<'w> {
    out: &'w mut dyn Write,
    look: Look,
    gathered: Gathered,
    mark: String,
    text: String,
    /// Whether the last line written is blank, or none was written.
    blank: bool,
}

impl Writer<'_> {
    /// Writes what was gathered.
    fn end(&mut self) -> io::Result<()> {
        let indent = match self.gathered {
            Gathered::Nothing => return Ok(()),
            Gathered::Paragraph => 0,
            Gathered::Item(indent) => indent,
        };
        let mut start = std::mem::take(&mut self.mark);
        let text = inline(&std::mem::take(&mut self.text));
        for line in wrap(&text, self.look.width.saturating_sub(indent).max(24)) {
            self.line(&format!("{start}{line}"), Style::new())?;
            start = " ".repeat(indent);
        }
        self.gathered = Gathered::Nothing;
        Ok(())
    }

    /// A blank line, but never two, and none at the start.
    fn space(&mut self) -> io::Result<()> {
        if !self.blank {
            writeln!(self.out)?;
            self.blank = true;
        }
        Ok(())
    }

    fn line(&mut self, text: &str, style: Style) -> io::Result<()> {
        let text: String = text.trim_end().chars().map(safe).collect();
        writeln!(self.out, "{}", self.look.paint(style, &text))?;
        self.blank = text.is_empty();
        Ok(())
    }
}

fn fence(line: &str) -> Option<&'static str> {
    ["```", "~~~"].into_iter().find(|fence| line.starts_with(fence))
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    (text.len() < line.len() && text.starts_with(' ')).then(|| text.trim())
}

fn item(line: &str) -> Option<(&str, &str)> {
    for bullet in ["- ", "* "] {
        if let Some(text) = line.strip_prefix(bullet) {
            return Some(("•", text));
        }
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line.get(digits..)?;
    (digits > 0 && digits < 4 && rest.starts_with(". ")).then(|| (&line[..=digits], rest[2..].trim_start()))
}

/// Emphasis loses its marks, a link shows its address, code keeps its backticks.
fn inline(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for (at, part) in text.split('`').enumerate() {
        if at > 0 {
            shown.push('`');
        }
        if at % 2 == 1 {
            shown.push_str(part);
        } else {
            shown.push_str(&links(&plain(part)));
        }
    }
    shown
}

/// A star that is not between spaces is a mark of emphasis.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut before = ' ';
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let apart = before.is_whitespace() && characters.peek().is_none_or(|after| after.is_whitespace());
        if character != '*' || apart {
            shown.push(character);
        }
        before = character;
    }
    shown
}

fn links(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('[') {
        shown.push_str(before);
        match from.split_once("](").and_then(|(words, tail)| Some((words, tail.split_once(')')?))) {
            Some((words, (address, after))) if !words.contains('[') => {
                shown.push_str(words);
                if address.starts_with("http") && address != words {
                    shown.push_str(&format!(" ({address})"));
                }
                rest = after;
            }
            _ => {
                shown.push('[');
                rest = from;
            }
        }
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_reads_as_text() {
        let page = "\nPay *policy* **stays** with `dhsc`, see [the plan](https://example.org/plan) and\n[the rules](rules.md).\n\n\n\
                    ## Failing\n```remit\nplan \"x\" {\n\n}\n```\nAfter:\n- one that is long enough that it has to be broken into two\n  lines\n* two\n1. `**` stays, as 2 * 3 does\n";
        let mut out = Vec::new();
        write(page, Look { color: false, width: 40 }, &mut out).expect("written");
        insta::assert_snapshot!(String::from_utf8_lossy(&out), @r##"
        Pay policy stays with `dhsc`, see the
        plan (https://example.org/plan) and the
        rules.

        Failing

            plan "x" {

            }

        After:
        • one that is long enough that it has to
          be broken into two lines
        • two
        1. `**` stays, as 2 * 3 does
        "##);
    }
}
