//! Telling findings: pushed as soon as they are known, without waiting for a pause, or answered when an editor asks.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tower_lsp::Client;
use tower_lsp::ls_types::{
    Diagnostic, DocumentDiagnosticReport, FullDocumentDiagnosticReport, MessageType, PreviousResultId, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport, Uri, WorkspaceDiagnosticReport,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport, WorkspaceUnchangedDocumentDiagnosticReport,
};

use crate::diagnostics::{self, ByFile};
use crate::server::{Shared, Stop, aside};

/// What the editor was last told: for each project its findings by file.
#[derive(Default)]
struct Told {
    projects: BTreeMap<PathBuf, ByFile>,
    versions: BTreeMap<Uri, Option<i32>>,
    faults: BTreeSet<String>,
    /// Whether what was pushed has been taken back, since the editor asks by itself.
    is_withdrawn: bool,
}

/// Tells findings for as long as the server lives.
pub(crate) async fn run(client: Client, shared: Arc<Shared>) {
    let mut told = Told::default();
    let mut waiting = BTreeSet::new();
    // Of what was dropped for a newer state, the next is worked out to its end: whoever types without a pause is told of every other state.
    let mut dropped: BTreeSet<PathBuf> = BTreeSet::new();
    loop {
        waiting.append(&mut shared.world().take_changed());
        // What people look at goes first.
        let next = {
            let world = shared.world();
            waiting.iter().find(|folder| world.has_open(folder)).or(waiting.first()).cloned()
        };
        let Some(folder) = next else {
            if shared.pulls.load(Ordering::Relaxed) {
                told.withdraw(&client).await;
            }
            shared.changed.notified().await;
            continue;
        };
        waiting.remove(&folder);
        let (from, of) = (shared.clone(), folder.clone());
        let snapshot = aside(move |_| from.world().snapshot(&of)).await.ok().flatten();
        if let Some(fault) = snapshot.as_ref().and_then(|snapshot| snapshot.fault.clone())
            && told.faults.insert(fault.clone())
        {
            client.show_message(MessageType::ERROR, fault).await;
        }
        let versions: BTreeMap<Uri, Option<i32>> =
            snapshot.iter().flat_map(|snapshot| &snapshot.documents).map(|document| (document.uri.clone(), document.version)).collect();
        // After an edit, an editor that asks by itself asks again.
        if shared.pulls.load(Ordering::Relaxed) && told.is_edit(&versions) {
            told.withdraw(&client).await;
            told.versions.extend(versions);
            continue;
        }
        let may_drop = !dropped.remove(&folder);
        let found = match snapshot {
            None => ByFile::new(),
            Some(snapshot) => {
                let worked_out =
                    aside(move |_| snapshot.is_checked(&|| may_drop && snapshot.is_outdated()).then(|| diagnostics::of(&snapshot)));
                match worked_out.await {
                    Ok(Some(found)) => found,
                    Ok(None) => {
                        dropped.insert(folder.clone());
                        waiting.insert(folder);
                        continue;
                    }
                    // What goes wrong in one plan leaves no old marks behind.
                    Err(_) => ByFile::new(),
                }
            }
        };
        told.tell(&client, &shared, folder, found, versions).await;
    }
}

impl Told {
    /// Whether the editor has other versions of documents than it was told of.
    fn is_edit(&self, versions: &BTreeMap<Uri, Option<i32>>) -> bool {
        versions.iter().any(|(uri, version)| version.is_some() && self.versions.get(uri) != Some(version))
    }

    async fn tell(&mut self, client: &Client, shared: &Shared, folder: PathBuf, found: ByFile, versions: BTreeMap<Uri, Option<i32>>) {
        let old = self.projects.remove(&folder).unwrap_or_default();
        let mut changed: BTreeSet<Uri> = BTreeSet::new();
        for uri in old.keys().chain(found.keys()) {
            let is_newer = versions.get(uri).is_some_and(|version| version.is_some() && self.versions.get(uri) != Some(version));
            if is_newer || old.get(uri).map_or(&[][..], Vec::as_slice) != found.get(uri).map_or(&[][..], Vec::as_slice) {
                changed.insert(uri.clone());
            }
        }
        self.versions.retain(|uri, _| !old.contains_key(uri));
        self.versions.extend(versions);
        if !found.is_empty() {
            self.projects.insert(folder, found);
        }
        if shared.pulls.load(Ordering::Relaxed) {
            self.withdraw(client).await;
            // Of what changed elsewhere the editor has to be told.
            if !changed.is_empty() && shared.can_refresh() {
                let client = client.clone();
                tokio::spawn(async move { client.workspace_diagnostic_refresh().await });
            }
            return;
        }
        for uri in changed {
            let version = self.versions.get(&uri).copied().flatten();
            let all = self.of(&uri);
            client.publish_diagnostics(uri, all, version).await;
        }
    }

    /// What every project says of a file, each thing once.
    fn of(&self, uri: &Uri) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = Vec::new();
        for (at, diagnostics) in self.projects.values().filter_map(|found| found.get(uri)).enumerate() {
            for diagnostic in diagnostics {
                if at == 0 || !all.contains(diagnostic) {
                    all.push(diagnostic.clone());
                }
            }
        }
        all
    }

    /// An editor that asks by itself would show what it is also told twice.
    async fn withdraw(&mut self, client: &Client) {
        if self.is_withdrawn {
            return;
        }
        self.is_withdrawn = true;
        let shown: BTreeSet<Uri> = self.versions.keys().chain(self.projects.values().flat_map(ByFile::keys)).cloned().collect();
        for uri in shown {
            client.publish_diagnostics(uri, Vec::new(), None).await;
        }
    }
}

/// The answer about one document.
pub(crate) fn document_report(items: Vec<Diagnostic>, previous: Option<&str>) -> DocumentDiagnosticReport {
    let result_id = diagnostics::result_id(&items);
    if previous == Some(&result_id) {
        let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
        return RelatedUnchangedDocumentDiagnosticReport { related_documents: None, unchanged_document_diagnostic_report }.into();
    }
    let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id: Some(result_id), items };
    RelatedFullDocumentDiagnosticReport { related_documents: None, full_document_diagnostic_report }.into()
}

/// The answer about every document. Where nobody waits for it any more, it is left off.
pub(crate) fn workspace_report(shared: &Shared, previous: &[PreviousResultId], stop: &Stop) -> WorkspaceDiagnosticReport {
    let mut all: BTreeMap<Uri, (Option<i32>, Vec<Diagnostic>)> = BTreeMap::new();
    let projects = shared.world().projects();
    for folder in projects {
        let Some(snapshot) = shared.world().snapshot(&folder) else { continue };
        if !snapshot.is_checked(&|| stop.is_asked()) {
            return WorkspaceDiagnosticReport::default();
        }
        for (uri, found) in diagnostics::of(&snapshot) {
            let version = snapshot.documents.iter().find(|document| document.uri == uri).and_then(|document| document.version);
            let (_, diagnostics) = all.entry(uri).or_insert((version, Vec::new()));
            for diagnostic in found {
                if !diagnostics.contains(&diagnostic) {
                    diagnostics.push(diagnostic);
                }
            }
        }
    }
    // A file of which something was said, and is no more there, has nothing said of it.
    for known in previous {
        all.entry(known.uri.clone()).or_default();
    }
    let report = |(uri, (version, items)): (Uri, (Option<i32>, Vec<Diagnostic>))| -> WorkspaceDocumentDiagnosticReport {
        let version = version.map(i64::from);
        let result_id = diagnostics::result_id(&items);
        if previous.iter().any(|known| known.uri == uri && known.value == result_id) {
            let unchanged_document_diagnostic_report = UnchangedDocumentDiagnosticReport { result_id };
            return WorkspaceUnchangedDocumentDiagnosticReport { uri, version, unchanged_document_diagnostic_report }.into();
        }
        let full_document_diagnostic_report = FullDocumentDiagnosticReport { result_id: Some(result_id), items };
        WorkspaceFullDocumentDiagnosticReport { uri, version, full_document_diagnostic_report }.into()
    };
    WorkspaceDiagnosticReport { items: all.into_iter().map(report).collect() }
}
