//! Archives and exported projects: what crashes Resolve, and what another method takes.

use resolve_api::Value;
use resolve_api::wire::MethodCall;

use super::{Guarded, Next, project, refused, wrong};

/// Refuses to archive the open project where that crashes Resolve.
pub(super) fn archive(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let open = project::name(next).await?;
        let wanted = call.args.first().and_then(Value::as_str);
        if open.is_some() && open.as_deref() != wanted {
            return next.proceed(call).await;
        }
        Err(refused(
            &call,
            "archiving the open project stalls and crashes this version of Resolve; use ExportProject, and copy the \
             media yourself",
        ))
    })
}

/// Sends an exported project to the method that takes it.
pub(super) fn restore(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let file = call.args.first().and_then(Value::as_str).unwrap_or_default();
        if file.to_lowercase().ends_with(".drp") {
            let reason = "an exported project (.drp) is refused here, which takes archives (.dra)";
            return Err(wrong("args[0]", reason, "use ProjectManager.ImportProject for it", vec![]));
        }
        next.proceed(call).await
    })
}

#[cfg(test)]
mod tests {
    use resolve_api::Locator;

    use super::super::script::{Script, reason_of};
    use super::*;

    fn manager(method: &str, args: Vec<Value>) -> MethodCall {
        MethodCall::new(Locator::ProjectManager, method, args)
    }

    /// `pm.archive-crash`: the open project is not archived on 21.1; another one, and an older build, are.
    #[tokio::test]
    async fn archiving_the_open_project_is_refused_where_it_crashes() {
        let archive = |name: &str| manager("ArchiveProject", vec![name.into(), "relative.dra".into()]);
        let script = || {
            Script::newest().answers("Project.GetName", "cut").answers("ProjectManager.ArchiveProject", true)
        };
        assert!(reason_of(script().guarded(archive("cut")).await).contains("crashes this version"));
        assert!(script().guarded(archive("trailer")).await.is_ok());

        let older = Script::version("20.3.2.9")
            .answers("Project.GetName", "cut")
            .answers("ProjectManager.ArchiveProject", true);
        assert!(older.guarded(archive("cut")).await.is_ok());
    }

    /// `pm.restore-drp`: Resolve answers False and says nothing.
    #[tokio::test]
    async fn an_exported_project_is_sent_to_the_method_that_takes_it() {
        let call = manager("RestoreProject", vec!["/a/Cut.DRP".into()]);
        assert!(
            reason_of(Script::newest().answers("Project.GetName", "cut").guarded(call).await)
                .contains("(.drp) is refused")
        );
    }
}
