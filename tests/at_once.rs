//! The promise of a tenth of a second, for a killed host and for leaving, and how it is measured.

use std::time::Duration;

/// The promise.
const AT_ONCE: Duration = Duration::from_millis(100);

/// How often each is measured. One measurement on a shared machine measures the machine as well.
const MEASUREMENTS: usize = 5;

/// Measures five times, whatever comes, and holds the median to the promise.
#[track_caller]
pub fn at_once(what: &str, measure: impl FnMut() -> Duration) {
    let mut taken: Vec<Duration> = std::iter::repeat_with(measure).take(MEASUREMENTS).collect();
    taken.sort();
    eprintln!("{what}: {taken:?}");
    assert!(
        taken[MEASUREMENTS / 2] < AT_ONCE,
        "{what} takes {taken:?}, its median must be below {AT_ONCE:?}"
    );
}
