//! Each row of the catalogue, called on the engine: it does its work, refuses with a reason, or is said to be lacking.

use std::collections::BTreeMap;

use resolve_api::catalogue::{Effect, Method, Status, catalogue};
use resolve_api::{Key, Locator, engine};
use serde_json::{Value as Json, json};

use crate::client::{Client, Start, body_of};
use crate::media::film;
use crate::plausible::Stage;

/// What a call may come to where the engine has the method. `stale` and `not_found` are answers to objects that a
/// project of this size does not have, such as a take.
const HONEST: [&str; 6] = ["value", "refused", "not_found", "invalid_argument", "stale", "ambiguous"];

/// What stands for an object that the engine cannot give, such as an input of a tool or, while it is lacking, a still.
const NOWHERE: &str = "held-1-999";

/// Whether a state that others need is gone after a call: another project is made before the next.
fn unsettles(method: &Method) -> bool {
    method.effect == Effect::Destructive
        || (method.effect != Effect::Read && ["ProjectManager", "Resolve"].contains(&method.class.as_str()))
}

/// A project with a clip, a timeline with two items, of which the first has a composition, a color group, a marker, a
/// still and a render job.
pub fn set_up(client: &mut Client, number: usize, film: &std::path::Path, stage: &mut Stage<'_>) {
    client.call("create_project", json!({"name": format!("Scratch {number}"), "frame_rate": 24}));
    let clip = client.call("import_media", json!({"paths": [film]}))["imported"][0]["id"].clone();
    client.call("create_timeline", json!({"name": "Cut 1"}));
    let clips = json!([{"media_pool_item": clip, "end": 24}, {"media_pool_item": clip, "start": 24}]);
    let appended = client.call("append_to_timeline", json!({"clips": clips}));
    let timeline = client.call("timeline_read", json!({"limit": 1}));
    client.call("add_marker", json!({"position": 1, "color": "Blue", "name": "A"}));
    let api = |method: &str, args: Json| json!({"method": method, "args": args});
    let mut made = |method: &str, args: Json| match engine::lacks(method) {
        None => client.call("api_call", api(method, args))["value"].clone(),
        Some(_) => Json::Null,
    };
    made("Project.AddColorGroup", json!(["A"]));
    let still = made("Timeline.GrabStill", json!([]))["id"].clone();
    let item = timeline["items"][0]["id"].clone();
    assert!(item.is_string(), "{appended} {timeline}");
    let mut on = |method: &str, args: Json, object: &Json| {
        let answer = client.call("api_call", json!({"method": method, "args": args, "on": object}));
        answer["value"]["id"].clone()
    };
    let comp = on("TimelineItem.AddFusionComp", json!([]), &item);
    let tool = on("FusionComp.FindTool", json!(["MediaIn1"]), &comp);
    let objects = [
        ("Folder", json!("/Master")),
        ("MediaPoolItem", clip),
        ("Timeline", timeline["timeline"]["id"].clone()),
        ("TimelineItem", item),
        ("ColorGroup", json!("A")),
        ("GalleryStill", still),
        ("GalleryStillAlbum", json!("#1")),
        ("Graph", json!("timeline")),
        ("FusionComp", comp),
        ("FusionTool", tool),
    ];
    let there = objects.into_iter().filter(|(_, object)| object.is_string());
    stage.objects = there.map(|(class, object)| (class.to_owned(), object)).collect();
}

/// What a method is called on.
pub fn on(method: &Method, stage: &Stage<'_>) -> Option<Json> {
    let only =
        Locator::implied(&method.class).is_some() && Locator::with_key(&method.class, Key::Current).is_none();
    match method.class.as_str() {
        "Graph" => None,
        _ if only => None,
        class => Some(stage.objects.get(class).cloned().unwrap_or_else(|| json!(NOWHERE))),
    }
}

/// The ways in which a method can be called.
#[derive(Debug, Clone, Copy)]
enum Way {
    OwnTool,
    ApiCall,
    ApiBatch,
}

impl Way {
    const ALL: [Self; 3] = [Self::OwnTool, Self::ApiCall, Self::ApiBatch];

    /// The tool and its arguments.
    fn of(self, method: &Method, args: &Json, on: Option<Json>) -> (String, Json) {
        let mut call = match self {
            Self::OwnTool => args.clone(),
            Self::ApiCall | Self::ApiBatch => json!({"method": method.label(), "args": args}),
        };
        if let Some(on) = on {
            call["on"] = on;
        }
        match self {
            Self::ApiBatch => ("api_batch".to_owned(), json!({"calls": [call], "confirm": true})),
            Self::ApiCall => {
                call["confirm"] = true.into();
                ("api_call".to_owned(), call)
            }
            Self::OwnTool => {
                if method.effect == Effect::Destructive {
                    call["confirm"] = true.into();
                }
                (method.tool.clone(), call)
            }
        }
    }
}

/// What came of a call, as a code, and why; `value` for what was done.
fn outcome(client: &mut Client, (tool, call): (String, Json)) -> (String, String) {
    let id = client.start_call(&tool, call);
    let body = body_of(&client.result(id));
    let code = body["code"].as_str().unwrap_or("value").to_owned();
    let reason = body["message"].as_str().unwrap_or_default();
    (code, reason.strip_prefix("calls[0]: ").unwrap_or(reason).to_owned())
}

/// Coverage is computed, not claimed: every row goes through the server to the engine, what reads in every way there is,
/// what changes something in one of them, and every row is described. What the engine lacks answers
/// `unsupported` with the reason, and nothing else does; nothing raises, hangs or ends the interpreter.
#[test]
fn each_row_does_its_work_or_says_why_not() {
    let mut client = Start::engine().arg("--toolset").arg("full").initialized();
    let folder = client.home().join("written");
    std::fs::create_dir(&folder).expect("a folder for what is written");
    let film = film(&client.home().join("film.mp4"), 48);
    let mut stage = Stage { film: &film, folder: &folder, objects: serde_json::Map::new() };
    let mut projects = 0;
    set_up(&mut client, projects, &film, &mut stage);
    let (mut wrong, mut counts) = (Vec::new(), BTreeMap::<String, usize>::new());
    // What reads before what writes, so that few projects are needed; what ends the connection last.
    let mut methods: Vec<&Method> =
        catalogue().methods().filter(|row| row.status != Status::Removed).collect();
    methods.sort_by_key(|row| (row.label() == "Resolve.Quit", unsettles(row), row.effect != Effect::Read));
    for (number, method) in methods.into_iter().enumerate() {
        let label = method.label();
        let told = client.call("api_describe", json!({"method": label}));
        assert_eq!((&json!(label), engine::lacks(&label).is_none()), (&told["method"], told["has"] == true));
        let (args, on) = (stage.args(method), on(method, &stage));
        let of = |way: Way| way.of(method, &args, on.clone());
        let way = Way::ALL[number % Way::ALL.len()];
        let (code, reason) = outcome(&mut client, of(way));
        let honest = match engine::lacks(&label) {
            Some(why) if code == "unsupported" => reason.contains(why),
            // Before there is nothing to call it on.
            Some(_) => {
                format!("{args} {on:?}").contains(NOWHERE) && ["stale", "not_found"].contains(&code.as_str())
            }
            None if code == "refused" => reason.contains(": "),
            None => HONEST.contains(&code.as_str()),
        };
        if !honest {
            wrong.push(format!("{label}, {way:?}: {code}: {reason} ({args})"));
        }
        if method.effect == Effect::Read {
            for way in Way::ALL {
                let other = outcome(&mut client, of(way));
                if (&code, &reason) != (&other.0, &other.1) {
                    wrong.push(format!("{label}, {way:?}: {other:?} is not {code}: {reason}"));
                }
            }
        }
        *counts.entry(code).or_default() += 1;
        if unsettles(method) && label != "Resolve.Quit" {
            projects += 1;
            set_up(&mut client, projects, &film, &mut stage);
        }
    }

    assert!(wrong.is_empty(), "{} rows: {:#?}\n{counts:?}", wrong.len(), wrong);
    assert!(counts["value"] > 150, "too few calls did their work to show anything: {counts:?}");
}
