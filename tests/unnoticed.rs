//! The changes to rules that no plan can notice, one by one, each with the reason. Whoever changes a rule may have to change its lines.

const BOTH_DAYS_PAST: &str = "England is checked years after either day, and a note or a warning is no less before it";
const NO_DATE: &str = "no date is published for it, and what is not in force is no more than a warning";
const ONE_BODY: &str = "the field names one body: some of it is each of it";
const HIGHEST: &str = "nothing stands above the nation";
const MAY_PRESCRIBE: &str = "the profession may prescribe, asked or not";
const NOT_ASKED: &str = "the rule does not ask this profession";
const FAILS_ANYWAY: &str = "the profession may not prescribe on any day";
const NO_DOCTORS: &str = "where no doctors train, none are two thirds of none, asked or not";
const NO_LESS: &str = "the line before asks that the whole is no less";
const NO_WAIVER: &str = "a waiver has no words for a table that is divided";
const UNDATED: &str = "a body without a day exists on every day, asked or not";

/// Rule, change, reason.
pub(crate) const UNNOTICED: &[(&str, &str, &str)] = &[
    ("coordinated-workforce-planning", "in-force:  `2022-04-01` → `2022-03-31`", BOTH_DAYS_PAST),
    ("coordinated-workforce-planning", "in-force:  `2022-04-01` → `2022-04-02`", BOTH_DAYS_PAST),
    ("people-functions-covered", "in-force:  `2022-04-01` → `2022-03-31`", BOTH_DAYS_PAST),
    ("people-functions-covered", "in-force:  `2022-04-01` → `2022-04-02`", BOTH_DAYS_PAST),
    ("planning-moves-to-region", "severity:  `warning` → `error`", NO_DATE),
    ("education-moves-to-region", "severity:  `warning` → `error`", NO_DATE),
    ("upward-feedback", "expect: on satisfies tier `=` → `>=` (2)", HIGHEST),
    ("credential-is-national", "expect: defined-by satisfies tier `=` → `>=`", HIGHEST),
    ("credential-is-national", "expect: is given and `some` → `each`", ONE_BODY),
    ("dedicated-funding-streams", "expect: yes and ( `some` → `each`", ONE_BODY),
    ("body-exists", "where:  `opened is given` → `always`", UNDATED),
    ("body-exists", "where: is given or `closed is given` → `always`", UNDATED),
    ("region-coordinates", "expect: region and ( `plan.region is not given` → `never`", "every system is in a region"),
    ("trust-in-system", "where: = yes and `system is given` → `always`", "in the plan of a system, an organisation is always in one"),
    ("prescriber-has-the-right", "where: not profession in […] with `doctor`", MAY_PRESCRIBE),
    ("prescriber-has-the-right", "where: not profession in […] with `dentist`", MAY_PRESCRIBE),
    ("prescriber-has-the-right", "where: not profession in […] with `nurse`", MAY_PRESCRIBE),
    ("prescriber-has-the-right", "where: not profession in […] with `midwife`", MAY_PRESCRIBE),
    ("prescriber-has-the-right", "where: not profession in […] with `pharmacist`", MAY_PRESCRIBE),
    ("prescriber-has-the-right", "where: not profession in […] with `optometrist`", MAY_PRESCRIBE),
    ("prescriber-has-the-right", "where: not profession in […] with `physiotherapist`", MAY_PRESCRIBE),
    ("prescriber-has-the-right", "where: not profession in […] with `podiatrist`", MAY_PRESCRIBE),
    ("prescriber-has-the-right", "where: not profession in […] with `diagnostic-radiographer`", MAY_PRESCRIBE),
    ("prescriber-has-the-right", "expect: profession in […] with `nursing-associate`", NOT_ASKED),
    ("prescriber-has-the-right", "expect: profession in […] with `speech-and-language-therapist`", NOT_ASKED),
    ("prescriber-has-the-right", "expect: not profession in […] with `nursing-associate`", NOT_ASKED),
    ("prescriber-has-the-right", "expect: not profession in […] with `speech-and-language-therapist`", NOT_ASKED),
    ("prescriber-has-the-right", "expect: not profession in […] with `paramedic`", "a paramedic's own day is the later one"),
    ("prescriber-has-the-right", "expect: not profession in […] with `occupational-therapist`", FAILS_ANYWAY),
    ("prescriber-has-the-right", "expect: not profession in […] with `orthoptist`", FAILS_ANYWAY),
    ("prescriber-has-the-right", "expect: not profession in […] with `operating-department-practitioner`", FAILS_ANYWAY),
    ("prescriber-has-the-right", "expect: not profession in […] with `physician-associate`", FAILS_ANYWAY),
    ("prescriber-has-the-right", "expect: not profession in […] with `anaesthesia-associate`", FAILS_ANYWAY),
    ("consultation-within-24-months", "expect: given and owner.tier `=` → `>=`", HIGHEST),
    ("generalist-training", "where: some pipeline satisfies `trains in [hchs-doctors, general-practitioners]` → `always`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `all-staff`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `professionally-qualified-clinical-staff`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `registered-nursing`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `midwifery`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `ambulance-staff`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `scientific-therapeutic-and-technical`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `allied-health-professionals`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `healthcare-scientists`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `pharmacy`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `support-to-clinical-staff`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `support-to-doctors-nurses-and-midwives`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `support-to-ambulance-staff`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `support-to-scientific-staff`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `nhs-infrastructure-support`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `central-functions`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `hotel-property-and-estates`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `senior-managers`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `managers`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `other-staff`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `nursing-associates`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `physician-associates`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `primary-care-staff`", NO_DOCTORS),
    ("generalist-training", "where: satisfies trains in […] with `adult-social-care`", NO_DOCTORS),
    ("parts-sum-to-whole", "expect: and ( in-post `=` → `<=`", NO_LESS),
    ("rows-sum-to-whole", "expect: and ( whole.in-post `=` → `<=`", NO_LESS),
    ("rows-sum-to-whole", "where: given and ( `some` → `each`", "the rows of a table all measure one thing"),
    ("rows-sum-to-whole", "waivable-by:  `region` → `system`", NO_WAIVER),
    ("rows-sum-to-whole", "waivable-by:  `region` → `nation`", NO_WAIVER),
];

/// Rules that are judged over all plans together: no plan of a single system can hold one of them or break it. That each of their numbers is
/// noticed, and each of them missed when it is switched off, is shown on their own pages by the test
/// `over::loosening_or_switching_off_a_shipped_rule_changes_what_its_page_finds`.
pub(crate) const SHOWN_ELSEWHERE: [&str; 10] = [
    "funding-counted-once",
    "one-plan-for-each-organisation",
    "posts-counted-once",
    "recruits-counted-once",
    "transfers-agree",
    "forty-thousand-nurses",
    "england-nursing-vacancies-at-five-per-cent",
    "hundred-and-seventy-thousand-nurses",
    "sixty-thousand-doctors",
    "seventy-one-thousand-allied-health-professionals",
];
