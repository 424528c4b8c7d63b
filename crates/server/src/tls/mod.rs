//! TLS with a certificate and a key out of files, which are looked at again and again: whoever renews them need not start the server anew.
//!
//! # Invariants
//!
//! - **What is served was checked.** A certificate that ended, or that the key does not belong to, never takes the place of one that works.
//! - **Nothing of a key is told.** Errors name files, and what is wrong with them.

mod files;
mod validity;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::SignedDuration;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, ServerConfig};
use yagura_model::Timestamp;

pub use files::{TlsError, TlsFiles};

use files::Loaded;

/// A certificate that ends sooner is told.
const SOON: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How often it is told that a certificate ends.
const REMIND: SignedDuration = SignedDuration::from_hours(24);

/// TLS for browsers and programs: TLS 1.2 and 1.3, HTTP/1.1 and HTTP/2.
#[derive(Clone)]
pub struct Tls {
    files: TlsFiles,
    shown: Arc<Shown>,
    config: Arc<ServerConfig>,
    last: Arc<Mutex<Told>>,
}

/// What was told of the files, so that it is not told each minute.
#[derive(Debug, Default)]
struct Told {
    trouble: Option<String>,
    ends_soon: Option<Timestamp>,
}

/// What became of files that were looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Renewal {
    /// They hold what is served already.
    Same,
    /// They hold something new, which is served from now on, until the given moment.
    Renewed(Timestamp),
}

/// The certificate that is served now.
struct Shown(RwLock<Loaded>);

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").field("files", &self.files).finish_non_exhaustive()
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).key))
    }
}

impl Tls {
    /// With what the files hold now.
    ///
    /// # Errors
    ///
    /// [`TlsError`] when they cannot be used.
    pub fn load(files: TlsFiles, now: Timestamp) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let shown = Arc::new(Shown(RwLock::new(files.load(&provider, now)?)));
        let config = config(provider, Arc::clone(&shown)).map_err(|source| TlsError::Unusable { source })?;
        Ok(Self { files, shown, config: Arc::new(config), last: Arc::default() })
    }

    /// Looks at the files again, and serves what they hold from now on.
    ///
    /// # Errors
    ///
    /// [`TlsError`] when they cannot be used: what was served before is served on.
    pub fn renew(&self, now: Timestamp) -> Result<Renewal, TlsError> {
        let loaded = self.files.load(self.config.crypto_provider(), now)?;
        let mut shown = self.shown.0.write().unwrap_or_else(PoisonError::into_inner);
        if shown.digest == loaded.digest {
            return Ok(Renewal::Same);
        }
        let ends = loaded.ends;
        *shown = loaded;
        Ok(Renewal::Renewed(ends))
    }

    /// Looks at the files again, and tells the log what came of it: each trouble once, and each day that the certificate is about to end.
    pub(crate) fn look(&self, now: Timestamp) {
        let renewed = self.renew(now);
        let ends = self.shown.0.read().unwrap_or_else(PoisonError::into_inner).ends;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match renewed {
            Ok(renewal) => {
                last.trouble = None;
                if let Renewal::Renewed(until) = renewal {
                    last.ends_soon = None;
                    tracing::warn!(%until, "the renewed certificate is served from now on");
                }
            }
            Err(error) => {
                let trouble = crate::problem::chain(&error);
                if last.trouble.as_ref() != Some(&trouble) {
                    tracing::error!(
                        error = trouble,
                        "the certificate cannot be renewed; the one before is served on"
                    );
                    last.trouble = Some(trouble);
                }
            }
        }
        let is_due = last.ends_soon.is_none_or(|it| now.duration_since(it) >= REMIND);
        if ends.duration_since(now) < SOON && is_due {
            tracing::warn!(until = %ends, "the certificate ends soon: renew it, and its files are read again");
            last.ends_soon = Some(now);
        }
    }

    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}

fn config(provider: Arc<CryptoProvider>, shown: Arc<Shown>) -> Result<ServerConfig, Error> {
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = builder.with_no_client_auth().with_cert_resolver(shown);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}
