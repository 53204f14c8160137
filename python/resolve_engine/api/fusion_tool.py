"""`FusionTool`: one tool of a composition. The inputs of a Text+ are read and written; the other tools have none."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.fusion_comp import chosen
from resolve_engine.errors import Refusal
from resolve_engine.model import composition, text_plus
from resolve_engine.model.item import Item


class FusionTool(ApiClass):
    """Its key is the item's id, a slash, that of the composition, a slash and its name."""

    CLASS = "FusionTool"

    @property
    def alive(self) -> bool:
        id, comp, name = self.key.split("/", 2)
        item = self.project.items.get(id)
        if item is None or all(one.id != comp for one in item.compositions):
            return False
        return any(tool.name == name for tool in composition.tools_of(self.project, item))

    @property
    def item(self) -> Item:
        """The item that its composition belongs to."""
        return self.project.items[self.key.split("/", 1)[0]]

    @property
    def tool(self) -> composition.Tool:
        """The tool as it is now."""
        name = self.key.split("/", 2)[2]
        return next(tool for tool in composition.tools_of(self.project, self.item) if tool.name == name)

    def GetAttrs(self, name: Any = None) -> Any:
        return chosen({"TOOLS_Name": self.tool.name, "TOOLS_RegID": self.tool.id}, name)

    def GetInput(self, input: Any, time: Any = None) -> Any:
        """Inputs of the engine are not animated, so that they are the same at any time. Points have float keys."""
        name = arguments.text(input, "the input")
        _check_time(time)
        value = self.tool.inputs.get(name)
        if value is None or isinstance(value, composition.Source):
            raise Refusal(f"the engine has no value of an input {name!r} of {self.tool.name}")
        return {1.0: value[0], 2.0: value[1], 3.0: 0.0} if isinstance(value, tuple | list) else value

    def SetInput(self, input: Any, value: Any, time: Any = None) -> None:
        """Sets an input of a Text+ for all of its time."""
        name = arguments.text(input, "the input")
        _check_time(time)
        if self.tool.id != composition.TEXT_PLUS:
            raise Refusal(f"{self.tool.name} passes its picture on, and the engine renders no {name!r} of it")
        self.item.content = text_plus.with_value(self.item.content, name, value)


def _check_time(time: Any) -> None:
    if time is not None:
        arguments.number(time, "the time", -arguments.LARGEST_FRAME, arguments.LARGEST_FRAME)
