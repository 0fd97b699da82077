//! Reads a rule that tightens one of a higher pack: what it may change, and by how much. Anything else loosens, and is told with the rule that it
//! loosens.

use std::sync::Arc;

use crate::packs::edition::{self, InForce, Standing};
use crate::packs::forms;
use crate::packs::reader::{PACK, Reader};
use crate::packs::rule::{
    Compiler, citation, field_name, fix, functions, identity, length_of_time, level, part_places, place, severity, sums, surely, template,
    terms, tier, truth, whole,
};
use crate::packs::yaml::{self, Scalar, Yaml};
use crate::problem::{Problem, Severity, Tightened, did_you_mean};
use crate::rules::expression::{Expr, Node};
use crate::rules::resolve::Scope;
use crate::rules::template::Template;
use crate::rules::{Cover, Each, Form, Gate, Over, Parts, Reserve, Rule, Words, coverage};
use crate::source::{Source, Span};
use crate::time::Duration;

/// What stays as it is in a rule that is tightened.
const FIXED: [&str; 6] = ["holder", "gate", "of", "cover", "each", "over"];

/// What a rule says to people.
struct Texts {
    message: Template,
    help: Option<Template>,
    fix: Option<(Template, Template)>,
    at: Option<Arc<str>>,
}

/// One thing that is asked under the name of a rule that tightens.
struct Asked {
    form: Form,
    texts: Texts,
    decides: Span,
}

/// A rule that tightens, while it is read.
struct Tightening<'t> {
    compiler: &'t Compiler<'t>,
    yaml: &'t Yaml,
    base: &'t Rule,
}

/// Reads a rule that tightens another. It becomes several where it asks two things, or where editions have different rules of the name; none, with
/// every reason reported, where it cannot be read or loosens.
pub(super) fn read(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml) -> Vec<Rule> {
    let before = reader.problems.len();
    let known: Vec<&str> = forms::TIGHTENING.names().into_iter().chain(FIXED).collect();
    reader.keys(yaml, "a rule that tightens", &known);
    let id = identity(reader, yaml);
    let (source, status) = citation(compiler, reader, yaml);
    let in_force = yaml.get("in-force").and_then(|value| edition::in_force(reader, value, "in-force"));
    let Some(named) = reader.scalar_at(yaml, "tightens") else { return Vec::new() };
    let bases = tightened(compiler, reader, named);
    let own = standing(compiler, reader, yaml, &bases);
    let mut read = Vec::new();
    for base in bases {
        let editions = match (base.editions, own) {
            (Some(one), Some(other)) => match one.both(other) {
                Some(both) => Some(both),
                None => continue,
            },
            (one, _) => one,
        };
        let tightening = Tightening { compiler, yaml, base };
        let severity = tightening.severity(reader);
        let waivable_by = tightening.waivable_by(reader);
        if let Some(scalar) = yaml.get("severity").and_then(Yaml::as_scalar) {
            surely(reader, scalar, severity, status.max(base.status));
        }
        tightening.foreign_keys(reader, before);
        let raised = severity > base.severity || waivable_by > base.waivable_by;
        let asked = tightening.asked(reader, raised);
        let count = asked.len();
        for (at, Asked { form, texts, decides }) in asked.into_iter().enumerate() {
            let tightened = Tightened { rule: base.id.clone(), source: base.source.clone(), place: base.place };
            let Some((id, place)) = &id else { continue };
            read.push(Rule {
                id: Arc::from(format!("{}/{}", compiler.pack, id.text)),
                title: id.text.replace('-', " "),
                tightens: Some(tightened),
                is_beside: at + 1 < count || base.is_beside,
                is_consulted: compiler.is_consulted,
                severity,
                source: source.clone(),
                status,
                waivable_by,
                max_term: base.max_term,
                renewals: base.renewals,
                editions,
                in_force: later(in_force, base.in_force),
                message: texts.message,
                help: texts.help,
                fix: texts.fix,
                at: texts.at,
                form,
                page: String::new(),
                place: *place,
                decides,
            });
        }
    }
    once(reader.problems, before);
    let failed = reader.problems.iter().skip(before).any(|problem| problem.severity == Severity::Error);
    if failed { Vec::new() } else { read }
}

/// A rule of several editions is read for each of them: what is wrong is told once.
fn once(problems: &mut Vec<Problem>, before: usize) {
    let mut told: Vec<Problem> = Vec::new();
    for problem in problems.drain(before..) {
        if !told.iter().any(|other| other.span == problem.span && other.message == problem.message) {
            told.push(problem);
        }
    }
    problems.extend(told);
}

/// The later of two beginnings.
fn later(one: Option<InForce>, other: Option<InForce>) -> Option<InForce> {
    match (one?, other) {
        (one, None) => Some(one),
        (InForce::From(one), Some(InForce::From(other))) => Some(InForce::From(one.max(other))),
        _ => Some(InForce::NoDate),
    }
}

/// The rules that `tightens` names: one, or one for each edition.
fn tightened<'c>(compiler: &Compiler<'c>, reader: &mut Reader<'_>, named: &Scalar) -> Vec<&'c Rule> {
    let above = &compiler.above;
    let name = named.text.as_str();
    let span = whole(reader, named);
    let pack = |rule: &Rule| rule.id.split_once('/').map_or(String::new(), |(pack, _)| pack.to_owned());
    let is_meant = |rule: &&Rule| *rule.id == *name || rule.short() == name;
    let is_above = |rule: &&Rule| above.packs.contains(&pack(rule));
    let found: Vec<&Rule> = above.rules.iter().filter(is_above).filter(is_meant).collect();
    let Some(first) = found.first() else {
        let of_this = name.split_once('/').is_some_and(|(pack, _)| pack == compiler.pack);
        let (message, help) = if of_this {
            (format!("`{name}` is a rule of this pack itself"), "change that rule, or name one of a pack that this one extends".to_owned())
        } else if let Some(other) = above.rules.iter().find(is_meant) {
            let pack = pack(other);
            (format!("`{name}` is a rule of `{pack}`, which this pack does not extend"), format!("add `{pack}` to `extends` in pack.yaml"))
        } else {
            let all: Vec<&Rule> = above.rules.iter().filter(is_above).collect();
            let near =
                did_you_mean(name, all.iter().map(|rule| &*rule.id)).or_else(|| did_you_mean(name, all.iter().map(|rule| rule.short())));
            let help = near.map_or_else(|| "`remit explain` lists every rule".to_owned(), |near| format!("did you mean `{near}`?"));
            (format!("there is no rule `{name}` in the packs that this one extends"), help)
        };
        reader.error(span, message).help = Some(help);
        return Vec::new();
    };
    if let Some(other) = found.iter().find(|rule| rule.id != first.id) {
        reader.error(span, format!("several packs have a rule `{name}`")).help = Some(format!("write `{}` or `{}`", first.id, other.id));
        return Vec::new();
    }
    found
}

/// The editions in which a rule that tightens stands, where it says: none in which the rule does not stand that it tightens.
fn standing(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml, bases: &[&Rule]) -> Option<Standing> {
    let value = yaml.get("editions")?;
    let pack = bases.iter().find_map(|base| base.editions).map(|standing| standing.pack);
    let framework = pack.and_then(|pack| compiler.above.editions.get(pack).map(|editions| (pack, *editions)));
    if bases.is_empty() {
        return None;
    }
    let own = edition::read_standing(reader, value, framework)?;
    let (_, editions) = framework?;
    for (at, edition) in editions.iter().enumerate().filter(|(at, _)| own.holds(*at)) {
        let Some(base) = bases.first().filter(|_| !bases.iter().any(|base| base.editions.is_none_or(|standing| standing.holds(at)))) else {
            continue;
        };
        let span = reader.span(value);
        let problem = Problem::error(PACK, span, format!("`{}` does not stand in the edition `{}`", base.id, edition.name));
        let problem = problem.also(base.place, format!("the rule that it reaches round, from {}", base.source));
        reader.problems.push(problem.help("a layer stands where the rule stands that it tightens: leave `editions` out, or name fewer"));
        return None;
    }
    Some(own)
}

impl Tightening<'_> {
    /// Tells a loosening at its words, with the rule that it loosens: where in it, and where that comes from.
    fn loosens(&self, reader: &mut Reader<'_>, span: Span, path: &[&str], message: String, help: impl Into<String>) {
        let problem = Problem::error(PACK, span, message).help(help);
        let label = format!("the rule that it loosens, from {}", self.base.source);
        reader.problems.push(problem.also(self.in_base(path), label));
    }

    /// Where a key's value stands in the rule that is tightened; its name where it has no such key.
    fn in_base(&self, path: &[&str]) -> Span {
        let file = self.base.place.file;
        let text = self.compiler.above.sources.get(file).map_or("", Source::text);
        let (documents, _) = yaml::parse(text);
        // Of two rules of a name, for two editions, the one that stands here.
        let is_it = |yaml: &&Yaml| {
            let id = yaml.get("id").and_then(Yaml::as_scalar);
            id.is_some_and(|id| id.source_span(0..id.text.len()).start == self.base.place.range().start)
        };
        let value = documents
            .iter()
            .find(is_it)
            .filter(|_| !path.is_empty())
            .and_then(|yaml| path.iter().try_fold(yaml, |yaml, key| yaml.get(key)));
        value.map_or(self.base.place, |value| Span::new(file, value.span.clone()))
    }

    /// The words that decide where nothing else of the rule's own does: what it raises, or the rule that it names.
    fn decides(&self, reader: &Reader<'_>) -> Span {
        let own = ["severity", "waivable-by", "tightens"].into_iter().find_map(|key| self.yaml.get(key));
        own.map_or(self.base.decides, |own| reader.span(own))
    }

    fn tier_name(&self, tier: u8) -> &str {
        self.compiler.vocabulary.scale("tier").map_or("", |scale| self.compiler.vocabulary.level_name(scale, tier))
    }

    fn severity(&self, reader: &mut Reader<'_>) -> Severity {
        let base = self.base.severity;
        let Some(scalar) = reader.scalar_at(self.yaml, "severity") else { return base };
        let Some(found) = severity(reader, scalar) else { return base };
        if found < base {
            let message = format!("`{}` is below `{}`, the level of `{}`", found.word(), base.word(), self.base.id);
            let help = format!("a layer only tightens: write `{}` or leave `severity` out", base.word());
            self.loosens(reader, whole(reader, scalar), &["severity"], message, help);
        }
        found.max(base)
    }

    fn waivable_by(&self, reader: &mut Reader<'_>) -> Option<u8> {
        let base = self.base.waivable_by;
        let Some(scalar) = reader.scalar_at(self.yaml, "waivable-by") else { return base };
        let span = whole(reader, scalar);
        let Some(least) = base else {
            let message = format!("`{}` is never waived, and a layer cannot allow it", self.base.id);
            self.loosens(reader, span, &[], message, "remove `waivable-by`");
            return base;
        };
        self.level_up(reader, scalar, least, &["waivable-by"], |id, least| format!("{least}, which may waive `{id}`"))
    }

    /// A tier that is the same as the rule's or a higher one.
    fn level_up(
        &self,
        reader: &mut Reader<'_>,
        scalar: &Scalar,
        least: u8,
        path: &[&str],
        which: impl Fn(&str, String) -> String,
    ) -> Option<u8> {
        let found = tier(self.compiler, reader, scalar)?;
        if found < least {
            let least = format!("`{}`", self.tier_name(least));
            let message = format!("`{}` is below {}", scalar.text, which(&self.base.id, least.clone()));
            let key = path.last().copied().unwrap_or("");
            let help = format!("a layer only tightens: write {least} or a higher tier, or leave `{key}` out");
            self.loosens(reader, whole(reader, scalar), path, message, help);
        }
        Some(found.max(least))
    }

    /// Keys that a rule of this form has not, and those that say what the rule is about: neither is a layer's to write.
    fn foreign_keys(&self, reader: &mut Reader<'_>, before: usize) {
        let form = self.base.form.name();
        let may = forms::may_tighten(form);
        for entry in self.yaml.entries() {
            let Some(key) = entry.key.as_text() else { continue };
            let span = reader.span(&entry.key);
            let id = &self.base.id;
            if FIXED.contains(&key) {
                let message = format!("`{key}` says anew what `{id}` is about: a layer redefines nothing");
                self.loosens(reader, span, &[key], message, format!("remove `{key}`, or write a rule of your own"));
            } else if forms::TIGHTENING.keys.iter().skip(1).any(|own| own.name == key) && !may.contains(&key) {
                let article = if form.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
                let message = format!("`{key}` says anew what `{id}` asks: it is {article} `{form}` rule, and a layer redefines nothing");
                let help = format!("a layer may change `{}` of it", may.join("`, `"));
                self.loosens(reader, span, &[], message, help);
            }
        }
        let changes = |key: &str| !matches!(key, "message" | "help" | "omission" | "at" | "fix");
        let can: Vec<&str> = may.iter().copied().filter(|key| changes(key)).collect();
        if reader.problems.len() == before && !can.iter().any(|key| self.yaml.get(key).is_some()) {
            let span = reader.start(self.yaml);
            let may = can.join("`, `");
            reader.error(span, format!("this rule tightens nothing of `{}`", self.base.id)).help = Some(format!("change one of `{may}`"));
        }
    }

    /// What is asked: again what the rule asks, or only what is added to it.
    fn asked(&self, reader: &mut Reader<'_>, raised: bool) -> Vec<Asked> {
        match &self.base.form {
            Form::Reserve(base) => {
                let (form, decides) = self.reserve(reader, base, raised);
                self.again(reader, Form::Reserve(form), decides)
            }
            Form::Gate(base) => {
                let (form, decides) = self.gate(reader, base);
                self.again(reader, Form::Gate(form), decides)
            }
            Form::Cover(base) => {
                let gap = reader.scalar_at(self.yaml, "gap").and_then(|scalar| severity(reader, scalar).map(|gap| (scalar, gap)));
                if let Some((scalar, gap)) = gap.filter(|(_, gap)| *gap < base.gap) {
                    let message = format!("`{}` is below `{}`, the level of a gap in `{}`", gap.word(), base.gap.word(), self.base.id);
                    let help = format!("a layer only tightens: write `{}` or leave `gap` out", base.gap.word());
                    self.loosens(reader, whole(reader, scalar), &["gap"], message, help);
                }
                let decides = gap.map_or(self.decides(reader), |(scalar, _)| whole(reader, scalar));
                let gap = gap.map_or(base.gap, |(_, gap)| gap.max(base.gap));
                self.again(reader, Form::Cover(Cover { gap, ..base.clone() }), decides)
            }
            Form::Each(base) => self.each(reader, base, raised),
            Form::Over(base) => self.over(reader, base, raised),
        }
    }

    /// The whole rule with what is changed, in its own words or in those of the rule that it tightens.
    fn again(&self, reader: &mut Reader<'_>, form: Form, decides: Span) -> Vec<Asked> {
        let message = template(self.compiler, reader, self.yaml, "message", &form).unwrap_or_else(|| self.base.message.clone());
        let help = template(self.compiler, reader, self.yaml, "help", &form).or_else(|| self.base.help.clone());
        let fix = fix(self.compiler, reader, self.yaml, &form).or_else(|| self.base.fix.clone());
        let at = reader.scalar_at(self.yaml, "at").and_then(|scalar| field_name(self.compiler, reader, scalar, &form));
        let texts = Texts { message, help, fix, at: at.or_else(|| self.base.at.clone()) };
        vec![Asked { form, texts, decides }]
    }

    fn reserve(&self, reader: &mut Reader<'_>, base: &Reserve, raised: bool) -> (Reserve, Span) {
        let mut decides = self.decides(reader);
        let to = reader.scalar_at(self.yaml, "to").and_then(|scalar| {
            decides = whole(reader, scalar);
            self.level_up(reader, scalar, base.to, &["to"], |id, least| format!("{least}, where `{id}` keeps its functions"))
        });
        let effects = self.compiler.vocabulary.set("effect");
        let below = self.yaml.get("below").map(|list| {
            decides = reader.span(list);
            let names: Vec<(String, Span)> = reader.list(list, "below").into_iter().map(|(name, span)| (name.to_owned(), span)).collect();
            for (name, span) in names {
                let Some(term) = effects.and_then(|set| self.compiler.vocabulary.term(set, &name)) else { continue };
                if !base.below.contains(&term) {
                    let message = format!("`{name}` is not among what `{}` leaves to lower tiers", self.base.id);
                    self.loosens(
                        reader,
                        span,
                        &["below"],
                        message,
                        "a layer only tightens: name no more than the rule does, or leave `below` out",
                    );
                }
            }
            terms(self.compiler, reader, self.yaml, "below", effects)
        });
        let mut further = Vec::new();
        if self.yaml.get("reserve").is_some() {
            let (named, span) = functions(self.compiler, reader, self.yaml, "reserve");
            further = named.into_iter().filter(|function| !base.functions.contains(function)).collect();
            decides = span;
        }
        let to = to.unwrap_or(base.to);
        let changed = raised || to > base.to || below.as_ref().is_some_and(|below| below.len() < base.below.len());
        let below = below.unwrap_or_else(|| base.below.clone());
        // Where functions are added and nothing else, the others are asked about once.
        let mut functions = if changed || further.is_empty() { base.functions.clone() } else { Vec::new() };
        functions.extend(further);
        (Reserve { functions, to, holders: base.holders.clone(), below }, decides)
    }

    fn gate(&self, reader: &mut Reader<'_>, base: &Gate) -> (Gate, Span) {
        let mut decides = self.decides(reader);
        let mut gate = base.clone();
        if let Some(scalar) = reader.scalar_at(self.yaml, "opens-at") {
            decides = whole(reader, scalar);
            let found =
                self.level_up(reader, scalar, base.opens_at, &["opens-at"], |id, least| format!("{least}, where the gate of `{id}` opens"));
            gate.opens_at = found.unwrap_or(base.opens_at);
        }
        if let Some(evidence) = self.yaml.get("evidence") {
            reader.form(evidence, &forms::TIGHTER_EVIDENCE);
            if let Some(scalar) = reader.scalar_at(evidence, "assessed-by") {
                decides = whole(reader, scalar);
                let path = ["evidence", "assessed-by"];
                let found =
                    self.level_up(reader, scalar, base.assessed_by, &path, |id, least| format!("{least}, which assesses for `{id}`"));
                gate.assessed_by = found.unwrap_or(base.assessed_by);
            }
            if let Some(scalar) = reader.scalar_at(evidence, "within") {
                decides = whole(reader, scalar);
                gate.within = length_of_time(self.compiler, reader, scalar).or(base.within);
                if let (Some(found), Some(most)) = (gate.within, base.within)
                    && !is_no_longer(found, most)
                {
                    let (most, than) = (shown(most), if is_no_longer(most, found) { "is longer than" } else { "may be longer than" });
                    let message = format!("`{}` {than} {most}, which `{}` allows for evidence", scalar.text.trim(), self.base.id);
                    let help = format!("a layer only tightens: write {most} or less, or leave `within` out");
                    self.loosens(reader, decides, &["evidence", "within"], message, help);
                }
            }
        }
        if let Some(scalar) = reader.scalar_at(self.yaml, "needs") {
            decides = whole(reader, scalar);
            let (scale, least) = base.needs;
            let found = level(self.compiler, reader, scale, scalar).unwrap_or(least);
            if found < least {
                let least = format!("`{}`", self.compiler.vocabulary.level_name(scale, least));
                let message = format!("`{}` is below {least}, which `{}` needs", scalar.text, self.base.id);
                let help = format!("a layer only tightens: write {least} or a higher level, or leave `needs` out");
                self.loosens(reader, decides, &["needs"], message, help);
            }
            gate.needs = (scale, found.max(least));
        }
        (gate, decides)
    }

    fn each(&self, reader: &mut Reader<'_>, base: &Each, raised: bool) -> Vec<Asked> {
        let (compiler, yaml) = (self.compiler, self.yaml);
        let Some(kind) = compiler.vocabulary.kind_def(base.kind) else { return Vec::new() };
        let scope = Scope { vocabulary: compiler.vocabulary, register: compiler.register, kind };
        let before = reader.problems.len();
        let further = reader.scalar_at(yaml, "where").and_then(|scalar| truth(scope, reader, scalar).map(|expr| (scalar, expr)));
        let expected = reader.scalar_at(yaml, "expect").and_then(|scalar| truth(scope, reader, scalar).map(|expr| (scalar, expr)));
        let expected = expected.filter(|_| !self.base.is_beside);
        if let (Some((scalar, _)), None) = (&further, &base.condition) {
            let message = format!("`{}` looks at every one already: `where` can only add to what it looks at", self.base.id);
            let help = "remove `where`; for some of them only, write a rule of your own";
            self.loosens(reader, whole(reader, scalar), &["expect"], message, help);
        }
        if reader.problems.len() > before {
            return Vec::new();
        }
        let written = |scalar: &Scalar| Words::Written(Arc::from(scalar.text.as_str()));
        // Which are looked at: those of the rule, those that are added, or both.
        let own_places = |scalar: &Scalar, expr: &Expr| -> Vec<Span> {
            coverage::parts(expr).into_iter().map(|part| place(reader, scalar, part.range.clone())).collect()
        };
        let conditions = base.condition.as_ref().map_or(0, |condition| coverage::parts(condition).len());
        let base_all = |expect: bool| {
            base.parts.all.iter().skip(if expect { conditions } else { 0 }).take(if expect { usize::MAX } else { conditions })
        };
        let all = match (&base.condition, &further) {
            (Some(one), Some((scalar, other))) => Selection {
                condition: Some(Expr { node: Node::Or(vec![one.clone(), other.clone()]), range: other.range.clone() }),
                words: base.condition_words.clone().map(|words| Words::Either(Box::new(words), Box::new(written(scalar)))),
                parts: base.parts.condition.iter().copied().chain(part_places(reader, scalar, other)).collect(),
                all: base_all(false).copied().chain(own_places(scalar, other)).collect(),
            },
            (condition, _) => Selection {
                condition: condition.clone(),
                words: base.condition_words.clone(),
                parts: base.parts.condition.clone(),
                all: base_all(false).copied().collect(),
            },
        };
        let added = further.as_ref().filter(|_| !raised).map(|(scalar, other)| Selection {
            condition: Some(other.clone()),
            words: Some(written(scalar)),
            parts: part_places(reader, scalar, other),
            all: own_places(scalar, other),
        });
        let mut asked = Vec::new();
        let own = expected.map(|(scalar, expect)| {
            let parts = Parts {
                condition: all.parts.clone(),
                expect: part_places(reader, scalar, &expect),
                all: all.all.iter().copied().chain(own_places(scalar, &expect)).collect(),
            };
            (
                whole(reader, scalar),
                Each {
                    kind: base.kind,
                    condition: all.condition.clone(),
                    expect,
                    omission: None,
                    parts,
                    condition_words: all.words.clone(),
                    words: Arc::from(scalar.text.as_str()),
                },
            )
        });
        if raised || further.is_some() || own.is_none() {
            let selection = added.unwrap_or(all);
            let parts = Parts {
                condition: selection.parts,
                expect: base.parts.expect.clone(),
                all: selection.all.into_iter().chain(base_all(true).copied()).collect(),
            };
            let form = Each {
                kind: base.kind,
                condition: selection.condition,
                expect: base.expect.clone(),
                omission: base.omission.clone(),
                parts,
                condition_words: selection.words,
                words: base.words.clone(),
            };
            let decides = further.as_ref().map_or(self.decides(reader), |(scalar, _)| whole(reader, scalar));
            if own.is_none() {
                let mut form = form;
                let omission = template(compiler, reader, yaml, "omission", &Form::Each(Box::new(form.clone())));
                form.omission = omission.or(form.omission);
                asked.extend(self.again(reader, Form::Each(Box::new(form)), decides));
            } else {
                asked.push(self.unchanged(Form::Each(Box::new(form)), decides));
            }
        }
        if let Some((decides, mut form)) = own {
            form.omission = template(compiler, reader, yaml, "omission", &Form::Each(Box::new(form.clone())));
            asked.extend(self.more(reader, Form::Each(Box::new(form)), decides));
        }
        asked
    }

    fn over(&self, reader: &mut Reader<'_>, base: &Over, raised: bool) -> Vec<Asked> {
        let mut own = None;
        if let Some(scalar) = reader.scalar_at(self.yaml, "expect").filter(|_| !self.base.is_beside) {
            let Some(expect) = sums(self.compiler, reader, scalar, base.among.as_ref()) else { return Vec::new() };
            own = Some((
                whole(reader, scalar),
                Over { level: base.level, expect, among: base.among.clone(), words: Arc::from(scalar.text.as_str()) },
            ));
        }
        let mut asked = Vec::new();
        let form = Form::Over(Box::new(base.clone()));
        match own {
            None => asked.extend(self.again(reader, form, self.decides(reader))),
            Some((decides, own)) => {
                if raised {
                    asked.push(self.unchanged(form, self.decides(reader)));
                }
                asked.extend(self.more(reader, Form::Over(Box::new(own)), decides));
            }
        }
        asked
    }

    /// What the rule asks already, in its own words.
    fn unchanged(&self, form: Form, decides: Span) -> Asked {
        let base = self.base;
        let texts = Texts { message: base.message.clone(), help: base.help.clone(), fix: base.fix.clone(), at: base.at.clone() };
        Asked { form, texts, decides }
    }

    /// What is asked beside it, which needs words of its own.
    fn more(&self, reader: &mut Reader<'_>, form: Form, decides: Span) -> Option<Asked> {
        let message = template(self.compiler, reader, self.yaml, "message", &form);
        if message.is_none() && self.yaml.get("message").is_none() {
            let span = reader.start(self.yaml);
            reader.error(span, "a rule that expects more needs `message`").help =
                Some("one line that says what is wrong when its own `expect` does not hold".to_owned());
        }
        let help = template(self.compiler, reader, self.yaml, "help", &form);
        let fix = fix(self.compiler, reader, self.yaml, &form);
        let at = reader.scalar_at(self.yaml, "at").and_then(|scalar| field_name(self.compiler, reader, scalar, &form));
        Some(Asked { form, texts: Texts { message: message?, help, fix, at }, decides })
    }
}

/// Which statements are looked at, and where that is said.
struct Selection {
    condition: Option<Expr>,
    words: Option<Words>,
    parts: Vec<Span>,
    all: Vec<Span>,
}

/// Whether one length of time is no longer than another on every day of the calendar.
fn is_no_longer(one: Duration, other: Duration) -> bool {
    match (one, other) {
        (Duration::Months(one), Duration::Months(other)) | (Duration::Days(one), Duration::Days(other)) => one <= other,
        // No month is shorter than 28 days, or longer than 31.
        (Duration::Days(days), Duration::Months(months)) => i64::from(days) <= i64::from(months) * 28,
        (Duration::Months(months), Duration::Days(days)) => i64::from(months) * 31 <= i64::from(days),
    }
}

/// As packs write it.
fn shown(duration: Duration) -> String {
    match duration {
        Duration::Months(count) => format!("`{count} months`"),
        Duration::Days(count) => format!("`{count} days`"),
    }
}
