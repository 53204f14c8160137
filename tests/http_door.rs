//! Who is let in over HTTP: token, names and sizes, and what is refused before anything is served.

use std::io::Write;
use std::net::TcpStream;
use std::time::Instant;

use serde_json::json;

use crate::client::{PATIENCE, Start};
use crate::http_client::{Http, Response, Session, TOKEN};

/// More than one request may hold.
const TOO_LARGE: usize = 1024 * 1024 + 1;

/// As many connections as are served at once.
const CONNECTIONS: usize = 256;

fn server() -> Http {
    Http::start(Start::with_host("silent.sh"))
}

/// Everything that a status needs, but for one header.
fn status_with(http: &Http, name: &str, value: &str) -> Response {
    let session = Session::none(http);
    let message = session.message("tools/call", json!({"name": "status", "arguments": {}}));
    let headers = [
        ("MCP-Protocol-Version", "2026-07-28"),
        ("Mcp-Method", "tools/call"),
        ("Mcp-Name", "status"),
        (name, value),
    ];
    http.post(&headers, &message)
}

/// Another user of the machine can connect, and must get nothing without the token.
#[test]
fn nobody_is_let_in_without_the_token() {
    let http = server();
    let almost = format!("Bearer {}x", &TOKEN[..TOKEN.len() - 1]);
    for wrong in
        ["", "Bearer", "Bearer ", &almost, &format!("Bearer {TOKEN}x"), &format!("Basic {TOKEN}"), TOKEN]
    {
        let response = status_with(&http, "Authorization", wrong);
        assert_eq!(401, response.status, "'{wrong}'");
        let challenge = response.header("www-authenticate").expect("a challenge");
        assert!(challenge.starts_with("Bearer"), "{challenge}");
        assert!(!response.body.contains(TOKEN), "{}", response.body);
    }

    for right in [format!("Bearer {TOKEN}"), format!("bearer {TOKEN}")] {
        assert_eq!(200, status_with(&http, "Authorization", &right).status, "{right}");
    }
}

/// Two headers may be read differently by a proxy and by us, so neither counts.
#[test]
fn two_tokens_are_none() {
    let http = server();
    let key = format!("Bearer {TOKEN}");
    let twice = [("Authorization", key.as_str()), ("Authorization", key.as_str())];

    assert_eq!(401, http.post(&twice, &json!({})).status);
}

/// A page of a foreign site may have its name point at this machine; a browser then sends that name.
#[test]
fn a_foreign_host_name_is_forbidden() {
    let http = server();
    for foreign in ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example"] {
        assert_eq!(403, status_with(&http, "Host", foreign).status, "{foreign}");
    }

    // A tunnel may have another port.
    for ours in ["localhost", "LOCALHOST:1234", "127.0.0.1:9", "[::1]:7810"] {
        assert_eq!(200, status_with(&http, "Host", ours).status, "{ours}");
    }
}

/// A browser says which page asks; programs say nothing.
#[test]
fn a_foreign_origin_is_forbidden() {
    let http = server();
    for foreign in ["http://evil.example", "https://localhost.evil.example", "null", "file://", "nonsense"] {
        assert_eq!(403, status_with(&http, "Origin", foreign).status, "{foreign}");
    }

    for ours in ["", "http://localhost:6274", "http://127.0.0.1", "https://localhost", "http://[::1]:8080"] {
        let response = status_with(&http, "Origin", ours);
        assert_eq!(200, response.status, "{ours}");
        assert_eq!(None, response.header("access-control-allow-origin"), "no page may read an answer");
    }
}

/// A name of one's own is for who reaches the server through a proxy.
#[test]
fn a_host_name_that_was_named_is_let_in() {
    let start = Start::with_host("silent.sh").arg("--http-host").arg("studio.example");
    let http = Http::start(start);

    assert_eq!(200, status_with(&http, "Host", "studio.example").status);
    assert_eq!(200, status_with(&http, "Origin", "https://studio.example").status);
    assert_eq!(403, status_with(&http, "Host", "other.example").status);
}

/// A client that looks for a place to log in must learn that there is none, also before it has a token.
#[test]
fn nothing_is_anywhere_else() {
    let http = server();
    for path in ["/", "/.well-known/oauth-protected-resource", "/mcp/", "/mcpx"] {
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assert_eq!(404, http.exchange(&head, &[]).status, "{path}");
    }
}

/// A request that is too large is refused with the reason, whether it says so or not; one that is out of all
/// proportion is not even read.
#[test]
fn a_request_that_is_too_large_is_refused() {
    let http = server();
    let body = vec![b' '; TOO_LARGE];
    let said = http.exchange(&http.head("POST", &[], TOO_LARGE), &body);
    assert_eq!(413, said.status);
    assert!(said.body.contains("1048576"), "{}", said.body);
    assert_eq!(413, http.exchange(&http.head("POST", &[], 1 << 30), &[]).status);

    let chunks = [("Content-Length", ""), ("Transfer-Encoding", "chunked")];
    let head = http.head("POST", &chunks, 0) + &format!("{TOO_LARGE:x}\r\n");
    let end = [body.as_slice(), b"\r\n0\r\n\r\n"].concat();
    assert_eq!(413, http.exchange(&head, &end).status);
    // Nobody without the token makes the server read.
    let stranger = http.head("POST", &[("Authorization", "")], TOO_LARGE);
    assert_eq!(401, http.exchange(&stranger, &[]).status);
}

/// What is not JSON, or not of the protocol, is an error of that client alone.
#[test]
fn what_is_malformed_is_refused() {
    let http = server();
    for body in ["", "{", "[]", "{\"jsonrpc\": \"2.0\"}", "\u{0}"] {
        let status = http.exchange(&http.head("POST", &[], body.len()), body.as_bytes()).status;
        assert!((400..500).contains(&status), "'{body}': {status}");
    }
    let garbage = http.exchange("NONSENSE\r\n\r\n", &[]);
    assert_eq!(400, garbage.status);
    let long = format!("POST /mcp HTTP/1.1\r\nHost: localhost\r\nX: {}\r\n\r\n", "x".repeat(32 * 1024));
    assert_eq!(431, http.exchange(&long, &[]).status);

    assert_eq!(200, status_with(&http, "Accept-Language", "en").status);
}

/// A client that leaks connections must not take the files of the process; the others are served again when it
/// lets go.
#[test]
fn one_connection_too_many_is_told_so() {
    let http = server();
    let held: Vec<TcpStream> = (0..CONNECTIONS).map(|_| http.connect()).collect();
    let refused = Response::read(http.connect());
    assert_eq!(503, refused.status);
    assert_eq!(Some("1"), refused.header("retry-after"));
    assert_eq!(refused.header("content-length"), Some(refused.body.len().to_string().as_str()));

    drop(held);
    let start = Instant::now();
    // The server sees each of them close in its own time.
    while !is_served(&http) {
        assert!(start.elapsed() < PATIENCE, "nobody is served again");
    }
}

/// Whether a new connection gets an answer of the protocol. A refused one may close before it was heard out.
fn is_served(http: &Http) -> bool {
    let mut stream = http.connect();
    let head = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(head.as_bytes()).is_ok() && {
        let mut first = [0; 12];
        std::io::Read::read_exact(&mut stream, &mut first).is_ok() && &first == b"HTTP/1.1 404"
    }
}

/// A start that would open the machine to others, or whose arguments contradict each other, does not happen.
#[test]
fn an_unsafe_start_is_refused() {
    let refusals: [(&[&str], &str); 6] = [
        (&["--http", "0.0.0.0:0"], "needs a token"),
        (&["--http", "[::]:0"], "needs a token"),
        (&["--http", "0.0.0.0:0", "--http-no-token"], "needs a token"),
        (&["--http", "127.0.0.1:0", "--http-token", "short"], "16"),
        (&["--http", "127.0.0.1:0", "--http-no-token", "--http-token", TOKEN], "--http-no-token"),
        (&["--http-token", TOKEN], "--http"),
    ];
    for (arguments, why) in refusals {
        let start =
            arguments.iter().fold(Start::with_host("silent.sh"), |start, argument| start.arg(argument));
        let said = refused_start(start);
        assert!(said.contains(why), "{arguments:?}: {said}");
    }
}

/// What a server says that does not start, with the exit code of wrong arguments and nothing on stdout.
fn refused_start(start: Start) -> String {
    let (mut command, _home) = start.into_parts();
    let mut child = command.spawn().expect("the server starts");
    let started = Instant::now();
    while child.try_wait().expect("the server is our child").is_none() {
        if started.elapsed() > PATIENCE {
            drop(child.kill());
            panic!("the server started where it must not");
        }
        // A poll of the process table, not a wait for something to have happened.
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let output = child.wait_with_output().expect("the server has left");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(Some(2), output.status.code(), "{said}");
    assert!(output.stdout.is_empty(), "stdout belongs to the protocol");
    said
}

/// A port that is taken is said at once, with what to do.
#[test]
fn an_address_that_is_taken_is_said() {
    let http = server();
    let taken = http.address.to_string();

    let said = refused_start(Start::with_host("silent.sh").arg("--http").arg(&taken));
    assert!(said.contains(&taken) && said.contains("--http"), "{said}");
}

/// Without a token of one's own there is one all the same, and it is said where: not what it is, since logs are read
/// by others.
#[cfg(target_os = "linux")]
#[test]
fn a_token_is_made_and_said_where() {
    let http = Http::listening(Start::with_host("silent.sh").arg("--http").arg("127.0.0.1:0"));
    let file = http.home().join("state/davinci-resolve-mcp/http-token");
    let token = std::fs::read_to_string(&file).expect("the token is kept");
    let token = token.trim_end();
    assert!(http.announced[0].ends_with("/mcp"), "the address is said first: {:?}", http.announced);
    let said = http.announced.join("\n");
    assert!(said.contains(file.to_str().expect("a path")), "{said}");
    assert!(!said.contains(token), "the token is not logged: {said}");

    assert_eq!(401, status_with(&http, "Authorization", "").status);
    assert_eq!(200, status_with(&http, "Authorization", &format!("Bearer {token}")).status);
}

/// A suite that cannot send a token is let in where the person said so, and the names are still checked.
#[test]
fn an_open_door_still_knows_its_names() {
    let start = Start::with_host("silent.sh").arg("--http").arg("127.0.0.1:0").arg("--http-no-token");
    let http = Http::listening(start);

    assert_eq!(200, status_with(&http, "Authorization", "").status);
    assert_eq!(403, status_with(&http, "Host", "evil.example").status);
    assert_eq!(403, status_with(&http, "Origin", "http://evil.example").status);
}
