//! The operation that reads the open project.

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::{Locator, Value};

use crate::error::CallError;
use crate::limits::BESIDE;
use crate::operation::{Answer, Args, Operation};
use crate::session::Session;

/// Reads the open project.
pub(crate) const PROJECT_READ: Operation = Operation {
    name: "project_read",
    title: "Read project",
    domain: Domain::Project,
    effect: Effect::Read,
    doc: "Reads the open project: its id and name, frame rate and size, the open page, its timelines (id, name, \
          index; at most 50, with the total) and the one that is current, and how many jobs the render queue has.",
    params: Vec::new,
    run: |session, args| Box::pin(project_read(session, args)),
};

async fn project_read(session: &Session, _: Args) -> Result<Answer, CallError> {
    let project = Locator::Project;
    let mut about = session.id_and_name(&project).await?;
    for (name, setting) in [
        ("frame_rate", "timelineFrameRate"),
        ("drop_frame", "timelineDropFrameTimecode"),
        ("width", "timelineResolutionWidth"),
        ("height", "timelineResolutionHeight"),
    ] {
        let value = session.call(project.clone(), "GetSetting", [setting.into()]).await?;
        about.insert(name.to_owned(), plain(name, value));
    }
    let current = session.maybe_object(&project, "GetCurrentTimeline", []).await?;
    let (count, listed) = session.timelines(BESIDE).await?;
    let mut timelines = Vec::new();
    for (index, timeline) in listed {
        let mut entry = session.id_and_name(&timeline).await?;
        entry.insert("index".to_owned(), index.into());
        entry.insert("current".to_owned(), (Some(&timeline) == current.as_ref()).into());
        timelines.push(Value::Map(entry));
    }
    let current = match &current {
        Some(timeline) => Value::Map(session.id_and_name(timeline).await?),
        None => Value::Null,
    };
    let jobs = session.list(&project, "GetRenderJobList", []).await?.len();
    Ok(Value::Map(IndexMap::from_iter([
        ("project".to_owned(), Value::Map(about)),
        ("page".to_owned(), session.page().await?.into()),
        ("current_timeline".to_owned(), current),
        ("timelines".to_owned(), timelines.into()),
        ("timelines_total".to_owned(), count.into()),
        ("render_jobs".to_owned(), Value::Int(jobs as i64)),
    ]))
    .into())
}

/// Resolve answers sizes and switches as text; an agent gets numbers and truth values.
fn plain(name: &str, value: Value) -> Value {
    if name == "drop_frame" {
        return crate::clock::is_on(&value).into();
    }
    let number = value.as_str().and_then(|text| text.parse::<i64>().ok());
    match (name, number) {
        ("width" | "height", Some(number)) => number.into(),
        _ => value,
    }
}
