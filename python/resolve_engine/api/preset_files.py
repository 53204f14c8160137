"""Render presets as files: XML of the engine's own, with the state of the Deliver page as JSON in it."""

from __future__ import annotations

import json
import os
from typing import Any

from resolve_engine import whole_file
from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.api.render_presets import STOCK
from resolve_engine.errors import Refusal

ROOT = "ResolveEngineRenderPreset"
LARGEST = 1 << 20
"""Bytes of a file; a preset has some hundred."""


class PresetFileMethods(ApiClass):
    """The methods of the application about the files of presets."""

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
        from xml.etree.ElementTree import Element, tostring

        root = Element(ROOT, version="1")
        root.text = json.dumps(self.app.render_presets[name], indent=1)
        path = os.path.join(folder, f"{name}.xml")
        try:
            os.makedirs(folder, exist_ok=True)
            whole_file.write(path, tostring(root, encoding="utf-8", xml_declaration=True))
        except OSError as error:
            raise Refusal(f"{path!r} cannot be written: {error.strerror}") from error
        return True

    def ImportRenderPreset(self, presetPath: Any) -> bool:
        """Named by the file, and loaded at once, as the text says."""
        path = arguments.path(presetPath, "the path")
        name = os.path.splitext(os.path.basename(path))[0]
        if name in STOCK or name in self.app.render_presets:
            raise Refusal(f"a render preset named {name!r} exists already")
        preset = _read(path)
        self.app.save_render_preset(name, preset)
        self.project.render = dict(preset)
        return True


def _read(path: str) -> dict[str, Any]:
    from xml.etree.ElementTree import ParseError, fromstring

    try:
        with open(path, "rb") as file:
            text = file.read(LARGEST + 1)
        if len(text) > LARGEST:
            raise Refusal(f"{path!r} is larger than any preset")
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise Refusal(f"{path!r} declares a document type, which no preset needs")
        root = fromstring(text)
        preset = json.loads(root.text or "") if root.tag == ROOT else None
    except OSError as error:
        raise Refusal(f"{path!r} cannot be read: {error.strerror}") from error
    except (ParseError, ValueError, RecursionError) as error:
        raise Refusal(f"{path!r} is no render preset of the engine: {error}") from error
    if not isinstance(preset, dict):
        raise Refusal(f"{path!r} is no render preset of the engine")
    settings = preset.get("settings", {})
    if not isinstance(settings, dict) or not all(isinstance(preset.get(key, ""), str) for key in ("format", "codec")):
        raise Refusal(f"{path!r} holds no state of the Deliver page")
    return preset
