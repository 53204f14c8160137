"""XML to a tree and back: what comes from anywhere is parsed without entities, external parts or bottomless nesting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from resolve_engine.interchange.plain import InterchangeError

Element = ElementTree.Element

MOST_LEVELS = 200
"""Of elements in elements; timelines have some twenty."""

MOST_ELEMENTS = 10_000_000
"""A timeline of a hundred thousand items has some five million."""


def parse(data: bytes) -> Element:
    """The root of a document. Raises InterchangeError for what is no XML, and for any entity that it declares: no
    timeline needs one, and they are what bombs are made of."""
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    state = {"level": 0, "elements": 0}

    def start(name: str, attributes: dict[str, str]) -> None:
        state["level"] += 1
        state["elements"] += 1
        if state["level"] > MOST_LEVELS or state["elements"] > MOST_ELEMENTS:
            raise InterchangeError("its XML is nested deeper, or has more elements, than any timeline")
        builder.start(name, attributes)

    def end(name: str) -> None:
        state["level"] -= 1
        builder.end(name)

    def refuse(*about: Any) -> None:
        raise InterchangeError(f"its XML declares the entity {str(about[0])[:40]!r}, which no timeline does")

    def outside(*about: Any) -> int:
        raise InterchangeError("its XML refers to another document, which no timeline does")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = outside
    try:
        parser.Parse(data, True)
        return builder.close()
    except (expat.ExpatError, LookupError, ValueError) as error:  # the last two: an encoding that is none
        raise InterchangeError(f"its XML is broken: {error}") from error


def add(parent: Element, name: str, text: Any = None, attributes: Mapping[str, str] | None = None) -> Element:
    """A new last element. Truth is written as TRUE and FALSE."""
    made = ElementTree.SubElement(parent, name, {key: clean(value) for key, value in (attributes or {}).items()})
    if text is not None:
        made.text = ("FALSE", "TRUE")[text] if isinstance(text, bool) else clean(str(text))
    return made


def clean(text: str) -> str:
    """A text without the characters that XML has no way to write."""
    return "".join(one for one in text if (one >= " " and one not in "\ufffe\uffff") or one in "\t\n\r")


def written(root: Element, doctype: str) -> bytes:
    """A whole document."""
    ElementTree.indent(root, " ")
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE {doctype}>\n'
    return head.encode() + ElementTree.tostring(root, encoding="unicode").encode() + b"\n"


def text_of(parent: Element, path: str, otherwise: str = "") -> str:
    """The text of an element below another."""
    found = parent.findtext(path)
    return found.strip() if found is not None else otherwise


def whole_of(parent: Element, path: str, otherwise: int = 0) -> int:
    """The whole number in an element below another; a fraction is rounded down. Raises ValueError for no number."""
    text = text_of(parent, path)
    if not text:
        return otherwise
    value = float(text)
    if abs(value) > 1 << 50:
        raise ValueError(f"{text[:40]!r} is too large a number")
    return int(value // 1)


def number_of(parent: Element, path: str, otherwise: float = 0.0) -> float:
    """The number in an element below another."""
    text = text_of(parent, path)
    return float(text) if text else otherwise
