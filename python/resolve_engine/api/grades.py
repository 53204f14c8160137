"""What the methods about nodes share, whether they stand on an item (the older way) or on its graph."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.errors import Refusal
from resolve_engine.model.grade import LARGEST, Cdl, Node, Nodes, Triple, is_lut_name, with_node
from resolve_engine.store import home

LUT_EXTENSIONS = (
    ".cube", ".3dl", ".csp", ".clf", ".ctf", ".spi1d", ".spi3d", ".spimtx", ".cub", ".vf", ".look", ".lut", ".itx",
    ".mga", ".m3d", ".cc", ".ccc", ".cdl",
)  # fmt: skip
"""What OpenColorIO reads and the engine takes as a LUT: all but profiles of devices (.icc and the like). Of several
corrections in a .ccc or .cdl it is the first."""

MOST_LUTS = 20_000
"""In the LUT folder; a scan of more would take too long."""

_scanned: dict[str, str] | None = None


def scan_luts() -> None:
    """Look again at what lies below the LUT folder; what came later is not known until the next scan."""
    global _scanned
    found: dict[str, str] = {}
    root = str(home.luts())
    for folder, folders, names in os.walk(root):
        folders.sort()
        for name in sorted(names):
            if os.path.splitext(name)[1].lower() in LUT_EXTENSIONS:
                path = os.path.join(folder, name)
                below = os.path.relpath(path, root).replace(os.sep, "/")
                if is_lut_name(below):  # a grade with another name could go into no file and come back
                    found[below] = path
        if len(found) > MOST_LUTS:
            raise Refusal(f"the LUT folder {root!r} holds more than {MOST_LUTS} LUTs")
    _scanned = found


def lut_path(name: str) -> str:
    """The file of a LUT that was set."""
    return os.path.join(str(home.luts()), *name.split("/"))


def known_lut(value: Any) -> str:
    """A LUT by its path below the LUT folder; '' takes the LUT off. The extension may be left out."""
    name = arguments.text(value, "the path of the LUT").replace("\\", "/")
    if not name:
        return ""
    root = str(home.luts())
    if os.path.isabs(name) or name.startswith("/"):
        raise Refusal(
            f"a LUT is named by its path below {root!r}, not by an absolute one; copy the file there and call "
            "Project.RefreshLUTList first"
        )
    if _scanned is None:
        scan_luts()
    luts = _scanned or {}
    for candidate in (name, *(name + extension for extension in LUT_EXTENSIONS)):
        if candidate in luts:
            return candidate
    if is_lut_name(name) and os.path.isfile(lut_path(name)):
        raise Refusal(f"the LUT {name!r} came after the last scan; call Project.RefreshLUTList first")
    raise Refusal(f"there is no LUT {name!r} below {root!r}; copy the file there and call Project.RefreshLUTList first")


def node_index(nodes: Nodes, value: Any) -> int:
    """The index from 0 of a node numbered from 1."""
    number = arguments.whole(value, "the node index")
    if not 1 <= number <= len(nodes):
        raise Refusal(f"there is no node {number}; the grade has {len(nodes)}")
    return number - 1


def changed(nodes: Nodes, index: Any, change: Callable[[Node], Node]) -> Nodes:
    """The grade with one node, numbered from 1, changed."""
    place = node_index(nodes, index)
    return with_node(nodes, place, change(nodes[place]))


def cdl_from(value: Any) -> tuple[Any, Cdl]:
    """The node number and the CDL out of Resolve's dict, whose values are texts of numbers."""
    given = arguments.table(value, "the CDL")
    for key in given:
        if key not in ("NodeIndex", "Slope", "Offset", "Power", "Saturation"):
            raise Refusal(f"{key!r} is no key of a CDL; the keys are NodeIndex, Slope, Offset, Power and Saturation")
    cdl = Cdl(
        slope=_triple(given.get("Slope", "1 1 1"), "Slope"),
        offset=_triple(given.get("Offset", "0 0 0"), "Offset"),
        power=_triple(given.get("Power", "1 1 1"), "Power"),
        saturation=_single(given.get("Saturation", "1"), "Saturation"),
    )
    if min(cdl.slope) < 0 or cdl.saturation < 0:
        raise Refusal("Slope and Saturation cannot be below 0")
    if min(cdl.power) <= 0:
        raise Refusal("Power must be above 0")
    index = given.get("NodeIndex", 1)
    if isinstance(index, str):
        if not index.isascii() or not index.isdigit():
            raise Refusal(f"NodeIndex is {index!r}, which is no number")
        index = int(index)
    return index, cdl


def _single(value: Any, what: str) -> float:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise Refusal(f"{what} is {value!r}, which is no number") from None
    return arguments.number(value, what, -LARGEST, LARGEST)


def _triple(value: Any, what: str) -> Triple:
    parts = value.split() if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) != 3:
        raise Refusal(f"{what} must be three numbers in a text, such as '1.0 1.0 1.0'")
    red, green, blue = (_single(part, what) for part in parts)
    return red, green, blue
