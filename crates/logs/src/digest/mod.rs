//! Whether CloudTrail's files are as CloudTrail wrote them: its digest files, their signatures, their chain.
//!
//! A digest names the log files of an hour with their hashes and is signed with a key of CloudTrail's; each digest holds the
//! hash and the signature of the one before. Source: AWS CloudTrail User Guide, "Custom implementations of CloudTrail log
//! file integrity validation". Reading and judging is pure; [`verify`] fetches what is to be judged.

mod chain;
mod check;

use std::collections::BTreeMap;

use jiff::Timestamp;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use thiserror::Error;

pub use chain::Chain;
pub use check::{Checked, CheckedDigest, CheckedFile, verify};

/// A digest file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DigestError {
    /// It is no digest of CloudTrail's.
    #[error("not a digest file of CloudTrail: {0}")]
    Malformed(String),
    /// It is signed, or hashed, in a way that is not known.
    #[error("the digest uses the algorithm `{0}`, which is not known: use a newer version")]
    Algorithm(String),
}

/// What is known of a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DigestAnswer {
    /// Signed by CloudTrail, and the one before is in its place.
    Valid,
    /// It was changed, or CloudTrail did not sign it.
    BadSignature,
    /// The key that it names is not one of CloudTrail's, in this region at that time.
    UnknownKey {
        /// The key's fingerprint.
        fingerprint: String,
    },
    /// It is not where CloudTrail put it.
    Moved {
        /// Where that was.
        from: String,
    },
    /// Signed by CloudTrail, but the one before is missing or changed, or the chain began anew: logging or validation was
    /// stopped, or a digest was deleted.
    Gap {
        /// The one before, where it is named.
        previous: Option<String>,
    },
    /// It could not be read.
    Unreadable {
        /// Why.
        why: String,
    },
}

/// What is known of a log file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileAnswer {
    /// As CloudTrail wrote it.
    Valid,
    /// Changed since.
    Changed,
    /// Named by a digest, but gone.
    Missing,
    /// There, but named by no valid digest: not from CloudTrail, or its digest is gone.
    NotCovered,
    /// There, and younger than the last digest: wait for the next.
    NotYet,
    /// It could not be read.
    Unreadable {
        /// Why.
        why: String,
    },
}

/// A digest file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The beginning of its hour.
    pub start: Timestamp,
    /// The end of its hour.
    pub end: Timestamp,
    /// The bucket that it was written to.
    pub bucket: String,
    /// Its key.
    pub object: String,
    /// The fingerprint of the key that signed it.
    pub fingerprint: String,
    /// The one before; `None` when it is the first since validation was switched on.
    pub previous: Option<Previous>,
    /// The log files that were delivered in its hour.
    pub log_files: Vec<LogFile>,
    /// The hash of the digest itself.
    pub sha256: String,
    /// What is signed.
    signed: String,
}

/// The digest before a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Previous {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub object: String,
    /// Its hash, in hexadecimal.
    pub sha256: String,
    /// Its signature, in hexadecimal.
    pub signature: String,
}

/// A log file as a digest names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// Its bucket.
    pub bucket: String,
    /// Its key.
    pub object: String,
    /// The hash of what it holds, unpacked, in hexadecimal.
    pub sha256: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    digest_start_time: String,
    digest_end_time: String,
    digest_s3_bucket: String,
    digest_s3_object: String,
    digest_public_key_fingerprint: String,
    digest_signature_algorithm: String,
    previous_digest_s3_bucket: Option<String>,
    previous_digest_s3_object: Option<String>,
    previous_digest_hash_value: Option<String>,
    previous_digest_hash_algorithm: Option<String>,
    previous_digest_signature: Option<String>,
    log_files: Vec<WrittenFile>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WrittenFile {
    s3_bucket: String,
    s3_object: String,
    hash_value: String,
    hash_algorithm: String,
}

impl Digest {
    /// Reads an unpacked digest file.
    ///
    /// # Errors
    ///
    /// [`DigestError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DigestError> {
        let malformed = |why: String| DigestError::Malformed(why);
        let written: Written = serde_json::from_slice(bytes).map_err(|why| malformed(why.to_string()))?;
        let known = |algorithm: &str, expected: &str| {
            if algorithm == expected { Ok(()) } else { Err(DigestError::Algorithm(algorithm.to_owned())) }
        };
        known(&written.digest_signature_algorithm, "SHA256withRSA")?;
        known(written.previous_digest_hash_algorithm.as_deref().unwrap_or("SHA-256"), "SHA-256")?;
        for file in &written.log_files {
            known(&file.hash_algorithm, "SHA-256")?;
        }
        let time = |text: &str| text.parse().map_err(|_| malformed(format!("`{text}` is not a time")));
        let sha256 = hex(&Sha256::digest(bytes));
        let signed = format!(
            "{}\n{}/{}\n{sha256}\n{}",
            written.digest_end_time,
            written.digest_s3_bucket,
            written.digest_s3_object,
            // The first of a chain is signed with this word.
            written.previous_digest_signature.as_deref().unwrap_or("null"),
        );
        let previous = match (
            written.previous_digest_s3_bucket,
            written.previous_digest_s3_object,
            written.previous_digest_hash_value,
            written.previous_digest_signature,
        ) {
            (Some(bucket), Some(object), Some(sha256), Some(signature)) => {
                Some(Previous { bucket, object, sha256, signature })
            }
            (None, None, None, None) => None,
            _ => return Err(malformed("it tells only a part of the digest before".to_owned())),
        };
        let file =
            |it: WrittenFile| LogFile { bucket: it.s3_bucket, object: it.s3_object, sha256: it.hash_value };
        Ok(Self {
            start: time(&written.digest_start_time)?,
            end: time(&written.digest_end_time)?,
            bucket: written.digest_s3_bucket,
            object: written.digest_s3_object,
            fingerprint: written.digest_public_key_fingerprint,
            previous,
            log_files: written.log_files.into_iter().map(file).collect(),
            sha256,
            signed,
        })
    }

    /// Judges a digest that was found at a place, by itself: whether it belongs there and CloudTrail signed it.
    /// `signature` is what the object's metadata says under `signature`.
    #[must_use]
    pub fn judge(
        &self,
        bucket: &str,
        object: &str,
        signature: Option<&str>,
        keys: &PublicKeys,
    ) -> DigestAnswer {
        if self.bucket != bucket || self.object != object {
            return DigestAnswer::Moved { from: format!("s3://{}/{}", self.bucket, self.object) };
        }
        let Some(key) = keys.0.get(&self.fingerprint) else {
            return DigestAnswer::UnknownKey { fingerprint: self.fingerprint.clone() };
        };
        let signed = signature.and_then(unhex).is_some_and(|signature| {
            let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, key);
            key.verify(self.signed.as_bytes(), &signature).is_ok()
        });
        if signed { DigestAnswer::Valid } else { DigestAnswer::BadSignature }
    }

    /// The text whose signature is the digest's.
    #[must_use]
    pub fn signed_text(&self) -> &str {
        &self.signed
    }
}

/// CloudTrail's public keys, by fingerprint: RSA keys as PKCS #1 in DER.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicKeys(BTreeMap<String, Vec<u8>>);

impl PublicKeys {
    /// Adds a key.
    pub fn add(&mut self, fingerprint: impl Into<String>, der: Vec<u8>) {
        self.0.insert(fingerprint.into(), der);
    }

    /// Adds the keys of an answer of `cloudtrail.ListPublicKeys`. What is no key is left out.
    pub fn add_answer(&mut self, answer: &Value) {
        for key in answer["PublicKeyList"].as_array().into_iter().flatten() {
            let value = key["Value"].as_str().and_then(unbase64);
            if let (Some(fingerprint), Some(der)) = (key["Fingerprint"].as_str(), value) {
                self.add(fingerprint, der);
            }
        }
    }

    /// Whether there is a key with this fingerprint.
    #[must_use]
    pub fn has(&self, fingerprint: &str) -> bool {
        self.0.contains_key(fingerprint)
    }
}

/// Judges a log file by the hash of what it holds, unpacked.
#[must_use]
pub fn judge_file(file: &LogFile, sha256: &str) -> FileAnswer {
    if file.sha256.eq_ignore_ascii_case(sha256) { FileAnswer::Valid } else { FileAnswer::Changed }
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |it: u8| char::from(DIGITS[usize::from(it)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |it: u8| char::from(it).to_digit(16).and_then(|it| u8::try_from(it).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

#[cfg(test)]
mod tests;
