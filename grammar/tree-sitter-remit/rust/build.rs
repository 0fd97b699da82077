//! Compiles the generated parser and its scanner.

fn main() {
    let source = std::path::Path::new("src");
    let mut build = cc::Build::new();
    // The parser is generated, and the scanner's functions are called by name from it.
    build.include(source).std("c11").flag_if_supported("-Wno-unused");
    for file in ["parser.c", "scanner.c"] {
        let file = source.join(file);
        println!("cargo:rerun-if-changed={}", file.display());
        build.file(file);
    }
    build.compile("tree-sitter-remit");
}
