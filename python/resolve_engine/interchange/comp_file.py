"""Compositions as files: Fusion's own text, a Lua table of tools by their names.

Written are the tools that the engine has. Read is any such table, and then it is asked whether its tools do more than
to pass a picture on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from resolve_engine.errors import Refusal
from resolve_engine.model.composition import MEDIA_IN, MEDIA_OUT, Source, Tool

LARGEST = 4 << 20
"""Bytes of a file; compositions without embedded data are a hundred times smaller."""
DEEPEST = 60
"""Tables inside tables; Fusion nests about ten."""

PLACING = ("GlobalIn", "GlobalOut", "ClipTimeStart", "ClipTimeEnd")
"""Inputs of a MediaIn that say where it stands; in a composition of an item the item's own place holds."""
HARMLESS = (
    *PLACING,
    "MediaID",
    "MediaSource",
    "Layer",
    "AudioTrack",
    "LeftAudio",
    "RightAudio",
    "Index",
    "Gamut.SLogVersion",
)
"""Inputs of a MediaIn and a MediaOut that do not change the picture of a clip."""
LOOKS = ("Inputs", "ViewInfo", "NameSet", "CustomData", "CtrlWZoom", "CtrlWShown", "ExtentSet", "Version")
"""Fields of a tool that do not change its picture either, but for its inputs."""


class CompError(Exception):
    """The file cannot be read, or is no composition."""


class Table(NamedTuple):
    """A table, with the name that stands before it (`Input`, `MediaIn`, …) or ''."""

    name: str
    fields: dict[str, Any]
    """Those with a key, by it, and the others by their number from 1."""


def text(name: str, tools: Iterable[Tool], frames: int) -> str:
    """The file of a composition of so many frames."""
    last = frames - 1
    rows = ["Composition {", f"\tRenderRange = {{ 0, {last} }},", f"\tGlobalRange = {{ 0, {last} }},",
            f"\tCustomData = {{ Name = {_quoted(name)} }},", "\tTools = ordered() {"]  # fmt: skip
    for place, tool in enumerate(tools):
        inputs = dict(tool.inputs)
        if tool.id == MEDIA_IN:
            inputs = {"GlobalOut": last, "ClipTimeEnd": last, **inputs}
        rows += [f"\t\t{tool.name} = {tool.id} {{", "\t\t\tInputs = {"]
        rows += [f"\t\t\t\t{key} = Input {{ {_value(value)} }}," for key, value in inputs.items()]
        rows += ["\t\t\t},", f"\t\t\tViewInfo = OperatorInfo {{ Pos = {{ {110 * place}, 0 }} }},", "\t\t},"]
    return "\n".join([*rows, "\t},", "}", ""])


def _value(value: Any) -> str:
    if isinstance(value, Source):
        return f'SourceOp = {_quoted(value.tool)}, Source = "Output",'
    if isinstance(value, str):
        return f"Value = {_quoted(value)},"
    if isinstance(value, tuple | list):
        return f"Value = {{ {value[0]!r}, {value[1]!r} }},"
    return f"Value = {value!r},"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "\\r").replace("\n", "\\n")
    return f'"{escaped}"'


def read(path: str) -> dict[str, Table]:
    """The tools of a file, by their names. Raises CompError."""
    try:
        if os.path.getsize(path) > LARGEST:
            raise CompError(f"{path!r} has more than {LARGEST} bytes, and no composition has")
        with open(path, encoding="utf-8") as file:
            given = file.read(LARGEST)
    except OSError as error:
        raise CompError(f"{path!r} cannot be read: {(error.strerror or str(error)).lower()}") from error
    except UnicodeDecodeError:
        raise CompError(f"{path!r} is no composition: it is no text") from None
    reader = _Reader(given, path)
    tools = reader.whole().fields.get("Tools")
    if not isinstance(tools, Table):
        raise CompError(f"{path!r} is no composition: it has no Tools")
    return {name: tool for name, tool in tools.fields.items() if isinstance(tool, Table)}


def check_passes(tools: Mapping[str, Table]) -> None:
    """Refuse tools that do anything but pass one picture from MediaIn1 to MediaOut1. Raises Refusal."""
    for name, tool in tools.items():
        if tool.name not in (MEDIA_IN, MEDIA_OUT):
            raise Refusal(f"the engine renders no Fusion tools, and {name!r} is a {tool.name or 'table'}")
        for field in tool.fields:
            if field not in LOOKS:
                raise Refusal(f"the engine renders no {field!r} of the tool {name!r}")
        inputs = tool.fields.get("Inputs")
        for input in inputs.fields if isinstance(inputs, Table) else ():
            if input not in HARMLESS and (tool.name, input) != (MEDIA_OUT, "Input"):
                raise Refusal(f"the engine renders no {input!r} of the tool {name!r}")
    if sorted(tools) != ["MediaIn1", "MediaOut1"] or tools["MediaIn1"].name != MEDIA_IN:
        raise Refusal("the engine takes compositions of one MediaIn1 and one MediaOut1 alone")
    inputs = tools["MediaOut1"].fields.get("Inputs")
    fed = inputs.fields.get("Input") if isinstance(inputs, Table) else None
    if not isinstance(fed, Table) or fed.fields.get("SourceOp") != "MediaIn1":
        raise Refusal("MediaOut1 is not fed from MediaIn1, so that nothing of the clip would be shown")


_TOKEN = re.compile(
    r"""\s*(?:--[^\n]*\n\s*)*(?:
    (?P<word>[A-Za-z_][A-Za-z0-9_.]*) | (?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)
    | (?P<text>"(?:[^"\\]|\\.)*") | (?P<mark>[{}\[\]()=,;]) | (?P<end>\Z) )""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class _Reader:
    """Reads one table with all inside of it."""

    def __init__(self, given: str, path: str) -> None:
        self._given = given
        self._path = path
        self._place = 0
        self._kind, self._token = "", ""
        self._next()

    def whole(self) -> Table:
        """The table that the file is. Raises CompError."""
        found = self._read(0)
        if not isinstance(found, Table) or self._kind != "end":
            raise self._wrong("it is not one table")
        return found

    def _next(self) -> str:
        """The token that is left behind, with the next one in its place."""
        left = self._token
        match = _TOKEN.match(self._given, self._place)
        if match is None:
            raise self._wrong("it cannot be read")
        self._kind = str(match.lastgroup)
        self._token = match[self._kind]
        self._place = match.end()
        return left

    def _read(self, depth: int) -> Any:
        if depth > DEEPEST:
            raise self._wrong(f"it has more than {DEEPEST} tables inside each other")
        kind, token = self._kind, self._token
        if token == "{":
            return self._table("", depth)
        self._next()
        if kind == "number":
            return float(token)
        if kind == "text":
            return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match[1], match[1]), token[1:-1], flags=re.DOTALL)
        if kind != "word":
            raise self._wrong(f"{token!r} is no value")
        if token in ("true", "false", "nil"):
            return {"true": True, "false": False, "nil": None}[token]
        if self._token == "(":
            self._next()
            self._expect(")")
        return self._table(token, depth)

    def _table(self, name: str, depth: int) -> Table:
        self._expect("{")
        fields: dict[str, Any] = {}
        number = 0
        while self._token != "}" or self._kind != "mark":
            key = self._key()
            if not key:
                number += 1
                key = str(number)
            fields[key] = self._read(depth + 1)
            if self._kind == "mark" and self._token in ",;":
                self._next()
            elif self._token != "}":
                raise self._wrong(f"a comma is missing before {self._token!r}")
        self._expect("}")
        return Table(name, fields)

    def _key(self) -> str:
        """The key of a field, read with what stands around it; '' for a field without one."""
        if self._kind == "mark" and self._token == "[":
            self._next()
            key = str(self._read(DEEPEST))
            self._expect("]")
            self._expect("=")
            return key
        after = _TOKEN.match(self._given, self._place)
        if self._kind == "word" and after is not None and after[str(after.lastgroup)] == "=":
            key = self._next()
            self._expect("=")
            return key
        return ""

    def _expect(self, mark: str) -> None:
        if self._kind != "mark" or self._token != mark:
            raise self._wrong(f"{mark!r} is missing before {self._token!r}")
        self._next()

    def _wrong(self, why: str) -> CompError:
        line = self._given.count("\n", 0, self._place) + 1
        return CompError(f"{self._path!r} is no composition: {why}, in line {line}")
