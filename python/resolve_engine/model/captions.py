"""Subtitles: the clip that holds those of a file, their items on a subtitle track, and what a timeline says when."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any, NamedTuple

from resolve_engine.errors import Refusal
from resolve_engine.model.building import new_track
from resolve_engine.model.clip import Clip
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.settings import project_rate
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import Track
from resolve_engine.timecode import Ratio

TYPE = "Subtitle"
"""Of the clip."""

EXTENSIONS = (".srt", ".vtt")
"""Of the files."""


class Caption(NamedTuple):
    """One subtitle."""

    start: int
    """In milliseconds from the file's zero; the end is after it."""
    end: int
    text: str
    """Lines parted by line feeds, without the marks for italics, colours and places."""


def new_clip(project: Project, path: str, modified: float, captions: list[Caption], now: float) -> Clip:
    """A clip in the open folder that holds the subtitles of a file; times are seconds since the epoch."""
    rate, _ = project_rate(project)
    clip = Clip(
        project.changes,
        parent=project.open_folder().id,
        position=project.next_position(),
        name=os.path.basename(path),
        type=TYPE,
        media=_media(path, modified, captions),
        rate=rate,
        frames=max(1, frame_of(max(caption.end for caption in captions), rate)),
        added=now,
    )
    project.add(clip)
    return clip


def _media(path: str, modified: float, captions: list[Caption]) -> dict[str, Any]:
    """In the form of `MediaInfo.to_json()`, with the subtitles beside."""
    return {
        "path": path,
        "kind": "subtitle",
        "container": os.path.splitext(path)[1][1:].lower(),
        "size": 0,
        "modified": modified,
        "created": modified,
        "video": None,
        "audio": [],
        "start_timecode": None,
        "reel": "",
        "metadata": {},
        "sequence_first": 0,
        "sequence_digits": 0,
        "captions": [tuple(caption) for caption in captions],
    }


def captions_of(clip: Clip) -> list[Caption]:
    """The subtitles that a clip holds."""
    return [Caption(*row) for row in clip.media["captions"]] if clip.media is not None else []


def within(captions: Iterable[Caption], first: int, after: int, rate: Ratio) -> list[Caption]:
    """The subtitles of a range of frames, counted from its start; what reaches beyond its ends is cut off."""
    low, high = time_of(first, rate), time_of(after, rate)
    cut = (one._replace(start=max(one.start, low) - low, end=min(one.end, high) - low) for one in captions)
    return [one for one in cut if one.start < one.end]


def place(
    project: Project, timeline: Timeline, captions: Iterable[Caption], record: int | None, number: int | None
) -> list[Item]:
    """Put subtitles on a subtitle track, which is added when it is the next one. Raises Refusal.

    Their zero stands at `record`, counted from the timeline's start; without it at that start. Each begins and ends on
    the nearest frames, lasts one frame at least, and ends where the next begins; of one frame, the texts are joined.
    """
    track = _track(project, timeline, number or 1)
    if track.locked:
        raise Refusal(f"subtitle track {track.position} is locked")
    rows: list[tuple[int, int, str]] = []
    for caption in captions:
        start = frame_of(caption.start, timeline.rate) + (record or 0)
        end = max(frame_of(caption.end, timeline.rate) + (record or 0), start + 1)
        if rows and rows[-1][0] == start:
            rows[-1] = (start, max(end, rows[-1][1]), f"{rows[-1][2]}\n{caption.text}")
            continue
        if rows and rows[-1][1] > start:
            rows[-1] = (rows[-1][0], start, rows[-1][2])
        rows.append((start, end, caption.text))
    made = []
    for start, end, text in rows:
        if track.overlapping(start, end) is not None:
            raise Refusal(
                f"a subtitle stands on subtitle track {track.position} at {timeline.to_timecode(start)} already; give "
                "another trackIndex or a later recordFrame"
            )
        item = Item(project.changes, parent=track.id, position=start, type="subtitle", name=text, duration=end - start)
        project.add(item)
        made.append(item)
    return made


def _track(project: Project, timeline: Timeline, number: int) -> Track:
    tracks = timeline.tracks["subtitle"]
    if number > len(tracks) + 1:
        raise Refusal(f"there is no subtitle track {number}; the timeline has {len(tracks)}, and one more can be added")
    return tracks[number - 1] if number <= len(tracks) else new_track(project, timeline, "subtitle")


def subtitles_of(timeline: Timeline) -> list[tuple[int, int, str]]:
    """What is shown when: start, the frame after the end, and text; frames counted from midnight, as in render specs.

    Of the first enabled subtitle track that has any, as one stands at the foot of a picture; items that are disabled
    are left out.
    """
    for track in timeline.tracks["subtitle"]:
        rows = [
            (timeline.start + item.position, timeline.start + item.end, item.name)
            for item in track.items
            if item.enabled and track.enabled
        ]
        if rows:
            return rows
    return []


def as_captions(rows: Iterable[tuple[int, int, str]], timeline: Timeline) -> list[Caption]:
    """What `subtitles_of` answers, in milliseconds from the timeline's start, as files count."""
    return [
        Caption(time_of(start - timeline.start, timeline.rate), time_of(end - timeline.start, timeline.rate), text)
        for start, end, text in rows
    ]


def frame_of(milliseconds: int, rate: Ratio) -> int:
    """The frame that begins nearest to a time: a frame that was written is the same when it is read, at every rate."""
    return (2 * milliseconds * rate[0] + 1000 * rate[1]) // (2000 * rate[1])


def time_of(frame: int, rate: Ratio) -> int:
    """The millisecond nearest to a frame's beginning."""
    return (2000 * frame * rate[1] + rate[0]) // (2 * rate[0])
