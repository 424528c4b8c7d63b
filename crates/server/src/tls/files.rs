//! A certificate with its chain, and its key, out of PEM files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fs, io};

use sha2::{Digest as _, Sha256};
use thiserror::Error;
use tokio_rustls::rustls;
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::{self, PemObject as _};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use yagura_model::Timestamp;

use super::validity::{Validity, validity};

/// More is no certificate, and no key.
const LARGEST: u64 = 1 << 20;

/// Where the certificate and its key are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, and those that lead from it to one that is trusted, in PEM.
    pub certificate: PathBuf,
    /// Its key in PEM: PKCS#8, PKCS#1 or SEC1, not encrypted.
    pub key: PathBuf,
}

/// Why the files cannot be used.
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("`{}` cannot be read", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no certificate's: far too large.
    #[error("`{}` is larger than a megabyte: it is no file of certificates or keys", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
    },
    /// A file is empty: whoever renews it may be about to write it.
    #[error("`{}` is empty", path.display())]
    Empty {
        /// Which.
        path: PathBuf,
    },
    /// A file is not what PEM allows.
    #[error("`{}` is no PEM file: {why}", path.display())]
    Pem {
        /// Which.
        path: PathBuf,
        /// What is wrong with it; nothing of its contents.
        why: &'static str,
    },
    /// There is no certificate.
    #[error("`{}` holds no certificate (`-----BEGIN CERTIFICATE-----`)", path.display())]
    NoCertificate {
        /// Which file.
        path: PathBuf,
    },
    /// There is no key that can be used.
    #[error("`{}` holds no key (`-----BEGIN PRIVATE KEY-----`); encrypted ones cannot be used", path.display())]
    NoKey {
        /// Which file.
        path: PathBuf,
    },
    /// The certificate cannot be read.
    #[error("the certificate in `{}` cannot be read", path.display())]
    BadCertificate {
        /// Which file.
        path: PathBuf,
    },
    /// The key is of a sort that is not known, or broken.
    #[error("the key in `{}` cannot be used: RSA of 2048 bits or more, ECDSA (P-256, P-384) and Ed25519 can", path.display())]
    BadKey {
        /// Which file.
        path: PathBuf,
    },
    /// The two do not belong together.
    #[error("the key in `{}` is not that of the certificate in `{}`", key.display(), certificate.display())]
    Mismatch {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The certificate ended.
    #[error("the certificate in `{}` ended at {at}: renew it", path.display())]
    Ended {
        /// Which file.
        path: PathBuf,
        /// When.
        at: Timestamp,
    },
    /// The certificate does not hold yet.
    #[error("the certificate in `{}` holds from {at} on: is this machine's clock right?", path.display())]
    NotYet {
        /// Which file.
        path: PathBuf,
        /// From when.
        at: Timestamp,
    },
    /// TLS itself cannot be set up.
    #[error("TLS cannot be set up")]
    Unusable {
        /// Why.
        source: rustls::Error,
    },
}

/// What the files held.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) key: Arc<CertifiedKey>,
    /// When the certificate ends.
    pub(super) ends: Timestamp,
    /// Of both files.
    pub(super) digest: [u8; 32],
}

impl TlsFiles {
    pub(super) fn load(&self, provider: &CryptoProvider, now: Timestamp) -> Result<Loaded, TlsError> {
        let (certificate, key) = (read(&self.certificate)?, read(&self.key)?);
        let digest = Sha256::new()
            .chain_update(Sha256::digest(&certificate))
            .chain_update(Sha256::digest(&key))
            .finalize()
            .into();
        let chain = self.chain(&certificate)?;
        let first =
            chain.first().ok_or_else(|| TlsError::NoCertificate { path: self.certificate.clone() })?;
        let bad = || TlsError::BadCertificate { path: self.certificate.clone() };
        let Validity { from, until } = validity(first).ok_or_else(bad)?;
        let key = match PrivateKeyDer::from_pem_slice(&key) {
            Ok(key) => key,
            Err(pem::Error::NoItemsFound) => return Err(TlsError::NoKey { path: self.key.clone() }),
            Err(error) => return Err(TlsError::Pem { path: self.key.clone(), why: told(&error) }),
        };
        let bad_key = |_| TlsError::BadKey { path: self.key.clone() };
        let key = provider.key_provider.load_private_key(key).map_err(bad_key)?;
        let key = CertifiedKey::new(chain, key);
        match key.keys_match() {
            Ok(()) => {}
            Err(rustls::Error::InconsistentKeys(_)) => {
                let (certificate, key) = (self.certificate.clone(), self.key.clone());
                return Err(TlsError::Mismatch { certificate, key });
            }
            Err(_) => return Err(bad()),
        }
        if now >= until {
            return Err(TlsError::Ended { path: self.certificate.clone(), at: until });
        }
        if now < from {
            return Err(TlsError::NotYet { path: self.certificate.clone(), at: from });
        }
        Ok(Loaded { key: Arc::new(key), ends: until, digest })
    }

    fn chain(&self, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, TlsError> {
        let read = CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>();
        read.map_err(|error| TlsError::Pem { path: self.certificate.clone(), why: told(&error) })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    let unread = |source| TlsError::Unreadable { path: path.to_owned(), source };
    if fs::metadata(path).map_err(unread)?.len() > LARGEST {
        return Err(TlsError::TooLarge { path: path.to_owned() });
    }
    let bytes = fs::read(path).map_err(unread)?;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(TlsError::Empty { path: path.to_owned() });
    }
    Ok(bytes)
}

/// The library's own words may hold a line of the file.
fn told(error: &pem::Error) -> &'static str {
    match error {
        pem::Error::MissingSectionEnd { .. } => "a part of it has no end (`-----END ...-----`)",
        pem::Error::IllegalSectionStart { .. } => "a line that begins a part of it is broken",
        pem::Error::Base64Decode(_) => "a part of it is no base64",
        _ => "it is broken",
    }
}
