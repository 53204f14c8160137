//! Every bound of this package, with the reason for its number.

use std::time::Duration;

/// Calls that may be accepted and not yet answered. An agent sends a handful at once and a program a few
/// dozen; 64 calls of 10 ms are answered within the patience of the most impatient client (10 s), more are
/// better told to wait than kept.
pub const QUEUE_LIMIT: usize = 64;

/// How often reads may overtake a write that waits. Reads go first because they are short and many; after
/// 16 of them (a listing of a timeline) the write has waited long enough.
pub const READS_BEFORE_A_WRITE: usize = 16;

/// How long a host may take from its start to `Hello`: an embedded Python starts in 0.2 s on a busy machine,
/// and on a cold disk in a few seconds.
pub const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// How long the first connection may take: Resolve loads a library of 200 MB and answers its first call in
/// seconds.
pub const CONNECT_DEADLINE: Duration = Duration::from_secs(30);

/// How long a call that changes nothing may take before the host counts as hung.
pub const READ_DEADLINE: Duration = Duration::from_secs(20);

/// How long a call that changes something may take. Importing probes each file, which takes up to 0.1 s.
pub const WRITE_DEADLINE: Duration = Duration::from_secs(60);

/// How long a call may take that starts long work (transcribing, detecting cuts, exporting).
pub const LONG_RUNNING_DEADLINE: Duration = Duration::from_secs(300);

/// How long a task-shaped tool may take in all. More than any client waits; the point is that the lease on the
/// interpreter comes back.
pub const OPERATION_DEADLINE: Duration = Duration::from_secs(90);

/// How long a call may wait for its turn. Clients give up after 10 to 60 s; one that has waited 20 s and has
/// not started had no effect, and that is worth more than a late answer.
pub const WAIT_FOR_TURN: Duration = Duration::from_secs(20);

/// Restarts within [`RESTART_PERIOD`] before a child of the supervisor counts as unavailable. Three, because a
/// poisonous call is often tried twice by an agent and the third try should still find a server.
pub const RESTART_INTENSITY: usize = 3;

/// The period of [`RESTART_INTENSITY`], and the time between attempts once a child is unavailable.
pub const RESTART_PERIOD: Duration = Duration::from_secs(60);

/// The pause before the second restart in a period; the first is made at once, for a call may wait.
pub const BACKOFF_FIRST: Duration = Duration::from_millis(100);

/// The longest pause before a restart; it doubles from [`BACKOFF_FIRST`].
pub const BACKOFF_LAST: Duration = Duration::from_secs(5);
