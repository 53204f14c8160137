"""Reading Final Cut Pro X's XML, as that program and Resolve write it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from resolve_engine import timecode
from resolve_engine.interchange import plain
from resolve_engine.interchange.plain import InterchangeError
from resolve_engine.interchange.xml_tree import Element
from resolve_engine.model.marker import Marker
from resolve_engine.timecode import Ratio

CLIPS = ("asset-clip", "clip", "video", "audio", "ref-clip", "sync-clip", "mc-clip")
_TIME = re.compile(r"(-?\d{1,18}(?:\.\d{1,12})?)(?:/(\d{1,18}))?s")
SIDES = {"left": "CropLeft", "right": "CropRight", "top": "CropTop", "bottom": "CropBottom"}


def read(root: Element) -> plain.Timeline:
    """The first sequence of a project. Raises InterchangeError, and ValueError for numbers that are none."""
    sequence = next(iter(root.iterfind(".//project/sequence")), None)
    if sequence is None:
        sequence = next(iter(root.iter("sequence")), None)
    if sequence is None:
        raise InterchangeError("the file holds no sequence")
    name = next((one.get("name", "") for one in root.iter("project")), "")
    return _Reading(root, sequence, name).timeline()


def seconds(text: str | None, otherwise: Fraction = Fraction(0)) -> Fraction:
    """An exact time: `5s`, `1001/24000s`. Raises InterchangeError."""
    if text is None:
        return otherwise
    match = _TIME.fullmatch(text.strip())
    if match is None or (match[2] is not None and int(match[2]) == 0):
        raise InterchangeError(f"{text[:40]!r} is no time")
    return Fraction(match[1]) / int(match[2] or 1)


class _Sound(NamedTuple):
    """A sound that has no place yet."""

    track: int
    """The one it wants."""
    item: plain.Item


class _Reading:
    """One file."""

    def __init__(self, root: Element, sequence: Element, name: str) -> None:
        self._sequence = sequence
        self._name = name
        self._formats = {one.get("id", ""): one for one in root.iter("format")}
        self._assets = {one.get("id", ""): one for one in root.iter("asset")}
        self._sources: dict[tuple[Any, ...], int] = {}
        self._lost: set[str] = set()
        form = self._formats.get(sequence.get("format", ""))
        rate = _rate(form)
        if rate is None:
            raise InterchangeError("the sequence has no format with a frame duration")
        self.rate = rate
        self.size = _size(form)
        self._pictures: dict[int, list[plain.Item]] = {0: []}
        self._transitions: list[plain.Transition] = []
        self._sounds: list[_Sound] = []
        self._links = 0

    def timeline(self) -> plain.Timeline:
        """The whole."""
        start = seconds(self._sequence.get("tcStart"))
        spine = self._sequence.find("spine")
        if spine is not None:
            first = next((seconds(one.get("offset")) for one in spine if one.get("offset")), Fraction(0))
            self._spine(spine, start if first >= start else Fraction(0), Fraction(0), 0)
        lanes = sorted(self._pictures)
        tracks = [
            plain.Track(
                "video",
                tuple(sorted(self._pictures[lane], key=lambda item: item.start)),
                tuple(self._placed(self._pictures[lane])) if lane == 0 else (),
            )
            for lane in lanes
            if self._pictures[lane] or lane == 0
        ]
        return plain.Timeline(
            name=self._name,
            rate=self.rate,
            drop_frame=self._sequence.get("tcFormat") == "DF" and self.rate in timecode.DROP_FRAME_RATES,
            start=self._frames(start),
            tracks=(*tracks, *self._sound_tracks()),
            sources=tuple(plain.Source(*source) for source in self._sources),
            size=self.size,
            lost=tuple(sorted(self._lost)),
        )

    def _frames(self, time: Fraction) -> int:
        return round(time * Fraction(*self.rate))

    def _spine(self, spine: Element, base: Fraction, late: Fraction, lane: int) -> None:
        """What follows one another; `base` is the spine's own time that stands `late` after the timeline's start."""
        place = Fraction(0)
        for one in spine:
            if one.tag == "transition":
                start = self._frames(seconds(one.get("offset"), place + base) - base + late)
                length = self._frames(seconds(one.get("duration")))
                if lane == 0:
                    self._transitions.append(plain.Transition(start, length, one.get("name", ""), -1, -1))
                else:
                    self._lost.add("transitions beyond the spine")
                continue
            begin = seconds(one.get("offset"), place + base) - base
            self._element(one, begin + late, lane)
            place = begin + seconds(one.get("duration"))

    def _element(self, one: Element, begin: Fraction, lane: int) -> None:
        """A clip or a gap with all that hangs on it; `begin` counts from the timeline's first frame."""
        local = seconds(one.get("start"))
        if one.tag in CLIPS:
            self._clip(one, begin, lane)
        elif one.tag not in ("gap", "spine", "note"):
            self._lost.add(f"a {one.tag}")
        for child in one:
            if child.tag == "spine" and child.get("lane"):
                at = begin + seconds(child.get("offset")) - local
                self._spine(child, Fraction(0), at, _lane(child) + (lane if lane > 0 else 0))
            elif child.get("lane") and child.get("offset") is not None:
                at = begin + seconds(child.get("offset")) - local
                self._element(child, at, _lane(child) + (lane if lane > 0 and _lane(child) > 0 else 0))

    def _clip(self, one: Element, begin: Fraction, lane: int) -> None:
        number, source, first = self._source(one)
        start = self._frames(begin)
        duration = self._frames(begin + seconds(one.get("duration"))) - start
        if duration < 1:
            return
        local = seconds(one.get("start"), first)
        speed, media = _retimed(one, local, seconds(one.get("duration")))
        if media < first <= media + first:  # a map that counts from the media's own first moment
            media += first
        low = max((media - first) * Fraction(*source.rate), Fraction(0))
        part = one.get("srcEnable", "all")
        picture = source.picture and part != "audio" and one.tag != "audio" and lane >= 0
        sound = source.sound if part != "video" and one.tag != "video" else ()
        enabled = one.get("enabled", "1") != "0"
        item = plain.Item(
            name=one.get("name", source.name),
            start=start,
            duration=duration,
            source=number,
            source_in=(low.numerator, low.denominator),
            speed=(speed.numerator, speed.denominator),
            enabled=enabled,
        )
        streams = list(self._streams(one, sound))
        if picture and streams:
            self._links += 1
            item = item._replace(link=self._links)
        if picture:
            values, markers = self._adjusted(one), tuple(self._markers(one, local))
            self._pictures.setdefault(lane, []).append(item._replace(properties=values, markers=markers))
        volume = one.find("adjust-volume")
        for place, channels in enumerate(streams):
            heard = item._replace(channels=channels, properties={} if volume is None else _volume(volume))
            self._sounds.append(_Sound(place + (-lane if lane < 0 else 1), heard))

    def _streams(self, one: Element, sound: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """The channels of each sound item that a clip stands for."""
        named = one.find("audio-channel-source")
        if named is not None and sound:
            numbers = [int(part) for part in named.get("srcCh", "").split(",") if part.strip().isdigit()]
            if numbers:
                yield tuple(numbers[:64])
                return
        first = 1
        for channels in sound:
            yield tuple(range(first, first + channels))
            first += channels

    def _source(self, one: Element) -> tuple[int, plain.Source, Fraction]:
        """The number of a clip's source, the source, and the time of its first frame."""
        inner = one if one.get("ref") else next((part for part in one.iter() if part.get("ref")), one)
        asset = self._assets.get(inner.get("ref", ""))
        if asset is None:
            self._lost.add(f"the media of a {one.tag}")
            asset = Element(
                "asset", {"name": one.get("name", one.tag), "hasVideo": "1", "start": one.get("start", "0s")}
            )
        form = self._formats.get(asset.get("format", ""))
        rate = _rate(form) or self.rate
        first = seconds(asset.get("start"))
        media = asset.find("media-rep")
        duration = seconds(asset.get("duration"))
        sound: tuple[int, ...] = ()
        if asset.get("hasAudio") == "1":
            count = min(max(int(asset.get("audioSources", "1")), 1), 64)
            sound = (min(max(int(asset.get("audioChannels", "1")), 1), 64),) * count
        source = plain.Source(
            name=asset.get("name", "") or one.get("name", ""),
            path=_path((media.get("src", "") if media is not None else "") or asset.get("src", "")),
            rate=rate,
            frames=max(round(duration * Fraction(*rate)), 0),
            start=max(round(first * Fraction(*rate)), 0),
            picture=asset.get("hasVideo", "0" if sound else "1") == "1",
            still=duration == 0 and asset.get("duration") is not None,
            size=_size(form),
            sound=sound,
            sample_rate=min(max(_samples(asset.get("audioRate", "48000")), 1), 1 << 20),
        )
        return self._sources.setdefault(tuple(source), len(self._sources)), source, first

    def _placed(self, items: list[plain.Item]) -> Iterator[plain.Transition]:
        """The spine's transitions with the items at their sides."""
        places = sorted(range(len(items)), key=lambda number: items[number].start)
        begins = {items[place].start: number for number, place in enumerate(places)}
        ends = {items[place].end: number for number, place in enumerate(places)}
        for one in self._transitions:
            after = one.start + one.duration
            cut = min(
                (edge for edge in (*begins, *ends) if one.start <= edge <= after),
                key=lambda edge: (abs(2 * edge - one.start - after), edge),
                default=None,
            )
            if cut is not None and one.duration > 0:
                yield one._replace(before=ends.get(cut, -1), after=begins.get(cut, -1))

    def _sound_tracks(self) -> list[plain.Track]:
        """Each sound on the track that it wants, or on the next one that is free there."""
        tracks: list[list[plain.Item]] = []
        for sound in sorted(self._sounds, key=lambda one: (one.track, one.item.start)):
            number = sound.track - 1
            while number < len(tracks) and tracks[number] and tracks[number][-1].end > sound.item.start:
                number += 1
            while len(tracks) <= min(number, plain.MOST_TRACKS):
                tracks.append([])
            if number >= len(tracks):
                raise InterchangeError(f"the file holds more than {plain.MOST_TRACKS} sounds at a time")
            tracks[number].append(sound.item)
        return [plain.Track("audio", tuple(sorted(items, key=lambda item: item.start))) for items in tracks]

    def _adjusted(self, one: Element) -> dict[str, Any]:
        values: dict[str, Any] = {}
        height = self.size[1] / 100
        moved = one.find("adjust-transform")
        if moved is not None:
            for name, keys, unit in (
                ("position", ("Pan", "Tilt"), height),
                ("anchor", ("AnchorPointX", "AnchorPointY"), height),
            ):
                values.update(zip(keys, (value * unit for value in _two(moved.get(name), 0.0)), strict=True))
            across, down = _two(moved.get("scale"), 1.0)
            values |= {"ZoomX": abs(across), "ZoomY": abs(down), "FlipX": across < 0, "FlipY": down < 0}
            values["RotationAngle"] = float(moved.get("rotation", "0"))
        crop = one.find("adjust-crop/trim-rect")
        if crop is not None:
            values |= {key: float(crop.get(side, "0")) * height for side, key in SIDES.items()}
        blend = one.find("adjust-blend")
        if blend is not None:
            values["Opacity"] = float(blend.get("amount", "1")) * 100
        for child in one:
            if child.tag.startswith("filter"):
                self._lost.add(f"the filter {child.get('name', '')}")
        return {key: value for key, value in values.items() if math.isfinite(value)}

    def _markers(self, one: Element, local: Fraction) -> Iterator[Marker]:
        for marker in (*one.findall("marker"), *one.findall("chapter-marker")):
            frame = self._frames(seconds(marker.get("start")) - local)
            length = max(self._frames(seconds(marker.get("duration"))), 1)
            yield Marker(frame, "Blue", marker.get("value", ""), marker.get("note", ""), length, "")


def _rate(form: Element | None) -> Ratio | None:
    duration = seconds(form.get("frameDuration")) if form is not None else Fraction(0)
    if duration <= 0:
        return None
    rate = 1 / duration
    return rate.numerator, rate.denominator


def _size(form: Element | None) -> tuple[int, int]:
    if form is None:
        return (0, 0)
    return max(int(form.get("width", "0")), 0), max(int(form.get("height", "0")), 0)


def _lane(one: Element) -> int:
    return int(one.get("lane", "0"))


def _two(text: str | None, otherwise: float) -> tuple[float, float]:
    parts = (text or "").split()
    return (float(parts[0]), float(parts[1])) if len(parts) == 2 else (otherwise, otherwise)


def _samples(text: str) -> int:
    """`48000`, or `48k` and `44.1k` as that program writes them."""
    return round(float(text[:-1]) * 1000) if text.endswith("k") else int(text)


def _volume(one: Element) -> dict[str, Any]:
    volume = float(one.get("amount", "0dB").removesuffix("dB"))
    return {"AudioVolume": volume} if math.isfinite(volume) else {}


def _retimed(one: Element, start: Fraction, length: Fraction) -> tuple[Fraction, Fraction]:
    """The speed of a clip and the lower end of what it shows, in seconds of its media; from the two outer points."""
    points = [(seconds(point.get("time")), seconds(point.get("value"))) for point in one.findall("timeMap/timept")]
    if len(points) < 2 or points[-1][0] == points[0][0]:
        return Fraction(1), start
    (time, value), (late, last) = points[0], points[-1]
    speed = (last - value) / (late - time)
    first = value + (start - time) * speed
    return speed, min(first, first + length * speed)


def _path(url: str) -> str:
    """The path in a `file:` address; '' for anything else."""
    if not url.lower().startswith("file:"):
        return ""
    path = unquote(urlsplit(url.replace("#", "%23").replace("?", "%3F")).path)
    return path[1:] if len(path) > 2 and path[2] == ":" else path
