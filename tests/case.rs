//! Cases as data: a Markdown file with plans in ```` ```remit ```` blocks and what is found in ```` ```findings ```` blocks.
//!
//! How they are written is told where the examples of rules' pages are read, since both are. `REMIT_BLESS=1` writes what is found into the blocks:
//! read the difference before it is committed.

use std::path::{Path, PathBuf};
use std::{env, fs};

use remit_core::check::Analysis;
use remit_core::packs::example::{self, Example};
pub(crate) use remit_core::packs::example::{DAY, told as shown};
use remit_core::packs::{PackFiles, Packs};

/// One case: an example like those on a rule's page.
pub(crate) type Case = Example;

/// The packs that are embedded.
pub(crate) fn packs() -> Packs {
    Packs::load(&remit_framework::packs()).unwrap_or_else(|errors| panic!("the embedded packs do not load: {:#?}", errors.problems))
}

/// The packs that are embedded, with only the rules that are named: the cases of the suite are about the language and the forms
/// of rules, and stay as they are when a rule is added. Each rule has its own page.
pub(crate) fn packs_with(rules: &[&str]) -> Packs {
    let mut packs = remit_framework::packs();
    for pack in &mut packs {
        pack.files.retain(|(path, _)| match path.strip_prefix("rules/").and_then(|rule| rule.rsplit_once('.')) {
            Some((rule, _)) => rules.contains(&rule),
            None => true,
        });
    }
    Packs::load(&packs).unwrap_or_else(|errors| panic!("the embedded packs do not load: {:#?}", errors.problems))
}

/// The rules with which the cases of the suite are checked: one at least of each form, and all of arithmetic.
pub(crate) const SUITE_RULES: [&str; 16] = [
    "pay-stays-national",
    "pension-scheme-stays-national",
    "professional-regulation-stays-national",
    "credentialing-stays-national",
    "prescribing-rights-stay-national",
    "ready-before-responsible",
    "one-accountable-body",
    "wellbeing-guardian",
    "five-year-horizon",
    "bridge-closes",
    "vacancy-rate-follows",
    "contract-types-sum",
    "unit-is-given",
    "deadline-in-horizon",
    "body-exists",
    "trust-in-system",
];

/// The plan on the page of the language.
pub(crate) fn language_plan() -> &'static str {
    const PAGE: &str = include_str!("../docs/language.md");
    PAGE.split_once("```remit\n").and_then(|(_, rest)| rest.split_once("```")).expect("a plan on the page").0
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// A rule pack of the repository, by its folder.
pub(crate) fn pack_of(folder: &str) -> PackFiles {
    let root = root().join(folder);
    let file = |path: PathBuf| (path.strip_prefix(&root).unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap());
    PackFiles { path: folder.to_owned(), files: ["yaml", "md", "csv"].iter().flat_map(|ending| files(&root, ending)).map(file).collect() }
}

/// Every case of a Markdown text.
pub(crate) fn cases(markdown: &str) -> Vec<Case> {
    example::examples(markdown).unwrap_or_else(|error| panic!("{error}"))
}

/// Checks a case. A case without a `plan` statement is checked within one for `body`.
pub(crate) fn analysis(case: &Case, packs: &Packs, body: &str) -> Analysis {
    case.check(packs, body).unwrap_or_else(|error| panic!("{error}"))
}

/// Checks every case of a Markdown file; what differs is returned, or written where `REMIT_BLESS` is set.
pub(crate) fn check_file(path: &Path, packs: &Packs, body: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let markdown = fs::read_to_string(path).unwrap();
    let mut blessed = markdown.clone();
    let mut differences = Vec::new();
    for case in cases(&markdown).iter().rev() {
        let found = shown(&analysis(case, packs, body), case.is_told_by_file(), &wanted);
        if found == case.findings {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy();
        differences.push(format!("{name}, \"{}\":\nexpected\n{}found\n{found}", case.title, case.findings));
        match &case.place {
            Some(place) => blessed.replace_range(place.clone(), &found),
            None => blessed.insert_str(case.end, &format!("\n```findings\n{found}```\n")),
        }
    }
    if env::var_os("REMIT_BLESS").is_some() && blessed != markdown {
        fs::write(path, blessed).unwrap();
        return Vec::new();
    }
    differences.reverse();
    differences
}

/// The examples that are made by the generator, with all of England: as large as all others many times over. `tests/examples.rs` reads them whole, and the two
/// windows are compared on the smaller one; what walks through every text place by place leaves them out, and needs to know of them here only.
pub(crate) const GENERATED: [&str; 2] = ["england", "north-east-and-yorkshire"];

/// The files of the examples that people wrote.
pub(crate) fn written_examples(ending: &str) -> Vec<PathBuf> {
    let examples = root().join("examples");
    let is_generated = |path: &PathBuf| GENERATED.iter().any(|name| path.starts_with(examples.join(name)));
    files(&examples, ending).into_iter().filter(|path| !is_generated(path)).collect()
}

/// Every file of a folder with an ending, in order.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
