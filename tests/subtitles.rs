//! Subtitles through the tools: a file of them on a timeline, beside other clips, and with what is wrong.

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::film;

const WORDS: &str = "1\n00:00:00,500 --> 00:00:01,000\none\n\n2\n00:00:01,500 --> 00:00:02,000\ntwo\n";

/// A film and subtitles in the media pool of a project at 24 frames a second, with an empty timeline.
fn spoken() -> (Client, Json, Json, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = film(&folder.path().join("film.mp4"), 48);
    let words = folder.path().join("words.srt");
    std::fs::write(&words, WORDS).expect("a folder that can be written");
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Film", "frame_rate": 24}));
    let imported = client.call("import_media", json!({"paths": [path, words]}))["imported"].clone();
    client.call("create_timeline", json!({"name": "Cut"}));
    let of = |name: &str| {
        let clips = imported.as_array().expect("a list");
        clips.iter().find(|clip| clip["name"] == name).expect("it was imported")["id"].clone()
    };
    let (film, words) = (of("film.mp4"), of("words.srt"));
    (client, film, words, folder)
}

/// A script's text is appended like any other clip, but its times count from the timeline's start, wherever the
/// picture ends; what was placed is read back.
#[test]
fn subtitles_stand_where_their_file_says() {
    let (mut client, film, words, _folder) = spoken();
    let clips = json!([{"media_pool_item": film}, {"media_pool_item": words}]);

    let told = client.call("append_to_timeline", json!({"clips": clips, "dry_run": true}));
    let answer = client.call("append_to_timeline", json!({"clips": clips}));

    assert_eq!(json!(["subtitle 1"]), told["places"][1]["tracks"], "{told}");
    let placed = answer["placed"].as_array().expect("a list");
    let subtitles = placed.last().expect("something was placed");
    assert_eq!(
        (&json!(2), &json!("subtitle"), &json!(12), &json!(48)),
        (
            &subtitles["subtitles"],
            &subtitles["track_type"],
            &subtitles["start"]["frames"],
            &subtitles["end"]["frames"]
        ),
        "{answer}"
    );
    let listed = json!({"method": "Timeline.GetItemListInTrack", "args": ["subtitle", 1]});
    assert_eq!(2, client.call("api_call", listed)["total"]);
}

/// A range, a place and a track of their own; a taken place and a media type are refused with what is wrong.
#[test]
fn a_range_of_subtitles_goes_where_it_is_told_to() {
    let (mut client, _, words, _folder) = spoken();
    let part = json!({"media_pool_item": words, "start": 30, "end": 48, "record_frame": 100, "track": 1});

    let answer = client.call("append_to_timeline", json!({"clips": [part]}));
    let again = client.fails("append_to_timeline", json!({"clips": [part]}));
    let picture = json!({"media_pool_item": words, "media_type": "video"});
    let typed = client.fails("append_to_timeline", json!({"clips": [picture]}));

    let placed = &answer["placed"][0];
    assert_eq!((&json!(1), &json!(106)), (&placed["subtitles"], &placed["start"]["frames"]), "{answer}");
    assert_eq!("refused", again["code"]);
    assert!(again["message"].to_string().contains("already"), "{again}");
    assert_eq!(("invalid_argument", "clips[0].media_type"), (code(&typed), path(&typed)), "{typed}");
}

fn code(failure: &Json) -> &str {
    failure["code"].as_str().unwrap_or_default()
}

fn path(failure: &Json) -> &str {
    failure["path"].as_str().unwrap_or_default()
}
