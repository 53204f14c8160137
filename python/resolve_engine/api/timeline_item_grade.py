"""The methods of a timeline item about its grade and its colour group."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments, grades
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model.item import Item
from resolve_engine.model.version import set_nodes
from resolve_engine.remote import PyRemoteObject


class GradeMethods(ApiClass):
    """Nodes count from 1. Reading and writing nodes on the item itself is the older way; the graph does the same."""

    @property
    def item(self) -> Item:
        """The item."""
        raise NotImplementedError

    def _graded(self) -> Item:
        if self.item.type in ("audio", "transition"):
            raise Refusal("a sound item has no grade" if self.item.type == "audio" else "a transition has no grade")
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
        if not targets or any(item.type in ("audio", "transition") for item in targets):
            raise Refusal("the targets must be picture items, at least one")
        for target in targets:
            set_nodes(self.project, target, source.nodes)
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
