//! Undo of stills: those that were deleted return with picture, grade and label, and those that came in go again.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::client::Client;
use crate::undo_presets;

fn api(client: &mut Client, method: &str, args: Json) -> Json {
    client.call("api_call", json!({"method": method, "args": args, "confirm": true}))["value"].take()
}

/// A server with a film in two pieces that have different grades.
fn cut() -> Client {
    let (mut client, items) = undo_presets::cut();
    for (item, slope) in items.iter().zip(["1.2 1 1", "1 1 0.7"]) {
        let cdl = json!([{"NodeIndex": "1", "Slope": slope, "Offset": "0 0 0", "Power": "1 1 1",
            "Saturation": "1"}]);
        let call = json!({"method": "TimelineItem.SetCDL", "on": item, "args": cdl});
        client.call("api_call", call);
    }
    client
}

fn stills(client: &mut Client) -> Vec<Json> {
    let stills = api(client, "GalleryStillAlbum.GetStills", json!([]));
    stills.as_array().expect("a list").iter().map(|still| still["id"].clone()).collect()
}

/// What can be read of a still: its label, its picture and its grade.
type Seen = (String, Vec<u8>, Vec<String>);

/// All that can be read of the stills of the album, in the order of their labels.
fn album(client: &mut Client) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for still in stills(client) {
        let label = api(client, "GalleryStillAlbum.GetLabel", json!([still]));
        let folder = tempfile::tempdir().expect("a temporary folder");
        let args = json!([[still], folder.path(), "s", "png"]);
        client.by_somebody(|client| api(client, "GalleryStillAlbum.ExportStills", args));
        let file = |extension: &str| {
            let mut paths = fs::read_dir(&folder).expect("it is there").map(|entry| entry.unwrap().path());
            paths.find(|path: &PathBuf| path.extension().unwrap() == extension).expect("a file")
        };
        let grade = fs::read_to_string(file("drx")).expect("text");
        let nodes = grade.lines().filter(|line| line.contains("<Node") || line.contains("<CDL"));
        let nodes = nodes.map(str::to_owned).collect();
        all.push((label.as_str().expect("a label").to_owned(), fs::read(file("png")).expect("bytes"), nodes));
    }
    all.sort();
    all
}

/// Three stills with labels, by the tokens with which they were grabbed: of both pieces, and of the first without one.
fn labelled(client: &mut Client) -> Vec<Json> {
    let answer = api(client, "Timeline.GrabAllStills", json!([1]));
    let mut grabbed: Vec<Json> =
        answer.as_array().expect("stills").iter().map(|still| still["id"].clone()).collect();
    for (still, label) in grabbed.iter().zip(["warm", "cold"]) {
        api(client, "GalleryStillAlbum.SetLabel", json!([still, label]));
    }
    client.call("api_call", json!({"method": "Timeline.SetCurrentTimecode", "args": ["01:00:00:05"]}));
    grabbed.push(api(client, "Timeline.GrabStill", json!([]))["id"].clone());
    grabbed
}

/// Stills that were deleted return with picture, grade and label: also after a redo, with the others where they are.
#[test]
fn deleted_stills_return_with_grade_and_label() {
    let mut client = cut();
    labelled(&mut client);
    let (before, all) = (album(&mut client), stills(&mut client));
    let labels: Vec<&str> = before.iter().map(|seen| seen.0.as_str()).collect();
    assert_eq!(vec!["", "cold", "warm"], labels);
    assert_ne!(before[1].2, before[2].2, "they have different grades");
    let asked = client
        .fails("api_call", json!({"method": "GalleryStillAlbum.DeleteStills", "args": [[all[0], all[1]]]}));
    assert!(asked["plan"]["undo"].as_str().expect("a text").contains("exported before"), "{asked}");
    api(&mut client, "GalleryStillAlbum.DeleteStills", json!([[all[0], all[1]]]));

    for _ in 0..2 {
        let left = album(&mut client);
        assert_eq!(1, left.len());
        let undone = client.call("undo", json!({}))["undone"][0].clone();
        assert_eq!(true, undone["verified"], "{undone}");
        assert_eq!(2, undone["remade"].as_array().expect("ids").len(), "{undone}");
        assert_eq!(before, album(&mut client));
        client.call("undo", json!({"redo": true}));
        assert_eq!(left, album(&mut client));
    }
}

/// Every change of stills is taken back after one another, up to the grab of stills that were deleted and returned since.
#[test]
fn stills_that_returned_are_found_by_earlier_changes() {
    let mut client = cut();
    let all = labelled(&mut client);
    let before = album(&mut client);
    api(&mut client, "GalleryStillAlbum.DeleteStills", json!([all]));

    // The deletion, the grab, two labels and the playhead between, and the grab of the others.
    let undone = client.call("undo", json!({"steps": 5}))["undone"].clone();

    assert_eq!(json!([]), api(&mut client, "GalleryStillAlbum.GetStills", json!([])), "{undone}");
    client.call("undo", json!({"redo": true, "steps": 4}));
    assert_eq!(before, album(&mut client));
}

/// Stills that were imported go again, and no others: labels that were read on the way are as they were.
#[test]
fn imported_stills_go_again() {
    let mut client = cut();
    labelled(&mut client);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let all = stills(&mut client);
    api(&mut client, "GalleryStillAlbum.ExportStills", json!([[all[1], all[2]], folder.path(), "s", "png"]));
    let files = fs::read_dir(&folder).expect("it is there").map(|entry| entry.unwrap().path());
    let files: Vec<PathBuf> = files.filter(|path| path.extension().unwrap() == "png").collect();
    assert_eq!(2, files.len());
    let before = album(&mut client);
    api(&mut client, "GalleryStillAlbum.ImportStills", json!([files]));
    let imported = album(&mut client);
    assert_eq!(before.len() + 2, imported.len());

    let undone = client.call("undo", json!({}))["undone"][0].clone();

    assert_eq!(true, undone["verified"], "{undone}");
    assert_eq!(before, album(&mut client));
    client.call("undo", json!({"redo": true}));
    assert_eq!(imported, album(&mut client));
}

/// A still that somebody has given a label since is not deleted unasked, and the album that is shown does not matter.
#[test]
fn the_album_is_the_one_that_was_meant() {
    let mut client = cut();
    api(&mut client, "Timeline.GrabStill", json!([]));
    let still = stills(&mut client).remove(0);
    client.by_somebody(|client| {
        let other = api(client, "Gallery.CreateGalleryStillAlbum", json!([]));
        api(client, "Gallery.SetCurrentStillAlbum", json!([other["id"]]));
    });
    let undone = client.call("undo", json!({}))["undone"][0].clone();
    assert_eq!(true, undone["verified"], "{undone}");
    client.call("undo", json!({"redo": true}));
    let on_first = |method: &str, args: Json| json!({"method": format!("GalleryStillAlbum.{method}"), "on": "#1", "args": args});
    let again = client.call("api_call", on_first("GetStills", json!([])))["value"].clone();
    assert_eq!(1, again.as_array().expect("a list").len(), "{still}");
    client.by_somebody(|client| {
        let label = on_first("SetLabel", json!([again[0]["id"], "of somebody"]));
        client.call("api_call", label);
    });

    let refused = client.fails("undo", json!({}));

    assert_eq!("changed", refused["code"], "{refused}");
}
