"""Subtitles as files: SubRip (`.srt`) and WebVTT (`.vtt`), read and written. Times are whole milliseconds."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from resolve_engine.errors import Refusal
from resolve_engine.model.captions import Caption

MOST_BYTES = 16 << 20
"""Of a file; the subtitles of a day are a twentieth of it."""
MOST_CAPTIONS = 100_000


_TIME = r"(?:(\d{1,4}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_CUE = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_MARKS = re.compile(r"</?(?:[biu]|font|c|v|lang|ruby|rt)(?:[ .][^>]*)?>|<\d[\d:.]*>|\{\\[^}]*\}", re.IGNORECASE)
_HEADER = "WEBVTT"


def read(data: bytes) -> list[Caption]:
    """The subtitles of a file, in order of their starts. Raises Refusal with the reason."""
    if len(data) > MOST_BYTES:
        raise Refusal(f"the file has {len(data)} bytes, and subtitles are read up to {MOST_BYTES}")
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"the subtitles are not in UTF-8 (byte {error.start}); save the file as UTF-8") from error
    lines = text.splitlines()
    web = bool(lines) and lines[0].startswith(_HEADER)
    cues = [(number, match) for number, line in enumerate(lines) if (match := _CUE.match(line))]
    if not cues:
        raise Refusal("the file holds no subtitle: no line has two times with --> between them")
    if len(cues) > MOST_CAPTIONS:
        raise Refusal(f"the file holds {len(cues)} subtitles, more than the {MOST_CAPTIONS} that are taken")
    found = []
    for place, (number, match) in enumerate(cues):
        last = cues[place + 1][0] if place + 1 < len(cues) else len(lines)
        start, end = _milliseconds(match.groups()[:4]), _milliseconds(match.groups()[4:])
        if end <= start:
            raise Refusal(f"line {number + 1}: the subtitle ends before it begins")
        rest = lines[number + 1 : last]
        body = _web_body(rest) if web else _plain_body(rest, place + 1 < len(cues))
        spoken = _MARKS.sub("", "\n".join(line.rstrip() for line in body)).strip()
        if spoken:
            found.append(Caption(start, end, html.unescape(spoken) if web else spoken))
    if not found:
        raise Refusal("every subtitle of the file is empty")
    return sorted(found, key=lambda caption: caption.start)


def written_srt(captions: Iterable[Caption]) -> str:
    """SubRip; blank lines inside a subtitle, which would end it, are left out."""
    return "".join(
        f"{number}\n{_stamp(one.start, ',')} --> {_stamp(one.end, ',')}\n{_lines(one.text)}\n\n"
        for number, one in enumerate(captions, 1)
    )


def written_vtt(captions: Iterable[Caption]) -> str:
    """WebVTT."""
    cues = (
        f"{_stamp(one.start, '.')} --> {_stamp(one.end, '.')}\n{html.escape(_lines(one.text), quote=False)}\n"
        for one in captions
    )
    return "\n".join([f"{_HEADER}\n", *cues])


def _milliseconds(parts: tuple[str | None, ...]) -> int:
    hours, minutes, seconds, rest = parts
    assert minutes is not None
    assert seconds is not None
    assert rest is not None
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(rest.ljust(3, "0"))


def _stamp(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"


def _web_body(lines: list[str]) -> list[str]:
    """Up to the first empty line; notes and styles may follow."""
    return lines[: next((number for number, line in enumerate(lines) if not line.strip()), len(lines))]


def _plain_body(lines: list[str], followed: bool) -> list[str]:
    """All up to the number of the next subtitle: some programs write empty lines inside a subtitle."""
    kept = list(lines)
    if followed and kept and kept[-1].strip().isdigit() and (len(kept) == 1 or not kept[-2].strip()):
        kept.pop()
    return kept


def _lines(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip())
