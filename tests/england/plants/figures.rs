//! Plants in workforce tables: figures that do not follow from one another, by the smallest step that can be written.

use remit_core::time::FinancialYear;

use crate::england::draft::{Access, Draft, Statement};
use crate::england::plants::{Expected, Plant, breaks, error, holds, note, warning};
use crate::england::tables::{BASELINE, Figures};

const BASE: &str = "baseline-matches-source";
const FACT: &str = "one-fact-one-value";
const GROWTH: &str = "nursing-growth";
const UNIT: &str = "unit-is-given";
const BRIDGE: &str = "bridge-closes";
const TYPES: &str = "contract-types-sum";
const RATE: &str = "vacancy-rate-follows";
const AGENCY: &str = "agency-falls-alone";

/// Small groups for which the clean plan has no tables, and none of their whole.
const GROUPS: [&str; 3] = ["nursing-associates", "physician-associates", "primary-care-staff"];

/// The year of the horizon in which something is wrong.
fn year(draft: &mut Draft) -> FinancialYear {
    draft.touch("horizon", Access::Read);
    draft.system.round.last(3)
}

fn table(group: &str) -> String {
    format!("workforce {group}")
}

fn in_year(group: &str, year: FinancialYear) -> String {
    format!("workforce {group}, {year}")
}

/// Adds a table of a small group in which all is well: the figures stay as they are but for what `change` does from a year on.
fn small_table(draft: &mut Draft, group: &str, change: impl Fn(&mut Figures, usize)) -> FinancialYear {
    let wrong = year(draft);
    let years = usize::try_from(draft.system.round.last(draft.years).0 - BASELINE.0 + 1).unwrap_or(1);
    let at = usize::try_from(wrong.0 - BASELINE.0).unwrap_or(0);
    let mut figures = Figures {
        establishment: vec![2_200; years],
        substantive: vec![1_900; years],
        bank: vec![60; years],
        agency: vec![40; years],
        leavers: vec![180; years - 1],
        transfers: Vec::new(),
    };
    change(&mut figures, at);
    draft.touch(table(group), Access::Write);
    draft.statements.push(figures.statement(&table(group), "wte", None));
    wrong
}

/// A table in which one row is wrong in one year, by a tenth of whatever it counts.
fn off(rule: &'static str, what: &str, row: &'static str, by: i64) -> Plant {
    breaks(rule, what, move |draft| {
        let group = GROUPS[0];
        let wrong = small_table(draft, group, |_, _| {});
        draft.statement(&table(group)).change(row, wrong, |figure| figure + by);
        vec![error(rule, in_year(group, wrong))]
    })
}

/// A table without a row: the rule has nothing to say of it.
fn without(rule: &'static str, row: &'static str, also: &'static [&'static str]) -> Plant {
    holds(rule, format!("a table without `{row}`"), move |draft| {
        let group = GROUPS[1];
        small_table(draft, group, |_, _| {});
        let table: &mut Statement = draft.statement(&table(group));
        table.take(row);
        for row in also {
            table.take(row);
        }
    })
}

pub(super) fn nursing_growth() -> Vec<Plant> {
    // 3,541.59 nurses of June 2018 are the share of which exactly 500 of the 40,000 follow.
    let grows = |what: &str,
                 head: fn(&Draft) -> String,
                 unit: &'static str,
                 figures: fn(i16) -> Option<&'static str>,
                 found: fn(String) -> Vec<Expected>| {
        breaks(GROWTH, what, move |draft| {
            let head = head(draft);
            draft.touch("horizon", Access::Read);
            if draft.has(&head) {
                draft.remove(&head);
                // The parts no longer make up the whole.
                draft.remove("workforce professionally-qualified-clinical-staff");
            }
            draft.touch(format!("finding {GROWTH} {head}"), Access::Write);
            let last = draft.system.round.last(draft.years).0.max(2023);
            let (years, figures): (Vec<String>, Vec<&str>) =
                (BASELINE.0..=last).filter_map(|year| Some((FinancialYear(year).to_string(), figures(year)?))).unzip();
            let fields = [("unit", unit), ("year", &*years.join(" ")), ("in-post", &*figures.join(" "))];
            draft.add("workforce", head.clone(), &fields);
            found(head)
        })
    };
    let system = |_: &Draft| "workforce registered-nursing".to_owned();
    let too_few = |head: String| vec![note(GROWTH, head)];
    // Nothing follows from the years between.
    fn from(year: i16, in_2023: &'static str) -> Option<&'static str> {
        Some(match year {
            2018 => "3_541.59",
            2019..2023 => "3_700",
            _ => in_2023,
        })
    }
    vec![
        grows("the share to the last", system, "wte", |year| from(year, "4_041.59"), |_| Vec::new()),
        grows("a hair less than the share", system, "wte", |year| from(year, "4_041.5899"), too_few),
        grows(
            "a hair less, with no figure but of the first year and the last",
            system,
            "wte",
            |year| from(year, "4_041.5899").filter(|_| year == 2018 || year == 2023),
            too_few,
        )
        .only(|draft| draft.system.round.first.0 > 2023),
        grows("no figure of the first year", system, "wte", |year| from(year, "3_700").filter(|_| year > 2018), |_| Vec::new()),
        grows(
            "no figure of 2023/24, in a plan for it",
            system,
            "wte",
            |year| from(year, "3_700").filter(|_| year < 2023),
            |head| vec![note(GROWTH, head).undetermined()],
        )
        .only(|draft| draft.system.round.edition == "2019"),
        grows(
            "no figure of 2023/24, in a plan for the years after",
            system,
            "wte",
            |year| from(year, "3_700").filter(|_| year != 2023),
            |_| Vec::new(),
        )
        .only(|draft| draft.system.round.first.0 > 2023),
        breaks(GROWTH, "no figure of 2023/24, in a plan to the year before", |draft| {
            draft.lasts(4);
            for key in ["workforce registered-nursing", "workforce professionally-qualified-clinical-staff"] {
                draft.remove(key);
            }
            let fields =
                [("unit", "wte"), ("year", "2018/19 2019/20 2020/21 2021/22 2022/23"), ("in-post", "3_541.59 3_700 3_700 3_700 3_700")];
            draft.add("workforce", "workforce registered-nursing", &fields);
            vec![warning("five-year-horizon", "plan")]
        })
        .only(|draft| draft.system.round.edition == "2019"),
        grows(
            "people, and not whole-time equivalents",
            system,
            "headcount",
            |year| if year == 2018 { Some("3_541") } else { Some("3_542") },
            |_| Vec::new(),
        ),
        grows(
            "the nurses of one trust",
            |draft| format!("workforce registered-nursing of {}", draft.system.trusts[0].code),
            "wte",
            |year| from(year, "3_541.59"),
            |_| Vec::new(),
        ),
        grows("midwives", |_| "workforce midwifery".to_owned(), "wte", |year| from(year, "3_541.59"), |_| Vec::new()),
        breaks(GROWTH, "the nurses of the system, by its name", |draft| {
            let head = format!("workforce registered-nursing of {}", draft.system.code);
            let mut table = draft.read("workforce registered-nursing");
            draft.remove("workforce registered-nursing");
            draft.remove("workforce professionally-qualified-clinical-staff");
            table.head.clone_from(&head);
            let figures: Vec<String> = table.get("year").unwrap_or_default().split(' ').map(|_| "3_541.59".to_owned()).collect();
            for row in
                ["establishment", "substantive", "bank", "agency", "joiners", "leavers", "transfers", "vacancy-rate", "baseline-from"]
            {
                table.take(row);
            }
            table.set("in-post", figures.join(" "));
            draft.touch(head.clone(), Access::Write);
            draft.touch("horizon", Access::Read);
            draft.statements.push(table);
            vec![note(GROWTH, head)]
        }),
    ]
}

pub(super) fn baseline_matches_source() -> Vec<Plant> {
    // The fact gives one place more than the table: what it is rounded to is what has to be written.
    let given = |what: &str, digit: &'static str, found: Option<Expected>| {
        breaks(BASE, what, move |draft| {
            let table = draft.read("workforce registered-nursing");
            let first = table.get("in-post").and_then(|row| row.split_whitespace().next()).unwrap_or_default();
            let place = if first.contains('.') { "" } else { "." };
            let value = format!("{first}{place}{digit} wte");
            draft.statement("fact nurses-in-post").set("value", value);
            found.clone().into_iter().collect()
        })
    };
    vec![
        given("a fact that rounds up to another figure", "6", Some(error(BASE, "workforce registered-nursing"))),
        given("a fact that rounds to the figure", "4", None),
        breaks(BASE, "a fact that is one less", |draft| {
            let mut changed = draft.read("workforce registered-nursing");
            changed.change("in-post", BASELINE, |figure| figure - 10);
            let first = changed.get("in-post").and_then(|row| row.split_whitespace().next()).unwrap_or_default().to_owned();
            draft.statement("fact nurses-in-post").set("value", format!("{first} wte"));
            vec![error(BASE, "workforce registered-nursing")]
        }),
    ]
}

pub(super) fn one_fact_one_value() -> Vec<Plant> {
    // A second fact, beside the one that the clean plan has, and which of its fields the first loses.
    type Fields = Vec<(&'static str, &'static str)>;
    let fact = |what: &str, change: fn(&mut Fields), lost: Option<&'static str>, found: Option<fn(&str, String) -> Expected>| {
        breaks(FACT, what, move |draft| {
            let mut fields = vec![("measure", "\"Nurses in post, June 2018\""), ("value", "1_234.5 wte"), ("dated", "2018-06-30")];
            change(&mut fields);
            draft.statement("fact nurses-in-post");
            if let Some(word) = lost {
                draft.statement("fact nurses-in-post").take(word);
            }
            draft.add("workforce", "fact nurses-elsewhere", &fields);
            let both = ["fact nurses-in-post", "fact nurses-elsewhere"].map(str::to_owned);
            found.into_iter().flat_map(|found| both.clone().map(|subject| found(FACT, subject))).collect()
        })
    };
    let wrong: Option<fn(&str, String) -> Expected> = Some(warning);
    vec![
        breaks(FACT, "the same with another value, and a third of another day", |draft| {
            draft.statement("fact nurses-in-post");
            for (name, value, dated) in [("nurses-elsewhere", "1_234.5 wte", "2018-06-30"), ("nurses-later", "1_240.5 wte", "2018-07-01")] {
                let fields = [("measure", "\"Nurses in post, June 2018\""), ("value", value), ("dated", dated)];
                draft.add("workforce", format!("fact {name}"), &fields);
            }
            ["fact nurses-in-post", "fact nurses-elsewhere"].into_iter().map(|subject| warning(FACT, subject)).collect()
        }),
        fact("the same of another day", |fields| fields[2].1 = "2018-07-01", None, None),
        fact("the same of no day", |fields| fields.truncate(2), None, wrong),
        fact("the same, where the first has no day", |_| {}, Some("dated"), wrong),
        fact("something else", |fields| fields[0].1 = "\"Midwives in post, June 2018\"", None, None),
        fact("the same without a value", |fields| fields.retain(|(word, _)| *word != "value"), None, None),
        fact("nothing that is named", |fields| fields.retain(|(word, _)| *word != "measure"), None, None),
        fact(
            "nothing that is named, and no day",
            |fields| {
                fields.remove(0);
                fields.pop();
            },
            None,
            None,
        ),
        holds(FACT, "the same with the same value", |draft| {
            let fields = draft.read("fact nurses-in-post").fields;
            draft.statement("fact nurses-in-post");
            draft.add("workforce", "fact nurses-elsewhere", &[]).fields = fields;
        }),
    ]
}

pub(super) fn unit_is_given() -> Vec<Plant> {
    vec![breaks(UNIT, "a table without a unit", |draft| {
        draft.statement("workforce nhs-infrastructure-support").take("unit");
        vec![error(UNIT, "workforce nhs-infrastructure-support")]
    })]
}

pub(super) fn bridge_closes() -> Vec<Plant> {
    vec![
        off(BRIDGE, "a tenth too many joiners", "joiners", 1),
        off(BRIDGE, "a tenth too few joiners", "joiners", -1),
        without(BRIDGE, "in-post", &[]),
        without(BRIDGE, "joiners", &[]),
        without(BRIDGE, "leavers", &[]),
    ]
}

pub(super) fn contract_types_sum() -> Vec<Plant> {
    vec![
        off(TYPES, "a tenth too many in the bank", "bank", 1),
        off(TYPES, "a tenth too few in the bank", "bank", -1),
        without(TYPES, "in-post", &[]),
        without(TYPES, "substantive", &[]),
        without(TYPES, "bank", &[]),
        without(TYPES, "agency", &[]),
    ]
}

pub(super) fn vacancy_rate_follows() -> Vec<Plant> {
    vec![
        off(RATE, "a tenth of a per cent too high", "vacancy-rate", 1),
        off(RATE, "a tenth of a per cent too low", "vacancy-rate", -1),
        without(RATE, "vacancy-rate", &[]),
        without(RATE, "establishment", &[]),
        without(RATE, "in-post", &[]),
    ]
}

/// Agency staff fall, and the table does not say how many others there are.
fn unsaid(row: &'static str, group: &'static str) -> Plant {
    holds(AGENCY, format!("agency falls in a table without `{row}`"), move |draft| {
        small_table(draft, group, |figures, at| shift(&mut figures.agency, at, -10));
        draft.statement(&table(group)).take(row).take("in-post");
    })
}

/// Moves a row up or down from a year on.
fn shift(row: &mut [i64], at: usize, by: i64) {
    row.iter_mut().skip(at).for_each(|figure| *figure += by);
}

pub(super) fn agency_falls_alone() -> Vec<Plant> {
    let moved = |what: &str, group: &'static str, change: fn(&mut Figures, usize), found: Option<fn(&str, String) -> Expected>| {
        breaks(AGENCY, what, move |draft| {
            let wrong = small_table(draft, group, change);
            found.map(|found| found(AGENCY, in_year(group, wrong))).into_iter().collect()
        })
    };
    vec![
        moved("nothing moves", GROUPS[2], |_, _| {}, None),
        moved("agency falls by a tenth, alone", GROUPS[2], |figures, at| shift(&mut figures.agency, at, -1), Some(warning)),
        moved(
            "agency falls, substantive staff rise by a tenth",
            GROUPS[2],
            |figures, at| {
                shift(&mut figures.agency, at, -1);
                shift(&mut figures.substantive, at, 1);
                shift(&mut figures.bank, at, -1);
            },
            None,
        ),
        moved(
            "agency falls, bank staff rise by a tenth",
            GROUPS[2],
            |figures, at| {
                shift(&mut figures.agency, at, -1);
                shift(&mut figures.substantive, at, -1);
                shift(&mut figures.bank, at, 1);
            },
            None,
        ),
        moved(
            "everything falls by a tenth",
            GROUPS[2],
            |figures, at| {
                shift(&mut figures.agency, at, -1);
                shift(&mut figures.substantive, at, -1);
                shift(&mut figures.bank, at, -1);
            },
            Some(warning),
        ),
        unsaid("agency", GROUPS[0]),
        unsaid("substantive", GROUPS[1]),
        unsaid("bank", GROUPS[2]),
    ]
}
