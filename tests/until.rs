//! Waiting for what is bound to come: asked again and again, and bounded.

use std::time::Instant;

use crate::client::PATIENCE;

/// Asks until it is so, and fails when it does not come to be within [`PATIENCE`].
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < PATIENCE, "in vain: {what}");
        std::thread::yield_now();
    }
}
