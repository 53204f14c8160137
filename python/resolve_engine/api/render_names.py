"""File names of renders: Resolve's variables, written %{Name}, and the unique names of individual clips."""

from __future__ import annotations

import re
from collections.abc import Mapping

from resolve_engine.errors import Refusal

LONGEST_NAME = 200
"""Characters of a file name; what file systems take is 255 bytes, and a frame number and an extension are added."""

_VARIABLE = re.compile(r"%\{([^{}]*)\}")

OF_THE_RENDER = ("Project Name", "Timeline Name", "Render Codec", "Render Resolution", "Frame Rate")
OF_A_CLIP = ("Clip Name", "Clip Base Name", "Clip #", "Track #", "Version", "Source Name")
"""Variables that have a value for each of individual clips only."""

PREFIX, SUFFIX = 0, 1
"""Values of UniqueFilenameStyle."""


def variables(template: str) -> list[str]:
    """The variables in a name. Refusal for one that the engine does not know."""
    found = _VARIABLE.findall(template)
    for name in found:
        if name not in OF_THE_RENDER and name not in OF_A_CLIP:
            known = ", ".join(f"%{{{each}}}" for each in (*OF_THE_RENDER, *OF_A_CLIP))
            raise Refusal(f"%{{{name}}} in CustomName is no variable that the engine knows; it knows {known}")
    return found


def expanded(template: str, values: Mapping[str, str]) -> str:
    """A name with its variables replaced; what cannot stand in a file name becomes an underscore."""
    for name in variables(template):
        if name not in values:
            raise Refusal(
                f"%{{{name}}} in CustomName has a value for each of individual clips only; set the render mode to 0"
            )
    name = _VARIABLE.sub(lambda match: re.sub(r"[/\\\0]", "_", values[match[1]]), template)
    if not name or name in (".", "..") or len(name) > LONGEST_NAME:
        raise Refusal(f"CustomName becomes {name!r}, which is no file name of 1 to {LONGEST_NAME} characters")
    return name


def unique(name: str, style: int, track: int, number: int) -> str:
    """A name that tells track and place of a clip, such as `V1-0002_name` or `name_V1-0002`."""
    mark = f"V{track}-{number:04}"
    return f"{mark}_{name}" if style == PREFIX else f"{name}_{mark}"
