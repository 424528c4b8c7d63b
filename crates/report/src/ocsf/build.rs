//! A fact as an event of OCSF: one shape, whether a scan tells it or the store.
//!
//! The class follows what sort of trouble it is: configurations are Compliance Findings (2003), known weaknesses Vulnerability Findings
//! (2002), data that lies about Data Security Findings (2006), and all else Detection Findings (2004).

use yagura_model::{Confidence, Detector, FindingKind, Function, Outcome, RecordState, Severity, Workflow};

use super::detection::{Evidence, attacks, observables};
use super::event::{
    Account, Analytic, Cloud, Compliance, DataSecurity, Event, EvidenceData, FindingInfo, Metadata, Numbered,
    Organization, Product, Remediation, Resource, Unmapped, Vulnerability,
};
use crate::fact::{Fact, Teller};
use crate::line::steps_in;

pub(super) const VERSION: &str = "1.6.0";

/// A class of findings: its number and its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Class {
    uid: u16,
    name: &'static str,
    /// What sort of finding it is, in `finding_info.types`.
    sort: &'static str,
}

impl Class {
    /// Whether the class has a place for evidences and for what to do.
    fn has_evidences(self) -> bool {
        matches!(self.uid, 2003 | 2004)
    }
}

fn class(kind: FindingKind) -> Class {
    let (uid, name, sort) = match kind {
        FindingKind::Configuration => (2003, "Compliance Finding", "Posture"),
        FindingKind::Vulnerability => (2002, "Vulnerability Finding", "Vulnerability"),
        FindingKind::SensitiveData => (2006, "Data Security Finding", "Sensitive data"),
        FindingKind::Threat => (2004, "Detection Finding", "Threat"),
        FindingKind::Access => (2004, "Detection Finding", "Access"),
        FindingKind::Other => (2004, "Detection Finding", "Other"),
    };
    Class { uid, name, sort }
}

/// The event.
pub(super) fn event<'a>(teller: &'a Teller<'a>, fact: &'a Fact<'a>) -> Event<'a> {
    let class = class(fact.kind);
    let (activity_id, activity_name) = activity(fact);
    let (severity_id, severity) = if fact.is_graded { severity(fact.severity) } else { (0, "Unknown") };
    let status = fact.life.map(|it| workflow_status(it.workflow));
    let is_configuration = fact.kind == FindingKind::Configuration;
    let threat = fact.threat();
    let confidence = threat.and_then(|it| it.confidence).map(confidence);
    Event {
        activity_id,
        activity_name,
        category_uid: 2,
        category_name: "Findings",
        class_uid: class.uid,
        class_name: class.name,
        type_uid: u32::from(class.uid) * 100 + u32::from(activity_id),
        type_name: format!("{}: {activity_name}", class.name),
        time: fact.changed.as_millisecond(),
        start_time: threat.map(|it| it.first_seen.as_millisecond()),
        end_time: threat.map(|it| it.last_seen.as_millisecond()),
        count: threat.map(|it| it.count),
        severity_id,
        severity,
        status_id: status.map(|it| it.0),
        status: status.map(|it| it.1),
        status_code: is_configuration.then(|| fact.outcome.as_str()),
        status_detail: fact.detail.as_deref(),
        message: fact.title,
        metadata: metadata(teller, fact),
        cloud: cloud(teller, fact),
        compliance: is_configuration.then(|| compliance(teller, fact)),
        finding_info: finding_info(fact, class),
        is_alert: (fact.kind == FindingKind::Threat).then_some(true),
        confidence_id: confidence.map(|it| it.0),
        confidence: confidence.map(|it| it.1),
        resources: [resource(teller, fact)],
        vulnerabilities: vulnerability(fact, severity).map(|it| [it]),
        data_security: data_security(fact),
        evidences: evidences(fact),
        observables: threat.map(observables).unwrap_or_default(),
        remediation: remediation(teller, fact),
        unmapped: unmapped(fact),
    }
}

/// Create, Update or Close, as far as the teller knows.
fn activity(fact: &Fact<'_>) -> (u8, &'static str) {
    match fact.life {
        Some(life) if life.record_state == RecordState::Archived => (3, "Close"),
        Some(life) if life.first_seen < fact.changed => (2, "Update"),
        _ => (1, "Create"),
    }
}

fn metadata<'a>(teller: &'a Teller<'a>, fact: &'a Fact<'a>) -> Metadata<'a> {
    Metadata {
        version: VERSION,
        profiles: ["cloud"],
        event_code: Some(fact.code),
        product: Product {
            name: "Yagura",
            uid: "yagura",
            vendor_name: "Yagura",
            version: teller.version,
            lang: teller.lang.as_str(),
        },
        log_provider: "Yagura",
        log_name: teller.log_name,
        original_time: fact.changed.to_string(),
        tenant_uid: teller.organization.id.as_deref(),
        correlation_uid: fact.threat().and_then(|it| it.incident.as_deref()),
    }
}

fn compliance<'a>(teller: &'a Teller<'a>, fact: &'a Fact<'a>) -> Compliance<'a> {
    let (status_id, status) = match fact.outcome {
        Outcome::Compliant => (1, "Pass"),
        Outcome::NonCompliant => (3, "Fail"),
        Outcome::InsufficientData => (0, "Unknown"),
        Outcome::NotApplicable => (99, "Not Applicable"),
    };
    Compliance {
        status_id,
        status,
        status_detail: fact.detail.as_deref(),
        status_details: fact.detail.as_deref().map(|it| [it]),
        control: Some(fact.code),
        desc: fact.why,
        // A rule that serves no framework still has its function in this one.
        standards: Some(teller.names.standards(fact.rule_id))
            .filter(|it| !it.is_empty())
            .unwrap_or(&["NIST CSF"]),
        category: fact.rule.map(|it| function(it.function)),
        requirements: teller.names.requirements(fact.rule_id),
    }
}

fn finding_info<'a>(fact: &'a Fact<'a>, class: Class) -> FindingInfo<'a> {
    let first = fact.life.map(|it| it.first_seen.as_millisecond());
    let detectors = fact.stored.map(|it| it.detectors);
    let others = detectors.filter(|it| it.iter().any(|it| *it != Detector::Yagura));
    FindingInfo {
        uid: &fact.id,
        title: fact.title,
        desc: fact.why,
        created_time: first,
        first_seen_time: first,
        last_seen_time: fact.life.map(|it| it.last_seen.as_millisecond()),
        types: [class.sort],
        analytic: Some(Analytic { uid: fact.code, name: fact.title, kind: "Rule", type_id: 1 }),
        data_sources: others.into_iter().flatten().map(|it| it.product()).collect(),
        src_url: fact.foreign_text().map(|it| it.url.as_str()).filter(|it| !it.is_empty()),
        attacks: fact.threat().map(attacks).unwrap_or_default(),
    }
}

fn cloud<'a>(teller: &'a Teller<'a>, fact: &'a Fact<'a>) -> Cloud<'a> {
    let account = &fact.resource.account;
    Cloud {
        provider: "AWS",
        cloud_partition: fact.partition(teller).as_str(),
        region: fact.resource.region.as_str(),
        account: Account {
            uid: account.as_str(),
            name: teller.names.get(account),
            kind: "AWS Account",
            type_id: 10,
        },
        org: teller.organization.id.as_deref().map(|uid| Organization {
            uid,
            ou_name: teller.organization.accounts.get(account).map_or("", |it| it.ou_path.as_str()),
        }),
    }
}

fn resource<'a>(teller: &Teller<'_>, fact: &'a Fact<'a>) -> Resource<'a> {
    // Of a threat, it is whoever acted.
    let is_actor = fact.kind == FindingKind::Threat && fact.resource.resource_type.service() == "IAM";
    Resource {
        // What has no ARN, and what may be there but was not listed, has only its id.
        uid: if fact.arn.is_empty() { &fact.resource.id } else { fact.arn },
        name: &fact.resource.id,
        kind: fact.resource.resource_type.as_str(),
        region: fact.resource.region.as_str(),
        cloud_partition: fact.partition(teller).as_str(),
        labels: Some(fact.name).filter(|it| !it.is_empty()).into_iter().collect(),
        role_id: is_actor.then_some(2),
        role: is_actor.then_some("Actor"),
    }
}

fn vulnerability<'a>(fact: &'a Fact<'a>, severity: &'static str) -> Option<Vulnerability<'a>> {
    let uid = fact.vulnerability()?;
    let (cve, advisory) = if uid.starts_with("CVE-") { (Some(uid), None) } else { (None, Some(uid)) };
    let url = fact.foreign_text().map(|it| it.url.as_str()).filter(|it| !it.is_empty());
    Some(Vulnerability {
        cve: cve.map(|uid| Numbered { uid }),
        advisory: advisory.map(|uid| Numbered { uid }),
        title: fact.title,
        desc: fact.why,
        severity,
        references: url.map(|it| [it]),
    })
}

/// What sort of data it is, as far as Macie's names of findings tell it.
fn data_security<'a>(fact: &'a Fact<'a>) -> Option<DataSecurity<'a>> {
    if fact.kind != FindingKind::SensitiveData {
        return None;
    }
    let (category_id, category) = match fact.code.rsplit('/').next().unwrap_or_default() {
        "Personal" => (1, "Personal"),
        "Financial" => (3, "Financial"),
        "Credentials" => (6, "Security"),
        _ => (0, "Unknown"),
    };
    Some(DataSecurity { category_id, category, detection_pattern: fact.code })
}

/// The events behind a finding, where its detection knows them; else what is wrong.
fn evidences<'a>(fact: &'a Fact<'a>) -> Vec<Evidence<'a>> {
    if !class(fact.kind).has_evidences() {
        return Vec::new();
    }
    if let Some(threat) = fact.threat() {
        return threat.samples.iter().map(|it| Evidence::of_event(&threat.actor, it)).collect();
    }
    fact.evidence.map(|evidence| Evidence::of_answer(EvidenceData { evidence })).into_iter().collect()
}

fn remediation<'a>(teller: &Teller<'_>, fact: &'a Fact<'a>) -> Option<Remediation<'a>> {
    if !class(fact.kind).has_evidences() {
        return None;
    }
    if let Some(rule) = fact.rule.filter(|_| fact.outcome == Outcome::NonCompliant) {
        let mut desc = steps_in(teller.lang, rule);
        if let Some(cli) = &rule.fix.cli {
            desc.push('\n');
            desc.push_str(cli);
        }
        let references = rule.references.iter().map(String::as_str).collect();
        return Some(Remediation { desc, references });
    }
    let text = fact.foreign_text().filter(|it| !it.remediation.is_empty())?;
    let references = Some(text.url.as_str()).filter(|it| !it.is_empty()).into_iter().collect();
    Some(Remediation { desc: text.remediation.clone(), references })
}

fn unmapped<'a>(fact: &'a Fact<'a>) -> Unmapped<'a> {
    Unmapped {
        outcome: (fact.kind == FindingKind::Configuration).then(|| fact.outcome.as_str()),
        resource_name: fact.name,
        aliases: fact.rule.map(|it| it.aliases.qualified().collect()).unwrap_or_default(),
        reason: fact.reason,
        workflow: fact.life.map(|it| it.workflow.as_str()),
        record_state: fact.life.map(|it| it.record_state.as_str()),
        assignee: fact.stored.and_then(|it| it.assignee),
        suppression: fact.stored.and_then(|it| it.suppression),
        evidence: fact.evidence.filter(|_| !class(fact.kind).has_evidences()),
    }
}

fn severity(severity: Severity) -> (u8, &'static str) {
    match severity {
        Severity::Informational => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

fn confidence(confidence: Confidence) -> (u8, &'static str) {
    match confidence {
        Confidence::Low => (1, "Low"),
        Confidence::Medium => (2, "Medium"),
        Confidence::High => (3, "High"),
    }
}

fn workflow_status(workflow: Workflow) -> (u8, &'static str) {
    match workflow {
        Workflow::New => (1, "New"),
        Workflow::Notified => (2, "In Progress"),
        Workflow::Suppressed => (3, "Suppressed"),
        Workflow::Resolved => (4, "Resolved"),
    }
}

fn function(function: Function) -> &'static str {
    crate::words::function(function).en
}
