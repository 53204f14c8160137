"""Colour spaces by the names that Resolve's windows show: gamut and gamma, or an ACES output transform. Only names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

LINEAR = "Linear"

GAMUTS: dict[str, str] = {
    "Rec.709": "Linear Rec.709 (sRGB)",
    "Rec.2020": "Linear Rec.2020",
    "P3-D65": "Linear P3-D65",
    "Adobe RGB": "Linear AdobeRGB",
    "CIE XYZ": "CIE XYZ-D65 - Scene-referred",
    "ACES (AP0)": "ACES2065-1",
    "ACES (AP1)": "ACEScg",
    "DaVinci WG": "Linear DaVinci WideGamut",
    "Blackmagic Design Wide Gamut Gen 5": "Linear BMD WideGamut Gen5",
    "ARRI Wide Gamut 3": "Linear ARRI Wide Gamut 3",
    "ARRI Wide Gamut 4": "Linear ARRI Wide Gamut 4",
    "S-Gamut3": "Linear S-Gamut3",
    "S-Gamut3.Cine": "Linear S-Gamut3.Cine",
    "Canon Cinema Gamut": "Linear CinemaGamut D55",
    "Panasonic V-Gamut": "Linear V-Gamut",
    "REDWideGamutRGB": "Linear REDWideGamutRGB",
    "DJI D-Gamut": "Linear D-Gamut",
}
"""Every gamut, with the name of its linear space in OpenColorIO's built-in configuration."""

GAMMAS: dict[str, tuple[str, str] | str | float] = {
    LINEAR: 1.0,
    "Gamma 2.2": ("Gamma 2.2 Encoded Rec.709", "Linear Rec.709 (sRGB)"),
    "Gamma 2.4": ("Gamma 2.4 Encoded Rec.709", "Linear Rec.709 (sRGB)"),
    "Gamma 2.6": 2.6,
    "sRGB": ("sRGB Encoded Rec.709 (sRGB)", "Linear Rec.709 (sRGB)"),
    "Rec.709 (Scene)": ("Camera Rec.709", "Linear Rec.709 (sRGB)"),
    "ST2084": "CURVE - ST-2084_to_LINEAR",
    "ACEScc": ("ACEScc", "ACEScg"),
    "ACEScct": ("ACEScct", "ACEScg"),
    "DaVinci Intermediate": ("DaVinci Intermediate WideGamut", "Linear DaVinci WideGamut"),
    "Blackmagic Design Film Gen 5": ("BMDFilm WideGamut Gen5", "Linear BMD WideGamut Gen5"),
    "ARRI LogC3": ("ARRI LogC3 (EI800)", "Linear ARRI Wide Gamut 3"),
    "ARRI LogC4": ("ARRI LogC4", "Linear ARRI Wide Gamut 4"),
    "S-Log3": ("S-Log3 S-Gamut3", "Linear S-Gamut3"),
    "Canon Log 2": ("CanonLog2 CinemaGamut D55", "Linear CinemaGamut D55"),
    "Canon Log 3": ("CanonLog3 CinemaGamut D55", "Linear CinemaGamut D55"),
    "Panasonic V-Log": ("V-Log V-Gamut", "Linear V-Gamut"),
    "Log3G10": ("Log3G10 REDWideGamutRGB", "Linear REDWideGamutRGB"),
    "Apple Log": ("Apple Log", "Linear Rec.2020"),
    "DJI D-Log": ("D-Log D-Gamut", "Linear D-Gamut"),
}
"""Every gamma: the encoded and the linear space of one gamut between which it is the only difference, the name of a
curve that is built into OpenColorIO, or an exponent. ST2084 has 100 nits at 1."""


class Space(NamedTuple):
    """A colour space."""

    gamut: str
    gamma: str

    @property
    def key(self) -> str:
        """As conversions name it: the gamut and the gamma."""
        return f"{self.gamut}/{self.gamma}"


NAMED: dict[str, Space] = {
    "Rec.709 Gamma 2.2": Space("Rec.709", "Gamma 2.2"),
    "Rec.709 Gamma 2.4": Space("Rec.709", "Gamma 2.4"),
    "Rec.709 (Scene)": Space("Rec.709", "Rec.709 (Scene)"),
    "Rec.709 Linear": Space("Rec.709", LINEAR),
    "sRGB": Space("Rec.709", "sRGB"),
    "Rec.2020 Gamma 2.4": Space("Rec.2020", "Gamma 2.4"),
    "Rec.2020 Linear": Space("Rec.2020", LINEAR),
    "Rec.2100 ST2084": Space("Rec.2020", "ST2084"),
    "P3-D65 Gamma 2.6": Space("P3-D65", "Gamma 2.6"),
    "P3-D65 ST2084": Space("P3-D65", "ST2084"),
    "P3-D65 Linear": Space("P3-D65", LINEAR),
    "ACES (AP0) Linear": Space("ACES (AP0)", LINEAR),
    "ACEScg": Space("ACES (AP1)", LINEAR),
    "ACEScc": Space("ACES (AP1)", "ACEScc"),
    "ACEScct": Space("ACES (AP1)", "ACEScct"),
    "DaVinci WG/Intermediate": Space("DaVinci WG", "DaVinci Intermediate"),
    "DaVinci WG/Linear": Space("DaVinci WG", LINEAR),
    "Blackmagic Design Film Gen 5": Space("Blackmagic Design Wide Gamut Gen 5", "Blackmagic Design Film Gen 5"),
    "ARRI LogC3": Space("ARRI Wide Gamut 3", "ARRI LogC3"),
    "ARRI LogC4": Space("ARRI Wide Gamut 4", "ARRI LogC4"),
    "S-Gamut3/S-Log3": Space("S-Gamut3", "S-Log3"),
    "S-Gamut3.Cine/S-Log3": Space("S-Gamut3.Cine", "S-Log3"),
    "Canon Cinema Gamut/Canon Log 2": Space("Canon Cinema Gamut", "Canon Log 2"),
    "Canon Cinema Gamut/Canon Log 3": Space("Canon Cinema Gamut", "Canon Log 3"),
    "Panasonic V-Gamut/V-Log": Space("Panasonic V-Gamut", "Panasonic V-Log"),
    "REDWideGamutRGB/Log3G10": Space("REDWideGamutRGB", "Log3G10"),
    "Apple Log": Space("Rec.2020", "Apple Log"),
    "DJI D-Gamut/D-Log": Space("DJI D-Gamut", "DJI D-Log"),
}
"""The spaces that have one name for both."""

FALLBACK = "Rec.709 Gamma 2.4"
"""What a project is managed in when nothing else is chosen: the space of its pictures without colour management."""

ACES_VERSIONS = ("aces_1.3", "aces_2.0")
"""Values of acesVersion; the first counts where none is set."""

_PQ = tuple(
    (f"{gamut} ST2084 ({nits} nits)", gamut, nits) for gamut in ("Rec.2020", "P3-D65") for nits in (1000, 2000, 4000)
)
_PQ_DISPLAY = {"Rec.2020": "Rec.2100-PQ - Display", "P3-D65": "ST2084-P3-D65 - Display"}
_PQ_LIMIT = {"Rec.2020": ("Rec.2020", "Rec.2020"), "P3-D65": ("P3", "P3 D65")}

OUTPUT_TRANSFORMS: dict[str, dict[str, tuple[str, str]]] = {
    "aces_1.3": {
        "Rec.709": ("Rec.1886 Rec.709 - Display", "ACES 1.0 - SDR Video"),
        "sRGB": ("sRGB - Display", "ACES 1.0 - SDR Video"),
        "Rec.2020": ("Rec.1886 Rec.2020 - Display", "ACES 1.0 - SDR Video"),
        "P3-D65": ("P3-D65 - Display", "ACES 1.0 - SDR Cinema"),
        "P3-D60": ("P3-D60 - Display", "ACES 1.0 - SDR Cinema"),
        "Rec.2020 HLG (1000 nits)": (
            "Rec.2100-HLG - Display",
            "ACES 1.1 - HDR Video (1000 nits & Rec.2020 lim)",
        ),
        **{
            name: (_PQ_DISPLAY[gamut], f"ACES 1.1 - HDR Video ({nits} nits & {_PQ_LIMIT[gamut][0]} lim)")
            for name, gamut, nits in _PQ
        },
    },
    "aces_2.0": {
        "Rec.709": ("Rec.1886 Rec.709 - Display", "ACES 2.0 - SDR 100 nits (Rec.709)"),
        "sRGB": ("sRGB - Display", "ACES 2.0 - SDR 100 nits (Rec.709)"),
        "P3-D65": ("P3-D65 - Display", "ACES 2.0 - SDR 100 nits (P3 D65)"),
        **{
            name: (_PQ_DISPLAY[gamut], f"ACES 2.0 - HDR {nits} nits ({_PQ_LIMIT[gamut][1]})")
            for name, gamut, nits in _PQ
        },
    },
}
"""The output transforms of each version of ACES, with their display and view in its built-in configuration."""


def space(name: str, gamma: str = "") -> Space | None:
    """The colour space of a name, or of a gamut and a gamma (Gamma 2.4 without one); None for an unknown one."""
    if name in NAMED:
        return NAMED[name]
    chosen = gamma or "Gamma 2.4"
    return Space(name, chosen) if name in GAMUTS and chosen in GAMMAS else None


def output_key(version: str, name: str) -> str:
    """As conversions name what an ACES output transform shows."""
    return f"view:{version}/{name}"


def is_linear(key: str) -> bool:
    """Whether what a key names is linear light, which no lattice follows near black."""
    return key.endswith(f"/{LINEAR}")


def nearest(name: str, among: Iterable[str]) -> str:
    """The likest of some names; '' when none is like it."""
    import difflib

    names: Sequence[str] = tuple(among)
    lowered = {one.lower(): one for one in reversed(names)}
    found = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.4)
    return lowered[found[0]] if found else ""
