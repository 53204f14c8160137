//! How a server left, and how soon after it was asked to.

use std::process::{Child, ExitStatus};
use std::time::{Duration, Instant};

use crate::client::PATIENCE;

/// The end of a server.
pub struct Ended {
    /// How it ended.
    pub status: ExitStatus,
    /// How long after it was asked to.
    pub after: Duration,
}

impl Ended {
    /// Waits for a server to leave after it was asked to at `asked`.
    pub fn of(server: &mut Child, asked: Instant) -> Self {
        loop {
            if let Some(status) = server.try_wait().expect("the server is our child") {
                return Self { status, after: asked.elapsed() };
            }
            assert!(asked.elapsed() < PATIENCE, "the server does not leave");
            // A poll of the process table, not a wait for something to have happened.
            std::thread::sleep(Duration::from_millis(1));
        }
    }
}
