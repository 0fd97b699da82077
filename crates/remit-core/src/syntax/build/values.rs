//! Tells the values of a statement apart: ranges, estimates, figures that are not exact, units, quarters and days in words.

use crate::problem::Problem;
use crate::source::Span;
use crate::syntax::SYNTAX;
use crate::syntax::build::Builder;
use crate::syntax::literal::{self, Literal};
use crate::syntax::shape::{Bytes, Shape};
use crate::syntax::tree::{Clause, Element, Value};
use crate::time::{Date, FinancialYear};

impl Builder<'_> {
    /// One element from `at` on, and where the next begins.
    pub(super) fn element(&mut self, items: &[(Shape, Bytes)], at: usize, broken: &mut bool) -> (Option<Element>, usize) {
        if self.is_word(items, at, "to") {
            let span = items.get(at).map_or(Span::new(self.file, 0..0), |(_, bytes)| self.span(*bytes));
            self.report(
                Problem::error(SYNTAX, span, "`to` joins two values, and one is missing")
                    .help("write a range as `2019/20 to 2023/24`; put a name that is itself `to` in quotes"),
            );
            *broken = true;
            return (None, at + 1);
        }
        if matches!(items.get(at), Some((Shape::Tilde, _))) {
            let span = items.get(at).map_or(Span::new(self.file, 0..0), |(_, bytes)| self.span(*bytes));
            self.report(
                Problem::error(SYNTAX, span, "there is nothing before this `~`")
                    .help("an estimate is written low ~ central ~ high, as in `180 ~ 200 ~ 240`"),
            );
            let mut next = at + 1;
            while matches!(items.get(next), Some((Shape::Tilde, _))) || self.begins_value(items, next) {
                next += 1;
            }
            return (Some(Element::One(Value { literal: Literal::Bad, span })), next);
        }
        if let Some(found) = self.approximate(items, at) {
            return found;
        }
        let (first, mut next) = self.value(items, at);
        if matches!(items.get(next), Some((Shape::Tilde, _))) {
            let mut values = vec![first];
            let mut missing = false;
            while matches!(items.get(next), Some((Shape::Tilde, _))) {
                if self.begins_value(items, next + 1) {
                    let (value, after) = self.value(items, next + 1);
                    values.push(value);
                    next = after;
                } else {
                    missing = true;
                    next += 1;
                }
            }
            if missing {
                // However many are left, one of them is not there.
                values.truncate(1);
            }
            return (Some(self.estimate(values, items, at, next)), next);
        }
        if self.is_word(items, next, "to") && self.begins_value(items, next + 1) && !self.is_word(items, next + 1, "to") {
            let (last, after) = self.value(items, next + 1);
            // A last unit covers both ends.
            let first = match (first.literal, last.literal) {
                (Literal::Number(number), Literal::Quantity(_, unit)) => Value { literal: Literal::Quantity(number, unit), ..first },
                _ => first,
            };
            return (Some(Element::Range(first, last)), after);
        }
        (Some(Element::One(first)), next)
    }

    /// `about 6_500` and `up to £24m`.
    fn approximate(&mut self, items: &[(Shape, Bytes)], at: usize) -> Option<(Option<Element>, usize)> {
        let (Shape::Word, bytes) = *items.get(at)? else { return None };
        let word = self.words(bytes);
        let is_bound = word == "up" && self.is_word(items, at + 1, "to");
        let from = if is_bound { at + 2 } else { at + 1 };
        let (Shape::Word, figure) = *items.get(from)? else { return None };
        let is_figure = self.words(figure).trim_start_matches(['-', '£']).starts_with(|first: char| first.is_ascii_digit());
        let otherwise = matches!(word, "circa" | "approximately" | "approx" | "around" | "roughly");
        if !is_figure || !(is_bound || otherwise || word == "about") {
            return None;
        }
        let (value, next) = self.value(items, from);
        let span = self.span(bytes).to(value.span);
        if otherwise {
            let word = self.span(bytes);
            self.report(Problem::error(SYNTAX, word, "what is not exact is `about` a figure").fix("write `about`", word, "about"));
        }
        let element = match value.literal {
            Literal::Bad => Element::One(Value { literal: Literal::Bad, span }),
            Literal::Number(_) | Literal::Quantity(..) | Literal::Percent(_) | Literal::Money(_) if is_bound => Element::UpTo(value, span),
            Literal::Number(_) | Literal::Quantity(..) | Literal::Percent(_) | Literal::Money(_) => Element::About(value, span),
            _ => {
                let what = if is_bound { "`up to`" } else { "`about`" };
                self.report(
                    Problem::error(SYNTAX, span, format!("{what} is followed by a figure"))
                        .help("write it as `about 6_500` or `up to £24m`; days and years are exact, or a range"),
                );
                Element::One(Value { literal: Literal::Bad, span })
            }
        };
        Some((Some(element), next))
    }

    fn estimate(&mut self, mut values: Vec<Value>, items: &[(Shape, Bytes)], at: usize, next: usize) -> Element {
        let start = items.get(at).map_or((0, 0), |(_, bytes)| *bytes);
        let end = items.get(next.saturating_sub(1)).map_or(start, |(_, bytes)| *bytes);
        let whole = self.span((start.0, end.1));
        if let Some(Literal::Quantity(_, unit)) = values.last().map(|value| value.literal) {
            for value in &mut values {
                if let Literal::Number(number) = value.literal {
                    value.literal = Literal::Quantity(number, unit);
                }
            }
        }
        let bad = Element::One(Value { literal: Literal::Bad, span: whole });
        if values.iter().any(|value| value.literal == Literal::Bad) {
            return bad;
        }
        let Ok([low, central, high]) = <[Value; 3]>::try_from(values) else {
            self.report(
                Problem::error(SYNTAX, whole, "an estimate is exactly three values")
                    .help("write low ~ central ~ high, as in `180 ~ 200 ~ 240`"),
            );
            return bad;
        };
        let magnitude = |value: Value| match value.literal {
            Literal::Number(number) | Literal::Quantity(number, _) | Literal::Percent(number) | Literal::Money(number) => {
                Some(number.rational())
            }
            _ => None,
        };
        match (magnitude(low), magnitude(central), magnitude(high)) {
            (Some(lowest), Some(middle), Some(highest)) if lowest <= middle && middle <= highest => Element::Estimate([low, central, high]),
            (Some(_), Some(_), Some(_)) => {
                self.report(
                    Problem::error(SYNTAX, whole, "this estimate is not in order").help("the lowest comes first, the highest last"),
                );
                bad
            }
            _ => {
                self.report(
                    Problem::error(SYNTAX, whole, "an estimate is made of numbers")
                        .help("write low ~ central ~ high, as in `180 ~ 200 ~ 240`"),
                );
                bad
            }
        }
    }

    pub(super) fn begins_value(&self, items: &[(Shape, Bytes)], at: usize) -> bool {
        match items.get(at) {
            Some((Shape::Comma | Shape::Tilde, _)) | None => false,
            Some((Shape::Word, bytes)) => Clause::from_word(self.words(*bytes)).is_none(),
            Some(_) => true,
        }
    }

    pub(super) fn is_word(&self, items: &[(Shape, Bytes)], at: usize, word: &str) -> bool {
        matches!(items.get(at), Some((Shape::Word, bytes)) if self.words(*bytes) == word)
    }

    /// The bare word at `at` when it may be a unit: neither a clause word nor `to`.
    fn unit(&self, items: &[(Shape, Bytes)], at: usize) -> Option<Bytes> {
        let (Shape::Word, bytes) = *items.get(at)? else { return None };
        let word = self.words(bytes);
        // `20_000 about 21_000` is two figures, and the second is not exact.
        let next_figure = || match items.get(at + 1) {
            Some((Shape::Word, next)) => self.words(*next).starts_with(|first: char| first.is_ascii_digit() || first == '£'),
            _ => false,
        };
        if (word == "about" && next_figure()) || (word == "up" && self.is_word(items, at + 1, "to")) {
            return None;
        }
        (word != "to" && Clause::from_word(word).is_none() && literal::is_name(word) && !word.contains('/')).then_some(bytes)
    }

    /// One value from `at` on, with its unit, and where the next begins.
    fn value(&mut self, items: &[(Shape, Bytes)], at: usize) -> (Value, usize) {
        let Some(&(shape, bytes)) = items.get(at) else {
            return (Value { literal: Literal::Bad, span: Span::new(self.file, 0..0) }, at + 1);
        };
        let span = self.span(bytes);
        let literal = match shape {
            Shape::Text | Shape::LongText => {
                if let Some(at) = self.words(bytes).find('\0') {
                    let nul = bytes.0 + at as u32;
                    let problem = Problem::error(SYNTAX, span, "there is a NUL character in this text");
                    self.report(problem.help("the file may be damaged: delete the character").fix(
                        "delete it",
                        self.span((nul, nul + 1)),
                        "",
                    ));
                }
                Literal::Text
            }
            // Read as ending where its line does, as the finding says: the field is given.
            Shape::Curly => {
                let words = self.words(bytes);
                if words.chars().count() < 2 || !words.ends_with(['“', '”', '"']) {
                    self.unclosed(span, words, "\"");
                }
                Literal::Text
            }
            Shape::OpenText | Shape::OpenLong => {
                let words = self.words(bytes);
                self.unclosed(span, words, if shape == Shape::OpenLong { "\"\"\"" } else { "\"" });
                Literal::Text
            }
            _ => return self.word(items, at, bytes),
        };
        (Value { literal, span }, at + 1)
    }

    fn unclosed(&mut self, span: Span, words: &str, quote: &str) {
        let kept = words.trim_end();
        self.swallowed.open += words.matches('{').count();
        self.swallowed.close += words.matches('}').count();
        let end = Span { start: span.start + kept.len() as u32, ..span };
        self.report(
            Problem::error(SYNTAX, Span { end: end.start, ..span }, "this text is not closed")
                .help(format!("close it with `{quote}`; we read it as ending at the line's end"))
                .fix("close the text", Span { end: end.start, ..end }, quote),
        );
    }

    fn word(&mut self, items: &[(Shape, Bytes)], at: usize, bytes: Bytes) -> (Value, usize) {
        let word = self.words(bytes);
        let span = self.span(bytes);
        if let Some(found) = self.worded_date(items, at) {
            return found;
        }
        if let Some(next) = self.digits_after_comma(items, at) {
            // The unit belongs to the number, whatever is wrong with that.
            let next = if self.unit(items, next).is_some() { next + 1 } else { next };
            return (Value { literal: Literal::Bad, span: items.get(next - 1).map_or(span, |(_, last)| span.to(self.span(*last))) }, next);
        }
        match literal::classify(word) {
            Ok(Literal::Number(number)) => {
                let Some(unit) = self.unit(items, at + 1) else {
                    return match items.get(at + 1) {
                        Some(&(Shape::Word, percent)) if self.words(percent) == "%" => {
                            let both = span.to(self.span(percent));
                            self.report(Problem::error(SYNTAX, both, "`%` stands straight after its number").fix(
                                "close the gap",
                                both,
                                format!("{word}%"),
                            ));
                            (Value { literal: Literal::Percent(number), span: both }, at + 2)
                        }
                        _ => (Value { literal: Literal::Number(number), span }, at + 1),
                    };
                };
                let unit = self.span(unit);
                (Value { literal: Literal::Quantity(number, unit), span: span.to(unit) }, at + 2)
            }
            Ok(Literal::Year(year)) => self.quarter(items, at, year).unwrap_or((Value { literal: Literal::Year(year), span }, at + 1)),
            Ok(Literal::Name) if is_quarter(word) => {
                self.quarter_before_year(items, at).unwrap_or((Value { literal: Literal::Name, span }, at + 1))
            }
            Ok(literal) => (Value { literal, span }, at + 1),
            Err(fault) => {
                if let ("£", Some(&(Shape::Word, amount))) = (word, items.get(at + 1)) {
                    let joined = format!("£{}", self.words(amount));
                    if let Ok(literal @ Literal::Money(_)) = literal::classify(&joined) {
                        let both = span.to(self.span(amount));
                        self.report(Problem::error(SYNTAX, both, "`£` stands straight before its number").fix(
                            "close the gap",
                            both,
                            joined,
                        ));
                        return (Value { literal, span: both }, at + 2);
                    }
                }
                let skipped = fault.instead.as_deref() == Some("");
                self.fault(span, fault);
                if skipped && self.begins_value(items, at + 1) {
                    return self.value(items, at + 1);
                }
                (Value { literal: Literal::Bad, span }, at + 1)
            }
        }
    }

    /// `2024/25 Q1`.
    fn quarter(&mut self, items: &[(Shape, Bytes)], at: usize, year: FinancialYear) -> Option<(Value, usize)> {
        let (&(_, first), &(Shape::Word, bytes)) = (items.get(at)?, items.get(at + 1)?) else { return None };
        let word = self.words(bytes);
        let both = self.span((first.0, bytes.1));
        let number =
            word.strip_prefix(['Q', 'q']).filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        let Some(quarter) = number.parse().ok().filter(|quarter| (1..=4).contains(quarter)) else {
            let problem = Problem::error(SYNTAX, self.span(bytes), format!("there is no quarter `{word}`"));
            self.report(problem.help("the quarters of a financial year are `Q1`, which begins in April, to `Q4`"));
            return Some((Value { literal: Literal::Bad, span: both }, at + 2));
        };
        if word.starts_with('q') {
            self.report(Problem::error(SYNTAX, self.span(bytes), "a quarter is written with a capital `Q`").fix(
                format!("write `Q{quarter}`"),
                self.span(bytes),
                format!("Q{quarter}"),
            ));
        }
        Some((Value { literal: Literal::Quarter(year, quarter), span: both }, at + 2))
    }

    /// `Q1 2024/25`, which is reported with its fix.
    fn quarter_before_year(&mut self, items: &[(Shape, Bytes)], at: usize) -> Option<(Value, usize)> {
        let (&(_, first), &(Shape::Word, bytes)) = (items.get(at)?, items.get(at + 1)?) else { return None };
        let Ok(Literal::Year(year)) = literal::classify(self.words(bytes)) else { return None };
        let quarter = self.words(first).get(1..)?.parse().ok()?;
        let both = self.span((first.0, bytes.1));
        let written = format!("{year} Q{quarter}");
        self.report(Problem::error(SYNTAX, both, "a quarter is written year first").fix(format!("write `{written}`"), both, written));
        Some((Value { literal: Literal::Quarter(year, quarter), span: both }, at + 2))
    }

    /// `20,139`: reported with its fix; where the element ends.
    fn digits_after_comma(&mut self, items: &[(Shape, Bytes)], at: usize) -> Option<usize> {
        let starts_with_digit = |word: &str| word.trim_start_matches(['-', '£']).starts_with(|first: char| first.is_ascii_digit());
        let &(_, first) = items.get(at)?;
        if !starts_with_digit(self.words(first)) {
            return None;
        }
        let mut next = at + 1;
        let mut last = first;
        while let (Some(&(Shape::Comma, comma)), Some(&(Shape::Word, more))) = (items.get(next), items.get(next + 1)) {
            if comma.0 != last.1 || more.0 != comma.1 || !starts_with_digit(self.words(more)) || self.words(more).starts_with(['-', '£']) {
                break;
            }
            last = more;
            next += 2;
        }
        if next == at + 1 {
            return None;
        }
        let span = self.span((first.0, last.1));
        let written = self.words((first.0, last.1));
        let mut groups = written.trim_start_matches(['-', '£']).split(',');
        let thousands = groups.next().is_some_and(|group| group.len() <= 3)
            && groups.all(|group| group.bytes().take_while(u8::is_ascii_digit).count() == 3 && !group.contains('_'));
        let problem = Problem::error(SYNTAX, span, "a comma cannot stand straight before a digit");
        self.report(if thousands {
            problem.help("thousands are grouped with `_`").fix("group the thousands with `_`", span, written.replace(',', "_"))
        } else {
            problem.help("in a list, put a space after the comma").fix("put a space after the comma", span, written.replace(',', ", "))
        });
        Some(next)
    }

    /// `2 November 2019`, `2nd November 2019` or `November 2, 2019`, which are reported with their fix.
    fn worded_date(&mut self, items: &[(Shape, Bytes)], at: usize) -> Option<(Value, usize)> {
        let word = |at: usize| match items.get(at) {
            Some((Shape::Word, bytes)) => Some(self.words(*bytes)),
            _ => None,
        };
        let day = |word: &str| {
            let digits = word.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
            let ending = word.get(digits.len()..)?;
            matches!(ending, "" | "st" | "nd" | "rd" | "th")
                .then(|| digits.parse::<i8>().ok())
                .flatten()
                .filter(|day| (1..=31).contains(day))
        };
        let (day, month, mut next) = match (word(at)?, word(at + 1)?) {
            (first, second) if literal::month(second).is_some() => (day(first)?, literal::month(second)?, at + 2),
            (first, second) if literal::month(first).is_some() => (day(second)?, literal::month(first)?, at + 2),
            _ => return None,
        };
        if matches!(items.get(next), Some((Shape::Comma, _))) {
            next += 1;
        }
        let year = word(next).filter(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()))?;
        let (&(_, first), &(_, last)) = (items.get(at)?, items.get(next)?);
        let whole = self.span((first.0, last.1));
        let problem = match Date::new(year.parse().ok()?, month, day) {
            Ok(date) => Problem::error(SYNTAX, whole, format!("a date is written in figures, year first: `{date}`")).fix(
                "write the date in figures",
                whole,
                date.to_string(),
            ),
            Err(_) => {
                let words = self.words((first.0, last.1));
                Problem::error(SYNTAX, whole, format!("`{words}` is not a day of the calendar"))
                    .help("a date is written year first, as in `2019-11-02`")
            }
        };
        self.report(problem);
        Some((Value { literal: Literal::Bad, span: whole }, next + 1))
    }
}

/// Whether a word is `Q1` to `Q4`.
fn is_quarter(word: &str) -> bool {
    matches!(word.as_bytes(), [b'Q' | b'q', b'1'..=b'4'])
}
