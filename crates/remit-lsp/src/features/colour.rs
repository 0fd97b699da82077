//! Semantic tokens: what every word is, in the numbers of the protocol, whole, in part, and as what changed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use remit_core::ide::tokens::{self, Mark, Sort};
use remit_core::source::Span;
use tower_lsp::ls_types as lsp;

use crate::snapshot::Here;

/// How many files' last tokens are kept.
const MOST_KEPT: usize = 64;

/// The types that the protocol knows, in the order of their numbers.
fn types() -> Vec<lsp::SemanticTokenType> {
    vec![
        lsp::SemanticTokenType::KEYWORD,
        lsp::SemanticTokenType::PROPERTY,
        lsp::SemanticTokenType::OPERATOR,
        lsp::SemanticTokenType::NAMESPACE,
        lsp::SemanticTokenType::ENUM_MEMBER,
        lsp::SemanticTokenType::VARIABLE,
        lsp::SemanticTokenType::FUNCTION,
        lsp::SemanticTokenType::STRING,
        lsp::SemanticTokenType::NUMBER,
        lsp::SemanticTokenType::COMMENT,
    ]
}

fn type_of(sort: Sort) -> u32 {
    match sort {
        Sort::Kind => 0,
        Sort::Field | Sort::Row => 1,
        Sort::Clause => 2,
        Sort::Body => 3,
        Sort::Term | Sort::Level | Sort::Word => 4,
        Sort::Name => 5,
        Sort::Rule => 6,
        Sort::Text => 7,
        Sort::Number | Sort::Day => 8,
        Sort::Comment => 9,
    }
}

fn modifiers_of(mark: Mark) -> u32 {
    match mark {
        Mark::None => 0,
        Mark::Declares => 1,
        Mark::Register => 2,
        Mark::Reserved => 4,
    }
}

/// What is said of it when the server introduces itself.
pub(crate) fn legend() -> lsp::SemanticTokensLegend {
    lsp::SemanticTokensLegend {
        token_types: types(),
        token_modifiers: vec![
            lsp::SemanticTokenModifier::DECLARATION,
            lsp::SemanticTokenModifier::DEFAULT_LIBRARY,
            lsp::SemanticTokenModifier::READONLY,
        ],
    }
}

/// The tokens last told of each file, by which the next are told as what changed.
#[derive(Debug, Default)]
pub(crate) struct Told {
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    count: u64,
    files: HashMap<lsp::Uri, (String, Vec<lsp::SemanticToken>)>,
}

impl Told {
    fn keep(&self, uri: &lsp::Uri, tokens: &[lsp::SemanticToken]) -> String {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.count += 1;
        let id = last.count.to_string();
        if last.files.len() >= MOST_KEPT {
            last.files.clear();
        }
        last.files.insert(uri.clone(), (id.clone(), tokens.to_vec()));
        id
    }

    fn before(&self, uri: &lsp::Uri, id: &str) -> Option<Vec<lsp::SemanticToken>> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.files.get(uri).filter(|(known, _)| known == id).map(|(_, tokens)| tokens.clone())
    }
}

/// The tokens of a file, whole.
pub(crate) fn full(here: &Here, told: &Told) -> Option<lsp::SemanticTokensResult> {
    let data = numbers(here, None);
    let id = told.keep(here.snapshot.uri(here.file)?, &data);
    Some(lsp::SemanticTokensResult::Tokens(lsp::SemanticTokens { result_id: Some(id), data }))
}

/// The tokens of some lines.
pub(crate) fn range(here: &Here, range: lsp::Range) -> Option<lsp::SemanticTokensRangeResult> {
    let within = here.snapshot.span(here.file, range);
    Some(lsp::SemanticTokensRangeResult::Tokens(lsp::SemanticTokens { result_id: None, data: numbers(here, Some(within)) }))
}

/// What changed in the tokens of a file since they were last told; all of them where that is not known.
pub(crate) fn delta(here: &Here, told: &Told, previous: &str) -> Option<lsp::SemanticTokensFullDeltaResult> {
    let uri = here.snapshot.uri(here.file)?;
    let before = told.before(uri, previous);
    let data = numbers(here, None);
    let id = Some(told.keep(uri, &data));
    let Some(before) = before else {
        return Some(lsp::SemanticTokensFullDeltaResult::Tokens(lsp::SemanticTokens { result_id: id, data }));
    };
    let same_before = before.iter().zip(&data).take_while(|(one, other)| one == other).count();
    let rest = before.len().min(data.len()) - same_before;
    let same_after = before.iter().rev().zip(data.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    let gone = before.len() - same_before - same_after;
    let come: Vec<lsp::SemanticToken> = data.iter().skip(same_before).take(data.len() - same_before - same_after).copied().collect();
    let edits = if gone == 0 && come.is_empty() {
        Vec::new()
    } else {
        // Each token is five numbers.
        vec![lsp::SemanticTokensEdit { start: same_before as u32 * 5, delete_count: gone as u32 * 5, data: Some(come) }]
    };
    Some(lsp::SemanticTokensFullDeltaResult::TokensDelta(lsp::SemanticTokensDelta { result_id: id, edits }))
}

/// The tokens as numbers, each counted from the one before; none spans lines.
fn numbers(here: &Here, within: Option<Span>) -> Vec<lsp::SemanticToken> {
    let mut numbers = Vec::new();
    let mut last = lsp::Position::default();
    let Some(source) = here.snapshot.source(here.file) else { return numbers };
    for token in tokens::tokens(here.view(), here.file, within) {
        let mut start = token.span.start;
        for line in source.slice(token.span.range()).split_inclusive('\n') {
            let words = line.trim_end_matches(['\n', '\r']);
            let range = here.snapshot.range(Span { start, end: start + words.len() as u32, ..token.span });
            start += line.len() as u32;
            let length = range.end.character.saturating_sub(range.start.character);
            if length == 0 {
                continue;
            }
            let delta_line = range.start.line - last.line;
            numbers.push(lsp::SemanticToken {
                delta_line,
                delta_start: if delta_line == 0 { range.start.character - last.character } else { range.start.character },
                length,
                token_type: type_of(token.sort),
                token_modifiers_bitset: modifiers_of(token.mark),
            });
            last = range.start;
        }
    }
    numbers
}
