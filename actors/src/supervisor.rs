//! Restarts children one for one, as OTP's supervisors do: child specs, back-off, intensity and period.
//!
//! Two things differ from OTP. Each child has an account of its own, so that one that crashes in a loop does not
//! take the others' restarts. And a child that exceeds its intensity does not end the supervisor: it counts as
//! unavailable, and one attempt per period is made to bring it back.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use ractor::{Actor, ActorCell, ActorProcessingErr, ActorRef, SpawnErr, SupervisionEvent};
use tokio::time::Instant;

use crate::config::RestartPolicy;
use crate::restart::{Account, Next};

/// How long the children together may take to stop: killing and reaping a host takes a few milliseconds.
const STOP_WITHIN: Duration = Duration::from_millis(40);

/// Starts a child that is linked to the given supervisor.
pub(crate) type Start =
    Box<dyn Fn(ActorCell) -> Pin<Box<dyn Future<Output = Result<ActorCell, SpawnErr>> + Send>> + Send + Sync>;

/// Hears what becomes of a child; must not block.
pub(crate) type Observer = Box<dyn Fn(Change) + Send + Sync>;

/// What becomes of a child.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Change {
    /// It is being started; `restart` is false the first time.
    Starting { restart: bool },
    /// It ended and is started again after a pause.
    Restarting { reason: String },
    /// It has ended too often, or would again at once.
    Unavailable { reason: String, until: Instant },
}

/// How a child is started, and who wants to know about it.
pub(crate) struct ChildSpec {
    /// For logs, and for [`ChildSpec::takes_along`].
    pub(crate) name: &'static str,
    /// Starts it.
    pub(crate) start: Start,
    /// Hears what becomes of it.
    pub(crate) observer: Observer,
    /// A child that cannot go on without this one: it is started anew whenever this one is.
    pub(crate) takes_along: Option<&'static str>,
}

/// An end that would happen again at once, such as a program that does not exist: no restart is tried before the
/// next period.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Hopeless(pub(crate) String);

struct Child {
    spec: ChildSpec,
    current: Option<ActorCell>,
    started_before: bool,
    account: Account,
}

/// The supervisor.
pub(crate) struct Supervisor;

/// What the supervisor tells itself.
pub(crate) enum Msg {
    /// Start the child with this index.
    Start(usize),
}

/// What the supervisor keeps.
pub(crate) struct State {
    children: Vec<Child>,
    policy: RestartPolicy,
}

impl Actor for Supervisor {
    type Msg = Msg;
    type State = State;
    type Arguments = (Vec<ChildSpec>, RestartPolicy);

    async fn pre_start(
        &self,
        _: ActorRef<Msg>,
        (specs, policy): Self::Arguments,
    ) -> Result<State, ActorProcessingErr> {
        let children = specs.into_iter().map(|spec| Child {
            spec,
            current: None,
            started_before: false,
            account: Account::default(),
        });
        Ok(State { children: children.collect(), policy })
    }

    async fn post_start(&self, myself: ActorRef<Msg>, state: &mut State) -> Result<(), ActorProcessingErr> {
        for index in 0..state.children.len() {
            state.start(&myself, index).await;
        }
        Ok(())
    }

    async fn handle(
        &self,
        myself: ActorRef<Msg>,
        Msg::Start(index): Msg,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        state.start(&myself, index).await;
        Ok(())
    }

    async fn handle_supervisor_evt(
        &self,
        myself: ActorRef<Msg>,
        event: SupervisionEvent,
        state: &mut State,
    ) -> Result<(), ActorProcessingErr> {
        let (cell, reason, hopeless) = match event {
            SupervisionEvent::ActorFailed(cell, error) => {
                let hopeless = error.is::<Hopeless>();
                (cell, error.to_string(), hopeless)
            }
            SupervisionEvent::ActorTerminated(cell, _, reason) => {
                (cell, reason.unwrap_or_else(|| "it stopped".to_owned()), false)
            }
            _ => return Ok(()),
        };
        // An event of a child that has been replaced already names another id.
        let index = state.children.iter().position(|child| {
            child.current.as_ref().is_some_and(|current| current.get_id() == cell.get_id())
        });
        if let Some(index) = index {
            state.ended(&myself, index, reason, hopeless);
        }
        Ok(())
    }

    async fn post_stop(&self, myself: ActorRef<Msg>, _: &mut State) -> Result<(), ActorProcessingErr> {
        // Without this the children would be dropped without their own `post_stop`.
        myself.stop_children_and_wait(None, Some(STOP_WITHIN)).await;
        Ok(())
    }
}

impl State {
    async fn start(&mut self, myself: &ActorRef<Msg>, index: usize) {
        let Some(child) = self.children.get_mut(index) else { return };
        if child.current.is_some() {
            return;
        }
        let restart = std::mem::replace(&mut child.started_before, true);
        (child.spec.observer)(Change::Starting { restart });
        match (child.spec.start)(myself.get_cell()).await {
            Ok(cell) => {
                tracing::debug!(child = child.spec.name, restart, "started");
                child.current = Some(cell);
                if restart && let Some(name) = child.spec.takes_along {
                    self.start_anew(myself, name);
                }
            }
            Err(SpawnErr::StartupFailed(error)) => {
                let hopeless = error.is::<Hopeless>();
                self.ended(myself, index, error.to_string(), hopeless);
            }
            Err(error) => self.ended(myself, index, error.to_string(), false),
        }
    }

    /// Replaces a running child. That it ends for this is not counted.
    fn start_anew(&mut self, myself: &ActorRef<Msg>, name: &'static str) {
        for (index, child) in self.children.iter_mut().enumerate() {
            if child.spec.name == name
                && let Some(cell) = child.current.take()
            {
                cell.stop(Some("what it works for was restarted".to_owned()));
                schedule(myself, index, Duration::ZERO);
            }
        }
    }

    fn ended(&mut self, myself: &ActorRef<Msg>, index: usize, reason: String, hopeless: bool) {
        let Some(child) = self.children.get_mut(index) else { return };
        child.current = None;
        let now = Instant::now();
        let next = child.account.ended(now, hopeless, &self.policy);
        tracing::warn!(child = child.spec.name, reason, ?next, "ended");
        let (change, pause) = match next {
            Next::Restart(pause) => (Change::Restarting { reason }, pause),
            Next::Unavailable(pause) => {
                let again = if hopeless { "" } else { "it ends again and again, the last time so: " };
                (Change::Unavailable { reason: format!("{again}{reason}"), until: now + pause }, pause)
            }
        };
        (child.spec.observer)(change);
        schedule(myself, index, pause);
    }
}

/// Starts a child later, without making the supervisor wait.
fn schedule(myself: &ActorRef<Msg>, index: usize, pause: Duration) {
    if pause.is_zero() {
        let _ = myself.cast(Msg::Start(index));
    } else {
        myself.send_after(pause, move || Msg::Start(index));
    }
}

/// Boxes the function that starts a child.
pub(crate) fn start<F, Fut>(function: F) -> Start
where
    F: Fn(ActorCell) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<ActorCell, SpawnErr>> + Send + 'static,
{
    let function = Arc::new(function);
    Box::new(move |supervisor| {
        let function = function.clone();
        Box::pin(async move { function(supervisor).await })
    })
}
