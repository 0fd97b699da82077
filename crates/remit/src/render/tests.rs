//! What the formats look like, that they hold the same findings, and that JSON keeps its contract.

use std::io::{self, Write};

use serde_json::Value;

use crate::output::Format;
use crate::render::sample::Sample;
use crate::render::{Look, Setting, Tally, pack_errors, renderer};

fn rendered(format: Format, sample: &Sample, look: Look) -> String {
    let mut out = Vec::new();
    let mut tally = Tally::default();
    {
        let mut renderer = renderer(format, Box::new(&mut out), Setting { look, ..Setting::FILE });
        tally.add(&sample.checked());
        renderer.plan(&sample.checked()).expect("written");
        renderer.finish(&tally).expect("written");
    }
    String::from_utf8(out).expect("UTF-8")
}

fn json(sample: &Sample) -> Value {
    serde_json::from_str(&rendered(Format::Json, sample, Look::FILE)).expect("JSON")
}

#[test]
fn human_shows_the_words() {
    insta::assert_snapshot!(rendered(Format::Human, &Sample::of_each_kind(), Look::FILE), @r##"
    Our people, our future (QHM), in ours, as of 2019-10-01

    error  remit/syntax
      `2018/20` is not a financial year: a year ends in the year after it began
       ╭─[ours/plan.remit:3:14]
     2 │   horizon    2019/20 to 2023/24
     3 │   baseline   2018/20
       ·              ───────
     4 │ }
       ╰────
        help: Write the year in which it began, and the two last digits of the next
         fix: write `2018/19`

    error  nhs-people-framework/pay-stays-national
      pay policy stays national: `QHM` cannot be accountable for it
       ╭─[ours/plan.remit:7:16]
     6 │ responsibility pay-policy {
       ·                ─────┬────
       ·                     ╰── this is for the nation
     7 │   accountable  QHM                                     # refused: stays na…
       ·                ─┬─
       ·                 ╰── an integrated care system
     8 │ }
       ╰────
       ╭─[nhs-people-framework/rules/pay-stays-national.yaml:3:11]
     3 │ reserve: [pay-policy]
       ·           ─────┬────
       ·                ╰── the rule keeps it here
       ╰────
        help: Record the system's part as `consulted`, or as a commitment that
              applies the national terms
      source: Interim NHS People Plan, New operating model

    warning  nhs-people-framework/vacancies-fall
      the vacancy rate of registered nursing is 6.2% in 2020/21, above the 6% that
      the national plan asks for by then
       ╭─[ours/staff.remit:4:39]
     2 │     year           2018/19  2019/20  2020/21  2021/22  2022/23  2023/24  # a …
       ·                                      ───┬───
       ·                                         ╰── in this year
     3 │   in-post         20_139   20_559   21_019   21_439   21_739   21_989
     4 │   vacancy-rate      8.0%     7.2%     6.2%     5.3%     5.0%     4.7%
       ·                                       ──┬─
       ·                                         ╰── 6.2% here
     5 │ }
       ╰────
       ╭─[ours/plan.remit:2:14]
     2 │   horizon    2019/20 to 2023/24
       ·              ─────────┬────────
       ·                       ╰── within the plan's horizon
       ╰────
      source: Interim NHS People Plan, New operating model
        rule: nhs-people-framework/rules/pay-stays-national.yaml:1:5

    undetermined  nhs-people-framework/wellbeing-guardian (level: error)
      whether `U02739` has a wellbeing guardian cannot be told: the register holds
      no evidence for 2019-10-01
       ╭─[ours/staff.remit:6:1]
     5 │ }
     6 │ organisation U02739 {
       · ───────────────────
     7 │ }
       ╰────
      source: Interim NHS People Plan, New operating model
        rule: nhs-people-framework/rules/pay-stays-national.yaml:1:5

    waived  nhs-people-framework/wellbeing-guardian
      `U02739` has no wellbeing guardian, waived until 2020-06-30: The network
      appoints its guardian when it is formed (ours/staff.remit:6:14)

    2 errors, 1 warning, 1 undetermined, 1 waived in 1 plan (QHM), as of 2019-10-01,
    with nhs-people-framework 2019.1.0.
    2 rules, 13 checks.
    1 rule matched nothing in this plan:
    nhs-people-framework/ready-before-responsible.
    `remit explain` and a rule's name tell what the rule asks, and why.
    "##);
}

#[test]
fn human_says_that_all_is_well() {
    insta::assert_snapshot!(rendered(Format::Human, &Sample::new(), Look::FILE), @r##"
    Our people, our future (QHM), in ours, as of 2019-10-01

    Nothing to put right in 1 plan (QHM), as of 2019-10-01, with
    nhs-people-framework 2019.1.0.
    2 rules, 13 checks.
    1 rule matched nothing in this plan:
    nhs-people-framework/ready-before-responsible.
    "##);
}

#[test]
fn plain_speaks_in_sentences() {
    insta::assert_snapshot!(rendered(Format::Plain, &Sample::of_each_kind(), Look::FILE), @r##"
    Plan QHM, Our people, our future, as of 2019-10-01: 5 findings.

    Error in ours/plan.remit, line 3, column 14, at the words «2018/20»: `2018/20` is not a financial year: a year ends in the year after it began.
    Rule remit/syntax.
    To do: Write the year in which it began, and the two last digits of the next.
    Fix: Write `2018/19`.

    Error in ours/plan.remit, line 7, column 16, at the words «QHM» (an integrated care system): Pay policy stays national: `QHM` cannot be accountable for it.
    Rule nhs-people-framework/pay-stays-national, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.
    See also ours/plan.remit, line 6, column 16, at the words «pay-policy»: This is for the nation.
    See also nhs-people-framework/rules/pay-stays-national.yaml, line 3, column 11, at the words «pay-policy»: The rule keeps it here.
    To do: Record the system's part as `consulted`, or as a commitment that applies the national terms.

    Warning in ours/staff.remit, line 4, column 39, at the words «6.2%» (6.2% here): The vacancy rate of registered nursing is 6.2% in 2020/21, above the 6% that the national plan asks for by then.
    Rule nhs-people-framework/vacancies-fall, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.
    See also ours/staff.remit, line 2, column 35, at the words «2020/21»: In this year.
    See also ours/plan.remit, line 2, column 14, at the words «2019/20 to 2023/24»: Within the plan's horizon.

    Undetermined in ours/staff.remit, line 6, column 1, at the words «organisation U02739»: Whether `U02739` has a wellbeing guardian cannot be told: the register holds no evidence for 2019-10-01.
    This cannot be told yet. The rule's level is error.
    Rule nhs-people-framework/wellbeing-guardian, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.

    Waived in ours/staff.remit, line 6, column 14, at the words «U02739»: `U02739` has no wellbeing guardian.
    Waived until 2020-06-30: The network appoints its guardian when it is formed.
    Rule nhs-people-framework/wellbeing-guardian, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.

    Summary: 2 errors, 1 warning, 1 undetermined, 1 waived in 1 plan (QHM), as of 2019-10-01, with nhs-people-framework 2019.1.0.
    2 rules, 13 checks.
    1 rule matched nothing in this plan: nhs-people-framework/ready-before-responsible.
    "##);
}

#[test]
fn what_was_known_before_is_told_in_short_to_people() {
    insta::assert_snapshot!(rendered(Format::Human, &Sample::new().national().undetermined().known(), Look::FILE), @r##"
    Our people, our future (QHM), in ours, as of 2019-10-01

    known  nhs-people-framework/pay-stays-national (level: error)
      pay policy stays national: `QHM` cannot be accountable for it
      (ours/plan.remit:7:16)

    known  nhs-people-framework/wellbeing-guardian (undetermined; level: error)
      whether `U02739` has a wellbeing guardian cannot be told: the register holds
      no evidence for 2019-10-01 (ours/staff.remit:6:1)

    Nothing to put right, 2 known before in 1 plan (QHM), as of 2019-10-01, with
    nhs-people-framework 2019.1.0.
    2 rules, 13 checks.
    1 rule matched nothing in this plan:
    nhs-people-framework/ready-before-responsible.
    `remit explain` and a rule's name tell what the rule asks, and why.
    "##);
}

#[test]
fn sarif_is_for_code_scanning() {
    let sarif = rendered(Format::Sarif, &Sample::new().syntax().waived(), Look::FILE);
    let results: Vec<&str> = sarif.lines().filter(|line| line.starts_with("{\"")).collect();
    insta::assert_snapshot!(results.join("\n"), @r##"
    {"fixes":[{"artifactChanges":[{"artifactLocation":{"uri":"ours/plan.remit"},"replacements":[{"deletedRegion":{"endColumn":21,"endLine":3,"startColumn":14,"startLine":3},"insertedContent":{"text":"2018/19"}}]}],"description":{"text":"Write `2018/19`."}}],"kind":"fail","level":"error","locations":[{"logicalLocations":[{"fullyQualifiedName":"QHM: plan QHM","name":"plan QHM"}],"physicalLocation":{"artifactLocation":{"uri":"ours/plan.remit"},"region":{"endColumn":21,"endLine":3,"startColumn":14,"startLine":3}}}],"message":{"text":"`2018/20` is not a financial year: a year ends in the year after it began. To do: Write the year in which it began, and the two last digits of the next."},"partialFingerprints":{"primaryLocationLineHash":"remit/syntax:QHM:plan QHM","remitFinding/v1":"remit/syntax:QHM:plan QHM"},"properties":{"plan":"QHM","severity":"error","subject":"plan QHM","verdict":"fail"},"rule":{"id":"remit/syntax","index":0},"ruleId":"remit/syntax"},
    {"kind":"fail","level":"error","locations":[{"logicalLocations":[{"fullyQualifiedName":"QHM: organisation U02739","name":"organisation U02739"}],"physicalLocation":{"artifactLocation":{"uri":"ours/staff.remit"},"region":{"endColumn":20,"endLine":6,"startColumn":14,"startLine":6}}}],"message":{"text":"`U02739` has no wellbeing guardian."},"partialFingerprints":{"primaryLocationLineHash":"nhs-people-framework/wellbeing-guardian:QHM:organisation U02739","remitFinding/v1":"nhs-people-framework/wellbeing-guardian:QHM:organisation U02739"},"properties":{"plan":"QHM","severity":"error","source":"Interim NHS People Plan, New operating model","subject":"organisation U02739","verdict":"waived"},"relatedLocations":[{"id":1,"message":{"text":"The rule stands here"},"physicalLocation":{"artifactLocation":{"uri":"nhs-people-framework/rules/pay-stays-national.yaml"},"region":{"endColumn":23,"endLine":1,"startColumn":5,"startLine":1}}}],"rule":{"id":"nhs-people-framework/wellbeing-guardian","index":0,"toolComponent":{"index":0}},"ruleId":"nhs-people-framework/wellbeing-guardian","suppressions":[{"justification":"The network appoints its guardian when it is formed (approved by north-east-and-yorkshire), until 2020-06-30","kind":"inSource","location":{"physicalLocation":{"artifactLocation":{"uri":"ours/plan.remit"},"region":{"endColumn":37,"endLine":10,"startColumn":1,"startLine":10}}},"status":"accepted"}]}
    "##);
}

#[test]
fn junit_is_for_build_servers() {
    insta::assert_snapshot!(rendered(Format::Junit, &Sample::new().national().series().undetermined(), Look::FILE), @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="remit check: 1 error, 1 warning, 1 undetermined in 1 plan (QHM), as of 2019-10-01, with nhs-people-framework 2019.1.0" tests="3" failures="1" errors="0">
        <testsuite name="QHM, Our people, our future" tests="3" skipped="2" errors="0" failures="1">
            <properties>
                <property name="nhs-people-framework/pay-stays-national" value="matched 1, passed 1, failed 0, undetermined 0, waived 0, not in edition 0"/>
                <property name="nhs-people-framework/wellbeing-guardian" value="matched 12, passed 12, failed 0, undetermined 0, waived 0, not in edition 0"/>
                <property name="nhs-people-framework/ready-before-responsible" value="matched 0, passed 0, failed 0, undetermined 0, waived 0, not in edition 0"/>
            </properties>
            <testcase name="QHM: responsibility pay-policy" classname="nhs-people-framework.pay-stays-national">
                <failure message="Pay policy stays national: `QHM` cannot be accountable for it." type="error">Error in ours/plan.remit, line 7, column 16, at the words «QHM» (an integrated care system): Pay policy stays national: `QHM` cannot be accountable for it.
    Rule nhs-people-framework/pay-stays-national, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.
    See also ours/plan.remit, line 6, column 16, at the words «pay-policy»: This is for the nation.
    See also nhs-people-framework/rules/pay-stays-national.yaml, line 3, column 11, at the words «pay-policy»: The rule keeps it here.
    To do: Record the system&apos;s part as `consulted`, or as a commitment that applies the national terms.
    </failure>
            </testcase>
            <testcase name="QHM: workforce registered-nursing" classname="nhs-people-framework.vacancies-fall">
                <skipped message="Warning, below the level that fails. The vacancy rate of registered nursing is 6.2% in 2020/21, above the 6% that the national plan asks for by then." type="warning">Warning in ours/staff.remit, line 4, column 39, at the words «6.2%» (6.2% here): The vacancy rate of registered nursing is 6.2% in 2020/21, above the 6% that the national plan asks for by then.
    Rule nhs-people-framework/vacancies-fall, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.
    See also ours/staff.remit, line 2, column 35, at the words «2020/21»: In this year.
    See also ours/plan.remit, line 2, column 14, at the words «2019/20 to 2023/24»: Within the plan&apos;s horizon.
    </skipped>
            </testcase>
            <testcase name="QHM: organisation U02739" classname="nhs-people-framework.wellbeing-guardian">
                <skipped message="Cannot be told. Whether `U02739` has a wellbeing guardian cannot be told: the register holds no evidence for 2019-10-01." type="undetermined">Undetermined in ours/staff.remit, line 6, column 1, at the words «organisation U02739»: Whether `U02739` has a wellbeing guardian cannot be told: the register holds no evidence for 2019-10-01.
    This cannot be told yet. The rule&apos;s level is error.
    Rule nhs-people-framework/wellbeing-guardian, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.
    </skipped>
            </testcase>
        </testsuite>
    </testsuites>
    "##);
}

#[test]
fn github_marks_the_lines() {
    insta::assert_snapshot!(rendered(Format::GitHub, &Sample::new().national().waived(), Look::FILE), @r##"
    ::error file=ours/plan.remit,line=7,endLine=7,col=16,endColumn=19,title=Error%3A nhs-people-framework/pay-stays-national::Error in ours/plan.remit, line 7, column 16, at the words «QHM» (an integrated care system): Pay policy stays national: `QHM` cannot be accountable for it.%0ARule nhs-people-framework/pay-stays-national, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.%0ASee also ours/plan.remit, line 6, column 16, at the words «pay-policy»: This is for the nation.%0ASee also nhs-people-framework/rules/pay-stays-national.yaml, line 3, column 11, at the words «pay-policy»: The rule keeps it here.%0ATo do: Record the system's part as `consulted`, or as a commitment that applies the national terms.
    ::notice file=ours/staff.remit,line=6,endLine=6,col=14,endColumn=20,title=Waived%3A nhs-people-framework/wellbeing-guardian::Waived in ours/staff.remit, line 6, column 14, at the words «U02739»: `U02739` has no wellbeing guardian.%0AWaived until 2020-06-30: The network appoints its guardian when it is formed.%0ARule nhs-people-framework/wellbeing-guardian, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.
    1 error, 1 waived in 1 plan (QHM), as of 2019-10-01, with nhs-people-framework 2019.1.0.
    2 rules, 13 checks.
    1 rule matched nothing in this plan: nhs-people-framework/ready-before-responsible.
    "##);
}

#[test]
fn gitlab_knows_findings_by_their_prints() {
    insta::assert_snapshot!(rendered(Format::GitLab, &Sample::new().syntax().undetermined(), Look::FILE), @r##"
    [
    {"categories":["Compatibility"],"check_name":"remit/syntax","content":{"body":"Error in ours/plan.remit, line 3, column 14, at the words «2018/20»: `2018/20` is not a financial year: a year ends in the year after it began.\nRule remit/syntax.\nTo do: Write the year in which it began, and the two last digits of the next.\nFix: Write `2018/19`.\n"},"description":"`2018/20` is not a financial year: a year ends in the year after it began. To do: Write the year in which it began, and the two last digits of the next.","fingerprint":"remit/syntax:QHM:plan QHM","location":{"lines":{"begin":3,"end":3},"path":"ours/plan.remit","positions":{"begin":{"column":14,"line":3},"end":{"column":21,"line":3}}},"severity":"critical","type":"issue"},
    {"categories":["Compatibility"],"check_name":"nhs-people-framework/wellbeing-guardian","content":{"body":"Undetermined in ours/staff.remit, line 6, column 1, at the words «organisation U02739»: Whether `U02739` has a wellbeing guardian cannot be told: the register holds no evidence for 2019-10-01.\nThis cannot be told yet. The rule's level is error.\nRule nhs-people-framework/wellbeing-guardian, from Interim NHS People Plan, New operating model, written in nhs-people-framework/rules/pay-stays-national.yaml, line 1, column 5.\n"},"description":"undetermined: Whether `U02739` has a wellbeing guardian cannot be told: the register holds no evidence for 2019-10-01.","fingerprint":"nhs-people-framework/wellbeing-guardian:QHM:organisation U02739","location":{"lines":{"begin":6,"end":6},"path":"ours/staff.remit","positions":{"begin":{"column":1,"line":6},"end":{"column":20,"line":6}}},"severity":"info","type":"issue"}
    ]
    "##);
}

#[test]
fn markdown_is_a_table() {
    insta::assert_snapshot!(rendered(Format::Markdown, &Sample::of_each_kind(), Look::FILE), @r##"
    **2 errors, 1 warning, 1 undetermined, 1 waived in 1 plan (QHM), as of 2019-10-01, with nhs-people-framework 2019.1.0.**

    | | Where | What | Rule |
    | --- | --- | --- | --- |
    | **error** | `ours/plan.remit:3:14` | `2018/20` is not a financial year: a year ends in the year after it began.<br>To do: Write the year in which it began, and the two last digits of the next.<br>Fix: Write `2018/19`. | `remit/syntax` |
    | **error** | `ours/plan.remit:7:16` | Pay policy stays national: `QHM` cannot be accountable for it.<br>An integrated care system.<br>To do: Record the system's part as `consulted`, or as a commitment that applies the national terms.<br>See also `ours/plan.remit:6:16`: This is for the nation.<br>See also `nhs-people-framework/rules/pay-stays-national.yaml:3:11`: The rule keeps it here. | `nhs-people-framework/pay-stays-national`<br>Interim NHS People Plan, New operating model<br>`nhs-people-framework/rules/pay-stays-national.yaml:1:5` |
    | **warning** | `ours/staff.remit:4:39` | The vacancy rate of registered nursing is 6.2% in 2020/21, above the 6% that the national plan asks for by then.<br>6.2% here.<br>See also `ours/staff.remit:2:35`: In this year.<br>See also `ours/plan.remit:2:14`: Within the plan's horizon. | `nhs-people-framework/vacancies-fall`<br>Interim NHS People Plan, New operating model<br>`nhs-people-framework/rules/pay-stays-national.yaml:1:5` |
    | undetermined | `ours/staff.remit:6:1` | Whether `U02739` has a wellbeing guardian cannot be told: the register holds no evidence for 2019-10-01.<br>The rule's level is error. | `nhs-people-framework/wellbeing-guardian`<br>Interim NHS People Plan, New operating model<br>`nhs-people-framework/rules/pay-stays-national.yaml:1:5` |
    | waived | `ours/staff.remit:6:14` | `U02739` has no wellbeing guardian.<br>Waived until 2020-06-30: The network appoints its guardian when it is formed. | `nhs-people-framework/wellbeing-guardian`<br>Interim NHS People Plan, New operating model<br>`nhs-people-framework/rules/pay-stays-national.yaml:1:5` |

    2 rules, 13 checks.

    1 rule matched nothing in this plan: nhs-people-framework/ready-before-responsible.
    "##);
}

/// Every format.
const ALL: [Format; 8] =
    [Format::Human, Format::Plain, Format::Json, Format::Sarif, Format::Junit, Format::GitHub, Format::GitLab, Format::Markdown];

/// A pipe that takes a little at a time.
struct Slow<'t>(&'t mut Vec<u8>);

impl Write for Slow<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let some = bytes.get(..4_000).unwrap_or(bytes);
        self.0.extend_from_slice(some);
        Ok(some.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn ten_megabytes_through_a_pipe_lose_nothing() {
    let sample = Sample::wordy();
    let told = |format: Format, plans: usize| {
        let mut out = Vec::new();
        {
            let mut renderer = renderer(format, Box::new(Slow(&mut out)), Setting::FILE);
            (0..plans).for_each(|_| renderer.plan(&sample.checked()).expect("written"));
            renderer.finish(&Tally::default()).expect("written");
        }
        String::from_utf8(out).expect("UTF-8")
    };
    for format in ALL {
        let landmarks = |text: &str| text.matches("andmark").count();
        let one = told(format, 1);
        assert!(landmarks(&one) > 0, "{format:?}");
        let plans = 10_000_000 / (told(format, 41).len() - told(format, 40).len()) + 1;
        let all = told(format, plans);
        assert!(all.len() > 10_000_000, "{format:?}: {}", all.len());
        assert_eq!(landmarks(&all), plans * landmarks(&one), "{format:?}");
        assert!(all.ends_with(&one[one.len() - 4..]), "{format:?} breaks off");
    }
}

#[test]
fn every_format_holds_the_same_findings() {
    let sample = Sample::of_each_kind();
    let human = rendered(Format::Human, &sample, Look::FILE);
    let plain = rendered(Format::Plain, &sample, Look::FILE);
    let json = json(&sample);
    let findings = json["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), sample.checked().analysis.findings.len());
    assert_eq!(human.split("\n\n").count(), findings.len() + 2, "a header, the findings, a summary");
    assert_eq!(plain.split("\n\n").count(), findings.len() + 2, "a header, the findings, a summary");
    let blocks = human.split("\n\n").skip(1).zip(plain.split("\n\n").skip(1));
    for (finding, (human, plain)) in findings.iter().zip(blocks) {
        let word = if finding["verdict"] == "fail" { &finding["severity"] } else { &finding["verdict"] }.as_str().expect("a word");
        let rule = finding["rule"].as_str().expect("a rule");
        assert!(human.starts_with(&format!("{word}  {rule}")), "{human}");
        assert!(plain.to_lowercase().starts_with(word) && plain.contains(rule), "{plain}");
        let start = &finding["location"]["start"];
        let file = finding["location"]["file"].as_str().expect("a file");
        assert!(human.contains(&format!("{file}:{}:{}", start["line"], start["column"])), "{human}");
        assert!(plain.contains(&format!("{file}, line {}, column {}", start["line"], start["column"])), "{plain}");
    }
}

#[test]
fn json_keeps_its_contract() {
    let schema: Value = serde_json::from_str(include_str!("../../../../docs/schema/check.schema.json")).expect("JSON");
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    for sample in [Sample::new(), Sample::of_each_kind()] {
        let json = json(&sample);
        let wrong: Vec<String> = schema.iter_errors(&json).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert_eq!(wrong, Vec::<String>::new());
    }
}

#[test]
fn json_has_a_line_for_each_finding() {
    let text = rendered(Format::Json, &Sample::of_each_kind(), Look::FILE);
    let lines: Vec<&str> = text.lines().map(|line| line.get(..40).unwrap_or(line).trim_end()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    {
      "remit": 1,
      "as_of": "2019-10-01",
      "packs": [
        {"name": "nhs-people-framework", "ed
      ],
      "plans": [
        {"id": "QHM", "title": "Our people,
      ],
      "findings": [
        {"id": "remit/syntax:QHM:plan QHM",
        {"id": "nhs-people-framework/pay-sta
        {"id": "nhs-people-framework/vacanci
        {"id": "nhs-people-framework/wellbei
        {"id": "nhs-people-framework/wellbei
      ],
      "together": [],
      "rules": [
        {"rule": "nhs-people-framework/pay-s
        {"rule": "nhs-people-framework/wellb
        {"rule": "nhs-people-framework/ready
      ],
      "summary": {"errors": 2, "warnings": 1
    }
    "##);
}

#[test]
fn odd_texts_are_shown_safely() {
    let long = format!("{}\"here\"{}\n", "a ".repeat(500_000), " b".repeat(500_000));
    let both = format!("first{}second\n", " ".repeat(1_000));
    for (text, words) in [
        ("", ""),
        ("\n\n\n", "\n\n"),
        ("\u{FEFF}plan \u{1b}[31m\u{202e}x\0\r\nnext", "\u{1b}[31m"),
        ("plan\r", "\r"),
        ("a {\n  b\n}\nc\n", "{\n  b\n}"),
        ("no end", "end"),
        ("日本語 \"é́\" 👩‍⚕️ x", "👩‍⚕️"),
        ("\t\ttab\tx", "x"),
        (&long, "\"here\""),
        (&both, "first"),
        (&both, &both[..both.len() - 1]),
    ] {
        for width in [1, 40, 80, 400] {
            let sample = Sample::alone(text, words, "this is odd\u{1b}[2J", "here");
            let human = rendered(Format::Human, &sample, Look { color: false, width });
            let plain = rendered(Format::Plain, &sample, Look::FILE);
            assert!(human.contains("here") && plain.contains("here"), "{human}");
            for shown in [&human, &plain] {
                assert!(!shown.contains(|character: char| character.is_control() && character != '\n'), "{shown:?}");
                assert!(shown.len() < 4_000, "{}", shown.len());
            }
        }
    }
}

#[test]
fn human_shows_the_part_of_a_long_line_that_matters() {
    let text = format!("{}\"these words\" {}\nnext\n", "before ".repeat(400), "after ".repeat(400));
    let human = rendered(Format::Human, &Sample::alone(&text, "\"these words\"", "this is odd", "here"), Look { color: false, width: 60 });
    let lines: Vec<&str> = human.lines().skip(2).take(9).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
    error  remit/syntax
      this is odd
       ╭─[odd.remit:1:2801]
     1 │ …before before before "these words" after after after …
       ·                       ──────┬──────
       ·                             ╰── here
     2 │ next
       ╰────
    "##);
}

#[test]
fn a_long_label_stands_below() {
    let label = "one trust and another trust and a third one, ".repeat(4);
    let human = rendered(Format::Human, &Sample::alone("plan for QHM {\n", "QHM", "this is odd", &label), Look::FILE);
    let lines: Vec<&str> = human.lines().skip(4).take(7).collect();
    insta::assert_snapshot!(lines.join("\n"), @r##"
      ╭─[odd.remit:1:10]
    1 │ plan for QHM {
      ·          ───
      ╰────
       here: one trust and another trust and a third one, one trust and another
             trust and a third one, one trust and another trust and a third one,
             one trust and another trust and a third one,
    "##);
}

#[test]
fn a_wrong_pack_is_shown_at_its_words() {
    let mut out = Vec::new();
    for format in [Format::Human, Format::Plain] {
        pack_errors(format, &Sample::wrong_pack(), &mut out, Look::FILE).expect("written");
        out.push(b'\n');
    }
    insta::assert_snapshot!(String::from_utf8_lossy(&out), @r##"
    error  pack/unknown-field
      a `workforce` has no `vacancy-rat`
       ╭─[packs/ours/rules/vacancies.yaml:3:9]
     2 │ each: workforce
       ·       ────┬────
       ·           ╰── each of these
     3 │ expect: vacancy-rat <= 6%
       ·         ───────────
       ╰────
         fix: write `vacancy-rate`

    1 problem in the rule packs: nothing was checked with them.

    Error in packs/ours/rules/vacancies.yaml, line 3, column 9, at the words «vacancy-rat»: A `workforce` has no `vacancy-rat`.
    Rule pack/unknown-field.
    See also packs/ours/rules/vacancies.yaml, line 2, column 7, at the words «workforce»: Each of these.
    Fix: Write `vacancy-rate`.

    Summary: 1 problem in the rule packs. Nothing was checked with them.
    "##);
}

#[test]
fn colour_is_only_where_it_may_be() {
    let sample = Sample::of_each_kind();
    let colored = rendered(Format::Human, &sample, Look { color: true, width: 80 });
    assert!(colored.contains("\u{1b}["));
    let bare = anstream::adapter::strip_str(&colored).to_string();
    assert_eq!(bare, rendered(Format::Human, &sample, Look::FILE));
    assert!(!rendered(Format::Plain, &sample, Look { color: true, width: 80 }).contains('\u{1b}'));
}
