//! `remit report`: what a page says, that it loads nothing, that nothing of a plan is obeyed, and that nothing else is written over.

use std::fs;

use crate::case::{files, root};
use crate::cli::{Folder, copied};

/// The page of an example.
fn page_of(example: &str, words: &str) -> String {
    let folder = Folder::new();
    copied(&root().join("examples").join(example), &folder.0.join("plan"));
    let told = folder.remit(&format!("report plan {words}"));
    assert_eq!(told.code, 0, "{}", told.err);
    assert_eq!(told.out, "The report is in `report.html`: open it in a browser\n");
    folder.read("report.html")
}

/// Nothing in a page asks for anything: no address, no script, no style from elsewhere.
#[track_caller]
fn is_alone(page: &str) {
    for word in ["http:", "https:", "src=", "<script", "<link", "<img", "<iframe", "url(", "@import", "javascript:", "<object", "<form"] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.starts_with("<!doctype html>\n<html lang=\"en-GB\">"));
    assert!(page.trim_end().ends_with("</html>"));
}

#[track_caller]
fn says(page: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert!(page.contains(sentence), "{sentence}");
    }
}

#[test]
fn the_page_of_the_real_example_answers_what_a_board_asks() {
    let page = page_of("north-east-and-north-cumbria-2019", "");
    is_alone(&page);
    says(
        &page,
        &[
            "<h1>Our people, our future</h1>",
            "As things stood on Tuesday 1 October 2019",
            // Who holds pay policy.
            "<th scope=\"row\">Pay policy<small>stays at the nation, with Department of Health and Social Care</small></th>",
            // What is let go next.
            "The framework would let go of workforce planning and leadership development now.",
            "Maturing, found on 2019-09-16 by North East and Yorkshire;",
            // The figures, to the digit, and what the bridge comes to.
            "<td>20,138.8</td><td>20,578.8</td><td>21,158.8</td><td>21,838.8</td><td>22,558.8</td><td>23,298.8</td>",
            "20,138.8 in post in 2018/19, +12,940 joiners, −10,010 leavers, +230 transfers come to 23,298.8; the plan has 23,298.8 in 2023/24.",
            // Aims.
            "<b>Fewer nursing vacancies</b>: Vacancy rate 4.4% by 2023/24; the table reaches 4.4%.",
            // What depends on the spending review.
            "Money waits for &quot;Spending Review 2019&quot;: confirm &quot;Spending Review 2019&quot;.",
        ],
    );
}

#[test]
fn what_matters_most_comes_first() {
    let page = page_of("ultra-vires", "--as-of 2026-06-01");
    is_alone(&page);
    says(
        &page,
        &[
            "What matters most comes first: 17 errors, 21 warnings, 11 notes.",
            "<dd>Pay policy stays national: Wessex and Mercia cannot be accountable for it.</dd>",
        ],
    );
    let place = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}"));
    let findings = place("<section id=\"findings\">");
    let first = findings + page[findings..].find("<article").unwrap();
    assert!(page[first..].starts_with("<article class=\"finding error\">"));
    assert!(page.rfind("<article class=\"finding error\">") < page.find("<article class=\"finding warning\">"));
    assert!(page.rfind("<article class=\"finding warning\">") < page.find("<article class=\"finding note\">"));
}

#[test]
fn the_same_plan_makes_the_same_page() {
    assert_eq!(page_of("essex-2026", ""), page_of("essex-2026", ""));
}

/// What is missing, short, odd or hostile still makes a page, and nothing of it is obeyed.
#[test]
fn a_plan_that_is_odd_makes_a_page() {
    let header = "framework nhs-people-framework 2019; horizon 2019/20 to 2023/24; submitted 2019-09-27";
    let cases = [
        ("nothing".to_owned(), ""),
        ("plan \"x\" {".to_owned(), "The plan gives no horizon, so there are no days to look at."),
        (format!("plan \"<script>alert(1)</script>\" for QHM {{ {header} }}"), "&lt;script&gt;alert(1)&lt;&#x2f;script&gt;"),
        (format!("plan \"A\" for QHM {{ {header} }}\nworkforce midwifery {{ unit wte; year 2019/20; in-post 5 }}"), "<td>5</td>"),
        // Estimates are drawn with what they lie between, and said as written.
        (
            format!(
                "plan \"A\" for QHM {{ {header} }}\n\
                 workforce midwifery {{ unit wte; year 2019/20 2020/21\n  in-post 180 ~ 200 ~ 240  300\n}}"
            ),
            "<td>180 ~ 200 ~ 240</td><td>300</td>",
        ),
        (
            format!(
                "plan \"A\" for QHM {{ {header} }}\nresponsibility pay-policy {{ accountable dhsc; informed \"<b>\" }}\n\
                 waiver wellbeing-guardian for U02739 {{ until 2020-06-30; because \"a & b\" }}"
            ),
            "a &amp; b",
        ),
    ];
    for (plan, words) in cases {
        let folder = Folder::with(&[("plan.remit", &plan)]);
        let told = folder.remit("report plan.remit --as-of 2019-10-01");
        assert_eq!(told.code, 0, "{plan}: {}", told.err);
        let page = folder.read("report.html");
        is_alone(&page);
        says(&page, &[words]);
    }
}

#[test]
fn several_plans_make_a_folder() {
    let folder = Folder::new();
    for name in ["essex-2026", "ultra-vires"] {
        copied(&root().join("examples").join(name), &folder.0.join("plans").join(name));
    }
    let told = folder.remit("report plans --as-of 2026-07-15");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert_eq!(told.out, "The pages of 2 plans are in `report`: open `report/index.html`\n");
    let index = folder.read("report/index.html");
    is_alone(&index);
    says(
        &index,
        &[
            "<a href=\"D7T5G.html\">Essex (D7T5G)</a>",
            "<a href=\"wessex-and-mercia.html\">Wessex and Mercia</a>",
            "<th scope=\"col\">Workforce planning</th>",
        ],
    );
    let page = folder.read("report/D7T5G.html");
    is_alone(&page);
    says(&page, &["<a href=\"index.html\">All plans</a>"]);
    // What was made here is made anew; anything else is left alone.
    assert_eq!(folder.remit("report plans --as-of 2026-07-15").code, 0);
    fs::write(folder.0.join("report/index.html"), "mine").unwrap();
    let refused = folder.remit("report plans");
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("`report` holds something else, which would be lost"), "{}", refused.err);
    assert_eq!(folder.read("report/index.html"), "mine");
}

#[test]
fn a_plan_is_never_written_over() {
    let folder = Folder::with(&[("plan.remit", "plan \"A\" for QHM { horizon 2019/20 to 2023/24 }\n")]);
    let before = folder.read("plan.remit");
    for words in ["report plan.remit --output plan.remit", "report --output ./plan.remit"] {
        let told = folder.remit(words);
        assert_eq!(told.code, 2, "{words}");
        assert!(told.err.contains("would be written over"), "{}", told.err);
    }
    assert_eq!(folder.read("plan.remit"), before);
    assert_eq!(files(&folder.0, ".html").len(), 0);
}

#[test]
fn what_is_not_there_is_said() {
    let told = Folder::new().remit("report nowhere");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("nowhere"), "{}", told.err);
}
