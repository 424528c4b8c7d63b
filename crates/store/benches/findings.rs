//! A year of findings: `cargo bench -p yagura-store --bench findings -- [ACCOUNTS] [SCANS]`.
//!
//! Each of the accounts has 1,000 findings: 200 resources against five rules each. Of each scan's answers one in a hundred changes. Asked are what
//! storing one more scan costs, what counts and pages cost, and how large the file is.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for a person at a terminal")]

mod common;
#[path = "common/world.rs"]
mod world;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use yagura_model::{RecordState, Severity, Workflow};
use yagura_store::{FindingFilter, FindingOrder, FindingQuery, Store};

use world::{RESOURCES, RULES_EACH, World};

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
    ask(&world, &store).await;
    println!("at most {} MB of memory were used", common::peak());
}

async fn ask(world: &World, store: &Store) {
    let open = FindingFilter {
        record_states: BTreeSet::from([RecordState::Active]),
        workflows: BTreeSet::from([Workflow::New, Workflow::Notified]),
        ..FindingFilter::default()
    };
    let project = FindingFilter { accounts: world.accounts[..20].iter().cloned().collect(), ..open.clone() };
    let rule = FindingFilter { rules: BTreeSet::from([world.rules[42].id.clone()]), ..open.clone() };
    let rare = FindingFilter {
        regions: BTreeSet::from([common::region(3)]),
        types: BTreeSet::from([world.kinds[7].clone()]),
        min_severity: Some(Severity::High),
        ..open.clone()
    };
    let mine = FindingFilter { assignees: BTreeSet::from(["hanako".to_owned()]), ..open.clone() };
    let text =
        FindingFilter { text: Some(format!("{}:instance/i-{:017x}", world.accounts[7], 77)), ..open.clone() };
    for (what, filter) in [
        ("everything open", &open),
        ("a project of 20 accounts", &project),
        ("one rule", &rule),
        ("region, type and severity", &rare),
        ("somebody's", &mine),
        ("a text", &text),
    ] {
        let counting = median(async || drop(store.count_findings(filter).await.unwrap())).await;
        let query =
            FindingQuery { filter: filter.clone(), order: FindingOrder::OldestFirst, limit: 50, after: None };
        let first = store.finding_page(&query).await.unwrap();
        let paging = median(async || drop(store.finding_page(&query).await.unwrap())).await;
        let next = FindingQuery { after: first.next, ..query.clone() };
        let second = median(async || drop(store.finding_page(&next).await.unwrap())).await;
        let ms = |it: Duration| it.as_secs_f64() * 1_000.0;
        let (counting, paging, second) = (ms(counting), ms(paging), ms(second));
        println!("{what}: counts {counting:.1} ms, first page {paging:.1} ms, second page {second:.1} ms");
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
