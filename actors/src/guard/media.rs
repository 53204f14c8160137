//! Media: importing, cloning, multicams, clip properties.

use std::path::Path;

use resolve_api::catalogue::Method;
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::{Guarded, Next, wrong};

/// Calls whose paths Resolve looks up with the separators of its system only.
const OF_PATHS: [&str; 4] = ["GetFileList", "GetSubFolderList", "AddItemListToMediaPool", "StartCloneMedia"];

pub(super) fn imports(row: &Method) -> bool {
    ["MediaPool.ImportMedia", "MediaStorage.AddItemListToMediaPool"].contains(&row.label().as_str())
}

/// Says where the clips went and how many of the files became one.
pub(super) fn import(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let asked = match call.args.first() {
            Some(Value::List(items)) => items.len(),
            _ => call.args.len(),
        };
        let outcome = next.proceed(call).await?;
        let made = outcome.value.as_list().map_or(0, <[Value]>::len);
        let folder = next.ask_text(Locator::Folder(Key::Current), "GetName", vec![]).await?;
        let outcome = match folder {
            Some(folder) => outcome.remark(format!("the clips are in the current folder, '{folder}'")),
            None => outcome,
        };
        Ok(if made < asked {
            outcome.remark(format!(
                "{asked} were asked for and {made} clips came of it: Resolve leaves out what it cannot read, and what is \
                 not there, without a word"
            ))
        } else {
            outcome
        })
    })
}

/// Sends the number that Super Scale takes: as text it is refused.
pub(super) fn super_scale(next: Next<'_>, mut call: MethodCall) -> Guarded<'_> {
    if call.args.first().and_then(Value::as_str) == Some("Super Scale") {
        let number =
            call.args.get(1).and_then(Value::as_str).and_then(|text| text.trim().parse::<i64>().ok());
        if let Some(number) = number {
            call.args[1] = number.into();
        }
    }
    next.proceed(call)
}

/// Leaves the source clips where they are, unless asked otherwise: moved ones make the multicam refuse to be placed.
pub(super) fn multicam_bin(next: Next<'_>, mut call: MethodCall) -> Guarded<'_> {
    const KEY: &str = "createBinForSourceClips";
    let said = call.args.get(1).is_some_and(|options| options.get(KEY).is_some());
    if !said && !call.args.is_empty() {
        let mut options = call.args.get(1).and_then(Value::as_map).cloned().unwrap_or_default();
        options.insert(KEY.to_owned(), false.into());
        call.args.truncate(1);
        call.args.push(Value::Map(options));
    }
    Box::pin(async move {
        let outcome = next.proceed(call).await?;
        Ok(if said {
            outcome
        } else {
            outcome.remark(format!("{KEY} was sent as false, so the sources stay in their folder"))
        })
    })
}

pub(super) fn takes_paths(row: &Method) -> bool {
    row.class == "MediaStorage" && OF_PATHS.contains(&row.name.as_str())
}

/// Turns slashes on Windows, where Resolve finds nothing under a path with the others.
pub(super) fn backslashes(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    next.proceed(for_system(call, cfg!(windows)))
}

fn for_system(mut call: MethodCall, windows: bool) -> MethodCall {
    if windows {
        call.args.iter_mut().for_each(turn_slashes);
    }
    call
}

fn turn_slashes(value: &mut Value) {
    match value {
        Value::Str(text) => *text = text.replace('/', "\\"),
        Value::List(items) => items.iter_mut().for_each(turn_slashes),
        Value::Map(entries) => entries.values_mut().for_each(turn_slashes),
        _ => {}
    }
}

/// Refuses a clone to a folder that is not there: Resolve answers False and its status still says Complete.
pub(super) fn clone_targets(next: Next<'_>, call: MethodCall) -> Guarded<'_> {
    Box::pin(async move {
        let targets =
            call.args.get(1).map(|targets| targets.as_list().unwrap_or(std::slice::from_ref(targets)));
        for (index, target) in targets.unwrap_or_default().iter().enumerate() {
            let Some(folder) = target.as_str() else { continue };
            if !Path::new(folder).is_dir() {
                let reason = format!(
                    "there is no folder '{folder}', and Resolve clones nothing into one that is not there"
                );
                return Err(wrong(format!("args[1][{index}]"), reason, "create the folder first", vec![]));
            }
        }
        next.proceed(call).await
    })
}

#[cfg(test)]
mod tests {
    use super::super::script::{Script, reason_of};
    use super::*;

    fn clip(id: &str) -> Value {
        Value::object(Locator::MediaPoolItem(Key::Id(id.into())))
    }

    /// `pool.import-current-bin`, `pool.import-unreadable`: where the clips went is said, and what was left out.
    #[tokio::test]
    async fn an_import_says_where_and_how_many() {
        let script = Script::newest()
            .answers("MediaPool.ImportMedia", Value::List(vec![clip("1")]))
            .answers("Folder.GetName", "Day 1");
        let paths = Value::List(vec!["/a.mov".into(), "/notes.txt".into()]);

        let outcome =
            script.guarded(MethodCall::new(Locator::MediaPool, "ImportMedia", [paths])).await.unwrap();

        assert_eq!("the clips are in the current folder, 'Day 1'", outcome.remarks[0]);
        assert!(
            outcome.remarks[1].starts_with("2 were asked for and 1 clips came of it"),
            "{:?}",
            outcome.remarks
        );
    }

    /// `pool.superscale-int`: 2 works, and "2" is False.
    #[tokio::test]
    async fn super_scale_is_sent_as_a_number() {
        let script = Script::newest()
            .answers("MediaPoolItem.SetClipProperty", true)
            .answers("MediaPoolItem.GetClipProperty", "2");
        let call = |key: &str| {
            MethodCall::new(
                Locator::MediaPoolItem(Key::Id("1".into())),
                "SetClipProperty",
                [key.into(), "2".into()],
            )
        };

        script.guarded(call("Super Scale")).await.unwrap();
        script.guarded(call("Angle")).await.unwrap();

        let sent: Vec<_> = script
            .arguments("MediaPoolItem.SetClipProperty")
            .into_iter()
            .map(|args| args[1].clone())
            .collect();
        assert_eq!(vec![Value::Int(2), "2".into()], sent);
    }

    /// `pool.multicam-bin`: with the sources moved, appending the multicam gives [None], whatever is tried.
    #[tokio::test]
    async fn the_sources_of_a_multicam_stay_unless_asked() {
        let script = Script::newest().answers("MediaPool.CreateMulticamClip", Value::List(vec![clip("m")]));
        let clips = Value::List(vec![clip("1"), clip("2")]);
        let call = |args: Vec<Value>| MethodCall::new(Locator::MediaPool, "CreateMulticamClip", args);
        let options = |said: bool| Value::map([("createBinForSourceClips", said.into())]);

        script.guarded(call(vec![clips.clone(), Value::map::<&str>([])])).await.unwrap();
        script.guarded(call(vec![clips.clone(), options(true)])).await.unwrap();

        let sent: Vec<_> = script
            .arguments("MediaPool.CreateMulticamClip")
            .into_iter()
            .map(|args| args[1].clone())
            .collect();
        assert_eq!(vec![options(false), options(true)], sent);
    }

    /// `storage.backslash`: `[]` for forward slashes on Windows, and nothing to change elsewhere.
    #[test]
    fn slashes_are_turned_in_every_path_on_windows_only() {
        let paths = |a: &str, b: &str| Value::List(vec![a.into(), Value::map([("media", b.into())])]);
        let call = |paths| MethodCall::new(Locator::MediaStorage, "AddItemListToMediaPool", [paths]);
        let given = || call(paths("C:/a/b", "D:/c"));

        assert_eq!(call(paths("C:\\a\\b", "D:\\c")), for_system(given(), true));
        assert_eq!(given(), for_system(given(), false));
    }

    /// `storage.clone-false`: False, while the status of the clone tool says Complete and 100.
    #[tokio::test]
    async fn a_clone_to_a_missing_folder_is_refused() {
        let here = tempfile::tempdir().unwrap();
        let script = Script::newest().answers("MediaStorage.StartCloneMedia", true);
        let call = |folder: &Path| {
            let targets = Value::List(vec![folder.to_string_lossy().into_owned().into()]);
            MethodCall::new(
                Locator::MediaStorage,
                "StartCloneMedia",
                [here.path().to_string_lossy().into_owned().into(), targets],
            )
        };

        assert!(
            reason_of(script.guarded(call(&here.path().join("no"))).await)
                .starts_with("args.targetDirs[0]: there is no folder")
        );
        assert!(script.called().is_empty());
        script.guarded(call(here.path())).await.unwrap();
    }
}
