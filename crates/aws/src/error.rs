//! Why a call gave no answer.

use std::fmt;

use thiserror::Error;
use yagura_model::{Gap, ReadStatus, Region};

/// The kinds of failure that a scan tells apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallErrorKind {
    /// The caller lacks a permission.
    Denied {
        /// The IAM action, as AWS named it or as the operation's name tells: `s3:GetBucketPolicy`.
        permission: Box<str>,
    },
    /// Throttled until the last attempt.
    Throttled,
    /// The region is not enabled for the account.
    RegionOff,
    /// The service is not offered in the region.
    Unavailable,
    /// The endpoint does not know the operation: emulators, and services that do not take the account.
    NotSupported,
    /// There are no credentials, or AWS does not accept them.
    Credentials,
    /// The service says that it is not enabled in the account: a fact, not a gap.
    NotEnabled,
    /// AWS refused or failed, with the code in [`CallError::code`]: `NoSuchBucketPolicy`, `InternalError`.
    Service,
    /// No answer: name resolution, connection, TLS, timeout.
    Network,
    /// The answer could not be understood.
    Unreadable,
    /// The call was never sent: the tables lack the operation, or the input does not fit it.
    Input,
}

/// Why there are no keys to sign with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(crate) enum KeysError {
    /// Nothing that is configured, and no instance or container, gives any.
    #[error(
        "no AWS credentials were found ({0}): set AWS_PROFILE, run `aws sso login`, or set AWS_ACCESS_KEY_ID and \
         AWS_SECRET_ACCESS_KEY"
    )]
    None(Box<str>),
    /// The profile that the user named gives none.
    #[error(
        "the profile `{name}` gives no AWS credentials: {why}; if it uses SSO: `aws sso login --profile {name}`"
    )]
    Profile {
        /// The profile.
        name: Box<str>,
        /// What is wrong with it.
        why: Box<str>,
    },
    /// A role could not be assumed.
    #[error("{0}")]
    Role(Box<CallError>),
}

/// A call that gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub struct CallError {
    /// The call: `ec2.DescribeInstances`.
    pub call: Box<str>,
    /// The region that was asked.
    pub region: Region,
    /// What went wrong.
    pub kind: CallErrorKind,
    /// AWS's error code where it gave one, as boto3 reports it.
    pub code: Option<Box<str>>,
    /// What AWS or the network said, and what to do about it where that is known.
    pub message: Box<str>,
    /// AWS's id of the request, for its support.
    pub request_id: Option<Box<str>>,
}

impl CallError {
    /// An error with nothing but its kind and a message.
    pub fn new(call: &str, region: &Region, kind: CallErrorKind, message: impl Into<Box<str>>) -> Self {
        Self {
            call: call.into(),
            region: region.clone(),
            kind,
            code: None,
            message: message.into(),
            request_id: None,
        }
    }

    /// The same with AWS's error code.
    #[must_use]
    pub fn with_code(mut self, code: &str) -> Self {
        self.code = Some(code.into());
        self
    }

    /// Whether asking again later may help, with nothing changed by anybody.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self.kind {
            CallErrorKind::Throttled | CallErrorKind::Network => self.code.as_deref() != Some("tls"),
            // An HTTP status stands for a code where a load balancer answered.
            CallErrorKind::Service => self.code.as_deref().is_some_and(|code| {
                matches!(code, "InternalError" | "InternalFailure" | "ServiceUnavailable")
                    || (code.len() == 3 && code.starts_with('5'))
                    || code.starts_with("RequestTimeout")
            }),
            _ => false,
        }
    }

    /// How the read ended, for the coverage.
    #[must_use]
    pub fn status(&self) -> ReadStatus {
        match &self.kind {
            CallErrorKind::Denied { permission } => ReadStatus::Denied { permission: permission.to_string() },
            CallErrorKind::Throttled => ReadStatus::Throttled,
            CallErrorKind::RegionOff => ReadStatus::RegionOff,
            CallErrorKind::Unavailable => ReadStatus::Unavailable,
            CallErrorKind::NotSupported => ReadStatus::NotSupported,
            CallErrorKind::NotEnabled => ReadStatus::Absent,
            CallErrorKind::Credentials => self.failed("credentials"),
            CallErrorKind::Service => self.failed("unknown"),
            CallErrorKind::Network => self.failed("network"),
            CallErrorKind::Unreadable => self.failed("unreadable"),
            CallErrorKind::Input => self.failed("input"),
        }
    }

    /// The gap that this error leaves; `None` when it is itself a fact.
    #[must_use]
    pub fn gap(&self) -> Option<Gap> {
        let status = self.status();
        (!status.is_known()).then(|| Gap { call: self.call.to_string(), region: self.region.clone(), status })
    }

    fn failed(&self, otherwise: &str) -> ReadStatus {
        ReadStatus::Failed { code: self.code.as_deref().unwrap_or(otherwise).to_owned() }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}: ", self.call, self.region)?;
        match &self.kind {
            CallErrorKind::Denied { permission } => write!(f, "permission `{permission}` is missing"),
            CallErrorKind::Throttled => f.write_str("throttled on every attempt"),
            CallErrorKind::RegionOff => f.write_str("the region is not enabled for the account"),
            CallErrorKind::Unavailable => f.write_str("the service is not offered in this region"),
            CallErrorKind::NotSupported => f.write_str("the endpoint does not support this call"),
            CallErrorKind::Credentials => write!(f, "credentials: {}", self.message),
            CallErrorKind::NotEnabled => f.write_str(&self.message),
            CallErrorKind::Service => match &self.code {
                Some(code) => write!(f, "{code}: {}", self.message),
                None => f.write_str(&self.message),
            },
            CallErrorKind::Network | CallErrorKind::Unreadable | CallErrorKind::Input => {
                f.write_str(&self.message)
            }
        }
    }
}
