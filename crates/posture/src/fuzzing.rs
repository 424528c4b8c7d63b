//! What fuzz targets call: rules, policies and mutelists as anybody may write them.

use std::borrow::Cow;

use crate::{Mutelist, Rule, guard};

/// Reads, checks and runs a rule file. Whatever is in it ends in diagnostics or in answers.
pub fn read_rule(text: &str) {
    let source: Cow<'static, str> = Cow::Owned(text.to_owned());
    if let Ok(rule) = Rule::read("rules/fuzz/fuzz.yaml", "fuzz.yaml", source) {
        let _ = rule.check();
        let _ = rule.check_examples();
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
