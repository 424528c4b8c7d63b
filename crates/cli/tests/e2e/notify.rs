//! Messages to people: planned from a scan, sent to real receivers, by processes that are killed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};

use serde_json::{Value, json};

use crate::event_sources::Emulator;
use crate::frameworks::{Place, SNAPSHOT, says};
use crate::receiver::{Answer, MailServer, Receiver};
use crate::run::{run, yagura};
use crate::sources::with;

/// Projects, a webhook and a mail server.
fn configuration(hook: &Receiver, mail: &MailServer) -> String {
    format!(
        r#"
# The recorded organisation is older than this machine's clock.
[sla]
critical = 36500
high = 36500
medium = 36500
low = 36500

[destinations.hook]
type = "webhook"
url = "{}"
per_minute = 6000
timeout = 120

[destinations.mail]
type = "smtp"
host = "127.0.0.1"
port = {}
security = "none"
from = "yagura@example.com"
to = ["soc@example.com"]
per_minute = 6000

[[projects]]
name = "everything"
ou = ["Root*"]
accounts = ["345678901234", "567890123456"]
lang = "ja"
time_zone = "Asia/Tokyo"
destinations = ["hook", "mail"]
"#,
        hook.address(),
        mail.port
    )
}

struct Scene {
    place: Place,
    config: String,
    minutes: u32,
}

impl Scene {
    fn new(configuration: &str) -> Self {
        let place = Place::new();
        place.scan(&["--now", "2026-03-02T00:00:00Z", "--output", "csv"]);
        let config = place.path("yagura.toml");
        std::fs::write(&config, configuration).unwrap();
        Self { config: config.to_str().unwrap().to_owned(), place, minutes: 0 }
    }

    /// The attack of the demonstration is detected; how many findings it has.
    fn attacked(&self) -> usize {
        let logs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/attack/logs/AWSLogs");
        let found =
            self.place.run(&["detect", logs, "--now", "2026-02-01T00:00:00Z", "--output", "json"]).json();
        assert_eq!(found["Incidents"].as_array().unwrap().len(), 1);
        found["Findings"].as_array().unwrap().len()
    }

    /// A run, ten minutes after the one before: whatever that had claimed is free again.
    fn arguments(&mut self) -> Vec<String> {
        self.minutes += 10;
        let now = format!("2026-03-02T{:02}:{:02}:00Z", self.minutes / 60, self.minutes % 60);
        ["notify", "run", "--config", &self.config, "--now", &now].map(str::to_owned).to_vec()
    }

    fn start(&mut self) -> Child {
        let arguments = self.arguments();
        let mut command = yagura();
        command.env("YAGURA_STORE", self.place.path("yagura.db")).args(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// A run that is killed as soon as something is so.
    fn killed_when(&mut self, is_so: impl Fn() -> bool) {
        let mut child = self.start();
        while !is_so() && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }

    fn outbox(&self) -> Vec<Value> {
        let all = self.place.run(&["notify", "outbox", "--output", "json", "--limit", "100000"]);
        all.json().as_array().unwrap().clone()
    }
}

#[test]
fn whoever_is_killed_loses_nothing_and_repeats_at_most_one_message() {
    // These requests are taken and never answered.
    let silent = BTreeSet::from([0, 9, 23]);
    let hook = Receiver::start(move |n, _| {
        if silent.contains(&n) { Answer::Never } else { Answer::Say(200, "", "ok".to_owned()) }
    });
    let mail = MailServer::start();
    let mut scene = Scene::new(&configuration(&hook, &mail));
    let steps = scene.attacked();

    // While it plans, right after it has planned...
    scene.killed_when(|| true);
    let mut child = scene.start();
    let planned = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .find(|line| line.as_ref().is_ok_and(|line| line.contains("new messages")));
    assert!(planned.is_some(), "nothing was planned");
    child.kill().unwrap();
    child.wait().unwrap();
    // ...while a receiver has a message and has not answered, and while mails and answers come in.
    for n in [1, 10, 24] {
        scene.killed_when(|| hook.seen().len() >= n);
    }
    let mut kills = 5;
    for n in [30, 31, 45] {
        scene.killed_when(|| hook.seen().len() >= n);
        kills += 1;
    }
    for n in [1, 2, 15] {
        scene.killed_when(|| mail.mails().len() >= n);
        kills += 1;
    }
    let mut last = scene.start();
    assert!(last.wait().unwrap().success());

    let outbox = scene.outbox();
    assert!(outbox.iter().all(|it| it["State"] == "SENT"), "something did not arrive");
    let keys = |of: &str| -> BTreeSet<String> {
        let of = outbox.iter().filter(|it| it["Destination"] == of);
        of.map(|it| it["Key"].as_str().unwrap().to_owned()).collect()
    };
    let by_hook: Vec<_> = hook.seen().iter().map(|it| it.headers["yagura-delivery"].clone()).collect();
    let by_mail: Vec<_> =
        mail.mails().iter().map(|it| message_id(&std::fs::read_to_string(it).unwrap())).collect();
    assert!(keys("hook").len() > 60, "too few messages to say anything: {}", keys("hook").len());
    assert_eq!(by_hook.iter().cloned().collect::<BTreeSet<_>>(), keys("hook"), "every message arrived");
    assert_eq!(by_mail.iter().cloned().collect::<BTreeSet<_>>(), keys("mail"), "every mail arrived");
    let twice = by_hook.len() + by_mail.len() - keys("hook").len() - keys("mail").len();
    assert!((3..=kills).contains(&twice), "{twice} duplicates of {kills} kills");

    // Each finding is in one message.
    let mut told: BTreeMap<String, usize> = BTreeMap::new();
    let mut attacks = 0;
    let messages: BTreeMap<_, _> =
        hook.seen().into_iter().map(|it| (it.headers["yagura-delivery"].clone(), it)).collect();
    for message in messages.values() {
        for alert in message.json()["alerts"].as_array().unwrap() {
            attacks += usize::from(alert["incident"].is_object());
            for finding in alert["findings"].as_array().unwrap() {
                *told.entry(finding["id"].as_str().unwrap().to_owned()).or_default() += 1;
            }
        }
    }
    let again = scene.place.run(&[
        "scan",
        "--snapshot",
        SNAPSHOT,
        "--now",
        "2026-03-02T00:00:01Z",
        "--output",
        "json",
    ]);
    let evaluations = again.json()["Evaluations"].as_array().unwrap().clone();
    let open = evaluations.iter().filter(|it| it["Outcome"] == "NON_COMPLIANT").count();
    assert_eq!(told.len(), open + steps, "every finding was told");
    assert_eq!(attacks, 1, "the attack in one message, with all of its findings");
    assert!(told.values().all(|count| *count == 1), "and once");
}

/// The key in a mail's Message-ID.
fn message_id(mail: &str) -> String {
    let line = mail.lines().find(|it| it.starts_with("Message-ID: ")).unwrap();
    line.trim_start_matches("Message-ID: <").split('@').next().unwrap().to_owned()
}

#[test]
fn messages_are_shown_tried_and_sent_again() {
    let hook = Receiver::start(|n, _| Answer::Say(if n == 1 { 404 } else { 200 }, "", String::new()));
    let mail = MailServer::start();
    let mut scene = Scene::new(&configuration(&hook, &mail));
    let config = scene.config.clone();
    let run =
        |scene: &Scene, more: &[&str]| scene.place.run(&[&["notify"], more, &["--config", &config]].concat());

    let english = run(&scene, &["preview", "--sample", "--lang", "en"]);
    says(&english, 0, &["Alert ID: 0123456789abcdef0123456789abcdef", "What the fix may break:"]);
    let japanese = run(&scene, &["preview", "--sample", "--lang", "ja", "--format", "html"]);
    says(&japanese, 0, &["<html lang=\"ja\">", "ご担当者様", "該当する CIS 要件"]);
    says(&run(&scene, &["preview", "00000000000000000000000000000000"]), 2, &["there is no finding"]);
    let english = run(&scene, &["preview", "--sample", "incident", "--lang", "en"]);
    says(
        &english,
        0,
        &["What happened [Persistence]", "Access key made for another IAM user", "What to do first:"],
    );
    let japanese = run(&scene, &["preview", "--sample", "incident", "--lang", "ja"]);
    says(&japanese, 0, &["攻撃とみられる一連の操作を検出しました", "経緯【永続化】", "最初の対応:"]);

    says(&run(&scene, &["test", "hook", "--lang", "en"]), 0, &["the test message to `hook` has arrived"]);
    says(&run(&scene, &["test", "nowhere"]), 2, &["defines no destination `nowhere`", "`hook`, `mail`"]);

    let first = scene.arguments();
    let first: Vec<_> = first.iter().map(String::as_str).collect();
    says(
        &scene.place.run(&[&first[..], &["--lang", "en"]].concat()),
        1,
        &["1 dead", "the other side answered 404"],
    );
    let dead = run(&scene, &["outbox", "--dead", "--lang", "en"]);
    says(&dead, 0, &["hook everything", "dead (1)", "the other side answered 404"]);
    let number = dead.out.split_whitespace().next().unwrap().to_owned();
    says(&run(&scene, &["resend", &number]), 0, &["will be sent again"]);
    let second = scene.arguments();
    // `resend` goes by this machine's clock, which may be ahead of the scene's.
    let second: Vec<_> =
        second.iter().map(String::as_str).filter(|it| *it != "--now" && !it.starts_with("2026-")).collect();
    says(&scene.place.run(&[&second[..], &["--lang", "en"]].concat()), 0, &["0 new messages", "1 sent"]);
    says(&run(&scene, &["resend", &number]), 1, &["has arrived"]);
}

#[test]
fn an_incident_of_the_store_is_shown_as_its_people_read_it() {
    let (hook, mail) = (Receiver::friendly(), MailServer::start());
    let scene = Scene::new(&configuration(&hook, &mail));
    scene.attacked();
    let id = scene.place.run(&["incidents", "list", "--output", "json"]).json()[0]["Id"].clone();
    let preview = ["notify", "preview", &id.as_str().unwrap()[..10], "--config", &scene.config];
    says(
        &scene.place.run(&preview),
        0,
        &["kenji ほか 2 者による攻撃", "経緯【永続化】", "（JST）", "攻撃者が作成したもの:"],
    );
    let english = [&preview[..], &["--lang", "en", "--format", "slack"]].concat();
    says(
        &scene.place.run(&english),
        0,
        &["kenji goes on as GameOperations (sts:AssumeRole)", "AKIAVCODYLSA0MISAKI9"],
    );
}

#[test]
fn a_configuration_that_cannot_be_used_is_told_with_its_lines() {
    let place = Place::new();
    let config = place.path("yagura.toml");
    let text = "project_tables = [\"projects.csv\"]\n\n[destinations.chat]\ntype = \"slack-webhook\"\nurl = \"https://hooks.example.com/T/secret-part\"\n";
    std::fs::write(&config, text).unwrap();
    let ended = place.run(&["notify", "outbox", "--config", config.to_str().unwrap()]);
    says(&ended, 2, &["yagura.toml:5:1: error[config/destination]: a secret may not be written here: `url`"]);
    assert!(!ended.err.contains("secret-part"), "{}", ended.err);
}

#[test]
fn topics_and_mails_of_aws_are_reached_as_the_caller() {
    let mut emulator = Emulator::start();
    let topic = emulator.ask(&json!(["sns", "CreateTopic", { "Name": "alerts" }]))["TopicArn"].clone();
    let queue = emulator.ask(&json!(["sqs", "CreateQueue", { "QueueName": "readers" }]))["QueueUrl"].clone();
    let arn = topic.as_str().unwrap().replace(":sns:", ":sqs:").replace(":alerts", ":readers");
    emulator.ask(&json!(["sns", "Subscribe", { "TopicArn": topic, "Protocol": "sqs", "Endpoint": arn }]));
    emulator.ask(&json!(["ses", "VerifyEmailIdentity", { "EmailAddress": "yagura@example.com" }]));
    let place = Place::new();
    let config = place.path("yagura.toml");
    let text = format!(
        "[destinations.topic]\ntype = \"sns\"\ntopic_arn = {topic}\n\n[destinations.mail]\ntype = \"ses\"\nfrom = \"yagura@example.com\"\nto = [\"soc@example.com\"]\nregion = \"eu-west-1\"\n"
    );
    std::fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap();
    let test = |name: &str| {
        run(
            &mut with(&emulator, &place.path("")),
            &["notify", "test", name, "--lang", "ja", "--config", config],
        )
    };
    says(&test("topic"), 0, &["`topic` へのテスト送信に成功しました"]);
    says(&test("mail"), 0, &["`mail` へのテスト送信に成功しました"]);

    let told = emulator.ask(&json!(["sqs", "ReceiveMessage", { "QueueUrl": queue }]));
    let body: Value = serde_json::from_str(told["Messages"][0]["Body"].as_str().unwrap()).unwrap();
    assert_eq!(body["Subject"], "Yagura: informational test (0 findings)");
    assert!(body["Message"].as_str().unwrap().starts_with("Yagura からのテスト送信です。"), "{body}");
    let quota = emulator.ask(&json!(["ses", "GetSendQuota", {}]));
    assert_eq!(quota["SentLast24Hours"], 1.0, "{quota}");
}
