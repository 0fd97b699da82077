//! Exact linear inequalities over the rationals: whether they can all hold, and numbers for which they do.

use std::collections::BTreeMap;

use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Signed, Zero};

use crate::syntax::literal::Rational;

/// A variable, by its number.
pub(crate) type Var = usize;

/// How many inequalities elimination may make before it gives up.
const MOST: usize = 4_000;

/// `terms + constant`.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Linear {
    pub(crate) terms: BTreeMap<Var, Rational>,
    pub(crate) constant: Rational,
}

/// What a sum is to nought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Nought.
    Zero,
    /// Nought or less.
    AtMost,
    /// Less than nought.
    Below,
}

/// A sum and what it is to nought.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Constraint {
    pub(crate) sum: Linear,
    pub(crate) sign: Sign,
}

/// What came of a system.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Solution {
    /// These numbers fulfil it.
    Found(BTreeMap<Var, Rational>),
    /// Nothing does.
    Nothing,
    /// It was too much work, or numbers grew too large, or only fractions would do where whole numbers are needed.
    Unknown,
}

impl Linear {
    /// A number.
    pub(crate) fn number(constant: Rational) -> Self {
        Self { terms: BTreeMap::new(), constant }
    }

    /// A variable.
    pub(crate) fn variable(var: Var) -> Self {
        Self { terms: BTreeMap::from([(var, Rational::from_integer(1))]), constant: Rational::zero() }
    }

    /// This and `factor` times another; `None` when numbers grow too large.
    pub(crate) fn plus(&self, other: &Self, factor: Rational) -> Option<Self> {
        let mut sum = self.clone();
        for (var, coefficient) in &other.terms {
            let added = coefficient.checked_mul(&factor)?;
            let entry = sum.terms.entry(*var).or_insert_with(Rational::zero);
            *entry = entry.checked_add(&added)?;
            if entry.is_zero() {
                sum.terms.remove(var);
            }
        }
        sum.constant = sum.constant.checked_add(&other.constant.checked_mul(&factor)?)?;
        Some(sum)
    }

    /// So many times this.
    pub(crate) fn times(&self, factor: Rational) -> Option<Self> {
        Self::default().plus(self, factor)
    }

    /// The number that it is, when no variable is in it.
    pub(crate) fn as_number(&self) -> Option<Rational> {
        self.terms.is_empty().then_some(self.constant)
    }
}

/// Finds numbers that fulfil every constraint: near `wish`, and whole where `whole` says so.
pub(crate) fn solve(constraints: &[Constraint], wish: &dyn Fn(Var) -> Rational, whole: &dyn Fn(Var) -> bool) -> Solution {
    match attempt(constraints, wish, whole) {
        Some(solution) => solution,
        None => Solution::Unknown,
    }
}

fn attempt(constraints: &[Constraint], wish: &dyn Fn(Var) -> Rational, whole: &dyn Fn(Var) -> bool) -> Option<Solution> {
    let mut system: Vec<Constraint> = constraints.to_vec();
    // Each step: the variable, and the constraints that bound it before it was eliminated.
    let mut steps: Vec<(Var, Vec<Constraint>)> = Vec::new();
    loop {
        for constraint in &system {
            if let Some(number) = constraint.sum.as_number()
                && !constraint.sign.holds(number)
            {
                return Some(Solution::Nothing);
            }
        }
        system.retain(|constraint| !constraint.sum.terms.is_empty());
        let Some(var) = cheapest(&system) else { break };
        let (with, without): (Vec<Constraint>, Vec<Constraint>) =
            system.into_iter().partition(|constraint| constraint.sum.terms.contains_key(&var));
        system = without;
        eliminate(var, &with, &mut system)?;
        if system.len() > MOST {
            return None;
        }
        steps.push((var, with));
    }
    // What is left without a bound once the others are gone may be anything.
    let mut found: BTreeMap<Var, Rational> =
        constraints.iter().flat_map(|constraint| constraint.sum.terms.keys()).map(|var| (*var, wish(*var))).collect();
    for (var, bounds) in steps.into_iter().rev() {
        let number = choose(var, &bounds, &found, wish(var), whole(var))?;
        found.insert(var, number);
    }
    Some(Solution::Found(found))
}

impl Sign {
    fn holds(self, number: Rational) -> bool {
        match self {
            Self::Zero => number.is_zero(),
            Self::AtMost => !number.is_positive(),
            Self::Below => number.is_negative(),
        }
    }
}

/// The variable whose elimination makes the fewest inequalities.
fn cheapest(system: &[Constraint]) -> Option<Var> {
    let mut counts: BTreeMap<Var, (usize, usize, usize)> = BTreeMap::new();
    for constraint in system {
        for (var, coefficient) in &constraint.sum.terms {
            let count = counts.entry(*var).or_default();
            match (constraint.sign, coefficient.is_positive()) {
                (Sign::Zero, _) => count.0 += 1,
                (_, true) => count.1 += 1,
                (_, false) => count.2 += 1,
            }
        }
    }
    counts.into_iter().min_by_key(|(_, (equal, above, below))| if *equal > 0 { 0 } else { above * below + 1 }).map(|(var, _)| var)
}

fn eliminate(var: Var, with: &[Constraint], system: &mut Vec<Constraint>) -> Option<()> {
    let coefficient = |constraint: &Constraint| constraint.sum.terms.get(&var).copied().unwrap_or_else(Rational::zero);
    if let Some(at) = with.iter().position(|constraint| constraint.sign == Sign::Zero) {
        let equation = with.get(at)?;
        for (other, constraint) in with.iter().enumerate() {
            if other != at {
                let factor = coefficient(constraint).checked_div(&coefficient(equation))?;
                system.push(Constraint { sum: constraint.sum.plus(&equation.sum, -factor)?, sign: constraint.sign });
            }
        }
        return Some(());
    }
    for above in with.iter().filter(|constraint| coefficient(constraint).is_positive()) {
        for below in with.iter().filter(|constraint| coefficient(constraint).is_negative()) {
            let factor = coefficient(above).checked_div(&-coefficient(below))?;
            let sign = if above.sign == Sign::Below || below.sign == Sign::Below { Sign::Below } else { Sign::AtMost };
            let constraint = Constraint { sum: above.sum.plus(&below.sum, factor)?, sign };
            if !system.contains(&constraint) {
                system.push(constraint);
            }
        }
    }
    Some(())
}

/// A number between the bounds that the others leave, as near to the wish as may be; `None` when a whole one is needed and there is none.
fn choose(var: Var, bounds: &[Constraint], found: &BTreeMap<Var, Rational>, wish: Rational, whole: bool) -> Option<Rational> {
    let mut low: Option<(Rational, bool)> = None;
    let mut high: Option<(Rational, bool)> = None;
    for constraint in bounds {
        let mut rest = constraint.sum.constant;
        let mut own = Rational::zero();
        for (other, coefficient) in &constraint.sum.terms {
            if *other == var {
                own = *coefficient;
            } else {
                let value = found.get(other).copied().unwrap_or_else(Rational::zero);
                rest = rest.checked_add(&coefficient.checked_mul(&value)?)?;
            }
        }
        let limit = (-rest).checked_div(&own)?;
        let strict = constraint.sign == Sign::Below;
        if constraint.sign == Sign::Zero {
            return (!whole || limit.is_integer()).then_some(limit);
        }
        if own.is_positive() {
            high = Some(high.map_or((limit, strict), |high| if (limit, !strict) < (high.0, !high.1) { (limit, strict) } else { high }));
        } else {
            low = Some(low.map_or((limit, strict), |low| if (limit, strict) > low { (limit, strict) } else { low }));
        }
    }
    let one = Rational::from_integer(1);
    let two = Rational::from_integer(2);
    let fits = |number: Rational| {
        low.is_none_or(|(limit, strict)| if strict { number > limit } else { number >= limit })
            && high.is_none_or(|(limit, strict)| if strict { number < limit } else { number <= limit })
    };
    let hundredth = Rational::new(1, 100);
    let mut tries = vec![wish, wish.round()];
    if let Some((limit, _)) = low {
        tries.extend([limit.ceil(), limit.floor() + one, limit, limit.checked_add(&hundredth)?]);
    }
    if let Some((limit, _)) = high {
        tries.extend([limit.floor(), limit.ceil() - one, limit, limit.checked_sub(&hundredth)?]);
    }
    if let (Some((low, _)), Some((high, _))) = (low, high) {
        let middle = low.checked_add(&high)?.checked_div(&two)?;
        // A short decimal between the two reads better than a third.
        for places in 1..6_u32 {
            let power = Rational::from_integer(10_i128.pow(places));
            tries.push(middle.checked_mul(&power)?.round() / power);
        }
        tries.push(middle);
    }
    let closeness = |number: &Rational| (*number - wish).abs();
    let mut fitting: Vec<Rational> = tries.into_iter().filter(|number| fits(*number) && (!whole || number.is_integer())).collect();
    let integers: Vec<Rational> = fitting.iter().copied().filter(Rational::is_integer).collect();
    if fits(wish) && (!whole || wish.is_integer()) {
        return Some(wish);
    }
    // People are counted whole, unless less than one is wished for.
    if !integers.is_empty() && (whole || wish.is_integer()) {
        fitting = integers;
    }
    fitting.into_iter().min_by_key(closeness)
}

#[cfg(test)]
mod tests {
    use super::{Constraint, Linear, Rational, Sign, Solution, solve};

    fn constraint(terms: &[(usize, i128)], constant: i128, sign: Sign) -> Constraint {
        let terms = terms.iter().map(|(var, factor)| (*var, Rational::from_integer(*factor))).collect();
        Constraint { sum: Linear { terms, constant: Rational::from_integer(constant) }, sign }
    }

    fn check(constraints: &[Constraint]) -> Option<bool> {
        match solve(constraints, &|_| Rational::from_integer(0), &|_| false) {
            Solution::Found(found) => {
                for constraint in constraints {
                    let mut sum = constraint.sum.constant;
                    for (var, factor) in &constraint.sum.terms {
                        sum += factor * found.get(var).copied().unwrap_or_default();
                    }
                    assert!(constraint.sign.holds(sum), "{found:?} does not fulfil {constraint:?}");
                }
                Some(true)
            }
            Solution::Nothing => Some(false),
            Solution::Unknown => None,
        }
    }

    #[test]
    fn systems_are_solved_exactly() {
        // x <= 5 and x > 5
        assert_eq!(check(&[constraint(&[(0, 1)], -5, Sign::AtMost), constraint(&[(0, -1)], 5, Sign::Below)]), Some(false));
        // x <= 5 and x >= 5
        assert_eq!(check(&[constraint(&[(0, 1)], -5, Sign::AtMost), constraint(&[(0, -1)], 5, Sign::AtMost)]), Some(true));
        // x = y + z, x < y, z >= 0
        let system = [
            constraint(&[(0, 1), (1, -1), (2, -1)], 0, Sign::Zero),
            constraint(&[(0, 1), (1, -1)], 0, Sign::Below),
            constraint(&[(2, -1)], 0, Sign::AtMost),
        ];
        assert_eq!(check(&system), Some(false));
        assert_eq!(check(&system[..2]), Some(true));
    }

    #[test]
    fn random_systems_with_a_known_solution_are_found_solvable() {
        let mut seed = 7_u64;
        let mut next = |limit: i128| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            i128::from(seed >> 40) % limit
        };
        for _ in 0..500 {
            let point: Vec<i128> = (0..4).map(|_| next(41) - 20).collect();
            let system: Vec<Constraint> = (0..6)
                .map(|_| {
                    let terms: Vec<(usize, i128)> = (0..4).map(|var| (var, next(7) - 3)).filter(|(_, factor)| *factor != 0).collect();
                    let at: i128 = terms.iter().map(|(var, factor)| factor * point[*var]).sum();
                    match next(3) {
                        0 => constraint(&terms, -at, Sign::Zero),
                        1 => constraint(&terms, -at - next(5), Sign::AtMost),
                        _ => constraint(&terms, -at - 1 - next(5), Sign::Below),
                    }
                })
                .collect();
            assert_ne!(check(&system), Some(false), "{point:?} fulfils {system:?}");
        }
    }
}
