//! Items of files, in order: what defines, appends, replaces and switches off.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use yagura_model::Place;

use super::decode::{optional_bool, optional_text, optional_texts, text, texts, unknown_keys};
use super::exceptions::{Exception, read_exceptions};
use super::written::Written;
use super::{Code, Fields, Priority, Problem};
use crate::yaml::{Kind, Node};

/// Everything that files define so far.
#[derive(Debug, Default)]
pub(super) struct Collected {
    pub(super) lists: Named<ListInfo>,
    pub(super) macros: Named<MacroInfo>,
    pub(super) rules: Named<RuleInfo>,
    /// How many items were defined or changed: what a macro or list can see depends on it.
    clock: u32,
}

/// Things by name, in the order of their first definition.
#[derive(Debug)]
pub(super) struct Named<T> {
    order: Vec<T>,
    index: HashMap<String, usize>,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { order: Vec::new(), index: HashMap::new() }
    }
}

impl<T> Named<T> {
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        self.index.get(name).map(|at| &self.order[*at])
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.index.get(name).map(|at| &mut self.order[*at])
    }

    /// Defines it, in the place of an earlier one of the same name.
    fn put(&mut self, name: &str, it: T) {
        match self.index.get(name) {
            Some(at) => self.order[*at] = it,
            None => {
                self.index.insert(name.to_owned(), self.order.len());
                self.order.push(it);
            }
        }
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.order.iter()
    }
}

/// When something was first defined, and last changed. Macros and lists see what was defined before their last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Age {
    pub(super) defined: u32,
    pub(super) changed: u32,
}

/// A list of texts.
#[derive(Debug)]
pub(super) struct ListInfo {
    pub(super) name: String,
    pub(super) items: Vec<String>,
    pub(super) file: Arc<str>,
    pub(super) at: Place,
    pub(super) age: Age,
}

/// A part of a condition.
#[derive(Debug)]
pub(super) struct MacroInfo {
    pub(super) name: String,
    pub(super) condition: Written,
    pub(super) file: Arc<str>,
    pub(super) at: Place,
    pub(super) age: Age,
}

/// A rule as it is written.
#[derive(Debug)]
pub(super) struct RuleInfo {
    pub(super) name: String,
    pub(super) source: String,
    pub(super) source_known: bool,
    pub(super) condition: Written,
    pub(super) output: String,
    pub(super) output_at: Place,
    pub(super) description: String,
    pub(super) priority: Priority,
    pub(super) tags: BTreeSet<String>,
    pub(super) enabled: bool,
    pub(super) warn_evttypes: bool,
    pub(super) skip_if_unknown_filter: bool,
    pub(super) exceptions: Vec<Exception>,
    pub(super) file: Arc<str>,
    pub(super) at: Place,
}

/// What an item does to an earlier one of its name, key by key.
struct Overrides {
    append: BTreeSet<String>,
    replace: BTreeSet<String>,
}

const SYSCALL: &str = "syscall";
/// Newest engine whose rules this loader was written against.
const ENGINE: [u32; 3] = [0, 65, 0];

impl Collected {
    /// Takes one item of a file in. Warnings are about what is taken in all the same.
    pub(super) fn item(
        &mut self,
        file: &Arc<str>,
        item: &Node,
        fields: &dyn Fields,
        warnings: &mut Vec<Problem>,
    ) -> Result<(), Problem> {
        if !matches!(item.kind, Kind::Mapping(_)) {
            let message = format!("an item is a mapping; this is {}", item.describe());
            return Err(Problem::new(item.at, Code::YamlValidate, message));
        }
        if item.get("required_engine_version").is_some() {
            unknown_keys(item, &["required_engine_version"], warnings);
            required_engine(item)
        } else if item.get("required_plugin_versions").is_some() {
            unknown_keys(item, &["required_plugin_versions"], warnings);
            required_plugins(item)
        } else if item.get("list").is_some() {
            self.list(file, item, warnings)
        } else if item.get("macro").is_some() {
            self.a_macro(file, item, warnings)
        } else if item.get("rule").is_some() {
            self.rule(file, item, fields, warnings)
        } else {
            let message =
                "this item is neither a rule nor a macro, a list or a required version, and is ignored";
            warnings.push(Problem::new(item.at, Code::UnknownItem, message));
            Ok(())
        }
    }

    fn tick(&mut self) -> u32 {
        self.clock += 1;
        self.clock
    }

    fn list(&mut self, file: &Arc<str>, item: &Node, warnings: &mut Vec<Problem>) -> Result<(), Problem> {
        let name = &text(item, "list")?.text;
        let mut items = texts(item, "items")?;
        let append = appends(item, "items", &["items"], warnings)?;
        unknown_keys(item, &["list", "items", "append", "override"], warnings);
        if name.contains(|it: char| it.is_whitespace() || "()\"'=,".contains(it)) {
            let message = format!(
                "`{name}` cannot be named in conditions: a list's name has no blanks, quotes, `(`, `)`, `=` and `,`"
            );
            warnings.push(Problem::new(item.at, Code::InvalidListName, message));
        }
        let now = self.tick();
        if append {
            let Some(earlier) = self.lists.get_mut(name) else {
                return Err(nothing_earlier(item, "list", name));
            };
            earlier.items.append(&mut items);
            earlier.age.changed = now;
            return Ok(());
        }
        let age = Age { defined: self.lists.get(name).map_or(now, |it| it.age.defined), changed: now };
        self.lists
            .put(name, ListInfo { name: name.clone(), items, file: Arc::clone(file), at: item.at, age });
        Ok(())
    }

    fn a_macro(&mut self, file: &Arc<str>, item: &Node, warnings: &mut Vec<Problem>) -> Result<(), Problem> {
        let name = &text(item, "macro")?.text;
        let condition = text(item, "condition")?;
        let append = appends(item, "condition", &["condition"], warnings)?;
        unknown_keys(item, &["macro", "condition", "append", "override"], warnings);
        let is_word = name.starts_with(|it: char| it.is_ascii_alphabetic())
            && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
        if !is_word {
            let message = format!(
                "`{name}` cannot be named in conditions: a macro's name is letters, digits and `_`, beginning with a letter"
            );
            warnings.push(Problem::new(item.at, Code::InvalidMacroName, message));
        }
        let now = self.tick();
        if append {
            let earlier = self.macros.get_mut(name);
            let Some(earlier) = earlier else { return Err(nothing_earlier(item, "macro", name)) };
            earlier.condition.append(file, condition);
            earlier.age.changed = now;
            return Ok(());
        }
        let age = Age { defined: self.macros.get(name).map_or(now, |it| it.age.defined), changed: now };
        let condition = Written::new(file, condition);
        let info = MacroInfo { name: name.clone(), condition, file: Arc::clone(file), at: item.at, age };
        self.macros.put(name, info);
        Ok(())
    }

    fn rule(
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

const APPENDABLE: [&str; 5] = ["condition", "output", "desc", "tags", "exceptions"];
const REPLACEABLE: [&str; 11] = [
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

fn nothing_earlier(item: &Node, kind: &str, name: &str) -> Problem {
    let message = format!("there is no {kind} `{name}` before this that could be changed");
    let problem = Problem::new(item.at, Code::Validate, message);
    Problem { is_early: true, ..problem.help("files are read in the order in which they are named") }
}

fn priority(item: &Node) -> Result<Priority, Problem> {
    let word = &text(item, "priority")?.text;
    let at = item.get("priority").map_or(item.at, |it| it.at);
    Priority::parse(word).ok_or_else(|| {
        let known: Vec<_> = Priority::WORDS.iter().map(|(_, words)| words[0]).collect();
        let message = format!("`{word}` is no priority; there are {}", known.join(", "));
        Problem::new(at, Code::YamlValidate, message)
    })
}

/// Whether a list or macro is added to an earlier one: by the old key or the new.
fn appends(item: &Node, key: &str, known: &[&str], warnings: &mut Vec<Problem>) -> Result<bool, Problem> {
    let overrides = overrides(item, known, known)?;
    let flag = append_flag(item, overrides.is_some(), warnings)?;
    Ok(flag || overrides.is_some_and(|it| it.append.contains(key)))
}

/// The old key.
fn append_flag(item: &Node, overrides: bool, warnings: &mut Vec<Problem>) -> Result<bool, Problem> {
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
fn overrides(item: &Node, appendable: &[&str], replaceable: &[&str]) -> Result<Option<Overrides>, Problem> {
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

/// `required_engine_version: 10`, `0.57.0`: a number alone is the middle one.
fn required_engine(item: &Node) -> Result<(), Problem> {
    let written = &text(item, "required_engine_version")?.text;
    let at = item.get("required_engine_version").map_or(item.at, |it| it.at);
    let version = match written.parse::<u32>() {
        Ok(number) => Some([0, number, 0]),
        Err(_) => version(written),
    };
    let Some(version) = version else {
        let message = format!("`{written}` is no version: a number, or three with dots such as 0.57.0");
        return Err(Problem::new(at, Code::YamlValidate, message));
    };
    if version > ENGINE {
        let [a, b, c] = ENGINE;
        let message = format!(
            "these rules need version {written} of the engine; rules up to {a}.{b}.{c} are understood"
        );
        return Err(
            Problem::new(at, Code::Validate, message).help("a newer version of yagura may understand them")
        );
    }
    Ok(())
}

/// `x.y.z`, with or without what follows `-` or `+`.
fn version(written: &str) -> Option<[u32; 3]> {
    let core = written.split(['-', '+']).next()?;
    let mut numbers = core.split('.').map(|it| it.parse::<u32>().ok());
    let version = [numbers.next()??, numbers.next()??, numbers.next()??];
    numbers.next().is_none().then_some(version)
}

/// Plugins and their versions: there are none here, but what is written must be a list of them.
fn required_plugins(item: &Node) -> Result<(), Problem> {
    let Some(node) = item.get("required_plugin_versions") else { return Ok(()) };
    let Kind::Sequence(plugins) = &node.kind else {
        let message = format!("`required_plugin_versions` is a list; this is {}", node.describe());
        return Err(Problem::new(node.at, Code::YamlValidate, message));
    };
    for plugin in plugins {
        let alternatives = match plugin.get("alternatives").map(|it| &it.kind) {
            None => &[][..],
            Some(Kind::Sequence(alternatives)) => alternatives,
            Some(_) => {
                let message = "`alternatives` is a list of plugins";
                return Err(Problem::new(plugin.at, Code::YamlValidate, message));
            }
        };
        let mut names = BTreeSet::new();
        for it in std::iter::once(plugin).chain(alternatives) {
            let name = &text(it, "name")?.text;
            let written = &text(it, "version")?.text;
            if version(written).is_none() {
                let message =
                    format!("`{written}` is no version of the plugin `{name}`: three numbers with dots");
                return Err(Problem::new(it.at, Code::Validate, message));
            }
            if !names.insert(name) {
                let message = format!("the plugin `{name}` is named twice");
                return Err(Problem::new(it.at, Code::Validate, message));
            }
        }
    }
    Ok(())
}
