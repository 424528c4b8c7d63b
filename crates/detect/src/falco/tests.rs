//! What conditions say of events.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::FieldTable;
use super::condition::parse;
use super::rules::Fields as _;
use super::test::Compiler;
use crate::event::{Event, Paths};

fn table() -> FieldTable {
    FieldTable::load(&yagura_packs::Packs::embedded()).0
}

/// Whether an event of a source fulfils a condition.
fn holds_for(source: &str, condition: &str, event: &Json) -> bool {
    let (fields, mut paths) = (table(), Paths::default());
    let parsed = parse(condition).unwrap();
    fields.check(source, &parsed).unwrap_or_else(|error| panic!("{condition}: {error}"));
    let test = Compiler { fields: &fields, source, paths: &mut paths }.test(&parsed);
    let raw = event.to_string();
    test.holds(&Event::read(raw.as_bytes(), &paths).unwrap())
}

fn holds(condition: &str, event: &Json) -> bool {
    holds_for("aws_cloudtrail", condition, event)
}

fn assert_all(event: &Json, expected: &[(&str, bool)]) {
    for (condition, expected) in expected {
        assert_eq!(holds(condition, event), *expected, "{condition}");
    }
}

#[test]
fn operators_compare_texts() {
    let event = json!({ "eventName": "PutBucketPolicy", "awsRegion": "eu-west-1", "userAgent": "a.b/c", "requestID": "" });
    assert_all(
        &event,
        &[
            ("ct.name = PutBucketPolicy", true),
            ("ct.name == 'putbucketpolicy'", false),
            ("ct.name != PutBucketPolicy", false),
            ("ct.name in (A, PutBucketPolicy)", true),
            ("ct.name intersects (A)", false),
            ("ct.name contains Bucket", true),
            ("ct.name icontains bUCKET", true),
            ("ct.name startswith Put", true),
            ("ct.name endswith Policy", true),
            ("ct.name glob 'Put*Pol?cy'", true),
            ("ct.name glob 'put*'", false),
            ("ct.name iglob 'put[a-c]ucket*'", true),
            ("ct.name glob 'Put[!b]*'", true),
            ("ct.useragent glob 'a.b*'", true),
            ("ct.useragent glob 'aXb*'", false),
            ("ct.name regex 'Put.*Policy'", true),
            ("ct.name regex 'Put'", false),
            ("ct.name startswith oneof (Put, Pu)", false),
            ("ct.name startswith oneof (Put, Get)", true),
            ("ct.name startswith anyof (Put, Pu)", true),
            ("ct.name startswith allof (Put, Pu)", true),
            ("ct.name contains allof (Put, Get)", false),
            ("ct.requestid = ''", true),
            ("ct.requestid exists", true),
        ],
    );
}

#[test]
fn what_has_no_value_fulfils_no_comparison() {
    let event = json!({ "eventName": "X", "errorCode": null });
    assert_all(
        &event,
        &[
            ("ct.errormessage exists", false),
            ("ct.errormessage != a", false),
            ("not ct.errormessage = a", true),
            ("ct.error exists", true),
            ("ct.request.name in (a)", false),
        ],
    );
}

#[test]
fn fields_of_cloudtrail_are_made_as_the_plugin_makes_them() {
    let event = json!({
        "eventName": "PutObject", "eventSource": "s3.amazonaws.com", "readOnly": false, "sourceIPAddress": "192.0.2.1",
        "userIdentity": {
            "type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/admin/eve",
            "sessionContext": { "sessionIssuer": { "userName": "admin" } },
        },
        "requestParameters": { "bucketName": "b", "key": "k/1", "imageId": "ami-1" },
        "additionalEventData": { "bytesTransferredIn": 33.0, "bytesTransferredOut": 2 },
        "recipientAccountId": "111122223333", "managementEvent": true, "resources": [{ "ARN": "x" }],
    });
    assert_all(
        &event,
        &[
            ("ct.shortsrc = s3", true),
            ("ct.user = admin", true),
            ("ct.originaluser = eve", true),
            ("ct.user.accountid = 111122223333", true),
            ("ct.readonly = false", true),
            ("ct.managementevent = 'true'", true),
            ("s3.uri = s3://b/k/1", true),
            ("s3.bytes = 35", true),
            ("s3.bytes > 34 and s3.bytes.in < 34", true),
            ("s3.bytes in (1, 35)", true),
            ("s3.cnt.put = 1 and not s3.cnt.get exists", true),
            ("ec2.imageids in (ami-1, ami-2)", true),
            ("ec2.imageids[0] = ami-1", true),
            ("ec2.imageids[1] exists", false),
            ("ct.resources contains '\"ARN\":\"x\"'", true),
            ("ct.request contains '\"key\":\"k/1\"'", true),
            ("ct.info = 'admin via 192.0.2.1 → PutObject Size=35 URI=s3://b/k/1'", true),
            ("json.value[/requestParameters/key] = k/1", true),
            ("json.value[/resources/0/ARN] = x", true),
            ("json.value[/resources/1] exists", false),
            ("jevt.value[/additionalEventData/bytesTransferredOut] = 2", true),
        ],
    );
}

#[test]
fn values_are_transformed_and_compared_with_each_other() {
    let event =
        json!({ "eventName": "Get", "requestID": "GET", "userAgent": "cGF0aC9maWxl", "awsRegion": "get" });
    assert_all(
        &event,
        &[
            ("tolower(ct.name) = get", true),
            ("toupper(ct.name) = val(ct.requestid)", true),
            ("ct.name = val(ct.requestid)", false),
            ("b64(ct.useragent) endswith file", true),
            ("basename(b64(ct.useragent)) = file", true),
            ("len(ct.name) = 3", true),
            ("len(ct.name) >= 0x3", true),
            ("concat(ct.name, \"-\", ct.region) = Get-get", true),
            ("join('/', (ct.name, ct.region)) = Get/get", true),
        ],
    );
}

#[test]
fn lists_are_compared_as_a_whole() {
    let event = json!({
        "auditID": "1", "verb": "create", "user": { "username": "dev", "groups": ["a", "b"] },
        "objectRef": { "resource": "pods" }, "requestObject": { "spec": { "containers": [{ "image": "x:1" }, { "image": "y:2" }] } },
    });
    for (condition, expected) in [
        ("ka.user.groups in (a, b, c)", true),
        ("ka.user.groups in (a)", false),
        ("ka.user.groups intersects (b, c)", true),
        ("ka.req.pod.containers.image intersects (y:2)", true),
        ("ka.req.pod.containers.image.repository in (x, y)", true),
        ("ka.verb = create and ka.target.resource = pods", true),
    ] {
        assert_eq!(holds_for("k8s_audit", condition, &event), expected, "{condition}");
    }
}

#[test]
fn paths_match_what_is_below_them() {
    for (value, expected) in [
        ("/usr/bin/ls", true),
        ("/usr/binary", false),
        ("/usr/bin", true),
        ("/opt/x/log/a", true),
        ("/opt", false),
    ] {
        let event = json!({ "userAgent": value });
        assert_eq!(holds("ct.useragent pmatch (/usr/bin, '/opt/*/log')", &event), expected, "{value}");
    }
}

proptest! {
    /// A glob made of a text alone matches that text and no other.
    #[test]
    fn a_text_is_its_own_pattern(text in "[a-z.+(){}|^$#-]{1,12}", other in "[a-z.+(){}|^$#-]{1,12}") {
        let event = json!({ "eventName": text });
        let fits = |pattern: &str| holds(&format!("ct.name glob \"{pattern}\""), &event);
        prop_assert!(fits(&text));
        prop_assert_eq!(fits(&other), text == other);
    }
}
