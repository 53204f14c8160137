"""The method of a timeline that writes it to a file for other programs."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine import failure
from resolve_engine.api import arguments, surface, written
from resolve_engine.api.clip_properties import is_online
from resolve_engine.api.parts import TimelinePart
from resolve_engine.api.pictures import refuse_source
from resolve_engine.errors import Refusal

FORMS = {
    "EXPORT_AAF": "aaf",
    "EXPORT_OTIO": "otio",
    "EXPORT_FCP_7_XML": "fcp7",
    "EXPORT_FCPXML_1_8": "fcpxml 1.8",
    "EXPORT_FCPXML_1_9": "fcpxml 1.9",
    "EXPORT_FCPXML_1_10": "fcpxml 1.10",
}
"""Forms that the worker process writes, by the constant that asks for them."""

LISTS = ("EXPORT_EDL", "EXPORT_TEXT_CSV", "EXPORT_TEXT_TAB", "EXPORT_ALE", "EXPORT_ALE_CDL")
"""Forms that list events."""

EDLS = ("EXPORT_NONE", "EXPORT_CDL", "EXPORT_MISSING_CLIPS")
"""Kinds of edit decision list: plain, with the CDLs of grades, and of missing clips alone. What Resolve's SDL holds is
nowhere described."""

SUBTYPES = (
    "EXPORT_NONE", "EXPORT_AAF_NEW", "EXPORT_AAF_EXISTING", "EXPORT_CDL", "EXPORT_SDL", "EXPORT_MISSING_CLIPS",
)  # fmt: skip
"""Constants of subtypes, whose numbers are those of types, too."""

NOT_WRITTEN = {
    "EXPORT_HDR_10_PROFILE_A": "its schema is not public",
    "EXPORT_HDR_10_PROFILE_B": "its schema is not public",
    "EXPORT_DOLBY_VISION_VER_2_9": "Dolby's metadata come from Dolby's own analysis",
    "EXPORT_DOLBY_VISION_VER_4_0": "Dolby's metadata come from Dolby's own analysis",
    "EXPORT_DOLBY_VISION_VER_5_1": "Dolby's metadata come from Dolby's own analysis",
}
"""Types that the engine refuses for good, with why."""


class ExportMethods(TimelinePart):
    """Types are the numbers that are read off the resolve object."""

    def Export(self, fileName: Any, exportType: Any, exportSubtype: Any = None) -> bool:
        """The file appears only when complete; what the form has no place for is kept as the reason of the call."""
        path = arguments.path(fileName, "the file name")
        kind = _named(exportType, "the export type", False)
        subtype = "EXPORT_NONE" if exportSubtype is None else _named(exportSubtype, "the subtype", True)
        if kind in NOT_WRITTEN:
            raise Refusal(f"the engine does not write {kind}: {NOT_WRITTEN[kind]}")
        if kind == "EXPORT_AAF" and subtype not in ("EXPORT_NONE", "EXPORT_AAF_NEW"):
            raise Refusal("the engine writes new AAF files only; give EXPORT_AAF_NEW as the subtype")
        refuse_source(self.project, path)
        if kind in LISTS:
            written.write(path, self._listed(kind, subtype).encode())
        elif kind == "EXPORT_DRT":
            self._archived(path)
        elif kind == "EXPORT_FCPXML_1_10":
            if os.path.lexists(path):
                raise Refusal(f"{path!r} exists already, and this form is a folder; choose another name")
            written.write_folder(path, {"Info.fcpxml": self._content(FORMS[kind])})
        elif kind in FORMS:
            written.write(path, self._content(FORMS[kind]))
        else:
            raise Refusal(
                f"the engine does not write {kind} yet; it writes {', '.join((*LISTS, *FORMS, 'EXPORT_DRT'))}"
            )
        return True

    def _listed(self, kind: str, subtype: str) -> str:
        from resolve_engine.interchange import ale, edl, table

        if kind == "EXPORT_EDL" and subtype not in EDLS:
            raise Refusal(f"the engine does not write {subtype} as an edit decision list; it writes {', '.join(EDLS)}")
        if kind == "EXPORT_EDL":
            missing = (lambda clip: not is_online(clip)) if subtype == "EXPORT_MISSING_CLIPS" else None
            text, lost = edl.written(self.project, self.timeline, subtype == "EXPORT_CDL", missing)
        elif kind in ("EXPORT_ALE", "EXPORT_ALE_CDL"):
            text, lost = ale.written(self.project, self.timeline, kind == "EXPORT_ALE_CDL")
        else:
            text, lost = table.written(self.project, self.timeline, "," if kind == "EXPORT_TEXT_CSV" else "\t")
        if lost:
            failure.note(f"the file is written, without {', '.join(lost)}")
        return text

    def _archived(self, path: str) -> None:
        """The engine's own archive of a timeline, which leaves nothing out."""
        from resolve_engine.archive import package, timeline_file

        try:
            timeline_file.export(self.project, self.timeline, path)
        except package.PackageError as error:
            raise Refusal(str(error)) from error

    def _content(self, form: str) -> bytes:
        """The file as the worker process writes it."""
        from resolve_engine.interchange.from_model import plain_timeline
        from resolve_engine.media.errors import MediaError
        from resolve_engine.worker.client import MediaWorker

        found = plain_timeline(self.project, self.timeline)
        if not found.items():
            raise Refusal(f"the timeline {found.name!r} is empty")
        try:
            content, lost = MediaWorker.shared().write_timeline(found, form, found.items())
        except MediaError as error:
            raise Refusal(error.reason) from error
        if lost or found.lost:
            failure.note(f"the file is written, without {', '.join([*found.lost, *lost])}")
        return content


def _named(value: Any, what: str, subtype: bool) -> str:
    """The name of the constant that a number stands for."""
    number = arguments.number(value, what, -100, 100)
    names = surface.constants()
    chosen = [
        name for name in names if name.startswith("EXPORT_") and "LUT" not in name and (name in SUBTYPES) == subtype
    ]
    found = next((name for name in chosen if names[name] == number), None)
    if found is None:
        raise Refusal(
            f"{number:g} is no export {'subtype' if subtype else 'type'}; read one such as "
            f"{'EXPORT_NONE' if subtype else 'EXPORT_EDL'} off the resolve object"
        )
    return found
