//! What is seen of a timeline, a folder and the render queue for a revision, and whether it is still so.

use indexmap::IndexMap;
use resolve_api::wire::MethodCall;
use resolve_api::{Key, Locator, Value};

use super::{Revision, Seen, Subject};
use crate::arguments::invalid_with;
use crate::error::CallError;
use crate::item::Item;
use crate::limits::BESIDE;
use crate::listing::Listed;
use crate::render_job;
use crate::session::Session;
use crate::timeline_survey::Survey;
use crate::track::Tracks;

/// Settings of a render job that its progress does not change.
const OF_A_JOB: [&str; 11] = [
    "TimelineName",
    "TargetDir",
    "OutputFilename",
    "FormatWidth",
    "FormatHeight",
    "FrameRate",
    "MarkIn",
    "MarkOut",
    "VideoFormat",
    "VideoCodec",
    "AudioCodec",
];

/// The methods that answer the whole render queue.
const QUEUE_READERS: [&str; 2] = ["Project.GetRenderJobList", "Project.GetRenderJobs"];

impl Seen {
    /// What a timeline says of itself, its tracks, and its markers.
    pub(crate) fn timeline(survey: &Survey, tracks: &Tracks) -> Self {
        let mut seen = Self::of(Subject::Timeline(survey.timeline.id().unwrap_or_default().to_owned()));
        let mut about = survey.about();
        // These are known by the id.
        about.shift_remove("id");
        seen.note("the timeline", text(&Value::Map(about)));
        for track in &tracks.described {
            let told = |key: &str| track.get(key).map(text).unwrap_or_default();
            let part = format!("{} track {}", told("type"), told("index"));
            // Whether it is enabled and locked is only known of the timeline that is shown: who shows another changes nothing.
            seen.note(part, format!("{} with {} items", told("name"), told("items")));
        }
        for (frame, marker) in &survey.markers {
            seen.note(format!("marker {frame}"), text(marker));
        }
        seen
    }

    /// The same with all of its items; `start` is the first frame of the timeline, absolute.
    pub(crate) fn with_items(mut self, items: &[Item], start: i64) -> Self {
        if let Subject::Timeline(id) = self.subject {
            self.subject = Subject::Items(id);
        }
        for item in items {
            let (from, to) = (item.start - start, item.end() - start);
            self.note(
                format!("item {}", item.id()),
                format!("{} {}, {from} to {to}", item.track_type, item.track),
            );
        }
        self
    }

    /// A folder: its name, its first folders by id and name, and how many folders and clips it has.
    pub(crate) fn folder(
        about: &IndexMap<String, Value>,
        below: &[Value],
        folders: usize,
        clips: usize,
    ) -> Self {
        let told = |entry: &IndexMap<String, Value>, key: &str| {
            entry.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        let mut seen = Self::of(Subject::Folder(told(about, "id")));
        seen.note("the folder", told(about, "name"));
        seen.note("the number of folders", folders.to_string());
        seen.note("the number of clips", clips.to_string());
        for folder in below.iter().filter_map(Value::as_map) {
            seen.note(format!("folder {}", told(folder, "id")), told(folder, "name"));
        }
        seen
    }

    /// The same with all of its clips, by id and name.
    pub(crate) fn with_clips<'a>(mut self, clips: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        if let Subject::Folder(id) = self.subject {
            self.subject = Subject::Clips(id);
        }
        for (id, name) in clips {
            self.note(format!("clip {id}"), name);
        }
        self
    }

    /// What the answer of a method shows whole; nothing for most.
    pub(crate) fn in_answer(label: &str, answer: &Value) -> Option<Self> {
        let jobs = answer.as_list().filter(|_| QUEUE_READERS.contains(&label))?;
        Some(Self::queue(&render_job::by_id(jobs)))
    }

    /// The render queue, of its jobs by id.
    pub(crate) fn queue(jobs: &IndexMap<String, Value>) -> Self {
        let mut seen = Self::of(Subject::Queue);
        for (id, job) in jobs {
            let told: Vec<String> = OF_A_JOB.iter().filter_map(|key| job.get(key)).map(text).collect();
            seen.note(format!("job {id}"), told.join(", "));
        }
        seen
    }
}

impl Session {
    /// Remembers what was seen, and gives its revision as a reply has it.
    pub(crate) fn revision_of(&self, seen: Seen) -> Value {
        self.revisions().remember(seen).to_string().into()
    }

    /// Refuses what is based on a revision that is not the present one any more.
    ///
    /// # Errors
    /// [`CallError::Changed`] with what is other now; [`CallError::InvalidArgument`] for text that is no revision; those of
    /// the calls that look.
    pub(crate) async fn require_unchanged(&self, based_on: Option<&str>) -> Result<(), CallError> {
        let Some(text) = based_on else { return Ok(()) };
        let Ok(revision) = text.parse::<Revision>() else {
            let hint = "pass the revision of an earlier answer as it is, or leave based_on out";
            return Err(invalid_with("based_on", format!("'{text}' is no revision"), hint));
        };
        let now = self.look_at(&revision.subject).await?;
        let present = now.revision();
        if present == revision {
            return Ok(());
        }
        let before = self.revisions().seen(&revision);
        let differences = before.map(|before| before.differences(&now)).unwrap_or_default();
        self.revisions().remember(now);
        Err(CallError::Changed { revision: text.to_owned(), present: present.to_string(), differences })
    }

    async fn look_at(&self, subject: &Subject) -> Result<Seen, CallError> {
        match subject {
            Subject::Timeline(id) | Subject::Items(id) => {
                let survey = self.survey(&Locator::Timeline(Key::Id(id.clone())), true).await?;
                let tracks = self.tracks(&survey).await?;
                let seen = Seen::timeline(&survey, &tracks);
                if matches!(subject, Subject::Timeline(_)) {
                    return Ok(seen);
                }
                let items = self.items(&survey.timeline, &tracks.parts(0..tracks.total())).await?;
                Ok(seen.with_items(&items, survey.clock.start))
            }
            Subject::Folder(id) | Subject::Clips(id) => {
                let folder = Locator::Folder(Key::Id(id.clone()));
                let about = self.id_and_name(&folder).await?;
                let folders = self.objects(&folder, "GetSubFolderList", []).await?;
                let mut below = Vec::new();
                for folder in folders.iter().take(BESIDE) {
                    below.push(Value::Map(self.id_and_name(folder).await?));
                }
                let list = MethodCall::new(folder, "GetClipList", []);
                let total = self.lengths(vec![list.clone()]).await?[0];
                let seen = Seen::folder(&about, &below, folders.len(), total);
                if matches!(subject, Subject::Folder(_)) {
                    return Ok(seen);
                }
                let lists = [Listed { by: list, part: 0..total }];
                let columns = self.columns(&lists, "MediaPoolItem", &["GetUniqueId", "GetName"]).await?;
                let mut columns = columns.into_iter().flatten().map(Option::unwrap_or_default);
                let (ids, names) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
                let words = |values: &[Value]| -> Vec<String> {
                    values.iter().map(|value| value.as_str().unwrap_or_default().to_owned()).collect()
                };
                let (ids, names) = (words(&ids), words(&names));
                Ok(seen.with_clips(ids.iter().map(String::as_str).zip(names.iter().map(String::as_str))))
            }
            Subject::Queue => Ok(Seen::queue(&self.render_jobs().await?)),
        }
    }
}

/// A value in a few words.
fn text(value: &Value) -> String {
    match value {
        Value::Str(text) => text.clone(),
        // A value is made of what JSON has.
        other => serde_json::to_string(other).unwrap_or_default(),
    }
}
