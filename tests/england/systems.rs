//! The 42 systems with the trusts and networks that the embedded register shows in them, and their staff of June 2018.

use remit_core::model::bodies::Body;
use remit_core::packs::Packs;
use remit_core::time::{Date, FinancialYear, day_before};

/// NHS Digital, HCHS staff by group and organisation (AH2324), June 2018, summed by system on the register of March 2022. OGL v3.0.
const STAFF: &str = include_str!("staff-2018-06.csv");

/// A system, as one plan sees it.
#[derive(Debug, Clone)]
pub struct System {
    /// The ODS code, or for a copy the name by which its plan declares it.
    pub code: String,
    /// For people.
    pub name: String,
    /// The region, by the name that plans use.
    pub region: String,
    /// Whether the register knows it, or its own plan declares it.
    pub known: Known,
    /// The trusts of the day on which the plan is sent in.
    pub trusts: Vec<Organisation>,
    /// The primary care networks of that day.
    pub networks: Vec<Organisation>,
    /// Staff in post in June 2018, in tenths of a whole-time equivalent.
    pub staff: Vec<(String, i64)>,
    /// Its own last day, where it is known.
    pub closed: Option<Date>,
    /// When its plan was sent in, and for which years.
    pub round: Round,
}

/// Where a body is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// The register has it.
    FromTheRegister,
    /// The plan declares it: a copy, so that there can be more systems than England has.
    FromThePlan,
}

/// A trust or a network.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// The ODS code, or the declared name.
    pub code: String,
    /// For people.
    pub name: String,
    /// Its kind, by the framework's word.
    pub kind: String,
    /// Its last day, where it is known.
    pub closed: Option<Date>,
}

/// A planning round.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// The day on which its plans are sent in.
    pub submitted: Date,
    /// The first year of the horizon.
    pub first: FinancialYear,
    /// The day of the regional assessments.
    pub assessed: Date,
    /// The day of the evidence that they rest on.
    pub evidence: Date,
    /// The edition of the framework to which its plans are written.
    pub edition: &'static str,
    /// What sort of plans they are.
    pub kind: &'static str,
    /// What the money for recruitment and learning waits for.
    pub settlement: &'static str,
}

/// The day as of which England is checked.
pub fn as_of() -> Date {
    date(2025, 9, 30)
}

pub(crate) fn date(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).expect("a day of the calendar")
}

/// When the systems of a region sent in their plans: each round is written to the edition of its day.
fn round(region: &str) -> Round {
    match region {
        "north-east-and-yorkshire" | "north-west" => Round {
            submitted: date(2019, 9, 27),
            first: FinancialYear(2019),
            assessed: date(2019, 9, 16),
            evidence: date(2019, 8, 30),
            edition: "2019",
            kind: "people-plan",
            settlement: "Spending Review 2019",
        },
        "midlands" | "east-of-england" => Round {
            submitted: date(2022, 9, 30),
            first: FinancialYear(2022),
            assessed: date(2022, 9, 16),
            evidence: date(2022, 8, 30),
            edition: "2021",
            kind: "people-plan",
            settlement: "the next spending review",
        },
        "south-east" | "london" => Round {
            submitted: date(2024, 6, 28),
            first: FinancialYear(2024),
            assessed: date(2024, 6, 14),
            evidence: date(2024, 5, 31),
            edition: "2023",
            kind: "joint-forward-plan",
            settlement: "the next spending review",
        },
        _ => Round {
            submitted: date(2025, 6, 30),
            first: FinancialYear(2025),
            assessed: date(2025, 6, 13),
            evidence: date(2025, 5, 30),
            edition: "2025",
            kind: "joint-forward-plan",
            settlement: "the next spending review",
        },
    }
}

/// The 42 systems, in the order of their codes.
pub fn systems(packs: &Packs) -> Vec<System> {
    let mut lines = STAFF.lines();
    let groups: Vec<&str> = lines.next().unwrap_or_default().split(',').skip(1).collect();
    lines
        .map(|line| {
            let (code, figures) = line.split_once(',').expect("a code, then figures");
            let staff = groups.iter().map(|group| (*group).to_owned()).zip(figures.split(',').map(tenths)).collect();
            system(packs, code, staff)
        })
        .collect()
}

fn tenths(figure: &str) -> i64 {
    figure.replace('.', "").parse().expect("a figure with one decimal")
}

fn system(packs: &Packs, code: &str, staff: Vec<(String, i64)>) -> System {
    let register = &packs.register;
    let id = register.find(code).expect("a system of the register");
    let body = register.get(id).expect("a system of the register");
    // The systems are in their regions from July 2022 on; before, the register presumes the same.
    let region = body.parent_on(date(2022, 7, 1)).value().and_then(|region| register.get(region)).expect("every system has a region");
    let region = region.alias.as_ref().unwrap_or(&region.code).to_string();
    let round = round(&region);
    let (networks, trusts) = register
        .members_on(id, round.submitted)
        .into_iter()
        .filter_map(|(member, _)| register.get(member))
        .map(|body| organisation(packs, body))
        .partition(|organisation| organisation.kind == "primary-care-network");
    System {
        code: code.to_owned(),
        name: body.name.to_string(),
        region,
        known: Known::FromTheRegister,
        trusts,
        networks,
        staff,
        closed: body.closed,
        round,
    }
}

fn organisation(packs: &Packs, body: &Body) -> Organisation {
    let kind = body.kind.and_then(|kind| packs.vocabulary.term_def(kind)).map_or("employer", |kind| &*kind.name);
    let name =
        ["NHS Foundation Trust", "NHS Trust", "PCN"].into_iter().fold(&*body.name, |name, end| name.trim_end_matches(end).trim_end());
    Organisation { code: body.code.to_string(), name: name.to_owned(), kind: kind.to_owned(), closed: body.closed }
}

impl System {
    /// The same system under another name, which its plan declares with all its organisations.
    pub fn copy(&self, number: usize) -> Self {
        let copied = |one: &Organisation| Organisation {
            code: format!("{}-{number}", one.code.to_lowercase()),
            name: format!("{} ({number})", one.name),
            ..one.clone()
        };
        Self {
            code: format!("{}-{number}", self.code.to_lowercase()),
            name: format!("{} ({number})", self.name),
            known: Known::FromThePlan,
            closed: None,
            trusts: self.trusts.iter().map(copied).collect(),
            networks: self.networks.iter().map(copied).collect(),
            ..self.clone()
        }
    }

    /// The system with only its first organisations: enough for every rule, and quick to read.
    pub fn small(&self) -> Self {
        Self {
            trusts: self.trusts.iter().take(3).cloned().collect(),
            networks: self.networks.iter().take(5).cloned().collect(),
            ..self.clone()
        }
    }

    /// Trusts, then networks.
    pub fn organisations(&self) -> impl Iterator<Item = &Organisation> {
        self.trusts.iter().chain(&self.networks)
    }
}

impl Round {
    /// Whether planning and education pass to systems that are ready; with the edition of 2025 they move to the regions.
    pub fn passes_on(&self) -> bool {
        self.edition < "2025"
    }

    /// The last of so many years from the first on.
    pub fn last(&self, years: i16) -> FinancialYear {
        FinancialYear(self.first.0 + years - 1)
    }

    /// The first day of the horizon's year, the first counted as none.
    pub fn begins(&self, year: i16) -> Date {
        FinancialYear(self.first.0 + year).first_day()
    }

    /// The day before a year of the horizon begins.
    pub fn ends_before(&self, year: i16) -> Date {
        day_before(self.begins(year)).expect("a day before")
    }
}
