//! Exports against receivers that answer as AWS's documentation says.

use std::sync::Mutex;

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::json;
use yagura_aws::{CallErrorKind, Credentials};

use super::*;

/// Security Hub and S3 as they answer; what was sent to them.
#[derive(Default)]
pub(super) struct Receiver {
    batches: Mutex<Vec<(String, Value)>>,
    objects: Mutex<Vec<(Value, Vec<u8>)>>,
}

impl Deliver for Receiver {
    fn deliver<'a>(
        &'a self,
        target: &'a Target,
        call: &'a str,
        input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>> {
        self.batches.lock().unwrap().push((format!("{} {}", target.account, target.region), input.clone()));
        let answer = if target.region.as_str() == "us-east-1" {
            Err(CallError::new(call, &target.region, CallErrorKind::Throttled, ""))
        } else {
            let bad = input["Findings"].as_array().unwrap().iter().filter(|it| it["Title"] == "bad");
            let failed: Vec<_> = bad
                .map(|it| json!({ "Id": it["Id"], "ErrorCode": "InvalidInput", "ErrorMessage": "no" }))
                .collect();
            Ok(json!({ "FailedCount": failed.len(), "FailedFindings": failed }))
        };
        Box::pin(std::future::ready(answer))
    }

    fn put<'a>(
        &'a self,
        target: &'a Target,
        input: &'a Value,
        body: Vec<u8>,
    ) -> BoxFuture<'a, Result<Value, CallError>> {
        let denied = input["Key"].as_str().unwrap().contains("accountId=444455556666");
        self.objects.lock().unwrap().push((input.clone(), body));
        let kind = CallErrorKind::Denied { permission: "s3:PutObject".into() };
        let answer = if denied {
            Err(CallError::new("s3.PutObject", &target.region, kind, ""))
        } else {
            Ok(json!({}))
        };
        Box::pin(std::future::ready(answer))
    }
}

impl Enter for Receiver {
    fn enter<'a>(
        &'a self,
        account: &'a AccountId,
        region: &'a Region,
    ) -> BoxFuture<'a, Result<Target, CallError>> {
        Box::pin(std::future::ready(Ok(target(account.as_str(), region.as_str()))))
    }
}

pub(super) fn target(account: &str, region: &str) -> Target {
    Target {
        account: AccountId::new(account).unwrap(),
        region: Region::from(region),
        credentials: Credentials::from_keys("AKIDEXAMPLE", "SECRETEXAMPLE", None),
    }
}

fn finding(number: usize, region: &str, workflow: &str) -> Value {
    json!({
        "Id": format!("yagura/{number}"), "AwsAccountId": "111122223333", "Title": "t", "Workflow": { "Status": workflow },
        "ProductArn": format!("arn:aws:securityhub:{region}:111122223333:product/111122223333/default"),
    })
}

#[tokio::test]
async fn findings_are_sent_by_hundreds_to_their_own_account_and_region() {
    let mut all: Vec<Value> = (0..250).map(|it| finding(it, "eu-west-1", "NEW")).collect();
    all[7]["Title"] = json!("bad");
    all[8] = finding(8, "eu-west-1", "SUPPRESSED");
    all[9]["Description"] = json!("x".repeat(300_000));
    all[10]["ProductArn"] = json!("arn:aws:securityhub:eu-west-1::product/aws/securityhub");
    all.push(finding(250, "us-east-1", "NEW"));
    let receiver = Receiver::default();
    let text = json!(all).to_string();
    let exported = to_security_hub(&receiver, &receiver, text.as_bytes()).await.unwrap();

    assert_eq!(exported.taken, 247);
    let refused: Vec<String> = exported.refused.iter().map(|it| format!("{}: {}", it.id, it.why)).collect();
    insta::assert_snapshot!(refused.join("\n"), @r"
    yagura/9: it has 300191 bytes: Security Hub takes 245760
    yagura/10: its `ProductArn` is not that of its account's default product
    yagura/7: InvalidInput: no
    yagura/250: securityhub.BatchImportFindings in us-east-1: throttled on every attempt
    ");
    let batches = receiver.batches.lock().unwrap();
    let sizes: Vec<_> = batches
        .iter()
        .map(|(place, it)| format!("{place}: {}", it["Findings"].as_array().unwrap().len()))
        .collect();
    assert_eq!(
        sizes,
        [
            "111122223333 eu-west-1: 100",
            "111122223333 eu-west-1: 100",
            "111122223333 eu-west-1: 48",
            "111122223333 us-east-1: 1"
        ]
    );
    let sent = &batches[0].1["Findings"];
    assert!(sent[0].get("Workflow").is_none(), "what people did there is theirs");
    assert_eq!(sent[8]["Workflow"]["Status"], "SUPPRESSED");
}

fn event(account: &str, region: &str, time: i64) -> Value {
    json!({
        "class_uid": 2003, "type_uid": 200_301, "time": time, "severity_id": 4, "message": "SSH が開いている",
        "metadata": { "version": "1.6.0", "profiles": ["cloud"], "product": { "name": "Yagura" } },
        "cloud": { "provider": "AWS", "cloud_partition": "aws", "region": region, "account": { "uid": account } },
        "compliance": { "status_id": 3, "standards": ["CIS", "NIST"], "requirements": [] },
        "finding_info": { "uid": format!("f-{time}"), "types": ["Posture"] },
        "resources": [{ "uid": "arn:1", "labels": ["a", "b"] }, { "uid": "arn:2" }],
        "evidences": [{ "data": { "evidence": [1] } }],
    })
}

#[tokio::test]
async fn a_lake_gets_parquet_in_its_own_layout() {
    // 2026-01-02T00:00:01Z, 2026-01-02T00:00:00Z.
    let (late, early) = (1_767_312_001_000, 1_767_312_000_000);
    let events = json!([
        event("111122223333", "eu-west-1", late),
        event("111122223333", "eu-west-1", early),
        event("111122223333", "global", early),
        event("444455556666", "eu-west-1", early),
        { "class_uid": 2004, "time": early },
        event("../../x", "eu-west-1", early),
    ]);
    let (receiver, target) = (Receiver::default(), target("111122223333", "eu-west-1"));
    let lake = lake::Lake { target: &target, bucket: "lake", prefix: "ext/yagura/", name: "scan-1" };
    let exported = lake::to_security_lake(&receiver, &lake, events.to_string().as_bytes()).await.unwrap();
    assert_eq!(
        exported.objects,
        [
            "ext/yagura/region=eu-west-1/accountId=111122223333/eventDay=20260102/scan-1-0.parquet",
            "ext/yagura/region=us-east-1/accountId=111122223333/eventDay=20260102/scan-1-1.parquet",
        ]
    );
    assert_eq!((exported.taken, exported.refused.len(), exported.failures.len()), (3, 3, 1));

    let objects = receiver.objects.lock().unwrap();
    let reader = SerializedFileReader::new(bytes::Bytes::from(objects[0].1.clone())).unwrap();
    let column = reader.metadata().row_group(0).column(0);
    assert!(column.compression().to_string().starts_with("ZSTD"));
    let rows: Vec<String> = reader.get_row_iter(None).unwrap().map(|row| row.unwrap().to_string()).collect();
    assert_eq!(rows.len(), 2);
    for part in [
        "time: 1767312000000",
        "message: \"SSH が開いている\"",
        "standards: [\"CIS\", \"NIST\"]",
        "requirements: []",
        "labels: [\"a\", \"b\"]",
        "labels: null",
        "account: {uid: \"111122223333\", name: null",
        "data: \"{\"evidence\":[1]}\"",
    ] {
        assert!(rows[0].contains(part), "{part} in {}", rows[0]);
    }
    assert!(rows[1].contains("time: 1767312001000"), "rows are ordered by time");
}
