//! The meaning of policies, which `yagura-access` knows.
//!
//! A policy is an object or a text; a list of policies is judged together, as those of one user are.

use std::borrow::Cow;

use serde_json::Value as Json;
use yagura_access::{Answer as Judged, Doubt, Found, Owner, Policy, acl_public};

use super::{Function, function, text};
use crate::condition::{Fault, List, Scope, Value, whole};

pub(super) const FUNCTIONS: &[Function] = &[
    function("public", 1..=1, "public(policy)", public),
    function("public_actions", 1..=1, "public_actions(policy)", public_actions),
    function("outsiders", 1..=1, "outsiders(policy)", outsiders),
    function("external", 1..=1, "external(policy)", external),
    function("confused_deputy", 1..=1, "confused_deputy(policy)", confused_deputy),
    function("allows", 2..=2, "allows(policy, action)", allows),
    function("admin", 1..=1, "admin(policy)", admin),
    function("star_actions", 1..=1, "star_actions(policy)", star_actions),
    function(
        "denies_insecure_transport",
        1..=1,
        "denies_insecure_transport(policy)",
        denies_insecure_transport,
    ),
    function("limits_source", 1..=1, "limits_source(policy)", limits_source),
    function("denies_other_sources", 1..=1, "denies_other_sources(policy)", denies_other_sources),
    function("acl_public", 1..=1, "acl_public(grants)", is_acl_public),
];

/// The functions whose answer depends on which networks are ours.
pub(crate) const ASKING_FOR_NETWORKS: [&str; 2] = ["outsiders", "external"];

type Answer<'a> = Result<Value<'a>, Fault<'a>>;

/// Asks something of a policy, or of several together.
fn ask<'a, T>(
    name: &'static str,
    scope: &Scope<'a>,
    policy: &Value<'a>,
    question: impl FnOnce(&Policy<'_>, &Owner<'_>) -> T,
) -> Result<T, Fault<'a>> {
    let owner = Owner::new(&scope.resource.key.account)
        .within(scope.around.organization)
        .of_resource(&scope.resource.arn)
        .knowing(scope.around.networks());
    let documents: Vec<Cow<'a, Json>> = match policy.elements() {
        Some(elements) => {
            elements.complete()?;
            elements.iter().map(|it| document(name, &it)).collect::<Result<_, _>>()?
        }
        None => vec![document(name, policy)?],
    };
    let policies = documents.iter().map(|it| Policy::parse(it)).collect::<Result<Vec<_>, _>>();
    let policies =
        policies.map_err(|error| Fault::Undecidable(format!("the policy cannot be read: {error}").into()))?;
    Ok(question(&Policy::together(policies), &owner))
}

fn document<'a>(name: &'static str, policy: &Value<'a>) -> Result<Cow<'a, Json>, Fault<'a>> {
    if let Value::Resource(resource) = policy {
        whole(resource)?;
    }
    if let Value::Json(json @ Json::Object(_)) = policy {
        return Ok(Cow::Borrowed(json));
    }
    match policy.to_json() {
        json @ (Json::Object(_) | Json::String(_)) => Ok(Cow::Owned(json)),
        _ => Err(Fault::wrong_type(name, policy.type_name())),
    }
}

fn doubtful<'a>(doubt: &Doubt) -> Fault<'a> {
    Fault::Undecidable(doubt.to_string().into())
}

fn decided<'a>(answer: Judged<bool>) -> Answer<'a> {
    match answer {
        Judged::Known(it) => Ok(Value::Bool(it)),
        Judged::Unknown(doubt) => Err(doubtful(&doubt)),
    }
}

/// What is certain is there, and there may be more.
fn list<'a>(found: Found<String>) -> Value<'a> {
    let lacking = found.doubts.first().map(doubtful);
    List { items: found.certain.into_iter().map(Value::text).collect(), lacking }.into()
}

fn public<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    decided(ask("public", scope, &arguments[0], |policy, owner| policy.public(owner))?)
}

fn public_actions<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    ask("public_actions", scope, &arguments[0], |policy, owner| policy.public_actions(owner)).map(list)
}

fn outsiders<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    ask("outsiders", scope, &arguments[0], |policy, owner| policy.outsiders(owner)).map(list)
}

fn external<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    ask("external", scope, &arguments[0], |policy, owner| policy.external(owner)).map(list)
}

fn confused_deputy<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    ask("confused_deputy", scope, &arguments[0], |policy, owner| policy.confused_deputy(owner)).map(list)
}

fn allows<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let action = text("allows", &arguments[1])?;
    ask("allows", scope, &arguments[0], |policy, owner| policy.allows(action, owner)).map(Value::Bool)
}

fn admin<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    ask("admin", scope, &arguments[0], |policy, owner| policy.admin(owner)).map(Value::Bool)
}

fn star_actions<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let actions = ask("star_actions", scope, &arguments[0], |policy, owner| policy.star_actions(owner))?;
    Ok(List::of(actions.into_iter().map(Value::text).collect()))
}

fn denies_insecure_transport<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let name = "denies_insecure_transport";
    decided(ask(name, scope, &arguments[0], |policy, owner| policy.denies_insecure_transport(owner))?)
}

fn limits_source<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    decided(ask("limits_source", scope, &arguments[0], |policy, owner| policy.limits_source(owner))?)
}

fn denies_other_sources<'a>(scope: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let name = "denies_other_sources";
    decided(ask(name, scope, &arguments[0], |policy, owner| policy.denies_other_sources(owner))?)
}

fn is_acl_public<'a>(_: &Scope<'a>, arguments: &[Value<'a>]) -> Answer<'a> {
    let undecidable = |error| Fault::Undecidable(format!("the ACL cannot be read: {error}").into());
    acl_public(&arguments[0].to_json()).map(Value::Bool).map_err(undecidable)
}
