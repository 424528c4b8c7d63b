//! What there is to tell about a rule, apart from how it judges.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Function, ResourceType, RuleId, Severity, Text};

/// The names of the same check elsewhere.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Aliases {
    /// AWS Config managed rules: `restricted-ssh`.
    #[serde(default)]
    pub aws_config: Vec<String>,
    /// Security Hub controls: `EC2.13`.
    #[serde(default)]
    pub security_hub: Vec<String>,
    /// Prowler checks: `ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22`.
    #[serde(default)]
    pub prowler: Vec<String>,
}

impl Aliases {
    /// Every alias as it is written on the command line: `security-hub:EC2.13`.
    pub fn qualified(&self) -> impl Iterator<Item = String> + '_ {
        [("aws-config", &self.aws_config), ("security-hub", &self.security_hub), ("prowler", &self.prowler)]
            .into_iter()
            .flat_map(|(kind, names)| names.iter().map(move |name| format!("{kind}:{name}")))
    }
}

/// What people read about a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleText {
    /// What is wrong when the rule is violated, or what it asks for, in one line.
    pub title: String,
    /// Why it matters.
    pub why: String,
    /// What may break when it is fixed.
    pub impact_of_fix: String,
}

/// How to put it right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// Numbered steps.
    pub steps: Text<Vec<String>>,
    /// A line for the AWS command line.
    #[serde(default)]
    pub cli: Option<String>,
    /// The repair that does it.
    #[serde(default)]
    pub repair: Option<String>,
}

/// A rule as outputs show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
pub struct RuleInfo {
    /// Its identifier.
    pub id: RuleId,
    /// Its names elsewhere.
    pub aliases: Aliases,
    /// The type of resource it judges.
    pub resource: ResourceType,
    /// How bad a violation is.
    pub severity: Severity,
    /// Where it belongs in the NIST Cybersecurity Framework.
    pub function: Function,
    /// What people read.
    pub text: Text<RuleText>,
    /// How to put it right.
    pub fix: Fix,
    /// Where to read more.
    pub references: Vec<String>,
}
