//! Editions: the dated states of a framework, each extending the one before, and in which of them a rule stands.

use crate::packs::provenance::Provenance;
use crate::packs::reader::Reader;
use crate::packs::yaml::{Node, Yaml};
use crate::packs::{PackInfo, forms};
use crate::problem::did_you_mean;
use crate::time::{self, Date};

/// One edition of a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edition {
    /// As plans write it, such as `2019`.
    pub name: String,
    /// The document that it is, for people; empty where the pack does not say.
    pub title: String,
    /// The document's name among the pack's sources.
    pub source: Option<String>,
    /// From when.
    pub in_force: InForce,
}

/// From when something is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InForce {
    /// From a day, included.
    From(Date),
    /// It is announced, and no date is published.
    NoDate,
}

/// The editions of a framework in which a rule stands: both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The place of the framework among the packs.
    pub pack: usize,
    /// The place of the first edition.
    pub first: usize,
    /// The place of the last; `None`: and every later one.
    pub last: Option<usize>,
}

/// What stands in place of a day.
const NO_DATE: &str = "no date published";

impl InForce {
    /// Whether it is in force on a day.
    pub fn holds(self, day: Date) -> bool {
        matches!(self, Self::From(from) if from <= day)
    }
}

impl std::fmt::Display for InForce {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::From(from) => write!(f, "from {from}"),
            Self::NoDate => f.write_str(NO_DATE),
        }
    }
}

impl Standing {
    /// Whether the rule stands in the edition at a place.
    pub fn holds(self, edition: usize) -> bool {
        self.first <= edition && self.last.is_none_or(|last| edition <= last)
    }

    /// The editions in which both stand; `None` where there is none.
    pub fn both(self, other: Self) -> Option<Self> {
        let last = self.last.into_iter().chain(other.last).min();
        let both = Self { pack: self.pack, first: self.first.max(other.first), last };
        self.meets(other).then_some(both)
    }

    /// Whether there is an edition in which both stand.
    pub fn meets(self, other: Self) -> bool {
        self.pack == other.pack && (self.holds(other.first) || other.holds(self.first))
    }
}

impl PackInfo {
    /// The place of the newest edition in force on a day; the first where none is yet; `None` for a pack without editions.
    pub fn edition_on(&self, day: Date) -> Option<usize> {
        let in_force = self.editions.iter().rposition(|edition| edition.in_force.holds(day));
        in_force.or((!self.editions.is_empty()).then_some(0))
    }
}

/// A day, or that no date is published.
pub(super) fn in_force(reader: &mut Reader<'_>, yaml: &Yaml, key: &str) -> Option<InForce> {
    match yaml.as_text() {
        Some(NO_DATE) => Some(InForce::NoDate),
        Some(text) if time::day(text).is_ok() => time::day(text).ok().map(InForce::From),
        _ => {
            let span = reader.span(yaml);
            reader.error(span, format!("`{key}` is a day such as `2019-06-03`, or `{NO_DATE}`"));
            None
        }
    }
}

/// The editions of a pack, oldest first.
pub(super) fn read_editions(reader: &mut Reader<'_>, list: &Yaml, provenance: &Provenance) -> Vec<Edition> {
    let mut editions: Vec<Edition> = Vec::new();
    for entry in reader.entries(list, "editions") {
        let name = entry.key.as_text().unwrap_or("").to_owned();
        let short = matches!(entry.value.node, Node::Scalar(_));
        let mut edition = Edition { name, title: String::new(), source: None, in_force: InForce::NoDate };
        if short {
            let Some(day) = entry.value.as_text().and_then(|text| time::day(text).ok()) else {
                let span = reader.span(&entry.value);
                reader.error(span, "an edition is written with the day from which it is in force, as in `2019: 2019-06-03`");
                continue;
            };
            edition.in_force = InForce::From(day);
        } else {
            reader.form(&entry.value, &forms::EDITION);
            edition.title = reader.needed(&entry.value, "an edition", "title").map(|scalar| scalar.text.clone()).unwrap_or_default();
            edition.source = reader.needed(&entry.value, "an edition", "source").map(|scalar| scalar.text.clone());
            if let Some(source) = entry.value.get("source").and_then(Yaml::as_scalar) {
                provenance.title(reader, source);
            }
            let from = match entry.value.get("from") {
                Some(from) => in_force(reader, from, "from"),
                None => reader.needed(&entry.value, "an edition", "from").map(|_| InForce::NoDate),
            };
            let Some(from) = from else { continue };
            edition.in_force = from;
        }
        // INVARIANT: editions stand in the order of their days, those without a date last, so that each extends the one before.
        if let Some(before) = editions.last()
            && match (before.in_force, edition.in_force) {
                (InForce::From(before), InForce::From(this)) => this <= before,
                (InForce::NoDate, InForce::From(_)) => true,
                (_, InForce::NoDate) => false,
            }
        {
            let span = reader.span(&entry.key);
            let message = format!("the edition `{}` is not in force after `{}`, which stands before it", edition.name, before.name);
            reader.error(span, message).help = Some("list editions oldest first: each extends the one before".to_owned());
        }
        editions.push(edition);
    }
    editions
}

/// In which editions a rule stands: `2019`, `2019 to 2023`, `since 2023` or `until 2021`.
pub(super) fn read_standing(reader: &mut Reader<'_>, yaml: &Yaml, framework: Option<(usize, &[Edition])>) -> Option<Standing> {
    let whole = reader.span(yaml);
    let Some((pack, editions)) = framework else {
        reader.error(whole, "there are no editions here to stand in").help =
            Some("list `editions` in pack.yaml, or extend a pack that has some".to_owned());
        return None;
    };
    let text = reader.scalar(yaml, "editions")?.text.clone();
    let words: Vec<&str> = text.split_whitespace().collect();
    let (first, last) = match words.as_slice() {
        [only] => (Some(*only), Some(*only)),
        ["since", first] => (Some(*first), None),
        ["until", last] => (None, Some(*last)),
        [first, "to", last] => (Some(*first), Some(*last)),
        _ => {
            reader.error(whole, format!("`{text}` does not say which editions")).help =
                Some("write `2019`, `2019 to 2023`, `since 2023` or `until 2021`".to_owned());
            return None;
        }
    };
    let mut place = |name: &str| {
        let found = editions.iter().position(|edition| edition.name == name);
        if found.is_none() {
            let near =
                did_you_mean(name, editions.iter().map(|edition| edition.name.as_str())).map(|near| format!("did you mean `{near}`?"));
            reader.error(whole, format!("there is no edition `{name}`")).help =
                near.or_else(|| Some(format!("there are {}", listed(editions))));
        }
        found
    };
    let first = first.map(&mut place);
    let last = last.map(&mut place);
    let standing = Standing {
        pack,
        first: match first {
            Some(place) => place?,
            None => 0,
        },
        last: match last {
            Some(place) => Some(place?),
            None => None,
        },
    };
    if standing.last.is_some_and(|last| last < standing.first) {
        reader.error(whole, format!("`{text}` ends before it begins")).help = Some("write the older edition first".to_owned());
        return None;
    }
    Some(standing)
}

/// Every edition with its day, for people.
pub(crate) fn listed(editions: &[Edition]) -> String {
    let one = |edition: &Edition| format!("`{}` ({})", edition.name, edition.in_force);
    editions.iter().map(one).collect::<Vec<_>>().join(", ")
}
