//! To whom the resource belongs, and who therefore is no outsider.

use std::collections::BTreeSet;

use yagura_model::{AccountId, Arn, Organization};

/// The account that owns the policy's resource, and what is known around it.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    account: &'a str,
    organization: Option<&'a Organization>,
    resource: Option<&'a str>,
    ours: Option<&'a BTreeSet<String>>,
}

impl<'a> Owner<'a> {
    /// An account about which nothing else is known: everybody else is an outsider.
    #[must_use]
    pub fn new(account: &'a AccountId) -> Self {
        Self { account: account.as_str(), organization: None, resource: None, ours: None }
    }

    /// With the organisation around it.
    ///
    /// The list of its accounts counts as complete when it holds the management account: only who may list accounts
    /// sees that one. Otherwise a strange account is neither in nor out.
    #[must_use]
    pub fn within(self, organization: &'a Organization) -> Self {
        Self { organization: Some(organization), ..self }
    }

    /// With the ARN of the resource that the policy belongs to, so that `"Resource": "*"` is understood.
    #[must_use]
    pub fn of_resource(self, arn: &'a str) -> Self {
        Self { resource: Some(arn), ..self }
    }

    /// With ids that are known to be the organisation's own: VPCs, VPC endpoints, buckets, canonical users, origin
    /// access identities. An id that is not there may still be its own.
    #[must_use]
    pub fn knowing(self, ours: &'a BTreeSet<String>) -> Self {
        Self { ours: Some(ours), ..self }
    }

    /// The twelve digits.
    #[must_use]
    pub fn account(&self) -> &'a str {
        self.account
    }

    /// The organisation's id, if known.
    #[must_use]
    pub fn organization_id(&self) -> Option<&'a str> {
        self.organization.and_then(|it| it.id.as_deref())
    }

    /// The resource's ARN, if known.
    #[must_use]
    pub fn resource(&self) -> Option<&'a str> {
        self.resource
    }

    /// The service of the resource, if known.
    pub(crate) fn service(&self) -> Option<&'a str> {
        self.resource.and_then(|arn| Arn::parse(arn).ok()).map(|arn| arn.service)
    }

    /// Whether an account is the owner or in its organisation; `None` when that is not known.
    #[must_use]
    pub fn is_member(&self, account: &str) -> Option<bool> {
        if account == self.account {
            return Some(true);
        }
        let Some(organization) = self.organization.filter(|it| it.id.is_some()) else { return Some(false) };
        if organization.accounts.contains_key(account) {
            return Some(true);
        }
        let complete = organization
            .management_account
            .as_ref()
            .is_some_and(|management| organization.accounts.contains_key(management));
        if complete { Some(false) } else { None }
    }

    /// Whether an id is known to be the organisation's own.
    #[must_use]
    pub fn owns(&self, id: &str) -> bool {
        self.ours.is_some_and(|ours| ours.contains(id))
    }
}
