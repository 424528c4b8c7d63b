//! Files of rules in either language: told apart by what is in them.

use yagura_model::{Diagnostic, Level, Place};

use crate::falco::{self, FieldTable};
use crate::sigma;
use crate::yaml::{self, Kind};

/// A file, and how a person can open it.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// How it is called in messages.
    pub shown: String,
    /// What it holds.
    pub text: String,
    /// Whether somebody named it; else it was found in a directory, where there may be other files, too.
    pub named: bool,
}

/// What files hold.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// Falco's rules, also those that are switched off.
    pub falco: Vec<falco::rules::Rule>,
    /// Sigma's rules.
    pub sigma: Vec<sigma::Rule>,
    /// Sigma's correlations, those that others refer to first.
    pub correlations: Vec<sigma::Correlation>,
    /// How many filters of Sigma there are; the rules have them in them.
    pub filters: usize,
    /// Every error and warning, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Loads files, one after the other. The order counts for Falco's rules, unless their files come from a directory.
#[must_use]
pub fn load(files: &[RuleFile], fields: &FieldTable) -> RuleSet {
    load_with(files, &[], fields)
}

/// As [`load`], with processing pipelines that change Sigma's rules.
#[must_use]
pub fn load_with(files: &[RuleFile], pipelines: &[RuleFile], fields: &FieldTable) -> RuleSet {
    let mut set = RuleSet::default();
    let languages: Vec<_> = files.iter().map(|it| (it, language(&it.text))).collect();
    let ordered = languages.iter().all(|(file, it)| file.named || !matches!(it, Some(Language::Falco)));
    let mut loader = if ordered { falco::rules::Loader::new() } else { falco::rules::Loader::unordered() };
    let mut sigma = sigma::Loader::default();
    pipelines.iter().for_each(|it| sigma.pipeline(&it.shown, &it.text));
    for (file, language) in languages {
        let told = |at: Place, message: &str, help: Option<&str>| Diagnostic {
            file: file.shown.clone(),
            place: Some(at),
            level: if file.named { Level::Error } else { Level::Warning },
            code: "detections/no-rules",
            message: message.to_owned(),
            help: help.map(str::to_owned),
        };
        match language {
            Some(Language::Falco) => loader.file(&file.shown, &file.text, fields),
            Some(Language::Sigma) => sigma.file(&file.shown, &file.text),
            Some(Language::Pipeline(at)) => set.diagnostics.push(told(
                at,
                "this is a pipeline, which holds no rules and is not used here",
                Some("give it with `--pipeline FILE`"),
            )),
            Some(Language::Neither(at)) => set.diagnostics.push(told(
                at,
                "this holds neither rules of Falco (a list of rules, macros and lists) nor of Sigma (with `detection`)",
                None,
            )),
            None => {}
        }
    }
    let mut loaded = loader.finish(fields);
    set.falco = loaded.rules;
    set.diagnostics.append(&mut loaded.diagnostics);
    let mut loaded = sigma.finish();
    (set.sigma, set.correlations, set.filters) = (loaded.rules, loaded.correlations, loaded.filters);
    set.diagnostics.append(&mut loaded.diagnostics);
    set.diagnostics.extend(twice(&set.sigma));
    set.diagnostics.sort_by(|a, b| (&a.file, a.place).cmp(&(&b.file, b.place)));
    set
}

enum Language {
    Falco,
    Sigma,
    Pipeline(Place),
    Neither(Place),
}

/// What a file is; `None` for one without content.
fn language(text: &str) -> Option<Language> {
    if is_plainly_sigma(text) {
        return Some(Language::Sigma);
    }
    if content(text).next().is_some_and(|it| it.starts_with("- ")) {
        // A list.
        return Some(Language::Falco);
    }
    // A loader tells what is wrong with the YAML.
    let Ok(documents) = yaml::read(text) else {
        let sigma = text.lines().any(|line| line.starts_with("detection:") || line.starts_with("logsource:"));
        return Some(if sigma { Language::Sigma } else { Language::Falco });
    };
    let first = documents.first()?;
    Some(match &first.kind {
        Kind::Sequence(_) => Language::Falco,
        Kind::Mapping(_) if sigma::pipelines::is_pipeline(first) => Language::Pipeline(first.at),
        Kind::Mapping(_)
            if ["detection", "correlation", "filter", "action", "logsource"]
                .iter()
                .any(|key| first.get(key).is_some()) =>
        {
            Language::Sigma
        }
        _ => Language::Neither(first.at),
    })
}

/// The lines that are neither empty nor comments.
fn content(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|it| !it.is_empty() && !it.starts_with('#') && *it != "---")
}

/// Whether it begins with a key and has those of Sigma at the same level: then it need not be read for that.
fn is_plainly_sigma(text: &str) -> bool {
    let mut lines = content(text);
    let begins_with_key = |line: &str| {
        let key = line.bytes().take_while(u8::is_ascii_lowercase).count();
        key > 0 && line[key..].starts_with(": ")
    };
    lines.next().is_some_and(begins_with_key) && lines.any(|line| line.trim_end() == "detection:")
}

/// Rules of one id: both are used, but nobody can tell which one matched.
fn twice(rules: &[sigma::Rule]) -> Vec<Diagnostic> {
    let mut seen = std::collections::HashMap::new();
    let mut found = Vec::new();
    for rule in rules {
        if let Some(first) = seen.insert(&rule.name, rule) {
            found.push(Diagnostic {
                file: rule.file.clone(),
                place: Some(rule.at),
                level: Level::Warning,
                code: "sigma/same-id",
                message: format!("the id `{}` is used in `{}`, too", rule.name, first.file),
                help: Some("give each rule an id of its own".to_owned()),
            });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(files: &[(&str, &str, bool)]) -> (usize, usize, Vec<String>) {
        let (fields, _) = FieldTable::load(&yagura_packs::Packs::embedded());
        let files: Vec<_> = files
            .iter()
            .map(|(shown, text, named)| RuleFile {
                shown: (*shown).into(),
                text: (*text).into(),
                named: *named,
            })
            .collect();
        let set = load(&files, &fields);
        (set.falco.len(), set.sigma.len(), set.diagnostics.iter().map(ToString::to_string).collect())
    }

    const SIGMA: &str =
        "title: t\nid: a\nlogsource: { product: aws }\ndetection: { s: { eventName: X }, condition: s }\n";
    const FALCO: &str = "- rule: r\n  desc: d\n  condition: ct.name = X\n  output: o\n  priority: info\n  source: aws_cloudtrail\n";

    #[test]
    fn both_languages_load_side_by_side() {
        assert_eq!(
            told(&[("a.yaml", FALCO, true), ("b.yml", SIGMA, true), ("c.yml", "# nothing", true)]),
            (1, 1, vec![])
        );
    }

    #[test]
    fn what_is_neither_is_an_error_only_where_it_was_named() {
        let of = |named| told(&[("x.yaml", "a: b", named)]).2.remove(0);
        assert!(of(true).starts_with("x.yaml:1:1: error[detections/no-rules]"), "{}", of(true));
        assert!(of(false).starts_with("x.yaml:1:1: warning[detections/no-rules]"));
        assert!(told(&[("x.yaml", "detection: [", true)]).2[0].contains("error[sigma/yaml]"));
    }

    #[test]
    fn an_id_that_is_used_twice_is_told() {
        let (_, rules, told) = told(&[("a.yml", SIGMA, true), ("b.yml", SIGMA, true)]);
        assert_eq!(rules, 2);
        assert!(
            told[0].starts_with("b.yml:1:1: warning[sigma/same-id]: the id `a` is used in `a.yml`"),
            "{told:?}"
        );
    }

    #[test]
    fn a_pipeline_among_rules_is_told_and_not_used() {
        let pipeline = "transformations:\n  - { type: field_name_mapping, mapping: { eventName: other } }\n";
        let (_, rules, told) = told(&[("p.yml", pipeline, false), ("b.yml", SIGMA, false)]);
        assert_eq!(rules, 1);
        assert!(
            told[0].starts_with("p.yml:1:1: warning[detections/no-rules]: this is a pipeline"),
            "{told:?}"
        );
    }

    #[test]
    fn falcos_files_keep_their_order_beside_files_of_a_directory() {
        // `override` needs the rule before it; only among files of a directory it may come later.
        let append = "- rule: r\n  condition: and ct.user = x\n  override: { condition: append }\n";
        assert_eq!(told(&[("s.yml", SIGMA, false), ("b.yaml", append, true), ("a.yaml", FALCO, true)]).0, 1);
        let ordered = told(&[("s.yml", SIGMA, false), ("b.yaml", append, true), ("a.yaml", FALCO, true)]).2;
        assert!(ordered.iter().any(|it| it.starts_with("b.yaml:")), "{ordered:?}");
        assert_eq!(told(&[("b.yaml", append, false), ("a.yaml", FALCO, false)]).2, Vec::<String>::new());
    }
}
