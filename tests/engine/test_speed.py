"""What must stay quick: the start, one more edit of a large project, and bringing in many files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from clips import add_clip, media
from generate import film

from resolve_engine.api import application
from resolve_engine.model import ingest
from resolve_engine.model.item import Item
from resolve_engine.model.project import Project

IMPORT_LIMIT_S = 0.150
EDIT_LIMIT_S = 0.010
"""Both are the best of several tries: a busy machine slows some of them, never all."""
CLIPS, ITEMS = 2_000, 10_000
FILMS = 300
FFPROBE = shutil.which("ffprobe")


def test_the_import_is_quick() -> None:
    """Everything that the first call needs, in a process of its own; nothing of media is among it."""
    measure = (
        "import time; start = time.perf_counter(); import DaVinciResolveScript, resolve_engine.api.application; "
        "print(time.perf_counter() - start)"
    )
    run = [sys.executable, "-c", measure]
    best = min(float(subprocess.run(run, capture_output=True, text=True, check=True).stdout) for _ in range(5))
    assert best < IMPORT_LIMIT_S


def large(project: Project) -> None:
    """2,000 clips, and 10,000 items on ten timelines."""
    clips = [ingest.new_clip(project, media(path=f"/m/{number}.mov"), 0.0) for number in range(CLIPS)]
    from resolve_engine.model import building

    for timeline in [building.new_timeline(project, f"t{number}") for number in range(10)]:
        (track,) = timeline.tracks["video"]
        for number in range(ITEMS // 10):
            clip = clips[number % CLIPS].id
            project.add(
                Item(project.changes, parent=track.id, position=number * 24, duration=24, clip=clip, name=f"i{number}")
            )
        project.current_timeline = timeline.id


def test_one_more_edit_of_a_large_project(project: Any) -> None:
    """A marker, answered and on disk: the rows that changed are written, not the project."""
    app = application.start()
    large(app.project)
    app.flush()
    timeline = app.project.open_timeline()
    assert timeline is not None
    handle = project.GetCurrentTimeline()
    before = app.database._connection.total_changes
    assert handle.AddMarker(0, "Blue", "first", "", 1) is True
    assert app.database._connection.total_changes - before <= 3  # the timeline, its place and the project's date
    times = []
    for frame in range(1, 30):
        start = time.perf_counter()
        assert handle.AddMarker(frame, "Blue", "n", "", 1) is True
        times.append(time.perf_counter() - start)
    assert min(times) < EDIT_LIMIT_S


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder of 300 films: one second of picture and sound each, all the same bytes."""
    source = film(tmp_path / "source.mov", frames=24, sound="tone")
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(FILMS):
        os.link(source, folder / f"{number:04}.mov")
    return folder


def import_all(pool: Any, folder: Path) -> float:
    """Seconds per film of one call."""
    start = time.perf_counter()
    clips = pool.ImportMedia([str(folder)])
    took = time.perf_counter() - start
    assert len(clips) == FILMS
    return took / FILMS


@pytest.mark.skipif(FFPROBE is None, reason="ffprobe is not on the path; Debian's package ffmpeg has it")
def test_many_files_come_in_faster_than_ffprobe_reads_them(pool: Any, many: Path) -> None:
    """Films against ffprobe run on each, two at a time; 1.8 against 49 s for 1,000 with FFmpeg 5.1 on two cores."""

    def probe(path: Path) -> None:
        wanted = [str(FFPROBE), "-v", "error", "-of", "json", "-show_format", "-show_streams", str(path)]
        subprocess.run(wanted, check=True, stdout=subprocess.DEVNULL)

    ours = import_all(pool, many)
    files = sorted(many.iterdir())[:50]  # each costs the same
    start = time.perf_counter()
    with ThreadPoolExecutor(2) as two:
        list(two.map(probe, files))
    assert ours <= (time.perf_counter() - start) / len(files)


def test_many_files_come_in_without_a_process_each(pool: Any, many: Path) -> None:
    """300 films in one call and one worker cost less each than two starts of a bare interpreter. That says nothing
    of ffprobe, which the test above needs; it holds, wherever this runs, that no film costs a process."""
    ours = import_all(pool, many)
    begin = time.perf_counter()
    for _ in range(5):
        subprocess.run([sys.executable, "-S", "-c", "pass"], check=True)
    assert ours < 2 * (time.perf_counter() - begin) / 5


def test_a_clip_is_added_quickly_to_a_large_project(project: Any) -> None:
    """An import must not read or write the clips that are there."""
    app = application.start()
    large(app.project)
    app.flush()
    before = app.database._connection.total_changes
    add_clip(path="/m/one more.mov")
    assert app.database._connection.total_changes - before == 3  # the clip, its place and the project's date
