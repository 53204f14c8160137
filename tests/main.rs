//! The tests of the built server: over stdio as a client sees it, and of the repository's own rules.

mod at_once;
mod backend;
mod bad_input;
mod boundaries;
mod by_hand;
mod cancelling;
mod changed_since;
mod client;
mod codes;
mod consent;
mod deadlines;
mod documents;
mod dry_run;
mod economy;
mod ended;
mod facts;
#[cfg(target_os = "linux")]
mod fault_stages;
#[cfg(target_os = "linux")]
mod fault_suite;
mod faults;
mod faults_file;
#[cfg(target_os = "linux")]
mod flood;
mod frozen_host;
mod guards;
mod history;
mod http;
mod http_client;
mod http_door;
mod job_parts;
mod job_progress;
mod job_rows;
mod jobs;
#[cfg(target_os = "linux")]
mod linkage;
mod made_film;
mod media;
mod metrics;
mod plausible;
#[cfg(target_os = "linux")]
mod process_facts;
mod processes;
mod protocol;
mod reconnecting;
mod redo;
mod redo_made;
#[cfg(unix)]
mod render_ends;
mod render_jobs;
mod render_progress;
mod render_proof;
#[cfg(unix)]
mod render_restart;
mod replay;
mod resources;
mod restarting;
mod revisions;
mod rows;
#[cfg(target_os = "linux")]
mod soak;
#[cfg(target_os = "linux")]
mod soak_mix;
mod stub;
mod subtitles;
mod supervision;
mod surface;
mod tidy;
mod timecodes;
mod timeline_copies;
mod undo;
mod undo_attached;
mod undo_clips;
mod undo_grades;
mod undo_media;
mod undo_pool;
mod undo_presets;
mod undo_projects;
mod undo_queue;
mod undo_settings;
mod undo_stills;
mod undo_timelines;
mod until;
mod whole_api;
