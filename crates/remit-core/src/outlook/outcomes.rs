//! Which findings hold in all, in some or in no outcomes of the funding: each thing that money waits for may or may not arrive.
//!
//! INVARIANT: what is said is what checking every one of the 2ⁿ outcomes would say. A rule is asked of a subject once for each way in which the money
//! that it looks at can turn out, and what never meets in one verdict is judged apart; so the cost grows with the money that interacts, not with all.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::check::{Check, Opened, PlanInfo, PlanText, judge_again, open_assuming, open_texts};
use crate::model::Plan;
use crate::model::streams::{Assumption, STATUS, Stream, streams};
use crate::packs::Packs;
use crate::problem::{Finding, Severity, Verdict};
use crate::rules::expression::{Expr, Node};
use crate::rules::judgement::Judgement;
use crate::rules::{Each, Form, Rule, each, waiver};
use crate::source::Sources;
use crate::time::Date;

/// How many things that money waits for are judged together at most. Beyond that it is said that it was not decided.
pub const MOST: usize = 12;

/// Which findings hold in which outcomes.
#[derive(Debug)]
pub struct Outcomes {
    /// The packs' texts and the plan's, for the words and the places of findings.
    pub sources: Sources,
    /// Which plan it is.
    pub plan: PlanInfo,
    /// The day as of which it was read.
    pub as_of: Date,
    /// What money waits for, in the order in which the plan first says so.
    pub streams: Vec<Stream>,
    /// What is found whatever arrives.
    pub always: Vec<Finding>,
    /// What is found in some outcomes, and in which.
    pub sometimes: Vec<Sometimes>,
    /// What is found as long as nobody knows, and in no outcome.
    pub never: Vec<Finding>,
    /// What money waits for and what depends on it, each group by itself: no finding depends on two of them.
    pub groups: Vec<Group>,
    /// What was not decided, since too much meets in it.
    pub undecided: Vec<Undecided>,
}

/// A finding that holds in some outcomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sometimes {
    /// The finding, as it is in the first outcome in which it holds.
    pub finding: Finding,
    /// When it holds: in each of these cases, where all that a case names turns out so. A stream is named by its place.
    pub when: Vec<Vec<(usize, bool)>>,
}

/// Some of what money waits for, on which findings depend together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Their places among the streams.
    pub streams: Vec<usize>,
    /// The smallest sets of confirmations with which nothing fails that may be avoided, whatever becomes of the rest; none where there is no such set.
    pub needs: Vec<Vec<usize>>,
}

/// What was not decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undecided {
    /// The rules whose verdicts depend on it, each once.
    pub rules: Vec<String>,
    /// The places of the streams that meet.
    pub streams: Vec<usize>,
}

/// Which findings hold in which outcomes of the funding.
pub fn outcomes(path: &str, texts: &[PlanText], packs: &Packs, as_of: Date) -> Outcomes {
    let Opened { analysis: written, mut plan, standing, .. } = open_texts(path, texts, packs, as_of);
    let streams = streams(&plan, &packs.vocabulary);
    let nothing: Vec<Assumption> = streams.iter().map(|stream| Assumption { stream: stream.name.to_string(), arrives: false }).collect();
    let base = open_assuming(path, texts, packs, as_of, &nothing).analysis.findings;
    let mut outcomes = Outcomes {
        sources: written.sources,
        plan: written.plan,
        as_of,
        streams,
        always: Vec::new(),
        sometimes: Vec::new(),
        never: Vec::new(),
        groups: Vec::new(),
        undecided: Vec::new(),
    };
    let asking = Asking { packs, sources: &outcomes.sources, standing: &standing, streams: &outcomes.streams };
    let mut found = Vec::new();
    for knot in knots(&asking, &mut plan) {
        let rules: BTreeSet<usize> = knot.rules;
        let members: Vec<usize> = knot.streams.into_iter().collect();
        if members.len() > MOST {
            let names: BTreeSet<String> = rules.iter().filter_map(|at| packs.rules.get(*at)).map(|rule| rule.id.to_string()).collect();
            outcomes.undecided.push(Undecided { rules: names.into_iter().collect(), streams: members });
            continue;
        }
        let asked = only(packs, &rules);
        let table = table(&asking, path, &mut plan, &asked, &members);
        if let Some(needs) = needs(&table, members.len()) {
            let needs = needs.into_iter().map(|set| places(set, &members)).collect();
            outcomes.groups.push(Group { streams: members.clone(), needs });
        }
        for (finding, holds) in table {
            let case = |(fixed, value): (u32, u32)| -> Vec<(usize, bool)> {
                let one = |(bit, stream): (usize, &usize)| (fixed & (1 << bit) != 0).then_some((*stream, value & (1 << bit) != 0));
                members.iter().enumerate().filter_map(one).collect()
            };
            let when = cases(&holds, members.len()).into_iter().map(case).collect();
            found.push(Sometimes { finding, when });
        }
    }
    let unsure: HashSet<&str> = outcomes.undecided.iter().flat_map(|one| &one.rules).map(String::as_str).collect();
    let open = |finding: &Finding| unsure.contains(finding.problem.rule.as_str());
    let varies: HashSet<Key<'_>> = found.iter().map(|one| key(&one.finding)).collect();
    let always: Vec<Finding> = base.into_iter().filter(|finding| !varies.contains(&key(finding)) && !open(finding)).collect();
    let never = {
        let holds: HashSet<Key<'_>> = always.iter().map(key).chain(varies.iter().copied()).collect();
        written.findings.into_iter().filter(|finding| !holds.contains(&key(finding)) && !open(finding)).collect()
    };
    found.sort_by_key(|one| (one.finding.problem.span.file, one.finding.problem.span.start));
    (outcomes.always, outcomes.never, outcomes.sometimes) = (always, never, found);
    outcomes
}

/// What tells two findings apart: the same thing may be found and weigh more.
type Key<'f> = (&'f str, Verdict, Severity);

fn key(finding: &Finding) -> Key<'_> {
    (&finding.id, finding.verdict, finding.problem.severity)
}

/// What rules are asked with, apart from the plan itself.
struct Asking<'a> {
    packs: &'a Packs,
    sources: &'a Sources,
    standing: &'a [Option<usize>],
    streams: &'a [Stream],
}

impl<'a> Asking<'a> {
    fn check<'c>(&'c self, plan: &'c Plan) -> Check<'c> {
        Check { plan, vocabulary: &self.packs.vocabulary, sources: self.sources, rules: &self.packs.rules, editions: self.standing }
    }

    fn settle(&self, plan: &mut Plan, arrives: impl Fn(usize) -> bool) {
        for (at, stream) in self.streams.iter().enumerate() {
            plan.settle(stream, arrives(at), &self.packs.vocabulary);
        }
    }
}

/// One subject of a rule, or several that are asked at once.
#[derive(Debug, Clone, Copy)]
enum Unit {
    Statement(usize),
    Mention(usize),
    Rows(usize),
    LeftOut,
}

/// Streams that meet in verdicts, and the rules that give them.
#[derive(Debug, Default)]
struct Knot {
    streams: BTreeSet<usize>,
    rules: BTreeSet<usize>,
    /// What ties units together although they look at different money.
    ties: BTreeSet<usize>,
}

/// What meets in one verdict, or in findings that speak of several verdicts.
fn knots(asking: &Asking<'_>, plan: &mut Plan) -> Vec<Knot> {
    const LEFT_OUT: usize = usize::MAX;
    let mut knots: Vec<Knot> = Vec::new();
    let waivers = waiver::named(&asking.check(plan));
    for (at, rule) in asking.packs.rules.iter().enumerate() {
        let Form::Each(form) = &rule.form else { continue };
        let looks = |expr: &Expr| expr.has(&names_status);
        if plan.header().is_none()
            || !asking.check(plan).stands(rule)
            || !(looks(&form.expect) || form.condition.as_ref().is_some_and(looks))
        {
            continue;
        }
        for unit in units(asking, plan, form) {
            let (streams, said) = looked_at(asking, plan, (at, rule, form), unit);
            if streams.is_empty() {
                continue;
            }
            // One waiver may stand for several subjects, and is found to be of no use only when none of them fails.
            let tied = |(_, (of, subject)): &(usize, &(_, std::sync::Arc<str>))| {
                *of == rule.id && said.iter().any(|judgement| waiver::is_for(subject, judgement))
            };
            let mut ties: BTreeSet<usize> = waivers.iter().enumerate().filter(tied).map(|(at, _)| at).collect();
            if matches!(unit, Unit::LeftOut) {
                ties.insert(LEFT_OUT);
            }
            let mut knot = Knot { streams, rules: BTreeSet::from([at]), ties };
            // Whatever it meets becomes one with it.
            let meets = |other: &Knot| !other.streams.is_disjoint(&knot.streams) || !other.ties.is_disjoint(&knot.ties);
            let (met, apart): (Vec<Knot>, Vec<Knot>) = std::mem::take(&mut knots).into_iter().partition(meets);
            knots = apart;
            for other in met {
                knot.streams.extend(other.streams);
                knot.rules.extend(other.rules);
                knot.ties.extend(other.ties);
            }
            knots.push(knot);
        }
    }
    knots.sort_by_key(|knot| knot.streams.first().copied());
    knots
}

fn names_status(node: &Node) -> bool {
    matches!(node, Node::Field(name, _) if **name == *STATUS)
}

fn units(asking: &Asking<'_>, plan: &Plan, form: &Each) -> Vec<Unit> {
    match each::subjects(&asking.check(plan), form) {
        each::Subjects::Mentions => (0..plan.mentions.len()).map(Unit::Mention).collect(),
        each::Subjects::Rows => (0..plan.entities.len()).map(Unit::Rows).collect(),
        each::Subjects::Statements { and_left_out } => {
            let statements = plan.of_kind(form.kind).map(|(at, _)| Unit::Statement(at));
            statements.chain(and_left_out.then_some(Unit::LeftOut)).collect()
        }
    }
}

/// The streams on which a verdict depends, and all that is said in any outcome; no streams where it is the same in all.
///
/// What is said rests on the money that was looked at, and on nothing else: so what was not looked at need not be tried.
fn looked_at(
    asking: &Asking<'_>,
    plan: &mut Plan,
    (at, rule, form): (usize, &Rule, &Each),
    unit: Unit,
) -> (BTreeSet<usize>, Vec<Judgement>) {
    let mut all: BTreeSet<usize> = BTreeSet::new();
    let mut said: Vec<Judgement> = Vec::new();
    let mut first: Option<Vec<(String, String, Verdict, Severity)>> = None;
    let mut varies = false;
    let mut open: Vec<BTreeMap<usize, bool>> = vec![BTreeMap::new()];
    while let Some(fixed) = open.pop() {
        asking.settle(plan, |stream| fixed.get(&stream).copied().unwrap_or(false));
        plan.watch.begin();
        let mut judgements = Vec::new();
        ask(&asking.check(plan), (at, rule, form), unit, &mut judgements);
        let told = judgements.iter().map(|one| (one.subject.clone(), one.distinct.clone(), one.verdict, one.severity)).collect::<Vec<_>>();
        varies |= first.as_ref().is_some_and(|first| *first != told);
        first.get_or_insert(told);
        said.extend(judgements);
        let looked = asking.streams.iter().enumerate().filter(|(_, stream)| stream.funding.iter().any(|place| plan.watch.saw(*place)));
        let new: Vec<usize> = looked.map(|(stream, _)| stream).filter(|stream| !fixed.contains_key(stream)).collect();
        all.extend(&new);
        if all.len() > MOST {
            return (all, said);
        }
        let mut rest = fixed;
        for stream in new {
            let mut other = rest.clone();
            other.insert(stream, true);
            open.push(other);
            rest.insert(stream, false);
        }
    }
    (if varies { all } else { BTreeSet::new() }, said)
}

fn ask(cx: &Check<'_>, (at, rule, form): (usize, &Rule, &Each), unit: Unit, judgements: &mut Vec<Judgement>) {
    let plan = cx.plan;
    match unit {
        Unit::Statement(entity) => {
            plan.entities.get(entity).into_iter().for_each(|entity| each::judge_entity(cx, at, rule, form, entity, judgements));
        }
        Unit::Mention(mention) => {
            plan.mentions.get(mention).into_iter().for_each(|mention| each::judge_mention(cx, at, rule, form, mention, judgements));
        }
        Unit::Rows(entity) => {
            plan.entities.get(entity).into_iter().for_each(|entity| each::judge_rows(cx, at, rule, form, entity, judgements));
        }
        Unit::LeftOut => each::judge_left_out(cx, at, rule, form, judgements),
    }
}

/// The packs with some of their rules.
fn only(packs: &Packs, rules: &BTreeSet<usize>) -> Packs {
    Packs {
        sources: Sources::default(),
        infos: packs.infos.clone(),
        rules: rules.iter().filter_map(|at| packs.rules.get(*at)).cloned().collect(),
        paragraphs: Vec::new(),
        vocabulary: packs.vocabulary.clone(),
        register: packs.register.clone(),
    }
}

/// Each finding that holds in some outcomes of a group and not in others, with those in which it does: bit by bit, what arrives.
type Table = Vec<(Finding, Vec<bool>)>;

fn table(asking: &Asking<'_>, path: &str, plan: &mut Plan, packs: &Packs, members: &[usize]) -> Table {
    let count = 1usize << members.len();
    let mut places: BTreeMap<(String, Verdict, Severity), usize> = BTreeMap::new();
    let mut table: Table = Vec::new();
    for outcome in 0..count {
        asking.settle(plan, |stream| members.iter().position(|member| *member == stream).is_some_and(|bit| outcome & (1 << bit) != 0));
        let (again, findings) = judge_again(path, asking.sources, plan.clone(), packs);
        *plan = again;
        for finding in findings {
            let place = *places.entry((finding.id.clone(), finding.verdict, finding.problem.severity)).or_insert_with(|| {
                table.push((finding, vec![false; count]));
                table.len() - 1
            });
            if let Some(holds) = table.get_mut(place).and_then(|(_, holds)| holds.get_mut(outcome)) {
                *holds = true;
            }
        }
    }
    table.retain(|(_, holds)| holds.contains(&false));
    table
}

/// The smallest sets of confirmations with which nothing fails that fails in some outcomes only; `None` where nothing varies.
fn needs(table: &Table, members: usize) -> Option<Vec<u32>> {
    if table.is_empty() {
        return None;
    }
    let failing: Vec<u32> = (0..1u32 << members)
        .filter(|outcome| table.iter().any(|(finding, holds)| finding.verdict == Verdict::Fail && at(holds, *outcome)))
        .collect();
    let mut sets: Vec<u32> = (0..1u32 << members).collect();
    sets.sort_by_key(|set| (set.count_ones(), *set));
    let mut needs: Vec<u32> = Vec::new();
    for set in sets {
        let is_enough = !failing.iter().any(|outcome| outcome & set == set);
        if is_enough && !needs.iter().any(|smaller| smaller & set == *smaller) {
            needs.push(set);
        }
    }
    Some(needs)
}

fn places(set: u32, members: &[usize]) -> Vec<usize> {
    members.iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0).map(|(_, stream)| *stream).collect()
}

fn at(holds: &[bool], outcome: u32) -> bool {
    holds.get(outcome as usize).copied().unwrap_or(false)
}

/// When something holds, in as few words as may be: cases, each with the bits that it fixes and what they are.
fn cases(holds: &[bool], members: usize) -> Vec<(u32, u32)> {
    let all = (1u32 << members) - 1;
    let of = |fixed: u32, value: u32| (0..=all).filter(move |outcome| outcome & fixed == value & fixed);
    let mut cases: Vec<(u32, u32)> = Vec::new();
    for outcome in (0..=all).filter(|outcome| at(holds, *outcome)) {
        if cases.iter().any(|(fixed, value)| outcome & fixed == value & fixed) {
            continue;
        }
        let mut fixed = all;
        for bit in 0..members {
            let wider = fixed & !(1 << bit);
            if of(wider, outcome).all(|outcome| at(holds, outcome)) {
                fixed = wider;
            }
        }
        cases.push((fixed, outcome & fixed));
    }
    // A case that the others hold together is left away.
    let mut place = 0;
    while let Some((fixed, value)) = cases.get(place).copied() {
        let others = |outcome: u32| cases.iter().enumerate().any(|(at, (fixed, value))| at != place && outcome & fixed == value & fixed);
        if of(fixed, value).all(others) {
            cases.remove(place);
        } else {
            place += 1;
        }
    }
    cases
}
