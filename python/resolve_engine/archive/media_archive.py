"""A project with its media: a folder named `….dra` with `project.drp`, `archive.json` and `media/`.

`archive.json` names for every clip (and its proxy) the file's place in `media/` and the SHA-256 of each file, so that a
restored project is known to show what was archived.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from resolve_engine import whole_file
from resolve_engine.archive import package, project_file
from resolve_engine.archive.package import PackageError
from resolve_engine.media import sequence
from resolve_engine.model.clip import Clip
from resolve_engine.model.project import Project

BLOCK = 1 << 20
"""Bytes copied at a time: large enough that the disk, not Python, sets the pace."""
FORMAT = "resolve-engine archive"


def archive(project: Project, path: str, media: bool, proxies: bool, with_luts: bool = True) -> None:
    """Write an archive; the folder gets its name when everything is in it. Raises PackageError."""
    if os.path.exists(path):
        raise PackageError(f"{path!r} exists already; choose another name")
    partial = whole_file.beside(path)
    try:
        os.makedirs(partial)
        project_file.export(project, os.path.join(partial, "project.drp"), with_luts)
        clips: dict[str, dict[str, Any]] = {}
        number = 0
        for clip in project.clips.values():
            wanted = [("media", clip.media if media else None), ("proxy", clip.proxy if proxies else None)]
            for role, found in wanted:
                if found is None or not files_of(found):
                    continue
                number += 1
                folder = f"media/{number:04d}"
                sums = {}
                os.makedirs(os.path.join(partial, folder))
                for source in files_of(found):
                    name = os.path.basename(source)
                    sums[name] = copy(source, os.path.join(partial, folder, name))
                clips.setdefault(clip.id, {})[role] = {"folder": folder, "files": sums}
        with open(os.path.join(partial, "archive.json"), "w", encoding="utf-8") as file:
            json.dump({"format": FORMAT, "version": 1, "clips": clips}, file, indent=1)
        os.rename(partial, path)
    except (OSError, ValueError) as error:
        shutil.rmtree(partial, ignore_errors=True)
        raise PackageError(f"{path!r} cannot be written: {getattr(error, 'strerror', None) or error}") from error
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise


def restore(path: str, folder: str, name: Callable[[str], str], now: float) -> tuple[Project, dict[str, bytes]]:
    """The project of an archive, its clips linked to the media in it, and its LUTs. Raises PackageError."""
    try:
        with open(os.path.join(path, "archive.json"), encoding="utf-8") as file:
            listing = json.load(file)
        if listing.get("format") != FORMAT or listing.get("version") != 1:
            raise PackageError(f"{path!r} was written by another version of the engine")
        clips: Mapping[str, Mapping[str, Any]] = listing["clips"]
        for entry in clips.values():
            for place in entry.values():
                _verify(path, place)
    except PackageError:
        raise
    except OSError as error:
        raise PackageError(f"{path!r} is no archive of a project: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise PackageError(f"{path!r} is damaged: {type(error).__name__}: {error}") from error
    found = package.read(os.path.join(path, "project.drp"), "project")
    project = project_file.build(found, folder, name(found.name), now)
    for id, entry in clips.items():
        clip = project.clips.get(id)
        if clip is not None:
            _link(clip, path, entry)
    return project, found.luts


def _link(clip: Clip, path: str, entry: Mapping[str, Any]) -> None:
    for role, place in entry.items():
        media = clip.media if role == "media" else clip.proxy
        if media is None:
            continue
        name = os.path.basename(media["path"].replace("\\", "/"))
        moved = {**media, "path": os.path.join(path, *place["folder"].split("/"), name)}
        if role == "media":
            clip.media = moved
            clip.offline = False
        else:
            clip.proxy = moved


def _verify(path: str, place: Mapping[str, Any]) -> None:
    parts = place["folder"].split("/")
    if len(parts) != 2 or parts[0] != "media" or not parts[1].isdigit():
        raise ValueError(f"the folder {place['folder']!r} is outside the archive")
    for name, checksum in place["files"].items():
        if os.path.basename(name) != name:
            raise ValueError(f"the file {name!r} is outside the archive")
        if file_checksum(os.path.join(path, *parts, name)) != checksum:
            raise PackageError(f"{name!r} in the archive {path!r} is damaged: it has another checksum")


def files_of(media: Mapping[str, Any]) -> list[str]:
    """The files behind a clip's media that exist: one, or every frame of a sequence."""
    if media["kind"] != "sequence":
        return [media["path"]] if os.path.isfile(media["path"]) else []
    run = sequence.from_shown(
        media["path"], media["sequence_first"], media["video"]["frames"], media["sequence_digits"]
    )
    return [path for path in (run.file(index) for index in range(run.frames)) if os.path.isfile(path)]


def copy(source: str, target: str) -> str:
    """Copy a file to disk; its SHA-256, taken from what was read."""
    sum = hashlib.sha256()
    with open(source, "rb") as reading, open(target, "xb") as writing:
        for block in _blocks(reading):
            sum.update(block)
            writing.write(block)
        writing.flush()
        os.fsync(writing.fileno())
    shutil.copystat(source, target)
    return sum.hexdigest()


def file_checksum(path: str) -> str:
    """The SHA-256 of a file."""
    sum = hashlib.sha256()
    with open(path, "rb") as reading:
        for block in _blocks(reading):
            sum.update(block)
    return sum.hexdigest()


def _blocks(file: Any) -> Iterator[bytes]:
    while block := file.read(BLOCK):
        yield block
