"""Making one layer of one item: the filters from its source picture to the canvas, built once and kept."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy

from resolve_engine.colour.bake import acts, cube_for, folds, is_exact, joined
from resolve_engine.media.av_safe.graphs import FilterStep, PictureGraph
from resolve_engine.media.av_safe.pictures import (
    Picture,
    Signature,
    bit_depth,
    has_alpha,
    inked,
    is_jpeg,
    is_upright,
    plane_view,
    relabelled,
    samples_of,
    signature,
)
from resolve_engine.media.errors import MediaError
from resolve_engine.render.blend import MIXTURES, MODES
from resolve_engine.render.canvas import LayerPicture
from resolve_engine.render.codes import Part, parts_of_planes, parts_of_samples, steps_of
from resolve_engine.render.exact import ExactGrade
from resolve_engine.render.geometry import Canvas, Placement, Sizing, place
from resolve_engine.render.levels import ACCURATE, opaque_level, to_format, white_level
from resolve_engine.render.lookup import Lookup, Lookups, widened
from resolve_engine.render.support import RESIZE_FILTERS, unsupported

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from resolve_engine.render.spec import ItemSpec, NodeSpec

FLOAT, FLOAT_ALPHA = "gbrpf32le", "gbrapf32le"
SIXTEEN = "gbrp16le"
"""What a shallow picture is graded in for a shallow output: a fifth faster than floats, and as good to a 256th of a
code of eight bits."""
SHALLOW = 10
"""Bits up to which that is so."""
_BORDER = 2
"""Transparent pixels around a turned picture, so that its edges are smoothed; two lie within one scaler's reach."""


_UPSIDE_DOWN: list[FilterStep] = [("vflip", {}), ("copy", {})]
"""The flip alone would answer the same memory read backwards, with negative line sizes that arrays cannot follow."""


class LayerMaker:
    """Turns source pictures of one item into layers. Made for one canvas; used by one thread."""

    def __init__(
        self, item: ItemSpec, canvas: Canvas, finish: tuple[NodeSpec, ...] = (), lookups: Lookups | None = None
    ) -> None:
        """`finish` is what follows the item's grade where its layer is the whole picture; `lookups` are the tables of a
        render."""
        why = unsupported(item.properties)
        if why is not None:
            raise MediaError(f"the item {item.name!r} cannot be rendered: {why}", "unsupported")
        self._item = item
        self.blanking = item.blanking
        self._nodes = {False: joined(item.nodes), True: joined((*item.nodes, *finish))}
        """By whether the layer is the whole picture."""
        self._exact = {last: ExactGrade(nodes) if is_exact(nodes) else None for last, nodes in self._nodes.items()}
        """Where a lattice does not do."""
        self._canvas = canvas
        self._sizing = Sizing.of(item.properties)
        composite = item.properties.get("CompositeEnabled", True)
        mode = int(item.properties.get("CompositeMode", 0)) if composite else 0
        self._blend = MODES[mode][1] if mode in MODES else None
        self._mixture = MIXTURES[mode][1] if mode in MIXTURES else None
        self._kernel = RESIZE_FILTERS[int(item.properties.get("ResizeFilter", 0))]
        self._placements: dict[tuple[Signature, int], Placement | None] = {}
        self._graphs: dict[tuple[Signature, int, str], PictureGraph] = {}
        self._cubes: dict[tuple[float, float, bool], str | None] = {}
        self._lookups = lookups
        self._lookup_for: dict[tuple[Signature, int, str], Lookup | None] = {}
        self._last_codes: tuple[Picture, Placement, list[Part]] | None = None
        """The latest source picture, how it stood, and what it lays on codes."""
        self._last: tuple[Picture, str, Picture] | None = None
        """The latest source picture, what for, and what came out: a still, or a picture shown twice, costs nothing."""

    def placement(self, picture: Picture, aspect: Fraction) -> Placement | None:
        """Where a tagged source picture stands; None when nothing of it can be seen."""
        turn = -picture.rotation % 360
        key = (signature(picture), turn)
        if key not in self._placements:
            width, height, wide = picture.width, picture.height, float(aspect)
            if turn in (90, 270):
                width, height, wide = height, width, 1 / wide
            self._placements[key] = place(self._shrunk(picture), self._canvas, width, height, wide)
        return self._placements[key]

    def _shrunk(self, picture: Picture) -> Sizing:
        """The item's sizing, with a title that stands still cropped to its letters: the rest has nothing to show, and
        whole frames of nothing cost as much as pictures. Only where it is neither scaled nor turned: pixels of a part
        that is scaled stand a fraction off."""
        source, own = self._item.source, self._sizing
        still = source.kind == "generated" and source.content.get("name") != "Scroll"
        plain = (own.zoom_x, own.zoom_y, own.rotation) == (1.0, 1.0, 0.0)
        same = self._canvas.size == (picture.width, picture.height)
        box = inked(picture) if still and plain and same else None
        if box is None:
            return own
        left, top, right, bottom = box[0] // 2 * 2, box[1] // 2 * 2, picture.width - box[2], picture.height - box[3]
        return replace(
            own,
            crop_left=max(own.crop_left, left),
            crop_top=max(own.crop_top, top),
            crop_right=max(own.crop_right, right // 2 * 2),
            crop_bottom=max(own.crop_bottom, bottom // 2 * 2),
        )

    def covers(self, picture: Picture, placement: Placement) -> bool:
        """Whether the layer hides all that is below."""
        return (
            self._blend is None
            and self._mixture is None
            and placement.covers(self._canvas.size)
            and not has_alpha(picture.format.name)
        )

    def direct(self, picture: Picture, placement: Placement, pixel_format: str) -> Picture | None:
        """The layer as a whole output picture, for one that covers the canvas; None when that would not be exact."""
        source = white_level(picture.format.name)
        if not acts(self._nodes[True]) and abs(source - white_level(pixel_format)) > 1e-4:
            return None
        return self._made(picture, placement, pixel_format, None, True)

    def floats(self, picture: Picture, placement: Placement, level: float, last: bool = False) -> LayerPicture:
        """The layer as floats, whose white is `level` where it is graded and its own format's otherwise; `last` when it
        is the whole picture."""
        turned = bool(placement.rotation % 90)
        own = "rgba" if turned else picture.format.name
        if turned:
            level = white_level(own)
        clear = turned or has_alpha(own)
        made = self._made(picture, placement, FLOAT_ALPHA if clear else FLOAT, level, last)
        return LayerPicture(
            planes=(plane_view(made, 0), plane_view(made, 1), plane_view(made, 2)),
            alpha=plane_view(made, 3) / numpy.float32(opaque_level(own)) if clear else None,
            premultiplied=turned,
            level=level if self._exact[last] or self._cube(picture.format.name, level, last) else white_level(own),
            place=placement.place,
            opacity=placement.opacity,
            blend=self._blend,
            mixture=self._mixture,
        )

    def codes(self, picture: Picture, placement: Placement, below: Picture) -> list[Part] | None:
        """The layer as what it lays on the planes of the picture below, of which `takes_codes` holds; None for one that
        has to be laid down in floats."""
        own, to = picture.format.name, below.format.name
        turned, clear = bool(placement.rotation % 90), has_alpha(own)
        if self._blend is not None or self._mixture is not None or self._exact[False] is not None:
            return None
        if bit_depth(own) > 8 or picture.format.has_palette or (turned and clear) or not is_upright(picture):
            return None
        if not acts(self._nodes[False]) and abs(white_level(own) - white_level(to)) > 1e-4:
            return None
        kept, opaque = self._last_codes, replace(placement, opacity=1.0)
        if kept is None or kept[0] is not picture or kept[1] != opaque:
            parts = self._new_codes(picture, placement, below, turned, clear)
            kept = self._last_codes = (picture, opaque, parts)
        return kept[2]

    def _new_codes(
        self, picture: Picture, placement: Placement, below: Picture, turned: bool, clear: bool
    ) -> list[Part]:
        steps, place, to = steps_of(below), placement.place, below.format.name
        if turned:
            upright = replace(placement, rotation=0.0)
            cube = self._cube(picture.format.name, white_level(to), False)
            flat = self._run(picture, "vuya", lambda: self._steps(picture, upright, "vuya", cube))
            bordered = relabelled(flat, "rgba", _BORDER)
            whole = self._run(bordered, "turn", lambda: [("rotate", _turn(placement))])
            red, blue, luma, alpha = samples_of(whole)
            return parts_of_samples((luma, blue, red), alpha, True, place, steps)
        numbers = (*place, *placement.box)
        if not clear and not any(
            number % step for pair in steps for number, step in zip(numbers, pair * 2, strict=True)
        ):
            return parts_of_planes(self._made(picture, placement, to, None, False), place)
        made = self._made(picture, placement, "yuva444p" if clear else "yuv444p", None, False)
        luma, blue, red, *alphas = samples_of(made)
        return parts_of_samples((luma, blue, red), alphas[0] if clear else None, False, place, steps)

    def _cube(self, own: str, level: float, last: bool) -> str | None:
        """The grade's cube file for a source's format and a level of white in what comes out; None where it is computed
        pixel by pixel."""
        if self._exact[last]:
            return None
        white = white_level(own) if folds(white_level(own)) else 1.0
        if (white, level, last) not in self._cubes:
            self._cubes[white, level, last] = cube_for(self._nodes[last], level, white=white)
        return self._cubes[white, level, last]

    def _made(
        self, picture: Picture, placement: Placement, pixel_format: str, level: float | None, last: bool
    ) -> Picture:
        purpose = f"{pixel_format} {level} {last}"
        if self._last is not None and self._last[0] is picture and self._last[1] == purpose:
            return self._last[2]
        white = white_level(pixel_format) if level is None else level
        exact = self._exact[last]
        lookup = self._lookup(picture, placement, pixel_format) if last and level is None else None
        if lookup is not None:
            result = lookup.run(picture)
        elif exact is None:
            cube = self._cube(picture.format.name, white, last)
            result = self._run(picture, purpose, lambda: self._steps(picture, placement, pixel_format, cube))
        else:
            clear = has_alpha(picture.format.name)
            wide, upright = FLOAT_ALPHA if clear else FLOAT, replace(placement, rotation=0.0)
            flat = self._run(picture, f"{purpose} flat", lambda: self._steps(picture, upright, wide, None))
            graded = exact.run(flat, white_level(picture.format.name), white)
            result = self._run(graded, purpose, lambda: _last_steps(placement, clear, pixel_format))
        self._last = (picture, purpose, result)
        return result

    def _lookup(self, picture: Picture, placement: Placement, pixel_format: str) -> Lookup | None:
        """The table that grades a whole picture of this kind; None where there is none."""
        if self._lookups is None:
            return None
        key = (signature(picture), -picture.rotation % 360, pixel_format)
        if key not in self._lookup_for:
            self._lookup_for[key] = self._new_lookup(self._lookups, picture, placement, pixel_format)
        return self._lookup_for[key]

    def _new_lookup(self, lookups: Lookups, picture: Picture, placement: Placement, pixel_format: str) -> Lookup | None:
        own, form = picture.format.name, signature(picture)
        if not lookups.takes(self._item, own, pixel_format):
            return None
        cube = self._cube(own, white_level(pixel_format), True)
        table = lookups.table(cube, form) if cube and folds(white_level(own)) else None
        if table is None:
            return None
        same = placement.window[2:] == placement.scaled
        steps = self._placed(picture, placement, widened(**({} if same else self._scale(placement))))
        return Lookup(table, form, steps, placement.cut[2:], pixel_format)

    def _run(self, picture: Picture, purpose: str, steps: Callable[[], list[FilterStep]]) -> Picture:
        """Put a picture through the graph for its kind and a purpose, made when there is none."""
        key = (signature(picture), -picture.rotation % 360, purpose)
        graph = self._graphs.get(key)
        if graph is None:
            graph = PictureGraph([key[0]])
            graph.finish(graph.chain(0, steps()))
            self._graphs[key] = graph
        return graph.run([picture])

    def _steps(self, picture: Picture, placement: Placement, pixel_format: str, cube: str | None) -> list[FilterStep]:
        """Display rotation, window, scale, flips, cut, grade, turn."""
        clear = has_alpha(picture.format.name)
        wide = FLOAT_ALPHA if clear else FLOAT
        cut = placement.cut
        whole = cut == (0, 0, *placement.scaled)
        in_float = bool(cube) or "f32" in pixel_format or (not whole and any(number % 2 for number in cut[:2]))
        white = white_level(picture.format.name)
        if cube and folds(white) and _is_shallow(picture.format.name) and _is_shallow(pixel_format):
            wide = SIXTEEN
        first = wide if in_float else pixel_format
        unchanged = placement.window[2:] == placement.scaled and _is_final(picture, first)
        steps = self._placed(picture, placement, [] if unchanged else to_format(first, **self._scale(placement)))
        if cube:
            if not folds(white):
                steps.append(("exposure", {"exposure": -math.log2(white), "black": 0}))
            steps.append(("lut3d", {"file": cube, "interp": "tetrahedral"}))
        if in_float:
            return steps + _last_steps(placement, clear, pixel_format)
        return [*steps, *_turned(placement, clear)] or [("null", {})]

    def _scale(self, placement: Placement) -> dict[str, object]:
        """The arguments of the scaler."""
        kernel, _, parameters = self._kernel.partition(":")
        extra = dict(part.split("=") for part in parameters.split(":")) if parameters else {}
        return {"w": placement.scaled[0], "h": placement.scaled[1], "flags": f"{kernel}+{ACCURATE}", **extra}

    def _placed(self, picture: Picture, placement: Placement, scaler: list[FilterStep]) -> list[FilterStep]:
        """Display rotation, window, the scaler's steps, flips, cut."""
        turn = -picture.rotation % 360
        steps = _turned_for_display(turn)
        width, height = (picture.height, picture.width) if turn in (90, 270) else (picture.width, picture.height)
        x, y, across, down = placement.window
        if (x, y, across, down) != (0, 0, width, height):
            steps.append(("crop", {"x": x, "y": y, "w": across, "h": down}))
        steps += scaler
        if placement.flip_x:
            steps.append(("hflip", {}))
        if placement.flip_y:
            steps += _UPSIDE_DOWN
        cut = placement.cut
        if cut != (0, 0, *placement.scaled):
            steps.append(("crop", {"x": cut[0], "y": cut[1], "w": cut[2], "h": cut[3], "exact": 1}))
        return steps


def _last_steps(placement: Placement, clear: bool, pixel_format: str) -> list[FilterStep]:
    """From floats to what is asked for: turn, pixel format."""
    steps = _turned(placement, clear)
    if pixel_format not in (FLOAT, FLOAT_ALPHA):
        steps += to_format(pixel_format)
    return steps or [("null", {})]


def _is_shallow(pixel_format: str) -> bool:
    """Whether a format without alpha holds so few bits that sixteen are far more."""
    return not has_alpha(pixel_format) and bit_depth(pixel_format) <= SHALLOW


def _is_final(picture: Picture, pixel_format: str) -> bool:
    """Whether a picture already is what an output of this format holds."""
    form = signature(picture)
    wanted = ((5, 2), (6, 2)) if is_jpeg(pixel_format) else ((1, 1),)
    return form.format == pixel_format and (form.is_rgb or (form.space, form.range) in wanted)


def _turned_for_display(turn: int) -> list[FilterStep]:
    """Set a picture upright that its file says to turn clockwise by quarter turns."""
    return {
        90: [("transpose", {"dir": "clock"})],
        180: [("hflip", {}), *_UPSIDE_DOWN],
        270: [("transpose", {"dir": "cclock"})],
    }.get(turn, [])  # type: ignore[return-value]  # the literals are filter steps


def _turned(placement: Placement, clear: bool) -> list[FilterStep]:
    """RotationAngle, counter-clockwise: quarter turns move pixels, others are interpolated on eight bits."""
    if placement.rotation == 0:
        return []
    if placement.rotation == 90:
        return [("transpose", {"dir": "cclock"})]
    if placement.rotation == 270:
        return [("transpose", {"dir": "clock"})]
    _, _, width, height = placement.cut
    steps: list[FilterStep] = []
    if clear:
        steps += [*to_format("gbrap"), ("premultiply", {"inplace": 1})]
    steps += to_format("rgba")
    border = {"w": width + 2 * _BORDER, "h": height + 2 * _BORDER, "x": _BORDER, "y": _BORDER, "color": "black@0"}
    return [*steps, ("pad", border), ("rotate", _turn(placement)), *to_format(FLOAT_ALPHA)]


def _turn(placement: Placement) -> dict[str, object]:
    """The arguments of the filter that turns pictures, which leaves nothing around them."""
    return {"a": f"{-placement.rotation}*PI/180", "ow": placement.box[0], "oh": placement.box[1], "c": "black@0"}
