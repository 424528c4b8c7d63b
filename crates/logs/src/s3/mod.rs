//! Logs in a bucket of S3: which files there are, in a stable order, without listing what is not wanted.
//!
//! Where keys follow AWS's layout (see [`log_place`]), accounts, regions and days are found folder by folder. Elsewhere the
//! prefix is listed as it is.

mod address;
mod filter;
mod layout;
mod list;
mod plan;
mod read;
mod walk;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::stream::{BoxStream, StreamExt};
use jiff::Timestamp;
use thiserror::Error;
use yagura_aws::{CallError, CallErrorKind, Client, Object, ObjectError, Target};

pub use address::{S3Address, S3AddressError};
pub use filter::LogFilter;
pub use layout::{LogKind, LogPlace, go_on_after, log_place};
pub use read::ObjectReader;

use list::InS3;
use walk::Walk;

/// Why a bucket, or a folder of it, cannot be listed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ListError {
    /// The caller may not list it.
    #[error("`{at}` may not be listed: allow `{permission}`")]
    Denied {
        /// The folder.
        at: Box<str>,
        /// The IAM action that is missing.
        permission: Box<str>,
    },
    /// There is no such bucket.
    #[error("`{0}` does not exist: check the bucket's name")]
    NoBucket(Box<str>),
    /// Anything else: throttled, no network, no credentials.
    #[error("`{at}`: {error}")]
    Failed {
        /// The folder.
        at: Box<str>,
        /// What the call ended with.
        error: Box<CallError>,
    },
}

impl ListError {
    fn of(bucket: &str, prefix: &str, error: CallError) -> Self {
        let at = format!("s3://{bucket}/{prefix}").into();
        match (&error.kind, error.code.as_deref()) {
            (CallErrorKind::Denied { permission }, _) => Self::Denied { at, permission: permission.clone() },
            (_, Some("NoSuchBucket")) => Self::NoBucket(format!("s3://{bucket}").into()),
            _ => Self::Failed { at, error: Box::new(error) },
        }
    }
}

/// A file of logs in a bucket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogObject {
    /// Its key.
    pub key: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was written.
    pub modified: Option<Timestamp>,
    /// Whether it lies in Glacier, and has to be restored before it can be read.
    pub archived: bool,
    /// What its key tells, if it follows the layout. Digests are of the kind [`LogKind::CloudTrailDigest`].
    pub place: Option<LogPlace>,
    /// The folder of its account and region, or the prefix that was asked for: what [`Bucket::objects`] takes to go on.
    pub partition: Arc<str>,
}

/// A place in a bucket.
#[derive(Debug, Clone)]
pub struct Bucket {
    client: Client,
    target: Target,
    address: S3Address,
}

/// The files of a bucket, one by one.
pub struct Objects(BoxStream<'static, Result<LogObject, ListError>>);

impl Bucket {
    /// Nothing is asked yet. `target` says who asks; the bucket's region is found out.
    #[must_use]
    pub fn new(client: &Client, target: &Target, address: S3Address) -> Self {
        Self { client: client.clone(), target: target.clone(), address }
    }

    /// Lists what is wanted. `known` tells by [`LogObject::partition`] the key behind which to begin: the last one that was
    /// read, or better, what [`go_on_after`] makes of it.
    #[must_use]
    pub fn objects(&self, filter: &LogFilter, known: BTreeMap<String, String>) -> Objects {
        let list = InS3 {
            client: self.client.clone(),
            target: self.target.clone(),
            bucket: self.address.bucket.clone(),
        };
        let (prefix, filter) = (self.address.prefix.clone(), filter.clone());
        Objects(Walk { list: Arc::new(list), prefix, filter, known }.objects())
    }

    /// Begins to read a file of at most `most` bytes.
    ///
    /// # Errors
    ///
    /// [`ObjectError`] tells apart what may not be read, what is gone, and what is archived.
    pub async fn open(&self, key: &str, most: u64) -> Result<Object, ObjectError> {
        self.client.object(&self.target, &self.address.bucket, key, most).await
    }

    /// The bucket's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.address.bucket
    }
}

impl Objects {
    /// The next file, in the order of keys. A folder that cannot be listed is told in its place, and the next ones are
    /// gone through.
    pub async fn next(&mut self) -> Option<Result<LogObject, ListError>> {
        self.0.next().await
    }
}

impl std::fmt::Debug for Objects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Objects(..)")
    }
}

#[cfg(test)]
mod tests;
