//! The public rule sets, unmodified. Skipped with a message where they are not there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "in a test, a failed unwrap is the assertion"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use yagura_detect::falco::FieldTable;
use yagura_detect::falco::rules::Loader;
use yagura_model::{Diagnostic, Level};
use yagura_packs::Packs;

fn corpora() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora");
    if !folder.is_dir() {
        eprintln!("skipped: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

/// The rules of files that are loaded one after the other, and what was told.
fn load(folder: &Path, files: &[&str]) -> (usize, Vec<Diagnostic>) {
    let (fields, diagnostics) = FieldTable::load(&Packs::embedded());
    assert_eq!(diagnostics, []);
    let mut loader = Loader::new();
    for file in files {
        loader.file(file, &std::fs::read_to_string(folder.join(file)).unwrap(), &fields);
    }
    let loaded = loader.finish(&fields);
    (loaded.rules.len(), loaded.diagnostics)
}

#[test]
fn every_public_falco_rule_file_loads() {
    let Some(corpora) = corpora() else { return };
    let (rules, plugins) = ("falco-rules/rules", "falco-plugin-rules/plugins");
    let of = |folder: &str, name: &str| format!("{folder}/{name}");
    for files in [
        vec![of(rules, "falco_rules.yaml")],
        vec![of(rules, "falco_rules.yaml"), of(rules, "falco-incubating_rules.yaml")],
        vec![of(rules, "falco_rules.yaml"), of(rules, "falco-sandbox_rules.yaml")],
        vec![of("falco-rules/archive", "falco-deprecated_rules.yaml")],
        vec![of("falco-rules/archive", "application_rules.yaml")],
        vec![of(plugins, "cloudtrail/rules/aws_cloudtrail_rules.yaml")],
        vec![of(plugins, "k8saudit/rules/k8s_audit_rules.yaml")],
        vec![
            of(plugins, "k8saudit/rules/k8s_audit_rules.yaml"),
            of(plugins, "k8saudit-gke/rules/k8s_audit_rules_gke.yaml"),
        ],
        vec![of(plugins, "gcpaudit/rules/gcp_auditlog_rules.yaml")],
        vec![of(plugins, "github/rules/github.yaml")],
        vec![of(plugins, "okta/rules/okta_rules.yaml")],
    ] {
        let names: BTreeSet<String> = files
            .iter()
            .flat_map(|file| {
                let text = std::fs::read_to_string(corpora.join(file)).unwrap();
                let names = text.lines().filter_map(|line| line.strip_prefix("- rule:"));
                names.map(|it| it.trim().to_owned()).collect::<Vec<_>>()
            })
            .collect();
        let files: Vec<_> = files.iter().map(String::as_str).collect();
        let (loaded, diagnostics) = load(&corpora, &files);
        let errors: Vec<_> = diagnostics.iter().filter(|it| it.level == Level::Error).collect();
        assert!(errors.is_empty(), "{files:?}: {errors:#?}");
        assert_eq!(loaded, names.len(), "{files:?}");
    }
}

/// The Sigma rules of a folder, all of which must load.
fn sigma(folder: &Path) -> Vec<yagura_detect::sigma::Rule> {
    let mut rules = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rules.append(&mut sigma(&path));
        } else if path.extension().is_some_and(|it| it == "yml") {
            let mut loaded = yagura_detect::sigma::load(
                &path.display().to_string(),
                &std::fs::read_to_string(&path).unwrap(),
            );
            assert!(loaded.diagnostics.is_empty(), "{:?}", loaded.diagnostics);
            rules.append(&mut loaded.rules);
        }
    }
    rules
}

#[test]
fn every_public_sigma_rule_for_aws_and_kubernetes_loads() {
    let Some(corpora) = corpora() else { return };
    assert_eq!(sigma(&corpora.join("sigma/rules/cloud/aws")).len(), 57);
    assert_eq!(sigma(&corpora.join("sigma/rules/application/kubernetes")).len(), 16);
}

/// What the library says with its own events, one rule after the other, and what the engine says.
#[test]
fn the_engine_finds_what_the_library_finds_in_real_logs() {
    use rsigma_eval::{JsonEvent, compile_rule, evaluate_rule};
    let Some(corpora) = corpora() else { return };
    let (fields, _) = FieldTable::load(&Packs::embedded());
    let rules = sigma(&corpora.join("sigma/rules/cloud/aws"));
    let engine = yagura_detect::Engine::new(yagura_detect::Source::CloudTrail, &[], &rules, &fields);
    // As the library compiles them, without what we put right: in these rules it makes no difference.
    let compiled = |it: &yagura_detect::sigma::Rule| {
        let file = rsigma_parser::parse_sigma_file(Path::new(&it.file)).unwrap();
        (it.name.clone(), compile_rule(&file.rules[0]).unwrap())
    };
    let library: Vec<_> = rules.iter().map(compiled).collect();
    let mut matches = 0;
    for entry in std::fs::read_dir(corpora.join("cloudtrail-invictus/CloudTrail")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        for event in file["Records"].as_array().unwrap() {
            let theirs: Vec<_> = library
                .iter()
                .filter(|(_, it)| evaluate_rule(it, &JsonEvent::borrow(event)).is_some())
                .map(|(name, _)| name.clone())
                .collect();
            let raw = event.to_string();
            let read = engine.read(raw.as_bytes()).unwrap();
            let mut ours = Vec::new();
            engine.matches(&read, |it| ours.push(it.name.clone()));
            assert_eq!(ours, theirs, "{raw}");
            matches += ours.len();
        }
    }
    assert!(matches > 50, "{matches}");
}

#[test]
fn public_falco_rules_answer_about_alerts() {
    let Some(corpora) = corpora() else { return };
    let (fields, _) = FieldTable::load(&Packs::embedded());
    let mut loader = Loader::new();
    let path = corpora.join("falco-rules/rules/falco_rules.yaml");
    loader.file("falco_rules.yaml", &std::fs::read_to_string(path).unwrap(), &fields);
    let rules = loader.finish(&fields).rules;
    let engine = yagura_detect::Engine::new(yagura_detect::Source::Runtime, &rules, &[], &fields);
    let matches = |changed: (&str, serde_json::Value)| {
        let mut fields = serde_json::json!({
            "container.id": "3ad7b26ded6d", "evt.type": "execve", "proc.cmdline": "bash", "proc.name": "bash",
            "proc.pname": null, "proc.tty": 34816, "user.name": "root"
        });
        fields[changed.0] = changed.1;
        let alert = serde_json::json!({ "rule": "r", "priority": "Notice", "output": "o", "source": "syscall", "output_fields": fields });
        let (raw, mut found) = (alert.to_string(), Vec::new());
        engine.matches(&engine.read(raw.as_bytes()).unwrap(), |it| found.push(it.name.clone()));
        found
    };
    assert_eq!(matches(("proc.name", "bash".into())), ["Terminal shell in container"]);
    assert_eq!(matches(("proc.tty", 0.into())), Vec::<String>::new());
    assert_eq!(matches(("container.id", "host".into())), Vec::<String>::new());
}

/// Every field of a source that is read is told by its events.
#[test]
fn no_field_of_a_source_that_is_read_is_forgotten() {
    use yagura_detect::{Engine, Source};
    let (fields, _) = FieldTable::load(&Packs::embedded());
    for source in [Source::CloudTrail, Source::KubernetesAudit] {
        assert_eq!(Engine::fields_without_value(source, &fields), Vec::<String>::new(), "{source:?}");
    }
}

/// The built-in detections, ready for CloudTrail.
fn built_in() -> yagura_detect::Engine {
    let packs = Packs::embedded();
    let (fields, _) = FieldTable::load(&packs);
    let mut rules = Vec::new();
    for file in packs.below("detections/sigma", "yaml") {
        let text = String::from_utf8(file.bytes().unwrap()).unwrap();
        rules.append(&mut yagura_detect::sigma::load(&file.shown, &text).rules);
    }
    yagura_detect::Engine::new(yagura_detect::Source::CloudTrail, &[], &rules, &fields)
}

#[test]
fn every_stratus_technique_fires_a_detection() {
    let Some(corpora) = corpora() else { return };
    let engine = built_in();
    let mut missed = Vec::new();
    let mut techniques = 0;
    for entry in std::fs::read_dir(corpora.join("cloudtrail-stratus/detonation-logs")).unwrap() {
        let path = entry.unwrap().path();
        let events: Vec<serde_json::Value> =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let mut fired = false;
        for event in &events {
            let raw = event.to_string();
            engine.matches(&engine.read(raw.as_bytes()).unwrap(), |_| fired = true);
        }
        techniques += 1;
        if !fired {
            missed.push(path.file_stem().unwrap().to_string_lossy().into_owned());
        }
    }
    assert_eq!((techniques, missed), (35, Vec::<String>::new()));
}

/// The user agents in files below a folder.
fn agents(folder: &Path, agents: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            self::agents(&path, agents);
        } else if path.extension().is_some_and(|it| it == "json") {
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let values = text.split("\"userAgent\"").skip(1);
            let values = values.filter_map(|it| it.trim_start_matches([':', ' ']).split('"').nth(1));
            agents.extend(values.map(str::to_owned));
        }
    }
}

#[test]
fn real_user_agents_have_few_families() {
    let Some(corpora) = corpora() else { return };
    let mut seen = BTreeSet::new();
    for folder in ["cloudtrail-invictus", "cloudtrail-stratus", "cloudtrail-misc", "cloudtrail-flaws-sample"]
    {
        agents(&corpora.join(folder), &mut seen);
    }
    let families: BTreeSet<_> = seen.iter().filter_map(|it| yagura_detect::novelty::family(it)).collect();
    assert!(seen.len() > 50, "{}", seen.len());
    assert!(families.len() * 3 < seen.len(), "{families:?}");
    for family in ["terraform", "boto3", "aws-cli", "console", "stratus-red-team", "firefox on linux"] {
        assert!(families.contains(family), "{family}: {families:?}");
    }
    // No version is left in them.
    let digits = |it: &&String| it.bytes().filter(u8::is_ascii_digit).count() > 1;
    assert_eq!(families.iter().filter(digits).collect::<Vec<_>>(), Vec::<&String>::new());
}
