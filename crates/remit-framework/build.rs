//! Lists the files of the packs, so that a rule added as two files is embedded with no Rust touched.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("packs");
    let mut list = String::from("[\n");
    let mut packs: Vec<PathBuf> = fs::read_dir(&root)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    packs.retain(|pack| pack.is_dir());
    packs.sort();
    for pack in &in_building_order(packs)? {
        let name = pack.file_name().unwrap_or_default().to_string_lossy();
        let mut files = Vec::new();
        collect(pack, &mut files)?;
        files.sort();
        let _ = writeln!(list, "({name:?}, &[");
        for file in files {
            let within = file.strip_prefix(pack).unwrap_or(&file).to_string_lossy().replace('\\', "/");
            let _ = writeln!(list, "  ({within:?}, include_str!({:?})),", file.to_string_lossy());
        }
        list.push_str("]),\n");
    }
    list.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default()).join("packs.rs");
    fs::write(out, list)?;
    println!("cargo::rerun-if-changed={}", root.display());
    Ok(())
}

/// A pack that extends another comes after it; otherwise by name.
fn in_building_order(mut waiting: Vec<PathBuf>) -> io::Result<Vec<PathBuf>> {
    let mut ordered: Vec<PathBuf> = Vec::new();
    while !waiting.is_empty() {
        let mut ready = None;
        for (at, pack) in waiting.iter().enumerate() {
            let head = fs::read_to_string(pack.join("pack.yaml"))?;
            let extends = head.lines().find_map(|line| line.strip_prefix("extends:")).unwrap_or("");
            let later = |other: &PathBuf| other != pack && other.file_name().is_some_and(|name| extends.contains(&*name.to_string_lossy()));
            if !waiting.iter().any(later) {
                ready = Some(at);
                break;
            }
        }
        let Some(at) = ready else { return Err(io::Error::other("packs that extend one another in a circle")) };
        ordered.push(waiting.remove(at));
    }
    Ok(ordered)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| ["yaml", "md", "csv"].iter().any(|known| extension == *known)) {
            files.push(path);
        }
    }
    Ok(())
}
