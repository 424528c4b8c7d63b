//! How a rule comes to its answer: the value of every part of its conditions.

use serde::Serialize;
use serde_json::{Map, Value as Json};
use yagura_model::{Evaluation, Inventory, Organization, Reason, ResourceKey, Timestamp};

use crate::condition::{Fold, Frame, Kind, Node, Scope, Value};
use crate::rule::Rule;
use crate::rules::Rules;
use crate::surroundings::Surroundings;

/// At most this many elements of a list are gone through.
const ELEMENTS: usize = 10;

/// How a rule comes to its answer about one resource.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Explanation {
    /// The answer, exceptions included.
    pub evaluation: Evaluation,
    /// The parameters as they hold in the account.
    pub params: Map<String, Json>,
    /// `when`, `compliant` and `evidence`, as far as the rule has them.
    pub conditions: Vec<(&'static str, Step)>,
}

/// A part of a condition, its value, and the parts that it is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Step {
    /// The expression, or `name = element` for one turn of a macro.
    pub text: String,
    /// Its value, or why it has none.
    pub value: Result<Json, Reason>,
    /// Its parts, without literals and names.
    pub parts: Vec<Step>,
}

impl Rules {
    /// Explains a rule's answer; `None` when the resource is not in the inventory or the rule has a mistake.
    #[must_use]
    pub fn explain(
        &self,
        rule: &Rule,
        resource: &ResourceKey,
        inventory: &Inventory,
        organization: &Organization,
        now: Timestamp,
    ) -> Option<Explanation> {
        let judged = inventory.resources.iter().find(|it| it.key == *resource)?;
        let around = Surroundings::new(inventory, organization, now);
        let effective = self.effective(rule, &inventory.account);
        let params = Json::Object(effective.params.clone());
        let judge = self.judge(rule, effective.severity, &params, &around);
        let evaluation = judge.tell(judged, judge.judge(judged));
        if rule.guard().is_some() {
            // The policy's own record of what did not hold is the evidence.
            return Some(Explanation { evaluation, params: effective.params, conditions: Vec::new() });
        }
        let compiled = rule.compiled().ok()?;
        let mut frame = Frame::new(Scope { resource: judged, params: &params, around: &around });
        let conditions = compiled.labelled().map(|(label, node)| (label, step(&mut frame, node))).collect();
        Some(Explanation { evaluation, params: effective.params, conditions })
    }
}

fn step<'a>(frame: &mut Frame<'a>, node: &'a Node) -> Step {
    let value = frame.value(node).map(|value| value.to_json()).map_err(|fault| fault.reason());
    let mut parts = Vec::new();
    if let Kind::Macro(it) = &node.kind {
        parts.extend(part(frame, &it.over));
        if let Ok(over) = frame.value(&it.over) {
            for element in elements(&over) {
                let mut turn = Step {
                    text: format!("{} = {}", it.name, shortened(&element.to_json())),
                    value: Ok(Json::Null),
                    parts: Vec::new(),
                };
                let asked = if it.fold == Fold::Map { it.transform.as_ref() } else { it.condition.as_ref() };
                if let Some(asked) = asked {
                    frame.set_local(it.slot, element);
                    let inside = step(frame, asked);
                    turn.value = inside.value;
                    turn.parts = inside.parts;
                }
                parts.push(turn);
            }
        }
    } else {
        for inner in node.parts() {
            parts.extend(part(frame, inner));
        }
    }
    Step { text: node.to_string(), value, parts }
}

/// A part, unless it explains itself.
fn part<'a>(frame: &mut Frame<'a>, node: &'a Node) -> Option<Step> {
    let plain = matches!(
        node.kind,
        Kind::Constant(_)
            | Kind::Time(_)
            | Kind::Duration(_)
            | Kind::Variable(_)
            | Kind::Local { .. }
            | Kind::None
    );
    (!plain).then(|| step(frame, node))
}

fn elements<'a>(over: &Value<'a>) -> Vec<Value<'a>> {
    over.elements().map(|elements| elements.iter().take(ELEMENTS).collect()).unwrap_or_default()
}

fn shortened(json: &Json) -> String {
    const LONGEST: usize = 120;
    let text = json.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}
