"""Avid log exchange: a row for each picture item of a timeline with its reel and its source timecodes, for editors that
look for the media by those; on request with the CDL of its grade."""

from __future__ import annotations

import os
from fractions import Fraction

from resolve_engine import timecode
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.settings import sample_rate, timeline_size
from resolve_engine.model.timeline import Timeline

COLUMNS = ("Name", "Tracks", "Start", "End", "Duration", "Tape", "FPS", "Source File", "Source File Path", "Color")
CDL_COLUMNS = ("ASC_SOP", "ASC_SAT")
HEIGHTS = (486, 576, 720, 1080)
"""Video formats that the form has names for: their lines."""


def written(project: Project, timeline: Timeline, with_cdl: bool) -> tuple[str, list[str]]:
    """The list, and what it does not hold. A clip's timecodes count at its own rate; `End` is the frame after the last.

    Raises Refusal for a timeline without pictures of clips.
    """
    columns = (*COLUMNS, *CDL_COLUMNS) if with_cdl else COLUMNS
    items = [item for track in timeline.tracks["video"] for item in track.items]
    rows = [_row(project, timeline, item, with_cdl) for item in items if item.clip]
    if not rows:
        raise Refusal(f"the timeline {timeline.name!r} has no picture of a clip that a log could name")
    height = timeline_size(timeline, project)[1]
    heading = (
        ("FIELD_DELIM", "TABS"),
        ("VIDEO_FORMAT", str(height) if height in HEIGHTS else "CUSTOM"),
        ("AUDIO_FORMAT", f"{sample_rate(timeline, project) / 1000:g}khz"),
        ("FPS", f"{timecode.rate_number(timeline.rate):g}"),
    )
    lines = ["Heading", *("\t".join(pair) for pair in heading), "", "Column", "\t".join(columns), "", "Data"]
    text = "\n".join([*lines, *("\t".join(row) for row in rows)]) + "\n"
    sounds = sum(len(track.items) for track in timeline.tracks["audio"])
    lost = [f"{count} {what}" for count, what in ((len(items) - len(rows), "generators and titles"),
                                                  (sounds, "sounds")) if count]  # fmt: skip
    return text, lost


def _row(project: Project, timeline: Timeline, item: Item, with_cdl: bool) -> list[str]:
    clip = project.clips[item.clip]
    start, _ = project.extent(clip)
    low, high = (Fraction(*edge) for edge in item.source_range(clip.rate, timeline.rate))
    first, after = start + low.__floor__(), start + max(high.__ceil__(), low.__floor__() + 1)
    codes = [timecode.to_timecode(frame, clip.rate, clip.drop_frame) for frame in (first, after, after - first)]
    row = [
        clip.name, f"V{project.tracks[item.parent].position}", *codes, clip.metadata.get("Reel Name", ""),
        f"{timecode.rate_number(clip.rate):g}", os.path.basename(clip.path), clip.path, item.color,
    ]  # fmt: skip
    if with_cdl:
        cdl = item.nodes[0].cdl if item.nodes else None
        if cdl is None:
            row += ["", ""]
        else:
            triples = ("(" + " ".join(f"{value:.6f}" for value in part) + ")" for part in cdl[:3])
            row += ["".join(triples), f"{cdl.saturation:.6f}"]
    return [" ".join(cell.split()) for cell in row]
