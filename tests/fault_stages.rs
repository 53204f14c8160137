//! Where in a session a fault strikes: what is made ready for it, the call that meets it, and what must work after it.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::media::film;
use crate::until::until;

/// A stage of a session.
pub struct Stage {
    /// As a failing test says it.
    pub name: &'static str,
    /// The method that the fault is at.
    pub at: &'static str,
    /// At which call of it in a process; the first where absent.
    pub call: Option<u32>,
    /// Whether the call that meets it may change something.
    pub writes: bool,
    /// Whether something is made and answered before it.
    pub kept: bool,
    /// What is made ready beside that.
    pub prepare: fn(&mut Client),
    /// Sends the call, and returns its id.
    pub strike: fn(&mut Client) -> u64,
    /// What must work once calls work again.
    pub finish: fn(&mut Client, &str),
}

fn nothing(_: &mut Client) {}

fn nothing_more(_: &mut Client, _: &str) {}

fn page(client: &mut Client) -> u64 {
    client.start_call("api_call", json!({"method": "Resolve.GetCurrentPage"}))
}

fn batch(client: &mut Client, middle: Json) -> u64 {
    let calls =
        [json!({"method": "Timeline.GetStartTimecode"}), middle, json!({"method": "Timeline.GetEndFrame"})];
    client.start_call("api_batch", json!({ "calls": calls }))
}

/// Two seconds of film, made once.
fn source() -> &'static Path {
    static SOURCE: OnceLock<PathBuf> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let made = film(&folder.join(format!("fault-suite-{}.mp4", std::process::id())), 48);
        // Another run may have made it meanwhile; it is the same.
        let source = folder.join("fault-suite.mp4");
        std::fs::rename(made, &source).expect("both are in one folder");
        source
    })
}

/// Queues the render of the timeline, and returns the id of its job.
fn queue(client: &mut Client) -> Json {
    let queued = client.call(
        "queue_render",
        json!({"directory": client.home(), "file_name": "made", "format": "mp4", "codec": "H264",
            "width": 1280, "height": 720}),
    );
    queued["job"].clone()
}

/// The first call of a session.
pub const FIRST: Stage = Stage {
    name: "at the first call",
    at: "Resolve.GetCurrentPage",
    call: None,
    writes: false,
    kept: false,
    prepare: |client| {
        until("the host is connected", || client.call("status", json!({}))["connected"] == true);
    },
    strike: page,
    finish: nothing_more,
};

/// The second of three reads that go to the host in one message.
pub const READS: Stage = Stage {
    name: "in a batch of reads",
    // Nothing around a change reads it.
    at: "Timeline.GetMarkInOut",
    call: None,
    writes: false,
    kept: false,
    prepare: |client| {
        client.call("api_call", json!({"method": "ProjectManager.CreateProject", "args": ["Reads"]}));
        client.call("api_call", json!({"method": "MediaPool.CreateEmptyTimeline", "args": ["Cut 1"]}));
    },
    strike: |client| batch(client, json!({"method": "Timeline.GetMarkInOut"})),
    finish: nothing_more,
};

/// The second of three calls, which writes.
pub const BATCH: Stage = Stage {
    name: "in a batch",
    at: "Timeline.SetTrackName",
    call: None,
    writes: true,
    kept: true,
    prepare: nothing,
    strike: |client| {
        batch(client, json!({"method": "Timeline.SetTrackName", "args": ["video", 1, "Struck"]}))
    },
    finish: |client, case| {
        let again = json!({"method": "Timeline.SetTrackName", "args": ["video", 1, "Again"]});
        let done = client.call("api_call", again);
        assert_eq!(json!(true), done["verified"], "{case}: {done}");
    },
};

/// The step of a task-shaped tool that writes. The marker that is made before is the first such call.
pub const OPERATION: Stage = Stage {
    name: "in an operation",
    at: "Timeline.AddMarker",
    call: Some(2),
    writes: true,
    kept: true,
    prepare: nothing,
    strike: |client| {
        client.start_call("add_marker", json!({"position": 20, "color": "Red", "name": "struck"}))
    },
    finish: |client, case| {
        let done = client.call("add_marker", json!({"position": 22, "color": "Green", "name": "again"}));
        assert_eq!(json!(true), done["verified"], "{case}: {done}");
    },
};

/// A question while a film is rendered. Starting a render asks it once itself.
pub const RENDER: Stage = Stage {
    name: "in a render",
    at: "Project.IsRenderingInProgress",
    call: Some(2),
    writes: false,
    kept: true,
    prepare: |client| {
        let imported = client.call("import_media", json!({"paths": [source()]}));
        let clip = &imported["imported"][0]["id"];
        client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip}]}));
        let job = queue(client);
        client.call("start_render", json!({"jobs": [job]}));
    },
    strike: |client| client.start_call("api_call", json!({"method": "Project.IsRenderingInProgress"})),
    finish: |client, case| {
        let jobs = client.call("api_call", json!({"method": "Project.GetRenderJobList"}));
        let mut job = jobs["value"][0]["JobId"].clone();
        assert!(job.is_string(), "{case}: the job is still in the queue: {jobs}");
        until(&format!("{case}: the film is made"), || {
            let status = json!({"method": "Project.GetRenderJobStatus", "args": [job]});
            let told = client.call("api_call", status)["value"].take();
            match told["JobStatus"].as_str() {
                Some("Complete") => return true,
                Some("Rendering") => return false,
                Some("Ready") => {}
                Some("Failed" | "Cancelled") => job = queue(client),
                other => panic!("{case}: {other:?} in {told}"),
            }
            client.call("start_render", json!({"jobs": [job]}));
            false
        });
        let made = std::fs::metadata(client.home().join("made.mp4"));
        assert!(made.is_ok_and(|made| made.len() > 1_000), "{case}: there is no film");
    },
};

/// Where a host asks for the Resolve object, before any call.
pub const START: Stage = Stage {
    name: "at the start",
    at: "scriptapp",
    call: None,
    writes: false,
    kept: false,
    prepare: nothing,
    strike: page,
    finish: nothing_more,
};
