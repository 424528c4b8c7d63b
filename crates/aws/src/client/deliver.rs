//! The few calls that change something outside of what is watched: they hand on what Yagura found.
//!
//! They are listed here one by one, and only [`Client::deliver`] and [`Client::put_object`] make them. Collectors see an
//! [`Api`](crate::Api), which refuses them, and so do [`Client::call_once`] and [`Client::call_all`].

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Client;
use super::attempt::Reading;
use crate::protocol::{self, Request};
use crate::{CallError, CallErrorKind, OperationRef, Target};

/// What may be called to deliver findings, messages and reports: nothing else that changes something.
pub(super) const DELIVERING: &[&str] =
    &["s3.PutObject", "securityhub.BatchImportFindings", "sesv2.SendEmail", "sns.Publish"];

impl Client {
    /// Hands something on: `sns.Publish`, `sesv2.SendEmail`, `securityhub.BatchImportFindings`. What fails in passing is
    /// tried again, so that a message may arrive twice.
    ///
    /// # Errors
    ///
    /// [`CallError`] when there is no answer, and when the call is none of those that deliver.
    pub async fn deliver(&self, target: &Target, call: &str, input: &Value) -> Result<Value, CallError> {
        let operation = self.delivering(target, call)?;
        let request = protocol::request(operation.service(), operation.operation(), input)
            .map_err(|error| CallError::new(call, &target.region, CallErrorKind::Input, error.to_string()))?;
        self.hand_on(target, call, &operation, &request).await
    }

    /// Stores an object whole. `input` has everything but the body: `Bucket`, `Key`, `ContentType`,
    /// `ServerSideEncryption`... The checksum is added here: buckets with an object lock ask for one.
    ///
    /// # Errors
    ///
    /// [`CallError`] when S3 does not confirm it.
    pub async fn put_object(
        &self,
        target: &Target,
        input: &Value,
        body: Vec<u8>,
    ) -> Result<Value, CallError> {
        const CALL: &str = "s3.PutObject";
        let operation = self.delivering(target, CALL)?;
        let mut input = input.clone();
        if let Value::Object(members) = &mut input {
            members.insert("ChecksumSHA256".to_owned(), json!(STANDARD.encode(Sha256::digest(&body))));
        }
        let mut request = protocol::request(operation.service(), operation.operation(), &input)
            .map_err(|error| CallError::new(CALL, &target.region, CallErrorKind::Input, error.to_string()))?;
        request.body = body;
        self.hand_on(target, CALL, &operation, &request).await
    }

    fn delivering(&self, target: &Target, call: &str) -> Result<OperationRef, CallError> {
        let refused = |why: String| CallError::new(call, &target.region, CallErrorKind::Input, why);
        if !DELIVERING.contains(&call) {
            return Err(refused("this call delivers nothing".to_owned()));
        }
        self.inner.tables.operation(call).map_err(|error| refused(error.to_string()))
    }

    async fn hand_on(
        &self,
        target: &Target,
        call: &str,
        operation: &OperationRef,
        request: &Request,
    ) -> Result<Value, CallError> {
        let (response, _) = self.inner.attempts(target, call, operation, request, Reading::Whole).await?;
        protocol::answer(operation.service(), operation.operation(), &response).map_err(|error| {
            CallError::new(call, &target.region, CallErrorKind::Unreadable, error.to_string())
        })
    }
}
