//! Which accounts and regions a person asked for.

use std::collections::BTreeSet;

use thiserror::Error;
use yagura_model::{Account, AccountStatus, Organization, Region};
use yagura_posture::Project;

/// Includes and excludes, as written. Empty includes mean everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountFilter {
    /// Ids, or globs over names.
    pub accounts: Vec<String>,
    /// Ids, or globs over names.
    pub exclude_accounts: Vec<String>,
    /// Ids of organisational units, or globs over their paths.
    pub organizational_units: Vec<String>,
    /// Ids of organisational units, or globs over their paths.
    pub exclude_organizational_units: Vec<String>,
    /// Projects of the configuration.
    pub projects: Vec<Project>,
}

/// A filter named something that is not there: more likely a slip than a wish for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FilterError {
    /// No account has this id or name.
    #[error("no account matches `{0}`")]
    NoSuchAccount(String),
    /// No account is below such an organisational unit.
    #[error("no account is below an organisational unit `{0}`")]
    NoSuchUnit(String),
    /// No account is of this project.
    #[error("no account is of the project `{0}`")]
    EmptyProject(String),
    /// Everything was excluded.
    #[error("no account is left to scan")]
    NothingLeft,
}

/// The accounts of an organisation, parted by what is done with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// To be read, by id.
    pub scanned: Vec<Account>,
    /// Chosen, but there is nothing to read, and why.
    pub skipped: Vec<(Account, AccountStatus)>,
}

impl AccountFilter {
    /// Chooses among the accounts of the organisation.
    ///
    /// # Errors
    ///
    /// [`FilterError`] when an include names nothing, or nothing is left.
    pub fn select(&self, organization: &Organization) -> Result<Selection, FilterError> {
        let all = || organization.accounts.values();
        for pattern in &self.accounts {
            if !all().any(|account| account_matches(account, pattern)) {
                return Err(FilterError::NoSuchAccount(pattern.clone()));
            }
        }
        for pattern in &self.organizational_units {
            if !all().any(|account| unit_matches(account, pattern)) {
                return Err(FilterError::NoSuchUnit(pattern.clone()));
            }
        }
        if let Some(empty) = self.projects.iter().find(|it| !all().any(|account| it.holds(account))) {
            return Err(FilterError::EmptyProject(empty.name.clone()));
        }
        let mut selection = Selection { scanned: Vec::new(), skipped: Vec::new() };
        for account in all().filter(|account| self.wants(account)) {
            match account.status {
                AccountStatus::Active => selection.scanned.push(account.clone()),
                unusable => selection.skipped.push((account.clone(), unusable)),
            }
        }
        if selection.scanned.is_empty() && selection.skipped.is_empty() {
            return Err(FilterError::NothingLeft);
        }
        Ok(selection)
    }

    fn wants(&self, account: &Account) -> bool {
        let any_account = |patterns: &[String]| patterns.iter().any(|it| account_matches(account, it));
        let any_unit = |patterns: &[String]| patterns.iter().any(|it| unit_matches(account, it));
        (self.accounts.is_empty() || any_account(&self.accounts))
            && (self.organizational_units.is_empty() || any_unit(&self.organizational_units))
            && (self.projects.is_empty() || self.projects.iter().any(|it| it.holds(account)))
            && !any_account(&self.exclude_accounts)
            && !any_unit(&self.exclude_organizational_units)
    }
}

fn account_matches(account: &Account, pattern: &str) -> bool {
    account.id.as_str() == pattern || (!account.name.is_empty() && glob(pattern, &account.name))
}

/// A unit's id anywhere on the way down, or a glob over the path: a path below a matching one matches too.
fn unit_matches(account: &Account, pattern: &str) -> bool {
    if account.ou_ids.iter().any(|id| id == pattern) {
        return true;
    }
    let path = &account.ou_path;
    let ends = path.char_indices().filter(|(_, c)| *c == '/').map(|(at, _)| at).chain([path.len()]);
    !path.is_empty() && ends.into_iter().any(|end| glob(pattern, &path[..end]))
}

/// `*` is any text, `?` any one character; the whole text must match.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    let (mut p, mut t) = (0, 0);
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == '?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    p = at + 1;
                    t = from + 1;
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Which regions a person asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RegionFilter {
    /// Only these; empty means every enabled one.
    pub regions: BTreeSet<Region>,
    /// Not these.
    pub exclude: BTreeSet<Region>,
}

impl RegionFilter {
    /// Whether resources of this region are wanted.
    #[must_use]
    pub fn wants(&self, region: &Region) -> bool {
        (self.regions.is_empty() || self.regions.contains(region)) && !self.exclude.contains(region)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use yagura_model::{AccountId, Partition};

    use super::*;

    fn account(id: &str, name: &str, ou_path: &str, status: AccountStatus) -> Account {
        Account {
            name: name.into(),
            ou_path: ou_path.into(),
            status,
            ..Account::bare(AccountId::new(id).unwrap())
        }
    }

    fn organization() -> Organization {
        let accounts = [
            account("000000000001", "root", "Root", AccountStatus::Active),
            account("000000000002", "prod-web", "Root/Workloads/Prod", AccountStatus::Active),
            account("000000000003", "prod-old", "Root/Workloads/Prod", AccountStatus::Suspended),
            account("000000000004", "dev-web", "Root/Workloads/Dev", AccountStatus::Active),
        ];
        Organization {
            id: Some("o-example0001".into()),
            management_account: None,
            partition: Partition::Aws,
            accounts: accounts.into_iter().map(|account| (account.id.clone(), account)).collect(),
        }
    }

    fn names(filter: &AccountFilter) -> (Vec<String>, Vec<String>) {
        let selection = filter.select(&organization()).unwrap();
        (
            selection.scanned.into_iter().map(|account| account.name).collect(),
            selection
                .skipped
                .into_iter()
                .map(|(account, why)| format!("{}: {why:?}", account.name))
                .collect(),
        )
    }

    #[test]
    fn a_suspended_account_is_skipped_and_said_so() {
        let filter = AccountFilter { accounts: vec!["prod-*".into()], ..Default::default() };
        assert_eq!(names(&filter), (vec!["prod-web".to_owned()], vec!["prod-old: Suspended".to_owned()]));
    }

    #[test]
    fn a_unit_stands_for_everything_below_it() {
        let filter =
            AccountFilter { organizational_units: vec!["Root/Workloads".into()], ..Default::default() };
        assert_eq!(names(&filter).0, ["prod-web", "dev-web"]);
    }

    #[test]
    fn an_exclude_wins() {
        let filter =
            AccountFilter { exclude_organizational_units: vec!["*/Prod".into()], ..Default::default() };
        assert_eq!(names(&filter).0, ["root", "dev-web"]);
    }

    #[test]
    fn an_include_that_names_nothing_is_a_slip() {
        let filter = AccountFilter { accounts: vec!["prd-*".into()], ..Default::default() };
        let error = filter.select(&organization()).unwrap_err();
        assert_eq!(error.to_string(), "no account matches `prd-*`");
    }

    proptest! {
        /// A text matches itself, itself with any part starred out, and nothing shorter matches without a star.
        #[test]
        fn a_star_stands_for_any_part(text in "[a-c]{0,8}", from in 0usize..9, to in 0usize..9) {
            let (from, to) = (from.min(text.len()), to.min(text.len()));
            let (from, to) = (from.min(to), from.max(to));
            let starred = format!("{}*{}", &text[..from], &text[to..]);
            prop_assert!(glob(&text, &text));
            prop_assert!(glob(&starred, &text));
            let longer = format!("{text}?");
            prop_assert!(!glob(&longer, &text));
        }
    }
}
