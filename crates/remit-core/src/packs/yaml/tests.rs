//! What is read of files, whole and faulty, and that every place is one of the file.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

use super::{MAX_DEPTH, MAX_FAULTS, MAX_NODES, Node, Yaml, parse};

/// Checks the tree, in one line, and the problems, each as its line, its underlined words and its message.
#[track_caller]
fn check(text: &str, tree: &str, problems: &[(usize, &str, &str)]) {
    let (documents, found) = parse(text);
    let found: Vec<_> =
        found.iter().map(|problem| (line(text, problem.span.start), &text[problem.span.clone()], &*problem.message)).collect();
    assert_eq!(found, problems, "{text}");
    assert_eq!(documents.iter().map(|yaml| outline(text, yaml)).collect::<Vec<_>>().join(" --- "), tree, "{text}");
    documents.iter().for_each(|yaml| check_places(text, yaml));
}

fn line(text: &str, offset: usize) -> usize {
    text[..offset].replace("\r\n", "\n").matches(['\n', '\r']).count() + 1
}

fn outline(text: &str, yaml: &Yaml) -> String {
    match &yaml.node {
        Node::Null => "null".to_owned(),
        Node::Scalar(scalar) if is_quoted(text, yaml) => format!("{:?}", scalar.text),
        Node::Scalar(scalar) => scalar.text.clone(),
        Node::List(items) => format!("[{}]", items.iter().map(|item| outline(text, item)).collect::<Vec<_>>().join(", ")),
        Node::Map(entries) => {
            let entries = entries.iter().map(|entry| format!("{}: {}", outline(text, &entry.key), outline(text, &entry.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Whether the text was written in quotes or as a block, whose `|` or `>` is before its span.
fn is_quoted(text: &str, yaml: &Yaml) -> bool {
    text[yaml.span.clone()].starts_with(['"', '\'']) || text[..yaml.span.start].trim_end().ends_with(['|', '>'])
}

/// Every word's character was written as itself, or as an escape; ranges of the text map to ranges in order.
fn check_places(text: &str, yaml: &Yaml) {
    assert!(text.get(yaml.span.clone()).is_some());
    yaml.items().iter().for_each(|item| check_places(text, item));
    for entry in yaml.entries() {
        check_places(text, &entry.key);
        check_places(text, &entry.value);
    }
    let Some(scalar) = yaml.as_scalar() else { return };
    assert!(!scalar.runs.is_empty() || scalar.text.trim().is_empty(), "no places for {:?} in {text:?}", scalar.text);
    let mut previous = 0;
    for (offset, character) in scalar.text.char_indices() {
        let span = scalar.source_span(offset..offset + character.len_utf8());
        let source = &text[span.clone()];
        let is_itself = source.starts_with(character) && source.len() == character.len_utf8();
        let is_made = source.starts_with(['\\', '\0', '\u{9f}']) || source == "''" || character.is_whitespace();
        assert!(is_itself || is_made, "{character:?} was written {source:?} in {text:?}");
        assert!(span.start >= previous, "{text:?}");
        previous = span.start;
    }
    let whole = scalar.source_span(0..scalar.text.len());
    assert!(scalar.runs.is_empty() || whole.start == scalar.runs[0].source.start);
    assert!(whole.end >= scalar.source_span(0..0).start);
}

/// Weaker than [`check_places`], for files whose faults were mended.
fn assert_sliceable(text: &str, yaml: &Yaml) {
    assert!(text.get(yaml.span.clone()).is_some(), "{text:?}");
    yaml.items().iter().for_each(|item| assert_sliceable(text, item));
    yaml.entries().iter().for_each(|entry| assert_sliceable(text, &entry.value));
    let Some(scalar) = yaml.as_scalar() else { return };
    for (offset, character) in scalar.text.char_indices() {
        assert!(text.get(scalar.source_span(offset..offset + character.len_utf8())).is_some(), "{text:?}");
    }
}

#[track_caller]
fn check_span(text: &str, words: &str, source: &str) {
    let (documents, problems) = parse(text);
    assert!(problems.is_empty(), "{problems:?}");
    let scalar = documents[0].get("a").unwrap().as_scalar().unwrap();
    let offset = scalar.text.find(words).unwrap();
    assert_eq!(&text[scalar.source_span(offset..offset + words.len())], source, "{text}");
}

#[test]
fn reads_values_as_text() {
    check("a: yes\nb: 1.10\nc: '2'\nd: |\n  x\n", "{a: yes, b: 1.10, c: \"2\", d: \"x\\n\"}", &[]);
    check(
        "a:\nb: ~\nc: null\nd: 'null'\ne: {f, g: , h: 1}\n-1: x",
        "{a: null, b: null, c: null, d: \"null\", e: {f: null, g: null, h: 1}, -1: x}",
        &[],
    );
    let mark = "a key marked with `?` is not allowed here";
    check("{? a : b, ? c}\n", "{a: b, c: null}", &[(1, "?", mark), (1, "?", mark)]);
    check("a: b?\n? # what ?\n  c\n: d\n", "{a: b?, c: d}", &[(2, "?", mark)]);
    assert_eq!(parse("? |\n  c\n: d").1[0].message, mark);
    check("null: 1\n~: 2\n'': 3", "{null: 1, ~: 2, \"\": 3}", &[]);
    check("a: [\n  b,\n  c\n]\nd:\n- e\n- f: g\n  h: i\n", "{a: [b, c], d: [e, {f: g, h: i}]}", &[]);
}

#[test]
fn reads_any_text_file() {
    check("", "", &[]);
    check("# only this\n\n", "", &[]);
    check("---\n", "null", &[]);
    check("a: 1\n---\n# x\n---\nb: 2\n...\n", "{a: 1} --- null --- {b: 2}", &[]);
    check("\u{feff}a: é\r\nü: '🦀 x'\r\nb: [1,\r\n 2]\r\n", "{a: é, ü: \"🦀 x\", b: [1, 2]}", &[]);
    check("a: é\rb: c\r", "{a: é, b: c}", &[]);
    let control = "the control character U+0000 is not allowed";
    check("a: x\0\0y\nb: z\n", "{a: x__y, b: z}", &[(1, "\0\0", control)]);
    check("# \0\na: \"\u{9f}\"\n", "{a: \"\u{bf}\"}", &[(1, "\0", control), (2, "\u{9f}", "the control character U+009F is not allowed")]);
}

#[test]
fn spans_are_the_words() {
    let text = "a:\n  - b: 'c'\n    d: |\n      e\n\n\nf: [g, {h: i}]\nj:\n";
    let (documents, _) = parse(text);
    let words = |yaml: &Yaml| text[yaml.span.clone()].to_owned();
    let list = documents[0].get("a").unwrap();
    assert_eq!(words(list), "- b: 'c'\n    d: |\n      e");
    assert_eq!(words(list.items()[0].get("b").unwrap()), "'c'");
    assert_eq!(words(list.items()[0].get("d").unwrap()), "e");
    assert_eq!(words(documents[0].get("f").unwrap()), "[g, {h: i}]");
    assert_eq!(documents[0].get("j").unwrap().span, text.len() - 1..text.len() - 1);
    assert_eq!(documents[0].span, 0..text.len() - 1);
}

#[test]
fn reports_what_is_not_allowed_and_reads_on() {
    let text = "a: &b c\nd: *b\ne: *missing\nf: !t g\n<<: {h: 1}\na: 2\n? i\n: j\n[k]: l\n: m\n? {n: o}\nz: {*b : 1, y: 2}\n";
    let tree = "{a: c, d: null, e: null, f: g, i: j, z: {y: 2}}";
    check(
        text,
        tree,
        &[
            (1, "&b", "an anchor is not allowed here"),
            (2, "*b", "an alias is not allowed here"),
            (3, "*missing", "an alias is not allowed here"),
            (4, "!t", "a tag is not allowed here"),
            (5, "<<", "a merge key is not allowed here"),
            (6, "a", "the key `a` is already on line 1"),
            (7, "?", "a key marked with `?` is not allowed here"),
            (9, "[k]", "a list or a map cannot be a key"),
            (10, ":", "there is no key before this `:`"),
            (11, "{n: o}", "a list or a map cannot be a key"),
            (12, "*b", "an alias is not allowed here"),
        ],
    );
}

#[test]
fn each_syntax_fault_is_reported_once_at_its_place() {
    let unclosed_quote = "this quote is not closed";
    let unclosed_list = "this `[` is not closed";
    let misfit = "this line does not fit the lines above: look at its indentation";
    let no_key = "there is no `key: ` on this line";
    let tab = "a tab cannot indent a line";
    let unexpected = "this is not expected here";
    check("a: 1\nb\nc: 3", "{a: 1, c: 3}", &[(2, "b", no_key)]);
    check("a:b\nc: d", "{c: d}", &[(1, "a", no_key)]);
    check("a: b: c\nd: e", "{d: e}", &[(1, ":", "a second `:` cannot stand on this line")]);
    check("a: \"b\nc: \"d\"\ne: f", "{c: \"d\", e: f}", &[(1, "\"", unclosed_quote)]);
    check("a: 'b\nc: d", "{c: d}", &[(1, "'", unclosed_quote)]);
    check(
        "a: \"b\nc: \"\nd: \"e\"",
        "{a: \"b c: \", d: \"e\"}",
        &[(1, "\"", "this quote is not closed before a line that is not under it")],
    );
    check("- a: \"x\n  b: \"y\"\n- c: [z\n  d: e", "[{b: \"y\"}, {d: e}]", &[(1, "\"", unclosed_quote), (3, "[", unclosed_list)]);
    check("a: [b, c\nd: e\nf: {g: h\ni: j", "{d: e, i: j}", &[(1, "[", unclosed_list), (3, "{", "this `{` is not closed")]);
    check("a: [b\n  c: d\ne: f", "{e: f}", &[(1, "[", unclosed_list)]);
    check("a: {x} stays\nb: 1\nc: [x] is", "{b: 1}", &[(1, "stays", unexpected), (3, "is", unexpected)]);
    check("a: 1\n  b: 2\nc: 3", "{a: 1, c: 3}", &[(2, "b", "this line is indented under a text, so it is read as part of that text")]);
    check("a:\n  b: 1\n c: 2\nd:\n  - e\n - f\n", "{a: {b: 1}, d: [e]}", &[(3, "c", misfit), (6, "-", misfit)]);
    check("a:\n\tb: 1\n\tc:\n\t\td: 2\ne: [", "{a: {b: 1, c: {d: 2}}}", &[(2, "\t", tab), (5, "[", unclosed_list)]);
    check("a:\n  b: 1\n\tc: 2\n  d: 3\n", "{a: {b: 1}}", &[(3, "\t", tab)]);
    check(
        "a: \"b \\q\"\nc: \"\\u12\"",
        "",
        &[(1, "\\q", "this `\\` does not start a known sign"), (2, "\\u", "this `\\` does not start a known sign")],
    );
    check(
        "a: >= 5\nb: %\nc: 1",
        "{c: 1}",
        &[
            (1, ">", "`>` starts a text on the lines below, so no text can follow it here"),
            (2, "%", "a text without quotes cannot start with `%`"),
        ],
    );
    check(
        "%YAML 1.2\n---\na: 1\n---\nb: ]\n---\nc: 2",
        "{a: 1} --- null --- {c: 2}",
        &[(1, "%", "a line that starts with `%` is not allowed"), (5, "]", "this bracket closes nothing")],
    );
    check("é: [ü\r\nb: 'c' d\r\ne: f\r\n", "{e: f}", &[(1, "[", unclosed_list), (2, "d", "this is not expected after the closing quote")]);
}

#[test]
fn what_follows_from_a_fault_is_not_reported() {
    let misfit = "this line does not fit the lines above: look at its indentation";
    let swallowed = "this line is indented under a text, so it is read as part of that text";
    check(" a: 1\nb: 2\nc: 3\n---\nd: 4", "{a: 1} --- {d: 4}", &[(2, "b", misfit)]);
    check("a:: b\n  c: 1\n  d: 2\ne: 3", "{a:: b, e: 3}", &[(2, "c", swallowed)]);
    check(
        "a: @[\n  b,\n]\nc:\n- %d\n- e",
        "{c: [null, e]}",
        &[(1, "@", "a text without quotes cannot start with `@`"), (5, "%", "a text without quotes cannot start with `%`")],
    );
    check("@a:\n- b\n- c\nd: e", "{d: e}", &[(1, "@", "a text without quotes cannot start with `@`")]);
    check(
        "- a\nb: 1\n- c\nd: 2",
        "[a, c]",
        &[
            (2, "b", "this does not fit the list above: it has no `-`, or not its indentation"),
            (4, "d", "this does not fit the list above: it has no `-`, or not its indentation"),
        ],
    );
    // What was blanked may be read as part of a text; its places are still places of the file.
    let text = ">-\n  &x @b}\n> \"\\x4\u{2028}|+\n";
    let (documents, problems) = parse(text);
    assert_eq!(problems.len(), 1);
    documents.iter().for_each(|yaml| assert_sliceable(text, yaml));
}

#[test]
fn size_is_bounded() {
    let deep = |depth: usize| format!("a: {}x{}\nb: 1", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(&deep(MAX_DEPTH - 1)).1.is_empty());
    for depth in [MAX_DEPTH, 200, 255, 256, 400, 10_000, 100_000] {
        let (_, problems) = parse(&deep(depth));
        assert_eq!(problems.len(), 1, "{depth}");
        assert_eq!(problems[0].message, "this is nested more than 32 levels deep");
    }
    let stairs: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(parse(&stairs).1.len(), 1);
    assert_eq!(parse(&"- ".repeat(5_000)).1.len(), 1);
    let (documents, problems) = parse(&"- a\n".repeat(MAX_NODES));
    assert_eq!((documents[0].items().len(), problems.len()), (MAX_NODES, 1));
    assert_eq!(problems[0].message, "this file holds more than 100000 values");
    assert_eq!(parse(&"a: ]\n".repeat(1_000)).1.len(), MAX_FAULTS);
}

#[test]
fn places_go_through_the_notation() {
    check_span("a: plain words", "words", "words");
    check_span("a: plain\n  words here\n\n  and more", "words", "words");
    check_span("a: plain\n  words", "plain words", "plain\n  words");
    check_span("a: 'it''s this'", "it's", "it''s");
    check_span("a: 'it''s this'", "'", "''");
    check_span("a: 'it''s\n  this'", "this", "this");
    check_span("a: \"tab\\tand \\u00e9 x\\\n  y\"", "é x", "\\u00e9 x");
    check_span("a: \"tab\\tand \\u00e9 x\\\n  y\"", "xy", "x\\\n  y");
    check_span("a: \"\\uD834\\uDD1E!\"", "𝄞", "\\uD834\\uDD1E");
    check_span("a: | # note\n\n  first\n    second\n", "second", "second");
    check_span("a: |2-\n   first\n\n  second\n", " first", " first");
    check_span("a: >\n  first\n  second\n\n  third\n", "first second", "first\n  second");
    check_span("a: >\r\n  first\r\n\r\n  third\r\n", "third", "third");
    check_span("a: |\n  é first\n  second", "d\n", "d");
}

/// Random texts in each notation, at random depths and in random places of the file.
#[test]
fn places_hold_for_random_texts() {
    let mut seed = 20_190_603_u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let words = ["a", "wte", "é", "🦀", "5%", "in-post", "x:y", "it's", "a#b", "(b)", ">=", "\u{a0}"];
    let escapes = ["\\\"", "\\\\", "\\n", "\\t", "\\u00e9", "\\x41", "\\U0001F980", "\\ud83e\\udd80", "\\_", "\\P", "\\0", "\\ "];
    for round in 0..6_000 {
        let newline = ["\n", "\r\n"][random(2)];
        let depth = random(4);
        let mut text = ["", "\u{feff}", "# é\n", "---\n"][random(4)].to_owned();
        (0..depth).for_each(|level| text.push_str(&format!("{}k{level}:{newline}", "  ".repeat(level))));
        let indent = "  ".repeat(depth);
        text.push_str(&format!("{indent}key: "));
        let style = round % 5;
        let deeper = " ".repeat(2 * depth + 1 + random(3));
        let gap = |random: &mut dyn FnMut(usize) -> usize| match random(5) {
            0 => format!("{newline}{deeper}"),
            1 => format!("  {newline}{}{newline}{deeper}", " ".repeat(random(3))),
            _ => " ".repeat(1 + random(2)),
        };
        match style {
            0..3 => {
                let quote = ["", "'", "\""][style];
                text.push_str(quote);
                text.push_str(["a", "b c", "é"][random(3)]);
                for _ in 0..random(9) {
                    match (style, random(4)) {
                        (2, 0) => text.push_str(escapes[random(escapes.len())]),
                        (2, 1) => text.push_str(&format!("\\{newline}{deeper}{}", ["", "\\ "][random(2)])),
                        (1, 0) => text.push_str("''"),
                        _ => text.push_str(&gap(&mut random)),
                    }
                    text.push_str(&words[random(words.len())].replace('\'', if style == 1 { "''" } else { "'" }));
                }
                text.push_str(quote);
            }
            _ => {
                let step = 1 + random(4);
                let given = if random(3) == 0 { step.to_string() } else { String::new() };
                let chomping = ["", "-", "+"][random(3)];
                text.push_str(&format!("{}{given}{chomping}{}{newline}", ["|", ">"][style - 3], ["", " # note"][random(2)]));
                let mut has_words = !given.is_empty();
                for _ in 0..1 + random(6) {
                    if random(4) == 0 {
                        text.push_str(&format!("{}{newline}", " ".repeat(random(step + 1))));
                        continue;
                    }
                    // Without an indicator, the first words say how far the block is indented.
                    let blank = " ".repeat(if has_words { random(3) } else { 0 } + step);
                    has_words = true;
                    text.push_str(&format!("{indent}{blank}{} z{newline}", words[random(words.len())]));
                }
            }
        }
        text.push_str([newline, &format!("{newline}{newline}{indent}last: 'x'{newline}"), ""][random(3)]);
        let (documents, problems) = parse(&text);
        assert!(problems.is_empty(), "{text:?}: {problems:?}");
        documents.iter().for_each(|yaml| check_places(&text, yaml));
    }
}

/// Every prefix and random edits: no panic, and every place is one of the file.
#[test]
fn survives_half_typed_files() {
    let corpus = "\u{feff}id: é # x\neach: 'it''s'\nwhere: \"a\\u00e9 \\\n  b\"\nlist: [a, {b: c}, *d]\ntext: |2-\n   x\n\n  y\nmore: >+\n  z\n\n---\n- - !t &e f\n  - ? g\n    : h\n- <<: 1\n";
    let signs = [
        "\n", "\t", "\0", "\"", "'", "[", "}", ": ", "- ", "? ", "é", "|", "%", "\r", "&", "!", "#", " ", "\u{feff}", "\\", ",", "---\n",
        "*",
    ];
    let mut seed = 7_u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for round in 0..6_000 {
        let mut text: Vec<char> = corpus.chars().collect();
        if round < text.len() {
            text.truncate(round);
        }
        for _ in 0..round % 5 {
            let place = random(text.len() + 1);
            let removed = place..(place + random(4)).min(text.len());
            text.splice(removed, signs[random(signs.len())].chars());
        }
        let text: String = text.into_iter().collect();
        let (documents, problems) = parse(&text);
        for problem in &problems {
            assert!(text.get(problem.span.clone()).is_some(), "{text:?}: {problem:?}");
            assert!(!problem.message.is_empty() && !problem.message.ends_with('.'));
        }
        documents.iter().for_each(|yaml| assert_sliceable(&text, yaml));
    }
}
