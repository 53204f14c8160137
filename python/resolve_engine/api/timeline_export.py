"""The method of a timeline that writes it to a file for other programs."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments, surface, written
from resolve_engine.api.base import ApiClass
from resolve_engine.api.pictures import refuse_source
from resolve_engine.errors import Refusal
from resolve_engine.interchange import edl, table
from resolve_engine.model.timeline import Timeline as Record

KINDS = ("EXPORT_EDL", "EXPORT_TEXT_CSV", "EXPORT_TEXT_TAB")
"""What the engine writes; the types of Resolve's other constants are refused by name."""


class ExportMethods(ApiClass):
    """Types are the numbers that are read off the resolve object."""

    @property
    def timeline(self) -> Record:
        """The timeline."""
        raise NotImplementedError

    def Export(self, fileName: Any, exportType: Any, exportSubtype: Any = None) -> bool:
        """Writes EDL (CMX 3600), and the list of events as CSV or tabbed text. The file appears only when complete."""
        path = arguments.path(fileName, "the file name")
        kind = _kind(exportType)
        if kind == "EXPORT_EDL" and exportSubtype is not None:
            none = surface.constants()["EXPORT_NONE"]
            if arguments.number(exportSubtype, "the subtype", -100, 100) != none:
                raise Refusal("the engine writes plain edit decision lists only; give EXPORT_NONE as the subtype")
        if kind == "EXPORT_EDL":
            text = edl.written(self.project, self.timeline)
        else:
            text = table.written(self.project, self.timeline, "," if kind == "EXPORT_TEXT_CSV" else "\t")
        refuse_source(self.project, path)
        written.write(path, text.encode())
        return True


def _kind(value: Any) -> str:
    number = arguments.number(value, "the export type", -100, 100)
    names = surface.constants()
    types = [name for name in names if name.startswith("EXPORT_") and name not in NOT_TYPES and "LUT" not in name]
    found = next((name for name in types if names[name] == number), None)
    if found is None:
        raise Refusal(f"{number:g} is no export type; read one such as EXPORT_EDL off the resolve object")
    if found not in KINDS:
        raise Refusal(f"the engine does not write {found} yet; it writes {', '.join(KINDS)}")
    return found


NOT_TYPES = (
    "EXPORT_NONE", "EXPORT_AAF_NEW", "EXPORT_AAF_EXISTING", "EXPORT_CDL", "EXPORT_SDL", "EXPORT_MISSING_CLIPS",
)  # fmt: skip
"""Constants of subtypes, whose numbers are those of types, too."""
