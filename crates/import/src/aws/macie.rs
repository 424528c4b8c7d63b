//! Macie: the findings of a region, those of an administrator's members included.
//!
//! Source: Macie API Reference, `ListFindings` and `GetFindings` (50 ids a call).

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yagura_aws::Target;
use yagura_model::{Detector, Timestamp};

use super::{ImportError, Importer, List};
use crate::shapes::macie;

const PAGE: u64 = 50;

impl Importer<'_> {
    /// Reads Macie in each of these places. Without `since`, what is not archived is read; with it, everything that changed.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the findings cannot be handed over.
    pub async fn macie(&mut self, targets: &[Target], since: Option<Timestamp>) -> Result<(), ImportError> {
        for target in targets {
            let list = List { target, call: "macie2.ListFindings", items: "findingIds", token: "nextToken" };
            let criterion = match since {
                Some(since) => json!({ "updatedAt": { "gte": since.as_millisecond() } }),
                None => json!({ "archived": { "eq": ["false"] } }),
            };
            let input = json!({ "findingCriteria": { "criterion": criterion }, "maxResults": PAGE });
            if self.macie_pages(list, input).await? && since.is_none() {
                let members = List { call: "macie2.ListMembers", items: "members", ..list };
                let members = self
                    .members(members, json!({ "onlyAssociated": "true" }), "accountId", "relationshipStatus")
                    .await
                    .unwrap_or_else(|| BTreeSet::from([target.account.clone()]));
                self.complete(Detector::Macie, members, BTreeSet::from([target.region.clone()]));
            }
        }
        Ok(())
    }

    async fn macie_pages(&mut self, list: List<'_>, input: Value) -> Result<bool, ImportError> {
        let (mut input, mut whole) = (Some(input), true);
        while input.is_some() {
            let ids = match self.next(list, &mut input).await {
                Ok(ids) if ids.is_empty() => continue,
                Ok(ids) => ids,
                Err(error) => {
                    self.outcome.failures.push(error);
                    return Ok(false);
                }
            };
            let call = "macie2.GetFindings";
            let Some(answer) = self.ask(list.target, call, &json!({ "findingIds": ids })).await else {
                whole = false;
                continue;
            };
            let found = answer["findings"].as_array().into_iter().flatten();
            let found = found.map(|it| macie::finding(it, self.vocabulary)).collect();
            self.give(List { call, ..list }, found).await?;
        }
        Ok(whole)
    }
}
