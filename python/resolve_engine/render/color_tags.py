"""What a file says of its colours: the words of ColorSpaceTag and GammaTag, and FFmpeg's numbers for them (H.273)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resolve_engine.media.errors import MediaError

if TYPE_CHECKING:
    from resolve_engine.render.spec import RenderSpec

LIKE_PROJECT = "Same as Project"

PRIMARIES = {
    "Rec.709": 1,
    "sRGB": 1,
    "Rec.601 (PAL)": 5,
    "Rec.601 (NTSC)": 6,
    "Rec.2020": 9,
    "CIE XYZ": 10,
    "P3-DCI": 11,
    "P3-D65": 12,
}
"""The values of ColorSpaceTag."""

TRANSFERS = {
    "Rec.709": 1,
    "Rec.709 (Scene)": 1,
    "Gamma 2.4": 1,
    "Gamma 2.2": 4,
    "Linear": 8,
    "sRGB": 13,
    "ST2084": 16,
    "Gamma 2.6": 17,
    "HLG": 18,
}
"""The values of GammaTag. H.273 has no number for gamma 2.4: it is how a screen shows BT.709."""

UNSPECIFIED = 2
"""Of both, for output spaces that H.273 does not know, as those of cameras."""


def tags(spec: RenderSpec) -> tuple[int, int]:
    """Primaries and transfer of a file: what its job says, else what the timeline's output space is."""
    output = spec.output
    space, gamma = _of_output(spec.timeline.output_space)
    if output.color_space_tag not in ("", LIKE_PROJECT):
        space = output.color_space_tag
    if output.gamma_tag not in ("", LIKE_PROJECT):
        gamma = output.gamma_tag
    return PRIMARIES.get(space, UNSPECIFIED), TRANSFERS.get(gamma, UNSPECIFIED)


def check_tags(spec: RenderSpec, primaries: str, transfer: str) -> None:
    """Refuse a finished file that does not say what its job demanded; `primaries` and `transfer` are FFmpeg's words
    that were read back."""
    from resolve_engine.media.av_safe.pictures import colour_names

    _, space, gamma = colour_names(0, *tags(spec))
    for asked, wanted, found in (
        (spec.output.color_space_tag, space, primaries),
        (spec.output.gamma_tag, gamma, transfer),
    ):
        if asked not in ("", LIKE_PROJECT) and wanted != found:
            raise MediaError(
                f"the finished file says {found or 'nothing'} where it should say {asked!r} of its colours"
            )


def _of_output(key: str) -> tuple[str, str]:
    """The words for an output space, named by its key; those of Rec.709 without colour management."""
    if not key:
        return "Rec.709", "Rec.709"
    if not key.startswith("view:"):
        space, _, gamma = key.partition("/")
        return space, gamma
    name = key.partition("/")[2]
    space, _, rest = name.partition(" ")
    if rest:
        return space, rest.partition(" ")[0]
    return space, {"sRGB": "sRGB", "P3-D65": "Gamma 2.6", "P3-D60": "Gamma 2.6"}.get(name, "Rec.709")
