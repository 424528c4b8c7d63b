//! A store that is open for long: what is remembered in it, and a file that goes away meanwhile.

use std::fs;

use yagura_store::{Presence, Store};

#[tokio::test]
async fn a_file_that_is_gone_while_it_is_open_is_noticed() {
    let directory = tempfile::tempdir().unwrap();
    let (path, away, other) =
        (directory.path().join("yagura.db"), directory.path().join("away"), directory.path().join("other"));
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.presence(), Presence::Here);
    fs::rename(&path, &away).unwrap();
    assert_eq!(store.presence(), Presence::Gone);
    fs::write(&other, "").unwrap();
    fs::rename(&other, &path).unwrap();
    assert_eq!(store.presence(), Presence::Replaced);
    fs::rename(&away, &path).unwrap();
    assert_eq!(store.presence(), Presence::Here);
    assert_eq!(Store::in_memory().await.unwrap().presence(), Presence::Here);
}

#[tokio::test]
async fn what_is_remembered_is_there_for_the_next_process() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("yagura.db");
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.remembered("serve/scan").await.unwrap(), None);
    store.remember("serve/scan", b"1").await.unwrap();
    store.remember("serve/scan", b"2").await.unwrap();
    store.close().await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.remembered("serve/scan").await.unwrap().as_deref(), Some(&b"2"[..]));
    assert_eq!(store.remembered("serve/import").await.unwrap(), None);
}
