//! Frameworks, and how far they are met: over all accounts, in each of them, requirement by requirement.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;
use yagura_model::{
    AccountId, Answer, Assessment, DoubtCount, Framework, GroupAssessment, Outcome, Percent, Requirement,
    RequirementAssessment, RuleId, ScanId, Severity, Text, Totals,
};

use crate::app::App;
use crate::derived::FrameworkResult;
use crate::problem::Problem;
use crate::query::Part;
use crate::sign_in::Caller;
use crate::world::World;

/// How far something meets a framework.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Met {
    /// How many requirements have each answer.
    totals: Totals,
    /// The share that is met of what was evaluated.
    passed_percent: Option<Percent>,
    /// The share that could be evaluated at all, of what applies.
    evaluated_percent: Option<Percent>,
}

impl From<Totals> for Met {
    fn from(totals: Totals) -> Self {
        Self {
            totals,
            passed_percent: totals.passed_percent(),
            evaluated_percent: totals.evaluated_percent(),
        }
    }
}

/// A framework, in one line.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FrameworkLine {
    /// Its id.
    id: String,
    /// What it is called.
    name: Text,
    /// Who publishes it.
    publisher: Text,
    /// Its version.
    version: String,
    /// How many requirements it has.
    requirements: usize,
    /// How far it is met; none when no scan looked at its rules yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<Met>,
    /// The score over its rules.
    score: Option<Percent>,
}

/// Frameworks.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FrameworkList {
    /// By id.
    frameworks: Vec<FrameworkLine>,
}

/// Every framework, and how far the caller's accounts meet it.
#[utoipa::path(get, path = "/api/frameworks", tag = "frameworks",
    responses((status = 200, body = FrameworkList), (status = 401, body = Problem), (status = 403, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Json<FrameworkList>, Problem> {
    let world = app.world();
    let derived = app.derived.of(&app.store, &world, Some(&caller)).await?;
    let result =
        |id: &str| derived.iter().flat_map(|it| &it.frameworks).find(|it| it.assessment.framework.id == id);
    let line = |it: &Framework| {
        let assessment = result(&it.id).map(|it| &it.assessment);
        FrameworkLine {
            id: it.id.clone(),
            name: it.name.clone(),
            publisher: it.publisher.clone(),
            version: it.version.clone(),
            requirements: it.requirements.len(),
            met: assessment.map(|it| it.totals.into()),
            score: assessment.and_then(|it| it.score),
        }
    };
    Ok(Json(FrameworkList { frameworks: world.frameworks.iter().map(line).collect() }))
}

/// One account's answers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccountAnswers {
    /// The account.
    account: AccountId,
    /// What people call it; empty where it has no name.
    name: String,
    /// How far it meets the framework.
    met: Met,
    /// A letter for each requirement, in the framework's order: `C` compliant, `N` non-compliant, `A` not applicable, `I` insufficient data, `M` manual.
    answers: String,
}

/// How far a project meets a framework.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ProjectMet {
    /// The project.
    project: String,
    /// How far it meets the framework.
    met: Met,
    /// Its score.
    score: Option<Percent>,
}

/// A framework, and the answers.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct FrameworkDetail {
    /// The framework, with the texts of its requirements.
    framework: Framework,
    /// The scan that the answers are from; none when no scan looked at its rules yet, and then nothing else is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    scan: Option<ScanId>,
    /// How many of its rules that scan looked at.
    rules_used: usize,
    /// How many rules it has.
    rules: usize,
    /// How far it is met.
    #[serde(skip_serializing_if = "Option::is_none")]
    met: Option<Met>,
    /// The score over its rules.
    score: Option<Percent>,
    /// How many requirements a person must check, wholly or in part.
    to_check_by_hand: u64,
    /// By chapter.
    groups: Vec<GroupAssessment>,
    /// The answers over all accounts, in the framework's order.
    answers: Vec<RequirementAssessment>,
    /// The answers of each account.
    accounts: Vec<AccountAnswers>,
    /// The projects.
    projects: Vec<ProjectMet>,
}

/// A framework with its requirements, and the answers of each account.
#[utoipa::path(get, path = "/api/frameworks/{id}", tag = "frameworks", params(("id" = String, Path)),
    responses((status = 200, body = FrameworkDetail), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part(id): Part<String>,
) -> Result<Json<FrameworkDetail>, Problem> {
    let world = app.world();
    let framework = world.frameworks.get(&id).ok_or_else(|| Problem::not_found("framework"))?;
    let derived = app.derived.of(&app.store, &world, Some(&caller)).await?;
    let result = derived.iter().flat_map(|it| &it.frameworks).find(|it| it.assessment.framework.id == id);
    Ok(Json(detail(&world, &caller, framework, result)))
}

fn detail(
    world: &World,
    caller: &Caller,
    framework: &Framework,
    result: Option<&FrameworkResult>,
) -> FrameworkDetail {
    let assessment = result.map(|it| &it.assessment);
    let projects =
        assessment.into_iter().flat_map(|it| &it.projects).filter(|it| caller.is_told_of(&it.project));
    FrameworkDetail {
        framework: framework.clone(),
        scan: result.map(|it| it.scan),
        rules_used: result.map_or(0, |it| it.rules),
        rules: framework.rules().len(),
        met: assessment.map(|it| it.totals.into()),
        score: assessment.and_then(|it| it.score),
        to_check_by_hand: assessment.map_or(0, |it| it.to_check_by_hand),
        groups: assessment.map_or_else(Vec::new, |it| it.groups.clone()),
        answers: assessment.map_or_else(Vec::new, |it| it.requirements.clone()),
        accounts: result.map_or_else(Vec::new, |it| account_answers(world, it)),
        projects: projects
            .map(|it| ProjectMet { project: it.project.clone(), met: it.totals.into(), score: it.score })
            .collect(),
    }
}

fn account_answers(world: &World, result: &FrameworkResult) -> Vec<AccountAnswers> {
    let of = |(account, answers): (&AccountId, &Vec<Answer>)| AccountAnswers {
        name: world.account_name(account),
        met: result.assessment.accounts.get(account).copied().unwrap_or_default().into(),
        answers: answers.iter().map(|it| letter(*it)).collect(),
        account: account.clone(),
    };
    result.answers.iter().map(of).collect()
}

fn letter(answer: Answer) -> char {
    match answer {
        Answer::Compliant => 'C',
        Answer::NonCompliant => 'N',
        Answer::NotApplicable => 'A',
        Answer::InsufficientData => 'I',
        Answer::Manual => 'M',
    }
}

/// A rule that serves a requirement.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ServingRule {
    /// Its id.
    id: RuleId,
    /// What it says, in one line.
    title: Text,
    /// How bad a violation is.
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    /// Whether the scan used it.
    used: bool,
    /// What it said of resources, counted.
    evaluations: BTreeMap<Outcome, u64>,
    /// What it said of accounts, counted.
    accounts: BTreeMap<Outcome, u64>,
}

/// A requirement's answer in one account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccountAnswer {
    /// The account.
    account: AccountId,
    /// What people call it; empty where it has no name.
    name: String,
    /// The answer.
    answer: Answer,
}

/// A requirement, and how it is met.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RequirementDetail {
    /// The framework's id.
    framework: String,
    /// What the framework is called.
    framework_name: Text,
    /// The requirement.
    requirement: Requirement,
    /// The answer over all accounts; none when no scan looked at its rules yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<Answer>,
    /// Why it is not known.
    doubts: Vec<DoubtCount>,
    /// The rules that serve it.
    rules: Vec<ServingRule>,
    /// The answer in each account.
    accounts: Vec<AccountAnswer>,
}

/// A requirement with its rules, and the answer in each account.
#[utoipa::path(get, path = "/api/frameworks/{id}/requirements/{requirement}", tag = "frameworks", params(("id" = String, Path), ("requirement" = String, Path)),
    responses((status = 200, body = RequirementDetail), (status = 400, body = Problem), (status = 401, body = Problem), (status = 403, body = Problem),
        (status = 404, body = Problem), (status = 503, body = Problem)))]
pub(super) async fn requirement(
    State(app): State<Arc<App>>,
    caller: Caller,
    Part((id, number)): Part<(String, String)>,
) -> Result<Json<RequirementDetail>, Problem> {
    let world = app.world();
    let framework = world.frameworks.get(&id).ok_or_else(|| Problem::not_found("framework"))?;
    let place = framework.requirements.iter().position(|it| it.id == number);
    let found = place.and_then(|place| Some((place, framework.requirements.get(place)?)));
    let (place, requirement) = found.ok_or_else(|| Problem::not_found("requirement"))?;
    let derived = app.derived.of(&app.store, &world, Some(&caller)).await?;
    let result = derived.iter().flat_map(|it| &it.frameworks).find(|it| it.assessment.framework.id == id);
    let assessment = result.map(|it| &it.assessment);
    let answer = assessment.and_then(|it| it.requirements.get(place));
    let of = |(account, answers): (&AccountId, &Vec<Answer>)| {
        let answer = *answers.get(place)?;
        Some(AccountAnswer { name: world.account_name(account), answer, account: account.clone() })
    };
    Ok(Json(RequirementDetail {
        framework: framework.id.clone(),
        framework_name: framework.name.clone(),
        requirement: requirement.clone(),
        answer: answer.map(|it| it.answer),
        doubts: answer.map_or_else(Vec::new, |it| it.doubts.clone()),
        rules: requirement.rules.iter().map(|rule| serving(&world, rule, assessment)).collect(),
        accounts: result.into_iter().flat_map(|it| &it.answers).filter_map(of).collect(),
    }))
}

fn serving(world: &World, rule: &RuleId, assessment: Option<&Assessment>) -> ServingRule {
    let info = world.rules.get(rule);
    let said = assessment.and_then(|it| it.rules.get(rule));
    ServingRule {
        id: rule.clone(),
        title: info.map_or_else(Text::default, |it| Text {
            en: it.text.en.title.clone(),
            ja: it.text.ja.title.clone(),
        }),
        severity: info.map(|it| it.severity),
        used: said.is_some_and(|it| it.used),
        evaluations: said.map_or_else(BTreeMap::new, |it| it.evaluations.clone()),
        accounts: said.map_or_else(BTreeMap::new, |it| it.accounts.clone()),
    }
}
