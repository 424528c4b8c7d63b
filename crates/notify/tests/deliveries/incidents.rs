//! An attack, as those who are told of it see it arrive: one message, and what follows in its thread.

use serde_json::{Value, json};
use yagura_model::{Severity, ThreatFinding};

use crate::fixture::Scene;
use crate::receiver::{Answer, MailServer, Receiver};
use crate::testing::threat;

fn step(stage: &str, id: &str, severity: Severity) -> ThreatFinding {
    threat("111122223333", stage, id, severity)
}

/// Slack, PagerDuty, Jira and a room of Teams, at one address.
fn rooms(other: &Receiver) -> String {
    let url = other.address();
    format!(
        "[chat]\ntype = \"slack-bot\"\ntoken_file = \"DIR/secret\"\nchannel = \"C01\"\napi_url = \"{url}\"\n\
         [pager]\ntype = \"pagerduty\"\nrouting_key_file = \"DIR/secret\"\nurl = \"{url}\"\n\
         [jira]\ntype = \"jira\"\nurl = \"{url}\"\nuser = \"a@example.com\"\ntoken_file = \"DIR/secret\"\nproject = \"SEC\"\n\
         events = [\"opened\", \"advanced\", \"resolved\"]\n"
    )
}

fn world() -> Receiver {
    Receiver::start(|n, it| {
        let body = match &*it.path {
            "/chat.postMessage" => json!({ "ok": true, "ts": format!("17.{n}") }),
            "/rest/api/3/issue" => json!({ "key": "SEC-7" }),
            _ => json!({ "status": "success" }),
        };
        Answer::Say(200, "", body.to_string())
    })
}

#[tokio::test]
async fn an_attack_is_one_message_and_what_follows_stands_in_its_thread() {
    let other = world();
    let mut scene = Scene::new(&rooms(&other));
    let mut steps: Vec<_> = (0..5).map(|n| step("persistence", &n.to_string(), Severity::High)).collect();
    scene.attacked("aa", &steps).await;
    assert_eq!(scene.run().await.1.sent, 3, "one in each place");
    scene.wait(5);
    steps.push(step("impact", "7", Severity::High));
    scene.attacked("aa", &steps).await;
    assert_eq!(scene.run().await.1.sent, 3);
    scene.wait(5);
    scene.attacked("aa", &steps).await;
    assert_eq!(scene.run().await, (0, Default::default()), "nothing is new");

    let seen = other.seen();
    let at = |path: &str| -> Vec<Value> {
        seen.iter().filter(|it| it.path == path).map(crate::receiver::Request::json).collect()
    };
    let chat = at("/chat.postMessage");
    assert_eq!((chat[0].get("thread_ts"), chat.len()), (None, 2));
    assert!(chat[1]["thread_ts"].as_str().unwrap().starts_with("17."), "{}", chat[1]);
    assert!(chat[1]["text"].as_str().unwrap().contains("インシデント（新しい段階）"), "{}", chat[1]);
    assert!(chat[1]["blocks"][1]["text"]["text"].as_str().unwrap().starts_with("<@U0SATO> "));
    let pager = at("/v2/enqueue");
    assert_eq!(pager.iter().map(|it| &it["dedup_key"]).collect::<Vec<_>>(), ["yagura-aa", "yagura-aa"]);
    assert_eq!(at("/rest/api/3/issue").len(), 1);
    assert_eq!(at("/rest/api/3/issue/SEC-7/comment").len(), 1);
}

#[tokio::test]
async fn mails_about_an_attack_are_one_thread() {
    let server = MailServer::start();
    let to = format!(
        "[mail]\ntype = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"yagura@example.com\"\n",
        server.port
    );
    let mut scene = Scene::new(&to);
    let first = step("persistence", "1", Severity::High);
    scene.attacked("aa", std::slice::from_ref(&first)).await;
    scene.run().await;
    scene.wait(5);
    scene.attacked("aa", &[first, step("impact", "2", Severity::Critical)]).await;
    scene.run().await;
    let mails = server.decoded();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[1]["in_reply_to"], mails[0]["message_id"]);
    assert_eq!(mails[0]["to"], json!(["sato@example.com"]));
    let text = mails[1]["text"].as_str().unwrap();
    for told in [
        "インシデント ID: aa",
        "実行者: arn:aws:iam::111122223333:user/kenji",
        "経緯【永続化】",
        "新たな段階: 影響",
    ] {
        assert!(text.contains(told), "{told} is missing in\n{text}");
    }
}

#[tokio::test]
async fn whoever_was_cut_off_before_sending_tells_an_attack_once() {
    let other = world();
    let mut scene = Scene::new(&rooms(&other));
    scene
        .attacked("aa", &[step("persistence", "1", Severity::High), step("impact", "2", Severity::High)])
        .await;
    // Drawn up by one process, and by another at the same time; sent by a third.
    let (one, two) = (scene.store().await, scene.store().await);
    tokio::join!(scene.plan(&one), scene.plan(&two));
    one.close().await;
    two.close().await;
    assert_eq!(scene.run().await.1.sent, 3);
    assert_eq!(scene.run().await.1.sent, 0);
}
