//! Plants in training: who finishes when, who is promised twice, whom it makes a generalist; and how nursing vacancies fall.

use remit_core::time::FinancialYear;

use crate::england::draft::{Access, Draft};
use crate::england::plants::{Expected, Plant, breaks, note, warning};
use crate::england::tables::BASELINE;

const OUTPUT: &str = "output-after-training";
const ONCE: &str = "same-recruits-once";
const GENERALIST: &str = "generalist-training";
const VACANCIES: &str = "nursing-vacancies-at-five-per-cent";

pub(super) fn output_after_training() -> Vec<Plant> {
    /// Years of the horizon, counted from its first.
    type Years = &'static [i16];
    // In which years people begin, how long it takes, in which years they finish, and whether that is wrong.
    let cases: [(&str, Years, Option<&str>, Years, bool); 9] = [
        ("as soon as they can", &[1], Some("36 months"), &[4], false),
        ("a year too soon", &[1], Some("36 months"), &[3], true),
        ("in turn", &[1, 2], Some("36 months"), &[4, 5], false),
        ("some in time, and some too soon", &[1, 2], Some("36 months"), &[3, 5], true),
        ("in the year in which a year and a half is over", &[1], Some("18 months"), &[2], false),
        ("before a year and a half is over", &[2], Some("18 months"), &[2], true),
        ("and nobody says when they begin", &[], Some("36 months"), &[3], false),
        ("and nobody says how long it takes", &[1], None, &[3], false),
        ("and nobody says when", &[1], Some("36 months"), &[], false),
    ];
    cases
        .into_iter()
        .enumerate()
        .map(|(at, (what, starts, takes, yields, is_wrong))| {
            breaks(OUTPUT, format!("they finish {what}"), move |draft| {
                draft.touch("horizon", Access::Read);
                let round = draft.system.round;
                let course = draft.add("workforce", format!("pipeline course-{at} \"A course\""), &[("trains", "midwifery")]);
                starts.iter().for_each(|year| _ = course.also("starts", format!("30 headcount in {}", round.last(*year))));
                takes.iter().for_each(|takes| _ = course.set("takes", *takes));
                yields.iter().for_each(|year| _ = course.also("yields", format!("25 headcount in {}", round.last(*year))));
                is_wrong.then(|| warning(OUTPUT, format!("pipeline course-{at}"))).into_iter().collect()
            })
        })
        .collect()
}

pub(super) fn same_recruits_once() -> Vec<Plant> {
    /// What each commitment delivers, and whether it draws on the course, on another, or on both.
    type Draws = &'static [(&'static [i64], &'static [&'static str])];
    const OURS: &[&str] = &["shared"];
    let cases: [(&str, &[i64], Draws, bool); 11] = [
        ("once", &[300], &[(&[300], OURS)], false),
        ("one of them twice", &[300], &[(&[301], OURS)], true),
        ("once, by two", &[300], &[(&[200], OURS), (&[100], OURS)], false),
        ("one of them twice, by two", &[300], &[(&[200], OURS), (&[101], OURS)], true),
        ("once, over two years", &[300, 300], &[(&[300, 300], OURS)], false),
        ("one of them twice, over two years", &[300, 300], &[(&[300, 301], OURS)], true),
        ("once, and as many from elsewhere", &[300], &[(&[300], OURS), (&[300], &["other"]), (&[300], &[])], false),
        ("one of them twice, by one that draws on another as well", &[300], &[(&[301], &["shared", "other"])], true),
        ("by nobody", &[300], &[(&[500], &["other"]), (&[500], &[])], false),
        ("by one that does not say how many", &[300], &[(&[], OURS)], false),
        ("from a course that does not say how many", &[], &[(&[300], OURS)], false),
    ];
    cases
        .into_iter()
        .enumerate()
        .map(|(at, (what, yields, commitments, is_wrong))| {
            breaks(ONCE, format!("recruits are promised {what}"), move |draft| {
                draft.touch("horizon", Access::Read);
                let (round, system) = (draft.system.round, draft.system.code.clone());
                let head = |name: &str| format!("pipeline {name}-{at} \"A course\"");
                let course = draft.add("workforce", head("shared"), &[("trains", "midwifery")]);
                for (year, count) in (3..).zip(yields) {
                    course.also("yields", format!("{count} headcount in {}", round.last(year)));
                }
                let other = draft.add("workforce", head("other"), &[("trains", "midwifery")]);
                other.set("yields", format!("900 headcount in {}", round.last(3)));
                for (number, (delivers, draws)) in commitments.iter().enumerate() {
                    let due = round.ends_before(2).to_string();
                    let fields = [("on", "labour-market"), ("effect", "advise"), ("owner", &*system), ("due", &*due)];
                    let head = format!("commitment recruits-{at}-{number} \"Employ those who finish\"");
                    let commitment = draft.add("commitments", head, &fields);
                    for (year, count) in (3..).zip(*delivers) {
                        commitment.also("delivers", format!("{count} headcount of midwifery by {}", round.last(year)));
                    }
                    if !draws.is_empty() {
                        let names: Vec<String> = draws.iter().map(|name| format!("{name}-{at}")).collect();
                        commitment.set("draws-on", names.join(", "));
                    }
                }
                is_wrong.then(|| warning(ONCE, format!("pipeline shared-{at}"))).into_iter().collect()
            })
        })
        .collect()
}

pub(super) fn generalist_training() -> Vec<Plant> {
    /// Whoever is no doctor, with the whole of which doctors are a part.
    const OTHERS: [&str; 23] = [
        "all-staff",
        "professionally-qualified-clinical-staff",
        "registered-nursing",
        "midwifery",
        "ambulance-staff",
        "scientific-therapeutic-and-technical",
        "allied-health-professionals",
        "healthcare-scientists",
        "pharmacy",
        "support-to-clinical-staff",
        "support-to-doctors-nurses-and-midwives",
        "support-to-ambulance-staff",
        "support-to-scientific-staff",
        "nhs-infrastructure-support",
        "central-functions",
        "hotel-property-and-estates",
        "senior-managers",
        "managers",
        "other-staff",
        "nursing-associates",
        "physician-associates",
        "primary-care-staff",
        "adult-social-care",
    ];
    // Courses of doctors, with how many begin and whether they are generalists; the same of every other group.
    type Courses = Vec<(&'static str, i64, Option<&'static str>)>;
    type Found = Option<fn() -> Expected>;
    let fails: Found = Some(|| note(GENERALIST, "plan"));
    let unsaid: Found = Some(|| note(GENERALIST, "plan").undetermined());
    let (practice, hospital) = ("general-practitioners", "hchs-doctors");
    let courses = |what: &str, doctors: Courses, others: Option<(i64, Option<&'static str>)>, found: Found| {
        breaks(GENERALIST, what, move |draft| {
            draft.touch("horizon", Access::Read);
            draft.touch("training of doctors", Access::Write);
            let first = draft.system.round.last(1);
            let others = others.into_iter().flat_map(|(count, marked)| OTHERS.map(|group| (group, count, marked)));
            for (at, (group, count, marked)) in doctors.iter().copied().chain(others).enumerate() {
                let starts = format!("{count} headcount in {first}");
                let fields = [("trains", group), ("starts", &*starts)];
                let course = draft.add("workforce", format!("pipeline training-{at} \"A course\""), &fields);
                marked.iter().for_each(|marked| _ = course.set("generalist", *marked));
            }
            found.map(|found| found()).into_iter().collect()
        })
    };
    let (yes, no) = (Some("yes"), Some("no"));
    vec![
        courses("two thirds", vec![(practice, 20, yes), (hospital, 10, no)], None, None),
        courses("one less than two thirds", vec![(practice, 19, yes), (hospital, 11, no)], None, fails),
        courses("two thirds, in hospitals", vec![(practice, 10, no), (hospital, 20, yes)], None, None),
        courses("one less than two thirds, in hospitals", vec![(practice, 11, no), (hospital, 19, yes)], None, fails),
        courses("two thirds, and others who are not", vec![(practice, 20, yes), (hospital, 10, no)], Some((30, no)), None),
        courses("one less than two thirds, and others who are", vec![(practice, 19, yes), (hospital, 11, no)], Some((30, yes)), fails),
        courses("general practice alone, and nobody a generalist", vec![(practice, 30, no)], None, fails),
        courses("hospitals alone, and nobody a generalist", vec![(hospital, 30, no)], None, fails),
        courses("others alone, and nobody a generalist", Vec::new(), Some((30, no)), None),
        courses("a course that does not say", vec![(practice, 30, None)], None, unsaid),
    ]
}

pub(super) fn nursing_vacancies_at_five_per_cent() -> Vec<Plant> {
    // From 9.5% at the baseline the line falls by half a point a year to 5% in 2027/28.
    let falls = |what: &str, head: fn(&Draft) -> String, off: i64, found: fn(String) -> Vec<Expected>| {
        breaks(VACANCIES, what, move |draft| {
            draft.touch("horizon", Access::Read);
            let head = head(draft);
            if draft.has("workforce registered-nursing") {
                draft.remove("workforce registered-nursing");
                draft.remove("workforce professionally-qualified-clinical-staff");
            }
            let (last, wrong) = (draft.system.round.last(draft.years), draft.system.round.last(3));
            let (years, rates): (Vec<String>, Vec<String>) = (BASELINE.0..=last.0)
                .map(|year| {
                    let rate = (950 - 50 * i64::from(year - BASELINE.0)).max(500) + if year == wrong.0 { off } else { 0 };
                    (FinancialYear(year).to_string(), format!("{}.{:02}%", rate / 100, rate % 100))
                })
                .unzip();
            let fields = [("unit", "wte"), ("year", &*years.join(" ")), ("vacancy-rate", &*rates.join(" "))];
            draft.add("workforce", head.clone(), &fields);
            found(format!("{head}, {wrong}"))
        })
    };
    let system = |_: &Draft| "workforce registered-nursing".to_owned();
    let by_name = |draft: &Draft| format!("workforce registered-nursing of {}", draft.system.code);
    let trust = |draft: &Draft| format!("workforce registered-nursing of {}", draft.system.trusts[0].code);
    let high = |subject: String| vec![note(VACANCIES, subject)];
    let first = |draft: &Draft| draft.system.round.edition == "2019";
    let second = |draft: &Draft| draft.system.round.edition == "2021";
    let later = |draft: &Draft| draft.system.round.edition >= "2023";
    vec![
        falls("on the line", system, 0, |_| Vec::new()).only(first),
        falls("a hair above the line", system, 1, high).only(first),
        falls("a hair below the line", system, -1, |_| Vec::new()).only(first),
        falls("on the line of the second round", system, 0, |_| Vec::new()).only(second),
        falls("a hair above the line of the second round", system, 1, high).only(second),
        falls("on the line, by the system's name", by_name, 0, |_| Vec::new()).only(second),
        falls("a hair above the line, by the system's name", by_name, 1, high).only(second),
        falls("far above the line, in one trust", trust, 300, |_| Vec::new()).only(second),
        falls("far above the line, nursing associates", |_| "workforce nursing-associates".to_owned(), 300, |_| Vec::new()).only(second),
        falls("far above the line, in a plan of a later edition", system, 300, |_| Vec::new()).only(later),
        breaks(VACANCIES, "a table that says no rate", |draft| {
            draft.statement("workforce registered-nursing").take("vacancy-rate");
            draft.remove("workforce professionally-qualified-clinical-staff");
            Vec::new()
        })
        .only(second),
    ]
}
