//! Folders of the media pool whose timelines show clips that lie in them: written to a file before they are deleted, and
//! read from it again.

use std::fs;
use std::path::{Path, PathBuf};

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Locator, Value};

use super::clips::{self, attribute};
use super::folder_told::{Told, read, same};
use super::folders::Inside;
use super::pool::{self, Folders};
use super::watched::{self, MOST_WATCHED};
use super::{MOST_COPIES, Remade, Step, Watched, kept};
use crate::error::CallError;
use crate::guard::Proof;
use crate::operation::Answer;
use crate::session::Session;

/// The call that imports. With the folder that it goes to as another argument it stands for all that restores it.
const IMPORT: &str = "ImportFolderFromFile";

/// The file, beside that of the folder, with what was told of all that lies in it.
const TOLD: &str = "told.json";

/// What nobody compares of a folder that was imported again.
const UNSEEN: &str =
    "takes, compositions and nested timelines of the folder, which are as its file holds them";

/// Whether all that lies in folders can be written to files, and restored from them; what was told of each folder.
///
/// # Errors
/// Why not, in words.
async fn look(session: &Session, inside: &Inside) -> Result<Vec<Told>, String> {
    if inside.timelines.len() > MOST_COPIES {
        return Err(format!(
            "{} timelines are deleted, and {MOST_COPIES} are restored",
            inside.timelines.len()
        ));
    }
    let mut all = Vec::new();
    for top in &inside.tops {
        let name = &inside.folders.0[*top].name;
        if !kept::is_file_name(name) {
            return Err(format!("'{name}' cannot be the name of a file, by which its folder is named again"));
        }
        let told = read(session, &inside.folders, *top).await?;
        used_inside(session, name, &told).await?;
        all.push(told);
    }
    Ok(all)
}

/// Whether the folders of a call can be written to files.
///
/// # Errors
/// Why not, in words.
pub(super) async fn can_be_kept(session: &Session, inside: &Inside) -> Result<(), String> {
    look(session, inside).await.map(drop)
}

/// Whether what the timelines of a folder show lies in it, and no other timeline shows it.
async fn used_inside(session: &Session, name: &str, told: &Told) -> Result<(), String> {
    let failed = |error: CallError| format!("what uses the clips could not be read: {error}");
    let mut uses = session.uses_on_copies().await.map_err(failed)?;
    for shown in &told.timelines {
        for clip in &shown.shows {
            if !told.clips.iter().any(|known| known.id == *clip) {
                let timeline = clips::name(&told.clips[shown.clip].told);
                return Err(format!(
                    "the timeline '{timeline}' shows clips that lie outside of the folder '{name}', whose file would not \
                     hold them"
                ));
            }
            *uses.entry(clip.clone()).or_insert(0) += 1;
        }
    }
    for clip in &told.clips {
        let used = attribute(&clip.told, "Usage").parse::<i64>().unwrap_or(0);
        if used > *uses.get(&clip.id).unwrap_or(&0) {
            let clip = clips::name(&clip.told);
            return Err(format!(
                "'{clip}' is used outside of the folder '{name}', which would not show it again"
            ));
        }
    }
    Ok(())
}

/// Writes the folders that a call deletes to files; the steps that read them again.
///
/// # Errors
/// Why that is not possible, in words.
pub(super) async fn before_a_deletion(
    session: &Session,
    method: &str,
    inside: &Inside,
) -> Result<Vec<Step>, String> {
    let all = session.recorder().folder_of_files()?;
    let looked = look(session, inside).await?;
    let mut steps = Vec::new();
    for (top, told) in inside.tops.iter().zip(looked) {
        let folder = kept::fresh(all, "folder")?;
        match keep(session, method, inside, *top, told, &folder).await {
            Ok(step) => steps.push(step),
            Err(why) => {
                kept::remove(&folder);
                forget(&steps);
                return Err(why);
            }
        }
    }
    kept::tidy(all);
    Ok(steps)
}

/// Forgets what was kept for a write that was not made.
pub(super) fn forget(steps: &[Step]) {
    steps.iter().filter_map(|step| step.files.as_deref()).for_each(kept::remove);
}

async fn keep(
    session: &Session,
    method: &str,
    inside: &Inside,
    top: usize,
    told: Told,
    files: &Path,
) -> Result<Step, String> {
    let folder = &inside.folders.0[top];
    let parent = folder.parent.ok_or("the top folder is never made anew")?;
    let (on, into) = (pool::by_id(&folder.id), pool::by_id(&inside.folders.0[parent].id));
    let file = files.join(format!("{}.drb", folder.name));
    let text = file.to_string_lossy().into_owned();
    let exported = session.ask(on.clone(), "Export", vec![text.as_str().into()]).await;
    exported
        .map_err(|error| format!("the folder '{}' could not be written to a file: {error}", folder.name))?;
    if !file.is_file() {
        return Err(format!("the folder '{}' was not written to {text}", folder.name));
    }
    let json = serde_json::to_vec(&told).map_err(|error| error.to_string())?;
    fs::write(files.join(TOLD), json).map_err(|error| format!("{TOLD} cannot be written ({error})"))?;
    let mut step = Step {
        files: Some(files.to_owned()),
        remade: vec![Remade { call: 0, was: folder.id.clone() }],
        unseen: vec![UNSEEN.to_owned()],
        ..Step::of(method.to_owned())
    };
    // The journal keeps the ids, since these are others once it was restored and deleted again.
    let ids = told.ids().into_iter().map(Value::from).collect();
    let args = [text.into(), Value::map([("into", Value::object(into.clone())), ("ids", Value::List(ids))])];
    step.back.push(MethodCall::new(Locator::MediaPool, IMPORT, args));
    let by = MethodCall::new(into, "GetSubFolderList", []);
    let watch = Watch { by, part: Part::Has(Value::object(on)) };
    step.watched.push(Watched { watch, before: Some(true.into()), after: None });
    // The file of a folder holds no groups: those of the project are given to the items again.
    for shown in &told.timelines {
        for (item, group) in shown.groups.iter().filter_map(|(place, name)| {
            let group = Locator::ColorGroup(resolve_api::Key::Name(name.clone()));
            Some((shown.items.get(*place)?, Value::object(group)))
        }) {
            let item = Locator::TimelineItem(resolve_api::Key::Id(item.clone()));
            step.back.push(MethodCall::new(item.clone(), "AssignToColorGroup", [group.clone()]));
            let watch = Watch { by: MethodCall::new(item, "GetColorGroup", []), part: Part::Whole };
            step.watched.push(Watched { watch, before: Some(group), after: None });
        }
    }
    step.watched.truncate(MOST_WATCHED);
    Ok(step)
}

/// A folder that a call of an undo stands for.
pub(crate) struct Again {
    /// The file that holds it.
    file: PathBuf,
    /// The folder that it goes to.
    into: Locator,
    /// The unique ids that it had, and all that lay in it.
    ids: Vec<String>,
}

/// The folder that a call of an undo stands for.
pub(crate) fn imported_again(call: &MethodCall) -> Option<Again> {
    let is = call.on == Locator::MediaPool && call.method == IMPORT;
    let told = call.args.get(1).filter(|_| is)?;
    let ids = told.get("ids")?.as_list()?.iter().map(|id| clips::word(Some(id))).collect();
    let file = PathBuf::from(call.args.first()?.as_str()?);
    Some(Again { file, into: told.get("into")?.as_object()?.clone(), ids })
}

/// Imports a folder again, and compares all that is told of it; the unique ids before and now of all that lies in it.
///
/// # Errors
/// [`Fault::Refused`] with what is other; then it is deleted again. Those of the calls.
pub(crate) async fn import_again(
    session: &Session,
    Again { file, into, ids }: &Again,
) -> Result<(Answer, Vec<(String, String)>), CallError> {
    let label = format!("MediaPool.{IMPORT}");
    let refused =
        |reason: String| CallError::from(Fault::Refused { method: label.clone(), reason: Some(reason) });
    let told = fs::read(file.with_file_name(TOLD)).map_err(|error| refused(error.to_string()))?;
    let told: Told = serde_json::from_slice(&told).map_err(|error| refused(error.to_string()))?;
    let name = told.folders.first().map(|(name, _)| name.clone()).unwrap_or_default();
    let path = file.to_string_lossy().into_owned();
    let import = session.ask(Locator::MediaPool, IMPORT, vec![path.into()]);
    pool::in_folder(session, into, import).await??;
    let folders = Folders::read(session).await.map_err(refused)?;
    let above = into.id().and_then(|id| folders.find(id));
    let mut named = (0..folders.0.len())
        .filter(|place| folders.0[*place].parent == above && folders.0[*place].name == name);
    let top =
        named.next_back().ok_or_else(|| refused(format!("no folder '{name}' came of {}", file.display())))?;
    let folder = pool::by_id(&folders.0[top].id);
    let compared = match read(session, &folders, top).await {
        Ok(now) => same(&told, &now).map(|()| now.ids()),
        Err(why) => Err(why),
    };
    let now = match compared {
        Ok(now) => now,
        Err(why) => {
            // A folder that is not as before must not be left for somebody to use.
            let folders = vec![Value::List(vec![Value::object(folder)])];
            session.ask(Locator::MediaPool, "DeleteFolders", folders).await?;
            return Err(refused(format!(
                "the folder '{name}' did not come as it was: {why}; its file stays: {}",
                file.display()
            )));
        }
    };
    let object = Value::object(folder.clone());
    let back = MethodCall::new(Locator::MediaPool, "DeleteFolders", [Value::List(vec![object.clone()])]);
    let reads = ["GetClipList", "GetSubFolderList"].map(|method| MethodCall::new(folder.clone(), method, []));
    let step = Step { back: vec![back], watched: watched::made(reads), ..Step::of(label) };
    session.recorder().keep(session, step).await;
    let how = format!("{} clips and {} timelines are as they were", told.clips.len(), told.timelines.len());
    let ids = ids.iter().cloned().zip(now).collect();
    Ok((Answer { proof: Proof::Seen { how }, ..object.into() }, ids))
}
