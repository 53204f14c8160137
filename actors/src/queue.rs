//! The order of calls in front of the interpreter: control before read before write, and a lease before all
//! others. Plain data; the actor in `interpreter.rs` owns it.

use std::collections::VecDeque;

use resolve_api::catalogue::Effect;
use tokio::time::Instant;

use crate::job::{Job, LeaseId, Work};
use crate::limits::READS_BEFORE_A_WRITE;

/// Jobs that wait. Its length is bounded by the permits that each job holds (see `system.rs`), plus one step
/// per lease and one connection per host.
#[derive(Default)]
pub(crate) struct Queue {
    control: VecDeque<Job>,
    steps: VecDeque<Job>,
    reads: VecDeque<Job>,
    writes: VecDeque<Job>,
    /// Who holds the interpreter at the moment.
    lease: Option<LeaseId>,
    /// How many reads have gone before the write that waits longest.
    overtaken: usize,
}

impl Queue {
    /// Adds a job, or gives it back when it is a step of a lease that has ended.
    pub(crate) fn push(&mut self, job: Job) -> Option<Job> {
        match (&job.work, job.effect) {
            (Work::Connect, _) => self.control.push_back(job),
            (Work::Step(lease, ..) | Work::Batch(lease, ..), _) if self.lease != Some(*lease) => {
                return Some(job);
            }
            (Work::Step(..) | Work::Batch(..), _) => self.steps.push_back(job),
            (_, Effect::Read) => self.reads.push_back(job),
            _ => self.writes.push_back(job),
        }
        None
    }

    /// The job whose turn it is.
    pub(crate) fn pop(&mut self) -> Option<Job> {
        if let Some(job) = self.control.pop_front() {
            return Some(job);
        }
        if self.lease.is_some() {
            return self.steps.pop_front();
        }
        let write_is_due = !self.writes.is_empty() && self.overtaken >= READS_BEFORE_A_WRITE;
        if !write_is_due && let Some(job) = self.reads.pop_front() {
            self.overtaken = if self.writes.is_empty() { 0 } else { self.overtaken + 1 };
            return Some(job);
        }
        self.overtaken = 0;
        self.writes.pop_front()
    }

    /// Gives the interpreter to a lease.
    pub(crate) fn grant(&mut self, lease: LeaseId) {
        self.lease = Some(lease);
    }

    /// Ends a lease, if it is the one that holds the interpreter.
    pub(crate) fn release(&mut self, lease: LeaseId) {
        if self.lease == Some(lease) {
            self.lease = None;
        }
    }

    /// Ends whatever lease there is and answers its waiting steps.
    pub(crate) fn revoke(&mut self) -> Vec<Job> {
        self.lease = None;
        self.steps.drain(..).collect()
    }

    /// Takes out the jobs that have waited too long, or that nobody waits for.
    pub(crate) fn expire(&mut self, now: Instant) -> Vec<Job> {
        let mut out = Vec::new();
        for lane in [&mut self.steps, &mut self.reads, &mut self.writes] {
            let (gone, kept): (Vec<_>, Vec<_>) =
                lane.drain(..).partition(|job| job.give_up_at <= now || job.is_abandoned());
            lane.extend(kept);
            out.extend(gone);
        }
        out
    }

    /// When the next job will have waited too long.
    pub(crate) fn next_expiry(&self) -> Option<Instant> {
        [&self.steps, &self.reads, &self.writes].into_iter().flatten().map(|job| job.give_up_at).min()
    }

    /// Takes out everything.
    pub(crate) fn clear(&mut self) -> Vec<Job> {
        self.lease = None;
        self.overtaken = 0;
        [&mut self.control, &mut self.steps, &mut self.reads, &mut self.writes]
            .into_iter()
            .flat_map(|lane| lane.drain(..))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use resolve_api::Locator;
    use resolve_api::wire::MethodCall;

    use super::*;
    use crate::job::Port;
    use crate::ticket::Ticket;

    fn job(label: &str, effect: Effect, work: Work) -> Job {
        Job {
            label: label.to_owned(),
            effect,
            deadline: Duration::from_secs(1),
            give_up_at: Instant::now() + Duration::from_secs(20),
            ticket: Ticket::default(),
            work,
        }
    }

    fn call(label: &str, effect: Effect) -> Job {
        let (port, receiver) = Port::new(None);
        // The receiver is leaked so that the job does not count as abandoned.
        std::mem::forget(receiver);
        job(label, effect, Work::Call(MethodCall::new(Locator::Resolve, label, []), port))
    }

    fn step(label: &str, lease: LeaseId) -> Job {
        let (port, receiver) = Port::new(None);
        std::mem::forget(receiver);
        job(label, Effect::Write, Work::Step(lease, MethodCall::new(Locator::Resolve, label, []), port))
    }

    fn order(queue: &mut Queue) -> Vec<String> {
        std::iter::from_fn(|| queue.pop()).map(|job| job.label).collect()
    }

    /// An agent that looks around must not wait behind another's long writes, and connecting goes first.
    #[tokio::test(start_paused = true)]
    async fn control_goes_before_read_before_write() {
        let mut queue = Queue::default();
        for entry in [
            call("write 1", Effect::Write),
            call("read 1", Effect::Read),
            call("destroy", Effect::Destructive),
            job("connect", Effect::Ui, Work::Connect),
            call("read 2", Effect::Read),
        ] {
            assert!(queue.push(entry).is_none());
        }

        assert_eq!(["connect", "read 1", "read 2", "write 1", "destroy"], order(&mut queue)[..]);
    }

    /// A stream of reads must not starve a write for ever.
    #[tokio::test(start_paused = true)]
    async fn a_write_is_overtaken_a_bounded_number_of_times() {
        let mut queue = Queue::default();
        assert!(queue.push(call("write", Effect::Write)).is_none());
        for number in 0..READS_BEFORE_A_WRITE + 5 {
            assert!(queue.push(call(&number.to_string(), Effect::Read)).is_none());
        }

        let order = order(&mut queue);

        assert_eq!(Some(READS_BEFORE_A_WRITE), order.iter().position(|label| label == "write"));
    }

    /// While a lease runs, a caller without it waits, even with a read; a step of an ended lease is given back.
    #[tokio::test(start_paused = true)]
    async fn a_lease_shuts_out_all_others_until_it_is_released() {
        let mut queue = Queue::default();
        queue.grant(1);
        assert!(queue.push(call("read", Effect::Read)).is_none());
        assert!(queue.push(step("step", 1)).is_none());

        assert_eq!(["step"], order(&mut queue)[..]);

        queue.release(1);

        assert_eq!(["read"], order(&mut queue)[..]);
        assert!(queue.push(step("late", 1)).is_some());
    }
}
