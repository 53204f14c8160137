"""`GalleryStillAlbum`: one album. No call of the engine makes a still yet, so every album is empty."""

from __future__ import annotations

from resolve_engine.api.base import ApiClass
from resolve_engine.remote import PyRemoteObject


class GalleryStillAlbum(ApiClass):
    """One album of the open project."""

    CLASS = "GalleryStillAlbum"

    @property
    def alive(self) -> bool:
        return self.key in self.project.albums

    def GetStills(self) -> list[PyRemoteObject]:
        return []
