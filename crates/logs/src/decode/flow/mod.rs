//! VPC Flow Logs: a record, from whatever it was written in, to JSON with what rules ask for on top.
//!
//! Names are AWS's with `_` for `-`. What is derived stands under `yagura`: `id`, `time`, `direction`, `source_public`,
//! `destination_public`, `protocol`, `initiator`.
//!
//! Source: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>

mod lines;
mod text;

use std::net::IpAddr;

use jiff::Timestamp;

use super::address::Scope;
use super::identity;

pub(super) use lines::{FlowLines, unnamed};
pub(super) use text::{Columns, is_default, is_flow_like};

/// Fields that are numbers.
const NUMBERS: [&str; 15] = [
    "version",
    "srcport",
    "dstport",
    "protocol",
    "packets",
    "bytes",
    "start",
    "end",
    "tcp_flags",
    "traffic_path",
    "packets_lost_no_route",
    "packets_lost_blackhole",
    "packets_lost_mtu_exceeded",
    "packets_lost_ttl_expired",
    "icmp_type",
];

const TCP: u64 = 6;
const SYN: u64 = 2;
const SYN_ACK: u64 = 18;
/// Where Linux takes the ports of its clients from.
const EPHEMERAL: u64 = 32_768;

/// Which end a flow was opened by, as far as it can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Initiator {
    Source,
    Destination,
}

/// What is looked at in a record.
#[derive(Default)]
struct Flow {
    source: Option<IpAddr>,
    destination: Option<IpAddr>,
    source_port: Option<u64>,
    destination_port: Option<u64>,
    protocol: Option<u64>,
    tcp_flags: Option<u64>,
    start: Option<i64>,
}

impl Flow {
    fn take(&mut self, name: &str, value: &str) {
        match name {
            "srcaddr" => self.source = value.parse().ok(),
            "dstaddr" => self.destination = value.parse().ok(),
            "srcport" => self.source_port = value.parse().ok(),
            "dstport" => self.destination_port = value.parse().ok(),
            "protocol" => self.protocol = value.parse().ok(),
            "tcp_flags" => self.tcp_flags = value.parse().ok(),
            "start" => self.start = value.parse().ok(),
            _ => {}
        }
    }

    /// Between which networks, by the addresses: a flow between two public addresses is `external`, and may be one inside of a VPC with
    /// IPv6.
    fn direction(source: Scope, destination: Scope) -> Option<&'static str> {
        match (source, destination) {
            (Scope::Private, Scope::Public) => Some("outbound"),
            (Scope::Public, Scope::Private) => Some("inbound"),
            (Scope::Private, Scope::Private) => Some("internal"),
            (Scope::Public, Scope::Public) => Some("external"),
            _ => None,
        }
    }

    /// Each direction of a connection is a flow: its answers look like a connection to whatever port the client has. TCP's flags tell them
    /// apart; where they were not recorded, the ports do.
    fn initiator(&self) -> Option<Initiator> {
        match (self.protocol, self.tcp_flags) {
            (Some(TCP), Some(flags)) if flags & SYN_ACK == SYN_ACK => return Some(Initiator::Destination),
            (Some(TCP), Some(flags)) if flags & SYN == SYN => return Some(Initiator::Source),
            _ => {}
        }
        let (from, to) = (self.source_port?, self.destination_port?);
        let server = |it: u64| it < 1024;
        match (from, to) {
            (0, _) | (_, 0) => None,
            (from, to) if server(to) && !server(from) => Some(Initiator::Source),
            (from, to) if server(from) && !server(to) => Some(Initiator::Destination),
            (from, to) if from >= EPHEMERAL && to < EPHEMERAL => Some(Initiator::Source),
            (from, to) if to >= EPHEMERAL && from < EPHEMERAL => Some(Initiator::Destination),
            _ => None,
        }
    }

    fn protocol(&self) -> Option<&'static str> {
        match self.protocol? {
            1 => Some("icmp"),
            TCP => Some("tcp"),
            17 => Some("udp"),
            58 => Some("icmp6"),
            _ => None,
        }
    }
}

/// Writes a record as JSON. `-` and an empty value mean that there is none; of a name that stands twice the first counts.
pub(super) fn write<'f>(fields: impl Iterator<Item = (&'f str, &'f str)> + Clone, out: &mut Vec<u8>) {
    let mut flow = Flow::default();
    let mut present: Vec<(&str, &str)> = Vec::with_capacity(32);
    for (name, value) in fields {
        if !matches!(value, "" | "-") && !present.iter().any(|(it, _)| *it == name) {
            flow.take(name, value);
            present.push((name, value));
        }
    }
    out.push(b'{');
    for (name, value) in &present {
        text(name, out);
        out.push(b':');
        match value.parse::<u64>() {
            Ok(number) if NUMBERS.contains(name) => out.extend_from_slice(number.to_string().as_bytes()),
            _ => text(value, out),
        }
        out.push(b',');
    }
    out.extend_from_slice(br#""yagura":{"id":""#);
    out.extend_from_slice(identity::id("vpc-flow", present.iter().copied()).as_bytes());
    out.push(b'"');
    let mut add = |name: &str, value: &str| {
        out.extend_from_slice(format!(r#","{name}":{value}"#).as_bytes());
    };
    if let Some(time) = flow.start.and_then(|it| Timestamp::from_second(it).ok()) {
        add("time", &format!("\"{time}\""));
    }
    let (source, destination) = (flow.source.map(Scope::of), flow.destination.map(Scope::of));
    if let (Some(source), Some(destination)) = (source, destination) {
        add("source_public", if source == Scope::Public { "true" } else { "false" });
        add("destination_public", if destination == Scope::Public { "true" } else { "false" });
        if let Some(direction) = Flow::direction(source, destination) {
            add("direction", &format!("\"{direction}\""));
        }
    }
    if let Some(protocol) = flow.protocol() {
        add("protocol", &format!("\"{protocol}\""));
    }
    match flow.initiator() {
        Some(Initiator::Source) => add("initiator", "\"source\""),
        Some(Initiator::Destination) => add("initiator", "\"destination\""),
        None => {}
    }
    out.extend_from_slice(b"}}");
}

/// A text of JSON.
fn text(text: &str, out: &mut Vec<u8>) {
    let plain = |it: u8| it >= b' ' && it != b'"' && it != b'\\';
    if text.bytes().all(plain) {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(serde_json::Value::from(text).to_string().as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value as Json, json};

    use super::*;

    fn written(fields: &[(&str, &str)]) -> Json {
        let mut out = Vec::new();
        write(fields.iter().copied(), &mut out);
        serde_json::from_slice(&out).unwrap()
    }

    fn derived(source: &str, destination: &str, ports: (&str, &str), flags: Option<&str>) -> Json {
        let mut fields = vec![
            ("srcaddr", source),
            ("dstaddr", destination),
            ("srcport", ports.0),
            ("dstport", ports.1),
            ("protocol", "6"),
        ];
        fields.extend(flags.map(|it| ("tcp_flags", it)));
        written(&fields)["yagura"].take()
    }

    #[test]
    fn numbers_are_numbers_and_what_is_missing_is_missing() {
        let mut flow = written(&[
            ("version", "5"),
            ("account_id", "012345678901"),
            ("srcport", "-"),
            ("bytes", "18446744073709551615"),
            ("start", "1700000000"),
            ("ecs_task_id", "a\"b"),
        ]);
        let made = flow["yagura"].take();
        assert_eq!(
            flow,
            json!({ "version": 5, "account_id": "012345678901", "bytes": u64::MAX, "start": 1_700_000_000, "ecs_task_id": "a\"b", "yagura": null })
        );
        assert_eq!(made["time"], "2023-11-14T22:13:20Z");
        assert_eq!(made["id"].as_str().unwrap().len(), 32);
        assert_eq!(made.get("direction"), None);
    }

    #[test]
    fn which_way_a_flow_goes_is_judged_by_its_addresses() {
        for (source, destination, direction) in [
            ("10.0.0.5", "198.51.100.7", Some("outbound")),
            ("198.51.100.7", "172.31.4.4", Some("inbound")),
            ("10.0.0.5", "192.168.3.3", Some("internal")),
            ("2001:db8::1", "2001:db8:1::2", Some("external")),
            ("10.0.0.5", "169.254.169.254", None),
        ] {
            let made = derived(source, destination, ("40000", "443"), None);
            assert_eq!(made.get("direction").and_then(Json::as_str), direction, "{source} {destination}");
        }
    }

    #[test]
    fn who_opened_a_connection_is_told_by_flags_and_else_by_ports() {
        for (ports, flags, initiator) in [
            (("51000", "3389"), None, Some("source")),
            (("22", "51000"), None, Some("destination")),
            (("443", "3333"), None, Some("destination")),
            (("2000", "3333"), None, None),
            (("2000", "3333"), Some("2"), Some("source")),
            (("51000", "3333"), Some("19"), Some("destination")),
            // Only packets in the middle of it were seen.
            (("51000", "3333"), Some("0"), Some("source")),
        ] {
            let made = derived("10.0.0.5", "10.0.0.6", ports, flags);
            assert_eq!(made.get("initiator").and_then(Json::as_str), initiator, "{ports:?} {flags:?}");
        }
    }

    proptest! {
        /// Whatever the order of its fields, a record is the same one.
        #[test]
        fn a_record_survives_any_order(
            mut fields in proptest::collection::btree_map("[a-z_]{1,8}", "[!-~]{1,8}", 0..12)
                .prop_map(|it| it.into_iter().collect::<Vec<_>>()),
            rotate in 0_usize..12,
        ) {
            let of = |fields: &[(String, String)]| {
                let fields: Vec<_> = fields.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                written(&fields)
            };
            let first = of(&fields);
            let by = rotate % fields.len().max(1);
            fields.rotate_left(by);
            prop_assert_eq!(of(&fields), first);
        }
    }
}
