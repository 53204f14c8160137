"""What a rendered file holds is read from the file, whatever the render said of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from generate import film

from resolve_engine.media.finished import finished


def test_a_film_tells_its_frames_its_size_and_its_light(tmp_path: Path) -> None:
    """Frames, rate and size are those of the file; a picture with something on it is not black."""
    path = tmp_path / "film.mp4"
    film(str(path), 24, 48)

    found = finished(str(path))

    assert found["video"] == {"frames": 48, "rate": 24.0, "width": 320, "height": 180}
    assert found["brightest"] > 100
    assert found["looked_at"] == 9


def test_what_is_no_film_says_so(tmp_path: Path) -> None:
    """A file that cannot be read is an error with its reason, on one line of JSON, and no traceback."""
    path = tmp_path / "film.mp4"
    path.write_bytes(b"nothing of a film")

    asked = [sys.executable, "-m", "resolve_engine.media.finished", str(path)]
    line = subprocess.run(asked, capture_output=True, text=True, check=True, timeout=60).stdout

    assert "error" in json.loads(line)
