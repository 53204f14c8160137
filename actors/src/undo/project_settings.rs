//! The settings of a project, which a preset changes all at once: read whole before and after, and set one by one.

use indexmap::IndexMap;
use resolve_api::facts::watch::{Part, Watch, unchanged};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};

use super::Step;
use super::watched::{MOST_WATCHED, Watched};
use crate::error::CallError;
use crate::operation::Answer;
use crate::session::Session;

/// The call that sets them. In an undo it stands for all that sets each of them.
const SET: &str = "SetSettings";

/// The setting on which others depend: what timecode can be, and how fast is played.
const RATE: &str = "timelineFrameRate";

/// All settings, and the call that reads them.
pub(super) struct Settings {
    by: MethodCall,
    all: IndexMap<String, Value>,
}

/// Reads all settings.
///
/// # Errors
/// Why they cannot be read, in words.
pub(super) async fn read(session: &Session) -> Result<Settings, String> {
    // The one is new in 21.1, the other goes with it.
    let readers = [("GetSettings", vec![]), ("GetSetting", vec!["".into()])];
    for (method, args) in readers {
        let by = MethodCall::new(Locator::Project, method, args.clone());
        match session.ask(Locator::Project, method, args).await {
            Ok(Value::Map(all)) => return Ok(Settings { by, all }),
            Ok(_) | Err(CallError::Fault(Fault::NoSuchMethod { .. })) => {}
            Err(error) => return Err(format!("the settings before could not be read: {error}")),
        }
    }
    Err("no call of this build reads the settings whole".to_owned())
}

impl Settings {
    /// What puts back which of them are other now.
    pub(super) async fn into_step(self, session: &Session, method: String) -> Step {
        match read(session).await {
            Ok(now) => self.step(&now, method),
            Err(why) => Step::impossible(method, why),
        }
    }

    fn step(self, now: &Self, method: String) -> Step {
        let changed: Vec<(&String, &Value, &Value)> = self
            .all
            .iter()
            .filter_map(|(key, old)| Some((key, old, now.all.get(key)?)))
            .filter(|(_, old, new)| !unchanged(old, new))
            .collect();
        let old = changed.iter().map(|(key, old, _)| (key.as_str(), as_text(old)));
        let back = MethodCall::new(Locator::Project, SET, [Value::map(old)]);
        let watched = changed.iter().take(MOST_WATCHED).map(|(key, old, new)| Watched {
            watch: Watch { by: self.by.clone(), part: Part::Key(key.as_str().into()) },
            before: Some((*old).clone()),
            after: Some((*new).clone()),
        });
        let watched = watched.collect();
        let back = if changed.is_empty() { Vec::new() } else { vec![back] };
        Step { back, watched, ..Step::of(method) }
    }
}

/// A setting as it is written: a frame rate is read as a number and set as text.
fn as_text(value: &Value) -> Value {
    match value {
        Value::Float(number) => number.to_string().into(),
        other => other.clone(),
    }
}

/// Whether a call of an undo sets settings back.
pub(crate) fn restored(call: &MethodCall) -> bool {
    call.on == Locator::Project && call.method == SET && call.args.len() == 1
}

/// Sets settings back: together, or each where together they are refused, those that others depend on first.
///
/// # Errors
/// That some are not as they were, with the reason, and what ends every call.
pub(crate) async fn restore(session: &Session, call: MethodCall) -> Result<Answer, CallError> {
    let refused = |reason: String| {
        CallError::from(Fault::Refused { method: format!("Project.{SET}"), reason: Some(reason) })
    };
    let before = read(session).await.map_err(refused)?;
    let set = set(session, &call).await;
    if session.recorder().is_concerned(&call) {
        // All of them are one change, whatever calls it took.
        let step = before.into_step(session, call.label()).await;
        session.recorder().keep(session, step).await;
    }
    let left = set?;
    if left.is_empty() {
        return Ok(Value::Bool(true).into());
    }
    let now = read(session).await.map_err(refused)?;
    // Some cannot be set and follow others.
    let other: Vec<(String, String)> = left
        .into_iter()
        .filter(|(key, value, _)| now.all.get(key).is_some_and(|now| !unchanged(value, now)))
        .map(|(key, _, error)| (key, error.to_string()))
        .collect();
    let Some((_, why)) = other.first() else { return Ok(Value::Bool(true).into()) };
    let keys: Vec<&str> = other.iter().map(|(key, _)| key.as_str()).collect();
    Err(refused(format!("{} could not be set back ({why}); the others are", keys.join(", "))))
}

/// Sets them; those that were refused to the last, and why.
async fn set(session: &Session, call: &MethodCall) -> Result<Vec<(String, Value, CallError)>, CallError> {
    match session.ask(Locator::Project, SET, call.args.clone()).await {
        Ok(_) => return Ok(Vec::new()),
        Err(error) if is_of_a_setting(&error) => {}
        Err(error) => return Err(error),
    }
    let mut left = call.args.first().and_then(Value::as_map).cloned().unwrap_or_default();
    left.sort_by(|one, _, other, _| (one != RATE).cmp(&(other != RATE)));
    loop {
        let (mut refused, mut again) = (Vec::new(), IndexMap::new());
        for (key, value) in &left {
            let args = vec![key.as_str().into(), value.clone()];
            match session.ask(Locator::Project, "SetSetting", args).await {
                Ok(_) => {}
                Err(error) if is_of_a_setting(&error) => {
                    again.insert(key.clone(), value.clone());
                    refused.push((key.clone(), value.clone(), error));
                }
                Err(error) => return Err(error),
            }
        }
        // One that was refused may depend on another that was set after it.
        if again.is_empty() || again.len() == left.len() {
            return Ok(refused);
        }
        left = again;
    }
}

/// Whether an error is about the setting, so that others may still be set.
fn is_of_a_setting(error: &CallError) -> bool {
    matches!(
        error,
        CallError::Fault(Fault::Refused { .. } | Fault::NoSuchMethod { .. } | Fault::Unsupported { .. })
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Resolve reads a rate as a number and wants it as text.
    #[test]
    fn a_rate_is_written_as_text() {
        assert_eq!(Value::from("24"), as_text(&Value::Float(24.0)));
        assert_eq!(Value::from("23.976"), as_text(&Value::Float(23.976)));
        assert_eq!(Value::from("1920"), as_text(&"1920".into()));
    }

    /// However many settings a preset changes, all are put back; the first of them are watched.
    #[test]
    fn every_setting_that_changed_is_put_back() {
        let settings = |value: i64| Settings {
            by: MethodCall::new(Locator::Project, "GetSettings", []),
            all: (0..MOST_WATCHED + 50).map(|number| (format!("s{number}"), value.into())).collect(),
        };

        let step = settings(1).step(&settings(2), "Project.SetPreset".to_owned());

        let back = step.back[0].args[0].as_map().expect("settings");
        assert_eq!((MOST_WATCHED + 50, MOST_WATCHED), (back.len(), step.watched.len()));
        assert!(settings(1).step(&settings(1), String::new()).back.is_empty());
    }
}
