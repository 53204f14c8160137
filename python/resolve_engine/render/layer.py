"""Making one layer of one item: the filters from its source picture to the canvas, built once and kept."""

from __future__ import annotations

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
    is_subsampled,
    is_upright,
    plane_view,
    relabelled,
    samples_of,
    signature,
    tag,
)
from resolve_engine.media.errors import MediaError
from resolve_engine.render import coverage
from resolve_engine.render.blend import MIXTURES, MODES
from resolve_engine.render.canvas import LayerPicture
from resolve_engine.render.codes import Part, parts_of_planes, parts_of_samples, steps_of
from resolve_engine.render.exact import ExactGrade
from resolve_engine.render.finish import multiplied
from resolve_engine.render.geometry import Canvas, Placement, Sizing, place
from resolve_engine.render.layer_steps import (
    BORDER,
    FLOAT,
    FLOAT_ALPHA,
    SIXTEEN,
    UPSIDE_DOWN,
    graded_steps,
    is_between_matrices,
    is_final,
    is_shallow,
    is_turned,
    last_steps,
    turn,
    turned_for_display,
    turned_steps,
    with_whole_chroma,
)
from resolve_engine.render.levels import ACCURATE, opaque_level, siting, to_format, white_level
from resolve_engine.render.lookup import Lookup, Lookups, widened
from resolve_engine.render.sampling import Sampler
from resolve_engine.render.support import RESIZE_FILTERS, unsupported

if TYPE_CHECKING:
    from collections.abc import Callable
    from fractions import Fraction

    from resolve_engine.render.span import Between
    from resolve_engine.render.spec import ItemSpec, NodeSpec


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
        self._sampler: tuple[tuple[Between, Between], Sampler] | None = None
        """The latest one, and what it was made for."""
        self._turned: tuple[tuple[Between, Between], coverage.Floats] | None = None
        """What the latest one that is turned covers."""
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
        turned = is_turned(placement)
        own = "rgba" if turned else picture.format.name
        if turned:
            level = white_level(own)
        clear = turned or placement.partial or has_alpha(own)
        made = self._made(picture, placement, FLOAT_ALPHA if clear else FLOAT, level, last)
        found = LayerPicture(
            planes=(plane_view(made, 0), plane_view(made, 1), plane_view(made, 2)),
            alpha=plane_view(made, 3) / numpy.float32(opaque_level(own)) if clear else None,
            premultiplied=turned,
            level=level if self._exact[last] or self._cube(picture.format.name, level, last) else white_level(own),
            place=placement.place,
            opacity=placement.opacity,
            blend=self._blend,
            mixture=self._mixture,
        )
        if not turned or placement.between is None:
            return found
        return found.within(self._covered(placement), has_alpha(picture.format.name))

    def _covered(self, placement: Placement) -> coverage.Floats:
        """What a layer covers that is sampled between pixels and turned."""
        assert placement.between is not None
        if self._turned is None or self._turned[0] != placement.between:
            self._turned = placement.between, coverage.turned(placement)
        return self._turned[1]

    def codes(self, picture: Picture, placement: Placement, below: Picture) -> list[Part] | None:
        """The layer as what it lays on the planes of the picture below, of which `takes_codes` holds; None for one that
        has to be laid down in floats."""
        own, to = picture.format.name, below.format.name
        turned = is_turned(placement)
        clear = has_alpha(own) or (placement.partial and not turned)
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
            upright, between = replace(placement, rotation=0.0), placement.between
            cube = self._cube(picture.format.name, white_level(to), False)
            if between is None:
                flat = self._run(picture, "vuya", lambda: self._steps(picture, upright, "vuya", cube))
            else:
                white = white_level(picture.format.name)
                wide = self._flat(picture, placement, "vuya")
                flat = self._run(wide, "vuya", lambda: [*graded_steps(cube, white), *to_format("vuya")])
            bordered = relabelled(flat, "rgba", BORDER)
            whole = self._run(bordered, "turn", lambda: [("rotate", turn(placement))])
            red, blue, luma, alpha = samples_of(whole)
            if between is None:
                return parts_of_samples((luma, blue, red), alpha, True, place, steps)
            return parts_of_samples((luma, blue, red), self._covered(placement) * 255, False, place, steps)
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
        exact, own = self._exact[last], picture.format.name
        lookup = self._lookup(picture, placement, pixel_format) if last and level is None else None
        if lookup is not None:
            result = lookup.run(picture)
        elif exact is None and placement.between is None and not (is_turned(placement) and has_alpha(own)):
            cube = self._cube(own, white, last)
            result = self._run(picture, purpose, lambda: self._steps(picture, placement, pixel_format, cube))
        else:
            result = self._by_steps(picture, placement, pixel_format, purpose, white, last)
        self._last = (picture, purpose, result)
        return result

    def _by_steps(
        self, picture: Picture, placement: Placement, pixel_format: str, purpose: str, white: float, last: bool
    ) -> Picture:
        """The layer through floats: sampled between pixels, graded one by one, or turned with its alpha."""
        exact, own = self._exact[last], picture.format.name
        flat = self._flat(picture, placement, purpose)
        if exact is not None:
            graded, steps = exact.run(flat, white_level(own), white), []
        else:
            graded, steps = flat, graded_steps(self._cube(own, white, last), white_level(own))
        if is_turned(placement) and has_alpha(flat.format.name):
            straight = self._run(graded, f"{purpose} straight", lambda: steps or [("null", {})])
            graded, steps = multiplied(straight, opaque_level(own)), []
        return self._run(graded, purpose, lambda: [*steps, *last_steps(placement, pixel_format)])

    def _flat(self, picture: Picture, placement: Placement, purpose: str) -> Picture:
        """The layer in floats, neither graded nor turned."""
        wide = FLOAT_ALPHA if has_alpha(picture.format.name) else FLOAT
        upright, between = replace(placement, rotation=0.0), placement.between
        if between is None:
            return tag(self._run(picture, f"{purpose} flat", lambda: self._steps(picture, upright, wide, None)))
        window = replace(
            upright, scaled=upright.window[2:], cut=(0, 0, *upright.window[2:]), flip_x=False, flip_y=False
        )
        whole = self._run(picture, "window", lambda: self._steps(picture, window, wide, None))
        if self._sampler is None or self._sampler[0] != between:
            self._sampler = between, Sampler(placement, between, self._kernel)
        return self._sampler[1].run(whole, opaque_level(picture.format.name))

    def _lookup(self, picture: Picture, placement: Placement, pixel_format: str) -> Lookup | None:
        """The table that grades a whole picture of this kind; None where there is none."""
        if self._lookups is None or placement.between is not None:
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
        located = siting(own, -picture.rotation % 360)
        steps = self._placed(picture, placement, widened(**located, **({} if same else self._scale(placement))))
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
        in_float = in_float or is_between_matrices(picture, pixel_format)
        white = white_level(picture.format.name)
        if cube and folds(white) and is_shallow(picture.format.name) and is_shallow(pixel_format):
            wide = SIXTEEN
        apart = (placement.flip_x or placement.rotation % 180 == 90) and is_subsampled(pixel_format)
        first = wide if in_float else with_whole_chroma(pixel_format) if apart else pixel_format
        unchanged = placement.window[2:] == placement.scaled and is_final(picture, first)
        located = siting(picture.format.name, -picture.rotation % 360)
        scaler = [] if unchanged else to_format(first, **located, **self._scale(placement))
        steps = self._placed(picture, placement, scaler)
        steps += graded_steps(cube, white)
        if in_float:
            return steps + last_steps(placement, pixel_format)
        last = to_format(pixel_format) if apart else []
        return [*steps, *turned_steps(placement), *last] or [("null", {})]

    def _scale(self, placement: Placement) -> dict[str, object]:
        """The arguments of the scaler."""
        kernel, _, parameters = self._kernel.partition(":")
        extra = dict(part.split("=") for part in parameters.split(":")) if parameters else {}
        return {"w": placement.scaled[0], "h": placement.scaled[1], "flags": f"{kernel}+{ACCURATE}", **extra}

    def _placed(self, picture: Picture, placement: Placement, scaler: list[FilterStep]) -> list[FilterStep]:
        """Display rotation, window, the scaler's steps, flips, cut."""
        turn = -picture.rotation % 360
        steps = turned_for_display(turn)
        width, height = (picture.height, picture.width) if turn in (90, 270) else (picture.width, picture.height)
        x, y, across, down = placement.window
        if (x, y, across, down) != (0, 0, width, height):
            steps.append(("crop", {"x": x, "y": y, "w": across, "h": down}))
        steps += scaler
        if placement.flip_x:
            steps.append(("hflip", {}))
        if placement.flip_y:
            steps += UPSIDE_DOWN
        cut = placement.cut
        if cut != (0, 0, *placement.scaled):
            steps.append(("crop", {"x": cut[0], "y": cut[1], "w": cut[2], "h": cut[3], "exact": 1}))
        return steps
