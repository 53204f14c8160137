//! The actor that owns one interpreter host: it starts it, waits for its hello, and ends when the host does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ractor::{Actor, ActorProcessingErr, ActorRef};
use resolve_api::wire::{Hello, WIRE_VERSION};

use crate::board::{Board, count};
use crate::directory::Directory;
use crate::interpreter::{self, Epoch};
use crate::link::{Connector, Event, Link, Sink};
use crate::supervisor::Hopeless;

/// How long to wait for the end of a host that has been killed; the kernel needs about a millisecond.
const GONE_WITHIN: Duration = Duration::from_millis(30);

/// What the actor is told.
pub(crate) enum Msg {
    /// The host runs.
    Hello(Hello),
    /// It should have said hello by now.
    HelloDue,
    /// It has ended.
    Gone(String),
}

/// The actor.
pub(crate) struct Host;

/// What it starts with.
#[derive(Clone)]
pub(crate) struct Arguments {
    pub(crate) connector: Arc<dyn Connector>,
    pub(crate) directory: Directory,
    pub(crate) board: Arc<Board>,
    pub(crate) epochs: Arc<AtomicU64>,
    pub(crate) hello_within: Duration,
}

/// What it keeps. Dropping it ends the host, however the actor ended.
pub(crate) struct State {
    args: Arguments,
    epoch: Epoch,
    link: Link,
    greeted: bool,
}

impl Drop for State {
    fn drop(&mut self) {
        self.link.kill();
    }
}

impl Actor for Host {
    type Msg = Msg;
    type State = State;
    type Arguments = Arguments;

    async fn pre_start(&self, myself: ActorRef<Msg>, args: Arguments) -> Result<State, ActorProcessingErr> {
        let epoch = args.epochs.fetch_add(1, Ordering::Relaxed) + 1;
        let link = args.connector.open(sink(epoch, &args.directory, &myself)).map_err(Hopeless)?;
        myself.send_after(args.hello_within, || Msg::HelloDue);
        Ok(State { args, epoch, link, greeted: false })
    }

    async fn handle(
        &self,
        _: ActorRef<Msg>,
        message: Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        match message {
            Msg::Hello(_) if state.greeted => {
                tracing::warn!("the host has said hello twice");
                Ok(())
            }
            Msg::Hello(hello) => state.greet(hello),
            Msg::HelloDue if state.greeted => Ok(()),
            Msg::HelloDue => {
                let seconds = state.args.hello_within.as_secs_f64();
                Err(format!("the host has not said hello within {seconds} s").into())
            }
            Msg::Gone(why) => {
                if !state.link.was_killed() {
                    count(&state.args.board.crashes);
                }
                Err(why.into())
            }
        }
    }

    async fn post_stop(&self, _: ActorRef<Msg>, state: &mut State) -> Result<(), ActorProcessingErr> {
        state.link.kill();
        if tokio::time::timeout(GONE_WITHIN, state.link.gone()).await.is_err() {
            tracing::warn!("the host has not ended after it was killed");
        }
        Ok(())
    }
}

impl State {
    fn greet(&mut self, hello: Hello) -> Result<(), ActorProcessingErr> {
        if hello.wire != WIRE_VERSION {
            return Err(Box::new(Hopeless(format!(
                "the host speaks version {} of the wire and the server version {WIRE_VERSION}: build both from \
                 one checkout with `make build`",
                hello.wire
            ))));
        }
        tracing::info!(pid = hello.pid, python = hello.python, "the host is up");
        self.greeted = true;
        let message = interpreter::Msg::HostUp(self.epoch, self.link.clone(), hello);
        match self.args.directory.interpreter(message) {
            None => Ok(()),
            Some(_) => Err("there was nobody to take the host's answers".into()),
        }
    }
}

/// Hands what the link tells to the actor that it concerns.
fn sink(epoch: Epoch, directory: &Directory, myself: &ActorRef<Msg>) -> Sink {
    let (directory, myself) = (directory.clone(), myself.clone());
    Arc::new(move |event| {
        // An actor that has ended needs no message; its successor has another epoch.
        match event {
            Event::Hello(hello) => {
                let _ = myself.cast(Msg::Hello(hello));
            }
            Event::Reply(reply) => {
                let _ = directory.interpreter(interpreter::Msg::Said(epoch, reply));
            }
            Event::Overlong(bytes) => {
                let _ = directory.interpreter(interpreter::Msg::Overlong(epoch, bytes));
            }
            Event::Gone(why) => {
                let _ = directory.interpreter(interpreter::Msg::HostGone(epoch, why.clone()));
                let _ = myself.cast(Msg::Gone(why));
            }
        }
    })
}
