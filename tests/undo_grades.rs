//! What an undo compares that no call of its own reads: what grades do to colors, and what stands in exports of a timeline.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::{film, wav};

/// A server with a film on a timeline in three pieces with handles, and the ids of the pictures and of one sound.
fn cut() -> (Client, Vec<String>, String) {
    let mut client = Start::engine().initialized();
    let film = film(&client.home().join("film.mp4"), 96);
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let sound = wav(&client.home().join("sound.wav"), 2);
    let import = |client: &mut Client, path| {
        client.call("import_media", json!({"paths": [path]}))["imported"][0]["id"].clone()
    };
    let (clip, sound) = (import(&mut client, film), import(&mut client, sound));
    client.call("create_timeline", json!({"name": "Cut"}));
    let range = |start: u32| json!({"media_pool_item": clip, "start": start, "end": start + 16});
    client.call("append_to_timeline", json!({"clips": [range(10), range(40), range(70)]}));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": sound, "start": 0, "end": 16}]}));
    let read = client.call("timeline_read", json!({}));
    let of = |kind: &str| -> Vec<String> {
        let items = read["items"].as_array().expect("items").iter();
        let items = items.filter(|item| item["track"]["type"] == kind);
        items.map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    };
    (client, of("video"), of("audio").first().cloned().unwrap_or_default())
}

fn on(method: &str, on: &str, args: Json) -> Json {
    json!({"method": method, "on": on, "args": args, "confirm": true})
}

fn cdl(slope: &str) -> Json {
    json!([{"NodeIndex": "1", "Slope": slope, "Offset": "0 0 0", "Power": "1 1 1", "Saturation": "1"}])
}

/// Somebody who grades an item again in the same version is not overruled unasked.
#[test]
fn a_grade_that_somebody_made_in_the_same_version_stays() {
    let (mut client, pictures, _) = cut();
    let item = &pictures[0];
    let page = |client: &mut Client| {
        client.call("api_call", json!({"method": "Resolve.GetCurrentPage"}))["value"].clone()
    };
    let shown = page(&mut client);
    client.call("api_call", on("TimelineItem.SetCDL", item, cdl("1.2 1 1")));
    let undone = client.call("undo", json!({}))["undone"][0].clone();
    assert_eq!(true, undone["verified"], "{undone}");
    assert!(undone["compared"].to_string().contains("TimelineItem.ExportLUT"), "{undone}");
    assert_eq!(None, undone.get("not_compared"), "{undone}");

    client.call("api_call", on("TimelineItem.SetCDL", item, cdl("1.2 1 1")));
    client.by_somebody(|client| client.call("api_call", on("TimelineItem.SetCDL", item, cdl("0.8 1 1"))));
    let refused = client.fails("undo", json!({}));

    assert_eq!("changed", refused["code"], "{refused}");
    assert!(refused["message"].as_str().unwrap().contains("TimelineItem.ExportLUT"), "{refused}");
    client.call("undo", json!({"confirm": true}));
    // The page is the one that was open.
    assert_eq!(shown, page(&mut client));
}

/// Looks at grades are bounded; what is not looked at is said.
#[test]
fn grades_that_are_not_looked_at_are_said() {
    let (mut client, pictures, _) = cut();
    let calls: Vec<Json> =
        pictures.iter().map(|item| on("TimelineItem.SetCDL", item, cdl("1.2 1 1"))).collect();
    let calls: Vec<Json> = calls
        .into_iter()
        .map(|mut call| {
            call.as_object_mut().unwrap().remove("confirm");
            call
        })
        .collect();
    client.call("api_batch", json!({"calls": calls}));

    let undone = client.call("undo", json!({}))["undone"][0].clone();

    assert_eq!(true, undone["verified"], "{undone}");
    assert_eq!(
        json!(["what 2 grades do to colors is looked at for one call"]),
        undone["not_compared"],
        "{undone}"
    );
}

/// What no read of an item shows is compared in exports: each of these would be lost without a word.
#[test]
fn what_only_an_export_shows_is_compared() {
    let (mut client, pictures, sound) = cut();
    assert!(!sound.is_empty());
    let dissolve = json!([{"type": "Cross Dissolve", "category": "simple", "position": "start", "alignment": "center",
        "duration": 8}]);
    let changes = [
        on("TimelineItem.SetCDL", &pictures[2], cdl("0.7 1 1")),
        on("TimelineItem.AddTransition", &pictures[1], dissolve),
        json!({"method": "Timeline.SetClipsLinked", "args": [[pictures[0], sound], true], "confirm": true}),
        on("TimelineItem.SetFades", &sound, json!([{"FadeIn": 4, "FadeOut": 3}])),
    ];
    for change in changes {
        let add = json!({"method": "Timeline.AddTrack", "args": ["video"], "confirm": true});
        client.call("api_call", add);
        client.by_somebody(|client| client.call("api_call", change.clone()));

        let refused = client.fails("undo", json!({}));

        assert_eq!("changed", refused["code"], "{change}: {refused}");
        assert!(refused["message"].as_str().unwrap().contains("exported"), "{change}: {refused}");
        let delete = json!({"method": "Timeline.DeleteTrack", "args": ["video", 2], "confirm": true});
        client.by_somebody(|client| client.call("api_call", delete));
    }
    // Unchanged it is taken back, with all of that on it.
    let delete = json!({"method": "Timeline.DeleteClips", "args": [[pictures[0]]], "confirm": true});
    client.call("api_call", delete);
    let undone = client.call("undo", json!({}))["undone"][0].clone();
    assert_eq!(true, undone["verified"], "{undone}");
    assert!(undone["compared"].to_string().contains("Timeline.Export"), "{undone}");
    assert_eq!(None, undone.get("not_compared"), "{undone}");
}
