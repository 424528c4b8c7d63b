//! What Guard's record of an evaluation says: the answer, and which checks did not hold.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};
use yagura_model::{Outcome, Reason, Resource};

use crate::needs::TAG_FIELDS;

/// At most this many checks that did not hold are kept.
const CHECKS: usize = 20;

/// What was found is kept up to this many bytes of JSON.
const LONGEST: usize = 500;

/// What Guard says of a resource.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Verdict {
    pub(crate) outcome: Outcome,
    /// The checks that did not hold: `Rule`, `Check`, `Path`, `Found` or `Missing`, `Message`.
    pub(crate) checks: Vec<Json>,
}

/// Reads a record; `None` when it is none.
pub(super) fn verdict(record: &Json) -> Option<Verdict> {
    let outcome = match record["container"]["FileCheck"]["status"].as_str()? {
        "PASS" => Outcome::Compliant,
        "FAIL" => Outcome::NonCompliant,
        "SKIP" => Outcome::NotApplicable,
        _ => return None,
    };
    let mut checks = Vec::new();
    if outcome == Outcome::NonCompliant {
        for rule in record["children"].as_array()? {
            let about = &rule["container"]["RuleCheck"];
            if about["status"] == "FAIL" {
                failed(rule, about["name"].as_str().unwrap_or_default(), &mut checks);
            }
        }
    }
    Some(Verdict { outcome, checks })
}

/// Gathers the checks below a record that did not hold.
fn failed(record: &Json, rule: &str, checks: &mut Vec<Json>) {
    for child in record["children"].as_array().map(Vec::as_slice).unwrap_or_default() {
        let container = &child["container"];
        // A condition that does not hold, or an element that a filter leaves out, violates nothing.
        if ["RuleCondition", "TypeCondition", "WhenCondition", "Filter"]
            .iter()
            .any(|it| !container[it].is_null())
        {
            continue;
        }
        if let Some(check) = container.get("ClauseValueCheck") {
            if let Some(told) = tell(check, child["context"].as_str().unwrap_or_default(), rule)
                && checks.len() < CHECKS
                && !checks.contains(&told)
            {
                checks.push(told);
            }
        } else {
            failed(child, rule, checks);
        }
    }
}

fn tell(check: &Json, context: &str, rule: &str) -> Option<Json> {
    let (kind, body) = check.as_object()?.iter().next()?;
    let body = if kind == "Unary" { &body["value"] } else { body };
    if body["status"].as_str().is_some_and(|status| status != "FAIL") {
        return None;
    }
    let mut told = json!({ "Rule": rule, "Check": context.trim() });
    let from = &body["from"];
    if let Some(found) = from.get("Resolved") {
        told["Path"] = found["path"].clone();
        // A whole configuration is no evidence.
        if found["value"].to_string().len() <= LONGEST {
            told["Found"] = found["value"].clone();
        }
    } else if let Some(missing) = from.get("UnResolved") {
        told["Path"] = missing["traversed_to"]["path"].clone();
        told["Missing"] = missing["remaining_query"].clone();
    }
    if let Some(message) = body["custom_message"].as_str().filter(|it| !it.trim().is_empty()) {
        told["Message"] = message.trim().into();
    }
    Some(told)
}

impl Verdict {
    /// The verdict, unless it hangs on what was not read.
    pub(super) fn or_unknown(self, resource: &Resource, keys: &BTreeSet<String>) -> Result<Self, Reason> {
        let is = |a: &str, b: &str| a.eq_ignore_ascii_case(b);
        let is_tags = |field: &str| TAG_FIELDS.contains(&field);
        let unread_tags = || resource.unread.iter().find(|(field, _)| is_tags(field));
        if self.outcome != Outcome::NonCompliant {
            // Whatever held may have held only because nothing was there to be judged.
            let looks_at =
                |field: &str| keys.iter().any(|key| is(key, field) || (key == "tags" && is_tags(field)));
            let gaps = resource.unread.iter().filter(|(field, _)| looks_at(field));
            let mut gaps: Vec<_> = gaps.map(|(_, gap)| gap.clone()).collect();
            gaps.sort();
            gaps.dedup();
            return if gaps.is_empty() { Ok(self) } else { Err(Reason::Unread { gaps }) };
        }
        for check in &self.checks {
            let Some(missing) = check["Missing"].as_str() else { continue };
            let first = missing.split(['.', '[']).next().unwrap_or_default().trim_start_matches('.');
            let top = check["Path"].as_str().unwrap_or_default();
            if let Some((_, gap)) = unread_tags().filter(|_| top == "/tags") {
                return Err(Reason::Unread { gaps: vec![gap.clone()] });
            }
            if !is(top, "/configuration") && !is(top, "/supplementaryConfiguration") {
                continue;
            }
            if let Some((_, gap)) = resource.unread.iter().find(|(field, _)| is(field, first)) {
                return Err(Reason::Unread { gaps: vec![gap.clone()] });
            }
            // AWS Config files under this what it asks for besides, by names of its own; what we do not have there
            // under that name says nothing about the resource.
            if is(top, "/supplementaryConfiguration") {
                return Err(Reason::Undecidable {
                    what: format!("supplementaryConfiguration.{first} is not collected"),
                });
            }
        }
        Ok(self)
    }
}
