//! Stills of the gallery: what a call deletes is exported before it and imported again, and what one brings in is deleted.

use std::fs;
use std::path::{Path, PathBuf};

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};

use super::clips::word;
use super::watched::{MOST_WATCHED, Watched};
use super::{Kept, Remade, Step, kept};
use crate::config::Backend;
use crate::digest::digest;
use crate::error::CallError;
use crate::guard::{self, Proof};
use crate::operation::Answer;
use crate::session::{Session, Unrecorded};
use crate::verify::not_verified;

/// The most stills of one call that are kept: at 10 MB each, as 1080p takes, they are what all kept files may take.
const MOST_STILLS: usize = 50;

/// The most stills of an album that is looked through for those that came in: each costs a call, and is an object that the
/// host holds.
const MOST_LISTED: usize = 500;

/// The call that imports. With what was kept of a still as its argument it stands for all that restores it.
const IMPORT: &str = "ImportStills";

/// A label that no person gives, by which a still is found in two lists: stills have no ids.
const MARK: &str = "looked for by davinci-resolve-mcp";

/// The format in which stills are kept: without loss, and with 16 bits a channel.
const FORMAT: &str = "tif";

/// What is asked of an album.
const LIST: &str = "GetStills";

/// What nobody compares of a still that was imported again.
const UNSEEN: &str = "the places of the stills in their album, and the numbers and timecodes that they had";

/// What the API of Resolve is not known to write the same twice.
const UNSEEN_PICTURES: &str =
    "the pictures and grades of the stills, of which exports are compared on the engine alone";

/// An album before a call.
pub(super) enum Before {
    /// What the call deletes, exported to this folder, and what imports it again.
    Deleted(Box<Step>, PathBuf),
    /// What was there before the call brings stills in; none where its answer tells them.
    Added(Locator, Option<Vec<Locator>>),
}

/// Looks at the album that a call changes, and exports what it deletes.
///
/// # Errors
/// Why nothing takes it back, in words.
pub(super) async fn before(session: &Session, write: &MethodCall) -> Result<Kept, String> {
    let failed = |error: CallError| format!("the album could not be read: {error}");
    let album = album(session, &write.on).await.map_err(failed)?;
    Ok(Kept::Stills(match write.method.as_str() {
        "DeleteStills" => deleted(session, album, write).await?,
        IMPORT => {
            let listed = session.objects(&album, LIST, []).await.map_err(failed)?;
            if listed.len() > MOST_LISTED {
                return Err(format!(
                    "the album has {} stills, and {MOST_LISTED} at most are looked through for those that come in",
                    listed.len()
                ));
            }
            Before::Added(album, Some(listed))
        }
        _ => Before::Added(album, None),
    }))
}

/// The album that is meant, by its name where that leads to it: objects of albums end with the interpreter.
async fn album(session: &Session, on: &Locator) -> Result<Locator, CallError> {
    let given = match on {
        Locator::GalleryStillAlbum(Key::Name(_)) => return Ok(on.clone()),
        Locator::GalleryStillAlbum(Key::Current) | Locator::Timeline(_) => {
            session.object(&Locator::Gallery, "GetCurrentStillAlbum", []).await?
        }
        other => other.clone(),
    };
    let name = session.text(&Locator::Gallery, "GetAlbumName", [Value::object(given.clone())]).await?;
    let named = Locator::GalleryStillAlbum(Key::Name(name));
    let lists = [&given, &named].map(|album| MethodCall::new(album.clone(), LIST, []));
    match session.lengths(lists.into()).await {
        Ok(lengths) if lengths[0] == lengths[1] => Ok(named),
        // It is an album of power grades, or another one has its name.
        Ok(_) | Err(CallError::Fault(Fault::NotFound { .. } | Fault::Ambiguous { .. })) => Ok(given),
        Err(error) => Err(error),
    }
}

/// Exports the stills that a call deletes.
async fn deleted(session: &Session, album: Locator, write: &MethodCall) -> Result<Before, String> {
    let all = session.recorder().folder_of_files()?;
    let given = write.args.first().ok_or("it names no still")?;
    let given = given.as_list().unwrap_or(std::slice::from_ref(given));
    let stills: Vec<Locator> = given.iter().filter_map(Value::as_object).cloned().collect();
    if stills.len() > MOST_STILLS {
        return Err(format!("{} stills are deleted, and {MOST_STILLS} at most are kept", stills.len()));
    }
    let folder = kept::fresh(all, "stills")?;
    let mut step = Step { unseen: vec![UNSEEN.to_owned()], ..Step::of(write.label()) };
    if session.backend() == Backend::Resolve {
        step.unseen.push(UNSEEN_PICTURES.to_owned());
    }
    let exported = async {
        // The newest come first, and are imported last.
        for (number, still) in stills.iter().enumerate().rev() {
            let label = session.text(&album, "GetLabel", [Value::object(still.clone())]).await?;
            let picture = export(session, &album, still, &folder.join(number.to_string())).await?;
            let picture = picture.to_string_lossy().into_owned();
            let told = Value::map([("picture", picture.into()), ("label", label.into())]);
            step.remade.extend(still.id().map(|was| Remade { call: step.back.len(), was: was.to_owned() }));
            step.back.push(MethodCall::new(album.clone(), IMPORT, [told]));
        }
        Ok(())
    };
    if let Err(error) = exported.await {
        kept::remove(&folder);
        let error: CallError = error;
        return Err(format!("the stills could not be kept before: {error}"));
    }
    kept::tidy(all);
    step.files = Some(folder.clone());
    Ok(Before::Deleted(Box::new(step), folder))
}

/// Exports a still to a folder that is made for it; the path of its picture, beside which its grade lies.
async fn export(
    session: &Session,
    album: &Locator,
    still: &Locator,
    folder: &Path,
) -> Result<PathBuf, CallError> {
    let refused = |reason: String| {
        let method = "GalleryStillAlbum.ExportStills".to_owned();
        CallError::from(Fault::Refused { method, reason: Some(reason) })
    };
    fs::create_dir_all(folder)
        .map_err(|error| refused(format!("{} cannot be made ({error})", folder.display())))?;
    let path = folder.to_string_lossy().into_owned();
    let args = [Value::List(vec![Value::object(still.clone())]), path.into(), "still".into(), FORMAT.into()];
    guard::guarded(&Unrecorded(session), MethodCall::new(album.clone(), "ExportStills", args)).await?;
    let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_picture = |path: &PathBuf| path.extension().is_some_and(|extension| extension == FORMAT);
    let picture = files.into_iter().find(is_picture);
    picture.ok_or_else(|| refused(format!("no picture came into {}", folder.display())))
}

/// What a step keeps of it.
///
/// # Errors
/// Why nothing takes it back, in words.
pub(super) async fn after(
    session: &Session,
    method: String,
    before: Before,
    answer: &Value,
) -> Result<Step, String> {
    let (album, listed) = match before {
        Before::Deleted(step, _) => return Ok(*step),
        Before::Added(album, listed) => (album, listed),
    };
    let answered = answer.as_list().unwrap_or(std::slice::from_ref(answer));
    let stills = match listed {
        None => answered.iter().filter_map(Value::as_object).cloned().collect(),
        Some(listed) => {
            let failed = |error: CallError| format!("which stills came in could not be told: {error}");
            newcomers(session, &album, &listed).await.map_err(failed)?
        }
    };
    Ok(added(method, &album, &stills))
}

/// Forgets what was kept for a write that was not made.
pub(super) fn forget(before: &Before) {
    if let Before::Deleted(_, folder) = before {
        kept::remove(folder);
    }
}

/// The step that deletes stills which came in.
fn added(method: String, album: &Locator, stills: &[Locator]) -> Step {
    let mut step = Step::of(method);
    // Somebody may have given one a label since. Of one that is gone an empty one is read.
    let label = |still: &Locator| {
        let by = MethodCall::new(album.clone(), "GetLabel", [Value::object(still.clone())]);
        Watched { watch: Watch { by, part: Part::Whole }, before: None, after: None }
    };
    step.watched = stills.iter().take(MOST_WATCHED).map(label).collect();
    if !stills.is_empty() {
        let stills = Value::List(stills.iter().cloned().map(Value::object).collect());
        step.back.push(MethodCall::new(album.clone(), "DeleteStills", [stills]));
    }
    step
}

/// Which stills of an album were not there before.
///
/// The object that stands for a still is another one in each list. So those that should be new get a label for a moment, and
/// it is looked whether one that was there before shows it. Builds list the newest first, or last.
async fn newcomers(
    session: &Session,
    album: &Locator,
    before: &[Locator],
) -> Result<Vec<Locator>, CallError> {
    let now = session.objects(album, LIST, []).await?;
    let count = now.len().saturating_sub(before.len());
    if count == 0 || before.is_empty() {
        return Ok(now[..count].to_vec());
    }
    let label = |still: &Locator, label: &str| {
        let args = vec![Value::object(still.clone()), label.into()];
        session.ask(album.clone(), "SetLabel", args)
    };
    for guessed in [&now[..count], &now[before.len()..]] {
        let had = labels(session, album, guessed).await?;
        for still in guessed {
            label(still, MARK).await?;
        }
        let marked = |labels: &[String]| labels.iter().filter(|label| *label == MARK).count();
        let (new, old) = (labels(session, album, guessed).await?, labels(session, album, before).await?);
        for (still, had) in guessed.iter().zip(&had) {
            label(still, had).await?;
        }
        if marked(&new) != count {
            return Err(not_verified(
                "GalleryStillAlbum.SetLabel",
                "the labels of stills",
                &MARK.into(),
                &false.into(),
            ));
        }
        if marked(&old) == 0 {
            return Ok(guessed.to_vec());
        }
    }
    let reason = "stills that came in stand among the others".to_owned();
    Err(Fault::Refused { method: format!("GalleryStillAlbum.{LIST}"), reason: Some(reason) }.into())
}

async fn labels(session: &Session, album: &Locator, stills: &[Locator]) -> Result<Vec<String>, CallError> {
    let call = |still: &Locator| MethodCall::new(album.clone(), "GetLabel", [Value::object(still.clone())]);
    let labels = session.all(stills.iter().map(call).collect()).await?;
    Ok(labels.iter().map(|label| word(label.as_ref())).collect())
}

/// What was kept of the still that a call of an undo stands for.
pub(crate) fn imported_again(call: &MethodCall) -> Option<&Value> {
    let is = call.on.class() == "GalleryStillAlbum" && call.method == IMPORT;
    call.args.first().filter(|told| is && told.get("picture").is_some())
}

/// Imports a still again with its grade and its label.
///
/// # Errors
/// [`CallError::NotVerified`] with what is other; then it is deleted again. Those of the calls.
pub(crate) async fn import_again(
    session: &Session,
    call: &MethodCall,
    told: &Value,
) -> Result<Answer, CallError> {
    let album = &call.on;
    let before = session.objects(album, LIST, []).await?;
    let picture = word(told.get("picture"));
    let args = [Value::List(vec![picture.as_str().into()])];
    guard::guarded(&Unrecorded(session), MethodCall::new(album.clone(), IMPORT, args)).await?;
    let came = newcomers(session, album, &before).await?;
    let [still] = &came[..] else {
        let (wanted, is) =
            (Value::from(before.len() as i64 + 1), Value::from((before.len() + came.len()) as i64));
        return Err(not_verified(&call.label(), "how many stills the album has", &wanted, &is));
    };
    let completed = complete(session, album, still, told).await;
    let stills = |still: &Locator| Value::List(vec![Value::object(still.clone())]);
    if let Err(error) = completed {
        // A still that is not as before must not be left for somebody to use.
        session.ask(album.clone(), "DeleteStills", vec![stills(still)]).await?;
        return Err(error);
    }
    session.recorder().keep(session, added(call.label(), album, &came)).await;
    let proof = Proof::ReadBack {
        reader: "GalleryStillAlbum.GetLabel".to_owned(),
        requested: word(told.get("label")).into(),
        observed: completed?.into(),
    };
    Ok(Answer { proof, ..Value::object(still.clone()).into() })
}

/// Gives a still the label that it had, and compares it and what an export shows.
async fn complete(
    session: &Session,
    album: &Locator,
    still: &Locator,
    told: &Value,
) -> Result<String, CallError> {
    let label = word(told.get("label"));
    let shown = || session.text(album, "GetLabel", [Value::object(still.clone())]);
    if shown().await? != label {
        let args = vec![Value::object(still.clone()), label.as_str().into()];
        session.ask(album.clone(), "SetLabel", args).await?;
    }
    let is = shown().await?;
    if is != label {
        let method = "GalleryStillAlbum.SetLabel";
        return Err(not_verified(method, "the label of a still", &label.into(), &is.into()));
    }
    if session.backend() == Backend::Resolve {
        return Ok(is);
    }
    let folder = kept::passing("GalleryStillAlbum.ExportStills", "folder to compare a still in")?;
    let now = export(session, album, still, folder.path()).await?;
    let kept = PathBuf::from(word(told.get("picture")));
    for (what, looked) in [("the picture of a still", picture as fn(&Path) -> String), ("its grade", grade)] {
        let (was, is) = (looked(&kept), looked(&now));
        if was != is {
            let method = format!("GalleryStillAlbum.{IMPORT}");
            return Err(not_verified(&method, what, &was.into(), &is.into()));
        }
    }
    Ok(is)
}

/// The digest of a picture's file.
fn picture(path: &Path) -> String {
    fs::read(path).map_or_else(|error| error.to_string(), |bytes| format!("#{:016x}", digest([&bytes[..]])))
}

/// The digest of the nodes in the file of the grade beside a picture, which tells more of the still than these.
fn grade(picture: &Path) -> String {
    let file = fs::read_to_string(picture.with_extension("drx"));
    let is_node = |line: &&str| ["<Node", "<CDL"].iter().any(|start| line.starts_with(start));
    let nodes = |text: String| {
        let nodes = text.lines().map(str::trim).filter(is_node).map(str::as_bytes);
        format!("#{:016x}", digest(nodes))
    };
    file.map_or_else(|error| error.to_string(), nodes)
}
