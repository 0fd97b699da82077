//! Published packs: what is believed, and everything that is not. Each fault ends with 3 and one sentence, and what was in force still is.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use minisign::{KeyPair, PublicKey, SecretKey};
use remit_core::packs::PackFiles;
use remit_core::time::Date;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::cli::{Folder, Told, run_on};

const TODAY: Date = Date::constant(2026, 11, 23);
const PUBLISHER: &str = "NHS England North East and Yorkshire";
const PLAN: &str = "plan \"A plan\" for QHM {\n  framework  nhs-people-framework 2019\n  horizon  2019/20 to 2023/24\n}\ncommitment more-nurses \"More nurses\" {\n  on  staff-experience\n  due  2020-03-31\n}\n";
const PACK: &str = "name: north-east\ntitle: Rules of the North East and Yorkshire\nversion: 2026.1.0\npublisher: NHS England North East and Yorkshire\ntier: region\nextends: nhs-people-framework\nsources:\n  guide: { title: The regional planning guide }\n";
const RULE: &str = "id: sro-is-named\nseverity: warning\nsource: { document: guide }\neach: commitment\nwhere: due is given\nexpect: sro is given\nmessage: \"{name} has no senior responsible officer\"\nhelp: Add `sro`\n";
const PAGE: &str = "# Every dated commitment has a senior responsible officer\n\nSomebody by name.\n";

/// A publisher with a pack and a key, and a system with a plan that wants the pack.
pub(crate) struct World {
    pub(crate) folder: Folder,
    pub(crate) today: Date,
    pub(crate) variables: Vec<(&'static str, String)>,
    pub(crate) key: KeyPair,
    /// Where the system pulls from.
    pub(crate) from: String,
    trusted: RefCell<Vec<String>>,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = Folder::with(&[
            ("north-east/pack.yaml", PACK),
            ("north-east/rules/sro-is-named.yaml", RULE),
            ("north-east/rules/sro-is-named.md", PAGE),
            ("system/plan.remit", PLAN),
        ]);
        let key = KeyPair::generate_unencrypted_keypair().expect("a key");
        folder.write("ours.key", key.sk.to_box(None).expect("a key").to_string().as_bytes());
        let world = Self { folder, today: TODAY, variables: Vec::new(), key, from: "../dist".to_owned(), trusted: RefCell::default() };
        world.trust(&world.trusted_key("[north-east]", ""));
        world
    }

    /// The publisher's key as it stands in `remit.yaml`.
    pub(crate) fn trusted_key(&self, packs: &str, more: &str) -> String {
        trusted_key(&self.key.pk, PUBLISHER, packs, more)
    }

    /// Writes a `remit.yaml` that trusts keys and wants the pack.
    pub(crate) fn trust(&self, keys: &str) {
        *self.trusted.borrow_mut() = vec![keys.to_owned()];
        self.want("2026.1.0");
    }

    /// Writes a `remit.yaml` that wants a version.
    pub(crate) fn want(&self, version: &str) {
        let keys = self.trusted.borrow().concat();
        let keys = if keys.is_empty() { String::new() } else { format!("trusted-keys:\n{keys}") };
        let packs = format!("  - name: north-east\n    version: {version}\n    from: {}\n", self.from);
        self.folder.write("system/remit.yaml", format!("as-of: 2019-10-01\npacks:\n{packs}{keys}").as_bytes());
    }

    pub(crate) fn run(&self, folder: &str, words: &str) -> Told {
        let mut out = Vec::new();
        let variable = |name: &str| self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone());
        let mut told = run_on(&self.folder.0.join(folder), words, &mut out, self.today, &variable);
        told.out = String::from_utf8(out).expect("UTF-8");
        told
    }

    pub(crate) fn publish(&self) -> Told {
        let told = self.run("", "pack publish north-east --to dist --key ours.key");
        assert_eq!(told.code, 0, "{}", told.err);
        told
    }

    pub(crate) fn pull(&self) -> Told {
        self.run("system", "pack pull")
    }

    /// Publishes and pulls, so that a pack is in force.
    pub(crate) fn in_force() -> Self {
        let world = Self::new();
        world.publish();
        let told = world.pull();
        assert_eq!((told.code, told.err.as_str()), (0, ""));
        world
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.0.join(path)
    }

    /// Puts an archive of any bytes on the shelf, signed by the publisher.
    pub(crate) fn shelve(&self, version: &str, archive: &[u8]) {
        self.folder.write(&format!("dist/north-east-{version}.remitpack"), archive);
        let signature = sign(&self.key.sk, archive);
        self.folder.write(&format!("dist/north-east-{version}.remitpack.minisig"), signature.as_bytes());
    }

    /// What `remit check` says of the plan, and every file of the project: what must not change when a pull is refused.
    pub(crate) fn state(&self) -> (u8, String, Vec<(String, Vec<u8>)>) {
        let told = self.run("system", "check --format json");
        (told.code, told.out, all_files(&self.path("system")))
    }

    /// The pull is refused, in one sentence that says so, and nothing has changed.
    pub(crate) fn refused(&self, code: u8, words: &str) {
        let before = all_files(&self.path("system"));
        let told = self.pull();
        assert_eq!(told.code, code, "{words}: {} {}", told.err, told.out);
        assert!(told.err.contains(words), "{words}:\n{}", told.err);
        assert_eq!((told.err.matches("remit: ").count(), told.out.as_str()), (1, ""), "{}", told.err);
        let changed = all_files(&self.path("system"));
        let names = |files: &[(String, Vec<u8>)]| files.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
        assert_eq!(names(&before), names(&changed), "{words}");
        assert!(before == changed, "{words}: a file was changed");
    }
}

pub(crate) fn trusted_key(key: &PublicKey, publisher: &str, packs: &str, more: &str) -> String {
    format!("  - publisher: {publisher}\n    key: {}\n    packs: {packs}\n{more}", key.to_base64())
}

fn sign(key: &SecretKey, bytes: &[u8]) -> String {
    minisign::sign(None, key, bytes, Some("of a test"), None).expect("signed").into_string()
}

fn all_files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for path in crate::case::files(folder, "") {
        found.push((path.display().to_string(), fs::read(&path).expect("read")));
    }
    found
}

// Archives of any sort, made by hand.

/// One entry of a tar.
#[derive(Clone)]
struct Entry {
    path: Vec<u8>,
    kind: u8,
    content: Vec<u8>,
    size: Option<u64>,
    link: &'static str,
    mode: u32,
    mtime: u64,
}

fn file(path: &str, content: impl Into<Vec<u8>>) -> Entry {
    Entry { path: path.as_bytes().to_vec(), kind: b'0', content: content.into(), size: None, link: "", mode: 0o644, mtime: 0 }
}

fn tar_of(entries: &[Entry]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in entries {
        let mut header = tar::Header::new_ustar();
        let raw = header.as_ustar_mut().expect("ustar");
        raw.name[..entry.path.len()].copy_from_slice(&entry.path);
        raw.linkname[..entry.link.len()].copy_from_slice(entry.link.as_bytes());
        raw.typeflag[0] = entry.kind;
        header.set_mode(entry.mode);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(entry.mtime);
        header.set_size(entry.size.unwrap_or(entry.content.len() as u64));
        header.set_cksum();
        bytes.extend_from_slice(header.as_bytes());
        bytes.extend_from_slice(&entry.content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pack_of(files: &[(&str, &str)]) -> PackFiles {
    PackFiles { path: "north-east".to_owned(), files: files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect() }
}

/// The manifest that belongs to files, with keys put in the place of its own.
fn manifest(files: &[(&str, &str)], other: &serde_json::Value) -> String {
    let entries: Vec<_> = files
        .iter()
        .map(|(path, text)| {
            format!(
                "    {{\n      \"path\": \"{path}\",\n      \"size\": {},\n      \"sha256\": \"{}\"\n    }}",
                text.len(),
                hexadecimal(text.as_bytes())
            )
        })
        .collect();
    let value = |key: &str, own: serde_json::Value| other.get(key).cloned().unwrap_or(own);
    format!(
        "{{\n  \"remit-pack\": {},\n  \"name\": {},\n  \"version\": {},\n  \"publisher\": {},\n  \"digest\": {},\n  \"files\": [\n{}\n  ]\n}}\n",
        value("remit-pack", json!(1)),
        value("name", json!("north-east")),
        value("version", json!("2026.1.0")),
        value("publisher", json!(PUBLISHER)),
        value("digest", json!(pack_of(files).digest())),
        entries.join(",\n")
    )
}

const FILES: [(&str, &str); 3] = [("pack.yaml", PACK), ("rules/sro-is-named.md", PAGE), ("rules/sro-is-named.yaml", RULE)];

/// An archive as it ought to be, of any files.
fn archive_of(files: &[(&str, &str)], other: &serde_json::Value) -> Vec<u8> {
    let mut entries = vec![file("manifest.json", manifest(files, other))];
    entries.extend(files.iter().map(|(path, text)| file(path, *text)));
    tar_of(&entries)
}

#[test]
fn publish_pull_verify_check() {
    let world = World::new();
    let told = world.run("system", "check");
    assert_eq!(told.code, 2);
    assert_eq!(told.err, "remit: `remit.yaml`, line 3: the pack `north-east` has not been pulled\n  help: run `remit pack pull`\n");
    world.publish();
    let told = world.pull();
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.starts_with("pulled     north-east 2026.1.0\n           sha256:"), "{}", told.out);
    // From now on no place is asked for anything.
    fs::remove_dir_all(world.path("dist")).expect("removed");
    let told = world.run("system", "pack verify");
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("good       north-east 2026.1.0") && told.out.contains(PUBLISHER), "{}", told.out);
    let told = world.run("system", "check --format json");
    assert_eq!(told.err, "");
    assert!(told.out.contains("north-east/sro-is-named"), "{}", told.out);
    assert_eq!(told.json()["packs"].as_array().expect("packs").last().expect("one")["digest"], pack_of(&FILES).digest());
    assert_eq!(world.run("system", "explain sro-is-named").code, 0);
    let told = world.pull();
    assert!(told.code == 0 && told.out.starts_with("unchanged  north-east"), "{} {}", told.out, told.err);
}

/// The same files give the same bytes: here, and wherever this test runs.
#[test]
fn an_archive_follows_from_its_files_alone() {
    let world = World::new();
    let digest = world.publish().out.lines().nth(1).expect("a digest").trim().to_owned();
    assert_eq!(digest, "sha256:2fd8ff9c812519b959950b2e0d0b4eec7ab09a8435dd1d7003132ac5754f9289");
    assert_eq!(digest, format!("sha256:{}", hexadecimal(&archive_of(&FILES, &json!({})))));
    let other = Folder::with(&[
        ("x/rules/sro-is-named.md", PAGE),
        ("x/rules/sro-is-named.yaml", RULE),
        ("x/pack.yaml", PACK),
        ("x/notes.txt", "not part of the pack"),
        ("x/.hidden.yaml", "nor this"),
    ]);
    other.write("ours.key", world.folder.read("ours.key").as_bytes());
    let told = other.remit("pack publish x --to dist --key ours.key");
    assert!(told.code == 0 && told.out.contains(&digest), "{} {}", told.out, told.err);
}

#[test]
fn signatures_that_are_not_to_be_believed() {
    let signature = "dist/north-east-2026.2.0.remitpack.minisig";
    let next = [("pack.yaml", &*PACK.replace("2026.1.0", "2026.2.0")), FILES[1], FILES[2]];
    let archive = archive_of(&next, &json!({ "version": "2026.2.0" }));
    let world = World::in_force();
    world.want("2026.2.0");
    let before = world.state();
    world.refused(2, "there is no `../dist/north-east-2026.2.0.remitpack`");
    world.shelve("2026.2.0", &archive);
    let good = world.folder.read(signature);
    fs::remove_file(world.path(signature)).expect("removed");
    world.refused(3, "has no signature");
    for nothing in ["", "\n", "untrusted comment: x\n", "untrusted comment: x\nRWQ=\ntrusted comment: y\nAA==\n"] {
        world.folder.write(signature, nothing.as_bytes());
        world.refused(3, "is none in the form of minisign");
    }
    let foreign = KeyPair::generate_unencrypted_keypair().expect("a key");
    world.folder.write(signature, sign(&foreign.sk, &archive).as_bytes());
    world.refused(3, "which `remit.yaml` does not trust");
    // A stranger's signature under the number of the key that is trusted.
    let mut secret = foreign.sk.to_bytes();
    secret[54..62].copy_from_slice(world.key.pk.keynum());
    let forger = SecretKey::from_bytes(&secret).expect("a key");
    world.folder.write(signature, sign(&forger, &archive).as_bytes());
    world.refused(3, "does not belong to these bytes");
    // The publisher's signature of something else.
    world.folder.write(signature, sign(&world.key.sk, b"something else").as_bytes());
    world.refused(3, "does not belong to these bytes");
    // The comment is signed too.
    world.folder.write(signature, good.replace("of a test", "of a rest").as_bytes());
    world.refused(3, "does not belong to these bytes");
    // In the old way, of the bytes and not of their digest: the first bytes of the second line say `Ed`, not `ED`.
    world.folder.write(signature, good.replacen("\nRU", "\nRW", 1).as_bytes());
    world.refused(3, "does not belong to these bytes");
    // Two signatures, and the right one is not the first.
    world.folder.write(signature, format!("{}{good}", sign(&foreign.sk, &archive)).as_bytes());
    world.refused(3, "");
    assert!(world.state() == before, "the old pack is not in force any more");
    world.folder.write(signature, good.as_bytes());
    let told = world.pull();
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(world.run("system", "check --format json").out.contains("2026.2.0"));
}

#[test]
fn no_byte_of_an_archive_may_change() {
    let world = World::in_force();
    let digest = hexadecimal(&archive_of(&FILES, &json!({})));
    let copy = format!("system/.remit/packs/sha256-{digest}/north-east-2026.1.0.remitpack");
    let good = fs::read(world.path(&copy)).expect("a copy");
    // Without the lock, so that it is the signature that notices.
    fs::remove_file(world.path("system/remit.lock")).expect("removed");
    for at in (0..good.len()).step_by(97) {
        let mut bad = good.clone();
        bad[at] ^= 1;
        world.folder.write("dist/north-east-2026.1.0.remitpack", &bad);
        world.refused(3, "does not belong to these bytes");
    }
    world.folder.write("dist/north-east-2026.1.0.remitpack", &good);
    assert_eq!(world.pull().code, 0);
    // The copy that is in force is judged anew for each run.
    let mut bad = good.clone();
    bad[700] ^= 1;
    world.folder.write(&copy, &bad);
    for words in ["check", "explain", "pack verify"] {
        let told = world.run("system", words);
        assert_eq!(told.code, 3, "{words}");
        assert!(told.err.contains("was changed: it has not the digest in `remit.lock`, line 4"), "{}", told.err);
    }
    // And is put right by pulling.
    let told = world.pull();
    assert!(told.code == 0 && told.out.starts_with("pulled"), "{} {}", told.out, told.err);
    assert_eq!(fs::read(world.path(&copy)).expect("a copy"), good);
    fs::remove_file(world.path(&format!("{copy}.minisig"))).expect("removed");
    assert_eq!(world.run("system", "check").code, 3);
}

#[test]
fn keys_end_and_are_taken_away() {
    let mut world = World::in_force();
    world.trust(&world.trusted_key("[north-east]", "    until: 2026-11-23\n"));
    let told = world.run("system", "pack verify");
    assert!(told.code == 0 && told.out.contains("trusted until 2026-11-23: 0 days from today"), "{} {}", told.out, told.err);
    // Today decides, not the day as of which a plan is checked: that is 2019 here.
    world.today = Date::constant(2026, 11, 24);
    for words in ["check", "check --as-of 2026-11-23", "pack verify", "pack pull"] {
        let told = world.run("system", words);
        assert_eq!(told.code, 3, "{words}");
        assert!(told.err.contains("which `remit.yaml`, line 7, trusts until 2026-11-23"), "{words}: {}", told.err);
    }
    // A newer key beside it does not revive what the old one signed; the same key with a later day does.
    let newer = KeyPair::generate_unencrypted_keypair().expect("a key");
    let both = format!(
        "{}{}",
        world.trusted_key("[north-east]", "    until: 2026-11-23\n"),
        trusted_key(&newer.pk, PUBLISHER, "[north-east]", "")
    );
    world.trust(&both);
    assert_eq!(world.run("system", "check").code, 3);
    world.trust(&world.trusted_key("[north-east]", "    until: 2027-11-23\n"));
    assert_eq!(world.run("system", "check").err, "");
    // A key that is taken out of `remit.yaml` counts for nothing, at once.
    world.trust(&trusted_key(&newer.pk, PUBLISHER, "[north-east]", ""));
    assert_eq!(world.run("system", "check").code, 3);
    world.trust("");
    let told = world.run("system", "check");
    assert!(told.code == 3 && told.err.contains("which `remit.yaml` does not trust"), "{}", told.err);
}

#[test]
fn a_key_publishes_what_it_may_and_nothing_else() {
    let world = World::new();
    world.publish();
    for (packs, publisher, expected) in [
        ("[south-west]", PUBLISHER, "may not publish `north-east`: `remit.yaml`, line 7"),
        ("[north]", PUBLISHER, "may not publish `north-east`"),
        ("[north-eas-*]", PUBLISHER, "may not publish `north-east`"),
        ("[north-east-*]", PUBLISHER, "may not publish `north-east`"),
        ("[north-east]", "Somebody else", "says that `NHS England North East and Yorkshire` publishes it, and its key is not theirs"),
    ] {
        world.trust(&trusted_key(&world.key.pk, publisher, packs, ""));
        world.refused(3, expected);
    }
    // Entries do not add up: one has the name, another the publisher.
    let two = [trusted_key(&world.key.pk, PUBLISHER, "[south-west]", ""), trusted_key(&world.key.pk, "Somebody else", "[north-east]", "")];
    world.trust(&two.concat());
    world.refused(3, "its key is not theirs");
    for packs in ["north-east", "[south-west, north-east]", "[north-*]"] {
        world.trust(&world.trusted_key(packs, ""));
        assert_eq!(world.pull().code, 0, "{packs}");
    }
    // A region's key does not put its pack in the place of the national one.
    let national = [
        ("pack.yaml", &*PACK.replace("north-east", "nhs-people-framework").replace("extends: nhs-people-framework\n", "")),
        FILES[1],
        FILES[2],
    ];
    let archive = archive_of(&national, &json!({ "name": "nhs-people-framework" }));
    world.shelve("2026.1.0", &archive);
    fs::remove_file(world.path("system/remit.lock")).expect("removed");
    fs::remove_dir_all(world.path("system/.remit")).expect("removed");
    world.refused(3, "may not publish `nhs-people-framework`");
}

#[test]
fn what_was_signed_for_one_name_and_version_is_no_other() {
    let world = World::in_force();
    // An old version, signed and good, under the name of a new one.
    world.shelve("2026.2.0", &archive_of(&FILES, &json!({})));
    world.want("2026.2.0");
    world.refused(3, "is `north-east` 2026.1.0, where `north-east` 2026.2.0 was asked for");
    // A manifest that says otherwise than the pack.
    world.shelve("2026.2.0", &archive_of(&FILES, &json!({ "version": "2026.2.0" })));
    world.refused(3, "says otherwise in its `pack.yaml` than in its manifest");
}

#[test]
fn the_lock_holds_the_very_bytes() {
    let world = World::in_force();
    let rule = RULE.replace("warning", "note");
    let other = [FILES[0], FILES[1], ("rules/sro-is-named.yaml", &*rule)];
    world.shelve("2026.1.0", &archive_of(&other, &json!({})));
    // The copy that is there serves.
    assert_eq!(world.pull().code, 0);
    fs::remove_dir_all(world.path("system/.remit")).expect("removed");
    world.refused(3, "is not what was pulled before: it is sha256:");
    world.refused(3, "and `remit.lock`, line 4, says sha256:");
    let told = world.run("system", "check");
    assert_eq!((told.code, told.err.contains("is not among the copies in `.remit/packs`")), (2, true), "{}", told.err);
    // A lock that somebody changed.
    let lock = world.folder.read("system/remit.lock");
    let digest = hexadecimal(&archive_of(&other, &json!({})));
    let at = lock.find("sha256:").expect("a digest");
    world.folder.write("system/remit.lock", format!("{}sha256:{digest}{}", &lock[..at], &lock[at + 71..]).as_bytes());
    assert_eq!(world.run("system", "check").code, 2);
    for (text, words) in [
        ("", "`remit.lock`, line 1: this file is empty"),
        ("remit-lock: 2\npacks: []\n", "`remit.lock`, line 1: this file is of version 2, which this Remit does not know"),
        ("packs: []\n", "this file needs `remit-lock`"),
        (
            "remit-lock: 1\npacks:\n  - name: north-east\n    version: 1\n    from: x\n    digest: sha256:abc\n    key: 0\n",
            "`remit.lock`, line 6: `sha256:abc` is not a digest",
        ),
        ("remit-lock: 1\nremit-lock: 1\n", "`remit.lock`, line 2"),
        ("remit-lock: 1\npacks: &a [*a]\n", "`remit.lock`, line 2: an anchor is not allowed here"),
    ] {
        world.folder.write("system/remit.lock", text.as_bytes());
        for command in ["check", "pack pull", "pack verify"] {
            let told = world.run("system", command);
            assert_eq!(told.code, 3, "{text}: {}", told.err);
            assert!(told.err.contains(words), "{text}: {}", told.err);
        }
    }
    let twice = lock.replace("packs:\n", &format!("packs:\n{}", lock.split("packs:\n").nth(1).expect("packs")));
    world.folder.write("system/remit.lock", twice.as_bytes());
    let told = world.run("system", "check");
    assert!(told.code == 3 && told.err.contains("`remit.lock`, line 9: the pack `north-east` stands here twice"), "{}", told.err);
}

#[test]
fn an_archive_holds_files_of_a_pack_and_nothing_else() {
    let world = World::in_force();
    fs::remove_file(world.path("system/remit.lock")).expect("removed");
    fs::remove_dir_all(world.path("system/.remit")).expect("removed");
    let with = |entries: &[Entry]| {
        let mut all = vec![file("manifest.json", manifest(&FILES, &json!({})))];
        all.extend(FILES.iter().map(|(path, text)| file(path, *text)));
        all.extend_from_slice(entries);
        tar_of(&all)
    };
    let special = |kind: u8, link: &'static str| Entry { kind, link, ..file("rules/a.md", "") };
    let good = archive_of(&FILES, &json!({}));
    let mut long_name = file("rules/a.md", "x");
    long_name.path = b"././@LongLink".to_vec();
    long_name.kind = b'L';
    let mut pax = file("pax", "20 path=../../a.md\n\n");
    pax.kind = b'x';
    let many: Vec<Entry> = (0..10_001).map(|at| file(&format!("rules/r{at}.md"), "")).collect();
    let mut compressed = vec![0x1f, 0x8b, 8, 0];
    compressed.extend_from_slice(&good);
    let mut nested = "[".repeat(100_000);
    nested.push_str(&"]".repeat(100_000));
    let upside_down = [FILES[2], FILES[1], FILES[0]];
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("lies outside the pack's folder", with(&[file("../evil.md", "x")])),
        ("lies outside the pack's folder", with(&[file("rules/../../evil.md", "x")])),
        ("lies outside the pack's folder", with(&[file("/etc/evil.md", "x")])),
        ("lies outside the pack's folder", with(&[file("rules\\..\\evil.md", "x")])),
        ("lies outside the pack's folder", with(&[file("C:evil.md", "x")])),
        ("a name that not every machine can have", with(&[file("rules/con.md", "x")])),
        ("a name that not every machine can have", with(&[file("rules/.hidden.md", "x")])),
        ("a name that not every machine can have", with(&[file("rules//a.md", "x")])),
        ("a name that not every machine can have", with(&[file("rules/a b.md", "x")])),
        ("a name that not every machine can have", with(&[file("a/b/c/d/e/f/g/h/i.md", "x")])),
        ("which is neither YAML nor Markdown nor CSV", with(&[file("run.sh", "x")])),
        ("whose name is no text", with(&[Entry { path: b"rules/\xff.md".to_vec(), ..file("", "x") }])),
        ("which is a link", with(&[special(b'2', "/etc/passwd")])),
        ("which is a link", with(&[special(b'1', "pack.yaml")])),
        ("where only files belong", with(&[special(b'5', "")])),
        ("which is no ordinary file", with(&[special(b'3', "")])),
        ("which is no ordinary file", with(&[special(b'6', "")])),
        ("which is no ordinary file", with(&[special(b'S', "")])),
        ("which is no ordinary file", with(&[long_name])),
        ("which is no ordinary file", with(&[pax])),
        ("holds `pack.yaml` twice", with(&[file("pack.yaml", PACK)])),
        ("holds `PACK.yaml` twice", with(&[file("PACK.yaml", PACK)])),
        ("which is not UTF-8 text", with(&[file("rules/a.md", vec![0xff, 0xfe])])),
        ("which its manifest does not name", with(&[file("rules/a.md", "x")])),
        ("is cut off within `rules/a.md`", with(&[Entry { size: Some(10 << 30), ..file("rules/a.md", "x") }])),
        ("more than 10000 files", with(&many)),
        ("is compressed", compressed),
        ("is compressed", [&[0x28, 0xb5, 0x2f, 0xfd][..], &good].concat()),
        ("does not begin with `manifest.json`", tar_of(&[file("pack.yaml", PACK)])),
        ("does not begin with `manifest.json`", Vec::new()),
        ("does not begin with `manifest.json`", vec![0; 4096]),
        ("is no archive, or is cut off", b"<html>nothing here</html>".repeat(100)),
        ("is cut off", good[..good.len() / 2 + 100].to_vec()),
        ("is not the archive that `remit pack publish` makes", good[..good.len() - 512].to_vec()),
        ("is not the archive that `remit pack publish` makes", [&good[..], &[0; 512]].concat()),
        ("is not the archive that `remit pack publish` makes", [&good[..], b"and something after the end"].concat()),
        (
            "is not the archive that `remit pack publish` makes",
            tar_of(
                &[
                    vec![file("manifest.json", manifest(&FILES, &json!({})))],
                    FILES.iter().map(|(path, text)| Entry { mode: 0o777, ..file(path, *text) }).collect(),
                ]
                .concat(),
            ),
        ),
        (
            "is not the archive that `remit pack publish` makes",
            tar_of(
                &[
                    vec![file("manifest.json", manifest(&FILES, &json!({})))],
                    FILES.iter().map(|(path, text)| Entry { mtime: 1, ..file(path, *text) }).collect(),
                ]
                .concat(),
            ),
        ),
        ("is not the archive that `remit pack publish` makes", archive_of(&upside_down, &json!({}))),
        ("has a `manifest.json` that cannot be read", tar_of(&[file("manifest.json", "{}")])),
        ("has a `manifest.json` that cannot be read", tar_of(&[file("manifest.json", nested)])),
        (
            "has a `manifest.json` that cannot be read",
            tar_of(&[file("manifest.json", manifest(&FILES, &json!({})).replacen("\"name\"", "\"more\": 1, \"name\"", 1))]),
        ),
        ("is of version 2, which this Remit does not know", archive_of(&FILES, &json!({ "remit-pack": 2 }))),
        ("has a digest of its files that differs", archive_of(&FILES, &json!({ "digest": "sha256:0" }))),
        (
            "lacks `rules/sro-is-named.yaml`",
            tar_of(&[file("manifest.json", manifest(&FILES, &json!({}))), file("pack.yaml", PACK), file("rules/sro-is-named.md", PAGE)]),
        ),
        (
            "holds a `pack.yaml` that differs",
            tar_of(&[file("manifest.json", manifest(&FILES, &json!({}))), file("pack.yaml", PACK.replace("region", "nation"))]),
        ),
    ];
    for (words, archive) in cases {
        world.shelve("2026.1.0", &archive);
        world.refused(3, words);
    }
    // Ten gigabytes on the shelf: nobody reads them.
    fs::File::create(world.path("dist/north-east-2026.1.0.remitpack")).expect("a file").set_len(10 << 30).expect("room");
    world.refused(3, "is larger than the 67108864 bytes that belong there");
    assert!(!world.path("evil.md").exists() && !world.path("system/evil.md").exists());
    world.shelve("2026.1.0", &good);
    assert_eq!(world.pull().code, 0);
}

/// A signature says who wrote a pack, not that it is good: it is loaded with all others before it is put in force.
#[test]
fn a_signed_pack_that_is_invalid_is_not_put_in_force() {
    let world = World::in_force();
    let before = world.state();
    let bomb = format!("{}a: &a [x, x]\n", PACK);
    let nested = format!("{}title2: {}{}\n", PACK, "[".repeat(5_000), "]".repeat(5_000));
    let aliases: String = (0..30).map(|at| format!("b{at}: &b{at} [*b{}, *b{}]\n", at - 1, at - 1)).collect();
    let cycle = format!("{PACK}c: &c [*c]\n");
    let twice = format!("{PACK}tier: nation\n");
    for (what, pack, words) in [
        ("an anchor", bomb, "an anchor is not allowed here"),
        ("a bomb", format!("{PACK}{aliases}"), "an alias is not allowed here"),
        ("deep nesting", nested, "nested"),
        ("a cycle", cycle, "an alias is not allowed here"),
        ("a key twice", twice, "tier"),
        ("no YAML", "name: [".to_owned(), ""),
        ("an unknown tier", PACK.replace("region", "continent"), "there is no tier `continent`"),
        ("a name that climbs", PACK.replace("north-east", "../north-east"), "is not a pack's name"),
    ] {
        let pack = pack.replace("2026.1.0", "2026.2.0");
        let files = [("pack.yaml", &*pack), FILES[1], FILES[2]];
        world.shelve("2026.2.0", &archive_of(&files, &json!({ "version": "2026.2.0" })));
        world.want("2026.2.0");
        let told = world.pull();
        assert_eq!(told.code, 3, "{what}: {}", told.err);
        assert!(told.err.contains(words), "{what}: {}", told.err);
        // Nor is it published in the first place.
        world.folder.write("next/pack.yaml", pack.as_bytes());
        world.folder.write("next/rules/sro-is-named.md", PAGE.as_bytes());
        world.folder.write("next/rules/sro-is-named.yaml", RULE.as_bytes());
        let told = world.run("", "pack publish next --to elsewhere --key ours.key");
        assert_eq!(told.code, 3, "{what}: {}", told.err);
        assert!(!world.path("elsewhere").exists(), "{what}");
        world.want("2026.1.0");
        assert!(world.state() == before, "{what}");
    }
}

/// All packs are put in force, or none.
#[test]
fn one_bad_pack_holds_back_the_others() {
    let world = World::new();
    world.publish();
    let key = world.trusted_key("[north-east, south-west]", "");
    let both = format!(
        "packs:\n  - {{ name: north-east, version: 2026.1.0, from: ../dist }}\n  - {{ name: south-west, version: 1.0.0, from: ../dist }}\ntrusted-keys:\n{key}"
    );
    world.folder.write("system/remit.yaml", both.as_bytes());
    world.refused(2, "`remit.yaml`, line 3: there is no `../dist/south-west-1.0.0.remitpack`");
    world.folder.write("dist/south-west-1.0.0.remitpack", b"x");
    world.refused(3, "has no signature");
    assert!(!world.path("system/remit.lock").exists() && !world.path("system/.remit").exists());
}

/// The newer version that `remit.yaml` asks for is not there yet: the one in force goes on, and says so.
#[test]
fn the_old_pack_stays_in_force() {
    let world = World::in_force();
    world.want("2026.2.0");
    let told = world.run("system", "check --format json");
    assert!(told.out.contains("2026.1.0"), "{}", told.out);
    assert_eq!(
        told.err,
        "remit: `remit.yaml`, line 3, asks for `north-east` 2026.2.0; 2026.1.0 stays in force until `remit pack pull` has brought it\n"
    );
    let told = world.run("system", "pack verify");
    assert!(told.code == 3 && told.err.contains("stays in force"), "{}", told.err);
}

#[test]
fn settings_of_trust_that_are_wrong_say_where() {
    let world = World::new();
    let key = world.key.pk.to_base64();
    for (text, words) in [
        ("packs:\n  - name: ../x\n    version: 1\n    from: x\n".to_owned(), "line 2: `../x` is not a pack's name"),
        ("packs:\n  - name: x\n    version: ../1\n    from: x\n".to_owned(), "line 3: `../1` is not a version"),
        ("packs:\n  - name: x\n    from: x\n".to_owned(), "line 2: a published pack needs `version`"),
        ("packs:\n  - name: x\n    version: 1\n    form: x\n".to_owned(), "line 2: a published pack needs `from`"),
        (
            "packs:\n  - { name: x, version: 1, from: x }\n  - { name: x, version: 2, from: x }\n".to_owned(),
            "line 3: the pack `x` stands here twice",
        ),
        ("trusted-keys:\n  - publisher: x\n    key: RWabc\n    packs: [x]\n".to_owned(), "line 3: this is not a public key"),
        (format!("trusted-keys:\n  - publisher: x\n    key: {key}\n"), "line 2: a trusted key needs `packs`"),
        (format!("trusted-keys:\n  - publisher: x\n    key: {key}\n    packs: []\n"), "line 4: this key may publish nothing"),
        (
            format!("trusted-keys:\n  - publisher: x\n    key: {key}\n    packs: ['*']\n"),
            "line 4: `*` does not say which packs it may publish",
        ),
        (
            format!("trusted-keys:\n  - publisher: x\n    key: {key}\n    packs: [x]\n    until: 2026-02-30\n"),
            "line 5: there is no day 2026-02-30",
        ),
        (
            format!("trusted-keys:\n  - publisher: x\n    key: {key}\n    packs: [x]\n    untill: 2026-02-28\n"),
            "line 5: a trusted key has no `untill`",
        ),
        ("trusted-keys: yes\n".to_owned(), "line 1: `trusted-keys` is a list"),
        ("as-of: 2019-10-01\nas-of: 2019-10-02\n".to_owned(), "line 2"),
        ("packs: &a [*a]\n".to_owned(), "line 1: an anchor is not allowed here"),
        (format!("packs: {}x{}\n", "[".repeat(5_000), "]".repeat(5_000)), "line 1"),
        ("--- \nas-of: 2019-10-01\n---\nas-of: 2019-10-02\n".to_owned(), "line 4: there is a second document"),
    ] {
        world.folder.write("system/remit.yaml", text.as_bytes());
        for command in ["check", "pack pull"] {
            let told = world.run("system", command);
            assert_eq!(told.code, 2, "{text}");
            assert!(told.err.starts_with("remit: `remit.yaml`, ") && told.err.contains(words), "{text}: {}", told.err);
        }
    }
    for from in ["ftp://x/y", "oci://", "https://", "oci://x@y/z", "https://a/../b", "\"\""] {
        world.folder.write("system/remit.yaml", format!("packs:\n  - name: x\n    version: 1\n    from: {from}\n").as_bytes());
        let told = world.pull();
        assert_eq!(told.code, 2, "{from}");
        assert!(told.err.contains("line 2: `") && told.err.contains("is no place where packs are published"), "{from}: {}", told.err);
    }
}

#[test]
fn a_version_that_is_published_never_changes() {
    let world = World::new();
    world.publish();
    assert!(world.publish().out.starts_with("is there already"));
    world.folder.write("north-east/rules/sro-is-named.yaml", RULE.replace("warning", "note").as_bytes());
    let told = world.run("", "pack publish north-east --to dist --key ours.key");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("`dist/north-east-2026.1.0.remitpack` is published already, and it is not this"), "{}", told.err);
}

#[test]
fn publishing_asks_for_what_is_needed() {
    let world = World::new();
    let err = |words: &str| {
        let told = world.run("", words);
        assert_ne!(told.code, 0, "{words}");
        assert!(!world.path("dist").exists(), "{words}");
        told.err
    };
    assert!(err("pack publish north-east --to dist").contains("no key is given"));
    assert!(err("pack publish north-east --to https://packs.example --unsigned").contains("into a folder only"));
    assert!(err("pack publish north-est --to dist --key ours.key").contains("did you mean `north-east`?"));
    assert!(err("pack publish north-east --to dist --key our.key").contains("did you mean `ours.key`?"));
    assert!(err("pack publish north-east --to dist --key north-east/pack.yaml").contains("is no secret key"));
    assert!(err("pack publish north-east --to ftp://x --key ours.key").contains("is no place where packs are published"));
    world.folder.write("north-east/pack.yaml", PACK.replace("publisher: NHS England North East and Yorkshire\n", "").as_bytes());
    assert!(err("pack publish north-east --to dist --key ours.key").contains("`north-east/pack.yaml` does not say who publishes the pack"));
    world.folder.write("north-east/pack.yaml", PACK.as_bytes());
    world.folder.write("north-east/data/NUL.csv", b"a,b\n");
    assert!(err("pack publish north-east --to dist --key ours.key").contains("a name that not every machine can have"));
}

/// Made here without a signature, signed by whoever has the key, published from there.
#[test]
fn a_pack_may_be_signed_elsewhere() {
    let world = World::new();
    let told = world.run("", "pack publish north-east --to made --unsigned");
    assert!(told.code == 0 && told.out.contains("not signed"), "{} {}", told.out, told.err);
    let told = world.run("", "pack publish made/north-east-2026.1.0.remitpack --to dist");
    assert!(told.code == 2 && told.err.contains("is not signed"), "{}", told.err);
    let archive = fs::read(world.path("made/north-east-2026.1.0.remitpack")).expect("made");
    world.folder.write("made/north-east-2026.1.0.remitpack.minisig", sign(&world.key.sk, &archive).as_bytes());
    let told = world.run("", "pack publish made/north-east-2026.1.0.remitpack --to dist");
    assert_eq!(told.code, 0, "{}", told.err);
    assert_eq!(world.pull().code, 0);
    world.folder.write("ours.key.pub", world.key.pk.to_box().expect("a key").into_string().as_bytes());
    let told = world.run("", "pack verify made/north-east-2026.1.0.remitpack --key ours.key.pub");
    assert!(told.code == 0 && told.out.contains("good       north-east 2026.1.0"), "{} {}", told.out, told.err);
    let other = KeyPair::generate_unencrypted_keypair().expect("a key").pk.to_base64();
    let told = world.run("", &format!("pack verify made/north-east-2026.1.0.remitpack --key {other}"));
    assert!(told.code == 3 && told.err.contains("is signed by the key"), "{}", told.err);
    fs::remove_file(world.path("made/north-east-2026.1.0.remitpack.minisig")).expect("removed");
    let told = world.run("", "pack verify made/north-east-2026.1.0.remitpack --key ours.key.pub");
    assert!(told.code == 3 && told.err.contains("has no signature"), "{}", told.err);
}

#[test]
fn keys_are_made_and_shown_and_never_written_over() {
    let world = World::new();
    let told = world.run("", "pack key new theirs.key --no-password");
    assert_eq!(told.code, 0, "{}", told.err);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(world.path("theirs.key")).expect("made").permissions().mode() & 0o777, 0o600);
    }
    let key = world.folder.read("theirs.key.pub").lines().nth(1).expect("a key").to_owned();
    assert!(told.out.contains(&format!("    key: {key}\n")), "{}", told.out);
    assert!(world.run("", "pack key show theirs.key.pub").out.contains(&key));
    assert!(world.run("", &format!("pack key show {key}")).out.contains(&key));
    let told = world.run("", "pack key new theirs.key --no-password");
    assert!(told.code == 2 && told.err.contains("is there already, and a key is never written over"), "{}", told.err);
    let told = world.run("", "pack key new other.key");
    assert!(told.code == 2 && told.err.contains("the password cannot be asked for"), "{}", told.err);
    assert!(!world.path("other.key").exists());
    assert_eq!(world.run("", "pack key show ours.key").code, 2);
}
