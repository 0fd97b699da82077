//! The program `remit`: the real folder, clock and terminal, given to [`remit::run`].

use std::io::{self, IsTerminal, Read, Write};
use std::process::ExitCode;

use anstream::{AutoStream, ColorChoice};

fn main() -> ExitCode {
    let stdout = io::stdout();
    let color = AutoStream::choice(&stdout) != ColorChoice::Never;
    let environment = remit::Environment {
        folder: std::env::current_dir().unwrap_or_else(|_| ".".into()),
        today: jiff::ZonedDateTime::now().date(),
        color,
        color_of_errors: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
        width: if stdout.is_terminal() { terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)) } else { None },
        watched: io::stderr().is_terminal(),
        variable: &|name| std::env::var(name).ok(),
        password: &|prompt| rpassword::prompt_password(prompt),
        input: &|| {
            let mut bytes = Vec::new();
            io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        },
    };
    // Where there is colour, the stream translates it for consoles that need that; elsewhere not a byte is touched.
    // Neither stream is locked, since the language server writes from other threads.
    let mut out: Box<dyn Write> = if color { Box::new(AutoStream::always(stdout)) } else { Box::new(stdout) };
    ExitCode::from(remit::run(std::env::args_os(), &mut out, &mut anstream::stderr(), &environment))
}
