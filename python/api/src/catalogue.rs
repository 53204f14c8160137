//! The catalogue: one row per method, read from the files in `classes/`.
