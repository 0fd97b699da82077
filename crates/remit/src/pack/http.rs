//! Requests over HTTP, bounded in time and size. Nothing else knows the library.
//!
//! The signature says whether what comes is true; this says that it comes at all. A server that is slow, endless or elsewhere costs a
//! sentence, and credentials go to the server for which they were given and to no other.

use std::io::Read;
use std::time::Duration;

use ureq::http::{HeaderMap, Method, Request, Uri};
use ureq::tls::{RootCerts, TlsConfig};

use crate::Environment;
use crate::exit::Failure;
use crate::pack::credentials::Credentials;

/// How long a request may take, in seconds, where nothing is said.
const SECONDS: u64 = 60;
/// How often one answer may point elsewhere.
const MOST_REDIRECTS: usize = 5;
/// The largest answer that is not a pack, in bytes.
pub(crate) const LARGEST_ANSWER: u64 = 1 << 20;

/// What to do about a server's certificate.
const CERTIFICATE: &str = "a network's own certificate is added to the machine's, or named in `SSL_CERT_FILE`";

/// What asks.
pub(crate) struct Client {
    agent: ureq::Agent,
    seconds: u64,
    pub(crate) credentials: Credentials,
}

/// What is asked.
pub(crate) struct Question<'q> {
    pub(crate) method: Method,
    pub(crate) url: String,
    /// Further headers.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// What is sent; for `PUT` and `POST`.
    pub(crate) body: Option<&'q [u8]>,
    /// The largest answer that is read.
    pub(crate) largest: u64,
}

/// What is answered.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// A header as text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The kind of content, without its parameters.
    pub(crate) fn content_type(&self) -> &str {
        self.header("content-type").and_then(|value| value.split(';').next()).map_or("", str::trim)
    }
}

impl<'q> Question<'q> {
    /// Asks for what is at a place.
    pub(crate) fn get(url: impl Into<String>) -> Self {
        Self { method: Method::GET, url: url.into(), headers: Vec::new(), body: None, largest: LARGEST_ANSWER }
    }

    /// Sends something to a place.
    pub(crate) fn send(method: Method, url: impl Into<String>, kind: &str, body: &'q [u8]) -> Self {
        let headers = vec![("content-type", kind.to_owned())];
        Self { method, url: url.into(), headers, body: Some(body), largest: LARGEST_ANSWER }
    }
}

impl Client {
    /// With the limits, the proxies and the credentials that the environment sets.
    pub(crate) fn new(environment: &Environment<'_>) -> Result<Self, Failure> {
        let seconds = match (environment.variable)("REMIT_TIMEOUT") {
            None => SECONDS,
            Some(text) => text
                .parse()
                .ok()
                .filter(|seconds| (1..=3_600).contains(seconds))
                .ok_or_else(|| Failure::usage(format!("`REMIT_TIMEOUT` is a number of seconds from 1 to 3600, not `{text}`")))?,
        };
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(Duration::from_secs(seconds)))
            .timeout_connect(Some(Duration::from_secs(seconds.min(15))))
            .max_response_header_size(16 * 1024)
            .tls_config(TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build())
            .user_agent(concat!("remit/", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self { agent: config.new_agent(), seconds, credentials: Credentials::of(environment)? })
    }

    /// Asks, and follows where the answer points, without credentials once that is elsewhere.
    pub(crate) fn ask(&self, question: &Question<'_>) -> Result<Answer, Failure> {
        let mut url = question.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let answer = self.ask_once(question, &url)?;
            let points_elsewhere = matches!(answer.status, 301 | 302 | 303 | 307 | 308) && question.method == Method::GET;
            let Some(location) = answer.header("location").filter(|_| points_elsewhere) else { return Ok(answer) };
            let next = resolve(&url, location)
                .ok_or_else(|| Failure::pack(format!("`{}` points to `{location}`, which is no place to go on to", host(&url))))?;
            if url.starts_with("https://") && !next.starts_with("https://") {
                return Err(Failure::pack(format!("`{}` points from an encrypted place to `{next}`, which is not", host(&url))));
            }
            url = next;
        }
        Err(Failure::pack(format!("`{}` points on and on: more than {MOST_REDIRECTS} times", host(&question.url))))
    }

    fn ask_once(&self, question: &Question<'_>, url: &str) -> Result<Answer, Failure> {
        let mut request = Request::builder().method(question.method.clone()).uri(url);
        for (name, value) in &question.headers {
            if *name != "authorization" || origin(url) == origin(&question.url) {
                request = request.header(*name, value);
            }
        }
        let wrong = |_| Failure::usage(format!("`{url}` is no place on a network"));
        let response = match question.body {
            Some(body) => self.agent.run(request.body(body).map_err(wrong)?),
            None => self.agent.run(request.body(()).map_err(wrong)?),
        };
        let mut response = response.map_err(|error| self.failed(url, &error))?;
        let too_large = || Failure::pack(format!("`{}` sends more than the {} bytes that belong there", host(url), question.largest));
        let said = response.body().content_length();
        if said.is_some_and(|length| length > question.largest) && question.method != Method::HEAD {
            return Err(too_large());
        }
        let mut body = Vec::new();
        if question.method != Method::HEAD {
            let reader = response.body_mut().with_config().limit(u64::MAX).reader();
            let read = reader.take(question.largest + 1).read_to_end(&mut body);
            if body.len() as u64 > question.largest {
                return Err(too_large());
            }
            read.map_err(|error| self.failed(url, &ureq::Error::from(error)))?;
        }
        Ok(Answer { status: response.status().as_u16(), headers: response.headers().clone(), body })
    }

    fn failed(&self, url: &str, error: &ureq::Error) -> Failure {
        let host = host(url);
        let failure = |message: String| Failure::usage(message);
        match error {
            ureq::Error::Timeout(_) => failure(format!("`{host}` did not answer within {} seconds", self.seconds))
                .help("try again later; `REMIT_TIMEOUT` sets how many seconds are waited"),
            ureq::Error::HostNotFound => {
                failure(format!("there is no server `{host}` to be found")).help("look at the name, and at the network")
            }
            ureq::Error::ConnectionFailed => failure(format!("`{host}` cannot be reached")),
            ureq::Error::Io(error) if error.to_string().contains("certificate") => {
                failure(format!("`{host}` does not prove who it is: {error}")).help(CERTIFICATE)
            }
            ureq::Error::Io(error) => failure(format!("the connection to `{host}` failed: {}", crate::exit::reason(error))),
            ureq::Error::Protocol(_) => failure(format!("`{host}` breaks off, or does not speak HTTP")),
            ureq::Error::Rustls(error) => failure(format!("`{host}` does not prove who it is: {error}")).help(CERTIFICATE),
            ureq::Error::Tls(error) => failure(format!("`{host}` does not prove who it is: {error}")),
            ureq::Error::BadUri(_) | ureq::Error::Http(_) => failure(format!("`{url}` is no place on a network")),
            other => failure(format!("`{host}` cannot be asked: {other}")),
        }
    }
}

/// The server of a place, with its port where that is written.
pub(crate) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

/// Scheme, server and port.
pub(crate) fn origin(url: &str) -> &str {
    let scheme = url.find("://").map_or(0, |at| at + 3);
    url.get(..scheme + host(url).len()).unwrap_or(url)
}

/// Where an answer points, as a whole place; `None` where it is none.
pub(crate) fn resolve(from: &str, location: &str) -> Option<String> {
    let whole = if location.starts_with("http://") || location.starts_with("https://") {
        location.to_owned()
    } else if location.starts_with('/') && !location.starts_with("//") {
        format!("{}{location}", origin(from))
    } else {
        return None;
    };
    let uri: Uri = whole.parse().ok()?;
    // `user:password@server` would hide the server from whoever reads the place.
    (uri.host().is_some() && !host(&whole).contains('@')).then_some(whole)
}

/// Whether a server is this very machine.
pub(crate) fn is_loopback(url: &str) -> bool {
    let host = host(url);
    let name = host.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or_else(|| host.split(':').next().unwrap_or(host));
    name == "localhost" || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_taken_apart() {
        assert_eq!(host("https://a.example:5000/x/y?z"), "a.example:5000");
        assert_eq!(origin("https://a.example:5000/x/y?z"), "https://a.example:5000");
        assert_eq!(resolve("https://a.example/x", "/y?z").as_deref(), Some("https://a.example/y?z"));
        assert_eq!(resolve("https://a.example/x", "http://b.example/y").as_deref(), Some("http://b.example/y"));
        for nowhere in ["//b.example/y", "y", "file:///etc/passwd", "https://a.example@b.example/", "https://", ""] {
            assert_eq!(resolve("https://a.example/x", nowhere), None, "{nowhere}");
        }
        for (place, here) in [
            ("http://127.0.0.1:5000/", true),
            ("http://localhost/", true),
            ("http://[::1]:1/", true),
            ("http://127.0.0.1.example/", false),
            ("https://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(place), here, "{place}");
        }
    }
}
