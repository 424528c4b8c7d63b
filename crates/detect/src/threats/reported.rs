//! Facts of what other detectors report: alerts of Falco, findings of GuardDuty.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use yagura_model::{Actor, Entity, EntityKind};

use super::facts::{Facts, address, owned, text, time};

/// Reads an alert of Falco. The pod did it, else the container, else the machine.
pub(super) fn alert(event: &Json) -> Facts {
    let field = |name: &str| {
        let value = event.get("output_fields")?.get(name)?.as_str()?;
        (!value.is_empty() && value != "<NA>").then_some(value)
    };
    let mut entities = BTreeSet::new();
    let pod = field("k8s.ns.name").zip(field("k8s.pod.name")).map(|(space, name)| format!("{space}/{name}"));
    entities.extend(pod.as_ref().map(|it| Entity::new(EntityKind::Pod, it.as_str())));
    let container = field("container.id").filter(|it| *it != "host");
    entities.extend(container.map(|it| Entity::new(EntityKind::Container, it)));
    let host = text(event, "/hostname");
    entities.extend(host.map(|it| Entity::new(EntityKind::Host, it)));
    for name in ["fd.sip", "fd.rip", "fd.cip"] {
        entities.extend(field(name).and_then(address));
    }
    let name = pod.as_deref().or(field("container.name")).or(container).or(host).unwrap_or("unknown");
    let principal = pod.as_deref().or(container).or(host).unwrap_or("unknown");
    let command = field("proc.cmdline").or(field("proc.name")).or(field("fd.name"));
    Facts {
        origin: None,
        event: owned(event, "/yagura/id").or_else(|| owned(event, "/uuid")).unwrap_or_default(),
        time: time(event, "/time"),
        account: None,
        region: None,
        what: field("evt.type").map_or_else(|| "runtime".to_owned(), |it| format!("runtime:{it}")),
        targets: command.map(|it| it.chars().take(200).collect()).into_iter().collect(),
        error: None,
        output: owned(event, "/output"),
        address: None,
        actor: Actor { principal: principal.to_owned(), name: name.to_owned(), account: None },
        entities,
    }
}

/// Reads a finding of GuardDuty, as it exports them.
///
/// Source: <https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html>
pub(super) fn guardduty(event: &Json) -> Facts {
    let mut entities = BTreeSet::new();
    let account = text(event, "/accountId").unwrap_or_default();
    let key = event.pointer("/resource/accessKeyDetails").unwrap_or(&Json::Null);
    entities.extend(text(key, "/accessKeyId").map(|it| Entity::new(EntityKind::AccessKey, it)));
    let principal = text(key, "/userName").map(|name| {
        let kind = if text(key, "/userType") == Some("AssumedRole") { "role" } else { "user" };
        (format!("arn:aws:iam::{account}:{kind}/{name}"), name)
    });
    entities.extend(principal.as_ref().map(|(arn, _)| Entity::new(EntityKind::Principal, arn.as_str())));
    let instance = text(event, "/resource/instanceDetails/instanceId");
    entities.extend(instance.map(|it| Entity::new(EntityKind::Instance, it)));
    let mut remote = None;
    if let Some(Json::Object(actions)) = event.pointer("/service/action") {
        for action in actions.values() {
            let found = text(action, "/remoteIpDetails/ipAddressV4");
            remote = remote.or(found);
            entities.extend(found.and_then(address));
        }
    }
    let bucket = text(event, "/resource/s3BucketDetails/0/name");
    let cluster = text(event, "/resource/eksClusterDetails/name");
    let (principal, name) = match principal {
        Some((arn, name)) => (arn, name.to_owned()),
        None => {
            let who = instance.or(cluster).or(bucket).or(remote).unwrap_or(account);
            (who.to_owned(), who.to_owned())
        }
    };
    let targets = [instance, bucket, cluster].into_iter().flatten().map(str::to_owned).collect();
    Facts {
        origin: None,
        event: owned(event, "/id").unwrap_or_default(),
        time: time(event, "/service/eventLastSeen").or_else(|| time(event, "/updatedAt")),
        account: owned(event, "/accountId"),
        region: owned(event, "/region"),
        what: format!("guardduty:{}", text(event, "/type").unwrap_or("?")),
        targets,
        error: None,
        output: None,
        address: remote.map(str::to_owned),
        actor: Actor { principal, name, account: None },
        entities,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(facts: &Facts) -> Vec<String> {
        facts.entities.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn an_alert_leads_to_its_pod() {
        let facts = alert(&json!({ "time": "2026-02-06T15:27:48.1Z", "hostname": "node", "uuid": "1",
            "output_fields": { "k8s.ns.name": "shop", "k8s.pod.name": "web", "container.id": "3ad", "proc.cmdline": "xmrig", "evt.type": "execve" } }));
        assert_eq!(shown(&facts), ["pod shop/web", "container 3ad", "host node"]);
        assert_eq!((facts.actor.name.as_str(), facts.what.as_str()), ("shop/web", "runtime:execve"));
        assert!(facts.time.is_some());
    }

    #[test]
    fn a_finding_leads_to_the_key_and_the_address() {
        let facts = guardduty(
            &json!({ "id": "1", "accountId": "111122223333", "type": "UnauthorizedAccess:IAMUser/TorIPCaller",
            "resource": { "accessKeyDetails": { "accessKeyId": "AKIA1", "userName": "dev", "userType": "IAMUser" } },
            "service": { "action": { "awsApiCallAction": { "remoteIpDetails": { "ipAddressV4": "203.0.113.9" } } } } }),
        );
        assert_eq!(
            shown(&facts),
            ["principal arn:aws:iam::111122223333:user/dev", "access-key AKIA1", "address 203.0.113.9"]
        );
        assert_eq!(facts.actor.name, "dev");
    }
}
