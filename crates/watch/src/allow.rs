//! Allow-lists: who may do what a detection would report, why, and until when.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;
use jiff::civil::Date;
use serde::Deserialize;
use thiserror::Error;
use yagura_detect::threats::Facts;
use yagura_detect::threats::group::Matched;
use yagura_model::{Timestamp, glob};

/// One entry, as people write it. All lists that are given must fit; in a list one entry that fits is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allow {
    /// Globs over the actor's principal: ARNs, users of Kubernetes.
    #[serde(default)]
    pub principals: Vec<String>,
    /// Addresses, or networks: `203.0.113.0/24`.
    #[serde(default)]
    pub networks: Vec<String>,
    /// Globs over the rule's id, name or title.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Account ids.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// Why; may not be empty.
    pub because: String,
    /// The last day (UTC) on which it holds: `2027-03-31`, or a TOML date.
    #[serde(default, with = "yagura_model::last_day")]
    pub until: Option<Date>,
}

/// Why an entry cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AllowError {
    /// It does not say why.
    #[error("an entry of an allow-list needs a reason: `because`")]
    MissingReason,
    /// It would allow everything to everybody.
    #[error(
        "an entry of an allow-list names `principals`, `networks` or `rules`: this one would allow everything"
    )]
    TooBroad,
    /// A network that is none.
    #[error("`{text}` is no network: write an address, or one with a length such as `203.0.113.0/24`")]
    Network {
        /// What was written.
        text: String,
    },
}

/// Entries that are ready.
#[derive(Debug, Clone, Default)]
pub struct AllowList {
    entries: Vec<Entry>,
    /// Short names of rules, by id.
    names: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
struct Entry {
    said: Allow,
    networks: Vec<IpNet>,
}

impl AllowList {
    /// Makes entries ready.
    ///
    /// # Errors
    ///
    /// The number of the first entry that cannot be used, and why.
    pub fn new(entries: &[Allow]) -> Result<Self, (usize, AllowError)> {
        let ready = entries.iter().enumerate().map(|(n, it)| Entry::new(it).map_err(|error| (n, error)));
        Ok(Self { entries: ready.collect::<Result<_, _>>()?, names: BTreeMap::new() })
    }

    /// Tells the short names of rules, by id, so that entries can use them.
    #[must_use]
    pub fn with_names(mut self, names: BTreeMap<String, String>) -> Self {
        self.names = names;
        self
    }

    /// Entries whose last day is over: they allow nothing any more.
    pub fn over(&self, now: Timestamp) -> impl Iterator<Item = &Allow> {
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        self.entries
            .iter()
            .filter(move |it| it.said.until.is_some_and(|until| until < today))
            .map(|it| &it.said)
    }

    /// Whether somebody may do this.
    #[must_use]
    pub fn allows(&self, rule: &Matched, facts: &Facts, now: Timestamp) -> bool {
        let name = self.names.get(&rule.rule).map_or(&*rule.rule, String::as_str);
        let names = [&rule.rule, &rule.title, name];
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let holds = |it: &&Entry| it.said.until.is_none_or(|until| today <= until);
        self.entries.iter().filter(holds).any(|it| it.fits(&names, facts))
    }
}

impl Entry {
    fn new(said: &Allow) -> Result<Self, AllowError> {
        if said.because.trim().is_empty() {
            return Err(AllowError::MissingReason);
        }
        if said.principals.is_empty() && said.networks.is_empty() && said.rules.is_empty() {
            return Err(AllowError::TooBroad);
        }
        let network = |text: &String| {
            let address = text.parse::<IpAddr>().map(IpNet::from);
            address.or_else(|_| text.parse()).map_err(|_| AllowError::Network { text: text.clone() })
        };
        Ok(Self {
            networks: said.networks.iter().map(network).collect::<Result<_, _>>()?,
            said: said.clone(),
        })
    }

    fn fits(&self, names: &[&str], facts: &Facts) -> bool {
        let Allow { principals, rules, accounts, .. } = &self.said;
        let any = |globs: &[String], texts: &[&str]| {
            globs.is_empty() || globs.iter().any(|glob| texts.iter().any(|text| glob::matches(glob, text)))
        };
        let address: Option<IpAddr> = facts.address.as_deref().and_then(|it| it.parse().ok());
        let from = |address: IpAddr| self.networks.iter().any(|it| it.contains(&address));
        let account = facts.account.as_deref().unwrap_or_default();
        any(principals, &[&facts.actor.principal])
            && any(rules, names)
            && (accounts.is_empty() || accounts.iter().any(|it| it == account))
            && (self.networks.is_empty() || address.is_some_and(from))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use yagura_detect::Source;
    use yagura_detect::threats::facts;
    use yagura_model::Severity;

    use super::*;

    fn event(user: &str, address: &str) -> Facts {
        facts(
            Source::CloudTrail,
            &json!({ "recipientAccountId": "111122223333", "sourceIPAddress": address,
                "userIdentity": { "type": "IAMUser", "arn": format!("arn:aws:iam::111122223333:user/{user}") } }),
        )
    }

    fn list(change: impl Fn(&mut Allow)) -> Result<AllowList, (usize, AllowError)> {
        let mut entry = Allow {
            principals: vec!["arn:aws:iam::*:user/deploy*".into()],
            networks: vec!["203.0.113.0/24".into()],
            because: "the pipeline".into(),
            until: Some("2026-12-31".parse().unwrap()),
            ..Allow::default()
        };
        change(&mut entry);
        AllowList::new(&[entry])
    }

    #[test]
    fn an_entry_allows_only_where_everything_fits_and_until_its_last_day() {
        let rule =
            Matched { rule: "1f".into(), title: "A rule".into(), severity: Severity::High, tags: Vec::new() };
        let allowed = |list: &AllowList, user, address, now: &str| {
            list.allows(&rule, &event(user, address), now.parse().unwrap())
        };
        let plain = list(|_| {}).unwrap();
        assert!(allowed(&plain, "deploy-1", "203.0.113.7", "2026-12-31T23:00:00Z"));
        assert!(!allowed(&plain, "deploy-1", "203.0.113.7", "2027-01-01T00:00:00Z"), "its last day is over");
        assert!(!allowed(&plain, "deploy-1", "198.51.100.7", "2026-12-01T00:00:00Z"), "from elsewhere");
        assert!(!allowed(&plain, "dev", "203.0.113.7", "2026-12-01T00:00:00Z"), "somebody else");
        let of_rule = list(|it| it.rules = vec!["iam-*".into()]).unwrap();
        assert!(!allowed(&of_rule, "deploy-1", "203.0.113.7", "2026-12-01T00:00:00Z"), "another rule");
        let named = of_rule.with_names(BTreeMap::from([("1f".to_owned(), "iam-user-made".to_owned())]));
        assert!(allowed(&named, "deploy-1", "203.0.113.7", "2026-12-01T00:00:00Z"), "by its short name");
        assert_eq!(plain.over("2027-01-01T00:00:00Z".parse().unwrap()).count(), 1);
    }

    #[test]
    fn what_allows_too_much_or_says_nothing_is_refused() {
        let error = |change: fn(&mut Allow)| list(change).unwrap_err().1;
        assert_eq!(error(|it| it.because = " ".into()), AllowError::MissingReason);
        assert_eq!(
            error(|it| {
                it.principals.clear();
                it.networks.clear();
            }),
            AllowError::TooBroad
        );
        assert!(matches!(error(|it| it.networks = vec!["office".into()]), AllowError::Network { .. }));
    }
}
