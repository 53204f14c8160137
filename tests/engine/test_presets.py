"""Presets of project settings and of burn-ins: kept by the application, put into projects, written to files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from clips import restart

from resolve_engine import failure
from resolve_engine.api import application

BURN_IN = {
    "items": [
        {"show": "record_timecode", "x": 0.5, "y": 0.95, "size": 0.05},
        {"show": "custom_text", "text": "ROUGH CUT", "color": [1, 0.5, 0]},
    ]
}


def settings(project: Any, *keys: str) -> list[Any]:
    """Some settings of a project."""
    return [project.GetSetting(key) for key in keys]


SIZE = ("timelineResolutionWidth", "timelineResolutionHeight", "timelineFrameRate", "timelineDropFrameTimecode")


@pytest.fixture
def preset(project: Any) -> Any:
    """A preset `uhd` of a project at 3840 x 2160, 29.97 drop frame."""
    assert project.SetSettings(
        {"timelineResolutionWidth": "3840", "timelineResolutionHeight": "2160", "timelineFrameRate": "29.97 DF"}
    ), failure.last()
    assert project.SaveCurrentProjectSettingsAsNewPreset("uhd") is True
    return project


def test_settings_are_saved_and_put_into_another_project(manager: Any, preset: Any) -> None:
    """All of them: what the preset does not hold goes back to its default. The older names answer the same."""
    assert preset.GetProjectSettingsPresetList() == [{"Name": "uhd", "Width": 3840, "Height": 2160}]
    assert preset.GetPresetList() == preset.GetProjectSettingsPresetList()
    assert preset.GetPresets() == {1.0: {"Name": "uhd", "Width": 3840, "Height": 2160}}
    other = manager.CreateProject("other")
    assert settings(other, *SIZE) == ["1920", "1080", 24.0, "0"]
    other.SetSetting("perfProxyMediaMode", "2")
    assert other.SetPreset("uhd") is True
    assert settings(other, *SIZE) == ["3840", "2160", 29.97, "1"]
    assert other.GetSetting("perfProxyMediaMode") == "0"
    assert settings(restart().GetCurrentProject(), *SIZE) == ["3840", "2160", 29.97, "1"]


def test_a_preset_is_updated_and_deleted(preset: Any) -> None:
    """Updating takes the settings in force; a name is taken once, and one that is not there is refused."""
    assert preset.SaveCurrentProjectSettingsAsNewPreset("uhd") is False
    preset.SetSetting("timelineResolutionWidth", "4096")
    assert preset.UpdateProjectSettingsPreset("uhd") is True
    assert preset.GetProjectSettingsPresetList()[0]["Width"] == 4096
    assert preset.DeleteProjectSettingsPreset("uhd") is True
    for refused in (preset.SetProjectSettingsPreset, preset.UpdateProjectSettingsPreset,
                    preset.DeleteProjectSettingsPreset, preset.SetPreset):  # fmt: skip
        assert refused("uhd") is False
        assert "no project settings preset 'uhd'" in str(failure.last())
    assert preset.GetProjectSettingsPresetList() == []


def test_a_locked_frame_rate_stays(manager: Any, preset: Any) -> None:
    """A project with a timeline takes only presets of its rate, and refused ones change nothing."""
    other = manager.CreateProject("other")
    other.GetMediaPool().CreateEmptyTimeline("t")
    before = other.GetSettings()
    assert other.SetProjectSettingsPreset("uhd") is False
    assert "locked at 24" in str(failure.last())
    assert other.GetSettings() == before
    same = manager.CreateProject("same")
    same.SetSetting("timelineFrameRate", "29.97 DF")
    same.GetMediaPool().CreateEmptyTimeline("t")
    assert same.SetProjectSettingsPreset("uhd") is True
    assert settings(same, *SIZE) == ["3840", "2160", 29.97, "1"]


def test_settings_as_a_file(preset: Any, tmp_path: Path) -> None:
    """Written to exactly the path; read back under the file's name or another, every setting checked."""
    path = tmp_path / "delivery.preset"
    assert preset.ExportProjectSettingsPreset("uhd", str(path)) is True
    assert preset.ImportProjectSettingsPreset(str(path)) is True
    assert preset.ImportProjectSettingsPreset(str(path), "named") is True
    assert [one["Name"] for one in preset.GetProjectSettingsPresetList()] == ["delivery", "named", "uhd"]
    preset.SetSettings({"timelineResolutionWidth": "1280", "timelineFrameRate": "24"})
    assert preset.SetProjectSettingsPreset("named") is True
    assert settings(preset, *SIZE) == ["3840", "2160", 29.97, "1"]
    path.write_text(path.read_text().replace("3840", "7"))
    assert preset.ImportProjectSettingsPreset(str(path), "wrong") is False
    assert "timelineResolutionWidth is '7'" in str(failure.last())
    assert preset.ExportProjectSettingsPreset("uhd", str(tmp_path / "no folder" / "a")) is False


def burn_in_file(path: Path, content: Any) -> str:
    """A burn-in preset as a file."""
    path.write_text(f'<ResolveEngineBurnInPreset version="1">{json.dumps(content)}</ResolveEngineBurnInPreset>')
    return str(path)


def test_burn_ins_come_from_a_file(resolve: Any, item: Any, tmp_path: Path) -> None:
    """Imported under the file's name, loaded by a project and by an item, and kept there."""
    assert resolve.ImportBurnInPreset(burn_in_file(tmp_path / "timecode.preset", BURN_IN)) is True, failure.last()
    assert resolve.GetBurnInPresetList() == ["timecode"]
    assert resolve.GetCurrentProject().LoadBurnInPreset("timecode") is True
    assert item.LoadBurnInPreset("timecode") is True
    assert resolve.ExportBurnInPreset("timecode", str(tmp_path / "again")) is True
    assert resolve.DeleteBurnInPreset("timecode") is True
    assert item.LoadBurnInPreset("timecode") is False
    resolve = restart()
    assert resolve.ImportBurnInPreset(str(tmp_path / "again")) is True
    project = application.start().project
    (kept,) = [one for one in project.items.values() if one.burn_in]
    assert kept.burn_in == project.burn_in
    assert [(one["show"], one["text"], one["size"], one["color"]) for one in kept.burn_in] == [
        ("record_timecode", "", 0.05, [1.0, 1.0, 1.0]),
        ("custom_text", "ROUGH CUT", 0.04, [1.0, 0.5, 0.0]),
    ]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({}, "must be a list"),
        ({"items": [{"show": "weather"}]}, "none of record_timecode"),
        ({"items": [{"show": "custom_text"}]}, "has a text"),
        ({"items": [{"show": "record_frame", "text": "no"}]}, "has a text"),
        ({"items": [{"show": "record_frame", "x": 2}]}, "outside 0.0 to 1.0"),
        ({"items": [{"show": "record_frame", "color": [1]}]}, "red, green and blue"),
        ({"items": [{"show": "record_frame"}] * 17}, "more than the 16"),
        ({"items": [], "font": "x"}, "no part of a burn-in preset"),
    ],
)
def test_a_wrong_burn_in_is_refused(resolve: Any, tmp_path: Path, content: Any, why: str) -> None:
    """With the reason, before anything is kept."""
    assert resolve.ImportBurnInPreset(burn_in_file(tmp_path / "a.preset", content)) is False
    assert why in str(failure.last())
    assert resolve.GetBurnInPresetList() == []


def test_a_burn_in_goes_with_its_project(resolve: Any, manager: Any, item: Any, tmp_path: Path) -> None:
    """Exported and brought in again, project and item show what they showed."""
    assert resolve.ImportBurnInPreset(burn_in_file(tmp_path / "timecode.preset", BURN_IN)) is True
    assert resolve.GetCurrentProject().LoadBurnInPreset("timecode") is True
    assert item.LoadBurnInPreset("timecode") is True
    kept = application.start().project.burn_in
    assert manager.ExportProject("probe", str(tmp_path / "a.drp"), False) is True, failure.last()
    assert manager.ImportProject(str(tmp_path / "a.drp"), "again") is True, failure.last()
    assert manager.LoadProject("again")
    project = application.start().project
    assert (project.name, project.burn_in) == ("again", kept)
    assert [one.burn_in for one in project.items.values() if one.burn_in] == [kept]
