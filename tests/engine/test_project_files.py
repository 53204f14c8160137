"""Projects written to files and brought back: all that is in them, the media of an archive, and damaged files."""

from __future__ import annotations

import json
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip, restart
from generate import film

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.archive import package
from resolve_engine.model.record import Record


def everything(record_ids: bool = True) -> dict[str, Any]:
    """All records of the open project, by id."""
    project = application.start().project

    def shown(record: Record) -> tuple[Any, ...]:
        return record.KIND, record.parent, record.position, json.loads(json.dumps(record.body()))

    return {record.id: shown(record) for record in project.all_records()}


@pytest.fixture
def rich(resolve: Any, project: Any, pool: Any, engine_home: Path) -> Any:
    """A project with something of each kind."""
    bin = pool.AddSubFolder(pool.GetRootFolder(), "Bin ü")
    pool.SetCurrentFolder(bin)
    clip = add_clip(path="/m/Straße.mov", channels=(1, 2))
    clip.SetMetadata("Comments", "line\nbreak")
    timeline = pool.CreateTimelineFromClips("cut", [clip])
    item = timeline.GetItemListInTrack("video", 1)[0]
    item.AddMarker(3, "Blue", "n", "note", 2, "data")
    item.SetProperty("Pan", 12.5)
    (engine_home / "LUT").mkdir()
    (engine_home / "LUT" / "a.cube").write_text("LUT_3D_SIZE 2\n", encoding="utf-8")
    project.RefreshLUTList()
    item.GetNodeGraph().SetLUT(1, "a.cube")
    group = project.AddColorGroup("group")
    item.AssignToColorGroup(group)
    project.SetSetting("timelineResolutionWidth", "1280")
    return project


def test_a_project_comes_back_as_it_was(manager: Any, rich: Any, tmp_path: Path) -> None:
    """Every record, every setting, under the old name in another folder or under a new one beside it."""
    before, path = everything(), str(tmp_path / "out.drp")
    assert manager.ExportProject("probe", path) is True
    assert manager.ImportProject(path) is False
    assert "give another name" in str(failure.last())
    assert manager.ImportProject(path, "copy") is True
    assert manager.GetCurrentProject().GetName() == "probe"
    assert manager.GetProjectListInCurrentFolder() == ["copy", "probe"]
    copy = manager.LoadProject("copy")
    assert everything() == before
    assert copy.GetUniqueId() != rich.GetUniqueId()
    assert copy.GetSetting("timelineResolutionWidth") == "1280"
    assert manager.CreateFolder("other")
    assert manager.OpenFolder("other")
    assert manager.ImportProject(path) is True
    assert manager.GetProjectListInCurrentFolder() == ["probe"]


def test_an_imported_project_outlives_a_kill(manager: Any, rich: Any, tmp_path: Path) -> None:
    """It is on disk when the call answers."""
    manager.ExportProject("probe", str(tmp_path / "out.drp"))
    manager.ImportProject(str(tmp_path / "out.drp"), "copy")
    assert restart().GetProjectManager().GetProjectListInCurrentFolder() == ["copy", "probe"]


def test_the_same_project_makes_the_same_file(manager: Any, rich: Any, tmp_path: Path) -> None:
    """Nothing in it depends on when it was written."""
    for name in ("one", "two"):
        assert manager.ExportProject("probe", str(tmp_path / name)) is True
    assert (tmp_path / "one.drp").read_bytes() == (tmp_path / "two.drp").read_bytes()


def test_luts_travel_with_a_project(manager: Any, rich: Any, tmp_path: Path, engine_home: Path) -> None:
    """With them unless told otherwise; one that is there already is not overwritten."""
    path, lut = tmp_path / "out.drp", engine_home / "LUT" / "a.cube"
    manager.ExportProject("probe", str(path))
    lut.unlink()
    assert manager.ImportProject(str(path), "copy") is True
    assert lut.read_text(encoding="utf-8") == "LUT_3D_SIZE 2\n"
    lut.write_text("mine", encoding="utf-8")
    assert manager.ImportProject(str(path), "again") is True
    assert lut.read_text(encoding="utf-8") == "mine"
    manager.ExportProject("probe", str(tmp_path / "bare.drp"), False)
    assert [name for name in zipfile.ZipFile(tmp_path / "bare.drp").namelist() if "LUT" in name] == []


def test_a_project_that_is_not_open_is_exported(manager: Any, rich: Any, tmp_path: Path) -> None:
    """By its name in the current folder; an unknown one, or a folder that is not there, is refused."""
    manager.CreateProject("other")
    assert manager.ExportProject("probe", str(tmp_path / "out.drp")) is True
    assert manager.ExportProject("nobody", str(tmp_path / "out.drp")) is False
    assert manager.ExportProject("probe", str(tmp_path / "missing" / "out.drp")) is False
    assert sorted(path.name for path in tmp_path.glob("*.drp*")) == ["out.drp"]


def test_an_archive_carries_the_media(manager: Any, pool: Any, tmp_path: Path) -> None:
    """Files and sequences, found in the archive after a restore though the originals are gone; damage is noticed."""
    source = tmp_path / "media"
    source.mkdir()
    film(source / "a.mov", frames=12)
    for number in range(1, 4):
        film(source / f"s_{number:04}.png", frames=1, codec="png", pixel_format="rgb24", muxer="image2", options={})
    pool.ImportMedia([str(source / "a.mov"), {"FilePath": str(source / "s_%04d.png"), "StartIndex": 1, "EndIndex": 3}])
    path = tmp_path / "all.dra"
    assert manager.ArchiveProject("probe", str(path)) is True
    assert manager.ArchiveProject("probe", str(path)) is False
    for file in source.iterdir():
        file.unlink()
    assert manager.ImportProject(str(path / "project.drp"), "offline") is True
    assert manager.RestoreProject(str(path / "project.drp"), "no") is False
    assert manager.RestoreProject(str(path), "restored") is True
    states = {}
    for name in ("offline", "restored"):
        clips = manager.LoadProject(name).GetMediaPool().GetRootFolder().GetClipList()
        states[name] = [clip.GetClipProperty("Online Status") for clip in clips]
    assert states == {"offline": ["Offline"] * 2, "restored": ["Online"] * 2}
    with next(path.glob("media/*/a.mov")).open("ab") as file:
        file.write(b"x")
    assert manager.RestoreProject(str(path), "third") is False
    assert "another checksum" in str(failure.last())


def test_an_archive_without_media(manager: Any, rich: Any, tmp_path: Path) -> None:
    """All media switched off leaves the project file alone."""
    assert manager.ArchiveProject("probe", str(tmp_path / "bare.dra"), False, False, False) is True
    assert sorted(path.name for path in (tmp_path / "bare.dra").iterdir()) == ["archive.json", "project.drp"]


def test_damaged_project_files_are_refused_and_change_nothing(manager: Any, rich: Any, tmp_path: Path) -> None:
    """200 variants, cut off, flipped or mixed up: each is refused with a sentence, or brings the whole project."""
    path = tmp_path / "whole.drp"
    manager.ExportProject("probe", str(path))
    whole, chance, before = path.read_bytes(), random.Random(4), everything()
    brought = 0
    for number in range(200):
        data = bytearray(whole)
        if number % 4 == 0:
            del data[chance.randrange(len(data)) :]
        elif number % 4 == 1:
            for _ in range(chance.randrange(1, 20)):
                data[chance.randrange(len(data))] = chance.randrange(256)
        elif number % 4 == 2:
            start = chance.randrange(len(data))
            del data[start : start + chance.randrange(1, 200)]
        else:
            data[0:0] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 99)))
        bad = tmp_path / "bad.drp"
        bad.write_bytes(bytes(data))
        if manager.ImportProject(str(bad), f"variant {number}"):
            brought += 1
            manager.LoadProject(f"variant {number}")
            assert everything() == before
            manager.LoadProject("probe")
        else:
            assert str(bad) in str(failure.last()) or "damaged" in str(failure.last()), failure.last()
            assert "engine error" not in str(failure.last())
    assert brought < 100
    assert everything() == before
    assert len(manager.GetProjectListInCurrentFolder()) == 1 + brought


def rewritten(source: Path, target: Path, change: Any) -> None:
    """A project file with other content and right checksums, as somebody who means harm would write it."""
    import hashlib

    with zipfile.ZipFile(source) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    manifest = json.loads(entries.pop("manifest.json"))
    change(manifest, entries)
    manifest["files"] = {name: hashlib.sha256(content).hexdigest() for name, content in entries.items()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("manifest.json", json.dumps(manifest))
        for name, content in entries.items():
            file.writestr(name, content)


def _outside(manifest: Any, entries: dict[str, bytes]) -> None:
    entries["LUT/../../evil.cube"] = b"x"


def _twice(manifest: Any, entries: dict[str, bytes]) -> None:
    entries["objects.jsonl"] += b"\n" + entries["objects.jsonl"]


def _deep(manifest: Any, entries: dict[str, bytes]) -> None:
    entries["objects.jsonl"] = b"[" * 200_000


def _types(manifest: Any, entries: dict[str, bytes]) -> None:
    entries["objects.jsonl"] = entries["objects.jsonl"].replace(b'"name":', b'"name":7,"x":')


def _orphans(manifest: Any, entries: dict[str, bytes]) -> None:
    lines = entries["objects.jsonl"].splitlines()
    entries["objects.jsonl"] = b"\n".join(line for line in lines if b'["track"' not in line)


def _bomb(manifest: Any, entries: dict[str, bytes]) -> None:
    entries["LUT/bomb.cube"] = bytes((1 << 20) + 1)


@pytest.mark.parametrize("change", [_outside, _twice, _deep, _types, _orphans, _bomb])
def test_hostile_project_files_are_refused(
    manager: Any, rich: Any, tmp_path: Path, change: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name outside the LUT folder, ids twice, nesting, wrong types, no records, a zip bomb: a sentence each."""
    monkeypatch.setattr(package, "MOST_BYTES", 1 << 20)
    manager.ExportProject("probe", str(tmp_path / "whole.drp"))
    rewritten(tmp_path / "whole.drp", tmp_path / "bad.drp", change)
    assert manager.ImportProject(str(tmp_path / "bad.drp"), "bad") is False
    assert "engine error" not in str(failure.last())
    assert manager.GetProjectListInCurrentFolder() == ["probe"]


def test_files_of_resolve_itself_are_told_apart(manager: Any, project: Any, tmp_path: Path) -> None:
    """A zip file without our manifest: the sentence says that it cannot be read, not that it is damaged."""
    with zipfile.ZipFile(tmp_path / "theirs.drp", "w") as file:
        file.writestr("project.xml", "<SM_Project/>")
    assert manager.ImportProject(str(tmp_path / "theirs.drp")) is False
    assert "files of Resolve itself cannot be read" in str(failure.last())


def test_attributes_are_told_without_opening(manager: Any, rich: Any) -> None:
    """Dates, notes and mode of each project of the folder."""
    attributes = manager.GetProjectAttributesInCurrentFolder()
    assert set(attributes) == {"probe"}
    assert set(attributes["probe"]) == {"lastModifiedDate", "creationDate", "notes", "liveCollaborationMode"}
    assert attributes["probe"]["notes"] == ""
