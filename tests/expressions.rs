//! Every construct of the expression language, asked of one plan: what holds, what does not, what cannot be told, and why.

use remit_core::packs::Packs;
use remit_core::problem::Verdict;

use crate::packs::{HEAD, PAGE, all, check, each, errors_of_rule, with};

/// The plan of which everything is asked.
const PLAN: &str = r#"plan "Our people" for QHM {
  framework  nhs-people-framework 2019
  horizon    2019/20 to 2021/22
  baseline   2018/19
  submitted  2019-09-27
}
system QHM in north-east-and-yorkshire
organisation RTD { wellbeing-guardian "Chair" }
organisation RTF { wellbeing-guardian "Chair" }

workforce all-staff {
  unit          wte
  year          2018/19  2019/20  2020/21  2021/22
  in-post         1_000    1_010    1_020    1_030
}
workforce professionally-qualified-clinical-staff {
  unit          wte
  year          2018/19  2019/20  2020/21  2021/22
  in-post           600      605      610      615
}
workforce registered-nursing {
  unit          wte
  year          2018/19  2019/20  2020/21  2021/22
  in-post           400      410      405      420
  vacancy-rate     8.0%     7.0%     6.5%     5.5%
}
workforce support-to-clinical-staff {
  unit          wte
  year          2018/19  2019/20  2020/21  2021/22
  in-post           400      405      410      414
}

event pa-regulation 2024-12-13
commitment rights "Physician associates may prescribe" {
  on        new-roles
  owner     QHM
  due       2021-03-31
  funding   settlement
  delivers  40 wte of registered-nursing by 2020/21
  delivers  10 wte of registered-nursing by 2021/22
}
commitment passport "One passport" {
  on        supply-and-retention
  due       2020-08-31
}
funding settlement "The settlement" {
  amount  £2.4m for 2019/20
  status  subject-to "Spending Review 2019"
}
funding other "Another" {
  amount  £0.6m for 2019/20
  status  subject-to
}
pipeline nurses {
  trains  registered-nursing
  starts  100 places in 2019/20
  takes   36 months
  yields  80 places in 2021/22
  yields  80 places in 2022/23
}
target vacancies {
  from    8% in 2018/19
  to      5% by 2023/24
  change  2 points by 2023/24
}
target growth {
  from    400 wte in 2018/19
  to      420 wte by 2021/22
  change  5% by 2021/22
}
"#;

/// A plan of tables: by organisation, by month, and as reached.
const TABLES: &str = r#"plan "Our people" for QHM {
  framework  nhs-people-framework 2019
  horizon    2019/20 to 2021/22
  submitted  2019-09-27
}
system QHM in north-east-and-yorkshire
organisation RTD, RTF { wellbeing-guardian "Chair" }
workforce all-staff {
  unit          wte
  year          2018/19  2019/20
  in-post         1_000    1_010
}
workforce all-staff by organisation {
  measure     in-post
  unit        wte
  complete    yes
  year        2018/19  2019/20
  RTD             600      600
  RTF             400      405
  actual RTD      610        -
}
workforce midwifery {
  unit            wte
  month           2019-04  2019-05  2019-06
  in-post              50       51       49
  actual in-post       50       52       50
}
"#;

/// How often a rule holds, and each finding with its words.
fn asked(kind: &str, lines: &str) -> String {
    asked_of(PLAN, kind, lines)
}

fn asked_of(plan: &str, kind: &str, lines: &str) -> String {
    let rule = each(kind, lines);
    let packs = with(&[("pack.yaml", HEAD), ("rules/ours.yaml", &rule), ("rules/ours.md", PAGE)]);
    if let Err(errors) = Packs::load(&packs) {
        return format!("{:#?}", errors.problems);
    }
    let analysis = check(&packs, plan, "2019-10-01");
    let faults: Vec<_> = analysis.findings.iter().filter(|finding| finding.problem.rule.starts_with("remit/")).collect();
    assert!(faults.iter().all(|finding| finding.problem.rule == "remit/left-out"), "{faults:#?}");
    let count = analysis.rules.iter().find(|count| count.rule == "local/ours").expect("the rule is counted");
    let mut text = format!("{} of {} hold\n", count.passed, count.matched);
    for finding in analysis.findings.iter().filter(|finding| finding.problem.rule == "local/ours") {
        let verdict = if finding.verdict == Verdict::Fail { "fails" } else { "untold" };
        let words = analysis.sources.words(finding.problem.span);
        text.push_str(&format!("{verdict} \"{words}\" {}: {}\n", finding.subject, finding.problem.message));
    }
    text
}

#[test]
fn statements_of_the_subjects_own_kind() {
    all(vec![
        (
            "the outer one by its kind, the inner by what it is called",
            asked(
                "workforce",
                "where: group = professionally-qualified-clinical-staff\nexpect: in-post in 2019/20 >= sum of part.in-post in 2019/20 over workforce as part where part.group is part of workforce.group",
            ),
            "1 of 1 hold\n",
        ),
        (
            "the year goes along",
            asked(
                "workforce",
                "where: group = all-staff\nexpect: every year of in-post satisfies in-post = sum of part.in-post over workforce as part where part.group in [professionally-qualified-clinical-staff, support-to-clinical-staff] and part.group != registered-nursing",
            ),
            "2 of 3 hold\nfails \"1_030\" workforce all-staff, 2021/22: it does not hold\n",
        ),
        (
            "the tables of the parts, none of them a part of another",
            asked(
                "workforce",
                "where: parts is given\nexpect: every year of in-post satisfies in-post >= sum of in-post over each of parts",
            ),
            "6 of 6 hold\n",
        ),
        ("how many parts", asked("workforce", "where: group = all-staff\nexpect: (count of each of parts) = 2"), "1 of 1 hold\n"),
        (
            "a field of the whole",
            asked("workforce", "where: whole is given\nexpect: whole.in-post in 2018/19 > in-post in 2018/19"),
            "3 of 3 hold\n",
        ),
        (
            "two outer subjects of one kind, each by its name",
            asked(
                "workforce",
                "where: group = all-staff\nexpect: some workforce as middle satisfies some workforce as least satisfies least.group is part of middle.group and middle.group is part of workforce.group",
            ),
            "1 of 1 hold\n",
        ),
        ("none", asked("plan", "expect: no workforce satisfies group = midwifery"), "1 of 1 hold\n"),
        (
            "none, and there is one",
            asked("plan", "expect: no workforce satisfies group = all-staff"),
            "0 of 1 hold\nfails \"plan\" plan: it does not hold\n",
        ),
    ]);
}

#[test]
fn rows_over_time() {
    all(vec![
        (
            "never falls",
            asked("workforce", "expect: in-post never falls"),
            "3 of 4 hold\nfails \"405\" workforce registered-nursing: it does not hold\n",
        ),
        ("never rises", asked("workforce", "where: vacancy-rate is given\nexpect: vacancy-rate never rises"), "1 of 1 hold\n"),
        (
            "an absolute change",
            asked("workforce", "where: group = registered-nursing\nexpect: change of in-post from plan.baseline to 2021/22 = 20 wte"),
            "1 of 1 hold\n",
        ),
        (
            "the change of a rate is points",
            asked("workforce", "where: vacancy-rate is given\nexpect: change of vacancy-rate from 2018/19 to 2021/22 = -2.5 points"),
            "1 of 1 hold\n",
        ),
        (
            "growth",
            asked("workforce", "where: group = registered-nursing\nexpect: growth of in-post from 2018/19 to 2021/22 = 5%"),
            "1 of 1 hold\n",
        ),
        (
            "a straight line beyond the horizon's end",
            asked(
                "workforce",
                "where: vacancy-rate is given\nexpect: every year of vacancy-rate satisfies vacancy-rate <= straight line of vacancy-rate from plan.baseline to 5% in 2023/24",
            ),
            "3 of 3 hold\n",
        ),
        (
            "a steeper line, which stays where it ends",
            asked(
                "workforce",
                "where: vacancy-rate is given\nexpect: every year of vacancy-rate satisfies vacancy-rate <= straight line of vacancy-rate from plan.baseline to 6% in 2020/21",
            ),
            "2 of 3 hold\nfails \"6.5%\" workforce registered-nursing, 2020/21: it does not hold\n",
        ),
        (
            "a year that is not given",
            asked("workforce", "where: group = registered-nursing\nexpect: change of in-post from 2017/18 to 2021/22 = 20 wte"),
            "0 of 1 hold\nuntold \"420\" workforce registered-nursing: cannot tell for workforce registered-nursing: `in-post in 2017/18` is not given\n",
        ),
    ]);
}

#[test]
fn shares_days_and_second_values() {
    all(vec![
        ("a share by number", asked("plan", "expect: (share of commitment where funding is given) = 50%"), "1 of 1 hold\n"),
        (
            "a share of a sum",
            asked("plan", "expect: (share of in-post in 2018/19 over workforce where group = registered-nursing) <= 16%"),
            "0 of 1 hold\nfails \"plan\" plan: it does not hold\n",
        ),
        (
            "within a length of time of a day, by the calendar",
            asked(
                "commitment",
                "where: due is given\nexpect: some event satisfies name = pa-regulation and commitment.due within 48 months of day",
            ),
            "1 of 2 hold\nfails \"passport\" commitment passport: it does not hold\n",
        ),
        (
            "after a day",
            asked("commitment", "where: due is given\nexpect: due within 12 months after plan.submitted"),
            "1 of 2 hold\nfails \"rights\" commitment rights: it does not hold\n",
        ),
        (
            "before a day",
            asked("commitment", "where: due is given\nexpect: plan.submitted within 12 months before due"),
            "1 of 2 hold\nfails \"rights\" commitment rights: it does not hold\n",
        ),
        (
            "days reckoned",
            asked("commitment", "where: due is given\nexpect: due - 6 months >= 2020-02-29 and due + 1 days > 2020-08-31"),
            "2 of 2 hold\n",
        ),
        (
            "the year of a day, and the days of a year",
            asked(
                "commitment",
                "where: due is given\nexpect: year of due = 2020/21 and first day of 2020/21 <= due and last day of (year of due) >= due",
            ),
            "2 of 2 hold\n",
        ),
        (
            "a second value by its name",
            asked("funding", "where: status = subject-to\nexpect: status.waits-for is given"),
            "1 of 2 hold\nfails \"other\" funding other: it does not hold\n",
        ),
        ("what a figure is counted in", asked("target", "where: from is in per cent\nexpect: change is in points"), "1 of 1 hold\n"),
        (
            "what it is not",
            asked("target", "where: change is in per cent\nexpect: from is not in wte"),
            "0 of 1 hold\nfails \"growth\" target growth: it does not hold\n",
        ),
    ]);
}

#[test]
fn each_time_that_a_field_stands() {
    all(vec![
        (
            "output after training",
            asked(
                "pipeline",
                "expect: |\n  each of yields as out satisfies\n    some of pipeline.starts as begun satisfies out.year >= year of (first day of begun.year + pipeline.takes)",
            ),
            "0 of 1 hold\nfails \"nurses\" pipeline nurses: it does not hold\n",
        ),
        (
            "a sum of sums",
            asked(
                "plan",
                "expect: (sum of (sum of value over each of delivers where group = registered-nursing) over commitment where delivers is given) = 50 wte",
            ),
            "1 of 1 hold\n",
        ),
        (
            "a clause of a field that stands twice",
            asked("commitment", "where: name = rights\nexpect: delivers.year = 2020/21"),
            "0 of 1 hold\nuntold \"rights\" commitment rights: cannot tell for commitment rights: `delivers` stands several times, and only `each of delivers` asks of them all\n",
        ),
        ("through what a field names", asked("commitment", "where: owner is given\nexpect: owner.tier = system"), "1 of 1 hold\n"),
    ]);
}

#[test]
fn tables_by_others_by_month_and_as_reached() {
    all(vec![
        (
            "rows that add up to the whole, or do not",
            asked_of(
                TABLES,
                "workforce",
                "where: rows is given and complete = yes and measure = in-post\nexpect: every given year of whole.in-post satisfies whole.in-post = sum of in-post over each of rows",
            ),
            "1 of 2 hold\nfails \"600\" workforce all-staff by organisation, 2019/20: it does not hold\n",
        ),
        (
            "the rows against the whole in a year",
            asked_of(
                TABLES,
                "workforce",
                "where: rows is given\nexpect: whole.in-post in 2019/20 = sum of in-post in 2019/20 over each of rows",
            ),
            "0 of 1 hold\nfails \"600\" workforce all-staff by organisation: it does not hold\n",
        ),
        (
            "each row",
            asked_of(TABLES, "row", "where: table.complete = yes\nexpect: in-post in 2018/19 <= 500 wte"),
            "1 of 2 hold\nfails \"600\" workforce all-staff by organisation, RTD: it does not hold\n",
        ),
        (
            "what was reached",
            asked_of(TABLES, "row", "where: actual in-post is given\nexpect: actual in-post in 2018/19 <= in-post in 2018/19"),
            "0 of 1 hold\nfails \"610\" workforce all-staff by organisation, RTD: it does not hold\n",
        ),
        (
            "not known yet",
            asked_of(TABLES, "row", "where: body = RTD\nexpect: actual in-post in 2019/20 >= 5 wte"),
            "0 of 1 hold\nuntold \"RTD\" workforce all-staff by organisation, RTD: cannot tell for workforce all-staff by organisation, RTD: `actual in-post of The Newcastle upon Tyne Hospitals NHS Foundation Trust (RTD) in 2019/20` is not known yet on 2019-10-01\n",
        ),
        (
            "every month",
            asked_of(TABLES, "workforce", "where: period = month\nexpect: every month of in-post satisfies in-post >= 50 wte"),
            "2 of 3 hold\nfails \"49\" workforce midwifery, 2019-06: it does not hold\n",
        ),
        (
            "the month before",
            asked_of(
                TABLES,
                "workforce",
                "where: period = month\nexpect: every given month of actual in-post satisfies in-post in previous month >= 50 wte",
            ),
            "2 of 3 hold\nuntold \"midwifery\" workforce midwifery, 2019-04: cannot tell for workforce midwifery, 2019-04: `in-post in 2019-03` is not given\n",
        ),
        (
            "whatever the table has",
            asked_of(TABLES, "workforce", "where: in-post is given\nexpect: every given period of in-post satisfies in-post >= 50 wte"),
            "4 of 5 hold\nfails \"49\" workforce midwifery, 2019-06: it does not hold\n",
        ),
        (
            "by year what is given by month",
            asked_of(TABLES, "workforce", "where: period = month\nexpect: in-post in 2019/20 >= 5 wte"),
            "0 of 1 hold\nuntold \"midwifery\" workforce midwifery: cannot tell for workforce midwifery: `in-post` is given by month, not by year\n",
        ),
        (
            "a sector that is none",
            asked_of(TABLES, "row", "expect: sector = nhs"),
            "0 of 2 hold\nuntold \"RTD\" workforce all-staff by organisation, RTD: cannot tell for workforce all-staff by organisation, RTD: `sector` is not given\nuntold \"RTF\" workforce all-staff by organisation, RTF: cannot tell for workforce all-staff by organisation, RTF: `sector` is not given\n",
        ),
    ]);
}

#[test]
fn what_is_not_exact() {
    const FIGURES: &str = r#"plan "Our people" for QHM {
  framework  nhs-people-framework 2019
  horizon    2019/20 to 2021/22
  submitted  2019-09-27
}
system QHM in north-east-and-yorkshire
organisation RTD, RTF { wellbeing-guardian "Chair" }
funding saving { amount up to £24m for 2020/21 }
funding grant { amount about £6.5m for 2020/21 }
funding exact { amount £6.55m for 2020/21 }
fact total { value about 10_000 wte; states in-post of all-staff in 2019/20 }
workforce all-staff {
  unit     wte
  year     2019/20  2020/21
  in-post   10_400   10_600
}
"#;
    let fundings = |expect: &str| asked_of(FIGURES, "funding", &format!("expect: {expect}"));
    all(vec![
        ("at most", fundings("each of amount satisfies value <= £25m"), "3 of 3 hold\n"),
        (
            "the edge of about",
            fundings("each of amount satisfies value <= £6.55m"),
            "2 of 3 hold\nuntold \"saving\" funding saving: cannot tell for funding saving: up to £24m may lie on either side of £6.55m\n",
        ),
        (
            "beyond it",
            fundings("each of amount satisfies value > £6.44m"),
            "2 of 3 hold\nuntold \"saving\" funding saving: cannot tell for funding saving: up to £24m may lie on either side of £6.44m\n",
        ),
        (
            "equal",
            fundings("each of amount satisfies value = £6.5m"),
            "0 of 3 hold\nuntold \"saving\" funding saving: cannot tell for funding saving: up to £24m may lie on either side of £6.5m\nuntold \"grant\" funding grant: cannot tell for funding grant: about £6.5m may lie on either side of £6.5m\nfails \"£6.55m\" funding exact: it does not hold\n",
        ),
        ("unequal", fundings("each of amount satisfies value != £30m"), "3 of 3 hold\n"),
        ("reckoned", fundings("(sum of (sum of value over each of amount) over funding) <= £37.1m"), "3 of 3 hold\n"),
        (
            "a share of what may be nought",
            fundings("each of amount satisfies value / value <= 100%"),
            "1 of 3 hold\nuntold \"saving\" funding saving: cannot tell for funding saving: nothing is a share of what may be nought\nuntold \"grant\" funding grant: cannot tell for funding grant: 98.47% to 101.55% may lie on either side of 100%\n",
        ),
        ("what it is counted in", fundings("each of amount satisfies value is in money"), "3 of 3 hold\n"),
        (
            "a fact that states a figure of a table",
            asked_of(
                FIGURES,
                "fact",
                "where: states = in-post\nexpect: every workforce as table where table.group = fact.states.group satisfies table.in-post in fact.states.year = fact.value",
            ),
            "0 of 1 hold\nuntold \"total\" fact total: cannot tell for fact total: about 10,000 wte may lie on either side of 10,400 wte\n",
        ),
        (
            "a figure that is about its fact",
            asked_of(
                FIGURES,
                "workforce",
                "expect: some fact satisfies workforce.in-post in 2020/21 = value or workforce.in-post in 2020/21 < value",
            ),
            "0 of 1 hold\nfails \"all-staff\" workforce all-staff: it does not hold\n",
        ),
    ]);
}

#[test]
fn wrong_uses_are_errors_of_the_pack_at_the_words() {
    let wrong = |kind: &str, expect: &str| errors_of_rule(&each(kind, &format!("expect: {expect}")));
    all(vec![
        (
            "a row of what is none",
            wrong("commitment", "due never falls"),
            "local/rules/ours.yaml:6 \"due\" `never falls` and `never rises` speak of the row of a table, and this is a date\n",
        ),
        (
            "per cent of a day",
            wrong("commitment", "due is in per cent"),
            "local/rules/ours.yaml:6 \"due\" only a figure is in a unit, and this is a date\n",
        ),
        (
            "no such unit",
            wrong("target", "change is in pints"),
            "local/rules/ours.yaml:6 \"pints\" there is no unit `pints` | did you mean `points`?\n",
        ),
        (
            "a length of time as a unit",
            wrong("target", "change is in months"),
            "local/rules/ours.yaml:6 \"months\" `months` is a length of time, and no figure is counted in it | ask for `per cent`, `points`, `money` or a unit such as `wte`\n",
        ),
        (
            "a part of a day",
            wrong("commitment", "due is part of owner"),
            "local/rules/ours.yaml:6 \"due\" this is a date, and only a term is part of another | a staff group, a function or a kind of body may be part of another\n",
        ),
        (
            "within what is no length",
            wrong("commitment", "due within 5 wte of plan.submitted"),
            "local/rules/ours.yaml:6 \"5 wte\" `within` takes a length of time, and this is a number of staff\n",
        ),
        (
            "within of a year",
            wrong("commitment", "due within 5 months of 2019/20"),
            "local/rules/ours.yaml:6 \"2019/20\" `within` is counted from a date, and this is a financial year\n",
        ),
        (
            "two lengths of period",
            wrong("workforce", "change of in-post from 2019/20 to 2019-04 > 5 wte"),
            "local/rules/ours.yaml:6 \"2019-04\" this is a month, and the other is a year\n",
        ),
        (
            "the wrong period",
            wrong("workforce", "every month of in-post satisfies in-post >= in-post in previous year"),
            "local/rules/ours.yaml:6 \"previous year\" there is no such year here | here we look at each month: write `previous month` or `this month`\n",
        ),
        (
            "a line to another unit",
            wrong("workforce", "every year of in-post satisfies in-post <= straight line of in-post from 2018/19 to 5% in 2020/21"),
            "local/rules/ours.yaml:6 \"5%\" the row holds a number of staff, and the line ends at a rate\n",
        ),
        (
            "a line nowhere",
            wrong("workforce", "in-post in 2019/20 <= straight line of in-post from 2018/19 to 5 wte in 2020/21"),
            "local/rules/ours.yaml:6 \"straight line of in-post from 2018/19 to 5 wte in 2020/21\" a straight line has a value in each period, and none is looked at here | it belongs inside `every year of … satisfies …`\n",
        ),
        (
            "a share without where",
            wrong("plan", "(share of commitment) > 5%"),
            "local/rules/ours.yaml:6 \"share of commitment\" a share needs `where` | say which of them, as in `share of commitment where funding is given`\n",
        ),
        (
            "a field of several",
            wrong("responsibility", "accountable.tier = nation"),
            "local/rules/ours.yaml:6 \"accountable.tier\" `accountable` has no `tier` | it names several: ask `some of accountable satisfies tier …`\n",
        ),
        (
            "a field that what it names has not",
            wrong("commitment", "owner.teir = nation"),
            "local/rules/ours.yaml:6 \"owner.teir\" `body` has no field `teir`, and it is not a term either | did you mean `tier`?\n",
        ),
        (
            "a name taken",
            wrong("workforce", "some workforce as part satisfies some workforce as part satisfies part.unit is given"),
            "local/rules/ours.yaml:6 \"part\" nothing can be called `part` here | give it a short name of its own, as in `over workforce as part`\n",
        ),
        (
            "a sum of days",
            wrong("plan", "(sum of due over commitment) > 5"),
            "local/rules/ours.yaml:6 \"due\" a sum is made of numbers, and this is a date\n",
        ),
        (
            "a day times two",
            wrong("commitment", "due * 2 > plan.submitted"),
            "local/rules/ours.yaml:6 \"due * 2\" a date and a number without a unit cannot be reckoned with | a length of time may be added to a day, or taken from it, as in `due - 6 months`\n",
        ),
        (
            "the year of a year",
            wrong("plan", "year of baseline = 2018/19"),
            "local/rules/ours.yaml:6 \"baseline\" `year of` takes a date, and this is a financial year\n",
        ),
        (
            "what names nothing to range over",
            wrong("milestone", "some of milestone satisfies due is given"),
            "local/rules/ours.yaml:6 \"milestone\" `milestone` has no field `milestone`, and it is not a term either | `milestone` has `approves`, `owner`\n",
        ),
        (
            "what is cut off",
            wrong("commitment", "due within"),
            "local/rules/ours.yaml:6 \"\" the expression stops here, and something is missing | write the value that is compared, or what follows `and`\n",
        ),
        (
            "actual of what has none",
            wrong("measure", "every year of actual planned satisfies planned >= 5"),
            "local/rules/ours.yaml:6 \"actual planned\" `measure` has no field `actual planned`, and it is not a term either | did you mean `actual`?\n",
        ),
    ]);
}
