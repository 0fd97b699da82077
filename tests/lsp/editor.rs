//! An editor that is not there: it speaks the protocol to a server in this process, over a pipe, as the real ones do.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use remit_lsp::host::Host;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf};
use tokio::runtime::Runtime;

/// How long the server may say nothing before a test fails: on a slow machine, with every other test beside it.
const PATIENCE: Duration = Duration::from_secs(600);

/// An editor with a server of its own.
pub(crate) struct Editor {
    runtime: Runtime,
    input: WriteHalf<DuplexStream>,
    output: BufReader<ReadHalf<DuplexStream>>,
    next_id: i64,
    /// What has come and was not asked for yet.
    heard: VecDeque<Value>,
    /// The last diagnostics of each file, with the version they are of.
    published: BTreeMap<String, (Option<i64>, Vec<Value>)>,
    /// What the editor answers when it is asked for its settings.
    pub(crate) settings: Value,
    /// What the server said to the initialization.
    pub(crate) welcome: Value,
}

/// What editors call a file.
pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

impl Editor {
    /// An editor that counts as most do and opened one folder.
    pub(crate) fn open_folder(host: Arc<dyn Host>, folder: &Path) -> Self {
        Self::start(host, json!({ "rootUri": uri(folder), "capabilities": {} }))
    }

    /// An editor that introduces itself so.
    pub(crate) fn start(host: Arc<dyn Host>, introduction: Value) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (ours, theirs) = tokio::io::duplex(1 << 20);
        let (output, input) = tokio::io::split(ours);
        let (from, to) = tokio::io::split(theirs);
        runtime.spawn(async move { remit_lsp::serve(from, to, host).await });
        let mut editor = Self {
            runtime,
            input,
            output: BufReader::new(output),
            next_id: 0,
            heard: VecDeque::new(),
            published: BTreeMap::new(),
            settings: Value::Null,
            welcome: Value::Null,
        };
        editor.welcome = editor.ask("initialize", introduction);
        editor.tell("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let framed = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        let Self { runtime, input, .. } = self;
        runtime.block_on(async { input.write_all(framed.as_bytes()).await }).unwrap();
    }

    /// Tells the server something.
    pub(crate) fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks, without waiting for the answer.
    pub(crate) fn begin(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        let message = match params {
            Value::Null => json!({ "jsonrpc": "2.0", "id": id, "method": method }),
            params => json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }),
        };
        self.send(&message);
        id
    }

    /// Waits for the answer to a question: the whole message.
    pub(crate) fn answer(&mut self, id: i64) -> Value {
        self.wait_for(&format!("the answer to question {id}"), |message| message["id"] == id && message.get("method").is_none())
    }

    /// Asks, and gives the result.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.begin(method, params);
        let answer = self.wait_for(&format!("the answer to {method}"), |message| message["id"] == id && message.get("method").is_none());
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// Asks about a document.
    pub(crate) fn ask_about(&mut self, method: &str, path: &Path, mut params: Value) -> Value {
        params["textDocument"] = json!({ "uri": uri(path) });
        self.ask(method, params)
    }

    /// Waits for a message, whether it has come already or not.
    pub(crate) fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        self.wait_for("a message that a test describes", wanted)
    }

    fn wait_for(&mut self, what: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.heard.iter().position(&wanted) {
            return self.heard.remove(at).unwrap();
        }
        loop {
            let message = self.receive_for(what);
            if wanted(&message) {
                return message;
            }
            self.heard.push_back(message);
        }
    }

    /// Waits for a message, and says for what where none comes.
    fn receive_for(&mut self, what: &str) -> Value {
        let Self { runtime, output, .. } = self;
        let message = runtime.block_on(async {
            let read = async {
                let mut length = 0;
                loop {
                    let mut line = String::new();
                    assert_ne!(output.read_line(&mut line).await.unwrap(), 0, "the server is gone");
                    if let Some(value) = line.strip_prefix("Content-Length: ") {
                        length = value.trim().parse().unwrap();
                    }
                    if line.trim().is_empty() {
                        break;
                    }
                }
                let mut body = vec![0; length];
                output.read_exact(&mut body).await.unwrap();
                serde_json::from_slice::<Value>(&body).unwrap()
            };
            tokio::time::timeout(PATIENCE, read)
                .await
                .unwrap_or_else(|_| panic!("the server has said nothing for {PATIENCE:?}, and what is awaited is {what}"))
        });
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let told = (params["version"].as_i64(), params["diagnostics"].as_array().unwrap().clone());
            self.published.insert(params["uri"].as_str().unwrap().to_owned(), told);
        }
        if message.get("id").is_some() && message.get("method").is_some() {
            let result = if message["method"] == "workspace/configuration" { json!([self.settings]) } else { Value::Null };
            self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": result }));
        }
        message
    }

    /// Opens a document.
    pub(crate) fn open(&mut self, path: &Path, text: &str) {
        let language = if path.extension().is_some_and(|extension| extension == "remit") { "remit" } else { "yaml" };
        self.tell(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri(path), "languageId": language, "version": 1, "text": text } }),
        );
    }

    /// Edits a document: each change is a range, as the editor counts, and what stands there afterwards.
    pub(crate) fn edit(&mut self, path: &Path, version: i64, changes: &[([u32; 4], &str)]) {
        let changes: Vec<Value> = changes
            .iter()
            .map(|([line, character, end_line, end], text)| {
                json!({ "range": { "start": { "line": line, "character": character }, "end": { "line": end_line, "character": end } }, "text": text })
            })
            .collect();
        self.tell("textDocument/didChange", json!({ "textDocument": { "uri": uri(path), "version": version }, "contentChanges": changes }));
    }

    /// Writes a document anew.
    pub(crate) fn write(&mut self, path: &Path, version: i64, text: &str) {
        let changes = json!([{ "text": text }]);
        self.tell("textDocument/didChange", json!({ "textDocument": { "uri": uri(path), "version": version }, "contentChanges": changes }));
    }

    /// What was pushed for a version of a document, or a later one.
    pub(crate) fn pushed(&mut self, path: &Path, version: i64) -> Vec<Value> {
        let name = uri(path);
        self.pushed_when(path, |known, _| known.is_some_and(|known| known >= version)).unwrap_or_else(|| panic!("nothing for {name}"))
    }

    /// What was pushed last for a file, once that is as wanted.
    pub(crate) fn pushed_when(&mut self, path: &Path, wanted: impl Fn(Option<i64>, &[Value]) -> bool) -> Option<Vec<Value>> {
        let name = uri(path);
        loop {
            if let Some((version, diagnostics)) = self.published.get(&name)
                && wanted(*version, diagnostics)
            {
                return Some(diagnostics.clone());
            }
            let last = self.published.get(&name).map(|(version, found)| (*version, found.len()));
            self.receive_for(&format!("what is found in {name} (the last, version and count: {last:?})"));
        }
    }

    /// What the editor shows of a file now.
    pub(crate) fn shown(&self, path: &Path) -> Vec<Value> {
        self.published.get(&uri(path)).map(|(_, diagnostics)| diagnostics.clone()).unwrap_or_default()
    }

    /// What is found in a document when the editor asks.
    pub(crate) fn pulled(&mut self, path: &Path) -> Vec<Value> {
        let report = self.ask_about("textDocument/diagnostic", path, json!({}));
        report["items"].as_array().unwrap().clone()
    }
}

/// Files in memory, and the embedded packs: a machine for tests.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) files: std::sync::Mutex<BTreeMap<PathBuf, String>>,
    pub(crate) settings: remit_lsp::host::Settings,
    /// What the server wrote down.
    pub(crate) log: std::sync::Mutex<Vec<String>>,
}

impl Memory {
    /// Files by path, read as at the day of the suite.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let files = files.iter().map(|(path, text)| (PathBuf::from(path), (*text).to_owned())).collect();
        Self { files: std::sync::Mutex::new(files), ..Self::default() }
    }

    /// How many lines begin so of what the server wrote down.
    pub(crate) fn logged(&self, beginning: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|line| line.starts_with(beginning)).count()
    }

    /// Waits until the server has written so many lines that begin so.
    pub(crate) fn await_log(&self, beginning: &str, count: usize) {
        let begun = std::time::Instant::now();
        while self.logged(beginning) < count {
            assert!(begun.elapsed() < PATIENCE, "`{beginning}` is never written down: {:#?}", self.log.lock().unwrap());
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Whether the server writes so many lines that begin so, soon.
    pub(crate) fn logs_soon(&self, beginning: &str, count: usize) -> bool {
        let begun = std::time::Instant::now();
        while self.logged(beginning) < count && begun.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.logged(beginning) >= count
    }

    fn below(&self, folder: &Path, name: impl Fn(&Path) -> bool) -> Vec<PathBuf> {
        let files = self.files.lock().unwrap();
        let mut found: Vec<PathBuf> =
            files.keys().filter(|path| path.starts_with(folder) && name(path)).map(|path| path.parent().unwrap().to_owned()).collect();
        found.dedup();
        found
    }
}

impl Host for Memory {
    fn today(&self) -> remit_core::time::Date {
        crate::case::DAY.parse().unwrap()
    }

    fn plan_folders(&self, folder: &Path) -> Vec<PathBuf> {
        self.below(folder, |path| path.extension().is_some_and(|extension| extension == "remit"))
    }

    fn plan_files(&self, folder: &Path) -> Vec<PathBuf> {
        let files = self.files.lock().unwrap();
        let is_of = |path: &&PathBuf| path.parent() == Some(folder) && path.extension().is_some_and(|extension| extension == "remit");
        files.keys().filter(is_of).cloned().collect()
    }

    fn pack_folders(&self, folder: &Path) -> Vec<PathBuf> {
        self.below(folder, |path| path.file_name().is_some_and(|name| name == "pack.yaml"))
    }

    fn read(&self, file: &Path) -> Result<Vec<u8>, String> {
        self.files.lock().unwrap().get(file).map(|text| text.clone().into_bytes()).ok_or_else(|| "not there".to_owned())
    }

    fn settings(&self, _folder: &Path) -> Result<remit_lsp::host::Settings, String> {
        Ok(self.settings.clone())
    }

    fn packs(&self, folders: &[PathBuf]) -> Result<Vec<(remit_core::packs::PackFiles, Option<PathBuf>)>, String> {
        let mut packs: Vec<_> = remit_framework::packs().into_iter().map(|pack| (pack, None)).collect();
        for folder in folders {
            let files = self.files.lock().unwrap();
            let of = files.iter().filter_map(|(path, text)| Some((path.strip_prefix(folder).ok()?.to_str()?.to_owned(), text.clone())));
            let path = folder.file_name().unwrap().to_string_lossy().into_owned();
            packs.push((remit_core::packs::PackFiles { path, files: of.collect() }, Some(folder.clone())));
        }
        Ok(packs)
    }

    fn provide(&self, name: &str, _text: &str) -> Option<PathBuf> {
        Some(Path::new("/provided").join(name))
    }
    fn log(&self, line: &str) {
        self.log.lock().unwrap().push(line.to_owned());
    }
}
