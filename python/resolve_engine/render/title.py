"""Drawing text: plain titles and subtitles, as pictures of white letters over nothing.

The font is Noto Sans, from its own package (OFL); what has no glyph in it is refused rather than drawn as boxes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy

from resolve_engine.media.av_safe import from_array
from resolve_engine.media.errors import MediaError

if TYPE_CHECKING:
    from PIL import Image, ImageFont

    from resolve_engine.media.av_safe import Picture

SIZE = {"Text": 1 / 9, "Scroll": 1 / 15}
"""Height of the letters as a share of the picture's; lower thirds and subtitles have 1/18."""
LOWER_THIRD = 1 / 18
MARGIN = 1 / 10
"""Share of the width on each side that stays free; lines that are longer are broken at blanks."""
SUBTITLE = "Subtitle"
"""The name that subtitles are drawn under: like a lower third in the middle, with a black edge, as the pictures below
are of any brightness."""
EDGE = 1 / 16
"""Width of that edge as a share of the height of the letters."""
MOST_PIXELS = 1 << 27
"""Of one line of a Text+, which is drawn as a whole before it is cut to the picture: 128 MB."""
BASE = 7 / 8
"""Where the bottom of a lower third and of a subtitle stands, as a share of the height."""


def draw_title(name: str, text: str, index: int, frames: int, width: int, height: int) -> Picture:
    """A title at one of its frames, in the timeline's size. Raises MediaError for glyphs that the font lacks.

    A scroll comes in from below with its first frame and has gone above with its last.
    """
    from PIL import Image

    font = _font(round(height * SIZE.get(name, LOWER_THIRD)))
    align = "left" if name.startswith("Left") else "right" if name.startswith("Right") else "center"
    edge = round(font.size * EDGE) if name == SUBTITLE else 0
    most = round(width * (1 - 2 * MARGIN))
    block = _block(text, font, most, align, edge)
    if name.startswith(("Left", "Right", "Middle", SUBTITLE)):
        x = {"left": round(width * MARGIN), "right": width - round(width * MARGIN) - block.width}.get(align)
        place = ((width - block.width) // 2 if x is None else x, round(height * BASE) - block.height)
    elif name == "Scroll":
        way = (height + block.height) * (index + 0.5) / max(frames, 1)
        place = ((width - block.width) // 2, round(height - way))
    else:
        place = ((width - block.width) // 2, (height - block.height) // 2)
    mask = Image.new("L", (width, height))
    mask.paste(block, place)
    if not edge:
        return _lettered(mask)
    letters = Image.new("L", (width, height))
    letters.paste(_block(text, font, most, align, edge, filled=False), place)
    return _lettered(mask, letters)


def draw_text_plus(content: Mapping[str, Any], width: int, height: int) -> Picture:
    """A Text+ in the timeline's size, as its inputs say, which `content` has by their names; lines are never broken.

    Raises MediaError for glyphs that the font lacks and for a line too large to draw.
    """
    from PIL import Image, ImageDraw

    text, size = str(content["StyledText"]), round(content["Size"] * width)
    _check_glyphs(text)
    mask = Image.new("L", (width, height))
    if size >= 1 and text.strip():
        font = _weighted(size, content["Style"])
        longest = max(font.getlength(line) for line in text.splitlines())
        if longest * size > MOST_PIXELS:
            raise MediaError(
                f"a line of a Text+ is {longest:.0f} pixels long, which is too much to draw", "unsupported"
            )
        x, y = content["Center"]
        place = (x * width, (1 - y) * height)
        ImageDraw.Draw(mask).multiline_text(place, text, 255, font, anchor="mm", align="center")
    alpha = numpy.asarray(mask).astype(numpy.float32) * content["Opacity1"]
    shades = [numpy.full_like(alpha, 255 * content[name]) for name in ("Red1", "Green1", "Blue1")]
    return from_array(numpy.rint(numpy.stack([*shades, alpha], axis=-1)).astype(numpy.uint8), "rgba")


def text_mask(text: str, size: int, most: int) -> Image.Image:
    """Centred lines of text as an opacity picture that is just large enough; `size` is the height of the letters and
    `most` the width at which lines are broken, in pixels. Raises MediaError for glyphs that the font lacks."""
    return _block(text, _font(size), most, "center")


def _lettered(mask: Image.Image, letters: Image.Image | None = None) -> Picture:
    """A picture that is opaque where the mask is: white, or with letters white in them and black around."""
    alpha = numpy.asarray(mask)
    shade = numpy.full_like(alpha, 255) if letters is None else numpy.asarray(letters)
    return from_array(numpy.stack([shade, shade, shade, alpha], axis=-1), "rgba")


def _block(
    text: str, font: ImageFont.FreeTypeFont, most: int, align: str, edge: int = 0, filled: bool = True
) -> Image.Image:
    """Lines of text as an opacity picture that is just large enough, with an edge of so many pixels around the letters;
    not `filled`, the edge is empty. It is drawn in both cases, as Pillow sets lines further apart for it."""
    from PIL import Image, ImageDraw

    _check_glyphs(text)
    lines = "\n".join(broken for line in text.splitlines() for broken in _broken(line, font, most))
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    left, top, right, bottom = draw.multiline_textbbox((0, 0), lines, font, align=align, stroke_width=edge)
    block = Image.new("L", (max(1, int(right - left) + 1), max(1, int(bottom - top) + 1)))
    around = 255 if filled else 0
    ImageDraw.Draw(block).multiline_text(
        (-left, -top), lines, 255, font, align=align, stroke_width=edge, stroke_fill=around
    )
    return block


def _broken(line: str, font: ImageFont.FreeTypeFont, most: int) -> list[str]:
    """A line, broken at blanks where it is wider than there is room; one long word stays whole."""
    found: list[str] = []
    row = ""
    for word in line.split(" "):
        longer = f"{row} {word}" if row else word
        if row and font.getlength(longer) > most:
            found.append(row)
            row = word
        else:
            row = longer
    return [*found, row]


def _check_glyphs(text: str) -> None:
    lacking = sorted({character for character in text if not character.isspace() and not _has_glyph(character)})
    if lacking:
        shown = ", ".join(repr(character) for character in lacking[:10])
        raise MediaError(f"the font of titles and subtitles has no glyph for {shown}", "unsupported")


@lru_cache(maxsize=4096)
def _has_glyph(character: str) -> bool:
    font = _font(40)
    return bytes(font.getmask(character)) != bytes(font.getmask("\uffff"))


@lru_cache(maxsize=16)
def _weighted(size: int, style: str) -> ImageFont.FreeTypeFont:
    """The font in one of its weights; not shared with those who take it as it is."""
    from PIL import ImageFont

    folder = files("fontpkg_noto_sans") / "files"
    font = ImageFont.truetype(str(folder / "NotoSans[wdth,wght].ttf"), size)
    font.set_variation_by_name(style)
    return font


@lru_cache(maxsize=16)
def _font(size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    folder = files("fontpkg_noto_sans") / "files"
    return ImageFont.truetype(str(folder / "NotoSans[wdth,wght].ttf"), max(size, 4))
