//! What goes on by itself, as the API tells of it and asks for it.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use futures::StreamExt as _;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use yagura_model::Role;
use yagura_server::{JobEnd, SourceCondition, Stand, Timing};

use crate::fixtures::*;

/// A server with a scan at night, and messages.
async fn busy() -> Yagura {
    let yagura = Yagura::peopled().await;
    let nightly = Timing::On("0 2 * * *".parse().unwrap(), TimeZone::get("Asia/Tokyo").unwrap());
    yagura.jobs.set([("scan", nightly), ("notify", Timing::At(None))], |_| Stand::default());
    yagura
}

#[tokio::test]
async fn a_scan_is_asked_for_followed_and_told() {
    let yagura = busy().await;
    let (who, viewer) = (yagura.sign_in(Role::Administrator).await, yagura.sign_in(Role::Viewer).await);
    // Last night's, which nobody made.
    let begun = yagura.jobs.begin_due(start());
    assert_eq!(begun.iter().map(|it| it.name).collect::<Vec<_>>(), ["scan"]);
    yagura.jobs.progress("scan", 2, 5, start());
    let running = yagura.get("/api/scans/running", &viewer).await.json();
    assert_eq!(running, json!({ "Running": { "Began": "2026-06-01T09:00:00Z", "Done": 2, "Total": 5 } }));
    let refused = yagura.post("/api/scans", &who, json!({})).await;
    assert_eq!((refused.status, &refused.json()["code"]), (StatusCode::CONFLICT, &json!("conflict")));
    yagura.jobs.end("scan", JobEnd::Failed, "no network".to_owned(), start());

    let wish = json!({ "Accounts": ["shop-*"], "Rules": ["restricted-ssh"] });
    assert_eq!(yagura.post("/api/scans", &viewer, wish.clone()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(
        yagura.post("/api/scans", &who, json!({ "Acounts": [] })).await.status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(yagura.post("/api/scans", &who, wish).await.status, StatusCode::ACCEPTED);
    let order = yagura.jobs.begin_due(start()).remove(0).order;
    assert_eq!(
        (order.by.as_deref(), order.wish.rules),
        (Some("administrator"), vec!["restricted-ssh".to_owned()])
    );
    yagura.jobs.end("scan", JobEnd::Succeeded, "1 account".to_owned(), start());
    let audit = yagura.get("/api/audit-log", &who).await.text;
    assert!(audit.contains("accounts shop-* rules restricted-ssh"), "{audit}");

    let list = yagura.get("/api/jobs", &viewer).await.json();
    let expected = json!({
        "Name": "scan", "Schedule": "0 2 * * *", "TimeZone": "Asia/Tokyo", "Running": null, "Failures": 1,
        // The narrowed one does not stand for the one that failed.
        "Next": "2026-06-01T09:01:00Z",
        "Last": {
            "Began": "2026-06-01T09:00:00Z", "Ended": "2026-06-01T09:00:00Z", "End": "SUCCEEDED", "By": "administrator", "Told": "1 account",
        },
    });
    assert_eq!(list["Jobs"][1], expected);
    let dance = yagura.post("/api/jobs/dance/run", &who, Value::Null).await;
    assert_eq!(dance.status, StatusCode::NOT_FOUND);
    assert_eq!(yagura.post("/api/jobs/notify/run", &who, Value::Null).await.status, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn who_sees_everything_hears_of_jobs_and_members_do_not() {
    let yagura = busy().await;
    let follow = async |role| {
        let who = yagura.sign_in(role).await;
        let request = Request::builder().uri("/api/events").header(header::COOKIE, &who.cookie);
        let response = yagura.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        response.into_body().into_data_stream()
    };
    let (all, own) = (follow(Role::Viewer).await, follow(Role::ProjectMember).await);
    let text = async |mut stream: axum::body::BodyDataStream| {
        let mut text = String::new();
        while let Some(piece) = stream.next().await {
            text.push_str(std::str::from_utf8(&piece.unwrap()).unwrap());
            if text.contains("SUCCEEDED") {
                break;
            }
        }
        text
    };
    yagura.jobs.begin_due(start());
    yagura.jobs.progress("scan", 2, 5, start());
    yagura.jobs.end("scan", JobEnd::Succeeded, String::new(), start());
    let heard = text(all).await;
    assert!(
        heard.contains("event: job\ndata: {\"At\":\"2026-06-01T09:00:00Z\",\"Name\":\"scan\",\"End\":null}"),
        "{heard}"
    );
    assert!(heard.contains("\"Name\":\"scan\",\"End\":null,\"Done\":2,\"Total\":5}"), "{heard}");
    yagura.server.end_streams();
    assert!(!text(own).await.contains("event: job"));
}

#[tokio::test]
async fn sources_and_troubles_are_told() {
    let yagura = busy().await;
    let viewer = yagura.sign_in(Role::Viewer).await;
    yagura.jobs.set_sources(["logs/".to_owned()]);
    yagura.jobs.change_source("logs/", |it| {
        (it.condition, it.events, it.lag_seconds) = (SourceCondition::Following, 12, Some(90));
    });
    let sources = yagura.get("/api/sources", &viewer).await.json();
    assert_eq!(
        (&sources["Sources"][0]["Condition"], &sources["Sources"][0]["LagSeconds"]),
        (&json!("FOLLOWING"), &json!(90))
    );
    assert_eq!(yagura.get("/api/ready", &Signed::default()).await.status, StatusCode::OK);
    yagura.jobs.set_trouble(Some("no space is left".to_owned()));
    let answer = yagura.get("/api/ready", &Signed::default()).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!answer.text.contains("no space is left"), "anybody asks that: {}", answer.text);
    assert!(answer.text.contains("`/api/jobs` tells why"), "{}", answer.text);
    assert_eq!(yagura.get("/api/jobs", &viewer).await.json()["Trouble"], "no space is left");
    yagura.jobs.set_trouble(None);
    yagura.jobs.set_warnings(vec!["accepted.yaml:3:1: error".to_owned()]);
    let jobs = yagura.get("/api/jobs", &viewer).await.json();
    assert_eq!((&jobs["Trouble"], &jobs["Warnings"]), (&Value::Null, &json!(["accepted.yaml:3:1: error"])));
}
