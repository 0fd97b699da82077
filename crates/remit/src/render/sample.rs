//! A plan's analysis with a finding of each kind, for the tests of every format.

use remit_core::check::{Analysis, PlanInfo, RuleCount};
use remit_core::packs::edition::{Edition, InForce};
use remit_core::packs::{PackErrors, PackInfo, Packs};
use remit_core::problem::{Citation, Finding, Problem, Severity, Verdict, WaiverUse};
use remit_core::source::{FileId, Source, Sources, Span};
use remit_core::time::Date;

use crate::render::Checked;

const RULES: &str = "id: pay-stays-national\nseverity: error\nreserve: [pay-policy]\nto: nation\n";
const PLAN: &str = "plan \"Our people, our future\" for QHM {
  horizon    2019/20 to 2023/24
  baseline   2018/20
}

responsibility pay-policy {
  accountable  QHM                                     # refused: stays national
}

waiver wellbeing-guardian for U02739 {
  until     2020-06-30
}
";
const STAFF: &str = "workforce registered-nursing {
\tyear           2018/19  2019/20  2020/21  2021/22  2022/23  2023/24  # a year at a time, as the national returns ask
  in-post         20_139   20_559   21_019   21_439   21_739   21_989
  vacancy-rate      8.0%     7.2%     6.2%     5.3%     5.0%     4.7%
}
organisation U02739 {
}
";

/// Builds findings of one plan.
pub(crate) struct Sample {
    analysis: Analysis,
    packs: Packs,
    files: [FileId; 3],
}

fn editions() -> Vec<(String, String)> {
    vec![("nhs-people-framework".to_owned(), "2019".to_owned())]
}

impl Sample {
    /// A plan of two files, with one pack, and nothing found.
    pub(crate) fn new() -> Self {
        let mut sources = Sources::default();
        let rules = sources.add(Source::new("nhs-people-framework/rules/pay-stays-national.yaml", RULES));
        let plan = sources.add(Source::new("ours/plan.remit", PLAN));
        let staff = sources.add(Source::new("ours/staff.remit", STAFF));
        let info = PlanInfo {
            id: "QHM".to_owned(),
            title: Some("Our people, our future".to_owned()),
            path: "ours".to_owned(),
            submitted: Some(Date::constant(2019, 9, 27)),
        };
        let count = |rule: &str, matched, failed, waived| RuleCount {
            rule: format!("nhs-people-framework/{rule}"),
            matched,
            passed: matched - failed - waived,
            failed,
            undetermined: 0,
            waived,
            not_in_edition: 0,
        };
        let rules_asked =
            vec![count("pay-stays-national", 1, 0, 0), count("wellbeing-guardian", 12, 0, 0), count("ready-before-responsible", 0, 0, 0)];
        let analysis = Analysis {
            sources,
            as_of: Date::constant(2019, 10, 1),
            plan: info,
            findings: Vec::new(),
            rules: rules_asked,
            editions: editions(),
            waivers: Vec::new(),
            contributions: Vec::new(),
        };
        let infos = vec![PackInfo {
            name: "nhs-people-framework".to_owned(),
            title: "The people framework".to_owned(),
            version: "2019.1.0".to_owned(),
            publisher: None,
            pages: Some("https://packs.example.org/rules".to_owned()),
            editions: vec![Edition {
                name: "2019".to_owned(),
                title: "Interim NHS People Plan".to_owned(),
                source: None,
                in_force: InForce::From(Date::constant(2019, 6, 3)),
            }],
            is_consulted: false,
            digest: format!("sha256:{}", "0".repeat(64)),
        }];
        let packs = Packs { infos, ..Packs::default() };
        Self { analysis, packs, files: [rules, plan, staff] }
    }

    /// One finding of each kind.
    pub(crate) fn of_each_kind() -> Self {
        Self::new().syntax().national().series().undetermined().waived()
    }

    /// The same, with every finding known before that may be.
    pub(crate) fn known(mut self) -> Self {
        self.analysis.findings.iter_mut().for_each(|finding| finding.is_known = finding.verdict != Verdict::Waived);
        self
    }

    /// What a renderer takes.
    pub(crate) fn checked(&self) -> Checked<'_> {
        Checked { analysis: &self.analysis, packs: &self.packs, fail_on: Severity::Error }
    }

    /// An analysis of only some of the findings.
    pub(crate) fn only(&self, keep: &dyn Fn(Verdict, Severity) -> bool) -> Analysis {
        let of = &self.analysis;
        let kept = |finding: &&Finding| keep(finding.verdict, finding.problem.severity);
        let findings = of.findings.iter().filter(kept).cloned().collect();
        Analysis {
            sources: of.sources.clone(),
            as_of: of.as_of,
            plan: of.plan.clone(),
            findings,
            rules: of.rules.clone(),
            editions: of.editions.clone(),
            waivers: Vec::new(),
            contributions: Vec::new(),
        }
    }

    /// A pack that is wrong.
    pub(crate) fn wrong_pack() -> PackErrors {
        let mut sources = Sources::default();
        let text = "id: vacancies-fall\neach: workforce\nexpect: vacancy-rat <= 6%\n";
        let file = sources.add(Source::new("packs/ours/rules/vacancies.yaml", text));
        let start = text.find("vacancy-rat").expect("the words");
        let span = Span::new(file, start..start + 11);
        let problem = Problem::error("pack/unknown-field", span, "a `workforce` has no `vacancy-rat`")
            .also(Span::new(file, 25..34), "each of these")
            .fix("write `vacancy-rate`", span, "vacancy-rate");
        PackErrors { sources, problems: vec![problem] }
    }

    /// The place of words in a file: 0 is the pack's rule, 1 the plan, 2 the staff.
    pub(crate) fn span(&self, file: usize, words: &str) -> Span {
        let file = self.files[file];
        let start = self.analysis.sources.get(file).and_then(|source| source.text().find(words)).expect(words);
        Span::new(file, start..start + words.len())
    }

    fn add(mut self, verdict: Verdict, subject: &str, problem: Problem) -> Self {
        let of_pack = problem.rule.starts_with("nhs");
        let waiver = (verdict == Verdict::Waived).then(|| WaiverUse {
            span: self.span(1, "waiver wellbeing-guardian for U02739"),
            until: Some("2020-06-30".to_owned()),
            because: Some("The network appoints its guardian when it is formed".to_owned()),
            approved_by: Some("north-east-and-yorkshire".to_owned()),
        });
        self.analysis.findings.push(Finding {
            id: format!("{}:QHM:{subject}", problem.rule),
            plan: "QHM".to_owned(),
            subject: subject.to_owned(),
            verdict,
            source: of_pack.then(|| Citation {
                document: "interim-people-plan-2019".to_owned(),
                title: Some("Interim NHS People Plan".to_owned()),
                paragraph: Some("New operating model".to_owned()),
            }),
            tightens: None,
            is_consulted: false,
            is_known: false,
            rule_place: of_pack.then(|| self.span(0, "pay-stays-national")),
            slack: None,
            waiver,
            problem,
        });
        self
    }

    /// With such a finding.
    pub(crate) fn syntax(self) -> Self {
        let span = self.span(1, "2018/20");
        let problem = Problem::error("remit/syntax", span, "`2018/20` is not a financial year: a year ends in the year after it began")
            .help("Write the year in which it began, and the two last digits of the next")
            .fix("write `2018/19`", span, "2018/19");
        self.add(Verdict::Fail, "plan QHM", problem)
    }

    /// With such a finding.
    pub(crate) fn national(self) -> Self {
        let rule = "nhs-people-framework/pay-stays-national";
        let problem = Problem::error(rule, self.span(1, "QHM      "), "pay policy stays national: `QHM` cannot be accountable for it")
            .label("an integrated care system")
            .also(self.span(1, "pay-policy"), "this is for the nation")
            .also(self.span(0, "pay-policy"), "the rule keeps it here")
            .help("Record the system's part as `consulted`, or as a commitment that applies the national terms");
        let problem = Problem { span: Span { end: problem.span.start + 3, ..problem.span }, ..problem };
        self.add(Verdict::Fail, "responsibility pay-policy", problem)
    }

    /// With such a finding.
    pub(crate) fn series(self) -> Self {
        let problem = Problem::warning(
            "nhs-people-framework/vacancies-fall",
            self.span(2, "6.2%"),
            "the vacancy rate of registered nursing is 6.2% in 2020/21, above the 6% that the national plan asks for by then",
        )
        .label("6.2% here")
        .also(self.span(2, "2020/21"), "in this year")
        .also(self.span(1, "2019/20 to 2023/24"), "within the plan's horizon");
        self.add(Verdict::Fail, "workforce registered-nursing", problem)
    }

    /// With such a finding.
    pub(crate) fn undetermined(self) -> Self {
        let problem = Problem::error(
            "nhs-people-framework/wellbeing-guardian",
            self.span(2, "organisation U02739"),
            "whether `U02739` has a wellbeing guardian cannot be told: the register holds no evidence for 2019-10-01",
        );
        self.add(Verdict::Undetermined, "organisation U02739", problem)
    }

    /// With such a finding.
    pub(crate) fn waived(self) -> Self {
        let rule = "nhs-people-framework/wellbeing-guardian";
        let problem = Problem::error(rule, self.span(2, "U02739"), "`U02739` has no wellbeing guardian");
        self.add(Verdict::Waived, "organisation U02739", problem)
    }

    /// A plan with one finding of very many words.
    pub(crate) fn wordy() -> Self {
        let long = "as people write ".repeat(150);
        let problem = Problem::error("remit/syntax", Self::new().span(1, "2018/20"), "landmark").help("short");
        let problem = Problem { message: format!("landmark: {long}"), help: Some(long), ..problem };
        Self::new().add(Verdict::Fail, "plan QHM", problem)
    }

    /// A problem of any text, in a file of its own.
    pub(crate) fn alone(text: &str, words: &str, message: &str, label: &str) -> Self {
        let mut sample = Self::new();
        let file = sample.analysis.sources.add(Source::new("odd.remit", text));
        let start = text.find(words).expect(words);
        let problem = Problem::error("remit/syntax", Span::new(file, start..start + words.len()), message).label(label);
        sample.add(Verdict::Fail, "plan QHM", problem)
    }
}
