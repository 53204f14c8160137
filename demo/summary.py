"""Tool calls and answers for people, one line each: names instead of ids, timecode instead of four forms of it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from typing import Any

Answer = dict[str, Any]

UNIQUE_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
TRACK_LETTERS = {"video": "V", "audio": "A", "subtitle": "S"}


def of_call(arguments: dict[str, Any]) -> str:
    """The arguments of a call."""
    return " ".join(f"{name}={_short(value)}" for name, value in arguments.items())


def of_answer(tool: str, answer: Answer) -> str:
    """The answer of a tool; of one that is not known here, its JSON."""
    summary = SUMMARIES.get(tool)
    line = summary(answer) if summary else _short(answer)
    return f"{line} (verified)" if answer.get("verified") else line


def _short(value: Any) -> str:
    if isinstance(value, str):
        if UNIQUE_ID.fullmatch(value):
            return value[:8]
        return _path(value) if value.startswith("/") else json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ", ".join(map(_short, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} {_short(item)}" for name, item in value.items()) + "}"
    return json.dumps(value)


def _path(path: str) -> str:
    """Relative to the folder that the demo runs in, where that is shorter."""
    relative = os.path.relpath(path)
    return relative if len(relative) < len(path) else path


def _project(answer: Answer) -> str:
    settings = answer["observed"]
    width, height = settings["timelineResolutionWidth"], settings["timelineResolutionHeight"]
    return f"project '{settings['name']}', {settings['timelineFrameRate']} fps, {width}x{height}"


def _imported(answer: Answer) -> str:
    clips = []
    for clip in answer["imported"]:
        codec = clip.get("video_codec") or clip["audio_codec"]
        start = "" if clip["start_timecode"] == "00:00:00:00" else f" from {clip['start_timecode']}"
        clips.append(f"{clip['name']} ({codec}, {clip['frames']} frames at {clip['frame_rate']}{start})")
    failed = f"; {len(answer['failed'])} failed" if answer["failed"] else ""
    return " · ".join(clips) + failed


def _timeline(answer: Answer) -> str:
    about = answer["timeline"]
    size = f"{about['frame_rate']} fps, {about['width']}x{about['height']}"
    line = f"timeline '{about['name']}', {size}, {about['start']['timecode']} to {about['end']['timecode']}"
    if "items" in answer:
        line += f", {answer['total']} items on {len(about['tracks'])} tracks, {answer['markers_total']} markers"
    return line


def _placed(answer: Answer) -> str:
    return " · ".join(f"{_track(item)} {item['start']['timecode']} {item['name']}" for item in answer["placed"])


def _track(item: Answer) -> str:
    return f"{TRACK_LETTERS[item['track']['type']]}{item['track']['index']}"


def _marker(answer: Answer) -> str:
    marker = answer["marker"]
    return f"{marker['color']} marker '{marker['name']}' at {marker['position']['timecode']}"


def _properties(answer: Answer) -> str:
    before = answer["before"]
    changes = (f"{name} {_short(before.get(name))} to {_short(value)}" for name, value in answer["observed"].items())
    # Which one it is the call says; its name would cost another call of the API.
    return f"item {_short(answer['item']['id'])}: " + ", ".join(changes)


def _grade(answer: Answer) -> str:
    seen = answer["observed"]
    parts = [f"LUT {seen['lut']}"] if "lut" in seen else []
    if "cdl" in seen:
        parts.append(f"CDL changed the picture at {seen['cdl']['picture_changed_at']['timecode']}")
    return f"{answer['item']['name']}, node {answer['node']}: " + ", ".join(parts)


def _queued(answer: Answer) -> str:
    job = answer["settings"]
    form = f"{job['VideoFormat']}, {job['VideoCodec']}, {job['FormatWidth']}x{job['FormatHeight']}"
    frames = job["MarkOut"] - job["MarkIn"] + 1
    return f"job {_short(answer['job'])}: {job['OutputFilename']}, {form}, {frames} frames at {job['FrameRate']} fps"


def _started(answer: Answer) -> str:
    return ", ".join(f"job {_short(job['job'])} is {job['state']}" for job in answer["jobs"])


def _sheet(answer: Answer) -> str:
    grid = f"{answer['columns']} by {answer['rows']}"
    return f"{len(answer['frames'])} frames of {answer['frame_width']}x{answer['frame_height']}, {grid}, in one picture"


SUMMARIES: dict[str, Callable[[Answer], str]] = {
    "create_project": _project,
    "import_media": _imported,
    "create_timeline": _timeline,
    "timeline_read": _timeline,
    "append_to_timeline": _placed,
    "add_marker": _marker,
    "set_item_properties": _properties,
    "apply_grade": _grade,
    "queue_render": _queued,
    "start_render": _started,
    "look": _sheet,
}
