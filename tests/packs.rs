//! Packs in error, each at the very words of its YAML; and packs that add a rule, a term and a field with no Rust touched.

use std::fmt::Write as _;
use std::sync::OnceLock;

use remit_core::check::{Analysis, PlanFile, analyze};
use remit_core::packs::{PackErrors, PackFiles, Packs};

use crate::case;

pub(crate) const HEAD: &str = "name: local\ntitle: A pack of ours\nversion: 1.0.0\ntier: region\nextends: nhs-people-framework\nsources:\n  ours: { title: A paper of ours }\n";
pub(crate) const PAGE: &str = "# A rule of ours\n\nWhy it is there.\n";

/// The national packs with the rules of the suite, and one of ours after them.
pub(crate) fn with(files: &[(&str, &str)]) -> Vec<PackFiles> {
    static NATIONAL: OnceLock<Vec<PackFiles>> = OnceLock::new();
    let national = NATIONAL.get_or_init(|| {
        let mut packs = remit_framework::packs();
        for pack in &mut packs {
            pack.files.retain(|(path, _)| {
                let rule = path.strip_prefix("rules/").and_then(|rule| rule.rsplit_once('.'));
                rule.is_none_or(|(rule, _)| case::SUITE_RULES.contains(&rule))
            });
        }
        packs
    });
    let mut packs = national.clone();
    packs.push(PackFiles {
        path: "local".to_owned(),
        files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect(),
    });
    packs
}

/// Every error, one line each: `FILE:LINE "words" message`, and the help after it.
pub(crate) fn shown(errors: &PackErrors) -> String {
    let mut text = String::new();
    for problem in &errors.problems {
        assert_eq!(problem.rule, "remit/pack");
        let source = errors.sources.get(problem.span.file).unwrap();
        assert!(source.text().get(problem.span.range()).is_some(), "{problem:#?}");
        let line = source.position(problem.span.start).line;
        let words = errors.sources.words(problem.span).replace('\n', "⏎");
        let _ = write!(text, "{}:{line} \"{words}\" {}", source.path(), problem.message);
        if let Some(help) = &problem.help {
            let _ = write!(text, " | {help}");
        }
        text.push('\n');
    }
    text
}

pub(crate) fn errors_of(packs: &[PackFiles]) -> String {
    match Packs::load(packs) {
        Ok(_) => "none\n".to_owned(),
        Err(errors) => shown(&errors),
    }
}

/// What is wrong with a pack of ours that has one rule, `ours`, with its page.
pub(crate) fn errors_of_rule(rule: &str) -> String {
    errors_of(&with(&[("pack.yaml", HEAD), ("rules/ours.yaml", rule), ("rules/ours.md", PAGE)]))
}

/// A whole rule on each `kind`, of these lines.
pub(crate) fn each(kind: &str, lines: &str) -> String {
    format!("id: ours\nseverity: error\nsource: {{ document: ours }}\nmessage: it does not hold\neach: {kind}\n{lines}\n")
}

/// Checks each of several; all that differ are told at once.
pub(crate) fn all(cases: Vec<(&str, String, &str)>) {
    let mut differences = String::new();
    for (name, found, expected) in cases {
        if found != expected {
            let _ = write!(differences, "{name}\nexpected\n{expected}found\n{found}\n");
        }
    }
    assert!(differences.is_empty(), "{differences}");
}

pub(crate) fn check(packs: &[PackFiles], plan: &str, as_of: &str) -> Analysis {
    let packs = Packs::load(packs).unwrap_or_else(|errors| panic!("{}", shown(&errors)));
    analyze("plan", vec![PlanFile { path: "plan.remit".to_owned(), bytes: plan.as_bytes().to_vec() }], &packs, as_of.parse().unwrap())
}

#[test]
fn a_rule_without_fault_has_none() {
    assert_eq!(errors_of_rule(&each("commitment", "where: due is given\nexpect: due <= 2020-03-31")), "none\n");
}

#[test]
fn words_that_nobody_knows() {
    all(vec![
        (
            "a key, with the nearest",
            errors_of_rule(&each("commitment", "expext: due is given\nexpect: due is given")),
            "local/rules/ours.yaml:6 \"expext\" an `each` rule has no `expext` | did you mean `expect`?\n",
        ),
        (
            "a key of another form",
            errors_of_rule(&each("commitment", "expect: due is given\nneeds: maturing")),
            "local/rules/ours.yaml:7 \"needs\" an `each` rule has no `needs` | it may have `id`, `severity`, `source`, `message`, `help`, `waivable-by`, `max-term`, `renewals`, `status`, `editions`, `in-force`, `each`, `where`, `expect`, `omission`, `at`, `fix`\n",
        ),
        (
            "a field, with the nearest",
            errors_of_rule(&each("organisation", "expect: wellbeing-gardian is given")),
            "local/rules/ours.yaml:6 \"wellbeing-gardian\" `organisation` has no field `wellbeing-gardian`, and it is not a term either | did you mean `wellbeing-guardian`?\n",
        ),
        (
            "a field of the plan",
            errors_of_rule(&each("commitment", "expect: due <= plan.submited")),
            "local/rules/ours.yaml:6 \"plan.submited\" a plan has no field `submited` | did you mean `submitted`?\n",
        ),
        (
            "a clause of a field",
            errors_of_rule(&each("readiness", "expect: assessed.asessor is given")),
            "local/rules/ours.yaml:6 \"assessed.asessor\" `assessed` has no `asessor` | did you mean `assessed.assessor`?\n",
        ),
        (
            "a term",
            errors_of_rule(&each("workforce", "where: group = registered-nurses\nexpect: unit is given")),
            "local/rules/ours.yaml:6 \"registered-nurses\" there is no staff group `registered-nurses` | did you mean `registered-nursing`?\n",
        ),
        (
            "a term in a list",
            errors_of_rule(&each("organisation", "where: kind in [acute-trust, mental-trust]\nexpect: wellbeing-guardian is given")),
            "local/rules/ours.yaml:6 \"mental-trust\" there is no body kind `mental-trust` | did you mean `mental-health-trust`?\n",
        ),
        (
            "a level",
            errors_of_rule(&each("readiness", "expect: level >= mature")),
            "local/rules/ours.yaml:6 \"mature\" there is no level `mature` | did you mean `maturing`?\n",
        ),
        (
            "a body",
            errors_of_rule(&each("commitment", "expect: owner = nhs-englund")),
            "local/rules/ours.yaml:6 \"nhs-englund\" there is no body `nhs-englund` | did you mean `nhs-england`?\n",
        ),
        (
            "a unit",
            errors_of_rule(&each("workforce", "expect: in-post in 2019/20 >= 40_000 wtes")),
            "local/rules/ours.yaml:6 \"wtes\" there is no unit `wtes` | did you mean `wte`?\n",
        ),
        (
            "a kind of statement",
            errors_of_rule(&each("organization", "expect: wellbeing-guardian is given")),
            "local/rules/ours.yaml:5 \"organization\" there is no kind of statement `organization` | did you mean `organisation`?\n",
        ),
        (
            "a function of a reserve",
            errors_of_rule(
                "id: ours\nseverity: error\nsource: { document: ours }\nmessage: it does not hold\nreserve: [pay-policies]\nto: nation\n",
            ),
            "local/rules/ours.yaml:5 \"pay-policies\" there is no function `pay-policies` | did you mean `pay-policy`?\n",
        ),
        (
            "a holder, an effect and a tier of a reserve",
            errors_of_rule(
                "id: ours\nseverity: error\nsource: { document: ours }\nmessage: it does not hold\nreserve: [pay-policy]\nto: country\nholder: dhs\nbelow: [aply]\n",
            ),
            "local/rules/ours.yaml:6 \"country\" there is no tier `country` | the tiers are `organisation`, `place`, `system`, `region`, `nation`\n\
             local/rules/ours.yaml:7 \"dhs\" there is no body `dhs` in the register | did you mean `dhsc`?\n\
             local/rules/ours.yaml:8 \"aply\" there is no effect `aply` | did you mean `apply`?\n",
        ),
        (
            "a level, a length of time and a tier of a gate",
            errors_of_rule(
                "id: ours\nseverity: error\nsource: { document: ours }\nmessage: it does not hold\ngate: [new-roles]\nopens-at: system\nneeds: mature\nevidence: { within: 2 winters, assessed-by: regions }\n",
            ),
            "local/rules/ours.yaml:7 \"mature\" there is no level `mature` | the levels are `emerging`, `developing`, `maturing`, `thriving`\n\
             local/rules/ours.yaml:8 \"2 winters\" `2 winters` is not a length of time | write it as `24 months`\n\
             local/rules/ours.yaml:8 \"regions\" there is no tier `regions` | the tiers are `organisation`, `place`, `system`, `region`, `nation`\n",
        ),
        (
            "what a cover is of",
            errors_of_rule(
                "id: ours\nseverity: error\nsource: { document: ours }\nmessage: it does not hold\ncover: consulted\nof: responsibility\n",
            ),
            "local/rules/ours.yaml:5 \"consulted\" `consulted` of `responsibility` does not name a body with `from` and `until`\n",
        ),
        (
            "the field that a finding is about",
            errors_of_rule(&each("commitment", "expect: due is given\nat: du")),
            "local/rules/ours.yaml:7 \"du\" `commitment` has no field `du` | did you mean `due`?\n",
        ),
    ]);
}

#[test]
fn types_that_do_not_go_together() {
    all(vec![
        (
            "staff and a number without a unit",
            errors_of_rule(&each("workforce", "expect: in-post in 2019/20 >= 40_000")),
            "local/rules/ours.yaml:6 \"in-post in 2019/20 >= 40_000\" a number of staff cannot be compared with a number without a unit | give both the same unit, as in `40_000 wte`; a rate less a rate is points\n",
        ),
        (
            "a rate less a rate, and a rate",
            errors_of_rule(&each("workforce", "expect: vacancy-rate in 2019/20 - vacancy-rate in 2020/21 >= 2%")),
            "local/rules/ours.yaml:6 \"vacancy-rate in 2019/20 - vacancy-rate in 2020/21 >= 2%\" percentage points cannot be compared with a rate | give both the same unit, as in `40_000 wte`; a rate less a rate is points\n",
        ),
        (
            "staff and money",
            errors_of_rule(&each("workforce", "expect: in-post in 2019/20 + £5 >= 5 wte")),
            "local/rules/ours.yaml:6 \"in-post in 2019/20 + £5\" a number of staff and money do not go together | give both the same unit; a rate less a rate is points\n",
        ),
        (
            "a bare series",
            errors_of_rule(&each("workforce", "expect: vacancy-rate <= 5%")),
            "local/rules/ours.yaml:6 \"vacancy-rate\" `vacancy-rate` has a value for each year | say which: `vacancy-rate in 2027/28`, or `every year of vacancy-rate satisfies …`\n",
        ),
        (
            "a bare series on the right",
            errors_of_rule(&each("workforce", "expect: 5% >= vacancy-rate")),
            "local/rules/ours.yaml:6 \"vacancy-rate\" `vacancy-rate` has a value for each year | say which: `vacancy-rate in 2027/28`, or `every year of vacancy-rate satisfies …`\n",
        ),
        (
            "every year of what has no years",
            errors_of_rule(&each("commitment", "expect: every year of due satisfies due is given")),
            "local/rules/ours.yaml:6 \"due\" `every year of` ranges over the row of a table, and this is a date\n",
        ),
        (
            "the previous year outside of years",
            errors_of_rule(&each("workforce", "expect: in-post in previous year >= 5 wte")),
            "local/rules/ours.yaml:6 \"previous year\" there is no such year here | `previous year` and `this year` belong inside `every year of … satisfies …`\n",
        ),
        (
            "a date and a year",
            errors_of_rule(&each("commitment", "expect: due <= 2020/21")),
            "local/rules/ours.yaml:6 \"due <= 2020/21\" a date cannot be compared with a financial year\n",
        ),
        (
            "terms have no order",
            errors_of_rule(&each("workforce", "expect: group >= registered-nursing")),
            "local/rules/ours.yaml:6 \"group >= registered-nursing\" a staff group has no order, so `>=` means nothing | compare with `=` or `!=`\n",
        ),
        (
            "what neither holds nor does not",
            errors_of_rule(&each("commitment", "expect: due")),
            "local/rules/ours.yaml:6 \"due\" this is a date, and a rule needs something that holds or does not | compare it, as in `due <= 2020-03-31`, or ask whether it `is given`\n",
        ),
        (
            "half of it neither holds nor does not",
            errors_of_rule(&each("commitment", "expect: due is given and owner")),
            "local/rules/ours.yaml:6 \"owner\" this is a body, and something that holds or does not is needed | compare it, or ask whether it `is given`\n",
        ),
        (
            "a list",
            errors_of_rule(&each("commitment", "expect: covers = nhs-england")),
            "local/rules/ours.yaml:6 \"covers = nhs-england\" a list cannot be compared | ask whether it `includes` a value\n",
        ),
        (
            "a comparison of comparisons",
            errors_of_rule(&each("workforce", "expect: (in-post in 2019/20 >= 5 wte) = (in-post in 2020/21 >= 5 wte)")),
            "local/rules/ours.yaml:6 \"(in-post in 2019/20 >= 5 wte) = (in-post in 2020/21 >= 5 wte)\" a comparison cannot be compared again | join the two with `and`\n",
        ),
    ]);
}

#[test]
fn expressions_that_are_none() {
    all(vec![
        (
            "a chain",
            errors_of_rule(&each("workforce", "expect: 1 wte <= in-post in 2019/20 <= 5 wte")),
            "local/rules/ours.yaml:6 \"<=\" `<=` is not expected here | operators have spaces around them; one comparison stands between `and` and `or`\n",
        ),
        (
            "nothing on the right",
            errors_of_rule(&each("commitment", "expect: due <=")),
            "local/rules/ours.yaml:6 \"\" the expression stops here, and something is missing | write the value that is compared, or what follows `and`\n",
        ),
        (
            "as programmers write",
            errors_of_rule(&each("commitment", "expect: due is given && owner is given")),
            "local/rules/ours.yaml:6 \"&&\" `&&` is not used here | write `and`, `or` and `not`\n",
        ),
        (
            "twice equal",
            errors_of_rule(&each("commitment", "expect: effect == set")),
            "local/rules/ours.yaml:6 \"==\" `==` is not used here | write `=` to compare, and `is given` to ask whether something is there\n",
        ),
        (
            "a bracket that is not closed",
            errors_of_rule(&each("commitment", "expect: (due is given")),
            "local/rules/ours.yaml:6 \"\" the expression stops here, and something is missing | write the value that is compared, or what follows `and`\n",
        ),
        (
            "nested without end",
            errors_of_rule(&each("commitment", &format!("expect: {}due is given{}", "(".repeat(2_000), ")".repeat(2_000))))
                .split(" \"")
                .next()
                .unwrap()
                .to_owned()
                + "\n",
            "local/rules/ours.yaml:6\n",
        ),
        (
            "a day that is not in the calendar",
            errors_of_rule(&each("commitment", "expect: due <= 2019-02-29")),
            "local/rules/ours.yaml:6 \"2019-02-29\" `2019-02-29` is not a day of the calendar\n",
        ),
        (
            "a year that is none",
            errors_of_rule(&each("workforce", "expect: in-post in 2019/21 >= 5 wte")),
            "local/rules/ours.yaml:6 \"2019/21\" `2019/21` is not one financial year\n",
        ),
    ]);
}

/// The words are found through every notation of YAML.
#[test]
fn the_words_in_every_notation() {
    let wrong = "wellbeing-gardian";
    let message = "`organisation` has no field `wellbeing-gardian`, and it is not a term either | did you mean `wellbeing-guardian`?";
    let at = |line: u32| format!("local/rules/ours.yaml:{line} \"{wrong}\" {message}\n");
    let found = |lines: &str| errors_of_rule(&each("organisation", lines));
    let cases = [
        ("plain", found(&format!("expect: kind = acute-trust or {wrong} is given")), at(6)),
        ("plain, over two lines", found(&format!("expect: kind = acute-trust\n  or {wrong} is given")), at(7)),
        ("in single quotes", found(&format!("expect: 'code = RTD or {wrong} is given'")), at(6)),
        (
            "in single quotes with one inside",
            found(&format!("message: 'it''s'\nexpect: '{wrong} is given'").replace("message: 'it''s'\n", "help: 'it''s'\n")),
            at(7),
        ),
        ("in double quotes", found(&format!("expect: \"kind = acute-trust or {wrong} is given\"")), at(6)),
        ("in double quotes with escapes", found(&format!("expect: \"staff-passport = \\\"\\u00e9\\\" or\\t{wrong} is given\"")), at(6)),
        ("literal", found(&format!("expect: |\n  kind = acute-trust or\n    {wrong} is given")), at(8)),
        ("literal, kept", found(&format!("expect: |+\n\n  kind = acute-trust or\n    {wrong} is given\n\n")), at(9)),
        ("folded", found(&format!("expect: >-\n  kind = acute-trust\n  or\n  {wrong} is given")), at(9)),
        (
            "in a flow",
            errors_of_rule(&format!(
                "{{ id: ours, severity: error, source: {{ document: ours }}, message: it does not hold, each: organisation, expect: {wrong} is given }}\n"
            )),
            at(1),
        ),
        (
            "after letters of several bytes",
            found(&format!("help: \"£ é “…” \u{1F600}\"\nexpect: staff-passport = \"£é\" or {wrong} is given")),
            at(7),
        ),
        (
            "with CR LF",
            errors_of_rule(
                &each("organisation", &format!("expect: |\n  kind = acute-trust or\n    {wrong} is given")).replace('\n', "\r\n"),
            ),
            at(8),
        ),
    ];
    for (name, found, expected) in cases {
        assert_eq!(found, expected, "{name}");
    }
}

#[test]
fn what_every_rule_needs() {
    let whole = each("commitment", "expect: due is given");
    let without = |line: &str| {
        assert!(whole.contains(line));
        errors_of_rule(&whole.replace(line, ""))
    };
    all(vec![
        (
            "a message",
            without("message: it does not hold\n"),
            "local/rules/ours.yaml:1 \"id\" a rule needs `message` | one line that says what is wrong, such as `{code} names no wellbeing guardian`\n",
        ),
        ("an id", without("id: ours\n"), "local/rules/ours.yaml:1 \"severity\" a rule needs `id`\n"),
        ("a severity", without("severity: error\n"), "local/rules/ours.yaml:1 \"id\" a rule needs `severity`\n"),
        (
            "a source",
            without("source: { document: ours }\n"),
            "local/rules/ours.yaml:1 \"id\" a rule needs `source`: the document and paragraph it comes from\n",
        ),
        ("an expectation", without("expect: due is given"), "local/rules/ours.yaml:1 \"id\" an `each` rule needs `expect`\n"),
        (
            "a form",
            without("each: commitment\nexpect: due is given"),
            "local/rules/ours.yaml:1 \"id\" this rule asks nothing | write one of `tightens`, `reserve`, `gate`, `cover`, `each` or `over`\n",
        ),
        (
            "a severity that is one",
            errors_of_rule(&whole.replace("severity: error", "severity: fatal")),
            "local/rules/ours.yaml:2 \"fatal\" `fatal` is not a severity | write `error`, `warning` or `note`\n",
        ),
        (
            "a document that the pack lists",
            errors_of_rule(&whole.replace("document: ours", "document: interim-people-plan-2020")),
            "local/rules/ours.yaml:3 \"interim-people-plan-2020\" the pack lists no document `interim-people-plan-2020` | did you mean `interim-people-plan-2019`?\n",
        ),
        (
            "a document that nobody lists",
            errors_of_rule(&whole.replace("document: ours", "document: hearsay")),
            "local/rules/ours.yaml:3 \"hearsay\" the pack lists no document `hearsay` | list it under `sources` in pack.yaml\n",
        ),
        (
            "an id that is a name",
            errors_of_rule(&whole.replace("id: ours", "id: our rule")),
            "local/rules/ours.yaml:1 \"our rule\" `our rule` is not a rule's name: letters, digits and hyphens\n",
        ),
        (
            "a page",
            errors_of(&with(&[("pack.yaml", HEAD), ("rules/ours.yaml", &whole)])),
            "local/rules/ours.yaml:1 \"ours\" the rule `ours` has no page | write rules/ours.md beside rules/ours.yaml: what it asks, why, and an example that fails and one that passes\n",
        ),
        (
            "a page with its title",
            errors_of(&with(&[("pack.yaml", HEAD), ("rules/ours.yaml", &whole), ("rules/ours.md", "Ours\n\nWhy\n")])),
            "local/rules/ours.md:1 \"Ours\" a rule's page begins with its title | write `# Title` on the first line\n",
        ),
        (
            "a rule to its page",
            errors_of(&with(&[("pack.yaml", HEAD), ("rules/ours.yaml", &whole), ("rules/ours.md", PAGE), ("rules/theirs.md", PAGE)])),
            "local/rules/theirs.md:1 \"\" no rule belongs to the page `rules/theirs.md` | name the page after the rule's id\n",
        ),
        (
            "an id of its own",
            errors_of(&with(&[("pack.yaml", HEAD), ("rules/ours.yaml", &whole), ("rules/ours.md", PAGE), ("rules/theirs.yaml", &whole)])),
            "local/rules/theirs.yaml:1 \"ours\" there is a rule `local/ours` already\n",
        ),
        ("a rule at all", errors_of_rule("# nothing\n"), "local/rules/ours.yaml:1 \"\" this rule is empty\n"),
    ]);
}

#[test]
fn what_a_form_forbids() {
    let reserve = "id: ours\nseverity: error\nsource: { document: ours }\nmessage: it does not hold\nreserve: [new-roles]\nto: nation\n";
    all(vec![
        ("a reserve may stand", errors_of_rule(reserve), "none\n"),
        (
            "a reserve is never waived",
            errors_of_rule(&format!("{reserve}waivable-by: nation\n")),
            "local/rules/ours.yaml:7 \"nation\" what stays national is never waived | remove `waivable-by`\n",
        ),
        (
            "a reserve of nothing never matches",
            errors_of_rule(&reserve.replace("[new-roles]", "[]")),
            "local/rules/ours.yaml:5 \"[]\" `reserve` names no function, so this rule can never match\n",
        ),
        (
            "a function twice",
            errors_of_rule(&reserve.replace("[new-roles]", "[new-roles, new-roles]")),
            "local/rules/ours.yaml:5 \"new-roles\" `new-roles` stands twice\n",
        ),
        (
            "a gate needs evidence",
            errors_of_rule(
                "id: ours\nseverity: error\nsource: { document: ours }\nmessage: it does not hold\ngate: [new-roles]\nopens-at: system\nneeds: maturing\n",
            ),
            "local/rules/ours.yaml:1 \"id\" a `gate` rule needs `evidence` | write `evidence: { within: 24 months, assessed-by: region }`\n",
        ),
        (
            "two forms at once",
            errors_of_rule(&format!("{reserve}each: commitment\nexpect: due is given\n"))
                .lines()
                .map(|line| line.split(" | ").next().unwrap().to_owned() + "\n")
                .collect(),
            "local/rules/ours.yaml:7 \"each\" a `reserve` rule has no `each`\nlocal/rules/ours.yaml:8 \"expect\" a `reserve` rule has no `expect`\n",
        ),
    ]);
}

#[test]
fn messages_name_what_there_is() {
    let message = |text: &str| {
        errors_of_rule(&each("commitment", "expect: due is given").replace("message: it does not hold", &format!("message: {text}")))
    };
    all(vec![
        ("fields and what the form gives", message("\"{subject} is due on {due}, not in {plan.horizon}\""), "none\n"),
        (
            "a word that nobody knows",
            message("\"{deu} is late\""),
            "local/rules/ours.yaml:4 \"deu\" there is no `deu` here | this rule fills in `{subject}`, `{found}`, `{expected}`, `{year}`, `{period}`\n",
        ),
        (
            "a brace that is not closed",
            message("\"{due is late\""),
            "local/rules/ours.yaml:4 \"{due is late\" this `{` is not closed | write the name between `{` and `}`\n",
        ),
        (
            "a reserve fills in less",
            errors_of_rule(
                "id: ours\nseverity: error\nsource: { document: ours }\nmessage: \"{functoin} stays\"\nreserve: [new-roles]\nto: nation\n",
            ),
            "local/rules/ours.yaml:4 \"functoin\" there is no `functoin` here | this rule fills in `{function}`, `{holder}`, `{body}`, `{effect}`\n",
        ),
    ]);
}

#[test]
fn the_pack_itself() {
    let head = |text: &str| errors_of(&with(&[("pack.yaml", text)]));
    all(vec![
        ("without its name", head(&HEAD.replace("name: local\n", "")), "local/pack.yaml:1 \"title\" a pack needs `name`\n"),
        (
            "a key that nobody knows",
            head(&HEAD.replace("publisher", "x").replace("version", "verson")),
            "local/pack.yaml:1 \"name\" a pack needs `version`\nlocal/pack.yaml:3 \"verson\" a pack has no `verson` | did you mean `version`?\n",
        ),
        (
            "a tier that nobody knows",
            head(&HEAD.replace("tier: region", "tier: county")),
            "local/pack.yaml:4 \"county\" there is no tier `county`\n",
        ),
        (
            "extends what is not there",
            head(&HEAD.replace("extends: nhs-people-framework", "extends: nhs-people-framwork")),
            "local/pack.yaml:5 \"nhs-people-framwork\" there is no pack `nhs-people-framwork` among those in force | did you mean `nhs-people-framework`?\n",
        ),
        (
            "a name that is taken",
            head(&HEAD.replace("name: local", "name: nhs-people-framework")),
            "local/pack.yaml:1 \"name\" there are two packs named `nhs-people-framework`\n",
        ),
        ("empty", head(""), "local/pack.yaml:1 \"\" this pack.yaml is empty\n"),
        (
            "an edition without its day",
            head(&format!("{HEAD}editions:\n  \"2020\": soon\n")),
            "local/pack.yaml:9 \"soon\" an edition is written with the day from which it is in force, as in `2019: 2019-06-03`\n",
        ),
        (
            "no pack.yaml",
            errors_of(&with(&[("rules/ours.md", PAGE)])),
            "local/rules/ours.md:1 \"\" the pack `local` has no `pack.yaml` | a pack is a folder with a pack.yaml that names it\n",
        ),
    ]);
}

/// How sure a source is, and which of its paragraphs a rule rests on.
#[test]
fn what_a_rule_rests_on() {
    let rule = |source: &str| each("commitment", "expect: sro is given").replace("{ document: ours }", source);
    let errors = |head: &str, paragraphs: &str, rule: &str| {
        errors_of(&with(&[("pack.yaml", head), ("paragraphs.yaml", paragraphs), ("rules/ours.yaml", rule), ("rules/ours.md", PAGE)]))
    };
    let head = |status: &str| HEAD.replace("{ title: A paper of ours }", &format!("{{ title: A paper of ours, status: {status} }}"));
    let paragraphs = "ours:\n  - paragraph: The first\n    says: Something.\n    status: unverified\n";
    let error = rule("{ document: ours }").replace("severity: warning", "severity: error");
    all(vec![
        ("sure", errors(&head("verified"), "", &error), "none\n"),
        ("our own", errors(&head("ours"), "", &error), "none\n"),
        (
            "a status of one's own",
            errors(&head("fairly sure"), "", &error),
            "local/pack.yaml:7 \"fairly sure\" `fairly sure` does not say how sure this is | write one of `verified`, `verified-secondary`, `arithmetic`, `ours`, `unverified`; what else there is to say goes under `note`\n",
        ),
        (
            "an error on what is not verified",
            errors(&head("unverified"), "", &error),
            "local/rules/ours.yaml:2 \"error\" this rule is an error, and rests on what is not verified | make it a `warning` or a `note`, or verify its source and say so in `status`\n",
        ),
        (
            "a warning on it",
            errors(&head("unverified"), "", &rule("{ document: ours }").replace("severity: error", "severity: warning")),
            "none\n",
        ),
        (
            "the rule itself is surer",
            errors(&head("unverified"), "", &error.replace("document: ours", "document: ours, status: verified")),
            "none\n",
        ),
        (
            "a paragraph decides before its document",
            errors(&head("verified"), paragraphs, &error.replace("document: ours", "document: ours, paragraph: The first")),
            "local/rules/ours.yaml:2 \"error\" this rule is an error, and rests on what is not verified | make it a `warning` or a `note`, or verify its source and say so in `status`\n",
        ),
        (
            "a paragraph that nobody lists",
            errors(&head("verified"), paragraphs, &error.replace("document: ours", "document: ours, paragraph: The frist")),
            "local/rules/ours.yaml:3 \"The frist\" `ours` has no paragraph `The frist` | did you mean `The first`?\n",
        ),
        (
            "of a document that nobody lists",
            errors(HEAD, "hours:\n  - paragraph: The first\n    says: Something.\n", &error),
            "local/paragraphs.yaml:1 \"hours\" the pack lists no document `hours` | did you mean `ours`?\n",
        ),
        (
            "twice",
            errors(HEAD, &format!("{paragraphs}  - paragraph: The first\n    says: Something else.\n"), &error),
            "local/paragraphs.yaml:5 \"The first\" the paragraph `The first` stands twice\n",
        ),
        (
            "checked, and said not to be",
            errors(
                &head("verified"),
                &format!("{paragraphs}    not-covered: We did not get to it.\n").replace("unverified", "verified"),
                &error.replace("document: ours", "document: ours, paragraph: The first"),
            ),
            "local/paragraphs.yaml:2 \"The first\" `local/ours` checks this paragraph, which is said not to be covered | remove `not-covered`\n",
        ),
        (
            "left to judgement and not covered at once",
            errors(HEAD, &format!("{paragraphs}    judgement: Who knows.\n    not-covered: Nobody.\n"), &error),
            "local/paragraphs.yaml:2 \"The first\" this paragraph is left to judgement and not covered at once | keep one of the two\n",
        ),
    ]);
}

#[test]
fn yaml_that_is_none() {
    for (name, rule) in [
        ("a quote that is not closed", "id: ours\nseverity: \"error\nsource: { document: ours }\n"),
        ("a tab", "id: ours\n\tseverity: error\n"),
        ("an alias", "id: *ours\nseverity: error\n"),
        ("a tag", "id: !ours ours\nseverity: error\n"),
        ("a key twice", "id: ours\nid: ours\nseverity: error\n"),
        ("a bracket that is not closed", "id: ours\nreserve: [new-roles\nseverity: error\n"),
        ("a NUL", "id: ours\0\nseverity: error\n"),
        ("no mapping", "- a\n- b\n"),
        ("text", "just text\n"),
        ("a message with a colon", "id: ours\nmessage: this: that\nseverity: error\n"),
        ("deep", &"[".repeat(10_000)),
        ("long", &"a: b\n".repeat(20_000)),
    ] {
        let found = errors_of_rule(rule);
        let count = found.lines().count();
        assert!(
            found.starts_with("local/rules/ours.yaml:") && count <= 1_100,
            "{name}: {count} errors, the first {:?}",
            found.lines().next()
        );
    }
}

#[test]
fn a_message_with_a_colon_says_what_to_do() {
    let found =
        errors_of_rule(&each("commitment", "expect: due is given").replace("message: it does not hold", "message: it does not hold: why"));
    let first = found.lines().next().unwrap_or("");
    assert!(first.starts_with("local/rules/ours.yaml:4 ") && first.contains("quote"), "{found}");
    assert_eq!(found.lines().count(), 1, "{found}");
}

/// One run tells all that is wrong with all packs.
#[test]
fn several_errors_in_one_run() {
    let faulty = each("commitment", "expect: deu is given and owner = nhs-englund\nhelp: \"{wibble}\"\nwaivable-by: county");
    let found = errors_of(&with(&[
        ("pack.yaml", &HEAD.replace("tier: region", "tier: region\ncolour: red")),
        ("vocabulary.yaml", "terms:\n  function:\n    terms:\n      pay-policy: { title: Pay policy }\n"),
        ("rules/ours.yaml", &format!("{faulty}---\n{}", faulty.replace("id: ours", "id: theirs").replace("deu", "due"))),
        ("rules/ours.md", PAGE),
        ("rules/theirs.md", PAGE),
        ("data/bodies.csv", "code,alias,name,kind,region,opened,closed,evidence,source\nZZZ,,Nowhere,castle,,,,,\n"),
    ]));
    let expected = [
        "local/pack.yaml:5 \"colour\" a pack has no `colour`",
        "local/vocabulary.yaml:4 \"pay-policy\" there is a function `pay-policy` already",
        "local/data/bodies.csv:2 \"ZZZ,,Nowhere,castle,,,,,\" `castle` is not a kind of body",
        "local/rules/ours.yaml:6 \"deu\" `commitment` has no field `deu`",
        "local/rules/ours.yaml:6 \"nhs-englund\" there is no body `nhs-englund`",
        "local/rules/ours.yaml:7 \"wibble\" there is no `wibble` here",
        "local/rules/ours.yaml:8 \"county\" there is no tier `county`",
        "local/rules/ours.yaml:15 \"nhs-englund\" there is no body `nhs-englund`",
        "local/rules/ours.yaml:16 \"wibble\" there is no `wibble` here",
        "local/rules/ours.yaml:17 \"county\" there is no tier `county`",
    ];
    for line in expected {
        assert!(found.contains(line), "{line}\nis not in\n{found}");
    }
    assert_eq!(found.lines().count(), expected.len(), "{found}");
}

#[test]
fn a_register_with_bad_rows() {
    let bodies = "code,alias,name,kind,region,opened,closed,evidence,source\n";
    let register = |name: &str, text: &str| errors_of(&with(&[("pack.yaml", HEAD), (name, text)]));
    all(vec![
        ("a new body", register("data/bodies.csv", &format!("{bodies}ZZZ,,Nowhere,acute-trust,Y60,2020-01-01,,2026,ours\n")), "none\n"),
        (
            "a kind that nobody knows",
            register("data/bodies.csv", &format!("{bodies}ZZY,,Elsewhere,acute-trust,,,,,\nZZZ,,Nowhere,acute,,,,,\n")),
            "local/data/bodies.csv:3 \"ZZZ,,Nowhere,acute,,,,,\" `acute` is not a kind of body\n",
        ),
        (
            "a day that is none",
            register("data/bodies.csv", &format!("{bodies}ZZZ,,Nowhere,acute-trust,,2020-02-30,,,\n")),
            "local/data/bodies.csv:2 \"ZZZ,,Nowhere,acute-trust,,2020-02-30,,,\" `2020-02-30` is not a day: `opened` is written as `2026-03-31`\n",
        ),
        (
            "a code that is taken",
            register("data/bodies.csv", &format!("{bodies}RTD,,Nowhere,acute-trust,,,,,\n")),
            "local/data/bodies.csv:2 \"RTD,,Nowhere,acute-trust,,,,,\" `RTD` is in the register already\n",
        ),
        (
            "a body without a code",
            register("data/bodies.csv", &format!("{bodies},,Nowhere,acute-trust,,,,,\n")),
            "local/data/bodies.csv:2 \",,Nowhere,acute-trust,,,,,\" this body has no code\n",
        ),
        (
            "it closes before it opens",
            register("data/bodies.csv", &format!("{bodies}ZZZ,,Nowhere,acute-trust,,2020-02-02,2020-02-01,,\n")),
            "local/data/bodies.csv:2 \"ZZZ,,Nowhere,acute-trust,,2020-02-02,2020-02-01,,\" the last day comes before the first\n",
        ),
        (
            "a cell too few",
            register("data/bodies.csv", &format!("{bodies}ZZZ,,Nowhere\nZZY,,Elsewhere,acute-trust,,,,,\n")),
            "local/data/bodies.csv:2 \"ZZZ,,Nowhere\" this row has another number of cells than the header\n",
        ),
        (
            "a column too few",
            register("data/bodies.csv", "code,name\nZZZ,Nowhere\n"),
            "local/data/bodies.csv:1 \"\" this register has no column `kind`\n",
        ),
        (
            "a membership of nothing",
            register("data/memberships.csv", "code,parent,first,last,source\nRTD,QZZ,2026-01-01,,x\n"),
            "local/data/memberships.csv:2 \"RTD,QZZ,2026-01-01,,x\" `QZZ` is not in the register\n",
        ),
        (
            "a membership that ends before it begins",
            register("data/memberships.csv", "code,parent,first,last,source\nRTD,QHM,2026-01-02,2026-01-01,x\n"),
            "local/data/memberships.csv:2 \"RTD,QHM,2026-01-02,2026-01-01,x\" the last day comes before the first\n",
        ),
        (
            "a membership without its first day",
            register("data/memberships.csv", "code,parent,first,last,source\nRTD,QHM,,,x\n"),
            "local/data/memberships.csv:2 \"RTD,QHM,,,x\" a membership needs its `first` day\n",
        ),
        (
            "a succession without its day",
            register("data/successions.csv", "code,successor,date,kind,source\nQH8,QHM,,merger,x\n"),
            "local/data/successions.csv:2 \"QH8,QHM,,merger,x\" a succession needs its `date`\n",
        ),
    ]);
}

#[test]
fn a_vocabulary_only_adds() {
    let words = |text: &str| errors_of(&with(&[("pack.yaml", HEAD), ("vocabulary.yaml", text)]));
    all(vec![
        (
            "a term, a scale, a unit and a set",
            words(
                "scales:\n  colour: { doc: A colour, levels: [red, amber, green] }\nunits:\n  beds: { of: places, doc: Beds }\nterms:\n  function:\n    terms:\n      car-parking: { title: Car parking, doc: Who may park }\n  weekday: { doc: A day, terms: { monday: { title: Monday } } }\n",
            ),
            "none\n",
        ),
        (
            "a kind with fields",
            words(
                "kinds:\n  car-park:\n    doc: Where cars stand\n    named: name\n    fields:\n      spaces: { type: number, doc: How many }\n",
            ),
            "none\n",
        ),
        (
            "a field of a kind that there is",
            words("kinds:\n  organisation:\n    fields:\n      car-park: { type: text, doc: Where cars stand }\n"),
            "none\n",
        ),
        (
            "a field that there is",
            words("kinds:\n  organisation:\n    fields:\n      anchor: { type: text, doc: Another }\n"),
            "local/vocabulary.yaml:4 \"anchor\" `organisation` has a `anchor` already\n",
        ),
        (
            "another name for a kind",
            words("kinds:\n  organisation:\n    named: name\n"),
            "local/vocabulary.yaml:3 \"name\" `organisation` is declared already: a pack may add fields and rows to it, and change nothing\n",
        ),
        (
            "a level of a scale that there is",
            words("scales:\n  tier: { doc: Ours, levels: [low, high] }\n"),
            "local/vocabulary.yaml:2 \"tier\" there is a scale `tier` already\n",
        ),
        (
            "a field without its doc",
            words("kinds:\n  organisation:\n    fields:\n      car-park: { type: text }\n"),
            "local/vocabulary.yaml:4 \"car-park\" `car-park` needs a `doc`: it is what people read when they get the field wrong\n",
        ),
        (
            "a type that is none",
            words("kinds:\n  organisation:\n    fields:\n      car-park: { type: texts, doc: Where cars stand }\n"),
            "local/vocabulary.yaml:4 \"texts\" `texts` is not a type | did you mean `text`?\n",
        ),
        (
            "a set that nobody knows",
            words("kinds:\n  organisation:\n    fields:\n      car-park: { type: term colour, doc: Where cars stand }\n"),
            "local/vocabulary.yaml:4 \"term colour\" `term colour` is not a type | write one of the plain types, or `term SET`, `scale SCALE`, `reference KIND`, `unit OF`, `series TYPE`\n",
        ),
        (
            "a clause word as a kind",
            words("kinds:\n  until:\n    doc: Not to be\n"),
            "local/vocabulary.yaml:2 \"until\" `until` is a clause word and cannot begin a statement of its own\n",
        ),
        (
            "a clause that is none",
            words(
                "kinds:\n  organisation:\n    fields:\n      car-park: { type: text, doc: Where, clauses: { near: { type: text, doc: What } } }\n",
            ),
            "local/vocabulary.yaml:4 \"near\" `near` is not a clause word | the list is closed: `from`, `until`, `by`, `of`, `for`, `in`, `dated`, `sheet`\n",
        ),
        (
            "a part of nothing",
            words("terms:\n  function:\n    terms:\n      car-parking: { title: Car parking, part-of: parking }\n"),
            "local/vocabulary.yaml:4 \"parking\" there is no function `parking` above this one | write the whole before its parts\n",
        ),
    ]);
}

const PLAN: &str = r#"plan "A" for somewhere {
  framework  nhs-people-framework 2019
  horizon    2019/20 to 2023/24
  submitted  2019-09-27
}
system somewhere "Somewhere" in north-east-and-yorkshire
organisation northgate "Northgate Hospitals" {
  kind                acute-trust
  wellbeing-guardian  "Chair of the People Committee"
}
commitment nurses "Recruit nurses" {
  on   supply-and-retention
  due  2021-03-31
}
"#;

/// A rule is two files, and no Rust: in a pack of three that extends the national one.
#[test]
fn a_rule_is_two_files() {
    let rule = "id: someone-answers\nseverity: warning\nsource: { document: ours, paragraph: Owners }\neach: commitment\nexpect: sro is given\nmessage: \"{subject} has no senior responsible officer, and is due on {due}\"\nhelp: Name one\n";
    let page = "# Someone answers for every commitment\n\nA commitment that nobody answers for is nobody's.\n";
    let files = [("pack.yaml", HEAD), ("rules/someone-answers.yaml", rule), ("rules/someone-answers.md", page)];
    let packs = with(&files);
    let analysis = check(&packs, PLAN, "2019-10-01");
    assert_eq!(
        case::shown(&analysis, false, |_| true),
        "11:12 warning [someone-answers] \"nurses\" commitment nurses has no senior responsible officer, and is due on 2021-03-31\n"
    );
    let finding = analysis.findings.first().unwrap();
    assert_eq!(finding.problem.rule, "local/someone-answers");
    assert_eq!(finding.problem.help.as_deref(), Some("Name one"));
    let source = finding.source.as_ref().unwrap();
    assert_eq!(
        (source.document.as_str(), source.title.as_deref(), source.paragraph.as_deref()),
        ("ours", Some("A paper of ours"), Some("Owners"))
    );
    assert_eq!(analysis.sources.words(finding.rule_place.unwrap()), "sro is given");
    let passes = check(&packs, &PLAN.replace("  due  2021-03-31", "  due  2021-03-31\n  sro  \"The chief nurse\""), "2019-10-01");
    assert_eq!(case::shown(&passes, false, |_| true), "");
    let count = passes.rules.iter().find(|count| count.rule == "local/someone-answers").unwrap();
    assert_eq!((count.matched, count.passed), (1, 1), "a clean pass says what it looked at");
    let without = check(&with(&files[..1]), PLAN, "2019-10-01");
    assert_eq!(case::shown(&without, false, |_| true), "", "without the two files there is no such finding");
    let loaded = Packs::load(&packs).unwrap();
    let info = loaded.rule("someone-answers").unwrap();
    assert_eq!(
        (info.title.as_str(), info.waivable_by),
        ("Someone answers for every commitment", Some("region")),
        "the pack's own tier may waive it"
    );
    assert!(info.page.contains("nobody's"));
}

/// The order of files in a pack, and of rules in a file, says nothing.
#[test]
fn the_order_of_a_packs_files_says_nothing() {
    let digest = |packs: &[PackFiles]| Packs::load(packs).unwrap().infos.iter().map(|info| info.digest.clone()).collect::<Vec<_>>();
    let files = [("pack.yaml", HEAD), ("rules/ours.yaml", &*each("commitment", "expect: sro is given")), ("rules/ours.md", PAGE)];
    let mut backwards = files;
    backwards.reverse();
    assert_eq!(digest(&with(&files)), digest(&with(&backwards)));
    let shown = |files: &[(&str, &str)]| case::shown(&check(&with(files), PLAN, "2019-10-01"), false, |_| true);
    assert_eq!(shown(&files), shown(&backwards));
}

/// A pack adds a term, a field and a kind; plans may use them, and its rules ask for them.
#[test]
fn a_pack_adds_a_term_a_field_and_a_kind() {
    let vocabulary = "terms:\n  function:\n    terms:\n      car-parking: { title: Car parking, doc: Who may park }\nkinds:\n  organisation:\n    fields:\n      spaces: { type: number, doc: How many cars it takes }\n  car-park:\n    doc: Where cars stand\n    named: name\n    title: optional\n    fields:\n      of: { type: body, doc: Whose it is }\n";
    let spaces = each("organisation", "where: kind in [nhs-trust]\nexpect: spaces >= 5")
        .replace("id: ours", "id: spaces")
        .replace("it does not hold", "\"{code} has room for {found} cars, and five are needed\"");
    let stays = "id: parking-stays\nseverity: error\nsource: { document: ours }\nmessage: \"{function} stays with the region: not with {body}\"\nreserve: [car-parking]\nto: region\n";
    let packs = with(&[
        ("pack.yaml", HEAD),
        ("vocabulary.yaml", vocabulary),
        ("rules/spaces.yaml", &spaces),
        ("rules/spaces.md", PAGE),
        ("rules/parking-stays.yaml", stays),
        ("rules/parking-stays.md", PAGE),
    ]);
    let plan = PLAN.replace("  kind                acute-trust\n", "  kind                acute-trust\n  spaces              4\n")
        + "responsibility car-parking { accountable somewhere }\ncar-park north \"The north\" { of northgate }\n";
    assert_eq!(
        case::shown(&check(&packs, &plan, "2019-10-01"), false, |_| true),
        "9:23 error [spaces] \"4\" Northgate Hospitals has room for 4 cars, and five are needed\n\
         16:42 error [parking-stays] \"somewhere\" car parking stays with the region: not with Somewhere\n"
    );
    assert_eq!(
        case::shown(&check(&with(&[("pack.yaml", HEAD)]), &plan, "2019-10-01"), false, |_| true),
        "9:3 error [remit/unknown-field] \"spaces\" `organisation` has no field `spaces`\n\
         16:16 error [remit/unknown-term] \"car-parking\" there is no function `car-parking`\n\
         17:1 error [remit/unknown-statement] \"car-park\" there is no statement `car-park`\n"
    );
}
