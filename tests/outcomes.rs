//! Funding outcomes: what is said of them equals a check of every single one, written out in the plan's text.

use std::collections::BTreeSet;

use remit_core::check::{PlanFile, PlanText, analyze};
use remit_core::outlook::outcomes::{MOST, Outcomes, outcomes};
use remit_core::packs::Packs;
use remit_core::problem::Verdict;

use crate::cli::{Folder, printed};
use crate::hostile::Random;
use crate::packs::{HEAD, PAGE, each, shown, with};

const DAY: &str = "2019-10-01";

/// Rules that look at money in different ways: statement by statement, all at once, and so that what helps one hurts another.
fn packs() -> Packs {
    let rules = [
        ("paid", "commitment", "where: funding is given\nexpect: each of funding satisfies status = confirmed"),
        ("some-money", "plan", "where: horizon is given\nexpect: some funding satisfies dedicated = yes and status = confirmed"),
        ("not-both", "commitment", "where: funding is given and due is given\nexpect: not (each of funding satisfies status = confirmed)"),
        ("known", "funding", "where: holder is given\nexpect: status != subject-to and status != unfunded"),
        ("waits", "funding", "where: status = subject-to\nexpect: status.waits-for is not given"),
        ("enough", "plan", "where: submitted is given\nexpect: (count of funding where status = confirmed) >= 2"),
    ];
    let mut files = vec![("pack.yaml".to_owned(), HEAD.to_owned())];
    for (id, kind, lines) in rules {
        files.push((format!("rules/{id}.yaml"), each(kind, lines).replace("id: ours", &format!("id: {id}\nwaivable-by: region"))));
        files.push((format!("rules/{id}.md"), PAGE.to_owned()));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Packs::load(&with(&files)).unwrap_or_else(|errors| panic!("{}", shown(&errors)))
}

/// A plan with money that waits for up to `streams` things.
fn plan(random: &mut Random, streams: usize) -> String {
    let mut plan = String::from(
        "plan \"Our people\" for QHM {\n  framework nhs-people-framework 2019\n  horizon 2019/20 to 2023/24\n  baseline 2018/19\n  submitted 2019-09-27\n}\n",
    );
    let count = streams + random.below(3);
    for at in 0..count {
        let stream = if at < streams { at } else { random.below(streams) };
        let status = if random.below(6) == 0 { "confirmed".to_owned() } else { format!("subject-to \"Stream {stream}\"") };
        let holder = if random.below(2) == 0 { "; holder QHM" } else { "" };
        let dedicated = if random.below(3) == 0 { "; dedicated yes" } else { "" };
        plan.push_str(&format!("funding f{at} \"Money {at}\" {{ amount £2m for 2020/21; status {status}{holder}{dedicated} }}\n"));
    }
    for at in 0..random.below(4) {
        let mut funding: Vec<String> = (0..=random.below(2)).map(|_| format!("f{}", random.below(count))).collect();
        funding.dedup();
        let due = if random.below(2) == 0 { "; due 2021-03-31" } else { "" };
        plan.push_str(&format!("commitment c{at} {{ on international-recruitment; owner QHM; funding {}{due} }}\n", funding.join(", ")));
    }
    if random.below(2) == 0 {
        plan.push_str(
            "waiver paid for c0 { until 2020-06-30; because \"It is being settled\"; approved 2019-09-30 by north-east-and-yorkshire }\n",
        );
    }
    plan
}

fn read(plan: &str, packs: &Packs) -> Outcomes {
    outcomes("plan", &[PlanText::new("plan.remit", plan)], packs, DAY.parse().unwrap())
}

type Found = BTreeSet<(String, Verdict)>;

/// What a check finds where the money is written down as it turned out.
fn written(plan: &str, streams: &[String], outcome: usize, packs: &Packs) -> Found {
    let mut plan = plan.to_owned();
    for (at, stream) in streams.iter().enumerate() {
        let word = if outcome & (1 << at) != 0 { "confirmed" } else { "unfunded" };
        plan = plan.replace(&format!("subject-to \"{stream}\""), word);
    }
    found(&plan, packs)
}

fn found(plan: &str, packs: &Packs) -> Found {
    let file = PlanFile { path: "plan.remit".to_owned(), bytes: plan.as_bytes().to_vec() };
    let analysis = analyze("plan", vec![file], packs, DAY.parse().unwrap());
    analysis.findings.into_iter().map(|finding| (finding.id, finding.verdict)).collect()
}

#[test]
fn outcomes_are_what_a_check_of_every_single_one_finds() {
    let packs = packs();
    let mut random = Random(20_261_130);
    let (mut some, mut none, mut sets) = (0, 0, 0);
    for _ in 0..60 {
        let count = 1 + random.below(4);
        let plan = plan(&mut random, count);
        let told = read(&plan, &packs);
        assert!(told.undecided.is_empty(), "{plan}");
        let streams: Vec<String> = told.streams.iter().map(|stream| stream.name.to_string()).collect();
        let all: Vec<Found> = (0..1 << streams.len()).map(|outcome| written(&plan, &streams, outcome, &packs)).collect();
        let holds = |case: &[(usize, bool)], outcome: usize| case.iter().all(|(at, arrives)| (outcome & (1 << at) != 0) == *arrives);
        for (outcome, found) in all.iter().enumerate() {
            let sometimes = told.sometimes.iter().filter(|one| one.when.iter().any(|case| holds(case, outcome)));
            let findings = told.always.iter().chain(sometimes.map(|one| &one.finding));
            let said: Found = findings.map(|finding| (finding.id.clone(), finding.verdict)).collect();
            assert_eq!(said, *found, "outcome {outcome:b} of {streams:?}\n{plan}");
        }
        let ever: Found = all.iter().flatten().cloned().collect();
        let never: Found = told.never.iter().map(|finding| (finding.id.clone(), finding.verdict)).collect();
        assert_eq!(never, found(&plan, &packs).difference(&ever).cloned().collect(), "{plan}");
        for group in &told.groups {
            let of_group: Vec<(String, Verdict)> = (told.sometimes.iter())
                .filter(|one| one.finding.verdict == Verdict::Fail && one.when.iter().flatten().all(|(at, _)| group.streams.contains(at)))
                .map(|one| (one.finding.id.clone(), one.finding.verdict))
                .collect();
            let is_enough = |set: usize| {
                all.iter()
                    .enumerate()
                    .filter(|(outcome, _)| outcome & set == set)
                    .all(|(_, found)| of_group.iter().all(|key| !found.contains(key)))
            };
            let bits = |set: &[usize]| set.iter().fold(0, |bits, at| bits | 1 << at);
            let smallest: BTreeSet<usize> = (0..1usize << streams.len())
                .filter(|set| set & !bits(&group.streams) == 0 && is_enough(*set))
                .filter(|set| (0..streams.len()).all(|at| set & (1 << at) == 0 || !is_enough(set & !(1 << at))))
                .collect();
            assert_eq!(group.needs.iter().map(|set| bits(set)).collect::<BTreeSet<_>>(), smallest, "{plan}");
            sets += smallest.len();
        }
        some += told.sometimes.len();
        none += told.never.len();
    }
    assert!(some > 100 && none > 20 && sets > 20, "too little came up: {some} {none} {sets}");
}

/// Twenty streams, each for a commitment of its own, are 2²⁰ outcomes, and twenty times two to judge.
#[test]
fn what_never_meets_is_judged_apart_and_what_meets_too_much_is_said() {
    let packs = packs();
    let mut plan = String::from("plan \"Our people\" for QHM { framework nhs-people-framework 2019 }\n");
    for at in 0..20 {
        plan.push_str(&format!("funding f{at} \"Money\" {{ status subject-to \"Stream {at}\" }}\n"));
        plan.push_str(&format!("commitment c{at} {{ on international-recruitment; owner QHM; funding f{at} }}\n"));
    }
    let told = read(&plan, &packs);
    assert!(told.undecided.is_empty());
    assert_eq!(told.groups.len(), 20);
    assert!(told.groups.iter().all(|group| group.needs == [group.streams.clone()]));
    let told = read(&plan.replace("2019 }", "2019; submitted 2019-09-27 }"), &packs);
    let [one] = told.undecided.as_slice() else { panic!("{:?}", told.undecided) };
    assert!(one.streams.len() > MOST && one.rules.contains(&"local/enough".to_owned()), "{one:?}");
}

#[test]
fn one_outcome_can_be_assumed() {
    let plan = "plan \"Our people\" for QHM { framework nhs-people-framework 2019; horizon 2019/20 to 2023/24; submitted 2019-09-27 }\n\
                commitment c { on international-recruitment; owner QHM; funding f }\nfunding f \"Money\" { status subject-to \"The-review\" }\n";
    let folder = Folder::with(&[("plan.remit", plan)]);
    let rule = "rests on money that is neither confirmed";
    assert!(!folder.remit("check --format plain --as-of 2019-10-01").out.contains(rule));
    assert!(!folder.remit("check --format plain --as-of 2019-10-01 --assume The-review=yes").out.contains(rule));
    let told = folder.remit("check --format plain --as-of 2019-10-01 --assume The-review=no");
    assert!(told.out.contains(rule), "{}", told.out);
    assert!(told.out.contains("assuming that `The-review` does not"), "{}", told.out);
    let told = folder.remit("check --format plain --as-of 2019-10-01 --assume The-reveiw=no");
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert!(told.err.contains("no money waits for `The-reveiw`") && told.err.contains("did you mean `The-review`?"), "{}", told.err);
    assert_eq!(folder.remit("check --assume The-review").code, 2);
}

#[test]
fn every_format_tells_the_same_outcomes() {
    let words = "outcomes examples/north-east-and-north-cumbria-2019 --as-of 2019-10-01 --format ";
    let json: serde_json::Value = serde_json::from_str(&printed(&format!("{words}json")).0).unwrap();
    let messages: Vec<&str> = json["sometimes"].as_array().unwrap().iter().map(|one| one["finding"]["message"].as_str().unwrap()).collect();
    assert_eq!(messages.len(), 3);
    assert_eq!(json["groups"][0]["needs"][0][0], "Spending Review 2019");
    let (schema, _) = printed("schema outcomes");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    for path in ["examples/north-east-and-north-cumbria-2019", "examples/essex-2026", "examples/ultra-vires"] {
        let json: serde_json::Value =
            serde_json::from_str(&printed(&format!("outcomes {path} --as-of 2019-10-01 --format json")).0).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{path}: {wrong:#?}");
    }
    for format in ["human", "plain", "markdown"] {
        let (told, code) = printed(&format!("{words}{format}"));
        let flat = told.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        assert!(code == 0 && messages.iter().all(|message| flat.contains(&message.to_lowercase())), "{told}");
    }
}
