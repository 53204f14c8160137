"""Fusion compositions of items: their names, and the tools that each holds, which follow from what the item shows.

The engine renders compositions that hand on what goes into them: MediaIn to MediaOut, a Fusion clip's MediaIns merged
over one another, the text of a Text+, and nothing. Such tools are kept nowhere; no other can be there.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from resolve_engine.errors import Refusal
from resolve_engine.model import text_plus
from resolve_engine.model.clip import FUSION_CLIP, Clip
from resolve_engine.model.item import Composition, Item
from resolve_engine.model.project import Project

MOST_COMPOSITIONS = 100
"""Of one item; far more than anybody makes, and one row should not grow without bound."""

MEDIA_IN, MEDIA_OUT, MERGE, TEXT_PLUS = "MediaIn", "MediaOut", "Merge", "TextPlus"
"""Fusion's ids of the tools that there are."""


class Source(NamedTuple):
    """What an input is connected with: the output of a tool, by the tool's name."""

    tool: str


class Tool(NamedTuple):
    """One tool. `inputs` are those with a connection or a value of their own, by Fusion's names."""

    id: str
    name: str
    inputs: Mapping[str, Any]


def tools_of(project: Project, item: Item) -> list[Tool]:
    """The tools of each composition of an item, sources before what they go into."""
    if item.content:
        text = item.content.get("kind") == "title"
        made = [Tool(TEXT_PLUS, "Template", text_plus.values(item.content))] if text else []
        return [*made, Tool(MEDIA_OUT, "MediaOut1", {"Input": Source("Template")} if text else {})]
    clip = project.clips[item.clip]
    count = _pictures(project, clip) if clip.type == FUSION_CLIP else 1
    made = [Tool(MEDIA_IN, f"MediaIn{number}", {}) for number in range(1, count + 1)]
    last = "MediaIn1"
    for number in range(2, count + 1):
        inputs = {"Background": Source(last), "Foreground": Source(f"MediaIn{number}")}
        last = f"Merge{number - 1}"
        made.append(Tool(MERGE, last, inputs))
    return [*made, Tool(MEDIA_OUT, "MediaOut1", {"Input": Source(last)})]


def _pictures(project: Project, clip: Clip) -> int:
    """How many picture items a Fusion clip was made from."""
    return sum(len(track.items) for track in project.timelines[clip.timeline].tracks["video"])


def first() -> tuple[Composition, ...]:
    """The compositions of an item that begins with one."""
    return (Composition(str(uuid.uuid4()), "Composition 1"),)


def add(project: Project, item: Item) -> Composition:
    """Add a composition that passes the item's picture on, and make it the active one. Raises Refusal."""
    _check_own(project, item)
    if len(item.compositions) >= MOST_COMPOSITIONS:
        raise Refusal(f"{item.name!r} has {MOST_COMPOSITIONS} compositions, and more are not taken")
    taken = {one.name for one in item.compositions}
    name = next(f"Composition {n}" for n in range(1, len(taken) + 2) if f"Composition {n}" not in taken)
    made = Composition(str(uuid.uuid4()), name)
    item.compositions = (*item.compositions, made)
    item.composition = len(item.compositions)
    return made


def load(item: Item, name: str) -> Composition:
    """Make a composition the active one. Raises Refusal."""
    found = named(item, name)
    item.composition = item.compositions.index(found) + 1
    return found


def rename(item: Item, old: str, new: str) -> None:
    """Give a composition another name. Raises Refusal."""
    found = named(item, old)
    if new != old and any(one.name == new for one in item.compositions):
        raise Refusal(f"{item.name!r} has a composition named {new!r} already")
    item.compositions = tuple(one._replace(name=new) if one is found else one for one in item.compositions)


def delete(project: Project, item: Item, name: str) -> None:
    """Take a composition away; if it was the active one, the last that is left is. Raises Refusal."""
    found = named(item, name)
    _check_own(project, item)
    number = item.compositions.index(found) + 1
    item.compositions = tuple(one for one in item.compositions if one is not found)
    if number == item.composition:
        item.composition = len(item.compositions)
    elif number < item.composition:
        item.composition -= 1


def named(item: Item, name: str) -> Composition:
    """A composition by its name. Raises Refusal."""
    for one in item.compositions:
        if one.name == name:
            return one
    there = ", ".join(one.name for one in item.compositions) or "none"
    raise Refusal(f"{item.name!r} has no composition named {name!r}; it has {there}")


def at(item: Item, number: int) -> Composition:
    """A composition by its number, from 1. Raises Refusal."""
    if not 1 <= number <= len(item.compositions):
        raise Refusal(f"there is no composition {number}; {item.name!r} has {len(item.compositions)}")
    return item.compositions[number - 1]


def active(item: Item) -> Composition | None:
    """The one that is shown; None without any."""
    return item.compositions[item.composition - 1] if item.composition else None


def _check_own(project: Project, item: Item) -> None:
    """Refuse to add to, or take from, an item that is nothing without its one composition, or that cannot have one."""
    if item.type != "video" and item.content.get("kind") != "composition" and not item.compositions:
        raise Refusal(f"{item.name!r} is of type {item.type}; the engine puts compositions on items of clips only")
    if item.content or project.clips[item.clip].type == FUSION_CLIP:
        raise Refusal(f"{item.name!r} is its composition, so that none can be added to it or taken from it")
