//! Reads every rule file, and what the configuration says about rules; gathers every mistake.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use yagura_model::{Diagnostic, Level, RuleId, Timestamp};
use yagura_packs::{PackFile, Packs};

use crate::mutelist::Muted;
use crate::nearest::did_you_mean;
use crate::rule::{Rule, Source};
use crate::rules::Rules;
use crate::settings::Settings;

impl Rules {
    /// Reads every `rules/**/*.yaml` and `rules/**/*.guard`, and checks the settings against them.
    ///
    /// A file with an error is left out, everything else can be used. Files that came with the program are read only
    /// as far as they are needed, because our own tests read them whole; [`Rule::check`] does it for one.
    #[must_use]
    pub fn load(packs: &Packs, settings: &Settings) -> (Self, Vec<Diagnostic>) {
        let mut rules: BTreeMap<RuleId, Arc<Rule>> = BTreeMap::new();
        let mut problems = Vec::new();
        for file in packs.below("rules", "yaml") {
            let rule = match read(file) {
                Ok(rule) => rule,
                Err(found) => {
                    problems.extend(found);
                    continue;
                }
            };
            if !file.is_embedded() {
                let found = rule.check();
                let broken = found.iter().any(|it| it.level == Level::Error);
                problems.extend(found);
                if broken {
                    continue;
                }
            }
            add(rule, &mut rules, &mut problems);
        }
        for file in packs.below("rules", "guard") {
            let read = text_of(file).and_then(|text| Rule::read_guard(&file.path, &file.shown, &text));
            match read {
                Ok(read) => read.into_iter().for_each(|rule| add(rule, &mut rules, &mut problems)),
                Err(found) => problems.extend(found.into_iter().map(|it| pointed(it, file, &rules))),
            }
        }
        let muted = Muted::of_all(&settings.mutelists, rules.values().map(Arc::as_ref));
        let rules =
            Self { rules, settings: Arc::new(settings.clone()), muted: Arc::new(muted), asked_for: false };
        rules.check_settings(&mut problems);
        problems.extend(rules.unanswered_checks(packs, &settings.mutelists));
        problems.sort();
        (rules, problems)
    }

    /// Exceptions whose last day is over: what they accepted is told again, and somebody should know why.
    #[must_use]
    pub fn ended_exceptions(&self, now: Timestamp) -> Vec<Diagnostic> {
        let exceptions = self.settings.exceptions.iter().enumerate();
        let ended =
            exceptions.filter_map(|(n, it)| it.until.filter(|_| !it.holds(now)).map(|until| (n, until)));
        ended
            .map(|(n, until)| Diagnostic {
                file: self.settings.source.file.clone(),
                place: self.settings.source.place(&format!("exceptions.{n}")),
                level: Level::Warning,
                code: "settings/exception-ended",
                message: format!("the exception ended on {until}: what it accepted counts again"),
                help: Some("remove it, or set a later `until` if the reason still holds".to_owned()),
            })
            .collect()
    }

    fn check_settings(&self, problems: &mut Vec<Diagnostic>) {
        let mut mistakes = Mistakes { settings: &self.settings, problems };
        for (pattern, said) in &self.settings.rules {
            let path = format!("rules.{pattern}");
            let meant: Vec<&Rule> = self.iter().filter(|rule| rule.answers_to(pattern)).collect();
            if meant.is_empty() {
                mistakes.unknown_rule(&path, pattern, self);
                continue;
            }
            let scopes = said.scopes.iter().enumerate();
            let scoped = scopes.clone().map(|(n, scope)| (format!("{path}.for.{n}"), &scope.params));
            for (path, params) in std::iter::once((path.clone(), &said.params)).chain(scoped) {
                mistakes.params(&path, params, &meant);
            }
            for (n, scope) in scopes {
                let path = format!("{path}.for.{n}");
                if scope.accounts.is_empty() && scope.ou.is_empty() && scope.projects.is_empty() {
                    let help = "name `accounts`, `ou` or `projects`".to_owned();
                    mistakes.tell(&path, "it concerns no account".to_owned(), Some(help));
                }
                for name in &scope.projects {
                    mistakes.project(&format!("{path}.projects"), name);
                }
            }
        }
        mistakes.projects();
        for (n, exception) in self.settings.exceptions.iter().enumerate() {
            let path = format!("exceptions.{n}");
            if exception.because.trim().is_empty() {
                mistakes.tell(&format!("{path}.because"), "an exception needs a reason".to_owned(), None);
            }
            for pattern in &exception.rules {
                if !self.iter().any(|rule| rule.answers_to(pattern)) {
                    mistakes.unknown_rule(&format!("{path}.rules"), pattern, self);
                }
            }
            let narrow =
                [&exception.rules, &exception.resources, &exception.tags, &exception.ou, &exception.regions];
            if narrow.iter().all(|list| list.is_empty()) && exception.accounts.is_empty() {
                let help = "name `rules`, `resources`, `tags`, `accounts`, `ou` or `regions`".to_owned();
                mistakes.tell(&path, "the exception would accept every violation".to_owned(), Some(help));
            }
        }
    }
}

/// Rules of the public Guard registry have the names of AWS Config's, and so have ours.
fn pointed(mut refused: Diagnostic, file: &PackFile, rules: &BTreeMap<RuleId, Arc<Rule>>) -> Diagnostic {
    let name = file.path.rsplit('/').next().unwrap_or_default().trim_end_matches(".guard");
    let ours = rules.get(name.to_ascii_lowercase().replace('_', "-").as_str());
    if let (Some(ours), "guard/template" | "guard/empty") = (ours, refused.code) {
        refused.help = Some(format!("the rule `{}` judges the same of what is deployed", ours.id()));
    }
    refused
}

fn add(rule: Rule, rules: &mut BTreeMap<RuleId, Arc<Rule>>, problems: &mut Vec<Diagnostic>) {
    match rules.get(rule.id()) {
        Some(first) => problems.push(duplicate(&rule, first)),
        None => {
            rules.insert(rule.id().clone(), Arc::new(rule));
        }
    }
}

fn read(file: &PackFile) -> Result<Rule, Vec<Diagnostic>> {
    let text = text_of(file)?;
    let source = if file.is_embedded() { Source::Packed(file.clone()) } else { Source::Held(text) };
    Rule::read(&file.path, &file.shown, source)
}

fn text_of(file: &PackFile) -> Result<String, Vec<Diagnostic>> {
    let told = |message: String, help: Option<&str>| {
        vec![Diagnostic {
            file: file.shown.clone(),
            place: None,
            level: Level::Error,
            code: "file/unreadable",
            message,
            help: help.map(str::to_owned),
        }]
    };
    let bytes = file.bytes().map_err(|error| {
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        told(format!("the file cannot be read: {cause}"), None)
    })?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        told(format!("the file is not UTF-8 from byte {valid} on"), Some("save it as UTF-8"))
    })
}

fn duplicate(rule: &Rule, first: &Rule) -> Diagnostic {
    Diagnostic {
        file: rule.file().to_owned(),
        place: Some(yagura_model::Place { line: 1, column: 1 }),
        level: Level::Error,
        code: "rule/duplicate-id",
        message: format!("there is a rule `{}` already", rule.id()),
        help: Some(format!("it is in `{}`", first.file())),
    }
}

/// What is wrong in the settings.
struct Mistakes<'m> {
    settings: &'m Settings,
    problems: &'m mut Vec<Diagnostic>,
}

impl Mistakes<'_> {
    fn tell(&mut self, path: &str, message: String, help: Option<String>) {
        self.problems.push(Diagnostic {
            file: self.settings.source.file.clone(),
            place: self.settings.source.place(path),
            level: Level::Error,
            code: "settings/invalid",
            message: format!("{message} (`{path}`)"),
            help,
        });
    }

    fn project(&mut self, path: &str, name: &str) {
        let known = || self.settings.projects.iter().map(|it| it.name.as_str());
        if known().any(|it| it == name) {
            return;
        }
        let help = did_you_mean(name, known()).or_else(|| Some("`[[projects]]` defines it".to_owned()));
        self.tell(path, format!("there is no project `{name}`"), help);
    }

    fn projects(&mut self) {
        for (n, project) in self.settings.projects.iter().enumerate() {
            let path = format!("projects.{n}");
            if project.name.trim().is_empty() {
                self.tell(&format!("{path}.name"), "a project needs a name".to_owned(), None);
            }
            if project.accounts.is_empty() && project.ou.is_empty() && project.tags.is_empty() {
                let help = "name `accounts`, `ou` or `tags`".to_owned();
                self.tell(&path, "the project holds no account".to_owned(), Some(help));
            }
            if self.settings.projects[..n].iter().any(|it| it.name == project.name) {
                self.tell(
                    &format!("{path}.name"),
                    format!("there are two projects `{}`", project.name),
                    None,
                );
            }
        }
    }

    fn unknown_rule(&mut self, path: &str, pattern: &str, rules: &Rules) {
        let known = rules.ids().map(|id| id.as_str());
        self.tell(path, format!("there is no rule `{pattern}`"), did_you_mean(pattern, known));
    }

    fn params(&mut self, path: &str, params: &Map<String, Json>, meant: &[&Rule]) {
        for (name, value) in params {
            let path = format!("{path}.params.{name}");
            let declared: Vec<&Json> = meant.iter().filter_map(|rule| rule.params().get(name)).collect();
            if declared.is_empty() {
                let known = meant.iter().flat_map(|rule| rule.params().keys()).map(String::as_str);
                let help = did_you_mean(name, known);
                self.tell(&path, format!("the rule has no parameter `{name}`"), help);
                continue;
            }
            if let Some(default) = declared.into_iter().find(|default| !is_like(default, value)) {
                let message = format!("`{name}` is a {}, not a {}", kind(default), kind(value));
                self.tell(&path, message, Some(format!("its default is {default}")));
            }
        }
    }
}

/// Whether a value can stand where the default stands. An empty list or `null` says nothing about what it may hold.
fn is_like(default: &Json, value: &Json) -> bool {
    match (default, value) {
        (Json::Null, _) | (Json::Object(_), Json::Object(_)) => true,
        (Json::Array(defaults), Json::Array(values)) => {
            defaults.first().is_none_or(|first| values.iter().all(|value| is_like(first, value)))
        }
        _ => kind(default) == kind(value),
    }
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(number) if number.is_f64() => "number",
        Json::Number(_) => "whole number",
        Json::String(_) => "text",
        Json::Array(_) => "list",
        Json::Object(_) => "table",
    }
}
