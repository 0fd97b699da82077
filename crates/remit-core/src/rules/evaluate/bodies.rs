//! What the register and the plan say of a body, for rules.

use crate::model::bodies::{BodyId, Known};
use crate::model::value::Value;
use crate::rules::evaluate::{Evaluation, Subject};
use crate::time::Date;

impl Evaluation<'_> {
    /// The body that is looked at, and the day on which.
    pub(crate) fn body(&self) -> Option<(BodyId, Date)> {
        match self.subject {
            Subject::LeftOut(body) => Some((body, self.plan.day())),
            Subject::Mention(mention) => Some((mention.body, if mention.dated { mention.day } else { self.plan.day() })),
            Subject::Named(body, _) => Some((body, self.plan.day())),
            Subject::Entity(entity) => entity.bodies("code").next().map(|(body, _)| (body, self.plan.day())),
            Subject::Row(..) | Subject::Line(_) => None,
        }
    }

    /// What the compiler works out: `None` when a name is nothing of the kind.
    pub(super) fn derived(&self, name: &str) -> Option<Known<Value>> {
        let (id, day) = self.body()?;
        let body = self.plan.bodies.get(id)?;
        let known = |value: Option<Value>| value.map_or(Known::Nothing, Known::Evidence);
        Some(match name {
            "code" => Known::Evidence(Value::Body(id)),
            "kind" => known(body.kind.map(Value::Term)),
            "tier" => known(self.vocabulary.scale("tier").map(|scale| Value::Level(scale, body.tier))),
            "day" | "read-on" => Known::Evidence(Value::Date(day)),
            "opened" => known(body.opened.map(Value::Date)),
            "closed" => known(body.closed.map(Value::Date)),
            "successor" => known(match body.successions.as_slice() {
                [only] => Some(Value::Body(only.successor)),
                _ => None,
            }),
            "successors" => known(self.successors(id).map(|text| Value::Text(text.into()))),
            "registered" => Known::Evidence(Value::YesNo(body.declared.is_none())),
            "registered-system" => match body.parent_on(day) {
                Known::Evidence(parent) => Known::Evidence(Value::Body(parent)),
                Known::Presumed(parent) => Known::Presumed(Value::Body(parent)),
                Known::Nothing => Known::Nothing,
            },
            // What is not said of an organisation's system follows from whose plan it is.
            "system" => {
                let system = self.vocabulary.scale("tier").and_then(|scale| self.vocabulary.level(scale, "system"));
                known(self.plan.body.filter(|body| Some(self.plan.bodies.tier(*body)) == system).map(Value::Body))
            }
            _ => return None,
        })
    }

    /// What the compiler works out of the plan as a whole: `None` when a name is nothing of the kind.
    pub(super) fn of_plan(&self, name: &str) -> Option<Known<Value>> {
        if name != "region" {
            return None;
        }
        let tier = self.vocabulary.scale("tier").and_then(|scale| self.vocabulary.level(scale, name))?;
        Some(match self.plan.above(tier) {
            Known::Evidence(region) => Known::Evidence(Value::Body(region)),
            Known::Presumed(region) => Known::Presumed(Value::Body(region)),
            Known::Nothing => Known::Nothing,
        })
    }

    fn successors(&self, body: BodyId) -> Option<String> {
        let body = self.plan.bodies.get(body)?;
        let shown = |succession: &crate::model::bodies::Succession| {
            format!("`{}`", self.plan.bodies.get(succession.successor).map_or("", |body| &*body.code))
        };
        match body.successions.as_slice() {
            [] => None,
            [only] => Some(format!("its successor from {} is {}", only.from, self.plan.bodies.shown(only.successor))),
            [first, ..] => {
                let all: Vec<String> = body.successions.iter().map(shown).collect();
                Some(format!("it was divided among {} on {}: choose the one that holds this", all.join(", "), first.from))
            }
        }
    }
}
