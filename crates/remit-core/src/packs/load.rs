//! Loads packs: words first, then kinds, registers and rules, so that order within a pack never matters.

use std::sync::Arc;

use crate::model::bodies::Register;
use crate::packs::edition::{self, Edition};
use crate::packs::forms;
use crate::packs::provenance::Provenance;
use crate::packs::reader::{PACK, Reader};
use crate::packs::rule::Compiler;
use crate::packs::yaml::{self, Yaml};
use crate::packs::{PackErrors, PackFiles, PackInfo, Packs, register, rule, vocabulary as words};
use crate::problem::{Problem, Severity, did_you_mean};
use crate::rules::Rule;
use crate::source::{FileId, LARGEST_FILE, Source, Sources, Span};
use crate::syntax::MOST_PROBLEMS;
use crate::vocabulary::{CORE, Vocabulary};

/// One pack while it is read.
struct Loading {
    info: PackInfo,
    tier: u8,
    provenance: Provenance,
    files: Vec<(String, FileId)>,
    /// The pack whose editions its rules stand in: itself, or the nearest that it extends.
    framework: Option<usize>,
}

pub(super) fn load(packs: &[PackFiles]) -> Result<Packs, PackErrors> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let mut vocabulary = Vocabulary::default();
    let core = sources.add(Source::new("core.yaml", CORE));
    let core = documents(&sources, core, &mut problems);
    let mut loading = Vec::new();
    let mut vocabularies: Vec<(FileId, Vec<Yaml>, bool)> = core.into_iter().map(|(file, yaml)| (file, yaml, true)).collect();
    for pack in packs {
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
        if let Some(head) = read_head(&sources, &vocabulary, pack, files, &heads, &mut problems) {
            heads.push(head);
        }
    }
    let mut bodies = Register::default();
    type Read = fn(&mut Register, &Vocabulary, &mut Vec<Problem>, FileId, &str);
    let registers: [(&str, Read); 3] = [
        ("data/bodies.csv", register::read_bodies),
        ("data/memberships.csv", |bodies, _, problems, file, text| register::read_memberships(bodies, problems, file, text)),
        ("data/successions.csv", |bodies, _, problems, file, text| register::read_successions(bodies, problems, file, text)),
    ];
    for (name, read) in registers {
        for (_, file) in heads.iter().flat_map(|head| &head.files).filter(|(path, _)| path == name) {
            let text = sources.get(*file).map_or("", Source::text);
            read(&mut bodies, &vocabulary, &mut problems, *file, text);
        }
    }
    let mut rules: Vec<Rule> = Vec::new();
    for head in &heads {
        let framework = head.framework.and_then(|at| heads.get(at).map(|of| (at, of.info.editions.as_slice())));
        read_rules(&sources, &vocabulary, &bodies, (head, framework), &mut rules, &mut problems);
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
    others: &[Loading],
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
    if let Some(extends) = yaml.get("extends") {
        for (other, span) in reader.list(extends, "extends") {
            match others.iter().find(|loading| loading.info.name == other) {
                Some(loading) => {
                    provenance.extend(&loading.provenance);
                    framework = framework.or(loading.framework);
                }
                None => {
                    let near = did_you_mean(other, others.iter().map(|loading| loading.info.name.as_str()))
                        .map(|near| format!("did you mean `{near}`?"));
                    reader.error(span, format!("there is no pack `{other}` before this one")).help = near;
                }
            }
        }
    }
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
        editions,
        digest: pack.digest(),
    };
    Some(Loading { info, tier: tier?, provenance, files, framework })
}

fn read_rules(
    sources: &Sources,
    vocabulary: &Vocabulary,
    bodies: &Register,
    (head, framework): (&Loading, Option<(usize, &[Edition])>),
    rules: &mut Vec<Rule>,
    problems: &mut Vec<Problem>,
) {
    let pack = &head.info.name;
    let compiler = Compiler { vocabulary, register: bodies, pack, tier: head.tier, provenance: &head.provenance, framework };
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
            let rule = rule::read(&compiler, &mut reader, yaml);
            if !faults.is_empty() {
                // What could not be read may be what seems to be missing.
                let mut at = 0;
                problems.retain(|problem| {
                    at += 1;
                    at <= faults.end || !problem.message.contains(" needs `")
                });
                continue;
            }
            let Some(mut rule) = rule else { continue };
            // Another edition may have another rule of the same name; in one edition there is one.
            let apart = |known: &Rule| matches!((known.editions, rule.editions), (Some(one), Some(other)) if !one.meets(other));
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
            title.trim().clone_into(&mut rule.title);
            rest.trim().clone_into(&mut rule.page);
            rules.push(rule);
        }
    }
    if problems.iter().any(|problem| problem.severity == Severity::Error) {
        return;
    }
    for (path, file) in head.files.iter().filter(|(path, _)| path.starts_with("rules/") && path.ends_with(".md")) {
        if !pages_used.contains(&path.as_str()) {
            problems.push(
                Problem::error(PACK, Span::new(*file, 0..0), format!("no rule belongs to the page `{path}`"))
                    .help("name the page after the rule's id"),
            );
        }
    }
}
