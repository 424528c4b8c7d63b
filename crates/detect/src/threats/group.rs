//! Matches to findings: what one rule says about one actor within a day is one finding.

use std::collections::{BTreeSet, HashMap};

use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};
use yagura_model::{Confidence, Entity, RecordState, Sample, Severity, ThreatFinding, Timestamp, Workflow};

use super::Facts;

/// The same rule and actor are a new finding when nothing was seen for so long.
pub const EPISODE: SignedDuration = SignedDuration::from_hours(24);
/// So many events stand in a finding; the others are counted.
const SAMPLES: usize = 12;
/// So many entities stand in a finding.
const ENTITIES: usize = 64;
/// So many characters of what a rule says stand in a finding.
const OUTPUT: usize = 2_000;
/// So many accounts and regions.
const PLACES: usize = 64;

/// What the same finding has in common: rule and actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u8; 16]);

/// The rule that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// A Falco name, a Sigma id.
    pub rule: String,
    /// Its title.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// ATT&CK tactics and techniques.
    pub tags: Vec<String>,
}

/// How bad the words of both languages are.
#[must_use]
pub fn severity(level: &str) -> Severity {
    match level.to_ascii_lowercase().as_str() {
        "critical" | "emergency" | "alert" => Severity::Critical,
        "high" | "error" => Severity::High,
        "medium" | "warning" => Severity::Medium,
        "low" | "notice" => Severity::Low,
        _ => Severity::Informational,
    }
}

/// The first 16 bytes of a sha-256.
pub(crate) fn hash(parts: &[&str]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
        hash.update([0]);
    }
    let mut out = [0; 16];
    out.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    out
}

/// The key of a rule and a principal.
#[must_use]
pub fn key(rule: &str, principal: &str) -> Key {
    Key(hash(&[rule, principal]))
}

/// What tells that a rule has matched an event before, whichever file it came in.
#[must_use]
pub fn digest(rule: &str, event: &str) -> [u8; 16] {
    hash(&["match", rule, event])
}

/// In hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|it| format!("{it:02x}")).collect()
}

/// Findings by what they have in common.
#[derive(Debug, Default)]
pub struct Groups {
    findings: Vec<ThreatFinding>,
    by_key: HashMap<Key, Vec<usize>>,
    changed: BTreeSet<usize>,
}

impl Groups {
    /// Begins with findings that are known.
    #[must_use]
    pub fn of(known: Vec<ThreatFinding>) -> Self {
        let mut groups = Self::default();
        for it in known {
            groups.insert(it);
        }
        groups
    }

    fn insert(&mut self, finding: ThreatFinding) -> usize {
        let index = self.findings.len();
        self.by_key.entry(key(&finding.rule, &finding.actor.principal)).or_default().push(index);
        self.findings.push(finding);
        index
    }

    /// Adds a match. `now` stands for the time of an event that has none, or lies in the future.
    pub fn add(&mut self, matched: &Matched, facts: &Facts, now: Timestamp) {
        self.add_sure(matched, facts, None, now);
    }

    /// Adds a match of a rule that asks for something new, with how sure that is.
    pub fn add_sure(
        &mut self,
        matched: &Matched,
        facts: &Facts,
        confidence: Option<Confidence>,
        now: Timestamp,
    ) {
        let time = facts.time.filter(|it| *it <= now).unwrap_or(now);
        let near = |it: &ThreatFinding| {
            let (before, after) = (it.first_seen.duration_since(time), time.duration_since(it.last_seen));
            before.max(after) <= EPISODE
        };
        let of_key = self.by_key.get(&key(&matched.rule, &facts.actor.principal));
        let known = of_key.and_then(|all| all.iter().copied().find(|it| near(&self.findings[*it])));
        let index = known.unwrap_or_else(|| self.insert(open(matched, facts, time)));
        let finding = &mut self.findings[index];
        see(finding, facts, time);
        if confidence.is_some() {
            // The surest of its matches counts.
            finding.confidence = finding.confidence.max(confidence);
            finding.severity = weighed(matched.severity, finding.confidence);
        }
        self.changed.insert(index);
    }

    /// The findings to which something was added, or that are new.
    #[must_use]
    pub fn into_changed(self) -> Vec<ThreatFinding> {
        let changed = self.changed;
        self.findings
            .into_iter()
            .enumerate()
            .filter(|(index, _)| changed.contains(index))
            .map(|(_, it)| it)
            .collect()
    }
}

/// How bad something new is: what is less than sure is one step better.
#[must_use]
pub fn weighed(severity: Severity, confidence: Option<Confidence>) -> Severity {
    match (confidence, severity) {
        (None | Some(Confidence::High), severity) => severity,
        (Some(_), Severity::Critical) => Severity::High,
        (Some(_), Severity::High) => Severity::Medium,
        (Some(_), Severity::Medium) => Severity::Low,
        (Some(_), Severity::Low | Severity::Informational) => Severity::Informational,
    }
}

fn open(matched: &Matched, facts: &Facts, time: Timestamp) -> ThreatFinding {
    ThreatFinding {
        id: hex(&hash(&["threat", &matched.rule, &facts.actor.principal, &facts.event, &time.to_string()])),
        rule: matched.rule.clone(),
        title: matched.title.clone(),
        severity: matched.severity,
        confidence: None,
        actor: facts.actor.clone(),
        accounts: BTreeSet::new(),
        regions: BTreeSet::new(),
        tags: matched.tags.clone(),
        first_seen: time,
        last_seen: time,
        count: 0,
        failed: 0,
        entities: BTreeSet::new(),
        samples: Vec::new(),
        record_state: RecordState::Active,
        workflow: Workflow::New,
        incident: None,
    }
}

fn see(finding: &mut ThreatFinding, facts: &Facts, time: Timestamp) {
    finding.count += 1;
    finding.failed += u64::from(facts.error.is_some());
    finding.first_seen = finding.first_seen.min(time);
    finding.last_seen = finding.last_seen.max(time);
    some(&mut finding.accounts, facts.account.iter().cloned(), PLACES);
    some(&mut finding.regions, facts.region.iter().cloned(), PLACES);
    some(&mut finding.entities, facts.entities.iter().cloned().collect::<Vec<Entity>>(), ENTITIES);
    let sample = Sample {
        time,
        event: facts.event.clone(),
        what: facts.what.clone(),
        targets: facts.targets.clone(),
        address: facts.address.clone(),
        origin: facts.origin.clone(),
        error: facts.error.clone(),
        output: facts.output.as_ref().map(|it| it.chars().take(OUTPUT).collect()),
    };
    // The earliest ones, whatever the order in which they come.
    let at = finding.samples.partition_point(|it| *it <= sample);
    if at < SAMPLES {
        finding.samples.insert(at, sample);
        finding.samples.truncate(SAMPLES);
    }
}

fn some<T: Ord>(set: &mut BTreeSet<T>, more: impl IntoIterator<Item = T>, limit: usize) {
    for it in more {
        if set.len() < limit {
            set.insert(it);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::source::Source;
    use crate::threats::facts;

    fn rule(name: &str) -> Matched {
        Matched {
            rule: name.into(),
            title: name.into(),
            severity: Severity::High,
            tags: vec!["attack.persistence".into()],
        }
    }

    fn event(id: usize, user: &str, time: &str) -> Facts {
        facts(
            Source::CloudTrail,
            &json!({ "eventID": id.to_string(), "eventTime": time, "recipientAccountId": "111122223333", "eventSource": "iam.amazonaws.com",
                "eventName": "CreateAccessKey", "userIdentity": { "type": "IAMUser", "arn": format!("arn:aws:iam::111122223333:user/{user}") } }),
        )
    }

    const NOW: &str = "2026-03-01T00:00:00Z";

    #[test]
    fn what_one_rule_says_of_one_actor_within_a_day_is_one_finding() {
        let mut groups = Groups::default();
        for (id, (user, time)) in [
            ("a", "2026-02-06T19:00:00Z"),
            ("a", "2026-02-07T01:00:00Z"),
            ("b", "2026-02-06T19:00:00Z"),
            ("a", "2026-02-20T19:00:00Z"),
        ]
        .into_iter()
        .enumerate()
        {
            groups.add(&rule("r"), &event(id, user, time), NOW.parse().unwrap());
        }
        let found: Vec<_> = groups.into_changed().into_iter().map(|it| (it.actor.name, it.count)).collect();
        assert_eq!(found, [("a".to_owned(), 2), ("b".to_owned(), 1), ("a".to_owned(), 1)]);
    }

    #[test]
    fn a_time_in_the_future_is_taken_for_now() {
        let mut groups = Groups::default();
        groups.add(&rule("r"), &event(1, "a", "2099-01-01T00:00:00Z"), NOW.parse().unwrap());
        assert_eq!(groups.into_changed()[0].last_seen.to_string(), NOW);
    }

    proptest! {
        /// The order of arrival within an episode changes nothing but the id.
        #[test]
        fn the_order_of_arrival_does_not_matter(minutes in prop::collection::vec(0u32..60, 1..30)) {
            let found = |order: &[u32]| {
                let mut groups = Groups::default();
                for minute in order {
                    let facts = event(*minute as usize, "a", &format!("2026-02-06T19:{minute:02}:00Z"));
                    groups.add(&rule("r"), &facts, NOW.parse().unwrap());
                }
                let mut found = groups.into_changed();
                found.iter_mut().for_each(|it| it.id.clear());
                found
            };
            let mut sorted = minutes.clone();
            sorted.sort_unstable();
            prop_assert_eq!(found(&minutes), found(&sorted));
        }
    }
}
