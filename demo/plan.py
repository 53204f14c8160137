"""The film as data: which part of which clip stands where, what is done to it, and how long it must be in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

PROJECT = "Bunny in town"
TIMELINE = "First cut"
RATE = 24
WIDTH, HEIGHT = 1280, 720
FRAMES = 192
"""Of the whole film: 48 + 96 + 48 on the first track; the second track lies within."""


@dataclass(frozen=True)
class Shot:
    """A part of a clip on a track."""

    clip: str
    """`street`, `bunny`, `sequence` or `sound`, as in `media.Media`."""
    start: str | int
    """In point in the source: its timecode, or frames from its first frame."""
    end: str | int
    """Out point in the source, exclusive."""
    track: int
    """Number of the track, from 1, of its kind."""
    at: int
    """First frame on the timeline, from its start."""
    frames: int
    """Length on the timeline, at 24 fps; the camera files have 25."""


# The shots of the street are found by the timecode in the file, as an editor's list gives them.
RAILINGS = Shot("street", "01:02:08:16", "01:02:10:16", track=1, at=0, frames=48)
BUNNY = Shot("bunny", 20, 120, track=1, at=48, frames=96)
CYCLIST = Shot("street", "01:02:06:15", "01:02:08:15", track=1, at=144, frames=48)
CITY = Shot("sequence", 0, 72, track=2, at=60, frames=72)
PICTURES = (RAILINGS, BUNNY, CYCLIST, CITY)

# The bunny's own voice is on the first sound track; the WAV lies under the street.
ATMOSPHERE = (
    Shot("sound", 0, 48, track=2, at=0, frames=48),
    Shot("sound", 48, 96, track=2, at=144, frames=48),
)

MARKERS: tuple[dict[str, Any], ...] = (
    {"position": 0, "color": "Blue", "name": "opening", "note": "warm LUT and CDL"},
    {"position": "01:00:02:00", "color": "Green", "name": "enter the bunny", "duration": 12},
    {"position": "2.5s", "color": "Yellow", "name": "city inset", "note": "zoom, crop, opacity"},
    {"position": 144, "color": "Red", "name": "back to the street"},
)

INSET: dict[str, Any] = {
    "ZoomX": 0.5,
    "ZoomY": 0.5,
    "Pan": 280,
    "Tilt": 140,
    "CropLeft": 160,
    "CropRight": 160,
    "Opacity": 75,
}
"""What makes CITY a picture in the upper right of the bunny's."""

CDL: dict[str, Any] = {
    "slope": [1.06, 1.0, 0.94],
    "offset": [0.01, 0.0, -0.01],
    "power": [0.97, 1.0, 1.03],
    "saturation": 1.2,
}
"""On RAILINGS, before the LUT: a low sun."""
