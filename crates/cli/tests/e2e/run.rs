//! Runs the binary and reads what it says.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};

use serde_json::Value;

/// Services enough for every protocol and kind of collector; the emulator takes seconds for all of them.
pub const SERVICES: &str = "--services=account,cloudtrail,config,ec2,iam,kms,lambda,rds,s3,s3control,sns,sqs";

/// What a run ended with.
#[derive(Debug)]
pub struct Ended {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ended {
    /// Standard output as JSON; the run must have succeeded.
    pub fn json(&self) -> Value {
        assert_eq!(self.status, 0, "{}", self.err);
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error} in {}", self.out))
    }
}

/// The binary with no AWS or Yagura setting of the machine's, and nothing to reach.
pub fn yagura() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yagura"));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("AWS_") || name.starts_with("YAGURA_")) {
            command.env_remove(name);
        }
    }
    command.env("AWS_EC2_METADATA_DISABLED", "true");
    command.env("AWS_CONFIG_FILE", "/dev/null").env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    command.env("LANG", "C.UTF-8").env("TZ", "UTC").stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(command: &mut Command, arguments: &[&str]) -> Ended {
    let output = command.args(arguments).output().unwrap();
    Ended {
        status: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The answers of a JSON result: by account, region, type, id and rule.
pub fn answers(result: &Value) -> BTreeMap<[String; 5], String> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let evaluations = result["Evaluations"].as_array().unwrap();
    evaluations
        .iter()
        .map(|it| {
            let key = ["Account", "Region", "ResourceType", "ResourceId", "Rule"].map(|name| text(&it[name]));
            (key, text(&it["Outcome"]))
        })
        .collect()
}
