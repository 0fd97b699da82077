//! Packs over the network: a server that hangs, lies, breaks off or sends too much costs a sentence, and nothing else.
//!
//! The servers here are a few lines on loopback, so that each fault is exact. `.ci/registry` does the round with Debian's real one.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::trust::World;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const ARCHIVE: &str = "application/vnd.remit.pack.v1.tar";
const SIGNATURE: &str = "application/vnd.remit.pack.signature.v1";

/// What was asked.
#[derive(Debug, Clone)]
struct Asked {
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Asked {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered: bytes as they go over the wire, and whether the connection is then left open without a word.
struct Reply {
    bytes: Vec<u8>,
    then: Then,
}

enum Then {
    Close,
    Hang,
    /// The same bytes again and again.
    Repeat(Vec<u8>),
    /// A byte now and then.
    Trickle,
}

fn reply(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let mut bytes = format!("HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n", body.len()).into_bytes();
    for (name, value) in headers {
        bytes.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    Reply { bytes, then: Then::Close }
}

fn raw(bytes: &[u8], then: Then) -> Reply {
    Reply { bytes: bytes.to_vec(), then }
}

/// A server on loopback that remembers what it was asked.
struct Server {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    fn new(answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (Arc::new(answer), Arc::clone(&asked));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&log));
                thread::spawn(move || serve(stream, &*answer, &log));
            }
        });
        Self { address, asked }
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

fn serve(mut stream: TcpStream, answer: &dyn Fn(&Asked) -> Reply, log: &Mutex<Vec<Asked>>) -> Option<()> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).ok()?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: Vec<(String, String)> =
        lines.filter_map(|line| line.split_once(": ")).map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    let mut asked = Asked { method, path, headers, body: Vec::new() };
    let length = asked.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    asked.body = vec![0; length];
    stream.read_exact(&mut asked.body).ok()?;
    log.lock().ok()?.push(asked.clone());
    let Reply { bytes, then } = answer(&asked);
    stream.write_all(&bytes).ok()?;
    match then {
        Then::Close => {}
        Then::Hang => thread::sleep(Duration::from_secs(20)),
        Then::Repeat(bytes) => while stream.write_all(&bytes).is_ok() {},
        Then::Trickle => {
            while stream.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
    Some(())
}

fn digest(bytes: &[u8]) -> String {
    let digits: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

/// What an honest registry would hold.
#[derive(Clone)]
struct Held {
    archive: Vec<u8>,
    signature: Vec<u8>,
}

impl Held {
    /// By a world that published into a folder.
    fn of(world: &World) -> Self {
        world.publish();
        let read = |ending: &str| fs::read(world.folder.0.join(format!("dist/north-east-2026.1.0.remitpack{ending}"))).expect("published");
        Self { archive: read(""), signature: read(".minisig") }
    }

    fn manifest(&self) -> Value {
        let layer = |kind: &str, bytes: &[u8]| json!({ "mediaType": kind, "digest": digest(bytes), "size": bytes.len() });
        json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": layer("application/vnd.oci.empty.v1+json", b"{}"),
            "layers": [layer(ARCHIVE, &self.archive), layer(SIGNATURE, &self.signature)],
        })
    }

    fn answer(&self, asked: &Asked) -> Reply {
        let octets = [("content-type", "application/octet-stream")];
        match asked.path.rsplit('/').next().unwrap_or("") {
            "2026.1.0" => self.answer_manifest(&self.manifest().to_string()),
            name if name == digest(&self.archive) => reply(200, &octets, &self.archive),
            name if name == digest(&self.signature) => reply(200, &octets, &self.signature),
            _ => reply(404, &[], b""),
        }
    }

    fn answer_manifest(&self, manifest: &str) -> Reply {
        reply(200, &[("content-type", MANIFEST), ("docker-content-digest", &digest(manifest.as_bytes()))], manifest.as_bytes())
    }
}

/// A world whose system pulls from a registry that answers so.
fn world_with(answer: impl Fn(&Held, &Asked) -> Reply + Send + Sync + 'static) -> (World, Server) {
    let mut world = World::new();
    let held = Held::of(&world);
    let server = Server::new(move |asked| answer(&held, asked));
    world.from = format!("oci+http://{}/packs", server.address);
    world.variables.push(("REMIT_TIMEOUT", "1".to_owned()));
    world.want("2026.1.0");
    (world, server)
}

fn is_manifest(asked: &Asked) -> bool {
    asked.path.contains("/manifests/")
}

fn is_archive(held: &Held, asked: &Asked) -> bool {
    asked.path.ends_with(&digest(&held.archive))
}

#[test]
fn an_honest_registry_serves() {
    let (world, server) = world_with(|held, asked| held.answer(asked));
    let told = world.pull();
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    let paths: Vec<String> = server.asked().into_iter().map(|asked| format!("{} {}", asked.method, asked.path)).collect();
    assert_eq!(paths.len(), 3, "{paths:?}");
    assert_eq!(paths[0], "GET /v2/packs/north-east/manifests/2026.1.0");
    // From now on nobody is asked.
    assert_eq!(world.run("system", "check").err, "");
    assert_eq!(world.pull().code, 0);
    assert_eq!(server.asked().len(), 3);
}

type Fault = fn(&Held, &Asked) -> Reply;

/// The network's faults end with 2, the registry's lies with 3. Nothing takes longer than the limit, and nothing is left behind.
#[test]
fn a_registry_that_misbehaves_costs_a_sentence() {
    const ENDLESS: &[u8] = b"HTTP/1.1 200 X\r\ncontent-type: application/octet-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    let faults: &[(&str, u8, Fault)] = &[
        ("did not answer within 1 seconds", 2, |_, _| raw(b"", Then::Hang)),
        ("did not answer within 1 seconds", 2, |_, _| raw(b"HTTP/1.1 200 X\r\ncontent-length: 100\r\n\r\n", Then::Hang)),
        ("did not answer within 1 seconds", 2, |_, _| raw(b"HTTP/1.1 200 X\r\ncontent-length: 1000\r\n\r\n", Then::Trickle)),
        ("", 2, |_, _| raw(b"HTTP/1.1 200 X\r\nx: ", Then::Trickle)),
        ("", 2, |_, _| raw(b"HTTP/1.1 200 X\r\nx: ", Then::Repeat(vec![b'x'; 4096]))),
        ("", 2, |_, _| raw(b"", Then::Close)),
        ("", 2, |_, _| raw(b"SSH-2.0-OpenSSH_9.2\r\n", Then::Close)),
        ("", 2, |_, _| raw(b"HTTP/1.1 200 X\r\ncontent-length: 1000\r\n\r\n{", Then::Close)),
        ("sends more than the 1048576 bytes that belong there", 3, |_, _| {
            raw(b"HTTP/1.1 200 X\r\ncontent-length: 99999999999\r\n\r\n", Then::Hang)
        }),
        ("sends more than the 1048576 bytes that belong there", 3, |_, _| raw(b"HTTP/1.1 200 X\r\n\r\n", Then::Repeat(vec![b'x'; 65_536]))),
        ("is of the kind `text/html`, which no rule pack is", 3, |_, _| reply(200, &[("content-type", "text/html; charset=x")], b"<html>")),
        ("is of the kind ``, which no rule pack is", 3, |_, _| reply(200, &[], b"{}")),
        ("is no manifest of a rule pack", 3, |held, _| held.answer_manifest("{}")),
        ("is no manifest of a rule pack", 3, |held, _| held.answer_manifest("no JSON")),
        ("is no manifest of a rule pack", 3, |held, _| held.answer_manifest(&"[".repeat(500_000))),
        ("is no manifest of a rule pack", 3, |held, _| {
            held.answer_manifest(&held.manifest().to_string().replace("\"schemaVersion\":2", "\"schemaVersion\":1"))
        }),
        ("is no rule pack: it has no layer of that kind", 3, |held, _| {
            held.answer_manifest(&held.manifest().to_string().replace(ARCHIVE, "application/x-tar"))
        }),
        ("has no signature", 3, |held, asked| {
            if is_manifest(asked) {
                held.answer_manifest(&held.manifest().to_string().replace(SIGNATURE, "x/y"))
            } else {
                held.answer(asked)
            }
        }),
        ("differs from the digest that it says it has", 3, |held, asked| {
            reply(200, &[("content-type", MANIFEST), ("docker-content-digest", &digest(b"x"))], &held.answer(asked).bytes)
        }),
        ("has a part of 68719476736 bytes", 3, |held, _| {
            let mut manifest = held.manifest();
            manifest["layers"][0]["size"] = json!(1_u64 << 36);
            held.answer_manifest(&manifest.to_string())
        }),
        ("names a part by something that is no digest", 3, |held, _| {
            let mut manifest = held.manifest();
            manifest["layers"][0]["digest"] = json!("sha256:../../../../etc/passwd");
            held.answer_manifest(&manifest.to_string())
        }),
        ("differs from the digest under which it was asked for", 3, |held, asked| {
            let mut other = held.archive.clone();
            other[600] ^= 1;
            if is_archive(held, asked) { reply(200, &[], &other) } else { held.answer(asked) }
        }),
        ("sends more than the", 3, |held, asked| {
            let longer = [&held.archive[..], b"x"].concat();
            if is_archive(held, asked) { reply(200, &[], &longer) } else { held.answer(asked) }
        }),
        ("sends more than the", 3, |held, asked| {
            if is_archive(held, asked) {
                raw(ENDLESS, Then::Repeat(b"1000\r\n".iter().copied().chain(vec![b'x'; 4096]).chain(*b"\r\n").collect()))
            } else {
                held.answer(asked)
            }
        }),
        ("is cut off", 3, |held, asked| if is_archive(held, asked) { reply(200, &[], &held.archive[..1000]) } else { held.answer(asked) }),
        ("", 2, |held, asked| {
            let mut bytes = reply(200, &[], &held.archive).bytes;
            bytes.truncate(1000);
            if is_archive(held, asked) { raw(&bytes, Then::Close) } else { held.answer(asked) }
        }),
        (
            "does not give a part of it: it answers 404",
            2,
            |held, asked| if is_archive(held, asked) { reply(404, &[], b"") } else { held.answer(asked) },
        ),
        ("it answers 500", 2, |_, _| reply(500, &[], b"")),
        ("it answers 403", 2, |_, _| reply(403, &[], b"")),
        ("it answers 401", 2, |_, _| reply(401, &[("www-authenticate", "Basic realm=\"x\"")], b"")),
        ("gives no token: it answers 500", 2, |_, asked| {
            let realm = format!("Bearer realm=\"http://{}/token\",service=\"x\"", asked.header("host").unwrap_or(""));
            if asked.path.starts_with("/token") { reply(500, &[], b"") } else { reply(401, &[("www-authenticate", &realm)], b"") }
        }),
        ("asks for a token from `http://token.example/`, which others can read", 3, |_, _| {
            reply(401, &[("www-authenticate", "Bearer realm=\"http://token.example/\"")], b"")
        }),
        ("points on and on", 3, |_, asked| reply(302, &[("location", &format!("{}x", asked.path))], b"")),
        ("which is no place to go on to", 3, |_, _| reply(302, &[("location", "file:///etc/passwd")], b"")),
    ];
    for (words, code, fault) in faults {
        let (world, _server) = world_with(fault);
        let began = Instant::now();
        world.refused(*code, words);
        assert!(began.elapsed() < Duration::from_secs(10), "{words}");
        assert!(!world.folder.0.join("system/remit.lock").exists(), "{words}");
    }
}

/// The same, while a pack is in force: it stays so.
#[test]
fn the_old_pack_survives_a_registry_that_lies() {
    let (world, _server) = world_with(|held, asked| match asked.path.rsplit('/').next() {
        Some("2026.2.0") => held.answer(&Asked { path: asked.path.replace("2026.2.0", "2026.1.0"), ..asked.clone() }),
        _ => held.answer(asked),
    });
    assert_eq!(world.pull().code, 0);
    let before = world.state();
    world.want("2026.2.0");
    world.refused(3, "is `north-east` 2026.1.0, where `north-east` 2026.2.0 was asked for");
    world.want("2026.1.0");
    assert!(world.state() == before);
}

#[test]
fn a_server_that_is_not_there_is_said_to_be() {
    let mut world = World::new();
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    for from in [
        format!("oci+http://127.0.0.1:{port}"),
        format!("http://127.0.0.1:{port}/packs"),
        "https://no-such-server.invalid/packs".to_owned(),
    ] {
        world.from = from;
        world.want("2026.1.0");
        let told = world.pull();
        assert_eq!(told.code, 2, "{}", told.err);
        assert_eq!(told.err.matches("remit: ").count(), 1, "{}", told.err);
    }
}

/// Tokens and passwords go where they were given for.
#[test]
fn a_password_goes_to_its_own_server() {
    let elsewhere = Server::new(|_| reply(404, &[], b""));
    let target = format!("http://{}/blob", elsewhere.address);
    let (mut world, server) = world_with(move |held, asked| match asked.header("authorization") {
        Some("Bearer a.token") if is_archive(held, asked) => reply(307, &[("location", &target)], b""),
        Some("Bearer a.token") => held.answer(asked),
        Some("Basic bWU6c2VjcmV0") if asked.path == "/token?service=the%20registry&scope=repository:packs/north-east:pull" => {
            reply(200, &[], b"{\"token\":\"a.token\"}")
        }
        _ if asked.path.starts_with("/token") => reply(403, &[], b""),
        _ => {
            let realm = "Bearer realm=\"/token\",service=\"the registry\",scope=\"repository:packs/north-east:pull\"";
            reply(401, &[("www-authenticate", realm)], b"")
        }
    });
    world.variables.push(("REMIT_REGISTRY_AUTH", format!("other.example=a:b {}=me:secret", server.address)));
    world.refused(2, "does not give a part of it: it answers 404");
    assert!(server.asked().iter().any(|asked| asked.header("authorization") == Some("Bearer a.token")));
    let strayed = elsewhere.asked();
    assert_eq!(strayed.len(), 1);
    assert_eq!(strayed[0].header("authorization"), None, "the token went to another server");
    // A `remit.yaml` that names another server gets nothing.
    let thief = Server::new(|asked| match asked.header("authorization") {
        None => reply(401, &[("www-authenticate", "Basic realm=\"give it to me\"")], b""),
        Some(_) => reply(200, &[], b""),
    });
    world.from = format!("oci+http://{}/packs", thief.address);
    world.want("2026.1.0");
    world.refused(2, "it answers 401");
    assert!(thief.asked().iter().all(|asked| asked.header("authorization").is_none()));
    world.variables.retain(|(name, _)| *name != "REMIT_REGISTRY_AUTH");
    world.variables.push(("REMIT_REGISTRY_AUTH", "me:secret".to_owned()));
    world.refused(2, "`REMIT_REGISTRY_AUTH` is not of the form `server=name:password`");
}

/// A server that keeps what is put there, and nothing more.
fn keeper() -> Server {
    let kept: Mutex<Vec<(String, Vec<u8>)>> = Mutex::new(Vec::new());
    Server::new(move |asked| {
        let mut kept = kept.lock().expect("not poisoned");
        if asked.method == "PUT" {
            kept.push((asked.path.clone(), asked.body.clone()));
            return reply(201, &[], b"");
        }
        match kept.iter().find(|(path, _)| *path == asked.path) {
            Some((_, body)) => reply(200, &[], body),
            None => reply(404, &[], b""),
        }
    })
}

#[test]
fn a_plain_server_keeps_and_serves_packs() {
    let mut world = World::new();
    let server = keeper();
    let base = format!("http://{}/packs", server.address);
    let publish = format!("pack publish north-east --to {base} --key ours.key");
    let told = world.run("", &publish);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.starts_with(&format!("published  {base}/north-east-2026.1.0.remitpack\n")), "{}", told.out);
    assert!(world.run("", &publish).out.starts_with("is there already"));
    world.folder.write("north-east/rules/sro-is-named.md", b"# Another title\n\nAnother page.\n");
    let told = world.run("", &publish);
    assert!(told.code == 2 && told.err.contains("is published already, and it is not this"), "{}", told.err);
    world.from = base;
    world.want("2026.1.0");
    assert_eq!(world.pull().code, 0);
    assert_eq!(world.run("system", "check").err, "");
    // A server without the signature.
    let stripped = Server::new(|asked| if asked.path.ends_with(".minisig") { reply(404, &[], b"") } else { reply(200, &[], b"anything") });
    world.from = format!("http://{}", stripped.address);
    world.want("2026.2.0");
    world.refused(3, "has no signature");
}

type Refusal = fn(&Asked) -> Reply;

#[test]
fn a_registry_that_takes_no_pack_is_said_to() {
    let world = World::new();
    let faults: &[(&str, u8, Refusal)] = &[
        ("begins no upload: it answers 405", 2, |asked| reply(if asked.method == "POST" { 405 } else { 404 }, &[], b"")),
        ("sends the upload to another server", 3, |asked| match asked.method.as_str() {
            "POST" => reply(202, &[("location", "http://thief.example/upload")], b""),
            _ => reply(404, &[], b""),
        }),
        ("keeps no part of it: it answers 400", 2, |asked| match asked.method.as_str() {
            "POST" => reply(202, &[("location", "/upload?state=1")], b""),
            "PUT" => reply(400, &[], b""),
            _ => reply(404, &[], b""),
        }),
        ("keeps no manifest: it answers 413", 2, |asked| match asked.method.as_str() {
            "HEAD" => reply(200, &[], b""),
            "PUT" => reply(413, &[], b""),
            _ => reply(404, &[], b""),
        }),
    ];
    for (words, code, fault) in faults {
        let server = Server::new(fault);
        let told = world.run("", &format!("pack publish north-east --to oci+http://{} --key ours.key", server.address));
        assert_eq!(told.code, *code, "{words}: {}", told.err);
        assert!(told.err.contains(words), "{words}: {}", told.err);
    }
}
