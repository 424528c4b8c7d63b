//! What fuzz targets call: rules, policies and mutelists as anybody may write them.

use crate::rule::Source;
use crate::{Mutelist, Rule, Rules, guard};

/// Reads, checks and runs a rule file. Whatever is in it ends in diagnostics or in answers.
pub fn read_rule(text: &str) {
    if let Ok(rule) = Rule::read("rules/fuzz/fuzz.yaml", "fuzz.yaml", Source::Held(text.to_owned())) {
        let _ = rule.check();
        let _ = Rules::of_one(rule).check_examples();
    }
}

/// Reads a Guard policy.
pub fn read_policy(text: &str) {
    let _ = guard::read("fuzz.guard", text);
}

/// Reads a mutelist.
pub fn read_mutelist(text: &str) {
    let _ = Mutelist::read("fuzz.yaml", text);
}
