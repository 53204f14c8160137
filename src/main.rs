//! The program: arguments, log, the actors, and the protocol on stdin and stdout until they end; or the journal.

use std::process::ExitCode;

use clap::Parser;
use davinci_resolve_mcp::options::{Command, Options};
use davinci_resolve_mcp::{history, log, serve};

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(Command::Journal { session }) = options.command {
        return match history::write_lines(session, &mut std::io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("davinci-mcp-server: {error}");
                ExitCode::FAILURE
            }
        };
    }
    if let Err(error) = log::start(&options) {
        // No log yet, and stdout belongs to the protocol.
        eprintln!("davinci-mcp-server: {error}");
        return ExitCode::from(2);
    }
    serve::until_the_end(&options)
}
