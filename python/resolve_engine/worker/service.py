"""What the worker does for each request. Runs in the worker process, one request at a time."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from resolve_engine.media.av_safe.pictures import packed_rgb
from resolve_engine.media.av_safe.writing import opens
from resolve_engine.media.errors import MediaError
from resolve_engine.media.info import ProbeFailure
from resolve_engine.media.probe import probe
from resolve_engine.render.compositor import Compositor
from resolve_engine.render.grab import picture_kind, write_picture
from resolve_engine.render.spec import node_from_json, source_from_json, timeline_from_json

if TYPE_CHECKING:
    from resolve_engine.media.av_safe import Picture
    from resolve_engine.render.spec import TimelineSpec

MAX_COMPOSITORS = 2
"""Timelines kept open between requests, so that a row of thumbnails decodes on instead of opening files anew."""

Reply = tuple[dict[str, Any], bytes]


class Service:
    """Answers requests; keeps the latest timelines open."""

    def __init__(self) -> None:
        self._compositors: OrderedDict[str, Compositor] = OrderedDict()
        self._tasks: dict[str, Callable[[dict[str, Any]], Reply]] = {
            "probe": self._probe,
            "render_frame": self._render_frame,
            "thumbnail": self._thumbnail,
            "encoders_that_open": self._encoders_that_open,
            "lag": self._lag,
            "scene_cuts": self._scene_cuts,
            "levels": self._levels,
            "transcribe": self._transcribe,
            "loudness": self._loudness,
            "steadying": self._steadying,
            "export_lut": self._export_lut,
            "read_timeline": self._read_timeline,
            "write_timeline": self._write_timeline,
        }

    def answer(self, request: dict[str, Any]) -> Reply:
        """The reply to a request: `{"ok": True, …}` or `{"ok": False, "reason": …, "code": …}`, and raw bytes."""
        task = self._tasks.get(str(request.get("do")))
        if task is None:
            return _refusal(MediaError(f"the media worker cannot do {request.get('do')!r}", "invalid_argument"))
        try:
            return task(request)
        except MediaError as error:
            return _refusal(error)
        except Exception as error:  # noqa: BLE001  what libraries raise is not uniform; the client must get an answer
            return _refusal(MediaError(f"the media worker failed: {type(error).__name__}: {error}"))

    def _probe(self, request: dict[str, Any]) -> Reply:
        found = probe(request["path"])
        if isinstance(found, ProbeFailure):
            return {"ok": True, "failure": asdict(found)}, b""
        return {"ok": True, "info": found.to_json()}, b""

    def _render_frame(self, request: dict[str, Any]) -> Reply:
        path = str(request["path"])
        kind = picture_kind(path)
        write_picture(self._picture(request, kind.pixel_format), kind, path)
        return {"ok": True}, b""

    def _thumbnail(self, request: dict[str, Any]) -> Reply:
        return {"ok": True}, packed_rgb(self._picture(request, "rgb24"))

    def _encoders_that_open(self, request: dict[str, Any]) -> Reply:
        return {"ok": True, "encoders": [name for name in request["encoders"] if opens(name)]}, b""

    def _lag(self, request: dict[str, Any]) -> Reply:
        from resolve_engine.analyse.waveform import lag

        return {"ok": True, "seconds": lag(request["first"], request["second"])}, b""

    def _scene_cuts(self, request: dict[str, Any]) -> Reply:
        from resolve_engine.analyse.scenes import scene_cuts

        timeline = timeline_from_json(request["timeline"])
        return {"ok": True, "cuts": scene_cuts(timeline, request["first"], request["end"], request["since"])}, b""

    def _levels(self, request: dict[str, Any]) -> Reply:
        from resolve_engine.analyse.levels import levels

        return {"ok": True, "levels": levels(timeline_from_json(request["timeline"]))}, b""

    def _loudness(self, request: dict[str, Any]) -> Reply:
        from resolve_engine.analyse.loudness import loudness

        found = loudness(timeline_from_json(request["timeline"]), request["first"], request["end"])
        return {"ok": True, **found._asdict()}, b""

    def _transcribe(self, request: dict[str, Any]) -> Reply:
        from resolve_engine.analyse.transcribe import transcribe

        return {"ok": True, "speech": transcribe(timeline_from_json(request["timeline"]))}, b""

    def _steadying(self, request: dict[str, Any]) -> Reply:
        from resolve_engine.analyse.steadying import steadying

        found = steadying(source_from_json(request["source"]), int(request["first"]), int(request["end"]))
        return {"ok": True, **found._asdict()}, b""

    def _export_lut(self, request: dict[str, Any]) -> Reply:
        from resolve_engine.colour.lut_writer import export_lut

        nodes = [node_from_json(node) for node in request["nodes"]]
        export_lut(nodes, int(request["size"]), str(request["path"]))
        return {"ok": True}, b""

    def _read_timeline(self, request: dict[str, Any]) -> Reply:
        from resolve_engine.interchange import forms

        numerator, denominator = request["rate"]
        try:
            found = forms.read(
                str(request["path"]), str(request["form"]), (numerator, denominator), bool(request["drop_frame"])
            )
        except forms.InterchangeError as error:
            raise MediaError(str(error), "not_readable") from error
        return {"ok": True, "timeline": found}, b""

    def _write_timeline(self, request: dict[str, Any]) -> Reply:
        from resolve_engine.interchange import forms

        try:
            content, lost = forms.write(request["timeline"], str(request["form"]))
        except forms.InterchangeError as error:
            raise MediaError(str(error), "unsupported") from error
        return {"ok": True, "lost": lost}, content

    def _picture(self, request: dict[str, Any], pixel_format: str) -> Picture:
        """A frame of a timeline, by a compositor that is kept; a timeline that changed in any way is another one."""
        width, height = int(request["width"]), int(request["height"])
        if not 16 <= width <= 16384 or not 16 <= height <= 16384:
            raise MediaError(f"{width} x {height} cannot be rendered; use 16 to 16384 pixels on each side")
        timeline = timeline_from_json(request["timeline"])
        key = json.dumps([request["timeline"], width, height, pixel_format, _lut_times(timeline)], sort_keys=True)
        compositor = self._compositors.pop(key, None)
        if compositor is None:
            compositor = Compositor(timeline, width, height, pixel_format)
        try:
            picture = compositor.picture(int(request["frame"]))
        except BaseException:
            compositor.close()
            raise
        self._compositors[key] = compositor
        while len(self._compositors) > MAX_COMPOSITORS:
            self._compositors.popitem(last=False)[1].close()
        return picture


def _lut_times(timeline: TimelineSpec) -> list[float]:
    """When the LUT files of a timeline were written: one that changed makes another picture."""
    files: set[str] = set()
    for one in (timeline, *timeline.nested.values()):
        grades = [one.nodes, *(item.nodes for track in one.video for item in track.items)]
        files.update(node.lut for nodes in grades for node in nodes if node.lut)
    return [os.stat(path).st_mtime if os.path.exists(path) else 0.0 for path in sorted(files)]


def _refusal(error: MediaError) -> Reply:
    return {"ok": False, "reason": error.reason, "code": error.code}, b""
