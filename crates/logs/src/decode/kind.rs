//! What a record is, by the keys at its top: never by the name of its file.

use std::ops::Range;

use super::members::members;

/// Kinds of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SourceKind {
    /// CloudTrail: management, data, Insight and network activity events.
    CloudTrail,
    /// The audit log of a Kubernetes cluster.
    KubernetesAudit,
    /// VPC Flow Logs.
    VpcFlow,
    /// Route 53 Resolver query logs.
    Dns,
    /// Alerts of Falco.
    Runtime,
    /// Findings of GuardDuty.
    GuardDuty,
    /// An object in JSON that is none of these.
    Unknown,
}

/// How a record is to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// As it stands.
    Plain(SourceKind),
    /// With what is derived from it.
    Dns,
    Flow,
    Falco,
    /// As `aws guardduty get-findings` prints it.
    GuardDutyOfApi,
    /// The event stands inside: as an object, or as a text.
    Inside(Range<usize>),
    Text(Range<usize>),
    /// Kubernetes' `EventList`.
    List(Range<usize>),
    /// A batch of CloudWatch Logs.
    LogEvents(Range<usize>),
    /// An object with `data`: base64, mostly of gzip.
    Packed(Range<usize>),
    /// No event, and nothing is missing: CloudWatch Logs' tests of a destination, CloudTrail's digests.
    Nothing,
}

/// Keys that tell records apart, where their values stand.
struct Seen {
    /// One bit for each key of [`KEYS`].
    bits: u64,
    places: [Range<usize>; KEYS.len()],
}

macro_rules! keys {
    ($($name:ident = $key:literal),* $(,)?) => {
        #[derive(Clone, Copy)]
        #[expect(non_camel_case_types, reason = "they are called as the keys are")]
        enum K { $($name),* }
        const KEYS: &[&str] = &[$($key),*];
    };
}

keys! {
    detail_type = "detail-type", detail = "detail", message_type = "messageType", log_events = "logEvents",
    awslogs = "awslogs", kinesis = "kinesis", query_name = "query_name", query_type = "query_type", rcode = "rcode",
    vpc_id = "vpc_id", rule = "rule", priority = "priority", output = "output", kind = "kind", api_version = "apiVersion",
    items = "items", verb = "verb", request_uri = "requestURI", object_ref = "objectRef", schema_version = "schemaVersion",
    type_ = "type", severity = "severity", service = "service", api_schema = "SchemaVersion", api_type = "Type",
    api_severity = "Severity", api_service = "Service", event_source = "eventSource", event_name = "eventName",
    srcaddr = "srcaddr", dstaddr = "dstaddr", cloudtrail_event = "CloudTrailEvent", event_json = "eventJson",
    message = "message", log = "log", digest = "digestS3Object",
}

impl Seen {
    fn has(&self, key: K) -> bool {
        self.bits & (1 << key as u64) != 0
    }

    fn all(&self, keys: &[K]) -> bool {
        keys.iter().all(|it| self.has(*it))
    }

    fn place(&self, key: K) -> Range<usize> {
        self.places[key as usize].clone()
    }
}

/// What the record at the beginning of some bytes is, where its first key says it; the record may go on behind them.
pub(super) fn begins_with(bytes: &[u8]) -> Option<SourceKind> {
    let key = bytes.strip_prefix(b"{")?.trim_ascii_start();
    key.starts_with(b"\"eventVersion\"").then_some(SourceKind::CloudTrail)
}

/// How a record is to be taken.
pub(super) fn shape(record: &[u8]) -> Shape {
    use SourceKind::{CloudTrail, GuardDuty, KubernetesAudit, Unknown};
    let mut seen = Seen { bits: 0, places: [const { 0..0 }; KEYS.len()] };
    for (key, value) in members(record) {
        // Nearly all events are of these two, and these keys stand near their beginning: the rest is not looked through.
        match key {
            b"eventVersion" => return Shape::Plain(CloudTrail),
            b"auditID" => return Shape::Plain(KubernetesAudit),
            _ => {}
        }
        if let Some(at) = KEYS.iter().position(|it| it.as_bytes() == key) {
            seen.bits |= 1 << at;
            seen.places[at] = value;
        }
    }
    let begins = |key: K, with: &[u8]| seen.has(key) && record[seen.place(key)].starts_with(with);
    if seen.has(K::detail_type) && begins(K::detail, b"{") {
        return Shape::Inside(seen.place(K::detail));
    }
    if begins(K::message_type, b"\"DATA_MESSAGE\"") && begins(K::log_events, b"[") {
        return Shape::LogEvents(seen.place(K::log_events));
    }
    if begins(K::message_type, b"\"CONTROL_MESSAGE\"") || seen.has(K::digest) {
        return Shape::Nothing;
    }
    if let Some(packed) = [K::awslogs, K::kinesis].into_iter().find(|it| begins(*it, b"{")) {
        return Shape::Packed(seen.place(packed));
    }
    if begins(K::query_name, b"\"") && [K::query_type, K::rcode, K::vpc_id].iter().any(|it| seen.has(*it)) {
        return Shape::Dns;
    }
    if seen.all(&[K::rule, K::priority, K::output]) {
        return Shape::Falco;
    }
    if begins(K::kind, b"\"EventList\"") && begins(K::items, b"[") {
        return Shape::List(seen.place(K::items));
    }
    let audit = begins(K::kind, b"\"Event\"") && begins(K::api_version, b"\"audit.k8s.io/");
    if audit || (seen.has(K::verb) && (seen.has(K::request_uri) || seen.has(K::object_ref))) {
        return Shape::Plain(KubernetesAudit);
    }
    if seen.all(&[K::schema_version, K::type_, K::severity, K::service]) {
        return Shape::Plain(GuardDuty);
    }
    if seen.all(&[K::api_schema, K::api_type, K::api_severity, K::api_service]) {
        return Shape::GuardDutyOfApi;
    }
    if seen.all(&[K::event_source, K::event_name]) {
        return Shape::Plain(CloudTrail);
    }
    if seen.all(&[K::srcaddr, K::dstaddr]) {
        return Shape::Flow;
    }
    let texts = [K::cloudtrail_event, K::event_json, K::message, K::log];
    match texts.into_iter().find(|it| begins(*it, b"\"")) {
        Some(text) => Shape::Text(seen.place(text)),
        None => Shape::Plain(Unknown),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_is_known_by_its_keys() {
        use SourceKind::{CloudTrail, GuardDuty, KubernetesAudit, Unknown};
        for (record, expected) in [
            (json!({ "userIdentity": {}, "eventVersion": "1.08" }), Shape::Plain(CloudTrail)),
            (
                json!({ "eventSource": "s3.amazonaws.com", "eventName": "GetObject" }),
                Shape::Plain(CloudTrail),
            ),
            (
                json!({ "kind": "Event", "apiVersion": "audit.k8s.io/v1", "verb": "get" }),
                Shape::Plain(KubernetesAudit),
            ),
            (json!({ "verb": "get", "requestURI": "/api" }), Shape::Plain(KubernetesAudit)),
            (json!({ "kind": "Event", "apiVersion": "v1", "reason": "Killing" }), Shape::Plain(Unknown)),
            (json!({ "query_name": "a.example.", "query_type": "A" }), Shape::Dns),
            (json!({ "rule": "r", "priority": "Notice", "output": "o" }), Shape::Falco),
            (
                json!({ "schemaVersion": "2.0", "type": "t", "severity": 5, "service": {} }),
                Shape::Plain(GuardDuty),
            ),
            // Security Hub's findings have other keys.
            (
                json!({ "SchemaVersion": "2018-10-08", "Types": [], "Severity": {}, "ProductArn": "a" }),
                Shape::Plain(Unknown),
            ),
            (json!({ "srcaddr": "10.0.0.1", "dstaddr": "10.0.0.2" }), Shape::Flow),
            (json!({ "messageType": "CONTROL_MESSAGE", "logEvents": [] }), Shape::Nothing),
            (json!({ "message": 1 }), Shape::Plain(Unknown)),
            (json!({}), Shape::Plain(Unknown)),
        ] {
            assert_eq!(shape(record.to_string().as_bytes()), expected, "{record}");
        }
        assert!(KEYS.len() <= 64, "each key has a bit");
    }
}
