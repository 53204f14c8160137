"""A preset as a file: XML of the engine's own, one root element for each kind, with the preset as JSON in it."""

from __future__ import annotations

import json
import os
from typing import Any

from resolve_engine import whole_file
from resolve_engine.errors import Refusal

LARGEST = 1 << 20
"""Bytes of a file; a preset has some hundred."""


def write(path: str, kind: str, preset: dict[str, Any]) -> None:
    """Write a preset of a kind, such as `RenderPreset`, to exactly that path. Raises Refusal."""
    from xml.etree.ElementTree import Element, tostring

    root = Element(f"ResolveEngine{kind}", version="1")
    root.text = json.dumps(preset, indent=1)
    write_bytes(path, tostring(root, encoding="utf-8", xml_declaration=True))


def write_bytes(path: str, content: bytes) -> None:
    """Write a whole file. Raises Refusal."""
    try:
        whole_file.write(path, content)
    except OSError as error:
        raise Refusal(f"{path!r} cannot be written: {error.strerror}") from error


def read(path: str, kind: str) -> dict[str, Any]:
    """The preset of a kind that a file holds; what is in it was checked no further. Raises Refusal."""
    from xml.etree.ElementTree import ParseError, fromstring

    text = read_bytes(path)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise Refusal(f"{path!r} declares a document type, which no preset needs")
    try:
        root = fromstring(text)
        preset = json.loads(root.text or "") if root.tag == f"ResolveEngine{kind}" else None
    except (ParseError, ValueError, RecursionError, LookupError) as error:  # LookupError: an encoding that is none
        raise Refusal(f"{path!r} is no {kind} of the engine: {error}") from error
    if not isinstance(preset, dict):
        raise Refusal(f"{path!r} is no {kind} of the engine")
    return preset


def read_bytes(path: str) -> bytes:
    """The content of a file that can be a preset. Raises Refusal."""
    try:
        if not os.path.isfile(path):  # opening a pipe would block for ever
            raise Refusal(f"{path!r} is no file")
        with open(path, "rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Refusal(f"{path!r} cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise Refusal(f"{path!r} is larger than any preset")
    return content
