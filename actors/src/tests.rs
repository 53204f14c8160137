//! Tests of the actors together: on scripted hosts in this process with paused time, and on small child processes.

mod calls;
mod leases;
mod processes;
mod restarts;
pub(crate) mod scripted;
