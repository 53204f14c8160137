//! The program: arguments, log, the actors, and the protocol on stdin and stdout until they end.

use std::process::ExitCode;

use clap::Parser;
use davinci_resolve_mcp::options::Options;
use davinci_resolve_mcp::{log, serve};

fn main() -> ExitCode {
    let options = Options::parse();
    if let Err(error) = log::start(&options) {
        // No log yet, and stdout belongs to the protocol.
        eprintln!("davinci-mcp-server: {error}");
        return ExitCode::from(2);
    }
    serve::until_the_end(&options)
}
