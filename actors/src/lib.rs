//! Who does what, in what order, and what if it fails: the actors between an agent's call and the interpreter.
//!
//! ```text
//!  System::call ── at most QUEUE_LIMIT (64) calls unanswered, else busy
//!      │ Method or Operation, to the mailbox of its domain
//!      ▼
//!  root supervisor (one for one, an account for each child: 3 restarts in 60 s, after 0, 0.1 and 0.2 s;
//!      │            at the next end it is unavailable, and one attempt is made per 60 s)
//!      ├── application ─ project ─ media_storage ─ media_pool ─ timeline ─ timeline_item
//!      ├── color ─ gallery ─ fusion ─ render ─ audio ─ cloud
//!      │       │   12 domain actors: judge a call, forward a method, run an operation beside themselves
//!      │       │ Job: Call, Lease, Step
//!      │       ▼
//!      ├── interpreter   one queue: control before read before write (a write is overtaken 16 times at most);
//!      │       │   ▲     1 request in flight; waits 20 s, runs 9 s (read), 45 s (write) or 300 s (long);
//!      │       │   │     then its caller is told, a read costs the host, a write has 60 s more, others hear busy
//!      │       │   │ Reply, or that the host is gone
//!      └── host┼───┤     owns the child process; hello within 10 s; ends when the process does; is replaced when
//!              │   │     the interpreter's actor is, which alone knows what it was asked
//!              ▼   │
//!        one JSON line each way, at most 16 MiB, on pipes of their own
//!              │   ▲
//!         resolve-python (a process group of its own, killed whole)
//! ```
//!
//! ractor's mailboxes have no bound; the permit that each call holds from [`System::call`] to its answer bounds
//! them all. A call that started is never repeated: whether it took effect is for its caller to find out.

// The actors and what moves between them.
mod board;
mod digest;
mod directory;
mod domain;
mod host;
mod interpreter;
mod job;
mod lease;
mod left;
mod lines;
mod link;
mod process;
mod queue;
mod restart;
mod revision;
mod supervisor;
mod ticket;
mod tree;

// The operations, and what they read and compare with.
mod append;
mod application;
mod arguments;
mod clip;
mod clock;
mod color;
mod contact_sheet;
mod cursor;
mod extent;
mod goes_on;
mod import_media;
mod item;
mod item_fields;
mod listing;
mod look;
mod lut;
mod marker;
mod media_files;
mod media_pool_read;
mod pace;
mod parts;
mod placement;
mod project;
mod project_read;
mod render;
mod render_cancel;
mod render_job;
mod render_proof;
mod render_queue;
mod still;
mod subtitles;
mod timeline;
mod timeline_item;
mod timeline_read;
mod timeline_survey;
mod track;
mod typed;
mod verify;
mod written;

#[cfg(test)]
mod tests;

pub mod batch;
pub mod config;
pub mod dry_run;
pub mod error;
pub mod guard;
pub mod journal;
pub mod limits;
pub mod metrics;
pub mod operation;
pub mod session;
pub mod status;
pub mod system;
pub mod take_back;
pub mod told;
pub mod undo;

pub use batch::StepAnswer;
pub use board::Noticed;
pub use config::{Backend, Config, Deadlines, HostCommand, RestartPolicy};
pub use dry_run::DRY_RUN;
pub use error::CallError;
pub use guard::Proof;
pub use operation::{Answer, Args, Operation, Picture};
pub use pace::{Estimate, Expected};
pub use status::{Counters, HostState, Status};
pub use system::{Call, System, What};
pub use take_back::{TakenBack, Taking};
pub use ticket::{Progress, Ticket};
pub use told::Told;

/// The task-shaped tools, in the order in which they are listed.
pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// What cancels a render: a step of a tool that cancels any kind of job, and no tool by itself.
pub fn cancel_render() -> &'static Operation {
    &render_cancel::CANCEL_RENDER
}

static OPERATIONS: [Operation; 16] = [
    project::CREATE_PROJECT,
    project::OPEN_PROJECT,
    project_read::PROJECT_READ,
    application::SWITCH_PAGE,
    import_media::IMPORT_MEDIA,
    media_pool_read::MEDIA_POOL_READ,
    timeline::CREATE_TIMELINE,
    append::APPEND_TO_TIMELINE,
    timeline_read::TIMELINE_READ,
    marker::ADD_MARKER,
    timeline_item::SET_ITEM_PROPERTIES,
    color::APPLY_GRADE,
    look::LOOK,
    render_queue::QUEUE_RENDER,
    render::START_RENDER,
    render::RENDER_STATUS,
];
