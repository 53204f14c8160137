"""Damaged variants of a file: cut off, changed, mixed up, and of text with numbers and tags that make no sense."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

VARIANTS = 200
"""Of each kind of file."""

ODD_NUMBERS = (b"-1", b"0", b"99999999999999999999", b"1e308", b"NaN", b"", b"0.3333333333", b"1/0")
_NUMBER = re.compile(rb"\d+(?:\.\d+)?")
_TAG = re.compile(rb"<[^<>]{1,200}>|\"[^\"]{1,60}\"\s*:")


def variants(whole: bytes, chance: random.Random, count: int = VARIANTS) -> Iterator[bytes]:
    """Cut off, bytes changed, a hole, two halves swapped, random rubbish behind an intact head, nothing at all."""
    yield b""
    yield b"\0" * len(whole)
    for number in range(count - 2):
        data = bytearray(whole)
        where = chance.randrange(len(data))
        if number % 5 == 0:
            yield bytes(data[:where])
        elif number % 5 == 1:
            for _ in range(chance.randrange(1, 30)):
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
            yield bytes(data)
        elif number % 5 == 2:
            yield bytes(data[:where] + data[where + chance.randrange(1, 400) :])
        elif number % 5 == 3:
            yield bytes(data[where:] + data[:where])
        else:
            head = min(where, 4096)
            yield bytes(data[:head]) + chance.randbytes(len(data) - head)


def text_variants(whole: bytes, chance: random.Random, count: int = VARIANTS) -> Iterator[bytes]:
    """Half of them as above; the others are well formed for the most part, with odd numbers or without some tags."""
    yield from variants(whole, chance, count // 2)
    for number in range(count - count // 2):
        places = list((_NUMBER if number % 2 else _TAG).finditer(whole))
        data = whole
        chosen = sorted(chance.sample(places, min(len(places), chance.randrange(1, 4))), key=lambda m: -m.start())
        for match in chosen:
            data = data[: match.start()] + (chance.choice(ODD_NUMBERS) if number % 2 else b"") + data[match.end() :]
        yield data
