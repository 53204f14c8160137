//! The version of an item's grade, kept under another name: no call reads a grade, but what it does to colors.

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::colors;
use super::watched::Watched;
use crate::error::CallError;
use crate::session::Session;

/// A version that is kept.
pub(super) struct Grade {
    item: Locator,
    /// The name under which it is kept.
    kept: String,
    /// Its own name, which the version in use has.
    version: String,
    /// Local or remote.
    kind: Value,
    /// What it does to colors, or why that is not looked at.
    look: Result<Watched, String>,
}

impl Grade {
    /// What nobody compares of it.
    pub(super) fn unseen(&self) -> Vec<String> {
        self.look.as_ref().err().cloned().into_iter().collect()
    }

    /// What tells of a grade as far as calls do: the version in use, that the kept one is there, the number of nodes, and
    /// what they do to colors.
    pub(super) fn watched(&self) -> Vec<Watched> {
        let (item, kind) = (self.item.clone(), self.kind.clone());
        let graph = Locator::Graph { of: Box::new(item.clone()), layer: None };
        let current = [("versionName", Value::from(self.version.as_str())), ("versionType", kind.clone())];
        let watched = |by, part, before| Watched { watch: Watch { by, part }, before, after: None };
        let mut all = vec![
            watched(
                MethodCall::new(item.clone(), "GetCurrentVersion", []),
                Part::Whole,
                Some(Value::map(current)),
            ),
            watched(
                MethodCall::new(item, "GetVersionNameList", [kind]),
                Part::Has(self.kept.as_str().into()),
                None,
            ),
            watched(MethodCall::new(graph, "GetNumNodes", []), Part::Whole, None),
        ];
        all.extend(self.look.as_ref().ok().cloned());
        all
    }

    /// The kept version takes the name and the place of the one that was changed.
    pub(super) fn back(&self) -> Vec<MethodCall> {
        let call = |method: &str, names: &[&str]| {
            let names = names.iter().map(|name| Value::from(*name));
            let args: Vec<Value> = names.chain([self.kind.clone()]).collect();
            MethodCall::new(self.item.clone(), method, args)
        };
        vec![
            call("LoadVersionByName", &[&self.kept]),
            call("DeleteVersionByName", &[&self.version]),
            call("RenameVersionByName", &[&self.kept, &self.version]),
        ]
    }
}

/// Keeps the version that an item's grade has now under another name, with the same one in use.
///
/// # Errors
/// Why it cannot be kept, in words.
pub(super) async fn keep(session: &Session, item: Locator) -> Result<Grade, String> {
    let current = session.ask(item.clone(), "GetCurrentVersion", vec![]).await;
    let current = current.map_err(|error| format!("the version of its grade could not be read: {error}"))?;
    let version = current.get("versionName").and_then(Value::as_str).map(str::to_owned);
    let kind = current.get("versionType").cloned();
    let (Some(version), Some(kind)) = (version, kind) else {
        return Err("Resolve does not say which version of the grade is in use".to_owned());
    };
    let names = session.ask(item.clone(), "GetVersionNameList", vec![kind.clone()]).await;
    let names = names.map_err(|error| format!("the versions of its grade could not be read: {error}"))?;
    let names: Vec<&str> = names.as_list().unwrap_or_default().iter().filter_map(Value::as_str).collect();
    let Some(kept) = (1..=names.len() + 1)
        .map(|number| format!("{version} - before {number}"))
        .find(|name| !names.contains(&name.as_str()))
    else {
        return Err("no name is free for the version before".to_owned());
    };
    let change = |method: &'static str, name: &str| {
        let (item, args) = (item.clone(), vec![name.into(), kind.clone()]);
        async move { session.ask(item, method, args).await }
    };
    let failed = |error: CallError| format!("the grade before could not be kept as a version: {error}");
    change("AddVersion", &kept).await.map_err(failed)?;
    change("LoadVersionByName", &version).await.map_err(failed)?;
    let look = if session.recorder().may_look() {
        let look = colors::watched(session, &item).await;
        let look = look.map_err(|error| format!("what the grade does to colors ({error})"));
        look.and_then(|look| look.ok_or_else(|| colors::OTHER_PAGE.to_owned()))
    } else {
        Err(colors::too_many())
    };
    Ok(Grade { item, kept, version, kind, look })
}
