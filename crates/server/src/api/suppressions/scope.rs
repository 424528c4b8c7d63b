//! Which findings a suppression means, as requests and answers have it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use yagura_model::{Detector, FindingKind};
use yagura_posture::Suppression;

/// The longest text of a suppression, in bytes.
pub(super) const LONGEST: usize = 4_000;

/// The most names of a list in a suppression.
pub(super) const MOST: usize = 1_000;

/// Which findings a suppression means. All lists that are not empty must fit; in a list one entry that fits is enough. Exact, unless a glob is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
pub(in crate::api) struct Scope {
    /// Rules: ids, globs, aliases; what other detectors check, as `guardduty:*`.
    rules: Vec<String>,
    /// The resource's id or ARN.
    resources: Vec<String>,
    /// Types of resources: `AWS::EC2::Instance`.
    types: Vec<String>,
    /// Tags of the resource: `key=value`; `key` alone is any value.
    tags: Vec<String>,
    /// Accounts: ids, or names.
    accounts: Vec<String>,
    /// Paths of organisational units.
    ou: Vec<String>,
    /// Projects, by name.
    projects: Vec<String>,
    /// Regions.
    regions: Vec<String>,
    /// Sorts of findings.
    kinds: Vec<FindingKind>,
    /// Findings that one of these reports.
    detectors: Vec<Detector>,
}

impl Scope {
    /// As a suppression says.
    pub(super) fn of(it: &Suppression) -> Self {
        Self {
            rules: it.rules.clone(),
            resources: it.resources.clone(),
            types: it.types.clone(),
            tags: it.tags.clone(),
            accounts: it.accounts.clone(),
            ou: it.ou.clone(),
            projects: it.projects.clone(),
            regions: it.regions.clone(),
            kinds: it.kinds.clone(),
            detectors: it.detectors.clone(),
        }
    }

    /// As a suppression has it, with nothing said yet of who and why.
    pub(super) fn into_suppression(self) -> Suppression {
        let Self { rules, resources, types, tags, accounts, ou, projects, regions, kinds, detectors } = self;
        Suppression {
            rules,
            resources,
            types,
            tags,
            accounts,
            ou,
            projects,
            regions,
            kinds,
            detectors,
            ..Suppression::default()
        }
    }

    /// Whether nobody fills the store with it.
    pub(super) fn is_small(&self) -> bool {
        let lists = [
            &self.rules,
            &self.resources,
            &self.types,
            &self.tags,
            &self.accounts,
            &self.ou,
            &self.projects,
            &self.regions,
        ];
        lists.iter().all(|it| it.len() <= MOST && it.iter().all(|text| text.len() <= LONGEST))
    }
}
