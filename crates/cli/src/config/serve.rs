//! What the file says about `yagura serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;

/// `[serve]`.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ServeSettings {
    /// Where it listens.
    pub listen: Option<SocketAddr>,
    /// Whether a proxy with TLS is before it.
    pub behind_tls: bool,
    /// The certificate and its chain.
    pub tls_certificate: Option<PathBuf>,
    /// Its key.
    pub tls_key: Option<PathBuf>,
}
