//! The interpreter host process: requests on standard input, replies on standard output, all else on standard error.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::Builder;

use clap::Parser;
use resolve_python::frames::{Pipe, REPLY_QUEUE, REQUEST_QUEUE, read_requests, write_refusals};
use resolve_python::host::{Backend, Config};
use resolve_python::pipes::{leave, take_standard_streams};
use resolve_python::thread;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Exit status when Python or the process itself could not start; the reason is on standard error.
const NOT_STARTED: i32 = 2;
/// Exit status when the two sides of the pipe no longer understand each other.
const PROTOCOL: i32 = 3;

/// The variable that says what is logged, such as `info` or `resolve_python=debug`.
const LOG: &str = "DAVINCI_MCP_LOG";

/// Runs Python for davinci-mcp-server, which starts this program and talks to it over pipes.
#[derive(Debug, Parser)]
#[command(name = "resolve-python", version)]
struct Arguments {
    /// Who answers as Resolve: the headless engine, or an installed DaVinci Resolve that runs.
    #[arg(long, value_enum)]
    backend: Backend,
    /// The bin/python of the virtual environment whose packages are used.
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// The folder of the engine's data.
    #[arg(long, value_name = "DIR")]
    engine_home: Option<PathBuf>,
    /// Where DaVinci Resolve is installed, if not at the usual place.
    #[arg(long, value_name = "DIR")]
    install: Option<PathBuf>,
}

fn main() {
    let Arguments { backend, python, engine_home, install } = Arguments::parse();
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(false);
    tracing_subscriber::registry().with(lines).with(log_filter()).init();
    if let Err(error) = run(Config { backend, python, engine_home, install }) {
        fail(NOT_STARTED, &error);
    }
    leave(0);
}

/// Starts the three threads and waits for the interpreter's.
fn run(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    let pipes = take_standard_streams()?;
    let (requests, received) = crossbeam_channel::bounded(REQUEST_QUEUE);
    let replies = Arc::new(Pipe::new(pipes.replies));
    let (refusals, refused) = crossbeam_channel::bounded(REPLY_QUEUE);
    let output = Arc::clone(&replies);
    Builder::new().name("refusals".to_owned()).spawn(move || {
        // When nobody reads, the server is gone, and nothing that is still running is of use to anyone.
        if let Err(error) = write_refusals(&*output, &refused) {
            tracing::info!(%error, "the reply pipe has ended");
            leave(0);
        }
    })?;
    Builder::new().name("requests".to_owned()).spawn(move || {
        // The end of the pipe ends the process at once, also in the middle of a call: what was answered is
        // stored, and a call that hangs would never let go.
        match read_requests(pipes.requests, &requests, &refusals) {
            Ok(()) => leave(0),
            Err(error) => fail(PROTOCOL, &error),
        }
    })?;
    match thread::spawn(config, received, replies)?.join() {
        Ok(started) => Ok(started?),
        Err(_) => Err("the interpreter thread panicked".into()),
    }
}

/// What is logged: by the variable that the server reads too, else warnings.
fn log_filter() -> Targets {
    let warnings = || Targets::new().with_default(LevelFilter::WARN);
    let Ok(wanted) = std::env::var(LOG) else { return warnings() };
    wanted.parse().unwrap_or_else(|error| {
        eprintln!(
            "resolve-python: {LOG} is '{wanted}', which is not understood ({error}); warnings are logged"
        );
        warnings()
    })
}

/// Says why on standard error and ends the process.
fn fail(status: i32, error: &dyn std::fmt::Display) -> ! {
    eprintln!("resolve-python: {error}");
    leave(status)
}
