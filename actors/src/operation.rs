//! What a task-shaped tool is: a row of data and a function over a session.

use std::future::Future;
use std::pin::Pin;

use indexmap::IndexMap;
use resolve_api::Value;
use resolve_api::kind::Param;

use crate::error::CallError;
use crate::guard::{Outcome, Proof};
use crate::session::Session;

/// The boxed future that an operation's function returns.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Answer, CallError>> + Send + 'a>>;

/// What an operation does: steps over a session, with checked arguments.
pub type Run = for<'a> fn(&'a Session, Args) -> Running<'a>;

/// Arguments by name, checked against the parameters and with defaults filled in.
pub type Args = IndexMap<String, Value>;

/// A task-shaped tool: name, parameters and what it does. Schemas, annotations and docs derive from this row.
pub struct Operation {
    /// The tool's name, snake_case.
    pub name: &'static str,
    /// A title for people.
    pub title: &'static str,
    /// The actor that runs it.
    pub domain: resolve_api::catalogue::Domain,
    /// What it does to the project; annotations derive from it.
    pub effect: resolve_api::catalogue::Effect,
    /// What it does, for the agent: with units and what the answer holds.
    pub doc: &'static str,
    /// Its parameters, in order.
    pub params: fn() -> Vec<Param>,
    /// The function.
    pub run: Run,
}

/// What a call gave.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What was observed.
    pub value: Value,
    /// A picture to show with it.
    pub picture: Option<Box<Picture>>,
    /// What is known about the effect of the call of a method beside its answer. An operation says in its value
    /// what it observed.
    pub proof: Proof,
    /// What the guards of the call did or noticed, each a lowercase phrase.
    pub remarks: Vec<String>,
    /// The revision of what the call of a method has seen whole. An operation has it in its value.
    pub revision: Option<String>,
    /// Whether the call of a method stopped between its parts because somebody wanted that.
    pub stopped: bool,
}

/// A picture in an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The picture as PNG, small enough for a model to look at.
    pub png: Vec<u8>,
    /// Absolute path of the full-size file.
    pub path: String,
}

impl From<Outcome> for Answer {
    fn from(outcome: Outcome) -> Self {
        let Outcome { value, proof, remarks } = outcome;
        Self { value, picture: None, proof, remarks, revision: None, stopped: false }
    }
}

impl From<Value> for Answer {
    fn from(value: Value) -> Self {
        Self {
            value,
            picture: None,
            proof: Proof::Answer,
            remarks: Vec::new(),
            revision: None,
            stopped: false,
        }
    }
}
