"""The methods of a project about render presets: a named state of the Deliver page."""

from __future__ import annotations

from typing import Any

from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.names import numbered
from resolve_engine.errors import Refusal

FIRST_STATE: dict[str, Any] = {"format": "mov", "codec": "H264", "mode": 1, "settings": {}}
"""What the Deliver page shows in a new project."""

STATE = tuple(FIRST_STATE)
"""Keys of a preset that are the state of the Deliver page; others are about the preset itself."""

STOCK: dict[str, dict[str, Any]] = {
    "H.264 Master": {"format": "mov", "codec": "H264", "settings": {}},
    "H.265 Master": {"format": "mov", "codec": "H265", "settings": {}},
    "ProRes 422 HQ": {"format": "mov", "codec": "ProRes422HQ", "settings": {}},
    "DNxHR HQ": {"format": "mxf_op1a", "codec": "DNxHRHQ", "settings": {}},
    "Audio Only": {
        "format": "unknown",
        "codec": "",
        "settings": {"ExportVideo": False, "AudioFormat": "wav", "AudioCodec": "lpcm"},
    },
    **{
        f"{site} - {height}p": {
            "format": "mp4",
            "codec": "H264",
            "settings": {"FormatWidth": width, "FormatHeight": height},
        }
        for site in ("YouTube", "Vimeo")
        for width, height in ((1280, 720), (1920, 1080), (3840, 2160))
    },
}
"""The presets that are always there; they cannot be deleted."""


class PresetMethods(ApiClass):
    """Presets belong to the application, not to the project."""

    def GetRenderPresetList(self) -> list[str]:
        return [*STOCK, *sorted(self.app.render_presets.keys() - STOCK.keys())]

    def GetRenderPresets(self) -> dict[float, str]:
        return numbered(self.GetRenderPresetList())

    def LoadRenderPreset(self, presetName: Any) -> bool:
        """Replaces the whole state of the Deliver page."""
        name = arguments.text(presetName, "the name of the preset")
        self.project.render = self._preset(name)
        return True

    def _preset(self, name: str) -> dict[str, Any]:
        """The state that a preset holds."""
        preset = STOCK.get(name) or self.app.render_presets.get(name)
        if preset is None:
            raise Refusal(f"there is no render preset {name!r}")
        return {key: value for key, value in preset.items() if key in STATE}

    def SaveAsNewRenderPreset(self, presetName: Any) -> bool:
        name = arguments.text(presetName, "the name of the preset", empty=False)
        if name in STOCK or name in self.app.render_presets:
            raise Refusal(f"a render preset named {name!r} exists already")
        self.app.save_render_preset(name, dict(self.project.render))
        return True

    def UpdateRenderPreset(self, presetName: Any) -> bool:
        name = self._own(presetName)
        beside = {key: value for key, value in self.app.render_presets[name].items() if key not in STATE}
        self.app.save_render_preset(name, {**self.project.render, **beside})
        return True

    def DeleteRenderPreset(self, presetName: Any) -> bool:
        self.app.save_render_preset(self._own(presetName), None)
        return True

    def _own(self, value: Any) -> str:
        name = arguments.text(value, "the name of the preset")
        if name in STOCK:
            raise Refusal(f"{name!r} comes with the engine and stays as it is")
        if name not in self.app.render_presets:
            raise Refusal(f"there is no render preset {name!r}")
        return name
