//! Where the log goes: stderr or a file, never stdout, which belongs to the protocol.

use std::fs::OpenOptions;
use std::io::IsTerminal;
use std::sync::Mutex;

use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::options::Options;

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The filter is not in the words of tracing-subscriber.
    #[error(
        "the log filter '{filter}' is not understood ({source}); write it as info or resolve_actors=debug,warn"
    )]
    Filter {
        /// What was given.
        filter: String,
        /// What is wrong with it.
        source: tracing_subscriber::filter::ParseError,
    },
    /// The file cannot be written.
    #[error("the log file {path} cannot be written ({source}); name another with --log-file")]
    File {
        /// Its path.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
}

/// Starts the log of this process.
///
/// # Errors
/// [`LogError`] when the filter or the file is unusable.
pub fn start(options: &Options) -> Result<(), LogError> {
    let filter: Targets =
        options.log.parse().map_err(|source| LogError::Filter { filter: options.log.clone(), source })?;
    let (writer, colours) = match &options.log_file {
        None => (BoxMakeWriter::new(std::io::stderr), std::io::stderr().is_terminal()),
        Some(path) => {
            let file = OpenOptions::new()
                .create(true)
                .append(true)
                .open(path)
                .map_err(|source| LogError::File { path: path.display().to_string(), source })?;
            (BoxMakeWriter::new(Mutex::new(file)), false)
        }
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(writer).with_ansi(colours);
    tracing_subscriber::registry().with(lines).with(filter).init();
    Ok(())
}
