"""Reading OpenTimelineIO files, of any version of its schemas that the library knows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from fractions import Fraction
from typing import Any
from urllib.parse import unquote, urlsplit

import opentimelineio as otio

from resolve_engine import timecode
from resolve_engine.interchange import plain
from resolve_engine.interchange.otio_writer import MARKER_COLORS, OURS
from resolve_engine.interchange.plain import InterchangeError
from resolve_engine.model.marker import COLORS, Marker
from resolve_engine.timecode import Ratio

MOST_LEVELS = 100
"""Of JSON inside JSON; the library ends the process on some thousands, and no timeline is deeper than this."""


def read(text: str) -> plain.Timeline:
    """The timeline of a file. Raises InterchangeError, and whatever the library raises on damage."""
    if _levels(json.loads(text)) > MOST_LEVELS:
        raise InterchangeError(f"the file is nested deeper than {MOST_LEVELS} levels")
    made = otio.adapters.read_from_string(text, "otio_json")
    if isinstance(made, otio.schema.SerializableCollection):
        made = next((one for one in made if isinstance(one, otio.schema.Timeline)), made)
    if not isinstance(made, otio.schema.Timeline):
        raise InterchangeError(f"the file holds a {type(made).__name__}, not a timeline")
    return _Reading(made).timeline()


def _levels(value: Any) -> int:
    """How deep lists and dicts stand in each other."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, level = waiting.pop()
        deepest = max(deepest, level)
        if deepest > MOST_LEVELS:
            break
        inside = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting.extend((part, level + 1) for part in inside)
    return deepest


class _Reading:
    """One file."""

    def __init__(self, made: otio.schema.Timeline) -> None:
        self._made = made
        self._sources: dict[tuple[Any, ...], int] = {}
        self._lost: set[str] = set()
        self.rate = self._rate()

    def _rate(self) -> Ratio:
        start = self._made.global_start_time
        if start is not None:
            return _ratio(start.rate)
        for clip in self._made.find_clips():
            return _ratio(clip.trimmed_range().duration.rate)
        raise InterchangeError("the file holds no clip on any track")

    def timeline(self) -> plain.Timeline:
        """The whole."""
        ours = _ours(self._made)
        start = self._made.global_start_time
        tracks = [track for track in self._made.tracks if isinstance(track, otio.schema.Track)]
        if len(tracks) < len(self._made.tracks):
            self._lost.add("what stands beside the tracks")
        found = [self._track(track) for track in tracks]
        markers = [_marker(one, lambda place: self._frames(place), self.rate) for one in self._made.tracks.markers]
        return plain.Timeline(
            name=self._made.name or "",
            rate=self.rate,
            drop_frame=ours.get("drop_frame") is True and self.rate in timecode.DROP_FRAME_RATES,
            start=round(self._frames(start)) if start is not None else 0,
            tracks=tuple(sorted(found, key=lambda track: track.kind == "audio")),
            sources=tuple(plain.Source(*source) for source in self._sources),
            markers=tuple(markers),
            size=_pair(ours.get("size"), (0, 0)),
            lost=tuple(sorted(self._lost)),
        )

    def _frames(self, time: otio.opentime.RationalTime) -> Fraction:
        """A time in frames of the timeline."""
        return _value(time) * Fraction(*self.rate)

    def _track(self, track: otio.schema.Track) -> plain.Track:
        items: list[plain.Item] = []
        transitions: list[plain.Transition] = []
        waiting: otio.schema.Transition | None = None
        place, last_end = Fraction(0), -1
        for child in track:
            if isinstance(child, otio.schema.Transition):
                waiting = child
                continue
            end = place + self._frames(child.duration())
            start, after = round(place), round(end)
            before = len(items) - 1 if items and last_end == start else -1
            if isinstance(child, otio.schema.Clip) and after > start:
                items.append(self._clip(child, start, after - start, track.kind))
                last_end = after
            elif not isinstance(child, otio.schema.Gap):
                self._lost.add(f"a nested {type(child).__name__}")
            if waiting is not None:
                comes = len(items) - 1 if isinstance(child, otio.schema.Clip) else -1
                transitions.append(self._transition(waiting, start, before, comes))
                waiting = None
            place = end
        if waiting is not None:
            transitions.append(self._transition(waiting, round(place), len(items) - 1, -1))
        ours = _ours(track)
        return plain.Track(
            kind="audio" if track.kind == "Audio" else "video",
            items=tuple(items),
            transitions=tuple(one for one in transitions if one.duration > 0),
            name=track.name or "",
            format=str(ours.get("format", "")) if track.kind == "Audio" else "",
            enabled=bool(track.enabled),
            locked=ours.get("locked") is True,
        )

    def _transition(self, one: otio.schema.Transition, edge: int, before: int, after: int) -> plain.Transition:
        start, end = edge - round(self._frames(one.in_offset)), edge + round(self._frames(one.out_offset))
        return plain.Transition(start, end - start, one.name or "", before, after)

    def _clip(self, clip: otio.schema.Clip, start: int, duration: int, kind: str) -> plain.Item:
        ours = _ours(clip)
        speed = _speed(clip, ours, self._lost)
        reference = clip.media_reference
        name = str(clip.name or "")
        used = clip.trimmed_range()
        rate = _ratio(used.start_time.rate)
        content: Mapping[str, Any] = {}
        source, begin = -1, Fraction(0)
        if isinstance(reference, otio.schema.GeneratorReference):
            content = {str(key): value for key, value in reference.parameters.items() if isinstance(value, str | int)}
        else:
            source, begin, rate = self._source(reference, name, rate, used)
        low = max(_value(used.start_time) * Fraction(*rate) - begin, Fraction(0)) if source >= 0 else Fraction(0)
        low = _whole_when_near(low)
        step = speed * Fraction(*rate) / Fraction(*self.rate)
        first = _value(used.start_time) * Fraction(*self.rate)
        scale = Fraction(*self.rate) / Fraction(*rate)

        def on_item(place: otio.opentime.RationalTime) -> Fraction:
            return (self._frames(place) - first) / (step * scale) if step else Fraction(0)

        fades = _pair(ours.get("fades"), (0, 0))
        return plain.Item(
            name=name,
            start=start,
            duration=duration,
            source=source,
            source_in=(low.numerator, low.denominator),
            speed=(speed.numerator, speed.denominator),
            channels=tuple(int(one) for one in ours.get("channels", ()) if type(one) is int and 1 <= one <= 1000)
            if kind == "Audio" else (),
            link=_link(clip, ours),
            enabled=bool(clip.enabled),
            properties={str(key): value for key, value in _dict(ours.get("properties")).items()
                        if isinstance(value, bool | int | float)},
            markers=tuple(_marker(one, on_item, self.rate) for one in clip.markers),
            color=str(ours.get("color", "")),
            fade_in=fades[0],
            fade_out=fades[1],
            content=content,
            cdl=_cdl(ours.get("cdl")),
        )  # fmt: skip

    def _source(
        self, reference: Any, name: str, rate: Ratio, used: otio.opentime.TimeRange
    ) -> tuple[int, Fraction, Ratio]:
        """The number of a clip's source, its first timecode frame, and its rate."""
        ours = _ours(reference)
        path = ""
        if isinstance(reference, otio.schema.ExternalReference):
            path = _path(reference.target_url)
        elif isinstance(reference, otio.schema.ImageSequenceReference) and reference.available_range is not None:
            path = _sequence(reference)
        available = reference.available_range
        start, frames = 0, 0
        if available is not None:
            rate = _ratio(available.start_time.rate)
            start = round(_value(available.start_time) * Fraction(*rate))
            frames = round(_value(available.duration) * Fraction(*rate))
        reel = ours.get("reel")
        source = plain.Source(
            name=str(reference.name or path.rsplit("/", 1)[-1] or name),
            path=path,
            rate=rate,
            frames=max(frames, 0),
            start=max(start, 0),
            drop_frame=ours.get("drop_frame") is True,
            picture=ours.get("picture") is not False,
            still=ours.get("still") is True,
            size=_pair(ours.get("size"), (0, 0)),
            sound=tuple(one for one in ours.get("sound", ()) if type(one) is int and 1 <= one <= 64),
            sample_rate=one if type(one := ours.get("sample_rate")) is int and 1 <= one <= 1 << 20 else 48000,
            reel=reel if isinstance(reel, str) else "",
            has_timecode=available is not None,
        )
        number = self._sources.setdefault(tuple(source), len(self._sources))
        return number, Fraction(start), rate


def _ours(made: Any) -> Mapping[str, Any]:
    return _dict(made.metadata.get(OURS))


def _dict(value: Any) -> Mapping[str, Any]:
    return value if hasattr(value, "items") else {}


def _pair(value: Any, otherwise: tuple[int, int]) -> tuple[int, int]:
    pair = list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else []
    if len(pair) == 2 and all(type(one) is int and 0 <= one <= plain.LARGEST_FRAME for one in pair):
        return pair[0], pair[1]
    return otherwise


def _cdl(value: Any) -> tuple[float, ...] | None:
    numbers = list(value) if hasattr(value, "__iter__") and not isinstance(value, str) else []
    if len(numbers) == 10 and all(isinstance(one, int | float) and abs(one) <= 1000 for one in numbers):
        return tuple(float(one) for one in numbers)
    return None


def _ratio(rate: float) -> Ratio:
    """The exact rate that a decimal number of frames per second stands for."""
    known = timecode.parse_rate(f"{rate:.6f}")
    if known is not None:
        return known[0]
    exact = Fraction(rate).limit_denominator(1001)
    if exact <= 0:
        raise InterchangeError(f"the file counts at {rate} frames per second")
    return exact.numerator, exact.denominator


def _value(time: otio.opentime.RationalTime) -> Fraction:
    """Exact seconds; the number of frames is a float in the file."""
    return Fraction(time.value) / Fraction(*_ratio(time.rate))


def _whole_when_near(value: Fraction) -> Fraction:
    """The whole number where a float missed one by a trifle, else the nearest fraction with a small denominator."""
    near = Fraction(round(value))
    return near if abs(value - near) < Fraction(1, 10_000) else value.limit_denominator(100_000)


def _speed(clip: otio.schema.Clip, ours: Mapping[str, Any], lost: set[str]) -> Fraction:
    speed = Fraction(1)
    for effect in clip.effects:
        if isinstance(effect, otio.schema.FreezeFrame):
            speed *= 0
        elif isinstance(effect, otio.schema.LinearTimeWarp):
            speed *= Fraction(effect.time_scalar).limit_denominator(10_000)
        else:
            lost.add(f"the effect {effect.effect_name or type(effect).__name__}")
    exact: Any = ours.get("speed")
    pair = list(exact) if hasattr(exact, "__iter__") and not isinstance(exact, str) else []
    if len(pair) == 2 and all(type(one) is int for one in pair) and pair[1] and abs(Fraction(*pair) - speed) < 1e-4:
        return Fraction(*pair)  # the number in the effect is a rounding of this one
    return speed


def _link(clip: otio.schema.Clip, ours: Mapping[str, Any]) -> int:
    """The engine's own, or Resolve's."""
    theirs = _dict(clip.metadata.get("Resolve_OTIO")).get("Link Group ID")
    link = ours.get("link", theirs)
    return link if type(link) is int and link > 0 else 0


def _path(url: str) -> str:
    """A bare path, or a `file:` address as other programs write it."""
    if url.lower().startswith("file:"):
        return unquote(urlsplit(url).path)
    return url


def _sequence(reference: otio.schema.ImageSequenceReference) -> str:
    """The label of a sequence, `shot_[0001-0024].png`."""
    digits = max(reference.frame_zero_padding, 1)
    first, last = reference.start_frame, reference.end_frame()
    base = _path(reference.target_url_base).rstrip("/")
    return f"{base}/{reference.name_prefix}[{first:0{digits}}-{last:0{digits}}]{reference.name_suffix}"


def _marker(one: otio.schema.Marker, on: Any, rate: Ratio) -> Marker:
    ours = _ours(one)
    frame = ours.get("frame")
    if type(frame) is not int:
        frame = round(on(one.marked_range.start_time))
    color = ours.get("color")
    if color not in COLORS:
        color = next((ours for ours, theirs in MARKER_COLORS.items() if theirs == one.color), "Blue")
    note, custom = one.comment, ours.get("custom_data")
    return Marker(
        frame,
        str(color),
        str(one.name or ""),
        str(note or ""),
        max(round(_value(one.marked_range.duration) * Fraction(*rate)), 1),
        custom if isinstance(custom, str) else "",
    )
