"""The steps of colour management in a frozen timeline: clips to its working space, the whole to its output space."""

from __future__ import annotations

from dataclasses import replace

from resolve_engine.model.color_management import Management, management
from resolve_engine.model.project import Project
from resolve_engine.model.timeline import Timeline
from resolve_engine.render.spec import ItemSpec, NodeSpec, TimelineSpec, TrackSpec


def with_conversions(project: Project, timeline: Timeline, spec: TimelineSpec, whole: bool) -> TimelineSpec:
    """The specification of a timeline with its conversions; `whole` for one that is shown itself, while one that stands
    as a clip stays in its working space.

    What is drawn (titles, generators) is drawn in the output space, so that it looks as it was chosen.
    """
    managed = management(project, timeline)
    tracks = tuple(
        TrackSpec(track.enabled, tuple(_item(project, managed, item) for item in track.items), track.transitions)
        for track in spec.video
    )
    if managed is None or not whole:
        return replace(spec, video=tracks)
    nodes = (*spec.nodes, *_step(managed.working, managed.output))
    return replace(spec, video=tracks, nodes=nodes, output_space=managed.output)


def _item(project: Project, managed: Management | None, item: ItemSpec) -> ItemSpec:
    kind = item.source.kind
    if kind == "timeline":
        inner = management(project, project.timelines[item.source.path])
        source = inner.working if inner is not None else managed.input if managed is not None else ""
        target = managed.working if managed is not None else inner.output if inner is not None else ""
    elif managed is None or item.adjusts:
        return item
    elif kind == "generated":
        source, target = managed.output, managed.working
    else:
        source, target = managed.of_clip(project.clips[project.items[item.id].clip]), managed.working
    return replace(item, nodes=(*_step(source, target), *item.nodes))


def _step(source: str, target: str) -> tuple[NodeSpec, ...]:
    return () if source == target else (NodeSpec(convert=(source, target)),)
