//! Operations on a small Resolve: what they answer, and that success which is not seen is never reported.

use std::path::Path;

use resolve_api::Value;
use resolve_api::check::check_args;
use serde_json::{Value as Json, json};
use tokio_util::sync::CancellationToken;

use super::scripted::Scripted;
use super::stage::{CLIP, CUT_2, DAY_1, ITEM, Shared, stage};
use crate::operation::Args;
use crate::{Answer, Call, CallError, System, Ticket, What, cancel_render, operations};

/// Runs an operation with arguments as an agent gives them.
pub(crate) async fn run(system: &System, name: &str, args: Json) -> Result<Answer, CallError> {
    let all = operations().iter().chain([cancel_render()]);
    let operation = all.into_iter().find(|operation| operation.name == name).unwrap();
    let args: Args = check_args(&(operation.params)(), &args, "", None).unwrap();
    let what = What::Operation(operation, args);
    let cancel = CancellationToken::new();
    system
        .call(Call { what, deadline: None, cancel, noted: None, based_on: None, ticket: Ticket::default() })
        .await
}

/// A stage that has been changed, and a system on it.
pub(crate) fn on_stage(change: impl FnOnce(&mut super::stage::Stage)) -> (Shared, System) {
    let (stage, host): (Shared, Scripted) = stage();
    change(&mut stage.lock().unwrap());
    (stage, host.start())
}

/// A folder to render to, with a media file in it.
fn disk() -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let text = |path: &Path| path.to_str().unwrap().to_owned();
    let media = folder.path().join("a.mov");
    std::fs::write(&media, "x").unwrap();
    let (media, path) = (text(&media), text(folder.path()));
    (folder, media, path)
}

/// Every operation that writes, once with a Resolve that does what it says and once with one that only says so. An
/// agent builds on what it is told: this is the promise of the whole product.
#[tokio::test(start_paused = true)]
async fn success_that_is_not_seen_is_not_reported() {
    let (_disk, media, folder) = disk();
    let append = json!({"clips": [{"media_pool_item": CLIP, "start": 0, "end": 24}]});
    let elsewhere = json!({"clips": [{"media_pool_item": CLIP, "start": 0, "end": 24}], "timeline": CUT_2});
    let render = json!({"directory": folder, "file_name": "film", "format": "mp4", "codec": "H265"});
    let cases = [
        ("switch_page", json!({"page": "color"}), "Resolve.OpenPage"),
        ("create_project", json!({"name": "New"}), "ProjectManager.CreateProject"),
        ("create_project", json!({"name": "New", "frame_rate": 25}), "Project.SetSetting"),
        ("open_project", json!({"name": "Trailer"}), "ProjectManager.LoadProject"),
        ("import_media", json!({"paths": [media]}), "MediaPool.ImportMedia"),
        ("import_media", json!({"paths": [media], "folder": DAY_1}), "MediaPool.SetCurrentFolder"),
        ("create_timeline", json!({"name": "Cut 2"}), "MediaPool.CreateEmptyTimeline"),
        ("create_timeline", json!({"name": "Cut 2", "frame_rate": 25}), "Timeline.SetSetting"),
        (
            "create_timeline",
            json!({"name": "Cut 2", "start_timecode": "00:00:00:00"}),
            "Timeline.SetStartTimecode",
        ),
        ("append_to_timeline", append, "MediaPool.AppendToTimeline"),
        ("append_to_timeline", elsewhere, "Project.SetCurrentTimeline"),
        ("add_marker", json!({"position": 5, "color": "Red"}), "Timeline.AddMarker"),
        (
            "set_item_properties",
            json!({"item": ITEM, "properties": {"ZoomX": 1.5}}),
            "TimelineItem.SetProperties",
        ),
        ("apply_grade", json!({"item": ITEM, "lut": "MCP/a.cube"}), "Graph.SetLUT"),
        ("apply_grade", json!({"item": ITEM, "cdl": {"saturation": 0}}), "TimelineItem.SetCDL"),
        ("look", json!({"count": 1}), "Timeline.SetCurrentTimecode"),
        ("look", json!({"count": 1}), "Project.ExportCurrentFrameAsStill"),
        ("queue_render", render.clone(), "Project.SetCurrentRenderFormatAndCodec"),
        ("queue_render", render, "Project.SetRenderSettings"),
        ("start_render", json!({"jobs": ["job-1"]}), "Project.StartRendering"),
        ("jobs_edit", json!({"job": "job-2"}), "Project.StopRendering"),
        ("jobs_edit", json!({"job": "job-1"}), "Project.DeleteRenderJob"),
    ];
    for (name, args, method) in cases {
        let prepare = |stage: &mut super::stage::Stage| {
            for (id, state) in [("job-1", "Ready"), ("job-2", "Rendering")] {
                // Only one render can run, so starting sees an idle queue.
                let state = if name == "start_render" { "Ready" } else { state };
                stage.jobs.push((id.into(), Value::map([("JobId", id.into())]), state));
            }
        };
        let (_, honest) = on_stage(prepare);
        let answer = run(&honest, name, args.clone()).await;
        assert!(answer.is_ok(), "{name} on an honest Resolve: {answer:?}");
        let (_, lying) = on_stage(|stage| {
            prepare(stage);
            stage.lies.insert(method);
        });
        let answer = run(&lying, name, args).await;
        assert!(matches!(answer, Err(CallError::NotVerified { .. })), "{name} with {method}: {answer:?}");
    }
}
