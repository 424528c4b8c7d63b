//! What rules of AWS Config say: in each account and region, or through an aggregator.
//!
//! Ids of AWS Config are not always ours (a user is `AIDA...`, a database `db-...`), so the ARNs of what is told are asked for, a
//! hundred at once.
//!
//! Source: AWS Config API Reference, `GetComplianceDetailsByConfigRule`, `GetAggregateComplianceDetailsByConfigRule`,
//! `BatchGetResourceConfig`, `BatchGetAggregateResourceConfig`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use yagura_aws::Target;
use yagura_model::{AccountId, Detector, Region, Timestamp};

use super::{ImportError, Importer, List};
use crate::shapes::aws_config::{self, Place, Rule};

/// Results of a page, and resources of a call.
const PAGE: usize = 100;

/// A configuration aggregator.
#[derive(Debug, Clone, Copy)]
pub struct Aggregator<'a> {
    /// Its account and region.
    pub target: &'a Target,
    /// Its name.
    pub name: &'a str,
}

/// A resource as AWS Config names it: type and id.
type Key = (String, String);

/// One rule in one place, and the calls that tell about it.
struct Asked<'a> {
    list: List<'a>,
    rule: Rule<'a>,
    place: Place<'a>,
    aggregator: Option<&'a str>,
    since: Option<Timestamp>,
}

impl Importer<'_> {
    /// Reads the rules of each of these accounts and regions. Without `since`, what violates them is read; with it, what was
    /// recorded since, passes included.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the findings cannot be handed over.
    pub async fn config(&mut self, targets: &[Target], since: Option<Timestamp>) -> Result<(), ImportError> {
        let (mut complete, mut all) = (Vec::new(), true);
        for target in targets {
            let list =
                List { target, call: "config.DescribeConfigRules", items: "ConfigRules", token: "NextToken" };
            let Some(rules) = self.all(list, json!({})).await else {
                all = false;
                continue;
            };
            let mut whole = true;
            for rule in &rules {
                let Some(name) = rule["ConfigRuleName"].as_str() else { continue };
                let managed = rule["Source"]["Owner"] == "AWS";
                let asked = Asked {
                    list: List {
                        target,
                        call: "config.GetComplianceDetailsByConfigRule",
                        items: "EvaluationResults",
                        token: "NextToken",
                    },
                    rule: Rule {
                        name,
                        identifier: rule["Source"]["SourceIdentifier"].as_str().filter(|_| managed),
                        description: rule["Description"].as_str().unwrap_or_default(),
                    },
                    place: Place { account: &target.account, region: target.region.as_str() },
                    aggregator: None,
                    since,
                };
                let types: &[&str] =
                    if since.is_some() { &["NON_COMPLIANT", "COMPLIANT"] } else { &["NON_COMPLIANT"] };
                let input = json!({ "ConfigRuleName": name, "ComplianceTypes": types, "Limit": PAGE });
                whole &= self.results(&asked, input).await?;
            }
            all &= whole;
            if whole && since.is_none() {
                complete.push((BTreeSet::from([target.account.clone()]), target.region.clone()));
            }
        }
        self.complete_places(Detector::AwsConfig, complete, all);
        Ok(())
    }

    /// Reads everything that an aggregator gathers. It tells names of rules and not what they were made from, so that a managed
    /// rule is known by its usual name.
    ///
    /// # Errors
    ///
    /// [`ImportError`] when the findings cannot be handed over.
    pub async fn config_aggregator(
        &mut self,
        aggregator: Aggregator<'_>,
        since: Option<Timestamp>,
    ) -> Result<(), ImportError> {
        let list = List {
            target: aggregator.target,
            call: "config.DescribeAggregateComplianceByConfigRules",
            items: "AggregateComplianceByConfigRules",
            token: "NextToken",
        };
        let input = json!({ "ConfigurationAggregatorName": aggregator.name });
        let Some(rules) = self.all(list, input).await else { return Ok(()) };
        // By account and region: whether everything was read there.
        let mut places: BTreeMap<(AccountId, Region), bool> = BTreeMap::new();
        for told in &rules {
            let text = |name: &str| told[name].as_str().unwrap_or_default();
            let (Ok(account), name, region) =
                (AccountId::new(text("AccountId")), text("ConfigRuleName"), text("AwsRegion"))
            else {
                continue;
            };
            let whole = places.entry((account.clone(), Region::from(region))).or_insert(true);
            let violated = told["Compliance"]["ComplianceType"] == "NON_COMPLIANT";
            if !violated && since.is_none() {
                continue;
            }
            let asked = Asked {
                list: List {
                    call: "config.GetAggregateComplianceDetailsByConfigRule",
                    items: "AggregateEvaluationResults",
                    ..list
                },
                rule: Rule { name, ..Rule::default() },
                place: Place { account: &account, region },
                aggregator: Some(aggregator.name),
                since,
            };
            let types: &[&str] =
                if since.is_some() { &["NON_COMPLIANT", "COMPLIANT"] } else { &["NON_COMPLIANT"] };
            for kind in types {
                let input = json!({
                    "ConfigurationAggregatorName": aggregator.name, "ConfigRuleName": name, "ComplianceType": kind,
                    "AccountId": account.as_str(), "AwsRegion": region, "Limit": PAGE,
                });
                *whole &= self.results(&asked, input).await?;
            }
        }
        if since.is_none() {
            let all = places.values().all(|whole| *whole);
            let read = places.into_iter().filter(|(_, whole)| *whole);
            let read = read.map(|((account, region), _)| (BTreeSet::from([account]), region)).collect();
            self.complete_places(Detector::AwsConfig, read, all);
        }
        Ok(())
    }

    /// The results of one rule, page by page; false when they could not be read to the end.
    async fn results(&mut self, asked: &Asked<'_>, input: Value) -> Result<bool, ImportError> {
        let mut input = Some(input);
        while input.is_some() {
            let mut results = match self.next(asked.list, &mut input).await {
                Ok(results) => results,
                Err(error) => {
                    self.outcome.failures.push(error);
                    return Ok(false);
                }
            };
            if let Some(since) = asked.since {
                results.retain(|it| recorded(it).is_none_or(|at| at >= since));
            }
            let arns = self.arns(asked, &results).await;
            let found = results.iter().map(|result| {
                let arn = key(result).and_then(|key| arns.get(&key)).map(String::as_str);
                aws_config::evaluation(result, asked.rule, asked.place, arn, self.vocabulary)
            });
            let found = found.collect();
            self.give(asked.list, found).await?;
        }
        Ok(true)
    }

    /// The ARNs of these resources, as far as AWS Config knows them.
    async fn arns(&mut self, asked: &Asked<'_>, results: &[Value]) -> BTreeMap<Key, String> {
        let keys: BTreeSet<Key> =
            results.iter().filter_map(key).filter(|(_, id)| !id.starts_with("arn:")).collect();
        let keys: Vec<Key> = keys.into_iter().filter(|(kind, _)| kind != "AWS::::Account").collect();
        let mut arns = BTreeMap::new();
        for some in keys.chunks(PAGE) {
            let (call, items, input) = match asked.aggregator {
                None => {
                    let keys: Value = some
                        .iter()
                        .map(|(kind, id)| json!({ "resourceType": kind, "resourceId": id }))
                        .collect();
                    (
                        "config.BatchGetResourceConfig",
                        "baseConfigurationItems",
                        json!({ "resourceKeys": keys }),
                    )
                }
                Some(name) => {
                    let place = asked.place;
                    let one = |(kind, id): &Key| {
                        json!({
                            "SourceAccountId": place.account.as_str(), "SourceRegion": place.region,
                            "ResourceId": id, "ResourceType": kind,
                        })
                    };
                    let keys: Value = some.iter().map(one).collect();
                    let input = json!({ "ConfigurationAggregatorName": name, "ResourceIdentifiers": keys });
                    ("config.BatchGetAggregateResourceConfig", "BaseConfigurationItems", input)
                }
            };
            let Some(answer) = self.ask(asked.list.target, call, &input).await else { continue };
            for item in answer[items].as_array().into_iter().flatten() {
                let text = |name: &str| item[name].as_str().filter(|it| !it.is_empty()).map(str::to_owned);
                if let (Some(kind), Some(id), Some(arn)) =
                    (text("resourceType"), text("resourceId"), text("arn"))
                {
                    arns.insert((kind, id), arn);
                }
            }
        }
        arns
    }
}

fn key(result: &Value) -> Option<Key> {
    let qualifier = &result["EvaluationResultIdentifier"]["EvaluationResultQualifier"];
    Some((qualifier["ResourceType"].as_str()?.to_owned(), qualifier["ResourceId"].as_str()?.to_owned()))
}

fn recorded(result: &Value) -> Option<Timestamp> {
    result["ResultRecordedTime"].as_str()?.parse().ok()
}
