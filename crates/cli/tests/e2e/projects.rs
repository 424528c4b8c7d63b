//! Projects of the configuration: parameters, scores and answers of their own.

use serde_json::Value;

use crate::event_sources::Emulator;
use crate::frameworks::{Place, SNAPSHOT, says};
use crate::run::run;
use crate::sources::with;

const PROJECTS: &str = r#"
[[projects]]
name = "web"
accounts = ["hinode-shop-*"]

[[projects]]
name = "everything"
ou = ["Root*"]

[[projects]]
name = "nobody"
accounts = ["999999999999"]
"#;

/// A place whose configuration defines the projects; gives the file, too.
fn configured() -> (Place, String) {
    let place = Place::new();
    let config = place.path("yagura.toml");
    std::fs::write(&config, PROJECTS).unwrap();
    let config = config.to_str().unwrap().to_owned();
    (place, config)
}

#[test]
fn a_framework_is_answered_for_each_project() {
    let (place, config) = configured();
    place.scan(&["--config", &config, "--output", "csv"]);
    let report = |more: &[&str]| {
        place.run(&[&["frameworks", "report", "house-1.0", "--config", &config], more].concat())
    };

    says(&report(&[]), 0, &["By project", "web 2 accounts", "everything 12 accounts"]);
    says(&report(&["--lang", "ja"]), 0, &["プロジェクト別", "web 2 アカウント"]);

    let json = report(&["--output", "json"]).json();
    let names: Vec<_> =
        json["Result"]["Projects"].as_array().unwrap().iter().map(|it| &it["Project"]).collect();
    assert_eq!(names, ["web", "everything"], "a project without accounts has no answers");
    let answers = |of: &Value| -> Vec<String> {
        of["Requirements"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it["Answer"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        answers(&json["Result"]["Projects"][1]),
        answers(&json["Result"]),
        "all accounts are all accounts"
    );

    let csv = report(&["--output", "csv"]).out;
    assert!(csv.lines().any(|it| it.contains(",PROJECT,,,") && it.ends_with(",web")), "{csv}");

    // The report about a project is what the report says of the project.
    let web = report(&["--project", "web", "--output", "json"]).json();
    assert_eq!(web["Accounts"].as_array().unwrap().len(), 2);
    assert_eq!(answers(&web["Result"]), answers(&json["Result"]["Projects"][0]));

    says(&report(&["--project", "wep"]), 2, &["defines no project `wep`", "it defines `web`, `everything`"]);
    says(&report(&["--project", "nobody"]), 2, &["scan 1 holds no account of the project `nobody`"]);
}

#[test]
fn a_project_can_be_scanned_alone() {
    let (place, config) = configured();
    let scan = |project: &str| {
        let arguments = ["scan", "--snapshot", SNAPSHOT, "--config", &config];
        place.run(
            &[&arguments[..], &["--rules", "restricted-ssh", "--output", "json", "--projects", project]]
                .concat(),
        )
    };
    assert_eq!(scan("web").json()["Accounts"].as_array().unwrap().len(), 2);
    says(&scan("wep"), 2, &["the configuration defines no project `wep`"]);
    says(&scan("nobody"), 2, &["no account is of the project `nobody`"]);
    let undefined = place.run(&["scan", "--snapshot", SNAPSHOT, "--projects", "web"]);
    says(
        &undefined,
        2,
        &["defines no project `web`", "`[[projects]]` or `project_tables` in yagura.toml define them"],
    );
}

#[test]
fn projects_have_scores_and_parameters_of_their_own() {
    let place = Place::new();
    let config = place.path("yagura.toml");
    let text = r#"
[[projects]]
name = "web"
accounts = ["hinode-shop-*"]

[[projects]]
name = "everything"
ou = ["Root*"]

[[rules.restricted-ssh.for]]
projects = ["web"]
enabled = false
"#;
    std::fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap();
    place.scan(&["--config", config, "--output", "csv"]);
    let score = place.run(&["score", "--config", config, "--by", "project", "--output", "json"]).json();
    let names: Vec<_> =
        score["Projects"].as_array().unwrap().iter().map(|it| it["Id"].as_str().unwrap()).collect();
    assert_eq!(names, ["web", "everything"]);
    let of = |n: usize, field: &str| score["Projects"][n][field].as_f64().unwrap();
    assert!(of(0, "Violations") > 0.0 && of(0, "Violations") < of(1, "Violations"));
    assert!(of(0, "Score") > 0.0 && of(0, "Score") < 100.0);
    says(
        &place.run(&["score", "--config", config, "--by", "project", "--lang", "ja"]),
        0,
        &["プロジェクト別スコア", "web"],
    );

    let broken = text.replace("projects = [\"web\"]", "projects = [\"wep\"]");
    std::fs::write(place.path("broken.toml"), broken).unwrap();
    let broken = place.path("broken.toml");
    let ended = place.run(&["scan", "--snapshot", SNAPSHOT, "--config", broken.to_str().unwrap()]);
    says(&ended, 2, &["there is no project `wep`", "did you mean `web`", "broken.toml:11"]);
}

#[test]
fn projects_come_from_tables_and_accounts_without_one_are_told() {
    let place = Place::new();
    let config = place.path("yagura.toml");
    let table = place.path("projects.csv");
    std::fs::write(&config, format!("project_tables = [{:?}]\n", table.to_str().unwrap())).unwrap();
    let config = config.to_str().unwrap();
    // As a Japanese spreadsheet writes it: Shift_JIS, and a zero that got lost.
    let rows = [
        b"\x83v\x83\x8d\x83W\x83F\x83N\x83g,account\r\nshop,".as_slice(),
        b"123456789012\r\nshop,99999999999\r\npay,123456789012\r\n",
    ];
    std::fs::write(&table, rows.concat()).unwrap();
    let scanned = place.scan(&["--config", config, "--output", "csv"]);
    says(
        &scanned,
        0,
        &[
            "projects.csv:3:1: warning[projects/account]: `99999999999` is no account id",
            "spreadsheets drop zeros at the beginning",
            "projects.csv:4:1: warning[projects/twice]: the account 123456789012 is in `shop`, too (line 2)",
        ],
    );
    let told = place.run(&["projects", "--config", config]);
    says(&told, 0, &["PROJECT", "shop", "Accounts in no project: ", "123456789012"]);
    says(
        &place.run(&["projects", "--config", config, "--lang", "ja"]),
        0,
        &["どのプロジェクトにも属さないアカウント："],
    );
    let json = place.run(&["projects", "--config", config, "--output", "json", "--fail"]);
    assert_eq!(json.status, 3);
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["Projects"][0]["Name"], "shop");
    assert!(!json["InNone"].as_array().unwrap().is_empty());

    std::fs::write(&table, "owner,id\nshop,1\n").unwrap();
    let wrong = place.run(&["projects", "--config", config]);
    says(&wrong, 2, &["error[projects/columns]", "it names owner,id", "cannot be used"]);
    std::fs::remove_file(&table).unwrap();
    says(&place.run(&["projects", "--config", config]), 2, &["the table of projects", "cannot be read"]);

    // Who only looks at rules need not reach the table, unless a rule depends on it.
    let show = || place.run(&["rules", "show", "restricted-ssh", "--config", config]);
    says(&show(), 0, &["restricted-ssh"]);
    let said = std::fs::read_to_string(config).unwrap();
    let said = said + "[[rules.restricted-ssh.for]]\nprojects = [\"shop\"]\nenabled = false\n";
    std::fs::write(config, said).unwrap();
    says(&show(), 2, &["the table of projects", "cannot be read"]);
}

#[test]
fn a_table_of_projects_may_be_in_a_bucket() {
    let place = Place::new();
    let mut emulator = Emulator::start();
    let body = "project,account_id,mail\nshop,111122223333,shop@example.com\n";
    emulator.ask(&serde_json::json!(["s3", "PutObject", { "Bucket": "organisation-trail", "Key": "projects.csv", "Body": body }]));
    std::fs::write(
        place.path("yagura.toml"),
        "project_tables = [\"s3://organisation-trail/projects.csv\"]\n",
    )
    .unwrap();
    let directory = place.path("");
    let arguments = ["scan", "--snapshot", SNAPSHOT, "--store", "none", "--projects", "shop"];
    says(&run(&mut with(&emulator, &directory), &arguments), 2, &["no account is of the project `shop`"]);
    std::fs::write(place.path("folder.toml"), "project_tables = [\"s3://organisation-trail/projects/\"]\n")
        .unwrap();
    let of_folder = ["projects", "--config", "folder.toml"];
    says(&run(&mut with(&emulator, &directory), &of_folder), 2, &["cannot be read", "name one object"]);
    emulator.ask(&serde_json::json!({ "rules": [{ "service": "s3", "kind": "denied" }] }));
    says(
        &run(&mut with(&emulator, &directory), &arguments),
        1,
        &["the table of projects `s3://organisation-trail/projects.csv` cannot be read", "s3:GetObject"],
    );
}
