//! A render job as Resolve reports it, and what it means.

use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use resolve_api::{Locator, Value};

use crate::arguments::invalid_among;
use crate::error::CallError;
use crate::limits::CANDIDATES;
use crate::session::Session;

/// What only the status of a job that renders has.
const TIME_LEFT: &str = "EstimatedTimeRemainingInMs";

/// What a job is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It waits to be started, or for its turn.
    Queued,
    /// It is being rendered.
    Rendering,
    /// Its file is there.
    Complete,
    /// It ended without its file.
    Failed,
    /// It was stopped.
    Cancelled,
}

impl State {
    /// The word for it in an answer.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Rendering => "rendering",
            Self::Complete => "complete",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more will happen to it by itself.
    pub(crate) fn is_final(self) -> bool {
        matches!(self, Self::Complete | Self::Failed | Self::Cancelled)
    }

    /// Reads Resolve's word. `None` for one that is not known: it is in the language of Resolve's window.
    fn read(word: &str) -> Option<Self> {
        match word {
            "Rendering" => Some(Self::Rendering),
            "Complete" => Some(Self::Complete),
            "Failed" => Some(Self::Failed),
            word if word.ends_with("Cancelled") => Some(Self::Cancelled),
            word if word.starts_with("Ready") => Some(Self::Queued),
            _ => None,
        }
    }

    /// The state that the numbers of a status tell, in whatever language its word is; `rendering` where any job is being
    /// rendered.
    fn told_by(status: &IndexMap<String, Value>, rendering: bool) -> Self {
        let percent = status.get("CompletionPercentage").and_then(Value::as_f64).unwrap_or(0.0);
        let has =
            |key: &str| status.get(key).is_some_and(|value| *value != Value::Null && *value != "".into());
        // In this order: a job that failed may have come to any percentage.
        match percent {
            _ if has("Error") => Self::Failed,
            _ if has("TimeTakenToRenderInMs") || percent >= 100.0 => Self::Complete,
            _ if rendering && (has(TIME_LEFT) || percent > 0.0) => Self::Rendering,
            percent if percent > 0.0 => Self::Cancelled,
            _ => Self::Queued,
        }
    }
}

/// The status of a job.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    /// What it is doing.
    pub(crate) state: State,
    /// Resolve's word for it.
    pub(crate) word: String,
    /// How much of it is done, 0 to 100.
    pub(crate) percent: f64,
    /// Seconds to go, as Resolve guesses while it renders.
    pub(crate) eta_s: Option<f64>,
    /// Seconds that it took.
    pub(crate) took_s: Option<f64>,
    /// Why it failed.
    pub(crate) error: Option<String>,
}

/// What a job has put on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    /// The file, or the first file of a sequence.
    pub(crate) path: PathBuf,
    /// How many files.
    pub(crate) files: usize,
    /// Their size in bytes together.
    pub(crate) bytes: u64,
}

impl Session {
    /// Every job of the queue by its id, with its settings.
    pub(crate) async fn render_jobs(&self) -> Result<IndexMap<String, Value>, CallError> {
        Ok(by_id(&self.list(&Locator::Project, "GetRenderJobList", []).await?))
    }

    /// The settings of a job; an error that lists the others when there is none of that id.
    pub(crate) async fn render_job(&self, path: &str, id: &str) -> Result<Value, CallError> {
        let mut jobs = self.render_jobs().await?;
        jobs.swap_remove(id).ok_or_else(|| {
            let others = jobs.keys().map(String::as_str).take(CANDIDATES);
            invalid_among(path, format!("there is no render job '{id}'"), others)
        })
    }

    /// Whether another job of the queue has a time that is left.
    async fn another_renders(&self, id: &str) -> Result<bool, CallError> {
        for other in self.render_jobs().await?.keys().filter(|other| *other != id) {
            let status = self.map(&Locator::Project, "GetRenderJobStatus", [other.as_str().into()]).await?;
            if status.contains_key(TIME_LEFT) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a job is doing.
    pub(crate) async fn render_report(&self, id: &str) -> Result<Report, CallError> {
        let status = self.map(&Locator::Project, "GetRenderJobStatus", [id.into()]).await?;
        let word = status.get("JobStatus").and_then(Value::as_str).unwrap_or_default().to_owned();
        let seconds = |key: &str| status.get(key).and_then(Value::as_f64).map(|ms| ms / 1000.0);
        let state = match State::read(&word) {
            Some(state) => state,
            None => {
                let rendering = self.bool(&Locator::Project, "IsRenderingInProgress", []).await?;
                match State::told_by(&status, rendering) {
                    // One job renders at a time, and that one has a time that is left.
                    State::Rendering
                        if !status.contains_key(TIME_LEFT) && self.another_renders(id).await? =>
                    {
                        State::Cancelled
                    }
                    told => told,
                }
            }
        };
        Ok(Report {
            state,
            word,
            percent: status.get("CompletionPercentage").and_then(Value::as_f64).unwrap_or(0.0),
            eta_s: seconds(TIME_LEFT),
            took_s: seconds("TimeTakenToRenderInMs"),
            error: status.get("Error").and_then(Value::as_str).map(str::to_owned),
        })
    }
}

/// Jobs as the queue lists them, by their id.
pub(crate) fn by_id(jobs: &[Value]) -> IndexMap<String, Value> {
    let with_id = |job: &Value| Some((job.get("JobId")?.as_str()?.to_owned(), job.clone()));
    jobs.iter().filter_map(with_id).collect()
}

/// Looks for what a job has put on disk. Resolve adds frame numbers to the name of a sequence or of a single frame.
pub(crate) fn output(job: &Value) -> Option<Output> {
    let text = |key: &str| job.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let (folder, name) = (Path::new(text("TargetDir")?), text("OutputFilename")?);
    let exact = folder.join(name);
    if let Ok(metadata) = std::fs::metadata(&exact) {
        let found = Output { path: exact, files: 1, bytes: metadata.len() };
        return Some(found).filter(|found| found.bytes > 0);
    }
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    // A sequence may be named with its range: a_[0001-0024].png.
    let stem = stem.split_once('[').map_or(stem, |(stem, _)| stem);
    let mut paths: Vec<(PathBuf, u64)> = std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            name.strip_prefix(stem).is_some_and(|rest| is_numbered(rest, extension))
        })
        .filter_map(|entry| Some((entry.path(), entry.metadata().ok()?.len())))
        .collect();
    paths.sort();
    let bytes = paths.iter().map(|(_, bytes)| bytes).sum();
    let (path, _) = paths.first()?.clone();
    Some(Output { path, files: paths.len(), bytes }).filter(|found| found.bytes > 0)
}

/// Whether the rest of a file name is a frame number and the extension.
fn is_numbered(rest: &str, extension: &str) -> bool {
    let number = match rest.rsplit_once('.') {
        Some((number, ending)) if ending == extension => number,
        _ => return false,
    };
    let number = number.trim_start_matches(['_', '-', '.']);
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every word that the builds are known to use, and one that none is.
    #[test]
    fn resolves_words_become_five_states() {
        for (word, state) in [
            ("Ready", State::Queued),
            ("Ready for background render", State::Queued),
            ("Ready to remotely render", State::Queued),
            ("Rendering", State::Rendering),
            ("Complete", State::Complete),
            ("Failed", State::Failed),
            ("Cancelled", State::Cancelled),
            ("Background Render Cancelled", State::Cancelled),
        ] {
            assert_eq!(Some(state), State::read(word), "{word}");
        }
        assert_eq!(None, State::read("Abgeschlossen"));
    }

    /// In another language only the numbers tell what a job is doing.
    #[test]
    fn a_word_of_another_language_is_told_by_its_numbers() {
        let status = |entries: &[(&str, Value)]| -> IndexMap<String, Value> {
            entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
        };
        let percent = |percent: i64| ("CompletionPercentage", Value::Int(percent));
        for (entries, rendering, state) in [
            (status(&[percent(0)]), false, State::Queued),
            (status(&[percent(0)]), true, State::Queued),
            (status(&[percent(0), ("EstimatedTimeRemainingInMs", 900.into())]), true, State::Rendering),
            (status(&[percent(40)]), true, State::Rendering),
            (status(&[percent(40)]), false, State::Cancelled),
            (status(&[percent(100), ("TimeTakenToRenderInMs", 900.into())]), false, State::Complete),
            (status(&[percent(40), ("Error", "no space".into())]), false, State::Failed),
        ] {
            assert_eq!(state, State::told_by(&entries, rendering), "{entries:?}");
        }
    }

    /// Resolve says Complete although nothing could be written, so only the disk proves a file.
    #[test]
    fn only_a_file_with_bytes_is_an_output() {
        let folder = tempfile::tempdir().unwrap();
        let job = |name: &str| {
            let folder = folder.path().to_str().unwrap();
            Value::map([("TargetDir", folder.into()), ("OutputFilename", name.into())])
        };
        assert_eq!(None, output(&job("film.mp4")));
        std::fs::write(folder.path().join("film.mp4"), "").unwrap();
        assert_eq!(None, output(&job("film.mp4")));
        std::fs::write(folder.path().join("film.mp4"), "12345").unwrap();
        let path = folder.path().join("film.mp4");
        assert_eq!(Some(Output { path, files: 1, bytes: 5 }), output(&job("film.mp4")));

        for number in 1..=3 {
            std::fs::write(folder.path().join(format!("a_{number:04}.png")), "12").unwrap();
        }
        std::fs::write(folder.path().join("a_b.png"), "12").unwrap();
        let path = folder.path().join("a_0001.png");
        assert_eq!(Some(Output { path, files: 3, bytes: 6 }), output(&job("a_[0001-0003].png")));
    }
}
