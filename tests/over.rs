//! Rules over many plans: sums are exact, every system counts once, and what one plan leaves open stays open for all.

use remit_core::check::{Analysis, PlanFile, analyze};
use remit_core::packs::{PackFiles, Packs};
use remit_core::problem::Verdict;
use remit_core::rules::over::{Rollups, combine};

use crate::case;
use crate::packs::{HEAD, PAGE, all, errors_of_rule, with};
use crate::unnoticed::SHOWN_ELSEWHERE;

/// The four systems of one region, from 2022 on.
const REGION: [&str; 4] = ["QF7", "QHM", "QOQ", "QWO"];

fn rule(lines: &str) -> String {
    format!(
        "id: ours\nseverity: warning\nsource: {{ document: ours }}\nmessage: \"{{body}}, {{count}} plans: {{found}} of {{expected}}\"\n{lines}"
    )
}

const SUM: &str = "over: region\nexpect: (sum of in-post in 2023/24 over workforce where group = midwifery) >= 400.4 wte\n";

fn packs(lines: &str) -> Packs {
    let rule = rule(lines);
    let packs = with(&[("pack.yaml", HEAD), ("rules/ours.yaml", &rule), ("rules/ours.md", PAGE)]);
    Packs::load(&packs).unwrap_or_else(|errors| panic!("{:#?}", errors.problems))
}

fn plan(system: &str, table: &str, day: &str) -> String {
    let table = table.replace("wte ", "wte; year 2023/24; in-post ").replace("heads ", "headcount; year 2023/24; in-post ");
    let table = if table.is_empty() { String::new() } else { format!("workforce midwifery {{ unit {table} }}\n") };
    format!("plan \"P\" for {system} {{ framework nhs-people-framework 2023; horizon 2023/24 to 2027/28; submitted {day} }}\n{table}")
}

fn analysis(packs: &Packs, path: &str, plan: &str) -> Analysis {
    let files = vec![PlanFile { path: path.to_owned(), bytes: plan.as_bytes().to_vec() }];
    analyze(path, files, packs, "2024-01-01".parse().unwrap())
}

/// What plans come to: each is a system with its table, such as `("QHM", "wte 100")`.
fn together(packs: &Packs, plans: &[(&str, &str)], day: &str) -> Rollups {
    let mut contributions = Vec::new();
    for (at, (system, table)) in plans.iter().enumerate() {
        let path = format!("{at}/{system}.remit");
        contributions.extend(analysis(packs, &path, &plan(system, table, day)).contributions);
    }
    combine(&contributions, packs)
}

fn told(rollups: &Rollups) -> String {
    let mut text = String::new();
    for one in &rollups.judged {
        let found = one.found.as_deref().unwrap_or("-");
        text.push_str(&format!("{} {} {found}; absent: {}\n", one.body, one.verdict.word(), one.absent.join(" ")));
    }
    for finding in &rollups.findings {
        text.push_str(&format!("{} {}\n", finding.problem.severity.word(), finding.problem.message));
    }
    text
}

fn found(plans: &[(&str, &str)]) -> String {
    told(&together(&packs(SUM), plans, "2023-09-01"))
}

fn four(tables: [&'static str; 4]) -> Vec<(&'static str, &'static str)> {
    REGION.into_iter().zip(tables).collect()
}

const REGIONS: &str = "north-east-and-yorkshire";

#[test]
fn sums_are_exact_and_every_system_counts_once() {
    let fail = |found: &str, message: &str| format!("{REGIONS} {found}; absent: \nwarning {message}\n");
    let untold = |why: &str| fail("undetermined -", &format!("cannot tell what the 4 plans of North East and Yorkshire come to: {why}"));
    all(vec![
        ("as much as is asked", found(&four(["wte 100.1"; 4])), &format!("{REGIONS} pass 400.4 wte; absent: \n")),
        (
            "a tenth less",
            found(&four(["wte 100.1", "wte 100.1", "wte 100.1", "wte 100"])),
            &fail("fail 400.3 wte", "North East and Yorkshire, 4 plans: 400.3 wte of 400.4 wte"),
        ),
        ("a member is missing", found(&four(["wte 1000"; 4])[..3]), &format!("{REGIONS} not-applicable -; absent: QWO\n")),
        ("nobody but one", found(&[("QHM", "wte 1")]), &format!("{REGIONS} not-applicable -; absent: QF7 QOQ QWO\n")),
        (
            "the order says nothing",
            found(&[("QWO", "wte 100"), ("QHM", "wte 100.1"), ("QF7", "wte 100.1"), ("QOQ", "wte 100.1")]),
            &fail("fail 400.3 wte", "North East and Yorkshire, 4 plans: 400.3 wte of 400.4 wte"),
        ),
        (
            "a member twice",
            found(&[four(["wte 200"; 4]), vec![("QHM", "wte 1")]].concat()),
            &untold("QHM has sent 2 plans, 1/QHM.remit and 4/QHM.remit"),
        ),
        (
            "an estimate that may be enough",
            found(&four(["wte 100", "wte 100", "wte 100", "wte 90 ~ 100.4 ~ 110"])),
            &fail(
                "undetermined 390 wte ~ 400.4 wte ~ 410 wte",
                "at risk: North East and Yorkshire, 4 plans: 390 wte ~ 400.4 wte ~ 410 wte of 400.4 wte",
            ),
        ),
        (
            "an estimate that is never enough",
            found(&four(["wte 100", "wte 100", "wte 100", "wte 90 ~ 95 ~ 100"])),
            &fail("fail 390 wte ~ 395 wte ~ 400 wte", "North East and Yorkshire, 4 plans: 390 wte ~ 395 wte ~ 400 wte of 400.4 wte"),
        ),
        (
            "an estimate that is always enough",
            found(&four(["wte 100", "wte 100", "wte 100", "wte 101 ~ 102 ~ 103"])),
            &format!("{REGIONS} pass 401 wte ~ 402 wte ~ 403 wte; absent: \n"),
        ),
        (
            "a member that does not say",
            found(&four(["wte 200", "wte -", "wte 200", "wte 200"])),
            &untold("in the plan of QHM, `in-post in 2023/24` is not given"),
        ),
        (
            "a member without a table is no nought",
            found(&four(["wte 200", "wte 200", "", "wte 200"])),
            &untold("in the plan of QOQ, there is nothing in it to add up"),
        ),
        (
            "one that counts otherwise",
            found(&four(["wte 200", "heads 200", "wte 200", "wte 200"])),
            &untold("the plans so far come to 200 wte, and that of QHM to 200 headcount, which does not count the same"),
        ),
        (
            "all of them otherwise than the rule",
            found(&four(["heads 200"; 4])),
            &fail(
                "undetermined 800 headcount",
                "cannot tell what the 4 plans of North East and Yorkshire come to: 800 headcount and 400.4 wte do not count the same",
            ),
        ),
        (
            "a body that is no system",
            found(&[("RTD", "wte 200"), ("QHM", "wte 1")]),
            &format!("{REGIONS} not-applicable -; absent: QF7 QOQ QWO\n"),
        ),
    ]);
}

/// Before July 2022 the register presumes where a system belonged: nothing fails on that.
#[test]
fn what_the_register_presumes_never_fails() {
    let told = told(&together(&packs(SUM), &four(["wte 1"; 4]), "2022-06-30"));
    assert!(told.starts_with("north-east-and-yorkshire undetermined 4 wte;"), "{told}");
    assert!(told.contains("the register has no evidence for 2022-06-30 of which systems belong to North East and Yorkshire"), "{told}");
    assert!(self::told(&together(&packs(SUM), &four(["wte 1"; 4]), "2022-07-01")).starts_with("north-east-and-yorkshire fail 4 wte;"));
    assert!(self::told(&together(&packs(SUM), &four(["wte 200"; 4]), "2022-06-30")).starts_with("north-east-and-yorkshire pass 800 wte;"));
}

/// There were 42 systems until 31 March 2026, and 36 from the next day.
#[test]
fn the_register_says_who_belongs_on_the_day() {
    let packs = packs(&SUM.replace("region", "nation"));
    let of =
        |day: &str| together(&packs, &[("QHM", "wte 1")], day).judged.iter().map(|one| (one.members, one.absent.len())).collect::<Vec<_>>();
    assert_eq!(of("2019-09-27"), [(42, 41)]);
    assert_eq!(of("2026-03-31"), [(42, 41)]);
    assert_eq!(of("2026-04-01"), [(36, 35)]);
}

/// A finding points at the figures of every plan, as they stand in its file, though the plan itself was let go.
#[test]
fn a_finding_points_at_every_plans_figures() {
    let rollups = together(&packs(SUM), &four(["wte 90", "wte 80", "wte 70", "wte 60"]), "2023-09-01");
    let finding = &rollups.findings[0];
    let labels: Vec<String> = finding
        .problem
        .labels
        .iter()
        .map(|label| {
            let source = rollups.sources.get(label.span.file).unwrap();
            let at = source.position(label.span.start);
            format!("{}:{}:{}:{} `{}` {}", source.path(), at.line, at.column, at.offset, rollups.sources.words(label.span), label.message)
        })
        .collect();
    assert_eq!(
        labels,
        [
            "3/QWO.remit:2:55:161 `60` West Yorkshire (QWO): 60 wte",
            "2/QOQ.remit:2:55:161 `70` Humber and North Yorkshire (QOQ): 70 wte",
            "1/QHM.remit:2:55:161 `80` North East and North Cumbria (QHM): 80 wte",
            "0/QF7.remit:2:55:161 `90` South Yorkshire (QF7): 90 wte",
        ]
    );
    assert_eq!(finding.slack.as_deref(), Some("100.4 wte below the limit"));
    assert_eq!(
        rollups.sources.words(finding.problem.span),
        "(sum of in-post in 2023/24 over workforce where group = midwifery) >= 400.4 wte"
    );
    let parts: Vec<_> = rollups.judged[0].parts.iter().map(|part| (part.system.as_str(), part.amounts[0].as_deref().unwrap())).collect();
    assert_eq!(parts, [("QF7", "90 wte"), ("QHM", "80 wte"), ("QOQ", "70 wte"), ("QWO", "60 wte")]);
    assert_eq!((rollups.rules[0].matched, rollups.rules[0].failed), (1, 1));
}

/// One figure in a line of megabytes is kept alone, at its own place.
#[test]
fn a_plan_leaves_little_behind() {
    let packs = packs(SUM);
    let long = plan("QHM", "wte 7", "2023-09-01").replace("{ unit", &format!("{{ source \"{}\"; unit", "x".repeat(100_000)));
    let mut contributions = analysis(&packs, "QHM.remit", &long).contributions;
    for system in ["QF7", "QOQ", "QWO"] {
        contributions.extend(analysis(&packs, system, &plan(system, "wte 9", "2023-09-01")).contributions);
    }
    let rollups = combine(&contributions, &packs);
    let label = &rollups.findings[0].problem.labels[0];
    let source = rollups.sources.get(label.span.file).unwrap();
    assert_eq!((source.text(), source.position(label.span.start).offset), ("7", long.rfind("7 }").unwrap()));
}

#[test]
fn counts_and_several_sums_in_one_rule() {
    let share = packs(
        "over: region\nexpect: (sum of in-post in 2023/24 over workforce) / (count of workforce) <= 100 wte and (count of commitment) = 0\n",
    );
    assert_eq!(
        told(&together(&share, &four(["wte 90", "wte 110", "wte 100", "wte 100"]), "2023-09-01")),
        format!("{REGIONS} pass 100 wte; absent: \n")
    );
    let more = told(&together(&share, &four(["wte 90", "wte 110", "wte 100", "wte 101"]), "2023-09-01"));
    assert!(more.contains("fail 100.25 wte"), "{more}");
}

#[test]
fn what_a_rule_over_many_may_ask() {
    let of = |lines: &str| errors_of_rule(&rule(lines));
    all(vec![
        ("whole", of(SUM), "none\n"),
        (
            "a field of one plan",
            of("over: nation\nexpect: length of horizon >= 5 years\n"),
            "local/rules/ours.yaml:6 \"length of horizon\" this is asked of one plan, and the rule of many | write `sum of … over …` or `count of …` around what each plan says\n",
        ),
        (
            "nothing to add up",
            of("over: nation\nexpect: 1 wte >= 2 wte\n"),
            "local/rules/ours.yaml:6 \"1 wte >= 2 wte\" this adds up nothing | write `sum of … over …` or `count of …` around what each plan says\n",
        ),
        (
            "over what there is not",
            of(&SUM.replace("region", "county")),
            "local/rules/ours.yaml:5 \"county\" plans do not come together over `county` | write `region` or `nation`\n",
        ),
        (
            "waived",
            of(&format!("{SUM}waivable-by: nation\n")),
            "local/rules/ours.yaml:7 \"nation\" what many plans come to together is never waived | remove `waivable-by`\n",
        ),
        ("no expect", of("over: nation\n"), "local/rules/ours.yaml:1 \"id\" an `over` rule needs `expect`\n"),
        ("of what belongs together", of(TRANSFERS), "none\n"),
        (
            "of no kind",
            of(&TRANSFERS.replace("among: staff-transfer", "among: transfer")),
            "local/rules/ours.yaml:6 \"transfer\" there is no kind of statement `transfer`\n",
        ),
        (
            "of whatever",
            of(&TRANSFERS.replace("among: staff-transfer\n", "")),
            "local/rules/ours.yaml:6 \"gives is given or takes is given\" `where` is asked of statements that belong together | say which, as in `among: organisation`, or leave it out\n",
        ),
        (
            "nothing to agree in",
            of(&TRANSFERS.replace("same: [giver, taker, group, year]\n", "")),
            "local/rules/ours.yaml:6 \"staff-transfer\" nothing says which of them belong together | write what they agree in, as in `same: [code]`\n",
        ),
        (
            "a field that there is not",
            of(&TRANSFERS.replace("same: [giver,", "same: [givver,")),
            "local/rules/ours.yaml:8 \"givver\" a staff-transfer has no field `givver` | did you mean `giver`?\n",
        ),
        (
            "between what are no bodies",
            of(&TRANSFERS.replace("between: [giver, taker]", "between: [giver, year]")),
            "local/rules/ours.yaml:9 \"year\" this is a financial year, and plans are those of bodies\n",
        ),
        (
            "sums over others",
            of(&TRANSFERS.replace("sum of takes over staff-transfer where takes is given", "count of commitment")),
            "local/rules/ours.yaml:10 \"count of commitment\" this adds up more than what belongs together, which is of the kind `staff-transfer` | write `sum of … over staff-transfer`, `count of staff-transfer` or `count of plan`\n",
        ),
    ]);
}

const TRANSFERS: &str = "over: nation
among: staff-transfer
where: gives is given or takes is given
same: [giver, taker, group, year]
between: [giver, taker]
expect: (sum of gives over staff-transfer where gives is given) = (sum of takes over staff-transfer where takes is given)
";

/// What plans say that are given as `("QHM", statements)`, together.
fn said(packs: &Packs, plans: &[(&str, &str)], day: &str) -> Rollups {
    let mut contributions = Vec::new();
    for (at, (system, statements)) in plans.iter().enumerate() {
        let path = format!("{at}/{system}.remit");
        let text = format!("{}{statements}\n", plan(system, "", day));
        contributions.extend(analysis(packs, &path, &text).contributions);
    }
    combine(&contributions, packs)
}

/// Statements belong together where they agree, whoever writes them and in whatever order, and are judged when those are there who are asked.
#[test]
fn what_belongs_together_is_judged_together() {
    let transfers = packs(TRANSFERS);
    let once = packs("over: region\namong: workforce\nwhere: body is given\nsame: [body, group]\nexpect: (count of plan) <= 1\n");
    let told = |packs: &Packs, plans: &[(&str, &str)]| {
        let rollups = said(packs, plans, "2023-09-01");
        let mut text = String::new();
        for one in &rollups.judged {
            let parts: Vec<String> = one.parts.iter().map(|part| format!("{} {:?}", part.system, part.amounts)).collect();
            let subject = one.subject.as_deref().unwrap_or("-");
            text.push_str(&format!("{} {}; absent: {}; {}\n", one.verdict.word(), subject, one.absent.join(" "), parts.join(", ")));
        }
        for finding in &rollups.findings {
            text.push_str(&format!("{} {}\n", finding.subject, finding.problem.message));
        }
        text.push_str(&format!("asked {} times\n", rollups.rules[0].matched));
        text.replace("Some(", "").replace("\")", "\"")
    };
    let moves = |words: &str| format!("staff-transfer one {{ giver QHM; taker QOQ; group midwifery; year 2023/24; {words} }}");
    let (gives, takes) = (moves("gives 40.5 wte"), moves("takes 40.5 wte"));
    let table = |body: &str| format!("workforce midwifery of {body} {{ unit wte; year 2023/24; in-post 9 }}");
    let (rtf, rcb) = (table("RTF"), table("RCB"));
    let unread = moves("gives 40.5 wte").replace("taker QOQ; ", "taker QOQ; taker 7; ");
    all(vec![
        ("they agree", told(&transfers, &[("QHM", &gives), ("QOQ", &takes)]), "asked 1 times\n"),
        ("in another order", told(&transfers, &[("QOQ", &takes), ("QHM", &gives)]), "asked 1 times\n"),
        (
            "the other has sent no plan",
            told(&transfers, &[("QHM", &gives), ("QWO", "")]),
            "not-applicable staff-transfer QHM, QOQ, midwifery, 2023/24; absent: QOQ; QHM [\"40.5 wte\", \"0\"]\nasked 0 times\n",
        ),
        (
            "the other says nothing of it",
            told(&transfers, &[("QHM", &gives), ("QOQ", "")]),
            "fail staff-transfer QHM, QOQ, midwifery, 2023/24; absent: ; QHM [\"40.5 wte\", \"0\"], QOQ []\nstaff-transfer QHM, QOQ, midwifery, 2023/24 England, 2 plans: 40.5 wte of 0\nasked 1 times\n",
        ),
        (
            "in other units",
            told(&transfers, &[("QHM", &gives), ("QOQ", &moves("takes 41 headcount"))]),
            "undetermined staff-transfer QHM, QOQ, midwifery, 2023/24; absent: ; QHM [\"40.5 wte\", \"0\"], QOQ [\"0\", \"41 headcount\"]\nstaff-transfer QHM, QOQ, midwifery, 2023/24 cannot tell for staff-transfer QHM, QOQ, midwifery, 2023/24 in the plans of QHM and QOQ: 40.5 wte and 41 headcount do not count the same\nasked 1 times\n",
        ),
        (
            "one sends two plans",
            told(&transfers, &[("QHM", &gives), ("QOQ", &takes), ("QHM", &gives)]),
            "undetermined staff-transfer QHM, QOQ, midwifery, 2023/24; absent: ; QHM [\"40.5 wte\", \"0\"], QHM [\"40.5 wte\", \"0\"], QOQ [\"0\", \"40.5 wte\"]\nstaff-transfer QHM, QOQ, midwifery, 2023/24 cannot tell for staff-transfer QHM, QOQ, midwifery, 2023/24 in the plans of QHM, QHM and QOQ: QHM has sent 2 plans, 0/QHM.remit and 2/QHM.remit\nasked 1 times\n",
        ),
        (
            "what does not say whose it is belongs to none",
            told(&transfers, &[("QHM", &gives.replace("taker QOQ; ", "")), ("QOQ", "")]),
            "asked 0 times\n",
        ),
        (
            "one of them twice in a plan",
            told(
                &transfers,
                &[("QHM", &format!("{}\n{}", moves("gives 40 wte"), moves("gives 0.5 wte").replace("one", "two"))), ("QOQ", &takes)],
            ),
            "asked 1 times\n",
        ),
        ("of one plan only", told(&once, &[("QHM", &rtf), ("QOQ", &rcb)]), "asked 2 times\n"),
        (
            "of two plans, though not all are there",
            told(&once, &[("QHM", &rtf), ("QOQ", &rtf)]),
            "fail workforce RTF, midwifery; absent: ; QHM [\"1\"], QOQ [\"1\"]\nworkforce RTF, midwifery North East and Yorkshire, 2 plans: 2 of 1\nasked 1 times\n",
        ),
        ("of two regions", told(&once, &[("QHM", &rtf), ("QE1", &rtf)]), "asked 2 times\n"),
        ("one that could not be read whole", told(&transfers, &[("QHM", &unread), ("QOQ", &takes)]), "asked 1 times\n"),
    ]);
}

/// A finding on what belongs together shows where it stands in each plan, and is known by what it is about.
#[test]
fn what_belongs_together_is_shown_in_each_plan() {
    let transfers = packs(TRANSFERS);
    let moves = |words: &str| format!("staff-transfer one {{ giver QHM; taker QOQ; group midwifery; year 2023/24; {words} }}");
    let found = |first: &str| {
        said(&transfers, &[("QHM", &format!("{first}{}", moves("gives 40 wte"))), ("QOQ", &moves("takes 35 wte"))], "2023-09-01")
    };
    let rollups = found("");
    let finding = &rollups.findings[0];
    let labels: Vec<String> = finding
        .problem
        .labels
        .iter()
        .map(|label| {
            let source = rollups.sources.get(label.span.file).unwrap();
            let at = source.position(label.span.start);
            format!("{}:{}:{} `{}` {}", source.path(), at.line, at.column, rollups.sources.words(label.span), label.message)
        })
        .collect();
    assert_eq!(
        labels,
        [
            "0/QHM.remit:2:81 `40 wte` North East and North Cumbria (QHM): gives is 40 wte",
            "1/QOQ.remit:2:81 `35 wte` Humber and North Yorkshire (QOQ): takes is 35 wte",
        ]
    );
    assert_eq!(finding.id, found("# moved\n\n").findings[0].id);
    assert_eq!(finding.slack.as_deref(), Some("5 wte above what follows from the other figures"));
}

/// A threshold that is one lower, a year that is another, and a rule that is switched off are seen by the rule's own page.
#[test]
fn loosening_or_switching_off_a_shipped_rule_changes_what_its_page_finds() {
    let shipped = remit_framework::packs();
    let mut asked = 0;
    let mut ids = Vec::new();
    for (path, text) in shipped.iter().flat_map(|pack| &pack.files).filter(|(_, text)| text.contains("\nover: ")) {
        let id = path.strip_prefix("rules/").and_then(|path| path.strip_suffix(".yaml")).unwrap();
        let page = case::files(&case::root().join("crates/remit-framework/packs"), &format!("/{id}.md")).remove(0);
        let mut cases = case::cases(&std::fs::read_to_string(page).unwrap());
        cases.retain(|one| matches!(one.title.as_str(), "Fails" | "Passes"));
        // Whether the page shows another rule in its place, or none.
        let is_noticed = |instead: Option<&str>| {
            let of_pack = |pack: &PackFiles| {
                let others = pack.files.iter().filter(|(other, _)| !other.starts_with("rules/") || other.contains(id));
                let changed = others.filter_map(|(other, text)| match (other == path, instead) {
                    (true, Some(changed)) => Some((other.clone(), changed.to_owned())),
                    (false, None) if other.contains(id) => None,
                    (true, None) => None,
                    _ => Some((other.clone(), text.clone())),
                });
                PackFiles { path: pack.path.clone(), files: changed.collect() }
            };
            let changed: Vec<PackFiles> = shipped.iter().map(of_pack).collect();
            let packs = Packs::load(&changed).unwrap_or_else(|errors| panic!("{id}: {:#?}", errors.problems));
            cases.iter().any(|one| case::shown(&case::analysis(one, &packs, "QHM"), false, |rule| rule.ends_with(id)) != one.findings)
        };
        let expect = text.split_once("expect: ").unwrap().1.split_once("\nmessage").unwrap().0;
        let numbers: Vec<&str> =
            expect.split([' ', '(', ')', '\n']).filter(|word| word.starts_with(|first: char| first.is_ascii_digit())).collect();
        let mut distinct = numbers.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let is_among = text.contains("\namong: ");
        assert!(distinct.len() > 1 || is_among, "{id}");
        if expect.contains(" = ") && is_among {
            let changed = text.replace(expect, &expect.replace(") = (", ") >= ("));
            assert!(is_noticed(Some(&changed)), "{id}: what is equal may be more, and its page does not notice");
            asked += 1;
        }
        for number in distinct {
            let looser = match number {
                "5%" => "5.01%".to_owned(),
                "100%" => "99.99%".to_owned(),
                year if year.contains('/') => {
                    format!("{}/{:02}", year[..4].parse::<u32>().unwrap() - 1, year[5..].parse::<u32>().unwrap() - 1)
                }
                threshold => (threshold.replace('_', "").parse::<u32>().unwrap() - 1).to_string(),
            };
            let changed = text.replace(expect, &expect.replace(number, &looser));
            assert!(is_noticed(Some(&changed)), "{id}: {number} may be {looser}, and its page does not notice");
            asked += 1;
        }
        assert!(!is_noticed(Some(text)), "{id}: its page finds something else than it says");
        assert!(is_noticed(None), "{id} may be switched off, and its page does not notice");
        ids.push(id);
    }
    assert!(asked >= 12, "{asked}");
    // These, and no others, are left out where England is generated.
    let mut elsewhere = SHOWN_ELSEWHERE.to_vec();
    elsewhere.sort_unstable();
    ids.sort_unstable();
    assert_eq!(ids, elsewhere);
    assert_eq!(Verdict::NotApplicable.word(), "not-applicable");
}

/// Of one plan alone, rules that compare several are not called silent; and what waits for another's plan is said.
#[test]
fn what_waits_for_the_plan_of_another_is_said() {
    let transfer = "staff-transfer one { giver QHM; taker QOQ; group midwifery; year 2023/24; gives 40 wte }\n";
    let text = format!("{}{transfer}", plan("QHM", "", "2023-09-01"));
    let folder = crate::cli::Folder::with(&[("QHM/plan.remit", &text)]);
    for format in ["human", "plain"] {
        let told = folder.remit(&format!("check --as-of 2023-10-01 --format {format}")).out;
        assert!(told.contains("taff-transfer QHM, QOQ, midwifery, 2023/24 waits for the plan of QOQ."), "{told}");
        assert!(!told.contains("funding-counted-once"), "{told}");
    }
    folder.write("QOQ/plan.remit", plan("QOQ", "", "2023-09-01").as_bytes());
    let told = folder.remit("check --as-of 2023-10-01 --format plain").out;
    assert!(told.contains("the giver plans 40 wte, and the taker 0") && told.contains("funding-counted-once"), "{told}");
}
