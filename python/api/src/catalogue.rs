//! The catalogue: one row per method, read from the files in `classes/`.

use serde::Deserialize;

/// Which part of Resolve owns a method or a tool; an actor per domain runs its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Domain {
    /// The program, its pages and presets.
    Application,
    /// Projects, databases and project settings.
    Project,
    /// Disks and cloning.
    MediaStorage,
    /// Folders (bins), clips and their data.
    MediaPool,
    /// Timelines, tracks and placing.
    Timeline,
    /// What stands on a track.
    TimelineItem,
    /// Grades, nodes, LUTs, groups.
    Color,
    /// Stills and albums.
    Gallery,
    /// Compositions.
    Fusion,
    /// Formats, presets, the render queue.
    Render,
    /// Sound, transcription, speech.
    Audio,
    /// Cloud projects.
    Cloud,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Changes nothing.
    Read,
    /// Changes something, and another call can change it back.
    Write,
    /// Removes, overwrites or discards something.
    Destructive,
    /// Starts work that may outlast a request.
    LongRunning,
    /// Only moves what the window shows or selects.
    Ui,
}
