//! Items of a timeline: takes, versions, CDLs, and reads that a render blanks.

use resolve_api::catalogue::Method;
use resolve_api::facts::compare;
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::{Guarded, Next, Outcome, bare_refusal, refused, wrong};

/// Counts the takes: Resolve answers False for one that it has added.
pub(super) fn add_take(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let before =
            next.ask(call.on.clone(), "GetTakesCount", vec![]).await?.and_then(|count| count.as_int());
        let outcome = next.proceed(call.clone()).await;
        if !bare_refusal(&outcome) {
            return outcome;
        }
        let after =
            next.ask(call.on.clone(), "GetTakesCount", vec![]).await?.and_then(|count| count.as_int());
        match (before, after) {
            (Some(before), Some(after)) if after > before => Ok(Outcome::from(Value::from(true))
                .seen(format!("the item has {after} takes, though Resolve answered False"))),
            _ => outcome,
        }
    })
}

/// Refuses a CDL for a node that is not there: nothing reads a CDL back.
pub(super) fn cdl_node(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let node = call.args.first().and_then(|cdl| cdl.get("NodeIndex"));
        let node = node.and_then(|node| node.as_int().or_else(|| node.as_str()?.trim().parse().ok()));
        let Some(node) = node else { return next.proceed(call).await };
        let graph = Locator::Graph { of: Box::new(call.on.clone()), layer: None };
        let count = next.ask(graph, "GetNumNodes", vec![]).await?.and_then(|count| count.as_int());
        if let Some(count) = count.filter(|count| *count > 0 && !(1..=*count).contains(&node)) {
            let reason = format!(
                "there is no node {node}: the item has {count}, and nothing would tell that no grade was set"
            );
            let nodes = (1..=count).map(Value::from).collect();
            return Err(wrong("args[0].NodeIndex", reason, "nodes cannot be added from here", nodes));
        }
        next.proceed(call).await
    })
}

/// Explains why the version in use is not deleted.
pub(super) fn version_in_use(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let outcome = next.proceed(call.clone()).await;
        if !bare_refusal(&outcome) {
            return outcome;
        }
        let current = next.ask(call.on.clone(), "GetCurrentVersion", vec![]).await?;
        let name = current.as_ref().and_then(|version| version.get("versionName"));
        match (name, call.args.first()) {
            (Some(name), Some(doomed)) if name == doomed => {
                Err(refused(&call, "the version is in use; load another one with LoadVersionByName first"))
            }
            _ => outcome,
        }
    })
}

pub(super) fn reads_properties(row: &Method) -> bool {
    row.class == "TimelineItem" && ["GetProperties", "GetProperty"].contains(&row.name.as_str())
}

/// Refuses the empty answer that Resolve gives for every item while a render runs.
pub(super) fn during_render(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let outcome = next.proceed(call.clone()).await?;
        if !compare::is_empty(&outcome.value) {
            return Ok(outcome);
        }
        match next.ask(Locator::Project, "IsRenderingInProgress", vec![]).await? {
            Some(Value::Bool(true)) => Err(refused(
                &call,
                "a render is running, and Resolve answers no properties until it ends; ask again then",
            )),
            _ => Ok(outcome),
        }
    })
}

#[cfg(test)]
mod tests {
    use resolve_api::Key;

    use super::super::Proof;
    use super::super::script::{Script, reason_of};
    use super::*;

    fn item(method: &str, args: Vec<Value>) -> MethodCall {
        MethodCall::new(Locator::TimelineItem(Key::Current), method, args)
    }

    /// `item.take-add`: False, and one take more.
    #[tokio::test]
    async fn a_take_is_counted_and_not_believed() {
        let call = || item("AddTake", vec![Value::object(Locator::MediaPoolItem(Key::Id("c".into())))]);
        let script = |counts: [Value; 2]| {
            Script::newest()
                .refuses("TimelineItem.AddTake")
                .in_turn("TimelineItem.GetTakesCount", counts)
                .answers("Resolve.GetCurrentPage", "edit")
        };
        let added = script([0.into(), 1.into()]).guarded(call()).await.unwrap();
        assert_eq!(Value::Bool(true), added.value);
        assert!(matches!(added.proof, Proof::Seen { .. }));
        assert!(bare_refusal(&script([1.into(), 1.into()]).guarded(call()).await));
    }

    /// `item.cdl`: True for a node that is not there, and nothing shows it.
    #[tokio::test]
    async fn a_cdl_for_a_missing_node_is_refused() {
        let script = Script::newest().answers("Graph.GetNumNodes", 2).answers("TimelineItem.SetCDL", true);
        let call = |node: &str| {
            item("SetCDL", vec![Value::map([("NodeIndex", node.into()), ("Slope", "1 1 1".into())])])
        };
        assert!(reason_of(script.guarded(call("3")).await).contains("there is no node 3: the item has 2"));
        assert!(script.arguments("TimelineItem.SetCDL").is_empty());
        script.guarded(call("2")).await.unwrap();
    }

    /// `item.version-delete`: False, because it is loaded.
    #[tokio::test]
    async fn the_version_in_use_is_named() {
        let script = |current: &str| {
            Script::newest()
                .refuses("TimelineItem.DeleteVersionByName")
                .answers("TimelineItem.GetCurrentVersion", Value::map([("versionName", current.into())]))
                .answers("Resolve.GetCurrentPage", "edit")
        };
        let call = || item("DeleteVersionByName", vec!["warm".into(), 0.into()]);
        assert!(reason_of(script("warm").guarded(call()).await).contains("is in use"));
        assert!(bare_refusal(&script("cold").guarded(call()).await));
    }

    /// `render.reads-blank`: `{}` for every item while a render runs would be taken for defaults.
    #[tokio::test]
    async fn properties_are_not_read_during_a_render() {
        let script = |rendering: bool| {
            Script::newest()
                .answers("TimelineItem.GetProperties", Value::map::<&str>([]))
                .answers("Project.IsRenderingInProgress", rendering)
        };
        assert!(
            reason_of(script(true).guarded(item("GetProperties", vec![])).await)
                .contains("a render is running")
        );
        assert!(script(false).guarded(item("GetProperties", vec![])).await.is_ok());

        let full = Script::newest().answers("TimelineItem.GetProperty", Value::Float(1.0));
        full.guarded(item("GetProperty", vec!["ZoomX".into()])).await.unwrap();
        assert_eq!(vec!["TimelineItem.GetProperty"], full.called());
    }
}
