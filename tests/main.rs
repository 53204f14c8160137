//! One test binary for the built server.
