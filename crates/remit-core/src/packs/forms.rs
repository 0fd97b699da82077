//! What each YAML file of packs and projects may hold, as tables: the loader reads by them, and the JSON Schemas are printed from them.
//!
//! To add a key, add its line here and read it where its neighbours are read. The loader then knows it, completion in every YAML
//! editor offers it, and `REMIT_BLESS=1 cargo test -p remit-tests schemas` writes the schemas anew. A test changes the packs that
//! are shipped in every way that the tables speak of, and asks that loader and schema say the same.

use crate::packs::provenance::Status;

/// A map with the keys that it may have.
#[derive(Debug)]
pub struct Form {
    /// What messages call it, with its article.
    pub what: &'static str,
    /// Its keys, in the order in which people write them.
    pub keys: &'static [Key],
}

/// One key of a map.
#[derive(Debug)]
pub struct Key {
    /// As it is written.
    pub name: &'static str,
    /// Whether it may be left out.
    pub needed: bool,
    /// What belongs after it.
    pub holds: Holds,
    /// What it is, for whoever writes it.
    pub doc: &'static str,
}

/// What belongs after a key.
#[derive(Debug)]
pub enum Holds {
    /// One value, read as the text that is written.
    Text,
    /// One value of a closed list.
    Word(&'static [&'static str]),
    /// A level of a scale of the core vocabulary.
    Level(&'static str),
    /// A text of a form: a regular expression for the whole of it, which every dialect reads alike.
    Like(&'static str),
    /// `yes` or `no`.
    Flag,
    /// A list of values, this many at least and at most, or, unless there are to be more, one value in place of the list.
    Words(usize, usize),
    /// A list of texts of a form, one at least, or one value in its place.
    WordsLike(&'static str),
    /// A map.
    Map(&'static Form),
    /// Entries under names of the author's own choosing, each a map. The second says what a name looks like.
    Maps(&'static Form, &'static str),
    /// Entries under names of the author's own choosing, each a day, or a map.
    DaysOrMaps(&'static Form),
    /// Entries under the clause words, each a map.
    Clauses(&'static Form),
    /// A list of maps.
    List(&'static Form),
    /// A list of values and maps, or one value in its place.
    WordsOrMaps(&'static Form),
    /// Anything: nobody reads it but people.
    Note,
}

/// A form of rule: known by its first key, which no other form has.
#[derive(Debug)]
pub struct RuleForm {
    /// The key that says which form it is, and the others that only this form has.
    pub keys: &'static [Key],
    /// Keys of every rule that this form may not have.
    pub without: &'static [&'static str],
    /// Keys that every other rule needs and that this form may leave out.
    pub optional: &'static [&'static str],
}

const fn need(name: &'static str, holds: Holds, doc: &'static str) -> Key {
    Key { name, needed: true, holds, doc }
}

const fn may(name: &'static str, holds: Holds, doc: &'static str) -> Key {
    Key { name, needed: false, holds, doc }
}

impl Form {
    /// The names of its keys.
    pub fn names(&self) -> Vec<&'static str> {
        self.keys.iter().map(|key| key.name).collect()
    }
}

/// A rule that tightens one of a higher pack.
pub const TIGHTENING: &RuleForm = &RULE_FORMS[0];

/// What a rule that tightens may change in a rule of a form.
pub fn may_tighten(form: &str) -> &'static [&'static str] {
    match form {
        "reserve" => &["severity", "reserve", "to", "below", "message", "help"],
        "gate" => &["severity", "waivable-by", "opens-at", "needs", "evidence", "message", "help"],
        "cover" => &["severity", "waivable-by", "gap", "message", "help"],
        "each" => &["severity", "waivable-by", "where", "expect", "message", "help", "omission", "at", "fix"],
        _ => &["severity", "expect", "message", "help"],
    }
}

impl RuleForm {
    /// The key that says which form it is.
    pub fn name(&self) -> &'static str {
        self.keys.first().map_or("", |key| key.name)
    }

    /// The names of all keys that a rule of this form may have.
    pub fn names(&self) -> Vec<&'static str> {
        RULE.iter().chain(self.keys).map(|key| key.name).collect()
    }
}

const SURE: Holds = Holds::Word(&[
    Status::Verified.word(),
    Status::VerifiedSecondary.word(),
    Status::Arithmetic.word(),
    Status::Ours.word(),
    Status::Unverified.word(),
]);
const SEVERITIES: Holds = Holds::Word(&["error", "warning", "note"]);
/// A name of a vocabulary. Beyond ASCII it lets through more than the loader does.
const NAME: &str = r"^[^\x00-@\[-`{-\x7f]([^\x00-,./:-@\[-`{-\x7f]*[^\x00-/:-@\[-`{-\x7f])?$";
/// Any name at all.
const ANY: &str = "";
/// A day. The loader knows the calendar as well.
pub const DAY: &str = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$";
/// A day from which something is in force, or that none is published.
const IN_FORCE: &str = "^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])|no date published)$";
/// A count of renewals.
const RENEWALS: &str = r"^[0-9]{1,3}$";
/// In which editions a rule stands.
const STANDING: &str = r"^\s*((since|until)\s+\S+|\S+(\s+to\s+\S+)?)\s*$";
/// A length of time.
const LENGTH: &str = r"^\s*\+?[0-9]+ \s*(days?|months?|years?)\s*$";
/// A pack's name: it becomes the name of a file and of a repository, on any machine.
pub(crate) const PACK_NAME: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";
/// A pack's version: it becomes part of a file's name, and a tag.
pub(crate) const PACK_VERSION: &str = r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$";
/// Where a site is: what a report may lead to.
const PAGES: &str = r"^https://[^\s]+$";
const PACK_PATTERN: &str = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*(-\*)?$";

/// `pack.yaml`.
pub const PACK: Form = Form {
    what: "a pack",
    keys: &[
        need("name", Holds::Like(PACK_NAME), "What the pack is called: lower-case letters, digits and hyphens. Its rules are `name/rule`"),
        need("title", Holds::Text, "For people"),
        need("version", Holds::Like(PACK_VERSION), "Such as `2019.1.0`. A version that is published never changes: raise it"),
        may("publisher", Holds::Text, "Who publishes it, in the words to which the signing key is bound"),
        may("pages", Holds::Like(PAGES), "Where the site is that `remit pack docs` writes of it, as `https://…`: reports lead there"),
        need("tier", Holds::Level("tier"), "Where its publisher stands: who may waive its rules unless they say otherwise"),
        may(
            "editions",
            Holds::DaysOrMaps(&EDITION),
            "The editions of the framework that the pack holds, oldest first, each with the day from which it is in force",
        ),
        may(
            "extends",
            Holds::Words(0, 1_000),
            "The packs whose words and documents it builds on, and whose rules it may tighten: none of a lower tier",
        ),
        may("sources", Holds::Maps(&DOCUMENT, ANY), "The documents that rules cite, each under a short name"),
        may("status", Holds::Note, "How sure the pack is; `consultation`: what it finds is shown and counts for nothing"),
    ],
};

/// An edition that is written out, under `editions` of a pack.
pub const EDITION: Form = Form {
    what: "an edition",
    keys: &[
        need("title", Holds::Text, "What the edition is called, for people"),
        need("source", Holds::Text, "The document that it is: its name under `sources`"),
        need("from", Holds::Like(IN_FORCE), "The day from which it is in force, or `no date published`"),
        may("status", Holds::Note, "How sure we are of it"),
    ],
};

/// A document under `sources` of a pack.
pub const DOCUMENT: Form = Form {
    what: "a source",
    keys: &[
        need("title", Holds::Text, "The document's title"),
        may("dated", Holds::Note, "When it was published"),
        may("publisher", Holds::Note, "Who published it"),
        may("licence", Holds::Note, "The terms under which it may be quoted"),
        may("status", SURE, "How sure it is what the document says"),
        may("note", Holds::Note, "What else there is to say of it"),
    ],
};

/// One of a document's paragraphs in `paragraphs.yaml`.
pub const PARAGRAPH: Form = Form {
    what: "a paragraph",
    keys: &[
        need("paragraph", Holds::Text, "What rules call it in their `source`"),
        need("says", Holds::Text, "What it says, in the pack's own words"),
        may("status", SURE, "How sure that is; where nothing is said, as sure as the document"),
        may("read-in", Holds::Text, "Where it was read"),
        may("judgement", Holds::Text, "What of it is left to judgement, and why"),
        may("not-covered", Holds::Text, "Why no rule checks it"),
    ],
};

/// The keys of every rule, whatever it asks.
pub const RULE: &[Key] = &[
    need("id", Holds::Like(NAME), "The rule's name, in plain words with hyphens. It is public and stays"),
    need("severity", SEVERITIES, "How bad a failure is"),
    need("source", Holds::Map(&CITATION), "The document and paragraph that the rule comes from"),
    need("message", Holds::Text, "One line that says what is wrong, such as `{code} names no wellbeing guardian`"),
    may("help", Holds::Text, "What to do next, as an imperative"),
    may("waivable-by", Holds::Level("tier"), "The lowest tier that may waive it; where nothing is said, the pack's own"),
    may(
        "max-term",
        Holds::Like(LENGTH),
        "How long one waiver of it may last from its approval, such as `12 months`; where nothing is said, as long as it says itself",
    ),
    may(
        "renewals",
        Holds::Like(RENEWALS),
        "How often a waiver of it may be renewed for the same thing; where nothing is said, any number of times",
    ),
    may("status", Holds::Note, "How sure the rule is"),
    may(
        "editions",
        Holds::Like(STANDING),
        "The editions in which it stands: `2019`, `2019 to 2023`, `since 2023` or `until 2021`; where nothing is said, all",
    ),
    may(
        "in-force",
        Holds::Like(IN_FORCE),
        "The day from which it is in force, or `no date published`; until then a failure is at most a warning",
    ),
];

/// The forms of rule. The first whose key a rule has is its form.
pub const RULE_FORMS: [RuleForm; 6] = [
    RuleForm {
        keys: &[
            need("tightens", Holds::Text, "The rule of a higher pack that this one tightens, such as `nhs-people-framework/sums-add-up`"),
            may("reserve", Holds::Words(1, 1_000), "Further functions that stay at the tier"),
            may("to", Holds::Level("tier"), "The tier at which they stay: the same or a higher one"),
            may("below", Holds::Words(0, 1_000), "What lower tiers may still do: no more than the rule leaves them"),
            may("opens-at", Holds::Level("tier"), "The tier at which the gate stands: the same or a higher one"),
            may("needs", Holds::Level("maturity"), "The level that the assessment has to reach: the same or a higher one"),
            may("evidence", Holds::Map(&TIGHTER_EVIDENCE), "What the assessment has to rest on: no older, and by no lower tier"),
            may("gap", SEVERITIES, "How bad a day without any is: as bad or worse"),
            may("where", Holds::Text, "Which it looks at beside those that the rule looks at, as an expression"),
            may("expect", Holds::Text, "What has to hold beside what the rule expects, as an expression"),
            may("omission", Holds::Text, "The message for bodies that the plan leaves out"),
            may("at", Holds::Text, "The field at which the finding points"),
            may("fix", Holds::Map(&FIX), "A change that would put it right for certain"),
        ],
        without: &["max-term", "renewals"],
        optional: &["severity", "message"],
    },
    RuleForm {
        keys: &[
            need("reserve", Holds::Words(1, 1_000), "Functions that stay at a tier: no body below may be accountable for them"),
            need("to", Holds::Level("tier"), "The tier at which they stay"),
            may("holder", Holds::Words(0, 1_000), "Who, within that tier"),
            may("below", Holds::Words(0, 1_000), "What lower tiers may still do: effects of a commitment, such as `apply`"),
        ],
        without: &["waivable-by", "max-term", "renewals"],
        optional: &[],
    },
    RuleForm {
        keys: &[
            need("gate", Holds::Words(1, 1_000), "Functions that a body takes on only when it is assessed as ready"),
            need("opens-at", Holds::Level("tier"), "The tier at which the gate stands"),
            need("needs", Holds::Level("maturity"), "The level that the assessment has to reach"),
            need("evidence", Holds::Map(&EVIDENCE), "What the assessment has to rest on"),
        ],
        without: &[],
        optional: &[],
    },
    RuleForm {
        keys: &[
            need("cover", Holds::Text, "A field that names a body with `from` and `until`: exactly one on every day of the horizon"),
            need("of", Holds::Text, "The kind of statement that has the field"),
            may("gap", SEVERITIES, "How bad a day without any is"),
        ],
        without: &[],
        optional: &[],
    },
    RuleForm {
        keys: &[
            need("each", Holds::Text, "The kind of statement that the rule looks at"),
            may("where", Holds::Text, "Which of them, as an expression"),
            need("expect", Holds::Text, "What holds of each, as an expression"),
            may("omission", Holds::Text, "The message for bodies that the plan leaves out"),
            may("at", Holds::Text, "The field at which the finding points"),
            may("fix", Holds::Map(&FIX), "A change that would put it right for certain"),
        ],
        without: &[],
        optional: &[],
    },
    RuleForm {
        keys: &[
            need("over", Holds::Word(&["region", "nation"]), "Whose plans come together: it is asked when every system has sent one"),
            may(
                "among",
                Holds::Text,
                "A kind of statement: the rule looks at those of all plans that belong together, as soon as they are there",
            ),
            may("where", Holds::Text, "Which of them, as an expression"),
            may("same", Holds::Words(1, 20), "What those that belong together agree in, each an expression: `[giver, taker, year]`"),
            may(
                "between",
                Holds::Words(1, 20),
                "The bodies whose plans have to agree, each an expression: it is asked when each has sent one",
            ),
            need("expect", Holds::Text, "What holds of sums and counts over all of them, as an expression"),
        ],
        without: &["waivable-by", "max-term", "renewals"],
        optional: &[],
    },
];

/// `source` of a rule.
pub const CITATION: Form = Form {
    what: "a source",
    keys: &[
        need("document", Holds::Text, "The document's name in pack.yaml"),
        may("paragraph", Holds::Text, "The paragraph or chapter; where the pack lists the document's paragraphs, one of them"),
        may("status", SURE, "How sure it is; where nothing is said, as sure as the paragraph, or the document"),
    ],
};

/// `evidence` of a gate.
pub const EVIDENCE: Form = Form {
    what: "evidence",
    keys: &[
        may("within", Holds::Like(LENGTH), "How old it may be, such as `24 months`"),
        need("assessed-by", Holds::Level("tier"), "The lowest tier that may assess"),
    ],
};

/// `evidence` of a rule that tightens a gate.
pub const TIGHTER_EVIDENCE: Form = Form {
    what: "evidence",
    keys: &[
        may("within", Holds::Like(LENGTH), "How old it may be, such as `12 months`: no longer than the rule allows"),
        may("assessed-by", Holds::Level("tier"), "The lowest tier that may assess: the same or a higher one"),
    ],
};

/// `fix` of an `each` rule.
pub const FIX: Form = Form {
    what: "a fix",
    keys: &[may("title", Holds::Text, "What it does, as an imperative"), may("write", Holds::Text, "What is written into the plan")],
};

/// `vocabulary.yaml`.
pub const VOCABULARY: Form = Form {
    what: "a vocabulary",
    keys: &[
        may("scales", Holds::Maps(&SCALE, NAME), "Ordered levels"),
        may("terms", Holds::Maps(&TERMS, NAME), "Closed lists of terms"),
        may("units", Holds::Maps(&UNIT, NAME), "Units of numbers"),
        may("kinds", Holds::Maps(&KIND, NAME), "Kinds of statement; to one that is there already, fields and rows may be added"),
    ],
};

/// A scale.
pub const SCALE: Form = Form {
    what: "a scale",
    keys: &[may("doc", Holds::Text, "What it measures"), need("levels", Holds::Words(2, 200), "The levels, lowest first")],
};

/// A unit.
pub const UNIT: Form = Form {
    what: "a unit",
    keys: &[
        may("doc", Holds::Text, "What it is"),
        need("of", Holds::Text, "What it counts, such as `people`"),
        may("also", Holds::Words(0, 1_000), "Other words for the very same unit"),
    ],
};

/// A set of terms.
pub const TERMS: Form = Form {
    what: "a set of terms",
    keys: &[may("doc", Holds::Text, "What its terms are"), may("terms", Holds::Maps(&TERM, NAME), "The terms, wholes before their parts")],
};

/// A term.
pub const TERM: Form = Form {
    what: "a term",
    keys: &[
        may("title", Holds::Text, "For people; where there is none, its name"),
        may("doc", Holds::Text, "What it is"),
        may("part-of", Holds::Text, "The term of which it is a part"),
        may("tier", Holds::Level("tier"), "For a kind of body: where it stands"),
    ],
};

/// A kind of statement.
pub const KIND: Form = Form {
    what: "a kind of statement",
    keys: &[
        may("doc", Holds::Text, "What it is for: one line"),
        may("written", Holds::Flag, "`no` for a kind that the compiler makes for rules"),
        may("named", Holds::Text, "The type of what names it"),
        may("as", Holds::Text, "What rules call the thing that names it"),
        may("title", Holds::Word(&["optional", "required"]), "Whether a title may or has to follow"),
        may("many", Holds::Flag, "Whether several may share a name"),
        may("cells", Holds::Maps(&FIELD, NAME), "Values after the name"),
        may("clauses", Holds::Clauses(&CLAUSE), "Clauses of the statement itself"),
        may("columns", Holds::Note, "Says that its block is a table with a row of years, quarters or months"),
        may("actuals", Holds::Flag, "Whether its rows may also be written after `actual`, as reached"),
        may("unit-field", Holds::Text, "The field that holds the unit of the table"),
        may("fields", Holds::Maps(&FIELD, NAME), "What may stand in its block"),
        may("rows", Holds::Maps(&FIELD, NAME), "Rows of the table"),
        may("derived", Holds::Maps(&FIELD, NAME), "What rules may ask of it though nobody writes it"),
    ],
};

/// A field, row or cell.
pub const FIELD: Form = Form {
    what: "a field",
    keys: &[
        need("type", Holds::Text, "Such as `date`, `body*` or `term function`; cells are parted by ` | `"),
        need("doc", Holds::Text, "What people read when they get the field wrong"),
        may("repeats", Holds::Flag, "Whether it may be written several times"),
        may("clauses", Holds::Clauses(&CLAUSE), "The clauses that it takes"),
    ],
};

/// A clause of a field.
pub const CLAUSE: Form = Form {
    what: "a clause",
    keys: &[
        may("as", Holds::Text, "What rules call it; where nothing is said, the word"),
        need("type", Holds::Text, "The type of its value"),
        may("required", Holds::Flag, "Whether it has to be there"),
        may("doc", Holds::Text, "What it says"),
    ],
};

/// `remit.yaml`.
pub const PROJECT: Form = Form {
    what: "this file",
    keys: &[
        may("as-of", Holds::Like(DAY), "The day as of which plans are checked; where nothing is said, today"),
        may("fail-on", SEVERITIES, "The least level at which a finding fails the run"),
        may("packs", Holds::WordsOrMaps(&PUBLISHED), "Further rule packs: folders of your own, and packs that others publish"),
        may("plans", Holds::Words(0, 10_000), "The folders in which the plans are"),
        may("roster", Holds::Map(&ROSTER), "Whose plans are expected, and by when: for `remit roster`"),
        may("trusted-keys", Holds::List(&TRUSTED_KEY), "The keys whose signatures count, and the packs that each may publish"),
    ],
};

/// What is expected, under `roster` of `remit.yaml`.
pub const ROSTER: Form = Form {
    what: "a roster",
    keys: &[
        may("expected", Holds::Words(0, 10_000), "Whose plans are expected: codes of systems, and regions for all their systems"),
        may("due", Holds::Like(DAY), "The last day on which they are in time"),
    ],
};

/// A published pack under `packs` of `remit.yaml`.
pub const PUBLISHED: Form = Form {
    what: "a published pack",
    keys: &[
        need("name", Holds::Like(PACK_NAME), "The pack's name"),
        need("version", Holds::Like(PACK_VERSION), "The very version, such as `2026.1.0`"),
        need("from", Holds::Text, "Where it is published: `oci://registry/path`, `https://server/path` or a folder"),
    ],
};

/// A key under `trusted-keys` of `remit.yaml`.
pub const TRUSTED_KEY: Form = Form {
    what: "a trusted key",
    keys: &[
        need("publisher", Holds::Text, "Whose key it is: the packs that it signs name this publisher"),
        need("key", Holds::Like(r"^RW[A-Za-z0-9+/=]{54}$"), "The public key: the line that begins with `RW`"),
        need("packs", Holds::WordsLike(PACK_PATTERN), "The packs that it may publish; `north-east-*` is every name that begins so"),
        may("until", Holds::Like(DAY), "The last day on which its signatures count"),
    ],
};

/// `remit.lock`.
pub const LOCK: Form = Form {
    what: "this file",
    keys: &[
        need("remit-lock", Holds::Word(&["1"]), "The version of this form"),
        need("packs", Holds::List(&LOCKED), "The packs that are in force, byte for byte"),
    ],
};

/// A pack in `remit.lock`.
pub const LOCKED: Form = Form {
    what: "a locked pack",
    keys: &[
        need("name", Holds::Like(PACK_NAME), "The pack's name"),
        need("version", Holds::Like(PACK_VERSION), "The version that is in force"),
        need("from", Holds::Text, "Where it was pulled from"),
        need("digest", Holds::Like("^sha256:[0-9a-f]{64}$"), "The digest of its archive"),
        need("key", Holds::Like("^[0-9A-F]{16}$"), "The key that signed it, by its number"),
    ],
};

/// Whether a text is a pack's name: lower-case words of letters and digits, joined by hyphens.
pub fn is_pack_name(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    text.len() <= 64 && text.starts_with(|first: char| first.is_ascii_lowercase()) && text.split('-').all(word)
}

/// Whether a text is a pack's version: letters and digits, with single dots, hyphens or underscores between.
pub fn is_pack_version(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    text.len() <= 64 && text.split(['.', '-', '_']).all(word)
}

/// Whether a text is where a site is.
pub fn is_site(text: &str) -> bool {
    text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

/// Whether a text says which packs a key may publish: a name, or the beginning of names, as in `north-east-*`.
pub fn is_pack_pattern(text: &str) -> bool {
    is_pack_name(text.strip_suffix("-*").unwrap_or(text))
}
