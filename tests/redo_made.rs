//! Putting back what an undo took back by deleting what a call had made: the call makes it again.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start, signal};
use crate::media::{film, film_with_sound};
use crate::undo_clips::tree;

fn api(method: &str, args: Json) -> Json {
    json!({"method": method, "args": args, "confirm": true})
}

fn on(method: &str, on: &Json, args: Json) -> Json {
    json!({"method": method, "on": on, "args": args, "confirm": true})
}

/// A server with two films, one of them with sound, and a timeline that is shown, since the last one is never deleted; the
/// ids of the clips.
fn fresh(start: Start) -> (Client, Vec<Json>) {
    let mut client = start.initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let films =
        [film(&client.home().join("one.mp4"), 48), film_with_sound(&client.home().join("two.mp4"), 48)];
    let imported = client.call("import_media", json!({"paths": films}));
    let clips = imported["imported"].as_array().expect("clips").iter().map(|clip| clip["id"].clone());
    let clips = clips.collect();
    client.call("create_timeline", json!({"name": "First"}));
    (client, clips)
}

/// All that is seen of the timeline that is shown and of the media pool, ids left out.
fn shown(client: &mut Client) -> Json {
    let mut read = client.call("timeline_read", json!({}));
    let body = read.as_object_mut().expect("an object");
    body.remove("revision");
    let id = body["timeline"].as_object_mut().expect("a timeline").remove("id").expect("an id");
    for item in body["items"].as_array_mut().expect("items") {
        let item = item.as_object_mut().expect("an item");
        let id = item.remove("id").expect("an id");
        item.remove("media_pool_item");
        for method in ["GetProperties", "GetMarkers", "GetClipColor"] {
            let value = client.call("api_call", on(&format!("TimelineItem.{method}"), &id, json!([])));
            item.insert(method.to_owned(), value["value"].clone());
        }
    }
    let markers = client.call("api_call", on("Timeline.GetMarkers", &id, json!([])))["value"].clone();
    json!([read, markers, tree(client, "/Master")])
}

/// Film is imported, cut and marked, in five calls, and all of it goes and returns as often as somebody likes, whatever
/// happens to the interpreter meanwhile: each call names the objects that there are by then.
#[test]
fn work_of_several_calls_is_put_back_as_often_as_it_is_taken_back() {
    let (mut client, _clips) = fresh(Start::engine());
    let before = shown(&mut client);
    let three = film_with_sound(&client.home().join("three.mp4"), 48);
    let clip = client.call("import_media", json!({"paths": [three]}))["imported"][0]["id"].clone();
    let own = json!({"name": "Cut", "frame_rate": 25, "width": 1280, "height": 720, "start_timecode": "02:00:00:00"});
    client.call("create_timeline", own);
    let ranges = json!([{"media_pool_item": clip, "end": 24}, {"media_pool_item": clip, "start": 24}]);
    let placed = client.call("append_to_timeline", json!({"clips": ranges}))["placed"].clone();
    let item = &placed[0]["id"];
    client.call("api_call", on("TimelineItem.AddMarker", item, json!([3, "Green", "look", "", 1])));
    client.call("set_item_properties", json!({"item": item, "properties": {"ZoomX": 1.5}}));
    let after = shown(&mut client);

    for round in 0..3 {
        let undone = client.call("undo", json!({"steps": 5}))["undone"].clone();
        assert!(undone.as_array().expect("a list").iter().all(|entry| entry["verified"] == true), "{undone}");
        assert_eq!(before, shown(&mut client), "round {round}");
        let planned =
            client.call("undo", json!({"redo": true, "steps": 5, "dry_run": true}))["would_redo"].clone();
        assert_eq!(json!(["MediaPool.AppendToTimeline"]), planned[2]["calls"], "{planned}");
        assert_eq!(before, shown(&mut client), "a dry run makes nothing");
        if round == 1 {
            signal(client.host_pid(), "KILL");
            // Whoever calls first may hear of it.
            let first = client.start_call("timeline_read", json!({}));
            client.result(first);
        }

        let redone = client.call("undo", json!({"redo": true, "steps": 5}))["redone"].clone();

        assert!(redone.as_array().expect("a list").iter().all(|entry| entry["verified"] == true), "{redone}");
        // Picture and sound of two ranges; and the timeline with the clip that stands for it.
        let counts: Vec<usize> =
            (0..3).map(|place| redone[place]["remade"].as_array().map_or(0, Vec::len)).collect();
        assert_eq!(vec![1, 2, 4], counts, "{redone}");
        assert!(
            redone[2]["compared"].as_array().expect("a list").contains(&json!("TimelineItem.GetProperties"))
        );
        assert_eq!(after, shown(&mut client), "round {round}");
    }
}

/// Each call that makes something makes it again, with all that stands on it and where it lay.
#[test]
fn each_call_makes_again_what_it_had_made() {
    let (mut client, clips) = fresh(Start::engine());
    let home = client.home().to_owned();
    client.call("api_call", api("MediaPool.AppendToTimeline", json!([clips])));
    let (timeline, folder) = (home.join("cut.drt"), home.join("bin.drb"));
    client.call("api_call", api("Timeline.Export", json!([timeline, "EXPORT_DRT"])));
    client.call("api_call", api("MediaPool.AddSubFolder", json!(["/Master", "Day 1"])));
    client.call("api_call", api("MediaPool.SetCurrentFolder", json!(["/Master/Day 1"])));
    client.call("import_media", json!({"paths": [film(&home.join("three.mp4"), 24)]}));
    client.call("api_call", on("Folder.Export", &"/Master/Day 1".into(), json!([folder])));
    let subtitles = home.join("words.srt");
    let words = "1\n00:00:00,000 --> 00:00:00,500\none\n\n2\n00:00:00,500 --> 00:00:01,000\ntwo\n";
    std::fs::write(&subtitles, words).expect("the folder is writable");
    let words = client.call("import_media", json!({"paths": [subtitles]}))["imported"][0]["id"].clone();
    let track_above =
        json!([{"media_pool_item": clips[0], "track": 2}, {"media_pool_item": clips[1], "end": 12}]);
    let batch = json!([
        {"method": "MediaPool.CreateEmptyTimeline", "args": ["Batch"]},
        {"method": "Timeline.AddTrack", "args": ["video"]},
        {"method": "MediaPool.AppendToTimeline", "args": [[clips[0]]]},
        {"method": "Timeline.AddMarker", "args": [1, "Pink", "a", "", 1]},
    ]);
    let changes = [
        ("append_to_timeline", json!({"clips": track_above}), 3),
        ("append_to_timeline", json!({"clips": [{"media_pool_item": words}]}), 2),
        ("create_timeline", json!({"name": "Cut"}), 2),
        ("api_call", api("MediaPool.CreateTimelineFromClips", json!(["From clips", clips])), 5),
        ("api_call", api("Timeline.DuplicateTimeline", json!(["Copy"])), 5),
        ("api_call", api("MediaPool.ImportTimelineFromFile", json!([timeline])), 7),
        ("api_call", api("MediaPool.ImportFolderFromFile", json!([folder])), 2),
        (
            "api_call",
            api(
                "MediaPool.CreateMulticamClip",
                json!([clips, {"name": "Both", "createBinForSourceClips": true}]),
            ),
            2,
        ),
        ("api_batch", json!({"calls": batch, "confirm": true}), 3),
    ];
    for (tool, arguments, parts) in changes {
        let before = shown(&mut client);
        client.call(tool, arguments.clone());
        // Somebody may show another folder by then.
        client.call("api_call", api("MediaPool.SetCurrentFolder", json!(["/Master"])));
        let after = shown(&mut client);
        for _ in 0..2 {
            client.call("undo", json!({}));
            if tool != "api_batch" {
                assert_eq!(before, shown(&mut client), "{arguments}");
            }
            let redone = client.call("undo", json!({"redo": true}))["redone"][0].clone();
            assert_eq!(true, redone["verified"], "{arguments}: {redone}");
            assert_eq!(parts, redone["remade"].as_array().expect("a list").len(), "{arguments}: {redone}");
            if tool != "api_batch" {
                assert_eq!(after, shown(&mut client), "{arguments}");
            }
        }
        client.call("api_call", api("MediaPool.SetCurrentFolder", json!(["/Master/Day 1"])));
    }
}

/// Half of what a call had made is of no use: what cannot be made again whole is not made again at all.
#[test]
fn what_cannot_be_made_again_whole_is_not_made_again() {
    let (mut client, clips) = fresh(Start::engine());
    let place = |clip: &Json, frame: i64| json!({"mediaPoolItem": clip, "recordFrame": 86400 + frame, "endFrame": 24});
    let both = json!([[place(&clips[0], 0), place(&clips[0], 100)]]);
    client.call("api_call", api("MediaPool.AppendToTimeline", both));
    client.call("undo", json!({}));
    let nothing = shown(&mut client);
    let lock = |locked: bool| api("Timeline.SetTrackLock", json!(["video", 1, locked]));
    client.by_somebody(|client| client.call("api_call", lock(true)));

    let refused = client.fails("undo", json!({"redo": true}));

    assert!(refused["message"].as_str().expect("a message").contains("locked"), "{refused}");
    client.by_somebody(|client| client.call("api_call", lock(false)));
    assert_eq!(nothing, shown(&mut client));
    // One of the two has no place any more.
    let theirs = api("MediaPool.AppendToTimeline", json!([[place(&clips[0], 90)]]));
    client.by_somebody(|client| client.call("api_call", theirs));
    let theirs = shown(&mut client);
    let refused = client.fails("undo", json!({"redo": true}));
    assert_eq!(json!([]), refused["redone"], "{refused}");
    assert_eq!(theirs, shown(&mut client), "the one that had a place is gone again");
}

/// What somebody else had done to what was made is not made again by the call that made it: that is seen, and told.
#[test]
fn what_somebody_else_had_added_is_not_left_out_without_a_word() {
    let (mut client, clips) = fresh(Start::engine());
    let placed = client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clips[1]}]}));
    let item = placed["placed"][0]["id"].clone();
    let colored = on("TimelineItem.SetClipColor", &item, json!(["Orange"]));
    client.by_somebody(|client| client.call("api_call", colored));
    client.call("undo", json!({}));
    let without = shown(&mut client);

    let failed = client.fails("undo", json!({"redo": true}));

    assert_eq!("not_verified", failed["code"], "{failed}");
    assert!(failed["message"].as_str().expect("a message").contains("color Orange"), "{failed}");
    assert!(failed["hint"].as_str().expect("a hint").contains("nothing of it stays"), "{failed}");
    assert_eq!(without, shown(&mut client));

    client.call("create_timeline", json!({"name": "Cut"}));
    let named = api("Timeline.SetName", json!(["Theirs"]));
    client.by_somebody(|client| client.call("api_call", named));
    assert_eq!("changed", client.fails("undo", json!({}))["code"]);
    client.call("undo", json!({"confirm": true}));
    let failed = client.fails("undo", json!({"redo": true}));
    assert_eq!("not_verified", failed["code"], "{failed}");
    assert!(failed["message"].as_str().expect("a message").contains("timeline Theirs is gone"), "{failed}");
    assert_eq!(without, shown(&mut client));
}

/// Work of others beside what is made again is nobody's business: it is not compared, and it stays.
#[test]
fn work_of_others_beside_it_stays() {
    let (mut client, clips) = fresh(Start::engine());
    let range = |frame: i64| json!([{"media_pool_item": clips[1], "record_frame": frame}]);
    client.call("append_to_timeline", json!({"clips": range(0)}));
    client.call("undo", json!({}));
    client.by_somebody(|client| {
        client.call("append_to_timeline", json!({"clips": range(100)}));
        client.call("add_marker", json!({"position": 5, "color": "Red", "name": "theirs"}));
    });

    let redone = client.call("undo", json!({"redo": true}))["redone"][0].clone();

    assert_eq!((true, 2), (redone["verified"] == true, redone["remade"].as_array().expect("a list").len()));
    let read = client.call("timeline_read", json!({}));
    assert_eq!(
        (4, 1),
        (read["total"].as_i64().expect("a number"), read["markers"].as_array().map_or(1, Vec::len))
    );
    client.call("undo", json!({}));
    assert_eq!(2, client.call("timeline_read", json!({}))["total"]);
}

/// Of a long timeline the items that were placed are compared, and what is not is told; nobody waits for an export of it.
#[test]
fn of_a_long_timeline_the_items_alone_are_compared() {
    let (mut client, clips) = fresh(Start::engine());
    let range = json!({"mediaPoolItem": clips[1], "startFrame": 0, "endFrame": 4});
    let long = json!([vec![range; 60]]);
    client.call("api_call", api("MediaPool.AppendToTimeline", long));
    let placed = client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clips[1]}]}));
    let item = placed["placed"][0]["id"].clone();
    let after = client.call("timeline_read", json!({}))["total"].clone();
    client.call("undo", json!({}));

    let redone = client.call("undo", json!({"redo": true}))["redone"][0].clone();

    assert_eq!((true, 2), (redone["verified"] == true, redone["remade"].as_array().expect("a list").len()));
    assert_eq!(after, client.call("timeline_read", json!({}))["total"]);
    assert!(redone["not_compared"].to_string().contains("transitions"), "{redone}");
    let is = redone["remade"].as_array().expect("a list").iter().find(|pair| pair["was"] == item);
    let item = is.expect("the picture has another id")["is"].clone();
    let colored = on("TimelineItem.SetClipColor", &item, json!(["Orange"]));
    client.by_somebody(|client| client.call("api_call", colored));
    client.call("undo", json!({}));
    let failed = client.fails("undo", json!({"redo": true}));
    assert!(failed["message"].as_str().expect("a message").contains("color Orange"), "{failed}");
    assert_eq!(120, client.call("timeline_read", json!({}))["total"]);
}

/// Resolve deletes no timeline that is open: the undo of the first one shows another one before, and without one says so
/// before it touches anything.
#[test]
fn the_first_timeline_goes_where_there_is_another_one_to_show() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    client.call("create_timeline", json!({"name": "First", "frame_rate": 25}));
    let first = shown(&mut client);

    let refused = client.fails("undo", json!({}));

    assert!(refused["message"].as_str().expect("a message").contains("the only timeline"), "{refused}");
    assert_eq!(first, shown(&mut client), "its rate was not touched either");
    let another = api("MediaPool.CreateEmptyTimeline", json!(["Another"]));
    client.by_somebody(|client| client.call("api_call", another));
    client.by_somebody(|client| client.call("api_call", api("Project.SetCurrentTimeline", json!(["First"]))));
    let (first, names) = (shown(&mut client), |client: &mut Client| tree(client, "/Master")[0].1.clone());
    for _ in 0..2 {
        client.call("undo", json!({}));
        assert_eq!(vec!["Another"], names(&mut client));
        client.call("undo", json!({"redo": true}));
        assert_eq!(first, shown(&mut client));
    }
}

/// One call that appends many times over goes and returns as one, each write in its turn.
#[test]
fn many_appends_of_one_call_are_put_back_together() {
    let (mut client, clips) = fresh(Start::engine());
    let before = shown(&mut client);
    let append = |_| json!({"method": "MediaPool.AppendToTimeline", "args": [[clips[1]]]});
    let calls: Vec<Json> = (0..12).map(append).collect();
    client.call("api_batch", json!({"calls": calls}));
    let after = shown(&mut client);
    for _ in 0..2 {
        client.call("undo", json!({}));
        assert_eq!(before, shown(&mut client));
        let redone = client.call("undo", json!({"redo": true}))["redone"][0].clone();
        assert_eq!(
            (true, 24),
            (redone["verified"] == true, redone["remade"].as_array().expect("a list").len())
        );
        assert_eq!(after, shown(&mut client));
    }
}

/// An engine whose items are other ones when they are placed again is caught, and they do not stay.
#[test]
fn what_came_out_different_is_told() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("faults.toml");
    // Asked before the undo, and after the redo.
    let lie =
        "[[fault]]\nat = \"TimelineItem.GetClipColor\"\ndo = \"answer\"\nvalue = \"Orange\"\ncall = 2\n";
    std::fs::write(&file, lie).expect("the folder is writable");
    let (mut client, clips) = fresh(Start::engine().arg("--faults").arg(&file));
    client.call("append_to_timeline", json!({"clips": [{"media_pool_item": clips[0]}]}));
    client.call("undo", json!({}));

    let failed = client.fails("undo", json!({"redo": true}));

    assert_eq!("not_verified", failed["code"], "{failed}");
    assert!(failed["message"].as_str().expect("a message").contains("color Orange"), "{failed}");
    assert_eq!(0, client.call("timeline_read", json!({}))["total"]);
}
