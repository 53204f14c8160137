"""Timelines as OpenTimelineIO files.

What OpenTimelineIO has no place for stands as metadata under `resolve_engine`, so that the engine reads it again.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio

from resolve_engine.interchange import plain
from resolve_engine.model.marker import Marker
from resolve_engine.timecode import Ratio

OURS = "resolve_engine"
"""The key of the engine's own metadata."""

MARKER_COLORS = {
    "Blue": "BLUE", "Cyan": "CYAN", "Green": "GREEN", "Yellow": "YELLOW", "Red": "RED", "Pink": "PINK",
    "Purple": "PURPLE", "Fuchsia": "MAGENTA", "Rose": "PINK", "Lavender": "PURPLE", "Sky": "CYAN", "Mint": "GREEN",
    "Lemon": "YELLOW", "Sand": "ORANGE", "Cocoa": "ORANGE", "Cream": "WHITE",
}  # fmt: skip
"""Resolve's colours as the nearest of OpenTimelineIO's; the exact name is kept beside it."""


def written(found: plain.Timeline) -> tuple[bytes, list[str]]:
    """The file, and what it does not hold."""
    timeline = otio.schema.Timeline(name=found.name, global_start_time=_time(found.start, found.rate))
    timeline.metadata[OURS] = {"drop_frame": found.drop_frame, "size": list(found.size)}
    timeline.tracks.markers.extend(_marker(one, Fraction(one.frame), found.rate, found.rate) for one in found.markers)
    end = max((track.items[-1].end for track in found.tracks if track.items), default=0)
    for track in found.tracks:
        timeline.tracks.append(_track(found, track, end))
    return otio.adapters.write_to_string(timeline, "otio_json").encode(), []


def _time(value: Fraction | int, rate: Ratio) -> otio.opentime.RationalTime:
    return otio.opentime.RationalTime(float(value), rate[0] / rate[1])


def _range(start: Fraction | int, rate: Ratio, duration: int, duration_rate: Ratio) -> otio.opentime.TimeRange:
    return otio.opentime.TimeRange(_time(start, rate), _time(duration, duration_rate))


def _track(found: plain.Timeline, track: plain.Track, end: int) -> otio.schema.Track:
    """A track; shorter ones get a gap at their end up to the longest, as Resolve writes them."""
    made = otio.schema.Track(name=track.name, kind="Video" if track.kind == "video" else "Audio")
    made.enabled = track.enabled
    made.metadata[OURS] = {"format": track.format, "locked": track.locked}
    coming, going = track.coming(), track.going()
    place = 0
    for number, item in enumerate(track.items):
        if item.start > place:
            made.append(otio.schema.Gap(source_range=_range(0, found.rate, item.start - place, found.rate)))
        if number in coming:
            made.append(_transition(found, coming[number], item.start))
        made.append(_clip(found, item))
        if number in going and going[number].after < 0:
            made.append(_transition(found, going[number], item.end))
        place = item.end
    if place < end:
        made.append(otio.schema.Gap(source_range=_range(0, found.rate, end - place, found.rate)))
    return made


def _transition(found: plain.Timeline, one: plain.Transition, edge: int) -> otio.schema.Transition:
    return otio.schema.Transition(
        name=one.name,
        transition_type="SMPTE_Dissolve",
        in_offset=_time(edge - one.start, found.rate),
        out_offset=_time(one.start + one.duration - edge, found.rate),
    )


def _clip(found: plain.Timeline, item: plain.Item) -> otio.schema.Clip:
    source = found.sources[item.source] if item.source >= 0 else None
    rate = source.rate if source is not None else found.rate
    start = Fraction(*item.source_in) + (source.start if source is not None else 0)
    clip = otio.schema.Clip(
        name=item.name,
        media_reference=_reference(source, item),
        source_range=_range(start, rate, item.duration, found.rate),
    )
    clip.enabled = item.enabled
    speed = Fraction(*item.speed)
    if speed == 0:
        clip.effects.append(otio.schema.FreezeFrame())
    elif speed != 1:
        clip.effects.append(otio.schema.LinearTimeWarp(time_scalar=float(speed)))
    step = speed * Fraction(*rate) / Fraction(*found.rate)
    clip.markers.extend(_marker(one, start + one.frame * step, rate, found.rate) for one in item.markers)
    kept: dict[str, Any] = {
        "speed": list(item.speed), "properties": dict(item.properties), "color": item.color, "link": item.link,
        "fades": [item.fade_in, item.fade_out], "channels": list(item.channels),
        "cdl": None if item.cdl is None else list(item.cdl),
    }  # fmt: skip
    clip.metadata[OURS] = {
        key: value for key, value in kept.items() if value not in ("", 0, None, [], {}, [0, 0], [1, 1])
    }
    return clip


def _reference(source: plain.Source | None, item: plain.Item) -> otio.core.MediaReference:
    """The media, named by its bare path as Resolve does it."""
    if source is None:
        if item.content:
            content = dict(item.content)
            return otio.schema.GeneratorReference(
                name=item.name, generator_kind=str(content.get("kind", "")), parameters=content
            )
        return otio.schema.MissingReference(name=item.name)
    available = _range(source.start, source.rate, source.frames, source.rate)
    made: otio.core.MediaReference
    if source.path:
        made = otio.schema.ExternalReference(target_url=source.path, available_range=available)
        made.name = source.name
    else:
        made = otio.schema.MissingReference(name=source.name, available_range=available)
    made.metadata[OURS] = {
        "rate": list(source.rate), "drop_frame": source.drop_frame, "picture": source.picture, "still": source.still,
        "size": list(source.size), "sound": list(source.sound), "sample_rate": source.sample_rate, "reel": source.reel,
    }  # fmt: skip
    return made


def _marker(one: Marker, place: Fraction, rate: Ratio, frames: Ratio) -> otio.schema.Marker:
    made = otio.schema.Marker(
        name=one.name,
        marked_range=_range(place, rate, one.duration, frames),
        color=MARKER_COLORS.get(one.color, "BLUE"),
        comment=one.note,
    )
    made.metadata[OURS] = {"frame": one.frame, "color": one.color, "custom_data": one.custom_data}
    return made
