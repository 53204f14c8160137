//! Cancelling one render: it is stopped, or taken out of the queue, and what waited for its turn behind it goes on.

use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::{Fault, Locator, Value};
use tokio::time::Instant;

use crate::arguments::{Arguments, invalid_with};
use crate::dry_run;
use crate::error::CallError;
use crate::limits::{RENDER_CANCEL_WITHIN, RENDER_POLL};
use crate::operation::{Answer, Args, Operation};
use crate::render_job::State;
use crate::session::Session;
use crate::verify::not_verified;

/// Cancels a render; the tool `jobs_edit` runs it for jobs that are renders.
pub(crate) const CANCEL_RENDER: Operation = Operation {
    name: "jobs_edit",
    title: "Cancel render",
    domain: Domain::Render,
    effect: Effect::Destructive,
    doc: "Stops a render, whose unfinished file is lost, or takes one that waits out of the queue. Those that waited \
          behind it go on. Resolve may mark every job of the queue as cancelled, finished ones too: their files stay.",
    params: || {
        let go_on = "of these, those that waited for their turn behind it are started again";
        vec![
            Param::required("job", Kind::Str, "the id of the render job"),
            Param::optional("go_on", Kind::list(Kind::Str), go_on),
        ]
    },
    run: |session, args| Box::pin(cancel_render(session, args)),
};

async fn cancel_render(session: &Session, args: Args) -> Result<Answer, CallError> {
    let id = args.text("job")?;
    session.render_job("job", id).await?;
    let report = session.render_report(id).await?;
    if report.state.is_final() {
        let reason = format!("the render job '{id}' has ended: it is {}", report.state.word());
        return Err(invalid_with("job", reason, "jobs_read tells what came of it"));
    }
    let is_rendering = report.state == State::Rendering;
    let mut behind = Vec::new();
    if is_rendering {
        let queue = session.render_jobs().await?;
        let others = args.list("go_on").iter().filter_map(Value::as_str).filter(|other| *other != id);
        for other in others.filter(|other| queue.contains_key(*other)) {
            if session.render_report(other).await?.state == State::Queued {
                behind.push(other);
            }
        }
    }
    let texts = |ids: &[&str]| ids.iter().map(|id| Value::from(*id)).collect::<Vec<_>>();
    if session.is_dry_run() {
        let does = if is_rendering { "stop this render" } else { "take this job out of the render queue" };
        let plan = [("job", id.into()), ("percent", report.percent.into()), ("go_on", texts(&behind).into())];
        return Ok(dry_run::plan(does, plan));
    }
    if is_rendering {
        session.stop_rendering(id).await?;
    } else {
        session.call(Locator::Project, "DeleteRenderJob", [id.into()]).await?;
        if session.render_jobs().await?.contains_key(id) {
            let what = format!("the job {id} in the queue");
            return Err(not_verified("Project.DeleteRenderJob", &what, &Value::Null, &id.into()));
        }
    }
    if !behind.is_empty() {
        session.start_again(&behind).await?;
    }
    Ok(Value::map([
        ("job", id.into()),
        ("state", State::Cancelled.word().into()),
        ("removed_from_queue", (!is_rendering).into()),
        ("started_again", texts(&behind).into()),
        ("verified", true.into()),
    ])
    .into())
}

impl Session {
    /// Stops what is rendering, and waits until the job has stopped.
    async fn stop_rendering(&self, id: &str) -> Result<(), CallError> {
        match self.call(Locator::Project, "StopRendering", []).await {
            // It answers None whatever happens.
            Ok(_) | Err(CallError::Fault(Fault::Refused { .. })) => {}
            Err(error) => return Err(error),
        }
        let until = Instant::now() + RENDER_CANCEL_WITHIN;
        loop {
            let report = self.render_report(id).await?;
            if report.state.is_final() {
                return Ok(());
            }
            if Instant::now() >= until {
                let what = format!("the job {id}");
                return Err(not_verified(
                    "Project.StopRendering",
                    &what,
                    &"Cancelled".into(),
                    &report.word.into(),
                ));
            }
            self.pause(RENDER_POLL).await?;
        }
    }

    /// Starts the jobs that the stop has kept from their turn, once nothing renders any more.
    async fn start_again(&self, ids: &[&str]) -> Result<(), CallError> {
        let until = Instant::now() + RENDER_CANCEL_WITHIN;
        while self.bool(&Locator::Project, "IsRenderingInProgress", []).await? && Instant::now() < until {
            self.pause(RENDER_POLL).await?;
        }
        let list: Vec<Value> = ids.iter().map(|id| Value::from(*id)).collect();
        self.call(Locator::Project, "StartRendering", [list.into(), false.into()]).await.map(drop)
    }
}
