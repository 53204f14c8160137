//! The operation that queues a render.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param, Presence};
use resolve_api::position::Clock;
use resolve_api::{Fault, Locator, Value};

use crate::arguments::{Arguments, invalid, invalid_among, invalid_with};
use crate::clock::frames;
use crate::dry_run;
use crate::error::CallError;
use crate::operation::{Answer, Args, Operation};
use crate::project::pixels;
use crate::session::Session;
use crate::timeline::timeline_param;
use crate::typed::CURRENT_TIMELINE;
use crate::verify::{Observed, same};

/// Queues a render.
pub(crate) const QUEUE_RENDER: Operation = Operation {
    name: "queue_render",
    title: "Queue render",
    domain: Domain::Render,
    effect: Effect::Write,
    doc: "Adds a job to the render queue, without starting it: the timeline, or the part between mark_in and \
          mark_out, as one file. Answers the job's id for start_render and jobs_read, and its settings as read \
          back from the queue. The folder must exist and be writable; an existing file is refused unless overwrite \
          is true.",
    params: || {
        let format = "file format, by its id or name, such as \"mp4\", \"mov\", \"mxf\"";
        let codec = "codec of that format, by its id or name, such as \"H264\"";
        let mark = "from the timeline's start, or its timecode";
        vec![
            Param::required("directory", Kind::Path(Presence::Any), "existing folder to write to, absolute"),
            Param::required("file_name", Kind::Str, "name of the file, without extension"),
            Param::required("format", Kind::Str, format),
            Param::required("codec", Kind::Str, codec),
            pixels("width", "width in pixels; the timeline's when absent"),
            pixels("height", "height in pixels; the timeline's when absent"),
            timeline_param(),
            Param::optional("mark_in", Kind::Position, format!("first frame to render: {mark}")),
            Param::optional(
                "mark_out",
                Kind::Position,
                format!("the frame after the last to render: {mark}"),
            ),
            Param::optional("overwrite", Kind::Bool, "whether an existing file may be replaced").or(false),
        ]
    },
    run: |session, args| Box::pin(queue_render(session, args)),
};

async fn queue_render(session: &Session, args: Args) -> Result<Answer, CallError> {
    let directory = args.text("directory")?.to_owned();
    check_directory(directory.clone().into(), !session.is_dry_run()).await?;
    let timeline = session.to_work_on(args.maybe_object("timeline").unwrap_or(&CURRENT_TIMELINE)).await?;
    let page = session.page().await?;
    let queued = Request::read(session, &args, &timeline, directory).await;
    if session.is_dry_run() {
        return queued.map(|request| request.plan());
    }
    let queued = match queued {
        Ok(request) => request.queue(session).await,
        Err(error) => Err(error),
    };
    // Each of these calls leaves the application on the Deliver page.
    if let Some(page) = page
        && session.page().await?.as_ref() != Some(&page)
    {
        session.open_page(&page).await?;
    }
    queued.map(Answer::from)
}

/// Sees that a file can be written there: Resolve reports Complete for a render that wrote nothing.
async fn check_directory(directory: PathBuf, try_it: bool) -> Result<(), CallError> {
    let check = move || {
        let shown = directory.display();
        if !directory.is_dir() {
            let hint = "create the folder first, or choose another";
            return Err(invalid_with("directory", format!("'{shown}' is no folder"), hint));
        }
        if !try_it {
            return Ok(());
        }
        let probe = directory.join(format!(".davinci-resolve-mcp-{}", std::process::id()));
        let written = std::fs::write(&probe, b"x").and_then(|()| std::fs::remove_file(&probe));
        written.map_err(|error| {
            let reason = format!("'{shown}' cannot be written to ({error})");
            invalid_with("directory", reason, "choose a folder that this user may write to")
        })
    };
    let joined = tokio::task::spawn_blocking(check).await;
    joined.map_err(|error| CallError::Internal {
        method: "queue_render".to_owned(),
        reason: error.to_string(),
    })?
}

/// A render as it is asked for, in Resolve's words.
struct Request {
    timeline: IndexMap<String, Value>,
    directory: String,
    name: String,
    format: String,
    codec: String,
    size: [Value; 2],
    /// First and last frame, absolute and inclusive; the whole timeline when absent.
    marks: Option<(i64, i64)>,
}

impl Request {
    async fn read(
        session: &Session,
        args: &Args,
        timeline: &Locator,
        directory: String,
    ) -> Result<Self, CallError> {
        let clock = session.timeline_clock(timeline).await?;
        let length = session.int(timeline, "GetEndFrame", []).await? - clock.start;
        if length < 1 {
            let hint = "append clips with append_to_timeline";
            return Err(invalid_with("timeline", "the timeline is empty", hint));
        }
        let marks = marks(&clock, length, args)?;
        let formats = session.map(&Locator::Project, "GetRenderFormats", []).await?;
        let format = chosen("format", args.text("format")?, &formats)?;
        let codecs = session.map(&Locator::Project, "GetRenderCodecs", [format.as_str().into()]).await?;
        let codec = chosen("codec", args.text("codec")?, &codecs)?;
        let name = file_name(args.text("file_name")?, &format)?;
        let file = Path::new(&directory).join(format!("{name}.{format}"));
        if file.exists() && !args.flag("overwrite") {
            let reason = format!("'{}' exists already", file.display());
            return Err(invalid_with("file_name", reason, "choose another name, or pass overwrite: true"));
        }
        let mut size = [Value::Null, Value::Null];
        for (side, (argument, setting)) in size
            .iter_mut()
            .zip([("width", "timelineResolutionWidth"), ("height", "timelineResolutionHeight")])
        {
            *side = match args.maybe_int(argument) {
                Some(pixels) => pixels.into(),
                None => {
                    let setting = session.call(timeline.clone(), "GetSetting", [setting.into()]).await?;
                    let number = setting.as_str().and_then(|text| text.parse::<i64>().ok());
                    number.map_or(setting, Value::from)
                }
            };
        }
        let timeline = session.id_and_name(timeline).await?;
        Ok(Self { timeline, directory, name, format, codec, size, marks })
    }

    /// What would be queued.
    fn plan(self) -> Answer {
        let [width, height] = self.size;
        let marks = self.marks.map(|(first, last)| Value::List(vec![first.into(), last.into()]));
        let plan = [
            ("timeline", Value::Map(self.timeline)),
            ("directory", self.directory.into()),
            ("file_name", self.name.into()),
            ("format", self.format.into()),
            ("codec", self.codec.into()),
            ("width", width),
            ("height", height),
            ("marks", marks.unwrap_or(Value::Null)),
        ];
        dry_run::plan("add a job to the render queue, without starting it", plan)
    }

    async fn queue(self, session: &Session) -> Result<Value, CallError> {
        let project = Locator::Project;
        let mut observed = Observed::default();
        // Format and codec first: settings made before them are lost.
        let pair = [self.format.as_str().into(), self.codec.as_str().into()];
        session.call(project.clone(), "SetCurrentRenderFormatAndCodec", pair).await?;
        let read = session.map(&project, "GetCurrentRenderFormatAndCodec", []).await?;
        for (key, value) in [("format", &self.format), ("codec", &self.codec)] {
            let read = read.get(key).cloned().unwrap_or(Value::Null);
            let method = "Project.SetCurrentRenderFormatAndCodec";
            observed.check(method, key, value.as_str().into(), read)?;
        }
        session.call(project.clone(), "SetCurrentRenderMode", [1.into()]).await?;
        self.set(session).await?;
        let id = session.text(&project, "AddRenderJob", []).await?;
        let job = session.render_job("job", &id).await?;
        if let Err(error) = self.compare(&job, &mut observed) {
            // A job with other settings than asked must not be left for somebody to start.
            session.call(project, "DeleteRenderJob", [id.into()]).await?;
            return Err(error);
        }
        Ok(observed.into_answer(IndexMap::from_iter([
            ("job".to_owned(), id.into()),
            ("timeline".to_owned(), Value::Map(self.timeline)),
            ("settings".to_owned(), job),
        ])))
    }

    async fn set(&self, session: &Session) -> Result<(), CallError> {
        let [width, height] = self.size.clone();
        let mut settings = vec![
            ("TargetDir", self.directory.as_str().into()),
            ("CustomName", self.name.as_str().into()),
            ("FormatWidth", width),
            ("FormatHeight", height),
            ("ExportVideo", true.into()),
            ("ExportAudio", true.into()),
            ("SelectAllFrames", self.marks.is_none().into()),
        ];
        let marks = |(first, last): (i64, i64)| [("MarkIn", first.into()), ("MarkOut", last.into())];
        settings.extend(self.marks.into_iter().flat_map(marks));
        let set = session.call(Locator::Project, "SetRenderSettings", [Value::map(settings)]).await;
        match set {
            // Some codecs refuse SelectAllFrames False while they take the other keys; the marks go again without it,
            // and the job that is queued shows what was taken.
            Err(CallError::Fault(Fault::Refused { .. })) if self.marks.is_some() => {
                let marks = Value::map(self.marks.into_iter().flat_map(marks));
                session.call(Locator::Project, "SetRenderSettings", [marks]).await.map(drop)
            }
            other => other.map(drop),
        }
    }

    /// Compares the queued job with the request. Builds before 21.1 do not tell all of it.
    fn compare(&self, job: &Value, observed: &mut Observed) -> Result<(), CallError> {
        let method = "Project.AddRenderJob";
        let timeline = self.timeline.get("name").cloned().unwrap_or(Value::Null);
        let [width, height] = self.size.clone();
        let mut wanted = vec![
            ("TargetDir", self.directory.as_str().into()),
            ("TimelineName", timeline),
            ("FormatWidth", width),
            ("FormatHeight", height),
            ("IsExportVideo", true.into()),
        ];
        if let Some((first, last)) = self.marks {
            wanted.extend([("MarkIn", first.into()), ("MarkOut", last.into())]);
        }
        for (key, requested) in wanted {
            match job.get(key) {
                // The folder may come back with a slash at its end.
                Some(Value::Str(read)) if key == "TargetDir" && same_folder(read, &self.directory) => {
                    observed.note(key, requested, read.as_str().into());
                }
                Some(read) => observed.check(method, key, requested, read.clone())?,
                None => {}
            }
        }
        let file = job.get("OutputFilename").cloned().unwrap_or(Value::Null);
        if !file.as_str().is_some_and(|file| file.starts_with(&self.name)) && !same(&file, &Value::Null) {
            return Err(crate::verify::not_verified(
                method,
                "OutputFilename",
                &self.name.as_str().into(),
                &file,
            ));
        }
        observed.note("file_name", self.name.as_str().into(), file);
        Ok(())
    }
}

fn same_folder(one: &str, other: &str) -> bool {
    Path::new(one).components().eq(Path::new(other).components())
}

/// The id of a format or codec that is given by its id or by its name.
pub(crate) fn chosen(path: &str, given: &str, all: &IndexMap<String, Value>) -> Result<String, CallError> {
    let plain = |text: &str| text.replace(['.', ' ', '-', '_'], "").to_lowercase();
    let ids = || all.iter().filter_map(|(name, id)| Some((name.as_str(), id.as_str()?)));
    let exact = ids().find(|(name, id)| *id == given || *name == given);
    let near = || ids().find(|(name, id)| plain(id) == plain(given) || plain(name) == plain(given));
    match exact.or_else(near) {
        Some((_, id)) => Ok(id.to_owned()),
        None if all.is_empty() => {
            Err(invalid(path, format!("'{given}' cannot be set: Resolve offers none for this format")))
        }
        None => Err(invalid_among(path, format!("there is no {path} '{given}'"), ids().map(|(_, id)| id))),
    }
}

/// The name without the extension that Resolve adds by itself.
fn file_name(given: &str, format: &str) -> Result<String, CallError> {
    let name = match given.rsplit_once('.') {
        Some((stem, extension)) if extension.eq_ignore_ascii_case(format) => stem,
        _ => given,
    };
    if name.trim().is_empty() || name.contains(['/', '\\', '\0']) {
        let reason = format!("'{given}' is no file name: it is empty or has a slash");
        return Err(invalid_with("file_name", reason, "the folder goes into directory"));
    }
    Ok(name.to_owned())
}

/// The range to render as Resolve takes it: absolute, with its last frame.
fn marks(clock: &Clock, length: i64, args: &Args) -> Result<Option<(i64, i64)>, CallError> {
    let mark = |name: &str, otherwise: i64| match args.maybe_position(name) {
        None => Ok(otherwise),
        Some(position) => {
            let frame = frames(clock, name, &position)?;
            let (least, most) = if name == "mark_in" { (0, length - 1) } else { (1, length) };
            if (least..=most).contains(&frame) {
                return Ok(frame);
            }
            Err(invalid(name, format!("frame {frame} is outside the timeline, which has {length} frames")))
        }
    };
    let (first, after) = (mark("mark_in", 0)?, mark("mark_out", length)?);
    if after <= first {
        let hint = "mark_out is the frame after the last one that is rendered";
        return Err(invalid_with("mark_out", format!("{after} is not after mark_in, {first}"), hint));
    }
    let given = args.contains_key("mark_in") || args.contains_key("mark_out");
    Ok(given.then_some((clock.start + first, clock.start + after - 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resolve's setters take ids only; agents write what the Deliver page shows.
    #[test]
    fn a_codec_is_found_by_its_id_or_its_name() {
        let codecs = IndexMap::from_iter([
            ("H.264".to_owned(), "H264".into()),
            ("Apple ProRes 422 HQ".to_owned(), "ProRes422HQ".into()),
        ]);

        for given in ["H264", "H.264", "h.264"] {
            assert_eq!(Ok("H264".to_owned()), chosen("codec", given, &codecs), "{given}");
        }
        assert_eq!(Ok("ProRes422HQ".to_owned()), chosen("codec", "Apple ProRes 422 HQ", &codecs));
        let Err(CallError::InvalidArgument { candidates, .. }) = chosen("codec", "VP9", &codecs) else {
            panic!("it was found")
        };
        assert_eq!(vec![Value::from("H264"), "ProRes422HQ".into()], candidates);
    }

    /// A half-open range of the timeline becomes absolute marks whose last frame is rendered.
    #[test]
    fn marks_are_absolute_and_inclusive() {
        let clock = Clock { rate: "24".parse().unwrap(), start: 86400, origin: "timeline start".into() };
        let args = |pairs: &[(&str, Value)]| -> Args {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
        };

        assert_eq!(Ok(None), marks(&clock, 100, &args(&[])));
        let range = args(&[("mark_in", 24.into()), ("mark_out", "01:00:02:00".into())]);
        assert_eq!(Ok(Some((86424, 86447))), marks(&clock, 100, &range));
        assert!(marks(&clock, 100, &args(&[("mark_out", 101.into())])).is_err());
        assert!(marks(&clock, 100, &args(&[("mark_in", 50.into()), ("mark_out", 50.into())])).is_err());
    }
}
