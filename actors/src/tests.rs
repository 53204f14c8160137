//! Tests of the actors together: on scripted hosts in this process with paused time, and on small child processes.

mod batches;
mod calls;
mod cancelling;
mod connecting;
mod deadlines;
mod drawing;
mod editing;
mod leases;
mod noting;
mod operations;
#[cfg(target_os = "linux")]
mod processes;
mod rendering;
mod restarts;
pub(crate) mod scripted;
pub(crate) mod stage;
