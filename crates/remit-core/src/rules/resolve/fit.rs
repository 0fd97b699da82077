//! What may be compared and reckoned with what: one table for the checker, and for the page that tells of it.

use crate::model::value::Operation;
use crate::rules::expression::{Comparison, Expr, Node};
use crate::rules::resolve::Resolver;
use crate::rules::resolve::types::{Dimension, Ty, together};
use std::ops::Range;

use Dimension::{Any, Counted, Money, Plain, Points, Rate, Zero};

/// One line of what arithmetic gives.
pub(crate) struct Reckoning {
    /// The operations of which it speaks.
    pub(crate) operations: &'static [Operation],
    /// What may stand to the left.
    pub(crate) left: &'static [Dimension],
    /// What may stand to the right.
    pub(crate) right: Right,
    /// What comes of it.
    pub(crate) gives: Gives,
}

/// What may stand to the right of an operator.
pub(crate) enum Right {
    /// What counts the same as the left.
    Same,
    /// One of these.
    Of(&'static [Dimension]),
}

/// What an operation gives.
#[derive(Clone, Copy)]
pub(crate) enum Gives {
    /// What the left counts.
    Left,
    /// What the right counts.
    Right,
    /// This.
    Is(Dimension),
}

const NUMBERS: &[Dimension] = &[Plain, Zero, Counted, Rate, Points, Money];
const SUMS: &[Operation] = &[Operation::Add, Operation::Subtract];

/// Every pair that goes together, the first that fits.
pub(crate) const ARITHMETIC: &[Reckoning] = &[
    Reckoning { operations: SUMS, left: NUMBERS, right: Right::Of(&[Zero]), gives: Gives::Left },
    Reckoning { operations: SUMS, left: &[Zero], right: Right::Of(NUMBERS), gives: Gives::Right },
    Reckoning { operations: &[Operation::Subtract], left: &[Rate], right: Right::Same, gives: Gives::Is(Points) },
    Reckoning { operations: SUMS, left: &[Rate], right: Right::Of(&[Points]), gives: Gives::Left },
    Reckoning { operations: SUMS, left: NUMBERS, right: Right::Same, gives: Gives::Left },
    Reckoning { operations: &[Operation::Multiply], left: &[Plain, Zero, Rate], right: Right::Of(NUMBERS), gives: Gives::Right },
    Reckoning { operations: &[Operation::Multiply], left: NUMBERS, right: Right::Of(&[Plain, Zero, Rate]), gives: Gives::Left },
    Reckoning { operations: &[Operation::Divide], left: NUMBERS, right: Right::Of(&[Plain]), gives: Gives::Left },
    Reckoning { operations: &[Operation::Divide], left: NUMBERS, right: Right::Same, gives: Gives::Is(Rate) },
    Reckoning { operations: &[Operation::Divide], left: &[Counted, Money], right: Right::Of(&[Rate]), gives: Gives::Left },
];

fn reckon(operation: Operation, left: Dimension, right: Dimension) -> Option<Dimension> {
    if left == Any || right == Any {
        return Some(Any);
    }
    let fits = |line: &&Reckoning| {
        let to_the_right = match line.right {
            Right::Same => left == right,
            Right::Of(dimensions) => dimensions.contains(&right),
        };
        line.operations.contains(&operation) && line.left.contains(&left) && to_the_right
    };
    ARITHMETIC.iter().find(fits).map(|line| match line.gives {
        Gives::Left => left,
        Gives::Right => right,
        Gives::Is(dimension) => dimension,
    })
}

impl Resolver<'_, '_> {
    pub(super) fn compare(&mut self, comparison: Comparison, left: (&mut Expr, Ty), right: (&mut Expr, Ty), range: &Range<usize>) {
        let ((left, mut left_ty), (right, mut right_ty)) = (left, right);
        if left_ty == Ty::Unknown || right_ty == Ty::Unknown {
            return;
        }
        // A bare word that is a term of the other side's set is that term, even where a plan has a field of its name.
        let (of_left, of_right) = (left_ty.clone(), right_ty.clone());
        for (expr, ty, other) in [(&mut *left, &mut left_ty, of_right), (&mut *right, &mut right_ty, of_left)] {
            let Node::PlanField(name) = &expr.node else { continue };
            let other = if let Ty::List(inner) = other { *inner } else { other };
            if matches!(&other, Ty::Term(set) if self.scope.vocabulary.term(*set, name).is_some()) && *ty != other {
                *ty = Ty::Word(name.clone());
            }
        }
        match (left_ty.clone(), right_ty.clone()) {
            (Ty::Row, Ty::Row) if matches!(comparison, Comparison::Equal | Comparison::Unequal) => return,
            (Ty::Word(word), Ty::Word(_)) => return self.unknown(&left.range.clone(), &word),
            (Ty::Word(word), other) => {
                if !self.word(left, &word, &other) {
                    return;
                }
                left_ty = other;
            }
            (other, Ty::Word(word)) => {
                if !self.word(right, &word, &other) {
                    return;
                }
                right_ty = if let Ty::List(inner) = other { *inner } else { other };
            }
            _ => {}
        }
        let (one, other) = (self.describe(&left_ty), self.describe(&right_ty));
        if comparison == Comparison::Includes {
            let fits = match (&left_ty, &right_ty) {
                (Ty::Years, Ty::Year | Ty::Quarter | Ty::Month | Ty::Date | Ty::Years) | (Ty::Days, Ty::Date) => true,
                (Ty::List(inner), right) => **inner == *right,
                _ => false,
            };
            if !fits {
                self.fault(
                    range,
                    format!("{one} cannot include {other}"),
                    Some("a run of years includes a year or a day; a list includes a value".to_owned()),
                );
            }
            return;
        }
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::Unequal);
        match (&left_ty, &right_ty) {
            (Ty::Number(a), Ty::Number(b)) if together(*a, *b) => {
                let written = matches!(left.node, Node::Field(..) | Node::At(..) | Node::Outer(..) | Node::Through(..));
                if comparison == Comparison::Follows && !written {
                    self.fault(&left.range.clone(), "only a figure as written in the plan can follow from others", None);
                }
            }
            (Ty::Number(_), Ty::Number(_)) => self.fault(
                range,
                format!("{one} cannot be compared with {other}"),
                Some("give both the same unit, as in `40_000 wte`; a rate less a rate is points".to_owned()),
            ),
            (Ty::Date, Ty::Date) | (Ty::Duration, Ty::Duration) if comparison != Comparison::Follows => {}
            (a, b) if a.grain().is_some() && a == b && comparison != Comparison::Follows => {}
            (Ty::Level(a), Ty::Level(b)) if a == b && comparison != Comparison::Follows => {}
            (Ty::Truth, _) | (_, Ty::Truth) => {
                self.fault(range, "a comparison cannot be compared again", Some("join the two with `and`".to_owned()))
            }
            (a, b) if a == b && !ordered && !matches!(a, Ty::List(_)) => {}
            (Ty::List(_), _) | (_, Ty::List(_)) => {
                self.fault(range, "a list cannot be compared", Some("ask whether it `includes` a value".to_owned()))
            }
            (a, b) if a == b => self.fault(
                range,
                format!("{one} has no order, so `{}` means nothing", comparison.sign()),
                Some("compare with `=` or `!=`".to_owned()),
            ),
            _ => self.fault(range, format!("{one} cannot be compared with {other}"), None),
        }
    }

    pub(super) fn operate(&mut self, operation: Operation, left: &Ty, right: &Ty, range: &Range<usize>) -> Ty {
        if *left == Ty::Unknown || *right == Ty::Unknown {
            return Ty::Unknown;
        }
        if let (Ty::Date, Ty::Duration, Operation::Add | Operation::Subtract) = (left, right, operation) {
            return Ty::Date;
        }
        let (Ty::Number(one), Ty::Number(two)) = (left, right) else {
            for ty in [left, right] {
                if let Ty::Word(word) = ty {
                    self.unknown(range, word);
                    return Ty::Unknown;
                }
            }
            let (one, two) = (self.describe(left), self.describe(right));
            let help = if *left == Ty::Date {
                "a length of time may be added to a day, or taken from it, as in `due - 6 months`"
            } else {
                "arithmetic takes numbers"
            };
            self.fault(range, format!("{one} and {two} cannot be reckoned with"), Some(help.to_owned()));
            return Ty::Unknown;
        };
        match reckon(operation, *one, *two) {
            Some(dimension) => Ty::Number(dimension),
            None => {
                let (one, two) = (self.describe(left), self.describe(right));
                self.fault(
                    range,
                    format!("{one} and {two} do not go together"),
                    Some("give both the same unit; a rate less a rate is points".to_owned()),
                );
                Ty::Unknown
            }
        }
    }

    /// A value of a wanted type; anything else is a fault at its words.
    pub(super) fn wanted(&mut self, expr: &mut Expr, wanted: &Ty, what: &str) {
        let before = self.faults.len();
        let ty = self.expr(expr);
        if let Ty::Word(word) = ty {
            self.unknown(&expr.range.clone(), &word);
        } else if ty != *wanted && ty != Ty::Unknown && self.faults.len() == before {
            let (found, wanted) = (self.describe(&ty), self.describe(wanted));
            self.fault(&expr.range.clone(), format!("{what} {wanted}, and this is {found}"), None);
        }
    }
}
