"""Timelines as Final Cut Pro X's XML, versions 1.8 to 1.10.

The first picture track is the spine; other tracks hang on it, pictures on lanes from 1 up and sounds on lanes from -1
down. A clip of the spine with all its own sound beside it on the first sound tracks is one element, as that program
has it; other sounds are elements of their own. Retimed clips carry a map of their first and their last moment.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from fractions import Fraction
from urllib.parse import quote

from resolve_engine.interchange import plain
from resolve_engine.interchange.xml_tree import Element, add
from resolve_engine.interchange.xml_tree import written as document
from resolve_engine.timecode import Ratio

CARRIED = {
    "ZoomX", "ZoomY", "ZoomGang", "Pan", "Tilt", "RotationAngle", "AnchorPointX", "AnchorPointY", "FlipX", "FlipY",
    "CropLeft", "CropRight", "CropTop", "CropBottom", "Opacity", "AudioVolume",
}  # fmt: skip
"""Inspector values that the form holds."""

Anchor = tuple[int, Fraction, Element]
"""What can be hung on: its first frame, that frame as its own time, and the element."""


def written(found: plain.Timeline, version: str) -> tuple[bytes, list[str]]:
    """The file of a version such as `1.10`, and what it does not hold."""
    writing = _Writing(found, version)
    root = Element("fcpxml", {"version": version})
    writing.document(root)
    return document(root, "fcpxml"), [f"{count} {what}" for what, count in writing.lost.items() if count]


def seconds(value: Fraction) -> str:
    """A time as the form writes it: exact."""
    return f"{value.numerator}s" if value.denominator == 1 else f"{value.numerator}/{value.denominator}s"


class _Writing:
    """One file."""

    def __init__(self, found: plain.Timeline, version: str) -> None:
        self.found = found
        self.version = version
        self.lost: Counter[str] = Counter()
        self._frame = 1 / Fraction(*found.rate)
        self._formats: dict[tuple[Ratio, tuple[int, int]], str] = {}
        self._whole: set[tuple[int, int]] = set()
        """Sounds, by track and place, that stand in the element of their picture."""

    def document(self, root: Element) -> None:
        """The whole."""
        found = self.found
        resources = add(root, "resources")
        form = self._format(resources, found.rate, found.size)
        for number, source in enumerate(found.sources):
            self._asset(resources, number, source)
        event = add(add(root, "library"), "event", attributes={"name": found.name})
        project = add(event, "project", attributes={"name": found.name})
        end = max((track.items[-1].end for track in found.tracks if track.items), default=0)
        sequence = add(project, "sequence", attributes={
            "format": form, "duration": seconds(end * self._frame), "tcStart": seconds(found.start * self._frame),
            "tcFormat": "DF" if found.drop_frame else "NDF",
        })  # fmt: skip
        self.lost["markers of the timeline"] += len(found.markers)
        video, audio = found.of_kind("video"), found.of_kind("audio")
        for track in (*video, *audio):
            self.lost["tracks that are off or locked"] += not track.enabled or track.locked
        self._find_whole(video[0] if video else plain.Track("video"), audio)
        anchors = self._spine(add(sequence, "spine"), video[0] if video else plain.Track("video"), end)
        for lane, track in enumerate(video[1:], 1):
            self._hang(anchors, track, lane)
        for number, track in enumerate(audio, 1):
            self._hang(anchors, track, -number)

    def _format(self, resources: Element, rate: Ratio, size: tuple[int, int]) -> str:
        if (rate, size) not in self._formats:
            name = self._formats[rate, size] = f"r{len(self._formats)}"
            about = {"id": name, "frameDuration": seconds(1 / Fraction(*rate))}
            if 0 not in size:
                about |= {"width": str(size[0]), "height": str(size[1])}
            add(resources, "format", attributes=about)
        return self._formats[rate, size]

    def _asset(self, resources: Element, number: int, source: plain.Source) -> None:
        one = 1 / Fraction(*source.rate)
        about = {
            "id": f"a{number}", "name": source.name, "start": seconds(source.start * one),
            "duration": "0s" if source.still else seconds(source.frames * one),
            "format": self._format(resources, source.rate, source.size),
        }  # fmt: skip
        if source.picture:
            about["hasVideo"] = "1"
        if source.sound:
            about |= {"hasAudio": "1", "audioSources": str(len(source.sound)),
                      "audioChannels": str(source.sound[0]), "audioRate": str(source.sample_rate)}  # fmt: skip
        url = f"file://{'' if source.path.startswith('/') else '/'}{quote(source.path)}" if source.path else ""
        if self.version == "1.8":
            about["src"] = url
        made = add(resources, "asset", attributes=about)
        if self.version != "1.8":
            add(made, "media-rep", attributes={"kind": "original-media", "src": url})
        self.lost["sounds of several widths"] += len(set(source.sound)) > 1

    def _find_whole(self, spine: plain.Track, audio: list[plain.Track]) -> None:
        """Pictures of the spine whose own sound stands beside them, each stream on the track of its number."""
        by_start = [{item.start: place for place, item in enumerate(track.items)} for track in audio]
        linked = Counter(item.link for track in audio for item in track.items)
        for item in spine.items:
            if not item.link or item.source < 0:
                continue
            sound = self.found.sources[item.source].sound
            first, places = 1, []
            for number, channels in enumerate(sound):
                wanted = tuple(range(first, first + channels))
                first += channels
                place = by_start[number].get(item.start) if number < len(audio) else None
                if place is not None and _beside(item, audio[number].items[place], wanted):
                    places.append((number, place))
            if len(places) == len(sound) == linked[item.link] and places:
                self._whole.update(places)
                self._whole.add((-1, item.start))

    def _spine(self, spine: Element, track: plain.Track, end: int) -> list[Anchor]:
        """The spine without a hole."""
        coming, going = track.coming(), track.going()
        anchors: list[Anchor] = []
        place = 0
        for number, item in enumerate(track.items):
            if item.start > place:
                anchors.append(self._gap(spine, place, item.start))
            if number in coming:
                self._transition(spine, coming[number])
            if item.source < 0:
                self.lost["generators and titles"] += 1
                anchors.append(self._gap(spine, item.start, item.end))
            else:
                whole = (-1, item.start) in self._whole
                anchors.append(self._clip(spine, item, self._at(item.start), "" if whole else "video", 0))
            if number in going and going[number].after < 0:
                self._transition(spine, going[number])
            place = item.end
        if place < end:
            anchors.append(self._gap(spine, place, end))
        return anchors

    def _at(self, frame: int) -> Fraction:
        return (self.found.start + frame) * self._frame

    def _gap(self, spine: Element, start: int, end: int) -> Anchor:
        made = add(spine, "gap", attributes={
            "name": "Gap", "offset": seconds(self._at(start)), "start": "0s",
            "duration": seconds((end - start) * self._frame),
        })  # fmt: skip
        return start, Fraction(0), made

    def _transition(self, spine: Element, one: plain.Transition) -> None:
        add(spine, "transition", attributes={
            "name": one.name, "offset": seconds(self._at(one.start)), "duration": seconds(one.duration * self._frame),
        })  # fmt: skip

    def _hang(self, anchors: list[Anchor], track: plain.Track, lane: int) -> None:
        self.lost["transitions beyond the first picture track"] += len(track.transitions)
        begins = [anchor[0] for anchor in anchors]
        for place, item in enumerate(track.items):
            if lane < 0 and (-lane - 1, place) in self._whole:
                continue
            if item.source < 0:
                self.lost["generators and titles"] += 1
                continue
            self.lost["links of sounds that stand apart"] += bool(item.link) and lane < 0
            start, local, parent = anchors[bisect_right(begins, item.start) - 1]
            self._clip(parent, item, local + (item.start - start) * self._frame, "audio" if lane < 0 else "video", lane)

    def _clip(self, parent: Element, item: plain.Item, offset: Fraction, part: str, lane: int) -> Anchor:
        source = self.found.sources[item.source]
        one = 1 / Fraction(*source.rate)
        start = (source.start + Fraction(*item.source_in)) * one
        about = {
            "ref": f"a{item.source}", "name": item.name, "offset": seconds(offset), "start": seconds(start),
            "duration": seconds(item.duration * self._frame),
        }  # fmt: skip
        if lane:
            about["lane"] = str(lane)
        if part:
            about["srcEnable"] = part
        if not item.enabled:
            about["enabled"] = "0"
        made = add(parent, "asset-clip", attributes=about)
        if item.speed != (1, 1):
            self._map(made, item, start)
        self._adjust(made, item)
        for marker in item.markers:
            add(made, "marker", attributes={
                "start": seconds(start + marker.frame * self._frame), "value": marker.name, "note": marker.note,
                "duration": seconds(marker.duration * self._frame),
            })  # fmt: skip
            self.lost["colours of markers"] += marker.color != "Blue"
        if part == "audio" and item.channels:
            channels = ", ".join(map(str, item.channels))
            add(made, "audio-channel-source", attributes={"srcCh": channels})
        self.lost["clip colours"] += bool(item.color)
        self.lost["fades"] += bool(item.fade_in or item.fade_out)
        self.lost["grades"] += item.cdl is not None
        return item.start, start, made

    def _map(self, clip: Element, item: plain.Item, start: Fraction) -> None:
        """Two points: at the clip's first moment and at its end, each with its moment of the media."""
        length = item.duration * self._frame
        speed = Fraction(*item.speed)
        first = start if speed >= 0 else start + length * -speed
        made = add(clip, "timeMap")
        for time, value in ((start, first), (start + length, first + length * speed)):
            add(made, "timept", attributes={"time": seconds(time), "value": seconds(value), "interp": "linear"})

    def _adjust(self, clip: Element, item: plain.Item) -> None:
        """Positions are hundredths of the picture's height, scaling is negative for what is flipped."""
        values = dict(item.properties)
        self.lost["inspector values"] += len(set(values) - CARRIED)
        height = self.found.size[1] / 100
        crop = {side: values.get(f"Crop{side.capitalize()}", 0.0) for side in ("left", "right", "top", "bottom")}
        if any(crop.values()):
            rect = {side: repr(value / height) for side, value in crop.items()}
            add(add(clip, "adjust-crop", attributes={"mode": "trim"}), "trim-rect", attributes=rect)
        moves = ("ZoomX", "ZoomY", "Pan", "Tilt", "RotationAngle", "AnchorPointX", "AnchorPointY", "FlipX", "FlipY")
        if any(key in values for key in moves):
            flips = [-1 if values.get(key) else 1 for key in ("FlipX", "FlipY")]
            scale = [values.get(key, 1.0) * flip for key, flip in zip(("ZoomX", "ZoomY"), flips, strict=True)]
            about = {
                "position": f"{values.get('Pan', 0.0) / height!r} {values.get('Tilt', 0.0) / height!r}",
                "scale": f"{scale[0]!r} {scale[1]!r}",
                "rotation": repr(values.get("RotationAngle", 0.0)),
                "anchor": f"{values.get('AnchorPointX', 0.0) / height!r} {values.get('AnchorPointY', 0.0) / height!r}",
            }
            add(clip, "adjust-transform", attributes=about)
        if "Opacity" in values:
            add(clip, "adjust-blend", attributes={"amount": repr(values["Opacity"] / 100)})
        if "AudioVolume" in values:
            add(clip, "adjust-volume", attributes={"amount": f"{values['AudioVolume']!r}dB"})


def _beside(item: plain.Item, other: plain.Item, channels: tuple[int, ...]) -> bool:
    """Whether a sound plays those channels and differs from its picture in nothing."""
    bare = not (other.properties or other.markers or other.color or other.fade_in or other.fade_out)
    same = item._replace(channels=channels, properties={}, markers=(), color="", name=other.name, fade_in=0, fade_out=0)
    return bare and other == same._replace(cdl=other.cdl)
