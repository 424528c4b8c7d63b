//! Findings of other detectors.

use std::collections::BTreeSet;

use futures::TryStreamExt as _;
use yagura_model::{
    Change, Detector, FindingKind, FindingText, ImportScope, ImportedFinding, Outcome, RecordState, Severity,
    Timestamp, Workflow,
};
use yagura_store::{FindingFilter, Imported, Store};

use crate::fixtures::*;

use Outcome::{Compliant, NonCompliant};

/// What Security Hub says of security group `sg-1` of account 1.
fn of_hub(id: &str, last_seen: Timestamp) -> ImportedFinding {
    ImportedFinding {
        detector: Detector::SecurityHub,
        via: None,
        external_id: format!("arn:hub/{id}"),
        kind: FindingKind::Configuration,
        rule: SSH.into(),
        resource: key(1, HOME, GROUP, id),
        arn: format!("arn:{id}"),
        name: String::new(),
        severity: Severity::Critical,
        record_state: RecordState::Active,
        workflow: Some(Workflow::New),
        evidence: None,
        text: FindingText { title: "EC2.13 ...".to_owned(), ..FindingText::default() },
        first_seen: day(1),
        last_seen,
    }
}

async fn changes(store: &Store) -> Vec<(Change, String)> {
    let finding = all_findings(store).await.remove(0);
    store.finding_history(&finding.id).await.unwrap().into_iter().map(|it| (it.change, it.why)).collect()
}

#[tokio::test]
async fn the_same_report_twice_is_one_finding() {
    let store = Store::in_memory().await.unwrap();
    let found = [of_hub("sg-1", day(2))];
    assert_eq!(store.import(&found, day(3)).await.unwrap(), Imported { opened: 1, ..Default::default() });
    assert_eq!(store.import(&found, day(4)).await.unwrap(), Imported { same: 1, ..Default::default() });
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-04"]);
    let finding = all_findings(&store).await.remove(0);
    assert_eq!(finding.text.unwrap().title, "EC2.13 ...");
    assert_eq!(finding.detectors, BTreeSet::from([Detector::SecurityHub]));
    assert_eq!(changes(&store).await.len(), 1);
}

#[tokio::test]
async fn what_was_read_from_security_hub_is_known_as_such() {
    let store = Store::in_memory().await.unwrap();
    let of_prowler = |id| ImportedFinding { detector: Detector::Prowler, ..of_hub(id, day(1)) };
    let passed_on = ImportedFinding { via: Some(Detector::SecurityHub), ..of_prowler("sg-2") };
    store.import(&[of_hub("sg-1", day(1)), passed_on, of_prowler("sg-3")], day(2)).await.unwrap();
    let told = async || all_findings(&store).await.iter().map(|it| it.in_security_hub).collect::<Vec<_>>();
    assert_eq!(told().await, [true, true, false]);
    // What Prowler itself says later does not take it out of there.
    store.import(&[ImportedFinding { last_seen: day(3), ..of_prowler("sg-2") }], day(3)).await.unwrap();
    assert_eq!(told().await, [true, true, false]);
}

#[tokio::test]
async fn of_what_ended_a_filter_lets_through_what_ended_lately() {
    let store = Store::in_memory().await.unwrap();
    let over = |id: &str, at| ImportedFinding { record_state: RecordState::Archived, ..of_hub(id, at) };
    store
        .import(&[of_hub("sg-1", day(1)), of_hub("sg-2", day(1)), of_hub("sg-3", day(1))], day(1))
        .await
        .unwrap();
    store.import(&[over("sg-1", day(2))], day(2)).await.unwrap();
    store.import(&[over("sg-2", day(4))], day(4)).await.unwrap();
    let lately = FindingFilter { ended_since: Some(day(3)), ..FindingFilter::default() };
    let found: Vec<_> = store.findings(&lately).await.unwrap().try_collect::<Vec<_>>().await.unwrap();
    let ids: Vec<_> = found.iter().map(|it| it.resource.id.as_str()).collect();
    assert_eq!(ids, ["sg-2", "sg-3"]);
    assert_eq!(store.count_findings(&lately).await.unwrap().total(), 2);
}

#[tokio::test]
async fn what_our_rule_and_another_detector_say_is_one_finding() {
    let store = Store::in_memory().await.unwrap();
    scan(&store, day(1), &[scanned(1).group("sg-1", NonCompliant)]).await;
    store.import(&[of_hub("sg-1", day(2))], day(2)).await.unwrap();
    let finding = all_findings(&store).await.remove(0);
    assert_eq!(finding.detectors, BTreeSet::from([Detector::Yagura, Detector::SecurityHub]));
    assert_eq!(finding.severity, Severity::High, "our rule decides");
    // Put right: our scan sees it first, Security Hub half a day later.
    scan(&store, day(3), &[scanned(1).group("sg-1", Compliant)]).await;
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-02"]);
    let over = ImportedFinding { record_state: RecordState::Archived, ..of_hub("sg-1", day(4)) };
    assert_eq!(store.import(&[over], day(4)).await.unwrap(), Imported { ended: 1, ..Default::default() });
    assert_eq!(findings(&store).await, ["sg-1 ARCHIVED RESOLVED seen 01-02 resolved 04"]);
    let told = changes(&store).await;
    assert_eq!(told[1], (Change::DetectorsChanged, "reported by Security Hub too".to_owned()));
    assert_eq!(told[2], (Change::DetectorsChanged, "compliant, as Yagura sees it".to_owned()));
    assert_eq!(told[3], (Change::Ended, "ended in Security Hub".to_owned()));
}

#[tokio::test]
async fn two_reports_of_one_fact_end_with_the_second() {
    let store = Store::in_memory().await.unwrap();
    let foundational = of_hub("sg-1", day(2));
    let cis = ImportedFinding { external_id: "arn:hub/cis/sg-1".to_owned(), ..foundational.clone() };
    store.import(&[foundational.clone(), cis.clone()], day(2)).await.unwrap();
    let over =
        ImportedFinding { record_state: RecordState::Archived, severity: Severity::Low, ..foundational };
    store.import(&[over], day(3)).await.unwrap();
    // What ended says nothing of the other: it was not seen, and its severity stands.
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-02"]);
    assert_eq!(all_findings(&store).await[0].severity, Severity::Critical);
    store.import(&[ImportedFinding { workflow: Some(Workflow::Suppressed), ..cis }], day(4)).await.unwrap();
    assert_eq!(findings(&store).await, ["sg-1 ARCHIVED RESOLVED seen 01-02 resolved 04"]);
    assert_eq!(changes(&store).await.pop().unwrap().1, "suppressed in Security Hub");
}

#[tokio::test]
async fn what_vanished_ends_where_everything_was_read_and_nowhere_else() {
    let store = Store::in_memory().await.unwrap();
    let of_two = ImportedFinding { resource: key(2, HOME, GROUP, "sg-3"), ..of_hub("sg-3", day(1)) };
    store.import(&[of_hub("sg-1", day(1)), of_hub("sg-2", day(1)), of_two], day(1)).await.unwrap();
    store.import(&[of_hub("sg-1", day(1))], day(2)).await.unwrap();
    let within = ImportScope { accounts: BTreeSet::from([account_id(1)]), ..ImportScope::default() };
    assert_eq!(store.end_unreported(Detector::GuardDuty, &within, day(2)).await.unwrap(), 0);
    assert_eq!(store.end_unreported(Detector::SecurityHub, &within, day(2)).await.unwrap(), 1);
    assert_eq!(
        findings(&store).await,
        [
            "sg-1 ACTIVE NEW seen 01-02",
            "sg-2 ARCHIVED RESOLVED seen 01-01 resolved 02",
            "sg-3 ACTIVE NEW seen 01-01"
        ]
    );
}

/// GuardDuty itself holds that it is so, and somebody called it resolved in Security Hub, which passes GuardDuty's findings on.
#[tokio::test]
async fn who_passes_on_a_finding_does_not_end_what_the_detector_itself_reports() {
    let store = Store::in_memory().await.unwrap();
    let of_detector = |at| ImportedFinding { detector: Detector::GuardDuty, ..of_hub("sg-1", at) };
    let passed_on = |at| ImportedFinding { via: Some(Detector::SecurityHub), ..of_detector(at) };
    let asked_itself = ImportScope::default();
    let through_hub = ImportScope { via: Some(Detector::SecurityHub), ..ImportScope::default() };
    for at in [day(1), day(2)] {
        store.import(&[of_detector(at)], at).await.unwrap();
        assert_eq!(store.end_unreported(Detector::GuardDuty, &asked_itself, at).await.unwrap(), 0);
        let resolved = ImportedFinding { workflow: Some(Workflow::Resolved), ..passed_on(at) };
        store.import(&[resolved], at).await.unwrap();
        assert_eq!(store.end_unreported(Detector::GuardDuty, &through_hub, at).await.unwrap(), 0);
    }
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-02"]);
    assert_eq!(changes(&store).await.len(), 1, "nothing came and went");
    assert_eq!(store.end_unreported(Detector::GuardDuty, &asked_itself, day(3)).await.unwrap(), 1);
}

#[tokio::test]
async fn what_nobody_passes_on_any_more_ends_after_a_week() {
    let store = Store::in_memory().await.unwrap();
    let passed_on = ImportedFinding {
        detector: Detector::GuardDuty,
        via: Some(Detector::SecurityHub),
        ..of_hub("sg-1", day(1))
    };
    store.import(&[passed_on], day(1)).await.unwrap();
    let ended =
        async |at| store.end_unreported(Detector::GuardDuty, &ImportScope::default(), at).await.unwrap();
    assert_eq!(ended(day(8)).await, 0);
    assert_eq!(ended(day(9)).await, 1);
}

#[tokio::test]
async fn the_end_of_what_was_never_open_here_is_passed_over() {
    let store = Store::in_memory().await.unwrap();
    let over = ImportedFinding { record_state: RecordState::Archived, ..of_hub("sg-1", day(1)) };
    assert_eq!(
        store.import(&[over], day(2)).await.unwrap(),
        Imported { passed_over: 1, ..Default::default() }
    );
    assert!(all_findings(&store).await.is_empty());
}

#[tokio::test]
async fn a_scan_neither_ends_nor_moves_what_only_others_report() {
    let store = Store::in_memory().await.unwrap();
    store.import(&[of_hub("sg-9", day(1))], day(1)).await.unwrap();
    let sketch = scanned(1).group("sg-1", NonCompliant);
    scan(&store, day(2), std::slice::from_ref(&sketch)).await;
    scan(&store, day(3), &[sketch]).await;
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 02-03", "sg-9 ACTIVE NEW seen 01-01"]);
}

#[tokio::test]
async fn one_that_came_back_is_reopened() {
    let store = Store::in_memory().await.unwrap();
    store.import(&[of_hub("sg-1", day(1))], day(1)).await.unwrap();
    store.end_unreported(Detector::SecurityHub, &ImportScope::default(), day(2)).await.unwrap();
    let done = store.import(&[of_hub("sg-1", day(3))], day(3)).await.unwrap();
    assert_eq!(done, Imported { reopened: 1, ..Default::default() });
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-03 reopened 1"]);
    assert_eq!(all_findings(&store).await[0].opened_at, day(3));
}
