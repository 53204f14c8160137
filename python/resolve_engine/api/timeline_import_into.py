"""The method of a timeline that brings the items of a file into it."""

from __future__ import annotations

from typing import Any

from resolve_engine import timecode
from resolve_engine.api import arguments
from resolve_engine.api.parts import TimelinePart
from resolve_engine.api.timeline_files import MOST_TRACKS, clips_for, folder_clips, form_of, read, tell
from resolve_engine.errors import Refusal

NOT_DONE = {
    "linkToSourceCameraFiles": "clips keep the files that they name",
    "useSizingInfo": "sizing is not read from AAF files",
    "importMultiChannelAudioTracksAsLinkedGroups": "each sound keeps a track of its own",
}
"""Switches that the engine cannot turn on, with what it does instead."""

OPTIONS = (
    "autoImportSourceClipsIntoMediaPool", "ignoreFileExtensionsWhenMatching", *NOT_DONE, "insertAdditionalTracks",
    "insertWithOffset", "sourceClipsPath", "sourceClipsFolders",
)  # fmt: skip


class ImportIntoMethods(TimelinePart):
    """Only AAF files, as in Resolve."""

    def ImportIntoTimeline(self, filePath: Any, importOptions: Any = None) -> bool:
        """The first frame of the file stands on the timeline's first: on tracks of its own above the others, or without
        insertAdditionalTracks on those that are there, later by insertWithOffset. Nothing is overwritten."""
        path = arguments.path(filePath, "the file")
        options = {} if importOptions is None else arguments.table(importOptions, "the import options")
        for key in options:
            if key not in OPTIONS:
                raise Refusal(f"{key!r} is no import option; the options are {', '.join(OPTIONS)}")
        for key, instead in NOT_DONE.items():
            if arguments.flag(options.get(key, False), key):
                raise Refusal(f"the engine does not do {key}: {instead}; leave it out")
        form = form_of(path)
        if form != "aaf":
            raise Refusal(f"{path!r} is no AAF file; other timelines come in with ImportTimelineFromFile")
        added = arguments.flag(options.get("insertAdditionalTracks", True), "insertAdditionalTracks")
        late = self._offset(options, added)
        found = read(self, path, form)
        timeline = self.timeline
        if found.rate != timeline.rate:
            rates = " and ".join(f"{timecode.rate_number(rate):g}" for rate in (found.rate, timeline.rate))
            raise Refusal(f"the file and the timeline count {rates} frames per second; import it as a timeline")
        above = {kind: len(timeline.tracks[kind]) if added else 0 for kind in ("video", "audio")}
        for kind, count in above.items():
            if count + len(found.of_kind(kind)) > MOST_TRACKS:
                raise Refusal(f"the timeline would have more than {MOST_TRACKS} {kind} tracks")
        importing = arguments.flag(
            options.get("autoImportSourceClipsIntoMediaPool", True), "autoImportSourceClipsIntoMediaPool"
        )
        loose = arguments.flag(
            options.get("ignoreFileExtensionsWhenMatching", False), "ignoreFileExtensionsWhenMatching"
        )
        place = arguments.path(options["sourceClipsPath"], "sourceClipsPath") if options.get("sourceClipsPath") else ""
        among = folder_clips(self, options.get("sourceClipsFolders"))
        clips, said = clips_for(self, found, form, importing, place, among, loose)
        from resolve_engine.interchange import to_model

        to_model.lay(self.project, timeline, found, clips, above, late)
        tell(found, said)
        return True

    def _offset(self, options: dict[str, Any], added: bool) -> int:
        """Frames by which the file stands later."""
        if "insertWithOffset" not in options:
            return 0
        text = arguments.text(options["insertWithOffset"], "insertWithOffset")
        try:
            late = timecode.to_frames(text, self.timeline.rate, self.timeline.drop_frame)
        except ValueError as error:
            raise Refusal(str(error)) from error
        if late and added:
            raise Refusal("insertWithOffset needs insertAdditionalTracks False")
        return late
