//! The API's description.

use crate::fixtures::*;

/// `UPDATE=1 cargo test -p yagura-server description` writes it anew.
#[tokio::test]
async fn the_description_that_is_committed_is_that_of_the_code() {
    let yagura = Yagura::empty().await;
    let made = yagura.server.openapi().to_pretty_json().unwrap() + "\n";
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        made == committed,
        "docs/openapi.json is not what the code says: run this test with UPDATE=1, and commit it"
    );
    let served = yagura.get("/api/openapi.json", &Signed::default()).await;
    assert_eq!(served.json(), serde_json::from_str::<serde_json::Value>(&made).unwrap());
}
