//! The tree-sitter grammar of Remit as a Rust library: what the tests hold against the compiler's own parser.

use tree_sitter_language::LanguageFn;

#[expect(unsafe_code, reason = "the C function of the generated parser, which every grammar of tree-sitter has")]
unsafe extern "C" {
    fn tree_sitter_remit() -> *const ();
}

/// The grammar, for `tree_sitter::Parser::set_language`.
#[expect(unsafe_code, reason = "that function gives a language, and nothing else")]
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_remit) };
