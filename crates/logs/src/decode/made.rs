//! Records that stand inside of others: in batches of CloudWatch Logs, in base64 and gzip, in texts; and those that get something on top.
//!
//! Memory is bounded: what one record of the input holds may not unpack to more than [`BUDGET`].

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::Read;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::MultiGzDecoder;
use serde_json::{Map, Value as Json, json};

use super::flow::{self, Columns};
use super::kind::{Shape, SourceKind, shape};
use super::members::{items, members, text};
use super::{add_derived, dns, id_of};
use crate::records::scan::Scan;

/// So much one record may hold. CloudWatch Logs' batches are a megabyte.
const BUDGET: usize = 64 << 20;
/// A text in a batch in base64 in a queue's message: nobody goes deeper.
const DEPTH: usize = 6;

/// The records of one record.
#[derive(Debug, Default)]
pub(super) struct Made {
    bytes: Vec<u8>,
    found: VecDeque<(SourceKind, Range<usize>)>,
    /// What was unpacked so far.
    unpacked: usize,
    broken: Vec<&'static str>,
    passed_over: u64,
    default_order: Option<Columns>,
    /// Of a batch of a cluster's events, which cluster that is.
    cluster: Option<Cluster>,
}

/// Where events of Kubernetes come from, which they do not tell themselves.
#[derive(Debug)]
struct Cluster {
    account: String,
    name: String,
}

impl Cluster {
    /// Of a batch of CloudWatch Logs: EKS writes what its control plane logs to `/aws/eks/NAME/cluster`.
    fn of_batch(record: &[u8]) -> Option<Self> {
        let member =
            |key: &[u8]| members(record).find(|(it, _)| *it == key).and_then(|(_, at)| text(&record[at]));
        let name = member(b"logGroup")?.strip_prefix("/aws/eks/")?.strip_suffix("/cluster")?.to_owned();
        Some(Self { account: member(b"owner")?, name })
    }
}

impl Made {
    /// Forgets the last record.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.found.clear();
        self.unpacked = 0;
    }

    /// The next one, if there is one.
    pub(super) fn take(&mut self) -> Option<(SourceKind, Range<usize>)> {
        self.found.pop_front()
    }

    pub(super) fn bytes(&self, range: Range<usize>) -> &[u8] {
        &self.bytes[range]
    }

    /// What is wrong inside of the record.
    pub(super) fn take_broken(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.broken)
    }

    /// How many texts were no records of a format that is known.
    pub(super) fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// Takes a record apart.
    pub(super) fn record(&mut self, record: &[u8]) {
        self.of_shape(record, shape(record), 0);
    }

    fn of_shape(&mut self, record: &[u8], shape_of: Shape, depth: usize) {
        if depth > DEPTH {
            self.broken.push("records stand in records in records, deeper than anybody writes them");
            return;
        }
        let nested = depth + 1;
        match shape_of {
            Shape::Nothing => {}
            Shape::Plain(SourceKind::KubernetesAudit) => self.of_kubernetes(record),
            Shape::Plain(kind) => self.give(kind, |out| out.extend_from_slice(record)),
            Shape::Dns => self.give(SourceKind::Dns, |out| dns::write(record, out)),
            Shape::Flow => self.give(SourceKind::VpcFlow, |out| flow_of_json(record, out)),
            Shape::Falco => self.give(SourceKind::Runtime, |out| falco_alert(record, out)),
            Shape::GuardDutyOfApi => self.give(SourceKind::GuardDuty, |out| guardduty_finding(record, out)),
            Shape::Inside(at) => {
                let inside = &record[at];
                match shape(inside) {
                    // An event of EventBridge about something else is told as it came.
                    Shape::Plain(SourceKind::Unknown) | Shape::Text(_) => {
                        self.give(SourceKind::Unknown, |out| out.extend_from_slice(record));
                    }
                    known => self.of_shape(inside, known, nested),
                }
            }
            Shape::Text(at) => {
                let understood = text(&record[at]).is_some_and(|it| self.text(&it, nested));
                if !understood {
                    self.give(SourceKind::Unknown, |out| out.extend_from_slice(record));
                }
            }
            Shape::List(at) => items(&record[at]).for_each(|it| match shape(it) {
                Shape::Plain(SourceKind::Unknown) => self.of_kubernetes(it),
                known => self.of_shape(it, known, nested),
            }),
            Shape::LogEvents(at) => {
                self.cluster = Cluster::of_batch(record);
                for event in items(&record[at]) {
                    let message = members(event)
                        .find(|(key, _)| *key == b"message")
                        .and_then(|(_, at)| text(&event[at]));
                    match message {
                        Some(message) if self.text(&message, nested) => {}
                        Some(_) => self.passed_over += 1,
                        None => self.broken.push("an event of CloudWatch Logs has no message"),
                    }
                }
                self.cluster = None;
            }
            Shape::Packed(at) => {
                let packed = &record[at];
                let data =
                    members(packed).find(|(key, _)| *key == b"data").and_then(|(_, at)| text(&packed[at]));
                match data.map(|data| self.unpack(&data)) {
                    Some(Ok(bytes)) => self.several(&bytes, nested),
                    Some(Err(message)) => self.broken.push(message),
                    None => self.broken.push("there is no `data` where a packed record should be"),
                }
            }
        }
    }

    /// An event of Kubernetes, with what is known of its cluster.
    fn of_kubernetes(&mut self, record: &[u8]) {
        let cluster = self.cluster.as_ref().map(|it| json!({ "account": it.account, "cluster": it.name }));
        self.give(SourceKind::KubernetesAudit, |out| match cluster {
            Some(cluster) => add_derived(record, &cluster, out),
            None => out.extend_from_slice(record),
        });
    }

    /// A record that is written by `write`.
    fn give(&mut self, kind: SourceKind, write: impl FnOnce(&mut Vec<u8>)) {
        let start = self.bytes.len();
        if start > BUDGET {
            self.broken.push("the records inside of this one are larger than 64 MB");
            return;
        }
        write(&mut self.bytes);
        self.found.push_back((kind, start..self.bytes.len()));
    }

    /// A text that is a record, or looks like one; else `false`.
    fn text(&mut self, text: &str, depth: usize) -> bool {
        let text = text.trim();
        if text.starts_with('{') {
            match Scan::default().end(text.as_bytes()) {
                Some(length) if length == text.len() => {
                    let bytes = text.as_bytes();
                    self.of_shape(bytes, shape(bytes), depth);
                }
                Some(_) => self.broken.push("there is more than a record in a text"),
                None => self.broken.push("the record in a text is cut off"),
            }
            return true;
        }
        if flow::is_default(text) {
            let columns = self.default_order.take().unwrap_or_else(Columns::default_order);
            self.give(SourceKind::VpcFlow, |out| {
                columns.write(text, out);
            });
            self.default_order = Some(columns);
            return true;
        }
        let is_flow = flow::is_flow_like(text);
        if is_flow {
            self.broken.push(flow::unnamed(text));
        }
        is_flow
    }

    /// Records one after the other, or lines.
    fn several(&mut self, bytes: &[u8], depth: usize) {
        let mut rest = bytes.trim_ascii();
        while !rest.is_empty() {
            let length = match rest[0] {
                b'{' => match Scan::default().end(rest) {
                    Some(length) => {
                        self.of_shape(&rest[..length], shape(&rest[..length]), depth);
                        length
                    }
                    None => {
                        self.broken.push("the record in base64 is cut off");
                        return;
                    }
                },
                _ => {
                    let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                    if !self.text(&String::from_utf8_lossy(&rest[..length]), depth) {
                        self.passed_over += 1;
                    }
                    length
                }
            };
            rest = rest[length..].trim_ascii();
        }
    }

    /// What stands in base64, unpacked.
    fn unpack(&mut self, data: &str) -> Result<Vec<u8>, &'static str> {
        let bytes = STANDARD.decode(data).map_err(|_| "a packed record is no base64")?;
        let left = BUDGET - self.unpacked.min(BUDGET);
        let unpacked = if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut unpacked = Vec::new();
            MultiGzDecoder::new(&bytes[..])
                .take(left as u64 + 1)
                .read_to_end(&mut unpacked)
                .map_err(|_| "a packed record is broken gzip")?;
            unpacked
        } else {
            bytes
        };
        if unpacked.len() > left {
            return Err("a packed record unpacks to more than 64 MB");
        }
        self.unpacked += unpacked.len();
        Ok(unpacked)
    }
}

/// A record of a flow log that somebody turned into JSON.
fn flow_of_json(record: &[u8], out: &mut Vec<u8>) {
    let Ok(read) = serde_json::from_slice::<Map<String, Json>>(record) else {
        return out.extend_from_slice(record);
    };
    let fields: Vec<(String, Cow<'_, str>)> = read
        .iter()
        .filter_map(|(name, value)| {
            let value = match value {
                Json::String(text) => Cow::Borrowed(text.as_str()),
                Json::Number(number) => Cow::Owned(number.to_string()),
                Json::Bool(value) => Cow::Borrowed(if *value { "true" } else { "false" }),
                Json::Null | Json::Array(_) | Json::Object(_) => return None,
            };
            Some((name.replace('-', "_"), value))
        })
        .collect();
    flow::write(fields.iter().map(|(name, value)| (name.as_str(), value.as_ref())), out);
}

/// An alert of Falco has no id of its own.
fn falco_alert(record: &[u8], out: &mut Vec<u8>) {
    match serde_json::from_slice::<Map<String, Json>>(record) {
        Ok(read) => add_derived(record, &json!({ "id": id_of("falco", &read) }), out),
        Err(_) => out.extend_from_slice(record),
    }
}

/// A finding as the AWS command line prints it, with the keys that exported findings have.
fn guardduty_finding(record: &[u8], out: &mut Vec<u8>) {
    fn exported(value: Json) -> Json {
        match value {
            Json::Object(object) => {
                let small = |key: String| {
                    let mut letters = key.chars();
                    letters.next().map(|it| it.to_lowercase().chain(letters).collect()).unwrap_or_default()
                };
                Json::Object(object.into_iter().map(|(key, value)| (small(key), exported(value))).collect())
            }
            Json::Array(items) => Json::Array(items.into_iter().map(exported).collect()),
            other => other,
        }
    }
    match serde_json::from_slice(record) {
        Ok(read) => out.extend_from_slice(exported(read).to_string().as_bytes()),
        Err(_) => out.extend_from_slice(record),
    }
}
