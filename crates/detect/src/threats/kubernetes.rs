//! Facts of an event of a Kubernetes audit log.
//!
//! Source: <https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/>; for who is behind a user of EKS,
//! <https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html>

use std::collections::BTreeSet;

use serde_json::Value as Json;
use yagura_model::{Actor, Entity, EntityKind};

use super::facts::{Facts, address, owned, text, time};

/// Reads an event.
pub(super) fn facts(event: &Json) -> Facts {
    let mut entities = BTreeSet::new();
    let user = text(event, "/user/username").unwrap_or("unknown");
    let extra = |key: &str| event.pointer("/user/extra")?.get(key)?.get(0)?.as_str();
    // EKS says which principal of AWS stands behind a user of the cluster.
    let arn = extra("canonicalArn").or_else(|| extra("arn"));
    if let Some(key) = extra("accessKeyId").filter(|it| !it.is_empty()) {
        entities.insert(Entity::new(EntityKind::AccessKey, key));
    }
    if let Some(arn) = extra("arn").filter(|it| it.contains(":assumed-role/")) {
        entities.insert(Entity::new(EntityKind::Session, arn));
    }
    let principal = arn.unwrap_or(user);
    if user != "unknown" && user != "system:anonymous" {
        entities.insert(Entity::new(EntityKind::Principal, principal));
    }
    let source = text(event, "/sourceIPs/0");
    entities.extend(source.and_then(address));
    let resource = text(event, "/objectRef/resource").unwrap_or_default();
    let (namespace, name) = (text(event, "/objectRef/namespace"), text(event, "/objectRef/name"));
    let target = match (namespace, name) {
        (Some(namespace), Some(name)) => Some(format!("{namespace}/{name}")),
        (one, other) => one.or(other).map(str::to_owned),
    };
    if let (true, true, Some(pod)) = (resource == "pods", name.is_some(), &target) {
        entities.insert(Entity::new(EntityKind::Pod, pod.as_str()));
    }
    let verb = text(event, "/verb").unwrap_or("?");
    let what = match text(event, "/objectRef/subresource") {
        Some(sub) => format!("kubernetes:{verb} {resource}/{sub}"),
        None => format!("kubernetes:{verb} {resource}"),
    };
    let refused = event.pointer("/responseStatus/code").and_then(Json::as_u64).filter(|it| *it >= 400);
    Facts {
        origin: None,
        event: owned(event, "/auditID").unwrap_or_default(),
        time: time(event, "/stageTimestamp").or_else(|| time(event, "/requestReceivedTimestamp")),
        // The cluster's, where that is known; else it is most often the principal's.
        account: owned(event, "/yagura/account")
            .or_else(|| arn.and_then(|it| it.split(':').nth(4)).map(str::to_owned))
            .filter(|it| it.len() == 12),
        region: None,
        what: what.trim_end().to_owned(),
        targets: target.into_iter().collect(),
        error: refused
            .map(|it| text(event, "/responseStatus/reason").map_or_else(|| it.to_string(), str::to_owned)),
        output: None,
        address: source.map(str::to_owned),
        actor: Actor {
            principal: principal.to_owned(),
            name: arn.and_then(|it| it.rsplit('/').next()).unwrap_or(user).to_owned(),
            account: None,
        },
        entities,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_user_of_eks_is_the_principal_behind_it() {
        let event = json!({ "auditID": "1", "verb": "create", "stageTimestamp": "2026-02-06T19:30:00.000000Z", "sourceIPs": ["198.51.100.7"],
            "user": { "username": "kubernetes-admin", "extra": { "arn": ["arn:aws:iam::111122223333:user/dev"], "canonicalArn": ["arn:aws:iam::111122223333:user/dev"], "accessKeyId": ["AKIA1"] } },
            "objectRef": { "resource": "pods", "subresource": "exec", "namespace": "shop", "name": "web-1" }, "responseStatus": { "code": 101 } });
        let facts = facts(&event);
        assert_eq!(
            (facts.actor.principal.as_str(), facts.actor.name.as_str()),
            ("arn:aws:iam::111122223333:user/dev", "dev")
        );
        assert_eq!(
            (facts.what.as_str(), facts.account.as_deref()),
            ("kubernetes:create pods/exec", Some("111122223333"))
        );
        assert_eq!(facts.error, None);
        let of_batch =
            json!({ "yagura": { "account": "444455556666", "cluster": "shop" }, "user": event["user"] });
        assert_eq!(super::facts(&of_batch).account.as_deref(), Some("444455556666"));
        let entities: Vec<_> = facts.entities.iter().map(ToString::to_string).collect();
        assert_eq!(
            entities,
            [
                "principal arn:aws:iam::111122223333:user/dev",
                "access-key AKIA1",
                "address 198.51.100.7",
                "pod shop/web-1"
            ]
        );
    }
}
