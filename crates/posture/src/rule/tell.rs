//! What there is to tell about a rule beyond [`yagura_model::RuleInfo`]: for pages that people read.

use yagura_model::{Needs, Outcome};

use super::Rule;
use crate::needs;

impl Rule {
    /// Its conditions as they are written, each with the key that it stands under; `guard` for a policy of CloudFormation
    /// Guard, which answers in their place.
    pub fn conditions(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let conditions = &self.conditions;
        let key = if self.guard.is_some() { "guard" } else { "compliant" };
        [
            ("when", conditions.when.as_ref()),
            (key, Some(&conditions.compliant)),
            ("evidence", conditions.evidence.as_ref()),
        ]
        .into_iter()
        .filter_map(|(key, written)| Some((key, written?.text.as_str())))
    }

    /// The cases that it is tested with, in the order of its file: their names, and the answers that are expected.
    pub fn cases(&self) -> impl Iterator<Item = (&str, Outcome)> {
        self.examples().iter().map(|example| (example.name.as_str(), example.expect))
    }

    /// What has to be read to judge by this rule alone.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let mut all = needs::nothing();
        needs::add(self, false, &mut all);
        all
    }
}

#[cfg(test)]
mod tests {
    use yagura_packs::Packs;

    use super::*;
    use crate::{Rules, Settings};

    #[test]
    fn a_rule_tells_its_conditions_cases_and_needs() {
        let (rules, _) = Rules::load(&Packs::embedded(), &Settings::default());
        let rule = rules.get("restricted-ssh").unwrap();
        let keys: Vec<_> = rule.conditions().map(|(key, _)| key).collect();
        assert_eq!(keys, ["compliant", "evidence"]);
        assert!(rule.cases().any(|(name, outcome)| !name.is_empty() && outcome == Outcome::NonCompliant));
        assert!(rule.needs().of(rule.resource()).is_some());
    }
}
