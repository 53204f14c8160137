"""Reading edit decision lists in the CMX 3600 form into a timeline of clips that the media pool has."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from resolve_engine import timecode
from resolve_engine.colour import cdl_text
from resolve_engine.errors import Refusal
from resolve_engine.interchange.events import start_frame
from resolve_engine.model.building import new_timeline, new_track
from resolve_engine.model.clip import Clip
from resolve_engine.model.grade import FRESH, Cdl, Node
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.transition import add_transition

MOST_CHARACTERS = 16 << 20
"""A list of a hundred thousand events is a quarter of this."""

_CODE = r"(\d\d:\d\d:\d\d[:;]\d\d)"
_EVENT = re.compile(rf"(\d+)\s+(\S+)\s+(\S+)\s+(C|D|W\d+|K\w*)\s+(?:(\d+)\s+)?{_CODE}\s+{_CODE}\s+{_CODE}\s+{_CODE}$")
_SPEED = re.compile(r"M2\s+\S+\s+(-?\d+(?:\.\d+)?)\s")
_CHANNELS = {
    "V": "V",
    "A": "A1",
    "A1": "A1",
    "A2": "A2",
    "A3": "A3",
    "A4": "A4",
    "B": "V A1",
    "AA": "A1 A2",
    "NONE": "",
}


@dataclass
class Entry:
    """One event as it is written; ranges are half-open, in frames of the timeline's rate from midnight."""

    number: str
    channels: list[str]
    dissolve: int
    source_in: int
    record_in: int
    record_out: int
    name: str = ""
    speed: Fraction = Fraction(1)
    cdl: Cdl | None = None
    """Of its picture, from the comments behind it."""


def read(project: Project, text: str, name: str, clips: Iterable[Clip]) -> Timeline:
    """A timeline at the project's rate with what the list says; clips are found by the names in its comments.

    Raises Refusal for a list that says what the engine does not do, or names a clip that is not there or is too short.
    """
    timeline = new_timeline(project, name)
    entries = _entries(timeline, text)
    if not entries:
        raise Refusal("the file holds no event of an edit decision list")
    timeline.start = min(entry.record_in for entry in entries)
    named: dict[str, Clip] = {}
    for clip in clips:
        if clip.media is not None:
            named.setdefault(clip.name, clip)
    missing = sorted({entry.name for entry in entries} - set(named))
    if missing:
        raise Refusal(f"the media pool has no clip named {', '.join(map(repr, missing[:10]))}; import the media first")
    for entry in entries:
        for channel in entry.channels:
            _place(project, timeline, entry, channel, named[entry.name], entries)
    for entry in entries:
        if entry.dissolve and "V" in entry.channels:
            cut = entry.record_in - timeline.start + entry.dissolve // 2
            item = timeline.tracks["video"][0].at(cut)
            if item is None:
                raise Refusal(f"event {entry.number} is shorter than its dissolve")
            add_transition(project, item, "Cross Dissolve", True, "center", entry.dissolve)
    return timeline


def _entries(timeline: Timeline, text: str) -> list[Entry]:
    found: list[Entry] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.upper().startswith("FCM:") and timeline.rate in timecode.DROP_FRAME_RATES:
            timeline.drop_frame = "NON" not in line.upper()
        match = _EVENT.match(line)
        if match:
            _take(timeline, found, match, number)
        elif (speed := _SPEED.match(line)) and found:
            ratio = Fraction(speed[1]) / timecode.nominal(timeline.rate)
            found[-1].speed = ratio.limit_denominator(1000)
        else:
            if found:
                try:
                    found[-1].cdl = cdl_text.with_comment(found[-1].cdl, line)
                except ValueError as error:
                    raise Refusal(f"line {number}: {error}") from error
            label, _, rest = line.lstrip("* ").partition(":")
            # After a dissolve the first name is the one that goes, which has an event of its own.
            if found and rest and label == ("TO CLIP NAME" if found[-1].dissolve else "FROM CLIP NAME"):
                found[-1].name = rest.strip()
    return found


def _take(timeline: Timeline, found: list[Entry], match: re.Match[str], number: int) -> None:
    event, reel, channels, kind, frames, *codes = match.groups()
    if kind not in ("C", "D"):
        raise Refusal(
            f"line {number}: the engine does not do wipes and keys ({kind}); make the event a cut or a dissolve"
        )
    try:
        source_in, _, record_in, record_out = (
            timecode.to_frames(code, timeline.rate, timeline.drop_frame) for code in codes
        )
    except ValueError as error:
        raise Refusal(f"line {number}: {error}") from error
    if record_out == record_in or reel.upper() in ("BL", "BLACK"):
        return  # the first half of a dissolve, or black
    if record_out < record_in:
        raise Refusal(f"line {number}: the event ends before it begins")
    wanted: list[str] = []
    for part in channels.upper().split("/"):
        if part not in _CHANNELS:
            raise Refusal(f"line {number}: {channels!r} is no channel that the engine knows")
        wanted += _CHANNELS[part].split()
    dissolve = int(frames or 0) if kind == "D" else 0
    found.append(Entry(event, wanted, dissolve, source_in, record_in, record_out))


def _place(project: Project, timeline: Timeline, entry: Entry, channel: str, clip: Clip, entries: list[Entry]) -> None:
    """One item. A dissolve lies in the middle of the cut that it stands for, so both items reach to there."""
    kind = "video" if channel == "V" else "audio"
    if not (clip.has_video if kind == "video" else clip.has_audio):
        raise Refusal(f"event {entry.number}: {clip.name!r} has no {'picture' if kind == 'video' else 'sound'}")
    late = entry.dissolve // 2
    start, end = entry.record_in - timeline.start + late, entry.record_out - timeline.start
    for other in entries:
        if other.dissolve and channel in other.channels and other.record_in == entry.record_out:
            end += other.dissolve // 2
    index = int(channel[1:] or 1) if kind == "audio" else 1
    while len(timeline.tracks[kind]) < index:
        new_track(project, timeline, kind, "stereo" if kind == "audio" else "")
    track = timeline.tracks[kind][index - 1]
    blocker = track.overlapping(start, end)
    if blocker is not None or end <= start:
        raise Refusal(f"event {entry.number} overlaps another one on {channel}, or holds no frame")
    ratio = Fraction(*clip.rate) / Fraction(*timeline.rate)
    begin = start_frame(project.extent(clip)[0], clip.rate, clip.drop_frame, timeline)
    first = (entry.source_in - begin + late * abs(entry.speed)) * ratio
    length = (end - start) * abs(entry.speed) * ratio
    frames = project.extent(clip)[1]
    if clip.type == "Still":
        first = Fraction(0)
    elif first < 0 or first + length >= frames + 1:
        raise Refusal(f"event {entry.number} shows frames that {clip.name!r}, which has {frames}, does not have")
    if entry.speed < 0:
        first += length - (abs(entry.speed) * ratio if kind == "video" else 0)
    channels: tuple[int, ...] = ()
    if kind == "audio":
        channels = clip.audio_mapping[min(index, len(clip.audio_mapping)) - 1][1]
    item = Item(
        project.changes,
        parent=track.id,
        position=start,
        type=kind,
        name=clip.name,
        clip=clip.id,
        duration=end - start,
        source_start=(first.numerator, first.denominator),
        speed=(entry.speed.numerator, entry.speed.denominator),
        channels=channels,
        nodes=(Node(cdl=entry.cdl),) if entry.cdl is not None and kind == "video" else FRESH,
    )
    project.add(item)
