//! `remit.yaml` and `remit.lock` as plain data. What may turn out wrong only later carries the line on which it stands.

use crate::packs::forms;
use crate::packs::reader::Reader;
use crate::packs::yaml::{self, Node, Yaml};
use crate::problem::{Problem, Severity};
use crate::source::{FileId, Source, Span};
use crate::time::{self, Date};

/// The largest file of settings that is read, in bytes; settings are a few lines.
pub const LARGEST: usize = 1 << 20;

/// What `remit.yaml` says; without one, nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The date as of which plans are checked.
    pub as_of: Option<Date>,
    /// The least severity at which a finding fails the run.
    pub fail_on: Option<Severity>,
    /// Further rule packs, in order.
    pub packs: Vec<PackEntry>,
    /// Where the plans are.
    pub plans: Vec<String>,
    /// Whose plans are expected, and by when.
    pub roster: Roster,
    /// Whose signatures count.
    pub trusted_keys: Vec<TrustedKey>,
}

/// What is said under `roster`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Codes of systems, and regions for all their systems.
    pub expected: Vec<String>,
    /// The last day on which plans are in time.
    pub due: Option<Date>,
}

/// A rule pack that `remit.yaml` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PackEntry {
    /// A folder of one's own.
    Folder(String),
    /// A pack that somebody publishes: it has to be signed.
    Published(Published),
}

/// A published pack under `packs`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its name.
    pub name: String,
    /// The very version.
    pub version: String,
    /// Where it is published, as written.
    pub from: String,
    /// The line on which it is named.
    pub line: usize,
}

/// A key under `trusted-keys`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// Whose it is, in the words in which packs name their publisher.
    pub publisher: String,
    /// The public key in base 64.
    pub key: String,
    /// The names that it may publish, a trailing `*` standing for any ending.
    pub packs: Vec<String>,
    /// The last day on which its signatures count.
    pub until: Option<Date>,
    /// The line on which it stands.
    pub line: usize,
}

/// What `remit.lock` says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    /// The packs in force.
    pub packs: Vec<Locked>,
}

/// A pack in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locked {
    /// Its name.
    pub name: String,
    /// The version in force.
    pub version: String,
    /// Where it was pulled from.
    pub from: String,
    /// `sha256:` and the digest of the archive.
    pub digest: String,
    /// The number of the key that signed it.
    pub key: String,
    /// The line on which it stands.
    pub line: usize,
}

/// What is wrong with a file of settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// From 1.
    pub line: usize,
    /// The fact.
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
}

impl TrustedKey {
    /// Whether it may publish packs of this name.
    pub fn may_publish(&self, name: &str) -> bool {
        self.packs.iter().any(|pattern| match pattern.strip_suffix('*') {
            Some(beginning) => name.starts_with(beginning),
            None => name == pattern,
        })
    }
}

/// Reads `remit.yaml`. A file of nothing but comments says nothing.
///
/// # Errors
/// Every mistake, in the order of their lines.
pub fn settings(text: &str) -> Result<Settings, Vec<Mistake>> {
    read(text, |file, yaml| {
        let mut settings = Settings::default();
        let Some(yaml) = yaml else { return settings };
        file.reader.form(yaml, &forms::PROJECT);
        settings.as_of = file.day(yaml, "as-of");
        settings.fail_on = file.like(yaml, "fail-on", Severity::from_word, |word| {
            (format!("there is no level `{word}`; there are error, warning and note"), None)
        });
        settings.plans = file.words(yaml, "plans");
        settings.packs = file.packs(yaml);
        settings.roster = file.roster(yaml);
        settings.trusted_keys = file.list(yaml, "trusted-keys", |file, yaml| file.trusted_key(yaml));
        settings
    })
}

/// Reads `remit.lock`.
///
/// # Errors
/// Every mistake, in the order of their lines.
pub fn lock(text: &str) -> Result<Lock, Vec<Mistake>> {
    read(text, |file, yaml| {
        let Some(yaml) = yaml else {
            file.reader.error(Span::new(FileId(0), 0..0), "this file is empty");
            return Lock::default();
        };
        file.reader.form(yaml, &forms::LOCK);
        let newer = |version: &str| (format!("this file is of version {version}, which this Remit does not know"), None);
        file.needed_like(yaml, "this file", "remit-lock", |version| (version == "1").then_some(()), newer);
        let mut packs: Vec<Locked> = file.list(yaml, "packs", |file, yaml| file.locked(yaml));
        file.once(&mut packs, |pack| (pack.name.clone(), pack.line));
        Lock { packs }
    })
}

/// Writes `remit.lock`: the same packs give the same bytes.
pub fn write_lock(packs: &[Locked]) -> String {
    use std::fmt::Write as _;
    let mut text = "# Which published packs are in force, byte for byte. `remit pack pull` writes it: keep it beside remit.yaml and under version control.\nremit-lock: 1\npacks:\n".to_owned();
    for Locked { name, version, from, digest, key, .. } in packs {
        let from = from.replace('\\', "\\\\").replace('"', "\\\"");
        let _ = write!(
            text,
            "  - name: \"{name}\"\n    version: \"{version}\"\n    from: \"{from}\"\n    digest: \"{digest}\"\n    key: \"{key}\"\n"
        );
    }
    if packs.is_empty() {
        text.truncate(text.len() - 1);
        text.push_str(" []\n");
    }
    text
}

/// A file while it is read.
struct File<'f> {
    reader: Reader<'f>,
    source: &'f Source,
}

fn read<T>(text: &str, settings: impl FnOnce(&mut File<'_>, Option<&Yaml>) -> T) -> Result<T, Vec<Mistake>> {
    if text.len() > LARGEST {
        return Err(vec![Mistake { line: 1, message: "this file is too large to be settings".to_owned(), help: None }]);
    }
    let source = Source::new("", text);
    let mut problems = Vec::new();
    let (documents, faults) = yaml::parse(text);
    for fault in faults {
        let mut problem = Problem::error("remit/settings", Span::new(FileId(0), fault.span), fault.message);
        problem.help = fault.help;
        problems.push(problem);
    }
    let mut file = File { reader: Reader { file: FileId(0), problems: &mut problems }, source: &source };
    if let Some(second) = documents.get(1) {
        let span = file.reader.start(second);
        file.reader.error(span, "there is a second document here, after `---`").help = Some("keep all settings in one".to_owned());
    }
    let first = documents.first().filter(|yaml| !matches!(yaml.node, Node::Null));
    let read = settings(&mut file, first);
    if problems.is_empty() {
        return Ok(read);
    }
    problems.sort_by_key(|problem| problem.span.start);
    let mistake =
        |problem: Problem| Mistake { line: source.position(problem.span.start).line, message: problem.message, help: problem.help };
    Err(problems.into_iter().map(mistake).collect())
}

impl File<'_> {
    fn line(&self, yaml: &Yaml) -> usize {
        self.source.position(self.reader.start(yaml).start).line
    }

    /// A value under a key, where there is one; `wrong` says the fact and the help about one that cannot be read.
    fn like<T>(
        &mut self,
        yaml: &Yaml,
        key: &str,
        read: impl Fn(&str) -> Option<T>,
        wrong: impl Fn(&str) -> (String, Option<&'static str>),
    ) -> Option<T> {
        let span = yaml.get(key).map(|value| self.reader.span(value))?;
        let scalar = self.reader.scalar_at(yaml, key)?;
        let value = read(&scalar.text);
        if value.is_none() {
            let (message, help) = wrong(&scalar.text);
            self.reader.error(span, message).help = help.map(str::to_owned);
        }
        value
    }

    fn needed_like<T>(
        &mut self,
        yaml: &Yaml,
        what: &str,
        key: &str,
        read: impl Fn(&str) -> Option<T>,
        wrong: impl Fn(&str) -> (String, Option<&'static str>),
    ) -> Option<T> {
        if yaml.get(key).is_none() {
            self.reader.needed(yaml, what, key)?;
        }
        self.like(yaml, key, read, wrong)
    }

    fn day(&mut self, yaml: &Yaml, key: &str) -> Option<Date> {
        self.like(yaml, key, |text| time::day(text).ok(), |text| (time::day(text).err().unwrap_or_default(), None))
    }

    fn words(&mut self, yaml: &Yaml, key: &str) -> Vec<String> {
        let list = yaml.get(key).map(|list| self.reader.list(list, key)).unwrap_or_default();
        list.into_iter().map(|(word, _)| word.to_owned()).collect()
    }

    fn roster(&mut self, yaml: &Yaml) -> Roster {
        let Some(yaml) = yaml.get("roster").filter(|yaml| !matches!(yaml.node, Node::Null)) else { return Roster::default() };
        self.reader.form(yaml, &forms::ROSTER);
        Roster { expected: self.words(yaml, "expected"), due: self.day(yaml, "due") }
    }

    /// The maps of a list under a key.
    fn list<T>(&mut self, yaml: &Yaml, key: &str, read: impl Fn(&mut Self, &Yaml) -> Option<T>) -> Vec<T> {
        match yaml.get(key).map(|list| (list, &list.node)) {
            Some((_, Node::List(items))) => items.iter().filter_map(|item| read(self, item)).collect(),
            Some((list, Node::Scalar(_) | Node::Map(_))) => {
                let span = self.reader.span(list);
                self.reader.error(span, format!("`{key}` is a list, each of whose entries begins with `- `"));
                Vec::new()
            }
            Some((_, Node::Null)) | None => Vec::new(),
        }
    }

    fn packs(&mut self, yaml: &Yaml) -> Vec<PackEntry> {
        let Some(packs) = yaml.get("packs") else { return Vec::new() };
        let items = match &packs.node {
            Node::List(items) => items.iter().collect(),
            Node::Scalar(_) => vec![packs],
            Node::Null => Vec::new(),
            Node::Map(_) => {
                let span = self.reader.span(packs);
                self.reader.error(span, "a list of folders belongs here, such as [packs/ours]").help =
                    Some("a published pack begins with `- name: `".to_owned());
                Vec::new()
            }
        };
        let mut found = Vec::new();
        for item in items {
            if let Node::Map(_) = item.node {
                found.extend(self.published(item).map(PackEntry::Published));
            } else if let Some(folder) = self.reader.scalar(item, "packs") {
                found.push(PackEntry::Folder(folder.text.clone()));
            }
        }
        self.once(&mut found, |entry| match entry {
            PackEntry::Folder(folder) => (format!("folder {folder}"), 0),
            PackEntry::Published(pack) => (pack.name.clone(), pack.line),
        });
        found
    }

    /// A published pack stands in a list once.
    fn once<T>(&mut self, found: &mut Vec<T>, name: impl Fn(&T) -> (String, usize)) {
        let mut seen = std::collections::HashSet::new();
        let mut twice = Vec::new();
        found.retain(|entry| {
            let (name, line) = name(entry);
            let first = seen.insert(name.clone()) || line == 0;
            if !first {
                twice.push((name, line));
            }
            first
        });
        for (name, line) in twice {
            let start = self.source.text().split_inclusive('\n').take(line - 1).map(str::len).sum();
            self.reader.error(Span::new(FileId(0), start..start), format!("the pack `{name}` stands here twice")).help =
                Some("keep one".to_owned());
        }
    }

    fn pack_name(&mut self, yaml: &Yaml, what: &str) -> Option<String> {
        self.needed_like(
            yaml,
            what,
            "name",
            |text| forms::is_pack_name(text).then(|| text.to_owned()),
            |text| (format!("`{text}` is not a pack's name"), Some("write lower-case letters, digits and hyphens, such as `north-east`")),
        )
    }

    fn version(&mut self, yaml: &Yaml, what: &str) -> Option<String> {
        self.needed_like(
            yaml,
            what,
            "version",
            |text| forms::is_pack_version(text).then(|| text.to_owned()),
            |text| (format!("`{text}` is not a version"), Some("write the very version, such as `2026.1.0`")),
        )
    }

    fn published(&mut self, yaml: &Yaml) -> Option<Published> {
        const WHAT: &str = forms::PUBLISHED.what;
        self.reader.form(yaml, &forms::PUBLISHED);
        let name = self.pack_name(yaml, WHAT);
        let version = self.version(yaml, WHAT);
        let from = self.reader.needed(yaml, WHAT, "from").map(|scalar| scalar.text.clone());
        Some(Published { name: name?, version: version?, from: from?, line: self.line(yaml) })
    }

    fn trusted_key(&mut self, yaml: &Yaml) -> Option<TrustedKey> {
        const WHAT: &str = forms::TRUSTED_KEY.what;
        self.reader.form(yaml, &forms::TRUSTED_KEY);
        let publisher = self.reader.needed(yaml, WHAT, "publisher").map(|scalar| scalar.text.clone());
        let key = self.needed_like(
            yaml,
            WHAT,
            "key",
            |text| is_public_key(text).then(|| text.to_owned()),
            |_| ("this is not a public key".to_owned(), Some("write the line of the `.pub` file that begins with `RW`, without a break")),
        );
        if yaml.get("packs").is_none() {
            let span = self.reader.start(yaml);
            self.reader.error(span, "a trusted key needs `packs`").help =
                Some("name the packs that it may publish, such as `packs: [north-east-*]`".to_owned());
        }
        let list = yaml.get("packs").map(|list| (self.reader.span(list), self.reader.list(list, "packs")));
        let mut packs = Vec::new();
        for (pattern, span) in list.iter().flat_map(|(_, list)| list.iter()) {
            if forms::is_pack_pattern(pattern) {
                packs.push((*pattern).to_owned());
            } else {
                self.reader.error(*span, format!("`{pattern}` does not say which packs it may publish")).help =
                    Some("write a pack's name, or the beginning of names, such as `north-east-*`".to_owned());
            }
        }
        if let Some((span, list)) = list
            && list.is_empty()
        {
            self.reader.error(span, "this key may publish nothing").help =
                Some("name the packs that it may publish, or remove the key".to_owned());
        }
        let until = self.day(yaml, "until");
        Some(TrustedKey { publisher: publisher?, key: key?, packs, until, line: self.line(yaml) })
    }

    fn locked(&mut self, yaml: &Yaml) -> Option<Locked> {
        const WHAT: &str = forms::LOCKED.what;
        self.reader.form(yaml, &forms::LOCKED);
        let name = self.pack_name(yaml, WHAT);
        let version = self.version(yaml, WHAT);
        let from = self.reader.needed(yaml, WHAT, "from").map(|scalar| scalar.text.clone());
        let hexadecimal = |text: &str, digits: usize, letters: std::ops::RangeInclusive<u8>| {
            text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit() || letters.contains(&byte))
        };
        let is_digest = |text: &str| text.strip_prefix("sha256:").is_some_and(|digits| hexadecimal(digits, 64, b'a'..=b'f'));
        let digest = self.needed_like(
            yaml,
            WHAT,
            "digest",
            |text| is_digest(text).then(|| text.to_owned()),
            |text| (format!("`{text}` is not a digest"), Some("it is `sha256:` and 64 digits; `remit pack pull` writes it")),
        );
        let key = self.needed_like(
            yaml,
            WHAT,
            "key",
            |text| hexadecimal(text, 16, b'A'..=b'F').then(|| text.to_owned()),
            |text| (format!("`{text}` is not the number of a key"), Some("it is 16 digits; `remit pack pull` writes it")),
        );
        Some(Locked { name: name?, version: version?, from: from?, digest: digest?, key: key?, line: self.line(yaml) })
    }
}

/// Whether a text has the form of a minisign public key: `Ed`, a number and a point, in base 64.
fn is_public_key(text: &str) -> bool {
    text.len() == 56
        && text.starts_with("RW")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='))
}
