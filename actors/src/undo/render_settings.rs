//! The settings of the Deliver page, which no call reads: kept as a render preset in a file, and compared as one.

use std::fs;
use std::path::{Path, PathBuf};

use resolve_api::facts::undo::{Way, table};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};
use serde::{Deserialize, Serialize};

use super::watched::{Compared, Side, Watched};
use super::{Kept, Recorder, Step, kept};
use crate::error::CallError;
use crate::operation::Answer;
use crate::session::Session;
use crate::typed::CURRENT_TIMELINE;

/// The preset that is in Resolve's list while its file is written or read, and not before or after.
const PRESET: &str = "kept for an undo by davinci-resolve-mcp";

/// Settings of which it is looked whether presets hold them: some builds keep the place of the files apart from them.
const NAMES: [&str; 2] = ["TargetDir", "CustomName"];

/// Lines of two presets that are told where they differ; who wants more exports them.
const MOST_LINES: usize = 3;

/// The settings as they were before a change, and as it left them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderSettings {
    /// The folder with the file of each.
    pub folder: PathBuf,
    /// What the change gave the file and its folder as names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<(String, String)>,
}

impl RenderSettings {
    fn folder(&self, side: Side) -> PathBuf {
        self.folder.join(side.word())
    }

    fn file(&self, side: Side) -> PathBuf {
        self.folder(side).join(format!("{PRESET}.xml"))
    }

    /// The names that a preset of this build does not hold, as the settings show which the change left.
    fn unheld(&self) -> Vec<&str> {
        let Ok(left) = fs::read_to_string(self.file(Side::After)) else { return Vec::new() };
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let unheld = |(_, text): &&(String, String)| !left.contains(text) && !left.contains(&escaped(text));
        let mut names: Vec<&str> = self.names.iter().filter(unheld).map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

/// What a write of the settings is about to change.
pub(super) struct Settings {
    /// None where an earlier write of the same call has kept them.
    kept: Option<RenderSettings>,
    names: Vec<(String, String)>,
    /// Marks of the timeline, which settings of marks move.
    back: Vec<MethodCall>,
    watched: Vec<Watched>,
}

/// Keeps the settings as they are before a write.
///
/// # Errors
/// Why they cannot be kept, in words.
pub(super) async fn before(session: &Session, write: &MethodCall) -> Result<Kept, String> {
    let failed = |error: CallError| format!("the settings before could not be kept: {error}");
    let (back, watched) = marks(session, write).await.map_err(failed)?;
    let recorder = session.recorder();
    let kept = if recorder.has_render_settings() {
        None
    } else {
        let all = recorder.folder_of_files()?;
        let settings = RenderSettings { folder: kept::fresh(all, "render-settings")?, names: Vec::new() };
        if let Err(error) = export(session, &settings.folder(Side::Before)).await {
            kept::remove(&settings.folder);
            return Err(failed(error));
        }
        kept::tidy(all);
        Some(settings)
    };
    let given = write.args.first();
    let name = |name: &&str| Some(((*name).to_owned(), given?.get(name)?.as_str()?.to_owned()));
    let names = NAMES.iter().filter_map(name).collect();
    Ok(Kept::RenderSettings(Settings { kept, names, back, watched }))
}

/// What puts the marks of the timeline back, and shows them, where settings of marks move them.
async fn marks(session: &Session, write: &MethodCall) -> Result<(Vec<MethodCall>, Vec<Watched>), CallError> {
    let moves = |settings: &Value| ["MarkIn", "MarkOut"].iter().any(|mark| settings.get(mark).is_some());
    if !write.args.first().is_some_and(moves) {
        return Ok((Vec::new(), Vec::new()));
    }
    let timeline = session.by_id(&CURRENT_TIMELINE).await?;
    let set = MethodCall::new(timeline, "SetMarkInOut", []);
    let Way::Calls(plan) = table().way(&set) else { return Ok((Vec::new(), Vec::new())) };
    let Some(reader) = plan.reader().cloned() else { return Ok((Vec::new(), Vec::new())) };
    let old = session.ask(reader.on, &reader.method, reader.args).await?;
    let watched = plan.watches(&Value::Null, &old).into_iter();
    let watched = watched.map(|(watch, before)| Watched { watch, before, after: None }).collect();
    Ok((plan.calls(&Value::Null, &old).unwrap_or_default(), watched))
}

/// Writes the settings as they are now into a folder that is made for it. They stay as they are, and no preset stays.
///
/// # Errors
/// Those of the calls, and that no file came.
async fn export(session: &Session, folder: &Path) -> Result<PathBuf, CallError> {
    let preset = || vec![PRESET.into()];
    save(session).await?;
    let path = folder.to_string_lossy().into_owned();
    let written = session.ask(Locator::Resolve, "ExportRenderPreset", vec![PRESET.into(), path.into()]).await;
    session.ask(Locator::Project, "DeleteRenderPreset", preset()).await?;
    written?;
    let file = folder.join(format!("{PRESET}.xml"));
    if file.is_file() {
        return Ok(file);
    }
    let reason = format!("{} was not written", file.display());
    Err(Fault::Refused { method: "Resolve.ExportRenderPreset".to_owned(), reason: Some(reason) }.into())
}

/// Saves the settings as the preset; one that a killed server has left makes place.
async fn save(session: &Session) -> Result<(), CallError> {
    let project = |method: &'static str| session.ask(Locator::Project, method, vec![PRESET.into()]);
    match project("SaveAsNewRenderPreset").await {
        Err(CallError::Fault(Fault::Refused { .. })) => {
            project("DeleteRenderPreset").await?;
            project("SaveAsNewRenderPreset").await.map(drop)
        }
        other => other.map(drop),
    }
}

/// The file from which a call of an undo restores the settings.
pub(crate) fn restored(call: &MethodCall) -> Option<&Path> {
    let is_import = call.on == Locator::Resolve && call.method == "ImportRenderPreset";
    let path = Path::new(call.args.first().filter(|_| is_import)?.as_str()?);
    (path.file_stem()? == PRESET).then_some(path)
}

/// Restores the settings from a file, and leaves the page as it was.
///
/// # Errors
/// Those of the calls.
pub(crate) async fn restore(session: &Session, path: &Path, step: &Step) -> Result<Answer, CallError> {
    let page = session.page().await?;
    let load = MethodCall::new(Locator::Project, "LoadRenderPreset", [PRESET.into()]);
    let before = match session.recorder().is_concerned(&load) {
        true => session.recorder().before(session, &load).await,
        false => None,
    };
    let loaded = import(session, path).await;
    if let Some(before) = before {
        session.recorder().after(session, before, &loaded).await;
    }
    let value = loaded?;
    if let Some(page) = page
        && session.page().await?.as_ref() != Some(&page)
    {
        session.ask(Locator::Resolve, "OpenPage", vec![page.into()]).await?;
    }
    let mut remarks = Vec::new();
    if let Some(settings) = &step.render_settings {
        session.recorder().name_files(&settings.names);
        let unheld = settings.unheld();
        if !unheld.is_empty() {
            let names = unheld.join(" and ");
            remarks.push(format!("render presets of this build do not hold {names}, which stays as it is"));
        }
    }
    Ok(Answer { remarks, ..value.into() })
}

/// Whether the settings are held as a preset in Resolve itself, for the few calls until [`release`]. A build that saves none
/// does not hold them.
///
/// # Errors
/// What would also end those calls.
pub(super) async fn hold(session: &Session) -> Result<bool, CallError> {
    match save(session).await {
        Ok(()) => Ok(true),
        Err(CallError::Fault(Fault::Refused { .. } | Fault::NoSuchMethod { .. })) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Loads the settings that are held, and holds them no longer.
///
/// # Errors
/// Those of the calls.
pub(super) async fn release(session: &Session) -> Result<Value, CallError> {
    let project = |method: &'static str| session.ask(Locator::Project, method, vec![PRESET.into()]);
    let loaded = project("LoadRenderPreset").await;
    project("DeleteRenderPreset").await?;
    loaded
}

async fn import(session: &Session, path: &Path) -> Result<Value, CallError> {
    let project = |method: &'static str| session.ask(Locator::Project, method, vec![PRESET.into()]);
    let presets = session.ask(Locator::Project, "GetRenderPresetList", vec![]).await?;
    if presets.as_list().is_some_and(|presets| presets.iter().any(|name| name.as_str() == Some(PRESET))) {
        project("DeleteRenderPreset").await?;
    }
    let file = path.to_string_lossy().into_owned();
    session.ask(Locator::Resolve, "ImportRenderPreset", vec![file.into()]).await?;
    release(session).await
}

impl Settings {
    /// What a step keeps of it.
    pub(super) fn into_step(self, recorder: &Recorder, method: String) -> Step {
        let Self { kept, names, mut back, watched } = self;
        match &kept {
            Some(settings) => {
                let path = settings.file(Side::Before).to_string_lossy().into_owned();
                back.push(MethodCall::new(Locator::Resolve, "ImportRenderPreset", [path.into()]));
            }
            None => recorder.name_files(&names),
        }
        let render_settings = kept.map(|settings| RenderSettings { names, ..settings });
        Step { back, watched, render_settings, ..Step::of(method) }
    }

    /// Forgets what was kept for a write that was not made.
    pub(super) fn forget(self) {
        if let Some(settings) = self.kept {
            kept::remove(&settings.folder);
        }
    }
}

impl Recorder {
    /// Whether an earlier write of this call has kept the settings.
    fn has_render_settings(&self) -> bool {
        self.record.as_ref().is_some_and(|record| {
            let steps = &super::lock(record).record.steps;
            steps.iter().any(|step| step.render_settings.is_some())
        })
    }

    /// Notes names that a write of this call gave the file and its folder.
    fn name_files(&self, names: &[(String, String)]) {
        let Some(record) = &self.record else { return };
        let mut collected = super::lock(record);
        let kept = collected.record.steps.iter_mut().find_map(|step| step.render_settings.as_mut());
        if let Some(kept) = kept {
            kept.names.extend_from_slice(names);
        }
    }

    /// The settings that were kept before a write of this call.
    fn render_settings(&self) -> Option<RenderSettings> {
        let collected = super::lock(self.record.as_ref()?);
        collected.record.steps.iter().find_map(|step| step.render_settings.clone())
    }
}

impl Session {
    /// Writes down the settings that the writes of this call have left, where they were kept before.
    pub(super) async fn settle_render_settings(&self) {
        let Some(settings) = self.recorder().render_settings() else { return };
        let folder = settings.folder(Side::After);
        if folder.exists() {
            return;
        }
        if let Err(error) = export(self, &folder).await {
            tracing::debug!(%error, "the render settings that a change left could not be written down");
        }
    }

    /// Compares the settings with those that were kept.
    ///
    /// # Errors
    /// Those of the calls.
    pub(super) async fn compare_render_settings(
        &self,
        steps: &[Step],
        side: Side,
        compared: &mut Compared,
    ) -> Result<(), CallError> {
        let kept = steps.iter().find_map(|step| step.render_settings.as_ref());
        let Some(Ok(expected)) = kept.map(|kept| fs::read_to_string(kept.file(side))) else { return Ok(()) };
        let failed = |error: std::io::Error| {
            let reason = format!("the render settings could not be compared ({error})");
            CallError::from(Fault::Refused {
                method: "Resolve.ExportRenderPreset".to_owned(),
                reason: Some(reason),
            })
        };
        let folder = tempfile::tempdir().map_err(failed)?;
        let file = export(self, &folder.path().join("now")).await?;
        let now = fs::read_to_string(file).map_err(failed)?;
        compared.differences.extend(differences("the render settings", &expected, &now));
        compared.by.push("Resolve.ExportRenderPreset".to_owned());
        Ok(())
    }
}

/// The lines of two presets that differ, a sentence each.
pub(super) fn differences(of: &str, expected: &str, now: &str) -> Vec<String> {
    let lines = |text: &str| text.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>();
    let (expected, now) = (lines(expected), lines(now));
    let only = |one: &[String], other: &[String]| {
        one.iter().filter(|line| !other.contains(line)).cloned().collect::<Vec<_>>()
    };
    let (was, is) = (only(&expected, &now), only(&now, &expected));
    let told = |line: Option<&String>| line.map_or("nothing".to_owned(), |line| super::watched::cut(line));
    let count = was.len().max(is.len());
    let told = (0..count.min(MOST_LINES))
        .map(|number| format!("{of} had {} and have {}", told(was.get(number)), told(is.get(number))));
    let mut told: Vec<String> = told.collect();
    if count > MOST_LINES {
        told.push(format!("{} more lines of {of}", count - MOST_LINES));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The differences name what is other, and nothing that is the same.
    #[test]
    fn only_lines_that_differ_are_told() {
        let expected = "<Preset>\n \"format\": \"mov\",\n \"codec\": \"H264\"\n</Preset>";
        let now = "<Preset>\n \"format\": \"mp4\",\n \"codec\": \"H264\"\n</Preset>";

        let told = vec!["the render settings had \"format\": \"mov\", and have \"format\": \"mp4\","];
        assert_eq!(told, differences("the render settings", expected, now));
        assert!(differences("the render settings", now, now).is_empty());
    }

    /// Only the preset that this server kept is taken for one.
    #[test]
    fn a_preset_of_somebody_is_no_restore() {
        let import = |path: &str| MethodCall::new(Locator::Resolve, "ImportRenderPreset", [path.into()]);
        let (kept, other) =
            (import(&format!("/state/kept/1/before/{PRESET}.xml")), import("/presets/web.xml"));
        assert!(restored(&kept).is_some());
        assert!(restored(&other).is_none());
    }
}
