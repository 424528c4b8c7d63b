//! What tests share: our own rules' names, and findings as lines that can be read.

use std::sync::OnceLock;

use yagura_model::ImportedFinding;
use yagura_packs::Packs;
use yagura_posture::{Rules, Settings};

use crate::Vocabulary;

/// The names of the rules and collectors that come with the program.
pub(crate) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| {
        let packs = Packs::embedded();
        let (rules, _) = Rules::load(&packs, &Settings::default());
        let (vocabulary, problems) = Vocabulary::new(&packs, rules.iter().map(yagura_posture::Rule::info));
        assert_eq!(problems, []);
        vocabulary
    })
}

/// `ACTIVE HIGH security-hub configuration restricted-ssh 111122223333/eu-west-1/AWS::EC2::SecurityGroup/sg-1`
pub(crate) fn line(finding: &ImportedFinding) -> String {
    format!(
        "{} {} {} {} {} {}",
        finding.record_state.as_str(),
        finding.severity,
        finding.detector,
        finding.kind.as_str(),
        finding.rule,
        finding.resource
    )
}
