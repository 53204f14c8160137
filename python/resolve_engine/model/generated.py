"""Items that show no clip: which generators and titles there are, what a title says, and putting one on a timeline."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resolve_engine.errors import Refusal
from resolve_engine.model import composition, text_plus
from resolve_engine.model.editing import shift
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.splitting import cut_apart
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import Track
from resolve_engine.timecode import convert

GENERATORS = (
    "10 Step", "100mV Steps", "EBU Color Bar", "Four Color Gradient", "Grey Scale", "SMPTE Color Bar", "Solid Color",
    "Window",
)  # fmt: skip
"""Resolve's generators that are drawn; how each looks is said where it is drawn (`render/generator.py`)."""

ADJUSTMENT = "Adjustment Clip"
"""No picture: its grade acts on what lies below, as `render/adjustment.py` says."""

NOT_DRAWN = {
    "YCbCr Ramp": "no description of it was found that could be drawn exactly",
    "BT.2111 Color Bar HLG Narrow": "the engine renders no HLG",
    "BT.2111 Color Bar PQ Full": "the engine renders no PQ",
    "BT.2111 Color Bar PQ Narrow": "the engine renders no PQ",
}
"""Resolve's other generators, with why they are refused."""

TITLES = {
    "Text": "Basic Title",
    "Left Lower Third": "Left Lower Third",
    "Middle Lower Third": "Middle Lower Third",
    "Right Lower Third": "Right Lower Third",
    "Scroll": "Scroll",
}
"""Resolve's plain titles that are drawn, and what they say at first."""

EMPTY = "Fusion Composition"
"""An empty composition, which shows nothing."""

TEXT = "StyledText"
"""The property that holds the text of a title: Fusion's name for it. Resolve has no call for a plain title's text."""

SECONDS = 5
"""How long an inserted item is without marks: 125 frames at 25, as measured."""


def generator(name: str) -> dict[str, Any]:
    """What an item that shows a generator holds. Raises Refusal for one that is not drawn."""
    if name in NOT_DRAWN:
        raise Refusal(f"the generator {name!r} is not drawn: {NOT_DRAWN[name]}")
    if name == ADJUSTMENT:
        return {"kind": "adjustment", "name": name}
    if name not in GENERATORS:
        there = ", ".join((*GENERATORS, ADJUSTMENT))
        raise Refusal(f"{name!r} is no generator that the engine draws; it draws {there}")
    return {"kind": "generator", "name": name}


def title(name: str) -> dict[str, Any]:
    """What an item that shows a title holds. Raises Refusal for one that is not drawn."""
    if name not in TITLES:
        raise Refusal(f"{name!r} is no title that the engine draws; it draws {', '.join(TITLES)}")
    return {"kind": "title", "name": name, "text": TITLES[name]}


def fusion_title(name: str) -> dict[str, Any]:
    """What an item that shows a Fusion title holds. Raises Refusal for one that is not drawn."""
    if name != text_plus.NAME:
        raise Refusal(
            f"the Fusion title {name!r} is a template of tools that the engine does not render; it draws Text+"
        )
    return text_plus.content()


def insert(project: Project, timeline: Timeline, name: str, content: Mapping[str, Any]) -> Item:
    """Put an item in at the playhead, or over the picture marks, and leave the playhead at its end.

    Everything behind that frame moves right on all tracks that are not locked, and what spans it is cut there; markers
    move when no track is locked. It goes to the first picture track, or to the only one that is not locked.

    Raises Refusal; what it changed until then is the caller's to take back.
    """
    track = _track(timeline)
    marks = timeline.marks.get("video")
    if marks is None:
        at, length = timeline.playhead, convert(SECONDS, (1, 1), timeline.rate)
    else:
        at, length = marks[0], marks[1] + 1 - marks[0]
    open_tracks = [one for one in timeline.all_tracks() if not one.locked]
    for one in open_tracks:
        for transition in one.transitions:
            if transition.position < at < transition.end:
                raise Refusal("a transition stands where the item would be put in; move the playhead or delete it")
    spanning = (one.at(at) for one in open_tracks)
    cut_apart(project, [item for item in spanning if item is not None and item.position < at], at)
    shift(timeline, at, length)
    if all(not one.locked for one in timeline.all_tracks()):
        timeline.markers = tuple(
            one._replace(frame=one.frame + length) if one.frame >= at else one for one in timeline.markers
        )
    item = Item(
        project.changes,
        parent=track.id,
        position=at,
        type="generator",
        name=name,
        duration=length,
        content={**content, "frames": length},
    )
    if content["name"] in (text_plus.NAME, EMPTY):
        item.compositions, item.composition = composition.first(), 1
    project.add(item)
    timeline.playhead = at + length
    return item


def _track(timeline: Timeline) -> Track:
    tracks = timeline.tracks["video"]
    unlocked = [track for track in tracks if not track.locked]
    if unlocked and (unlocked[0] is tracks[0] or len(unlocked) == 1):
        return unlocked[0]
    raise Refusal("video track 1 is locked; unlock it, or lock all picture tracks but the one that is meant")


def text_of(item: Item) -> str | None:
    """What a title says; None for any other item."""
    text = item.content.get("text")
    return text if isinstance(text, str) else None


def set_text(item: Item, text: Any) -> None:
    """Give a title its text. Raises Refusal for what is no text, and for an item that is no title."""
    if text_of(item) is None:
        raise Refusal(f"{item.name!r} is no title and has no {TEXT}")
    if not isinstance(text, str) or len(text) > text_plus.MOST_TEXT:
        raise Refusal(f"{TEXT} must be a text of at most {text_plus.MOST_TEXT} characters")
    item.content = {**item.content, "text": text}
