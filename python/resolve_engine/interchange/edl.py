"""Edit decision lists in the CMX 3600 form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from resolve_engine import timecode
from resolve_engine.colour import cdl_text
from resolve_engine.errors import Refusal
from resolve_engine.interchange.events import NO_REEL, Event, events
from resolve_engine.model.clip import Clip
from resolve_engine.model.grade import Cdl
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline

REEL_LENGTH = 8
"""Characters of a reel's name in the form; the whole name stands in a comment."""


def written(
    project: Project, timeline: Timeline, with_cdl: bool = False, only: Callable[[Clip], bool] | None = None
) -> tuple[str, list[str]]:
    """The timeline as an edit decision list, and what it does not hold; with CDLs as comments, or of some clips only.

    With CDLs it is a list of pictures, each with its CDL, one that does nothing where there is no grade: programs that
    read such lists of Resolve go by the number of the event alone. Raises Refusal for what the form cannot say.
    """
    lines = [
        f"TITLE: {_one_line(timeline.name)}",
        f"FCM: {'DROP FRAME' if timeline.drop_frame else 'NON-DROP FRAME'}",
        "",
    ]
    listed, lost = events(project, timeline)
    if only is not None:
        listed = [event for event in listed if only(project.clips[event.item.clip])]
        if not listed:
            raise Refusal("no clip on the timeline is missing")
    if with_cdl:
        sounds = sum(event.channel != "V" for event in listed)
        lost += [f"{sounds} events of sound"] if sounds else []
        listed = [event for event in listed if event.channel == "V"]
    ends = {event.item.id: event.source_out for event in listed}
    said: set[int] = set()
    rounded = 0
    for number, event in enumerate(listed, 1):
        lines += _lines(project, timeline, number, event, ends)
        rounded += Fraction(_pace(timeline, event)) != event.speed * timecode.nominal(timeline.rate)
        if with_cdl:
            cdl = event.item.nodes[0].cdl if event.item.nodes else None
            lines += cdl_text.comments(cdl or Cdl())
        for marker in timeline.markers:
            if event.channel == "V" and event.record_in <= timeline.start + marker.frame < event.record_out:
                place = _code(timeline, timeline.start + marker.frame)
                lines.append(f"* LOC: {place} {marker.color.upper():<10} {_one_line(marker.name)}".rstrip())
                said.add(marker.frame)
        lines.append("")
    left = len(timeline.markers) - len(said)
    lost += [f"the exact speed of {rounded} events"] if rounded else []
    return "\n".join(lines), [*lost, *([f"{left} markers where no picture stands"] if left else [])]


def _lines(project: Project, timeline: Timeline, number: int, event: Event, ends: Mapping[str, int]) -> list[str]:
    """The lines of an event; `ends` is where each item's source stands when its own event ends."""
    record = f"{_code(timeline, event.record_in)} {_code(timeline, event.record_out)}"
    source = f"{_code(timeline, event.source_in)} {_code(timeline, event.source_out)}"
    reel = _reel(event.reel)
    lines = []
    if event.dissolve:
        # A dissolve is two lines of one number: the one that goes, of no length, and the one that comes.
        begin = _code(timeline, event.record_in)
        gone, code = "BL", _code(timeline, 0)
        if event.before is not None:
            clip = project.clips[event.before.clip]
            gone = _reel(clip.metadata.get("Reel Name", "") or NO_REEL)
            code = _code(timeline, ends.get(event.before.id, 0))
        lines.append(f"{number:03}  {gone:<8} {event.channel:<5} C        {code} {code} {begin} {begin}")
        lines.append(f"{number:03}  {reel:<8} {event.channel:<5} D    {event.dissolve:03} {source} {record}")
        if event.before is not None:
            lines.append(f"* FROM CLIP NAME: {_one_line(project.clips[event.before.clip].name)}")
        lines.append(f"* TO CLIP NAME: {_one_line(event.name)}")
    else:
        lines.append(f"{number:03}  {reel:<8} {event.channel:<5} C        {source} {record}")
        lines.append(f"* FROM CLIP NAME: {_one_line(event.name)}")
    if event.speed != 1:
        lines.append(f"M2   {reel:<8} {_pace(timeline, event)}                {_code(timeline, event.source_in)}")
    return lines


def _pace(timeline: Timeline, event: Event) -> str:
    """The frames of the source that a second of the timeline shows, with the one decimal that the form has."""
    return f"{float(event.speed) * timecode.nominal(timeline.rate):05.1f}"


def _code(timeline: Timeline, frame: int) -> str:
    return timecode.to_timecode(frame, timeline.rate, timeline.drop_frame)


def _reel(name: str) -> str:
    """A reel's name as the form allows it: capitals and digits."""
    kept = "".join(character for character in name.upper() if character.isascii() and character.isalnum())
    return kept[:REEL_LENGTH] or NO_REEL


def _one_line(text: str) -> str:
    return " ".join(text.split())
