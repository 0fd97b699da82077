//! Whether formulas can all hold, and for which values of their variables.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::reason::formula::{Domain, Formula, Literal, Part, Sort, Symbol, Thirds, Translator};
use crate::reason::linear::{self, Constraint, Solution, Var};
use crate::syntax::literal::Rational;

/// How many ways are tried before it is said that it cannot be decided.
const MOST_WAYS: u32 = 20_000;

/// What came of the search.
#[derive(Debug)]
pub(crate) enum Answer {
    /// These values do it, as far as constraints can tell.
    Possible(Box<Model>),
    /// Nothing does.
    Impossible,
    /// It was too much work.
    Unknown,
}

/// Values of variables.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) given: BTreeSet<Var>,
    pub(crate) numbers: BTreeMap<Var, Rational>,
    pub(crate) choices: BTreeMap<Var, u32>,
    pub(crate) symbols: BTreeMap<Var, Chosen>,
    pub(crate) atoms: BTreeMap<usize, Thirds>,
}

/// What a symbol is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Chosen {
    /// This one.
    Constant(Symbol),
    /// One that differs from other numbers' and from these.
    Fresh(usize, Vec<Symbol>),
}

#[derive(Debug, Clone, Default)]
struct State {
    given: BTreeMap<Var, bool>,
    among: BTreeMap<Var, BTreeSet<u32>>,
    constants: Vec<(Var, Symbol, bool)>,
    same: Vec<(Var, Var, bool)>,
    linear: Vec<Constraint>,
    atoms: BTreeMap<usize, Thirds>,
}

/// Looks for values with which every formula holds.
pub(crate) fn solve(pool: &Translator<'_>, formulas: &[Formula]) -> Answer {
    let search = Search { pool, ways: Cell::new(0) };
    search.go(formulas.iter().collect(), Vec::new(), State::default())
}

struct Search<'s, 't> {
    pool: &'s Translator<'t>,
    ways: Cell<u32>,
}

impl Search<'_, '_> {
    fn go<'f>(&self, mut todo: Vec<&'f Formula>, mut choices: Vec<&'f [Formula]>, mut state: State) -> Answer {
        self.ways.set(self.ways.get() + 1);
        if self.ways.get() > MOST_WAYS {
            return Answer::Unknown;
        }
        while let Some(formula) = todo.pop() {
            match formula {
                Formula::All(parts) => todo.extend(parts),
                Formula::Is(literal) => {
                    if self.add(&mut state, literal).is_none() {
                        return Answer::Impossible;
                    }
                }
                Formula::Any(parts) => match parts.as_slice() {
                    [] => return Answer::Impossible,
                    [only] => todo.push(only),
                    parts => choices.push(parts),
                },
            }
        }
        // The narrowest choice first: most of its ways are closed by what is known already.
        let open = |parts: &[Formula]| parts.iter().filter(|part| self.may_hold(&state, part)).count();
        let narrowest = choices.iter().enumerate().map(|(at, parts)| (open(parts), at)).min();
        let Some((_, at)) = narrowest else { return self.finish(state) };
        if matches!(self.numbers(&state), Solution::Nothing) {
            return Answer::Impossible;
        }
        let parts = choices.swap_remove(at);
        let mut answer = Answer::Impossible;
        for part in parts.iter().filter(|part| self.may_hold(&state, part)) {
            match self.go(vec![part], choices.clone(), state.clone()) {
                Answer::Impossible => {}
                Answer::Unknown => answer = Answer::Unknown,
                found => return found,
            }
        }
        answer
    }

    /// Whether a part is not refuted at first sight.
    fn may_hold(&self, state: &State, formula: &Formula) -> bool {
        match formula {
            Formula::Is(Literal::Linear(_)) => true,
            Formula::Is(literal) => self.add(&mut state.clone(), literal).is_some(),
            Formula::All(parts) => parts.iter().all(|part| !matches!(part, Formula::Is(_)) || self.may_hold(state, part)),
            Formula::Any(parts) => !parts.is_empty(),
        }
    }

    fn give(&self, state: &mut State, var: Var) -> Option<()> {
        let mut at = Some(var);
        while let Some(var) = at {
            if state.given.insert(var, true) == Some(false) {
                return None;
            }
            at = self.pool.variables.get(var)?.within;
        }
        Some(())
    }

    /// Adds what a literal asks; `None` when it contradicts what is known.
    fn add(&self, state: &mut State, literal: &Literal) -> Option<()> {
        match literal {
            Literal::Present(var) => self.give(state, *var),
            Literal::Absent(var) => {
                if self.pool.variables.get(*var)?.always || state.given.get(var) == Some(&true) {
                    return None;
                }
                state.given.insert(*var, false);
                Some(())
            }
            Literal::Among(var, values) => {
                self.give(state, *var)?;
                let kept: BTreeSet<u32> = match state.among.get(var) {
                    Some(known) => known.intersection(values).copied().collect(),
                    None => values.clone(),
                };
                let possible = !kept.is_empty();
                state.among.insert(*var, kept);
                possible.then_some(())
            }
            Literal::Constant(var, symbol, same) => {
                self.give(state, *var)?;
                let clash = |(other, known, equal): &(Var, Symbol, bool)| {
                    other == var && if *same { *equal != (known == symbol) } else { *equal && known == symbol }
                };
                if state.constants.iter().any(clash) {
                    return None;
                }
                state.constants.push((*var, symbol.clone(), *same));
                Some(())
            }
            Literal::Same(one, other, same) => {
                self.give(state, *one)?;
                self.give(state, *other)?;
                if one == other && !same {
                    return None;
                }
                state.same.push((*one, *other, *same));
                Some(())
            }
            Literal::Linear(constraint) => {
                if constraint.sum.terms.is_empty() {
                    let system = [constraint.clone()];
                    return matches!(linear::solve(&system, &|_| 0.into(), &|_| false), Solution::Found(_)).then_some(());
                }
                if !state.linear.contains(constraint) {
                    state.linear.push(constraint.clone());
                }
                Some(())
            }
            Literal::Atom(atom, thirds) => {
                let kept = state.atoms.get(atom).copied().unwrap_or(u8::MAX) & thirds;
                state.atoms.insert(*atom, kept);
                (kept != 0).then_some(())
            }
        }
    }

    fn numbers(&self, state: &State) -> Solution {
        let system: Vec<Constraint> = state.linear.iter().chain(&self.pool.links).cloned().collect();
        let exact = |var: Var| {
            let variable = self.pool.variables.get(var);
            variable.is_some_and(|variable| matches!(variable.sort, Sort::Day | Sort::Year) || variable.key.part != Part::Whole)
        };
        linear::solve(&system, &|var| self.pool.wish(var), &exact)
    }

    fn finish(&self, state: State) -> Answer {
        let numbers = match self.numbers(&state) {
            Solution::Found(numbers) => numbers,
            Solution::Nothing => return Answer::Impossible,
            Solution::Unknown => return Answer::Unknown,
        };
        let Some(symbols) = symbols(&state) else { return Answer::Impossible };
        let given: BTreeSet<Var> = state.given.iter().filter(|(_, given)| **given).map(|(var, _)| *var).collect();
        let choices = given
            .iter()
            .filter_map(|var| match self.pool.variables.get(*var)?.sort {
                Sort::Choice(domain) => {
                    let allowed = state.among.get(var).cloned().unwrap_or_else(|| self.pool.values(domain));
                    let choice = match domain {
                        // Where anything goes, what there is most of.
                        Domain::YesNo => allowed.last(),
                        _ => allowed.first(),
                    };
                    choice.map(|choice| (*var, *choice))
                }
                _ => None,
            })
            .collect();
        Answer::Possible(Box::new(Model { given, numbers, choices, symbols, atoms: state.atoms }))
    }
}

/// Which symbols are which; `None` when what has to be the same has to differ.
fn symbols(state: &State) -> Option<BTreeMap<Var, Chosen>> {
    let mut vars: BTreeSet<Var> = state.constants.iter().map(|(var, ..)| *var).collect();
    vars.extend(state.same.iter().flat_map(|(one, other, _)| [*one, *other]));
    let mut class: BTreeMap<Var, Var> = vars.iter().map(|var| (*var, *var)).collect();
    for (one, other, _) in state.same.iter().filter(|(.., same)| *same) {
        let (keep, drop) = (*class.get(one)?, *class.get(other)?);
        class.values_mut().filter(|class| **class == drop).for_each(|class| *class = keep);
    }
    let mut constants: BTreeMap<Var, Symbol> = BTreeMap::new();
    let mut barred: BTreeMap<Var, Vec<Symbol>> = BTreeMap::new();
    for (var, symbol, same) in &state.constants {
        let class = *class.get(var)?;
        if !same {
            barred.entry(class).or_default().push(symbol.clone());
        } else if constants.insert(class, symbol.clone()).is_some_and(|known| known != *symbol) {
            return None;
        }
    }
    if constants.iter().any(|(class, symbol)| barred.get(class).is_some_and(|barred| barred.contains(symbol))) {
        return None;
    }
    for (one, other, _) in state.same.iter().filter(|(.., same)| !same) {
        let (one, other) = (class.get(one)?, class.get(other)?);
        let equal = constants.get(one).is_some_and(|symbol| constants.get(other) == Some(symbol));
        if one == other || equal {
            return None;
        }
    }
    let chosen = |var: &Var| {
        let class = class.get(var)?;
        Some(match constants.get(class) {
            Some(symbol) => Chosen::Constant(symbol.clone()),
            None => Chosen::Fresh(*class, barred.get(class).cloned().unwrap_or_default()),
        })
    };
    vars.iter().map(|var| Some((*var, chosen(var)?))).collect()
}
