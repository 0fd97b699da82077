//! The site of the rules: whole, self-contained, readable by everybody, and true to what the checker says.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::case;
use crate::cli::Folder;

fn made(folder: &Folder, words: &str) -> Vec<(String, String)> {
    let told = folder.remit(words);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let site = folder.0.join("site");
    let name = |path: &Path| path.strip_prefix(&site).expect("within").to_string_lossy().into_owned();
    case::files(&site, ".html").iter().map(|path| (name(path), fs::read_to_string(path).expect("read"))).collect()
}

/// The values of an attribute.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let start = format!(" {attribute}=\"");
    page.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap_or("")).collect()
}

#[test]
fn the_site_is_whole_and_needs_nothing_else() {
    let folder = Folder::new();
    let pages = made(&folder, "pack docs --output site");
    let packs = case::packs();
    let rules: Vec<_> = packs.rules().into_iter().filter(|rule| rule.place.is_some()).collect();
    assert_eq!(pages.len(), rules.len() + 1);
    let index = &pages.iter().find(|(name, _)| name == "index.html").expect("an index").1;
    assert_eq!(index.matches("<li data-words=").count(), rules.len());
    for rule in &rules {
        assert!(
            pages.iter().any(|(name, page)| name.starts_with(&rule.id) && page.contains(&format!("<code>{}</code>", rule.id))),
            "{}",
            rule.id
        );
    }
    for paragraph in &packs.paragraphs {
        assert!(
            index.contains(&paragraph.name.replace('\'', "&#39;").replace('&', "&amp;").replace("&amp;#39;", "&#39;")),
            "{}",
            paragraph.name
        );
    }
    for (name, page) in &pages {
        assert!(page.starts_with("<!doctype html>\n<html lang=\"en-GB\">"), "{name}");
        for (what, count) in [("<h1>", 1), ("<title>", 1), ("<main id=\"content\">", 1), ("<script", usize::from(name == "index.html"))] {
            assert_eq!(page.matches(what).count(), count, "{name}: {what}");
        }
        assert!(
            values(page, "src").is_empty() && !page.contains("<link") && !page.contains("@import") && !page.contains("url("),
            "{name} loads something"
        );
        let ids: BTreeSet<&str> = values(page, "id").into_iter().collect();
        for link in values(page, "href") {
            if let Some(id) = link.strip_prefix('#') {
                assert!(id.is_empty() || ids.contains(id), "{name} leads to {link}");
            } else if !link.starts_with("http") {
                let target = folder.0.join("site").join(name).parent().expect("a folder").join(link);
                assert!(target.is_file(), "{name} leads to {link}");
            }
        }
    }
}

#[test]
fn examples_are_shown_as_they_are_judged() {
    let folder = Folder::new();
    let pages = made(&folder, "pack docs --output site");
    for (name, page) in &pages {
        assert!(
            name == "index.html" || (page.contains("<span class=\"good\">Passes</span>") && page.contains("<li><span class=\"level")),
            "{name} shows no example"
        );
        assert!(!page.contains("language-findings") && !page.contains("language-remit"), "{name} shows an example as it is written");
    }
    let guardian = &pages.iter().find(|(name, _)| name.ends_with("/wellbeing-guardian.html")).expect("a page").1;
    assert!(guardian.contains("organisation <mark class=\"warning\">RTD</mark> {"), "{guardian}");
    assert!(guardian.contains("(RTD) names no wellbeing guardian<br><small>"), "{guardian}");
    // The same packs give the same bytes.
    assert!(pages == made(&folder, "pack docs --output site"));
}

#[test]
fn a_page_runs_and_loads_nothing() {
    let folder = Folder::with(&[
        (
            "ours/pack.yaml",
            "name: ours\ntitle: A <b>pack</b> & more\nversion: 1.0.0\ntier: region\nextends: nhs-people-framework\nsources: { guide: { title: \"<i>Guide</i>\" } }\n",
        ),
        (
            "ours/rules/dated.yaml",
            "id: dated\nseverity: note\nsource: { document: guide }\neach: commitment\nexpect: due is given\nmessage: \"<script>no</script>\"\n",
        ),
        (
            "ours/rules/dated.md",
            "# A <script>title</script>\n\n<script>alert(1)</script> [x](javascript:alert(2)) ![y](https://a.example/p.png) <img src=x onerror=alert(3)>\n\n## Fails\n\n```remit\ncommitment a \"<script>plan</script>\" { on staff-experience }\n```\n\n```findings\n```\n",
        ),
    ]);
    let pages = made(&folder, "pack docs ours --output site");
    assert_eq!(pages.len(), 2);
    for (name, page) in &pages {
        let script = usize::from(name == "index.html");
        assert_eq!(page.matches("<script").count(), script, "{name}");
        assert!(values(page, "href").iter().all(|link| !link.starts_with("javascript:")), "{name}");
        for word in ["<img", "<b>", "<i>", "onerror=alert(3)>"] {
            assert!(!page.contains(word), "{name}: {word}");
        }
    }
    assert!(
        pages
            .iter()
            .any(|(_, page)| page.contains("&lt;script&gt;plan&lt;/script&gt;") && page.contains("&lt;script&gt;no&lt;/script&gt;"))
    );
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let folder = Folder::with(&[("site/thesis.html", "years of work")]);
    let told = folder.remit("pack docs --output site");
    assert_eq!(told.code, 2);
    assert_eq!(told.err, "remit: `site` holds something else, which would be lost\n  help: name a new folder with `--output`\n");
    assert_eq!(folder.read("site/thesis.html"), "years of work");
}
