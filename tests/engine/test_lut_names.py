"""A LUT is named by its path below the LUT folder: one rule, in the folder itself, in grades and in project files."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from looks import bend, cube_text, install_lut

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.colour import drx
from resolve_engine.media.errors import MediaError
from resolve_engine.model.grade import Node, is_lut_name

WRONG = [
    "../secret.cube",
    "/etc/secret.cube",
    "a//b.cube",
    "./a.cube",
    "a/..",
    "C:a.cube",
    "a\\b.cube",
    "a\0.cube",
    "a/",
]
Change = Callable[[dict[str, bytes]], None]


def test_the_rule() -> None:
    """Inside of the folder, with slashes, and the same on every system."""
    assert all(map(is_lut_name, ["a.cube", "Show/Day 1/ä b.cube", "..a.cube", "a...cube"]))
    assert not any(map(is_lut_name, ["", *WRONG]))


@pytest.mark.parametrize("name", [name for name in WRONG if "\0" not in name])
def test_a_grade_file_holds_to_it(tmp_path: Path, name: str) -> None:
    """As the engine writes it, with another name."""
    path = tmp_path / "grade.drx"
    path.write_bytes(drx.text(drx.GradeFile((Node(lut=name),))))
    with pytest.raises(MediaError, match="not named by its path below the LUT folder"):
        drx.read(str(path))


def test_the_folder_offers_no_other(project: Any, photo: Any) -> None:
    """A file that no grade file and no project file could name is not found, so that every grade can travel."""
    install_lut(project, "ok.cube", cube_text(2, bend))
    (application.start().home / "LUT" / "a:b.cube").write_text(cube_text(2, bend), encoding="ascii")
    assert project.RefreshLUTList() is True
    assert photo.GetNodeGraph().SetLUT(1, "ok") is True
    for name in ("a:b.cube", "../engine.sqlite", "."):
        assert photo.GetNodeGraph().SetLUT(1, name) is False
        assert "there is no LUT" in str(failure.last())


def changed(path: Path, target: Path, change: Change) -> str:
    """A project file with its entries changed and its checksums right."""
    with zipfile.ZipFile(path) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(entries.pop("manifest.json"))
    change(entries)
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in entries.items()}
    with zipfile.ZipFile(target, "w") as file:
        file.writestr("manifest.json", json.dumps(manifest))
        for name, content in entries.items():
            file.writestr(name, content)
    return str(target)


@pytest.mark.parametrize("field", ["nodes", "versions", "pre"])
@pytest.mark.parametrize("name", ["../../secret.cube", "C:secret.cube"])
def test_a_project_file_names_no_file_elsewhere(
    manager: Any, project: Any, photo: Any, tmp_path: Path, field: str, name: str
) -> None:
    """Nor would the next export hand on what lies there."""
    install_lut(project, "ok.cube", cube_text(2, bend))
    group = project.AddColorGroup("group")
    graph = group.GetPreClipNodeGraph() if field == "pre" else photo.GetNodeGraph()
    assert graph.SetLUT(1, "ok.cube") is True
    if field == "versions":
        assert photo.AddVersion("other", 0) is True
        assert photo.GetNodeGraph().SetLUT(1, "") is True
    whole = tmp_path / "whole.drp"
    assert manager.ExportProject("probe", str(whole)) is True

    def elsewhere(entries: dict[str, bytes]) -> None:
        assert b'"ok.cube"' in entries["objects.jsonl"]
        entries["objects.jsonl"] = entries["objects.jsonl"].replace(b'"ok.cube"', json.dumps(name).encode())

    assert manager.ImportProject(changed(whole, tmp_path / "same.drp", lambda entries: None), "same") is True
    assert manager.ImportProject(changed(whole, tmp_path / "bad.drp", elsewhere), "bad") is False
    assert "not named by its path below the LUT folder" in str(failure.last())


@pytest.mark.parametrize("name", ["LUT/../../secret.cube", "LUT/C:secret.cube", "LUT/a\\b.cube"])
def test_a_project_file_brings_no_file_elsewhere(manager: Any, photo: Any, tmp_path: Path, name: str) -> None:
    """What it brings stays below the LUT folder."""
    whole = tmp_path / "whole.drp"
    assert manager.ExportProject("probe", str(whole)) is True
    bad = changed(whole, tmp_path / "bad.drp", lambda entries: entries.update({name: b"LUT"}))
    assert manager.ImportProject(bad, "bad") is False
    assert "not named by its path below the LUT folder" in str(failure.last())
