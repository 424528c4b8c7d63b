//! Prowler's mutelists over the recorded organisation.

use serde_json::Value;

use crate::run::{Ended, run, yagura};

const SNAPSHOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../demo/organization");

const MUTELIST: &str = r#"Mutelist:
  Accounts:
    "*":
      Checks:
        "ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22":
          Regions: ["ap-northeast-*"]
          Resources: ["*"]
          Exceptions:
            Accounts: ["678901234567"]
          Description: Bastions, reviewed every quarter
        "ec2_securitygroup_alow_ingress_from_internet_to_any_port":
          Regions: ["*"]
          Resources: ["sg-1"]
        "awslambda_function_no_secrets_in_code":
          Regions: ["*"]
          Resources: ["*"]
"#;

fn scan(directory: &tempfile::TempDir, arguments: &[&str]) -> Ended {
    let mut command = yagura();
    command.current_dir(directory.path());
    let common =
        ["scan", "--snapshot", SNAPSHOT, "--store", "none", "--rules", "restricted-ssh", "--output", "json"];
    run(&mut command, &[&common[..], arguments].concat())
}

fn directory(mutelist: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("mutelist.yaml"), mutelist).unwrap();
    directory
}

fn violations(result: &Value) -> impl Iterator<Item = &Value> {
    result["Evaluations"].as_array().unwrap().iter().filter(|it| it["Outcome"] == "NON_COMPLIANT")
}

#[test]
fn a_mutelist_accepts_what_prowler_would_mute_and_nothing_else() {
    let directory = directory(MUTELIST);
    let before = scan(&directory, &[]).json();
    let ended = scan(&directory, &["--mutelist", "mutelist.yaml"]);
    let after = ended.json();
    let muted = |it: &Value| {
        it["Region"].as_str().unwrap().starts_with("ap-northeast-") && it["Account"] != "678901234567"
    };
    assert!(violations(&before).any(muted) && violations(&before).any(|it| !muted(it)), "{before}");
    for (was, is) in
        before["Evaluations"].as_array().unwrap().iter().zip(after["Evaluations"].as_array().unwrap())
    {
        assert_eq!(was["ResourceId"], is["ResourceId"]);
        if was["Outcome"] == "NON_COMPLIANT" && muted(was) {
            assert_eq!(is["Outcome"], "NOT_APPLICABLE", "{is}");
            assert_eq!(
                is["ReasonText"],
                "excepted by mutelist.yaml, account *, check ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22: Bastions, reviewed every quarter"
            );
        } else {
            assert_eq!(was["Outcome"], is["Outcome"]);
        }
    }
    for said in [
        "mutelist.yaml:11:9: warning[mutelist/unknown-check]: there is no check `ec2_securitygroup_alow_ingress_from_internet_to_any_port`",
        "did you mean `ec2_securitygroup_allow_ingress_from_internet_to_any_port`",
        "mutelist.yaml:14:9: warning[mutelist/unknown-check]: Prowler has the check `awslambda_function_no_secrets_in_code`, but no rule of Yagura answers to it",
    ] {
        assert_eq!(ended.err.matches(said).count(), 1, "`{said}` in {}", ended.err);
    }

    // The same from the configuration.
    std::fs::write(directory.path().join("yagura.toml"), "mutelists = [\"mutelist.yaml\"]\n").unwrap();
    assert_eq!(scan(&directory, &[]).json()["Evaluations"], after["Evaluations"]);
}

#[test]
fn a_mutelist_with_a_mistake_is_refused_before_anything_is_read() {
    let broken = MUTELIST.replace("\"ap-northeast-*\"", "\"^(?!us-)\"").replace("[\"sg-1\"]", "[\"sg-(\"]");
    let directory = directory(&broken);
    // There are no credentials here: whoever asked AWS would be told so.
    let mut command = yagura();
    let ended = run(
        command.current_dir(directory.path()),
        &["scan", "--store", "none", "--mutelist", "mutelist.yaml"],
    );
    assert_eq!((ended.status, ended.out.as_str()), (2, ""), "{}", ended.err);
    for said in [
        "mutelist.yaml:6:21: error[mutelist/pattern]: the pattern `^(?!us-)` cannot be used: look-around is not supported",
        "mutelist.yaml:13:23: error[mutelist/pattern]: the pattern `sg-(` cannot be used",
        "`mutelist.yaml` cannot be used as a mutelist",
    ] {
        assert!(ended.err.contains(said), "`{said}` is missing in {}", ended.err);
    }
    assert!(!ended.err.contains("credentials"), "{}", ended.err);

    let mut command = yagura();
    let ended =
        run(command.current_dir(directory.path()), &["demo", "--mutelist", "s3://bucket/mutelist.yaml"]);
    assert_eq!(ended.status, 2, "{}", ended.err);
    assert!(ended.err.contains("only files can be read: fetch it first"), "{}", ended.err);
}
