//! The messages between the server and the interpreter host: one JSON line each way.

use serde::{Deserialize, Serialize};

use crate::batch::{Batch, StepOutcome};
use crate::change::Look;
use crate::fault::Fault;
use crate::locator::Locator;
use crate::value::Value;

/// Raised whenever a message changes shape; the server refuses a host of another version.
pub const WIRE_VERSION: u32 = 3;

/// The longest line that either side accepts, in bytes. 16 MiB: a listing of 10,000 items with their
/// properties is about 6 MB, and anything larger is a mistake that should fail rather than swap.
pub const MAX_LINE_BYTES: usize = 16 << 20;

/// What the server asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the server, unique per connection.
    pub id: u64,
    /// What to do.
    pub op: Op,
}

/// The kinds of request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Connect to the backend if that has not happened, and say who answers.
    Connect,
    /// Call one method of the scripting API.
    Call(MethodCall),
    /// Call several, one after another.
    Batch(Batch),
}

/// One call of one method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MethodCall {
    /// The object it is called on; its class is the class of the method.
    pub on: Locator,
    /// The method's name, as Resolve has it: `AddMarker`.
    pub method: String,
    /// The arguments, by position. A trailing absent argument is left out, not `Null`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<Value>,
}

impl MethodCall {
    /// A call of `method` on `on`.
    pub fn new(on: Locator, method: impl Into<String>, args: impl Into<Vec<Value>>) -> Self {
        Self { on, method: method.into(), args: args.into() }
    }

    /// `Class.Method`, for messages.
    pub fn label(&self) -> String {
        format!("{}.{}", self.on.class(), self.method)
    }
}

/// What the host says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostMessage {
    /// The first line of a host: Python runs, nothing of Resolve has been touched.
    Hello(Hello),
    /// The answer to a request.
    Reply(Reply),
}

/// Who the host is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// [`WIRE_VERSION`] of the host.
    pub wire: u32,
    /// Its process id.
    pub pid: u32,
    /// The interpreter, such as `3.11.7`.
    pub python: String,
}

/// The answer to one request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The id of the request.
    pub id: u64,
    /// What came of it.
    pub outcome: Outcome,
    /// How many calls of the scripting API it took, look-ups included.
    pub api_calls: u32,
    /// The generation of the object cache after the call: it rises when the project, the database or the
    /// connection changed, and ids of an earlier generation may be stale.
    pub generation: u64,
    /// What is open, where the request has looked: when it connected, opened another project, or met one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<Look>,
    /// How many objects the cache remembers after the call.
    #[serde(default)]
    pub objects: u32,
}

/// Success or fault of a request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The method's answer. A read that answers `None` or empty is a value too.
    Value(Value),
    /// What came of each step of an [`Op::Batch`], in their order.
    Batch(Vec<StepOutcome>),
    /// Answer to [`Op::Connect`].
    Connected(Connection),
    /// It did not happen, or is not known to have happened.
    Fault(Fault),
}

/// Who answers as Resolve.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// `Resolve.GetProductName()`.
    pub product: String,
    /// `Resolve.GetVersionString()`.
    pub version: String,
}
