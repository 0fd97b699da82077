//! A tiny plan, as somebody might draw it on paper; as many of them as you like from a seed; and how each is written.

use std::fmt::Write as _;

use crate::hostile::Random;
use crate::oracle::days::{Day, Span, day};

/// Who there is, from the trusts up to the nation. Two names may be one body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Body {
    Somewhere,
    Elsewhere,
    Northgate,
    Midlands,
    /// The North West by its name, and by its code.
    NorthWest,
    Y62,
    NhsEngland,
}

/// The tiers, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tier {
    Organisation,
    System,
    Region,
    Nation,
}

impl Body {
    pub(crate) const ALL: [Self; 7] =
        [Self::Somewhere, Self::Elsewhere, Self::Northgate, Self::Midlands, Self::NorthWest, Self::Y62, Self::NhsEngland];

    pub(crate) fn written(self) -> &'static str {
        match self {
            Self::Somewhere => "somewhere",
            Self::Elsewhere => "elsewhere",
            Self::Northgate => "northgate",
            Self::Midlands => "midlands",
            Self::NorthWest => "north-west",
            Self::Y62 => "Y62",
            Self::NhsEngland => "nhs-england",
        }
    }

    pub(crate) fn shown(self) -> &'static str {
        match self {
            Self::Somewhere => "Somewhere",
            Self::Elsewhere => "Elsewhere",
            Self::Northgate => "Northgate",
            Self::Midlands => "Midlands",
            Self::NorthWest | Self::Y62 => "North West",
            Self::NhsEngland => "NHS England",
        }
    }

    pub(crate) fn tier(self) -> Tier {
        match self {
            Self::Northgate => Tier::Organisation,
            Self::Somewhere | Self::Elsewhere => Tier::System,
            Self::Midlands | Self::NorthWest | Self::Y62 => Tier::Region,
            Self::NhsEngland => Tier::Nation,
        }
    }
}

/// The functions of the drafts: those that have a gate first.
pub(crate) const FUNCTIONS: [&str; 4] = ["workforce-planning", "system-deployment", "supply-and-retention", "staff-experience"];
pub(crate) const GATED: [&str; 3] = ["workforce-planning", "system-deployment", "supply-and-retention"];
pub(crate) const LEVELS: [&str; 4] = ["emerging", "developing", "maturing", "thriving"];
pub(crate) const WAITING: [&str; 3] = ["international-recruitment", "continuing-professional-development", "senior-manager-regulation"];
pub(crate) const PLACES: [&str; 2] = ["north", "south"];
pub(crate) const EVIDENCE: [&str; 3] = ["review", "survey", "audit"];
pub(crate) const FUNDS: [&str; 3] = ["levy", "reserve", "grant"];
pub(crate) const PLEDGES: [&str; 3] = ["nurses", "learning", "standards"];
pub(crate) const RULES: [&str; 3] = ["ready-before-responsible", "one-accountable-body", "funding-before-commitment"];
pub(crate) const OUTCOMES: [&str; 3] = ["Spending Review", "Levy transfer", "Capital bid"];

#[derive(Debug, Clone)]
pub(crate) struct Accountable {
    pub(crate) bodies: Vec<Body>,
    pub(crate) from: Option<Day>,
    pub(crate) until: Option<Day>,
    pub(crate) place: Option<&'static str>,
}

#[derive(Debug, Clone)]
pub(crate) struct Responsibility {
    pub(crate) function: &'static str,
    pub(crate) accountable: Vec<Accountable>,
}

#[derive(Debug, Clone)]
pub(crate) struct Readiness {
    pub(crate) function: &'static str,
    pub(crate) body: Option<Body>,
    pub(crate) level: Option<usize>,
    pub(crate) assessed: Option<Day>,
    pub(crate) by: Option<Body>,
    pub(crate) evidence: Vec<&'static str>,
    /// On how many conditions it holds.
    pub(crate) conditions: usize,
}

#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    pub(crate) name: &'static str,
    pub(crate) dated: Option<Day>,
    pub(crate) valid: Option<Span>,
}

#[derive(Debug, Clone)]
pub(crate) struct Waiver {
    pub(crate) rule: &'static str,
    pub(crate) name: &'static str,
    pub(crate) until: Option<Day>,
    pub(crate) because: bool,
    pub(crate) approved: Option<(Day, Option<Body>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    Confirmed,
    Planned,
    Unfunded,
    SubjectTo(&'static str),
}

#[derive(Debug, Clone)]
pub(crate) struct Funding {
    pub(crate) name: &'static str,
    pub(crate) status: Option<Status>,
}

#[derive(Debug, Clone)]
pub(crate) struct Commitment {
    pub(crate) name: &'static str,
    pub(crate) on: Option<&'static str>,
    pub(crate) funding: Vec<&'static str>,
}

/// A plan of the system Somewhere.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub(crate) as_of: Day,
    /// The years in which the horizon's first and last financial years begin.
    pub(crate) years: (i32, i32),
    pub(crate) submitted: Option<Day>,
    pub(crate) settlement: Option<Day>,
    pub(crate) responsibilities: Vec<Responsibility>,
    pub(crate) readiness: Vec<Readiness>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) fundings: Vec<Funding>,
    pub(crate) commitments: Vec<Commitment>,
    pub(crate) waivers: Vec<Waiver>,
}

impl Draft {
    pub(crate) fn first_day(&self) -> Day {
        day(self.years.0, 4, 1)
    }

    pub(crate) fn last_day(&self) -> Day {
        day(self.years.1 + 1, 3, 31)
    }

    /// The plan's text.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("# As of {}.\nplan \"A\" for somewhere {{\n  framework nhs-people-framework 2019\n", self.as_of);
        let year = |year: i32| format!("{year}/{:02}", (year + 1) % 100);
        let _ = writeln!(text, "  horizon {} to {}", year(self.years.0), year(self.years.1));
        line(&mut text, "submitted", self.submitted.map(|day| day.to_string()));
        text.push_str("}\nsystem somewhere \"Somewhere\"\n");
        let used = |name: &str, text: &str| text.contains(name);
        let mut rest = String::new();
        self.write_statements(&mut rest);
        for (name, statement) in [
            ("elsewhere", "system elsewhere \"Elsewhere\"\n"),
            ("northgate", "organisation northgate \"Northgate\" { kind acute-trust }\n"),
            ("for north", "place north \"The north\" in somewhere\n"),
            ("for south", "place south \"The south\" in somewhere\n"),
        ] {
            if used(name, &rest) {
                text.push_str(statement);
            }
        }
        text + &rest
    }

    fn write_statements(&self, text: &mut String) {
        for Responsibility { function, accountable } in &self.responsibilities {
            let _ = writeln!(text, "responsibility {function} {{");
            for Accountable { bodies, from, until, place } in accountable {
                let bodies: Vec<_> = bodies.iter().map(|body| body.written()).collect();
                let _ = write!(text, "  accountable {}", bodies.join(", "));
                from.iter().for_each(|day| write!(text, " from {day}").unwrap());
                until.iter().for_each(|day| write!(text, " until {day}").unwrap());
                place.iter().for_each(|place| write!(text, " for {place}").unwrap());
                text.push('\n');
            }
            text.push_str("}\n");
        }
        for Readiness { function, body, level, assessed, by, evidence, conditions } in &self.readiness {
            let body = body.map(|body| format!(" for {}", body.written())).unwrap_or_default();
            let _ = writeln!(text, "readiness {function}{body} {{");
            line(text, "level", level.map(|level| LEVELS[level].to_owned()));
            let by = by.map(|by| format!(" by {}", by.written())).unwrap_or_default();
            line(text, "assessed", assessed.map(|day| format!("{day}{by}")));
            line(text, "evidence", (!evidence.is_empty()).then(|| evidence.join(", ")));
            (0..*conditions).for_each(|_| line(text, "condition", Some("\"Leavers are counted\"".to_owned())));
            text.push_str("}\n");
        }
        for Evidence { name, dated, valid } in &self.evidence {
            let _ = writeln!(text, "evidence {name} {{");
            line(text, "dated", dated.map(|day| day.to_string()));
            line(
                text,
                "valid",
                valid.map(|span| match span {
                    Span::Days(days) => format!("{days} days"),
                    Span::Months(months) => format!("{months} months"),
                }),
            );
            text.push_str("}\n");
        }
        self.settlement.iter().for_each(|day| writeln!(text, "event spending-review-settlement {day}").unwrap());
        for Funding { name, status } in &self.fundings {
            let status = status.map(|status| match status {
                Status::Confirmed => "confirmed".to_owned(),
                Status::Planned => "planned".to_owned(),
                Status::Unfunded => "unfunded".to_owned(),
                Status::SubjectTo(what) => format!("subject-to \"{what}\""),
            });
            let _ = writeln!(text, "funding {name} {{");
            line(text, "status", status);
            text.push_str("}\n");
        }
        for Commitment { name, on, funding } in &self.commitments {
            let _ = writeln!(text, "commitment {name} {{");
            line(text, "on", on.map(str::to_owned));
            line(text, "funding", (!funding.is_empty()).then(|| funding.join(", ")));
            text.push_str("}\n");
        }
        for Waiver { rule, name, until, because, approved } in &self.waivers {
            let _ = writeln!(text, "waiver {rule} for {name} {{");
            line(text, "until", until.map(|day| day.to_string()));
            line(text, "because", because.then(|| "\"It is agreed\"".to_owned()));
            line(
                text,
                "approved",
                approved.map(|(day, by)| format!("{day}{}", by.map(|by| format!(" by {}", by.written())).unwrap_or_default())),
            );
            text.push_str("}\n");
        }
    }

    /// That a waiver names nothing of the plan is a fault of its own.
    fn drop_waivers_of_nothing(&mut self) {
        let names: Vec<_> =
            self.responsibilities.iter().map(|one| one.function).chain(self.commitments.iter().map(|one| one.name)).collect();
        self.waivers.retain(|waiver| names.contains(&waiver.name));
    }

    /// Every plan that is this one with something less.
    pub(crate) fn simpler(&self) -> Vec<Self> {
        let mut all = Vec::new();
        let mut with = |change: &dyn Fn(&mut Self)| {
            let mut draft = self.clone();
            change(&mut draft);
            draft.drop_waivers_of_nothing();
            if draft.text() != self.text() {
                all.push(draft);
            }
        };
        (0..self.responsibilities.len()).for_each(|at| with(&|draft| drop(draft.responsibilities.remove(at))));
        (0..self.readiness.len()).for_each(|at| with(&|draft| drop(draft.readiness.remove(at))));
        (0..self.waivers.len()).for_each(|at| with(&|draft| _ = draft.waivers.remove(at)));
        (0..self.commitments.len()).for_each(|at| with(&|draft| drop(draft.commitments.remove(at))));
        for name in self.evidence.iter().map(|evidence| evidence.name) {
            with(&|draft| {
                draft.evidence.retain(|evidence| evidence.name != name);
                draft.readiness.iter_mut().for_each(|readiness| readiness.evidence.retain(|evidence| *evidence != name));
            });
        }
        for name in self.fundings.iter().map(|funding| funding.name) {
            with(&|draft| {
                draft.fundings.retain(|funding| funding.name != name);
                draft.commitments.iter_mut().for_each(|commitment| commitment.funding.retain(|funding| *funding != name));
            });
        }
        for (at, responsibility) in self.responsibilities.iter().enumerate() {
            for (place, accountable) in responsibility.accountable.iter().enumerate() {
                with(&|draft| drop(draft.responsibilities[at].accountable.remove(place)));
                if accountable.bodies.len() > 1 {
                    with(&|draft| draft.responsibilities[at].accountable[place].bodies.truncate(1));
                    with(&|draft| _ = draft.responsibilities[at].accountable[place].bodies.remove(0));
                }
                with(&|draft| draft.responsibilities[at].accountable[place].from = None);
                with(&|draft| draft.responsibilities[at].accountable[place].until = None);
                with(&|draft| draft.responsibilities[at].accountable[place].place = None);
            }
        }
        (0..self.evidence.len()).for_each(|at| with(&|draft| draft.evidence[at].valid = None));
        (0..self.readiness.len()).for_each(|at| with(&|draft| draft.readiness[at].conditions = 0));
        with(&|draft| draft.settlement = None);
        with(&|draft| draft.submitted = None);
        with(&|draft| draft.years.1 = draft.years.0);
        all
    }
}

fn line(text: &mut String, field: &str, value: Option<String>) {
    value.iter().for_each(|value| writeln!(text, "  {field} {value}").unwrap());
}

/// How old evidence may be, in drafts where much is as it should be: about as old as it may be, or younger.
const AGES: [Span; 6] = [Span::Months(24), Span::Months(23), Span::Months(6), Span::Months(12), Span::Days(90), Span::Days(30)];

/// Picks one.
fn one<T: Copy>(random: &mut Random, of: &[T]) -> T {
    of[random.below(of.len())]
}

/// Yes, so often in a hundred.
fn chance(random: &mut Random, percent: usize) -> bool {
    random.below(100) < percent
}

/// Somewhere near a day on which something may change.
fn some_day(random: &mut Random, near: &[Day]) -> Day {
    let base = match random.below(4) {
        0 => day(2018 + random.below(6) as i32, 1 + random.below(12) as i32, 1 + random.below(28) as i32),
        1 => day(2020, 2, 29),
        _ => one(random, near),
    };
    let moved = match random.below(8) {
        0 => base.back(Span::Months(24)),
        1 => base.back(Span::Months(one(random, &[1, 3, 6, 12]))),
        2 => base.months_later(one(random, &[1, 3, 6, 12, 24])),
        _ => base,
    };
    match random.below(4) {
        0 => moved.next(),
        1 => moved.previous(),
        _ => moved,
    }
}

/// A plan from numbers that look random.
pub(crate) fn draft(random: &mut Random) -> Draft {
    let first = 2018 + random.below(4) as i32;
    let years = (first, first + random.below(5) as i32);
    let mut near =
        vec![day(years.0, 4, 1), day(years.1 + 1, 3, 31), day(years.0, 12, 31), day(2020, 1, 31), day(2019, 8, 31), day(2020, 4, 1)];
    // Often a day by which everything is known.
    let as_of = if chance(random, 40) { day(2026, 11, 30) } else { some_day(random, &near) };
    near.push(as_of);
    near.push(as_of);
    let near = &near;
    let maybe_day = |random: &mut Random, percent| chance(random, percent).then(|| some_day(random, near));
    let evidence: Vec<_> = EVIDENCE[..random.below(4)]
        .iter()
        .map(|name| Evidence {
            name,
            dated: if chance(random, 50) { Some(near[0].back(one(random, &AGES))) } else { maybe_day(random, 92) },
            valid: chance(random, 35)
                .then(|| one(random, &[Span::Months(1), Span::Months(6), Span::Months(12), Span::Months(36), Span::Days(90)])),
        })
        .collect();
    let mut responsibilities = Vec::new();
    let mut readiness: Vec<Readiness> = Vec::new();
    for function in FUNCTIONS {
        if chance(random, 45) {
            let accountable = (0..random.below(4)).map(|_| accountable(random, near)).collect();
            responsibilities.push(Responsibility { function, accountable });
        }
        for _ in 0..random.below(4) {
            let one = Readiness {
                function,
                body: chance(random, 40).then(|| one(random, &[Body::Somewhere, Body::Elsewhere])),
                level: chance(random, 95).then(|| one(random, &[0, 1, 2, 2, 2, 3, 3])),
                assessed: if chance(random, 50) { Some(near[0].back(Span::Days(random.below(40) as i32))) } else { maybe_day(random, 90) },
                by: (!chance(random, 8))
                    .then(|| one(random, &[Body::Midlands, Body::NorthWest, Body::NhsEngland, Body::Midlands, Body::Somewhere])),
                evidence: evidence.iter().map(|evidence| evidence.name).filter(|_| chance(random, 60)).collect(),
                conditions: if chance(random, 12) { 1 + random.below(2) } else { 0 },
            };
            // Two assessments of one body on one day are a fault of their own.
            let same = |other: &&Readiness| {
                (other.function, other.assessed, other.body.unwrap_or(Body::Somewhere))
                    == (one.function, one.assessed, one.body.unwrap_or(Body::Somewhere))
            };
            if !readiness.iter().any(|other| same(&other)) {
                readiness.push(one);
            }
        }
    }
    let fundings: Vec<_> = FUNDS[..random.below(4)].iter().map(|name| Funding { name, status: status(random) }).collect();
    let commitments = PLEDGES[..random.below(4)]
        .iter()
        .map(|name| Commitment {
            name,
            on: (!chance(random, 5)).then(|| if chance(random, 85) { one(random, &WAITING) } else { "staff-experience" }),
            funding: fundings.iter().map(|funding| funding.name).filter(|_| chance(random, 60)).collect(),
        })
        .collect();
    let waivers = (0..random.below(4)).map(|_| waiver(random, near)).collect();
    let submitted = maybe_day(random, 70);
    let settlement = maybe_day(random, 20);
    let mut draft = Draft { as_of, years, submitted, settlement, responsibilities, readiness, evidence, fundings, commitments, waivers };
    draft.drop_waivers_of_nothing();
    draft
}

fn status(random: &mut Random) -> Option<Status> {
    match random.below(12) {
        0 => None,
        1 => Some(Status::Planned),
        2 => Some(Status::Unfunded),
        3..6 => Some(Status::Confirmed),
        _ => Some(Status::SubjectTo(one(random, &OUTCOMES))),
    }
}

fn accountable(random: &mut Random, near: &[Day]) -> Accountable {
    let who = [
        Body::Somewhere,
        Body::Somewhere,
        Body::Somewhere,
        Body::Elsewhere,
        Body::Northgate,
        Body::Midlands,
        Body::NorthWest,
        Body::Y62,
        Body::NhsEngland,
    ];
    let mut bodies = vec![one(random, &who)];
    if chance(random, 15) {
        let second = one(random, &who);
        if second.shown() != bodies[0].shown() {
            bodies.push(second);
        }
    }
    let from = chance(random, 70).then(|| some_day(random, near));
    let until = chance(random, 55).then(|| some_day(random, near));
    let (from, until) = match (from, until) {
        // Days the wrong way round, now and then.
        (Some(from), Some(until)) if until < from && !chance(random, 10) => (Some(until), Some(from)),
        days => days,
    };
    Accountable { bodies, from, until, place: chance(random, 12).then(|| one(random, &PLACES)) }
}

fn waiver(random: &mut Random, near: &[Day]) -> Waiver {
    let (rule, name) = match random.below(3) {
        0 => (RULES[1], one(random, &FUNCTIONS)),
        1 => (RULES[2], one(random, &PLEDGES)),
        _ => (RULES[0], one(random, &GATED)),
    };
    let by = one(random, &[Body::NhsEngland, Body::NhsEngland, Body::Midlands, Body::Somewhere]);
    Waiver {
        rule,
        name,
        until: (!chance(random, 5)).then(|| some_day(random, near)),
        because: !chance(random, 5),
        approved: (!chance(random, 5)).then(|| (some_day(random, near), (!chance(random, 5)).then_some(by))),
    }
}
