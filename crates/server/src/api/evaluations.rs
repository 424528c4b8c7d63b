//! What a scan said: every rule's answer about every resource, a page at a time.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use yagura_model::{
    AccountId, EvaluationRecord, Outcome, Region, ResourceKey, ResourceType, RuleId, ScanId, Severity,
};
use yagura_store::Filter;

use super::names::Names;
use crate::app::App;
use crate::problem::Problem;
use crate::query::{Part, Query};
use crate::sign_in::Caller;

/// The most answers of a page.
const LARGEST: usize = 1_000;

/// Which answers are wanted; lists are keys that come several times.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EvaluationParams {
    /// With these outcomes.
    outcome: Vec<Outcome>,
    /// Of rules at least so severe.
    severity: Option<Severity>,
    /// In these accounts: ids, or globs over their names.
    account: Vec<String>,
    /// In the accounts of these projects.
    project: Vec<String>,
    /// In these regions.
    region: Vec<String>,
    /// Of these rules: ids, globs, or aliases such as `security-hub:EC2.13`.
    rule: Vec<String>,
    /// Of the rules that serve these frameworks.
    framework: Vec<String>,
    /// Of resources of these services: `ec2`.
    service: Vec<String>,
    /// Of resources of these types.
    #[serde(rename = "type")]
    #[param(rename = "type")]
    resource_type: Vec<String>,
    /// So many at most; 200 where nothing is said, 1,000 at most.
    limit: Option<usize>,
    /// Where the page begins: `Next` of the one before.
    after: Option<String>,
}

/// A page of answers.
#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EvaluationList {
    /// By account, region, type, id and rule.
    evaluations: Vec<EvaluationRecord>,
    /// Where the next page begins; none behind the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The last answer of a page: the next one begins behind it.
type Place = (ResourceKey, RuleId);

fn told(place: &Place) -> Result<String, Problem> {
    let text = serde_json::to_vec(place).map_err(|error| Problem::internal(&error))?;
    Ok(URL_SAFE_NO_PAD.encode(text))
}

fn read(text: &str) -> Result<Place, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok();
    let place = bytes.and_then(|it| serde_json::from_slice(&it).ok());
    place.ok_or_else(|| Problem::bad_request("`after` is no place in a list of answers"))
}

/// What a scan said: passes, violations, and what it could not tell and why. Scans keep their answers until a later one took their place.
#[utoipa::path(get, path = "/api/scans/{id}/evaluations", tag = "scans", params(("id" = i64, Path), EvaluationParams),
    responses((status = 200, body = EvaluationList), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 500, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part(id): Part<i64>,
    Query(asked): Query<EvaluationParams>,
) -> Result<Json<EvaluationList>, Problem> {
    let scan = ScanId(id);
    let after = asked.after.as_deref().map(read).transpose()?;
    let limit = asked.limit.unwrap_or(200).clamp(1, LARGEST);
    let Some(mut filter) = asked.filter(&app, &caller).await? else {
        app.store.scan(scan).await?;
        return Ok(Json(EvaluationList::default()));
    };
    if let Some((last, _)) = &after {
        // Accounts that are told already are not read again.
        let all = app.store.accounts(scan).await?.into_iter().map(|it| it.account.id);
        let is_meant = |it: &AccountId| filter.accounts.is_empty() || filter.accounts.contains(it);
        let left: BTreeSet<AccountId> = all.filter(|it| *it >= last.account && is_meant(it)).collect();
        if left.is_empty() {
            return Ok(Json(EvaluationList::default()));
        }
        filter.accounts = left;
    }
    let mut records = app.store.evaluations(scan, &filter).await?;
    let mut evaluations: Vec<EvaluationRecord> = Vec::new();
    while let Some(record) = records.try_next().await? {
        let place = record.evaluation.sort_key();
        if after.as_ref().is_some_and(|(resource, rule)| place <= (resource, rule)) {
            continue;
        }
        if evaluations.len() == limit {
            let last =
                evaluations.last().map(|it| (it.evaluation.resource.clone(), it.evaluation.rule.clone()));
            return Ok(Json(EvaluationList { next: last.as_ref().map(told).transpose()?, evaluations }));
        }
        evaluations.push(record);
    }
    Ok(Json(EvaluationList { evaluations, next: None }))
}

impl EvaluationParams {
    /// The store's filter; `None` when there is nothing that the caller may see.
    async fn filter(&self, app: &App, caller: &Caller) -> Result<Option<Filter>, Problem> {
        let names = Names {
            accounts: &self.account,
            projects: &self.project,
            rules: &self.rule,
            frameworks: &self.framework,
        };
        let Some((accounts, rules)) = names.meant(app, caller).await? else { return Ok(None) };
        Ok(Some(Filter {
            outcomes: self.outcome.iter().copied().collect(),
            min_severity: self.severity,
            accounts,
            regions: self.region.iter().map(|it| Region::from(it.as_str())).collect(),
            rules,
            services: self.service.iter().cloned().collect(),
            types: self.resource_type.iter().map(|it| ResourceType::from(it.as_str())).collect(),
        }))
    }
}
