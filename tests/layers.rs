//! Layers of packs: what a lower pack may tighten, and every way of loosening refused at its words with the rule that it loosens.

use std::fmt::Write as _;
use std::fs;

use remit_core::check::{Analysis, PlanFile, analyze, counts_against};
use remit_core::ide::pack::{PackView, complete, definition, hover};
use remit_core::packs::{PackErrors, PackFiles, Packs};
use remit_core::problem::{Severity, Verdict};

use crate::{case, packs, reason};

const BASE: &str = "name: base\ntitle: A pack above\nversion: 1.0.0\ntier: nation\nextends: nhs-people-framework\nsources:\n  ours: { title: The paper above }\n";
const LOCAL: &str = "name: local\ntitle: A pack of ours\nversion: 1.0.0\ntier: region\nextends: base\n";

/// A pack with these rules, each a YAML document, to which what every rule needs is added.
fn pack(head: &str, rules: &str) -> PackFiles {
    let name = head.lines().find_map(|line| line.strip_prefix("name: ")).unwrap();
    let mut files = vec![("pack.yaml".to_owned(), head.to_owned())];
    for (at, rule) in rules.split("---\n").enumerate() {
        let id = rule.lines().find_map(|line| line.strip_prefix("id: ")).expect("a rule has an id");
        let mut text = rule.to_owned();
        let needed = [("source", "source: { document: ours, paragraph: The first }"), ("message", "message: it does not hold")];
        for (key, line) in needed.into_iter().take(if rule.contains("tightens:") { 1 } else { 2 }) {
            if !rule.lines().any(|line| line.starts_with(&format!("{key}:"))) {
                text = format!("{text}{line}\n");
            }
        }
        files.push((format!("rules/{at}-{id}.yaml"), text));
        files.retain(|(path, _)| *path != format!("rules/{id}.md"));
        files.push((format!("rules/{id}.md"), format!("# Of {id}\n\nWhy it is there.\n")));
    }
    PackFiles { path: name.to_owned(), files }
}

/// The words of the framework without its rules, and these packs after them.
fn layers(packs: &[PackFiles]) -> Vec<PackFiles> {
    let mut all = packs::with(&[]);
    all.retain(|pack| pack.path.ends_with("nhs-people-framework"));
    for pack in &mut all {
        pack.files.retain(|(path, _)| !path.starts_with("rules/") && path != "paragraphs.yaml");
    }
    all.extend(packs.iter().cloned());
    all
}

/// Every error, with the words beside it.
fn refused(packs: &[PackFiles]) -> String {
    match Packs::load(packs) {
        Ok(_) => "none\n".to_owned(),
        Err(errors) => told(&errors),
    }
}

fn told(errors: &PackErrors) -> String {
    let mut lines = packs::shown(errors);
    for label in errors.problems.iter().flat_map(|problem| &problem.labels) {
        let words = errors.sources.words(label.span).replace('\n', "⏎");
        let _ = writeln!(lines, "  {} \"{words}\" {}", errors.sources.path(label.span), label.message);
    }
    lines
}

#[test]
fn a_loosening_is_refused_at_its_words_with_the_rule_that_it_loosens() {
    reason::hold("tests/layers/refused", 2, "refused", &mut |yaml| {
        let [base, local] = yaml else { panic!("two packs") };
        refused(&layers(&[pack(BASE, base), pack(LOCAL, local)]))
    });
}

/// The YAML blocks of a Markdown text.
fn yaml(markdown: &str) -> Vec<&str> {
    markdown.split("```yaml\n").skip(1).map(|rest| rest.split_once("```\n").expect("the block is closed").0).collect()
}

/// Each page of `found/` begins with a rule and a layer of it; what follows is checked with both.
#[test]
fn a_layer_finds_what_it_says_beside_the_rule_that_it_tightens() {
    let mut differences = Vec::new();
    for path in case::files(&case::root().join("tests/layers/found"), ".md") {
        let markdown = fs::read_to_string(&path).unwrap();
        let [base, local] = yaml(&markdown)[..] else { panic!("two packs: {}", path.display()) };
        let packs = loaded(&layers(&[pack(BASE, base), pack(LOCAL, local)]));
        differences.extend(case::check_file(&path, &packs, "somewhere", |_| true));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn loaded(packs: &[PackFiles]) -> Packs {
    Packs::load(packs).unwrap_or_else(|errors| panic!("{}", told(&errors)))
}

const GUARDIAN: &str = "id: guardian\nseverity: warning\neach: organisation\nexpect: wellbeing-guardian is given\n";

#[test]
fn packs_stand_on_packs_of_their_own_tier_or_of_a_higher_one() {
    let head = |name: &str, tier: &str, extends: &str| {
        let head = format!("name: {name}\ntitle: A pack\nversion: 1.0.0\ntier: {tier}\n");
        let extends = if extends.is_empty() { String::new() } else { format!("extends: {extends}\n") };
        PackFiles { path: name.to_owned(), files: vec![("pack.yaml".to_owned(), head + &extends)] }
    };
    packs::all(vec![
        (
            "three layers, in any order",
            refused(&layers(&[head("c", "system", "[b]"), head("b", "region", "a"), head("a", "nation", "")])),
            "none\n",
        ),
        (
            "a lower pack",
            refused(&layers(&[head("a", "nation", "b"), head("b", "region", "")])),
            "a/pack.yaml:5 \"b\" `b` is a pack of the region, below the nation | a pack extends packs of its own tier or of a higher one\n",
        ),
        (
            "itself",
            refused(&layers(&[head("a", "nation", "a")])),
            "a/pack.yaml:5 \"a\" packs extend one another in a circle: `a` extends `a` | let the lower pack extend the higher one only\n",
        ),
        (
            "in a circle of three",
            refused(&layers(&[head("a", "nation", "c"), head("b", "nation", "a"), head("c", "nation", "b")])),
            "a/pack.yaml:5 \"c\" packs extend one another in a circle: `a` extends `c` extends `b` extends `a` | let the lower pack extend the higher one only\n",
        ),
        (
            "what is not there",
            refused(&layers(&[head("a", "nation", "north-east")])),
            "a/pack.yaml:5 \"north-east\" there is no pack `north-east` among those in force | list it under `packs` in remit.yaml\n",
        ),
        (
            "nearly the word",
            refused(&layers(&[{
                let mut pack = head("a", "nation", "");
                pack.files[0].1.push_str("status: Consultation\n");
                pack
            }])),
            "a/pack.yaml:5 \"Consultation\" `Consultation` is not the word for a pack that is put to consultation | write `consultation`\n",
        ),
    ]);
}

/// A rule of a pack that is not extended is nobody's to tighten, and one of two packs is named with its pack.
#[test]
fn a_layer_tightens_rules_of_the_packs_that_it_extends() {
    let other = BASE.replace("name: base", "name: other");
    let layer = |head: &str, rule: &str| refused(&layers(&[pack(BASE, GUARDIAN), pack(&other, GUARDIAN), pack(head, rule)]));
    let both = LOCAL.replace("extends: base", "extends: [base, other]");
    packs::all(vec![
        (
            "not extended",
            layer(LOCAL, "id: ours\ntightens: other/guardian\nseverity: error\n"),
            "local/rules/0-ours.yaml:2 \"other/guardian\" `other/guardian` is a rule of `other`, which this pack does not extend | add `other` to `extends` in pack.yaml\n",
        ),
        (
            "of two packs",
            layer(&both, "id: ours\ntightens: guardian\nseverity: error\n"),
            "local/rules/0-ours.yaml:2 \"guardian\" several packs have a rule `guardian` | write `base/guardian` or `other/guardian`\n",
        ),
        ("by its short name", layer(LOCAL, "id: ours\ntightens: guardian\nseverity: error\n"), "none\n"),
    ]);
}

/// What a pack above says of words and bodies stays: a layer adds to it, and nothing that stands above itself.
#[test]
fn words_and_bodies_are_only_added_to() {
    let with = |path: &str, text: &str| packs::errors_of(&packs::with(&[("pack.yaml", packs::HEAD), (path, text)]));
    let bodies = "code,alias,name,kind,region,opened,closed,evidence,source\n";
    packs::all(vec![
        (
            "a membership of another pack's body",
            with("data/memberships.csv", "code,parent,first,last,source\nRTD,QHM,2026-01-01,,x\n"),
            "local/data/memberships.csv:2 \"RTD,QHM,2026-01-01,,x\" `RTD` is a body of a pack above, and a layer changes nothing of it | a pack adds bodies of its own, with what they belong to\n",
        ),
        (
            "a succession of another pack's body",
            with("data/successions.csv", "code,successor,date,kind,source\nRTD,QHM,2026-01-01,merger,x\n"),
            "local/data/successions.csv:2 \"RTD,QHM,2026-01-01,merger,x\" `RTD` is a body of a pack above, and a layer changes nothing of it | a pack adds bodies of its own, with what they belong to\n",
        ),
        (
            "a body that stands above the pack",
            with("data/bodies.csv", &format!("{bodies}ours,,Ours,national-body,,,,,\n")),
            "local/data/bodies.csv:2 \"ours,,Ours,national-body,,,,,\" `ours` stands at the nation, above this pack of the region | a pack adds bodies of its own tier or of a lower one\n",
        ),
        (
            "a kind of body that stands above the pack",
            with("vocabulary.yaml", "terms:\n  body-kind:\n    terms:\n      our-club: { title: Our club, doc: Ours, tier: nation }\n"),
            "local/vocabulary.yaml:4 \"our-club\" `our-club` stands at the nation, above this pack of the region | a pack adds kinds of body of its own tier or of a lower one\n",
        ),
        (
            "another word for a unit that is taken",
            with("vocabulary.yaml", "units:\n  ours: { of: people, also: [wte] }\n"),
            "local/vocabulary.yaml:2 \"wte\" there is a unit `wte` already\n",
        ),
    ]);
}

/// Every rule of the suite, tightened in every way that a layer may.
const TIGHTER: &str = "\
id: reserve\ntightens: nhs-people-framework/pay-stays-national\nreserve: [recruitment-coordination]\nbelow: [apply]\n---\n\
id: gate\ntightens: nhs-people-framework/ready-before-responsible\nneeds: thriving\nevidence: { within: 6 months, assessed-by: nation }\n---\n\
id: cover\ntightens: nhs-people-framework/one-accountable-body\ngap: error\nwaivable-by: nation\n---\n\
id: where\ntightens: nhs-people-framework/wellbeing-guardian\nwhere: kind is given\n---\n\
id: all\ntightens: nhs-people-framework/wellbeing-guardian\nseverity: error\nwaivable-by: nation\nexpect: anchor is given\nmessage: no anchor\n---\n\
id: expect\ntightens: nhs-people-framework/five-year-horizon\nexpect: length of horizon >= 7 years\nmessage: too short\n---\n\
id: series\ntightens: nhs-planning-arithmetic/bridge-closes\nwhere: in-post is given\nwaivable-by: nation\n";

/// With a layer, whatever was found without it is found, as bad and with the same verdict. A layer that is put to consultation changes nothing that counts.
#[test]
fn a_layer_takes_nothing_away_and_a_consultation_counts_for_nothing() {
    let national = packs::with(&[]);
    let national = &national[..national.len() - 1];
    let set = |head: &str| {
        let mut packs = national.to_vec();
        let head = format!("{head}sources:\n  ours: {{ title: A paper of ours }}\n");
        packs.push(pack(&head.replace("extends: base", "extends: [nhs-people-framework, nhs-planning-arithmetic]"), TIGHTER));
        loaded(&packs)
    };
    let (without, with, consulted) = (loaded(national), set(LOCAL), set(&format!("{LOCAL}status: consultation\n")));
    let (mut more, mut shown) = (0, 0);
    for path in case::files(&case::root().join("tests/suite"), ".md") {
        for case in case::cases(&fs::read_to_string(&path).unwrap()) {
            let [without, with, consulted] = [&without, &with, &consulted].map(|packs| case::analysis(&case, packs, "somewhere"));
            for layered in [&with, &consulted] {
                for finding in &without.findings {
                    let kept = layered.findings.iter().find(|other| other.id == finding.id && other.problem.rule == finding.problem.rule);
                    let kept = kept.unwrap_or_else(|| panic!("{}, {}: {finding:#?} is gone", path.display(), case.title));
                    assert_eq!((kept.verdict, kept.is_consulted), (finding.verdict, false));
                    assert!(kept.problem.severity >= finding.problem.severity, "{finding:#?} {kept:#?}");
                }
            }
            more += with.findings.len() - without.findings.len();
            let counted = |analysis: &Analysis| analysis.findings.iter().filter(|finding| counts_against(finding, Severity::Note)).count();
            assert_eq!(counted(&without), counted(&consulted), "{}, {}", path.display(), case.title);
            shown += consulted.findings.iter().filter(|finding| finding.is_consulted).count();
            assert_eq!(with.findings.len(), consulted.findings.len(), "what is consulted on is shown");
        }
    }
    assert!(more > 100 && shown == more, "{more} {shown}");
}

/// A finding of a rule that tightens cites its own source and the rule that it tightens, with that one's.
#[test]
fn a_finding_cites_both() {
    let layer = "id: ours\ntightens: base/guardian\nseverity: error\nsource: { document: ours, paragraph: The second }\n";
    let local = format!("{LOCAL}sources:\n  ours: {{ title: Our paper }}\n").replace("extends: base", "extends: base");
    let base = BASE.replace("ours:", "theirs:");
    let rule = format!("{GUARDIAN}source: {{ document: theirs, paragraph: The first }}\n");
    let packs = loaded(&layers(&[pack(&base, &rule), pack(&local, layer)]));
    let plan = "plan \"A\" for somewhere {\n  horizon 2019/20\n}\nsystem somewhere \"Somewhere\" in north-east-and-yorkshire\norganisation northgate \"Northgate\" { kind acute-trust }\n";
    let files = vec![PlanFile { path: "plan.remit".to_owned(), bytes: plan.as_bytes().to_vec() }];
    let analysis = analyze("plan", files, &packs, "2019-10-01".parse().unwrap());
    let of = |rule: &str| analysis.findings.iter().find(|finding| finding.problem.rule == rule).unwrap();
    let (own, theirs) = (of("local/ours"), of("base/guardian"));
    assert_eq!((own.verdict, own.problem.severity, theirs.problem.severity), (Verdict::Fail, Severity::Error, Severity::Warning));
    assert_eq!(own.source.as_ref().unwrap().to_string(), "Our paper, The second");
    let tightened = own.tightens.as_ref().unwrap();
    assert_eq!((&*tightened.rule, tightened.source.to_string().as_str()), ("base/guardian", "The paper above, The first"));
    assert_eq!(analysis.sources.words(tightened.place), "guardian");
    assert_eq!(theirs.tightens, None);
    let info = packs.rule("local/ours").unwrap();
    assert_eq!(info.tightens.map(|tightened| &*tightened.rule), Some("base/guardian"));
}

/// In an editor, `tightens` offers the rules above, says what they ask and leads to them; below it, only what a layer may change is offered.
#[test]
fn an_editor_knows_what_may_be_tightened() {
    let layer = "id: ours\ntightens: base/guardian\nseverity: error\nsource: { document: ours }\n";
    let packs = loaded(&layers(&[pack(BASE, GUARDIAN), pack(LOCAL, layer)]));
    let path = "rules/0-ours.yaml";
    let at = |text: &'static str| (PackView::new(&packs, path, text), text.len());
    let labels = |text: &'static str| {
        let (view, byte) = at(text);
        complete(view, byte).into_iter().map(|item| item.label).collect::<Vec<_>>()
    };
    assert_eq!(labels("id: ours\ntightens: "), ["base/guardian"]);
    let keys = labels("id: ours\ntightens: base/guardian\n");
    for key in ["severity", "waivable-by", "where", "expect", "omission"] {
        assert!(keys.iter().any(|known| known == key), "{key}: {keys:?}");
    }
    for key in ["needs", "to", "each", "tightens"] {
        assert!(!keys.iter().any(|known| known == key), "{key}: {keys:?}");
    }
    assert!(
        labels("id: ours\ntightens: base/guardian\nexpect: ").iter().any(|name| name == "anchor"),
        "the fields of what the rule looks at"
    );
    let (view, byte) = at("id: ours\ntightens: base/guardian");
    let place = definition(view, byte - 1).unwrap();
    assert_eq!((packs.sources.path(place), packs.sources.words(place)), ("base/rules/0-guardian.yaml", "guardian"));
    let hover = hover(view, byte - 1).unwrap().text;
    assert!(hover.starts_with("**Of guardian** `base/guardian`") && hover.ends_with("From The paper above, The first"), "{hover}");
}

/// The example of a region's pack: its pages find what they say, and its plan holds for the nation and not for the region.
#[test]
fn the_pack_of_a_region_is_in_force() {
    const FOLDER: &str = "examples/packs/north-east";
    let national = remit_framework::packs();
    let mut layered = national.clone();
    layered.push(case::pack_of(FOLDER));
    let (national, layered) = (loaded(&national), loaded(&layered));
    let mut differences = Vec::new();
    for page in case::files(&case::root().join(FOLDER), ".md") {
        let rule = page.file_stem().unwrap().to_string_lossy().into_owned();
        differences
            .extend(case::check_file(&page, &layered, "QHM", |id| id == format!("north-east/{rule}") || id.starts_with("remit/waiver")));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let bytes = fs::read(case::root().join("examples/packs/in-force/plan.remit")).unwrap();
    let check = |packs| {
        let files = vec![PlanFile { path: "plan.remit".to_owned(), bytes: bytes.clone() }];
        analyze("in-force", files, packs, "2019-10-01".parse().unwrap())
    };
    let refused = |analysis: &Analysis| {
        let fails = analysis.findings.iter().filter(|finding| counts_against(finding, Severity::Error));
        fails.map(|finding| finding.problem.rule.clone()).collect::<Vec<_>>()
    };
    assert_eq!(refused(&check(&national)), Vec::<String>::new());
    assert_eq!(refused(&check(&layered)), ["north-east/guardian-before-anything", "north-east/fresh-evidence-of-readiness"]);
    assert!(check(&layered).findings.iter().any(|finding| finding.problem.rule == "north-east/officer-is-named"));
}
