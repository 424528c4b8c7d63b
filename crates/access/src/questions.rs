//! The questions that rules ask about the policy of a resource or the trust policy of a role.

use crate::answer::{Answer, Doubt, Found};
use crate::caller::View;
use crate::document::Policy;
use crate::grant::{Grant, ServiceSource, Who};
use crate::grants;
use crate::owner::Owner;

impl Policy<'_> {
    /// Everything that the policy grants, after its denies, in the order of its statements.
    ///
    /// A caller that is part of a wider circle with the same actions is not listed again.
    #[must_use]
    pub fn grants(&self, owner: &Owner<'_>) -> Vec<Grant> {
        grants::all(self, owner, View::All)
    }

    /// Whether the policy grants anything to everybody.
    ///
    /// Everybody means: without credentials, with credentials of any account, or with a token of an identity provider
    /// that anybody can sign up to. A grant is not public when it is bound by a fixed value of who calls or from
    /// where, as S3 defines it; address ranges broader than /8 (IPv6: /32) bind nobody. A role's or user's
    /// `aws:userid` with a wildcard (`AROA...:*`) is public too, by the same definition. Going by meaning where the
    /// definition goes by form, a wildcard behind a fixed account id does bind.
    ///
    /// Services are not the public: see [`Policy::confused_deputy`].
    ///
    /// Sources: S3 User Guide, "The meaning of public"; EFS User Guide, "The meaning of public"; IAM User Guide, "How
    /// IAM Access Analyzer findings work".
    #[must_use]
    pub fn public(&self, owner: &Owner<'_>) -> Answer<bool> {
        found(grants::public(self, owner), |grant| Some(grant.statement)).any()
    }

    /// The actions, with their wildcards, that the policy grants to everybody. A `NotAction` counts as `*`.
    #[must_use]
    pub fn public_actions(&self, owner: &Owner<'_>) -> Found<String> {
        let mut actions = Found { certain: Vec::new(), doubts: Vec::new() };
        for grant in grants::public(self, owner) {
            match grant.doubt {
                None => actions.certain.extend(grant.actions),
                Some(doubt) => actions.doubts.push(doubt),
            }
        }
        tidy(actions)
    }

    /// The principals outside the account and its organisation to whom the policy grants something.
    ///
    /// `*` is everybody, also when bound to addresses or networks that are not known to be ours. Users of an identity
    /// provider are outsiders when anybody can be one. A service is an outsider when it acts for an outsider's
    /// resource; without a known source it is a case for [`Policy::confused_deputy`].
    #[must_use]
    pub fn outsiders(&self, owner: &Owner<'_>) -> Found<String> {
        found(grants::all(self, owner, View::OutsideOrganization), |grant| Some(grant.who.to_string()))
    }

    /// The principals outside the account to whom the policy grants something: the outsiders, and the organisation.
    #[must_use]
    pub fn external(&self, owner: &Owner<'_>) -> Found<String> {
        found(grants::all(self, owner, View::OutsideAccount), |grant| Some(grant.who.to_string()))
    }

    /// The services that are let in for anybody's resources: nothing ties them to a source account, ARN or
    /// organisation.
    ///
    /// Meant for the policies of resources that services call for their users (topics, queues, functions, buckets,
    /// keys). Most services that assume a role demand that the role is their user's own, so in a role's trust policy
    /// such a grant is common and mostly harmless.
    ///
    /// `*` is any service, where everybody else is kept out.
    ///
    /// Source: IAM User Guide, "The confused deputy problem", "Cross-service confused deputy prevention".
    #[must_use]
    pub fn confused_deputy(&self, owner: &Owner<'_>) -> Found<String> {
        found(grants::all(self, owner, View::All), |grant| match &grant.who {
            Who::Service { name, source: ServiceSource::Anybody } => Some(name.clone()),
            _ => None,
        })
    }
}

/// Sorts grants into what is certain and what is not.
fn found<T: Ord>(grants: Vec<Grant>, wanted: impl Fn(&Grant) -> Option<T>) -> Found<T> {
    let mut found = Found { certain: Vec::new(), doubts: Vec::new() };
    for grant in grants {
        let Some(item) = wanted(&grant) else { continue };
        match grant.doubt {
            None => found.certain.push(item),
            Some(doubt) => found.doubts.push(doubt),
        }
    }
    tidy(found)
}

fn tidy<T: Ord>(mut found: Found<T>) -> Found<T> {
    found.certain.sort();
    found.certain.dedup();
    found.doubts.sort_by(Doubt::cmp);
    found.doubts.dedup();
    found
}
