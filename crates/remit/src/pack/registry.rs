//! Packs in an OCI registry: the archive and its signature are two layers of one manifest, and the version is its tag.

use serde::{Deserialize, Serialize};
use ureq::http::Method;

use crate::exit::Failure;
use crate::pack::archive::{self, LARGEST};
use crate::pack::http::{Answer, Client, LARGEST_ANSWER, Question, host, is_loopback, origin, resolve};
use crate::pack::place::Parcel;
use crate::pack::signature;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const ARTIFACT: &str = "application/vnd.remit.pack.v1";
const ARCHIVE: &str = "application/vnd.remit.pack.v1.tar";
const SIGNATURE: &str = "application/vnd.remit.pack.signature.v1";
const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// A repository in a registry.
pub(crate) struct Repository<'r> {
    pub(crate) client: &'r Client,
    /// `https://server:port`
    pub(crate) server: String,
    /// `people/north-east`
    pub(crate) path: String,
}

/// A manifest of the registry's own form.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Manifest {
    schema_version: u32,
    media_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    artifact_type: Option<String>,
    config: Descriptor,
    layers: Vec<Descriptor>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    media_type: String,
    digest: String,
    size: u64,
}

impl Descriptor {
    fn of(media_type: &str, bytes: &[u8]) -> Self {
        Self { media_type: media_type.to_owned(), digest: archive::digest(bytes), size: bytes.len() as u64 }
    }
}

impl Repository<'_> {
    /// Fetches a version; `None` where there is none.
    pub(crate) fn fetch(&self, version: &str) -> Result<Option<Parcel>, Failure> {
        let Some(manifest) = self.manifest(version)? else { return Ok(None) };
        let layer = |kind: &str| manifest.layers.iter().find(|layer| layer.media_type == kind);
        let Some(layer_of_archive) = layer(ARCHIVE) else {
            return Err(self.lies(version, "is no rule pack: it has no layer of that kind"));
        };
        let archive = self.blob(version, layer_of_archive, LARGEST)?;
        let signature = match layer(SIGNATURE) {
            None => None,
            Some(layer) => Some(String::from_utf8_lossy(&self.blob(version, layer, signature::LARGEST)?).into_owned()),
        };
        Ok(Some(Parcel { archive, signature }))
    }

    /// Publishes a version, whose parts go first, so that nobody ever sees it without them.
    pub(crate) fn store(&self, version: &str, parcel: &Parcel) -> Result<(), Failure> {
        let signature = parcel.signature.as_deref().unwrap_or_default();
        let parts = [(EMPTY, &b"{}"[..]), (ARCHIVE, &parcel.archive), (SIGNATURE, signature.as_bytes())];
        let [config, archive, signature] = parts.map(|(kind, bytes)| Descriptor::of(kind, bytes));
        for ((_, bytes), descriptor) in parts.iter().zip([&config, &archive, &signature]) {
            self.store_blob(bytes, &descriptor.digest)?;
        }
        let manifest = Manifest {
            schema_version: 2,
            media_type: MANIFEST.to_owned(),
            artifact_type: Some(ARTIFACT.to_owned()),
            config,
            layers: vec![archive, signature],
        };
        let bytes = serde_json::to_vec(&manifest).unwrap_or_default();
        let answer = self.ask(Question::send(Method::PUT, self.at(&format!("manifests/{version}")), MANIFEST, &bytes))?;
        self.done(&answer, &[200, 201, 202], "keeps no manifest")
    }

    fn at(&self, rest: &str) -> String {
        format!("{}/v2/{}/{rest}", self.server, self.path)
    }

    fn lies(&self, version: &str, what: &str) -> Failure {
        Failure::pack(format!("what the registry `{}` sends as `{}:{version}` {what}", host(&self.server), self.path))
    }

    fn manifest(&self, version: &str) -> Result<Option<Manifest>, Failure> {
        let question =
            Question { headers: vec![("accept", MANIFEST.to_owned())], ..Question::get(self.at(&format!("manifests/{version}"))) };
        let answer = self.ask(question)?;
        if answer.status == 404 {
            return Ok(None);
        }
        self.done(&answer, &[200], "does not give its manifest")?;
        if answer.content_type() != MANIFEST {
            let what = format!("is of the kind `{}`, which no rule pack is", answer.content_type());
            return Err(self.lies(version, &what));
        }
        if let Some(said) = answer.header("docker-content-digest")
            && said != archive::digest(&answer.body)
        {
            return Err(self.lies(version, "differs from the digest that it says it has"));
        }
        let manifest: Manifest = serde_json::from_slice(&answer.body).map_err(|_| self.lies(version, "is no manifest of a rule pack"))?;
        if manifest.schema_version != 2 || manifest.media_type != MANIFEST || manifest.layers.len() > 8 {
            return Err(self.lies(version, "is no manifest of a rule pack"));
        }
        Ok(Some(manifest))
    }

    /// A layer: as many bytes as its manifest says, of the digest that it says.
    fn blob(&self, version: &str, layer: &Descriptor, largest: u64) -> Result<Vec<u8>, Failure> {
        if layer.size > largest {
            return Err(self.lies(version, &format!("has a part of {} bytes, where {largest} is the most", layer.size)));
        }
        let is_digest = layer
            .digest
            .strip_prefix("sha256:")
            .is_some_and(|digits| digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if !is_digest {
            return Err(self.lies(version, "names a part by something that is no digest"));
        }
        let answer = self.ask(Question { largest: layer.size, ..Question::get(self.at(&format!("blobs/{}", layer.digest))) })?;
        self.done(&answer, &[200], "does not give a part of it")?;
        if (answer.body.len() as u64) < layer.size {
            return Err(self.lies(version, &format!("is cut off: {} bytes of {}", answer.body.len(), layer.size)));
        }
        if archive::digest(&answer.body) != layer.digest {
            return Err(self.lies(version, "differs from the digest under which it was asked for"));
        }
        Ok(answer.body)
    }

    fn store_blob(&self, bytes: &[u8], digest: &str) -> Result<(), Failure> {
        let there = self.ask(Question { method: Method::HEAD, ..Question::get(self.at(&format!("blobs/{digest}"))) })?;
        if there.status == 200 {
            return Ok(());
        }
        let answer = self.ask(Question::send(Method::POST, self.at("blobs/uploads/"), "application/octet-stream", b""))?;
        self.done(&answer, &[202], "begins no upload")?;
        let location = answer.header("location").and_then(|location| resolve(&self.server, location));
        let Some(location) = location.filter(|location| origin(location) == self.server) else {
            return Err(Failure::pack(format!("the registry `{}` sends the upload to another server", host(&self.server))));
        };
        let joint = if location.contains('?') { '&' } else { '?' };
        let url = format!("{location}{joint}digest={digest}");
        let answer = self.ask(Question::send(Method::PUT, url, "application/octet-stream", bytes))?;
        self.done(&answer, &[201], "keeps no part of it")
    }

    fn done(&self, answer: &Answer, expected: &[u16], what: &str) -> Result<(), Failure> {
        if expected.contains(&answer.status) {
            return Ok(());
        }
        Err(refused(&self.server, answer.status, what))
    }

    /// Asks, and once more with the name and password, or with the token, that the registry wants to see.
    fn ask(&self, mut question: Question<'_>) -> Result<Answer, Failure> {
        let answer = self.client.ask(&question)?;
        if answer.status != 401 {
            return Ok(answer);
        }
        let wanted = answer.header("www-authenticate").unwrap_or_default();
        let authorization = match wanted.split_once(' ') {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer") => self.token(rest)?,
            _ => self.client.credentials.basic(&self.server),
        };
        match authorization {
            None => Ok(answer),
            Some(authorization) => {
                question.headers.push(("authorization", authorization));
                self.client.ask(&question)
            }
        }
    }

    /// A token from the place that the registry names. The name and password of the registry go there only over a connection
    /// that nobody else reads.
    fn token(&self, challenge: &str) -> Result<Option<String>, Failure> {
        let part = |name: &str| {
            let rest = challenge.split_once(&format!("{name}=\""))?.1;
            rest.split('"').next()
        };
        let Some(realm) = part("realm").and_then(|realm| resolve(&self.server, realm)) else { return Ok(None) };
        if !realm.starts_with("https://") && !is_loopback(&realm) {
            return Err(Failure::pack(format!(
                "the registry `{}` asks for a token from `{realm}`, which others can read",
                host(&self.server)
            )));
        }
        let pairs = ["service", "scope"].into_iter().filter_map(|name| Some(format!("{name}={}", escaped(part(name)?))));
        let joint = if realm.contains('?') { '&' } else { '?' };
        let mut question = Question::get(format!("{realm}{joint}{}", pairs.collect::<Vec<_>>().join("&")));
        question.largest = LARGEST_ANSWER / 16;
        if let Some(authorization) = self.client.credentials.basic(&self.server) {
            question.headers.push(("authorization", authorization));
        }
        let answer = self.client.ask(&question)?;
        if answer.status != 200 {
            return Err(refused(&self.server, answer.status, "gives no token"));
        }
        #[derive(Deserialize)]
        struct Token {
            token: Option<String>,
            access_token: Option<String>,
        }
        let token: Option<Token> = serde_json::from_slice(&answer.body).ok();
        let token =
            token.and_then(|token| token.token.or(token.access_token)).filter(|token| token.bytes().all(|byte| byte.is_ascii_graphic()));
        Ok(token.map(|token| format!("Bearer {token}")))
    }
}

/// A server that says no.
pub(crate) fn refused(server: &str, status: u16, what: &str) -> Failure {
    let host = host(server);
    let failure = Failure::usage(format!("`{host}` {what}: it answers {status}"));
    match status {
        401 | 403 => failure.help(format!("`REMIT_REGISTRY_AUTH={host}=name:password` says who you are")),
        429 | 500..=599 => failure.help("the fault is the server's: try again later"),
        _ => failure,
    }
}

/// A text as it may stand in a query.
fn escaped(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'/' | b':' | b',');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
