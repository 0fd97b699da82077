//! A plan in the language, made from values that fulfil a formula: short, laid out, and proved by checking it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::check::{self, PlanFile, RuleCount};
use crate::model::value::Value;
use crate::packs::Packs;
use crate::problem::{Severity, Verdict};
use crate::reason::formula::{self, Domain, Holder, Part, Sort, Symbol, TRUE, Translator, Variable, When};
use crate::reason::linear::Var;
use crate::reason::solve::{Chosen, Model};
use crate::rules::Rule;
use crate::rules::expression::{Comparison, Expr, Node, Over, Range};
use crate::syntax::literal::Rational;
use crate::time::{Date, FinancialYear};
use crate::vocabulary::types::Type;
use crate::vocabulary::{Kind, KindId, TermId, Title, UnitId, Vocabulary};

/// What names a statement when nothing else does.
const EXAMPLE: &str = "example";
/// The system that witnesses are written for: no register knows it, so nothing is left out.
const SYSTEM: &str = "example-system";
/// The bodies that a field may name when more is asked of it than constraints can say.
const BODIES: [&str; 4] = ["midlands", SYSTEM, "nhs-england", "dhsc"];
/// The day on which witnesses are read, unless a rule asks for another.
pub(crate) const DAY: Date = jiff::civil::date(2025, 6, 30);

/// A plan that shows something of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// The plan, laid out.
    pub text: String,
    /// The day as of which it shows it.
    pub as_of: Date,
}

/// The lines of one statement.
#[derive(Debug, Default)]
struct Draft {
    name: Option<String>,
    /// Values after the name, and the clauses of the statement itself, by the name that rules give them.
    own: BTreeMap<String, String>,
    fields: BTreeMap<String, Vec<String>>,
    clauses: BTreeMap<(String, String), String>,
    rows: BTreeMap<String, BTreeMap<FinancialYear, String>>,
}

impl Witness {
    /// What a check of it finds; `None` when it is no plan that can be read.
    pub fn counts(&self, packs: &Packs) -> Option<Vec<RuleCount>> {
        let files = vec![PlanFile { path: "witness.remit".to_owned(), bytes: self.text.clone().into_bytes() }];
        let analysis = check::analyze("witness", files, packs, self.as_of);
        let unreadable = analysis.findings.iter().any(|finding| {
            finding.verdict == Verdict::Fail && finding.problem.severity == Severity::Error && finding.problem.rule.starts_with("remit/")
        });
        (!unreadable).then_some(analysis.rules)
    }
}

impl Translator<'_> {
    /// What a number is when nothing else decides.
    pub(crate) fn wish(&self, var: Var) -> Rational {
        match self.variables.get(var).map(|variable| &variable.sort) {
            Some(Sort::Day) => Rational::from_integer(formula::day_number(DAY)),
            Some(Sort::Year) => Rational::from_integer(2025),
            Some(Sort::Number(Type::Rate | Type::Change)) => Rational::new(5, 100),
            Some(Sort::Number(Type::Money)) => Rational::from_integer(1_000_000),
            Some(Sort::Number(Type::Quantity)) => Rational::from_integer(100),
            _ => Rational::from_integer(10),
        }
    }
}

/// Writes plans with a statement of a kind for which the model's values hold; none when a plan cannot say them. They differ in the body that stands
/// where a field has to name some body of which more is asked.
pub(crate) fn write(packs: &Packs, pool: &Translator<'_>, model: &Model, kind: KindId, rules: &[&Rule]) -> impl Iterator<Item = Witness> {
    BODIES.iter().filter_map(move |body| {
        Writer { packs, pool, model, vocabulary: &packs.vocabulary, framework: framework(packs, rules), body }.write(kind)
    })
}

/// What a plan says of its framework so that rules stand in its edition: nothing where they stand in the one that is in force.
pub(crate) fn framework(packs: &Packs, rules: &[&Rule]) -> Option<String> {
    let standing = rules.iter().find_map(|rule| rule.editions)?;
    let stand = |edition: usize| rules.iter().filter_map(|rule| rule.editions).all(|standing| standing.holds(edition));
    let info = packs.infos.get(standing.pack)?;
    if info.edition_on(DAY).is_some_and(stand) {
        return None;
    }
    let (_, edition) = info.editions.iter().enumerate().rev().find(|(at, _)| stand(*at))?;
    Some(format!("{} {}", info.name, edition.name))
}

/// An example plan of these statements, in which `REGION` stands for the system's region.
pub(crate) fn example(packs: &Packs, rules: &[&Rule], statements: &str) -> Witness {
    let midlands = packs.register.find("midlands").is_some();
    let region = if midlands { "midlands" } else { "example-region" };
    let declared = if midlands { "" } else { "region example-region \"An example region\"\n" };
    let framework = framework(packs, rules).map_or(String::new(), |framework| format!("  framework {framework}\n"));
    let text = format!(
        "plan \"An example\" for {SYSTEM} {{\n{framework}  horizon 2025/26\n}}\n{declared}system {SYSTEM} \"An example system\" in {region}\n{}",
        statements.replace("REGION", region)
    );
    Witness { text: crate::syntax::format::format(&text), as_of: DAY }
}

struct Writer<'w, 't> {
    packs: &'w Packs,
    pool: &'w Translator<'t>,
    model: &'w Model,
    vocabulary: &'w Vocabulary,
    framework: Option<String>,
    body: &'w str,
}

impl Writer<'_, '_> {
    fn write(&self, subject: KindId) -> Option<Witness> {
        let plan_kind = self.vocabulary.kind("plan")?;
        let years = self.years();
        let mut drafts: BTreeMap<Holder, (KindId, Draft)> = BTreeMap::from([(Holder::Plan, (plan_kind, Draft::default()))]);
        if subject != plan_kind {
            drafts.insert(Holder::Subject, (subject, Draft::default()));
        }
        for (number, kind) in self.pool.others.iter().enumerate() {
            // Only what the model asks for: a statement of which something is given, or whose presence was demanded.
            let used =
                self.model.given.iter().any(|var| self.pool.variables.get(*var).is_some_and(|v| v.key.holder == Holder::Other(number)));
            if used && *kind != plan_kind {
                drafts.insert(Holder::Other(number), (*kind, Draft::default()));
            }
        }
        let mut as_of = DAY;
        for var in &self.model.given {
            let variable = self.pool.variables.get(*var)?;
            if variable.key.holder == Holder::Check {
                continue;
            }
            let Some((kind, draft)) = drafts.get_mut(&variable.key.holder) else { continue };
            let def = self.vocabulary.kind_def(*kind)?;
            self.put(*var, variable, def, draft, &years)?;
        }
        if let Some((_, number)) = self
            .model
            .numbers
            .iter()
            .find(|(var, _)| self.pool.variables.get(**var).is_some_and(|variable| variable.key.holder == Holder::Check))
        {
            as_of = formula::date(*number)?;
        }
        let name = drafts.get(&Holder::Subject).and_then(|(_, draft)| draft.name.clone()).unwrap_or_else(|| EXAMPLE.to_owned());
        for (atom, thirds) in &self.model.atoms {
            let atom = self.pool.atoms.get(*atom)?;
            if let Some((_, draft)) = drafts.get_mut(&atom.holder) {
                match &atom.expr.node {
                    Node::Compare(Comparison::Includes, left, right) if *thirds == TRUE => self.include(left, right, &name, draft),
                    // Whether it is to hold or not, there has to be somebody of whom it is asked.
                    Node::Any(_, Range { over: Over::Field(field) | Over::Lines(field), .. }, ..) => {
                        let Node::Field(field, None) = &field.node else { continue };
                        draft.fields.entry(field.to_string()).or_insert_with(|| vec![self.body.to_owned()]);
                    }
                    _ => {}
                }
            }
        }
        self.header(&mut drafts.get_mut(&Holder::Plan)?.1, &years);
        let mut text = String::new();
        let mut needed: BTreeSet<(KindId, String)> = BTreeSet::new();
        let mut rest = String::new();
        for (holder, (kind, draft)) in &drafts {
            let into = if *holder == Holder::Plan { &mut text } else { &mut rest };
            self.statement(*kind, draft, *holder, into, &mut needed)?;
        }
        let body = drafts.get(&Holder::Plan)?.1.own.get("body").cloned().unwrap_or_default();
        if body == SYSTEM {
            let region = if self.packs.register.find("midlands").is_some() { " in midlands" } else { "" };
            let _ = writeln!(text, "system {SYSTEM} \"An example system\"{region}");
        }
        text.push_str(&rest);
        for (kind, name) in needed {
            let def = self.vocabulary.kind_def(kind)?;
            let title = if def.title == Title::Required { " \"An example\"" } else { "" };
            let _ = writeln!(text, "{} {name}{title}", def.name);
        }
        Some(Witness { text: crate::syntax::format::format(&text), as_of })
    }

    /// Which years the looks of `every year of` look at.
    fn years(&self) -> BTreeMap<usize, FinancialYear> {
        let horizon = |part: Part| {
            self.model.numbers.iter().find_map(|(var, number)| {
                let key = &self.pool.variables.get(*var)?.key;
                let given = self.model.given.contains(var);
                (given && key.holder == Holder::Plan && &*key.field == "horizon" && key.part == part)
                    .then(|| i16::try_from(number.to_integer()).ok())
                    .flatten()
            })
        };
        let first = horizon(Part::First).unwrap_or(2025);
        let last = horizon(Part::Last);
        let named: BTreeSet<i16> = self
            .pool
            .variables
            .iter()
            .filter_map(|variable| match variable.key.when {
                When::In(year) => Some(year.0),
                _ => None,
            })
            .collect();
        let looks: BTreeSet<usize> = self
            .model
            .given
            .iter()
            .filter_map(|var| match self.pool.variables.get(*var)?.key.when {
                When::This(look) | When::Before(look) => Some(look),
                _ => None,
            })
            .collect();
        let mut free = (first..=last.unwrap_or(i16::MAX - 1)).filter(|year| !named.contains(year));
        looks.into_iter().filter_map(|look| Some((look, FinancialYear(free.next()?)))).collect()
    }

    fn header(&self, draft: &mut Draft, years: &BTreeMap<usize, FinancialYear>) {
        if let Some(framework) = &self.framework {
            draft.fields.insert("framework".to_owned(), vec![framework.clone()]);
        }
        draft.own.entry("body".to_owned()).or_insert_with(|| SYSTEM.to_owned());
        let first = years.values().min().copied().unwrap_or(FinancialYear(2025));
        let last = years.values().max().copied().unwrap_or(first);
        let horizon = if first == last { first.to_string() } else { format!("{first} to {last}") };
        let unsaid = !self.pool.variables.iter().any(|variable| variable.key.holder == Holder::Plan && &*variable.key.field == "horizon");
        if unsaid {
            draft.fields.entry("horizon".to_owned()).or_insert_with(|| vec![horizon]);
        }
    }

    fn put(&self, var: Var, variable: &Variable, kind: &Kind, draft: &mut Draft, years: &BTreeMap<usize, FinancialYear>) -> Option<()> {
        let field = variable.key.field.to_string();
        let year = match variable.key.when {
            When::Always => None,
            When::In(year) => Some(year),
            When::This(look) => Some(*years.get(&look)?),
            When::Before(look) => Some(years.get(&look)?.previous()?),
        };
        if matches!(variable.key.part, Part::YearOf | Part::Last) {
            return Some(());
        }
        let text = if variable.key.part == Part::First {
            let last = self.pool.variables.iter().position(|other| {
                other.key.part == Part::Last && {
                    let (one, two) = (&other.key, &variable.key);
                    one.holder == two.holder && one.field == two.field && one.clause == two.clause
                }
            });
            let year = |var: Var| {
                let number = self.model.numbers.get(&var).copied().unwrap_or_else(|| self.pool.wish(var));
                i16::try_from(number.to_integer()).ok().map(FinancialYear)
            };
            let (first, last) = (year(var)?, year(last?)?);
            if first == last { first.to_string() } else { format!("{first} to {last}") }
        } else {
            self.value(var, variable)?
        };
        if let Some(year) = year {
            draft.rows.entry(field).or_default().insert(year, text);
            return Some(());
        }
        if kind.row(&variable.key.field).is_some() {
            // The row itself: its cells say it; one that nobody asks for is put in at the end.
            draft.rows.entry(field).or_default();
            return Some(());
        }
        if let Some(clause) = &variable.key.clause {
            draft.clauses.insert((field, clause.to_string()), text);
            return Some(());
        }
        if *kind.alias == *variable.key.field && kind.named.is_some() {
            draft.name = Some(text);
        } else if kind.cells.iter().any(|cell| *cell.name == *variable.key.field)
            || kind.clauses.iter().any(|clause| *clause.alias == *variable.key.field)
        {
            draft.own.insert(field, text);
        } else if kind.field(&field).is_some() {
            draft.fields.entry(field).or_default().insert(0, text);
        }
        // What is derived cannot be written: the check says whether it comes out as it has to.
        Some(())
    }

    fn value(&self, var: Var, variable: &Variable) -> Option<String> {
        let number = || self.model.numbers.get(&var).copied().unwrap_or_else(|| self.pool.wish(var));
        Some(match &variable.sort {
            Sort::Number(ty) => {
                let number = number();
                let hundred = Rational::from_integer(100);
                match ty {
                    Type::Rate | Type::Change => format!("{}%", decimal(number.checked_mul_by(hundred)?)?),
                    Type::Amount => format!("{} wte", decimal(number)?),
                    Type::Money => format!("£{}", decimal(number)?),
                    _ => decimal(number)?,
                }
            }
            Sort::Day => formula::date(number())?.to_string(),
            Sort::Year => FinancialYear(i16::try_from(number().to_integer()).ok()?).to_string(),
            Sort::Choice(domain) => {
                let choice = self.model.choices.get(&var).copied()?;
                match domain {
                    Domain::Terms(_) => self.vocabulary.term_def(TermId(choice))?.name.to_string(),
                    Domain::Levels(scale) => self.vocabulary.level_name(*scale, u8::try_from(choice).ok()?).to_owned(),
                    Domain::YesNo => if choice == 1 { "yes" } else { "no" }.to_owned(),
                    Domain::Units => self.vocabulary.unit_def(UnitId(u16::try_from(choice).ok()?))?.name.to_string(),
                }
            }
            Sort::Symbol(ty) => self.symbol(var, ty)?,
        })
    }

    fn symbol(&self, var: Var, ty: &Type) -> Option<String> {
        let body = |body| self.packs.register.get(body).map(|body| body.code.to_string());
        let known = match self.model.symbols.get(&var) {
            Some(Chosen::Constant(Symbol::Text(text))) => Some(text.to_string()),
            Some(Chosen::Constant(Symbol::Body(id))) => Some(body(*id)?),
            _ => None,
        };
        let (number, barred) = match self.model.symbols.get(&var) {
            Some(Chosen::Fresh(class, barred)) => (*class, barred.as_slice()),
            _ => (0, &[][..]),
        };
        Some(match ty {
            Type::Text => {
                format!("\"{}\"", known.unwrap_or_else(|| if number == 0 { "an example".to_owned() } else { format!("example {number}") }))
            }
            Type::Body => match known {
                Some(known) => known,
                None if number == 0 && barred.is_empty() => SYSTEM.to_owned(),
                // Some body of the register that is none of those that it must not be.
                None => (0..self.packs.register.len() as u32)
                    .map(crate::model::bodies::BodyId)
                    .filter(|id| !barred.contains(&Symbol::Body(*id)))
                    .filter_map(|id| self.packs.register.get(id))
                    .filter(|body| body.opened.is_none() && body.closed.is_none())
                    .nth(number)?
                    .code
                    .to_string(),
            },
            _ => known.unwrap_or_else(|| if number == 0 { "example".to_owned() } else { format!("example-{number}") }),
        })
    }

    /// Writes a value into the list that has to include it. `name` is what names the subject.
    fn include(&self, left: &Expr, right: &Expr, name: &str, draft: &mut Draft) {
        let Node::Field(field, None) = &left.node else { return };
        let text = match &right.node {
            Node::Literal(Value::Term(term)) => self.vocabulary.term_def(*term).map(|term| term.name.to_string()),
            Node::Literal(Value::Body(body)) => self.packs.register.get(*body).map(|body| body.code.to_string()),
            Node::Literal(Value::Text(text)) => Some(format!("\"{text}\"")),
            Node::Literal(Value::Name(name)) => Some(name.to_string()),
            Node::Outer(..) => Some(name.to_owned()),
            Node::PlanField(_) => Some(SYSTEM.to_owned()),
            _ => None,
        };
        if let Some(text) = text {
            let values = draft.fields.entry(field.to_string()).or_default();
            if !values.contains(&text) {
                values.push(text);
            }
        }
    }

    fn statement(
        &self,
        kind: KindId,
        draft: &Draft,
        holder: Holder,
        text: &mut String,
        needed: &mut BTreeSet<(KindId, String)>,
    ) -> Option<()> {
        let def = self.vocabulary.kind_def(kind).filter(|def| def.written)?;
        let _ = write!(text, "{}", def.name);
        if let Some(named) = &def.named {
            let name = draft.name.clone().or_else(|| self.any_name(&named.ty, holder))?;
            let _ = write!(text, " {name}");
        }
        for cell in &def.cells {
            let _ = write!(text, " {}", draft.own.get(&*cell.name).cloned().or_else(|| any(self.vocabulary, cell.ty()?))?);
        }
        let declared_body = def.named.as_ref().is_some_and(|named| named.ty == Type::Body);
        if def.title == Title::Required || (declared_body && draft.name.is_none()) {
            let _ = write!(text, " \"An example\"");
        }
        for clause in &def.clauses {
            let value = draft.own.get(&*clause.alias).cloned();
            let value = if clause.required { Some(value.or_else(|| any(self.vocabulary, &clause.cell.ty))?) } else { value };
            if let Some(value) = value {
                let _ = write!(text, " {} {value}", clause.clause.word());
            }
        }
        let mut lines = String::new();
        for field in &def.fields {
            let Some(values) = draft.fields.get(&*field.name) else { continue };
            if let Some(Type::Reference(target)) = field.ty() {
                needed.extend(values.iter().map(|value| (*target, value.clone())));
            }
            let _ = write!(lines, "  {} {}", field.name, values.join(", "));
            for clause in &field.clauses {
                if let Some(value) = draft.clauses.get(&(field.name.to_string(), clause.alias.to_string())) {
                    let _ = write!(lines, " {} {value}", clause.clause.word());
                }
            }
            lines.push('\n');
        }
        self.table(def, draft, &mut lines);
        if lines.is_empty() {
            text.push('\n');
        } else {
            let _ = writeln!(text, " {{\n{lines}}}");
        }
        Some(())
    }

    fn table(&self, def: &Kind, draft: &Draft, lines: &mut String) {
        if draft.rows.is_empty() {
            return;
        }
        if let Some(unit) = def.unit_field.as_ref().filter(|unit| !draft.fields.contains_key(&***unit)) {
            let unsaid = !self.pool.variables.iter().any(|variable| variable.key.field == *unit && variable.key.holder != Holder::Plan);
            if unsaid {
                let _ = writeln!(lines, "  {unit} wte");
            }
        }
        let mut years: BTreeSet<FinancialYear> = draft.rows.values().flat_map(BTreeMap::keys).copied().collect();
        if years.is_empty() {
            years.insert(FinancialYear(2025));
        }
        let _ = write!(lines, "  year");
        years.iter().for_each(|year| {
            let _ = write!(lines, " {year}");
        });
        lines.push('\n');
        for (row, cells) in &draft.rows {
            let _ = write!(lines, "  {row}");
            let rate = def.row(row).and_then(|def| def.ty()).is_some_and(|ty| *ty == Type::Series(Box::new(Type::Rate)));
            for year in &years {
                let filler = if !cells.is_empty() {
                    "-"
                } else if rate {
                    "5%"
                } else {
                    "100"
                };
                let _ = write!(lines, " {}", cells.get(year).map_or(filler, String::as_str));
            }
            lines.push('\n');
        }
    }

    fn any_name(&self, ty: &Type, holder: Holder) -> Option<String> {
        match ty {
            Type::Body | Type::Name => Some(match holder {
                Holder::Other(number) => format!("example-{}", number + 2),
                _ => EXAMPLE.to_owned(),
            }),
            other => any(self.vocabulary, other),
        }
    }
}

/// Some value of a type.
fn any(vocabulary: &Vocabulary, ty: &Type) -> Option<String> {
    Some(match ty {
        Type::Term(set) => vocabulary.terms(*set).next()?.name.to_string(),
        Type::Level(scale) => vocabulary.level_name(*scale, 0).to_owned(),
        Type::Body => SYSTEM.to_owned(),
        Type::Date => "2025-06-30".to_owned(),
        Type::Year | Type::Years => "2025/26".to_owned(),
        Type::Text => "\"an example\"".to_owned(),
        Type::Name => "example".to_owned(),
        Type::YesNo => "yes".to_owned(),
        Type::Number => "1".to_owned(),
        _ => return None,
    })
}

/// A number as plans write it; `None` when it has no end.
fn decimal(number: Rational) -> Option<String> {
    let negative = number < Rational::from_integer(0);
    let number = if negative { -number } else { number };
    let places =
        (0..=8_u32).find(|places| number.checked_mul_by(Rational::from_integer(10_i128.pow(*places))).is_some_and(|n| n.is_integer()))?;
    let digits = format!(
        "{:0>width$}",
        number.checked_mul_by(Rational::from_integer(10_i128.pow(places)))?.to_integer(),
        width = places as usize + 1
    );
    let (whole, fraction) = digits.split_at(digits.len() - places as usize);
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push('_');
        }
        text.push(digit);
    }
    let sign = if negative { "-" } else { "" };
    Some(if fraction.is_empty() { format!("{sign}{text}") } else { format!("{sign}{text}.{fraction}") })
}

/// Multiplication that may overflow.
trait CheckedTimes: Sized {
    fn checked_mul_by(self, other: Self) -> Option<Self>;
}

impl CheckedTimes for Rational {
    fn checked_mul_by(self, other: Self) -> Option<Self> {
        num_traits::CheckedMul::checked_mul(&self, &other)
    }
}
