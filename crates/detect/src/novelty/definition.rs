//! What a rule asks to be new: the key `new` under `yagura` in a Sigma file.

use yagura_model::Place;

use crate::yaml::{Kind, Node};

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
    /// Who acted: for what an account has never seen.
    Principal,
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
            Self::Principal => "principal",
        }
    }

    fn read(name: String) -> Self {
        let own = [
            Self::Network,
            Self::Country,
            Self::Agent,
            Self::Region,
            Self::Service,
            Self::Call,
            Self::Principal,
        ];
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

impl New {
    /// The fields that it names.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        let of = self
            .of
            .iter()
            .filter_map(|it| if let Trait::Field(field) = it { Some(field.as_str()) } else { None });
        of.chain(if let Subject::Field(field) = &self.by { Some(field.as_str()) } else { None })
    }

    /// Reads what stands under `new`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, and where.
    pub(crate) fn read(node: &Node) -> Result<Self, (Place, String)> {
        let Kind::Mapping(entries) = &node.kind else {
            return Err((node.at, format!("`new` is a mapping with `of`, not {}", node.describe())));
        };
        let keys = ["of", "by", "after"];
        if let Some((key, at, _)) = entries.iter().find(|(key, ..)| !keys.contains(&key.as_str())) {
            return Err((*at, format!("`new` has no key `{key}`: `of`, `by` and `after` are known")));
        }
        let of = node.get("of").ok_or((node.at, "`new` needs `of`: what has to be new".to_owned()))?;
        let names = match &of.kind {
            Kind::Sequence(items) => items.iter().map(text).collect::<Result<Vec<_>, _>>()?,
            _ => vec![text(of)?],
        };
        let mut traits: Vec<_> = names.into_iter().map(Trait::read).collect();
        traits.sort();
        traits.dedup();
        if traits.is_empty() || traits.len() > 4 {
            return Err((of.at, "`of` names one to four things that have to be new".to_owned()));
        }
        let by = match node.get("by").map(text).transpose()? {
            None => Subject::Principal,
            Some(name) if name == "principal" => Subject::Principal,
            Some(name) if name == "account" => Subject::Account,
            Some(field) => Subject::Field(field),
        };
        let after = node.get("after").map(|it| text(it).map(|text| (it.at, text))).transpose()?;
        let after = match after {
            None => USUAL,
            Some((at, text)) => text
                .parse()
                .ok()
                .filter(|it| (1..=LONGEST).contains(it))
                .ok_or((at, format!("`after` is a number of days from 1 to {LONGEST}")))?,
        };
        Ok(Self { of: traits, by, after })
    }
}

/// A text that is not blank.
fn text(node: &Node) -> Result<String, (Place, String)> {
    match &node.kind {
        Kind::Scalar(scalar) if !scalar.text.trim().is_empty() => Ok(scalar.text.clone()),
        _ => Err((node.at, format!("a name is expected, not {}", node.describe()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn read(text: &str) -> Result<New, String> {
        let documents = yaml::read(text).unwrap();
        New::read(documents[0].get("new").unwrap())
            .map_err(|(at, wrong)| format!("{}:{} {wrong}", at.line, at.column))
    }

    #[test]
    fn what_has_to_be_new_is_read_with_its_defaults() {
        let usual = New { of: vec![Trait::Country], by: Subject::Principal, after: 14 };
        assert_eq!(read("new: { of: country }"), Ok(usual));
        let of = vec![Trait::Field("requestParameters.roleArn".into()), Trait::Agent];
        let by = Subject::Field("userIdentity.accessKeyId".into());
        assert_eq!(
            read("new: { of: [agent, requestParameters.roleArn], by: userIdentity.accessKeyId, after: 30 }"),
            Ok(New { of, by, after: 30 })
        );
    }

    #[test]
    fn mistakes_say_what_is_expected_and_where() {
        for (text, expected) in [
            ("new: { of: [] }", "1:12 `of` names one to four things that have to be new"),
            ("new: { of: { a: b } }", "1:12 a name is expected, not a mapping"),
            ("new: { of: agent, after: 0 }", "1:26 `after` is a number of days from 1 to 60"),
            ("new: { of: agent, per: x }", "1:19 `new` has no key `per`: `of`, `by` and `after` are known"),
            ("new: { by: account }", "1:6 `new` needs `of`: what has to be new"),
            ("new: country", "1:6 `new` is a mapping with `of`, not a text"),
        ] {
            assert_eq!(read(text), Err(expected.to_owned()), "{text}");
        }
    }
}
