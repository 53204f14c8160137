"""The words of Final Cut Pro 7's XML that its writer and its reader share."""

from __future__ import annotations

from resolve_engine.interchange import plain

DOCTYPE = "xmeml"

MARKER_COLORS = {
    "Blue": (0, 127, 227), "Cyan": (0, 206, 208), "Green": (0, 173, 0), "Yellow": (240, 157, 0), "Red": (225, 36, 1),
    "Pink": (255, 68, 200), "Purple": (144, 19, 254), "Fuchsia": (192, 46, 111), "Rose": (255, 161, 185),
    "Lavender": (161, 147, 200), "Sky": (146, 226, 253), "Mint": (114, 219, 0), "Lemon": (220, 233, 90),
    "Sand": (196, 145, 94), "Cocoa": (110, 81, 67), "Cream": (245, 235, 225),
}  # fmt: skip
"""Red, green and blue by which a marker's colour is written and told again."""

CROP = {"left": "CropLeft", "right": "CropRight", "top": "CropTop", "bottom": "CropBottom"}

CARRIED = {
    "ZoomX", "ZoomY", "ZoomGang", "Pan", "Tilt", "RotationAngle", "AnchorPointX", "AnchorPointY", "Opacity",
    "AudioVolume", "AudioPan", *CROP.values(),
}  # fmt: skip
"""Inspector values that the form holds."""

TRACK_TYPE = "premiereTrackType"
"""The attribute by which Premiere says the format of a sound track."""

TRACK_TYPES = {"mono": "Mono", "stereo": "Stereo", "5.1": "5.1"}


def fit(source: plain.Source, size: tuple[int, int]) -> float:
    """What a picture is scaled by to fit the timeline: the form counts from the picture's own pixels, Resolve from the
    fitted picture. 1 while a size is unknown."""
    if 0 in source.size or 0 in size:
        return 1.0
    return min(size[0] / source.size[0], size[1] / source.size[1])
