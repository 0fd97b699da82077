//! Writes the parser from `grammar.js`, as the tree-sitter command line does; with `--check`, says whether what is kept is that.

use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use tree_sitter_generate::{OptLevel, generate_parser_in_directory};

/// What Neovim 0.7, Emacs 29 and everything newer can load.
const ABI: usize = 14;

fn main() -> ExitCode {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let check = env::args().any(|argument| argument == "--check");
    let kept = home.join("src");
    let made = if check { env::temp_dir().join(format!("tree-sitter-remit-{}", std::process::id())) } else { kept.clone() };
    let mut remarks = Vec::new();
    let no_path = None::<&Path>;
    let result = generate_parser_in_directory(home, Some(&made), no_path, ABI, None, Some("node"), true, OptLevel::default(), &mut remarks);
    for remark in remarks {
        eprintln!("{remark:?}");
    }
    if let Err(error) = result {
        eprintln!("{error}");
        return ExitCode::FAILURE;
    }
    if !check {
        return ExitCode::SUCCESS;
    }
    let mut same = true;
    for file in ["parser.c", "grammar.json", "node-types.json"] {
        if fs::read(made.join(file)).ok() != fs::read(kept.join(file)).ok() {
            eprintln!("src/{file} is not what grammar.js makes: run `cargo run -p tree-sitter-remit --features generate`");
            same = false;
        }
    }
    let _ = fs::remove_dir_all(&made);
    if same { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
