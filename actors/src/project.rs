//! Operations on projects: create, open.

use indexmap::IndexMap;
use resolve_api::catalogue::{Domain, Effect};
use resolve_api::kind::{Kind, Param};
use resolve_api::nearest::nearest_names;
use resolve_api::rate::Rate;
use resolve_api::{Locator, Value};

use crate::arguments::{Arguments, invalid, invalid_among, invalid_with};
use crate::dry_run;
use crate::error::CallError;
use crate::limits::CANDIDATES;
use crate::operation::{Answer, Args, Operation};
use crate::session::Session;
use crate::verify::{Observed, not_verified};

/// The project that Resolve opens when there is none; saving it opens a dialog or never returns.
const UNTITLED: &str = "Untitled Project";

/// Creates a project.
pub(crate) const CREATE_PROJECT: Operation = Operation {
    name: "create_project",
    title: "Create project",
    domain: Domain::Project,
    effect: Effect::Write,
    doc: "Creates a project in the current folder of the database and opens it. The project that was open is \
          saved first, if it has a name. Set the frame rate here: it cannot be changed once there is a timeline. \
          Answers the project's id and its settings as read back.",
    params: || {
        vec![
            Param::required("name", Kind::Str, "name of the project; must not exist yet"),
            frame_rate(
                "frames per second, such as 24, 23.976 or \"29.97 DF\"; Resolve's default when absent",
            ),
            pixels("width", "width of its timelines in pixels, such as 1920"),
            pixels("height", "height of its timelines in pixels, such as 1080"),
        ]
    },
    run: |session, args| Box::pin(create_project(session, args)),
};

/// Opens a project.
pub(crate) const OPEN_PROJECT: Operation = Operation {
    name: "open_project",
    title: "Open project",
    domain: Domain::Project,
    effect: Effect::Write,
    doc: "Opens a project of the current folder of the database by its name. The project that was open is saved \
          first, if it has a name. Ids of timelines and clips of the earlier project are stale afterwards.",
    params: || vec![Param::required("name", Kind::Str, "name of the project, exactly")],
    run: |session, args| Box::pin(open_project(session, args)),
};

/// A parameter for a frame rate.
pub(crate) fn frame_rate(doc: &str) -> Param {
    Param::optional("frame_rate", Kind::OneOf(vec![Kind::Number, Kind::Str]), doc)
}

/// A parameter for one side of a frame.
pub(crate) fn pixels(name: &str, doc: &str) -> Param {
    // Resolve takes frames of 16 to 16384 pixels a side.
    Param::optional(name, Kind::Int, doc).at_least(16.0).at_most(16384.0)
}

/// The rate that an argument names, if it is there.
pub(crate) fn rate(args: &Args) -> Result<Option<Rate>, CallError> {
    let rate = args.get("frame_rate").map(Rate::from_value).transpose();
    rate.map_err(|error| invalid("frame_rate", error.to_string()))
}

/// The settings of Resolve that stand for a rate and a frame size, in the order in which they must be set.
pub(crate) fn settings(
    args: &Args,
    drop_frame: Option<bool>,
) -> Result<Vec<(&'static str, Value)>, CallError> {
    let mut settings = Vec::new();
    if let Some(rate) = rate(args)? {
        let plain = rate.with_drop_frame(false).unwrap_or(rate);
        settings.push(("timelineFrameRate", plain.to_string().into()));
        let drop_frame = drop_frame.unwrap_or(rate.drop_frame());
        rate.with_drop_frame(drop_frame).map_err(|error| invalid("frame_rate", error.to_string()))?;
        settings.push(("timelineDropFrameTimecode", flag(drop_frame)));
    } else if let Some(drop_frame) = drop_frame {
        settings.push(("timelineDropFrameTimecode", flag(drop_frame)));
    }
    for (argument, setting) in [("width", "timelineResolutionWidth"), ("height", "timelineResolutionHeight")]
    {
        if let Some(pixels) = args.maybe_int(argument) {
            settings.push((setting, pixels.to_string().into()));
        }
    }
    Ok(settings)
}

fn flag(on: bool) -> Value {
    if on { "1".into() } else { "0".into() }
}

async fn create_project(session: &Session, args: Args) -> Result<Answer, CallError> {
    let name = args.text("name")?;
    if name.trim().is_empty() {
        return Err(invalid("name", "a project needs a name"));
    }
    let settings = settings(&args, None)?;
    if session.project_names().await?.iter().any(|other| other == name) {
        let hint = "open it with open_project, or choose another name";
        return Err(invalid_with("name", format!("there is already a project '{name}'"), hint));
    }
    if session.is_dry_run() {
        let settings = Value::map(settings);
        let saved = session.open_project_with_name().await?;
        let plan = [("name", name.into()), ("settings", settings), ("saves_before", saved.into())];
        return Ok(dry_run::plan("create a project and open it", plan));
    }
    let saved = session.save_open_project().await?;
    session.call(Locator::ProjectManager, "CreateProject", [name.into()]).await?;
    let opened = session.opened("ProjectManager.CreateProject", name).await?;
    let mut observed = Observed::default();
    observed.note("name", name.into(), name.into());
    session.set_all(&Locator::Project, &settings, &mut observed).await?;
    // The settings would be lost if the next call opened another project.
    session.call(Locator::ProjectManager, "SaveProject", []).await?;
    Ok(observed.into_answer(answer(opened, saved)).into())
}

async fn open_project(session: &Session, args: Args) -> Result<Answer, CallError> {
    let name = args.text("name")?;
    let mut observed = Observed::default();
    observed.note("name", name.into(), name.into());
    if session.text(&Locator::Project, "GetName", []).await.is_ok_and(|open| open == name) {
        let opened = session.id_and_name(&Locator::Project).await?;
        return Ok(observed.into_answer(answer(opened, None)).into());
    }
    let names = session.project_names().await?;
    if !names.iter().any(|other| other == name) {
        let all = names.iter().map(String::as_str);
        let mut near = nearest_names(name, all.clone(), CANDIDATES);
        if near.is_empty() {
            near = all.take(CANDIDATES).map(str::to_owned).collect();
        }
        let reason = format!("there is no project '{name}' in the current folder of the database");
        return Err(invalid_among("name", reason, near.iter().map(String::as_str)));
    }
    if session.is_dry_run() {
        let saved = session.open_project_with_name().await?;
        return Ok(dry_run::plan(
            "open the project",
            [("name", name.into()), ("saves_before", saved.into())],
        ));
    }
    let saved = session.save_open_project().await?;
    session.call(Locator::ProjectManager, "LoadProject", [name.into()]).await?;
    let opened = session.opened("ProjectManager.LoadProject", name).await?;
    Ok(observed.into_answer(answer(opened, saved)).into())
}

fn answer(opened: IndexMap<String, Value>, saved: Option<String>) -> IndexMap<String, Value> {
    IndexMap::from_iter([
        ("project".to_owned(), Value::Map(opened)),
        ("saved_before".to_owned(), saved.into()),
    ])
}

impl Session {
    async fn project_names(&self) -> Result<Vec<String>, CallError> {
        let names = self.list(&Locator::ProjectManager, "GetProjectListInCurrentFolder", []).await?;
        Ok(names.iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Saves the open project, unless it never had a name; answers the name of what was saved.
    async fn save_open_project(&self) -> Result<Option<String>, CallError> {
        let name = self.open_project_with_name().await?;
        if name.is_some() {
            self.call(Locator::ProjectManager, "SaveProject", []).await?;
        }
        Ok(name)
    }

    /// The name of the open project; none where it never had one, and cannot be saved.
    async fn open_project_with_name(&self) -> Result<Option<String>, CallError> {
        if self.maybe_object(&Locator::ProjectManager, "GetCurrentProject", []).await?.is_none() {
            return Ok(None);
        }
        let name = self.text(&Locator::Project, "GetName", []).await?;
        Ok(Some(name).filter(|name| !name.is_empty() && name != UNTITLED))
    }

    /// The project that is open now, which must have this name.
    async fn opened(&self, method: &str, name: &str) -> Result<IndexMap<String, Value>, CallError> {
        let open = self.text(&Locator::Project, "GetName", []).await?;
        if open != name {
            return Err(not_verified(method, "the open project", &name.into(), &open.into()));
        }
        self.id_and_name(&Locator::Project).await
    }

    /// Sets settings of a project or timeline one by one, and reads each back.
    pub(crate) async fn set_all(
        &self,
        on: &Locator,
        settings: &[(&'static str, Value)],
        observed: &mut Observed,
    ) -> Result<(), CallError> {
        let label = format!("{}.SetSetting", on.class());
        for (name, value) in settings {
            let before = self.call(on.clone(), "GetSetting", [Value::from(*name)]).await?;
            if !crate::verify::same(value, &before) {
                self.call(on.clone(), "SetSetting", [Value::from(*name), value.clone()]).await?;
            }
            let after = self.call(on.clone(), "GetSetting", [Value::from(*name)]).await?;
            observed.check(&label, name, value.clone(), after)?;
        }
        Ok(())
    }
}
