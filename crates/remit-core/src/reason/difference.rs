//! How two versions of packs differ: rules added, removed, tightened, loosened and reworded, each with a plan that tells the two apart.

use std::fmt::Write as _;

use crate::packs::Packs;
use crate::reason::witness::example;
use crate::reason::{Difference, Told, Witness, compare, faults};
use crate::rules::{Form, Gate, Reserve, Rule};
use crate::time::{Date, Duration};
use crate::vocabulary::TermId;

/// How one rule differs.
#[derive(Debug, Clone)]
pub struct RuleDifference {
    /// `pack/rule`.
    pub rule: String,
    /// What is different, at least one.
    pub changes: Vec<Change>,
}

/// One thing that is different.
#[derive(Debug, Clone)]
pub struct Change {
    /// In which way.
    pub way: Way,
    /// What, in words: `needs: maturing, was developing`.
    pub what: String,
    /// A plan that one version refuses and the other does not.
    pub witness: Option<Witness>,
}

/// In which way a rule differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// There was none.
    Added,
    /// There is none any more.
    Removed,
    /// It refuses more.
    Tightened,
    /// It refuses less.
    Loosened,
    /// It asks differently, and whether for more or less could not be decided.
    Undecided,
    /// It says the same in other words.
    Reworded,
}

impl Way {
    /// As people read it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Tightened => "tightened",
            Self::Loosened => "loosened",
            Self::Undecided => "changed",
            Self::Reworded => "reworded",
        }
    }
}

/// Every rule that differs, in the order of the newer packs, those that are gone last.
pub fn differences(old: &Packs, new: &Packs) -> Vec<RuleDifference> {
    let mut found = Vec::new();
    for rule in &new.rules {
        let same_part = |before: &&Rule| before.id == rule.id && before.is_beside == rule.is_beside;
        let changes = match old.rules.iter().find(same_part) {
            Some(before) => changes((old, before), (new, rule)),
            None if rule.is_beside && old.rules.iter().any(|before| before.id == rule.id) => {
                vec![Change { way: Way::Tightened, what: again(rule), witness: None }]
            }
            None => vec![Change { way: Way::Added, what: rule.title.clone(), witness: None }],
        };
        if !changes.is_empty() {
            found.push(RuleDifference { rule: rule.id.to_string(), changes });
        }
    }
    for rule in &old.rules {
        let change = match new.rules.iter().find(|after| after.id == rule.id) {
            None => Change { way: Way::Removed, what: rule.title.clone(), witness: None },
            Some(_) if rule.is_beside && !new.rules.iter().any(|after| after.id == rule.id && after.is_beside) => {
                Change { way: Way::Loosened, what: format!("no longer {}", again(rule)), witness: None }
            }
            Some(_) => continue,
        };
        found.push(RuleDifference { rule: rule.id.to_string(), changes: vec![change] });
    }
    found
}

/// What a part says that stands beside another of the same name.
fn again(rule: &Rule) -> String {
    let tightened = rule.tightens.as_ref().map_or("", |tightened| &*tightened.rule);
    format!("asks again what `{tightened}` asks")
}

fn changes(old: (&Packs, &Rule), new: (&Packs, &Rule)) -> Vec<Change> {
    let (before, after) = (old.1, new.1);
    let mut changes = Vec::new();
    if before.severity != after.severity {
        let way = if after.severity > before.severity { Way::Tightened } else { Way::Loosened };
        let what = format!("severity: {}, was {}", after.severity.word(), before.severity.word());
        changes.push(Change { way, what, witness: None });
    }
    if before.waivable_by != after.waivable_by {
        let tier = |packs: &Packs, level: Option<u8>| {
            let scale = packs.vocabulary.scale("tier");
            level.zip(scale).map_or("nobody".to_owned(), |(level, scale)| packs.vocabulary.level_name(scale, level).to_owned())
        };
        // Nobody is the highest of all.
        let height = |level: Option<u8>| level.unwrap_or(u8::MAX);
        let way = if height(after.waivable_by) > height(before.waivable_by) { Way::Tightened } else { Way::Loosened };
        let what = format!("waivable-by: {}, was {}", tier(new.0, after.waivable_by), tier(old.0, before.waivable_by));
        changes.push(Change { way, what, witness: None });
    }
    match (&before.form, &after.form) {
        (Form::Reserve(one), Form::Reserve(two)) => of_reserve(old, new, one, two, &mut changes),
        (Form::Gate(one), Form::Gate(two)) => of_gate(old, new, one, two, &mut changes),
        (Form::Cover(one), Form::Cover(two)) => {
            if one.gap != two.gap {
                let way = if two.gap > one.gap { Way::Tightened } else { Way::Loosened };
                changes.push(Change { way, what: format!("gap: {}, was {}", two.gap.word(), one.gap.word()), witness: None });
            }
            if one.field != two.field {
                changes.push(Change { way: Way::Undecided, what: format!("cover: {}, was {}", two.field, one.field), witness: None });
            }
        }
        _ => of_expression(old, new, &mut changes),
    }
    let tightened = |rule: &Rule| rule.tightens.as_ref().map_or("nothing".to_owned(), |tightened| tightened.rule.to_string());
    if tightened(before) != tightened(after) {
        let what = format!("tightens: {}, was {}", tightened(after), tightened(before));
        changes.push(Change { way: Way::Undecided, what, witness: None });
    }
    if changes.is_empty() && words(old) != words(new) {
        changes.push(Change { way: Way::Reworded, what: "its words, its page or where it comes from".to_owned(), witness: None });
    }
    changes
}

/// All that a rule says to people.
fn words((packs, rule): (&Packs, &Rule)) -> String {
    let decides = packs.sources.words(rule.decides);
    format!("{}\n{}\n{:?}\n{:?}\n{:?}\n{decides}", rule.title, rule.page, rule.source, rule.message, rule.help)
}

fn of_expression(old: (&Packs, &Rule), new: (&Packs, &Rule), changes: &mut Vec<Change>) {
    let undecided = Difference { tightened: Told::Undecided, loosened: Told::Undecided };
    // What is written the same asks the same, whatever it is.
    let same = asks(old) == asks(new);
    let difference = if same { None } else { Some(compare(old, new).unwrap_or(undecided)) };
    let Some(Difference { tightened, loosened }) = difference else { return };
    let open = tightened == Told::Undecided || loosened == Told::Undecided;
    if let Told::Shown(plan) = tightened {
        changes.push(Change { way: Way::Tightened, what: "it refuses what it let pass".to_owned(), witness: Some(plan) });
    }
    if let Told::Shown(plan) = loosened {
        changes.push(Change { way: Way::Loosened, what: "it lets pass what it refused".to_owned(), witness: Some(plan) });
    }
    if open {
        let what = "what it asks; whether it refuses more, or less, could not be decided".to_owned();
        changes.push(Change { way: Way::Undecided, what, witness: None });
    }
}

/// What a rule asks, as written.
fn asks((packs, rule): (&Packs, &Rule)) -> String {
    let mut text = packs.sources.words(rule.decides).to_owned();
    if let Form::Each(each) = &rule.form {
        for span in &each.parts.condition {
            let _ = write!(text, "\n{}", packs.sources.words(*span));
        }
    }
    text
}

/// The names of terms, so that they can be compared between packs.
fn names(packs: &Packs, terms: &[TermId]) -> Vec<String> {
    let mut names: Vec<String> =
        terms.iter().filter_map(|term| packs.vocabulary.term_def(*term)).map(|term| term.name.to_string()).collect();
    names.sort();
    names
}

/// What is in the second list and not in the first, if anything is.
fn more(one: &[String], two: &[String]) -> Option<Vec<String>> {
    let more: Vec<String> = two.iter().filter(|name| !one.contains(name)).cloned().collect();
    (!more.is_empty()).then_some(more)
}

fn tier(packs: &Packs, level: u8) -> String {
    packs.vocabulary.scale("tier").map_or(String::new(), |scale| packs.vocabulary.level_name(scale, level).to_owned())
}

fn of_reserve(old: (&Packs, &Rule), new: (&Packs, &Rule), before: &Reserve, after: &Reserve, changes: &mut Vec<Change>) {
    let mut note = |way, what, plans| changes.push(change(old, new, way, what, plans));
    let (one, two) = (names(old.0, &before.functions), names(new.0, &after.functions));
    let common: Vec<String> = one.iter().filter(|name| two.contains(name)).cloned().collect();
    if let Some(more) = more(&one, &two) {
        note(Way::Tightened, format!("reserve: also {}", more.join(", ")), held(new, &more));
    }
    if let Some(less) = more(&two, &one) {
        note(Way::Loosened, format!("reserve: no longer {}", less.join(", ")), held(new, &less));
    }
    if before.to != after.to {
        let way = if after.to > before.to { Way::Tightened } else { Way::Loosened };
        note(way, format!("to: {}, was {}", tier(new.0, after.to), tier(old.0, before.to)), held(new, &common));
    }
    let effects = (names(old.0, &before.below), names(new.0, &after.below));
    if let Some(more) = more(&effects.0, &effects.1) {
        note(Way::Loosened, format!("below: also {}", more.join(", ")), done(new, &common, &more));
    }
    if let Some(less) = more(&effects.1, &effects.0) {
        note(Way::Tightened, format!("below: no longer {}", less.join(", ")), done(new, &common, &less));
    }
    let holders = |packs: &Packs, reserve: &Reserve| -> Vec<String> {
        reserve.holders.iter().filter_map(|body| packs.register.get(*body)).map(|body| body.code.to_string()).collect()
    };
    let holders = (holders(old.0, before), holders(new.0, after));
    let by = |bodies: &[String]| -> Vec<Witness> {
        let pairs = common.iter().flat_map(|function| bodies.iter().map(move |body| (function, body)));
        pairs
            .map(|(function, body)| example(new.0, &[new.1], &format!("responsibility {function} {{\n  accountable {body}\n}}\n")))
            .collect()
    };
    if let Some(more) = more(&holders.0, &holders.1) {
        note(Way::Loosened, format!("holder: also {}", more.join(", ")), by(&more));
    }
    if let Some(less) = more(&holders.1, &holders.0) {
        note(Way::Tightened, format!("holder: no longer {}", less.join(", ")), by(&less));
    }
}

fn of_gate(old: (&Packs, &Rule), new: (&Packs, &Rule), before: &Gate, after: &Gate, changes: &mut Vec<Change>) {
    let mut note = |way, what, plans| changes.push(change(old, new, way, what, plans));
    let (one, two) = (names(old.0, &before.functions), names(new.0, &after.functions));
    let common: Vec<String> = one.iter().filter(|name| two.contains(name)).cloned().collect();
    let levels: Vec<String> =
        new.0.vocabulary.scale_def(after.needs.0).map(|scale| scale.levels.iter().map(ToString::to_string).collect()).unwrap_or_default();
    let highest: Vec<String> = levels.last().cloned().into_iter().collect();
    let taken = jiff::civil::date(2025, 4, 1);
    let nation = ["nhs-england"];
    if let Some(more) = more(&one, &two) {
        note(Way::Tightened, format!("gate: also {}", more.join(", ")), held(new, &more));
    }
    if let Some(less) = more(&two, &one) {
        note(Way::Loosened, format!("gate: no longer {}", less.join(", ")), held(new, &less));
    }
    let way = |tightened: std::cmp::Ordering| if tightened.is_gt() { Way::Tightened } else { Way::Loosened };
    if before.opens_at != after.opens_at {
        let what = format!("opens-at: {}, was {}", tier(new.0, after.opens_at), tier(old.0, before.opens_at));
        note(way(after.opens_at.cmp(&before.opens_at)), what, ready(new, &common, &highest, &nation, &[taken]));
    }
    if before.needs.1 != after.needs.1 {
        let level = |packs: &Packs, gate: &Gate| packs.vocabulary.level_name(gate.needs.0, gate.needs.1).to_owned();
        let what = format!("needs: {}, was {}", level(new.0, after), level(old.0, before));
        note(way(after.needs.1.cmp(&before.needs.1)), what, ready(new, &common, &levels, &nation, &[taken]));
    }
    if before.assessed_by != after.assessed_by {
        let what = format!("assessed-by: {}, was {}", tier(new.0, after.assessed_by), tier(old.0, before.assessed_by));
        let assessors = ["example-system", "REGION", "nhs-england"];
        note(way(after.assessed_by.cmp(&before.assessed_by)), what, ready(new, &common, &highest, &assessors, &[taken]));
    }
    if before.within != after.within {
        let shown = |within: Option<Duration>| within.map_or("any age".to_owned(), |within| within.to_string());
        let what = format!("within: {}, was {}", shown(after.within), shown(before.within));
        let limit = |within: Option<Duration>| within.and_then(|within| within.before(taken));
        let (was, is) = (limit(before.within), limit(after.within));
        let days: Vec<Date> =
            [was, is, is.and_then(crate::time::day_before), was.and_then(crate::time::day_before)].into_iter().flatten().collect();
        // The later the first day that is still fresh, the more is refused.
        note(way(is.cmp(&was)), what, ready(new, &common, &highest, &nation, &days));
    }
}

/// A change with the shortest plan that shows it.
fn change(old: (&Packs, &Rule), new: (&Packs, &Rule), way: Way, what: String, plans: Vec<Witness>) -> Change {
    let (stricter, milder) = if way == Way::Tightened { (new, old) } else { (old, new) };
    let shows = |plan: &Witness| {
        plan.counts(stricter.0).is_some_and(|counts| faults::fails(&counts, stricter.1))
            && plan.counts(milder.0).is_some_and(|counts| !faults::fails(&counts, milder.1))
    };
    Change { way, what, witness: plans.into_iter().find(shows) }
}

/// Plans in which somebody holds one of the functions, simplest first.
fn held((packs, rule): (&Packs, &Rule), functions: &[String]) -> Vec<Witness> {
    let pairs = functions.iter().flat_map(|function| ["example-system", "REGION", "nhs-england", "dhsc"].map(|body| (function, body)));
    pairs.map(|(function, body)| example(packs, &[rule], &format!("responsibility {function} {{\n  accountable {body}\n}}\n"))).collect()
}

/// Plans in which a system does something to one of the functions.
fn done((packs, rule): (&Packs, &Rule), functions: &[String], effects: &[String]) -> Vec<Witness> {
    let pairs = functions.iter().flat_map(|function| effects.iter().map(move |effect| (function, effect)));
    let statement = |(function, effect)| format!("commitment example {{\n  on {function}\n  effect {effect}\n  owner example-system\n}}\n");
    pairs.map(|pair| example(packs, &[rule], &statement(pair))).collect()
}

/// Plans in which a system takes on one of the functions, at each level, assessed by each body, with evidence of each day.
fn ready((packs, rule): (&Packs, &Rule), functions: &[String], levels: &[String], assessors: &[&str], days: &[Date]) -> Vec<Witness> {
    let mut plans = Vec::new();
    for function in functions {
        for (level, assessor) in levels.iter().flat_map(|level| assessors.iter().map(move |assessor| (level, assessor))) {
            for day in days {
                plans.push(example(
                    packs,
                    &[rule],
                    &format!(
                        "responsibility {function} {{\n  accountable example-system\n}}\nreadiness {function} {{\n  level {level}\n  \
                         assessed 2025-04-01 by {assessor}\n  evidence example\n}}\nevidence example {{\n  dated {day}\n}}\n"
                    ),
                ));
            }
        }
    }
    plans
}
