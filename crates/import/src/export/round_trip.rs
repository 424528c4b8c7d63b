//! What we write of findings of every kind, read by our own importers, and stored in Security Lake.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{
    Detector, DueDays, Finding, FindingKind, FindingText, Lang, Organization, Partition, RecordState,
    ResourceKey, Severity, Workflow,
};
use yagura_report::{ExportFormat, ExportHead, FindingExport};

use super::*;
use crate::export::lake::{Lake, to_security_lake};
use crate::export::tests::{Receiver, target};
use crate::files::{FileCounts, Told, read};
use crate::shapes::Elsewhere;
use crate::testing::{line, vocabulary};

fn finding(kind: FindingKind, rule: &str, resource_type: &str, resource: &str) -> Finding {
    let at = "2026-03-05T00:00:00Z".parse().unwrap();
    Finding {
        id: format!("id-of-{resource}"),
        kind,
        rule: rule.into(),
        resource: ResourceKey {
            account: AccountId::new("111122223333").unwrap(),
            region: "eu-west-1".into(),
            resource_type: resource_type.into(),
            id: resource.to_owned(),
        },
        arn: format!("arn:aws:{resource}"),
        name: String::new(),
        severity: Severity::High,
        record_state: RecordState::Active,
        workflow: Workflow::New,
        assignee: None,
        suppression: None,
        detectors: BTreeSet::from([Detector::Yagura]),
        evidence: None,
        text: Some(FindingText { title: "what is wrong".to_owned(), ..FindingText::default() }),
        in_security_hub: false,
        first_seen: at,
        opened_at: at,
        last_seen: at,
        resolved_at: None,
        reopened: 0,
    }
}

fn every_kind() -> Vec<Finding> {
    let (bucket, instance) = ("AWS::S3::Bucket", "AWS::EC2::Instance");
    vec![
        finding(FindingKind::Configuration, "restricted-ssh", "AWS::EC2::SecurityGroup", "sg-1"),
        finding(FindingKind::Threat, "keys-for-others", instance, "i-1"),
        finding(FindingKind::Access, "access-analyzer:ExternalAccess", bucket, "b-1"),
        finding(FindingKind::Vulnerability, "inspector:CVE-2026-1", instance, "i-2"),
        finding(FindingKind::SensitiveData, "macie:SensitiveData:S3Object/Personal", bucket, "b-2"),
        finding(FindingKind::Other, "falcon:x", instance, "i-3"),
    ]
}

fn written(format: ExportFormat, findings: &[Finding]) -> String {
    let organization = Organization {
        id: None,
        management_account: None,
        partition: Partition::Aws,
        accounts: BTreeMap::new(),
    };
    let head = ExportHead {
        version: "0.1.0",
        now: "2026-03-06T00:00:00Z".parse().unwrap(),
        lang: Lang::En,
        organization: &organization,
        rules: &BTreeMap::new(),
        requirements: &BTreeMap::new(),
        due: DueDays::default(),
        time_zone: jiff::tz::TimeZone::UTC,
    };
    let mut bytes = Vec::new();
    let mut export = FindingExport::begin(format, &head, Box::new(&mut bytes)).unwrap();
    for it in findings {
        export.finding(it, None).unwrap();
    }
    export.end().unwrap();
    String::from_utf8(bytes).unwrap()
}

/// What an import of the text gives, without anything that is wrong with it.
fn imported(text: &str) -> (Vec<String>, FileCounts) {
    let mut lines = Vec::new();
    let counts =
        read(text.as_bytes(), "in.json", vocabulary(), &Elsewhere::default(), &mut |told| match told {
            Told::Finding(finding) => lines.push(line(&finding)),
            Told::Problem(problem) => panic!("{problem}"),
        });
    (lines, counts.unwrap())
}

#[test]
fn our_own_findings_are_known_as_such_in_both_formats() {
    let findings = every_kind();
    for format in [ExportFormat::Ocsf, ExportFormat::Asff] {
        let (_, counts) = imported(&written(format, &findings));
        assert_eq!(counts, FileCounts { own: findings.len() as u64, ..FileCounts::default() }, "{format:?}");
    }
}

/// Whoever reads what we write finds in it what we mean: our own reader stands for all.
#[test]
fn a_reader_of_ocsf_sees_each_kind_for_what_it_is() {
    let text = written(ExportFormat::Ocsf, &every_kind());
    let theirs = text.replace(r#""product":{"name":"Yagura""#, r#""product":{"name":"Acme""#);
    let (lines, _) = imported(&theirs);
    insta::assert_snapshot!(lines.join("\n"), @r"
    ACTIVE HIGH other configuration acme:restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/arn:aws:sg-1
    ACTIVE HIGH other threat acme:keys-for-others 111122223333/eu-west-1/AWS::EC2::Instance/arn:aws:i-1
    ACTIVE HIGH other threat acme:access-analyzer:ExternalAccess 111122223333/eu-west-1/AWS::S3::Bucket/arn:aws:b-1
    ACTIVE HIGH other vulnerability other:CVE-2026-1 111122223333/eu-west-1/AWS::EC2::Instance/arn:aws:i-2
    ACTIVE HIGH other sensitive-data acme:macie:SensitiveData:S3Object/Personal 111122223333/eu-west-1/AWS::S3::Bucket/arn:aws:b-2
    ACTIVE HIGH other threat acme:falcon:x 111122223333/eu-west-1/AWS::EC2::Instance/arn:aws:i-3
    ");
}

#[tokio::test]
async fn every_class_of_a_lake_has_a_source_of_its_own() {
    let (receiver, target) = (Receiver::default(), target("111122223333", "eu-west-1"));
    let lake = Lake { target: &target, bucket: "lake", prefix: "ext/yagura", name: "findings" };
    let text = written(ExportFormat::Ocsf, &every_kind());
    let exported = to_security_lake(&receiver, &lake, text.as_bytes()).await.unwrap();
    assert_eq!((exported.taken, exported.refused.len()), (6, 0));
    insta::assert_snapshot!(exported.objects.join("\n"), @r"
    ext/yagura-vulnerability/region=eu-west-1/accountId=111122223333/eventDay=20260305/findings-0.parquet
    ext/yagura/region=eu-west-1/accountId=111122223333/eventDay=20260305/findings-1.parquet
    ext/yagura-detection/region=eu-west-1/accountId=111122223333/eventDay=20260305/findings-2.parquet
    ext/yagura-data-security/region=eu-west-1/accountId=111122223333/eventDay=20260305/findings-3.parquet
    ");
}

#[test]
fn security_hub_hears_nothing_that_it_has_from_others() {
    let by = |detectors: &[Detector], in_security_hub| Finding {
        detectors: detectors.iter().copied().collect(),
        in_security_hub,
        ..finding(FindingKind::Configuration, "r", "AWS::S3::Bucket", "b")
    };
    use Detector::{GuardDuty, Prowler, SecurityHub, Trivy, Yagura};
    for (detectors, in_security_hub, is_news) in [
        (&[Yagura][..], false, true),
        (&[Yagura, SecurityHub], true, true),
        (&[SecurityHub], true, false),
        // As it was stored before its way was remembered.
        (&[SecurityHub], false, false),
        (&[GuardDuty], false, false),
        (&[Prowler], true, false),
        (&[Prowler], false, true),
        (&[GuardDuty, Trivy], false, true),
    ] {
        let finding = by(detectors, in_security_hub);
        assert_eq!(is_news_to_security_hub(&finding), is_news, "{detectors:?} {in_security_hub}");
    }
}
