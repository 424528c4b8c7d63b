//! What can be wrong with a framework file, told with its place.

use std::collections::{BTreeMap, BTreeSet};

use serde_saphyr::Spanned;
use yagura_model::{Diagnostic, Framework, Place, Requirement, RequirementGroup, RuleId, Text};

use super::file::{FrameworkFile, GroupFile, RequirementFile, TextFile};
use crate::nearest::did_you_mean;
use crate::problems::{self, KeyCodes, Problems, place};
use crate::rules::Rules;

/// The YAML reader's sentences, as those of a framework's file.
pub(super) fn explained(diagnostic: Diagnostic) -> Diagnostic {
    let codes = KeyCodes { unknown: "framework/unknown-key", missing: "framework/missing-key" };
    problems::explained(diagnostic, &codes)
}

/// Checks a file and makes the framework of it; what is found goes to `found`, and may be errors.
pub(super) fn framework(
    path: &str,
    shown: &str,
    file: FrameworkFile,
    rules: &Rules,
    found: &mut Vec<Diagnostic>,
) -> Framework {
    let mut check = Check { problems: Problems::new(shown), rules };
    check.id(path, &file.id);
    for (key, value) in [("version", &file.version), ("url", &file.url)] {
        if value.value.trim().is_empty() {
            check.problems.error(
                place(value.referenced),
                "framework/missing-text",
                format!("`{key}` is empty"),
                None,
            );
        }
    }
    if !file.url.value.starts_with("https://") {
        let message = format!("`{}` is not an https address", file.url.value);
        check.problems.warning(place(file.url.referenced), "framework/url", message, None);
    }
    let groups = check.groups(file.groups);
    let top = place(file.requirements.referenced);
    let requirements = check.requirements(file.requirements.value, &groups, top);
    let framework = Framework {
        id: file.id.value,
        name: check.text("name", file.name, Japanese::MayBeLatin),
        publisher: check.text("publisher", file.publisher, Japanese::MayBeLatin),
        version: file.version.value,
        url: file.url.value,
        aliases: file.aliases,
        about: check.text("about", file.about, Japanese::Sentences),
        groups: groups.into_iter().map(|(group, _)| group).collect(),
        requirements,
    };
    found.extend(check.problems.found);
    framework
}

/// What the Japanese of a text looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Japanese {
    /// A name or a short title: it may be the same in both languages.
    MayBeLatin,
    /// Sentences: without one Japanese character they were not translated.
    Sentences,
}

struct Check<'c> {
    problems: Problems<'c>,
    rules: &'c Rules,
}

impl Check<'_> {
    fn id(&mut self, path: &str, id: &Spanned<String>) {
        let at = place(id.referenced);
        let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).unwrap_or_default();
        if !is_id(&id.value) {
            let message =
                format!("`{}` is not a framework id: lower-case letters, digits, `-` and `.`", id.value);
            self.problems.error(at, "framework/id", message, None);
        } else if stem != id.value {
            let message = format!("the framework `{}` is in a file of another name", id.value);
            let help = format!("call the file `{}.yaml`, or the framework `{stem}`", id.value);
            self.problems.error(at, "framework/id-and-file", message, Some(help));
        }
    }

    /// A text in every language. One that is written in one language only is read in it.
    fn text(&mut self, what: &str, text: Spanned<TextFile>, japanese: Japanese) -> Text {
        let at = place(text.referenced);
        let mut said = |lang: &str, value: Option<Spanned<String>>| {
            let at = value.as_ref().map_or(at, |it| place(it.referenced));
            let value = value.map(|it| it.value.trim().to_owned()).filter(|it| !it.is_empty());
            match &value {
                None => self.problems.warning(
                    at,
                    "framework/missing-text",
                    format!("`{what}` has no text in `{lang}`"),
                    None,
                ),
                Some(value) if lang == "ja" && value.is_ascii() && japanese == Japanese::Sentences => {
                    self.problems.warning(
                        at,
                        "framework/untranslated",
                        format!("`{what}` is not Japanese in `ja`"),
                        None,
                    );
                }
                Some(_) => {}
            }
            value
        };
        let (en, ja) =
            (said("en", text.value.en), said("ja", text.value.ja).map(|ja| yagura_packs::unfold(&ja)));
        match (en, ja) {
            (Some(en), Some(ja)) => Text { en, ja },
            (Some(it), None) | (None, Some(it)) => Text { en: it.clone(), ja: it },
            (None, None) => Text::default(),
        }
    }

    fn groups(&mut self, files: Vec<GroupFile>) -> Vec<(RequirementGroup, Place)> {
        let mut groups: Vec<(RequirementGroup, Place)> = Vec::with_capacity(files.len());
        let mut within: Vec<Option<Place>> = Vec::with_capacity(files.len());
        let mut seen = BTreeSet::new();
        for file in files {
            let at = place(file.id.referenced);
            if !seen.insert(file.id.value.clone()) {
                let message = format!("there are two groups `{}`", file.id.value);
                self.problems.error(at, "framework/duplicate-group", message, None);
            }
            let title = self.text("title", file.title, Japanese::MayBeLatin);
            within.push(file.within.as_ref().map(|it| place(it.referenced)));
            let group = RequirementGroup { id: file.id.value, within: file.within.map(|it| it.value), title };
            groups.push((group, at));
        }
        let parents: BTreeMap<&str, Option<&str>> =
            groups.iter().map(|(it, _)| (it.id.as_str(), it.within.as_deref())).collect();
        for ((group, _), at) in groups.iter().zip(within) {
            let (Some(parent), Some(at)) = (group.within.as_deref(), at) else { continue };
            if !parents.contains_key(parent) {
                self.unknown_group(at, parent, parents.keys().copied());
            } else if is_in_itself(&group.id, &parents) {
                let message = format!("the group `{}` stands in itself", group.id);
                self.problems.error(at, "framework/group-cycle", message, Some("change its `in`".to_owned()));
            }
        }
        groups
    }

    fn unknown_group<'k>(&mut self, at: Place, name: &str, known: impl Iterator<Item = &'k str>) {
        let help = did_you_mean(name, known);
        self.problems.error(at, "framework/unknown-group", format!("there is no group `{name}`"), help);
    }

    fn requirements(
        &mut self,
        files: Vec<RequirementFile>,
        groups: &[(RequirementGroup, Place)],
        top: Place,
    ) -> Vec<Requirement> {
        if files.is_empty() {
            self.problems.error(top, "framework/empty", "the framework has no requirement".to_owned(), None);
        }
        let mut seen = BTreeSet::new();
        let mut requirements = Vec::with_capacity(files.len());
        for file in files {
            let at = place(file.id.referenced);
            if !seen.insert(file.id.value.clone()) {
                let message = format!("there are two requirements `{}`", file.id.value);
                self.problems.error(at, "framework/duplicate-requirement", message, None);
            }
            if let Some(group) =
                file.group.as_ref().filter(|it| !groups.iter().any(|(g, _)| g.id == it.value))
            {
                let known = groups.iter().map(|(group, _)| group.id.as_str());
                self.unknown_group(place(group.referenced), &group.value, known);
            }
            if file.rules.is_empty() && file.manual.is_none() {
                let message = format!("nothing answers the requirement `{}`", file.id.value);
                let help = "name its `rules`, or say under `manual` what a person must check".to_owned();
                self.problems.error(at, "framework/unanswered", message, Some(help));
            }
            let title = self.text("title", file.title, Japanese::MayBeLatin);
            requirements.push(Requirement {
                rules: self.rules_of(&file.id.value, file.rules),
                id: file.id.value,
                group: file.group.map(|it| it.value),
                level: file.level,
                tags: file.tags,
                title,
                manual: file.manual.map(|it| self.text("manual", it, Japanese::Sentences)),
            });
        }
        self.unused_groups(groups, &requirements);
        requirements
    }

    fn rules_of(&mut self, requirement: &str, written: Vec<Spanned<String>>) -> Vec<RuleId> {
        let mut rules: Vec<RuleId> = Vec::with_capacity(written.len());
        for name in written {
            let (at, id) = (place(name.referenced), RuleId::new(name.value));
            if self.rules.get(id.as_str()).is_none() {
                self.unknown_rule(at, id.as_str());
            } else if rules.contains(&id) {
                let message = format!("the requirement `{requirement}` names `{id}` twice");
                self.problems.warning(at, "framework/duplicate-rule", message, None);
                continue;
            }
            rules.push(id);
        }
        rules
    }

    fn unknown_rule(&mut self, at: Place, name: &str) {
        let rules = self.rules;
        let by_alias = rules.iter().find(|rule| {
            rule.aliases()
                .qualified()
                .any(|alias| alias == name || alias.split_once(':').is_some_and(|it| it.1 == name))
        });
        let help = match by_alias {
            Some(rule) => Some(format!("a rule is named by its id: `{}`", rule.id())),
            None => did_you_mean(name, rules.ids().map(RuleId::as_str)),
        };
        self.problems.error(at, "framework/unknown-rule", format!("there is no rule `{name}`"), help);
    }

    /// A chapter without requirements is a slip in some requirement's `in`.
    fn unused_groups(&mut self, groups: &[(RequirementGroup, Place)], requirements: &[Requirement]) {
        let used: BTreeSet<&str> = requirements
            .iter()
            .filter_map(|it| it.group.as_deref())
            .chain(groups.iter().filter_map(|(it, _)| it.within.as_deref()))
            .collect();
        for (group, at) in groups.iter().filter(|(it, _)| !used.contains(it.id.as_str())) {
            let message = format!("no requirement stands in the group `{}`", group.id);
            self.problems.warning(*at, "framework/unused-group", message, None);
        }
    }
}

fn is_id(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    id.split(['-', '.']).all(part)
}

/// Whether one comes back to a group by going from group to group outwards.
fn is_in_itself(id: &str, parents: &BTreeMap<&str, Option<&str>>) -> bool {
    let outwards =
        std::iter::successors(parents.get(id).copied().flatten(), |it| parents.get(it).copied().flatten());
    outwards.take(parents.len()).any(|it| it == id)
}
