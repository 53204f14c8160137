"""The methods of a project about its settings."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments, color_settings, settings
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model.settings import FRAME_RATE, project_rate


class SettingMethods(ApiClass):
    """Values are texts; what a timeline has already taken over is locked."""

    def GetSettings(self) -> dict[str, Any]:
        return settings.all_values(self.project.settings, "project")

    def GetSetting(self, settingName: Any = None) -> Any:
        """All of them without a key; None for a key that there is not."""
        if settingName is None or settingName == "":
            return self.GetSettings()
        return self.GetSettings().get(arguments.text(settingName, "the name of the setting"))

    def SetSettings(self, settings: Any) -> bool:
        return self._write(arguments.table(settings, "the settings"))

    def SetSetting(
        self, settingName: Any, settingValue: Any, sharpness: Any = None, noiseReduction: Any = None
    ) -> bool:
        if sharpness is not None or noiseReduction is not None:
            raise Refusal("the engine does not upscale yet")
        return self._write({arguments.text(settingName, "the name of the setting"): settingValue})

    def _write(self, given: dict[Any, Any]) -> bool:
        """All or none."""
        if not given:
            raise Refusal("no setting was given")
        written: dict[str, Any] = {}
        for key, value in given.items():
            checked = settings.checked(key, value, "project")
            if FRAME_RATE in checked:
                self._check_rate(checked)
            written.update(checked)
        merged = {**self.project.settings, **written}
        color_settings.check_together(written, merged, merged)
        self.project.settings = merged
        return True

    def _check_rate(self, checked: dict[str, Any]) -> None:
        before = {key: self.project.settings.get(key, settings.known()[key]["default"]) for key in checked}
        if self.project.timelines and before != checked:
            rate, _ = project_rate(self.project)
            raise Refusal(
                f"the frame rate is locked at {rate[0] / rate[1]:g} since the project has a timeline; it is set before "
                "the first one is made"
            )
