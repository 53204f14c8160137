//! A finished render as its file shows it: length, picture, sound and light, whatever Resolve said of the job.

use std::path::Path;
use std::process::Stdio;

use resolve_api::{Key, Locator, Value};
use serde_json::Value as Json;
use tokio::process::Command;

use crate::error::CallError;
use crate::limits::RENDER_PROOF_WITHIN;
use crate::render_job::Output;
use crate::session::Session;

/// The engine's module that looks into a file, in a process of its own.
const LOOK: &str = "resolve_engine.media.finished";

/// The largest component of a pixel that counts as black, of 255: codecs leave a little noise on black.
const BLACK: u64 = 12;

/// How much earlier than the picture sound may end, in seconds: codecs count it in blocks of up to 2048 samples, and
/// the last one may be left out.
const SOUND_SLACK: f64 = 0.1;

/// What a look into the file came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Proof {
    /// The file is as the job wanted it; what was compared.
    Right(Vec<(&'static str, Value)>),
    /// It is not.
    Wrong(Wrong),
    /// It could not be looked into.
    Unseen(String),
}

/// What is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// A word for it that does not change.
    pub(crate) code: &'static str,
    /// What was seen, as the rest of a sentence about the file.
    pub(crate) why: String,
}

/// What a job wanted, as far as it says so.
#[derive(Debug, Clone, Default, PartialEq)]
struct Wanted {
    picture: bool,
    sound: bool,
    frames: Option<i64>,
    size: Option<(i64, i64)>,
}

impl Session {
    /// Looks into the file of a finished job.
    ///
    /// # Errors
    /// What keeps the job's timeline from being asked for its rate.
    pub(crate) async fn prove_render(&self, job: &Value, output: &Output) -> Result<Proof, CallError> {
        let Some(python) = self.prober() else {
            let why =
                "no Python with the engine's packages is named (--python), so the file was not looked into";
            return Ok(Proof::Unseen(why.to_owned()));
        };
        let wanted = self.wanted_of(job, output).await?;
        self.release().await;
        Ok(match look(python, &output.path).await {
            Ok(found) => match judge(&wanted, &found) {
                Ok(seen) => Proof::Right(seen),
                Err(wrong) => Proof::Wrong(wrong),
            },
            Err(why) => Proof::Unseen(why),
        })
    }

    async fn wanted_of(&self, job: &Value, output: &Output) -> Result<Wanted, CallError> {
        let number = |key: &str| job.get(key).and_then(Value::as_int);
        let picture = job.get("IsExportVideo").and_then(Value::as_bool).unwrap_or(true);
        // A job says which codec its sound has where there is any; a sequence of pictures has none.
        let codec = job.get("AudioCodec").and_then(Value::as_str).unwrap_or_default();
        let told = job.get("IsExportAudio").and_then(Value::as_bool).unwrap_or(false);
        let sound = told && !codec.is_empty() && output.files == 1;
        let size = number("FormatWidth").zip(number("FormatHeight")).filter(|_| picture);
        let marks = number("MarkIn").zip(number("MarkOut")).filter(|_| picture && output.files == 1);
        let frames = match marks {
            // Frames of the file are those of the timeline only where both have one rate.
            Some((first, last)) if self.has_its_rate(job).await? => Some(last - first + 1),
            _ => None,
        };
        Ok(Wanted { picture, sound, frames, size })
    }

    async fn has_its_rate(&self, job: &Value) -> Result<bool, CallError> {
        let (Some(rate), Some(name)) =
            (job.get("FrameRate"), job.get("TimelineName").and_then(Value::as_str))
        else {
            return Ok(false);
        };
        let timeline = Locator::Timeline(Key::Name(name.to_owned()));
        match self.ask(timeline, "GetSetting", vec!["timelineFrameRate".into()]).await {
            Ok(of_timeline) => Ok(crate::verify::same(rate, &of_timeline)),
            // It has been renamed or deleted since, or there are two of that name.
            Err(CallError::Fault(_)) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// What the file holds.
async fn look(python: &Path, file: &Path) -> Result<Json, String> {
    let mut command = Command::new(python);
    command.args(["-m", LOOK]).arg(file).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = match tokio::time::timeout(RENDER_PROOF_WITHIN, command.output()).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(format!("the file could not be looked into: {error}")),
        Err(_) => {
            let seconds = RENDER_PROOF_WITHIN.as_secs();
            return Err(format!("looking into the file took longer than {seconds} s"));
        }
    };
    serde_json::from_slice(&output.stdout)
        .map_err(|_| format!("the file could not be looked into: the process ended with {}", output.status))
}

fn wrong<T>(code: &'static str, why: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { code, why: why.into() })
}

/// What the file has, or the first thing that is wrong with it.
fn judge(wanted: &Wanted, found: &Json) -> Result<Vec<(&'static str, Value)>, Wrong> {
    if let Some(error) = found["error"].as_str() {
        return wrong("unreadable", format!("the file cannot be read: {error}"));
    }
    let number = |value: &Json| value.as_i64();
    let video = &found["video"];
    if wanted.picture && video.is_null() {
        return wrong("no_picture", "the file has no picture");
    }
    let frames = number(&video["frames"]);
    if let (Some(wanted), Some(frames)) = (wanted.frames, frames)
        && wanted != frames
    {
        return wrong("frame_count", format!("the file has {frames} frames instead of {wanted}"));
    }
    let size = number(&video["width"]).zip(number(&video["height"]));
    if let (Some(wanted), Some(size)) = (wanted.size, size)
        && wanted != size
    {
        let ((width, height), (is_width, is_height)) = (wanted, size);
        let why = format!("the picture has {is_width} × {is_height} pixels instead of {width} × {height}");
        return wrong("frame_size", why);
    }
    let length = frames.zip(video["rate"].as_f64()).map(|(frames, rate)| frames as f64 / rate);
    let sound: Vec<f64> = found["audio"].as_array().into_iter().flatten().filter_map(Json::as_f64).collect();
    if wanted.sound && sound.is_empty() {
        return wrong("no_sound", "the file has no sound");
    }
    if let Some(length) = length
        && let Some(short) = sound.iter().find(|seconds| **seconds + SOUND_SLACK < length)
    {
        let why = format!("its sound ends after {short:.2} s, and its picture after {length:.2} s");
        return wrong("sound_short", why);
    }
    if let Some(brightest) = found["brightest"].as_u64().filter(|_| wanted.picture)
        && brightest <= BLACK
    {
        let looks = found["looked_at"].as_u64().unwrap_or_default();
        let why = format!("each of the {looks} frames that were looked at, from first to last, is black");
        return wrong("black", why);
    }
    let mut seen = vec![("sound_streams", Value::Int(sound.len() as i64))];
    seen.extend(frames.map(|frames| ("frames", Value::Int(frames))));
    seen.extend(length.map(|length| ("seconds", Value::Float(length))));
    Ok(seen)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Each way in which a file was seen to be wrong although its job was complete: `render.audio-short`,
    /// `render.complete-no-file` and black or cut off pictures.
    #[test]
    fn a_file_that_is_not_what_was_wanted_is_found() {
        let wanted = Wanted { picture: true, sound: true, frames: Some(48), size: Some((320, 180)) };
        let video = json!({"frames": 48, "rate": 24.0, "width": 320, "height": 180});
        let file = |change: Json| {
            let mut found = json!({"video": video, "audio": [2.0], "brightest": 200, "looked_at": 9});
            for (key, value) in change.as_object().unwrap() {
                found[key] = value.clone();
            }
            judge(&wanted, &found)
        };
        let right = file(json!({}));
        assert!(right.is_ok_and(|seen| seen.contains(&("frames", 48.into()))));
        let short = json!({"frames": 47, "rate": 24.0, "width": 320, "height": 180});
        let large = json!({"frames": 48, "rate": 24.0, "width": 640, "height": 360});
        for (change, code, word) in [
            (json!({"error": "it is damaged"}), "unreadable", "damaged"),
            (json!({"video": null}), "no_picture", "no picture"),
            (json!({ "video": short }), "frame_count", "47 frames instead of 48"),
            (json!({ "video": large }), "frame_size", "640 × 360"),
            (json!({"audio": []}), "no_sound", "no sound"),
            (json!({"audio": [2.0, 1.5]}), "sound_short", "sound ends after 1.50 s"),
            (json!({"brightest": 3}), "black", "black"),
        ] {
            let wrong = file(change).expect_err(code);
            assert_eq!(code, wrong.code);
            assert!(wrong.why.contains(word), "{code}: {}", wrong.why);
        }
        let sound_only = Wanted { sound: true, ..Wanted::default() };
        assert!(judge(&sound_only, &json!({"video": null, "audio": [2.0]})).is_ok());
    }
}
