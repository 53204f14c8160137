//! Puts a grade, or a version of one, back that was taken back: the same call changes it again, from what it was before.

use resolve_api::facts::watch::{Part, Watch, unchanged};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};
use serde::{Deserialize, Serialize};

use super::replay::{Again, clear, without};
use super::watched::{Watched, difference};
use super::{Step, colors};
use crate::error::CallError;
use crate::guard::{self, Proof};
use crate::operation::Answer;
use crate::session::{Session, Unrecorded};

/// What puts a grade back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Graded {
    /// Keeps the version that the call changes, under the name under which it was kept the first time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    first: Vec<MethodCall>,
    /// What takes the call back.
    back: Vec<MethodCall>,
    /// What shows that it has done the same, as it was found before it was taken back.
    watched: Vec<Watched>,
}

impl Graded {
    /// Looks at what a write has left of the grade of an item, which is about to be taken back.
    ///
    /// # Errors
    /// Those of the hops.
    pub(super) async fn of(session: &Session, step: &Step, item: &Locator) -> Result<Self, CallError> {
        let mut watches: Vec<&Watch> = step.watched.iter().map(|watched| &watched.watch).collect();
        let look = Watch { by: colors::look(item), part: Part::Whole };
        if !watches.contains(&&look) && session.recorder().may_look() {
            watches.push(&look);
        }
        let found = session.looked(&watches).await?;
        let watched = watches.into_iter().zip(found).filter_map(|(watch, found)| {
            Some(Watched { watch: watch.clone(), before: Some(found?), after: None })
        });
        Ok(Self { first: kept(&step.back), back: step.back.clone(), watched: watched.collect() })
    }

    /// What shows whether somebody else has changed the grade since it was taken back.
    pub(super) fn left(&self) -> Vec<Watched> {
        self.watched.iter().map(|watched| Watched { before: None, ..watched.clone() }).collect()
    }

    /// Makes the call again. Where it fails, or does something else than before, it is taken back.
    ///
    /// # Errors
    /// Those of the calls.
    pub(super) async fn again(&self, session: &Session, call: &MethodCall) -> Result<Again, CallError> {
        for first in &self.first {
            guard::guarded(&Unrecorded(session), first.clone()).await?;
        }
        let outcome = match guard::guarded(&Unrecorded(session), call.clone()).await {
            Ok(outcome) => outcome,
            Err(error) if self.first.is_empty() => return Err(error),
            Err(error) => return Err(without(session, &self.back, error).await),
        };
        let watches: Vec<&Watch> = self.watched.iter().map(|watched| &watched.watch).collect();
        let (mut differences, mut by) = (Vec::new(), Vec::new());
        for (watched, now) in self.watched.iter().zip(session.looked(&watches).await?) {
            let (Some(before), Some(now)) = (&watched.before, now) else { continue };
            if !unchanged(before, &now) {
                differences.push(difference(&watched.watch, before, &now));
            }
            by.push(watched.watch.by.label());
        }
        clear(session, &self.back, &mut differences).await;
        let how = "the grade is compared with what it was before it was taken back".to_owned();
        let answer = Answer { proof: Proof::Seen { how }, ..Answer::from(outcome) };
        let (ids, left_out, back) = (Vec::new(), Vec::new(), self.back.clone());
        Ok(Again { answer, ids, by, left_out, differences, back })
    }
}

/// The calls that keep a version under the name from which these calls give it its own again; none for others.
fn kept(back: &[MethodCall]) -> Vec<MethodCall> {
    let Some(renamed) = back.iter().find(|call| call.method == "RenameVersionByName") else {
        return Vec::new();
    };
    let [kept, version, kind] = &renamed.args[..] else { return Vec::new() };
    let call = |method: &str, name: &Value| {
        MethodCall::new(renamed.on.clone(), method, [name.clone(), kind.clone()])
    };
    vec![call("AddVersion", kept), call("LoadVersionByName", version)]
}
