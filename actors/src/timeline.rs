//! Operations on timelines: create; and making one current.

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::rate::Rate;
use resolve_api::{Locator, Value};

use crate::arguments::{Arguments, invalid, invalid_with};
use crate::error::CallError;
use crate::operation::{Answer, Args, Operation};
use crate::project::{frame_rate, pixels, settings};
use crate::session::Session;
use crate::typed::CURRENT_TIMELINE;
use crate::verify::{Observed, not_verified, same};

/// Creates a timeline.
pub(crate) const CREATE_TIMELINE: Operation = Operation {
    name: "create_timeline",
    title: "Create timeline",
    domain: Domain::Timeline,
    effect: Effect::Write,
    doc: "Creates an empty timeline in the current folder of the media pool and makes it the current one. What is \
          left out is as in the project. Answers its id, rate, size, start and tracks as read back.",
    params: || {
        vec![
            Param::required("name", Kind::Str, "name of the timeline; must not exist yet"),
            frame_rate("frames per second, such as 24, 23.976 or \"29.97 DF\"; the project's when absent"),
            pixels("width", "width in pixels, such as 1920"),
            pixels("height", "height in pixels, such as 1080"),
            Param::optional(
                "start_timecode",
                Kind::Timecode,
                "timecode of its first frame, such as \"01:00:00:00\"",
            ),
            Param::optional("drop_frame", Kind::Bool, "drop-frame timecode (29.97 and 59.94 only)"),
        ]
    },
    run: |session, args| Box::pin(create_timeline(session, args)),
};

/// A parameter for the timeline that an operation works on.
pub(crate) fn timeline_param() -> Param {
    let doc = "timeline: its id or its name; the current one when absent";
    Param::optional("timeline", Kind::object("Timeline"), doc)
}

async fn create_timeline(session: &Session, args: Args) -> Result<Answer, CallError> {
    let name = args.text("name")?;
    if name.trim().is_empty() {
        return Err(invalid("name", "a timeline needs a name"));
    }
    let settings = settings(&args, args.get("drop_frame").and_then(Value::as_bool))?;
    let count = session.int(&Locator::Project, "GetTimelineCount", []).await?;
    for index in 1..=count {
        let other = session.maybe_object(&Locator::Project, "GetTimelineByIndex", [index.into()]).await?;
        if let Some(other) = other
            && session.text(&other, "GetName", []).await? == name
        {
            let hint = "pass it as the timeline of the next call, or choose another name";
            return Err(invalid_with("name", format!("there is already a timeline '{name}'"), hint));
        }
    }
    let timeline = session.object(&Locator::MediaPool, "CreateEmptyTimeline", [name.into()]).await?;
    let timeline = session.by_id(&timeline).await?;
    let mut observed = Observed::default();
    let got = session.text(&timeline, "GetName", []).await?;
    observed.check("MediaPool.CreateEmptyTimeline", "name", name.into(), got.into())?;
    session.make_current(&timeline).await?;
    if session.differs(&timeline, &settings).await? {
        // Without it a timeline has the settings of the project.
        let own = [("useCustomSettings", Value::from("1"))];
        session.set_all(&timeline, &own, &mut observed).await?;
    }
    session.set_all(&timeline, &settings, &mut observed).await?;
    if let Some(start) = args.maybe_text("start_timecode") {
        session.set_start(&timeline, start, &mut observed).await?;
    }
    let about = session.about_timeline(&timeline).await?;
    Ok(observed.into_answer(IndexMap::from_iter([("timeline".to_owned(), Value::Map(about))])).into())
}

impl Session {
    async fn differs(
        &self,
        timeline: &Locator,
        settings: &[(&'static str, Value)],
    ) -> Result<bool, CallError> {
        for (name, value) in settings {
            let now = self.call(timeline.clone(), "GetSetting", [Value::from(*name)]).await?;
            if !same(value, &now) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn set_start(
        &self,
        timeline: &Locator,
        start: &str,
        observed: &mut Observed,
    ) -> Result<(), CallError> {
        let rate = self.timeline_clock(timeline).await?.rate;
        let frame = rate.frames(start).map_err(|error| invalid("start_timecode", error.to_string()))?;
        let label = rate.timecode(frame);
        if self.text(timeline, "GetStartTimecode", []).await? != label {
            self.call(timeline.clone(), "SetStartTimecode", [label.as_str().into()]).await?;
        }
        let after = self.text(timeline, "GetStartTimecode", []).await?;
        if frame_of(rate, &after) != Some(frame) {
            return Err(not_verified(
                "Timeline.SetStartTimecode",
                "start_timecode",
                &label.into(),
                &after.into(),
            ));
        }
        observed.note("start_timecode", label.into(), after.into());
        Ok(())
    }

    /// Makes a timeline the current one, and sees that it is. Answers its locator by id.
    pub(crate) async fn make_current(&self, timeline: &Locator) -> Result<Locator, CallError> {
        if *timeline == CURRENT_TIMELINE {
            return self.by_id(timeline).await;
        }
        let timeline = self.by_id(timeline).await?;
        if self.current_timeline().await?.as_ref() == Some(&timeline) {
            return Ok(timeline);
        }
        self.call(Locator::Project, "SetCurrentTimeline", [Value::object(timeline.clone())]).await?;
        match self.current_timeline().await? {
            Some(current) if current == timeline => Ok(timeline),
            current => Err(not_verified(
                "Project.SetCurrentTimeline",
                "the current timeline",
                &timeline.id().unwrap_or_default().into(),
                &current.as_ref().and_then(Locator::id).map(str::to_owned).into(),
            )),
        }
    }

    /// The current timeline by its id.
    pub(crate) async fn current_timeline(&self) -> Result<Option<Locator>, CallError> {
        match self.maybe_object(&Locator::Project, "GetCurrentTimeline", []).await? {
            Some(timeline) => self.by_id(&timeline).await.map(Some),
            None => Ok(None),
        }
    }

    /// Id, name, rate, size, start, length and numbers of tracks of a timeline.
    pub(crate) async fn about_timeline(
        &self,
        timeline: &Locator,
    ) -> Result<IndexMap<String, Value>, CallError> {
        let mut about = self.id_and_name(timeline).await?;
        let clock = self.timeline_clock(timeline).await?;
        about.insert("frame_rate".to_owned(), clock.rate.to_string().into());
        for (name, setting) in [("width", "timelineResolutionWidth"), ("height", "timelineResolutionHeight")]
        {
            let size = self.call(timeline.clone(), "GetSetting", [setting.into()]).await?;
            let number = size.as_str().and_then(|text| text.parse::<i64>().ok());
            about.insert(name.to_owned(), number.map_or(size, Value::from));
        }
        about.insert("start".to_owned(), clock.time(0).into());
        let end = self.int(timeline, "GetEndFrame", []).await?;
        about.insert("end".to_owned(), clock.time((end - clock.start).max(0)).into());
        let mut tracks = IndexMap::new();
        for kind in ["video", "audio", "subtitle"] {
            let count = self.int(timeline, "GetTrackCount", [kind.into()]).await?;
            tracks.insert(kind.to_owned(), count.into());
        }
        about.insert("tracks".to_owned(), Value::Map(tracks));
        Ok(about)
    }
}

/// The frame of a timecode that Resolve has answered.
fn frame_of(rate: Rate, timecode: &str) -> Option<i64> {
    rate.frames(&timecode.replace(';', ":")).ok()
}
