//! A Resolve for the tests of the guards: answers by the label of the call, and a record of what was called.

use std::collections::HashMap;
use std::sync::Mutex;

use resolve_api::wire::{Connection, MethodCall};
use resolve_api::{Fault, Value};

use super::{Called, Caller, Outcome, guarded};
use crate::error::CallError;

type Answer = Result<Value, CallError>;
type Rule = Box<dyn FnMut(&MethodCall) -> Answer + Send>;

/// Answers as it was told to; what it was not told about raises, as a build without that method does.
pub(super) struct Script {
    version: Option<&'static str>,
    product: &'static str,
    rules: Mutex<HashMap<String, Rule>>,
    calls: Mutex<Vec<MethodCall>>,
}

impl Script {
    /// One that answers as this version.
    pub(super) fn version(version: &'static str) -> Self {
        let (rules, calls) = (Mutex::default(), Mutex::default());
        Self { version: Some(version), product: "DaVinci Resolve Studio", rules, calls }
    }

    /// One that answers as 21.1.1.10.
    pub(super) fn newest() -> Self {
        Self::version("21.1.1.10")
    }

    /// The same, of another product.
    pub(super) fn product(self, product: &'static str) -> Self {
        Self { product, ..self }
    }

    /// Computes the answers of a method.
    pub(super) fn on(self, label: &str, mut rule: impl FnMut(&[Value]) -> Answer + Send + 'static) -> Self {
        self.rules.lock().unwrap().insert(label.to_owned(), Box::new(move |call| rule(&call.args)));
        self
    }

    /// Answers the same every time.
    pub(super) fn answers(self, label: &str, answer: impl Into<Value>) -> Self {
        let answer = answer.into();
        self.on(label, move |_| Ok(answer.clone()))
    }

    /// Answers these in turn, and the last one for ever.
    pub(super) fn in_turn(self, label: &str, answers: impl Into<Vec<Value>>) -> Self {
        let mut answers = std::collections::VecDeque::from(answers.into());
        self.on(label, move |_| {
            let next = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
            Ok(next.expect("an answer"))
        })
    }

    /// Refuses without a reason, as Resolve does.
    pub(super) fn refuses(self, label: &str) -> Self {
        let method = label.to_owned();
        self.on(label, move |_| Err(Fault::Refused { method: method.clone(), reason: None }.into()))
    }

    /// The labels of the calls so far, in order.
    pub(super) fn called(&self) -> Vec<String> {
        self.calls.lock().unwrap().iter().map(MethodCall::label).collect()
    }

    /// The arguments of the calls of one method, in order.
    pub(super) fn arguments(&self, label: &str) -> Vec<Vec<Value>> {
        let calls = self.calls.lock().unwrap();
        calls.iter().filter(|call| call.label() == label).map(|call| call.args.clone()).collect()
    }

    /// Makes a guarded call.
    pub(super) async fn guarded(&self, call: MethodCall) -> Result<Outcome, CallError> {
        guarded(self, call).await
    }
}

impl Caller for Script {
    fn call(&self, call: MethodCall) -> Called<'_> {
        let answer = match self.rules.lock().unwrap().get_mut(&call.label()) {
            Some(rule) => rule(&call),
            None => Err(Fault::NoSuchMethod {
                class: call.on.class().to_owned(),
                method: call.method.clone(),
                version: self.version.unwrap_or_default().to_owned(),
            }
            .into()),
        };
        self.calls.lock().unwrap().push(call);
        Box::pin(std::future::ready(answer))
    }

    fn connection(&self) -> Option<Connection> {
        let version = self.version?.to_owned();
        Some(Connection { product: self.product.to_owned(), version })
    }
}

/// The reason of a refusal.
pub(super) fn reason_of(outcome: Result<Outcome, CallError>) -> String {
    match outcome {
        Err(CallError::Fault(Fault::Refused { reason: Some(reason), .. })) => reason,
        Err(CallError::InvalidArgument { path, reason, .. }) => format!("{path}: {reason}"),
        other => panic!("not a refusal with a reason: {other:?}"),
    }
}
