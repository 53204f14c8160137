"""`Gallery`: the albums of a project; each one's stills are in `gallery_still_album`."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.model.album import Album
from resolve_engine.remote import PyRemoteObject


class Gallery(ApiClass):
    """The gallery of the open project."""

    CLASS = "Gallery"

    def _albums(self, power_grade: bool) -> list[Album]:
        return [album for album in self.project.albums.values() if album.power_grade == power_grade]

    def _given(self, value: Any) -> Album:
        return self.given(value, "GalleryStillAlbum", self.project.albums, "the album")

    def _handles(self, albums: list[Album]) -> list[PyRemoteObject]:
        return [self.handle("GalleryStillAlbum", album.id) for album in albums]

    def GetGalleryStillAlbums(self) -> list[PyRemoteObject]:
        return self._handles(self._albums(False))

    def GetGalleryPowerGradeAlbums(self) -> list[PyRemoteObject]:
        return self._handles(self._albums(True))

    def GetCurrentStillAlbum(self) -> PyRemoteObject:
        return self.handle("GalleryStillAlbum", self.project.open_album().id)

    def SetCurrentStillAlbum(self, galleryStillAlbum: Any) -> bool:
        self.project.current_album = self._given(galleryStillAlbum).id
        return True

    def GetAlbumName(self, galleryStillAlbum: Any) -> str:
        return self._given(galleryStillAlbum).name

    def SetAlbumName(self, galleryStillAlbum: Any, albumName: Any) -> bool:
        self._given(galleryStillAlbum).name = arguments.text(albumName, "the name of the album", empty=False)
        return True

    def CreateGalleryStillAlbum(self) -> PyRemoteObject:
        return self._create("Stills", False)

    def CreateGalleryPowerGradeAlbum(self) -> PyRemoteObject:
        return self._create("PowerGrade", True)

    def _create(self, word: str, power_grade: bool) -> PyRemoteObject:
        name = f"{word} {len(self._albums(power_grade)) + 1}"
        album = Album(self.project.changes, position=self.project.next_position(), name=name, power_grade=power_grade)
        self.project.add(album)
        return self.handle("GalleryStillAlbum", album.id)
