//! Findings: what members see of them, and what is done about them.

use axum::http::StatusCode;
use serde_json::json;
use yagura_model::Role;

use crate::fixtures::*;

async fn ids(yagura: &Yagura, who: &Signed) -> Vec<String> {
    let list = yagura.get("/api/findings", who).await.json();
    list["Findings"].as_array().unwrap().iter().map(|it| it["Id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_list_is_filtered_and_comes_in_pages() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let first = yagura.get("/api/findings?limit=1", &who).await;
    assert_eq!(resources(&first), ["i-2"]);
    let next = first.json()["Next"].as_str().unwrap().to_owned();
    let second = yagura.get(&format!("/api/findings?limit=1&after={next}"), &who).await;
    assert_eq!(resources(&second), ["i-1"]);
    for (query, found) in [
        ("account=shop-*", &["i-1"][..]),
        ("project=bank&severity=HIGH", &["i-2"]),
        ("project=bank&account=111111111111", &[]),
        ("project=nobodys", &[]),
        ("rule=guardduty:Recon:EC2/Portscan&kind=threat", &["i-2", "i-1"]),
        ("kind=configuration", &[]),
        ("severity=CRITICAL", &[]),
        ("text=I-1", &["i-1"]),
        ("status=archived", &[]),
    ] {
        assert_eq!(resources(&yagura.get(&format!("/api/findings?{query}"), &who).await), found, "{query}");
    }
    for (query, told) in [
        ("after=1.2", "`1.2` is no place in a list of findings"),
        ("severity=WORST", "unknown variant `WORST`"),
        ("colour=red", "unknown field `colour`"),
        ("limit=many", "invalid digit"),
    ] {
        let answer = yagura.get(&format!("/api/findings?{query}"), &who).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(answer.headers["content-type"], "application/problem+json");
        assert!(answer.json()["detail"].as_str().unwrap().contains(told), "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn counts_are_those_of_the_list() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Viewer).await;
    let counts = yagura.get("/api/findings/counts", &who).await.json();
    assert_eq!((&counts["Total"], &counts["Severities"]), (&json!(2), &json!({ "HIGH": 2 })));
    assert_eq!(
        counts["Projects"],
        json!([
            { "Id": "bank", "Total": 1, "Severities": { "HIGH": 1 } },
            { "Id": "shop", "Total": 1, "Severities": { "HIGH": 1 } }
        ])
    );
    assert_eq!(counts["Accounts"][0]["Name"], "shop-production");
}

#[tokio::test]
async fn members_see_their_project_and_nothing_tells_that_there_is_more() {
    let yagura = Yagura::peopled().await;
    let (viewer, member) = (yagura.sign_in(Role::Viewer).await, yagura.sign_in(Role::ProjectMember).await);
    assert_eq!(resources(&yagura.get("/api/findings", &member).await), ["i-1"]);
    for query in ["account=222222222222", "project=bank", "text=i-2", "account=bank-*"] {
        assert!(
            resources(&yagura.get(&format!("/api/findings?{query}"), &member).await).is_empty(),
            "{query}"
        );
    }
    let counts = yagura.get("/api/findings/counts", &member).await.json();
    assert_eq!((&counts["Total"], counts["Projects"].as_array().unwrap().len()), (&json!(1), 1));
    let all = ids(&yagura, &viewer).await;
    let foreign = yagura.get(&format!("/api/findings/{}", all[0]), &member).await;
    let unknown = yagura.get("/api/findings/00000000000000000000000000000000", &member).await;
    assert_eq!((foreign.status, &foreign.text), (StatusCode::NOT_FOUND, &unknown.text));
    let own = yagura.get(&format!("/api/findings/{}", all[1]), &member).await.json();
    assert_eq!(
        (&own["AccountName"], &own["History"][0]["Change"]),
        (&json!("shop-production"), &json!("OPENED"))
    );
    for path in ["/api/accounts", "/api/projects"] {
        let told = yagura.get(path, &member).await.text;
        assert!(told.contains(SHOP) && !told.contains(BANK) && !told.contains("bank"), "{told}");
    }
}

#[tokio::test]
async fn members_are_not_told_of_other_projects_that_hold_their_accounts() {
    let yagura = Yagura::peopled().await;
    yagura.server.change_world(world(&[("shop", &[SHOP]), ("all-together", &[SHOP, BANK])]));
    let (viewer, member) = (yagura.sign_in(Role::Viewer).await, yagura.sign_in(Role::ProjectMember).await);
    for path in ["/api/accounts", "/api/projects", "/api/findings/counts", "/api/home"] {
        let (all, own) = (yagura.get(path, &viewer).await, yagura.get(path, &member).await);
        assert_eq!((all.status, own.status), (StatusCode::OK, StatusCode::OK), "{path}");
        assert!(all.text.contains("all-together"), "{path}: {}", all.text);
        assert!(!own.text.contains("all-together") && own.text.contains("shop"), "{path}: {}", own.text);
    }
}

#[tokio::test]
async fn members_work_on_their_findings_alone() {
    let yagura = Yagura::peopled().await;
    let (viewer, member) = (yagura.sign_in(Role::Viewer).await, yagura.sign_in(Role::ProjectMember).await);
    let all = ids(&yagura, &viewer).await;
    let both = yagura.post("/api/findings/triage", &member, json!({ "Ids": all, "Assignee": "taro" })).await;
    assert_eq!(both.status, StatusCode::NOT_FOUND, "{}", both.text);
    let own = json!({ "Ids": [all[1]], "Workflow": "NOTIFIED", "Comment": "on it" });
    let done = yagura.post("/api/findings/triage", &member, own).await;
    assert_eq!(done.json(), json!({ "Meant": 1, "Changed": 1 }));
    let filter = json!({ "Filter": {}, "Expected": 1, "Assignee": "taro" });
    assert_eq!(yagura.post("/api/findings/triage", &member, filter).await.json()["Changed"], 1);
    let told = yagura.get(&format!("/api/findings/{}", all[1]), &viewer).await.json();
    assert_eq!(
        (&told["Finding"]["Assignee"], &told["Finding"]["Workflow"]),
        (&json!("taro"), &json!("NOTIFIED"))
    );
    assert_eq!(told["History"][1]["Who"], "member");
    let foreign = yagura.get(&format!("/api/findings/{}", all[0]), &viewer).await.json();
    assert_eq!(foreign["History"].as_array().unwrap().len(), 1, "{foreign}");
}

#[tokio::test]
async fn what_is_done_by_a_filter_is_what_the_person_saw() {
    let yagura = Yagura::peopled().await;
    let who = yagura.sign_in(Role::Triager).await;
    let ask = async |body| yagura.post("/api/findings/triage", &who, body).await;
    let answer = ask(json!({ "Filter": {}, "Expected": 1, "Comment": "seen" })).await;
    assert_eq!(answer.json()["detail"], "the filter means 2 findings by now, not 1: look again");
    let answer = ask(json!({ "Filter": {}, "Comment": "seen" })).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let answer = ask(json!({ "Filter": { "project": ["shop"] }, "Expected": 1, "Comment": "seen" })).await;
    assert_eq!(answer.json(), json!({ "Meant": 1, "Changed": 1 }));
    let nothing = ask(json!({ "Ids": ["x"] })).await;
    assert!(nothing.text.contains("says what is to be done"), "{}", nothing.text);
    let accepted = ask(json!({ "Filter": {}, "Expected": 2, "Workflow": "SUPPRESSED" })).await;
    assert_eq!(accepted.json()["detail"], "to accept findings takes the permission to approve");
}
