//! What a rule asks to be new: the key `new` under `yagura` in a Sigma file.

use serde::Deserialize;
use serde_json::Value as Json;

/// So many days of learning at most: what is older is forgotten.
const LONGEST: u16 = 60;
const USUAL: u16 = 14;

/// What of an event is compared with what was seen before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trait {
    /// A field, as it is.
    Field(String),
    /// The network of the source address: its autonomous system, else the first half of it.
    Network,
    /// The country of the source address.
    Country,
    /// The family of the user agent.
    Agent,
    /// The region.
    Region,
    /// The service that was called.
    Service,
    /// The call, with its service.
    Call,
}

impl Trait {
    /// Its name in rules.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Field(field) => field,
            Self::Network => "network",
            Self::Country => "country",
            Self::Agent => "agent",
            Self::Region => "region",
            Self::Service => "service",
            Self::Call => "call",
        }
    }

    fn read(name: String) -> Self {
        let own = [Self::Network, Self::Country, Self::Agent, Self::Region, Self::Service, Self::Call];
        own.into_iter().find(|it| it.as_str() == name).unwrap_or(Self::Field(name))
    }
}

/// For whom it must be new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// Who acted.
    Principal,
    /// The account in which it happened.
    Account,
    /// Whatever a field names.
    Field(String),
}

impl Subject {
    /// Its name in rules.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Principal => "principal",
            Self::Account => "account",
            Self::Field(field) => field,
        }
    }
}

/// What a rule asks to be new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct New {
    /// What: each of them.
    pub of: Vec<Trait>,
    /// For whom.
    pub by: Subject,
    /// After so many days of learning it is said for sure.
    pub after: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    of: Names,
    by: Option<String>,
    after: Option<u16>,
}

/// One name, or a list.
struct Names(Vec<String>);

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wrong = || serde::de::Error::custom("`of` is a name, or a list of names");
        let name = |it: Json| if let Json::String(name) = it { Ok(name) } else { Err(wrong()) };
        match Json::deserialize(deserializer)? {
            Json::Array(items) => items.into_iter().map(name).collect::<Result<_, _>>().map(Self),
            one => name(one).map(|it| Self(vec![it])),
        }
    }
}

impl New {
    /// The fields that it names.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        let of = self.of.iter().filter_map(|it| if let Trait::Field(field) = it { Some(field.as_str()) } else { None });
        of.chain(if let Subject::Field(field) = &self.by { Some(field.as_str()) } else { None })
    }

    /// Reads what stands under `yagura` in a rule; `None` when nothing has to be new.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(extra: &Json) -> Result<Option<Self>, String> {
        let Some(written) = extra.get("new") else { return Ok(None) };
        let written = Written::deserialize(written).map_err(|error| error.to_string())?;
        let mut of: Vec<_> = written.of.0.into_iter().map(Trait::read).collect();
        of.sort();
        of.dedup();
        if of.is_empty() || of.len() > 4 || of.iter().any(|it| it.as_str().trim().is_empty()) {
            return Err("`of` names one to four things that have to be new".to_owned());
        }
        let by = match written.by.as_deref() {
            None | Some("principal") => Subject::Principal,
            Some("account") => Subject::Account,
            Some(field) => Subject::Field(field.to_owned()),
        };
        let after = written.after.unwrap_or(USUAL);
        if !(1..=LONGEST).contains(&after) {
            return Err(format!("`after` is a number of days from 1 to {LONGEST}"));
        }
        Ok(Some(Self { of, by, after }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_to_be_new_is_read_with_its_defaults() {
        let read = |of: Json| New::read(&json!({ "new": of }));
        let usual = New { of: vec![Trait::Country], by: Subject::Principal, after: 14 };
        assert_eq!(read(json!({ "of": "country" })), Ok(Some(usual)));
        let both = read(json!({ "of": ["agent", "requestParameters.roleArn"], "by": "userIdentity.accessKeyId", "after": 30 }));
        let of = vec![Trait::Field("requestParameters.roleArn".into()), Trait::Agent];
        let by = Subject::Field("userIdentity.accessKeyId".into());
        assert_eq!(both, Ok(Some(New { of, by, after: 30 })));
        assert_eq!(New::read(&json!({ "en": {} })), Ok(None));
    }

    #[test]
    fn mistakes_say_what_is_expected() {
        let wrong = |of: Json| New::read(&json!({ "new": of })).unwrap_err();
        assert_eq!(wrong(json!({ "of": [] })), "`of` names one to four things that have to be new");
        assert_eq!(wrong(json!({ "of": 1 })), "`of` is a name, or a list of names");
        assert_eq!(wrong(json!({ "of": "agent", "after": 0 })), "`after` is a number of days from 1 to 60");
        assert!(wrong(json!({ "of": "agent", "per": "x" })).contains("unknown field `per`"));
        assert!(wrong(json!({})).contains("missing field `of`"));
    }
}
