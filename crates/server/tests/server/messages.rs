//! Messages that somebody asks for.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use serde_json::{Value, json};
use yagura_model::{Lang, Role, Severity};
use yagura_server::{
    MessageAbout, MessageDestination, MessageError, MessageLook, Messages, Messaging, Settings,
};

use crate::fixtures::*;

/// Notes what it is asked for.
#[derive(Debug, Default)]
struct Post {
    asked: Mutex<Vec<String>>,
}

impl Post {
    fn note(&self, what: String) {
        self.asked.lock().unwrap().push(what);
    }

    fn asked(&self) -> Vec<String> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

impl Messages for Post {
    fn destinations(&self) -> Vec<MessageDestination> {
        let (name, kind, digest) = ("secops".to_owned(), "slack-bot".to_owned(), "daily".to_owned());
        let projects = vec!["shop".to_owned()];
        vec![MessageDestination { name, kind, digest, immediate_severity: Severity::High, projects }]
    }

    fn test(&self, destination: String, project: Option<String>, _: Option<Lang>) -> Messaging<()> {
        self.note(format!("test {destination} {project:?}"));
        Box::pin(async move {
            match destination.as_str() {
                "secops" => Ok(()),
                "broken" => Err(MessageError::Refused(
                    "the test message did not arrive: channel_not_found".to_owned(),
                )),
                _ => Err(MessageError::Unknown("destination")),
            }
        })
    }

    fn preview(&self, about: MessageAbout, look: MessageLook, lang: Option<Lang>) -> Messaging<String> {
        self.note(format!("preview {look:?} {lang:?}"));
        Box::pin(async move { Ok(format!("{about:?}")) })
    }

    fn send(&self, about: MessageAbout, destination: String, _: Option<Lang>) -> Messaging<()> {
        self.note(format!("send {about:?} to {destination}"));
        Box::pin(async { Ok(()) })
    }
}

async fn posted() -> (Yagura, Arc<Post>) {
    let post = Arc::new(Post::default());
    let yagura = Yagura::built(|it| Settings { messages: Some(post.clone()), ..it }).await;
    yagura.people().await;
    (yagura, post)
}

/// The ids of the findings of an account.
async fn finding_of(yagura: &Yagura, account: &str) -> String {
    let who = yagura.sign_in(Role::Viewer).await;
    let list = yagura.get(&format!("/api/findings?account={account}"), &who).await.json();
    list["Findings"][0]["Id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_destination_is_tried_out_by_who_may_send() {
    let (yagura, post) = posted().await;
    let viewer = yagura.sign_in(Role::Viewer).await;
    let list = yagura.get("/api/destinations", &viewer).await.json();
    assert_eq!(
        list["Destinations"],
        json!([{ "Name": "secops", "Kind": "slack-bot", "Digest": "daily", "ImmediateSeverity": "HIGH", "Projects": ["shop"] }])
    );
    let test = |name: &str| format!("/api/destinations/{name}/test");
    assert_eq!(yagura.post(&test("secops"), &viewer, json!({})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(post.asked(), [""; 0]);
    let approver = yagura.sign_in(Role::Approver).await;
    let body = json!({ "Project": "shop", "Lang": "ja" });
    assert_eq!(yagura.post(&test("secops"), &approver, body).await.status, StatusCode::NO_CONTENT);
    assert_eq!(post.asked(), ["test secops Some(\"shop\")"]);
    let broken = yagura.post(&test("broken"), &approver, json!({})).await;
    assert_eq!(broken.status, StatusCode::CONFLICT);
    assert_eq!(broken.json()["detail"], "the test message did not arrive: channel_not_found");
    assert_eq!(yagura.post(&test("nowhere"), &approver, json!({})).await.status, StatusCode::NOT_FOUND);
    let log = yagura.get("/api/audit-log", &yagura.sign_in(Role::Administrator).await).await.text;
    assert!(log.contains("a test to secops"), "{log}");
}

#[tokio::test]
async fn a_finding_is_sent_by_who_works_on_it() {
    let (yagura, post) = posted().await;
    let id = finding_of(&yagura, SHOP).await;
    let order = |about: Value| json!({ "About": about, "Destination": "jira" });
    let viewer = yagura.sign_in(Role::Viewer).await;
    let finding = json!({ "Finding": id });
    assert_eq!(
        yagura.post("/api/deliveries", &viewer, order(finding.clone())).await.status,
        StatusCode::FORBIDDEN
    );
    let triager = yagura.sign_in(Role::Triager).await;
    let sent = yagura.post("/api/deliveries", &triager, order(finding)).await;
    assert_eq!(sent.status, StatusCode::NO_CONTENT, "{}", sent.text);
    assert_eq!(post.asked(), [format!("send Finding({id:?}) to jira")]);
    for (about, status) in [
        (json!({ "Finding": "0123456789abcdef0123456789abcdef" }), StatusCode::NOT_FOUND),
        (json!({ "Finding": "../../etc" }), StatusCode::NOT_FOUND),
        (json!({ "Incident": "%" }), StatusCode::NOT_FOUND),
        (json!({ "Rule": "x" }), StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(
            yagura.post("/api/deliveries", &triager, order(about.clone())).await.status,
            status,
            "{about}"
        );
    }
    assert_eq!(post.asked(), [""; 0]);
}

#[tokio::test]
async fn members_see_messages_about_what_is_theirs() {
    let (yagura, post) = posted().await;
    let member = yagura.sign_in(Role::ProjectMember).await;
    let preview = |id: &str| format!("/api/messages/preview?finding={id}&format=slack&lang=ja");
    let own = finding_of(&yagura, SHOP).await;
    let shown = yagura.get(&preview(&own), &member).await;
    assert_eq!(shown.json()["Text"], format!("Finding({own:?})"));
    assert_eq!(post.asked(), ["preview Slack Some(Ja)"]);
    let others = finding_of(&yagura, BANK).await;
    assert_eq!(yagura.get(&preview(&others), &member).await.status, StatusCode::NOT_FOUND);
    for query in ["", "finding=1&incident=2", "finding=1&format=fax"] {
        let answer = yagura.get(&format!("/api/messages/preview?{query}"), &member).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(post.asked(), [""; 0]);
    assert_eq!(yagura.get("/api/destinations", &member).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_server_that_sends_none_says_so() {
    let yagura = Yagura::peopled().await;
    let approver = yagura.sign_in(Role::Approver).await;
    assert_eq!(yagura.get("/api/destinations", &approver).await.json()["Destinations"], json!([]));
    let answer = yagura.post("/api/destinations/secops/test", &approver, json!({})).await;
    assert_eq!(
        (answer.status, &answer.json()["detail"]),
        (StatusCode::CONFLICT, &json!("this server sends no messages"))
    );
}
