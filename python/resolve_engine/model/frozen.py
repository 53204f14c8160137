"""A timeline as plain data for the render process: the model's records turned into `render.spec`.

Imported only when something is rendered, as the specification's classes are not needed before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

from resolve_engine.errors import Refusal
from resolve_engine.model import text_plus
from resolve_engine.model.angles import with_angles
from resolve_engine.model.burning import check_nested, project_burn_in
from resolve_engine.model.clip import Clip
from resolve_engine.model.conversions import with_conversions
from resolve_engine.model.grade import Node, Nodes
from resolve_engine.model.ingest import MOST_ADAPTIVE, format_of
from resolve_engine.model.item import Item
from resolve_engine.model.placing import NESTED_SOUND, nesting
from resolve_engine.model.project import Project
from resolve_engine.model.properties import VOICE_ISOLATION, acting
from resolve_engine.model.settings import sample_rate, timeline_size
from resolve_engine.model.timeline import Timeline
from resolve_engine.model.track import Track
from resolve_engine.render.spec import (
    CdlSpec,
    ItemSpec,
    NodeSpec,
    SourceSpec,
    SteadySpec,
    TimelineSpec,
    TrackSpec,
    TransitionSpec,
)
from resolve_engine.timecode import Ratio

MISMATCH = "timelineInputResMismatchBehavior"
SCALING = {"centerCrop": 1, "scaleToFit": 2, "scaleToCrop": 3, "stretch": 4}
"""The project's way with pictures of another size, as the value of an item's Scaling property."""

INTERPOLATION = "imageRetimeInterpolation"
RETIME = {"frameBlend": 2, "opticalFlow": 3}
"""The project's way from frame to frame, as the value of an item's RetimeProcess property; the nearest needs none."""

LutFile = Callable[[str], str]
"""Gives the absolute path of a LUT that is named by its path below the LUT folder."""


def freeze(project: Project, timeline: Timeline, lut_file: LutFile, only: Item | None = None) -> TimelineSpec:
    """The timeline as it is now; with `only`, as if that item alone were on it, without burn-ins.

    Raises Refusal when a clip on it was taken offline.
    """
    outer, *inner = nesting(project, timeline)
    check_nested(item for one in inner for item in one.all_items())
    spec = with_conversions(project, outer, _timeline(project, outer, lut_file, only), True)
    if only is None:
        spec = replace(spec, burn_in=project_burn_in(project, spec))
    nested = (with_conversions(project, one, _timeline(project, one, lut_file, None), False) for one in inner)
    whole = replace(spec, nested={one.id: frozen for one, frozen in zip(inner, nested, strict=True)})
    return with_angles(project, whole)


def _timeline(project: Project, timeline: Timeline, lut_file: LutFile, only: Item | None) -> TimelineSpec:
    width, height = timeline_size(timeline, project)

    def tracks(kind: str) -> tuple[TrackSpec, ...]:
        return tuple(_track(project, timeline, track, lut_file, only) for track in timeline.tracks[kind])

    return TimelineSpec(
        name=timeline.name,
        rate=timeline.rate,
        drop_frame=timeline.drop_frame,
        width=width,
        height=height,
        start=timeline.start,
        end=timeline.start + timeline.end,
        video=tracks("video"),
        audio=tracks("audio"),
        sample_rate=sample_rate(timeline, project),
        nodes=grade_spec(timeline.nodes, lut_file),
    )


def _track(project: Project, timeline: Timeline, track: Track, lut_file: LutFile, only: Item | None) -> TrackSpec:
    items = [item for item in track.items if only is None or item is only]
    transitions = (
        TransitionSpec(one.name, timeline.start + one.position, timeline.start + one.end, one.before, one.after)
        for one in track.transitions
        if only is None
    )
    return TrackSpec(
        track.enabled, tuple(_item(project, timeline, item, lut_file) for item in items), tuple(transitions)
    )


def _item(project: Project, timeline: Timeline, item: Item, lut_file: LutFile) -> ItemSpec:
    clip = project.clips.get(item.clip)
    if clip is None:
        return _generated(project, timeline, item, lut_file)
    if clip.offline and item.enabled:
        raise Refusal(f"{clip.name!r} is offline; relink it or disable its items")
    return ItemSpec(
        id=item.id,
        name=item.name,
        start=timeline.start + item.position,
        end=timeline.start + item.end,
        source=_nested(project, clip, item) if clip.timeline else _source(clip, item),
        source_start=_source_start(clip, item),
        speed=item.speed,
        enabled=item.enabled and not item.muted,
        properties=_properties(project, timeline, item),
        keep_pitch=item.keep_pitch,
        nodes=grade_spec(_grade(project, item), lut_file),
        fade_in=item.fade_in,
        fade_out=item.fade_out,
        blanking=_blanking(timeline, item),
        steady=_steady(clip, item),
    )


def _steady(clip: Clip, item: Item) -> SteadySpec | None:
    """What was found when it was steadied; None for another file, such as one that took the place of that."""
    found = item.steady
    if not found or found["path"] != clip.path:
        return None
    return SteadySpec(found["first"], found["zoom"], found["shifts"])


def _generated(project: Project, timeline: Timeline, item: Item, lut_file: LutFile) -> ItemSpec:
    """A generator or a title, which counts its frames in the timeline's."""
    content = dict(item.content)
    frames = content.pop("frames", item.duration)
    if content.get("name") == text_plus.NAME:
        content = {"kind": content["kind"], "name": text_plus.NAME, **text_plus.values(content)}
    return ItemSpec(
        id=item.id,
        name=item.name,
        start=timeline.start + item.position,
        end=timeline.start + item.end,
        source=SourceSpec(path="", kind="generated", rate=timeline.rate, frames=frames, content=content),
        source_start=item.source_start,
        enabled=item.enabled,
        properties=acting(item.properties),
        nodes=grade_spec(_grade(project, item), lut_file),
        fade_in=item.fade_in,
        fade_out=item.fade_out,
        blanking=_blanking(timeline, item),
    )


def _nested(project: Project, clip: Clip, item: Item) -> SourceSpec:
    """A timeline that stands as a clip, found by its id; its mix counts as one stream."""
    timeline = project.timelines[clip.timeline]
    return SourceSpec(
        path=timeline.id,
        kind="timeline",
        rate=timeline.rate,
        frames=timeline.end,
        **_heard([(0, len(NESTED_SOUND[0][1]))], item.channels, item.audio_format),
    )


def _source(clip: Clip, item: Item) -> SourceSpec:
    """The file that an item plays: its clip's own, or for sound one that was synced to it."""
    media: Any = clip.media
    own = clip.own_channels
    channels = item.channels
    if channels and min(channels) > own:
        linked, first = _linked(clip, min(channels))
        media, channels = linked["media"], tuple(channel - first for channel in channels)
    video = media["video"]
    return SourceSpec(
        path=media["path"],
        kind=media["kind"],
        rate=clip.rate,
        frames=clip.frames + clip.offset,
        sequence_first=media["sequence_first"],
        sequence_digits=media["sequence_digits"],
        video_stream=video["stream_index"] if video is not None else 0,
        **_heard(
            [(stream["stream_index"], stream["channels"]) for stream in media["audio"]], channels, item.audio_format
        ),
    )


def _source_start(clip: Clip, item: Item) -> Ratio:
    """The place in that file, in frames of the clip's rate: a subclip begins later, a synced sound elsewhere."""
    start = Fraction(*item.source_start) + clip.offset
    if not clip.timeline and item.channels and min(item.channels) > clip.own_channels:
        linked, _ = _linked(clip, min(item.channels))
        sample_rate = linked["media"]["audio"][0]["sample_rate"]
        start -= Fraction(linked["offset"], sample_rate) * Fraction(*clip.rate)
    return start.numerator, start.denominator


def _linked(clip: Clip, channel: int) -> tuple[Any, int]:
    """The synced sound that holds a channel, and how many channels come before it."""
    before = clip.own_channels
    for linked in clip.linked_audio:
        count = sum(stream["channels"] for stream in linked["media"]["audio"])
        if channel <= before + count:
            return linked, before
        before += count
    raise Refusal(f"{clip.name!r} has no channel {channel} any more; map its sound again")


def _heard(streams: list[tuple[int, int]], channels: tuple[int, ...], format: str) -> dict[str, Any]:
    """The fields of a source about what is heard of it. `streams` are the file's, each with its count of channels, and
    `channels` count from 1 over all of them; one stream as a whole keeps its own layout."""
    places = [(stream, channel) for stream, count in streams for channel in range(count)]
    wanted = tuple(places[channel - 1] for channel in channels if channel <= len(places))
    if not wanted:  # a picture, or the file was replaced by one without these channels
        return {}
    used = tuple(dict.fromkeys(stream for stream, _ in wanted))
    whole = [place for place in places if place[0] == used[0]]
    if list(wanted) == whole[:MOST_ADAPTIVE] and not format:
        return {"audio_streams": used}
    return {"audio_streams": used, "channels": wanted, "layout": format or format_of(len(wanted))}


def _blanking(timeline: Timeline, item: Item) -> tuple[float, float, float, float] | None:
    return (item.blanking if item.own_blanking else timeline.blanking) or None


def _properties(project: Project, timeline: Timeline, item: Item) -> dict[str, Any]:
    values = acting(item.properties)
    if item.type == "video" and "Scaling" not in values:
        settings = project.settings if timeline.settings is None else timeline.settings
        behaviour = settings.get(MISMATCH, "scaleToFit")
        if behaviour != "scaleToFit":
            values["Scaling"] = SCALING[behaviour]
    retime = RETIME.get(project.settings.get(INTERPOLATION, ""))
    if item.type == "video" and retime is not None and not values.get("RetimeProcess"):
        values["RetimeProcess"] = retime
    isolation = project.tracks[item.parent].voice_isolation
    if item.type == "audio" and isolation and isolation[0]:
        values[VOICE_ISOLATION] = True  # which the render refuses, as it would not be heard
    return values


def _grade(project: Project, item: Item) -> Nodes:
    """Group before, item, group after: the order in which Resolve applies them. The timeline's own comes last, on the
    picture that all layers make."""
    if item.type not in ("video", "generator"):
        return ()
    group = project.color_groups.get(item.group)
    return (*group.pre, *item.nodes, *group.post) if group else item.nodes


def grade_spec(nodes: Nodes, lut_file: LutFile) -> tuple[NodeSpec, ...]:
    """The nodes of a grade that do something."""
    return tuple(_node(node, lut_file) for node in nodes if node.enabled and (node.cdl or node.lut))


def _node(node: Node, lut_file: LutFile) -> NodeSpec:
    cdl = CdlSpec(*node.cdl) if node.cdl is not None else None
    return NodeSpec(enabled=True, cdl=cdl, lut=lut_file(node.lut) if node.lut else "")
