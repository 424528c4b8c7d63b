//! Files that are not as they should be: what is said, and that nothing is changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use futures::TryStreamExt as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tempfile::TempDir;
use yagura_model::{
    Account, AccountCounts, CallCoverage, Change, Detector, EvaluationRecord, ImportScope, Organization,
    Outcome, Partition, ReadStatus, Reason, ScanId, Workflow,
};
use yagura_store::{Filter, FindingFilter, IncidentFilter, ScanOrder, Store};

use crate::fixtures::*;

struct Place {
    _dir: TempDir,
    path: PathBuf,
}

fn place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    Place { _dir: dir, path }
}

/// What brought a store from format to format, up to the last but one.
pub const FORMATS: [&str; 11] = [
    include_str!("../../schema/sqlite-1.sql"),
    include_str!("../../schema/sqlite-2.sql"),
    include_str!("../../schema/sqlite-3.sql"),
    include_str!("../../schema/sqlite-4.sql"),
    include_str!("../../schema/sqlite-5.sql"),
    include_str!("../../schema/sqlite-6.sql"),
    include_str!("../../schema/sqlite-7.sql"),
    include_str!("../../schema/sqlite-8.sql"),
    include_str!("../../schema/sqlite-9.sql"),
    include_str!("../../schema/sqlite-10.sql"),
    include_str!("../../schema/sqlite-11.sql"),
];

/// A file with one finished scan.
async fn filled() -> Place {
    let place = place();
    let store = Store::open(&place.path).await.unwrap();
    scan(&store, day(1), &[scanned(1).group("sg-1", Outcome::NonCompliant)]).await;
    store.close().await;
    place
}

async fn raw(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap()
}

pub async fn execute(path: &Path, sql: &str) {
    let mut connection = raw(path).await;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// Opening fails with the message, in which `{}` stands for the path, and leaves the file as it was.
async fn refused(path: &Path, message: &str) {
    let before = fs::read(path).ok();
    let error = Store::open(path).await.unwrap_err();
    assert_eq!(error.to_string(), message.replace("{}", &path.display().to_string()));
    assert_eq!(fs::read(path).ok(), before, "the file was changed");
}

#[tokio::test]
async fn what_was_stored_is_there_when_the_file_is_opened_again() {
    let place = filled().await;
    let files: Vec<_> =
        fs::read_dir(place.path.parent().unwrap()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert!(
        !files.iter().any(|it| it.to_string_lossy().ends_with("-wal")),
        "one file holds everything: {files:?}"
    );
    let store = Store::open(&place.path).await.unwrap();
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-01"]);
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_refused() {
    let place = place();
    fs::write(&place.path, "accounts,regions\n".repeat(500)).unwrap();
    refused(&place.path, "`{}` is not a database: name another file, or move this one away").await;
}

#[tokio::test]
async fn the_database_of_another_program_is_refused() {
    let place = place();
    execute(&place.path, "CREATE TABLE bookmarks (url TEXT)").await;
    refused(&place.path, "`{}` is the database of another program: name another file").await;
}

#[tokio::test]
async fn a_store_of_a_newer_yagura_is_refused() {
    let place = filled().await;
    execute(&place.path, "UPDATE store_version SET version = 99, written_by = '7.0.0'").await;
    let message = "`{}` was written by a newer yagura (7.0.0, store format 99; this one knows formats up to 12): \
                   update yagura, or name another file";
    refused(&place.path, message).await;
}

#[tokio::test]
async fn a_store_of_the_first_format_is_brought_up_to_date_with_what_it_holds() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    // Seen by scans 1 and 2, ended by scan 3 and back in scan 4; then a person said something.
    let rows = "
        CREATE TABLE store_version (version INTEGER NOT NULL, written_by TEXT NOT NULL);
        INSERT INTO store_version VALUES (1, '0.0.1');
        INSERT INTO names VALUES (1, 'account', '000000000001'), (2, 'region', 'eu-west-1'),
            (3, 'type', 'AWS::EC2::SecurityGroup'), (4, 'rule', 'restricted-ssh');
        INSERT INTO scans (id, started, scope_id, organization_id, kept) VALUES
            (1, '2026-01-01T12:00:00.123456789Z', 1, 1, 0), (2, '2026-01-02T12:00:00Z', 1, 1, 0),
            (3, '2026-01-03T12:00:00Z', 1, 1, 0), (4, '2026-01-04T12:00:00Z', 1, 1, 0);
        INSERT INTO resources (id, account_id, region_id, type_id, resource, arn, name, present) VALUES
            (1, 1, 2, 3, 'sg-1', 'arn:sg-1', '', 1), (2, 1, 2, 3, 'sg-2', 'arn:sg-2', '', 1);
        INSERT INTO findings VALUES
            (1, x'92dce8e5131674d4905c5bf674d11c49', 1, 1, 4, 3, 0, 1, '{\"open\":[22]}', NULL, 1, 4, NULL, 1),
            (2, x'00000000000000000000000000000001', 1, 2, 4, 3, 1, 3, NULL, NULL, 1, 2, 3, 0);
        INSERT INTO finding_history (finding_id, scan_id, at, change, why) VALUES
            (1, 1, NULL, 'OPENED', ''), (1, 3, NULL, 'ENDED', 'compliant'), (1, 4, NULL, 'REOPENED', 'violated again'),
            (1, NULL, '2026-01-05T12:00:00Z', 'WORKFLOW_CHANGED', 'NEW to NOTIFIED');";
    execute(&path, &format!("{}{rows}", include_str!("../../schema/sqlite-1.sql"))).await;

    let store = Store::open(&path).await.unwrap();
    assert_eq!(
        findings(&store).await,
        ["sg-1 ACTIVE NOTIFIED seen 01-04 reopened 1", "sg-2 ARCHIVED RESOLVED seen 01-02 resolved 03"]
    );
    let finding = store.finding("92dce8e5131674d4905c5bf674d11c49").await.unwrap().unwrap();
    assert_eq!(finding.opened_at, day(4));
    assert_eq!(finding.first_seen.to_string(), "2026-01-01T12:00:00.123Z");
    let history = store.finding_history(&finding.id).await.unwrap();
    let told: Vec<_> = history.iter().map(|it| (it.at.to_string(), it.change, it.why.as_str())).collect();
    assert_eq!(told[0], ("2026-01-01T12:00:00.123Z".to_owned(), Change::Opened, ""));
    assert_eq!(told[3], ("2026-01-05T12:00:00Z".to_owned(), Change::WorkflowChanged, "NEW to NOTIFIED"));
    assert_eq!(store.count_findings(&FindingFilter::default()).await.unwrap().total(), 2);
    assert!(store.incidents(&IncidentFilter::default()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_scan_of_the_fifth_format_was_told_can_still_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    let rows = r#"
        CREATE TABLE store_version (version INTEGER NOT NULL, written_by TEXT NOT NULL);
        INSERT INTO store_version VALUES (5, '0.0.5');
        INSERT INTO names VALUES (1, 'account', '000000000001'), (2, 'region', 'eu-west-1'), (3, 'region', 'us-east-1'),
            (4, 'type', 'AWS::EC2::SecurityGroup'), (5, 'rule', 'restricted-ssh'), (6, 'call', 'ec2.DescribeSecurityGroups'),
            (7, 'status', '{"Status":"READ"}'), (8, 'account', '000000000002');
        INSERT INTO documents VALUES (1, x'01', '{"Accounts":[],"Regions":[],"Rules":["restricted-ssh"],"Types":[],"Digest":"","Question":""}'),
            (2, x'02', '{"Id":"o-1","Partition":"aws","Accounts":[]}');
        INSERT INTO scans (id, started, finished, finish_number, scope_id, organization_id, summary, kept) VALUES
            (1, '2026-01-01T12:00:00Z', '2026-01-01T12:00:00Z', 1, 1, 2, '{}', 1);
        INSERT INTO account_scans VALUES (1, 1, 1, 2, '{}'), (1, 8, 1, 0, '{}');
        INSERT INTO resources (id, account_id, region_id, type_id, resource, arn, name, present, first_scan, last_scan) VALUES
            (1, 1, 2, 4, 'sg-1', 'arn:sg-1', '', 1, 1, 1), (2, 1, 2, 4, 'sg-2', 'arn:sg-2', '', 1, 1, 1);
        INSERT INTO details VALUES (1, 1, '{"open":[22]}'), (2, 1, '{"Kind":"NOT_CONCERNED"}');
        INSERT INTO evaluations VALUES (1, 1, 5, 1, 3, NULL, 1), (1, 2, 5, 2, 3, 2, NULL);
        INSERT INTO counts VALUES (1, 1, 5, 1, 3, 1), (1, 1, 5, 2, 3, 1);
        INSERT INTO coverage VALUES (1, 1, 6, 7, 1, '[2,3]');"#;
    execute(&path, &format!("{}{rows}", FORMATS[..5].concat())).await;

    let store = Store::open(&path).await.unwrap();
    let scan = ScanId(1);
    let evaluations: Vec<EvaluationRecord> =
        store.evaluations(scan, &Filter::default()).await.unwrap().try_collect().await.unwrap();
    let told: Vec<_> = evaluations
        .iter()
        .map(|it| &it.evaluation)
        .map(|it| (it.resource.id.as_str(), it.outcome, it.evidence.clone(), it.reason.clone()))
        .collect();
    assert_eq!(
        told,
        [
            ("sg-1", Outcome::NonCompliant, Some(serde_json::json!({ "open": [22] })), None),
            ("sg-2", Outcome::NotApplicable, None, Some(Reason::NotConcerned)),
        ]
    );
    let counts: Vec<AccountCounts> = store.counts(scan).await.unwrap().try_collect().await.unwrap();
    assert_eq!(counts.iter().map(|it| it.counts.len()).collect::<Vec<_>>(), [2, 0]);
    let coverage: Vec<CallCoverage> = store.coverage(scan).await.unwrap().try_collect().await.unwrap();
    let regions: Vec<_> = coverage.iter().map(|it| (it.region.as_str(), &it.status, it.count)).collect();
    assert_eq!(regions, [(HOME, &ReadStatus::Read, 1), ("us-east-1", &ReadStatus::Read, 1)]);
}

#[tokio::test]
async fn what_others_report_in_a_store_of_the_sixth_format_stands_until_they_say_otherwise() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    let rows = format!(
        r#"
        CREATE TABLE store_version (version INTEGER NOT NULL, written_by TEXT NOT NULL);
        INSERT INTO store_version VALUES (6, '0.0.6');
        INSERT INTO names VALUES (1, 'account', '000000000001'), (2, 'region', 'eu-west-1'),
            (3, 'type', 'AWS::EC2::Instance'), (4, 'rule', 'guardduty:Recon:EC2/Portscan');
        INSERT INTO resources (id, account_id, region_id, type_id, resource, arn, name, present) VALUES
            (1, 1, 2, 3, 'i-1', 'arn:i-1', '', 0);
        INSERT INTO sights (id, account_id, last_at, ended) VALUES (1, 1, {seen}, 0);
        INSERT INTO findings (id, uid, kind, account_id, region_id, type_id, resource_id, rule_id, severity, record_state,
            workflow, detectors, first_at, opened_at, sight_id, reopened) VALUES
            (1, x'0123456789abcdef0123456789abcdef', 1, 1, 2, 3, 1, 4, 2, 0, 0, {guardduty}, {seen}, {seen}, 1, 0);
        INSERT INTO reports VALUES (1, {bit}, 'arn:aws:guardduty:f-1', 0, {seen}, {seen}, '{{"Text":{text}}}');"#,
        seen = day(1).as_millisecond(),
        bit = 2,
        guardduty = 1 << 2,
        text = r#"{"Title":"A port scan","Description":"","Remediation":"","Url":""}"#,
    );
    execute(&path, &format!("{}{rows}", FORMATS[..6].concat())).await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(findings(&store).await, ["i-1 ACTIVE NEW seen 01-01"]);
    assert_eq!(all_findings(&store).await[0].text.as_ref().unwrap().title, "A port scan");
    let ended = store.end_unreported(Detector::GuardDuty, &ImportScope::default(), day(2)).await.unwrap();
    assert_eq!(ended, 1);
}

/// The row of a detection's finding in its own table, as old stores have it.
fn threat_row(id: &str, workflow: u8) -> String {
    let body = serde_json::json!({
        "Id": id, "Rule": "r", "Title": "t", "Severity": "HIGH", "Accounts": ["000000000001"], "Regions": ["eu-west-1"],
        "Actor": { "Principal": "arn:aws:iam::000000000001:user/mallory", "Name": "mallory" }, "Tags": [],
        "FirstSeen": day(1), "LastSeen": day(2), "Count": 1, "Failed": 0, "Entities": [], "Samples": [],
        "RecordState": "ACTIVE", "Workflow": "NEW",
    });
    format!(
        "INSERT INTO threats (uid, group_key, severity, record_state, workflow, first_at, last_at, body)
         VALUES ('{id}', x'00', 3, 0, {workflow}, 0, 0, '{body}');"
    )
}

#[tokio::test]
async fn threats_of_the_third_format_are_listed_with_what_people_said_of_them() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    let rows = format!(
        "CREATE TABLE store_version (version INTEGER NOT NULL, written_by TEXT NOT NULL);
         INSERT INTO store_version VALUES (3, '0.0.1'); {}",
        threat_row("0123456789abcdef0123456789abcdef", 2)
    );
    execute(&path, &format!("{}{rows}", FORMATS[..3].concat())).await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(findings(&store).await, ["mallory ACTIVE SUPPRESSED seen 01-02"]);
    assert_eq!(
        store.count_findings(&FindingFilter::default()).await.unwrap().workflows[&Workflow::Suppressed],
        1
    );
}

#[tokio::test]
async fn a_damaged_file_is_refused_or_its_reader_told() {
    let place = filled().await;
    let whole = fs::read(&place.path).unwrap();
    let damaged = |message: String| {
        assert!(message.starts_with(&format!("`{}` is damaged (", place.path.display())), "{message}");
        assert!(message.ends_with("restore it from a backup, or move it away and scan again"), "{message}");
    };
    fs::write(&place.path, &whole[..8192]).unwrap();
    damaged(Store::open(&place.path).await.unwrap_err().to_string());
    // The first pages are whole, so it opens; the rest is noise.
    let mut noise = whole.clone();
    noise[12288..].fill(0xA5);
    fs::write(&place.path, noise).unwrap();
    let told = match Store::open(&place.path).await {
        Err(error) => error.to_string(),
        Ok(store) => {
            let scan = store.latest_scan().await;
            match scan {
                Err(error) => error.to_string(),
                Ok(scan) => match store.evaluations(scan.unwrap().id, &Filter::default()).await {
                    Err(error) => error.to_string(),
                    Ok(records) => records.try_collect::<Vec<_>>().await.unwrap_err().to_string(),
                },
            }
        }
    };
    damaged(told);
}

#[tokio::test]
async fn a_file_in_a_directory_that_is_not_there_is_refused() {
    let place = place();
    let path = place.path.with_file_name("nowhere").join("yagura.db");
    let message = "`{}` cannot be opened (unable to open database file): check that its directory exists and that \
                   the file may be read and written";
    refused(&path, message).await;
    refused(place.path.parent().unwrap(), message).await;
}

#[tokio::test]
#[cfg(unix)]
async fn a_file_that_may_not_be_written_can_be_read_but_takes_no_scan() {
    use std::os::unix::fs::PermissionsExt as _;

    let place = filled().await;
    let dir = place.path.parent().unwrap().to_owned();
    fs::remove_file(dir.join("yagura.db-lock")).unwrap();
    fs::set_permissions(&place.path, fs::Permissions::from_mode(0o444)).unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(dir.join("x"), "").is_ok() {
        println!("skipped: permissions do not bind this user");
        return;
    }
    let told = match Store::open(&place.path).await {
        Err(error) => error.to_string(),
        Ok(store) => {
            let scope = scope(&[scanned(1)]);
            let organization = Organization::of_one(Account::bare(account_id(1)), Partition::Aws);
            let rules = [rule_info(&SSH.into())];
            let order = ScanOrder {
                scope: &scope,
                organization: &organization,
                rules: &rules,
                started: day(2),
                resume: false,
            };
            store.begin_scan(order).await.unwrap_err().to_string()
        }
    };
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(told.contains("cannot be"), "{told}");
}

#[tokio::test]
async fn a_second_scan_waits_for_nobody_and_says_why() {
    let place = place();
    let first = Store::open(&place.path).await.unwrap();
    let second = Store::open(&place.path).await.unwrap();
    let sketches = [scanned(1).group("sg-1", Outcome::NonCompliant)];
    let run = begin(&first, &scope(&sketches), day(1), true).await;
    write(&run, &sketches[0]).await;
    let organization = Organization::of_one(Account::bare(account_id(1)), Partition::Aws);
    let (scope, rules) = (scope(&sketches), [rule_info(&SSH.into())]);
    let order = ScanOrder {
        scope: &scope,
        organization: &organization,
        rules: &rules,
        started: day(1),
        resume: true,
    };
    let error = second.begin_scan(order).await.unwrap_err();
    let path = place.path.display();
    assert_eq!(
        error.to_string(),
        format!("another scan is writing into `{path}`: wait until it has ended, or name another file")
    );
    assert_eq!(findings(&second).await.len(), 1, "what is written can be read meanwhile");
    drop(run);
    assert!(second.begin_scan(order).await.unwrap().resumed());
}

#[tokio::test]
async fn a_process_that_does_not_let_go_is_not_waited_for_for_ever() {
    let place = filled().await;
    let mut other = raw(&place.path).await;
    let transaction = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let store = Store::open_waiting(&place.path, Duration::from_millis(20)).await.unwrap();
    let id = all_findings(&store).await.remove(0).id;
    let attempt = || store.set_workflow(&id, yagura_model::Workflow::Notified, day(1), "");
    let error = attempt().await.unwrap_err();
    let path = place.path.display();
    let message = format!(
        "`{path}` is in use by another process: wait until that has ended and try again, or name another file"
    );
    assert_eq!(error.to_string(), message);
    transaction.rollback().await.unwrap();
    attempt().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn several_that_make_the_same_file_at_once_all_get_it() {
    for _ in 0..10 {
        let place = place();
        let stores = futures::future::join_all((0..6).map(|_| {
            let path = place.path.clone();
            tokio::spawn(async move { Store::open(&path).await })
        }));
        for store in stores.await {
            store.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn what_people_say_of_threats_that_the_fifth_format_listed_is_in_both_of_their_rows() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("yagura.db");
    let id = "0123456789abcdef0123456789abcdef";
    // Called notified in the list, and new in its own row.
    let rows = format!(
        "CREATE TABLE store_version (version INTEGER NOT NULL, written_by TEXT NOT NULL);
         INSERT INTO store_version VALUES (5, '0.0.5');
         INSERT INTO names VALUES (1, 'account', '000000000001'), (2, 'region', 'global'), (3, 'type', 'AWS::IAM::User'),
            (4, 'rule', 'r');
         INSERT INTO resources (id, account_id, region_id, type_id, resource, arn, name, present) VALUES
            (1, 1, 2, 3, 'mallory', 'arn:mallory', '', 0);
         INSERT INTO sights VALUES (1, 1, 0, 0);
         INSERT INTO findings (id, uid, kind, account_id, region_id, type_id, resource_id, rule_id, severity, record_state, workflow,
            detectors, first_at, opened_at, sight_id, reopened) VALUES (1, x'{id}', 1, 1, 2, 3, 1, 4, 3, 0, 1, 1, 0, 0, 1, 0);
         {}",
        threat_row(id, 0)
    );
    execute(&path, &format!("{}{rows}", FORMATS[..5].concat())).await;
    let store = Store::open(&path).await.unwrap();
    let own = async || store.threat_findings(&IncidentFilter::default()).await.unwrap()[0].workflow;
    assert_eq!(own().await, Workflow::Notified);
    store.set_workflow(id, Workflow::Resolved, day(3), "").await.unwrap();
    assert_eq!(own().await, Workflow::Resolved);
}
