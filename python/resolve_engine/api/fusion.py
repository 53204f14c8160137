"""`Fusion`: what is open on the Fusion page; of Fusion itself there is nothing in the engine."""

from __future__ import annotations

from resolve_engine.api.base import ApiClass
from resolve_engine.api.pictures import item_under_playhead
from resolve_engine.model import composition
from resolve_engine.remote import PyRemoteObject


class Fusion(ApiClass):
    """What Resolve.Fusion answers."""

    CLASS = "Fusion"

    def GetCurrentComp(self) -> PyRemoteObject | None:
        """That of the item under the playhead, while the Fusion page is open; None where there is none."""
        timeline = self.project.open_timeline()
        item = item_under_playhead(timeline) if timeline is not None and self.app.page == "fusion" else None
        found = composition.active(item) if item is not None else None
        return self.handle("FusionComp", f"{item.id}/{found.id}") if item is not None and found is not None else None
