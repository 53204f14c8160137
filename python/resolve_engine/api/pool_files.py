"""What the media pool writes to files and reads: metadata as a table, folders as `.drb`."""

from __future__ import annotations

import csv
import io
import os
import time
from typing import Any

from resolve_engine.api import arguments, clip_properties, written
from resolve_engine.api.base import ApiClass
from resolve_engine.api.parts import FolderPart
from resolve_engine.errors import Refusal

FIRST_COLUMNS = ("File Name", "Clip Directory", "Duration TC", "Frame Rate", "Resolution", "Start TC", "End TC")
"""What identifies a clip, before its metadata fields."""


class PoolFileMethods(ApiClass):
    """The methods of the media pool about files."""

    def ExportMetadata(self, fileName: Any, clips: Any = None) -> bool:
        """A row for each clip that is no timeline, a column for every metadata field that any of them has."""
        path = arguments.path(fileName, "the path")
        if not os.path.isdir(os.path.dirname(path)):
            raise Refusal(f"the folder {os.path.dirname(path)!r} does not exist")
        listed = None if clips is None else arguments.listing(clips, "the clips")
        chosen = [self.given_clip(clip) for clip in listed] if listed else list(self.project.clips.values())
        chosen = [clip for clip in dict.fromkeys(chosen) if not clip.timeline]
        if not chosen:
            raise Refusal("there is no clip to write")
        fields = [key for key in clip_properties.keys("metadata") if any(key in clip.metadata for clip in chosen)]
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow([*FIRST_COLUMNS, *fields])
        for clip in chosen:
            shown = clip_properties.attributes(self.project, clip)
            first = (shown.get("File Name"), shown.get("Clip Directory"), shown["Duration"], shown["FPS"],
                     shown.get("Resolution"), shown["Start TC"], shown["End TC"])  # fmt: skip
            writer.writerow([*first, *(clip.metadata.get(key, "") for key in fields)])
        written.write(path, text.getvalue().encode("utf-8-sig"))
        return True

    def ImportFolderFromFile(self, filePath: Any, sourceClipsPath: Any = None) -> bool:
        """The folder is named by the file; with a path, clips whose files are gone are looked for there by name."""
        from resolve_engine.archive import folder_file, package

        path = arguments.path(filePath, "the path")
        place = None if sourceClipsPath in (None, "") else arguments.path(sourceClipsPath, "the path of the clips")
        if place is not None and not os.path.isdir(place):
            raise Refusal(f"{place!r} is no folder")
        name = os.path.splitext(os.path.basename(path))[0]
        parent = self.project.open_folder()
        if any(other.name == name and other.parent == parent.id for other in self.project.folders.values()):
            raise Refusal(f"a folder named {name!r} exists in {parent.name!r} already")
        try:
            found = package.read(path, "folder")
            made = folder_file.take_in(self.project, found, parent, name, time.time())
        except package.PackageError as error:
            raise Refusal(str(error)) from error
        if place is not None:
            folder_file.relink(made, place)
        return True


class FolderFileMethods(FolderPart):
    """The methods of a folder about files."""

    def Export(self, filePath: Any) -> bool:
        """The folder with everything below it, timelines and what they show included."""
        from resolve_engine.archive import folder_file, package

        path = arguments.path(filePath, "the path")
        if not path.lower().endswith(".drb"):
            path += ".drb"
        if not os.path.isdir(os.path.dirname(path)):
            raise Refusal(f"the folder {os.path.dirname(path)!r} does not exist")
        try:
            folder_file.export(self.project, self.folder, path)
        except package.PackageError as error:
            raise Refusal(str(error)) from error
        return True
