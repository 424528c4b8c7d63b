//! Who did what, to what, from where: read from an event that matched.

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::Value as Json;
use yagura_model::{Actor, Entity, EntityKind, Origin, Timestamp};

use super::{cloudtrail, kubernetes, network, reported};
use crate::source::Source;

/// What an event says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The event's own id.
    pub event: String,
    /// When, if it says so.
    pub time: Option<Timestamp>,
    /// The account in which it happened.
    pub account: Option<String>,
    /// The region in which it happened.
    pub region: Option<String>,
    /// What was called or done: `iam:CreateAccessKey`.
    pub what: String,
    /// On what, for people.
    pub targets: Vec<String>,
    /// Why it failed, if it did.
    pub error: Option<String>,
    /// What the rule that matched says of it: a Falco rule's output.
    pub output: Option<String>,
    /// From which address, public or not.
    pub address: Option<String>,
    /// Where that is, if somebody told.
    pub origin: Option<Origin>,
    /// Who did it.
    pub actor: Actor,
    /// Who and what is in it.
    pub entities: BTreeSet<Entity>,
}

/// Reads an event.
#[must_use]
pub fn facts(source: Source, event: &Json) -> Facts {
    match source {
        Source::CloudTrail => cloudtrail::facts(event),
        Source::KubernetesAudit => kubernetes::facts(event),
        Source::VpcFlow => network::flow(event),
        Source::Dns => network::dns(event),
        Source::Runtime => reported::alert(event),
        Source::GuardDuty => reported::guardduty(event),
    }
}

/// A text in the event; `HIDDEN_DUE_TO_SECURITY_REASONS` and blanks are none.
pub(super) fn text<'e>(event: &'e Json, path: &str) -> Option<&'e str> {
    let text = event.pointer(path)?.as_str()?;
    (!text.trim().is_empty() && text != "HIDDEN_DUE_TO_SECURITY_REASONS").then_some(text)
}

/// A text in the event, to keep.
pub(super) fn owned(event: &Json, path: &str) -> Option<String> {
    text(event, path).map(str::to_owned)
}

/// The moment that a text names.
pub(super) fn time(event: &Json, path: &str) -> Option<Timestamp> {
    text(event, path)?.parse().ok()
}

/// The entity of an address from which somebody outside came.
pub(super) fn address(text: &str) -> Option<Entity> {
    let address: IpAddr = text.parse().ok()?;
    is_public(address).then(|| Entity::new(EntityKind::Address, address.to_string()))
}

/// Whether an address is somewhere on the internet.
///
/// Source: IANA's special-purpose address registries.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                // Shared by carriers: 100.64.0.0/10.
                || (a == 100 && (64..128).contains(&b)))
        }
        IpAddr::V6(v6) => {
            let first = v6.segments()[0];
            match v6.to_ipv4_mapped() {
                Some(v4) => is_public(v4.into()),
                None => {
                    !(v6.is_loopback() || v6.is_unspecified() || v6.is_multicast())
                        // Unique local and link-local.
                        && first & 0xfe00 != 0xfc00
                        && first & 0xffc0 != 0xfe80
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_nobody_in_particular_join_nothing() {
        for private in [
            "10.1.2.3",
            "192.168.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "fd00::1",
            "fe80::1",
            "::1",
            "::ffff:10.0.0.1",
        ] {
            assert_eq!(address(private), None, "{private}");
        }
        assert_eq!(address("ec2.amazonaws.com"), None);
        assert_eq!(address("203.0.113.7").unwrap().name, "203.0.113.7");
        assert_eq!(address("2001:DB8::1").unwrap().name, "2001:db8::1");
    }
}
