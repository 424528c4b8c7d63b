//! What is read equals what was written.

use std::collections::{BTreeMap, BTreeSet};

use futures::TryStreamExt as _;
use serde_json::json;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use yagura_model::{
    EvaluationRecord, Function, Outcome, ReadStatus, ResourceKey, RuleId, ScanId, ScanScope, Severity,
    Summary, Tally,
};
use yagura_store::{Filter, Store, WriteError};

use crate::fixtures::*;

use Outcome::{Compliant, InsufficientData, NonCompliant, NotApplicable};

/// Two accounts, out of order, with two rules.
fn sketches() -> Vec<Sketch> {
    let denied = ReadStatus::Denied { permission: "s3:GetBucketPolicy".to_owned() };
    let second = scanned(2)
        .regions(&[HOME, "ap-northeast-1"])
        .types(&[GROUP, BUCKET])
        .resource("ap-northeast-1", BUCKET, "zeta", json!({}))
        .resource("ap-northeast-1", BUCKET, "alpha", json!({}))
        .judged("ap-northeast-1", BUCKET, "alpha", "b-rule", NotApplicable)
        .judged("ap-northeast-1", BUCKET, "zeta", SSH, NonCompliant)
        .judged("ap-northeast-1", BUCKET, "zeta", "b-rule", Compliant)
        .group("sg-9", Compliant)
        .call(HOME, "s3.GetBucketPolicy", denied, 3)
        .call("ap-northeast-1", "ec2.DescribeInstances", ReadStatus::Read, 1)
        .call(HOME, "ec2.DescribeInstances", ReadStatus::Read, 1);
    let first = scanned(1)
        .group("sg-1", NonCompliant)
        .judged("global", "AWS::IAM::User", "*", "b-rule", InsufficientData)
        .unlisted("global", "AWS::IAM::User");
    vec![second, first]
}

fn two_rules() -> ScanScope {
    ScanScope { rules: BTreeSet::from([SSH.into(), "b-rule".into()]), ..scope(&sketches()) }
}

async fn filled() -> (Store, ScanId) {
    let store = Store::in_memory().await.unwrap();
    let scan = scan_of(&store, day(1), &two_rules(), &sketches()).await;
    (store, scan.id)
}

async fn read(store: &Store, scan: ScanId, filter: &Filter) -> Vec<EvaluationRecord> {
    store.evaluations(scan, filter).await.unwrap().try_collect().await.unwrap()
}

async fn ids(store: &Store, scan: ScanId, filter: Filter) -> Vec<String> {
    read(store, scan, &filter)
        .await
        .into_iter()
        .map(|it| format!("{} {}", it.evaluation.resource.id, it.evaluation.rule))
        .collect()
}

#[tokio::test]
async fn evaluations_come_back_whole_and_in_the_order_of_outputs() {
    let (store, scan) = filled().await;
    let mut written: Vec<_> = sketches().into_iter().flat_map(|it| it.evaluations).collect();
    written.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let records = read(&store, scan, &Filter::default()).await;
    let found: Vec<_> = records.iter().map(|it| it.evaluation.clone()).collect();
    assert_eq!(found, written);
    for record in records {
        assert_eq!(record.finding.is_some(), record.evaluation.outcome == NonCompliant);
    }
}

#[tokio::test]
async fn a_record_tells_the_life_of_its_finding() {
    let (store, _) = filled().await;
    let scan = scan_of(&store, day(2), &two_rules(), &sketches()).await;
    let filter = Filter { outcomes: BTreeSet::from([NonCompliant]), ..Filter::default() };
    let finding = read(&store, scan.id, &filter).await[0].finding.clone().unwrap();
    assert_eq!((finding.first_seen, finding.last_seen), (day(1), day(2)));
    assert_eq!(finding.id, all_findings(&store).await[0].id);
}

#[tokio::test]
async fn filters_narrow_by_each_of_their_fields() {
    let (store, scan) = filled().await;
    let all = Filter::default;
    let only = |outcome| Filter { outcomes: BTreeSet::from([outcome]), ..all() };
    assert_eq!(ids(&store, scan, only(NotApplicable)).await, ["alpha b-rule"]);
    let accounts = BTreeSet::from([account_id(1)]);
    assert_eq!(ids(&store, scan, Filter { accounts, ..all() }).await, ["sg-1 restricted-ssh", "* b-rule"]);
    let regions = BTreeSet::from(["global".into(), "nowhere-1".into()]);
    assert_eq!(ids(&store, scan, Filter { regions, ..all() }).await, ["* b-rule"]);
    let rules = BTreeSet::from([RuleId::from("never-heard-of")]);
    assert_eq!(ids(&store, scan, Filter { rules, ..all() }).await, [""; 0]);
    let services = BTreeSet::from(["iam".to_owned()]);
    assert_eq!(ids(&store, scan, Filter { services, ..all() }).await, ["* b-rule"]);
    let types = BTreeSet::from([GROUP.into()]);
    let groups = ["sg-1 restricted-ssh", "sg-9 restricted-ssh"];
    assert_eq!(ids(&store, scan, Filter { types, ..all() }).await, groups);
    let min_severity = Some(Severity::Critical);
    assert_eq!(ids(&store, scan, Filter { min_severity, ..all() }).await, [""; 0]);
}

#[tokio::test]
async fn the_summary_counts_what_adding_up_the_evaluations_counts() {
    let (store, scan) = filled().await;
    let mut expected = Summary::default();
    for sketch in sketches() {
        sketch.evaluations.iter().for_each(|it| expected.add(it, Function::Protect));
        expected.resources += sketch.resources.len() as u64;
        let mut judged = Tally::default();
        sketch.evaluations.iter().for_each(|it| judged.add(&it.rule, it.severity, it.outcome, 1));
        expected.account_scores.extend(judged.score().map(|score| (sketch.account.clone(), score)));
    }
    assert_eq!(expected.account_scores.len(), 2);
    expected.calls = BTreeMap::from([("DENIED".to_owned(), 3), ("READ".to_owned(), 2)]);
    assert_eq!(store.summary(scan).await.unwrap(), expected);
}

#[tokio::test]
async fn counts_come_account_by_account() {
    let (store, scan) = filled().await;
    let records: Vec<_> = store.counts(scan).await.unwrap().try_collect().await.unwrap();
    let lines: Vec<_> = records
        .iter()
        .flat_map(|it| {
            let account = &it.account;
            it.counts.iter().map(move |it| format!("{account} {} {} {}", it.rule, it.outcome, it.count))
        })
        .collect();
    assert_eq!(
        lines,
        [
            "000000000001 b-rule INSUFFICIENT_DATA 1",
            "000000000001 restricted-ssh NON_COMPLIANT 1",
            "000000000002 b-rule COMPLIANT 1",
            "000000000002 b-rule NOT_APPLICABLE 1",
            "000000000002 restricted-ssh COMPLIANT 1",
            "000000000002 restricted-ssh NON_COMPLIANT 1",
        ]
    );
}

#[tokio::test]
async fn rules_that_are_switched_off_in_an_account_come_back() {
    let store = Store::in_memory().await.unwrap();
    let sketch = Sketch { switched_off: BTreeSet::from([SSH.into()]), ..scanned(1) };
    let sketches = std::slice::from_ref(&sketch);
    let scan = scan_of(&store, day(1), &scope(sketches), sketches).await;
    assert_eq!(store.accounts(scan.id).await.unwrap(), [sketch.account_scan()]);
    let counts: Vec<_> = store.counts(scan.id).await.unwrap().try_collect().await.unwrap();
    assert_eq!((counts.len(), counts[0].counts.len()), (1, 0));
}

#[tokio::test]
async fn the_summary_of_a_scan_under_way_counts_what_there_is() {
    let store = Store::in_memory().await.unwrap();
    let run = begin(&store, &two_rules(), day(1), false).await;
    write(&run, &sketches()[1]).await;
    let summary = store.summary(run.scan().id).await.unwrap();
    assert_eq!((summary.count(NonCompliant), summary.count(Compliant)), (1, 0));
}

#[tokio::test]
async fn coverage_comes_back_whole_and_in_order() {
    let (store, scan) = filled().await;
    let mut written: Vec<_> =
        sketches().iter().flat_map(|it| it.coverage.rows(&it.account).collect::<Vec<_>>()).collect();
    written.sort();
    let found: Vec<_> = store.coverage(scan).await.unwrap().try_collect().await.unwrap();
    assert_eq!(found, written);
    let unlisted: Vec<_> = store.unlisted(scan).await.unwrap().try_collect().await.unwrap();
    assert_eq!(unlisted, [(account_id(1), sketches()[1].unlisted[0].clone())]);
}

#[tokio::test]
async fn a_scan_tells_what_it_set_out_with_and_how_its_accounts_fared() {
    let (store, scan) = filled().await;
    let told = store.scan(scan).await.unwrap();
    assert_eq!(told, store.latest_scan().await.unwrap().unwrap());
    assert_eq!((told.started, told.finished, told.scope), (day(1), Some(day(1)), two_rules()));
    let rules: Vec<_> = store.rules(scan).await.unwrap();
    assert_eq!(rules, two_rules().rules.iter().map(rule_info).collect::<Vec<_>>());
    assert_eq!(store.organization(scan).await.unwrap().partition, yagura_model::Partition::Aws);
    let accounts = store.accounts(scan).await.unwrap();
    let written = sketches();
    assert_eq!(accounts, [written[1].account_scan(), written[0].account_scan()]);
}

#[tokio::test]
async fn an_unknown_scan_is_named() {
    let (store, _) = filled().await;
    let expected = "there is no scan 77 in `memory`";
    assert_eq!(store.scan(ScanId(77)).await.unwrap_err().to_string(), expected);
    assert_eq!(store.summary(ScanId(77)).await.unwrap_err().to_string(), expected);
    let error = store.evaluations(ScanId(77), &Filter::default()).await.err().unwrap();
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_later_scan_that_looks_at_the_same_takes_the_place_of_an_earlier_one() {
    let (store, first) = filled().await;
    let summary = store.summary(first).await.unwrap();
    let narrow = ScanScope { rules: BTreeSet::from([SSH.into()]), ..scope(&[scanned(1)]) };
    let other = scan_of(&store, day(2), &narrow, &[scanned(1).group("sg-1", Compliant)]).await;
    assert_eq!(read(&store, first, &Filter::default()).await.len(), 6, "a narrower scan drops nothing");
    scan_of(&store, day(3), &ScanScope { digest: "new packs".to_owned(), ..two_rules() }, &sketches()).await;
    for scan in [first, other.id] {
        let error = store.evaluations(scan, &Filter::default()).await.err().unwrap();
        assert!(error.to_string().starts_with("the evaluations of scan"), "{error}");
    }
    assert_eq!(store.summary(first).await.unwrap(), summary);
    assert_eq!(store.scans(10).await.unwrap().len(), 3);
}

#[tokio::test]
async fn what_would_make_the_tables_lie_is_refused_and_leaves_nothing() {
    let store = Store::in_memory().await.unwrap();
    let good = scanned(1).group("sg-1", NonCompliant);
    let run = begin(&store, &scope(std::slice::from_ref(&good)), day(1), false).await;
    let attempt = async |sketch: &Sketch| -> WriteError {
        match sketch.record() {
            Ok(record) => run.write(&[record]).await.unwrap_err(),
            Err(error) => error,
        }
    };
    let stray = good.clone().judged(HOME, GROUP, "sg-1", "stray", Compliant);
    assert_eq!(attempt(&stray).await.to_string(), "rule `stray` is not in the scope of the scan");
    let twice = good.clone().judged(HOME, GROUP, "sg-1", SSH, Compliant);
    let where_ = "000000000001/eu-west-1/AWS::EC2::SecurityGroup/sg-1";
    assert_eq!(attempt(&twice).await.to_string(), format!("rule `restricted-ssh` judged {where_} twice"));
    let mut elsewhere = good.clone();
    elsewhere.evaluations[0].resource = ResourceKey { account: account_id(2), ..key(1, HOME, GROUP, "sg-1") };
    assert!(attempt(&elsewhere).await.to_string().ends_with("sg-1 is not in account 000000000001"));
    assert_eq!(findings(&store).await, [""; 0]);
    write(&run, &good).await;
    assert_eq!(attempt(&good).await.to_string(), "account 000000000001 was already written in this scan");
    assert_eq!(findings(&store).await.len(), 1);
}

#[tokio::test]
async fn a_reader_may_stop_early() {
    let (store, scan) = filled().await;
    for _ in 0..20 {
        let mut records = store.evaluations(scan, &Filter::default()).await.unwrap();
        assert!(records.try_next().await.unwrap().is_some());
    }
}

#[tokio::test]
async fn scans_that_nothing_covers_keep_their_evaluations_until_ten_newer_ones_have_them() {
    let store = Store::in_memory().await.unwrap();
    let sketches = [scanned(1)];
    let mut ids = Vec::new();
    for number in 1..=12 {
        let rules = BTreeSet::from([RuleId::new(format!("rule-{number}"))]);
        ids.push(scan_of(&store, day(number), &ScanScope { rules, ..scope(&sketches) }, &sketches).await.id);
    }
    let kept: Vec<_> = store.kept_scans().await.unwrap().into_iter().map(|it| it.id).collect();
    assert_eq!(kept, ids[2..].iter().rev().copied().collect::<Vec<_>>());
    for (scan, kept) in ids.into_iter().zip([false, false].into_iter().chain([true; 10])) {
        assert_eq!(store.evaluations(scan, &Filter::default()).await.is_ok(), kept, "scan {scan}");
    }
}

#[tokio::test]
async fn however_often_a_part_is_looked_at_the_last_whole_scan_keeps_its_evaluations() {
    let (store, whole) = filled().await;
    // Even a look at all that the last whole scan saw, and more, does not take its place.
    let parts = [scanned(1), scanned(2), scanned(3)];
    for number in 2..=14 {
        let rules = BTreeSet::from([SSH.into(), RuleId::new(format!("rule-{number}"))]);
        let narrowed = ScanScope { rules, is_narrowed: true, ..scope(&parts) };
        scan_of(&store, day(number), &narrowed, &parts).await;
    }
    let broad = ScanScope { is_narrowed: true, ..two_rules() };
    scan_of(&store, day(15), &broad, &sketches()).await;
    assert_eq!(store.latest_whole_scan().await.unwrap().map(|it| it.id), Some(whole));
    assert_eq!(read(&store, whole, &Filter::default()).await.len(), 6);
}

/// How many texts of answers a store holds.
async fn judgements(path: &std::path::Path) -> i64 {
    let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    sqlx::query_scalar("SELECT COUNT(*) FROM judgements").fetch_one(&mut connection).await.unwrap()
}

#[tokio::test]
async fn what_rules_say_again_is_not_written_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    let store = Store::open(&path).await.unwrap();
    let world = |outcome| [scanned(1).group("sg-1", NonCompliant), scanned(2).group("sg-2", outcome)];
    let first = scan(&store, day(1), &world(NonCompliant)).await;
    assert_eq!(judgements(&path).await, 2);
    // A scan of other accounts keeps what the first one was told.
    let narrow = scan(&store, day(2), &world(NonCompliant)[..1]).await;
    assert_eq!(judgements(&path).await, 2);
    assert_eq!(
        ids(&store, first.id, Filter::default()).await,
        ["sg-1 restricted-ssh", "sg-2 restricted-ssh"]
    );
    // What no scan is told any more goes.
    let newest = scan(&store, day(3), &world(Compliant)).await;
    assert_eq!(judgements(&path).await, 2);
    assert_eq!(
        ids(&store, newest.id, Filter::default()).await,
        ["sg-1 restricted-ssh", "sg-2 restricted-ssh"]
    );
    assert!(store.evaluations(narrow.id, &Filter::default()).await.is_err());
    assert_eq!(
        findings(&store).await,
        ["sg-1 ACTIVE NEW seen 01-03", "sg-2 ARCHIVED RESOLVED seen 01-01 resolved 03"]
    );
}
