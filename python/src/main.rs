//! The interpreter host process.

fn main() {}
