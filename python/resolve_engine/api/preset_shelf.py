"""Presets of one kind: named, kept by the application, written to files and read from them."""

from __future__ import annotations

import os
from typing import Any

from resolve_engine.api import arguments, preset_file
from resolve_engine.api.application import Application
from resolve_engine.errors import Refusal

MOST = 500
"""Presets of one kind; they are all read at the start."""


class Shelf:
    """The presets of one kind. What a preset holds is the caller's to make and to check."""

    def __init__(self, app: Application, kind: str) -> None:
        """`kind` is one of `application.PRESET_KINDS`."""
        self._app, self._kind = app, kind
        self._root = "".join(word.capitalize() for word in kind.replace("-", " ").split()) + "Preset"

    @property
    def presets(self) -> dict[str, dict[str, Any]]:
        """Every preset by its name."""
        return self._app.presets[self._kind]

    def names(self) -> list[str]:
        """In alphabetical order."""
        return sorted(self.presets)

    def named(self, value: Any) -> tuple[str, dict[str, Any]]:
        """The name that was passed and the preset that it names; Refusal when there is none."""
        name = arguments.text(value, "the name of the preset")
        if name not in self.presets:
            raise Refusal(f"there is no {self._kind} preset {name!r}")
        return name, self.presets[name]

    def add(self, value: Any, preset: dict[str, Any]) -> None:
        """Keep a preset under a new name; Refusal when it is taken."""
        name = arguments.text(value, "the name of the preset", empty=False)
        if name in self.presets:
            raise Refusal(f"a {self._kind} preset named {name!r} exists already")
        if len(self.presets) >= MOST:
            raise Refusal(f"there are {MOST} {self._kind} presets already; delete one first")
        self._app.keep_preset(self._kind, name, preset)

    def replace(self, value: Any, preset: dict[str, Any]) -> None:
        """Put another preset in the place of one that there is."""
        self._app.keep_preset(self._kind, self.named(value)[0], preset)

    def drop(self, value: Any) -> None:
        """Delete one that there is."""
        self._app.keep_preset(self._kind, self.named(value)[0], None)

    def write(self, value: Any, path: Any) -> None:
        """Write a preset to exactly the path."""
        preset_file.write(arguments.path(path, "the path"), self._root, self.named(value)[1])

    def read(self, path: Any) -> dict[str, Any]:
        """What a file holds."""
        return preset_file.read(arguments.path(path, "the path"), self._root)


def name_for(path: Any, name: Any) -> Any:
    """The name of a preset from a file: the one that is given, else the file's without its extension."""
    if name is None or name == "":
        return os.path.splitext(os.path.basename(arguments.path(path, "the path")))[0]
    return name
