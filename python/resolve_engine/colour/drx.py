"""The engine's own `.drx` file: a grade, and the picture of the still that it was exported with, as XML.

    <?xml version="1.0" encoding="UTF-8"?>
    <ResolveEngineGrade version="1" label="…" number="1.4.2" clip="…" timecode="01:00:00:00">
      <Picture file="name of the picture beside this file" width="1920" height="1080"/>
      <Node enabled="1" label="…" cache="-1" lut="path below the LUT folder">
        <CDL slope="1 1 1" offset="0 0 0" power="1 1 1" saturation="1"/>
      </Node>
      …
    </ResolveEngineGrade>

Nodes follow one another as in the grade. `Picture` and `CDL` may be missing; every attribute but `version` has a
default. Numbers are written so that they are read back exactly. Resolve's own `.drx` is told apart by its root element.
"""

from __future__ import annotations

import math
import os
import stat
from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import quoteattr

from resolve_engine.media.errors import MediaError, quoted
from resolve_engine.model.grade import LARGEST, Cdl, Node, Nodes, Triple, is_lut_name

ROOT = "ResolveEngineGrade"
VERSION = "1"

MOST_BYTES = 4 << 20
"""Of a file: a thousand nodes with long labels are a tenth of it."""

MOST_NODES = 1000
"""Far more than a grade that a person can follow; one row of the database should not grow without bound."""

LONGEST_TEXT = 4096
"""Characters of an attribute."""


class GradeFile(NamedTuple):
    """What a `.drx` holds."""

    nodes: Nodes
    picture: str = ""
    """Name of the picture file beside it; '' when there is none."""
    size: tuple[int, int] = (0, 0)
    """Width and height of the picture."""
    label: str = ""
    number: str = ""
    """The still's number, such as `1.4.2`."""
    clip: str = ""
    timecode: str = ""


def text(grade: GradeFile) -> bytes:
    """The file of a grade."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>']
    about = {"version": VERSION, "label": grade.label, "number": grade.number, "clip": grade.clip,
             "timecode": grade.timecode}  # fmt: skip
    lines.append(f"<{ROOT}{_attributes(about)}>")
    if grade.picture:
        width, height = grade.size
        shown = {"file": grade.picture, "width": str(width), "height": str(height)}
        lines.append(f"  <Picture{_attributes(shown)}/>")
    for node in grade.nodes:
        about = {"enabled": str(int(node.enabled)), "label": node.label, "cache": str(node.cache), "lut": node.lut}
        if node.cdl is None:
            lines.append(f"  <Node{_attributes(about)}/>")
            continue
        slope, offset, power, saturation = node.cdl
        numbers = {"slope": _triple(slope), "offset": _triple(offset), "power": _triple(power),
                   "saturation": repr(saturation)}  # fmt: skip
        lines += [f"  <Node{_attributes(about)}>", f"    <CDL{_attributes(numbers)}/>", "  </Node>"]
    return ("\n".join([*lines, f"</{ROOT}>"]) + "\n").encode()


def _attributes(values: Mapping[str, str]) -> str:
    """XML has no way to write most control characters: they are left out."""
    kept = ((name, "".join(c for c in value if c >= " " or c in "\t\n\r")) for name, value in values.items())
    escapes = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
    return "".join(f" {name}={quoteattr(value, escapes)}" for name, value in kept)


def _triple(values: Triple) -> str:
    return " ".join(map(repr, values))


def read(path: str) -> GradeFile:
    """The grade in a file. Raises MediaError with the reason for one that is none, is damaged or is Resolve's own."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would block for ever
            raise MediaError(f"the grade {quoted(path)} cannot be read: it is not a file", "not_readable")
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        what = (getattr(error, "strerror", None) or str(error)).lower()
        raise MediaError(f"the grade {quoted(path)} cannot be read: {what}", "not_readable") from error
    if len(content) > MOST_BYTES:
        raise MediaError(
            f"the grade {quoted(path)} cannot be read: it is larger than {MOST_BYTES} bytes", "not_readable"
        )
    reader = _Reader()
    try:
        reader.read(content)
    except (expat.ExpatError, ValueError, LookupError) as error:  # LookupError: an encoding that is none
        raise MediaError(f"the grade {quoted(path)} cannot be read: {error}", "not_readable") from error
    about, (picture, size) = reader.about, reader.picture
    return GradeFile(
        tuple(reader.nodes), picture, size, about["label"], about["number"], about["clip"], about["timecode"]
    )


class _Reader:
    """Takes in the elements one by one; a ValueError says what is wrong."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.about: dict[str, str] = {}
        self.picture = ("", (0, 0))
        self._open: list[str] = []

    def read(self, content: bytes) -> None:
        """Parse the whole file."""
        parser = expat.ParserCreate()
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = lambda name: self._open.pop()
        parser.Parse(content, True)

    def _doctype(self, *_: object) -> None:
        raise ValueError("it has a DOCTYPE, which a grade of the engine never has")

    def _start(self, name: str, values: dict[str, str]) -> None:
        if any(len(value) > LONGEST_TEXT for value in values.values()):
            raise ValueError(f"an attribute of {name} is longer than {LONGEST_TEXT} characters")
        outer = "/".join(self._open)
        self._open.append(name)
        place = f"{outer}/{name}" if outer else name
        if not outer and name != ROOT:
            raise ValueError(
                f"it begins with {name} and was written by DaVinci Resolve or another program; the engine reads only "
                "the grades that it exported itself"
            )
        if place == ROOT:
            if values.get("version") != VERSION:
                raise ValueError(f"it is of version {values.get('version')!r}; the engine reads version {VERSION}")
            self.about = {key: values.get(key, "") for key in ("label", "number", "clip", "timecode")}
        elif place == f"{ROOT}/Picture":
            self.picture = _picture(values)
        elif place == f"{ROOT}/Node":
            if len(self.nodes) >= MOST_NODES:
                raise ValueError(f"it has more than {MOST_NODES} nodes")
            self.nodes.append(_node(values))
        elif place == f"{ROOT}/Node/CDL":
            self.nodes[-1] = self.nodes[-1]._replace(cdl=_cdl(values))
        else:
            raise ValueError(f"it has an element {name} where the engine writes none")


def _picture(values: Mapping[str, str]) -> tuple[str, tuple[int, int]]:
    file = values.get("file", "")
    if not file or os.path.basename(file.replace("\\", "/")) != file or file in (".", "..") or "\0" in file:
        raise ValueError(f"its picture {file!r} is not the name of a file beside it")
    return file, (_whole(values, "width"), _whole(values, "height"))


def _whole(values: Mapping[str, str], name: str) -> int:
    found = values.get(name, "0")
    if not found.isascii() or not found.isdigit() or len(found) > 6:
        raise ValueError(f"{name} is {found!r}, which is no number of pixels")
    return int(found)


def _node(values: Mapping[str, str]) -> Node:
    lut = values.get("lut", "")
    if lut and not is_lut_name(lut):
        raise ValueError(f"the LUT {lut!r} is not named by its path below the LUT folder")
    enabled, cache = values.get("enabled", "1"), values.get("cache", "-1")
    if enabled not in ("0", "1") or cache not in ("-1", "0", "1"):
        raise ValueError(f"a node is enabled={enabled!r} and cache={cache!r}, which cannot be")
    return Node(enabled == "1", None, lut, values.get("label", ""), int(cache))


def _cdl(values: Mapping[str, str]) -> Cdl:
    slope, offset, power = (
        _numbers(values, name, default)
        for name, default in (("slope", "1 1 1"), ("offset", "0 0 0"), ("power", "1 1 1"))
    )
    (saturation,) = _numbers(values, "saturation", "1", 1)
    cdl = Cdl(
        (slope[0], slope[1], slope[2]), (offset[0], offset[1], offset[2]), (power[0], power[1], power[2]), saturation
    )
    if not cdl.is_defined():
        raise ValueError("its CDL has a slope or a saturation below 0, or a power that is not above 0")
    return cdl


def _numbers(values: Mapping[str, str], name: str, default: str, count: int = 3) -> list[float]:
    found = [float(part) for part in values.get(name, default).split()]
    if len(found) != count or not all(math.isfinite(number) and abs(number) <= LARGEST for number in found):
        wanted = f"{count} numbers from {-LARGEST:g} to {LARGEST:g}"
        raise ValueError(f"{name} is {values.get(name, default)!r}, which is not {wanted}")
    return found
