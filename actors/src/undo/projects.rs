//! Projects that a call deletes: written to a file before it, and imported again from that.

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::{Step, Watched, kept};
use crate::session::Session;

/// What nobody compares of a project that was imported again.
const UNSEEN: &str = "what is in the project, of which calls tell only once it is opened";

/// Exports the project that a call deletes; the step that imports it again.
///
/// # Errors
/// Why that is not possible, in words.
pub(super) async fn before_a_deletion(session: &Session, write: &MethodCall) -> Result<Vec<Step>, String> {
    let all = session.recorder().folder_of_files()?;
    let name = write.args.first().and_then(Value::as_str).ok_or("it names no project")?;
    if !kept::is_file_name(name) {
        return Err(format!("'{name}' cannot be the name of a file, in which it would be kept"));
    }
    let folder = kept::fresh(all, "project")?;
    let file = folder.join(format!("{name}.drp"));
    let path = file.to_string_lossy().into_owned();
    let ask = |method: &'static str, args: Vec<Value>| session.ask(Locator::ProjectManager, method, args);
    let exported = ask("ExportProject", vec![name.into(), path.as_str().into(), true.into()]).await;
    let into = ask("GetCurrentFolder", vec![]).await;
    let into = match (exported, into) {
        (Ok(_), Ok(into)) if file.is_file() => into,
        (exported, into) => {
            kept::remove(&folder);
            let why = exported.and(into).err().map(|error| error.to_string());
            return Err(format!(
                "it could not be exported before: {}",
                why.unwrap_or_else(|| "no file was written".to_owned())
            ));
        }
    };
    kept::tidy(all);
    let of_manager = |method: &str| MethodCall::new(Locator::ProjectManager, method, []);
    let list = Watch { by: of_manager("GetProjectListInCurrentFolder"), part: Part::Has(name.into()) };
    // It is imported into the folder that is open by then.
    let open = Watch { by: of_manager("GetCurrentFolder"), part: Part::Whole };
    let watched = vec![
        Watched { watch: list, before: Some(true.into()), after: None },
        Watched { watch: open, before: Some(into.clone()), after: Some(into) },
    ];
    let back = MethodCall::new(Locator::ProjectManager, "ImportProject", [path.into(), name.into()]);
    let unseen = vec![UNSEEN.to_owned()];
    Ok(vec![Step { back: vec![back], watched, unseen, files: Some(folder), ..Step::of(write.label()) }])
}
