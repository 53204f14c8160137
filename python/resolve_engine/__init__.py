"""The headless engine: answers DaVinci Resolve's scripting API and does the work on real files."""
