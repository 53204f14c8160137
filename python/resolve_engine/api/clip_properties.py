"""The attributes of a clip by Resolve's keys: what the probe found, in Resolve's words."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from typing import Any

from resolve_engine import timecode
from resolve_engine.api.surface import DATA
from resolve_engine.model.clip import Clip
from resolve_engine.model.project import Project
from resolve_engine.model.transcript import preview

VIDEO_CODECS = {
    "h264": "H.264",
    "hevc": "H.265",
    "av1": "AV1",
    "prores": "Apple ProRes",
    "dnxhd": "Avid DNxHD",
    "mjpeg": "Motion JPEG",
    "mpeg2video": "MPEG-2",
    "mpeg4": "MPEG-4",
    "cfhd": "GoPro CineForm",
    "v210": "Uncompressed 10-bit 4:2:2",
    "rawvideo": "Uncompressed",
    "ffv1": "FFV1",
    "vp8": "VP8",
    "vp9": "VP9",
    "png": "PNG",
    "tiff": "TIFF",
    "exr": "OpenEXR",
    "dpx": "DPX",
    "jpeg2000": "JPEG 2000",
    "targa": "TGA",
    "bmp": "BMP",
    "webp": "WebP",
    "gif": "GIF",
}
"""FFmpeg's codec names in words; any other name is shown as FFmpeg has it."""

AUDIO_CODECS = {"aac": "AAC", "mp3": "MP3", "flac": "FLAC", "alac": "Apple Lossless", "ac3": "AC-3", "opus": "Opus"}

FORMATS = {
    ".mov": "QuickTime",
    ".mp4": "MP4",
    ".m4v": "MP4",
    ".mxf": "MXF",
    ".mkv": "Matroska",
    ".webm": "WebM",
    ".avi": "AVI",
    ".mts": "MTS",
    ".ts": "MPEG-TS",
    ".mpg": "MPEG-PS",
    ".wav": "WAVE",
    ".aif": "AIFF",
    ".aiff": "AIFF",
    ".mp3": "MP3",
    ".flac": "FLAC",
    ".m4a": "MP4",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".tif": "TIFF",
    ".exr": "EXR",
}
"""File name extensions in words; any other is shown in capitals."""

_keys: dict[str, list[str]] = {}


def keys(group: str) -> list[str]:
    """The keys that Resolve lists: `attributes`, or `metadata` (which SetMetadata writes)."""
    if not _keys:
        _keys.update(json.loads((DATA / "clip_properties.json").read_text(encoding="utf-8")))
    return _keys[group]


def attribute(project: Project, clip: Clip, key: str) -> Any:
    """One attribute or metadata field; '' when it is empty or unknown."""
    return attributes(project, clip).get(key, "")


def attributes(project: Project, clip: Clip) -> dict[str, Any]:
    """Every key that Resolve lists. All values are texts, but the rate and the super scale, which are numbers."""
    values: dict[str, Any] = dict.fromkeys((*keys("attributes"), *keys("metadata")), "")
    values.update(clip.metadata)
    values.update(_general(project, clip))
    if clip.media is not None:
        values.update(_file(clip, clip.media))
    values.update(clip.overrides)
    return values


def _general(project: Project, clip: Clip) -> dict[str, Any]:
    video = clip.media["video"] if clip.media is not None else None
    length, start = clip.frames, clip.start
    if clip.timeline:
        timeline = project.timelines[clip.timeline]
        length, start = timeline.end, timeline.start
    values: dict[str, Any] = {
        "Clip Name": clip.name,
        "Clip Color": clip.color,
        "Flags": ", ".join(clip.flags),
        "Type": clip.type,
        "FPS": timecode.rate_number(clip.rate),
        "Drop frame": "1" if clip.drop_frame else "0",
        "Duration": timecode.to_timecode(length, clip.rate, clip.drop_frame),
        "Start TC": timecode.to_timecode(start, clip.rate, clip.drop_frame),
        "End TC": timecode.to_timecode(start + length, clip.rate, clip.drop_frame),
        "Date Added": _date(clip.added) if clip.added else "",
        "Usage": str(sum(item.clip == clip.id for item in project.items.values())),
        "Online Status": "Online" if is_online(clip) else "Offline",
        "Cloud Sync": "-1",
        "Proxy": _proxy(clip),
        "Proxy Media Path": clip.proxy["path"] if clip.proxy is not None else "",
        "Synced Audio": ", ".join(os.path.basename(entry["media"]["path"]) for entry in clip.linked_audio),
        "Super Scale": 1,
        "Transcription": preview(clip),
        "Audio Ch": str(sum(len(channels) for _, channels in clip.audio_mapping)),
    }
    if video is not None or clip.timeline:
        values.update({"Frames": str(length), "Start": "0", "End": str(length - 1)})
    for kind in ("video", "audio"):
        if kind in clip.marks:
            first, last = clip.marks[kind]
            values["In"] = timecode.to_timecode(start + first, clip.rate, clip.drop_frame)
            values["Out"] = timecode.to_timecode(start + last, clip.rate, clip.drop_frame)
            break
    return values


def _proxy(clip: Clip) -> str:
    """The size of the proxy, `Offline` when its file has gone, or None."""
    if clip.proxy is None:
        return "None"
    if not os.path.exists(clip.proxy["path"]):
        return "Offline"
    return f"{clip.proxy['video']['width']}x{clip.proxy['video']['height']}"


def _file(clip: Clip, media: Mapping[str, Any]) -> dict[str, Any]:
    folder, name = os.path.split(clip.path)
    extension = os.path.splitext(name)[1].lower()
    values: dict[str, Any] = {
        "File Name": name,
        "File Path": clip.path,
        "Clip Directory": folder,
        "Format": FORMATS.get(extension, extension[1:].upper()),
        "Date Created": _date(media["created"]),
        "Date Modified": _date(media["modified"]),
        "Reel Name": media["reel"],
    }
    video = media["video"]
    if video is not None:
        values.update(
            {
                "Resolution": f"{video['width']}x{video['height']}",
                "Video Codec": _video_codec(video),
                "Bit Depth": str(video["bit_depth"]),
                "Alpha mode": "Straight" if video["has_alpha"] else "None",
                "PAR": _pixel_aspect(video["sample_aspect"]),
                "Field Dominance": "Auto",
                "Enable Deinterlacing": "0",
                "Data Level": "Auto",
                "Input Color Space": "Project",
                "H-FLIP": "Off",
                "V-FLIP": "Off",
                "Camera FPS": str(timecode.rate_number(clip.rate)),
                "Shot Frame Rate": str(timecode.rate_number(clip.rate)),
            }
        )
    if media["audio"]:
        stream = media["audio"][0]
        values.update(
            {
                "Audio Codec": "Linear PCM"
                if stream["codec"].startswith("pcm_")
                else AUDIO_CODECS.get(stream["codec"], stream["codec"]),
                "Audio Bit Depth": str(stream["bit_depth"]),
                "Sample Rate": str(stream["sample_rate"]),
            }
        )
    return values


def _video_codec(video: dict[str, Any]) -> str:
    name = VIDEO_CODECS.get(video["codec"], video["codec"])
    profile = video["profile"]
    if video["codec"] == "dnxhd" and profile.upper().startswith("DNXHR"):
        return f"Avid {profile}"
    return f"{name} {profile}" if profile else name


def _pixel_aspect(ratio: Any) -> str:
    numerator, denominator = ratio
    return "Square" if numerator == denominator else f"{numerator / denominator:.4g}"


def is_online(clip: Clip) -> bool:
    """Whether the files behind a clip are there; a timeline's clip always is."""
    media = clip.media
    if media is None:
        return True
    if clip.offline:
        return False
    if media["kind"] != "sequence":
        return os.path.exists(clip.path)
    from resolve_engine.media import sequence

    run = sequence.from_shown(clip.path, media["sequence_first"], media["video"]["frames"], media["sequence_digits"])
    return os.path.exists(run.file(0)) and os.path.exists(run.file(run.frames - 1))


def _date(seconds: float) -> str:
    """As Resolve writes dates, in English whatever the locale: `Wed Jun 24 2026 12:27:19`."""
    moment = time.localtime(seconds)
    day = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.tm_wday]
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    clock = f"{moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02}"
    return f"{day} {months[moment.tm_mon - 1]} {moment.tm_mday} {moment.tm_year} {clock}"
