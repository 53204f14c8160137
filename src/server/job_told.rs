//! What is told of a job: of a call from the journal and from what runs, of a render from Resolve and its file.

use resolve_actors::journal::{Job, Outcome, is_final};
use resolve_actors::{Estimate, Expected, Progress};
use serde_json::{Map, Value as Json, json};

use crate::error::{Code, ToolError};
use crate::history::History;
use crate::history::jobs::Running;

/// What every job says of itself.
fn head(job: &Job, kind: &str, state: &str) -> Map<String, Json> {
    let name = if job.is_render() { "project" } else { "tool" };
    let again = (job.restarts > 0).then(|| ("restarted".to_owned(), true.into()));
    let body = [
        ("job".to_owned(), job.id.as_str().into()),
        ("kind".to_owned(), kind.into()),
        (name.to_owned(), job.name.as_str().into()),
        ("state".to_owned(), state.into()),
        ("began".to_owned(), job.began.as_str().into()),
    ];
    body.into_iter().chain(again).collect()
}

/// A call as it runs, or as it ended.
pub(super) fn call(history: &History, job: &Job) -> Map<String, Json> {
    let running = history.running(&job.id);
    // Until its result can be read it counts as running here; of a session that is gone nobody will ever tell.
    let runs = running.is_some() || (job.ended.is_none() && history.is_alive(&job.session));
    let result = job.result.clone();
    let (state, took_s) = match &job.ended {
        _ if runs => ("running", None),
        None => ("unknown", None),
        Some((outcome, took_ms, ..)) => (ended_as(*outcome, result.as_ref()), took_ms.map(|ms| ms / 1000.0)),
    };
    let mut body = head(job, "call", state);
    if runs || took_s.is_some() {
        body.insert("elapsed_s".to_owned(), json!(rounded(took_s.unwrap_or(job.age_s))));
    }
    let (progress, expected) = match &running {
        Some(Running { ticket, .. }) => (ticket.progress().or(job.progress), ticket.expected()),
        None => (job.progress, None),
    };
    match (progress, expected) {
        (Some(progress), _) => parts(progress, job.age_s, runs, &mut body),
        (None, Some(expected)) if runs => estimated(&expected, &mut body),
        (None, _) if runs => {
            let only = "Resolve tells none for this call: only its time is known";
            body.insert("progress".to_owned(), only.into());
        }
        (None, _) => {}
    }
    if runs {
        let written = running.and_then(|running| running.ticket.written());
        body.extend(written.map(|bytes| ("written_bytes".to_owned(), bytes.into())));
        return body;
    }
    let observed = job.ended.as_ref().map(|(.., code, observed)| (code.clone(), observed.clone()));
    let observed = observed.filter(|(_, observed)| !observed.is_null());
    match (state, result) {
        ("complete" | "cancelled", Some(result)) => drop(body.insert("result".to_owned(), result)),
        (_, Some(result)) => drop(body.insert("error".to_owned(), result)),
        (state, None) => {
            if let Some((code, observed)) = observed {
                let done = state == "complete";
                let told = if done { observed } else { json!({"code": code, "message": observed}) };
                body.insert(if done { "result" } else { "error" }.to_owned(), told);
            }
        }
    }
    if state == "unknown" {
        body.insert("next_step".to_owned(), look_at(&job.name).into());
    }
    body
}

/// The state of a call that ended so. One that was stopped between its parts has done what it tells.
fn ended_as(outcome: Outcome, result: Option<&Json>) -> &'static str {
    match outcome {
        Outcome::Done if result.is_some_and(|result| result["cancelled"] == true) => "cancelled",
        Outcome::Done => "complete",
        Outcome::Failed => "failed",
        Outcome::NotStarted => "cancelled",
        Outcome::Unknown | Outcome::Open => "unknown",
    }
}

/// Where to look whether a call took effect of which nobody knows.
fn look_at(tool: &str) -> String {
    let where_ = match tool {
        "import_media" => "media_pool_read: files whose clips are there need not be imported again",
        tool if tool.starts_with("media_pool") => "media_pool_read, and the files that it was to write",
        tool if tool.starts_with("timeline") => "timeline_read, and the files that it was to write",
        tool if tool.starts_with("render") || tool == "start_render" => "render_read, which lists the queue",
        tool if tool.starts_with("project") => "project_read, and the archive or file that it was to write",
        _ => {
            "what it was to change, and the files that it was to write (history with details has its arguments)"
        }
    };
    format!("nobody knows whether it took effect; look at {where_}")
}

/// Done, total, percentage, and the time that is left if it goes on as it went so far.
fn parts(progress: Progress, age_s: f64, runs: bool, body: &mut Map<String, Json>) {
    let Progress { done, total } = progress;
    body.insert("done".to_owned(), whole(done));
    body.insert("total".to_owned(), whole(total));
    if total > 0.0 {
        body.insert("percent".to_owned(), json!(rounded(100.0 * done / total)));
    }
    if runs && done > 0.0 {
        body.insert("eta_s".to_owned(), json!(rounded(age_s / done * (total - done))));
    }
}

/// How far a call is as earlier ones tell, and that it is no more than that.
pub(super) fn estimated(expected: &Expected, body: &mut Map<String, Json>) {
    let Estimate { calls, scaled, .. } = expected.estimate;
    body.insert("percent".to_owned(), json!(rounded(expected.percent())));
    let left = expected.eta_s();
    body.extend(left.map(|left| ("eta_s".to_owned(), json!(rounded(left)))));
    let by = if scaled { ", by how much each works on" } else { "" };
    let beyond = if left.is_none() { "; this one takes longer" } else { "" };
    let earlier = if calls == 1 { "an earlier call".to_owned() } else { format!("{calls} earlier calls") };
    let told = format!("an estimate from {earlier} of the method{by}{beyond}: Resolve tells none");
    body.insert("progress".to_owned(), told.into());
}

/// A render as it was seen last, after it had ended.
pub(super) fn seen(job: &Job) -> Map<String, Json> {
    match &job.result {
        Some(Json::Object(body)) => body.clone(),
        _ => head(job, "render", &job.state),
    }
}

/// A render of which Resolve tells nothing now: as it was seen when it ended, or as what nobody knows.
pub(super) fn out_of_sight(job: &Job, error: &ToolError) -> Map<String, Json> {
    if is_final(&job.state) {
        return seen(job);
    }
    let mut body = head(job, "render", "unknown");
    body.insert("last_seen".to_owned(), job.state.as_str().into());
    body.insert("why".to_owned(), error.message.as_str().into());
    let next = match error.code {
        Code::InvalidArgument => format!(
            "it is not in the render queue of the open project: open the project '{}' with open_project and read again, or look \
             for its file",
            job.name
        ),
        _ => error.hint.clone(),
    };
    body.insert("next_step".to_owned(), next.into());
    body
}

/// A render as Resolve and its file tell it; `left` tells of one that waits whether it is started again.
pub(super) fn live(
    id: &str,
    known: Option<&Job>,
    left: impl FnOnce() -> bool,
    mut status: Map<String, Json>,
) -> Map<String, Json> {
    // What waits for its turn has not begun; Resolve's own word stays beside ours.
    let state = match status.get("state").and_then(Json::as_str) {
        Some("rendering") => "running".to_owned(),
        Some(state) => state.to_owned(),
        None => "unknown".to_owned(),
    };
    let mut body = match known {
        Some(job) => head(job, "render", &state),
        None => {
            let (kind, state) = (Json::from("render"), Json::from(state.as_str()));
            Map::from_iter([
                ("job".to_owned(), id.into()),
                ("kind".to_owned(), kind),
                ("state".to_owned(), state),
            ])
        }
    };
    let took = status.get("took_s").cloned();
    match (took, known) {
        (Some(took), _) => drop(body.insert("elapsed_s".to_owned(), took)),
        (None, Some(job)) if !is_final(&state) => {
            drop(body.insert("elapsed_s".to_owned(), json!(rounded(job.age_s))))
        }
        (None, _) => {}
    }
    for key in ["percent", "frames_done", "frames_total", "eta_s", "error", "error_code", "resolve_says"] {
        body.extend(status.shift_remove(key).map(|value| (key.to_owned(), value)));
    }
    let told = ["job", "state", "done", "took_s"];
    status.retain(|key, _| !told.contains(&key.as_str()));
    if !status.is_empty() {
        body.insert("result".to_owned(), Json::Object(status));
    }
    if state == "queued" {
        let next = match left() {
            true => {
                "it waited when the interpreter ended, and is started again by itself once nothing renders"
            }
            false => "start_render starts it, unless it waits for its turn behind another",
        };
        body.insert("next_step".to_owned(), next.into());
    }
    body
}

/// A count as a whole number, where it is one.
pub(super) fn whole(count: f64) -> Json {
    if count.fract() == 0.0 { json!(count as i64) } else { json!(count) }
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}
