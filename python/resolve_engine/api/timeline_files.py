"""What every import of a timeline does with its file: tell its form, have it read, find its clips, settle its rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from resolve_engine import emulated, failure, timecode
from resolve_engine.api import arguments, labels, settings
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Clip
from resolve_engine.model.settings import DROP_FRAME, FRAME_RATE, project_rate

if TYPE_CHECKING:
    from resolve_engine.interchange import plain

MOST_SAID = 10
"""Clips that one reason names; a sentence about hundreds is read by nobody."""

MOST_TRACKS = 200
"""Of one kind, as many as are added one by one."""


def form_of(path: str) -> str:
    """The form of a file. Raises Refusal."""
    from resolve_engine.interchange import forms

    try:
        return forms.form_of(path)
    except forms.InterchangeError as error:
        raise Refusal(str(error)) from error


def read(api: ApiClass, path: str, form: str) -> plain.Timeline:
    """What a file holds, read by the worker process. Raises Refusal."""
    from resolve_engine.interchange import plain
    from resolve_engine.media.errors import MediaError
    from resolve_engine.worker.client import MediaWorker

    rate, drop = project_rate(api.project)
    try:
        found = plain.from_json(MediaWorker.shared().read_timeline(path, form, rate, drop))
    except MediaError as error:
        raise Refusal(error.reason) from error
    except OSError as error:
        raise Refusal(f"{path!r} cannot be read: {(error.strerror or str(error)).lower()}") from error
    return _without_labels(found) if emulated.build().imports_lose_labels else _with_known_colors(found)


def _without_labels(found: plain.Timeline) -> plain.Timeline:
    tracks = (
        track._replace(items=tuple(item._replace(markers=(), color="") for item in track.items))
        for track in found.tracks
    )
    return found._replace(markers=(), tracks=tuple(tracks))


def _with_known_colors(found: plain.Timeline) -> plain.Timeline:
    """Colours that Resolve does not have are none."""
    known = set(labels.CLIP_COLORS)
    tracks = (
        track._replace(items=tuple(one if one.color in known else one._replace(color="") for one in track.items))
        for track in found.tracks
    )
    return found._replace(tracks=tuple(tracks))


def folder_clips(api: ApiClass, folders: Any) -> list[Clip]:
    """The clips in given folders; all when none are given."""
    clips = list(api.project.clips.values())
    if folders:
        listed = {api.given_folder(one).id for one in arguments.listing(folders, "sourceClipsFolders")}
        clips = [clip for clip in clips if clip.parent in listed]
    return clips


def clips_for(
    api: ApiClass,
    found: plain.Timeline,
    form: str,
    importing: bool,
    place: str,
    among: list[Clip],
    ignore_extensions: bool = True,
) -> tuple[list[Clip], list[str]]:
    """A clip for every source, as the options say: new ones from their files, or those that the media pool has; and
    what is to be said of them once the import is done."""
    from resolve_engine.api.timeline_sources import Sources, is_there

    sources = Sources(api, found, among, ignore_extensions)
    build = emulated.build()
    if form == "otio" and not importing and not build.otio_finds_clips_of_the_pool:
        return [sources.offline(number) for number in range(len(found.sources))], sources.said
    if form == "otio" and importing:
        paths = {source.path for source in found.sources if source.path}
        if build.otio_wants_media_in_place and any(not is_there(path) for path in paths):
            raise Refusal("media of the OTIO file are not where it says; give importSourceClips False")
        if build.otio_wants_media_that_is_not_in_the_pool and any(
            clip.path in paths for clip in api.project.clips.values()
        ):
            raise Refusal("media of the OTIO file are in the media pool already; give importSourceClips False")
    clips = sources.from_files(place) if importing else sources.from_pool()
    return clips, sources.said


def tell(found: plain.Timeline, said: list[str]) -> None:
    """Keep as the reason of the call what a timeline that was read lacks. Done last: the first reason of a call stays,
    and that of a refusal must not be hidden by it."""
    from resolve_engine.interchange.to_model import content_of

    lost = list(found.lost)
    made = [item for track in found.tracks for item in track.items if item.source < 0]
    left = sum(not content_of(item) for item in made)
    lost += [f"{left} generators and titles that are not drawn"] if left else []
    parts = [f"the timeline was read, without {', '.join(lost)}"] if lost else []
    parts += list(dict.fromkeys(said))[:MOST_SAID]
    if parts:
        failure.note("; ".join(parts))


def own_settings(api: ApiClass, rate: timecode.Ratio, drop_frame: bool) -> Mapping[str, Any] | None:
    """The settings of a timeline whose rate is not the project's; None where it can follow the project. Raises Refusal
    for a rate that no timeline has."""
    text = next((text for text, known in timecode.RATES.items() if known == rate), None)
    if text is None:
        raise Refusal(f"the file counts at {timecode.rate_number(rate):g} frames per second, which no timeline does")
    if (rate, drop_frame) == project_rate(api.project):
        return None
    inherited = settings.keys_of("timeline")
    kept = {key: value for key, value in api.project.settings.items() if key in inherited}
    return {**kept, FRAME_RATE: text, DROP_FRAME: "1" if drop_frame else "0"}
