//! Operations on queued renders: start and watch.

use std::time::Duration;

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::{Locator, Value};
use tokio::time::Instant;

use crate::arguments::{Arguments, invalid, invalid_with};
use crate::dry_run;
use crate::error::CallError;
use crate::limits::{JOB_WAIT_MOST_S, RENDER_JOBS, RENDER_POLL, RENDER_START_WITHIN};
use crate::operation::{Answer, Args, Operation};
use crate::render_job::{self, Report, State};
use crate::render_proof::Proof;
use crate::revision::Seen;
use crate::session::Session;
use crate::verify::not_verified;

/// Starts queued jobs.
pub(crate) const START_RENDER: Operation = Operation {
    name: "start_render",
    title: "Start render",
    domain: Domain::Render,
    effect: Effect::LongRunning,
    doc: "Starts jobs of the render queue and returns as soon as the first one runs; no other job is \
          started. Follow them with jobs_read, which takes their ids. On a real Resolve the Deliver page opens.",
    params: || {
        let doc = "ids of queued jobs, from queue_render, in the order in which to render";
        vec![Param::required("jobs", Kind::list(Kind::Str), doc)]
    },
    run: |session, args| Box::pin(start_render(session, args)),
};

/// Watches a job.
pub(crate) const RENDER_STATUS: Operation = Operation {
    name: "render_read",
    title: "Render status",
    domain: Domain::Render,
    effect: Effect::Read,
    doc: "Answers the state of a render job (queued, rendering, complete, failed, cancelled), its percentage, frames and ETA, and once it \
          is complete the path, size and length of the file, which was looked into. With wait_s it waits that long for \
          the job to end. Without a job it lists the whole queue, and what of it was queued here.",
    params: || {
        vec![
            Param::optional("job", Kind::Str, "the job's id, from queue_render; all when absent"),
            Param::optional("wait_s", Kind::Number, "seconds to wait for the end of the job")
                .or(0)
                .at_least(0.0)
                .at_most(JOB_WAIT_MOST_S),
        ]
    },
    run: |session, args| Box::pin(render_status(session, args)),
};

fn job_ids(args: &Args) -> Result<Vec<String>, CallError> {
    let ids: Vec<String> = args.list("jobs").iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if ids.len() > RENDER_JOBS {
        return Err(invalid("jobs", format!("at most {RENDER_JOBS} jobs at once")));
    }
    Ok(ids)
}

async fn start_render(session: &Session, args: Args) -> Result<Answer, CallError> {
    let ids = job_ids(&args)?;
    if ids.is_empty() {
        let hint = "pass the ids that queue_render answered";
        return Err(invalid_with("jobs", "name at least one job: without one Resolve starts them all", hint));
    }
    for (number, id) in ids.iter().enumerate() {
        let path = format!("jobs[{number}]");
        session.render_job(&path, id).await?;
        let report = session.render_report(id).await?;
        if report.state != State::Queued {
            let reason = format!("job '{id}' is {}, not queued", report.state.word());
            return Err(invalid_with(path, reason, "queue it again with queue_render"));
        }
    }
    if session.bool(&Locator::Project, "IsRenderingInProgress", []).await? {
        let hint = "wait for it with jobs_read, or stop it with jobs_edit";
        return Err(invalid_with("jobs", "another render is in progress", hint));
    }
    if session.is_dry_run() {
        let mut jobs = Vec::new();
        for id in &ids {
            jobs.push(session.planned_job(id).await?);
        }
        let plan = [("count", Value::Int(ids.len() as i64)), ("jobs", jobs.into())];
        return Ok(dry_run::plan("start these jobs of the render queue", plan));
    }
    let list: Vec<Value> = ids.iter().map(|id| id.as_str().into()).collect();
    session.call(Locator::Project, "StartRendering", [list.into(), false.into()]).await?;
    // True is no proof: a job that Resolve does not like is accepted and never starts.
    let until = Instant::now() + RENDER_START_WITHIN;
    loop {
        let mut reports = Vec::new();
        for id in &ids {
            reports.push((id, session.render_report(id).await?));
        }
        if reports.iter().any(|(_, report)| report.state != State::Queued) {
            let jobs: Vec<Value> = reports.iter().map(|(id, report)| describe(id, report)).collect();
            return Ok(Value::map([("jobs", jobs.into()), ("verified", true.into())]).into());
        }
        if Instant::now() >= until {
            let word = reports.first().map(|(_, report)| report.word.clone()).unwrap_or_default();
            let what = format!("the job {}", ids.join(", "));
            return Err(not_verified("Project.StartRendering", &what, &"Rendering".into(), &word.into()));
        }
        session.pause(RENDER_POLL).await?;
    }
}

async fn render_status(session: &Session, args: Args) -> Result<Answer, CallError> {
    let Some(id) = args.maybe_text("job") else { return all_jobs(session).await };
    let wait = args.get("wait_s").and_then(Value::as_f64).unwrap_or(0.0).clamp(0.0, JOB_WAIT_MOST_S);
    let until = Instant::now() + Duration::from_secs_f64(wait);
    loop {
        let job = session.render_job("job", id).await?;
        let mut report = session.render_report(id).await?;
        // At 100 % the file is still being closed.
        let closing = report.state == State::Complete
            && session.bool(&Locator::Project, "IsRenderingInProgress", []).await?
            && render_job::output(&job).is_none();
        if closing {
            report.state = State::Rendering;
        }
        if report.state.is_final() || Instant::now() >= until {
            return Ok(finished(session, id, &job, report).await?.into());
        }
        session.pause(RENDER_POLL.min(until.duration_since(Instant::now()))).await?;
    }
}

/// Every job of the queue, also those that somebody else queued.
async fn all_jobs(session: &Session) -> Result<Answer, CallError> {
    let queue = session.render_jobs().await?;
    let revision = session.revision_of(Seen::queue(&queue));
    let mut jobs = Vec::new();
    for (id, job) in queue.iter().take(RENDER_JOBS) {
        let report = session.render_report(id).await?;
        let Value::Map(mut about) = describe(id, &report) else { continue };
        for key in ["TimelineName", "TargetDir", "OutputFilename"] {
            about.extend(job.get(key).map(|value| (key.to_owned(), value.clone())));
        }
        jobs.push(Value::Map(about));
    }
    let total = Value::Int(queue.len() as i64);
    Ok(Value::map([("jobs", jobs.into()), ("total", total), ("revision", revision)]).into())
}

/// The status with the file. A job that is complete without one, or with one that is not what was wanted, has failed,
/// whatever Resolve says.
async fn finished(session: &Session, id: &str, job: &Value, mut report: Report) -> Result<Value, CallError> {
    let mut code = None;
    let output = if report.state == State::Complete { render_job::output(job) } else { None };
    if report.state == State::Complete && output.is_none() {
        let text = |key: &str| job.get(key).and_then(Value::as_str).unwrap_or_default();
        report.state = State::Failed;
        code = Some("no_file");
        report.error = Some(format!(
            "Resolve says Complete, but there is no file '{}' in '{}': check that the folder is writable",
            text("OutputFilename"),
            text("TargetDir")
        ));
    }
    let proof = match &output {
        Some(output) => Some(session.prove_render(job, output).await?),
        None => None,
    };
    session.release().await;
    if let Some(Proof::Wrong(wrong)) = &proof {
        report.state = State::Failed;
        code = Some(wrong.code);
        report.error = Some(format!("Resolve says the job is complete, but {}", wrong.why));
    }
    let Value::Map(mut answer) = describe(id, &report) else { return Ok(Value::Null) };
    answer.extend(code.map(|code| ("error_code".to_owned(), code.into())));
    answer.extend(frames(job, &report));
    match proof {
        Some(Proof::Right(seen)) => {
            answer.insert("verified".to_owned(), true.into());
            answer.extend(seen.into_iter().map(|(name, value)| (name.to_owned(), value)));
        }
        Some(Proof::Unseen(why)) => {
            answer.insert("verified".to_owned(), false.into());
            answer.insert("why".to_owned(), why.into());
        }
        Some(Proof::Wrong(_)) | None => {}
    }
    if let Some(output) = output {
        answer.insert("path".to_owned(), output.path.to_string_lossy().into_owned().into());
        answer.insert("bytes".to_owned(), Value::Int(i64::try_from(output.bytes).unwrap_or(i64::MAX)));
        answer.insert("files".to_owned(), Value::Int(output.files as i64));
    }
    Ok(Value::Map(answer))
}

/// The frames of a job's range, and how many of them are done, reckoned from the percentage: Resolve tells no more.
fn frames(job: &Value, report: &Report) -> impl Iterator<Item = (String, Value)> + use<> {
    let number = |key: &str| job.get(key).and_then(Value::as_int);
    let total = number("MarkIn").zip(number("MarkOut")).map(|(first, last)| last - first + 1);
    let told = total.filter(|total| *total > 0 && !report.state.is_final()).map(|total| {
        let done = (report.percent / 100.0 * total as f64) as i64;
        [("frames_total".to_owned(), Value::Int(total)), ("frames_done".to_owned(), Value::Int(done))]
    });
    told.into_iter().flatten()
}

fn describe(id: &str, report: &Report) -> Value {
    let mut entry: IndexMap<String, Value> = IndexMap::from_iter([
        ("job".to_owned(), id.into()),
        ("state".to_owned(), report.state.word().into()),
        ("done".to_owned(), report.state.is_final().into()),
        ("percent".to_owned(), report.percent.into()),
        ("resolve_says".to_owned(), report.word.as_str().into()),
    ]);
    let optional = [
        ("eta_s", report.eta_s.filter(|_| report.state == State::Rendering).map(Value::from)),
        ("took_s", report.took_s.map(Value::from)),
        ("error", report.error.as_deref().map(Value::from)),
    ];
    entry.extend(optional.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
    Value::Map(entry)
}

impl Session {
    /// What a queued job would render, and where to.
    async fn planned_job(&self, id: &str) -> Result<Value, CallError> {
        let job = self.render_job("jobs", id).await?;
        let told = ["TimelineName", "TargetDir", "OutputFilename"].into_iter();
        let told = told.filter_map(|key| Some((key, job.get(key)?.clone())));
        Ok(Value::map(std::iter::once(("job", id.into())).chain(told)))
    }
}
