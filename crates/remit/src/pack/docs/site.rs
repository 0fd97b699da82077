//! The frame of every page: one file each, which loads nothing, for any reader, in light and dark, with and without scripts.

use remit_core::packs::edition::InForce;

use crate::pack::docs::MARK;
use crate::pack::docs::html::escaped;

const STYLE: &str = "
:root { color-scheme: light dark; --line: #768692; --error: #b3261e; --warning: #7a4b00; --note: #005eb8; --good: #006747; }
@media (prefers-color-scheme: dark) { :root { --error: #ff9a8f; --warning: #ffc870; --note: #8cc8ff; --good: #7fe0b8; } }
body { font: 1.0625rem/1.55 system-ui, sans-serif; max-width: 52rem; margin: 0 auto; padding: 1rem; }
.skip { position: absolute; left: -999rem; } .skip:focus { left: 1rem; }
pre { overflow-x: auto; border: 1px solid var(--line); padding: .75rem; font-size: .875rem; line-height: 1.45; }
table { border-collapse: collapse; display: block; overflow-x: auto; } th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; } dt { font-weight: 600; } dd { margin: 0; overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; } figcaption { font-size: .9375rem; } figcaption ul { margin: .25rem 0; padding-left: 1.25rem; }
mark { background: none; color: inherit; text-decoration: underline wavy; text-underline-offset: .2em; text-decoration-thickness: .12em; }
.error, mark.error { text-decoration-color: var(--error); } .warning, mark.warning { text-decoration-color: var(--warning); } .note, mark.note { text-decoration-color: var(--note); }
.level { font-weight: 600; } .level.error { color: var(--error); } .level.warning { color: var(--warning); } .level.note { color: var(--note); } .good { color: var(--good); font-weight: 600; }
.rules li { margin: .5rem 0; } input { font: inherit; padding: .3rem; } small { overflow-wrap: anywhere; }
";

/// Hides what does not have all the words; without scripts the search is not shown and all rules are.
const SCRIPT: &str = "
const form = document.querySelector('form'), search = document.getElementById('search'), count = document.getElementById('count');
if (form) {
  form.hidden = false;
  const items = [...document.querySelectorAll('li[data-words]')];
  form.addEventListener('submit', event => event.preventDefault());
  search.addEventListener('input', () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      item.hidden = !words.every(word => item.dataset.words.includes(word));
      shown += !item.hidden;
    }
    for (const section of document.querySelectorAll('section')) section.hidden = !section.querySelector('li:not([hidden])');
    count.textContent = words.length ? shown + ' of ' + items.length : '';
  });
}
";

/// A whole page.
pub(crate) fn whole(title: &str, up: &str, body: &str) -> String {
    let script = if up.is_empty() { format!("<script>{SCRIPT}</script>\n") } else { String::new() };
    format!(
        "<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n{MARK}\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#content\">To the content</a>\n<main id=\"content\">\n{body}</main>\n{script}</body>\n</html>\n",
        escaped(title)
    )
}

/// From when something is in force, for people.
pub(crate) fn since(in_force: &InForce) -> String {
    match in_force {
        InForce::From(day) => format!("from {day}"),
        InForce::NoDate => "announced; no date is published".to_owned(),
    }
}
