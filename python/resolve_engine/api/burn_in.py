"""Burn-in presets: what a data burn-in can show, and the check of one that comes from a file.

A preset is a table with `items`; each is one text over the picture: `show` says what (a key of SHOWN), `text` the words
of `custom_text`, `x` and `y` the middle of the text as parts of width and height from the top left, `size` the height
of its letters as a part of the picture's, `color` red, green and blue, `opacity` and `background` (the darkness of the
field behind it) from 0 to 1. All but `show` have defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from resolve_engine.api import arguments
from resolve_engine.api.application import Application
from resolve_engine.api.preset_shelf import Shelf
from resolve_engine.errors import Refusal
from resolve_engine.model.project import Project

if TYPE_CHECKING:
    from resolve_engine.render.spec import TimelineSpec

SHOWN = {
    "record_timecode": "the timeline's timecode",
    "record_frame": "the frame of the timeline, counted from its start",
    "source_timecode": "the timecode of the clip",
    "source_frame": "the frame of the clip",
    "source_clip_name": "the name of the clip",
    "source_file_name": "the name of its file",
    "timeline_name": "the name of the timeline",
    "project_name": "the name of the project",
    "custom_text": "words of one's own",
}
"""What an item can show."""

NUMBERS = {
    "x": (0.5, 0.0, 1.0),
    "y": (0.9, 0.0, 1.0),
    "size": (0.04, 0.005, 0.5),
    "opacity": (1.0, 0.0, 1.0),
    "background": (0.5, 0.0, 1.0),
}
"""The numbers of an item with default, least and most."""

MOST_ITEMS = 16
"""Of one preset; more would cover the picture."""


def shelf(app: Application) -> Shelf:
    """The burn-in presets."""
    return Shelf(app, "burn-in")


def loaded(app: Application, name: Any) -> tuple[dict[str, Any], ...]:
    """The items of a preset, as a project or a timeline item keeps them."""
    return tuple(shelf(app).named(name)[1]["items"])


KEPT = "burn_in"
"""Key of a render job's outputs under which its burn-in is."""

LIKE_PROJECT, NONE = "Same as project", "None"
"""What DataBurnIn of a render can be beside the name of a preset."""


def queued(app: Application, choice: str) -> str | list[dict[str, Any]]:
    """What a render job keeps of its DataBurnIn: the items of a preset as they are now, else the choice."""
    return choice if choice in (LIKE_PROJECT, NONE) else list(loaded(app, choice))


def burnt(project: Project, frozen: TimelineSpec, kept: str | list[dict[str, Any]]) -> TimelineSpec:
    """A frozen timeline with what a job burns in, as `queued` has it."""
    from dataclasses import replace

    from resolve_engine.model.burning import burn_in_of

    if kept == LIKE_PROJECT:
        return frozen
    shown = None if isinstance(kept, str) or not kept else burn_in_of(project, frozen, kept)
    return replace(frozen, burn_in=shown)


def checked(given: dict[str, Any]) -> dict[str, Any]:
    """A preset with every value in its place. Raises Refusal."""
    unknown = set(given) - {"items"}
    if unknown:
        raise Refusal(f"{min(unknown)!r} is no part of a burn-in preset, which has items")
    items = arguments.listing(given.get("items"), "the items of the burn-in preset")
    if len(items) > MOST_ITEMS:
        raise Refusal(f"{len(items)} items are more than the {MOST_ITEMS} of a burn-in preset")
    return {"items": [_item(item) for item in items]}


def _item(given: Any) -> dict[str, Any]:
    table = arguments.table(given, "an item of the burn-in preset")
    for key in table:
        if key not in (*NUMBERS, "show", "text", "color"):
            raise Refusal(f"{key!r} is no value of a burn-in item")
    show = arguments.choice(table.get("show"), "show", tuple(SHOWN))
    text = arguments.text(table.get("text", ""), "the text of a burn-in item")
    if (show == "custom_text") != bool(text):
        raise Refusal("an item that shows custom_text has a text, and no other item has one")
    color = arguments.listing(table.get("color", (1.0, 1.0, 1.0)), "the color")
    if len(color) != 3:
        raise Refusal(f"the color must be red, green and blue, not {len(color)} numbers")
    numbers = {
        key: arguments.number(table.get(key, default), key, low, high) for key, (default, low, high) in NUMBERS.items()
    }
    return {"show": show, "text": text, "color": [arguments.number(part, "a color", 0, 1) for part in color], **numbers}
