//! The API's description.

use serde_json::Value;

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
    assert_eq!(served.json(), serde_json::from_str::<Value>(&made).unwrap());
}

/// Every `$ref` below a value.
fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("$ref").and_then(Value::as_str).map(str::to_owned));
            map.values().for_each(|it| references(it, found));
        }
        Value::Array(list) => list.iter().for_each(|it| references(it, found)),
        _ => {}
    }
}

#[tokio::test]
async fn whatever_the_description_refers_to_is_in_it() {
    let yagura = Yagura::empty().await;
    let description = serde_json::to_value(yagura.server.openapi()).unwrap();
    let mut found = Vec::new();
    references(&description, &mut found);
    found.sort();
    found.dedup();
    for reference in found {
        let place = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(place).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn errors_are_described_as_problem_documents() {
    let yagura = Yagura::empty().await;
    let description = serde_json::to_value(yagura.server.openapi()).unwrap();
    let not_found = &description["paths"]["/api/findings/{id}"]["get"]["responses"]["404"]["content"];
    assert_eq!(not_found.as_object().unwrap().keys().collect::<Vec<_>>(), ["application/problem+json"]);
}

#[tokio::test]
async fn every_operation_has_a_name_of_its_own() {
    let yagura = Yagura::empty().await;
    let description = serde_json::to_value(yagura.server.openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap().values();
    let operations = paths.flat_map(|it| it.as_object().unwrap().values());
    let mut names: Vec<&str> = operations.map(|it| it["operationId"].as_str().unwrap()).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert!(names.contains(&"get-findings-id"), "{names:?}");
}
