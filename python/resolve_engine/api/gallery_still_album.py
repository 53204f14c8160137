"""`GalleryStillAlbum`: one album; its stills come from Timeline.GrabStill, GrabAllStills and from files."""

from __future__ import annotations

import os
import shutil
import tempfile
from typing import Any

from resolve_engine import failure
from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.pictures import refuse_source
from resolve_engine.errors import Refusal
from resolve_engine.model.still import Still
from resolve_engine.remote import PyRemoteObject
from resolve_engine.store import stills as pictures

FORMATS = ("dpx", "tif", "jpg", "png", "ppm", "bmp", "exr", "tiff", "jpeg", "drx")
"""What ExportStills writes; `drx` is the grade without a picture. Resolve has no EXR here, and has `cin` and `xpm`."""

LONGEST_PREFIX = 200
"""Characters; with the still's number the name stays below the 255 bytes of file systems, in ASCII at least."""


class GalleryStillAlbum(ApiClass):
    """One album of the open project."""

    CLASS = "GalleryStillAlbum"

    @property
    def alive(self) -> bool:
        return self.key in self.project.albums

    def _stills(self) -> list[Still]:
        """Newest first: as in Resolve, the last is not the one that was grabbed last."""
        mine = [still for still in self.project.stills.values() if still.parent == self.key]
        return sorted(mine, key=lambda still: -still.position)

    def _given(self, value: Any) -> Still:
        still = self.given(value, "GalleryStill", self.project.stills, "the still")
        if still.parent != self.key:
            raise Refusal(f"the still {still.shown_number} is in another album")
        return still

    def _several(self, value: Any) -> list[Still]:
        given = [self._given(one) for one in arguments.listing(value, "the stills")]
        if not given:
            raise Refusal("no stills were given")
        return list(dict.fromkeys(given))

    def GetStills(self) -> list[PyRemoteObject]:
        return [self.handle("GalleryStill", still.id) for still in self._stills()]

    def GetLabel(self, galleryStill: Any) -> str:
        return self._given(galleryStill).label

    def SetLabel(self, galleryStill: Any, label: Any) -> bool:
        self._given(galleryStill).label = arguments.text(label, "the label")
        return True

    def DeleteStills(self, galleryStill: Any) -> bool:
        for still in self._several(galleryStill):
            self.project.remove(still)
        self.app.flush()  # a picture goes when no stored still names it any more
        pictures.sweep(self.project.id, [still.picture for still in self.project.stills.values()])
        return True

    def ImportStills(self, filePaths: Any) -> bool:
        """A picture brings the grade of a `.drx` of the same name beside it; a `.drx` brings the picture that it names.
        They go to this album. True when one came in; why the others did not is kept as the reason."""
        from resolve_engine.api import stills

        paths = [arguments.path(path, "the path of a still") for path in arguments.listing(filePaths, "the paths")]
        if not paths:
            raise Refusal("no files were given")
        reasons, came = [], 0
        for path in paths:
            try:
                stills.take_in(self.project, path).parent = self.key
                came += 1
            except Refusal as refusal:
                reasons.append(refusal.reason)
        if not came:
            raise Refusal("; ".join(reasons))
        if reasons:
            failure.note("; ".join(reasons))
        return True

    def ExportStills(self, galleryStill: Any, folderPath: Any, filePrefix: Any, format: Any) -> bool:
        """`<prefix>_<track>.<clip>.<number>.<format>` and the grade beside it as `.drx`; the files appear together,
        when all are written. Files that have these names are replaced. No panel has to be open."""
        given = self._several(galleryStill)
        folder = arguments.path(folderPath, "the folder")
        prefix = arguments.text(filePrefix, "the prefix")
        form = arguments.text(format, "the format").lower()
        if form not in FORMATS:
            raise Refusal(f"the engine does not write {form!r} as a still; it writes {', '.join(FORMATS)}")
        if not os.path.isdir(folder):
            raise Refusal(f"the folder {folder!r} does not exist")
        if len(prefix) > LONGEST_PREFIX or any(character in "/\\\0" for character in prefix):
            raise Refusal(f"the prefix must have at most {LONGEST_PREFIX} characters and no slash")
        try:
            partial = tempfile.mkdtemp(prefix=".stills-", suffix=".partial", dir=folder)
        except OSError as error:
            raise Refusal(f"the folder {folder!r} cannot be written to: {error.strerror}") from error
        try:
            for still in given:
                self._write(still, partial, f"{prefix}_{still.shown_number}" if prefix else still.shown_number, form)
            names = sorted(os.listdir(partial))
            for name in names:
                refuse_source(self.project, os.path.join(folder, name))
            for name in names:
                os.replace(os.path.join(partial, name), os.path.join(folder, name))
        except OSError as error:
            raise Refusal(f"the stills cannot be written to {folder!r}: {error.strerror or error}") from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        return True

    def _write(self, still: Still, folder: str, name: str, form: str) -> None:
        from resolve_engine import whole_file
        from resolve_engine.api import stills
        from resolve_engine.colour import drx

        picture = ""
        if form != "drx":
            picture = f"{name}.{form}"
            stills.write_picture(self.project, still, os.path.join(folder, picture))
        about = drx.GradeFile(
            still.nodes,
            picture,
            (still.width, still.height),
            still.label,
            still.shown_number,
            still.clip,
            still.timecode,
        )
        whole_file.write(os.path.join(folder, f"{name}.drx"), drx.text(about))
