//! A made-up organisation whose accounts have 1,000 findings each: 200 resources against five rules each. Of each scan's answers one in a hundred changes.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures::StreamExt as _;
use serde_json::{Map, json};
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Evaluation, Inventory, Organization, Outcome, Partition,
    Resource, ResourceKey, ResourceType, RuleInfo, ScanScope, Severity, Timestamp,
};
use yagura_store::{AccountRecord, ScanOrder, ScanRun, Store};

pub const RESOURCES: usize = 200;
pub const RULES: usize = 100;
pub const RULES_EACH: usize = 5;
const TYPES: usize = 20;
/// Accounts whose answers are made up at a time; that is not counted.
const PREPARED: usize = 50;
/// As in `yagura scan`.
const WRITTEN_AT_ONCE: usize = 16;

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

/// The organisation.
pub struct World {
    pub accounts: Vec<AccountId>,
    pub rules: Vec<RuleInfo>,
    pub kinds: Vec<ResourceType>,
}

impl World {
    pub fn new(accounts: usize) -> Self {
        Self {
            accounts: (0..accounts)
                .map(|n| AccountId::new(&format!("{:012}", 100_000 + n)).unwrap())
                .collect(),
            rules: (0..RULES).map(|n| crate::common::rule(n, Severity::ALL[n % 5])).collect(),
            kinds: (0..TYPES).map(|n| ResourceType::new(format!("AWS::Service{n}::Thing"))).collect(),
        }
    }

    /// When a scan is begun: one a day.
    pub fn started(number: usize) -> Timestamp {
        Timestamp::from_second(1_767_225_600 + number as i64 * 86_400).unwrap()
    }

    /// Stores a scan; how long the store took, by the clock and of the processor.
    pub async fn scan(&self, store: &Store, number: usize) -> (Duration, f64) {
        let scope = ScanScope {
            accounts: self.accounts.iter().cloned().collect(),
            regions: BTreeSet::new(),
            rules: self.rules.iter().map(|it| it.id.clone()).collect(),
            types: BTreeSet::new(),
            digest: String::new(),
            question: String::new(),
            is_narrowed: false,
        };
        let mut organization = Organization::of_one(Account::bare(self.accounts[0].clone()), Partition::Aws);
        organization.accounts.extend(self.accounts.iter().map(|it| (it.clone(), Account::bare(it.clone()))));
        let started = Self::started(number);
        let order = ScanOrder {
            scope: &scope,
            organization: &organization,
            rules: &self.rules,
            started,
            resume: false,
        };
        let (begun, before) = (Instant::now(), crate::common::cpu());
        let run = store.begin_scan(order).await.unwrap();
        let (mut writing, mut used) = (begun.elapsed(), crate::common::cpu() - before);
        let places: Vec<usize> = (0..self.accounts.len()).collect();
        for places in places.chunks(PREPARED) {
            let judged: Vec<_> = places.iter().map(|place| self.judged(*place, number)).collect();
            let (begun, before) = (Instant::now(), crate::common::cpu());
            let written = write(&run, judged).await;
            writing += begun.elapsed();
            used += crate::common::cpu() - before;
            drop(written);
        }
        let (begun, before) = (Instant::now(), crate::common::cpu());
        run.finish(started).await.unwrap();
        (writing + begun.elapsed(), used + crate::common::cpu() - before)
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
                region: crate::common::region(n),
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
        crate::common::inventory(account, &self.kinds, found)
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
}
