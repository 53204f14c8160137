//! The life of the process: starts the actors, serves its clients, and leaves within 100 ms of their end.

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use resolve_actors::{Backend, Config, System};
use rmcp::ServiceExt;
use rmcp::transport::io::stdio_pipes;
use tokio::task::AbortHandle;
use tokio_util::sync::CancellationToken;

use crate::history::History;
use crate::http::Front;
use crate::http::options::HttpError;
use crate::metrics::Page;
use crate::metrics_port::{MetricsError, MetricsPort};
use crate::options::{Missing, Options};
use crate::server::ResolveServer;
use crate::status::Setup;
use crate::stdio::Stdio;

/// How long the answers of calls in flight may take to leave after the end; with [`STOP_WITHIN`] it stays below
/// the 100 ms that are promised.
const ANSWERS_WITHIN: Duration = Duration::from_millis(25);

/// How long the actors may take to end the host; they promise 50 ms.
const STOP_WITHIN: Duration = Duration::from_millis(60);

/// Serves stdin and stdout until stdin ends or a signal asks to stop; with an address, HTTP until a signal does.
pub fn until_the_end(options: &Options) -> ExitCode {
    // One thread: a call is a few microseconds of ours between two processes, and waking a second thread would
    // cost more than it could take over. What is slow runs in the host or on the blocking pool.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(
                "the runtime cannot be started ({error}); the system may be out of threads or files"
            );
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(serve(options));
    // A read of stdin that still blocks on its thread must not keep the process.
    runtime.shutdown_background();
    code
}

async fn serve(options: &Options) -> ExitCode {
    let end = CancellationToken::new();
    let signals = match signals(end.clone()) {
        Ok(signals) => signals,
        Err(error) => {
            tracing::error!("signals cannot be received ({error})");
            return ExitCode::FAILURE;
        }
    };
    let front = match open_front(options).await {
        Ok(front) => front,
        Err(error) => {
            // Like a wrong argument.
            say(&error.to_string());
            return ExitCode::from(2);
        }
    };
    let port = match open_metrics(options).await {
        Ok(port) => port,
        Err(error) => {
            say(&error.to_string());
            return ExitCode::from(2);
        }
    };
    for line in front.iter().flat_map(Front::announcement) {
        say(&line);
    }
    let (setup, system) = start_system(options);
    let metrics = port.map(|port| serve_metrics(port, &system));
    let history = History::begin();
    if let (Ok(system), Some(history)) = (&system, &history) {
        system.note_journal(history.journal());
    }
    let server = ResolveServer::new(setup, &options.toolset, system.clone(), history, end.clone());
    if let (Some(session), Some(project)) = (&options.replay, &options.into) {
        let replayed = server.replay(session, project, &mut std::io::stdout(), &end).await;
        if let Err(error) = &replayed {
            say(&format!("{}; {}", error.message, error.hint));
        }
        stop(system.ok()).await;
        signals.abort();
        return if replayed.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    server.start_left_renders();
    #[cfg(feature = "conformance")]
    let server = crate::fixtures::Fixtures::around(server);
    // One type for both fronts: the protocol's code is in the program once.
    let server = Arc::new(server);
    let served = match front {
        Some(front) => {
            front.serve(server, &end).await;
            ExitCode::SUCCESS
        }
        None => {
            let (input, output) = stdio_pipes();
            serve_client(server, Stdio::new(input, output, end.clone()), &end).await
        }
    };
    stop(system.ok()).await;
    if let Some(metrics) = metrics.flatten() {
        metrics.abort();
    }
    signals.abort();
    served
}

async fn stop(system: Option<Arc<System>>) {
    if let Some(system) = system
        && tokio::time::timeout(STOP_WITHIN, system.stop()).await.is_err()
    {
        tracing::warn!("the interpreter did not stop within {STOP_WITHIN:?}");
    }
}

/// Tells whoever started this, wherever the log goes: they wait for an address. Nobody listening is no reason to
/// leave, as `eprintln!` would.
fn say(line: &str) {
    if let Err(error) = writeln!(std::io::stderr(), "davinci-mcp-server: {line}") {
        tracing::debug!("stderr is closed: {error}");
    }
}

/// Listens where the options say, before anything is started that would have to be stopped.
async fn open_front(options: &Options) -> Result<Option<Front>, HttpError> {
    match options.http.address {
        Some(address) => Front::open(address, &options.http).await.map(Some),
        None => Ok(None),
    }
}

/// Listens for collectors, where the options say so.
async fn open_metrics(options: &Options) -> Result<Option<MetricsPort>, MetricsError> {
    match options.metrics {
        Some(address) => MetricsPort::open(address).await.map(Some),
        None => Ok(None),
    }
}

/// Serves the numbers of a system, where there is one.
fn serve_metrics(port: MetricsPort, system: &Result<Arc<System>, Missing>) -> Option<AbortHandle> {
    match system {
        Ok(system) => {
            say(&port.announcement());
            Some(tokio::spawn(port.serve(Page::of(system.clone()))).abort_handle())
        }
        Err(missing) => {
            say(&format!("there are no metrics: {}", missing.reason));
            None
        }
    }
}

async fn serve_client<S, T>(server: S, transport: T, end: &CancellationToken) -> ExitCode
where
    S: rmcp::ServerHandler,
    T: rmcp::transport::Transport<rmcp::RoleServer, Error = std::io::Error> + 'static,
{
    // rmcp's own token, so that what it cancels by itself does not count as our end.
    let serving = CancellationToken::new();
    let opening = server.serve_with_ct(transport, serving.child_token());
    let service = tokio::select! {
        opened = opening => match opened {
            Ok(service) => service,
            Err(error) if end.is_cancelled() => {
                tracing::debug!("the client left before it opened a session: {error}");
                return ExitCode::SUCCESS;
            }
            Err(error) => {
                tracing::error!("the session could not be opened: {error}");
                return ExitCode::FAILURE;
            }
        },
        () = end.cancelled() => return ExitCode::SUCCESS,
    };
    let mut waiting = std::pin::pin!(service.waiting());
    tokio::select! {
        _ = &mut waiting => return ExitCode::SUCCESS,
        () = end.cancelled() => serving.cancel(),
    }
    if tokio::time::timeout(ANSWERS_WITHIN, waiting).await.is_err() {
        tracing::debug!("the client did not read its last answers");
    }
    ExitCode::SUCCESS
}

fn start_system(options: &Options) -> (Setup, Result<Arc<System>, Missing>) {
    let choice = options.choose_backend();
    let command = options.host_command(choice.backend);
    let setup = Setup::new(options, choice, command.as_ref().ok().map(|command| command.program.clone()));
    let system = command.and_then(|command| {
        let mut config = Config::new(command, setup.backend);
        if let Some(options) = &options.deadlines {
            options.set(&mut config.deadlines, &mut config.restarts);
        }
        config.prober = options.python.clone();
        // An installed Resolve's folder belongs to the system; the engine's is ours to copy LUTs into.
        config.lut_folder = setup
            .engine_home
            .as_ref()
            .filter(|_| setup.backend == Backend::Engine)
            .map(|home| home.join("LUT"));
        System::start(config).map(Arc::new).map_err(|error| Missing {
            reason: error.to_string(),
            hint: "this is a fault of the server: start it again, and report it with the log".to_owned(),
        })
    });
    match &system {
        Ok(_) => tracing::info!(backend = setup.backend.as_str(), because = setup.backend_because, "started"),
        Err(missing) => tracing::error!("{}; {}", missing.reason, missing.hint),
    }
    (setup, system)
}

/// Cancels `end` when the process is asked to stop.
#[cfg(unix)]
fn signals(end: CancellationToken) -> std::io::Result<tokio::task::JoinHandle<()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = hang_up.recv() => {}
        }
        end.cancel();
    }))
}

/// Cancels `end` when the process is asked to stop.
#[cfg(not(unix))]
fn signals(end: CancellationToken) -> std::io::Result<tokio::task::JoinHandle<()>> {
    Ok(tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            end.cancel();
        }
    }))
}
