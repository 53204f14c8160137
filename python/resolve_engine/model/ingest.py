"""Turning what a probe found into a clip of the media pool."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Clip
from resolve_engine.model.project import Project
from resolve_engine.model.settings import project_rate
from resolve_engine.timecode import DROP_FRAME_RATES, Ratio, ceiling, convert, rate_number, to_frames

FORMATS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
"""Resolve's name of an audio track's format by its count of channels; any other count is adaptive."""

MOST_ADAPTIVE = 36
"""Channels of the widest audio track there is."""


def format_of(channels: int) -> str:
    """Resolve's name of the format of an audio track with so many channels."""
    return FORMATS.get(channels, f"adaptive{channels}")


def new_clip(project: Project, media: Mapping[str, Any], now: float) -> Clip:
    """A clip in the open folder; `media` is a `MediaInfo` as plain data, `now` seconds since the epoch."""
    clip = Clip(
        project.changes,
        parent=project.open_folder().id,
        position=project.next_position(),
        name=os.path.basename(media["path"]),
        added=now,
        **_facts(project, media),
    )
    project.add(clip)
    return clip


def _facts(project: Project, media: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a clip that follow from its file."""
    rate, frames = _extent(project, media)
    start, drop = _start(media, rate)
    return {
        "type": _type(media),
        "media": media,
        "rate": rate,
        "frames": frames,
        "start": start,
        "drop_frame": drop,
        "audio_mapping": tracks_of(media),
        "muted_tracks": (),
    }


def _type(media: Mapping[str, Any]) -> str:
    if media["kind"] == "still":
        return "Still"
    if media["video"] is None:
        return "Audio"
    return "Video + Audio" if media["audio"] else "Video"


def _extent(project: Project, media: Mapping[str, Any]) -> tuple[Ratio, int]:
    """The rate that its frames count in and their number; sound alone takes the project's rate and keeps it."""
    video = media["video"]
    if media["kind"] == "still":
        return project_rate(project)[0], 1
    if video is not None:
        numerator, denominator = video["rate"]
        return (numerator, denominator), video["frames"]
    rate = project_rate(project)[0]
    return rate, max(convert(stream["samples"], (stream["sample_rate"], 1), rate) for stream in media["audio"])


def _start(media: Mapping[str, Any], rate: Ratio) -> tuple[int, bool]:
    """The start timecode in frames from midnight, and whether it drops frames. Rounded down for sound."""
    text = media["start_timecode"]
    if text:
        drop = ";" in text and rate in DROP_FRAME_RATES
        try:
            return to_frames(text, rate, drop), drop
        except ValueError:
            return 0, drop  # a timecode that the rate does not have; players show such a file from zero, too
    samples = media["metadata"].get("time_reference", "")
    if media["video"] is None and samples.isascii() and samples.isdigit():
        return convert(int(samples), (media["audio"][0]["sample_rate"], 1), rate), False
    return 0, False


def tracks_of(media: Any, before: int = 0) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """One audio track for each stream of a file, in the format that its channels make; `before` channels come first."""
    tracks = []
    channel = before + 1
    for stream in media["audio"]:
        channels = tuple(range(channel, channel + min(stream["channels"], MOST_ADAPTIVE)))
        tracks.append((format_of(len(channels)), channels))
        channel += stream["channels"]
    return tuple(tracks)


def stretch(clip: Clip) -> tuple[int, int] | None:
    """The first frame and the count of frames of the file that a subclip shows; None for a whole clip."""
    video = clip.media["video"] if clip.media is not None else None
    whole = clip.offset == 0 and (video is None or clip.type == "Still" or clip.frames == video["frames"])
    return None if whole else (clip.offset, clip.frames)


def subclip(clip: Clip, first: int, frames: int) -> None:
    """Make a clip a stretch of its file."""
    clip.offset = first
    clip.frames = frames
    clip.start += first


def grow(project: Project, clip: Clip, media: Mapping[str, Any]) -> None:
    """Take in more of the file that a clip shows. Raises Refusal when it is another picture or sound, or shorter."""
    facts = _facts(project, media)
    same = facts["rate"] == clip.rate and facts["type"] == clip.type and facts["start"] == clip.start
    if not same or facts["frames"] < clip.frames or _shape(media) != _shape(clip.media):
        raise Refusal(f"{media['path']!r} has become another file than {clip.name!r} shows; replace the clip instead")
    clip.media, clip.frames = media, facts["frames"]


def _shape(media: Any) -> tuple[Any, ...]:
    """What stays of a file while it grows: the size of its picture and the channels of its streams."""
    video = media["video"]
    size = None if video is None else (video["width"], video["height"])
    return (size, *(stream["channels"] for stream in media["audio"]))


def replace_media(
    project: Project, clip: Clip, media: Mapping[str, Any], subclip: tuple[int, int] | None = None
) -> None:
    """Put another file behind a clip. Every use on a timeline keeps its place and its length.

    `subclip` is the first frame of the file and the count of frames that the clip is to show; else all of it.

    Raises Refusal when the new file cannot stand in for the old one in every use.
    """
    facts = {**_facts(project, media), "offset": 0, "linked_audio": ()}
    if subclip is not None:
        first, frames = subclip
        if first + frames > facts["frames"]:
            raise Refusal(
                f"the new file has {facts['frames']} frames, and the subclip shows up to {first + frames - 1}"
            )
        facts.update(offset=first, frames=frames, start=facts["start"] + first)
    uses = [item for item in project.items.values() if item.clip == clip.id]
    if uses:
        if facts["rate"] != clip.rate:
            raise Refusal(
                f"the new file counts {rate_number(facts['rate'])} frames per second, the old one "
                f"{rate_number(clip.rate)}; items on timelines would show other moments"
            )
        if any(item.type == "video" for item in uses) and media["video"] is None:
            raise Refusal("the new file has no picture, and items on timelines show the old one's")
        last = max(ceiling(item.source_range(clip.rate, project.timeline_of(item).rate)[1]) for item in uses)
        if clip.type != "Still" and last > facts["frames"]:
            raise Refusal(
                f"the new file has {facts['frames']} frames, and items on timelines use frame {last - 1} of the old one"
            )
    if sum(stream["channels"] for stream in media["audio"]) == clip.own_channels:
        for name in ("linked_audio", "audio_mapping", "muted_tracks"):
            facts.pop(name)  # the same channels: the layout of the tracks and the synced sounds stay
    for name, value in facts.items():
        setattr(clip, name, value)
    clip.offline = clip.growing = False
