"""The application object: what it keeps beside projects."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from clips import restart
from test_recorded_cases import choose_build

from resolve_engine import failure, fusionscript


@pytest.fixture
def build(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[str]:
    """The build that the test's application answers as; asked for before the application."""
    choose_build(monkeypatch, request.param)
    yield request.param
    choose_build(monkeypatch, None)


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


def layout_file(path: Path, page: str) -> str:
    """A layout as a file."""
    path.write_text(f'<ResolveEngineLayoutPreset version="1">{{"page": "{page}"}}</ResolveEngineLayoutPreset>')
    return str(path)


def test_a_windowless_21_1_handles_no_layouts(resolve: Any, tmp_path: Path) -> None:
    """As -nogui was seen to; they are imported, listed and deleted all the same."""
    assert resolve.ImportLayoutPreset(layout_file(tmp_path / "colour.preset", "color")) is True
    assert resolve.ImportLayoutPreset(str(tmp_path / "colour.preset"), "other") is True
    for refused in (
        resolve.SaveLayoutPreset("mine"),
        resolve.UpdateLayoutPreset("colour"),
        resolve.LoadLayoutPreset("colour"),
        resolve.ExportLayoutPreset("colour", str(tmp_path / "again")),
    ):
        assert refused is False
        assert "in its window alone" in str(failure.last())
    assert not (tmp_path / "again").exists()
    assert resolve.DeleteLayoutPreset("colour") is True
    assert restart().GetLayoutPresetList() == ["other"]


@pytest.mark.parametrize("build", ["21.0"], indirect=True)
def test_older_builds_keep_layouts_without_a_window(build: str, resolve: Any, tmp_path: Path) -> None:
    """The page comes back, by name and by file; a name is taken once."""
    resolve.OpenPage("color")
    assert resolve.SaveLayoutPreset("mine") is True
    assert resolve.SaveLayoutPreset("mine") is False
    resolve.OpenPage("edit")
    assert resolve.ExportLayoutPreset("mine", str(tmp_path / "again")) is True
    assert resolve.LoadLayoutPreset("mine") is True
    assert resolve.GetCurrentPage() == "color"
    resolve.OpenPage("edit")
    assert resolve.UpdateLayoutPreset("mine") is True
    assert resolve.ImportLayoutPreset(str(tmp_path / "again")) is True
    assert [resolve.LoadLayoutPreset("mine"), resolve.GetCurrentPage()] == [True, "edit"]
    assert [resolve.LoadLayoutPreset("again"), resolve.GetCurrentPage()] == [True, "color"]


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
    """High is what the system is asked for, and what the process had comes back, at the latest with the application's
    end; where it is not allowed, that is the reason."""
    set_to: list[int] = []
    monkeypatch.setattr(os, "getpriority", lambda which, who: set_to[-1] if set_to else 7)
    monkeypatch.setattr(os, "setpriority", lambda which, who, value: set_to.append(value))
    assert resolve.SetHighPriority(False) is True
    assert set_to == []
    assert resolve.SetHighPriority() is True
    assert resolve.SetHighPriority(True) is True
    assert resolve.SetHighPriority(False) is True
    assert set_to == [-10, 7]
    resolve.SetHighPriority(True)
    resolve.Quit()
    assert set_to == [-10, 7, -10, 7]
    resolve = fusionscript.scriptapp("Resolve")

    def refuse(which: int, who: int, value: int) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "setpriority", refuse)
    assert resolve.SetHighPriority(True) is False
    assert "does not let this user" in str(failure.last())
