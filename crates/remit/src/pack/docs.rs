//! `remit pack docs`: a site of the rules, as files that work without a server: each rule's page with its examples as they are
//! judged now, where it comes from and how sure that is, and what becomes of every paragraph of the framework.

mod example;
pub(crate) mod html;
mod site;

use std::io::Write;

use remit_core::packs::RuleInfo;
use remit_core::packs::provenance::{Kept, Paragraph, Status};

use crate::Environment;
use crate::arguments::PackDocsArguments;
use crate::exit::{Failure, Outcome};
use crate::pack::docs::html::{escaped, of_markdown};
use crate::pack::say;
use crate::pack::sets::Set;
use crate::packs::tell_invalid;
use crate::project::Place;
use crate::render::text::counted;
use crate::site::{may_be_made, write_all};

/// What says that a folder was made by this command, and may be made anew.
const MARK: &str = "<meta name=\"generator\" content=\"remit pack docs\">";

/// Runs the command.
pub(crate) fn run(
    arguments: &PackDocsArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let place = Place::given(&environment.folder, arguments.pack.as_deref().unwrap_or(".".as_ref()));
    let target = Place::given(&environment.folder, &arguments.output);
    may_be_made(&target, MARK)?;
    let set = match Set::of(&place, environment)? {
        Ok(set) => set,
        Err(errors) => return tell_invalid(&errors, err, environment),
    };
    let pages = pages(&set);
    let count = pages.len() - 1;
    write_all(&target, &pages)?;
    say(
        out,
        &format!(
            "The pages of {} are in `{}`: open `{}`\n",
            counted(count, "rule", "rules"),
            target.shown,
            target.child("index.html".as_ref()).shown
        ),
    )?;
    Ok(Outcome::Clean)
}

/// Every file of the site, by its path.
fn pages(set: &Set) -> Vec<(String, String)> {
    let rules: Vec<RuleInfo<'_>> = set.packs.rules().into_iter().filter(|rule| rule.place.is_some() && set.owns(&rule.id)).collect();
    let mut pages = vec![("index.html".to_owned(), index(set, &rules))];
    pages.extend(rules.iter().map(|rule| (file_of(rule, &rules), page(set, rule))));
    pages
}

/// Where a rule's page is. Where editions have different rules of one name, each says since when it is.
pub(crate) fn file_of(rule: &RuleInfo<'_>, rules: &[RuleInfo<'_>]) -> String {
    let alone = rules.iter().filter(|other| other.id == rule.id).count() < 2;
    let since = rule.editions.first().filter(|_| !alone).map(|edition| format!("-{}", edition.name)).unwrap_or_default();
    format!("{}{since}.html", rule.id)
}

fn index(set: &Set, rules: &[RuleInfo<'_>]) -> String {
    let mut body = String::from("<h1>The rules</h1>\n");
    body.push_str("<form role=\"search\" hidden><label for=\"search\">Search the rules</label> <input id=\"search\" type=\"search\" autocomplete=\"off\"> <output id=\"count\" for=\"search\"></output></form>\n");
    for info in &set.packs.infos {
        let own: Vec<&RuleInfo<'_>> =
            rules.iter().filter(|rule| rule.id.split_once('/').is_some_and(|(pack, _)| pack == info.name)).collect();
        if own.is_empty() {
            continue;
        }
        let published = info.publisher.as_ref().map(|publisher| format!(", published by {}", escaped(publisher))).unwrap_or_default();
        body.push_str(&format!(
            "<section>\n<h2 id=\"{name}\">{}</h2>\n<p><code>{name}</code> {}{published}, {}. <small>{}</small></p>\n<ul class=\"rules\">\n",
            escaped(&info.title),
            escaped(&info.version),
            counted(own.len(), "rule", "rules"),
            escaped(&info.digest),
            name = escaped(&info.name),
        ));
        for rule in own {
            let words = format!("{} {} {}", rule.title, rule.id, rule.page).to_lowercase();
            let words: Vec<&str> = words.split_whitespace().collect();
            body.push_str(&format!(
                "<li data-words=\"{}\"><a href=\"{}\">{}</a> <span class=\"level {level}\">{level}</span>{}</li>\n",
                escaped(&words.join(" ")),
                escaped(&file_of(rule, rules)),
                escaped(&rule.title),
                rule.source.as_ref().map(|source| format!("<br><small>{}</small>", escaped(&source.to_string()))).unwrap_or_default(),
                level = rule.severity.word(),
            ));
        }
        body.push_str("</ul>\n</section>\n");
    }
    body.push_str(&coverage(&set.packs.paragraphs, rules));
    site::whole("The rules", "", &body)
}

/// What becomes of every paragraph.
fn coverage(paragraphs: &[Paragraph], rules: &[RuleInfo<'_>]) -> String {
    let mut body = String::new();
    let mut documents: Vec<&str> = Vec::new();
    for paragraph in paragraphs {
        if !documents.contains(&&*paragraph.document_title) {
            documents.push(&paragraph.document_title);
        }
    }
    if !documents.is_empty() {
        body.push_str("<h2 id=\"coverage\">What becomes of every paragraph</h2>\n");
    }
    for document in documents {
        body.push_str(&format!("<h3>{}</h3>\n<table>\n<thead><tr><th scope=\"col\">Paragraph</th><th scope=\"col\">What it says</th><th scope=\"col\">How sure</th><th scope=\"col\">What becomes of it</th></tr></thead>\n<tbody>\n", escaped(document)));
        for paragraph in paragraphs.iter().filter(|paragraph| paragraph.document_title == document) {
            let kept = match &paragraph.kept {
                Kept::Checked(by, rest) => {
                    let links: Vec<String> = by.iter().map(|id| linked(id, rules)).collect();
                    let rest = rest.as_ref().map(|rest| format!(" Left to judgement: {}", escaped(rest))).unwrap_or_default();
                    format!("Checked by {}.{rest}", links.join(", "))
                }
                Kept::Judgement(why) => format!("Left to judgement: {}", escaped(why)),
                Kept::NotCovered(why) => {
                    format!("Not covered{}", why.as_ref().map(|why| format!(": {}", escaped(why))).unwrap_or_default())
                }
            };
            body.push_str(&format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{kept}</td></tr>\n",
                escaped(&paragraph.name),
                escaped(&paragraph.says),
                paragraph.status.map_or("", Status::word),
            ));
        }
        body.push_str("</tbody>\n</table>\n");
    }
    body
}

fn linked(id: &str, rules: &[RuleInfo<'_>]) -> String {
    let short = |id: &str| id.rsplit('/').next().unwrap_or(id).to_owned();
    match rules.iter().find(|rule| rule.id == id || short(&rule.id) == id) {
        Some(rule) => format!("<a href=\"{}\">{}</a>", escaped(&file_of(rule, rules)), escaped(&short(id))),
        None => escaped(&short(id)),
    }
}

fn page(set: &Set, rule: &RuleInfo<'_>) -> String {
    let mut facts = vec![
        ("Rule", format!("<code>{}</code>", escaped(&rule.id))),
        ("Level", format!("<span class=\"level {0}\">{0}</span>", rule.severity.word())),
        ("May waive it", escaped(rule.waivable_by.unwrap_or("nobody"))),
    ];
    if let Some(source) = &rule.source {
        facts.push(("Comes from", escaped(&source.to_string())));
        let sure =
            set.packs.paragraphs.iter().find(|known| known.document == source.document && Some(&known.name) == source.paragraph.as_ref());
        if let Some(paragraph) = sure {
            facts.push(("It says", escaped(&paragraph.says)));
            let read = paragraph.read_in.as_ref().map(|read| format!(", read in {}", escaped(read))).unwrap_or_default();
            facts.extend(paragraph.status.map(|status| ("How sure", format!("{}{read}", status.word()))));
        }
    }
    if let Some(tightened) = rule.tightens {
        let from = escaped(&tightened.source.to_string());
        facts.push(("Tightens", format!("<code>{}</code>, from {from}", escaped(&tightened.rule))));
    }
    if rule.is_consulted {
        facts.push(("Status", "put to consultation: what it finds is shown, and counts for nothing".to_owned()));
    }
    if !rule.editions.is_empty() {
        let editions: Vec<String> = rule.editions.iter().map(|edition| format!("{} ({})", edition.name, edition.title)).collect();
        facts.push(("Stands in", escaped(&editions.join("; "))));
    }
    if let Some(in_force) = &rule.in_force {
        facts.push(("In force", escaped(&site::since(in_force))));
    }
    let rows: String = facts.iter().map(|(word, text)| format!("<dt>{word}</dt><dd>{text}</dd>\n")).collect();
    let judged = example::judged(&set.packs, rule);
    let text = of_markdown(rule.page, |at| judged.iter().find(|(from, _)| *from == at).map(|(_, html)| html.clone()));
    let source = rule.place.and_then(|place| set.packs.sources.get(place.file));
    let written = source
        .map(|source| {
            format!(
                "<details><summary>As it is written, in <code>{}</code></summary>\n<pre tabindex=\"0\"><code>{}</code></pre>\n</details>\n",
                escaped(source.path()),
                escaped(source.text())
            )
        })
        .unwrap_or_default();
    let up = "../".repeat(rule.id.matches('/').count());
    let body =
        format!("<p><a href=\"{up}index.html\">All rules</a></p>\n<h1>{}</h1>\n<dl>\n{rows}</dl>\n{text}{written}", escaped(&rule.title));
    site::whole(&rule.title, &up, &body)
}
