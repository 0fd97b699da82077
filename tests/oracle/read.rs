//! A plan's text as a draft: of the few statements that a draft has, each field on a line of its own.

use crate::oracle::days::{Day, Span, day};
use crate::oracle::draft::{
    Accountable, Body, Commitment, Draft, EVIDENCE, Evidence, FUNCTIONS, FUNDS, Funding, LEVELS, OUTCOMES, PLACES, PLEDGES, RULES,
    Readiness, Responsibility, Status, WAITING, Waiver,
};

/// Reads a plan as of a day.
pub(crate) fn read(text: &str, as_of: Day) -> Draft {
    let mut draft = Draft {
        as_of,
        years: (0, 0),
        submitted: None,
        settlement: None,
        responsibilities: Vec::new(),
        readiness: Vec::new(),
        evidence: Vec::new(),
        fundings: Vec::new(),
        commitments: Vec::new(),
        waivers: Vec::new(),
    };
    let mut head = "";
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let clause = |word: &str| words.iter().position(|other| *other == word).map(|at| words[at + 1]);
        if !line.starts_with(' ') && words[0] != "}" {
            head = words[0];
            begin(&mut draft, &words, clause("for"));
        } else if line.starts_with(' ') {
            field(&mut draft, head, &words, &clause, line);
        }
    }
    draft
}

/// A statement's first line.
fn begin(draft: &mut Draft, words: &[&str], subject: Option<&str>) {
    match words[0] {
        "responsibility" => {
            draft.responsibilities.push(Responsibility { function: known(&FUNCTIONS, words[1]), accountable: Vec::new() });
        }
        "readiness" => draft.readiness.push(Readiness {
            function: known(&FUNCTIONS, words[1]),
            body: subject.map(body),
            level: None,
            assessed: None,
            by: None,
            evidence: Vec::new(),
            conditions: 0,
        }),
        "evidence" => draft.evidence.push(Evidence { name: known(&EVIDENCE, words[1]), dated: None, valid: None }),
        "funding" => draft.fundings.push(Funding { name: known(&FUNDS, words[1]), status: None }),
        "commitment" => draft.commitments.push(Commitment { name: known(&PLEDGES, words[1]), on: None, funding: Vec::new() }),
        "event" => draft.settlement = Some(a_day(words[2])),
        "waiver" => {
            let names: Vec<_> = FUNCTIONS.into_iter().chain(PLEDGES).collect();
            let name = known(&names, subject.expect("a waiver is for something"));
            draft.waivers.push(Waiver { rule: known(&RULES, words[1]), name, until: None, because: false, approved: None });
        }
        "plan" | "system" | "organisation" | "place" => {}
        other => panic!("drafts have no `{other}`"),
    }
}

fn field<'w>(draft: &mut Draft, head: &str, words: &[&'w str], clause: &dyn Fn(&str) -> Option<&'w str>, line: &str) {
    const OPEN: &str = "fields stand in a statement";
    match (head, words[0]) {
        ("plan", "framework") => {}
        ("plan", "horizon") => draft.years = (words[1][..4].parse().expect("a year"), words[3][..4].parse().expect("a year")),
        ("plan", "submitted") => draft.submitted = Some(a_day(words[1])),
        ("responsibility", "accountable") => {
            let bodies = words[1..].iter().take_while(|word| !["from", "until", "for"].contains(*word)).map(|word| body(word)).collect();
            let (from, until) = (clause("from").map(a_day), clause("until").map(a_day));
            let place = clause("for").map(|place| known(&PLACES, place));
            draft.responsibilities.last_mut().expect(OPEN).accountable.push(Accountable { bodies, from, until, place });
        }
        ("readiness", field) => {
            let readiness = draft.readiness.last_mut().expect(OPEN);
            match field {
                "level" => readiness.level = LEVELS.iter().position(|level| *level == words[1]),
                "assessed" => (readiness.assessed, readiness.by) = (Some(a_day(words[1])), clause("by").map(body)),
                "condition" => readiness.conditions += 1,
                "evidence" => readiness.evidence = words[1..].iter().map(|name| known(&EVIDENCE, name)).collect(),
                other => panic!("drafts have no `{other}`"),
            }
        }
        ("evidence", "dated") => draft.evidence.last_mut().expect(OPEN).dated = Some(a_day(words[1])),
        ("evidence", "valid") => {
            let count = words[1].parse().expect("a number");
            draft.evidence.last_mut().expect(OPEN).valid = Some(if words[2] == "days" { Span::Days(count) } else { Span::Months(count) });
        }
        ("funding", "status") => {
            draft.fundings.last_mut().expect(OPEN).status = Some(match words[1] {
                "confirmed" => Status::Confirmed,
                "planned" => Status::Planned,
                "unfunded" => Status::Unfunded,
                _ => Status::SubjectTo(known(&OUTCOMES, line.split('"').nth(1).expect("text"))),
            });
        }
        ("commitment", "on") => {
            let functions: Vec<_> = FUNCTIONS.into_iter().chain(WAITING).collect();
            draft.commitments.last_mut().expect(OPEN).on = Some(known(&functions, words[1]));
        }
        ("commitment", "funding") => {
            draft.commitments.last_mut().expect(OPEN).funding = words[1..].iter().map(|name| known(&FUNDS, name)).collect();
        }
        ("waiver", "until") => draft.waivers.last_mut().expect(OPEN).until = Some(a_day(words[1])),
        ("waiver", "because") => draft.waivers.last_mut().expect(OPEN).because = true,
        ("waiver", "approved") => draft.waivers.last_mut().expect(OPEN).approved = Some((a_day(words[1]), clause("by").map(body))),
        (head, other) => panic!("drafts have no `{other}` in `{head}`"),
    }
}

fn known(names: &[&'static str], name: &str) -> &'static str {
    names.iter().find(|known| **known == name).unwrap_or_else(|| panic!("drafts have no `{name}`"))
}

fn body(name: &str) -> Body {
    Body::ALL.into_iter().find(|body| body.written() == name).unwrap_or_else(|| panic!("drafts have no `{name}`"))
}

fn a_day(text: &str) -> Day {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn what_is_written_reads_as_what_it_was() {
    for seed in 1..200 {
        let draft = crate::oracle::draft::draft(&mut crate::hostile::Random(seed * 7_919));
        assert_eq!(read(&draft.text(), draft.as_of).text(), draft.text());
    }
    assert_eq!(a_day("2020-02-29"), day(2020, 2, 29));
}
