//! What arrives, as the other side reads it.

use base64::Engine as _;
use serde_json::json;
use yagura_model::Severity;

use crate::fixture::{Scene, ended, finding};
use crate::receiver::{Answer, MailServer, Receiver};

fn mail_to(server: &MailServer, more: &str) -> String {
    format!(
        "[mail]\ntype = \"smtp\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\nfrom = \"Yagura 監視 <yagura@example.com>\"\nto = [\"soc@example.com\"]\n{more}\n",
        server.port
    )
}

#[tokio::test]
async fn a_japanese_alert_is_decoded_without_loss() {
    let server = MailServer::start();
    let mut scene = Scene::new(&mail_to(&server, ""));
    let mut open = finding("ec2-imdsv2-check", "sg-0a1b", Severity::Critical);
    open.name = "踏み台－東京 <b>&\u{202e}".to_owned();
    scene.happens(std::slice::from_ref(&open));
    assert_eq!(scene.run().await.1.sent, 1);
    scene.wait(60);
    scene.happens(&[ended(open)]);
    assert_eq!(scene.run().await.1.sent, 1);

    let mails = server.decoded();
    let first = &mails[0];
    assert_eq!(first["defects"], json!([]));
    assert_eq!(first["from"], "Yagura 監視 <yagura@example.com>");
    assert_eq!(first["to"], json!(["soc@example.com", "sato@example.com"]));
    assert_eq!((&first["language"], &first["automatic"]), (&json!("ja"), &json!("auto-generated")));
    let subject = first["subject"].as_str().unwrap();
    assert!(subject.starts_with("【重大】新規検出："), "{subject}");
    assert!(subject.ends_with("｜本番環境｜受発注-本番"), "{subject}");
    // Mails end their lines as the network does.
    let text = first["text"].as_str().unwrap().replace("\r\n", "\n");
    for told in [
        "ご担当者様",
        "2026年3月2日 12:00:00（JST）",
        "アラート ID: ec2-imdsv2-check-sg-0a1b",
        "環境: 本番環境",
        "プロジェクト: 受発注システム",
        "AWS アカウント: 受発注-本番（111122223333）",
        "リージョン: ap-northeast-1",
        "リソースタイプ: AWS::EC2::SecurityGroup",
        "踏み台－東京 <b>&\\u{202e} (sg-0a1b)",
        "ARN: arn:aws:ec2:ap-northeast-1:111122223333:security-group/sg-0a1b",
        "重大度: 重大",
        "検出の種別: 予防（設定の不備）",
        "該当する CIS 要件: CIS",
        "影響:",
        "対応手順:\n1. ",
        "対応時の注意点:",
        "参考リンク:\n- https://",
    ] {
        assert!(text.contains(told), "{told} is missing in\n{text}");
    }
    let html = first["html"].as_str().unwrap();
    assert!(html.contains("<html lang=\"ja\">") && html.contains("踏み台－東京 &lt;b&gt;&amp;"), "{html}");
    assert_eq!(mails[1]["in_reply_to"], first["message_id"], "what follows stands below it");
    assert!(first["message_id"].as_str().unwrap().ends_with("@example.com>"));
}

#[tokio::test]
async fn a_summary_carries_a_table_that_spreadsheets_open() {
    let server = MailServer::start();
    let mut scene = Scene::new(&mail_to(&server, "digest = \"daily\"\nimmediate_severity = \"critical\""));
    let mut odd = finding("restricted-ssh", "sg-1", Severity::High);
    odd.name = "=HYPERLINK(\"http://evil.example\",\"x\")".to_owned();
    scene.happens(&[odd, finding("restricted-rdp", "sg-2", Severity::High)]);
    assert_eq!(scene.run().await, (0, Default::default()), "it waits for nine o'clock");
    scene.wait(24 * 60);
    assert_eq!(scene.run().await.1.sent, 1);

    let mail = &server.decoded()[0];
    assert!(mail["subject"].as_str().unwrap().starts_with("Yagura サマリー：変化 2 件"), "{mail}");
    let table = &mail["attachments"][0];
    assert_eq!((&table["type"], &table["name"]), (&json!("text/csv"), &json!("yagura-2026-03-02.csv")));
    let bytes = base64::engine::general_purpose::STANDARD.decode(table["content"].as_str().unwrap()).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("\u{feff}イベント,重大度,AWS アカウント,"), "{text}");
    let mut rows = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().any(|it| it[5].starts_with("'=HYPERLINK")), "{rows:?}");
    assert!(rows.iter().all(|it| it[9].starts_with("1. ")), "numbered steps: {rows:?}");
    assert!(text.contains("\r\n"));
}

#[tokio::test]
async fn a_mailbox_that_does_not_exist_is_dead_and_a_busy_one_waits() {
    let server = MailServer::start();
    let to = |who: &str| {
        mail_to(&server, "owners = false")
            .replace("soc@", &format!("{who}@"))
            .replace("[mail]", &format!("[{who}]"))
    };
    let mut scene = Scene::new(&format!("{}{}", to("busy"), to("nobody")));
    scene.happens(&[finding("restricted-ssh", "sg-1", Severity::High)]);
    let (_, done) = scene.run().await;
    assert_eq!((done.sent, done.postponed.len(), done.dead.len()), (0, 1, 1), "{done:?}");
    assert!(done.postponed[0].2.contains("the mailbox is busy"), "{done:?}");
    assert!(done.dead[0].2.contains("there is no such mailbox"), "{done:?}");
}

#[tokio::test]
async fn slack_gets_blocks_mentions_and_threads() {
    let slack = Receiver::start(|n, _| Answer::Say(200, "", format!("{{\"ok\":true,\"ts\":\"17.{n}\"}}")));
    let to = format!(
        "[bot]\ntype = \"slack-bot\"\ntoken_file = \"DIR/secret\"\nchannel = \"C01\"\napi_url = \"{}\"\n",
        slack.address()
    );
    let mut scene = Scene::new(&to);
    let open = finding("restricted-ssh", "sg-1", Severity::High);
    scene.happens(std::slice::from_ref(&open));
    scene.run().await;
    scene.wait(5);
    scene.happens(&[ended(open)]);
    scene.run().await;
    let seen = slack.seen();
    assert_eq!(seen[0].path, "/chat.postMessage");
    assert_eq!(seen[0].headers["authorization"], "Bearer s3cr3t-token");
    let (first, second) = (seen[0].json(), seen[1].json());
    assert_eq!((&first["channel"], first.get("thread_ts")), (&json!("C01"), None));
    assert!(first["blocks"][1]["text"]["text"].as_str().unwrap().starts_with("<@U0SATO> "), "{first}");
    assert_eq!(second["thread_ts"], "17.0");
}

#[tokio::test]
async fn a_webhook_is_signed() {
    let hook = Receiver::friendly();
    let to = format!(
        "[hook]\ntype = \"webhook\"\nurl = \"{}/in\"\nsecret_file = \"DIR/secret\"\n",
        hook.address()
    );
    let mut scene = Scene::new(&to);
    scene.happens(&[finding("restricted-ssh", "sg-1", Severity::High)]);
    scene.run().await;
    let request = &hook.seen()[0];
    let (time, signature) = request.headers["yagura-signature"].split_once(",v1=").unwrap();
    let time = time.strip_prefix("t=").unwrap();
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, b"s3cr3t-token");
    let signed = [time.as_bytes(), b".", &request.body].concat();
    let expected: String =
        ring::hmac::sign(&key, &signed).as_ref().iter().map(|it| format!("{it:02x}")).collect();
    assert_eq!(signature, expected);
    let body = request.json();
    assert_eq!((&body["type"], &body["language"]), (&json!("alert"), &json!("ja")));
    assert_eq!(body["alerts"][0]["findings"][0]["resource"], "sg-1");
    assert_eq!(request.headers["yagura-delivery"], body["id"].as_str().unwrap());
}

#[tokio::test]
async fn incidents_and_issues_begin_and_end() {
    let other = Receiver::start(|_, it| {
        let body = match &*it.path {
            "/rest/api/3/issue" => json!({ "key": "SEC-7" }),
            "/repos/example/infra/issues" => json!({ "number": 42 }),
            "/v2/enqueue" => json!({ "status": "success", "dedup_key": it.json()["dedup_key"] }),
            _ => json!({}),
        };
        Answer::Say(201, "content-type: application/json\r\n", body.to_string())
    });
    let url = other.address();
    let events = "events = [\"opened\", \"resolved\"]";
    let to = format!(
        "[pager]\ntype = \"pagerduty\"\nrouting_key_file = \"DIR/secret\"\nurl = \"{url}\"\n\
         [jira]\ntype = \"jira\"\nurl = \"{url}\"\nuser = \"a@example.com\"\ntoken_file = \"DIR/secret\"\nproject = \"SEC\"\n{events}\n\
         [issues]\ntype = \"github\"\nrepository = \"example/infra\"\ntoken_file = \"DIR/secret\"\napi_url = \"{url}\"\nlabels = [\"security\"]\n{events}\n"
    );
    let mut scene = Scene::new(&to);
    let open = finding("restricted-ssh", "sg-1", Severity::High);
    scene.happens(std::slice::from_ref(&open));
    assert_eq!(scene.run().await.1.sent, 3);
    scene.wait(5);
    scene.happens(&[ended(open)]);
    assert_eq!(scene.run().await.1.sent, 3);
    let seen = other.seen();
    let at = |path: &str| {
        seen.iter().filter(|it| it.path == path).map(crate::receiver::Request::json).collect::<Vec<_>>()
    };
    let pager = at("/v2/enqueue");
    assert_eq!(
        (&pager[0]["event_action"], &pager[1]["event_action"]),
        (&json!("trigger"), &json!("resolve"))
    );
    assert_eq!(pager[0]["dedup_key"], pager[1]["dedup_key"]);
    assert_eq!(at("/rest/api/3/issue")[0]["fields"]["project"]["key"], "SEC");
    assert_eq!(at("/rest/api/3/issue/SEC-7/comment")[0]["body"]["type"], "doc");
    assert_eq!(at("/repos/example/infra/issues")[0]["labels"], json!(["security"]));
    assert_eq!(at("/repos/example/infra/issues/42/comments").len(), 1);
}
