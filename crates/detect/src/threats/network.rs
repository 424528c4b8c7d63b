//! Facts of what a network tells: a flow, a DNS query.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use yagura_model::{Actor, Entity, EntityKind};

use super::facts::{Facts, address, owned, text, time};

/// Reads a record of VPC Flow Logs. The one who opened the connection did it.
pub(super) fn flow(event: &Json) -> Facts {
    let turned = text(event, "/yagura/initiator") == Some("destination");
    let (from, to) = if turned { ("/dstaddr", "/srcaddr") } else { ("/srcaddr", "/dstaddr") };
    let port = if turned { "/srcport" } else { "/dstport" };
    let (from, to) = (text(event, from).unwrap_or("unknown"), text(event, to));
    let mut entities: BTreeSet<Entity> = address(from).into_iter().collect();
    entities.extend(to.and_then(address));
    let instance = text(event, "/instance_id").filter(|it| it.starts_with("i-"));
    entities.extend(instance.map(|it| Entity::new(EntityKind::Instance, it)));
    // What comes from outside is told by its address; what comes from inside by the machine.
    let inside = address(from).is_none();
    let who = instance.filter(|_| inside).unwrap_or(from);
    let port = event.pointer(port).and_then(Json::as_u64);
    let target = to.map(|to| port.map_or_else(|| to.to_owned(), |port| format!("{to}:{port}")));
    let action = text(event, "/action").unwrap_or("flow").to_lowercase();
    Facts {
        origin: None,
        event: owned(event, "/yagura/id").unwrap_or_default(),
        time: time(event, "/yagura/time"),
        account: owned(event, "/account_id"),
        region: owned(event, "/region"),
        what: format!("vpc:{action}"),
        targets: target.into_iter().collect(),
        error: (action == "reject").then(|| "REJECT".to_owned()),
        output: None,
        address: Some(from.to_owned()),
        actor: actor(who),
        entities,
    }
}

/// Reads a query of Route 53 Resolver. The machine that asked did it.
pub(super) fn dns(event: &Json) -> Facts {
    let instance = text(event, "/srcids/instance");
    let from = text(event, "/srcaddr");
    let entities = instance.map(|it| Entity::new(EntityKind::Instance, it)).into_iter().collect();
    let who = instance.or(from).unwrap_or("unknown");
    Facts {
        origin: None,
        event: owned(event, "/yagura/id").unwrap_or_default(),
        time: time(event, "/query_timestamp"),
        account: owned(event, "/account_id"),
        region: owned(event, "/region"),
        what: format!("dns:{}", text(event, "/query_type").unwrap_or("query")),
        targets: text(event, "/yagura/query")
            .or_else(|| text(event, "/query_name"))
            .map(str::to_owned)
            .into_iter()
            .collect(),
        error: None,
        output: None,
        address: from.map(str::to_owned),
        actor: actor(who),
        entities,
    }
}

fn actor(who: &str) -> Actor {
    Actor { principal: who.to_owned(), name: who.to_owned(), account: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whoever_opened_a_connection_did_it() {
        let record = json!({ "srcaddr": "203.0.113.9", "dstaddr": "10.0.0.5", "srcport": 40000, "dstport": 22, "action": "REJECT",
            "instance_id": "i-0123456789abcdef0", "account_id": "111122223333", "yagura": { "id": "1", "time": "2026-02-06T19:00:00Z" } });
        let scan = flow(&record);
        assert_eq!(
            (scan.actor.name.as_str(), scan.targets.as_slice()),
            ("203.0.113.9", &["10.0.0.5:22".to_owned()][..])
        );
        let mut answer = record;
        answer["yagura"]["initiator"] = json!("destination");
        assert_eq!(flow(&answer).actor.name, "i-0123456789abcdef0");
    }

    #[test]
    fn a_query_is_the_machines() {
        let record = json!({ "query_name": "pool.example.", "query_type": "A", "srcaddr": "10.0.0.5", "srcids": { "instance": "i-0123456789abcdef0" },
            "query_timestamp": "2026-02-06T19:00:00Z", "yagura": { "query": "pool.example", "id": "1" } });
        let facts = dns(&record);
        assert_eq!(
            (facts.actor.name.as_str(), facts.what.as_str(), facts.targets[0].as_str()),
            ("i-0123456789abcdef0", "dns:A", "pool.example")
        );
    }
}
