//! How a system is started: which host, which backend, and the bounds.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use resolve_api::catalogue::Effect;
use serde::Serialize;

use crate::limits;

/// What answers as Resolve behind the interpreter. Chosen at start, never on failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// The headless engine of this project.
    Engine,
    /// A running DaVinci Resolve.
    Resolve,
}

impl Backend {
    /// Its name, as options and status have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Resolve => "resolve",
        }
    }
}

/// The command that starts the interpreter host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostCommand {
    /// Path of the executable.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Environment variables that are set on top of those of the server.
    pub envs: Vec<(OsString, OsString)>,
}

/// How long each kind of call may run, counted from the moment it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// From the start of the host to its first line.
    pub hello: Duration,
    /// Connecting to the backend.
    pub connect: Duration,
    /// A call that changes nothing, or only what the window shows.
    pub read: Duration,
    /// A call that changes something.
    pub write: Duration,
    /// A call that starts long work.
    pub long_running: Duration,
    /// Several calls in one hop, most of which read.
    pub batch: Duration,
    /// How much longer than its deadline a call is left alone that may change something.
    pub grace: Duration,
    /// A task-shaped tool as a whole.
    pub operation: Duration,
    /// Waiting for a turn, before the call starts.
    pub turn: Duration,
    /// After this long the caller of a long call is answered that it goes on as a job.
    pub job: Duration,
}

impl Deadlines {
    /// The deadline of a single call with this effect.
    pub fn of(&self, effect: Effect) -> Duration {
        match effect {
            Effect::Read | Effect::Ui => self.read,
            Effect::Write | Effect::Destructive => self.write,
            Effect::LongRunning => self.long_running,
        }
    }

    /// How long the host is left alone with a call of this effect that is past its deadline. What changes nothing is not
    /// worth a wait.
    pub fn grace_of(&self, effect: Effect) -> Duration {
        match effect {
            Effect::Read | Effect::Ui => Duration::ZERO,
            Effect::Write | Effect::Destructive | Effect::LongRunning => self.grace,
        }
    }
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            hello: limits::HELLO_WITHIN,
            connect: limits::CONNECT_DEADLINE,
            read: limits::READ_DEADLINE,
            write: limits::WRITE_DEADLINE,
            long_running: limits::LONG_RUNNING_DEADLINE,
            batch: limits::BATCH_DEADLINE,
            grace: limits::WRITE_GRACE,
            operation: limits::OPERATION_DEADLINE,
            turn: limits::WAIT_FOR_TURN,
            job: limits::JOB_AFTER,
        }
    }
}

/// When a child of the supervisor is restarted, in the words of OTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestartPolicy {
    /// Restarts allowed within the period.
    pub intensity: usize,
    /// The period; also the time between attempts once the intensity is exceeded.
    pub period: Duration,
    /// The pause before the second restart in a row.
    pub backoff_first: Duration,
    /// The longest pause.
    pub backoff_last: Duration,
}

impl Default for RestartPolicy {
    fn default() -> Self {
        Self {
            intensity: limits::RESTART_INTENSITY,
            period: limits::RESTART_PERIOD,
            backoff_first: limits::BACKOFF_FIRST,
            backoff_last: limits::BACKOFF_LAST,
        }
    }
}

/// What a system needs to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The interpreter host.
    pub host: HostCommand,
    /// What the host connects to; said in every status.
    pub backend: Backend,
    /// Calls that may be accepted and not yet answered.
    pub queue_limit: usize,
    /// How long calls may run.
    pub deadlines: Deadlines,
    /// When the host and the actors are restarted.
    pub restarts: RestartPolicy,
    /// The backend's LUT folder, where the server may write to it: LUT files from elsewhere are copied there and
    /// used by their path below it. Without one such a file is refused with a word on where it belongs.
    pub lut_folder: Option<PathBuf>,
    /// A Python with the engine's packages, which looks into finished files. Without one they are not looked into.
    pub prober: Option<PathBuf>,
}

impl Config {
    /// A configuration with the bounds of [`limits`].
    pub fn new(host: HostCommand, backend: Backend) -> Self {
        Self {
            host,
            backend,
            queue_limit: limits::QUEUE_LIMIT,
            deadlines: Deadlines::default(),
            restarts: RestartPolicy::default(),
            lut_folder: None,
            prober: None,
        }
    }
}
