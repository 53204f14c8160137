"""Timelines as Final Cut Pro 7 XML (version 5 of its `xmeml`).

A clip's `in` and `out` count at the clip's own rate. Of a retimed clip they count frames as played, the source frame
divided by the speed, and its Time Remap filter says the speed.
"""

from __future__ import annotations

import os
from collections import Counter
from fractions import Fraction
from urllib.parse import quote

from resolve_engine import timecode
from resolve_engine.interchange import plain
from resolve_engine.interchange.fcp7_terms import CARRIED, CROP, DOCTYPE, MARKER_COLORS, TRACK_TYPE, TRACK_TYPES, fit
from resolve_engine.interchange.xml_tree import Element, add
from resolve_engine.interchange.xml_tree import written as document
from resolve_engine.model.marker import Marker
from resolve_engine.timecode import Ratio


def written(found: plain.Timeline) -> tuple[bytes, list[str]]:
    """The file, and what it does not hold."""
    writing = _Writing(found)
    root = Element(DOCTYPE, {"version": "5"})
    writing.sequence(root)
    return document(root, DOCTYPE), [f"{count} {what}" for what, count in writing.lost.items() if count]


def rate(parent: Element, value: Ratio) -> None:
    """The element that says a rate: its whole number, and whether it is a thousandth slower."""
    made = add(parent, "rate")
    add(made, "timebase", timecode.nominal(value))
    add(made, "ntsc", value[1] != 1)


class _Writing:
    """One file."""

    def __init__(self, found: plain.Timeline) -> None:
        self.found = found
        self.lost: Counter[str] = Counter()
        self._described: set[int] = set()
        self._groups: dict[int, list[tuple[str, str, int, int]]] = {}
        for kind in ("video", "audio"):
            for number, track in enumerate(found.of_kind(kind), 1):
                for place, item in enumerate(track.items, 1):
                    if item.link:
                        self._groups.setdefault(item.link, []).append((_id(kind, number, place), kind, number, place))

    def sequence(self, root: Element) -> None:
        """The whole."""
        found = self.found
        made = add(root, "sequence", attributes={"id": "sequence-1"})
        add(made, "name", found.name)
        add(made, "duration", max((track.items[-1].end for track in found.tracks if track.items), default=0))
        rate(made, found.rate)
        self._timecode(made, found.rate, found.drop_frame, found.start)
        for marker in found.markers:
            self._marker(made, marker, marker.frame)
        media = add(made, "media")
        for kind in ("video", "audio"):
            part = add(media, kind)
            form = add(add(part, "format"), "samplecharacteristics")
            if kind == "video":
                rate(form, found.rate)
                add(form, "width", found.size[0])
                add(form, "height", found.size[1])
            else:
                add(form, "depth", 16)
                add(form, "samplerate", 48000)
            for number, track in enumerate(found.of_kind(kind), 1):
                self._track(part, track, number)

    def _timecode(self, parent: Element, value: Ratio, drop_frame: bool, frame: int) -> None:
        made = add(parent, "timecode")
        rate(made, value)
        add(made, "string", timecode.to_timecode(frame, value, drop_frame))
        add(made, "frame", frame)
        add(made, "displayformat", "DF" if drop_frame else "NDF")

    def _marker(self, parent: Element, marker: Marker, frame: int) -> None:
        made = add(parent, "marker")
        add(made, "name", marker.name)
        add(made, "comment", marker.note)
        add(made, "in", frame)
        add(made, "out", frame + marker.duration if marker.duration > 1 else -1)
        color = add(made, "color")
        add(color, "alpha", 0)
        for name, value in zip(("red", "green", "blue"), MARKER_COLORS[marker.color], strict=True):
            add(color, name, value)
        self.lost["custom data of markers"] += bool(marker.custom_data)

    def _track(self, parent: Element, track: plain.Track, number: int) -> None:
        format = {TRACK_TYPE: TRACK_TYPES[track.format]} if track.format in TRACK_TYPES else {}
        made = add(parent, "track", attributes=format)
        coming, going = track.coming(), track.going()
        for place, item in enumerate(track.items, 1):
            before, after = coming.get(place - 1), going.get(place - 1)
            if before is not None:
                self._transition(made, track, before)
            if item.source >= 0:
                self._clip(made, track, number, place, before, after)
            else:
                self._generator(made, item, _id(track.kind, number, place))
            if after is not None and after.after < 0:
                self._transition(made, track, after)
        add(made, "enabled", track.enabled)
        add(made, "locked", track.locked)
        if track.kind == "audio":
            add(made, "outputchannelindex", 1)

    def _transition(self, parent: Element, track: plain.Track, one: plain.Transition) -> None:
        edge = track.items[one.after].start if one.after >= 0 else track.items[one.before].end
        end = one.start + one.duration
        alignment = "start" if edge == one.start else "end" if edge == end else "center"
        if one.after < 0 or one.before < 0:
            alignment += "-black"
        elif alignment == "center" and edge != one.start + one.duration // 2:
            self.lost["places of cuts under transitions"] += 1
        made = add(parent, "transitionitem")
        rate(made, self.found.rate)
        add(made, "start", one.start)
        add(made, "end", end)
        add(made, "alignment", alignment)
        effect = add(made, "effect")
        for name, value in (("name", one.name), ("effectid", one.name), ("effecttype", "transition"),
                            ("mediatype", track.kind)):  # fmt: skip
            add(effect, name, value)

    def _clip(
        self,
        parent: Element,
        track: plain.Track,
        number: int,
        place: int,
        before: plain.Transition | None,
        after: plain.Transition | None,
    ) -> None:
        """A clip; under a transition it reaches to the transition's end, and -1 says that it does."""
        item = track.items[place - 1]
        source = self.found.sources[item.source]
        made = add(parent, "clipitem", attributes={"id": _id(track.kind, number, place)})
        add(made, "name", item.name)
        add(made, "duration", source.frames)
        rate(made, source.rate)
        start, end = item.start, item.end
        if before is not None and before.before >= 0:
            start = before.start
        if after is not None and after.after >= 0:
            end = after.start + after.duration
        add(made, "start", start if start == item.start else -1)
        add(made, "end", end if end == item.end else -1)
        speed = abs(Fraction(*item.speed)) or Fraction(1)
        step = Fraction(*source.rate) / Fraction(*self.found.rate)
        first = Fraction(*item.source_in) / speed
        whole = first.__floor__()
        self.lost["starts between two frames of a clip"] += whole != first
        # Backwards the handles change sides.
        first = whole - (end - item.end if item.speed[0] < 0 else item.start - start) * step
        add(made, "enabled", item.enabled)
        add(made, "in", first.__floor__())
        add(made, "out", (first + (end - start) * step).__floor__())
        self._file(made, item.source)
        self._filters(made, item, source)
        if track.kind == "audio":
            track_of = add(made, "sourcetrack")
            add(track_of, "mediatype", "audio")
            add(track_of, "trackindex", item.channels[0] if item.channels else 1)
        if item.color:
            add(add(made, "labels"), "label2", item.color)
        pace = Fraction(*item.speed) * step
        for marker in item.markers:
            self._marker(made, marker, (Fraction(*item.source_in) + marker.frame * pace).__floor__())
        for target, mediatype, track_number, index in self._groups.get(item.link, []):
            link = add(made, "link")
            for name, value in (("linkclipref", target), ("mediatype", mediatype), ("trackindex", track_number),
                                ("clipindex", index)):  # fmt: skip
                add(link, name, value)
        self.lost["fades"] += bool(item.fade_in or item.fade_out)
        self.lost["grades"] += item.cdl is not None

    def _file(self, parent: Element, number: int) -> None:
        """Described where it comes first, named after that."""
        source = self.found.sources[number]
        made = add(parent, "file", attributes={"id": f"file-{number + 1}"})
        if number in self._described:
            return
        self._described.add(number)
        add(made, "name", source.name)
        if source.path:
            path = source.path.replace(os.sep, "/")
            add(made, "pathurl", f"file://localhost{'' if path.startswith('/') else '/'}{quote(path)}")
        rate(made, source.rate)
        add(made, "duration", source.frames)
        self._timecode(made, source.rate, source.drop_frame, source.start)
        if source.reel:
            add(add(made.findall("timecode")[0], "reel"), "name", source.reel)
        media = add(made, "media")
        if source.picture:
            form = add(add(media, "video"), "samplecharacteristics")
            add(form, "width", source.size[0])
            add(form, "height", source.size[1])
            if source.still:
                add(media.findall("video")[0], "stillframe", True)
        for channels in source.sound:
            sound = add(media, "audio")
            add(add(sound, "samplecharacteristics"), "samplerate", source.sample_rate)
            add(sound, "channelcount", channels)

    def _filters(self, parent: Element, item: plain.Item, source: plain.Source) -> None:
        values = dict(item.properties)
        width, height = self.found.size
        zoom = float(values.get("ZoomX", 1.0))
        self.lost["heights of scaled pictures"] += zoom != float(values.get("ZoomY", zoom))
        self.lost["inspector values"] += len(set(values) - CARRIED)
        scale = zoom * fit(source, self.found.size) * 100
        motion: list[tuple[str, object]] = []
        if any(key in values for key in ("ZoomX", "RotationAngle", "Pan", "Tilt", "AnchorPointX", "AnchorPointY")):
            motion.append(("scale", scale))
            motion.append(("rotation", -float(values.get("RotationAngle", 0.0))))  # clockwise in this form
            motion.append(("center", (values.get("Pan", 0.0) / width, -values.get("Tilt", 0.0) / height)))
            anchor = (values.get("AnchorPointX", 0.0) / width, -values.get("AnchorPointY", 0.0) / height)
            motion.append(("centerOffset", anchor))
            self._filter(parent, "Basic Motion", "basic", "motion", motion)
        sizes = {"left": width, "right": width, "top": height, "bottom": height}
        crop = [(name, values.get(key, 0.0) / sizes[name] * 100) for name, key in CROP.items()]
        if any(key in values for key in CROP.values()):
            self._filter(parent, "Crop", "crop", "motion", crop)
        if "Opacity" in values:
            self._filter(parent, "Opacity", "opacity", "motion", [("opacity", values["Opacity"])])
        if "AudioVolume" in values:
            self._filter(parent, "Audio Levels", "audiolevels", "audiolevels",
                         [("level", 10 ** (values["AudioVolume"] / 20))])  # fmt: skip
        if "AudioPan" in values:
            self._filter(parent, "Audio Pan", "audiopan", "audiopan", [("pan", values["AudioPan"] / 100)])
        if item.speed != (1, 1):
            speed = float(abs(Fraction(*item.speed)) * 100)
            remap = [("variablespeed", 0), ("speed", speed), ("reverse", item.speed[0] < 0), ("frameblending", False)]
            self._filter(parent, "Time Remap", "timeremap", "motion", remap)

    def _filter(
        self,
        parent: Element,
        name: str,
        id: str,
        kind: str,
        parameters: list[tuple[str, object]] | list[tuple[str, float]],
    ) -> None:
        effect = add(add(parent, "filter"), "effect")
        media = "audio" if id.startswith("audio") else "video"
        for tag, value in (("name", name), ("effectid", id), ("effectcategory", kind), ("effecttype", kind),
                           ("mediatype", media)):  # fmt: skip
            add(effect, tag, value)
        for parameter, found in parameters:
            made = add(effect, "parameter")
            add(made, "parameterid", parameter)
            add(made, "name", parameter)
            if isinstance(found, tuple):
                place = add(made, "value")
                add(place, "horiz", found[0])
                add(place, "vert", found[1])
            else:
                add(made, "value", found)

    def _generator(self, parent: Element, item: plain.Item, id: str) -> None:
        made = add(parent, "generatoritem", attributes={"id": id})
        add(made, "name", item.name)
        add(made, "duration", item.duration)
        rate(made, self.found.rate)
        add(made, "start", item.start)
        add(made, "end", item.end)
        add(made, "enabled", item.enabled)
        add(made, "in", 0)
        add(made, "out", item.duration)
        effect = add(made, "effect")
        content = item.content
        for tag, value in (("name", content.get("name", "")), ("effectid", content.get("name", "")),
                           ("effectcategory", content.get("kind", "")), ("effecttype", "generator"),
                           ("mediatype", "video")):  # fmt: skip
            add(effect, tag, value)
        if "text" in content:
            text = add(effect, "parameter")
            add(text, "parameterid", "str")
            add(text, "name", "Text")
            add(text, "value", content["text"])


def _id(kind: str, number: int, place: int) -> str:
    return f"{kind}-{number}-{place}"
