//! What an agent gets wrong: a clear error each time, nothing lost, and the server alive.

use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use crate::client::{Client, Start};
use crate::media::{film, wav};

/// A server with a project, a timeline of 24 fps, and one film of 48 frames in the media pool.
struct Cutting {
    client: Client,
    film: String,
}

impl Cutting {
    fn start() -> Self {
        let mut client = Start::engine().initialized();
        client.call("create_project", json!({"name": "Wrong", "frame_rate": 24}));
        let path = film(&client.home().join("film.mp4"), 48);
        let imported = client.call("import_media", json!({"paths": [path]}));
        client.call("create_timeline", json!({"name": "Cut 1"}));
        Self { client, film: id_of(&imported["imported"][0]) }
    }

    /// A clip of the film for `append_to_timeline`, with what is wrong about it.
    fn append(&mut self, more: Json) -> Json {
        let mut clip = json!({"media_pool_item": self.film});
        let entries = clip.as_object_mut().expect("an object");
        entries.extend(more.as_object().expect("an object").clone());
        json!({"clips": [clip]})
    }

    /// How many items the timeline has.
    fn items(&mut self) -> usize {
        let timeline = self.client.call("timeline_read", json!({}));
        timeline["items"].as_array().expect("items").len()
    }
}

fn id_of(object: &Json) -> String {
    object["id"].as_str().unwrap_or_else(|| panic!("no id: {object}")).to_owned()
}

/// Checks the code and the path of a failure, and returns it.
fn expect(failure: Json, code: &str, path: &str) -> Json {
    assert_eq!(
        (code, path),
        (failure["code"].as_str().unwrap(), failure["path"].as_str().unwrap_or("")),
        "{failure}"
    );
    failure
}

/// The path names the argument, and the nearest valid name stands beside it: enough to correct oneself.
#[test]
fn a_missing_or_mistyped_argument_is_named() {
    let mut client = Start::engine().initialized();

    expect(client.fails("create_project", json!({})), "invalid_argument", "name");
    expect(client.fails("create_project", json!({"name": 7})), "invalid_argument", "name");
    expect(client.fails("create_project", json!({"name": "A", "width": 1.5})), "invalid_argument", "width");
    expect(client.fails("create_project", json!({"name": "A", "height": 4})), "invalid_argument", "height");
    expect(client.fails("switch_page", json!({"page": "colour"})), "invalid_argument", "page");
    let failure = expect(
        client.fails("create_project", json!({"name": "A", "framerate": 24})),
        "invalid_argument",
        "framerate",
    );
    assert_eq!("frame_rate", failure["candidates"][0]);
    let clips = json!({"clips": [{"media_pool_item": "x"}, {"media_pool_itm": "x"}]});
    expect(client.fails("append_to_timeline", clips), "invalid_argument", "clips[1].media_pool_itm");

    client.call("create_project", json!({"name": "A"}));
}

/// The project that is open stays open.
#[test]
fn an_unknown_project_is_answered_with_the_nearest() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Feature"}));
    client.call("create_project", json!({"name": "Other"}));

    let failure = client.fails("open_project", json!({"name": "Featur"}));
    assert_eq!("name", failure["path"], "{failure}");
    assert_eq!("Feature", failure["candidates"][0], "{failure}");
    let failure = client.fails("create_project", json!({"name": "Feature"}));
    assert!(failure["hint"].as_str().unwrap().contains("open_project"), "{failure}");
    assert_eq!("Other", client.call("project_read", json!({}))["project"]["name"]);
}

/// A path that leads nowhere is told with the one that was meant, and neither the file nor its folder is made.
#[test]
fn a_path_that_leads_nowhere_is_answered_with_the_nearest() {
    let mut client = Start::engine().initialized();
    client.call("create_project", json!({"name": "Feature"}));
    let here = client.home().to_owned();
    let api = |method: &str, args: Json| json!({"method": method, "args": args});
    let there = here.join("Feature_v2.drp");
    client.call("api_call", api("ProjectManager.ExportProject", json!(["Feature", there])));

    let wanted = json!([here.join("Feature v2.drp")]);
    let failure = client.fails("api_call", api("ProjectManager.ImportProject", wanted));
    let failure = expect(failure, "invalid_argument", "args.filePath");
    assert_eq!(json!([there]), failure["candidates"], "{failure}");

    let nowhere = json!(["Feature", here.join("new").join("Feature.drp")]);
    let failure = client.fails("api_call", api("ProjectManager.ExportProject", nowhere));
    expect(failure, "invalid_argument", "args.filePath");
    assert!(!here.join("new").exists());
}

/// A file that is not there, is empty, is damaged or is something else: each says which it is.
#[test]
fn media_that_cannot_be_read_are_refused_one_by_one() {
    let mut cutting = Cutting::start();
    let home = cutting.client.home().to_owned();
    let write = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = home.join(name);
        std::fs::write(&path, bytes).expect("the temporary folder is writable");
        path
    };
    let whole = std::fs::read(home.join("film.mp4")).expect("the film");
    let missing = home.join("missing.mov");
    let empty = write("empty.mov", b"");
    let text = write("text.mov", b"this is no film");
    let cut_off = write("cut_off.mp4", &whole[..whole.len() / 3]);

    for path in [&missing, &empty, &text, &cut_off] {
        let failure = expect(
            cutting.client.fails("import_media", json!({"paths": [path]})),
            "invalid_argument",
            "paths[0]",
        );
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(failure["message"].as_str().unwrap().contains(name), "{failure}");
    }
    let failure = cutting.client.fails("import_media", json!({"paths": ["film.mp4"]}));
    expect(failure, "invalid_argument", "paths[0]");

    let good = wav(&home.join("good.wav"), 1);
    let answer = cutting.client.call("import_media", json!({"paths": [empty, good, missing]}));
    assert_eq!(1, answer["imported"].as_array().unwrap().len(), "{answer}");
    assert_eq!(2, answer["failed"].as_array().unwrap().len(), "{answer}");
}

/// Names as people give them. Each comes back as it is, from the file to the answer.
#[test]
fn a_file_may_be_called_anything() {
    let mut cutting = Cutting::start();
    let home = cutting.client.home().to_owned();
    for name in [
        "two words.wav",
        "it's \"quoted\".wav",
        "new\nline.wav",
        "tab\tand\\backslash.wav",
        "Ünïcödé 日本語 العربية.wav",
        "🎬 percent %04d {brace} [bracket] $HOME `x`.wav",
        "-dash first.wav",
    ] {
        let path = wav(&home.join(name), 1);
        let answer = cutting.client.call("import_media", json!({"paths": [path]}));
        let clip = id_of(&answer["imported"][0]);
        let call = json!({"method": "MediaPoolItem.GetClipProperty", "on": clip, "args": ["File Path"]});
        assert_eq!(path.to_str().unwrap(), cutting.client.call("api_call", call)["value"], "{name:?}");
    }
}

/// A range outside the clip, reversed or empty never reaches Resolve, which would cut it short in silence.
#[test]
fn a_frame_outside_the_clip_is_refused() {
    let mut cutting = Cutting::start();
    for (range, path) in [
        (json!({"start": 10, "end": 49}), "clips[0].end"),
        (json!({"start": 48}), "clips[0].start"),
        (json!({"start": -1}), "clips[0].start"),
        (json!({"start": 20, "end": 20}), "clips[0].end"),
        (json!({"start": 20, "end": 10}), "clips[0].end"),
        (json!({"start": "soon"}), "clips[0].start"),
        (json!({"track": 5}), "clips[0].track"),
        (json!({"track": 0}), "clips[0].track"),
    ] {
        let arguments = cutting.append(range.clone());
        let failure = cutting.client.fails("append_to_timeline", arguments);
        assert_eq!(
            ("invalid_argument", path),
            (failure["code"].as_str().unwrap(), failure["path"].as_str().unwrap()),
            "{range}: {failure}"
        );
    }
    assert_eq!(0, cutting.items(), "nothing was placed");
    let arguments = cutting.append(json!({"start": 0, "end": 48}));
    cutting.client.call("append_to_timeline", arguments);
}

/// Nothing is ever overwritten: an overlap is refused before anything is placed, the good clip beside it too.
#[test]
fn an_overlapping_append_is_refused_whole() {
    let mut cutting = Cutting::start();
    let arguments = cutting.append(json!({"start": 0, "end": 24}));
    cutting.client.call("append_to_timeline", arguments);
    let before = cutting.items();

    let film = cutting.film.clone();
    let clips = json!({"clips": [
        {"media_pool_item": film, "start": 0, "end": 12, "record_frame": 100},
        {"media_pool_item": film, "start": 0, "end": 12, "record_frame": 12}
    ]});
    let failure = cutting.client.fails("append_to_timeline", clips);
    assert_eq!("invalid_argument", failure["code"], "{failure}");
    assert!(failure["path"].as_str().unwrap().starts_with("clips[1]"), "{failure}");
    assert_eq!(before, cutting.items());
}

/// A clip that does not exist by its id, and none of that name; what is there stands beside it.
#[test]
fn an_unknown_object_is_not_found() {
    let mut cutting = Cutting::start();
    let nobody = "00000000-0000-4000-8000-000000000000";

    for clip in [nobody, "flim.mp4"] {
        let arguments = json!({"clips": [{"media_pool_item": clip}]});
        assert_eq!("not_found", cutting.client.fails("append_to_timeline", arguments)["code"]);
    }
    let marker = json!({"position": 1, "color": "Blue", "timeline": "Cut 2"});
    let failure = cutting.client.fails("add_marker", marker);
    assert_eq!("not_found", failure["code"]);
    assert_eq!("Cut 1", failure["candidates"][0], "{failure}");
    let call = json!({"method": "Timeline.GetName", "on": nobody});
    assert_eq!("not_found", cutting.client.fails("api_call", call)["code"]);
}

/// A folder that is not writable. The tests may run as root, who may write anywhere: a folder below a file is none.
#[test]
fn a_render_to_a_folder_that_is_not_writable_is_refused() {
    let mut cutting = Cutting::start();
    let arguments = cutting.append(json!({}));
    cutting.client.call("append_to_timeline", arguments);
    let below_a_file = cutting.client.home().join("film.mp4").join("out");
    let render = |directory: &Path, format: &str| json!({"directory": directory, "file_name": "out", "format": format, "codec": "H264", "width": 320, "height": 180});

    for directory in [below_a_file.as_path(), Path::new("/proc/nowhere")] {
        let failure = cutting.client.fails("queue_render", render(directory, "mp4"));
        assert_eq!(
            ("invalid_argument", "directory"),
            (failure["code"].as_str().unwrap(), failure["path"].as_str().unwrap()),
            "{failure}"
        );
    }
    let home = cutting.client.home().to_owned();
    let failure = cutting.client.fails("queue_render", render(&home, "mp5"));
    assert_eq!("format", failure["path"], "{failure}");
    let queued = cutting.client.call("queue_render", render(&home, "mp4"));
    assert!(queued["job"].is_string() || queued["job"].is_object(), "{queued}");
}

/// A marker beyond the end is stored by Resolve where nobody ever sees it.
#[test]
fn a_marker_outside_the_timeline_is_refused() {
    let mut cutting = Cutting::start();
    let arguments = cutting.append(json!({}));
    cutting.client.call("append_to_timeline", arguments);

    for (position, path) in
        [(json!(4800), "position"), (json!("00:00:00:00"), "position"), (json!(-1), "position")]
    {
        let failure = cutting.client.fails("add_marker", json!({"position": position, "color": "Blue"}));
        assert_eq!(
            ("invalid_argument", path),
            (failure["code"].as_str().unwrap(), failure["path"].as_str().unwrap()),
            "{failure}"
        );
    }
    let failure = cutting.client.fails("add_marker", json!({"position": 1, "color": "Grün"}));
    assert_eq!("color", failure["path"], "{failure}");
    cutting.client.call("add_marker", json!({"position": 1, "color": "Green"}));
}
