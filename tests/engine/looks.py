"""What tests about looks share: a picture with the colours of a real one, LUT files, and reading pictures back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy
from bench.material import noise_planes
from generate import still
from numpy.typing import NDArray

from resolve_engine.api import application

Array = NDArray[numpy.float64]


def scene(size: tuple[int, int] = (320, 180), seed: int = 7) -> NDArray[numpy.uint8]:
    """A picture with the statistics of a photograph: energy that falls with frequency, related channels, black and
    white in it, and a few saturated colours."""
    width, height = size
    light, warm, cool = noise_planes(numpy.random.default_rng(seed), width, height, 1 / width)
    rgb = numpy.stack([light + 0.35 * (warm - 0.5), light, light + 0.35 * (cool - 0.5)], axis=-1)
    rgb = (rgb - 0.15) / 0.7
    for index, colour in enumerate([(0.9, 0.1, 0.1), (0.1, 0.8, 0.2), (0.1, 0.2, 0.9), (1, 1, 1), (0, 0, 0)]):
        rgb[height // 2 : height // 2 + 20, 20 + 40 * index : 50 + 40 * index] = colour
    return (numpy.clip(rgb, 0, 1) * 255 + 0.5).astype(numpy.uint8)


def bend(rgb: Array) -> Array:
    """A look with crosstalk: no three curves make it."""
    mixed: Array = numpy.stack([rgb[:, 0] ** 0.9, 0.8 * rgb[:, 1] + 0.2 * rgb[:, 0], rgb[:, 2] ** 1.2], axis=-1)
    return mixed


def scene_file(path: Path, size: tuple[int, int] = (320, 180), seed: int = 7) -> Path:
    """The picture as a PNG file."""
    return still(path, scene(size, seed), "rgb24")


def photo_cut(project: Any, folder: Path, size: tuple[int, int] = (320, 180)) -> Any:
    """The picture on a timeline of its own size, with the playhead on it; the item."""
    project.SetSetting("timelineResolutionWidth", str(size[0]))
    project.SetSetting("timelineResolutionHeight", str(size[1]))
    pool = project.GetMediaPool()
    timeline = pool.CreateTimelineFromClips("scene", pool.ImportMedia([str(scene_file(folder / "photo.png", size))]))
    assert timeline.SetCurrentTimecode("01:00:00:00") is True
    return timeline.GetItemListInTrack("video", 1)[0]


def pixels_of(path: Path | str) -> Array:
    """A picture file as height x width x RGB from 0 to 1."""
    with av.open(str(path)) as container:
        frame: Any = next(iter(container.decode(video=0)))
    name = frame.format.name
    if name in ("gbrpf32le", "gbrpf16le"):
        return numpy.asarray(frame.reformat(format="gbrpf32le").to_ndarray(), numpy.float64)
    if name in ("rgb48le", "rgb48be"):
        return numpy.asarray(frame.to_ndarray(), numpy.float64) / 65535
    if name.startswith("gbrp10"):
        planes = [numpy.frombuffer(plane, ">u2" if name.endswith("be") else "<u2") for plane in frame.planes]
        green, blue, red = (
            plane.reshape(frame.height, -1)[:, : frame.width].astype(numpy.float64) / 1023 for plane in planes
        )
        return numpy.stack([red, green, blue], axis=-1)
    return numpy.asarray(frame.reformat(format="rgb24").to_ndarray(), numpy.float64) / 255


def psnr(shown: Array, expected: Array) -> float:
    """Peak signal to noise ratio in dB of pictures from 0 to 1; 120 for equal ones."""
    error = float(((shown - expected) ** 2).mean())
    return 120.0 if error < 1e-12 else -10 * float(numpy.log10(error))


def cube_text(size: int, function: Callable[[Array], Array]) -> str:
    """A .cube file of a function from N x RGB to N x RGB."""
    steps = numpy.linspace(0, 1, size)
    blue, green, red = numpy.meshgrid(steps, steps, steps, indexing="ij")
    rows = function(numpy.stack([red, green, blue], axis=-1).reshape(-1, 3))
    return f"LUT_3D_SIZE {size}\n" + "".join(f"{r:.7f} {g:.7f} {b:.7f}\n" for r, g, b in rows)


def install_lut(project: Any, name: str, content: str) -> str:
    """Put a LUT below the LUT folder and have it found; its name."""
    path = application.start().home / "LUT" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    assert project.RefreshLUTList() is True
    return name


def shown(project: Any, folder: Path, form: str = "tif") -> Array:
    """The frame at the playhead, of 16 bits unless the form says otherwise."""
    path = folder / f"shown.{form}"
    assert project.ExportCurrentFrameAsStill(str(path)) is True
    return pixels_of(path)


def asc(rgb: Array, slope: Any = 1.0, offset: Any = 0.0, power: Any = 1.0, saturation: float = 1.0) -> Array:
    """The ASC formula without holding values to 0 to 1, written down here anew."""
    value = rgb * numpy.asarray(slope) + numpy.asarray(offset)
    value = numpy.where(value > 0, numpy.abs(value) ** numpy.asarray(power), value)
    luma = value @ numpy.array([0.2126, 0.7152, 0.0722])
    result: Array = luma[..., None] + saturation * (value - luma[..., None])
    return result
