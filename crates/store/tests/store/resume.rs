//! A scan that is interrupted, and what comes out in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use jiff::ToSpan as _;
use proptest::prelude::*;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Row as _};
use yagura_model::{Outcome, ScanScope};
use yagura_store::{AccountRecord, FinishError, ScanRun, Store};

use crate::fixtures::*;

fn two() -> [Sketch; 2] {
    [scanned(1).group("sg-1", Outcome::NonCompliant), scanned(2).group("sg-2", Outcome::Compliant)]
}

/// A store in which a scan of two accounts was interrupted after the first.
async fn interrupted() -> Store {
    let store = Store::in_memory().await.unwrap();
    let run = begin(&store, &scope(&two()), day(1), true).await;
    assert!(!run.resumed() && run.done_accounts().is_empty());
    write(&run, &two()[0]).await;
    store
}

#[tokio::test]
async fn an_interrupted_scan_is_taken_up_with_its_own_beginning() {
    let store = interrupted().await;
    let later = day(1) + 5.hours();
    let run = begin(&store, &scope(&two()), later, true).await;
    assert!(run.resumed());
    assert_eq!(run.scan().started, day(1));
    assert_eq!(run.done_accounts(), &BTreeSet::from([account_id(1)]));
    write(&run, &two()[1]).await;
    let scan = run.finish(later).await.unwrap();
    assert_eq!(store.latest_scan().await.unwrap(), Some(scan));
    assert_eq!(store.scans(10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_job_a_refusal_or_a_day_begin_anew() {
    let other = ScanScope { digest: "other parameters".to_owned(), ..scope(&two()) };
    let next_day = day(2) + 1.second();
    for (scope, started, resume) in
        [(other, day(1), true), (scope(&two()), day(1), false), (scope(&two()), next_day, true)]
    {
        let store = interrupted().await;
        let run = begin(&store, &scope, started, resume).await;
        assert!(!run.resumed() && run.done_accounts().is_empty());
    }
}

#[tokio::test]
async fn a_finished_scan_is_not_taken_up() {
    let store = Store::in_memory().await.unwrap();
    scan(&store, day(1), &two()).await;
    assert!(!begin(&store, &scope(&two()), day(1), true).await.resumed());
}

#[tokio::test]
async fn a_scan_is_not_finished_before_every_account_is_written() {
    let store = interrupted().await;
    let run = begin(&store, &scope(&two()), day(1), true).await;
    let error = run.finish(day(1)).await.unwrap_err();
    assert!(matches!(error, FinishError::Unwritten { .. }));
    assert_eq!(error.to_string(), "1 accounts of the scan were not written, among them 000000000002");
    assert!(begin(&store, &scope(&two()), day(1), true).await.resumed());
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_may_be_written_from_many_tasks() {
    let store = Store::in_memory().await.unwrap();
    let sketches: Vec<Sketch> = (1..=20).map(|it| scanned(it).group("sg-1", Outcome::NonCompliant)).collect();
    let run = Arc::new(begin(&store, &scope(&sketches), day(1), true).await);
    let tasks = sketches.into_iter().map(|sketch| {
        let run = Arc::clone(&run);
        tokio::spawn(async move { write(&run, &sketch).await })
    });
    futures::future::join_all(tasks).await.into_iter().for_each(|it| it.unwrap());
    Arc::into_inner(run).unwrap().finish(day(1)).await.unwrap();
    assert_eq!(all_findings(&store).await.len(), 20);
}

/// Every row of every table, as text.
async fn dump(path: &Path) -> BTreeMap<String, Vec<String>> {
    let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    let mut dump = BTreeMap::new();
    for table in tables {
        let columns: Vec<String> =
            sqlx::query_scalar("SELECT 'quote(' || name || ')' FROM pragma_table_info($1)")
                .bind(&table)
                .fetch_all(&mut connection)
                .await
                .unwrap();
        let sql = format!("SELECT concat_ws('|', {}) AS line FROM {table} ORDER BY line", columns.join(", "));
        let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
        dump.insert(table, rows.iter().map(|row| row.get(0)).collect());
    }
    dump
}

const ACCOUNTS: u8 = 4;

/// What the accounts look like on one day.
fn sketches(number: u8) -> Vec<Sketch> {
    (1..=ACCOUNTS)
        .map(|account| {
            let outcomes = [Outcome::NonCompliant, Outcome::Compliant, Outcome::InsufficientData];
            let pick = |n: u8| outcomes[usize::from((account + n + number) % 3)];
            let sketch = scanned(account).group("sg-1", pick(0)).group("sg-2", pick(1));
            let sketch =
                if (account + number).is_multiple_of(2) { sketch.group("sg-3", pick(2)) } else { sketch };
            sketch.call(HOME, "ec2.DescribeSecurityGroups", yagura_model::ReadStatus::Read, 1)
        })
        .collect()
}

/// Where a scan is killed: before which account, and how many steps into writing it (none: between two).
type Kills = BTreeMap<(u8, u8), usize>;

/// Three scans that write some accounts at a time, with the store's process dying at the given points.
async fn scans(path: &Path, together: usize, kills: &Kills) {
    for number in 1..=3 {
        let sketches = sketches(number);
        let mut kills: BTreeMap<u8, usize> = kills
            .iter()
            .filter(|((day, _), _)| *day == number)
            .map(|((_, at), steps)| (*at, *steps))
            .collect();
        while !attempt(path, number, (&sketches, together), &mut kills).await {}
    }
}

/// Begins to write accounts, and drops that after some steps, or when it is done.
async fn write_a_part(run: &ScanRun, records: &[AccountRecord], mut steps: usize) {
    let mut writing = pin!(run.write(records));
    std::future::poll_fn(|context| {
        if steps == 0 {
            return Poll::Ready(());
        }
        steps -= 1;
        writing.as_mut().poll(context).map(|_| ())
    })
    .await;
}

/// One process's life; whether it finished the scan.
async fn attempt(
    path: &Path,
    number: u8,
    (sketches, together): (&[Sketch], usize),
    kills: &mut BTreeMap<u8, usize>,
) -> bool {
    let store = Store::open(path).await.unwrap();
    let run = begin(&store, &scope(sketches), day(number), true).await;
    let left = (0..).zip(sketches).filter(|(_, it)| !run.done_accounts().contains(&it.account));
    for batch in left.collect::<Vec<_>>().chunks(together) {
        let records: Vec<AccountRecord> = batch.iter().map(|(_, it)| it.record().unwrap()).collect();
        if let Some(steps) = batch.iter().find_map(|(at, _)| kills.remove(at)) {
            write_a_part(&run, &records, steps).await;
            return false;
        }
        run.write(&records).await.unwrap();
    }
    run.finish(day(number)).await.unwrap();
    store.close().await;
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Wherever scans are killed, and however many accounts they write at a time, what is stored in the end is the same, row by row.
    #[test]
    fn an_interrupted_scan_equals_an_uninterrupted_one(
        kills in prop::collection::btree_map((1..=3_u8, 0..ACCOUNTS), 0..120_usize, 0..6),
        together in 1..=usize::from(ACCOUNTS),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let (whole, killed) = (dir.path().join("whole.db"), dir.path().join("killed.db"));
            scans(&whole, 1, &Kills::new()).await;
            scans(&killed, together, &kills).await;
            let (expected, found) = (dump(&whole).await, dump(&killed).await);
            assert!(expected["findings"].len() > 4 && expected["judgements"].len() == usize::from(ACCOUNTS));
            assert_eq!(found, expected);
        });
    }
}

/// Tells a child process which file to write and after how many steps of an account to die.
const VICTIM: &str = "YAGURA_STORE_TEST_VICTIM";

/// Processes that die without a word: nothing is closed, nothing is rolled back by hand.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_scan_whose_processes_are_killed_equals_one_that_was_left_alone() {
    if let Ok(orders) = std::env::var(VICTIM) {
        let (steps, path) = orders.split_once(' ').unwrap();
        return die_writing(Path::new(path), steps.parse().unwrap()).await;
    }
    let dir = tempfile::tempdir().unwrap();
    let (whole, killed) = (dir.path().join("whole.db"), dir.path().join("killed.db"));
    scans(&whole, 1, &Kills::new()).await;
    for steps in [0, 3, 17, 30, 41, 1_000] {
        let status = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "resume::a_scan_whose_processes_are_killed_equals_one_that_was_left_alone"])
            .env(VICTIM, format!("{steps} {}", killed.display()))
            .output()
            .unwrap()
            .status;
        assert!(!status.success(), "the process was to be killed");
    }
    scans(&killed, 1, &Kills::new()).await;
    assert_eq!(dump(&killed).await, dump(&whole).await);
}

/// Writes a part of the first account that is not done, and dies.
async fn die_writing(path: &Path, steps: usize) {
    let sketches = sketches(1);
    let store = Store::open(path).await.unwrap();
    let run = begin(&store, &scope(&sketches), day(1), true).await;
    let next = sketches.iter().find(|it| !run.done_accounts().contains(&it.account)).unwrap();
    write_a_part(&run, &[next.record().unwrap()], steps).await;
    std::process::abort();
}
