"""The method of the media pool that makes a timeline of a file of another program."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.timeline import timeline_name
from resolve_engine.errors import Refusal
from resolve_engine.interchange import edl_reader
from resolve_engine.remote import PyRemoteObject

OPTIONS = ("timelineName", "importSourceClips", "sourceClipsPath", "sourceClipsFolders", "interlaceProcessing")


class TimelineImportMethods(ApiClass):
    """Clips are found in the media pool by name; media are not imported along the way."""

    def ImportTimelineFromFile(self, filePath: Any, importOptions: Any = None) -> PyRemoteObject:
        """Reads EDL. The timeline becomes current, starts where the first event does, and has the project's rate."""
        path = arguments.path(filePath, "the file")
        options = {} if importOptions is None else arguments.table(importOptions, "the import options")
        for key in options:
            if key not in OPTIONS:
                raise Refusal(f"{key!r} is no import option; the options are {', '.join(OPTIONS)}")
        if options.get("sourceClipsPath"):
            raise Refusal("the engine does not look for media while it reads a timeline; import them first")
        if not path.lower().endswith(".edl"):
            raise Refusal(f"the engine reads timelines from .edl files only, not {os.path.basename(path)!r}")
        fallback = os.path.splitext(os.path.basename(path))[0]
        name = timeline_name(options.get("timelineName") or fallback)
        if any(timeline.name == name for timeline in self.project.listed_timelines()):
            raise Refusal(f"a timeline named {name!r} exists already")
        clips = list(self.project.clips.values())
        if options.get("sourceClipsFolders"):
            listed = arguments.listing(options["sourceClipsFolders"], "sourceClipsFolders")
            folders = {self.given_folder(folder).id for folder in listed}
            clips = [clip for clip in clips if clip.parent in folders]
        timeline = edl_reader.read(self.project, _text(path), name, clips)
        self.project.current_timeline = timeline.id
        return self.timeline_handle(timeline)


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            text = file.read(edl_reader.MOST_CHARACTERS + 1)
    except OSError as error:
        raise Refusal(f"{path!r} cannot be read: {(error.strerror or str(error)).lower()}") from error
    if len(text) > edl_reader.MOST_CHARACTERS:
        raise Refusal(f"{path!r} is larger than any edit decision list")
    return text
