//! The questions that are put to rules, and what is said of the answers.

use std::sync::Arc;

use crate::check::RuleCount;
use crate::packs::Packs;
use crate::problem::Problem;
use crate::reason::formula::{Formula, Translator, Want};
use crate::reason::solve::{Answer, Model};
use crate::reason::{Asked, Difference, FaultSort, Review, RuleFault, Told, Witness, possible, witness};
use crate::rules::expression::{Expr, Node};
use crate::rules::{Each, Form, Rule};
use crate::source::Span;

/// What a check of a witness has to come out as.
type Shows<'s> = &'s dyn Fn(&[RuleCount]) -> bool;

struct Reviewer<'p> {
    packs: &'p Packs,
    review: Review,
}

/// An answer that has been proved, where it can be.
enum Proved {
    /// A plan shows it.
    Shown(Witness),
    /// It may be so, and no plan that we wrote shows it.
    Unshown,
    /// It cannot be.
    Impossible,
    /// It could not be decided.
    Unknown,
}

pub(super) fn review(packs: &Packs) -> Review {
    let mut reviewer = Reviewer { packs, review: Review::default() };
    for rule in &packs.rules {
        if let Form::Each(each) = &rule.form {
            reviewer.alone(rule, each);
        }
    }
    for (at, rule) in packs.rules.iter().enumerate() {
        for other in packs.rules.iter().skip(at + 1) {
            if let (Form::Each(one), Form::Each(two)) = (&rule.form, &other.form)
                && one.kind == two.kind
                && meet(rule, other)
            {
                reviewer.together((rule, one), (other, two));
            }
        }
    }
    reviewer.reserved_and_gated();
    reviewer.review
}

/// Whether there is an edition in which both stand.
fn meet(one: &Rule, other: &Rule) -> bool {
    one.editions.zip(other.editions).is_none_or(|(one, other)| one.meets(other))
}

fn asked(each: &Each) -> Asked<'_> {
    Asked { kind: each.kind, each }
}

fn count<'c>(counts: &'c [RuleCount], rule: &Rule) -> Option<&'c RuleCount> {
    counts.iter().find(|count| count.rule == *rule.id)
}

fn holds(counts: &[RuleCount], rule: &Rule) -> bool {
    count(counts, rule).is_some_and(|count| count.passed > 0 && count.failed == 0)
}

pub(super) fn fails(counts: &[RuleCount], rule: &Rule) -> bool {
    count(counts, rule).is_some_and(|count| count.failed > 0)
}

impl Reviewer<'_> {
    /// Asks whether formulas can hold for a statement of a kind, and has a plan prove it.
    fn ask(&mut self, pool: &Translator<'_>, rule: &Rule, each: &Each, formulas: &[Formula], shows: Shows<'_>) -> Proved {
        self.review.asked += 1;
        prove(self.packs, pool, (each, &[rule]), formulas, shows)
    }

    fn fault(&mut self, sort: FaultSort, rules: &[&Rule], problem: Problem, shown: Option<(Witness, String)>) {
        let rules: Vec<Arc<str>> = rules.iter().map(|rule| rule.id.clone()).collect();
        self.review.faults.push(RuleFault { sort, rules, problem, witness: shown });
    }

    fn undecided(&mut self, question: String) {
        self.review.undecided.push(question);
    }

    fn alone(&mut self, rule: &Rule, each: &Each) {
        let ask = asked(each);
        let packs = self.packs;
        let vocabulary = &packs.vocabulary;
        let kind = vocabulary.kind_def(each.kind).map_or("statement", |kind| &*kind.name);
        let mut pool = Translator::new(vocabulary, 1);
        let matches = ask.matches(&mut pool, Want::True);
        let matching = self.ask(&pool, rule, each, &[matches], &|counts| count(counts, rule).is_some_and(|count| count.matched > 0));
        if matches!(matching, Proved::Impossible) {
            let mut pool = Translator::new(vocabulary, 1);
            let apart = ask.matches(&mut pool, Want::NotTrue);
            let shown =
                self.ask(&pool, rule, each, &[apart], &|counts| count(counts, rule).is_none_or(|count| count.passed + count.failed == 0));
            let place = each.parts.condition.first().copied().unwrap_or(rule.place);
            let problem = self.conflict(
                Problem::warning(FaultSort::NeverMatches.word(), place, format!("no `{kind}` can ever match `{}`", rule.short())),
                each,
                Side::Condition,
            );
            let problem = problem.help("loosen `where`, or remove the rule");
            self.fault(FaultSort::NeverMatches, &[rule], problem, said(shown, "the rule is not asked of this"));
            return;
        }
        let mut pool = Translator::new(vocabulary, 1);
        let good = ask.holds(&mut pool, 0);
        let holding = self.ask(&pool, rule, each, &[good], &|counts| holds(counts, rule));
        let mut pool = Translator::new(vocabulary, 1);
        let bad = ask.fails(&mut pool, 0);
        let failing = self.ask(&pool, rule, each, &[bad], &|counts| fails(counts, rule));
        if matches!(holding, Proved::Impossible) {
            let problem = Problem::warning(
                FaultSort::Impossible.word(),
                rule.decides,
                format!("no `{kind}` that matches `{}` can ever hold it", rule.short()),
            );
            let problem = self.conflict(problem, each, Side::Both).help("let something pass, or write a `reserve` if nothing should");
            self.fault(FaultSort::Impossible, &[rule], problem, said(failing, "this fails, as all else does"));
            return;
        }
        if matches!(failing, Proved::Impossible) {
            let problem = Problem::warning(
                FaultSort::CannotFail.word(),
                rule.decides,
                format!("no `{kind}` can ever fail `{}`: what is expected follows from `where`", rule.short()),
            );
            let problem = problem.help("expect more, or remove the rule");
            self.fault(FaultSort::CannotFail, &[rule], problem, said(holding, "this holds, as all else does"));
            return;
        }
        for (proved, what) in [(&holding, "hold"), (&failing, "fail")] {
            if matches!(proved, Proved::Unshown | Proved::Unknown) {
                self.undecided(format!("whether a `{kind}` can {what} `{}`", rule.short()));
            }
        }
        self.idle_parts(rule, each);
    }

    /// Parts of `where` and `expect` without which the rule fails for the very same statements.
    fn idle_parts(&mut self, rule: &Rule, each: &Each) {
        let sides = [(each.condition.as_ref(), Side::Condition), (Some(&each.expect), Side::Expectation)];
        for (expr, side) in sides {
            let Some(expr) = expr else { continue };
            let (Node::And(parts) | Node::Or(parts)) = &expr.node else { continue };
            for dropped in 0..parts.len() {
                let mut lesser = each.clone();
                let rest: Vec<Expr> = parts.iter().enumerate().filter(|(at, _)| *at != dropped).map(|(_, part)| part.clone()).collect();
                let node = if matches!(expr.node, Node::And(_)) { Node::And(rest) } else { Node::Or(rest) };
                let shorter = Expr { node, range: expr.range.clone() };
                match side {
                    Side::Condition => lesser.condition = Some(shorter),
                    _ => lesser.expect = shorter,
                }
                self.review.asked += 1;
                let (whole, lesser) = (asked(each), asked(&lesser));
                let differ = |one: &Asked<'_>, other: &Asked<'_>, good: Good| {
                    let mut pool = Translator::new(&self.packs.vocabulary, 2);
                    let formulas = match good {
                        Good::Fails => [one.fails(&mut pool, 0), other.fails_not(&mut pool, 1)],
                        Good::Holds => [one.holds(&mut pool, 0), holds_not(other, &mut pool)],
                        Good::Rests => [one.matches(&mut pool, Want::False), other.matches(&mut pool, Want::NotFalse)],
                    };
                    !matches!(possible(&pool, &formulas), Answer::Impossible)
                };
                // Neither what fails, nor what holds, nor what it is not asked of changes, so that what cannot be told does not either.
                let same = [Good::Fails, Good::Holds, Good::Rests]
                    .into_iter()
                    .all(|good| !differ(&whole, &lesser, good) && !differ(&lesser, &whole, good));
                if same {
                    let mut pool = Translator::new(&self.packs.vocabulary, 1);
                    let fails_still = [whole.fails(&mut pool, 0), lesser.fails(&mut pool, 0)];
                    let shown = prove(self.packs, &pool, (each, &[rule]), &fails_still, &|counts| fails(counts, rule));
                    let place = parts_of(each, side).get(dropped).copied().unwrap_or(rule.decides);
                    let problem =
                        Problem::warning(FaultSort::IdlePart.word(), place, format!("`{}` asks the same without this part", rule.short()))
                            .help("remove it, or write what was meant");
                    self.fault(FaultSort::IdlePart, &[rule], problem, said(shown, "this fails with it and without it"));
                    return;
                }
            }
        }
    }

    fn together(&mut self, (rule, one): (&Rule, &Each), (other, two): (&Rule, &Each)) {
        let vocabulary = &self.packs.vocabulary;
        let kind = vocabulary.kind_def(one.kind).map_or("statement", |kind| &*kind.name);
        let (first, second) = (asked(one), asked(two));
        self.review.asked += 1;
        let mut pool = Translator::new(vocabulary, 1);
        let both_hold = [first.holds(&mut pool, 0), second.holds(&mut pool, 0)];
        if matches!(possible(&pool, &both_hold), Answer::Impossible) {
            let mut pool = Translator::new(vocabulary, 1);
            let both_match = [first.matches(&mut pool, Want::True), second.matches(&mut pool, Want::True)];
            let matched = |counts: &[RuleCount], rule| count(counts, rule).is_some_and(|count| count.matched > 0);
            let meet =
                prove(self.packs, &pool, (one, &[rule, other]), &both_match, &|counts| matched(counts, rule) && matched(counts, other));
            // Two rules that can each be held, and never both.
            let each_holds = !self.faulty(rule) && !self.faulty(other);
            if matches!(meet, Proved::Shown(_)) && each_holds {
                let mut pool = Translator::new(vocabulary, 1);
                let torn = [first.holds(&mut pool, 0), second.fails(&mut pool, 0)];
                let shown = prove(self.packs, &pool, (one, &[rule, other]), &torn, &|counts| holds(counts, rule) && fails(counts, other));
                let problem = Problem::warning(
                    FaultSort::Contradictory.word(),
                    rule.decides,
                    format!("no `{kind}` that matches both can hold `{}` and `{}`", rule.short(), other.short()),
                )
                .also(other.decides, "this cannot hold then")
                .help("part the two by their `where`, or choose one");
                let what = format!("`{}` holds, so `{}` fails", rule.short(), other.short());
                self.fault(FaultSort::Contradictory, &[rule, other], problem, said(shown, &what));
                return;
            }
        }
        // What a layer refuses, the rule that it tightens refuses in part already: that is what a layer is.
        if self.faulty(rule) || self.faulty(other) || self.tightens(other, rule) {
            return;
        }
        let follows = |failing: &Asked<'_>, failed: &Asked<'_>| {
            let mut pool = Translator::new(vocabulary, 2);
            // A failure in one year has to be a failure of the other in that very year, or in some year.
            let formulas = [failing.fails(&mut pool, 0), failed.fails_not(&mut pool, 0)];
            matches!(possible(&pool, &formulas), Answer::Impossible)
        };
        let (forth, back) = (follows(&first, &second), follows(&second, &first));
        if !forth && !back {
            return;
        }
        let mut pool = Translator::new(vocabulary, 1);
        let both_fail = [first.fails(&mut pool, 0), second.fails(&mut pool, 0)];
        let shown = prove(self.packs, &pool, (one, &[rule, other]), &both_fail, &|counts| fails(counts, rule) && fails(counts, other));
        let (sort, hidden, shadow) = match (forth, back) {
            (true, true) => (FaultSort::Redundant, other, rule),
            // What is told apart by how bad it is, is told apart: a lesser limit may warn before a greater one refuses.
            (true, false) => (FaultSort::Shadowed, rule, other),
            _ => (FaultSort::Shadowed, other, rule),
        };
        if sort == FaultSort::Shadowed && hidden.severity > shadow.severity {
            return;
        }
        let message = match sort {
            FaultSort::Redundant => format!("`{}` and `{}` refuse the very same", hidden.short(), shadow.short()),
            _ => format!("whatever fails `{}` fails `{}` as well", hidden.short(), shadow.short()),
        };
        let problem = Problem::warning(sort.word(), hidden.decides, message)
            .also(shadow.decides, "this refuses it already")
            .help("remove one of the two, or make them differ");
        self.fault(sort, &[hidden, shadow], problem, said(shown, "both fail here"));
    }

    /// Whether a rule is another, or tightens it, directly or in turn; or both tighten the same.
    fn tightens(&self, rule: &Rule, other: &Rule) -> bool {
        self.tightened(rule) == self.tightened(other)
    }

    /// The rule that is tightened in the end: itself, where it tightens none.
    fn tightened<'r>(&'r self, rule: &'r Rule) -> &'r str {
        let mut last = rule;
        // INVARIANT: a rule tightens one of an earlier pack, so that this comes to an end.
        while let Some(tightened) = &last.tightens {
            match self.packs.rules.iter().find(|other| other.id == tightened.rule) {
                Some(base) => last = base,
                None => break,
            }
        }
        &last.id
    }

    /// Whether something is wrong with a rule by itself.
    fn faulty(&self, rule: &Rule) -> bool {
        let own = [FaultSort::NeverMatches, FaultSort::Impossible, FaultSort::CannotFail];
        self.review.faults.iter().any(|fault| own.contains(&fault.sort) && fault.rules.first().is_some_and(|id| *id == rule.id))
    }

    fn reserved_and_gated(&mut self) {
        let packs = self.packs;
        for reserved in &packs.rules {
            let Form::Reserve(reserve) = &reserved.form else { continue };
            for gated in &packs.rules {
                let Form::Gate(gate) = &gated.form else { continue };
                let Some(function) = gate.functions.iter().find(|function| reserve.functions.contains(function)) else { continue };
                if gate.opens_at >= reserve.to || !meet(reserved, gated) {
                    continue;
                }
                self.review.asked += 1;
                let name = packs.vocabulary.term_def(*function).map_or("", |term| &*term.name);
                let tier = |level| packs.vocabulary.scale("tier").map_or("", |scale| packs.vocabulary.level_name(scale, level));
                let problem = Problem::warning(
                    FaultSort::ReservedAndGated.word(),
                    gated.decides,
                    format!(
                        "`{name}` opens to the {} by `{}`, and stays with the {} by `{}`",
                        tier(gate.opens_at),
                        gated.short(),
                        tier(reserve.to),
                        reserved.short()
                    ),
                )
                .also(reserved.decides, "here it stays")
                .help("take the function out of one of the two");
                let level = packs.vocabulary.level_name(gate.needs.0, gate.needs.1);
                let shown = gated_plan(packs, &[gated, reserved], name, level);
                let proved = shown.counts(packs).is_some_and(|counts| holds(&counts, gated) && fails(&counts, reserved));
                let what = format!("the gate of `{}` is open, and `{}` refuses", gated.short(), reserved.short());
                self.fault(FaultSort::ReservedAndGated, &[gated, reserved], problem, proved.then_some((shown, what)));
            }
        }
    }

    /// Points at the fewest parts that cannot be together.
    fn conflict(&self, problem: Problem, each: &Each, side: Side) -> Problem {
        let parts = |expr: Option<&Expr>| -> Vec<Expr> {
            match expr.map(|expr| (&expr.node, expr)) {
                Some((Node::And(parts), _)) => parts.clone(),
                Some((_, whole)) => vec![whole.clone()],
                None => Vec::new(),
            }
        };
        let condition = parts(each.condition.as_ref()).into_iter().zip(parts_of(each, Side::Condition).iter().copied());
        let expectation = parts(Some(&each.expect)).into_iter().zip(parts_of(each, Side::Expectation).iter().copied());
        let mut kept: Vec<(Expr, Span)> = condition.collect();
        if side == Side::Both {
            kept.extend(expectation);
        }
        let impossible = |parts: &[(Expr, Span)]| {
            let mut pool = Translator::new(&self.packs.vocabulary, 1);
            let formulas: Vec<Formula> = parts.iter().map(|(expr, _)| pool.formula(each.kind, expr, Want::True, 0)).collect();
            matches!(possible(&pool, &formulas), Answer::Impossible)
        };
        if !impossible(&kept) {
            return problem;
        }
        let mut at = 0;
        while at < kept.len() {
            let mut fewer = kept.clone();
            fewer.remove(at);
            if impossible(&fewer) { kept = fewer } else { at += 1 }
        }
        let alone = kept.len() == 1;
        kept.into_iter().filter(|(_, place)| *place != problem.span).fold(problem.clone(), |problem, (_, place)| {
            problem.also(place, if alone { "this can never be" } else { "this cannot be together with the other" })
        })
    }
}

/// Which side of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Its `where`.
    Condition,
    /// Its `expect`.
    Expectation,
    /// Both.
    Both,
}

/// What is looked for in one version and not in the other.
#[derive(Debug, Clone, Copy)]
enum Good {
    Fails,
    Holds,
    /// It is not asked.
    Rests,
}

fn parts_of(each: &Each, side: Side) -> &[Span] {
    if side == Side::Condition { &each.parts.condition } else { &each.parts.expect }
}

fn holds_not(asked: &Asked<'_>, pool: &mut Translator<'_>) -> Formula {
    Formula::Any(vec![asked.matches(pool, Want::NotTrue), pool.formula(asked.kind, &asked.each.expect, Want::NotTrue, 1)])
}

fn said(proved: Proved, what: &str) -> Option<(Witness, String)> {
    match proved {
        Proved::Shown(witness) => Some((witness, what.to_owned())),
        _ => None,
    }
}

fn prove(packs: &Packs, pool: &Translator<'_>, about: (&Each, &[&Rule]), formulas: &[Formula], shows: Shows<'_>) -> Proved {
    match possible(pool, formulas) {
        Answer::Impossible => Proved::Impossible,
        Answer::Unknown => Proved::Unknown,
        Answer::Possible(model) => match show(packs, pool, about, &model, shows) {
            Some(witness) => Proved::Shown(witness),
            None => Proved::Unshown,
        },
    }
}

fn show(packs: &Packs, pool: &Translator<'_>, (each, rules): (&Each, &[&Rule]), model: &Model, shows: Shows<'_>) -> Option<Witness> {
    witness::write(packs, pool, model, each.kind, rules).find(|witness| witness.counts(packs).is_some_and(|counts| shows(&counts)))
}

/// A plan in which a system is ready for a function and takes it on.
fn gated_plan(packs: &Packs, rules: &[&Rule], function: &str, level: &str) -> Witness {
    witness::example(
        packs,
        rules,
        &format!(
            "responsibility {function} {{\n  accountable example-system\n}}\nreadiness {function} {{\n  level {level}\n  \
             assessed 2025-03-01 by REGION\n  evidence example\n}}\nevidence example {{\n  dated 2025-02-01\n}}\n"
        ),
    )
}

pub(super) fn compare(old: (&Packs, &Rule), new: (&Packs, &Rule)) -> Option<Difference> {
    let (Form::Each(before), Form::Each(after)) = (&old.1.form, &new.1.form) else { return None };
    let name = |packs: &Packs, each: &Each| packs.vocabulary.kind_def(each.kind).map(|kind| kind.name.clone());
    if name(old.0, before) != name(new.0, after) {
        return None;
    }
    // Both are looked at in the newer vocabulary: terms and kinds are only ever added to.
    let (one, two) = (asked(before), Asked { kind: after.kind, each: after });
    let one = Asked { kind: two.kind, ..one };
    let way = |failing: &Asked<'_>, passing: &Asked<'_>, packs: (&Packs, &Packs), rules: (&Rule, &Rule)| {
        let mut pool = Translator::new(&new.0.vocabulary, 2);
        let formulas = [failing.fails(&mut pool, 0), passing.fails_not(&mut pool, 1)];
        match possible(&pool, &formulas) {
            Answer::Impossible => Told::No,
            Answer::Unknown => Told::Undecided,
            Answer::Possible(model) => {
                let shows = |plan: &Witness| {
                    plan.counts(packs.0).is_some_and(|counts| fails(&counts, rules.0))
                        && plan.counts(packs.1).is_some_and(|counts| !fails(&counts, rules.1))
                };
                witness::write(new.0, &pool, &model, two.kind, &[new.1]).find(shows).map_or(Told::Undecided, Told::Shown)
            }
        }
    };
    let tightened = way(&two, &one, (new.0, old.0), (new.1, old.1));
    let loosened = way(&one, &two, (old.0, new.0), (old.1, new.1));
    Some(Difference { tightened, loosened })
}
