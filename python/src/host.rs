//! The host's state on the interpreter thread: the connection, what is remembered, and how a request is answered.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use pyo3::call::PyCallArgs;
use pyo3::exceptions::PyAttributeError;
use pyo3::prelude::*;
use resolve_api::Fault;
use resolve_api::change::{Cause, Look};
use resolve_api::wire::{Connection, Op, Outcome, Reply, Request};

use crate::batch::Answered;
use crate::cache::ObjectCache;
use crate::connect;
use crate::fixed_answers::FixedAnswers;
use crate::held::HeldObjects;
use crate::serve::Answers;

/// Who answers as Resolve. Chosen at start and never changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Backend {
    /// The headless engine, in this process.
    Engine,
    /// An installed DaVinci Resolve that runs.
    Resolve,
}

/// What the host is told at start.
#[derive(Debug, Clone)]
pub struct Config {
    /// Who answers.
    pub backend: Backend,
    /// The `bin/python` of the virtual environment; the plain linked Python when absent.
    pub python: Option<PathBuf>,
    /// The folder of the engine's data; the engine's own choice when absent.
    pub engine_home: Option<PathBuf>,
    /// Where Resolve is installed, if not at the platform's usual place.
    pub install: Option<PathBuf>,
}

/// A connection to the backend.
#[derive(Debug)]
pub(crate) struct Live {
    pub(crate) resolve: Py<PyAny>,
    pub(crate) about: Connection,
    /// The methods that `dir()` lists, by class.
    pub(crate) listed: HashMap<String, HashSet<String>>,
    /// The constants that were read off the resolve object. Each look is a round trip to Resolve, and a build never
    /// changes them; there are at most as many as the catalogue names.
    pub(crate) constants: HashMap<String, Py<PyAny>>,
    /// Answers that cannot change while this build is connected.
    pub(crate) fixed: FixedAnswers,
}

/// Everything that lives on the interpreter thread.
#[derive(Debug)]
pub struct Host {
    pub(crate) config: Config,
    pub(crate) live: Option<Live>,
    pub(crate) objects: ObjectCache,
    pub(crate) held: HeldObjects,
    /// Unique id of the project seen last.
    pub(crate) project: Option<String>,
    /// What is open, if this request has looked.
    pub(crate) look: Option<Look>,
    /// Whether the call of this request has been made, so that it cannot be made again.
    pub(crate) reached: bool,
    /// What the steps of the batch at hand have answered; empty outside of one.
    pub(crate) answered: Vec<Option<Answered>>,
    generation: u64,
    api_calls: u32,
    /// Whether there was a connection before this one.
    connected_before: bool,
}

impl Host {
    /// A host that has not connected.
    pub fn new(config: Config) -> Self {
        // Generations go on rising when the host is started anew, so that a token of an earlier process
        // cannot name an object of this one.
        let start = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |age| age.as_millis());
        Self {
            config,
            live: None,
            objects: ObjectCache::default(),
            held: HeldObjects::default(),
            project: None,
            look: None,
            reached: false,
            answered: Vec::new(),
            generation: u64::try_from(start).unwrap_or_default(),
            api_calls: 0,
            connected_before: false,
        }
    }

    /// The generation of the object cache.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// How many calls of the scripting API the request at hand has made.
    pub(crate) fn api_calls(&self) -> u32 {
        self.api_calls
    }

    /// Starts a new generation: the project, the database or the connection changed. Every object handed out
    /// so far may be dead.
    pub(crate) fn next_generation(&mut self) {
        self.generation += 1;
        self.objects.drop_objects();
        self.held.clear();
        self.project = None;
    }

    /// Calls a method of a Resolve object. Every call of the scripting API goes through here and is counted.
    ///
    /// # Errors
    /// [`Fault::NoSuchMethod`] where the object has no such attribute, [`Fault::Raised`] for an exception.
    pub(crate) fn invoke<'py>(
        &mut self,
        object: &Bound<'py, PyAny>,
        class: &str,
        method: &str,
        args: impl PyCallArgs<'py>,
    ) -> Result<Bound<'py, PyAny>, Fault> {
        let py = object.py();
        let function = match object.getattr(method) {
            Ok(function) if function.is_none() => return Err(self.no_such_method(class, method)),
            Ok(function) => function,
            Err(error) if error.is_instance_of::<PyAttributeError>(py) => {
                return Err(self.no_such_method(class, method));
            }
            Err(error) => return Err(raised(py, class, method, &error)),
        };
        self.api_calls += 1;
        function.call1(args).map_err(|error| raised(py, class, method, &error))
    }

    /// The fault of a class that lacks a method, with the build that answers.
    pub(crate) fn no_such_method(&self, class: &str, method: &str) -> Fault {
        let version = match &self.live {
            Some(live) => format!("{} {}", live.about.product, live.about.version),
            None => "not connected".to_owned(),
        };
        Fault::NoSuchMethod { class: class.to_owned(), method: method.to_owned(), version }
    }

    /// The resolve object; connects first where that has not happened or has failed.
    pub(crate) fn resolve<'py>(&mut self, py: Python<'py>) -> Result<Bound<'py, PyAny>, Fault> {
        if let Some(live) = &self.live {
            return Ok(live.resolve.bind(py).clone());
        }
        let resolve =
            connect::scriptapp(py, &self.config).map_err(|reason| Fault::NotConnected { reason })?;
        let product = self.said(&resolve, "GetProductName")?;
        let version = self.said(&resolve, "GetVersionString")?;
        tracing::info!(product, version, "connected");
        let about = Connection { product, version };
        let (listed, constants, fixed) = (HashMap::new(), HashMap::new(), FixedAnswers::default());
        self.live = Some(Live { resolve: resolve.clone().unbind(), about, listed, constants, fixed });
        self.next_generation();
        if std::mem::replace(&mut self.connected_before, true) {
            // It may have come back with another project.
            self.look_around(py, Cause::Resolve);
        }
        Ok(resolve)
    }

    /// Whether the connected Resolve still answers. Its objects answer `None` or raise when it has ended.
    pub(crate) fn still_answers(&mut self, py: Python<'_>) -> bool {
        let Some(live) = &self.live else { return false };
        let resolve = live.resolve.bind(py).clone();
        self.said(&resolve, "GetVersionString").is_ok()
    }

    /// Lets go of the connection; the next request makes a new one. What it seemed to have open as it was lost says nothing.
    pub(crate) fn disconnect(&mut self) {
        self.live = None;
        self.look = None;
        self.next_generation();
    }

    fn connect(&mut self, py: Python<'_>) -> Result<Connection, Fault> {
        if self.live.is_some() && !self.still_answers(py) {
            self.disconnect();
        }
        self.resolve(py)?;
        self.look_around(py, Cause::Resolve);
        match &self.live {
            Some(live) => Ok(live.about.clone()),
            None => {
                Err(Fault::NotConnected { reason: "the connection was lost while it was made".to_owned() })
            }
        }
    }

    /// What a method of the resolve object says, which must be text.
    fn said(&mut self, resolve: &Bound<'_, PyAny>, method: &str) -> Result<String, Fault> {
        let lost = |what: &str| Fault::NotConnected {
            reason: format!(
                "Resolve.{method} {what}: Resolve has ended or is still starting; start it and try again"
            ),
        };
        let answer = self
            .invoke(resolve, "Resolve", method, ())
            .map_err(|fault| lost(&format!("failed ({fault})")))?;
        answer.extract::<String>().map_err(|_| lost("did not answer with text"))
    }
}

impl Answers for Host {
    fn answer(&mut self, py: Python<'_>, request: &Request) -> Reply {
        self.api_calls = 0;
        self.look = None;
        let outcome = match &request.op {
            Op::Connect => self.connect(py).map(Outcome::Connected),
            Op::Call(call) => self.call(py, call).map(Outcome::Value),
            Op::Batch(batch) => self.batch(py, batch).map(Outcome::Batch),
        };
        self.reply(request.id, outcome.unwrap_or_else(Outcome::Fault))
    }

    fn reply(&self, id: u64, outcome: Outcome) -> Reply {
        let (api_calls, generation, look) = (self.api_calls, self.generation, self.look.clone());
        // The cache holds 16,384 at most.
        let objects = u32::try_from(self.objects.known()).unwrap_or(u32::MAX);
        Reply { id, outcome, api_calls, generation, look, objects }
    }
}

/// An exception as a fault; its traceback goes to the log.
fn raised(py: Python<'_>, class: &str, method: &str, error: &PyErr) -> Fault {
    let method = format!("{class}.{method}");
    let traceback = error.traceback(py).and_then(|traceback| traceback.format().ok()).unwrap_or_default();
    let (exception, message) = connect::describe(py, error);
    tracing::warn!(method, exception, message, traceback, "a call raised an exception");
    Fault::Raised { method, exception, message }
}
