"""Render presets as files."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.api import arguments, preset_file
from resolve_engine.api.base import ApiClass
from resolve_engine.api.render_presets import STOCK
from resolve_engine.errors import Refusal

KIND = "RenderPreset"


class PresetFileMethods(ApiClass):
    """The methods of the application about the files of render presets."""

    def ExportRenderPreset(self, presetName: Any, exportPath: Any) -> bool:
        """A folder is made at the path, and the preset lies in it under its name."""
        name = arguments.text(presetName, "the name of the preset")
        folder = arguments.path(exportPath, "the path")
        if name in STOCK:
            raise Refusal(f"{name!r} comes with the engine and is not exported; save it under a name of your own first")
        if name not in self.app.render_presets:
            raise Refusal(f"there is no render preset {name!r}")
        if name != os.path.basename(name) or name.startswith("."):
            raise Refusal(f"{name!r} cannot be the name of a file")
        try:
            os.makedirs(folder, exist_ok=True)
        except OSError as error:
            raise Refusal(f"{folder!r} cannot be made: {error.strerror}") from error
        preset_file.write(os.path.join(folder, f"{name}.xml"), KIND, self.app.render_presets[name])
        return True

    def ImportRenderPreset(self, presetPath: Any) -> bool:
        """Named by the file, and loaded at once, as the text says."""
        path = arguments.path(presetPath, "the path")
        name = os.path.splitext(os.path.basename(path))[0]
        if name in STOCK or name in self.app.render_presets:
            raise Refusal(f"a render preset named {name!r} exists already")
        preset = preset_file.read(path, KIND)
        settings = preset.get("settings", {})
        if not isinstance(settings, dict) or not all(
            isinstance(preset.get(key, ""), str) for key in ("format", "codec")
        ):
            raise Refusal(f"{path!r} holds no state of the Deliver page")
        self.app.save_render_preset(name, preset)
        self.project.render = dict(preset)
        return True
