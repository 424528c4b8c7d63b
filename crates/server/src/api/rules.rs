//! Rules and detections: what they look for, how to put it right, and what they say of a resource.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use yagura_model::{
    Account, Evaluation, Function, Needs, Reason, ResourceType, RuleId, RuleInfo, Scan, Severity, Text,
    requirements_by_rule,
};
use yagura_posture::{Explanation, Rule, Selection, Step};

use super::findings::Against;
use super::resources::ResourceParams;
use crate::app::App;
use crate::problem::Problem;
use crate::query::{Part, Query};
use crate::sign_in::Caller;
use crate::world::World;

/// A rule, in one line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RuleLine {
    /// Its id, as findings carry it.
    id: RuleId,
    /// What it is about.
    resource: ResourceType,
    /// How bad a violation is.
    severity: Severity,
    /// Its function in the NIST Cybersecurity Framework.
    function: Function,
    /// What it says, in one line.
    title: Text,
    /// Whether it is a detection, which looks at events.
    is_detection: bool,
    /// Whether it is not judged by: the configuration switches it off, or it is off unless asked for.
    is_off: bool,
}

/// Rules.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RuleList {
    /// By id.
    rules: Vec<RuleLine>,
}

/// Every rule and detection.
#[utoipa::path(get, path = "/api/rules", tag = "rules",
    responses((status = 200, body = RuleList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(State(app): State<Arc<App>>) -> Json<RuleList> {
    let world = app.world();
    let line = |(id, it): (&RuleId, &RuleInfo)| {
        let judged_by = world.judged_by.get(id.as_str());
        RuleLine {
            id: id.clone(),
            resource: it.resource.clone(),
            severity: it.severity,
            function: it.function,
            title: Text { en: it.text.en.title.clone(), ja: it.text.ja.title.clone() },
            is_detection: judged_by.is_none(),
            is_off: judged_by.is_some_and(|it| world.judged_by.is_off(it)),
        }
    };
    Json(RuleList { rules: world.rules.iter().map(line).collect() })
}

/// A rule with its reasons and its fix.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RuleDetail {
    /// What there is to tell about it.
    #[serde(flatten)]
    info: RuleInfo,
    /// Whether it is a detection, which looks at events.
    is_detection: bool,
    /// Whether it is not judged by: the configuration switches it off, or it is off unless asked for.
    is_off: bool,
    /// Its parameters, as they hold where the configuration says nothing narrower.
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// The requirements that it serves.
    requirements: Vec<Against>,
}

/// A rule with its reasons, its fix and its parameters.
#[utoipa::path(get, path = "/api/rules/{id}", tag = "rules", params(("id" = String, Path)),
    responses((status = 200, body = RuleDetail), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem), (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    Part(id): Part<String>,
) -> Result<Json<RuleDetail>, Problem> {
    let world = app.world();
    let id = RuleId::from(id.as_str());
    let info = world.rules.get(&id).ok_or_else(|| Problem::not_found("rule"))?;
    let judged_by = world.judged_by.get(id.as_str());
    // An account that nothing narrower is said of.
    let anywhere = yagura_model::AccountId::new("000000000000").map(Account::bare);
    let parameters =
        judged_by.zip(anywhere.ok()).map(|(rule, account)| world.judged_by.params(rule, &account));
    let by_rule = requirements_by_rule(world.frameworks.iter());
    let served = by_rule.get(&id).into_iter().flatten();
    Ok(Json(RuleDetail {
        info: info.clone(),
        is_detection: judged_by.is_none(),
        is_off: judged_by.is_some_and(|it| world.judged_by.is_off(it)),
        parameters: parameters.unwrap_or_default(),
        requirements: served
            .map(|it| Against { framework: it.framework.clone(), requirement: it.requirement.clone() })
            .collect(),
    }))
}

/// A part of a rule's condition, and its value.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ConditionStep {
    /// The expression, or `name = element` for one turn of a macro.
    text: String,
    /// Its value; none where it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    /// Why it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Reason>,
    /// Whether its value is not told, because it is about other accounts than the reader's.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_hidden: bool,
    /// Its parts, without literals and names.
    #[schema(no_recursion)]
    parts: Vec<ConditionStep>,
}

impl From<Step> for ConditionStep {
    fn from(step: Step) -> Self {
        let (value, unknown) = match step.value {
            Ok(value) => (Some(value), None),
            Err(reason) => (None, Some(reason)),
        };
        let parts = step.parts.into_iter().map(Self::from).collect();
        Self { text: step.text, value, unknown, is_hidden: false, parts }
    }
}

impl ConditionStep {
    /// Leaves out what tells of the organisation: values made of it that are more than a truth or a number, and the turns of macros over it.
    fn hide_others(&mut self) {
        if self.text.contains("org.") {
            let is_plain = matches!(self.value, None | Some(Value::Bool(_) | Value::Number(_)));
            if !is_plain {
                (self.value, self.is_hidden) = (None, true);
            }
            // `name = element`: conditions know `==` alone.
            self.parts.retain(|it| !it.text.contains(" = "));
        }
        for part in &mut self.parts {
            part.hide_others();
        }
    }
}

/// A condition of a rule.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LabelledStep {
    /// `when`, `compliant` or `evidence`.
    label: String,
    /// How it comes to its value.
    step: ConditionStep,
}

/// How a rule comes to its answer about one resource.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tried {
    /// The answer, exceptions included.
    evaluation: Evaluation,
    /// The parameters as they hold in the account.
    #[schema(value_type = Object)]
    parameters: Map<String, Value>,
    /// The rule's conditions, part by part.
    conditions: Vec<LabelledStep>,
}

/// What a rule says of a resource as the last scan read it, and how it comes to that.
#[utoipa::path(get, path = "/api/rules/{id}/explanation", tag = "rules", params(("id" = String, Path), ResourceParams),
    responses((status = 200, body = Tried), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn explain(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part(id): Part<String>,
    Query(asked): Query<ResourceParams>,
) -> Result<Json<Tried>, Problem> {
    let key = asked.key()?;
    if !caller.sees(&key.account) {
        return Err(Problem::not_found("resource"));
    }
    let world = app.world();
    let rules = world.judged_by.select(&Selection::of([id.clone()])).ok();
    let rules = rules.filter(|it| it.len() == 1 && it.get(&id).is_some());
    let rules = rules.ok_or_else(|| Problem::not_found("rule that judges resources"))?;
    let rule = rules.get(&id).ok_or_else(|| Problem::not_found("rule"))?;
    if key.resource_type != *rule.resource() {
        let told = format!("`{id}` judges {}, not {}", rule.resource(), key.resource_type);
        return Err(Problem::bad_request(told));
    }
    // A scan of other rules need not have read what this one looks at.
    let scans = app.store.kept_scans().await?;
    let looked = |it: &Scan| it.scope.rules.contains(rule.id()) && it.scope.accounts.contains(&key.account);
    let scan = scans.into_iter().find(looked);
    let scan =
        scan.ok_or_else(|| Problem::conflict("no scan that is kept judged this account by this rule"))?;
    let types = types_of(&world, rule, &rules);
    let inventory = app.store.inventory(&scan, &key.account, &types).await?;
    let mut inventory = inventory.ok_or_else(|| Problem::not_found("resource"))?;
    inventory.links.clone_from(&world.links);
    let organization = app.store.organization(scan.id).await?;
    let now = app.now();
    let told = tokio::task::spawn_blocking(move || {
        rules.get(&id).and_then(|rule| rules.explain(rule, &key, &inventory, &organization, now))
    });
    let told = told.await.map_err(|error| Problem::internal(&error))?;
    let Explanation { evaluation, params, conditions } =
        told.ok_or_else(|| Problem::not_found("resource"))?;
    let step = |(label, step): (&str, Step)| {
        let mut step = ConditionStep::from(step);
        if caller.is_member() {
            step.hide_others();
        }
        LabelledStep { label: label.to_owned(), step }
    };
    Ok(Json(Tried { evaluation, parameters: params, conditions: conditions.into_iter().map(step).collect() }))
}

/// The types that a rule looks at.
fn types_of(world: &World, rule: &Rule, rules: &yagura_posture::Rules) -> BTreeSet<ResourceType> {
    match rules.needs() {
        Needs::Types(types) => types.into_keys().collect(),
        // Whatever any rule is about, and what this one is about.
        Needs::Everything => {
            let all = world.judged_by.iter().map(|it| it.resource().clone());
            all.chain([rule.resource().clone()]).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn step(text: &str, value: Value, parts: Vec<ConditionStep>) -> ConditionStep {
        ConditionStep { text: text.to_owned(), value: Some(value), unknown: None, is_hidden: false, parts }
    }

    #[test]
    fn members_learn_how_a_rule_answers_and_of_no_other_account() {
        let turn = step("account = \"222222222222\"", json!(false), vec![]);
        let list = step("org.accounts + [meta.account]", json!(["111111111111", "222222222222"]), vec![]);
        let all = "(org.accounts + [meta.account]).exists(account, layer.contains(account))";
        let own =
            step("config.Layers", json!(["arn:aws:lambda:ap-northeast-1:111111111111:layer:a"]), vec![]);
        let exists = step(all, json!(true), vec![list, turn]);
        let mut whole = step("config.Layers.all(...) && org.accounts", json!(true), vec![own, exists]);
        whole.hide_others();
        let told = serde_json::to_string(&whole).unwrap();
        assert!(!told.contains("222222222222"), "{told}");
        assert_eq!(whole.value, Some(json!(true)));
        assert_eq!((whole.parts[0].is_hidden, whole.parts[1].parts[0].is_hidden), (false, true));
    }
}
