"""The timelines of the render bench as projects of MLT, so that its `melt` can render the same beside the engine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from xml.etree import ElementTree as Xml

from resolve_engine.render.spec import ItemSpec, TimelineSpec, TrackSpec

ENCODING = ("vcodec=libx264", "preset=veryfast", "crf=19", "pix_fmt=yuv420p", "acodec=aac", "ab=192k", "f=mp4")
"""The settings of the encoders that the engine's render uses."""


def command(project: Path, target: Path) -> list[str]:
    """How `melt` renders a project, every frame and on as many threads as there are cores; empty where it cannot: its
    filters of Qt want a screen, be it one of Xvfb."""
    screen = [] if os.environ.get("DISPLAY") else ["xvfb-run", "-a"]
    if not all(shutil.which(program) for program in ("melt", *screen[:1])):
        return []
    consumer, threads = f"avformat:{target}", f"real_time=-{os.cpu_count()}"
    return [*screen, "melt", "-silent", str(project), "-consumer", consumer, *ENCODING, threads, "threads=0"]


def write(timeline: TimelineSpec, path: Path) -> Path:
    """Write a timeline of films, one LUT, placed and turned pictures and titles; anything else in it is left out."""
    root = Xml.Element("mlt", {"LC_NUMERIC": "C", "producer": "main"})
    numerator, denominator = timeline.rate
    Xml.SubElement(
        root,
        "profile",
        {
            "width": str(timeline.width), "height": str(timeline.height), "progressive": "1", "sample_aspect_num": "1",
            "sample_aspect_den": "1", "display_aspect_num": str(timeline.width),
            "display_aspect_den": str(timeline.height), "frame_rate_num": str(numerator),
            "frame_rate_den": str(denominator), "colorspace": "709",
        },
    )  # fmt: skip
    length = timeline.end - timeline.start
    black = _producer(root, "black", "color", "black")
    _property(black, "length", str(length))
    tracks = [("black", "video")]
    for kind, found in (("audio", timeline.audio), ("video", timeline.video)):
        for number, track in enumerate(found):
            name = f"{kind}{number}"
            _playlist(root, name, track, timeline)
            tracks.append((name, kind))
    tractor = Xml.SubElement(root, "tractor", {"id": "main", "in": "0", "out": str(length - 1)})
    for name, kind in tracks:
        Xml.SubElement(tractor, "track", {"producer": name, "hide": "video" if kind == "audio" else "audio"})
    below = len(timeline.audio)
    for index in range(1, below + 1):
        _transition(tractor, "mix", 0, index, 0, length - 1, {"sum": "1", "always_active": "1"})
    for index, track in enumerate(timeline.video, below + 1):
        for item in track.items:
            start, end = item.start - timeline.start, item.end - timeline.start - 1
            _transition(tractor, "qtblend", 0, index, start, end, _placement(item, timeline))
    Xml.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return path


def _playlist(root: Xml.Element, name: str, track: TrackSpec, timeline: TimelineSpec) -> None:
    """A track, with one producer for each of its files."""
    made: dict[str, str] = {}
    entries: list[tuple[ItemSpec, str]] = []
    for item in track.items:
        source = item.source
        key = source.path or item.id
        if key not in made:
            made[key] = f"{name}-{len(made)}"
            if source.path:
                producer = _producer(root, made[key], "avformat", source.path)
                _property(producer, "audio_index" if name.startswith("video") else "video_index", "-1")
            else:
                producer = _producer(root, made[key], "qtext", "")
                for word, value in (
                    ("text", str(source.content["text"])), ("fgcolour", "#ffffffff"), ("bgcolour", "#00000000"),
                    ("size", str(timeline.height // 12)), ("length", str(item.end - item.start)),
                ):  # fmt: skip
                    _property(producer, word, value)
        entries.append((item, made[key]))
    playlist = Xml.SubElement(root, "playlist", {"id": name})
    reached = timeline.start
    for item, producer_name in entries:
        if item.start > reached:
            Xml.SubElement(playlist, "blank", {"length": str(item.start - reached)})
        first = item.source_start[0] // item.source_start[1]
        span = {"in": str(first), "out": str(first + item.end - item.start - 1)}
        entry = Xml.SubElement(playlist, "entry", {"producer": producer_name, **span})
        for node in item.nodes:
            made_filter = Xml.SubElement(entry, "filter", span)
            for word, value in (
                ("mlt_service", "avfilter.lut3d"), ("av.file", node.lut), ("av.interp", "tetrahedral")
            ):  # fmt: skip
                _property(made_filter, word, value)
        reached = item.end


def _placement(item: ItemSpec, timeline: TimelineSpec) -> dict[str, str]:
    """Where an item stands and how it fades, as `qtblend` is told."""
    found = item.properties
    width, height = (timeline.width * found.get("ZoomX", 1.0), timeline.height * found.get("ZoomY", 1.0))
    x = (timeline.width - width) / 2 + found.get("Pan", 0.0)
    y = (timeline.height - height) / 2 - found.get("Tilt", 0.0)
    opacity = found.get("Opacity", 100.0) / 100
    rect = f"{x:.0f} {y:.0f} {width:.0f} {height:.0f}"
    last = item.end - item.start - 1
    shown = [(0, 0.0 if item.fade_in else opacity), (item.fade_in, opacity)]
    shown += [(last - item.fade_out, opacity), (last, 0.0 if item.fade_out else opacity)]
    keys = ";".join(f"{frame}={rect} {share:g}" for frame, share in dict(shown).items())
    return {"rect": keys, "rotation": f"{-found.get('RotationAngle', 0.0):g}", "rotate_center": "1"}


def _producer(root: Xml.Element, name: str, service: str, resource: str) -> Xml.Element:
    made = Xml.SubElement(root, "producer", {"id": name})
    _property(made, "mlt_service", service)
    if resource:
        _property(made, "resource", resource)
    return made


def _transition(
    tractor: Xml.Element, service: str, below: int, above: int, first: int, last: int, more: dict[str, str]
) -> None:
    made = Xml.SubElement(tractor, "transition", {"in": str(first), "out": str(last)})
    words = {"mlt_service": service, "a_track": str(below), "b_track": str(above), **more}
    for word, value in words.items():
        _property(made, word, value)


def _property(element: Xml.Element, name: str, value: str) -> None:
    Xml.SubElement(element, "property", {"name": name}).text = value
