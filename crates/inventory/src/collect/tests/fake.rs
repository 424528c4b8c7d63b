//! AWS as a table: call, input and region to an answer.

use std::collections::BTreeMap;
use std::sync::Mutex;

use futures::future::BoxFuture;
use serde_json::{Value, json};
use yagura_aws::{Api, CallError, CallErrorKind, Credentials, Target};
use yagura_model::{Account, AccountId, Inventory, Needs, Organization, Partition, Region, Resource};
use yagura_packs::Packs;

use crate::{AnyOperation, Collectors, Plan, Quiet, ServiceFilter, Subject, collect};

pub(super) const ACCOUNT: &str = "111122223333";

/// What was asked: call, input, region.
pub(super) type Asked = (String, String, String);

#[derive(Debug, Clone)]
pub(super) enum Failure {
    Code(&'static str, &'static str),
    Kind(CallErrorKind),
}

#[derive(Default)]
pub(super) struct Fake {
    answers: BTreeMap<Asked, Value>,
    failures: BTreeMap<Asked, Failure>,
    /// Answers to the first calls, before the others.
    early: Mutex<BTreeMap<Asked, Vec<Failure>>>,
    pub(super) log: Mutex<Vec<Asked>>,
    /// Shuffles the order in which answers come.
    pub(super) seed: u64,
}

pub(super) const ANYWHERE: &str = "*";

fn key(call: &str, input: &Value, region: &str) -> Asked {
    let mut input = input.clone();
    input.sort_all_objects();
    (call.to_owned(), input.to_string(), region.to_owned())
}

pub(super) fn denied(permission: &str) -> Failure {
    Failure::Kind(CallErrorKind::Denied { permission: permission.into() })
}

impl Fake {
    pub(super) fn answers(self, call: &str, input: Value, answer: Value) -> Self {
        self.answers_in(ANYWHERE, call, input, answer)
    }

    pub(super) fn answers_in(mut self, region: &str, call: &str, input: Value, answer: Value) -> Self {
        self.answers.insert(key(call, &input, region), answer);
        self
    }

    pub(super) fn fails(self, call: &str, input: Value, failure: Failure) -> Self {
        self.fails_in(ANYWHERE, call, input, failure)
    }

    pub(super) fn fails_in(mut self, region: &str, call: &str, input: Value, failure: Failure) -> Self {
        self.failures.insert(key(call, &input, region), failure);
        self
    }

    /// Fails so often before the answer comes.
    pub(super) fn fails_first(self, call: &str, failures: Vec<Failure>) -> Self {
        self.early.lock().unwrap().insert(key(call, &json!({}), ANYWHERE), failures);
        self
    }

    pub(super) fn calls(&self) -> Vec<Asked> {
        let mut calls = self.log.lock().unwrap().clone();
        calls.sort();
        calls
    }

    /// How often a call was made.
    pub(super) fn count(&self, call: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|(it, ..)| it == call).count()
    }

    pub(super) fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self.calls().into_iter().map(|(call, ..)| call).collect();
        names.dedup();
        names
    }

    fn answer(&self, target: &Target, call: &str, input: &Value) -> Result<Value, Failure> {
        let here = key(call, input, target.region.as_str());
        let anywhere = key(call, input, ANYWHERE);
        let mut early = self.early.lock().unwrap();
        if let Some(early) = early.get_mut(&anywhere).filter(|it| !it.is_empty()) {
            return Err(early.remove(0));
        }
        for key in [&here, &anywhere] {
            if let Some(failure) = self.failures.get(key) {
                return Err(failure.clone());
            }
            if let Some(answer) = self.answers.get(key) {
                return Ok(answer.clone());
            }
        }
        Err(Failure::Code("NotInTheTable", ""))
    }
}

impl Api for Fake {
    fn call<'a>(
        &'a self,
        target: &'a Target,
        call: &'a str,
        input: &'a Value,
    ) -> BoxFuture<'a, Result<Value, CallError>> {
        Box::pin(async move {
            let mut asked = self.log.lock().unwrap().len() as u64;
            self.log.lock().unwrap().push(key(call, input, target.region.as_str()));
            asked = (asked + 1).wrapping_mul(self.seed).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            for _ in 0..asked >> 60 {
                tokio::task::yield_now().await;
            }
            self.answer(target, call, input).map_err(|failure| match failure {
                Failure::Kind(kind) => CallError::new(call, &target.region, kind, "no"),
                Failure::Code(code, message) => {
                    CallError::new(call, &target.region, CallErrorKind::Service, message).with_code(code)
                }
            })
        })
    }
}

/// Collectors from the text of one file.
pub(super) fn collectors(yaml: &str) -> Collectors {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("a.yaml"), yaml).unwrap();
    let packs = Packs::empty().overlay_at("collectors", directory.path()).unwrap();
    let (collectors, diagnostics) = Collectors::load(&packs, &AnyOperation);
    assert_eq!(diagnostics, [], "{diagnostics:?}");
    collectors
}

pub(super) fn everything(yaml: &str) -> Plan {
    collectors(yaml).plan(&Needs::Everything, &ServiceFilter::default())
}

pub(super) fn account() -> Account {
    let mut account = Account::bare(AccountId::new(ACCOUNT).unwrap());
    account.name = "shop".into();
    account
}

/// Reads the account in these regions.
pub(super) async fn read_as(fake: &Fake, plan: &Plan, account: &Account, regions: &[&str]) -> Inventory {
    let organization = Organization::of_one(account.clone(), Partition::Aws);
    let target = Target {
        account: account.id.clone(),
        region: Region::from("us-east-1"),
        credentials: Credentials::anonymous(),
    };
    let regions: Vec<_> = regions.iter().map(|it| Region::from(*it)).collect();
    let subject = Subject { account, organization: &organization, regions: &regions, target: &target };
    collect(fake, plan, &subject, &Quiet).await
}

pub(super) async fn read(fake: &Fake, plan: &Plan, regions: &[&str]) -> Inventory {
    read_as(fake, plan, &account(), regions).await
}

/// What a reader of the inventory sees: one line for each resource that a call found.
pub(super) fn shown(inventory: &Inventory) -> Vec<String> {
    let found = inventory.resources.iter().filter(|it| !it.key.resource_type.as_str().starts_with("AWS::::"));
    found.map(|it| format!("{}/{}/{}", it.key.region, it.key.resource_type, it.key.id)).collect()
}

pub(super) fn resource<'a>(inventory: &'a Inventory, id: &str) -> &'a Resource {
    let mut found = inventory.resources.iter().filter(|it| it.key.id == id);
    let resource = found.next().unwrap_or_else(|| panic!("no {id} in {:?}", shown(inventory)));
    assert!(found.next().is_none(), "{id} is there twice");
    resource
}

pub(super) fn unread(resource: &Resource) -> Vec<String> {
    resource.unread.iter().map(|(field, gap)| format!("{field}: {gap}")).collect()
}

pub(super) fn unlisted(inventory: &Inventory) -> Vec<String> {
    inventory.unlisted.iter().map(|it| format!("{} {}: {}", it.region, it.resource_type, it.gap)).collect()
}

pub(super) fn coverage(inventory: &Inventory) -> Vec<String> {
    let rows = inventory.coverage.rows(&inventory.account.id);
    rows.map(|it| format!("{} {} {} x{}", it.region, it.call, it.status, it.count)).collect()
}
