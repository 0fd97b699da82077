//! The cases of `ide/`: what an editor is told about a plan, as data.
//!
//! A case is a heading, plans in ```` ```remit ```` blocks, and what is answered in blocks named after the question: ```` ```hover ````.
//! `<|>` in a plan is the cursor; two of them are a selection. `REMIT_BLESS=1` writes what is answered into the blocks.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::OnceLock;
use std::{env, fs};

use remit_core::check::{Opened, PlanFile, open};
use remit_core::ide::{
    Memory, View, accountability, actions, complete, hints, hover, layout, lens, links, navigate, outline, pack, ranges, signature, tokens,
};
use remit_core::packs::Packs;
use remit_core::problem::Edit;
use remit_core::source::{FileId, Span};

use crate::case;

const CURSOR: &str = "<|>";
/// The plan within which a case without one is read.
const PRELUDE: &str = "plan \"Example\" for somewhere {\n  framework nhs-people-framework 2019\n  horizon 2019/20 to 2023/24\n  baseline 2018/19\n  submitted 2019-09-27\n}\nsystem somewhere \"Somewhere\" in north-east-and-yorkshire\n";
/// How many completions of a case are shown.
const MOST_SHOWN: usize = 14;

fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(|| case::packs_with(&case::SUITE_RULES))
}

/// The blocks of one case.
#[derive(Default)]
struct Case {
    title: String,
    files: Vec<(String, String)>,
    as_of: String,
    /// The question, what is answered, and where that stands.
    asked: Vec<(String, String, Range<usize>)>,
}

fn cases(markdown: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut at = 0;
    let mut fence: Option<(&str, usize)> = None;
    for line in markdown.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match fence {
            None if line.starts_with("```") => fence = Some((line.trim().trim_start_matches('`'), at)),
            None => {
                if let Some(title) = line.trim_end().strip_prefix("## ") {
                    cases.push(Case { title: title.to_owned(), as_of: case::DAY.to_owned(), ..Case::default() });
                }
            }
            Some((info, from)) if line.trim_end() == "```" => {
                let case = cases.last_mut().expect("a heading above the first block");
                let option = |name: &str| info.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
                let text = markdown[from..start].to_owned();
                if matches!(info.split(' ').next(), Some("remit" | "yaml")) {
                    let text = text.strip_suffix("<END>\n").map_or(text.clone(), str::to_owned);
                    case.files.push((option("file").unwrap_or("plan.remit").to_owned(), text));
                    if let Some(day) = option("as-of") {
                        day.clone_into(&mut case.as_of);
                    }
                } else {
                    case.asked.push((info.to_owned(), text, from..start));
                }
                fence = None;
            }
            Some(_) => {}
        }
    }
    cases
}

/// A plan with its cursor.
struct Asked {
    opened: Opened,
    memory: Memory,
    file: FileId,
    from: u32,
    to: u32,
}

impl Asked {
    fn of(case: &Case) -> Self {
        let mut cursor = None;
        let mut files = Vec::new();
        for (path, text) in &case.files {
            let marks: Vec<usize> = text.match_indices(CURSOR).enumerate().map(|(count, (at, _))| at - count * CURSOR.len()).collect();
            if let Some(first) = marks.first() {
                cursor = Some((path.clone(), *first, *marks.last().unwrap()));
            }
            files.push((path.clone(), text.replace(CURSOR, "")));
        }
        let mut all: Vec<PlanFile> =
            files.iter().map(|(path, text)| PlanFile { path: path.clone(), bytes: text.clone().into_bytes() }).collect();
        if !files.iter().any(|(_, text)| text.starts_with("plan ")) {
            all.push(PlanFile { path: "prelude.remit".to_owned(), bytes: PRELUDE.into() });
        }
        let opened = open("case", all, packs(), case.as_of.parse().unwrap());
        let memory = Memory::default();
        let (path, from, to) = cursor.unwrap_or_else(|| (files[0].0.clone(), 0, 0));
        let file = View::new(&opened, packs(), &memory).file(&path).unwrap();
        Self { opened, memory, file, from: from as u32, to: to as u32 }
    }

    fn view(&self) -> View<'_> {
        View::new(&self.opened, packs(), &self.memory)
    }

    fn span(&self, span: Span) -> String {
        let source = self.view().sources().get(span.file).unwrap();
        let at = source.position(span.start);
        let words = self.view().sources().words(span);
        let words = match words.split_once('\n') {
            Some((first, rest)) => format!("{first}⏎… {}", rest.rsplit('\n').next().unwrap_or("")),
            None => words.to_owned(),
        };
        // Where a word stands in a pack is not what a case is about.
        if (span.file.0 as usize) < packs().sources.len() {
            return format!("{} \"{words}\"", source.path());
        }
        let name = if span.file == self.file { String::new() } else { format!("{}:", source.path()) };
        format!("{name}{}:{} \"{words}\"", at.line, at.column)
    }

    fn edits(&self, edits: &[Edit]) -> String {
        edits.iter().map(|edit| format!("    {} → {:?}\n", self.span(edit.span), edit.text)).collect()
    }

    fn applied(&self, edits: &[Edit]) -> String {
        let mut text = self.view().sources().get(self.file).unwrap().text().to_owned();
        for edit in edits.iter().rev() {
            text.replace_range(edit.span.range(), &edit.text);
        }
        text
    }

    /// A question about a text of a pack.
    fn pack_answer(&self, question: &str, argument: &str) -> String {
        let source = self.view().sources().get(self.file).unwrap();
        let (path, text, at) = (source.path(), source.text(), self.from as usize);
        let view = pack::PackView::new(packs(), path, text);
        let mut said = String::new();
        match question {
            "pack-completion" => {
                let found = pack::complete(view, at);
                let items: Vec<_> =
                    found.iter().filter(|item| argument.is_empty() || argument.split(' ').any(|word| word == item.label)).collect();
                for item in items.iter().take(MOST_SHOWN) {
                    let _ = writeln!(said, "{:?} {}: {} [{}]", item.sort, item.text, item.detail, &text[item.replace.clone()]);
                }
                if items.len() > MOST_SHOWN {
                    let _ = writeln!(said, "… {} more", items.len() - MOST_SHOWN);
                }
            }
            "pack-hover" => match pack::hover(view, at) {
                Some(hover) => {
                    let _ = writeln!(said, "{}\n{}", &text[hover.range.clone()], hover.text.replace("```", "~~~"));
                }
                None => said.push_str("nothing\n"),
            },
            "pack-definition" => {
                let _ = writeln!(said, "{}", pack::definition(view, at).map_or_else(|| "nothing".to_owned(), |span| self.span(span)));
            }
            "pack-rename" => match pack::rename(
                view,
                at,
                Some("# A guardian\n\nSee `wellbeing-guardian`, or the guardian.\n[wellbeing-guardian]\n"),
                argument,
            ) {
                Ok(name) => {
                    for (path, range, text) in name.edits {
                        let _ = writeln!(said, "{path} {range:?} → {text}");
                    }
                    for (old, new) in name.files {
                        let _ = writeln!(said, "{old} → {new}");
                    }
                }
                Err(why) => {
                    let _ = writeln!(said, "{why}");
                }
            },
            other => panic!("nobody asks for `{other}`"),
        }
        said
    }

    fn answer(&self, question: &str) -> String {
        let view = self.view();
        let (file, at) = (self.file, self.from);
        let within = Span { file, start: self.from, end: self.to };
        let (question, argument) = question.split_once(' ').unwrap_or((question, ""));
        let mut text = String::new();
        match question {
            "completion" => {
                let found = complete::complete(view, file, at);
                let items: Vec<_> =
                    found.items.iter().filter(|item| argument.is_empty() || argument.split(' ').any(|word| word == item.label)).collect();
                for item in items.iter().take(MOST_SHOWN) {
                    let written = match &item.text {
                        complete::Text::Plain(plain) if *plain == item.label => String::new(),
                        complete::Text::Plain(plain) => format!(" → {plain}"),
                        complete::Text::Snippet(snippet) => format!(" → {}", snippet.replace('\n', "⏎")),
                    };
                    let mark = if item.mark == complete::Mark::None { String::new() } else { format!(" ({:?})", item.mark) };
                    let _ = writeln!(text, "{}{written}{mark}: {}", item.label, item.detail);
                }
                if items.len() > MOST_SHOWN {
                    let _ = writeln!(text, "… {} more", items.len() - MOST_SHOWN);
                }
            }
            "documentation" => {
                let found = complete::complete(view, file, at);
                let item = found.items.iter().find(|item| item.label == argument);
                let _ = writeln!(
                    text,
                    "{}",
                    item.map_or_else(String::new, |item| complete::documentation(view, &item.about)).replace("```", "~~~")
                );
            }
            "hover" => match hover::hover(view, file, at) {
                Some(hover) => {
                    let _ = writeln!(text, "{}\n{}", self.span(hover.span), hover.text.replace("```", "~~~"));
                }
                None => text.push_str("nothing\n"),
            },
            "signature" => match signature::signature(view, file, at) {
                Some(signature) => {
                    let _ = writeln!(text, "{}", signature.label);
                    if let Some((range, doc)) = signature.active.and_then(|active| signature.parts.get(active)) {
                        let _ = writeln!(
                            text,
                            "{}{} {doc}",
                            " ".repeat(signature.label[..range.start].chars().count()),
                            "^".repeat(signature.label[range.clone()].chars().count())
                        );
                    }
                    let _ = writeln!(text, "{}", signature.documentation);
                }
                None => text.push_str("nothing\n"),
            },
            "definition" | "type-definition" => {
                let found =
                    if question == "definition" { navigate::definition(view, file, at) } else { navigate::type_definition(view, file, at) };
                for target in found {
                    let _ = writeln!(text, "{} → {} in {}", self.span(target.from), self.span(target.name), self.span(target.whole));
                }
            }
            "references" | "highlights" => {
                let found =
                    if question == "references" { navigate::references(view, file, at) } else { navigate::highlights(view, file, at) };
                for reference in found {
                    let _ = writeln!(text, "{} {:?}", self.span(reference.place), reference.does);
                }
            }
            "rename" => {
                match navigate::prepare_rename(view, file, at).and_then(|from| Ok((from, navigate::rename(view, file, at, argument)?))) {
                    Ok((from, edits)) => {
                        let _ = write!(text, "{}\n{}", self.span(from.place), self.edits(&edits));
                    }
                    Err(why) => {
                        let _ = writeln!(text, "{why}");
                    }
                }
            }
            "outline" => {
                for entry in outline::outline(view, file) {
                    let _ = writeln!(text, "{:?} {}: {}", entry.sort, entry.name, entry.detail);
                    for child in entry.children {
                        let _ = writeln!(text, "  {:?} {}: {}", child.sort, child.name, child.detail);
                    }
                }
            }
            "symbols" => {
                for found in outline::find(view, argument) {
                    let _ = writeln!(text, "{:?} {} ({}) {}", found.sort, found.name, found.detail, self.span(found.place));
                }
            }
            "tokens" => {
                for token in tokens::tokens(view, file, (self.to > self.from).then_some(within)) {
                    let mark = if token.mark == tokens::Mark::None { String::new() } else { format!(" {:?}", token.mark) };
                    let _ = writeln!(text, "{} {:?}{mark}", self.span(token.span), token.sort);
                }
            }
            "hints" => {
                let source = view.sources().get(file).unwrap().text();
                for (at, line) in source.lines().scan(0, |at, line| Some((std::mem::replace(at, *at + line.len() + 1), line))) {
                    let mut shown = line.to_owned();
                    for hint in hints::of_file(view, file).iter().rev().filter(|hint| (at..=at + line.len()).contains(&(hint.at as usize)))
                    {
                        shown.insert_str(hint.at as usize - at, &format!("«{}»", hint.label));
                    }
                    let _ = writeln!(text, "{shown}");
                }
            }
            "lenses" => {
                for lens in lens::lenses(view, file) {
                    let opens = match &lens.opens {
                        lens::Opens::Places(places) => format!("{} places", places.len()),
                        other => format!("{other:?}"),
                    };
                    let _ = writeln!(text, "{} {} [{opens}]", self.span(lens.span), lens.title);
                }
            }
            "folds" => {
                for fold in ranges::folds(view, file) {
                    let _ = writeln!(text, "{:?} {}", fold.sort, self.span(fold.span));
                }
            }
            "selections" => {
                for span in ranges::selections(view, file, at) {
                    let _ = writeln!(text, "{}", self.span(span));
                }
            }
            "links" => {
                for link in links::links(view, file) {
                    let to = match link.to {
                        links::To::Web(to) | links::To::File(to) => to,
                        links::To::Page(page) => self.span(page),
                    };
                    let _ = writeln!(text, "{} → {to}", self.span(link.span));
                }
            }
            "format" => text = self.applied(&layout::whole(view, file)),
            "format-range" => text = self.applied(&layout::range(view, within)),
            "typed" => text = self.applied(&layout::as_typed(view, file, at)),
            "line" => {
                for place in accountability::prepare(view, file, at) {
                    let _ = writeln!(text, "{}: {} {}", place.name, place.detail, self.span(place.place));
                    for (way, steps) in [
                        ("answers to", accountability::above(view, place.function, place.body)),
                        ("under it", accountability::below(view, place.function, place.body)),
                    ] {
                        for step in steps {
                            let says: Vec<String> = step.says.iter().map(|span| self.span(*span)).collect();
                            let _ = writeln!(text, "  {way} {}: {} [{}]", step.to.name, step.to.detail, says.join(", "));
                        }
                    }
                }
            }
            "actions" => {
                for action in actions::actions(view, within) {
                    let _ = write!(text, "{:?}: {}\n{}", action.sort, action.title, self.edits(&action.edits));
                    if let Some((name, made)) = action.makes {
                        let _ = writeln!(text, "    {name}: {made:?}");
                    }
                }
            }
            "after" => {
                let wanted = actions::actions(view, within).into_iter().find(|action| action.title.contains(argument));
                text = self.applied(&wanted.unwrap_or_else(|| panic!("no action says {argument:?}")).edits);
            }
            other => text = self.pack_answer(other, argument),
        }
        text
    }
}

fn check(path: &std::path::Path) -> Vec<String> {
    let markdown = fs::read_to_string(path).unwrap();
    let mut blessed = markdown.clone();
    let mut differences = Vec::new();
    for case in cases(&markdown).iter().rev() {
        let asked = Asked::of(case);
        assert!(!case.asked.is_empty(), "{}: nothing is asked", case.title);
        for (question, expected, place) in case.asked.iter().rev() {
            let answer = asked.answer(question);
            if answer != *expected {
                differences.push(format!("{}, \"{}\", {question}:\nexpected\n{expected}answered\n{answer}", path.display(), case.title));
                blessed.replace_range(place.clone(), &answer);
            }
        }
    }
    if env::var_os("REMIT_BLESS").is_some() && blessed != markdown {
        fs::write(path, blessed).unwrap();
        return Vec::new();
    }
    differences.reverse();
    differences
}

#[test]
fn every_case_is_answered_as_it_says() {
    let differences: Vec<String> = case::files(&case::root().join("tests/ide"), ".md").iter().flat_map(|path| check(path)).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Every question at one place: none may fail, and what is answered stays within the text.
fn ask_everything(view: View<'_>, file: FileId, at: u32) {
    let text = view.sources().get(file).unwrap().text();
    let whole = Span::new(file, 0..text.len());
    let inside = |span: Span| {
        let source = view.sources().get(span.file).unwrap();
        assert!(source.text().get(span.range()).is_some(), "a span that is not in {}: {span:?}", source.path());
    };
    for item in complete::complete(view, file, at).items {
        inside(item.replace);
        complete::documentation(view, &item.about);
    }
    if let Some(hover) = hover::hover(view, file, at) {
        inside(hover.span);
    }
    if let Some(signature) = signature::signature(view, file, at) {
        assert!(signature.parts.iter().all(|(range, _)| signature.label.get(range.clone()).is_some()));
    }
    for target in navigate::definition(view, file, at).into_iter().chain(navigate::type_definition(view, file, at)) {
        [target.from, target.whole, target.name].into_iter().for_each(inside);
    }
    for reference in navigate::references(view, file, at) {
        inside(reference.place);
    }
    for edit in navigate::rename(view, file, at, "another-name").into_iter().flatten() {
        inside(edit.span);
    }
    for span in ranges::selections(view, file, at) {
        inside(span);
        assert!(whole.contains(span));
    }
    for edit in layout::as_typed(view, file, at) {
        inside(edit.span);
    }
    for place in accountability::prepare(view, file, at) {
        inside(place.place);
        let steps = [accountability::above(view, place.function, place.body), accountability::below(view, place.function, place.body)];
        steps.into_iter().flatten().for_each(|step| inside(step.to.place));
    }
    let point = Span { file, start: at, end: at };
    for action in actions::actions(view, point) {
        action.edits.iter().for_each(|edit| inside(edit.span));
        let mut edits: Vec<_> = action.edits.iter().map(|edit| edit.span.range()).collect();
        edits.sort_by_key(|range| range.start);
        assert!(edits.windows(2).all(|pair| pair[0].end <= pair[1].start), "edits that overlap: {action:?}");
    }
}

/// Every question of a whole file.
fn ask_of_file(view: View<'_>, file: FileId) {
    let text = view.sources().get(file).unwrap().text();
    let mut end = 0;
    for token in tokens::tokens(view, file, None) {
        assert!(token.span.start >= end && text.get(token.span.range()).is_some(), "{token:?} in {text:?}");
        end = token.span.end;
    }
    let mut hints = hints::of_file(view, file);
    hints.retain(|hint| text.get(..hint.at as usize).is_none());
    assert!(hints.is_empty());
    let spans = ranges::folds(view, file).into_iter().map(|fold| fold.span);
    let spans = spans.chain(lens::lenses(view, file).into_iter().map(|lens| lens.span));
    let spans = spans.chain(links::links(view, file).into_iter().map(|link| link.span));
    for span in spans {
        assert!(text.get(span.range()).is_some(), "{span:?} in {text:?}");
    }
    outline::outline(view, file);
    outline::find(view, "e");
    let edits = layout::whole(view, file);
    let mut laid_out = text.to_owned();
    for edit in edits.iter().rev() {
        laid_out.replace_range(edit.span.range(), &edit.text);
    }
    assert_eq!(laid_out, remit_core::syntax::format::format(text));
}

fn ask_of_text(text: &str, step: usize) {
    let files = vec![PlanFile { path: "plan.remit".to_owned(), bytes: text.as_bytes().to_vec() }];
    let opened = open("plan", files, packs(), case::DAY.parse().unwrap());
    let memory = Memory::default();
    let view = View::new(&opened, packs(), &memory);
    let file = view.file("plan.remit").unwrap();
    ask_of_file(view, file);
    for at in (0..=text.len() as u32 + 2).step_by(step) {
        ask_everything(view, file, at);
    }
}

/// Any place of any example, within a character too, has an answer or none.
#[test]
fn every_place_of_every_example_has_an_answer_or_none() {
    let examples = case::written_examples(".remit");
    assert!(examples.len() > 5);
    for path in examples {
        let text = fs::read_to_string(&path).unwrap();
        ask_of_text(&text, 5);
    }
    ask_of_text(case::language_plan(), 1);
}

/// And any place of a text that is half typed, or cut anywhere.
#[test]
fn every_place_of_a_text_that_is_cut_has_an_answer_or_none() {
    let text = case::language_plan();
    let cuts: Vec<usize> = (0..text.len()).filter(|at| text.is_char_boundary(*at)).collect();
    for at in cuts.iter().step_by(17) {
        ask_of_text(&text[..*at], 17);
        ask_of_text(&text[*at..], 23);
    }
    for path in case::files(&case::root().join("tests/suite"), ".md") {
        for case in case::cases(&fs::read_to_string(&path).unwrap()) {
            for (_, text) in &case.files {
                if text.len() < 4_000 {
                    ask_of_text(text, 11);
                }
            }
        }
    }
    for text in [
        "",
        "é",
        "\u{FEFF}",
        "{",
        "}",
        "\"",
        "“",
        "#",
        "a,",
        "a ,",
        "a {\n  b \"\"\"x",
        "a\r\nb {\r\n  c \"👩‍⚕️",
        "workforce {",
        "waiver for for",
        "a;b;{;}",
        "evidence \"2",
        "year 2018/19",
        "a { b { c { d",
    ] {
        ask_of_text(text, 1);
    }
}

/// Every place of every YAML file and page of the packs, whole and cut, has an answer or none.
#[test]
fn every_place_of_every_pack_has_an_answer_or_none() {
    let ask = |path: &str, text: &str, step: usize| {
        for at in (0..=text.len() + 2).step_by(step) {
            let view = pack::PackView::new(packs(), path, text);
            for item in pack::complete(view, at) {
                assert!(text.get(item.replace.clone()).is_some(), "{path} {at}");
            }
            assert!(pack::hover(view, at).is_none_or(|hover| text.get(hover.range).is_some()));
            pack::definition(view, at);
            let _ = pack::rename(view, at, None, "another");
        }
    };
    let folder = case::root().join("crates/remit-framework/packs");
    for path in case::files(&folder, ".yaml") {
        let text = fs::read_to_string(&path).unwrap();
        let parts = path.strip_prefix(&folder).unwrap().components().skip(1).map(|part| part.as_os_str().to_string_lossy().into_owned());
        let within = parts.collect::<Vec<_>>().join("/");
        let text = &text[..text.floor_char_boundary(6_000)];
        ask(&within, text, 29);
        for cut in (0..text.len()).step_by(307).filter(|cut| text.is_char_boundary(*cut)) {
            ask(&within, &text[..cut], cut.max(1));
        }
    }
    for text in
        ["", ":", "a:", "- ", "{", "id: {", "[é", "each: é\nexpect: é.", "---\n---\nid", "expect: |\n\n  x", "message: \"{\"", "é: é"]
    {
        ask("rules/x.yaml", text, 1);
    }
}
