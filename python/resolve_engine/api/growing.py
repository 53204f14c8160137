"""Clips whose files are still being written: looked at again whenever a call uses them, until they stop growing."""

from __future__ import annotations

import os
import time

from resolve_engine import failure
from resolve_engine.api.base import ApiClass
from resolve_engine.api.media_pool_import import probed
from resolve_engine.errors import Refusal
from resolve_engine.model import ingest
from resolve_engine.model.clip import Clip
from resolve_engine.model.project import Project

INTERVAL_S = 1.0
"""Between two looks at one file: a recorder writes all the time, and a script asks often."""
STILL_S = 30.0
"""A file that nobody has written to for so long has stopped growing; recorders write several times a second."""

_looked: dict[str, float] = {}
"""When each growing clip's file was last looked at, on the monotonic clock."""


class GrowingMethods(ApiClass):
    """The method of a clip about a file that grows. There is no thread behind it: nobody sees a clip but by a call."""

    def MonitorGrowingFile(self) -> bool:
        clip = self.project.clips[self.key]
        if clip.media is None or clip.offline or clip.media["kind"] not in ("video", "audio"):
            raise Refusal(f"{clip.name!r} has no file that is there and can grow")
        if ingest.stretch(clip) is not None:
            raise Refusal(f"{clip.name!r} is a part of its file, and a part does not grow")
        if not os.path.isfile(clip.path):
            raise Refusal(f"the file {clip.path!r} is not there")
        clip.growing = True
        _looked.pop(clip.id, None)
        look(self.project, clip)
        return True


def look(project: Project, clip: Clip) -> None:
    """Take in what was written to a growing clip's file since the last look; at most one look in INTERVAL_S."""
    now = time.monotonic()
    if not clip.growing or now - _looked.get(clip.id, -INTERVAL_S) < INTERVAL_S:
        return
    _looked[clip.id] = now
    media = clip.media
    try:
        status = os.stat(clip.path)
    except OSError:
        failure.note(f"the growing file {clip.path!r} is not there at the moment")
        return
    if media is not None and (status.st_size, status.st_mtime) != (media["size"], media["modified"]):
        try:
            found = probed(clip.path)
            ingest.grow(project, clip, found)
        except Refusal as refusal:  # half a packet, or an index that is not there yet: the next look finds more
            failure.note(refusal.reason)
    if time.time() - status.st_mtime > STILL_S:
        clip.growing = False
        _looked.pop(clip.id, None)
