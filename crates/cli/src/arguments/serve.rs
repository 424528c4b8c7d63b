//! `yagura serve`.

use std::net::SocketAddr;

use clap::Args;

use super::StoredArguments;

/// Where the API listens, and what it tells of.
#[derive(Debug, Args)]
pub struct ServeArguments {
    /// The address and port to listen on.
    #[arg(long, env = "YAGURA_LISTEN", value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Browsers reach this server through a proxy that speaks TLS with them, and tells in X-Forwarded-For from where they come.
    #[arg(long, env = "YAGURA_BEHIND_TLS")]
    pub behind_tls: bool,
    #[command(flatten)]
    pub common: StoredArguments,
}
