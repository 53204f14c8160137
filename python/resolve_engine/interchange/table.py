"""The events of every track of a timeline as a table of text, with commas or tabs."""

from __future__ import annotations

import csv
import io

from resolve_engine import timecode
from resolve_engine.interchange.events import events
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline

COLUMNS = (
    "#", "Reel", "V", "C", "Dur", "Source In", "Source Out", "Record In", "Record Out", "Name", "Source FPS", "Speed",
    "Color",
)  # fmt: skip


def written(project: Project, timeline: Timeline, delimiter: str) -> tuple[str, list[str]]:
    """One row for each event under a row of titles, and what they do not hold; timecodes are the timeline's, ends
    exclusive."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    listed, lost = events(project, timeline, every_track=True)
    for number, event in enumerate(listed, 1):
        codes = [
            timecode.to_timecode(frame, timeline.rate, timeline.drop_frame)
            for frame in (
                event.record_out - event.record_in,
                event.source_in,
                event.source_out,
                event.record_in,
                event.record_out,
            )
        ]
        rate = timecode.rate_number(project.clips[event.item.clip].rate)
        kind = f"D {event.dissolve}" if event.dissolve else "C"
        speed = f"{float(event.speed * 100):g}"
        rows.writerow(
            [number, event.reel, event.channel, kind, *codes, event.name, f"{rate:g}", speed, event.item.color]
        )
    return text.getvalue(), lost
