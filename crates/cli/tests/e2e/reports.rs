//! Reports about projects, to a directory and to a bucket, now and on a schedule; and progress.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::event_sources::Emulator;
use crate::frameworks::{Place, says};
use crate::run::run;
use crate::sources::with;

const PROJECTS: &str = r#"
[[projects]]
name = "shop / web"
accounts = ["hinode-shop-*"]

[[projects]]
name = "everything"
ou = ["Root*"]

[[projects]]
name = "nobody"
accounts = ["999999999999"]
"#;

const SCHEDULED: &str = r#"
[[reports]]
name = "weekly"
schedule = "0 9 * * mon"
time_zone = "Asia/Tokyo"
projects = ["everything", "nobody"]
output = ["json"]
out = "made"
lang = "ja"
"#;

/// A scanned organisation and a configuration with projects.
fn scanned(more: &str) -> (Place, String) {
    let place = Place::new();
    let config = place.path("yagura.toml");
    let made = place.path("made");
    let more = more.replace("\"made\"", &format!("{:?}", made.to_str().unwrap()));
    std::fs::write(&config, format!("{PROJECTS}{more}")).unwrap();
    let config = config.to_str().unwrap().to_owned();
    place.scan(&["--config", &config, "--output", "csv"]);
    (place, config)
}

fn names(place: &Place, directory: &str) -> Vec<String> {
    let listed = std::fs::read_dir(place.path(directory)).unwrap();
    let mut names: Vec<String> =
        listed.map(|it| it.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn each_project_has_a_file_in_each_format() {
    let (place, config) = scanned("");
    let out = place.path("out");
    let out = out.to_str().unwrap();
    let now = ["--now", "2026-11-30T00:00:00Z"];
    let report =
        |more: &[&str]| place.run(&[&["report", "--config", &config, "--out", out], &now[..], more].concat());
    let made = report(&["--all-projects", "--without-project", "--output", "xlsx,csv,html,json"]);
    assert_eq!(made.status, 0, "{}", made.err);
    let expected: Vec<String> = ["everything", "nobody", "shop-web", "without-project"]
        .iter()
        .flat_map(|it| ["csv", "html", "json", "xlsx"].map(|end| format!("yagura-{it}-2026-11-30.{end}")))
        .collect();
    assert_eq!(names(&place, "out"), expected);
    assert_eq!(made.out.lines().count(), 16);

    let document = |name: &str| -> Value {
        let text = std::fs::read(place.path(&format!("out/yagura-{name}-2026-11-30.json"))).unwrap();
        serde_json::from_slice(&text).unwrap()
    };
    let (web, all, nobody) = (document("shop-web"), document("everything"), document("nobody"));
    let count = |it: &Value| it["Findings"].as_array().unwrap().len();
    assert!(count(&web) > 0 && count(&web) < count(&all), "{} of {}", count(&web), count(&all));
    assert_eq!(count(&nobody), 0, "a project without accounts is not about all of them");
    assert_eq!(web["Report"]["Accounts"].as_array().unwrap().len(), 2);
    let house =
        |it: &Value| it["Frameworks"].as_array().unwrap().iter().any(|it| it["Framework"] == "house-1.0");
    assert!(house(&web) && !house(&nobody));
    let last = web["Progress"]["All"].as_array().unwrap().last().unwrap().clone();
    let open = web["Findings"].as_array().unwrap().iter().filter(|it| it["Workflow"] != "SUPPRESSED").count();
    assert_eq!(last["Open"], open, "the curve ends where the list is");

    // Made again, it is the same to the byte, the workbook too.
    let book = place.path("out/yagura-shop-web-2026-11-30.xlsx");
    let before = std::fs::read(&book).unwrap();
    assert_eq!(report(&["--project", "shop / web"]).status, 0);
    assert!(std::fs::read(&book).unwrap() == before);
}

#[test]
fn what_cannot_be_made_is_told_and_the_others_are_made() {
    let (place, config) = scanned("");
    let out = place.path("out");
    // What has the name of the report is in its way.
    std::fs::create_dir_all(out.join("yagura-everything-2026-11-30.csv/x")).unwrap();
    let arguments =
        ["report", "--config", &config, "--all-projects", "--output", "csv", "--now", "2026-11-30T00:00:00Z"];
    let ended = place.run(&[&arguments[..], &["--out", out.to_str().unwrap()]].concat());
    says(&ended, 1, &["the report about `everything` could not be made", "could not be written"]);
    assert!(out.join("yagura-shop-web-2026-11-30.csv").is_file());
    assert!(out.join("yagura-nobody-2026-11-30.csv").is_file());
    assert!(names(&place, "out").iter().all(|it| !it.contains("unfinished")));

    let report = |more: &[&str]| place.run(&[&["report", "--config", &config], more].concat());
    says(&report(&[]), 2, &["no project was asked for"]);
    says(&report(&["--project", "wep"]), 2, &["defines no project `wep`"]);
    says(&report(&["--all-projects", "--output", "docx"]), 2, &["xlsx, csv, html, pdf, json"]);
    says(&report(&["--all-projects", "--presign", "8d"]), 2, &["seven days at most"]);
    says(&report(&["--all-projects", "--presign", "1d"]), 2, &["about reports in S3"]);
    says(&report(&["--all-projects", "--out", "s3://x"]), 2, &["is not a place in S3"]);
}

/// A page without Chromium is told, and one with it is a PDF.
#[test]
fn a_pdf_is_printed_by_chromium_where_there_is_one() {
    let (place, config) = scanned("");
    let out = place.path("out");
    let arguments = [
        "report",
        "--config",
        &config,
        "--project",
        "shop / web",
        "--output",
        "pdf",
        "--now",
        "2026-11-30T00:00:00Z",
    ];
    let arguments = [&arguments[..], &["--out", out.to_str().unwrap()]].concat();
    let mut none = crate::run::yagura();
    none.env("YAGURA_STORE", place.path("yagura.db")).env("YAGURA_CHROMIUM", "/nowhere/chromium");
    says(&run(&mut none, &arguments), 1, &["a PDF needs Chromium or Chrome", "YAGURA_CHROMIUM"]);
    assert_eq!(names(&place, "out"), Vec::<String>::new());

    let ended = place.run(&arguments);
    if ended.err.contains("a PDF needs Chromium") {
        println!("skipped: there is no Chromium");
        return;
    }
    assert_eq!(ended.status, 0, "{}", ended.err);
    let pdf = std::fs::read(out.join("yagura-shop-web-2026-11-30.pdf")).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 10_000);
}

#[test]
fn reports_go_to_a_bucket_with_links_and_a_bucket_that_denies_is_told() {
    let (place, config) = scanned("");
    let mut emulator = Emulator::start();
    let directory = place.path("");
    let arguments = [
        "report",
        "--config",
        &config,
        "--project",
        "shop / web",
        "--project",
        "nobody",
        "--output",
        "csv",
        "--now",
        "2026-11-30T00:00:00Z",
        "--out",
        "s3://organisation-trail/weekly",
        "--sse",
        "AES256",
        "--presign",
        "7d",
    ];
    let mut command = with(&emulator, &directory);
    let ended = run(command.env("YAGURA_STORE", place.path("yagura.db")), &arguments);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(lines.len(), 4, "{}", ended.out);
    assert_eq!(lines[0], "s3://organisation-trail/weekly/yagura-shop-web-2026-11-30.csv");
    assert!(lines[1].contains("X-Amz-Expires=604800"), "{}", lines[1]);

    let address = lines[1].strip_prefix("http://").unwrap();
    let (host, path) = address.split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer);
    assert!(answer.starts_with("HTTP/1.1 200") || answer.starts_with("HTTP/1.0 200"), "{answer:.300}");
    assert!(answer.contains("text/csv") && answer.contains("Severity,State,Workflow"), "{answer:.600}");

    emulator.ask(&json!({ "rules": [{ "service": "s3", "kind": "denied" }] }));
    let mut command = with(&emulator, &directory);
    let ended = run(command.env("YAGURA_STORE", place.path("yagura.db")), &arguments);
    let told =
        ["the report about `shop / web` could not be made", "the report about `nobody` could not be made"];
    says(&ended, 1, &[&told[..], &["could not be put to", "`s3:PutObject`"]].concat());
}

#[test]
fn reports_are_made_when_they_are_due_and_once() {
    let (place, config) = scanned(SCHEDULED);
    let told = place.run(&["report", "--config", &config, "schedule", "--now", "2026-11-27T00:00:00Z"]);
    says(
        &told,
        0,
        &[
            "weekly -> ",
            "(json)",
            "0 9 * * mon: everything, nobody",
            "Mon 2026-11-30 09:00 JST",
            "Mon 2026-12-14 09:00 JST",
        ],
    );

    let due = |now: &str| place.run(&["report", "--config", &config, "run-due", "--now", now]);
    assert_eq!(due("2026-11-29T23:59:00Z").out, "", "it is 08:59 in Tokyo");
    let made = due("2026-11-30T00:05:00Z");
    assert_eq!((made.status, made.out.lines().count()), (0, 2), "{}", made.err);
    assert_eq!(names(&place, "made"), ["yagura-everything-2026-11-30.json", "yagura-nobody-2026-11-30.json"]);
    assert_eq!(due("2026-11-30T00:10:00Z").out, "", "once");
    assert_eq!(due("2026-12-22T00:00:00Z").out.lines().count(), 2, "three that were missed are one");

    let wrong = |from: &str, to: &str| {
        let path = place.path("wrong.toml");
        std::fs::write(&path, format!("{PROJECTS}{}", SCHEDULED.replace(from, to))).unwrap();
        place.run(&["report", "--config", path.to_str().unwrap(), "schedule"])
    };
    says(&wrong("0 9 * * mon", "0 25 * * mon"), 2, &["`25` is no hour: 0 to 23"]);
    says(&wrong("Asia/Tokyo", "Asia/Kyoto"), 2, &["`Asia/Kyoto` is no time zone"]);
    says(&wrong("\"nobody\"", "\"wep\""), 2, &["defines no project `wep`"]);
    says(
        &wrong("[[reports]]", "[[reports]]\nsse = \"none\""),
        2,
        &["`sse` and `presign` are about reports in S3"],
    );
    let none = place.path("none.toml");
    std::fs::write(&none, PROJECTS).unwrap();
    says(&place.run(&["report", "--config", none.to_str().unwrap(), "run-due"]), 2, &["schedules no report"]);
}

#[test]
fn a_report_without_a_schedule_is_made_when_each_project_says_in_its_own_language() {
    let own = r#"
[[projects]]
name = "dev"
accounts = ["hinode-shop-dev"]
lang = "ja"
time_zone = "Asia/Tokyo"
report_schedule = "0 9 * * tue"

[[reports]]
name = "own"
output = ["html"]
out = "made"
"#;
    let (place, config) = scanned(own);
    let told = place.run(&["report", "--config", &config, "schedule", "--now", "2026-11-27T00:00:00Z"]);
    says(&told, 0, &["0 9 * * tue: dev", "Tue 2026-12-01 09:00 JST"]);
    // Whatever language the terminal of whoever runs it has.
    let due =
        |now: &str| place.run(&["report", "--config", &config, "run-due", "--lang", "en", "--now", now]);
    assert_eq!(due("2026-11-30T23:59:00Z").out, "", "it is 08:59 in Tokyo");
    assert_eq!(due("2026-12-01T00:05:00Z").status, 0);
    assert_eq!(names(&place, "made"), ["yagura-dev-2026-12-01.html"]);
    let page = std::fs::read_to_string(place.path("made/yagura-dev-2026-12-01.html")).unwrap();
    assert!(page.contains("lang=\"ja\""), "{page:.300}");
}

#[test]
fn a_policy_of_a_bucket_is_printed() {
    let place = Place::new();
    let policy = |more: &[&str]| {
        place.run(&[&["report", "bucket-policy", "--bucket", "example-reports"], more].concat())
    };
    let document = policy(&["--source-ip", "203.0.113.9/24", "198.51.100.7"]).json();
    let reading = &document["Statement"][1];
    assert_eq!(
        reading["Condition"]["NotIpAddress"]["aws:SourceIp"],
        json!(["203.0.113.0/24", "198.51.100.7/32"])
    );
    says(&policy(&[]), 2, &["nobody could read reports otherwise"]);
    says(&policy(&["--source-ip", "10.1.2.3"]), 2, &["a private network"]);
    says(&policy(&["--source-ip", "office"]), 2, &["neither a range"]);
}

#[test]
fn progress_is_told_by_project_and_as_json() {
    let (place, config) = scanned("\n[sla]\ncritical = 1\n");
    let progress = |more: &[&str]| {
        place.run(
            &[&["progress", "--config", &config, "--weeks", "4", "--now", "2030-01-01T00:00:00Z"], more]
                .concat(),
        )
    };
    says(&progress(&[]), 0, &["Progress over 4 weeks", "everything", "shop / web", "Overdue"]);
    says(
        &progress(&["--by", "rule", "--lang", "ja"]),
        0,
        &["4 週間の進捗", "ec2-security-group-attached-to-eni", "期限超過"],
    );
    let json = progress(&["--output", "json"]).json();
    let part =
        |name: &str| json["Projects"].as_array().unwrap().iter().find(|it| it["Id"] == name).unwrap().clone();
    assert_eq!(part("everything")["Weeks"], json["All"]);
    assert_eq!(part("nobody")["Weeks"][3]["Open"], 0);
    says(&place.run(&["progress", "--weeks", "0"]), 2, &["0 is not in 1..=520"]);

    let wrong = place.path("wrong.toml");
    std::fs::write(&wrong, "[sla]\nurgent = 1\n").unwrap();
    says(&place.run(&["progress", "--config", wrong.to_str().unwrap()]), 2, &["wrong.toml:2", "urgent"]);
}
