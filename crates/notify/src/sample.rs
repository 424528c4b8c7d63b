//! Notices that nobody planned: to look at, to try a destination, and about one finding that somebody asks for.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};
use yagura_model::{
    AccountId, AccountIdError, Detector, Finding, FindingKind, Lang, RecordState, Region, ResourceKey,
    ResourceType, RuleId, Severity, Timestamp, Workflow,
};
use yagura_posture::Project;

use crate::event::Change;
use crate::notice::{Alert, Catalogue, Notice, NoticeKind, facts, told};
use crate::plan::addressee;

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
    };
    Notice {
        key: key(&["asked", &finding.id, &now.to_string()]),
        at: finding.last_seen,
        alerts: vec![alert],
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
    let (name, environment) = match lang {
        Lang::En => ("shop", "shop (production)"),
        Lang::Ja => ("受発注システム", "受発注システム（本番）"),
    };
    let project =
        Project { name: name.to_owned(), environment: Some(environment.to_owned()), ..Project::default() };
    let zone = if lang == Lang::Ja { "Asia/Tokyo" } else { "UTC" };
    let notice = about(catalogue, &project, &finding, Some(lang), now);
    Ok(Notice { time_zone: zone.to_owned(), ..notice })
}

fn key(parts: &[&str]) -> String {
    let digest = Sha256::digest(parts.join("\n"));
    digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
