//! A dialog that waits for a person, and the edition that opens one.

use resolve_api::catalogue::{Effect, Method};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::{Guarded, Next, bare_refusal, refused};

/// Reads that were seen to answer empty behind a dialog.
const DOUBTFUL_READS: [&str; 2] = ["GetToolsInNode", "GetNumNodes"];

pub(super) fn concerns(row: &Method) -> bool {
    row.effect != Effect::Read || is_doubtful_read(row)
}

fn is_doubtful_read(row: &Method) -> bool {
    row.class == "Graph" && DOUBTFUL_READS.contains(&row.name.as_str())
}

/// After a refusal without a reason, and after a read that may be empty for that cause: asks for the page, which
/// is `None` while a dialog is open.
pub(super) fn around(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let outcome = next.proceed(call.clone()).await;
        let empty_read = matches!(&outcome, Ok(outcome) if matches!(outcome.value, Value::Null | Value::Int(0)))
            && call.on.class() == "Graph"
            && DOUBTFUL_READS.contains(&call.method.as_str());
        if !empty_read && !bare_refusal(&outcome) {
            return outcome;
        }
        match next.ask(Locator::Resolve, "GetCurrentPage", []).await? {
            Some(Value::Null) => Err(refused(
                &call,
                "Resolve shows no page: a dialog may wait in its window, or the project manager is open; look at the \
                 window before anything else is tried",
            )),
            _ => outcome,
        }
    })
}

pub(super) fn needs_studio(row: &Method) -> bool {
    row.studio_only
}

/// Refuses on the free edition what needs Studio: the call would open an advertisement that makes later calls fail.
pub(super) fn studio_only(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        match next.connection() {
            Some(connection) if !connection.product.contains("Studio") => Err(refused(
                &call,
                format!("it needs DaVinci Resolve Studio, and {} answers", connection.product),
            )),
            _ => next.proceed(call).await,
        }
    })
}

#[cfg(test)]
mod tests {
    use resolve_api::Key;

    use super::super::script::{Script, reason_of};
    use super::*;

    fn write() -> MethodCall {
        MethodCall::new(Locator::Timeline(Key::Current), "DetectSceneCuts", [])
    }

    /// `app.dialog-none`, `app.modal-blocks`: nothing names the dialog, so the refusal must.
    #[tokio::test]
    async fn a_refusal_behind_a_dialog_names_it() {
        let behind = Script::newest()
            .refuses("Timeline.DetectSceneCuts")
            .answers("Resolve.GetCurrentPage", Value::Null);
        assert!(reason_of(behind.guarded(write()).await).contains("a dialog may wait"));

        let shown =
            Script::newest().refuses("Timeline.DetectSceneCuts").answers("Resolve.GetCurrentPage", "edit");
        assert!(
            bare_refusal(&shown.guarded(write()).await),
            "a page is shown, so there is no dialog to blame"
        );
    }

    /// A call that works costs no question about dialogs.
    #[tokio::test]
    async fn a_call_that_works_is_not_questioned() {
        let script = Script::newest().answers("Timeline.DetectSceneCuts", true);

        script.guarded(write()).await.unwrap();

        assert_eq!(vec!["Timeline.DetectSceneCuts"], script.called());
    }

    /// `app.dialog-lies`: 113 graded items read as empty behind a dialog.
    #[tokio::test]
    async fn an_empty_read_of_a_node_is_not_believed_behind_a_dialog() {
        let graph = Locator::Graph { of: Box::new(Locator::TimelineItem(Key::Current)), layer: None };
        let read = || MethodCall::new(graph.clone(), "GetToolsInNode", [1.into()]);

        let behind = Script::newest()
            .answers("Graph.GetToolsInNode", Value::Null)
            .answers("Resolve.GetCurrentPage", Value::Null);
        assert!(reason_of(behind.guarded(read()).await).contains("a dialog may wait"));

        let clean = Script::newest()
            .answers("Graph.GetToolsInNode", Value::Null)
            .answers("Resolve.GetCurrentPage", "color");
        assert_eq!(Value::Null, clean.guarded(read()).await.unwrap().value, "a node without tools");
    }

    /// `app.free-upsell`, `app.studio-advanced`: the call is not made on the free edition.
    #[tokio::test]
    async fn what_needs_studio_is_refused_on_the_free_edition() {
        let call = || MethodCall::new(Locator::TimelineItem(Key::Current), "SmartReframe", []);

        let free = Script::newest().product("DaVinci Resolve").answers("TimelineItem.SmartReframe", true);
        assert!(reason_of(free.guarded(call()).await).contains("needs DaVinci Resolve Studio"));
        assert!(free.called().is_empty());

        let studio = Script::newest().answers("TimelineItem.SmartReframe", true);
        assert!(studio.guarded(call()).await.is_ok());
    }
}
