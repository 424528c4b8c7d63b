//! From what others call a check to our rule of the same meaning.

use std::collections::BTreeMap;

use yagura_model::{Detector, ResourceType, RuleId, RuleInfo, Severity};

/// Managed rules whose identifier is more than the rule's name in capitals. Source: AWS Config Developer Guide, "List of AWS Config
/// Managed Rules".
const RENAMED: &[(&str, &str)] = &[
    ("CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED", "cloud-trail-cloud-watch-logs-enabled"),
    ("CLOUD_TRAIL_ENABLED", "cloudtrail-enabled"),
    ("ENCRYPTED_VOLUMES", "encrypted-volumes"),
    ("INCOMING_SSH_DISABLED", "restricted-ssh"),
    ("INSTANCES_IN_VPC", "ec2-instances-in-vpc"),
    ("MULTI_REGION_CLOUD_TRAIL_ENABLED", "multi-region-cloudtrail-enabled"),
    ("RESTRICTED_INCOMING_TRAFFIC", "restricted-common-ports"),
];

/// Whose names of checks are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Names {
    AwsConfig,
    SecurityHub,
    Prowler,
}

#[derive(Debug)]
struct Known {
    id: RuleId,
    resource: ResourceType,
    severity: Severity,
}

/// Our rules by what others call them.
#[derive(Debug, Default)]
pub(crate) struct RuleNames {
    /// The name is in small letters.
    known: BTreeMap<(Names, String), Vec<Known>>,
}

/// What a check is called here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Check {
    pub(crate) rule: RuleId,
    /// How bad our rule says it is; `None` where no rule of ours means the same.
    pub(crate) severity: Option<Severity>,
}

impl Check {
    /// The check, if a rule of ours means the same.
    pub(crate) fn known(self) -> Option<Self> {
        self.severity.is_some().then_some(self)
    }
}

impl RuleNames {
    pub(crate) fn of<'r>(rules: impl IntoIterator<Item = &'r RuleInfo>) -> Self {
        let mut known: BTreeMap<_, Vec<Known>> = BTreeMap::new();
        for rule in rules {
            let aliases = &rule.aliases;
            let all = [
                (Names::AwsConfig, &aliases.aws_config),
                (Names::SecurityHub, &aliases.security_hub),
                (Names::Prowler, &aliases.prowler),
            ];
            for (names, name) in
                all.into_iter().flat_map(|(kind, names)| names.iter().map(move |it| (kind, it)))
            {
                known.entry((names, name.to_ascii_lowercase())).or_default().push(Known {
                    id: rule.id.clone(),
                    resource: rule.resource.clone(),
                    severity: rule.severity,
                });
            }
        }
        for rules in known.values_mut() {
            rules.sort_by(|one, other| one.id.cmp(&other.id));
        }
        Self { known }
    }

    /// A control of Security Hub: `EC2.13`.
    pub(crate) fn security_hub(&self, control: &str, resource: &ResourceType) -> Check {
        self.find(Names::SecurityHub, control, resource)
            .unwrap_or_else(|| own(Detector::SecurityHub, control))
    }

    /// A check of Prowler.
    pub(crate) fn prowler(&self, check: &str, resource: &ResourceType) -> Check {
        self.find(Names::Prowler, check, resource).unwrap_or_else(|| own(Detector::Prowler, check))
    }

    /// A rule of AWS Config, by the identifier of a managed rule where it is one, else by its name.
    pub(crate) fn aws_config(&self, rule: &str, identifier: Option<&str>, resource: &ResourceType) -> Check {
        let managed = identifier.map(managed_name);
        let by_name = || self.find(Names::AwsConfig, service_linked(rule).unwrap_or(rule), resource);
        match managed {
            Some(name) => self
                .find(Names::AwsConfig, &name, resource)
                .unwrap_or_else(|| own(Detector::AwsConfig, &name)),
            None => {
                by_name().unwrap_or_else(|| own(Detector::AwsConfig, service_linked(rule).unwrap_or(rule)))
            }
        }
    }

    /// Of several rules, the one about this type of resource.
    fn find(&self, names: Names, name: &str, resource: &ResourceType) -> Option<Check> {
        let known = self.known.get(&(names, name.to_ascii_lowercase()))?;
        let rule = known.iter().find(|it| it.resource == *resource).or(known.first())?;
        Some(Check { rule: rule.id.clone(), severity: Some(rule.severity) })
    }
}

/// A check that no rule of ours means: `security-hub:EC2.99`.
pub(crate) fn own(detector: Detector, name: &str) -> Check {
    named(detector.as_str(), name)
}

/// The same for a product that has no name here.
pub(crate) fn named(product: &str, name: &str) -> Check {
    Check { rule: RuleId::new(format!("{product}:{name}")), severity: None }
}

/// The name of a managed rule by its identifier: `ROOT_ACCOUNT_MFA_ENABLED`.
fn managed_name(identifier: &str) -> String {
    let known = RENAMED.iter().find(|(it, _)| *it == identifier);
    known.map_or_else(|| identifier.to_ascii_lowercase().replace('_', "-"), |(_, name)| (*name).to_owned())
}

/// The name inside that of a rule which a service made: `securityhub-restricted-ssh-1a2b3c4d`.
fn service_linked(rule: &str) -> Option<&str> {
    let inside = rule.strip_prefix("securityhub-")?;
    inside.rsplit_once('-').map(|(name, _)| name).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use yagura_model::{Aliases, Fix, Function, Text};

    use super::*;

    fn rule(id: &str, resource: &str, aliases: Aliases) -> RuleInfo {
        RuleInfo {
            id: RuleId::from(id),
            aliases,
            resource: ResourceType::from(resource),
            severity: Severity::High,
            function: Function::Protect,
            text: Text::default(),
            fix: Fix::default(),
            references: Vec::new(),
        }
    }

    fn names() -> RuleNames {
        let aliases = |security_hub: &str, aws_config: &str| Aliases {
            security_hub: vec![security_hub.to_owned()],
            aws_config: vec![aws_config.to_owned()],
            prowler: vec!["port_22".to_owned()],
        };
        RuleNames::of(&[
            rule("restricted-ssh", "AWS::EC2::SecurityGroup", aliases("EC2.13", "restricted-ssh")),
            rule("acl-ssh", "AWS::EC2::NetworkAcl", aliases("EC2.21", "acl-ssh")),
        ])
    }

    #[test]
    fn the_same_check_is_one_rule_whoever_makes_it() {
        let group = ResourceType::from("AWS::EC2::SecurityGroup");
        let names = names();
        for check in [
            names.security_hub("EC2.13", &group),
            names.prowler("port_22", &group),
            names.aws_config("my-own-name", Some("INCOMING_SSH_DISABLED"), &group),
            names.aws_config("restricted-ssh", None, &group),
            names.aws_config("securityhub-restricted-ssh-1a2b3c4d", None, &group),
        ] {
            assert_eq!((check.rule.as_str(), check.severity), ("restricted-ssh", Some(Severity::High)));
        }
        let acl = ResourceType::from("AWS::EC2::NetworkAcl");
        assert_eq!(names.prowler("port_22", &acl).rule.as_str(), "acl-ssh");
    }

    #[test]
    fn a_check_that_no_rule_means_keeps_its_own_name() {
        let group = ResourceType::from("AWS::EC2::SecurityGroup");
        assert_eq!(names().security_hub("EC2.99", &group).rule.as_str(), "security-hub:EC2.99");
        let config = names().aws_config("mine", Some("SOME_NEW_RULE"), &group);
        assert_eq!(config.rule.as_str(), "aws-config:some-new-rule");
        assert_eq!(names().aws_config("tags-of-ours", None, &group).rule.as_str(), "aws-config:tags-of-ours");
    }
}
