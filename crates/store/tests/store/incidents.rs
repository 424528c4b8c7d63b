//! Incidents that turn out to be parts of others, and marks that are of no use any more.

use std::collections::BTreeSet;

use yagura_model::{Incident, RecordState, Severity, Timestamp, Workflow};
use yagura_store::{DetectionWrite, IncidentFilter, ReadMark, Store, Unmark};

fn at(hour: i64) -> Timestamp {
    Timestamp::from_second(20_000 * 24 * 3600 + hour * 3600).unwrap()
}

fn incident(id: &str) -> Incident {
    Incident {
        id: id.into(),
        severity: Severity::High,
        first_seen: at(0),
        last_seen: at(1),
        stages: Vec::new(),
        actors: Vec::new(),
        accounts: BTreeSet::new(),
        findings: 0,
        events: 0,
        record_state: RecordState::Active,
        workflow: Workflow::New,
    }
}

#[tokio::test]
async fn a_part_of_a_part_leads_to_the_whole() {
    let store = Store::in_memory().await.unwrap();
    let run = store.begin_detection().unwrap();
    let all = ["aa", "bb", "cc"].map(incident);
    run.write(&DetectionWrite { incidents: all.into(), ..DetectionWrite::default() }, at(2)).await.unwrap();
    for (part, whole) in [("cc", "bb"), ("bb", "aa")] {
        let merged = vec![(part.to_owned(), whole.to_owned())];
        run.write(&DetectionWrite { merged, ..DetectionWrite::default() }, at(2)).await.unwrap();
    }
    let listed = store.incidents(&IncidentFilter::default()).await.unwrap();
    assert_eq!(listed.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["aa"]);
    for asked in ["aa", "bb", "cc"] {
        let found = store.incidents_called(asked).await.unwrap();
        assert_eq!(found.iter().map(|it| it.incident.id.as_str()).collect::<Vec<_>>(), ["aa"], "{asked}");
    }
    let asked = ["aa", "bb", "zz"].map(str::to_owned).into();
    let details = store.incident_details(&asked).await.unwrap();
    let parts: Vec<_> = details.iter().map(|it| (it.incident.id.as_str(), it.parts.join(" "))).collect();
    assert_eq!(parts, [("aa", "bb cc".to_owned())], "a part is there no more");
}

#[tokio::test]
async fn marks_go_but_those_of_objects_that_are_to_be_tried_again() {
    let store = Store::in_memory().await.unwrap();
    let run = store.begin_detection().unwrap();
    let mark = |object: &str, tries: u32| ReadMark {
        source: "s3://logs".into(),
        object: object.into(),
        folder: "f".into(),
        mark: "1".into(),
        tries,
        why: None,
    };
    let marks = vec![mark("f/1", 0), mark("f/2", 3), mark("f/3", 5), mark("f/4", 0)];
    run.write(&DetectionWrite { marks, ..DetectionWrite::default() }, at(0)).await.unwrap();
    let folder = run.folders("s3://logs", 5).await.unwrap().remove(0);
    assert_eq!((folder.last.as_deref(), folder.again.as_deref()), (Some("f/4"), Some("f/2")));
    let unmark = Unmark { source: "s3://logs".into(), folder: "f".into(), up_to: "f/3".into(), tries: 5 };
    run.write(&DetectionWrite { unmark: vec![unmark], ..DetectionWrite::default() }, at(0)).await.unwrap();
    let mut left: Vec<_> = run.marks("s3://logs").await.unwrap().into_keys().collect();
    left.sort();
    assert_eq!(left, ["f/2", "f/4"]);
    assert_eq!(run.mark("s3://logs", "f/2").await.unwrap(), Some(mark("f/2", 3)));
}
