//! `yagura detections list | show | test | explain | check | parse`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::Serialize;
use yagura_detect::falco::{FieldTable, condition};
use yagura_detect::pack::{self, PackDetection};
use yagura_detect::rule_files::{RuleFile, RuleSet, load_with};
use yagura_detect::sigma;
use yagura_model::{Diagnostic, Lang, Level, Text};
use yagura_packs::{PackFile, Packs};
use yagura_report::{DetectionWords, KnownDetections, detection_list, detection_page};

use crate::arguments::{CheckFormat, DetectionsCommand, DetectionsCommon};
use crate::commands::{configured_packs, explain_detection, language, print, style};
use crate::config::Config;
use crate::failure::{Failure, Told};
use crate::terminal;

/// Runs the command.
pub fn run(command: DetectionsCommand, config: &Config) -> Result<ExitCode, Failure> {
    match command {
        DetectionsCommand::List { common } => {
            let built_in = built_in(&configured_packs(&common.packs, config)?)?;
            let lang = language(common.lang);
            let lines: Vec<_> = built_in.values().map(|(_, it)| line(it, lang)).collect();
            print(&detection_list(&lines, lang, style()))
        }
        DetectionsCommand::Show { detection, common } => {
            let built_in = built_in(&configured_packs(&common.packs, config)?)?;
            let found = built_in.values().find(|(_, it)| it.name == detection || it.id == detection);
            let (file, found) = found.ok_or_else(|| {
                Told::new(format!("there is no built-in detection `{detection}`"))
                    .help("`yagura detections list` lists them")
                    .usage()
            })?;
            let lang = language(common.lang);
            let texts = yagura_report::DetectionTexts {
                description: found.description(lang),
                false_positives: found.false_positives(lang),
                response: found.response(lang),
                references: &found.references,
                rule: &file.text,
            };
            print(&detection_page(&line(found, lang), &texts, lang, style()))
        }
        DetectionsCommand::Test { paths, common } => test(&paths, &common, config),
        DetectionsCommand::Explain { rule, events, event_id, source, json, common } => {
            let asked = explain_detection::Asked {
                rule: &rule,
                events: &events,
                event_id: event_id.as_deref(),
                source,
            };
            let step = asked.explain(&common, config)?;
            let told = if json {
                serde_json::to_string_pretty(&step).map(|it| it + "\n")
            } else {
                Ok(explained(&step))
            };
            print(&told.map_err(|error| Told::new("cannot write the result").because(error).other())?)
        }
        DetectionsCommand::Check { paths, output, common } => check(&paths, output, &common, config),
        DetectionsCommand::Parse { condition } => parse(&condition),
    }
}

/// The parts of a condition in lines: `+` holds, `-` does not.
fn explained(step: &yagura_detect::explain::Step) -> String {
    fn add(step: &yagura_detect::explain::Step, depth: usize, text: &mut String) {
        let mark = if step.holds { '+' } else { '-' };
        let value =
            step.value.as_ref().map(|it| format!("  <- {}", yagura_report::one_line(it))).unwrap_or_default();
        let what = yagura_report::one_line(&step.what);
        text.push_str(&format!("{}{mark} {what}{value}\n", "  ".repeat(depth)));
        step.parts.iter().for_each(|it| add(it, depth + 1, text));
    }
    let mut text = format!("{}\n", if step.holds { "The rule matches." } else { "The rule does not match." });
    add(step, 0, &mut text);
    text
}

fn line(it: &PackDetection, lang: Lang) -> yagura_report::DetectionLine<'_> {
    yagura_report::DetectionLine {
        name: &it.name,
        id: &it.id,
        level: &it.level,
        tags: &it.tags,
        title: it.title(lang),
    }
}

/// The files of built-in detections and of the user's packs, by name, with what they say.
fn built_in(packs: &Packs) -> Result<BTreeMap<String, (RuleFile, PackDetection)>, Failure> {
    let mut found = BTreeMap::new();
    for file in pack_files(packs)? {
        match PackDetection::read(&file.shown, &file.text) {
            Ok(detection) => drop(found.insert(detection.name.clone(), (file, detection))),
            Err(diagnostic) => terminal::diagnostics(&[diagnostic]),
        }
    }
    Ok(found)
}

/// What built-in detections are called, and what to do about each, by their ids.
pub fn words(packs: &Packs) -> Result<KnownDetections, Failure> {
    let of = |(_, it): (RuleFile, PackDetection)| {
        let texts = |of: &dyn Fn(Lang) -> Vec<String>| Text { en: of(Lang::En), ja: of(Lang::Ja) };
        let words = DetectionWords {
            title: Text { en: it.title(Lang::En).to_owned(), ja: it.title(Lang::Ja).to_owned() },
            description: Text {
                en: it.description(Lang::En).to_owned(),
                ja: it.description(Lang::Ja).to_owned(),
            },
            response: texts(&|lang| it.response(lang).to_vec()),
            references: it.references.clone(),
            name: it.name.clone(),
        };
        (it.id, words)
    };
    Ok(built_in(packs)?.into_values().map(of).collect())
}

/// Rule files of the packs, in both languages.
fn pack_files(packs: &Packs) -> Result<Vec<RuleFile>, Failure> {
    pack_files_as(packs, |_, text| text)
}

/// Rule files of the packs, with their texts as somebody needs them.
fn pack_files_as(
    packs: &Packs,
    needed: impl Fn(&PackFile, String) -> String,
) -> Result<Vec<RuleFile>, Failure> {
    let unreadable = |error| Told::new("the packs cannot be read").because(error).other();
    let files = ["detections/sigma", "detections/falco"].into_iter().flat_map(|it| packs.below(it, "yaml"));
    let files = files.map(|file| {
        let text = String::from_utf8_lossy(&file.bytes().map_err(unreadable)?).into_owned();
        Ok(RuleFile { shown: file.shown.clone(), text: needed(file, text), named: false })
    });
    files.collect()
}

/// The tables of fields.
pub fn fields(common: &DetectionsCommon, config: &Config) -> Result<FieldTable, Failure> {
    let (fields, mistakes) = FieldTable::load(&configured_packs(&common.packs, config)?);
    terminal::diagnostics(&mistakes);
    Ok(fields)
}

/// The rules that a run uses: the built-in ones, and those of `--rules`. Mistakes in them are printed; those of the user's own end the run.
pub fn rules(common: &DetectionsCommon, config: &Config, fields: &FieldTable) -> Result<RuleSet, Failure> {
    // Our own tests have looked at the texts and examples of what came with the program.
    let alone = |file: &PackFile, text: String| {
        if file.is_embedded() { sigma::rule_alone(&text).into_owned() } else { text }
    };
    let mut files = if common.only_rules {
        Vec::new()
    } else {
        pack_files_as(&configured_packs(&common.packs, config)?, alone)?
    };
    let built_in: BTreeSet<String> = files.iter().map(|it| it.shown.clone()).collect();
    files.append(&mut read(&common.rules)?);
    // Together, so that a correlation or a filter may be about built-in detections.
    let set = load_with(&files, &read(&common.pipeline)?, fields);
    let is_own = |it: &Diagnostic| !built_in.contains(&it.file);
    // What is odd in rules that work is told by `detections check`.
    let told = set.diagnostics.iter().filter(|it| it.level == Level::Error || !is_own(it));
    terminal::diagnostics(&told.cloned().collect::<Vec<_>>());
    if set.diagnostics.iter().any(|it| it.level == Level::Error && is_own(it)) {
        terminal::say(
            "rules with mistakes are left out; `yagura detections check` tells everything about them",
        );
    }
    Ok(set)
}

/// The rule files of paths: a file that is named, or those called `*.yaml` and `*.yml` below a directory.
fn read(paths: &[PathBuf]) -> Result<Vec<RuleFile>, Failure> {
    let unreadable = |path: &Path, error| {
        Told::new(format!("cannot read the rules in `{}`", path.display())).because(error).usage()
    };
    let mut files = Vec::new();
    for path in paths {
        let is_directory = std::fs::metadata(path).map_err(|error| unreadable(path, error))?.is_dir();
        let found = if is_directory {
            yagura_logs::find_rules(path).map_err(|error| unreadable(path, error))?
        } else {
            vec![path.clone()]
        };
        for file in found {
            let bytes = std::fs::read(&file).map_err(|error| unreadable(&file, error))?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            files.push(RuleFile { shown: file.display().to_string(), text, named: !is_directory });
        }
    }
    Ok(files)
}

fn test(paths: &[PathBuf], common: &DetectionsCommon, config: &Config) -> Result<ExitCode, Failure> {
    let fields = fields(common, config)?;
    let files =
        if paths.is_empty() { pack_files(&configured_packs(&common.packs, config)?)? } else { read(paths)? };
    let (mut right, mut wrong, mut mistakes) = (0, 0, 0);
    for file in &files {
        let tested = pack::test(&file.shown, &file.text, &fields);
        terminal::diagnostics(&tested.diagnostics);
        right += tested.right;
        wrong += tested.wrong;
        mistakes += tested.diagnostics.iter().filter(|it| it.level == Level::Error).count();
    }
    let (files, examples) = (files.len(), right + wrong);
    print(&format!("{files} detections, {examples} examples: {right} right, {wrong} wrong\n"))?;
    Ok(if mistakes == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// One error or warning, for machines.
#[derive(Serialize)]
struct Line<'d> {
    file: &'d str,
    line: Option<u32>,
    column: Option<u32>,
    level: Level,
    code: &'d str,
    message: &'d str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'d str>,
}

fn check(
    paths: &[PathBuf],
    output: CheckFormat,
    common: &DetectionsCommon,
    config: &Config,
) -> Result<ExitCode, Failure> {
    // The built-in detections are there for correlations and filters that are about them.
    let mut files = pack_files(&configured_packs(&common.packs, config)?)?;
    files.retain(|it| it.shown.contains("detections/sigma"));
    let built_in: BTreeSet<String> = files.iter().map(|it| it.shown.clone()).collect();
    files.append(&mut read(paths)?);
    let mut set = load_with(&files, &read(&common.pipeline)?, &fields(common, config)?);
    set.diagnostics.retain(|it| !built_in.contains(&it.file));
    set.sigma.retain(|it| !built_in.contains(&it.file));
    set.correlations.retain(|it| !built_in.contains(&it.file));
    let count = |level| set.diagnostics.iter().filter(|it| it.level == level).count();
    let (errors, warnings) = (count(Level::Error), count(Level::Warning));
    let mut text = String::new();
    for it in &set.diagnostics {
        text.push_str(&match output {
            CheckFormat::Table => yagura_report::safe_lines(&it.to_string()).into_owned(),
            CheckFormat::Ndjson => as_line(it)?,
        });
        text.push('\n');
    }
    let (falco, sigma) = (set.falco.len(), set.sigma.len());
    let counted = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
    let more = [(set.correlations.len(), "correlation"), (set.filters, "filter")];
    let more = more.iter().filter(|(n, _)| *n > 0).map(|(n, one)| format!(", {}", counted(*n, one)));
    let summary = format!(
        "{} of Falco and {}{} of Sigma can be used; {}, {}",
        counted(falco, "rule"),
        counted(sigma, "rule"),
        more.collect::<String>(),
        counted(errors, "error"),
        counted(warnings, "warning")
    );
    match output {
        CheckFormat::Table => text.push_str(&(summary + "\n")),
        CheckFormat::Ndjson => terminal::say(&summary),
    }
    print(&text)?;
    Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn as_line(it: &Diagnostic) -> Result<String, Failure> {
    let line = Line {
        file: &it.file,
        line: it.place.map(|it| it.line),
        column: it.place.map(|it| it.column),
        level: it.level,
        code: it.code,
        message: &it.message,
        help: it.help.as_deref(),
    };
    serde_json::to_string(&line).map_err(|error| Told::new("cannot write the result").because(error).other())
}

fn parse(text: &str) -> Result<ExitCode, Failure> {
    let tree = condition::parse(text).map_err(|error| {
        let at = error.at;
        Told::new(format!("the condition is refused at {}:{}: {}", at.line, at.column, error.message)).usage()
    })?;
    let json = serde_json::to_string_pretty(&tree)
        .map_err(|error| Told::new("cannot write the result").because(error).other())?;
    print(&(json + "\n"))
}
