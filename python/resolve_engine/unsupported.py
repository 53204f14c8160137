"""What the engine does not do, with the reasons; everything in Resolve's API that is not here is done."""

from __future__ import annotations

NOT_YET = "it is not built yet"
"""The reason for whatever has no reason of its own in the table below."""

REASONS: tuple[tuple[str, tuple[str, ...]], ...] = ()


def reason(class_name: str, method: str) -> str | None:
    """Why the engine does not do a method of Resolve's API, as the end of a sentence.

    None when it does, or when Resolve has no such method.
    """
    from resolve_engine.api.classes import implements
    from resolve_engine.api.surface import METHODS

    if method not in METHODS.get(class_name, {}) or implements(class_name, method):
        return None
    for text, names in REASONS:
        if f"{class_name}.{method}" in names or f"{class_name}.*" in names:
            return text
    return NOT_YET
