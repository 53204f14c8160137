//! The tool `status`: what the server knows about itself and its backend at this moment, from memory.

use std::path::PathBuf;

use resolve_actors::{Backend, HostState, Status};
use serde_json::{Map, Value as Json, json};

use crate::options::{Choice, Missing, Options};

/// What the tool says of itself to an agent.
pub const DOC: &str = "Says which backend answers (engine: the headless engine of this server; resolve: a running \
DaVinci Resolve), whether it is connected, the state of the interpreter host, counters, versions, and as next_step \
what to do when something is wrong. Instant: it never waits for Resolve. Call it when a call fails with \
not_connected, unavailable, timed_out or busy.";

/// What was decided at start and does not change.
#[derive(Debug, Clone)]
pub struct Setup {
    /// What answers as Resolve.
    pub backend: Backend,
    /// Why it is this one.
    pub backend_because: String,
    /// The interpreter host's executable.
    pub host: Option<PathBuf>,
    /// The Python of the engine's virtual environment.
    pub python: Option<PathBuf>,
    /// Where the engine keeps its projects.
    pub engine_home: Option<PathBuf>,
    /// Where Resolve is installed, if it was named.
    pub install: Option<PathBuf>,
    /// What makes the engine go wrong on purpose.
    pub faults: Option<PathBuf>,
}

impl Setup {
    /// What the options say, for the replies of `status`.
    pub fn new(options: &Options, choice: Choice, host: Option<PathBuf>) -> Self {
        Self {
            backend: choice.backend,
            backend_because: choice.why,
            host,
            python: options.python.clone(),
            engine_home: options.engine_home(),
            install: options.install.clone(),
            faults: options.faults.clone(),
        }
    }
}

/// The answer of `status`.
pub fn answer(setup: &Setup, system: Result<Status, &Missing>) -> Map<String, Json> {
    let mut body = Map::new();
    body.insert("backend".into(), setup.backend.as_str().into());
    body.insert("backend_because".into(), setup.backend_because.as_str().into());
    match &system {
        Ok(status) => live(&mut body, status),
        Err(missing) => {
            body.insert("connected".into(), false.into());
            body.insert("host".into(), json!({"state": "missing", "reason": missing.reason}));
        }
    }
    body.insert(
        "server".into(),
        json!({"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")}),
    );
    let paths = [
        ("engine_home", setup.engine_home.as_ref().filter(|_| setup.backend == Backend::Engine)),
        ("install", setup.install.as_ref()),
        ("faults", setup.faults.as_ref()),
        ("host_program", setup.host.as_ref()),
        ("python_program", setup.python.as_ref()),
    ];
    for (name, path) in paths {
        if let Some(path) = path {
            body.insert(name.into(), path.to_string_lossy().into());
        }
    }
    if let Some(step) = next_step(setup, &system) {
        body.insert("next_step".into(), step.into());
    }
    body
}

/// The part that the actors know.
fn live(body: &mut Map<String, Json>, status: &Status) {
    body.insert("connected".into(), status.product.is_some().into());
    if let (Some(product), Some(version)) = (&status.product, &status.version) {
        body.insert("product".into(), product.as_str().into());
        body.insert("version".into(), version.as_str().into());
    }
    if let Some(reason) = &status.not_connected {
        body.insert("not_connected".into(), reason.as_str().into());
    }
    let mut host = match serde_json::to_value(&status.host) {
        Ok(Json::Object(entries)) => entries,
        // The state is a tagged enum of plain fields, which always serialises to an object.
        other => Map::from_iter([("state".to_owned(), json!(format!("{other:?}")))]),
    };
    if let Some(pid) = status.pid {
        host.insert("pid".into(), pid.into());
    }
    if let Some(python) = &status.python {
        host.insert("python".into(), python.as_str().into());
    }
    body.insert("host".into(), Json::Object(host));
    let counters = status.counters;
    body.insert(
        "counters".into(),
        json!({
            "calls": counters.calls,
            "api_calls": counters.api_calls,
            "hops": counters.hops,
            "restarts": counters.restarts,
            "crashes": counters.crashes,
            "timeouts": counters.timeouts,
            "refused_busy": counters.refused_busy,
            "refused_unavailable": counters.refused_unavailable,
        }),
    );
    body.insert("queue".into(), json!({"depth": status.queue_depth, "limit": status.queue_limit}));
    body.insert("generation".into(), status.generation.into());
    body.insert("objects".into(), status.objects.into());
    body.insert("uptime_s".into(), ((status.uptime_s * 1000.0).round() / 1000.0).into());
}

/// What to do, where something is wrong.
fn next_step(setup: &Setup, system: &Result<Status, &Missing>) -> Option<String> {
    let status = match system {
        Err(missing) => return Some(missing.hint.clone()),
        Ok(status) => status,
    };
    match &status.host {
        HostState::Unavailable { next_attempt_in_s, .. } => Some(format!(
            "mend what the reason of host names, the log says more: it is started again by itself in {next_attempt_in_s:.0} s, and \
             calls are refused until then"
        )),
        HostState::Stopped => Some("the server is stopping: start it again".to_owned()),
        HostState::Busy { for_s, .. } if *for_s > 10.0 => {
            Some("a call has been running for long: wait for it, its deadline ends it".to_owned())
        }
        HostState::Overdue { method, given_up_in_s, .. } => Some(match setup.backend {
            Backend::Resolve => format!(
                "close the dialog that is probably open in Resolve's window: {method} is waited for {given_up_in_s:.0} s more"
            ),
            Backend::Engine => format!(
                "wait: {method} is given {given_up_in_s:.0} s more, then a new interpreter is started"
            ),
        }),
        _ if status.not_connected.is_some() => Some(match setup.backend {
            Backend::Resolve => "start DaVinci Resolve and set Preferences > System > General > External scripting using to Local, \
                                 then call again; or start the server with --backend engine"
                .to_owned(),
            Backend::Engine => {
                "run `make venv` and start the server with --python <the Python of that environment>".to_owned()
            }
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup() -> Setup {
        Setup {
            backend: Backend::Engine,
            backend_because: "it was named".into(),
            host: None,
            python: None,
            engine_home: None,
            install: None,
            faults: None,
        }
    }

    /// A server without its host still says what is wrong and what to do.
    #[test]
    fn a_missing_host_is_said_with_its_next_step() {
        let missing = Missing { reason: "no host".into(), hint: "run make build".into() };
        let body = answer(&setup(), Err(&missing));

        assert_eq!("engine", body["backend"]);
        assert_eq!(false, body["connected"]);
        assert_eq!(json!({"state": "missing", "reason": "no host"}), body["host"]);
        assert_eq!("run make build", body["next_step"]);
    }
}
