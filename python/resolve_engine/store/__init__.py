"""Projects on disk: one SQLite file per database, one row per object."""
