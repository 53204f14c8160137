"""The methods of a project about presets of its settings, and about the burn-in that it shows."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments, burn_in, color_settings, settings
from resolve_engine.api.names import numbered
from resolve_engine.api.preset_shelf import Shelf, name_for
from resolve_engine.api.project_settings import SettingMethods
from resolve_engine.errors import Refusal
from resolve_engine.model.settings import DEFAULTS, DROP_FRAME, FRAME_RATE, HEIGHT, WIDTH

STORED = "settings"
"""The key of a preset under which the settings lie that differ from their defaults."""


class SettingPresetMethods(SettingMethods):
    """A preset holds every setting of a project; those not written are the defaults. They belong to the application."""

    @property
    def _shelf(self) -> Shelf:
        return Shelf(self.app, "project settings")

    def GetProjectSettingsPresetList(self) -> list[dict[str, Any]]:
        return [_info(name, preset[STORED]) for name, preset in sorted(self._shelf.presets.items())]

    def GetPresetList(self) -> list[dict[str, Any]]:
        return self.GetProjectSettingsPresetList()

    def GetPresets(self) -> dict[float, dict[str, Any]]:
        return numbered(self.GetProjectSettingsPresetList())

    def SetProjectSettingsPreset(self, presetName: Any) -> bool:
        """All settings become the preset's; refused when that would change a locked frame rate."""
        _, preset = self._shelf.named(presetName)
        values = dict(preset[STORED])
        self._check_rate({key: values.get(key, DEFAULTS[key]) for key in (FRAME_RATE, DROP_FRAME)})
        self.project.settings = values
        return True

    def SetPreset(self, presetName: Any) -> bool:
        return self.SetProjectSettingsPreset(presetName)

    def SaveCurrentProjectSettingsAsNewPreset(self, presetName: Any) -> bool:
        self._shelf.add(presetName, {STORED: dict(self.project.settings)})
        return True

    def UpdateProjectSettingsPreset(self, presetName: Any) -> bool:
        self._shelf.replace(presetName, {STORED: dict(self.project.settings)})
        return True

    def DeleteProjectSettingsPreset(self, presetName: Any) -> bool:
        self._shelf.drop(presetName)
        return True

    def ExportProjectSettingsPreset(self, presetName: Any, exportPath: Any) -> bool:
        self._shelf.write(presetName, exportPath)
        return True

    def ImportProjectSettingsPreset(self, presetFilePath: Any, presetName: Any = None) -> bool:
        """Every setting in the file is checked as if it were written by hand."""
        given = arguments.table(self._shelf.read(presetFilePath).get(STORED), "the settings in the file")
        stored: dict[str, Any] = {}
        for key in sorted(given, key=lambda key: key != FRAME_RATE):  # the rate says whether timecode can drop frames
            if given[key] != settings.known().get(key, {}).get("default"):
                stored.update(settings.checked(key, given[key], "project"))
        color_settings.check_together(stored, stored, stored)
        self._shelf.add(name_for(presetFilePath, presetName), {STORED: stored})
        return True

    def LoadBurnInPreset(self, presetName: Any) -> bool:
        """The project keeps what the preset shows; a preset that shows nothing takes it away."""
        self.project.burn_in = burn_in.loaded(self.app, presetName)
        return True


def _info(name: str, stored: dict[str, Any]) -> dict[str, Any]:
    try:
        width, height = (int(stored.get(key, DEFAULTS[key])) for key in (WIDTH, HEIGHT))
    except ValueError as error:
        raise Refusal(f"the project settings preset {name!r} has no readable size") from error
    return {"Name": name, "Width": width, "Height": height}
