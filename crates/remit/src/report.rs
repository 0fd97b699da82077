//! `remit report`: a page that a board reads, of one plan; of several, an index and a page of each. Files that load nothing.

mod charts;
mod page;
mod region;

use std::collections::BTreeSet;
use std::io::Write;

use minijinja::{AutoEscape, Environment as Templates, context};
use remit_core::check::{PlanText, open_texts};
use remit_core::rules::over::combine;
use serde::Serialize;

use crate::Environment;
use crate::arguments::ReportArguments;
use crate::exit::{Failure, Outcome};
use crate::jobs::{Asked, Failures, Job, Together, jobs};
use crate::output::{Format, create};
use crate::pack::docs::html::escaped;
use crate::pack::say;
use crate::project::Place;
use crate::render::text::counted;
use crate::render::{Checked, Tally};
use crate::report::page::Page;
use crate::report::region::Row;
use crate::site::{may_be_made, write_all};

/// What says that a folder was made by this command, and may be made anew.
const MARK: &str = "<meta name=\"generator\" content=\"remit report\">";

/// Runs the command.
pub(crate) fn run(
    arguments: &ReportArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let mut failures = Failures::new(err);
    let asked = Asked { paths: &arguments.paths, as_of: arguments.as_of, fail_on: None, format: Format::Human };
    let jobs = jobs(&asked, &mut failures, environment)?;
    let templates = templates();
    let default = if jobs.len() == 1 { "report.html" } else { "report" };
    let place = Place::given(&environment.folder, arguments.output.as_deref().unwrap_or(default.as_ref()));
    if let [job] = jobs.as_slice() {
        if place.is_plan_file() {
            let message = format!("`{}` would be written over: a report does not go into a plan's file", place.shown);
            return Err(Failure::usage(message));
        }
        let mut tally = Tally::default();
        let page = match page(job, &mut tally, None) {
            Ok((page, _)) => page,
            Err(failure) => {
                failures.tell(failure);
                return Ok(failures.worst);
            }
        };
        let text = rendered(&templates, "page.html", &page.title, &page)?;
        let mut file = create(&place)?;
        file.write_all(text.as_bytes()).and_then(|()| file.flush()).map_err(|error| Failure::writing(&place.shown, &error))?;
        say(out, &format!("The report is in `{}`: open it in a browser\n", place.shown))?;
        return Ok(failures.worst);
    }
    may_be_made(&place, MARK)?;
    several(&jobs, &templates, &place, &mut failures, out)
}

/// A page of each plan, and one of all of them.
fn several(
    jobs: &[Job],
    templates: &Templates<'_>,
    place: &Place,
    failures: &mut Failures<'_>,
    out: &mut dyn Write,
) -> Result<Outcome, Failure> {
    let mut tally = Tally::default();
    let mut together = Together::default();
    let mut files: Vec<(String, String)> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut names: BTreeSet<String> = BTreeSet::from(["index.html".to_owned()]);
    for job in jobs {
        match page(job, &mut tally, Some("index.html")) {
            Ok((page, contributions)) => {
                let name = file_name(&page.plan, &mut names);
                files.push((name.clone(), rendered(templates, "page.html", &page.title, &page)?));
                rows.push(Row::of(&page, name));
                together.add(job, contributions);
            }
            Err(failure) => failures.tell(failure),
        }
    }
    if rows.is_empty() {
        return Ok(failures.worst);
    }
    let mut rollups = Vec::new();
    for (packs, _, contributions) in &together.groups {
        let combined = combine(contributions, packs);
        tally.add_together(&combined);
        rollups.push((combined, packs.clone()));
    }
    let index = region::region(&tally, rows, &rollups);
    files.push(("index.html".to_owned(), rendered(templates, "region.html", &index.title, &index)?));
    write_all(place, &files)?;
    let pages = counted(files.len() - 1, "plan", "plans");
    say(out, &format!("The pages of {pages} are in `{}`: open `{}`\n", place.shown, place.child("index.html".as_ref()).shown))?;
    Ok(failures.worst)
}

/// Everything that is told of a plan, and what it adds to rules over many.
fn page(job: &Job, tally: &mut Tally, index: Option<&str>) -> Result<(Page, Vec<remit_core::rules::over::Contribution>), Failure> {
    let texts: Vec<PlanText> = job.plan.read()?.into_iter().map(PlanText::from).collect();
    let mut opened = open_texts(&job.plan.place.shown, &texts, &job.packs, job.as_of);
    let checked = Checked { analysis: &opened.analysis, packs: &job.packs, fail_on: job.fail_on };
    tally.add(&checked);
    let mut own = Tally::default();
    own.add(&checked);
    let page =
        page::page(&page::Told { opened: &opened, texts: &texts, packs: &job.packs, tally: &own, path: &job.plan.place.shown, index });
    Ok((page, std::mem::take(&mut opened.analysis.contributions)))
}

/// A name for a plan's file that no other has, whatever the plan is called.
fn file_name(plan: &str, taken: &mut BTreeSet<String>) -> String {
    let kept = |character: char| if character.is_ascii_alphanumeric() || character == '-' { character } else { '-' };
    let stem: String = plan.chars().take(60).map(kept).collect();
    let stem = if stem.trim_matches('-').is_empty() { "plan".to_owned() } else { stem };
    let mut name = format!("{stem}.html");
    let mut next = 2;
    // Some file systems do not tell large letters from small ones.
    while !taken.insert(name.to_lowercase()) {
        name = format!("{stem}-{next}.html");
        next += 1;
    }
    name
}

fn templates() -> Templates<'static> {
    let mut templates = Templates::new();
    templates.set_auto_escape_callback(|_| AutoEscape::Html);
    templates.set_trim_blocks(true);
    templates.set_lstrip_blocks(true);
    templates.add_filter("prose", prose);
    for (name, text) in [
        ("frame.html", include_str!("report/frame.html")),
        ("finding.html", include_str!("report/finding.html")),
        ("page.html", include_str!("report/page.html")),
        ("region.html", include_str!("report/region.html")),
    ] {
        // A template that cannot be read is found by every test that makes a page.
        if let Err(error) = templates.add_template(name, text) {
            debug_assert!(false, "{name}: {error:#}");
        }
    }
    templates
}

/// A sentence, in which what stands between backticks is code.
fn prose(text: &str) -> minijinja::Value {
    let mut html = String::with_capacity(text.len());
    let parts: Vec<&str> = text.split('`').collect();
    for (at, part) in parts.iter().enumerate() {
        let part = escaped(part);
        match at % 2 {
            1 if at + 1 < parts.len() => html.push_str(&format!("<code>{part}</code>")),
            // A backtick that no other one closes stays what it is.
            1 => html.push_str(&format!("`{part}")),
            _ => html.push_str(&part),
        }
    }
    minijinja::Value::from_safe_string(html)
}

fn rendered(templates: &Templates<'_>, name: &str, title: &str, told: &impl Serialize) -> Result<String, Failure> {
    let frame = context! { title, mark => MARK, style => include_str!("report/style.css"), version => env!("CARGO_PKG_VERSION") };
    let text = templates
        .get_template(name)
        .and_then(|template| template.render(context! { frame, told => minijinja::Value::from_serialize(told) }));
    text.map_err(|error| Failure::usage(format!("the report cannot be made: {error:#}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        let said = |text: &str| prose(text).to_string();
        assert_eq!(said("write `a<b` & go"), "write <code>a&lt;b</code> &amp; go");
        assert_eq!(said("it`s"), "it`s");
    }

    #[test]
    fn every_plan_has_a_file_of_its_own() {
        let mut taken = BTreeSet::from(["index.html".to_owned()]);
        let names: Vec<String> = ["QHM", "qhm", "index", "../x", "…"].map(|plan| file_name(plan, &mut taken)).to_vec();
        assert_eq!(names, ["QHM.html", "qhm-2.html", "index-2.html", "---x.html", "plan.html"]);
    }
}
