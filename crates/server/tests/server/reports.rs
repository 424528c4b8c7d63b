//! Reports about projects, and how findings went on.

use std::io::{Seek as _, Write as _};
use std::sync::{Arc, Mutex};

use axum::http::{StatusCode, header};
use serde_json::json;
use yagura_model::{Role, Timestamp};
use yagura_server::{
    MadeReport, Making, ReportError, ReportFormat, ReportSchedule, ReportWish, Reports, Settings,
};

use crate::fixtures::*;

/// Makes reports of one sentence.
#[derive(Debug, Default)]
struct Press {
    wishes: Mutex<Vec<ReportWish>>,
}

impl Reports for Press {
    fn make(&self, wish: ReportWish) -> Making {
        self.wishes.lock().unwrap().push(wish.clone());
        Box::pin(async move {
            if wish.format == ReportFormat::Pdf {
                return Err(ReportError::Refused("there is no Chromium".to_owned()));
            }
            if wish.format == ReportFormat::Csv {
                return Err(ReportError::Failed);
            }
            let mut file = tempfile::tempfile().unwrap();
            write!(file, "{}", "all is well. ".repeat(20_000)).unwrap();
            file.rewind().unwrap();
            let name = format!("yagura-{}.html", wish.project.as_deref().unwrap_or("without-project"));
            Ok(MadeReport { name, media_type: "text/html; charset=utf-8", file })
        })
    }

    fn scheduled(&self, _: Timestamp) -> Result<Vec<ReportSchedule>, ReportError> {
        let (name, out, formats) = ("monday".to_owned(), "s3://reports".to_owned(), vec!["xlsx".to_owned()]);
        Ok(vec![ReportSchedule { name, formats, out, subjects: vec![] }])
    }
}

async fn pressed() -> (Yagura, Arc<Press>) {
    let press = Arc::new(Press::default());
    let yagura = Yagura::built(|it| Settings { reports: Some(press.clone()), ..it }).await;
    yagura.people().await;
    (yagura, press)
}

#[tokio::test]
async fn a_report_is_a_file_to_keep() {
    let (yagura, press) = pressed().await;
    let viewer = yagura.sign_in(Role::Viewer).await;
    let answer =
        yagura.get("/api/reports/file?project=bank&format=html&lang=ja&weeks=4&ended=true", &viewer).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.text.len(), 13 * 20_000);
    assert_eq!(
        answer.headers[header::CONTENT_DISPOSITION],
        "attachment; filename=\"yagura-bank.html\"; filename*=UTF-8''yagura-bank.html"
    );
    // Even somebody who opens it in the browser runs nothing of it here.
    assert!(answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("default-src 'none'"));
    let wish = press.wishes.lock().unwrap().pop().unwrap();
    assert_eq!((wish.project.as_deref(), wish.weeks, wish.with_ended), (Some("bank"), 4, true));
    assert_eq!(wish.lang, Some(yagura_model::Lang::Ja));
    for (query, status) in [
        ("project=bank&format=pdf", StatusCode::CONFLICT),
        ("project=bank&format=csv", StatusCode::INTERNAL_SERVER_ERROR),
        ("project=bank&format=docx", StatusCode::BAD_REQUEST),
        ("project=bank&weeks=0", StatusCode::BAD_REQUEST),
        ("project=nowhere", StatusCode::NOT_FOUND),
        ("format=html", StatusCode::OK),
    ] {
        assert_eq!(
            yagura.get(&format!("/api/reports/file?{query}"), &viewer).await.status,
            status,
            "{query}"
        );
    }
}

#[tokio::test]
async fn members_get_reports_about_their_projects() {
    let (yagura, press) = pressed().await;
    let member = yagura.sign_in(Role::ProjectMember).await;
    let list = yagura.get("/api/reports", &member).await.json();
    assert_eq!(
        list,
        json!({ "IsAble": true, "Projects": ["shop"], "WithoutProject": false, "Scheduled": [] })
    );
    for (query, status) in [
        ("project=shop&format=html", StatusCode::OK),
        ("project=bank&format=html", StatusCode::NOT_FOUND),
        ("format=html", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(
            yagura.get(&format!("/api/reports/file?{query}"), &member).await.status,
            status,
            "{query}"
        );
    }
    assert_eq!(press.wishes.lock().unwrap().len(), 1);
    let list = yagura.get("/api/reports", &yagura.sign_in(Role::Viewer).await).await.json();
    assert_eq!((&list["WithoutProject"], &list["Scheduled"][0]["Name"]), (&json!(true), &json!("monday")));
}

#[tokio::test]
async fn a_server_that_makes_none_says_so() {
    let yagura = Yagura::peopled().await;
    let viewer = yagura.sign_in(Role::Viewer).await;
    assert_eq!(yagura.get("/api/reports", &viewer).await.json()["IsAble"], false);
    let answer = yagura.get("/api/reports/file?project=shop", &viewer).await;
    assert_eq!(
        (answer.status, &answer.json()["detail"]),
        (StatusCode::CONFLICT, &json!("this server makes no reports"))
    );
}

#[tokio::test]
async fn progress_is_told_of_what_one_sees() {
    let yagura = Yagura::peopled().await;
    let viewer = yagura.get("/api/progress?weeks=4", &yagura.sign_in(Role::Viewer).await).await.json();
    assert_eq!(viewer["Weeks"].as_array().unwrap().len(), 4);
    assert_eq!(viewer["All"][3], json!({ "Open": 2, "New": 2, "CameBack": 0, "Resolved": 0 }));
    let member = yagura.get("/api/progress?weeks=4", &yagura.sign_in(Role::ProjectMember).await).await;
    assert!(!member.text.contains("bank") && !member.text.contains(BANK), "{}", member.text);
    assert_eq!(member.json()["All"][3]["Open"], 1);
    let wrong = yagura.get("/api/progress?weeks=9999", &yagura.sign_in(Role::Viewer).await).await;
    assert_eq!(wrong.json()["detail"], "progress goes back 1 to 260 weeks");
}
