"""Filter graphs: built for pictures of a known signature, never fed another."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import av
from av.filter.graph import Graph

from resolve_engine.media.av_safe.pictures import Picture, Signature, signature, tag
from resolve_engine.media.errors import MediaError

if TYPE_CHECKING:
    from av.filter.context import FilterContext


FilterStep: TypeAlias = tuple[str, dict[str, object]]
"""A filter's name and its arguments."""

_AT_ONCE = 8
"""Floats that FFmpeg's filters take at a time. The memory of a picture of ours ends with its last row: behind an odd
one `lut3d` finds what is no number, and ends the process. A copy that FFmpeg makes has room for eight in each row."""

PLACING = threading.Lock()
"""Held while a picture is given its time and pushed into a graph: one that is read and one that is put together may be
the same, and belong to graphs of two threads."""


class PictureGraph:
    """A graph with one or more picture inputs and one output.

    Inputs are numbered in the order of `signatures`. `add` puts a filter behind other nodes and answers its number;
    `finish` closes the graph. After that `run` takes one picture for each input and answers the one that comes out.
    """

    def __init__(self, signatures: Sequence[Signature], threads: int = 1) -> None:
        self._graph = Graph()
        self._graph.threads = threads
        self.signatures = tuple(signatures)
        self._nodes: list[FilterContext] = [
            self._graph.add("buffer", form.buffer_arguments) for form in self.signatures
        ]
        self._inputs = list(self._nodes)
        for number, form in enumerate(self.signatures):
            if "f32" in form.format and form.width % _AT_ONCE:
                self._nodes[number] = self._graph.add("copy")
                self._inputs[number].link_to(self._nodes[number])
        self._sink: FilterContext | None = None
        self._count = 0

    def add(self, name: str, arguments: Mapping[str, object], *inputs: int) -> int:
        """Put a filter behind the nodes with these numbers (its pads in order); answers the new node's number.

        Arguments go to FFmpeg as names and values, so that no path needs escaping.
        """
        try:
            node = self._graph.add(name, **{key: str(value) for key, value in arguments.items()})
            for pad, number in enumerate(inputs):
                self._nodes[number].link_to(node, 0, pad)
        except (ValueError, OSError, av.error.FFmpegError) as error:
            raise MediaError(f"the filter {name} with {dict(arguments)} cannot be built: {error}") from error
        self._nodes.append(node)
        return len(self._nodes) - 1

    def chain(self, start: int, filters: Sequence[FilterStep]) -> int:
        """Put filters one behind the other; answers the number of the last."""
        for name, arguments in filters:
            start = self.add(name, arguments, start)
        return start

    def finish(self, last: int) -> None:
        """Close the graph behind a node."""
        try:
            self._sink = self._graph.add("buffersink")
            self._nodes[last].link_to(self._sink)
            self._graph.configure()
        except (ValueError, OSError, av.error.FFmpegError) as error:
            raise MediaError(f"a picture of {self.signatures} cannot be filtered: {error}") from error

    def accepts(self, frames: Sequence[Picture]) -> bool:
        """Whether the graph was built for these pictures, which must be tagged."""
        return len(frames) == len(self.signatures) and all(
            signature(frame) == form for frame, form in zip(frames, self.signatures, strict=True)
        )

    def run(self, frames: Sequence[Picture]) -> Picture:
        """Filter one picture of each input."""
        if self._sink is None:
            raise MediaError("a filter graph was used before it was finished")
        tagged = [tag(frame) for frame in frames]
        if not self.accepts(tagged):
            raise MediaError("a picture changed its size or format on the way to a filter graph")
        with PLACING:
            for node, frame in zip(self._inputs, tagged, strict=True):
                frame.pts = self._count
                node.push(frame)
        self._count += 1
        result: Any = self._sink.pull()
        if not isinstance(result, Picture):
            raise MediaError("a filter graph answered something that is no picture")
        return result
