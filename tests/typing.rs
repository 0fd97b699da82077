//! A plan that is checked again and again while it is typed is found to be what it is when it is read anew.

use std::cell::Cell;
use std::fs;
use std::sync::Arc;

use remit_core::check::{Checker, Opened, PlanFile, PlanText, open};
use remit_core::packs::Packs;

use crate::case;
use crate::lsp::typing::{Dice, edit, tries};

/// Everything that anyone can see of a plan.
fn seen(opened: &Opened) -> [String; 4] {
    let Opened { analysis, trees, plan, .. } = opened;
    let mut fenced: Vec<_> = plan.fenced.iter().collect();
    fenced.sort();
    [
        format!("{:#?}\n{:#?}", analysis.findings, analysis.rules),
        format!("{trees:#?}"),
        format!("{:#?}\n{:#?}", plan.entities, plan.mentions),
        format!("{:#?} {:?} {:?} {:?} {fenced:?} {}", plan.header(), plan.body, plan.horizon, plan.submitted, plan.all_fenced),
    ]
}

fn same(checker: &mut Checker, texts: &[(String, String)], packs: &Arc<Packs>) -> Arc<Opened> {
    let day = case::DAY.parse().unwrap();
    let now: Vec<PlanText> = texts.iter().map(|(path, text)| PlanText::new(path.clone(), text.clone())).collect();
    let edited = checker.check("plan", &now, packs, day);
    let files = texts.iter().map(|(path, text)| PlanFile { path: path.clone(), bytes: text.clone().into_bytes() }).collect();
    let fresh = open("plan", files, packs, day);
    for (edited, fresh) in seen(&edited).iter().zip(&seen(&fresh)) {
        if edited != fresh {
            let differs = edited.lines().zip(fresh.lines()).position(|(one, other)| one != other).unwrap_or(0);
            let around = |text: &str| text.lines().skip(differs.saturating_sub(12)).take(24).collect::<Vec<_>>().join("\n");
            panic!(
                "edited\n{}\nfresh\n{}\nin\n{}",
                around(edited),
                around(fresh),
                texts.iter().map(|(_, text)| text.as_str()).collect::<String>()
            );
        }
    }
    edited
}

/// A check that is told to stop when it has asked so often whether to, and how often it asked again then.
fn stopped(checker: &mut Checker, texts: &[(String, String)], packs: &Arc<Packs>, after: usize) -> (Option<Arc<Opened>>, usize) {
    let texts: Vec<PlanText> = texts.iter().map(|(path, text)| PlanText::new(path.clone(), text.clone())).collect();
    let asked = Cell::new(0);
    let stop = || {
        asked.set(asked.get() + 1);
        asked.get() > after
    };
    let opened = checker.check_unless("plan", &texts, packs, case::DAY.parse().unwrap(), &stop);
    (opened, asked.get().saturating_sub(after))
}

fn example(folder: &str) -> Vec<(String, String)> {
    let files = case::files(&case::root().join("examples").join(folder), ".remit");
    files.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn a_check_that_is_told_to_stop_stops_and_is_taken_up_again() {
    let packs = Arc::new(case::packs());
    let texts = example("north-east-and-north-cumbria-2019");
    let mut checker = Checker::default();
    for after in [0, 1, 10, 100] {
        let (opened, asked_on) = stopped(&mut checker, &texts, &packs, after);
        assert_eq!((opened.is_none(), asked_on), (true, 1), "after {after}");
    }
    same(&mut checker, &texts, &packs);
}

#[test]
fn what_is_edited_at_random_is_read_as_if_it_were_new() {
    let packs = Arc::new(case::packs());
    let first = vec![("plan.remit".to_owned(), fs::read_to_string(case::root().join("examples/first-plan.remit")).unwrap())];
    for (seed, start) in [first, example("ultra-vires")].into_iter().enumerate() {
        let mut dice = Dice(0xACE + seed as u64);
        let mut checker = Checker::default();
        let mut texts = start.clone();
        for _ in 0..tries(1) * 60 {
            if dice.below(8) == 0 {
                texts.clone_from(&start);
            } else {
                let at = dice.below(texts.len());
                let text = &mut texts[at].1;
                let (range, with) = edit(&mut dice, text);
                text.replace_range(range, with);
            }
            // Now and then a check is stopped on its way.
            if dice.below(3) == 0 {
                stopped(&mut checker, &texts, &packs, dice.below(200));
            }
            // Now and then somebody still looks at the last one.
            let held = same(&mut checker, &texts, &packs);
            if dice.below(5) == 0 {
                let (range, with) = edit(&mut dice, &texts[0].1);
                texts[0].1.replace_range(range, with);
                same(&mut checker, &texts, &packs);
            }
            drop(held);
        }
        assert!(checker.in_part() > 0, "never was it enough to read a part: {}", checker.in_part());
    }
}

#[test]
fn words_that_are_replaced_taken_out_and_put_in_are_read_as_if_they_were_new() {
    let packs = Arc::new(case::packs());
    for start in [example("north-east-and-north-cumbria-2019"), example("ultra-vires")] {
        let mut dice = Dice(0xBEE);
        let mut checker = Checker::default();
        for _ in 0..tries(1) * 10 {
            let mut texts = start.clone();
            same(&mut checker, &texts, &packs);
            // Lines and statements are moved, doubled, renamed and deleted, as people do.
            for _ in 0..3 {
                let at = dice.below(texts.len());
                let text = &mut texts[at].1;
                let mut parts: Vec<String> = match dice.below(2) {
                    0 => text.split_inclusive("\n\n").map(str::to_owned).collect(),
                    _ => text.split_inclusive('\n').map(str::to_owned).collect(),
                };
                let (one, other) = (dice.below(parts.len()), dice.below(parts.len()));
                match dice.below(5) {
                    0 => drop(parts.remove(one)),
                    1 => parts.insert(other, parts[one].clone()),
                    2 => parts.swap(one, other),
                    3 => parts[one] = parts[one].replace(['2', '4'], "3"),
                    _ => parts[one] = parts[one].replacen('-', "-x", 1),
                }
                *text = parts.concat();
                same(&mut checker, &texts, &packs);
            }
        }
        assert!(checker.in_part() > 2, "never was it enough to read a part: {}", checker.in_part());
    }
}
