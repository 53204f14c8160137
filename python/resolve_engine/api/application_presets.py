"""The methods of the application about its presets: burn-ins, user preferences, window layouts, keyboards."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments, burn_in, preset_file
from resolve_engine.api.application import PAGES, PREFERENCES
from resolve_engine.api.base import ApiClass
from resolve_engine.api.preset_shelf import Shelf, name_for
from resolve_engine.emulated import build
from resolve_engine.errors import Refusal

KEYBOARDS = ("DaVinci Resolve", "Adobe Premiere Pro", "Apple Final Cut Pro X", "Avid Media Composer", "Pro Tools")
"""What a fresh installation lists; the first is current (`app.keyboard-presets`)."""


class BurnInPresetMethods(ApiClass):
    """Nothing but a file makes a burn-in preset."""

    def GetBurnInPresetList(self) -> list[str]:
        return burn_in.shelf(self.app).names()

    def ImportBurnInPreset(self, presetPath: Any) -> bool:
        shelf = burn_in.shelf(self.app)
        shelf.add(name_for(presetPath, None), burn_in.checked(shelf.read(presetPath)))
        return True

    def ExportBurnInPreset(self, presetName: Any, exportPath: Any) -> bool:
        burn_in.shelf(self.app).write(presetName, exportPath)
        return True

    def DeleteBurnInPreset(self, presetName: Any) -> bool:
        """What a project or an item has loaded stays."""
        burn_in.shelf(self.app).drop(presetName)
        return True


class PreferencePresetMethods(ApiClass):
    """The engine's preferences are those of `application.PREFERENCES`."""

    @property
    def _preferences(self) -> Shelf:
        return Shelf(self.app, "user preferences")

    def GetUserPreferencesPresetList(self) -> list[str]:
        return self._preferences.names()

    def SaveUserPreferencesPreset(self, presetName: Any) -> bool:
        self._preferences.add(presetName, dict(self.app.preferences))
        return True

    def LoadUserPreferencesPreset(self, presetName: Any) -> bool:
        _, preset = self._preferences.named(presetName)
        keyboard = preset["keyboard"]
        if keyboard not in KEYBOARDS and keyboard not in self.app.presets["keyboard"]:
            raise Refusal(f"the preferences choose the keyboard preset {keyboard!r}, which there is not any more")
        self.app.prefer(**preset)
        return True

    def DeleteUserPreferencesPreset(self, presetName: Any) -> bool:
        self._preferences.drop(presetName)
        return True

    def ExportUserPreferencesPreset(self, presetName: Any, exportPath: Any) -> bool:
        self._preferences.write(presetName, exportPath)
        return True

    def ImportUserPreferencesPreset(self, filePath: Any, presetName: Any = None) -> bool:
        """Kept, and not applied (`app.prefs-import-name`)."""
        given = self._preferences.read(filePath)
        for key, default in PREFERENCES.items():
            if type(given.get(key)) is not type(default):
                raise Refusal(f"the file has no {key!r} that is a preference of the engine")
        self._preferences.add(name_for(filePath, presetName), {key: given[key] for key in PREFERENCES})
        return True


class LayoutPresetMethods(ApiClass):
    """The engine has no window: a layout is the page that is shown, and loading it shows that page. Without a window
    21.1 refuses all but listing, importing and deleting (`app.layout-headless-21`); the builds before it did not."""

    @property
    def _layouts(self) -> Shelf:
        return Shelf(self.app, "layout")

    def GetLayoutPresetList(self) -> list[str]:
        return self._layouts.names()

    def SaveLayoutPreset(self, presetName: Any) -> bool:
        self._layouts.add(presetName, self._layout())
        return True

    def UpdateLayoutPreset(self, presetName: Any) -> bool:
        self._layouts.replace(presetName, self._layout())
        return True

    def LoadLayoutPreset(self, presetName: Any) -> bool:
        self._window_not_needed()
        _, preset = self._layouts.named(presetName)
        if preset["page"] == "photo" and not build().has_photo_page:
            raise Refusal("the layout shows the photo page, which this version does not have")
        self.app.page = preset["page"]
        return True

    def DeleteLayoutPreset(self, presetName: Any) -> bool:
        self._layouts.drop(presetName)
        return True

    def ExportLayoutPreset(self, presetName: Any, presetFilePath: Any) -> bool:
        self._window_not_needed()
        self._layouts.write(presetName, presetFilePath)
        return True

    def ImportLayoutPreset(self, presetFilePath: Any, presetName: Any = None) -> bool:
        given = self._layouts.read(presetFilePath)
        page = arguments.choice(given.get("page"), "the page of the layout", PAGES)
        self._layouts.add(name_for(presetFilePath, presetName), {"page": page})
        return True

    def _layout(self) -> dict[str, Any]:
        self._window_not_needed()
        return {"page": self.app.page}

    def _window_not_needed(self) -> None:
        if not build().layouts_need_no_window:
            raise Refusal("this version of Resolve handles layouts in its window alone, and the engine has none")


class KeyboardPresetMethods(ApiClass):
    """No key is pressed in the engine: a keyboard preset is a file that is kept, and a name that is chosen."""

    @property
    def _keyboards(self) -> Shelf:
        return Shelf(self.app, "keyboard")

    def GetKeyboardPresetList(self) -> list[str]:
        return [*KEYBOARDS, *self._keyboards.names()]

    def GetCurrentKeyboardPreset(self) -> str:
        return str(self.app.preferences["keyboard"])

    def LoadKeyboardPreset(self, presetName: Any) -> bool:
        name = arguments.text(presetName, "the name of the preset")
        if name not in KEYBOARDS:
            self._keyboards.named(name)
        self.app.prefer(keyboard=name)
        return True

    def DeleteKeyboardPreset(self, presetName: Any) -> bool:
        self._own(presetName)
        if presetName == self.app.preferences["keyboard"]:
            raise Refusal(f"{presetName!r} is in use; load another keyboard preset first")
        self._keyboards.drop(presetName)
        return True

    def ImportKeyboardPreset(self, filePath: Any, presetName: Any = None) -> bool:
        name = name_for(filePath, presetName)
        if name in KEYBOARDS:
            raise Refusal(f"{name!r} comes with Resolve; import the file under another name")
        content = preset_file.read_bytes(arguments.path(filePath, "the path"))
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            raise Refusal("a keyboard preset is a file of text, and this one is not") from error
        self._keyboards.add(name, {"content": text})
        return True

    def ExportKeyboardPreset(self, presetName: Any, exportPath: Any) -> bool:
        """The file as it was imported."""
        self._own(presetName)
        _, preset = self._keyboards.named(presetName)
        preset_file.write_bytes(arguments.path(exportPath, "the path"), preset["content"].encode())
        return True

    def _own(self, name: Any) -> None:
        if name in KEYBOARDS:
            raise Refusal(f"{name!r} comes with Resolve: the engine knows its name and not its keys")


class ApplicationPresetMethods(
    BurnInPresetMethods, PreferencePresetMethods, LayoutPresetMethods, KeyboardPresetMethods
):
    """All of them."""
