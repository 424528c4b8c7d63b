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
