//! Rule files in a directory, and small inventories.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value as Json;
use yagura_model::{
    Account, AccountId, Coverage, Diagnostic, Evaluation, Gap, Inventory, Organization, Partition,
    ReadStatus, Region, Resource, ResourceKey, ResourceType, Timestamp, Unlisted,
};
use yagura_packs::Packs;
use yagura_posture::{Rules, Settings};

/// A good rule to break.
pub(crate) const RULE: &str = include_str!("../../../../packs/rules/ec2/restricted-ssh.yaml");

/// A short rule; what is not about its conditions is left out on purpose, so it loads with warnings.
pub(crate) fn short(id: &str, conditions: &str) -> String {
    format!(
        "id: {id}\nresource: AWS::EC2::Instance\nseverity: high\nfunction: protect\nparams: {{ limit: 3, names: [] }}\n{conditions}\n"
    )
}

/// Loads these files, by their paths below `rules/`, as a user's directory.
pub(crate) fn load(files: &[(&str, &str)], settings: &Settings) -> (Rules, Vec<Diagnostic>) {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let packs = Packs::empty().overlay_at("rules", directory.path()).unwrap();
    let (rules, mut problems) = Rules::load(&packs, settings);
    for problem in &mut problems {
        problem.file = relative(&problem.file, directory.path());
        problem.help = problem.help.take().map(|help| relative(&help, directory.path()));
    }
    (rules, problems)
}

fn relative(text: &str, directory: &Path) -> String {
    text.replace(&format!("{}/", directory.display()), "")
}

/// Rules with these conditions, all called after their position: `rule-1`.
pub(crate) fn rules(conditions: &[&str], settings: &Settings) -> Rules {
    let files: Vec<(String, String)> = conditions
        .iter()
        .enumerate()
        .map(|(n, conditions)| {
            let id = format!("rule-{}", n + 1);
            (format!("ec2/{id}.yaml"), short(&id, conditions))
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (rules, problems) = load(&files, settings);
    let errors: Vec<_> = problems.iter().filter(|it| it.level == yagura_model::Level::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    rules
}

pub(crate) fn settings(written: Json) -> Settings {
    serde_json::from_value(written).unwrap()
}

pub(crate) fn account() -> Account {
    let mut account = Account::bare(AccountId::new("111122223333").unwrap());
    account.ou_path = "Root/Workloads/Prod".to_owned();
    account
}

pub(crate) fn instance(id: &str, region: &str, configuration: Json) -> Resource {
    resource("AWS::EC2::Instance", id, region, configuration)
}

pub(crate) fn resource(resource_type: &str, id: &str, region: &str, configuration: Json) -> Resource {
    let Json::Object(configuration) = configuration else { panic!("a configuration is an object") };
    Resource {
        key: ResourceKey {
            account: account().id,
            region: Region::from(region),
            resource_type: ResourceType::from(resource_type),
            id: id.to_owned(),
        },
        arn: format!("arn:aws:ec2:{region}:111122223333:instance/{id}"),
        name: String::new(),
        tags: BTreeMap::new(),
        configuration,
        relationships: Vec::new(),
        unread: BTreeMap::new(),
    }
}

pub(crate) fn inventory(mut resources: Vec<Resource>) -> Inventory {
    resources.sort_by(|a, b| a.key.cmp(&b.key));
    let mut types: BTreeSet<_> = resources.iter().map(|it| it.key.resource_type.clone()).collect();
    types.insert(ResourceType::from("AWS::EC2::Instance"));
    Inventory {
        account: account(),
        regions: vec![Region::from("eu-west-1"), Region::from("us-east-1")],
        types,
        resources,
        unlisted: Vec::new(),
        coverage: Coverage::default(),
        links: None,
    }
}

pub(crate) fn denied(call: &str, region: &str) -> Gap {
    let status = ReadStatus::Denied { permission: call.replace('.', ":") };
    Gap { call: call.to_owned(), region: Region::from(region), status }
}

pub(crate) fn unlisted(resource_type: &str, region: &str, call: &str) -> Unlisted {
    Unlisted {
        resource_type: ResourceType::from(resource_type),
        region: Region::from(region),
        gap: denied(call, region),
    }
}

pub(crate) fn organization() -> Organization {
    Organization::of_one(account(), Partition::Aws)
}

pub(crate) fn now() -> Timestamp {
    "2026-01-01T00:00:00Z".parse().unwrap()
}

/// The answers as lines: region, resource, rule, outcome, reason or evidence.
pub(crate) fn judged(rules: &Rules, inventory: &Inventory) -> Vec<String> {
    rules.evaluate(inventory, &organization(), now()).iter().map(line).collect()
}

fn line(it: &Evaluation) -> String {
    let why =
        it.reason.as_ref().map(ToString::to_string).or_else(|| it.evidence.as_ref().map(Json::to_string));
    let why = why.map(|why| format!(" ({why})")).unwrap_or_default();
    format!("{} {} {} {} {}{why}", it.resource.region, it.resource.id, it.rule, it.severity, it.outcome)
}
