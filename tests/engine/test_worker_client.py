"""The media worker: answers, dies and comes back, keeps its pipe clean, and goes with the engine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from generate import film, read_code
from spec_maker import item, source, timeline

from resolve_engine.media.errors import MediaError
from resolve_engine.media.info import MediaInfo, ProbeFailure
from resolve_engine.worker import client
from resolve_engine.worker.client import MediaWorker
from resolve_engine.worker.environment import child_environment


@pytest.fixture
def worker() -> object:
    """A worker of this test's own."""
    made = MediaWorker()
    yield made
    made.close()


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film that counts from 100."""
    return film(tmp_path_factory.mktemp("clip") / "clip.mp4", 24, 24, 100)


def gone(pid: int) -> bool:
    """Whether a process ends within ten seconds; one that is not a child of ours any more."""
    for _ in range(1000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.01)
    return False


def test_probe_answers_in_order(worker: MediaWorker, clip: Path) -> None:
    """One answer for each path, failures among them."""
    first, second, third = worker.probe([str(clip), "/nowhere.mp4", {"path": str(clip), "sequence": False}])
    assert isinstance(first, MediaInfo)
    assert isinstance(second, ProbeFailure)
    assert second.path == "/nowhere.mp4"
    assert third == first


def test_a_thumbnail_is_the_frame(worker: MediaWorker, clip: Path) -> None:
    """Raw RGB of the size that was asked for."""
    import numpy

    spec = timeline([[item("one", 0, 24, source(clip))]])
    for frame in (0, 7, 23, 8):
        data = worker.thumbnail(spec, frame, 160, 90)
        shown = numpy.frombuffer(data, numpy.uint8).reshape(90, 160, 3)[..., 1]
        assert read_code(shown) == 100 + frame


@pytest.mark.parametrize("extension", ["png", "jpg", "tif", "exr", "dpx", "bmp"])
def test_a_frame_is_written_as_a_picture(worker: MediaWorker, clip: Path, tmp_path: Path, extension: str) -> None:
    """In each kind, whole or not at all."""
    import av

    spec = timeline([[item("one", 0, 24, source(clip))]])
    path = tmp_path / f"grab.{extension}"
    worker.render_frame(spec, 9, str(path), 320, 180)
    with av.open(str(path)) as container:
        shown = next(container.decode(video=0)).reformat(format="gray").to_ndarray()
    assert read_code(shown) == 109
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name]


def test_what_cannot_be_done_says_why(worker: MediaWorker, clip: Path, tmp_path: Path) -> None:
    """An unknown kind of picture, a folder that is not there, a size that cannot be, a source that is gone."""
    spec = timeline([[item("one", 0, 24, source(clip))]])
    with pytest.raises(MediaError, match=r"end its name with one of \.png"):
        worker.render_frame(spec, 0, str(tmp_path / "grab.gif"), 320, 180)
    with pytest.raises(MediaError, match="no such file or directory"):
        worker.render_frame(spec, 0, str(tmp_path / "nowhere" / "grab.png"), 320, 180)
    with pytest.raises(MediaError, match="use 16 to 16384 pixels"):
        worker.thumbnail(spec, 0, 1, 1)
    moved = tmp_path / "moved.mp4"
    moved.write_bytes(clip.read_bytes())
    lost = timeline([[item("one", 0, 24, source(moved))]])
    moved.unlink()
    with pytest.raises(MediaError, match=r"the item 'one' cannot be shown: .*moved\.mp4' does not exist"):
        worker.thumbnail(lost, 0, 160, 90)


def test_a_killed_worker_is_replaced(worker: MediaWorker, clip: Path) -> None:
    """Killed while idle, the next call does not notice."""
    worker.probe([str(clip)])
    pid = worker.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    (found,) = worker.probe([str(clip)])
    assert isinstance(found, MediaInfo)
    assert worker.pid() != pid


@pytest.fixture
def staged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers that are killed by the path `/die` and never answer for `/hang`."""
    script = tmp_path / "staged.py"
    script.write_text(
        textwrap.dedent("""
            import os, signal, threading
            from resolve_engine.worker import __main__ as worker, service
            real = service.probe
            def probe(path):
                if path == "/die":
                    os.kill(os.getpid(), signal.SIGKILL)
                if path == "/hang":
                    threading.Event().wait()
                return real(path)
            service.probe = probe
            worker.main()
        """)
    )
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}"\n')
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))


@pytest.mark.usefixtures("staged")
def test_a_file_that_kills_the_worker_costs_its_own_answer(worker: MediaWorker, clip: Path) -> None:
    """Its answer names the file and the signal; the ones before and after it are whole, and it is tried once."""
    first, second, third = worker.probe([str(clip), "/die", str(clip)])
    assert isinstance(first, MediaInfo)
    assert isinstance(second, ProbeFailure)
    assert second.reason == "the media worker died (signal 9) while it read '/die'; the next call starts a new one"
    assert isinstance(third, MediaInfo)


@pytest.mark.usefixtures("staged")
def test_a_worker_that_hangs_is_ended(worker: MediaWorker, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time is up the worker is killed, the call says so, and the next one starts another."""
    worker.probe([str(clip)])
    pid = worker.pid()
    assert pid is not None
    monkeypatch.setattr(client, "PROBE_TIMEOUT", 0.5)
    (found,) = worker.probe(["/hang"])
    assert isinstance(found, ProbeFailure)
    assert "no answer within" in found.reason
    assert gone(pid)
    monkeypatch.setattr(client, "PROBE_TIMEOUT", 120.0)
    assert isinstance(worker.probe([str(clip)])[0], MediaInfo)


def test_a_worker_that_cannot_start_says_so(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong interpreter is an error with its path."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    (found,) = MediaWorker().probe([str(clip)])
    assert isinstance(found, ProbeFailure)
    assert "cannot be started with '/nowhere/python'" in found.reason


def test_a_worker_that_ends_at_its_start_is_tried_once_more(
    worker: MediaWorker, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that never began with the request costs nothing if the next one does; if not, its end is told."""
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\nif [ -e "{tmp_path}/lame" ]; then exit 3; fi\n'
        f'if [ -e "{tmp_path}/tried" ]; then exec "{sys.executable}" -m resolve_engine.worker; fi\n'
        f'touch "{tmp_path}/tried"\n'
    )
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    assert isinstance(worker.probe([str(clip)])[0], MediaInfo)
    worker.close()
    (tmp_path / "lame").touch()
    (found,) = worker.probe([str(clip)])
    assert isinstance(found, ProbeFailure)
    assert "died (exit code 3)" in found.reason


def test_the_worker_ends_with_its_input(clip: Path) -> None:
    """When the engine is killed, the worker goes by itself."""
    code = textwrap.dedent(f"""
        import os, signal
        from resolve_engine.worker.client import MediaWorker
        worker = MediaWorker.shared()
        worker.probe([{str(clip)!r}])
        print(worker.pid(), flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=child_environment(),
                         check=False, timeout=60)  # fmt: skip
    assert run.returncode == -signal.SIGKILL
    assert gone(int(run.stdout))


def test_a_normal_end_takes_the_worker_along_quietly(clip: Path) -> None:
    """No process is left and nothing is said on standard error."""
    code = f"from resolve_engine.worker.client import MediaWorker as M; w = M.shared(); w.probe([{str(clip)!r}]);"
    run = subprocess.run([sys.executable, "-c", code + "print(w.pid())"], capture_output=True, text=True,
                         env=child_environment(), check=False, timeout=60)  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert gone(int(run.stdout))


def test_what_is_printed_stays_out_of_the_replies(clip: Path, tmp_path: Path) -> None:
    """A library that writes on descriptor 1 reaches standard error, and the replies stay whole."""
    (tmp_path / "sitecustomize.py").write_text(
        "import os, sys, atexit\n"
        "class Noise:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'resolve_engine.worker.service':\n"
        "            os.write(1, b'noise\\n'); print('more noise', flush=True)\n"
        "        return None\n"
        "sys.meta_path.insert(0, Noise())\n"
    )
    environment = child_environment()
    environment["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{environment['PYTHONPATH']}"
    process = subprocess.Popen([sys.executable, "-m", "resolve_engine.worker"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)  # fmt: skip
    request = f'{{"id": 1, "do": "probe", "path": "{clip}"}}\n'.encode()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(request)
    process.stdin.flush()
    assert process.stdout.readline().startswith(b'{"id": 1, "begun": true')
    line = process.stdout.readline()
    _, errors = process.communicate(timeout=60)
    assert line.startswith(b'{"id": 1, "ok": true')
    assert b"noise" in errors


def test_the_api_process_stays_small() -> None:
    """Asking for formats, or importing the client, loads neither FFmpeg nor NumPy nor OpenColorIO."""
    code = textwrap.dedent("""
        import sys
        import resolve_engine.worker.client, resolve_engine.render.job, resolve_engine.render.formats
        import resolve_engine.render.support, resolve_engine.media.sequence
        print(sorted({"av", "numpy", "PyOpenColorIO", "PIL"} & set(sys.modules)))
    """)
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=child_environment(),
                         check=True, timeout=60)  # fmt: skip
    assert run.stdout.strip() == "[]"


def test_one_door_to_ffmpeg() -> None:
    """No file outside of `av_safe` imports PyAV, so no file can go round its rules."""
    root = Path(client.__file__).parents[1]
    strangers = [
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if "av_safe" not in path.parts
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip().split(" ")[:2] in (["import", "av"], ["from", "av"]) or line.strip().startswith("from av.")
    ]
    assert strangers == []
