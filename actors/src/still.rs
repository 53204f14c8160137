//! Frames of the current timeline as PNG files: the dependable way to see what Resolve shows.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use resolve_api::position::Clock;
use resolve_api::{Fault, Locator};

use crate::error::CallError;
use crate::session::Session;
use crate::verify::not_verified;

/// Pages on which the playhead can be set and a still shows all tracks. On Color it shows the clip alone.
const PAGES: [&str; 4] = ["edit", "cut", "fairlight", "deliver"];

/// How long pictures are kept for the agent to look at again.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// What must be put back after stills were taken.
pub(crate) struct Before {
    page: Option<String>,
    playhead: String,
}

impl Session {
    /// Makes ready to take stills of the current timeline: a page that has a playhead.
    pub(crate) async fn before_stills(&self, timeline: &Locator) -> Result<Before, CallError> {
        let page = self.page().await?;
        let suits = page.as_deref().is_some_and(|page| PAGES.contains(&page));
        if !suits {
            self.open_page(PAGES[0]).await?;
        }
        let playhead = self.text(timeline, "GetCurrentTimecode", []).await?;
        Ok(Before { page: page.filter(|_| !suits), playhead })
    }

    /// Puts page and playhead back.
    pub(crate) async fn after_stills(&self, timeline: &Locator, before: Before) -> Result<(), CallError> {
        self.restore_playhead(timeline, &before.playhead).await?;
        match before.page {
            Some(page) => self.open_page(&page).await,
            None => Ok(()),
        }
    }

    /// Writes the picture at a frame (from the timeline start) to a PNG file.
    pub(crate) async fn still(
        &self,
        timeline: &Locator,
        clock: &Clock,
        frame: i64,
        path: &Path,
    ) -> Result<(), CallError> {
        let timecode = clock.time(frame).timecode;
        if self.text(timeline, "GetCurrentTimecode", []).await? != timecode {
            self.call(timeline.clone(), "SetCurrentTimecode", [timecode.as_str().into()]).await?;
            let at = self.text(timeline, "GetCurrentTimecode", []).await?;
            if clock.rate.frames(&at).ok() != Some(frame + clock.start) {
                let method = "Timeline.SetCurrentTimecode";
                return Err(not_verified(method, "the playhead", &timecode.into(), &at.into()));
            }
        }
        let text = path.to_string_lossy().into_owned();
        self.call(Locator::Project, "ExportCurrentFrameAsStill", [text.as_str().into()]).await?;
        let written = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
        if written == 0 {
            let method = "Project.ExportCurrentFrameAsStill";
            return Err(not_verified(method, "the file", &text.into(), &"no file".into()));
        }
        Ok(())
    }
}

/// A new folder for pictures. Folders of earlier days are removed on the way.
pub(crate) fn picture_folder() -> Result<PathBuf, CallError> {
    static NUMBER: AtomicU64 = AtomicU64::new(1);
    let all = std::env::temp_dir().join("davinci-resolve-mcp");
    let name = format!("look-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let folder = all.join(name);
    remove_old(&all);
    std::fs::create_dir_all(&folder).map_err(|error| {
        let reason = format!("{} cannot be made ({error})", folder.display());
        Fault::Refused { method: "Project.ExportCurrentFrameAsStill".to_owned(), reason: Some(reason) }
    })?;
    Ok(folder)
}

fn remove_old(all: &Path) {
    let Ok(entries) = std::fs::read_dir(all) else { return };
    for entry in entries.flatten() {
        let modified = entry.metadata().and_then(|metadata| metadata.modified());
        let age = modified.ok().and_then(|at| SystemTime::now().duration_since(at).ok());
        if age.is_some_and(|age| age > KEPT)
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            tracing::debug!(path = %entry.path().display(), %error, "old pictures stay");
        }
    }
}
