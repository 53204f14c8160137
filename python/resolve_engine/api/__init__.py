"""Resolve's classes by Resolve's names, one file per class; what a script sees."""
