"""The settings that the engine itself acts on: rate, size, sample rate. The others are only kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline
from resolve_engine.timecode import DROP_FRAME_RATES, Ratio, parse_rate

FRAME_RATE = "timelineFrameRate"
DROP_FRAME = "timelineDropFrameTimecode"
WIDTH = "timelineResolutionWidth"
HEIGHT = "timelineResolutionHeight"
SAMPLE_RATE = "timelineSampleRate"

DEFAULTS = {FRAME_RATE: "24", DROP_FRAME: "0", WIDTH: "1920", HEIGHT: "1080", SAMPLE_RATE: "48000"}
"""What a new project has."""


def _value(settings: Mapping[str, Any], key: str) -> str:
    return str(settings.get(key, DEFAULTS[key]))


def project_rate(project: Project) -> tuple[Ratio, bool]:
    """Frames per second of new timelines, and whether their timecode drops frames."""
    parsed = parse_rate(_value(project.settings, FRAME_RATE))
    if parsed is None:
        raise ValueError(f"project {project.id} has an unreadable frame rate")
    rate, drop = parsed
    return rate, (drop or _value(project.settings, DROP_FRAME) == "1") and rate in DROP_FRAME_RATES


def timeline_size(timeline: Timeline, project: Project) -> tuple[int, int]:
    """Width and height of a timeline in pixels: its own, or the project's."""
    settings = project.settings if timeline.settings is None else timeline.settings
    return int(_value(settings, WIDTH)), int(_value(settings, HEIGHT))


def sample_rate(timeline: Timeline, project: Project) -> int:
    """Samples per second of a timeline's sound."""
    settings = project.settings if timeline.settings is None else timeline.settings
    return int(_value(settings, SAMPLE_RATE))
