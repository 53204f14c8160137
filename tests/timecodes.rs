//! Times as replies give them, against OpenTimelineIO's opentime and the package `timecode`, at every rate of Resolve.

use std::io::Write;
use std::process::{Command, Stdio};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use resolve_api::position::{Clock, Position};
use resolve_api::rate::Rate;
use serde_json::json;

use crate::client::{python, root};

/// Each rate by its usual name, exactly, and whether it drops frames.
const RATES: [(&str, u32, u32, bool); 11] = [
    ("23.976", 24_000, 1_001, false),
    ("24", 24, 1, false),
    ("25", 25, 1, false),
    ("29.97", 30_000, 1_001, false),
    ("29.97", 30_000, 1_001, true),
    ("30", 30, 1, false),
    ("50", 50, 1, false),
    ("59.94", 60_000, 1_001, false),
    ("59.94", 60_000, 1_001, true),
    ("60", 60, 1, false),
    ("48", 48, 1, false),
];

/// Moments that are compared. The first seconds and minutes are drawn as often as the whole day: there numbers drop.
const CASES: usize = 5_000;

fn clock((_, num, den, drop): (&str, u32, u32, bool), start: i64) -> Clock {
    let rate =
        Rate::new(num, den).and_then(|rate| rate.with_drop_frame(drop).ok()).expect("a rate of Resolve");
    Clock { rate, start, origin: "timeline start".to_owned() }
}

/// A frame that is told as another is a cut in the wrong place. Frames, timecode and seconds of a reply are one moment,
/// any of them leads back to it as an argument, and two independent libraries see the same one.
#[test]
fn times_are_those_of_opentime_and_of_timecode() {
    let mut runner = TestRunner::deterministic();
    let frames = || proptest::prop_oneof![0..200_i64, 0..40_000_i64, 0..1_000_000_i64];
    let moments = (0..RATES.len(), frames(), frames());
    let mut lines = String::new();
    for _ in 0..CASES {
        let (rate, start, frames) = moments.new_tree(&mut runner).expect("a moment").current();
        let (name, num, den, drop) = RATES[rate];
        let clock = clock(RATES[rate], start);

        let time = clock.time(frames);

        assert_eq!(
            (frames, Some(frames)),
            (time.frames, clock.frames(&Position::Timecode(time.timecode.clone())).ok())
        );
        let seconds = Position::from_text(&format!("{:.9}s", time.seconds)).expect("seconds");
        assert_eq!(Ok(frames), clock.frames(&seconds), "{time:?}");
        let case = json!({
            "rate": name, "num": num, "den": den, "drop": drop, "start": start, "frames": frames,
            "timecode": time.timecode, "seconds": time.seconds,
        });
        lines += &format!("{case}\n");
    }

    let mut child = Command::new(python())
        .arg(root().join("tests/timecodes.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the Python of the virtual environment runs");
    let mut input = child.stdin.take().expect("a pipe");
    // It may write while it still reads.
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("the thread ends").expect("it reads");
    assert!(output.status.success());
    assert_eq!(format!("compared {CASES}\n"), String::from_utf8_lossy(&output.stdout));
}
