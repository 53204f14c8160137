"""Making the parts of a project: timelines with their tracks, folders."""

from __future__ import annotations

from resolve_engine import timecode
from resolve_engine.model.clip import Clip
from resolve_engine.model.folder import Folder
from resolve_engine.model.project import Project
from resolve_engine.model.settings import project_rate
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import Track

START_TIMECODE = "01:00:00:00"
"""Where a new timeline starts."""

TRACK_NAMES = {"video": "Video", "audio": "Audio", "subtitle": "Subtitle"}


def new_folder(project: Project, parent: Folder, name: str) -> Folder:
    """A folder inside another."""
    folder = Folder(project.changes, parent=parent.id, position=project.next_position(), name=name)
    project.add(folder)
    return folder


def new_timeline(project: Project, name: str) -> Timeline:
    """A timeline at the project's rate with a video track, a stereo audio track and its clip in the open folder."""
    rate, drop = project_rate(project)
    timeline = Timeline(
        project.changes,
        position=project.next_position(),
        name=name,
        rate=rate,
        drop_frame=drop,
        start=timecode.to_frames(START_TIMECODE, rate, drop),
    )
    project.add(timeline)
    clip = Clip(
        project.changes,
        parent=project.open_folder().id,
        position=project.next_position(),
        name=name,
        type="Timeline",
        rate=rate,
        drop_frame=drop,
        timeline=timeline.id,
    )
    project.add(clip)
    timeline.clip = clip.id
    new_track(project, timeline, "video")
    new_track(project, timeline, "audio", "stereo")
    return timeline


def new_track(project: Project, timeline: Timeline, kind: str, format: str = "") -> Track:
    """A track above the others of its kind."""
    number = len(timeline.tracks[kind]) + 1
    track = Track(
        project.changes,
        parent=timeline.id,
        position=number,
        type=kind,
        name=f"{TRACK_NAMES[kind]} {number}",
        format=format,
    )
    project.add(track)
    return track
