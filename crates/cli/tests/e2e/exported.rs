//! Findings of every kind handed on: in the formats of others, and to receivers that answer as Security Hub and S3 do.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::{Value, json};

use crate::frameworks::{Place, says};
use crate::receiver::{Answer, Receiver, Request};
use crate::run::{Ended, run, yagura};

const NOW: &str = "2026-02-03T00:00:00Z";

/// What Trivy and Security Hub say, which are two findings of others.
fn of_others() -> String {
    let said_by = |product: &str, name: &str, kind: &str, id: &str| {
        json!({
            "SchemaVersion": "2018-10-08", "Id": id, "ProductName": name, "CompanyName": name, "GeneratorId": id,
            "ProductArn": format!("arn:aws:securityhub:eu-west-1:{product}"), "Region": "eu-west-1",
            "AwsAccountId": "345678901234", "Types": [kind],
            "CreatedAt": "2026-01-31T00:00:00Z", "UpdatedAt": "2026-02-01T00:00:00Z",
            "Severity": { "Label": "HIGH" }, "Title": "what is wrong", "Description": "what it is about",
            "Resources": [{ "Type": "AwsEc2Instance", "Id": "arn:aws:ec2:eu-west-1:345678901234:instance/i-1",
                "Partition": "aws", "Region": "eu-west-1" }],
            "RecordState": "ACTIVE",
        })
    };
    let weakness = "Software and Configuration Checks/Vulnerabilities/CVE";
    let check = "Software and Configuration Checks/AWS Security Best Practices";
    json!([
        said_by("345678901234:product/345678901234/default", "Trivy", weakness, "CVE-2026-1"),
        said_by(":product/aws/securityhub", "Security Hub", check, "security-control/EC2.999"),
    ])
    .to_string()
}

/// A store with what a scan, the logs of an attack and others have found; the ports of a resource are accepted.
fn found() -> Place {
    let place = Place::new();
    place.scan(&["--rules", "restricted-ssh", "--output", "json", "--now", "2026-02-02T00:00:00Z"]);
    let logs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/attack/logs/AWSLogs");
    says(&place.run(&["detect", logs, "--now", NOW]), 0, &[]);
    std::fs::write(place.path("others.json"), of_others()).unwrap();
    let others = place.path("others.json");
    says(&place.run(&["import", others.to_str().unwrap(), "--now", NOW]), 0, &[]);
    place
}

fn list(place: &Place, format: &str, more: &[&str]) -> Vec<Value> {
    let told = place.run(&[&["findings", "list", "--output", format, "--now", NOW], more].concat());
    told.json().as_array().unwrap().clone()
}

fn texts(all: &[Value], pointer: &str) -> BTreeSet<String> {
    all.iter().map(|it| it.pointer(pointer).unwrap().to_string()).collect()
}

#[test]
fn the_list_tells_every_kind_in_the_formats_of_others() {
    let place = found();
    let ocsf = list(&place, "ocsf", &[]);
    assert_eq!(texts(&ocsf, "/class_uid"), ["2002", "2003", "2004"].map(str::to_owned).into());
    let asff = list(&place, "asff", &[]);
    assert_eq!(asff.len(), ocsf.len());
    assert_eq!(texts(&asff, "/Id").len(), asff.len(), "every id is one finding");
    let attack = ocsf.iter().find(|it| it["class_uid"] == 2004).unwrap();
    assert!(!attack["finding_info"]["attacks"].as_array().unwrap().is_empty(), "{attack}");
    assert!(!attack["evidences"].as_array().unwrap().is_empty());

    // What the list calls it is what `show` finds.
    let uid = attack["finding_info"]["uid"].as_str().unwrap();
    says(&place.run(&["findings", "show", uid]), 0, &["Threat (detection)"]);

    let out = place.path("findings.asff.json");
    let told = place.run(&["findings", "list", "-o", "asff", "--now", NOW, "--out", out.to_str().unwrap()]);
    assert_eq!((told.status, told.out.as_str()), (0, ""), "{}", told.err);
    assert_eq!(serde_json::from_str::<Vec<Value>>(&std::fs::read_to_string(&out).unwrap()).unwrap(), asff);
    says(&place.run(&["import", out.to_str().unwrap()]), 0, &["were ours already"]);
    says(
        &place.run(&["findings", "list", "--output", "ocsf", "--limit", "5"]),
        2,
        &["`ocsf` and `asff` hold every finding"],
    );
}

#[test]
fn a_scan_and_the_list_call_a_finding_by_the_same_id() {
    let place = Place::new();
    let scanned = place.scan(&["--rules", "restricted-ssh", "--output", "asff", "--now", NOW]).json();
    let mut failed = scanned.as_array().unwrap().clone();
    failed.retain(|it| it["Compliance"]["Status"] == "FAILED");
    assert!(!failed.is_empty());
    assert_eq!(list(&place, "asff", &[]), failed);
}

#[test]
fn a_run_of_detections_tells_what_it_found_in_ocsf() {
    let place = Place::new();
    let logs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/attack/logs/AWSLogs");
    let detected = place.run(&["detect", logs, "--now", NOW, "--output", "ocsf"]).json();
    let detected = detected.as_array().unwrap().clone();
    assert!(detected.len() > 3 && detected.iter().all(|it| it["class_uid"] == 2004));
    let listed = list(&place, "ocsf", &[]);
    assert_eq!(texts(&detected, "/finding_info/uid"), texts(&listed, "/finding_info/uid"));
    says(
        &place.run(&["detect", logs, "--output", "asff", "--follow"]),
        2,
        &["`ocsf` and `asff` tell the findings of a run that ends"],
    );
}

/// Answers as AWS does: any role may be assumed, and Security Hub and S3 take everything.
fn aws(_: usize, request: &Request) -> Answer {
    let body = String::from_utf8_lossy(&request.body);
    let says = |content: &str, text: String| match content {
        "xml" => Answer::Say(200, "content-type: text/xml\r\n", text),
        _ => Answer::Say(200, "content-type: application/json\r\n", text),
    };
    if body.contains("Action=GetCallerIdentity") {
        let identity =
            "<Account>111122223333</Account><UserId>A</UserId><Arn>arn:aws:iam::111122223333:user/a</Arn>";
        return says(
            "xml",
            format!(
                "<GetCallerIdentityResponse><GetCallerIdentityResult>{identity}</GetCallerIdentityResult></GetCallerIdentityResponse>"
            ),
        );
    }
    if body.contains("Action=AssumeRole") {
        let keys = "<AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration>";
        return says(
            "xml",
            format!(
                "<AssumeRoleResponse><AssumeRoleResult><Credentials>{keys}</Credentials></AssumeRoleResult></AssumeRoleResponse>"
            ),
        );
    }
    if request.path == "/findings/import" {
        let count = request.json()["Findings"].as_array().unwrap().len();
        return says(
            "json",
            json!({ "FailedCount": 0, "SuccessCount": count, "FailedFindings": [] }).to_string(),
        );
    }
    says("xml", String::new())
}

fn export(place: &Place, receiver: &Receiver, arguments: &[&str]) -> Ended {
    let mut command: Command = yagura();
    command
        .env("AWS_ENDPOINT_URL", receiver.address())
        .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_REGION", "eu-west-1")
        .env("YAGURA_STORE", place.path("yagura.db"));
    run(&mut command, &[&["export"], arguments, &["--now", NOW]].concat())
}

/// The findings that Security Hub was given.
fn imported(receiver: &Receiver) -> Vec<Value> {
    let batches = receiver.seen().into_iter().filter(|it| it.path == "/findings/import");
    batches.flat_map(|it| it.json()["Findings"].as_array().unwrap().clone()).collect()
}

#[test]
fn security_hub_is_told_what_the_store_holds_and_nothing_of_its_own() {
    let place = found();
    let accept =
        ["findings", "set", "--rules", "restricted-ssh", "--to", "suppressed", "-m", "a test", "--yes"];
    says(&place.run(&accept), 0, &["findings changed"]);
    let receiver = Receiver::start(aws);
    let done = export(&place, &receiver, &["security-hub"]);
    says(&done, 0, &["1 findings are left out: Security Hub has them", " 0 not, 0 calls failed"]);

    let told = imported(&receiver);
    let everything = list(&place, "asff", &["--workflow", "new,notified,suppressed"]);
    assert_eq!(told.len() + 1, everything.len());
    assert!(told.iter().all(|it| it["GeneratorId"] != "yagura/security-hub:EC2.999"), "it comes from there");
    assert!(told.iter().any(|it| it["GeneratorId"] == "yagura/trivy:CVE-2026-1"));
    let accepted: Vec<_> = told.iter().filter(|it| it["GeneratorId"] == "yagura/restricted-ssh").collect();
    assert!(!accepted.is_empty());
    assert!(accepted.iter().all(|it| it["Workflow"]["Status"] == "SUPPRESSED"));

    // The same again has the same ids: Security Hub updates what it has.
    export(&place, &receiver, &["security-hub"]);
    let again = imported(&receiver).split_off(told.len());
    assert_eq!(texts(&again, "/Id"), texts(&told, "/Id"));

    let narrowed = Receiver::start(aws);
    says(&export(&place, &narrowed, &["security-hub", "--kind", "threat"]), 0, &["0 not, 0 calls failed"]);
    assert!(imported(&narrowed).iter().all(|it| it.get("Compliance").is_none()));
}

#[test]
fn a_lake_is_told_what_the_store_holds_class_by_class() {
    let place = found();
    let receiver = Receiver::start(aws);
    let done = export(&place, &receiver, &["security-lake", "--bucket", "lake"]);
    says(&done, 0, &[" 0 not, 0 calls failed"]);
    let objects: Vec<String> = receiver.seen().into_iter().map(|it| it.path).collect();
    for source in ["ext/yagura/", "ext/yagura-detection/", "ext/yagura-vulnerability/"] {
        let there =
            objects.iter().any(|it| it.contains(source) && it.contains("/findings-20260203T000000Z-"));
        assert!(there, "{source} in {objects:#?}");
    }
}

#[test]
fn a_file_is_exported_as_it_is() {
    let place = found();
    let out = place.path("findings.json");
    let told = place.run(&["findings", "list", "-o", "asff", "--now", NOW, "--out", out.to_str().unwrap()]);
    assert_eq!(told.status, 0, "{}", told.err);
    let receiver = Receiver::start(aws);
    says(
        &export(&place, &receiver, &["security-hub", out.to_str().unwrap(), "--kind", "threat"]),
        2,
        &["a file was named, and a filter given"],
    );
    says(&export(&place, &receiver, &["security-hub", out.to_str().unwrap()]), 0, &["0 calls failed"]);
    assert_eq!(imported(&receiver).len(), list(&place, "asff", &[]).len());
}
