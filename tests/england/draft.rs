//! A plan while it is written: statements that can be changed one by one, and what each change has touched.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use remit_core::syntax::format;

use crate::england::clean::tables;
use crate::england::systems::System;

/// One statement: its head, and the fields of its block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The file in which it stands.
    pub file: &'static str,
    /// A comment above it.
    pub above: Option<String>,
    /// All before the block, as in `commitment one-offer "One offer to staff"`.
    pub head: String,
    /// A comment behind the head.
    pub comment: Option<String>,
    /// Word and rest of each line of the block.
    pub fields: Vec<(String, String)>,
}

/// Whether a change reads or writes what it touches: two that read do not disturb one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// What is planted depends on it.
    Read,
    /// What is planted changes it.
    Write,
}

/// A plan while it is written.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Whose it is.
    pub system: System,
    /// How many years its horizon has.
    pub years: i16,
    /// The seed of England, for whatever is written later.
    pub seed: u64,
    pub(crate) statements: Vec<Statement>,
    pub(crate) touched: BTreeMap<String, Access>,
}

impl Statement {
    /// What names it: its head's first two words; the whole head before any title of a table `of` a body.
    pub fn key(&self) -> String {
        let head = self.head.split('"').next().unwrap_or_default().trim();
        let words: Vec<&str> = head.split_whitespace().collect();
        match words.as_slice() {
            ["plan", ..] => "plan".to_owned(),
            ["workforce" | "waiver" | "milestone", ..] => head.to_owned(),
            [kind, name, ..] => format!("{kind} {name}"),
            _ => head.to_owned(),
        }
    }

    /// Writes a field anew, or adds it.
    pub fn set(&mut self, word: &str, value: impl Into<String>) -> &mut Self {
        match self.fields.iter_mut().find(|(known, _)| known == word) {
            Some((_, known)) => *known = value.into(),
            None => self.fields.push((word.to_owned(), value.into())),
        }
        self
    }

    /// Adds a field, beside others of its word.
    pub fn also(&mut self, word: &str, value: impl Into<String>) -> &mut Self {
        self.fields.push((word.to_owned(), value.into()));
        self
    }

    /// Puts these in the place of every field of a word.
    pub fn replace<V: Into<String>>(&mut self, word: &str, values: impl IntoIterator<Item = V>) -> &mut Self {
        let at = self.fields.iter().position(|(known, _)| known == word).unwrap_or(0);
        self.fields.retain(|(known, _)| known != word);
        let values: Vec<(String, String)> = values.into_iter().map(|value| (word.to_owned(), value.into())).collect();
        self.fields.splice(at..at, values);
        self
    }

    /// Takes every field of a word away.
    pub fn take(&mut self, word: &str) -> &mut Self {
        let before = self.fields.len();
        self.fields.retain(|(known, _)| known != word);
        assert!(self.fields.len() < before, "`{}` has no `{word}` to take away", self.head);
        self
    }

    /// Takes one value out of the lists of a word.
    pub fn leave_out(&mut self, word: &str, value: &str) -> &mut Self {
        let mut found = false;
        for (_, list) in self.fields.iter_mut().filter(|(known, _)| known == word) {
            let kept: Vec<&str> = list.split(", ").filter(|one| *one != value).collect();
            found |= kept.len() < list.split(", ").count();
            *list = kept.join(", ");
        }
        assert!(found, "`{}` has no `{word}` that names {value}", self.head);
        self.fields.retain(|(_, list)| !list.is_empty());
        self
    }

    /// What a field says.
    pub fn get(&self, word: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == word).map(|(_, value)| value.as_str())
    }

    fn write(&self, text: &mut String) {
        if let Some(above) = &self.above {
            let _ = write!(text, "\n{above}\n");
        }
        text.push_str(&self.head);
        if !self.fields.is_empty() {
            text.push_str(" {");
        }
        if let Some(comment) = &self.comment {
            let _ = write!(text, "  # {comment}");
        }
        text.push('\n');
        for (word, rest) in &self.fields {
            let _ = writeln!(text, "  {word}  {rest}");
        }
        if !self.fields.is_empty() {
            text.push_str("}\n");
        }
    }
}

impl Draft {
    /// A plan in which nothing stands yet.
    pub fn new(system: System, seed: u64) -> Self {
        Self { system, years: 5, seed, statements: Vec::new(), touched: BTreeMap::new() }
    }

    /// Records that what is planted depends on something, or changes it.
    pub fn touch(&mut self, key: impl Into<String>, access: Access) {
        let known = self.touched.entry(key.into()).or_insert(access);
        if access == Access::Write {
            *known = Access::Write;
        }
    }

    /// Whether a statement is there.
    pub fn has(&self, key: &str) -> bool {
        self.statements.iter().any(|statement| statement.key() == key)
    }

    /// A statement, to be changed.
    pub fn statement(&mut self, key: &str) -> &mut Statement {
        self.touch(key, Access::Write);
        let found = self.statements.iter().position(|statement| statement.key() == key);
        match found {
            Some(at) => &mut self.statements[at],
            None => panic!("the plan for {} has no statement `{key}`", self.system.code),
        }
    }

    /// A statement, to be read: whatever changes it is kept away from this plan.
    pub fn read(&mut self, key: &str) -> Statement {
        self.touch(key, Access::Read);
        let found = self.statements.iter().find(|statement| statement.key() == key);
        found.cloned().unwrap_or_else(|| panic!("the plan for {} has no statement `{key}`", self.system.code))
    }

    /// Adds a statement at the end of a file.
    pub fn add(&mut self, file: &'static str, head: impl Into<String>, fields: &[(&str, &str)]) -> &mut Statement {
        let fields = fields.iter().map(|(word, value)| ((*word).to_owned(), (*value).to_owned())).collect();
        let statement = Statement { file, above: None, head: head.into(), comment: None, fields };
        let key = statement.key();
        assert!(!self.has(&key), "the plan for {} has `{key}` already", self.system.code);
        self.touch(key, Access::Write);
        self.statements.push(statement);
        self.statements.last_mut().expect("one was added")
    }

    /// Takes a statement away.
    pub fn remove(&mut self, key: &str) {
        self.statement(key);
        self.statements.retain(|statement| statement.key() != key);
    }

    /// Gives the plan a horizon of so many years, and its tables as many.
    pub fn lasts(&mut self, years: i16) {
        self.years = years;
        self.touch("horizon", Access::Write);
        let horizon = format!("{} to {}", self.system.round.first, self.system.round.last(years));
        self.statement("plan").set("horizon", horizon);
        for table in tables(&self.system, years, self.seed) {
            let key = table.key();
            *self.statement(&key) = table;
        }
    }

    /// Says so many times whatever a plan can say more than once: the others under a number of their own, which nothing refers to.
    pub fn repeat(&mut self, times: usize) {
        let again = |statement: &&Statement| {
            let kind = statement.head.split(' ').next().unwrap_or_default();
            ["commitment", "funding", "evidence", "measure", "role", "pipeline", "target", "priority"].contains(&kind)
        };
        let repeated: Vec<Statement> = self.statements.iter().filter(again).cloned().collect();
        for number in 2..=times {
            self.statements.extend(repeated.iter().map(|statement| {
                let mut words = statement.head.splitn(3, ' ');
                let (kind, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                let rest = words.next().map(|rest| format!(" {rest}")).unwrap_or_default();
                Statement { head: format!("{kind} {name}-{number}{rest}"), ..statement.clone() }
            }));
        }
    }

    /// Name and text of each file, laid out.
    pub fn files(&self) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = Vec::new();
        for statement in &self.statements {
            let name = format!("{}.remit", statement.file);
            let at = files.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                files.push((name, heading(statement.file, &self.system)));
                files.len() - 1
            });
            statement.write(&mut files[at].1);
        }
        files.into_iter().map(|(name, text)| (name, format::format(&text))).collect()
    }
}

fn heading(file: &str, system: &System) -> String {
    let about = match file {
        "plan" => "Generated: the bodies are real, and the staff in post of 2018/19; everything else is illustrative",
        "organisations" => "Who is in the system. Names, kinds and dates come from the bodies register; guardians are illustrative",
        "responsibilities" => "Who answers for what: one body for each function on every day. Illustrative",
        "readiness" => "How ready the system is, as the region found it. Illustrative",
        "workforce" => "The workforce, year by year. Real: `in-post` of 2018/19, which is June 2018. All else is illustrative",
        _ => "What the system will do, by when, and with whose money. Illustrative",
    };
    format!("# {}. {about}.\n\n", system.name)
}
