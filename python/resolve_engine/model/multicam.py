"""Multicam clips: clips side by side on a timeline that no list shows, one angle of which an item plays."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from resolve_engine import timecode
from resolve_engine.errors import Refusal
from resolve_engine.model.building import new_track
from resolve_engine.model.clip import MULTICAM, Clip
from resolve_engine.model.item import Item
from resolve_engine.model.placing import AUDIO_ONLY, VIDEO_ONLY, Placement, item_name, place
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline
from resolve_engine.timecode import Ratio

MOST_ANGLES = 64
"""Of one clip; each is a track of pictures."""

ADAPTIVE, SOURCE, REFERENCE, ALL = "ADAPTIVE", "SOURCE", "REFERENCE", "ALL"
"""Which sound an item of the clip plays: all angles mixed, that of its angle, that of the first angle with sound
whatever is shown, or every angle's on a track of its own."""


class Part(NamedTuple):
    """One clip on an angle."""

    clip: Clip
    angle: str
    """The name of the angle; parts with the same name share it."""
    first: int
    """The stretch of the clip that is used, in its frames, the end exclusive."""
    after: int
    begin: Fraction
    """Seconds from any common moment to the first frame of that stretch."""


def build(project: Project, parts: list[Part], name: str, clock: tuple[Ratio, bool, int], sound: str) -> Clip:
    """A multicam clip in the open folder. Angles are numbered in the order in which their names come first in `parts`.

    `clock` is its frame rate, whether its timecode drops frames, and its first frame counted from midnight.
    Raises Refusal where two parts of one angle overlap; what it changed until then is the caller's to take back.
    """
    names = list(dict.fromkeys(part.angle for part in parts))
    if len(names) > MOST_ANGLES:
        raise Refusal(f"{len(names)} angles are more than the {MOST_ANGLES} of a multicam clip")
    rate, drop, start = clock
    inner = Timeline(
        project.changes, position=project.next_position(), name=name, rate=rate, drop_frame=drop, start=start
    )
    project.add(inner)
    clip = Clip(
        project.changes,
        parent=project.open_folder().id,
        position=project.next_position(),
        name=name,
        type=MULTICAM,
        rate=rate,
        drop_frame=drop,
        timeline=inner.id,
    )
    project.add(clip)
    inner.clip = clip.id
    origin = min(part.begin for part in parts)
    angles = []
    for angle in names:
        own = [part for part in parts if part.angle == angle]
        angles.append({"name": angle, **_tracks(project, inner, angle, own)})
        for part in own:
            _place(project, inner, part, angles[-1], round((part.begin - origin) * Fraction(*rate)))
    clip.multicam = {"sound": sound, "angles": angles}
    return clip


def _tracks(project: Project, inner: Timeline, angle: str, parts: list[Part]) -> dict[str, Any]:
    """The tracks of an angle, by number: one for its picture (0 for none), as many for its sound as its clips have."""
    video = 0
    if any(part.clip.has_video for part in parts):
        new_track(project, inner, "video").name = angle
        video = len(inner.tracks["video"])
    layout = max((part.clip.audio_mapping for part in parts), key=len)
    audio = []
    for format, _ in layout:
        new_track(project, inner, "audio", format).name = angle
        audio.append(len(inner.tracks["audio"]))
    return {"video": video, "audio": audio}


def _place(project: Project, inner: Timeline, part: Part, angle: Mapping[str, Any], record: int) -> None:
    kinds = [(VIDEO_ONLY, angle["video"])] if part.clip.has_video else []
    if part.clip.audio_mapping:
        kinds.append((AUDIO_ONLY, angle["audio"][0]))
    for media_type, track in kinds:
        try:
            place(project, inner, Placement(part.clip, part.first, part.after, record, track, media_type))
        except Refusal as refusal:
            raise Refusal(f"{part.clip.name!r} does not fit on the angle {part.angle!r}: {refusal.reason}") from refusal


def clock_of(rate: Ratio, drop: bool, text: str) -> tuple[Ratio, bool, int]:
    """A clock that starts at a timecode. Raises Refusal when the rate has no such timecode."""
    try:
        return rate, drop, timecode.to_frames(text, rate, drop)
    except ValueError as error:
        raise Refusal(str(error)) from error


def angle_of(clip: Clip, number: int) -> Mapping[str, Any]:
    """An angle by its number, from 1. Raises Refusal when the clip has none of that number."""
    angles = clip.multicam["angles"]
    if not 1 <= number <= len(angles):
        raise Refusal(f"{clip.name!r} has {len(angles)} angles, and an item of it plays number {number}")
    found: Mapping[str, Any] = angles[number - 1]
    return found


def played(clip: Clip, item: Item) -> int:
    """The number of the angle that an item plays; 0 for the sound of all. A picture that names none, as one from a file
    or a take, plays the first that has one."""
    if item.angle or item.type != "video":
        return item.angle
    return next((number for number, angle in enumerate(clip.multicam["angles"], 1) if angle["video"]), 0)


def switch(project: Project, item: Item, number: int) -> None:
    """Make an item of a multicam clip play another angle."""
    clip = project.clips[item.clip]
    if item.name == item_name(clip, item.angle):  # a name of its own stays
        item.name = item_name(clip, number)
    item.angle = number


def check_angles(project: Project) -> None:
    """Every angle has its tracks, and every item an angle that there is: what a stored project may not break.

    Raises ValueError.
    """
    for clip in project.clips.values():
        if (clip.type == MULTICAM) != bool(clip.multicam):
            raise ValueError(f"the clip {clip.id!r} has the angles of another type")
        if clip.type != MULTICAM:
            continue
        tracks = project.timelines[clip.timeline].tracks
        angles = clip.multicam["angles"]
        pictures = all(0 <= angle["video"] <= len(tracks["video"]) for angle in angles)
        sounds = all(1 <= number <= len(tracks["audio"]) for angle in angles for number in angle["audio"])
        named = all(isinstance(angle["name"], str) for angle in angles)
        known = clip.multicam["sound"] in (ADAPTIVE, SOURCE, REFERENCE, ALL)
        if not angles or not (pictures and sounds and named and known):
            raise ValueError(f"the multicam clip {clip.id!r} has angles without tracks")
    for item in project.items.values():
        found = project.clips[item.clip].multicam if item.clip else {}
        if not 0 <= item.angle <= (len(found["angles"]) if found else 0):
            raise ValueError(f"the item {item.id!r} plays an angle that there is not")
