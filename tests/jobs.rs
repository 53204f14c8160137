//! Calls that take longer than a client waits go on as jobs: they are followed, cancelled, and known after a kill.

use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::client::{Client, PATIENCE, Start, signal};
use crate::media::{film, wav};
use crate::until::until;

/// A server whose engine does this at this method; after so many seconds its callers are told of a job.
pub fn struck(method: &str, does: &str, job_s: u32) -> (Start, TempDir) {
    let folder = tempfile::Builder::new().prefix("davinci-mcp-test-").tempdir().expect("a temporary folder");
    let file = folder.path().join("faults.toml");
    std::fs::write(&file, format!("[[fault]]\nat = \"{method}\"\n{does}\n")).expect("the folder is writable");
    (Start::engine().arg("--faults").arg(file).arg("--deadlines").arg(format!("job={job_s}")), folder)
}

/// A client with a timeline, whose first search of cuts takes so many seconds; it is a job after `job_s`.
pub fn searching(seconds: u32, job_s: u32) -> (Client, TempDir) {
    searching_times(1, seconds, job_s)
}

/// The same with so many searches that take it.
pub fn searching_times(times: u32, seconds: u32, job_s: u32) -> (Client, TempDir) {
    let does = format!("times = {times}\ndo = \"hang\"\ns = {seconds}");
    let (start, folder) = struck("Timeline.DetectSceneCuts", &does, job_s);
    let mut client = start.initialized();
    let film = film(&client.home().join("film.mp4"), 24);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clip}]}));
    (client, folder)
}

/// The arguments of `api_call` for such a search.
pub fn search() -> Json {
    json!({"method": "Timeline.DetectSceneCuts"})
}

/// Begins a call that goes on as a job; its id.
pub fn job(client: &mut Client, tool: &str, arguments: Json) -> String {
    let begun = client.begin(tool, arguments);
    assert_eq!("running", begun["state"], "{begun}");
    begun["job"].as_str().expect("an id").to_owned()
}

/// What is told of a job at this moment.
pub fn read(client: &mut Client, job: &str) -> Json {
    client.call("jobs_read", json!({ "job": job }))
}

/// The caller has an id within moments, the work goes on, and its end is told to whoever asks for that id, as it would
/// have been answered.
#[test]
fn a_long_call_goes_on_as_a_job() {
    let (mut client, _folder) = searching(15, 5);

    let job = job(&mut client, "api_call", search());

    let running = read(&mut client, &job);
    assert_eq!((json!("running"), json!("api_call")), (running["state"].clone(), running["tool"].clone()));
    assert!(running["progress"].as_str().expect("a word").contains("only its time is known"), "{running}");
    assert!(running["elapsed_s"].as_f64().expect("seconds") >= 5.0, "{running}");
    let listed = client.call("jobs_read", json!({}));
    assert_eq!(json!(job), listed["jobs"][0]["job"], "{listed}");
    let ended = client.call("jobs_read", json!({"job": job, "wait_s": 50}));
    assert_eq!(
        (json!("complete"), json!(true)),
        (ended["state"].clone(), ended["result"]["value"].clone()),
        "{ended}"
    );
    // What is done within the time is answered as ever, and is no job.
    let quick = client.begin("api_call", search());
    assert_eq!(ended["result"], quick);
    assert_eq!(json!(job), client.call("jobs_read", json!({}))["jobs"][0]["job"]);
    for unknown in ["call-1000", "no render"] {
        assert_eq!("not_found", client.fails("jobs_read", json!({"job": unknown}))["code"], "{unknown}");
    }
}

/// Several calls of which one takes long are one job.
#[test]
fn a_batch_goes_on_as_a_job() {
    let (mut client, _folder) = searching(4, 1);
    let calls = json!([search(), {"method": "Timeline.GetName"}]);

    let job = job(&mut client, "api_batch", json!({ "calls": calls }));
    let told = read(&mut client, &job);
    assert_eq!((json!(0), json!(2)), (told["done"].clone(), told["total"].clone()), "{told}");

    let ended = client.call("jobs_read", json!({"job": job, "wait_s": 50}));
    assert_eq!(json!("Cut"), ended["result"]["results"][1]["value"], "{ended}");
}

/// What has not begun never begins. What has begun, and is one call of Resolve, is cut off only with consent: nobody
/// knows then what it did, and the session goes on with another interpreter.
#[test]
fn a_call_is_withdrawn_or_cut_off() {
    let (mut client, _folder) = searching(3600, 1);
    let host = client.host_pid();
    let running = job(&mut client, "api_call", search());
    let waiting = job(&mut client, "api_call", search());

    let cancelled = client.call("jobs_edit", json!({"job": waiting, "action": "cancel"}));

    assert_eq!("cancelled", cancelled["state"], "{cancelled}");
    let entry = client.call("history", json!({"limit": 2}))["entries"][1].clone();
    assert_eq!(
        (json!("not_started"), json!("api_call")),
        (entry["outcome"].clone(), entry["tool"].clone()),
        "{entry}"
    );
    let cancel = json!({"job": running, "action": "cancel"});
    let planned = client.call("jobs_edit", json!({"job": running, "action": "cancel", "dry_run": true}));
    assert!(planned["would"].as_str().expect("a plan").contains("end the interpreter"), "{planned}");
    let failed = client.fails("jobs_edit", cancel);
    assert_eq!("consent_required", failed["code"], "{failed}");
    assert_eq!("running", read(&mut client, &running)["state"]);
    let cut = client.call("jobs_edit", json!({"job": running, "action": "cancel", "confirm": true}));
    assert_eq!("unknown", cut["state"], "{cut}");
    assert!(cut["next_step"].as_str().expect("a next step").contains("look at"), "{cut}");
    assert_eq!("Film", client.call("project_read", json!({}))["project"]["name"]);
    assert_ne!(host, client.host_pid());
    let ended = client.fails("jobs_edit", json!({"job": running, "action": "cancel", "confirm": true}));
    assert_eq!("invalid_argument", ended["code"], "{ended}");
}

/// Sounds to import, and the paths of them.
pub fn sounds(client: &Client, count: u32) -> Vec<PathBuf> {
    (0..count).map(|number| wav(&client.home().join(format!("{number}.wav")), 1)).collect()
}

/// A client whose import of 40 sounds goes on as a job and has its first chunk behind it, and the id of that job.
fn importing() -> (Client, String, TempDir) {
    let (start, folder) = struck("MediaPool.ImportMedia", "do = \"late\"\nms = 300", 1);
    let mut client = start.initialized();
    client.call("create_project", json!({"name": "Film"}));
    let paths = sounds(&client, 40);
    let importing = job(&mut client, "import_media", json!({ "paths": paths }));
    until("a chunk is imported", || read(&mut client, &importing)["done"].as_f64() >= Some(8.0));
    (client, importing, folder)
}

/// An import tells how far it is, lets others in between, and stops between its chunks: what it imported stays, is told,
/// and the history knows it.
#[test]
fn an_import_is_followed_and_stopped() {
    let (mut client, importing, _folder) = importing();

    let told = read(&mut client, &importing);
    assert_eq!(json!(40), told["total"], "{told}");
    assert!(
        told["percent"].as_f64().expect("a percentage") >= 20.0 && told["eta_s"].as_f64() > Some(0.0),
        "{told}"
    );
    // Somebody else gets a turn before the end.
    client.call("api_call", json!({"method": "Project.GetName"}));
    let stopped = client.call("jobs_edit", json!({"job": importing, "action": "cancel"}));
    assert_eq!("cancelled", stopped["state"], "{stopped}");
    let count = |list: &str| stopped["result"][list].as_array().expect("a list").len();
    let (imported, left) = (count("imported"), count("not_imported"));
    assert_eq!((0, 40, true), (imported % 8, imported + left, imported < 40), "{stopped}");
    let there = client.call("media_pool_read", json!({"limit": 1}));
    assert_eq!(json!(imported), there["total"], "{there}");
    let entry = client.call("history", json!({"limit": 2, "details": true}))["entries"][1].clone();
    assert_eq!(
        (json!("done"), json!(true)),
        (entry["outcome"].clone(), entry["observed"]["cancelled"].clone())
    );
    // What was imported is taken back like any import.
    let undone = client.call("undo", json!({}));
    assert_eq!(
        (json!("import_media"), json!(imported)),
        (undone["undone"][0]["tool"].clone(), undone["undone"][0]["calls"].clone()),
        "{undone}"
    );
    assert_eq!(0, client.call("media_pool_read", json!({"limit": 1}))["total"]);
}

/// A client that gave a token for it hears how far an import is, with a number that rises and the total.
#[test]
fn an_import_tells_its_progress() {
    let (start, _folder) = struck("MediaPool.ImportMedia", "do = \"late\"\nms = 200", 60);
    let mut client = start.initialized();
    client.call("create_project", json!({"name": "Film"}));
    let arguments = json!({"paths": sounds(&client, 24)});
    let meta = json!({"progressToken": "mine"});
    let call =
        client.send("tools/call", json!({"name": "import_media", "arguments": arguments, "_meta": meta}));
    let answered = client.result(call);

    assert_eq!(Some(false), answered["isError"].as_bool(), "{answered}");
    let signs = client.other.iter().filter(|message| message["method"] == "notifications/progress");
    let signs: Vec<&Json> = signs.map(|sign| &sign["params"]).collect();
    let numbers: Vec<f64> = signs.iter().map(|sign| sign["progress"].as_f64().expect("a number")).collect();
    assert!(numbers.len() >= 2 && numbers.is_sorted_by(|one, next| one < next), "{signs:?}");
    assert!(signs.iter().all(|sign| sign["total"] == 24.0 && sign["progressToken"] == "mine"), "{signs:?}");
}

/// A server that is killed leaves its long call to the next as what nobody knows, with where to look and how far it was.
#[cfg(unix)]
#[test]
fn the_next_server_tells_what_was_cut_off() {
    let (mut client, importing, _folder) = importing();

    // As long as its server runs, another one knows that it does.
    let mut other = Start::engine().on_home_of(&client).initialized();
    assert_eq!("running", read(&mut other, &importing)["state"]);
    let elsewhere = other.fails("jobs_edit", json!({"job": importing, "action": "cancel"}));
    assert!(elsewhere["message"].as_str().expect("a message").contains("another server"), "{elsewhere}");
    signal(client.pid(), "KILL");
    client.wait_for_end(Instant::now());

    let listed = other.call("jobs_read", json!({}));
    let told = &listed["jobs"][0];
    assert_eq!(
        (json!(importing), json!("unknown")),
        (told["job"].clone(), told["state"].clone()),
        "{listed}"
    );
    assert!(told["done"].as_f64() >= Some(8.0), "{listed}");
    assert!(told["next_step"].as_str().expect("a next step").contains("media_pool_read"), "{listed}");
}

/// A project with a queue of renders of so many times two seconds; the ids of its jobs.
pub fn renders(client: &mut Client, lengths: &[usize]) -> Vec<String> {
    let folder = client.home().join("renders");
    std::fs::create_dir(&folder).expect("a folder for the renders");
    let film = film(&client.home().join("film.mp4"), 48);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    let queued = lengths.iter().enumerate().map(|(number, length)| {
        let name = format!("cut-{number}");
        client.call("create_timeline", json!({"name": name, "width": 640, "height": 360}));
        for part in vec![json!({"media_pool_item": clip}); *length].chunks(100) {
            client.call("append_to_timeline", json!({ "clips": part }));
        }
        let render = json!({"directory": folder, "file_name": name, "format": "mp4", "codec": "H264"});
        client.call("queue_render", render)["job"].as_str().expect("a job").to_owned()
    });
    queued.collect()
}

/// Reads a job, waiting, until it is in a state that lasts.
pub fn ended(client: &mut Client, job: &str) -> Json {
    let since = Instant::now();
    loop {
        let told = client.call("jobs_read", json!({"job": job, "wait_s": 20}));
        if told["state"] != "running" && told["state"] != "queued" {
            return told;
        }
        assert!(since.elapsed() < 5 * PATIENCE, "it does not end: {told}");
    }
}

/// A render goes on when its server is killed outright; the next one lists it, follows it to its end, and looks into the
/// file before it says that it is complete.
#[cfg(unix)]
#[test]
fn the_next_server_follows_a_render_to_its_end() {
    let mut client = Start::engine().initialized();
    let jobs = renders(&mut client, &[60]);
    client.call("start_render", json!({ "jobs": jobs }));
    until("it renders", || read(&mut client, &jobs[0])["percent"].as_f64() > Some(0.0));

    signal(client.pid(), "KILL");
    client.wait_for_end(Instant::now());
    let mut next = Start::engine().on_home_of(&client).initialized();

    let listed = next.call("jobs_read", json!({}));
    let told = &listed["jobs"][0];
    assert_eq!(
        (json!(jobs[0]), json!("running"), json!("render"), json!("Film"), json!(2880)),
        (
            told["job"].clone(),
            told["state"].clone(),
            told["kind"].clone(),
            told["project"].clone(),
            told["frames_total"].clone()
        ),
        "{listed}"
    );
    let done = ended(&mut next, &jobs[0]);
    let result = &done["result"];
    assert_eq!(
        (json!("complete"), json!(true), json!(2880)),
        (done["state"].clone(), result["verified"].clone(), result["frames"].clone()),
        "{done}"
    );
    assert!(std::path::Path::new(result["path"].as_str().expect("a path")).is_file(), "{done}");
    // What was told of it is known also when Resolve knows it no more.
    next.call("api_call", json!({"method": "Project.DeleteRenderJob", "args": [jobs[0]], "confirm": true}));
    assert_eq!(done["result"], read(&mut next, &jobs[0])["result"]);
}

/// Of several renders only the one that is cancelled ends: what waited behind it is rendered.
#[test]
fn only_the_render_that_is_meant_is_cancelled() {
    let mut client = Start::engine().initialized();
    let jobs = renders(&mut client, &[120, 1]);
    client.call("start_render", json!({ "jobs": jobs }));
    until("it renders", || read(&mut client, &jobs[0])["percent"].as_f64() > Some(0.0));

    let cancelled = client.call("jobs_edit", json!({"job": jobs[0], "action": "cancel"}));

    assert_eq!(
        (json!("cancelled"), json!([jobs[1]])),
        (cancelled["state"].clone(), cancelled["started_again"].clone())
    );
    assert_eq!("complete", ended(&mut client, &jobs[1])["state"]);
    assert_eq!("cancelled", read(&mut client, &jobs[0])["state"]);
}
