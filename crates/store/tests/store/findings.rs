//! The life of findings.

use std::collections::BTreeSet;

use yagura_model::{AccountState, Change, Outcome, ResourceType, Severity, Workflow};
use yagura_store::Store;

use crate::fixtures::*;

use Outcome::{Compliant, InsufficientData, NonCompliant, NotApplicable};

async fn store() -> Store {
    Store::in_memory().await.unwrap()
}

/// A store in which security group `sg-1` of account 1 was against the rule on day 1.
async fn with_a_finding() -> Store {
    let store = store().await;
    scan(&store, day(1), &[scanned(1).group("sg-1", NonCompliant)]).await;
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-01"]);
    store
}

const AS_ON_DAY_1: [&str; 1] = ["sg-1 ACTIVE NEW seen 01-01"];
const ENDED_ON_DAY_2: [&str; 1] = ["sg-1 ARCHIVED RESOLVED seen 01-01 resolved 02"];

async fn history(store: &Store) -> Vec<(Change, String)> {
    let finding = all_findings(store).await.remove(0);
    let changes = store.finding_history(&finding.id).await.unwrap();
    changes.into_iter().map(|it| (it.change, it.why)).collect()
}

#[tokio::test]
async fn a_violation_opens_a_finding_with_its_evidence() {
    let store = with_a_finding().await;
    let finding = all_findings(&store).await.remove(0);
    assert_eq!(finding.evidence, Some(serde_json::json!({ "open": [22], "of": "sg-1" })));
    assert_eq!(finding.resource, key(1, HOME, GROUP, "sg-1"));
    assert_eq!(finding.arn, "arn:sg-1");
    assert_eq!(store.finding(&finding.id).await.unwrap(), Some(finding));
}

#[tokio::test]
async fn a_findings_id_is_the_same_in_every_store() {
    let ids = [with_a_finding().await, with_a_finding().await];
    for store in ids {
        assert_eq!(all_findings(&store).await[0].id, "92dce8e5131674d4905c5bf674d11c49");
    }
}

#[tokio::test]
async fn a_violation_that_stays_is_the_same_finding_seen_later() {
    let store = with_a_finding().await;
    scan(&store, day(2), &[scanned(1).group("sg-1", NonCompliant)]).await;
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-02"]);
}

#[tokio::test]
async fn a_finding_ends_when_the_rule_passes_the_resource_or_does_not_apply() {
    for (outcome, why) in [(Compliant, "compliant"), (NotApplicable, "not applicable")] {
        let store = with_a_finding().await;
        scan(&store, day(2), &[scanned(1).group("sg-1", outcome)]).await;
        assert_eq!(findings(&store).await, ENDED_ON_DAY_2);
        let expected = [(Change::Opened, String::new()), (Change::Ended, why.to_owned())];
        assert_eq!(history(&store).await, expected);
    }
}

#[tokio::test]
async fn a_finding_ends_when_its_resource_is_gone() {
    let store = with_a_finding().await;
    scan(&store, day(2), &[scanned(1).group("sg-2", Compliant)]).await;
    assert_eq!(findings(&store).await, ENDED_ON_DAY_2);
    assert_eq!(history(&store).await[1], (Change::Ended, "gone".to_owned()));
}

#[tokio::test]
async fn a_finding_that_comes_back_keeps_its_birthday() {
    let store = with_a_finding().await;
    scan(&store, day(2), &[scanned(1).group("sg-1", Compliant)]).await;
    scan(&store, day(3), &[scanned(1).group("sg-1", NonCompliant)]).await;
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-03 reopened 1"]);
    assert_eq!(history(&store).await[2], (Change::Reopened, "violated again".to_owned()));
}

#[tokio::test]
async fn a_suppressed_finding_stays_suppressed_through_its_end_and_its_return() {
    let store = with_a_finding().await;
    let id = all_findings(&store).await.remove(0).id;
    store.set_workflow(&id, Workflow::Suppressed, day(1), "bastion, behind the VPN").await.unwrap();
    scan(&store, day(2), &[scanned(1).group("sg-1", NonCompliant)]).await;
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE SUPPRESSED seen 01-02"]);
    scan(&store, day(3), &[scanned(1)]).await;
    assert_eq!(findings(&store).await, ["sg-1 ARCHIVED SUPPRESSED seen 01-02 resolved 03"]);
    scan(&store, day(4), &[scanned(1).group("sg-1", NonCompliant)]).await;
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE SUPPRESSED seen 01-04 reopened 1"]);
    let why = "NEW to SUPPRESSED: bastion, behind the VPN".to_owned();
    assert_eq!(history(&store).await[1], (Change::WorkflowChanged, why));
}

#[tokio::test]
async fn a_notified_finding_that_comes_back_is_new_again() {
    let store = with_a_finding().await;
    let id = all_findings(&store).await.remove(0).id;
    store.set_workflow(&id, Workflow::Notified, day(1), "").await.unwrap();
    scan(&store, day(2), &[scanned(1).group("sg-1", Compliant)]).await;
    scan(&store, day(3), &[scanned(1).group("sg-1", NonCompliant)]).await;
    assert_eq!(findings(&store).await, ["sg-1 ACTIVE NEW seen 01-03 reopened 1"]);
}

#[tokio::test]
async fn the_workflow_of_an_unknown_finding_is_refused_with_its_id() {
    let store = with_a_finding().await;
    for id in ["f00d", "00000000000000000000000000000000", "zz000000000000000000000000000000"] {
        let error = store.set_workflow(id, Workflow::Notified, day(1), "").await.unwrap_err();
        assert_eq!(error.to_string(), format!("there is no finding `{id}` in `memory`"));
    }
}

#[tokio::test]
async fn a_change_of_severity_is_written_into_the_history() {
    let store = with_a_finding().await;
    let mut sketch = scanned(1).group("sg-1", NonCompliant);
    sketch.evaluations[0].severity = Severity::Critical;
    scan(&store, day(2), &[sketch]).await;
    assert_eq!(all_findings(&store).await[0].severity, Severity::Critical);
    assert_eq!(history(&store).await[1], (Change::SeverityChanged, "HIGH to CRITICAL".to_owned()));
}

#[tokio::test]
async fn new_evidence_replaces_the_old() {
    let store = with_a_finding().await;
    let mut sketch = scanned(1).group("sg-1", NonCompliant);
    sketch.evaluations[0].evidence = Some(serde_json::json!({ "open": [22, 3389] }));
    scan(&store, day(2), &[sketch]).await;
    assert_eq!(all_findings(&store).await[0].evidence, Some(serde_json::json!({ "open": [22, 3389] })));
}

// What a scan did not look at, it does not end.

#[tokio::test]
async fn an_answer_that_is_not_known_neither_opens_nor_ends() {
    let store = with_a_finding().await;
    let sketch = scanned(1).group("sg-1", InsufficientData).group("sg-2", InsufficientData);
    scan(&store, day(2), &[sketch]).await;
    assert_eq!(findings(&store).await, AS_ON_DAY_1);
}

#[tokio::test]
async fn a_list_that_was_denied_ends_nothing() {
    let store = with_a_finding().await;
    let denied = scanned(1).unlisted(HOME, GROUP).judged(HOME, GROUP, "*", SSH, InsufficientData);
    scan(&store, day(2), &[denied]).await;
    assert_eq!(findings(&store).await, AS_ON_DAY_1);
}

#[tokio::test]
async fn a_list_that_was_denied_elsewhere_does_not_keep_a_finding() {
    let store = with_a_finding().await;
    let regions = [HOME, "us-east-1"];
    scan(&store, day(2), &[scanned(1).regions(&regions).unlisted("us-east-1", GROUP)]).await;
    assert_eq!(findings(&store).await, ENDED_ON_DAY_2);
}

#[tokio::test]
async fn a_denied_list_of_all_buckets_ends_no_bucket_of_any_region() {
    let store = store().await;
    let bucket = scanned(1).types(&[BUCKET]).resource(HOME, BUCKET, "logs", serde_json::json!({}));
    let bad = bucket.judged(HOME, BUCKET, "logs", SSH, NonCompliant);
    scan(&store, day(1), &[bad]).await;
    scan(&store, day(2), &[scanned(1).types(&[BUCKET]).unlisted("global", BUCKET)]).await;
    assert_eq!(findings(&store).await, ["logs ACTIVE NEW seen 01-01"]);
}

#[tokio::test]
async fn a_region_that_was_left_out_or_is_off_keeps_its_findings() {
    let store = with_a_finding().await;
    scan(&store, day(2), &[scanned(1).regions(&["us-east-1"])]).await;
    assert_eq!(findings(&store).await, AS_ON_DAY_1);
}

#[tokio::test]
async fn a_type_that_was_not_looked_for_keeps_its_findings() {
    let store = with_a_finding().await;
    let sketches = [scanned(1).types(&[BUCKET])];
    let types = BTreeSet::from([ResourceType::from(BUCKET)]);
    let narrow = yagura_model::ScanScope { types, ..scope(&sketches) };
    scan_of(&store, day(2), &narrow, &sketches).await;
    assert_eq!(findings(&store).await, AS_ON_DAY_1);
}

#[tokio::test]
async fn a_rule_that_was_left_out_keeps_its_findings_until_it_is_back() {
    let store = with_a_finding().await;
    let sketches = [scanned(1)];
    let other = yagura_model::ScanScope { rules: BTreeSet::from(["other".into()]), ..scope(&sketches) };
    scan_of(&store, day(2), &other, &sketches).await;
    assert_eq!(findings(&store).await, AS_ON_DAY_1);
    scan(&store, day(3), &sketches).await;
    assert_eq!(findings(&store).await, ["sg-1 ARCHIVED RESOLVED seen 01-01 resolved 03"]);
}

#[tokio::test]
async fn an_account_that_was_left_out_unreachable_or_skipped_keeps_its_findings() {
    let store = with_a_finding().await;
    scan(&store, day(2), &[scanned(2)]).await;
    assert_eq!(findings(&store).await, AS_ON_DAY_1);
    let blind = unreachable(1).judged("global", GROUP, "*", SSH, InsufficientData);
    scan(&store, day(3), &[blind]).await;
    assert_eq!(findings(&store).await, AS_ON_DAY_1);
    let state = AccountState::Skipped { reason: yagura_model::AccountStatus::Suspended };
    scan(&store, day(4), &[Sketch { state, ..unreachable(1) }]).await;
    assert_eq!(findings(&store).await, AS_ON_DAY_1);
}
