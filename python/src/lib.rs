//! The interpreter host as a library: one thread that owns Python and every Resolve object.

mod batch;
mod cache;
mod call;
mod connect;
mod convert;
mod discover;
mod engine;
mod fixed_answers;
pub mod frames;
mod held;
pub mod host;
pub mod interpreter;
mod locate;
pub mod pipes;
mod search;
mod serve;
pub mod thread;
