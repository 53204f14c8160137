//! What may be called: the catalogue of Resolve's scripting API, its kinds, and the messages that cross the
//! wire. Plain data; nothing here knows MCP, actors or Python.

pub mod catalogue;
pub mod fault;
pub mod installation;
pub mod kind;
pub mod locator;
mod notation;
pub mod rate;
mod rows;
pub mod value;
pub mod vocabulary;
pub mod wire;

pub use fault::Fault;
pub use locator::{Key, Locator};
pub use value::Value;
