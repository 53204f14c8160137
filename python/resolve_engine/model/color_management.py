"""What a project's and a timeline's settings of colour management mean: which space is converted to which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from resolve_engine.colour.spaces import (
    ACES_VERSIONS,
    FALLBACK,
    GAMMAS,
    GAMUTS,
    NAMED,
    OUTPUT_TRANSFORMS,
    Space,
    nearest,
    output_key,
    space,
)
from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Clip
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline

MODE = "colorScienceMode"
UNMANAGED = "davinciYRGB"
MANAGED = ("davinciYRGBColorManaged", "davinciYRGBColorManagedv2")
ACES = {"acescc": NAMED["ACEScc"], "acescct": NAMED["ACEScct"]}
"""The modes of ACES and the space that they grade in."""

SEPARATE = "separateColorSpaceAndGamma"
INPUT, WORKING, OUTPUT = "colorSpaceInput", "colorSpaceTimeline", "colorSpaceOutput"
SPACE_KEYS = (INPUT, WORKING, OUTPUT)
GAMMA = "Gamma"
"""What is behind the key of a space in the key of its gamma."""

IDT, ODT, VERSION = "colorAcesIDT", "colorAcesODT", "acesVersion"
ACES_FALLBACK = "Rec.709"
"""The output transform that counts, for input and output, when none is chosen."""

CLIP_SPACE, CLIP_GAMMA, CLIP_IDT = "Input Color Space", "Input Gamma", "IDT"
LIKE_PROJECT = "Project"
"""Value of a clip's input colour space that follows the project's."""


class Management(NamedTuple):
    """The spaces of one timeline, each by its key (see `colour.spaces`)."""

    working: str
    """What its layers are graded and put together in."""
    output: str
    """What its pictures are shown and rendered in."""
    input: str
    """What clips are in that say nothing themselves."""
    aces: str = ""
    """The version of ACES; '' outside of it."""

    def of_clip(self, clip: Clip) -> str:
        """What a clip is in. Raises Refusal for a name that this kind of management does not know."""
        own = clip.overrides
        name = str(own.get(CLIP_SPACE, LIKE_PROJECT))
        if self.aces:
            name = str(own.get(CLIP_IDT, "")) or name
            return self.input if name == LIKE_PROJECT else aces_input(self.aces, name)
        if name != LIKE_PROJECT:
            return named_space(name, str(own.get(CLIP_GAMMA, ""))).key
        gamut, _, gamma = self.input.partition("/")
        return Space(gamut, str(own.get(CLIP_GAMMA, "")) or gamma).key


def management(project: Project, timeline: Timeline) -> Management | None:
    """How a timeline's colours are managed; None when they are not."""
    return managed_by(project.settings if timeline.settings is None else timeline.settings, project.settings)


def managed_by(settings: Mapping[str, Any], project: Mapping[str, Any]) -> Management | None:
    """The same by settings: those that count for the timeline, and the project's, which say what clips are in.

    Raises Refusal for names that do not fit the mode.
    """
    mode = str(settings.get(MODE, UNMANAGED))
    if mode in ACES:
        version = str(settings.get(VERSION, ACES_VERSIONS[0]))
        shown = str(settings.get(ODT, "")) or ACES_FALLBACK
        if shown not in OUTPUT_TRANSFORMS[version]:
            offered = ", ".join(OUTPUT_TRANSFORMS[version])
            raise Refusal(f"{version} has no output transform {shown!r}; set {ODT} to one of {offered}")
        source = aces_input(version, str(project.get(IDT, "")) or ACES_FALLBACK)
        return Management(ACES[mode].key, output_key(version, shown), source, version)
    if mode in MANAGED:
        return Management(_key(settings, WORKING), _key(settings, OUTPUT), _key(project, INPUT))
    return None


def aces_input(version: str, name: str) -> str:
    """What an input transform of ACES takes: an output transform backwards, or a colour space."""
    if name in OUTPUT_TRANSFORMS[version]:
        return output_key(version, name)
    if name in NAMED:
        return NAMED[name].key
    near = nearest(name, (*OUTPUT_TRANSFORMS[version], *NAMED))
    raise Refusal(f"{version} has no input transform {name!r}" + (f"; the nearest is {near!r}" if near else ""))


def named_space(name: str, gamma: str = "") -> Space:
    """The space of a name, or of a gamut and a gamma. Raises Refusal with the nearest name for another."""
    found = space(name, gamma)
    if found is not None:
        return found
    wrong, among = (gamma, GAMMAS) if name in GAMUTS else (name, {**NAMED, **GAMUTS})
    near = nearest(wrong, among)
    what = "gamma" if wrong is gamma else "colour space"
    raise Refusal(f"there is no {what} {wrong!r}" + (f"; the nearest is {near!r}" if near else ""))


def _key(settings: Mapping[str, Any], key: str) -> str:
    return named_space(str(settings.get(key, "")) or FALLBACK, str(settings.get(key + GAMMA, ""))).key
