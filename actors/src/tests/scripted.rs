//! A host in this process that does what a test says.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use resolve_api::batch::{Batch, StepOutcome};
use resolve_api::wire::{
    Connection, Hello, HostMessage, MethodCall, Op, Outcome, Reply, Request, WIRE_VERSION,
};
use resolve_api::{Fault, Locator, Value};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::link::{Connector, Event, Expecting, Link, Outgoing, Sink};
use crate::{Answer, Backend, Call, CallError, Config, HostCommand, System, Ticket, What};

/// What a method of a scripted Resolve answers.
pub(crate) type Reaction = Result<Value, Fault>;

type Script = Arc<dyn Fn(u64, Bench) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>;

/// Runs a script for each host that is started; the script gets the number of the host, from 1.
pub(crate) struct Scripted {
    script: Script,
    hosts: Arc<AtomicU64>,
}

/// The host's side of a link.
pub(crate) struct Bench {
    pub(crate) requests: mpsc::Receiver<Request>,
    expecting: Expecting,
    sink: Sink,
}

impl Scripted {
    /// Hosts that run this script, which ends when the host shall end.
    pub(crate) fn new<F, Fut>(script: F) -> Self
    where
        F: Fn(u64, Bench) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let script = Arc::new(script);
        Self {
            script: Arc::new(move |number, bench| {
                let script = script.clone();
                Box::pin(async move { script(number, bench).await })
            }),
            hosts: Arc::default(),
        }
    }

    /// A host that greets, connects and answers each call with what `react` says.
    pub(crate) fn answering<F>(react: F) -> Self
    where
        F: Fn(&MethodCall) -> Reaction + Send + Sync + 'static,
    {
        let react = Arc::new(react);
        Self::new(move |_, mut bench| {
            let react = react.clone();
            async move {
                bench.greet();
                while let Some(Request { id, op }) = bench.requests.recv().await {
                    match op {
                        Op::Call(call) => bench.reply(id, react(&call)),
                        Op::Batch(batch) => bench.reply_to_batch(id, &batch, &*react),
                        Op::Connect => bench.connect(id),
                    }
                }
            }
        })
    }

    /// How many hosts have been started.
    pub(crate) fn count(&self) -> Arc<AtomicU64> {
        self.hosts.clone()
    }

    /// Starts a system on these hosts.
    pub(crate) fn start(self) -> System {
        self.start_with(|_| {})
    }

    /// Starts a system on these hosts with other bounds.
    pub(crate) fn start_with(self, change: impl FnOnce(&mut Config)) -> System {
        let program = HostCommand { program: "scripted".into(), args: Vec::new(), envs: Vec::new() };
        let mut config = Config::new(program, Backend::Engine);
        change(&mut config);
        System::start_on(config, Arc::new(self)).unwrap()
    }
}

impl Connector for Scripted {
    fn open(&self, sink: Sink) -> Result<Link, String> {
        let number = self.hosts.fetch_add(1, Ordering::SeqCst) + 1;
        let (requests, receiver) = mpsc::channel(2);
        let expecting = Expecting::default();
        let (killed, gone) = (CancellationToken::new(), CancellationToken::new());
        let bench = Bench { requests: receiver, expecting: expecting.clone(), sink: sink.clone() };
        let run = (self.script)(number, bench);
        let (token, ended) = (killed.clone(), gone.clone());
        tokio::spawn(async move {
            let why = tokio::select! {
                () = run => "its script ended",
                () = token.cancelled() => "it was killed",
            };
            ended.cancel();
            sink(Event::Gone(why.to_owned()));
        });
        Ok(Link::new(Outgoing::Requests(requests), expecting, Arc::new(move || killed.cancel()), gone))
    }
}

impl Bench {
    /// Says hello.
    pub(crate) fn greet(&self) {
        self.say(HostMessage::Hello(Hello { wire: WIRE_VERSION, pid: 4711, python: "3.11.7".to_owned() }));
    }

    /// Says anything.
    pub(crate) fn say(&self, message: HostMessage) {
        if let Some(event) = self.expecting.admit(message) {
            (self.sink)(event);
        }
    }

    /// Says that a line was too long.
    pub(crate) fn overflow(&self, bytes: usize) {
        (self.sink)(Event::Overlong(bytes));
    }

    /// Answers a request.
    pub(crate) fn reply(&self, id: u64, reaction: Reaction) {
        let outcome = reaction.map_or_else(Outcome::Fault, Outcome::Value);
        self.say(HostMessage::Reply(Reply {
            id,
            outcome,
            api_calls: 1,
            generation: 1,
            look: None,
            objects: 0,
        }));
    }

    /// The next call; connections are answered on the way.
    pub(crate) async fn next_call(&mut self) -> Option<(u64, MethodCall)> {
        loop {
            let Request { id, op } = self.requests.recv().await?;
            match op {
                Op::Call(call) => return Some((id, call)),
                Op::Connect => self.connect(id),
                Op::Batch(batch) => panic!("this script makes no batches: {batch:?}"),
            }
        }
    }

    fn connect(&self, id: u64) {
        let about = Connection { product: "Scripted".to_owned(), version: "21.1".to_owned() };
        let outcome = Outcome::Connected(about);
        self.say(HostMessage::Reply(Reply {
            id,
            outcome,
            api_calls: 2,
            generation: 1,
            look: None,
            objects: 0,
        }));
    }

    /// Answers a batch step by step, each on the values that the steps before it answered.
    fn reply_to_batch(&self, id: u64, batch: &Batch, react: &dyn Fn(&MethodCall) -> Reaction) {
        let mut answers: Vec<Option<Value>> = Vec::new();
        let mut outcomes = Vec::new();
        for step in &batch.steps {
            let made: Result<Value, Fault> = step.calls(&answers).and_then(|calls| {
                let made = calls.iter().map(|call| call.as_ref().map_or(Ok(Value::Null), react));
                let made = made.collect::<Result<Vec<_>, _>>()?;
                Ok(if step.each.is_some() { made.into() } else { made.into_iter().next().into() })
            });
            let (answer, outcome) = match made {
                Ok(answer) if step.quiet => {
                    let length = answer.as_list().map(<[_]>::len);
                    (Some(answer), StepOutcome::Quiet { length })
                }
                Ok(answer) => (Some(answer.clone()), StepOutcome::Value(answer)),
                Err(fault) => (None, StepOutcome::Failed { fault, done: Vec::new() }),
            };
            answers.push(answer);
            outcomes.push(outcome);
        }
        let outcome = Outcome::Batch(outcomes);
        self.say(HostMessage::Reply(Reply {
            id,
            outcome,
            api_calls: 1,
            generation: 1,
            look: None,
            objects: 0,
        }));
    }
}

/// A call of a method without arguments.
pub(crate) fn method(on: Locator, name: &str) -> Call {
    Call {
        what: What::Method(MethodCall::new(on, name, [])),
        deadline: None,
        cancel: CancellationToken::new(),
        noted: None,
        based_on: None,
        ticket: Ticket::default(),
    }
}

/// A read: `Resolve.GetCurrentPage`.
pub(crate) fn read() -> Call {
    method(Locator::Resolve, "GetCurrentPage")
}

/// A write that no call reads back: `Project.RefreshLUTList`.
pub(crate) fn write() -> Call {
    method(Locator::Project, "RefreshLUTList")
}

/// The value of an answer.
pub(crate) fn value(answer: Result<Answer, CallError>) -> Result<Value, CallError> {
    answer.map(|answer| answer.value)
}

/// Lets time pass and everything that is due happen. Time is paused: nothing is waited for.
pub(crate) async fn pass(length: Duration) {
    tokio::time::sleep(length).await;
}
