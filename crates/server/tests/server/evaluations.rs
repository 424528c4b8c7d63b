//! What a scan said, page by page.

use axum::http::StatusCode;
use serde_json::{Value, json};
use yagura_model::Role;

use crate::fixtures::*;
use crate::scanned::{SSH, scanned};

/// Account, id and outcome of each answer, page by page.
async fn read(yagura: &Yagura, who: &Signed, query: &str) -> Vec<String> {
    let (mut found, mut after) = (Vec::new(), String::new());
    loop {
        let page = yagura.get(&format!("/api/scans/2/evaluations?{query}{after}"), who).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let page = page.json();
        found.extend(page["Evaluations"].as_array().unwrap().iter().map(|it| {
            let Value::Object(it) = &it["Evaluation"] else { panic!("{it}") };
            let (resource, outcome) = (&it["Resource"], it["Outcome"].as_str().unwrap());
            format!(
                "{} {} {outcome}",
                resource["Account"].as_str().unwrap(),
                resource["Id"].as_str().unwrap()
            )
        }));
        let Some(next) = page["Next"].as_str() else { return found };
        after = format!("&after={next}");
    }
}

#[tokio::test]
async fn a_scan_tells_passes_too_page_by_page() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let all = [
        "111111111111 sg-shop-production NON_COMPLIANT",
        "111111111111 sg-shop-production-user COMPLIANT",
        "222222222222 sg-bank-production COMPLIANT",
        "222222222222 sg-bank-production-user COMPLIANT",
    ];
    assert_eq!(read(&yagura, &who, "").await, all);
    for limit in 1..=5 {
        assert_eq!(read(&yagura, &who, &format!("limit={limit}")).await, all, "{limit}");
    }
    let passes = format!("outcome=COMPLIANT&rule={SSH}&account=bank-*&service=EC2&limit=1");
    assert_eq!(read(&yagura, &who, &passes).await, all[2..]);
    assert_eq!(read(&yagura, &who, "project=nobodys").await, [""; 0]);
    let first = yagura.get("/api/scans/2/evaluations?limit=1", &who).await.json();
    assert_eq!(first["Evaluations"][0]["Finding"]["Workflow"], "NEW");
}

#[tokio::test]
async fn members_read_the_answers_about_their_accounts() {
    let yagura = scanned().await;
    let member = yagura.sign_in(Role::ProjectMember).await;
    let theirs =
        ["111111111111 sg-shop-production NON_COMPLIANT", "111111111111 sg-shop-production-user COMPLIANT"];
    for query in ["", "limit=1"] {
        assert_eq!(read(&yagura, &member, query).await, theirs);
    }
    assert_eq!(read(&yagura, &member, &format!("account={BANK}")).await, [""; 0]);
    // A place that somebody else was given leads nowhere else.
    let viewer = yagura.sign_in(Role::Viewer).await;
    let next = yagura.get("/api/scans/2/evaluations?limit=3", &viewer).await.json()["Next"].clone();
    assert_eq!(read(&yagura, &member, &format!("after={}", next.as_str().unwrap())).await, [""; 0]);
}

#[tokio::test]
async fn what_is_not_there_is_told_so() {
    let yagura = scanned().await;
    let who = yagura.sign_in(Role::Viewer).await;
    for (path, status) in [
        ("/api/scans/77/evaluations", StatusCode::NOT_FOUND),
        ("/api/scans/77/evaluations?account=nobodys", StatusCode::NOT_FOUND),
        ("/api/scans/1/evaluations", StatusCode::CONFLICT),
        ("/api/scans/2/evaluations?after=e30", StatusCode::BAD_REQUEST),
        ("/api/scans/2/evaluations?outcome=WRONG", StatusCode::BAD_REQUEST),
        ("/api/scans/2/evaluations?acount=1", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(yagura.get(path, &who).await.status, status, "{path}");
    }
    let gone = yagura.get("/api/scans/1/evaluations", &who).await.json();
    assert_eq!(
        gone["detail"],
        json!("the evaluations of scan 1 are no longer kept: a later scan took its place")
    );
}
