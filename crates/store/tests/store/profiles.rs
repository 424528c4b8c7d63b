//! What is known of subjects of rules: written with the batch it came from, and forgotten after a while.

use yagura_model::Timestamp;
use yagura_store::{DetectionRun, DetectionWrite, ProfileWrite, ReadMark, Store, StoredProfile};

const SUBJECT: [u8; 16] = [1; 16];

/// The day 20,000 after 1970, at noon.
fn now() -> Timestamp {
    Timestamp::from_second(20_000 * 24 * 3600 + 12 * 3600).unwrap()
}

fn profile(last: i64, values: &[(i64, i64, i64)]) -> StoredProfile {
    StoredProfile { began: last - 3, last, days: u128::MAX - 4, values: values.to_vec() }
}

async fn known(run: &DetectionRun) -> Option<StoredProfile> {
    run.profiles(&[SUBJECT, [2; 16]]).await.unwrap().remove(&SUBJECT)
}

fn write(before: Option<StoredProfile>, after: StoredProfile) -> DetectionWrite {
    let mark = ReadMark {
        source: "logs".into(),
        object: "a".into(),
        folder: String::new(),
        mark: "1".into(),
        tries: 0,
        why: None,
    };
    let profiles = vec![ProfileWrite { subject: SUBJECT, before, after }];
    DetectionWrite { profiles, marks: vec![mark], ..DetectionWrite::default() }
}

#[tokio::test]
async fn a_profile_is_kept_as_it_is_with_what_was_read() {
    let store = Store::in_memory().await.unwrap();
    let run = store.begin_detection().unwrap();
    assert_eq!(known(&run).await, None);
    let first = profile(19_990, &[(i64::MIN, 19_987, 19_990), (7, 19_988, 19_988)]);
    run.write(&write(None, first.clone()), now()).await.unwrap();
    assert_eq!(known(&run).await, Some(first.clone()));
    assert!(run.mark("logs", "a").await.unwrap().is_some());
    // A value leaves, one comes, one stays.
    let second = profile(19_995, &[(7, 19_988, 19_995), (8, 19_995, 19_995)]);
    run.write(&write(Some(first), second.clone()), now()).await.unwrap();
    assert_eq!(known(&run).await, Some(second));
}

#[tokio::test]
async fn of_a_process_that_ends_before_it_writes_nothing_is_learned() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("yagura.db");
    let first = profile(19_990, &[(7, 19_990, 19_990)]);
    {
        let store = Store::open(&path).await.unwrap();
        let run = store.begin_detection().unwrap();
        run.write(&write(None, first.clone()), now()).await.unwrap();
        // What comes next is decided, and never written.
        drop(write(Some(first.clone()), profile(19_991, &[(8, 19_991, 19_991)])));
    }
    let store = Store::open(&path).await.unwrap();
    let run = store.begin_detection().unwrap();
    assert_eq!(known(&run).await, Some(first.clone()));
    // The same batch again changes nothing.
    run.write(&write(Some(first.clone()), first.clone()), now()).await.unwrap();
    assert_eq!(known(&run).await, Some(first));
}

#[tokio::test]
async fn who_was_not_seen_for_ninety_days_is_forgotten() {
    let store = Store::in_memory().await.unwrap();
    let run = store.begin_detection().unwrap();
    for (last, stays) in [(19_910, true), (19_909, false)] {
        let before = known(&run).await;
        run.write(&write(before, profile(last, &[(7, last, last)])), now()).await.unwrap();
        run.forget(now()).await.unwrap();
        assert_eq!(known(&run).await.is_some(), stays, "last seen on day {last}");
    }
}
