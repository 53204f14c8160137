"""Edit decision lists in the CMX 3600 form."""

from __future__ import annotations

from collections.abc import Mapping

from resolve_engine import timecode
from resolve_engine.interchange.events import NO_REEL, Event, events
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline

REEL_LENGTH = 8
"""Characters of a reel's name in the form; the whole name stands in a comment."""


def written(project: Project, timeline: Timeline) -> str:
    """The timeline as an edit decision list. Raises Refusal for what the form cannot say."""
    lines = [
        f"TITLE: {timeline.name}",
        f"FCM: {'DROP FRAME' if timeline.drop_frame else 'NON-DROP FRAME'}",
        "",
    ]
    listed = events(project, timeline)
    ends = {event.item.id: event.source_out for event in listed}
    for number, event in enumerate(listed, 1):
        lines += _lines(project, timeline, number, event, ends)
        for marker in timeline.markers:
            if event.channel == "V" and event.record_in <= timeline.start + marker.frame < event.record_out:
                place = _code(timeline, timeline.start + marker.frame)
                lines.append(f"* LOC: {place} {marker.color.upper():<10} {_one_line(marker.name)}".rstrip())
        lines.append("")
    return "\n".join(lines)


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
            code = _code(timeline, ends[event.before.id])
        lines.append(f"{number:03}  {gone:<8} {event.channel:<5} C        {code} {code} {begin} {begin}")
        lines.append(f"{number:03}  {reel:<8} {event.channel:<5} D    {event.dissolve:03} {source} {record}")
        if event.before is not None:
            lines.append(f"* FROM CLIP NAME: {_one_line(project.clips[event.before.clip].name)}")
        lines.append(f"* TO CLIP NAME: {_one_line(event.name)}")
    else:
        lines.append(f"{number:03}  {reel:<8} {event.channel:<5} C        {source} {record}")
        lines.append(f"* FROM CLIP NAME: {_one_line(event.name)}")
    if event.speed != 1:
        rate = float(event.speed) * timecode.rate_number(timeline.rate)
        lines.append(f"M2   {reel:<8} {rate:05.1f}                {_code(timeline, event.source_in)}")
    return lines


def _code(timeline: Timeline, frame: int) -> str:
    return timecode.to_timecode(frame, timeline.rate, timeline.drop_frame)


def _reel(name: str) -> str:
    """A reel's name as the form allows it: capitals and digits."""
    kept = "".join(character for character in name.upper() if character.isascii() and character.isalnum())
    return kept[:REEL_LENGTH] or NO_REEL


def _one_line(text: str) -> str:
    return " ".join(text.split())
