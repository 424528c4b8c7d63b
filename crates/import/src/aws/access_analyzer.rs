//! IAM Access Analyzer: every analyzer of a region.
//!
//! `ListFindingsV2` tells of all kinds of findings, but not whether everybody can reach a resource; `ListFindings` is asked for
//! those alone.
//!
//! Source: Access Analyzer API Reference.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yagura_aws::Target;
use yagura_model::{AccountId, Detector, Timestamp};

use super::{ImportError, Importer, List};
use crate::shapes::access_analyzer;

impl Importer<'_> {
    /// Reads Access Analyzer in each of these places. `organization` are the accounts that an analyzer of the organisation sees.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the findings cannot be handed over.
    pub async fn access_analyzer(
        &mut self,
        targets: &[Target],
        organization: &[AccountId],
        since: Option<Timestamp>,
    ) -> Result<(), ImportError> {
        let (mut complete, mut all) = (Vec::new(), true);
        for target in targets {
            let list =
                List { target, call: "accessanalyzer.ListAnalyzers", items: "analyzers", token: "nextToken" };
            let Some(analyzers) = self.all(list, json!({})).await else {
                all = false;
                continue;
            };
            let mut whole = !analyzers.is_empty();
            let mut sees = BTreeSet::from([target.account.clone()]);
            for analyzer in &analyzers {
                let kind = analyzer["type"].as_str().unwrap_or_default();
                whole &= self.analyzer(target, analyzer, since).await?;
                if kind.starts_with("ORGANIZATION") {
                    sees.extend(organization.iter().cloned());
                }
            }
            // A region without an analyzer reports nothing, and knows nothing.
            all &= whole || analyzers.is_empty();
            if whole && since.is_none() {
                complete.push((sees, target.region.clone()));
            }
        }
        self.complete_places(Detector::AccessAnalyzer, complete, all);
        Ok(())
    }

    async fn analyzer(
        &mut self,
        target: &Target,
        analyzer: &Value,
        since: Option<Timestamp>,
    ) -> Result<bool, ImportError> {
        let Some(arn) = analyzer["arn"].as_str() else { return Ok(false) };
        let external = matches!(analyzer["type"].as_str(), Some("ACCOUNT" | "ORGANIZATION"));
        let public = if external { self.public(target, arn).await } else { BTreeSet::new() };
        let mut input = json!({ "analyzerArn": arn, "maxResults": 100 });
        if since.is_none() {
            input["filter"] = json!({ "status": { "eq": ["ACTIVE"] } });
        }
        let list =
            List { target, call: "accessanalyzer.ListFindingsV2", items: "findings", token: "nextToken" };
        let region = target.region.clone();
        self.stream(list, input, &move |finding, vocabulary| {
            let updated = finding["updatedAt"].as_str().and_then(|it| it.parse::<Timestamp>().ok());
            if since.zip(updated).is_some_and(|(since, at)| at < since) {
                return Vec::new();
            }
            let mut finding = finding.clone();
            if finding["id"].as_str().is_some_and(|id| public.contains(id)) {
                finding["isPublic"] = json!(true);
            }
            vec![access_analyzer::finding(&finding, vocabulary, Some(region.as_str()))]
        })
        .await
    }

    /// The findings about what everybody can reach.
    async fn public(&mut self, target: &Target, analyzer: &str) -> BTreeSet<String> {
        let list =
            List { target, call: "accessanalyzer.ListFindings", items: "findings", token: "nextToken" };
        let input = json!({
            "analyzerArn": analyzer, "filter": { "isPublic": { "eq": ["true"] }, "status": { "eq": ["ACTIVE"] } },
        });
        let found = self.all(list, input).await.unwrap_or_default();
        found.iter().filter_map(|it| it["id"].as_str().map(str::to_owned)).collect()
    }
}
