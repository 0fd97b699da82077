//! What the rules find in a draft, by the words of the design alone: day by day, slowly, and with nothing of the checker.

use std::collections::{BTreeMap, BTreeSet};

use crate::oracle::days::{Day, Span};
use crate::oracle::draft::{Accountable, Body, Draft, GATED, Readiness, Responsibility, Status, Tier, WAITING, Waiver};

const GATE: &str = "ready-before-responsible";
const COVER: &str = "one-accountable-body";
const FUNDING: &str = "funding-before-commitment";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Fails,
    Unknown,
}

/// One thing found, before waivers.
#[derive(Debug, Clone)]
pub(crate) struct Judged {
    rule: &'static str,
    subject: String,
    answer: Answer,
    severity: &'static str,
    /// What it is about: words, and days.
    about: String,
}

/// Which of the moneys that plans wait for arrive; `None` for an ordinary check, which does not ask.
pub(crate) type Outcome = BTreeMap<&'static str, bool>;

/// Everything that is found as of a day, each thing in one line.
pub(crate) fn found(draft: &Draft, as_of: Day, outcome: Option<&Outcome>) -> Vec<String> {
    found_beside(draft, as_of, outcome, covered(draft))
}

/// Who is accountable on which days: of the day as of which it is asked, nothing depends.
pub(crate) fn covered(draft: &Draft) -> Vec<Judged> {
    let mut judged = Vec::new();
    draft.responsibilities.iter().for_each(|responsibility| cover(draft, responsibility, &mut judged));
    judged
}

/// Everything that is found as of a day, beside who is accountable on which days.
pub(crate) fn found_beside(draft: &Draft, as_of: Day, outcome: Option<&Outcome>, mut judged: Vec<Judged>) -> Vec<String> {
    draft.responsibilities.iter().for_each(|responsibility| gate(draft, as_of, responsibility, &mut judged));
    funding(draft, as_of, outcome, &mut judged);
    let mut lines: Vec<String> = judged
        .iter()
        .map(|one| {
            let waived = one.answer == Answer::Fails && draft.waivers.iter().any(|waiver| in_force(waiver, as_of) && names(waiver, one));
            let verdict = match one.answer {
                Answer::Fails if waived => "waived",
                Answer::Fails => "fail",
                Answer::Unknown => "undetermined",
            };
            format!("{} | {} | {verdict} {} | {}", one.rule, one.subject, one.severity, one.about)
        })
        .collect();
    lines.extend(draft.waivers.iter().filter_map(|waiver| of_waiver(draft, waiver, as_of, &judged)));
    lines.sort();
    lines
}

// No more responsibility than a body is ready for.

fn gate(draft: &Draft, as_of: Day, responsibility: &Responsibility, judged: &mut Vec<Judged>) {
    if !GATED.contains(&responsibility.function) {
        return;
    }
    for accountable in &responsibility.accountable {
        let begins = accountable.from.unwrap_or(draft.first_day());
        for body in &accountable.bodies {
            if let Some((answer, severity)) = ready(draft, as_of, responsibility.function, *body, begins) {
                let about = match answer {
                    Answer::Fails => format!("{} on {begins}", body.written()),
                    Answer::Unknown => body.written().to_owned(),
                };
                let subject = format!("responsibility {}", responsibility.function);
                judged.push(Judged { rule: GATE, subject, answer, severity, about });
            }
        }
    }
}

/// What is wrong with a body's readiness for a function on the day on which it becomes accountable.
fn ready(draft: &Draft, as_of: Day, function: &str, body: Body, begins: Day) -> Option<(Answer, &'static str)> {
    match body.tier() {
        Tier::Organisation => return Some((Answer::Fails, "error")),
        Tier::System => {}
        Tier::Region | Tier::Nation => return None,
    }
    let of_body = |readiness: &&Readiness| readiness.function == function && readiness.body.unwrap_or(Body::Somewhere) == body;
    let assessments: Vec<&Readiness> = draft.readiness.iter().filter(of_body).collect();
    let known = assessments.iter().filter(|readiness| readiness.assessed.is_some_and(|day| day <= begins && day <= as_of));
    let latest = known.max_by_key(|readiness| readiness.assessed);
    // One that has no day may be the latest: it opens nothing, and leaves nothing open for certain.
    let undated = assessments.iter().any(|readiness| readiness.assessed.is_none());
    match latest.map(|latest| rests(draft, as_of, latest, begins)) {
        None if undated => Some((Answer::Unknown, "error")),
        None => Some((Answer::Fails, "error")),
        Some(Some((Answer::Fails, "error"))) => Some((Answer::Fails, "error")),
        Some(_) if undated => Some((Answer::Unknown, "error")),
        Some(rests) => rests,
    }
}

/// What is wrong with the assessment that counts.
fn rests(draft: &Draft, as_of: Day, latest: &Readiness, begins: Day) -> Option<(Answer, &'static str)> {
    // Everything is asked, and the worst counts: what certainly fails, then what cannot be told, then what is only old.
    let (mut fails, mut unknown, mut old) = (false, false, false);
    match latest.level {
        None => unknown = true,
        Some(level) => fails |= level < 2,
    }
    match latest.by {
        None => unknown = true,
        Some(by) => fails |= by.tier() < Tier::Region,
    }
    // Nothing says that a condition is met.
    unknown |= latest.conditions > 0;
    fails |= latest.evidence.is_empty();
    for name in &latest.evidence {
        let evidence = draft.evidence.iter().find(|evidence| evidence.name == *name).expect("drafts name the evidence they have");
        match evidence.dated {
            None => unknown = true,
            Some(dated) if dated > as_of || dated > begins => fails = true,
            Some(dated) => {
                old |= dated < begins.back(Span::Months(24));
                old |= evidence.valid.is_some_and(|valid| dated < begins.back(valid));
            }
        }
    }
    if fails {
        Some((Answer::Fails, "error"))
    } else if unknown {
        Some((Answer::Unknown, "error"))
    } else if old {
        Some((Answer::Fails, "warning"))
    } else {
        None
    }
}

// One accountable body on every day.

fn cover(draft: &Draft, responsibility: &Responsibility, judged: &mut Vec<Judged>) {
    let subject = format!("responsibility {}", responsibility.function);
    let mut say = |severity, about| judged.push(Judged { rule: COVER, subject: subject.clone(), answer: Answer::Fails, severity, about });
    // What was meant by days the wrong way round is known when they are mended: until then a gap is no fault of its own.
    let mut mend_first = false;
    for Accountable { from, until, place, .. } in &responsibility.accountable {
        if let (Some(from), Some(until)) = (from, until)
            && until < from
        {
            say("error", format!("{from} until {until}: the wrong way round"));
            mend_first |= place.is_none();
        }
    }
    let lines = || responsibility.accountable.iter();
    let places: BTreeSet<_> = lines().map(|line| line.place).chain([None]).collect();
    for place in places {
        let days = draft.first_day().to(draft.last_day()).map(|day| {
            let mut holders = BTreeSet::new();
            for line in lines().filter(|line| line.place == place) {
                if line.from.is_none_or(|from| from <= day) && line.until.is_none_or(|until| day <= until) {
                    holders.extend(line.bodies.iter().map(|body| body.shown()));
                }
            }
            (day, holders)
        });
        for (first, last, holders) in runs(days) {
            match holders.len() {
                0 if mend_first || place.is_some() => {}
                0 => say("warning", format!("nobody from {first} to {last}")),
                1 => {}
                _ => {
                    let place = place.map(|place| format!(" for {place}")).unwrap_or_default();
                    say("error", format!("{}{place} from {first} to {last}", Vec::from_iter(holders).join(" and ")));
                }
            }
        }
    }
}

/// Days one after the other that have the same holders, together.
pub(crate) fn runs<T: PartialEq>(days: impl Iterator<Item = (Day, T)>) -> Vec<(Day, Day, T)> {
    let mut runs: Vec<(Day, Day, T)> = Vec::new();
    for (day, holders) in days {
        match runs.last_mut() {
            Some((_, last, same)) if last.next() == day && *same == holders => *last = day,
            _ => runs.push((day, day, holders)),
        }
    }
    runs
}

// What waits for the spending review has its funding named.

fn funding(draft: &Draft, as_of: Day, outcome: Option<&Outcome>, judged: &mut Vec<Judged>) {
    if draft.settlement.is_some_and(|day| day <= draft.submitted.unwrap_or(as_of)) {
        return;
    }
    for commitment in &draft.commitments {
        let (mut fails, mut unknown) = (commitment.funding.is_empty(), false);
        for name in &commitment.funding {
            let funding = draft.fundings.iter().find(|funding| funding.name == *name).expect("drafts name the funding they have");
            match funding.status {
                None => unknown = true,
                Some(Status::Confirmed) => {}
                Some(Status::Planned | Status::Unfunded) => fails = true,
                Some(Status::SubjectTo(what)) => fails |= outcome.is_some_and(|outcome| outcome.get(what) == Some(&false)),
            }
        }
        let answer = match commitment.on {
            None => Answer::Unknown,
            Some(on) if !WAITING.contains(&on) => continue,
            Some(_) if fails => Answer::Fails,
            Some(_) if unknown => Answer::Unknown,
            Some(_) => continue,
        };
        let about = commitment.on.unwrap_or(commitment.name).to_owned();
        judged.push(Judged { rule: FUNDING, subject: format!("commitment {}", commitment.name), answer, severity: "warning", about });
    }
}

// Waivers.

/// Whether a waiver is about what was found.
fn names(waiver: &Waiver, judged: &Judged) -> bool {
    waiver.rule == judged.rule && judged.subject.ends_with(&format!(" {}", waiver.name))
}

/// Whether a waiver is as it has to be: an end, a reason, and an approval that is known, by somebody who may.
fn refused(waiver: &Waiver, as_of: Day) -> bool {
    let may = if waiver.rule == GATE { Tier::Nation } else { Tier::Region };
    let approved = matches!(waiver.approved, Some((day, Some(by))) if day <= as_of && by.tier() >= may);
    waiver.until.is_none() || !waiver.because || !approved
}

fn in_force(waiver: &Waiver, as_of: Day) -> bool {
    !refused(waiver, as_of) && waiver.until.is_some_and(|until| as_of <= until)
}

fn of_waiver(draft: &Draft, waiver: &Waiver, as_of: Day, judged: &[Judged]) -> Option<String> {
    let about = format!("waiver {} for {}", waiver.rule, waiver.name);
    if refused(waiver, as_of) {
        return Some(format!("waiver-refused | {about} | fail error | "));
    }
    let mut about_it = judged.iter().filter(|one| names(waiver, one));
    if in_force(waiver, as_of) {
        return about_it.next().is_none().then(|| format!("waiver-unused | {about} | fail warning | "));
    }
    // Its time is over. That matters where something fails that nothing else waives.
    let other = draft.waivers.iter().any(|other| in_force(other, as_of) && other.rule == waiver.rule && other.name == waiver.name);
    let still = !other && about_it.any(|one| one.answer == Answer::Fails);
    Some(format!("waiver-expired | {about} | fail {} | ", if still { "warning" } else { "note" }))
}
