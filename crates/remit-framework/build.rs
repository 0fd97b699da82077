//! Lists the files of the packs, so that a rule added as two files is embedded with no Rust touched.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join("packs");
    let mut list = String::from("[\n");
    let mut packs: Vec<PathBuf> = fs::read_dir(&root)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<_>>()?;
    packs.sort();
    for pack in packs.iter().filter(|pack| pack.is_dir()) {
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
