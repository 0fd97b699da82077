//! Tells Zed how to start the language server.

use zed_extension_api::{Command, Extension, LanguageServerId, Result, Worktree, register_extension};

struct Remit;

impl Extension for Remit {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree.which("remit").ok_or("remit is not on the PATH: install it with `cargo install --path crates/remit`")?;
        Ok(Command { command, args: vec!["lsp".to_owned()], env: worktree.shell_env() })
    }
}

register_extension!(Remit);
