//! What editors ask of a pack's YAML: keys and words where they may stand, what they mean, where they are declared, and a rule's new name.

mod complete;
mod expression;

use std::fmt::Write as _;
use std::ops::Range;

use crate::ide::words;
use crate::packs::Packs;
use crate::packs::forms::{self, Holds, Key};
use crate::rules::{Form, Rule};
use crate::source::{FileId, Span};
use crate::vocabulary::{Kind, KindId, Vocabulary, Word};

pub use complete::{Completion, Sort, complete};

/// A text of a pack as an editor has it, and the packs as they were last right.
#[derive(Debug, Clone, Copy)]
pub struct PackView<'v> {
    packs: &'v Packs,
    text: &'v str,
    /// The path within the pack: `rules/on-call-rota.yaml`.
    path: &'v str,
}

/// A word of a pack's text with what there is to read about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The bytes of the word.
    pub range: Range<usize>,
    /// As Markdown.
    pub text: String,
}

/// What gives a rule another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewName {
    /// Replacements, each by the path within the pack of the file that it is in.
    pub edits: Vec<(String, Range<usize>, String)>,
    /// Files that are called something else afterwards, by their paths within the pack.
    pub files: Vec<(String, String)>,
}

/// Where a byte stands in the lines of a YAML text, whatever can be read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Spot<'t> {
    /// The keys that lead there, outermost first; of a value, its own key last.
    keys: Vec<&'t str>,
    /// Whether a key is written there, or a value.
    is_key: bool,
    /// The bytes of the word there.
    word: Range<usize>,
    /// The value up to the word, from its beginning.
    before: &'t str,
    /// The first byte of the YAML document.
    document: usize,
}

impl<'v> PackView<'v> {
    /// A view of a text of a pack, by its path within the pack.
    pub fn new(packs: &'v Packs, path: &'v str, text: &'v str) -> Self {
        Self { packs, text, path }
    }

    fn vocabulary(self) -> &'v Vocabulary {
        &self.packs.vocabulary
    }

    fn is_rule(self) -> bool {
        self.path.starts_with("rules/") && self.path.ends_with(".yaml")
    }

    /// The keys that may stand beside one another under others.
    fn keys_at(self, spot: &Spot<'_>, of: &[&str]) -> Vec<&'static Key> {
        if self.is_rule() {
            return match of {
                [] => self.rule_keys(spot),
                _ => descend(&self.rule_keys(spot), of).map(|form| form.keys.iter().collect()).unwrap_or_default(),
            };
        }
        let form = match self.path {
            "pack.yaml" => &forms::PACK,
            "vocabulary.yaml" => &forms::VOCABULARY,
            _ => return Vec::new(),
        };
        let keys: Vec<&'static Key> = form.keys.iter().collect();
        if of.is_empty() { keys } else { descend(&keys, of).map(|form| form.keys.iter().collect()).unwrap_or_default() }
    }

    /// The keys of a rule: of every rule, and of its form; of all forms where it has none yet.
    fn rule_keys(self, spot: &Spot<'_>) -> Vec<&'static Key> {
        let chosen = forms::RULE_FORMS.iter().find(|form| self.value_of(spot, form.name()).is_some());
        let without = chosen.map_or(&[][..], |form| form.without);
        let of_form = forms::RULE_FORMS.iter().filter(|form| chosen.is_none_or(|chosen| chosen.name() == form.name()));
        let of_form = of_form.flat_map(|form| match chosen {
            Some(_) => form.keys.iter().collect::<Vec<_>>(),
            None => form.keys.iter().take(1).collect(),
        });
        if let Some(base) = self.tightened(spot) {
            // Of a rule that is tightened, only what a layer may change of its form.
            let may = forms::may_tighten(base.form.name());
            let fixed = |key: &&Key| key.name == "tightens" || !forms::TIGHTENING.keys.iter().any(|own| own.name == key.name);
            let keys = forms::RULE.iter().filter(|key| key.name != "waivable-by" || may.contains(&"waivable-by"));
            return keys.chain(of_form.filter(|key| fixed(key) || may.contains(&key.name))).collect();
        }
        forms::RULE.iter().filter(|key| !without.contains(&key.name)).chain(of_form).collect()
    }

    /// The one-line value of a key at the margin of the same document.
    fn value_of(self, spot: &Spot<'_>, key: &str) -> Option<&'v str> {
        let document = self.text.get(spot.document..)?;
        let document = document.split("\n---").next().unwrap_or(document);
        document.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).map(str::trim)
    }

    /// The kind of statement that a rule looks at.
    fn kind(self, spot: &Spot<'_>) -> Option<(KindId, &'v Kind)> {
        if let Some(base) = self.tightened(spot) {
            let id = match &base.form {
                Form::Each(each) => each.kind,
                Form::Cover(cover) => cover.kind,
                _ => return None,
            };
            return self.vocabulary().kind_def(id).map(|kind| (id, kind));
        }
        let name = ["each", "of", "among"].into_iter().find_map(|key| self.value_of(spot, key))?;
        let id = self.vocabulary().kind(name.split('#').next().unwrap_or(name).trim())?;
        self.vocabulary().kind_def(id).map(|kind| (id, kind))
    }

    fn key(self, spot: &Spot<'_>) -> Option<&'static Key> {
        let (last, of) = spot.keys.split_last()?;
        self.keys_at(spot, of).into_iter().find(|key| key.name == *last)
    }

    /// The rule that a rule tightens.
    fn tightened(self, spot: &Spot<'_>) -> Option<&'v Rule> {
        self.named(self.value_of(spot, "tightens")?)
    }

    /// The rule of a name: `rule` or `pack/rule`.
    fn named(self, name: &str) -> Option<&'v Rule> {
        self.packs.rules.iter().find(|rule| *rule.id == *name || rule.short() == name)
    }

    fn rule(self, spot: &Spot<'_>) -> Option<&'v Rule> {
        let id = self.value_of(spot, "id")?;
        self.packs.rules.iter().find(|rule| rule.short() == id && self.packs.sources.path(rule.place).ends_with(self.path))
    }
}

/// The form of the map under some keys.
fn descend(keys: &[&'static Key], of: &[&str]) -> Option<&'static forms::Form> {
    let (first, rest) = of.split_first()?;
    let key = keys.iter().find(|key| key.name == *first)?;
    let (form, named) = match &key.holds {
        Holds::Map(form) | Holds::List(form) | Holds::WordsOrMaps(form) => (*form, false),
        Holds::Maps(form, _) | Holds::DaysOrMaps(form) | Holds::Clauses(form) => (*form, true),
        _ => return None,
    };
    // Entries under names of the author's own choosing: the name is passed over.
    let rest = if named { rest.split_first()?.1 } else { rest };
    if rest.is_empty() { Some(form) } else { descend(&form.keys.iter().collect::<Vec<_>>(), rest) }
}

/// Where a byte stands in a YAML text, by its lines and their indents, so that half a line is enough.
fn spot(text: &str, byte: usize) -> Option<Spot<'_>> {
    let mut byte = byte.min(text.len());
    while !text.is_char_boundary(byte) {
        byte -= 1;
    }
    let line_start = text.get(..byte)?.rfind('\n').map_or(0, |at| at + 1);
    let line_end = text.get(byte..)?.find('\n').map_or(text.len(), |length| byte + length);
    let line = text.get(line_start..line_end)?;
    let document = text.get(..line_start)?.rfind("\n---").map_or(0, |at| at + 4);
    let document = document + text.get(document..)?.find('\n').filter(|_| document > 0).map_or(0, |at| at + 1);
    let letter = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '/');
    let start = text.get(line_start..byte)?.trim_end_matches(letter).len() + line_start;
    let end = byte + text.get(byte..line_end)?.find(|one: char| !letter(one)).unwrap_or(line_end - byte);
    let mut above = Vec::new();
    let indent = indent_of(line);
    let own = entry(line);
    // A block of text goes on until a line that is indented no more than its key.
    let block = block_above(text, document, line_start, indent.min(if line.trim().is_empty() { byte - line_start } else { indent }));
    if let Some((key_line, value)) = block {
        let key = entry(text.get(key_line.clone())?)?;
        above.extend(parents(text, document, key_line.start, key.indent));
        above.push(key.name);
        return Some(Spot { keys: above, is_key: false, word: start..end, before: text.get(value..start)?, document });
    }
    let depth = if line.trim().is_empty() { byte - line_start } else { indent };
    above.extend(parents(text, document, line_start, depth));
    match own.filter(|own| line_start + own.value <= start) {
        Some(own) => {
            above.push(own.name);
            let value = line_start + own.value;
            let before = text.get(value..start)?;
            Some(within_flow(above, before, start..end, document))
        }
        // `- word` and plain words under a key whose list goes on in lines.
        None if line.trim_start().starts_with("- ") => Some(Spot { keys: above, is_key: false, word: start..end, before: "", document }),
        None => Some(Spot { keys: above, is_key: true, word: start..end, before: "", document }),
    }
}

/// A place within `{ key: value, … }` or `[a, b]` on one line.
fn within_flow<'t>(mut keys: Vec<&'t str>, before: &'t str, word: Range<usize>, document: usize) -> Spot<'t> {
    let quoted = before.trim_start().starts_with(['"', '\'']);
    let mut rest = before;
    let mut is_key = false;
    while let Some((_, inside)) = rest.split_once('{').filter(|_| !quoted) {
        let last = inside.rsplit(',').next().unwrap_or(inside);
        match last.split_once(':') {
            Some((key, value)) => {
                keys.push(key.trim());
                rest = value;
            }
            None => {
                is_key = true;
                rest = "";
            }
        }
    }
    Spot { keys, is_key, word, before: rest, document }
}

/// A line `key: value`.
struct Entry<'t> {
    name: &'t str,
    indent: usize,
    /// Where the value begins in the line.
    value: usize,
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

fn entry(line: &str) -> Option<Entry<'_>> {
    let dashes = line.trim_start_matches(' ');
    let indent = line.len() - dashes.trim_start_matches("- ").len();
    let body = line.get(indent..)?;
    let colon = body.find(':')?;
    let name = body.get(..colon)?;
    let is_key = !name.is_empty() && name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.' | '"'));
    let after = body.get(colon + 1..)?;
    (is_key && (after.is_empty() || after.starts_with([' ', '\r']))).then_some(Entry {
        name: name.trim_matches('"'),
        indent,
        value: indent + colon + 1,
    })
}

/// The keys of the lines above under which a line of an indent stands.
fn parents(text: &str, document: usize, line_start: usize, indent: usize) -> Vec<&str> {
    let mut found = Vec::new();
    let mut least = indent;
    for line in text.get(document..line_start).unwrap_or("").lines().rev() {
        if least == 0 {
            break;
        }
        if let Some(entry) = entry(line).filter(|entry| entry.indent < least) {
            least = entry.indent;
            found.push(entry.name);
        }
    }
    found.reverse();
    found
}

/// The line of the key whose block of text a line belongs to, and where that text begins.
fn block_above(text: &str, document: usize, line_start: usize, indent: usize) -> Option<(Range<usize>, usize)> {
    let mut end = line_start;
    let mut least = indent;
    for line in text.get(document..line_start)?.split_inclusive('\n').rev() {
        let start = end - line.len();
        let words = line.trim_end();
        end = start;
        if words.is_empty() || indent_of(words) >= least.max(1) {
            continue;
        }
        let Some(entry) = entry(words) else {
            // Text that is indented less, of the same block.
            least = least.min(indent_of(words));
            continue;
        };
        let value = words.get(entry.value..)?.trim();
        let opens =
            matches!(value.chars().next(), Some('|' | '>')) || (!value.is_empty() && !value.starts_with(['[', '{', '"', '\'', '#', '&']));
        return (opens && indent > entry.indent).then(|| {
            let value = if value.starts_with(['|', '>']) { start + line.len() } else { start + entry.value };
            (start..start + words.len(), value)
        });
    }
    None
}

/// What there is to read about the word at a byte.
pub fn hover(view: PackView<'_>, byte: usize) -> Option<Hover> {
    let spot = spot(view.text, byte)?;
    let word = view.text.get(spot.word.clone())?.trim_end_matches('.');
    let range = spot.word.start..spot.word.start + word.len();
    if word.is_empty() {
        return None;
    }
    let vocabulary = view.vocabulary();
    let on_key = spot.is_key || byte_is_in_key(view.text, byte);
    let text = if on_key {
        let keys = if spot.is_key { spot.keys.as_slice() } else { spot.keys.split_last()?.1 };
        let key = view.keys_at(&spot, keys).into_iter().find(|key| key.name == word)?;
        let needed = if key.needed { "Needed." } else { "May be left out." };
        format!("**{}**: {}\n\n{needed}", key.name, words::sentence(key.doc))
    } else {
        view.about_value(&spot, word).or_else(|| {
            // A word that stands for itself: a term, a level or a kind.
            let kind = vocabulary.kind(word).and_then(|kind| vocabulary.kind_def(kind))?;
            Some(words::about_kind(vocabulary, kind))
        })?
    };
    Some(Hover { range, text })
}

fn byte_is_in_key(text: &str, byte: usize) -> bool {
    let start = text.get(..byte).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let line = text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("");
    entry(line).is_some_and(|entry| byte < start + entry.value)
}

impl<'v> PackView<'v> {
    fn about_value(self, spot: &Spot<'_>, word: &str) -> Option<String> {
        let vocabulary = self.vocabulary();
        match *spot.keys.last()? {
            "where" | "expect" | "same" | "between" | "message" | "help" | "omission" | "title" | "write" | "at" => {
                self.about_name(spot, word)
            }
            "each" | "of" | "among" => {
                vocabulary.kind(word).and_then(|kind| vocabulary.kind_def(kind)).map(|kind| words::about_kind(vocabulary, kind))
            }
            "cover" => self.about_name(spot, word),
            "reserve" | "gate" => self.about_term("function", word),
            "below" => self.about_term("effect", word),
            "to" | "opens-at" | "waivable-by" | "assessed-by" | "tier" => words::about_level(vocabulary, "tier", word),
            "needs" => words::about_level(vocabulary, "maturity", word),
            "holder" => {
                let body = self.packs.register.find(word).and_then(|body| self.packs.register.get(body))?;
                Some(format!("**{}** `{}`", body.name, body.code))
            }
            "document" => {
                let rule = self.packs.rules.iter().find(|rule| rule.source.document == word)?;
                Some(format!("**{}**", rule.source.title.as_deref().unwrap_or(word)))
            }
            "extends" => {
                self.packs.infos.iter().find(|info| info.name == word).map(|info| format!("**{}**\n\nVersion {}", info.title, info.version))
            }
            "tightens" => {
                let rule = self.named(word)?;
                Some(format!("**{}** `{}`\n\n{}\n\nFrom {}", rule.title, rule.id, words::summary(&rule.page), rule.source))
            }
            "id" => self.rule(spot).map(|rule| format!("**{}**\n\n{}", rule.title, words::summary(&rule.page))),
            _ => None,
        }
    }

    fn about_term(self, set: &str, word: &str) -> Option<String> {
        let vocabulary = self.vocabulary();
        let term = vocabulary.term_def(vocabulary.term(vocabulary.set(set)?, word)?)?;
        let mut text = format!("**{}**", term.title);
        if !term.doc.is_empty() {
            let _ = write!(text, "\n\n{}", words::sentence(&term.doc));
        }
        Some(text)
    }
}

/// Where the word at a byte is declared: a span of the packs' texts as they were last right.
pub fn definition(view: PackView<'_>, byte: usize) -> Option<Span> {
    if view.path.ends_with(".md") {
        let id = view.path.strip_prefix("rules/")?.strip_suffix(".md")?;
        return view.packs.rules.iter().find(|rule| rule.short() == id).map(|rule| rule.place);
    }
    let spot = spot(view.text, byte)?;
    let word = view.text.get(spot.word.clone())?;
    let vocabulary = view.vocabulary();
    let term = |set: &str| {
        let term = vocabulary.term(vocabulary.set(set)?, word)?;
        vocabulary.place(&Word::Term(term))
    };
    match *spot.keys.last()? {
        "id" => view.rule(&spot).and_then(|rule| page(view.packs, rule)),
        "tightens" => view.named(word).map(|rule| rule.place),
        "each" | "of" | "among" => vocabulary.place(&Word::Kind(vocabulary.kind(word)?)),
        "reserve" | "gate" => term("function"),
        "below" => term("effect"),
        "where" | "expect" | "same" | "between" | "message" | "help" | "at" | "cover" | "omission" | "write" => view.place_of(&spot, word),
        "document" => view.source(word),
        _ => None,
    }
}

impl PackView<'_> {
    /// Where a document is listed in a pack.
    fn source(self, document: &str) -> Option<Span> {
        let files = (0..self.packs.sources.len()).map(|at| FileId(at as u32));
        files.filter(|file| self.packs.sources.get(*file).is_some_and(|source| source.path().ends_with("pack.yaml"))).find_map(|file| {
            let text = self.packs.sources.get(file)?.text();
            let at = text
                .match_indices(&format!("{document}:"))
                .find(|(at, _)| text.get(..*at).is_some_and(|before| before.ends_with([' ', '\n'])))?
                .0;
            Some(Span::new(file, at..at + document.len()))
        })
    }
}

/// The page of a rule, in the packs' texts.
pub(crate) fn page(packs: &Packs, rule: &Rule) -> Option<Span> {
    let path = packs.sources.path(rule.place);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let page = format!("{folder}/{}.md", rule.short());
    let file = (0..packs.sources.len())
        .map(|at| FileId(at as u32))
        .find(|file| packs.sources.get(*file).is_some_and(|source| source.path() == page))?;
    let title = packs.sources.get(file)?.text().lines().next().map_or(0, str::len);
    Some(Span::new(file, 0..title))
}

/// The id at a byte, which can be given another name.
///
/// # Errors
/// Why there is nothing to name.
pub fn prepare_rename(view: PackView<'_>, byte: usize) -> Result<(Range<usize>, String), String> {
    let spot = spot(view.text, byte).filter(|spot| view.is_rule() && spot.keys == ["id"] && !spot.is_key);
    let spot = spot.ok_or_else(|| "only a rule's id can be given another name here".to_owned())?;
    let word = view.text.get(spot.word.clone()).filter(|word| !word.is_empty()).ok_or_else(|| "there is no name here".to_owned())?;
    Ok((spot.word.clone(), word.to_owned()))
}

/// What gives the rule at a byte another name: in its entry, on its page, and the page's own name. `page` is the page's text.
///
/// # Errors
/// Why it cannot be called so.
pub fn rename(view: PackView<'_>, byte: usize, page: Option<&str>, name: &str) -> Result<NewName, String> {
    let (range, old) = prepare_rename(view, byte)?;
    if !crate::syntax::literal::is_name(name) || name.contains('/') {
        return Err(format!("`{name}` is not a rule's name: letters, digits and hyphens"));
    }
    if view.packs.rules.iter().any(|rule| rule.short() == name) {
        return Err(format!("there is a rule `{name}` already"));
    }
    let mut edits = vec![(view.path.to_owned(), range, name.to_owned())];
    let page_path = format!("rules/{old}.md");
    if let Some(page) = page {
        // A rule's name may be a plain word: it is meant where it is quoted, in brackets, or waived.
        for (at, _) in page.match_indices(&old) {
            let (before, after) = (page.get(..at).unwrap_or(""), page.get(at + old.len()..).unwrap_or(""));
            let meant = (before.ends_with('`') && after.starts_with('`'))
                || (before.ends_with('[') && after.starts_with(']'))
                || (before.ends_with("waiver ") && after.starts_with(' '));
            if meant {
                edits.push((page_path.clone(), at..at + old.len(), name.to_owned()));
            }
        }
    }
    let mut files = vec![(page_path, format!("rules/{name}.md"))];
    if view.path == format!("rules/{old}.yaml") {
        files.push((view.path.to_owned(), format!("rules/{name}.yaml")));
    }
    Ok(NewName { edits, files })
}
