//! Every bound of this package, with the reason for its number.

use std::time::Duration;

/// Calls that may be accepted and not yet answered. An agent sends a handful at once and a program a few
/// dozen; 64 calls of 10 ms are answered within the patience of the most impatient client (10 s), more are
/// better told to wait than kept.
pub const QUEUE_LIMIT: usize = 64;

/// Tools that may run at once. The queue behind them holds [`QUEUE_LIMIT`]; twice that leaves room for calls that are
/// refused there or fail before they reach it, and bounds what one client can make us hold.
pub const CALLS_AT_ONCE: usize = 2 * QUEUE_LIMIT;

/// Requests of a client on stdio that may be read and not yet answered, or answered and not yet read by it; the next
/// is left in the pipe until then, so that its backlog does not become ours. Twice the calls that may run: what is
/// answered at once (a refusal, a ping) has its place also while all of those take long.
pub const UNANSWERED: usize = 2 * CALLS_AT_ONCE;

/// How long a client with [`UNANSWERED`] requests may go without reading any answer before it counts as gone. The most
/// patient client measured gives up after 60 s.
pub const UNREAD_PATIENCE: Duration = Duration::from_secs(60);

/// Lines that wait to be written to the host. One request is in flight at a time; the second place covers the moment
/// in which the writer has not yet come back for the next.
pub const LINES_TO_WRITE: usize = 2;

/// Methods whose calls are measured by name; those of any others are measured together. An agent uses a few dozen in a
/// session, and twelve numbers each of so many are a page that a collector takes every few seconds.
pub const MEASURED_METHODS: usize = 128;

/// How often reads may overtake a write that waits. Reads go first because they are short and many; after
/// 16 of them (a listing of a timeline) the write has waited long enough.
pub const READS_BEFORE_A_WRITE: usize = 16;

/// How long a host may take from its start to `Hello`: an embedded Python starts in 0.2 s on a busy machine,
/// and on a cold disk in a few seconds.
pub const HELLO_WITHIN: Duration = Duration::from_secs(10);

/// How long the first connection may take: Resolve loads a library of 200 MB and answers its first call in
/// seconds.
pub const CONNECT_DEADLINE: Duration = Duration::from_secs(30);

/// How often it is looked whether Resolve is there by now, while it is not and nobody calls: often enough for somebody
/// who has just started it and waits for status to say so; a look at a Resolve that is not there takes milliseconds.
pub const RECONNECT_EVERY: Duration = Duration::from_secs(5);

/// How long a call that changes nothing may take before the host counts as hung. Reads take milliseconds, the longest
/// listing a second; the most impatient client gives up after 10 s, and is to hear why before it does.
pub const READ_DEADLINE: Duration = Duration::from_secs(9);

/// How long several calls in one hop may take: a listing of a thousand items asks some ten thousand questions, which
/// are a few seconds of Resolve.
pub const BATCH_DEADLINE: Duration = Duration::from_secs(30);

/// How long a call that changes something may take. Importing probes each file, up to 0.1 s for each of at most 200;
/// a slow disk takes twice that. Clients of the common SDKs give up after 60 s, and are to hear why before they do.
pub const WRITE_DEADLINE: Duration = Duration::from_secs(45);

/// How much longer a call that may change something is left alone, when its caller has been told that it is late. A
/// person who reads of a dialog and closes it needs less than a minute; ending the host at once would lose the answer,
/// and with the engine the work.
pub const WRITE_GRACE: Duration = Duration::from_secs(60);

/// After how long the caller of a long call is answered that it goes on as a job: what takes a few seconds is not worth
/// a second call, and the most impatient client gives up after 10 s.
pub const JOB_AFTER: Duration = Duration::from_secs(5);

/// How long a call may take that starts long work (transcribing, detecting cuts, exporting).
pub const LONG_RUNNING_DEADLINE: Duration = Duration::from_secs(300);

/// How long a task-shaped tool may take in all. More than any client waits; the point is that the lease on the
/// interpreter comes back.
pub const OPERATION_DEADLINE: Duration = Duration::from_secs(90);

/// How much longer than its own deadline a guarded call may take: a page is waited for up to 3 s, there and back, and
/// the other looks around a call take milliseconds.
pub const AROUND_A_CALL: Duration = Duration::from_secs(10);

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

/// Entries of a list that are answered unless asked otherwise: 50 items with their times are about 4,000 tokens.
pub const LIST_LIMIT: usize = 50;

/// The most entries of a list in one answer: beyond 200 it fills a model's window.
pub const LIST_LIMIT_LARGEST: usize = 200;

/// Items whose places are told at once: each is a row of about 60 bytes, so this is below the 80,000 of an answer.
pub const STRUCTURE_ITEMS: usize = 1_000;

/// Names that an error suggests: more is a listing, and there are tools for that.
pub const CANDIDATES: usize = 10;

/// Timelines and markers that a reading answers beside its own list: enough to choose from.
pub const BESIDE: usize = 50;

/// Paths of one import. Each is probed by itself, up to 0.1 s: 1000 stay well within [`LONG_RUNNING_DEADLINE`], and what
/// is answered of them is 400 kB.
pub const IMPORT_PATHS: usize = 1_000;

/// Paths of an import after which others get their turn, its progress is told, and a wish to stop is heard: 8 of up to
/// 0.1 s keep nobody waiting for longer than a second.
pub const IMPORT_CHUNK: usize = 8;

/// Clips below a folder that are looked at to tell how long a call on it will take, or to make it clip by clip; each is a row of some 40 values, so
/// that 500 are read in half a second of Resolve.
pub const EXTENT_CLIPS: usize = 500;

/// Folders of the same: two calls each.
pub const EXTENT_FOLDERS: usize = 50;

/// Files that are measured of what a long call writes, the media of an archive, of which more than this are sequences; and
/// of what is kept for one undo, which has a few.
pub const WRITTEN_FILES: usize = 10_000;

/// How long a call may take that is made clip by clip, or whose work goes on in Resolve: each of its calls has the deadline
/// of one, others get their turn in between, and a night of transcribing or copying is what such a call is for.
pub const IN_PARTS_DEADLINE: Duration = Duration::from_secs(12 * 60 * 60);

/// Earlier calls of a method that tell how long the next one takes: enough for a median that one odd call does not move,
/// few enough to follow a machine that has become faster.
pub const PACE_CALLS: u32 = 9;

/// Clips of one append. Each takes about ten calls to place and read back, up to 10 ms in all.
pub const APPEND_CLIPS: usize = 100;

/// Frames that a look shows unless asked otherwise: a cut of a few shots at a glance.
pub const LOOK_FRAMES: usize = 6;

/// The most frames of one look: on a sheet of about a megapixel more are too small to judge.
pub const LOOK_FRAMES_MOST: usize = 16;

/// The longest side of a contact sheet: about a megapixel, which every model takes without scaling it down.
pub const LOOK_EDGE: u32 = 1024;

/// The largest that may be asked for: as base64 in one message, more breaks clients.
pub const LOOK_EDGE_LARGEST: u32 = 2048;

/// Jobs of one start or cancel: a queue longer than this is not an agent's.
pub const RENDER_JOBS: usize = 100;

/// How often a job is asked for its status while somebody waits: often enough for a progress bar, seldom enough
/// not to slow the render.
pub const RENDER_POLL: Duration = Duration::from_millis(250);

/// How long a render may take to start before it counts as refused: measured starts take up to two seconds.
pub const RENDER_START_WITHIN: Duration = Duration::from_secs(10);

/// How long a look into a finished file may take: nine frames of 4K are decoded in a few seconds on a busy machine.
pub const RENDER_PROOF_WITHIN: Duration = Duration::from_secs(30);

/// How long a render may take to stop: on Resolve the job reads Cancelled after about eight seconds.
pub const RENDER_CANCEL_WITHIN: Duration = Duration::from_secs(15);

/// How often a render is started again that waited when the interpreter ended: once. One that ends it each time would else
/// do so for ever, and the render process may not be what is wrong.
pub const RENDER_RESTARTS: u32 = 1;

/// How long ago a render may have been started that is started again: whoever starts one for the night comes back in the
/// morning; what waits for longer waits for a decision.
pub const RENDER_RESTART_WITHIN: Duration = Duration::from_secs(24 * 60 * 60);

/// How often it is looked whether nothing renders, while some wait to be started again. Two looks in a row must have seen
/// nothing: between two jobs of a queue that goes on nothing renders either, for a moment.
pub const RENDER_RESTART_LOOK: Duration = Duration::from_secs(1);

/// The longest wait for the end of a job in one call, in seconds: what was measured of clients begins at 10 and ends at
/// 60; whoever asks for this much knows that theirs is patient.
pub const JOB_WAIT_MOST_S: f64 = 50.0;
