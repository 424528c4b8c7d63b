//! Items of files, in order: what defines, appends, replaces and switches off.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use yagura_model::Place;

use super::decode::{text, texts, unknown_keys};
use super::exceptions::Exception;
use super::overrides::appends;
use super::versions::{required_engine, required_plugins};
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

    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.index.get(name).map(|at| &mut self.order[*at])
    }

    /// Defines it, in the place of an earlier one of the same name.
    pub(super) fn put(&mut self, name: &str, it: T) {
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

    pub(super) fn tick(&mut self) -> u32 {
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
}

pub(super) fn nothing_earlier(item: &Node, kind: &str, name: &str) -> Problem {
    let message = format!("there is no {kind} `{name}` before this that could be changed");
    let problem = Problem::new(item.at, Code::Validate, message);
    Problem { is_early: true, ..problem.help("files are read in the order in which they are named") }
}

pub(super) fn priority(item: &Node) -> Result<Priority, Problem> {
    let word = &text(item, "priority")?.text;
    let at = item.get("priority").map_or(item.at, |it| it.at);
    Priority::parse(word).ok_or_else(|| {
        let known: Vec<_> = Priority::WORDS.iter().map(|(_, words)| words[0]).collect();
        let message = format!("`{word}` is no priority; there are {}", known.join(", "));
        Problem::new(at, Code::YamlValidate, message)
    })
}
