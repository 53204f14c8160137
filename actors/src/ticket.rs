//! A call on its way: whether it may still start, how far it is, and whether somebody wants it to stop.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::time::Instant;

use crate::journal::Correction;
use crate::pace::{Estimate, Expected};
use crate::told::Told;

const WAITING: u8 = 0;
const STARTED: u8 = 1;
const WITHDRAWN: u8 = 2;

/// How far a call is that consists of many parts, as it was seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Parts that are done: files of an import, percent of a render.
    pub done: f64,
    /// Parts in all.
    pub total: f64,
}

/// Decides exactly once whether a call starts or is withdrawn by its caller, whoever comes first, and knows where the
/// call is noted and whose it is, how far it is, and whether it is to stop between two of its parts.
#[derive(Clone, Default)]
pub struct Ticket(Arc<Slip>);

#[derive(Default)]
struct Slip {
    state: AtomicU8,
    entry: OnceLock<Correction>,
    client: Option<Told>,
    progress: Mutex<Option<Progress>>,
    expected: Mutex<Option<(Estimate, Instant)>>,
    written: AtomicU64,
    stop: AtomicBool,
}

impl Ticket {
    /// A ticket for a call of this client: a change is not begun in a project that it was not told of.
    pub fn of(client: Option<Told>) -> Self {
        Self(Arc::new(Slip { client, ..Slip::default() }))
    }

    /// A ticket for one step of the call.
    pub(crate) fn of_a_step(&self) -> Self {
        Self::of(self.0.client.clone())
    }

    /// What the client was told whose call it is, where it is one's.
    pub(crate) fn client(&self) -> Option<&Told> {
        self.0.client.as_ref()
    }

    /// Claims the call for running; false when its caller has withdrawn it.
    pub(crate) fn start(&self) -> bool {
        self.swap(STARTED)
    }

    /// Withdraws the call; false when it has started, and so may have an effect.
    pub fn withdraw(&self) -> bool {
        self.swap(WITHDRAWN)
    }

    /// Whether neither has happened.
    pub(crate) fn is_waiting(&self) -> bool {
        self.0.state.load(Ordering::Acquire) == WAITING
    }

    /// Whether it has started, and so may have an effect.
    pub fn is_started(&self) -> bool {
        self.0.state.load(Ordering::Acquire) == STARTED
    }

    /// Whether its caller has withdrawn it.
    pub(crate) fn is_withdrawn(&self) -> bool {
        self.0.state.load(Ordering::Acquire) == WITHDRAWN
    }

    /// How far the call is, where it says so.
    pub fn progress(&self) -> Option<Progress> {
        *self.0.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes how far the call is, also where it is noted.
    pub fn is_at(&self, progress: Progress) {
        *self.0.progress.lock().unwrap_or_else(PoisonError::into_inner) = Some(progress);
        if let Some(entry) = self.entry() {
            entry.is_at(progress);
        }
    }

    /// Notes how long the call will take as earlier ones tell, from now on.
    pub(crate) fn expects(&self, estimate: Estimate) {
        *self.0.expected.lock().unwrap_or_else(PoisonError::into_inner) = Some((estimate, Instant::now()));
    }

    /// How far the call is as earlier ones tell, where there are any.
    pub fn expected(&self) -> Option<Expected> {
        let expected = *self.0.expected.lock().unwrap_or_else(PoisonError::into_inner);
        expected.map(|(estimate, since)| Expected { estimate, so_far_s: since.elapsed().as_secs_f64() })
    }

    /// Notes how many bytes of what the call writes are there.
    pub(crate) fn has_written(&self, bytes: u64) {
        self.0.written.store(bytes, Ordering::Release);
    }

    /// Bytes of what the call writes that are there, where some are.
    pub fn written(&self) -> Option<u64> {
        Some(self.0.written.load(Ordering::Acquire)).filter(|bytes| *bytes > 0)
    }

    /// Asks a call of many parts to stop before its next one; any other goes on.
    pub fn ask_to_stop(&self) {
        self.0.stop.store(true, Ordering::Release);
    }

    /// Whether it was asked to stop.
    pub(crate) fn is_asked_to_stop(&self) -> bool {
        self.0.stop.load(Ordering::Acquire)
    }

    /// The number of the call's entry in the journal, once it has one.
    pub fn entry_id(&self) -> Option<i64> {
        self.entry().map(Correction::id)
    }

    /// Whether both are of one call.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Notes where the call is noted; the first to say so is believed.
    pub(crate) fn noted(&self, entry: Correction) {
        drop(self.0.entry.set(entry));
    }

    /// What corrects the entry of the call, if it is noted.
    pub(crate) fn entry(&self) -> Option<&Correction> {
        self.0.entry.get()
    }

    fn swap(&self, to: u8) -> bool {
        match self.0.state.compare_exchange(WAITING, to, Ordering::AcqRel, Ordering::Acquire) {
            Ok(_) => true,
            Err(now) => now == to,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A call must not both run and be reported as withdrawn: whoever comes first decides.
    #[test]
    fn a_ticket_is_either_started_or_withdrawn() {
        let started = Ticket::default();
        assert!(started.start());
        assert!(!started.withdraw());

        let withdrawn = Ticket::default();
        assert!(withdrawn.withdraw());
        assert!(!withdrawn.start());
    }
}
