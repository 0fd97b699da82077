//! What the editor may ask, one line for each question: the answer itself is worked out elsewhere, on a snapshot.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use remit_core::problem::Severity;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tower_lsp::jsonrpc::{Error, Request, Response, Result};
use tower_lsp::ls_types as lsp;
use tower_lsp::{Client, ClientSocket, ExitedError, LanguageServer, LspService, Server};
use tower_service::Service;

use crate::features::{colour, read, walk, write};
use crate::host::Host;
use crate::layer::{self, Ordered};
use crate::positions::Encoding;
use crate::snapshot::Here;
use crate::world::{Wishes, World};
use crate::{diagnostics, features, publish};

/// How many questions may be in hand at once; the texts of each are its own.
const MOST_AT_ONCE: usize = 256;

/// What the editor can do, where it matters here.
#[derive(Debug, Clone, Copy, Default)]
struct Abilities {
    configuration: bool,
    watched_files: bool,
    progress: bool,
    refresh: bool,
    snippets: write::Snippets,
}

/// What the layer, the questions and the teller of findings share.
pub(crate) struct Shared {
    world: Mutex<World>,
    /// Woken when findings may have changed.
    pub(crate) changed: Notify,
    /// Whether the editor asks for findings by itself; it is then not told them as well.
    pub(crate) pulls: AtomicBool,
    abilities: Mutex<Abilities>,
    is_shut_down: AtomicBool,
    is_scan_refused: AtomicBool,
    /// The colours that editors have been told.
    told: colour::Told,
}

/// Says that nobody waits for an answer any more.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Whether to stop working.
    pub(crate) fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Asks the work to stop when the question is dropped, as it is when the editor cancels it.
struct Waiting(Stop);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}

/// Works something out away from the thread that listens; nothing where it is stopped before it begins.
pub(crate) async fn aside<T: Send + 'static>(work: impl FnOnce(&Stop) -> T + Send + 'static) -> Result<T> {
    let waiting = Waiting(Stop::default());
    let stop = waiting.0.clone();
    let done = tokio::task::spawn_blocking(move || (!stop.is_asked()).then(|| work(&stop))).await;
    drop(waiting);
    // What goes wrong in one answer is the end of that answer only.
    done.ok().flatten().ok_or_else(Error::internal_error)
}

/// Answers from a document, once its plan is checked; nothing where nobody waits any more.
async fn answer_from<T: Send + 'static>(here: Option<Here>, work: impl FnOnce(&Here) -> Option<T> + Send + 'static) -> Result<Option<T>> {
    match here {
        Some(here) => aside(move |stop| if here.is_checked(stop) { work(&here) } else { None }).await,
        None => Ok(None),
    }
}

impl Shared {
    /// Everything the server knows, for a moment: nothing is waited for while it is held.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn abilities(&self) -> Abilities {
        *self.abilities.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From the first question on, what was pushed is taken back: the editor would show it twice.
    fn asked_for_diagnostics(&self) {
        if !self.pulls.swap(true, Ordering::Relaxed) {
            self.changed.notify_one();
        }
    }

    pub(crate) fn can_refresh(&self) -> bool {
        self.abilities().refresh
    }

    /// Applies a notification that changes texts; `false` for one that does not.
    pub(crate) fn heard(&self, request: &Request) -> bool {
        fn read<T: serde::de::DeserializeOwned>(request: &Request) -> Option<T> {
            serde_json::from_value(request.params().cloned()?).ok()
        }
        let files = |files: Vec<String>| files.into_iter().filter_map(|uri| uri.parse::<lsp::Uri>().ok()).collect::<Vec<_>>();
        let mut on_disk: Vec<lsp::Uri> = Vec::new();
        match request.method() {
            "textDocument/didOpen" => {
                let Some(params) = read::<lsp::DidOpenTextDocumentParams>(request) else { return true };
                let document = params.text_document;
                self.world().opened(document.uri, document.version, document.text);
            }
            "textDocument/didChange" => {
                let Some(params) = read::<lsp::DidChangeTextDocumentParams>(request) else { return true };
                self.world().edited(&params.text_document.uri, params.text_document.version, params.content_changes);
            }
            "textDocument/didClose" => {
                let Some(params) = read::<lsp::DidCloseTextDocumentParams>(request) else { return true };
                self.world().closed(&params.text_document.uri);
            }
            "textDocument/didSave" => {
                on_disk.extend(read::<lsp::DidSaveTextDocumentParams>(request).map(|params| params.text_document.uri));
            }
            "workspace/didChangeWatchedFiles" => {
                let params = read::<lsp::DidChangeWatchedFilesParams>(request);
                on_disk.extend(params.into_iter().flat_map(|params| params.changes).map(|change| change.uri));
            }
            "workspace/didRenameFiles" => {
                let renamed = read::<lsp::RenameFilesParams>(request).map(|params| params.files).unwrap_or_default();
                on_disk = files(renamed.into_iter().flat_map(|file| [file.old_uri, file.new_uri]).collect());
            }
            "workspace/didCreateFiles" => {
                let made = read::<lsp::CreateFilesParams>(request).map(|params| params.files).unwrap_or_default();
                on_disk = files(made.into_iter().map(|file| file.uri).collect());
            }
            "workspace/didDeleteFiles" => {
                let gone = read::<lsp::DeleteFilesParams>(request).map(|params| params.files).unwrap_or_default();
                on_disk = files(gone.into_iter().map(|file| file.uri).collect());
            }
            _ => return false,
        }
        for path in on_disk.iter().filter_map(lsp::Uri::to_file_path) {
            self.world().disk_changed(&path);
        }
        self.changed.notify_one();
        true
    }
}

/// Answers an editor's questions.
pub struct Backend {
    client: Client,
    shared: Arc<Shared>,
}

impl Backend {
    /// Answers from the document as it stood when the question came; nothing for a document that is not ours.
    async fn answer<T: Send + 'static>(&self, work: impl FnOnce(&Here) -> Option<T> + Send + 'static) -> Result<Option<T>> {
        answer_from(layer::here(), work).await
    }

    async fn configure(&self) {
        if !self.shared.abilities().configuration {
            return;
        }
        let item = lsp::ConfigurationItem { scope_uri: None, section: Some("remit".to_owned()) };
        if let Ok(values) = self.client.configuration(vec![item]).await
            && let Some(value) = values.into_iter().next()
        {
            self.wish(&value).await;
        }
    }

    /// Takes the editor's settings: `asOf`, `failOn` and `packs`.
    async fn wish(&self, value: &serde_json::Value) {
        let mut wrong = Vec::new();
        let text = |name: &str| value.get(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
        let as_of =
            text("asOf").and_then(|day| remit_core::time::day(day).map_err(|error| wrong.push(format!("`remit.asOf`: {error}"))).ok());
        let fail_on = text("failOn").and_then(|word| {
            let level = Severity::from_word(word);
            if level.is_none() {
                wrong.push(format!("`remit.failOn`: there is no level `{word}`; there are error, warning and note"));
            }
            level
        });
        let root = self.shared.world().roots().first().cloned().unwrap_or_default();
        let folders = value.get("packs").and_then(serde_json::Value::as_array).into_iter().flatten();
        let packs = folders.filter_map(serde_json::Value::as_str).map(|folder| root.join(folder)).collect();
        self.shared.world().set_wishes(Wishes { as_of, fail_on, packs });
        self.shared.changed.notify_one();
        for message in wrong {
            self.client.show_message(lsp::MessageType::ERROR, message).await;
        }
    }

    async fn watch(&self) {
        if !self.shared.abilities().watched_files {
            return;
        }
        let watch = |pattern: &str| serde_json::json!({ "globPattern": pattern });
        let registration = lsp::Registration {
            id: "remit-files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: Some(serde_json::json!({
                "watchers": [watch("**/*.remit"), watch("**/remit.yaml"), watch("**/*.{yaml,md,csv}")]
            })),
        };
        let _ = self.client.register_capability(vec![registration]).await;
    }

    /// Reads every plan of the open folders, and says how far it is.
    async fn scan(&self) {
        let roots = self.shared.world().roots().to_vec();
        let host = self.shared.world().host();
        let found = aside(move |_| {
            let plans = roots.iter().flat_map(|root| host.plan_folders(root)).map(|folder| (folder, false));
            let packs = roots.iter().flat_map(|root| host.pack_folders(root)).map(|folder| (folder, true));
            plans.chain(packs).collect::<Vec<_>>()
        });
        let found = found.await.unwrap_or_default();
        let token = lsp::ProgressToken::String("remit/first-load".to_owned());
        let shows =
            found.len() > 1 && self.shared.abilities().progress && self.client.create_work_done_progress(token.clone()).await.is_ok();
        let progress = if shows {
            Some(self.client.progress(token, "Checking plans").with_percentage(0).with_cancel_button().begin().await)
        } else {
            None
        };
        let count = found.len().max(1);
        for (at, (folder, is_pack)) in found.into_iter().enumerate() {
            if self.shared.is_scan_refused.load(Ordering::Relaxed) {
                break;
            }
            if let Some(progress) = &progress {
                let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
                progress.report_with_message(name, (at * 100 / count) as u32, None).await;
            }
            let shared = self.shared.clone();
            let _ = aside(move |_| {
                let snapshot = {
                    let mut world = shared.world();
                    world.discover(&folder, is_pack);
                    world.snapshot(&folder)
                };
                shared.changed.notify_one();
                if let Some(snapshot) = snapshot {
                    snapshot.opened_unless(&|| snapshot.is_outdated() || shared.is_scan_refused.load(Ordering::Relaxed));
                }
            })
            .await;
        }
        if let Some(progress) = progress {
            progress.finish().await;
        }
    }

    /// A document as the server has it: for people who wonder what it sees, and for tests.
    async fn text(&self, _params: serde_json::Value) -> Result<Option<String>> {
        Ok(layer::here().and_then(|here| Some(here.snapshot.source(here.file)?.text().to_owned())))
    }

    async fn scan_cancelled(&self, _params: serde_json::Value) {
        self.shared.is_scan_refused.store(true, Ordering::Relaxed);
    }
}

impl LanguageServer for Backend {
    async fn initialize(&self, params: lsp::InitializeParams) -> Result<lsp::InitializeResult> {
        let general = params.capabilities.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref()).unwrap_or(&[]);
        let workspace = params.capabilities.workspace.as_ref();
        let window = params.capabilities.window.as_ref();
        let can = |ability: Option<bool>| ability == Some(true);
        *self.shared.abilities.lock().unwrap_or_else(PoisonError::into_inner) = Abilities {
            configuration: can(workspace.and_then(|workspace| workspace.configuration)),
            watched_files: can(workspace.and_then(|workspace| workspace.did_change_watched_files?.dynamic_registration)),
            progress: can(window.and_then(|window| window.work_done_progress)),
            refresh: can(workspace.and_then(|workspace| workspace.diagnostics.as_ref()?.refresh_support)),
            snippets: {
                let item =
                    params.capabilities.text_document.as_ref().and_then(|document| document.completion.as_ref()?.completion_item.as_ref());
                if can(item.and_then(|item| item.snippet_support)) { write::Snippets::Filled } else { write::Snippets::Plain }
            },
        };
        // The cheapest for us that the editor offers; UTF-16 is what all of them know.
        let encodings = [
            (lsp::PositionEncodingKind::UTF8, Encoding::Utf8),
            (lsp::PositionEncodingKind::UTF32, Encoding::Utf32),
            (lsp::PositionEncodingKind::UTF16, Encoding::Utf16),
        ];
        let chosen = encodings.into_iter().find(|(kind, _)| offered.contains(kind));
        let (kind, encoding) = chosen.unwrap_or((lsp::PositionEncodingKind::UTF16, Encoding::Utf16));
        #[expect(deprecated, reason = "older editors name one folder only, in this way")]
        let root = params.root_uri;
        let folders = params.workspace_folders.map(|folders| folders.into_iter().map(|folder| folder.uri).collect::<Vec<_>>());
        let roots = folders.unwrap_or_else(|| root.into_iter().collect());
        {
            let mut world = self.shared.world();
            world.encoding = encoding;
            world.set_roots(roots.iter().filter_map(lsp::Uri::to_file_path).map(|path| path.into_owned()).collect());
        }
        if let Some(options) = &params.initialization_options {
            self.wish(options).await;
        }
        tokio::spawn(publish::run(self.client.clone(), self.shared.clone()));
        Ok(lsp::InitializeResult {
            capabilities: capabilities(kind),
            server_info: Some(lsp::ServerInfo { name: "remit".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) }),
            ..lsp::InitializeResult::default()
        })
    }

    async fn initialized(&self, _: lsp::InitializedParams) {
        self.configure().await;
        self.watch().await;
        self.scan().await;
    }

    async fn shutdown(&self) -> Result<()> {
        self.shared.is_shut_down.store(true, Ordering::Relaxed);
        Ok(())
    }

    async fn did_change_configuration(&self, params: lsp::DidChangeConfigurationParams) {
        if self.shared.abilities().configuration {
            self.configure().await;
        } else {
            let settings = params.settings;
            self.wish(settings.get("remit").unwrap_or(&settings)).await;
        }
    }

    async fn did_change_workspace_folders(&self, params: lsp::DidChangeWorkspaceFoldersParams) {
        let path = |folder: lsp::WorkspaceFolder| folder.uri.to_file_path().map(|path| path.into_owned());
        let gone: Vec<PathBuf> = params.event.removed.into_iter().filter_map(path).collect();
        let added: Vec<PathBuf> = params.event.added.into_iter().filter_map(path).collect();
        {
            let mut world = self.shared.world();
            let mut roots: Vec<PathBuf> = world.roots().iter().filter(|root| !gone.contains(root)).cloned().collect();
            roots.extend(added);
            world.set_roots(roots);
        }
        self.shared.changed.notify_one();
        self.scan().await;
    }

    async fn diagnostic(&self, params: lsp::DocumentDiagnosticParams) -> Result<lsp::DocumentDiagnosticReportResult> {
        self.shared.asked_for_diagnostics();
        let found = self.answer(|here| Some(diagnostics::of_file(&here.snapshot, here.file))).await?.unwrap_or_default();
        Ok(publish::document_report(found, params.previous_result_id.as_deref()).into())
    }

    async fn workspace_diagnostic(&self, params: lsp::WorkspaceDiagnosticParams) -> Result<lsp::WorkspaceDiagnosticReportResult> {
        self.shared.asked_for_diagnostics();
        let shared = self.shared.clone();
        aside(move |stop| publish::workspace_report(&shared, &params.previous_result_ids, stop)).await.map(Into::into)
    }

    async fn completion(&self, params: lsp::CompletionParams) -> Result<Option<lsp::CompletionResponse>> {
        let (position, snippets) = (params.text_document_position.position, self.shared.abilities().snippets);
        self.answer(move |here| write::completion(here, position, snippets)).await
    }

    async fn completion_resolve(&self, item: lsp::CompletionItem) -> Result<lsp::CompletionItem> {
        let here = write::completed_in(&item).and_then(|uri| self.shared.world().here(&uri));
        let plain = item.clone();
        Ok(answer_from(here, move |here| Some(write::resolved(here, item))).await?.unwrap_or(plain))
    }

    async fn hover(&self, params: lsp::HoverParams) -> Result<Option<lsp::Hover>> {
        let position = params.text_document_position_params.position;
        self.answer(move |here| read::hover(here, position)).await
    }

    async fn signature_help(&self, params: lsp::SignatureHelpParams) -> Result<Option<lsp::SignatureHelp>> {
        let position = params.text_document_position_params.position;
        self.answer(move |here| write::signature_help(here, position)).await
    }

    async fn goto_definition(&self, params: lsp::GotoDefinitionParams) -> Result<Option<lsp::GotoDefinitionResponse>> {
        let position = params.text_document_position_params.position;
        self.answer(move |here| walk::definition(here, position)).await
    }

    async fn goto_type_definition(&self, params: lsp::GotoDefinitionParams) -> Result<Option<lsp::GotoDefinitionResponse>> {
        let position = params.text_document_position_params.position;
        self.answer(move |here| walk::type_definition(here, position)).await
    }

    async fn references(&self, params: lsp::ReferenceParams) -> Result<Option<Vec<lsp::Location>>> {
        self.answer(move |here| walk::references(here, params.text_document_position.position, &params.context)).await
    }

    async fn document_highlight(&self, params: lsp::DocumentHighlightParams) -> Result<Option<Vec<lsp::DocumentHighlight>>> {
        let position = params.text_document_position_params.position;
        self.answer(move |here| walk::highlights(here, position)).await
    }

    async fn prepare_rename(&self, params: lsp::TextDocumentPositionParams) -> Result<Option<lsp::PrepareRenameResponse>> {
        let found = self.answer(move |here| Some(walk::prepare_rename(here, params.position))).await?;
        found.transpose().map_err(refused)
    }

    async fn rename(&self, params: lsp::RenameParams) -> Result<Option<lsp::WorkspaceEdit>> {
        let position = params.text_document_position.position;
        let found = self.answer(move |here| Some(walk::rename(here, position, &params.new_name))).await?;
        found.transpose().map_err(refused)
    }

    async fn document_symbol(&self, _: lsp::DocumentSymbolParams) -> Result<Option<lsp::DocumentSymbolResponse>> {
        self.answer(walk::outline).await
    }

    async fn symbol(&self, params: lsp::WorkspaceSymbolParams) -> Result<Option<lsp::WorkspaceSymbolResponse>> {
        let shared = self.shared.clone();
        let found = aside(move |stop| {
            let snapshots: Vec<_> = {
                let mut world = shared.world();
                world.projects().iter().filter_map(|folder| world.snapshot(folder)).collect()
            };
            let stop = || stop.is_asked();
            let plans = snapshots.iter().filter(|snapshot| !snapshot.documents.is_empty());
            let wanted = plans.take_while(|snapshot| snapshot.opened_unless(&stop).is_some());
            wanted.flat_map(|snapshot| walk::symbols(snapshot, &params.query)).collect::<Vec<_>>()
        });
        Ok(Some(found.await?.into()))
    }

    async fn semantic_tokens_full(&self, _: lsp::SemanticTokensParams) -> Result<Option<lsp::SemanticTokensResult>> {
        let told = self.shared.clone();
        self.answer(move |here| colour::full(here, &told.told)).await
    }

    async fn semantic_tokens_full_delta(
        &self,
        params: lsp::SemanticTokensDeltaParams,
    ) -> Result<Option<lsp::SemanticTokensFullDeltaResult>> {
        let told = self.shared.clone();
        self.answer(move |here| colour::delta(here, &told.told, &params.previous_result_id)).await
    }

    async fn semantic_tokens_range(&self, params: lsp::SemanticTokensRangeParams) -> Result<Option<lsp::SemanticTokensRangeResult>> {
        self.answer(move |here| colour::range(here, params.range)).await
    }

    async fn inlay_hint(&self, params: lsp::InlayHintParams) -> Result<Option<Vec<lsp::InlayHint>>> {
        self.answer(move |here| read::inlay_hints(here, params.range)).await
    }

    async fn code_lens(&self, _: lsp::CodeLensParams) -> Result<Option<Vec<lsp::CodeLens>>> {
        self.answer(read::code_lenses).await
    }

    async fn document_link(&self, _: lsp::DocumentLinkParams) -> Result<Option<Vec<lsp::DocumentLink>>> {
        self.answer(read::links).await
    }

    async fn folding_range(&self, _: lsp::FoldingRangeParams) -> Result<Option<Vec<lsp::FoldingRange>>> {
        self.answer(read::folding_ranges).await
    }

    async fn selection_range(&self, params: lsp::SelectionRangeParams) -> Result<Option<Vec<lsp::SelectionRange>>> {
        self.answer(move |here| read::selection_ranges(here, &params.positions)).await
    }

    async fn formatting(&self, _: lsp::DocumentFormattingParams) -> Result<Option<Vec<lsp::TextEdit>>> {
        self.answer(write::formatting).await
    }

    async fn range_formatting(&self, params: lsp::DocumentRangeFormattingParams) -> Result<Option<Vec<lsp::TextEdit>>> {
        self.answer(move |here| write::range_formatting(here, params.range)).await
    }

    async fn on_type_formatting(&self, params: lsp::DocumentOnTypeFormattingParams) -> Result<Option<Vec<lsp::TextEdit>>> {
        let position = params.text_document_position.position;
        self.answer(move |here| write::on_type_formatting(here, position)).await
    }

    async fn code_action(&self, params: lsp::CodeActionParams) -> Result<Option<lsp::CodeActionResponse>> {
        self.answer(move |here| write::code_actions(here, &params)).await
    }

    async fn prepare_call_hierarchy(&self, params: lsp::CallHierarchyPrepareParams) -> Result<Option<Vec<lsp::CallHierarchyItem>>> {
        let position = params.text_document_position_params.position;
        self.answer(move |here| walk::prepare_line(here, position)).await
    }

    async fn incoming_calls(&self, params: lsp::CallHierarchyIncomingCallsParams) -> Result<Option<Vec<lsp::CallHierarchyIncomingCall>>> {
        let here = self.shared.world().here(&params.item.uri);
        answer_from(here, move |here| walk::above(here, &params.item)).await
    }

    async fn outgoing_calls(&self, params: lsp::CallHierarchyOutgoingCallsParams) -> Result<Option<Vec<lsp::CallHierarchyOutgoingCall>>> {
        let here = self.shared.world().here(&params.item.uri);
        answer_from(here, move |here| walk::below(here, &params.item)).await
    }
}

/// Why something cannot be done, as editors show it.
fn refused(why: String) -> Error {
    Error { code: tower_lsp::jsonrpc::ErrorCode::ServerError(-32803), message: why.into(), data: None }
}

fn capabilities(encoding: lsp::PositionEncodingKind) -> lsp::ServerCapabilities {
    let remit_files = serde_json::from_value(serde_json::json!({
        "filters": [{ "scheme": "file", "pattern": { "glob": "**/*.remit" } }, { "scheme": "file", "pattern": { "glob": "**/*.{yaml,md,csv}" } }]
    }));
    let files: Option<lsp::FileOperationRegistrationOptions> = remit_files.ok();
    lsp::ServerCapabilities {
        position_encoding: Some(encoding),
        text_document_sync: Some(lsp::TextDocumentSyncCapability::Options(lsp::TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(lsp::TextDocumentSyncKind::INCREMENTAL),
            save: Some(lsp::TextDocumentSyncSaveOptions::SaveOptions(lsp::SaveOptions { include_text: Some(false) })),
            ..lsp::TextDocumentSyncOptions::default()
        })),
        diagnostic_provider: Some(lsp::DiagnosticServerCapabilities::Options(lsp::DiagnosticOptions {
            identifier: Some("remit".to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            ..lsp::DiagnosticOptions::default()
        })),
        workspace: Some(lsp::WorkspaceServerCapabilities {
            workspace_folders: Some(lsp::WorkspaceFoldersServerCapabilities {
                supported: Some(true),
                change_notifications: Some(lsp::OneOf::Left(true)),
            }),
            file_operations: Some(lsp::WorkspaceFileOperationsServerCapabilities {
                did_create: files.clone(),
                did_rename: files.clone(),
                did_delete: files,
                ..lsp::WorkspaceFileOperationsServerCapabilities::default()
            }),
        }),
        ..features::capabilities()
    }
}

/// A server as a service that answers messages, and what it says by itself. Runs within a tokio runtime.
pub fn service(
    host: Arc<dyn Host>,
) -> (impl Service<Request, Response = Option<Response>, Error = ExitedError, Future: Send> + Send, ClientSocket) {
    let (service, socket, _) = parts(host);
    (service, socket)
}

fn parts(host: Arc<dyn Host>) -> (Ordered<LspService<Backend>>, ClientSocket, Arc<Shared>) {
    let shared = Arc::new(Shared {
        world: Mutex::new(World::new(host)),
        changed: Notify::new(),
        pulls: AtomicBool::new(false),
        abilities: Mutex::default(),
        is_shut_down: AtomicBool::new(false),
        is_scan_refused: AtomicBool::new(false),
        told: colour::Told::default(),
    });
    let backend_shared = shared.clone();
    let (service, socket) = LspService::build(|client| Backend { client, shared: backend_shared })
        .custom_method("remit/text", Backend::text)
        .custom_method("window/workDoneProgress/cancel", Backend::scan_cancelled)
        .finish();
    (Ordered::new(service, shared.clone()), socket, shared)
}

/// Serves one editor until it leaves, and says whether it took its leave properly. Runs within a tokio runtime.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite, host: Arc<dyn Host>) -> bool {
    let (service, socket, shared) = parts(host);
    Server::new(input, output, socket).concurrency_level(MOST_AT_ONCE).serve(service).await;
    shared.is_shut_down.load(Ordering::Relaxed)
}
