//! Words for people: what is safe to show, counted, listed and wrapped.

use std::borrow::Cow;

use remit_core::problem::{Finding, Fix, Verdict, WaiverUse};
use remit_core::source::{Sources, Span};

/// What may be shown of a character: never one that steers a terminal or turns the direction of writing.
pub(crate) fn safe(character: char) -> char {
    match character {
        '\t' | '\n' | '\r' => ' ',
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{061C}' => '\u{FFFD}',
        _ if character.is_control() => '\u{FFFD}',
        _ => character,
    }
}

/// A text in one line, with nothing in it that steers a terminal.
pub(crate) fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|character| safe(character) == character) { Cow::Borrowed(text) } else { text.chars().map(safe).collect() }
}

/// `1 rule`, `2 rules`.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// `a`, `a and b`, `a, b and c`.
pub(crate) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// The text with its first letter large; names and numbers stay as they are.
pub(crate) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// The text as a sentence: clean, with a large letter and a stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = capital(clean(text).trim());
    if text.ends_with(['.', '!', '?']) || text.is_empty() { text } else { format!("{text}.") }
}

/// Where a place is, as editors and terminals understand it: `plan.remit:12`.
pub(crate) fn at(sources: &Sources, span: Span) -> String {
    let Some(source) = sources.get(span.file) else { return String::new() };
    format!("{}:{}", clean(source.path()), source.position(span.start).line)
}

/// In one word how a finding stands: its level where it fails, else what it is in place of that.
pub(crate) fn standing(finding: &Finding) -> &'static str {
    match finding.verdict {
        _ if finding.is_consulted => "consultation",
        _ if finding.is_known => "known",
        Verdict::Pass | Verdict::Fail | Verdict::NotApplicable => finding.problem.severity.word(),
        Verdict::Undetermined | Verdict::Waived => finding.verdict.word(),
    }
}

/// Text that Markdown leaves as it is, also within a table. What stands between two backticks stays code; names of people on a server are nobody's.
pub(crate) fn escaped_markdown(text: &str) -> String {
    let text = clean(text);
    let mut escaped = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some(character) = rest.chars().next() {
        let code = rest
            .strip_prefix('`')
            .and_then(|after| after.split_once('`'))
            .filter(|(code, after)| !code.is_empty() && !after.starts_with('`'));
        if let Some((code, after)) = code {
            escaped.push_str(&format!("`{}`", code.replace('|', "\\|")));
            rest = after;
            continue;
        }
        match character {
            '|' | '*' | '_' | '<' | '>' | '[' | ']' | '\\' | '`' | '~' => escaped.extend(['\\', character]),
            // A number or a name after these would lead somewhere, or call somebody.
            '#' => escaped.push_str("\\#<!-- -->"),
            '@' => escaped.push_str("@<!-- -->"),
            _ => escaped.push(character),
        }
        rest = &rest[character.len_utf8()..];
    }
    escaped
}

/// The words of a span, for quoting: its first line, and not more than a line can hold.
pub(crate) fn words(sources: &Sources, span: Span) -> String {
    const MOST: usize = 60;
    let all = sources.words(span);
    let line = all.lines().next().unwrap_or("").trim();
    let mut words: String = line.chars().take(MOST).map(safe).collect();
    if line.chars().nth(MOST).is_some() || all.trim_end().len() > line.len() {
        words.push('…');
    }
    words
}

/// What a fix does, with the text that it writes where that is short and not said already.
pub(crate) fn fixed(fix: &Fix) -> String {
    match fix.edits.as_slice() {
        [edit] => {
            let text = edit.text.trim();
            let shown = !text.is_empty() && text.chars().count() <= 40 && !text.contains('\n') && !fix.title.contains(text);
            if shown { format!("{}: `{text}`", fix.title) } else { fix.title.clone() }
        }
        _ => fix.title.clone(),
    }
}

/// Until when something is waived, and why.
pub(crate) fn waived(waiver: Option<&WaiverUse>) -> String {
    let until = waiver.and_then(|waiver| waiver.until.as_ref()).map(|until| format!(" until {until}")).unwrap_or_default();
    let because = waiver.and_then(|waiver| waiver.because.as_ref()).map(|because| format!(": {because}")).unwrap_or_default();
    format!("waived{until}{because}")
}

/// The text in lines of at most `width` characters; a longer word stands alone.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
        }
        used += length;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\nd"), "a\u{FFFD}[31mb\u{FFFD}c d");
        assert!(matches!(clean("Zoë’s `plan`"), Cow::Borrowed(_)));
    }

    #[test]
    fn words_are_wrapped() {
        assert_eq!(wrap("one two  three", 8), ["one two", "three"]);
        assert_eq!(wrap("unbreakable", 3), ["unbreakable"]);
        assert_eq!(wrap("", 3), [""]);
    }

    #[test]
    fn markdown_stays_text() {
        assert_eq!(escaped_markdown("write `20_139|x`, not *20,139* <b>"), "write `20_139\\|x`, not \\*20,139\\* \\<b\\>");
        assert_eq!(escaped_markdown("it`s |"), "it\\`s \\|");
        assert_eq!(escaped_markdown("`a|b``c`"), "\\`a\\|b\\``c`");
        assert_eq!(escaped_markdown("@staff #12"), "@<!-- -->staff \\#<!-- -->12");
    }

    #[test]
    fn sentences_end() {
        assert_eq!(sentence("there is no plan"), "There is no plan.");
        assert_eq!(sentence("`x` is taken!"), "`x` is taken!");
    }
}
