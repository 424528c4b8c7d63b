//! What an item does to an earlier one of its name.

use std::collections::BTreeSet;

use super::decode::optional_bool;
use super::{Code, Problem};
use crate::yaml::{Kind, Node};

/// What an item does to an earlier one of its name, key by key.
pub(super) struct Overrides {
    pub(super) append: BTreeSet<String>,
    pub(super) replace: BTreeSet<String>,
}

/// Keys of rules that can be appended to.
pub(super) const APPENDABLE: [&str; 5] = ["condition", "output", "desc", "tags", "exceptions"];

/// Keys of rules that can be replaced.
pub(super) const REPLACEABLE: [&str; 11] = [
    "condition",
    "output",
    "desc",
    "priority",
    "capture",
    "capture_duration",
    "tags",
    "exceptions",
    "enabled",
    "warn_evttypes",
    "skip-if-unknown-filter",
];

/// Whether a list or macro is added to an earlier one: by the old key or the new.
pub(super) fn appends(
    item: &Node,
    key: &str,
    known: &[&str],
    warnings: &mut Vec<Problem>,
) -> Result<bool, Problem> {
    let overrides = overrides(item, known, known)?;
    let flag = append_flag(item, overrides.is_some(), warnings)?;
    Ok(flag || overrides.is_some_and(|it| it.append.contains(key)))
}

/// The old key.
pub(super) fn append_flag(
    item: &Node,
    overrides: bool,
    warnings: &mut Vec<Problem>,
) -> Result<bool, Problem> {
    let append = optional_bool(item, "append")?.unwrap_or(false);
    if append {
        let at = item.get("append").map_or(item.at, |it| it.at);
        if overrides {
            let message = "`append` and `override` cannot both be used";
            return Err(Problem::new(at, Code::YamlValidate, message));
        }
        let message = "`append` is deprecated; use `override` with `append` for the key";
        warnings.push(Problem::new(at, Code::DeprecatedItem, message));
    }
    Ok(append)
}

/// The new key: `override: { condition: append, enabled: replace }`. `None` where it says nothing.
pub(super) fn overrides(
    item: &Node,
    appendable: &[&str],
    replaceable: &[&str],
) -> Result<Option<Overrides>, Problem> {
    let Some(node) = item.get("override") else { return Ok(None) };
    let Kind::Mapping(entries) = &node.kind else {
        let message = format!("`override` is a mapping; this is {}", node.describe());
        return Err(Problem::new(node.at, Code::YamlValidate, message));
    };
    let mut overrides = Overrides { append: BTreeSet::new(), replace: BTreeSet::new() };
    for (key, at, value) in entries {
        let how = match &value.kind {
            Kind::Scalar(scalar) => scalar.text.as_str(),
            _ => value.describe(),
        };
        let (appends, replaces) = (appendable.contains(&key.as_str()), replaceable.contains(&key.as_str()));
        match how {
            "append" if appends => drop(overrides.append.insert(key.clone())),
            "replace" if replaces => drop(overrides.replace.insert(key.clone())),
            "append" if replaces => {
                let message = format!("`{key}` cannot be appended to, only replaced");
                return Err(Problem::new(*at, Code::YamlValidate, message));
            }
            "append" | "replace" => {
                let message = format!("`{key}` cannot be overridden; {} can", replaceable.join(", "));
                return Err(Problem::new(*at, Code::YamlValidate, message));
            }
            other => {
                let message = format!("`{other}` is no way to override `{key}`: append or replace");
                return Err(Problem::new(value.at, Code::YamlValidate, message));
            }
        }
    }
    let says_nothing = overrides.append.is_empty() && overrides.replace.is_empty();
    if let (false, Kind::Mapping(entries)) = (says_nothing, &item.kind) {
        let changeable = |key: &str| appendable.contains(&key) || replaceable.contains(&key);
        let said = |key: &String| overrides.append.contains(key) || overrides.replace.contains(key);
        if let Some((key, at, _)) = entries.iter().find(|(key, _, _)| changeable(key) && !said(key)) {
            let message = format!("`{key}` is in the item, but `override` does not say what to do with it");
            return Err(Problem::new(*at, Code::YamlValidate, message));
        }
    }
    Ok((!says_nothing).then_some(overrides))
}
