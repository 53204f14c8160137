"""Render jobs as processes: status, cancel, kill, an engine that is gone, a folder without the right, a full disk."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from generate import codes, film
from spec_maker import found, item, job, source, timeline

from resolve_engine.render import job as job_module
from resolve_engine.render.alive import is_alive
from resolve_engine.render.job import cancel_job, read_status, start_job
from resolve_engine.render.spec import RenderSpec, TimelineSpec, render_from_json
from resolve_engine.worker.environment import child_environment


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds with sound."""
    return film(tmp_path_factory.mktemp("clip") / "clip.mp4", 24, 48, 0, sound="tone")


def short(clip: Path) -> TimelineSpec:
    """One second."""
    of = source(clip)
    return timeline([[item("p", 0, 24, of, 10)]], [[item("s", 0, 24, of, 10)]])


def endless(clip: Path) -> TimelineSpec:
    """So long that it is certainly not done when the test looks: the same two seconds, in slow motion."""
    from fractions import Fraction

    return timeline([[item("p", 0, 500_000, source(clip), 0, Fraction(1, 20_000))]], size=(640, 360))


def until(job_id: str, folder: Path, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """Poll a job's status until it is as wanted; at most a minute."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        status = read_status(job_id, str(folder))
        if status is not None and wanted(status):
            return status
        time.sleep(0.01)
    raise AssertionError(f"the job never came to it: {read_status(job_id, str(folder))}")


def ended(status: dict[str, Any]) -> bool:
    """Whether a state is final."""
    return bool(status["state"] != "rendering")


def running(status: dict[str, Any]) -> bool:
    """Whether some frames are done."""
    return bool(status["state"] == "rendering" and status["frame"] > 3)


def left(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(entry.name for entry in folder.iterdir())


def test_a_job_renders_and_tells(clip: Path, tmp_path: Path) -> None:
    """Complete at 100 with all frames, the file under its name and nothing beside it."""
    out = tmp_path / "out"
    out.mkdir()
    spec = job(short(clip), out / "film.mp4", job_id="one")
    pid = start_job(spec, str(tmp_path / "jobs"))
    status = until("one", tmp_path / "jobs", ended)
    assert status["state"] == "complete", status
    assert (status["percent"], status["frame"], status["frames"], status["error"]) == (100, 24, 24, "")
    assert (status["pid"], status["path"]) == (pid, str(out / "film.mp4"))
    assert left(out) == ["film.mp4"]
    assert codes(out / "film.mp4") == list(range(10, 34))
    assert found(out / "film.mp4").audio[0].samples == 48000


def test_a_job_before_it_started_is_unknown(tmp_path: Path) -> None:
    """None, not an error."""
    assert read_status("nobody", str(tmp_path)) is None
    assert cancel_job("nobody", str(tmp_path)) is False


def test_progress_is_seen_and_a_cancel_leaves_nothing(clip: Path, tmp_path: Path) -> None:
    """The percentage moves, cancel answers True, the partial file goes."""
    out = tmp_path / "out"
    out.mkdir()
    spec = job(endless(clip), out / "film.mp4", job_id="two", last=5000)
    start_job(spec, str(tmp_path / "jobs"))
    first = until("two", tmp_path / "jobs", running)
    assert 0 <= first["percent"] < 100
    assert first["eta_ms"] > 0
    assert left(out) == [".film.partial-two.mp4"]
    later = until("two", tmp_path / "jobs", lambda status: status["frame"] > first["frame"])
    assert later["elapsed_ms"] > first["elapsed_ms"]
    assert cancel_job("two", str(tmp_path / "jobs")) is True
    status = until("two", tmp_path / "jobs", ended)
    assert (status["state"], left(out)) == ("cancelled", [])
    job_module._running["two"].wait(60)  # the state is written a moment before the process is gone
    assert cancel_job("two", str(tmp_path / "jobs")) is False


@pytest.mark.parametrize(
    ("name", "form", "codec", "partial"),
    [("film.mp4", "mp4", "H264", ".film.partial-three.mp4"), ("film.png", "png", "RGB8", ".film.partial-three")],
)
def test_a_killed_job_is_failed_and_leaves_only_a_partial_name(
    clip: Path, tmp_path: Path, name: str, form: str, codec: str, partial: str
) -> None:
    """SIGKILL in the middle: never a file under the final name, and the status says what happened."""
    out = tmp_path / "out"
    out.mkdir()
    spec = job(endless(clip), out / name, form, codec, job_id="three")
    pid = start_job(spec, str(tmp_path / "jobs"))
    until("three", tmp_path / "jobs", running)
    os.kill(pid, signal.SIGKILL)
    status = until("three", tmp_path / "jobs", ended)
    assert status["state"] == "failed"
    assert "signal 9" in status["error"]
    assert left(out) == [partial]


def test_a_job_goes_on_without_the_engine(clip: Path, tmp_path: Path) -> None:
    """The engine is killed, with every process of its group: the job goes on, is seen to live, and can be cancelled."""
    out, jobs = tmp_path / "out", str(tmp_path / "jobs")
    out.mkdir()
    for name, timeline_of, last in (("four", short, None), ("five", endless, 5000)):
        spec = job(timeline_of(clip), out / f"{name}.mp4", job_id=name, **({"last": last} if last else {}))
        (tmp_path / "spec.json").write_text(json.dumps(spec.to_json()))
        code = textwrap.dedent(f"""
            import json, os, signal
            from resolve_engine.render.job import start_job
            from resolve_engine.render.spec import render_from_json
            start_job(render_from_json(json.load(open({str(tmp_path / "spec.json")!r}))), {jobs!r})
            os.killpg(0, signal.SIGKILL)
        """)
        run = [sys.executable, "-c", code]
        ended_with = subprocess.run(run, env=child_environment(), check=False, timeout=60, start_new_session=True)
        assert ended_with.returncode == -signal.SIGKILL
    assert until("four", tmp_path / "jobs", ended)["state"] == "complete"
    assert codes(out / "four.mp4") == list(range(10, 34))
    until("five", tmp_path / "jobs", running)
    assert is_alive("five", jobs)
    assert cancel_job("five", jobs) is True
    assert until("five", tmp_path / "jobs", ended)["state"] == "cancelled"
    assert left(out) == ["four.mp4"]


def test_a_job_s_last_words_are_its_status_alone(clip: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A job that ends well says nothing on standard output or error."""
    start_job(job(short(clip), tmp_path / "film.mp4", job_id="five"), str(tmp_path / "jobs"))
    until("five", tmp_path / "jobs", ended)
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ({"path": "/nowhere/film.mp4"}, "the folder '/nowhere' does not exist"),
        ({"form": "avi"}, "there is no render format 'avi'"),
        ({"codec": "ProRes422HQ"}, "MP4 has no codec 'ProRes422HQ'"),
        ({"width": 321}, "even width"),
        ({"width": 8}, "16 to 16384"),
        ({"first": 5, "last": 4}, "holds no frame"),
        ({"audio_codec": "lpcm"}, "carries no 'lpcm'"),
        ({"quality": "wonderful"}, "neither a level"),
        ({"video": False, "audio": False}, "pictures or sound"),
        ({"form": "mxf_op1a", "codec": "DNxHRHQ", "width": 160, "height": 90}, "at least 256 x 120"),
    ],
)
def test_what_cannot_be_rendered_fails_with_the_reason(
    clip: Path, tmp_path: Path, output: dict[str, Any], words: str
) -> None:
    """Before a frame is made; nothing is left on disk."""
    from spec_maker import rendered

    from resolve_engine.media.errors import MediaError

    out = tmp_path / "out"
    out.mkdir()
    path = Path(output.pop("path", str(out / "film.mp4")))
    form, codec = output.pop("form", "mp4"), output.pop("codec", "H264")
    with pytest.raises(MediaError, match=words):
        rendered(job(short(clip), path, form, codec, **output))
    assert left(out) == []


def test_a_folder_that_is_not_writable(clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As any user but root meets it."""
    from spec_maker import rendered

    from resolve_engine.media.errors import MediaError

    real = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **more: str(path) != str(tmp_path) and real(path, mode))
    with pytest.raises(MediaError, match="is not writable"):
        rendered(job(short(clip), tmp_path / "film.mp4"))


def test_a_full_disk_fails_the_job(clip: Path, tmp_path: Path) -> None:
    """A limit on file size stands in for the full disk: the job fails with the reason and leaves nothing."""
    out = tmp_path / "out"
    out.mkdir()
    spec = job(short(clip), out / "film.mov", "mov", "ProRes422HQ", job_id="six", width=1280, height=720)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        start_job(spec, str(tmp_path / "jobs"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    status = until("six", tmp_path / "jobs", ended)
    assert status["state"] == "failed", status
    assert "the disk is full or a limit" in status["error"]
    assert left(out) == []


def test_a_source_that_goes_missing_fails_the_job(clip: Path, tmp_path: Path) -> None:
    """The item and the path are named."""
    moved = tmp_path / "moved.mp4"
    moved.write_bytes(clip.read_bytes())
    spec = job(short(moved), tmp_path / "film.mp4", job_id="seven")
    moved.unlink()
    start_job(spec, str(tmp_path / "jobs"))
    status = until("seven", tmp_path / "jobs", ended)
    assert status["state"] == "failed"
    assert "the item 'p' cannot be shown" in status["error"]
    assert left(tmp_path) == ["jobs"]


def test_the_status_file_is_written_at_most_ten_times_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten thousand frames in three seconds of a made-up clock: thirty writes."""
    from resolve_engine.render import status as statuses

    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    file = statuses.StatusFile("eight", tmp_path, "/x.mp4", 10_000)
    writes = 0
    real = os.replace

    def counted(one: Any, other: Any) -> None:
        nonlocal writes
        writes += 1
        real(one, other)

    monkeypatch.setattr(os, "replace", counted)
    for frame in range(10_000):
        now[0] += 0.0003
        file.progress(frame)
    assert 29 <= writes <= 31


def test_a_spec_survives_json(clip: Path, tmp_path: Path) -> None:
    """What the process reads is what was sent."""
    from resolve_engine.render.spec import CdlSpec, NodeSpec

    graded = item("g", 30, 40, source(clip), properties={"Pan": 3.5}, nodes=[NodeSpec(cdl=CdlSpec(), lut="/a.cube")])
    spec: RenderSpec = job(timeline([[graded]], [[item("s", 0, 5, source(clip))]]), tmp_path / "a.mp4")
    assert render_from_json(json.loads(json.dumps(spec.to_json()))) == spec
