//! Mattes of a clip: looked at before a call and after it, and attached or detached again by their paths.

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::{Step, Watched, clips};
use crate::error::CallError;
use crate::session::Session;

/// What nobody can compare of a matte.
const UNSEEN: &str = "for which eye of a stereoscopic clip a matte is, which no call tells";

/// A clip and the paths of its mattes before a call.
pub(super) struct Before {
    clip: Locator,
    mattes: Value,
}

/// Looks at the mattes of the clip that a call names.
///
/// # Errors
/// Why that is not possible, in words.
pub(super) async fn before(session: &Session, write: &MethodCall) -> Result<Before, String> {
    let failed = |error: CallError| format!("the mattes of the clip could not be read: {error}");
    let clip = write.args.first().and_then(Value::as_object).ok_or("it names no clip")?;
    let clip = session.by_id(clip).await.map_err(failed)?;
    let mattes = read(session, &clip).await.map_err(failed)?;
    Ok(Before { clip, mattes })
}

fn list(clip: &Locator) -> MethodCall {
    MethodCall::new(Locator::MediaPool, clips::MATTES.0, [Value::object(clip.clone())])
}

async fn read(session: &Session, clip: &Locator) -> Result<Value, CallError> {
    let call = list(clip);
    session.ask(call.on, &call.method, call.args).await
}

/// What gives the clip the mattes again that it had, in their order.
///
/// # Errors
/// Why nothing does, in words.
pub(super) async fn after(session: &Session, method: String, before: Before) -> Result<Step, String> {
    let Before { clip, mattes: was } = before;
    let is = read(session, &clip).await.map_err(|error| format!("its mattes could not be read: {error}"))?;
    let (detached, attached) = changes(paths(&was), paths(&is));
    let mut step = Step { method, ..Step::default() };
    let mut call = |on: Locator, method: &str, paths: Vec<Value>| {
        if !paths.is_empty() {
            let args = [Value::object(clip.clone()), Value::List(paths)];
            step.back.push(MethodCall::new(on, method, args));
        }
    };
    if !attached.is_empty() {
        step.unseen.push(UNSEEN.to_owned());
    }
    call(Locator::MediaPool, "DeleteClipMattes", detached);
    call(Locator::MediaStorage, "AddClipMattesToMediaPool", attached);
    let watch = Watch { by: list(&clip), part: Part::Whole };
    step.watched.push(Watched { watch, before: Some(was), after: Some(is) });
    Ok(step)
}

fn paths(list: &Value) -> &[Value] {
    list.as_list().unwrap_or_default()
}

/// What is detached and what is then attached to make the one list of the other: what is attached stands last, so what
/// follows the first that is gone is attached anew.
fn changes(was: &[Value], is: &[Value]) -> (Vec<Value>, Vec<Value>) {
    let same = was.iter().take_while(|path| is.contains(path)).count();
    let (stay, attached) = was.split_at(same);
    let detached = is.iter().filter(|path| !stay.contains(path)).cloned().collect();
    (detached, attached.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What came goes; what went comes back in its place, for which those after it are attached anew.
    #[test]
    fn mattes_return_in_their_order() {
        let list = |paths: &str| paths.chars().map(|path| Value::from(path.to_string())).collect::<Vec<_>>();
        for (was, is, detached, attached) in
            [("ab", "abcd", "cd", ""), ("abc", "ac", "c", "bc"), ("abc", "", "", "abc"), ("", "a", "a", "")]
        {
            assert_eq!((list(detached), list(attached)), changes(&list(was), &list(is)), "{was} {is}");
        }
    }
}
