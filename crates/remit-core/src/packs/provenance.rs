//! How sure it is what a rule rests on: documents with their status, and their paragraphs, each checked, left to judgement or not covered.

use crate::packs::forms;
use crate::packs::reader::Reader;
use crate::packs::yaml::{Node, Scalar, Yaml};
use crate::problem::{Problem, did_you_mean};
use crate::source::Span;

/// How sure something is that a pack says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Read in the document itself, or in a page that quotes it word for word.
    Verified,
    /// Read in pages that tell of the document.
    VerifiedSecondary,
    /// It follows from the figures or the words themselves: no document is needed.
    Arithmetic,
    /// The publisher's own.
    Ours,
    /// From memory, or not found.
    Unverified,
}

impl Status {
    /// All of them, surest first.
    pub const ALL: [Self; 5] = [Self::Verified, Self::VerifiedSecondary, Self::Arithmetic, Self::Ours, Self::Unverified];

    /// As packs write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::VerifiedSecondary => "verified-secondary",
            Self::Arithmetic => "arithmetic",
            Self::Ours => "ours",
            Self::Unverified => "unverified",
        }
    }
}

/// A paragraph of a document that a pack holds, in the pack's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// The document, as the pack calls it.
    pub document: String,
    /// For people.
    pub document_title: String,
    /// What rules call it.
    pub name: String,
    /// What it says.
    pub says: String,
    /// How sure that is.
    pub status: Option<Status>,
    /// Where it was read.
    pub read_in: Option<String>,
    /// What becomes of it.
    pub kept: Kept,
}

/// What becomes of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// These rules check it, and this is what they leave to judgement.
    Checked(Vec<String>, Option<String>),
    /// No machine can tell: why.
    Judgement(String),
    /// No rule checks it: why, where the pack says.
    NotCovered(Option<String>),
}

/// A document of a pack.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    name: String,
    title: String,
    status: Option<Status>,
}

/// The documents and paragraphs that a pack's rules may name: its own, and those of the packs that it extends.
#[derive(Debug, Clone, Default)]
pub(crate) struct Provenance {
    documents: Vec<Document>,
    paragraphs: Vec<Listed>,
}

/// A paragraph, where it stands, and whether the pack lists it itself.
#[derive(Debug, Clone)]
struct Listed {
    paragraph: Paragraph,
    place: Span,
    own: bool,
}

impl Provenance {
    /// Reads the `sources` of a pack.yaml.
    pub(crate) fn read_documents(&mut self, reader: &mut Reader<'_>, yaml: &Yaml) {
        for entry in reader.entries(yaml, "sources") {
            reader.form(&entry.value, &forms::DOCUMENT);
            let title = reader.needed(&entry.value, "a source", "title").map(|scalar| scalar.text.clone()).unwrap_or_default();
            let status = status(reader, &entry.value);
            self.documents.push(Document { name: entry.key.as_text().unwrap_or("").to_owned(), title, status });
        }
    }

    /// Reads a paragraphs.yaml: for each document, its paragraphs.
    pub(crate) fn read_paragraphs(&mut self, reader: &mut Reader<'_>, yaml: &Yaml) {
        for entry in reader.entries(yaml, "paragraphs") {
            let place = reader.span(&entry.key);
            let name = entry.key.as_text().unwrap_or("");
            let Some(document) = self.documents.iter().find(|document| document.name == name).cloned() else {
                self.no_document(reader, name, place);
                continue;
            };
            let items = match &entry.value.node {
                Node::List(items) => items.as_slice(),
                Node::Null => &[],
                _ => {
                    let span = reader.span(&entry.value);
                    reader.error(span, "paragraphs are written as a list: `- paragraph: …`");
                    continue;
                }
            };
            for item in items {
                self.read_paragraph(reader, item, &document);
            }
        }
    }

    fn read_paragraph(&mut self, reader: &mut Reader<'_>, yaml: &Yaml, document: &Document) {
        reader.form(yaml, &forms::PARAGRAPH);
        let Some(name) = reader.needed(yaml, "a paragraph", "paragraph") else { return };
        let place = whole(reader, name);
        let says = reader.needed(yaml, "a paragraph", "says").map(|scalar| scalar.text.trim().to_owned()).unwrap_or_default();
        let mut text = |key: &str| reader.scalar_at(yaml, key).map(|scalar| scalar.text.trim().to_owned());
        let (read_in, judgement, not_covered) = (text("read-in"), text("judgement"), text("not-covered"));
        if judgement.is_some() && not_covered.is_some() {
            reader.error(place, "this paragraph is left to judgement and not covered at once").help =
                Some("keep one of the two".to_owned());
        }
        let same = |known: &&Listed| known.paragraph.document == document.name && known.paragraph.name == name.text;
        if let Some(first) = self.paragraphs.iter().find(same).map(|known| known.place) {
            let problem = Problem::error(crate::packs::reader::PACK, place, format!("the paragraph `{}` stands twice", name.text));
            reader.problems.push(problem.also(first, "the first is here"));
        }
        let kept = match (judgement, not_covered) {
            (_, Some(why)) => Kept::NotCovered(Some(why)),
            // Rules come later: they may check part of what is left to judgement.
            (why, None) => Kept::Checked(Vec::new(), why),
        };
        let paragraph = Paragraph {
            document: document.name.clone(),
            document_title: document.title.clone(),
            name: name.text.clone(),
            says,
            status: status(reader, yaml).or(document.status),
            read_in,
            kept,
        };
        self.paragraphs.push(Listed { paragraph, place, own: true });
    }

    /// What the packs know that one extends.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.documents.extend(other.documents.iter().cloned());
        self.paragraphs.extend(other.paragraphs.iter().map(|listed| Listed { own: false, ..listed.clone() }));
    }

    /// The title of a document that a rule names; an error where the pack lists none of the name.
    pub(crate) fn title(&self, reader: &mut Reader<'_>, name: &Scalar) -> Option<String> {
        let title = self.documents.iter().find(|document| document.name == name.text).map(|document| document.title.clone());
        if title.is_none() {
            let place = whole(reader, name);
            self.no_document(reader, &name.text, place);
        }
        title
    }

    fn no_document(&self, reader: &mut Reader<'_>, name: &str, place: Span) {
        let near = did_you_mean(name, self.documents.iter().map(|document| document.name.as_str()));
        let help = near.map_or_else(|| "list it under `sources` in pack.yaml".to_owned(), |near| format!("did you mean `{near}`?"));
        reader.error(place, format!("the pack lists no document `{name}`")).help = Some(help);
    }

    /// How sure it is what a rule's `source` names. Where the pack lists the paragraphs of a document, it is one of them.
    pub(crate) fn status(&self, reader: &mut Reader<'_>, source: &Yaml) -> Option<Status> {
        let document = source.get("document").and_then(Yaml::as_text)?;
        let own = status(reader, source);
        let of_document = self.documents.iter().find(|known| known.name == document).and_then(|known| known.status);
        let all = self.paragraphs.iter().map(|listed| &listed.paragraph);
        let mut known = all.filter(|paragraph| paragraph.document == document).peekable();
        let named = source.get("paragraph").and_then(Yaml::as_scalar);
        let (Some(named), Some(_)) = (named, known.peek()) else { return own.or(of_document) };
        let names: Vec<&str> = known.clone().map(|paragraph| paragraph.name.as_str()).collect();
        match known.find(|paragraph| paragraph.name == named.text) {
            Some(paragraph) => own.or(paragraph.status),
            None => {
                let place = whole(reader, named);
                let near = did_you_mean(&named.text, names);
                let help = near.map_or_else(|| "list it in paragraphs.yaml".to_owned(), |near| format!("did you mean `{near}`?"));
                reader.error(place, format!("`{document}` has no paragraph `{}`", named.text)).help = Some(help);
                own.or(of_document)
            }
        }
    }

    /// The pack's own paragraphs with the rules of all packs that check them: rule, document and paragraph.
    pub(crate) fn kept(self, rules: &[(String, String, String)], problems: &mut Vec<Problem>) -> Vec<Paragraph> {
        let mut kept = Vec::new();
        for Listed { mut paragraph, place, .. } in self.paragraphs.into_iter().filter(|listed| listed.own) {
            let checking: Vec<String> = rules
                .iter()
                .filter(|(_, document, named)| *document == paragraph.document && *named == paragraph.name)
                .map(|(rule, _, _)| rule.clone())
                .collect();
            paragraph.kept = match (paragraph.kept, checking.first()) {
                (Kept::NotCovered(_), Some(rule)) => {
                    let message = format!("`{rule}` checks this paragraph, which is said not to be covered");
                    problems.push(Problem::error(crate::packs::reader::PACK, place, message).help("remove `not-covered`"));
                    continue;
                }
                (Kept::Checked(_, Some(why)), None) => Kept::Judgement(why),
                (Kept::Checked(_, None), None) => Kept::NotCovered(None),
                (Kept::Checked(_, why), Some(_)) => Kept::Checked(checking, why),
                (other, _) => other,
            };
            kept.push(paragraph);
        }
        kept
    }
}

/// The `status` of something, one of the words for how sure it is.
fn status(reader: &mut Reader<'_>, yaml: &Yaml) -> Option<Status> {
    let scalar = reader.scalar_at(yaml, "status")?;
    let found = Status::ALL.into_iter().find(|status| status.word() == scalar.text);
    if found.is_none() {
        let words = Status::ALL.map(Status::word);
        let near = did_you_mean(&scalar.text, words).map(|near| format!("did you mean `{near}`?"));
        let place = whole(reader, scalar);
        let help = near.unwrap_or_else(|| format!("write one of `{}`; what else there is to say goes under `note`", words.join("`, `")));
        reader.error(place, format!("`{}` does not say how sure this is", crate::problem::cut(scalar.text.clone()))).help = Some(help);
    }
    found
}

fn whole(reader: &Reader<'_>, scalar: &Scalar) -> Span {
    Span::new(reader.file, scalar.source_span(0..scalar.text.len()))
}
