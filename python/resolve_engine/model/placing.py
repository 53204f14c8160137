"""Putting clips on tracks: which frames, which tracks, and when it is refused. Nothing is ever overwritten."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from resolve_engine.errors import Refusal
from resolve_engine.model import captions, composition
from resolve_engine.model.building import new_track
from resolve_engine.model.clip import FUSION_CLIP, MULTICAM, Clip
from resolve_engine.model.ingest import format_of
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import Track
from resolve_engine.timecode import convert, rate_number

VIDEO_ONLY = 1
AUDIO_ONLY = 2
"""Resolve's mediaType; 0 stands for both."""

STILL_SECONDS = 5
"""How long a still stands when no range is given."""


NESTED_SOUND = (("stereo", (1, 2)),)
"""The audio track of a timeline that stands as a clip: its mix."""


class Placement(NamedTuple):
    """Where a stretch of a clip is to stand."""

    clip: Clip
    first: int | None = None
    """First source frame, at the clip's rate; None for the clip's in mark or its first frame."""
    after: int | None = None
    """The source frame after the last; None for the clip's out mark or its end."""
    record: int | None = None
    """First timeline frame, counted from the timeline's start; None for the end of the tracks it goes to."""
    track: int | None = None
    """Number of the track; None for the first."""
    media_type: int = 0


class _Part(NamedTuple):
    """One track's share of a placement."""

    kind: str
    track: int
    channels: tuple[int, ...]
    format: str
    muted: bool = False
    angle: int = 0


def place(project: Project, timeline: Timeline, wanted: Placement) -> list[Item]:
    """Put a clip on the timeline: its picture, its sound, or both, linked; the picture comes first in the answer.

    The length is the source range in whole timeline frames, rounded down. Raises Refusal, having changed nothing.
    """
    clip = wanted.clip
    if clip.type == captions.TYPE:
        return _captions(project, timeline, wanted)
    check_nesting(project, timeline, clip)
    first, length = _range(project, timeline, wanted)
    parts = _parts(project, wanted)
    tracks = [_existing(timeline, part) for part in parts]
    start = wanted.record
    if start is None:
        start = max((track.end for track in tracks if track is not None), default=0)
    for part, track in zip(parts, tracks, strict=True):
        if track is not None:
            _check(timeline, track, part, start, length)
    link = str(uuid.uuid4()) if len(parts) > 1 else ""
    items = []
    for part in parts:
        item = Item(
            project.changes,
            parent=_track(project, timeline, part).id,
            position=start,
            type=part.kind,
            name=item_name(clip, part.angle),
            clip=clip.id,
            duration=length,
            source_start=(first, 1),
            channels=part.channels,
            audio_format="" if part.format == format_of(len(part.channels)) else part.format,
            muted=part.muted,
            angle=part.angle,
            link=link,
        )
        if clip.type == FUSION_CLIP and part.kind == "video":
            item.compositions, item.composition = composition.first(), 1
        project.add(item)
        items.append(item)
    return items


def item_name(clip: Clip, angle: int) -> str:
    """A clip's, with the angle that is played."""
    return f"{clip.name} - {clip.multicam['angles'][angle - 1]['name']}" if angle else clip.name


def _captions(project: Project, timeline: Timeline, wanted: Placement) -> list[Item]:
    """The subtitles of a clip, or those of a range of it, on a subtitle track."""
    clip = wanted.clip
    if wanted.media_type:
        raise Refusal(f"{clip.name!r} holds subtitles, which are neither picture nor sound; leave mediaType out")
    first = wanted.first or 0
    after = clip.frames if wanted.after is None else wanted.after
    if not 0 <= first < after <= clip.frames:
        raise Refusal(f"frames {first} to {after} are no range of {clip.name!r}, which has {clip.frames}")
    found = captions.within(captions.captions_of(clip), first, after, clip.rate)
    if not found:
        raise Refusal(f"no subtitle of {clip.name!r} stands in frames {first} to {after}")
    return captions.place(project, timeline, found, wanted.record, wanted.track)


def check_nesting(project: Project, timeline: Timeline, clip: Clip) -> None:
    """Refuse a timeline with nothing on it, and one that would show itself."""
    if not clip.timeline:
        return
    nested = project.timelines[clip.timeline]
    if nested.empty:
        raise Refusal(f"the timeline {nested.name!r} is empty; put something on it first")
    if timeline.id in (inner.id for inner in nesting(project, nested)):
        raise Refusal(f"{nested.name!r} cannot stand on {timeline.name!r}, which it is or shows itself")


def nesting(project: Project, timeline: Timeline) -> list[Timeline]:
    """A timeline and all that stand as clips on it or on one of those, each once."""
    found = {timeline.id: timeline}
    waiting = [timeline]
    while waiting:
        for item in waiting.pop().all_items():
            clip = project.clips.get(item.clip)
            if clip is not None and clip.timeline and clip.timeline not in found:
                found[clip.timeline] = project.timelines[clip.timeline]
                waiting.append(found[clip.timeline])
    return list(found.values())


def _range(project: Project, timeline: Timeline, wanted: Placement) -> tuple[int, int]:
    """The first source frame and the length in timeline frames."""
    clip = wanted.clip
    if clip.type == "Still":
        return _still_range(timeline, wanted)
    _, frames = project.extent(clip)
    first, after = 0, frames
    if wanted.first is None and wanted.after is None and clip.marks:
        marked = clip.marks.get("video") or clip.marks["audio"]
        first, after = marked[0], marked[1] + 1
    first = first if wanted.first is None else wanted.first
    after = after if wanted.after is None else wanted.after
    if not 0 <= first < frames:
        raise Refusal(f"startFrame {first} is outside {clip.name!r}, whose frames are 0 to {frames - 1}")
    if after > frames:
        raise Refusal(
            f"endFrame {after} is outside {clip.name!r}: it names the frame after the last one and can be at most "
            f"{frames}"
        )
    length = convert(after - first, clip.rate, timeline.rate)
    if length < 1:
        raise Refusal(
            f"frames {first} to {after} of {clip.name!r} are less than one frame of the timeline at "
            f"{rate_number(timeline.rate)} fps; endFrame names the frame after the last one"
        )
    return first, length


def _still_range(timeline: Timeline, wanted: Placement) -> tuple[int, int]:
    """A still has no length of its own: any range will do, counted in timeline frames."""
    first = wanted.first or 0
    default = convert(STILL_SECONDS, (1, 1), timeline.rate)
    after = first + default if wanted.after is None else wanted.after
    if first < 0 or after <= first:
        raise Refusal(f"frames {first} to {after} are no range; endFrame names the frame after the last one")
    return 0, after - first


def _parts(project: Project, wanted: Placement) -> list[_Part]:
    """Which tracks a placement goes to. With picture, the track number is the picture's; the sound goes where the
    clip's own mapping of channels to tracks says."""
    clip = wanted.clip
    mapping = clip.audio_mapping
    picture = clip.has_video
    if clip.type == MULTICAM:
        return _of_multicam(wanted)
    if clip.timeline:
        nested = project.timelines[clip.timeline]
        picture = any(track.items for track in nested.tracks["video"])
        mapping = NESTED_SOUND if any(track.items for track in nested.tracks["audio"]) else ()
    picture = picture and wanted.media_type != AUDIO_ONLY
    sound = bool(mapping) and wanted.media_type != VIDEO_ONLY
    if not picture and not sound:
        what = "picture" if wanted.media_type == VIDEO_ONLY else "sound"
        raise Refusal(f"{clip.name!r} has no {what}")
    parts = [_Part("video", wanted.track or 1, (), "")] if picture else []
    if sound:
        base = 1 if picture else wanted.track or 1
        for offset, (format, channels) in enumerate(mapping):
            muted = not clip.timeline and offset + 1 in clip.muted_tracks
            parts.append(_Part("audio", base + offset, channels, format, muted))
    return parts


def _of_multicam(wanted: Placement) -> list[_Part]:
    """Its first angle with a picture, and the sound that goes with it; the track number does not count."""
    clip = wanted.clip
    angles = list(enumerate(clip.multicam["angles"], 1))
    shown = next((number for number, angle in angles if angle["video"]), 0)
    heard = [number for number, angle in angles if angle["audio"]]
    sound = clip.multicam["sound"]
    if sound == "SOURCE":
        heard = [number for number in heard if number == (shown or 1)]
    elif sound == "REFERENCE":
        heard = heard[:1]
    elif sound == "ADAPTIVE" and heard:
        heard = [0]
    format, channels = NESTED_SOUND[0]
    parts = [_Part("video", 1, (), "", angle=shown)] if shown and wanted.media_type != AUDIO_ONLY else []
    if wanted.media_type != VIDEO_ONLY:
        parts += [_Part("audio", track, channels, format, angle=number) for track, number in enumerate(heard, 1)]
    if not parts:
        raise Refusal(f"{clip.name!r} has no {'picture' if wanted.media_type == VIDEO_ONLY else 'sound'}")
    return parts


def _existing(timeline: Timeline, part: _Part) -> Track | None:
    """The track of a part, or None when it is to be added above the last one."""
    tracks = timeline.tracks[part.kind]
    if part.track <= len(tracks):
        return tracks[part.track - 1]
    # The sound of a clip with many tracks may need several new ones; the picture's must be the next one.
    if part.kind == "video" and part.track > len(tracks) + 1:
        raise Refusal(
            f"there is no video track {part.track}; the timeline has {len(tracks)}, and one more can be added"
        )
    return None


def _check(timeline: Timeline, track: Track, part: _Part, start: int, length: int) -> None:
    if track.locked:
        raise Refusal(f"{part.kind} track {part.track} is locked")
    blocker = track.overlapping(start, start + length)
    if blocker is not None:
        hint = "; place picture and sound apart with mediaType 1 and 2" if part.kind == "audio" else ""
        raise Refusal(
            f"frames {timeline.start + start} to {timeline.start + start + length} of {part.kind} track {part.track} "
            f"overlap {blocker.name!r}, which stands at {timeline.start + blocker.position} to "
            f"{timeline.start + blocker.end}{hint}"
        )


def _track(project: Project, timeline: Timeline, part: _Part) -> Track:
    """The track of a part, added when it is one above the last. A new picture track brings its audio track along."""
    tracks = timeline.tracks[part.kind]
    while part.track > len(tracks):
        new_track(project, timeline, part.kind, part.format)
    if part.kind == "video":
        while len(timeline.tracks["audio"]) < part.track:
            new_track(project, timeline, "audio", "stereo")
    return tracks[part.track - 1]


def unlink(project: Project, item: Item) -> None:
    """Take an item out of its link; a link that is left with one item is none."""
    if not item.link:
        return
    left = [other for other in project.linked(item) if other is not item]
    project.link(item, "")
    if len(left) == 1:
        project.link(left[0], "")
