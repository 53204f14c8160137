"""The method of the media pool that makes a timeline of a file of another program."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from resolve_engine import emulated, failure, timecode
from resolve_engine.api import arguments, labels, settings
from resolve_engine.api.base import ApiClass
from resolve_engine.api.timeline import timeline_name
from resolve_engine.errors import Refusal
from resolve_engine.model.clip import Clip
from resolve_engine.model.placing import nesting
from resolve_engine.model.settings import DROP_FRAME, FRAME_RATE, project_rate
from resolve_engine.remote import PyRemoteObject

if TYPE_CHECKING:
    from resolve_engine.interchange import plain

OPTIONS = ("timelineName", "importSourceClips", "sourceClipsPath", "sourceClipsFolders", "interlaceProcessing")


class TimelineImportMethods(ApiClass):
    """Timelines from files. What a file holds and the engine leaves out is kept as the reason of the call."""

    def ImportTimelineFromFile(self, filePath: Any, importOptions: Any = None) -> PyRemoteObject:
        """The form is told by what the file holds. The timeline becomes current; its rate is the file's, or for an
        edit decision list, which names none, the project's."""
        path = arguments.path(filePath, "the file")
        options = {} if importOptions is None else arguments.table(importOptions, "the import options")
        for key in options:
            if key not in OPTIONS:
                raise Refusal(f"{key!r} is no import option; the options are {', '.join(OPTIONS)}")
        form = form_of(path)
        importing = arguments.flag(options.get("importSourceClips", True), "importSourceClips")
        place = arguments.path(options["sourceClipsPath"], "sourceClipsPath") if options.get("sourceClipsPath") else ""
        arguments.flag(options.get("interlaceProcessing", False), "interlaceProcessing")
        if form == "drt":
            return self._unpacked(path, importing)
        found = read(self, path, form)
        fallback = found.name if form != "edl" else ""
        name = timeline_name(options.get("timelineName") or _free_of(fallback) or _stem(path))
        if any(timeline.name == name for timeline in self.project.listed_timelines()):
            raise Refusal(f"a timeline named {name!r} exists already; give another timelineName")
        among = folder_clips(self, options.get("sourceClipsFolders"))
        clips = clips_for(self, found, form, importing, place, among)
        from resolve_engine.interchange import to_model

        timeline = to_model.build(self.project, found, clips, name, own_settings(self, found.rate, found.drop_frame))
        self.project.current_timeline = timeline.id
        return self.timeline_handle(timeline)

    def _unpacked(self, path: str, importing: bool) -> PyRemoteObject:
        """A DRT is named by its file, and again with a number; of the options only importSourceClips does anything."""
        from resolve_engine.archive import package, timeline_file

        taken = {timeline.name for timeline in self.project.listed_timelines()}

        def free(name: str) -> str:
            numbered = (f"{name} {number}" for number in range(2, len(taken) + 3))
            chosen = name if name not in taken else next(one for one in numbered if one not in taken)
            taken.add(chosen)
            return chosen

        link = not importing and emulated.build().drt_links_to_the_pool
        name = free(timeline_name(timeline_file.name_of(path)))
        try:
            timeline = timeline_file.take_in(self.project, path, name, free, time.time(), link)
        except package.PackageError as error:
            raise Refusal(str(error)) from error
        for one in nesting(self.project, timeline):
            if one.settings is None:
                one.settings = own_settings(self, one.rate, one.drop_frame)
        self.project.current_timeline = timeline.id
        return self.timeline_handle(timeline)


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
    if found.lost:
        failure.note(f"the timeline was read, without {', '.join(found.lost)}")
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
    api: ApiClass, found: plain.Timeline, form: str, importing: bool, place: str, among: list[Clip]
) -> list[Clip]:
    """A clip for every source, as the options say: new ones from their files, or those that the media pool has."""
    from resolve_engine.api.timeline_sources import Sources, is_there

    sources = Sources(api, found)
    build = emulated.build()
    if form == "otio" and not importing and not build.otio_finds_clips_of_the_pool:
        return [sources.offline(number) for number in range(len(found.sources))]
    if form == "otio" and importing:
        paths = {source.path for source in found.sources if source.path}
        if build.otio_wants_media_in_place and any(not is_there(path) for path in paths):
            raise Refusal("media of the OTIO file are not where it says; give importSourceClips False")
        if build.otio_wants_media_that_is_not_in_the_pool and any(
            clip.path in paths for clip in api.project.clips.values()
        ):
            raise Refusal("media of the OTIO file are in the media pool already; give importSourceClips False")
    return sources.from_files(place, among) if importing else sources.from_pool(among)


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


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _free_of(name: str) -> str:
    """A file's own name for its timeline, without what Resolve takes in none."""
    return "".join(" " if character in ":/\\\0\r\n" else character for character in name).strip()[:256]
