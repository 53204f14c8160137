"""Which Resolve the engine answers as: its build, its edition, and what that hides or changes.

Chosen once, by the environment, before the first call; a process never changes it. What differs between builds is read
here and nowhere else, so that the rest of the engine asks for a behaviour and not for a number.
"""

from __future__ import annotations

import os
from functools import lru_cache

from resolve_engine.errors import StoreError

VARIABLE = "RESOLVE_ENGINE_VERSION"
"""Names the build, `21.1`, and the edition where it is not Studio, `21.1-free`; the newest Studio without it."""

BUILDS: dict[str, tuple[int, int, int, int]] = {
    "19.1": (19, 1, 3, 7),
    "20.3": (20, 3, 2, 9),
    "21.0": (21, 0, 3, 7),
    "21.1": (21, 1, 0, 14),
}
"""The builds by the name that chooses them: those that most of what is known was observed on."""

FREE = "-free"


class Build:
    """One Resolve."""

    __slots__ = ("number", "studio")

    def __init__(self, number: tuple[int, int, int, int], studio: bool) -> None:
        self.number = number
        self.studio = studio

    def has(self, since: str) -> bool:
        """Whether something that first came with a version, such as `21.0.4`, is there."""
        return self.number >= tuple(int(part) for part in since.split("."))

    @property
    def product(self) -> str:
        """Its name."""
        return "DaVinci Resolve Studio" if self.studio else "DaVinci Resolve"

    # What was seen to differ; each is a fact in the catalogue.

    @property
    def replacing_renames_a_clip(self) -> bool:
        """ReplaceClip gives the clip the name of its new file (`pool.replace-renames`, `pool.replace-name-21`)."""
        return not self.has("21.1")

    @property
    def sync_settings_have_names(self) -> bool:
        """AutoSyncAudio takes its settings by names; else by constants alone (`pool.autosync-keys`)."""
        return self.has("21.1")

    @property
    def keyframe_mode_is_readable(self) -> bool:
        """GetKeyframeMode answers a number; None in every recording of 19.1.3.7 (`app.keyframe-mode-none`)."""
        return self.has("20.0")

    @property
    def has_photo_page(self) -> bool:
        """The eighth page (`app.photo-page`)."""
        return self.has("21.0")

    @property
    def layouts_need_no_window(self) -> bool:
        """Layouts are saved and loaded where there is no window (`app.layouts`, `app.layout-headless-21`)."""
        return not self.has("21.1")

    @property
    def source_end_is_inclusive(self) -> bool:
        """GetSourceEndFrame names the last frame also at equal rates, where it once named the one after.

        21.0.3.7 was seen on the old side (`item.source-end`) and 21.1.1.10 on the new one (`item.source-end-21`);
        nobody measured a build between them, and 21.1.0.14 is taken for the newer.
        """
        return self.has("21.1")

    @property
    def sound_items_have_properties(self) -> bool:
        """Volume and pan of a sound item are properties; before, it had none (`item.props-audio`)."""
        return self.has("21.1")

    @property
    def renders_subtitles(self) -> bool:
        """ExportSubtitle has an effect; 19.1 takes it and does nothing (`render.subtitles-ignored`)."""
        return self.has("20.2")

    @property
    def empty_tracks_are_none(self) -> bool:
        """The items of an empty track read as None (`tl.empty-track-none`, seen on 21.1 alone); before, a list without
        any, which the vendor's own sample scripts go through without asking."""
        return self.has("21.1")

    @property
    def generators_have_colors(self) -> bool:
        """A generator or a title takes a clip colour; 19.1.3.7 answered True and kept none (`item.color-generator`)."""
        return self.has("20.0")

    @property
    def shown_take_is_refused(self) -> bool:
        """AddTake of what is shown changes nothing; 19.1.3.7 made it take 1 and said False (`item.take-add`)."""
        return self.has("20.0")

    @property
    def unsaved_projects_can_be_deleted(self) -> bool:
        """DeleteProject takes a project that SaveProject never saved; not so in the recordings of 19.1.3.7."""
        return self.has("20.0")

    @property
    def otio_finds_clips_of_the_pool(self) -> bool:
        """An OTIO file's items link to clips of the media pool; they were offline before (`io.otio-offline`)."""
        return self.has("21.1")

    @property
    def otio_wants_media_that_is_not_in_the_pool(self) -> bool:
        """With importSourceClips, an OTIO file whose media the pool has already is refused (`io.otio-in-pool`)."""
        return self.has("21.1")

    @property
    def otio_wants_media_in_place(self) -> bool:
        """An OTIO file whose media lie elsewhere now is refused (`io.relink`); seen on 19.1 alone."""
        return not self.has("20.0")

    @property
    def imports_lose_labels(self) -> bool:
        """Timelines from files come without markers and colours (`io.roundtrip-rich`); seen on 19.1 alone."""
        return not self.has("20.0")

    @property
    def drt_links_to_the_pool(self) -> bool:
        """A DRT with importSourceClips False uses the clips that the media pool has (`io.drt-links-21`)."""
        return self.has("21.1")


@lru_cache(maxsize=1)
def build() -> Build:
    """The Resolve that this process answers as. Raises StoreError when the environment names one that is not known."""
    wanted = os.environ.get(VARIABLE) or next(reversed(BUILDS))
    name = wanted.removesuffix(FREE)
    if name not in BUILDS:
        raise StoreError(
            f"{VARIABLE} is {wanted!r}; the engine answers as {', '.join(BUILDS)}, each also with {FREE} behind it"
        )
    return Build(BUILDS[name], studio=not wanted.endswith(FREE))
