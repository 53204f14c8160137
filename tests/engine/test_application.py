"""The application object: what it keeps beside projects."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from clips import restart

from resolve_engine import failure


def test_preferences_are_saved_and_put_back(resolve: Any) -> None:
    """What the engine has of preferences, the clone tool's settings and the keyboard, comes back with the preset."""
    storage = resolve.GetMediaStorage()
    assert resolve.GetUserPreferencesPresetList() == []
    assert resolve.LoadKeyboardPreset("Pro Tools") is True
    assert storage.SetCloneToolSettings({"ChecksumType": resolve.CLONE_CHECKSUM_TYPE_SHA256}) is True
    assert resolve.SaveUserPreferencesPreset("mine") is True
    assert resolve.SaveUserPreferencesPreset("mine") is False
    assert resolve.LoadKeyboardPreset("DaVinci Resolve") is True
    assert storage.SetCloneToolSettings() is True
    resolve = restart()
    assert resolve.GetUserPreferencesPresetList() == ["mine"]
    assert resolve.LoadUserPreferencesPreset("mine") is True
    assert resolve.GetCurrentKeyboardPreset() == "Pro Tools"
    assert resolve.DeleteUserPreferencesPreset("mine") is True
    assert resolve.LoadUserPreferencesPreset("mine") is False
    assert "no user preferences preset 'mine'" in str(failure.last())


def test_preferences_as_a_file(resolve: Any, tmp_path: Path) -> None:
    """Written to exactly the path; imported under the file's name, and not applied."""
    path = tmp_path / "settings of mine"
    resolve.LoadKeyboardPreset("Pro Tools")
    resolve.SaveUserPreferencesPreset("mine")
    assert resolve.ExportUserPreferencesPreset("mine", str(path)) is True
    resolve.LoadKeyboardPreset("DaVinci Resolve")
    assert resolve.ImportUserPreferencesPreset(str(path)) is True
    assert resolve.ImportUserPreferencesPreset(str(path), "other") is True
    assert resolve.GetUserPreferencesPresetList() == ["mine", "other", "settings of mine"]
    assert resolve.GetCurrentKeyboardPreset() == "DaVinci Resolve"
    path.write_text(path.read_text().replace("Pro Tools", "Gone"))
    assert resolve.ImportUserPreferencesPreset(str(path), "gone") is True
    assert resolve.LoadUserPreferencesPreset("gone") is False
    assert "keyboard preset 'Gone'" in str(failure.last())


def test_keyboard_presets(resolve: Any, tmp_path: Path) -> None:
    """The five of a fresh installation are there by name; one from a file is kept as it is and comes out unchanged."""
    five = ["DaVinci Resolve", "Adobe Premiere Pro", "Apple Final Cut Pro X", "Avid Media Composer", "Pro Tools"]
    assert (resolve.GetKeyboardPresetList(), resolve.GetCurrentKeyboardPreset()) == (five, five[0])
    (tmp_path / "mine.txt").write_bytes("[keys]\r\nü=1\n".encode())
    assert resolve.ImportKeyboardPreset(str(tmp_path / "mine.txt")) is True
    assert resolve.LoadKeyboardPreset("mine") is True
    resolve = restart()
    assert (resolve.GetKeyboardPresetList(), resolve.GetCurrentKeyboardPreset()) == ([*five, "mine"], "mine")
    assert resolve.ExportKeyboardPreset("mine", str(tmp_path / "out.txt")) is True
    assert (tmp_path / "out.txt").read_bytes() == (tmp_path / "mine.txt").read_bytes()
    assert resolve.DeleteKeyboardPreset("mine") is False
    assert "is in use" in str(failure.last())
    assert resolve.LoadKeyboardPreset("Pro Tools") is True
    assert resolve.DeleteKeyboardPreset("mine") is True
    for wrong in (
        resolve.LoadKeyboardPreset("mine"),
        resolve.DeleteKeyboardPreset("Pro Tools"),
        resolve.ExportKeyboardPreset("Pro Tools", str(tmp_path / "no")),
        resolve.ImportKeyboardPreset(str(tmp_path / "none.txt")),
    ):
        assert wrong is False
    assert not (tmp_path / "no").exists()


def test_a_windowless_21_1_saves_no_layout_and_imports_one(resolve: Any, tmp_path: Path) -> None:
    """As -nogui was seen to; a layout from a file is listed, shows its page and is written again."""
    assert resolve.SaveLayoutPreset("mine") is False
    assert "without a window" in str(failure.last())
    path = tmp_path / "colour.preset"
    path.write_text('<ResolveEngineLayoutPreset version="1">{"page": "color"}</ResolveEngineLayoutPreset>')
    assert resolve.ImportLayoutPreset(str(path)) is True
    assert resolve.GetLayoutPresetList() == ["colour"]
    assert resolve.UpdateLayoutPreset("colour") is False
    assert resolve.LoadLayoutPreset("colour") is True
    assert resolve.GetCurrentPage() == "color"
    assert resolve.ExportLayoutPreset("colour", str(tmp_path / "again")) is True
    assert resolve.ImportLayoutPreset(str(tmp_path / "again"), "other") is True
    assert resolve.DeleteLayoutPreset("colour") is True
    assert restart().GetLayoutPresetList() == ["other"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no xml",
        b'<ResolveEngineLayoutPreset version="1">{"page": "nowhere"}</ResolveEngineLayoutPreset>',
        b'<ResolveEngineBurnInPreset version="1">{"page": "edit"}</ResolveEngineBurnInPreset>',
        b'<!DOCTYPE a [<!ENTITY b "c">]><ResolveEngineLayoutPreset>{}</ResolveEngineLayoutPreset>',
        b"<ResolveEngineLayoutPreset>" + b"[" * 50_000 + b"</ResolveEngineLayoutPreset>",
        b" " * ((1 << 20) + 1),
    ],
    ids=["empty", "text", "no page", "another kind", "entities", "deep", "large"],
)
def test_a_file_that_is_no_preset_is_refused(resolve: Any, tmp_path: Path, content: bytes) -> None:
    """Each with a reason, and nothing is listed."""
    path = tmp_path / "a.preset"
    path.write_bytes(content)
    assert resolve.ImportLayoutPreset(str(path)) is False
    assert failure.last()
    assert resolve.GetLayoutPresetList() == []


def test_the_priority_of_the_process(resolve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """High is what the system then tells, and the usual one comes back; where it is not allowed, that is the reason."""
    set_to: list[int] = []
    monkeypatch.setattr(os, "setpriority", lambda which, who, value: set_to.append(value))
    assert resolve.SetHighPriority() is True
    assert resolve.SetHighPriority(False) is True
    assert set_to == [-10, 0]

    def refuse(which: int, who: int, value: int) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "setpriority", refuse)
    assert resolve.SetHighPriority(True) is False
    assert "does not let this user" in str(failure.last())
