//! A small HTTP client over the built server: one request per connection, and every wait bounded.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, ChildStdin};
use std::sync::mpsc::channel;
use std::time::Instant;

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::client::{PATIENCE, Start, body_of};
use crate::ended::Ended;

/// What the servers of these tests ask for.
pub const TOKEN: &str = "the-token-of-the-tests";

/// A server that listens. Dropping it kills it and everything that it started.
pub struct Http {
    child: Child,
    stdin: Option<ChildStdin>,
    home: TempDir,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it said on stderr, up to the two lines that tell how to connect.
    pub announced: Vec<String>,
}

impl Http {
    /// Starts a server at a free port, with the token of these tests.
    pub fn start(start: Start) -> Self {
        Self::listening(start.arg("--http").arg("127.0.0.1:0").arg("--http-token").arg(TOKEN))
    }

    /// Starts a server that is told by its arguments where to listen and whom to let in.
    pub fn listening(start: Start) -> Self {
        let (mut command, home) = start.into_parts();
        let mut child = command.spawn().expect("the server starts");
        let stderr = child.stderr.take().expect("stderr is piped");
        let (sender, said) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                eprintln!("server: {line}");
                // Whoever listened may have heard enough.
                drop(sender.send(line));
            }
        });
        let mut announced = Vec::new();
        let mut address = None;
        while address.is_none() || announced.len() < 2 {
            let line: String = said.recv_timeout(PATIENCE).expect("the server says where it listens");
            if let Some((_, url)) = line.split_once("listening on http://") {
                address = url.strip_suffix("/mcp").and_then(|address| address.parse().ok());
            }
            announced.push(line);
        }
        let stdin = child.stdin.take();
        let address = address.expect("an address was said");
        Self { child, stdin, home, address, announced }
    }

    /// The folder of this server.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The server's process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Closes its stdin.
    pub fn end_input(&mut self) {
        self.stdin = None;
    }

    /// Waits for the server to leave after it was asked to at `asked`.
    pub fn wait_for_end(&mut self, asked: Instant) -> Ended {
        Ended::of(&mut self.child, asked)
    }

    /// A connection on which nothing was said yet.
    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server accepts");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket takes a timeout");
        stream
    }

    /// Sends the head and the body as they are, and reads the answer to its end.
    pub fn exchange(&self, head: &str, body: &[u8]) -> Response {
        let mut stream = self.connect();
        stream.write_all(head.as_bytes()).expect("the server reads");
        stream.write_all(body).expect("the server reads");
        Response::read(stream)
    }

    /// Posts JSON with the token and what else a client sends; `headers` come on top, or instead where they have
    /// the same name.
    pub fn post(&self, headers: &[(&str, &str)], body: &Json) -> Response {
        let body = body.to_string();
        let head = self.head("POST", headers, body.len());
        self.exchange(&head, body.as_bytes())
    }

    /// The head of a request with a body of this length, as a client sends it.
    pub fn head(&self, method: &str, headers: &[(&str, &str)], length: usize) -> String {
        let (host, key) = (self.address.to_string(), format!("Bearer {TOKEN}"));
        let length = length.to_string();
        let usual = [
            ("Host", host.as_str()),
            ("Authorization", &key),
            ("Accept", "application/json, text/event-stream"),
            ("Content-Type", "application/json"),
            ("Content-Length", &length),
            ("Connection", "close"),
        ];
        let given = |name: &str| headers.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
        let kept = usual.iter().filter(|(name, _)| !given(name)).chain(headers);
        // A header without a value is left out.
        let lines: String = kept
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        format!("{method} /mcp HTTP/1.1\r\n{lines}\r\n")
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
        #[cfg(target_os = "linux")]
        for left in crate::client::alive_with_home(self.home.path()) {
            crate::client::signal(left, "KILL");
        }
    }
}

/// What a server answered.
#[derive(Debug)]
pub struct Response {
    /// The number of its status.
    pub status: u16,
    headers: Vec<(String, String)>,
    /// The body, taken out of its chunks.
    pub body: String,
}

impl Response {
    /// Reads to the end of the connection.
    pub fn read(stream: TcpStream) -> Self {
        let mut stream = BufReader::new(stream);
        let mut line = || {
            let mut line = String::new();
            stream.read_line(&mut line).expect("the server answers");
            line.trim_end().to_owned()
        };
        let first = line();
        let status = first.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.unwrap_or_else(|| panic!("not an answer of HTTP: {first}"));
        let mut headers = Vec::new();
        loop {
            let line = line();
            let Some((name, value)) = line.split_once(": ") else { break };
            headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut response = Self { status, headers, body: String::new() };
        let chunked = response.header("transfer-encoding") == Some("chunked");
        response.body = if chunked {
            unchunked(&mut stream)
        } else {
            let mut body = String::new();
            stream.read_to_string(&mut body).expect("the body is text");
            body
        };
        response
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// The answer in it: the body, or the last event of the stream that it is.
    pub fn message(&self) -> Json {
        let text = match self.header("content-type") {
            Some("text/event-stream") => {
                let mut events = self.body.lines().filter_map(|line| line.strip_prefix("data: "));
                events.rfind(|data| !data.is_empty()).unwrap_or_default()
            }
            _ => &self.body,
        };
        serde_json::from_str(text)
            .unwrap_or_else(|_| panic!("{} is not a message: {}", self.status, self.body))
    }
}

/// The text of chunks up to the empty one that ends them.
fn unchunked(stream: &mut BufReader<TcpStream>) -> String {
    let mut body = Vec::new();
    loop {
        let mut size = String::new();
        stream.read_line(&mut size).expect("a chunk has a size");
        let size = usize::from_str_radix(size.trim(), 16).expect("a size is a number");
        let mut chunk = vec![0; size + 2];
        stream.read_exact(&mut chunk).expect("a chunk is whole");
        if size == 0 {
            return String::from_utf8(body).expect("the body is text");
        }
        body.extend_from_slice(&chunk[..size]);
    }
}

/// A client of one of the eras.
pub struct Session<'a> {
    http: &'a Http,
    /// The id of a session; `None` in the era without.
    pub id: Option<String>,
    version: String,
    next_id: std::cell::Cell<u64>,
}

impl<'a> Session<'a> {
    /// Opens a session with this version, as clients up to 2025-11-25 do.
    pub fn open(http: &'a Http, version: &str) -> Self {
        let mut session = Self { http, id: None, version: version.to_owned(), next_id: 1.into() };
        let params = json!({
            "protocolVersion": version,
            "capabilities": {},
            "clientInfo": {"name": "tests", "version": "1"}
        });
        let response =
            session.send(&json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}));
        assert_eq!(version, response.message()["result"]["protocolVersion"], "{response:?}");
        session.id = response.header("mcp-session-id").map(str::to_owned);
        assert!(session.id.is_some(), "a session has an id: {response:?}");
        let ready = session.send(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
        assert_eq!(202, ready.status);
        session
    }

    /// A client of the era without sessions.
    pub fn none(http: &'a Http) -> Self {
        Self { http, id: None, version: "2026-07-28".to_owned(), next_id: 1.into() }
    }

    /// Posts a message with the headers of its era.
    pub fn send(&self, message: &Json) -> Response {
        let mut headers = vec![("MCP-Protocol-Version", self.version.as_str())];
        headers.extend(self.id.as_deref().map(|id| ("Mcp-Session-Id", id)));
        if self.version == "2026-07-28" {
            headers.push(("Mcp-Method", message["method"].as_str().unwrap_or_default()));
            let named = |key: &str| message["params"][key].as_str();
            headers.extend(named("name").or_else(|| named("uri")).map(|name| ("Mcp-Name", name)));
        }
        self.http.post(&headers, message)
    }

    /// The message of a request in this client's era.
    pub fn message(&self, method: &str, mut params: Json) -> Json {
        if self.version == "2026-07-28" {
            params["_meta"] = json!({
                "io.modelcontextprotocol/protocolVersion": self.version,
                "io.modelcontextprotocol/clientInfo": {"name": "tests", "version": "1"},
                "io.modelcontextprotocol/clientCapabilities": {}
            });
        }
        let id = self.next_id.get() + 1;
        self.next_id.set(id);
        json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
    }

    /// The result of a request.
    pub fn request(&self, method: &str, params: Json) -> Json {
        let message = self.message(method, params);
        let mut answer = self.send(&message).message();
        assert_eq!(message["id"], answer["id"], "{answer}");
        assert!(answer.get("error").is_none(), "an error of the protocol: {answer}");
        answer["result"].take()
    }

    /// What a tool answered that must succeed.
    pub fn call(&self, tool: &str, arguments: Json) -> Json {
        let result = self.request("tools/call", json!({"name": tool, "arguments": arguments}));
        let body = body_of(&result);
        assert_eq!(Some(false), result["isError"].as_bool(), "{tool} failed: {body}");
        body
    }
}
