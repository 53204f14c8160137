"""The forms that timelines are written in and read from: which a file has, and who reads and writes it.

Runs in the worker process, save for `form_of`, which only looks at a file's first bytes.
"""

from __future__ import annotations

import json
import os
from typing import Any

from resolve_engine.interchange.plain import InterchangeError as InterchangeError
from resolve_engine.interchange.plain import Timeline, checked, from_json
from resolve_engine.timecode import Ratio

MOST_BYTES = 256 << 20
"""Of a file; a timeline of ten thousand items is some twenty million in the wordiest form."""

HEAD = 4096
"""Bytes that tell the forms apart."""


def form_of(path: str) -> str:
    """`drt`, `aaf`, `otio`, `xml` or `edl`, by what the file holds and not by its name. Raises InterchangeError."""
    shown = os.path.basename(path)
    try:
        if not os.path.isfile(path):  # opening a pipe would block for ever
            folder = "a folder; name the file in it" if os.path.isdir(path) else "no file"
            raise InterchangeError(f"{path!r} is {folder}")
        with open(path, "rb") as file:
            head = file.read(HEAD)
        size = os.path.getsize(path)
    except OSError as error:
        raise InterchangeError(f"{path!r} cannot be read: {(error.strerror or str(error)).lower()}") from error
    if size > MOST_BYTES:
        raise InterchangeError(f"{shown!r} is larger than any timeline, {size} bytes")
    if head.startswith(b"PK"):
        return "drt"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "aaf"
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "otio"
    if text.startswith(b"<") or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "xml"
    if not head or b"\0" in head:
        raise InterchangeError(f"{shown!r} holds no timeline in a form that is read")
    return "edl"


def read(path: str, form: str, rate: Ratio, drop_frame: bool) -> Timeline:
    """The timeline of a file, kept to what `plain` promises. `rate` is the project's, for forms that say none.

    Raises InterchangeError, whatever the damage.
    """
    shown = os.path.basename(path)
    try:
        return _sayable(checked(_read(path, form, rate, drop_frame), may_be_empty=form == "xml"))
    except InterchangeError as error:
        raise InterchangeError(f"{shown!r} was not read: {error}") from error
    except RecursionError:
        raise InterchangeError(f"{shown!r} was not read: it is nested too deep") from None
    except Exception as error:  # libraries raise what they like on damage (KeyError, struct.error, AssertionError)
        raise InterchangeError(f"{shown!r} is damaged: {type(error).__name__}: {str(error)[:200]}") from error


def _sayable(found: Timeline) -> Timeline:
    """The timeline when everything in it can be stored: texts of Unicode, numbers that are numbers."""
    try:
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise InterchangeError("it holds characters that are no Unicode text") from None
    except ValueError:
        raise InterchangeError("it holds a number that is none") from None
    return found


def _read(path: str, form: str, rate: Ratio, drop_frame: bool) -> Timeline:
    if form == "otio":
        from resolve_engine.interchange import otio_reader

        return otio_reader.read(_text(path))
    if form == "xml":
        from resolve_engine.interchange import fcp7_reader, fcpxml_reader, xml_tree

        with open(path, "rb") as file:
            root = xml_tree.parse(file.read(MOST_BYTES + 1))
        if root.tag == "xmeml":
            return fcp7_reader.read(root)
        if root.tag == "fcpxml":
            return fcpxml_reader.read(root)
        raise InterchangeError(f"its XML is {root.tag[:40]!r}, neither xmeml (Final Cut Pro 7) nor fcpxml")
    if form == "aaf":
        from resolve_engine.interchange import aaf_reader

        return aaf_reader.read(path)
    if form == "edl":
        from resolve_engine.interchange import edl_reader

        return edl_reader.read(_text(path, "replace"), rate, drop_frame)
    raise InterchangeError(f"{form} is no form that is read")


def _text(path: str, errors: str = "strict") -> str:
    with open(path, "rb") as file:
        data = file.read(MOST_BYTES + 1)
    try:
        return data.decode("utf-8-sig", errors)
    except UnicodeDecodeError as error:
        raise InterchangeError(f"it is no text in UTF-8: {error}") from error


def write(found: Any, form: str) -> tuple[bytes, list[str]]:
    """A timeline (as JSON) in a form, and what that does not hold. Raises InterchangeError."""
    timeline = from_json(found)
    if form == "otio":
        from resolve_engine.interchange import otio_writer

        return otio_writer.written(timeline)
    if form == "fcp7":
        from resolve_engine.interchange import fcp7_writer

        return fcp7_writer.written(timeline)
    if form.startswith("fcpxml "):
        from resolve_engine.interchange import fcpxml_writer

        return fcpxml_writer.written(timeline, form.removeprefix("fcpxml "))
    if form == "aaf":
        from resolve_engine.interchange import aaf_writer

        return aaf_writer.written(timeline)
    raise InterchangeError(f"{form} is no form that is written")
