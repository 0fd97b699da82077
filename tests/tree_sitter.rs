//! The tree-sitter grammar sees what the compiler's parser sees: the same statements, nested the same way, in whole plans and in broken ones.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;

use remit_core::source::{Source, Sources, Span};
use remit_core::syntax;
use remit_core::syntax::literal::Literal;
use remit_core::syntax::tree::{Cell, Element, Statement, Statements, Value};
use tree_sitter::{InputEdit, Language, Node, Parser, Point, Query, Tree};

use crate::case::{self, files, root};
use crate::hostile::Random;

fn language() -> Language {
    tree_sitter_remit::LANGUAGE.into()
}

fn parsed(text: &str, before: Option<&Tree>) -> Tree {
    let mut parser = Parser::new();
    parser.set_language(&language()).expect("a language that the library can load");
    parser.parse(text, before).expect("a tree")
}

// What the compiler sees, as lines of text.

struct Compiler {
    shown: String,
    /// Where faults of form are, as places of their statements.
    faults: Vec<(usize, usize)>,
}

/// How the compiler reads a text: one line to a statement, indented by its depth. Of one with a fault, only the head and the block.
fn compiler(text: &str) -> Compiler {
    let mut sources = Sources::default();
    let file = sources.add(Source::new("plan.remit", text));
    let (tree, problems) = syntax::parse(&sources, file);
    let place = |span: Span| (span.start as usize, span.end as usize);
    let faults: Vec<_> = problems.iter().map(|problem| place(problem.span)).collect();
    let mut shown = String::new();
    nested(&mut shown, tree.statements(), 0, &|statement| {
        let (start, end) = place(statement.span());
        statement.is_broken() || faults.iter().any(|(from, to)| *from <= end && *to >= start)
    });
    Compiler { shown, faults }
}

fn nested(shown: &mut String, statements: Statements<'_>, depth: usize, faulty: &dyn Fn(Statement<'_>) -> bool) {
    for statement in statements {
        let head = statement.head();
        let _ = write!(shown, "{:depth$}{}", "", head.start);
        if faulty(statement) {
            shown.push_str(" …");
        } else {
            let _ = write!(shown, "..{}", head.end);
            cells(shown, statement.cells());
            for clause in statement.clauses() {
                let _ = write!(shown, " | {}", clause.word().word());
                cells(shown, clause.cells());
            }
        }
        if let Some(block) = statement.block() {
            let _ = write!(shown, " {{ {}", block.start);
        }
        shown.push('\n');
        nested(shown, statement.children(), depth + 1, faulty);
    }
}

fn cells<'t>(shown: &mut String, cells: impl Iterator<Item = Cell<'t>>) {
    for cell in cells {
        for (at, element) in cell.elements().iter().enumerate() {
            shown.push_str(if at == 0 { " " } else { "," });
            match element {
                Element::One(value) => one(shown, value),
                Element::Range(from, to) => {
                    one(shown, from);
                    shown.push_str("..");
                    one(shown, to);
                }
                Element::About(value, _) | Element::UpTo(value, _) => {
                    shown.push('±');
                    one(shown, value);
                }
                Element::Estimate(values) => {
                    for value in values {
                        shown.push('~');
                        one(shown, value);
                    }
                }
            }
        }
    }
}

fn one(shown: &mut String, value: &Value) {
    let kind = match value.literal {
        Literal::Name => "name",
        Literal::Text => "text",
        Literal::Number(_) => "number",
        // The unit of an estimate's or a range's last value covers the others, which stand without it.
        Literal::Quantity(_, unit) if unit.end != value.span.end => "number",
        Literal::Quantity(..) => "quantity",
        Literal::Percent(_) => "percent",
        Literal::Money(_) => "money",
        Literal::Date(_) => "date",
        Literal::Month(..) => "month",
        Literal::Year(_) => "year",
        Literal::Quarter(..) => "quarter",
        Literal::Absent => "absent",
        Literal::Bad => "bad",
    };
    let _ = write!(shown, "{kind}:{}-{}", value.span.start, value.span.end);
}

// What tree-sitter sees, as the same lines.

struct Editor {
    shown: String,
    faults: Vec<(usize, usize)>,
    whole: bool,
}

fn editor(text: &str, like: &Compiler) -> Editor {
    let tree = parsed(text, None);
    let mut shown = String::new();
    let mut faults = Vec::new();
    // By hand, not by recursion: blocks may stand thousands deep.
    let mut open: Vec<(Node<'_>, usize)> = vec![(tree.root_node(), 0)];
    while let Some((node, depth)) = open.pop() {
        if matches!(node.kind(), "malformed" | "unclosed_text" | "stray") {
            faults.push((node.start_byte(), node.end_byte()));
        }
        let inner = match node.kind() {
            "statement" if depth <= syntax::DEEPEST => {
                line(&mut shown, node, depth, like);
                depth
            }
            "stray_block" => {
                faults.push((node.start_byte(), node.start_byte() + 1));
                if depth < syntax::DEEPEST {
                    let _ = writeln!(shown, "{:depth$}{} … {{ {}", "", node.start_byte(), node.start_byte());
                }
                depth + 1
            }
            "block" => depth + 1,
            _ => depth,
        };
        let mut cursor = node.walk();
        let mut children: Vec<_> = node.children(&mut cursor).map(|child| (child, inner)).collect();
        children.reverse();
        open.extend(children);
    }
    Editor { shown, faults, whole: !tree.root_node().has_error() }
}

fn line(shown: &mut String, statement: Node<'_>, depth: usize, like: &Compiler) {
    let head = statement.child_by_field_name("head").expect("a head");
    let block = statement.child_by_field_name("block");
    let mut cursor = statement.walk();
    let own: Vec<Node<'_>> = statement.named_children(&mut cursor).skip(1).filter(|node| node.kind() != "block").collect();
    let own: Vec<Node<'_>> = own.into_iter().filter(|node| node.kind() != "comment").collect();
    let (start, end) = (head.start_byte(), own.last().map_or(head.end_byte(), Node::end_byte));
    let faulty = like.faults.iter().any(|(from, to)| *from <= end && *to >= start);
    let _ = write!(shown, "{:depth$}{}", "", start);
    if faulty {
        shown.push_str(" …");
    } else {
        let _ = write!(shown, "..{}", head.end_byte());
        for node in own {
            if node.kind() == "clause" {
                let mut cursor = node.walk();
                let parts: Vec<Node<'_>> = node.children(&mut cursor).collect();
                let _ = write!(shown, " | {}", parts[0].kind());
                for part in parts.into_iter().skip(1).filter(|part| part.kind() != "comment") {
                    written_cell(shown, part);
                }
            } else {
                written_cell(shown, node);
            }
        }
    }
    // The compiler reads no deeper.
    if let Some(block) = block.filter(|_| depth < syntax::DEEPEST) {
        let _ = write!(shown, " {{ {}", block.start_byte());
    }
    shown.push('\n');
}

fn parts<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|part| part.kind() != "comment").collect()
}

fn written_cell(shown: &mut String, node: Node<'_>) {
    let elements = if node.kind() == "list" { parts(node) } else { vec![node] };
    for (at, element) in elements.into_iter().enumerate() {
        shown.push_str(if at == 0 { " " } else { "," });
        match element.kind() {
            "range" => {
                let ends = parts(element);
                written(shown, ends[0]);
                shown.push_str("..");
                written(shown, ends[1]);
            }
            "approximate" => {
                shown.push('±');
                written(shown, parts(element)[0]);
            }
            "estimate" => {
                for value in parts(element) {
                    shown.push('~');
                    written(shown, value);
                }
            }
            _ => written(shown, element),
        }
    }
}

fn written(shown: &mut String, value: Node<'_>) {
    let kind = if value.kind() == "rule_name" { "name" } else { value.kind() };
    let _ = write!(shown, "{kind}:{}-{}", value.start_byte(), value.end_byte());
}

/// Every text that the project has: the examples, the page of the language, every case of the suite and every example of a rule's page.
fn texts() -> Vec<(String, String)> {
    let mut texts = vec![("docs/language.md".to_owned(), case::language_plan().to_owned())];
    for path in files(&root().join("examples"), ".remit") {
        texts.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
    }
    let mut pages = files(&root().join("tests/suite"), ".md");
    pages.extend(files(&root().join("crates"), ".md"));
    for path in pages {
        for case in case::cases(&fs::read_to_string(&path).unwrap()) {
            for (name, text) in case.files {
                texts.push((format!("{}: {}: {name}", path.display(), case.title), text));
            }
        }
    }
    texts
}

fn difference(compiler: &str, editor: &str) -> String {
    similar::TextDiff::from_lines(compiler, editor).unified_diff().context_radius(1).header("compiler", "tree-sitter").to_string()
}

/// What the two grammars may read differently: tree-sitter takes NUL for the end of a file.
fn may_differ(text: &str) -> bool {
    text.contains('\0')
}

#[test]
fn tree_sitter_reads_every_plan_as_the_compiler_does() {
    let texts = texts();
    assert!(texts.len() > 300, "only {} texts", texts.len());
    let mut wrong = Vec::new();
    for (name, text) in texts.iter().filter(|(_, text)| !may_differ(text)) {
        let compiler = compiler(text);
        let editor = editor(text, &compiler);
        if compiler.shown != editor.shown {
            wrong.push(format!("{name}\n{}", difference(&compiler.shown, &editor.shown)));
        }
        if !editor.whole {
            wrong.push(format!("{name}: an error, where the grammar reads everything"));
        }
        // What it marks as wrong is wrong.
        for (from, to) in &editor.faults {
            if !compiler.faults.iter().any(|(start, end)| start <= to && end >= from) {
                wrong.push(format!("{name}: tree-sitter marks `{}`, and the compiler does not", &text[*from..*to]));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), texts.len(), wrong.join("\n\n"));
}

/// Faults of words and braces are marked; what takes arithmetic, the calendar or a look at two words may be left to the compiler.
#[test]
fn tree_sitter_marks_what_the_compiler_reports() {
    const MARKED: [&str; 9] = [
        "this text is not closed",
        "this `}` closes nothing",
        "this block belongs to no statement",
        "this comma joins nothing",
        "a statement cannot begin with",
        "a comma cannot stand straight before a digit",
        "cannot be part of one",
        "is not a value",
        "is not a number",
    ];
    let mut marked = BTreeSet::new();
    for (name, text) in texts().iter().filter(|(_, text)| !may_differ(text)) {
        let mut sources = Sources::default();
        let file = sources.add(Source::new("plan.remit", text.as_str()));
        let editor = editor(text, &compiler(text));
        for problem in syntax::parse(&sources, file).1 {
            let (start, end) = (problem.span.start as usize, problem.span.end as usize);
            let Some(kind) = MARKED.iter().find(|kind| problem.message.contains(*kind)) else { continue };
            let found = editor.faults.iter().any(|(from, to)| *from <= end && *to >= start);
            assert!(found, "{name}: {} is not marked", problem.message);
            marked.insert(*kind);
        }
    }
    assert_eq!(marked.len(), MARKED.len(), "only {marked:?}");
}

/// Prefixes of the examples: the same statements, and no error.
#[test]
fn tree_sitter_follows_what_is_half_typed() {
    let mut compared = 0;
    for path in case::written_examples(".remit") {
        let text = fs::read_to_string(&path).unwrap();
        for end in (0..=text.len()).step_by(61).filter(|end| text.is_char_boundary(*end)) {
            let text = &text[..end];
            let compiler = compiler(text);
            let editor = editor(text, &compiler);
            assert!(editor.whole, "{} to {end}", path.display());
            assert!(compiler.shown == editor.shown, "{} to {end}\n{}", path.display(), difference(&compiler.shown, &editor.shown));
            compared += 1;
        }
    }
    assert!(compared > 500, "only {compared}");
}

/// Random edits, one on another: no error, and the tree that an edit makes of the tree before is that of the whole text.
#[test]
fn tree_sitter_follows_random_edits() {
    const PIECES: [&str; 20] =
        ["{", "}", "\"", "\"\"\"", ";", ",", "~", "#", "-", "£", "\n", "\r\n", " ", "\u{A0}", "“", "to ", "from ", "5", "@@", "é"];
    let mut random = Random(0xED17);
    let mut text = String::new();
    let mut tree = parsed("", None);
    for edit in 0..1_500 {
        if edit % 6 == 0 {
            case::language_plan().clone_into(&mut text);
            tree = parsed(&text, None);
        }
        let mut from = random.below(text.len() + 1);
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = (from + random.below(8)).min(text.len());
        while !text.is_char_boundary(to) {
            to += 1;
        }
        let piece = PIECES[random.below(PIECES.len())];
        let point = |text: &str, at: usize| {
            let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
            Point::new(text[..at].matches('\n').count(), at - start)
        };
        let (start_position, old_end_position) = (point(&text, from), point(&text, to));
        text.replace_range(from..to, piece);
        let new_end = from + piece.len();
        tree.edit(&InputEdit {
            start_byte: from,
            old_end_byte: to,
            new_end_byte: new_end,
            start_position,
            old_end_position,
            new_end_position: point(&text, new_end),
        });
        tree = parsed(&text, Some(&tree));
        let fresh = parsed(&text, None);
        assert!(!fresh.root_node().has_error(), "edit {edit}:\n{text}");
        assert_eq!(tree.root_node().to_sexp(), fresh.root_node().to_sexp(), "edit {edit}:\n{text}");
        let compiler = compiler(&text);
        let editor = editor(&text, &compiler);
        assert!(compiler.shown == editor.shown, "edit {edit}: {}\n{text}", difference(&compiler.shown, &editor.shown));
    }
}

#[test]
fn tree_sitter_survives_hostile_texts() {
    for piece in ["{", "}", "a {", "\"\"\"\n", "a \"", "~", "a ~ 1", "a,\n", "a 1,\n # c\n", "a {\n", "\0", "“", "\r", "to ", "a of of "]
    {
        let text = piece.repeat(20_000);
        let tree = parsed(&text, None);
        assert!(tree.root_node().end_byte() <= text.len());
    }
}

#[test]
fn queries_name_what_the_grammar_has() {
    let mut found = BTreeSet::new();
    for folder in ["grammar/tree-sitter-remit/queries", "editors"] {
        for path in files(&root().join(folder), ".scm") {
            let text = fs::read_to_string(&path).unwrap();
            if let Err(error) = Query::new(&language(), &text) {
                panic!("{}: {error}", path.display());
            }
            found.insert(path);
        }
    }
    assert!(found.len() >= 5, "only {} queries", found.len());
}
