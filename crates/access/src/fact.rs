//! What a request of a given caller carries under a condition key.
//!
//! A policy is judged by asking, for a handful of imagined callers, whether each could meet its conditions. A fact
//! says what such a caller's requests can carry: nothing, a value nobody wrote down, anything they like.
//!
//! Sources: the *Availability* of each key in IAM User Guide, "AWS global condition context keys".

use crate::answer::Reason;
use crate::caller::{Caller, Place, Source, View};
use crate::document::Condition;
use crate::key::Key;
use crate::owner::Owner;
use crate::provider::{self, Claim};

/// What a caller's requests can carry under one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Facts<'a> {
    /// The values it can have, when it is there.
    pub(crate) present: Option<Fact<'a>>,
    /// Whether it can be missing.
    pub(crate) absent: bool,
}

/// A set of values that a key can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact<'a> {
    /// Whatever the caller likes, or happens to have.
    Free,
    /// A value that matches this pattern; often just this value.
    Like(&'a str),
    /// One of these, at the caller's choice.
    Among(&'static [&'static str]),
    /// A value that nobody wrote into a policy: a stranger's account, organisation, VPC.
    Fresh,
    /// The same for unique ids, which AWS gives out and nobody chooses: `AROA...:session`.
    FreshId,
    /// Any organisation but this one.
    AnyBut(&'a str),
    /// The ARN of something in this account, or in a stranger's.
    Arn {
        /// `None`: an account that nobody wrote down.
        account: Option<&'a str>,
        /// Whether the resource part may hold colons.
        colons: bool,
    },
    /// A path in this organisation, or in a stranger's.
    OrgPath(Option<&'a str>),
    /// A path in any organisation but this one.
    OrgPathBut(&'a str),
    /// An address somewhere on the internet.
    Somewhere,
    /// Any address on the internet, also one that the policy names.
    PublicAddress,
    /// An id that is not ours, as far as we know.
    NotOurs,
    /// An account that is not ours, as far as we know.
    NotOurAccount,
    /// A claim of a stranger's token.
    Claim(Claim),
    /// Where a stranger wants notifications sent.
    Receiver,
    /// It cannot be said.
    Unclear(Reason),
}

impl Facts<'_> {
    /// One request after the other, as far as they can be told apart.
    pub(crate) fn each(&self, visit: &mut dyn FnMut(&Facts<'_>)) {
        if let Some(Fact::Unclear(_)) = &self.present {
            // Of what is not known, nobody knows when it is missing either.
            return visit(self);
        }
        if self.absent {
            visit(&NEVER);
        }
        match &self.present {
            None => {}
            Some(Fact::Among(choices)) => {
                choices.iter().for_each(|choice| visit(&always(Fact::Like(choice))))
            }
            Some(fact) => visit(&always(fact.clone())),
        }
    }
}

const TYPES: &[&str] = &["Account", "User", "FederatedUser", "AssumedRole"];
const TRUTH: &[&str] = &["true", "false"];
const URL_AUTH: &[&str] = &["NONE", "AWS_IAM"];

pub(crate) fn always<'a>(fact: Fact<'a>) -> Facts<'a> {
    Facts { present: Some(fact), absent: false }
}

fn maybe<'a>(fact: Fact<'a>) -> Facts<'a> {
    Facts { present: Some(fact), absent: true }
}

const NEVER: Facts<'static> = Facts { present: None, absent: true };

/// What a caller's requests carry under the key of a condition.
pub(crate) fn facts<'a>(
    condition: &Condition<'_>,
    caller: &Caller<'a>,
    place: Place,
    owner: &Owner<'a>,
    view: View,
) -> Facts<'a> {
    match condition.key {
        Key::PrincipalAccount
        | Key::PrincipalArn
        | Key::PrincipalOrgId
        | Key::PrincipalOrgPaths
        | Key::UserId
        | Key::DataAccessPointAccount
        | Key::DataAccessPointArn => identity(condition.key, caller, owner, view),
        Key::SourceAccount
        | Key::SourceOwner
        | Key::SourceArn
        | Key::SourceOrgId
        | Key::SourceOrgPaths
        | Key::HolderArn => source(condition.key, caller, owner, view),
        Key::SourceIp
        | Key::VpcSourceIp
        | Key::SourceVpc
        | Key::SourceVpcArn
        | Key::VpceAccount
        | Key::VpceOrgId
        | Key::VpceOrgPaths
        | Key::InstanceVpc
        | Key::EncryptionKey
        | Key::MountTarget
        | Key::SnsEndpoint => network(condition.key, caller, place, owner),
        Key::PrincipalType
        | Key::PrincipalServiceName
        | Key::PrincipalIsAwsService
        | Key::OfSignedCallers
        | Key::ViaAwsService
        | Key::CalledVia
        | Key::FunctionUrlAuthType
        | Key::EventSourceToken => manner(condition.key, caller, place),
        Key::Claim => claim(condition, caller, place),
        Key::ResourceAccount => always(Fact::Like(owner.account())),
        Key::ResourceOrgId | Key::ResourceOrgPaths => match owner.organization_id() {
            Some(id) if condition.key == Key::ResourceOrgId => always(Fact::Like(id)),
            Some(id) => always(Fact::OrgPath(Some(id))),
            None => always(Fact::Unclear(Reason::Membership(owner.account().to_owned()))),
        },
        Key::SecureTransport => always(Fact::Among(TRUTH)),
        Key::Time => always(Fact::Unclear(Reason::Time(condition.key_name.to_string()))),
        Key::Request => maybe(Fact::Free),
        Key::Unknown => maybe(Fact::Unclear(Reason::Key(condition.key_name.to_string()))),
    }
}

/// What kind of caller it is, and how it calls.
fn manner<'a>(key: Key, caller: &Caller<'a>, place: Place) -> Facts<'a> {
    use Caller::{Anonymous, Federated, Holder, Service, Stranger};
    match (key, caller) {
        (Key::PrincipalType, Anonymous) => always(Fact::Like("Anonymous")),
        (Key::PrincipalType, Service { .. } | Federated(_)) => maybe(Fact::Free),
        (Key::PrincipalType, _) => always(Fact::Among(TYPES)),
        (Key::PrincipalServiceName, Service { name: Some(name), .. }) => always(Fact::Like(name)),
        (Key::PrincipalServiceName, Service { name: None, .. }) => always(Fact::Free),
        (Key::PrincipalIsAwsService, Anonymous | Federated(_)) => NEVER,
        (Key::PrincipalIsAwsService, Service { .. }) => always(Fact::Like("true")),
        (Key::PrincipalIsAwsService, _) => always(Fact::Like("false")),
        (Key::OfSignedCallers, Anonymous | Service { .. }) => NEVER,
        (Key::OfSignedCallers, _) => maybe(Fact::Free),
        (Key::ViaAwsService, Anonymous | Federated(_) | Holder) => always(Fact::Like("false")),
        (Key::ViaAwsService, _) => always(Fact::Among(TRUTH)),
        (Key::CalledVia, Anonymous | Federated(_) | Holder) => NEVER,
        (Key::CalledVia, _) => maybe(Fact::Free),
        (Key::FunctionUrlAuthType, Anonymous) => always(Fact::Like("NONE")),
        (Key::FunctionUrlAuthType, Service { .. }) => NEVER,
        (Key::FunctionUrlAuthType, _) => always(Fact::Among(URL_AUTH)),
        (Key::EventSourceToken, Service { .. } | Anonymous | Stranger)
            if matches!(place, Place::Internet | Place::Endpoint) =>
        {
            maybe(Fact::Fresh)
        }
        (Key::EventSourceToken, _) => maybe(Fact::Free),
        _ => NEVER,
    }
}

/// Who calls.
fn identity<'a>(key: Key, caller: &Caller<'a>, owner: &Owner<'a>, view: View) -> Facts<'a> {
    use Caller::{
        Account, Anonymous, Arn, Canonical, Federated, Holder, Id, Organization, Service, Stranger,
    };
    match (key, caller) {
        (_, Holder) => maybe(Fact::Free),
        (_, Canonical(id)) => maybe(Fact::Unclear(Reason::Ownership((*id).to_owned()))),
        (Key::PrincipalAccount, Anonymous) => always(Fact::Like("anonymous")),
        (Key::PrincipalAccount, Stranger | Organization(_)) => always(Fact::Fresh),
        (Key::PrincipalAccount, Account(id)) => always(Fact::Like(id)),
        (Key::PrincipalAccount, Arn(arn)) => always(account_in(arn).map_or(Fact::Free, Fact::Like)),
        (Key::PrincipalAccount, Service { .. }) => maybe(Fact::Fresh),
        (Key::PrincipalArn, Stranger | Organization(_)) => always(Fact::Arn { account: None, colons: false }),
        (Key::PrincipalArn, Account(id)) => always(Fact::Arn { account: Some(id), colons: false }),
        // The key names the role of a session, of which the session's ARN does not tell the path.
        (Key::PrincipalArn, Arn(arn)) if arn.contains(":assumed-role/") => {
            always(Fact::Arn { account: account_in(arn), colons: false })
        }
        (Key::PrincipalArn, Arn(arn)) => always(Fact::Like(arn)),
        (Key::PrincipalOrgId, Organization(id)) => always(Fact::Like(id)),
        (Key::PrincipalOrgPaths, Organization(id)) => always(Fact::OrgPath(Some(id))),
        (Key::PrincipalOrgId, Stranger) => maybe(Fact::Fresh),
        (Key::PrincipalOrgPaths, Stranger) => maybe(Fact::OrgPath(None)),
        (Key::PrincipalOrgId, Account(id)) => organization_of(Some(id), owner, view),
        (Key::PrincipalOrgId, Arn(arn)) => organization_of(account_in(arn), owner, view),
        (Key::PrincipalOrgPaths, Account(id)) => paths(organization_of(Some(id), owner, view)),
        (Key::PrincipalOrgPaths, Arn(arn)) => paths(organization_of(account_in(arn), owner, view)),
        (Key::UserId, Anonymous) => always(Fact::Like("anonymous")),
        (Key::UserId, Stranger | Organization(_)) => always(Fact::FreshId),
        (Key::UserId, Id(id)) => always(Fact::Like(id)),
        (Key::UserId, Account(_) | Arn(_)) => always(Fact::Free),
        // An access point belongs to an account, whose access point policy decides who may use it.
        (Key::DataAccessPointAccount, Account(id)) => maybe(Fact::Like(id)),
        (Key::DataAccessPointArn, Account(id)) => maybe(Fact::Arn { account: Some(id), colons: false }),
        (Key::DataAccessPointAccount, Anonymous | Stranger | Organization(_)) => maybe(Fact::Fresh),
        (Key::DataAccessPointArn, Anonymous | Stranger | Organization(_)) => {
            maybe(Fact::Arn { account: None, colons: false })
        }
        (Key::DataAccessPointAccount | Key::DataAccessPointArn, Arn(_)) | (_, Id(_)) => maybe(Fact::Free),
        (_, Anonymous | Service { .. } | Federated(_)) => NEVER,
        _ => maybe(Fact::Free),
    }
}

/// For whose resource a service calls. Direct calls have hardly any of these keys.
fn source<'a>(key: Key, caller: &Caller<'a>, owner: &Owner<'a>, view: View) -> Facts<'a> {
    let account = match caller {
        Caller::Account(id) => Some(*id),
        Caller::Arn(arn) => account_in(arn),
        _ => None,
    };
    let Caller::Service { source, .. } = caller else {
        return match (key, caller) {
            // A principal that a statement names may stand for what services do in its name, as in old policies.
            (Key::SourceAccount | Key::SourceOwner, Caller::Account(_) | Caller::Arn(_)) => {
                maybe(account.map_or(Fact::Free, Fact::Like))
            }
            (Key::SourceArn | Key::HolderArn, Caller::Account(_) | Caller::Arn(_)) => {
                maybe(Fact::Arn { account, colons: true })
            }
            (Key::SourceOrgId, Caller::Account(_) | Caller::Arn(_)) => organization_of(account, owner, view),
            (Key::SourceOrgPaths, Caller::Account(_) | Caller::Arn(_)) => {
                paths(organization_of(account, owner, view))
            }
            // SNS sets it for direct callers too: its default topic policy lets the owner in by this key alone.
            (Key::SourceOwner, Caller::Stranger | Caller::Organization(_)) => maybe(Fact::Fresh),
            (Key::SourceOwner | Key::HolderArn, Caller::Id(_) | Caller::Holder) => maybe(Fact::Free),
            (Key::HolderArn, Caller::Stranger | Caller::Organization(_)) => {
                maybe(Fact::Arn { account: None, colons: true })
            }
            _ => NEVER,
        };
    };
    let account = source.account();
    match (key, source) {
        (Key::HolderArn, _) => NEVER,
        (Key::SourceAccount | Key::SourceOwner, Source::Anybody | Source::Organization(_)) => {
            maybe(Fact::Fresh)
        }
        (Key::SourceAccount | Key::SourceOwner, _) => maybe(account.map_or(Fact::Free, Fact::Like)),
        (Key::SourceArn, Source::Arn(arn)) => always(Fact::Like(arn)),
        (Key::SourceArn, Source::Account(_)) => maybe(Fact::Arn { account, colons: true }),
        (Key::SourceArn, _) => maybe(Fact::Arn { account: None, colons: true }),
        (Key::SourceOrgId, Source::Organization(id)) => always(Fact::Like(id)),
        (Key::SourceOrgPaths, Source::Organization(id)) => always(Fact::OrgPath(Some(id))),
        (Key::SourceOrgId, Source::Anybody) => maybe(Fact::Fresh),
        (Key::SourceOrgPaths, Source::Anybody) => maybe(Fact::OrgPath(None)),
        (Key::SourceOrgId, _) => organization_of(account, owner, view),
        (Key::SourceOrgPaths, _) => paths(organization_of(account, owner, view)),
        _ => NEVER,
    }
}

/// From which network, and other things that only somebody near the resource can bring.
fn network<'a>(key: Key, caller: &Caller<'a>, place: Place, owner: &Owner<'a>) -> Facts<'a> {
    let service = matches!(caller, Caller::Service { .. });
    match (key, place) {
        (_, Place::Named) | (Key::VpcSourceIp, Place::Endpoint) => maybe(Fact::Free),
        (Key::SourceIp, Place::Internet) if service => maybe(Fact::Somewhere),
        (Key::SourceIp, Place::Internet) => always(Fact::Somewhere),
        (Key::SourceIp, Place::Foreign) => maybe(Fact::PublicAddress),
        (Key::SourceIp, Place::Endpoint) | (Key::VpcSourceIp, Place::Internet) => NEVER,
        (Key::VpcSourceIp, Place::Foreign) => maybe(Fact::Free),
        (Key::SourceVpc, Place::Foreign) | (Key::InstanceVpc, Place::Foreign) => maybe(Fact::NotOurs),
        (Key::SourceVpcArn | Key::VpceAccount, Place::Foreign) => maybe(Fact::NotOurAccount),
        (Key::VpceOrgId, Place::Foreign) => maybe(owner.organization_id().map_or(Fact::Free, Fact::AnyBut)),
        (Key::VpceOrgPaths, Place::Foreign) => {
            maybe(owner.organization_id().map_or(Fact::Free, Fact::OrgPathBut))
        }
        (Key::SourceVpc, Place::Endpoint) if !service => always(Fact::Fresh),
        (Key::SourceVpcArn, Place::Endpoint) if !service => {
            always(Fact::Arn { account: None, colons: false })
        }
        (Key::VpceAccount, Place::Endpoint) if !service => always(Fact::Fresh),
        (Key::VpceOrgId, Place::Endpoint) if !service => maybe(Fact::Fresh),
        (Key::VpceOrgPaths, Place::Endpoint) if !service => maybe(Fact::OrgPath(None)),
        (Key::InstanceVpc, _) if matches!(caller, Caller::Anonymous | Caller::Service { .. }) => NEVER,
        (Key::InstanceVpc, _) => maybe(Fact::Fresh),
        (Key::MountTarget, _) => maybe(Fact::Like("false")),
        (Key::EncryptionKey, Place::Foreign) => maybe(Fact::Free),
        (Key::EncryptionKey, _) => maybe(Fact::Fresh),
        (Key::SnsEndpoint, Place::Foreign) => maybe(Fact::Free),
        (Key::SnsEndpoint, _) => maybe(Fact::Receiver),
        _ => NEVER,
    }
}

fn claim<'a>(condition: &Condition<'_>, caller: &Caller<'a>, place: Place) -> Facts<'a> {
    let Caller::Federated(provider) = caller else { return NEVER };
    match provider::claim(provider, &condition.key_name) {
        None => NEVER,
        Some(_) if matches!(place, Place::Named | Place::Foreign) => maybe(Fact::Free),
        Some(Claim::Chosen) => maybe(Fact::Free),
        Some(claim) => always(Fact::Claim(claim)),
    }
}

/// The organisation of an account, as far as the owner's is known.
fn organization_of<'a>(account: Option<&str>, owner: &Owner<'a>, view: View) -> Facts<'a> {
    let Some(ours) = owner.organization_id() else { return maybe(Fact::Free) };
    match account.and_then(|account| owner.is_member(account)) {
        Some(true) => always(Fact::Like(ours)),
        None if view != View::OutsideOrganization => maybe(Fact::Free),
        _ => maybe(Fact::AnyBut(ours)),
    }
}

fn paths(facts: Facts<'_>) -> Facts<'_> {
    let present = facts.present.map(|fact| match fact {
        Fact::Like(id) => Fact::OrgPath(Some(id)),
        Fact::AnyBut(id) => Fact::OrgPathBut(id),
        other => other,
    });
    Facts { present, absent: facts.absent }
}

/// The account in an ARN, if it names one.
pub(crate) fn account_in(arn: &str) -> Option<&str> {
    arn.split(':').nth(4).filter(|account| crate::parse::is_account(account))
}
