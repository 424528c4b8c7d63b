//! A server that does everything by itself: scans on a schedule, follows logs, tells people, stops and goes on.
#![cfg(unix)]

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::frameworks::{Place, SNAPSHOT};
use crate::receiver::Receiver;
use crate::run::yagura;
use crate::serve::Serving;

const LOGS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/attack/logs/AWSLogs");

/// A server by this configuration, in the directory of the place.
pub fn serve(place: &Place, configuration: &str, lines: usize) -> Serving {
    std::fs::write(place.path("yagura.toml"), configuration).unwrap();
    let mut command = yagura();
    command.current_dir(place.path("")).args(["serve", "--listen", "127.0.0.1:0", "--store", "yagura.db"]);
    Serving::begin(command, lines)
}

fn copied(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

pub fn job(list: &Value, name: &str) -> Value {
    let jobs = list["Jobs"].as_array().unwrap_or_else(|| panic!("no jobs: {list}"));
    jobs.iter().find(|it| it["Name"] == name).cloned().unwrap_or_default()
}

fn ended(serving: &Serving, who: &str, name: &str) -> Value {
    let list = serving.until("/api/jobs", who, |it| !job(&it.body, name)["Last"].is_null());
    job(&list.body, name)
}

#[test]
fn what_is_scanned_and_detected_is_seen_and_told_while_the_server_runs() {
    let (place, hook) = (Place::new(), Receiver::friendly());
    std::fs::create_dir(place.path("logs")).unwrap();
    let configuration = format!(
        r#"
[serve]
time_zone = "Asia/Tokyo"

[serve.scan]
schedule = "0 2 * * *"
snapshot = "{SNAPSHOT}"

[serve.detect]
sources = ["logs", "nowhere"]

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

[[projects]]
name = "everything"
ou = ["Root*"]
accounts = ["345678901234", "567890123456"]
destinations = ["hook"]
min_severity = "critical"
"#,
        hook.address()
    );
    let serving = serve(&place, &configuration, 3);
    let who = serving.administrator();

    // What never ran, and would have last night, is not put off to the next.
    let scan = ended(&serving, &who, "scan");
    assert_eq!(scan["Last"]["End"], "SUCCEEDED", "{scan}");
    assert_eq!((&scan["Schedule"], &scan["TimeZone"]), (&json!("0 2 * * *"), &json!("Asia/Tokyo")));
    assert!(scan["Next"].as_str().unwrap().contains("T17:00:00Z"), "{scan}");
    let counts = serving.call("GET", "/api/findings/counts", &who, "").body;
    assert!(counts["Total"].as_u64().unwrap() > 5, "{counts}");
    serving
        .until("/api/accounts", &who, |it| it.body["Accounts"].as_array().is_some_and(|it| !it.is_empty()));

    copied(Path::new(LOGS), &place.path("logs/AWSLogs"));
    let incidents = serving
        .until("/api/incidents", &who, |it| it.body["Incidents"].as_array().is_some_and(|it| !it.is_empty()));
    assert_eq!(incidents.body["Incidents"].as_array().unwrap().len(), 1);
    let sources = serving.call("GET", "/api/sources", &who, "").body;
    let [logs, nowhere] = &sources["Sources"].as_array().unwrap()[..] else { panic!("{sources}") };
    assert_eq!((&logs["Name"], &logs["Condition"]), (&json!("logs"), &json!("FOLLOWING")));
    assert!(logs["Events"].as_u64().unwrap() > 0 && logs["LagSeconds"].as_u64().unwrap() > 0, "{logs}");
    assert_eq!(nowhere["Condition"], "FAILING", "{nowhere}");
    assert_eq!(nowhere["Error"], "there is nothing at `nowhere`");
    std::fs::create_dir(place.path("nowhere")).unwrap();
    serving.until("/api/sources", &who, |it| it.body["Sources"][1]["Condition"] == "FOLLOWING");

    // People are told at once, of the attack as of one thing.
    let since = Instant::now();
    let attack = |it: &Value| it["alerts"].as_array().unwrap().iter().any(|it| it["incident"].is_object());
    while !hook.seen().iter().any(|it| attack(&it.json())) {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", serving.later());
        std::thread::sleep(Duration::from_millis(20));
    }

    // Who asks for a scan gets one, and one at a time; who asks for nonsense sees that.
    assert_eq!(serving.call("POST", "/api/scans", &who, "{}").status, 202);
    let second = serving.call("POST", "/api/scans", &who, "{}");
    assert_eq!(
        (second.status, &second.body["detail"]),
        (409, &json!("`scan` runs already: wait until it has ended"))
    );
    assert_eq!(serving.call("POST", "/api/jobs/dance/run", &who, "").status, 404);
    let is_asked = |it: &Value| it["Last"]["By"] == "hanako" && it["Running"].is_null();
    let list = serving.until("/api/jobs", &who, |it| is_asked(&job(&it.body, "scan")));
    assert_eq!(job(&list.body, "scan")["Last"]["End"], "SUCCEEDED", "{:?}", list.body);
    let wish = json!({ "Accounts": ["999999999999"] }).to_string();
    assert_eq!(serving.call("POST", "/api/scans", &who, &wish).status, 202);
    let list = serving.until("/api/jobs", &who, |it| job(&it.body, "scan")["Last"]["End"] == "FAILED");
    let told = job(&list.body, "scan")["Last"]["Told"].as_str().unwrap().to_owned();
    assert!(told.contains("999999999999"), "{told}");
}

#[test]
fn a_server_that_is_stopped_in_a_scan_goes_on_with_it() {
    let place = Place::new();
    let configuration =
        format!("accounts_at_once = 1\n[serve.scan]\nschedule = \"0 2 * * *\"\nsnapshot = \"{SNAPSHOT}\"\n");
    let mut serving = serve(&place, &configuration, 3);
    let since = Instant::now();
    while !serving.later().contains("scan: begun") {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", serving.later());
        std::thread::yield_now();
    }
    serving.signal("-TERM");
    let since = Instant::now();
    assert_eq!(serving.process.wait().unwrap().code(), Some(0), "{}", serving.later());
    assert!(since.elapsed() < Duration::from_secs(20));
    assert!(serving.later().contains("scan: stopped"), "{}", serving.later());

    let serving = serve(&place, &configuration, 3);
    let who = serving.administrator();
    let list = serving.until("/api/jobs", &who, |it| job(&it.body, "scan")["Last"]["End"] == "SUCCEEDED");
    assert_eq!(job(&list.body, "scan")["Failures"], 0);
    let scans = serving.call("GET", "/api/scans", &who, "").body;
    assert_eq!(scans["Scans"].as_array().unwrap().len(), 1, "it was taken up: {scans}");
    assert!(!scans["Scans"][0]["Finished"].is_null());
}

#[test]
fn the_configuration_is_read_again_and_a_broken_one_changes_nothing() {
    let place = Place::new();
    let serving = serve(&place, "", 3);
    let who = serving.administrator();
    let scan = |it: &Value| job(it, "scan");
    let list = serving.until("/api/jobs", &who, |it| !scan(&it.body).is_null());
    assert_eq!((&scan(&list.body)["Schedule"], &scan(&list.body)["Next"]), (&Value::Null, &Value::Null));

    let heard = |text: &str| {
        let since = Instant::now();
        while !serving.later().contains(text) {
            assert!(since.elapsed() < Duration::from_secs(60), "`{text}` is missing in {}", serving.later());
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    let write = |text: &str| std::fs::write(place.path("yagura.toml"), text).unwrap();
    write("regions = []\n\n[serve.scan]\nschedule = \"at night\"\n");
    serving.signal("-HUP");
    heard("yagura.toml:4:12: error[config/syntax]: `at night` is no schedule");
    heard("the configuration stays as it was");
    write("[serve.detect]\nsources = [\"listen://here\"]\n");
    serving.signal("-HUP");
    heard("yagura.toml:2:12: error[config/serve]: `listen://here` is no address");
    assert!(scan(&serving.call("GET", "/api/jobs", &who, "").body)["Schedule"].is_null());

    write(&format!("[serve.scan]\nschedule = \"0 2 * * *\"\nsnapshot = \"{SNAPSHOT}\"\n"));
    serving.signal("-HUP");
    heard("the configuration was read again");
    let list = serving.until("/api/jobs", &who, |it| !scan(&it.body)["Schedule"].is_null());
    assert_eq!(scan(&list.body)["Schedule"], "0 2 * * *");

    // A file that is gone is no file that says nothing.
    std::fs::remove_file(place.path("yagura.toml")).unwrap();
    serving.signal("-HUP");
    heard("cannot read the configuration file `yagura.toml`");
    assert_eq!(scan(&serving.call("GET", "/api/jobs", &who, "").body)["Schedule"], "0 2 * * *");

    // What people may sign in through is checked before anything changes, and changes with the rest.
    let provider = |issuer: &str| {
        format!(
            "[serve]\nbehind_tls = true\nlisten = \"127.0.0.1:1\"\n[serve.openid_connect]\nissuer = \"{issuer}\"\nclient_id = \"yagura\"\n\
             redirect_url = \"https://yagura.example\"\nname = \"Example\"\nothers = {{ role = \"viewer\" }}\n"
        )
    };
    write(&provider("http://id.example"));
    serving.signal("-HUP");
    heard("people cannot sign in through the identity provider");
    assert_eq!(scan(&serving.call("GET", "/api/jobs", &who, "").body)["Schedule"], "0 2 * * *");
    write(&provider("https://id.example"));
    serving.signal("-HUP");
    heard(
        "the configuration was read again; `listen`, `behind_tls` changed, and that holds from the next start on",
    );
    let offered = |it: &Value| it["Providers"].as_array().is_some_and(|it| it.len() == 1);
    serving.until("/api/session/providers", "", |it| offered(&it.body));
}

/// Findings that a file of suppressions hides come back when it says so, and not because somebody slipped.
#[test]
fn a_slip_in_a_file_of_suppressions_is_told_and_people_are_told_as_before() {
    let place = Place::new();
    place.scan(&["--rules", "restricted-ssh"]);
    let accepted = "- name: ssh\n  rules: [restricted-ssh]\n  reason: r\n  requester: taro\n  approver: hanako\n  until: 2099-12-31\n  may_hide: 1000\n";
    let write = |text: &str| std::fs::write(place.path("accepted.yaml"), text).unwrap();
    write(accepted);
    let serving = serve(&place, "suppressions = [\"accepted.yaml\"]\n", 3);
    let who = serving.administrator();
    let hidden = |it: &Value| it["Findings"].as_array().map_or(0, Vec::len);
    let path = "/api/findings?suppression=ssh&limit=200";
    let before = hidden(&serving.until(path, &who, |it| hidden(&it.body) > 0).body);
    let warned = |text: &str| {
        serving.signal("-HUP");
        let is_so = |it: &Value| it["Warnings"][0].as_str().is_some_and(|it| it.contains(text));
        serving
            .until("/api/jobs", &who, |it| is_so(&it.body) && job(&it.body, "notify")["Running"].is_null());
        assert_eq!(hidden(&serving.call("GET", path, &who, "").body), before);
        let jobs = serving.call("GET", "/api/jobs", &who, "").body;
        assert_eq!(job(&jobs, "notify")["Last"]["End"], "SUCCEEDED", "{jobs}");
    };
    write(&accepted.replace("until", "untill"));
    warned("accepted.yaml:");
    std::fs::remove_file(place.path("accepted.yaml")).unwrap();
    warned("the suppressions cannot be read");
    write("[]\n");
    serving.signal("-HUP");
    serving.until(path, &who, |it| hidden(&it.body) == 0);
    serving.until("/api/jobs", &who, |it| it.body["Warnings"].is_null());
}

#[test]
fn a_store_that_is_gone_is_told_and_one_that_comes_back_is_served() {
    let place = Place::new();
    place.scan(&[]);
    let serving = serve(&place, "", 3);
    let who = serving.administrator();
    assert_eq!(serving.call("GET", "/api/ready", "", "").status, 200);
    let moved = |from: &str, to: &str| {
        for end in ["", "-wal", "-shm"] {
            drop(std::fs::rename(place.path(&format!("{from}{end}")), place.path(&format!("{to}{end}"))));
        }
    };
    moved("yagura.db", "away.db");
    let answer = serving.until("/api/ready", "", |it| it.status == 503);
    assert!(!answer.body.to_string().contains("yagura.db"), "anybody asks that: {answer:?}");
    let jobs = serving.until("/api/jobs", &who, |it| it.body["Trouble"].is_string());
    assert!(jobs.body["Trouble"].as_str().unwrap().contains("is gone: put it"), "{jobs:?}");
    moved("away.db", "yagura.db");
    serving.until("/api/ready", "", |it| it.status == 200);
    assert!(serving.later().contains("the store answers again"), "{}", serving.later());
    assert_eq!(serving.call("GET", "/api/jobs", &who, "").status, 200);

    // A backup, first with the log of the other beside it, then without.
    let backup = Place::new();
    backup.scan(&[]);
    moved("yagura.db", "old.db");
    std::fs::write(place.path("yagura.db-wal"), "the other's").unwrap();
    std::fs::copy(backup.path("yagura.db"), place.path("new.db")).unwrap();
    std::fs::rename(place.path("new.db"), place.path("yagura.db")).unwrap();
    let since = Instant::now();
    while !serving.later().contains("yagura.db-wal` away") {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", serving.later());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(serving.call("GET", "/api/ready", "", "").status, 503);
    std::fs::remove_file(place.path("yagura.db-wal")).unwrap();
    let since = Instant::now();
    while !serving.later().contains("nobody can sign in yet") {
        assert!(since.elapsed() < Duration::from_secs(60), "{}", serving.later());
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(serving.later().contains("another store lies where the served one was"));
    assert_eq!(serving.call("GET", "/api/jobs", &who, "").status, 401, "its users are its own");
}

#[test]
fn reports_are_made_and_findings_of_others_come_in_by_themselves() {
    let place = Place::new();
    place.scan(&[]);
    std::fs::create_dir(place.path("imports")).unwrap();
    let finding = json!({
        "SchemaVersion": "2018-10-08", "Id": "arn:aws:securityhub:ap-northeast-1:345678901234:finding/1",
        "ProductArn": "arn:aws:securityhub:ap-northeast-1::product/aws/securityhub", "ProductName": "Security Hub", "Region": "ap-northeast-1",
        "GeneratorId": "security-control/EC2.999", "AwsAccountId": "345678901234",
        "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
        "CreatedAt": "2026-01-10T00:00:00Z", "UpdatedAt": "2026-01-11T00:00:00Z",
        "Severity": { "Label": "HIGH" }, "Title": "A control that came yesterday", "Description": "what it is about",
        "Resources": [{ "Type": "AwsEc2SecurityGroup", "Id": "arn:aws:ec2:ap-northeast-1:345678901234:security-group/sg-1", "Region": "ap-northeast-1" }],
        "Compliance": { "Status": "FAILED", "SecurityControlId": "EC2.999" },
        "Workflow": { "Status": "NEW" }, "WorkflowState": "NEW", "RecordState": "ACTIVE"
    });
    std::fs::write(place.path("imports/asff.json"), json!({ "Findings": [finding] }).to_string()).unwrap();
    let configuration = r#"
[[projects]]
name = "everything"
ou = ["Root*"]

[[reports]]
name = "daily"
schedule = "0 9 * * *"
output = ["json"]
out = "made"

[serve.import]
schedule = "*/5 * * * *"
paths = ["imports"]
"#;
    let made = || std::fs::read_dir(place.path("made")).map_or(0, Iterator::count);
    let mut serving = serve(&place, configuration, 3);
    let who = serving.administrator();
    let import = ended(&serving, &who, "import");
    assert_eq!(import["Last"]["End"], "SUCCEEDED", "{import}");
    assert!(import["Last"]["Told"].as_str().unwrap().starts_with("1 findings are new"), "{import}");
    let found = serving.call("GET", "/api/findings?detector=security-hub", &who, "").body;
    assert_eq!(found["Findings"][0]["Rule"], "security-hub:EC2.999", "{found}");
    let reports = ended(&serving, &who, "reports");
    assert_eq!((&reports["Last"]["End"], made()), (&json!("SUCCEEDED"), 1), "{reports}");

    // Whoever looks can have one at once, and it is what the schedule makes.
    let list = serving.call("GET", "/api/reports", &who, "").body;
    assert_eq!(list["Projects"], json!(["everything"]), "{list}");
    let subject = &list["Scheduled"][0]["Subjects"][0];
    assert_eq!(
        (&subject["Project"], &subject["Schedule"]),
        (&json!("everything"), &json!("0 9 * * *")),
        "{list}"
    );
    assert!(
        subject["Last"].is_string() && subject["Next"].as_str().unwrap().ends_with("T09:00:00Z"),
        "{list}"
    );
    let report = serving.call("GET", "/api/reports/file?project=everything&format=json&weeks=4", &who, "");
    assert_eq!((report.status, report.body["Report"]["Project"].clone()), (200, json!("everything")));
    assert!(report.head.contains("filename=\"yagura-everything-"), "{}", report.head);
    let findings = report.body["Findings"].as_array().unwrap();
    assert!(findings.iter().any(|it| it["Rule"] == "security-hub:EC2.999"), "{} findings", findings.len());
    let progress = serving.call("GET", "/api/progress?weeks=4", &who, "").body;
    assert_eq!(progress["Projects"][0]["Id"], "everything", "{progress}");

    // Who starts again remembers.
    serving.signal("-TERM");
    assert_eq!(serving.process.wait().unwrap().code(), Some(0));
    std::fs::remove_dir_all(place.path("made")).unwrap();
    let serving = serve(&place, configuration, 1);
    let who = serving.sign_in();
    let list = serving.until("/api/jobs", &who, |it| !job(&it.body, "reports")["Next"].is_null());
    let reports = job(&list.body, "reports");
    assert!(reports["Next"].as_str().unwrap().ends_with("T09:00:00Z"), "{reports}");
    assert_eq!((&reports["Last"]["End"], made()), (&json!("SUCCEEDED"), 0), "{reports}");
}
