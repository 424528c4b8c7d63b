//! Findings of every kind in the formats of others: `ocsf` and `asff` out of the store.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use yagura_model::{
    Actor, Confidence, Detector, DueDays, Entity, EntityKind, Finding, FindingKind, FindingText, Lang,
    Origin, RecordState, ResourceKey, Sample, Severity, ThreatFinding, Workflow,
};
use yagura_report::{ExportFormat, ExportHead, FindingExport, Format, Style};

use crate::fixture::{Fixture, GAMES, HOSTILE, PRODUCTION, Shared, id, small, time};

/// A finding about a resource of the production account, open for a month.
fn finding(kind: FindingKind, rule: &str, resource_type: &str, resource: &str) -> Finding {
    Finding {
        id: format!("id-of-{resource}"),
        kind,
        rule: rule.into(),
        resource: ResourceKey {
            account: id(PRODUCTION),
            region: "ap-northeast-1".into(),
            resource_type: resource_type.into(),
            id: resource.to_owned(),
        },
        arn: format!("arn:aws:x:ap-northeast-1:{PRODUCTION}:thing/{resource}"),
        name: String::new(),
        severity: Severity::High,
        record_state: RecordState::Active,
        workflow: Workflow::New,
        assignee: None,
        suppression: None,
        detectors: BTreeSet::from([Detector::Yagura]),
        evidence: None,
        text: None,
        in_security_hub: false,
        first_seen: time("2026-02-05T00:00:00Z"),
        opened_at: time("2026-02-05T00:00:00Z"),
        last_seen: time("2026-03-05T00:00:00Z"),
        resolved_at: None,
        reopened: 0,
    }
}

/// The same, told by another detector in its own words.
fn told_by(detector: Detector, finding: Finding) -> Finding {
    Finding {
        detectors: BTreeSet::from([detector]),
        text: Some(FindingText {
            title: format!("{detector} says so"),
            description: "What exactly it saw.".to_owned(),
            remediation: "Put it right.".to_owned(),
            url: "https://example.com/why".to_owned(),
        }),
        ..finding
    }
}

fn threat() -> (Finding, ThreatFinding) {
    let listed = Finding {
        resource: ResourceKey {
            account: id(PRODUCTION),
            region: "global".into(),
            resource_type: "AWS::IAM::User".into(),
            id: "mallory".to_owned(),
        },
        arn: format!("arn:aws:iam::{PRODUCTION}:user/mallory"),
        name: "mallory".to_owned(),
        text: Some(FindingText { title: "Keys for another user".to_owned(), ..FindingText::default() }),
        ..finding(FindingKind::Threat, "5b0ed1f0-2f1a-4bd0-a3fa-0b8f4b1a7d10", "AWS::IAM::User", "mallory")
    };
    let sample = Sample {
        time: time("2026-03-03T00:00:00Z"),
        event: "e-1".to_owned(),
        what: "iam:CreateAccessKey".to_owned(),
        targets: vec!["alice".to_owned()],
        address: Some("198.51.100.7".to_owned()),
        origin: Some(Origin { country: Some("NL".to_owned()), asn: Some(64500), as_name: None }),
        error: Some("AccessDenied".to_owned()),
        output: None,
    };
    let threat = ThreatFinding {
        id: listed.id.clone(),
        rule: listed.rule.as_str().to_owned(),
        title: "Keys for another user".to_owned(),
        severity: Severity::High,
        confidence: Some(Confidence::Medium),
        actor: Actor {
            principal: listed.arn.clone(),
            name: "mallory".to_owned(),
            account: Some(PRODUCTION.to_owned()),
        },
        accounts: BTreeSet::from([PRODUCTION.to_owned()]),
        regions: BTreeSet::from(["us-east-1".to_owned()]),
        tags: ["attack.persistence", "attack.privilege-escalation", "attack.t1098.001"]
            .map(str::to_owned)
            .to_vec(),
        first_seen: listed.first_seen,
        // The logs were read two days later.
        last_seen: time("2026-03-03T00:00:00Z"),
        count: 3,
        failed: 1,
        entities: BTreeSet::from([
            Entity::new(EntityKind::Principal, listed.arn.clone()),
            Entity::new(EntityKind::Address, "198.51.100.7"),
        ]),
        samples: vec![sample],
        record_state: RecordState::Active,
        workflow: Workflow::New,
        incident: Some("incident-1".to_owned()),
    };
    (listed, threat)
}

/// A finding of every kind.
pub fn every_kind() -> Vec<(Finding, Option<ThreatFinding>)> {
    let (listed, threat) = threat();
    let group = finding(FindingKind::Configuration, "restricted-ssh", "AWS::EC2::SecurityGroup", "sg-1");
    let analyzed = finding(FindingKind::Access, "access-analyzer:ExternalAccess", "AWS::S3::Bucket", "b-1");
    let weak = finding(FindingKind::Vulnerability, "inspector:CVE-2026-1", "AWS::EC2::Instance", "i-1");
    let advised = finding(FindingKind::Vulnerability, "trivy:GHSA-x", "AWS::ECR::Repository", "r-1");
    let data = "macie:SensitiveData:S3Object/Personal";
    let personal = finding(FindingKind::SensitiveData, data, "AWS::S3::Bucket", "b-2");
    let foreign = finding(FindingKind::Configuration, "prowler:check", "AWS::S3::Bucket", "b-3");
    let other = finding(FindingKind::Other, "falcon:x", "AWS::EC2::Instance", "i-2");
    vec![
        (Finding { evidence: Some(json!([{ "FromPort": 22 }])), ..group }, None),
        (listed, Some(threat)),
        (told_by(Detector::AccessAnalyzer, analyzed), None),
        (Finding { evidence: Some(json!({ "Fixed": "1.2" })), ..told_by(Detector::Inspector, weak) }, None),
        (told_by(Detector::Trivy, advised), None),
        (told_by(Detector::Macie, personal), None),
        (told_by(Detector::Prowler, foreign), None),
        (told_by(Detector::Other, other), None),
    ]
}

pub fn text(
    format: ExportFormat,
    fixture: &Fixture,
    findings: &[(Finding, Option<ThreatFinding>)],
) -> String {
    let head = ExportHead {
        version: "0.1.0",
        now: time("2026-03-06T00:00:00Z"),
        lang: Lang::En,
        organization: &fixture.organization,
        rules: &fixture.rules,
        requirements: &fixture.requirements,
        due: DueDays::default(),
        time_zone: TimeZone::UTC,
    };
    let bytes = Shared::default();
    let mut export = FindingExport::begin(format, &head, Box::new(bytes.clone())).unwrap();
    for (finding, threat) in findings {
        export.finding(finding, threat.as_ref()).unwrap();
    }
    export.end().unwrap();
    bytes.text()
}

fn told(format: ExportFormat, findings: &[(Finding, Option<ThreatFinding>)]) -> Vec<Value> {
    serde_json::from_str(&text(format, &small(), findings)).unwrap()
}

#[test]
fn every_kind_has_its_class_in_ocsf() {
    let classes: Vec<_> = told(ExportFormat::Ocsf, &every_kind())
        .iter()
        .map(|it| format!("{} {}", it["class_uid"], it["finding_info"]["types"][0].as_str().unwrap()))
        .collect();
    assert_eq!(
        classes,
        [
            "2003 Posture",
            "2004 Threat",
            "2004 Access",
            "2002 Vulnerability",
            "2002 Vulnerability",
            "2006 Sensitive data",
            "2003 Posture",
            "2004 Other"
        ]
    );
    insta::assert_snapshot!("exported_ocsf", text(ExportFormat::Ocsf, &small(), &every_kind()));
}

#[test]
fn every_kind_has_its_types_in_asff_and_configurations_alone_are_compliance() {
    let findings = told(ExportFormat::Asff, &every_kind());
    let told: Vec<_> =
        findings.iter().map(|it| (it["Types"].clone(), it.get("Compliance").is_some())).collect();
    let checks = |more: &str| json!([format!("Software and Configuration Checks{more}")]);
    assert_eq!(
        told,
        [
            (checks("/AWS Security Best Practices"), true),
            (json!(["TTPs/Persistence", "TTPs/Privilege Escalation"]), false),
            (checks("/AWS Security Best Practices"), false),
            (checks("/Vulnerabilities/CVE"), false),
            (checks("/Vulnerabilities/CVE"), false),
            (json!(["Sensitive Data Identifications/PII"]), false),
            (checks("/AWS Security Best Practices"), true),
            (checks(""), false),
        ]
    );
    insta::assert_snapshot!("exported_asff", text(ExportFormat::Asff, &small(), &every_kind()));
}

/// What a scan tells of a violation, and what the list of findings tells of it, is one finding to whoever gets both.
#[test]
fn a_scan_and_the_store_tell_a_violation_alike() {
    let fixture = small();
    let brief = |it: &&yagura_model::EvaluationRecord| it.finding.is_some();
    let record = fixture.records.iter().find(brief).unwrap();
    let (evaluation, life) = (&record.evaluation, record.finding.as_ref().unwrap());
    let stored = Finding {
        id: life.id.clone(),
        resource: evaluation.resource.clone(),
        arn: evaluation.arn.clone(),
        name: evaluation.name.clone(),
        severity: evaluation.severity,
        evidence: evaluation.evidence.clone(),
        first_seen: life.first_seen,
        last_seen: life.last_seen,
        ..finding(FindingKind::Configuration, evaluation.rule.as_str(), "", "")
    };
    for (format, scanned, differs) in [
        (ExportFormat::Ocsf, Format::Ocsf, "/metadata/log_name"),
        (ExportFormat::Asff, Format::Asff, "/UpdatedAt"),
    ] {
        let of_scan: Vec<Value> =
            serde_json::from_str(&fixture.told_in(scanned, Lang::En, Style::default())).unwrap();
        let (mut of_scan, mut of_store) =
            (of_scan[0].clone(), told(format, &[(stored.clone(), None)]).remove(0));
        for it in [&mut of_scan, &mut of_store] {
            *it.pointer_mut(differs).unwrap() = Value::Null;
        }
        assert_eq!(of_scan, of_store);
    }
}

#[test]
fn the_life_of_a_finding_is_told_in_the_words_of_each_format() {
    let rule = ("restricted-ssh", "AWS::EC2::SecurityGroup");
    let open = || finding(FindingKind::Configuration, rule.0, rule.1, "sg-1");
    let cases = [
        (Finding { last_seen: open().first_seen, ..open() }, [1, 1], ["NEW", "ACTIVE"]),
        (open(), [2, 1], ["NEW", "ACTIVE"]),
        (Finding { workflow: Workflow::Notified, ..open() }, [2, 2], ["NOTIFIED", "ACTIVE"]),
        (Finding { workflow: Workflow::Suppressed, ..open() }, [2, 3], ["SUPPRESSED", "ACTIVE"]),
        (
            Finding {
                workflow: Workflow::Resolved,
                record_state: RecordState::Archived,
                resolved_at: Some(time("2026-03-05T12:00:00Z")),
                ..open()
            },
            [3, 4],
            ["RESOLVED", "ARCHIVED"],
        ),
    ];
    for (finding, [activity, status], [workflow, record_state]) in cases {
        let of = [(finding, None)];
        let ocsf = told(ExportFormat::Ocsf, &of).remove(0);
        assert_eq!((&ocsf["activity_id"], &ocsf["status_id"]), (&json!(activity), &json!(status)));
        assert_eq!(ocsf["type_uid"], 200_300 + activity);
        let asff = told(ExportFormat::Asff, &of).remove(0);
        assert_eq!(asff["Workflow"]["Status"], workflow);
        assert_eq!((&asff["RecordState"], &asff["Id"]), (&json!(record_state), &json!("yagura/id-of-sg-1")));
        assert_eq!(asff["Compliance"]["Status"], "FAILED", "what ended keeps its last answer");
    }
}

#[test]
fn an_attack_tells_its_tactics_techniques_and_events() {
    let told = told(ExportFormat::Ocsf, &every_kind()).remove(1);
    assert_eq!(
        told["finding_info"]["attacks"],
        json!([
            { "tactic": { "uid": "TA0003", "name": "Persistence" } },
            { "tactic": { "uid": "TA0004", "name": "Privilege Escalation" } },
            {
                "technique": { "uid": "T1098", "name": "T1098" },
                "sub_technique": { "uid": "T1098.001", "name": "T1098.001" },
            },
        ])
    );
    assert_eq!(told["evidences"][0]["api"]["operation"], "CreateAccessKey");
    assert_eq!(told["evidences"][0]["src_endpoint"]["ip"], "198.51.100.7");
    assert_eq!(told["metadata"]["correlation_uid"], "incident-1");
    assert_eq!((&told["is_alert"], &told["count"]), (&json!(true), &json!(3)));
    let happened = time("2026-03-03T00:00:00Z").as_millisecond();
    assert_eq!((&told["time"], &told["end_time"]), (&json!(happened), &json!(happened)));
    assert_eq!(told["finding_info"]["last_seen_time"], happened);
}

#[test]
fn a_finding_of_another_keeps_to_the_formats_limits_and_is_never_blank() {
    let long = |text: &str| text.repeat(5000);
    let base = finding(FindingKind::Threat, "guardduty:x", "AWS::EC2::Instance", &long("r"));
    let text = FindingText {
        title: long("名"),
        description: " ".to_owned(),
        remediation: long("s"),
        url: "javascript:alert(1)".to_owned(),
    };
    let evidence = Some(json!({ "Text": long("e") }));
    let hostile = Finding { name: HOSTILE.to_owned(), evidence, text: Some(text), ..base };
    let partition = Finding {
        arn: "arn:aws-cn:ec2:cn-north-1:000123456789:instance/i-1".to_owned(),
        resource: ResourceKey { account: id(GAMES), region: "global".into(), ..hostile.resource.clone() },
        ..hostile.clone()
    };
    let findings = told(ExportFormat::Asff, &[(hostile, None), (partition, None)]);
    for finding in &findings {
        let length = |pointer: &str| finding.pointer(pointer).unwrap().as_str().unwrap().chars().count();
        assert!(length("/Title") <= 256 && length("/Id") <= 512 && length("/GeneratorId") <= 512);
        assert!((1..=1024).contains(&length("/Description")));
        assert!(length("/Remediation/Recommendation/Text") <= 512 && length("/Resources/0/Id") <= 512);
        let fields = finding["ProductFields"].as_object().unwrap();
        assert!(fields.values().all(|it| (1..=2048).contains(&it.as_str().unwrap().chars().count())));
        assert!(finding.get("SourceUrl").is_none());
    }
    let product = "arn:aws-cn:securityhub:cn-north-1:000123456789:product/000123456789/default";
    assert_eq!(findings[1]["ProductArn"], product);
}

#[test]
fn a_table_has_a_row_a_finding_with_the_columns_of_a_report_and_no_formulas() {
    let mut findings = every_kind();
    findings[0].0.name = "=HYPERLINK(\"https://evil.example\")".to_owned();
    findings[0].0.arn = "+1".to_owned();
    let table = text(ExportFormat::Csv, &small(), &findings);
    let mut rows = csv::Reader::from_reader(table.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(rows.headers().unwrap().iter().take(3).collect::<Vec<_>>(), ["Severity", "State", "Workflow"]);
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), findings.len());
    assert!(table.starts_with('\u{feff}'), "Excel reads it as UTF-8");
    assert!(rows[0].iter().all(|cell| !cell.starts_with(['=', '+'])), "{:?}", rows[0]);
    assert_eq!(&rows[0][7], "production", "the account's name is that of the organisation");
}

#[test]
fn lines_are_the_findings_themselves() {
    let findings = every_kind();
    let lines = text(ExportFormat::Ndjson, &small(), &findings);
    let read: Vec<Finding> = lines.lines().map(|it| serde_json::from_str(it).unwrap()).collect();
    assert_eq!(read, findings.into_iter().map(|(finding, _)| finding).collect::<Vec<_>>());
}
