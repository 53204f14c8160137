//! The children of the root supervisor, as specs.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use ractor::Actor;
use resolve_api::catalogue::Domain;
use tokio_util::sync::CancellationToken;

use crate::board::{Board, Doing, count};
use crate::config::Deadlines;
use crate::directory::Directory;
use crate::domain::{self, DomainActor};
use crate::host::{self, Host};
use crate::interpreter::{self, Interpreter};
use crate::link::Connector;
use crate::supervisor::{Change, ChildSpec, start};

/// What all children share.
pub(crate) struct Roots {
    pub(crate) connector: Arc<dyn Connector>,
    pub(crate) board: Arc<Board>,
    pub(crate) directory: Directory,
    pub(crate) deadlines: Deadlines,
    pub(crate) lut_folder: Option<Arc<Path>>,
    /// See [`crate::Config::prober`].
    pub(crate) prober: Option<Arc<Path>>,
    pub(crate) stopping: CancellationToken,
    pub(crate) epochs: Arc<AtomicU64>,
}

/// The name of the host's actor.
const HOST: &str = "host";

/// The children in the order of their start: who is written to before who writes.
pub(crate) fn children(roots: &Roots) -> Vec<ChildSpec> {
    let mut children = vec![interpreter(roots)];
    children.extend(Domain::ALL.iter().map(|domain| self::domain(roots, *domain)));
    children.push(host(roots));
    children
}

fn interpreter(roots: &Roots) -> ChildSpec {
    let (board, directory, deadlines) = (roots.board.clone(), roots.directory.clone(), roots.deadlines);
    ChildSpec {
        name: "interpreter",
        start: start(move |supervisor| {
            let arguments =
                interpreter::Arguments { board: board.clone(), directory: directory.clone(), deadlines };
            let directory = directory.clone();
            async move {
                let (actor, _) = Interpreter::spawn_linked(None, Interpreter, arguments, supervisor).await?;
                directory.enter_interpreter(actor.clone());
                Ok(actor.get_cell())
            }
        }),
        observer: Box::new(|_| {}),
        // What the host has been asked is known to the interpreter's actor only.
        takes_along: Some(HOST),
    }
}

fn domain(roots: &Roots, domain: Domain) -> ChildSpec {
    let arguments = domain::Arguments {
        domain,
        board: roots.board.clone(),
        directory: roots.directory.clone(),
        deadlines: roots.deadlines,
        lut_folder: roots.lut_folder.clone(),
        prober: roots.prober.clone(),
        stopping: roots.stopping.clone(),
    };
    ChildSpec {
        name: domain.as_str(),
        start: start(move |supervisor| {
            let arguments = arguments.clone();
            async move {
                let directory = arguments.directory.clone();
                let (actor, _) = DomainActor::spawn_linked(None, DomainActor, arguments, supervisor).await?;
                directory.enter_domain(domain, actor.clone());
                Ok(actor.get_cell())
            }
        }),
        observer: Box::new(|_| {}),
        takes_along: None,
    }
}

fn host(roots: &Roots) -> ChildSpec {
    let arguments = host::Arguments {
        connector: roots.connector.clone(),
        directory: roots.directory.clone(),
        board: roots.board.clone(),
        epochs: roots.epochs.clone(),
        hello_within: roots.deadlines.hello,
    };
    let (board, directory) = (roots.board.clone(), roots.directory.clone());
    ChildSpec {
        name: HOST,
        start: start(move |supervisor| {
            let arguments = arguments.clone();
            async move {
                let (actor, _) = Host::spawn_linked(None, Host, arguments, supervisor).await?;
                Ok(actor.get_cell())
            }
        }),
        observer: Box::new(move |change| {
            // An interpreter's actor that is being restarted learns of the host when that is started anew.
            match change {
                Change::Starting { restart } => {
                    if restart {
                        count(&board.restarts);
                    }
                    board.doing(Doing::Starting);
                    let _ = directory.interpreter(interpreter::Msg::HostExpected);
                }
                Change::Restarting { reason } => board.doing(Doing::Restarting { reason }),
                Change::Unavailable { reason, until } => {
                    board.doing(Doing::Unavailable { reason: reason.clone(), until });
                    let _ = directory.interpreter(interpreter::Msg::NoHost { reason, until });
                }
            }
        }),
        takes_along: None,
    }
}
