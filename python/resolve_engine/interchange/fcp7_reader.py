"""Reading Final Cut Pro 7 XML, as that program, Premiere and Resolve write it."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from resolve_engine import timecode
from resolve_engine.interchange import plain
from resolve_engine.interchange.fcp7_terms import CROP, MARKER_COLORS, TRACK_TYPE, TRACK_TYPES, fit
from resolve_engine.interchange.plain import InterchangeError
from resolve_engine.interchange.xml_tree import Element, number_of, text_of, whole_of
from resolve_engine.model.marker import Marker
from resolve_engine.timecode import Ratio

NOT_SAID = -1
"""What `start` or `end` is of a clip whose edge lies under a transition."""


def read(root: Element) -> plain.Timeline:
    """The first sequence of a file. Raises InterchangeError, and ValueError for numbers that are none."""
    sequence = next((one for one in root.iter("sequence") if one.find("media") is not None), None)
    if sequence is None:
        raise InterchangeError("the file holds no sequence")
    return _Reading(root, sequence).timeline()


class _Edge(NamedTuple):
    """A transition's range and the cut that it lies over."""

    start: int
    end: int
    edge: int


def _edge(part: Element) -> _Edge:
    start, end = whole_of(part, "start"), whole_of(part, "end")
    alignment = text_of(part, "alignment", "center").lower()
    edge = start if alignment.startswith("start") else end if alignment.startswith("end") else (start + end) // 2
    return _Edge(start, end, edge)


def _rate(parent: Element, otherwise: Ratio | None = None) -> Ratio:
    """The rate that an element says: 24 with `ntsc` is 24000/1001."""
    base = whole_of(parent, "rate/timebase")
    if base <= 0:
        if otherwise is None:
            raise InterchangeError("the sequence has no frame rate")
        return otherwise
    return (base * 1000, 1001) if text_of(parent, "rate/ntsc").upper() == "TRUE" else (base, 1)


class _Reading:
    """One file."""

    def __init__(self, root: Element, sequence: Element) -> None:
        self._sequence = sequence
        self.rate = _rate(sequence)
        self.size = (
            max(whole_of(sequence, "media/video/format/samplecharacteristics/width"), 0),
            max(whole_of(sequence, "media/video/format/samplecharacteristics/height"), 0),
        )
        self._files = {one.get("id", ""): one for one in root.iter("file") if len(one)}
        self._sources: dict[tuple[Any, ...], int] = {}
        self._lost: set[str] = set()
        self._groups: dict[str, int] = {}

    def timeline(self) -> plain.Timeline:
        """The whole."""
        start, drop = self._timecode(self._sequence, self.rate)
        tracks = []
        for kind in ("video", "audio"):
            for element in self._sequence.findall(f"media/{kind}/track"):
                tracks.append(self._track(element, kind))
        return plain.Timeline(
            name=text_of(self._sequence, "name"),
            rate=self.rate,
            drop_frame=drop,
            start=start,
            tracks=self._with_streams(tracks),
            sources=tuple(plain.Source(*source) for source in self._sources),
            markers=tuple(self._markers(self._sequence, Fraction(0), Fraction(1))),
            size=self.size,
            lost=tuple(sorted(self._lost)),
        )

    def _with_streams(self, tracks: list[plain.Track]) -> tuple[plain.Track, ...]:
        """The form names one channel for a clip of sound. Where nothing beside it plays the others of its stream, as
        when each stands on a track of its own, the clip plays the whole stream."""
        played = {
            (item.source, item.start, channel) for track in tracks for item in track.items for channel in item.channels
        }
        sources = list(self._sources)

        def whole(item: plain.Item) -> plain.Item:
            if not item.channels:
                return item
            (first,), before = item.channels, 1
            for count in plain.Source(*sources[item.source]).sound:
                stream = tuple(range(before, before + count))
                others = {(item.source, item.start, channel) for channel in stream[1:]}
                if first == before and not others & played:
                    return item._replace(channels=stream)
                before += count
            return item

        return tuple(track._replace(items=tuple(whole(item) for item in track.items)) for track in tracks)

    def _timecode(self, parent: Element, rate: Ratio) -> tuple[int, bool]:
        """The first frame and whether its timecode drops numbers; the text decides where there is no frame."""
        drop = text_of(parent, "timecode/displayformat").upper() == "DF" and rate in timecode.DROP_FRAME_RATES
        text = text_of(parent, "timecode/string")
        counted = _rate(parent.find("timecode") or parent, rate) if parent.find("timecode") is not None else rate
        if counted != rate and text:
            return timecode.to_frames(text, rate, drop), drop
        if text_of(parent, "timecode/frame"):
            return whole_of(parent, "timecode/frame"), drop
        return (timecode.to_frames(text, rate, drop) if text else 0), drop

    def _track(self, track: Element, kind: str) -> plain.Track:
        """Clips lie beside the transitions that say where their edges are."""
        parts = [one for one in track if one.tag in ("clipitem", "generatoritem", "transitionitem")]
        edges = {number: _edge(one) for number, one in enumerate(parts) if one.tag == "transitionitem"}
        items: list[plain.Item] = []
        places: dict[int, int] = {}
        for number, part in enumerate(parts):
            if part.tag == "transitionitem":
                continue
            item = self._item(part, kind, edges.get(number - 1), edges.get(number + 1))
            if item is not None:
                places[number] = len(items)
                items.append(item)
        transitions = []
        for number in edges:
            edge = edges[number]
            before, after = places.get(number - 1, -1), places.get(number + 1, -1)
            if before >= 0 and items[before].end != edge.edge:
                before = -1
            if after >= 0 and items[after].start != edge.edge:
                after = -1
            if edge.end > edge.start:
                name = text_of(parts[number], "effect/name")
                transitions.append(plain.Transition(edge.start, edge.end - edge.start, name, before, after))
        return plain.Track(
            kind=kind,
            items=tuple(items),
            transitions=tuple(transitions),
            format=next((ours for ours, theirs in TRACK_TYPES.items() if theirs == track.get(TRACK_TYPE)), ""),
            enabled=text_of(track, "enabled", "TRUE").upper() != "FALSE",
            locked=text_of(track, "locked").upper() == "TRUE",
        )

    def _item(self, part: Element, kind: str, before: _Edge | None, after: _Edge | None) -> plain.Item | None:
        start, end = whole_of(part, "start", NOT_SAID), whole_of(part, "end", NOT_SAID)
        if (start == NOT_SAID and before is None) or (end == NOT_SAID and after is None):
            self._lost.add("clips without a place")
            return None
        begin = start if start != NOT_SAID or before is None else before.edge
        finish = end if end != NOT_SAID or after is None else after.edge
        if finish <= begin:
            return None
        name = text_of(part, "name")
        enabled = text_of(part, "enabled", "TRUE").upper() != "FALSE"
        if part.tag == "generatoritem":
            content = {"kind": text_of(part, "effect/effectcategory"), "name": text_of(part, "effect/effectid")}
            text = next(
                (text_of(one, "value") for one in part.iter("parameter") if text_of(one, "parameterid") == "str"), None
            )
            if text is not None and content["kind"] == "title":
                content["text"] = text
            return plain.Item(name, begin, finish - begin, enabled=enabled, content=content)
        number, source = self._source(part, name)
        speed, properties = self._filters(part, source)
        pace = abs(speed) or Fraction(1)
        step = Fraction(*source.rate) / Fraction(*self.rate)
        first = Fraction(whole_of(part, "in"))
        if start == NOT_SAID and before is not None and speed >= 0:  # `in` is where the transition begins
            first += (before.edge - before.start) * step
        if end == NOT_SAID and after is not None and speed < 0:
            first += (after.end - after.edge) * step
        low = max(first * pace, Fraction(0))
        return plain.Item(
            name=name,
            start=begin,
            duration=finish - begin,
            source=number,
            source_in=(low.numerator, low.denominator),
            speed=(speed.numerator, speed.denominator),
            channels=(max(whole_of(part, "sourcetrack/trackindex", 1), 1),) if kind == "audio" else (),
            link=self._link(part),
            enabled=enabled,
            properties=properties,
            markers=tuple(self._markers(part, low, speed * step)),
            color=text_of(part, "labels/label2"),
        )

    def _link(self, part: Element) -> int:
        """Clips that name each other are one group: the number of the first that was met."""
        names = [text_of(one, "linkclipref") for one in part.findall("link")]
        names.append(part.get("id", ""))
        known = next((self._groups[name] for name in names if name in self._groups), len(self._groups) + 1)
        if len(names) > 1:
            self._groups.update(dict.fromkeys(names, known))
            return known
        return self._groups.get(names[0], 0)

    def _source(self, part: Element, name: str) -> tuple[int, plain.Source]:
        """The number of a clip's source, and the source."""
        given = part.find("file")
        file = self._files.get(given.get("id", ""), given) if given is not None else part
        if given is None:
            self._lost.add("what stands in a sequence in the sequence")
        rate = _rate(file, _rate(part, self.rate))
        start, drop = self._timecode(file, rate)
        path = _path(text_of(file, "pathurl"))
        video = file.find("media/video")
        sound = tuple(min(max(whole_of(one, "channelcount", 1), 1), 64) for one in file.findall("media/audio"))
        source = plain.Source(
            name=text_of(file, "name") or name,
            path=path,
            rate=rate,
            frames=max(whole_of(file, "duration", whole_of(part, "duration")), 0),
            start=max(start, 0),
            drop_frame=drop,
            picture=video is not None or file.find("media") is None,
            still=video is not None and text_of(video, "stillframe").upper() == "TRUE",
            size=(
                max(whole_of(file, "media/video/samplecharacteristics/width"), 0),
                max(whole_of(file, "media/video/samplecharacteristics/height"), 0),
            ),
            sound=sound[:64],
            sample_rate=min(max(whole_of(file, "media/audio/samplecharacteristics/samplerate", 48000), 1), 1 << 20),
            reel=text_of(file, "timecode/reel/name"),
            has_timecode=file.find("timecode") is not None,
        )
        return self._sources.setdefault(tuple(source), len(self._sources)), source

    def _filters(self, part: Element, source: plain.Source) -> tuple[Fraction, dict[str, Any]]:
        """The speed of a clip and its inspector values."""
        speed = Fraction(1)
        values: dict[str, Any] = {}
        width, height = self.size
        for effect in part.findall("filter/effect"):
            id = text_of(effect, "effectid").lower()
            found = {text_of(one, "parameterid").lower(): one for one in effect.findall("parameter")}
            if any(one.find("keyframe") is not None for one in found.values()):
                self._lost.add("keyframes")
            numbers = {name: _number(one) for name, one in found.items()}
            if id == "timeremap":
                speed = Fraction(numbers.get("speed", 100.0)).limit_denominator(100_000) / 100
                backwards = "reverse" in found and text_of(found["reverse"], "value").upper() == "TRUE"
                speed = -abs(speed) if backwards else speed
            elif id == "basic":
                zoom = numbers.get("scale", 100.0) / 100 / fit(source, self.size)
                values["ZoomX"] = values["ZoomY"] = round(zoom, 9)
                values["RotationAngle"] = -numbers.get("rotation", 0.0)
                for name, across, down in (("center", "Pan", "Tilt"), ("centeroffset", "AnchorPointX", "AnchorPointY")):
                    if name in found:
                        values[across] = number_of(found[name], "value/horiz") * width
                        values[down] = -number_of(found[name], "value/vert") * height
            elif id == "crop":
                for name, key in CROP.items():
                    values[key] = numbers.get(name, 0.0) / 100 * (width if name in ("left", "right") else height)
            elif id == "opacity":
                values["Opacity"] = numbers.get("opacity", 100.0)
            elif id == "audiolevels" and numbers.get("level", 1.0) > 0:
                values["AudioVolume"] = round(20 * math.log10(numbers.get("level", 1.0)), 6)
            elif id == "audiopan":
                values["AudioPan"] = numbers.get("pan", 0.0) * 100
            else:
                self._lost.add(f"the filter {text_of(effect, 'name') or id}")
        return speed, {key: value for key, value in values.items() if math.isfinite(value)}

    def _markers(self, parent: Element, first: Fraction, pace: Fraction) -> list[Marker]:
        """The markers of an element; a clip's count in its source, `pace` frames to one."""
        found = []
        for one in parent.findall("marker"):
            place, end = whole_of(one, "in"), whole_of(one, "out", -1)
            color = tuple(whole_of(one, f"color/{name}") for name in ("red", "green", "blue"))
            frame = math.ceil((place - first) / pace) if pace else 0
            found.append(
                Marker(frame, _color(color), text_of(one, "name"), text_of(one, "comment"), max(end - place, 1), "")
            )
        return found


def _number(parameter: Element) -> float:
    """The value of a parameter, where it is one number."""
    try:
        return number_of(parameter, "value")
    except ValueError:
        return 0.0


def _color(rgb: tuple[int, ...]) -> str:
    """The marker colour that is nearest to red, green and blue; blue where the file says none."""
    if not any(rgb):
        return "Blue"
    return min(
        MARKER_COLORS,
        key=lambda name: sum((one - other) ** 2 for one, other in zip(rgb, MARKER_COLORS[name], strict=True)),
    )


def _path(url: str) -> str:
    """The path in a `file:` address, or a bare path; '' for anything else."""
    if url.lower().startswith("file:"):
        path = unquote(urlsplit(url.replace("#", "%23").replace("?", "%3F")).path)
        return path[1:] if len(path) > 2 and path[2] == ":" else path
    return url if "://" not in url else ""
