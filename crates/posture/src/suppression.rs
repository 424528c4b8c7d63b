//! Suppressions: findings that somebody has accepted, with the reason, who agreed, and an end.
//!
//! A file is a list of them, for a team to review; those that are made by command have the same shape. Whoever reports a finding, a suppression
//! hides it while it holds, and lets it go when it ends.
//!
//! # Laws
//!
//! - **Nothing is accepted for ever.** There is always a last day.
//! - **Exact unless a glob is written.** `web` is not `web-2`; `web*` is.
//! - **All lists that are given must fit**; in a list one entry that fits is enough. One without any list hides everything, and is refused.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;
use thiserror::Error;
use yagura_model::{Account, Detector, Diagnostic, FindingKind, Level, Place, Timestamp, glob};
use yagura_packs::parse_text;

use crate::settings::Project;

/// So many days before its end a suppression is told to be about to end.
pub const WARNED_DAYS: i64 = 14;

/// So many findings may be hidden without the number being said.
pub const HIDDEN_UNSAID: u64 = 20;

/// Findings that are accepted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suppression {
    /// What it is called; no other has the name.
    pub name: String,
    /// Rules: ids, globs, aliases; what other detectors check, as `guardduty:*`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<String>,
    /// The resource's id or ARN.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Types of resources: `AWS::EC2::Instance`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<String>,
    /// Tags of the resource: `key=value`; `key` alone is any value.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Accounts: ids, or names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// Paths of organisational units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ou: Vec<String>,
    /// Projects, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<String>,
    /// Regions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Sorts of findings: `configuration`, `threat`...
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<FindingKind>,
    /// Findings that one of these reports: `yagura`, `security-hub`...
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub detectors: Vec<Detector>,
    /// Why it is accepted.
    #[serde(default)]
    pub reason: String,
    /// What protects instead.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub compensating_control: String,
    /// Who asked for it.
    #[serde(default)]
    pub requester: String,
    /// Who agreed to it: another person.
    #[serde(default)]
    pub approver: String,
    /// The last day (UTC) on which it holds.
    #[serde(default, deserialize_with = "yagura_model::last_day::deserialize")]
    pub until: Option<Date>,
    /// How many findings it may hide when it is used first, where that is more than [`HIDDEN_UNSAID`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub may_hide: Option<u64>,
}

/// Why a suppression cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SuppressionError {
    /// Nothing is said in a field that must say something.
    #[error("the suppression `{name}` has no `{field}`")]
    Missing {
        /// Its name.
        name: String,
        /// The field.
        field: &'static str,
    },
    /// It would hide everything.
    #[error("the suppression `{name}` names nothing, and would hide every finding")]
    Everything {
        /// Its name.
        name: String,
    },
    /// The one who asked is the one who agreed.
    #[error("the suppression `{name}` is approved by its own requester")]
    SelfApproved {
        /// Its name.
        name: String,
    },
    /// The configuration defines no such project.
    #[error(
        "the suppression `{name}` names the project `{project}`, which the configuration does not define"
    )]
    UnknownProject {
        /// Its name.
        name: String,
        /// The project.
        project: String,
    },
}

impl SuppressionError {
    /// What to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Missing { field: "until", .. } => {
                "name the last day on which it holds: `until: 2026-12-31`"
            }
            Self::Missing { .. } => "say it: whoever reads it next year will ask",
            Self::Everything { .. } => "name rules, resources, tags, accounts, projects, regions or kinds",
            Self::SelfApproved { .. } => "let somebody else agree to it",
            Self::UnknownProject { .. } => "`yagura projects` lists those that there are",
        }
    }
}

impl Suppression {
    /// Whether it says all that it must.
    ///
    /// # Errors
    ///
    /// [`SuppressionError`], the first thing that is wrong.
    pub fn check(&self, projects: &[Project]) -> Result<(), SuppressionError> {
        self.check_request(projects)?;
        if self.approver.trim().is_empty() {
            return Err(SuppressionError::Missing { name: self.name.clone(), field: "approver" });
        }
        if self.approver.trim().eq_ignore_ascii_case(self.requester.trim()) {
            return Err(SuppressionError::SelfApproved { name: self.name.clone() });
        }
        Ok(())
    }

    /// Whether it says all that it must before somebody agrees to it.
    ///
    /// # Errors
    ///
    /// [`SuppressionError`], the first thing that is wrong.
    pub fn check_request(&self, projects: &[Project]) -> Result<(), SuppressionError> {
        let name = || self.name.clone();
        let said = [
            ("name", !self.name.trim().is_empty()),
            ("reason", !self.reason.trim().is_empty()),
            ("requester", !self.requester.trim().is_empty()),
            ("until", self.until.is_some()),
        ];
        if let Some((field, _)) = said.into_iter().find(|(_, is_said)| !is_said) {
            return Err(SuppressionError::Missing { name: name(), field });
        }
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
        if lists.iter().all(|it| it.is_empty()) && self.kinds.is_empty() && self.detectors.is_empty() {
            return Err(SuppressionError::Everything { name: name() });
        }
        let unknown = self.projects.iter().find(|it| !projects.iter().any(|project| project.name == **it));
        if let Some(project) = unknown {
            return Err(SuppressionError::UnknownProject { name: name(), project: project.clone() });
        }
        Ok(())
    }

    /// Whether it still holds.
    #[must_use]
    pub fn holds(&self, now: Timestamp) -> bool {
        self.days_left(now) >= 0
    }

    /// Whole days until its last one; negative when that is over.
    #[must_use]
    pub fn days_left(&self, now: Timestamp) -> i64 {
        let today = now.to_zoned(TimeZone::UTC).date();
        let last = self.until.unwrap_or(Date::MIN);
        (last.duration_since(today).as_hours()) / 24
    }

    /// Whether it holds, and ends soon.
    #[must_use]
    pub fn ends_soon(&self, now: Timestamp) -> bool {
        (0..=WARNED_DAYS).contains(&self.days_left(now))
    }

    /// Whether an account is meant: by its own lists, all of which must fit.
    #[must_use]
    pub fn concerns(&self, account: &Account, projects: &[Project]) -> bool {
        let fits = |pattern: &String| pattern == account.id.as_str() || glob::matches(pattern, &account.name);
        let by_account = self.accounts.is_empty() || self.accounts.iter().any(fits);
        let by_ou = self.ou.is_empty() || self.ou.iter().any(|it| glob::matches(it, &account.ou_path));
        let named = |it: &&Project| self.projects.contains(&it.name);
        let by_project =
            self.projects.is_empty() || projects.iter().filter(named).any(|it| it.holds(account));
        by_account && by_ou && by_project
    }

    /// Whether it says anything about accounts.
    #[must_use]
    pub fn names_accounts(&self) -> bool {
        !(self.accounts.is_empty() && self.ou.is_empty() && self.projects.is_empty())
    }
}

/// Reads a file of suppressions: those that can be used, and what is wrong with the others.
#[must_use]
pub fn read_suppressions(
    file: &str,
    text: &str,
    projects: &[Project],
) -> (Vec<Suppression>, Vec<Diagnostic>) {
    let entries: Vec<Spanned<Suppression>> = match parse_text(file, text) {
        Ok(entries) => entries,
        Err(told) => return (Vec::new(), vec![told]),
    };
    let (mut good, mut told, mut names) = (Vec::new(), Vec::new(), BTreeSet::new());
    for entry in entries {
        let at = entry.defined;
        let place = Place {
            line: u32::try_from(at.line()).unwrap_or(u32::MAX),
            column: u32::try_from(at.column()).unwrap_or(u32::MAX),
        };
        let mistake = |code, message, help: &str| Diagnostic {
            file: file.to_owned(),
            place: Some(place),
            level: Level::Error,
            code,
            message,
            help: Some(help.to_owned()),
        };
        let suppression = entry.value;
        if let Err(error) = suppression.check(projects) {
            told.push(mistake("suppression/incomplete", error.to_string(), error.help()));
        } else if !names.insert(suppression.name.clone()) {
            let message = format!("there are two suppressions `{}`", suppression.name);
            told.push(mistake("suppression/twice", message, "give one of them another name"));
        } else {
            good.push(suppression);
        }
    }
    (good, told)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASTION: &str = "
- name: bastion-ssh
  rules: [restricted-ssh]
  resources: [sg-0123]
  reason: the bastion of the operations team
  compensating_control: only reachable through the VPN, whose sign-in asks for MFA
  requester: taro@example.com
  approver: hanako@example.com
  until: 2026-03-31
";

    fn read(text: &str) -> (Vec<Suppression>, Vec<String>) {
        let (good, told) = read_suppressions("accepted.yaml", text, &[]);
        (good, told.iter().map(ToString::to_string).collect())
    }

    fn bastion() -> Suppression {
        read(BASTION).0.remove(0)
    }

    #[test]
    fn a_suppression_holds_until_the_end_of_its_last_day() {
        let suppression = bastion();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        assert!(suppression.holds(at("2026-03-31T23:59:59Z")));
        assert!(!suppression.holds(at("2026-04-01T00:00:00Z")));
        assert!(!suppression.ends_soon(at("2026-03-16T12:00:00Z")));
        assert!(suppression.ends_soon(at("2026-03-17T12:00:00Z")));
        assert_eq!(suppression.days_left(at("2026-03-17T12:00:00Z")), 14);
    }

    #[test]
    fn what_is_missing_is_told_with_its_line_and_the_others_count() {
        let text = format!("{BASTION}- name: b\n  rules: [x]\n  reason: r\n  requester: a\n  approver: b\n");
        let (good, told) = read(&text);
        assert_eq!(good.len(), 1);
        assert_eq!(told.len(), 1);
        assert!(told[0].contains("accepted.yaml:10:"), "{}", told[0]);
        assert!(told[0].contains("the suppression `b` has no `until`"), "{}", told[0]);
    }

    #[test]
    fn one_that_names_nothing_or_is_approved_by_its_requester_is_refused() {
        let everything = Suppression { rules: vec![], resources: vec![], ..bastion() };
        assert!(matches!(everything.check(&[]), Err(SuppressionError::Everything { .. })));
        let alone = Suppression { approver: "Taro@example.com".to_owned(), ..bastion() };
        assert!(matches!(alone.check(&[]), Err(SuppressionError::SelfApproved { .. })));
        let elsewhere = Suppression { projects: vec!["shop".to_owned()], ..bastion() };
        assert!(matches!(elsewhere.check(&[]), Err(SuppressionError::UnknownProject { .. })));
    }

    #[test]
    fn a_misspelt_key_and_a_second_of_the_same_name_are_told() {
        let (good, told) = read(&BASTION.replace("until:", "untill:"));
        assert!(good.is_empty());
        assert!(told[0].contains("untill"), "{}", told[0]);
        let (good, told) = read(&format!("{BASTION}{BASTION}"));
        assert_eq!((good.len(), told.len()), (1, 1));
        assert!(told[0].contains("two suppressions `bastion-ssh`"), "{}", told[0]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let text = serde_json::to_string(&[bastion()]).unwrap();
        assert_eq!(read(&text).0, [bastion()]);
    }
}
