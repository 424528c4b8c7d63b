//! One object of S3, piece by piece: a body may be larger than memory, and a connection may end in the middle of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use thiserror::Error;

use super::Client;
use super::attempt::Reading;
use crate::http::Rest;
use crate::protocol::{self, Response, random};
use crate::retry::Failure;
use crate::{CallError, CallErrorKind, Target};

const CALL: &str = "s3.GetObject";

/// Why an object, or the rest of it, cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ObjectError {
    /// The caller may not read it.
    #[error(
        "`{at}` may not be read: allow `{permission}` (without `s3:ListBucket`, S3 says this of missing objects too)"
    )]
    Denied {
        /// The object.
        at: Box<str>,
        /// The IAM action that is missing.
        permission: Box<str>,
    },
    /// There is no such object, or no such bucket.
    #[error("`{0}` is gone: it was deleted or never existed")]
    Gone(Box<str>),
    /// It lies in an archive of Glacier or Intelligent-Tiering.
    #[error("`{0}` is archived: restore it before it can be read")]
    Archived(Box<str>),
    /// It is larger than the caller takes.
    #[error("`{at}` has {size} bytes, more than the limit of {most}")]
    TooLarge {
        /// The object.
        at: Box<str>,
        /// Its size, or what came before the limit was reached.
        size: u64,
        /// The limit.
        most: u64,
    },
    /// It was overwritten while it was read.
    #[error("`{0}` was overwritten while it was read: read it again")]
    Changed(Box<str>),
    /// Anything else: throttled, no network, no credentials.
    #[error("`{at}`: {error}")]
    Failed {
        /// The object.
        at: Box<str>,
        /// What the call ended with.
        error: Box<CallError>,
    },
}

impl ObjectError {
    fn of(at: &str, error: CallError) -> Self {
        let at = at.into();
        match (&error.kind, error.code.as_deref()) {
            (CallErrorKind::Denied { permission }, _) => Self::Denied { at, permission: permission.clone() },
            (_, Some("NoSuchKey" | "NoSuchVersion" | "NoSuchBucket" | "404")) => Self::Gone(at),
            (_, Some("InvalidObjectState")) => Self::Archived(at),
            (_, Some("PreconditionFailed" | "412")) => Self::Changed(at),
            _ => Self::Failed { at, error: Box::new(error) },
        }
    }

    /// Whether asking again later may help, with nothing changed by anybody.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Changed(_) => true,
            Self::Failed { error, .. } => error.is_passing(),
            Self::Denied { .. } | Self::Gone(_) | Self::Archived(_) | Self::TooLarge { .. } => false,
        }
    }
}

/// An object that is being read.
#[derive(Debug)]
pub struct Object {
    client: Client,
    target: Target,
    bucket: String,
    key: String,
    most: u64,
    size: Option<u64>,
    etag: Option<String>,
    metadata: BTreeMap<String, String>,
    rest: Option<Rest>,
    done: bool,
    read: u64,
    /// Connections that were lost without a byte between them.
    lost: u32,
}

impl Client {
    /// Begins to read an object. More than `most` bytes are never given: an object that is larger is refused, before it
    /// is read where its size is known.
    ///
    /// The bucket may be in any region of the partition; where it is, is remembered.
    ///
    /// # Errors
    ///
    /// [`ObjectError`], after everything that was worth another attempt was attempted again.
    pub async fn object(
        &self,
        target: &Target,
        bucket: &str,
        key: &str,
        most: u64,
    ) -> Result<Object, ObjectError> {
        let mut object = Object {
            client: self.clone(),
            target: target.clone(),
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            most,
            size: None,
            etag: None,
            metadata: BTreeMap::new(),
            rest: None,
            done: false,
            read: 0,
            lost: 0,
        };
        let head = object.ask(&json!({ "Bucket": bucket, "Key": key })).await?;
        let header = |name: &str| head.headers.get(name);
        object.size = header("content-length").and_then(|it| it.parse().ok());
        object.etag = header("etag").map(str::to_owned);
        let own = |(name, value): (&str, &str)| {
            Some((name.strip_prefix("x-amz-meta-")?.to_owned(), value.to_owned()))
        };
        object.metadata = head.headers.iter().filter_map(own).collect();
        match object.size {
            Some(size) if size > most => Err(object.too_large(size)),
            _ => Ok(object),
        }
    }
}

impl Object {
    /// Its size, where S3 told it.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.size
    }

    /// What its owner noted beside it (`x-amz-meta-NAME`), by name in lower case.
    #[must_use]
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// The next piece, or `None` at the end and only there. A connection that is lost is taken up where it ended, as long
    /// as the object is still the same. The future may be dropped: nothing is lost.
    ///
    /// # Errors
    ///
    /// [`ObjectError`]; what came before is a part of the object.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, ObjectError> {
        loop {
            if self.done {
                return Ok(None);
            }
            if self.read > self.most {
                return Err(self.too_large(self.read));
            }
            let lost = match &mut self.rest {
                Some(rest) => match rest.next().await {
                    Ok(Some(piece)) if piece.is_empty() => continue,
                    Ok(Some(piece)) => {
                        self.lost = 0;
                        self.read = self.read.saturating_add(piece.len() as u64);
                        if self.read > self.most {
                            continue;
                        }
                        return Ok(Some(piece));
                    }
                    Ok(None) if self.size.is_none_or(|size| self.read >= size) => {
                        self.done = true;
                        continue;
                    }
                    Ok(None) => "the connection ended before the object did".to_owned(),
                    Err(error) => error.to_string(),
                },
                // Whoever waited gave up while the object was asked for again.
                None => "the connection was lost".to_owned(),
            };
            self.rest = None;
            self.resume(lost).await?;
        }
    }

    /// Everything that is still to come.
    ///
    /// # Errors
    ///
    /// [`ObjectError`].
    pub async fn bytes(mut self) -> Result<Vec<u8>, ObjectError> {
        // A size is only told; memory is taken for what comes.
        let mut bytes = Vec::with_capacity(usize::try_from(self.size.unwrap_or(0).min(1 << 20)).unwrap_or(0));
        while let Some(piece) = self.next().await? {
            bytes.extend_from_slice(&piece);
        }
        Ok(bytes)
    }

    async fn resume(&mut self, lost: String) -> Result<(), ObjectError> {
        self.lost += 1;
        let failed = |why: String| {
            let error = CallError::new(CALL, &self.target.region, CallErrorKind::Network, why);
            ObjectError::Failed { at: self.at(), error: Box::new(error.with_code("connection-lost")) }
        };
        // Without an ETag nobody knows whether it is still the same.
        let Some(etag) = &self.etag else { return Err(failed(lost)) };
        let Some(pause) = self.client.inner.retry.pause(Failure::Network, self.lost, random()) else {
            return Err(failed(lost));
        };
        tokio::time::sleep(pause).await;
        let range = format!("bytes={}-", self.read);
        let input = json!({ "Bucket": self.bucket, "Key": self.key, "Range": range, "IfMatch": etag });
        let head = self.ask(&input).await?;
        let begins = format!("bytes {}-", self.read);
        let taken_up = head.headers.get("content-range").is_some_and(|it| it.starts_with(&begins));
        if head.status == 206 && taken_up {
            return Ok(());
        }
        self.rest = None;
        let why = "the connection was lost, and the server cannot take it up where it ended";
        let error = CallError::new(CALL, &self.target.region, CallErrorKind::Network, why);
        Err(ObjectError::Failed { at: self.at(), error: Box::new(error.with_code("connection-lost")) })
    }

    /// Asks for the object, or for a part of it.
    async fn ask(&mut self, input: &Value) -> Result<Response, ObjectError> {
        let at = self.at();
        let failed = |error| ObjectError::of(&at, error);
        let operation = self.client.operation(&self.target, CALL).map_err(failed)?;
        let request =
            protocol::request(operation.service(), operation.operation(), input).map_err(|error| {
                let kind = CallErrorKind::Input;
                failed(CallError::new(CALL, &self.target.region, kind, error.to_string()))
            })?;
        let inner = &self.client.inner;
        let answered = inner.attempts(&self.target, CALL, &operation, &request, Reading::Pieces).await;
        let (head, rest) = answered.map_err(failed)?;
        self.rest = rest;
        Ok(head)
    }

    fn at(&self) -> Box<str> {
        format!("s3://{}/{}", self.bucket, self.key).into()
    }

    fn too_large(&self, size: u64) -> ObjectError {
        ObjectError::TooLarge { at: self.at(), size, most: self.most }
    }
}
