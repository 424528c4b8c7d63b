//! Findings of detections in the one list of findings, so that people triage and hear of all of them alike.

use serde_json::json;
use yagura_model::{
    AccountId, Detector, EntityKind, FindingKind, FindingText, ImportedFinding, RecordState, Region,
    ResourceKey, ResourceType, RuleId, ThreatFinding, Timestamp,
};

use crate::database::Connection;
use crate::merge::{self, Reported};
use crate::names::Names;
use crate::uid::Uid;

/// Samples that the list's evidence holds; the finding of the detection holds more.
const SAMPLES: usize = 3;

/// Puts findings into the list. One that belongs to no account of AWS, as of a cluster whose account nobody told, is only among the incidents.
pub(crate) async fn list(
    connection: &mut Connection,
    names: &mut Names,
    findings: impl Iterator<Item = &ThreatFinding>,
    at: Timestamp,
) -> sqlx::Result<()> {
    for threat in findings {
        let (Ok(uid), Some(finding)) = (threat.id.parse::<Uid>(), finding(threat)) else { continue };
        let reported = Reported { uid, detector: Detector::Yagura, reports: &[&finding] };
        merge::merge(connection, names, &reported, at).await?;
    }
    Ok(())
}

fn finding(threat: &ThreatFinding) -> Option<ImportedFinding> {
    let accounts = threat.accounts.iter().chain(&threat.actor.account);
    let account = accounts.filter_map(|it| AccountId::new(it).ok()).next()?;
    let (resource_type, id) = subject(threat, &account);
    let is_global = id == account.as_str() || resource_type.service() == "IAM";
    let region = if is_global {
        Region::global()
    } else {
        threat.regions.first().map_or_else(Region::global, |it| Region::from(it.as_str()))
    };
    let samples: Vec<_> = threat.samples.iter().take(SAMPLES).collect();
    Some(ImportedFinding {
        detector: Detector::Yagura,
        external_id: threat.id.clone(),
        kind: FindingKind::Threat,
        rule: RuleId::from(threat.rule.as_str()),
        resource: ResourceKey { account, region, resource_type, id },
        arn: threat.actor.principal.clone(),
        name: threat.actor.name.clone(),
        severity: threat.severity,
        record_state: RecordState::Active,
        workflow: None,
        evidence: Some(json!({
            "Actor": threat.actor, "Events": threat.count, "Failed": threat.failed, "Regions": threat.regions,
            "Incident": threat.incident, "Samples": samples,
        })),
        text: FindingText { title: threat.title.clone(), ..FindingText::default() },
        in_security_hub: false,
        first_seen: threat.first_seen,
        last_seen: threat.last_seen,
    })
}

/// The resource that a threat is about: the user or the role that acted, else the instance, else the account.
fn subject(threat: &ThreatFinding, account: &AccountId) -> (ResourceType, String) {
    let principal = &threat.actor.principal;
    let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
    let resource = principal.splitn(6, ':').nth(5).unwrap_or_default();
    if principal.starts_with("arn:") && resource.starts_with("user/") {
        return (ResourceType::from("AWS::IAM::User"), last(resource));
    }
    if principal.starts_with("arn:") && resource.starts_with("role/") {
        return (ResourceType::from("AWS::IAM::Role"), last(resource));
    }
    if let Some(role) = resource.strip_prefix("assumed-role/") {
        let name = role.split('/').next().unwrap_or_default();
        return (ResourceType::from("AWS::IAM::Role"), name.to_owned());
    }
    let instance = threat.entities.iter().find(|it| it.kind == EntityKind::Instance);
    match instance {
        Some(it) => (ResourceType::from("AWS::EC2::Instance"), last(&it.name)),
        None => (ResourceType::from("AWS::::Account"), account.as_str().to_owned()),
    }
}
