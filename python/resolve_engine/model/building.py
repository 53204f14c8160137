"""Making the parts of a project: timelines with their tracks, folders."""

from __future__ import annotations

import uuid
from typing import Any

from resolve_engine import timecode
from resolve_engine.model.clip import Clip
from resolve_engine.model.folder import Folder
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.record import Record
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


def copy_timeline(project: Project, source: Timeline, name: str) -> Timeline:
    """A timeline like another, with a clip of its own in the same folder."""
    copy = Timeline(project.changes, position=project.next_position(), **{**fields_of(source), "name": name})
    project.add(copy)
    stand_in = project.clips[source.clip]
    clip = Clip(
        project.changes,
        parent=stand_in.parent,
        position=project.next_position(),
        **{**fields_of(stand_in), "name": name, "timeline": copy.id},
    )
    project.add(clip)
    copy.clip = clip.id
    links: dict[str, str] = {"": ""}
    for track in source.all_tracks():
        new = Track(project.changes, parent=copy.id, position=track.position, **fields_of(track))
        project.add(new)
        ids = {"": ""}
        for item in (*track.items, *track.transitions):
            fields = fields_of(item)
            fields["link"] = links.setdefault(item.link, str(uuid.uuid4()))
            fields["before"], fields["after"] = ids[item.before], ids[item.after]
            twin = Item(project.changes, parent=new.id, position=item.position, **fields)
            ids[item.id] = twin.id
            project.add(twin)
    return copy


def fields_of(record: Record) -> dict[str, Any]:
    """The fields of a record, to make another like it; values are never changed in place, so they can be shared."""
    return {name: getattr(record, name) for name in record.FIELDS}
