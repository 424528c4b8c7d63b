//! Whom the conditions of a policy single out, when its principals are everybody.

use crate::caller::{Caller, Source};
use crate::document::{Condition, Effect, Policy, Principal, Principals, Statement};
use crate::fact::account_in;
use crate::glob;
use crate::key::Key;
use crate::operator::Test;
use crate::owner::Owner;
use crate::parse::is_account;

/// The callers that a statement's conditions, or the policy's denies, speak of. Sorted, without repeats.
pub(crate) fn callers<'p>(
    policy: &'p Policy<'p>,
    allow: &'p Statement<'p>,
    owner: &Owner<'p>,
) -> Vec<Caller<'p>> {
    let mut found = vec![Caller::Service { name: None, source: Source::Anybody }];
    let denies = policy.statements.iter().filter(|statement| statement.effect == Effect::Deny);
    for statement in std::iter::once(allow).chain(denies) {
        for condition in &statement.conditions {
            for value in &condition.values {
                if let Some(value) = fixed(condition, value, statement.variables, owner) {
                    add(&mut found, condition.key, value);
                }
            }
        }
        if let (Effect::Deny, Principals::Except(list)) = (statement.effect, &statement.principals) {
            found.extend(list.iter().filter_map(caller_of).filter(|it| !matches!(it, Caller::Federated(_))));
        }
    }
    found.sort();
    found.dedup();
    prune(&mut found, allow);
    found
}

/// The caller that a principal stands for, unless it is everybody or nobody.
pub(crate) fn caller_of<'p>(principal: &'p Principal<'_>) -> Option<Caller<'p>> {
    Some(match principal {
        Principal::Everyone | Principal::Deleted(_) => return None,
        Principal::Account(id) => Caller::Account(id),
        Principal::Arn(arn) => Caller::Arn(arn),
        Principal::Service(name) => Caller::Service { name: Some(name), source: Source::Anybody },
        Principal::Federated(provider) => Caller::Federated(provider),
        Principal::CanonicalUser(id) => Caller::Canonical(id),
    })
}

/// The sources that a statement's conditions name, for a service.
pub(crate) fn sources<'p>(
    policy: &'p Policy<'p>,
    allow: &'p Statement<'p>,
    owner: &Owner<'p>,
) -> Vec<Source<'p>> {
    let mut sources: Vec<Source<'p>> = callers(policy, allow, owner)
        .into_iter()
        .filter_map(|caller| match caller {
            Caller::Service { name: None, source } if source != Source::Anybody => Some(source),
            _ => None,
        })
        .collect();
    sources.dedup();
    sources
}

/// A value as the policy's reader would write it, unless it has a variable that only a request fills in.
fn fixed<'p>(
    condition: &'p Condition<'_>,
    value: &'p str,
    variables: bool,
    owner: &Owner<'p>,
) -> Option<&'p str> {
    let pattern = condition.operator.is_some_and(|it| matches!(it.test, Test::StringLike | Test::ArnLike));
    if !pattern && glob::wild(value) {
        return None;
    }
    if !variables || !value.contains("${") {
        return Some(value);
    }
    match value {
        it if it.eq_ignore_ascii_case("${aws:ResourceAccount}") => Some(owner.account()),
        it if it.eq_ignore_ascii_case("${aws:ResourceOrgID}") => owner.organization_id(),
        _ => None,
    }
}

fn add<'p>(found: &mut Vec<Caller<'p>>, key: Key, value: &'p str) {
    let organization = value.split('/').next().filter(|id| !id.is_empty() && !glob::wild(id));
    let account = Some(value).filter(|it| is_account(it)).or_else(|| account_in(value));
    let service = |source| Caller::Service { name: None, source };
    match key {
        Key::PrincipalOrgId | Key::PrincipalOrgPaths => found.extend(organization.map(Caller::Organization)),
        Key::PrincipalAccount | Key::DataAccessPointAccount | Key::DataAccessPointArn | Key::HolderArn => {
            found.extend(account.map(Caller::Account));
        }
        Key::PrincipalArn => match account_in(value) {
            Some(_) => found.push(Caller::Arn(value)),
            None => found.extend(value.contains(":cloudfront:").then_some(Caller::Arn(value))),
        },
        Key::UserId => found.push(account.map_or(Caller::Id(value), Caller::Account)),
        Key::SourceAccount => found.extend(account.map(|id| service(Source::Account(id)))),
        Key::SourceOwner => {
            found.extend(account.map(Caller::Account));
            found.extend(account.map(|id| service(Source::Account(id))));
        }
        Key::SourceArn => found.push(service(Source::Arn(value))),
        Key::SourceOrgId | Key::SourceOrgPaths => {
            found.extend(organization.map(|id| service(Source::Organization(id))));
        }
        Key::PrincipalServiceName if !glob::wild(value) => {
            found.push(Caller::Service { name: Some(value), source: Source::Anybody });
        }
        _ => {}
    }
}

/// Where the allow itself names both a wide and a narrow circle, both must be met, so the narrow one tells who it is.
fn prune(found: &mut Vec<Caller<'_>>, allow: &Statement<'_>) {
    let names = |keys: &[Key]| {
        let positive =
            |it: &&Condition<'_>| it.operator.is_some_and(|it| !it.negated && it.test != Test::Null);
        allow.conditions.iter().filter(positive).any(|it| keys.contains(&it.key))
    };
    let by_arn = names(&[Key::PrincipalArn]);
    let by_account = names(&[Key::SourceAccount, Key::SourceOwner]);
    found.retain(|caller| match caller {
        Caller::Account(id) if by_arn => {
            // Unless no name narrows this account down.
            !allow.conditions.iter().any(|it| {
                it.key == Key::PrincipalArn && it.values.iter().any(|value| account_in(value) == Some(id))
            })
        }
        Caller::Service { source: Source::Arn(_), .. } => !by_account,
        _ => true,
    });
}
