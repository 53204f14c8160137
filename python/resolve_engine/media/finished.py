"""What a rendered file really holds: `python -m resolve_engine.media.finished PATH` prints it as one line of JSON.

A render is called complete by Resolve at times when its file is cut off, its sound ends early or all of it is black.
The file is opened in a process of its own, as every file is that might end a decoder.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import numpy

from resolve_engine.media.av_safe.pictures import Picture, packed_rgb
from resolve_engine.media.errors import MediaError
from resolve_engine.media.info import MediaInfo, ProbeFailure
from resolve_engine.media.probe import probe
from resolve_engine.media.reader import FilmReader, StillReader

LOOKS = 9
"""Frames that are looked at, evenly spaced with the first and the last: a film whose picture failed is black in all."""


def finished(path: str) -> dict[str, Any]:
    """What is in a file: `video` (frames, rate, width, height), `audio` (seconds of each stream), and `brightest`, the
    largest component of the frames that were looked at, 0 to 255. `{error}` where it cannot be read."""
    info = probe(path)
    if isinstance(info, ProbeFailure):
        return {"error": info.reason}
    found: dict[str, Any] = {"video": None, "audio": []}
    found["audio"] = [stream.samples / stream.sample_rate for stream in info.audio if stream.sample_rate]
    if info.video is None:
        return found
    rate = info.video.rate
    found["video"] = {
        "frames": info.video.frames,
        "rate": rate[0] / rate[1],
        "width": info.video.width,
        "height": info.video.height,
    }
    try:
        found["brightest"], found["looked_at"] = _brightest(info)
    except MediaError as error:
        return {"error": str(error)}
    return found


def _brightest(info: MediaInfo) -> tuple[int, int]:
    video = info.video
    if video is None:
        return 0, 0
    if info.kind != "video":
        return _peak(StillReader(info.path).read(0)), 1
    places = sorted({round(place * (video.frames - 1) / (LOOKS - 1)) for place in range(LOOKS)})
    reader = FilmReader(info.path, video.stream_index)
    try:
        return max(_peak(reader.read(place)) for place in places), len(places)
    finally:
        reader.close()


def _peak(picture: Picture) -> int:
    return int(numpy.frombuffer(packed_rgb(picture.reformat(format="rgb24")), numpy.uint8).max())


if __name__ == "__main__":
    print(json.dumps(finished(sys.argv[1])))
