//! Suppressions: somebody asks, somebody else agrees.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use yagura_model::Role;

use crate::fixtures::*;

fn draft(name: &str, scope: &Value) -> Value {
    json!({ "Name": name, "Scope": scope, "Reason": "a test of our own", "Until": "2026-12-31" })
}

fn states(answer: &Answer) -> Vec<(String, String, u64)> {
    let list = answer.json();
    let all = list["Suppressions"].as_array().unwrap().iter();
    let text = |it: &Value| it.as_str().unwrap().to_owned();
    all.map(|it| (text(&it["Name"]), text(&it["State"]), it["Hides"].as_u64().unwrap())).collect()
}

fn line(name: &str, state: &str, hides: u64) -> (String, String, u64) {
    (name.to_owned(), state.to_owned(), hides)
}

#[tokio::test]
async fn a_suppression_hides_when_somebody_else_agreed_to_it() {
    let yagura = Yagura::peopled().await;
    let (triager, approver) = (yagura.sign_in(Role::Triager).await, yagura.sign_in(Role::Approver).await);
    let scope = json!({ "Rules": ["guardduty:*"], "Accounts": [SHOP] });
    let asked = yagura.post("/api/suppressions", &triager, draft("scanner", &scope)).await;
    assert_eq!(
        asked.json(),
        json!({ "WouldHide": 1, "Rules": ["guardduty:Recon:EC2/Portscan"], "Requested": true })
    );
    let list = yagura.get("/api/suppressions", &triager).await;
    assert_eq!(states(&list), [line("scanner", "REQUESTED", 1)]);
    assert_eq!(resources(&yagura.get("/api/findings", &triager).await), ["i-2", "i-1"], "it waits");
    let path = "/api/suppressions/scanner/approve";
    assert_eq!(yagura.post(path, &triager, json!({})).await.status, StatusCode::FORBIDDEN);
    let done = yagura.post(path, &approver, json!({})).await;
    assert_eq!(done.json(), json!({ "Hidden": 1, "Returned": 0 }));
    assert_eq!(resources(&yagura.get("/api/findings", &triager).await), ["i-2"]);
    let list = yagura.get("/api/suppressions", &triager).await;
    assert_eq!(states(&list), [line("scanner", "ACTIVE", 1)]);
    assert_eq!(list.json()["Suppressions"][0]["Approver"], "approver");
    let again = yagura.post(path, &approver, json!({})).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND, "{}", again.text);
    let removal = "/api/suppressions/scanner";
    let refused = yagura.call(Method::DELETE, removal, &triager, None).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text);
    let gone = yagura.call(Method::DELETE, removal, &approver, None).await;
    assert_eq!(gone.json(), json!({ "Hidden": 0, "Returned": 1 }));
    assert_eq!(resources(&yagura.get("/api/findings", &triager).await), ["i-2", "i-1"]);
}

#[tokio::test]
async fn nobody_agrees_to_what_they_asked_for_themselves() {
    let yagura = Yagura::peopled().await;
    let approver = yagura.sign_in(Role::Approver).await;
    yagura.post("/api/suppressions", &approver, draft("mine", &json!({ "Accounts": [SHOP] }))).await;
    let alone = yagura.post("/api/suppressions/mine/approve", &approver, json!({})).await;
    assert_eq!(alone.status, StatusCode::CONFLICT);
    assert!(alone.text.contains("approved by its own requester"), "{}", alone.text);
    let other = yagura.sign_in(Role::Administrator).await;
    assert_eq!(yagura.post("/api/suppressions/mine/approve", &other, json!({})).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_request_can_be_tried_taken_back_and_refused() {
    let yagura = Yagura::peopled().await;
    let triager = yagura.sign_in(Role::Triager).await;
    let mut dry = draft("dry", &json!({ "Kinds": ["threat"] }));
    dry["DryRun"] = json!(true);
    let tried = yagura.post("/api/suppressions", &triager, dry).await.json();
    assert_eq!((&tried["WouldHide"], &tried["Requested"]), (&json!(2), &json!(false)));
    assert!(states(&yagura.get("/api/suppressions", &triager).await).is_empty());
    for name in ["back", "refused"] {
        yagura.post("/api/suppressions", &triager, draft(name, &json!({ "Kinds": ["threat"] }))).await;
    }
    let taken =
        yagura.post("/api/suppressions", &triager, draft("back", &json!({ "Kinds": ["threat"] }))).await;
    assert_eq!(taken.status, StatusCode::CONFLICT, "{}", taken.text);
    let back = yagura.call(Method::DELETE, "/api/suppressions/back", &triager, None).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.text);
    let approver = yagura.sign_in(Role::Approver).await;
    let refused = yagura.call(Method::DELETE, "/api/suppressions/refused", &approver, None).await;
    assert_eq!(refused.status, StatusCode::OK, "{}", refused.text);
    assert!(states(&yagura.get("/api/suppressions", &triager).await).is_empty());
}

#[tokio::test]
async fn a_hundred_requests_of_one_person_wait_and_the_next_one_is_refused() {
    let yagura = Yagura::peopled().await;
    let triager = yagura.sign_in(Role::Triager).await;
    let ask = async |name: &str| {
        yagura.post("/api/suppressions", &triager, draft(name, &json!({ "Accounts": [SHOP] }))).await
    };
    for n in 0..100 {
        let asked = ask(&format!("number-{n}")).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    }
    let refused = ask("one-more").await;
    assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::CONFLICT, &json!("too-many-waiting")));
    assert!(refused.text.contains("take some back"), "{}", refused.text);
    let back = yagura.call(Method::DELETE, "/api/suppressions/number-7", &triager, None).await;
    assert_eq!(back.status, StatusCode::OK, "{}", back.text);
    assert_eq!(ask("one-more").await.status, StatusCode::OK);
}

#[tokio::test]
async fn members_ask_for_their_accounts_and_learn_of_no_others() {
    let yagura = Yagura::peopled().await;
    let (member, triager) = (yagura.sign_in(Role::ProjectMember).await, yagura.sign_in(Role::Triager).await);
    for scope in [
        json!({ "Kinds": ["threat"] }),
        json!({ "Accounts": [BANK] }),
        json!({ "Accounts": [SHOP, BANK] }),
        json!({ "Projects": ["bank"] }),
        json!({ "Accounts": ["*-production"] }),
        json!({ "Resources": ["i-2"] }),
    ] {
        let refused = yagura.post("/api/suppressions", &member, draft("theirs", &scope)).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{scope}: {}", refused.text);
        assert!(!refused.text.contains("WouldHide"), "{}", refused.text);
    }
    let own =
        yagura.post("/api/suppressions", &member, draft("ours", &json!({ "Projects": ["shop"] }))).await;
    assert_eq!(own.json()["WouldHide"], 1, "{}", own.text);
    yagura.post("/api/suppressions", &triager, draft("theirs", &json!({ "Accounts": [BANK] }))).await;
    assert_eq!(states(&yagura.get("/api/suppressions", &member).await), [line("ours", "REQUESTED", 1)]);
    let foreign = yagura.call(Method::DELETE, "/api/suppressions/theirs", &member, None).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{}", foreign.text);
}

#[tokio::test]
async fn what_says_too_little_is_refused_with_what_is_missing() {
    let yagura = Yagura::peopled().await;
    let triager = yagura.sign_in(Role::Triager).await;
    let with = |key: &str, value: Value| {
        let mut body = draft("x", &json!({ "Kinds": ["threat"] }));
        body[key] = value;
        body
    };
    for (body, told) in [
        (draft("x", &json!({})), "names nothing, and would hide every finding"),
        (with("Reason", json!(" ")), "has no `reason`"),
        (with("Name", json!("")), "has no `name`"),
        (with("Until", json!("2026-05-31")), "would have ended already"),
        (with("Until", json!("soon")), "Until"),
        (with("Scope", json!({ "Projects": ["nobodys"] })), "does not define"),
        (with("Reason", json!("x".repeat(5_000))), "at most 4000 bytes"),
        (with("Approver", json!("triager")), "unknown field `Approver`"),
    ] {
        let answer = yagura.post("/api/suppressions", &triager, body).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        assert!(answer.text.contains(told), "{told}: {}", answer.text);
    }
}

#[tokio::test]
async fn many_findings_are_hidden_only_when_the_number_is_said() {
    let yagura = Yagura::peopled().await;
    let triager = yagura.sign_in(Role::Triager).await;
    for number in 0..25 {
        yagura.store.import(&[finding(SHOP, &format!("i-{}", 100 + number))], start()).await.unwrap();
    }
    let body = draft("many", &json!({ "Accounts": [SHOP] }));
    let refused = yagura.post("/api/suppressions", &triager, body.clone()).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("would hide 26 findings"), "{}", refused.text);
    let mut meant = body;
    meant["Expected"] = json!(26);
    assert_eq!(yagura.post("/api/suppressions", &triager, meant).await.status, StatusCode::OK);
    // One more by now than was asked for.
    yagura.store.import(&[finding(SHOP, "i-999")], start()).await.unwrap();
    let approver = yagura.sign_in(Role::Approver).await;
    let late = yagura.post("/api/suppressions/many/approve", &approver, json!({})).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "{}", late.text);
    assert!(late.text.contains("would hide 27 findings by now"), "{}", late.text);
}
