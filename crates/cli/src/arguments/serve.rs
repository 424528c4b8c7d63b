//! `yagura serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::StoredArguments;

/// Where the API listens, and what it tells of.
#[derive(Debug, Args)]
pub struct ServeArguments {
    #[command(flatten)]
    pub reach: ReachArguments,
    #[command(flatten)]
    pub common: StoredArguments,
}

/// How the server is reached. What is left open, `[serve]` in the configuration file says.
#[derive(Debug, Default, Args)]
pub struct ReachArguments {
    /// The address and port to listen on [default: 127.0.0.1:8080].
    #[arg(long, env = "YAGURA_LISTEN", value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Browsers reach this server through a proxy that speaks TLS with them, and tells in X-Forwarded-For from where they come.
    #[arg(long, env = "YAGURA_BEHIND_TLS")]
    pub behind_tls: bool,
    /// Speaks TLS, with this certificate and its chain (PEM). Read again every minute, and on SIGHUP.
    #[arg(long, env = "YAGURA_TLS_CERTIFICATE", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// Tells numbers about the server (OpenMetrics) to whoever asks there, at /metrics: for a network that only your own programs reach.
    #[arg(long, env = "YAGURA_METRICS_LISTEN", value_name = "ADDRESS:PORT")]
    pub metrics_listen: Option<SocketAddr>,
    /// The certificate's key (PEM).
    #[arg(long, env = "YAGURA_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}
