//! Prowler's own logic (`prowler/lib/mutelist/mutelist.py`, `is_muted` and what it calls), line by line.

use regex::Regex;
use serde_json::json;

#[derive(Debug, Clone, Default)]
pub(super) struct Info {
    pub(super) regions: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) tags: Vec<String>,
    /// Accounts, regions, resources, tags.
    pub(super) exceptions: Option<[Vec<String>; 4]>,
}

pub(super) type Checks = Vec<(String, Info)>;

pub(super) fn is_muted(accounts: &[(String, Checks)], account: &str, finding: &[&str; 4]) -> bool {
    let mut muted = false;
    for (key, checks) in dict(accounts) {
        if (key == account || key == "*") && is_muted_in_check(&checks, account, finding) {
            muted = true;
            break;
        }
    }
    muted
}

fn is_muted_in_check(checks: &Checks, account: &str, finding: &[&str; 4]) -> bool {
    let [check, region, resource, tags] = *finding;
    let mut muted = false;
    for (muted_check, info) in dict(checks) {
        let muted_check = match muted_check.strip_prefix("lambda") {
            Some(rest) => format!("awslambda{rest}"),
            None => muted_check,
        };
        let check_match =
            muted_check == "*" || muted_check == check || any(std::slice::from_ref(&muted_check), check);
        if is_excepted(info.exceptions.as_ref(), account, region, resource, tags) && check_match {
            break;
        }
        let every = vec!["*".to_owned()];
        let muted_tags = if info.tags.is_empty() { &every } else { &info.tags };
        if check_match
            && any(&info.regions, region)
            && any(&info.resources, resource)
            && all(muted_tags, tags)
        {
            muted = true;
        }
    }
    muted
}

fn is_excepted(
    exceptions: Option<&[Vec<String>; 4]>,
    account: &str,
    region: &str,
    resource: &str,
    finding_tags: &str,
) -> bool {
    let Some([accounts, regions, resources, tags]) = exceptions else { return false };
    let (is_account, is_region) = (any(accounts, account), any(regions, region));
    let (is_resource, is_tag) = (any(resources, resource), all(tags, finding_tags));
    if !is_account && !is_region && !is_resource && !is_tag {
        return false;
    }
    (is_account || accounts.is_empty())
        && (is_region || regions.is_empty())
        && (is_resource || resources.is_empty())
        && (is_tag || tags.is_empty())
}

fn search(item: &str, text: &str) -> bool {
    Regex::new(&item.replace('*', ".*")).unwrap().is_match(text)
}

fn any(items: &[String], text: &str) -> bool {
    items.iter().any(|item| search(item, text))
}

fn all(items: &[String], text: &str) -> bool {
    !items.is_empty() && items.iter().all(|item| search(item, text))
}

/// A key that stands twice keeps its first place and gets the last value.
fn dict<T: Clone>(pairs: &[(String, T)]) -> Vec<(String, T)> {
    let mut dict: Vec<(String, T)> = Vec::new();
    for (key, value) in pairs {
        match dict.iter_mut().find(|it| it.0 == *key) {
            Some(known) => known.1 = value.clone(),
            None => dict.push((key.clone(), value.clone())),
        }
    }
    dict
}

pub(super) fn yaml(accounts: &[(String, Checks)]) -> String {
    let list = |it: &Vec<String>| json!(it).to_string();
    let mut text = "Mutelist: {Accounts: {".to_owned();
    for (account, checks) in accounts {
        text += &format!("{}: {{Checks: {{", json!(account));
        for (check, info) in checks {
            text += &format!(
                "{}: {{Regions: {}, Resources: {}, Tags: {}",
                json!(check),
                list(&info.regions),
                list(&info.resources),
                list(&info.tags)
            );
            if let Some([accounts, regions, resources, tags]) = &info.exceptions {
                text += &format!(
                    ", Exceptions: {{Accounts: {}, Regions: {}, Resources: {}, Tags: {}}}",
                    list(accounts),
                    list(regions),
                    list(resources),
                    list(tags)
                );
            }
            text += "}, ";
        }
        text += "}}, ";
    }
    text + "}}"
}
