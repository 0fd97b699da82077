//! Messages of rules: text with `{…}`, each of which is an expression that is worked out for the finding.

use crate::model::value::{self, Value};
use crate::rules::evaluate::{Evaluation, Outcome};
use crate::rules::expression::{self, Expr, Fault, Node};

/// A message with its gaps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Template {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
enum Part {
    Text(String),
    /// A name that the form of the rule fills in.
    Name(String),
    /// An expression on the subject.
    Expr(Expr),
}

impl Template {
    /// Reads a message; `check` looks up what stands in each gap, and says what is wrong with it.
    pub(crate) fn read(text: &str, names: &[&str], mut check: impl FnMut(&mut Expr, &mut Vec<Fault>)) -> (Self, Vec<Fault>) {
        let mut parts = Vec::new();
        let mut faults = Vec::new();
        let mut at = 0;
        while let Some(open) = text.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
            parts.push(Part::Text(text.get(at..open).unwrap_or("").to_owned()));
            let Some(close) = text.get(open..).and_then(|rest| rest.find('}')).map(|found| open + found) else {
                faults.push(Fault {
                    range: open..text.len(),
                    message: "this `{` is not closed".to_owned(),
                    help: Some("write the name between `{` and `}`".to_owned()),
                });
                return (Self { parts }, faults);
            };
            let inner = text.get(open + 1..close).unwrap_or("");
            if names.contains(&inner) {
                parts.push(Part::Name(inner.to_owned()));
            } else {
                match expression::parse(inner) {
                    Ok(mut expr) => {
                        let mut inner_faults = Vec::new();
                        check(&mut expr, &mut inner_faults);
                        if inner_faults.is_empty() && matches!(expr.node, Node::Name(_)) {
                            inner_faults.push(Fault {
                                range: expr.range.clone(),
                                message: format!("there is no `{inner}` here"),
                                help: names_help(names),
                            });
                        }
                        faults.extend(inner_faults.into_iter().map(|fault| shifted(fault, open + 1)));
                        parts.push(Part::Expr(expr));
                    }
                    Err(fault) => faults.push(shifted(fault, open + 1)),
                }
            }
            at = close + 1;
        }
        parts.push(Part::Text(text.get(at..).unwrap_or("").to_owned()));
        (Self { parts }, faults)
    }

    /// The message, with every gap filled; an empty word where something is not given.
    pub(crate) fn fill(&self, evaluation: Option<Evaluation<'_>>, names: &[(&str, String)]) -> String {
        self.parts.iter().map(|part| Self::part(part, evaluation, names).unwrap_or_default()).collect()
    }

    /// What a fix writes into the plan, unless something that stands in it is not given: bodies by their codes.
    pub(crate) fn write(&self, evaluation: Option<Evaluation<'_>>, names: &[(&str, String)]) -> Option<String> {
        let written = |part: &Part| match (part, evaluation) {
            (Part::Expr(expr), Some(evaluation)) => match evaluation.value(expr, &mut Outcome::default())? {
                Value::Body(body) => Some(evaluation.plan.bodies.written(body)),
                value => Some(value::show(&value, evaluation.vocabulary, &evaluation.plan.bodies)),
            },
            _ => Self::part(part, evaluation, names),
        };
        self.parts.iter().map(written).collect()
    }

    fn part(part: &Part, evaluation: Option<Evaluation<'_>>, names: &[(&str, String)]) -> Option<String> {
        match part {
            Part::Text(text) => Some(text.clone()),
            Part::Name(name) => names.iter().find(|(known, _)| known == name).map(|(_, text)| text.clone()),
            Part::Expr(expr) => {
                let evaluation = evaluation?;
                match evaluation.value(expr, &mut Outcome::default())? {
                    Value::Term(term) => Some(evaluation.vocabulary.title(term)),
                    value => Some(value::show(&value, evaluation.vocabulary, &evaluation.plan.bodies)),
                }
            }
        }
    }
}

fn shifted(fault: Fault, by: usize) -> Fault {
    Fault { range: fault.range.start + by..fault.range.end + by, ..fault }
}

fn names_help(names: &[&str]) -> Option<String> {
    (!names.is_empty())
        .then(|| format!("this rule fills in {}", names.iter().map(|name| format!("`{{{name}}}`")).collect::<Vec<_>>().join(", ")))
}
