//! `yagura rules list | show | test | explain | new`; `docs` is in a module of its own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use yagura_model::{Lang, RuleInfo};
use yagura_packs::Packs;
use yagura_posture::{ExampleResult, Frameworks, Rules, Selection, new_rule_template};

use crate::arguments::{RulesCommand, RulesCommon};
use crate::commands::{configured_packs, explain, language, print};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;

/// Runs the command.
pub async fn run(command: RulesCommand, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        RulesCommand::List { patterns, common, json } => {
            let rules = load(&common, config)?.chosen(&patterns)?;
            print(&if json { as_json(&rules)? } else { list(&rules, language(common.lang)) })
        }
        RulesCommand::Show { rule, common } => {
            let loaded = load(&common, config)?;
            let (frameworks, mistakes) = Frameworks::load(&loaded.packs, &loaded.rules);
            terminal::diagnostics(&mistakes);
            let rules = loaded.chosen(std::slice::from_ref(&rule))?;
            let pages: Vec<_> =
                rules.iter().map(|it| page(it.info(), &frameworks, language(common.lang))).collect();
            print(&pages.join("\n"))
        }
        RulesCommand::Test { patterns, common } => test(&patterns, &common, config),
        RulesCommand::Explain(arguments) => explain::run(arguments, config).await,
        RulesCommand::New { id, resource, out } => new(&id, &resource, out),
        RulesCommand::Docs(arguments) => super::docs::run(&arguments, config),
    }
}

struct Loaded {
    packs: Packs,
    rules: Rules,
    sound: bool,
}

fn load(common: &RulesCommon, config: &Config) -> Result<Loaded, Failure> {
    let packs: Packs = configured_packs(&common.packs, config)?;
    let (rules, mistakes) = Rules::load(&packs, &config.settings());
    terminal::diagnostics(&mistakes);
    Ok(Loaded { packs, rules, sound: !terminal::any_error(&mistakes) })
}

impl Loaded {
    /// Without a pattern, every rule: also those that a scan leaves out until somebody asks for them.
    fn chosen(self, patterns: &[String]) -> Result<Rules, Failure> {
        if patterns.is_empty() {
            return Ok(self.rules);
        }
        self.rules
            .select(&Selection::of(patterns.iter().cloned()))
            .map_err(|error| Told::new(error.to_string()).help("`yagura rules list` lists them").usage())
    }
}

fn as_json(rules: &Rules) -> Result<String, Failure> {
    let infos: Vec<_> = rules.iter().map(yagura_posture::Rule::info).collect();
    serde_json::to_string_pretty(&infos)
        .map(|text| text + "\n")
        .map_err(|error| Told::new("the rules cannot be written as JSON").because(error).other())
}

fn list(rules: &Rules, lang: Lang) -> String {
    let widest = rules.ids().map(|id| id.as_str().len()).max().unwrap_or_default();
    let mut text = String::new();
    for rule in rules.iter() {
        let info = rule.info();
        let title = &info.text.get(lang).title;
        let waits = match (rule.is_on_by_default(), lang) {
            (true, _) => "",
            (false, Lang::En) => " (off by default)",
            (false, Lang::Ja) => "（既定で無効）",
        };
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "{:<widest$}  {:<13}  {:<8}  {title}{waits}",
            info.id, info.severity, info.function
        );
    }
    text
}

fn page(rule: &RuleInfo, frameworks: &Frameworks, lang: Lang) -> String {
    let told = rule.text.get(lang);
    let words = match lang {
        Lang::En => [
            "Severity",
            "Function",
            "Judges",
            "Also known as",
            "Why it matters",
            "How to put it right",
            "What the fix may break",
            "References",
            "Requirements",
        ],
        Lang::Ja => [
            "重大度",
            "CSF の機能",
            "対象",
            "別名",
            "なぜ問題か",
            "対処方法",
            "対処による影響",
            "参考資料",
            "要件",
        ],
    };
    let [severity, function, judges, aliases, why, fix, impact, references, requirements] = words;
    let mut text = format!("{}\n{}\n\n", rule.id, told.title);
    let mut fact = |name: &str, value: &str| {
        // Writing to a `String` cannot fail.
        let _ = writeln!(text, "{name}: {value}");
    };
    fact(severity, rule.severity.as_str());
    fact(function, rule.function.as_str());
    fact(judges, rule.resource.as_str());
    let known: Vec<_> = rule.aliases.qualified().collect();
    if !known.is_empty() {
        fact(aliases, &known.join(", "));
    }
    let _ = write!(text, "\n{why}\n  {}\n\n{fix}\n", told.why.trim());
    for (n, step) in rule.fix.steps.get(lang).iter().enumerate() {
        let _ = writeln!(text, "  {}. {step}", n + 1);
    }
    if let Some(cli) = &rule.fix.cli {
        let _ = writeln!(text, "  $ {}", cli.trim());
    }
    let _ = write!(text, "\n{impact}\n  {}\n\n{references}\n", told.impact_of_fix.trim());
    for reference in &rule.references {
        let _ = writeln!(text, "  {reference}");
    }
    let served: Vec<_> = frameworks
        .iter()
        .flat_map(|framework| framework.requirements.iter().map(move |it| (framework, it)))
        .filter(|(_, it)| it.rules.contains(&rule.id))
        .collect();
    if !served.is_empty() {
        let _ = write!(text, "\n{requirements}\n");
    }
    for (framework, it) in served {
        let _ = writeln!(text, "  {}/{}  {}", framework.id, it.id, it.title.get(lang));
    }
    text
}

fn test(patterns: &[String], common: &RulesCommon, config: &Config) -> Result<ExitCode, Failure> {
    let loaded = load(common, config)?;
    let sound = loaded.sound;
    let results = loaded.chosen(patterns)?.check_examples();
    let mut text = String::new();
    let wrong = results
        .iter()
        .filter(|result| !result.is_right())
        .inspect(|result| tell_wrong(&mut text, result))
        .count();
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "{} examples: {} right, {wrong} wrong", results.len(), results.len() - wrong);
    print(&text)?;
    Ok(if sound && wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell_wrong(text: &mut String, result: &ExampleResult) {
    let got = result.got.as_ref().map_or("no answer", |got| got.outcome.as_str());
    let _ = writeln!(
        text,
        "{}:{}: {}: {}: expected {}, got {got}",
        result.file, result.place.line, result.rule, result.name, result.expected
    );
    if let Some(reason) = result.got.as_ref().and_then(|got| got.reason.as_ref()) {
        let _ = writeln!(text, "    because {reason}");
    }
    if let Some(explanation) = &result.explanation {
        explain::steps(text, explanation, 4);
    }
}

fn new(id: &str, resource: &str, out: Option<PathBuf>) -> Result<ExitCode, Failure> {
    let kebab =
        !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !kebab {
        return Err(Told::new(format!("`{id}` is not a rule id"))
            .help("small letters, digits and `-`: my-rule")
            .usage());
    }
    let path = out.unwrap_or_else(|| Path::new(&format!("{id}.yaml")).to_owned());
    let written = std::fs::File::create_new(&path).and_then(|mut file| {
        std::io::Write::write_all(&mut file, new_rule_template(id, resource).as_bytes())
    });
    written.map_err(|error| {
        Told::new(format!("`{}` cannot be written", path.display()))
            .because(error)
            .help("name another file with `--out FILE`; an existing one is never replaced")
            .other()
    })?;
    terminal::say(&format!(
        "{} is there to be filled in; `yagura rules test {id} --packs DIR` tests it",
        path.display()
    ));
    Ok(ExitCode::SUCCESS)
}
