//! Whatever fails shows, and nothing else is lost.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};
use yagura_aws::CallErrorKind;
use yagura_model::{Inventory, ReadStatus};

use super::fake::{Asked, Failure, Fake, denied, everything, read};
use crate::Plan;

const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-northeast-1"];

/// One collector for each way of asking.
const COLLECTORS: &str = r#"
- resource: AWS::A::Bucket
  scope: global
  call: a.ListBuckets
  items: Buckets[]
  id: Name
  region: BucketRegion
  also:
    - { call: a.GetPolicy, input: { Bucket: "{Name}" }, take: Policy, into: Policy, parse: json, absent: [NoPolicy] }
    - { call: a.GetVersioning, input: { Bucket: "{Name}" }, into: Versioning }
- resource: AWS::B::Trail
  call: b.DescribeTrails
  items: Trails[]
  id: Arn
  region: Home
  also:
    - { call: b.GetStatus, input: { Name: "{Arn}" }, into: Status }
- resource: AWS::C::Cluster
  call: c.ListClusters
  items: arns[]
  as: arn
  id: arn
  also:
    - { call: c.DescribeClusters, batch: { input: names, size: 2, match: arn }, take: clusters, merge: [name, size] }
    - { call: c.ListTags, input: { arn: "{arn}" }, take: Tags, into: Tags }
- resource: AWS::C::Service
  for_each: AWS::C::Cluster
  call: c.ListServices
  input: { cluster: "{parent.name}" }
  items: services[]
  as: service
  id: "{parent.id}/{service}"
  also:
    - { call: c.GetDefinition, input: { name: "{service}" }, take: Definition, into: Definition }
    - { call: c.GetParts, for: "Definition.Parts[]", input: { part: "{each}" }, take: Part, into: Parts }
- resource: AWS::C::Task
  for_each: AWS::C::Service
  call: c.ListTasks
  input: { service: "{parent.service}" }
  items: tasks[]
  id: "{parent.id}/{id}"
- resource: AWS::D::Group
  call: d.ListGroups
  items: Groups[]
  id: Name
  also:
    - { call: d.ListFilters, scope: account, take: Filters, match: { group: Name }, many: true, into: Filters }
- extends: AWS::::Region
  also:
    - { call: d.GetDefaults, into: Defaults }
    - { call: d.ListFilters, take: Filters, into: AllFilters }
"#;

/// Every call of that organisation, with its answer.
fn answers() -> Vec<(Asked, Value)> {
    let mut all = Vec::new();
    let mut add = |region: &str, call: &str, input: Value, answer: Value| {
        all.push(((call.to_owned(), input.to_string(), region.to_owned()), answer));
    };
    add(
        "us-east-1",
        "a.ListBuckets",
        json!({}),
        json!({"Buckets": [
            {"Name": "x", "BucketRegion": "eu-west-1"}, {"Name": "y", "BucketRegion": "us-east-1"},
        ]}),
    );
    for (region, name) in [("eu-west-1", "x"), ("us-east-1", "y")] {
        add(region, "a.GetPolicy", json!({"Bucket": name}), json!({"Policy": "{\"Id\": 1}"}));
        add(region, "a.GetVersioning", json!({"Bucket": name}), json!({"Status": "Enabled"}));
    }
    let trail = |name: &str, home: &str| json!({"Arn": name, "Home": home});
    for region in REGIONS {
        let mut trails = vec![trail("everywhere", "eu-west-1")];
        if region == "us-east-1" {
            trails.push(trail("here", region));
            add(region, "b.GetStatus", json!({"Name": "here"}), json!({"On": true}));
        }
        if region == "eu-west-1" {
            add(region, "b.GetStatus", json!({"Name": "everywhere"}), json!({"On": true}));
        }
        add(region, "b.DescribeTrails", json!({}), json!({ "Trails": trails }));
        add(region, "c.ListClusters", json!({}), json!({"arns": ["1", "2", "3"]}));
        let cluster = |arn: &str| json!({"arn": arn, "name": format!("n{arn}"), "size": 1});
        let described =
            |arns: &[&str]| json!({"clusters": arns.iter().map(|it| cluster(it)).collect::<Vec<_>>()});
        add(region, "c.DescribeClusters", json!({"names": ["1", "2"]}), described(&["1", "2"]));
        add(region, "c.DescribeClusters", json!({"names": ["3"]}), described(&["3"]));
        for (arn, services) in [("1", vec!["s"]), ("2", vec!["s", "t"]), ("3", vec![])] {
            add(region, "c.ListTags", json!({"arn": arn}), json!({"Tags": {"k": arn}}));
            add(
                region,
                "c.ListServices",
                json!({"cluster": format!("n{arn}")}),
                json!({ "services": services }),
            );
        }
        for service in ["s", "t"] {
            add(
                region,
                "c.GetDefinition",
                json!({"name": service}),
                json!({"Definition": {"Parts": ["p", "q"]}}),
            );
            add(region, "c.ListTasks", json!({"service": service}), json!({"tasks": [{"id": "t1"}]}));
        }
        for part in ["p", "q"] {
            add(region, "c.GetParts", json!({"part": part}), json!({"Part": {"Name": part}}));
        }
        add(region, "d.ListGroups", json!({}), json!({"Groups": [{"Name": "g"}, {"Name": "h"}]}));
        add(region, "d.ListFilters", json!({}), json!({"Filters": [{"group": "g"}, {"group": "g"}]}));
        add(region, "d.GetDefaults", json!({}), json!({"Encrypted": true}));
    }
    all
}

fn failure() -> impl Strategy<Value = Failure> {
    prop_oneof![
        Just(denied("x:Y")),
        Just(Failure::Kind(CallErrorKind::Throttled)),
        Just(Failure::Kind(CallErrorKind::NotSupported)),
        Just(Failure::Kind(CallErrorKind::Network)),
        Just(Failure::Code("InternalError", "")),
    ]
}

fn organisation(failures: &[(usize, Failure)], seed: u64) -> (Fake, BTreeMap<Asked, Failure>) {
    let mut fake = Fake::default();
    fake.seed = seed;
    let answers = answers();
    let mut failing = BTreeMap::new();
    for (n, failure) in failures {
        failing.insert(answers[n % answers.len()].0.clone(), failure.clone());
    }
    for (asked, answer) in answers {
        let (call, input, region) = &asked;
        let input = serde_json::from_str(input).unwrap();
        fake = match failing.get(&asked) {
            None => fake.answers_in(region, call, input, answer),
            Some(failure) => fake.fails_in(region, call, input, failure.clone()),
        };
    }
    (fake, failing)
}

fn run(fake: &Fake, plan: &Plan) -> Inventory {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(read(fake, plan, &REGIONS))
}

/// Every call that was made is counted, as what it was.
fn check_coverage(fake: &Fake, failing: &BTreeMap<Asked, Failure>, inventory: &Inventory) {
    let mut expected: BTreeMap<(String, bool), u64> = BTreeMap::new();
    for asked in fake.calls() {
        *expected.entry((asked.0.clone(), !failing.contains_key(&asked))).or_default() += 1;
    }
    let mut counted: BTreeMap<(String, bool), u64> = BTreeMap::new();
    for row in inventory.coverage.rows(&inventory.account.id) {
        *counted.entry((row.call, row.status == ReadStatus::Read)).or_default() += row.count;
    }
    assert_eq!(counted, expected);
}

/// What was read without failures is there, or said to be missing because of a call that failed.
fn check_nothing_is_lost(whole: &Inventory, inventory: &Inventory) {
    let failed = |gap: &yagura_model::Gap| {
        let mut rows = inventory.coverage.rows(&inventory.account.id);
        assert!(
            rows.any(|it| it.call == gap.call && it.region == gap.region && it.status == gap.status),
            "{gap} is not in the coverage"
        );
    };
    inventory.unlisted.iter().for_each(|it| failed(&it.gap));
    for expected in &whole.resources {
        let key = &expected.key;
        let Some(found) = inventory.resources.iter().find(|it| it.key == *key) else {
            let missed = inventory.unlisted.iter().any(|it| it.concerns(&key.resource_type, &key.region));
            assert!(missed, "{key} is neither found nor said to be missing");
            continue;
        };
        found.unread.values().for_each(failed);
        for (field, value) in &expected.configuration {
            match found.configuration.get(field) {
                Some(it) => assert_eq!(it, value, "{key} {field}"),
                None => assert!(found.unread.contains_key(field), "{key} {field} vanished"),
            }
        }
        for field in found.configuration.keys() {
            assert!(!found.unread.contains_key(field), "{key} {field} is both read and unread");
            assert!(expected.configuration.contains_key(field), "{key} {field} came from nowhere");
        }
    }
    for found in &inventory.resources {
        assert!(whole.resources.iter().any(|it| it.key == found.key), "{} came from nowhere", found.key);
    }
}

#[test]
fn without_failures_everything_is_asked_once_and_read() {
    let (fake, _) = organisation(&[], 0);
    let whole = run(&fake, &everything(COLLECTORS));
    assert!(whole.unlisted.is_empty());
    assert!(whole.resources.iter().all(|it| it.unread.is_empty()));
    let mut known: Vec<_> = answers().into_iter().map(|(asked, _)| asked).collect();
    known.sort();
    let made = fake.calls();
    let unknown: Vec<_> = made.iter().filter(|it| !known.contains(it)).collect();
    let never: Vec<_> = known.iter().filter(|it| !made.contains(it)).collect();
    assert!(unknown.is_empty() && never.is_empty(), "asked: {unknown:?}, never asked: {never:?}");
    assert_eq!(made.len(), known.len(), "something was asked twice");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Every failure shows, whatever depends on it says so, and nothing else is lost.
    #[test]
    fn failures_show_and_lose_nothing_else(
        failures in prop::collection::vec((any::<usize>(), failure()), 0..12),
        seed in any::<u64>(),
    ) {
        let plan = everything(COLLECTORS);
        let whole = run(&organisation(&[], 0).0, &plan);
        let (fake, failing) = organisation(&failures, seed);
        let inventory = run(&fake, &plan);
        check_coverage(&fake, &failing, &inventory);
        check_nothing_is_lost(&whole, &inventory);
    }

    /// The order in which answers come does not show.
    #[test]
    fn the_order_of_answers_does_not_show(
        failures in prop::collection::vec((any::<usize>(), failure()), 0..6),
        seeds in any::<(u64, u64)>(),
    ) {
        let plan = everything(COLLECTORS);
        let first = run(&organisation(&failures, seeds.0).0, &plan);
        let second = run(&organisation(&failures, seeds.1).0, &plan);
        prop_assert_eq!(first, second);
    }
}
