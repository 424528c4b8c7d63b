//! Sketches of scans: what an account looked like to a scan, in a line or two.

use std::collections::BTreeSet;

use futures::TryStreamExt as _;
use serde_json::{Map, Value, json};
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Aliases, Coverage, Evaluation, Finding, Fix, Function,
    Gap, Inventory, Organization, Outcome, Partition, ReadStatus, Reason, Region, Resource, ResourceKey,
    ResourceType, RuleId, RuleInfo, RuleText, Scan, ScanScope, Severity, Text, Timestamp, Unlisted,
};
use yagura_store::{AccountRecord, FindingFilter, ScanOrder, ScanRun, Store, WriteError};

pub const GROUP: &str = "AWS::EC2::SecurityGroup";
pub const BUCKET: &str = "AWS::S3::Bucket";
pub const SSH: &str = "restricted-ssh";
pub const HOME: &str = "eu-west-1";

pub fn account_id(number: u8) -> AccountId {
    AccountId::new(&format!("{number:012}")).unwrap()
}

/// Noon of a day in January 2026.
pub fn day(day: u8) -> Timestamp {
    format!("2026-01-{day:02}T12:00:00Z").parse().unwrap()
}

pub fn key(account: u8, region: &str, kind: &str, id: &str) -> ResourceKey {
    ResourceKey {
        account: account_id(account),
        region: region.into(),
        resource_type: kind.into(),
        id: id.to_owned(),
    }
}

pub fn rule_info(id: &RuleId) -> RuleInfo {
    let text = RuleText { title: format!("title of {id}"), ..RuleText::default() };
    RuleInfo {
        id: id.clone(),
        aliases: Aliases::default(),
        resource: GROUP.into(),
        severity: Severity::High,
        function: Function::Protect,
        text: Text { en: text.clone(), ja: text },
        fix: Fix::default(),
        references: vec![],
    }
}

/// What one account looks like to a scan.
#[derive(Debug, Clone)]
pub struct Sketch {
    pub account: AccountId,
    pub state: AccountState,
    pub regions: Vec<Region>,
    pub types: BTreeSet<ResourceType>,
    pub resources: Vec<Resource>,
    pub evaluations: Vec<Evaluation>,
    pub unlisted: Vec<Unlisted>,
    pub coverage: Coverage,
    pub switched_off: BTreeSet<RuleId>,
}

/// An account that was read in [`HOME`], where security groups were looked for.
pub fn scanned(account: u8) -> Sketch {
    Sketch {
        account: account_id(account),
        state: AccountState::Scanned,
        regions: vec![HOME.into()],
        types: BTreeSet::from([GROUP.into()]),
        resources: vec![],
        evaluations: vec![],
        unlisted: vec![],
        coverage: Coverage::default(),
        switched_off: BTreeSet::new(),
    }
}

/// An account whose role could not be assumed.
pub fn unreachable(account: u8) -> Sketch {
    let state = AccountState::Unreachable { role: None, error: "the role cannot be assumed".to_owned() };
    Sketch { state, regions: vec![], types: BTreeSet::new(), ..scanned(account) }
}

impl Sketch {
    pub fn regions(mut self, regions: &[&str]) -> Self {
        self.regions = regions.iter().map(|it| Region::from(*it)).collect();
        self
    }

    pub fn types(mut self, types: &[&str]) -> Self {
        self.types = types.iter().map(|it| ResourceType::from(*it)).collect();
        self
    }

    /// A security group in [`HOME`], judged by [`SSH`].
    pub fn group(self, id: &str, outcome: Outcome) -> Self {
        self.resource(HOME, GROUP, id, json!({ "GroupId": id })).judged(HOME, GROUP, id, SSH, outcome)
    }

    pub fn resource(mut self, region: &str, kind: &str, id: &str, configuration: Value) -> Self {
        let Value::Object(configuration) = configuration else { panic!("a configuration is an object") };
        let key = ResourceKey {
            account: self.account.clone(),
            region: region.into(),
            resource_type: kind.into(),
            id: id.to_owned(),
        };
        self.resources.push(bare_resource(key, configuration));
        self
    }

    pub fn judged(mut self, region: &str, kind: &str, id: &str, rule: &str, outcome: Outcome) -> Self {
        let resource = ResourceKey {
            account: self.account.clone(),
            region: region.into(),
            resource_type: kind.into(),
            id: id.to_owned(),
        };
        let reason = (outcome == Outcome::InsufficientData).then(|| Reason::Unread { gaps: vec![denied()] });
        let evidence = (outcome == Outcome::NonCompliant).then(|| json!({ "open": [22], "of": id }));
        let arn = if id == Evaluation::WHATEVER { String::new() } else { format!("arn:{id}") };
        let severity = Severity::High;
        let (rule, name) = (rule.into(), String::new());
        self.evaluations.push(Evaluation { resource, rule, arn, name, outcome, severity, reason, evidence });
        self
    }

    /// A list that could not be read.
    pub fn unlisted(mut self, region: &str, kind: &str) -> Self {
        let gap = Gap { region: region.into(), ..denied() };
        self.unlisted.push(Unlisted { resource_type: kind.into(), region: region.into(), gap });
        self
    }

    pub fn call(mut self, region: &str, call: &str, status: ReadStatus, count: u64) -> Self {
        self.coverage.add_many(&region.into(), call, status, count);
        self
    }

    pub fn account_scan(&self) -> AccountScan {
        AccountScan {
            account: Account::bare(self.account.clone()),
            state: self.state.clone(),
            regions: self.regions.clone(),
            resources: self.resources.len() as u64,
            switched_off: self.switched_off.clone(),
        }
    }

    pub fn record(&self) -> Result<AccountRecord, WriteError> {
        AccountRecord::new(self.account_scan(), self.inventory(), self.evaluations.clone())
    }

    pub fn inventory(&self) -> Option<Inventory> {
        let mut resources = self.resources.clone();
        resources.sort_by(|a, b| a.key.cmp(&b.key));
        (self.state == AccountState::Scanned).then(|| Inventory {
            account: Account::bare(self.account.clone()),
            regions: self.regions.clone(),
            types: self.types.clone(),
            resources,
            unlisted: self.unlisted.clone(),
            coverage: self.coverage.clone(),
            links: None,
        })
    }
}

pub fn denied() -> Gap {
    let status = ReadStatus::Denied { permission: "ec2:DescribeSecurityGroups".to_owned() };
    Gap { call: "ec2.DescribeSecurityGroups".to_owned(), region: HOME.into(), status }
}

pub fn bare_resource(key: ResourceKey, configuration: Map<String, Value>) -> Resource {
    let arn = format!("arn:{}", key.id);
    let (name, tags, relationships, unread) = Default::default();
    Resource { key, arn, name, tags, configuration, relationships, unread }
}

/// A scope of these accounts that has [`SSH`] as its only rule.
pub fn scope(sketches: &[Sketch]) -> ScanScope {
    ScanScope {
        accounts: sketches.iter().map(|it| it.account.clone()).collect(),
        regions: BTreeSet::new(),
        rules: BTreeSet::from([SSH.into()]),
        types: BTreeSet::new(),
        digest: "d".to_owned(),
        question: "q".to_owned(),
        is_narrowed: false,
    }
}

pub async fn begin(store: &Store, scope: &ScanScope, started: Timestamp, resume: bool) -> ScanRun {
    let organization = Organization::of_one(Account::bare(account_id(1)), Partition::Aws);
    let rules: Vec<RuleInfo> = scope.rules.iter().map(rule_info).collect();
    let order = ScanOrder { scope, organization: &organization, rules: &rules, started, resume };
    store.begin_scan(order).await.unwrap()
}

pub async fn write(run: &ScanRun, sketch: &Sketch) {
    run.write(&[sketch.record().unwrap()]).await.unwrap();
}

/// A whole scan with [`SSH`] as its only rule.
pub async fn scan(store: &Store, started: Timestamp, sketches: &[Sketch]) -> Scan {
    scan_of(store, started, &scope(sketches), sketches).await
}

pub async fn scan_of(store: &Store, started: Timestamp, scope: &ScanScope, sketches: &[Sketch]) -> Scan {
    let run = begin(store, scope, started, false).await;
    for sketch in sketches {
        write(&run, sketch).await;
    }
    run.finish(started).await.unwrap()
}

pub async fn all_findings(store: &Store) -> Vec<Finding> {
    store.findings(&FindingFilter::default()).await.unwrap().try_collect().await.unwrap()
}

/// Every finding in a line.
pub async fn findings(store: &Store) -> Vec<String> {
    let short = |at: Timestamp| at.to_string()[8..10].to_owned();
    all_findings(store)
        .await
        .iter()
        .map(|it| {
            let mut line = format!(
                "{} {} {} seen {}-{}",
                it.resource.id,
                it.record_state.as_str(),
                it.workflow.as_str(),
                short(it.first_seen),
                short(it.last_seen)
            );
            if let Some(at) = it.resolved_at {
                line += &format!(" resolved {}", short(at));
            }
            if it.reopened > 0 {
                line += &format!(" reopened {}", it.reopened);
            }
            line
        })
        .collect()
}
