//! Changes a rule's YAML in one place at a time: every number, day, level, list, comparison, quantifier and condition in it.

use std::ops::Range;

use remit_core::time::{Date, day_after, day_before};
use remit_core::vocabulary::{SetId, Vocabulary};

/// A rule that has been changed in one place.
#[derive(Debug, Clone)]
pub(crate) struct Mutant {
    /// What was changed, in the rule's own words.
    pub(crate) what: String,
    /// The whole file.
    pub(crate) text: String,
}

/// What says nothing of what a rule asks: its name, its words, and where it points.
const WORDS_ONLY: [&str; 8] = ["id", "source", "message", "help", "omission", "fix", "at", "status"];
const EXPRESSIONS: [&str; 2] = ["where", "expect"];
/// The vocabulary's term sets for lists that are no expression; bodies have none.
const LISTS: [(&str, Option<&str>); 4] =
    [("reserve", Some("function")), ("gate", Some("function")), ("below", Some("effect")), ("holder", None)];
/// Bodies that could hold a function instead.
const HOLDERS: [&str; 3] = ["nhs-england", "dhsc", "gmc"];
const SEVERITIES: [&str; 3] = ["note", "warning", "error"];
/// What is true of every plan, and what of none.
const ALWAYS: &str = "as-of = as-of";
const NEVER: &str = "as-of != as-of";

/// One word, sign or number of an expression.
#[derive(Debug, Clone)]
struct Token<'t> {
    text: &'t str,
    range: Range<usize>,
}

/// Every mutant of a rule's file, each with a name of its own. Some do not compile, and are then no rule at all.
pub(crate) fn mutants(yaml: &str, vocabulary: &Vocabulary) -> Vec<Mutant> {
    let mut edits: Vec<(Range<usize>, String, String)> = Vec::new();
    for (key, value) in entries(yaml) {
        if WORDS_ONLY.contains(&key) {
            continue;
        }
        let tokens = tokens(yaml, value.clone());
        let list = LISTS.iter().find(|(list, _)| *list == key);
        let mut found = Vec::new();
        if let Some((_, set)) = list {
            listed(&tokens, set.and_then(|set| vocabulary.set(set)), vocabulary, &mut found);
        } else if EXPRESSIONS.contains(&key) {
            in_expression(&tokens, vocabulary, &mut found);
        } else {
            plain(&tokens, vocabulary, &mut found);
        }
        edits.extend(found.into_iter().map(|(range, new, how)| (range.clone(), new, named(yaml, key, &tokens, range, &how))));
    }
    let mut mutants: Vec<Mutant> = Vec::new();
    for (range, new, what) in edits {
        let same = mutants.iter().filter(|mutant| mutant.what == what || mutant.what.starts_with(&format!("{what} ("))).count();
        let what = if same == 0 { what } else { format!("{what} ({})", same + 1) };
        let mut text = yaml.to_owned();
        text.replace_range(range, &new);
        mutants.push(Mutant { what, text });
    }
    mutants
}

/// What a change is called: the old words with those before them, and how they change.
fn named(yaml: &str, key: &str, tokens: &[Token<'_>], range: Range<usize>, how: &str) -> String {
    let before: Vec<&str> = tokens.iter().filter(|token| token.range.end <= range.start).map(|token| token.text).collect();
    let before = before[before.len().saturating_sub(3)..].join(" ");
    let old = yaml[range].split_whitespace().collect::<Vec<_>>().join(" ");
    if how.starts_with("with") {
        return format!("{key}: {before} […] {how}");
    }
    format!("{key}: {before} `{old}` → `{how}`")
}

/// Each key at the left margin, and where its value stands.
fn entries(yaml: &str) -> Vec<(&str, Range<usize>)> {
    let mut found: Vec<(&str, Range<usize>)> = Vec::new();
    let mut at = 0;
    for line in yaml.split_inclusive('\n') {
        let key = line.split_once(':').filter(|(key, _)| !key.is_empty() && !key.starts_with([' ', '#', '-']));
        match (key, found.last_mut()) {
            (Some((key, _)), _) => found.push((key, at + key.len() + 1..at + line.len())),
            (None, Some((_, value))) if !line.starts_with('#') => value.end = at + line.len(),
            _ => {}
        }
        at += line.len();
    }
    found
}

fn tokens(yaml: &str, value: Range<usize>) -> Vec<Token<'_>> {
    let text = &yaml[value.clone()];
    let is_word = |letter: char| letter.is_alphanumeric() || "-_./%£".contains(letter);
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let start = value.start + (text.len() - rest.len());
        let length = match first {
            _ if first.is_whitespace() => {
                rest = &rest[first.len_utf8()..];
                continue;
            }
            '#' => {
                rest = &rest[rest.find('\n').unwrap_or(rest.len())..];
                continue;
            }
            '"' => rest[1..].find('"').map_or(rest.len(), |end| end + 2),
            '<' | '>' | '!' if rest[1..].starts_with('=') => 2,
            _ if is_word(first) => rest.find(|letter| !is_word(letter)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        // How a block begins is no word of the expression.
        if !(found.is_empty() && matches!(first, '|' | '>') && length == 1) {
            found.push(Token { text: &rest[..length], range: start..start + length });
        }
        rest = &rest[length..];
        if found.is_empty() {
            rest = rest.trim_start_matches('-');
        }
    }
    found
}

/// Where a change is made, what is written there, and how it is called.
type Edits = Vec<(Range<usize>, String, String)>;

/// Each of a list left out, and each that it could hold as well.
fn listed(tokens: &[Token<'_>], set: Option<SetId>, vocabulary: &Vocabulary, edits: &mut Edits) {
    let members: Vec<&Token<'_>> = tokens.iter().filter(|token| token.text.starts_with(char::is_alphabetic)).collect();
    let names: Vec<&str> = members.iter().map(|member| member.text).collect();
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return };
    let whole = first.range.start..last.range.end;
    let write = |names: &[&str]| format!("[{}]", names.join(", "));
    for left_out in 0..names.len() {
        let rest: Vec<&str> = names.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, name)| *name).collect();
        edits.push((whole.clone(), write(&rest), format!("without `{}`", names[left_out])));
    }
    let more: Vec<&str> = match set {
        Some(set) => others(vocabulary, set, &names),
        None => HOLDERS.into_iter().filter(|name| !names.contains(name)).collect(),
    };
    for one in more {
        edits.push((whole.clone(), write(&[names.as_slice(), &[one]].concat()), format!("with `{one}`")));
    }
}

/// The terms of a set that are none of these, and no part of one of these.
fn others<'v>(vocabulary: &'v Vocabulary, set: SetId, names: &[&str]) -> Vec<&'v str> {
    let is_there = |name: &str| {
        names.iter().any(|known| match (vocabulary.term(set, name), vocabulary.term(set, known)) {
            (Some(one), Some(other)) => one == other || vocabulary.is_part_of(one, other),
            _ => false,
        })
    };
    // An organisation or a partner is of a kind that employs people; what stands above the systems is none of them.
    let employs = |name: &str, tier: Option<u8>| {
        vocabulary.set("body-kind") != Some(set) || (tier == Some(0) && !["board", "employer"].contains(&name))
    };
    vocabulary.terms(set).filter(|term| !is_there(&term.name) && employs(&term.name, term.tier)).map(|term| &*term.name).collect()
}

/// The terms that stand beside one in its set: the first that is no part of it.
fn neighbour<'v>(vocabulary: &'v Vocabulary, name: &str) -> Option<&'v str> {
    let set = vocabulary.sets().iter().filter_map(|set| vocabulary.set(&set.name)).find(|set| vocabulary.term(*set, name).is_some())?;
    others(vocabulary, set, &[name]).into_iter().next()
}

/// The levels on either side of one.
fn levels<'v>(vocabulary: &'v Vocabulary, name: &str) -> Vec<&'v str> {
    let beside = |levels: Vec<&'v str>| {
        let at = levels.iter().position(|level| *level == name);
        let around = at.map(|at| [at.checked_sub(1), Some(at + 1)]).into_iter().flatten().flatten();
        around.filter_map(|at| levels.get(at).copied()).collect::<Vec<_>>()
    };
    let scales = vocabulary.scales().iter().map(|scale| scale.levels.iter().map(|level| &**level).collect());
    scales.chain([SEVERITIES.to_vec()]).flat_map(beside).collect()
}

/// One more and one less of what a token counts, in its last place; a day, a year, and a per cent in tenths.
fn steps(text: &str) -> Vec<String> {
    if let Ok(day) = text.parse::<Date>() {
        return [day_before(day), day_after(day)].into_iter().flatten().map(|day| day.to_string()).collect();
    }
    let year = |first: i64| format!("{first}/{:02}", (first + 1) % 100);
    if let Some((first, _)) = text.split_once('/').filter(|(first, _)| first.len() == 4) {
        return first.parse::<i64>().map(|first| vec![year(first - 1), year(first + 1)]).unwrap_or_default();
    }
    let (figure, sign) = text.strip_suffix('%').map_or((text, ""), |figure| (figure, "%"));
    if !figure.starts_with(|letter: char| letter.is_ascii_digit()) {
        return Vec::new();
    }
    let plain = figure.replace('_', "");
    let plain = if sign == "%" && !plain.contains('.') { format!("{plain}.0") } else { plain };
    let places = plain.split_once('.').map_or(0, |(_, part)| part.len());
    let Ok(value) = plain.replace('.', "").parse::<i64>() else { return Vec::new() };
    let shown = |value: i64| {
        let digits = format!("{value:0>width$}", width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        if places == 0 { format!("{whole}{sign}") } else { format!("{whole}.{part}{sign}") }
    };
    [value - 1, value + 1].into_iter().filter(|value| *value >= 0).map(shown).collect()
}

/// One word in another's place.
fn put(token: &Token<'_>, new: &str) -> (Range<usize>, String, String) {
    (token.range.clone(), new.to_owned(), new.to_owned())
}

/// What stands in a field of a rule that is no expression.
fn plain(tokens: &[Token<'_>], vocabulary: &Vocabulary, edits: &mut Edits) {
    const EDITIONS: [&str; 4] = ["2019", "2021", "2023", "2025"];
    for token in tokens {
        let beside = levels(vocabulary, token.text);
        if let Some(at) = EDITIONS.iter().position(|edition| *edition == token.text) {
            let around = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|at| EDITIONS.get(at));
            edits.extend(around.map(|edition| put(token, edition)));
        } else if beside.is_empty() {
            edits.extend(steps(token.text).into_iter().map(|new| put(token, &new)));
        } else {
            edits.extend(beside.into_iter().map(|new| put(token, new)));
        }
    }
}

fn in_expression(tokens: &[Token<'_>], vocabulary: &Vocabulary, edits: &mut Edits) {
    let text = |at: usize| tokens.get(at).map_or("", |token| token.text);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let before = at.checked_sub(1).map_or("", text);
        let mut put = |new: &str| edits.push(put(token, new));
        match token.text {
            "and" => put("or"),
            "or" => put("and"),
            "not" if before == "is" => put(""),
            "not" => put(""),
            "given" if before == "is" => put("not given"),
            "some" => put("each"),
            "each" => put("some"),
            "every" if text(at + 1) != "year" => put("some"),
            "previous" => put("this"),
            "<" => put("<="),
            "<=" => put("<"),
            ">" => put(">="),
            ">=" => put(">"),
            "=" => ["!=", "<=", ">="].into_iter().for_each(put),
            "!=" => put("="),
            "follows" => put("="),
            "+" => put("-"),
            "-" => put("+"),
            "*" => put("/"),
            "/" => put("*"),
            "[" => {
                let end = (at..tokens.len()).find(|end| text(*end) == "]").unwrap_or(at);
                let members = &tokens[at..=end];
                let names: Vec<&str> =
                    members.iter().map(|member| member.text).filter(|name| name.starts_with(char::is_alphabetic)).collect();
                let sets = vocabulary.sets().iter().filter_map(|set| vocabulary.set(&set.name));
                let set = sets.rev().find(|set| names.iter().all(|name| vocabulary.term(*set, name).is_some()));
                match set {
                    Some(set) => listed(members, Some(set), vocabulary, edits),
                    None => levels_listed(members, vocabulary, edits),
                }
                at = end;
            }
            word => {
                let compared = ["=", "!=", "<", "<=", ">", ">=", "includes"].contains(&before);
                let beside = if compared { levels(vocabulary, word) } else { Vec::new() };
                let beside = if beside.is_empty() && compared { neighbour(vocabulary, word).into_iter().collect() } else { beside };
                beside.into_iter().for_each(&mut put);
                steps(word).iter().for_each(|new| put(new));
            }
        }
        at += 1;
    }
    for atom in atoms(tokens) {
        edits.push((atom.clone(), ALWAYS.to_owned(), "always".to_owned()));
        edits.push((atom, NEVER.to_owned(), "never".to_owned()));
    }
}

/// A list of levels: each left out, and each of the scale's others.
fn levels_listed(members: &[Token<'_>], vocabulary: &Vocabulary, edits: &mut Edits) {
    let names: Vec<&str> = members.iter().map(|member| member.text).filter(|name| name.starts_with(char::is_alphabetic)).collect();
    let (Some(first), Some(last)) = (members.first(), members.last()) else { return };
    let whole = first.range.start..last.range.end;
    let write = |names: &[&str]| format!("[{}]", names.join(", "));
    for left_out in &names {
        let rest: Vec<&str> = names.iter().filter(|name| *name != left_out).copied().collect();
        edits.push((whole.clone(), write(&rest), format!("without `{left_out}`")));
    }
    let scale = vocabulary.scales().iter().find(|scale| names.iter().all(|name| scale.levels.iter().any(|level| **level == **name)));
    for level in scale.into_iter().flat_map(|scale| &scale.levels).filter(|level| !names.contains(&&***level)) {
        edits.push((whole.clone(), write(&[names.as_slice(), &[&**level]].concat()), format!("with `{level}`")));
    }
}

/// Where each condition stands that is no longer made of others: between `and`, `or`, `not`, brackets, `where` and `satisfies`.
fn atoms(tokens: &[Token<'_>]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut begins: Option<usize> = None;
    let mut nested = 0;
    for (at, token) in tokens.iter().enumerate() {
        // Within `[…]` and `is not given` nothing ends.
        nested += usize::from(token.text == "[");
        nested -= usize::from(token.text == "]" && nested > 0);
        let is_negation = token.text == "not" && at.checked_sub(1).is_none_or(|before| tokens[before].text != "is");
        let ends = nested == 0 && (["and", "or", "(", ")", "where", "satisfies"].contains(&token.text) || is_negation);
        match (ends, begins) {
            (false, None) => begins = Some(at),
            (true, Some(first)) => {
                // What leads to `where`, `satisfies` or a bracket names what is looked at, and says nothing of it.
                let says = !["where", "satisfies", "("].contains(&token.text) && says_something(&tokens[first..at]);
                found.extend(says.then(|| tokens[first].range.start..tokens[at - 1].range.end));
                begins = None;
            }
            _ => {}
        }
    }
    if let Some(first) = begins.filter(|first| says_something(&tokens[*first..])) {
        found.push(tokens[first].range.start..tokens[tokens.len() - 1].range.end);
    }
    found
}

/// Whether words are a condition by themselves, with what they compare on both sides.
fn says_something(tokens: &[Token<'_>]) -> bool {
    let compares = |text: &str| ["=", "!=", "<", "<=", ">", ">=", "in", "is", "includes", "follows"].contains(&text);
    tokens.iter().position(|token| compares(token.text)).is_some_and(|at| at > 0 && at + 1 < tokens.len())
}
