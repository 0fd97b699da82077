//! Names and passwords for servers, each for one server and no other.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Environment;
use crate::exit::Failure;
use crate::pack::http::{host, is_loopback};

/// What is known of servers.
pub(crate) struct Credentials {
    /// Server, and `name:password`.
    known: Vec<(String, String)>,
}

impl Credentials {
    /// `REMIT_REGISTRY_AUTH` says `server=name:password`, several parted by spaces. A list of names would not do: a `remit.yaml` that
    /// somebody else wrote could then send the password to a server of theirs.
    pub(crate) fn of(environment: &Environment<'_>) -> Result<Self, Failure> {
        let text = (environment.variable)("REMIT_REGISTRY_AUTH").unwrap_or_default();
        let mut known = Vec::new();
        for entry in text.split_whitespace() {
            match entry.split_once('=') {
                Some((server, pair)) if !server.is_empty() && pair.contains(':') => known.push((server.to_owned(), pair.to_owned())),
                _ => {
                    return Err(Failure::usage("`REMIT_REGISTRY_AUTH` is not of the form `server=name:password`")
                        .help("write the server as it stands in `from`, with its port"));
                }
            }
        }
        Ok(Self { known })
    }

    /// The header for a server; none over a connection that others can read.
    pub(crate) fn basic(&self, url: &str) -> Option<String> {
        if !url.starts_with("https://") && !is_loopback(url) {
            return None;
        }
        let (_, pair) = self.known.iter().find(|(server, _)| server == host(url))?;
        Some(format!("Basic {}", STANDARD.encode(pair)))
    }
}
