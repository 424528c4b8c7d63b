//! An organisation with one project, a store on disk, and a clock that a test moves.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

use yagura_model::{
    Finding, Incident, RecordState, ResourceType, Severity, ThreatFinding, Timestamp, Workflow,
};
use yagura_notify::{
    Clock, Delivered, Destinations, FindingEvent, Patience, Sender, Texts, Way, World, deliver, plan,
};
use yagura_packs::Packs;
use yagura_posture::Project;
use yagura_store::{DetectionWrite, OutboxMessage, Store};

use crate::testing::{self, Known};

/// A store, a configuration, and a history of findings.
pub struct Scene {
    /// For files of secrets.
    pub directory: tempfile::TempDir,
    known: Known,
    projects: Vec<Project>,
    /// The destinations.
    pub destinations: Destinations,
    events: Vec<FindingEvent>,
    /// The time.
    pub now: Timestamp,
}

impl Scene {
    /// `to` is what stands below `[destinations]`; `DIR` in it is the scene's directory, with the file `secret`.
    pub fn new(to: &str) -> Self {
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("secret"), "s3cr3t-token\n").unwrap();
        let to = to.replace("DIR", directory.path().to_str().unwrap());
        let destinations = testing::destinations(&to);
        let names: Vec<_> = destinations.keys().collect();
        let project = format!(
            "name = \"受発注システム\"\naccounts = [\"111122223333\"]\nowners = [\"sato@example.com\", \"slack:U0SATO\"]\n\
             lang = \"ja\"\ntime_zone = \"Asia/Tokyo\"\nenvironment = \"本番環境\"\ndestinations = {names:?}"
        );
        Self {
            directory,
            known: Known::built_in("受発注-本番"),
            projects: vec![testing::project(&project)],
            destinations,
            events: Vec::new(),
            now: testing::time("2026-03-02T03:00:00Z"),
        }
    }

    /// Opens the store, as a new process does.
    pub async fn store(&self) -> Store {
        let path: PathBuf = self.directory.path().join("yagura.db");
        Store::open(&path).await.unwrap()
    }

    /// Something happens to findings.
    pub fn happens(&mut self, findings: &[Finding]) {
        for finding in findings {
            let number = i64::try_from(self.events.len()).unwrap() + 1;
            self.events.push(FindingEvent { number, at: self.now, overdue: false, finding: finding.clone() });
        }
    }

    /// Detections have found these steps of one incident, and something happens to each.
    pub async fn attacked(&mut self, incident: &str, steps: &[ThreatFinding]) {
        let store = self.store().await;
        let of_incident =
            |it: &ThreatFinding| ThreatFinding { incident: Some(incident.to_owned()), ..it.clone() };
        let steps: Vec<_> = steps.iter().map(of_incident).collect();
        let incident = Incident::of(incident.to_owned(), &steps.iter().collect::<Vec<_>>());
        let write = DetectionWrite {
            findings: steps.iter().map(|it| ([0; 16], it.clone())).collect(),
            incidents: vec![incident],
            ..DetectionWrite::default()
        };
        store.begin_detection().unwrap().write(&write, self.now).await.unwrap();
        store.close().await;
        self.happens(&steps.iter().map(testing::listed).collect::<Vec<_>>());
    }

    /// Time passes.
    pub fn wait(&mut self, minutes: i64) {
        self.now = self.now.checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap();
    }

    /// Draws up messages.
    pub async fn plan(&self, store: &Store) -> usize {
        let world = World {
            projects: &self.projects,
            destinations: &self.destinations,
            catalogue: &self.known,
            now: self.now,
        };
        let after = async |number: i64| {
            Ok(self.events.iter().filter(|it| it.number > number).take(1_000).cloned().collect())
        };
        plan(store, &world, after).await.unwrap()
    }

    /// Sends what is due.
    pub async fn deliver(&self, store: &Store) -> Delivered {
        let sender = sender();
        let way = Way {
            clock: Clock::at(self.now),
            by: "test",
            patience: Patience(Duration::ZERO),
            except: &BTreeSet::new(),
            goes_on: &|| true,
        };
        deliver(store, &sender, &self.destinations, way, async |_| {}).await.unwrap()
    }

    /// One run of a process of its own.
    pub async fn run(&self) -> (usize, Delivered) {
        let store = self.store().await;
        let planned = self.plan(&store).await;
        let delivered = self.deliver(&store).await;
        store.close().await;
        (planned, delivered)
    }

    /// Every message.
    pub async fn outbox(&self) -> Vec<OutboxMessage> {
        let store = self.store().await;
        store.outbox(None, 1_000).await.unwrap()
    }
}

/// What sends, without AWS.
pub fn sender() -> Sender {
    Sender::new(Texts::load(&Packs::embedded()).unwrap(), None).unwrap()
}

/// An open finding about a security group.
pub fn finding(rule: &str, resource: &str, severity: Severity) -> Finding {
    let mut it = testing::finding(rule, resource, severity);
    it.resource.resource_type = ResourceType::new("AWS::EC2::SecurityGroup");
    it.arn = format!("arn:aws:ec2:ap-northeast-1:111122223333:security-group/{resource}");
    it
}

/// The same, ended.
pub fn ended(mut it: Finding) -> Finding {
    it.record_state = RecordState::Archived;
    it.workflow = Workflow::Resolved;
    it
}
