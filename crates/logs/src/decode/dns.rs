//! Route 53 Resolver query logs: a record with what rules ask for on top, under `yagura`.
//!
//! - `id`;
//! - `query`: the name in small letters, without the dot at its end;
//! - `parent_domain`: the domain that somebody registered, by the public suffix list;
//! - of the labels below it: `longest_label` (its length), `label_entropy` (tenths of bits for each character of it), `label_digits`;
//! - `answers`: the data of the answers; `answer_scopes`: where the addresses among them are (`public`, `private`, `loopback`,
//!   `link_local`, `metadata`, `other`).
//!
//! Source: <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resolver-query-logs-format.html>

use std::collections::BTreeSet;
use std::net::IpAddr;

use serde_json::{Map, Value as Json, json};

use super::add_derived;
use super::address::Scope;

/// Writes a record with what is derived from it. One that is no JSON is written as it is.
pub(super) fn write(record: &[u8], out: &mut Vec<u8>) {
    match serde_json::from_slice::<Map<String, Json>>(record) {
        Ok(read) => add_derived(record, &derived(&read), out),
        Err(_) => out.extend_from_slice(record),
    }
}

fn derived(record: &Map<String, Json>) -> Json {
    let mut made = json!({ "id": super::id_of("dns", record) });
    let name = record.get("query_name").and_then(Json::as_str).unwrap_or_default();
    let query = name.strip_suffix('.').unwrap_or(name).to_lowercase();
    if let Some(parent) = psl::domain_str(&query) {
        made["parent_domain"] = parent.into();
        let below = query[..query.len() - parent.len()].trim_end_matches('.');
        if let Some(label) = below.split('.').filter(|it| !it.is_empty()).max_by_key(|it| it.len()) {
            made["longest_label"] = label.len().into();
            made["label_entropy"] = entropy(label).into();
            made["label_digits"] = label.bytes().filter(u8::is_ascii_digit).count().into();
        }
    }
    made["query"] = query.into();
    let answers = record.get("answers").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let answers: Vec<&str> = answers.iter().filter_map(|it| it.get("Rdata")?.as_str()).collect();
    if !answers.is_empty() {
        let scopes: BTreeSet<_> =
            answers.iter().filter_map(|it| Some(Scope::of(it.parse::<IpAddr>().ok()?))).collect();
        let scopes: Vec<_> = scopes.into_iter().map(Scope::as_str).collect();
        if !scopes.is_empty() {
            made["answer_scopes"] = scopes.into();
        }
        made["answers"] = answers.into();
    }
    made
}

/// Shannon's entropy of a text's bytes, in tenths of bits for each of them.
fn entropy(text: &str) -> u64 {
    let mut counts = [0_u32; 256];
    text.bytes().for_each(|it| counts[usize::from(it)] += 1);
    let length = f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX));
    let bits: f64 = counts
        .iter()
        .filter(|it| **it > 0)
        .map(|it| {
            let share = f64::from(*it) / length;
            -share * share.log2()
        })
        .sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 80")]
    let tenths = (bits * 10.0).round() as u64;
    tenths
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(record: &Json) -> Json {
        let mut out = Vec::new();
        write(record.to_string().as_bytes(), &mut out);
        serde_json::from_slice(&out).unwrap()
    }

    #[test]
    fn a_query_is_told_with_its_domain_and_its_longest_label() {
        let record = json!({ "query_name": "MZXW6YTBOI5.a.Tunnel.example.co.uk.", "query_type": "TXT", "rcode": "NOERROR" });
        let mut told = read(&record);
        let made = told["yagura"].take();
        assert_eq!(told["query_name"], record["query_name"], "nothing of the record is lost");
        assert_eq!(made["query"], "mzxw6ytboi5.a.tunnel.example.co.uk");
        assert_eq!(made["parent_domain"], "example.co.uk");
        assert_eq!((&made["longest_label"], &made["label_digits"]), (&json!(11), &json!(2)));
        assert_eq!(made["label_entropy"], 35, "of eleven different characters");
        let plain = read(&json!({ "query_name": "example.com.", "rcode": "NOERROR" }));
        assert_eq!(plain["yagura"]["parent_domain"], "example.com");
        assert_eq!(plain["yagura"].get("longest_label"), None);
        assert_eq!(read(&json!({ "query_name": "com.", "rcode": "x" }))["yagura"].get("parent_domain"), None);
    }

    #[test]
    fn answers_are_told_with_where_they_lead() {
        let answers = |data: &[&str]| {
            let answers: Vec<_> =
                data.iter().map(|it| json!({ "Rdata": it, "Type": "A", "Class": "IN" })).collect();
            read(&json!({ "query_name": "a.example.", "query_type": "A", "answers": answers }))["yagura"]
                .take()
        };
        let made = answers(&["cdn.example.", "10.0.0.1", "203.0.113.9", "10.0.0.2"]);
        assert_eq!(made["answer_scopes"], json!(["public", "private"]));
        assert_eq!(made["answers"].as_array().unwrap().len(), 4);
        assert_eq!(answers(&["169.254.169.254"])["answer_scopes"], json!(["metadata"]));
        assert_eq!(answers(&["cdn.example."]).get("answer_scopes"), None);
    }

    #[test]
    fn the_order_of_the_keys_is_nothing_to_the_id() {
        let id = |text: &str| read(&serde_json::from_str(text).unwrap())["yagura"]["id"].clone();
        assert_eq!(
            id(r#"{"query_name":"a.example.","query_type":"A","srcport":"1"}"#),
            id(r#"{"srcport":"1","query_type":"A","query_name":"a.example."}"#)
        );
        assert_ne!(
            id(r#"{"query_name":"a.example.","query_type":"A"}"#),
            id(r#"{"query_name":"b.example.","query_type":"A"}"#)
        );
    }
}
