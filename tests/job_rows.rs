//! Every method that takes long has an id for its caller while it goes on, whatever it is called on.

use std::path::Path;

use resolve_api::catalogue::{Effect, Method, Status, catalogue};
use resolve_api::engine;
use serde_json::{Map, Value as Json, json};

use crate::client::{Client, Start, body_of};
use crate::media::{film, wav};
use crate::plausible::Stage;
use crate::rows::{on, set_up};

/// The rows that take long and that the engine has.
fn long_rows() -> Vec<&'static Method> {
    let rows = catalogue().methods().filter(|row| row.effect == Effect::LongRunning);
    rows.filter(|row| row.status != Status::Removed && engine::lacks(&row.label()).is_none()).collect()
}

/// Faults that make each of these hang until a file is there.
fn hanging(rows: &[&Method], until: &Path) -> String {
    let fault = |row: &&Method| {
        format!("[[fault]]\nat = \"{}\"\ndo = \"hang\"\nuntil = '{}'\n", row.label(), until.display())
    };
    rows.iter().map(fault).collect()
}

/// A render that waits in the queue, and sound beside the film, so that there is something to start and to listen to.
fn more(client: &mut Client) -> Json {
    let sound = wav(&client.home().join("sound.wav"), 1);
    client.call("import_media", json!({"paths": [sound]}));
    let render = json!({"directory": client.home(), "file_name": "cut", "format": "mp4", "codec": "H264"});
    client.call("queue_render", render)["job"].clone()
}

/// The list comes from the catalogue, so that a row that is added is in it. What hangs in Resolve has not answered when its
/// caller has the id, and ends when that lets go of it.
#[test]
fn each_row_that_takes_long_is_a_job() {
    let rows = long_rows();
    assert!(rows.len() >= 15, "{} rows", rows.len());
    let folder = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
    let (faults, go) = (folder.path().join("faults.toml"), folder.path().join("go"));
    std::fs::write(&faults, hanging(&rows, &go)).expect("the folder is writable");
    let mut client =
        Start::engine().arg("--faults").arg(&faults).arg("--deadlines").arg("job=0.3").initialized();
    let film = film(&client.home().join("film.mp4"), 48);
    let written = client.home().join("written");
    std::fs::create_dir(&written).expect("a folder for what is written");
    let mut stage = Stage { film: &film, folder: &written, objects: Map::new() };
    // What is called to set up goes through.
    std::fs::write(&go, "").expect("the folder is writable");
    set_up(&mut client, 0, &film, &mut stage);
    let render = more(&mut client);
    let mut wrong = Vec::new();
    for row in rows {
        std::fs::remove_file(&go).expect("it is there");
        let args = if row.name == "StartRendering" { json!([[render]]) } else { stage.args(row) };
        let mut call = json!({"method": row.label(), "args": args});
        if let Some(on) = on(row, &stage) {
            call["on"] = on;
        }
        let id = client.start_call("api_call", call);
        let begun = body_of(&client.result(id));
        std::fs::write(&go, "").expect("the folder is writable");
        let Some(job) = begun["job"].as_str().filter(|_| begun["state"] == "running") else {
            wrong.push(format!("{}: {begun}", row.label()));
            continue;
        };
        let ended = client.call("jobs_read", json!({"job": job, "wait_s": 50}));
        if !["complete", "failed"].contains(&ended["state"].as_str().unwrap_or_default()) {
            wrong.push(format!("{}: {ended}", row.label()));
        }
    }
    assert!(wrong.is_empty(), "{} rows: {wrong:#?}", wrong.len());
}
