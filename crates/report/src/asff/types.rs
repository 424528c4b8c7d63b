//! What sorts of findings are called in the format's taxonomy: `namespace/category/classifier`.
//!
//! Source: AWS Security Hub User Guide, "Types taxonomy for ASFF".

use yagura_model::{FindingKind, Tactic};

use crate::fact::Fact;

/// The types of a finding, each once.
pub(super) fn types(fact: &Fact<'_>) -> Vec<&'static str> {
    match fact.kind {
        FindingKind::Configuration | FindingKind::Access => {
            vec!["Software and Configuration Checks/AWS Security Best Practices"]
        }
        FindingKind::Vulnerability => vec!["Software and Configuration Checks/Vulnerabilities/CVE"],
        FindingKind::SensitiveData => vec![sensitive(fact.code)],
        FindingKind::Threat => threat(fact),
        FindingKind::Other => vec!["Software and Configuration Checks"],
    }
}

/// By Macie's names of findings.
fn sensitive(code: &str) -> &'static str {
    match code.rsplit('/').next().unwrap_or_default() {
        "Personal" => "Sensitive Data Identifications/PII",
        "Financial" => "Sensitive Data Identifications/Financial",
        "Credentials" => "Sensitive Data Identifications/Passwords",
        _ => "Sensitive Data Identifications",
    }
}

/// The tactics that the rule names, in the rule's order. What the taxonomy has no tactic for is an effect, or a tactic without a name.
fn threat(fact: &Fact<'_>) -> Vec<&'static str> {
    let tactics = fact.threat().into_iter().flat_map(|it| &it.tags).filter_map(|it| Tactic::of_tag(it));
    let mut types: Vec<&'static str> = Vec::new();
    for tactic in tactics {
        let named = of_tactic(tactic);
        if !types.contains(&named) {
            types.push(named);
        }
    }
    if types.is_empty() { vec!["TTPs"] } else { types }
}

fn of_tactic(tactic: Tactic) -> &'static str {
    match tactic {
        Tactic::InitialAccess => "TTPs/Initial Access",
        Tactic::Execution => "TTPs/Execution",
        Tactic::Persistence => "TTPs/Persistence",
        Tactic::PrivilegeEscalation => "TTPs/Privilege Escalation",
        Tactic::DefenseEvasion => "TTPs/Defense Evasion",
        Tactic::CredentialAccess => "TTPs/Credential Access",
        Tactic::Discovery | Tactic::Reconnaissance => "TTPs/Discovery",
        Tactic::LateralMovement => "TTPs/Lateral Movement",
        Tactic::Collection => "TTPs/Collection",
        Tactic::CommandAndControl => "TTPs/Command and Control",
        Tactic::Exfiltration => "Effects/Data Exfiltration",
        Tactic::Impact => "Effects",
        Tactic::ResourceDevelopment => "TTPs",
    }
}
