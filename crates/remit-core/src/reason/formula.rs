//! What an expression says, as constraints on the fields of a statement: three-valued logic becomes plain logic over what is given.
//!
//! What is beyond these constraints (quotients of two fields, lists, sums over other statements) becomes an atom that may be anything. So a formula
//! that nothing fulfils is truly impossible, and a solution is a proposal, which a plan made from it has to prove.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::bodies::BodyId;
use crate::model::value::{Operation, Value};
use crate::reason::linear::{Constraint, Linear, Sign, Var};
use crate::rules::expression::{Comparison, Expr, Node, Over, Quantifier, Range};
use crate::syntax::literal::Rational;
use crate::time::{Date, Days, Duration, FinancialYear, Grain};
use crate::vocabulary::types::Type;
use crate::vocabulary::{Kind, KindId, ScaleId, SetId, Vocabulary};

/// Whose field it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Holder {
    /// The statement that the rule is about.
    Subject,
    /// The `plan` statement.
    Plan,
    /// The check itself: the as-of date.
    Check,
    /// A statement that has to be there for `some … satisfies`, by its number.
    Other(usize),
    /// Something reckoned from other statements, by its number.
    Reckoned(usize),
}

/// At which year of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum When {
    /// The whole row, or a field that has no years.
    Always,
    /// A year that the rule names.
    In(FinancialYear),
    /// The year that `every year of` looks at, by the number of the look.
    This(usize),
    /// The year before it.
    Before(usize),
}

/// Which part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Part {
    /// All of it.
    Whole,
    /// The first year of a run.
    First,
    /// The last year of a run.
    Last,
    /// The financial year of a day.
    YearOf,
}

/// What names a variable.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) holder: Holder,
    pub(crate) field: Arc<str>,
    pub(crate) clause: Option<Arc<str>>,
    pub(crate) when: When,
    pub(crate) part: Part,
}

/// What a variable may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sort {
    /// A number, with the type of its field.
    Number(Type),
    /// A day, counted from 1970.
    Day,
    /// A financial year, by the calendar year in which it begins.
    Year,
    /// One of a few.
    Choice(Domain),
    /// Text, a name, a body: only the same or not.
    Symbol(Type),
}

/// A finite domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Domain {
    /// The terms of a set.
    Terms(SetId),
    /// The levels of a scale.
    Levels(ScaleId),
    /// No and yes.
    YesNo,
    /// The units.
    Units,
}

/// A constant that is only the same or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Symbol {
    /// Text or a name.
    Text(Arc<str>),
    /// A body of the register.
    Body(BodyId),
}

/// A variable.
#[derive(Debug, Clone)]
pub(crate) struct Variable {
    pub(crate) key: Key,
    pub(crate) sort: Sort,
    /// Whether it cannot be absent.
    pub(crate) always: bool,
    /// What is given whenever this is: the row of a cell, the field of a clause.
    pub(crate) within: Option<Var>,
}

/// Something beyond the constraints, which may hold or not.
#[derive(Debug, Clone)]
pub(crate) struct Atom {
    pub(crate) expr: Expr,
    /// Whose fields it speaks of.
    pub(crate) holder: Holder,
}

/// True, false and undetermined, as bits.
pub(crate) type Thirds = u8;
pub(crate) const TRUE: Thirds = 1;
pub(crate) const FALSE: Thirds = 2;
pub(crate) const UNTOLD: Thirds = 4;

/// What is asked of one variable, of one sum, or of one atom.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Present(Var),
    Absent(Var),
    /// Given, and one of these.
    Among(Var, BTreeSet<u32>),
    /// Given, and this constant (or not).
    Constant(Var, Symbol, bool),
    /// Both given, and the same (or not).
    Same(Var, Var, bool),
    Linear(Constraint),
    Atom(usize, Thirds),
}

/// Literals, joined.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Formula {
    All(Vec<Formula>),
    Any(Vec<Formula>),
    Is(Literal),
}

/// What is wanted of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    True,
    False,
    /// False or undetermined.
    NotTrue,
    /// True or undetermined.
    NotFalse,
}

/// Makes formulas of expressions, over one pool of variables.
#[derive(Debug)]
pub(crate) struct Translator<'t> {
    pub(crate) vocabulary: &'t Vocabulary,
    pub(crate) variables: Vec<Variable>,
    pub(crate) atoms: Vec<Atom>,
    /// The kinds of the statements that `some … satisfies` asks for.
    pub(crate) others: Vec<KindId>,
    /// What holds of the variables themselves.
    pub(crate) links: Vec<Constraint>,
    by_key: HashMap<Key, Var>,
    by_shape: HashMap<String, usize>,
    /// How many years are looked at: a failure has one of its own, and what holds every year holds in each.
    years: usize,
    plan: Option<KindId>,
}

/// By which steps a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Steps {
    /// Any number.
    Any,
    /// Whole numbers only.
    Whole,
}

/// Where an expression stands.
#[derive(Debug, Clone, Copy)]
struct Scope<'k> {
    holder: Holder,
    kind: &'k Kind,
    year: Option<usize>,
}

/// A value, as far as constraints can speak of it.
#[derive(Debug, Clone)]
enum Term {
    Number(Linear),
    Day(Linear),
    Year(Linear),
    Months(Linear),
    Choice(Domain, Chosen),
    Symbol(Named),
    Run(Linear, Linear),
}

#[derive(Debug, Clone)]
enum Chosen {
    Var(Var),
    Value(u32),
}

#[derive(Debug, Clone)]
enum Named {
    Var(Var),
    Value(Symbol),
}

/// One way in which a value comes about.
#[derive(Debug, Clone)]
struct Case {
    /// Not given, as `otherwise` asks.
    absent: Vec<Var>,
    /// Given.
    given: Vec<Var>,
    term: Term,
}

impl Formula {
    /// What always holds.
    pub(crate) fn yes() -> Self {
        Self::All(Vec::new())
    }

    /// What never holds.
    pub(crate) fn no() -> Self {
        Self::Any(Vec::new())
    }
}

impl Want {
    fn flipped(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::NotTrue => Self::NotFalse,
            Self::NotFalse => Self::NotTrue,
        }
    }

    fn thirds(self) -> Thirds {
        match self {
            Self::True => TRUE,
            Self::False => FALSE,
            Self::NotTrue => FALSE | UNTOLD,
            Self::NotFalse => TRUE | UNTOLD,
        }
    }

    /// Whether it asks for the truth, or at least for no untruth.
    fn positive(self) -> bool {
        matches!(self, Self::True | Self::NotFalse)
    }
}

impl<'t> Translator<'t> {
    /// An empty pool. `years` is how many failures of `every year of` may have to be told apart.
    pub(crate) fn new(vocabulary: &'t Vocabulary, years: usize) -> Self {
        Self {
            vocabulary,
            variables: Vec::new(),
            atoms: Vec::new(),
            others: Vec::new(),
            links: Vec::new(),
            by_key: HashMap::new(),
            by_shape: HashMap::new(),
            years: years.max(1),
            plan: vocabulary.kind("plan"),
        }
    }

    /// What has to be so for an expression about a statement of a kind to be as wanted. `look` is the year in which it fails, if it does.
    pub(crate) fn formula(&mut self, kind: KindId, expr: &Expr, want: Want, look: usize) -> Formula {
        let Some(def) = self.vocabulary.kind_def(kind) else { return Formula::yes() };
        let holder = if self.plan == Some(kind) { Holder::Plan } else { Holder::Subject };
        let scopes = [Scope { holder, kind: def, year: None }];
        self.truth(expr, want, &scopes, look)
    }

    fn truth(&mut self, expr: &Expr, want: Want, scopes: &[Scope<'t>], look: usize) -> Formula {
        let Some(scope) = scopes.last().copied() else { return Formula::yes() };
        match &expr.node {
            Node::Or(parts) | Node::And(parts) => {
                let parts = parts.iter().map(|part| self.truth(part, want, scopes, look)).collect();
                if matches!(expr.node, Node::Or(_)) == want.positive() { Formula::Any(parts) } else { Formula::All(parts) }
            }
            Node::Not(inner) => self.truth(inner, want.flipped(), scopes, look),
            Node::Given(inner, expected) => match self.given(inner, scopes) {
                Some(vars) if *expected == want.positive() => {
                    Formula::All(vars.into_iter().map(|var| Formula::Is(Literal::Present(var))).collect())
                }
                Some(vars) => Formula::Any(vars.into_iter().map(|var| Formula::Is(Literal::Absent(var))).collect()),
                None => self.atom(expr, want, scope),
            },
            Node::In(left, members) => self.member(expr, left, members, want, scopes),
            Node::Compare(comparison, left, right) => match (self.cases(left, scopes), self.cases(right, scopes)) {
                (Some(left), Some(right)) => self.compare(*comparison, &left, &right, want).unwrap_or_else(|| self.atom(expr, want, scope)),
                _ => self.atom(expr, want, scope),
            },
            Node::Every(Some(Grain::Year), false, series, body) => self.every_year(expr, series, body, want, scopes, look),
            Node::Any(quantifier, Range { over: Over::Kind(kind), condition, .. }, body) => {
                let atom = self.atom(expr, want, scope);
                let demands = match quantifier {
                    Quantifier::Some => want == Want::True,
                    Quantifier::Every => want == Want::False,
                    Quantifier::No => false,
                };
                let Some(def) = self.vocabulary.kind_def(*kind).filter(|_| demands) else { return atom };
                let number = self.others.len();
                self.others.push(*kind);
                let mut scopes = scopes.to_vec();
                let holder = if self.plan == Some(*kind) { Holder::Plan } else { Holder::Other(number) };
                scopes.push(Scope { holder, kind: def, year: scope.year });
                let mut parts = vec![atom];
                if let Some(condition) = condition {
                    parts.push(self.truth(condition, Want::True, &scopes, look));
                }
                parts.push(self.truth(body, want, &scopes, look));
                Formula::All(parts)
            }
            Node::Outer(depth, inner) => {
                let kept = scopes.len().saturating_sub(usize::from(*depth));
                self.truth(inner, want, scopes.get(..kept).unwrap_or_default(), look)
            }
            Node::Field(..) | Node::PlanField(_) => match self.cases(expr, scopes).as_deref() {
                Some([Case { given, term: Term::Choice(Domain::YesNo, Chosen::Var(var)), .. }]) => {
                    let yes = Literal::Among(*var, BTreeSet::from([1]));
                    let no = Literal::Among(*var, BTreeSet::from([0]));
                    relation(&[], given, Formula::Is(yes), Formula::Is(no), want)
                }
                _ => self.atom(expr, want, scope),
            },
            _ => self.atom(expr, want, scope),
        }
    }

    fn every_year(&mut self, expr: &Expr, series: &Expr, body: &Expr, want: Want, scopes: &[Scope<'t>], look: usize) -> Formula {
        let Some(scope) = scopes.last().copied() else { return Formula::yes() };
        let in_year = |year: usize| {
            let mut scopes = scopes.to_vec();
            if let Some(last) = scopes.last_mut() {
                last.year = Some(year);
            }
            scopes
        };
        let Node::Field(name, None) = &series.node else { return self.atom(expr, want, scope) };
        let one = |translator: &mut Self, year: usize| {
            let scopes = in_year(year);
            let cell = translator.variable(scope, name, None, When::This(year), Part::Whole);
            let body = translator.truth(body, want, &scopes, look);
            match (cell, want) {
                (Some(cell), Want::True | Want::False) => Formula::All(vec![Formula::Is(Literal::Present(cell)), body]),
                (Some(cell), _) => Formula::Any(vec![Formula::Is(Literal::Absent(cell)), body]),
                (None, _) => body,
            }
        };
        if want.positive() {
            // It holds in every year, so in each that is looked at.
            Formula::All((0..self.years).map(|year| one(self, year)).collect())
        } else {
            one(self, look)
        }
    }

    fn member(&mut self, expr: &Expr, left: &Expr, members: &[Expr], want: Want, scopes: &[Scope<'t>]) -> Formula {
        let Some(scope) = scopes.last().copied() else { return Formula::yes() };
        let Some(cases) = self.cases(left, scopes) else { return self.atom(expr, want, scope) };
        if let [Case { absent, given, term: Term::Choice(Domain::Terms(set), Chosen::Var(var)) }] = cases.as_slice() {
            let wholes: Vec<_> = members
                .iter()
                .filter_map(|member| match member.node {
                    Node::Literal(Value::Term(term)) => Some(term),
                    _ => None,
                })
                .collect();
            if wholes.len() == members.len() {
                let all = self.values(Domain::Terms(*set));
                let (inside, outside): (BTreeSet<u32>, BTreeSet<u32>) = all
                    .into_iter()
                    .partition(|term| wholes.iter().any(|whole| self.vocabulary.is_part_of(crate::vocabulary::TermId(*term), *whole)));
                let (yes, no) = (Formula::Is(Literal::Among(*var, inside)), Formula::Is(Literal::Among(*var, outside)));
                return relation(absent, given, yes, no, want);
            }
        }
        let mut parts = Vec::new();
        for member in members {
            let compared = self.cases(member, scopes).and_then(|right| self.compare(Comparison::Equal, &cases, &right, want));
            let Some(compared) = compared else { return self.atom(expr, want, scope) };
            parts.push(compared);
        }
        if want.positive() { Formula::Any(parts) } else { Formula::All(parts) }
    }

    fn compare(&mut self, comparison: Comparison, left: &[Case], right: &[Case], want: Want) -> Option<Formula> {
        let mut parts = Vec::new();
        for one in left {
            for other in right {
                let (yes, no) = self.relate(comparison, &one.term, &other.term)?;
                let absent: Vec<Var> = one.absent.iter().chain(&other.absent).copied().collect();
                let given: Vec<Var> = one.given.iter().chain(&other.given).copied().collect();
                parts.push(relation(&absent, &given, yes, no, want));
            }
        }
        // One of the ways comes about; what is not so must not be so in any.
        Some(if matches!(want, Want::True | Want::False) { Formula::Any(parts) } else { Formula::All(parts) })
    }

    /// What it takes for two values to compare so, and what for them not to.
    fn relate(&mut self, comparison: Comparison, left: &Term, right: &Term) -> Option<(Formula, Formula)> {
        match (left, right) {
            (Term::Number(left), Term::Number(right)) => sums(comparison, left, right, Steps::Any),
            (Term::Day(left), Term::Day(right)) | (Term::Year(left), Term::Year(right)) | (Term::Months(left), Term::Months(right)) => {
                sums(comparison, left, right, Steps::Whole)
            }
            (Term::Choice(domain, left), Term::Choice(other, right)) if domain == other => {
                Some(self.choices(comparison, *domain, left, right))
            }
            (Term::Symbol(left), Term::Symbol(right)) if matches!(comparison, Comparison::Equal | Comparison::Unequal) => {
                let literal = |same: bool| match (left, right) {
                    (Named::Var(var), Named::Value(value)) | (Named::Value(value), Named::Var(var)) => {
                        Formula::Is(Literal::Constant(*var, value.clone(), same))
                    }
                    (Named::Var(one), Named::Var(other)) => Formula::Is(Literal::Same(*one, *other, same)),
                    (Named::Value(one), Named::Value(other)) if (one == other) == same => Formula::yes(),
                    _ => Formula::no(),
                };
                let (same, other) = (literal(true), literal(false));
                Some(if comparison == Comparison::Equal { (same, other) } else { (other, same) })
            }
            (Term::Run(first, last), Term::Year(year)) if comparison == Comparison::Includes => within(first, last, year),
            (Term::Run(first, last), Term::Day(day)) if comparison == Comparison::Includes => {
                let year = self.year_of(day)?;
                within(first, last, &year)
            }
            (Term::Run(first, last), Term::Run(from, to)) => {
                let (yes_first, no_first) = sums(comparison_of_ends(comparison, Part::First)?, first, from, Steps::Whole)?;
                let (yes_last, no_last) = sums(comparison_of_ends(comparison, Part::Last)?, last, to, Steps::Whole)?;
                let (yes, no) = (Formula::All(vec![yes_first, yes_last]), Formula::Any(vec![no_first, no_last]));
                Some(if comparison == Comparison::Unequal { (no, yes) } else { (yes, no) })
            }
            _ => None,
        }
    }

    fn choices(&self, comparison: Comparison, domain: Domain, left: &Chosen, right: &Chosen) -> (Formula, Formula) {
        let values = self.values(domain);
        let holds = |one: u32, other: u32| match comparison {
            Comparison::Equal | Comparison::Includes | Comparison::Follows => one == other,
            Comparison::Unequal => one != other,
            Comparison::Less => one < other,
            Comparison::AtMost => one <= other,
            Comparison::More => one > other,
            Comparison::AtLeast => one >= other,
        };
        let split = |keep: &dyn Fn(u32) -> bool| -> (BTreeSet<u32>, BTreeSet<u32>) { values.iter().partition(|value| keep(**value)) };
        match (left, right) {
            (Chosen::Value(one), Chosen::Value(other)) if holds(*one, *other) => (Formula::yes(), Formula::no()),
            (Chosen::Value(_), Chosen::Value(_)) => (Formula::no(), Formula::yes()),
            (Chosen::Var(var), Chosen::Value(other)) => {
                let (yes, no) = split(&|one| holds(one, *other));
                (Formula::Is(Literal::Among(*var, yes)), Formula::Is(Literal::Among(*var, no)))
            }
            (Chosen::Value(one), Chosen::Var(var)) => {
                let (yes, no) = split(&|other| holds(*one, other));
                (Formula::Is(Literal::Among(*var, yes)), Formula::Is(Literal::Among(*var, no)))
            }
            (Chosen::Var(left), Chosen::Var(right)) => {
                let pairs = |wanted: bool| {
                    let pair = |one: &u32| {
                        let others = values.iter().copied().filter(|other| holds(*one, *other) == wanted).collect();
                        Formula::All(vec![
                            Formula::Is(Literal::Among(*left, BTreeSet::from([*one]))),
                            Formula::Is(Literal::Among(*right, others)),
                        ])
                    };
                    Formula::Any(values.iter().map(pair).collect())
                };
                (pairs(true), pairs(false))
            }
        }
    }

    /// Every value of a domain.
    pub(crate) fn values(&self, domain: Domain) -> BTreeSet<u32> {
        match domain {
            Domain::Terms(set) => (0..self.vocabulary.terms.len() as u32)
                .filter(|term| self.vocabulary.term_def(crate::vocabulary::TermId(*term)).is_some_and(|term| term.set == set))
                .collect(),
            Domain::Levels(scale) => (0..self.vocabulary.scale_def(scale).map_or(0, |scale| scale.levels.len() as u32)).collect(),
            Domain::YesNo => BTreeSet::from([0, 1]),
            Domain::Units => (0..self.vocabulary.units().len() as u32).collect(),
        }
    }

    /// The variables that have to be there for something to be given.
    fn given(&mut self, expr: &Expr, scopes: &[Scope<'t>]) -> Option<Vec<Var>> {
        let scope = scopes.last().copied()?;
        match &expr.node {
            Node::Field(name, clause) => {
                let when = match scope.year {
                    Some(year) if scope.kind.row(name).is_some() => When::This(year),
                    _ => When::Always,
                };
                self.parts(scope, name, clause.as_ref(), when)
            }
            Node::PlanField(name) => {
                let scope = self.plan_scope()?;
                self.parts(scope, name, None, When::Always)
            }
            Node::At(..) => self.cases(expr, scopes)?.pop().map(|case| case.given),
            Node::Outer(depth, inner) => {
                let kept = scopes.len().saturating_sub(usize::from(*depth));
                self.given(inner, scopes.get(..kept)?)
            }
            _ => None,
        }
    }

    fn parts(&mut self, scope: Scope<'t>, name: &Arc<str>, clause: Option<&Arc<str>>, when: When) -> Option<Vec<Var>> {
        if matches!(self.field_type(scope, name, clause), Some((Type::Years, _))) {
            let first = self.variable(scope, name, clause, when, Part::First)?;
            let last = self.variable(scope, name, clause, when, Part::Last)?;
            return Some(vec![first, last]);
        }
        Some(vec![self.variable(scope, name, clause, when, Part::Whole)?])
    }

    fn plan_scope(&self) -> Option<Scope<'t>> {
        Some(Scope { holder: Holder::Plan, kind: self.vocabulary.kind_def(self.plan?)?, year: None })
    }

    /// The ways in which an expression has a value; `None` when it is beyond constraints.
    fn cases(&mut self, expr: &Expr, scopes: &[Scope<'t>]) -> Option<Vec<Case>> {
        let scope = scopes.last().copied()?;
        let constant = |term: Term| Some(vec![Case { absent: Vec::new(), given: Vec::new(), term }]);
        match &expr.node {
            Node::Literal(value) => constant(literal(self.vocabulary, value)?),
            Node::AsOf => {
                let var = self.intern(
                    Key { holder: Holder::Check, field: Arc::from("as-of"), clause: None, when: When::Always, part: Part::Whole },
                    Sort::Day,
                    true,
                    None,
                );
                constant(Term::Day(Linear::variable(var)))
            }
            Node::Field(name, clause) => {
                let when = match scope.year {
                    Some(year) if scope.kind.row(name).is_some() => When::This(year),
                    _ => When::Always,
                };
                self.field(scope, name, clause.as_ref(), when)
            }
            Node::PlanField(name) => {
                let scope = self.plan_scope()?;
                self.field(scope, name, None, When::Always)
            }
            Node::At(series, year) => {
                let Node::Field(name, None) = &series.node else { return None };
                let when = match (&year.node, scope.year) {
                    (Node::Literal(Value::Year(year)), _) => When::In(*year),
                    (Node::This(Some(Grain::Year)), Some(year)) => When::This(year),
                    (Node::Previous(Some(Grain::Year)), Some(year)) => When::Before(year),
                    _ => return None,
                };
                self.field(scope, name, None, when)
            }
            Node::Outer(depth, inner) => {
                let kept = scopes.len().saturating_sub(usize::from(*depth));
                self.cases(inner, scopes.get(..kept)?)
            }
            Node::Otherwise(left, right) => {
                let mut cases = self.cases(left, scopes)?;
                let [only] = cases.as_slice() else { return None };
                let [var] = only.given.as_slice() else { return None };
                let var = *var;
                for mut case in self.cases(right, scopes)? {
                    case.absent.push(var);
                    cases.push(case);
                }
                Some(cases)
            }
            Node::Operate(operation, left, right) => {
                let (left, right) = (self.cases(left, scopes)?, self.cases(right, scopes)?);
                let mut cases = Vec::new();
                for one in &left {
                    for other in &right {
                        let (Term::Number(a), Term::Number(b)) = (&one.term, &other.term) else { return None };
                        let sum = match operation {
                            Operation::Add => a.plus(b, Rational::from_integer(1))?,
                            Operation::Subtract => a.plus(b, Rational::from_integer(-1))?,
                            Operation::Multiply => match (a.as_number(), b.as_number()) {
                                (Some(factor), _) => b.times(factor)?,
                                (_, Some(factor)) => a.times(factor)?,
                                _ => return None,
                            },
                            Operation::Divide => {
                                let divisor = b.as_number().filter(|number| *number != Rational::from_integer(0))?;
                                a.times(Rational::from_integer(1) / divisor)?
                            }
                        };
                        cases.push(Case {
                            absent: one.absent.iter().chain(&other.absent).copied().collect(),
                            given: one.given.iter().chain(&other.given).copied().collect(),
                            term: Term::Number(sum),
                        });
                    }
                }
                Some(cases)
            }
            Node::Length(inner) => {
                let cases = self.cases(inner, scopes)?;
                let [Case { absent, given, term: Term::Run(first, last) }] = cases.as_slice() else { return None };
                let twelve = Rational::from_integer(12);
                let months = last.plus(first, Rational::from_integer(-1))?.plus(&Linear::number(1.into()), 1.into())?.times(twelve)?;
                Some(vec![Case { absent: absent.clone(), given: given.clone(), term: Term::Months(months) }])
            }
            Node::Sum(..) | Node::Count(..) => {
                let shape = self.shape(expr, scope);
                let ty = if matches!(expr.node, Node::Count(..)) { Type::Number } else { Type::Quantity };
                let var = self.intern(
                    Key {
                        holder: Holder::Reckoned(shape),
                        field: Arc::from("reckoned"),
                        clause: None,
                        when: scope.year.map_or(When::Always, When::This),
                        part: Part::Whole,
                    },
                    Sort::Number(ty),
                    false,
                    None,
                );
                Some(vec![Case { absent: Vec::new(), given: vec![var], term: Term::Number(Linear::variable(var)) }])
            }
            _ => None,
        }
    }

    fn field(&mut self, scope: Scope<'t>, name: &Arc<str>, clause: Option<&Arc<str>>, when: When) -> Option<Vec<Case>> {
        let given = self.parts(scope, name, clause, when)?;
        let term = match given.as_slice() {
            [first, last] => Term::Run(Linear::variable(*first), Linear::variable(*last)),
            [var] => match &self.variables.get(*var)?.sort {
                Sort::Number(_) => Term::Number(Linear::variable(*var)),
                Sort::Day => Term::Day(Linear::variable(*var)),
                Sort::Year => Term::Year(Linear::variable(*var)),
                Sort::Choice(domain) => Term::Choice(*domain, Chosen::Var(*var)),
                Sort::Symbol(_) => Term::Symbol(Named::Var(*var)),
            },
            _ => return None,
        };
        Some(vec![Case { absent: Vec::new(), given, term }])
    }

    /// The type of a field, and whether it cannot be absent.
    fn field_type(&self, scope: Scope<'t>, name: &str, clause: Option<&Arc<str>>) -> Option<(Type, bool)> {
        let kind = scope.kind;
        let unwrapped = |ty: &Type| match ty {
            Type::Series(inner) => (**inner).clone(),
            other => other.clone(),
        };
        let def = kind.fields.iter().chain(&kind.rows).chain(&kind.cells).chain(&kind.derived).find(|field| *field.name == *name);
        if let Some(clause) = clause {
            let clause = def?.clauses.iter().find(|def| *def.alias == **clause)?;
            return Some((unwrapped(&clause.cell.ty), false));
        }
        if let Some(own) = kind.clauses.iter().find(|def| *def.alias == *name) {
            return Some((unwrapped(&own.cell.ty), own.required));
        }
        if *kind.alias == *name && kind.named.is_some() {
            return kind.named.as_ref().map(|cell| (unwrapped(&cell.ty), true));
        }
        let always = matches!(name, "code" | "day" | "read-on" | "registered") && kind.derived.iter().any(|field| *field.name == *name);
        def?.cells.first().map(|cell| (unwrapped(&cell.ty), always))
    }

    fn variable(&mut self, scope: Scope<'t>, name: &Arc<str>, clause: Option<&Arc<str>>, when: When, part: Part) -> Option<Var> {
        let (ty, always) = self.field_type(scope, name, clause)?;
        let sort = match (&ty, part) {
            (_, Part::First | Part::Last) => Sort::Year,
            (Type::Number | Type::Quantity | Type::Rate | Type::Change | Type::Amount | Type::Money | Type::Value, _) => Sort::Number(ty),
            (Type::Date, _) => Sort::Day,
            (Type::Year, _) => Sort::Year,
            (Type::Term(set), _) => Sort::Choice(Domain::Terms(*set)),
            (Type::Level(scale), _) => Sort::Choice(Domain::Levels(*scale)),
            (Type::YesNo, _) => Sort::Choice(Domain::YesNo),
            (Type::Unit(_), _) => Sort::Choice(Domain::Units),
            (Type::Text | Type::Name | Type::Body | Type::Reference(_), _) => Sort::Symbol(ty),
            _ => return None,
        };
        let within = if when != When::Always {
            self.variable(scope, name, None, When::Always, Part::Whole)
        } else if clause.is_some() {
            self.parts(scope, name, None, When::Always).and_then(|parts| parts.first().copied())
        } else if part == Part::Last {
            self.variable(scope, name, clause, when, Part::First)
        } else {
            None
        };
        let key = Key { holder: scope.holder, field: name.clone(), clause: clause.cloned(), when, part };
        let known = self.by_key.contains_key(&key);
        let var = self.intern(key, sort, always, within);
        if let (Part::Last, Some(first), false) = (part, within, known) {
            // A run does not end before it begins.
            let sum = Linear::variable(first).plus(&Linear::variable(var), Rational::from_integer(-1))?;
            self.links.push(Constraint { sum, sign: Sign::AtMost });
        }
        Some(var)
    }

    fn intern(&mut self, key: Key, sort: Sort, always: bool, within: Option<Var>) -> Var {
        if let Some(var) = self.by_key.get(&key) {
            return *var;
        }
        let var = self.variables.len();
        self.variables.push(Variable { key: key.clone(), sort, always, within });
        self.by_key.insert(key, var);
        var
    }

    /// The financial year of a day: exact for one that is known, and bounded by it for one that is not.
    fn year_of(&mut self, day: &Linear) -> Option<Linear> {
        if let Some(number) = day.as_number() {
            return Some(Linear::number(Rational::from_integer(i128::from(FinancialYear::of(date(number)?).0))));
        }
        let mut terms = day.terms.iter();
        let (Some((var, one)), None) = (terms.next(), terms.next()) else { return None };
        if *one != Rational::from_integer(1) || day.constant != Rational::from_integer(0) {
            return None;
        }
        let variable = self.variables.get(*var)?.clone();
        let key = Key { part: Part::YearOf, ..variable.key };
        let known = self.by_key.contains_key(&key);
        let year = self.intern(key, Sort::Year, variable.always, Some(*var));
        if !known {
            // 1 April of year y is 365.2425 (y - 1970) + 90 days after 1970 began, give or take two.
            let pace = Rational::new(3_652_425, 10_000);
            let start = Linear::variable(year).plus(&Linear::number((-1970).into()), 1.into())?.times(pace)?;
            let start = start.plus(&Linear::number(88.into()), 1.into())?;
            let before = start.plus(day, Rational::from_integer(-1))?;
            let after = day.plus(&start, Rational::from_integer(-1))?.plus(&Linear::number((-371).into()), 1.into())?;
            self.links.push(Constraint { sum: before, sign: Sign::AtMost });
            self.links.push(Constraint { sum: after, sign: Sign::AtMost });
        }
        Some(Linear::variable(year))
    }

    fn atom(&mut self, expr: &Expr, want: Want, scope: Scope<'t>) -> Formula {
        let number = self.shape(expr, scope);
        Formula::Is(Literal::Atom(number, want.thirds()))
    }

    /// The number of an expression that is beyond constraints: the same for the same words about the same thing.
    fn shape(&mut self, expr: &Expr, scope: Scope<'t>) -> usize {
        let mut shape = format!("{:?} {:?} ", scope.holder, scope.year);
        let debugged = format!("{:?}", expr.node);
        for (at, piece) in debugged.split("range: ").enumerate() {
            shape.push_str(if at == 0 { piece } else { piece.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.') });
        }
        if let Some(number) = self.by_shape.get(&shape) {
            return *number;
        }
        let number = self.atoms.len();
        self.atoms.push(Atom { expr: expr.clone(), holder: scope.holder });
        self.by_shape.insert(shape, number);
        number
    }
}

/// What has to be so for a relation between given values to be as wanted.
fn relation(absent: &[Var], given: &[Var], yes: Formula, no: Formula, want: Want) -> Formula {
    let relation = if want.positive() { yes } else { no };
    if matches!(want, Want::True | Want::False) {
        let mut parts: Vec<Formula> = absent.iter().map(|var| Formula::Is(Literal::Absent(*var))).collect();
        parts.extend(given.iter().map(|var| Formula::Is(Literal::Present(*var))));
        parts.push(relation);
        Formula::All(parts)
    } else {
        let mut parts: Vec<Formula> = absent.iter().map(|var| Formula::Is(Literal::Present(*var))).collect();
        parts.extend(given.iter().map(|var| Formula::Is(Literal::Absent(*var))));
        parts.push(relation);
        Formula::Any(parts)
    }
}

/// How two sums compare, and how they do not.
fn sums(comparison: Comparison, left: &Linear, right: &Linear, steps: Steps) -> Option<(Formula, Formula)> {
    let one = Rational::from_integer(1);
    let difference = left.plus(right, -one)?;
    let reverse = right.plus(left, -one)?;
    let is = |sum: &Linear, sign: Sign| {
        let sum = sum.clone();
        if steps == Steps::Whole && sign == Sign::Below {
            // Whole numbers: less than nought is one less at least.
            let sum = sum.plus(&Linear::number(one), one).unwrap_or(sum);
            return Formula::Is(Literal::Linear(Constraint { sum, sign: Sign::AtMost }));
        }
        Formula::Is(Literal::Linear(Constraint { sum, sign }))
    };
    let apart = || Formula::Any(vec![is(&difference, Sign::Below), is(&reverse, Sign::Below)]);
    Some(match comparison {
        Comparison::Equal => (is(&difference, Sign::Zero), apart()),
        Comparison::Unequal => (apart(), is(&difference, Sign::Zero)),
        Comparison::Less => (is(&difference, Sign::Below), is(&reverse, Sign::AtMost)),
        Comparison::AtMost => (is(&difference, Sign::AtMost), is(&reverse, Sign::Below)),
        Comparison::More => (is(&reverse, Sign::Below), is(&difference, Sign::AtMost)),
        Comparison::AtLeast => (is(&reverse, Sign::AtMost), is(&difference, Sign::Below)),
        Comparison::Includes | Comparison::Follows => return None,
    })
}

fn within(first: &Linear, last: &Linear, year: &Linear) -> Option<(Formula, Formula)> {
    let (yes_first, no_first) = sums(Comparison::AtMost, first, year, Steps::Whole)?;
    let (yes_last, no_last) = sums(Comparison::AtMost, year, last, Steps::Whole)?;
    Some((Formula::All(vec![yes_first, yes_last]), Formula::Any(vec![no_first, no_last])))
}

/// How the ends of two runs of years compare when the runs do.
fn comparison_of_ends(comparison: Comparison, end: Part) -> Option<Comparison> {
    match comparison {
        Comparison::Equal | Comparison::Unequal => Some(Comparison::Equal),
        Comparison::Includes if end == Part::First => Some(Comparison::AtMost),
        Comparison::Includes => Some(Comparison::AtLeast),
        _ => None,
    }
}

fn literal(vocabulary: &Vocabulary, value: &Value) -> Option<Term> {
    let whole = |number: i128| Linear::number(Rational::from_integer(number));
    Some(match value {
        Value::Number(quantity) => Term::Number(Linear::number(quantity.amount)),
        Value::Date(day) => Term::Day(whole(day_number(*day))),
        Value::Year(year) => Term::Year(whole(i128::from(year.0))),
        Value::Years(first, last) => Term::Run(whole(i128::from(first.0)), whole(i128::from(last.0))),
        Value::Duration(Duration::Months(months)) => Term::Months(whole(i128::from(*months))),
        Value::YesNo(yes) => Term::Choice(Domain::YesNo, Chosen::Value(u32::from(*yes))),
        Value::Level(scale, level) => Term::Choice(Domain::Levels(*scale), Chosen::Value(u32::from(*level))),
        Value::Unit(unit) => Term::Choice(Domain::Units, Chosen::Value(u32::from(unit.0))),
        Value::Text(text) | Value::Name(text) => Term::Symbol(Named::Value(Symbol::Text(text.clone()))),
        Value::Body(body) => Term::Symbol(Named::Value(Symbol::Body(*body))),
        Value::Term(term) => Term::Choice(Domain::Terms(vocabulary.term_def(*term)?.set), Chosen::Value(term.0)),
        _ => return None,
    })
}

/// Days since 1970 began.
pub(crate) fn day_number(day: Date) -> i128 {
    let epoch = jiff::civil::date(1970, 1, 1);
    if day >= epoch {
        i128::from(Days { first: epoch, last: day }.count()) - 1
    } else {
        1 - i128::from(Days { first: day, last: epoch }.count())
    }
}

/// The day of a number of days since 1970 began.
pub(crate) fn date(number: Rational) -> Option<Date> {
    let days = i32::try_from(number.round().to_integer()).ok()?;
    Duration::Days(days).after(jiff::civil::date(1970, 1, 1))
}
