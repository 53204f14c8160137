"""Clips that need no file, and an engine that is started again."""

from __future__ import annotations

from typing import Any

from resolve_engine import fusionscript
from resolve_engine.api import application
from resolve_engine.model import ingest
from resolve_engine.remote import PyRemoteObject


def media(
    path: str = "/media/clip.mov",
    frames: int = 48,
    rate: tuple[int, int] = (24, 1),
    channels: tuple[int, ...] = (1,),
    start_timecode: str | None = None,
    seconds: float | None = None,
    kind: str = "video",
) -> dict[str, Any]:
    """A `MediaInfo` as plain data: 640x360 H.264 with one PCM stream for each number of channels."""
    length = seconds if seconds is not None else frames * rate[1] / rate[0]
    video = {
        "width": 640,
        "height": 360,
        "rate": rate,
        "frames": frames,
        "codec": "h264",
        "profile": "High",
        "pixel_format": "yuv420p",
        "bit_depth": 8,
        "has_alpha": False,
        "sample_aspect": (1, 1),
        "color_range": "tv",
        "color_space": "bt709",
        "color_primaries": "bt709",
        "color_transfer": "bt709",
        "field_order": "progressive",
        "rotation": 0,
        "variable_rate": False,
        "stream_index": 0,
    }
    audio = [
        {
            "channels": count,
            "layout": {1: "mono", 2: "stereo"}.get(count, f"{count} channels"),
            "sample_rate": 48000,
            "samples": round(length * 48000),
            "codec": "pcm_s16le",
            "bit_depth": 16,
            "stream_index": index,
        }
        for index, count in enumerate(channels, 1)
    ]
    return {
        "path": path,
        "kind": kind,
        "container": "mov",
        "size": 1,
        "modified": 0.0,
        "created": 0.0,
        "video": None if kind == "audio" else video,
        "audio": audio,
        "start_timecode": start_timecode,
        "reel": "",
        "metadata": {},
        "sequence_first": 0,
        "sequence_digits": 0,
    }


def add_clip(**facts: Any) -> PyRemoteObject:
    """A clip in the current folder, as if its file had been imported; the file does not exist."""
    app = application.start()
    clip = ingest.new_clip(app.project, media(**facts), 0.0)
    app.flush()
    return PyRemoteObject("MediaPoolItem", clip.id, app.opening)


def restart() -> Any:
    """The Resolve object of the engine started again on the same folder, as after a crash: nothing is closed first."""
    application.abandon()
    return fusionscript.scriptapp("Resolve")
