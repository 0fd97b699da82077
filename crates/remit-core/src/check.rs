//! The one door for every window: texts, packs and a date in; findings and counts out.

mod builtin;
pub(crate) mod gather;
mod incremental;
mod memo;
mod repeated;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::check::incremental::{Form as TextForm, Kept};
use crate::check::memo::Memo;
use crate::model::clock::Cause;
use crate::model::streams::Assumption;
use crate::model::{self, Entity, Plan, Reading};
use crate::packs::edition::InForce;
use crate::packs::{PackInfo, Packs};
use crate::problem::{Finding, Problem, Severity, Verdict};
use crate::rules::coverage::{self, Seen};
use crate::rules::judgement::Judgement;
use crate::rules::over::{self, Contribution};
use crate::rules::{Form, Rule, cover, each, gate, reserve, waiver};
use crate::source::{EncodingFault, FileId, LARGEST_FILE, Source, Sources, Span};
use crate::syntax;
use crate::syntax::tree::Tree;
use crate::time::Date;
use crate::vocabulary::{TermId, Vocabulary};

pub use crate::check::incremental::Checker;
pub(crate) use crate::check::repeated::Repeated;

/// One file of a plan, as it was read.
#[derive(Debug, Clone)]
pub struct PlanFile {
    /// The path that findings show.
    pub path: String,
    /// The bytes, whatever they are.
    pub bytes: Vec<u8>,
}

/// One file of a plan as text, with what was wrong with its bytes. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct PlanText {
    /// The text, under the path that findings show.
    pub source: Arc<Source>,
    fault: Option<Fault>,
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    Encoding(EncodingFault),
    TooLarge,
}

impl PlanText {
    /// A text that was text from the start.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self::from(Source::new(path, text))
    }
}

impl From<Source> for PlanText {
    fn from(source: Source) -> Self {
        Self { source: Arc::new(source), fault: None }
    }
}

impl From<PlanFile> for PlanText {
    fn from(file: PlanFile) -> Self {
        let too_large = file.bytes.len() > LARGEST_FILE;
        let (text, fault) = crate::source::decode(if too_large { Vec::new() } else { file.bytes });
        let fault = if too_large { Some(Fault::TooLarge) } else { fault.map(Fault::Encoding) };
        Self { source: Arc::new(Source::new(file.path, text)), fault }
    }
}

/// What a check found.
#[derive(Debug)]
pub struct Analysis {
    /// The packs' texts and the plan's, for the words and the places of findings.
    pub sources: Sources,
    /// The day as of which everything was read.
    pub as_of: Date,
    /// Which plan it is.
    pub plan: PlanInfo,
    /// Everything found, in the order of the plan's text, each file by itself.
    pub findings: Vec<Finding>,
    /// How often each rule of the packs was asked, in the order of the packs.
    pub rules: Vec<RuleCount>,
    /// The edition of each pack that the plan was checked against, by the pack's name.
    pub editions: Vec<(String, String)>,
    /// Every waiver of the plan, and whether it holds, in the order of the text.
    pub waivers: Vec<waiver::Entry>,
    /// What the plan adds to rules over many plans, for [`over::combine`].
    pub contributions: Vec<Contribution>,
}

/// A plan that was checked, with everything that was read of it.
#[derive(Debug)]
pub struct Opened {
    /// What was found.
    pub analysis: Analysis,
    /// The statements of each of its files.
    pub trees: Vec<(FileId, Tree)>,
    /// The plan with its types.
    pub plan: Plan,
    /// For each pack, the place of the edition that the plan is written to.
    pub(crate) standing: Vec<Option<usize>>,
}

/// Which plan was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanInfo {
    /// The body that the plan is for, as written; the path where no plan statement could be read.
    pub id: String,
    /// The plan's title.
    pub title: Option<String>,
    /// The file or folder.
    pub path: String,
    /// The day on which it was submitted, where it says.
    pub submitted: Option<Date>,
}

/// How often a rule was asked, and what came of it: `matched` is the sum of the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleCount {
    /// `pack/rule`.
    pub rule: String,
    /// How many subjects the rule applies to.
    pub matched: u32,
    /// Of those, how many hold.
    pub passed: u32,
    /// Of those, how many do not.
    pub failed: u32,
    /// Of those, how many cannot be told.
    pub undetermined: u32,
    /// Of those, how many do not hold and are waived.
    pub waived: u32,
    /// How many plans the rule is not asked of, because they are written to an edition in which it does not stand.
    pub not_in_edition: u32,
}

/// Everything that rules look at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Check<'c> {
    pub(crate) plan: &'c Plan,
    pub(crate) vocabulary: &'c Vocabulary,
    pub(crate) sources: &'c Sources,
    pub(crate) rules: &'c [Rule],
    /// For each pack, the place of the edition that the plan is written to.
    pub(crate) editions: &'c [Option<usize>],
}

impl Check<'_> {
    /// Whether a rule stands in the edition that the plan is written to.
    pub(crate) fn stands(&self, rule: &Rule) -> bool {
        let Some(standing) = rule.editions else { return true };
        self.editions.get(standing.pack).copied().flatten().is_none_or(|edition| standing.holds(edition))
    }

    /// What names a statement: `organisation RTD`.
    pub(crate) fn subject(&self, entity: &Entity) -> String {
        model::subject(self.vocabulary, entity)
    }

    /// The names by which a waiver may name a statement: the plan's own is that of its body.
    pub(crate) fn names(&self, entity: &Entity) -> Vec<Arc<str>> {
        let mut names = vec![entity.name.clone()];
        if self.vocabulary.kind("plan") == Some(entity.kind) {
            names.push(Arc::from(self.sources.words(self.plan_place())));
        }
        names
    }

    /// A term inside a sentence: its title, begun small where it is no name.
    pub(crate) fn title(&self, term: TermId) -> String {
        self.vocabulary.title(term)
    }

    /// The words of the plan that stand for the whole of it: its body.
    pub(crate) fn plan_place(&self) -> Span {
        let header = self.plan.header();
        let body = header.and_then(|header| header.field("body")).and_then(|field| field.values.first());
        body.map(|datum| datum.place).or(header.map(|header| header.place)).unwrap_or(Span::new(FileId(0), 0..0))
    }
}

/// Checks one plan: all its files together. `path` names the plan where it has no plan statement.
///
/// The packs were checked when they were loaded, so no rule can fail to run.
pub fn analyze(path: &str, files: Vec<PlanFile>, packs: &Packs, as_of: Date) -> Analysis {
    open(path, files, packs, as_of).analysis
}

/// Checks one plan as [`analyze`] does, and keeps what was read on the way: for windows in which people look around.
pub fn open(path: &str, files: Vec<PlanFile>, packs: &Packs, as_of: Date) -> Opened {
    let texts: Vec<PlanText> = files.into_iter().map(PlanText::from).collect();
    open_texts(path, &texts, packs, as_of)
}

/// Checks one plan as [`open`] does, whose files are texts already, as in an editor.
pub fn open_texts(path: &str, texts: &[PlanText], packs: &Packs, as_of: Date) -> Opened {
    open_assuming(path, texts, packs, as_of, &[])
}

/// Checks one plan as [`open_texts`] does, as it would be if money that waits for something arrived, or did not.
pub fn open_assuming(path: &str, texts: &[PlanText], packs: &Packs, as_of: Date, assumptions: &[Assumption]) -> Opened {
    let mut read = read(texts, packs, as_of, None);
    read.plan.assume(assumptions, &packs.vocabulary);
    conclude(path, read, packs, as_of)
}

/// What is found in a plan that was read, by these packs; without what is wrong with its form. The plan is given back.
pub(crate) fn judge_again(path: &str, sources: &Sources, plan: Plan, packs: &Packs) -> (Plan, Vec<Finding>) {
    let as_of = plan.as_of;
    let read = Everything { sources: sources.clone(), trees: Vec::new(), plan, problems: Vec::new() };
    let opened = conclude(path, read, packs, as_of);
    (opened.plan, opened.analysis.findings)
}

/// Reads a plan, without asking rules.
fn read(texts: &[PlanText], packs: &Packs, as_of: Date, mut kept: Option<&mut Kept>) -> Everything {
    let Texts { sources, trees, mut problems } = read_texts(texts, packs, kept.as_deref_mut().map(|kept| &mut kept.forms));
    let rule_names = rule_names(packs);
    let reading = Reading { sources: &sources, vocabulary: &packs.vocabulary, files: &trees, as_of, rules: &rule_names };
    let (plan, found) = match &mut kept {
        None => model::build(reading, &packs.register),
        Some(kept) => {
            let plan = model::build_and_record(reading, &packs.register, &mut kept.records);
            let mut found: Vec<Problem> = kept.records.problems().cloned().collect();
            model::same_assessments(reading, &plan.entities, &mut found);
            (plan, found)
        }
    };
    problems.extend(found);
    Everything { sources, trees, plan, problems }
}

/// Every rule, as `pack/rule`.
fn rule_names(packs: &Packs) -> Vec<Arc<str>> {
    packs.rules.iter().map(|rule| rule.id.clone()).collect()
}

/// The texts of a plan as trees, with what is wrong with their form.
struct Texts {
    sources: Sources,
    trees: Vec<(FileId, Tree)>,
    problems: Vec<Problem>,
}

fn read_texts(texts: &[PlanText], packs: &Packs, mut forms: Option<&mut Vec<TextForm>>) -> Texts {
    let mut sources = packs.sources.clone();
    let mut problems: Vec<Problem> = Vec::new();
    let mut ids = Vec::new();
    for text in texts {
        let id = sources.add(text.source.clone());
        ids.push(id);
        problems.extend(text.fault.map(|fault| {
            match fault {
                Fault::TooLarge => {
                    Problem::error("remit/too-large", Span::new(id, 0..0), "this file is larger than 64 MiB, and is not read")
                        .help("split it into several")
                }
                Fault::Encoding(fault) => builtin::encoding(id, fault),
            }
        }));
    }
    let mut trees: Vec<(FileId, Tree)> = Vec::new();
    for id in ids {
        let parsed = syntax::parse_whole(&sources, id);
        trees.push((id, parsed.tree));
        if let Some(forms) = &mut forms {
            forms.push(TextForm { problems: parsed.problems.clone(), is_closed: parsed.is_closed });
        }
        problems.extend(parsed.problems);
    }
    Texts { sources, trees, problems }
}

impl Opened {
    /// What rules look at.
    pub(crate) fn check<'c>(&'c self, packs: &'c Packs) -> Check<'c> {
        Check {
            plan: &self.plan,
            vocabulary: &packs.vocabulary,
            sources: &self.analysis.sources,
            rules: &packs.rules,
            editions: &self.standing,
        }
    }
}

/// A plan that was read.
struct Everything {
    sources: Sources,
    trees: Vec<(FileId, Tree)>,
    plan: Plan,
    problems: Vec<Problem>,
}

/// What rules said of a plan.
#[derive(Default)]
struct Asked {
    standing: Vec<Option<usize>>,
    judgements: Vec<Judgement>,
    counts: Vec<RuleCount>,
    /// The count of each rule. Rules of one name that stand in different editions are counted as one: at most one of them is asked.
    counted: Vec<usize>,
}

/// Asks the rules of a plan that was read, and gathers what is found.
fn conclude(path: &str, read: Everything, packs: &Packs, as_of: Date) -> Opened {
    let mut asked = Asked::default();
    let _ = ask(&read, packs, &mut asked, None);
    finish(path, read, packs, as_of, asked)
}

/// Asks the rules of a plan that was read. What is remembered is not asked again, and `stop` is asked before each subject whether to go on; then
/// not everything was asked.
fn ask(read: &Everything, packs: &Packs, asked: &mut Asked, mut remember: Option<(&mut Memo, &dyn Fn() -> bool)>) -> ControlFlow<()> {
    let Everything { sources, plan, .. } = read;
    asked.standing = builtin::editions(plan, sources, packs);
    asked.counted = packs.rules.iter().map(|rule| count_of(&mut asked.counts, &rule.id)).collect();
    // Without a plan statement there is no body, no horizon and no day: that is said once, and policy is not judged.
    if plan.header().is_none() {
        return ControlFlow::Continue(());
    }
    let cx = Check { plan, vocabulary: &packs.vocabulary, sources, rules: &packs.rules, editions: &asked.standing };
    let mut is_stopped = ControlFlow::Continue(());
    for (at, rule) in packs.rules.iter().enumerate() {
        plan.clock.about(Some(at));
        let count = asked.counted.get(at).and_then(|at| asked.counts.get_mut(*at));
        if cx.stands(rule) {
            match (&rule.form, &mut remember) {
                (Form::Each(form), Some((memo, stop))) => {
                    let mut passed = 0;
                    is_stopped = memo.each(&cx, (at, rule, form), &mut asked.judgements, &mut passed, *stop);
                    if let Some(count) = count {
                        count.matched += passed;
                        count.passed += passed;
                    }
                }
                _ => judge(&cx, at, rule, &mut asked.judgements),
            }
        } else if !packs.rules.iter().any(|other| other.id == rule.id && cx.stands(other))
            && let Some(count) = count
        {
            count.not_in_edition = 1;
        }
        if is_stopped.is_break() {
            break;
        }
    }
    plan.clock.about(None);
    is_stopped
}

/// Gathers what is found in a plan from what rules said of it.
fn finish(path: &str, read: Everything, packs: &Packs, as_of: Date, asked: Asked) -> Opened {
    let Everything { sources, trees, plan, mut problems } = read;
    let Asked { standing, mut judgements, mut counts, counted } = asked;
    let cx = Check { plan: &plan, vocabulary: &packs.vocabulary, sources: &sources, rules: &packs.rules, editions: &standing };
    problems.extend(builtin::plan(&cx, packs, &trees));
    let mut waivers = waiver::read(&cx);
    let mut uses = Vec::with_capacity(judgements.len());
    for judgement in &mut judgements {
        let rule = packs.rules.get(judgement.rule);
        if let Some(rule) = rule {
            not_yet(&cx, rule, judgement);
        }
        let waived = rule.and_then(|rule| waiver::decide(rule, judgement, &mut waivers));
        if waived.is_some() {
            judgement.verdict = Verdict::Waived;
        }
        uses.push(waived);
        if let Some(count) = counted.get(judgement.rule).and_then(|at| counts.get_mut(*at)) {
            count.add(judgement.verdict);
        }
    }
    plan.clock.about(None);
    let info = plan_info(&cx, path);
    let contribution = |(at, rule): (usize, &Rule)| match &rule.form {
        Form::Over(over) if cx.stands(rule) => over::contribution(&cx, at, over, &info),
        _ => None,
    };
    let contributions = packs.rules.iter().enumerate().filter_map(contribution).collect();
    let mut gathered = gather::Gather::new(&cx, &info.id);
    for (judgement, used) in judgements.into_iter().zip(uses).filter(|(judgement, _)| judgement.verdict != Verdict::Pass) {
        gathered.judgement(judgement, used);
    }
    let register = waiver::register(&cx, &waivers);
    for (subject, problem) in waiver::findings(&cx, waivers) {
        gathered.problem(problem, Some(subject));
    }
    for problem in problems {
        gathered.problem(problem, None);
    }
    let findings = gathered.finish();
    let named = |(info, edition): (&PackInfo, &Option<usize>)| Some((info.name.clone(), info.editions.get((*edition)?)?.name.clone()));
    let editions = packs.infos.iter().zip(&standing).filter_map(named).collect();
    Opened {
        analysis: Analysis { findings, as_of, plan: info, rules: counts, editions, waivers: register, contributions, sources },
        trees,
        plan,
        standing,
    }
}

/// What a plan that was checked shows of each part of a rule's `where` and `expect`, beside what has been seen of it: where the part stands, and what
/// is seen. A rule of another form has none.
pub fn note_parts(opened: &Opened, packs: &Packs, rule: &Rule, seen: &mut Vec<Seen>) {
    let Form::Each(each) = &rule.form else { return };
    let sources = &opened.analysis.sources;
    let editions = builtin::editions(&opened.plan, sources, packs);
    let cx = Check { plan: &opened.plan, vocabulary: &packs.vocabulary, sources, rules: &packs.rules, editions: &editions };
    if cx.stands(rule) && opened.plan.header().is_some() {
        coverage::note(&cx, each, seen);
    }
}

/// The place of a rule's count, which is added where there is none yet.
fn count_of(counts: &mut Vec<RuleCount>, rule: &str) -> usize {
    counts.iter().position(|count| count.rule == rule).unwrap_or_else(|| {
        counts.push(RuleCount { rule: rule.to_owned(), ..RuleCount::default() });
        counts.len() - 1
    })
}

/// Until a rule is in force, a failure is no more than a warning, and says from when.
fn not_yet(cx: &Check<'_>, rule: &Rule, judgement: &mut Judgement) {
    if judgement.verdict == Verdict::Pass {
        return;
    }
    cx.plan.clock.about(Some(judgement.rule));
    let holds = |in_force: &InForce| matches!(in_force, InForce::From(from) if cx.plan.clock.reached(*from, Cause::RuleInForce, None));
    let Some(in_force) = rule.in_force.filter(|in_force| !holds(in_force)) else { return };
    judgement.severity = judgement.severity.min(Severity::Warning);
    if judgement.verdict == Verdict::Fail {
        judgement.message = format!(
            "{} ({})",
            judgement.message,
            match in_force {
                InForce::From(from) => format!("in force from {from}"),
                InForce::NoDate => in_force.to_string(),
            }
        );
    }
}

fn judge(cx: &Check<'_>, at: usize, rule: &Rule, judgements: &mut Vec<Judgement>) {
    match &rule.form {
        Form::Reserve(form) => reserve::judge(cx, at, rule, form, judgements),
        Form::Gate(form) => gate::judge(cx, at, rule, form, judgements),
        Form::Cover(form) => cover::judge(cx, at, rule, form, judgements),
        Form::Each(form) => each::judge(cx, at, rule, form, judgements),
        // Many plans together are judged when all of them are there.
        Form::Over(_) => {}
    }
}

fn plan_info(cx: &Check<'_>, path: &str) -> PlanInfo {
    let header = cx.plan.header();
    let text = |datum: &model::value::Datum| match &datum.value {
        Some(model::value::Value::Text(text)) => Some(text.to_string()),
        _ => None,
    };
    let id = header
        .and_then(|header| header.field("body"))
        .and_then(|field| field.values.first())
        .map(|datum| cx.sources.words(datum.place).to_owned());
    PlanInfo {
        id: id.unwrap_or_else(|| path.to_owned()),
        title: header.and_then(|header| header.title.as_ref()).and_then(text),
        path: path.to_owned(),
        submitted: cx.plan.submitted,
    }
}

impl RuleCount {
    pub(crate) fn add(&mut self, verdict: Verdict) {
        self.matched += u32::from(verdict != Verdict::NotApplicable);
        match verdict {
            Verdict::Pass => self.passed += 1,
            Verdict::Fail => self.failed += 1,
            Verdict::Undetermined => self.undetermined += 1,
            Verdict::Waived => self.waived += 1,
            Verdict::NotApplicable => {}
        }
    }

    /// Adds another plan's counts of the same rule.
    pub fn merge(&mut self, other: &Self) {
        self.matched += other.matched;
        self.passed += other.passed;
        self.failed += other.failed;
        self.undetermined += other.undetermined;
        self.waived += other.waived;
        self.not_in_edition += other.not_in_edition;
    }
}

/// Whether a finding counts against a fail level: only failures do, of rules that are not put to consultation, and that were not known before.
pub fn counts_against(finding: &Finding, level: Severity) -> bool {
    !finding.is_consulted && !finding.is_known && finding.verdict == Verdict::Fail && finding.problem.severity >= level
}
