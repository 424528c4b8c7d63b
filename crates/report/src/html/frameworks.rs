//! What the page is told about frameworks: totals, and each requirement with what decides it. It grows with the frameworks, not with the organisation.

use std::collections::BTreeMap;

use serde::Serialize;
use yagura_model::{
    Answer, Assessment, Framework, Lang, Outcome, Percent, Requirement, RequirementAssessment, RuleId, Text,
    Totals,
};

use crate::framework::words::doubt;
use crate::safe::line;

#[derive(Serialize)]
pub(super) struct FrameworkData<'a> {
    id: &'a str,
    name: &'a Text,
    publisher: &'a Text,
    version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    answers: BTreeMap<&'static str, u64>,
    met: Option<Percent>,
    evaluated: Option<Percent>,
    score: Option<Percent>,
    by_hand: u64,
    groups: Vec<GroupData<'a>>,
    requirements: Vec<RequirementData<'a>>,
    rules: BTreeMap<&'a RuleId, RuleData<'a>>,
}

/// A chapter; `within` is the number of the one around it.
#[derive(Serialize)]
struct GroupData<'a> {
    id: &'a str,
    title: &'a Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<usize>,
    answers: BTreeMap<&'static str, u64>,
    met: Option<Percent>,
}

#[derive(Serialize)]
struct RequirementData<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<u32>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    title: &'a Text,
    answer: Answer,
    accounts: &'a BTreeMap<Outcome, u64>,
    rules: &'a [RuleId],
    #[serde(skip_serializing_if = "Option::is_none")]
    manual: Option<&'a Text>,
    /// Why it is not known, in both languages.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    doubts: Vec<[String; 2]>,
}

#[derive(Serialize)]
struct RuleData<'a> {
    /// Its number among the rules of the page; nothing when the scan did not use it.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<usize>,
    answer: Answer,
    evaluations: &'a BTreeMap<Outcome, u64>,
    accounts: &'a BTreeMap<Outcome, u64>,
}

/// The frameworks that were asked for; `rules` are the numbers of the page's rules.
pub(super) fn frameworks<'a>(
    assessments: &'a [Assessment],
    rules: &BTreeMap<&RuleId, usize>,
) -> Vec<FrameworkData<'a>> {
    assessments.iter().map(|it| framework(it, rules)).collect()
}

fn framework<'a>(it: &'a Assessment, rules: &BTreeMap<&RuleId, usize>) -> FrameworkData<'a> {
    let of = &it.framework;
    let requirements = of.requirements.iter().zip(&it.requirements);
    FrameworkData {
        id: &of.id,
        name: &of.name,
        publisher: &of.publisher,
        version: &of.version,
        // A framework's file may come from anywhere; a link must not run a script.
        url: Some(of.url.as_str()).filter(|it| it.starts_with("https://")),
        answers: answers(&it.totals),
        met: it.passed_percent,
        evaluated: it.evaluated_percent,
        score: it.score,
        by_hand: it.to_check_by_hand,
        groups: groups(it),
        requirements: requirements.map(|(it, result)| requirement(of, it, result)).collect(),
        rules: it
            .rules
            .iter()
            .map(|(id, said)| {
                let rule = rules.get(id).copied().filter(|_| said.used);
                let (evaluations, accounts) = (&said.evaluations, &said.accounts);
                (id, RuleData { rule, answer: said.answer, evaluations, accounts })
            })
            .collect(),
    }
}

fn groups(it: &Assessment) -> Vec<GroupData<'_>> {
    let groups = it.framework.groups.iter().zip(&it.groups);
    groups
        .map(|(group, result)| GroupData {
            id: &group.id,
            title: &group.title,
            within: number(&it.framework, group.within.as_deref()),
            answers: answers(&result.totals),
            met: result.totals.passed_percent(),
        })
        .collect()
}

fn requirement<'a>(
    framework: &Framework,
    it: &'a Requirement,
    result: &'a RequirementAssessment,
) -> RequirementData<'a> {
    let told = |lang, doubts: &yagura_model::DoubtCount| {
        line(&doubt(&doubts.doubt, doubts.accounts, lang)).into_owned()
    };
    RequirementData {
        id: &it.id,
        group: number(framework, it.group.as_deref()),
        level: it.level,
        tags: &it.tags,
        title: &it.title,
        answer: result.answer,
        accounts: &result.accounts,
        rules: &it.rules,
        manual: it.manual.as_ref(),
        doubts: result.doubts.iter().map(|it| [told(Lang::En, it), told(Lang::Ja, it)]).collect(),
    }
}

fn number(framework: &Framework, group: Option<&str>) -> Option<usize> {
    let group = group?;
    framework.groups.iter().position(|it| it.id == group)
}

/// Requirements by answer, those without any left out.
fn answers(totals: &Totals) -> BTreeMap<&'static str, u64> {
    Answer::ALL.into_iter().map(|it| (it.as_str(), totals.of(it))).filter(|(_, n)| *n > 0).collect()
}
