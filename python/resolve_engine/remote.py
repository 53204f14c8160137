"""The one Python type of all API objects, and what happens when a method of one is called.

A handle carries the class, an id and the number of the opening of the project it came from; it finds its object anew
on every call. So a handle of another project, or of something deleted, is stale and answers None to everything.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from resolve_engine import failure
from resolve_engine.errors import USUAL, Refusal, StoreError

if TYPE_CHECKING:
    from resolve_engine.api.application import Application

TYPE_MODULE = "BlackmagicFusion"
"""The module that Resolve's own type names."""

APP_LEVEL = 0
"""The opening of objects that belong to no project."""

_calls_made = 0


def calls_made() -> int:
    """How many methods were called in this process. With Resolve each is a round trip to another process."""
    return _calls_made


_set = object.__setattr__

NAMED = {("FusionTool", "Name"): "TOOLS_Name", ("FusionTool", "ID"): "TOOLS_RegID"}
"""Attributes of objects of Fusion that are no methods, by what GetAttrs calls them."""


class PyRemoteObject:
    """A Resolve object. Any name that does not begin with two underscores is an attribute; unknown ones are None."""

    __slots__ = ("engine_class", "engine_key", "engine_opening")
    engine_class: str
    engine_key: str
    engine_opening: int

    def __init__(self, class_name: str, key: str = "", opening: int = APP_LEVEL) -> None:
        _set(self, "engine_class", class_name)
        _set(self, "engine_key", key)
        _set(self, "engine_opening", opening)

    def __setattr__(self, name: str, value: Any) -> None:
        """Inputs of a Fusion tool are set so, too; whether there is such an input is not told, as in Fusion."""
        if self.engine_class != "FusionTool":
            raise AttributeError(f"a {self.engine_class} has no attribute that can be set")
        call(self, "SetInput", (name, value), {})

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # Python's own protocols ask for these; None would be taken for a method
        return _attribute(self, name)

    def __dir__(self) -> list[str]:
        from resolve_engine.api.surface import listed

        return sorted([*listed(self.engine_class), "Print"])

    def __repr__(self) -> str:
        # The address is made from the identity, so that two handles of one object print alike.
        address = hash(self) & 0xFFFFFFFFFFFF
        return f"{self.engine_class} (0x{address:012X}) [App: 'Resolve' on 127.0.0.1, UUID: {_application_id()}]"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PyRemoteObject):
            return NotImplemented
        return (
            self.engine_class == other.engine_class
            and self.engine_key == other.engine_key
            and self.engine_opening == other.engine_opening
        )

    def __hash__(self) -> int:
        return hash((self.engine_class, self.engine_key, self.engine_opening))


PyRemoteObject.__module__ = TYPE_MODULE


class RemoteMethod:
    """A method of an API object, bound to it."""

    __slots__ = ("_name", "_target")

    def __init__(self, target: PyRemoteObject, name: str) -> None:
        self._target = target
        self._name = name

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return call(self._target, self._name, args, kwargs)

    def __repr__(self) -> str:
        return f"<method {self._target.engine_class}.{self._name}>"


RemoteMethod.__module__ = TYPE_MODULE


def _attribute(target: PyRemoteObject, name: str) -> Any:
    from resolve_engine.api import surface

    if name in surface.listed(target.engine_class) or name == "Print":
        return RemoteMethod(target, name)
    if target.engine_class == "Resolve":
        return surface.constants().get(name)
    if (target.engine_class, name) in NAMED:
        return call(target, "GetAttrs", (NAMED[target.engine_class, name],), {})
    return None


def _application_id() -> str:
    from resolve_engine.api.application import current

    app = current()
    return app.id if app else ""


def call(target: PyRemoteObject, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a method: its answer is stored on disk before it is given; a refusal changes nothing."""
    from resolve_engine import unsupported
    from resolve_engine.api import application, surface
    from resolve_engine.api.classes import implementation
    from resolve_engine.emulated import build

    global _calls_made
    _calls_made += 1
    failure.clear()
    if name == "Print":
        print(target)
        return None
    app = application.current()
    class_name = target.engine_class
    if app is None or target.engine_opening not in (APP_LEVEL, app.opening):
        failure.note(f"this {class_name} belongs to a project or a connection that was closed")
        return None
    chosen = implementation(class_name)
    function: Callable[..., Any] | None = getattr(chosen, name, None) if chosen else None
    try:
        if not build().studio and surface.needs_studio(class_name, name):
            raise Refusal(
                f"{class_name}.{name} needs DaVinci Resolve Studio, and the engine answers as the free edition"
            )
        if chosen is None or function is None:
            reason = unsupported.reason(class_name, name)
            sentence = unsupported.SENTENCES.get(f"{class_name}.{name}", USUAL)
            raise Refusal(f"the engine does not support {class_name}.{name}: {reason}", answer=sentence)
        bound = chosen(app, target.engine_key)
        if not bound.alive:
            failure.note(f"this {class_name} was deleted")
            return None
        answer = function(bound, *_taken(function, class_name, name, args, kwargs), **kwargs)
        if application.current() is app:
            app.flush()
    except Refusal as refusal:
        _undo(app)
        failure.note(refusal.reason)
        if refusal.answer is not USUAL:
            return refusal.answer
    except StoreError as error:
        failure.note(str(error))
        _undo(app)
    except Exception as error:  # noqa: BLE001 - a fault of the engine must not end the host; it is told, not hidden
        import traceback  # half a megabyte that a session without faults need not have

        traceback.print_exc(file=sys.stderr)
        failure.note(f"engine error: {type(error).__name__}: {error}")
        _undo(app)
    except BaseException:
        _undo(app)
        raise
    else:
        return answer
    return surface.failure_value(class_name, name)


def _undo(app: Application) -> None:
    """Take back what the call changed. If even that fails, the application ends rather than go on with changes that are
    not stored; the next `scriptapp` opens the database again."""
    from resolve_engine.api import application

    try:
        if application.current() is app:
            app.roll_back()
    except StoreError as error:
        application.abandon()
        failure.note(f"the engine has stopped: {error}")


def _taken(
    function: Callable[..., Any], class_name: str, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[Any, ...]:
    """The arguments by position that a method takes. What is beyond them is left out, for public scripts rely on it:
    `GrabStill(frame)`. Whoever wants to hear of it asks the server, which holds a call to its row.

    Too few are refused, so that a TypeError inside an implementation stays a fault of the engine.
    """
    code = function.__code__
    most = code.co_argcount - 1
    named = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    takes_any = bool(code.co_flags & 0x04)
    least = most - len(function.__defaults__ or ())
    unknown = [key for key in kwargs if key not in named]
    if unknown:
        raise Refusal(f"{class_name}.{name} has no argument {unknown[0]!r}")
    given = len(args) + len(kwargs)
    if given < least:
        wanted = f"{least} or more" if takes_any else f"{least}" if least == most else f"{least} to {most}"
        raise Refusal(f"{class_name}.{name} takes {wanted} arguments, not {given}")
    for key in kwargs:
        if code.co_varnames.index(key) <= min(len(args), most):
            raise Refusal(f"{class_name}.{name} got the argument {key!r} twice")
    required = set(code.co_varnames[1 : least + 1]) - set(code.co_varnames[1 : len(args) + 1]) - set(kwargs)
    if required:
        raise Refusal(f"{class_name}.{name} needs the argument {sorted(required)[0]!r}")
    return args if takes_any else args[:most]
