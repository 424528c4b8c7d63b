//! Grype's JSON: weaknesses of an image or a directory.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::{Value, json};
use yagura_model::{Detector, FindingKind, FindingText, ImportedFinding, RecordState, Timestamp};

use super::field::{cut, first, required, severity_word, text, time};
use super::{Elsewhere, Read, Refusal, image};
use crate::Vocabulary;
use crate::resource::Placed;
use crate::rules::own;

/// Packages of one weakness that are told.
const MOST: usize = 50;

/// The findings of one report.
pub(super) fn findings(value: &Value, _vocabulary: &Vocabulary, elsewhere: &Elsewhere) -> Read {
    let (artifact, seen) = match report(value, elsewhere) {
        Ok(report) => report,
        Err(refusal) => return vec![Err(refusal)],
    };
    let mut weak: BTreeMap<String, ImportedFinding> = BTreeMap::new();
    let mut read = Vec::new();
    for found in value["matches"].as_array().into_iter().flatten() {
        let finding = match weakness(found, &artifact, seen) {
            Ok(finding) => finding,
            Err(refusal) => {
                read.push(Err(refusal));
                continue;
            }
        };
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
    read.extend(weak.into_values().map(Ok));
    read
}

fn report(value: &Value, elsewhere: &Elsewhere) -> Result<(Placed, Timestamp), Refusal> {
    let seen = time(value, &["/descriptor/timestamp"])?;
    let target = &value["source"]["target"];
    // Of a directory, the target is its path.
    if let Some(path) = target.as_str() {
        return Ok((image::artifact(path, elsewhere)?, seen));
    }
    let named = ["userInput"].into_iter().filter_map(|name| target[name].as_str());
    let lists = ["repoDigests", "tags"].into_iter().filter_map(|name| target[name].as_array());
    let placed = image::placed(named.chain(lists.flatten().filter_map(Value::as_str)), elsewhere)?;
    Ok((placed, seen))
}

fn weakness(value: &Value, artifact: &Placed, seen: Timestamp) -> Result<ImportedFinding, Refusal> {
    let told = required(value, "/vulnerability/id")?;
    // An advisory of GitHub's is about a CVE, by which everybody else knows it.
    let related = value["relatedVulnerabilities"].as_array().into_iter().flatten();
    let mut related = related.filter_map(|it| it["id"].as_str());
    let id = if told.starts_with("CVE-") {
        told
    } else {
        related.find(|it| it.starts_with("CVE-")).unwrap_or(told)
    };
    let severity = required(value, "/vulnerability/severity")?;
    let package = text(value, "/artifact/name").unwrap_or_default();
    let fixed = text(value, "/vulnerability/fix/versions/0");
    Ok(ImportedFinding {
        detector: Detector::Grype,
        external_id: format!("{}/{id}", artifact.key),
        kind: FindingKind::Vulnerability,
        rule: own(Detector::Grype, id).rule,
        resource: artifact.key.clone(),
        arn: artifact.arn.clone(),
        name: String::new(),
        severity: severity_word(severity)
            .ok_or_else(|| Refusal::Wrong(format!("`vulnerability.severity` is `{}`", cut(severity))))?,
        record_state: RecordState::Active,
        workflow: None,
        evidence: Some(json!([{
            "Package": package, "Installed": value["artifact"]["version"], "Fixed": fixed,
        }])),
        text: FindingText {
            title: cut(&format!("{id} {package}")),
            description: text(value, "/vulnerability/description").map(cut).unwrap_or_default(),
            remediation: fixed.map(|it| cut(&format!("{package} {it}"))).unwrap_or_default(),
            url: first(value, &["/vulnerability/dataSource", "/vulnerability/urls/0"])
                .map(cut)
                .unwrap_or_default(),
        },
        in_security_hub: false,
        first_seen: seen,
        last_seen: seen,
    })
}
