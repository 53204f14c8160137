//! Presets of the program that a write changes: written to files before it and after, and read from those again.

use std::fs;
use std::path::{Path, PathBuf};

use resolve_api::facts::compare;
use resolve_api::facts::undo::{Presets, table};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Value};
use serde::{Deserialize, Serialize};

use super::watched::{Compared, Side};
use super::{Kept, Step, kept, render_settings};
use crate::error::CallError;
use crate::operation::Answer;
use crate::session::Session;

/// A preset as files: as it was before a write, and as that left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preset {
    /// What kind of preset it is, as the table of undo calls it.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// The folder with the files.
    pub folder: PathBuf,
    /// Whether it was there before.
    pub was: bool,
    /// Whether it was there after; none where that could not be seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<bool>,
}

impl Preset {
    fn kind(&self) -> Result<&'static Presets, CallError> {
        table().presets(&self.kind).ok_or_else(|| {
            let reason = format!("this server knows no presets of the kind {}", self.kind);
            Fault::Refused { method: "undo".to_owned(), reason: Some(reason) }.into()
        })
    }

    fn folder(&self, side: Side) -> PathBuf {
        self.folder.join(side.word())
    }

    fn file(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.xml", self.name))
    }

    /// What is expected there: the file, or that there is none; nothing where that is not known.
    fn expected(&self, side: Side) -> Option<Option<Vec<u8>>> {
        let is = match side {
            Side::Before => Some(self.was),
            Side::After => self.is,
        };
        if is? { fs::read(self.file(&self.folder(side))).ok().map(Some) } else { Some(None) }
    }

    /// Whether there is one of that name now.
    async fn is_there(&self, session: &Session) -> Result<bool, CallError> {
        let presets = made(session, self.kind()?.list()).await?;
        let named = |preset: &Value| {
            let name = preset.get("Name").unwrap_or(preset);
            name.as_str() == Some(self.name.as_str())
        };
        Ok(match &presets {
            Value::List(presets) => presets.iter().any(named),
            Value::Map(presets) => presets.values().any(named),
            other => compare::contains(other, &self.name.as_str().into()) == Some(true),
        })
    }

    /// Writes it to a folder that is not there yet.
    async fn export(&self, session: &Session, folder: &Path) -> Result<Vec<u8>, CallError> {
        let (kind, file) = (self.kind()?, self.file(folder));
        let refused = |reason: String| {
            CallError::from(Fault::Refused { method: "undo".to_owned(), reason: Some(reason) })
        };
        if !kind.into_folder {
            fs::create_dir_all(folder)
                .map_err(|error| refused(format!("{} cannot be made ({error})", folder.display())))?;
        }
        let path = if kind.into_folder { folder } else { &file };
        made(session, kind.export(&self.name, &path.to_string_lossy())).await?;
        fs::read(&file).map_err(|error| refused(format!("{} was not written ({error})", file.display())))
    }

    /// What it is now: its file, or that there is none.
    async fn now(&self, session: &Session) -> Result<Option<Vec<u8>>, CallError> {
        if !self.is_there(session).await? {
            return Ok(None);
        }
        let folder = kept::passing("undo", "folder to compare a preset in")?;
        self.export(session, &folder.path().join("now")).await.map(Some)
    }
}

async fn made(session: &Session, call: Option<MethodCall>) -> Result<Value, CallError> {
    match call {
        Some(call) => session.ask(call.on, &call.method, call.args).await,
        None => Ok(Value::Null),
    }
}

/// Keeps a preset as it is before a write, if there is one.
///
/// # Errors
/// Why it cannot be kept, in words.
pub(super) async fn before(session: &Session, write: &MethodCall, kind: &str) -> Result<Kept, String> {
    let presets = table().presets(kind).ok_or("no presets of that kind are known")?;
    let name = presets.name(write).ok_or("it names no preset")?;
    // An import loads the preset, too.
    let settings = if presets.loads && presets.imports(write) {
        match render_settings::before(session, write).await? {
            Kept::RenderSettings(settings) => Some(settings),
            _ => None,
        }
    } else {
        None
    };
    Ok(Kept::Preset(keep(session, kind, name).await?, settings))
}

async fn keep(session: &Session, kind: &str, name: String) -> Result<Preset, String> {
    let all = session.recorder().folder_of_files()?;
    if !kept::is_file_name(&name) {
        return Err(format!("'{name}' cannot be the name of a file, in which it would be kept"));
    }
    let folder = kept::fresh(all, &format!("{kind}-preset"))?;
    let mut preset = Preset { kind: kind.to_owned(), name, folder, was: false, is: None };
    let failed = |error: CallError| format!("the preset before could not be kept: {error}");
    let kept = async {
        preset.was = preset.is_there(session).await?;
        if preset.was {
            preset.export(session, &preset.folder(Side::Before)).await?;
        }
        Ok(())
    };
    if let Err(error) = kept.await {
        kept::remove(&preset.folder);
        return Err(failed(error));
    }
    kept::tidy(all);
    Ok(preset)
}

/// What a step keeps of it.
pub(super) async fn into_step(
    mut preset: Preset,
    settings: Option<render_settings::Settings>,
    session: &Session,
    method: String,
) -> Step {
    preset.is = match preset.is_there(session).await {
        Ok(true) => preset.export(session, &preset.folder(Side::After)).await.ok().map(|_| true),
        Ok(false) => Some(false),
        Err(_) => None,
    };
    let Ok(kind) = preset.kind() else { return Step::impossible(method, "its kind is not known".to_owned()) };
    // It stands for all that puts the preset back.
    let file = preset.file(&preset.folder(Side::Before));
    let back = if preset.was {
        kind.import(&preset.name, &file.to_string_lossy())
    } else {
        kind.delete(&preset.name)
    };
    let rest = match settings {
        Some(settings) => settings.into_step(session.recorder(), method.clone()),
        None => Step::of(method),
    };
    let back = back.into_iter().chain(rest.back.clone()).collect();
    Step { back, preset: Some(preset), ..rest }
}

/// Forgets what was kept for a write that was not made.
pub(super) fn forget(preset: &Preset, settings: Option<render_settings::Settings>) {
    kept::remove(&preset.folder);
    settings.into_iter().for_each(render_settings::Settings::forget);
}

/// Puts a preset back: as it was in place of the one that is there, or none.
///
/// # Errors
/// Those of the calls, and that it is not as it was.
pub(crate) async fn restore(
    session: &Session,
    preset: &Preset,
    call: &MethodCall,
) -> Result<Answer, CallError> {
    let refused =
        |reason: String| CallError::from(Fault::Refused { method: call.label(), reason: Some(reason) });
    let kind = preset.kind()?;
    let concerned = session.recorder().is_concerned(call);
    let before = match concerned {
        true => Some(keep(session, &preset.kind, preset.name.clone()).await.map_err(refused)?),
        false => None,
    };
    // An import that loads the preset as well must leave the settings as they are.
    let held = preset.was && kind.loads && render_settings::hold(session).await?;
    let put = put(session, preset, kind).await;
    if held {
        render_settings::release(session).await?;
    }
    if let Some(before) = before {
        let step = into_step(before, None, session, call.label()).await;
        session.recorder().keep(session, step).await;
    }
    put.map(Answer::from)
}

async fn put(session: &Session, preset: &Preset, kind: &Presets) -> Result<Value, CallError> {
    if preset.is_there(session).await? {
        made(session, kind.delete(&preset.name)).await?;
    }
    if !preset.was {
        return Ok(true.into());
    }
    let file = preset.file(&preset.folder(Side::Before));
    made(session, kind.import(&preset.name, &file.to_string_lossy())).await
}

impl Session {
    /// Compares presets with those that were kept.
    ///
    /// # Errors
    /// Those of the calls.
    pub(super) async fn compare_presets(
        &self,
        steps: &[Step],
        side: Side,
        compared: &mut Compared,
    ) -> Result<(), CallError> {
        let mut chosen: Vec<&Preset> = Vec::new();
        let all: Vec<&Preset> = steps.iter().filter_map(|step| step.preset.as_ref()).collect();
        let ordered: Box<dyn Iterator<Item = &Preset> + Send> = match side {
            Side::Before => Box::new(all.iter().copied()),
            Side::After => Box::new(all.iter().rev().copied()),
        };
        for preset in ordered {
            let same = |known: &&Preset| known.kind == preset.kind && known.name == preset.name;
            if !chosen.iter().any(same) {
                chosen.push(preset);
            }
        }
        for preset in chosen {
            let what = format!("the {} preset {}", preset.kind, preset.name);
            let Some(expected) = preset.expected(side) else {
                compared.left_out.push(format!("{what}, which could not be exported"));
                continue;
            };
            match (expected, preset.now(self).await?) {
                (Some(expected), Some(now)) if expected != now => {
                    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                    let differ = render_settings::differences(&what, &text(&expected), &text(&now));
                    compared.differences.extend(differ);
                }
                (Some(_), None) => compared.differences.push(format!("{what} is gone")),
                (None, Some(_)) => compared.differences.push(format!("{what} is new")),
                _ => {}
            }
            if let Some(by) = preset.kind()?.export("", "") {
                compared.by.push(by.label());
            }
        }
        Ok(())
    }
}
