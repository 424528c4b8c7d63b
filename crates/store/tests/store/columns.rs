//! Findings by column and page by page, held against the store: whatever happened, and whatever is asked, all count the same.

use std::collections::BTreeSet;

use proptest::prelude::*;
use yagura_model::{Detector, FindingKind, Outcome, RecordState, Severity, Workflow};
use yagura_store::{
    FindingColumns, FindingFilter, FindingOrder, FindingQuery, Hiding, Selection, Store, Triage,
};

use crate::fixtures::*;
use crate::model::{Plan, World, act, plan};

fn hiding(name: &str, filter: FindingFilter) -> Hiding {
    let why = "accepted".to_owned();
    Hiding { name: name.to_owned(), why, filter: Some(filter), resources: vec![], tags: vec![] }
}

/// Filters by everything that there is a column of.
fn filters(today: u8) -> Vec<FindingFilter> {
    let all = FindingFilter::default;
    let active = FindingFilter { record_states: [RecordState::Active].into(), ..all() };
    let due = Severity::ALL.into_iter().take(4).map(|it| (it, day(today))).collect();
    let lately = Some(day(today.max(2) - 1));
    let mut filters = vec![
        all(),
        active.clone(),
        FindingFilter { opened_since: lately, ..active.clone() },
        FindingFilter { opened_before: due, ..active.clone() },
        FindingFilter { is_unassigned: true, ..active.clone() },
        FindingFilter { assignees: ["hanako".to_owned()].into(), ..all() },
        FindingFilter { assignees: ["hanako".to_owned()].into(), is_unassigned: true, ..all() },
        FindingFilter { assignees: ["nobody of this name".to_owned()].into(), ..all() },
        FindingFilter { accounts: [account_id(1)].into(), opened_since: lately, ..active },
        FindingFilter { accounts: [account_id(1), account_id(2)].into(), ..all() },
        FindingFilter { record_states: [RecordState::Archived].into(), ended_since: lately, ..all() },
        FindingFilter { ended_since: lately, ..all() },
        FindingFilter { regions: [HOME.into()].into(), ..all() },
        FindingFilter { regions: ["mars-north-1".into()].into(), ..all() },
        FindingFilter { types: [BUCKET.into()].into(), ..all() },
        FindingFilter { services: ["s3".to_owned()].into(), ..all() },
        FindingFilter { services: ["EC2".to_owned()].into(), types: [BUCKET.into()].into(), ..all() },
        FindingFilter { rules: [SSH.into()].into(), ..all() },
        FindingFilter { kinds: [FindingKind::Configuration].into(), ..all() },
        FindingFilter { kinds: [FindingKind::Threat].into(), ..all() },
        FindingFilter { suppressions: ["first".to_owned()].into(), ..all() },
        FindingFilter { suppressions: ["second".to_owned()].into(), ..all() },
    ];
    filters.extend(Severity::ALL.map(|it| FindingFilter { min_severity: Some(it), ..all() }));
    filters.extend(
        [Workflow::New, Workflow::Notified, Workflow::Suppressed, Workflow::Resolved]
            .map(|it| FindingFilter { workflows: [it].into(), ..all() }),
    );
    filters.extend(
        [Detector::Yagura, Detector::SecurityHub, Detector::GuardDuty]
            .map(|it| FindingFilter { detectors: [it].into(), ..all() }),
    );
    let ended = |it: &FindingFilter| FindingFilter {
        record_states: [RecordState::Archived].into(),
        ended_since: lately,
        ..it.clone()
    };
    filters.iter().map(ended).collect::<Vec<_>>().into_iter().chain(filters).collect()
}

/// What people do beside what a plan says.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Hide,
    HideOtherwise,
    HideNothing,
    Assign,
    Release,
    Rest,
}

async fn do_it(store: &Store, deed: Deed, today: u8) {
    let at = day(today);
    let ssh = FindingFilter { rules: [SSH.into()].into(), ..FindingFilter::default() };
    let first = hiding("first", ssh.clone());
    let second = hiding("second", FindingFilter::default());
    let assigned = |name: &str| Triage { assignee: Some(name.to_owned()), ..Triage::default() };
    let these = Selection::Filter(Box::new(ssh));
    match deed {
        Deed::Hide => drop(store.apply_suppressions(&[first, second], at).await.unwrap()),
        Deed::HideOtherwise => drop(store.apply_suppressions(&[second], at).await.unwrap()),
        Deed::HideNothing => drop(store.apply_suppressions(&[], at).await.unwrap()),
        Deed::Assign => drop(store.triage(&these, &assigned("hanako"), "taro", at).await.unwrap()),
        Deed::Release => drop(store.triage(&these, &assigned(""), "taro", at).await.unwrap()),
        Deed::Rest => {}
    }
}

async fn hold_against(store: &Store, columns: &FindingColumns, today: u8) {
    assert_eq!(columns.event(), store.newest_event().await.unwrap());
    for filter in filters(today) {
        let counted = store.count_findings(&filter).await.unwrap();
        assert_eq!(listed(store, &filter).await, counted.total(), "{filter:?}");
        assert_eq!(columns.count(&filter), Some(counted), "{filter:?}");
    }
}

/// How many findings the pages of a list hold, none of them twice.
async fn listed(store: &Store, filter: &FindingFilter) -> u64 {
    let mut seen = BTreeSet::new();
    let mut after = None;
    loop {
        let query =
            FindingQuery { filter: filter.clone(), order: FindingOrder::NewestFirst, limit: 4, after };
        let page = store.finding_page(&query).await.unwrap();
        for finding in page.findings {
            assert!(seen.insert(finding.id), "{filter:?}");
        }
        after = page.next;
        if after.is_none() {
            return seen.len() as u64;
        }
    }
}

fn days() -> impl Strategy<Value = Vec<(Plan, Deed)>> {
    let deed = prop::sample::select(vec![
        Deed::Hide,
        Deed::HideOtherwise,
        Deed::HideNothing,
        Deed::Assign,
        Deed::Release,
        Deed::Rest,
    ]);
    prop::collection::vec((plan(), deed), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn columns_count_what_the_store_counts(days in days()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let store = Store::in_memory().await.unwrap();
            let (mut world, mut columns) = (World::new(), FindingColumns::default());
            for (today, (plan, deed)) in (1..).zip(days) {
                act(&store, &mut world, today, &plan).await;
                columns.refresh(&store).await.unwrap();
                do_it(&store, deed, today).await;
                // Once what changed alone is read again, and once everything.
                columns.refresh(&store).await.unwrap();
                hold_against(&store, &columns, today).await;
                let mut anew = FindingColumns::default();
                anew.refresh(&store).await.unwrap();
                hold_against(&store, &anew, today).await;
            }
        });
    }
}

#[tokio::test]
async fn a_text_is_in_no_column() {
    let store = Store::in_memory().await.unwrap();
    scan(&store, day(1), &[scanned(1).group("sg-1", Outcome::NonCompliant)]).await;
    let mut columns = FindingColumns::default();
    columns.refresh(&store).await.unwrap();
    let text = FindingFilter { text: Some("sg".to_owned()), ..FindingFilter::default() };
    assert_eq!(columns.count(&text), None);
    let none = FindingFilter { record_states: BTreeSet::from([RecordState::Archived]), ..text };
    assert_eq!(columns.count(&FindingFilter { text: None, ..none }).unwrap().total(), 0);
}
