//! Where an installed Resolve keeps its scripting module and library, by environment and by platform.
