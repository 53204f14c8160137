"""Conversions between colour spaces as OpenColorIO's built-in configurations define them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import PyOpenColorIO as ocio

from resolve_engine.colour.spaces import GAMMAS, GAMUTS, OUTPUT_TRANSFORMS, Space
from resolve_engine.media.errors import MediaError

SPACES = "studio-config-v4.0.0_aces-v2.0_ocio-v2.5"
"""The built-in configuration whose spaces are used; those that are in the others, too, are the same there."""

ACES_CONFIGS = {"aces_1.3": "studio-config-v2.2.0_aces-v1.3_ocio-v2.4", "aces_2.0": SPACES}
"""Where the output transforms of each version of ACES are."""

REFERENCE = "ACES2065-1"
"""The space that all conversions go through."""


def conversion(source: str, target: str) -> Any:
    """The transform from one space to another, each named by its key (see `spaces`). MediaError for an unknown key."""
    group = ocio.GroupTransform()
    group.appendTransform(_to_reference(source, False))
    group.appendTransform(_to_reference(target, True))
    return group


@lru_cache(maxsize=2)  # as many as are used
def config(name: str) -> Any:
    """A built-in configuration; it takes 30 ms to load."""
    return ocio.Config.CreateFromBuiltinConfig(name)


@lru_cache(maxsize=64)  # a project uses a handful
def _to_reference(key: str, inverse: bool) -> Any:
    """From a space to the reference, or back: a group of plain steps that needs no configuration any more."""
    try:
        name, transforms = _steps(key)
        group = ocio.GroupTransform()
        for transform in transforms:
            group.appendTransform(transform)
        direction = ocio.TRANSFORM_DIR_INVERSE if inverse else ocio.TRANSFORM_DIR_FORWARD
        return config(name).getProcessor(group, direction).createGroupTransform()
    except ocio.Exception as error:
        raise MediaError(f"the colour space {key} cannot be converted: {error}", "unsupported") from error


def _steps(key: str) -> tuple[str, list[Any]]:
    """The configuration and the transforms from a space to the reference."""
    if key.startswith("view:"):
        version, _, name = key[5:].partition("/")
        found = OUTPUT_TRANSFORMS.get(version, {}).get(name)
        if found is None:
            raise MediaError(f"there is no output transform {name!r} in {version!r}", "invalid_argument")
        view = ocio.DisplayViewTransform(REFERENCE, *found, direction=ocio.TRANSFORM_DIR_INVERSE)
        return ACES_CONFIGS[version], [view]
    space = Space(*key.partition("/")[::2])
    if space.gamut not in GAMUTS or space.gamma not in GAMMAS:
        raise MediaError(f"there is no colour space {key!r}", "invalid_argument")
    steps = _curve(space.gamma)
    if GAMUTS[space.gamut] != REFERENCE:
        steps.append(ocio.ColorSpaceTransform(GAMUTS[space.gamut], REFERENCE))
    return SPACES, steps


def _curve(gamma: str) -> list[Any]:
    """From encoded values to linear ones."""
    how = GAMMAS[gamma]
    if isinstance(how, tuple):
        return [ocio.ColorSpaceTransform(*how)]
    if isinstance(how, str):
        return [ocio.BuiltinTransform(how)]
    if how == 1.0:
        return []
    return [ocio.ExponentTransform([how, how, how, 1.0], negativeStyle=ocio.NEGATIVE_MIRROR)]
