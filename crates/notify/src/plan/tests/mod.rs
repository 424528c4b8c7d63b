//! Plans: what is told, when, and what never is.

mod incidents;

use proptest::prelude::*;
use yagura_model::{RecordState, Workflow};

use super::*;
use crate::notice::NoticeKind;
use crate::testing::{Known, destinations, finding, project, time};

const CHAT: &str = "[chat]\ntype = \"slack-webhook\"\nurl_env = \"X\"\n";
const MAIL: &str = "[mail]\ntype = \"smtp\"\nhost = \"m\"\nfrom = \"y@example.com\"\nto = [\"a@example.com\"]\ndigest = \"daily\"\n";
const SHOP: &str = "name = \"shop\"\naccounts = [\"111122223333\"]\ntime_zone = \"Asia/Tokyo\"\n";

/// One organisation, whose clock and history a test moves.
struct Scene {
    known: Known,
    projects: Vec<Project>,
    destinations: Destinations,
    incidents: Incidents,
    board: Board,
    number: i64,
}

impl Scene {
    fn new(projects: &[&str], to: &str) -> Self {
        Self {
            known: Known::default(),
            projects: projects.iter().map(|it| project(it)).collect(),
            destinations: destinations(to),
            incidents: Incidents::default(),
            board: Board::default(),
            number: 0,
        }
    }

    fn world(&self, now: Timestamp) -> World<'_> {
        World { projects: &self.projects, destinations: &self.destinations, catalogue: &self.known, now }
    }

    fn happens(&mut self, now: &str, findings: &[Finding]) {
        self.happens_at(time(now), findings, false);
    }

    fn happens_at(&mut self, now: Timestamp, findings: &[Finding], overdue: bool) {
        let events: Vec<_> = findings
            .iter()
            .map(|finding| {
                self.number += 1;
                FindingEvent { number: self.number, at: now, overdue, finding: finding.clone() }
            })
            .collect();
        let mut board = std::mem::take(&mut self.board);
        take(&self.world(now), &self.incidents, &events, &mut board);
        self.board = board;
    }

    fn released(&mut self, now: Timestamp) -> Vec<Released> {
        let due: Due = self
            .board
            .queue
            .iter()
            .filter(|(_, it)| it.due <= now)
            .map(|(pair, it)| (pair.clone(), (it.clone(), self.board.marks.get(pair).cloned())))
            .collect();
        let released = release(&self.world(now), &self.incidents, &due);
        for pair in due.keys() {
            self.board.queue.remove(pair);
        }
        self.board.marks.extend(released.marks);
        released.notices
    }

    /// What is told at a time: destination, kind, and for each alert the change, the rule and how many findings.
    fn told(&mut self, now: &str) -> Vec<String> {
        let brief = |it: &Released| {
            let alerts: Vec<_> = it
                .notice
                .alerts
                .iter()
                .map(|it| {
                    let about = it.incident.as_ref().map_or(it.rule.as_str(), |it| &it.id);
                    format!("{} {about} x{}", it.change.as_str(), it.findings.len())
                })
                .collect();
            let kind = if it.notice.kind == NoticeKind::Digest { "digest" } else { "alert" };
            format!("{} {kind}: {}", it.destination, alerts.join(", "))
        };
        self.released(time(now)).iter().map(brief).collect()
    }
}

fn ended(mut it: Finding) -> Finding {
    it.record_state = RecordState::Archived;
    it.workflow = Workflow::Resolved;
    it
}

fn suppressed(mut it: Finding) -> Finding {
    it.workflow = Workflow::Suppressed;
    it
}

#[test]
fn a_hundred_instances_are_one_message_and_told_once() {
    let mut scene = Scene::new(&[&format!("{SHOP}destinations = [\"chat\"]")], CHAT);
    let all: Vec<_> =
        (0..100).map(|n| finding("ec2-imdsv2-check", &format!("i-{n:03}"), Severity::High)).collect();
    scene.happens("2026-03-02T03:00:00Z", &all);
    assert_eq!(scene.told("2026-03-02T03:00:00Z"), ["chat alert: opened ec2-imdsv2-check x100"]);
    scene.happens("2026-03-02T04:00:00Z", &all);
    assert_eq!(scene.told("2026-03-02T04:00:00Z"), [""; 0], "nothing changed");
    scene.happens("2026-03-02T05:00:00Z", &[ended(all[7].clone())]);
    let resolved = scene.released(time("2026-03-02T05:00:00Z"));
    assert_eq!(resolved[0].notice.alerts[0].change, Change::Resolved);
    assert!(resolved[0].thread.is_some(), "it belongs to the message that told it");
    scene.happens("2026-03-02T06:00:00Z", &[all[7].clone()]);
    assert_eq!(scene.told("2026-03-02T06:00:00Z"), ["chat alert: reopened ec2-imdsv2-check x1"]);
}

#[test]
fn what_is_not_urgent_waits_for_the_summary() {
    let mut scene = Scene::new(&[&format!("{SHOP}destinations = [\"mail\"]")], MAIL);
    let (low, high) = (finding("a", "1", Severity::Low), finding("b", "1", Severity::High));
    scene.happens("2026-03-02T03:00:00Z", &[low.clone(), high, finding("a", "2", Severity::Low)]);
    assert_eq!(scene.told("2026-03-02T03:00:00Z"), ["mail alert: opened b x1"]);
    // Put right before anybody heard of it: nothing to tell.
    scene.happens("2026-03-02T04:00:00Z", &[ended(low)]);
    assert_eq!(scene.told("2026-03-02T23:59:59Z"), [""; 0]);
    assert_eq!(scene.told("2026-03-03T00:00:00Z"), ["mail digest: opened a x1"], "nine o'clock in Tokyo");
}

#[test]
fn in_quiet_hours_only_critical_findings_are_told() {
    let quiet = format!("{SHOP}destinations = [\"chat\"]\nquiet_hours = \"22:00-08:00, weekends\"");
    let mut scene = Scene::new(&[&quiet], CHAT);
    let critical = finding("root-key", "1", Severity::Critical);
    // Friday, 22:30 in Tokyo.
    scene.happens("2026-03-06T13:30:00Z", &[finding("a", "1", Severity::High), critical.clone()]);
    assert_eq!(scene.told("2026-03-06T13:30:00Z"), ["chat alert: opened root-key x1"]);
    scene.happens("2026-03-07T03:00:00Z", &[ended(critical)]);
    assert_eq!(scene.told("2026-03-07T03:00:00Z"), ["chat alert: resolved root-key x1"]);
    // A weekend's end at midnight is still night.
    assert_eq!(scene.told("2026-03-08T22:59:59Z"), [""; 0]);
    assert_eq!(scene.told("2026-03-08T23:00:00Z"), ["chat alert: opened a x1"], "Monday, eight o'clock");
}

#[test]
fn suppressed_and_harmless_findings_are_not_told_until_they_count() {
    let mut scene =
        Scene::new(&[&format!("{SHOP}destinations = [\"chat\"]\nmin_severity = \"medium\"")], CHAT);
    let (low, high) = (finding("a", "1", Severity::Low), finding("b", "1", Severity::High));
    scene.happens("2026-03-02T03:00:00Z", &[low.clone(), suppressed(high.clone())]);
    assert_eq!(scene.told("2026-03-02T03:00:00Z"), [""; 0]);
    let worse = Finding { severity: Severity::High, ..low };
    scene.happens("2026-03-02T04:00:00Z", &[worse.clone(), high.clone()]);
    assert_eq!(scene.told("2026-03-02T04:00:00Z"), ["chat alert: opened a x1", "chat alert: opened b x1"]);
    scene.happens("2026-03-02T05:00:00Z", &[suppressed(high.clone())]);
    assert_eq!(scene.told("2026-03-02T05:00:00Z"), [""; 0]);
    scene.happens("2026-03-02T06:00:00Z", &[high]);
    assert_eq!(scene.told("2026-03-02T06:00:00Z"), ["chat alert: reopened b x1"], "the suppression ended");
}

#[test]
fn severity_and_age_are_told() {
    let mut scene = Scene::new(&[&format!("{SHOP}destinations = [\"chat\"]")], CHAT);
    let high = finding("a", "1", Severity::High);
    scene.happens("2026-03-02T03:00:00Z", std::slice::from_ref(&high));
    scene.told("2026-03-02T03:00:00Z");
    let critical = Finding { severity: Severity::Critical, ..high };
    scene.happens("2026-03-02T04:00:00Z", std::slice::from_ref(&critical));
    assert_eq!(scene.told("2026-03-02T04:00:00Z"), ["chat alert: severity-changed a x1"]);
    scene.happens_at(time("2026-03-09T04:00:00Z"), std::slice::from_ref(&critical), true);
    assert_eq!(scene.told("2026-03-09T04:00:00Z"), ["chat alert: overdue a x1"]);
    scene.happens_at(time("2026-03-10T04:00:00Z"), &[critical], true);
    assert_eq!(scene.told("2026-03-10T04:00:00Z"), [""; 0]);
}

#[test]
fn events_that_a_destination_does_not_want_are_passed_over() {
    let to = format!("{CHAT}events = [\"opened\"]\n");
    let mut scene = Scene::new(&[&format!("{SHOP}destinations = [\"chat\"]")], &to);
    let high = finding("a", "1", Severity::High);
    scene.happens("2026-03-02T03:00:00Z", std::slice::from_ref(&high));
    assert_eq!(scene.told("2026-03-02T03:00:00Z"), ["chat alert: opened a x1"]);
    scene.happens("2026-03-02T04:00:00Z", &[ended(high.clone())]);
    scene.happens("2026-03-02T05:00:00Z", &[high]);
    assert_eq!(scene.told("2026-03-02T05:00:00Z"), [""; 0]);
}

#[test]
fn two_projects_that_share_a_room_are_told_once() {
    let quiet = format!("{SHOP}destinations = [\"chat\"]\nmin_severity = \"critical\"");
    let loud = "name = \"all\"\naccounts = [\"*\", \"111122223333\"]\ndestinations = [\"chat\", \"mail\"]\nlang = \"ja\"";
    let mut scene = Scene::new(&[&quiet, loud], &format!("{CHAT}{MAIL}"));
    scene.happens("2026-03-02T03:00:00Z", &[finding("a", "1", Severity::High)]);
    let told = scene.released(time("2026-03-02T03:00:00Z"));
    let of: Vec<_> = told.iter().map(|it| (&*it.destination, &*it.notice.project)).collect();
    assert_eq!(of, [("chat", "all"), ("mail", "all")], "the project that wants to hear of it");
}

#[test]
fn an_incident_is_about_one_finding() {
    let pager = "[pager]\ntype = \"pagerduty\"\nrouting_key_env = \"X\"\n";
    let mut scene = Scene::new(&[&format!("{SHOP}destinations = [\"pager\"]")], pager);
    scene.happens(
        "2026-03-02T03:00:00Z",
        &[finding("a", "1", Severity::High), finding("a", "2", Severity::High)],
    );
    assert_eq!(scene.told("2026-03-02T03:00:00Z").len(), 2);
}

#[test]
fn an_incident_of_pagerduty_is_closed_when_its_finding_is_suppressed() {
    let pager = "[pager]\ntype = \"pagerduty\"\nrouting_key_env = \"X\"\n";
    let mut scene = Scene::new(&[&format!("{SHOP}destinations = [\"pager\"]")], pager);
    let open = finding("a", "1", Severity::High);
    let suppressed = Finding { workflow: Workflow::Suppressed, ..open.clone() };
    scene.happens("2026-03-02T03:00:00Z", std::slice::from_ref(&open));
    assert_eq!(scene.told("2026-03-02T03:00:00Z"), ["pager alert: opened a x1"]);
    for _ in 0..2 {
        scene.happens("2026-03-02T04:00:00Z", std::slice::from_ref(&suppressed));
    }
    assert_eq!(scene.told("2026-03-02T04:00:00Z"), ["pager alert: resolved a x1"]);
    scene.happens("2026-03-02T05:00:00Z", std::slice::from_ref(&suppressed));
    assert_eq!(scene.told("2026-03-02T05:00:00Z"), [""; 0]);
    scene.happens("2026-03-02T06:00:00Z", &[open]);
    assert_eq!(scene.told("2026-03-02T06:00:00Z"), ["pager alert: reopened a x1"]);
}

/// What may happen to one of a few findings.
#[derive(Debug, Clone)]
struct Turn {
    which: usize,
    severity: Severity,
    state: u8,
    overdue: bool,
    /// Hours until the next turn, and whether what is due is told then.
    hours: i64,
    tells: bool,
}

fn turn() -> impl Strategy<Value = Turn> {
    let severity =
        prop::sample::select(vec![Severity::Low, Severity::Medium, Severity::High, Severity::Critical]);
    (0_usize..4, severity, 0_u8..3, prop::bool::weighted(0.2), 0_i64..30, any::<bool>()).prop_map(
        |(which, severity, state, overdue, hours, tells)| Turn {
            which,
            severity,
            state,
            overdue,
            hours,
            tells,
        },
    )
}

impl Turn {
    fn finding(&self) -> Finding {
        let it = finding(["a", "b"][self.which % 2], &self.which.to_string(), self.severity);
        match self.state {
            0 => it,
            1 => ended(it),
            _ => suppressed(it),
        }
    }
}

proptest! {
    /// Nothing is told twice, nothing is lost, nothing suppressed or harmless is told.
    #[test]
    fn what_is_told_follows_where_findings_stand(turns in prop::collection::vec(turn(), 1..60)) {
        let shop = format!("{SHOP}destinations = [\"chat\", \"mail\"]\nmin_severity = \"medium\"\nquiet_hours = \"22:00-08:00, weekends\"");
        let mut scene = Scene::new(&[&shop], &format!("{CHAT}{MAIL}"));
        let mut now = time("2026-03-02T03:00:00Z");
        let mut last: BTreeMap<String, Finding> = BTreeMap::new();
        let mut heard: BTreeMap<Pair, (Change, Severity)> = BTreeMap::new();
        let mut keys = std::collections::BTreeSet::new();
        let mut hidden: std::collections::BTreeSet<Pair> = std::collections::BTreeSet::new();
        let hear = |told: Vec<Released>, last: &BTreeMap<String, Finding>, heard: &mut BTreeMap<Pair, (Change, Severity)>, hidden: &mut std::collections::BTreeSet<Pair>, keys: &mut std::collections::BTreeSet<String>| {
            for it in told {
                prop_assert!(keys.insert(it.notice.key.clone()), "each message is another");
                for (alert, told) in it.notice.alerts.iter().flat_map(|it| it.findings.iter().map(move |told| (it, told))) {
                    let pair = (it.destination.clone(), told.id.clone());
                    let now = &last[&told.id];
                    prop_assert_ne!(now.workflow, Workflow::Suppressed);
                    prop_assert!(now.severity >= Severity::Medium);
                    let is_end = alert.change == Change::Resolved;
                    prop_assert_eq!(is_end, now.record_state == RecordState::Archived);
                    let was = heard.insert(pair.clone(), (alert.change, told.severity));
                    let was_hidden = hidden.remove(&pair);
                    match (was, alert.change) {
                        (None, change) => prop_assert_eq!(change, Change::Opened),
                        (Some((Change::Resolved, _)), change) => prop_assert_eq!(change, Change::Reopened),
                        (Some((_, severity)), Change::SeverityChanged) => prop_assert_ne!(severity, told.severity),
                        (Some((before, _)), Change::Overdue) => prop_assert_ne!(before, Change::Overdue),
                        (Some(_), Change::Reopened) => prop_assert!(was_hidden, "it was out of sight meanwhile"),
                        (Some(_), change) => prop_assert_eq!(change, Change::Resolved),
                    }
                }
            }
            Ok(())
        };
        for turn in &turns {
            let it = turn.finding();
            last.insert(it.id.clone(), it.clone());
            if it.workflow == Workflow::Suppressed || it.severity < Severity::Medium {
                hidden.extend(["chat", "mail"].map(|to| (to.to_owned(), it.id.clone())));
            }
            scene.happens_at(now, &[it], turn.overdue);
            if turn.tells {
                hear(scene.released(now), &last, &mut heard, &mut hidden, &mut keys)?;
            }
            now = now.checked_add(jiff::SignedDuration::from_hours(turn.hours)).unwrap();
        }
        // Whatever the day, in a week everything has been told.
        let later = now.checked_add(jiff::SignedDuration::from_hours(24 * 7)).unwrap();
        hear(scene.released(later), &last, &mut heard, &mut hidden, &mut keys)?;
        prop_assert!(scene.board.queue.is_empty());
        for (id, it) in &last {
            for to in ["chat", "mail"] {
                let told = heard.get(&(to.to_owned(), id.clone()));
                let is_seen = it.workflow != Workflow::Suppressed && it.severity >= Severity::Medium;
                if is_seen && it.record_state == RecordState::Active {
                    prop_assert!(told.is_some_and(|(change, severity)| *change != Change::Resolved && *severity == it.severity));
                }
            }
        }
    }
}
