//! Messages that somebody asks the server for: tried out, looked at, sent.
#![cfg(unix)]

use serde_json::json;

use crate::frameworks::{Place, SNAPSHOT};
use crate::receiver::Receiver;
use crate::serve_live::serve;

#[test]
fn a_finding_is_looked_at_and_sent_and_a_destination_that_takes_nothing_says_why() {
    let (place, hook) = (Place::new(), Receiver::friendly());
    place.run(&[
        "scan",
        "--snapshot",
        SNAPSHOT,
        "--output",
        "csv",
        "--out",
        place.path("out").to_str().unwrap(),
    ]);
    let configuration = format!(
        r#"
[destinations.hook]
type = "webhook"
url = "{}"
events = []

[destinations.closed]
type = "smtp"
host = "127.0.0.1"
port = 9
security = "none"
from = "yagura@example.com"
to = ["soc@example.com"]
events = []

[[projects]]
name = "everything"
ou = ["Root*"]
lang = "ja"
destinations = ["hook"]
"#,
        hook.address()
    );
    let mut serving = serve(&place, &configuration, 3);
    let who = serving.administrator();
    let list = serving.call("GET", "/api/destinations", &who, "").body;
    let told: Vec<_> = list["Destinations"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["Name"].clone(), it["Projects"].clone()))
        .collect();
    assert_eq!(told, [(json!("closed"), json!([])), (json!("hook"), json!(["everything"]))]);
    assert!(!list.to_string().contains("127.0.0.1"), "what it is reached by is nobody's: {list}");

    assert_eq!(serving.call("POST", "/api/destinations/hook/test", &who, "{\"Lang\":\"ja\"}").status, 204);
    let seen = hook.seen().pop().unwrap().json();
    assert_eq!(seen["type"], "test", "{seen}");
    let refused = serving.call("POST", "/api/destinations/closed/test", &who, "{}");
    assert_eq!(refused.status, 409, "{refused:?}");
    let why = refused.body["detail"].as_str().unwrap();
    assert!(why.starts_with("the test message did not arrive: ") && why.len() > 50, "{why}");

    let finding =
        serving.call("GET", "/api/findings?severity=HIGH&limit=1", &who, "").body["Findings"][0].clone();
    let id = finding["Id"].as_str().unwrap();
    let preview = |more: &str| format!("/api/messages/preview?finding={id}{more}");
    let text = serving.call("GET", &preview(""), &who, "").body["Text"].clone();
    assert!(text.as_str().unwrap().contains("対応手順"), "in the project's language: {text}");
    let slack = serving.call("GET", &preview("&format=slack&lang=en"), &who, "").body["Text"].clone();
    assert!(slack.as_str().unwrap().contains("\"blocks\""), "{slack}");

    let before = hook.seen().len();
    let order = json!({ "About": { "Finding": id }, "Destination": "hook" }).to_string();
    assert_eq!(serving.call("POST", "/api/deliveries", &who, &order).status, 204);
    hook.wait_for(before + 1);
    let sent = hook.seen().pop().unwrap().json();
    assert!(sent.to_string().contains(id), "{sent}");
    let list = serving.until("/api/deliveries", &who, |it| it.body["Deliveries"][0]["State"] == "SENT").body;
    assert_eq!(list["Deliveries"][0]["Destination"], "hook");
    assert_eq!(serving.stop(), Some(0));
}
