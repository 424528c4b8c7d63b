//! Plans of incidents: one attack is one message, and what is new about it follows.

use std::collections::{BTreeMap, BTreeSet};

use yagura_model::{Incident, ThreatFinding};
use yagura_store::IncidentDetail;

use super::*;
use crate::testing::{listed, threat};

const PAGER: &str = "[pager]\ntype = \"pagerduty\"\nrouting_key_env = \"X\"\n";
const NOON: &str = "2026-03-02T03:00:00Z";

fn step(stage: &str, id: &str, severity: Severity) -> ThreatFinding {
    threat("111122223333", stage, id, severity)
}

fn with(workflow: Workflow, it: &ThreatFinding) -> ThreatFinding {
    ThreatFinding { workflow, ..it.clone() }
}

impl Scene {
    /// These are the incidents from now on, and something happens to all of their findings.
    fn attacked(&mut self, now: &str, incidents: &[(&str, &[ThreatFinding], &[&str])]) {
        let (mut details, mut of_findings) = (Vec::new(), BTreeMap::new());
        for (id, findings, parts) in incidents {
            of_findings.extend(findings.iter().map(|it| (it.id.clone(), (*id).to_owned())));
            details.push(IncidentDetail {
                incident: Incident::of((*id).to_owned(), &findings.iter().collect::<Vec<_>>()),
                findings: findings.to_vec(),
                links: Vec::new(),
                parts: parts.iter().map(|it| (*it).to_owned()).collect(),
            });
        }
        self.incidents = Incidents::new(details, of_findings);
        let all: Vec<_> = incidents.iter().flat_map(|it| it.1).map(listed).collect();
        self.happens(now, &all);
    }
}

fn scene(to: &str) -> Scene {
    let names: Vec<_> = destinations(to).into_keys().collect();
    Scene::new(&[&format!("{SHOP}destinations = {names:?}")], to)
}

#[test]
fn five_findings_of_one_attack_are_one_message_and_told_once() {
    let mut scene = scene(CHAT);
    let all: Vec<_> = (0..5).map(|n| step("persistence", &n.to_string(), Severity::High)).collect();
    scene.attacked(NOON, &[("aa", &all, &[])]);
    assert_eq!(scene.told(NOON), ["chat alert: opened aa x5"]);
    scene.attacked(NOON, &[("aa", &all, &[])]);
    assert_eq!(scene.told(NOON), [""; 0], "nothing changed");
}

#[test]
fn what_is_told_of_an_incident_later_is_what_matters() {
    let mut scene = scene(CHAT);
    let mut all = vec![step("persistence", "1", Severity::High)];
    scene.attacked(NOON, &[("aa", &all, &[])]);
    let root = scene.released(time(NOON)).remove(0).notice.key;

    all.push(step("persistence", "2", Severity::High));
    scene.attacked(NOON, &[("aa", &all, &[])]);
    assert_eq!(scene.told(NOON), [""; 0], "more of what was told");

    all.push(step("impact", "3", Severity::Low));
    scene.attacked(NOON, &[("aa", &all, &[])]);
    let told = scene.released(time(NOON)).remove(0);
    let alert = &told.notice.alerts[0];
    assert_eq!((alert.change, alert.findings.len()), (Change::Advanced, 3));
    assert_eq!(alert.incident.as_ref().unwrap().new_stages, ["Impact"]);
    assert_eq!(told.thread, Some(root), "it stands below the message that told the attack");

    all.push(step("impact", "4", Severity::Critical));
    scene.attacked(NOON, &[("aa", &all, &[])]);
    assert_eq!(scene.told(NOON), ["chat alert: severity-changed aa x4"]);
    all[3].severity = Severity::Medium;
    scene.attacked(NOON, &[("aa", &all, &[])]);
    all[3].severity = Severity::Critical;
    scene.attacked(NOON, &[("aa", &all, &[])]);
    assert_eq!(scene.told(NOON), [""; 0], "less bad is no news, and as bad as told is none either");

    let closed: Vec<_> = all.iter().map(|it| with(Workflow::Resolved, it)).collect();
    scene.attacked(NOON, &[("aa", &[&closed[..3], &all[3..]].concat(), &[])]);
    assert_eq!(scene.told(NOON), [""; 0], "one finding is open");
    scene.attacked(NOON, &[("aa", &closed, &[])]);
    assert_eq!(scene.told(NOON), ["chat alert: resolved aa x4"]);
    scene.attacked(NOON, &[("aa", &all, &[])]);
    assert_eq!(scene.told(NOON), ["chat alert: reopened aa x4"], "it happened again");
}

#[test]
fn a_finding_that_was_told_before_is_closed_where_each_is_open_by_itself() {
    let mut scene = scene(&format!("{CHAT}{PAGER}"));
    let first = step("persistence", "1", Severity::High);
    scene.happens(NOON, &[listed(&first)]);
    assert_eq!(scene.told(NOON), ["chat alert: opened rule-1 x1", "pager alert: opened rule-1 x1"]);
    scene.attacked(NOON, &[("aa", &[first, step("impact", "2", Severity::High)], &[])]);
    assert_eq!(
        scene.told(NOON),
        ["chat alert: opened aa x2", "pager alert: opened aa x2", "pager alert: resolved rule-1 x1"]
    );
}

#[test]
fn what_waits_for_a_summary_is_in_it_as_one() {
    let mut scene = scene(MAIL);
    let first = step("persistence", "1", Severity::Medium);
    scene.happens(NOON, &[listed(&first), finding("a", "1", Severity::Low)]);
    scene.attacked(NOON, &[("aa", &[first, step("impact", "2", Severity::Medium)], &[])]);
    assert_eq!(scene.told("2026-03-03T00:00:00Z"), ["mail digest: opened aa x2, opened a x1"]);
}

#[test]
fn suppressed_findings_are_left_out_and_an_incident_of_nothing_else_is_not_told() {
    let mut scene = scene(&format!("{CHAT}{PAGER}"));
    let (bad, worse) = (step("persistence", "1", Severity::High), step("impact", "2", Severity::Critical));
    let accepted = with(Workflow::Suppressed, &worse);
    scene.attacked(NOON, &[("aa", &[with(Workflow::Suppressed, &bad), accepted.clone()], &[])]);
    assert_eq!(scene.told(NOON), [""; 0]);
    scene.attacked(NOON, &[("aa", &[bad.clone(), accepted.clone()], &[])]);
    let told = scene.released(time(NOON));
    let alert = &told[0].notice.alerts[0];
    assert_eq!((alert.severity, alert.findings.len()), (Severity::High, 1), "of what is not suppressed");
    assert_eq!(alert.incident.as_ref().unwrap().stages, ["Persistence"]);
    scene.attacked(NOON, &[("aa", &[with(Workflow::Suppressed, &bad), accepted], &[])]);
    assert_eq!(scene.told(NOON), ["pager alert: resolved aa x0"], "nobody is called for it any more");
}

#[test]
fn every_project_whose_accounts_are_concerned_hears_of_it_once() {
    let other = "name = \"bank\"\naccounts = [\"444455556666\"]\ndestinations = [\"chat\", \"mail\"]\nmin_severity = \"high\"\n";
    let mut scene =
        Scene::new(&[&format!("{SHOP}destinations = [\"chat\"]"), other], &format!("{CHAT}{MAIL}"));
    let there = |severity| threat("444455556666", "impact", "2", severity);
    scene.attacked(NOON, &[("aa", &[step("persistence", "1", Severity::Low), there(Severity::Medium)], &[])]);
    assert_eq!(scene.told(NOON), ["chat alert: opened aa x2"], "the other project asks for worse");
    scene.attacked(NOON, &[("aa", &[step("persistence", "1", Severity::Low), there(Severity::High)], &[])]);
    assert_eq!(scene.told(NOON), ["chat alert: severity-changed aa x2", "mail alert: opened aa x2"]);
}

#[test]
fn an_incident_that_is_part_of_another_says_so_and_ends() {
    let mut scene = scene(CHAT);
    let (one, other) =
        ([step("persistence", "1", Severity::High)], [step("persistence", "2", Severity::High)]);
    scene.attacked(NOON, &[("aa", &one, &[]), ("bb", &other, &[])]);
    let roots: Vec<_> = scene.released(time(NOON)).into_iter().map(|it| it.notice.key).collect();
    assert_eq!(roots.len(), 2);
    for _ in 0..2 {
        scene.attacked(NOON, &[("aa", &[one.clone(), other.clone()].concat(), &["bb"])]);
    }
    let told = scene.released(time(NOON));
    assert_eq!(told.len(), 1);
    let alert = &told[0].notice.alerts[0];
    let story = alert.incident.as_ref().unwrap();
    assert_eq!((alert.change, &*story.id, story.part_of.as_deref()), (Change::Resolved, "bb", Some("aa")));
    assert_eq!(told[0].thread.as_ref(), Some(&roots[1]));
    scene.attacked(NOON, &[("aa", &[one, other].concat(), &["bb"])]);
    assert_eq!(scene.told(NOON), [""; 0]);
}

#[test]
fn of_several_things_that_are_new_one_is_told_that_is_wanted() {
    let mut scene = scene(&format!("{CHAT}events = [\"opened\", \"advanced\"]\n"));
    let first = step("persistence", "1", Severity::High);
    scene.attacked(NOON, &[("aa", std::slice::from_ref(&first), &[])]);
    assert_eq!(scene.told(NOON), ["chat alert: opened aa x1"]);
    scene.attacked(NOON, &[("aa", &[first, step("impact", "2", Severity::Critical)], &[])]);
    assert_eq!(scene.told(NOON), ["chat alert: advanced aa x2"]);
}

#[test]
fn an_incident_waits_in_quiet_hours_unless_it_is_critical() {
    let quiet = format!("{SHOP}destinations = [\"chat\"]\nquiet_hours = \"22:00-08:00\"");
    let mut scene = Scene::new(&[&quiet], CHAT);
    let night = "2026-03-02T14:00:00Z";
    let first = step("persistence", "1", Severity::High);
    scene.attacked(night, &[("aa", std::slice::from_ref(&first), &[])]);
    assert_eq!(scene.told(night), [""; 0]);
    scene.attacked(night, &[("aa", &[first, step("impact", "2", Severity::Critical)], &[])]);
    assert_eq!(scene.told(night), ["chat alert: opened aa x2"]);
}

/// A step of one of two attacks, which may turn out to be one.
#[derive(Debug, Clone)]
struct Move {
    which: usize,
    stage: &'static str,
    severity: Severity,
    workflow: Workflow,
    merges: bool,
    tells: bool,
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let severity =
        prop::sample::select(vec![Severity::Low, Severity::Medium, Severity::High, Severity::Critical]);
    let workflow =
        prop::sample::select(vec![Workflow::New, Workflow::New, Workflow::Suppressed, Workflow::Resolved]);
    let stage = prop::sample::select(vec!["persistence", "impact", "discovery", "execution"]);
    let one = (0_usize..6, stage, severity, workflow, prop::bool::weighted(0.05), any::<bool>());
    let one = one.prop_map(|(which, stage, severity, workflow, merges, tells)| Move {
        which,
        stage,
        severity,
        workflow,
        merges,
        tells,
    });
    prop::collection::vec(one, 1..40)
}

proptest! {
    /// No finding of an incident is told by itself, nothing suppressed or harmless is told, no news is told twice, and none is lost.
    #[test]
    fn one_attack_is_one_message(moves in moves()) {
        let to = format!("{CHAT}{MAIL}");
        let shop = format!("{SHOP}destinations = [\"chat\", \"mail\"]\nmin_severity = \"medium\"");
        let mut scene = Scene::new(&[&shop], &to);
        let mut steps: BTreeMap<usize, ThreatFinding> = BTreeMap::new();
        let mut is_one = false;
        let mut heard: BTreeMap<Pair, (Change, Severity, BTreeSet<String>)> = BTreeMap::new();
        let mut now = time(NOON);
        let last = moves.len() - 1;
        for (n, it) in moves.iter().enumerate() {
            // The stage of a finding is its rule's, which stays.
            let stage = steps.get(&it.which).map_or(it.stage.to_owned(), |it| it.title.split(' ').next().unwrap().to_owned());
            steps.insert(it.which, with(it.workflow, &step(&stage, &it.which.to_string(), it.severity)));
            is_one |= it.merges;
            let of = |parity: usize| steps.iter().filter(|(which, _)| *which % 2 == parity).map(|(_, it)| it.clone()).collect::<Vec<_>>();
            let (one, other) = (of(0), of(1));
            let all = [one.clone(), other.clone()].concat();
            let incidents: &[(&str, &[ThreatFinding], &[&str])] =
                if is_one { &[("aa", &all, &["bb"])] } else { &[("aa", &one, &[]), ("bb", &other, &[])] };
            scene.attacked(&now.to_string(), incidents);
            if n == last {
                now = now.checked_add(jiff::SignedDuration::from_hours(48)).unwrap();
            }
            if !it.tells && n != last {
                continue;
            }
            for told in scene.released(now) {
                for alert in &told.notice.alerts {
                    let story = alert.incident.as_ref().expect("every finding belongs to an incident");
                    prop_assert!(alert.severity >= Severity::Medium);
                    for told in &alert.findings {
                        let it = all.iter().find(|it| it.id == told.id).unwrap();
                        prop_assert_ne!(it.workflow, Workflow::Suppressed);
                    }
                    let pair = (told.destination.clone(), story.id.clone());
                    let mut stages: BTreeSet<String> = story.stages.iter().cloned().collect();
                    if let Some((change, severity, before)) = heard.get(&pair) {
                        match alert.change {
                            Change::SeverityChanged => prop_assert!(alert.severity > *severity),
                            Change::Advanced => prop_assert!(!stages.is_subset(before)),
                            Change::Resolved => prop_assert_ne!(*change, Change::Resolved),
                            change => prop_assert_eq!(change, Change::Reopened),
                        }
                        stages.extend(before.iter().cloned());
                    } else {
                        prop_assert_eq!(alert.change, Change::Opened);
                    }
                    heard.insert(pair, (alert.change, alert.severity, stages));
                }
            }
        }
        // Two days later whatever is open has been told, as bad and as far as it is.
        prop_assert!(scene.board.queue.is_empty());
        let ids: &[&str] = if is_one { &["aa"] } else { &["aa", "bb"] };
        for it in ids.iter().filter_map(|id| scene.incidents.get(id)) {
            let is_seen = it.stand == Stand::Open && it.incident.severity >= Severity::Medium;
            for to in ["chat", "mail"].into_iter().filter(|_| is_seen) {
                let mark = &scene.board.marks[&(to.to_owned(), format!("incident:{}", it.incident.id))];
                prop_assert_eq!(mark.stand, Stand::Open);
                prop_assert!(mark.severity >= it.incident.severity);
                prop_assert!(it.incident.stages.iter().all(|it| mark.stages.contains(it)));
            }
        }
    }
}
