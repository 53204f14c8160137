//! What the clients of a soak do: a seeded mix of calls, an account of every answer, and a ledger of what must be there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value as Json, json};

use crate::client::body_of;
use crate::http_client::{Http, Response, Session};

/// The project that all clients work in, each on a timeline of its own.
pub const PROJECT: &str = "Soak";

/// Numbers that look random and are the same in every run (splitmix64).
pub struct Chance(u64);

impl Chance {
    /// The numbers of a seed.
    pub fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }
}

/// One of the clients.
pub struct Worker<'a> {
    session: Session<'a>,
    timeline: String,
    chance: Chance,
    /// The names that its track may have: the last that was answered, and those since whose outcome is not known.
    possible: BTreeSet<String>,
    named: u64,
    marked: bool,
    /// Answers by code; `ok` for what succeeded.
    pub answers: BTreeMap<String, u64>,
    /// Requests that were sent.
    pub sent: u64,
}

impl<'a> Worker<'a> {
    /// A client with this number. Odd ones have a session, the others are of the era without.
    pub fn new(http: &'a Http, number: u64) -> Self {
        let session = if number % 2 == 1 { Session::open(http, "2025-11-25") } else { Session::none(http) };
        Self {
            session,
            timeline: format!("Client {number}"),
            chance: Chance::seeded(number),
            possible: BTreeSet::from(["Video 1".to_owned()]),
            named: 0,
            marked: false,
            answers: BTreeMap::new(),
            sent: 0,
        }
    }

    /// Makes its timeline, before anything can go wrong.
    pub fn prepare(&mut self) {
        let made = self.call("create_timeline", json!({"name": self.timeline}));
        assert_eq!("ok", made.0, "{}", made.1);
    }

    /// Makes one call of the mix, and one to open the project again where a new host or a new connection has none.
    pub fn step(&mut self) {
        let on = self.timeline.clone();
        let code = match self.chance.below(100) {
            0..30 => self.name_the_track(),
            30..50 => self.read_the_name(),
            50..65 => {
                let calls = ["GetName", "GetStartFrame", "GetEndFrame"]
                    .map(|method| json!({"method": format!("Timeline.{method}"), "on": on}));
                self.call("api_batch", json!({ "calls": calls })).0
            }
            65..75 => self.call("timeline_read", json!({"timeline": on, "limit": 5})).0,
            75..83 => self.call("project_read", json!({})).0,
            83..88 => self.call("status", json!({})).0,
            88..93 => self.mark(),
            93..97 => self.call("api_describe", json!({"method": "Timeline.AddMarker"})).0,
            97..99 => self.request("resources/read", json!({"uri": "resolve://metrics"})),
            _ => self.request("tools/list", json!({})),
        };
        if ["not_found", "stale", "ambiguous", "refused"].contains(&code.as_str()) {
            self.call("open_project", json!({"name": PROJECT}));
        }
    }

    /// Writes the name of its track. What was seen to be done is done; anything else may have been, unless it was refused.
    fn name_the_track(&mut self) -> String {
        self.named += 1;
        let name = format!("n{}", self.named);
        let args = json!({"trackType": "video", "trackIndex": 1, "name": name});
        let call = json!({"method": "Timeline.SetTrackName", "on": self.timeline, "args": args});
        let (code, body) = self.call("api_call", call);
        match code.as_str() {
            "ok" if body["verified"] == true => self.possible = BTreeSet::from([name]),
            // None of these was done.
            "refused" | "not_found" | "stale" | "busy" | "unavailable" => {}
            _ => drop(self.possible.insert(name)),
        }
        code
    }

    /// Reads it back: nothing that was answered as done is lost, and nothing of another client is in its place.
    fn read_the_name(&mut self) -> String {
        let args = json!({"trackType": "video", "trackIndex": 1});
        let call = json!({"method": "Timeline.GetTrackName", "on": self.timeline, "args": args});
        let (code, body) = self.call("api_call", call);
        if code == "ok" {
            let name = body["value"].as_str().unwrap_or_else(|| panic!("no name: {body}"));
            assert!(
                self.possible.contains(name),
                "{}: '{name}' is none of {:?}",
                self.timeline,
                self.possible
            );
        }
        code
    }

    /// Sets a marker, or deletes it.
    fn mark(&mut self) -> String {
        let call = if self.marked {
            json!({"method": "Timeline.DeleteMarkerAtFrame", "on": self.timeline, "args": [7]})
        } else {
            json!({"method": "Timeline.AddMarker", "on": self.timeline, "args": [7, "Blue", "soak", "", 1]})
        };
        self.marked = !self.marked;
        self.call("api_call", call).0
    }

    fn call(&mut self, tool: &str, arguments: Json) -> (String, Json) {
        let result = self.answer("tools/call", json!({"name": tool, "arguments": arguments}));
        let body = body_of(&result);
        let code = if result["isError"] == true { body["code"].as_str().expect("a code") } else { "ok" };
        self.count(code);
        assert_ne!("internal", code, "a fault of the server: {body}");
        (code.to_owned(), body)
    }

    fn request(&mut self, method: &str, params: Json) -> String {
        self.answer(method, params);
        self.count("ok");
        "ok".to_owned()
    }

    fn count(&mut self, code: &str) {
        *self.answers.entry(code.to_owned()).or_default() += 1;
    }

    /// The one answer to a request. None, two, or that of another is a fault.
    fn answer(&mut self, method: &str, params: Json) -> Json {
        let message = self.session.message(method, params);
        self.sent += 1;
        let response = self.session.send(&message);
        assert_eq!(200, response.status, "{response:?}");
        let answers: Vec<Json> =
            messages(&response).into_iter().filter(|said| said.get("method").is_none()).collect();
        let [answer] = &answers[..] else { panic!("{} answers to one request: {response:?}", answers.len()) };
        assert_eq!(message["id"], answer["id"], "the answer to another request: {answer}");
        assert!(answer.get("error").is_none(), "an error of the protocol: {answer}");
        answer["result"].clone()
    }
}

/// Every message of a response: its body, or the events of the stream that it is.
fn messages(response: &Response) -> Vec<Json> {
    let texts: Vec<&str> = match response.header("content-type") {
        Some("text/event-stream") => response
            .body
            .lines()
            .filter_map(|line| line.strip_prefix("data: "))
            .filter(|data| !data.is_empty())
            .collect(),
        _ => vec![&response.body],
    };
    let parsed = |text| serde_json::from_str(text).unwrap_or_else(|_| panic!("not a message: {text}"));
    texts.into_iter().map(parsed).collect()
}
