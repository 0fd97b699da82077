//! The page on expressions, made from the tables by which they are checked, and from what the checker says of each example.

use std::fmt::Write as _;

use crate::model::bodies::Register;
use crate::model::value::Operation;
use crate::rules::expression::{self, Comparison};
use crate::rules::resolve::fit::{ARITHMETIC, Gives, Right};
use crate::rules::resolve::{self, Dimension, Scope, Ty};
use crate::vocabulary::Vocabulary;
use crate::vocabulary::types::Type;

/// One construct, with an example that the checker is asked about.
struct Construct {
    /// As it is written.
    written: &'static str,
    /// What it says.
    says: &'static str,
    /// The kind of which the example is asked.
    kind: &'static str,
    example: &'static str,
}

const fn construct(written: &'static str, says: &'static str, kind: &'static str, example: &'static str) -> Construct {
    Construct { written, says, kind, example }
}

/// From the tightest to the loosest: each with an example, and the same with brackets.
const PRECEDENCE: [(&str, &str, &str); 8] = [
    ("`X in PERIOD`, then `X otherwise Y`", "in-post in 2019/20 otherwise 5 wte", "(in-post in 2019/20) otherwise 5 wte"),
    ("`-` before a value", "-5 * 2", "(-5) * 2"),
    ("`*` and `/`", "1 + 2 * 3", "1 + (2 * 3)"),
    ("`+` and `-`", "1 + 2 < 4", "(1 + 2) < 4"),
    ("one comparison, `is …`, `in […]`, `never …` or `within …`; two do not chain", "not 1 < 2", "not (1 < 2)"),
    ("`not`", "not 1 < 2 and 3 < 4", "(not (1 < 2)) and (3 < 4)"),
    ("`and`", "1 < 2 or 3 < 4 and 5 < 6", "1 < 2 or (3 < 4 and 5 < 6)"),
    (
        "`or`, and what follows `satisfies` and `where`",
        "no risk satisfies owner is given or likelihood is given",
        "no risk satisfies (owner is given or likelihood is given)",
    ),
];

const CONSTRUCTS: [(&str, &[Construct]); 6] = [
    (
        "What is given",
        &[
            construct("`X is given`, `X is not given`", "the only question about what is absent", "commitment", "due is given"),
            construct("`X otherwise Y`", "the second where the first is not given", "plan", "baseline otherwise 2018/19"),
            construct(
                "`field.clause`, `field.value`",
                "a clause or a further value of a field, by what the vocabulary calls it",
                "funding",
                "status.waits-for",
            ),
            construct("`field.field`", "a field of what a field names", "commitment", "owner.tier"),
            construct("`plan.field`, `as-of`", "a field of the plan; the day of the check", "commitment", "plan.submitted"),
        ],
    ),
    (
        "Comparing",
        &[
            construct("`X in [A, B]`", "one of these, or a part of one", "organisation", "kind in [nhs-trust, primary-care-network]"),
            construct(
                "`X is part of Y`, `X is not part of Y`",
                "a part of it however far down, and not it itself",
                "workforce",
                "group is part of all-staff",
            ),
            construct(
                "`X includes Y`",
                "a run of years holds a period, a run of days a day, a list a value",
                "commitment",
                "plan.horizon includes due",
            ),
            construct("`X follows Y`", "the figure as written is what the other rounds to", "target", "to follows from"),
            construct("`X is in per cent`, `points`, `money` or a unit", "what a figure is counted in", "target", "change is in points"),
            construct(
                "`X within D of Y`, `after`, `before`",
                "days, by the calendar, both ends included",
                "commitment",
                "due within 24 months of plan.submitted",
            ),
        ],
    ),
    (
        "Rows over time",
        &[
            construct("`S in PERIOD`", "the value of a row", "workforce", "in-post in 2027/28"),
            construct(
                "`every year of S satisfies …`",
                "over the years of the horizon; `S` and every other row stand for that year's value",
                "workforce",
                "every year of in-post satisfies in-post >= 100 wte",
            ),
            construct(
                "`every quarter of`, `every month of`, `every period of`",
                "over the columns of the table; `period` takes whatever they are",
                "workforce",
                "every period of in-post satisfies in-post >= in-post in previous period",
            ),
            construct(
                "`every given year of S satisfies …`",
                "over those that have a figure",
                "workforce",
                "every given year of in-post satisfies in-post >= 100 wte",
            ),
            construct("`S never falls`, `S never rises`", "over the columns that have a figure", "workforce", "in-post never falls"),
            construct(
                "`change of S from P to Q`",
                "in the row's own unit; of a rate, in points",
                "workforce",
                "change of in-post from plan.baseline to 2023/24",
            ),
            construct(
                "`growth of S from P to Q`",
                "the change as a share of where it began",
                "workforce",
                "growth of in-post from plan.baseline to 2023/24",
            ),
            construct(
                "`straight line of S from P to X in Q`",
                "inside `every … of`: where the row would stand on the way; at its end from then on",
                "workforce",
                "every year of vacancy-rate satisfies vacancy-rate <= straight line of vacancy-rate from plan.baseline to 5% in 2027/28",
            ),
            construct(
                "`actual S`",
                "what was reached, in periods that have ended on the day of the check",
                "workforce",
                "actual in-post in 2023/24",
            ),
        ],
    ),
    (
        "Ranging",
        &[
            construct(
                "`some K satisfies …`, `every K where … satisfies …`, `no K satisfies …`",
                "over the statements of a kind; the subject outside is named by its kind",
                "organisation",
                "some commitment satisfies covers includes organisation.code",
            ),
            construct(
                "`some of F satisfies …`, `each of F satisfies …`",
                "over what a field names, or over each time that it stands",
                "commitment",
                "each of funding satisfies status = confirmed",
            ),
            construct(
                "`… as NAME …`",
                "gives what is ranged over a name of its own",
                "workforce",
                "some workforce as part satisfies part.group is part of workforce.group",
            ),
            construct(
                "`sum of X over K where …`",
                "of numbers that count the same",
                "plan",
                "sum of in-post in 2023/24 over workforce where unit = wte",
            ),
            construct("`count of K where …`", "how many", "plan", "count of commitment where funding is given"),
            construct(
                "`share of K where …`, `share of X over K where …`",
                "of their number, or of a sum",
                "plan",
                "share of commitment where funding is given",
            ),
            construct(
                "`over each of F`",
                "over what a field names: `rows`, `parts` and `whole` are those of a table",
                "workforce",
                "sum of in-post in 2023/24 over each of parts",
            ),
        ],
    ),
    (
        "Days and years",
        &[
            construct("`D + 6 months`, `D - 6 months`", "clamped to the month's end", "commitment", "due - 6 months"),
            construct("`year of D`", "the financial year in which a day falls", "commitment", "year of due"),
            construct("`first day of P`, `last day of P`", "of a year, a quarter or a month", "plan", "first day of 2024/25 Q2"),
            construct("`length of R`", "of a run of years or days", "plan", "length of horizon"),
            construct(
                "`previous year`, `this year`; `quarter`, `month`, `period`",
                "inside `every … of`",
                "workforce",
                "every year of in-post satisfies in-post in previous year <= in-post in this year",
            ),
        ],
    ),
    (
        "Joining",
        &[construct(
            "`A and B`, `A or B`, `not A`",
            "three-valued: what cannot be told leaves the whole untold, unless another part decides",
            "commitment",
            "due is given and not owner is given",
        )],
    ),
];

/// A value of each type, asked of an `organisation`.
const SAMPLES: [(&str, &str); 16] = [
    ("a number without a unit", "5"),
    ("a number of staff", "5 wte"),
    ("a rate", "5%"),
    ("points", "5 points"),
    ("money", "£5m"),
    ("a date", "plan.submitted"),
    ("a financial year", "plan.baseline"),
    ("a quarter", "2024/25 Q1"),
    ("a month", "2024-04"),
    ("a run of years", "plan.horizon"),
    ("a length of time", "5 months"),
    ("a level of a scale", "tier"),
    ("a term", "kind"),
    ("a body", "code"),
    ("yes or no", "anchor"),
    ("text", "staff-passport"),
];

/// The page, in Markdown.
///
/// # Errors
/// The examples that the checker refuses, with what it says of them: then the tables above are wrong.
pub fn page(vocabulary: &Vocabulary, register: &Register) -> Result<String, Vec<String>> {
    let mut wrong = Vec::new();
    let mut page = String::from(
        "# Expressions\n\nWhat `expect`, `where` and the `{…}` of messages may say. This page is made from the tables by which expressions are checked, and every example on it has been put to the checker. \
         [Writing a rule pack](packs.md) tells how rules use them.\n\n## What binds tightest\n\n| | |\n|---|---|\n",
    );
    for (written, example, bracketed) in PRECEDENCE {
        let same =
            matches!((expression::parse(example), expression::parse(bracketed)), (Ok(one), Ok(other)) if outline(&one) == outline(&other));
        if !same {
            wrong.push(format!("`{example}` is not `{bracketed}`"));
        }
        let _ = writeln!(page, "| {written} | `{example}` is `{bracketed}` |");
    }
    page.push_str("\nBinary operators have spaces around them, since `in-post` is a name.\n");
    for (title, constructs) in CONSTRUCTS {
        let _ = write!(page, "\n## {title}\n\n| written | says | for example | which is |\n|---|---|---|---|\n");
        for construct in constructs {
            match ty(vocabulary, register, construct.kind, construct.example) {
                Ok(ty) => {
                    let gives = if ty == Ty::Truth { "true or false".to_owned() } else { resolve::describe_type(vocabulary, &ty) };
                    let _ = writeln!(page, "| {} | {} | `{}` | {gives} |", construct.written, construct.says, construct.example);
                }
                Err(fault) => wrong.push(format!("`{}`: {fault}", construct.example)),
            }
        }
    }
    page.push_str(
        "\n## What compares with what\n\nTwo values of one type compare; these may be compared with these signs:\n\n| | |\n|---|---|\n",
    );
    for (what, sample) in SAMPLES {
        let signs: Vec<String> = Comparison::ALL
            .into_iter()
            .filter(|comparison| *comparison != Comparison::Includes)
            .map(Comparison::sign)
            .filter(|sign| ty(vocabulary, register, "organisation", &format!("{sample} {sign} {sample}")).is_ok())
            .map(|sign| format!("`{sign}`"))
            .collect();
        let _ = writeln!(page, "| {what} | {} |", signs.join(" "));
    }
    page.push_str("\nA number without a unit also compares with a rate, and nought with any number. `follows` takes a figure as it is written, on its left.\n");
    page.push_str("\n## What is reckoned with what\n\n| | | | gives |\n|---|---|---|---|\n");
    for line in ARITHMETIC {
        let dimensions =
            |all: &[Dimension]| all.iter().map(|one| resolve::describe_type(vocabulary, &Ty::Number(*one))).collect::<Vec<_>>();
        let several = |all: &[Dimension]| match all {
            [Dimension::Zero] => "nought".to_owned(),
            all if all.len() > 4 => "any number".to_owned(),
            all => {
                let mut names = dimensions(all);
                names.dedup();
                names.join(", ")
            }
        };
        let signs: Vec<&str> = line.operations.iter().map(|operation| sign(*operation)).collect();
        let right = match line.right {
            Right::Same => "what counts the same".to_owned(),
            Right::Of(all) => several(all),
        };
        let gives = match line.gives {
            Gives::Left => "what the left counts".to_owned(),
            Gives::Right => "what the right counts".to_owned(),
            Gives::Is(dimension) => dimensions(&[dimension]).join(""),
        };
        let _ = writeln!(page, "| {} | `{}` | {right} | {gives} |", several(line.left), signs.join("` `"));
    }
    page.push_str("\nThe first line that fits counts. Numbers are exact; dividing by nought is undetermined, and so is what is not exact and might go either way.\n");
    page.push_str("\n## Types of fields\n\nWhat a vocabulary calls a type, what plans write for it, and what it is in an expression:\n\n| type | in a plan | in an expression |\n|---|---|---|\n");
    let series = Type::Series(Box::new(Type::Quantity));
    for (name, plain) in crate::packs::plain_types().chain([("series quantity", series)]) {
        let _ = writeln!(
            page,
            "| `{name}` | {} | {} |",
            vocabulary.describe(&plain),
            resolve::describe_type(vocabulary, &resolve::type_of(&plain))
        );
    }
    page.push_str("\n`term SET`, `scale SCALE`, `reference KIND` and `unit OF` name what the vocabulary declares. `*` after a type is a list, `?` may be left out, and ` as NAME` is what rules call a further value.\n");
    page.push_str("\n## Units\n\n| unit | also written | counts | |\n|---|---|---|---|\n");
    for unit in vocabulary.units() {
        let also: Vec<String> = unit.also.iter().map(|also| format!("`{also}`")).collect();
        let _ = writeln!(page, "| `{}` | {} | {} | {} |", unit.name, also.join(", "), unit.of, unit.doc);
    }
    if wrong.is_empty() { Ok(page) } else { Err(wrong) }
}

/// The type of an expression that is asked of a kind, or what is wrong with it.
fn ty(vocabulary: &Vocabulary, register: &Register, kind: &str, text: &str) -> Result<Ty, String> {
    let kind = vocabulary.kind(kind).and_then(|kind| vocabulary.kind_def(kind)).ok_or_else(|| format!("there is no kind `{kind}`"))?;
    let mut expr = expression::parse(text).map_err(|fault| fault.message)?;
    let mut faults = Vec::new();
    let ty = resolve::resolve(Scope { vocabulary, register, kind }, &mut expr, &mut faults);
    faults.into_iter().next().map_or(Ok(ty), |fault| Err(fault.message))
}

/// What an expression is, without its places.
fn outline(expr: &expression::Expr) -> String {
    let text = format!("{:?}", expr.node);
    let mut outline = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("range: ") {
        outline.push_str(before);
        rest = after.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    }
    outline.push_str(rest);
    // Where a name of what is ranged over stands is a place too.
    outline.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn sign(operation: Operation) -> &'static str {
    match operation {
        Operation::Add => "+",
        Operation::Subtract => "-",
        Operation::Multiply => "*",
        Operation::Divide => "/",
    }
}
