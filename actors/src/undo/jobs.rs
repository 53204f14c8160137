//! Render jobs that a call deletes: queued again with what the queue told of them.

use indexmap::IndexMap;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};

use super::{Kept, Remade, render_settings};
use crate::error::CallError;
use crate::guard::Proof;
use crate::operation::Answer;
use crate::render_queue::chosen;
use crate::session::Session;
use crate::verify::{not_verified, same};

/// The call that queues a job. With the settings of a job as its argument it stands for all that queues that one again.
const QUEUE: &str = "AddRenderJob";

/// What the queue tells of a job and a setting takes, by both names.
const SETTINGS: [(&str, &str); 12] = [
    ("TargetDir", "TargetDir"),
    ("FormatWidth", "FormatWidth"),
    ("FormatHeight", "FormatHeight"),
    ("MarkIn", "MarkIn"),
    ("MarkOut", "MarkOut"),
    ("IsExportVideo", "ExportVideo"),
    ("IsExportAudio", "ExportAudio"),
    ("AudioBitDepth", "AudioBitDepth"),
    ("AudioSampleRate", "AudioSampleRate"),
    ("ExportAlpha", "ExportAlpha"),
    ("NetworkOptimization", "NetworkOptimization"),
    ("ReplaceExistingFilesInPlace", "ReplaceExistingFilesInPlace"),
];

/// What the queue tells of a job that is another one each time it is queued.
const OF_THE_QUEUE: [&str; 3] = ["JobId", "RenderJobName", "PresetName"];

/// What nobody can see of a job that was queued again.
const BEWARE: &str = "a job that is queued again has the quality, color tags and subtitles that the Deliver page has now, \
    and waits even if it was rendered";

/// The same of its settings, where a build does not save those of the page.
const STAYS: &str = "its folder, name and size stay on the Deliver page";

/// What queues the jobs again that a call deletes.
///
/// # Errors
/// Why nothing does, in words.
pub(super) async fn before_a_deletion(session: &Session, write: &MethodCall) -> Result<Kept, String> {
    let mut jobs =
        session.render_jobs().await.map_err(|error| format!("the queue could not be read: {error}"))?;
    if let Some(id) = write.args.first() {
        jobs.retain(|known, _| Some(known.as_str()) == id.as_str());
    }
    let (mut back, mut remade) = (Vec::new(), Vec::new());
    for (id, job) in jobs {
        restorable(&job).map_err(|why| format!("of the job {id} {why}"))?;
        remade.push(Remade { call: back.len(), was: id });
        back.push(MethodCall::new(Locator::Project, QUEUE, [job]));
    }
    Ok(Kept::Looked { back, remade, watched: Vec::new() })
}

/// Whether the queue tells enough of a job.
fn restorable(job: &Value) -> Result<(), String> {
    let text = |key: &str| job.get(key).and_then(Value::as_str).unwrap_or_default();
    for key in ["TimelineName", "TargetDir", "OutputFilename", "VideoFormat"] {
        if text(key).is_empty() {
            return Err(format!("this build does not tell the {key}"));
        }
    }
    if text("RenderMode") == "Individual clips" {
        return Err("no call tells how the files of its clips are named".to_owned());
    }
    if job.get("IsExportVideo") == Some(&Value::Bool(false)) {
        return Err("no call tells the format of sound alone".to_owned());
    }
    Ok(())
}

/// The job that a call of an undo stands for.
pub(crate) fn queued_again(call: &MethodCall) -> Option<&Value> {
    (call.on == Locator::Project && call.method == QUEUE).then(|| call.args.first()).flatten()
}

/// The Deliver page and the timeline as they were before a job was queued.
struct Stage {
    page: Option<String>,
    timeline: Option<Locator>,
    format: IndexMap<String, Value>,
    mode: Value,
    /// Whether all settings are held.
    held: bool,
}

/// Queues a job again, and leaves the page, the timeline and the format as they were. What the queue tells of it is what
/// it told before, or it is taken out again.
///
/// # Errors
/// [`CallError::NotVerified`] with what is other, and those of the calls.
pub(crate) async fn queue(session: &Session, job: &Value) -> Result<Answer, CallError> {
    let stage = Stage::read(session).await?;
    let name = job.get("TimelineName").and_then(Value::as_str).unwrap_or_default();
    let timeline = session.by_id(&Locator::Timeline(Key::Name(name.to_owned()))).await?;
    let queued = set_and_queue(session, job, &timeline, &stage).await;
    let remarks = [BEWARE].into_iter().chain((!stage.held).then_some(STAYS)).map(str::to_owned).collect();
    let restored = stage.restore(session).await;
    let (id, observed) = queued?;
    restored?;
    let call = MethodCall::new(Locator::Project, QUEUE, []);
    session.recorder().stands_for(session, &call, &id).await;
    let proof =
        Proof::ReadBack { reader: "Project.GetRenderJobList".to_owned(), requested: job.clone(), observed };
    Ok(Answer { proof, remarks, ..id.into() })
}

async fn set_and_queue(
    session: &Session,
    job: &Value,
    timeline: &Locator,
    stage: &Stage,
) -> Result<(Value, Value), CallError> {
    let project = |method: &'static str, args: Vec<Value>| session.ask(Locator::Project, method, args);
    if stage.timeline.as_ref() != Some(timeline) {
        project("SetCurrentTimeline", vec![Value::object(timeline.clone())]).await?;
    }
    let text = |key: &str| job.get(key).and_then(Value::as_str).unwrap_or_default();
    let formats = session.map(&Locator::Project, "GetRenderFormats", []).await?;
    let format = chosen("format", text("VideoFormat"), &formats)?;
    let codecs = session.map(&Locator::Project, "GetRenderCodecs", [format.as_str().into()]).await?;
    let codec = chosen("codec", text("VideoCodec"), &codecs)?;
    let marks = session.ask(timeline.clone(), "GetMarkInOut", vec![]).await?;
    project("SetCurrentRenderFormatAndCodec", vec![format.as_str().into(), codec.into()]).await?;
    project("SetCurrentRenderMode", vec![1.into()]).await?;
    let settings = SETTINGS.iter().filter_map(|(told, taken)| Some((*taken, job.get(told)?.clone())));
    let name = file_name(text("OutputFilename"), job.get("MarkIn").and_then(Value::as_int));
    let settings = settings.chain([("CustomName", name.into())]);
    match project("SetRenderSettings", vec![Value::map(settings)]).await {
        // A codec that does not take one of them takes the others; the job shows what was taken.
        Ok(_) | Err(CallError::Fault(Fault::Refused { .. })) => {}
        Err(error) => return Err(error),
    }
    let id = project(QUEUE, vec![]).await?;
    let known = id.as_str().unwrap_or_default();
    let observed = session.render_job("job", known).await?;
    // Settings of marks move those of the timeline.
    if session.ask(timeline.clone(), "GetMarkInOut", vec![]).await? != marks {
        session.ask(timeline.clone(), "ClearMarkInOut", vec!["all".into()]).await?;
        for (kind, mark) in marks.as_map().into_iter().flatten() {
            let at = |key: &str| mark.get(key).cloned().unwrap_or(Value::Null);
            let args = vec![at("in"), at("out"), kind.as_str().into()];
            session.ask(timeline.clone(), "SetMarkInOut", args).await?;
        }
    }
    let told = job.as_map().into_iter().flatten().filter(|(key, _)| !OF_THE_QUEUE.contains(&key.as_str()));
    for (key, was) in told {
        let is = observed.get(key).cloned().unwrap_or(Value::Null);
        if !same(was, &is) {
            // A job that is not as before must not be left for somebody to start.
            project("DeleteRenderJob", vec![id.clone()]).await?;
            return Err(not_verified("Project.AddRenderJob", key, was, &is));
        }
    }
    Ok((id, observed))
}

impl Stage {
    async fn read(session: &Session) -> Result<Self, CallError> {
        let project = Locator::Project;
        Ok(Self {
            page: session.page().await?,
            timeline: session.current_timeline().await?,
            format: session.map(&project, "GetCurrentRenderFormatAndCodec", []).await?,
            mode: session.ask(project, "GetCurrentRenderMode", vec![]).await?,
            held: render_settings::hold(session).await?,
        })
    }

    async fn restore(self, session: &Session) -> Result<(), CallError> {
        let project = |method: &'static str, args: Vec<Value>| session.ask(Locator::Project, method, args);
        if self.held {
            render_settings::release(session).await?;
        } else if let (Some(format), Some(codec)) = (self.format.get("format"), self.format.get("codec")) {
            let set = project("SetCurrentRenderFormatAndCodec", vec![format.clone(), codec.clone()]).await;
            match set {
                // A preset may have left a pair that nobody can set.
                Ok(_) | Err(CallError::Fault(Fault::Refused { .. })) => {}
                Err(error) => return Err(error),
            }
        }
        project("SetCurrentRenderMode", vec![self.mode]).await?;
        if let Some(timeline) = self.timeline
            && session.current_timeline().await?.as_ref() != Some(&timeline)
        {
            project("SetCurrentTimeline", vec![Value::object(timeline)]).await?;
        }
        match self.page {
            Some(page) if session.page().await?.as_ref() != Some(&page) => {
                session.ask(Locator::Resolve, "OpenPage", vec![page.into()]).await.map(drop)
            }
            _ => Ok(()),
        }
    }
}

/// The name that was set for a file: without the extension, and without the number of the first frame of a sequence.
fn file_name(file: &str, first: Option<i64>) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let number = first.map(|first| format!("{first:08}")).unwrap_or_default();
    match stem.strip_suffix(number.as_str()) {
        Some(name) if !number.is_empty() && !name.is_empty() => name.to_owned(),
        _ => stem.split_once('[').map_or(stem, |(name, _)| name).to_owned(),
    }
}
