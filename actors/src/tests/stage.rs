//! A small Resolve for tests of operations: one project, one clip, one timeline, and methods that can be made to lie.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use indexmap::IndexMap;
use resolve_api::wire::MethodCall;
use resolve_api::{Fault, Key, Locator, Value};

use super::scripted::{Reaction, Scripted};

/// Frame at which the timeline starts: 01:00:00:00 at 24 fps.
pub(crate) const START: i64 = 86400;

/// The clip's id. Ids have the form of Resolve's, or they would be taken for names.
pub(crate) const CLIP: &str = "c0000000-0000-0000-0000-000000000001";

/// The folder that is shown.
pub(crate) const MASTER: &str = "f0000000-0000-0000-0000-000000000001";

/// Another folder.
pub(crate) const DAY_1: &str = "f0000000-0000-0000-0000-000000000002";

/// The item that stands on the timeline from the start.
pub(crate) const ITEM: &str = "e0000000-0000-0000-0000-000000000000";

/// The start of every item's id; its number follows.
const ITEMS: &str = "e0000000-0000-0000-0000-";

/// The timeline that is current from the start.
const CUT_1: &str = "a0000000-0000-0000-0000-000000000001";

/// Another timeline; the two share everything but their ids.
pub(crate) const CUT_2: &str = "a0000000-0000-0000-0000-000000000002";

/// An item of the stage's timeline.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    pub(crate) track: (String, i64),
    pub(crate) start: i64,
    pub(crate) duration: i64,
    pub(crate) first: i64,
}

/// What the stage holds. Tests set it up and look at it.
#[derive(Debug, Default)]
pub(crate) struct Stage {
    /// `Class.Method`s that answer success and do nothing.
    pub(crate) lies: HashSet<&'static str>,
    /// Every call that was made, as `Class.Method`.
    pub(crate) calls: Vec<String>,
    pub(crate) page: String,
    /// The page that was open when the last still was taken.
    pub(crate) page_of_still: String,
    pub(crate) project: String,
    pub(crate) projects: Vec<String>,
    pub(crate) settings: IndexMap<String, Value>,
    pub(crate) folder: String,
    pub(crate) imported: Vec<String>,
    pub(crate) timeline: String,
    pub(crate) current: String,
    pub(crate) start_timecode: String,
    pub(crate) playhead: String,
    pub(crate) locked: bool,
    pub(crate) items: Vec<Placed>,
    pub(crate) markers: IndexMap<String, Value>,
    pub(crate) properties: IndexMap<String, Value>,
    pub(crate) lut: String,
    pub(crate) grade: u8,
    pub(crate) codec: String,
    pub(crate) render: IndexMap<String, Value>,
    pub(crate) jobs: Vec<(String, Value, &'static str)>,
}

pub(crate) type Shared = Arc<Mutex<Stage>>;

/// A stage with a clip of 100 frames, of which 48 stand on the timeline, and the hosts that play on it.
pub(crate) fn stage() -> (Shared, Scripted) {
    let setting = |(key, value): (&str, &str)| (key.to_owned(), value.into());
    let settings = [
        ("timelineFrameRate", "24"),
        ("timelineDropFrameTimecode", "0"),
        ("timelineResolutionWidth", "1920"),
        ("timelineResolutionHeight", "1080"),
        ("useCustomSettings", "0"),
    ];
    let stage = Stage {
        page: "edit".into(),
        project: "Film".into(),
        projects: vec!["Film".into(), "Trailer".into()],
        settings: settings.into_iter().map(setting).collect(),
        folder: MASTER.into(),
        timeline: "Cut 1".into(),
        current: CUT_1.into(),
        start_timecode: "01:00:00:00".into(),
        playhead: "01:00:00:10".into(),
        items: vec![Placed { track: ("video".into(), 1), start: START, duration: 48, first: 0 }],
        codec: "H264".into(),
        ..Stage::default()
    };
    let stage = Arc::new(Mutex::new(stage));
    let shared = stage.clone();
    (stage, Scripted::answering(move |call| shared.lock().unwrap().react(call)))
}

fn clip() -> Value {
    Value::object(Locator::MediaPoolItem(Key::Id(CLIP.into())))
}

fn timeline(id: &str) -> Value {
    Value::object(Locator::Timeline(Key::Id(id.into())))
}

fn item(number: usize) -> Value {
    Value::object(Locator::TimelineItem(Key::Id(format!("{ITEMS}{number:012}"))))
}

fn folder(id: &str) -> Value {
    Value::object(Locator::Folder(Key::Id(id.into())))
}

impl Stage {
    fn react(&mut self, call: &MethodCall) -> Reaction {
        let label = call.label();
        self.calls.push(label.clone());
        let lies = self.lies.contains(label.as_str());
        let text =
            |number: usize| call.args.get(number).and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(answer) = self.read(call, &label, &text(0)) {
            return Ok(answer);
        }
        let answer = self.answer_of_write(&label);
        if lies {
            return Ok(answer);
        }
        self.write(call, &label, text)?;
        Ok(if label == "Project.AddRenderJob" {
            self.jobs[self.jobs.len() - 1].0.as_str().into()
        } else {
            answer
        })
    }

    fn answer_of_write(&self, label: &str) -> Value {
        match label {
            "ProjectManager.CreateProject" | "ProjectManager.LoadProject" => Value::object(Locator::Project),
            "MediaPool.ImportMedia" => Value::List(vec![clip()]),
            "MediaPool.CreateEmptyTimeline" => timeline(CUT_1),
            "MediaPool.AppendToTimeline" => Value::List(vec![item(9)]),
            "Project.StopRendering" => Value::Null,
            _ => Value::Bool(true),
        }
    }

    fn read(&self, call: &MethodCall, label: &str, text: &str) -> Option<Value> {
        let placed = || {
            let number: usize = call.on.id()?.strip_prefix(ITEMS)?.parse().ok()?;
            self.items.get(number)
        };
        let setting = || self.settings.get(text).cloned().unwrap_or(Value::Null);
        Some(match label {
            "Resolve.GetCurrentPage" => self.page.as_str().into(),
            "ProjectManager.GetCurrentProject" => Value::object(Locator::Project),
            "ProjectManager.GetProjectListInCurrentFolder" => {
                self.projects.iter().map(|name| name.as_str().into()).collect::<Vec<_>>().into()
            }
            "Project.GetName" => self.project.as_str().into(),
            "Project.GetSetting" | "Timeline.GetSetting" => setting(),
            "Project.GetCurrentTimeline" => timeline(&self.current),
            "Project.GetTimelineCount" => 1.into(),
            "Project.GetTimelineByIndex" => timeline(CUT_1),
            "MediaPool.GetCurrentFolder" => folder(&self.folder),
            "MediaPool.GetRootFolder" => folder(MASTER),
            "Folder.GetClipList" => self.imported.iter().map(|_| clip()).collect::<Vec<_>>().into(),
            "Folder.GetSubFolderList" => Value::List(vec![]),
            "MediaPoolItem.GetClipProperty" if text == "FPS" => Value::Float(24.0),
            "MediaPoolItem.GetClipProperty" if !text.is_empty() => "".into(),
            "MediaPoolItem.GetClipProperty" => Value::map([
                ("Type", "Video".into()),
                ("FPS", Value::Float(24.0)),
                ("Frames", "100".into()),
                ("Start TC", "00:00:00:00".into()),
            ]),
            "Timeline.GetStartFrame" => START.into(),
            "Timeline.GetEndFrame" => {
                self.items.iter().map(|item| item.start + item.duration).max().unwrap_or(START).into()
            }
            "Timeline.GetStartTimecode" => self.start_timecode.as_str().into(),
            "Timeline.GetCurrentTimecode" => self.playhead.as_str().into(),
            "Timeline.GetTrackCount" => i64::from(text != "subtitle").into(),
            "Timeline.GetIsTrackLocked" => self.locked.into(),
            "Timeline.GetMarkers" => Value::Map(self.markers.clone()),
            "Timeline.GetItemListInTrack" => {
                let track = (text.to_owned(), call.args.get(1).and_then(Value::as_int).unwrap_or(0));
                let there = self.items.iter().enumerate().filter(|(_, item)| item.track == track);
                there.map(|(number, _)| item(number)).collect::<Vec<_>>().into()
            }
            "TimelineItem.GetStart" => placed()?.start.into(),
            "TimelineItem.GetDuration" => placed()?.duration.into(),
            "TimelineItem.GetSourceStartTime" => Value::Float(placed()?.first as f64 / 24.0),
            "TimelineItem.GetSourceEndTime" => {
                let placed = placed()?;
                Value::Float((placed.first + placed.duration) as f64 / 24.0)
            }
            "TimelineItem.GetTrackTypeAndIndex" => Value::List(vec!["video".into(), 1.into()]),
            "TimelineItem.GetMediaPoolItem" => clip(),
            "TimelineItem.GetProperties" => Value::Map(self.properties.clone()),
            "Graph.GetNumNodes" => 1.into(),
            "Graph.GetLUT" => self.lut.as_str().into(),
            "Project.GetRenderFormats" => Value::map([("MP4", "mp4".into())]),
            "Project.GetRenderCodecs" => Value::map([("H.264", "H264".into()), ("H.265", "H265".into())]),
            "Project.GetCurrentRenderFormatAndCodec" => {
                Value::map([("format", "mp4".into()), ("codec", self.codec.as_str().into())])
            }
            "Project.GetRenderJobList" => {
                self.jobs.iter().map(|(_, job, _)| job.clone()).collect::<Vec<_>>().into()
            }
            "Project.GetRenderJobStatus" => {
                let (_, _, state) = self.jobs.iter().find(|(id, ..)| id == text)?;
                Value::map([("JobStatus", (*state).into()), ("CompletionPercentage", 50.into())])
            }
            "Project.IsRenderingInProgress" => {
                self.jobs.iter().any(|(.., state)| *state == "Rendering").into()
            }
            "Timeline.GetName" => self.timeline.as_str().into(),
            _ if call.method == "GetName" => call.on.id().unwrap_or("it").into(),
            _ if call.method == "GetUniqueId" => {
                call.on.id().map_or_else(|| call.on.class().to_lowercase(), str::to_owned).into()
            }
            _ if call.method == "GetTrackName" => "Track".into(),
            _ => return None,
        })
    }

    fn write(&mut self, call: &MethodCall, label: &str, text: impl Fn(usize) -> String) -> Result<(), Fault> {
        let entries = || call.args.first().and_then(Value::as_map).cloned().unwrap_or_default();
        match label {
            "Resolve.OpenPage" => self.page = text(0),
            "ProjectManager.CreateProject" | "ProjectManager.LoadProject" => self.project = text(0),
            "Project.SetSetting" | "Timeline.SetSetting" => {
                self.settings.insert(text(0), text(1).into());
            }
            "MediaPool.SetCurrentFolder" => {
                let folder = call.args[0].as_object().and_then(Locator::id).unwrap_or_default();
                self.folder = folder.to_owned();
            }
            "MediaPool.ImportMedia" => {
                let path = call.args[0].as_list().and_then(|paths| paths[0].as_str()).unwrap_or_default();
                if path.contains("corrupt") {
                    let method = label.to_owned();
                    return Err(Fault::Refused { method, reason: Some("it is no media file".into()) });
                }
                self.imported.push(path.to_owned());
            }
            "MediaPool.CreateEmptyTimeline" => {
                self.timeline = text(0);
                self.items.clear();
            }
            "Project.SetCurrentTimeline" => {
                let timeline = call.args[0].as_object().and_then(Locator::id).unwrap_or_default();
                self.current = timeline.to_owned();
            }
            "Timeline.SetStartTimecode" => self.start_timecode = text(0),
            "Timeline.SetCurrentTimecode" => self.playhead = text(0),
            "MediaPool.AppendToTimeline" => {
                for info in call.args[0].as_list().unwrap_or_default() {
                    let number = |key: &str| info.get(key).and_then(Value::as_int);
                    let (first, after) = (number("startFrame").unwrap(), number("endFrame").unwrap());
                    self.items.push(Placed {
                        track: ("video".into(), number("trackIndex").unwrap_or(1)),
                        start: number("recordFrame").unwrap(),
                        duration: after - first,
                        first,
                    });
                }
                self.playhead = "01:00:59:00".into();
            }
            "Timeline.AddMarker" => {
                let keys = ["color", "name", "note", "duration", "customData"];
                let marker = keys.into_iter().zip(call.args[1..].iter().cloned());
                let frame = call.args[0].as_int().unwrap_or(0).to_string();
                self.markers.insert(frame, Value::map(marker));
            }
            "TimelineItem.SetProperties" => self.properties.extend(entries()),
            "TimelineItem.SetCDL" => self.grade += 100,
            "Graph.SetLUT" => self.lut = text(1),
            "Project.ExportCurrentFrameAsStill" => {
                self.page_of_still = self.page.clone();
                let picture = image::RgbImage::from_pixel(16, 9, image::Rgb([self.grade, 0, 0]));
                picture.save(text(0)).unwrap();
            }
            "Project.SetCurrentRenderFormatAndCodec" => self.codec = text(1),
            "Project.SetRenderSettings" => self.render.extend(entries()),
            "Project.AddRenderJob" => self.add_job(),
            "Project.DeleteRenderJob" => self.jobs.retain(|(id, ..)| *id != text(0)),
            "Project.StartRendering" => self.jobs.iter_mut().for_each(|(.., state)| *state = "Rendering"),
            "Project.StopRendering" => self.jobs.iter_mut().for_each(|(.., state)| *state = "Cancelled"),
            _ => {}
        }
        Ok(())
    }

    fn add_job(&mut self) {
        let id = format!("job-{}", self.jobs.len() + 1);
        let setting = |key: &str| self.render.get(key).cloned().unwrap_or(Value::Null);
        let name = setting("CustomName").as_str().unwrap_or_default().to_owned();
        let job = Value::map([
            ("JobId", id.as_str().into()),
            ("TargetDir", setting("TargetDir")),
            ("OutputFilename", format!("{name}.mp4").into()),
            ("TimelineName", self.timeline.as_str().into()),
            ("FormatWidth", setting("FormatWidth")),
            ("FormatHeight", setting("FormatHeight")),
        ]);
        self.jobs.push((id, job, "Ready"));
    }
}
