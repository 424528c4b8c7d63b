//! Incidents: findings of detections that are steps of one attack, what they come to, and the credentials that lead from one to the next.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::threat::{Actor, Entity, Tactic, ThreatFinding};
use crate::{RecordState, Severity, Timestamp, Workflow};

/// Findings that are steps of one attack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Incident {
    /// Stable: it stays when more findings join.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// When it began.
    pub first_seen: Timestamp,
    /// The last event so far.
    pub last_seen: Timestamp,
    /// The stages of the attack, in the order in which they were first seen.
    pub stages: Vec<Tactic>,
    /// Who acted, the one who began first.
    pub actors: Vec<Actor>,
    /// The accounts in which something was done.
    pub accounts: BTreeSet<String>,
    /// How many findings.
    pub findings: u64,
    /// How many events.
    pub events: u64,
    /// Whether it is about the present.
    pub record_state: RecordState,
    /// What people did about it.
    pub workflow: Workflow,
}

/// An incident with so many stages is worse than the worst of its findings.
const MANY_STAGES: usize = 4;

impl Incident {
    /// What an incident's findings come to: whoever leaves some of them out, because they are accepted, gets what is left.
    #[must_use]
    pub fn of(id: String, members: &[&ThreatFinding]) -> Self {
        let mut ordered = members.to_vec();
        ordered.sort_by(|a, b| (a.first_seen, &a.id).cmp(&(b.first_seen, &b.id)));
        let (mut stages, mut actors): (Vec<Tactic>, Vec<_>) = Default::default();
        for it in &ordered {
            if let Some(tactic) = it.tactic().filter(|tactic| !stages.contains(tactic)) {
                stages.push(tactic);
            }
            // A cluster does not tell whose account it is in.
            if !actors.iter().any(|known: &Actor| known.principal == it.actor.principal) {
                actors.push(it.actor.clone());
            }
        }
        let worst = ordered.iter().map(|it| it.severity).max().unwrap_or(Severity::Informational);
        let severity = if stages.len() >= MANY_STAGES { worse(worst) } else { worst };
        let epoch = Timestamp::UNIX_EPOCH;
        Self {
            id,
            severity,
            first_seen: ordered.first().map_or(epoch, |it| it.first_seen),
            last_seen: ordered.iter().map(|it| it.last_seen).max().unwrap_or(epoch),
            stages,
            actors,
            accounts: ordered.iter().flat_map(|it| it.accounts.iter().cloned()).collect(),
            findings: ordered.len() as u64,
            events: ordered.iter().map(|it| it.count).sum(),
            record_state: RecordState::Active,
            workflow: Workflow::New,
        }
    }
}

fn worse(severity: Severity) -> Severity {
    Severity::ALL.into_iter().find(|it| *it > severity).unwrap_or(severity)
}

/// Something that one principal made or took, and with which it, or another, can go on: credentials, mostly.
///
/// Links lead from a step of an attack to the next one when principal, key and address all change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct EntityLink {
    /// When.
    pub time: Timestamp,
    /// How: `sts:AssumeRole`, `iam:CreateAccessKey`.
    pub how: String,
    /// Who.
    pub actor: Actor,
    /// Who and what was there before: the actor's principal, session, key.
    pub from: BTreeSet<Entity>,
    /// What came out.
    pub to: Entity,
}
