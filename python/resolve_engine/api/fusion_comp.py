"""`FusionComp`: one composition of a timeline item, whose tools can be read, and those of a Text+ written."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.timeline_item_fusion import save
from resolve_engine.errors import Refusal
from resolve_engine.model import composition
from resolve_engine.model.item import Composition, Item
from resolve_engine.remote import PyRemoteObject


class FusionComp(ApiClass):
    """Its key is the item's id, a slash and its own."""

    CLASS = "FusionComp"

    @property
    def alive(self) -> bool:
        return self._found() is not None

    @property
    def item(self) -> Item:
        """The item that it belongs to."""
        return self.project.items[self.key.partition("/")[0]]

    @property
    def record(self) -> Composition:
        """Its record."""
        found = self._found()
        assert found is not None, "a handle that is not alive was called"
        return found

    def _found(self) -> Composition | None:
        id, _, own = self.key.partition("/")
        item = self.project.items.get(id)
        return None if item is None else next((one for one in item.compositions if one.id == own), None)

    def GetToolList(self, selectedOnly: Any = False, regId: Any = None) -> dict[float, PyRemoteObject]:
        """Nothing is ever selected, as there is no window."""
        kind = None if regId is None else arguments.text(regId, "the kind of tool")
        if arguments.flag(selectedOnly, "selectedOnly"):
            return {}
        tools = [tool for tool in self._tools() if kind is None or tool.id == kind]
        return {float(number): self._handle(tool) for number, tool in enumerate(tools, 1)}

    def FindTool(self, name: Any) -> PyRemoteObject | None:
        wanted = arguments.text(name, "the name of the tool")
        return next((self._handle(tool) for tool in self._tools() if tool.name == wanted), None)

    def FindToolByID(self, regId: Any) -> PyRemoteObject | None:
        wanted = arguments.text(regId, "the kind of tool")
        return next((self._handle(tool) for tool in self._tools() if tool.id == wanted), None)

    def AddTool(self, regId: Any, x: Any = None, y: Any = None) -> None:
        kind = arguments.text(regId, "the kind of tool", empty=False)
        raise Refusal(f"the engine renders no Fusion tools, so {kind!r} would do nothing; nothing was added")

    def GetAttrs(self, name: Any = None) -> Any:
        """Its name and its frames: those of the item, counted from 0, the last one included."""
        attributes = {
            "COMPS_Name": self.record.name,
            "COMPN_RenderStart": 0.0,
            "COMPN_RenderEnd": float(self.item.duration - 1),
        }
        return chosen(attributes, name)

    def Lock(self) -> None:
        """A composition is drawn when it is rendered, and never while it is changed: there is nothing to hold back."""

    def Unlock(self) -> None:
        """See Lock."""

    def Save(self, path: Any) -> bool:
        save(self, self.item, self.record, path)
        return True

    def _tools(self) -> list[composition.Tool]:
        return composition.tools_of(self.project, self.item)

    def _handle(self, tool: composition.Tool) -> PyRemoteObject:
        return self.handle("FusionTool", f"{self.key}/{tool.name}")


def chosen(attributes: dict[str, Any], name: Any) -> Any:
    """All attributes, or one of them. Raises Refusal for one that is not known."""
    if name is None:
        return attributes
    wanted = arguments.text(name, "the attribute")
    if wanted not in attributes:
        raise Refusal(f"the engine knows no attribute {wanted!r}; it knows {', '.join(attributes)}")
    return attributes[wanted]
