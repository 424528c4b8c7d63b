//! Security Hub from its aggregation region: its own controls, and what other products send it.
//!
//! Source: Security Hub API Reference, `GetFindings` (100 a page, 20 values in a filter), `GetFindingAggregator`, `ListMembers`.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use yagura_aws::Target;
use yagura_model::{AccountId, Detector, ImportScope, Region, Timestamp};

use super::{ImportError, Importer, List};
use crate::shapes::asff;

/// Values of one filter.
const ACCOUNTS_AT_ONCE: usize = 20;

const PAGE: u64 = 100;

/// Products of AWS whose findings come along where they are integrated.
const INTEGRATED: &[(&str, Detector)] = &[
    ("aws/guardduty", Detector::GuardDuty),
    ("aws/inspector", Detector::Inspector),
    ("aws/macie", Detector::Macie),
    ("aws/config", Detector::AwsConfig),
    ("aws/access-analyzer", Detector::AccessAnalyzer),
];

/// What is asked of Security Hub.
#[derive(Debug, Clone)]
pub struct SecurityHub<'a> {
    /// The administrator's account in the aggregation region.
    pub target: &'a Target,
    /// Only these accounts; empty for every account that reports there.
    pub accounts: &'a [AccountId],
    /// The organisation's regions, for an aggregation of all regions.
    pub regions: &'a [Region],
    /// Only what changed since, its end included.
    pub since: Option<Timestamp>,
    /// The present.
    pub now: Timestamp,
}

impl Importer<'_> {
    /// Reads Security Hub.
    ///
    /// Without `since`, what is active and not yet put right is read, and what is missing from it has ended. With it, everything
    /// that changed is read, whatever its state.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the findings cannot be handed over.
    pub async fn security_hub(&mut self, asked: &SecurityHub<'_>) -> Result<(), ImportError> {
        let list = |call, items| List { target: asked.target, call, items, token: "NextToken" };
        let members = list("securityhub.ListMembers", "Members");
        let members =
            self.members(members, json!({ "OnlyAssociated": true }), "AccountId", "MemberStatus").await;
        let wanted: Vec<AccountId> = match &members {
            _ if !asked.accounts.is_empty() => asked.accounts.to_vec(),
            Some(members) if members.len() > 1 => members.iter().cloned().collect(),
            _ => Vec::new(),
        };
        let (mut read, mut whole) = (BTreeSet::new(), true);
        if wanted.is_empty() {
            let reporting = self.group(asked, &[]).await?;
            whole &= reporting.is_some();
            read.extend(reporting.into_iter().flatten());
        }
        for group in wanted.chunks(ACCOUNTS_AT_ONCE) {
            match self.group(asked, group).await? {
                // A member without findings is complete, an account that is none is not.
                Some(reporting) => {
                    let is_member = |it: &&AccountId| members.as_ref().is_some_and(|all| all.contains(*it));
                    read.extend(group.iter().filter(is_member).cloned());
                    read.extend(reporting);
                }
                None => whole = false,
            }
        }
        if asked.since.is_none() {
            let regions = self.aggregated(asked, whole).await;
            for detector in self.integrated(asked).await {
                let (via, accounts, regions) = (asff::via(detector), read.clone(), regions.clone());
                self.complete_scope(detector, ImportScope { via, accounts, regions });
            }
        }
        Ok(())
    }

    /// Reads up to twenty accounts, or all of them; gives the accounts that reported something, or `None` when the reading
    /// broke off.
    async fn group(
        &mut self,
        asked: &SecurityHub<'_>,
        group: &[AccountId],
    ) -> Result<Option<BTreeSet<AccountId>>, ImportError> {
        let list = List {
            target: asked.target,
            call: "securityhub.GetFindings",
            items: "Findings",
            token: "NextToken",
        };
        let mut input = Some(json!({ "Filters": filters(asked, group), "MaxResults": PAGE }));
        let mut reporting = BTreeSet::new();
        while input.is_some() {
            let items = match self.next(list, &mut input).await {
                Ok(items) => items,
                Err(error) => {
                    self.outcome.failures.push(error);
                    return Ok(None);
                }
            };
            // Not every endpoint heeds the filters.
            let meant = items.iter().filter(|it| is_meant(it, asked, group));
            let found: Vec<_> = meant
                .inspect(|it| {
                    let account = it["AwsAccountId"].as_str();
                    reporting.extend(account.and_then(|it| AccountId::new(it).ok()));
                })
                .map(|it| asff::passed_on(it, self.vocabulary))
                .collect();
            self.give(list, found).await?;
        }
        Ok(Some(reporting))
    }

    /// The regions that the aggregation region knows everything of. What belongs to no region is reported in several; it is known
    /// when all of them were read.
    async fn aggregated(&mut self, asked: &SecurityHub<'_>, whole: bool) -> BTreeSet<Region> {
        let mut regions = BTreeSet::from([asked.target.region.clone()]);
        let list = List {
            target: asked.target,
            call: "securityhub.ListFindingAggregators",
            items: "FindingAggregators",
            token: "NextToken",
        };
        let aggregators = self.all(list, json!({})).await.unwrap_or_default();
        let Some(arn) = aggregators.first().and_then(|it| it["FindingAggregatorArn"].as_str()) else {
            return regions;
        };
        let input = json!({ "FindingAggregatorArn": arn });
        let Some(told) = self.ask(asked.target, "securityhub.GetFindingAggregator", &input).await else {
            return regions;
        };
        if told["FindingAggregationRegion"].as_str() != Some(asked.target.region.as_str()) {
            return regions;
        }
        let named =
            told["Regions"].as_array().into_iter().flatten().filter_map(Value::as_str).map(Region::from);
        match told["RegionLinkingMode"].as_str() {
            Some("ALL_REGIONS") => regions.extend(asked.regions.iter().cloned()),
            Some("ALL_REGIONS_EXCEPT_SPECIFIED") => {
                let without: BTreeSet<Region> = named.collect();
                regions.extend(asked.regions.iter().filter(|it| !without.contains(*it)).cloned());
            }
            Some("SPECIFIED_REGIONS") => regions.extend(named),
            _ => {}
        }
        if whole {
            regions.insert(Region::global());
        }
        regions
    }

    /// Whose findings Security Hub has: its own, and those of AWS's products that send it theirs.
    async fn integrated(&mut self, asked: &SecurityHub<'_>) -> Vec<Detector> {
        let list = List {
            target: asked.target,
            call: "securityhub.ListEnabledProductsForImport",
            items: "ProductSubscriptions",
            token: "NextToken",
        };
        let subscribed = self.all(list, json!({})).await.unwrap_or_default();
        let ends =
            |name: &str| subscribed.iter().any(|it| it.as_str().is_some_and(|arn| arn.ends_with(name)));
        let integrated = INTEGRATED.iter().filter(|(name, _)| ends(name)).map(|(_, detector)| *detector);
        std::iter::once(Detector::SecurityHub).chain(integrated).collect()
    }
}

fn filters(asked: &SecurityHub<'_>, group: &[AccountId]) -> Value {
    let equal = |value: &str| json!({ "Value": value, "Comparison": "EQUALS" });
    let mut filters = match asked.since {
        Some(since) => json!({ "UpdatedAt": [{ "Start": since.to_string(), "End": asked.now.to_string() }] }),
        None => json!({
            "RecordState": [equal("ACTIVE")],
            "WorkflowStatus": [equal("NEW"), equal("NOTIFIED")],
        }),
    };
    if !group.is_empty() {
        filters["AwsAccountId"] = group.iter().map(|it| equal(it.as_str())).collect();
    }
    filters
}

fn is_meant(finding: &Value, asked: &SecurityHub<'_>, group: &[AccountId]) -> bool {
    let in_group = || group.iter().any(|it| finding["AwsAccountId"] == it.as_str());
    let open = || {
        finding["RecordState"] != "ARCHIVED"
            && !matches!(finding["Workflow"]["Status"].as_str(), Some("SUPPRESSED" | "RESOLVED"))
    };
    let changed = |since: Timestamp| {
        let updated = finding["UpdatedAt"].as_str().and_then(|it| it.parse::<Timestamp>().ok());
        updated.is_none_or(|it| it >= since)
    };
    (group.is_empty() || in_group()) && asked.since.map_or_else(open, changed)
}
