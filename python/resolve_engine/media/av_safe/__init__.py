"""The only door to PyAV (FFmpeg). Nothing else in the package imports `av`.

FFmpeg kills the process for a handful of valid files and plain mistakes. The rules that prevent it live here:

- only regular files are opened, with the formats and protocols that we name (`opening`);
- one container belongs to one thread; it is closed by that thread;
- planar sound of eight channels and more is never looked at before a resampler made it packed (`sound`);
- a filter graph is never fed a picture of another size or format than it was built for (`graphs`);
- a filter is never used after its graph has gone: the wrapper keeps the graph (`graphs`);
- colour tags are set on YUV only, and an untagged HD picture is BT.709 (`pictures`);
- an encoder gets only a pixel format that it lists (`writing`).

Importing this package loads FFmpeg (60 ms, 30 MB): only worker and render processes do.
"""

from resolve_engine.media.av_safe.opening import Source, open_source
from resolve_engine.media.av_safe.pictures import Picture, blank, from_array, pixels, signature, tag

__all__ = ["Picture", "Source", "blank", "from_array", "open_source", "pixels", "signature", "tag"]
