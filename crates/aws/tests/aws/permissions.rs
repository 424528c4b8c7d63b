//! The actions that we ask for are actions that AWS has.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use yagura_packs::Packs;

/// AWS's own managed policies name nearly every action that there is.
const MANAGED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/corpora/iam-managed-policies/managedpolicies.tar.gz"
);

/// Read-only actions of the Service Authorization Reference that no managed policy names literally.
const KNOWN: [&str; 1] = ["cassandra:Select"];

#[test]
fn every_action_that_reading_needs_exists() {
    if !Path::new(MANAGED).exists() {
        println!("skipped: the managed policies are not here");
        return;
    }
    let out = Command::new("tar").args(["-xzOf", MANAGED]).output().unwrap();
    assert!(out.status.success());
    let text = String::from_utf8_lossy(&out.stdout).to_lowercase();
    let named: BTreeSet<&str> = text.split('"').filter(|it| it.contains(':')).collect();
    assert!(named.len() > 5_000, "the archive is not what it was: {}", named.len());
    let exists = |action: &str| {
        let action = action.to_lowercase();
        KNOWN.iter().any(|known| known.to_lowercase() == action)
            || named.contains(action.as_str())
            || named.iter().any(|it| {
                it.strip_suffix('*').is_some_and(|begin| narrow(begin) && action.starts_with(begin))
            })
    };

    let packs = Packs::embedded();
    let calls = collected_calls(&packs);
    assert!(calls.len() > 400, "{}", calls.len());
    let actions = yagura_aws::actions(&packs, calls.iter().map(String::as_str)).unwrap();

    let invented: Vec<_> = actions.iter().filter(|action| !exists(action)).collect();
    assert!(invented.is_empty(), "{invented:?}");
}

/// `ec2:describe*` says something about an action, `ec2:*` does not.
fn narrow(begin: &str) -> bool {
    !begin.ends_with(':') && begin.len() > begin.find(':').unwrap_or_default() + 8
}

/// Whatever stands behind `call:` or `first:` in a collector.
fn collected_calls(packs: &Packs) -> BTreeSet<String> {
    let mut calls = BTreeSet::new();
    for file in packs.below("collectors", "yaml") {
        let text = String::from_utf8(file.bytes().unwrap()).unwrap();
        for key in ["call: ", "first: "] {
            let found = text.split(key).skip(1).filter_map(|rest| rest.split([',', ' ', '\n', '}']).next());
            calls.extend(found.filter(|call| call.contains('.')).map(str::to_owned));
        }
    }
    calls
}
