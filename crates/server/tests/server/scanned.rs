//! A server after two scans: in the first both accounts let anybody reach SSH, in the second only the shop does.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use yagura_model::{
    Account, AccountId, AccountScan, AccountState, Coverage, Evaluation, Inventory, Organization, Outcome,
    Partition, ReadStatus, Region, Relationship, Resource, ResourceKey, RuleInfo, ScanScope, Severity,
    Timestamp,
};
use yagura_packs::Packs;
use yagura_posture::{Frameworks, Rules, Settings};
use yagura_server::World;
use yagura_store::{AccountRecord, ScanOrder, Store};

use crate::fixtures::{BANK, SHOP, Yagura, start};

pub const GROUP: &str = "AWS::EC2::SecurityGroup";
pub const SSH: &str = "restricted-ssh";
const REGION: &str = "ap-northeast-1";

pub fn key(account: &str, id: &str) -> ResourceKey {
    ResourceKey {
        account: AccountId::new(account).unwrap(),
        region: REGION.into(),
        resource_type: GROUP.into(),
        id: id.to_owned(),
    }
}

/// A security group that lets these addresses reach SSH, and is used by another one.
fn group(account: &str, id: &str, from: &str) -> Resource {
    let range =
        json!([{ "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{ "CidrIp": from }] }]);
    let configuration = Map::from_iter([("IpPermissions".to_owned(), range)]);
    let arn = format!("arn:aws:ec2:{REGION}:{account}:security-group/{id}");
    let (name, tags, unread) = (format!("<b>{id}</b>"), Default::default(), Default::default());
    Resource { key: key(account, id), arn, name, tags, configuration, relationships: vec![], unread }
}

fn record(account: &Account, is_open: bool) -> AccountRecord {
    let id = account.id.as_str();
    let from = if is_open { "0.0.0.0/0" } else { "10.0.0.0/8" };
    let group_id = format!("sg-{}", account.name);
    let web = group(id, &group_id, from);
    let mut user = group(id, &format!("{group_id}-user"), "10.0.0.0/8");
    user.relationships.push(Relationship { to: GROUP.into(), id: group_id });
    let judged = |it: &Resource, is_open: bool| Evaluation {
        resource: it.key.clone(),
        rule: SSH.into(),
        arn: it.arn.clone(),
        name: it.name.clone(),
        outcome: if is_open { Outcome::NonCompliant } else { Outcome::Compliant },
        severity: Severity::High,
        reason: None,
        evidence: is_open.then(|| json!([{ "From": from }])),
    };
    let evaluations = vec![judged(&web, is_open), judged(&user, false)];
    let regions: Vec<Region> = vec![REGION.into()];
    let mut coverage = Coverage::default();
    coverage.add(&REGION.into(), "ec2.DescribeSecurityGroups", ReadStatus::Read);
    let denied = ReadStatus::Denied { permission: "s3:GetBucketPolicy".to_owned() };
    coverage.add(&REGION.into(), "s3.GetBucketPolicy", denied);
    coverage.add(&REGION.into(), "s3.GetBucketWebsite", ReadStatus::Absent);
    let inventory = Inventory {
        account: account.clone(),
        regions: regions.clone(),
        types: BTreeSet::from([GROUP.into()]),
        resources: vec![web, user],
        unlisted: vec![],
        coverage,
        links: None,
    };
    let fared = AccountScan {
        account: account.clone(),
        state: AccountState::Scanned,
        regions,
        resources: 2,
        switched_off: BTreeSet::new(),
    };
    AccountRecord::new(fared, Some(inventory), evaluations).unwrap()
}

async fn scan(store: &Store, at: Timestamp, accounts: &[(Account, bool)], rules: &[RuleInfo]) {
    scan_of(store, at, accounts, rules, false).await;
}

async fn scan_of(
    store: &Store,
    at: Timestamp,
    accounts: &[(Account, bool)],
    rules: &[RuleInfo],
    is_narrowed: bool,
) {
    let scope = ScanScope {
        accounts: accounts.iter().map(|(it, _)| it.id.clone()).collect(),
        regions: BTreeSet::new(),
        rules: BTreeSet::from([SSH.into()]),
        types: BTreeSet::new(),
        digest: "packs".to_owned(),
        question: if is_narrowed { "a part" } else { "everything" }.to_owned(),
        is_narrowed,
    };
    let mut organization = Organization::of_one(accounts[0].0.clone(), Partition::Aws);
    organization.accounts.extend(accounts.iter().map(|(it, _)| (it.id.clone(), it.clone())));
    let order = ScanOrder { scope: &scope, organization: &organization, rules, started: at, resume: false };
    let run = store.begin_scan(order).await.unwrap();
    for (account, is_open) in accounts {
        run.write(&[record(account, *is_open)]).await.unwrap();
    }
    run.finish(at).await.unwrap();
}

/// The server, with somebody of every role.
pub async fn scanned() -> Yagura {
    let yagura = Yagura::peopled().await;
    let packs = Packs::embedded();
    let (rules, _) = Rules::load(&packs, &Settings::default());
    let infos: Vec<RuleInfo> = vec![rules.get(SSH).unwrap().info().clone()];
    let account = |id: &str, name: &str| {
        let id = AccountId::new(id).unwrap();
        Account { name: name.to_owned(), ..Account::bare(id) }
    };
    let (shop, bank) = (account(SHOP, "shop-production"), account(BANK, "bank-production"));
    let yesterday = start() - jiff::SignedDuration::from_hours(48);
    scan(&yagura.store, yesterday, &[(shop.clone(), true), (bank.clone(), true)], &infos).await;
    scan(&yagura.store, start(), &[(shop.clone(), true), (bank.clone(), false)], &infos).await;
    yagura.server.change_world(world());
    yagura
}

/// The accounts, each in a project of its own, and everything that Yagura brings.
pub fn world() -> World {
    let packs = Packs::embedded();
    let (rules, _) = Rules::load(&packs, &Settings::default());
    let (frameworks, _) = Frameworks::load(&packs, &rules);
    let account = |id: &str, name: &str| {
        let id = AccountId::new(id).unwrap();
        Account { name: name.to_owned(), ..Account::bare(id) }
    };
    let (shop, bank) = (account(SHOP, "shop-production"), account(BANK, "bank-production"));
    let project = |name: &str, account: &str| {
        serde_json::from_value(json!({ "name": name, "accounts": [account] })).unwrap()
    };
    World {
        projects: vec![project("shop", SHOP), project("bank", BANK)],
        accounts: [(shop.id.clone(), shop), (bank.id.clone(), bank)].into(),
        rules: rules.iter().map(|it| (it.id().clone(), it.info().clone())).collect(),
        judged_by: rules,
        frameworks,
        ..World::default()
    }
}

/// Somebody looks at the bank alone, once.
pub async fn narrowed(yagura: &Yagura) {
    let id = AccountId::new(BANK).unwrap();
    let bank = Account { name: "bank-production".to_owned(), ..Account::bare(id) };
    let (rules, _) = Rules::load(&Packs::embedded(), &Settings::default());
    let infos: Vec<RuleInfo> = vec![rules.get(SSH).unwrap().info().clone()];
    scan_of(&yagura.store, start(), &[(bank, false)], &infos, true).await;
}

/// A world in which another project holds the shop's account, too.
pub fn shared() -> World {
    let (rules, _) = Rules::load(&Packs::embedded(), &Settings::default());
    let account = |id: &str, name: &str| {
        let id = AccountId::new(id).unwrap();
        (id.clone(), Account { name: name.to_owned(), ..Account::bare(id) })
    };
    let project = |name: &str, account: &str| {
        serde_json::from_value(json!({ "name": name, "accounts": [account] })).unwrap()
    };
    World {
        projects: vec![project("shop", SHOP), project("secret-acquisition", SHOP)],
        accounts: [account(SHOP, "shop-production"), account(BANK, "bank-production")].into(),
        rules: rules.iter().map(|it| (it.id().clone(), it.info().clone())).collect(),
        judged_by: rules,
        ..World::default()
    }
}

/// The query that names a group.
pub fn query(account: &str, id: &str) -> String {
    format!("account={account}&region={REGION}&type={GROUP}&id={id}")
}

pub fn names(list: &Value, field: &str) -> Vec<String> {
    let list = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    list.iter().map(|it| it[field].as_str().unwrap().to_owned()).collect()
}
