//! Receivers that are busy, broken, silent or gone, and processes that end in between.

use std::time::Duration;

use yagura_model::Severity;
use yagura_store::{Claim, MessageState};

use crate::fixture::{Scene, finding};
use crate::receiver::{Answer, Receiver};

fn hook(name: &str, receiver: &Receiver, more: &str) -> String {
    format!("[{name}]\ntype = \"webhook\"\nurl = \"{}/{name}\"\n{more}\n", receiver.address())
}

#[tokio::test]
async fn a_message_is_told_once_however_often_the_program_runs() {
    let receiver = Receiver::friendly();
    let mut scene = Scene::new(&hook("hook", &receiver, ""));
    scene.happens(&[finding("restricted-ssh", "sg-1", Severity::High)]);
    for _ in 0..3 {
        scene.run().await;
        scene.wait(60);
    }
    assert_eq!(receiver.seen().len(), 1);
    assert_eq!(scene.outbox().await[0].state, MessageState::Sent);
}

#[tokio::test]
async fn each_kind_of_trouble_is_treated_as_it_deserves() {
    let receiver = Receiver::start(|_, request| match &*request.path {
        "/busy" => Answer::Say(429, "retry-after: 1800\r\n", "slow down".to_owned()),
        "/broken" => Answer::Say(500, "", "oh no".to_owned()),
        "/gone" => Answer::Say(404, "", "no_service".to_owned()),
        "/moved" => Answer::Say(301, "location: https://example.com/\r\n", String::new()),
        "/silent" => Answer::Never,
        _ => Answer::Say(204, "", String::new()),
    });
    let names = ["broken", "busy", "fine", "gone", "moved", "silent"];
    let to: String = names.iter().map(|it| hook(it, &receiver, "timeout = 1")).collect();
    let closed = "[closed]\ntype = \"webhook\"\nurl = \"http://127.0.0.1:1/\"\n";
    let mut scene = Scene::new(&format!("{to}{closed}"));
    scene.happens(&[finding("a", "1", Severity::High), finding("b", "1", Severity::High)]);
    let (planned, done) = scene.run().await;
    assert_eq!(planned, 14);
    assert_eq!(done.sent, 2, "{done:?}");
    let why = |all: &[(i64, String, String)], name: &str| -> Vec<String> {
        all.iter().filter(|it| it.1 == name).map(|it| it.2.clone()).collect()
    };
    assert_eq!(
        why(&done.postponed, "busy"),
        ["the other side answered 429: slow down"],
        "one try, then patience"
    );
    assert_eq!(why(&done.postponed, "broken"), ["the other side answered 500: oh no"]);
    assert_eq!(why(&done.postponed, "silent"), ["no answer within 1 seconds"]);
    assert!(why(&done.postponed, "closed")[0].starts_with("no connection: "), "{done:?}");
    assert_eq!(why(&done.dead, "gone"), ["the other side answered 404: no_service"; 2]);
    assert_eq!(why(&done.dead, "moved"), ["the address has moved (status 301)"; 2]);

    // What asked for half an hour gets it; the others are tried sooner.
    let count = |path: &str| receiver.seen().iter().filter(|it| it.path == path).count();
    scene.wait(5);
    scene.run().await;
    assert_eq!((count("/busy"), count("/broken")), (1, 2));
    scene.wait(30);
    scene.run().await;
    assert_eq!(count("/busy"), 2);
}

#[tokio::test]
async fn dead_messages_are_sent_again_when_somebody_says_so() {
    let receiver = Receiver::start(|n, _| Answer::Say(if n == 0 { 410 } else { 200 }, "", String::new()));
    let mut scene = Scene::new(&hook("hook", &receiver, ""));
    scene.happens(&[finding("a", "1", Severity::High)]);
    assert_eq!(scene.run().await.1.dead.len(), 1);
    scene.wait(600);
    assert_eq!(scene.run().await.1.sent, 0);
    let store = scene.store().await;
    let dead = store.outbox(Some(MessageState::Dead), 10).await.unwrap();
    assert_eq!(dead[0].error.as_deref(), Some("the other side answered 410"));
    assert!(store.resend_message(dead[0].id, scene.now).await.unwrap());
    store.close().await;
    assert_eq!(scene.run().await.1.sent, 1);
    let store = scene.store().await;
    assert!(!store.resend_message(dead[0].id, scene.now).await.unwrap(), "it has arrived");
}

#[tokio::test]
async fn a_rate_limit_holds_across_runs() {
    let receiver = Receiver::friendly();
    let mut scene = Scene::new(&hook("hook", &receiver, "per_minute = 2"));
    scene.happens(&["a", "b", "c"].map(|rule| finding(rule, "1", Severity::High)));
    let (_, done) = scene.run().await;
    assert_eq!((done.sent, done.limited.len()), (2, 1));
    assert_eq!(scene.run().await.1.sent, 0);
    scene.wait(2);
    assert_eq!(scene.run().await.1.sent, 1);
}

#[tokio::test]
async fn two_processes_do_not_send_the_same_message() {
    let receiver = Receiver::friendly();
    let mut scene = Scene::new(&hook("hook", &receiver, ""));
    scene.happens(&[finding("a", "1", Severity::High)]);
    let store = scene.store().await;
    scene.plan(&store).await;
    let until = scene.now.checked_add(Duration::from_secs(60)).unwrap();
    let claim = Claim { by: "another", now: scene.now, until, except: &[] };
    let taken = store.claim_message(claim).await.unwrap().unwrap();
    assert_eq!(scene.deliver(&store).await.sent, 0, "somebody else has it");
    scene.wait(2);
    assert_eq!(scene.deliver(&store).await.sent, 1, "somebody else has died");
    let late = store.message_sent(taken.id, "another", None, scene.now).await.unwrap();
    assert!(!late, "who comes back too late changes nothing");
    assert_eq!(receiver.seen().len(), 1);
}

#[tokio::test]
async fn two_plans_at_once_make_each_message_once() {
    let receiver = Receiver::friendly();
    let mut scene = Scene::new(&hook("hook", &receiver, ""));
    let all: Vec<_> =
        (0..2_500).map(|n| finding(&format!("rule-{}", n % 7), &n.to_string(), Severity::High)).collect();
    scene.happens(&all);
    let (one, other) = (scene.store().await, scene.store().await);
    tokio::join!(scene.plan(&one), scene.plan(&other));
    let told: usize = scene
        .outbox()
        .await
        .iter()
        .map(|it| serde_json::from_str::<yagura_notify::Notice>(&it.body).unwrap().count())
        .sum();
    assert_eq!(told, 2_500, "each finding once");
}

#[tokio::test]
async fn no_secret_is_kept() {
    let receiver = Receiver::start(|_, it| {
        let token = it.headers.get("authorization").cloned().unwrap_or_default();
        Answer::Say(403, "", format!("who is {token}?"))
    });
    let to = format!(
        "[issues]\ntype = \"github\"\nrepository = \"a/b\"\ntoken_file = \"DIR/secret\"\napi_url = \"{}\"\nevents = [\"opened\"]\n",
        receiver.address()
    );
    let mut scene = Scene::new(&to);
    scene.happens(&[finding("a", "1", Severity::High)]);
    let (_, done) = scene.run().await;
    assert_eq!(done.dead[0].2, "the other side answered 403: who is Bearer ***?");
    let bytes = std::fs::read(scene.directory.path().join("yagura.db")).unwrap();
    assert!(!bytes.windows(12).any(|it| it == b"s3cr3t-token"));
}
