//! The interpreter host as a library.
