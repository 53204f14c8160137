"""The zip file that a project or a folder is written to, and the checks when one is read: it may come from anywhere.

    manifest.json   {"format": "resolve-engine", "version": 1, "kind": "project", "name": …, "project": {}, "files": {}}
    objects.jsonl   one record a line: [kind, id, parent, position, {fields that differ from their defaults}]
    LUT/…           the LUTs that grades name, by their path below the LUT folder
    stills/….tif    the pictures of stills, each named by its SHA-256; read and written in pieces, as they may be large

`files` gives the SHA-256 of every other entry, so that a damaged file is refused as a whole. Resolve's own files hold
XML that nobody documents; they are told apart by the missing manifest.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from resolve_engine import whole_file
from resolve_engine.errors import EngineError
from resolve_engine.model.grade import is_lut_name
from resolve_engine.model.project import KINDS
from resolve_engine.model.record import Record

FORMAT = "resolve-engine"
VERSION = 1
MOST_BYTES = 1 << 28
"""Of all entries when unpacked; the objects of fifty thousand items are some twenty million."""
MOST_ENTRIES = 20_000
"""As many LUTs as the LUT folder may hold; a zip file with more is no project."""
MOST_OBJECTS = 2_000_000
MOST_STILL_BYTES = 1 << 37
"""Of the pictures of all stills: as many as a project may hold, at 10 MB each, and a little more."""
STILL = re.compile(r"stills/([0-9a-f]{64})\.tif")
STAMP = (1980, 1, 1, 0, 0, 0)
"""The time of every entry, so that the same project makes the same file."""


class PackageError(EngineError):
    """The file is not one that can be read here, or it could not be written. One lowercase sentence."""


class Package(NamedTuple):
    """What a file holds."""

    kind: str
    """`project`, `folder` or `timeline`."""
    name: str
    project: dict[str, Any]
    """The fields of the project; empty for a folder; of a timeline, its id."""
    objects: list[tuple[str, str, str, int, dict[str, Any]]]
    """Kind, id, parent, position and fields of each record, owners first."""
    luts: dict[str, bytes]
    """Path below the LUT folder to content."""
    stills: dict[str, str] = {}  # noqa: RUF012  never changed
    """SHA-256 of a picture to the file that holds it: itself, or the package it was read from."""


def rows(records: Iterable[Record]) -> list[tuple[str, str, str, int, dict[str, Any]]]:
    """Records as they stand in a file."""
    return [(r.KIND, r.id, r.parent, r.position, r.body()) for r in records]


def write(path: str, package: Package) -> None:
    """Write a file; it gets its name when it is whole and on disk. Raises PackageError."""
    lines = (json.dumps(row, separators=(",", ":"), ensure_ascii=False) for row in package.objects)
    entries = {"objects.jsonl": "\n".join(lines).encode()}
    entries.update({f"LUT/{name}": content for name, content in package.luts.items()})
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "kind": package.kind,
        "name": package.name,
        "project": package.project,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in entries.items()}
        | {f"stills/{picture}.tif": picture for picture in package.stills},
    }
    try:
        with whole_file.replacing(path) as fresh, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as file:
            head = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
            for name, content in [("manifest.json", head), *entries.items()]:
                file.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
            for picture, source in package.stills.items():
                entry = zipfile.ZipInfo(f"stills/{picture}.tif", STAMP)
                with open(source, "rb") as reading, file.open(entry, "w", force_zip64=True) as writing:
                    shutil.copyfileobj(reading, writing)
    except (OSError, ValueError, UnicodeEncodeError) as error:
        raise PackageError(f"{path!r} cannot be written: {getattr(error, 'strerror', None) or error}") from error


def read(path: str, kind: str) -> Package:
    """Read a file of a kind, with everything in it checked. Raises PackageError."""
    try:
        if not os.path.isfile(path):
            raise PackageError(f"there is no file {path!r}")
        with zipfile.ZipFile(path) as file:
            return _package(path, kind, file)
    except PackageError:
        raise
    except (OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise PackageError(f"{path!r} cannot be read: it is no zip file, or it is damaged ({error})") from error
    except (ValueError, TypeError, KeyError, RecursionError, AttributeError) as error:
        raise PackageError(f"{path!r} is damaged: {type(error).__name__}: {error}") from error
    except Exception as error:  # decompressors raise errors of their own (zlib, lzma, bz2)
        raise PackageError(f"{path!r} is damaged: {type(error).__name__}: {error}") from error


def _package(path: str, kind: str, file: zipfile.ZipFile) -> Package:
    listed = {info.filename: info for info in file.infolist()}
    if len(listed) > MOST_ENTRIES or len(listed) != len(file.infolist()):
        raise PackageError(f"{path!r} holds more than {MOST_ENTRIES} entries, or one twice")
    if "manifest.json" not in listed:
        raise PackageError(f"{path!r} was not written by this engine; files of Resolve itself cannot be read")
    manifest = json.loads(_content(path, file, listed["manifest.json"], MOST_BYTES))
    if manifest.get("format") != FORMAT or manifest.get("version") != VERSION:
        raise PackageError(f"{path!r} was written by another version of the engine")
    if manifest.get("kind") != kind:
        raise PackageError(f"{path!r} holds a {manifest.get('kind')}, not a {kind}")
    sums: Mapping[str, str] = manifest["files"]
    if set(sums) != set(listed) - {"manifest.json"}:
        raise PackageError(f"{path!r} is damaged: its entries are not those that it names")
    left = MOST_BYTES
    content = {}
    pictures = {match[1]: name for name in sums if (match := STILL.fullmatch(name))}
    for name in sums:
        if name in pictures.values():
            continue
        content[name] = _content(path, file, listed[name], left)
        left -= len(content[name])
    for name, found in content.items():
        if hashlib.sha256(found).hexdigest() != sums[name]:
            raise PackageError(f"{path!r} is damaged: {name!r} has another checksum")
    room = MOST_STILL_BYTES
    for picture, name in pictures.items():
        room -= _copied(path, file, listed[name], picture, None, room)
    luts = {name.removeprefix("LUT/"): found for name, found in content.items() if name.startswith("LUT/")}
    for name in luts:
        _check_lut_name(name)
    lines = content["objects.jsonl"].splitlines()
    if len(lines) > MOST_OBJECTS:
        raise PackageError(f"{path!r} holds more than {MOST_OBJECTS} objects")
    objects = [_object(json.loads(line)) for line in lines]
    name, project = manifest["name"], manifest["project"]
    if not isinstance(name, str) or not isinstance(project, dict):
        raise PackageError(f"{path!r} is damaged: its name or its project is none")
    return Package(kind, name, project, objects, luts, dict.fromkeys(pictures, path))


def _copied(path: str, file: zipfile.ZipFile, info: zipfile.ZipInfo, picture: str, target: Any, most: int) -> int:
    """Unpack a still's picture to a file (or to nowhere), and hold it to its checksum; answers how large it is."""
    sum, size = hashlib.sha256(), 0
    with file.open(info) as entry:
        while block := entry.read(1 << 20):  # a megabyte at a time: the disk sets the pace
            size += len(block)
            if size > most:
                raise PackageError(f"the stills in {path!r} unpack to more than {MOST_STILL_BYTES} bytes")
            sum.update(block)
            if target is not None:
                target.write(block)
    if sum.hexdigest() != picture:
        raise PackageError(f"{path!r} is damaged: {info.filename!r} has another checksum")
    return size


def unpack_stills(package: Package, folder: str) -> None:
    """Put the pictures of the stills of a package that was read into a folder. Raises PackageError."""
    try:
        for path in set(package.stills.values()):
            os.makedirs(folder, exist_ok=True)
            with zipfile.ZipFile(path) as file:
                for picture, place in package.stills.items():
                    if place == path:
                        info = file.getinfo(f"stills/{picture}.tif")
                        kept = os.path.join(folder, f"{picture}.tif")
                        with whole_file.replacing(kept) as fresh, open(fresh, "wb") as target:
                            _copied(path, file, info, picture, target, MOST_STILL_BYTES)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise PackageError(f"the pictures of the stills cannot be kept: {error}") from error


def _content(path: str, file: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """What an entry unpacks to, never more than it may be, whatever its header says."""
    with file.open(info) as entry:
        content = entry.read(most + 1)
    if len(content) > most:
        raise PackageError(f"{path!r} unpacks to more than {MOST_BYTES} bytes")
    return content


def _check_lut_name(name: str) -> None:
    """Refuse a LUT outside the LUT folder: it would be written there, or read from there and handed on."""
    if not is_lut_name(name):
        raise ValueError(f"the LUT {name!r} is not named by its path below the LUT folder")


def _check_grades(body: Mapping[str, Any]) -> None:
    """Hold the LUTs of every grade of a record to their rule."""
    grades = [body.get(field, ()) for field in ("nodes", "pre", "post")]
    grades += [nodes for _, nodes in body.get("versions", ())]
    for _, _, lut, _, _ in (node for nodes in grades for node in nodes):
        if lut:
            _check_lut_name(lut)


FIELD_TYPES: dict[str, dict[str, type | tuple[type, ...]]] = {
    kind.KIND: {
        name: (int, float) if type(default) in (int, float) else list if type(default) is tuple else type(default)
        for name, default in kind.FIELDS.items()
        if default is not None
    }
    for kind in KINDS
}
"""What a stored field must be in JSON; a field whose default is None may be anything or a dict."""


def _object(row: Any) -> tuple[str, str, str, int, dict[str, Any]]:
    kind, id, parent, position, body = row
    texts = (kind, id, parent)
    if not all(isinstance(text, str) for text in texts) or type(position) is not int or not isinstance(body, dict):
        raise ValueError("a record is not of the right form")
    types = FIELD_TYPES[kind]
    for name, value in body.items():
        if name in types and (not isinstance(value, types[name]) or isinstance(value, bool) != (types[name] is bool)):
            raise ValueError(f"the field {name!r} of a {kind} is a {type(value).__name__}")
    _check_grades(body)
    return kind, id, parent, position, body
