//! The MCP server for DaVinci Resolve: what may be asked, over the actors that do it. This package alone knows rmcp.

pub mod advice;
pub mod api_call;
pub mod arguments;
pub mod error;
#[cfg(feature = "conformance")]
pub mod fixtures;
pub mod http;
pub mod log;
pub mod object;
pub mod options;
pub mod progress;
pub mod reply;
pub mod schema;
pub mod serve;
pub mod server;
pub mod state_folder;
pub mod status;
pub mod stdio;
pub mod tools;
