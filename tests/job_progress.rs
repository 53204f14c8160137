//! Long calls of which Resolve tells nothing are followed by what is known of earlier ones, and no further.

use serde_json::{Value as Json, json};

use crate::client::{Client, PATIENCE};
use crate::jobs::{job, read, search, searching_times};
use crate::until::until;

/// Waits for the end of a job, which must have gone well.
fn ended(client: &mut Client, job: &str) -> Json {
    let told = client.call("jobs_read", json!({"job": job, "wait_s": PATIENCE.as_secs().min(50)}));
    assert_eq!("complete", told["state"], "{told}");
    told
}

/// The first call of a method has no percentage; the second one has one that rises and a time that is left, with the word
/// that both are an estimate. It is not said to be done before it is, and what ended has no estimate any more.
#[test]
fn a_call_is_followed_by_what_earlier_ones_took() {
    let (mut client, _folder) = searching_times(2, 4, 1);
    let first = job(&mut client, "api_call", search());
    let told = read(&mut client, &first);
    assert!(told.get("percent").is_none() && told.get("eta_s").is_none(), "{told}");
    ended(&mut client, &first);

    let begun = client.begin("api_call", search());

    let second = begun["job"].as_str().expect("a job").to_owned();
    let is_estimate = |told: &Json| {
        told["progress"].as_str().is_some_and(|word| word.starts_with("an estimate from an earlier call"))
    };
    assert!(is_estimate(&begun) && begun["eta_s"].as_f64() > Some(0.0), "{begun}");
    let percent = |told: &Json| told["percent"].as_f64().expect("a percentage");
    let earliest = percent(&begun);
    assert!(earliest > 0.0 && earliest < 100.0, "{begun}");
    let mut told = begun;
    until("the percentage rises", || {
        told = read(&mut client, &second);
        told["state"] != "running" || percent(&told) > earliest
    });
    assert!(told["state"] == "complete" || (is_estimate(&told) && percent(&told) <= 99.0), "{told}");
    let ended = ended(&mut client, &second);
    assert!(ended.get("progress").is_none() && ended.get("eta_s").is_none(), "{ended}");
}

/// A client that gave a token for it hears the same as percent of a hundred, which it does not come to.
#[test]
fn an_estimate_is_told_as_progress() {
    let (mut client, _folder) = searching_times(2, 4, 60);
    client.call("api_call", search());
    let mut arguments = json!({"name": "api_call", "arguments": search()});
    arguments["_meta"] = json!({"progressToken": "mine"});

    let call = client.send("tools/call", arguments);
    client.result(call);

    let signs = client.other.iter().filter(|message| message["method"] == "notifications/progress");
    let signs: Vec<&Json> = signs.map(|sign| &sign["params"]).collect();
    let numbers: Vec<f64> = signs.iter().map(|sign| sign["progress"].as_f64().expect("a number")).collect();
    assert!(numbers.len() >= 2 && numbers.is_sorted_by(|one, next| one < next), "{signs:?}");
    assert!(numbers.iter().all(|number| *number < 100.0), "{signs:?}");
    assert!(signs.iter().all(|sign| sign["total"] == 100.0), "{signs:?}");
    assert!(signs[0]["message"].as_str().expect("a message").contains("as earlier calls took"), "{signs:?}");
}
