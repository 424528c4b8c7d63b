//! A year of findings: `cargo bench -p yagura-store --bench findings -- [ACCOUNTS] [SCANS]`.
//!
//! Each of the accounts has 1,000 findings: 200 resources against five rules each. Of each scan's answers one in a hundred changes. Asked are what
//! storing one more scan costs, what counts and pages cost, and how large the file is.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for a person at a terminal")]

mod common;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use serde_json::{Map, json};
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Evaluation, Inventory, Organization, Outcome, Partition,
    RecordState, Resource, ResourceKey, ResourceType, RuleInfo, ScanScope, Severity, Workflow,
};
use yagura_store::{AccountRecord, FindingFilter, FindingOrder, FindingQuery, ScanOrder, ScanRun, Store};

const RESOURCES: usize = 200;
const RULES: usize = 100;
const RULES_EACH: usize = 5;
const TYPES: usize = 20;
/// Accounts whose answers are made up at a time; that is not counted.
const PREPARED: usize = 50;
/// As in `yagura scan`.
const WRITTEN_AT_ONCE: usize = 16;

fn main() {
    let numbers: Vec<usize> = std::env::args().filter_map(|it| it.parse().ok()).collect();
    let accounts = numbers.first().copied().unwrap_or(1_000);
    let scans = numbers.get(1).copied().unwrap_or(52);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(measure(accounts, scans));
}

async fn measure(accounts: usize, scans: usize) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    let store = Store::open(&path).await.unwrap();
    let world = World::new(accounts);
    println!("{accounts} accounts, {} findings", accounts * RESOURCES * RULES_EACH);
    let (wall, used) = world.scan(&store, 0).await;
    println!("first scan: {:.2} s, {used:.2} s of processor time", wall.as_secs_f64());
    let mut times = Vec::new();
    for number in 1..=scans {
        let (wall, used) = world.scan(&store, number).await;
        times.push((wall.as_secs_f64(), used));
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or_default()
    };
    println!(
        "each of {scans} more, one answer in a hundred changed: {:.2} s, {:.2} s of processor time (medians)",
        median(times.iter().map(|it| it.0).collect()),
        median(times.iter().map(|it| it.1).collect())
    );
    let size = |path: &std::path::Path| std::fs::metadata(path).map_or(0, |it| it.len()) / 1_000_000;
    println!("the file has {} MB", size(&path));
    world.ask(&store).await;
    println!("at most {} MB of memory were used", common::peak());
}

/// Digests accounts beside each other and writes those that are ready, as `yagura scan` does. To throw them away is no work of the
/// store's.
async fn write(run: &ScanRun, judged: Vec<(AccountScan, Inventory, Vec<Evaluation>)>) -> Vec<AccountRecord> {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(WRITTEN_AT_ONCE);
    let digesting = async {
        let records = judged.into_iter().map(|(fared, inventory, evaluations)| {
            tokio::task::spawn_blocking(|| AccountRecord::new(fared, Some(inventory), evaluations).unwrap())
        });
        let mut records = futures::stream::iter(records).buffer_unordered(2);
        while let Some(record) = records.next().await {
            sender.send(record.unwrap()).await.unwrap();
        }
        drop(sender);
    };
    let writing = async {
        let (mut ready, mut written) = (Vec::new(), Vec::new());
        while receiver.recv_many(&mut ready, WRITTEN_AT_ONCE).await > 0 {
            run.write(&ready).await.unwrap();
            written.append(&mut ready);
        }
        written
    };
    futures::join!(digesting, writing).1
}

struct World {
    accounts: Vec<AccountId>,
    rules: Vec<RuleInfo>,
    kinds: Vec<ResourceType>,
}

impl World {
    fn new(accounts: usize) -> Self {
        Self {
            accounts: (0..accounts)
                .map(|n| AccountId::new(&format!("{:012}", 100_000 + n)).unwrap())
                .collect(),
            rules: (0..RULES).map(|n| common::rule(n, Severity::ALL[n % 5])).collect(),
            kinds: (0..TYPES).map(|n| ResourceType::new(format!("AWS::Service{n}::Thing"))).collect(),
        }
    }

    /// Stores a scan; how long the store took, by the clock and of the processor.
    async fn scan(&self, store: &Store, number: usize) -> (Duration, f64) {
        let scope = ScanScope {
            accounts: self.accounts.iter().cloned().collect(),
            regions: BTreeSet::new(),
            rules: self.rules.iter().map(|it| it.id.clone()).collect(),
            types: BTreeSet::new(),
            digest: String::new(),
            question: String::new(),
        };
        let organization = Organization::of_one(Account::bare(self.accounts[0].clone()), Partition::Aws);
        let started = yagura_model::Timestamp::from_second(1_767_225_600 + number as i64 * 86_400).unwrap();
        let order = ScanOrder {
            scope: &scope,
            organization: &organization,
            rules: &self.rules,
            started,
            resume: false,
        };
        let (begun, before) = (Instant::now(), common::cpu());
        let run = store.begin_scan(order).await.unwrap();
        let (mut writing, mut used) = (begun.elapsed(), common::cpu() - before);
        let places: Vec<usize> = (0..self.accounts.len()).collect();
        for places in places.chunks(PREPARED) {
            let judged: Vec<_> = places.iter().map(|place| self.judged(*place, number)).collect();
            let (begun, before) = (Instant::now(), common::cpu());
            let written = write(&run, judged).await;
            writing += begun.elapsed();
            used += common::cpu() - before;
            drop(written);
        }
        let (begun, before) = (Instant::now(), common::cpu());
        run.finish(started).await.unwrap();
        (writing + begun.elapsed(), used + common::cpu() - before)
    }

    /// What a scan hands over of one account.
    fn judged(&self, place: usize, number: usize) -> (AccountScan, Inventory, Vec<Evaluation>) {
        let inventory = self.inventory(&self.accounts[place]);
        let evaluations = self.evaluations(&inventory, place, number);
        let fared = AccountScan {
            account: inventory.account.clone(),
            state: AccountState::Scanned,
            regions: inventory.regions.clone(),
            resources: inventory.resources.len() as u64,
            switched_off: BTreeSet::new(),
        };
        (fared, inventory, evaluations)
    }

    fn inventory(&self, account: &AccountId) -> Inventory {
        let resource = |n: usize| {
            let key = ResourceKey {
                account: account.clone(),
                region: common::region(n),
                resource_type: self.kinds[n % TYPES].clone(),
                id: format!("i-{n:017x}"),
            };
            let fields = json!({
                "InstanceId": key.id, "InstanceType": "m7i.large", "LaunchTime": "2025-11-03T09:12:44Z",
                "MetadataOptions": { "HttpTokens": "optional", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 1 },
                "Monitoring": { "State": "disabled" }, "State": { "Code": 16, "Name": "running" },
            });
            let configuration: Map<_, _> = fields.as_object().unwrap().clone();
            let arn = format!("arn:aws:ec2:{}:{account}:instance/{}", key.region, key.id);
            let (tags, relationships, unread) = Default::default();
            Resource { key, arn, name: format!("web-{n}"), tags, configuration, relationships, unread }
        };
        let found: Vec<Resource> = (0..RESOURCES).map(resource).collect();
        common::inventory(account, &self.kinds, found)
    }

    fn evaluations(&self, inventory: &Inventory, place: usize, number: usize) -> Vec<Evaluation> {
        let judge = |n: usize, resource: &Resource, rule: usize| {
            let info = &self.rules[(n * 7 + rule * 20) % RULES];
            // Each answer is a violation but in one scan of two hundred: so many end, and as many come back.
            let is_violated = number == 0 || (place + n * RULES_EACH + rule) % 200 != number % 200;
            let outcome = if is_violated { Outcome::NonCompliant } else { Outcome::Compliant };
            Evaluation {
                resource: resource.key.clone(),
                rule: info.id.clone(),
                arn: resource.arn.clone(),
                name: resource.name.clone(),
                outcome,
                severity: info.severity,
                reason: None,
                evidence: is_violated
                    .then(|| json!({ "HttpTokens": "optional", "InstanceId": resource.key.id })),
            }
        };
        let mut all: Vec<Evaluation> = inventory
            .resources
            .iter()
            .enumerate()
            .flat_map(|(n, it)| (0..RULES_EACH).map(move |rule| (n, it, rule)))
            .map(|(n, it, rule)| judge(n, it, rule))
            .collect();
        all.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        all
    }

    async fn ask(&self, store: &Store) {
        let open = FindingFilter {
            record_states: BTreeSet::from([RecordState::Active]),
            workflows: BTreeSet::from([Workflow::New, Workflow::Notified]),
            ..FindingFilter::default()
        };
        let project =
            FindingFilter { accounts: self.accounts[..20].iter().cloned().collect(), ..open.clone() };
        let rule = FindingFilter { rules: BTreeSet::from([self.rules[42].id.clone()]), ..open.clone() };
        let rare = FindingFilter {
            regions: BTreeSet::from([common::region(3)]),
            types: BTreeSet::from([self.kinds[7].clone()]),
            min_severity: Some(Severity::High),
            ..open.clone()
        };
        let mine = FindingFilter { assignees: BTreeSet::from(["hanako".to_owned()]), ..open.clone() };
        let text = FindingFilter {
            text: Some(format!("{}:instance/i-{:017x}", self.accounts[7], 77)),
            ..open.clone()
        };
        for (what, filter) in [
            ("everything open", &open),
            ("a project of 20 accounts", &project),
            ("one rule", &rule),
            ("region, type and severity", &rare),
            ("somebody's", &mine),
            ("a text", &text),
        ] {
            let counting = median(async || drop(store.count_findings(filter).await.unwrap())).await;
            let query = FindingQuery {
                filter: filter.clone(),
                order: FindingOrder::OldestFirst,
                limit: 50,
                after: None,
            };
            let first = store.finding_page(&query).await.unwrap();
            let paging = median(async || drop(store.finding_page(&query).await.unwrap())).await;
            let next = FindingQuery { after: first.next, ..query.clone() };
            let second = median(async || drop(store.finding_page(&next).await.unwrap())).await;
            let ms = |it: Duration| it.as_secs_f64() * 1_000.0;
            let (counting, paging, second) = (ms(counting), ms(paging), ms(second));
            println!(
                "{what}: counts {counting:.1} ms, first page {paging:.1} ms, second page {second:.1} ms"
            );
        }
    }
}

async fn median(ask: impl AsyncFn()) -> Duration {
    let mut times = Vec::new();
    for _ in 0..7 {
        let begun = Instant::now();
        ask().await;
        times.push(begun.elapsed());
    }
    times.sort();
    times[3]
}
