//! An interpreter that crashes again and again: what a client hears, that the server stays, and that it comes back by itself.

use serde_json::json;

use crate::client::{Client, Start, host_program, python};
use crate::until::until;

fn state(client: &mut Client) -> String {
    client.call("status", json!({}))["host"]["state"].as_str().expect("a state").to_owned()
}

/// After three restarts in a period nothing is tried for as long; calls are refused at once with the reason and the time,
/// what needs no interpreter is answered, and when the cause is gone the next attempt succeeds without anybody's help.
#[test]
fn a_crash_loop_is_told_and_comes_to_an_end_by_itself() {
    let real = host_program();
    let start = Start::with_host("crashing.sh").arg("--python").arg(python());
    let mut client = start.arg("--deadlines").arg("period=5").initialized();

    until("it is given up for a period", || state(&mut client) == "unavailable");
    let status = client.call("status", json!({}));
    assert_eq!(
        (json!(4), json!(3)),
        (status["counters"]["crashes"].clone(), status["counters"]["restarts"].clone()),
        "the first and three restarts: {status}"
    );
    let reason = "it ends again and again, the last time so: it was ended by signal 11";
    assert_eq!(reason, status["host"]["reason"]);
    assert!(status["host"]["next_attempt_in_s"].as_f64().unwrap() <= 5.0, "{status}");
    let step = status["next_step"].as_str().expect("a next step");
    assert!(step.contains("it is started again by itself in"), "{step}");
    let failure = client.fails("project_read", json!({}));
    assert_eq!(("unavailable", true), (failure["code"].as_str().unwrap(), failure["may_retry"] == true));
    let message = failure["message"].as_str().unwrap();
    assert!(message.contains(reason) && message.contains("the next attempt is made in"), "{message}");
    client.request("ping", json!({}));
    client.request("tools/list", json!({}));

    // An attempt that fails is not followed by restarts.
    until("an attempt was made", || client.call("status", json!({}))["counters"]["crashes"] == 5);
    until("it has failed", || state(&mut client) == "unavailable");
    let counters = client.call("status", json!({}))["counters"].take();
    assert_eq!((json!(5), json!(4)), (counters["crashes"].clone(), counters["restarts"].clone()));

    // The cause is mended.
    let file = client.home().join("engine.host");
    std::fs::write(file.with_extension("new"), real.to_string_lossy().as_bytes()).expect("a file");
    std::fs::rename(file.with_extension("new"), &file).expect("both are in one folder");
    until("it comes back by itself", || client.call("status", json!({}))["connected"] == true);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
}
