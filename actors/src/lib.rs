//! The actors.

pub mod error;
pub mod operation;
pub mod session;
