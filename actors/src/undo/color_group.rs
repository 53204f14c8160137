//! Color groups: one that a call deletes is made anew with its items, and one that gets another name is found under that.

use resolve_api::facts::compare::is_empty;
use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::watched::{MOST_WATCHED, Watched};
use super::{Kept, MOST_STEPS};
use crate::error::CallError;
use crate::session::Session;

/// The most items of a group that is made anew: each is a call of the undo.
const MOST_ITEMS: usize = MOST_STEPS - 1;

/// What makes the group anew that a call deletes, or gives it its name again.
///
/// # Errors
/// Why nothing does, in words.
pub(super) async fn before(session: &Session, write: &MethodCall) -> Result<Kept, String> {
    let failed = |error: CallError| format!("the color group could not be read: {error}");
    let (back, watched) = match write.args.first().and_then(Value::as_object) {
        Some(group) => deleted(session, group).await?,
        None => {
            let name = session.text(&write.on, "GetName", []).await.map_err(failed)?;
            // Groups have no ids: under the new name it is the same.
            let on = match (&write.on, write.args.first().and_then(Value::as_str)) {
                (Locator::ColorGroup(Key::Name(_)), Some(new)) => named(new),
                (on, _) => on.clone(),
            };
            (vec![MethodCall::new(on, "SetName", [name.into()])], vec![])
        }
    };
    Ok(Kept::Looked { back, remade: Vec::new(), watched })
}

async fn deleted(session: &Session, group: &Locator) -> Result<(Vec<MethodCall>, Vec<Watched>), String> {
    let failed = |error: CallError| format!("the color group could not be read: {error}");
    let name = session.text(group, "GetName", []).await.map_err(failed)?;
    for (graph, place) in [("GetPreClipNodeGraph", "before"), ("GetPostClipNodeGraph", "after")] {
        if has_grade(session, group, graph).await.map_err(failed)? {
            return Err(format!(
                "the group {name} has a grade {place} those of its items, which no call keeps; export a still of it before"
            ));
        }
    }
    let mut items = Vec::new();
    for (_, timeline) in session.timelines(usize::MAX).await.map_err(failed)?.1 {
        let of_it = [Value::object(timeline)];
        for item in session.list(group, "GetClipsInTimeline", of_it).await.map_err(failed)? {
            if let Some(item) = item.as_object() {
                items.push(session.by_id(item).await.map_err(failed)?);
            }
        }
    }
    if items.len() > MOST_ITEMS {
        return Err(format!(
            "the group {name} has {} items, and {MOST_ITEMS} at most are assigned again",
            items.len()
        ));
    }
    let group = Value::object(named(&name));
    let assign = |item: &Locator| MethodCall::new(item.clone(), "AssignToColorGroup", [group.clone()]);
    let add = MethodCall::new(Locator::Project, "AddColorGroup", [name.as_str().into()]);
    let back = [add].into_iter().chain(items.iter().map(assign)).collect();
    let watched = items.iter().take(MOST_WATCHED).map(|item| Watched {
        watch: Watch { by: MethodCall::new(item.clone(), "GetColorGroup", []), part: Part::Whole },
        before: Some(group.clone()),
        after: None,
    });
    Ok((back, watched.collect()))
}

/// Whether a graph of a group does anything; what cannot be told is taken for a grade.
async fn has_grade(session: &Session, group: &Locator, graph: &str) -> Result<bool, CallError> {
    let graph = session.object(group, graph, []).await?;
    let nodes = session.int(&graph, "GetNumNodes", []).await?;
    for node in 1..=nodes.min(2) {
        if !is_empty(&session.ask(graph.clone(), "GetToolsInNode", vec![node.into()]).await?) {
            return Ok(true);
        }
    }
    Ok(nodes > 1)
}

fn named(name: &str) -> Locator {
    Locator::ColorGroup(Key::Name(name.to_owned()))
}
