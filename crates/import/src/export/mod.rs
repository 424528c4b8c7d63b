//! Our findings, handed on: to Security Hub, and to Security Lake.
//!
//! Both take what the formats `asff` and `ocsf` write, so that there is one shape of each, and read it as a stream. What is not
//! taken is told by finding.

pub mod lake;
mod security_hub;

use std::io;

use futures::future::BoxFuture;
use serde_json::Value;
use thiserror::Error;
use yagura_aws::{CallError, Client, RoleConfig, Target};
use yagura_model::{AccountId, Region};

pub use security_hub::{is_news_to_security_hub, to_security_hub};

/// What is exported cannot be read, or cannot be laid out.
#[derive(Debug, Error)]
pub enum ExportError {
    /// Reading broke off.
    #[error("what is to be exported cannot be read")]
    Read(#[from] io::Error),
    /// The Parquet library refused it.
    #[error("the findings cannot be laid out as Parquet")]
    Parquet(#[from] parquet::errors::ParquetError),
}

/// A finding that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The finding's id; empty where it has none.
    pub id: String,
    /// Why, in the receiver's words or ours.
    pub why: String,
}

/// How an export went.
#[derive(Debug, Default)]
pub struct Exported {
    /// Findings that were taken.
    pub taken: u64,
    /// Findings that were not.
    pub refused: Vec<Refused>,
    /// Calls that failed, and with them everything that they carried.
    pub failures: Vec<CallError>,
    /// Objects that were stored.
    pub objects: Vec<String>,
}

/// What hands something on to AWS.
pub trait Deliver: Send + Sync {
    /// Makes a delivering call.
    fn deliver<'a>(
        &'a self,
        target: &'a Target,
        call: &'a str,
        input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>>;

    /// Stores an object.
    fn put<'a>(
        &'a self,
        target: &'a Target,
        input: &'a Value,
        body: Vec<u8>,
    ) -> BoxFuture<'a, Result<Value, CallError>>;
}

impl Deliver for Client {
    fn deliver<'a>(
        &'a self,
        target: &'a Target,
        call: &'a str,
        input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>> {
        Box::pin(Self::deliver(self, target, call, input))
    }

    fn put<'a>(
        &'a self,
        target: &'a Target,
        input: &'a Value,
        body: Vec<u8>,
    ) -> BoxFuture<'a, Result<Value, CallError>> {
        Box::pin(self.put_object(target, input, body))
    }
}

/// Enters accounts: Security Hub takes a finding only from its own account.
pub trait Enter: Send + Sync {
    /// A target in this account and region.
    fn enter<'a>(
        &'a self,
        account: &'a AccountId,
        region: &'a Region,
    ) -> BoxFuture<'a, Result<Target, CallError>>;
}

/// Enters accounts by a role that may import findings: the scanning role only reads.
#[derive(Debug, Clone, Copy)]
pub struct ByRole<'a> {
    /// The client.
    pub client: &'a Client,
    /// Who calls; its own account needs no role.
    pub caller: &'a Target,
    /// The role in every other account.
    pub role: &'a RoleConfig,
}

impl Enter for ByRole<'_> {
    fn enter<'a>(
        &'a self,
        account: &'a AccountId,
        region: &'a Region,
    ) -> BoxFuture<'a, Result<Target, CallError>> {
        Box::pin(async move {
            if *account == self.caller.account {
                return Ok(self.caller.in_region(region.clone()));
            }
            let target = self.client.enter(self.caller, account, self.role).await?;
            Ok(target.in_region(region.clone()))
        })
    }
}

#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod tests;
