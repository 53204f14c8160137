"""Projects and folders as files: `.drp` and `.drb` (zip files of the engine's own form), and `.dra` with the media."""
