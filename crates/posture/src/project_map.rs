//! Which project each account of an organisation is of.

use yagura_model::{
    Account, AccountId, AccountStatus, NamedAccount, Organization, ProjectAccounts, ProjectMap,
    SharedAccount, UnknownAccount,
};

use crate::settings::Project;

/// Puts projects and the accounts of an organisation together. Accounts that are closed have no need of a project.
#[must_use]
pub fn project_map(projects: &[Project], organization: &Organization) -> ProjectMap {
    let named = |it: &Account| NamedAccount { id: it.id.clone(), name: it.name.clone() };
    let accounts = || organization.accounts.values();
    let of_project = |project: &Project| ProjectAccounts {
        name: project.name.clone(),
        accounts: accounts().filter(|it| project.holds(it)).map(named).collect(),
    };
    let (mut in_none, mut in_several) = (Vec::new(), Vec::new());
    for account in accounts() {
        let of: Vec<_> = projects.iter().filter(|it| it.holds(account)).map(|it| it.name.clone()).collect();
        match of.len() {
            0 if account.status == AccountStatus::Active => in_none.push(named(account)),
            0 | 1 => {}
            _ => in_several.push(SharedAccount { account: named(account), projects: of }),
        }
    }
    let is_unknown =
        |it: &&String| AccountId::new(it).is_ok_and(|id| !organization.accounts.contains_key(&id));
    let unknown = projects.iter().flat_map(|project| {
        let ids = project.accounts.iter().filter(is_unknown);
        ids.map(|id| UnknownAccount { id: id.clone(), project: project.name.clone() })
    });
    ProjectMap {
        projects: projects.iter().map(of_project).collect(),
        in_none,
        in_several,
        unknown: unknown.collect(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use yagura_model::Partition;

    use super::*;

    fn account(id: &str, name: &str) -> Account {
        Account { name: name.to_owned(), ..Account::bare(AccountId::new(id).unwrap()) }
    }

    #[test]
    fn every_account_in_use_has_one_project_or_is_told() {
        let closed = Account { status: AccountStatus::Suspended, ..account("000000000004", "old") };
        let all = [
            account("000000000001", "shop-prod"),
            account("000000000002", "shop-dev"),
            account("000000000003", "lab"),
            closed,
        ];
        let accounts: BTreeMap<_, _> = all.into_iter().map(|it| (it.id.clone(), it)).collect();
        let organization =
            Organization { accounts, ..Organization::of_one(account("000000000001", ""), Partition::Aws) };
        let project = |name: &str, accounts: &[&str]| Project {
            name: name.to_owned(),
            accounts: accounts.iter().map(|it| (*it).to_owned()).collect(),
            ..Project::default()
        };
        let projects = [project("shop", &["shop-*"]), project("dev", &["000000000002", "999999999999"])];
        let map = project_map(&projects, &organization);
        let ids = |it: &[NamedAccount]| it.iter().map(|it| it.name.clone()).collect::<Vec<_>>();
        assert_eq!(ids(&map.projects[0].accounts), ["shop-prod", "shop-dev"]);
        assert_eq!(ids(&map.in_none), ["lab"]);
        assert_eq!(map.in_several.len(), 1);
        assert_eq!(map.in_several[0].projects, ["shop", "dev"]);
        assert_eq!((map.unknown[0].id.as_str(), map.unknown[0].project.as_str()), ("999999999999", "dev"));
    }
}
