//! Every format holds the same findings, over the whole suite; SARIF is valid, and what GitHub shows stays within what it shows.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::case;
use crate::cli::{FORMATS, Folder, run_on};
use crate::lsp::agreement::corpus;

/// What a format tells of a finding, as far as all of them do: how it stands, its rule, and its place.
type Said = (String, String, String);

/// Reads what a format holds.
type Reader = fn(&str) -> Vec<Said>;

/// The text that is the same in several formats: `Error in FILE, line N, column M, …` and a line `Rule …`.
fn of_text(text: &str) -> Said {
    let (first, rest) = text.split_once('\n').unwrap_or_else(|| panic!("one line: {text}"));
    let (word, place) = first.split_once(" in ").unwrap_or_else(|| panic!("no place: {first}"));
    let (file, place) = place.split_once(", line ").unwrap_or_else(|| panic!("no line: {first}"));
    let (line, place) = place.split_once(", column ").unwrap_or_else(|| panic!("no column: {first}"));
    let column: String = place.chars().take_while(char::is_ascii_digit).collect();
    let rule = rest.lines().find_map(|line| line.strip_prefix("Rule ")).unwrap_or_else(|| panic!("no rule: {text}"));
    let rule: String = rule.chars().take_while(|character| !matches!(character, ',' | ' ')).collect();
    (word.to_lowercase(), rule.trim_end_matches('.').to_owned(), format!("{file}:{line}:{column}"))
}

fn sorted(mut said: Vec<Said>) -> Vec<Said> {
    said.sort();
    said
}

fn text_of<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer} in {value}"))
}

fn of_json(text: &str) -> Vec<Said> {
    let json: Value = serde_json::from_str(text).expect("JSON");
    let one = |finding: &Value| {
        let word = match (finding["consultation"].as_bool(), text_of(finding, "/verdict")) {
            (Some(true), _) => "consultation",
            _ if finding["known"] == true => "known",
            (_, "fail") => text_of(finding, "/severity"),
            (_, verdict) => verdict,
        };
        let place = &finding["location"];
        let place = format!("{}:{}:{}", text_of(place, "/file"), place["start"]["line"], place["start"]["column"]);
        (word.to_owned(), text_of(finding, "/rule").to_owned(), place)
    };
    sorted(json["findings"].as_array().expect("findings").iter().map(one).collect())
}

fn decoded(uri: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).expect("digits"), 16).expect("a byte"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

fn of_sarif(text: &str) -> Vec<Said> {
    let sarif: Value = serde_json::from_str(text).expect("JSON");
    let run = &sarif["runs"][0];
    let one = |result: &Value| {
        let word = match text_of(result, "/kind") {
            "review" => "consultation",
            _ if result.get("baselineState").is_some_and(|state| state == "unchanged") => "known",
            "open" => "undetermined",
            _ if result.get("suppressions").is_some() => "waived",
            _ => text_of(result, "/level"),
        };
        let place = &result["locations"][0]["physicalLocation"];
        let file = decoded(text_of(place, "/artifactLocation/uri"));
        let rule = text_of(result, "/ruleId");
        let component = match result.pointer("/rule/toolComponent/index").and_then(Value::as_u64) {
            Some(at) => &run["tool"]["extensions"][usize::try_from(at).expect("small")],
            None => &run["tool"]["driver"],
        };
        let at = usize::try_from(result["rule"]["index"].as_u64().expect("a number")).expect("small");
        assert_eq!(component["rules"][at]["id"], rule, "the rule is not where the result says");
        (word.to_owned(), rule.to_owned(), format!("{file}:{}:{}", place["region"]["startLine"], place["region"]["startColumn"]))
    };
    sorted(run["results"].as_array().expect("results").iter().map(one).collect())
}

fn of_junit(text: &str) -> Vec<Said> {
    let report = quick_junit::Report::deserialize_from_str(text).expect("JUnit");
    let mut said = Vec::new();
    let mut failures = 0;
    for case in report.test_suites.iter().flat_map(|suite| &suite.test_cases) {
        match &case.status {
            quick_junit::TestCaseStatus::Success { .. } => continue,
            quick_junit::TestCaseStatus::NonSuccess { description, .. } => {
                failures += 1;
                said.push(of_text(description.as_deref().expect("a text")));
            }
            quick_junit::TestCaseStatus::Skipped { description, .. } => said.push(of_text(description.as_deref().expect("a text"))),
        }
    }
    assert_eq!(report.failures, failures);
    assert_eq!(report.tests, report.test_suites.iter().map(|suite| suite.test_cases.len()).sum::<usize>());
    let mut names = BTreeMap::new();
    for case in report.test_suites.iter().flat_map(|suite| &suite.test_cases) {
        *names.entry((case.classname.as_deref(), case.name.as_str())).or_insert(0) += 1;
    }
    let twice: Vec<_> = names.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "servers show one of these only: {twice:?}");
    sorted(said)
}

fn of_plain(text: &str) -> Vec<Said> {
    const WORDS: [&str; 7] = ["Error in ", "Warning in ", "Note in ", "Undetermined in ", "Waived in ", "Consultation in ", "Known in "];
    sorted(text.split("\n\n").filter(|block| WORDS.iter().any(|word| block.starts_with(word))).map(of_text).collect())
}

/// What GitHub marks, and what else the log says: the properties of each mark have to say the same as its text.
fn of_github(text: &str) -> Vec<Said> {
    let unescaped = |text: &str| text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%");
    let mut said = Vec::new();
    let mut marks: BTreeMap<&str, usize> = BTreeMap::new();
    for line in text.lines().filter(|line| line.starts_with("::") && line.contains(" file=")) {
        let (command, data) = line[2..].split_once("::").expect("a command");
        let (kind, properties) = command.split_once(' ').expect("properties");
        *marks.entry(kind).or_default() += 1;
        let property = |name: &str| properties.split(',').find_map(|one| one.strip_prefix(name)).map(unescaped).unwrap_or_default();
        let told = of_text(&unescaped(data));
        assert!(told.2.starts_with(&format!("{}:{}:", property("file="), property("line="))), "{line}");
        said.push(told);
    }
    assert!(marks.iter().all(|(kind, count)| ["error", "warning", "notice"].contains(kind) && *count <= 10), "{marks:?}");
    let rest = text.split_once("::group::").and_then(|(_, rest)| rest.split_once("::endgroup::")).map_or("", |(rest, _)| rest);
    said.extend(of_plain(rest.split_once('\n').map_or("", |(_, rest)| rest)));
    sorted(said)
}

fn of_gitlab(text: &str) -> Vec<Said> {
    let report: Value = serde_json::from_str(text).expect("JSON");
    let findings = report.as_array().expect("a list");
    let mut prints: Vec<&str> = findings.iter().map(|finding| text_of(finding, "/fingerprint")).collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), findings.len(), "GitLab shows one of each fingerprint only");
    let one = |finding: &Value| {
        let told = of_text(text_of(finding, "/content/body"));
        assert_eq!(told.1, text_of(finding, "/check_name"));
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&text_of(finding, "/severity")));
        let place = &finding["location"];
        assert!(told.2.starts_with(&format!("{}:{}:", text_of(place, "/path"), place["lines"]["begin"])), "{finding}");
        told
    };
    sorted(findings.iter().map(one).collect())
}

fn of_markdown(text: &str) -> Vec<Said> {
    let row = |line: &str| {
        let line = line.replace("\\|", "\u{0}");
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [word, place, _, rule] = cells.as_slice() else { panic!("{} cells: {line}", cells.len()) };
        let rule = rule.split("<br>").next().expect("a rule");
        let bare = |cell: &str| cell.trim_matches(['*', '`']).replace('\u{0}', "|");
        (bare(word), bare(rule), bare(place))
    };
    let rows = text.lines().skip_while(|line| !line.starts_with("| ---")).skip(1).take_while(|line| line.starts_with('|'));
    sorted(rows.map(row).collect())
}

/// The headlines: the places stand in pictures.
fn of_human(text: &str) -> Vec<(String, String)> {
    const WORDS: [&str; 7] = ["error", "warning", "note", "undetermined", "waived", "consultation", "known"];
    let headline = |line: &str| {
        let (word, rule) = line.split_once("  ")?;
        let rule = rule.split(' ').next()?;
        (WORDS.contains(&word) && rule.contains('/')).then(|| (word.to_owned(), rule.to_owned()))
    };
    let mut said: Vec<_> = text.lines().filter_map(headline).collect();
    said.sort();
    said
}

#[test]
fn every_format_holds_the_same_findings() {
    let folder = corpus();
    consulted(&folder);
    fs::create_dir(folder.0.join("out")).expect("a folder");
    // Half of what is found is known before.
    folder.remit("baseline --output known.json");
    let known: Vec<String> = folder.read("known.json").lines().map(str::to_owned).collect();
    let half: Vec<&str> =
        known.iter().enumerate().filter(|(at, line)| !line.starts_with("    {") || at % 2 == 0).map(|(_, line)| line.as_str()).collect();
    let half = half.join("\n").replace("},\n  ]", "}\n  ]");
    folder.write("half.json", half.as_bytes());
    let formats: String = FORMATS.iter().map(|format| format!(" --format {format}=out/{format}")).collect();
    let told = folder.remit(&format!("check --baseline half.json{formats}"));
    assert_eq!(told.code, 1, "{}", told.err);
    let of = |format: &str| folder.read(&format!("out/{format}"));
    let json = of_json(&of("json"));
    assert!(json.len() > 900, "only {} findings", json.len());
    for word in ["error", "warning", "note", "undetermined", "waived", "consultation", "known"] {
        assert!(json.iter().any(|said| said.0 == word), "no finding of the corpus is {word}");
    }
    let readers: [(&str, Reader); 6] = [
        ("sarif", of_sarif),
        ("junit", of_junit),
        ("plain", of_plain),
        ("github", of_github),
        ("gitlab", of_gitlab),
        ("markdown", of_markdown),
    ];
    for (format, read) in readers {
        same(format, &read(&of(format)), &json);
    }
    let bare = |said: &[Said]| said.iter().map(|(word, rule, _)| (word.clone(), rule.clone())).collect::<Vec<_>>();
    let mut words = bare(&json);
    words.sort();
    assert!(of_human(&of("human")) == words, "human holds other findings than json");
    valid_sarif(&of("sarif"));
}

/// A plan with a pack that is put to consultation.
fn consulted(folder: &Folder) {
    folder.write("consulted/remit.yaml", b"as-of: 2019-10-01\npacks: [ours]\n");
    folder.write(
        "consulted/ours/pack.yaml",
        b"name: ours\ntitle: Ours\nversion: 1.0.0\nstatus: consultation\ntier: region\nextends: nhs-people-framework\nsources: { guide: { title: Guide } }\n",
    );
    folder.write(
        "consulted/ours/rules/dated.yaml",
        b"id: dated\nseverity: error\nsource: { document: guide }\neach: commitment\nexpect: due is given\nmessage: \"there is no day\"\n",
    );
    folder.write("consulted/ours/rules/dated.md", b"# A commitment has a day\n\nWhoever promises says until when.\n");
    folder.write(
        "consulted/plans/plan.remit",
        b"plan \"Ours | *theirs* @all\" for QHM {\n  horizon 2019/20 to 2023/24\n}\ncommitment a \"::error::x | `y\" { on staff-experience }\n",
    );
}

fn same(format: &str, said: &[Said], json: &[Said]) {
    let lacks = |these: &[Said], those: &[Said]| these.iter().filter(|one| !those.contains(one)).take(5).cloned().collect::<Vec<_>>();
    let (only_json, only_here) = (lacks(json, said), lacks(said, json));
    assert!(
        said == json,
        "{format} holds {} findings, json {}\nonly json: {only_json:#?}\nonly {format}: {only_here:#?}",
        said.len(),
        json.len()
    );
}

fn valid_sarif(text: &str) {
    let schema = fs::read_to_string(case::root().join("tests/formats/sarif-schema-2.1.0.json")).expect("the schema");
    // In one pattern, of languages that we do not name, the schema has a bracket that closes nothing: most engines read it as itself.
    let schema: Value = serde_json::from_str(&schema.replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$")).expect("JSON");
    let schema = jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{error}"));
    let sarif: Value = serde_json::from_str(text).expect("JSON");
    let wrong: Vec<String> = schema.iter_errors(&sarif).take(5).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn the_exit_code_is_the_same_for_each_format_alone() {
    let folder = Folder::with(&[
        ("a/plan.remit", "plan \"Ours\" for QHM {\n  horizon 2019/20 to 2023/24\n}\n"),
        ("b/plan.remit", "plan \"Ours\" for QHM {\n  horizon 2019/20 to 2023/25\n}\n"),
    ]);
    folder.write(
        "d/plan.remit",
        b"plan \"Ours\" for QHM {\n  horizon 2019/20 to 2023/24\n}\ncommitment a \"Pay\" { on pay-policy; owner QHM; due 2020-03-31 }\n",
    );
    for (words, code) in
        [("check a", 0), ("check a --fail-on warning", 1), ("check b", 1), ("check d", 0), ("check d --strict", 4), ("check c", 2)]
    {
        for format in FORMATS {
            assert_eq!(folder.remit(&format!("{words} --format {format}")).code, code, "{words} --format {format}");
        }
    }
}

#[test]
fn sarif_tells_of_rules_fixes_and_waivers() {
    let folder = corpus();
    let told = folder.remit("check examples/ultra-vires examples/north-east-and-north-cumbria-2019 --format sarif --as-of 2019-10-01");
    let sarif = told.json();
    let run = &sarif["runs"][0];
    let of_pack = |name: &str| {
        let all = run["tool"]["extensions"].as_array().expect("extensions");
        all.iter().find(|pack| pack["name"] == name).unwrap_or_else(|| panic!("no pack {name}"))
    };
    let rules = of_pack("nhs-people-framework")["rules"].as_array().expect("rules");
    let pay = rules.iter().find(|rule| rule["id"] == "nhs-people-framework/pay-stays-national").expect("a rule");
    assert!(text_of(pay, "/help/markdown").contains("## "), "{pay}");
    assert_eq!(text_of(pay, "/defaultConfiguration/level"), "error");
    let results = run["results"].as_array().expect("results");
    let result = results.iter().find(|result| result["ruleId"] == "nhs-people-framework/pay-stays-national").expect("a result");
    assert_eq!(text_of(result, "/fixes/0/artifactChanges/0/replacements/0/insertedContent/text"), "dhsc");
    assert!(!result["relatedLocations"].as_array().expect("related places").is_empty(), "{result}");
    assert_eq!(text_of(result, "/partialFingerprints/remitFinding~1v1").len(), 12);
    assert_eq!(run["properties"]["rules"].as_array().map(Vec::len), folder_rules(&folder));
}

fn folder_rules(folder: &Folder) -> Option<usize> {
    let told =
        folder.remit("check examples/ultra-vires examples/north-east-and-north-cumbria-2019 --format json --as-of 2019-10-01").json();
    told["rules"].as_array().map(Vec::len)
}

#[test]
fn a_rule_leads_to_its_page_where_its_pack_says_where_that_is() {
    let folder = Folder::with(&[
        ("remit.yaml", "packs: [ours]\n"),
        ("plan.remit", "plan \"Ours\" for QHM {\n  horizon 2019/20 to 2023/24\n}\ncommitment a \"More\" { on staff-experience }\n"),
        (
            "ours/pack.yaml",
            "name: ours\ntitle: Ours\nversion: 1.0.0\npages: https://packs.example.org/rules/\ntier: region\nextends: nhs-people-framework\nsources: { guide: { title: Guide } }\n",
        ),
        (
            "ours/rules/dated.yaml",
            "id: dated\nseverity: note\nsource: { document: guide }\neach: commitment\nexpect: due is given\nmessage: \"there is no day\"\n",
        ),
        ("ours/rules/dated.md", "# A commitment has a day\n\nWhoever promises says until when.\n"),
    ]);
    let sarif = folder.remit("check --format sarif").json();
    let all = sarif["runs"][0]["tool"]["extensions"].as_array().expect("extensions").clone();
    let ours = all.iter().find(|pack| pack["name"] == "ours").expect("our pack");
    assert_eq!(text_of(ours, "/rules/0/helpUri"), "https://packs.example.org/rules/ours/dated.html");
    folder.write("ours/pack.yaml", folder.read("ours/pack.yaml").replace("https:", "javascript:").as_bytes());
    let told = folder.remit("check --format sarif");
    assert_eq!(told.code, 3);
    assert!(told.err.contains("`javascript://packs.example.org/rules/` is no place of a site"), "{}", told.err);
}

#[test]
fn github_gets_a_page_of_the_run_within_its_limit() {
    let folder = Folder::new();
    let faults = "fact x { value 2028/30 }\n".repeat(200);
    for number in 0..30 {
        folder.write(&format!("{number}/plan.remit"), faults.as_bytes());
    }
    folder.write("page.md", b"What another step said.\n");
    let page = folder.0.join("page.md").to_string_lossy().into_owned();
    let mut out = Vec::new();
    let today = remit_core::time::Date::constant(2019, 10, 1);
    let told = run_on(&folder.0, "check --format github", &mut out, today, &|name| (name == "GITHUB_STEP_SUMMARY").then(|| page.clone()));
    assert_eq!((told.code, told.err.as_str()), (1, ""));
    let log = String::from_utf8(out).expect("UTF-8");
    assert_eq!(log.lines().filter(|line| line.starts_with("::error ")).count(), 10);
    assert_eq!(of_github(&log), of_json(&folder.remit("check --format json").out));
    let text = folder.read("page.md");
    assert!(
        text.starts_with("What another step said.\n**6,000 errors") || text.starts_with("What another step said.\n**"),
        "{}",
        &text[..200]
    );
    assert!(text.len() < 1 << 20, "{}", text.len());
    let left_out: usize = text
        .lines()
        .find_map(|line| line.strip_suffix(" more findings are not shown here, for want of room: the other reports hold them."))
        .expect("what is left out")
        .parse()
        .expect("a number");
    assert_eq!(left_out + of_markdown(&text).len(), of_json(&folder.remit("check --format json").out).len());
}
