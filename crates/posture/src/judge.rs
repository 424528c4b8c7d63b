//! Judges one account by a set of rules.

use std::collections::HashMap;

use serde_json::{Value as Json, json};
use yagura_model::{
    Account, Evaluation, Inventory, Organization, Outcome, Reason, Region, Resource, ResourceKey, Severity,
    Timestamp,
};

use crate::condition::{Fault, Frame, Scope};
use crate::guard::Policy;
use crate::mutelist::{Chain, Found};
use crate::rule::{Compiled, Rule};
use crate::rules::Rules;
use crate::settings::Exception;
use crate::surroundings::Surroundings;

/// An answer: what, why, and what exactly is wrong.
pub(crate) struct Answer {
    outcome: Outcome,
    reason: Option<Reason>,
    evidence: Option<Json>,
}

impl Answer {
    fn plain(outcome: Outcome) -> Self {
        Self { outcome, reason: None, evidence: None }
    }

    fn unknown(reason: Reason) -> Self {
        Self { outcome: Outcome::InsufficientData, reason: Some(reason), evidence: None }
    }
}

/// One rule in one account.
pub(crate) struct Judge<'a> {
    rule: &'a Rule,
    severity: Severity,
    params: &'a Json,
    exceptions: Vec<&'a Exception>,
    muted: &'a [Chain],
    around: &'a Surroundings<'a>,
}

impl Rules {
    /// Judges one account; the answers are sorted by [`Evaluation::sort_key`].
    #[must_use]
    pub fn evaluate(
        &self,
        inventory: &Inventory,
        organization: &Organization,
        now: Timestamp,
    ) -> Vec<Evaluation> {
        let around = Surroundings::new(inventory, organization, now);
        let effective: Vec<_> = self
            .iter()
            .map(|rule| (rule, self.effective(rule, &inventory.account)))
            .filter(|(_, effective)| effective.enabled)
            .map(|(rule, effective)| (rule, effective.severity, Json::Object(effective.params)))
            .collect();
        let mut judges: HashMap<&str, Vec<Judge<'_>>> = HashMap::new();
        for (rule, severity, params) in &effective {
            let judge = self.judge(rule, *severity, params, &around);
            judges.entry(rule.resource().as_str()).or_default().push(judge);
        }
        let mut answers = Vec::new();
        // Resource by resource: that is the order of the answers already, and what was just looked at is near.
        for group in inventory.resources.chunk_by(|a, b| a.key.resource_type == b.key.resource_type) {
            let judges = judges.get(group[0].key.resource_type.as_str()).map_or(&[][..], Vec::as_slice);
            for resource in group {
                answers.extend(judges.iter().map(|judge| judge.tell(resource, judge.judge(resource))));
            }
        }
        for judge in judges.values().flatten() {
            judge.unlisted(&mut answers);
        }
        answers.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        answers
    }
}

impl Rules {
    /// One of the rules with what the configuration says about it.
    pub(crate) fn judge<'a>(
        &'a self,
        rule: &'a Rule,
        severity: Severity,
        params: &'a Json,
        around: &'a Surroundings<'a>,
    ) -> Judge<'a> {
        let exceptions = self.exceptions(rule).filter(|it| it.holds(around.now)).collect();
        Judge { rule, severity, params, exceptions, muted: self.muted.of(rule), around }
    }
}

impl<'a> Judge<'a> {
    /// One answer about whatever may be there for each region that could not be listed.
    fn unlisted(&self, answers: &mut Vec<Evaluation>) {
        let inventory = self.around.inventory;
        let resource_type = self.rule.resource();
        let mut regions: Vec<(&Region, Vec<yagura_model::Gap>)> = Vec::new();
        for missing in inventory.unlisted.iter().filter(|it| it.resource_type == *resource_type) {
            match regions.iter_mut().find(|(region, _)| **region == missing.region) {
                Some((_, gaps)) => gaps.push(missing.gap.clone()),
                None => regions.push((&missing.region, vec![missing.gap.clone()])),
            }
        }
        for (region, mut gaps) in regions {
            gaps.sort();
            gaps.dedup();
            answers.push(self.whatever(region.clone(), Reason::Unread { gaps }));
        }
        if !self.around.was_asked_for(resource_type.as_str()) {
            let what = format!("resources of type {resource_type} were not collected");
            answers.push(self.whatever(Region::global(), Reason::Undecidable { what }));
        }
    }

    fn whatever(&self, region: Region, reason: Reason) -> Evaluation {
        Evaluation {
            resource: ResourceKey {
                account: self.account().id.clone(),
                region,
                resource_type: self.rule.resource().clone(),
                id: Evaluation::WHATEVER.to_owned(),
            },
            rule: self.rule.id().clone(),
            arn: String::new(),
            name: String::new(),
            outcome: Outcome::InsufficientData,
            severity: self.severity,
            reason: Some(reason),
            evidence: None,
        }
    }

    fn account(&self) -> &'a Account {
        &self.around.inventory.account
    }

    pub(crate) fn tell(&self, resource: &Resource, answer: Answer) -> Evaluation {
        Evaluation {
            resource: resource.key.clone(),
            rule: self.rule.id().clone(),
            arn: resource.arn.clone(),
            name: resource.name.clone(),
            outcome: answer.outcome,
            severity: self.severity,
            reason: answer.reason,
            evidence: answer.evidence,
        }
    }

    pub(crate) fn judge(&self, resource: &'a Resource) -> Answer {
        if let Some(policy) = self.rule.guard() {
            return self.by_policy(policy, resource);
        }
        let compiled = match self.rule.compiled() {
            Ok(compiled) => compiled,
            Err(mistakes) => {
                let error = mistakes.first().map(ToString::to_string).unwrap_or_default();
                return Answer::unknown(Reason::RuleFailed { error });
            }
        };
        let mut frame = Frame::new(Scope { resource, params: self.params, around: self.around });
        match answer(compiled, &mut frame) {
            Ok(Outcome::NonCompliant) => {
                if let Some(reason) = self.exception(resource) {
                    return Answer { reason: Some(reason), ..Answer::plain(Outcome::NotApplicable) };
                }
                let evidence = compiled.evidence.as_ref();
                Answer {
                    // A violation stands whether or not it can be shown.
                    evidence: evidence.and_then(|node| frame.value(node).ok()).map(|value| value.to_json()),
                    ..Answer::plain(Outcome::NonCompliant)
                }
            }
            Ok(Outcome::NotApplicable) => {
                Answer { reason: Some(Reason::NotConcerned), ..Answer::plain(Outcome::NotApplicable) }
            }
            Ok(outcome) => Answer::plain(outcome),
            Err(fault) => Answer::unknown(fault.reason()),
        }
    }

    fn by_policy(&self, policy: &Policy, resource: &Resource) -> Answer {
        let verdict = match policy.judge(resource) {
            Ok(verdict) => verdict,
            Err(reason) => return Answer::unknown(reason),
        };
        let reason = match verdict.outcome {
            Outcome::NonCompliant => self.exception(resource),
            Outcome::NotApplicable => Some(Reason::NotConcerned),
            _ => None,
        };
        match (verdict.outcome, reason) {
            (Outcome::NonCompliant, None) => {
                let checks = json!({ "Checks": verdict.checks });
                Answer { evidence: Some(checks), ..Answer::plain(Outcome::NonCompliant) }
            }
            (_, reason @ Some(_)) => Answer { reason, ..Answer::plain(Outcome::NotApplicable) },
            (outcome, None) => Answer::plain(outcome),
        }
    }

    fn exception(&self, resource: &Resource) -> Option<Reason> {
        let excepted = self.exceptions.iter().find_map(|exception| {
            let by = exception.takes_out(resource, self.account())?;
            Some(Reason::Excepted { by, because: exception.because.clone() })
        });
        if excepted.is_some() || self.muted.is_empty() {
            return excepted;
        }
        let found = Found::new(resource, self.account(), self.around.organization.partition);
        self.muted.iter().find_map(|chain| chain.mutes(&found))
    }
}

/// What the conditions say, before exceptions.
fn answer<'a>(compiled: &'a Compiled, frame: &mut Frame<'a>) -> Result<Outcome, Fault<'a>> {
    if let Some(when) = &compiled.when
        && !frame.bool(when)?
    {
        return Ok(Outcome::NotApplicable);
    }
    Ok(if frame.bool(&compiled.compliant)? { Outcome::Compliant } else { Outcome::NonCompliant })
}
