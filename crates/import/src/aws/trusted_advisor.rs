//! Trusted Advisor, where the support plan allows its API: what its checks flag, account by account.
//!
//! Source: AWS Support API Reference. Without a paid plan, the API answers `SubscriptionRequiredException`.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yagura_aws::Target;
use yagura_model::{Detector, Region, Timestamp};

use super::{ImportError, Importer, List};
use crate::shapes::trusted_advisor;

impl Importer<'_> {
    /// Reads the checks of each of these accounts. It has nothing incremental: what is flagged is read anew each time. `regions`
    /// are those that its findings may be filed in.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the findings cannot be handed over.
    pub async fn trusted_advisor(
        &mut self,
        targets: &[Target],
        regions: &[Region],
        now: Timestamp,
    ) -> Result<(), ImportError> {
        for target in targets {
            let call = "support.DescribeTrustedAdvisorChecks";
            let Some(checks) = self.ask(target, call, &json!({ "language": "en" })).await else { continue };
            let mut whole = true;
            for check in checks["checks"].as_array().into_iter().flatten() {
                // What things cost and how fast they are is no finding.
                if !matches!(check["category"].as_str(), Some("security" | "fault_tolerance")) {
                    continue;
                }
                whole &= self.check(target, check, now).await?;
            }
            if whole {
                let regions: BTreeSet<Region> = regions.iter().cloned().chain([Region::global()]).collect();
                self.complete(Detector::TrustedAdvisor, BTreeSet::from([target.account.clone()]), regions);
            }
        }
        Ok(())
    }

    async fn check(&mut self, target: &Target, check: &Value, now: Timestamp) -> Result<bool, ImportError> {
        let call = "support.DescribeTrustedAdvisorCheckResult";
        let input = json!({ "checkId": check["id"], "language": "en" });
        let Some(answer) = self.ask(target, call, &input).await else { return Ok(false) };
        let result = &answer["result"];
        let seen = result["timestamp"].as_str().and_then(|it| it.parse().ok()).unwrap_or(now);
        // A check that was not made says nothing about what it flagged before.
        let made = result["status"] != "not_available";
        let flagged = result["flaggedResources"].as_array().into_iter().flatten();
        let found = flagged
            .map(|it| trusted_advisor::flagged(it, check, &target.account, seen, self.vocabulary))
            .collect();
        self.give(List { target, call, items: "", token: "" }, found).await?;
        Ok(made)
    }
}
