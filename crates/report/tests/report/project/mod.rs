//! The report about one project: what is in it, in every format, and who can open it.

mod formats;
mod progress;
mod workbook;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use jiff::tz::TimeZone;
use serde_json::json;
use yagura_model::{
    CallCoverage, Detector, DueDays, Finding, FindingKind, FindingText, Framework, Lang, Progress,
    ProgressPart, ReadStatus, RecordState, ResourceKey, Severity, Text, TimeToResolve, Timestamp, WeekCounts,
    Workflow,
};
use yagura_report::{EndingSuppression, ProjectFormat, ProjectHead, ProjectTail};

use crate::fixture::{Fixture, GAMES, HOSTILE, PRODUCTION, Shared, id, small, time};
use crate::frameworks::assessment;

/// What a report is made of.
pub struct Case {
    scanned: Fixture,
    pub findings: Vec<Finding>,
    suppressions: Vec<EndingSuppression>,
    progress: Option<Progress>,
    pub project: Option<&'static str>,
}

impl Case {
    /// A project without a finding, a framework or a history.
    pub fn empty() -> Self {
        Self {
            scanned: Fixture {
                coverage: Vec::new(),
                accounts: Vec::new(),
                frameworks: Vec::new(),
                ..small()
            },
            findings: Vec::new(),
            suppressions: Vec::new(),
            progress: None,
            project: Some("empty"),
        }
    }

    /// A project with everything in it.
    pub fn full() -> Self {
        let late = finding("restricted-ssh", "sg-1", Severity::Critical, "2026-01-01T00:00:00Z");
        let evidence = Some(json!([{ "FromPort": 22, "IpRanges": [{ "CidrIp": "0.0.0.0/0" }] }]));
        let hostile = Finding {
            name: HOSTILE.to_owned(),
            arn: "arn:aws:s3:::a".to_owned(),
            assignee: Some("=HYPERLINK(\"http://evil.example\")".to_owned()),
            ..finding("s3-bucket-policy-public", "=1+1", Severity::High, "2026-03-01T00:00:00Z")
        };
        let emoji = Finding {
            name: "本番バケット 🔥".to_owned(),
            workflow: Workflow::Suppressed,
            ..finding("s3-bucket-policy-public", "b-2", Severity::High, "2026-03-01T00:00:00Z")
        };
        let ended = Finding {
            record_state: RecordState::Archived,
            resolved_at: Some(time("2026-03-03T00:00:00Z")),
            ..finding("cloudtrail-enabled", "t", Severity::Low, "2026-02-01T00:00:00Z")
        };
        let imported = Finding {
            kind: FindingKind::Threat,
            detectors: BTreeSet::from([Detector::GuardDuty, Detector::SecurityHub]),
            text: Some(FindingText {
                title: "A port is being probed".to_owned(),
                description: "From 198.51.100.7.".to_owned(),
                remediation: "Close the port.".to_owned(),
                url: "https://docs.aws.amazon.com/guardduty/latest/ug/finding-types.html".to_owned(),
            }),
            ..finding("guardduty:Recon:EC2/PortProbe", "i-1", Severity::Medium, "2026-03-04T00:00:00Z")
        };
        Self {
            scanned: Fixture { frameworks: vec![assessment()], ..small() },
            findings: vec![Finding { evidence, ..late }, hostile, emoji, ended, imported],
            suppressions: vec![EndingSuppression {
                id: "SUP-1".to_owned(),
                covers: "s3-bucket-policy-public b-*".to_owned(),
                reason: "a public site".to_owned(),
                compensating_control: "=WEBSERVICE(\"x\")".to_owned(),
                requester: "佐藤".to_owned(),
                approver: "鈴木".to_owned(),
                expires: time("2026-03-15T00:00:00Z"),
                hides: 1,
            }],
            progress: Some(progress()),
            project: Some("ショップ <shop> & =shop"),
        }
    }

    /// What `format` makes of it.
    pub fn bytes(&self, format: ProjectFormat, lang: Lang) -> Vec<u8> {
        let bytes = Shared::default();
        self.write(format, lang, self.findings.iter().cloned(), Box::new(bytes.clone())).unwrap();
        bytes.0.lock().unwrap().clone()
    }

    pub fn write(
        &self,
        format: ProjectFormat,
        lang: Lang,
        findings: impl Iterator<Item = Finding>,
        out: Box<dyn Write + Send>,
    ) -> io::Result<()> {
        let head = ProjectHead {
            version: "0.1.0",
            project: self.project,
            accounts: &self.scanned.accounts,
            scan: Some(&self.scanned.scan),
            now: time("2026-03-05T03:00:00Z"),
            due: DueDays::default(),
            rules: &self.scanned.rules,
            requirements: &self.scanned.requirements,
            lang,
            time_zone: TimeZone::fixed(jiff::tz::offset(9)),
        };
        let mut report = format.begin(&head, out)?;
        for it in findings {
            report.finding(&it)?;
        }
        for it in &self.scanned.coverage {
            report.coverage(it)?;
        }
        report.end(&ProjectTail {
            frameworks: &self.scanned.frameworks,
            suppressions: &self.suppressions,
            progress: self.progress.as_ref(),
        })
    }
}

pub fn finding(rule: &str, resource: &str, severity: Severity, opened: &str) -> Finding {
    let resource_type = match rule {
        "restricted-ssh" => "AWS::EC2::SecurityGroup",
        "s3-bucket-policy-public" => "AWS::S3::Bucket",
        _ => "AWS::::Account",
    };
    let opened: Timestamp = time(opened);
    Finding {
        id: format!("id-{rule}-{resource}"),
        kind: FindingKind::Configuration,
        rule: rule.into(),
        resource: ResourceKey {
            account: id(if resource.starts_with('b') { GAMES } else { PRODUCTION }),
            region: "ap-northeast-1".into(),
            resource_type: resource_type.into(),
            id: resource.to_owned(),
        },
        arn: format!("arn:aws:ec2:ap-northeast-1:{PRODUCTION}:security-group/{resource}"),
        name: String::new(),
        severity,
        record_state: RecordState::Active,
        workflow: Workflow::New,
        assignee: None,
        suppression: None,
        detectors: BTreeSet::from([Detector::Yagura]),
        evidence: None,
        text: None,
        in_security_hub: false,
        first_seen: opened,
        opened_at: opened,
        last_seen: time("2026-03-05T00:00:00Z"),
        resolved_at: None,
        reopened: 0,
    }
}

/// Four weeks.
pub fn progress() -> Progress {
    let week = |open, new, came_back, resolved| WeekCounts { open, new, came_back, resolved };
    let weeks = vec![week(10, 10, 0, 0), week(8, 1, 0, 3), week(6, 0, 1, 3), week(4, 1, 0, 3)];
    let part = |id: &str| ProgressPart { id: id.to_owned(), name: Text::default(), weeks: weeks.clone() };
    Progress {
        now: time("2026-03-05T03:00:00Z"),
        weeks: [(2, 9), (2, 16), (2, 23), (3, 2)].map(|(m, d)| jiff::civil::date(2026, m, d)).to_vec(),
        all: weeks.clone(),
        open: BTreeMap::from([(Severity::Critical, vec![4, 3, 2, 1]), (Severity::High, vec![6, 5, 4, 3])]),
        projects: vec![part("shop"), part("games")],
        frameworks: vec![part("cis-aws-5.0")],
        rules: vec![part("restricted-ssh")],
        to_resolve: BTreeMap::from([(
            Severity::High,
            TimeToResolve { resolved: 9, mean_days: 12.34, median_days: 5.0 },
        )]),
        overdue: vec![yagura_model::Overdue {
            account: id(PRODUCTION),
            projects: vec!["shop".to_owned()],
            findings: BTreeMap::from([(Severity::Critical, 1)]),
            most_days: 56,
            rule: "restricted-ssh".into(),
        }],
        came_back: vec![yagura_model::CameBack {
            rule: "restricted-ssh".into(),
            title: Text { en: "SSH is open".to_owned(), ja: "SSH の公開".to_owned() },
            times: 2,
            findings: 1,
        }],
    }
}

/// Frameworks and gaps of the fixture are told; a change that empties it would hide what is not tested.
#[test]
fn the_case_holds_frameworks_and_gaps() {
    let case = Case::full();
    let frameworks: Vec<&Framework> = case.scanned.frameworks.iter().map(|it| &it.framework).collect();
    assert!(!frameworks.is_empty());
    let gaps = |it: &&CallCoverage| it.status != ReadStatus::Read;
    assert!(case.scanned.coverage.iter().filter(gaps).count() > 0);
}
