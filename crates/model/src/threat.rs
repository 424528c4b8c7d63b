//! Threats: what detections found in events, as findings with a life.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{RecordState, Severity, Timestamp, Workflow};

/// What somebody or something in an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EntityKind {
    /// A user or a role, by its ARN; a user of Kubernetes, by its name.
    Principal,
    /// A session of a role, by its ARN.
    Session,
    /// An access key id, of long life or of a session.
    AccessKey,
    /// A public address.
    Address,
    /// An EC2 instance.
    Instance,
    /// A pod: `namespace/name`.
    Pod,
    /// A container.
    Container,
    /// A machine, by the name that it calls itself.
    Host,
}

impl EntityKind {
    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Principal => "principal",
            Self::Session => "session",
            Self::AccessKey => "access-key",
            Self::Address => "address",
            Self::Instance => "instance",
            Self::Pod => "pod",
            Self::Container => "container",
            Self::Host => "host",
        }
    }
}

/// Somebody or something that an event names: what one event has in common with another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// Its name.
    pub name: String,
}

impl Entity {
    /// An entity.
    pub fn new(kind: EntityKind, name: impl Into<String>) -> Self {
        Self { kind, name: name.into() }
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.as_str(), self.name)
    }
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Actor {
    /// The principal: an ARN where there is one. The same person or program has the same principal.
    pub principal: String,
    /// How people call it.
    pub name: String,
    /// The account that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// A tactic of MITRE ATT&CK for enterprises, in the order in which attacks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tactic {
    /// Looking around from outside.
    Reconnaissance,
    /// Getting what the attack needs.
    ResourceDevelopment,
    /// Getting in.
    InitialAccess,
    /// Running something.
    Execution,
    /// Staying.
    Persistence,
    /// Becoming more powerful.
    PrivilegeEscalation,
    /// Not being seen.
    DefenseEvasion,
    /// Taking credentials.
    CredentialAccess,
    /// Looking around inside.
    Discovery,
    /// Moving on.
    LateralMovement,
    /// Gathering what is wanted.
    Collection,
    /// Being steered from outside.
    CommandAndControl,
    /// Carrying off.
    Exfiltration,
    /// Destroying, locking, using up.
    Impact,
}

impl Tactic {
    /// Every tactic, in order.
    pub const ALL: [Self; 14] = [
        Self::Reconnaissance,
        Self::ResourceDevelopment,
        Self::InitialAccess,
        Self::Execution,
        Self::Persistence,
        Self::PrivilegeEscalation,
        Self::DefenseEvasion,
        Self::CredentialAccess,
        Self::Discovery,
        Self::LateralMovement,
        Self::Collection,
        Self::CommandAndControl,
        Self::Exfiltration,
        Self::Impact,
    ];

    /// The word in machine formats, as Sigma's tags have it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reconnaissance => "reconnaissance",
            Self::ResourceDevelopment => "resource-development",
            Self::InitialAccess => "initial-access",
            Self::Execution => "execution",
            Self::Persistence => "persistence",
            Self::PrivilegeEscalation => "privilege-escalation",
            Self::DefenseEvasion => "defense-evasion",
            Self::CredentialAccess => "credential-access",
            Self::Discovery => "discovery",
            Self::LateralMovement => "lateral-movement",
            Self::Collection => "collection",
            Self::CommandAndControl => "command-and-control",
            Self::Exfiltration => "exfiltration",
            Self::Impact => "impact",
        }
    }

    /// The tactic that a tag names: `attack.persistence` of Sigma, `mitre_persistence` of Falco.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let word = tag.strip_prefix("attack.").or_else(|| tag.strip_prefix("mitre_"))?;
        let plain = word.to_ascii_lowercase().replace('_', "-");
        // What version 19 of ATT&CK calls the two halves of it.
        if matches!(plain.as_str(), "stealth" | "defense-impairment") {
            return Some(Self::DefenseEvasion);
        }
        Self::ALL.into_iter().find(|it| it.as_str() == plain)
    }
}

/// How much is known to say from that something is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Next to nothing: it is learned and not told.
    Low,
    /// Some days.
    Medium,
    /// As much as the rule asks for.
    High,
}

impl Confidence {
    /// One step less.
    #[must_use]
    pub fn lower(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }

    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// Where on the internet an address is, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Origin {
    /// The country: two letters of ISO 3166.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// The number of the autonomous system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asn: Option<u32>,
    /// Who runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_name: Option<String>,
}

impl Origin {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// `NL, AS64500 Example`
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.asn.map(|it| format!("AS{it}"));
        let network: Vec<&str> = number.as_deref().into_iter().chain(self.as_name.as_deref()).collect();
        let network = (!network.is_empty()).then(|| network.join(" "));
        let parts: Vec<&str> = self.country.as_deref().into_iter().chain(network.as_deref()).collect();
        f.write_str(&parts.join(", "))
    }
}

/// One of the events behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Sample {
    /// When.
    pub time: Timestamp,
    /// The event's own id.
    pub event: String,
    /// What was called or done: `iam:CreateAccessKey`.
    pub what: String,
    /// On what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// From which address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Where that is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Why it failed, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What the rule says of it: a Falco rule's output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
}

/// What a detection found about one actor: the same rule and actor within a day are one finding, however many events there are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct ThreatFinding {
    /// Stable: derived from rule, actor and the first event.
    pub id: String,
    /// The rule: a Falco name, a Sigma id.
    pub rule: String,
    /// The rule's title.
    pub title: String,
    /// How bad it is.
    pub severity: Severity,
    /// Of something that was never seen before, how much is known to say so from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
    /// Who did it.
    pub actor: Actor,
    /// The accounts in which it was done.
    pub accounts: BTreeSet<String>,
    /// The regions in which it was done.
    pub regions: BTreeSet<String>,
    /// ATT&CK tactics and techniques, as the rule names them.
    pub tags: Vec<String>,
    /// When first.
    pub first_seen: Timestamp,
    /// When last.
    pub last_seen: Timestamp,
    /// How many events.
    pub count: u64,
    /// How many of them were refused or failed.
    pub failed: u64,
    /// Who and what is in the events.
    pub entities: BTreeSet<Entity>,
    /// Some of the events, the first ones.
    pub samples: Vec<Sample>,
    /// Whether it is about the present.
    pub record_state: RecordState,
    /// What people did about it.
    pub workflow: Workflow,
    /// The incident that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}

impl ThreatFinding {
    /// The stage of an attack that it is: the first tactic that the rule names.
    #[must_use]
    pub fn tactic(&self) -> Option<Tactic> {
        self.tags.iter().find_map(|it| Tactic::of_tag(it))
    }

    /// The techniques that the rule names: `T1098.001`.
    pub fn techniques(&self) -> impl Iterator<Item = String> + '_ {
        self.tags.iter().filter_map(|tag| {
            let word = tag.strip_prefix("attack.").unwrap_or(tag);
            let digits = word.strip_prefix(['t', 'T'])?;
            let shape = |it: char| it.is_ascii_digit() || it == '.';
            (digits.len() >= 4 && digits.chars().all(shape)).then(|| format!("T{digits}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_tells_what_is_known_of_it() {
        let origin = |country: &str, asn, name: &str| {
            let given = |it: &str| (!it.is_empty()).then(|| it.to_owned());
            Origin { country: given(country), asn, as_name: given(name) }.to_string()
        };
        assert_eq!(origin("NL", Some(64500), "Example"), "NL, AS64500 Example");
        assert_eq!(origin("", Some(64500), ""), "AS64500");
        assert_eq!(origin("NL", None, ""), "NL");
    }

    #[test]
    fn tactics_are_read_from_tags_of_both_languages() {
        let of = |tag| Tactic::of_tag(tag).map(Tactic::as_str);
        assert_eq!(of("attack.privilege-escalation"), Some("privilege-escalation"));
        assert_eq!(of("attack.privilege_escalation"), Some("privilege-escalation"));
        assert_eq!(of("mitre_exfiltration"), Some("exfiltration"));
        assert_eq!(of("attack.stealth"), Some("defense-evasion"));
        assert_eq!((of("attack.t1078"), of("container")), (None, None));
    }
}
