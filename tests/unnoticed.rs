//! The changes to rules that no plan can notice, one by one, each with the reason. Whoever changes a rule may have to change its lines.

const BOTH_DAYS_PAST: &str = "England is checked years after either day, and a note or a warning is no less before it";
const NO_DATE: &str = "no date is published for it, and what is not in force is no more than a warning";
const ONE_BODY: &str = "the field names one body: some of it is each of it";
const HIGHEST: &str = "nothing stands above the nation";
const MAY_PRESCRIBE: &str = "the profession may prescribe, asked or not";
const NOT_ASKED: &str = "the rule does not ask this profession";
const FAILS_ANYWAY: &str = "the profession may not prescribe on any day";
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
];
