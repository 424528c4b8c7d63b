//! What each product writes, one finding at a time, as our finding. No I/O, no clock.
//!
//! Each reader takes the JSON of one finding and gives ours or a [`Refusal`]; what nobody needs is left out, above all the
//! details of resources, in which secrets may stand.

pub(crate) mod access_analyzer;
pub(crate) mod asff;
pub(crate) mod aws_config;
pub(crate) mod event;
pub(crate) mod falco;
mod field;
pub(crate) mod grype;
pub(crate) mod guardduty;
pub(crate) mod image;
pub(crate) mod inspector;
pub(crate) mod macie;
pub(crate) mod ocsf;
pub(crate) mod trivy;
pub(crate) mod trusted_advisor;

use serde_json::Value;
use yagura_model::{AccountId, ImportedFinding, Region};

use crate::Vocabulary;

/// Why something is not a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Yagura itself wrote it: it is here already.
    Own,
    /// What is missing or wrong.
    Wrong(String),
}

/// A list of findings, or what stands in their place.
pub(crate) type Read = Vec<Result<ImportedFinding, Refusal>>;

/// Where something is that does not say so itself.
#[derive(Debug, Clone, Default)]
pub struct Elsewhere {
    /// The account of findings that name none: of images and hosts outside AWS.
    pub account: Option<AccountId>,
    /// The region of the same.
    pub region: Option<Region>,
}

/// Which product wrote a piece of JSON: it says so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Asff,
    Event,
    Falco,
    Grype,
    GuardDuty,
    Inspector,
    AccessAnalyzer,
    Macie,
    Ocsf,
    Trivy,
}

impl Kind {
    fn of(value: &Value) -> Option<Self> {
        let has = |name: &str| value.get(name).is_some();
        if has("detail-type") && has("detail") {
            Some(Self::Event)
        } else if has("class_uid") || (has("finding_info") && has("metadata")) {
            Some(Self::Ocsf)
        } else if has("ArtifactName") || (value["SchemaVersion"].is_u64() && has("Results")) {
            Some(Self::Trivy)
        } else if has("matches") && has("descriptor") {
            Some(Self::Grype)
        } else if has("rule") && has("priority") && has("output") {
            Some(Self::Falco)
        } else if has("ProductArn") || has("GeneratorId") || value["SchemaVersion"] == "2018-10-08" {
            Some(Self::Asff)
        } else if guardduty::is_one(value) {
            Some(Self::GuardDuty)
        } else if has("findingArn") && has("awsAccountId") {
            Some(Self::Inspector)
        } else if has("classificationDetails") || has("policyDetails") {
            Some(Self::Macie)
        } else if has("resourceOwnerAccount") {
            Some(Self::AccessAnalyzer)
        } else {
            None
        }
    }
}

/// Reads one element of a file: a finding, an event with several, a report about an image.
pub(crate) fn read(value: &Value, vocabulary: &Vocabulary, elsewhere: &Elsewhere) -> Read {
    match Kind::of(value) {
        Some(Kind::Asff) => vec![asff::finding(value, vocabulary)],
        Some(Kind::Event) => event::findings(value, vocabulary),
        Some(Kind::Falco) => vec![falco::finding(value, vocabulary, elsewhere)],
        Some(Kind::Grype) => grype::findings(value, vocabulary, elsewhere),
        Some(Kind::GuardDuty) => vec![guardduty::finding(value, vocabulary)],
        Some(Kind::Inspector) => vec![inspector::finding(value, vocabulary)],
        Some(Kind::Macie) => vec![macie::finding(value, vocabulary)],
        Some(Kind::AccessAnalyzer) => vec![access_analyzer::finding(value, vocabulary, None)],
        Some(Kind::Ocsf) => vec![ocsf::finding(value, vocabulary)],
        Some(Kind::Trivy) => trivy::findings(value, vocabulary, elsewhere),
        None => vec![Err(Refusal::Wrong(
            "this is no finding of ASFF, OCSF, GuardDuty, Inspector, Macie, Access Analyzer, Trivy, Grype or Falco".to_owned(),
        ))],
    }
}
