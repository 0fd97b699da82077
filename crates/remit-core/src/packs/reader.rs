//! Reads typed things out of spanned YAML, and says at the words what is wrong: unknown keys, wrong shapes, missing ones.

use crate::packs::forms::Form;
use crate::packs::yaml::{Entry, Node, Scalar, Yaml};
use crate::problem::{Problem, did_you_mean};
use crate::source::{FileId, Span};

/// The rule under which faults of packs are reported.
pub(crate) const PACK: &str = "remit/pack";

/// One YAML file being read, with what is wrong in it so far.
#[derive(Debug)]
pub(crate) struct Reader<'p> {
    pub(crate) file: FileId,
    pub(crate) problems: &'p mut Vec<Problem>,
}

impl Reader<'_> {
    pub(crate) fn span(&self, yaml: &Yaml) -> Span {
        Span::new(self.file, yaml.span.clone())
    }

    pub(crate) fn error(&mut self, span: Span, message: impl Into<String>) -> &mut Problem {
        self.problems.push(Problem::error(PACK, span, message));
        // INVARIANT: one was pushed on the line above.
        let last = self.problems.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "the problem was pushed two lines above")]
        &mut self.problems[last]
    }

    /// The entries of a map of a form; a key that it may not have is an error with the nearest one.
    pub(crate) fn form<'y>(&mut self, yaml: &'y Yaml, form: &Form) -> &'y [Entry] {
        self.keys(yaml, form.what, &form.names())
    }

    /// The entries of a map whose keys are all known; another key is an error with the nearest one.
    pub(crate) fn keys<'y>(&mut self, yaml: &'y Yaml, what: &str, known: &[&str]) -> &'y [Entry] {
        let Node::Map(entries) = &yaml.node else {
            let span = self.span(yaml);
            self.error(span, format!("{what} is written as `key: value` lines"));
            return &[];
        };
        for entry in entries {
            let key = entry.key.as_text().unwrap_or("");
            if !known.contains(&key) {
                let span = self.span(&entry.key);
                let near = did_you_mean(key, known.iter().copied()).map(str::to_owned);
                let list = known.join("`, `");
                let problem = self.error(span, format!("{what} has no `{key}`"));
                problem.help = Some(match &near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it may have `{list}`"),
                });
                if let Some(near) = near {
                    problem.fixes.push(crate::problem::Fix::replace(format!("write `{near}`"), span, near));
                }
            }
        }
        entries
    }

    /// The entries of a map with keys of the pack's own choosing.
    pub(crate) fn entries<'y>(&mut self, yaml: &'y Yaml, what: &str) -> &'y [Entry] {
        match &yaml.node {
            Node::Map(entries) => entries,
            Node::Null => &[],
            _ => {
                let span = self.span(yaml);
                self.error(span, format!("{what} is written as `key: value` lines"));
                &[]
            }
        }
    }

    /// A scalar that has to be there under a key.
    pub(crate) fn needed<'y>(&mut self, yaml: &'y Yaml, what: &str, key: &str) -> Option<&'y Scalar> {
        match yaml.get(key) {
            Some(value) => self.scalar(value, key),
            None => {
                let span = self.start(yaml);
                self.error(span, format!("{what} needs `{key}`"));
                None
            }
        }
    }

    /// A scalar under a key, when it is there.
    pub(crate) fn scalar_at<'y>(&mut self, yaml: &'y Yaml, key: &str) -> Option<&'y Scalar> {
        yaml.get(key).and_then(|value| self.scalar(value, key))
    }

    pub(crate) fn scalar<'y>(&mut self, yaml: &'y Yaml, key: &str) -> Option<&'y Scalar> {
        let scalar = yaml.as_scalar();
        if scalar.is_none() {
            let span = self.span(yaml);
            self.error(span, format!("`{key}` is one value"));
        }
        scalar
    }

    /// The values of a list, or the one value that stands in place of a list.
    pub(crate) fn list<'y>(&mut self, yaml: &'y Yaml, key: &str) -> Vec<(&'y str, Span)> {
        self.scalars(yaml, key).into_iter().map(|(scalar, span)| (scalar.text.as_str(), span)).collect()
    }

    /// The scalars of a list, or the one that stands in place of a list.
    pub(crate) fn scalars<'y>(&mut self, yaml: &'y Yaml, key: &str) -> Vec<(&'y Scalar, Span)> {
        let items: Vec<&Yaml> = match &yaml.node {
            Node::List(items) => items.iter().collect(),
            Node::Scalar(_) => vec![yaml],
            Node::Null => Vec::new(),
            Node::Map(_) => {
                let span = self.span(yaml);
                self.error(span, format!("`{key}` is a list, as in `[a, b]`"));
                Vec::new()
            }
        };
        items
            .into_iter()
            .filter_map(|item| {
                let span = self.span(item);
                self.scalar(item, key).map(|scalar| (scalar, span))
            })
            .collect()
    }

    /// The first line of something, for what is missing in it.
    pub(crate) fn start(&self, yaml: &Yaml) -> Span {
        match &yaml.node {
            Node::Map(entries) => entries.first().map_or(self.span(yaml), |entry| self.span(&entry.key)),
            _ => self.span(yaml),
        }
    }

    /// Yes or no.
    pub(crate) fn flag(&mut self, yaml: &Yaml, key: &str) -> bool {
        match yaml.get(key) {
            None => false,
            Some(value) => match value.as_text() {
                Some("yes" | "true") => true,
                Some("no" | "false") => false,
                _ => {
                    let span = self.span(value);
                    self.error(span, format!("`{key}` is `yes` or `no`"));
                    false
                }
            },
        }
    }
}
