//! What can be planted in a clean plan, rule by rule. Whoever adds a rule adds here how it is broken, and what just holds.
//!
//! A plant changes a plan and says exactly what is then found; one that says nothing is on the allowed side of a boundary. For each
//! number, day, level, list and comparison of a rule there is one on either side, so that moving it by a step is noticed.

mod editions;
mod figures;
mod organisations;
mod powers;
mod proposals;
mod roles;
mod sums;
mod training;
mod whole;

use std::sync::Arc;

use remit_core::packs::Packs;

use crate::england::draft::{Access, Draft};
use crate::england::systems::as_of;

/// What a plant makes the checker find.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// The rule without its pack, or `remit/…` for the language's own.
    pub rule: String,
    /// What it is about, as findings name it.
    pub subject: String,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// `fail`, `undetermined` or `waived`.
    pub verdict: &'static str,
}

/// A body of a plan.
type Body = fn(&Draft) -> String;

/// What sowing a plant gives: what is then found, or `None` where this plan cannot hold it.
pub type Sown = Option<Vec<Expected>>;

/// A change to a plan, and what is then found.
#[derive(Clone)]
pub struct Plant {
    /// The rule that it is for.
    pub rule: String,
    /// What it changes, for people.
    pub what: String,
    sow: Arc<dyn Fn(&mut Draft) -> Sown + Send + Sync>,
}

/// Every plant of every rule. Each line is one rule's, or those of one form that are broken alike.
pub fn plants() -> Vec<Plant> {
    [
        powers::reserves(),
        powers::ready_before_responsible(),
        powers::one_accountable_body(),
        powers::held_at_the_right_level(),
        powers::region_coordinates(),
        powers::responsibility_is_funded(),
        editions::apprenticeship_strategy(),
        editions::coordinated_workforce_planning(),
        editions::people_functions_covered(),
        editions::joint_forward_plan_horizon(),
        editions::health_and_wellbeing_board_statement(),
        editions::education_moves_to_region(),
        editions::planning_moves_to_region(),
        whole::five_year_horizon(),
        whole::funding_before_commitment(),
        whole::deadline_in_horizon(),
        whole::balanced_scorecard(),
        whole::compact(),
        whole::upward_feedback(),
        whole::social_care_included(),
        organisations::wellbeing_guardian(),
        organisations::better_place_to_work(),
        organisations::leadership_and_culture(),
        organisations::staff_passport(),
        organisations::body_exists(),
        organisations::trust_in_system(),
        roles::prescriber_has_the_right(),
        roles::credential_is_national(),
        roles::influence_not_control(),
        roles::shares_good_practice(),
        proposals::anchor_institution(),
        proposals::autonomy_over_architecture(),
        proposals::dedicated_funding_streams(),
        proposals::subsidiarity(),
        figures::nursing_growth(),
        roles::consultation_within_24_months(),
        figures::baseline_matches_source(),
        figures::one_fact_one_value(),
        figures::unit_is_given(),
        figures::bridge_closes(),
        figures::contract_types_sum(),
        figures::vacancy_rate_follows(),
        figures::agency_falls_alone(),
        sums::parts_sum_to_whole(),
        sums::rows_sum_to_whole(),
        sums::change_is_explicit(),
        training::output_after_training(),
        training::same_recruits_once(),
        training::generalist_training(),
        training::nursing_vacancies_at_five_per_cent(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The first plant of each rule once more, waived by those who may, and by those just below them, who may not.
pub fn waived(packs: &Packs, plants: &[Plant], samples: &[Draft]) -> Vec<Plant> {
    let mut found = Vec::new();
    for rule in packs.rules() {
        let short = rule.id.split_once('/').map_or(rule.id.as_str(), |(_, short)| short);
        let Some(tier) = rule.waivable_by else { continue };
        // A waiver names a table by its group: it has no words for one of a single body, or one that is divided.
        let is_named =
            |one: &Expected| ![" of ", " by "].iter().any(|word| one.subject.contains(word)) && !one.subject.ends_with("left out");
        let fails = |plant: &&Plant| {
            let sown = samples.iter().find_map(|sample| plant.sow(&mut sample.clone(), sample)).unwrap_or_default();
            let own: Vec<&Expected> = sown.iter().filter(|one| one.rule == short).collect();
            let alone = |one: &Expected, rest: &[&Expected]| rest.iter().all(|other| other.subject != one.subject);
            matches!(own.as_slice(), [one, rest @ ..] if one.verdict == "fail" && is_named(one) && alone(one, rest))
        };
        let Some(base) = plants.iter().filter(|plant| plant.rule == short).find(fails) else { continue };
        let (may, may_not): (Body, Body) = match tier {
            "nation" => (|_| "nhs-england".to_owned(), |draft| draft.system.region.clone()),
            "region" => (|draft| draft.system.region.clone(), |draft| draft.system.code.clone()),
            _ => (|draft| draft.system.code.clone(), |draft| draft.system.trusts[0].code.clone()),
        };
        found.push(base.waived("waived", may, |finding, _| vec![Expected { verdict: "waived", ..finding }]));
        let refused = |finding: Expected, waiver: String| vec![finding, error("remit/waiver-refused", waiver)];
        found.push(base.waived("waived by those who may not", may_not, refused));
    }
    found
}

impl Plant {
    /// The same, for those plans only that it fits.
    fn only(self, fits: fn(&Draft) -> bool) -> Self {
        let Self { rule, what, sow } = self;
        Self { rule, what, sow: Arc::new(move |draft| if fits(draft) { sow(draft) } else { None }) }
    }

    /// The same with a waiver, approved on the day of the check and in force to its end.
    fn waived(&self, how: &str, who: Body, found: fn(Expected, String) -> Vec<Expected>) -> Self {
        let base = self.clone();
        let rule = self.rule.clone();
        Self {
            rule: self.rule.clone(),
            what: format!("{}, {how}", self.what),
            sow: Arc::new(move |draft| {
                // Where one thing breaks a rule for several, the first of them is waived.
                let mut others = (base.sow)(draft)?;
                let one = others.remove(others.iter().position(|one| one.rule == rule)?);
                let subject = one.subject.split(',').next().unwrap_or_default();
                let subject = if subject == "plan" { draft.system.code.clone() } else { subject.to_owned() };
                let (day, by) = (as_of(), who(draft));
                let (day, approved) = (day.to_string(), format!("{day} by {by}"));
                let because = "\"Agreed for the time that it takes\"";
                let fields = [("until", day.as_str()), ("because", because), ("approved", approved.as_str())];
                let waiver = draft.add("plan", format!("waiver {rule} for {subject}"), &fields).head.clone();
                Some([others, found(one, waiver)].concat())
            }),
        }
    }

    /// How many of the systems' plans it fits into at all, judged by one of each round, and how much of a plan it touches.
    pub fn room(&self, clean: &[Draft]) -> (usize, usize) {
        let mut rounds: Vec<(&str, Option<usize>)> = Vec::new();
        for draft in clean {
            let edition = draft.system.round.edition;
            if !rounds.iter().any(|(known, _)| *known == edition) {
                let mut changed = draft.clone();
                rounds.push((edition, (self.sow)(&mut changed).map(|_| changed.touched.len())));
            }
        }
        let touched =
            |draft: &Draft| rounds.iter().find(|(edition, _)| *edition == draft.system.round.edition).and_then(|(_, touched)| *touched);
        (clean.iter().filter_map(touched).count(), clean.iter().find_map(touched).unwrap_or(0))
    }

    /// Sows it in a plan in which nothing that was sown before touches what it touches in the clean plan. `None`: it does not fit,
    /// and the plan is as it was.
    pub fn sow(&self, draft: &mut Draft, clean: &Draft) -> Sown {
        let mut changed = clean.clone();
        let expected = (self.sow)(&mut changed)?;
        for finding in &expected {
            changed.touch(format!("finding {} {}", finding.rule, finding.subject), Access::Write);
        }
        let disturbs = |(key, access): (&String, &Access)| {
            draft.touched.get(key).is_some_and(|known| *known == Access::Write || *access == Access::Write)
        };
        if changed.touched.iter().any(disturbs) {
            return None;
        }
        draft.touched.extend(changed.touched);
        (self.sow)(draft)
    }
}

fn plant(rule: &'static str, what: impl Into<String>, sow: impl Fn(&mut Draft) -> Sown + Send + Sync + 'static) -> Plant {
    Plant { rule: rule.to_owned(), what: what.into(), sow: Arc::new(sow) }
}

/// A plant that breaks its rule.
fn breaks(rule: &'static str, what: impl Into<String>, sow: impl Fn(&mut Draft) -> Vec<Expected> + Send + Sync + 'static) -> Plant {
    plant(rule, what, move |draft| Some(sow(draft)))
}

/// A plant that changes what its rule looks at, and breaks nothing.
fn holds(rule: &'static str, what: impl Into<String>, sow: impl Fn(&mut Draft) + Send + Sync + 'static) -> Plant {
    plant(rule, what, move |draft| {
        sow(draft);
        Some(Vec::new())
    })
}

fn error(rule: &str, subject: impl Into<String>) -> Expected {
    Expected { rule: rule.to_owned(), subject: subject.into(), severity: "error", verdict: "fail" }
}

fn warning(rule: &str, subject: impl Into<String>) -> Expected {
    Expected { severity: "warning", ..error(rule, subject) }
}

fn note(rule: &str, subject: impl Into<String>) -> Expected {
    Expected { severity: "note", ..error(rule, subject) }
}

impl Expected {
    fn undetermined(self) -> Self {
        Self { verdict: "undetermined", ..self }
    }
}
