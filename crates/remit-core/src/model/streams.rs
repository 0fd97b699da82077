//! Money that may or may not arrive: what the `status subject-to` of funding waits for, and the plan as it would be with it or without.

use std::sync::Arc;

use crate::model::Plan;
use crate::model::value::{Datum, Value};
use crate::source::Span;
use crate::vocabulary::{TermId, Vocabulary};

/// The field that says whether money is there.
pub(crate) const STATUS: &str = "status";

/// What money waits for. Whatever waits for the same words waits for the same thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    /// The words, as the plan has them.
    pub name: Arc<str>,
    /// Where they stand.
    pub places: Vec<Span>,
    /// The words that name the statements that wait for it.
    pub funding: Vec<Span>,
    /// The statements that wait for it, and the field of each that says so.
    lines: Vec<(usize, usize)>,
}

/// Whether something that money waits for is taken to arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumption {
    /// What it waits for, as the plan has it.
    pub stream: String,
    /// `true`: the money is confirmed; `false`: there is none.
    pub arrives: bool,
}

/// All that the money of a plan waits for, in the order in which the plan first says so.
pub fn streams(plan: &Plan, vocabulary: &Vocabulary) -> Vec<Stream> {
    let mut streams: Vec<Stream> = Vec::new();
    let (Some(waits), Some(kind)) = (status(vocabulary, "subject-to"), vocabulary.kind("funding")) else { return streams };
    for (at, entity) in plan.of_kind(kind) {
        for (line, field) in entity.fields.iter().enumerate().filter(|(_, field)| &*field.name == STATUS) {
            let [Datum { value: Some(Value::Term(term)), .. }, Datum { value: Some(Value::Text(name)), place }] = field.values.as_slice()
            else {
                continue;
            };
            if *term != waits {
                continue;
            }
            let known = streams.iter().position(|stream| stream.name == *name).unwrap_or_else(|| {
                streams.push(Stream { name: name.clone(), places: Vec::new(), funding: Vec::new(), lines: Vec::new() });
                streams.len() - 1
            });
            if let Some(stream) = streams.get_mut(known) {
                stream.places.push(*place);
                stream.funding.push(entity.place);
                stream.lines.push((at, line));
            }
        }
    }
    streams
}

impl Plan {
    /// Reads the money that waits for something as `confirmed`, or as `unfunded`.
    pub(crate) fn settle(&mut self, stream: &Stream, arrives: bool, vocabulary: &Vocabulary) {
        let Some(term) = status(vocabulary, if arrives { "confirmed" } else { "unfunded" }) else { return };
        for (at, line) in &stream.lines {
            let field = self.entities.get_mut(*at).and_then(|entity| entity.fields.get_mut(*line));
            if let Some(field) = field {
                field.values.truncate(1);
                field.values.iter_mut().for_each(|datum| datum.value = Some(Value::Term(term)));
            }
        }
        self.shortlists.forget();
    }

    /// Settles all that is assumed; what the plan does not wait for changes nothing.
    pub(crate) fn assume(&mut self, assumptions: &[Assumption], vocabulary: &Vocabulary) {
        if assumptions.is_empty() {
            return;
        }
        for stream in streams(self, vocabulary) {
            if let Some(assumed) = assumptions.iter().rev().find(|assumed| *assumed.stream == *stream.name) {
                self.settle(&stream, assumed.arrives, vocabulary);
            }
        }
    }
}

fn status(vocabulary: &Vocabulary, word: &str) -> Option<TermId> {
    vocabulary.term(vocabulary.set("funding-status")?, word)
}
