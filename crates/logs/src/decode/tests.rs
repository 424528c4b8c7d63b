//! Files of every format, as they are delivered.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Everything that a file holds: the records with their kinds, what is broken, and how much was passed over.
fn read(bytes: impl Into<Vec<u8>>) -> Read {
    all(Decoded::new(Cursor::new(bytes.into()), None).unwrap())
}

type Read = (Vec<(SourceKind, Json)>, Vec<&'static str>, u64);

fn all(mut decoded: Decoded) -> Read {
    let (mut records, mut broken) = (Vec::new(), Vec::new());
    loop {
        let parsed = match decoded.next().unwrap() {
            None => break,
            Some((kind, record)) => serde_json::from_slice(record).map(|it| (kind, it)),
        };
        match parsed {
            Ok(record) => records.push(record),
            Err(_) => decoded.reject("no JSON"),
        }
        broken.extend(decoded.take_broken().into_iter().map(|it| it.message));
    }
    broken.extend(decoded.take_broken().into_iter().map(|it| it.message));
    (records, broken, decoded.passed_over())
}

/// The records of a file that is all right.
fn good(bytes: impl Into<Vec<u8>>) -> Vec<(SourceKind, Json)> {
    let (records, broken, _) = read(bytes);
    assert_eq!(broken, [] as [&str; 0]);
    records
}

fn kinds(records: &[(SourceKind, Json)]) -> Vec<SourceKind> {
    records.iter().map(|it| it.0).collect()
}

const FLOW: &str = "2 123456789010 eni-1235b8ca 172.31.16.139 172.31.16.21 20641 22 6 20 4249 1418530010 1418530070 ACCEPT OK";

#[test]
fn cloudtrail_comes_as_it_stands_in_the_file() {
    let text = r#"{"Records":[{"eventVersion":"1.08", "a":1},{"eventVersion":"1.09","eventCategory":"NetworkActivity"}]}"#;
    let mut decoded = Decoded::new(Cursor::new(gzip(text.as_bytes())), None).unwrap();
    let (kind, record) = decoded.next().unwrap().unwrap();
    assert_eq!((kind, record), (SourceKind::CloudTrail, &br#"{"eventVersion":"1.08", "a":1}"#[..]));
    let looked_up = json!({ "Events": [{ "EventId": "1", "CloudTrailEvent": "{\"eventVersion\":\"1.08\",\"eventName\":\"X\"}" }] });
    assert_eq!(
        good(looked_up.to_string()),
        [(SourceKind::CloudTrail, json!({ "eventVersion": "1.08", "eventName": "X" }))]
    );
}

#[test]
fn events_of_eventbridge_are_taken_out_of_it() {
    let wrapped = |detail: &Json| {
        json!({ "version": "0", "id": "1", "detail-type": "t", "detail": detail }).to_string()
    };
    let trail = json!({ "userIdentity": {}, "eventVersion": "1.08" });
    let finding = json!({ "schemaVersion": "2.0", "type": "t", "severity": 5, "service": {} });
    let other = json!({ "instance-id": "i-1", "state": "running" });
    let text = [wrapped(&trail), wrapped(&finding), wrapped(&other)].concat();
    let records = good(text);
    assert_eq!(kinds(&records), [SourceKind::CloudTrail, SourceKind::GuardDuty, SourceKind::Unknown]);
    assert_eq!((&records[0].1, &records[1].1), (&trail, &finding));
    assert_eq!(records[2].1["detail"], other, "what is not known comes as it was");
}

#[test]
fn kubernetes_audit_logs_come_in_lines_and_lists() {
    let event = json!({ "verb": "get", "auditID": "1" });
    let lines = format!("{event}\n{event}\n");
    assert_eq!(
        good(lines),
        [(SourceKind::KubernetesAudit, event.clone()), (SourceKind::KubernetesAudit, event.clone())]
    );
    let list = json!({ "kind": "EventList", "apiVersion": "audit.k8s.io/v1", "metadata": {}, "items": [event, { "stage": "x" }] });
    assert_eq!(kinds(&good(list.to_string())), [SourceKind::KubernetesAudit; 2]);
}

#[test]
fn flow_logs_come_in_lines_with_a_header_and_without() {
    let with = format!(
        "dstport action srcaddr\n22 ACCEPT 10.0.0.1\n- REJECT -\n\n22 ACCEPT\nversion start\n2 1418530010\n{}\n",
        "x ".repeat(40_000)
    );
    let (records, broken, _) = read(gzip(with.as_bytes()));
    let of = |at: usize| &records[at].1;
    assert_eq!(kinds(&records), [SourceKind::VpcFlow; 3]);
    assert_eq!((&of(0)["dstport"], &of(0)["srcaddr"]), (&json!(22), &json!("10.0.0.1")));
    assert_eq!((of(1).get("dstport"), &of(1)["action"]), (None, &json!("REJECT")));
    assert_eq!(of(2)["yagura"]["time"], "2014-12-14T04:06:50Z");
    assert_eq!(broken, ["the line has not as many fields as the header", "the line is longer than 64 KB"]);

    let without = good(format!("{FLOW}\n2 1 eni-1 - - - - - - - 1431280876 1431280934 - NODATA"));
    assert_eq!((&without[0].1["srcport"], &without[1].1["log_status"]), (&json!(20641), &json!("NODATA")));
    let (records, broken, _) = read("3 vpc-1 eni-1 10.0.0.1 10.0.0.2 22 6 ACCEPT OK\n");
    assert!(records.is_empty() && broken[0].contains("no header line"));
}

#[test]
fn places_of_broken_lines_are_those_of_the_file() {
    let text = format!("srcaddr dstaddr\n10.0.0.1\n{}\n10.0.0.2\n", "y".repeat(700_000));
    let mut decoded = Decoded::new(Cursor::new(text.clone().into_bytes()), None).unwrap();
    assert!(decoded.next().unwrap().is_none());
    let places: Vec<_> = decoded.take_broken().into_iter().map(|it| it.place).collect();
    let last = text.len() as u64 - 9;
    assert_eq!(places, [16..24, 25..25 + 700_000, last..last + 8]);
}

#[test]
fn dns_queries_and_alerts_get_an_id() {
    let query =
        json!({ "query_name": "a.example.com.", "query_type": "A", "rcode": "NOERROR", "vpc_id": "v" });
    let alert = json!({ "hostname": "h", "output": "o", "priority": "Notice", "rule": "r", "output_fields": { "proc.name": "x" }, "time": "2026-01-01T00:00:00.1Z" });
    let records = good(format!("{query}\n{alert}\n"));
    assert_eq!(kinds(&records), [SourceKind::Dns, SourceKind::Runtime]);
    assert_eq!(records[0].1["yagura"]["parent_domain"], "example.com");
    assert_eq!(records[1].1["yagura"]["id"].as_str().unwrap().len(), 32);
    assert_eq!(records[1].1["output_fields"], alert["output_fields"]);
}

#[test]
fn findings_come_as_exported_and_as_the_command_line_prints_them() {
    let exported =
        json!({ "schemaVersion": "2.0", "id": "1", "type": "t", "severity": 8, "service": { "count": 1 } });
    let printed = json!({ "Findings": [{ "SchemaVersion": "2.0", "Id": "1", "Type": "t", "Severity": 8, "Service": { "Count": 1 } }] });
    let expected = vec![(SourceKind::GuardDuty, exported.clone())];
    assert_eq!(good(gzip(exported.to_string().as_bytes())), expected);
    assert_eq!(good(printed.to_string()), expected);
}

fn batch(messages: &[&str]) -> String {
    let events: Vec<_> =
        messages.iter().map(|it| json!({ "id": "1", "timestamp": 1, "message": it })).collect();
    json!({ "messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "logStream": "s", "subscriptionFilters": ["f"], "logEvents": events })
        .to_string()
}

#[test]
fn batches_of_cloudwatch_logs_carry_any_format() {
    let first = batch(&[FLOW, r#"{"eventVersion":"1.08"}"#, "I1128 12:00:00 controller.go:1] hello"]);
    let control = r#"{"messageType":"CONTROL_MESSAGE","logEvents":[{"message":"checking"}]}"#;
    let second = batch(&[
        r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1"}"#,
        r#"{"eventVersion":"1.08","a":"#,
    ]);
    let text = format!("{first}{control}{second}");
    let expected = [SourceKind::VpcFlow, SourceKind::CloudTrail, SourceKind::KubernetesAudit];
    // Plain, pressed record by record, and pressed again.
    let members = [gzip(first.as_bytes()), gzip(control.as_bytes()), gzip(second.as_bytes())].concat();
    for file in [text.clone().into_bytes(), members.clone(), gzip(&members)] {
        let (records, broken, passed_over) = read(file);
        assert_eq!(kinds(&records), expected);
        assert_eq!((broken, passed_over), (vec!["the record in a text is cut off"], 1));
    }
    // As functions get it, and streams.
    let data =
        base64::engine::Engine::encode(&base64::engine::general_purpose::STANDARD, gzip(first.as_bytes()));
    for wrapped in
        [json!({ "awslogs": { "data": data } }), json!({ "Records": [{ "kinesis": { "data": data } }] })]
    {
        assert_eq!(kinds(&good(wrapped.to_string())), expected[..2], "{wrapped}");
    }
    // Flow logs straight to Firehose.
    assert_eq!(kinds(&good(json!({ "message": FLOW }).to_string())), [SourceKind::VpcFlow]);
    assert_eq!(kinds(&good(r#"{"message":"hello"}"#)), [SourceKind::Unknown]);
}

/// A flow log as AWS writes it in Parquet: numbers, texts, and what is missing.
fn parquet(text: &str) -> Vec<u8> {
    use ::parquet::basic::Compression;
    use ::parquet::data_type::{ByteArray, ByteArrayType, Int32Type, Int64Type};
    use ::parquet::file::properties::WriterProperties;
    use ::parquet::file::writer::SerializedFileWriter;
    let schema = "message flow { optional int32 dstport; optional int64 start; optional binary srcaddr (UTF8); optional binary dstaddr (UTF8); }";
    let schema = std::sync::Arc::new(::parquet::schema::parser::parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, schema, properties.into()).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int32Type>().write_batch(&[22], Some(&[1, 0]), None).unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    column.typed::<Int64Type>().write_batch(&[1_418_530_010, 1_418_530_010], Some(&[1, 1]), None).unwrap();
    column.close().unwrap();
    for _ in 0..2 {
        let mut column = group.next_column().unwrap().unwrap();
        column.typed::<ByteArrayType>().write_batch(&[ByteArray::from(text)], Some(&[1, 0]), None).unwrap();
        column.close().unwrap();
    }
    group.close().unwrap();
    file.close().unwrap();
    bytes
}

#[test]
fn flow_logs_come_in_parquet() {
    let bytes = parquet("10.0.0.1");
    let records = good(bytes.clone());
    assert_eq!(kinds(&records), [SourceKind::VpcFlow; 2]);
    // The same flow is the same event, however it was delivered.
    let line = good("start srcaddr dstport dstaddr\n1418530010 10.0.0.1 22 10.0.0.1\n");
    assert_eq!(records[0], line[0]);
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("flow.log");
    std::fs::write(&path, &bytes).unwrap();
    assert_eq!(all(Decoded::open(&path).unwrap()), read(bytes.clone()));
    let cut = Decoded::new(Cursor::new(bytes[..bytes.len() - 9].to_vec()), None).unwrap_err();
    assert!(cut.to_string().starts_with("the Parquet file is broken"), "{cut}");
    // Whichever byte is wrong, it is told, or nothing is lost.
    for at in 4..bytes.len() {
        let mut broken = bytes.clone();
        broken[at] ^= 0x55;
        if let Ok(mut decoded) = Decoded::new(Cursor::new(broken), None) {
            while let Ok(Some(_)) = decoded.next() {}
        }
    }
}

#[test]
fn events_of_a_cluster_tell_which_one_it_is() {
    let event = r#"{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1"}"#;
    let of_group = |group: &str| {
        let batch = batch(&[event])
            .replace("\"g\"", &json!(group).to_string())
            .replace("\"1\",\"logG", "\"111122223333\",\"logG");
        good(batch).remove(0).1
    };
    assert_eq!(
        of_group("/aws/eks/shop/cluster")["yagura"],
        json!({ "account": "111122223333", "cluster": "shop" })
    );
    assert_eq!(of_group("/aws/lambda/shop"), serde_json::from_str::<Json>(event).unwrap());
}

#[test]
fn a_large_file_in_parquet_may_come_as_a_stream() {
    // Too large for memory, and no compression helps.
    let mut seed = 88_172_645_463_325_252_u64;
    let mut noise = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        char::from(b'a' + (seed % 26) as u8)
    };
    let bytes = parquet(&(0..20 << 20).map(|_| noise()).collect::<String>());
    assert!(bytes.len() > 16 << 20);
    let mut decoded = Decoded::new(Cursor::new(bytes), None).unwrap();
    let mut lengths = Vec::new();
    while let Some((_, record)) = decoded.next().unwrap() {
        lengths.push(record.len());
    }
    assert!(lengths.len() == 2 && lengths[0] > 32 << 20, "{lengths:?}");
}

#[test]
fn what_unpacks_without_end_is_refused() {
    let bomb = batch(&[&"x".repeat(100)]).replace('x', &" ".repeat(1 << 20));
    let data =
        base64::engine::Engine::encode(&base64::engine::general_purpose::STANDARD, gzip(bomb.as_bytes()));
    let (_, broken, _) = read(json!({ "awslogs": { "data": data } }).to_string());
    assert_eq!(broken, ["a packed record unpacks to more than 64 MB"]);
    let mut deep = FLOW.to_owned();
    for _ in 0..10 {
        deep = json!({ "message": deep }).to_string();
    }
    let (records, broken, _) = read(deep);
    assert!(records.len() <= 1 && broken.len() <= 1, "{records:?} {broken:?}");
}

proptest! {
    /// Whatever the bytes, reading ends, and nothing panics.
    #[test]
    fn anything_ends(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Decoded::new(Cursor::new(bytes), None).map(all);
    }

    /// Whatever looks like the formats that are known, reading ends.
    #[test]
    fn nearly_anything_ends(parts in proptest::collection::vec(prop_oneof![
        Just("{"), Just("}"), Just("["), Just("]"), Just(":"), Just(","), Just("\"messageType\":\"DATA_MESSAGE\""),
        Just("\"logEvents\":["), Just("\"message\":\""), Just("\"detail-type\":\"\""), Just("\"detail\":"), Just("\\\""),
        Just("\"query_name\":\"a.b.\""), Just("\"rcode\":1"), Just("\"rule\":"), Just("\"priority\":1"), Just("\"output\":1"),
        Just("\"awslogs\":{\"data\":\"H4sI\"}"), Just("\n"), Just("2 1 eni-1 - - - - - - - 1 2 - OK"), Just("srcaddr dstaddr"), Just("PAR1"),
    ], 0..40)) {
        let _ = Decoded::new(Cursor::new(parts.concat().into_bytes()), None).map(all);
    }

    /// Whatever the order of its keys, a query is the same one.
    #[test]
    fn a_query_survives_any_order(order in Just(vec!["query_name", "query_type", "rcode", "srcaddr", "vpc_id"]).prop_shuffle()) {
        let record: Map<String, Json> = order.iter().map(|key| ((*key).to_owned(), json!(format!("{key}.example.")))).collect();
        let records = good(Json::Object(record).to_string());
        let sorted = good(r#"{"query_name":"query_name.example.","query_type":"query_type.example.","rcode":"rcode.example.","srcaddr":"srcaddr.example.","vpc_id":"vpc_id.example."}"#);
        prop_assert_eq!(records, sorted);
    }
}
