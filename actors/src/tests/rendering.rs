//! What the render operations check, and what they believe.

use std::time::Duration;

use resolve_api::Value;
use serde_json::json;
use tokio::time::Instant;

use super::operations::{on_stage, run};
use super::scripted::{Scripted, pass, read, value};
use super::stage::{START, Stage};
use crate::CallError;

fn job(stage: &mut Stage, id: &str, state: &'static str, folder: &str) {
    let job = Value::map([
        ("JobId", id.into()),
        ("TargetDir", folder.into()),
        ("OutputFilename", "film.mp4".into()),
    ]);
    stage.jobs.push((id.into(), job, state));
}

/// Resolve says Complete also when nothing could be written: only a file is complete.
#[tokio::test(start_paused = true)]
async fn complete_without_a_file_is_failed() {
    let disk = tempfile::tempdir().unwrap();
    let folder = disk.path().to_str().unwrap();
    let (_, system) = on_stage(|stage| job(stage, "job-1", "Complete", folder));

    let answer = run(&system, "render_read", json!({"job": "job-1"})).await.unwrap().value;
    assert_eq!(Some(&"failed".into()), answer.get("state"));
    assert!(answer.get("error").and_then(Value::as_str).unwrap().contains("there is no file 'film.mp4'"));

    std::fs::write(disk.path().join("film.mp4"), "12345").unwrap();
    let answer = run(&system, "render_read", json!({"job": "job-1"})).await.unwrap().value;
    assert_eq!((Some(&"complete".into()), Some(&5.into())), (answer.get("state"), answer.get("bytes")));
    assert_eq!(Some(&true.into()), answer.get("done"));
}

/// Waiting for a render does not keep the interpreter from others, and ends with the render.
#[tokio::test(start_paused = true)]
async fn waiting_for_a_render_lets_others_work() {
    let (stage, system) = on_stage(|stage| job(stage, "job-1", "Rendering", "/tmp"));
    let started = Instant::now();

    let (status, ()) =
        tokio::join!(run(&system, "render_read", json!({"job": "job-1", "wait_s": 20})), async {
            for _ in 0..3 {
                pass(Duration::from_secs(1)).await;
                let asked = Instant::now();
                value(system.call(read()).await).unwrap();
                assert!(asked.elapsed() < Duration::from_millis(10), "{:?}", asked.elapsed());
            }
            stage.lock().unwrap().jobs[0].2 = "Failed";
        });

    assert_eq!(Some(&"failed".into()), status.unwrap().value.get("state"));
    assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
}

/// Only the jobs that are named are started, and what cannot start is told before Resolve is asked.
#[tokio::test(start_paused = true)]
async fn a_job_that_cannot_start_is_refused() {
    let (stage, system) = on_stage(|stage| {
        job(stage, "job-1", "Ready", "/tmp");
        job(stage, "job-2", "Complete", "/tmp");
    });
    for (jobs, reason) in [
        (json!([]), "name at least one job: without one Resolve starts them all"),
        (json!(["job-9"]), "there is no render job 'job-9'"),
        (json!(["job-1", "job-2"]), "job 'job-2' is complete, not queued"),
    ] {
        let answer = run(&system, "start_render", json!({"jobs": jobs})).await;
        let Err(CallError::InvalidArgument { reason: got, .. }) = answer else { panic!("{answer:?}") };
        assert_eq!(reason, got);
    }
    assert!(!stage.lock().unwrap().calls.iter().any(|call| call == "Project.StartRendering"));
}

/// A queued job has the settings that were asked for, with absolute, inclusive marks; a job that came out otherwise
/// is taken out of the queue again, so that nobody starts it.
#[tokio::test(start_paused = true)]
async fn a_job_with_other_settings_does_not_stay() {
    let disk = tempfile::tempdir().unwrap();
    let args = json!({
        "directory": disk.path(), "file_name": "film.mp4", "format": "MP4", "codec": "H.264",
        "width": 1280, "height": 720, "mark_in": 12, "mark_out": "01:00:01:00"
    });
    let (stage, system) = on_stage(|_| {});
    let answer = run(&system, "queue_render", args.clone()).await.unwrap().value;
    assert_eq!(Some(&"job-1".into()), answer.get("job"));
    {
        let stage = stage.lock().unwrap();
        let setting = |key: &str| stage.render.get(key).and_then(Value::as_int);
        assert_eq!((Some(START + 12), Some(START + 23)), (setting("MarkIn"), setting("MarkOut")));
        assert_eq!(Some(&"film".into()), stage.render.get("CustomName"));
    }
    let (stage, system) = on_stage(|stage| {
        stage.lies.insert("Project.SetRenderSettings");
    });
    assert!(matches!(run(&system, "queue_render", args).await, Err(CallError::NotVerified { .. })));
    assert!(stage.lock().unwrap().jobs.is_empty());
}

/// A render that could not be written, or would replace a file unasked, is not queued.
#[tokio::test(start_paused = true)]
async fn a_render_to_nowhere_is_refused() {
    let disk = tempfile::tempdir().unwrap();
    let file = disk.path().join("film.mp4");
    std::fs::write(&file, "x").unwrap();
    let (stage, system) = on_stage(|_| {});
    let args = |directory: &std::path::Path, name: &str, codec: &str| json!({"directory": directory, "file_name": name, "format": "mp4", "codec": codec});
    let missing = disk.path().join("missing");
    for (args, path, word) in [
        (args(&missing, "a", "H264"), "directory", "is no folder"),
        (args(&file, "a", "H264"), "directory", "is no folder"),
        (args(std::path::Path::new("/proc"), "a", "H264"), "directory", "cannot be written to"),
        (args(disk.path(), "film", "H264"), "file_name", "exists already"),
        (args(disk.path(), "a/b", "H264"), "file_name", "is no file name"),
        (args(disk.path(), "a", "VP9"), "codec", "there is no codec 'VP9'"),
    ] {
        let answer = run(&system, "queue_render", args.clone()).await;
        let Err(CallError::InvalidArgument { path: got, reason, .. }) = answer else {
            panic!("{args}: {answer:?}")
        };
        assert_eq!(path, got, "{args}");
        assert!(reason.contains(word), "{args}: {reason}");
    }
    assert!(stage.lock().unwrap().jobs.is_empty());
}

/// In a window of another language every word of the queue is another one, and the states are the same: from waiting over
/// rendering to its end, whether it went well, failed or was cancelled.
#[tokio::test(start_paused = true)]
async fn the_states_are_the_same_in_every_language() {
    let words = [
        [
            ("Bereit", "queued"),
            ("Wird gerendert", "rendering"),
            ("Abgeschlossen", "complete"),
            ("Abgebrochen", "cancelled"),
        ],
        [
            ("Pronto", "queued"),
            ("Renderizando", "rendering"),
            ("Concluído", "complete"),
            ("Cancelado", "cancelled"),
        ],
        [("準備", "queued"), ("実行", "rendering"), ("完了", "complete"), ("中止", "cancelled")],
    ];
    let disk = tempfile::tempdir().unwrap();
    std::fs::write(disk.path().join("2.mp4"), "12345").unwrap();
    for [queued, rendering, complete, cancelled] in words {
        let folder = disk.path().to_str().unwrap().to_owned();
        let states = [queued, rendering, complete, cancelled];
        let system = Scripted::answering(move |call| {
            let job = |id: &str| {
                Value::map([
                    ("JobId", id.into()),
                    ("TargetDir", folder.as_str().into()),
                    ("OutputFilename", format!("{id}.mp4").into()),
                ])
            };
            let ids = ["0", "1", "2", "3"];
            Ok(match call.method.as_str() {
                "GetRenderJobList" => ids.map(job).to_vec().into(),
                "IsRenderingInProgress" => (call.args.is_empty()).into(),
                "GetRenderJobStatus" => {
                    let number: usize = call.args[0].as_str().unwrap().parse().unwrap();
                    let (percent, more) = [
                        (0, None),
                        (40, Some("EstimatedTimeRemainingInMs")),
                        (100, Some("TimeTakenToRenderInMs")),
                        (40, None),
                    ][number];
                    let known =
                        [("JobStatus", states[number].0.into()), ("CompletionPercentage", percent.into())];
                    Value::map(known.into_iter().chain(more.map(|key| (key, 900.into()))))
                }
                _ => Value::Null,
            })
        })
        .start();
        for (number, (word, state)) in states.into_iter().enumerate() {
            let told = run(&system, "render_read", json!({"job": number.to_string()})).await.unwrap().value;
            let found = told.get("state").and_then(Value::as_str).unwrap();
            assert_eq!((state, Some(&word.into())), (found, told.get("resolve_says")), "{told:?}");
        }
    }
}
