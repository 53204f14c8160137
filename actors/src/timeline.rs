//! Operations on timelines: create; and making one current.

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use crate::arguments::{Arguments, invalid, invalid_with};
use crate::clock::{is_on, rate_of};
use crate::dry_run;
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
    let doc = "its id or name; the current one when absent";
    Param::optional("timeline", Kind::object("Timeline"), doc)
}

async fn create_timeline(session: &Session, args: Args) -> Result<Answer, CallError> {
    let name = args.text("name")?;
    if name.trim().is_empty() {
        return Err(invalid("name", "a timeline needs a name"));
    }
    let settings = settings(&args, args.get("drop_frame").and_then(Value::as_bool))?;
    let start = match args.maybe_text("start_timecode") {
        Some(start) => Some(session.start_label(&settings, start).await?),
        None => None,
    };
    for (_, other) in session.timelines(usize::MAX).await?.1 {
        if session.text(&other, "GetName", []).await? == name {
            let hint = "pass it as the timeline of the next call, or choose another name";
            return Err(invalid_with("name", format!("there is already a timeline '{name}'"), hint));
        }
    }
    if session.is_dry_run() {
        let folder = session.object(&Locator::MediaPool, "GetCurrentFolder", []).await?;
        let plan = [
            ("name", name.into()),
            ("settings", Value::map(settings)),
            ("start_timecode", start.into()),
            ("folder", Value::Map(session.id_and_name(&folder).await?)),
        ];
        return Ok(dry_run::plan("create an empty timeline in the folder and make it the current one", plan));
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
    if let Some(start) = start {
        session.set_start(&timeline, &start, &mut observed).await?;
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

    /// The start timecode as Resolve writes it, read at the rate that the timeline is going to have: what it cannot
    /// be must be known before there is a timeline.
    async fn start_label(
        &self,
        settings: &[(&'static str, Value)],
        start: &str,
    ) -> Result<String, CallError> {
        let mut values = [Value::Null, Value::Null];
        for (value, name) in values.iter_mut().zip(["timelineFrameRate", "timelineDropFrameTimecode"]) {
            *value = match settings.iter().find(|(setting, _)| *setting == name) {
                Some((_, requested)) => requested.clone(),
                None => self.call(Locator::Project, "GetSetting", [name.into()]).await?,
            };
        }
        let rate = rate_of("Project.GetSetting", &values[0])?;
        let rate = rate.with_drop_frame(rate.drop_frame() || is_on(&values[1])).unwrap_or(rate);
        let frame = rate.frames(start).map_err(|error| invalid("start_timecode", error.to_string()))?;
        Ok(rate.timecode(frame))
    }

    async fn set_start(
        &self,
        timeline: &Locator,
        start: &str,
        observed: &mut Observed,
    ) -> Result<(), CallError> {
        if self.text(timeline, "GetStartTimecode", []).await? != start {
            self.call(timeline.clone(), "SetStartTimecode", [start.into()]).await?;
        }
        let after = self.text(timeline, "GetStartTimecode", []).await?;
        // Some builds write drop-frame labels with a colon.
        if after.replace(';', ":") != start.replace(';', ":") {
            let method = "Timeline.SetStartTimecode";
            return Err(not_verified(method, "start_timecode", &start.into(), &after.into()));
        }
        observed.note("start_timecode", start.into(), after.into());
        Ok(())
    }

    /// The timeline by its id, made the current one unless nothing may be changed.
    pub(crate) async fn to_work_on(&self, timeline: &Locator) -> Result<Locator, CallError> {
        if self.is_dry_run() { self.by_id(timeline).await } else { self.make_current(timeline).await }
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

    /// The first timelines of the project, so many at most, with their numbers; and how many there are.
    pub(crate) async fn timelines(&self, most: usize) -> Result<(i64, Vec<(i64, Locator)>), CallError> {
        let count = self.int(&Locator::Project, "GetTimelineCount", []).await?;
        let last = count.min(i64::try_from(most).unwrap_or(i64::MAX));
        let by_index = |index: i64| MethodCall::new(Locator::Project, "GetTimelineByIndex", [index.into()]);
        let answers = self.all((1..=last).map(by_index).collect()).await?;
        // A valid index has been seen to answer None.
        let listed = |(index, answer): (i64, Option<Value>)| Some((index, answer?.as_object()?.clone()));
        Ok((count, (1..).zip(answers).filter_map(listed).collect()))
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
        let survey = self.survey(timeline, false).await?;
        let mut about = survey.about();
        about.insert("tracks".to_owned(), survey.tracks());
        Ok(about)
    }
}
