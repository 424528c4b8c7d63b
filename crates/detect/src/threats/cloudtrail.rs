//! Facts of a CloudTrail event.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>

use std::collections::BTreeSet;

use serde_json::Value as Json;
use yagura_model::{Actor, Entity, EntityKind};

use super::facts::{Facts, address, owned, text, time};

/// Reads an event.
pub(super) fn facts(event: &Json) -> Facts {
    let mut entities = BTreeSet::new();
    let actor = actor(event, &mut entities);
    let source = text(event, "/sourceIPAddress");
    entities.extend(source.and_then(address));
    // What the call is about, where it can act by itself: a user, a role, an instance.
    let parameters = event.get("requestParameters").unwrap_or(&Json::Null);
    targets_that_act(event, parameters, &mut entities);
    let mut targets = targets(parameters);
    if let Some(key) = made_key(event) {
        entities.insert(Entity::new(EntityKind::AccessKey, key));
        targets.push(key.to_owned());
    }
    Facts {
        origin: None,
        event: owned(event, "/eventID").unwrap_or_default(),
        time: time(event, "/eventTime"),
        account: owned(event, "/recipientAccountId").or_else(|| owned(event, "/userIdentity/accountId")),
        region: owned(event, "/awsRegion"),
        what: what(event),
        targets,
        error: owned(event, "/errorCode").or_else(|| failed_sign_in(event)),
        output: None,
        address: source.map(str::to_owned),
        actor,
        entities,
    }
}

/// The id of the key that the call has made.
fn made_key(event: &Json) -> Option<&str> {
    ["/responseElements/accessKey/accessKeyId", "/responseElements/credentials/accessKeyId"]
        .iter()
        .find_map(|it| text(event, it))
}

/// `iam:CreateAccessKey`
fn what(event: &Json) -> String {
    let name = text(event, "/eventName").unwrap_or("?");
    match text(event, "/eventSource") {
        Some(source) => format!("{}:{name}", source.strip_suffix(".amazonaws.com").unwrap_or(source)),
        None => name.to_owned(),
    }
}

/// A sign-in that failed says so in its answer.
fn failed_sign_in(event: &Json) -> Option<String> {
    let answer = text(event, "/responseElements/ConsoleLogin")?;
    (answer == "Failure").then(|| text(event, "/errorMessage").unwrap_or("Failure").to_owned())
}

/// Who called.
pub(super) fn actor(event: &Json, entities: &mut BTreeSet<Entity>) -> Actor {
    let identity = event.get("userIdentity").unwrap_or(&Json::Null);
    if let Some(key) = text(identity, "/accessKeyId") {
        entities.insert(Entity::new(EntityKind::AccessKey, key));
    }
    let account = owned(identity, "/accountId");
    let arn = text(identity, "/arn");
    let named = |principal: String, name: String| Actor { principal, name, account: account.clone() };
    let actor = match (text(identity, "/type"), arn) {
        (Some("Root"), _) => {
            let account = account.clone().unwrap_or_default();
            named(
                arn.map_or_else(|| format!("arn:aws:iam::{account}:root"), str::to_owned),
                "root".to_owned(),
            )
        }
        (_, Some(arn)) if arn.contains(":assumed-role/") => {
            entities.insert(Entity::new(EntityKind::Session, arn));
            let (role, session) = role_and_session(arn);
            if let Some(instance) = session.filter(|it| is_instance(it)) {
                entities.insert(Entity::new(EntityKind::Instance, instance));
            }
            match session {
                // Everybody with the permission set shares the role: the session is the person.
                Some(session) if role.starts_with("AWSReservedSSO_") => {
                    named(arn.to_owned(), session.to_owned())
                }
                _ => {
                    let issuer = text(identity, "/sessionContext/sessionIssuer/arn");
                    let made = || role_arn(arn, role);
                    named(issuer.map_or_else(made, str::to_owned), role.to_owned())
                }
            }
        }
        (_, Some(arn)) => {
            let name = text(identity, "/userName").unwrap_or_else(|| arn.rsplit('/').next().unwrap_or(arn));
            named(arn.to_owned(), name.to_owned())
        }
        (Some("AWSService"), None) => {
            let service = text(identity, "/invokedBy").unwrap_or("an AWS service");
            named(service.to_owned(), service.to_owned())
        }
        (Some("IAMUser"), None) if text(identity, "/userName").is_some() => {
            let name = text(identity, "/userName").unwrap_or_default();
            named(
                format!("arn:aws:iam::{}:user/{name}", account.as_deref().unwrap_or_default()),
                name.to_owned(),
            )
        }
        (_, None) => {
            let name = ["/userName", "/principalId", "/accountId", "/invokedBy"]
                .iter()
                .find_map(|it| text(identity, it));
            let name = name.or_else(|| text(event, "/sourceIPAddress")).unwrap_or("unknown");
            named(name.to_owned(), name.to_owned())
        }
    };
    // A service that acts is no lead: everything would join through it.
    if text(identity, "/type") != Some("AWSService") && actor.principal != "unknown" {
        entities.insert(Entity::new(EntityKind::Principal, &*actor.principal));
    }
    actor
}

/// `arn:aws:sts::1:assumed-role/ROLE/SESSION`
fn role_and_session(arn: &str) -> (&str, Option<&str>) {
    let rest = arn.split_once(":assumed-role/").map_or(arn, |(_, rest)| rest);
    match rest.split_once('/') {
        Some((role, session)) => (role, Some(session)),
        None => (rest, None),
    }
}

fn role_arn(session: &str, role: &str) -> String {
    let head = session.split_once(":assumed-role/").map_or("", |(head, _)| head);
    format!("{}:role/{role}", head.replace(":sts:", ":iam:"))
}

fn is_instance(name: &str) -> bool {
    name.strip_prefix("i-").is_some_and(|it| it.len() >= 8 && it.bytes().all(|it| it.is_ascii_hexdigit()))
}

/// Users, roles and instances that a call is about.
fn targets_that_act(event: &Json, parameters: &Json, entities: &mut BTreeSet<Entity>) {
    let source = text(event, "/eventSource").unwrap_or_default();
    let name = text(event, "/eventName").unwrap_or_default();
    if source == "iam.amazonaws.com"
        && ["Create", "Attach", "Put", "Add", "Update", "Enable"].iter().any(|it| name.starts_with(it))
        && let Some(user) = text(parameters, "/userName")
        && let Some(account) =
            text(event, "/recipientAccountId").or_else(|| text(event, "/userIdentity/accountId"))
    {
        let made = || format!("arn:aws:iam::{account}:user/{user}");
        let arn = text(event, "/responseElements/user/arn").map_or_else(made, str::to_owned);
        entities.insert(Entity::new(EntityKind::Principal, arn));
    }
    let mut instances = Vec::new();
    find_instances(parameters, 0, &mut instances);
    if let Some(answer) = event.get("responseElements")
        && name == "RunInstances"
    {
        find_instances(answer, 0, &mut instances);
    }
    entities.extend(instances.into_iter().take(SOME).map(|it| Entity::new(EntityKind::Instance, it)));
}

/// So many of what one event names are kept.
const SOME: usize = 20;

fn find_instances<'e>(value: &'e Json, depth: usize, found: &mut Vec<&'e str>) {
    match value {
        Json::Object(object) if depth < 6 => {
            for (key, inner) in object {
                match inner {
                    Json::String(text) if key.eq_ignore_ascii_case("instanceId") && is_instance(text) => {
                        found.push(text)
                    }
                    _ => find_instances(inner, depth + 1, found),
                }
            }
        }
        Json::Array(items) if depth < 6 => {
            items.iter().take(SOME).for_each(|it| match it {
                Json::String(text) if is_instance(text) => found.push(text),
                it => find_instances(it, depth + 1, found),
            });
        }
        _ => {}
    }
}

/// What a call is about, for people: the names, ids and ARNs at the top of its parameters.
fn targets(parameters: &Json) -> Vec<String> {
    let Json::Object(top) = parameters else { return Vec::new() };
    let names = ["name", "id", "arn", "identifier", "cluster", "task", "container"];
    let is_name = |key: &str| {
        let key = key.to_ascii_lowercase();
        names.iter().any(|it| key.ends_with(it)) && !key.contains("token") && !key.contains("session")
    };
    let mut found: Vec<String> = Vec::new();
    for (key, value) in top {
        if let (true, Some(text)) = (is_name(key), value.as_str())
            && !text.is_empty()
            && text.len() <= 300
            && !key.eq_ignore_ascii_case("registryId")
            && !found.iter().any(|it| it == text)
        {
            found.push(text.to_owned());
        }
    }
    let mut instances = Vec::new();
    find_instances(parameters, 0, &mut instances);
    for it in instances {
        if !found.iter().any(|known| known == it) {
            found.push(it.to_owned());
        }
    }
    found.truncate(4);
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(event: &Json) -> (String, String, Vec<String>) {
        let facts = facts(event);
        (facts.actor.principal, facts.actor.name, facts.entities.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_session_of_a_role_is_the_role_and_one_of_a_permission_set_is_a_person() {
        let role = json!({ "userIdentity": { "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/app/i-0123456789abcdef0",
            "accountId": "111122223333", "accessKeyId": "ASIA1", "sessionContext": { "sessionIssuer": { "arn": "arn:aws:iam::111122223333:role/path/app" } } },
            "sourceIPAddress": "203.0.113.9" });
        let (principal, name, entities) = shown(&role);
        assert_eq!((principal.as_str(), name.as_str()), ("arn:aws:iam::111122223333:role/path/app", "app"));
        assert_eq!(
            entities,
            [
                "principal arn:aws:iam::111122223333:role/path/app",
                "session arn:aws:sts::111122223333:assumed-role/app/i-0123456789abcdef0",
                "access-key ASIA1",
                "address 203.0.113.9",
                "instance i-0123456789abcdef0"
            ]
        );
        let person = json!({ "userIdentity": { "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_1a/mio@example.com" } });
        assert_eq!(shown(&person).1, "mio@example.com");
        assert!(shown(&person).0.ends_with("/mio@example.com"));
    }

    #[test]
    fn what_a_call_is_about_is_told_and_who_it_makes_is_a_lead() {
        let event = json!({ "eventSource": "iam.amazonaws.com", "eventName": "CreateUser", "recipientAccountId": "111122223333",
            "userIdentity": { "type": "IAMUser", "userName": "dev", "arn": "arn:aws:iam::111122223333:user/dev" },
            "requestParameters": { "userName": "backdoor", "clientRequestToken": "x" }, "errorCode": "AccessDenied" });
        let facts = facts(&event);
        assert_eq!((facts.what.as_str(), facts.error.as_deref()), ("iam:CreateUser", Some("AccessDenied")));
        assert_eq!(facts.targets, ["backdoor"]);
        assert!(
            facts
                .entities
                .contains(&Entity::new(EntityKind::Principal, "arn:aws:iam::111122223333:user/backdoor"))
        );
    }

    #[test]
    fn events_without_an_identity_have_an_actor_all_the_same() {
        assert_eq!(shown(&json!({})).1, "unknown");
        assert!(shown(&json!({})).2.is_empty());
        assert_eq!(
            shown(&json!({ "userIdentity": { "type": "AWSService", "invokedBy": "ec2.amazonaws.com" } })).0,
            "ec2.amazonaws.com"
        );
        let hidden = json!({ "userIdentity": { "type": "IAMUser", "userName": "HIDDEN_DUE_TO_SECURITY_REASONS", "accountId": "111122223333" } });
        assert_eq!(shown(&hidden).1, "111122223333");
    }
}
