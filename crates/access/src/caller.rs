//! The callers that a policy is judged for.

use crate::fact::account_in;

/// Somebody who might call. Each stands for many: what one of them can do, all of its kind can.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Caller<'a> {
    /// Without credentials.
    Anonymous,
    /// With credentials of an account and organisation that no policy names.
    Stranger,
    /// Of an account, named nowhere, in this organisation.
    Organization(&'a str),
    /// Of this account; its administrators choose names and tags.
    Account(&'a str),
    /// A user, role or session, or those that match a pattern.
    Arn(&'a str),
    /// Who has this `aws:userid`.
    Id(&'a str),
    /// A service, or (`None`) any.
    Service {
        /// Its principal name.
        name: Option<&'a str>,
        /// For whose resource it calls.
        source: Source<'a>,
    },
    /// A user of an identity provider.
    Federated(&'a str),
    /// The account with this canonical user id.
    Canonical(&'a str),
    /// The user or role that an identity policy is attached to, calling directly.
    Holder,
}

/// For whose resource a service calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source<'a> {
    /// For anybody's, a stranger's too.
    Anybody,
    /// For one in this account.
    Account(&'a str),
    /// For this one, or those that match the pattern.
    Arn(&'a str),
    /// For one in this organisation.
    Organization(&'a str),
}

impl<'a> Source<'a> {
    /// The account, where it is told.
    pub(crate) fn account(self) -> Option<&'a str> {
        match self {
            Self::Account(id) => Some(id),
            Self::Arn(arn) => account_in(arn),
            Self::Anybody | Self::Organization(_) => None,
        }
    }
}

/// From where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// From an address on the internet that no policy singles out.
    Internet,
    /// Through a VPC endpoint that no policy names.
    Endpoint,
    /// From whichever addresses, VPCs and endpoints the policy names.
    Named,
    /// The same, but not from VPCs and endpoints that are known to be ours.
    Foreign,
}

/// Which callers are of interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum View {
    /// All.
    All,
    /// Those outside the account and its organisation.
    OutsideOrganization,
    /// Those outside the account.
    OutsideAccount,
}
