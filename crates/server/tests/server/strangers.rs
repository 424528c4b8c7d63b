//! Every route, asked by a member of one project for what is another's: with real ids, real queries and real bodies.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use yagura_model::Role;

use crate::fixtures::*;
use crate::scanned::{SSH, query, scanned};

/// What belongs to the bank.
struct Bank {
    finding: String,
    resource: String,
}

impl Bank {
    async fn of(yagura: &Yagura) -> Self {
        let who = yagura.sign_in(Role::Viewer).await;
        let list = yagura.get(&format!("/api/findings?account={BANK}"), &who).await.json();
        let finding = list["Findings"][0]["Id"].as_str().unwrap().to_owned();
        Self { finding, resource: "sg-bank-production".to_owned() }
    }

    /// The query that asks a route for it.
    fn query(&self, path: &str) -> String {
        let account = format!("account={BANK}");
        match path {
            "/api/findings" | "/api/findings/counts" | "/api/resources" | "/api/resources/counts" => account,
            "/api/findings/file" => format!("{account}&format=ndjson"),
            "/api/scans/{id}/evaluations" | "/api/incidents" => account,
            "/api/resources/versions" | "/api/resources/related" | "/api/rules/{id}/explanation" => {
                query(BANK, &self.resource)
            }
            "/api/reports/file" => "project=bank".to_owned(),
            "/api/messages/preview" => format!("finding={}", self.finding),
            _ => String::new(),
        }
    }

    /// What is sent to a route that takes something.
    fn body(&self, method: &Method, path: &str) -> Value {
        match path {
            "/api/findings/triage" => json!({ "Ids": [self.finding], "Comment": "mine now" }),
            "/api/suppressions" if *method == Method::POST => {
                let scope = json!({ "Accounts": [BANK] });
                json!({ "Name": "theirs", "Scope": scope, "Reason": "not mine", "Until": "2026-12-31" })
            }
            "/api/suppressions/{name}" => json!(null),
            "/api/deliveries" => json!({ "About": { "Finding": self.finding }, "Destination": "tickets" }),
            _ => json!({}),
        }
    }

    fn path(&self, path: &str) -> String {
        let id = match path {
            "/api/findings/{id}" => &self.finding,
            "/api/scans/{id}/coverage" | "/api/scans/{id}/evaluations" => "2",
            "/api/rules/{id}" | "/api/rules/{id}/explanation" => SSH,
            path if path.starts_with("/api/frameworks/") => "aws-fsbp",
            _ => "0",
        };
        let name = if path.contains("suppressions") { "banks-own" } else { "bank" };
        path.replace("{id}", id).replace("{requirement}", "EC2.13").replace("{name}", name)
    }
}

/// Everything that is stored of the bank, as somebody reads it who sees everything.
async fn stored(yagura: &Yagura, bank: &Bank) -> String {
    let who = yagura.sign_in(Role::Viewer).await;
    let mut all = String::new();
    for path in [format!("/api/findings/{}", bank.finding), "/api/suppressions".to_owned()] {
        all.push_str(&yagura.get(&path, &who).await.text);
    }
    all
}

#[tokio::test]
async fn a_member_of_another_project_learns_nothing_and_changes_nothing_on_any_route() {
    let yagura = scanned().await;
    yagura.server.end_streams();
    let bank = Bank::of(&yagura).await;
    // The bank accepts one of its findings by itself.
    let scope = json!({ "Rules": ["guardduty:*"], "Accounts": [BANK] });
    let own = json!({ "Name": "banks-own", "Scope": scope, "Reason": "known", "Until": "2026-12-31" });
    let asked = yagura.post("/api/suppressions", &yagura.sign_in(Role::Triager).await, own).await;
    assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
    let before = stored(&yagura, &bank).await;
    let member = yagura.sign_in(Role::ProjectMember).await;
    let (mut asked, mut answered) = (0, 0);
    for route in yagura.server.route_list() {
        if route.path == "/api/session" && route.method == Method::DELETE {
            continue;
        }
        let (path, query) = (bank.path(&route.path), bank.query(&route.path));
        let body = (route.method != Method::GET).then(|| bank.body(&route.method, &route.path));
        let answer = yagura.call(route.method.clone(), &format!("{path}?{query}"), &member, body).await;
        let told = format!("{} {path}?{query}: {} {}", route.method, answer.status, answer.text);
        assert!(!answer.status.is_server_error(), "{told}");
        for secret in ["bank-production", BANK, &bank.finding, "mine now"] {
            assert!(!answer.text.contains(secret), "`{secret}` in {told}");
        }
        asked += 1;
        answered += usize::from(answer.status.is_success());
    }
    assert_eq!(stored(&yagura, &bank).await, before);
    // Refusing everything would be no proof.
    assert!(asked > 60 && answered > 25, "{answered} of {asked}");
}
