//! Reads one rule of a pack and compiles it: every word looked up, every type checked, before any plan is read.

use std::sync::Arc;

use crate::model::bodies::Register;
use crate::packs::edition::{self, Edition, Standing};
use crate::packs::forms;
use crate::packs::provenance::{Provenance, Status};
use crate::packs::reader::{PACK, Reader};
use crate::packs::yaml::{Scalar, Yaml};
use crate::problem::{Citation, Problem, Severity, did_you_mean};
use crate::rules::expression::{self, Expr, Fault};
use crate::rules::resolve::{self, Scope, Ty};
use crate::rules::template::Template;
use crate::rules::{Among, Cover, Each, Form, Gate, Level, Over, Parts, Reserve, Rule, Words, cover, coverage, each, gate, over, reserve};
use crate::source::{Sources, Span};
use crate::time::Duration;
use crate::vocabulary::types::Type;
use crate::vocabulary::{Kind, KindId, ScaleId, SetId, TermId, Vocabulary};

/// What rules are compiled against.
pub(crate) struct Compiler<'c> {
    pub(crate) vocabulary: &'c Vocabulary,
    pub(crate) register: &'c Register,
    /// The pack's name.
    pub(crate) pack: &'c str,
    /// The pack's own tier: who may waive, where the rule does not say.
    pub(crate) tier: u8,
    /// The documents and paragraphs that rules may name.
    pub(crate) provenance: &'c Provenance,
    /// The framework whose editions its rules stand in: the pack itself, or the one that it extends.
    pub(crate) framework: Option<(usize, &'c [Edition])>,
    /// Whether the pack is put to consultation only.
    pub(crate) is_consulted: bool,
    /// What it may tighten.
    pub(crate) above: Above<'c>,
}

/// What a pack finds above it.
pub(crate) struct Above<'c> {
    /// The packs' texts.
    pub(crate) sources: &'c Sources,
    /// The rules of the packs before it.
    pub(crate) rules: &'c [Rule],
    /// The packs that it extends, nearest or further up.
    pub(crate) packs: &'c [String],
    /// The editions of every pack, by its place.
    pub(crate) editions: &'c [&'c [Edition]],
}

/// Reads a rule; its page comes later. `None`, with every reason reported, when it cannot be compiled.
pub(crate) fn read(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml) -> Option<Rule> {
    let before = reader.problems.len();
    let Some(rule_form) = forms::RULE_FORMS.iter().find(|form| yaml.get(form.name()).is_some()) else {
        let span = reader.start(yaml);
        let mut names: Vec<&str> = forms::RULE_FORMS.iter().map(forms::RuleForm::name).collect();
        let last = names.pop().unwrap_or("");
        reader.error(span, "this rule asks nothing").help = Some(format!("write one of `{}` or `{last}`", names.join("`, `")));
        return None;
    };
    let form = rule_form.name();
    let article = if form.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    reader.keys(yaml, &format!("{article} `{form}` rule"), &rule_form.names());
    let (id, id_span) = identity(reader, yaml)?;
    let severity = match reader.needed(yaml, "a rule", "severity") {
        Some(scalar) => severity(reader, scalar).unwrap_or(Severity::Error),
        None => Severity::Error,
    };
    let (source, status) = citation(compiler, reader, yaml);
    if let Some(scalar) = yaml.get("severity").and_then(Yaml::as_scalar) {
        surely(reader, scalar, severity, status);
    }
    let waivable_by = match (form, reader.scalar_at(yaml, "waivable-by")) {
        ("reserve", Some(scalar)) => {
            let span = place(reader, scalar, 0..scalar.text.len());
            reader.error(span, "what stays national is never waived").help = Some("remove `waivable-by`".to_owned());
            None
        }
        ("over", Some(scalar)) => {
            let span = place(reader, scalar, 0..scalar.text.len());
            reader.error(span, "what many plans come to together is never waived").help = Some("remove `waivable-by`".to_owned());
            None
        }
        ("reserve" | "over", None) => None,
        (_, Some(scalar)) => tier(compiler, reader, scalar),
        (_, None) => Some(compiler.tier),
    };
    let max_term = reader.scalar_at(yaml, "max-term").and_then(|scalar| length_of_time(compiler, reader, scalar));
    let renewals = reader.scalar_at(yaml, "renewals").and_then(|scalar| {
        let count = scalar.text.parse().ok().filter(|_| scalar.text.len() <= 3 && scalar.text.bytes().all(|byte| byte.is_ascii_digit()));
        if count.is_none() {
            let span = whole(reader, scalar);
            reader.error(span, format!("`{}` is not a number of renewals", scalar.text)).help =
                Some("write it as `1`; `0` is never".to_owned());
        }
        count
    });
    let editions = match yaml.get("editions") {
        Some(value) => edition::read_standing(reader, value, compiler.framework),
        None => compiler.framework.map(|(pack, _)| Standing { pack, first: 0, last: None }),
    };
    let in_force = yaml.get("in-force").and_then(|value| edition::in_force(reader, value, "in-force"));
    let read = match form {
        "reserve" => read_reserve(compiler, reader, yaml),
        "gate" => read_gate(compiler, reader, yaml),
        "cover" => read_cover(compiler, reader, yaml),
        "over" => read_over(compiler, reader, yaml),
        _ => read_each(compiler, reader, yaml),
    };
    let Some((form, decides)) = read else {
        // Whatever is wrong with what it expects, its words are read too, so that one run tells all.
        let kind = yaml.get("each").and_then(Yaml::as_text).and_then(|name| compiler.vocabulary.kind(name));
        if let Some(kind) = kind {
            let expect = Expr { node: expression::Node::AsOf, range: 0..0 };
            let form = Form::Each(Box::new(Each {
                kind,
                condition: None,
                expect,
                omission: None,
                parts: Parts::default(),
                condition_words: None,
                words: Arc::from(""),
            }));
            for key in ["message", "help"] {
                template(compiler, reader, yaml, key, &form);
            }
        }
        return None;
    };
    let message = template(compiler, reader, yaml, "message", &form);
    if message.is_none() && yaml.get("message").is_none() {
        let span = reader.start(yaml);
        reader.error(span, "a rule needs `message`").help =
            Some("one line that says what is wrong, such as `{code} names no wellbeing guardian`".to_owned());
    }
    let help = template(compiler, reader, yaml, "help", &form);
    let fix = fix(compiler, reader, yaml, &form);
    let at = reader.scalar_at(yaml, "at").and_then(|scalar| field_name(compiler, reader, scalar, &form));
    if reader.problems.iter().skip(before).any(|problem| problem.severity == Severity::Error) {
        return None;
    }
    Some(Rule {
        id: Arc::from(format!("{}/{}", compiler.pack, id.text)),
        title: id.text.replace('-', " "),
        tightens: None,
        is_beside: false,
        is_consulted: compiler.is_consulted,
        severity,
        source,
        status,
        waivable_by,
        max_term,
        renewals,
        editions,
        in_force,
        message: message?,
        help,
        fix,
        at,
        form,
        page: String::new(),
        place: id_span,
        decides,
    })
}

/// The rule's own name, and where it stands.
pub(super) fn identity<'y>(reader: &mut Reader<'_>, yaml: &'y Yaml) -> Option<(&'y Scalar, Span)> {
    let id = reader.needed(yaml, "a rule", "id")?;
    let span = whole(reader, id);
    if !crate::syntax::literal::is_name(&id.text) || id.text.contains('/') {
        reader.error(span, format!("`{}` is not a rule's name: letters, digits and hyphens", id.text));
    }
    Some((id, span))
}

/// How bad, in the pack's word.
pub(super) fn severity(reader: &mut Reader<'_>, scalar: &Scalar) -> Option<Severity> {
    let severity = Severity::from_word(&scalar.text);
    if severity.is_none() {
        let span = whole(reader, scalar);
        reader.error(span, format!("`{}` is not a severity", scalar.text)).help = Some("write `error`, `warning` or `note`".to_owned());
    }
    severity
}

/// What is not verified fails nobody.
pub(super) fn surely(reader: &mut Reader<'_>, scalar: &Scalar, severity: Severity, status: Option<Status>) {
    if severity == Severity::Error && status == Some(Status::Unverified) {
        let span = whole(reader, scalar);
        reader.error(span, "this rule is an error, and rests on what is not verified").help =
            Some("make it a `warning` or a `note`, or verify its source and say so in `status`".to_owned());
    }
}

/// The change that a rule offers.
pub(super) fn fix(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml, form: &Form) -> Option<(Template, Template)> {
    let fix = yaml.get("fix")?;
    reader.form(fix, &forms::FIX);
    template(compiler, reader, fix, "title", form).zip(template(compiler, reader, fix, "write", form))
}

pub(super) fn place(reader: &Reader<'_>, scalar: &Scalar, range: std::ops::Range<usize>) -> Span {
    Span::new(reader.file, scalar.source_span(range))
}

pub(super) fn whole(reader: &Reader<'_>, scalar: &Scalar) -> Span {
    place(reader, scalar, 0..scalar.text.len())
}

pub(super) fn citation(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml) -> (Citation, Option<Status>) {
    let Some(source) = yaml.get("source") else {
        let span = reader.start(yaml);
        reader.error(span, "a rule needs `source`: the document and paragraph it comes from");
        return (Citation::default(), None);
    };
    reader.form(source, &forms::CITATION);
    let document = reader.needed(source, "a source", "document");
    let title = document.and_then(|document| compiler.provenance.title(reader, document));
    let status = compiler.provenance.status(reader, source);
    let paragraph = reader.scalar_at(source, "paragraph").map(|scalar| scalar.text.clone());
    (Citation { document: document.map(|scalar| scalar.text.clone()).unwrap_or_default(), title, paragraph }, status)
}

pub(super) fn tier(compiler: &Compiler<'_>, reader: &mut Reader<'_>, scalar: &Scalar) -> Option<u8> {
    let scale = compiler.vocabulary.scale("tier")?;
    let level = compiler.vocabulary.level(scale, &scalar.text);
    if level.is_none() {
        let levels = compiler.vocabulary.scale_def(scale).map(|scale| scale.levels.join("`, `")).unwrap_or_default();
        let span = whole(reader, scalar);
        reader.error(span, format!("there is no tier `{}`", scalar.text)).help = Some(format!("the tiers are `{levels}`"));
    }
    level
}

pub(super) fn terms(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml, key: &str, set: Option<SetId>) -> Vec<TermId> {
    let (Some(set), Some(list)) = (set, yaml.get(key)) else { return Vec::new() };
    let what = compiler.vocabulary.set_def(set).map_or_else(String::new, |set| set.name.replace('-', " "));
    let mut found = Vec::new();
    for (word, span) in reader.list(list, key) {
        match compiler.vocabulary.term(set, word) {
            Some(term) if found.contains(&term) => {
                reader.error(span, format!("`{word}` stands twice"));
            }
            Some(term) => found.push(term),
            None => {
                let near = did_you_mean(word, compiler.vocabulary.terms(set).map(|term| &*term.name))
                    .map(|near| format!("did you mean `{near}`?"));
                reader.error(span, format!("there is no {what} `{word}`")).help = near;
            }
        }
    }
    found
}

/// The functions of a reserve or a gate: at least one.
pub(super) fn functions(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml, key: &str) -> (Vec<TermId>, Span) {
    let found = terms(compiler, reader, yaml, key, compiler.vocabulary.set("function"));
    let span = yaml.get(key).map_or_else(|| reader.start(yaml), |list| reader.span(list));
    if yaml.get(key).is_some_and(|list| list.items().is_empty() && list.as_text().is_none()) {
        reader.error(span, format!("`{key}` names no function, so this rule can never match"));
    }
    (found, span)
}

fn read_reserve(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml) -> Option<(Form, Span)> {
    let (functions, decides) = functions(compiler, reader, yaml, "reserve");
    let to = reader.needed(yaml, "a `reserve` rule", "to").and_then(|scalar| tier(compiler, reader, scalar));
    let mut holders = Vec::new();
    for (name, span) in yaml.get("holder").map(|list| reader.list(list, "holder")).unwrap_or_default() {
        match compiler.register.find(name) {
            Some(body) => holders.push(body),
            None => {
                let near = did_you_mean(name, compiler.register.names()).map(|near| format!("did you mean `{near}`?"));
                reader.error(span, format!("there is no body `{name}` in the register")).help = near;
            }
        }
    }
    let below = terms(compiler, reader, yaml, "below", compiler.vocabulary.set("effect"));
    Some((Form::Reserve(Reserve { functions, to: to?, holders, below }), decides))
}

fn read_gate(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml) -> Option<(Form, Span)> {
    let (functions, decides) = functions(compiler, reader, yaml, "gate");
    let opens_at = reader.needed(yaml, "a `gate` rule", "opens-at").and_then(|scalar| tier(compiler, reader, scalar));
    let scale = compiler.vocabulary.scale("maturity")?;
    let needs = reader.needed(yaml, "a `gate` rule", "needs").and_then(|scalar| level(compiler, reader, scale, scalar));
    let Some(evidence) = yaml.get("evidence") else {
        let span = reader.start(yaml);
        reader.error(span, "a `gate` rule needs `evidence`").help =
            Some("write `evidence: { within: 24 months, assessed-by: region }`".to_owned());
        return None;
    };
    reader.form(evidence, &forms::EVIDENCE);
    let within = reader.scalar_at(evidence, "within").and_then(|scalar| length_of_time(compiler, reader, scalar));
    let assessed_by = reader.needed(evidence, "evidence", "assessed-by").and_then(|scalar| tier(compiler, reader, scalar));
    Some((Form::Gate(Gate { functions, opens_at: opens_at?, needs: (scale, needs?), within, assessed_by: assessed_by? }), decides))
}

/// A level of maturity, by its name.
pub(super) fn level(compiler: &Compiler<'_>, reader: &mut Reader<'_>, scale: ScaleId, scalar: &Scalar) -> Option<u8> {
    let level = compiler.vocabulary.level(scale, &scalar.text);
    if level.is_none() {
        let levels = compiler.vocabulary.scale_def(scale).map(|scale| scale.levels.join("`, `")).unwrap_or_default();
        let span = whole(reader, scalar);
        reader.error(span, format!("there is no level `{}`", scalar.text)).help = Some(format!("the levels are `{levels}`"));
    }
    level
}

/// A length of time, such as `24 months`.
pub(super) fn length_of_time(compiler: &Compiler<'_>, reader: &mut Reader<'_>, scalar: &Scalar) -> Option<Duration> {
    let duration = duration(compiler.vocabulary, &scalar.text);
    if duration.is_none() {
        let span = whole(reader, scalar);
        reader.error(span, format!("`{}` is not a length of time", scalar.text)).help = Some("write it as `24 months`".to_owned());
    }
    duration
}

fn duration(vocabulary: &Vocabulary, text: &str) -> Option<Duration> {
    let (count, unit) = text.trim().split_once(' ')?;
    let count: i32 = count.parse().ok().filter(|count| (1..=1_200).contains(count))?;
    match &*vocabulary.unit_def(vocabulary.unit(unit.trim())?)?.name {
        "years" => Some(Duration::Months(count * 12)),
        "months" => Some(Duration::Months(count)),
        "days" => Some(Duration::Days(count)),
        _ => None,
    }
}

fn kind_of<'c>(compiler: &'c Compiler<'_>, reader: &mut Reader<'_>, scalar: &Scalar) -> Option<(KindId, &'c Kind)> {
    let found = compiler.vocabulary.kind(&scalar.text).and_then(|id| compiler.vocabulary.kind_def(id).map(|kind| (id, kind)));
    if found.is_none() {
        let near = did_you_mean(&scalar.text, compiler.vocabulary.kinds().iter().map(|kind| &*kind.name))
            .map(|near| format!("did you mean `{near}`?"));
        let span = whole(reader, scalar);
        reader.error(span, format!("there is no kind of statement `{}`", scalar.text)).help = near;
    }
    found
}

fn read_cover(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml) -> Option<(Form, Span)> {
    let field = reader.needed(yaml, "a `cover` rule", "cover")?;
    let decides = whole(reader, field);
    let kind_name = reader.needed(yaml, "a `cover` rule", "of")?;
    let (kind_id, kind) = kind_of(compiler, reader, kind_name)?;
    let fits = kind.field(&field.text).is_some_and(|def| {
        let has = |alias: &str| def.clauses.iter().any(|clause| &*clause.alias == alias && clause.cell.ty == Type::Date);
        def.ty() == Some(&Type::Body) && has("from") && has("until")
    });
    if !fits {
        reader.error(decides, format!("`{}` of `{}` does not name a body with `from` and `until`", field.text, kind.name));
        return None;
    }
    let gap = match reader.scalar_at(yaml, "gap") {
        None => Severity::Warning,
        Some(scalar) => severity(reader, scalar).unwrap_or(Severity::Warning),
    };
    Some((Form::Cover(Cover { kind: kind_id, field: Arc::from(field.text.as_str()), gap }), decides))
}

fn read_over(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml) -> Option<(Form, Span)> {
    let level = reader.needed(yaml, "an `over` rule", "over").and_then(|scalar| match scalar.text.as_str() {
        "region" => Some(Level::Region),
        "nation" => Some(Level::Nation),
        other => {
            let span = whole(reader, scalar);
            reader.error(span, format!("plans do not come together over `{other}`")).help = Some("write `region` or `nation`".to_owned());
            None
        }
    });
    let among = read_among(compiler, reader, yaml);
    let expect = reader.needed(yaml, "an `over` rule", "expect")?;
    let decides = whole(reader, expect);
    let among = among?;
    let compiled = sums(compiler, reader, expect, among.as_ref())?;
    Some((Form::Over(Box::new(Over { level: level?, expect: compiled, among, words: Arc::from(expect.text.as_str()) })), decides))
}

/// Which statements belong together: `Some(None)` where a rule speaks of the plans as a whole, `None` where there is an error.
fn read_among(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml) -> Option<Option<Among>> {
    let Some(kind_name) = reader.scalar_at(yaml, "among") else {
        let Some((key, value)) = ["where", "same", "between"].into_iter().find_map(|key| Some((key, yaml.get(key)?))) else {
            return Some(None);
        };
        let span = reader.span(value);
        reader.error(span, format!("`{key}` is asked of statements that belong together")).help =
            Some("say which, as in `among: organisation`, or leave it out".to_owned());
        return None;
    };
    let (kind_id, kind) = kind_of(compiler, reader, kind_name)?;
    let scope = Scope { vocabulary: compiler.vocabulary, register: compiler.register, kind };
    let condition = match reader.scalar_at(yaml, "where") {
        Some(scalar) => Some(truth(scope, reader, scalar)?),
        None => None,
    };
    if yaml.get("same").is_none() {
        let span = whole(reader, kind_name);
        reader.error(span, "nothing says which of them belong together").help =
            Some("write what they agree in, as in `same: [code]`".to_owned());
        return None;
    }
    let values = |reader: &mut Reader<'_>, key: &str| -> Option<Vec<(Expr, Ty, Span)>> {
        let scalars = yaml.get(key).map(|list| reader.scalars(list, key)).unwrap_or_default();
        let resolved: Vec<Option<(Expr, Ty, Span)>> = scalars.into_iter().map(|(scalar, _)| value_of(scope, reader, scalar)).collect();
        resolved.into_iter().collect()
    };
    let (same, between) = (values(reader, "same"), values(reader, "between"));
    let (same, between) = (same?, between?);
    let mut is_sound = true;
    for (_, ty, span) in same.iter().chain(&between) {
        if let Ty::Word(word) = ty {
            let near = did_you_mean(word, kind.fields.iter().map(|field| &*field.name)).map(|near| format!("did you mean `{near}`?"));
            reader.error(*span, format!("a {} has no field `{word}`", kind.name)).help = near;
            is_sound = false;
        }
    }
    for (_, ty, span) in &between {
        if !matches!(ty, Ty::Body | Ty::Word(_)) {
            let described = resolve::describe_type(compiler.vocabulary, ty);
            reader.error(*span, format!("this is {described}, and plans are those of bodies"));
            is_sound = false;
        }
    }
    for (_, ty, span) in &same {
        if matches!(ty, Ty::Truth | Ty::Series(..)) {
            let described = resolve::describe_type(compiler.vocabulary, ty);
            reader.error(*span, format!("this is {described}, and statements agree in one value, such as a body, a year or a text"));
            is_sound = false;
        }
    }
    let exprs = |values: Vec<(Expr, Ty, Span)>| values.into_iter().map(|(expr, ..)| expr).collect();
    is_sound.then(|| Some(Among { kind: kind_id, condition, same: exprs(same), between: exprs(between) }))
}

/// An expression that has a value, its type, and where it stands.
fn value_of(scope: Scope<'_>, reader: &mut Reader<'_>, scalar: &Scalar) -> Option<(Expr, Ty, Span)> {
    let mut faults = Vec::new();
    let resolved = match expression::parse(&scalar.text) {
        Ok(mut expr) => {
            let ty = resolve::resolve(scope, &mut expr, &mut faults);
            Some((expr, ty))
        }
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let failed = !faults.is_empty();
    report(reader, scalar, faults);
    let span = whole(reader, scalar);
    resolved.filter(|_| !failed).map(|(expr, ty)| (expr, ty, span))
}

/// What holds of sums and counts over many plans, or over the statements of theirs that belong together.
pub(super) fn sums(compiler: &Compiler<'_>, reader: &mut Reader<'_>, expect: &Scalar, among: Option<&Among>) -> Option<Expr> {
    let kind = compiler.vocabulary.kind("plan").and_then(|kind| compiler.vocabulary.kind_def(kind))?;
    let scope = Scope { vocabulary: compiler.vocabulary, register: compiler.register, kind };
    let compiled = truth(scope, reader, expect)?;
    let fault = match over::beside(&compiled) {
        Some(other) => Some((other.range.clone(), "this is asked of one plan, and the rule of many")),
        None => over::aggregates(&compiled).is_empty().then(|| (compiled.range.clone(), "this adds up nothing")),
    };
    let plan = compiler.vocabulary.kind("plan");
    if let Some((among, kind)) = among.and_then(|among| Some((among, compiler.vocabulary.kind_def(among.kind)?)))
        && let Some(other) = over::aggregates(&compiled).into_iter().find(|expr| !over::is_among(expr, among, plan))
    {
        let span = place(reader, expect, other.range.clone());
        reader.error(span, format!("this adds up more than what belongs together, which is of the kind `{}`", kind.name)).help =
            Some(format!("write `sum of … over {}`, `count of {}` or `count of plan`", kind.name, kind.name));
        return None;
    }
    if let Some((range, message)) = fault {
        let span = place(reader, expect, range);
        reader.error(span, message).help = Some("write `sum of … over …` or `count of …` around what each plan says".to_owned());
        return None;
    }
    Some(compiled)
}

fn read_each(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml) -> Option<(Form, Span)> {
    let kind_name = reader.needed(yaml, "an `each` rule", "each")?;
    let (kind_id, kind) = kind_of(compiler, reader, kind_name)?;
    let scope = Scope { vocabulary: compiler.vocabulary, register: compiler.register, kind };
    let condition_scalar = yaml.get("where").and_then(|value| reader.scalar(value, "where"));
    let condition = condition_scalar.map(|scalar| truth(scope, reader, scalar));
    let expect = reader.needed(yaml, "an `each` rule", "expect")?;
    let decides = whole(reader, expect);
    let compiled = truth(scope, reader, expect);
    let condition = match condition {
        None => None,
        Some(condition) => Some(condition?),
    };
    let compiled = compiled?;
    let parts = Parts {
        condition: condition_scalar.zip(condition.as_ref()).map(|(scalar, expr)| part_places(reader, scalar, expr)).unwrap_or_default(),
        expect: part_places(reader, expect, &compiled),
        all: condition_scalar
            .zip(condition.as_ref())
            .into_iter()
            .chain([(expect, &compiled)])
            .flat_map(|(scalar, expr)| coverage::parts(expr).into_iter().map(move |part| (scalar, part.range.clone())))
            .map(|(scalar, range)| place(reader, scalar, range))
            .collect(),
    };
    let written = |scalar: &Scalar| Words::Written(Arc::from(scalar.text.as_str()));
    let form = Each {
        kind: kind_id,
        condition,
        expect: compiled,
        omission: None,
        parts,
        condition_words: condition_scalar.map(written),
        words: Arc::from(expect.text.as_str()),
    };
    let omission = template(compiler, reader, yaml, "omission", &Form::Each(Box::new(form.clone())));
    Some((Form::Each(Box::new(Each { omission, ..form })), decides))
}

/// Where the parts that `and` or `or` join at the top of an expression stand.
pub(super) fn part_places(reader: &Reader<'_>, scalar: &Scalar, expr: &Expr) -> Vec<Span> {
    match &expr.node {
        expression::Node::And(parts) | expression::Node::Or(parts) => {
            parts.iter().map(|part| place(reader, scalar, part.range.clone())).collect()
        }
        _ => vec![place(reader, scalar, expr.range.clone())],
    }
}

pub(super) fn truth(scope: Scope<'_>, reader: &mut Reader<'_>, scalar: &Scalar) -> Option<Expr> {
    let mut faults = Vec::new();
    let parsed = match expression::parse(&scalar.text) {
        Ok(mut expr) => {
            resolve::resolve_truth(scope, &mut expr, &mut faults);
            Some(expr)
        }
        Err(fault) => {
            faults.push(fault);
            None
        }
    };
    let failed = !faults.is_empty();
    report(reader, scalar, faults);
    parsed.filter(|_| !failed)
}

fn report(reader: &mut Reader<'_>, scalar: &Scalar, faults: Vec<Fault>) {
    for fault in faults {
        let span = place(reader, scalar, fault.range);
        let mut problem = Problem::error(PACK, span, fault.message);
        problem.help = fault.help;
        reader.problems.push(problem);
    }
}

pub(super) fn template(compiler: &Compiler<'_>, reader: &mut Reader<'_>, yaml: &Yaml, key: &str, form: &Form) -> Option<Template> {
    let scalar = reader.scalar_at(yaml, key)?;
    let (names, kind): (&[&str], Option<&Kind>) = match form {
        Form::Reserve(_) => (&reserve::NAMES, None),
        Form::Gate(_) => (&gate::NAMES, None),
        Form::Cover(_) => (&cover::NAMES, None),
        Form::Over(over) if over.among.is_some() => (&over::NAMES_AMONG, None),
        Form::Over(_) => (&over::NAMES, None),
        Form::Each(each) if key == "omission" => (&["count", "system", "day"], compiler.vocabulary.kind_def(each.kind).filter(|_| false)),
        Form::Each(each) => (&each::NAMES, compiler.vocabulary.kind_def(each.kind)),
    };
    let (template, faults) = Template::read(scalar.text.trim(), names, |expr, faults| {
        if let Some(kind) = kind {
            resolve::resolve(Scope { vocabulary: compiler.vocabulary, register: compiler.register, kind }, expr, faults);
        }
    });
    let failed = !faults.is_empty();
    report(reader, scalar, faults);
    (!failed).then_some(template)
}

pub(super) fn field_name(compiler: &Compiler<'_>, reader: &mut Reader<'_>, scalar: &Scalar, form: &Form) -> Option<Arc<str>> {
    let Form::Each(each) = form else { return None };
    let kind = compiler.vocabulary.kind_def(each.kind)?;
    if kind.field(&scalar.text).is_none() && *kind.alias != *scalar.text && !kind.clauses.iter().any(|clause| *clause.alias == *scalar.text)
    {
        let span = whole(reader, scalar);
        let near = did_you_mean(&scalar.text, kind.fields.iter().map(|field| &*field.name)).map(|near| format!("did you mean `{near}`?"));
        reader.error(span, format!("`{}` has no field `{}`", kind.name, scalar.text)).help = near;
        return None;
    }
    Some(Arc::from(scalar.text.as_str()))
}
