//! Cheap-to-clone names: account ids, regions, resource types, rule ids.
//!
//! A scan repeats the same few thousand names millions of times, so they are shared strings.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! shared_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", &self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                String::schema()
            }
        }

        impl ToSchema for $name {}

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

macro_rules! free_name {
    ($(#[$doc:meta])* $name:ident) => {
        shared_name!($(#[$doc])* $name);

        impl $name {
            /// Takes any text: what is a valid name is for the caller to know.
            pub fn new(name: impl Into<Arc<str>>) -> Self {
                Self(name.into())
            }
        }

        impl From<&str> for $name {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::new)
            }
        }
    };
}

shared_name! {
    /// The twelve digits of an AWS account. Leading zeros count.
    AccountId
}
free_name! {
    /// A region such as `ap-northeast-1`, or [`Region::GLOBAL`].
    Region
}
free_name! {
    /// A resource type as AWS Config and CloudFormation name it: `AWS::EC2::SecurityGroup`.
    ResourceType
}
free_name! {
    /// A rule's identifier in kebab-case: `restricted-ssh`.
    RuleId
}

/// An account id was not twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not an account id: twelve digits are expected")]
pub struct AccountIdError(String);

impl AccountId {
    /// Checks and takes an account id.
    ///
    /// # Errors
    ///
    /// [`AccountIdError`] unless `id` is twelve ASCII digits.
    pub fn new(id: &str) -> Result<Self, AccountIdError> {
        if id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()) {
            Ok(Self(id.into()))
        } else {
            Err(AccountIdError(id.to_owned()))
        }
    }
}

impl<'de> Deserialize<'de> for AccountId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}

impl Region {
    /// Where resources of services without regions (IAM, CloudFront, Route 53...) are filed.
    pub const GLOBAL: &'static str = "global";

    /// The region of services without regions.
    #[must_use]
    pub fn global() -> Self {
        Self::new(Self::GLOBAL)
    }

    /// Whether this is the region of services without regions.
    #[must_use]
    pub fn is_global(&self) -> bool {
        self.as_str() == Self::GLOBAL
    }

    /// The partition that the region's name says it is in.
    #[must_use]
    pub fn partition(&self) -> Partition {
        if self.as_str().starts_with("cn-") {
            Partition::China
        } else if self.as_str().starts_with("us-gov-") {
            Partition::UsGov
        } else {
            Partition::Aws
        }
    }
}

impl ResourceType {
    /// The account itself; one per account, filed under the global region.
    pub const ACCOUNT: &'static str = "AWS::::Account";
    /// One region of one account, with the settings that exist once per region.
    pub const REGION: &'static str = "AWS::::Region";

    /// The service part: `EC2` of `AWS::EC2::SecurityGroup`. Empty for the account and its regions.
    #[must_use]
    pub fn service(&self) -> &str {
        self.as_str().split("::").nth(1).unwrap_or_default()
    }
}

/// A group of regions with its own accounts, endpoints and ARN prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Partition {
    /// The commercial regions.
    #[serde(rename = "aws")]
    Aws,
    /// Beijing and Ningxia.
    #[serde(rename = "aws-cn")]
    China,
    /// `GovCloud` (US).
    #[serde(rename = "aws-us-gov")]
    UsGov,
}

impl Partition {
    /// As it stands in ARNs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::China => "aws-cn",
            Self::UsGov => "aws-us-gov",
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_keeps_its_leading_zeros() {
        assert_eq!(AccountId::new("000123456789").unwrap().as_str(), "000123456789");
    }

    #[test]
    fn an_account_id_is_twelve_digits() {
        for bad in ["", "12345678901", "1234567890123", "12345678901a", "１２３４５６７８９０１２"]
        {
            assert!(AccountId::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_region_knows_its_partition() {
        assert_eq!(Region::from("cn-north-1").partition(), Partition::China);
        assert_eq!(Region::from("us-gov-west-1").partition(), Partition::UsGov);
        assert_eq!(Region::from("ap-northeast-1").partition(), Partition::Aws);
    }
}
