"""The method of the media pool that makes a timeline of a file of another program."""

from __future__ import annotations

import os
import time
from typing import Any

from resolve_engine import emulated
from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.timeline import timeline_name
from resolve_engine.api.timeline_files import clips_for, folder_clips, form_of, own_settings, read, tell
from resolve_engine.errors import Refusal
from resolve_engine.model.placing import nesting
from resolve_engine.remote import PyRemoteObject

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
        if arguments.flag(options.get("interlaceProcessing", False), "interlaceProcessing"):
            raise Refusal("the engine has no interlaced timelines; leave interlaceProcessing out")
        if form == "drt":
            return self._unpacked(path, importing)
        found = read(self, path, form)
        fallback = found.name if form != "edl" else ""
        taken = {timeline.name for timeline in self.project.listed_timelines()}
        if options.get("timelineName"):
            name = timeline_name(options["timelineName"])
            if name in taken:
                raise Refusal(f"a timeline named {name!r} exists already; give another timelineName")
        else:
            name = _numbered(timeline_name(_free_of(fallback) or _free_of(_stem(path)) or "Timeline"), taken)
        among = folder_clips(self, options.get("sourceClipsFolders"))
        own = own_settings(self, found.rate, found.drop_frame)
        clips, said = clips_for(self, found, form, importing, place, among)
        from resolve_engine.interchange import to_model

        timeline = to_model.build(self.project, found, clips, name, own)
        self.project.current_timeline = timeline.id
        tell(found, said)
        return self.timeline_handle(timeline)

    def _unpacked(self, path: str, importing: bool) -> PyRemoteObject:
        """A DRT is named by its file, and again with a number; of the options only importSourceClips does anything."""
        from resolve_engine.archive import package, timeline_file

        taken = {timeline.name for timeline in self.project.listed_timelines()}

        def free(name: str) -> str:
            chosen = _numbered(name, taken)
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


def _numbered(name: str, taken: set[str]) -> str:
    """A name, with a number behind it where it is taken, as Resolve does it for DRT files."""
    numbers = (f"{name} {number}" for number in range(2, len(taken) + 3))
    return name if name not in taken else next(one for one in numbers if one not in taken)


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def _free_of(name: str) -> str:
    """A file's own name for its timeline, without what Resolve takes in none."""
    return "".join(" " if character in ":/\\\0\r\n" else character for character in name).strip()[:256]
