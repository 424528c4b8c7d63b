//! Security Hub of the emulator: what 45 accounts report in three regions arrives complete, and once, however often it is read.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "in tests a failed unwrap is the assertion")]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use futures::future::BoxFuture;
use serde_json::Value;
use yagura_aws::{Client, Credentials, EndpointConfig, Target};
use yagura_import::Vocabulary;
use yagura_import::aws::{Importer, Outcome, Receive, SecurityHub};
use yagura_model::{AccountId, ImportedFinding, Region};
use yagura_packs::Packs;
use yagura_posture::{Rule, Rules, Settings};

/// The emulator; it stops when this is dropped, because its input closes.
struct Emulator {
    child: Child,
    input: Option<ChildStdin>,
    told: Value,
}

impl Emulator {
    fn start() -> Self {
        let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let python = root.join(".venv/bin/python");
        assert!(python.exists(), "{} is missing: `make test` sets it up", python.display());
        let mut child = Command::new(python)
            .arg(root.join("tests/emulator/findings.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let told = serde_json::from_str(&line).expect("the emulator did not start; its own error is above");
        Self { input: child.stdin.take(), child, told }
    }

    fn list(&self, name: &str) -> Vec<&str> {
        self.told[name].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(self.input.take());
        let _ = self.child.wait();
    }
}

/// Counts how often each finding came, and keeps the largest page.
#[derive(Default)]
struct Counting {
    times: BTreeMap<String, usize>,
    largest_page: usize,
    rules: BTreeSet<String>,
}

impl Receive for Counting {
    fn page<'a>(
        &'a mut self,
        findings: Vec<ImportedFinding>,
    ) -> BoxFuture<'a, Result<(), Box<dyn Error + Send + Sync>>> {
        self.largest_page = self.largest_page.max(findings.len());
        for finding in findings {
            self.rules.insert(finding.rule.to_string());
            *self.times.entry(finding.resource.to_string()).or_default() += 1;
        }
        Box::pin(std::future::ready(Ok(())))
    }
}

async fn import(
    client: &Client,
    emulator: &Emulator,
    received: &mut Counting,
    accounts: &[AccountId],
) -> Outcome {
    let packs = Packs::embedded();
    let (rules, _) = Rules::load(&packs, &Settings::default());
    let (vocabulary, _) = Vocabulary::new(&packs, rules.iter().map(Rule::info));
    let target = Target {
        account: AccountId::new("123456789012").unwrap(),
        region: Region::from(emulator.told["region"].as_str().unwrap()),
        credentials: client.credentials().clone(),
    };
    let regions: Vec<Region> = emulator.list("regions").into_iter().map(Region::from).collect();
    let now = "2026-01-03T00:00:00Z".parse().unwrap();
    let mut importer = Importer::new(client, &vocabulary, received);
    let asked = SecurityHub { target: &target, accounts, regions: &regions, since: None, now };
    importer.security_hub(&asked).await.unwrap();
    importer.finish()
}

#[tokio::test]
async fn five_hundred_findings_of_45_accounts_arrive_complete_and_once() {
    let emulator = Emulator::start();
    let url = emulator.told["endpoint"].as_str().unwrap().to_owned();
    let client = Client::builder()
        .endpoint(EndpointConfig { url: Some(url), ..EndpointConfig::default() })
        .credentials(Credentials::from_keys("AKIAEMULATED", "secret", None))
        .build()
        .unwrap();
    let accounts: Vec<AccountId> =
        emulator.list("accounts").into_iter().map(|it| AccountId::new(it).unwrap()).collect();
    assert_eq!(accounts.len(), 45);
    for _ in 0..2 {
        let mut received = Counting::default();
        let outcome = import(&client, &emulator, &mut received, &accounts).await;
        assert_eq!((outcome.findings, received.times.len()), (500, 500), "{:?}", outcome.failures);
        assert!(received.times.values().all(|times| *times == 1));
        assert_eq!(received.rules, BTreeSet::from(["restricted-ssh".to_owned()]));
        assert!(received.largest_page <= 100, "{}", received.largest_page);
        assert_eq!(outcome.problems, []);
        let placed: BTreeSet<&str> = received.times.keys().filter_map(|it| it.split('/').nth(1)).collect();
        assert_eq!(placed, emulator.list("regions").into_iter().collect());
        let complete: BTreeSet<&AccountId> =
            outcome.complete.iter().flat_map(|it| &it.scope.accounts).collect();
        assert_eq!(complete, accounts.iter().collect(), "every account was read to the end");
    }
    // Without a list of accounts, everything that reports there.
    let mut received = Counting::default();
    let outcome = import(&client, &emulator, &mut received, &[]).await;
    assert_eq!((outcome.findings, received.times.len()), (500, 500), "{:?}", outcome.failures);
}
