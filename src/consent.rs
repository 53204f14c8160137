//! Consent: what undo does not bring back is destroyed only when the person agrees.
//!
//! A client that can ask the person is asked to: in the newer era by an answer that wants input, in the older one by a
//! request of ours. There only the person's `accept` counts, whatever the arguments say. Where the client cannot ask,
//! the call is refused with its plan until it comes with `confirm` true.

use resolve_actors::What;
use resolve_api::Locator;
use resolve_api::batch::{BatchStep, Target};
use resolve_api::catalogue::{Effect, Method};
use resolve_api::facts::undo::{Way, table};
use resolve_api::kind::{Kind, Param};
use resolve_api::wire::MethodCall;

use crate::prepare::Prepared;

pub mod person;
pub mod plan;

/// The argument of the tools that destroy something.
pub const CONFIRM: &str = "confirm";

/// The parameter, for a tool with this effect. Its words are few: it stands in the schema of each such tool.
pub fn param(effect: Effect) -> Option<Param> {
    (effect == Effect::Destructive).then(|| Param::optional(CONFIRM, Kind::Bool, "the person agreed"))
}

/// A call that needs consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needed {
    /// `Class.Method`, or the tool.
    pub call: String,
    /// Why: what becomes of what it destroys.
    pub why: String,
}

/// The first call of what is to be done that needs consent; `can_undo` where changes are noted, so that undo works.
pub fn needed(prepared: &Prepared, can_undo: bool) -> Option<Needed> {
    match prepared {
        Prepared::Call { what: What::Method(call), effect: Effect::Destructive, .. } => {
            of_call(call, can_undo)
        }
        Prepared::Batch(made) if !made.dry_run => {
            let mut steps = made.batch.steps.iter().zip(&made.methods);
            steps.find_map(|(step, method)| of_step(step, method, can_undo))
        }
        Prepared::Call { .. }
        | Prepared::Batch(_)
        | Prepared::Ready(_)
        | Prepared::Jobs(_)
        | Prepared::CancelCall { .. }
        | Prepared::Undo(_) => None,
    }
}

fn of_step(step: &BatchStep, method: &Method, can_undo: bool) -> Option<Needed> {
    if method.effect != Effect::Destructive {
        return None;
    }
    let on = match &step.on {
        Target::Object(locator) => locator.clone(),
        // Which object it is, is not known yet; of its class enough is.
        Target::Earlier { class, .. } => Locator::Held { class: class.clone(), token: String::new() },
    };
    of_call(&MethodCall::new(on, step.method.clone(), step.args.clone()), can_undo)
}

fn of_call(call: &MethodCall, can_undo: bool) -> Option<Needed> {
    let why = match table().way(call) {
        Way::Cannot(why) => format!("undo cannot take it back: {why}"),
        Way::Nothing => "no call takes it back".to_owned(),
        Way::Calls(_) | Way::Grade(_) | Way::Moved | Way::Added | Way::Appended if can_undo => return None,
        Way::RenderSettings | Way::ProjectSettings if can_undo => return None,
        Way::Links if can_undo => {
            "undo links the clips with their files again, as long as these are where they are now".to_owned()
        }
        Way::Clips if can_undo => {
            "undo imports the clips again, as other ones without transcriptions and remote grades".to_owned()
        }
        Way::Folders if can_undo => {
            "undo makes the folders anew, and imports their clips again as other ones".to_owned()
        }
        Way::ColorGroup if can_undo => {
            "undo makes the group anew with its items, if it has no grade of its own".to_owned()
        }
        Way::Mattes | Way::Synced if can_undo => return None,
        Way::Analysis => "no call writes what an analysis has found; it is made again".to_owned(),
        Way::Project if can_undo => {
            "undo imports the project again from a file that is exported before".to_owned()
        }
        Way::Stills if can_undo => {
            "undo imports the stills again, if this build exports them before".to_owned()
        }
        Way::Preset(_) if can_undo => {
            "undo reads the preset again from a file, if this build writes one".to_owned()
        }
        Way::Jobs if can_undo => {
            "undo queues the jobs again with what the queue tells of them, which is not all".to_owned()
        }
        Way::Timeline(_) | Way::Timelines if can_undo => {
            "undo brings back a copy of the timeline, whose items have other ids".to_owned()
        }
        _ => "nothing is noted, so undo cannot take it back".to_owned(),
    };
    Some(Needed { call: call.label(), why })
}

#[cfg(test)]
mod tests {
    use resolve_api::{Key, Value};

    use super::*;

    fn needs(on: Locator, method: &str, args: Vec<Value>) -> bool {
        of_call(&MethodCall::new(on, method, args), true).is_some()
    }

    /// What undo brings back is not worth a question; what it does not is.
    #[test]
    fn what_undo_brings_back_needs_no_consent() {
        let timeline = || Locator::Timeline(Key::Current);
        let item = || Locator::TimelineItem(Key::Id("i".into()));
        assert!(!needs(timeline(), "DeleteMarkersByColor", vec!["Blue".into()]));
        assert!(!needs(item(), "ClearFlags", vec!["All".into()]));
        assert!(!needs(item(), "ResetAllNodeColors", vec![]));
        for (on, method) in [
            (Locator::MediaPool, "DeleteClips"),
            (Locator::MediaPool, "DeleteTimelines"),
            (Locator::ProjectManager, "DeleteProject"),
            (Locator::ProjectManager, "CloseProject"),
            (Locator::Resolve, "Quit"),
            (Locator::Graph { of: Box::new(timeline()), layer: None }, "ResetAllGrades"),
        ] {
            assert!(needs(on, method, vec![]), "{method}");
        }
        let nothing_noted = MethodCall::new(timeline(), "DeleteMarkersByColor", [Value::from("Blue")]);
        assert!(of_call(&nothing_noted, false).is_some());
    }
}
