"""The methods of a timeline that put generators and titles on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.parts import TimelinePart
from resolve_engine.errors import Refusal
from resolve_engine.model import generated
from resolve_engine.remote import PyRemoteObject


class InsertMethods(TimelinePart):
    """They need the edit page and the current timeline, and ripple, as in Resolve (see `model.generated.insert`)."""

    def InsertGeneratorIntoTimeline(self, generatorName: Any) -> PyRemoteObject:
        """Draws Resolve's test patterns and plain colours; others are refused with the list."""
        name = arguments.text(generatorName, "the name of the generator", empty=False)
        return self._inserted(name, generated.generator(name))

    def InsertTitleIntoTimeline(self, titleName: Any) -> PyRemoteObject:
        """A title's text is read and written as the item's property StyledText, which Resolve does not have here."""
        name = arguments.text(titleName, "the name of the title", empty=False)
        return self._inserted(name, generated.title(name))

    def InsertFusionTitleIntoTimeline(self, titleName: Any) -> PyRemoteObject:
        """Draws Text+, whose text and looks are inputs of the tool Template in its composition."""
        name = arguments.text(titleName, "the name of the Fusion title", empty=False)
        return self._inserted(name, generated.fusion_title(name))

    def InsertFusionCompositionIntoTimeline(self) -> PyRemoteObject:
        """An empty composition, which shows nothing."""
        return self._inserted(generated.EMPTY, {"kind": "composition", "name": generated.EMPTY})

    def _inserted(self, name: str, content: Mapping[str, Any]) -> PyRemoteObject:
        if self.app.page != "edit":
            raise Refusal(f"items are inserted on the edit page only, and the {self.app.page} page is open")
        if self.project.current_timeline != self.key:
            raise Refusal("items are inserted into the current timeline only; make this one current first")
        return self.item_handle(generated.insert(self.project, self.timeline, name, content))
