//! Files of ASFF and OCSF: what they give, and what is told of what they lack.

mod scanners;

use std::path::Path;

use proptest::prelude::*;
use serde_json::json;
use yagura_model::Workflow;

use super::*;
use crate::testing::{line, vocabulary};

/// A file's findings as lines, its problems as people read them, and the counts.
fn read_text(text: &str) -> (Vec<String>, Vec<String>, FileCounts) {
    read_with(text, &Elsewhere::default())
}

fn read_with(text: &str, elsewhere: &Elsewhere) -> (Vec<String>, Vec<String>, FileCounts) {
    let (mut findings, mut problems) = (Vec::new(), Vec::new());
    let counts = read(text.as_bytes(), "in.json", vocabulary(), elsewhere, &mut |told| match told {
        Told::Finding(finding) => findings.push(line(&finding)),
        Told::Problem(problem) => problems.push(problem.to_string()),
    });
    (findings, problems, counts.unwrap())
}

fn findings(text: &str) -> Vec<ImportedFinding> {
    let mut findings = Vec::new();
    read(text.as_bytes(), "in.json", vocabulary(), &Elsewhere::default(), &mut |told| match told {
        Told::Finding(finding) => findings.push(finding),
        Told::Problem(problem) => panic!("{problem}"),
    })
    .unwrap();
    findings
}

/// EC2.13 as Security Hub writes it.
fn asff() -> Value {
    json!({
        "SchemaVersion": "2018-10-08",
        "Id": "arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.13/finding/f-1",
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "ProductName": "Security Hub", "CompanyName": "AWS", "Region": "eu-west-1",
        "GeneratorId": "security-control/EC2.13",
        "AwsAccountId": "111122223333",
        "Types": ["Software and Configuration Checks/AWS Security Best Practices"],
        "FirstObservedAt": "2026-01-01T00:00:00.000Z", "LastObservedAt": "2026-01-03T00:00:00.000Z",
        "CreatedAt": "2026-01-01T00:00:00.000Z", "UpdatedAt": "2026-01-02T00:00:00.000Z",
        "Severity": { "Label": "HIGH", "Normalized": 70, "Original": "HIGH" },
        "Title": "Security groups should not allow ingress from 0.0.0.0/0 to port 22",
        "Description": "This control checks it.",
        "Remediation": { "Recommendation": { "Text": "Narrow it.", "Url": "https://docs.aws.amazon.com/console/securityhub/EC2.13/remediation" } },
        "Resources": [{
            "Type": "AwsEc2SecurityGroup", "Id": "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
            "Partition": "aws", "Region": "eu-west-1", "Tags": { "Name": "web" },
            "Details": { "AwsEc2SecurityGroup": { "GroupName": "hidden" } },
        }],
        "Compliance": { "Status": "FAILED", "SecurityControlId": "EC2.13", "AssociatedStandards": [] },
        "WorkflowState": "NEW", "Workflow": { "Status": "NOTIFIED" }, "RecordState": "ACTIVE",
    })
}

/// The same with some members replaced, at paths such as `/Compliance/Status`; null takes one out.
fn changed(mut value: Value, changes: &[(&str, Value)]) -> Value {
    for (path, with) in changes {
        let (parent, name) = path.rsplit_once('/').unwrap();
        let parent = value.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if with.is_null() {
            parent.shift_remove(name);
        } else {
            parent.insert((*name).to_owned(), with.clone());
        }
    }
    value
}

#[test]
fn a_finding_of_security_hub_is_ours_with_everything_it_says() {
    let [finding] = &findings(&json!([asff()]).to_string())[..] else { panic!("one finding") };
    insta::assert_json_snapshot!(finding, @r#"
    {
      "Detector": "security-hub",
      "Via": null,
      "ExternalId": "arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.13/finding/f-1",
      "Kind": "configuration",
      "Rule": "restricted-ssh",
      "Resource": {
        "Account": "111122223333",
        "Region": "eu-west-1",
        "ResourceType": "AWS::EC2::SecurityGroup",
        "Id": "sg-1"
      },
      "Arn": "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
      "Name": "web",
      "Severity": "HIGH",
      "RecordState": "ACTIVE",
      "Workflow": "NOTIFIED",
      "Evidence": null,
      "Text": {
        "Title": "Security groups should not allow ingress from 0.0.0.0/0 to port 22",
        "Description": "This control checks it.",
        "Remediation": "Narrow it.",
        "Url": "https://docs.aws.amazon.com/console/securityhub/EC2.13/remediation"
      },
      "FirstSeen": "2026-01-01T00:00:00Z",
      "LastSeen": "2026-01-02T00:00:00Z"
    }
    "#);
}

#[test]
fn the_same_findings_in_every_wrapping() {
    let one = asff();
    let event = json!({
        "version": "0", "detail-type": "Security Hub Findings - Imported", "source": "aws.securityhub",
        "region": "eu-west-1", "detail": { "findings": [one] },
    });
    for text in [
        json!([one]).to_string(),
        json!({ "Findings": [one] }).to_string(),
        serde_json::to_string_pretty(&json!({ "NextToken": "t", "Findings": [one] })).unwrap(),
        format!("{one}\n"),
        event.to_string(),
    ] {
        assert_eq!(
            read_text(&text).0,
            [
                "ACTIVE HIGH security-hub configuration restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1"
            ],
            "{text}"
        );
    }
}

#[test]
fn products_of_security_hub_keep_their_names() {
    let product = |name: &str| json!(format!("arn:aws:securityhub:eu-west-1::product/{name}"));
    let of = |changes: &[(&str, Value)]| read_text(&changed(asff(), changes).to_string()).0.join("");
    insta::assert_snapshot!(
        [
            of(&[("/Compliance/SecurityControlId", json!("EC2.99")), ("/GeneratorId", json!("security-control/EC2.99"))]),
            of(&[
                ("/Compliance/SecurityControlId", Value::Null),
                ("/GeneratorId", json!("arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/1.3")),
            ]),
            of(&[
                ("/ProductArn", product("aws/guardduty")),
                ("/Types", json!(["TTPs/Discovery/Recon:EC2-PortProbeUnprotectedPort"])),
                ("/Compliance", Value::Null),
            ]),
            of(&[
                ("/ProductArn", product("aws/config")),
                ("/ProductFields", json!({ "aws/config/ConfigRuleName": "restricted-ssh" })),
            ]),
            of(&[
                ("/ProductArn", product("aws/access-analyzer")),
                ("/Types", json!(["Software and Configuration Checks/AWS Security Best Practices/External Access Granted"])),
            ]),
            of(&[("/ProductArn", product("aws/inspector")), ("/Vulnerabilities", json!([{ "Id": "CVE-2026-1" }]))]),
            of(&[
                ("/ProductArn", product("prowler/prowler")),
                ("/GeneratorId", json!("prowler-ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22")),
            ]),
            of(&[("/ProductArn", product("vendor/thing")), ("/ProductName", json!("Vendor Thing")), ("/GeneratorId", json!("x-1"))]),
        ]
        .join("\n"),
        @r"
    ACTIVE HIGH security-hub configuration security-hub:EC2.99 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH security-hub configuration security-hub:cis-aws-foundations-benchmark/v/1.2.0/rule/1.3 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH guardduty threat guardduty:Recon:EC2/PortProbeUnprotectedPort 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH aws-config configuration restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH access-analyzer access access-analyzer:ExternalAccess 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH inspector vulnerability inspector:CVE-2026-1 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH prowler configuration restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH other configuration vendor-thing:x-1 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    "
    );
}

#[test]
fn passes_and_archived_findings_are_ends_and_our_own_are_left_out() {
    let state =
        |changes: &[(&str, Value)]| findings(&changed(asff(), changes).to_string())[0].record_state.as_str();
    assert_eq!(state(&[("/Compliance/Status", json!("PASSED"))]), "ARCHIVED");
    assert_eq!(state(&[("/RecordState", json!("ARCHIVED"))]), "ARCHIVED");
    let suppressed = changed(asff(), &[("/Workflow/Status", json!("SUPPRESSED"))]);
    assert_eq!(findings(&suppressed.to_string())[0].workflow, Some(Workflow::Suppressed));
    let own = changed(
        asff(),
        &[
            ("/ProductArn", json!("arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default")),
            ("/ProductName", json!("Yagura")),
        ],
    );
    let (found, problems, counts) = read_text(&own.to_string());
    assert!(found.is_empty() && problems.is_empty());
    assert_eq!(counts, FileCounts { own: 1, ..FileCounts::default() });
}

#[test]
fn missing_fields_are_told_with_row_and_reason_and_the_rest_goes_on() {
    let bad = |path: &str, with: Value| changed(asff(), &[(path, with)]).to_string();
    let text = [
        asff().to_string(),
        bad("/Id", Value::Null),
        bad("/AwsAccountId", json!("1234")),
        bad("/Severity/Label", json!("URGENT")),
        bad("/Resources", json!([])),
        "{\"SchemaVersion\":\"2018-10-08\", \"Id\": }".to_owned(),
        bad("/FirstObservedAt", json!("yesterday")),
        json!({ "hello": "world" }).to_string(),
        bad("/Title", json!("\u{1b}[2J")),
        asff().to_string(),
    ];
    let (found, problems, counts) = read_text(&text.join("\n"));
    assert_eq!((found.len(), counts.findings, counts.broken), (3, 3, 7));
    insta::assert_snapshot!(problems.join("\n"), @r"
    in.json:2:1: error[import/finding]: finding 2 is left out: `Id` is missing
    in.json:3:1: error[import/finding]: finding 3 is left out: `AwsAccountId`: `1234` is not an account id: twelve digits are expected
    in.json:4:1: error[import/finding]: finding 4 is left out: `Severity.Label` is `URGENT`
    in.json:5:1: error[import/finding]: finding 5 is left out: `Resources` is missing or empty
    in.json:6:1: error[import/json]: finding 6 is no JSON: expected value
    in.json:7:1: error[import/finding]: finding 7 is left out: `FirstObservedAt` is no time
    in.json:8:1: error[import/finding]: finding 8 is left out: this is no finding of ASFF, OCSF, GuardDuty, Inspector, Macie, Access Analyzer, Trivy, Grype or Falco
    ");
}

#[test]
fn a_file_that_was_cut_keeps_what_came_before() {
    let whole = json!([asff(), asff(), asff()]).to_string();
    let (found, problems, _) = read_text(&whole[..whole.len() - 40]);
    assert_eq!(found.len(), 2);
    assert!(problems[0].contains("finding 3 is cut off: the file ends in its middle"), "{problems:?}");
}

/// A finding as Prowler writes it in OCSF.
fn prowler() -> Value {
    json!({
        "message": "Security group sg-1 is open.",
        "metadata": {
            "event_code": "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22",
            "product": { "name": "Prowler", "uid": "prowler", "vendor_name": "Prowler", "version": "5.0.0" },
            "profiles": ["cloud", "datetime"], "version": "1.4.0",
        },
        "severity_id": 4, "severity": "High", "status": "New", "status_id": 1, "status_code": "FAIL",
        "status_detail": "Security group sg-1 is open.",
        "activity_id": 1, "category_uid": 2, "class_uid": 2004, "class_name": "Detection Finding", "type_uid": 200401,
        "finding_info": {
            "created_time": 1_767_225_600, "created_time_dt": "2026-01-01T00:00:00", "desc": "Ensure it is not.",
            "title": "Ensure no security groups allow it", "types": [], "uid": "prowler-aws-ec2-111122223333-eu-west-1-sg-1",
        },
        "resources": [{
            "cloud_partition": "aws", "region": "eu-west-1", "name": "sg-1", "type": "AwsEc2SecurityGroup",
            "uid": "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
        }],
        "cloud": { "account": { "uid": "111122223333", "type_id": 10 }, "provider": "aws", "region": "eu-west-1" },
        "remediation": { "desc": "Narrow it.", "references": ["https://hub.prowler.com/check/x"] },
        "time": 1_767_225_600, "time_dt": "2026-01-01T00:00:00",
    })
}

#[test]
fn prowlers_ocsf_is_the_same_finding_as_security_hubs() {
    let passed = changed(prowler(), &[("/status_code", json!("PASS"))]);
    let muted = changed(prowler(), &[("/status_id", json!(3))]);
    let text = json!([prowler(), passed, muted]).to_string();
    assert_eq!(
        read_text(&text).0,
        [
            "ACTIVE HIGH prowler configuration restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1",
            "ARCHIVED HIGH prowler configuration restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1",
            "ACTIVE HIGH prowler configuration restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1",
        ]
    );
    let found = findings(&text);
    assert_eq!(found[2].workflow, Some(Workflow::Suppressed));
    assert_eq!(found[0].first_seen.to_string(), "2026-01-01T00:00:00Z");
}

#[test]
fn every_class_of_ocsf_findings() {
    let of = |class: u64, product: &str, changes: &[(&str, Value)]| {
        let base = changed(
            prowler(),
            &[
                ("/class_uid", json!(class)),
                ("/status_code", Value::Null),
                ("/metadata/product/name", json!(product)),
            ],
        );
        changed(base, changes).to_string()
    };
    let text = [
        of(2001, "Old Scanner", &[("/metadata/event_code", json!("old-1"))]),
        of(2002, "Inspector", &[("/vulnerabilities", json!([{ "cve": { "uid": "CVE-2026-2" } }]))]),
        of(2003, "Security Hub", &[("/compliance", json!({ "control": "EC2.13", "status_id": 3 }))]),
        of(2003, "Security Hub", &[("/compliance", json!({ "control": "EC2.13", "status_id": 1 }))]),
        of(
            2004,
            "GuardDuty",
            &[("/finding_info/types", json!(["Recon:EC2/Portscan"])), ("/severity_id", json!(6))],
        ),
        of(2006, "Macie", &[("/finding_info/types", json!(["SensitiveData:S3Object/Personal"]))]),
        of(6003, "CloudTrail", &[]),
        of(2003, "Yagura", &[]),
    ];
    let (found, problems, counts) = read_text(&text.join("\n"));
    insta::assert_snapshot!(found.join("\n"), @r"
    ACTIVE HIGH other other old-scanner:old-1 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH inspector vulnerability inspector:CVE-2026-2 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH security-hub configuration restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ARCHIVED HIGH security-hub configuration restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE CRITICAL guardduty threat guardduty:Recon:EC2/Portscan 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ACTIVE HIGH macie sensitive-data macie:SensitiveData:S3Object/Personal 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1
    ");
    assert!(problems[0].contains("`class_uid` is 6003"), "{problems:?}");
    assert_eq!(counts.own, 1);
}

/// Findings that others published, where they are here: every one has a place, and most of Security Hub's are known by our rules.
#[test]
fn published_findings_are_read() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    if !corpora.exists() {
        println!("skipped: the corpora are not here");
        return;
    }
    let (mut read_so_far, mut known) = (0, 0);
    for file in std::fs::read_dir(corpora.join("findings-asff/simtest/simdata")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let (found, _, counts) = read_text(&text);
        read_so_far += counts.findings;
        known += found.iter().filter(|it| !it.contains("security-hub:")).count();
        assert!(found.iter().all(|it| !it.contains("/Other/")), "{found:?}");
    }
    assert!(read_so_far > 30 && known * 2 > 30, "{read_so_far} findings, {known} known");
}

proptest! {
    /// No bytes make a reader panic, and what is told is counted.
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut told = 0;
        let counts = read(&bytes[..], "in", vocabulary(), &Elsewhere::default(), &mut |_| told += 1).unwrap();
        prop_assert_eq!(told, counts.findings + counts.broken);
    }

    /// A finding with one field replaced by anything is read or told.
    #[test]
    fn a_finding_with_anything_in_it_is_read_or_told(
        field in prop::sample::select(vec!["Id", "ProductArn", "Resources", "Severity", "Compliance", "Types", "UpdatedAt", "GeneratorId"]),
        with in prop::sample::select(vec![json!(null), json!(1e300), json!("\u{0}"), json!([]), json!({}), json!([{}]), json!("a:b:c/d"), json!(-1)]),
    ) {
        let mut finding = asff();
        finding[field] = with;
        let (found, problems, _) = read_text(&finding.to_string());
        prop_assert_eq!(found.len() + problems.len(), 1);
    }
}
