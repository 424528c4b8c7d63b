//! What an organisation says about the rules in its configuration: parameters, severities, exceptions.
//!
//! These are plain types that the command line reads from `yagura.toml`. Nothing here judges: [`crate::Rules::load`]
//! tells what names no rule or parameter.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value};
use yagura_model::glob::matches;
use yagura_model::{Account, AccountId, Lang, Place, Resource, Severity, Timestamp};

use crate::delivery::{Owner, QuietHours, Zone};
use crate::mutelist::Mutelist;
use crate::schedule::Schedule;

/// The parts of `yagura.toml` that concern rules.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What is said about single rules, by id or glob: `[rules.restricted-ssh]`.
    #[serde(default)]
    pub rules: BTreeMap<String, RuleSettings>,
    /// Violations that are accepted: `[[exceptions]]`.
    #[serde(default)]
    pub exceptions: Vec<Exception>,
    /// Accounts that belong together: `[[projects]]`.
    #[serde(default)]
    pub projects: Vec<Project>,
    /// Violations that Prowler's mutelists accept.
    #[serde(skip)]
    pub mutelists: Vec<Arc<Mutelist>>,
    /// Where all this was written, for messages.
    #[serde(skip)]
    pub source: SettingsSource,
}

/// Where the settings come from, so that a mistake can be told with its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsSource {
    /// The file.
    pub file: String,
    /// The place of each key, by its path: `rules.restricted-ssh.params.allowed_cidrs`, `exceptions.0.because`.
    pub places: BTreeMap<String, Place>,
}

impl Default for SettingsSource {
    fn default() -> Self {
        Self { file: "yagura.toml".to_owned(), places: BTreeMap::new() }
    }
}

impl SettingsSource {
    /// The place of a key, or of the nearest one around it that is known.
    pub(crate) fn place(&self, path: &str) -> Option<Place> {
        let mut path = path;
        loop {
            if let Some(place) = self.places.get(path) {
                return Some(*place);
            }
            path = path.rsplit_once('.')?.0;
        }
    }
}

/// What is said about one rule: everywhere, and then in some accounts.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSettings {
    /// `false`: the rule is not evaluated.
    pub enabled: Option<bool>,
    /// Instead of the rule's own.
    #[serde(default, with = "severity_word")]
    pub severity: Option<Severity>,
    /// Instead of the defaults.
    #[serde(default)]
    pub params: Map<String, Value>,
    /// Narrower settings; of several that fit an account, the last wins, key by key.
    #[serde(default, rename = "for")]
    pub scopes: Vec<ScopedSettings>,
}

/// The same, for some accounts only.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScopedSettings {
    /// Account ids.
    #[serde(default)]
    pub accounts: Vec<AccountId>,
    /// Globs over the path of organisational units: `Root/Sandbox`, `Root/Workloads/*`.
    #[serde(default)]
    pub ou: Vec<String>,
    /// Projects, by name.
    #[serde(default)]
    pub projects: Vec<String>,
    /// `false`: the rule is not evaluated in these accounts.
    pub enabled: Option<bool>,
    /// Instead of the rule's own.
    #[serde(default, with = "severity_word")]
    pub severity: Option<Severity>,
    /// Instead of the defaults.
    #[serde(default)]
    pub params: Map<String, Value>,
}

impl ScopedSettings {
    /// Whether an account is meant. Nothing named means nobody.
    #[must_use]
    pub fn concerns(&self, account: &Account, projects: &[Project]) -> bool {
        let mut named = projects.iter().filter(|it| self.projects.contains(&it.name));
        self.accounts.contains(&account.id) || in_ou(&self.ou, account) || named.any(|it| it.holds(account))
    }
}

/// Accounts that belong together: a product, a customer, a department.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// What it is called everywhere.
    pub name: String,
    /// Ids, or globs over the accounts' names.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// Globs over the path of organisational units.
    #[serde(default)]
    pub ou: Vec<String>,
    /// Tags of the account: `key=value`, both globs; `key` alone is any value.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Who takes care of it.
    #[serde(default)]
    pub owners: Vec<Owner>,
    /// The language that its people read.
    pub lang: Option<Lang>,
    /// The time zone that they live in.
    pub time_zone: Option<Zone>,
    /// What they call its environment; the project's name where it is left out.
    pub environment: Option<String>,
    /// Where its findings are told: names of `[destinations.NAME]`.
    #[serde(default)]
    pub destinations: Vec<String>,
    /// Findings below are not told.
    #[serde(default, with = "severity_word")]
    pub min_severity: Option<Severity>,
    /// When only critical findings are told; the rest waits.
    pub quiet_hours: Option<QuietHours>,
    /// When its report is made.
    pub report_schedule: Option<Schedule>,
}

impl Project {
    /// What of it decides which accounts it holds.
    #[must_use]
    pub fn scope(&self) -> (&str, &[String], &[String], &[String]) {
        (&self.name, &self.accounts, &self.ou, &self.tags)
    }

    /// Adds what is said of the same project elsewhere: lists join, and what is said already stays.
    pub fn join(&mut self, other: Self) {
        let lists = [
            (&mut self.accounts, other.accounts),
            (&mut self.ou, other.ou),
            (&mut self.tags, other.tags),
            (&mut self.destinations, other.destinations),
        ];
        for (known, more) in lists {
            let new: Vec<_> = more.into_iter().filter(|it| !known.contains(it)).collect();
            known.extend(new);
        }
        let new: Vec<_> = other.owners.into_iter().filter(|it| !self.owners.contains(it)).collect();
        self.owners.extend(new);
        self.lang = self.lang.or(other.lang);
        self.time_zone = self.time_zone.take().or(other.time_zone);
        self.environment = self.environment.take().or(other.environment);
        self.min_severity = self.min_severity.or(other.min_severity);
        self.quiet_hours = self.quiet_hours.or(other.quiet_hours);
        self.report_schedule = self.report_schedule.take().or(other.report_schedule);
    }

    /// Whether an account is of the project: one entry of any list is enough.
    #[must_use]
    pub fn holds(&self, account: &Account) -> bool {
        self.accounts.iter().any(|it| it == account.id.as_str() || matches(it, &account.name))
            || in_ou(&self.ou, account)
            || self.tags.iter().any(|glob| tagged(&account.tags, glob))
    }
}

/// Violations that are accepted, with the reason.
///
/// All lists that are given must fit; in a list one entry that fits is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// Rules, by id, glob or alias.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Globs over the resource's id or ARN.
    #[serde(default)]
    pub resources: Vec<String>,
    /// `key=value`, both globs; `key` alone is any value.
    #[serde(default)]
    pub tags: Vec<String>,
    /// Account ids.
    #[serde(default)]
    pub accounts: Vec<AccountId>,
    /// Globs over the path of organisational units.
    #[serde(default)]
    pub ou: Vec<String>,
    /// Globs over the region.
    #[serde(default)]
    pub regions: Vec<String>,
    /// Why; may not be empty.
    pub because: String,
    /// The last day (UTC) on which it holds: `2026-03-31`, or a TOML date.
    #[serde(default, with = "yagura_model::last_day")]
    pub until: Option<Date>,
}

impl Exception {
    /// Whether it still holds.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now.to_zoned(jiff::tz::TimeZone::UTC).date() <= until)
    }

    /// Which of its conditions takes the resource out, for people; `None` when it does not concern the resource.
    ///
    /// The rules are not looked at: that is for the caller, who knows their aliases.
    #[must_use]
    pub fn takes_out(&self, resource: &Resource, account: &Account) -> Option<String> {
        let mut by = Vec::new();
        if !self.resources.is_empty() {
            let fits = |glob: &&String| matches(glob, &resource.key.id) || matches(glob, &resource.arn);
            by.push(format!("resource {}", self.resources.iter().find(fits)?));
        }
        if !self.tags.is_empty() {
            by.push(format!("tag {}", self.tags.iter().find(|glob| has_tag(resource, glob))?));
        }
        if !self.accounts.is_empty() {
            by.push(format!("account {}", self.accounts.iter().find(|id| **id == account.id)?));
        }
        if !self.ou.is_empty() {
            by.push(format!("ou {}", self.ou.iter().find(|glob| matches(glob, &account.ou_path))?));
        }
        if !self.regions.is_empty() {
            let fits = |glob: &&String| matches(glob, resource.key.region.as_str());
            by.push(format!("region {}", self.regions.iter().find(fits)?));
        }
        Some(if by.is_empty() { "rule".to_owned() } else { by.join(", ") })
    }
}

fn in_ou(globs: &[String], account: &Account) -> bool {
    globs.iter().any(|glob| matches(glob, &account.ou_path))
}

fn has_tag(resource: &Resource, glob: &str) -> bool {
    tagged(&resource.tags, glob)
}

fn tagged(tags: &BTreeMap<String, String>, glob: &str) -> bool {
    let (key, value) = glob.split_once('=').unwrap_or((glob, "*"));
    tags.iter().any(|(its_key, its_value)| matches(key, its_key) && matches(value, its_value))
}

/// Severities as people write them: `high`.
mod severity_word {
    use serde::{Deserialize, Deserializer, de::Error};
    use yagura_model::Severity;

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Severity>, D::Error> {
        Option::<String>::deserialize(from)?.map(|word| word.parse().map_err(D::Error::custom)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::resource;

    fn exception(written: Value) -> Exception {
        serde_json::from_value(written).unwrap()
    }

    #[test]
    fn every_list_that_is_given_must_fit() {
        let (account, mut group) = resource("AWS::EC2::SecurityGroup", "sg-1", json!({}));
        group.tags.insert("yagura:allow".into(), "public".into());
        let by_tag = exception(json!({ "tags": ["yagura:allow=pub*"], "because": "a public site" }));
        assert_eq!(by_tag.takes_out(&group, &account).as_deref(), Some("tag yagura:allow=pub*"));
        let elsewhere = exception(json!({ "tags": ["yagura:allow"], "regions": ["us-*"], "because": "x" }));
        assert_eq!(elsewhere.takes_out(&group, &account), None);
    }

    #[test]
    fn a_project_is_named_by_accounts_units_and_tags() {
        let (mut account, _) = resource("AWS::S3::Bucket", "b", json!({}));
        account.name = "shop-prod".to_owned();
        account.ou_path = "Root/Workloads/Shop".to_owned();
        account.tags.insert("project".into(), "shop".into());
        let holds = |written: Value| serde_json::from_value::<Project>(written).unwrap().holds(&account);
        assert!(holds(json!({ "name": "shop", "accounts": [account.id.as_str()] })));
        assert!(holds(json!({ "name": "shop", "accounts": ["shop-*"] })));
        assert!(holds(json!({ "name": "shop", "ou": ["Root/Workloads/*"] })));
        assert!(holds(json!({ "name": "shop", "accounts": ["999999999999"], "tags": ["project=shop"] })));
        assert!(!holds(json!({ "name": "shop", "accounts": ["shop"], "tags": ["project=web"] })));
    }

    #[test]
    fn an_exception_ends_after_its_last_day() {
        let until = exception(json!({ "because": "migration", "until": "2026-03-31" }));
        assert!(until.holds("2026-03-31T23:59:59Z".parse().unwrap()));
        assert!(!until.holds("2026-04-01T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn the_place_of_a_key_is_that_of_the_nearest_known_one() {
        let place = Place { line: 4, column: 1 };
        let source = SettingsSource { file: "y.toml".into(), places: [("rules.a".to_owned(), place)].into() };
        assert_eq!(source.place("rules.a.params.b"), Some(place));
        assert_eq!(source.place("exceptions.0"), None);
    }
}
