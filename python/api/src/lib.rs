//! What may be called: the catalogue of Resolve's scripting API, its kinds, and the messages that cross the
//! wire. Plain data; nothing here knows MCP, actors or Python.

pub mod batch;
pub mod catalogue;
pub mod change;
pub mod check;
mod check_value;
pub mod engine;
pub mod facts;
pub mod fault;
pub mod installation;
pub mod kind;
pub mod locate;
pub mod locator;
pub mod nearest;
mod notation;
pub mod position;
pub mod rate;
mod rows;
pub mod shorten;
pub mod timecode;
pub mod value;
pub mod vocabulary;
pub mod wire;

pub use check::ArgumentError;
pub use fault::Fault;
pub use locator::{Key, Locator};
pub use value::Value;
