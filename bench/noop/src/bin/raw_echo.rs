//! The least that can answer a tool call: one thread, a line in, a line out, no MCP library.

use std::io::{self, BufRead, Write};

use serde_json::{Value, json};

fn answer(method: &str, params: &Value) -> Value {
    match method {
        "initialize" => json!({
            "protocolVersion": params["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": "raw-echo", "version": "0"},
        }),
        "tools/list" => json!({"tools": [{"name": "noop", "inputSchema": {"type": "object"}}]}),
        "tools/call" => json!({"content": [{"type": "text", "text": "edit"}], "isError": false}),
        _ => json!({}),
    }
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let message: Value = serde_json::from_str(&line?)?;
        let Some(id) = message.get("id") else { continue };
        let result = answer(message["method"].as_str().unwrap_or_default(), &message["params"]);
        let mut reply = serde_json::to_vec(&json!({"jsonrpc": "2.0", "id": id, "result": result}))?;
        reply.push(b'\n');
        out.write_all(&reply)?;
        out.flush()?;
    }
    Ok(())
}
