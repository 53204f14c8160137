//! How long the host takes for the calls of each method, as a histogram; bounded in the number of methods.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::limits::MEASURED_METHODS;

/// The upper bounds of the buckets, in seconds. A call of a scripting API takes from a tenth of a millisecond (the
/// engine) to minutes (an export); each bound is about three times the last.
pub const BOUNDS_S: [f64; 12] = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0];

/// What several calls in one message to the host are counted as.
pub const SEVERAL: &str = "several calls in one message";

/// What methods are counted as once there are [`MEASURED_METHODS`] others.
pub const OTHERS: &str = "other methods";

/// What was measured of one method.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Latency {
    /// Calls that have ended, in whichever way.
    pub calls: u64,
    /// Those of them during which the host ended.
    pub crashed: u64,
    /// Those of them that did not answer by their deadline.
    pub hung: u64,
    /// How long they took together.
    pub total: Duration,
    /// How long the longest took.
    pub longest: Duration,
    /// How many took at most [`BOUNDS_S`] and more than the bound before; the last counts those beyond all bounds.
    pub buckets: [u64; BOUNDS_S.len() + 1],
}

/// How a call has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// It was answered in time.
    Answered,
    /// The host ended during it.
    Crashed,
    /// It did not answer by its deadline, whether or not it did so later.
    Hung,
}

impl Latency {
    fn add(&mut self, took: Duration, end: End) {
        self.calls += 1;
        self.crashed += u64::from(end == End::Crashed);
        self.hung += u64::from(end == End::Hung);
        self.total += took;
        self.longest = self.longest.max(took);
        let bucket = BOUNDS_S.partition_point(|bound| *bound < took.as_secs_f64());
        self.buckets[bucket] += 1;
    }

    /// A time that this part of the calls (0 to 1) did not exceed: the bound of its bucket, or the longest where that
    /// is less.
    pub fn at_most(&self, part: f64) -> Duration {
        let mut seen = 0;
        for (bound, count) in BOUNDS_S.iter().zip(self.buckets) {
            seen += count;
            if seen as f64 >= part * self.calls as f64 {
                return Duration::from_secs_f64(*bound).min(self.longest);
            }
        }
        self.longest
    }
}

/// The measurements of a system.
#[derive(Debug, Default)]
pub(crate) struct Latencies(Mutex<BTreeMap<String, Latency>>);

impl Latencies {
    /// Notes how long a call took that has ended, by the name that it has in messages.
    pub(crate) fn note(&self, label: &str, took: Duration, end: End) {
        // Only what stands for several calls is more than one word.
        let name = if label.contains(' ') { SEVERAL } else { label };
        let mut methods = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = if methods.contains_key(name) || methods.len() < MEASURED_METHODS { name } else { OTHERS };
        match methods.get_mut(name) {
            Some(latency) => latency.add(took, end),
            None => methods.entry(name.to_owned()).or_default().add(took, end),
        }
    }

    /// All of them, by name.
    pub(crate) fn read(&self) -> BTreeMap<String, Latency> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A call on a bound belongs to the bucket that it ends, as Prometheus has it; and nothing is lost above the last.
    #[test]
    fn a_call_is_counted_in_one_bucket() {
        let latencies = Latencies::default();
        let ends = [End::Answered, End::Crashed, End::Answered, End::Hung];
        for (ms, end) in [1, 2, 3, 100_001].into_iter().zip(ends) {
            latencies.note("Timeline.GetName", Duration::from_millis(ms), end);
        }

        let read = latencies.read();
        let mut buckets = [0; BOUNDS_S.len() + 1];
        (buckets[1], buckets[2], buckets[12]) = (1, 2, 1);
        let expected = Latency {
            calls: 4,
            crashed: 1,
            hung: 1,
            total: Duration::from_millis(100_007),
            longest: Duration::from_millis(100_001),
            buckets,
        };
        assert_eq!(expected, read["Timeline.GetName"]);
        assert_eq!(Duration::from_millis(3), expected.at_most(0.5));
        assert_eq!(expected.longest, expected.at_most(0.99));
    }

    /// Whatever is called, memory and the page of numbers stay small, and every call is counted somewhere.
    #[test]
    fn methods_beyond_the_bound_are_counted_together() {
        let latencies = Latencies::default();
        for number in 0..MEASURED_METHODS + 5 {
            latencies.note(&format!("Class.Method{number}"), Duration::ZERO, End::Answered);
        }
        latencies.note("3 calls from Timeline.GetName on", Duration::ZERO, End::Answered);
        latencies.note("Class.Method0", Duration::ZERO, End::Crashed);

        let read = latencies.read();
        assert_eq!(MEASURED_METHODS + 1, read.len());
        assert_eq!(6, read[OTHERS].calls);
        assert_eq!(2, read["Class.Method0"].calls);
        assert_eq!(MEASURED_METHODS as u64 + 7, read.values().map(|latency| latency.calls).sum::<u64>());
    }
}
