//! The plan of a system in which nothing is wrong: the baseline that plants are set in.

use crate::england::draft::{Draft, Statement};
use crate::england::random::Random;
use crate::england::systems::{Known, Organisation, System};
use crate::england::tables::{Course, Figures};

const SOURCE: &str = "\"NHS Digital, HCHS staff by group and organisation (AH2324), June 2018\" dated 2018-06-30";
/// How many networks stand in a statement of their own; the others share one for every ten.
const NETWORKS_ALONE: usize = 4;

/// A clean plan.
pub fn clean(system: &System, seed: u64) -> Draft {
    let mut draft = Draft::new(system.clone(), seed);
    header(&mut draft);
    organisations(&mut draft);
    responsibilities(&mut draft);
    readiness(&mut draft);
    draft.statements.extend(tables(system, draft.years, seed));
    targets(&mut draft);
    commitments(&mut draft);
    money(&mut draft);
    agreements(&mut draft);
    draft.touched.clear();
    draft
}

fn text(words: &str) -> String {
    format!("\"{words}\"")
}

fn codes<'o>(organisations: impl Iterator<Item = &'o Organisation>) -> Vec<&'o str> {
    organisations.map(|organisation| organisation.code.as_str()).collect()
}

fn header(draft: &mut Draft) {
    let System { code, name, region, round, known, .. } = draft.system.clone();
    let horizon = format!("{} to {}", round.first, round.last(draft.years));
    let framework = format!("nhs-people-framework {}", round.edition);
    let submitted = round.submitted.to_string();
    draft.add(
        "plan",
        format!("plan \"The people plan of {name}\" for {code}"),
        &[
            ("framework", &framework),
            ("kind", round.kind),
            ("horizon", &horizon),
            ("baseline", "2018/19"),
            ("submitted", &submitted),
            ("status", "submitted"),
            ("sro", "\"Workforce lead of the system\""),
            ("aligns-with", "\"Interim NHS People Plan, June 2019\", \"NHS Long Term Plan, January 2019\""),
            ("one-workforce", "nhs, primary-care, social-care, voluntary"),
            ("better-place-to-work", "\"One offer to every member of staff, whichever of our employers they work for\""),
            ("leadership-and-culture", "\"Leaders who are chosen, trained and heard across the system, not trust by trust\""),
        ],
    );
    let title = if known == Known::FromThePlan { format!(" {}", text(&name)) } else { String::new() };
    let system = draft.add("plan", format!("system {code}{title} in {region}"), &[]);
    system.comment = (known == Known::FromTheRegister).then_some(name);
    draft.add("plan", "board people-board \"People Board\"", &[("kind", "people-board"), ("parent", &code), ("approves", "draft-plan")]);
    draft.add("plan", "board system-board \"System Board\"", &[("kind", "system-board"), ("parent", &code), ("approves", "final-plan")]);
    let board = "board wellbeing-board \"Health and Wellbeing Board\"";
    draft.add("plan", board, &[("kind", "health-and-wellbeing-board"), ("parent", "councils")]);
    let statement = "statement wellbeing-board-statement \"Statement of the Health and Wellbeing Board\"";
    let (dated, says) = (round.assessed.to_string(), text("The plan takes the local health and wellbeing strategy into account."));
    draft.add("plan", statement, &[("by", "wellbeing-board"), ("dated", &dated), ("says", &says)]);
    draft.add("plan", format!("milestone draft-plan {} by people-board", round.evidence), &[]);
    draft.add("plan", format!("milestone final-plan {} by system-board", round.assessed), &[]);
    for (priority, title) in [
        ("best-place-to-work", "Making the NHS the best place to work"),
        ("leadership-culture", "Improving our leadership culture"),
        ("nursing-challenge", "Tackling the nursing challenge"),
        ("twenty-first-century-care", "Delivering 21st century care"),
        ("operating-model", "A new operating model for workforce"),
    ] {
        draft.add("plan", format!("priority {priority} {}", text(title)), &[]);
    }
    let risk = "risk trusts-bid-against-trusts \"Neighbouring trusts recruit from one another\"";
    draft.add("plan", risk, &[("likelihood", "\"Possible\""), ("owner", &region), ("mitigated-by", "one-recruitment-calendar")]);
}

fn organisations(draft: &mut Draft) {
    let system = draft.system.clone();
    let mut random = Random::new(draft.seed, &format!("{} guardians", system.code));
    let guardians = [
        "\"Chair of the People Committee\"",
        "\"Vice chair of the board\"",
        "\"Non-executive director, People Committee\"",
        "\"Senior independent director\"",
        "\"Chair of the Workforce Committee\"",
    ];
    for trust in &system.trusts {
        let guardian = random.pick(&guardians);
        describe(draft, &system, trust, guardian);
    }
    // The last of the trusts, so that the first are as plain as any.
    if let Some(trust) = system.trusts.last() {
        draft.statement(&format!("organisation {}", trust.code)).set("anchor", "yes");
    }
    for network in system.networks.iter().take(NETWORKS_ALONE) {
        describe(draft, &system, network, "\"Clinical director of the network\"");
    }
    let shared = system.networks.get(NETWORKS_ALONE..).unwrap_or_default();
    for ten in shared.chunks(10) {
        let fields = [("system", system.code.as_str()), ("wellbeing-guardian", "\"Clinical director of the network\"")];
        let list = codes(ten.iter()).join(", ");
        let networks = draft.add("organisations", format!("organisation {list}"), &fields);
        if system.known == Known::FromThePlan {
            networks.set("kind", "primary-care-network");
        }
    }
    for (partner, title, kind) in [
        ("colleges", "Further education colleges", "further-education"),
        ("universities", "Universities", "university"),
        ("councils", "Councils", "local-authority"),
        ("care-employers", "Employers in adult social care", "social-care-provider"),
        ("voluntary-sector-alliance", "Voluntary sector alliance", "voluntary-organisation"),
        ("social-partnership-forum", "Social partnership forum", "trade-union"),
    ] {
        let head = format!("partner {partner} {}", text(&format!("{title}: {}", system.name)));
        draft.add("organisations", head, &[("kind", kind), ("system", &system.code)]);
    }
}

fn describe(draft: &mut Draft, system: &System, organisation: &Organisation, guardian: &str) {
    let declared = system.known == Known::FromThePlan;
    let title = if declared { format!(" {}", text(&organisation.name)) } else { String::new() };
    let fields = [("system", system.code.as_str()), ("wellbeing-guardian", guardian)];
    let statement = draft.add("organisations", format!("organisation {}{title}", organisation.code), &fields);
    statement.comment = (!declared).then(|| organisation.name.clone());
    if declared {
        statement.set("kind", organisation.kind.as_str());
    }
}

/// Those of the trusts that are still there when the horizon begins: the others do no work in it.
fn lasting(system: &System) -> Vec<&str> {
    codes(system.trusts.iter().filter(|trust| trust.closed.is_none_or(|closed| closed > system.round.submitted)))
}

fn responsibilities(draft: &mut Draft) {
    let system = draft.system.clone();
    let (s, r) = (system.code.as_str(), system.region.as_str());
    let trusts = lasting(&system).join(", ");
    let national = [
        ("pay-policy", "dhsc", vec![("consulted", "nhsprb, ddrb, social-partnership-forum"), ("informed", s)]),
        ("pension-scheme", "dhsc", vec![("informed", s)]),
        ("professional-regulation", "nation", vec![("responsible", "gmc, nmc, hcpc, gphc, gdc, goc"), ("informed", s)]),
        ("credentialing", "nation", vec![("responsible", "gmc, nmc, hcpc"), ("consulted", s)]),
        ("prescribing-rights", "nation", vec![("responsible", "dhsc"), ("consulted", "gmc, nmc, hcpc, gphc"), ("informed", s)]),
        ("senior-manager-regulation", "nation", vec![("responsible", "nhs-england"), ("consulted", s)]),
    ];
    let regional = [
        ("recruitment-coordination", r, vec![("coordinated-by", r), ("responsible", s)]),
        ("supply-and-retention", r, vec![("responsible", s)]),
        ("system-deployment", r, vec![("responsible", s)]),
        ("education-and-training", r, vec![("responsible", s), ("consulted", "colleges, universities")]),
    ];
    let own = [
        ("five-year-workforce-plan", s, vec![("coordinated-by", r), ("consulted", "social-partnership-forum, councils, care-employers")]),
        ("international-recruitment", s, vec![("responsible", trusts.as_str()), ("informed", r)]),
        ("continuing-professional-development", s, vec![("responsible", trusts.as_str()), ("consulted", "universities")]),
        ("system-architecture", s, vec![("informed", r)]),
        ("external-relationships", s, vec![("consulted", "councils, voluntary-sector-alliance"), ("funded-by", "one-workforce-fund")]),
        ("labour-market", s, vec![("consulted", "councils, care-employers, colleges"), ("funded-by", "one-workforce-fund")]),
        ("new-roles", s, vec![("responsible", trusts.as_str()), ("consulted", "colleges"), ("funded-by", "one-workforce-fund")]),
        ("workforce-technology", s, vec![("responsible", trusts.as_str()), ("funded-by", "one-workforce-fund")]),
        ("staff-experience", s, vec![("responsible", trusts.as_str()), ("consulted", "social-partnership-forum")]),
        ("staff-wellbeing", s, vec![("responsible", trusts.as_str()), ("consulted", "social-partnership-forum")]),
    ];
    for (function, accountable, rest) in national.into_iter().chain(regional).chain(own) {
        draft.add("responsibilities", format!("responsibility {function}"), &[&[("accountable", accountable)], rest.as_slice()].concat());
    }
    // Passed on when the system is ready, and no sooner.
    let second = if system.closed.is_some_and(|closed| closed < system.round.begins(2)) { 1 } else { 2 };
    if !system.round.passes_on() {
        let fields = [("accountable", r), ("responsible", s), ("funded-by", "planning-capacity")];
        draft.add("responsibilities", "responsibility workforce-planning", &fields);
    }
    if system.round.edition >= "2023" {
        draft.add(
            "responsibilities",
            "responsibility apprenticeships",
            &[("accountable", s), ("responsible", &trusts), ("consulted", "colleges")],
        );
    }
    for (function, year) in [("workforce-planning", 1), ("leadership-development", second)] {
        if function == "workforce-planning" && !system.round.passes_on() {
            continue;
        }
        let (ends, begins) = (format!("{r} until {}", system.round.ends_before(year)), format!("{s} from {}", system.round.begins(year)));
        let fields =
            [("accountable", ends.as_str()), ("accountable", &begins), ("responsible", &trusts), ("funded-by", "planning-capacity")];
        draft.add("responsibilities", format!("responsibility {function}"), &fields);
    }
}

fn readiness(draft: &mut Draft) {
    let System { region, round, .. } = draft.system.clone();
    let assessed = format!("{} by {region}", round.assessed);
    let planning = if round.passes_on() { "maturing" } else { "developing" };
    for (function, level, evidence) in [
        ("workforce-planning", planning, "planning-assurance"),
        ("leadership-development", "maturing", "leadership-diagnostic"),
        ("supply-and-retention", "developing", "retention-review"),
        ("system-deployment", "emerging", "retention-review"),
    ] {
        let fields = [("level", level), ("assessed", assessed.as_str()), ("evidence", evidence)];
        draft.add("readiness", format!("readiness {function}"), &fields);
    }
    let dated = round.evidence.to_string();
    for (evidence, title, valid) in [
        ("planning-assurance", "Regional assurance of the system's workforce planning", "24 months"),
        ("leadership-diagnostic", "Diagnostic of leadership and culture", "24 months"),
        ("retention-review", "Review of retention and of deployment", "12 months"),
    ] {
        let head = format!("evidence {evidence} {}", text(title));
        draft.add("readiness", head, &[("dated", dated.as_str()), ("by", &region), ("valid", valid)]);
    }
}

/// The tables of a system, from 2018/19 to the end of a horizon of so many years.
pub(crate) fn tables(system: &System, years: i16, seed: u64) -> Vec<Statement> {
    let last = system.round.last(years);
    let mut clinical = Vec::new();
    let mut written = Vec::new();
    for (group, base) in system.staff.iter().filter(|(_, base)| *base >= 500) {
        let mut random = Random::new(seed, &format!("{} {group}", system.code));
        let step = if *base > 10_000 { 50 } else { 10 };
        let (early, late, vacancies, moves) = match group.as_str() {
            "registered-nursing" => (random.between(30, 34), 16, (random.between(80, 110), 45), 20),
            "hchs-doctors" => (22, 18, (random.between(70, 90), 55), 0),
            "support-to-clinical-staff" => (12, 10, (random.between(60, 75), 48), -20),
            "nhs-infrastructure-support" => (4, 4, (42, 34), 0),
            _ => (random.between(15, 20), 12, (random.between(50, 80), 40), 0),
        };
        let figures = Figures::of(Course { base: *base, early, late, vacancies, transfers: moves * 5, step }, last, &mut random);
        let mut table = figures.statement(&format!("workforce {group}"), "wte", Some(SOURCE));
        if group == "registered-nursing" {
            table.set("baseline-from", "nurses-in-post");
        }
        written.push(table);
        if !matches!(group.as_str(), "support-to-clinical-staff" | "nhs-infrastructure-support") {
            clinical.push(figures);
        }
    }
    let mut whole = Figures::sum(&clinical).statement("workforce professionally-qualified-clinical-staff", "wte", Some(SOURCE));
    whole.fields.insert(1, ("complete".to_owned(), "yes".to_owned()));
    whole.above = Some("# The whole of the clinical groups above: each row but the rate is their sum.".to_owned());
    written.push(whole);
    let nurses = system.staff.first().map_or(0, |(_, base)| *base);
    let mut random = Random::new(seed, &format!("{} social care", system.code));
    let base = nurses * random.between(28, 33) / 10 / 1_000 * 1_000;
    let course = Course { base, early: 9, late: 9, vacancies: (80, 57), transfers: 0, step: 500 };
    let mut care = Figures::of(course, last, &mut random).statement("workforce adult-social-care", "headcount", None);
    care.above = Some("# Illustrative throughout: social care counts people, not whole-time equivalents.".to_owned());
    written.push(care);
    written
}

fn targets(draft: &mut Draft) {
    let system = draft.system.clone();
    let last = system.round.last(draft.years);
    let nursing = draft.read("workforce registered-nursing");
    let first_and_last = |row: &str| {
        let cells: Vec<&str> = nursing.get(row).unwrap_or_default().split_whitespace().collect();
        (cells.first().copied().unwrap_or("-").to_owned(), cells.last().copied().unwrap_or("-").to_owned())
    };
    for (name, title, measure, row, unit) in [
        ("nursing-growth", "More nurses", "In post", "in-post", " wte"),
        ("nursing-vacancies", "Fewer nursing vacancies", "Vacancy rate", "vacancy-rate", ""),
    ] {
        let (from, to) = first_and_last(row);
        let (from, to) = (format!("{from}{unit} in 2018/19"), format!("{to}{unit} by {last}"));
        let fields = [
            ("measure", text(measure)),
            ("of", "registered-nursing".to_owned()),
            ("from", from),
            ("to", to),
            ("owner", system.code.clone()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(word, value)| (*word, value.as_str())).collect();
        draft.add("workforce", format!("target {name} {}", text(title)), &fields);
    }
    let nurses = format!("{} wte", first_and_last("in-post").0);
    let fields = [("measure", "\"Nurses in post, June 2018\""), ("value", nurses.as_str()), ("dated", "2018-06-30"), ("source", SOURCE)];
    draft.add("workforce", "fact nurses-in-post", &fields);
    let (starts, ends) = (system.round.first, system.round.last(4));
    let places = nursing_share(&system, 48);
    let (begin, finish) = (format!("{places} headcount in {starts}"), format!("{} headcount in {ends}", places * 4 / 5));
    let fields =
        [("trains", "registered-nursing"), ("starts", &*begin), ("takes", "36 months"), ("yields", &*finish), ("with", "universities")];
    draft.add("workforce", "pipeline nursing-degree \"Nursing degree\"", &fields);
}

/// So many of each thousand nurses in post at the baseline.
fn nursing_share(system: &System, thousandths: i64) -> i64 {
    (system.staff.first().map_or(0, |(_, base)| *base) / 10 * thousandths / 1_000).max(5) / 5 * 5
}

fn commitments(draft: &mut Draft) {
    let system = draft.system.clone();
    let (s, r) = (system.code.as_str(), system.region.as_str());
    let due = |year: i16| system.round.ends_before(year).to_string();
    let delivers =
        |share: i64, group: &str, year: i16| format!("{} wte of {group} by {}", nursing_share(&system, share), system.round.last(year));
    let everyone: Vec<String> = codes(system.organisations()).chunks(10).map(|ten| ten.join(", ")).collect();
    let covers: Vec<(&str, &str)> = everyone.iter().map(|ten| ("covers", ten.as_str())).collect();
    // Name, title, function, priority, when it is due, and whatever else it says.
    type Row<'r> = (&'r str, &'r str, &'r str, &'r str, i16, Vec<(&'r str, String)>);
    let owned = |value: &str| value.to_owned();
    let rows: Vec<Row<'_>> = vec![
        (
            "one-offer",
            "One offer to staff in every trust and network",
            "staff-experience",
            "best-place-to-work",
            1,
            vec![("funding", owned("one-workforce-fund"))],
        ),
        (
            "guardians-network",
            "Bring the wellbeing guardians together twice a year",
            "staff-wellbeing",
            "best-place-to-work",
            1,
            vec![("funding", owned("one-workforce-fund"))],
        ),
        (
            "retention-programme",
            "Flexible working from the first day, in every trust",
            "supply-and-retention",
            "best-place-to-work",
            3,
            vec![("funding", owned("one-workforce-fund")), ("delivers", delivers(7, "registered-nursing", 3))],
        ),
        (
            "national-pay",
            "Apply Agenda for Change and the national medical contracts in every trust",
            "pay-policy",
            "best-place-to-work",
            1,
            vec![("effect", owned("apply"))],
        ),
        (
            "pension-advice",
            "Promote the NHS Pension Scheme, with the employer's own options under its rules",
            "pension-scheme",
            "best-place-to-work",
            2,
            vec![("effect", owned("apply"))],
        ),
        (
            "leaders-of-the-system",
            "A leadership programme across trusts, networks and councils",
            "leadership-development",
            "leadership-culture",
            3,
            vec![("funding", owned("planning-capacity")), ("with", owned("universities, councils"))],
        ),
        (
            "senior-manager-standards",
            "Be ready for national standards for senior managers",
            "senior-manager-regulation",
            "leadership-culture",
            2,
            vec![("effect", owned("apply")), ("funding", owned("spending-review"))],
        ),
        (
            "overseas-recruitment",
            "Recruit nurses from overseas, ethically",
            "international-recruitment",
            "nursing-challenge",
            2,
            vec![("funding", owned("spending-review")), ("delivers", delivers(20, "registered-nursing", 2))],
        ),
        (
            "learning-after-qualifying",
            "A personal learning budget for every nurse, midwife and therapist",
            "continuing-professional-development",
            "nursing-challenge",
            2,
            vec![("funding", owned("spending-review"))],
        ),
        (
            "clinical-placements",
            "More clinical placements for nursing students each year",
            "education-and-training",
            "nursing-challenge",
            2,
            vec![("with", owned("universities"))],
        ),
        (
            "nursing-associates",
            "Employ nursing associates when they qualify",
            "new-roles",
            "twenty-first-century-care",
            3,
            vec![("funding", owned("one-workforce-fund")), ("with", owned("colleges"))],
        ),
        (
            "credentialed-practice",
            "Employ advanced practitioners on the national credential",
            "credentialing",
            "twenty-first-century-care",
            3,
            vec![("effect", owned("apply"))],
        ),
        (
            "registration-checks",
            "Check every registration on appointment and each year",
            "professional-regulation",
            "twenty-first-century-care",
            1,
            vec![("effect", owned("apply"))],
        ),
        (
            "prescribers",
            "Train those who may prescribe, and check that the register says so",
            "prescribing-rights",
            "twenty-first-century-care",
            3,
            vec![("effect", owned("apply"))],
        ),
        (
            "e-rostering",
            "Rosters that can be read across trusts",
            "workforce-technology",
            "twenty-first-century-care",
            3,
            vec![("funding", owned("one-workforce-fund"))],
        ),
        (
            "staff-bank",
            "One staff bank, so that shifts are filled where the need is",
            "system-deployment",
            "operating-model",
            2,
            vec![("effect", owned("influence"))],
        ),
        (
            "take-on-planning",
            "Take on workforce planning from the region",
            "workforce-planning",
            "operating-model",
            2,
            vec![("funding", owned("planning-capacity"))],
        ),
        (
            "yearly-review",
            "Review this plan each year, with the region",
            "five-year-workforce-plan",
            "operating-model",
            1,
            vec![("with", format!("{r}, social-partnership-forum"))],
        ),
        (
            "one-recruitment-calendar",
            "Recruit newly qualified nurses once for the whole region",
            "recruitment-coordination",
            "operating-model",
            1,
            vec![("with", owned(r))],
        ),
        (
            "care-and-health-careers",
            "One front door to careers in health and in care",
            "labour-market",
            "operating-model",
            2,
            vec![("effect", owned("influence")), ("with", owned("care-employers, voluntary-sector-alliance, councils"))],
        ),
        (
            "share-what-works",
            "Publish what worked, and what did not, to the other systems of the region",
            "external-relationships",
            "operating-model",
            2,
            vec![("shares-with", owned(r)), ("measure", text("Accounts published"))],
        ),
        (
            "system-people-team",
            "One people team for the whole system",
            "system-architecture",
            "operating-model",
            2,
            vec![("funding", owned("planning-capacity"))],
        ),
    ];
    let later = (system.round.edition >= "2023").then(|| {
        let levy = "Pass unspent apprenticeship levy to the smaller employers";
        ("levy-transfers", levy, "apprenticeships", "twenty-first-century-care", 2, vec![("with", owned("colleges"))])
    });
    for (name, title, function, priority, year, rest) in rows.into_iter().chain(later) {
        let due = due(year);
        let mut fields = vec![("on", function), ("under", priority), ("owner", s), ("due", due.as_str())];
        fields.extend(rest.iter().map(|(word, value)| (*word, value.as_str())));
        if matches!(name, "one-offer" | "leaders-of-the-system") {
            fields.extend(&covers);
        }
        draft.add("commitments", format!("commitment {name} {}", text(title)), &fields);
    }
}

fn money(draft: &mut Draft) {
    let system = draft.system.clone();
    let (s, r, round) = (system.code.as_str(), system.region.as_str(), system.round);
    let mut random = Random::new(draft.seed, &format!("{s} money"));
    let nurses = system.staff.first().map_or(0, |(_, base)| *base) / 10;
    let amount = |tenths: i64, year: i16| format!("£{}.{}m for {}", tenths / 10, tenths % 10, round.last(year));
    let capacity = random.between(3, 6);
    let workforce = (nurses / 1_000).max(2) + random.between(4, 9);
    let settlement = format!("subject-to \"{}\"", round.settlement);
    let rows = [
        (
            "planning-capacity",
            "Workforce planning and leadership team",
            capacity,
            s,
            "confirmed",
            "workforce-planning, education-and-training, supply-and-retention, system-deployment, leadership-development",
        ),
        (
            "one-workforce-fund",
            "One workforce",
            workforce,
            s,
            "planned",
            "staff-experience, staff-wellbeing, new-roles, workforce-technology, labour-market, external-relationships",
        ),
        (
            "spending-review",
            "Recruitment and learning settlement",
            workforce + 6,
            r,
            settlement.as_str(),
            "international-recruitment, continuing-professional-development, senior-manager-regulation",
        ),
    ];
    for (name, title, tenths, holder, status, purpose) in rows {
        let years: Vec<String> = (2..=4).map(|year| amount(tenths, year)).collect();
        let mut fields: Vec<(&str, &str)> = years.iter().map(|year| ("amount", year.as_str())).collect();
        fields.extend([("holder", holder), ("dedicated", "yes"), ("status", status), ("purpose", purpose)]);
        draft.add("commitments", format!("funding {name} {}", text(title)), &fields);
    }
}

fn agreements(draft: &mut Draft) {
    let system = draft.system.clone();
    let (s, r, round) = (system.code.as_str(), system.region.as_str(), system.round);
    let trusts = codes(system.trusts.iter()).join(", ");
    let live = round.evidence.to_string();
    let three = format!("nation, {r}, {s}");
    for (name, title, kind, between, covers) in [
        ("staff-passport", "Staff passport", "passport", trusts.as_str(), "Induction and mandatory training"),
        ("compact", "Compact of nation, region and system", "compact", three.as_str(), "What each may expect of the others"),
    ] {
        let covers = text(covers);
        let fields = [("kind", kind), ("between", between), ("covers", covers.as_str()), ("live", live.as_str())];
        draft.add("commitments", format!("agreement {name} {}", text(title)), &fields);
    }
    let years: Vec<String> = (1..=draft.years).map(|year| round.last(year).to_string()).collect();
    let mut random = Random::new(draft.seed, &format!("{s} measures"));
    for (name, title, domain, base, unit) in [
        ("staff-engagement", "Staff engagement in the NHS Staff Survey, of 10", "engagement", random.between(66, 72), ""),
        (
            "visible-leadership",
            "Staff who say that senior leaders act on feedback",
            "leadership-and-culture",
            random.between(300, 360),
            "%",
        ),
        ("staff-health", "Staff who say that their employer acts on health and wellbeing", "wellbeing", random.between(280, 330), "%"),
    ] {
        let step = if unit.is_empty() { 1 } else { 20 };
        let figures: Vec<String> = (0..i64::from(draft.years))
            .map(|year| base + step * year)
            .map(|figure| format!("{}.{}{unit}", figure / 10, figure % 10))
            .collect();
        let (years, figures) = (years.join(" "), figures.join(" "));
        let fields = [("domain", domain), ("reported-to", "people-board"), ("year", years.as_str()), ("planned", figures.as_str())];
        draft.add("commitments", format!("measure {name} {}", text(title)), &fields);
    }
    for (name, title, on) in
        [("on-the-region", "360 degree feedback on the region", r), ("on-the-nation", "360 degree feedback on the nation", "nation")]
    {
        let fields = [("on", on), ("by", s), ("every", "12 months")];
        draft.add("commitments", format!("feedback {name} {}", text(title)), &fields);
    }
    let role = "role first-contact-physiotherapist \"First contact physiotherapist\"";
    let from = format!("yes from {}", round.begins(1));
    let fields = [
        ("profession", "physiotherapist"),
        ("prescribes", from.as_str()),
        ("credential", "\"First contact practice, as defined nationally\""),
        ("defined-by", "health-education-england"),
        ("of", "allied-health-professionals"),
    ];
    draft.add("commitments", role, &fields);
}
