//! Plants in what adds up: parts of groups, rows of tables, and what a target changes by.

use remit_core::time::FinancialYear;

use crate::england::draft::{Access, Draft, Statement};
use crate::england::plants::{Plant, breaks, error};
use crate::england::tables::shown;

const PARTS: &str = "parts-sum-to-whole";
const ROWS: &str = "rows-sum-to-whole";
const CHANGE: &str = "change-is-explicit";

/// Groups with two of their parts; for one trust, and not for the system, whose tables have figures of their own.
const FAMILIES: [[&str; 3]; 3] = [
    ["scientific-therapeutic-and-technical", "allied-health-professionals", "pharmacy"],
    ["hchs-doctors", "consultants", "specialty-registrars"],
    ["nhs-infrastructure-support", "managers", "central-functions"],
];

/// The years of the horizon, the one among them in which something is wrong, and a row that stays at a figure but for that year.
fn years(draft: &mut Draft) -> (String, FinancialYear, impl Fn(i64, i64) -> String + use<>) {
    draft.touch("horizon", Access::Read);
    let (round, count) = (draft.system.round, draft.years);
    let years: Vec<String> = (1..=count).map(|year| round.last(year).to_string()).collect();
    let row =
        move |figure: i64, then: i64| (1..=count).map(|year| shown(if year == 3 { then } else { figure })).collect::<Vec<_>>().join(" ");
    (years.join(" "), round.last(3), row)
}

/// A figure for each cell of the system's own support staff, and one tenth more in the third year of the horizon.
fn one_too_many(draft: &mut Draft) -> (Statement, FinancialYear) {
    draft.touch("horizon", Access::Read);
    let wrong = draft.system.round.last(3);
    let mut table = draft.read("workforce nhs-infrastructure-support");
    table.change("in-post", wrong, |figure| figure + 1);
    (table, wrong)
}

pub(super) fn parts_sum_to_whole() -> Vec<Plant> {
    // What the whole says of being complete, and the whole in the third year, whose parts are 200 and 100 (in tenths).
    let cases: [(&str, Option<&str>, i64, bool); 9] = [
        ("complete, and the same", Some("yes"), 3_000, false),
        ("complete, and a tenth more than its parts", Some("yes"), 3_001, true),
        ("complete, and a tenth less than its parts", Some("yes"), 2_999, true),
        ("a tenth more than its parts", None, 3_001, false),
        ("the same as its parts", None, 3_000, false),
        ("a tenth less than its parts", None, 2_999, true),
        ("not complete, and a tenth more than its parts", Some("no"), 3_001, false),
        ("not complete, and the same", Some("no"), 3_000, false),
        ("not complete, and a tenth less than its parts", Some("no"), 2_999, true),
    ];
    let mut plants = vec![breaks(PARTS, "one part that is a tenth more than the whole", |draft| {
        let (table, wrong) = one_too_many(draft);
        let [years, in_post] = ["year", "in-post"].map(|word| table.get(word).unwrap_or_default().to_owned());
        draft.add("workforce", "workforce managers", &[("unit", "wte"), ("year", &*years), ("in-post", &*in_post)]);
        vec![error(PARTS, format!("workforce nhs-infrastructure-support, {wrong}"))]
    })];
    plants.extend(cases.into_iter().enumerate().map(|(at, (what, complete, whole, is_wrong))| {
        breaks(PARTS, format!("a whole that is {what}"), move |draft| {
            let (years, wrong, row) = years(draft);
            let trust = draft.system.trusts[0].code.clone();
            let [group, one, other] = FAMILIES[at % 3];
            for (part, figure) in [(one, 2_000), (other, 1_000)] {
                let fields = [("unit", "wte"), ("year", &*years), ("in-post", &*row(figure, figure))];
                draft.add("workforce", format!("workforce {part} of {trust}"), &fields);
            }
            let figures = row(3_000, whole);
            let mut fields = vec![("unit", "wte"), ("year", &*years), ("in-post", &*figures)];
            fields.extend(complete.map(|complete| ("complete", complete)));
            let head = format!("workforce {group} of {trust}");
            draft.add("workforce", head.clone(), &fields);
            is_wrong.then(|| error(PARTS, format!("{head}, {wrong}"))).into_iter().collect()
        })
    }));
    plants.push(breaks(PARTS, "a whole that is complete, of which the plan has no part", |draft| {
        let (years, _, row) = years(draft);
        let trust = draft.system.trusts[0].code.clone();
        let fields = [("unit", "wte"), ("complete", "yes"), ("year", &*years), ("in-post", &*row(3_000, 3_000))];
        draft.add("workforce", format!("workforce support-to-clinical-staff of {trust}"), &fields);
        Vec::new()
    }));
    plants.push(breaks(PARTS, "a whole that gives posts, and nobody in them", |draft| {
        let (years, _, row) = years(draft);
        let trust = draft.system.trusts[0].code.clone();
        for (group, word) in [("support-to-clinical-staff", "establishment"), ("support-to-ambulance-staff", "in-post")] {
            let fields = [("unit", "wte"), ("complete", "yes"), ("year", &*years), (word, &*row(3_000, 3_000))];
            draft.add("workforce", format!("workforce {group} of {trust}"), &fields);
        }
        Vec::new()
    }));
    plants
}

pub(super) fn rows_sum_to_whole() -> Vec<Plant> {
    // What the rows say of being complete, the second of them in the third year (the first is 200, the whole 300), and what they measure.
    let cases: [(&str, Option<&str>, i64, bool); 9] = [
        ("are complete, and make up the whole", Some("yes"), 1_000, false),
        ("are complete, and a tenth less than the whole", Some("yes"), 999, true),
        ("are complete, and a tenth more than the whole", Some("yes"), 1_001, true),
        ("are a tenth less than the whole", None, 999, false),
        ("make up the whole", None, 1_000, false),
        ("are a tenth more than the whole", None, 1_001, true),
        ("are not complete, and a tenth less than the whole", Some("no"), 999, false),
        ("are not complete, and make up the whole", Some("no"), 1_000, false),
        ("are not complete, and a tenth more than the whole", Some("no"), 1_001, true),
    ];
    let mut plants = vec![breaks(ROWS, "one row that is a tenth more than the whole", |draft| {
        let (table, wrong) = one_too_many(draft);
        let [years, in_post] = ["year", "in-post"].map(|word| table.get(word).unwrap_or_default().to_owned());
        let fields = [("measure", "in-post"), ("unit", "wte"), ("year", &*years), ("nhs", &*in_post)];
        draft.add("workforce", "workforce nhs-infrastructure-support by sector", &fields);
        vec![error(ROWS, format!("workforce nhs-infrastructure-support by sector, {wrong}"))]
    })];
    plants.extend(cases.into_iter().enumerate().map(|(at, (what, complete, second, is_wrong))| {
        breaks(ROWS, format!("rows that {what}"), move |draft| {
            let (years, wrong, row) = years(draft);
            let trust = draft.system.trusts[0].code.clone();
            let head = format!("workforce {} of {trust}", FAMILIES[at % 3][0]);
            let whole = [("unit", "wte"), ("year", &*years), ("in-post", &*row(3_000, 3_000))];
            draft.add("workforce", head.clone(), &whole);
            let (one, other) = (row(2_000, 2_000), row(1_000, second));
            let mut fields = vec![("measure", "in-post"), ("unit", "wte"), ("year", &*years), ("nhs", &*one), ("social-care", &*other)];
            fields.extend(complete.map(|complete| ("complete", complete)));
            let divided = format!("{head} by sector");
            draft.add("workforce", divided.clone(), &fields);
            is_wrong.then(|| error(ROWS, format!("{divided}, {wrong}"))).into_iter().collect()
        })
    }));
    for (what, measure, has_whole) in
        [("rows of which there is no whole", "in-post", false), ("rows of something else, that do not add up", "establishment", true)]
    {
        plants.push(breaks(ROWS, what, move |draft| {
            let (years, _, row) = years(draft);
            let trust = draft.system.trusts[0].code.clone();
            let head = format!("workforce support-to-clinical-staff of {trust}");
            if has_whole {
                draft.add("workforce", head.clone(), &[("unit", "wte"), ("year", &*years), ("in-post", &*row(3_000, 3_000))]);
            }
            let (one, other) = (row(2_000, 2_000), row(900, 900));
            let fields =
                [("measure", measure), ("complete", "yes"), ("unit", "wte"), ("year", &*years), ("nhs", &*one), ("social-care", &*other)];
            draft.add("workforce", format!("{head} by sector"), &fields);
            Vec::new()
        }));
    }
    plants
}

pub(super) fn change_is_explicit() -> Vec<Plant> {
    // From where, to what, and by how much; the years are the plan's own.
    let cases: [(Option<&str>, Option<&str>, &str, bool); 18] = [
        (Some("40%"), None, "50 points", false),
        (Some("40%"), None, "50%", true),
        (None, None, "50 points", true),
        (None, None, "50%", true),
        (Some("200 wte"), None, "15%", false),
        (Some("200 wte"), None, "15 points", true),
        (Some("200 wte"), Some("230 wte"), "15%", false),
        (Some("200 wte"), Some("230 wte"), "15.1%", true),
        (Some("200 wte"), Some("230 wte"), "14.9%", true),
        (Some("200 wte"), Some("230 wte"), "15 points", true),
        (Some("20_138.8 wte"), Some("23_298.8 wte"), "15.7%", false),
        (Some("20_138.8 wte"), Some("23_298.8 wte"), "15.6%", true),
        (Some("8.0%"), Some("4.4%"), "-3.6 points", false),
        (Some("8.0%"), Some("4.4%"), "-3.5 points", true),
        (Some("8.0%"), Some("4.4%"), "-3.7 points", true),
        (Some("8.0%"), Some("4.4%"), "-45%", true),
        (Some("8%"), Some("4%"), "-50 points", true),
        (Some("8.04%"), Some("4.4%"), "-3.6 points", false),
    ];
    cases
        .into_iter()
        .enumerate()
        .map(|(at, (from, to, change, is_wrong))| {
            let said = |what: Option<&str>| what.map_or("-".to_owned(), str::to_owned);
            breaks(CHANGE, format!("from {} to {}, a change of {change}", said(from), said(to)), move |draft| {
                draft.touch("horizon", Access::Read);
                let (first, last) = (draft.system.round.last(1), draft.system.round.last(draft.years));
                let from = from.map(|from| format!("{from} in {first}"));
                let to = to.map(|to| format!("{to} by {last}"));
                // Where the plan says to what, the change is of the same day.
                let change = if to.is_some() { change.to_owned() } else { format!("{change} by {last}") };
                let owner = draft.system.code.clone();
                let mut fields = vec![("measure", "\"What is to change\"")];
                fields.extend(from.as_deref().map(|from| ("from", from)));
                fields.extend(to.as_deref().map(|to| ("to", to)));
                fields.extend([("change", &*change), ("owner", &*owner)]);
                draft.add("workforce", format!("target aim-{at} \"A change\""), &fields);
                is_wrong.then(|| error(CHANGE, format!("target aim-{at}"))).into_iter().collect()
            })
        })
        .collect()
}
