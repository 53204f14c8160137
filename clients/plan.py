"""What one session does, so that both languages do the same and the runner knows what to find in the file."""

from __future__ import annotations

RATE = 25
"""Frames per second of picture, timeline and film alike."""
PICTURE = (320, 180)
"""Width and height; small, since the protocol is tried here and not the render."""
PICTURE_FRAMES = 50
SOUND_RATE = 48000
SHOTS = ((0, 20), (25, 40))
"""Source frames [start, end) of the two shots, one behind the other."""
FILM_FRAMES = sum(end - start for start, end in SHOTS)
"""What the rendered file must hold."""
