"""A render of individual clips: one file for each item, its range, its name and its timecode."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from resolve_engine import timecode
from resolve_engine.api import render_names
from resolve_engine.api.pictures import refuse_source
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline

if TYPE_CHECKING:
    from resolve_engine.render.spec import ItemSpec, RenderSpec, TimelineSpec

MOST_CLIPS = 2000
"""Files of one job: each is a whole specification on the pipe to the job, some kilobytes."""


def clip_specs(
    project: Project, timeline: Timeline, frozen: TimelineSpec, job_id: str, outputs: Mapping[str, Any],
    clips: Mapping[str, Any],
) -> RenderSpec:  # fmt: skip
    """The specification of a job: its first file, and behind it the others.

    `clips` holds `template`, `unique`, `style`, `handles` and `full`; `outputs` the fields of the output specification,
    whose path names folder and extension and whose range cuts the items.
    """
    from dataclasses import replace

    from resolve_engine.render.spec import OutputSpec, RenderSpec

    folder, extension = os.path.dirname(outputs["path"]), os.path.splitext(outputs["path"])[1]
    made: list[RenderSpec] = []
    seen: dict[str, str] = {}
    kind = "video" if outputs["video"] else "audio"
    for number, (track, item, spec) in enumerate(_chosen(timeline, frozen, outputs, kind), 1):
        name = _name(project, timeline, item, track, number, outputs, clips)
        path = os.path.join(folder, name + extension)
        if path.lower() in seen:
            raise Refusal(
                f"{item.name!r} and {seen[path.lower()]!r} would both become {name + extension!r}; set"
                " UseUniqueFilenames, or put %{Clip #} into CustomName"
            )
        seen[path.lower()] = item.name
        refuse_source(project, path)
        first, last = _reach(spec, frozen, outputs, clips)
        output = OutputSpec(**{**outputs, "path": path, "first": first, "last": last})
        output = replace(output, timecode=_timecode(project, item, spec, first, frozen))
        made.append(RenderSpec(job_id, _alone(timeline, item, spec, frozen, first, last), output))
    if not made:
        raise Refusal(f"no {kind} item stands in the range that is to be rendered")
    if len(made) > MOST_CLIPS:
        raise Refusal(f"{len(made)} clips are more than one job renders; set marks around at most {MOST_CLIPS}")
    return replace(made[0], more=tuple(made[1:]))


def _chosen(
    timeline: Timeline, frozen: TimelineSpec, outputs: Mapping[str, Any], kind: str
) -> Iterator[tuple[int, Item, ItemSpec]]:
    """The items in the range, track by track: the number of the track, the model's item and the frozen one."""
    specs = {spec.id: spec for track in (*frozen.video, *frozen.audio) for spec in track.items}
    for number, track in enumerate(timeline.tracks[kind], 1):
        for item in track.items if track.enabled else ():
            spec = specs[item.id]
            if item.enabled and spec.start <= outputs["last"] and spec.end > outputs["first"]:
                yield number, item, spec


def _reach(
    spec: ItemSpec, frozen: TimelineSpec, outputs: Mapping[str, Any], clips: Mapping[str, Any]
) -> tuple[int, int]:
    """First and last timeline frame of a file: the item in the range, its handles, or all of its source."""
    from resolve_engine.render.alone import room

    before, behind = room(spec, frozen.rate)
    if clips["full"]:
        return max(0, spec.start - (before or 0)), spec.end - 1 + (behind or 0)
    handles = clips["handles"]
    first, last = max(spec.start, outputs["first"]), min(spec.end - 1, outputs["last"])
    least = 0 if before is None else max(0, spec.start - before)  # there is no frame before midnight
    most = None if behind is None else spec.end - 1 + behind
    first, last = first - handles, last + handles
    return max(first, least), last if most is None else min(last, most)


def _alone(timeline: Timeline, item: Item, spec: ItemSpec, frozen: TimelineSpec, first: int, last: int) -> TimelineSpec:
    from resolve_engine.render.alone import alone, sound_alone

    if item.type == "audio":
        return sound_alone(frozen, spec, first, last)
    enabled = {track.id for track in timeline.tracks["audio"] if track.enabled}
    sounds = {
        each.id
        for track in timeline.tracks["audio"]
        if track.id in enabled
        for each in track.items
        if item.link and each.link == item.link and each.enabled
    }
    return alone(frozen, spec, sounds, first, last)


def _timecode(project: Project, item: Item, spec: ItemSpec, first: int, frozen: TimelineSpec) -> str:
    """The start timecode: the source's own where it counts at the timeline's rate, forwards and frame by frame."""
    clip = project.clips.get(item.clip)
    if clip is None or clip.rate != frozen.rate or tuple(spec.speed) != (1, 1) or not clip.media:
        return ""
    place = Fraction(*item.source_start) + (first - spec.start)
    return timecode.to_timecode(clip.start + place.__floor__(), clip.rate, clip.drop_frame)


def _name(
    project: Project, timeline: Timeline, item: Item, track: int, number: int, outputs: Mapping[str, Any],
    clips: Mapping[str, Any],
) -> str:  # fmt: skip
    clip = project.clips.get(item.clip)
    source = os.path.basename(clip.path) if clip is not None and clip.path else item.name
    values = {
        **clips["values"],
        "Clip Name": item.name,
        "Clip Base Name": os.path.splitext(item.name)[0],
        "Clip #": str(number),
        "Track #": str(track),
        "Version": item.version,
        "Source Name": source,
    }
    name = render_names.expanded(clips["template"] or "%{Clip Base Name}", values)
    return render_names.unique(name, clips["style"], track, number) if clips["unique"] else name
