//! Findings to incidents: findings that share a principal, a session, a key, an address, an instance or a pod within a day are steps of one
//! attack, and so are those that a chain of credentials connects.
//!
//! # Laws
//!
//! - **The order does not matter.** The same findings and links make the same incidents.
//! - **Nothing is torn apart.** Findings that were of one incident stay so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::SignedDuration;
use yagura_model::{Entity, EntityKind, EntityLink, Incident, Severity, ThreatFinding, Timestamp, Workflow};

/// What is further apart is not joined.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// An incident is no longer than this: who is noticed every day would otherwise be in one that never ends.
const LONGEST: SignedDuration = SignedDuration::from_hours(14 * 24);
/// An address that more principals than these come from is a gateway that many share: it joins nothing.
const SHARED_BY: usize = 8;
/// So many steps back a chain of credentials is followed.
const CHAIN: usize = 8;
/// Credentials of a session live for 12 hours, in a chain or of a user for 36.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html>
const CREDENTIALS: SignedDuration = SignedDuration::from_hours(36);

/// Joins findings, and writes into each which incident it belongs to. Suppressed findings join nothing.
///
/// Findings that no incident was made of before keep none when they are harmless on their own.
pub fn incidents(findings: &mut [ThreatFinding], links: &[EntityLink]) -> Vec<Incident> {
    let mut sets = Sets::new(findings.iter().map(|it| (it.first_seen, it.last_seen)).collect());
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, it) in findings.iter().enumerate() {
        if let Some(incident) = &it.incident {
            let first = *known.entry(incident).or_insert(index);
            sets.join(first, index);
        }
    }
    for shared in by_entity(findings, links).values_mut() {
        join_near(findings, shared, &mut sets);
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for index in 0..findings.len() {
        parts.entry(sets.root(index)).or_default().push(index);
    }
    let mut found = Vec::new();
    for part in parts.into_values() {
        let members: Vec<&ThreatFinding> = part.iter().map(|it| &findings[*it]).collect();
        let had = members.iter().any(|it| it.incident.is_some());
        if !had && !is_incident(&members) {
            continue;
        }
        let incident = describe(&members);
        for index in part {
            findings[index].incident = Some(incident.id.clone());
        }
        found.push(incident);
    }
    found.sort_by(|a, b| (a.first_seen, &a.id).cmp(&(b.first_seen, &b.id)));
    found
}

/// What one incident's findings come to.
#[must_use]
pub fn describe(members: &[&ThreatFinding]) -> Incident {
    let mut ordered = members.to_vec();
    ordered.sort_by(|a, b| (a.first_seen, &a.id).cmp(&(b.first_seen, &b.id)));
    // The incident that began first keeps its id; the others become part of it.
    let oldest = ordered.iter().find_map(|it| it.incident.clone());
    let made = || ordered.first().map(|it| incident_id(&it.id)).unwrap_or_default();
    Incident::of(oldest.unwrap_or_else(made), members)
}

fn incident_id(finding: &str) -> String {
    super::group::hex(&super::group::digest("incident", finding))
}

/// Whether findings that belong together are worth a story: something critical; something high and more beside it; or
/// several things of at least medium severity at different stages.
fn is_incident(members: &[&ThreatFinding]) -> bool {
    let rules: BTreeSet<&str> = members.iter().map(|it| it.rule.as_str()).collect();
    let worst = members.iter().map(|it| it.severity).max();
    let medium: Vec<_> = members.iter().filter(|it| it.severity >= Severity::Medium).collect();
    let medium_rules: BTreeSet<&str> = medium.iter().map(|it| it.rule.as_str()).collect();
    let stages: BTreeSet<_> = medium.iter().filter_map(|it| it.tactic()).collect();
    worst == Some(Severity::Critical)
        || (worst == Some(Severity::High) && rules.len() >= 2)
        || (medium_rules.len() >= 3 && stages.len() >= 2)
}

/// The findings that have an entity in common, by entity.
fn by_entity(findings: &[ThreatFinding], links: &[EntityLink]) -> BTreeMap<Entity, Vec<usize>> {
    let mut leads: HashMap<&Entity, Vec<&EntityLink>> = HashMap::new();
    for link in links {
        leads.entry(&link.to).or_default().push(link);
    }
    let mut shared: BTreeMap<Entity, Vec<usize>> = BTreeMap::new();
    for (index, it) in findings.iter().enumerate().filter(|(_, it)| it.workflow != Workflow::Suppressed) {
        for entity in with_leads(it, &leads) {
            shared.entry(entity).or_default().push(index);
        }
    }
    shared.retain(|entity, indices| {
        let principals: BTreeSet<_> = indices.iter().map(|it| &findings[*it].actor.principal).collect();
        indices.len() > 1 && (entity.kind != EntityKind::Address || principals.len() <= SHARED_BY)
    });
    shared
}

/// The entities of a finding, and those from which its credentials came.
fn with_leads(finding: &ThreatFinding, leads: &HashMap<&Entity, Vec<&EntityLink>>) -> BTreeSet<Entity> {
    let mut all = finding.entities.clone();
    let mut newest: Vec<Entity> = all.iter().cloned().collect();
    for _ in 0..CHAIN {
        let mut next = Vec::new();
        for entity in &newest {
            for link in leads.get(entity).into_iter().flatten() {
                // A key of long life leads back for as long as it is used.
                let lives = entity.kind != EntityKind::AccessKey || entity.name.starts_with("AKIA");
                let age = finding.first_seen.duration_since(link.time);
                if link.time <= finding.last_seen && (lives || age <= CREDENTIALS) {
                    next.extend(link.from.iter().filter(|it| all.insert((*it).clone())).cloned());
                }
            }
        }
        if next.is_empty() {
            break;
        }
        newest = next;
    }
    all
}

/// Joins those of the findings that follow each other within the window.
fn join_near(findings: &[ThreatFinding], indices: &mut [usize], sets: &mut Sets) {
    indices.sort_by_key(|it| findings[*it].first_seen);
    let mut last: Option<(usize, Timestamp)> = None;
    for index in indices.iter().copied() {
        let it = &findings[index];
        let mut until = it.last_seen;
        if let Some((before, seen)) = last {
            if it.first_seen.duration_since(seen) <= WINDOW {
                sets.join_short(before, index);
            }
            until = until.max(seen);
        }
        last = Some((index, until));
    }
}

/// Disjoint sets, each known by its smallest member.
struct Sets {
    parents: Vec<usize>,
    /// Of each set, when it begins and ends.
    spans: Vec<(Timestamp, Timestamp)>,
}

impl Sets {
    fn new(spans: Vec<(Timestamp, Timestamp)>) -> Self {
        Self { parents: (0..spans.len()).collect(), spans }
    }

    fn root(&mut self, mut at: usize) -> usize {
        while self.parents[at] != at {
            self.parents[at] = self.parents[self.parents[at]];
            at = self.parents[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (whole, part) = (a.min(b), a.max(b));
        self.spans[whole] = self.both(whole, part);
        self.parents[part] = whole;
    }

    /// Joins what is not too long together.
    fn join_short(&mut self, a: usize, b: usize) {
        let (first, last) = {
            let (a, b) = (self.root(a), self.root(b));
            self.both(a, b)
        };
        if last.duration_since(first) <= LONGEST {
            self.join(a, b);
        }
    }

    fn both(&self, a: usize, b: usize) -> (Timestamp, Timestamp) {
        let ((a_first, a_last), (b_first, b_last)) = (self.spans[a], self.spans[b]);
        (a_first.min(b_first), a_last.max(b_last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use yagura_model::{Actor, RecordState};

    fn finding(
        rule: &str,
        principal: &str,
        time: &str,
        severity: Severity,
        entities: &[(EntityKind, &str)],
    ) -> ThreatFinding {
        let time = time.parse().unwrap();
        let mut all: BTreeSet<_> = entities.iter().map(|(kind, name)| Entity::new(*kind, *name)).collect();
        all.insert(Entity::new(EntityKind::Principal, principal));
        ThreatFinding {
            id: format!("{rule}{principal}{time}"),
            rule: rule.into(),
            title: rule.into(),
            severity,
            confidence: None,
            actor: Actor { principal: principal.into(), name: principal.into(), account: None },
            accounts: BTreeSet::from(["111122223333".to_owned()]),
            regions: BTreeSet::new(),
            tags: vec![format!("attack.{rule}")],
            first_seen: time,
            last_seen: time,
            count: 1,
            failed: 0,
            entities: all,
            samples: Vec::new(),
            record_state: RecordState::Active,
            workflow: Workflow::New,
            incident: None,
        }
    }

    use EntityKind::{AccessKey, Address};
    use Severity::{Critical, High, Low, Medium};

    #[test]
    fn steps_of_one_attack_are_one_incident_across_principals() {
        let link = EntityLink {
            time: "2026-02-06T20:00:00Z".parse().unwrap(),
            how: "sts:AssumeRole".into(),
            actor: Actor { principal: "dev".into(), name: "dev".into(), account: None },
            from: BTreeSet::from([Entity::new(EntityKind::Principal, "dev")]),
            to: Entity::new(AccessKey, "ASIA2"),
        };
        let mut all = [
            finding("initial-access", "dev", "2026-02-06T19:00:00Z", Medium, &[(Address, "203.0.113.9")]),
            finding("persistence", "dev", "2026-02-06T19:05:00Z", High, &[]),
            // Another account, another address: only the key leads there.
            finding("impact", "role", "2026-02-06T20:30:00Z", High, &[(AccessKey, "ASIA2")]),
            finding("defense-evasion", "backdoor", "2026-02-06T21:00:00Z", High, &[(Address, "203.0.113.9")]),
            finding("impact", "stranger", "2026-02-06T19:30:00Z", Low, &[(Address, "198.51.100.1")]),
        ];
        let found = incidents(&mut all, &[link]);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].findings, found[0].severity),
            (4, Critical),
            "four stages are worse than each of them"
        );
        let stages: Vec<_> = found[0].stages.iter().map(|it| it.as_str()).collect();
        assert_eq!(stages, ["initial-access", "persistence", "impact", "defense-evasion"]);
        assert_eq!(found[0].actors[0].name, "dev");
        assert_eq!(all[4].incident, None);
    }

    #[test]
    fn a_gateway_that_many_share_joins_nobody() {
        let names: Vec<String> = (0..20).map(|n| format!("user{n}")).collect();
        let mut all: Vec<_> = names
            .iter()
            .map(|name| {
                finding("impact", name, "2026-02-06T19:00:00Z", Critical, &[(Address, "203.0.113.9")])
            })
            .collect();
        assert_eq!(incidents(&mut all, &[]).len(), 20);
    }

    #[test]
    fn what_is_more_than_a_day_apart_is_another_incident_and_what_a_person_accepted_is_none() {
        let mut all = [
            finding("impact", "dev", "2026-02-06T19:00:00Z", Critical, &[]),
            finding("impact", "dev", "2026-02-09T19:00:00Z", Critical, &[]),
            ThreatFinding {
                workflow: Workflow::Suppressed,
                ..finding("persistence", "dev", "2026-02-06T19:30:00Z", Low, &[])
            },
        ];
        let found = incidents(&mut all, &[]);
        assert_eq!(found.iter().map(|it| it.findings).collect::<Vec<_>>(), [1, 1]);
    }

    #[test]
    fn whoever_is_noticed_every_day_is_in_no_incident_that_never_ends() {
        let start: Timestamp = "2026-02-01T00:00:00Z".parse().unwrap();
        let on = |day: i64| (start + SignedDuration::from_hours(24 * day)).to_string();
        let mut all: Vec<_> = (0..40).map(|day| finding("impact", "ci", &on(day), Critical, &[])).collect();
        let found = incidents(&mut all, &[]);
        assert_eq!(found.iter().map(|it| it.findings).collect::<Vec<_>>(), [15, 15, 10]);
    }

    #[test]
    fn incidents_that_turn_out_to_be_one_keep_the_older_id() {
        let mut all = [
            finding("impact", "dev", "2026-02-06T19:00:00Z", Critical, &[]),
            finding("persistence", "backdoor", "2026-02-06T22:00:00Z", Critical, &[]),
        ];
        let ids: Vec<_> = incidents(&mut all, &[]).into_iter().map(|it| it.id).collect();
        assert_eq!(ids.len(), 2);
        let both =
            finding("collection", "dev", "2026-02-06T20:00:00Z", Low, &[(EntityKind::Principal, "backdoor")]);
        let mut more = all.to_vec();
        more.push(both);
        let found = incidents(&mut more, &[]);
        assert_eq!((found.len(), &found[0].id, found[0].findings), (1, &ids[0], 3));
    }

    proptest! {
        /// Whatever the order in which findings are given, the incidents are the same.
        #[test]
        fn the_order_of_findings_does_not_matter(
            drawn in prop::collection::vec((0usize..3, 0usize..4, 0i64..100, 0usize..4), 1..12),
            seed in any::<prop::sample::Index>(),
        ) {
            let start: Timestamp = "2026-02-06T00:00:00Z".parse().unwrap();
            let rules = ["impact", "persistence", "discovery"];
            let mut all: Vec<_> = drawn.iter().enumerate().map(|(n, (rule, who, hour, address))| {
                let time = (start + SignedDuration::from_hours(*hour)).to_string();
                let mut it = finding(rules[*rule], &format!("p{who}"), &time, High, &[(Address, &format!("203.0.113.{address}"))]);
                it.id = format!("{n}{}", it.id);
                it
            }).collect();
            let mut turned = all.clone();
            turned.rotate_left(seed.index(drawn.len()));
            prop_assert_eq!(incidents(&mut all, &[]), incidents(&mut turned, &[]));
        }
    }
}
