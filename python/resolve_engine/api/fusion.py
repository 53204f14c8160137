"""`Fusion`: there is none in the engine, so that no composition is ever open; that much can be told truly."""

from __future__ import annotations

from resolve_engine.api.base import ApiClass


class Fusion(ApiClass):
    """What Resolve.Fusion answers."""

    CLASS = "Fusion"

    def GetCurrentComp(self) -> None:
        """No composition is open."""
