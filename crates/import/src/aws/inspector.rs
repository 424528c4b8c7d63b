//! Inspector: the findings of a region, those of an administrator's members included.
//!
//! Source: Inspector API Reference, `ListFindings` (100 a page), `ListMembers`.

use std::collections::BTreeSet;

use serde_json::json;
use yagura_aws::Target;
use yagura_model::{Detector, Timestamp};

use super::{ImportError, Importer, List};
use crate::shapes::inspector;

impl Importer<'_> {
    /// Reads Inspector in each of these places. Without `since`, what is active is read; with it, everything that changed.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the findings cannot be handed over.
    pub async fn inspector(
        &mut self,
        targets: &[Target],
        since: Option<Timestamp>,
    ) -> Result<(), ImportError> {
        for target in targets {
            let list =
                List { target, call: "inspector2.ListFindings", items: "findings", token: "nextToken" };
            let criteria = match since {
                Some(since) => json!({ "updatedAt": [{ "startInclusive": since.to_string() }] }),
                None => json!({ "findingStatus": [{ "comparison": "EQUALS", "value": "ACTIVE" }] }),
            };
            let input = json!({ "filterCriteria": criteria, "maxResults": 100 });
            let read = |finding: &_, vocabulary: &_| vec![inspector::finding(finding, vocabulary)];
            if self.stream(list, input, &read).await? && since.is_none() {
                let members =
                    List { target, call: "inspector2.ListMembers", items: "members", token: "nextToken" };
                let members = self
                    .members(members, json!({ "onlyAssociated": true }), "accountId", "relationshipStatus")
                    .await
                    .unwrap_or_else(|| BTreeSet::from([target.account.clone()]));
                self.complete(Detector::Inspector, members, BTreeSet::from([target.region.clone()]));
            }
        }
        Ok(())
    }
}
