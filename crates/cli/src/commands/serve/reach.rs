//! How browsers and programs reach the server.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpListener;
use yagura_model::Timestamp;
use yagura_server::{Listening, Tls, TlsFiles};

use crate::arguments::ReachArguments;
use crate::config::ServeSettings;
use crate::failure::{Failure, Told};
use crate::terminal;

/// Where it listens when nobody says so.
const HERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// How the server is reached.
pub struct Reach {
    /// Where requests come in: kept from one store to the next.
    listener: std::net::TcpListener,
    tls: Option<Tls>,
    /// Where numbers are told to whoever asks.
    metrics: Option<std::net::TcpListener>,
    /// Whether through TLS alone.
    pub is_secure: bool,
    /// Whether a proxy tells from where they come.
    pub is_behind_proxy: bool,
    /// What people type: `https://127.0.0.1:8443`.
    pub url: String,
}

impl Reach {
    /// As the command line, the environment and the file say.
    ///
    /// # Errors
    ///
    /// Nobody can listen there, or the certificate cannot be used.
    pub async fn open(
        arguments: ReachArguments,
        settings: &ServeSettings,
        now: Timestamp,
    ) -> Result<Self, Failure> {
        let listen = arguments.listen.or(settings.listen).unwrap_or(HERE);
        let is_behind_proxy = arguments.behind_tls || settings.behind_tls;
        let certificate = arguments.tls_certificate.or_else(|| settings.tls_certificate.clone());
        let key = arguments.tls_key.or_else(|| settings.tls_key.clone());
        let files = match (certificate, key) {
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            (None, None) => None,
            (certificate, _) => {
                let missing = if certificate.is_some() { "key" } else { "certificate" };
                return Err(Told::new(format!("TLS takes a certificate and its key: the {missing} is missing"))
                    .help("--tls-certificate FILE and --tls-key FILE, or `tls_certificate` and `tls_key` under `[serve]` in yagura.toml")
                    .usage());
            }
        };
        let tls = files.map(|files| Tls::load(files, now)).transpose().map_err(|error| {
            Told::new("TLS cannot be set up")
                .because(error)
                .help("docs/api.md tells what the files may hold")
                .usage()
        })?;
        let listener = bind(listen, "--listen").await?;
        let metrics = match arguments.metrics_listen.or(settings.metrics_listen) {
            Some(address) => Some(bind(address, "--metrics-listen").await?),
            None => None,
        };
        let address = listener.local_addr().unwrap_or(listen);
        let is_tls = tls.is_some();
        let is_secure = is_tls || is_behind_proxy;
        if !address.ip().is_loopback() && !is_secure {
            terminal::say(
                "passwords go over the network as they are: give --tls-certificate and --tls-key, or put a proxy with TLS before this and say --behind-tls",
            );
        }
        let url = format!("{}://{address}", if is_tls { "https" } else { "http" });
        let kept = |it: TcpListener| it.into_std().map_err(|error| unheard(address, error));
        let (listener, metrics) = (kept(listener)?, metrics.map(kept).transpose()?);
        Ok(Self { listener, tls, metrics, is_secure, is_behind_proxy, url })
    }

    /// Where requests come in.
    ///
    /// # Errors
    ///
    /// The system lets nobody listen any more.
    pub fn listening(&self) -> Result<Listening, Failure> {
        Ok(Listening::with(again(&self.listener)?, self.tls.clone()))
    }

    /// Where numbers are told to whoever asks.
    ///
    /// # Errors
    ///
    /// The system lets nobody listen any more.
    pub fn metrics(&self) -> Result<Option<TcpListener>, Failure> {
        self.metrics.as_ref().map(again).transpose()
    }
}

/// The same port once more.
fn again(listener: &std::net::TcpListener) -> Result<TcpListener, Failure> {
    listener
        .try_clone()
        .and_then(TcpListener::from_std)
        .map_err(|error| Told::new("the port cannot be listened on any more").because(error).other())
}

fn unheard(address: SocketAddr, error: std::io::Error) -> Failure {
    Told::new(format!("nobody can listen on {address}")).because(error).usage()
}

async fn bind(address: SocketAddr, option: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).await.map_err(|error| {
        Told::new(format!("nobody can listen on {address}"))
            .because(error)
            .help(format!("`{option} ADDRESS:PORT` names another address"))
            .usage()
    })
}
