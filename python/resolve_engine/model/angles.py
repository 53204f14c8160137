"""The angles of multicam clips in a frozen timeline: each angle that is played stands as a timeline of its own."""

from __future__ import annotations

from dataclasses import replace

from resolve_engine.model.clip import MULTICAM, Clip
from resolve_engine.model.multicam import angle_of, played
from resolve_engine.model.project import Project
from resolve_engine.render.spec import ItemSpec, TimelineSpec, TrackSpec


def with_angles(project: Project, spec: TimelineSpec) -> TimelineSpec:
    """The specification with every item of a multicam clip showing its angle alone. Raises Refusal for an angle that
    the clip does not have."""
    angles: dict[str, tuple[Clip, int]] = {}

    def shown(item: ItemSpec) -> ItemSpec:
        record = project.items[item.id]
        clip = project.clips.get(record.clip)
        if clip is None or clip.type != MULTICAM:
            return item
        number = played(clip, record)
        key = f"{clip.timeline} {number}"
        angles[key] = (clip, number)
        return replace(item, source=replace(item.source, path=key))

    def with_shown(tracks: tuple[TrackSpec, ...]) -> tuple[TrackSpec, ...]:
        return tuple(replace(track, items=tuple(shown(item) for item in track.items)) for track in tracks)

    def with_items(one: TimelineSpec) -> TimelineSpec:
        return replace(one, video=with_shown(one.video), audio=with_shown(one.audio))

    outer = with_items(spec)
    nested = {id: with_items(one) for id, one in spec.nested.items()}
    for key, (clip, number) in angles.items():
        nested[key] = one_angle(nested[clip.timeline], clip, number)
    return replace(outer, nested=nested)


def one_angle(whole: TimelineSpec, clip: Clip, number: int) -> TimelineSpec:
    """One angle of a multicam clip's frozen timeline; number 0 is its whole sound. Raises Refusal."""
    if number == 0:
        return replace(whole, video=())
    angle = angle_of(clip, number)
    return replace(
        whole,
        video=_tracks(whole.video, [angle["video"]] if angle["video"] else []),
        audio=_tracks(whole.audio, angle["audio"]),
    )


def _tracks(tracks: tuple[TrackSpec, ...], numbers: list[int]) -> tuple[TrackSpec, ...]:
    return tuple(tracks[number - 1] for number in numbers)
