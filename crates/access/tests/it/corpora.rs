//! Real documents. They are not part of the project; where they are absent, these tests say so and pass.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use yagura_access::{Effect, Owner, Policy, Principal, Principals};
use yagura_model::AccountId;

use crate::support::World;

fn corpus(name: &str) -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora").join(name);
    if root.exists() {
        return Some(root);
    }
    println!("skipped: {} is absent", root.display());
    None
}

/// The JSON files of an archive, read with the system's `tar`.
fn unpack(archive: &PathBuf) -> BTreeMap<String, Value> {
    let target = tempfile::tempdir().unwrap();
    let status = Command::new("tar").arg("xzf").arg(archive).arg("-C").arg(target.path()).status().unwrap();
    assert!(status.success());
    let mut files = BTreeMap::new();
    let mut folders = vec![target.path().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "json") {
                let name = path.strip_prefix(target.path()).unwrap().display().to_string();
                if let Ok(value) = serde_json::from_slice(&std::fs::read(&path).unwrap()) {
                    files.insert(name, value);
                }
            }
        }
    }
    files
}

#[test]
fn every_managed_policy_of_aws_is_read() {
    let Some(root) = corpus("iam-managed-policies") else { return };
    let world = World::new();
    let files = unpack(&root.join("managedpolicies.tar.gz"));
    assert!(files.len() > 1_600, "{} files", files.len());
    let mut stars = BTreeMap::new();
    for (name, file) in &files {
        let policy = Policy::parse(&file["document"]).unwrap_or_else(|error| panic!("{name}: {error}"));
        let conditions: Vec<_> = policy.statements.iter().flat_map(|it| &it.conditions).collect();
        assert!(conditions.iter().all(|it| it.operator.is_some()), "{name}");
        assert!(!policy.admin(&world.owner()), "{name}");
        stars.insert(name.rsplit('/').next().unwrap().to_owned(), policy.star_actions(&world.owner()));
    }
    assert_eq!(stars["AmazonSQSFullAccess.json"], ["sqs:*"]);
    assert_eq!(stars["IAMFullAccess.json"].first().map(String::as_str), Some("iam:*"));
    assert_eq!(stars["IAMReadOnlyAccess.json"], [""; 0]);
}

/// Whether a user or role may do something, by the documents around it that have no conditions.
#[test]
fn the_expectations_of_another_evaluator_hold() {
    let Some(root) = corpus("iam-eval-iamspy") else { return };
    let load = |name: &str| -> Value {
        serde_json::from_slice(&std::fs::read(root.join("files").join(name)).unwrap()).unwrap()
    };
    let expectations: Value =
        serde_json::from_slice(&std::fs::read(root.join("expectations.json")).unwrap()).unwrap();
    let mut judged = 0;
    for case in expectations.as_array().unwrap() {
        let [files, question, expected] = case["values"].as_array().unwrap().as_slice() else { continue };
        let question = question.as_array().unwrap();
        // What depends on conditions is said by them, and is not asked here.
        if files["gaads"][0] == "allow-with-conditions.json" {
            continue;
        }
        let text = |at: usize| question[at].as_str().unwrap();
        let (who, action, resource) = (text(0), text(1), text(2));
        let folder = load(files["gaads"][0].as_str().unwrap());
        let resources = files["resources"][0].as_str().map(&load);
        let scps = files["scps"][0].as_str().map(&load);
        let answer = may(&folder, resources.as_ref(), scps.as_ref(), who, action, resource);
        assert_eq!(Value::from(answer), *expected, "{}", case["values"]);
        judged += 1;
    }
    assert!(judged > 15, "{judged} cases");
}

fn may(
    folder: &Value,
    resources: Option<&Value>,
    scps: Option<&Value>,
    who: &str,
    action: &str,
    resource: &str,
) -> bool {
    let account = AccountId::new(who.split(':').nth(4).unwrap()).unwrap();
    let owner = Owner::new(&account);
    let list = |name: &str| folder[name].as_array().cloned().unwrap_or_default();
    let entities = [list("UserDetailList"), list("RoleDetailList")].concat();
    let Some(entity) = entities.iter().find(|it| it["Arn"] == who) else { return false };
    let documents: Vec<&Value> = ["UserPolicyList", "RolePolicyList"]
        .iter()
        .flat_map(|name| entity[*name].as_array().into_iter().flatten())
        .map(|policy| &policy["PolicyDocument"])
        .collect();
    let own = Policy::together(documents.iter().map(|it| Policy::parse(it).unwrap()));
    let boundary = entity["PermissionsBoundary"]["PermissionsBoundaryArn"].as_str().map(|arn| {
        let policy = list("Policies").into_iter().find(|it| it["Arn"] == arn).unwrap();
        policy["PolicyVersionList"][0]["Document"].clone()
    });
    let mut ceilings: Vec<Value> = boundary.into_iter().collect();
    let mut levels = Vec::new();
    // Service control policies do not bind the management account, which the root's ARN names.
    if let Some(root) = scps
        .filter(|root| root["Arn"].as_str().and_then(|arn| arn.split(':').nth(4)) != Some(account.as_str()))
    {
        path_to(root, account.as_str(), &mut levels);
    }
    let attached = resources.and_then(|it| it.as_array()).into_iter().flatten();
    let policy = attached
        .filter(|it| it["Resource"] == resource)
        .map(|it| Policy::parse(&it["Policy"]).unwrap())
        .next();
    let granted = policy.as_ref().is_some_and(|policy| {
        let owner_account = resource.split(':').nth(4).unwrap_or_default();
        let owner_account = AccountId::new(owner_account).unwrap_or_else(|_| account.clone());
        let grants = policy.grants(&Owner::new(&owner_account).of_resource(resource));
        grants.iter().any(|grant| {
            let name = grant.who.to_string();
            name == "*" || name == who || name == account.as_str()
        })
    });
    let denied = policy.is_some_and(|policy| {
        policy.statements.iter().any(|it| {
            it.effect == Effect::Deny
                && matches!(&it.principals, Principals::Named(list) if list.contains(&Principal::Arn(who.into())))
        })
    });
    let same_account = resource.split(':').nth(4).is_some_and(|it| it.is_empty() || it == account.as_str());
    let identity = own.allows_on(action, resource, &owner);
    ceilings.retain(|it| !Policy::parse(it).unwrap().allows_on(action, resource, &owner));
    let under = levels.iter().all(|level| {
        Policy::together(level.iter().map(|it| Policy::parse(it).unwrap()))
            .allows_on(action, resource, &owner)
    });
    let allowed = if same_account { identity || granted } else { identity && granted };
    allowed && ceilings.is_empty() && under && !denied
}

/// The service control policies of each level from the root down to an account.
fn path_to<'a>(node: &'a Value, account: &str, levels: &mut Vec<Vec<&'a Value>>) -> bool {
    let policies = node["Policies"].as_array().into_iter().flatten().map(|it| &it["Content"]).collect();
    levels.push(policies);
    if node["Id"] == account {
        return true;
    }
    for child in ["Children", "Accounts"].iter().flat_map(|name| node[*name].as_array().into_iter().flatten())
    {
        if path_to(child, account, levels) {
            return true;
        }
    }
    levels.pop();
    false
}

/// Resource policies in recorded answers of AWS.
#[test]
fn every_recorded_policy_is_read() {
    let Some(root) = corpus("aws-api-recordings-c7n") else { return };
    let mut seen = 0;
    let mut refused = Vec::new();
    for (name, file) in unpack(&root.join("c7n-test-data.tar.gz")) {
        policies(&file, &mut |document| {
            seen += 1;
            match Policy::parse(document) {
                Ok(policy) => drop(policy.grants(&World::new().owner())),
                Err(error) => refused.push(format!("{name}: {error}")),
            }
        });
    }
    assert!(seen > 300, "{seen} documents");
    assert_eq!(refused, [""; 0]);
}

fn policies(value: &Value, visit: &mut dyn FnMut(&Value)) {
    match value {
        Value::Object(object) => {
            let effect = |it: &Value| it.get("Effect").is_some();
            let statement = object.get("Statement");
            if statement
                .is_some_and(|it| effect(it) || it.as_array().is_some_and(|list| list.iter().any(effect)))
            {
                visit(value);
            }
            object.values().for_each(|it| policies(it, visit));
        }
        Value::Array(list) => list.iter().for_each(|it| policies(it, visit)),
        Value::String(text) if text.trim_start().starts_with(['{', '%']) && text.contains("Statement") => {
            // Texts that hold a policy somewhere inside are no policies.
            let inner = serde_json::from_str::<Value>(text).unwrap_or_default();
            if inner.get("Statement").is_some() || text.starts_with('%') {
                visit(value);
            }
        }
        _ => {}
    }
}
