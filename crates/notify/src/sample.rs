//! Notices that nobody planned: to look at, to try a destination, and about one finding that somebody asks for.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use yagura_model::{
    AccountId, AccountIdError, Actor, Detector, Entity, EntityKind, Finding, FindingKind, Incident, Lang,
    RecordState, Region, ResourceKey, ResourceType, RuleId, Sample, Severity, ThreatFinding, Timestamp,
    Workflow,
};
use yagura_posture::Project;
use yagura_store::IncidentDetail;

use crate::event::Change;
use crate::incident::IncidentState;
use crate::notice::{Alert, Catalogue, Notice, NoticeKind, facts, told};
use crate::plan::{Stand, addressee};

/// `iam-access-key-created-for-another-user`.
const KEY_MADE: (&str, &str) =
    ("36dd56be-cb0f-4aa4-bb4f-ac3ce673c8ac", "Access key made for another IAM user");
/// `cloudtrail-trail-stopped`.
const TRAIL_STOPPED: (&str, &str) =
    ("59764bda-12f7-4ea9-a874-bd4ea32b784f", "CloudTrail trail stopped or deleted");

/// A notice about one finding as it stands.
#[must_use]
pub fn about(
    catalogue: &dyn Catalogue,
    project: &Project,
    finding: &Finding,
    lang: Option<Lang>,
    now: Timestamp,
) -> Notice {
    let lang = lang.or(project.lang).unwrap_or_default();
    let change = match finding.record_state {
        RecordState::Archived => Change::Resolved,
        RecordState::Active if finding.reopened > 0 => Change::Reopened,
        RecordState::Active => Change::Opened,
    };
    let alert = Alert {
        change,
        severity: finding.severity,
        kind: finding.kind,
        rule: finding.rule.clone(),
        facts: facts(catalogue, finding, lang),
        findings: vec![told(catalogue, finding, finding.last_seen)],
        incident: None,
    };
    Notice {
        key: key(&["asked", &finding.id, &now.to_string()]),
        at: finding.last_seen,
        alerts: vec![alert],
        ..addressee(project, lang)
    }
}

/// A notice about one incident as it stands.
#[must_use]
pub fn about_incident(
    catalogue: &dyn Catalogue,
    project: &Project,
    it: &IncidentState,
    lang: Option<Lang>,
    now: Timestamp,
) -> Notice {
    let lang = lang.or(project.lang).unwrap_or_default();
    let change = if it.stand == Stand::Resolved { Change::Resolved } else { Change::Opened };
    let id = &it.incident.id;
    Notice {
        key: key(&["asked", id, &now.to_string()]),
        at: it.incident.last_seen,
        alerts: vec![it.alert(catalogue, id, change, lang)],
        ..addressee(project, lang)
    }
}

/// A notice that tries whether messages arrive.
#[must_use]
pub fn test_notice(destination: &str, project: &Project, lang: Option<Lang>, now: Timestamp) -> Notice {
    let lang = lang.or(project.lang).unwrap_or_default();
    Notice {
        key: key(&["test", destination, &now.to_string()]),
        kind: NoticeKind::Test,
        at: now,
        ..addressee(project, lang)
    }
}

/// A notice as there might be one: an instance that answers version 1 of the metadata service.
///
/// # Errors
///
/// Never: the account's id is one.
pub fn sample(catalogue: &dyn Catalogue, lang: Lang, now: Timestamp) -> Result<Notice, AccountIdError> {
    let finding = Finding {
        id: "0123456789abcdef0123456789abcdef".to_owned(),
        kind: FindingKind::Configuration,
        rule: RuleId::new("ec2-imdsv2-check"),
        resource: ResourceKey {
            account: AccountId::new("111122223333")?,
            region: Region::from("ap-northeast-1"),
            resource_type: ResourceType::new("AWS::EC2::Instance"),
            id: "i-0a1b2c3d4e5f67890".to_owned(),
        },
        arn: "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-0a1b2c3d4e5f67890".to_owned(),
        name: "web".to_owned(),
        severity: Severity::High,
        record_state: RecordState::Active,
        workflow: Workflow::New,
        assignee: None,
        suppression: None,
        detectors: BTreeSet::from([Detector::Yagura]),
        evidence: None,
        text: None,
        in_security_hub: false,
        first_seen: now,
        opened_at: now,
        last_seen: now,
        resolved_at: None,
        reopened: 0,
    };
    Ok(as_read(about(catalogue, &sample_project(lang), &finding, Some(lang), now)))
}

/// A notice as there might be one: somebody with a stolen key makes another key, and switches the logs off.
#[must_use]
pub fn sample_incident(catalogue: &dyn Catalogue, lang: Lang, now: Timestamp) -> Notice {
    let minutes = |it: i64| now.checked_sub(SignedDuration::from_mins(it)).unwrap_or(now);
    let detail = IncidentDetail {
        incident: Incident::of("5b163456f20123456789abcdef012345".to_owned(), &[]),
        findings: vec![
            step(KEY_MADE, "attack.persistence", minutes(42), ("iam:CreateAccessKey", "svc-backup")),
            step(
                TRAIL_STOPPED,
                "attack.defense-evasion",
                minutes(30),
                ("cloudtrail:StopLogging", "org-trail"),
            ),
        ],
        links: Vec::new(),
        parts: Vec::new(),
    };
    as_read(about_incident(catalogue, &sample_project(lang), &IncidentState::of(detail), Some(lang), now))
}

/// One step of the sample: the rule and what it found, its stage, and what was done.
fn step(
    (rule, title): (&str, &str),
    tag: &str,
    at: Timestamp,
    (what, target): (&str, &str),
) -> ThreatFinding {
    ThreatFinding {
        id: rule.replace('-', ""),
        rule: rule.to_owned(),
        title: title.to_owned(),
        severity: Severity::High,
        confidence: None,
        actor: Actor {
            principal: "arn:aws:iam::111122223333:user/kenji".to_owned(),
            name: "kenji".to_owned(),
            account: Some("111122223333".to_owned()),
        },
        accounts: BTreeSet::from(["111122223333".to_owned()]),
        regions: BTreeSet::from(["ap-northeast-1".to_owned()]),
        tags: vec![tag.to_owned()],
        first_seen: at,
        last_seen: at,
        count: 1,
        failed: 0,
        entities: BTreeSet::from([Entity::new(EntityKind::Address, "198.51.100.7")]),
        samples: vec![Sample {
            time: at,
            event: rule.to_owned(),
            what: what.to_owned(),
            targets: vec![target.to_owned()],
            address: Some("198.51.100.7".to_owned()),
            origin: None,
            error: None,
            output: None,
        }],
        record_state: RecordState::Active,
        workflow: Workflow::New,
        incident: None,
    }
}

fn sample_project(lang: Lang) -> Project {
    let (name, environment) = match lang {
        Lang::En => ("shop", "shop (production)"),
        Lang::Ja => ("受発注システム", "受発注システム（本番）"),
    };
    Project { name: name.to_owned(), environment: Some(environment.to_owned()), ..Project::default() }
}

/// With the time zone that readers of its language are likely to live in.
fn as_read(notice: Notice) -> Notice {
    let zone = if notice.lang == Lang::Ja { "Asia/Tokyo" } else { "UTC" };
    Notice { time_zone: zone.to_owned(), ..notice }
}

fn key(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\n"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
