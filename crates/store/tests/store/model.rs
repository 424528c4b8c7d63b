//! The store against a simple model of the same thing: random scans of a small world.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::json;
use yagura_model::{
    AccountState, Detector, FindingKind, FindingText, ImportedFinding, Outcome, RecordState, ResourceKey,
    ResourceType, RuleId, ScanScope, Severity, Workflow,
};
use yagura_store::{FindingFilter, Store};

use crate::fixtures::*;

const REGIONS: [&str; 3] = ["global", HOME, "us-east-1"];
const TYPES: [&str; 2] = [GROUP, BUCKET];
const RULES: [&str; 2] = [SSH, "b-rule"];

/// One thing that there may be, and what the rules would say of it.
#[derive(Debug, Clone)]
struct Thing {
    key: ResourceKey,
    outcomes: Vec<Outcome>,
}

/// What a scan does.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Whether the world is as the scan before found it, and is looked at in the same way.
    is_repeated: bool,
    rules: BTreeSet<usize>,
    accounts: Vec<Visit>,
    /// What people do afterwards, to which finding.
    work: Option<(prop::sample::Index, Workflow)>,
    /// What another detector says afterwards, of which finding: whether it is so, and how many hours after the scan.
    report: Option<(prop::sample::Index, bool, i64)>,
}

#[derive(Debug, Clone)]
struct Visit {
    account: u8,
    state: AccountState,
    regions: BTreeSet<&'static str>,
    types: BTreeSet<&'static str>,
    unlisted: BTreeSet<(&'static str, &'static str)>,
    things: Vec<Thing>,
}

fn things(account: u8) -> impl Strategy<Value = Vec<Thing>> {
    let outcome = prop::sample::select(Outcome::ALL.to_vec());
    let one = prop::option::weighted(0.7, prop::collection::vec(outcome, RULES.len()));
    let keys: Vec<ResourceKey> = REGIONS
        .iter()
        .flat_map(|region| TYPES.iter().map(move |kind| key(account, region, kind, "x")))
        .collect();
    prop::collection::vec(one, keys.len()).prop_map(move |found| {
        let pairs = keys.iter().cloned().zip(found);
        pairs.filter_map(|(key, outcomes)| outcomes.map(|outcomes| Thing { key, outcomes })).collect()
    })
}

fn subset(of: &'static [&'static str]) -> impl Strategy<Value = BTreeSet<&'static str>> {
    prop::sample::subsequence(of, 0..=of.len()).prop_map(|it| it.into_iter().collect())
}

fn visit(account: u8) -> impl Strategy<Value = Visit> {
    let state = prop_oneof![
        6 => Just(AccountState::Scanned),
        1 => Just(AccountState::Unreachable { role: None, error: "no".to_owned() }),
        1 => Just(AccountState::Skipped { reason: yagura_model::AccountStatus::Suspended }),
    ];
    let places: Vec<_> =
        TYPES.iter().flat_map(|kind| REGIONS.iter().map(move |region| (*kind, *region))).collect();
    let unlisted = prop::collection::btree_set(prop::sample::select(places), 0..2);
    let all: &'static [&'static str] = &REGIONS[1..];
    let regions = prop_oneof![3 => Just(all.iter().copied().collect()), 1 => subset(all)];
    let types = prop_oneof![3 => Just(TYPES.into_iter().collect()), 1 => subset(&TYPES)];
    (state, regions, types, unlisted, things(account)).prop_map(
        move |(state, regions, types, unlisted, things)| Visit {
            account,
            state,
            regions,
            types,
            unlisted,
            things,
        },
    )
}

pub fn plan() -> impl Strategy<Value = Plan> {
    let rules = prop_oneof![3 => Just(vec![0, 1]), 1 => prop::sample::subsequence(vec![0, 1], 0..2)];
    let accounts = (prop::option::weighted(0.8, visit(1)), prop::option::weighted(0.8, visit(2)));
    let workflow = prop::sample::select(vec![
        Workflow::Notified,
        Workflow::Suppressed,
        Workflow::Resolved,
        Workflow::New,
    ]);
    let work = prop::option::of((any::<prop::sample::Index>(), workflow));
    let report = prop::option::weighted(0.3, (any::<prop::sample::Index>(), any::<bool>(), 0..2_i64));
    (any::<bool>(), rules, accounts, work, report).prop_map(|(is_repeated, rules, (a, b), work, report)| {
        Plan {
            is_repeated,
            rules: rules.into_iter().collect(),
            accounts: a.into_iter().chain(b).collect(),
            work,
            report,
        }
    })
}

impl Visit {
    /// Whether something of this type in this region would have been seen.
    fn looked(&self, kind: &str, region: &str) -> bool {
        self.state == AccountState::Scanned
            && self.types.contains(kind)
            && (region == "global" || self.regions.contains(region))
            && !self.unlisted.contains(&(kind, region))
            && !self.unlisted.contains(&(kind, "global"))
    }

    /// The things that the scan sees.
    fn seen(&self) -> impl Iterator<Item = &Thing> {
        self.things.iter().filter(|it| self.looked(it.key.resource_type.as_str(), it.key.region.as_str()))
    }

    fn sketch(&self, rules: &BTreeSet<usize>) -> Sketch {
        let mut sketch = Sketch { state: self.state.clone(), ..scanned(self.account) };
        sketch.regions = self.regions.iter().map(|it| (*it).into()).collect();
        sketch.types = self.types.iter().map(|it| ResourceType::from(*it)).collect();
        for (kind, region) in &self.unlisted {
            sketch = sketch.unlisted(region, kind);
        }
        for thing in self.seen() {
            let (region, kind) = (thing.key.region.as_str(), thing.key.resource_type.as_str());
            sketch = sketch.resource(region, kind, &thing.key.id, json!({}));
            for rule in rules {
                sketch = sketch.judged(region, kind, &thing.key.id, RULES[*rule], thing.outcomes[*rule]);
            }
        }
        sketch
    }
}

/// A finding, as simple as it can be.
#[derive(Debug, Clone, PartialEq)]
pub struct Simple {
    ours: bool,
    theirs: bool,
    workflow: Workflow,
    first: u8,
    last: u8,
    ended: Option<u8>,
    reopened: u32,
}

pub type World = BTreeMap<(ResourceKey, RuleId), Simple>;

fn simulate(world: &mut World, today: u8, plan: &Plan) {
    for visit in &plan.accounts {
        for rule in &plan.rules {
            for thing in visit.seen() {
                judge(world, today, (thing.key.clone(), RULES[*rule].into()), thing.outcomes[*rule]);
            }
            for ((key, of), finding) in world.iter_mut() {
                let mine = key.account == account_id(visit.account) && of.as_str() == RULES[*rule];
                let looked = visit.looked(key.resource_type.as_str(), key.region.as_str());
                if mine && looked && !visit.seen().any(|thing| thing.key == *key) {
                    end(finding, today, |it| &mut it.ours);
                }
            }
        }
    }
}

fn judge(world: &mut World, today: u8, question: (ResourceKey, RuleId), outcome: Outcome) {
    match (outcome, world.get_mut(&question)) {
        (Outcome::NonCompliant, None) => {
            let (first, last, workflow) = (today, today, Workflow::New);
            let (ours, theirs, ended, reopened) = (true, false, None, 0);
            world.insert(question, Simple { ours, theirs, workflow, first, last, ended, reopened });
        }
        (Outcome::NonCompliant, Some(finding)) => {
            see(finding, today);
            finding.ours = true;
        }
        (Outcome::Compliant | Outcome::NotApplicable, Some(finding)) => {
            end(finding, today, |it| &mut it.ours)
        }
        _ => {}
    }
}

impl Simple {
    fn is_active(&self) -> bool {
        self.ours || self.theirs
    }
}

fn see(finding: &mut Simple, today: u8) {
    finding.last = today;
    finding.ended = None;
    if !finding.is_active() || finding.workflow == Workflow::Resolved {
        finding.reopened += 1;
        if finding.workflow != Workflow::Suppressed {
            finding.workflow = Workflow::New;
        }
    }
}

/// One detector no longer says so.
fn end(finding: &mut Simple, today: u8, said: impl Fn(&mut Simple) -> &mut bool) {
    let was_said = std::mem::take(said(finding));
    if was_said && !finding.is_active() {
        finding.ended = Some(today);
        if finding.workflow != Workflow::Suppressed {
            finding.workflow = Workflow::Resolved;
        }
    }
}

async fn stored(store: &Store) -> World {
    let number = |at: yagura_model::Timestamp| at.to_string()[8..10].parse().unwrap();
    let findings = all_findings(store).await;
    findings
        .into_iter()
        .map(|it| {
            let says = |it: &yagura_model::Finding, detector| {
                it.record_state == RecordState::Active && it.detectors.contains(&detector)
            };
            let simple = Simple {
                ours: says(&it, Detector::Yagura),
                theirs: says(&it, Detector::SecurityHub),
                workflow: it.workflow,
                first: number(it.first_seen),
                last: number(it.last_seen),
                ended: it.resolved_at.map(number),
                reopened: it.reopened,
            };
            ((it.resource, it.rule), simple)
        })
        .collect()
}

pub async fn act(store: &Store, world: &mut World, today: u8, plan: &Plan) {
    let sketches: Vec<Sketch> = plan.accounts.iter().map(|it| it.sketch(&plan.rules)).collect();
    let rules = plan.rules.iter().map(|rule| RULES[*rule].into()).collect();
    scan_of(store, day(today), &ScanScope { rules, ..scope(&sketches) }, &sketches).await;
    simulate(world, today, plan);
    if let Some((index, workflow)) = &plan.work
        && !world.is_empty()
    {
        let place = index.index(world.len());
        let (question, finding) = world.iter_mut().nth(place).unwrap();
        // People work on what is open.
        if finding.is_active() {
            finding.workflow = *workflow;
            let all = all_findings(store).await;
            let it = all.iter().find(|it| (&it.resource, &it.rule) == (&question.0, &question.1)).unwrap();
            store.set_workflow(&it.id, *workflow, day(today), "").await.unwrap();
        }
    }
    if let Some((index, is_so, hours)) = &plan.report
        && !world.is_empty()
    {
        let place = index.index(world.len());
        let (question, finding) = world.iter_mut().nth(place).unwrap();
        let at = day(today) + jiff::SignedDuration::from_hours(*hours);
        store.import(&[of_hub(question, *is_so, at)], at).await.unwrap();
        if *is_so {
            see(finding, today);
            finding.theirs = true;
        } else {
            end(finding, today, |it| &mut it.theirs);
        }
    }
}

/// What Security Hub says of a question.
fn of_hub(
    (resource, rule): &(ResourceKey, RuleId),
    is_so: bool,
    at: yagura_model::Timestamp,
) -> ImportedFinding {
    ImportedFinding {
        detector: Detector::SecurityHub,
        via: None,
        external_id: format!("arn:hub/{resource}/{rule}"),
        kind: FindingKind::Configuration,
        rule: rule.clone(),
        resource: resource.clone(),
        arn: String::new(),
        name: String::new(),
        severity: Severity::High,
        record_state: if is_so { RecordState::Active } else { RecordState::Archived },
        workflow: None,
        evidence: None,
        text: FindingText::default(),
        first_seen: at,
        last_seen: at,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn findings_live_as_in_the_model(plans in prop::collection::vec(plan(), 1..7)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::in_memory().await.unwrap();
            let mut world = World::new();
            let mut before: Option<Plan> = None;
            for (today, plan) in (1..).zip(plans) {
                let plan = match before {
                    Some(before) if plan.is_repeated => Plan { work: plan.work, report: plan.report, ..before },
                    _ => plan,
                };
                act(&store, &mut world, today, &plan).await;
                before = Some(plan);
                assert_eq!(stored(&store).await, world, "after day {today}");
                // What is counted one by one is what the counters say.
                let all = FindingFilter { opened_since: Some(day(1)), ..FindingFilter::default() };
                let counted = store.count_findings(&all).await.unwrap();
                assert_eq!(store.count_findings(&FindingFilter::default()).await.unwrap(), counted);
                assert_eq!(counted.total(), world.len() as u64);
            }
        });
    }
}
