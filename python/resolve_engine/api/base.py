"""What every class of the API shares: the record it stands for, and handles given and taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from resolve_engine.errors import Refusal
from resolve_engine.remote import PyRemoteObject

if TYPE_CHECKING:
    from resolve_engine.api.application import Application
    from resolve_engine.model.clip import Clip
    from resolve_engine.model.folder import Folder
    from resolve_engine.model.item import Item
    from resolve_engine.model.project import Project
    from resolve_engine.model.timeline import Timeline

T = TypeVar("T")


class ApiClass:
    """A Resolve object for the time of one call. Subclasses are the classes of the API; their methods that begin with a
    capital are Resolve's methods. A method answers, or raises Refusal, which takes back whatever it changed.

    What a method does is documented in the catalogue (`python/api/classes`); docstrings here say what the engine adds.
    """

    __slots__ = ("app", "key")

    CLASS: ClassVar[str]
    """Resolve's name of the class."""

    def __init__(self, app: Application, key: str) -> None:
        """`key` is the id that the handle carries; '' for an object of which there is one."""
        self.app = app
        self.key = key

    @property
    def alive(self) -> bool:
        """Whether the object still exists; a handle of the open project is asked only this."""
        return True

    @property
    def project(self) -> Project:
        """The open project."""
        return self.app.project

    def handle(self, class_name: str, key: str = "") -> PyRemoteObject:
        """A handle of an object of the open project."""
        return PyRemoteObject(class_name, key, self.app.opening)

    def folder_handle(self, folder: Folder) -> PyRemoteObject:
        """A handle of a media pool folder."""
        return self.handle("Folder", folder.id)

    def clip_handle(self, clip: Clip) -> PyRemoteObject:
        """A handle of a clip."""
        return self.handle("MediaPoolItem", clip.id)

    def timeline_handle(self, timeline: Timeline) -> PyRemoteObject:
        """A handle of a timeline."""
        return self.handle("Timeline", timeline.id)

    def item_handle(self, item: Item) -> PyRemoteObject:
        """A handle of a timeline item."""
        return self.handle("TimelineItem", item.id)

    def given(self, value: Any, class_name: str, among: dict[str, T], what: str) -> T:
        """The record behind a handle that was passed as an argument."""
        if not isinstance(value, PyRemoteObject) or value.engine_class != class_name:
            raise Refusal(f"{what} must be a {class_name}, not {type_name(value)}")
        record = among.get(value.engine_key) if value.engine_opening == self.app.opening else None
        if record is None:
            raise Refusal(f"{what} is gone or belongs to another project")
        return record

    def given_folder(self, value: Any, what: str = "the folder") -> Folder:
        """The media pool folder behind an argument."""
        return self.given(value, "Folder", self.project.folders, what)

    def given_clip(self, value: Any, what: str = "the clip") -> Clip:
        """The clip behind an argument."""
        clip = self.given(value, "MediaPoolItem", self.project.clips, what)
        if clip.growing:
            from resolve_engine.api.growing import look

            look(self.project, clip)
        return clip

    def given_timeline(self, value: Any, what: str = "the timeline") -> Timeline:
        """The timeline behind an argument."""
        return self.given(value, "Timeline", self.project.timelines, what)

    def given_item(self, value: Any, what: str = "the timeline item") -> Item:
        """The timeline item behind an argument."""
        return self.given(value, "TimelineItem", self.project.items, what)


def type_name(value: Any) -> str:
    """What a value is, in words for a message."""
    if isinstance(value, PyRemoteObject):
        return f"a {value.engine_class}"
    return "None" if value is None else f"a value of type {type(value).__name__}"
