//! The state of the system as the actors write it down, for anybody to read without asking them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use resolve_api::change::{Change, Place};
use resolve_api::wire::{Connection, Hello, Reply};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::config::Backend;
use crate::journal::Journal;
use crate::metrics::Latencies;
use crate::revision::Revisions;
use crate::status::{Counters, HostState, Status};
use crate::told::Opened;

/// The blackboard.
pub(crate) struct Board {
    backend: Backend,
    queue_limit: usize,
    started: Instant,
    view: Mutex<View>,
    noticed: watch::Sender<Noticed>,
    /// What reads have seen, for the changes that are based on it.
    pub(crate) revisions: Revisions,
    /// Calls that were accepted.
    pub(crate) calls: AtomicU64,
    /// Calls of the scripting API.
    pub(crate) api_calls: AtomicU64,
    /// Replies of hosts.
    pub(crate) hops: AtomicU64,
    /// Starts of a host after the first.
    pub(crate) restarts: AtomicU64,
    /// Hosts that ended by themselves.
    pub(crate) crashes: AtomicU64,
    /// Deadlines that passed.
    pub(crate) timeouts: AtomicU64,
    /// Calls refused for a full queue, or because a call is past its deadline.
    pub(crate) refused_busy: AtomicU64,
    /// Calls refused because there is no host.
    pub(crate) refused_unavailable: AtomicU64,
    /// How long the host took for what it was asked.
    pub(crate) latencies: Latencies,
    /// What was changed before, where that is noted.
    journal: OnceLock<Arc<Journal>>,
}

/// What was noticed of Resolve, counted: for whoever waits for something to be another than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Noticed {
    /// Connections that were made. Each may be to another Resolve than the one before.
    pub connections: u64,
    /// Looks that found another project open than the one before.
    pub openings: u64,
}

/// What the host does, with moments instead of durations.
#[derive(Debug, Clone)]
pub(crate) enum Doing {
    Starting,
    Ready,
    Busy { method: String, since: Instant },
    Overdue { method: String, since: Instant, until: Instant },
    Restarting { reason: String },
    Unavailable { reason: String, until: Instant },
    Stopped,
}

struct View {
    doing: Doing,
    hello: Option<Hello>,
    connection: Option<Connection>,
    not_connected: Option<String>,
    generation: u64,
    objects: u32,
    /// The project that is open, once it was looked at.
    opened: Option<Arc<Opened>>,
    /// The unique id of the open project, and the generation in which it was read.
    project: Option<(u64, String)>,
}

/// Adds one to a counter.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Board {
    /// A board of a system that starts now.
    pub(crate) fn new(backend: Backend, queue_limit: usize) -> Self {
        let view = View {
            doing: Doing::Starting,
            hello: None,
            connection: None,
            not_connected: None,
            generation: 0,
            objects: 0,
            opened: None,
            project: None,
        };
        Self {
            backend,
            queue_limit,
            started: Instant::now(),
            view: Mutex::new(view),
            noticed: watch::Sender::default(),
            revisions: Revisions::default(),
            calls: AtomicU64::new(0),
            api_calls: AtomicU64::new(0),
            hops: AtomicU64::new(0),
            restarts: AtomicU64::new(0),
            crashes: AtomicU64::new(0),
            timeouts: AtomicU64::new(0),
            refused_busy: AtomicU64::new(0),
            refused_unavailable: AtomicU64::new(0),
            latencies: Latencies::default(),
            journal: OnceLock::new(),
        }
    }

    /// What answers as Resolve.
    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    /// Notes what the host does. After the end nothing else is noted.
    pub(crate) fn doing(&self, doing: Doing) {
        let mut view = self.view();
        if matches!(view.doing, Doing::Stopped) {
            return;
        }
        if matches!(doing, Doing::Restarting { .. } | Doing::Unavailable { .. } | Doing::Stopped) {
            view.hello = None;
            view.connection = None;
            view.objects = 0;
        }
        view.doing = doing;
    }

    /// Notes a host that has said hello.
    pub(crate) fn greeted(&self, hello: Hello) {
        let mut view = self.view();
        view.hello = Some(hello);
        view.connection = None;
        view.not_connected = None;
    }

    /// Notes who answers as Resolve, or why nobody does.
    pub(crate) fn connected(&self, connection: Result<Connection, String>) {
        let mut view = self.view();
        match connection {
            Ok(connection) => {
                view.connection = Some(connection);
                view.not_connected = None;
                self.noticed.send_modify(|noticed| noticed.connections += 1);
            }
            Err(reason) => {
                view.connection = None;
                view.not_connected = Some(reason);
            }
        }
    }

    /// Who answers as Resolve, once that is known.
    pub(crate) fn connection(&self) -> Option<Connection> {
        self.view().connection.clone()
    }

    /// Whether the last attempt to connect failed.
    pub(crate) fn is_disconnected(&self) -> bool {
        self.view().not_connected.is_some()
    }

    /// Notes what a reply says beside its outcome.
    pub(crate) fn replied(&self, reply: &Reply) {
        self.api_calls.fetch_add(u64::from(reply.api_calls), Ordering::Relaxed);
        count(&self.hops);
        let mut view = self.view();
        (view.generation, view.objects) = (reply.generation, reply.objects);
    }

    /// Notes what a look has found open, and the change where that is something else than before.
    pub(crate) fn found_open(&self, place: Place, change: Option<Change>) {
        let mut view = self.view();
        if change.is_some() {
            self.noticed.send_modify(|noticed| noticed.openings += 1);
        }
        view.opened = Some(Arc::new(Opened::after(view.opened.as_deref(), place, change)));
    }

    /// What was noticed so far, and what will be.
    pub(crate) fn noticed(&self) -> watch::Receiver<Noticed> {
        self.noticed.subscribe()
    }

    /// The project that is open, as it was seen last.
    pub(crate) fn opened(&self) -> Option<Arc<Opened>> {
        self.view().opened.clone()
    }

    /// The unique id of the open project, if it was read since anything about the connection changed.
    pub(crate) fn project(&self) -> Option<String> {
        let view = self.view();
        view.project.as_ref().filter(|(read_in, _)| *read_in == view.generation).map(|(_, id)| id.clone())
    }

    /// The journal, where changes are noted.
    pub(crate) fn journal(&self) -> Option<&Arc<Journal>> {
        self.journal.get()
    }

    /// Says where changes are noted. It is the same for as long as the system runs.
    pub(crate) fn note_journal(&self, journal: Arc<Journal>) {
        // Only a second journal would be refused.
        let _ = self.journal.set(journal);
    }

    /// Notes the unique id of the open project, as the last reply had it.
    pub(crate) fn note_project(&self, id: String) {
        let mut view = self.view();
        view.project = Some((view.generation, id));
    }

    /// The board as a status.
    pub(crate) fn status(&self, queue_depth: usize) -> Status {
        let now = Instant::now();
        let view = self.view();
        let host = match view.doing.clone() {
            Doing::Starting => HostState::Starting,
            Doing::Ready => HostState::Ready,
            Doing::Busy { method, since } => {
                HostState::Busy { method, for_s: now.duration_since(since).as_secs_f64() }
            }
            Doing::Overdue { method, since, until } => HostState::Overdue {
                method,
                for_s: now.duration_since(since).as_secs_f64(),
                given_up_in_s: until.duration_since(now).as_secs_f64(),
            },
            Doing::Restarting { reason } => HostState::Restarting { reason },
            Doing::Unavailable { reason, until } => {
                HostState::Unavailable { reason, next_attempt_in_s: until.duration_since(now).as_secs_f64() }
            }
            Doing::Stopped => HostState::Stopped,
        };
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Status {
            backend: self.backend,
            host,
            pid: view.hello.as_ref().map(|hello| hello.pid),
            python: view.hello.as_ref().map(|hello| hello.python.clone()),
            product: view.connection.as_ref().map(|connection| connection.product.clone()),
            version: view.connection.as_ref().map(|connection| connection.version.clone()),
            not_connected: view.not_connected.clone(),
            generation: view.generation,
            objects: view.objects,
            counters: Counters {
                calls: read(&self.calls),
                api_calls: read(&self.api_calls),
                hops: read(&self.hops),
                restarts: read(&self.restarts),
                crashes: read(&self.crashes),
                timeouts: read(&self.timeouts),
                refused_busy: read(&self.refused_busy),
                refused_unavailable: read(&self.refused_unavailable),
            },
            queue_depth,
            queue_limit: self.queue_limit,
            uptime_s: now.duration_since(self.started).as_secs_f64(),
        }
    }

    fn view(&self) -> MutexGuard<'_, View> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
