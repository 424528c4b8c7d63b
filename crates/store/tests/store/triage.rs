//! What people do about findings, and lists and counts of them.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{Change, Outcome, RecordState, Severity, Workflow};
use yagura_store::{FindingFilter, FindingOrder, FindingQuery, Selection, Store, Triage, Triaged};

use crate::fixtures::*;

use Outcome::{Compliant, NonCompliant};

/// Five groups of two accounts against the rule, opened on days 1 to 5, one of them critical.
async fn five() -> Store {
    let store = Store::in_memory().await.unwrap();
    let mut one = scanned(1);
    for number in 1..=3_u8 {
        one = one.group(&format!("sg-{number}"), NonCompliant);
        scan(&store, day(number), std::slice::from_ref(&one)).await;
    }
    let mut two = scanned(2).group("sg-4", NonCompliant);
    scan(&store, day(4), std::slice::from_ref(&two)).await;
    two = two.group("sg-5", NonCompliant);
    two.evaluations[1].severity = Severity::Critical;
    scan(&store, day(5), &[two]).await;
    store
}

async fn ids(store: &Store, filter: FindingFilter, order: FindingOrder) -> Vec<String> {
    let (mut after, mut found) = (None, Vec::new());
    loop {
        // Pages of two, so that every list has several.
        let query = FindingQuery { filter: filter.clone(), order, limit: 2, after };
        let page = store.finding_page(&query).await.unwrap();
        found.extend(page.findings.into_iter().map(|it| it.resource.id));
        match page.next {
            // What people see of it is a text.
            Some(next) => after = Some(next.to_string().parse().unwrap()),
            None => return found,
        }
    }
}

#[tokio::test]
async fn pages_show_the_worst_first_and_each_finding_once() {
    let store = five().await;
    let all = ids(&store, FindingFilter::default(), FindingOrder::NewestFirst).await;
    assert_eq!(all, ["sg-5", "sg-4", "sg-3", "sg-2", "sg-1"]);
    let all = ids(&store, FindingFilter::default(), FindingOrder::OldestFirst).await;
    assert_eq!(all, ["sg-5", "sg-1", "sg-2", "sg-3", "sg-4"]);
}

#[tokio::test]
async fn pages_hold_what_the_filter_lets_through() {
    let store = five().await;
    let of_account = FindingFilter { accounts: BTreeSet::from([account_id(1)]), ..Default::default() };
    assert_eq!(ids(&store, of_account, FindingOrder::NewestFirst).await, ["sg-3", "sg-2", "sg-1"]);
    let by_text = FindingFilter { text: Some("SG-2".to_owned()), ..Default::default() };
    assert_eq!(ids(&store, by_text, FindingOrder::NewestFirst).await, ["sg-2"]);
    let overdue = FindingFilter {
        opened_before: BTreeMap::from([(Severity::High, day(3)), (Severity::Low, day(30))]),
        ..Default::default()
    };
    assert_eq!(ids(&store, overdue, FindingOrder::OldestFirst).await, ["sg-1", "sg-2"]);
    let nowhere = FindingFilter { regions: BTreeSet::from(["eu-north-1".into()]), ..Default::default() };
    assert!(ids(&store, nowhere, FindingOrder::NewestFirst).await.is_empty());
    let text = FindingFilter { text: Some("' OR 1 = 1 --".to_owned()), ..Default::default() };
    assert!(ids(&store, text, FindingOrder::NewestFirst).await.is_empty());
}

#[tokio::test]
async fn a_place_that_was_tampered_with_is_refused() {
    for text in ["", "4.0.1", "9.0.1.1", "4.0.1.1; DROP TABLE findings", "4.0.1.x", "-1.0.1.1"] {
        assert!(text.parse::<yagura_store::FindingCursor>().is_err(), "{text}");
    }
}

#[tokio::test]
async fn counters_and_counting_agree() {
    let store = five().await;
    scan(&store, day(6), &[scanned(1).group("sg-1", Compliant)]).await;
    let counts = store.count_findings(&FindingFilter::default()).await.unwrap();
    assert_eq!(counts.total(), 5);
    assert_eq!(counts.severities, BTreeMap::from([(Severity::High, 4), (Severity::Critical, 1)]));
    assert_eq!(counts.workflows, BTreeMap::from([(Workflow::New, 2), (Workflow::Resolved, 3)]));
    assert_eq!(counts.accounts[&account_id(2)].values().sum::<u64>(), 2);
    assert_eq!(counts.rules[&yagura_model::RuleId::from(SSH)].values().sum::<u64>(), 5);
    // A region is not among what counters are kept of, so this one is counted.
    let counted = FindingFilter { regions: BTreeSet::from([HOME.into()]), ..Default::default() };
    assert_eq!(store.count_findings(&counted).await.unwrap(), counts);
    let active = FindingFilter { record_states: BTreeSet::from([RecordState::Active]), ..counted };
    assert_eq!(store.count_findings(&active).await.unwrap().total(), 2);
}

#[tokio::test]
async fn many_are_changed_at_once_and_each_remembers_who_when_and_why() {
    let store = five().await;
    let filter = FindingFilter { accounts: BTreeSet::from([account_id(1)]), ..Default::default() };
    let which = Selection::Filter(Box::new(filter.clone()));
    let what = Triage {
        workflow: Some(Workflow::Suppressed),
        assignee: Some("hanako@example.com".to_owned()),
        comment: Some("behind the VPN".to_owned()),
    };
    let done = store.triage(&which, &what, "taro", day(7)).await.unwrap();
    assert_eq!(done, Triaged { meant: 3, changed: 3 });
    assert_eq!(
        findings(&store).await[..3],
        [
            "sg-1 ACTIVE SUPPRESSED seen 01-03",
            "sg-2 ACTIVE SUPPRESSED seen 02-03",
            "sg-3 ACTIVE SUPPRESSED seen 03-03"
        ]
    );
    let finding = all_findings(&store).await.remove(0);
    assert_eq!(finding.assignee.as_deref(), Some("hanako@example.com"));
    let history = store.finding_history(&finding.id).await.unwrap();
    let told: Vec<_> =
        history[1..].iter().map(|it| (it.change, it.who.as_deref(), it.at, it.why.as_str())).collect();
    assert_eq!(
        told,
        [
            (Change::WorkflowChanged, Some("taro"), day(7), "NEW to SUPPRESSED: behind the VPN"),
            (Change::Assigned, Some("taro"), day(7), "to hanako@example.com"),
        ]
    );
    // What is so already changes nothing, and is not written down again.
    let again = store.triage(&which, &what, "taro", day(8)).await.unwrap();
    assert_eq!(again, Triaged { meant: 3, changed: 0 });
    assert_eq!(store.finding_history(&finding.id).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_comment_stands_in_the_history_and_changes_nothing_else() {
    let store = five().await;
    let finding = all_findings(&store).await.remove(0);
    let which = Selection::Ids(BTreeSet::from([finding.id.clone()]));
    let what = Triage { comment: Some("asked the team".to_owned()), ..Default::default() };
    store.triage(&which, &what, "taro", day(7)).await.unwrap();
    assert_eq!(store.finding(&finding.id).await.unwrap().unwrap(), finding);
    let last = store.finding_history(&finding.id).await.unwrap().pop().unwrap();
    assert_eq!((last.change, last.why.as_str()), (Change::Commented, "asked the team"));
}

#[tokio::test]
async fn one_id_that_is_not_known_leaves_all_as_they_were() {
    let store = five().await;
    let known = all_findings(&store).await.remove(0).id;
    let which = Selection::Ids(BTreeSet::from([known, "f00d".to_owned()]));
    let what = Triage { workflow: Some(Workflow::Resolved), ..Default::default() };
    let error = store.triage(&which, &what, "taro", day(7)).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no finding `f00d` in `memory`");
    assert!(all_findings(&store).await.iter().all(|it| it.workflow == Workflow::New));
}

#[tokio::test]
async fn what_happens_is_read_in_order_from_where_one_was() {
    let store = five().await;
    let events = store.events_after(0, 3).await.unwrap();
    let told: Vec<_> = events.iter().map(|it| (it.change, it.finding.resource.id.as_str())).collect();
    assert_eq!(told, [(Change::Opened, "sg-1"), (Change::Opened, "sg-2"), (Change::Opened, "sg-3")]);
    let rest = store.events_after(events[2].number, 100).await.unwrap();
    assert_eq!(rest.len(), 2);
    assert_eq!(rest[1].number, store.newest_event().await.unwrap());
}

#[tokio::test]
async fn a_finding_is_found_by_how_its_id_begins() {
    let store = five().await;
    let finding = all_findings(&store).await.remove(0);
    let found = store.findings_called(&finding.id[..6].to_uppercase(), 5).await.unwrap();
    assert_eq!(found, [finding]);
    for start in ["", "xyz", "' OR '"] {
        assert!(store.findings_called(start, 5).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn owners_that_were_told_make_new_findings_notified_and_others_stay() {
    let store = five().await;
    let all = all_findings(&store).await;
    store.set_workflow(&all[1].id, Workflow::Suppressed, day(6), "").await.unwrap();
    let told = all[..2].iter().map(|it| it.id.clone()).chain(["f00d".to_owned()]).collect();
    let done = store.notified(&told, "yagura notify", day(7)).await.unwrap();
    assert_eq!(done, Triaged { meant: 1, changed: 1 });
    assert_eq!(
        findings(&store).await[..2],
        ["sg-1 ACTIVE NOTIFIED seen 01-03", "sg-2 ACTIVE SUPPRESSED seen 02-03"]
    );
}

#[tokio::test]
async fn what_is_overdue_is_written_down_once_until_it_comes_back() {
    let store = five().await;
    let all = all_findings(&store).await;
    store.set_workflow(&all[0].id, Workflow::Suppressed, day(6), "").await.unwrap();
    let before = || BTreeMap::from([(Severity::High, day(3))]);
    // sg-1 is accepted, sg-2 is older than that, sg-3 is not.
    assert_eq!(store.mark_overdue(before(), day(7)).await.unwrap(), 1);
    assert_eq!(store.mark_overdue(before(), day(8)).await.unwrap(), 0);
    let last = store.finding_history(&all[1].id).await.unwrap().pop().unwrap();
    assert_eq!((last.change, last.at), (Change::Overdue, day(7)));
    scan(&store, day(9), &[scanned(1).group("sg-2", Compliant)]).await;
    scan(&store, day(10), &[scanned(1).group("sg-2", NonCompliant)]).await;
    let before = BTreeMap::from([(Severity::High, day(11))]);
    assert_eq!(store.mark_overdue(before, day(12)).await.unwrap(), 2, "sg-2 again, and sg-4");
}

#[tokio::test]
async fn nothing_is_done_when_others_are_meant_than_somebody_counted() {
    let store = Store::in_memory().await.unwrap();
    let sketch = scanned(1).group("sg-1", Outcome::NonCompliant).group("sg-2", Outcome::NonCompliant);
    scan(&store, day(1), &[sketch]).await;
    let accept = Triage { workflow: Some(Workflow::Suppressed), ..Triage::default() };
    let counted = |number| Selection::Counted(Box::default(), number);
    let refused = store.triage(&counted(1), &accept, "hanako", day(2)).await.unwrap_err();
    assert_eq!(refused.to_string(), "the filter means 2 findings by now, not 1: look again");
    assert!(all_findings(&store).await.iter().all(|it| it.workflow == Workflow::New));
    assert_eq!(store.triage(&counted(2), &accept, "hanako", day(2)).await.unwrap().changed, 2);
}
