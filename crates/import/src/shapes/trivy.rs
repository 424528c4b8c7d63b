//! Trivy's JSON: weaknesses, misconfigurations and secrets of an image, a directory, a repository.
//!
//! A weakness of several packages is one finding with all of them. The text that a secret was found in is never taken.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::{Value, json};
use yagura_model::{Detector, FindingKind, FindingText, ImportedFinding, RecordState, Severity, Timestamp};

use super::field::{at, cut, first, required, severity_word, text, time};
use super::{Elsewhere, Read, Refusal, image};
use crate::Vocabulary;
use crate::resource::Placed;
use crate::rules::own;

/// Packages of one weakness that are told.
const MOST: usize = 50;

/// What the findings of a report have in common.
struct Report {
    artifact: Placed,
    is_image: bool,
    seen: Timestamp,
}

/// The findings of one report.
pub(super) fn findings(value: &Value, _vocabulary: &Vocabulary, elsewhere: &Elsewhere) -> Read {
    let report = match report(value, elsewhere) {
        Ok(report) => report,
        Err(refusal) => return vec![Err(refusal)],
    };
    let mut weak: BTreeMap<String, ImportedFinding> = BTreeMap::new();
    let mut read = Vec::new();
    for result in value["Results"].as_array().into_iter().flatten() {
        let target = text(result, "/Target").unwrap_or_default();
        for it in list(result, "Vulnerabilities") {
            match weakness(it, &report) {
                Ok(finding) => join(&mut weak, finding),
                Err(refusal) => read.push(Err(refusal)),
            }
        }
        read.extend(list(result, "Misconfigurations").map(|it| misconfiguration(it, target, &report)));
        read.extend(list(result, "Secrets").map(|it| secret(it, target, &report)));
    }
    read.extend(weak.into_values().map(Ok));
    read
}

fn list<'v>(result: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    result[name].as_array().into_iter().flatten()
}

/// The same weakness once: the worst severity, all packages.
fn join(weak: &mut BTreeMap<String, ImportedFinding>, finding: ImportedFinding) {
    match weak.entry(finding.external_id.clone()) {
        Entry::Vacant(place) => {
            place.insert(finding);
        }
        Entry::Occupied(mut known) => {
            let known = known.get_mut();
            known.severity = known.severity.max(finding.severity);
            if let (Some(Value::Array(all)), Some(Value::Array(more))) =
                (&mut known.evidence, finding.evidence)
            {
                let room = MOST.saturating_sub(all.len());
                all.extend(more.into_iter().take(room));
            }
        }
    }
}

fn report(value: &Value, elsewhere: &Elsewhere) -> Result<Report, Refusal> {
    let name = required(value, "/ArtifactName")?;
    let is_image = text(value, "/ArtifactType").is_none_or(|it| it == "container_image");
    let digests = value["Metadata"]["RepoDigests"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let artifact = if is_image {
        image::placed([name].into_iter().chain(digests), elsewhere)?
    } else {
        image::artifact(name, elsewhere)?
    };
    Ok(Report { artifact, is_image, seen: time(value, &["/CreatedAt"])? })
}

impl Report {
    fn finding(
        &self,
        check: &str,
        target: Option<&str>,
        kind: FindingKind,
        value: &Value,
    ) -> Result<ImportedFinding, Refusal> {
        let mut key = self.artifact.key.clone();
        let mut arn = self.artifact.arn.clone();
        // A directory has many files; an image is one thing.
        if let (false, Some(target)) = (self.is_image, target) {
            key.id = format!("{}/{target}", key.id);
            arn.clone_from(&key.id);
        }
        let severity = required(value, "/Severity")?;
        Ok(ImportedFinding {
            detector: Detector::Trivy,
            external_id: match target {
                Some(target) => format!("{}/{check}/{target}", self.artifact.key),
                None => format!("{}/{check}", self.artifact.key),
            },
            kind,
            rule: own(Detector::Trivy, check).rule,
            resource: key,
            arn,
            name: String::new(),
            severity: severity_word(severity)
                .ok_or_else(|| Refusal::Wrong(format!("`Severity` is `{}`", cut(severity))))?,
            record_state: RecordState::Active,
            workflow: None,
            evidence: None,
            text: FindingText {
                title: text(value, "/Title").map_or_else(|| cut(check), cut),
                description: text(value, "/Description").map(cut).unwrap_or_default(),
                remediation: text(value, "/Resolution").map(cut).unwrap_or_default(),
                url: text(value, "/PrimaryURL").map(cut).unwrap_or_default(),
            },
            in_security_hub: false,
            first_seen: self.seen,
            last_seen: self.seen,
        })
    }
}

fn weakness(value: &Value, report: &Report) -> Result<ImportedFinding, Refusal> {
    let id = required(value, "/VulnerabilityID")?;
    let mut finding = report.finding(id, None, FindingKind::Vulnerability, value)?;
    if let Some(fixed) = text(value, "/FixedVersion") {
        finding.text.remediation = format!("{} {}", text(value, "/PkgName").unwrap_or_default(), cut(fixed));
    }
    finding.evidence = Some(json!([{
        "Package": value["PkgName"], "Installed": value["InstalledVersion"], "Fixed": value["FixedVersion"],
    }]));
    Ok(finding)
}

fn misconfiguration(value: &Value, target: &str, report: &Report) -> Result<ImportedFinding, Refusal> {
    let id = first(value, &["/AVDID", "/ID"]).map_or_else(|| required(value, "/ID"), Ok)?;
    let mut finding = report.finding(id, Some(target), FindingKind::Configuration, value)?;
    if matches!(text(value, "/Status"), Some("PASS" | "EXCEPTION")) {
        finding.record_state = RecordState::Archived;
    }
    finding.evidence = Some(json!({
        "Message": value["Message"].as_str().map(cut), "Target": target,
        "StartLine": at(value, "/CauseMetadata/StartLine"), "EndLine": at(value, "/CauseMetadata/EndLine"),
    }));
    Ok(finding)
}

fn secret(value: &Value, target: &str, report: &Report) -> Result<ImportedFinding, Refusal> {
    let mut finding =
        report.finding(required(value, "/RuleID")?, Some(target), FindingKind::SensitiveData, value)?;
    finding.evidence = Some(json!({
        "Target": target, "Category": value["Category"], "StartLine": value["StartLine"], "EndLine": value["EndLine"],
    }));
    // The kind stays: a secret in an image is data that lies about.
    finding.severity = finding.severity.max(Severity::Low);
    Ok(finding)
}
