"""The methods of the media pool that bring files in, link them again or take them offline."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from typing import Any

from resolve_engine import failure
from resolve_engine.api import arguments
from resolve_engine.api.base import ApiClass
from resolve_engine.errors import Refusal
from resolve_engine.model import captions, ingest
from resolve_engine.model.clip import Clip
from resolve_engine.remote import PyRemoteObject

MOST_FILES = 20_000
"""Of one import; a folder with more is a mistake such as the root of a disk."""

SEQUENCE_KEYS = ("FilePath", "StartIndex", "EndIndex")

SEQUENCE_LABEL = re.compile(r"(?P<stem>.*)\[(?P<first>\d{1,12})-(?P<last>\d{1,12})\](?P<tail>\.[^./\\]+)", re.DOTALL)
"""How a sequence reads as one path: `shot_[0001-0024].png`."""

Request = str | dict[str, Any]
"""What the media worker is asked to look into, in its own terms."""


class ImportMethods(ApiClass):
    """Files go to the current folder. What cannot be read is skipped; why is kept as the reason of the call."""

    def ImportMedia(self, clipInfos: Any) -> list[PyRemoteObject]:
        """A list, or one path or clip info alone, as public programs pass it."""
        entries = [clipInfos] if isinstance(clipInfos, str | dict) else arguments.listing(clipInfos, "the paths")
        requests: list[Request] = []
        for entry in entries:
            requests.extend(self._requests(entry))
        return [self.clip_handle(clip) for clip in self.import_requests(requests)]

    def import_requests(self, requests: list[Request]) -> list[Clip]:
        """Probe and take in what can be read, in the order of the requests, subtitles among media too."""
        if not requests:
            failure.note("nothing to import was found")
            return []
        if len(requests) > MOST_FILES:
            raise Refusal(f"{len(requests)} files are more than the {MOST_FILES} that one import takes")
        from resolve_engine.media.info import ProbeFailure
        from resolve_engine.worker.client import MediaWorker

        made = []
        media = iter(MediaWorker.shared().probe([one for one in requests if not _subtitle_path(one)]))
        for request in requests:
            if path := _subtitle_path(request):
                try:
                    made.append(self._subtitles(path))
                except Refusal as refusal:
                    failure.note(refusal.reason)
            elif isinstance(found := next(media), ProbeFailure):
                failure.note(found.reason)
            else:
                made.append(ingest.new_clip(self.project, found.to_json(), time.time()))
        return made

    def _subtitles(self, path: str) -> Clip:
        """A clip that holds the subtitles of a file."""
        from resolve_engine.interchange import subtitle_file

        try:
            if not os.path.isfile(path):  # opening a pipe would block for ever
                raise Refusal(f"{path!r} is no file")
            with open(path, "rb") as file:
                data = file.read(subtitle_file.MOST_BYTES + 1)
            found = subtitle_file.read(data)
        except OSError as error:
            raise Refusal(f"{path!r} cannot be read: {(error.strerror or str(error)).lower()}") from error
        except Refusal as refusal:
            raise Refusal(f"{path!r} was not imported: {refusal.reason}") from refusal
        return captions.new_clip(self.project, path, os.path.getmtime(path), found, time.time())

    def _requests(self, entry: Any) -> Iterator[Request]:
        if isinstance(entry, dict):
            yield sequence_request(entry)
            return
        yield from path_requests(arguments.path(entry, "a path"))

    def RelinkClips(self, clips: Any, folderPath: Any) -> bool:
        """Each clip whose file is missing is looked for by its name below the folder; True when one was found."""
        wanted = [self.given_clip(clip) for clip in arguments.listing(clips, "the clips")]
        folder = arguments.path(folderPath, "the folder")
        if not os.path.isdir(folder):
            raise Refusal(f"{folder!r} is no folder")
        places = {name: os.path.join(where, name) for where, _, names in os.walk(folder) for name in names}
        found = 0
        for clip in wanted:
            path = clip.path
            name = os.path.basename(path)
            if path and name in places and (clip.offline or not os.path.exists(path)):
                self._replace_media(clip, places[name])
                found += 1
        if not found:
            raise Refusal("no file of these clips was found there, or none of them is offline")
        return True

    def UnlinkClips(self, clips: Any) -> bool:
        gone = [self.given_clip(clip) for clip in arguments.listing(clips, "the clips")]
        if not gone or any(clip.media is None for clip in gone):
            raise Refusal("only clips that come from files can be taken offline")
        for clip in gone:
            clip.offline = True
        return True

    def _replace_media(self, clip: Clip, path: str) -> None:
        ingest.replace_media(self.project, clip, probed(path), ingest.stretch(clip))


def _subtitle_path(request: Request) -> str:
    """The path of a file of subtitles, which the media worker is not asked about; '' for anything else."""
    path = request if isinstance(request, str) else str(request.get("path", ""))
    return path if path.lower().endswith(captions.EXTENSIONS) else ""


def probed(path: str) -> dict[str, Any]:
    """What is in one file, as plain data; a sequence by its label (`shot_[0001-0024].png`)."""
    from resolve_engine.media.info import ProbeFailure
    from resolve_engine.worker.client import MediaWorker

    requests = list(path_requests(path))
    if len(requests) != 1:
        raise Refusal(f"{path!r} is {len(requests)} files; name one")
    (found,) = MediaWorker.shared().probe(requests)
    if isinstance(found, ProbeFailure):
        raise Refusal(found.reason)
    return found.to_json()


def replace_media(api: ApiClass, clip: Clip, path: str) -> None:
    """Put another file behind a clip; it must be at least as long as what timelines use of the old one."""
    ingest.replace_media(api.project, clip, probed(path))


def sequence_request(entry: dict[str, Any]) -> Request:
    """What to ask for a dict with a numbered path and its first and last number."""
    given = arguments.table(entry, "the clip info")
    for key in given:
        if key not in SEQUENCE_KEYS:
            raise Refusal(f"{key!r} is no key of a clip info; the keys are {', '.join(SEQUENCE_KEYS)}")
    path = arguments.path(given.get("FilePath"), "FilePath")
    if "StartIndex" not in given and "EndIndex" not in given:
        return {"path": path, "sequence": False}
    return {
        "pattern": path,
        "first": arguments.whole(given.get("StartIndex"), "StartIndex", low=0),
        "last": arguments.whole(given.get("EndIndex"), "EndIndex", low=0),
    }


def path_requests(path: str) -> Iterator[Request]:
    """What to ask for a path: a file stands for itself, a folder for everything below it with its image sequences
    folded into one clip each, and the label of a sequence (`shot_[0001-0024].png`) for that sequence."""
    from resolve_engine.media import sequence

    if not os.path.isdir(path):
        label = SEQUENCE_LABEL.fullmatch(path) if not os.path.exists(path) else None
        if label is None:
            yield {"path": path, "sequence": False}
        else:
            digits = f"0{len(label['first'])}" if label["first"].startswith("0") else ""
            pattern = f"{label['stem']}%{digits}d{label['tail']}"
            yield {"pattern": pattern, "first": int(label["first"]), "last": int(label["last"])}
        return
    count = 0
    for folder, folders, names in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        folded: set[str] = set()
        for run in sequence.in_folder(folder):
            folded.update(os.path.basename(run.file(index)) for index in range(run.frames))
            yield run.file(0)
        for name in sorted(names):
            if name.startswith(".") or name in folded:
                continue
            count += 1
            if count > MOST_FILES:
                raise Refusal(f"{path!r} holds more than the {MOST_FILES} files that one import takes")
            yield {"path": os.path.join(folder, name), "sequence": False}
