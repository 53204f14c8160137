//! How renders end: what is told of a file that is not what was wanted, and of a process that was killed.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, signal};
use crate::jobs::{ended, job, read, renders, search, searching};
use crate::made_film::{Made, made};
use crate::until::until;

/// A render that ended well, and its file: 48 frames of 640 by 360 with sound.
fn rendered() -> (Client, String, PathBuf) {
    let mut client = Start::engine().initialized();
    let job = renders(&mut client, &[1]).remove(0);
    client.call("start_render", json!({"jobs": [job]}));
    let told = ended(&mut client, &job);
    assert_eq!(
        ("complete", true),
        (told["state"].as_str().expect("a state"), told["result"]["verified"] == true)
    );
    let path = PathBuf::from(told["result"]["path"].as_str().expect("a path"));
    (client, job, path)
}

/// What is told of the job with this in the place of its file.
fn judged(client: &mut Client, job: &str, file: &Path, change: impl FnOnce(&Path)) -> (String, Json) {
    change(file);
    let told = client.call("render_read", json!({ "job": job }));
    (told["error_code"].as_str().unwrap_or("none").to_owned(), told)
}

/// Each clause by itself: the file is there, can be read to its end, has its frames, size and sound, sound to the end, and
/// light. What is wrong has a code of its own.
#[test]
fn each_defect_of_a_file_has_its_code() {
    let (mut client, job, file) = rendered();
    let whole = std::fs::read(&file).expect("it can be read");
    let right = Made { frames: 48, width: 640, height: 360, light: 200, sound_s: 2.0 };

    let (code, told) = judged(&mut client, &job, &file, |file| made(file, &right));
    assert_eq!(("none", "complete"), (&*code, told["state"].as_str().expect("a state")), "{told}");
    let replaced = [
        ("frame_count", Made { frames: 47, ..right }),
        ("frame_size", Made { width: 320, height: 180, ..right }),
        ("no_sound", Made { sound_s: 0.0, ..right }),
        ("sound_short", Made { sound_s: 1.0, ..right }),
        ("black", Made { light: 0, ..right }),
    ];
    for (expected, film) in replaced {
        let (code, told) = judged(&mut client, &job, &file, |file| made(file, &film));
        assert_eq!((expected, "failed"), (&*code, told["state"].as_str().expect("a state")), "{told}");
    }
    let (code, told) = judged(&mut client, &job, &file, |file| {
        std::fs::write(file, &whole[..whole.len() / 2]).expect("written")
    });
    assert_eq!("unreadable", code, "{told}");
    let (code, told) =
        judged(&mut client, &job, &file, |file| std::fs::remove_file(file).expect("it is there"));
    assert_eq!("no_file", code, "{told}");
    let told = read(&mut client, &job);
    assert_eq!(
        ("failed", "no_file"),
        (told["state"].as_str().unwrap(), told["error_code"].as_str().unwrap())
    );
}

/// The process that renders a job, as its status file has it.
fn process_of(client: &Client, job: &str) -> u32 {
    let mut folders = vec![client.home().join("engine")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
            } else if entry.file_name().to_string_lossy() == format!("{job}.json") {
                let text = std::fs::read_to_string(entry.path()).expect("it can be read");
                let status: Json = serde_json::from_str(&text).expect("JSON");
                return u32::try_from(status["pid"].as_u64().expect("a process")).expect("a process");
            }
        }
    }
    panic!("no status of {job}");
}

/// A render process that is killed outright costs its job, with the reason, and nothing else: what waits behind it goes on.
#[test]
fn a_render_process_that_is_killed_costs_its_job() {
    let mut client = Start::engine().initialized();
    let jobs = renders(&mut client, &[60, 1]);
    client.call("start_render", json!({ "jobs": jobs }));
    until("it renders", || read(&mut client, &jobs[0])["percent"].as_f64() > Some(0.0));

    signal(process_of(&client, &jobs[0]), "KILL");

    let told = ended(&mut client, &jobs[0]);
    assert_eq!("failed", told["state"], "{told}");
    let error = told["error"].as_str().expect("an error");
    assert!(error.contains("ended before the file was complete"), "{told}");
    assert_eq!("complete", ended(&mut client, &jobs[1])["state"]);
}

/// An interpreter that is killed in the middle of a long call leaves a job of which nobody knows what it did.
#[test]
fn a_long_call_whose_interpreter_is_killed_is_unknown() {
    let (mut client, _folder) = searching(3600, 1);
    let host = client.host_pid();
    let running = job(&mut client, "api_call", search());

    signal(host, "KILL");

    let told = client.call("jobs_read", json!({"job": running, "wait_s": 50}));
    assert_eq!(
        ("unknown", "interrupted"),
        (told["state"].as_str().unwrap(), told["error"]["code"].as_str().unwrap())
    );
    assert!(told["next_step"].as_str().expect("a next step").contains("look at"), "{told}");
}
