"""The methods of a timeline item about its Fusion compositions."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.api import arguments, written
from resolve_engine.api.base import ApiClass
from resolve_engine.api.parts import ItemPart
from resolve_engine.api.pictures import refuse_source
from resolve_engine.errors import Refusal
from resolve_engine.interchange import comp_file
from resolve_engine.model import composition
from resolve_engine.model.item import Composition, Item
from resolve_engine.remote import PyRemoteObject

CACHE_MODES = ("auto", "enabled", "disabled")


class FusionMethods(ItemPart):
    """What a composition holds follows from what the item shows, as `model/composition.py` says."""

    def GetFusionCompCount(self) -> int:
        return len(self.item.compositions)

    def GetFusionCompNameList(self) -> list[str]:
        return [one.name for one in self.item.compositions]

    def GetFusionCompNames(self) -> dict[float, str]:
        return {float(number): one.name for number, one in enumerate(self.item.compositions, 1)}

    def GetFusionCompByIndex(self, compIndex: Any) -> PyRemoteObject:
        number = arguments.whole(compIndex, "the number of the composition")
        return self._handle(composition.at(self.item, number))

    def GetFusionCompByName(self, compName: Any) -> PyRemoteObject:
        return self._handle(composition.named(self.item, _name(compName)))

    def AddFusionComp(self) -> PyRemoteObject:
        """It passes the picture on, and is the active one then."""
        return self._handle(composition.add(self.project, self.item))

    def LoadFusionCompByName(self, compName: Any) -> PyRemoteObject:
        return self._handle(composition.load(self.item, _name(compName)))

    def RenameFusionCompByName(self, oldName: Any, newName: Any) -> bool:
        composition.rename(self.item, _name(oldName), _name(newName))
        return True

    def DeleteFusionCompByName(self, compName: Any) -> bool:
        """With the active one gone, the last that is left is active."""
        composition.delete(self.project, self.item, _name(compName))
        return True

    def ExportFusionComp(self, path: Any, compIndex: Any) -> bool:
        """A text file that Fusion opens."""
        number = arguments.whole(compIndex, "the number of the composition")
        save(self, self.item, composition.at(self.item, number), path)
        return True

    def ImportFusionComp(self, path: Any) -> PyRemoteObject:
        """A file whose tools pass the picture on, and do nothing else; any other is refused with the tool's name."""
        file = arguments.path(path, "the path")
        try:
            tools = comp_file.read(file)
        except comp_file.CompError as error:
            raise Refusal(str(error)) from error
        comp_file.check_passes(tools)
        return self._handle(composition.add(self.project, self.item))

    # The switch is kept, but renders of the engine make every frame anew and look the same with it.

    def GetIsFusionOutputCacheEnabled(self) -> str:
        return self._pictured().fusion_cache

    def SetFusionOutputCache(self, cacheValue: Any) -> bool:
        """Takes a text, as the 21.1 text says, or a CACHE_ constant, as the older ones do."""
        item = self._pictured()
        if isinstance(cacheValue, str):
            item.fusion_cache = arguments.word(cacheValue, "the cache mode", CACHE_MODES)
            return True
        mode = arguments.constant(cacheValue, "the cache mode", "CACHE_", "")
        if not mode:
            raise Refusal(f"the cache mode is missing; it is one of {', '.join(CACHE_MODES)}")
        item.fusion_cache = mode.removesuffix("_ENABLED").lower()
        return True

    def _pictured(self) -> Item:
        if self.item.type not in ("video", "generator"):
            raise Refusal(f"{self.item.name!r} is of type {self.item.type} and shows no picture")
        return self.item

    def _handle(self, found: Composition) -> PyRemoteObject:
        return self.handle("FusionComp", f"{self.item.id}/{found.id}")


def save(api: ApiClass, item: Item, found: Composition, path: Any) -> None:
    """Write a composition to a file. Raises Refusal."""
    file = arguments.path(path, "the path")
    if not os.path.isdir(os.path.dirname(file)):
        raise Refusal(f"the folder {os.path.dirname(file)!r} does not exist")
    refuse_source(api.project, file)
    tools = composition.tools_of(api.project, item)
    written.write(file, comp_file.text(found.name, tools, item.duration).encode())


def _name(value: Any) -> str:
    return arguments.text(value, "the name of the composition", empty=False)
