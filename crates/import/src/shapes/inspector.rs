//! Findings of Amazon Inspector: packages, reachability from networks, code.
//!
//! Source: Inspector API Reference, `Finding`.

use serde_json::Value;
use yagura_model::{Arn, Detector, FindingKind, FindingText, ImportedFinding, RecordState, Workflow};

use super::Refusal;
use super::field::{account, at, cut, evidence, first, required, severity_word, text, time};
use crate::Vocabulary;
use crate::resource::{IMAGE, Named};
use crate::rules::own;

/// Inspector's words for types.
const TYPES: &[(&str, &str)] = &[
    ("AWS_EC2_INSTANCE", "AWS::EC2::Instance"),
    ("AWS_ECR_CONTAINER_IMAGE", IMAGE),
    ("AWS_ECR_REPOSITORY", "AWS::ECR::Repository"),
    ("AWS_LAMBDA_FUNCTION", "AWS::Lambda::Function"),
];

/// One finding.
pub(crate) fn finding(value: &Value, vocabulary: &Vocabulary) -> Result<ImportedFinding, Refusal> {
    let external_id =
        first(value, &["/findingArn", "/arn"]).map_or_else(|| required(value, "/findingArn"), Ok)?;
    let owner = account(value, "/awsAccountId")?;
    let resource = at(value, "/resources/0")
        .ok_or_else(|| Refusal::Wrong("`resources` is missing or empty".to_owned()))?;
    let id = required(resource, "/id")?;
    let told = text(resource, "/type").unwrap_or_default();
    let kind = TYPES.iter().find(|(theirs, _)| *theirs == told).map_or(told, |(_, ours)| ours);
    let found_in = Arn::parse(external_id).map(|arn| arn.region).unwrap_or_default();
    let region = text(resource, "/region").unwrap_or(found_in);
    let placed = vocabulary.resources.place(Named { id, kind: Some(kind), account: &owner, region });
    let severity = required(value, "/severity")?;
    let (kind, check) = match text(value, "/type").unwrap_or_default() {
        "NETWORK_REACHABILITY" => (FindingKind::Access, "network-reachability"),
        "CODE_VULNERABILITY" => {
            (FindingKind::Vulnerability, required(value, "/codeVulnerabilityDetails/detectorId")?)
        }
        _ => (FindingKind::Vulnerability, required(value, "/packageVulnerabilityDetails/vulnerabilityId")?),
    };
    let last_seen = time(value, &["/updatedAt", "/lastObservedAt"])?;
    let first_seen = time(value, &["/firstObservedAt", "/updatedAt", "/lastObservedAt"])?;
    let status = text(value, "/status").unwrap_or("ACTIVE");
    Ok(ImportedFinding {
        detector: Detector::Inspector,
        external_id: external_id.to_owned(),
        kind,
        rule: own(Detector::Inspector, check).rule,
        resource: placed.key,
        arn: placed.arn,
        name: text(resource, "/tags/Name").map(cut).unwrap_or_default(),
        severity: severity_word(severity)
            .ok_or_else(|| Refusal::Wrong(format!("`severity` is `{}`", cut(severity))))?,
        record_state: if status == "CLOSED" { RecordState::Archived } else { RecordState::Active },
        workflow: (status == "SUPPRESSED").then_some(Workflow::Suppressed),
        evidence: evidence([
            ("VulnerablePackages", at(value, "/packageVulnerabilityDetails/vulnerablePackages")),
            ("NetworkReachability", at(value, "/networkReachabilityDetails")),
            ("FilePath", at(value, "/codeVulnerabilityDetails/filePath")),
            ("ExploitAvailable", at(value, "/exploitAvailable")),
            ("FixAvailable", at(value, "/fixAvailable")),
            ("Epss", at(value, "/epss/score")),
        ]),
        text: FindingText {
            title: text(value, "/title").map_or_else(|| cut(check), cut),
            description: text(value, "/description").map(cut).unwrap_or_default(),
            remediation: text(value, "/remediation/recommendation/text").map(cut).unwrap_or_default(),
            url: first(value, &["/remediation/recommendation/Url", "/packageVulnerabilityDetails/sourceUrl"])
                .map(cut)
                .unwrap_or_default(),
        },
        in_security_hub: false,
        first_seen: first_seen.min(last_seen),
        last_seen,
    })
}
