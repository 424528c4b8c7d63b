//! What a detection knows of its finding, in the words of OCSF: attacks, the events behind it, who and what is in them.
//!
//! Source: the Open Cybersecurity Schema Framework 1.6, objects `attack`, `evidences` and `observable`; MITRE ATT&CK for enterprises.

use std::collections::BTreeSet;

use serde::Serialize;
use yagura_model::{Actor, Entity, EntityKind, Sample, Tactic, ThreatFinding};

use super::event::EvidenceData;

/// So many of who and what is in the events are told: the worst of findings name thousands of addresses.
const OBSERVABLES: usize = 100;

#[derive(Serialize)]
pub(super) struct Attack {
    #[serde(skip_serializing_if = "Option::is_none")]
    tactic: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    technique: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_technique: Option<Number>,
}

#[derive(Clone, Copy, Serialize)]
struct Named {
    uid: &'static str,
    name: &'static str,
}

/// A technique. What ATT&CK calls it, rules do not tell, and readers ask for a name.
#[derive(Serialize)]
struct Number {
    uid: String,
    name: String,
}

impl Number {
    fn of(uid: &str) -> Self {
        Self { uid: uid.to_owned(), name: uid.to_owned() }
    }
}

/// The tactics and techniques that a rule names. Which technique serves which tactic, a rule does not tell, unless there is one tactic.
pub(super) fn attacks(threat: &ThreatFinding) -> Vec<Attack> {
    let tactics: BTreeSet<Tactic> = threat.tags.iter().filter_map(|it| Tactic::of_tag(it)).collect();
    let techniques: BTreeSet<String> = threat.techniques().collect();
    let only = tactics.first().filter(|_| tactics.len() == 1).map(|it| named(*it));
    let alone = tactics.iter().filter(|_| only.is_none() || techniques.is_empty());
    let alone = alone.map(|it| Attack { tactic: Some(named(*it)), technique: None, sub_technique: None });
    let numbered = techniques.iter().map(|it| {
        let is_sub = it.contains('.');
        let technique = it.split('.').next().unwrap_or(it);
        Attack {
            tactic: only,
            technique: Some(Number::of(technique)),
            sub_technique: is_sub.then(|| Number::of(it)),
        }
    });
    alone.chain(numbered).collect()
}

fn named(tactic: Tactic) -> Named {
    let (uid, name) = match tactic {
        Tactic::Reconnaissance => ("TA0043", "Reconnaissance"),
        Tactic::ResourceDevelopment => ("TA0042", "Resource Development"),
        Tactic::InitialAccess => ("TA0001", "Initial Access"),
        Tactic::Execution => ("TA0002", "Execution"),
        Tactic::Persistence => ("TA0003", "Persistence"),
        Tactic::PrivilegeEscalation => ("TA0004", "Privilege Escalation"),
        Tactic::DefenseEvasion => ("TA0005", "Defense Evasion"),
        Tactic::CredentialAccess => ("TA0006", "Credential Access"),
        Tactic::Discovery => ("TA0007", "Discovery"),
        Tactic::LateralMovement => ("TA0008", "Lateral Movement"),
        Tactic::Collection => ("TA0009", "Collection"),
        Tactic::CommandAndControl => ("TA0011", "Command and Control"),
        Tactic::Exfiltration => ("TA0010", "Exfiltration"),
        Tactic::Impact => ("TA0040", "Impact"),
    };
    Named { uid, name }
}

/// An event behind a finding; of a rule's answer, what is wrong.
#[derive(Serialize)]
pub(super) struct Evidence<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    uid: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actor: Option<By<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<Api<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_endpoint: Option<Endpoint<'a>>,
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Data<'a> {
    Answer(EvidenceData<'a>),
    Sample(&'a Sample),
}

#[derive(Serialize)]
struct By<'a> {
    user: User<'a>,
}

#[derive(Serialize)]
struct User<'a> {
    name: &'a str,
    uid: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Home<'a>>,
}

#[derive(Serialize)]
struct Home<'a> {
    uid: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    type_id: u8,
}

#[derive(Serialize)]
struct Api<'a> {
    operation: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<Service<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<Response<'a>>,
}

#[derive(Serialize)]
struct Service<'a> {
    name: &'a str,
}

#[derive(Serialize)]
struct Response<'a> {
    error: &'a str,
}

#[derive(Serialize)]
struct Endpoint<'a> {
    ip: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    autonomous_system: Option<AutonomousSystem<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    country: &'a str,
}

#[derive(Serialize)]
struct AutonomousSystem<'a> {
    number: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

impl<'a> Evidence<'a> {
    pub(super) fn of_answer(data: EvidenceData<'a>) -> Self {
        Self { uid: None, actor: None, api: None, src_endpoint: None, data: Data::Answer(data) }
    }

    pub(super) fn of_event(actor: &'a Actor, sample: &'a Sample) -> Self {
        let (service, operation) = match sample.what.split_once(':') {
            Some((service, operation)) => (Some(Service { name: service }), operation),
            None => (None, sample.what.as_str()),
        };
        let api =
            Api { operation, service, response: sample.error.as_deref().map(|error| Response { error }) };
        let account = actor.account.as_deref();
        let user = User {
            name: &actor.name,
            uid: &actor.principal,
            account: account.map(|uid| Home { uid, kind: "AWS Account", type_id: 10 }),
        };
        Self {
            uid: Some(&sample.event),
            actor: (!actor.principal.is_empty()).then_some(By { user }),
            api: (!operation.is_empty()).then_some(api),
            src_endpoint: endpoint(sample),
            data: Data::Sample(sample),
        }
    }
}

fn endpoint(sample: &Sample) -> Option<Endpoint<'_>> {
    // What is no address, such as the name of a service of AWS, is in the event itself.
    let ip = sample.address.as_deref().filter(|it| it.parse::<std::net::IpAddr>().is_ok())?;
    let origin = sample.origin.as_ref();
    Some(Endpoint {
        ip,
        location: origin.and_then(|it| it.country.as_deref()).map(|country| Location { country }),
        autonomous_system: origin
            .and_then(|it| Some(AutonomousSystem { number: it.asn?, name: it.as_name.as_deref() })),
    })
}

/// Who or what is in the events.
#[derive(Serialize)]
pub(super) struct Observable<'a> {
    name: &'static str,
    #[serde(rename = "type")]
    kind: &'static str,
    type_id: u8,
    value: &'a str,
}

pub(super) fn observables(threat: &ThreatFinding) -> Vec<Observable<'_>> {
    threat.entities.iter().take(OBSERVABLES).map(observable).collect()
}

fn observable(it: &Entity) -> Observable<'_> {
    let is_arn = it.name.starts_with("arn:");
    let (name, type_id, kind) = match it.kind {
        EntityKind::Principal | EntityKind::Session if is_arn => {
            ("evidences[].actor.user.uid", 10, "Resource UID")
        }
        EntityKind::Principal | EntityKind::Session => ("evidences[].actor.user.name", 4, "User Name"),
        EntityKind::AccessKey => ("evidences[].data", 19, "User Credential ID"),
        EntityKind::Address => ("evidences[].src_endpoint.ip", 2, "IP Address"),
        EntityKind::Instance => ("resources[].uid", 10, "Resource UID"),
        EntityKind::Host => ("evidences[].data", 1, "Hostname"),
        EntityKind::Pod => ("evidences[].data", 99, "Pod"),
        EntityKind::Container => ("evidences[].data", 99, "Container"),
    };
    Observable { name, kind, type_id, value: &it.name }
}
