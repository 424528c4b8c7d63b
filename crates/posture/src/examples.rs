//! Runs the examples that rules carry.

use serde_json::Value as Json;
use yagura_model::{Evaluation, Outcome, Place, RuleId};

use crate::explain::Explanation;
use crate::rule::{Example, Rule};
use crate::rules::Rules;

/// How one example of a rule ended.
#[derive(Debug, Clone, PartialEq)]
pub struct ExampleResult {
    /// The rule.
    pub rule: RuleId,
    /// The example's name, or its line.
    pub name: String,
    /// The file.
    pub file: String,
    /// Where in it.
    pub place: Place,
    /// What the example says.
    pub expected: Outcome,
    /// What the rule says, with the reason and the evidence; `None` when it said nothing.
    pub got: Option<Evaluation>,
    /// How the rule came to its answer, when it is not the expected one.
    pub explanation: Option<Explanation>,
}

impl ExampleResult {
    /// Whether the rule gave the expected answer.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.got.as_ref().is_some_and(|got| got.outcome == self.expected)
    }
}

impl Rules {
    /// One rule by itself.
    #[cfg(fuzzing)]
    pub(crate) fn of_one(rule: Rule) -> Self {
        Self {
            rules: [(rule.id().clone(), rule.into())].into(),
            settings: Default::default(),
            muted: Default::default(),
            asked_for: true,
        }
    }

    /// Runs every example of every rule, in the order of the files. The configuration is not looked at.
    #[must_use]
    pub fn check_examples(&self) -> Vec<ExampleResult> {
        self.rules
            .values()
            .flat_map(|rule| {
                let alone = Self {
                    rules: [(rule.id().clone(), rule.clone())].into(),
                    settings: Default::default(),
                    muted: Default::default(),
                    asked_for: true,
                };
                rule.examples().iter().map(|example| run(&alone, rule, example)).collect::<Vec<_>>()
            })
            .collect()
    }
}

fn run(alone: &Rules, rule: &Rule, example: &Example) -> ExampleResult {
    let with_params = alone.with_params(rule, &example.params);
    let answers = with_params.evaluate(&example.inventory, &example.organization, example.now);
    let got = answers.into_iter().find(|it| it.resource == example.judged);
    let is_right = got.as_ref().is_some_and(|got| got.outcome == example.expect);
    let explanation = (!is_right)
        .then(|| {
            with_params.explain(rule, &example.judged, &example.inventory, &example.organization, example.now)
        })
        .flatten();
    ExampleResult {
        rule: rule.id().clone(),
        name: example.name.clone(),
        file: rule.file().to_owned(),
        place: example.place,
        expected: example.expect,
        got,
        explanation,
    }
}

impl Rules {
    /// The same rules, one of them with these parameters.
    fn with_params(&self, rule: &Rule, params: &serde_json::Map<String, Json>) -> Self {
        let mut settings = (*self.settings).clone();
        settings.rules.entry(rule.id().to_string()).or_default().params.extend(params.clone());
        Self { settings: settings.into(), ..self.clone() }
    }
}
