//! `remit schema`: the JSON Schemas of every YAML file, printed from the tables by which the loader reads, and those of the outputs.

use std::io::Write;

use remit_core::packs::forms::{self, Form, Holds, Key, RuleForm};
use remit_core::vocabulary::Vocabulary;
use serde_json::{Map, Value, json};

use crate::arguments::SchemaArguments;
use crate::exit::{Failure, Outcome};
use crate::packs::embedded_packs;

/// What there is a schema of: the name, the file that it is about, and whether it is generated.
const SCHEMAS: [(&str, &str); 16] = [
    ("rule", "a rule of a pack, `rules/*.yaml`"),
    ("pack", "`pack.yaml`"),
    ("vocabulary", "`vocabulary.yaml`"),
    ("paragraphs", "`paragraphs.yaml`"),
    ("project", "`remit.yaml`"),
    ("lock", "`remit.lock`"),
    ("check", "what `remit check --format json` writes"),
    ("explain", "what `remit explain --format json` writes"),
    ("why", "what `remit why --format json` writes"),
    ("outcomes", "what `remit outcomes --format json` writes"),
    ("calendar", "what `remit calendar --format json` writes"),
    ("record", "what `remit check --record` writes"),
    ("ready", "what `remit ready --format json` writes"),
    ("roster", "what `remit roster --format json` writes"),
    ("waivers", "what `remit waivers --format json` writes"),
    ("baseline", "what `remit baseline` writes"),
];

/// Runs the command.
pub(crate) fn run(arguments: &SchemaArguments, out: &mut dyn Write) -> Result<Outcome, Failure> {
    let text = match &arguments.name {
        None => {
            let widest = SCHEMAS.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
            SCHEMAS.iter().map(|(name, about)| format!("{name:<widest$}  {about}\n")).collect()
        }
        Some(name) => schema(name).ok_or_else(|| unknown(name))?,
    };
    out.write_all(text.as_bytes()).map_err(|error| Failure::writing("standard output", &error))?;
    Ok(Outcome::Clean)
}

fn unknown(name: &str) -> Failure {
    let names = SCHEMAS.map(|(name, _)| name);
    let help = match remit_core::problem::did_you_mean(name, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are `{}`", names.join("`, `")),
    };
    Failure::usage(format!("there is no schema `{name}`")).help(help)
}

/// The schema of a name, as it is printed.
fn schema(name: &str) -> Option<String> {
    let packs = remit_core::packs::Packs::load(&embedded_packs()).ok()?;
    let cx = Printer { vocabulary: &packs.vocabulary };
    let (about, body) = match name {
        "check" => return Some(include_str!("../../../docs/schema/check.schema.json").to_owned()),
        "why" => return Some(include_str!("../../../docs/schema/why.schema.json").to_owned()),
        "outcomes" => return Some(include_str!("../../../docs/schema/outcomes.schema.json").to_owned()),
        "calendar" => return Some(include_str!("../../../docs/schema/calendar.schema.json").to_owned()),
        "record" => return Some(include_str!("../../../docs/schema/record.schema.json").to_owned()),
        "explain" => return Some(include_str!("../../../docs/schema/explain.schema.json").to_owned()),
        "ready" => return Some(include_str!("../../../docs/schema/ready.schema.json").to_owned()),
        "baseline" => return Some(include_str!("../../../docs/schema/baseline.schema.json").to_owned()),
        "roster" => return Some(include_str!("../../../docs/schema/roster.schema.json").to_owned()),
        "waivers" => return Some(include_str!("../../../docs/schema/waivers.schema.json").to_owned()),
        "rule" => ("A rule of a Remit pack", cx.rule()),
        "pack" => ("The `pack.yaml` of a Remit pack", cx.form(&forms::PACK)),
        "vocabulary" => ("The `vocabulary.yaml` of a Remit pack", or_empty(cx.form(&forms::VOCABULARY))),
        "paragraphs" => ("The `paragraphs.yaml` of a Remit pack", cx.paragraphs()),
        "project" => ("`remit.yaml`: the settings of a folder of plans", or_empty(cx.form(&forms::PROJECT))),
        "lock" => ("`remit.lock`: the published packs that are in force", cx.form(&forms::LOCK)),
        _ => return None,
    };
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("$id".to_owned(), json!(format!("urn:remit:schema:{name}:1")));
    schema.insert("title".to_owned(), json!(about));
    if let Value::Object(body) = body {
        schema.extend(body);
    }
    let mut text = serde_json::to_string_pretty(&Value::Object(schema)).ok()?;
    text.push('\n');
    Some(text)
}

/// A file of nothing but comments says nothing, and may.
fn or_empty(mut schema: Value) -> Value {
    schema["type"] = json!(["object", "null"]);
    schema
}

struct Printer<'p> {
    vocabulary: &'p Vocabulary,
}

impl Printer<'_> {
    /// Whatever stands in a scalar, the loader reads it as the text that is written; an editor may take it for a number.
    fn text() -> Value {
        json!({ "type": ["string", "number", "boolean"] })
    }

    fn form(&self, form: &Form) -> Value {
        let needed: Vec<&str> = form.keys.iter().filter(|key| key.needed).map(|key| key.name).collect();
        let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": self.properties(form.keys) });
        if !needed.is_empty() {
            schema["required"] = json!(needed);
        }
        schema
    }

    fn properties<'k>(&self, keys: impl IntoIterator<Item = &'k Key>) -> Value {
        let properties = keys.into_iter().map(|key| {
            let mut schema = self.holds(&key.holds);
            if let Value::Object(schema) = &mut schema {
                schema.insert("description".to_owned(), json!(key.doc));
            }
            (key.name.to_owned(), schema)
        });
        Value::Object(properties.collect())
    }

    fn holds(&self, holds: &Holds) -> Value {
        let words = |item: Value, least: usize, most: usize| {
            let list = json!({ "type": "array", "items": item, "minItems": least, "maxItems": most });
            match least {
                0 => json!({ "anyOf": [list, item, { "type": "null" }] }),
                1 => json!({ "anyOf": [list, item] }),
                _ => list,
            }
        };
        match holds {
            Holds::Text => Self::text(),
            Holds::Word(words) => {
                let numbers = words.iter().filter_map(|word| word.parse::<u32>().ok()).map(|number| json!(number));
                json!({ "enum": words.iter().map(|word| json!(word)).chain(numbers).collect::<Vec<_>>() })
            }
            Holds::Level(scale) => json!({ "enum": self.levels(scale) }),
            Holds::Like(pattern) => {
                let mut schema = Self::text();
                schema["pattern"] = json!(pattern);
                schema
            }
            Holds::Flag => json!({ "enum": [true, false, "yes", "no", "true", "false"] }),
            Holds::Words(least, most) => words(Self::text(), *least, *most),
            Holds::WordsLike(pattern) => words(self.holds(&Holds::Like(pattern)), 1, 1_000),
            Holds::Map(form) => self.form(form),
            Holds::Maps(form, name) => {
                let mut schema = json!({ "type": ["object", "null"], "additionalProperties": self.form(form) });
                if !name.is_empty() {
                    schema["propertyNames"] = json!({ "pattern": name });
                }
                schema
            }
            Holds::DaysOrMaps(form) => json!({
                "type": ["object", "null"],
                "additionalProperties": { "anyOf": [self.holds(&Holds::Like(forms::DAY)), self.form(form)] },
            }),
            Holds::Clauses(form) => {
                let form = self.form(form);
                let clauses = remit_core::syntax::tree::Clause::ALL.map(|clause| (clause.word().to_owned(), form.clone()));
                json!({ "type": ["object", "null"], "additionalProperties": false, "properties": Map::from_iter(clauses) })
            }
            Holds::List(form) => json!({ "type": ["array", "null"], "items": self.form(form) }),
            Holds::WordsOrMaps(form) => {
                json!({ "anyOf": [{ "type": "array", "items": { "anyOf": [Self::text(), self.form(form)] } }, Self::text(), { "type": "null" }] })
            }
            Holds::Note => json!({}),
        }
    }

    fn levels(&self, scale: &str) -> Vec<String> {
        let scale = self.vocabulary.scale(scale).and_then(|scale| self.vocabulary.scale_def(scale));
        scale.map(|scale| scale.levels.iter().map(ToString::to_string).collect()).unwrap_or_default()
    }

    /// Under each document of the pack, its paragraphs.
    fn paragraphs(&self) -> Value {
        json!({ "type": ["object", "null"], "additionalProperties": self.holds(&Holds::List(&forms::PARAGRAPH)) })
    }

    /// A rule's first key of a form says which other keys it may have. All keys stand under `properties` as well, since that is
    /// where editors look for what to offer and what to show.
    fn rule(&self) -> Value {
        let forms = &forms::RULE_FORMS;
        let always = |key: &&Key| key.needed && !forms.iter().any(|form| form.optional.contains(&key.name));
        let needed: Vec<&str> = forms::RULE.iter().filter(always).map(|key| key.name).collect();
        let otherwise = json!({ "required": [forms::RULE_FORMS.first().map_or("", RuleForm::name)] });
        let mut schema = forms::RULE_FORMS.iter().rev().fold(otherwise, |otherwise, form| {
            let keys = forms::RULE.iter().filter(|key| !always(key) && !form.optional.contains(&key.name)).chain(form.keys);
            let own = keys.filter(|key| key.needed).map(|key| key.name);
            // Two forms may have a key of one name that holds more in one of them.
            let maps = self.properties(form.keys.iter().filter(|key| matches!(key.holds, Holds::Map(_))));
            let names: Vec<&str> = form.names().into_iter().filter(|name| !form.without.contains(name)).collect();
            let mut then = json!({ "required": own.collect::<Vec<_>>(), "propertyNames": { "enum": names } });
            if maps.as_object().is_some_and(|maps| !maps.is_empty()) {
                then["properties"] = maps;
            }
            json!({ "if": { "required": [form.name()] }, "then": then, "else": otherwise })
        });
        schema["type"] = json!("object");
        schema["required"] = json!(needed);
        // What a rule that tightens says of a key comes last: of a name, the first is shown.
        let of_forms = forms.iter().skip(1).chain(forms.first()).flat_map(|form| form.keys);
        let mut all = self.properties(forms::RULE);
        for key in of_forms {
            if all.get(key.name).is_none() {
                let is_map = matches!(key.holds, Holds::Map(_));
                let shown = if is_map { json!({ "description": key.doc }) } else { self.properties([key])[key.name].take() };
                all[key.name] = shown;
            }
        }
        schema["properties"] = all;
        schema
    }
}
