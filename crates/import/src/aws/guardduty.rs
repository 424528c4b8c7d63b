//! GuardDuty: every detector of a region, with the findings of its members.
//!
//! Source: GuardDuty API Reference, `ListFindings` (50 ids a page) and `GetFindings` (50 ids a call).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yagura_aws::Target;
use yagura_model::{AccountId, Detector, Timestamp};

use super::{ImportError, Importer, List};
use crate::shapes::guardduty;

const PAGE: u64 = 50;

impl Importer<'_> {
    /// Reads GuardDuty in each of these places. Without `since`, what is not archived is read; with it, everything that changed.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the findings cannot be handed over.
    pub async fn guardduty(
        &mut self,
        targets: &[Target],
        since: Option<Timestamp>,
    ) -> Result<(), ImportError> {
        let (mut complete, mut whole) = (Vec::new(), true);
        for target in targets {
            let list =
                List { target, call: "guardduty.ListDetectors", items: "DetectorIds", token: "NextToken" };
            let Some(detectors) = self.all(list, json!({})).await else {
                whole = false;
                continue;
            };
            for detector in detectors.iter().filter_map(Value::as_str) {
                if !self.detector(target, detector, since).await? {
                    whole = false;
                } else if since.is_none() {
                    complete.push((self.guarded(target, detector).await, target.region.clone()));
                }
            }
        }
        self.complete_places(Detector::GuardDuty, complete, whole);
        Ok(())
    }

    async fn detector(
        &mut self,
        target: &Target,
        detector: &str,
        since: Option<Timestamp>,
    ) -> Result<bool, ImportError> {
        let criterion = match since {
            Some(since) => json!({ "updatedAt": { "GreaterThanOrEqual": since.as_millisecond() } }),
            None => json!({ "service.archived": { "Equals": ["false"] } }),
        };
        let list = List { target, call: "guardduty.ListFindings", items: "FindingIds", token: "NextToken" };
        let mut input = Some(json!({
            "DetectorId": detector, "FindingCriteria": { "Criterion": criterion }, "MaxResults": PAGE,
        }));
        let mut whole = true;
        while input.is_some() {
            let ids = match self.next(list, &mut input).await {
                Ok(ids) if ids.is_empty() => continue,
                Ok(ids) => ids,
                Err(error) => {
                    self.outcome.failures.push(error);
                    return Ok(false);
                }
            };
            let call = "guardduty.GetFindings";
            let asked = json!({ "DetectorId": detector, "FindingIds": ids });
            let Some(answer) = self.ask(target, call, &asked).await else {
                whole = false;
                continue;
            };
            let found = answer["Findings"].as_array().into_iter().flatten();
            let found = found.map(|it| guardduty::finding(it, self.vocabulary)).collect();
            self.give(List { call, ..list }, found).await?;
        }
        Ok(whole)
    }

    /// Whose findings a detector has: its account's, and those of the members of an administrator.
    async fn guarded(&mut self, target: &Target, detector: &str) -> BTreeSet<AccountId> {
        let list = List { target, call: "guardduty.ListMembers", items: "Members", token: "NextToken" };
        let input = json!({ "DetectorId": detector, "OnlyAssociated": "true", "MaxResults": PAGE });
        let members = self.members(list, input, "AccountId", "RelationshipStatus").await;
        members.unwrap_or_else(|| BTreeSet::from([target.account.clone()]))
    }
}
