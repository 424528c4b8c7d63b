//! What a standard asks for: frameworks, their groups and requirements, and the rules that answer them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{RuleId, Text};

/// The names of the same framework elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FrameworkAliases {
    /// Prowler's compliance files: `cis_5.0_aws`.
    #[serde(default)]
    pub prowler: Vec<String>,
    /// Security Hub standards: `cis-aws-foundations-benchmark/v/5.0.0`.
    #[serde(default)]
    pub security_hub: Vec<String>,
    /// AWS Config conformance packs: `Operational-Best-Practices-for-PCI-DSS`.
    #[serde(default)]
    pub aws_config: Vec<String>,
    /// AWS Audit Manager frameworks.
    #[serde(default)]
    pub audit_manager: Vec<String>,
}

impl FrameworkAliases {
    /// Every alias as it is written on the command line: `prowler:cis_5.0_aws`.
    pub fn qualified(&self) -> impl Iterator<Item = String> + '_ {
        [
            ("prowler", &self.prowler),
            ("security-hub", &self.security_hub),
            ("aws-config", &self.aws_config),
            ("audit-manager", &self.audit_manager),
        ]
        .into_iter()
        .flat_map(|(kind, names)| names.iter().map(move |name| format!("{kind}:{name}")))
    }
}

/// A standard, a benchmark or a law, as far as AWS configuration can answer it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Framework {
    /// Its identifier in lower case: `cis-aws-5.0`.
    pub id: String,
    /// What people call it.
    pub name: Text,
    /// Who publishes it.
    pub publisher: Text,
    /// Which edition.
    pub version: String,
    /// Where its own text can be had.
    pub url: String,
    /// Its names elsewhere.
    pub aliases: FrameworkAliases,
    /// What it is, who asks for it, and what of it configuration can answer.
    pub about: Text,
    /// Its chapters, families or functions, in its own order.
    pub groups: Vec<RequirementGroup>,
    /// What it asks for, in its own order.
    pub requirements: Vec<Requirement>,
}

impl Framework {
    /// Every rule that answers a requirement.
    #[must_use]
    pub fn rules(&self) -> BTreeSet<&RuleId> {
        self.requirements.iter().flat_map(|it| &it.rules).collect()
    }

    /// How many requirements there are of each kind.
    #[must_use]
    pub fn kinds(&self) -> BTreeMap<RequirementKind, usize> {
        let mut kinds = BTreeMap::new();
        for requirement in &self.requirements {
            *kinds.entry(requirement.kind()).or_default() += 1;
        }
        kinds
    }

    /// A group and those around it, from the inside out. Ends where a group is unknown or stands in itself.
    pub fn around<'f>(&'f self, group: Option<&'f str>) -> impl Iterator<Item = &'f RequirementGroup> {
        let find = move |id: &str| self.groups.iter().find(|it| it.id == id);
        std::iter::successors(group.and_then(find), move |it| it.within.as_deref().and_then(find))
            .take(self.groups.len())
    }
}

/// A chapter, a family, a function: requirements that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RequirementGroup {
    /// The framework's own number.
    pub id: String,
    /// The group around it.
    #[serde(rename = "In", default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// What it is about.
    pub title: Text,
}

/// One thing that a framework asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Requirement {
    /// The framework's own number.
    pub id: String,
    /// The group it stands in.
    #[serde(rename = "In", default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// A level, where the framework has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<u32>,
    /// Baselines, implementation groups, criteria.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What it asks for, in our words.
    pub title: Text,
    /// The rules whose violation means that it is not met.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleId>,
    /// What a person must check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manual: Option<Text>,
}

impl Requirement {
    /// How much of it rules can answer.
    #[must_use]
    pub fn kind(&self) -> RequirementKind {
        match (self.rules.is_empty(), &self.manual) {
            (true, _) => RequirementKind::Manual,
            (false, Some(_)) => RequirementKind::Partly,
            (false, None) => RequirementKind::Automated,
        }
    }
}

/// How much of a requirement rules can answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequirementKind {
    /// All of it.
    Automated,
    /// Some of it: a person must check the rest, also when every rule passes.
    Partly,
    /// Nothing: a person must check it.
    Manual,
}

impl RequirementKind {
    /// Every kind, in the order of tables.
    pub const ALL: [Self; 3] = [Self::Automated, Self::Partly, Self::Manual];

    /// The word in machine formats.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Automated => "AUTOMATED",
            Self::Partly => "PARTLY",
            Self::Manual => "MANUAL",
        }
    }
}

/// A requirement that a rule serves, for outputs about single evaluations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequirementRef {
    /// Its place among the requirements of its framework that the rule serves.
    pub nth: usize,
    /// The framework's identifier.
    pub framework: String,
    /// The framework's name.
    pub name: Text,
    /// The framework's name in Security Hub, where it has one.
    pub security_hub: Option<String>,
    /// The requirement's number.
    pub requirement: String,
}

impl RequirementRef {
    /// As machine formats write it: `cis-aws-5.0/1.4`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}", self.framework, self.requirement)
    }
}

/// Which requirements each rule serves, by framework and in the framework's order.
pub type RequirementsByRule = BTreeMap<RuleId, Vec<RequirementRef>>;

/// Turns frameworks around: from each rule to the requirements that it serves.
pub fn requirements_by_rule<'f>(frameworks: impl IntoIterator<Item = &'f Framework>) -> RequirementsByRule {
    let mut all = RequirementsByRule::new();
    for framework in frameworks {
        for requirement in &framework.requirements {
            for rule in &requirement.rules {
                let served = all.entry(rule.clone()).or_default();
                let nth = served.iter().rev().take_while(|it| it.framework == framework.id).count();
                served.push(RequirementRef {
                    nth,
                    framework: framework.id.clone(),
                    name: framework.name.clone(),
                    security_hub: framework.aliases.security_hub.first().cloned(),
                    requirement: requirement.id.clone(),
                });
            }
        }
    }
    all
}
