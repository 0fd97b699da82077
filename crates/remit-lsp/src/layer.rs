//! What must happen in the order in which the editor spoke: texts change, and questions are given the texts of their moment,
//! before anything is waited for. (Handlers run side by side, so an edit handled there could come after a later one.)

use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Poll};

use tower_lsp::jsonrpc::{Request, Response};
use tower_lsp::ls_types::Uri;
use tower_service::Service;

use crate::server::Shared;
use crate::snapshot::Here;

tokio::task_local! {
    /// The document that a question is about, as it stood when the question came.
    static HERE: Option<Here>;
}

/// The document that the question in hand is about.
pub(crate) fn here() -> Option<Here> {
    HERE.try_with(Clone::clone).ok().flatten()
}

/// A service that applies what changes texts, in order, and passes everything else on with a snapshot.
pub(crate) struct Ordered<S> {
    inner: S,
    shared: Arc<Shared>,
}

impl<S> Ordered<S> {
    pub(crate) fn new(inner: S, shared: Arc<Shared>) -> Self {
        Self { inner, shared }
    }
}

impl<S> Service<Request> for Ordered<S>
where
    S: Service<Request, Response = Option<Response>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
{
    type Response = Option<Response>;
    type Error = S::Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let host = self.shared.world().host();
        match request.id() {
            Some(id) => host.log(&format!("asked {} ({id})", request.method())),
            None => host.log(&format!("told {}", request.method())),
        }
        if request.id().is_none() && self.shared.heard(&request) {
            return Box::pin(std::future::ready(Ok(None)));
        }
        let uri = request.params().and_then(|params| params.pointer("/textDocument/uri")?.as_str()?.parse::<Uri>().ok());
        let here = uri.filter(|_| request.id().is_some()).and_then(|uri| self.shared.world().here(&uri));
        Box::pin(HERE.scope(here, self.inner.call(request)))
    }
}
