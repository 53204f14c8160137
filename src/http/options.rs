//! The arguments of the HTTP front, and what they open: an address, and who may use it.

use std::net::SocketAddr;

use clap::Args;

use super::token::{Token, TokenError};

/// Where and for whom the protocol is served over HTTP.
#[derive(Debug, Clone, Default, Args)]
pub struct HttpOptions {
    /// Serve HTTP at this address instead of stdin and stdout, such as 127.0.0.1:7810; port 0 takes a free one, and
    /// the first line on stderr says which one. An address that other machines reach needs --http-token.
    #[arg(long = "http", value_name = "ADDRESS:PORT", env = "DAVINCI_MCP_HTTP")]
    pub address: Option<SocketAddr>,
    /// What clients must send as "Authorization: Bearer TOKEN"; default: one that is made once and kept in a file
    /// that only you can read. Other users of the machine see arguments, so prefer the environment.
    #[arg(
        long = "http-token",
        value_name = "TOKEN",
        env = "DAVINCI_MCP_HTTP_TOKEN",
        hide_env_values = true,
        requires = "address"
    )]
    pub token: Option<Token>,
    /// Ask for no token: every program and user of this machine may then edit your projects. Loopback only.
    // Not by environment: an open door is asked for each time it is opened.
    #[arg(long = "http-no-token", requires = "address", conflicts_with = "token")]
    pub no_token: bool,
    /// A further host name by which clients reach this address, such as studio.example; loopback names and the
    /// address itself need not be named. Repeat it for more.
    #[arg(
        long = "http-host",
        value_name = "NAME",
        env = "DAVINCI_MCP_HTTP_HOST",
        value_delimiter = ',',
        requires = "address"
    )]
    pub hosts: Vec<String>,
}

/// Why HTTP is not served with these options.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// Other machines could reach it, and nothing would keep them out.
    #[error(
        "{0} can be reached from other machines, so it needs a token of your own; set DAVINCI_MCP_HTTP_TOKEN (and put TLS in front of it), or listen on 127.0.0.1"
    )]
    OpenToOthers(SocketAddr),
    /// There is no token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The address cannot be had.
    #[error("{address} cannot be listened on ({source}); name another address or port with --http")]
    Bind {
        /// What was asked for.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
}

impl HttpOptions {
    /// What clients must send; `None` when the person asked for no token.
    ///
    /// # Errors
    /// [`HttpError::OpenToOthers`] when other machines reach `address` and no token was given;
    /// [`HttpError::Token`] when one cannot be made or read.
    pub fn required_token(&self, address: SocketAddr) -> Result<Option<Token>, HttpError> {
        match &self.token {
            Some(token) => Ok(Some(token.clone())),
            // One that we made does not count: who opens a machine to others has to have thought about it.
            None if !address.ip().is_loopback() => Err(HttpError::OpenToOthers(address)),
            None if self.no_token => Ok(None),
            None => Ok(Some(Token::kept()?)),
        }
    }

    /// The names in a `Host` header that are ours. A page of a foreign site that had its name point here would send
    /// that name. The port is free, since a tunnel may have another.
    pub fn own_hosts(&self, address: SocketAddr) -> Vec<String> {
        let mut hosts: Vec<String> = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).into();
        // Such as 127.0.0.2, or what another machine calls this one; 0.0.0.0 is no name for anything.
        if !address.ip().is_unspecified() {
            hosts.push(address.ip().to_string());
        }
        hosts.extend(self.hosts.iter().map(|host| host.trim().to_owned()).filter(|host| !host.is_empty()));
        hosts
    }

    /// The origins that a request may name, if it names one: pages of this machine, and of the named hosts. That is
    /// who may *ask*; no page gets to read an answer, since none is marked as readable by one.
    pub fn own_origins(&self, address: SocketAddr) -> Vec<String> {
        let bracketed = |host: String| if host.contains(':') { format!("[{host}]") } else { host };
        self.own_hosts(address)
            .into_iter()
            .map(bracketed)
            .flat_map(|host| ["http", "https"].map(|scheme| format!("{scheme}://{host}:*")))
            .collect()
    }
}
