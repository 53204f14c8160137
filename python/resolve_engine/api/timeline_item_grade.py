"""The methods of a timeline item about its grade and its colour group."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.api import arguments, grades
from resolve_engine.api.parts import ItemPart
from resolve_engine.api.pictures import refuse_source
from resolve_engine.api.surface import constants
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.version import set_nodes
from resolve_engine.remote import PyRemoteObject

GRADED = ("video", "generator")
"""Types of items with a grade: pictures of clips, and what is drawn."""


def _lut_kind(value: Any) -> tuple[int, str]:
    """Points on a side and extension of a kind of LUT, which is one of Resolve's EXPORT_LUT_ constants."""
    kinds = {
        "17PTCUBE": (17, ".cube"),
        "33PTCUBE": (33, ".cube"),
        "65PTCUBE": (65, ".cube"),
        "PANASONICVLUT": (17, ".vlt"),
    }
    number = arguments.whole(value, "the kind of the LUT")
    for name, kind in kinds.items():
        if constants()[f"EXPORT_LUT_{name}"] == number:
            return kind
    raise Refusal(f"{number} is no kind of LUT; use one of resolve.EXPORT_LUT_{', EXPORT_LUT_'.join(kinds)}")


class GradeMethods(ItemPart):
    """Nodes count from 1. Reading and writing nodes on the item itself is the older way; the graph does the same."""

    def _graded(self) -> Item:
        if self.item.type not in GRADED:
            kind = "sound item" if self.item.type == "audio" else self.item.type
            raise Refusal(f"a {kind} has no grade; only pictures have one")
        return self.item

    def GetNodeGraph(self, layerIdx: Any = None) -> PyRemoteObject:
        """The engine has one layer; a number other than 1 answers False, as Resolve does for 0."""
        item = self._graded()
        if layerIdx is not None and arguments.whole(layerIdx, "the layer") != 1:
            raise Refusal("there is only layer 1", answer=False)
        return self.handle("Graph", f"item:{item.id}")

    def GetNumNodes(self) -> int:
        return len(self._graded().nodes)

    def SetLUT(self, nodeIndex: Any, lutPath: Any) -> bool:
        item, lut = self._graded(), grades.known_lut(lutPath)
        set_nodes(self.project, item, grades.changed(item.nodes, nodeIndex, lambda node: node._replace(lut=lut)))
        return True

    def GetLUT(self, nodeIndex: Any) -> str:
        nodes = self._graded().nodes
        return nodes[grades.node_index(nodes, nodeIndex)].lut

    def GetNodeLabel(self, nodeIndex: Any) -> str:
        nodes = self._graded().nodes
        return nodes[grades.node_index(nodes, nodeIndex)].label

    def SetCDL(self, CDL: Any) -> bool:
        item = self._graded()
        index, cdl = grades.cdl_from(CDL)
        set_nodes(self.project, item, grades.changed(item.nodes, index, lambda node: node._replace(cdl=cdl)))
        return True

    def CopyGrades(self, tgtTimelineItems: Any) -> bool:
        source = self._graded()
        targets = [self.given_item(item) for item in arguments.listing(tgtTimelineItems, "the target items")]
        if not targets or any(item.type not in GRADED for item in targets):
            raise Refusal("the targets must be pictures of clips, at least one")
        for target in targets:
            set_nodes(self.project, target, source.nodes)
        return True

    def ExportLUT(self, exportType: Any, path: Any) -> bool:
        """The item's own grade, without that of its color group and of the timeline, over 0 to 1. Needs the Color page,
        as in Resolve."""
        from resolve_engine.media.errors import MediaError
        from resolve_engine.model.frozen import grade_spec
        from resolve_engine.worker.client import MediaWorker

        item = self._graded()
        size, extension = _lut_kind(exportType)
        file = arguments.path(path, "the path of the LUT")
        if self.app.page != "color":
            raise Refusal(f"LUTs are exported on the color page only, and the {self.app.page} page is open")
        if not file.lower().endswith(extension):
            file += extension
        if not os.path.isdir(os.path.dirname(file)):
            raise Refusal(f"the folder {os.path.dirname(file)!r} does not exist")
        refuse_source(self.project, file)
        try:
            MediaWorker.shared().export_lut(grade_spec(item.nodes, grades.lut_path), size, file)
        except MediaError as error:
            raise Refusal(error.reason) from error
        return True

    def ResetAllNodeColors(self) -> bool:
        """Nodes of the engine have no color tags, so there is nothing to remove."""
        self._graded()
        return True

    def GetIsColorOutputCacheEnabled(self) -> bool:
        return self._graded().color_cached

    def SetColorOutputCache(self, enabled: Any) -> bool:
        """Takes a boolean, as the 21.1 text says, or a CACHE_ constant, as the older ones do. The switch is kept, but
        renders of the engine make every frame anew and look the same with it."""
        item = self._graded()
        if isinstance(enabled, bool):
            item.color_cached = enabled
        else:
            item.color_cached = arguments.constant(enabled, "the cache mode", "CACHE_", "") != "DISABLED"
        return True

    # Colour groups

    def GetColorGroup(self) -> PyRemoteObject | None:
        return self.handle("ColorGroup", self.item.group) if self.item.group else None

    def AssignToColorGroup(self, colorGroup: Any) -> bool:
        group = self.given(colorGroup, "ColorGroup", self.project.color_groups, "the color group")
        self._graded().group = group.id
        return True

    def RemoveFromColorGroup(self) -> bool:
        if not self.item.group:
            raise Refusal(f"{self.item.name!r} is in no color group")
        self.item.group = ""
        return True
