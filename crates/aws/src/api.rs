//! What the rest of Yagura sees of AWS: a call by name to one region of one account.

use futures::future::BoxFuture;
use serde_json::Value;
use yagura_model::{AccountId, Region};

use crate::{CallError, Credentials};

/// Where a call goes and who makes it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Target {
    /// The account that is read.
    pub account: AccountId,
    /// The region that is asked. Services without regions answer in every region of their partition.
    pub region: Region,
    /// Who asks: a principal of that account.
    pub credentials: Credentials,
}

impl Target {
    /// The same account in another region.
    #[must_use]
    pub fn in_region(&self, region: Region) -> Self {
        Self { account: self.account.clone(), region, credentials: self.credentials.clone() }
    }
}

/// Calls AWS operations by name.
///
/// # Contract
///
/// - **Whole.** The answer holds the items of all pages.
/// - **As boto3.** Names, numbers, lists and texts are those of `aws <service> <operation> --output json`; times are
///   RFC 3339 in UTC, blobs are base64, and there is no `ResponseMetadata`.
/// - **Patient.** What is worth another attempt was attempted again before an error is returned.
pub trait Api: Send + Sync {
    /// Makes one call: `ec2.DescribeInstances` with an object of its parameters.
    fn call<'a>(
        &'a self,
        target: &'a Target,
        call: &'a str,
        input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>>;
}
