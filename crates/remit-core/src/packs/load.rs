//! Loads packs: words first, then kinds, registers and rules, so that order within a pack never matters.

use std::sync::Arc;

use crate::model::bodies::Register;
use crate::packs::edition::{self, Edition};
use crate::packs::forms;
use crate::packs::provenance::Provenance;
use crate::packs::reader::{PACK, Reader};
use crate::packs::register::Owner;
use crate::packs::rule::{Above, Compiler};
use crate::packs::yaml::{self, Yaml};
use crate::packs::{PackErrors, PackFiles, PackInfo, Packs, register, rule, tighten, vocabulary as words};
use crate::problem::{Problem, Severity, did_you_mean};
use crate::rules::Rule;
use crate::source::{FileId, LARGEST_FILE, Source, Sources, Span};
use crate::syntax::MOST_PROBLEMS;
use crate::vocabulary::{CORE, TermId, Vocabulary, Word};

/// How long the head of a pack may be that its order is told by, in bytes.
const LARGEST_HEAD: usize = 1 << 20;

/// One pack while it is read.
struct Loading {
    info: PackInfo,
    tier: u8,
    provenance: Provenance,
    files: Vec<(String, FileId)>,
    /// The pack whose editions its rules stand in: itself, or the nearest that it extends.
    framework: Option<usize>,
    /// The packs that it extends, nearest or further up.
    extends: Vec<String>,
}

pub(super) fn load(packs: &[PackFiles]) -> Result<Packs, PackErrors> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let mut vocabulary = Vocabulary::default();
    let core = sources.add(Source::new("core.yaml", CORE));
    let core = documents(&sources, core, &mut problems);
    let mut loading = Vec::new();
    let mut vocabularies: Vec<(FileId, Vec<Yaml>, bool)> = core.into_iter().map(|(file, yaml)| (file, yaml, true)).collect();
    let order = Order::of(packs);
    for pack in order.places.iter().filter_map(|at| packs.get(*at)) {
        let mut files: Vec<(String, FileId)> = pack
            .files
            .iter()
            .map(|(path, text)| (path.clone(), sources.add(Source::new(format!("{}/{path}", pack.path), text.as_str()))))
            .collect();
        files.sort();
        for (_, file) in files.iter().filter(|(path, _)| path == "vocabulary.yaml") {
            vocabularies.extend(documents(&sources, *file, &mut problems).map(|(file, yaml)| (file, yaml, false)));
        }
        loading.push((pack, files));
    }
    for (file, yaml, _) in &vocabularies {
        let mut reader = Reader { file: *file, problems: &mut problems };
        yaml.iter().for_each(|yaml| words::read_words(&mut vocabulary, &mut reader, yaml));
    }
    for (file, yaml, core) in &vocabularies {
        let mut reader = Reader { file: *file, problems: &mut problems };
        yaml.iter().for_each(|yaml| words::read_kinds(&mut vocabulary, &mut reader, yaml, *core));
    }
    let mut heads: Vec<Loading> = Vec::new();
    for (pack, files) in loading {
        if let Some(head) = read_head(&sources, &vocabulary, pack, files, (&heads, &order), &mut problems) {
            heads.push(head);
        }
    }
    let bodies = read_registers(&sources, &vocabulary, &heads, &mut problems);
    kinds_of_body(&vocabulary, &heads, &mut problems);
    let mut rules: Vec<Rule> = Vec::new();
    let editions: Vec<&[Edition]> = heads.iter().map(|head| head.info.editions.as_slice()).collect();
    for head in &heads {
        let compiler = Compiler {
            vocabulary: &vocabulary,
            register: &bodies,
            pack: &head.info.name,
            tier: head.tier,
            provenance: &head.provenance,
            framework: head.framework.and_then(|at| editions.get(at).map(|editions| (at, *editions))),
            is_consulted: head.info.is_consulted,
            above: Above { sources: &sources, rules: &rules, packs: &head.extends, editions: &editions },
        };
        let own = read_rules(&compiler, head, &mut problems);
        rules.extend(own);
    }
    let mut paragraphs = Vec::new();
    if !problems.iter().any(|problem| problem.severity == Severity::Error) {
        let cited: Vec<(String, String, String)> = rules
            .iter()
            .map(|rule| (rule.id.to_string(), rule.source.document.clone(), rule.source.paragraph.clone().unwrap_or_default()))
            .collect();
        for head in &mut heads {
            paragraphs.extend(std::mem::take(&mut head.provenance).kept(&cited, &mut problems));
        }
    }
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        problems.sort_by_key(|problem| (problem.span.file, problem.span.start));
        if problems.len() > MOST_PROBLEMS {
            let more = problems.len() - MOST_PROBLEMS;
            problems.truncate(MOST_PROBLEMS);
            let span = problems.last().map_or(Span::new(FileId(0), 0..0), |problem| problem.span);
            problems.push(Problem::error(PACK, span.after(), format!("{more} more faults follow")).help("put these right first"));
        }
        return Err(PackErrors { sources, problems });
    }
    Ok(Packs {
        sources,
        infos: heads.into_iter().map(|head| head.info).collect(),
        rules,
        paragraphs,
        vocabulary,
        register: Arc::new(bodies),
    })
}

/// The bodies of all packs: first all of them, then what belongs to what.
fn read_registers(sources: &Sources, vocabulary: &Vocabulary, heads: &[Loading], problems: &mut Vec<Problem>) -> Register {
    type Read = fn(&mut Register, Owner<'_>, &mut Vec<Problem>, FileId, &str);
    let registers: [(&str, Read); 3] = [
        ("data/bodies.csv", register::read_bodies),
        ("data/memberships.csv", register::read_memberships),
        ("data/successions.csv", register::read_successions),
    ];
    let mut bodies = Register::default();
    let mut before = Vec::new();
    for (name, read) in registers {
        for (at, head) in heads.iter().enumerate() {
            if before.len() == at {
                before.push(bodies.len());
            }
            let owner = Owner { tier: head.tier, before: before.get(at).copied().unwrap_or(0), vocabulary };
            for (_, file) in head.files.iter().filter(|(path, _)| path == name) {
                read(&mut bodies, owner, problems, *file, sources.get(*file).map_or("", Source::text));
            }
        }
    }
    bodies
}

/// A kind of body says where its bodies stand: no higher than the pack that declares it.
fn kinds_of_body(vocabulary: &Vocabulary, heads: &[Loading], problems: &mut Vec<Problem>) {
    let level = |tier| vocabulary.scale("tier").map_or("", |scale| vocabulary.level_name(scale, tier));
    for (at, term) in vocabulary.terms.iter().enumerate() {
        let Some((place, tier)) = vocabulary.place(&Word::Term(TermId(at as u32))).zip(term.tier) else { continue };
        let owner = heads.iter().find(|head| head.files.iter().any(|(_, file)| *file == place.file));
        if let Some(owner) = owner.filter(|owner| owner.tier < tier) {
            let message = format!("`{}` stands at the {}, above this pack of the {}", term.name, level(tier), level(owner.tier));
            problems.push(Problem::error(PACK, place, message).help("a pack adds kinds of body of its own tier or of a lower one"));
        }
    }
}

/// The documents of one YAML file; `None`, reported, when it cannot be read at all.
fn documents(sources: &Sources, file: FileId, problems: &mut Vec<Problem>) -> Option<(FileId, Vec<Yaml>)> {
    let text = sources.get(file).map_or("", Source::text);
    if text.len() > LARGEST_FILE / 8 {
        problems.push(Problem::error(PACK, Span::new(file, 0..0), "this file is too large for a pack"));
        return None;
    }
    let (documents, faults) = yaml::parse(text);
    for fault in faults {
        let mut problem = Problem::error(PACK, Span::new(file, fault.span), fault.message);
        problem.help = fault.help;
        problems.push(problem);
    }
    Some((file, documents))
}

fn read_head(
    sources: &Sources,
    vocabulary: &Vocabulary,
    pack: &PackFiles,
    files: Vec<(String, FileId)>,
    (others, order): (&[Loading], &Order),
    problems: &mut Vec<Problem>,
) -> Option<Loading> {
    let Some((_, file)) = files.iter().find(|(path, _)| path == "pack.yaml") else {
        let span = Span::new(files.first().map_or(FileId(0), |(_, file)| *file), 0..0);
        problems.push(
            Problem::error(PACK, span, format!("the pack `{}` has no `pack.yaml`", pack.path))
                .help("a pack is a folder with a pack.yaml that names it"),
        );
        return None;
    };
    let (file, texts) = documents(sources, *file, problems)?;
    let mut reader = Reader { file, problems };
    let Some(yaml) = texts.first() else {
        reader.error(Span::new(file, 0..0), "this pack.yaml is empty");
        return None;
    };
    reader.form(yaml, &forms::PACK);
    let name = reader.needed(yaml, "a pack", "name");
    if let Some(scalar) = name.filter(|scalar| !forms::is_pack_name(&scalar.text)) {
        let span = Span::new(file, scalar.source_span(0..scalar.text.len()));
        reader.error(span, format!("`{}` is not a pack's name", scalar.text)).help =
            Some("write lower-case letters, digits and hyphens, such as `north-east`".to_owned());
    }
    let title = reader.needed(yaml, "a pack", "title").map(|scalar| scalar.text.clone()).unwrap_or_default();
    let version = reader.needed(yaml, "a pack", "version");
    if let Some(scalar) = version.filter(|scalar| !forms::is_pack_version(&scalar.text)) {
        let span = Span::new(file, scalar.source_span(0..scalar.text.len()));
        reader.error(span, format!("`{}` is not a version", scalar.text)).help =
            Some("write letters and digits with dots between, such as `2026.1.0`".to_owned());
    }
    let publisher = reader.scalar_at(yaml, "publisher").map(|scalar| scalar.text.clone());
    let pages = reader.scalar_at(yaml, "pages");
    if let Some(scalar) = pages.filter(|scalar| !forms::is_site(&scalar.text)) {
        let span = Span::new(file, scalar.source_span(0..scalar.text.len()));
        reader.error(span, format!("`{}` is no place of a site", scalar.text)).help =
            Some("write the whole address, such as `https://packs.example.org/rules`".to_owned());
    }
    let pages = pages.map(|scalar| scalar.text.clone());
    let tier = reader.needed(yaml, "a pack", "tier").and_then(|scalar| {
        let level = vocabulary.scale("tier").and_then(|scale| vocabulary.level(scale, &scalar.text));
        if level.is_none() {
            let span = Span::new(file, scalar.source_span(0..scalar.text.len()));
            reader.error(span, format!("there is no tier `{}`", scalar.text));
        }
        level
    });
    let mut provenance = Provenance::default();
    if let Some(list) = yaml.get("sources") {
        provenance.read_documents(&mut reader, list);
    }
    let editions = yaml.get("editions").map(|list| edition::read_editions(&mut reader, list, &provenance)).unwrap_or_default();
    let mut framework = (!editions.is_empty()).then_some(others.len());
    let mut extended: Vec<String> = Vec::new();
    for (other, span) in yaml.get("extends").map(|extends| reader.list(extends, "extends")).unwrap_or_default() {
        let Some(loading) = others.iter().find(|loading| loading.info.name == other) else {
            let own = name.map_or("", |name| name.text.as_str());
            let (message, help) = match order.circle(own, other) {
                Some(circle) => (
                    format!("packs extend one another in a circle: {circle}"),
                    Some("let the lower pack extend the higher one only".to_owned()),
                ),
                None => {
                    let near = did_you_mean(other, others.iter().map(|loading| loading.info.name.as_str()));
                    let help = near.map(|near| format!("did you mean `{near}`?"));
                    (
                        format!("there is no pack `{other}` among those in force"),
                        help.or_else(|| Some("list it under `packs` in remit.yaml".to_owned())),
                    )
                }
            };
            reader.error(span, message).help = help;
            continue;
        };
        if tier.is_some_and(|tier| loading.tier < tier) {
            let level = |tier: Option<u8>| {
                let scale = vocabulary.scale("tier");
                scale.zip(tier).map_or("", |(scale, tier)| vocabulary.level_name(scale, tier)).to_owned()
            };
            let message = format!("`{other}` is a pack of the {}, below the {}", level(Some(loading.tier)), level(tier));
            reader.error(span, message).help = Some("a pack extends packs of its own tier or of a higher one".to_owned());
        }
        provenance.extend(&loading.provenance);
        framework = framework.or(loading.framework);
        for pack in loading.extends.iter().chain([&loading.info.name]) {
            if !extended.contains(pack) {
                extended.push(pack.clone());
            }
        }
    }
    let is_consulted = consultation(&mut reader, yaml);
    let place = reader.start(yaml);
    for (_, file) in files.iter().filter(|(path, _)| path == "paragraphs.yaml") {
        let Some((file, lists)) = documents(sources, *file, problems) else { continue };
        let mut reader = Reader { file, problems };
        lists.iter().for_each(|list| provenance.read_paragraphs(&mut reader, list));
    }
    let name = name?.text.clone();
    if let Some(first) = others.iter().find(|loading| loading.info.name == name) {
        let mut reader = Reader { file, problems };
        reader.error(place, format!("there are two packs named `{}`", first.info.name));
    }
    let info = PackInfo {
        name,
        title,
        version: version.map(|scalar| scalar.text.clone()).unwrap_or_default(),
        publisher,
        pages,
        editions,
        digest: pack.digest(),
        is_consulted,
    };
    Some(Loading { info, tier: tier?, provenance, files, framework, extends: extended })
}

/// Whether a pack's `status` puts it to consultation. Anything else there is for people, but for what is nearly that word.
fn consultation(reader: &mut Reader<'_>, yaml: &Yaml) -> bool {
    const CONSULTATION: &str = "consultation";
    let Some(status) = yaml.get("status") else { return false };
    let text = status.as_text().unwrap_or("").trim();
    if text != CONSULTATION && !text.contains(' ') && did_you_mean(text, [CONSULTATION]).is_some() {
        let span = reader.span(status);
        reader.error(span, format!("`{text}` is not the word for a pack that is put to consultation")).help =
            Some(format!("write `{CONSULTATION}`"));
    }
    text == CONSULTATION
}

/// In which order packs are read: each after those that it extends, otherwise as they are given.
struct Order {
    /// The places of the packs, in order.
    places: Vec<usize>,
    /// What each pack is called, and which it extends.
    named: Vec<(String, Vec<String>)>,
}

impl Order {
    fn of(packs: &[PackFiles]) -> Self {
        let head = |pack: &PackFiles| {
            let text = pack.files.iter().find(|(path, _)| path == "pack.yaml").map_or("", |(_, text)| text);
            // What cannot be read is told when the head is read in earnest.
            let (documents, _) = yaml::parse(text.get(..LARGEST_HEAD).unwrap_or(text));
            let Some(yaml) = documents.first() else { return (String::new(), Vec::new()) };
            let mut nobody = Vec::new();
            let mut reader = Reader { file: FileId(0), problems: &mut nobody };
            let extends = yaml.get("extends").map(|list| reader.list(list, "extends")).unwrap_or_default();
            let name = yaml.get("name").and_then(Yaml::as_text).unwrap_or("").to_owned();
            (name, extends.into_iter().map(|(name, _)| name.to_owned()).collect())
        };
        let named: Vec<(String, Vec<String>)> = packs.iter().map(head).collect();
        let mut left: Vec<usize> = (0..named.len()).collect();
        let mut places = Vec::new();
        while !left.is_empty() {
            let waits = |at: &usize| {
                let extends = named.get(*at).map_or(&[][..], |(_, extends)| extends);
                left.iter().any(|other| other != at && named.get(*other).is_some_and(|(name, _)| extends.contains(name)))
            };
            // Those that extend one another in a circle are read as they are given, and told.
            let next = left.iter().position(|at| !waits(at)).unwrap_or(0);
            places.push(left.remove(next));
        }
        Self { places, named }
    }

    /// How a pack that extends another is extended by that other in turn; `None` where it is not.
    fn circle(&self, own: &str, other: &str) -> Option<String> {
        let mut ways: Vec<Vec<&str>> = vec![vec![own, other]];
        let mut seen: Vec<&str> = Vec::new();
        while let Some(way) = ways.pop() {
            let last = *way.last()?;
            if last == own {
                return Some(way.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" extends "));
            }
            if seen.contains(&last) {
                continue;
            }
            seen.push(last);
            let next = self.named.iter().filter(|(name, _)| name == last).flat_map(|(_, extends)| extends);
            ways.extend(next.map(|next| way.iter().copied().chain([next.as_str()]).collect()));
        }
        None
    }
}

fn read_rules(compiler: &Compiler<'_>, head: &Loading, problems: &mut Vec<Problem>) -> Vec<Rule> {
    let sources = compiler.above.sources;
    let mut rules: Vec<Rule> = Vec::new();
    let mut pages_used: Vec<&str> = Vec::new();
    for (path, file) in head.files.iter().filter(|(path, _)| path.starts_with("rules/") && path.ends_with(".yaml")) {
        let faults = problems.len();
        let Some((file, documents)) = documents(sources, *file, problems) else { continue };
        let faults = faults..problems.len();
        if documents.is_empty() {
            problems.push(Problem::error(PACK, Span::new(file, 0..0), "this rule is empty"));
        }
        for yaml in &documents {
            let mut reader = Reader { file, problems };
            let read = match yaml.get("tightens") {
                Some(_) => tighten::read(compiler, &mut reader, yaml),
                None => rule::read(compiler, &mut reader, yaml).into_iter().collect(),
            };
            if !faults.is_empty() {
                // What could not be read may be what seems to be missing.
                let mut at = 0;
                problems.retain(|problem| {
                    at += 1;
                    at <= faults.end || !problem.message.contains(" needs `")
                });
                continue;
            }
            let Some(rule) = read.first() else { continue };
            // Another edition may have another rule of the same name; in one edition there is one.
            let apart = |known: &Rule| {
                let are = |rule: &Rule| matches!((known.editions, rule.editions), (Some(one), Some(other)) if !one.meets(other));
                read.iter().all(are)
            };
            if let Some(first) = rules.iter().find(|known| known.id == rule.id && !apart(known)) {
                let (place, first) = (rule.place, first.place);
                problems
                    .push(Problem::error(PACK, place, format!("there is a rule `{}` already", rule.id)).also(first, "the first is here"));
                continue;
            }
            let short = rule.id.split_once('/').map_or("", |(_, short)| short).to_owned();
            let page_path = format!("rules/{short}.md");
            let Some((page_path, page)) = head.files.iter().find(|(known, _)| *known == page_path) else {
                problems
                    .push(Problem::error(PACK, rule.place, format!("the rule `{short}` has no page")).help(format!(
                        "write {page_path} beside {path}: what it asks, why, and an example that fails and one that passes"
                    )));
                continue;
            };
            pages_used.push(page_path);
            let text = sources.get(*page).map_or("", Source::text);
            let Some((title, rest)) = text.strip_prefix("# ").and_then(|text| text.split_once('\n')) else {
                problems.push(
                    Problem::error(PACK, Span::new(*page, 0..text.find('\n').unwrap_or(text.len())), "a rule's page begins with its title")
                        .help("write `# Title` on the first line"),
                );
                continue;
            };
            rules.extend(read.into_iter().map(|rule| Rule { title: title.trim().to_owned(), page: rest.trim().to_owned(), ..rule }));
        }
    }
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return rules;
    }
    for (path, file) in head.files.iter().filter(|(path, _)| path.starts_with("rules/") && path.ends_with(".md")) {
        if !pages_used.contains(&path.as_str()) {
            problems.push(
                Problem::error(PACK, Span::new(*file, 0..0), format!("no rule belongs to the page `{path}`"))
                    .help("name the page after the rule's id"),
            );
        }
    }
    rules
}
