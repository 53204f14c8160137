//! An rmcp server on stdio whose one tool does nothing.

use rmcp::{ServiceExt, tool, tool_router, transport::stdio};

#[derive(Clone)]
struct Noop;

#[tool_router(server_handler)]
impl Noop {
    #[tool(description = "does nothing")]
    fn noop(&self) -> String {
        "edit".into()
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        Noop.serve(stdio()).await?.waiting().await?;
        Ok(())
    })
}
