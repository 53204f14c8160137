"""Turning items of multicam clips into items of the clips of their angles."""

from __future__ import annotations

import math
from fractions import Fraction

from resolve_engine.errors import Refusal
from resolve_engine.model.building import fields_of, new_track
from resolve_engine.model.clip import MULTICAM
from resolve_engine.model.item import Item
from resolve_engine.model.multicam import angle_of, played
from resolve_engine.model.placing import unlink
from resolve_engine.model.project import Project
from resolve_engine.model.splitting import cut_apart
from resolve_engine.model.track import Track

OF_A_GRADE = ("nodes", "group", "version", "remote", "versions")


def flatten(project: Project, item: Item, keep_grade: bool) -> None:
    """Make an item, and what is linked with it of the same multicam clip, show the clips of its angle. Where the angle
    has a gap nothing is left; where it changes clips the item is cut. `keep_grade` keeps the item's own grade, else it
    is that of the clip on the angle. Sound of all angles together stays as it is, as no one clip has it.

    Raises Refusal; what it changed until then is the caller's to take back.
    """
    clip = project.clips.get(item.clip)
    if clip is None or clip.type != MULTICAM or not played(clip, item):
        raise Refusal(f"{item.name!r} plays no angle of a multicam clip")
    together = [one for one in project.linked(item) if one.clip == clip.id and played(clip, one)]
    edges = {frame for one in together for frame in _edges(project, one)}
    pieces = list(together)
    for frame in sorted(edges, reverse=True):
        inside = [one for one in together if one.position < frame < one.end]
        pieces += cut_apart(project, inside, frame)
    for piece in pieces:
        if project.tracks[piece.parent].locked:
            raise Refusal(
                f"{project.tracks[piece.parent].type} track {project.tracks[piece.parent].position} is locked"
            )
        _replace(project, piece, keep_grade)


def _tracks(project: Project, item: Item) -> list[Track]:
    """The tracks of the angle that an item plays: one for a picture, any number for sound."""
    clip = project.clips[item.clip]
    inner, angle = project.timelines[clip.timeline], angle_of(clip, played(clip, item))
    if item.type == "video":
        return [inner.tracks["video"][angle["video"] - 1]] if angle["video"] else []
    return [inner.tracks["audio"][number - 1] for number in angle["audio"]]


def _step(project: Project, item: Item) -> Fraction:
    """Frames of the multicam clip that one frame of an item's timeline goes on."""
    clip = project.clips[item.clip]
    return Fraction(*item.speed) * Fraction(*clip.rate) / Fraction(*project.timeline_of(item).rate)


def _edges(project: Project, item: Item) -> list[int]:
    """The frames inside an item, counted from its timeline's start, where another clip of the angle begins or ends."""
    step, start = _step(project, item), Fraction(*item.source_start)
    cuts = {edge for track in _tracks(project, item) for one in track.items for edge in (one.position, one.end)}
    low, high = sorted((start, start + step * item.duration))
    inside = [cut for cut in cuts if low < cut < high]
    if inside and step <= 0:
        raise Refusal(f"{item.name!r} plays backwards or stands still across a change of clips; cut it there first")
    frames = {item.position + math.ceil((cut - start) / step) for cut in inside}
    return [frame for frame in frames if item.position < frame < item.end]


def _replace(project: Project, piece: Item, keep_grade: bool) -> None:
    place = Fraction(*piece.source_start)
    found = [one for track in _tracks(project, piece) if (one := track.at(math.floor(place))) is not None]
    if not found:
        unlink(project, piece)
        project.remove(piece)
        return
    for inner in found[1:]:  # the sound of a clip with several tracks needs as many
        fields = fields_of(piece)
        extra = Item(project.changes, parent=_free_track(project, piece).id, position=piece.position, **fields)
        project.add(extra)
        _take(project, extra, inner, place, keep_grade)
    _take(project, piece, found[0], place, keep_grade)


def _free_track(project: Project, piece: Item) -> Track:
    """The first audio track above a piece's that has room for another like it."""
    timeline, own = project.timeline_of(piece), project.tracks[piece.parent]
    for track in timeline.tracks[own.type][own.position :]:
        if not track.locked and track.overlapping(piece.position, piece.end) is None:
            return track
    return new_track(project, timeline, own.type, own.format)


def _take(project: Project, piece: Item, inner: Item, place: Fraction, keep_grade: bool) -> None:
    """Make a piece show what an item of the multicam clip's timeline shows at a place of it."""
    rate = Fraction(*project.clips[piece.clip].rate)
    clip = project.clips[inner.clip]
    start = Fraction(*inner.source_start) + (place - inner.position) * Fraction(*clip.rate) / rate
    if piece.type == "audio":
        piece.channels, piece.audio_format = inner.channels, inner.audio_format
        piece.muted = piece.muted or inner.muted
    piece.clip, piece.name, piece.angle = inner.clip, inner.name, 0
    piece.source_start = (start.numerator, start.denominator)
    piece.remote = ""  # a version of the multicam clip is none of this one's
    if not keep_grade:
        for field in OF_A_GRADE:
            setattr(piece, field, getattr(inner, field))
