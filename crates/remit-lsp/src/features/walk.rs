//! Going about in a plan: definitions, references, names, the outline, and the line of accountability.

use remit_core::ide::{accountability, navigate, outline};
use remit_core::source::Span;
use serde_json::json;
use tower_lsp::ls_types as lsp;

use crate::features::sort_edits;
use crate::snapshot::{Here, Snapshot};

/// Where what a word names is declared.
pub(crate) fn definition(here: &Here, position: lsp::Position) -> Option<lsp::GotoDefinitionResponse> {
    if let Some(pack) = here.pack() {
        return pack.definition(position);
    }
    links(here, navigate::definition(here.view(), here.file, here.offset(position)))
}

/// Where the sort of thing that a word names is declared.
pub(crate) fn type_definition(here: &Here, position: lsp::Position) -> Option<lsp::GotoDefinitionResponse> {
    links(here, navigate::type_definition(here.view(), here.file, here.offset(position)))
}

fn links(here: &Here, targets: Vec<navigate::Target>) -> Option<lsp::GotoDefinitionResponse> {
    let locations: Vec<lsp::Location> = targets.iter().filter_map(|target| here.snapshot.location(target.name)).collect();
    (!locations.is_empty()).then_some(lsp::GotoDefinitionResponse::Array(locations))
}

/// Every place at which something is named.
pub(crate) fn references(here: &Here, position: lsp::Position, context: &lsp::ReferenceContext) -> Option<Vec<lsp::Location>> {
    let found = navigate::references(here.view(), here.file, here.offset(position));
    let wanted = found.into_iter().filter(|reference| context.include_declaration || reference.does == navigate::Does::Name);
    Some(wanted.filter_map(|reference| here.snapshot.location(reference.place)).collect())
}

/// The places of this file at which something is named.
pub(crate) fn highlights(here: &Here, position: lsp::Position) -> Option<Vec<lsp::DocumentHighlight>> {
    let found = navigate::highlights(here.view(), here.file, here.offset(position));
    let kind = |does| match does {
        navigate::Does::Declare => lsp::DocumentHighlightKind::WRITE,
        navigate::Does::Name => lsp::DocumentHighlightKind::READ,
    };
    let highlight = |reference: &navigate::Reference| lsp::DocumentHighlight {
        range: here.snapshot.range(reference.place),
        kind: Some(kind(reference.does)),
    };
    Some(found.iter().map(highlight).collect())
}

/// What would be given another name.
pub(crate) fn prepare_rename(here: &Here, position: lsp::Position) -> Result<lsp::PrepareRenameResponse, String> {
    if let Some(pack) = here.pack() {
        return pack.prepare_rename(position);
    }
    let found = navigate::prepare_rename(here.view(), here.file, here.offset(position))?;
    Ok(lsp::PrepareRenameResponse::RangeWithPlaceholder { range: here.snapshot.range(found.place), placeholder: found.name })
}

/// The changes that give something another name.
pub(crate) fn rename(here: &Here, position: lsp::Position, name: &str) -> Result<lsp::WorkspaceEdit, String> {
    if let Some(pack) = here.pack() {
        return pack.rename(position, name);
    }
    let edits = navigate::rename(here.view(), here.file, here.offset(position), name)?;
    Ok(lsp::WorkspaceEdit { changes: sort_edits(here, &edits), ..lsp::WorkspaceEdit::default() })
}

/// The outline of a file.
pub(crate) fn outline(here: &Here) -> Option<lsp::DocumentSymbolResponse> {
    let entries = outline::outline(here.view(), here.file);
    Some(lsp::DocumentSymbolResponse::Nested(entries.into_iter().map(|entry| symbol(here, entry)).collect()))
}

#[expect(deprecated, reason = "the protocol's type has a field that it deprecates")]
fn symbol(here: &Here, entry: outline::Entry) -> lsp::DocumentSymbol {
    let children: Vec<lsp::DocumentSymbol> = entry.children.into_iter().map(|child| symbol(here, child)).collect();
    lsp::DocumentSymbol {
        name: entry.name,
        detail: (!entry.detail.is_empty()).then_some(entry.detail),
        kind: kind(entry.sort),
        tags: None,
        deprecated: None,
        range: here.snapshot.range(entry.whole),
        selection_range: here.snapshot.range(entry.place),
        children: (!children.is_empty()).then_some(children),
    }
}

fn kind(sort: outline::Sort) -> lsp::SymbolKind {
    match sort {
        outline::Sort::Plan => lsp::SymbolKind::NAMESPACE,
        outline::Sort::Body => lsp::SymbolKind::MODULE,
        outline::Sort::Function => lsp::SymbolKind::FUNCTION,
        outline::Sort::Table => lsp::SymbolKind::ARRAY,
        outline::Sort::Statement => lsp::SymbolKind::OBJECT,
        outline::Sort::Field => lsp::SymbolKind::FIELD,
        outline::Sort::Row => lsp::SymbolKind::NUMBER,
    }
}

/// The statements of a plan whose name holds a query.
#[expect(deprecated, reason = "the protocol's type has a field that it deprecates")]
pub(crate) fn symbols(snapshot: &Snapshot, query: &str) -> Vec<lsp::SymbolInformation> {
    let plan = snapshot.analysis().plan.id.clone();
    let found = outline::find(snapshot.view(), query);
    let symbol = |found: outline::Found| {
        Some(lsp::SymbolInformation {
            name: found.name,
            kind: kind(found.sort),
            tags: None,
            deprecated: None,
            location: snapshot.location(found.place)?,
            container_name: Some(format!("{} · {plan}", found.detail)),
        })
    };
    found.into_iter().filter_map(symbol).collect()
}

/// The places in lines of accountability that a word stands for.
pub(crate) fn prepare_line(here: &Here, position: lsp::Position) -> Option<Vec<lsp::CallHierarchyItem>> {
    let places = accountability::prepare(here.view(), here.file, here.offset(position));
    (!places.is_empty()).then(|| places.iter().filter_map(|place| item(&here.snapshot, here, place)).collect())
}

/// Whom a body answers to.
pub(crate) fn above(here: &Here, of: &lsp::CallHierarchyItem) -> Option<Vec<lsp::CallHierarchyIncomingCall>> {
    let (function, body) = place(here, of)?;
    let steps = accountability::above(here.view(), function, body);
    let call = |step: &accountability::Step| {
        let from = item(&here.snapshot, here, &step.to)?;
        // The ranges of a call lie in the caller's file.
        let says = ranges(&here.snapshot, &step.says, step.to.place);
        Some(lsp::CallHierarchyIncomingCall { from, from_ranges: says })
    };
    Some(steps.iter().filter_map(call).collect())
}

/// Who answers to a body.
pub(crate) fn below(here: &Here, of: &lsp::CallHierarchyItem) -> Option<Vec<lsp::CallHierarchyOutgoingCall>> {
    let (function, body) = place(here, of)?;
    let steps = accountability::below(here.view(), function, body);
    let call = |step: &accountability::Step| {
        let to = item(&here.snapshot, here, &step.to)?;
        let says: Vec<Span> = step.says.iter().copied().filter(|span| span.file == here.file).collect();
        Some(lsp::CallHierarchyOutgoingCall { to, from_ranges: says.iter().map(|span| here.snapshot.range(*span)).collect() })
    };
    Some(steps.iter().filter_map(call).collect())
}

fn ranges(snapshot: &Snapshot, says: &[Span], beside: Span) -> Vec<lsp::Range> {
    says.iter().filter(|span| span.file == beside.file).map(|span| snapshot.range(*span)).collect()
}

fn place(here: &Here, item: &lsp::CallHierarchyItem) -> Option<(remit_core::vocabulary::TermId, remit_core::model::bodies::BodyId)> {
    let word = |name: &str| item.data.as_ref()?.get(name)?.as_str();
    here.view().line(word("function")?, word("body")?)
}

fn item(snapshot: &Snapshot, here: &Here, place: &accountability::Place) -> Option<lsp::CallHierarchyItem> {
    let (function, body) = snapshot.view().line_names(place);
    // A body of which the plan says nothing stands where the question was asked.
    let uri = snapshot.uri(place.place.file).or_else(|| snapshot.uri(here.file))?.clone();
    Some(lsp::CallHierarchyItem {
        name: place.name.clone(),
        kind: lsp::SymbolKind::MODULE,
        tags: None,
        detail: Some(place.detail.clone()),
        uri,
        range: snapshot.range(place.whole),
        selection_range: snapshot.range(place.place),
        data: Some(json!({ "function": function, "body": body })),
    })
}
