//! The actors.

pub mod config;
pub mod error;
pub mod limits;
pub mod operation;
pub mod session;
pub mod status;
pub mod system;

pub use config::{Backend, Config, Deadlines, HostCommand, RestartPolicy};
pub use error::CallError;
pub use operation::{Answer, Args, Operation, Picture};
pub use status::{Counters, HostState, Status};
pub use system::{Call, System, What};

/// The task-shaped tools, in the order in which they are listed.
pub fn operations() -> &'static [Operation] {
    &[]
}
