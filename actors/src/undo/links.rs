//! Which files are behind clips: looked at before a call that links or unlinks them and after it, and linked again.

use std::collections::BTreeMap;
use std::path::Path;

use resolve_api::facts::watch::{Part, Watch};
use resolve_api::wire::MethodCall;
use resolve_api::{Locator, Value};

use super::clips::{self, attribute};
use super::{Step, Watched, pool};
use crate::error::CallError;
use crate::session::Session;

/// The attributes that tell which files are behind a clip, and how much of them it shows.
const OF_FILES: [&str; 4] = ["File Path", "Proxy Media Path", "Online Status", "Frames"];

/// The most clips of one call that are looked at.
const MOST_CLIPS: usize = 200;

/// What was told of clips before a call, by their unique ids.
pub(super) struct Before(Vec<(String, Value)>);

/// Looks at the clips of a call.
///
/// # Errors
/// Why that is not possible, in words.
pub(super) async fn before(session: &Session, write: &MethodCall) -> Result<Before, String> {
    let ids = match &write.on {
        clip @ Locator::MediaPoolItem(_) => {
            let clip = session.by_id(clip).await.map_err(|error| error.to_string())?;
            clip.id().map(str::to_owned).into_iter().collect()
        }
        _ => pool::ids(session, write).await?,
    };
    if ids.len() > MOST_CLIPS {
        return Err(format!("it is about {} clips, and {MOST_CLIPS} at most are looked at", ids.len()));
    }
    Ok(Before(read(session, ids).await?))
}

async fn read(session: &Session, ids: Vec<String>) -> Result<Vec<(String, Value)>, String> {
    let clips: Vec<Locator> = ids.iter().map(|id| clips::locator(id)).collect();
    let failed = |error: CallError| format!("the files of the clips could not be read: {error}");
    let told = clips::read(session, &clips).await.map_err(failed)?;
    Ok(ids.into_iter().zip(told).collect())
}

/// Whether the files that are behind the clips of a call now can be linked again.
///
/// # Errors
/// Why not, in words.
pub(crate) async fn can_be_restored(session: &Session, write: &MethodCall) -> Result<(), String> {
    let proxies = write.method.ends_with("ProxyMedia");
    for (_, was) in before(session, write).await?.0 {
        let path = attribute(&was, if proxies { "Proxy Media Path" } else { "File Path" });
        if path.is_empty() || attribute(&was, "Online Status") == "Offline" {
            continue;
        }
        there(path, &was)?;
        if write.method == "UnlinkClips" {
            single(path)?;
        }
    }
    Ok(())
}

/// Whether a path is that of one file, by whose name a clip is found again.
fn single(path: &str) -> Result<(), String> {
    if clips::Sequence::of(path).is_none() {
        return Ok(());
    }
    Err(format!("{path} is a sequence, and clips are linked again by the names of single files"))
}

/// What links the clips again as they were.
///
/// # Errors
/// Why nothing does, in words: a file that is not there, above all.
pub(super) async fn after(session: &Session, method: String, before: Before) -> Result<Step, String> {
    let now = read(session, before.0.iter().map(|(id, _)| id.clone()).collect()).await?;
    let mut step = Step { method, ..Step::default() };
    let mut relinked: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for ((id, was), (_, is)) in before.0.iter().zip(&now) {
        let clip = clips::locator(id);
        let changed = OF_FILES.iter().filter(|key| attribute(was, key) != attribute(is, key));
        let by = MethodCall::new(clip.clone(), "GetClipProperty", []);
        step.watched.extend(changed.map(|key| Watched {
            watch: Watch { by: by.clone(), part: Part::Key((*key).into()) },
            before: Some(attribute(was, key).into()),
            after: Some(attribute(is, key).into()),
        }));
        let online = |told: &Value| attribute(told, "Online Status") != "Offline";
        let path = attribute(was, "File Path");
        let call = |method: &str, args: Vec<Value>| MethodCall::new(clip.clone(), method, args);
        let unlink = || {
            let clips = Value::List(vec![Value::object(clip.clone())]);
            MethodCall::new(Locator::MediaPool, "UnlinkClips", [clips])
        };
        if path != attribute(is, "File Path") {
            there(path, was)?;
            step.back.push(call("ReplaceClip", vec![path.into()]));
            // Some builds rename a clip with its file.
            step.back.push(call("SetName", vec![was.get("name").cloned().unwrap_or(Value::Null)]));
            step.back.extend((!online(was)).then(unlink));
        } else if online(was) && !online(is) {
            there(path, was)?;
            single(path)?;
            let folder = Path::new(path).parent().map(|folder| folder.to_string_lossy().into_owned());
            relinked.entry(folder.unwrap_or_default()).or_default().push(Value::object(clip.clone()));
        } else if !online(was) && online(is) {
            step.back.push(unlink());
        }
        let (proxy, proxy_now) = (attribute(was, "Proxy Media Path"), attribute(is, "Proxy Media Path"));
        if proxy != proxy_now && proxy.is_empty() {
            step.back.push(call("UnlinkProxyMedia", vec![]));
        } else if proxy != proxy_now {
            there(proxy, was)?;
            step.back.push(call("LinkProxyMedia", vec![proxy.into()]));
        }
    }
    for (folder, clips) in relinked {
        let args = [Value::List(clips), folder.into()];
        step.back.push(MethodCall::new(Locator::MediaPool, "RelinkClips", args));
    }
    Ok(step)
}

/// Whether a file is there that a clip is to be linked with again.
fn there(path: &str, told: &Value) -> Result<(), String> {
    let name = told.get("name").and_then(Value::as_str).unwrap_or_default();
    let why = |why: String| {
        format!(
            "'{name}' had the file {path}: {why}, and no call gives a clip the path of a file that is not there"
        )
    };
    clips::there(path).map_err(why)
}
