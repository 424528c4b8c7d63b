//! What was read and what was not, per account, region and call.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccountId, Region};

/// How a read ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(tag = "Status", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReadStatus {
    /// Answered.
    Read,
    /// Answered that there is nothing: no bucket policy, no password policy. A fact, not a gap.
    Absent,
    /// The service is not offered in this region, so nothing of it can exist there. A fact, not a gap.
    Unavailable,
    /// The region is not enabled for the account.
    RegionOff,
    /// The caller may not read this.
    Denied {
        /// The IAM action that is missing: `s3:GetBucketPolicy`.
        #[serde(rename = "Permission")]
        permission: String,
    },
    /// Every attempt was throttled.
    Throttled,
    /// The endpoint does not know the operation.
    NotSupported,
    /// Not asked: the configuration leaves the service out, or the snapshot was taken without it.
    Excluded,
    /// Anything else: a server error, a broken answer, the network.
    Failed {
        /// AWS's error code, or a short word such as `timeout`.
        #[serde(rename = "Code")]
        code: String,
    },
}

impl ReadStatus {
    /// Whether the answer is known: what was asked for was read, or is known not to exist.
    #[must_use]
    pub fn is_known(&self) -> bool {
        matches!(self, Self::Read | Self::Absent | Self::Unavailable)
    }

    /// The word used in tables and machine formats.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Read => "READ",
            Self::Absent => "ABSENT",
            Self::Unavailable => "UNAVAILABLE",
            Self::RegionOff => "REGION_OFF",
            Self::Denied { .. } => "DENIED",
            Self::Throttled => "THROTTLED",
            Self::NotSupported => "NOT_SUPPORTED",
            Self::Excluded => "EXCLUDED",
            Self::Failed { .. } => "FAILED",
        }
    }
}

impl fmt::Display for ReadStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read => f.write_str("read"),
            Self::Absent => f.write_str("absent"),
            Self::Unavailable => f.write_str("not offered in this region"),
            Self::RegionOff => f.write_str("region not enabled"),
            Self::Denied { permission } => write!(f, "denied: {permission} is missing"),
            Self::Throttled => f.write_str("throttled on every attempt"),
            Self::NotSupported => f.write_str("not supported by the endpoint"),
            Self::Excluded => f.write_str("not asked"),
            Self::Failed { code } => write!(f, "failed: {code}"),
        }
    }
}

/// A fact that is missing, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Gap {
    /// The call that would have told: `s3.GetBucketPolicy`.
    pub call: String,
    /// Where it was asked.
    pub region: Region,
    /// How it ended; never a status that [is known](ReadStatus::is_known).
    #[serde(flatten)]
    pub status: ReadStatus,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} in {}: {}", self.call, self.region, self.status)
    }
}

/// How often one call ended in one way, in one region of one account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct CallCoverage {
    /// The account.
    pub account: AccountId,
    /// The region, or [`Region::GLOBAL`].
    pub region: Region,
    /// The call: `ec2.DescribeInstances`.
    pub call: String,
    /// How it ended.
    #[serde(flatten)]
    pub status: ReadStatus,
    /// How often: a call made for each bucket counts each bucket.
    pub count: u64,
}

/// The coverage of one account: counts by region, call and status, in that order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    counts: BTreeMap<(Region, String, ReadStatus), u64>,
}

impl Coverage {
    /// Counts one read.
    pub fn add(&mut self, region: &Region, call: &str, status: ReadStatus) {
        self.add_many(region, call, status, 1);
    }

    /// Counts `count` reads that ended alike.
    pub fn add_many(&mut self, region: &Region, call: &str, status: ReadStatus, count: u64) {
        *self.counts.entry((region.clone(), call.to_owned(), status)).or_default() += count;
    }

    /// Takes over everything that `other` counted.
    pub fn merge(&mut self, other: Self) {
        for (key, count) in other.counts {
            *self.counts.entry(key).or_default() += count;
        }
    }

    /// Region, call, status and how often, in this order.
    pub fn counts(&self) -> impl Iterator<Item = (&Region, &str, &ReadStatus, u64)> {
        self.counts.iter().map(|((region, call, status), count)| (region, call.as_str(), status, *count))
    }

    /// One row per region, call and status.
    pub fn rows<'a>(&'a self, account: &'a AccountId) -> impl Iterator<Item = CallCoverage> + 'a {
        self.counts.iter().map(move |((region, call, status), count)| CallCoverage {
            account: account.clone(),
            region: region.clone(),
            call: call.clone(),
            status: status.clone(),
            count: *count,
        })
    }

    /// Builds the coverage of one account from its rows; the rows' account is not looked at.
    #[must_use]
    pub fn from_rows(rows: impl IntoIterator<Item = CallCoverage>) -> Self {
        let mut coverage = Self::default();
        for row in rows {
            coverage.add_many(&row.region, &row.call, row.status, row.count);
        }
        coverage
    }

    /// Whether nothing was asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
}
