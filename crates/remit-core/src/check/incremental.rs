//! A plan that is checked again and again while it is typed: the work grows with the edit, and hardly with the plan.
//!
//! INVARIANT: what is found is what [`open_texts`] finds in the same texts. Wherever that is not certain, it is asked.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::check::memo::Memo;
use crate::check::{Asked, Everything, Opened, PlanText, ask, finish, read, rule_names};
use crate::model::rebuild::{self, Records};
use crate::model::{Plan, Reading, same_assessments};
use crate::packs::Packs;
use crate::problem::Problem;
use crate::source::FileId;
use crate::syntax::tree::Tree;
use crate::syntax::{self, Parsed};
use crate::time::Date;

/// What was wrong with the form of a file, and whether it can be read in parts.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) problems: Vec<Problem>,
    pub(super) is_closed: bool,
}

/// What is kept from one check to the next.
#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) forms: Vec<Form>,
    pub(super) records: Records,
    pub(super) memo: Memo,
}

/// Checks a plan again and again.
#[derive(Debug, Default)]
pub struct Checker {
    last: Option<Last>,
    in_part: u64,
}

#[derive(Debug)]
struct Last {
    path: String,
    as_of: Date,
    packs: Arc<Packs>,
    texts: Vec<PlanText>,
    kept: Kept,
    came_to: CameTo,
}

/// What came of a check.
#[derive(Debug)]
enum CameTo {
    /// It was finished.
    Opened(Arc<Opened>),
    /// It was stopped, after the plan was read: what rules had said by then is remembered.
    Read(Box<(Trees, Plan)>),
}

type Trees = Vec<(FileId, Tree)>;

/// What a check of other texts begins with.
enum Begun {
    /// The same texts.
    Known(Arc<Opened>),
    Read(Box<Everything>),
}

impl Checker {
    /// Checks a plan as [`crate::check::open`] does. Nobody else should hold what came of the last check: it is taken back.
    pub fn check(&mut self, path: &str, texts: &[PlanText], packs: &Arc<Packs>, as_of: Date) -> Arc<Opened> {
        loop {
            if let Some(opened) = self.check_unless(path, texts, packs, as_of, &|| false) {
                return opened;
            }
        }
    }

    /// Checks a plan as [`Checker::check`] does, unless it is told to stop, for which it asks before each subject of a rule. Little is lost then:
    /// the next check goes on from there.
    pub fn check_unless(
        &mut self,
        path: &str,
        texts: &[PlanText],
        packs: &Arc<Packs>,
        as_of: Date,
        stop: &dyn Fn() -> bool,
    ) -> Option<Arc<Opened>> {
        if stop() {
            return None;
        }
        let last = self.last.take().filter(|last| last.path == path && last.as_of == as_of && Arc::ptr_eq(&last.packs, packs));
        let (begun, mut kept) = match last.map(|last| last.edited(texts)) {
            Some(Ok(begun)) => {
                self.in_part += 1;
                begun
            }
            _ => {
                let mut kept = Kept::default();
                let everything = read(texts, packs, as_of, Some(&mut kept));
                (Begun::Read(Box::new(everything)), kept)
            }
        };
        let opened = match begun {
            Begun::Known(opened) => Ok(opened),
            Begun::Read(everything) => {
                let mut asked = Asked::default();
                match ask(&everything, packs, &mut asked, Some((&mut kept.memo, stop))) {
                    ControlFlow::Continue(()) => Ok(Arc::new(finish(path, *everything, packs, as_of, asked))),
                    ControlFlow::Break(()) => Err((everything.trees, everything.plan)),
                }
            }
        };
        let (opened, came_to) = match opened {
            Ok(opened) => (Some(opened.clone()), CameTo::Opened(opened)),
            Err(read) => (None, CameTo::Read(Box::new(read))),
        };
        self.last = Some(Last { path: path.to_owned(), as_of, packs: packs.clone(), texts: texts.to_vec(), kept, came_to });
        opened
    }

    /// How often it was enough to read a part.
    pub fn in_part(&self) -> u64 {
        self.in_part
    }
}

impl Last {
    /// The beginning of a check of other texts; the whole has to be read where there is none.
    fn edited(self, texts: &[PlanText]) -> Result<(Begun, Kept), ()> {
        let Self { as_of, packs, texts: old, mut kept, came_to, .. } = self;
        if old.len() != texts.len() || old.iter().zip(texts).any(|(old, new)| old.source.path() != new.source.path()) {
            return Err(());
        }
        let differs = |(old, new): (&PlanText, &PlanText)| {
            old.fault.is_some() || new.fault.is_some() || (!Arc::ptr_eq(&old.source, &new.source) && old.source.text() != new.source.text())
        };
        let mut changed = old.iter().zip(texts).enumerate().filter(|(_, both)| differs(*both)).map(|(at, _)| at);
        let at = changed.next();
        if changed.next().is_some() {
            return Err(());
        }
        // What somebody still looks at stays as it is; else it is used again.
        let (mut trees, mut plan): (Trees, Plan) = match came_to {
            CameTo::Opened(opened) if at.is_none() => return Ok((Begun::Known(opened), kept)),
            CameTo::Opened(opened) => match Arc::try_unwrap(opened) {
                Ok(opened) => (opened.trees, opened.plan),
                Err(opened) => (opened.trees.clone(), opened.plan.clone()),
            },
            CameTo::Read(read) => *read,
        };
        plan.shortlists.forget();
        let mut sources = packs.sources.clone();
        texts.iter().for_each(|text| {
            sources.add(text.source.clone());
        });
        let rule_names = rule_names(&packs);
        if let Some(at) = at {
            let (before, after) = (old.get(at).ok_or(())?, texts.get(at).ok_or(())?);
            if before.fault.is_some() || after.fault.is_some() {
                return Err(());
            }
            let (file, tree) = trees.get_mut(at).ok_or(())?;
            let file = *file;
            let form = kept.forms.get_mut(at).ok_or(())?;
            let mut parsed = Parsed {
                tree: std::mem::take(tree),
                problems: std::mem::take(&mut form.problems),
                is_closed: form.is_closed,
                ends_itself: true,
            };
            let spliced = syntax::splice::splice(file, before.source.text(), after.source.text(), &mut parsed).ok_or(())?;
            *tree = parsed.tree;
            form.problems = parsed.problems;
            let reading = Reading { sources: &sources, vocabulary: &packs.vocabulary, files: &trees, as_of, rules: &rule_names };
            let touched = rebuild::rebuild(reading, &mut plan, &mut kept.records, file, &spliced).ok_or(())?;
            kept.memo.edit(&touched, spliced.shift);
        }
        let reading = Reading { sources: &sources, vocabulary: &packs.vocabulary, files: &trees, as_of, rules: &rule_names };
        let mut problems: Vec<Problem> = kept.forms.iter().flat_map(|form| &form.problems).cloned().collect();
        problems.extend(kept.records.problems().cloned());
        same_assessments(reading, &plan.entities, &mut problems);
        Ok((Begun::Read(Box::new(Everything { sources, trees, plan, problems })), kept))
    }
}
