//! Takes back what a tool call changed: only if nothing else has changed it since, and with a look at what is there then.

use resolve_api::batch::{Batch, BatchStep, MAX_STEPS, Target};
use resolve_api::wire::MethodCall;

use crate::batch::{self, StepAnswer};
use crate::error::CallError;
use crate::session::Session;
use crate::undo::{Side, Step};

/// What is taken back: the calls of one part, within one lease.
#[derive(Debug, Clone, Default)]
pub struct Taking {
    /// All writes of the call, in the order in which they were made.
    pub steps: Vec<Step>,
    /// The part: of the calls that take them back so many are left out at the beginning.
    pub from: usize,
    /// Whether it is taken back even if something else has changed it since.
    pub confirmed: bool,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct TakenBack {
    /// The answers of the calls of this part.
    pub answers: Vec<StepAnswer>,
    /// The methods by which what is there now was compared with what was there before; after the last part only.
    pub compared: Vec<String>,
    /// What is other than before, a sentence each.
    pub differences: Vec<String>,
}

impl Taking {
    /// Every call that takes them back, in their order, with the write that it takes back.
    pub fn calls<'a>(&'a self) -> Vec<(&'a MethodCall, &'a Step)> {
        let calls = |step: &'a Step| step.back.iter().map(move |call| (call, step));
        self.steps.iter().rev().flat_map(calls).collect()
    }

    /// Those of this part.
    pub fn part(&self) -> Vec<(&MethodCall, &Step)> {
        self.calls().into_iter().skip(self.from).take(MAX_STEPS).collect()
    }

    fn is_last(&self) -> bool {
        self.from + MAX_STEPS >= self.calls().len()
    }
}

/// Makes the calls of a part.
///
/// # Errors
/// [`CallError::ChangedSince`] before the first part, and what keeps all of it from starting.
pub(crate) async fn run(session: &Session, taking: Taking) -> Result<TakenBack, CallError> {
    if taking.from == 0 && !taking.confirmed {
        let left = session.compare(&taking.steps, Side::After).await?;
        if !left.differences.is_empty() {
            return Err(CallError::ChangedSince { differences: left.differences });
        }
    }
    let step = |(call, _): (&MethodCall, &Step)| {
        BatchStep::new(Target::Object(call.on.clone()), &call.method, call.args.clone())
    };
    let steps: Vec<BatchStep> = taking.part().into_iter().map(step).collect();
    let answers = if steps.is_empty() {
        Vec::new()
    } else {
        batch::run(session, Batch { steps, go_on: false }).await?
    };
    session.settle().await;
    let whole = !answers.iter().any(|answer| matches!(answer, StepAnswer::Failed { .. }));
    let mut taken = TakenBack { answers, compared: Vec::new(), differences: Vec::new() };
    if whole && taking.is_last() {
        let compared = session.compare(&taking.steps, Side::Before).await?;
        (taken.compared, taken.differences) = (compared.by, compared.differences);
    }
    Ok(taken)
}
