//! Items about rules: what defines one, changes one, or switches it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::collect::{Collected, RuleInfo, nothing_earlier, priority};
use super::decode::{optional_bool, optional_text, optional_texts, text, unknown_keys};
use super::exceptions::read_exceptions;
use super::overrides::{APPENDABLE, Overrides, REPLACEABLE, append_flag, overrides};
use super::written::Written;
use super::{Code, Fields, Problem};
use crate::yaml::{Kind, Node};

const SYSCALL: &str = "syscall";

impl Collected {
    pub(super) fn rule(
        &mut self,
        file: &Arc<str>,
        item: &Node,
        fields: &dyn Fields,
        warnings: &mut Vec<Problem>,
    ) -> Result<(), Problem> {
        const KEYS: [&str; 15] = [
            "rule",
            "condition",
            "output",
            "desc",
            "priority",
            "source",
            "enabled",
            "capture",
            "capture_duration",
            "warn_evttypes",
            "skip-if-unknown-filter",
            "tags",
            "exceptions",
            "override",
            "append",
        ];
        let name = text(item, "rule")?.text.clone();
        unknown_keys(item, &KEYS, warnings);
        let source = match item.get("source").map(|it| &it.kind) {
            Some(Kind::Scalar(scalar)) => scalar.text.clone(),
            _ => String::new(),
        };
        if let Some(earlier) = self.rules.get(&name)
            && !source.is_empty()
            && earlier.source != source
        {
            let message =
                format!("the rule `{name}` is about `{}` where it was first defined", earlier.source);
            return Err(Problem::new(item.at, Code::Validate, message));
        }
        let overrides = overrides(item, &APPENDABLE, &REPLACEABLE)?;
        let append = append_flag(item, overrides.is_some(), warnings)?;
        match overrides {
            Some(overrides) => self.overridden(file, item, &name, &overrides, fields, warnings),
            None if append => {
                let keys = ["condition", "exceptions"].map(str::to_owned);
                let present = keys.into_iter().filter(|key| item.get(key).is_some());
                let append = present.collect::<BTreeSet<_>>();
                let all = Overrides { append, replace: BTreeSet::new() };
                self.overridden(file, item, &name, &all, fields, warnings)
            }
            None if ["condition", "output", "desc", "priority"].iter().all(|key| item.get(key).is_none()) => {
                let enabled = optional_bool(item, "enabled")?.ok_or_else(|| {
                    let message = "the keys `condition`, `output`, `desc` and `priority` are missing, and so is `enabled`";
                    Problem::new(item.at, Code::YamlValidate, message)
                })?;
                let message =
                    "a rule that only switches an earlier one on or off is deprecated; use `override`";
                warnings.push(Problem::new(item.at, Code::DeprecatedItem, message));
                let earlier = self.rules.get_mut(&name);
                earlier.ok_or_else(|| nothing_earlier(item, "rule", &name))?.enabled = enabled;
                Ok(())
            }
            None => self.defined(file, item, name, fields, warnings),
        }
    }

    /// A rule of its own, perhaps in the place of an earlier one.
    fn defined(
        &mut self,
        file: &Arc<str>,
        item: &Node,
        name: String,
        fields: &dyn Fields,
        warnings: &mut Vec<Problem>,
    ) -> Result<(), Problem> {
        let condition = Written::new(file, text(item, "condition")?);
        let output = text(item, "output")?.text.trim().to_owned();
        let description = text(item, "desc")?.text.clone();
        let priority = priority(item)?;
        let source = optional_text(item, "source")?.map_or(SYSCALL, |it| it.text.as_str()).to_owned();
        let tags = optional_texts(item, "tags")?.unwrap_or_default().into_iter().collect();
        let source_known = fields.has_source(&source);
        if !source_known {
            let message = format!("no events of the source `{source}` are known; the rule is left out");
            warnings.push(Problem::new(item.at, Code::UnknownSource, message));
        }
        let mut exceptions = read_exceptions(item, file, false, warnings)?;
        for exception in &mut exceptions {
            exception.complete(source_known.then_some((fields, source.as_str())))?;
        }
        let rule = RuleInfo {
            source,
            source_known,
            condition,
            output,
            output_at: item.get("output").map_or(item.at, |it| it.at),
            description,
            priority,
            tags,
            enabled: optional_bool(item, "enabled")?.unwrap_or(true),
            warn_evttypes: optional_bool(item, "warn_evttypes")?.unwrap_or(true),
            skip_if_unknown_filter: optional_bool(item, "skip-if-unknown-filter")?.unwrap_or(false),
            exceptions,
            file: Arc::clone(file),
            at: item.at,
            name,
        };
        self.tick();
        let name = rule.name.clone();
        self.rules.put(&name, rule);
        Ok(())
    }

    /// What an item appends to an earlier rule, or replaces in it.
    fn overridden(
        &mut self,
        file: &Arc<str>,
        item: &Node,
        name: &str,
        overrides: &Overrides,
        fields: &dyn Fields,
        warnings: &mut Vec<Problem>,
    ) -> Result<(), Problem> {
        for key in overrides.append.iter().chain(&overrides.replace) {
            if item.get(key).is_none() {
                let message = format!("`{key}` is to be overridden, but the item has no key `{key}`");
                return Err(Problem::new(item.at, Code::YamlValidate, message));
            }
        }
        let appends = |key: &str| overrides.append.contains(key);
        let replaces = |key: &str| overrides.replace.contains(key);
        let changes = |key: &str| appends(key) || replaces(key);
        let Some(rule) = self.rules.get_mut(name) else { return Err(nothing_earlier(item, "rule", name)) };
        if overrides.append.is_empty() && overrides.replace.is_empty() {
            let message = "an appended rule has a `condition` or `exceptions`";
            return Err(Problem::new(item.at, Code::Validate, message));
        }
        let about = rule.source_known.then_some((fields, rule.source.as_str()));
        // Everything is read before anything changes: a mistake leaves the rule as it was.
        let exceptions = match changes("exceptions") {
            true => Some(read_exceptions(item, file, appends("exceptions"), warnings)?),
            false => None,
        };
        let merged = match exceptions {
            Some(new) if appends("exceptions") => {
                Some(super::exceptions::merged(&rule.exceptions, new, about)?)
            }
            Some(mut new) => {
                for exception in &mut new {
                    exception.complete(about)?;
                }
                Some(new)
            }
            None => None,
        };
        let condition = if changes("condition") { Some(text(item, "condition")?) } else { None };
        let output = if changes("output") { Some(text(item, "output")?) } else { None };
        let description = if changes("desc") { Some(text(item, "desc")?) } else { None };
        let tags = if changes("tags") { optional_texts(item, "tags")? } else { None };
        let new_priority = if replaces("priority") { Some(priority(item)?) } else { None };
        let flag = |key: &str| if replaces(key) { optional_bool(item, key) } else { Ok(None) };
        let (enabled, warn, skip) =
            (flag("enabled")?, flag("warn_evttypes")?, flag("skip-if-unknown-filter")?);

        if let Some(condition) = condition {
            match appends("condition") {
                true => rule.condition.append(file, condition),
                false => rule.condition = Written::new(file, condition),
            }
        }
        let joined = |earlier: &str, new: &str, append: bool| match append {
            true => format!("{earlier} {new}"),
            false => new.to_owned(),
        };
        if let Some(output) = output {
            rule.output = joined(&rule.output, output.text.trim(), appends("output"));
            rule.output_at = item.get("output").map_or(item.at, |it| it.at);
        }
        if let Some(description) = description {
            rule.description = joined(&rule.description, &description.text, appends("desc"));
        }
        if let Some(tags) = tags {
            if replaces("tags") {
                rule.tags.clear();
            }
            rule.tags.extend(tags);
        }
        if let Some(merged) = merged {
            rule.exceptions = merged;
        }
        rule.priority = new_priority.unwrap_or(rule.priority);
        rule.enabled = enabled.unwrap_or(rule.enabled);
        rule.warn_evttypes = warn.unwrap_or(rule.warn_evttypes);
        rule.skip_if_unknown_filter = skip.unwrap_or(rule.skip_if_unknown_filter);
        self.tick();
        Ok(())
    }
}
