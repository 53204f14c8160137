//! Opening, saving, leaving and deleting projects.

use resolve_api::catalogue::Method;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};

use super::{Guarded, Next, Outcome, bare_refusal, refused, wrong};
use crate::error::CallError;

/// The name of the project that Resolve opens when no other is open; saving it never returns.
const UNTITLED: &str = "Untitled Project";

/// How many names a refusal lists.
const CANDIDATES: usize = 10;

/// Calls that need the project database, and `GetCurrentDatabase`, which tells whether there is one.
pub(super) const OF_THE_DATABASE: [&str; 10] = [
    "ProjectManager.GetCurrentDatabase",
    "ProjectManager.CreateProject",
    "ProjectManager.LoadProject",
    "ProjectManager.SaveProject",
    "ProjectManager.CloseProject",
    "ProjectManager.DeleteProject",
    "ProjectManager.ImportProject",
    "ProjectManager.ExportProject",
    "ProjectManager.RestoreProject",
    "ProjectManager.ArchiveProject",
];

/// Refuses while Resolve has no database: it answers reads then, and some writes never return.
pub(super) fn live_database(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let reason =
            "it came up without a project database and does nothing that lasts; restart DaVinci Resolve";
        let wedged = || CallError::Fault(Fault::NotConnected { reason: reason.to_owned() });
        let none = |value: &Value| *value == Value::Null || value.as_map().is_some_and(|map| map.is_empty());
        if call.method == "GetCurrentDatabase" {
            let outcome = next.proceed(call).await?;
            return if none(&outcome.value) { Err(wedged()) } else { Ok(outcome) };
        }
        match next.ask(Locator::ProjectManager, "GetCurrentDatabase", vec![]).await? {
            Some(database) if none(&database) => Err(wedged()),
            _ => next.proceed(call).await,
        }
    })
}

/// Refuses to save the project that has no name yet.
pub(super) fn save(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        match name(next).await?.as_deref() {
            Some(UNTITLED) => Err(refused(
                &call,
                "the open project was never saved, and saving it under no name hangs Resolve; create or load a named \
                 project, or ask the person to save it",
            )),
            None => Err(refused(
                &call,
                "the name of the open project cannot be read, and saving an unnamed one hangs Resolve",
            )),
            Some(_) => next.proceed(call).await,
        }
    })
}

/// Checks the name, saves the open project, switches, and says what may stand in the way.
pub(super) fn switch(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let wanted = call.args.first().and_then(Value::as_str).unwrap_or_default().to_owned();
        let names = names(next).await?;
        let known = names.as_ref().is_some_and(|names| names.contains(&wanted));
        match (call.method.as_str(), &names) {
            ("CreateProject", Some(_)) if known => {
                let reason = format!("the name '{wanted}' is taken in this folder of the database");
                return Err(wrong(
                    "args[0]",
                    reason,
                    "load it with LoadProject, or choose another name",
                    vec![],
                ));
            }
            ("LoadProject", Some(names)) if !known => {
                return Err(no_such_project(&wanted, names));
            }
            _ => {}
        }
        let saved = leave(next, &call).await?;
        let outcome = next.proceed(call.clone()).await;
        if bare_refusal(&outcome) {
            return Err(refused(
                &call,
                "the open project or a dialog may block the switch; look at Resolve's window, load any saved project, \
                 then try again",
            ));
        }
        let outcome = outcome?;
        Ok(match saved {
            Some(name) => outcome.remark(format!("'{name}' was saved before it was left")),
            None => outcome,
        })
    })
}

/// Saves the open project before Resolve ends: it asks nobody and drops what is not saved.
pub(super) fn quit(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let saved = leave(next, &call).await?;
        let outcome = next.proceed(call).await?;
        Ok(match saved {
            Some(name) => outcome.remark(format!("'{name}' was saved before")),
            None => outcome,
        })
    })
}

/// Refuses for the open project, retries once what is refused without cause, and looks at the list.
pub(super) fn delete(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let doomed = call.args.first().and_then(Value::as_str).unwrap_or_default().to_owned();
        if name(next).await?.as_deref() == Some(doomed.as_str()) {
            return Err(refused(
                &call,
                format!("'{doomed}' is open; load another project first, then delete it"),
            ));
        }
        if let Some(names) = names(next).await?.filter(|names| !names.contains(&doomed)) {
            return Err(no_such_project(&doomed, &names));
        }
        let outcome = next.proceed(call.clone()).await;
        if !bare_refusal(&outcome) {
            return outcome;
        }
        let outcome = next.proceed(call.clone()).await;
        if !bare_refusal(&outcome) {
            return outcome
                .map(|outcome| outcome.remark("the first attempt was refused, the second was not"));
        }
        match names(next).await? {
            Some(names) if !names.contains(&doomed) => Ok(Outcome::from(Value::from(true))
                .seen("the list of projects lacks it, though Resolve answered False")),
            _ => Err(refused(
                &call,
                "Resolve refuses this while the project is open or was a moment ago; load another project, then try again",
            )),
        }
    })
}

pub(super) fn is_switch(row: &Method) -> bool {
    row.class == "ProjectManager" && ["CreateProject", "LoadProject"].contains(&row.name.as_str())
}

/// Saves the open project where it has a name. Answers the name.
///
/// # Errors
/// Where leaving would lose work that cannot be saved.
async fn leave(next: Next<'_>, call: &MethodCall) -> Result<Option<String>, CallError> {
    match name(next).await? {
        None => Ok(None),
        Some(name) if name == UNTITLED => {
            let timelines = next.ask(Locator::Project, "GetTimelineCount", vec![]).await?;
            match timelines.and_then(|count| count.as_int()) {
                Some(count) if count > 0 => Err(refused(
                    call,
                    format!(
                        "the open project was never saved and has {count} timelines, which would be lost; ask the person \
                         to save it, or drop it with ProjectManager.CloseProject"
                    ),
                )),
                _ => Ok(None),
            }
        }
        Some(name) => {
            match next.caller.call(MethodCall::new(Locator::ProjectManager, "SaveProject", [])).await {
                Ok(_) => Ok(Some(name)),
                Err(CallError::Fault(Fault::NoSuchMethod { .. } | Fault::Unsupported { .. })) => Ok(None),
                Err(CallError::Fault(Fault::Refused { .. })) => Err(refused(
                    call,
                    format!(
                        "'{name}' is open and could not be saved; look at Resolve's window, or drop its changes with \
                         ProjectManager.CloseProject"
                    ),
                )),
                Err(error) => Err(error),
            }
        }
    }
}

fn no_such_project(name: &str, names: &[String]) -> CallError {
    let reason = format!("there is no project '{name}' in this folder of the database");
    let candidates = names.iter().take(CANDIDATES).map(|name| name.as_str().into()).collect();
    wrong("args[0]", reason, "open its folder first with OpenFolder", candidates)
}

/// The name of the open project; `None` where it cannot be told.
pub(super) async fn name(next: Next<'_>) -> Result<Option<String>, CallError> {
    next.ask_text(Locator::Project, "GetName", vec![]).await
}

async fn names(next: Next<'_>) -> Result<Option<Vec<String>>, CallError> {
    let list = next.ask(Locator::ProjectManager, "GetProjectListInCurrentFolder", vec![]).await?;
    Ok(list.and_then(|list| {
        let names = list.as_list()?.iter().filter_map(|name| name.as_str().map(str::to_owned));
        Some(names.collect())
    }))
}

#[cfg(test)]
mod tests {
    use super::super::script::{Script, reason_of};
    use super::*;

    fn list(names: &[&str]) -> Value {
        Value::List(names.iter().map(|name| (*name).into()).collect())
    }

    /// A Resolve with a database of two projects, of which `open` is open.
    fn with_open(open: &'static str) -> Script {
        Script::newest()
            .answers("ProjectManager.GetCurrentDatabase", Value::map([("DbType", "Disk".into())]))
            .answers("ProjectManager.GetProjectListInCurrentFolder", list(&["cut", "trailer"]))
            .answers("Project.GetName", open)
    }

    fn manager(method: &str, args: Vec<Value>) -> MethodCall {
        MethodCall::new(Locator::ProjectManager, method, args)
    }

    /// `pm.save-untitled`: the call never returns on a project without a name, so it is never made.
    #[tokio::test]
    async fn an_unnamed_project_is_never_saved() {
        let script = with_open(UNTITLED).answers("ProjectManager.SaveProject", true);
        assert!(reason_of(script.guarded(manager("SaveProject", vec![])).await).contains("was never saved"));
        assert!(script.arguments("ProjectManager.SaveProject").is_empty());

        let unknown = Script::newest().answers("ProjectManager.SaveProject", true);
        assert!(reason_of(unknown.guarded(manager("SaveProject", vec![])).await).contains("cannot be read"));

        let named = with_open("cut").answers("ProjectManager.SaveProject", true);
        named.guarded(manager("SaveProject", vec![])).await.unwrap();
    }

    /// `pm.database-none`: product and page still answer, and some calls never return.
    #[tokio::test]
    async fn a_resolve_without_a_database_is_called_wedged() {
        let wedged = Script::newest()
            .answers("ProjectManager.GetCurrentDatabase", Value::Null)
            .answers("ProjectManager.SaveProject", true);
        for method in ["GetCurrentDatabase", "SaveProject"] {
            let error = wedged.guarded(manager(method, vec![])).await.unwrap_err();
            assert!(
                matches!(&error, CallError::Fault(Fault::NotConnected { reason }) if reason.contains("restart")),
                "{error}"
            );
        }
        assert!(wedged.arguments("ProjectManager.SaveProject").is_empty());
    }

    /// `pm.create-taken`, `pm.create-blocked`, `pm.load-crash`: a switch is prepared, and a refusal explained.
    #[tokio::test]
    async fn a_switch_saves_what_it_leaves_and_checks_the_name() {
        let load = |name: &str| manager("LoadProject", vec![name.into()]);
        let object = || Value::object(Locator::Project);

        let script = Script::newest()
            .answers("ProjectManager.GetProjectListInCurrentFolder", list(&["cut", "trailer"]))
            .in_turn("Project.GetName", ["cut".into(), "trailer".into()])
            .answers("ProjectManager.SaveProject", true)
            .answers("ProjectManager.LoadProject", object());
        let outcome = script.guarded(load("trailer")).await.unwrap();
        assert_eq!(vec!["'cut' was saved before it was left"], outcome.remarks);
        let called = script.called();
        let place = |label: &str| called.iter().position(|call| call == label).unwrap();
        assert!(place("ProjectManager.SaveProject") < place("ProjectManager.LoadProject"));

        assert!(reason_of(with_open("cut").guarded(load("teaser")).await).contains("no project 'teaser'"));
        let create = manager("CreateProject", vec!["trailer".into()]);
        assert!(reason_of(with_open("cut").guarded(create).await).contains("is taken"));

        let blocked = with_open(UNTITLED)
            .answers("Project.GetTimelineCount", 0)
            .refuses("ProjectManager.LoadProject")
            .answers("Resolve.GetCurrentPage", "edit");
        assert!(reason_of(blocked.guarded(load("cut")).await).contains("may block the switch"));
    }

    /// Work that has no name yet cannot be saved from here; leaving it would lose it.
    #[tokio::test]
    async fn an_unnamed_project_with_timelines_is_not_left() {
        let script = with_open(UNTITLED)
            .answers("Project.GetTimelineCount", 2)
            .answers("ProjectManager.LoadProject", true);

        let reason = reason_of(script.guarded(manager("LoadProject", vec!["cut".into()])).await);

        assert!(reason.contains("has 2 timelines"), "{reason}");
        assert!(script.arguments("ProjectManager.LoadProject").is_empty());
    }

    /// `pm.load-crash`: Resolve may end in a switch, so a project that cannot be saved is not left.
    #[tokio::test]
    async fn a_project_that_cannot_be_saved_is_not_left() {
        let script = with_open("cut")
            .refuses("ProjectManager.SaveProject")
            .answers("ProjectManager.LoadProject", true);
        assert!(
            reason_of(script.guarded(manager("LoadProject", vec!["trailer".into()])).await)
                .contains("could not be saved")
        );
    }

    /// `app.quit`: Resolve ends without asking and without saving.
    #[tokio::test]
    async fn the_open_project_is_saved_before_resolve_ends() {
        let script =
            with_open("cut").answers("ProjectManager.SaveProject", true).answers("Resolve.Quit", Value::Null);

        script.guarded(MethodCall::new(Locator::Resolve, "Quit", [])).await.unwrap();

        assert_eq!(vec!["Project.GetName", "ProjectManager.SaveProject", "Resolve.Quit"], script.called());
    }

    /// `pm.delete-current`, `pm.delete-after-close`, `pm.delete-flaky`: not the open one; twice where the first
    /// attempt is refused; and the list has the last word.
    #[tokio::test]
    async fn deleting_is_refused_retried_and_looked_up() {
        let delete = |name: &str| manager("DeleteProject", vec![name.into()]);
        assert!(reason_of(with_open("cut").guarded(delete("cut")).await).contains("is open"));
        assert!(reason_of(with_open("cut").guarded(delete("teaser")).await).contains("no project 'teaser'"));

        let mut tries = 0;
        let flaky = Script::newest()
            .answers("Project.GetName", "cut")
            .in_turn(
                "ProjectManager.GetProjectListInCurrentFolder",
                [list(&["cut", "trailer"]), list(&["cut"])],
            )
            .on("ProjectManager.DeleteProject", move |_| {
                tries += 1;
                let refusal = Fault::Refused { method: "ProjectManager.DeleteProject".into(), reason: None };
                if tries == 1 { Err(refusal.into()) } else { Ok(true.into()) }
            });
        let outcome = flaky.guarded(delete("trailer")).await.unwrap();
        assert_eq!(vec!["the first attempt was refused, the second was not"], outcome.remarks);

        let stubborn = with_open("cut").refuses("ProjectManager.DeleteProject");
        assert!(reason_of(stubborn.guarded(delete("trailer")).await).contains("or was a moment ago"));
        assert_eq!(2, stubborn.arguments("ProjectManager.DeleteProject").len());

        let lying = with_open("cut").answers("ProjectManager.DeleteProject", true);
        assert!(matches!(lying.guarded(delete("trailer")).await, Err(CallError::NotVerified { .. })));
    }
}
