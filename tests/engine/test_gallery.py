"""The gallery: stills are the rendered frame and its grade, they last, and they go out to files and come back."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy
import pytest
from clips import restart
from generate import film, read_code
from looks import pixels_of, psnr, scene_file, shown

from resolve_engine import failure
from resolve_engine.api import application
from resolve_engine.store import stills

CDL = {"NodeIndex": "1", "Slope": "1.1 0.9 0.8", "Offset": "0.02 0 -0.01", "Power": "1 1.1 0.9", "Saturation": "0.8"}


@pytest.fixture
def scene_cut(project: Any, pool: Any, tmp_path: Path) -> Any:
    """A timeline of 320 x 180 with a photograph of two seconds on it, then a film whose frame n shows n; 24 fps."""
    project.SetSetting("timelineResolutionWidth", "320")
    project.SetSetting("timelineResolutionHeight", "180")
    photo = scene_file(tmp_path / "photo.png")
    numbers = film(tmp_path / "numbers.mov", 24, 24)
    clips = pool.ImportMedia([str(photo), str(numbers)])
    timeline = pool.CreateEmptyTimeline("scene")
    pool.AppendToTimeline([{"mediaPoolItem": clips[0], "startFrame": 0, "endFrame": 48}, {"mediaPoolItem": clips[1]}])
    assert timeline.SetCurrentTimecode("01:00:00:00") is True
    return timeline


@pytest.fixture
def album(project: Any) -> Any:
    """The current album."""
    return project.GetGallery().GetCurrentStillAlbum()


def items(timeline: Any) -> list[Any]:
    """The picture items on the first track."""
    return list(timeline.GetItemListInTrack("video", 1))


def kept() -> list[str]:
    """The picture files that are kept for the open project."""
    folder = stills.folder(application.start().project.id)
    return sorted(os.listdir(folder)) if folder.exists() else []


def test_a_still_is_the_rendered_frame_with_its_grade(project: Any, scene_cut: Any, album: Any, tmp_path: Path) -> None:
    """What is exported is what ExportCurrentFrameAsStill shows, to the last bit, and grabbing changed nothing."""
    (photo, _) = items(scene_cut)
    assert photo.SetCDL(CDL) is True
    graded = shown(project, tmp_path)
    still = scene_cut.GrabStill()
    assert photo.GetNodeGraph().ResetAllGrades() is True
    assert psnr(shown(project, tmp_path), graded) < 40
    assert [str(one) for one in album.GetStills()] == [str(still)]
    assert album.ExportStills([still], str(tmp_path), "look", "tif") is True
    assert numpy.array_equal(pixels_of(tmp_path / "look_1.1.1.tif"), graded)


@pytest.mark.parametrize(
    ("form", "least"),
    [("png", 58), ("tif", 120), ("jpg", 34), ("dpx", 68), ("exr", 68), ("bmp", 58), ("ppm", 58)],
)
def test_stills_go_out_in_every_format(
    project: Any, scene_cut: Any, album: Any, tmp_path: Path, form: str, least: int
) -> None:
    """A picture of the still's size that is right to the depth of its format, and the grade beside it."""
    expected = shown(project, tmp_path)
    (tmp_path / "out").mkdir()
    assert album.ExportStills([scene_cut.GrabStill()], str(tmp_path / "out"), "p", form) is True, failure.last()
    assert sorted(os.listdir(tmp_path / "out")) == sorted(["p_1.1.1.drx", f"p_1.1.1.{form}"])
    picture = pixels_of(tmp_path / "out" / f"p_1.1.1.{form}")
    assert picture.shape == (180, 320, 3)
    assert psnr(picture, expected) >= least


def test_a_grade_goes_out_alone(scene_cut: Any, album: Any, tmp_path: Path) -> None:
    """The format drx writes no picture, and without a prefix the number is the name."""
    (tmp_path / "out").mkdir()
    assert album.ExportStills([scene_cut.GrabStill()], str(tmp_path / "out"), "", "drx") is True
    assert os.listdir(tmp_path / "out") == ["1.1.1.drx"]


def test_stills_are_numbered_by_track_clip_and_count(scene_cut: Any, album: Any, tmp_path: Path) -> None:
    """Two of the first clip, one of the second; the last in the list is not the newest."""
    first, again = scene_cut.GrabStill(), scene_cut.GrabStill()
    assert scene_cut.SetCurrentTimecode("01:00:02:05") is True
    second = scene_cut.GrabStill()
    assert album.GetStills() == [second, again, first]
    (tmp_path / "out").mkdir()
    assert album.ExportStills(album.GetStills(), str(tmp_path / "out"), "s", "png") is True
    names = [f"s_{number}.{kind}" for number in ("1.1.1", "1.1.2", "1.2.1") for kind in ("drx", "png")]
    assert sorted(os.listdir(tmp_path / "out")) == names
    assert read_code(pixels_of(tmp_path / "out" / "s_1.2.1.png")[..., 1] * 255) == 5


@pytest.mark.parametrize(("source", "frame"), [(1, 0), (2, 12)])
def test_all_stills_are_grabbed_from_the_first_or_the_middle_frame(
    scene_cut: Any, album: Any, tmp_path: Path, source: int, frame: int
) -> None:
    """One a clip, in the order of the timeline; the film's picture tells which frame it was."""
    grabbed = scene_cut.GrabAllStills(source)
    assert len(grabbed) == 2
    assert album.ExportStills([grabbed[1]], str(tmp_path), "a", "png") is True
    assert read_code(pixels_of(tmp_path / "a_1.2.1.png")[..., 1] * 255) == frame


def test_a_hidden_clip_has_its_own_still(project: Any, pool: Any, scene_cut: Any, album: Any, tmp_path: Path) -> None:
    """GrabAllStills shows each clip alone; GrabStill shows what is seen, which lies on top."""
    numbers = items(scene_cut)[1].GetMediaPoolItem()
    assert scene_cut.AddTrack("video") is True
    assert all(pool.AppendToTimeline([{"mediaPoolItem": numbers, "trackIndex": 2, "recordFrame": 86400}]))
    assert scene_cut.SetCurrentTimecode("01:00:00:00") is True
    assert album.ExportStills([scene_cut.GrabStill()], str(tmp_path), "top", "png") is True
    assert read_code(pixels_of(tmp_path / "top_2.1.1.png")[..., 1] * 255) == 0
    below = scene_cut.GrabAllStills(1)[0]
    assert album.ExportStills([below], str(tmp_path), "below", "png") is True
    assert psnr(pixels_of(tmp_path / "below_1.1.1.png"), pixels_of(tmp_path / "photo.png")) > 50


def test_stills_outlive_a_kill(scene_cut: Any, album: Any, tmp_path: Path) -> None:
    """Label, picture and grade are on disk when the call answers; the next process has them."""
    still = scene_cut.GrabStill()
    assert album.SetLabel(still, "dämmerung") is True
    app = restart().GetProjectManager().GetCurrentProject().GetGallery().GetCurrentStillAlbum()
    (again,) = app.GetStills()
    assert app.GetLabel(again) == "dämmerung"
    assert app.ExportStills([again], str(tmp_path), "k", "png") is True
    assert (tmp_path / "k_1.1.1.png").stat().st_size > 0


KILLED = """
import os, signal, sys
from resolve_engine import fusionscript
project = fusionscript.scriptapp("Resolve").GetProjectManager().GetCurrentProject()
timeline = project.GetCurrentTimeline()
while timeline.GrabStill():
    print("grabbed", flush=True)
"""


def test_no_still_is_lost_or_torn_by_kill_9(scene_cut: Any, tmp_path: Path) -> None:
    """A process that is killed while it grabs: every still that was answered is there, and its picture can be read."""
    application.abandon()
    child = subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    answered = sum(1 for _ in zip(range(3), child.stdout, strict=False))
    child.kill()
    answered += len(child.stdout.readlines())
    child.wait()
    assert answered >= 3
    album = restart().GetProjectManager().GetCurrentProject().GetGallery().GetCurrentStillAlbum()
    assert len(album.GetStills()) >= answered
    assert album.ExportStills(album.GetStills(), str(tmp_path), "k", "png") is True, failure.last()


def test_deleted_stills_take_their_pictures_along(scene_cut: Any, album: Any) -> None:
    """A picture that two stills share stays until the second one goes; handles are dead then."""
    first, same = scene_cut.GrabStill(), scene_cut.GrabStill()
    assert len(kept()) == 1
    assert album.DeleteStills([first]) is True
    assert album.GetStills() == [same]
    assert len(kept()) == 1
    assert album.DeleteStills([same]) is True
    assert kept() == []
    assert album.DeleteStills([same]) is False
    assert "gone" in str(failure.last())


def test_albums_hold_their_own_stills(project: Any, scene_cut: Any) -> None:
    """A still goes to the album that is current, a power grade album too, and belongs to that one alone."""
    gallery = project.GetGallery()
    power = gallery.CreateGalleryPowerGradeAlbum()
    assert gallery.SetAlbumName(power, "looks") is True
    assert gallery.SetCurrentStillAlbum(power) is True
    still = scene_cut.GrabStill()
    assert power.GetStills() == [still]
    (stills_album,) = gallery.GetGalleryStillAlbums()
    assert stills_album.GetStills() == []
    assert stills_album.SetLabel(still, "x") is False
    assert "another album" in str(failure.last())


def test_stills_come_in_from_files(project: Any, scene_cut: Any, album: Any, tmp_path: Path) -> None:
    """A picture alone, a picture with its grade, and a grade that names its picture; what is no still says why."""
    (photo, _) = items(scene_cut)
    photo.SetCDL(CDL)
    still = scene_cut.GrabStill()
    album.SetLabel(still, "warm")
    out = tmp_path / "out"
    out.mkdir()
    assert album.ExportStills([still], str(out), "s", "png") is True
    other = project.GetGallery().CreateGalleryStillAlbum()
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    paths = [tmp_path / "photo.png", out / "s_1.1.1.png", out / "s_1.1.1.drx", tmp_path / "notes.txt"]
    assert other.ImportStills([str(path) for path in paths]) is True
    assert "notes.txt" in str(failure.last())
    labels = [other.GetLabel(one) for one in reversed(other.GetStills())]
    assert labels == ["", "warm", "warm"]
    nodes = [one.nodes for one in application.start().project.stills.values()]
    assert nodes[0] == nodes[2] == nodes[3] != nodes[1]
    assert other.ImportStills([str(tmp_path / "notes.txt"), str(tmp_path / "none.png")]) is False


def test_a_still_is_the_same_to_the_bit_once_it_came_in_again(scene_cut: Any, album: Any, tmp_path: Path) -> None:
    """A picture as stills are kept is not rendered anew, which would round it a little each time."""
    still = scene_cut.GrabStill()
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        assert album.ExportStills([still], str(tmp_path / name), "s", "tif") is True
        (picture,) = (tmp_path / name).glob("*.tif")
        assert album.ImportStills([str(picture)]) is True
        still = album.GetStills()[0]
    first, second = (next((tmp_path / name).glob("*.tif")).read_bytes() for name in ("first", "second"))
    assert first == second


def test_what_cannot_be_exported_says_why_and_leaves_nothing(scene_cut: Any, album: Any, tmp_path: Path) -> None:
    """A folder that is not there, a format that is none, a prefix with a slash, a source, a picture that is lost."""
    still = scene_cut.GrabStill()
    (tmp_path / "out").mkdir()
    out = str(tmp_path / "out")
    for args, words in [
        (([still], str(tmp_path / "none"), "p", "png"), "does not exist"),
        (([still], out, "p", "cin"), "does not write 'cin'"),
        (([still], out, "../p", "png"), "no slash"),
        (([], out, "p", "png"), "no stills"),
    ]:
        assert album.ExportStills(*args) is False
        assert words in str(failure.last())
    for picture in stills.folder(application.start().project.id).iterdir():
        picture.unlink()
    assert album.ExportStills([still], out, "p", "png") is False
    assert "is missing" in str(failure.last())
    assert os.listdir(out) == []


def test_a_film_is_never_written_over(pool: Any, scene_cut: Any, album: Any, tmp_path: Path) -> None:
    """An export whose name is that of a clip's file is refused as a whole."""
    source = scene_file(tmp_path / "p_1.1.1.png", seed=3)
    before = source.read_bytes()
    pool.ImportMedia([str(source)])
    assert album.ExportStills([scene_cut.GrabStill()], str(tmp_path), "p", "png") is False
    assert "choose another name" in str(failure.last())
    assert source.read_bytes() == before
    assert not (tmp_path / "p_1.1.1.drx").exists()


def test_nothing_under_the_playhead_gives_no_still(pool: Any, project: Any) -> None:
    """An empty timeline has nothing to grab, one at a time or all."""
    timeline = pool.CreateEmptyTimeline("empty")
    assert timeline.GrabStill() is None
    assert "under the playhead" in str(failure.last())
    assert timeline.GrabAllStills(1) == []
    assert timeline.GrabAllStills(3) == []


@pytest.mark.parametrize("with_stills", [True, False])
def test_a_project_file_carries_its_stills(
    manager: Any, scene_cut: Any, album: Any, tmp_path: Path, with_stills: bool
) -> None:
    """The pictures come along and are the copy's own; without stills and LUTs there are none."""
    still = scene_cut.GrabStill()
    album.SetLabel(still, "one")
    path = str(tmp_path / "out.drp")
    assert manager.ExportProject("probe", path, with_stills) is True
    assert manager.ImportProject(path, "copy") is True, failure.last()
    assert album.DeleteStills([still]) is True
    copy = manager.LoadProject("copy").GetGallery().GetCurrentStillAlbum()
    assert [copy.GetLabel(one) for one in copy.GetStills()] == (["one"] if with_stills else [])
    if with_stills:
        assert copy.ExportStills(copy.GetStills(), str(tmp_path), "c", "png") is True
        folder = stills.folder(application.start().project.id)
        manager.CloseProject(manager.GetCurrentProject())
        assert manager.DeleteProject("copy") is True
        assert not folder.exists()


def test_a_picture_of_another_content_is_refused_with_its_project(manager: Any, scene_cut: Any, tmp_path: Path) -> None:
    """The name of a still's picture is its checksum; a project file in which they differ does not come in."""
    import zipfile

    scene_cut.GrabStill()
    path, damaged = tmp_path / "out.drp", tmp_path / "damaged.drp"
    assert manager.ExportProject("probe", str(path)) is True
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(damaged, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"other" if name.startswith("stills/") else old.read(name))
    assert manager.ImportProject(str(damaged), "copy") is False
    assert "checksum" in str(failure.last())
