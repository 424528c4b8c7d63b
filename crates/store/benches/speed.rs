//! How fast scans are written and read: `cargo bench -p yagura-store --profile dev -- [ACCOUNTS] [RESOURCES]`.
//!
//! Each resource is judged by ten rules; one answer in ten is a violation with evidence.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for a person at a terminal")]

mod common;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures::TryStreamExt as _;
use serde_json::{Map, json};
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Evaluation, Inventory, Organization, Outcome, Partition,
    Resource, ResourceKey, ResourceType, RuleInfo, ScanId, ScanScope, Severity,
};
use yagura_store::{AccountRecord, Filter, ScanOrder, Store};

const RULES: usize = 10;

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    let (accounts, resources) =
        (numbers.first().copied().unwrap_or(100), numbers.get(1).copied().unwrap_or(1_000));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(measure(accounts, resources));
}

async fn measure(accounts: usize, resources: usize) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    let store = Store::open(&path).await.unwrap();
    let evaluations = accounts * resources * RULES;
    println!("{accounts} accounts, {resources} resources each, {evaluations} evaluations");
    for (day, what) in [(1, "first scan"), (2, "nothing changed"), (3, "one in a hundred changed")] {
        let changed = if day == 3 { resources / 100 } else { 0 };
        let (id, wall, cpu_used) = scan(&store, day, accounts, resources, changed).await;
        let size = std::fs::metadata(&path).unwrap().len() / 1_000_000;
        tell(what, evaluations, wall, cpu_used);
        let (begun, before) = (Instant::now(), common::cpu());
        let read = store.evaluations(id, &Filter::default()).await.unwrap();
        let count = read.try_fold(0, async |n, _| Ok(n + 1)).await.unwrap();
        assert_eq!(count, evaluations);
        tell("  reading it", evaluations, begun.elapsed(), common::cpu() - before);
        println!("  the file has {size} MB; at most {} MB of memory were used", common::peak());
    }
}

fn tell(what: &str, evaluations: usize, wall: Duration, cpu_used: f64) {
    let rate = |seconds: f64| evaluations as f64 / seconds / 1_000.0;
    let (by_wall, by_cpu) = (rate(wall.as_secs_f64()), rate(cpu_used));
    println!(
        "{what}: {wall:.2?}, {by_wall:.0} thousand evaluations a second, {by_cpu:.0} in a second of processor time"
    );
}

async fn scan(
    store: &Store,
    day: usize,
    accounts: usize,
    resources: usize,
    changed: usize,
) -> (ScanId, Duration, f64) {
    let rules: Vec<RuleInfo> = (0..RULES).map(|n| common::rule(n, Severity::High)).collect();
    let ids: Vec<AccountId> =
        (0..accounts).map(|n| AccountId::new(&format!("{:012}", 100_000 + n)).unwrap()).collect();
    let scope = ScanScope {
        accounts: ids.iter().cloned().collect(),
        regions: BTreeSet::new(),
        rules: rules.iter().map(|it| it.id.clone()).collect(),
        types: BTreeSet::new(),
        digest: String::new(),
        question: String::new(),
        is_narrowed: false,
    };
    let organization = Organization::of_one(Account::bare(ids[0].clone()), Partition::Aws);
    let started = format!("2026-01-{day:02}T00:00:00Z").parse().unwrap();
    let order =
        ScanOrder { scope: &scope, organization: &organization, rules: &rules, started, resume: false };
    let run = store.begin_scan(order).await.unwrap();
    let (mut writing, mut used) = (Duration::ZERO, 0.0);
    for account in ids {
        let inventory = inventory(&account, resources, changed, day);
        let evaluations = evaluations(&inventory, &rules);
        let fared = AccountScan {
            account: inventory.account.clone(),
            state: AccountState::Scanned,
            regions: inventory.regions.clone(),
            resources: inventory.resources.len() as u64,
            switched_off: BTreeSet::new(),
        };
        let (begun, before) = (Instant::now(), common::cpu());
        run.write(&[AccountRecord::new(fared, Some(inventory), evaluations).unwrap()]).await.unwrap();
        writing += begun.elapsed();
        used += common::cpu() - before;
    }
    let (begun, before) = (Instant::now(), common::cpu());
    let scan = run.finish(started).await.unwrap();
    (scan.id, writing + begun.elapsed(), used + common::cpu() - before)
}

/// Resources of about one kilobyte.
fn inventory(account: &AccountId, resources: usize, changed: usize, day: usize) -> Inventory {
    let kinds: Vec<ResourceType> =
        (0..8).map(|n| ResourceType::new(format!("AWS::Service{n}::Thing"))).collect();
    let resource = |n: usize| {
        let key = ResourceKey {
            account: account.clone(),
            region: common::region(n),
            resource_type: kinds[n % kinds.len()].clone(),
            id: format!("i-{n:017x}"),
        };
        let version = if n < changed { day } else { 0 };
        let interfaces: Vec<_> = (0..4)
            .map(|it| json!({ "NetworkInterfaceId": format!("eni-{n:010x}{it}"), "SubnetId": "subnet-0123456789abcdef0", "PrivateIpAddress": "10.0.0.17", "Status": "in-use" }))
            .collect();
        let fields = json!({
            "InstanceId": key.id, "InstanceType": "m7i.large", "Version": version, "LaunchTime": "2025-11-03T09:12:44Z",
            "MetadataOptions": { "HttpTokens": "optional", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1 },
            "NetworkInterfaces": interfaces, "Monitoring": { "State": "disabled" }, "State": { "Code": 16, "Name": "running" },
            "BlockDeviceMappings": [{ "DeviceName": "/dev/xvda", "Ebs": { "VolumeId": "vol-0123456789abcdef0", "DeleteOnTermination": true } }],
        });
        let configuration: Map<_, _> = fields.as_object().unwrap().clone();
        let arn = format!("arn:aws:ec2:{}:{account}:instance/{}", key.region, key.id);
        let (tags, relationships, unread) = Default::default();
        Resource { key, arn, name: format!("web-{n}"), tags, configuration, relationships, unread }
    };
    let found: Vec<Resource> = (0..resources).map(resource).collect();
    common::inventory(account, &kinds, found)
}

fn evaluations(inventory: &Inventory, rules: &[RuleInfo]) -> Vec<Evaluation> {
    let judge = |resource: &Resource, n: usize, rule: &RuleInfo| Evaluation {
        resource: resource.key.clone(),
        rule: rule.id.clone(),
        arn: resource.arn.clone(),
        name: resource.name.clone(),
        outcome: if n == 0 { Outcome::NonCompliant } else { Outcome::Compliant },
        severity: rule.severity,
        reason: None,
        evidence: (n == 0).then(|| json!({ "HttpTokens": "optional", "InstanceId": resource.key.id })),
    };
    let all = inventory.resources.iter();
    all.flat_map(|it| rules.iter().enumerate().map(move |(n, rule)| judge(it, n, rule))).collect()
}
