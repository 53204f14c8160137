"""Timelines as files that other programs read."""
