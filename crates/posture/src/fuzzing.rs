//! What fuzz targets call: rule files and conditions as anybody may write them.

use std::borrow::Cow;

use crate::Rule;

/// Reads, checks and runs a rule file. Whatever is in it ends in diagnostics or in answers.
pub fn read_rule(text: &str) {
    let source: Cow<'static, str> = Cow::Owned(text.to_owned());
    if let Ok(rule) = Rule::read("rules/fuzz/fuzz.yaml", "fuzz.yaml", source) {
        let _ = rule.check();
        let _ = rule.check_examples();
    }
}
