//! What the journal keeps of the writes of a tool call, for an undo.

use std::collections::HashMap;
use std::path::PathBuf;

use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::presets::Preset;
use super::render_settings::RenderSettings;
use super::replay::{Forth, Replay};
use super::timeline_copy::Copied;
use super::watched::Watched;

/// One write of a tool call, and what takes it back.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// `Class.Method`.
    pub method: String,
    /// The calls that take it back, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub back: Vec<MethodCall>,
    /// Why nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why_not: Option<String>,
    /// The copy of the timeline that takes its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copied: Option<Copied>,
    /// The settings of the Deliver page that are put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub render_settings: Option<RenderSettings>,
    /// The preset that is put back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// The write itself, where what takes it back deletes what it made: it makes that again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forth: Option<Forth>,
    /// How the call in `back` makes again what a call had made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replay: Option<Replay>,
    /// The folder with files that its calls read, where it has one of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<PathBuf>,
    /// What of it nobody compares, a phrase each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unseen: Vec<String>,
    /// Which of the calls make an object anew, which has another id then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remade: Vec<Remade>,
    /// What shows whether something else has changed it since, and whether it is as before once it is taken back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watched: Vec<Watched>,
}

impl Step {
    /// Whether what is there once it is taken back is compared with what was there before.
    pub fn is_compared(&self) -> bool {
        let is_copied = self.copied.as_ref().is_some_and(|copied| !copied.before.is_empty());
        let is_kept =
            is_copied || self.replay.is_some() || self.render_settings.is_some() || self.preset.is_some();
        is_kept || self.watched.iter().any(|watched| watched.before.is_some())
    }

    /// Whether taking it back makes an object anew that had this unique id: it is not there until then.
    pub(crate) fn makes(&self, id: &str) -> bool {
        let is_replayed = self.replay.as_ref().is_some_and(|replay| replay.makes(id));
        is_replayed || self.remade.iter().any(|remade| remade.was == id)
    }

    /// Whether taking it back deletes the object with this unique id, which it had made.
    pub(crate) fn unmakes(&self, id: &str) -> bool {
        let is = |value: &Value| value.as_object().and_then(Locator::id) == Some(id);
        let deletes = |call: &MethodCall| {
            let named = call.args.first().and_then(Value::as_list).unwrap_or_default();
            call.method.starts_with("Delete") && named.iter().any(is)
        };
        self.back.iter().any(deletes)
    }

    /// Whether objects have other unique ids once it is taken back.
    pub fn changes_ids(&self) -> bool {
        self.copied.is_some() || self.replay.is_some() || !self.remade.is_empty()
    }

    /// The copy that takes the place of a timeline which is still there.
    pub(crate) fn exchanged(&self) -> Option<&Copied> {
        self.copied.as_ref().filter(|copied| !copied.deleted)
    }

    /// A write of which nothing is known yet.
    pub(crate) fn of(method: String) -> Self {
        Self { method, ..Self::default() }
    }

    /// A write that nothing takes back, and why.
    pub(crate) fn impossible(method: String, why: String) -> Self {
        Self { why_not: Some(why), ..Self::of(method) }
    }

    /// The same, which nothing takes back any more where the files are gone that would.
    pub(crate) fn if_kept(self) -> Self {
        let settings = self.render_settings.as_ref().map(|settings| settings.folder.as_path());
        let preset = self.preset.as_ref().map(|preset| preset.folder.as_path());
        if settings.into_iter().chain(preset).chain(self.files.as_deref()).all(|folder| folder.exists()) {
            return self;
        }
        Self::impossible(self.method, super::kept::gone())
    }
}

/// An object that an undo makes anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remade {
    /// The number of the call in [`Step::back`] that answers it.
    pub call: usize,
    /// The unique id that it had.
    pub was: String,
}

/// What a tool call did, for an undo.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The unique id of the project that was open; empty where none was.
    pub project: String,
    /// The writes that leave something behind, in the order in which they were made.
    pub steps: Vec<Step>,
}

/// The same steps with the ids that objects have once they are taken back: those of copies, and these.
pub(crate) fn with_present_ids(steps: &[Step], remade: &[(String, String)]) -> Vec<Step> {
    let copied = steps.iter().filter_map(|step| step.copied.as_ref()).flat_map(Copied::renamed);
    let copied = copied.map(|(was, is)| (was.to_owned(), is.to_owned()));
    renamed(steps, &copied.chain(remade.iter().cloned()).collect::<Vec<_>>())
}

/// The same with present ids in place of earlier ones. They are unique, so wherever one stands it is meant.
pub(crate) fn renamed<T>(of: &T, ids: &[(String, String)]) -> T::Owned
where
    T: ToOwned + Serialize + ?Sized,
    T::Owned: DeserializeOwned,
{
    if ids.is_empty() {
        return of.to_owned();
    }
    let text = serde_json::to_string(of).unwrap_or_default();
    let pairs: Vec<(&str, &str)> = ids.iter().map(|(was, is)| (was.as_str(), is.as_str())).collect();
    serde_json::from_str(&renamed_in(&text, &pairs)).unwrap_or_else(|_| of.to_owned())
}

/// JSON with present ids in place of earlier ones: texts that are one. A timeline has 2,000 of them, so it is gone through
/// once.
pub(crate) fn renamed_in(json: &str, ids: &[(&str, &str)]) -> String {
    let ids: HashMap<&str, &str> = ids.iter().copied().collect();
    let parts: Vec<&str> = json.split('"').map(|part| ids.get(part).copied().unwrap_or(part)).collect();
    parts.join("\"")
}
