//! What people read about rules and detections, by the ids that findings carry, and the names that both answer to.

use yagura_model::{Aliases, Fix, Function, ResourceType, RuleId, RuleInfo, RuleText, Severity, Text};
use yagura_packs::Packs;
use yagura_posture::{Rules, Settings};
use yagura_report::KnownDetections;
pub use yagura_triage::KnownRules;

use crate::commands::detections;
use crate::failure::Failure;

/// Those of the packs, as nobody has changed them: for names. What is wrong with files is told by who judges by them.
///
/// # Errors
///
/// The packs cannot be read.
pub fn of_packs(packs: &Packs) -> Result<KnownRules, Failure> {
    let (rules, _) = Rules::load(packs, &Settings::default());
    with_detections(&rules, packs)
}

/// These rules, and the detections of the packs.
///
/// # Errors
///
/// The packs cannot be read.
pub fn with_detections(rules: &Rules, packs: &Packs) -> Result<KnownRules, Failure> {
    Ok(with_words(rules, &detections::words(packs)?))
}

/// These rules, and these detections.
pub fn with_words(rules: &Rules, detections: &KnownDetections) -> KnownRules {
    let mut known: KnownRules = rules.iter().map(|it| (it.id().clone(), it.info().clone())).collect();
    for (id, it) in detections {
        let text = |lang| RuleText {
            title: it.title.get(lang).clone(),
            why: it.description.get(lang).clone(),
            impact_of_fix: String::new(),
        };
        let info = RuleInfo {
            id: RuleId::from(it.name.as_str()),
            aliases: Aliases::default(),
            resource: ResourceType::from(ResourceType::ACCOUNT),
            severity: Severity::Informational,
            function: Function::Detect,
            text: Text { en: text(yagura_model::Lang::En), ja: text(yagura_model::Lang::Ja) },
            fix: Fix { steps: it.response.clone(), ..Fix::default() },
            references: it.references.clone(),
        };
        known.insert(RuleId::from(id.as_str()), info);
    }
    known
}
