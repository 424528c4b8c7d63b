//! The emulated organisation that the end-to-end tests scan: `tests/emulator/serve.py` in a process of its own.
//!
//! Filling takes some 15 seconds, so the tests of one binary share an emulator and take turns: [`Emulator::lease`]
//! gives it with no failure injected and all counts at zero. It stops with the test process, whose end closes its
//! standard input.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde_json::{Value, json};

/// How much the emulator is filled with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Twelve accounts: one suspended, one that refuses the role.
    Full,
    /// Three accounts: management, a careless one, a tidy one.
    Small,
}

/// A running emulator.
pub struct Emulator {
    process: Child,
    stdin: Option<ChildStdin>,
    told: Value,
}

/// One kind of call as the emulator counted it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls {
    /// The service's name in botocore.
    pub service: String,
    /// The operation.
    pub operation: String,
    /// The account whose credentials signed the calls.
    pub account: String,
    /// The region of the signature.
    pub region: String,
    /// How many had each outcome: `answered`, `refused`, `lacking`, or the kind of failure that was injected.
    pub outcomes: Vec<(String, u64)>,
}

impl Emulator {
    /// The emulator of this test binary, for one test at a time.
    pub fn lease(profile: Profile) -> MutexGuard<'static, Self> {
        static FULL: OnceLock<Mutex<Emulator>> = OnceLock::new();
        static SMALL: OnceLock<Mutex<Emulator>> = OnceLock::new();
        let cell = if profile == Profile::Full { &FULL } else { &SMALL };
        let emulator = cell.get_or_init(|| Mutex::new(Self::start(profile)));
        let emulator = emulator.lock().unwrap_or_else(PoisonError::into_inner);
        emulator.inject(&json!({}));
        emulator.reset();
        emulator
    }

    /// An emulator of one's own, for tests that change what is in it.
    pub fn start(profile: Profile) -> Self {
        let root = workspace_root();
        let python = root.join(".venv/bin/python");
        assert!(python.exists(), "{} is missing; `make test` sets it up", python.display());
        let mut process = Command::new(python)
            .arg(root.join("tests/emulator/serve.py"))
            .args(["--profile", if profile == Profile::Full { "full" } else { "small" }])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = process.stdin.take();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).expect("the emulator did not start; its own error is above");
        Self { process, stdin, told }
    }

    /// `http://127.0.0.1:PORT`.
    pub fn endpoint(&self) -> &str {
        self.told["endpoint"].as_str().unwrap()
    }

    /// What the emulator tells about the organisation: `management`, `accounts`, `regions`, `role`, `external_id`, `now`...
    pub fn told(&self) -> &Value {
        &self.told
    }

    /// The ids of the accounts that can be read: neither suspended nor refusing.
    pub fn readable_accounts(&self) -> Vec<String> {
        let readable = |account: &&Value| account["suspended"] == false && account["refused"] == false;
        let accounts = self.told["accounts"].as_array().unwrap().iter().filter(readable);
        accounts.map(|account| account["id"].as_str().unwrap().to_owned()).collect()
    }

    /// The environment in which an AWS program talks to the emulator alone, as the management account.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let text = |name: &str| self.told[name].as_str().unwrap().to_owned();
        vec![
            ("AWS_ENDPOINT_URL", text("endpoint")),
            ("AWS_ACCESS_KEY_ID", text("access_key_id")),
            ("AWS_SECRET_ACCESS_KEY", text("secret_access_key")),
            ("AWS_REGION", "ap-northeast-1".to_owned()),
            ("AWS_DEFAULT_REGION", "ap-northeast-1".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("AWS_CONFIG_FILE", "/dev/null".to_owned()),
            ("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".to_owned()),
        ]
    }

    /// The `yagura` command with that environment and no other AWS or Yagura setting.
    pub fn yagura(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yagura"));
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|name| name.starts_with("AWS_") || name.starts_with("YAGURA_")) {
                command.env_remove(name);
            }
        }
        command.envs(self.environment()).stdin(Stdio::null());
        command
    }

    /// Injects failures, as `Faults` in `tests/emulator/faults.py` describes them, in place of those before.
    pub fn inject(&self, faults: &Value) {
        let answer = self.ask("faults", Some(faults));
        assert_eq!(answer, json!({}), "the emulator refused these failures");
    }

    /// Sets all counts to zero.
    pub fn reset(&self) {
        self.ask("reset", Some(&json!({})));
    }

    /// Seconds that the emulator has computed since the last reset.
    #[expect(dead_code, reason = "for measurements by hand")]
    pub fn busy_seconds(&self) -> f64 {
        self.ask("stats", None)["cpu_seconds"].as_f64().unwrap()
    }

    /// All calls since the last reset, sorted.
    pub fn calls(&self) -> Vec<Calls> {
        let stats = self.ask("stats", None);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let calls = stats["calls"].as_array().unwrap().iter();
        calls
            .map(|call| Calls {
                service: text(&call["service"]),
                operation: text(&call["operation"]),
                account: text(&call["account"]),
                region: text(&call["region"]),
                outcomes: call["outcomes"]
                    .as_object()
                    .unwrap()
                    .iter()
                    .map(|(outcome, count)| (outcome.clone(), count.as_u64().unwrap()))
                    .collect(),
            })
            .collect()
    }

    fn ask(&self, path: &str, body: Option<&Value>) -> Value {
        let address = self.endpoint().strip_prefix("http://").unwrap();
        let body = body.map(Value::to_string).unwrap_or_default();
        let method = if body.is_empty() { "GET" } else { "POST" };
        let length = body.len();
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "{method} /__yagura__/{path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {length}\r\n\r\n{body}")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.process.wait();
    }
}

/// The root of the workspace, where `.venv` and `tests` are.
pub fn workspace_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
