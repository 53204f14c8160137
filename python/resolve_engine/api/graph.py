"""`Graph`: the nodes of an item's, a timeline's or a colour group's grade."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments, grades
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model.grade import FRESH, Nodes
from resolve_engine.model.item import Item
from resolve_engine.model.record import Record
from resolve_engine.model.version import set_nodes


class Graph(ApiClass):
    """The key of its handle names the owner: `item:<id>`, `timeline:<id>`, `pre:<id>` or `post:<id>` of a group."""

    CLASS = "Graph"

    @property
    def alive(self) -> bool:
        return self._owner() is not None

    def _owner(self) -> Record | None:
        kind, _, id = self.key.partition(":")
        if kind == "item":
            return self.project.items.get(id)
        if kind == "timeline":
            return self.project.timelines.get(id)
        return self.project.color_groups.get(id)

    @property
    def _field(self) -> str:
        kind = self.key.partition(":")[0]
        return kind if kind in ("pre", "post") else "nodes"

    @property
    def nodes(self) -> Nodes:
        """The nodes."""
        nodes: Nodes = getattr(self._owner(), self._field)
        return nodes

    @nodes.setter
    def nodes(self, nodes: Nodes) -> None:
        owner = self._owner()
        if isinstance(owner, Item):
            set_nodes(self.project, owner, nodes)
        else:
            setattr(owner, self._field, nodes)

    def GetNumNodes(self) -> int:
        return len(self.nodes)

    def SetLUT(self, nodeIndex: Any, lutPath: Any) -> bool:
        lut = grades.known_lut(lutPath)
        self.nodes = grades.changed(self.nodes, nodeIndex, lambda node: node._replace(lut=lut))
        return True

    def GetLUT(self, nodeIndex: Any) -> str:
        return self.nodes[grades.node_index(self.nodes, nodeIndex)].lut

    def SetNodeCacheMode(self, nodeIndex: Any, cacheValue: Any) -> bool:
        mode = arguments.whole(cacheValue, "the cache mode", -1, 1)
        self.nodes = grades.changed(self.nodes, nodeIndex, lambda node: node._replace(cache=mode))
        return True

    def GetNodeCacheMode(self, nodeIndex: Any) -> int:
        return self.nodes[grades.node_index(self.nodes, nodeIndex)].cache

    def GetNodeLabel(self, nodeIndex: Any) -> str:
        return self.nodes[grades.node_index(self.nodes, nodeIndex)].label

    def GetToolsInNode(self, nodeIndex: Any) -> list[str] | None:
        """None when the node does nothing."""
        node = self.nodes[grades.node_index(self.nodes, nodeIndex)]
        tools = (["Primaries"] if node.cdl is not None else []) + (["LUT"] if node.lut else [])
        return tools or None

    def SetNodeEnabled(self, nodeIndex: Any, isEnabled: Any) -> bool:
        enabled = arguments.flag(isEnabled, "isEnabled")
        self.nodes = grades.changed(self.nodes, nodeIndex, lambda node: node._replace(enabled=enabled))
        return True

    def ResetAllGrades(self) -> bool:
        self.nodes = () if self.key.startswith("timeline:") else FRESH
        return True

    def ApplyGradeFromDRX(self, path: Any, gradeMode: Any, applyToAllLayers: Any = False) -> bool:
        """Of the engine's own files alone. Its grades have no keyframes and one layer, so that the modes and the layers
        come to the same."""
        from resolve_engine.colour import drx
        from resolve_engine.media.errors import MediaError

        file = arguments.path(path, "the path of the grade")
        arguments.whole(gradeMode, "the grade mode", 0, 2)
        arguments.flag(applyToAllLayers, "applyToAllLayers")
        if self.key.startswith("pre:"):
            raise Refusal(
                "the pre-clip graph of a color group takes no grade from a file; apply it to the group's clips"
            )
        try:
            nodes = drx.read(file).nodes
        except MediaError as error:
            raise Refusal(error.reason) from error
        for node in nodes:
            grades.known_lut(node.lut)
        self.nodes = nodes or FRESH
        return True
